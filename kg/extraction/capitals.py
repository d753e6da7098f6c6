"""Capitals: the words of a text that begin with one, in units that read as one name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.extraction.naming import (
    CALENDAR,
    COUNTRIES,
    DOCUMENTS,
    DOMAINS,
    GIVEN,
    MODIFIERS,
    ORGANISATIONS,
    OWNERS,
    PLAIN,
    ROLES,
    STRONG,
    TITLES,
    listed,
)
from kg.extraction.words import LONGEST, Words

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITAL = re.compile(
    rf"{_UPPER}(?<![\w.]{_UPPER})(?:(?:\.[A-Z])+\b\.?|\w*(?:[’'](?!s\b)[^\W\d_]+|[-&][^\W_]+)*)"  # U.S., O'Brien, Coe-Finch
)
_ABBREVIATED = listed("Mr Mrs Ms Dr St Sgt Prof Rev Gov Sen Rep Lt Col Gen Capt Cpl Det Hon Insp Supt Jr Sr")
_OUTSIDE = PLAIN | CALENDAR
_LONGEST = 20  # the most words in a row that are read: what is longer is a heading in capitals, or no text at all
_FILLER = " \t\n\u00a0\"“”'‘’([•*–—-"
_ENDS = ".!?:;…|•"
_BETWEEN = (
    " ",
    "\n",
    "  ",
    "\u00a0",
    "\t",
    " de ",
    " van ",
    " von ",
    " der ",
    " van der ",
    " bin ",
    " al-",
    " du ",
    " la ",
    " del ",
    " di ",
)
#: What may stand between two words of one name, and how it ties them.
_TIES = {
    **dict.fromkeys(_BETWEEN, ""),
    **{f" {link} {article}": "of" for link in ("of", "for", "on", "in") for article in ("", "the ", "the\n")},
    **{f" {link} ": "and" for link in ("and", "&")},
    **{f"{mark}s ": "'s" for mark in "'’"},
    **{f"{mark} ": "'" for mark in "'’"},
}
_OF_PLACES = listed("baroness lord baron lady duke duchess earl archbishop institute inspectorate")


class Word(NamedTuple):
    """A word with a capital: its offsets, its text, and how it is tied to the one before."""

    start: int
    end: int
    text: str
    lower: str
    tie: str


class Unit(NamedTuple):
    """Words that read as one name, and whether the first begins a sentence, so that its capital says nothing."""

    words: list[Word]
    initial: bool


def units(words: Words) -> Iterator[Unit]:
    """The units of a text, in reading order.

    >>> from kg.extraction.outline import Block, Outline
    >>> from kg.extraction.words import words as words_of
    >>> text = "Yesterday Ada Coe and the Health and Safety Office met in Wick."
    >>> found = units(words_of(text, Outline("article", (Block("paragraph", 0, len(text)),))))
    >>> [" ".join(word.text for word in unit.words) for unit in found]
    ['Ada Coe', 'Health Safety Office', 'Wick']
    """
    usual = set(words.text)
    for start, end in _prose(words):
        for run in _runs(words.source, start, end):
            yield from _cut(run, words.source, start, usual)


def _prose(words: Words) -> Iterator[tuple[int, int]]:
    """The blocks, of those that are no prose only the sentences that were read."""
    for number, block in enumerate(words.outline.blocks):
        if block.end - block.start <= LONGEST:
            yield block.start, block.end
            continue
        first = words.blocks[number]
        last = words.blocks[number + 1] if number + 1 < len(words.blocks) else len(words.text)
        if first < last:
            for sentence in words.sentences[words.sentence(first) : words.sentence(last - 1) + 1]:
                yield words.span(*sentence)


def initial(source: str, start: int, first: int) -> bool:
    """Whether the word at an offset begins a sentence or a block, which begins at ``first``."""
    place = start
    while place > first and start - place < 6 and source[place - 1] in _FILLER:
        place -= 1
    return place == first or source[place - 1] in _ENDS or source[place:start].strip() != ""


def _runs(source: str, first: int, last: int) -> Iterator[list[Word]]:
    """Words with capitals that only the links of a name stand between; words that belong to no name end a run."""
    run: list[Word] = []
    at = first
    for found in _CAPITAL.finditer(source, first, last):
        text = found.group()
        lower = text.lower()
        if lower in _OUTSIDE:
            if 0 < len(run) <= _LONGEST:
                yield run
            run = []
            continue
        start, end = found.span()
        if source[end : end + 1] == "." and (len(text) == 1 or text in _ABBREVIATED) and source[end + 1 : end + 2].isspace():
            text, lower, end = text + ".", lower + ".", end + 1
        tie = _TIES.get(source[at:start]) if run and start - at < 10 else None
        if tie is None and run:
            if len(run) <= _LONGEST:
                yield run
            run = []
        if len(run) <= _LONGEST:
            run.append(Word(start, end, text, lower, tie or ""))
        at = end
    if 0 < len(run) <= _LONGEST:
        yield run


def _cut(run: list[Word], source: str, first: int, usual: set[str]) -> Iterator[Unit]:
    """The units of a run: cut where a link ties nothing."""
    if len(run) == 1:
        yield Unit(run, initial(source, run[0].start, first))
        return
    phrases: list[list[Word]] = [[]]
    for word in run:
        if word.tie and phrases[-1]:
            phrases.append([])
        phrases[-1].append(word)
    head = phrases[0][0]
    begins = initial(source, head.start, first)
    if begins and len(phrases[0]) > 1 and head.lower in usual and not _typed(head.lower):
        phrases[0] = phrases[0][1:]
    unit: list[Word] = []
    for number, phrase in enumerate(phrases):
        if unit and not (unit[-1].end + 10 > phrase[0].start and _tied(unit, phrase, phrases[number + 1 : number + 4])):
            yield Unit(unit, begins and unit[0] is head)
            unit = []
        unit = unit + phrase
    yield Unit(unit, begins and unit[0] is head)


def _typed(lower: str) -> bool:
    return any(lower in kind for kind in (TITLES, ROLES, GIVEN, MODIFIERS, ORGANISATIONS, COUNTRIES))


def _tied(unit: list[Word], phrase: list[Word], rest: list[list[Word]]) -> bool:
    """Whether the link between two phrases makes one name of them."""
    tie, last = phrase[0].tie, unit[-1].lower
    if tie == "of":
        if any(word.lower in ORGANISATIONS or word.lower in DOCUMENTS for word in unit):
            return unit[0].lower not in GIVEN
        office = max((number for number, word in enumerate(unit) if word.lower in ROLES), default=-1)
        if office >= 0:
            return office == len(unit) - 1 or unit[office + 1].tie == "of"
        return last in DOMAINS or unit[0].lower in _OF_PLACES
    if tie == "'s":
        return last in OWNERS
    if tie == "'":
        return last.endswith("s") and any(word.lower in ORGANISATIONS or word.lower in ROLES for word in phrase)
    return tie == "and" and _paired(unit, phrase, rest)


def _paired(unit: list[Word], phrase: list[Word], rest: list[list[Word]]) -> bool:
    """Whether “and” stands inside a name: “Police and Crime Committee”, “Department for Business and Trade”, “for England and Wales”."""
    last = unit[-1].lower
    if last in STRONG or last in ROLES:
        return False
    if last in COUNTRIES and len(unit) > 1 and len(phrase) == 1 and phrase[0].lower in COUNTRIES:
        return True
    final = phrase
    for following in rest:
        if final[-1].lower in STRONG or following[0].tie != "and":
            break
        final = following
    headed = any(word.lower in STRONG for word in unit[:-1])
    if final[-1].lower in STRONG:
        return last in DOMAINS or headed
    return last in DOMAINS and phrase[-1].lower in DOMAINS and headed
