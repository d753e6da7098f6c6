"""Labels: the numbers that name or date something and count nothing - a day, a time, an age, a score, a section, a house."""

from __future__ import annotations

import re

from kg.extraction.numerals import SMALL
from kg.extraction.units import COUNTED, CURRENCIES, TIMES
from kg.extraction.words import Words


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MONTHS = _of(
    """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sept sep oct nov dec"""
)
_NUMBERED = _of(
    """section sections article articles regulation regulations rule rules chapter part page pages paragraph paragraphs para clause
    schedule figure fig table appendix annex phase stage level tier grade category class type version number no. no room flat unit
    route flight channel radio day step question point item act code group band zone gate platform line track volume issue
    vol p pp r aged age ages"""
)
_STREETS = _of("street st road rd avenue ave lane drive square terrace close crescent place court boulevard blvd way gardens hill row")
_YEAR_BEFORE = _MONTHS | _of(
    "in by since from until till to between and before after during of early late mid for year spring summer autumn winter fall"
)
_CLOCK = _of("am pm a.m. p.m. a.m p.m o'clock o’clock bst gmt utc est edt pst noon")
_DETERMINERS = _of("the these those our their his her my your both its whose other")
_NO_COUNT = _of("no any every some the this that each which another these those")
#: What follows a "one" that counts nothing: "one of", "one day", "one is".
_ONE = _of(
    """of another day thing who that which way hand point more 's ’s - can could in by time is are was were has have had will would may
    might must do did"""
)
_PLURAL = re.compile(r"[a-z]{2}s$|^people$")
_LONGEST = 9  # digits without separators: a longer run is an identifier


def is_label(words: Words, token: int, stop: int) -> bool:
    """Whether a number is (part of) a date, a time, an age, an address, a telephone number or the number of a rule, page or list."""
    text, lower = words.text, words.lower
    before, following = lower[token - 1] if token else "", lower[token + 1] if token + 1 < stop else ""
    if before in _NUMBERED or (before in ("one", "no") and lower[token] in SMALL):
        return True
    if lower[token] == "two" and before in _DETERMINERS and COUNTED.get(following) not in TIMES:
        return following not in ("or", "to")  # "the two" speaks of what is known
    if lower[token] == "one":
        return before in _NO_COUNT or following in _ONE
    if not text[token][0].isdigit():
        return False
    return (
        _is_date(words, token, stop, before, following)
        or _is_code(words, token, before, following)
        or _is_clock(words, token, stop, following)
        or any(lower[place] in _STREETS and text[place][0].isupper() for place in range(token + 2, min(stop, token + 4)))
    )


def _is_code(words: Words, token: int, before: str, following: str) -> bool:
    """Whether digits are part of an identifier, a telephone number, a list, a note or a name, or an age set off by commas."""
    word = words.text[token]
    if word[-1].isalpha():
        return not (before in CURRENCIES or following in COUNTED or _PLURAL.search(following))
    if not word.isdigit():
        return False
    return (
        len(word) > _LONGEST
        or (word[0] == "0" and len(word) > 1)
        or before in ("/", "#", "§")
        or following == "/"
        or (before in ("(", "[") and following in (")", "]"))
        or (following in (".", ")", ":") and token in words.blocks[words.block(token) : words.block(token) + 1])
        or following.isdigit()
        or before.isdigit()
        or (before == "," and following in (",", ")") and len(word) < 4)
    )


def _is_clock(words: Words, token: int, stop: int, following: str) -> bool:
    """Whether digits are a time of day, one side of a score or a vote ("6-1"), or part of a span of hours ("10-11 a.m.")."""
    return ":" in words.text[token] or following in _CLOCK or _is_score(words, token, stop)


def _is_score(words: Words, token: int, stop: int) -> bool:
    return _scores(words, token, stop) or (token > 1 and words.text[token - 2][0].isdigit() and _scores(words, token - 2, stop))


def _scores(words: Words, token: int, stop: int) -> bool:
    """Whether two numbers begin here that are joined by a dash, and are no range that rises."""
    if token + 2 >= stop or words.lower[token + 1] not in ("-", "–") or words.end[token] != words.start[token + 1]:
        return False
    if token + 3 < stop and words.lower[token + 3] in _CLOCK:
        return True
    one, other = words.lower[token], words.lower[token + 2]
    return one.isdigit() and other.isdigit() and len(one) < 4 and len(other) < 4 and int(other) <= int(one)


def _is_date(words: Words, token: int, stop: int, before: str, following: str) -> bool:
    """Whether digits are a day beside a month, a year, or what is joined to one ("2014-18", "2016-06-29")."""
    word = words.text[token]
    if token + 1 < stop and following in _MONTHS and words.text[token + 1][0].isupper():
        return len(word) <= 2
    if before in ("-", "–") and token > 1 and (words.text[token - 2][0] == "0" or _is_year(words.text[token - 2])):
        return True
    counts = following in COUNTED
    if before in _MONTHS and words.text[token - 1][0].isupper() and not counts:
        return len(word) <= 2 or (len(word) == 4 and word.isdigit())
    return _is_year(word) and (before in _YEAR_BEFORE or (not counts and word >= "1700"))


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and "1500" <= word < "2100"
