"""The lines and blocks of a text: what an outline is built from."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_MARGIN = 132

BlockKind = Literal["paragraph", "bullet", "heading", "caption", "byline", "dateline", "salutation", "signoff", "furniture"]

#: Sign and number of an item in a list; they stand before a block, outside of it.
MARK = re.compile(
    r"(?:(?P<hash>#{1,6}(?=[ \t]))|(?P<quote>>(?=[ \t]))|(?P<sign>[•●▪■◦‣∙·►➤]|[*](?=[ \t]))|(?P<dash>[-–—])(?![-–—])"
    r"|(?P<number>\(?(?:\d{1,3}|[A-Z]{1,2}\d{1,2}|[ivx]{1,5}|[a-z](?=\)))(?:\.\d{1,3}){0,3}[.):](?=[ \t\xa0])"
    r"|\d{1,2}(?:\.\d{1,3}){1,3}(?=[ \t\xa0]+[A-Z“\"‘'])))"
    r"[ \t\xa0]*(?=\S)"
)


class Block(NamedTuple):
    """One block: its ``kind``, its offsets without outer white space, and the number of the live update it stands in (-1: none).

    The sign or number of an item in a list stands before its block, outside of it.
    """

    kind: BlockKind
    start: int
    end: int
    update: int = -1


class Line:
    """One line of a text without outer white space, and what has been made out about it so far.

    ``mark`` is where its list mark begins (``start`` where it has none) and ``marked`` how it is marked; ``gap`` says whether
    an empty line, or the beginning of the text, stands before it; ``stamp`` whether it is the time of a live post.
    """

    __slots__ = ("end", "gap", "kind", "mark", "marked", "stamp", "start", "update")

    def __init__(self, start: int, end: int, gap: bool, kind: BlockKind | None = None) -> None:
        self.start = start
        self.mark = start
        self.marked: str | None = None
        self.end = end
        self.gap = gap
        self.kind: BlockKind | None = kind
        self.update = -1
        self.stamp = False


def lines(text: str) -> list[Line]:
    """The lines of a text that are not empty, their list marks told from their words.

    >>> [(line.marked, line.start) for line in lines("We found:\\n\\n- rain\\n2. wind\\n")]
    [(None, 0), ('dash', 13), ('number', 21)]
    """
    found: list[Line] = []
    offset, gap = 0, True
    for raw in text.split("\n"):
        bare = raw.strip()
        if not bare:
            gap = True
        else:
            start = offset + len(raw) - len(raw.lstrip()) if raw[0] != bare[0] else offset
            line = Line(start, start + len(bare), gap)
            first = bare[0]
            if not first.isalpha() or (len(bare) > 2 and bare[1] in "0123456789.)ivx"):
                _mark(text, line)
            found.append(line)
            gap = False
        offset += len(raw) + 1
    return found


def _mark(text: str, line: Line) -> None:
    """Tell a line's list mark from its words; a sign or dash right before a figure is a minus or a range."""
    found = MARK.match(text, line.start, line.end)
    if found and (text[found.end() - 1].isspace() or not text[found.end()].isdigit()):
        line.marked = found.lastgroup
        line.start = found.end()


def unwrapped(text: str, found: list[Line]) -> list[Line]:
    """The lines, those of a paragraph joined where the text was broken at a margin (in mail, in text made from PDF)."""
    longest = max((line.end - line.start for line in found), default=0)
    if not 40 <= longest <= _MARGIN or len(found) < 4:
        return found
    running = sum(not line.gap and line.marked is None and text[line.start].islower() for line in found)
    if running * 5 < len(found):
        return found
    made = found[:1]
    for line in found[1:]:
        above = made[-1]
        broken = above.end - (text.rfind("\n", 0, above.end) + 1) >= 0.7 * longest
        if line.gap or line.marked or not (broken or text[line.start].islower()):
            made.append(line)
        else:
            above.end = line.end
    return made
