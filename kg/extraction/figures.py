"""Figures: the quantities in a stretch of text, read by a small grammar: qualifier, number or range, unit, what is counted, and when.

Dates, times of day, ages, house and telephone numbers, and the numbers of sections, pages and rules are no figures (``labels``).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from kg.extraction.candidates import Figure
from kg.extraction.labels import is_label
from kg.extraction.numerals import BEGIN, PARTS, SCALES, SMALL, Numeral, numeral, plain
from kg.extraction.periods import with_periods
from kg.extraction.units import (
    AFTER,
    BEFORE,
    COMPARED,
    COUNTED,
    CURRENCIES,
    FACTORS,
    NO_FACTOR,
    NO_PEOPLE,
    PEOPLE_ENDINGS,
    PEOPLES_ENDINGS,
    SINGULAR,
    TIME_FACTORS,
    TIMES,
    TWICE,
)
from kg.extraction.words import Words


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: What cannot stand in the noun phrase behind a number: there the phrase has ended.
_ENDS = _of(
    """a an the this that these those which who whom whose where when while if because as than then so but or nor and not to from in on at
    by with without within into onto over under about after before since until during for between among against through across per
    via of is are was were be been being am has have had having do does did will would can could shall should may might must it he
    she they we i you him her them us his their our my your its there here now say said says tell told think believe want need face
    feel live remain receive take went go get got lost won made more less fewer later earlier ago away long old too also only still
    already ever even up down out off"""
)
_OPENING = _of("of the all those these our their his her its every such")
#: Before "a year": it lasts that long. Behind it: it lies that far away.
_LASTING = _of(
    "for within spent spend spends takes took take lasted lasting lasts last past than after over under nearly almost about half"
)
_AGO = _of("ago earlier later long")
_JOINED = re.compile(r"([a-z]+|\d+)-(minute|hour|day|week|month|year)s?", re.ASCII)
_OTHERS = frozenset((*FACTORS, *TWICE, "decades")) | {f"{count}-{unit[:-1]}" for count in SMALL for unit in TIMES}
_OPEN = BEGIN | _OTHERS
_ARTICLES = _of("a an")
#: What may follow an article in a quantity: "a dozen", "an hour", "a third", "not a single".
_COUNTABLE = frozenset((*SCALES, *PARTS, "dozen", "single", *TIME_FACTORS)) | {noun for noun, unit in SINGULAR.items() if unit in TIMES}
#: A stretch with none of these and no digit holds no figure.
_HINTS = (_OPEN - _ARTICLES) | _COUNTABLE
_DIGIT = re.compile(r"\d")
_NO_COUNT = _of("no any every some the this that each which another these those")
_BE = _of("is was turned turns now")
_VAGUE = _of("things ways words sides parts kinds types sorts")
_ANAPHORS = (["those"], ["these"], ["them"], ["whom"], ["which"])
#: Behind a bare number, what shows that it counts: "ten have been".
_VERBS = _of(
    """is are was were has have had will would can could may might must do did face faced need needed died said say remain were
    received got went"""
)
_REACH = 6  # tokens of a noun phrase that are read for its head
_BACK = 40  # tokens before a bare number in which what it counts may stand
_LONGEST = 5000  # tokens of one stretch that are read: what is longer is a table, and no statement
_ADULT = 120  # what may be an age


class _Unit(NamedTuple):
    """What a number counts: the unit ("" where no noun says), the token behind it, the noun phrase as tokens, the number's factor."""

    name: str
    after: int
    phrase: tuple[int, int] | None = None
    factor: int = 1


def figures(words: Words, start: int, end: int) -> list[Figure]:
    """The figures between two offsets, in the order of the text.

    >>> from pathlib import Path
    >>> from kg.documents import Document, digest
    >>> from kg.extraction.outline import outline
    >>> from kg.extraction.words import words
    >>> source = "Nearly 1,500 nurses left in 2017, four in five of them for good."
    >>> read = words(source, outline(Document(Path("note.txt"), source, digest(source))))
    >>> [(found.value, found.unit, found.qualifier, found.period) for found in figures(read, 0, len(source))]
    [('1500', 'people', 'nearly', 'in 2017'), ('80', 'percent', '', '')]
    """
    first, last = words.tokens(start, end)
    last = min(last, first + _LONGEST)
    if _HINTS.isdisjoint(words.lower[first:last]) and not _DIGIT.search(words.source, start, end):
        return []
    found: list[Figure] = []
    token, stop = first, first
    for number in range(first, last):
        if number < token:
            continue
        word = words.lower[number]
        if word in _OPEN or word[0].isdigit():
            if word in _ARTICLES and words.lower[number + 1 : number + 2] and words.lower[number + 1] not in _COUNTABLE:
                continue
            if number >= stop:
                stop = min(last, words.sentences[words.sentence(number)][1])
            token = _read(words, first, number, stop, found)
    return with_periods(words, found, start, min(end, words.end[last - 1])) if found else found


def _read(words: Words, first: int, token: int, stop: int, found: list[Figure]) -> int:
    """Read the figure at a token into ``found``; the token to go on with."""
    whole = _factor(words, token, stop) or _length(words, token, stop) or _none(words, token, stop)
    if whole:
        found.append(_figure(words, first, token, *whole))
        return whole[1].after
    number = None if is_label(words, token, stop) else numeral(words, token, stop)
    if number is None:
        return token + 1
    number, change = _ranged(words, token, number, stop)
    unit = _unit(words, number, change or number.after, stop)
    if change:
        unit = unit._replace(after=number.after, phrase=None)
    if unit.name == "age":
        return unit.after
    if not unit.name:
        unit = unit._replace(name=_understood(words, token, number, found, first))
    if unit.name:
        found.append(_figure(words, first, token, number, unit))
    return max(unit.after, number.after)


def _figure(words: Words, first: int, token: int, number: Numeral, unit: _Unit) -> Figure:
    """The figure of a number and its unit, with the words around them that say how exact it is."""
    begin, after = token, unit.after
    if begin > first and words.text[begin - 1] in CURRENCIES:
        begin -= 1
    qualifier = ""
    for reach in (4, 3, 2, 1):
        phrase = " ".join(words.lower[max(first, begin - reach) : begin])
        if begin - reach >= first and _qualifies(phrase, unit.name):
            begin, qualifier = begin - reach, BEFORE[phrase]
            break
    for reach, place in ((2, after), (1, number.after), (2, number.after)):
        phrase = " ".join(words.lower[place : place + reach])
        if phrase in AFTER:
            after, qualifier = max(after, place + reach), AFTER[phrase]
            break
    low, high = number.low * unit.factor, None if number.high is None else number.high * unit.factor
    exact = plain(low) if high == low else ""
    return Figure(
        span=words.span(begin, after),
        value=exact,
        min_value="" if exact else plain(low),
        max_value="" if exact or high is None else plain(high),
        unit=unit.name,
        qualifier=qualifier,
        population=words.source[slice(*words.span(*unit.phrase))] if unit.phrase else "",
    )


def _qualifies(phrase: str, unit: str) -> bool:
    """Whether words before a number say how exact it is: "over three years" is a period, "within" belongs to time alone."""
    if phrase in ("over", "about") and unit in TIMES:
        return phrase == "about"
    return phrase in BEFORE and (phrase != "within" or unit in TIMES)


def _factor(words: Words, token: int, stop: int) -> tuple[Numeral, _Unit] | None:
    """ "tripled", "fivefold", "twice as many": by what something has grown or exceeds another."""
    word = words.lower[token]
    factor = None if token + 1 < stop and words.lower[token + 1] in NO_FACTOR else FACTORS.get(word)
    if word in TWICE and token + 1 < stop and words.lower[token + 1] in COMPARED and (word != "half" or words.lower[token + 1] == "as"):
        factor = TWICE[word]
    return None if factor is None else (Numeral(Decimal(factor), Decimal(factor), False, token + 1), _Unit("times", token + 1))


def _length(words: Words, token: int, stop: int) -> tuple[Numeral, _Unit] | None:
    """ "an hour", "a year ago", "two-year", "48-hour", "over decades": a length of time that has no number of its own."""
    word = words.lower[token]
    joined = _JOINED.fullmatch(word)
    if joined and (joined[1] in SMALL or joined[1].isdigit()):
        value = Decimal(SMALL.get(joined[1]) or joined[1])
        return Numeral(value, value, False, token + 1), _Unit(f"{joined[2]}s", token + 1)
    before = words.lower[token - 1] if token else ""
    if word == "decades" and before in _LASTING:
        return Numeral(Decimal(20), None, False, token + 1), _Unit("years", token + 1)
    following = words.lower[token + 1] if token + 1 < stop else ""
    factor, unit = TIME_FACTORS.get(following, (1, SINGULAR.get(following, "")))
    if word in ("a", "an") and unit in TIMES and (before in _LASTING or (token + 2 < stop and words.lower[token + 2] in _AGO)):
        return Numeral(Decimal(factor), Decimal(factor), False, token + 2), _Unit(unit, token + 2)
    return None


def _none(words: Words, token: int, stop: int) -> tuple[Numeral, _Unit] | None:
    """ "not a single person", "not one complaint": nought."""
    if token and words.lower[token - 1] == "not":
        after = token + 2 if words.lower[token : token + 2] == ["a", "single"] else token + 1 if words.lower[token] == "one" else stop
        number = Numeral(Decimal(0), Decimal(0), False, after)
        noun = _noun(words, number, after, stop) if after < stop else _Unit("", after)
        return (number, noun) if noun.name and noun.name not in TIMES else None
    return None


def _ranged(words: Words, token: int, number: Numeral, stop: int) -> tuple[Numeral, int]:
    """The number with its upper end: "55 to 60", "between 40,000 and 45,000", "two or three", "£5-10m"; and, where a change
    "from 10 to 20 per cent" begins, the token behind its other end, whose unit is that of both (else 0)."""
    link = _percent(words, number.after) or number.after
    if link + 1 >= stop or number.share or number.high is None:
        return number, 0
    before, word = words.lower[token - 1] if token else "", words.lower[link]
    dash = word in ("-", "–", "—") and words.start[link] == words.end[link - 1] and words.end[link] == words.start[link + 1]
    if not (dash or word in ("to", "or") or (word == "and" and before == "between")):
        return number, 0
    following = link + 1 + (words.text[link + 1] in CURRENCIES)
    upper = numeral(words, following, stop) if following < stop and words.lower[following] not in ("a", "an", "half") else None
    if upper is None or upper.share or upper.high is None:
        return number, 0
    if before == "from" and word == "to":
        return number, upper.after
    low = number.low
    scale = upper.low / (numeral(words, following, following + 1) or upper).low if upper.low else Decimal(1)
    if low * scale < upper.low and low < 1000 <= scale:
        low *= scale
    return (Numeral(low, upper.low, False, upper.after), 0) if low < upper.low else (number, 0)


def _percent(words: Words, token: int) -> int:
    """The token behind a sign or word for hundredths, 0 where there is none."""
    word = words.lower[token] if token < len(words.lower) else ""
    if word in ("%", "percent", "pc", "percentage") and (
        word != "percentage" or words.lower[token + 1 : token + 2] in (["points"], ["point"])
    ):
        return token + 1
    return token + 2 if word == "per" and words.lower[token + 1 : token + 2] == ["cent"] else 0


def _unit(words: Words, number: Numeral, after: int, stop: int) -> _Unit:
    """What stands behind a number: per cent, a factor, or a noun phrase that says what is counted."""
    percent = after if number.share else _percent(words, after)
    if percent:
        points = percent < stop and words.lower[percent] in ("points", "point")
        name, percent = ("percentage-points", percent + 1) if points else ("percent", percent)
        phrase = percent + 1 if percent < stop and words.lower[percent] == "of" else percent
        noun = _noun(words, number, phrase, stop) if phrase > percent or number.share else _Unit("", percent)
        return _Unit(name, percent, noun.phrase)
    if after < stop and words.lower[after] == "times" and (after + 1 >= stop or words.lower[after + 1] in COMPARED):
        return _Unit("times" if after + 1 < stop else "items", after + 1)
    noun = _noun(words, number, after, stop)
    return noun if words.text[after : after + 1] != ["+"] else _noun(words, number, after + 1, stop)


def _noun(words: Words, number: Numeral, after: int, stop: int) -> _Unit:
    """The noun phrase behind a number, with the unit of its head."""
    lower = words.lower
    begin = after + 1 if after < stop and lower[after] == "plus" else after
    while begin < stop and (lower[begin] in _OPENING or (lower[begin] == "more" and lower[begin + 1 : begin + 2] != ["than"])):
        begin += 1
    for token in range(begin, min(stop, begin + _REACH)):
        word = lower[token]
        unit = _head(words, token, number, stop)
        if unit:
            return _counted(words, unit, begin, token, after, stop)
        if word in _ENDS or not (word[0].isalnum() or word in "’'“”‘\"") or (number.low != 1 and word == "one"):
            break
        if word.endswith("s") and not word.endswith(("ss", "us", "is", "’s", "'s")) and not _leads(words, token + 1, stop):
            return _Unit("", after) if word in _VAGUE else _Unit("items", token + 1, (begin, token + 1))
    return _Unit("", after)


def _leads(words: Words, token: int, stop: int) -> bool:
    """Whether a noun that can head the phrase stands right behind ("news articles", "Greens voters")."""
    word = words.lower[token] if token < stop else ""
    return word in COUNTED or (word not in _ENDS and word.endswith("s") and not word.endswith(("ss", "us", "is", "’s", "'s")))


def _head(words: Words, token: int, number: Numeral, stop: int) -> str:
    """The unit of a noun that can head what is counted, "" for any other word."""
    word = words.lower[token]
    unit = COUNTED.get(word, "")
    if unit and not word.endswith("s") and token + 1 < stop and COUNTED.get(words.lower[token + 1]):
        return ""  # "staff complaints"
    if not unit and word in SINGULAR and (number.low <= 1 or SINGULAR[word] in TIMES):
        return SINGULAR[word]
    peoples = (word.endswith(PEOPLES_ENDINGS) and words.text[token][0].isupper()) or (
        word.endswith(PEOPLE_ENDINGS) and word not in NO_PEOPLE
    )
    if not unit and (word in TIME_FACTORS or (peoples and len(word) > 5)):
        return TIME_FACTORS[word][1] if word in TIME_FACTORS else "people"
    return unit


def _counted(words: Words, unit: str, begin: int, head: int, after: int, stop: int) -> _Unit:
    """The unit of a noun phrase, drawn on to a second noun ("officers and staff"); "years old" is an age."""
    lower = words.lower
    if (unit == "years" and lower[head + 1 : head + 2] in (["old"], ["olds"], ["-"])) or (
        unit == "years" and lower[head + 1 : head + 3] == ["of", "age"]
    ):
        return _Unit("age", head + 1)
    factor = TIME_FACTORS[lower[head]][0] if lower[head] in TIME_FACTORS else 1
    last = head + 1
    if last + 1 < stop and lower[last] in ("and", "or") and COUNTED.get(lower[last + 1]) == unit:
        last += 2
    inner = next((token for token in range(begin, head) if lower[token] in SMALL or lower[token][0].isdigit()), None)
    shown = after if inner is not None else head + 1
    return _Unit(unit, shown, None if unit in TIMES else (begin, last), factor)


def _understood(words: Words, token: int, number: Numeral, found: list[Figure], first: int) -> str:
    """The unit of a number that names none: that of the figure it is a part of, or of the nearest noun before it; "" for no quantity."""
    lower, after = words.lower, number.after
    before, following = lower[token - 1] if token else "", lower[after] if after < len(lower) else ""
    if token and words.text[token - 1] in CURRENCIES:
        return "items"
    in_words = lower[token] in SMALL
    if (before in ("over", "under") and number.low < 100) or (before in _BE and following == "," and number.low < _ADULT):
        return ""  # an age
    if before in _NO_COUNT or (in_words and ((following not in _VERBS and following != "of") or lower[token] == "one")):
        return ""
    if not in_words and number.high is not None and number.low < 1000 and _is_tied(words, token, after):
        return ""
    if before == "including" or (following == "of" and lower[after + 1 : after + 2] in _ANAPHORS):
        things = [figure.unit for figure in found[-8:] if figure.unit not in TIMES and figure.unit[:7] != "percent"]
        if things:
            return things[0 if before == "including" else -1]
    for place in range(token - 1, max(-1, token - _BACK), -1):
        unit = COUNTED.get(lower[place], "")
        if unit and unit not in TIMES:
            return unit
    if number.high is None:
        return "people" if number.low < 10**6 else ""
    return "" if in_words else "items"


def _is_tied(words: Words, token: int, after: int) -> bool:
    """Whether a bare number belongs to a name beside it: "Radio 4", "5 Live"."""
    opens = token == 0 or token == words.sentences[words.sentence(token)][0]
    before = not opens and words.text[token - 1][0].isupper() and token - 1 > words.sentences[words.sentence(token)][0]
    return before or (after < len(words.text) and words.text[after][0].isupper())
