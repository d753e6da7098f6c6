"""How far what is read by rule agrees with what curators entered: the records of a case against the extraction of its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kg.cases import read_case
from kg.documents import Document
from kg.extraction import Registry, extract
from kg.extraction.candidates import Candidate
from kg.records import Record, text, values

Span = tuple[int, int]
Read = Callable[[Document, Registry], list[Candidate]]
#: Modes that are one voice; a curator may call direct what a rule calls mixed.
_VOICES = ({"authored"}, {"direct"}, {"indirect"}, {"mixed"}, {"direct", "mixed"}, {"mixed", "indirect"})
_NUMBERS = ("value", "minValue", "maxValue")


@dataclass
class Score:
    """Right ones of how many; ``missed`` says which were not, for whoever wants to know why."""

    right: int = 0
    of: int = 0
    missed: list[str] = field(default_factory=list)

    def add(self, right: bool, what: str) -> None:
        """Count one."""
        self.of += 1
        self.right += right
        if not right:
            self.missed.append(what)

    @property
    def share(self) -> float:
        """The share of right ones, in per cent."""
        return 100 * self.right / max(self.of, 1)


@dataclass
class Agreement:
    """The figures of one comparison; ``found`` and ``precise`` are the recall and the precision of reported clauses."""

    covered: Score = field(default_factory=Score)
    speaker: Score = field(default_factory=Score)
    found: Score = field(default_factory=Score)
    precise: Score = field(default_factory=Score)
    figures: Score = field(default_factory=Score)
    acts: Score = field(default_factory=Score)

    @property
    def reported(self) -> float:
        """The F of reported clauses, in per cent."""
        return 2 * self.found.share * self.precise.share / max(self.found.share + self.precise.share, 1e-9)


def by_rule(document: Document, registry: Registry) -> list[Candidate]:
    """The candidates of the project's own rules."""
    return extract(document, registry).candidates


def agreement(folder: Path, sources: Path, read: Read = by_rule) -> Agreement:
    """The records of the case against what ``read`` makes of its documents, summed over the documents."""
    case = read_case(folder)
    documents, _ = case.documents(sources)
    registry = Registry.of_case(case)
    total = Agreement()
    for report, document in documents.items():
        records = [record for of, record in case.statements() if of == report]
        _compare(total, document, records, read(document, registry))
    return total


def _compare(total: Agreement, document: Document, records: list[Record], candidates: list[Candidate]) -> None:
    for record in records:
        span = _passage(record)
        best = _best(span, record, candidates)
        name = f"{record.id} “{' '.join(document.text[slice(*span)].split())}”"
        total.covered.add(best is not None, name)
        if best is not None:
            speaker = best.entity.id if best.entity else "nobody"
            total.speaker.add(speaker == record["speaker"], f"{name}: {speaker}, not {record['speaker']} ({best.rule})")
            act = best.acts[0] if best.acts else "none"
            total.acts.add(act in record.types, f"{name}: {act}, not {record.types} ({best.mode})")
        for figure in values(record, "figures"):
            read = {_reading(found) for candidate in candidates for found in candidate.figures if _shared(span, found.span)}
            total.figures.add(_recorded(figure) in read, f"{name}: {_recorded(figure)} not in {sorted(read)}")
    _reported(total, document, records, candidates)


def _reported(total: Agreement, document: Document, records: list[Record], candidates: list[Candidate]) -> None:
    """Clauses of indirect and mixed speech: what curators recorded and what is proposed, each half covered by the other at least.

    Curators cut a sentence finer or coarser than rules do, so a clause counts when half of it is covered by clauses of the other
    side. A proposed clause that a curator recorded as direct speech is neither right nor wrong here.
    """
    gold = [_passage(record) for record in records if record["mode"] in ("indirect", "mixed")]
    direct = [_passage(record) for record in records if record["mode"] == "direct"]
    reported = [candidate for candidate in candidates if candidate.mode in ("indirect", "mixed")]
    for candidate in reported:
        right = _covered(candidate.passages[0], gold)
        if right or not _covered(candidate.passages[0], direct):
            total.precise.add(right, f"“{document.text[slice(*candidate.content)]}” ({candidate.rule})")
    proposed = [candidate.passages[0] for candidate in reported]
    for span in gold:
        total.found.add(_covered(span, proposed), f"“{' '.join(document.text[slice(*span)].split())}”")


def _covered(span: Span, others: list[Span]) -> bool:
    """Whether the others cover half of the span at least."""
    covered, at = 0, span[0]
    for start, end in sorted(others):
        start, end = max(start, at), min(end, span[1])
        if start < end:
            covered, at = covered + end - start, end
    return 2 * covered >= span[1] - span[0]


def _passage(record: Record) -> Span:
    passage = values(record, "passage")[0]
    return int(passage["start"]), int(passage["end"])


def _best(span: Span, record: Record, candidates: Iterable[Candidate]) -> Candidate | None:
    """The candidate of the same voice that covers half of what the record says, at least, and little else."""
    near = [
        (_overlap(span, candidate.passages[0]), number, candidate)
        for number, candidate in enumerate(candidates)
        if {record["mode"], candidate.mode} in _VOICES and 2 * _shared(span, candidate.passages[0]) >= span[1] - span[0]
    ]
    return max(near, default=(0.0, 0, None))[2]


def _shared(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _overlap(a: Span, b: Span) -> float:
    """Intersection over union."""
    shared = _shared(a, b)
    return shared / (a[1] - a[0] + b[1] - b[0] - shared)


def _recorded(figure: Record) -> tuple[str, ...]:
    return (*(text(figure, name) for name in _NUMBERS), text(figure, "unit"), text(figure, "qualifier"))


def _reading(figure: object) -> tuple[str, ...]:
    return tuple(getattr(figure, name) for name in ("value", "min_value", "max_value", "unit", "qualifier"))
