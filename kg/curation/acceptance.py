"""Acceptance: what has to move into a case so that a candidate is part of it, and whether the case is right then.

A statement takes along the actors and mentioned reports that the case does not have, and the report that it stands in: its
record goes to the reports, what was read to the sources in ``case.yaml``. Another statement is not taken along, as that needs a
decision of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import documents, records
from kg.cases import CASE_FILE, REFERENCE, Case
from kg.curation.edits import Edits, references
from kg.curation.recordfile import RecordFile, edit, emit, item
from kg.errors import Finding
from kg.passages import verify
from kg.records import Record, is_identifier, parse, text, values, walk
from kg.validation import check_shapes
from kg.vocabulary import RDF, terms

#: What the head of a file of candidates says of the document; in the case it stands under `sources:`.
DOCUMENT = ("document", "digest", "characters", "reader")


class Acceptance:
    """The acceptance of one candidate of a ``case``, with ``changes`` to its fields and who ``decided`` when.

    Raises ``RecordError`` where a file cannot be read.
    """

    def __init__(self, case: Case, record: Record, changes: Mapping[str, Any], decided: Mapping[str, str]) -> None:
        self.case = case
        self.edits = Edits(case)
        self.changes = dict(changes)
        self.decided = decided
        self.report = next((report for report, one in case.proposals() if one is record), "")
        self.texts: dict[str, str] = {}  # what moves, as it will stand
        self.refused: dict[str, Finding] = {}
        if "judgement" in record:
            finding = record.finding("judgement", "a judgement is not accepted, but decided", "say whether both are the same")
            self.refused[record.id] = finding
        elif self.report:
            self._move_statement(record)
        elif "statements" in record:
            self.report = record.id
            self._move_report(self.edits.of(record))
        else:
            self._move(record, self.changes)

    def write(self) -> list[Path]:
        """The paths of the files that changed."""
        return self.edits.write()

    # ---------------------------------------------------------------- Moving

    def _move_statement(self, record: Record) -> None:
        for name in ("conveyedBy", "repeats"):
            told = self.case.proposed.get(text(record, name))
            if told is not None and text(told, "reviewStatus") == "rejected":
                self.changes.setdefault(name, None)
        file = self.edits.of(record)
        lines = self._accepted(file.lines(record.id), self.changes)
        starts = [text(passage, "start") for passage in values(parse(lines)[0], "passage") if isinstance(passage, Record)]
        self.edits.statements(self.report).add(lines, passage=int(starts[0]) if starts and starts[0].isdecimal() else None)
        self.texts[record.id] = f"id: {self.report}\nstatements:\n{item(lines)}"
        self._move_report(file)
        file.remove(record.id)
        self._follow(lines)

    def _move_report(self, file: RecordFile) -> None:
        """The report at the head of its candidates goes where the case has none, and what was read of its document."""
        head = parse(file.text)[0]
        if "document" in head:
            self.edits.at(CASE_FILE).add(emit({name: head[name] for name in ("id", *DOCUMENT) if name in head}))
        gone = dict.fromkeys(DOCUMENT)
        if "type" in head:
            kept = {name: value for name, value in head.items() if name not in ("reviewStatus", "statements")}
            lines = emit({name: value for name, value in kept.items() if name not in DOCUMENT})
            read = [name for name in self.case.sources() if name in self.case.index]
            self.edits.home(head).add(lines, after=read[-1] if read else None)
            self.texts[self.report] = emit(kept)  # with what goes to the sources, as that says too that it was read
            gone = dict.fromkeys(name for name in head if name not in ("id", "statements"))
            self._follow(lines)
        file.text = edit(file.text, gone)

    def _move(self, record: Record, changes: Mapping[str, Any]) -> None:
        """An actor or a mentioned report goes behind the last of its type; it was read in reports of the case, or in this one."""
        file = self.edits.of(record)
        known = [value for value in values(record, "source") if value in self.case.index or value == self.report]
        sources = known or ([self.report] if self.report else values(record, "source"))
        lines = self._accepted(file.lines(record.id), {"source": sources[0] if len(sources) == 1 else sources, **changes})
        alike = self.edits.alike(record)
        self.edits.home(record).add(lines, after=alike[-1].id if alike else None)
        self.texts[record.id] = lines
        file.remove(record.id)
        self._follow(lines)

    def _accepted(self, lines: str, changes: Mapping[str, Any]) -> str:
        return edit(lines, {**changes, "reviewStatus": None, **self.decided})

    def _follow(self, lines: str) -> None:
        """Move what the lines refer to, but for statements, other documents and what was rejected."""
        for record, name, value in _referred(walk(parse(lines)[0])):
            other = self.case.proposed.get(value)
            if other is None or value in self.texts or value in self.case.index:
                continue
            if text(other, "reviewStatus") == "rejected":
                self._refuse(record, name, value, "was rejected", "choose another, or take it out")
            elif "summary" in other or "statements" in other:
                self._refuse(record, name, value, "is only a candidate", "accept it first, or take it out here")
            else:
                self._move(other, {})

    def _refuse(self, record: Record, name: str, value: str, what: str, remedy: str) -> None:
        self.refused[value] = record.finding(name, f"`{name}: {value}` {what}", remedy)

    # ---------------------------------------------------------------- Checking

    def findings(self) -> list[Finding]:
        """What would be wrong with the records that move, in the case as it would be."""
        small = self._alone()
        found = list(self.refused.values())
        for name, held in small.files.items():
            for record in held if name != CASE_FILE else ():
                found += records.check(record)
        found += self._unknown(small)
        faulty = {finding.record.partition("#")[0] for finding in found if finding not in self.refused.values()}
        found += check_shapes(small, self._typed(small), faulty | self.refused.keys())
        found += self._verified(small)
        return sorted({self._placed(finding) for finding in found})

    def _alone(self) -> Case:
        """A case of nothing but the records that move."""
        small = Case(self.case.folder, {CASE_FILE: [self.case.metadata]})
        for identifier, lines in self.texts.items():
            small.files[identifier] = parse(lines)
            for top in small.files[identifier]:
                records.complete(top)
                small.index |= {record.id: record for record in walk(top) if record.types}
        return small

    def _typed(self, small: Case) -> ox.Store:
        """The records that move, with the types of those that they refer to."""
        store = small.load()
        beside = {self.report, *(value for _, _, value in _referred(small.index.values()))}
        for identifier in beside & self.case.index.keys():
            for name in self.case.index[identifier].types:
                nodes = (self.case.iri(identifier), RDF + "type", terms()[name].iri, self.case.iri(REFERENCE))
                store.add(ox.Quad(*map(ox.NamedNode, nodes)))
        return store

    def _unknown(self, small: Case) -> Iterator[Finding]:
        known = self.case.index.keys() | small.index.keys() | self.refused.keys()
        for record, name, value in _referred(small.index.values()):
            if is_identifier(value) and value not in known:
                yield record.finding(name, f"`{name}: {value}` is nowhere in the case", "add the record, or mend the identifier")

    def _verified(self, small: Case) -> Iterator[Finding]:
        """A quote or passage that was changed has to stand in the document, where that is at hand."""
        source = self.case.sources().get(self.report, Record("", 0))
        path = self.case.folder / "sources" / text(source, "document")
        if {"quote", "passage"} & self.changes.keys() and path.is_file():
            document = documents.read(path)
            for _, statement in small.statements():
                if document.digest == text(source, "digest"):
                    yield from verify(statement, document)

    def _placed(self, finding: Finding) -> Finding:
        """The finding at the place where its candidate stands."""
        record = self.case.proposed.get(finding.record) or self.case.proposed.get(finding.record.partition("#")[0])
        return replace(finding, file=record.file, line=record.line) if record else finding


def _referred(found: Iterator[Record] | Any) -> Iterator[tuple[Record, str, str]]:
    """Every reference in the records: in which one, by which field, to what."""
    for record in found:
        for name in sorted(references() & record.keys()):
            yield from ((record, name, value) for value in values(record, name) if isinstance(value, str))
