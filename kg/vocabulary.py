"""The terms: namespaces, and what ``ontology/context.jsonld`` and ``ontology/accountability.ttl`` say of each field.

The context is the only mapping from a field of a record to its property. This module reads it, it adds nothing to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyoxigraph as ox

ACC = "https://w3id.org/accountability-kg/ontology#"
SCHEME = "https://w3id.org/accountability-kg/scheme/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
VOID = "http://rdfs.org/ns/void#"
PROV = "http://www.w3.org/ns/prov#"

#: Prefixes that queries may use without declaring them, and that exports write.
PREFIXES = {
    "acc": ACC,
    "cito": "http://purl.org/spar/cito/",
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": PROV,
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "skos": SKOS,
    "void": VOID,
    "xsd": XSD,
}

Kind = Literal["id", "type", "class", "concept", "text", "reference", "choice", "datatype", "reverse", "prefix"]


@dataclass(frozen=True, slots=True)
class Term:
    """One key of the context: its ``name``, its ``iri``, its ``kind``, and its ``datatype`` if it has one.

    ``reference`` fields hold identifiers, ``choice`` fields hold names of concepts, ``concept`` terms are those names.
    """

    name: str
    iri: str
    kind: Kind
    datatype: str = ""


def folder(name: str) -> Path:
    """The folder ``ontology`` or ``queries``: inside the installed package, or beside it in a checkout."""
    installed = Path(__file__).parent / "share" / name
    return installed if installed.is_dir() else Path(__file__).parent.parent / name


@cache
def context() -> dict[str, Any]:
    """The JSON-LD context of records, as it stands in ``ontology/context.jsonld`` (without the ``@context`` around it)."""
    document = json.loads((folder("ontology") / "context.jsonld").read_text("utf-8"))
    inner: dict[str, Any] = document["@context"]
    return inner


def expand(name: str) -> str:
    """The absolute IRI of a compact one (``acc:Claim``); an absolute one comes back as it is.

    >>> expand("acc:Claim")
    'https://w3id.org/accountability-kg/ontology#Claim'
    """
    prefix, colon, local = name.partition(":")
    known = context().get(prefix)
    return known + local if colon and isinstance(known, str) and not local.startswith("//") else name


def compact(iri: str) -> str:
    """The IRI with a known prefix, or as it is.

    >>> compact("http://www.w3.org/ns/org#Post")
    'org:Post'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


@cache
def terms() -> dict[str, Term]:
    """Every term of the context by its name."""
    return {name: _term(name, value) for name, value in context().items() if not name.startswith("@")}


def _term(name: str, value: str | dict[str, str]) -> Term:
    if isinstance(value, str):
        if value in ("@id", "@type"):
            return Term(name, value, "id" if value == "@id" else "type")
        iri = expand(value)
        if iri.startswith(SCHEME):
            return Term(name, iri, "concept")
        return Term(name, iri, "prefix" if iri[-1] in "#/" else "class")
    if "@reverse" in value:
        return Term(name, expand(value["@reverse"]), "reverse")
    iri, coercion = expand(value["@id"]), value.get("@type")
    if coercion is None:
        return Term(name, iri, "text")
    if coercion == "@id":
        return Term(name, iri, "reference")
    if coercion == "@vocab":
        return Term(name, iri, "choice")
    return Term(name, iri, "datatype", expand(coercion))


@cache
def ontology() -> ox.Store:
    """The ontology, its schemes and alignments in memory; not to be written to."""
    store = ox.Store()
    for path in ontology_files():
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


def ontology_files() -> list[Path]:
    """The Turtle files that every graph holds: ontology, alignments, schemes."""
    root = folder("ontology")
    return [root / "accountability.ttl", root / "alignments.ttl", *sorted((root / "schemes").glob("*.ttl"))]


@cache
def nested_class(iri: str) -> str:
    """The name of the class that the property's ``rdfs:range`` gives a nested record, or an empty string."""
    found = [
        quad.object.value
        for quad in ontology().quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDFS + "range"), None, None)
        if isinstance(quad.object, ox.NamedNode)
    ]
    return next((term.name for term in terms().values() if term.kind == "class" and term.iri in found), "")


@cache
def superclasses(iri: str) -> frozenset[str]:
    """The IRIs of the class itself and of all classes above it."""
    above = {iri}
    for quad in ontology().quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDFS + "subClassOf"), None, None):
        if isinstance(quad.object, ox.NamedNode):
            above |= superclasses(quad.object.value)
    return frozenset(above)


@cache
def domains(iri: str) -> frozenset[str]:
    """The IRIs of the classes that may have this property (``schema:domainIncludes``); empty where any may."""
    store, found = ontology(), set()
    for predicate in (RDFS + "domain", PREFIXES["schema"] + "domainIncludes"):
        for quad in store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, None):
            if isinstance(quad.object, ox.NamedNode):
                found.add(quad.object.value)
    return frozenset(found)
