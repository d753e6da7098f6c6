"""The ontology: every term and scheme with what it means, what concerns it, and where this graph uses it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeGuard, TypeVar

import pyoxigraph as ox

from kg import queries, table, vocabulary
from kg.errors import NotFoundError
from kg.inference import rules
from kg.vocabulary import ACC, OWL, PREFIXES, RDF, RDFS, SCHEME, SKOS, VOID, compact, folder
from kg.web.page import Page
from kg.web.site import Site

ONTOLOGY = ACC.removesuffix("#")
#: How many examples a page shows.
EXAMPLES = 3

_SH = "http://www.w3.org/ns/shacl#"
_SCHEMA = PREFIXES["schema"]
_KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    PREFIXES["prov"] + "Role": "role",
}
_HEADING = re.compile(r"# -+ (?P<section>.+)|# (?P<group>[^-].*)|(?P<term>acc:\w+) a ")
_ALIGNED = {"subClassOf": "is a", "subPropertyOf": "is a", "closeMatch": "is close to"}

Data = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its ``iri``, its ``kind`` (class, property or role), what it is called and means, and where it stands in the file."""

    iri: str
    kind: str
    label: str
    definition: str
    example: str
    section: str
    group: str

    @property
    def name(self) -> str:
        """The part behind the namespace."""
        return self.iri.removeprefix(ACC)

    @property
    def thing(self) -> dict[str, str]:
        """The term as pages name it."""
        return {"id": self.iri, "label": self.name, "kind": ""}


@cache
def terms() -> dict[str, Term]:
    """Every term of ``accountability.ttl`` by its IRI, in the order of the file."""
    found = {}
    section = group = ""
    for line in (folder("ontology") / "accountability.ttl").read_text("utf-8").splitlines():
        if not (match := _HEADING.match(line)):
            continue
        if match["section"]:
            section = group = match["section"]
        elif match["group"]:
            group = match["group"]
        else:
            iri = vocabulary.expand(match["term"])
            found[iri] = _term(iri, section, group)
    return found


def _term(iri: str, section: str, group: str) -> Term:
    kind = next(_KINDS[cls] for cls in _values(iri, RDF + "type") if cls in _KINDS)
    label, definition, example = (next(iter(_values(iri, name)), "") for name in (RDFS + "label", SKOS + "definition", SKOS + "example"))
    return Term(iri, kind, label, definition, example, section, group)


def _values(iri: str, property: str) -> list[str]:
    """The values of a property in the ontology, those of other vocabularies as well."""
    quads = vocabulary.ontology().quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(property), None, None)
    return sorted({quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode | ox.Literal)})


def _subjects(property: str, iri: str) -> list[str]:
    quads = vocabulary.ontology().quads_for_pattern(None, ox.NamedNode(property), ox.NamedNode(iri), None)
    return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})


def schemes() -> list[str]:
    """The IRIs of the schemes."""
    return _subjects(RDF + "type", SKOS + "ConceptScheme")


def term_paths(site: Site) -> Iterator[str]:
    """The paths of the pages of all terms and schemes."""
    yield from (site.addresses.path(iri) for iri in (*terms(), *schemes()))


# ---------------------------------------------------------------- all terms


def ontology(site: Site, asked: Mapping[str, str]) -> Page:
    """Every term, grouped as in the file, classes as a tree; the schemes and the rules."""
    sections: dict[str, dict[str, list[Data]]] = {}
    for term in terms().values():
        if not (set(_above(term)) & {one.iri for one in _group(term)}):
            sections.setdefault(term.section, {}).setdefault(term.group, []).append(_branch(site, term))
    data = {
        "id": ONTOLOGY,
        "description": site.one(ONTOLOGY, "dcterms:description"),
        "version": next(iter(_values(ONTOLOGY, OWL + "versionInfo")), ""),
        "licence": site.one(ONTOLOGY, "dcterms:license"),
        "sections": [
            {"section": section, "groups": [{"group": group, "terms": branches} for group, branches in groups.items()]}
            for section, groups in sections.items()
        ],
        "schemes": [_scheme(iri) for iri in schemes()],
        "rules": _rules(),
    }
    columns = ("term", "kind", "label", "definition", "example")
    rows: list[tuple[table.Term, ...]] = [
        (ox.NamedNode(term.iri), *map(ox.Literal, (term.kind, term.label, term.definition, term.example))) for term in terms().values()
    ]
    return Page("ontology.html", "Ontology", data, about=(ONTOLOGY, *terms()), table=lambda: table.Table(columns, rows))


def _group(term: Term) -> list[Term]:
    return [one for one in terms().values() if (one.section, one.group) == (term.section, term.group)]


def _branch(site: Site, term: Term) -> Data:
    """A term with the terms of its group below it."""
    below = [one for one in _group(term) if term.iri in _above(one)]
    count = _entities(site, term.iri) if term.kind == "class" else None
    return {**_facts(term), "count": count, "below": [_branch(site, one) for one in below]}


def _facts(term: Term) -> Data:
    facts = {"definition": term.definition, "example": term.example, "kind": term.kind, "term": compact(term.iri)}
    return {"id": term.iri, "name": term.name, "label": term.label, **facts}


def _above(term: Term) -> list[str]:
    """The terms of ours directly above a term."""
    return [iri for name in ("subClassOf", "subPropertyOf") for iri in _values(term.iri, RDFS + name) if iri in terms()]


def _entities(site: Site, iri: str) -> int:
    """How many things of a class the graph's own description says there are."""
    store = site.store
    for quad in store.quads_for_pattern(None, ox.NamedNode(VOID + "class"), ox.NamedNode(iri), None):
        for size in store.quads_for_pattern(quad.subject, ox.NamedNode(VOID + "entities"), None, None):
            return int(size.object.value)  # type: ignore[union-attr]
    return 0


# ---------------------------------------------------------------- one term


def term(site: Site, iri: str, asked: Mapping[str, str]) -> Page:
    """One term: its place, what concerns it, and where this graph uses it.

    Raises ``NotFoundError`` where the ontology has no such term.
    """
    found = terms().get(iri)
    if found is None:
        raise NotFoundError(f"the ontology has no term {iri}", "see the list of terms")
    data = {**_facts(found), "group": found.group, **_place(found), **_concerns(found), **_use(site, found)}
    return Page("term.html", found.name, data, about=(iri,))


def _place(term: Term) -> Data:
    """Where a term stands among the others, ours and those of other vocabularies."""
    path: list[Term] = []
    above = _above(term)
    while above:  # no term of ours has two above it that are not above one another
        path.insert(0, terms()[above[0]])
        above = _above(path[0])
    sub = "subClassOf" if term.kind == "class" else "subPropertyOf"
    inverse = {*_values(term.iri, OWL + "inverseOf"), *_subjects(OWL + "inverseOf", term.iri)}
    return {
        "above": [one.thing for one in path],
        "below": [_facts(terms()[iri]) for iri in _subjects(RDFS + sub, term.iri) if iri in terms()],
        "domain": [_named(iri) for iri in (*_values(term.iri, RDFS + "domain"), *_values(term.iri, _SCHEMA + "domainIncludes"))],
        "range": [_named(iri) for iri in (*_values(term.iri, RDFS + "range"), *_values(term.iri, _SCHEMA + "rangeIncludes"))],
        "inverse": [_named(iri) for iri in sorted(inverse)],
        "properties": [one.thing for one in terms().values() if term.kind == "class" and _fits(one, term)],
        "alignments": [
            {"relation": words, **_named(other)}
            for name, words in _ALIGNED.items()
            for other in _values(term.iri, (SKOS if name == "closeMatch" else RDFS) + name)
            if other not in terms()
        ],
    }


def _fits(property: Term, cls: Term) -> bool:
    """Whether the property goes out from things of the class."""
    return property.kind == "property" and bool(vocabulary.domains(property.iri) & vocabulary.superclasses(cls.iri))


def _named(iri: str) -> dict[str, str]:
    return terms()[iri].thing if iri in terms() else {"id": iri, "label": compact(iri), "kind": ""}


def _concerns(term: Term) -> Data:
    """What is said of a term elsewhere: its fields in records, and the shapes, rules and questions that name it."""
    named = re.compile(rf"\b{compact(term.iri)}\b")
    fields = [one.name for one in vocabulary.terms().values() if one.iri == term.iri and one.kind != "class"]
    return {
        "fields": fields,
        "shapes": _shapes(term.iri),
        "rules": _rules(named),
        "questions": [{"name": one.name, "question": one.question} for one in queries.catalogue().values() if named.search(one.text)],
    }


def _rules(named: re.Pattern[str] = re.compile("")) -> list[dict[str, str]]:
    """The rules by name; those alone in whose text something is found."""
    return [{"name": rule.name, "meaning": rule.meaning} for rule in sorted(rules(), key=lambda rule: rule.name) if named.search(rule.text)]


@cache
def _checked() -> ox.Store:
    """What records are checked against."""
    store = ox.Store()
    store.load(path=str(folder("ontology") / "shapes.ttl"), format=ox.RdfFormat.TURTLE)
    return store


def _shapes(iri: str) -> list[dict[str, str]]:
    """The shapes whose target or path is the term, each with its message."""
    store, node = _checked(), ox.NamedNode(iri)
    targets = [ox.NamedNode(_SH + name) for name in ("targetClass", "path")]
    shapes = {quad.subject for target in targets for quad in store.quads_for_pattern(None, target, node, None)}
    return [
        {"name": shape.value.partition("#")[2], "message": quad.object.value}
        for shape in sorted((one for one in shapes if isinstance(one, ox.NamedNode)), key=str)
        for quad in store.quads_for_pattern(shape, ox.NamedNode(_SH + "message"), None, None)
        if isinstance(quad.object, ox.Literal)
    ]


def _use(site: Site, term: Term) -> Data:
    """How often this graph uses a term, and some examples."""
    node, type_ = ox.NamedNode(term.iri), ox.NamedNode(RDF + "type")
    if term.kind == "class":
        things = _few(quad.subject.value for quad in site.store.quads_for_pattern(None, type_, node, None) if _own(quad.subject, site))
        return {"count": _entities(site, term.iri), "examples": [{"subject": site.thing(iri), "value": None} for iri in things]}
    pattern = f"?s <{term.iri}> ?o" if term.kind == "property" else f"?s ?o <{term.iri}>"
    rows = site.store.query(f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?o {{ {pattern} }} }}", use_default_graph_as_union=True)
    quads = site.store.quads_for_pattern(None, node, None, None)
    pairs = _few((quad.subject.value, quad.object) for quad in quads if _own(quad.subject, site))
    examples = [{"subject": site.thing(iri), "value": _value(site, value)} for iri, value in pairs]
    return {"count": next(int(row["n"].value) for row in rows), "examples": examples}  # type: ignore[union-attr]


def _few(found: Iterable[T]) -> list[T]:
    """The first of what is found, each once."""
    few: dict[T, None] = {}
    for one in found:
        few[one] = None
        if len(few) == EXAMPLES:
            break
    return list(few)


def _own(node: object, site: Site) -> TypeGuard[ox.NamedNode]:
    return isinstance(node, ox.NamedNode) and node.value.startswith(site.manifest.base)


def _value(site: Site, value: object) -> dict[str, str]:
    if isinstance(value, ox.NamedNode):
        return site.thing(value.value) if _own(value, site) else _named(value.value)
    return {"id": "", "label": value.value if isinstance(value, ox.Literal) else str(value), "kind": ""}


# ---------------------------------------------------------------- schemes


def scheme(site: Site, iri: str, asked: Mapping[str, str]) -> Page:
    """One scheme: its concepts, what they mean, and how often this graph uses each.

    Raises ``NotFoundError`` where there is no such scheme.
    """
    if iri not in schemes():
        raise NotFoundError(f"there is no scheme {iri}", "see the list of terms")
    data, counts = _scheme(iri), _counts(site, iri)
    for one in data["concepts"]:
        one["count"] = counts.get(one["id"], 0)
    rows = [(ox.NamedNode(one["id"]), ox.Literal(one["label"]), ox.Literal(one["definition"])) for one in data["concepts"]]
    about = (iri, *(one["id"] for one in data["concepts"]))
    return Page("scheme.html", data["label"], data, about=about, table=lambda: table.Table(("concept", "label", "definition"), rows))


def _scheme(iri: str) -> Data:
    title, definition = (next(iter(_values(iri, name)), "") for name in (PREFIXES["dcterms"] + "title", SKOS + "definition"))
    concepts = [_concept(one) for one in _subjects(SKOS + "inScheme", iri)]
    return {"id": iri, "name": iri.removeprefix(SCHEME), "label": title, "definition": definition, "concepts": concepts}


def _concept(iri: str) -> Data:
    label, definition = (next(iter(_values(iri, SKOS + name)), "") for name in ("prefLabel", "definition"))
    broader = [_named(one) for one in _values(iri, SKOS + "broader")]
    return {"id": iri, "name": iri.partition("#")[2], "label": label, "definition": definition, "broader": broader}


def _counts(site: Site, scheme: str) -> dict[str, int]:
    """How many things of the case point to each concept of a scheme."""
    query = f"""SELECT ?concept (COUNT(DISTINCT ?s) AS ?n) {{
      ?concept <{SKOS}inScheme> <{scheme}> . ?s ?p ?concept FILTER STRSTARTS(STR(?s), "{site.manifest.base}") }} GROUP BY ?concept"""
    rows = site.store.query(query, use_default_graph_as_union=True)
    return {row["concept"].value: int(row["n"].value) for row in rows}  # type: ignore[union-attr]
