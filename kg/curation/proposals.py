"""Proposals: what was read out of a document as candidate records beside the case's own, for a curator to decide on.

    CASE/candidates/<report>.yaml     the statements of one report, in reading order; at the head the report, if the case has none
    CASE/candidates/actors.yaml       persons, groups and institutions that the case does not know
    CASE/candidates/reports.yaml      reports that are mentioned and that the case does not know
    CASE/candidates/judgements.yaml   pairs of actors who may be one

The same document and case give the same bytes. What was rejected or edited is left as it is, what is recorded in the case is not
proposed, and what is found no more goes.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.cases import CANDIDATES, Case
from kg.curation.recordfile import RecordFile, edit, emit
from kg.documents import Document, digest
from kg.extraction.attributions import Span
from kg.extraction.candidates import Candidate, Entity, Extraction, Figure
from kg.extraction.outline import Update
from kg.records import CONTROL, QUOTE_WORDS, Record, text, values

if TYPE_CHECKING:
    from kg.extraction.duplicates import Duplicate

ACTORS = ("Person", "Group", "Institution")
GENRES = {"article": "NewsArticle", "live": "LivePage", "letter": "Letter", "opinion": "OpinionPiece", "report": "OfficialReport"}
#: What a speaker does, as a summary begins; the second part leads to whom or what it is about.
DOES = {
    "Claim": ("Makes a claim", " about "),
    "Finding": ("Gives a finding", " on "),
    "Denial": ("Denies something", " about "),
    "Acknowledgement": ("Admits or accepts something", " about "),
    "Demand": ("Puts a demand", " about "),
    "Recommendation": ("Makes a recommendation", " about "),
    "Question": ("Puts a question", " about "),
    "Commitment": ("Makes a promise", " about "),
    "Refusal": ("Refuses something", " about "),
    "Apology": ("Apologises", " about "),
    "Criticism": ("Criticises", " "),
    "Support": ("Supports", " "),
    "Dismay": ("Voices dismay", " about "),
    "Decision": ("Makes a decision", " about "),
}
_DATES = {
    "said": {10: "saidOn", 7: "saidInMonth", 4: "saidInYear"},
    "due": {10: "dueDate", 7: "dueMonth", 4: "dueYear"},
    "published": {10: "publishedOn", 7: "publishedInMonth", 4: "publishedInYear"},
}
_CLAUSE = re.compile(r"[,;:.?!](?=[\s”’\"']|$)|\s[–—-]\s|—")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})")
#: Fewer words of a longer sentence are no quote, but a shred.
_LEAST_QUOTED = 3
_DECIDED = ("rejected", "edited")
_HEADER = "# Proposed by `kg extract` from {name}. `kg review` decides; the next run writes anew what is neither decided nor edited.\n"


@dataclass
class Proposal:
    """What is proposed from one document: the ``report`` it is, the ``files`` to write, and what became of how many statements.

    ``counts`` has ``new``, ``proposed before``, ``already recorded`` (a curator or an accepted candidate has them) and ``already
    decided`` (rejected or edited).
    """

    report: str
    files: list[RecordFile] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def write(self) -> list[Path]:
        """Write the files, each whole or not at all; the paths of those that changed.

        Raises ``RecordError`` where a file changed since the case was read.
        """
        changed = [file for file in self.files if file.content != file.read]
        for file in changed:
            file.write()
        return [file.path for file in changed]


def propose(case: Case, document: Document, extraction: Extraction, report_id: str = "", duplicates: Iterable[Duplicate] = ()) -> Proposal:
    """What the extraction proposes to the case, not yet written.

    ``report_id`` is the identifier of the report that the document is; without it that of the source with the document's digest,
    or a new one from the title. ``duplicates`` are pairs of actors who may be one.

    Raises ``RecordError`` where a file of candidates cannot be read.
    """
    return _Proposing(case, document, extraction, report_id).proposal(duplicates)


def slug(name: str) -> str:
    """A name as part of an identifier.

    >>> slug("A Létter, to the Board!")
    'a-letter-to-the-board'
    """
    plain = unicodedata.normalize("NFKD", name.replace("’", "").replace("'", "")).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain)[:8])


def clause(source: str, start: int, end: int) -> str:
    """The longest run of whole clauses between the offsets that has at most twelve words; empty where there is none worth quoting.

    >>> clause("We were wrong, and we should have told everybody in the valley about it on the first morning.", 0, 93)
    'We were wrong'
    """
    cuts = [start, *(found.end() for found in _CLAUSE.finditer(source, start, end)), end]
    best, most = "", 0
    for first in range(len(cuts) - 1):
        for last in range(first + 1, len(cuts)):
            piece = source[cuts[first] : cuts[last]].strip(" \t\n–—-,;:")
            count = len(_WORD.findall(piece))
            if count > QUOTE_WORDS or len(piece) > 100:
                break
            whole = cuts[first] == start and cuts[last] == end
            if count > most and (whole or count >= _LEAST_QUOTED) and "\n" not in piece:
                best, most = piece, count
    return best


class _Proposing:
    """One document on its way into the candidates of a case."""

    def __init__(self, case: Case, document: Document, extraction: Extraction, report_id: str) -> None:
        self.case = case
        self.document = document
        self.extraction = extraction
        self.merged = dict(_merged(case))
        self.report = report_id or self._report()
        self.stem = self.report.partition("/")[2]
        self.needed: set[str] = set()

    def proposal(self, duplicates: Iterable[Duplicate]) -> Proposal:
        """All of it."""
        proposal = Proposal(self.report)
        decided = [record for _, record in self.case.proposals() if text(record, "reviewStatus") in _DECIDED]
        heads = [
            records[0]
            for records in self.case.candidates.values()
            if records and records[0].id == self.report and "statements" in records[0]
        ]
        name = Path(heads[0].file).name if heads else f"{self.stem.replace('/', '-')}.yaml"
        file = RecordFile(self.case.folder / CANDIDATES / name)
        wanted, named = self._statements(proposal.counts)
        if wanted and not file.text:
            file.text = _HEADER.format(name=self.document.name) + emit(_legible(self._head())) + "statements:\n"
        file.merge(wanted, {record.id for record in decided})
        self.needed = {value for record in decided for name in ("speaker", "addressee", "about") for value in values(record, name)}
        proposal.files = [file, *self._shared([*named, *self._behind()] if file.text else [], duplicates)]
        return proposal

    # ---------------------------------------------------------------- The report

    def _report(self) -> str:
        for identifier, source in self.case.sources().items():
            if text(source, "digest") == self.document.digest:
                return identifier
        title = self._title() if len(slug(self._title())) > 3 else ""
        stem = name = f"report/{slug(title) or slug(self.document.path.stem) or 'document'}"
        number = 1
        while name in self.case.index or name in self.case.proposed:
            number += 1
            name = f"{stem}-{number}"
        return name

    def _behind(self) -> list[Entity]:
        """Who stands behind a report that the case does not know."""
        found = (self.extraction.author, self.extraction.publisher) if self.report not in self.case.index else ()
        return [entity for entity in found if entity]

    def _title(self) -> str:
        span = self.extraction.outline.title
        return " ".join((self.document.text[slice(*span)] if span else self.document.metadata.title).split())

    def _head(self) -> dict[str, Any]:
        """The report, as far as the case does not know it or has not read it."""
        head: dict[str, Any] = {"id": self.report}
        if self.report not in {source.id for source in values(self.case.metadata, "sources") if isinstance(source, Record)}:
            size = len(self.document.text)
            head |= {"document": self.document.name, "digest": self.document.digest, "characters": size, "reader": self.document.reader}
        if self.report in self.case.index:
            return head
        outline = self.extraction.outline
        head |= {"type": GENRES[outline.genre], "reviewStatus": "candidate", "label": self._title() or self.document.path.stem}
        head |= {"author": self._id(self.extraction.author), "publisher": self._id(self.extraction.publisher)}
        head |= _dated("published", outline.date or self.document.metadata.date)
        if not outline.date and not self.document.metadata.date:
            head["note"] = "No date was found in the document."
        head["updates"] = [self._update(number, update) for number, update in enumerate(outline.updates, 1)]
        return head

    def _update(self, number: int, update: Update) -> dict[str, Any]:
        heading = clause(self.document.text, *update.heading) if update.heading else ""
        posted = update.posted_at if _TIME.fullmatch(update.posted_at) else ""
        place = {"start": update.start, "end": update.end}
        return {"id": f"{self.report}/update-{number:02}", "type": "LiveUpdate", "heading": heading, "postedAt": posted, **place}

    # ---------------------------------------------------------------- Statements

    def _statements(self, counts: Counter[str]) -> tuple[dict[str, tuple[int, str]], list[Entity]]:
        """The statements to propose, by identifier: where they begin, and their lines; and whom they name."""
        candidates = self.extraction.candidates
        names = self._names()
        before = {record.id for report, record in self.case.proposals() if report == self.report}
        rejected = {record.id for _, record in self.case.proposals() if text(record, "reviewStatus") == "rejected"}
        known = self._known(names)
        told = [known.get(number, name) for number, name in enumerate(names)]
        wanted, named = {}, []
        for number, candidate in enumerate(candidates):
            if (record := known.get(number)) is not None:
                counts["already recorded" if record in self.case.index else "already decided"] += 1
                continue
            counts["proposed before" if names[number] in before else "new"] += 1
            links = {}
            for name, other in (("conveyedBy", candidate.within), ("repeats", candidate.repeats)):
                if other >= 0 and told[other] not in rejected:
                    links[name] = told[other]
            wanted[names[number]] = (candidate.passages[0][0], emit(_legible(self._statement(names[number], candidate)) | links))
            named += [entity for entity in (candidate.entity, candidate.addressee, *candidate.about) if entity]
        return wanted, named

    def _names(self) -> list[str]:
        """An identifier for each candidate, from the offsets of what is said; a second one of the same offsets gets a number."""
        seen: Counter[Span] = Counter()
        names = []
        for candidate in self.extraction.candidates:
            seen[candidate.content] += 1
            start, end = candidate.content
            names.append(f"statement/{self.stem}/{start}-{end}" + (f"-{seen[candidate.content]}" if seen[candidate.content] > 1 else ""))
        return names

    def _known(self, names: list[str]) -> dict[int, str]:
        """Which candidates are recorded or decided on already, each with the record it is.

        A record that was proposed once answers for one candidate, its own or else one that it overlaps; a curator's own for all
        that overlap it by half and have its speaker.
        """
        records = [record for report, record in self.case.statements() if report == self.report]
        records += [
            record for report, record in self.case.proposals() if report == self.report and text(record, "reviewStatus") in _DECIDED
        ]
        spans = _Spans(records)
        own = {record.id for record in records}
        known = {number: name for number, name in enumerate(names) if name in own}
        taken = set(known.values())
        for number, candidate in enumerate(self.extraction.candidates):
            if number in known:
                continue
            speaker = self._id(candidate.entity)
            for record in spans.overlapping(candidate.passages[0], speaker):
                if "rule" not in record or record.id not in taken:
                    known[number] = record.id
                    taken.add(record.id)
                    break
        return known

    def _statement(self, identifier: str, candidate: Candidate) -> dict[str, Any]:
        act = next(iter(candidate.acts), "Claim")
        passages = [self._passage(span) for span in candidate.passages]
        about = list(dict.fromkeys(self._id(entity) for entity in candidate.about))
        return {
            "id": identifier,
            "type": act,
            "reviewStatus": "candidate",
            "speaker": self._id(candidate.entity),
            "speakerAsWorded": self._words(candidate.speaker),
            "capacityAsWorded": self._words(candidate.capacity),
            "addressee": self._id(candidate.addressee),
            "about": about[0] if len(about) == 1 else about,
            **_dated("said", candidate.said_on),
            **_dated("due", candidate.due),
            "mode": candidate.mode,
            "summary": self._summary(act, candidate),
            "quote": self._quote(candidate),
            "passage": passages[0] if len(passages) == 1 else passages,
            "cue": self._words(candidate.cue),
            "rule": candidate.rule,
            "confidence": _number(candidate.confidence),
            "figures": [self._figure(figure) for figure in candidate.figures],
        }

    def _passage(self, span: Span) -> dict[str, Any]:
        page = self.document.page(span[0])
        return {"start": span[0], "end": span[1]} | ({"page": page} if page else {}) | {"digest": digest(self.document.text[slice(*span)])}

    def _words(self, span: Span | None) -> str:
        """The words as they stand, on one line; too many of them are no name, but a text."""
        words = self.document.text[slice(*span)].split() if span else []
        return " ".join(words) if len(words) <= QUOTE_WORDS and _WORD.search("".join(words)) else ""

    def _quote(self, candidate: Candidate) -> str:
        if candidate.mode not in ("direct", "mixed"):
            return ""
        found = clause(self.document.text, *(candidate.quote or candidate.content))
        stands = any(found in self.document.text[slice(*span)] for span in candidate.passages)
        return found if stands and found == _legible(found) else ""

    def _summary(self, act: str, candidate: Candidate) -> str:
        """What is done to whom, in our own words: a beginning that a curator makes a summary of."""
        does, leads = DOES.get(act, DOES["Claim"])
        about = _listed([entity.label for entity in candidate.about])
        to = f" to {candidate.addressee.label}" if candidate.addressee and candidate.addressee not in candidate.about else ""
        whom = f" {about or 'somebody or something'}" if leads == " " else to + (leads + about if about else "")
        figures = _listed([_told(figure) for figure in candidate.figures])
        return (does + whom + (f", giving {figures}" if figures else "")).rstrip(".") + "."

    def _figure(self, figure: Figure) -> dict[str, Any]:
        numbers = {"value": figure.value, "minValue": figure.min_value, "maxValue": figure.max_value}
        read = {"unit": figure.unit, "qualifier": figure.qualifier, "asWorded": self._words(figure.span)}
        return numbers | read | {"population": figure.population, "period": figure.period}

    def _id(self, entity: Entity | None) -> str:
        return self.merged.get(entity.id, entity.id) if entity else ""

    # ---------------------------------------------------------------- Actors, reports, judgements

    def _shared(self, named: list[Entity], duplicates: Iterable[Duplicate]) -> Iterator[RecordFile]:
        """The files of candidates that documents share: each record says in which reports it was read."""
        new = {self._id(entity): entity for entity in named if self._id(entity) not in self.case.index and entity.id != self.report}
        actors = {name: self._actor(name, entity) for name, entity in new.items() if entity.kind in ACTORS}
        reports = {name: self._actor(name, entity) for name, entity in new.items() if name not in actors}
        for record in reports.values():
            record["note"] = "Known only from where it is mentioned."
        yield self._merge("reports.yaml", reports)
        yield self._merge("actors.yaml", actors)
        yield self._merge("judgements.yaml", dict(self._judgements(duplicates, new)))

    def _actor(self, name: str, entity: Entity) -> dict[str, Any]:
        return {"id": name, "type": entity.kind, "reviewStatus": "candidate", "label": _legible(entity.label)}

    def _judgements(self, duplicates: Iterable[Duplicate], new: Mapping[str, Entity]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The pairs on which nobody has decided yet, each with both of its actors at hand."""
        decided = {frozenset(values(record, "between")) for record in self.case.index.values() if "Judgement" in record.types}
        for pair in duplicates:
            both = sorted({self.merged.get(pair.a, pair.a), self.merged.get(pair.b, pair.b)})
            if len(both) == 2 and frozenset(both) not in decided and all(name in new or name in self.case.index for name in both):
                between = sorted(both, key=lambda name: name not in self.case.index)
                name = "/".join(["judgement", *both])
                why = {"reason": pair.reason, "confidence": _number(pair.confidence)}
                yield name, {"id": name, "type": "Judgement", "between": between, "judgement": "undecided"} | why

    def _merge(self, name: str, found: Mapping[str, dict[str, Any]]) -> RecordFile:
        """A file of candidates in which the records of this document are those that were found."""
        file = RecordFile(self.case.folder / CANDIDATES / name)
        wanted, kept = {}, set()
        for record in self.case.candidates.get(f"{CANDIDATES}/{name}", []):
            sources = [value for value in values(record, "source") if value != self.report]
            if text(record, "reviewStatus") in _DECIDED or record.id in self.needed:
                kept.add(record.id)
            elif record.id in found:
                wanted[record.id] = (0, emit(found[record.id] | {"source": _one(sorted([*sources, self.report]))}))
            elif len(sources) == len(values(record, "source")):
                kept.add(record.id)
            elif sources:
                wanted[record.id] = (0, edit(file.lines(record.id), {"source": _one(sources)}))
        for identifier, fields in found.items():
            if identifier not in kept:
                wanted.setdefault(identifier, (0, emit(fields | {"source": self.report})))
        file.merge(wanted, kept)
        return file


class _Spans:
    """The statements of one report by speaker, to find those that overlap a passage without looking at all of them."""

    def __init__(self, records: Iterable[Record]) -> None:
        found: dict[str, list[tuple[int, int, Record]]] = {}
        for record in records:
            for start, end in _passages(record):
                for speaker in (*values(record, "speaker"), ""):
                    found.setdefault(speaker, []).append((start, end, record))
        self.spans = {speaker: sorted(spans, key=lambda span: span[:2]) for speaker, spans in found.items()}
        self.reach = {speaker: list(accumulate((end for _, end, _ in spans), max)) for speaker, spans in self.spans.items()}

    def overlapping(self, passage: Span, speaker: str) -> list[Record]:
        """Those that share half of the passage, or of their own if that is shorter; the ones that share most first."""
        start, end = passage
        spans, reach = self.spans.get(speaker, []), self.reach.get(speaker, [])
        shared = []
        for number in range(bisect_right(reach, start), len(spans)):
            first, last, record = spans[number]
            if first >= end:
                break
            common = min(end, last) - max(start, first)
            if 2 * common >= min(end - start, last - first) > 0:
                shared.append((-common, number, record))
        return [record for _, _, record in sorted(shared, key=lambda one: one[:2])]


def _passages(record: Record) -> Iterator[Span]:
    for passage in values(record, "passage"):
        if isinstance(passage, Record) and text(passage, "start").isdecimal() and text(passage, "end").isdecimal():
            yield int(text(passage, "start")), int(text(passage, "end"))


def _merged(case: Case) -> Iterator[tuple[str, str]]:
    """The identifiers that are gone because they stood for an actor who has another, each with that one."""
    for record in case.index.values():
        if "Judgement" in record.types and text(record, "judgement") == "same":
            kept, gone = sorted(map(str, values(record, "between")), key=lambda name: name not in case.index and name not in case.proposed)
            if gone not in case.index:
                yield gone, kept


def _legible(value: Any) -> Any:
    """The value without control characters, which no record may hold, whatever a document does."""
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, list):
        return [_legible(one) for one in value]
    return {name: _legible(one) for name, one in value.items()} if isinstance(value, dict) else value


def _dated(kind: str, value: str) -> dict[str, str]:
    """The date in the field for its precision; nothing where there is none."""
    name = _DATES[kind].get(len(value))
    return {name: value} if name else {}


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _one(found: list[str]) -> str | list[str]:
    return found[0] if len(found) == 1 else found


def _listed(words: list[str]) -> str:
    """The words as a list in a sentence: a, b and c."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _told(figure: Figure) -> str:
    """The number of a figure in a sentence."""
    ends = [number for number in (figure.min_value, figure.max_value) if number]
    number = figure.value or " to ".join(ends)
    unit = "" if figure.unit == "items" else figure.unit.replace("-", " ")
    return " ".join(filter(None, (figure.qualifier.replace("-", " "), number, unit)))
