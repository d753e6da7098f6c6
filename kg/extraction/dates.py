"""Dates: the days, months and years in a text, resolved against the day of the document or of the post they stand in.

A date is given as precisely as its words justify: a day, a month or a year (ISO 8601). Durations ("for two hours") are no dates.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from kg.extraction.attributions import Attribution
from kg.extraction.outline import Outline
from kg.extraction.words import Words

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
}
_NEAR = {
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
}
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?"
    r"|Dec(?:ember)?)\b"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)\b(?![/–-]\d)"
_DAY = r"(?P<day>\d\d?)(?:st|nd|rd|th)?"
_COUNT = r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_UNIT = r"(?P<unit>day|week|month|year)s?\b"
#: The forms of a date, each with its name; the first that matches at a place holds. Names of months and days have a capital.
_FORMS = (
    ("iso", r"(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    ("day-month", rf"{_DAY} (?:of )?{_MONTH}\.?(?:,? {_YEAR})?"),
    ("month-day", rf"{_MONTH}\.? {_DAY}\b(?![:,.]?\d|%| (?:per|percent|people))(?:,? {_YEAR})?"),
    ("month", rf"(?P<which>(?:last|next|this) )?{_MONTH}(?:,? {_YEAR})?"),
    ("weekday", r"(?P<which>(?:[Ll]ast|[Nn]ext|[Tt]his|[Oo]n) )?(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"),
    ("near", r"(?i:(?P<near>today|yesterday|tomorrow|tonight|last night|this (?:morning|afternoon|evening)))\b(?!['’]s)"),
    ("relative", r"(?i:(?P<which>last|next|this|coming) (?P<unit>week|month|year))\b"),
    ("ago", rf"(?i:{_COUNT} {_UNIT} (?:ago|earlier))\b"),
    ("ahead", rf"(?i:(?:within|in) (?:the )?(?:next |coming )?{_COUNT} {_UNIT}(?:['’]? time)?)"),
    ("end-of", r"(?i:(?:the )?end of (?:the|this) (?P<unit>month|year))\b"),
    ("year", _YEAR),
)
FORMS = tuple((name, re.compile(pattern)) for name, pattern in _FORMS)
#: Where a date can begin: a cheap anchor, so that the forms are tried at few places.
_ANCHOR = re.compile(
    r"\b(?:(?:19|20)\d\d\b|\d\d?(?:st|nd|rd|th)? (?:of )?[JFMASOND][a-z]{2}|[JFMASOND](?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)[a-z.]*\b"
    r"|(?:[Ll]ast|[Nn]ext|[Tt]his|[Oo]n|[Cc]oming|[Ww]ithin|[Ii]n) (?:(?:the )?(?:next |coming )?\w|[A-Z])|(?:[MTWFS][a-z]{2,5}day)\b"
    r"|(?:[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow)\b|end of t"
    r"|(?:\d{1,3}|[Aa]n?|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Tt]welve) (?:day|week"
    r"|month|year)s? (?:ago|earlier))"
)
_DUE = re.compile(
    r"\b(?P<led>(?:by|before|until|no later than|deadline of|due(?: on| in| by)?)(?: the(?! end))? )|\b(?=(?:within|in|next|tomorrow)\b)",
    re.IGNORECASE,
)
_TO_COME = re.compile(r"\b(?:will|shall|must|should|would|going to|next|coming|within|time)\b|['’]ll\b", re.IGNORECASE)
_WORDS = frozenset((*_MONTHS, *_DAYS, *_NEAR, "night", "morning", "afternoon", "evening", "last", "ago", "earlier", "year", "month"))
_NEAR_TOKENS = 14
_SAID_REACH = 60  # code points beside the cue in which a date says when it was said
_NO_SAYING = re.compile(r"[.;:!?“”\"]")
_LONGEST = 10_000  # code points of one statement in which a deadline is looked for
_LAG = 3  # days by which an article may follow the words it reports


class Dated(NamedTuple):
    """A date as it stands in a text: its offsets, the name of its form, and its reading (ISO day, month or year)."""

    start: int
    end: int
    form: str
    iso: str


def dates(source: str, start: int, end: int, base: str, ahead: bool = False) -> Iterator[Dated]:
    """The dates between two offsets, in the order of the text.

    ``base``: the day from which "yesterday" and "in March" are counted, ISO 8601; without it only full dates are read. ``ahead``:
    whether a date without a year lies after the base (a deadline) and not before it.

    >>> [found.iso for found in dates("She said so on Monday, two years ago and in May 2019.", 0, 60, "2022-10-18")]
    ['2022-10-17', '2020', '2019-05']
    """
    today = _day(base)
    place = start
    while anchor := _ANCHOR.search(source, place, end):
        found = _at(source, anchor.start(), end, today, ahead)
        if found:
            yield found
        place = max(anchor.start() + 1, found.end) if found else anchor.start() + 1


def _at(source: str, start: int, end: int, today: date | None, ahead: bool) -> Dated | None:
    for name, pattern in FORMS:
        match = pattern.match(source, start, end)
        if match:
            iso = _iso(name, match.groupdict(), today, ahead)
            if iso:
                return Dated(start, match.end(), name, iso)
    return None


@lru_cache(maxsize=256)
def _day(base: str) -> date | None:
    try:
        return date.fromisoformat(base[:10])
    except ValueError:
        return None


def _iso(form: str, found: dict[str, str | None], today: date | None, ahead: bool) -> str:
    """The reading of a date, empty where it can not be told or is none."""
    year, month, day = found.get("year"), _MONTHS.get((found.get("month") or "").lower()[:3]), found.get("day")
    if form == "iso":
        return _checked(int(year or 0), int(found["number"] or 0), int(day or 0))
    if form == "year":
        return year or ""
    if month:
        if year is None and today is None:
            return ""
        chosen = int(year) if year else _nearest(today or date.min, month, int(day or 1), ahead, found.get("which"))
        return _checked(chosen, month, int(day)) if day else f"{chosen:04}-{month:02}" if chosen else ""
    if today is None:
        return ""
    if form == "weekday":
        return _weekday(today, _DAYS[(found["weekday"] or "").lower()], ahead or (found["which"] or "").lower() == "next ")
    if form == "near":
        return _moved(today, _NEAR[(found["near"] or "").lower()])
    unit = (found["unit"] or "").lower()
    if form == "end-of":
        return _shifted(today, 0, unit)
    if form == "relative":
        which = (found["which"] or "").lower()
        return _shifted(today, {"last": -1, "this": 0}.get(which, 1), unit) if unit != "week" else ""
    count = (found["count"] or "").lower()
    return _shifted(today, (_COUNTS.get(count) or int(count)) * (-1 if form == "ago" else 1), unit)


def _checked(year: int, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}" if year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else ""


def _nearest(today: date, month: int, day: int, ahead: bool, which: str | None) -> int:
    """The year of a month without one: the last such month, or the next where the date lies ahead."""
    if (which and which.lower().startswith("next")) or ahead:
        return today.year + (month < today.month or (month == today.month and day < today.day and not ahead))
    later = month > today.month or (month == today.month and day > today.day)
    return today.year - later


def _weekday(today: date, weekday: int, ahead: bool) -> str:
    """The last such day, today included; where it lies ahead, the next."""
    back = (today.weekday() - weekday) % 7
    return _moved(today, 7 - back if ahead else -back)


def _moved(today: date, days: int) -> str:
    """The day that lies so many days from today; empty where there is none."""
    try:
        return (today + timedelta(days=days)).isoformat()
    except OverflowError:
        return ""


def _shifted(today: date, count: int, unit: str) -> str:
    """The day, month or year that lies a number of units from today, as precisely as the unit is."""
    if unit in ("day", "week"):
        return _moved(today, count * (7 if unit == "week" else 1))
    try:
        months = today.year * 12 + today.month - 1 + count * (12 if unit == "year" else 1)
        moved = date(months // 12, months % 12 + 1, 1)
    except ValueError:
        return ""
    return f"{moved.year:04}" if unit == "year" else f"{moved.year:04}-{moved.month:02}"


def base(outline: Outline, offset: int) -> str:
    """The day against which a text reads at an offset: that of the post it stands in, else the document's."""
    number = bisect_right(outline.updates, offset, key=lambda update: update.start) - 1
    if number >= 0 and offset < outline.updates[number].end and outline.updates[number].posted_at:
        posted = outline.updates[number].posted_at[:10]
        if posted[0] == "-":  # a day without a year: "--10-02"
            return f"{outline.date[:4]}{posted[1:7]}" if outline.date else ""
        if posted[0].isdigit():
            return posted
    return outline.date


def said_on(words: Words, attribution: Attribution, outline: Outline) -> str:
    """When the words were said, ISO 8601, as precisely as the document shows; empty where it does not.

    A date beside the cue ("said on Tuesday") says it; else what a post, a letter or an opinion tells is said on its own day, and what
    an article reports in the days before it. When words were said that other words tell of is not known.
    """
    today = base(outline, attribution.content[0])
    if attribution.cue and _is_dated(words, attribution.cue):
        for found in _beside(words.source, attribution, today):
            return found.iso
    if attribution.within >= 0 or not today:
        return ""
    if attribution.mode == "authored" or outline.genre in ("live", "letter", "opinion"):
        return today
    return _coarse(today)


def _is_dated(words: Words, cue: tuple[int, int]) -> bool:
    """Whether a word of a date stands near a cue: worth a closer look."""
    first, last = words.tokens(*cue)
    near = words.lower[max(0, first - _NEAR_TOKENS) : last + _NEAR_TOKENS]
    return not _WORDS.isdisjoint(near) or any(word[0].isdigit() for word in near)


def _beside(source: str, attribution: Attribution, today: str) -> Iterator[Dated]:
    """The dates beside a cue, outside the content and within its sentence, that say when something was said."""
    assert attribution.cue
    start, end = attribution.cue
    content = attribution.content
    left = max(0, start - _SAID_REACH, content[1] if content[1] <= start else 0)
    stops = [stop.end() for stop in _NO_SAYING.finditer(source, left, start)]
    right = min(len(source), end + _SAID_REACH, content[0] if content[0] >= end else len(source))
    stop = _NO_SAYING.search(source, end, right)
    for begin, finish in ((end, stop.start() if stop else right), (stops[-1] if stops else left, start)):
        for found in dates(source, begin, finish, today):
            if found.form in ("weekday", "near", "day-month", "month-day", "iso") or (
                found.form in ("month", "ago", "relative", "year") and begin == end
            ):
                yield found


def _coarse(today: str) -> str:
    """The month, or else the year, in which the days before a day lie; empty where they reach across."""
    day = _day(today)
    if day is None:
        return today
    before = day - timedelta(days=_LAG)
    if (before.year, before.month) == (day.year, day.month):
        return today[:7]
    return today[:4] if before.year == day.year else ""


def due(words: Words, attribution: Attribution, outline: Outline) -> str:
    """By when what is promised, demanded or recommended is to be done, ISO 8601; empty where that is not said.

    "by 31 March", "before the end of 2025", "within six months", "next year"; hours and the past are no deadlines.
    """
    start, end = attribution.content
    end = min(end, start + _LONGEST)
    today = base(outline, start)
    day = _day(today)
    for lead in _DUE.finditer(words.source, start, end) if day else ():
        found = _at(words.source, lead.end(), end, day, True)
        if found is None or found.iso < today[: len(found.iso)]:
            continue
        if lead["led"] or (found.form in ("ahead", "relative", "near", "weekday") and _TO_COME.search(words.source, start, end)):
            return found.iso
    return ""
