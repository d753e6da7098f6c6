"""Shapes and axes as data: what glyph an act has, where on a line a number or a date stands. Templates draw them."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple


class Glyph(NamedTuple):
    """How an act is drawn: its ``name``, the ``word`` for it, the ``manner`` whose colour it has, its ``path`` in a box of 16."""

    name: str
    word: str
    manner: str
    path: str


#: The glyphs, that which tells most first: of several acts in one statement the first of these is drawn.
GLYPHS = {
    glyph.name: glyph
    for glyph in (
        Glyph("apology", "apologises", "supportive", "M8 0 16 8 8 16 0 8Z"),
        Glyph("refusal", "refuses", "commissive", "M3 0 8 5 13 0 16 3 11 8 16 13 13 16 8 11 3 16 0 13 5 8 0 3Z"),
        Glyph("denial", "denies", "assertive", "M0 1H16V5H0ZM0 11H16V15H0Z"),
        Glyph("criticism", "criticises", "critical", "M8 0 16 15H0Z"),
        Glyph("support", "supports", "supportive", "M8 0A8 8 0 0 1 8 16 8 8 0 0 1 8 0Z"),
        Glyph("commitment", "promises", "commissive", "M0 2H9L16 8 9 14H0Z"),
        Glyph("request", "asks", "directive", "M1 1H15V15H1Z"),
        Glyph("decision", "decides", "declarative", "M4 1H12L16 8 12 15H4L0 8Z"),
        Glyph("admission", "admits", "assertive", "M8 0A8 8 0 0 1 8 16 8 8 0 0 1 8 0ZM8 4A4 4 0 0 0 8 12 4 4 0 0 0 8 4Z"),
        Glyph("claim", "states", "assertive", "M0 5H16V11H0Z"),
    )
}
_OF_ACT = {"Apology": "apology", "Refusal": "refusal", "Denial": "denial", "Acknowledgement": "admission"}
_OF_MANNER = {
    "critical": "criticism",
    "supportive": "support",
    "commissive": "commitment",
    "directive": "request",
    "declarative": "decision",
}


def glyph(acts: Sequence[str], manners: Sequence[str]) -> Glyph:
    """The glyph of a statement by its acts and the manner of each.

    >>> glyph(["Claim", "Criticism"], ["assertive", "critical"]).word
    'criticises'
    """
    names = {_OF_ACT.get(act) or _OF_MANNER.get(manner, "claim") for act, manner in zip(acts, manners, strict=True)}
    return next((glyph for name, glyph in GLYPHS.items() if name in names), GLYPHS["claim"])


#: How many characters stand beside each other on a small screen.
_ROOM = 44


class Axis(NamedTuple):
    """A line from ``low`` to ``high`` with its ``ticks``, each a number and how it is written."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def at(self, value: float) -> float:
        """Where a number stands, in hundredths of the line."""
        return round(100 * (value - self.low) / (self.high - self.low), 2)

    def data(self) -> list[dict[str, Any]]:
        """The ticks as pages hold them; only the ends are written where all would run into each other on a small screen."""
        crowded = sum(len(label) + 2 for _, label in self.ticks) > _ROOM
        ends = (self.ticks[0], self.ticks[-1])
        return [{"at": self.at(tick[0]), "label": tick[1] if not crowded or tick in ends else ""} for tick in self.ticks]


def numbers(values: Iterable[float]) -> Axis:
    """The axis for numbers; it always holds zero, so that lengths can be compared.

    >>> [label for _, label in numbers([12, 31]).ticks]
    ['0', '10', '20', '30', '40']
    """
    found = [0.0, *values]
    low, high = min(found), max(found)
    step = _step((high - low) / 4) if high > low else 1.0
    first, last = math.floor(low / step), max(math.ceil(high / step), 1)
    places = max(0, -math.floor(math.log10(step)))
    ticks = tuple((n * step, f"{n * step:,.{places}f}") for n in range(first, last + 1))
    return Axis(first * step, last * step, ticks)


def _step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 … that is not below ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * 0.999)


def times(spans: Iterable[tuple[date, date]]) -> Axis:
    """The axis for days, as numbers: from the start of the first year to the end of the last."""
    found = list(spans)
    first, last = min(span[0].year for span in found), max(span[1].year for span in found)
    low, high = date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1
    names = (str(first), str(last)) if first < last else (f"Jan {first}", f"Dec {last}")
    return Axis(low, high, ((low, names[0]), (high, names[1])))


def span(text: str) -> tuple[date, date] | None:
    """The first and the last day of a date, which may be a day, a month or a year; None where it is none.

    >>> span("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    try:
        year, month, day = (int(part) if part else 0 for part in (text[:4], text[5:7], text[8:10]))
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    last = first if day else date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    return first, last


def later(one: str, other: str) -> str:
    """How much later the other date is, no more exact than both dates are; empty where nobody can say.

    >>> later("2022-10-17", "2023-03"), later("2023-03-21", "2023-04-06"), later("2023-04-06", "2025-10-01")
    ('5 months later', '16 days later', '2½ years later')
    """
    start, end = span(one), span(other)
    if not start or not end:
        return ""
    exact = min(len(one), len(other), 10)
    days = (end[0] - start[0]).days
    months = (end[0].year - start[0].year) * 12 + end[0].month - start[0].month
    if exact >= 10 and days < 70:
        return _words(days, "day", "the same day") if days < 21 else _words(round(days / 7), "week", "")
    if exact == 4:
        return _words(end[0].year - start[0].year, "year", "the same year")
    if months < 24:
        return _words(months, "month", "the same month")
    years, half = divmod(round(months / 6), 2)
    return f"{years}{'½' if half else ''} years later"


def _words(number: int, unit: str, none: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} later" if number else none
