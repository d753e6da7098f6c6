"""Quotations: the stretches of a text between quotation marks, mixed, lost and nested marks included.

Marks are paired block by block. Straight and curly doubles close each other; single marks count only where no double is open and
what stands beside them can not be an apostrophe.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from kg.extraction.lexicon import LABELS
from kg.extraction.words import Words

DOUBLES = frozenset(('"', "“", "”", "„", "«", "»", "''", "``"))
SINGLES = frozenset(("'", "‘", "’", "‚", "‹", "›"))
LABELLED = ":"
_MANY, _SPARSE = 1_000, 12  # quotations of a block, and words for each of them, where prose ends
_TURNS = 3  # paragraphs with a name in front that make a transcript
_OPENING = frozenset(("“", "„", "«", "``", "‘", "‚", "‹"))
_CLOSING = frozenset(("”", "»", "›"))
_ELIDED = frozenset(("em", "cause", "til", "tis", "twas", "bout", "n", "cos"))
_SAID = frozenset(("said", "says", "added", "adds"))
_WHO = frozenset(("he", "she", "they"))
_PUNCTUATION = frozenset(",.!?…;:)]—–")


@dataclass(slots=True)
class Quotation:
    """One contiguous stretch between quotation marks.

    ``start`` and ``end``: its words without the marks, in code points; ``first`` and ``last``: their tokens, end exclusive; ``mark``: the
    mark that opens it, a colon where a transcript names the speaker in front; ``block``: the number of its block. Pieces with the same
    ``turn`` were said in one go: a quotation that goes on in the next paragraph. ``closed``: whether its closing mark stands in its block.
    """

    start: int
    end: int
    first: int
    last: int
    mark: str
    block: int
    turn: int
    closed: bool


def quotations(words: Words) -> list[Quotation]:
    """The quotations of a text, in its order; what is quoted inside a quotation belongs to it.

    >>> from pathlib import Path
    >>> from kg.documents import Document, digest
    >>> from kg.extraction.outline import outline
    >>> from kg.extraction.words import words
    >>> source = "“It’s over,” she said. 'Don't go' was his plea."
    >>> read = words(source, outline(Document(Path("note.txt"), source, digest(source))))
    >>> [source[found.start : found.end] for found in quotations(read)]
    ['It’s over,', "Don't go"]
    """
    found: list[Quotation] = []
    blocks, text = [*words.blocks, len(words.text)], words.text
    marks = [number for number, word in enumerate(text) if word in DOUBLES or word in SINGLES]
    transcript = _is_transcript(words, blocks)
    at = 0
    for block, (first, last) in enumerate(pairwise(blocks)):
        begin = at
        while at < len(marks) and marks[at] < last:
            at += 1
        label = _label(words, first, last) if transcript else 0
        pairs = [(first - 1, last)] if label else _pairs(words, marks[begin:at], blocks, block)
        if len(pairs) > _MANY and last - first < _SPARSE * len(pairs):
            continue  # nearly nothing but marks: a dump, no prose
        for opened, close in pairs:
            spoken = label or _label(words, opened + 1, close)
            start = spoken or opened + 1
            if close > start:
                turn = _turn(words, found, -1 if spoken else opened, first, block)
                mark = LABELLED if spoken else text[opened]
                found.append(Quotation(*words.span(start, close), start, close, mark, block, turn, close < last))
    return found


def _pairs(words: Words, marks: list[int], blocks: list[int], block: int) -> list[tuple[int, int]]:
    """The pairs of marks of a block that hold words and no attribute of a tag; a close that is missing is the block's end."""
    if not marks:
        return []
    text, last = words.text, blocks[block + 1]
    doubles = _doubles(words, marks, last)
    singles = _singles(words, _outside(marks, doubles), last, _goes_on(words, blocks, block))
    singles = [pair for pair in singles if not _swallows(text, pair, doubles, last)]
    pairs = []
    for opened, close in _outermost(doubles + singles):
        if close == last and text[opened] in SINGLES and not _goes_on(words, blocks, block):
            continue
        if close == last and not _continued(words, blocks, block):
            close = _attributed(words, opened, close)
        if not (opened and text[opened - 1] == "="):
            pairs.append((opened, close))
    return pairs


def _swallows(text: list[str], pair: tuple[int, int], doubles: list[tuple[int, int]], last: int) -> bool:
    """Whether a pair of single marks, the second of which may be an apostrophe, holds whole quotations: *at CBS‘ desk, “No,” as the
    bakers’ friends say*."""
    opened, close = pair
    if close == last or text[close - 1] in _PUNCTUATION or (close + 1 < last and text[close + 1] in _PUNCTUATION):
        return False
    inside = bisect_left(doubles, (opened, 0))
    return inside < len(doubles) and doubles[inside][1] < close


def _is_transcript(words: Words, blocks: list[int]) -> bool:
    """Whether paragraphs of the text begin with a name in capitals and a colon, as in a transcript."""
    return (
        sum(words.text[first][0].isupper() and _label(words, first, last) > 0 for first, last in pairwise(blocks) if first < last) >= _TURNS
    )


def _label(words: Words, first: int, last: int) -> int:
    """The word behind the name and the colon with which a transcript begins a turn, else 0: *COE: It rains.*"""
    text = words.text
    for colon in range(first + 1, min(first + 4, last)):
        if text[colon] == ":":
            label = text[first:colon]
            shouted = all(word.isupper() and len(word) > 1 for word in label)
            named = len(label) > 1 and all(word.istitle() for word in label)
            return colon + 1 if (shouted or named) and label[-1].lower() not in LABELS else 0
    return 0


def _turn(words: Words, found: list[Quotation], opened: int, first: int, block: int) -> int:
    """The turn of the quotation that opens here: that of the one left open in the block before, else a new one."""
    if not found:
        return 0
    last, blocks = found[-1], words.outline.blocks
    goes_on = opened == first and not last.closed and last.block >= block - 1 and (last.mark in SINGLES) == (words.text[opened] in SINGLES)
    if goes_on and blocks[block].kind != "heading" and blocks[block].update == blocks[last.block].update:
        return last.turn
    return last.turn + 1


def _continued(words: Words, blocks: list[int], block: int) -> bool:
    follows = blocks[block + 1]
    return follows < len(words.text) and words.text[follows] in DOUBLES


def _attributed(words: Words, opened: int, close: int) -> int:
    """Where a quotation ends that was never closed: at the comma before `said NAME` or `she said`."""
    for number in range(opened + 3, min(close - 2, opened + 120)):
        if words.text[number] == "," and (
            words.lower[number + 1] in _SAID or (words.lower[number + 2] in _SAID and words.lower[number + 1] in _WHO)
        ):
            return number + 1
    return close


def _goes_on(words: Words, blocks: list[int], block: int) -> bool:
    follows = blocks[block + 1]
    return follows < len(words.text) and words.text[follows] in SINGLES


def _spaced(words: Words, number: int, last: int) -> tuple[bool, bool]:
    """Whether white space, or nothing, stands on the left and on the right of a token."""
    left = number == 0 or words.end[number - 1] < words.start[number]
    return left, number + 1 >= last or words.end[number] < words.start[number + 1]


def _doubles(words: Words, marks: list[int], last: int) -> list[tuple[int, int]]:
    """Pairs of double marks: (opening token, closing token), the latter ``last`` where it is missing."""
    text, pairs, opened, depth = words.text, [], -1, 0
    doubles = [number for number in marks if text[number] in DOUBLES]
    for place, number in enumerate(doubles):
        mark = text[number]
        left, right = _spaced(words, number, last)
        if opened < 0:
            inch = mark == '"' and not left and text[number - 1][-1].isdigit() and right
            if mark in _OPENING or (mark in _CLOSING and left and not right) or (mark not in _CLOSING and not inch):
                opened, depth = number, 0
        elif mark in _OPENING and mark != "``" and text[opened] != "„" and (left or not right):
            if _nested(text, doubles, place):
                depth += 1
            else:
                pairs.append((opened, _lost_close(words, opened, number)))
                opened = number
        elif depth:
            depth -= 1
        elif mark not in _CLOSING and left and not right and _lost(words, doubles, place, last):
            pairs.append((opened, _lost_close(words, opened, number)))
            opened = number
        else:
            pairs.append((opened, number))
            opened = -1
    if opened >= 0:
        pairs.append((opened, last))
    return pairs


def _nested(text: list[str], doubles: list[int], place: int) -> bool:
    """Whether the mark here opens a quotation inside one: two closing marks follow."""
    follow = [text[number] for number in doubles[place + 1 : place + 3]]
    return len(follow) == 2 and all(mark in _CLOSING for mark in follow)


def _lost(words: Words, doubles: list[int], place: int, last: int) -> bool:
    """Whether a straight mark that looks like an opening one opens, though one is open: the next one closes it."""
    if place + 1 == len(doubles):
        return words.text[doubles[place] - 1] in _PUNCTUATION
    left, right = _spaced(words, doubles[place + 1], last)
    return right and not left and (len(doubles) - place) % 2 == 0


def _lost_close(words: Words, opened: int, number: int) -> int:
    """Where a quotation ends whose closing mark is lost: at a single mark that closes, else before the next opening mark."""
    for close in range(number - 1, opened + 1, -1):
        if words.text[close] in ("'", "’") and words.end[close] < words.start[close + 1] and words.end[close - 1] == words.start[close]:
            return close
    return number


def _singles(words: Words, marks: list[int], last: int, goes_on: bool) -> list[tuple[int, int]]:
    """Pairs of single marks: (opening token, closing token), the latter ``last`` where it is missing.

    A mark between an s and white space closes only where no better one does: it may be the owner's in *the bakers’ oven*, most of all
    where the next paragraph goes on with a mark.
    """
    text, pairs, opened, weak = words.text, [], -1, -1
    for number in marks:
        if text[number] not in SINGLES:
            continue
        left, right = _spaced(words, number, last)
        apart = left or not text[number - 1][-1].isalnum()
        opens = apart and (_is_curled(words, number) if text[number] in _OPENING else not right and _begins(words, number + 1))
        if opens and not _closes(words, number, last, opened):
            if weak >= 0:
                pairs.append((opened, weak))
            opened, weak = number, -1
            continue
        if opened < 0 or (apart and text[number] in _OPENING):
            continue
        after = "" if number + 1 >= last else text[number + 1]
        if text[number - 1] in _PUNCTUATION or after in _PUNCTUATION or not after or after in DOUBLES:
            pairs.append((opened, number))
            opened, weak = -1, -1
        elif right and (weak < 0 or text[weak - 1][-1] == "s"):
            weak = number
    if opened >= 0:
        owners = weak < 0 or (goes_on and text[weak - 1][-1] == "s")
        pairs.append((opened, last if owners else weak))
    return pairs


def _is_curled(words: Words, number: int) -> bool:
    """Whether an opening mark is one, and not an apostrophe that was curled the wrong way: *in ‘08*, *the ‘90s*."""
    word = words.text[number + 1].rstrip("s") if number + 1 < len(words.text) else ""
    return not (len(word) == 2 and word.isdigit())


def _begins(words: Words, number: int) -> bool:
    """Whether a word can begin a quotation: not *’em* or *’90s*."""
    return words.lower[number] not in _ELIDED and not words.text[number][0].isdigit()


def _closes(words: Words, number: int, last: int, opened: int) -> bool:
    """Whether a single mark behind a full stop closes the quotation that is open."""
    if opened < 0 or words.text[number] in _OPENING or number + 1 >= last:
        return False
    return words.end[number - 1] == words.start[number] and words.text[number - 1] in _PUNCTUATION


def _outside(marks: list[int], pairs: list[tuple[int, int]]) -> list[int]:
    """The marks that stand in no pair."""
    kept, ends = [], iter(pairs)
    opened, close = next(ends, (sys.maxsize, 0))
    for number in marks:
        while number > close and opened < sys.maxsize:
            opened, close = next(ends, (sys.maxsize, 0))
        if number < opened:
            kept.append(number)
    return kept


def _outermost(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs that stand in no other pair, in the order of the text."""
    kept: list[tuple[int, int]] = []
    for opened, close in sorted(pairs):
        if not kept or opened >= kept[-1][1]:
            kept.append((opened, close))
    return kept
