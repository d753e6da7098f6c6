"""Periods: the time that a figure is of - "in 2017", "over three years", "a year" - as the text words it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import groupby

from kg.extraction.candidates import Figure
from kg.extraction.units import TIMES
from kg.extraction.words import Words

_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|several|couple of)"
_YEAR = r"(?:(?:the )?(?:19|20)\d\d(?:[/–-]\d\d(?:\d\d)?)?s?)"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?:(?:early |late |mid-)?(?:\d\d? )?(?:{_MONTH} )?{_YEAR}|{_MONTH})\b"
_LENGTH = r"(?:minutes?|hours?|days?|weeks?|months?|years?|decades?)\b"
_PERIOD = re.compile(
    rf"\b(?:between {_DATE} and {_DATE}|from {_DATE} (?:to|until) {_DATE}|(?:in|since|during|by|until|before|after|for) {_DATE}"
    rf"|(?:in|over|during|for|within) (?:the |his |her |their |our |my )?(?:(?:last|past|previous|next|coming|first|final|most recent) )?"
    rf"(?:{_NUMBER} (?:or {_NUMBER} )?)?{_LENGTH}"
    r"|(?:earlier )?(?:last|this|next|each|every|per) (?:day|week|month|quarter|year|summer|winter)\b"
    r"|(?:a|per) (?:day|week|month|year)\b(?! ago))",
    re.IGNORECASE,
)
#: A stretch of the past.
_PAST = re.compile(r"(?:in|over|during) (?!the (?:next|coming|first|final)\b)", re.IGNORECASE)


def with_periods(words: Words, found: list[Figure], start: int, end: int) -> list[Figure]:
    """The figures, sentence by sentence, with the time that each is of."""
    made: list[Figure] = []
    sentences = groupby(found, key=lambda figure: words.sentence(words.at(figure.span[0])))
    for sentence, inside in sentences:
        first, last = words.sentences[sentence]
        made += _timed(words.source, list(inside), max(start, words.start[first]), min(end, words.end[last - 1]))
    return made


def _timed(source: str, found: list[Figure], start: int, end: int) -> list[Figure]:
    """The figures of a sentence with their time: the first named behind one and before the next, else what the sentence opens with.

    A stretch of the past that another figure is of ("1,500 in three years") is no figure itself.
    """
    periods = [match.span() for match in _PERIOD.finditer(source, start, end)]
    if not periods:
        return found
    made: list[Figure] = []
    past: set[int] = set()
    following = end
    for figure in reversed(found):
        if figure.unit in TIMES:
            made.append(figure)
            continue
        own = bisect_left(periods, (figure.span[1], 0))
        if not (own < len(periods) and periods[own][0] < following):
            own = 0 if periods[0][1] <= found[0].span[0] else -1
        if own >= 0:
            past |= {own} if _PAST.match(source, periods[own][0]) else set()
            figure = replace(figure, period=source[slice(*periods[own])])
        made.append(figure)
        following = figure.span[0]
    return [figure for figure in reversed(made) if figure.unit not in TIMES or not _is_within(figure.span[0], periods, past)]


def _is_within(offset: int, periods: list[tuple[int, int]], chosen: set[int]) -> bool:
    place = bisect_left(periods, (offset + 1, 0)) - 1
    return place in chosen and offset < periods[place][1]
