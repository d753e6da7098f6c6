"""From a case to a graph: read, check, load, infer, describe, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.cases import CASE, DERIVED, TEXTS, Case, read_case
from kg.documents import Document
from kg.errors import CheckError, Finding
from kg.index import NAME as INDEX
from kg.index import write_index
from kg.inference import infer
from kg.records import values
from kg.store import DOCUMENTS, Manifest, content_digest, nquads, publish
from kg.validation import check
from kg.vocabulary import ACC, DCTERMS, RDF, VOID, XSD, ontology_files

#: The steps of a build, in order, as ``progress`` names them.
STEPS = ("read", "load", "check", "infer", "describe", "index", "publish")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What a build made.

    ``manifest`` says what it holds, ``findings`` are its warnings, ``derived`` says how many triples each rule derived,
    ``texts`` are the canonical texts of the documents at hand, by their digests.
    """

    manifest: Manifest
    findings: list[Finding]
    derived: dict[str, int]
    texts: dict[str, str]


#: What is counted, and the SPARQL pattern of ``?thing`` that counts it.
COUNTED = {
    "statements": "?thing a acc:Statement FILTER NOT EXISTS { ?thing acc:repeats ?told }",
    "statements told again": "?thing acc:repeats ?told",
    "speakers": "?statement acc:speaker ?thing",
    "persons": "?thing a acc:Person",
    "groups": "?thing a acc:Group",
    "institutions": "?thing a acc:Institution",
    "posts": "?thing a acc:Post",
    "tenures": "?thing a acc:Tenure",
    "reports": "?thing a acc:Report",
    "reports read": "?statement acc:reportedIn ?thing",
    "events": "?thing a acc:Event",
    "topics": "?thing a acc:Topic",
    "measures": "?thing a acc:Measure",
    "figures": "?thing a acc:Figure",
    "commitments": "?thing a acc:Commitment FILTER NOT EXISTS { ?thing acc:repeats ?told }",
    "recommendations": "?thing a acc:Recommendation FILTER NOT EXISTS { ?thing acc:repeats ?told }",
    "demands": "?thing a acc:Demand FILTER NOT EXISTS { ?thing acc:repeats ?told }",
    "assessments": "?thing a acc:Assessment",
    "passages": "?thing a acc:Passage",
}


def build(folder: str | Path, path: str | Path, sources: str | Path | None = None, progress: Progress = lambda step: None) -> Built:
    """What was built from the case in ``folder`` and made current in the store at ``path``.

    ``sources`` is the folder of the documents (``sources/`` in the case, if it is left out); ``progress`` is called with
    the name of each step as it begins. A store that is there already stays in use until the new one is complete.

    Raises ``CheckError`` with all findings where one of them is an error, ``RecordError`` where ``folder`` is no case,
    ``DocumentError`` where documents cannot be read, ``StoreError`` where the store cannot be written.
    """
    store, built = assemble(folder, sources, progress)

    def beside(build: Path) -> None:
        progress("index")
        write_index(store, build / INDEX)
        progress("publish")
        if built.texts:
            (build / DOCUMENTS).mkdir()
        for digest, text in built.texts.items():
            (build / DOCUMENTS / f"{digest}.txt").write_bytes(text.encode("utf-8"))

    publish(path, nquads(store), built.manifest, beside)
    return built


def assemble(folder: str | Path, sources: str | Path | None = None, progress: Progress = lambda step: None) -> tuple[ox.Store, Built]:
    """The graph of the case in memory, and what was built; raises as ``build`` does, but for ``StoreError``."""
    progress("read")
    case = read_case(folder, candidates=False)
    documents, missing = case.documents(sources)
    progress("load")
    store = case.load()
    progress("check")
    findings = sorted([*missing, *check(case, store, documents)])
    if any(finding.severity == "error" for finding in findings):
        raise CheckError(findings)
    _load_ontology(store)
    store.bulk_extend(_texts(case, documents))
    progress("infer")
    derived = infer(store, case.iri(DERIVED))
    progress("describe")
    counts = count(store)
    store.extend(_description(case, store, counts))
    lines = nquads(store).splitlines()
    manifest = Manifest(case.name, str(case.metadata.get("title", case.name)), case.base, len(lines), content_digest(lines), counts)
    return store, Built(manifest, findings, derived, {document.digest: document.text for document in documents.values()})


def _load_ontology(store: ox.Store) -> None:
    for path in ontology_files():
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(_ontology_graph(path)))


def _ontology_graph(path: Path) -> str:
    root = ACC.removesuffix("ontology#")
    if path.parent.name == "schemes":
        return f"{root}scheme/{path.stem}"
    return root + ("ontology" if path.stem == "accountability" else path.stem)


def _texts(case: Case, documents: dict[str, Document]) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(case.iri(TEXTS))
    for report, statement in case.statements():
        if document := documents.get(report):
            for passage in values(statement, "passage"):
                text = document.text[int(passage["start"]) : int(passage["end"])]
                yield ox.Quad(ox.NamedNode(case.iri(passage.id)), ox.NamedNode(ACC + "text"), ox.Literal(text), graph)


def count(store: ox.Store) -> dict[str, int]:
    """How many things of each kind the graph holds, in the order of ``COUNTED``."""
    counts = {}
    for kind, pattern in COUNTED.items():
        answer = store.query(f"PREFIX acc: <{ACC}> SELECT (COUNT(DISTINCT ?thing) AS ?n) {{ {pattern} }}", use_default_graph_as_union=True)
        counts[kind] = next(int(row["n"].value) for row in answer)  # type: ignore[union-attr]
    return counts


def _description(case: Case, store: ox.Store, counts: dict[str, int]) -> Iterator[ox.Quad]:
    """The case as void:Dataset: how many triples it holds but for the passages' words, and how many entities of each class."""
    described = list(_counts(case, store, counts))
    graph = ox.NamedNode(case.iri(CASE))
    texts = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(case.iri(TEXTS))))
    size = ox.Literal(str(len(store) - texts + len(described) + 1), datatype=ox.NamedNode(XSD + "integer"))
    yield from described
    yield ox.Quad(ox.NamedNode(case.iri(case.metadata.id)), ox.NamedNode(VOID + "triples"), size, graph)


def _counts(case: Case, store: ox.Store, counts: dict[str, int]) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(case.iri(CASE))
    dataset = ox.NamedNode(case.iri(case.metadata.id))

    def quad(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(predicate), value, graph)

    def number(value: int) -> ox.Literal:
        return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))

    yield quad(dataset, DCTERMS + "conformsTo", ox.NamedNode(ACC.removesuffix("#")))
    yield quad(dataset, VOID + "vocabulary", ox.NamedNode(ACC))
    for kind, size in counts.items():
        part = ox.NamedNode(f"{dataset.value}#{kind.replace(' ', '-')}")
        yield quad(dataset, ACC + "count", part)
        yield quad(part, "http://www.w3.org/2000/01/rdf-schema#label", ox.Literal(kind))
        yield quad(part, RDF + "value", number(size))
    classes = store.query("SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class", use_default_graph_as_union=True)
    for row in classes:  # type: ignore[union-attr]
        cls = row["class"]
        if cls.value.startswith(ACC):
            part = ox.NamedNode(f"{dataset.value}#class-{cls.value.removeprefix(ACC)}")
            yield quad(dataset, VOID + "classPartition", part)
            yield quad(part, VOID + "class", cls)
            yield quad(part, VOID + "entities", number(int(row["n"].value)))
