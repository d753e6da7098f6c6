"""Downloads: every dump of the graph with its description in DCAT and VoID, and how to cite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from kg import citations, queries
from kg.citations import Citation
from kg.errors import NotFoundError
from kg.table import Table, Term
from kg.vocabulary import DCAT, DCTERMS, RDF, VOID
from kg.web.dumps import CHECKSUM, names
from kg.web.page import Page
from kg.web.parts import cited
from kg.web.site import Site

_FORMAT = "https://www.iana.org/assignments/media-types/"
#: The formats that hold the whole graph as RDF, which VoID calls data dumps.
_DUMPS = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")
_ABOUT = {
    "turtle": "one graph, for reading and for most programs",
    "trig": "with named graphs: what each report's records say stands apart, and so does what was derived",
    "ntriples": "one graph, one triple a line",
    "nquads": "with named graphs, one quad a line: the quickest to load",
    "jsonld": "with named graphs, in the words of the records",
    "rdfxml": "one graph, for older programs",
    "graphml": "who speaks about whom, for Gephi, Cytoscape, igraph, NetworkX",
    "gexf": "who speaks about whom, for Gephi",
    "csv": "tables for a spreadsheet or a data frame, with a description of every column (CSVW)",
}


def downloads(site: Site, asked: Mapping[str, str]) -> Page:
    """Every format in which the graph can be taken away."""
    files = [
        {
            "name": name,
            "path": f"downloads/{name}",
            "checksum": f"downloads/{name}{CHECKSUM}",
            "format": format.title,
            "media_type": format.media_type,
            "about": _ABOUT.get(format.name, ""),
        }
        for name, format in names(site.manifest)
    ]
    data = {
        "id": site.case,
        "files": files,
        "quads": site.manifest.quads,
        "digest": site.manifest.digest,
        "licences": site.all(site.case, "dcterms:license"),
    }
    rows: list[tuple[Term, ...]] = [
        (ox.NamedNode(site.manifest.base + file["path"]), *(ox.Literal(file[name]) for name in ("format", "media_type", "about")))
        for file in files
    ]
    table = Table(("file", "format", "media_type", "about"), rows, base=site.manifest.base)
    return Page("downloads.html", "Downloads", data, about=(site.case,), table=lambda: table, triples=tuple(description(site)))


def description(site: Site) -> Iterator[ox.Triple]:
    """What DCAT and VoID have to say of the dumps, beside what the graph says of the case itself.

    Addresses are those of the case's base IRI, as the things' own are.

    https://www.w3.org/TR/vocab-dcat-3/ https://www.w3.org/TR/void/
    """
    case, base = ox.NamedNode(site.case), site.manifest.base

    def triple(subject: ox.NamedNode, property: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(property), value)

    yield triple(case, DCAT + "version", ox.Literal(site.manifest.digest[:12]))
    yield triple(case, DCAT + "landingPage", ox.NamedNode(base))
    if site.live:
        yield triple(case, VOID + "sparqlEndpoint", ox.NamedNode(base + "sparql"))
    for name, format in names(site.manifest):
        file, distribution = ox.NamedNode(f"{base}downloads/{name}"), ox.NamedNode(f"{site.case}#{format.name}")
        yield triple(case, DCAT + "distribution", distribution)
        yield triple(distribution, RDF + "type", ox.NamedNode(DCAT + "Distribution"))
        yield triple(distribution, DCTERMS + "title", ox.Literal(format.title, language="en"))
        yield triple(distribution, DCAT + "downloadURL", file)
        yield triple(distribution, DCAT + "mediaType", ox.NamedNode(_FORMAT + format.media_type))
        for licence in site.objects(site.case, "dcterms:license"):
            yield triple(distribution, DCTERMS + "license", licence)
        if format.name in _DUMPS:
            yield triple(case, VOID + "dataDump", file)


def cite(site: Site, asked: Mapping[str, str]) -> Page:
    """How to cite the case, and a statement or a report: that which ``of`` names, or else one of each as an example.

    Raises ``QueryError`` where nothing is called so, ``NotFoundError`` where it is neither.
    """
    found = [_cited("The whole graph", site, site.case, citations.of_case(site.graph))]
    if name := asked.get("of", "").strip():
        found.insert(0, _one(site, queries.resolve(site.store, name, base=site.manifest.base).value))
    else:
        found += _examples(site)
    return Page("cite.html", "How to cite", {"citations": found, "version": site.manifest.digest[:12]}, about=(site.case,))


def _one(site: Site, iri: str) -> dict[str, Any]:
    if site.index.statement(iri):
        return _cited("This statement", site, iri, citations.of_statement(site.graph, iri))
    row = site.index.thing(iri)
    if row and row.kind == "report":
        return _cited("This report", site, iri, citations.of_report(site.graph, iri))
    raise NotFoundError(f"{iri} is neither a statement nor a report", "cite the whole graph")


def _examples(site: Site) -> Iterator[dict[str, Any]]:
    """The first statement and the first report of which most is read."""
    for row in site.index.execute("SELECT iri FROM statement WHERE quote <> '' AND NOT repeats ORDER BY n LIMIT 1"):
        yield _cited("A statement, for example", site, row["iri"], citations.of_statement(site.graph, row["iri"]))
    for row in site.index.execute("SELECT report FROM statement WHERE report <> '' GROUP BY report ORDER BY count(*) DESC, report LIMIT 1"):
        yield _cited("A report, for example", site, row["report"], citations.of_report(site.graph, row["report"]))


def _cited(title: str, site: Site, iri: str, citation: Citation) -> dict[str, Any]:
    return {
        "title": title,
        "of": {"id": iri, "label": iri, "kind": ""},
        **cited(citation),
    }
