"""A case: a folder of records, read whole, with its base IRI, its identifiers and its named graphs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.documents import Document, read_all
from kg.errors import Finding, RecordError
from kg.records import Record, check, complete, is_identifier, is_link, read, text, values, walk
from kg.vocabulary import context, terms

CASE_FILE = "case.yaml"
REFERENCE = "graph/reference"
DERIVED = "graph/derived"
CASE = "graph/case"
#: The graph of the passages' own words, made only where the documents are at hand, and left out of exports.
TEXTS = "graph/texts"
#: The fields that must not lead back to where they began.
UPWARD = ("broader", "conveyedBy", "partOf", "repeats", "unitOf")


@dataclass
class Case:
    """A case folder as it was read.

    ``files`` holds the records by file name, relative to the folder; ``index`` every record with a type by its identifier;
    ``findings`` what is wrong with them, taken by themselves and as references to each other. ``whole`` is whether every file
    could be read: where one could not, nothing is said of what may be missing.
    """

    folder: Path
    files: dict[str, list[Record]] = field(default_factory=dict)
    index: dict[str, Record] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    @property
    def metadata(self) -> Record:
        """The record of ``case.yaml``; an empty one where it could not be read."""
        records = self.files.get(CASE_FILE) or [Record(CASE_FILE, 1)]
        return records[0]

    @property
    def base(self) -> str:
        """The IRI under which the case's things live; not yet an IRI where ``findings`` says so."""
        return text(self.metadata, "base")

    def iri(self, identifier: str) -> str:
        """The absolute IRI of an identifier."""
        return identifier if is_link(identifier) else self.base + identifier

    def graph(self, file: str) -> str:
        """The IRI of the named graph that a file's records go to: one per report, one for all reference data."""
        if file == CASE_FILE:
            return self.iri(CASE)
        records = self.files[file]
        if records and "statements" in records[0] and is_link(graph := self.iri("graph/" + records[0].id)):
            return graph
        return self.iri(REFERENCE)

    def graphs(self) -> Iterator[tuple[str, bytes]]:
        """Each file's graph IRI and its JSON-LD with the context inlined, to be parsed with the case's base."""
        for file, records in self.files.items():
            if records:
                document = {"@context": context(), "@graph": records}
                yield self.graph(file), json.dumps(document, ensure_ascii=False).encode("utf-8")

    def load(self) -> ox.Store:
        """The records in memory, each file in its named graph; what is not RDF (a malformed identifier) is passed over.

        Without a base IRI nothing is RDF, and the store stays empty.
        """
        store = ox.Store()
        for graph, jsonld in self.graphs() if is_link(self.base) else ():
            with suppress(SyntaxError):  # a file that is no JSON-LD has findings that say so
                store.bulk_load(jsonld, format=ox.RdfFormat.JSON_LD, base_iri=self.base, to_graph=ox.NamedNode(graph))
        return store

    def statements(self) -> Iterator[tuple[str, Record]]:
        """Every statement with the identifier of its report, in the order of files and records."""
        for records in self.files.values():
            for report in records:
                for statement in values(report, "statements"):
                    if isinstance(statement, Record):
                        yield report.id, statement

    def sources(self) -> dict[str, Record]:
        """The records of the documents that were read, by the identifier of their report."""
        return {source.id: source for source in values(self.metadata, "sources") if isinstance(source, Record)}

    def documents(self, folder: str | Path | None = None) -> tuple[dict[str, Document], list[Finding]]:
        """The documents at hand by the identifier of their report, and what is wrong with them.

        ``folder`` is where they lie; without it ``sources/`` inside the case, if there is one. A document is known by its
        digest, whatever its name; a file that has the right name and another digest is a finding.

        Raises ``DocumentError`` where the folder or a document in it cannot be read.
        """
        if folder is None:
            folder = self.folder / "sources"
            if not folder.is_dir():
                return {}, []
        at_hand = list(read_all(folder))
        by_digest = {document.digest: document for document in at_hand}
        by_name = {document.name: document for document in at_hand}
        found, findings = {}, []
        for report, source in self.sources().items():
            name = text(source, "document")
            if document := by_digest.get(text(source, "digest")):
                found[report] = document
            elif not isinstance(source.get("digest", ""), str) or not isinstance(source.get("document", ""), str):
                continue
            elif document := by_name.get(name):
                message = f"`{name}` has the digest {document.digest}"
                findings.append(source.finding("digest", message, "the document changed: read it again, or mend the digest"))
            else:
                findings.append(source.finding("document", f"no document with this digest in {folder}", f"put `{name}` there"))
        return found, findings


def read_case(folder: str | Path) -> Case:
    """The case in a folder: every ``*.yaml`` in it and in ``statements/``, read and checked record by record.

    Raises ``RecordError`` where there is no ``case.yaml``; everything else that is wrong is in ``Case.findings``.
    """
    folder = Path(folder)
    if not (folder / CASE_FILE).is_file():
        raise RecordError(folder / CASE_FILE, 0, "no such file, so this is not a case", "name a case folder, or make one with `kg init`")
    case = Case(folder)
    paths = [folder / CASE_FILE, *sorted(set(folder.glob("*.yaml")) - {folder / CASE_FILE}), *sorted(folder.glob("statements/*.yaml"))]
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            case.files[name] = read(path, str(path))
        except RecordError as error:
            case.files[name] = []
            case.findings.append(error.finding)
            case.whole = False
            continue
        if not case.files[name] and name != CASE_FILE:
            case.findings.append(Finding(str(path), 0, "", "no records in this file", "write some, or remove it", "warning"))
        for record in case.files[name]:
            complete(record)
    case.findings.extend(_index(case))
    for records in case.files.values():
        for record in records:
            case.findings.extend(check(record))
    if case.whole:
        case.findings.extend(_references(case))
        case.findings.extend(_circles(case))
        case.findings.extend(_check_base(case))
    return case


def _check_base(case: Case) -> Iterator[Finding]:
    if not is_link(case.base) or case.base[-1] not in "/#":
        file = str(case.folder / CASE_FILE)
        metadata = case.metadata if case.files[CASE_FILE] else Record(file, 0)
        yield metadata.finding("base", "the case needs a base IRI that ends in `/`", "add `base: https://…/`")


def _all(case: Case) -> Iterator[Record]:
    for records in case.files.values():
        for record in records:
            yield from walk(record)


def _index(case: Case) -> Iterator[Finding]:
    """Enter every record in the index; a second one with the same identifier is a finding that names both places."""
    twice = set()
    for record in _all(case):
        if not record.id or not record.types:
            continue
        first = case.index.setdefault(record.id, record)
        if first is not record and record.id.partition("#")[0] not in twice:
            twice.add(record.id)
            yield record.finding("id", f"this identifier is also in {first.file}:{first.line}", "give one of them another")


def _references(case: Case) -> Iterator[Finding]:
    """Identifiers that no record has, and records that say nothing of what they are."""
    by_reference = {name for name, term in terms().items() if term.kind == "reference" and name != "passage"}
    identifiers = {record.id for record in _all(case)}
    for record in _all(case):
        if record.id and not record.get("type") and record.id not in case.index:
            yield record.finding("id", f"no record with a type has the identifier `{record.id}`", "add `type: …`, or mend the identifier")
        for name in by_reference & record.keys():
            for value in values(record, name):
                if isinstance(value, str) and is_identifier(value) and value not in identifiers:
                    yield record.finding(name, f"`{name}: {value}` is nowhere in the case", _nearest(value, case.index))


def _circles(case: Case) -> Iterator[Finding]:
    """Fields that lead from a part or a telling to the whole, and back to where they began; one circle of each field."""
    for name in UPWARD:
        above = {record.id: [value for value in values(record, name) if isinstance(value, str)] for record in case.index.values()}
        try:
            TopologicalSorter(above).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]
            yield case.index[circle[0]].finding(name, f"`{name}` leads in a circle: {' → '.join(circle)}", f"take one `{name}` out")


def _nearest(identifier: str, index: dict[str, Any]) -> str:
    kind = identifier.partition("/")[0] + "/"
    close = get_close_matches(identifier, [known for known in index if known.startswith(kind)][:5000], n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else "add the record, or mend the identifier"
