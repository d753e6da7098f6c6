"""Numerals: the numbers in a text, in digits and in words, read from its tokens."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from kg.extraction.words import Words

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL: dict[str, int] = {word: value for value, word in enumerate(_UNITS.split())}
SMALL |= {ten: 10 * place for place, ten in enumerate(_TENS.split(), 2)}
SMALL |= {f"{ten}-{one}": SMALL[ten] + value for ten in _TENS.split() for value, one in enumerate(_UNITS.split()[1:10], 1)}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIXES = {"k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
#: What an indefinite plural says at the least: two of its kind.
MANY = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "millions": 2 * 10**6, "billions": 2 * 10**9}
_TENS_OF = {"tens": 10, "dozens": 12, "scores": 20, "hundreds": 100}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}
PARTS |= {f"{part}s": value for part, value in PARTS.items() if part != "half"} | {"halves": 2}
_JOINED_PARTS = {f"{count}-{part}": Decimal(SMALL[count]) / of for count in list(SMALL)[1:10] for part, of in PARTS.items()}
_DIGITS = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(k|m|mn|bn|tn)?", re.ASCII)
_ARTICLES = frozenset(("a", "an"))
_WHOLE = frozenset(["of", "the", "all", "those", "these", "our", "their", "its", "his", "her"])
_MANY = 10**12  # beyond it nothing is multiplied: "hundred hundred hundred …" is no number
_LONGEST = 24  # characters: a longer run of digits is no number of anything
BEGIN = frozenset((*SMALL, *MANY, *_JOINED_PARTS, "a", "an", "half", "tens", "several"))


class Numeral(NamedTuple):
    """A number: ``low`` and ``high`` (None: no upper end; the same: exact), whether it is a ``share`` of a whole, the token behind it."""

    low: Decimal
    high: Decimal | None
    share: bool
    after: int


def plain(value: Decimal) -> str:
    """A number as decimal text, without an exponent and needless zeros.

    >>> plain(Decimal("1500.0")), plain(Decimal(2) / 3 * 100)
    ('1500', '66.7')
    """
    rounded = value if value == value.to_integral_value() else round(value, 1 if value > 1 else 3)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def numeral(words: Words, token: int, stop: int) -> Numeral | None:
    """The number that begins at a token and ends before ``stop``, or None.

    A share is given in hundredths: "four in five" and "two-thirds of" are 80 and 66.7.
    """
    word = words.lower[token]
    if word[0].isdigit() or word in SMALL:
        return _share(words, token, stop) or _exact(words, token, stop)
    if word in MANY or word == "tens" or word == "several":
        return _many(words, token, stop)
    if word in _JOINED_PARTS:
        return Numeral(100 * _JOINED_PARTS[word], 100 * _JOINED_PARTS[word], True, token + 1)
    if word == "half":
        return None if token and words.lower[token - 1] in ("first", "second") else _half(words, token, stop)
    return _article(words, token, stop) if word in _ARTICLES else None


def _exact(words: Words, token: int, stop: int) -> Numeral | None:
    """Digits or words with what multiplies them: "1.2 million", "two hundred and fifty", "two and a half"."""
    first = _simple(words, token, stop)
    if first is None:
        return None
    group, after = first
    total = Decimal(0)
    while after < stop:
        word = words.lower[after]
        if word in SCALES and group < _MANY:
            group *= SCALES[word]
            after += 1
            if SCALES[word] >= 1000:
                total, group = total + group, Decimal(0)
        elif word == "dozen":
            group, after = group * 12, after + 1
        elif words.lower[after : after + 3] == ["and", "a", "half"] and after + 3 <= stop:
            group, after = group + Decimal("0.5"), after + 3
        else:
            more = after + (word == "and")
            if words.lower[after - 1] not in SCALES or more >= stop or words.lower[more] not in SMALL:
                break
            small = _simple(words, more, stop)
            assert small is not None
            group, after = group + small[0], small[1]
    return Numeral(total + group, total + group, False, after)


def _simple(words: Words, token: int, stop: int) -> tuple[Decimal, int] | None:
    """Digits, or a word or two for a number below a hundred, and the token behind them."""
    word = words.lower[token]
    if word in SMALL:
        value, after = SMALL[word], token + 1
        if value >= 20 and value % 10 == 0 and after < stop and 0 < SMALL.get(words.lower[after], 0) < 10:
            value, after = value + SMALL[words.lower[after]], after + 1
        return Decimal(value), after
    digits = _DIGITS.fullmatch(word) if len(word) <= _LONGEST else None
    if digits is None:
        return None
    return Decimal(digits[1].replace(",", "")) * _SUFFIXES.get(digits[2] or "", 1), token + 1


def _share(words: Words, token: int, stop: int) -> Numeral | None:
    """ "four in five", "3 out of every 10", "two thirds of", each in hundredths."""
    part = _simple(words, token, stop)
    if part is None or part[1] >= stop:
        return None
    value, after = part
    if value < 10 and words.lower[after] in PARTS and words.lower[after] != "half":
        share = 100 * value / PARTS[words.lower[after]]
        return Numeral(share, share, True, after + 1)
    if words.lower[after] == "in":
        after += 1
    elif words.lower[after : after + 2] == ["out", "of"]:
        after += 2
    else:
        return None
    if after < stop and words.lower[after] == "every":
        after += 1
    whole = _exact(words, after, stop) if after < stop and (words.lower[after] in SMALL or words.text[after][0].isdigit()) else None
    if whole is None or not 1 < whole.low <= 1000 or value >= whole.low or _is_time(words, whole.after):
        return None
    share = 100 * value / whole.low
    return Numeral(share, share, True, whole.after)


def _is_time(words: Words, token: int) -> bool:
    return token < len(words.lower) and words.lower[token].rstrip("s") in ("minute", "hour", "day", "week", "month", "year", "decade")


def _many(words: Words, token: int, stop: int) -> Numeral | None:
    """ "hundreds", "tens of thousands", "several hundred": two of the kind at the least."""
    word, after = words.lower[token], token + 1
    if word == "several":
        return (
            Numeral(Decimal(2 * SCALES[words.lower[after]]), None, False, after + 1)
            if after < stop and words.lower[after] in SCALES
            else None
        )
    if after + 1 < stop and words.lower[after] == "of" and word in _TENS_OF and words.lower[after + 1] in MANY:
        return Numeral(Decimal(_TENS_OF[word] * MANY[words.lower[after + 1]]), None, False, after + 2)
    return Numeral(Decimal(MANY[word]), None, False, after) if word in MANY else None


def _half(words: Words, token: int, stop: int) -> Numeral | None:
    """ "half a million", "half an hour"; "half of them" is a share."""
    after = token + 1
    if after < stop and words.lower[after] in _ARTICLES:
        scale = SCALES.get(words.lower[after + 1]) or (12 if words.lower[after + 1] == "dozen" else 0) if after + 1 < stop else 0
        value = Decimal(scale or 1) / 2
        return Numeral(value, value, False, after + (2 if scale else 1)) if scale or _is_time(words, after + 1) else None
    if after < stop and words.lower[after] in _WHOLE:
        return Numeral(Decimal(50), Decimal(50), True, after)
    return None


def _article(words: Words, token: int, stop: int) -> Numeral | None:
    """ "a hundred", "a dozen", "a third of"; an article before anything else is no number."""
    after = token + 1
    if after >= stop:
        return None
    word = words.lower[after]
    if word in SCALES or word == "dozen":
        value = Decimal(SCALES.get(word, 12))
        if word == "hundred" and after + 1 < stop and words.lower[after + 1] in SCALES:
            value, after = value * SCALES[words.lower[after + 1]], after + 1
        return Numeral(value, value, False, after + 1)
    if word in PARTS and after + 1 < stop and words.lower[after + 1] == "of":
        share = Decimal(100) / PARTS[word]
        return Numeral(share, share, True, after + 1)
    return None
