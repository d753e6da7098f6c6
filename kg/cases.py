"""A case: a folder of records, read whole, with its base IRI, its identifiers and its named graphs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
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
#: The folder of what was proposed and is not part of the case.
CANDIDATES = "candidates"
REFERENCE = "graph/reference"
DERIVED = "graph/derived"
CASE = "graph/case"
#: The graph of the passages' own words, made only where the documents are at hand, and left out of exports.
TEXTS = "graph/texts"
#: The fields of a report's date, most precise first.
ISSUED = ("publishedOn", "publishedInMonth", "publishedInYear")
#: The fields that must not lead back to where they began.
UPWARD = ("broader", "conveyedBy", "partOf", "repeats", "unitOf")


@dataclass
class Case:
    """A case folder as it was read.

    ``files`` holds the records by file name, relative to the folder; ``index`` every record with a type by its identifier;
    ``candidates`` and ``proposed`` are the same for what was proposed and is not part of the case (yet); ``findings`` what is
    wrong with all of them, taken by themselves and as references to each other. ``whole`` is whether every file could be read:
    where one could not, nothing is said of what may be missing.
    """

    folder: Path
    files: dict[str, list[Record]] = field(default_factory=dict)
    index: dict[str, Record] = field(default_factory=dict)
    candidates: dict[str, list[Record]] = field(default_factory=dict)
    proposed: dict[str, Record] = field(default_factory=dict)
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
        records = self.files.get(file, [])
        if records and "statements" in records[0] and is_link(graph := self.iri("graph/" + records[0].id)):
            return graph
        return self.iri(REFERENCE)

    def graphs(self, candidates: bool = False) -> Iterator[tuple[str, bytes]]:
        """Each file's graph IRI and its JSON-LD with the context inlined, to be parsed with the case's base."""
        for file, records in (self.files | (self.candidates if candidates else {})).items():
            if records:
                document = {"@context": context(), "@graph": records}
                yield self.graph(file), json.dumps(document, ensure_ascii=False).encode("utf-8")

    def load(self, candidates: bool = False) -> ox.Store:
        """The records in memory, each file in its named graph; what is not RDF (a malformed identifier) is passed over.

        Candidates are left out unless they are asked for. Without a base IRI nothing is RDF, and the store stays empty.
        """
        store = ox.Store()
        for graph, jsonld in self.graphs(candidates) if is_link(self.base) else ():
            with suppress(SyntaxError):  # a file that is no JSON-LD has findings that say so
                store.bulk_load(jsonld, format=ox.RdfFormat.JSON_LD, base_iri=self.base, to_graph=ox.NamedNode(graph))
        return store

    def statements(self) -> Iterator[tuple[str, Record]]:
        """Every statement with the identifier of its report, in the order of files and records."""
        return _statements(self.files)

    def proposals(self) -> Iterator[tuple[str, Record]]:
        """Every statement that was proposed, rejected ones too, with the identifier of its report."""
        return _statements(self.candidates)

    def sources(self) -> dict[str, Record]:
        """The records of the documents that were read, by the identifier of their report; those of candidates last."""
        proposed = [report for records in self.candidates.values() for report in records if "document" in report]
        read = [source for source in values(self.metadata, "sources") if isinstance(source, Record)]
        return {source.id: source for source in (*proposed, *read)}

    def informed(self, document: Document) -> Document:
        """The document with the date of its report, where the case has a record of it."""
        report = next((report for report, source in self.sources().items() if text(source, "digest") == document.digest), "")
        record = self.index.get(report)
        date = next((date for name in ISSUED if record and (date := text(record, name))), "")
        return replace(document, metadata=replace(document.metadata, date=date)) if date else document

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
                found[report] = self.informed(document)
            elif not isinstance(source.get("digest", ""), str) or not isinstance(source.get("document", ""), str):
                continue
            elif document := by_name.get(name):
                message = f"`{name}` has the digest {document.digest}"
                findings.append(source.finding("digest", message, "the document changed: read it again, or mend the digest"))
            else:
                findings.append(source.finding("document", f"no document with this digest in {folder}", f"put `{name}` there"))
        return found, findings


def read_case(folder: str | Path, candidates: bool = True) -> Case:
    """The case in a folder: every ``*.yaml`` in it, in ``statements/`` and in ``candidates/``, read and checked record by record.

    Without ``candidates`` it is what a build sees.

    Raises ``RecordError`` where there is no ``case.yaml``; everything else that is wrong is in ``Case.findings``.
    """
    folder = Path(folder)
    if not (folder / CASE_FILE).is_file():
        raise RecordError(folder / CASE_FILE, 0, "no such file, so this is not a case", "name a case folder, or make one with `kg init`")
    case = Case(folder)
    paths = [folder / CASE_FILE, *sorted(set(folder.glob("*.yaml")) - {folder / CASE_FILE}), *sorted(folder.glob("statements/*.yaml"))]
    for path in paths:
        case.files[path.relative_to(folder).as_posix()] = _read(case, path)
    for path in sorted(folder.glob(f"{CANDIDATES}/*.yaml")) if candidates else ():
        case.candidates[path.relative_to(folder).as_posix()] = _read(case, path)
    case.findings.extend(_index(case))
    for records in (*case.files.values(), *case.candidates.values()):
        for record in records:
            case.findings.extend(check(record))
    case.findings.extend(_check_statuses(case))
    if case.whole:
        case.findings.extend(_references(case))
        case.findings.extend(_circles(case))
        case.findings.extend(_check_base(case))
    return case


def _read(case: Case, path: Path) -> list[Record]:
    try:
        records = read(path, str(path))
    except RecordError as error:
        case.findings.append(error.finding)
        case.whole = False
        return []
    if not records and path.name != CASE_FILE:
        case.findings.append(Finding(str(path), 0, "", "no records in this file", "write some, or remove it", "warning"))
    for record in records:
        complete(record)
    return records


def _check_statuses(case: Case) -> Iterator[Finding]:
    """What is not decided stands under ``candidates/`` and says so; what is decided, or was never proposed, does not."""
    for record in _all(case.files):
        if "reviewStatus" in record:
            yield record.finding("reviewStatus", f"`reviewStatus` in a record outside {CANDIDATES}/", "move it there, or accept it first")
        elif record.get("judgement") == "undecided":
            yield record.finding("judgement", f"an undecided judgement outside {CANDIDATES}/", "decide it, or move it there")
    for records in case.candidates.values():
        for top in records:
            for record in (top, *(inner for inner in values(top, "statements") if isinstance(inner, Record))):
                if record.types and "reviewStatus" not in record and "judgement" not in record:
                    yield record.finding("id", "a candidate without `reviewStatus`", "add `reviewStatus: candidate`")


def _check_base(case: Case) -> Iterator[Finding]:
    if not is_link(case.base) or case.base[-1] not in "/#":
        file = str(case.folder / CASE_FILE)
        metadata = case.metadata if case.files[CASE_FILE] else Record(file, 0)
        yield metadata.finding("base", "the case needs a base IRI that ends in `/`", "add `base: https://…/`")


def _all(files: dict[str, list[Record]]) -> Iterator[Record]:
    for records in files.values():
        for record in records:
            yield from walk(record)


def _statements(files: dict[str, list[Record]]) -> Iterator[tuple[str, Record]]:
    for records in files.values():
        for report in records:
            for statement in values(report, "statements"):
                if isinstance(statement, Record):
                    yield report.id, statement


def _index(case: Case) -> Iterator[Finding]:
    """Enter every record in the index; a second one with the same identifier is a finding that names both places."""
    twice = set()
    for index, record in _indexed(case):
        if not record.id or not record.types:
            continue
        first = case.index.get(record.id) or index.setdefault(record.id, record)
        if first is not record and record.id.partition("#")[0] not in twice:
            twice.add(record.id)
            yield record.finding("id", f"this identifier is also in {first.file}:{first.line}", "give one of them another")


def _indexed(case: Case) -> Iterator[tuple[dict[str, Record], Record]]:
    for files, index in ((case.files, case.index), (case.candidates, case.proposed)):
        for record in _all(files):
            yield index, record


def _references(case: Case) -> Iterator[Finding]:
    """Identifiers that no record has, and records that say nothing of what they are."""
    by_reference = {name for name, term in terms().items() if term.kind == "reference" and name != "passage"} | {"between"}
    known = {record.id for record in _all(case.files)}
    proposed = {record.id for record in _all(case.candidates)}
    for index, record in _indexed(case):
        if record.id and not record.get("type") and record.id not in case.index and record.id not in case.proposed:
            yield record.finding("id", f"no record with a type has the identifier `{record.id}`", "add `type: …`, or mend the identifier")
        for name in by_reference & record.keys():
            if name == "between" and record.get("judgement") != "undecided":
                continue  # a decision outlives the record that was merged into another, or was never accepted
            for value in values(record, name):
                if not isinstance(value, str) or not is_identifier(value) or value in known:
                    continue
                if value not in proposed:
                    yield record.finding(name, f"`{name}: {value}` is nowhere in the case", _nearest(value, case.index))
                elif index is case.index:
                    yield record.finding(name, f"`{name}: {value}` is only a candidate", "accept it first, or take it out here")


def _circles(case: Case) -> Iterator[Finding]:
    """Fields that lead from a part or a telling to the whole, and back to where they began; one circle of each field."""
    every = case.proposed | case.index
    for name in UPWARD:
        above = {record.id: [value for value in values(record, name) if isinstance(value, str)] for record in every.values()}
        try:
            TopologicalSorter(above).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]
            yield every[circle[0]].finding(name, f"`{name}` leads in a circle: {' → '.join(circle)}", f"take one `{name}` out")


def _nearest(identifier: str, index: dict[str, Any]) -> str:
    kind = identifier.partition("/")[0] + "/"
    close = get_close_matches(identifier, [known for known in index if known.startswith(kind)][:5000], n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else "add the record, or mend the identifier"
