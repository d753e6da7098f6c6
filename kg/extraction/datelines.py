"""Days and times as they stand over a text: datelines, stamps of live posts, clocks."""

from __future__ import annotations

import re
from typing import NamedTuple

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
    r"(?-i:(?![a-z]))\.?"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b[.,]?\s+)?"
_ORDINAL = r"(?:st|nd|rd|th)?"

#: A calendar date: 2 October 2025 · October 2, 2025 · October 2025 · 2025-10-02 · 14/05/2025, with or without its weekday.
DATE = (
    rf"{_WEEKDAY}(?:"
    rf"(?P<d1>[0-3]?\d){_ORDINAL}(?:\s+of)?\s+(?P<m1>{_MONTH}),?(?:\s+(?P<y1>[12]\d{{3}})\b)?"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>[0-3]?\d)\b{_ORDINAL},?(?:\s+(?P<y2>[12]\d{{3}})\b)?"
    rf"|(?P<m3>{_MONTH}),?\s+(?P<y3>[12]\d{{3}})\b"
    r"|(?P<y4>[12]\d{3})-(?P<m4>[01]\d)-(?P<d4>[0-3]\d)\b"
    r"|(?P<d5>[0-3]?\d)[/.](?P<m5>[01]?\d)[/.](?P<y5>[12]\d{3})\b)"
)
_ZONES = {
    "bst": "+01:00", "british summer time": "+01:00", "gmt": "+00:00", "utc": "+00:00", "greenwich mean time": "+00:00", "cet": "+01:00",
    "cest": "+02:00", "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00",
    "pdt": "-07:00", "aest": "+10:00", "aedt": "+11:00", "nzst": "+12:00", "nzdt": "+13:00",
}  # fmt: skip
ZONE = r"(?P<zone>British Summer Time|Greenwich Mean Time|(?-i:[A-Z]{1,4}T|UTC))(?![a-z])"

#: A time of day: 14:14 · 2.15pm BST · 6 p.m. · 09:30:12 GMT.
CLOCK = rf"(?P<hour>[0-2]?\d)(?:[:.](?P<minute>[0-5]\d)(?:[:.][0-5]\d)?)?(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?(?:\s?{ZONE})?"
_DATE = re.compile(DATE, re.IGNORECASE)
#: The same without names for its parts, to stand in other patterns.
ANY_DATE = re.sub(r"\?P<\w+>", "?:", DATE)


class Day(NamedTuple):
    """A calendar date as far as it is known; 0 stands for what is not."""

    year: int = 0
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """The date in ISO 8601, as precise as known; ``--10-02`` where the year is not."""
        if not self.month:
            return f"{self.year:04}" if self.year else ""
        parts = f"{self.year:04}" if self.year else "-"
        return f"{parts}-{self.month:02}" + (f"-{self.day:02}" if self.day else "")


def day(text: str) -> Day | None:
    """The first date that stands in a short text; None where there is none.

    A date in figures whose day and month could change places is known by its year only.

    >>> str(day("Oct 18, 2022")), str(day("September 2024")), str(day("Thursday 2nd October")), str(day("no date"))
    ('2022-10-18', '2024-09', '--10-02', 'None')
    """
    found = _DATE.search(text)
    return _read(found) if found else None


def _read(found: re.Match[str]) -> Day | None:
    group = found.groupdict()
    if group["y5"]:
        first, second = int(group["d5"]), int(group["m5"])
        made = Day(int(group["y5"]), second, first) if first > 12 or first == second else Day(int(group["y5"]))
    elif group["y4"]:
        made = Day(int(group["y4"]), int(group["m4"]), int(group["d4"]))
    else:
        name = (group["m1"] or group["m2"] or group["m3"]).lower()[:3]
        month = MONTHS.index(name) + 1
        year = group["y1"] or group["y2"] or group["y3"]
        made = Day(int(year or 0), month, int(group["d1"] or group["d2"] or 0))
    return made if made.month <= 12 and made.day <= 31 else None


def moment(found: re.Match[str], on: Day | None) -> str:
    """The moment that a match of ``CLOCK`` names on a day, in ISO 8601, as precise as known; empty where no day is known.

    >>> moment(re.match(CLOCK, "2.15pm BST"), Day(2025, 10, 2)), moment(re.match(CLOCK, "2.15pm"), None)
    ('2025-10-02T14:15:00+01:00', '')
    """
    if on is None or not on.day or found["hour"] is None:
        return str(on or "")
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    return f"{on}T{hour:02}:{minute:02}:00{_ZONES.get((found['zone'] or '').lower(), '')}" if hour < 24 else str(on)
