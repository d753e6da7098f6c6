"""Live pages: their posts, each with its heading and time, also where scraping glued the words together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg.extraction import bylines
from kg.extraction.blocks import Line
from kg.extraction.datelines import ANY_DATE, CLOCK, MONTHS, Day, day, moment

_LONGEST_HEADING = 200
_POINT = 60  # characters of a line in a recap that is no heading
_STAMP = re.compile(rf"(?:published|posted)(?: at)?:?\s+{CLOCK}(?:,?\s+(?:on\s+)?{ANY_DATE})?", re.IGNORECASE)
_CLOCK = re.compile(
    rf"(?:{ANY_DATE}[,\s|–-]+(?:at )?)?{CLOCK}(?:[,\s|–-]+(?:on )?{ANY_DATE})?(?P<rest>\W*$|\s*[-–—:|]\s+|\s*(?-i:(?=[A-Z“\"‘'])))"
    r"|\d{1,2}\s?(?:h|hrs?|hours?|m|mins?|minutes?)\s+ago\W*$",
    re.IGNORECASE,
)
_CALENDAR = frozenset(form for name in (*MONTHS, "mon", "tue", "wed", "thu", "fri", "sat", "sun") for form in (name.title(), name.upper()))
_BETWEEN = re.compile(r"[\s,.:|–—-]*")
_LIVE = re.compile(r"\blive\b|\bthe latest\b|\bas it happened\b|\b(?:all )?times? (?:in |are )?[A-Z]{2,4}\b|\bupdates\b", re.IGNORECASE)
_RECAP = re.compile(
    r"^(?:summary|key (?:points|lines|events|moments))\b|\brecap\b"
    r"|\b(?:key|main) (?:lines|points|moments|takeaways|findings|developments|quotes|events)\b"
    r"|\bwhat (?:we(?:['’]ve)? (?:have )?(?:learn(?:ed|t)|heard|know)|happened|was said)\b|\bat a glance\b|\btakeaways\b|\bday in review\b"
    r"|\b(?:day|story|interview|morning|evening|afternoon) so far\b|\bin (?:summary|brief)\b|\bthat(?:['’]s| is) (?:all|it) (?:from|for)\b"
    r"|\b(?:ending|closing|pausing) (?:our|this|the) (?:live )?(?:coverage|page|blog|updates)\b"
    r"|\b(?:closing|evening|morning|afternoon|lunchtime) summary\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"(?:summary|recap|key (?:points|lines|events|moments|developments)|at a glance|what we know(?: so far)?|(?:the )?latest):?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"analysis|breaking(?: news)?|explainer|opinion|in pictures|watch|video|fact ?check|key event|pinned|latest",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"\b(?:is|are) (?:wearing|holding|pictured|shown|seen|standing|sitting|smiling|looking (?:at|to|into)|speaking into)\b"
    r"|\b(?:wearing|speaking into|pictured) (?:a|an|the|in|at|on)\b"
)


@dataclass(frozen=True, slots=True)
class Update:
    """One post of a live page.

    ``start`` and ``end`` are its offsets (with its list number and its time), ``heading`` those of its heading, None where it has
    none; ``posted_at`` is its time in ISO 8601, as precise as known: ``--10-02T14:14:00+01:00`` where nothing tells the year, empty
    where nothing tells the day; ``recap`` says whether its heading promises what other posts told already, as the summary over
    them does.
    """

    start: int
    end: int
    heading: tuple[int, int] | None = None
    posted_at: str = ""
    recap: bool = False


def cut(text: str, lines: list[Line]) -> list[Line]:
    """The lines, each stamp (``published at 13:11 BST 2 October``, or a time over a post) made a line of its own."""
    if ("ublished" in text or "osted" in text) and _stamped(text, found := [line for line in lines if _stamp(text, line)]):
        pattern = _STAMP
    elif _clocked(text, lines, found := [line for line in lines if _clock(text, line)]):
        pattern = _CLOCK
    else:
        return lines
    stamped = set(map(id, found))
    return [piece for line in lines for piece in (_pieces(text, line, pattern) if id(line) in stamped else (line,))]


def _stamp(text: str, line: Line) -> bool:
    """Whether a line holds a stamp that is no part of a sentence: glued to its heading, first in its line, or last in a short one."""
    found = _STAMP.search(text, line.start, line.end)
    if found is None or found.start() - line.start > _LONGEST_HEADING:
        return False
    if found.start() == line.start or not text[found.start() - 1].isspace():
        return True
    return found.end() >= line.end - 1 and line.end - line.start <= _LONGEST_HEADING and text[line.end - 1] != "."


def _stamped(text: str, found: list[Line]) -> bool:
    """Whether stamps make a live page: one alone that is glued to no heading says when an article was published."""
    return len(found) > 1 or any(not _STAMP.match(text, line.start, line.end) for line in found)


def _clock(text: str, line: Line) -> bool:
    """Whether a line begins with a time."""
    if not (text[line.mark].isdigit() or text[line.mark : line.mark + 3] in _CALENDAR):
        return False
    found = _CLOCK.match(text, line.mark, line.end)
    return found is not None and (found["hour"] is None or found["minute"] is not None or found["half"] is not None)


def _clocked(text: str, lines: list[Line], found: list[Line]) -> bool:
    """Whether the lines that begin with a time are enough, and so placed, that they make a live page."""
    if len(found) < 2 or lines.index(found[0]) > 30 + len(lines) // 3:
        return False
    ids = set(map(id, found))
    times = [_CLOCK.match(text, line.mark, line.end) for line in found]
    sure = _LIVE.search(text[: min(600, found[0].mark + 200)]) is not None or all(
        time and (time["zone"] or day(time.group())) for time in times
    )
    alone = {id(line) for line, time in zip(found, times, strict=True) if time and time.end() == line.end}
    alone.update(id(line) for line, below in pairwise(lines) if id(line) in ids and id(below) not in ids)
    return (sure or len(found) > 2) and len(alone) * 2 >= len(found)


def _pieces(text: str, line: Line, pattern: re.Pattern[str]) -> Iterator[Line]:
    """The heading before a stamp, the stamp, and what stands behind it in its line."""
    found = pattern.search(text, line.start, line.end) if pattern is _STAMP else pattern.match(text, line.mark, line.end)
    assert found is not None, "only lines with a stamp are cut"
    between = _BETWEEN.match(text, found.end(), line.end)
    end = between.end() if between and any(map(str.isalnum, text[between.end() : line.end])) else line.end
    heading = text[line.start : found.start()].rstrip() if pattern is _STAMP else ""
    gap = line.gap
    if heading:
        head = Line(line.start, line.start + len(heading), gap, "heading")
        head.mark, head.marked, gap = line.mark, line.marked, False
        yield head
    stamp = Line(found.start(), found.start() + len(text[found.start() : end].rstrip()), gap, "furniture")
    stamp.stamp = True
    yield stamp
    if end < line.end:
        yield Line(end, line.end, False)


def updates(text: str, lines: list[Line], on: Day | None) -> tuple[list[Update], Day | None]:
    """The posts of a live page, in the order of the text, and the day of the page; no posts where the text is no live page.

    Lines get the number of their post; headings, bylines, captions and labels of posts their kinds. ``on`` is the document's
    day as far as it is known.
    """
    stamps = [number for number, line in enumerate(lines) if line.stamp and not (number and lines[number - 1].stamp)]
    if not stamps:
        return [], on
    before = lines[stamps[0]].start > lines[0].start and lines[stamps[0] - 1].kind == "heading"
    heads = [_behind(text, lines, number) if before else _above(text, lines, number) for number in stamps]
    on = _day(text, lines, stamps, on)
    made = _summary(text, lines[: heads[0][0]], on)
    before_posts = len(made)
    for number, (first, heading) in enumerate(heads):
        last = (heads[number + 1][0] if number + 1 < len(heads) else len(lines)) - 1
        for line in lines[first : last + 1]:
            line.update = before_posts + number
        _tell_head(text, lines[first : last + 1])
        stamp = lines[stamps[number]]
        recap = heading is not None and bool(_RECAP.search(text[slice(*heading)]))
        if recap:
            _tell_points(lines[first : last + 1])
        made.append(
            Update(
                lines[first].mark,
                lines[last].end,
                heading,
                _moment(text, stamp, on),
                recap,
            )
        )
    return made, on


def _summary(text: str, above: list[Line], on: Day | None) -> list[Update]:
    """What stands in short over the posts, as a recap of them: from its heading, or its first bullet, to the first post."""
    for number, line in enumerate(above):
        headed = is_summary(text, line)
        listed = line.marked in {"sign", "dash"} and number + 1 < len(above) and above[number + 1].marked == line.marked
        if headed or listed:
            for each in above[number:]:
                each.update = 0
            _tell_points(above[number:])
            if headed:
                line.kind = "heading"
            return [Update(line.mark, above[-1].end, (line.start, line.end) if headed else None, str(on or ""), recap=True)]
    return []


def _moment(text: str, stamp: Line, on: Day | None) -> str:
    own = day(text[stamp.start : stamp.end])
    if own and not own.year and on and on.year:
        own = own._replace(year=on.year)
    found = _STAMP.match(text, stamp.start, stamp.end) or _CLOCK.match(text, stamp.start, stamp.end)
    return moment(found, own or on) if found else ""


def _day(text: str, lines: list[Line], stamps: list[int], on: Day | None) -> Day | None:
    """The day of the newest post that tells its own, with the year that is known; else the document's."""
    days = [found for number in stamps if (found := day(text[lines[number].start : lines[number].end]))]
    if not days or (on and on.year and on.day):
        return on
    year = next((found.year for found in days if found.year), on.year if on else 0)
    return max(found._replace(year=found.year or year) for found in days)


def _behind(text: str, lines: list[Line], number: int) -> tuple[int, tuple[int, int] | None]:
    """The first line of a post whose stamp stands behind its heading, and the offsets of the heading."""
    first = number
    if number and (lines[number - 1].kind == "heading" or (lines[number - 1].kind is None and _may_head(text, lines[number - 1]))):
        first = number - 1
        lines[first].kind = "heading"
    heading = (lines[first].start, lines[first].end) if first < number else None
    if first and lines[first].marked != "number":
        label = lines[first - 1]
        if (
            label.kind is None
            and label.end - label.start <= 40
            and (label.marked == "number" or _LABEL.fullmatch(text, label.start, label.end))
        ):
            label.kind = "furniture"
            first -= 1
    return first, heading


def _above(text: str, lines: list[Line], number: int) -> tuple[int, tuple[int, int] | None]:
    """The first line of a post whose stamp stands over it, and the offsets of its heading: a short line below, with text below that."""
    for below in range(number + 1, min(number + 4, len(lines) - 1)):
        line = lines[below]
        if line.stamp or (line.kind is None and _LABEL.fullmatch(text, line.start, line.end)):
            line.kind = "furniture"
            continue
        if line.kind is None and _may_head(text, line) and not lines[below + 1].stamp:
            line.kind = "heading"
            return number, (line.start, line.end)
        break
    return number, None


def _may_head(text: str, line: Line) -> bool:
    """Whether a line could be the heading of a post: short, and not ended like a sentence."""
    if line.marked in {"sign", "dash"} or line.end - line.start > _LONGEST_HEADING:
        return False
    bare = text[line.start : line.end].rstrip("”\"’'")
    return bare[-1:] not in {".", ":", ";", ","} or bare.endswith(("…", "..."))


def is_summary(text: str, line: Line) -> bool:
    """Whether a line is the heading of the summary over the posts."""
    return _SUMMARY.fullmatch(text, line.start, line.end) is not None


def _tell_points(recap: list[Line]) -> None:
    """Tell that the longer lines of a recap are text, though they end like headings: the signs of its list were lost."""
    for line in recap:
        if line.kind is None and line.marked is None and line.end - line.start > _POINT:
            line.kind = "paragraph"


def _tell_head(text: str, post: list[Line]) -> None:
    """Tell bylines and captions at the head of a post: a name with its role below it, a name alone, what a picture shows."""
    named: Line | None = None
    for number, line in enumerate(post):
        if line.kind or (_clock(text, line) and _CLOCK.fullmatch(text, line.mark, line.end)):
            line.kind, named = line.kind or "furniture", None
            continue
        plain = line.end - line.start <= 80 and text[line.end - 1] not in '.!?:”"' and not line.marked
        if _LABEL.fullmatch(text, line.start, line.end):
            line.kind, named = "furniture", None
        elif named and plain and not line.gap:
            named.kind = line.kind = "byline"
            named = None
        elif plain and bylines.byline(text, line)[0]:
            line.kind = "byline"
        elif plain and bylines.people(text, line):
            below = post[number + 1] if number + 1 < len(post) else None
            line.kind = "caption"
            named = line if below and not below.gap else None
        elif line.end - line.start <= 250 and _SHOWN.search(text, line.start, line.end):
            line.kind = "caption"
        else:
            break
