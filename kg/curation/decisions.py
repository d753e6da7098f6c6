"""Decisions on what was proposed: a candidate is accepted, edited or rejected, two actors are one or two.

Every decision is written to the case's files at once, in the text as it stands: an accepted record moves, comments and all, to
where a curator would have written it; a rejected one stays and says so. Each gives the paths that it touched, and raises
``NotFoundError`` where there is no such candidate, ``CheckError`` where a record would be wrong (nothing is written then),
``RecordError`` where a file changed since the case was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from kg import records
from kg.cases import CANDIDATES, Case
from kg.curation.acceptance import Acceptance
from kg.curation.edits import Edits, references
from kg.curation.recordfile import edit as edited
from kg.curation.recordfile import emit
from kg.errors import CheckError, Finding, NotFoundError
from kg.extraction.wordings import slug
from kg.records import Record, parse, text, values

Verdict = Literal["same", "different"]
_PREFIXES = {"Person": "person", "Institution": "institution", "Group": "group"}
#: Fields of an actor that hold lists, of which the one who is kept takes over what is new.
_LISTS = ("source", "tenures", "posts", "exactMatch", "sameAs")
#: What a record says of how it came about, which nobody takes over.
_OWN = ("id", "type", "label", "alias", "reviewStatus", "confidence", "reason", "decidedBy", "decidedOn")


def accept(case: Case, identifier: str, changes: Mapping[str, Any] | None = None, *, by: str, on: str) -> list[Path]:
    """The candidate is part of the case: it moves there in reading order, with the new actors and the report that it needs.

    ``changes`` are fields with their new values (None takes one out); ``by`` is who decides, ``on`` the day.
    """
    acceptance = Acceptance(case, _candidate(case, identifier), changes or {}, {"decidedBy": by, "decidedOn": on})
    findings = acceptance.findings()
    if any(finding.severity == "error" for finding in findings):
        raise CheckError(findings)
    return acceptance.write()


def missing(case: Case, identifier: str, changes: Mapping[str, Any] | None = None) -> list[Finding]:
    """What ``accept`` would complain of, and warn of; nothing is decided."""
    return Acceptance(case, _candidate(case, identifier), changes or {}, {}).findings()


def edit(case: Case, identifier: str, changes: Mapping[str, Any]) -> list[Path]:
    """The candidate has other values in some fields; it awaits a decision still, and the next extraction leaves it as it is."""
    return _change(case, identifier, {**changes, "reviewStatus": "edited"})


def reject(case: Case, identifier: str, *, by: str, on: str, reason: str = "") -> list[Path]:
    """The candidate stays where it is, marked as rejected, and is not proposed again."""
    return _change(case, identifier, {"reviewStatus": "rejected", "reason": reason or None, "decidedBy": by, "decidedOn": on})


def introduce(case: Case, kind: str, label: str) -> str:
    """The identifier of an actor of that kind (``Person``, ``Institution``, ``Group``) and name: a candidate, if nobody has it yet."""
    if kind not in _PREFIXES:
        raise NotFoundError(f"`{kind}` is no kind of actor", f"choose one of: {', '.join(_PREFIXES)}")
    stem = name = f"{_PREFIXES[kind]}/{slug(label)}"
    number = 1
    while (known := case.index.get(name) or case.proposed.get(name)) is not None:
        if text(known, "label") == label and kind in known.types:
            return name
        number += 1
        name = f"{stem}-{number}"
    edits = Edits(case)
    edits.at(f"{CANDIDATES}/actors.yaml").add(emit({"id": name, "type": kind, "reviewStatus": "edited", "label": label}))
    edits.write()
    return name


def judge(case: Case, identifier: str, verdict: Verdict, *, by: str, on: str, keep: str = "") -> list[Path]:
    """The two actors of a judgement are one from now on, or two for good; the judgement moves to the case.

    Of two that are one the record of ``keep`` stays (else the one that the case has, else the first): it takes over the names
    and sources of the other, and every reference.
    """
    record = _candidate(case, identifier)
    edits = Edits(case)
    between = sorted(_between(record), key=lambda name: (name != keep, name not in case.index))
    file = edits.of(record)
    decided = {"reviewStatus": None, "judgement": verdict, "between": between, "decidedBy": by, "decidedOn": on}
    edits.home(record).add(edited(file.lines(identifier), {**decided, "source": _known(case, record)}))
    file.remove(identifier)
    if verdict == "same":
        _merge(edits, between[0], between[-1], identifier)
    return edits.write()


def merge(case: Case, actor: str, *, into: str, by: str, on: str) -> list[Path]:
    """The actor is the one that it is merged ``into``; that this was decided is a judgement of the case."""
    for record in case.proposed.values():
        if {actor, into} == set(_between(record)):
            return judge(case, record.id, "same", by=by, on=on, keep=into)
    edits = Edits(case)
    judgement = Record("", 0)
    judgement.update({"id": f"judgement/{into}/{actor}", "type": "Judgement", "between": [into, actor], "judgement": "same"})
    edits.home(judgement).add(emit(judgement | {"decidedBy": by, "decidedOn": on}))
    _merge(edits, into, actor)
    return edits.write()


def _candidate(case: Case, identifier: str) -> Record:
    record = case.proposed.get(identifier)
    if record is None:
        raise NotFoundError(f"there is no candidate `{identifier}`", "read the case again: it may be decided by now")
    return record


def _between(record: Record) -> list[str]:
    return [value for value in values(record, "between") if isinstance(value, str)]


def _known(case: Case, record: Record) -> list[str] | None:
    """The reports of the case in which a record was read; other documents are no part of it yet."""
    return [value for value in values(record, "source") if value in case.index] or None


def _change(case: Case, identifier: str, changes: Mapping[str, Any]) -> list[Path]:
    """Some fields of a candidate are changed in its place."""
    record = _candidate(case, identifier)
    edits = Edits(case)
    file = edits.of(record)
    if "statements" in record:
        file.text = edited(file.text, changes)
    else:
        file.replace(identifier, edited(file.lines(identifier), changes))
    read = parse(file.text, str(file.path))
    for top in read:
        records.complete(top)
    wrong = [finding for top in read for finding in records.check(top) if finding.record.partition("#")[0] == identifier]
    if wrong:
        raise CheckError(wrong)
    return edits.write()


def _merge(edits: Edits, keep: str, gone: str, decided: str = "") -> None:
    """Of two records of one actor the one is kept and says what the other said; every reference to the other leads to it."""
    case = edits.case
    kept, other = (case.index.get(name) or case.proposed.get(name) for name in (keep, gone))
    if kept is None or other is None or keep == gone:
        raise NotFoundError(
            f"there is no actor `{gone if other is None else keep}` to merge", "read the case again: it may be merged by now"
        )
    lines, taken = edits.of(kept).lines(keep), parse(edits.of(other).lines(gone))[0]
    held = parse(lines)[0]
    changes: dict[str, Any] = {name: value for name, value in taken.items() if name not in held and name not in _OWN}
    for name in _LISTS:
        new = [value for value in values(taken, name) if value not in values(held, name)]
        if name in held and new:
            changes[name] = [*values(held, name), *new]
    names = dict.fromkeys([*values(held, "alias"), text(taken, "label"), *values(taken, "alias")])
    if new := [name for name in names if name not in (text(held, "label"), *values(held, "alias"))]:
        changes["alias"] = [*values(held, "alias"), *new]
    if keep in case.proposed:
        changes["reviewStatus"] = "edited"
    elif known := [value for value in changes.pop("source", []) if value in case.index and value not in values(held, "source")]:
        changes["source"] = [*values(held, "source"), *known]
    edits.of(kept).replace(keep, edited(lines, changes))
    edits.of(other).remove(gone)
    _rejudge(edits, keep, gone, decided)
    for name in (*case.files, *case.candidates):
        edits.at(name).rename(gone, keep, references())


def _rejudge(edits: Edits, keep: str, gone: str, decided: str) -> None:
    """What is undecided about the actor who is gone is about the one who is kept; where it was about both, it is decided."""
    for record in edits.case.proposed.values():
        between = [keep if value == gone else value for value in _between(record)]
        if record.id == decided or between == _between(record):
            continue
        file = edits.of(record)
        if len(set(between)) < 2:
            file.remove(record.id)
        else:
            file.replace(record.id, edited(file.lines(record.id), {"between": between}))
