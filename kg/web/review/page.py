"""What the page of a review shows, as plain data: the document with its candidates, the record as a form, the judgements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from kg.curation.review import NAMED, SURE, Desk, Item, Judgement, Names, Review
from kg.documents import Document
from kg.errors import Finding
from kg.records import Record, text, values
from kg.web.highlight import Segment, Spot, lines, segments
from kg.web.page import words
from kg.web.review.form import ACTS, DATES, FIGURE, Filled, concepts, filled

#: What narrows the queue, and what each is if nobody says.
NARROWED = {"report": "", "speaker": "", "sure": "", "state": "open"}
#: A longer document is shown as far around the candidate.
LONGEST, AROUND = 80_000, 20_000
#: How many statements of an actor a judgement shows.
SAID = 6

Data = dict[str, Any]
_FIELD = re.compile(r"`(\w+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a decision was refused, and the form that was sent with it, so that nothing typed is lost."""

    status: int
    message: str
    remedy: str = ""
    findings: tuple[Finding, ...] = ()
    form: Filled = field(default_factory=dict)
    speaker_is: str = ""


def narrowed(asked: Mapping[str, str]) -> dict[str, str]:
    """What narrows the queue, of what was asked."""
    found = {name: asked.get(name, usual) for name, usual in NARROWED.items()}
    found["state"] = {"open": "open", "accepted": "accepted", "rejected": "rejected"}.get(found["state"], "")
    return found


def address(asked: Mapping[str, str], at: str = "") -> str:
    """The address of the page at a candidate, the queue narrowed as it was."""
    wanted = {name: value or "any" for name, value in narrowed(asked).items() if value != NARROWED[name]}
    return "/" + (f"?{urlencode(wanted | ({'at': at} if at else {}))}" if wanted or at else "")


def statements(review: Review, asked: Mapping[str, str], problem: Problem | None = None) -> Data:
    """The page of the statements: the one asked for (``at``), else the first of the queue."""
    desk = review.desk()
    wanted = narrowed(asked)
    picked = desk.pick(**wanted)
    item = next((one for one in desk.items if one.id == asked.get("at")), picked[0] if picked else None)
    data = {
        **_head(review, desk, problem),
        "tab": "statements",
        "asked": wanted,
        "action": address(asked),
        "filters": _filters(desk, wanted),
        "item": None,
        "left": len(picked),
        "document": None,
    }
    return data if item is None else data | _at(desk, item, picked, asked, problem)


def judgements(review: Review, problem: Problem | None = None) -> Data:
    """The page of the judgements: who may be one and the same, those that are not decided first."""
    desk = review.desk()
    pairs = [_pair(one) for one in sorted(desk.judgements, key=lambda one: one.state != "open")]
    for number, pair in enumerate(pairs):
        pair["first"] = number == 0
    return {**_head(review, desk, problem), "tab": "same", "action": "/", "pairs": pairs}


def _head(review: Review, desk: Desk, problem: Problem | None) -> Data:
    last = review.done[-1] if review.done else None
    return {
        "title": text(desk.case.metadata, "title") or desk.case.name,
        "version": desk.version,
        "by": review.by,
        "decided": desk.decided,
        "total": len(desk.items),
        "doubles": sum(one.state == "open" for one in desk.judgements),
        "told": last.told if last else "",
        "problem": problem,
    }


def _at(desk: Desk, item: Item, picked: list[Item], asked: Mapping[str, str], problem: Problem | None) -> Data:
    names = Names(desk.case)
    form = problem.form if problem and problem.form else filled(item.record, names)
    document = desk.documents.get(item.report)
    before, after = (desk.next(item.id, picked, step) for step in (-1, 1))
    beside, general = _beside(problem.findings if problem else (), form)
    return {
        "item": {
            "id": item.id,
            "acts": item.record.types,
            "speaker": {"id": item.speaker, "label": desk.label(item.speaker) if item.speaker else ""},
            "speaker_known": item.speaker in desk.case.index,
            "double": _double(desk, item, names),
            "worded": text(item.record, "speakerAsWorded"),
            "state": item.state,
            "decided": " ".join(filter(None, (text(item.record, "decidedBy"), text(item.record, "decidedOn")))),
            "sure": item.sure,
            "confidence": f"{item.confidence:.0%}",
            "rule": text(item.record, "rule"),
            "report": item.report,
            "file": f"{item.record.file}:{item.record.line}",
            "also": _also(desk, item.record),
            "passages": [_marked(item, document.text, *span) for span in item.passages] if document else [],
            "parts": list(item.parts(document.text)) if document else [],
        },
        "place": next((place for place, one in enumerate(picked, 1) if one.id == item.id), 0),
        "before": address(asked, before.id) if before else "",
        "after": address(asked, after.id) if after else "",
        "form": form,
        "speaker_is": problem.speaker_is if problem else "",
        "beside": beside,
        "general": general,
        "families": ACTS,
        "blank": dict.fromkeys(FIGURE, ""),
        "named": {name: names.choices(name) for name in NAMED},
        "concepts": {name: concepts(name) for name in ("modes", "units", "qualifiers")},
        "document": _document(desk, item, document, asked),
        "others": [] if document else [_line(desk, one, asked) for one in desk.items if one.report == item.report],
    }


def _double(desk: Desk, item: Item, names: Names) -> dict[str, str]:
    """Who the speaker may be besides, and why, where that is not decided."""
    for one in desk.judgements:
        others = [actor.id for actor in one.actors if actor.id != item.speaker]
        if one.state == "open" and len(others) == 1 and len(one.actors) == 2:
            return {"name": names.name(others[0], "speaker"), "reason": text(one.record, "reason")}
    return {"name": "", "reason": ""}


def _also(desk: Desk, record: Record) -> list[tuple[str, str]]:
    """What the record says of other statements and reports, which the form does not change."""
    fields = ("reporter", "conveyedBy", "repeats", "respondsTo", "originatesFrom")
    return [(words(name), desk.label(value)) for name in fields for value in values(record, name) if isinstance(value, str)]


def _line(desk: Desk, item: Item, asked: Mapping[str, str]) -> Data:
    label = text(item.record, "summary") or text(item.record, "quote") or item.id
    speaker = desk.label(item.speaker) if item.speaker else "nobody named"
    return {"href": address(asked, item.id), "speaker": speaker, "label": label, "state": item.state, "id": item.id}


def _beside(findings: Iterable[Finding], form: Filled) -> tuple[dict[str, list[Finding]], list[Finding]]:
    """The findings by the field of the form that they are about, and those about none."""
    beside: dict[str, list[Finding]] = {}
    general = []
    shown = {name: name for name in (*form, *FIGURE)} | {one: name for name, fields in DATES.items() for one in fields}
    shown |= dict.fromkeys(FIGURE, "figures") | {"figures": "figures"}
    for finding in findings:
        told = f"{finding.message} {finding.remedy}"
        named = next((shown[name] for name in _FIELD.findall(told) if name in shown), "")
        named = "figures" if "#figure" in finding.record else named or ("quote" if "quote" in told else "")
        if named:
            beside.setdefault(named, []).append(finding)
        else:
            general.append(finding)
    return beside, general


def _filters(desk: Desk, wanted: Mapping[str, str]) -> list[Data]:
    """The choices by which the queue can be narrowed, each with how many it leaves."""
    found = []
    titles = {"report": "Document", "speaker": "Speaker", "sure": "Confidence", "state": "Decision"}
    for name, title in titles.items():
        others = {**wanted, name: ""}
        counts = Counter(getattr(item, name) for item in desk.pick(**others))
        counts[wanted[name]] += 0
        order = {"sure": list(SURE), "state": ["open", "accepted", "rejected"]}.get(name) or [value for value, _ in counts.most_common(200)]
        choices = [(value, desk.label(value), counts[value]) for value in order if value and value in counts]
        found.append({"name": name, "title": title, "choices": choices, "usual": NARROWED[name]})
    return found


# ---------------------------------------------------------------- the document


def _document(desk: Desk, item: Item, document: Document | None, asked: Mapping[str, str]) -> Data | None:
    """The text of the report, all its candidates marked in it, the one at hand with its parts."""
    if document is None:
        return None
    low, high = _window(document.text, item)
    here = {str(number): one for number, one in enumerate(desk.items) if one.report == item.report}
    spots = [Spot(*span, name) for name, one in here.items() for span in one.passages]
    found = _lines(segments(document.text, [*spots, *_parts(item, document.text)], low, high), here, item, asked)
    return {"label": desk.label(item.report), "lines": found, "left_out": len(document.text) - (high - low)}


def _window(source: str, item: Item) -> tuple[int, int]:
    if len(source) <= LONGEST or not item.passages:
        return 0, min(len(source), LONGEST)
    start, end = item.passages[0]
    low = source.rfind("\n", 0, max(start - AROUND, 0)) + 1
    high = source.find("\n", end + AROUND)
    return max(low, start - 2 * AROUND), min(high if high >= 0 else len(source), end + 2 * AROUND)


def _parts(item: Item, source: str) -> list[Spot]:
    return [Spot(*span, f"part-{name}") for name, span in item.parts(source).items()]


def _lines(found: list[Segment], here: Mapping[str, Item], item: Item, asked: Mapping[str, str]) -> list[list[Data]]:
    shown, now = [], False
    for line in lines(found):
        row = []
        for segment in line:
            marked = [here[name] for name in segment.names if name in here]
            is_now = any(one is item for one in marked)
            others = sorted((one for one in marked if one is not item), key=lambda one: one.state != "open")
            parts = [name.removeprefix("part-") for name in segment.names if name.startswith("part-")]
            row.append(
                {
                    "text": segment.text,
                    "cls": " ".join([*(["now"] if is_now else [one.state for one in others[:1]]), *parts]),
                    "first": is_now and not now,
                    "href": address({**asked, "state": "any"} if others and others[0].state != "open" else asked, others[0].id)
                    if others and not is_now
                    else "",
                }
            )
            now = now or is_now
        shown.append(row)
    return shown


def _marked(item: Item, source: str, start: int, end: int) -> list[Data]:
    """One passage by itself, with the parts of its statement."""
    found = segments(source, _parts(item, source), start, end)
    return [{"text": one.text, "cls": " ".join(name.removeprefix("part-") for name in one.names)} for one in found]


# ---------------------------------------------------------------- judgements


def _pair(judgement: Judgement) -> Data:
    record = judgement.record
    actors = [_actor(actor, said) for actor, said in zip(judgement.actors, judgement.said, strict=False)]
    return {
        "id": judgement.id,
        "state": judgement.state,
        "reason": text(record, "reason"),
        "decided": " ".join(filter(None, (text(record, "decidedBy"), text(record, "decidedOn")))),
        "actors": actors,
        "kept": [actor for actor in actors if actor["known"]] or actors,  # what was published keeps its identifier
    }


def _actor(actor: Record, said: tuple[Record, ...]) -> Data:
    return {
        "id": actor.id,
        "label": text(actor, "label") or actor.id,
        "kind": words(next(iter(actor.types), "")),
        "aliases": [value for value in values(actor, "alias") if isinstance(value, str)],
        "description": text(actor, "description"),
        "known": "reviewStatus" not in actor,
        "said": [text(one, "summary") or text(one, "quote") or one.id for one in said[:SAID]],
        "more": max(len(said) - SAID, 0),
    }
