"""The review of a case: what was proposed and awaits a decision, and the decisions, each written to the case's files at once.

A reviewer reads a candidate beside its document and accepts, edits or rejects it, or says that two actors are one. Nothing is
kept anywhere but in the files: who edits them meanwhile loses nothing, because a decision that was made on older files is
refused.
"""

from __future__ import annotations

import datetime
import getpass
import hashlib
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from kg.cases import CANDIDATES, Case, read_case
from kg.curation import decisions
from kg.curation.edits import take_back
from kg.documents import Document
from kg.errors import ChangedError, CheckError, NotFoundError, RecordError
from kg.passages import verify
from kg.records import Record, text, values

State = Literal["open", "accepted", "rejected"]
Span = tuple[int, int]

#: What a confidence is in words: the first of these that it reaches.
SURE = {"almost certain": 0.9, "likely": 0.75, "uncertain": 0.5, "a guess": 0.0}
#: What a field may name, by the kind of identifier.
NAMED = {
    "speaker": ("person", "institution", "group"),
    "addressee": ("person", "institution", "group"),
    "about": ("person", "institution", "group", "report", "event"),
    "topic": ("topic",),
    "measure": ("measure",),
}
#: How many older states are remembered, to say which files changed since.
_REMEMBERED = 50
#: A speaker's own words in a text.
_QUOTED = re.compile(r"[“\"]([^“”\"]+)")
_ENDS = re.compile(r"/([0-9]+)-([0-9]+)$")


@dataclass(frozen=True, slots=True)
class Item:
    """One statement that was proposed: its ``record``, the ``report`` it was read in, and what was decided on it."""

    record: Record
    report: str
    state: State

    @property
    def id(self) -> str:
        """The statement's identifier."""
        return self.record.id

    @property
    def speaker(self) -> str:
        """The identifier of the speaker; empty where the document names none."""
        return text(self.record, "speaker")

    @property
    def confidence(self) -> float:
        """How often the rule that found it is right, between 0 and 1."""
        return _share(text(self.record, "confidence"))

    @property
    def sure(self) -> str:
        """The confidence in words."""
        return sure(self.confidence)

    @property
    def passages(self) -> list[Span]:
        """Where the statement was read, in code points of the document."""
        spans = [(text(one, "start"), text(one, "end")) for one in values(self.record, "passage") if isinstance(one, Record)]
        return [(int(start), int(end)) for start, end in spans if start.isdecimal() and end.isdecimal()]

    def parts(self, source: str) -> dict[str, Span]:
        """Where in the document its ``content``, its ``speaker`` and its ``cue`` stand, those of them that can be told."""
        found = {}
        for name, field_name in (("speaker", "speakerAsWorded"), ("cue", "cue")):
            if (words := text(self.record, field_name)) and (span := self._find(source, words)):
                found[name] = span
        if content := self._content(source):
            found["content"] = content
        return found

    def _find(self, source: str, words: str) -> Span | None:
        whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
        places = (whole.search(source, start, end) for start, end in self.passages)
        return next((place.span() for place in places if place), None)

    def _content(self, source: str) -> Span | None:
        """The words that were said: what the identifier names, else what stands in quotation marks."""
        ends = _ENDS.search(self.id)
        if ends and any(start <= int(ends[1]) and int(ends[2]) <= end for start, end in self.passages):
            return int(ends[1]), int(ends[2])
        places = (_QUOTED.search(source, start, end) for start, end in self.passages)
        return next((place.span(1) for place in places if place), None)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether two actors are one: the ``record``, both actors' records, what each says, and whether it is decided."""

    record: Record
    actors: tuple[Record, ...]
    said: tuple[tuple[Record, ...], ...]
    state: Literal["open", "same", "different"]

    @property
    def id(self) -> str:
        """The judgement's identifier."""
        return self.record.id


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before the reviewer: the ``case`` as its files are now (``version``), ``items`` in reading order, ``judgements``."""

    case: Case
    documents: Mapping[str, Document]
    version: str
    items: tuple[Item, ...]
    judgements: tuple[Judgement, ...]

    @property
    def decided(self) -> int:
        """How many of the statements are decided."""
        return sum(item.state != "open" for item in self.items)

    def item(self, identifier: str) -> Item:
        """The statement with an identifier; raises ``NotFoundError`` where none was proposed."""
        for item in self.items:
            if item.id == identifier:
                return item
        raise NotFoundError(f"there is no candidate `{identifier}`", "its file may have changed: go on with the next one")

    def judgement(self, identifier: str) -> Judgement:
        """The judgement with an identifier; raises ``NotFoundError`` where there is none."""
        for found in self.judgements:
            if found.id == identifier:
                return found
        raise NotFoundError(f"there is no judgement `{identifier}`", "its file may have changed: look again")

    def pick(self, report: str = "", speaker: str = "", sure: str = "", state: str = "open") -> list[Item]:
        """The statements that are wanted; what is left empty is any."""
        wanted = {"report": report, "speaker": speaker, "sure": sure, "state": state}
        return [item for item in self.items if all(getattr(item, name) == value for name, value in wanted.items() if value)]

    def next(self, identifier: str, picked: list[Item], step: int = 1) -> Item | None:
        """The one of the picked that stands ``step`` behind an item, or before it, and around the end; None where there is none."""
        places = {item.id: place for place, item in enumerate(self.items)}
        here = places.get(identifier, -1)
        others = [item for item in picked if item.id != identifier]
        behind = [item for item in others if places[item.id] > here]
        before = [item for item in others if places[item.id] < here]
        order = behind + before if step > 0 else before[::-1] + behind[::-1]
        return order[min(abs(step), len(order)) - 1] if order else None

    def label(self, identifier: str) -> str:
        """The name of what has the identifier."""
        record = self.known(identifier)
        return (text(record, "label") or text(record, "summary")) if record else identifier

    def known(self, identifier: str) -> Record | None:
        """The record with the identifier, proposed ones too."""
        return self.case.index.get(identifier) or self.case.proposed.get(identifier)


class Names:
    """The names of a case's things, those only proposed too: what a person types, and the identifiers that it means."""

    def __init__(self, case: Case) -> None:
        self._records = {**case.proposed, **case.index}
        self._labels: dict[str, set[str]] = {}
        self._aliases: dict[str, set[str]] = {}
        for record in self._records.values():
            if text(record, "reviewStatus") != "rejected":
                self._labels.setdefault(_plain(text(record, "label")), set()).add(record.id)
                for alias in values(record, "alias"):
                    self._aliases.setdefault(_plain(str(alias)), set()).add(record.id)

    def name(self, identifier: str, field: str) -> str:
        """What stands in a field for an identifier: its label, where that means nothing else there."""
        record = self._records.get(identifier)
        label = text(record, "label") if record else ""
        return label if label and self.identifier(label, field) == identifier else identifier

    def identifier(self, name: str, field: str) -> str:
        """What a name means in a field; the name itself where it means nothing, or several things."""
        if name in self._records:
            return name
        found = self._of(name, *NAMED[field])
        return found.pop() if len(found) == 1 else name

    def knows(self, identifier: str) -> bool:
        """Whether the case has the record, or it was proposed."""
        return identifier in self._records

    def choices(self, field: str) -> list[tuple[str, str]]:
        """What may be named in a field, each with what kind of thing it is."""
        found = [record for record in self._records.values() if record.id.partition("/")[0] in NAMED[field] and "label" in record]
        shown = [(self.name(record.id, field), _kind(record)) for record in found if text(record, "reviewStatus") != "rejected"]
        return sorted(shown, key=lambda one: _plain(one[0]))

    def _of(self, name: str, *kinds: str) -> set[str]:
        """What has the name as its label, else as an alias."""
        meant = ({one for one in names.get(_plain(name), ()) if one.partition("/")[0] in kinds} for names in (self._labels, self._aliases))
        return next(filter(None, meant), set())


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _kind(record: Record) -> str:
    kind = next(iter(record.types), "").lower()
    return f"{kind}, not in the case yet" if "reviewStatus" in record else kind


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that was made: what it was in words, on what, and the files it changed, before and after (None: not there)."""

    told: str
    identifier: str
    before: Mapping[Path, bytes | None]
    after: Mapping[Path, bytes | None]


@dataclass
class Review:
    """The review of the case in a ``folder`` by somebody (``by``), on a day (``on``, today).

    ``sources`` is the folder of the documents, as in ``kg check``; ``done`` what was decided so far. Every decision gives what was
    done, in words. It takes the ``version`` of the desk that it was made on and raises ``ChangedError`` where the files are others
    by now, ``CheckError`` where the record would be wrong; nothing is written then.
    """

    folder: Path
    by: str
    sources: Path | None = None
    on: str = field(default_factory=lambda: datetime.date.today().isoformat())
    done: list[Done] = field(default_factory=list)
    _desk: Desk | None = None
    _seen: dict[str, dict[Path, str]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def desk(self) -> Desk:
        """The desk as the files are now; raises ``RecordError`` where one of them cannot be read."""
        with self._lock:
            digests = _digests(_files(self.folder))
            version = hashlib.sha256("\n".join(f"{path} {one}" for path, one in digests.items()).encode()).hexdigest()[:24]
            if self._desk is None or self._desk.version != version:
                self._desk = _desk(self.folder, self.sources, version)
                self._seen[version] = digests
                for old in list(self._seen)[:-_REMEMBERED]:
                    del self._seen[old]
            return self._desk

    def accept(self, identifier: str, changes: Mapping[str, Any], version: str = "", speaker_is: str = "") -> str:
        """The candidate is a statement of the case now, with the ``changes`` to its fields.

        With ``speaker_is`` (``Person``, ``Institution``, ``Group``) the speaker of the changes is the name of a new actor.
        """

        def accept(case: Case) -> list[Path]:
            self._verify(identifier, changes)
            with self._introduced(case, changes, speaker_is) as (known, meant, new):
                return [*new, *decisions.accept(known, identifier, meant, by=self.by, on=self.on)]

        return self._decide(f"Accepted: {self._told(identifier)}", identifier, version, accept)

    def edit(self, identifier: str, changes: Mapping[str, Any], version: str = "", speaker_is: str = "") -> str:
        """The changes are kept, and the candidate awaits a decision still."""

        def edit(case: Case) -> list[Path]:
            with self._introduced(case, changes, speaker_is) as (known, meant, new):
                return [*new, *decisions.edit(known, identifier, meant)]

        return self._decide(f"Saved: {self._told(identifier)}", identifier, version, edit)

    def reject(self, identifier: str, version: str = "") -> str:
        """The candidate stays where it is, marked as rejected, and is never proposed again."""
        told = f"Rejected: {self._told(identifier)}"
        return self._decide(told, identifier, version, lambda case: decisions.reject(case, identifier, by=self.by, on=self.on))

    def judge(self, identifier: str, verdict: Literal["same", "different"], version: str = "", keep: str = "") -> str:
        """The two actors of a judgement are one from now on (``keep`` is the one that stays), or two for good."""
        found = self.desk().judgement(identifier)
        told = f"{'One and the same' if verdict == 'same' else 'Not the same'}: {' and '.join(text(one, 'label') for one in found.actors)}"

        def judge(case: Case) -> list[Path]:
            return decisions.judge(case, identifier, verdict, by=self.by, on=self.on, keep=keep)

        return self._decide(told, identifier, version, judge)

    def merge(self, actor: str, into: str, version: str = "") -> str:
        """An actor that was proposed is another one, who takes over its name and what it said."""
        told = f"Merged: {self.desk().label(actor)} is {self.desk().label(into)}"
        return self._decide(told, actor, version, lambda case: decisions.merge(case, actor, into=into, by=self.by, on=self.on))

    def undo(self) -> Done:
        """The last decision, which was undone: its files are again as they were before.

        Raises ``NotFoundError`` where there is none, ``ChangedError`` where one of its files changed since.
        """
        with self._lock:
            if not self.done:
                raise NotFoundError("there is nothing to undo", "decisions of an earlier session are in the history of the files")
            last = self.done[-1]
            now = _files(self.folder)
            for path, content in last.after.items():
                if now.get(path) != content:
                    raise ChangedError(f"{path} changed since, so nothing was undone", "mend it there")
            for path, content in last.before.items():
                take_back(path, content, last.after[path])
            return self.done.pop()

    def _told(self, identifier: str) -> str:
        desk = self.desk()
        item = desk.item(identifier)
        return f"{desk.label(item.speaker) or 'nobody'}, {' and '.join(item.record.types) or 'statement'}"

    @contextmanager
    def _introduced(self, case: Case, changes: Mapping[str, Any], speaker_is: str) -> Iterator[tuple[Case, dict[str, Any], list[Path]]]:
        """The case and the changes once a new speaker is one of the proposed, which takes a file; if the decision fails, nobody is new."""
        if not speaker_is or not changes.get("speaker"):
            yield case, dict(changes), []
            return
        before = _files(self.folder)
        speaker = decisions.introduce(case, speaker_is, changes["speaker"])
        path = self.folder / CANDIDATES / "actors.yaml"
        after = path.read_bytes() if path.exists() else None
        try:
            yield read_case(self.folder), {**changes, "speaker": speaker}, [path]
        except BaseException:
            take_back(path, before.get(path), after)
            raise

    def _verify(self, identifier: str, changes: Mapping[str, Any]) -> None:
        """Raise ``CheckError`` where a changed quote does not stand in a document that lies outside the case."""
        item = self.desk().item(identifier)
        document = self.desk().documents.get(item.report)
        if self.sources is not None and document is not None and changes.get("quote"):
            record = Record(item.record.file, item.record.line)
            record.update(item.record, quote=changes["quote"])
            if findings := list(verify(record, document)):
                raise CheckError(findings)

    def _decide(self, told: str, identifier: str, version: str, decide: Callable[[Case], list[Path]]) -> str:
        with self._lock:
            desk = self.desk()
            if version and version != desk.version:
                raise ChangedError(f"{self._changed(version)} changed on disk, so nothing was decided", "look again, and decide then")
            before = _files(self.folder)
            written = set(decide(desk.case))  # all of them or none
            after = _files(self.folder)
            changed = [path for path in sorted(written) if before.get(path) != after.get(path)]
            old, new = ({path: found.get(path) for path in changed} for found in (before, after))
            self.done.append(Done(told, identifier, old, new))
            return told

    def _changed(self, version: str) -> str:
        """The files that are others now than when the version was read."""
        old, new = self._seen.get(version, {}), _digests(_files(self.folder))
        changed = [path for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path)] if old else []
        return ", ".join(path.relative_to(self.folder).as_posix() for path in changed) or "a file"


def reviewer() -> str:
    """Who decides, if nobody says: the name that git knows, else that of the login."""
    try:
        found = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, timeout=5, check=False).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        found = ""
    return found or getpass.getuser()


def sure(confidence: float) -> str:
    """A confidence in words.

    >>> sure(0.95), sure(0.6)
    ('almost certain', 'uncertain')
    """
    return next(words for words, least in SURE.items() if confidence >= least)


def _share(value: str) -> float:
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def _files(folder: Path) -> dict[Path, bytes]:
    """Every file of the case that a decision may read or write."""
    paths = [path for pattern in ("*.yaml", "statements/*.yaml", "candidates/*.yaml") for path in sorted(folder.glob(pattern))]
    return {path: path.read_bytes() for path in paths}


def _digests(found: Mapping[Path, bytes]) -> dict[Path, str]:
    return {path: hashlib.sha256(content).hexdigest() for path, content in found.items()}


def _desk(folder: Path, sources: Path | None, version: str) -> Desk:
    case = read_case(folder)
    if not case.whole:  # somebody is writing in it: what is missing would look decided
        fault = next(finding for finding in case.findings if not finding.record and finding.severity == "error")
        raise RecordError(fault.file, fault.line, fault.message, fault.remedy)
    documents, _ = case.documents(sources)
    order = {report: place for place, report in enumerate(case.sources())}
    items = sorted(_items(case), key=lambda item: (order.get(item.report, len(order)), item.report, item.passages[:1], item.id))
    return Desk(case, documents, version, tuple(items), tuple(_judgements(case)))


def _items(case: Case) -> Iterator[Item]:
    for report, record in case.statements():
        if "decidedOn" in record and "rule" in record:
            yield Item(record, report, "accepted")
    for report, record in case.proposals():
        yield Item(record, report, "rejected" if text(record, "reviewStatus") == "rejected" else "open")


def _judgements(case: Case) -> Iterator[Judgement]:
    said: dict[str, list[Record]] = {}
    for _, record in [*case.statements(), *case.proposals()]:
        said.setdefault(text(record, "speaker"), []).append(record)
    records = {record.id: record for record in [*case.proposed.values(), *case.index.values()] if "Judgement" in record.types}
    for record in records.values():
        names = [name for name in values(record, "between") if isinstance(name, str)]
        actors = [case.index.get(name) or case.proposed.get(name) for name in names]
        verdict = text(record, "judgement")
        state: Literal["open", "same", "different"] = "same" if verdict == "same" else "different" if verdict == "different" else "open"
        yield Judgement(record, tuple(filter(None, actors)), tuple(tuple(said.get(name, ())) for name in names), state)
