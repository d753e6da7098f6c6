"""A text and the passages in it, cut so that each can be marked: passages overlap and nest, marks may not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

#: How many code points of the text are shown around a passage: as many and then to the end of the line, but never more than the last.
AROUND = (300, 1_200)


class Spot(NamedTuple):
    """Where a passage stands, in code points, end exclusive, and the ``name`` by which it is known."""

    start: int
    end: int
    name: str


class Segment(NamedTuple):
    """A stretch of the text in which the same passages stand, from beginning to end.

    ``start`` is where it stands in the text, ``names`` are those of its passages, the shortest first; ``begins`` are those of
    the passages that begin here.
    """

    start: int
    text: str
    names: tuple[str, ...]
    begins: tuple[str, ...]


def segments(text: str, spots: Iterable[Spot], low: int = 0, high: int | None = None) -> list[Segment]:
    """The text from ``low`` to ``high`` in segments: joined they are the text, and each passage is covered by those that name it.

    >>> [(found.text, found.names) for found in segments("one two three", [Spot(4, 7, "b"), Spot(0, 7, "a")])]
    [('one ', ('a',)), ('two', ('b', 'a')), (' three', ())]
    """
    high = len(text) if high is None else min(max(high, 0), len(text))
    low = min(max(low, 0), high)
    opened: dict[int, list[Spot]] = defaultdict(list)
    closed: dict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        if max(spot.start, low) < min(spot.end, high):
            opened[max(spot.start, low)].append(spot)
            closed[min(spot.end, high)].append(spot)
    cuts = sorted({low, high, *opened, *closed})
    found: list[Segment] = []
    active: list[Spot] = []
    for start, end in pairwise(cuts):
        active = sorted([spot for spot in active if spot not in closed[start]] + opened[start], key=_size)
        names = tuple(dict.fromkeys(spot.name for spot in active))
        begins = tuple(dict.fromkeys(spot.name for spot in active if spot.start == start))
        found.append(Segment(start, text[start:end], names, begins))
    return found


def _size(spot: Spot) -> tuple[int, Spot]:
    return spot.end - spot.start, spot


def lines(found: Iterable[Segment]) -> Iterator[list[Segment]]:
    """The segments line by line, each line with the break that ends it."""
    line: list[Segment] = []
    for segment in found:
        start, begins = segment.start, segment.begins
        for part in segment.text.split("\n"):
            end = start + len(part)
            at_break = end < segment.start + len(segment.text)
            if part or at_break:
                line.append(Segment(start, part + "\n" * at_break, segment.names, begins))
                begins = ()
            if at_break:
                yield line
                line = []
            start = end + 1
    if line:
        yield line


def excerpts(text: str, spots: Iterable[Spot], around: tuple[int, int] = AROUND) -> list[tuple[int, int]]:
    """The stretches of the text that show the passages with what stands around them, in order, those that meet made one.

    >>> excerpts("a line\\nthe words\\na line\\nfar away\\n", [Spot(11, 16, "")], (0, 20))
    [(7, 16)]
    """
    near, far = around
    found: list[tuple[int, int]] = []
    for start, end, _ in sorted(spots):
        low = max(text.rfind("\n", 0, max(start - near, 0)) + 1, start - far)
        high = text.find("\n", end + near)
        high = min(high if high >= 0 else len(text), end + far)
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found
