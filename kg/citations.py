"""Citations: how to cite the case, a statement or a report, as text, BibTeX and CSL-JSON.

What is cited is one version of the graph, by the first digits of its digest. The words of a summary are the curator's, so a
statement is never cited as if the speaker had written them; a date stands only where a record has one, and when it was read
only the reader knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.graph import Graph
from kg.vocabulary import ACC, DCTERMS, RDF, RDFS

#: The CSL type of each class of reports: https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
_TYPES = {
    "OfficialReport": "report",
    "NewsArticle": "article-newspaper",
    "LivePage": "webpage",
    "Letter": "personal_communication",
    "OpinionPiece": "article-newspaper",
    "Broadcast": "broadcast",
    "Poll": "report",
    "Plan": "report",
    "SuperComplaint": "report",
    "Report": "document",
}
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: "\\" + char for char in "{}$&#_%"},
    }
)
#: How many authors a text names; of more it names the first.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation: as ``text``, as an entry of ``bibtex``, and as an item of CSL-JSON in ``csl``."""

    text: str
    bibtex: str
    csl: dict[str, Any]

    @property
    def csl_json(self) -> str:
        """The item as a file of CSL-JSON."""
        return json.dumps([self.csl], indent=2, ensure_ascii=False) + "\n"


def of_case(graph: Graph) -> Citation:
    """How to cite the whole case."""
    iri = _case(graph)
    authors, issued = _authors(graph, iri, DCTERMS + "creator"), _first(graph, iri, DCTERMS + "issued")
    title, version = graph.manifest.title, graph.manifest.digest[:12]
    text = _sentence(_names(authors), title, f"Knowledge graph, version {version}", issued, iri)
    fields = {"howpublished": "Knowledge graph", "version": version, "date": issued}
    csl = {"type": "dataset", "genre": "knowledge graph", "version": version, **_when("issued", issued)}
    return _citation(graph, iri, title, authors, text, fields, csl)


def of_statement(graph: Graph, iri: str) -> Citation:
    """How to cite a statement as the case records it.

    Raises ``NotFoundError`` where there is no such statement.
    """
    row = graph.index.statement(iri)
    if row is None:
        raise NotFoundError(f"there is no statement {iri}", "search for it")
    case, said = _case(graph), row.date if row.dated == "said" else ""
    authors, version = _authors(graph, case, DCTERMS + "creator"), graph.manifest.digest[:12]
    acts = " and ".join(re.sub(r"(?<!^)(?=[A-Z])", " ", act) for act in row.acts).capitalize()
    opening = f"{acts} by {row.speaker.label}" + (f", {said}" if said else "")
    title = f"{opening}: {row.summary.rstrip('.')}" if row.summary else opening
    read = f"Read in: {row.report.label}" if row.report else ""
    quoted = f"Quoted: “{row.quote}”" if row.quote else ""
    text = _sentence(_names(authors), title, read, f"In: {graph.manifest.title}, version {version}", iri)
    note = "; ".join(filter(None, (read, quoted)))
    fields = {"howpublished": f"In: {graph.manifest.title}", "version": version, "note": note, "origdate": said}
    csl = {
        "type": "entry",
        "container-title": graph.manifest.title,
        "version": version,
        "original-author": [{"literal": _plain(row.speaker.label)}],
        **_when("original-date", said),
        **({"note": _plain(note)} if note else {}),
    }
    return _citation(graph, iri, title, authors, text, fields, csl)


def of_report(graph: Graph, iri: str) -> Citation:
    """How to cite a report, by what the case knows of it.

    Raises ``NotFoundError`` where there is no such report.
    """
    classes = {value.removeprefix(ACC) for value in _values(graph, iri, RDF + "type")}
    if "Report" not in classes:
        raise NotFoundError(f"there is no report {iri}", "search for it")
    cls = next(name for name in _TYPES if name in classes)
    title, issued = _first(graph, iri, RDFS + "label"), _first(graph, iri, ACC + "publishedOn")
    authors, publishers = _authors(graph, iri, ACC + "author"), _authors(graph, iri, ACC + "publisher")
    genre = re.sub(r"(?<!^)(?=[A-Z])", " ", cls).capitalize()
    note = f"As described in: {graph.manifest.title}, version {graph.manifest.digest[:12]}"
    text = _sentence(_names(authors), title, genre, ", ".join(publishers), issued, note, iri)
    fields = {"howpublished": genre, "publisher": " and ".join(publishers), "date": issued, "note": note}
    publisher = {"publisher": _plain(", ".join(publishers))} if publishers else {}
    csl = {"type": _TYPES[cls], "genre": genre.lower(), **publisher, **_when("issued", issued), "note": _plain(note)}
    return _citation(graph, iri, title, authors, text, fields, csl)


def _citation(
    graph: Graph, iri: str, title: str, authors: Sequence[str], text: str, fields: dict[str, str], csl: dict[str, Any]
) -> Citation:
    key = re.sub(r"[^A-Za-z0-9]+", "-", iri.removeprefix(graph.manifest.base)).strip("-")
    key = f"{re.sub('[^A-Za-z0-9]+', '-', graph.manifest.case)}:{key}"
    people = {"author": [{"literal": _plain(name)} for name in authors]} if authors else {}
    item = {"id": key, "type": csl["type"], "title": _plain(title), **people, **csl, "URL": iri}
    return Citation(text, _bibtex(key, title, authors, iri, fields), item)


def _bibtex(key: str, title: str, authors: Sequence[str], iri: str, fields: dict[str, str]) -> str:
    """An entry; names and the title are in double braces, so that no style takes them apart or changes their case."""
    date = fields.get("date", "")
    entries = {
        "author": " and ".join(f"{{{tex(name)}}}" for name in authors),
        "title": f"{{{tex(title)}}}",
        **{name: tex(value) for name, value in fields.items()},
        "year": date[:4],
        "url": quote(iri, safe=":/?#[]@!$&'()*+,;=%-._~"),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in entries.items() if value]
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"


def tex(text: str) -> str:
    """The text as TeX prints it to the letter.

    >>> print(tex("100% of {R&D} costs ~$5_000"))
    100\\% of \\{R\\&D\\} costs \\textasciitilde{}\\$5\\_000
    """
    return _plain(text).translate(_TEX)


def _plain(text: str) -> str:
    """The text in one line, without characters that nobody sees; those that join letters stay."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() or char in "\u200c\u200d" else " " for char in text)
    return " ".join(text.split())


def _sentence(*parts: str) -> str:
    """The parts that are not empty, each ending with one point but for an address."""
    whole = [_plain(part) for part in parts if part]
    return " ".join(part if re.match(r"https?://|.*[.!?]”?$", part) else part + "." for part in whole)


def _names(names: Sequence[str]) -> str:
    if len(names) > _NAMED:
        return f"{names[0]} and {len(names) - 1} others"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _when(name: str, date: str) -> dict[str, Any]:
    """A date of CSL-JSON, as precise as it is; nothing where there is none."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", date)
    return {name: {"date-parts": [[int(part) for part in match.groups() if part]]}} if match else {}


def _case(graph: Graph) -> str:
    found = graph.store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(ACC + "Case"), None)
    return next((quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)), graph.manifest.base)


def _authors(graph: Graph, iri: str, property: str) -> list[str]:
    """The names behind a property, in order; an IRI that has no name in the graph is left out."""
    names = set()
    for quad in graph.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(property), None, None):
        if isinstance(quad.object, ox.NamedNode):
            names.add(_first(graph, quad.object.value, RDFS + "label"))
        elif isinstance(quad.object, ox.Literal):
            names.add(quad.object.value)
    return sorted(names - {""})


def _first(graph: Graph, iri: str, property: str) -> str:
    return min(_values(graph, iri, property), default="")


def _values(graph: Graph, iri: str, property: str) -> list[str]:
    quads = graph.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(property), None, None)
    return [quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode | ox.Literal)]
