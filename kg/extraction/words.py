"""The words and sentences of a text: made once, read by every rule."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.extraction.outline import Outline

if TYPE_CHECKING:
    from kg.extraction.chains import Chain

ABBREVIATIONS = (
    "Mr|Mrs|Ms|Dr|Prof|Rev|Hon|Sen|Sens|Rep|Reps|Gov|Govs|Pres|Gen|Lt|Col|Capt|Sgt|Maj|Cmdr|Cpl|Adm|Supt|Insp|Det|Const|Ch|Messrs|St|Jr|Sr|"
    "Inc|Corp|Co|Ltd|Bros|Dept|Assn|Ave|Blvd|Rd|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|"
    "Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|"
    "Ft|Mt|Vol|Fig|Para|Art|Eq|Ed"
)
_TOKEN = re.compile(
    r"(?=[A-Z](?:-[A-Z])?[a-z]{1,5}\.)(?:[A-Z]-)?(?:" + ABBREVIATIONS + r")\.(?=[\s,)’'])"  # Sen.
    r"|No\.(?=\s?\d)"
    r"|(?:[A-Z]-)?(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[A-HJ-Z]\.(?=\s[A-Z])"  # J. Smith
    r"|https?://[^\s<>\"”]+"
    r"|(?:e\.g|i\.e|vs|approx|etc|cf)\.(?=\s[^A-Z]|,)"
    r"|\d+(?:[.,:]\d+)*[^\W\d_]*(?:-[^\W\d_]+)*"  # 1,500 20th 48-hour
    r"|\w+(?:[-&]\w+|\.(?=[a-z]{2})\w+|[’'](?!(?:s|S|re|ve|ll|d|m)\b)[^\W\d_]\w*)*"  # anti-racist, O'Brien, don't
    r"|(?<=\w)[’'](?:s|S|re|ve|ll|d|m)\b"  # clitics stand for themselves: it | 's
    r"|(?:[^\w\s]\s?){12,}(?<!\s)"  # a run of marks is no text
    r"|\.{2,}|…+\.?|--+|''|``|\S"
)
_ENDS = frozenset((".", "!", "?", "…", "….", "...", "....", ".."))
_CLOSERS = frozenset(("”", "’", ")", "]", '"', "'", "''"))
_OPENERS = frozenset(("“", "‘", "(", "[", '"', "'", "``", "''", "•", "-", "–", "—", "*", "£", "$", "€"))
_STARTERS = frozenset(
    ("the", "a", "an", "he", "she", "it", "they", "we", "i", "you", "this", "that", "these", "those", "but", "and", "in", "on", "at")
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}$|(?:Jr|Sr|Inc|Corp|Co|Ltd)\.$")


#: A sentence of more characters than this is no prose: a table, a dump, a trick. It is left out, as no rule could read it.
LONGEST = 20_000
#: What scraping leaves of the sign of a link that leads elsewhere: "the report, external, says", "the report, externalof May".
_LINK = re.compile(
    r",\s?external(?=[.,;:)”\"’']|\s*$|\s(?:of|in|on|at|by|for|from|with|to|that|which|who|says?|said|is|was|has|have|had)\b"
    r"|(?!(?:s|ly|ise[ds]?|ising|ize[ds]?|izing|it(?:y|ies))\b)[a-z]{2})",
    re.MULTILINE,
)
_STOP = re.compile(r"[.!?…][\"”’')\]]*\s")


@dataclass(slots=True)
class Words:
    """The tokens of a text as parallel lists (``text``, ``lower``, ``start``, ``end`` in code points) and its sentences.

    ``sentences`` holds ranges of tokens (first, end exclusive); no sentence reaches across a block of the outline. ``blocks`` holds the
    first token of each block of the outline, ``chain`` the chain of the text once it was made. Quotation marks, brackets and the
    clitics of "it's" and "Ann's" are tokens of their own; the full stop of an abbreviation belongs to it.
    """

    source: str
    outline: Outline
    text: list[str] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    chain: Chain | None = field(default=None, repr=False)

    def at(self, offset: int) -> int:
        """The number of the token at the offset, or of the first one behind it."""
        return bisect_left(self.end, offset + 1)

    def sentence(self, token: int) -> int:
        """The number of the sentence in which a token stands."""
        return bisect_right(self.sentences, (token, len(self.text))) - 1

    def block(self, token: int) -> int:
        """The number of the block of the outline in which a token stands."""
        return bisect_right(self.blocks, token) - 1

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets of the tokens from ``first`` up to but without ``last``."""
        return self.start[first], self.end[last - 1]

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """The tokens (first, end exclusive) that lie between two offsets."""
        return bisect_left(self.start, start), bisect_right(self.end, end)


class _Lowered(dict[str, str]):
    """Every word of a text once, in lower case: a long text repeats its words."""

    def __missing__(self, word: str) -> str:
        self[word] = lowered = word.lower()
        return lowered


def words(source: str, outline: Outline) -> Words:
    """The words of a text, tokenised block by block.

    >>> from pathlib import Path
    >>> from kg.documents import Document, digest
    >>> from kg.extraction.outline import outline
    >>> source = "Dr. Wu's team left. It’s over."
    >>> read = words(source, outline(Document(Path("note.txt"), source, digest(source))))
    >>> read.text
    ['Dr.', 'Wu', "'s", 'team', 'left', '.', 'It', '’s', 'over', '.']
    >>> read.sentences
    [(0, 6), (6, 10)]
    """
    made = Words(source, outline)
    lowered = _Lowered()
    for block in outline.blocks:
        first = len(made.text)
        made.blocks.append(first)
        found = [match for start, end in _prose(source, block.start, block.end) for match in _TOKEN.finditer(source, start, end)]
        text = [match.group() for match in found]
        made.text += text
        made.lower += [lowered[word] for word in text]
        made.start += [match.start() for match in found]
        made.end += [match.end() for match in found]
        made.sentences += _sentences(made, first)
    return made


def _prose(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What there is to read between two offsets: all of it, but for the signs of links and for sentences that are too long."""
    if end - start <= LONGEST:
        for link in _LINK.finditer(source, start, end) if source.find(", external", start, end) >= 0 else ():
            yield start, link.start()
            start = link.end()
        yield start, end
        return
    begin = at = start
    for stop in (*(found.end() for found in _STOP.finditer(source, start, end)), end):
        if stop - at > LONGEST:
            yield begin, at
            begin = stop
        at = stop
    yield begin, end


def _sentences(made: Words, first: int) -> list[tuple[int, int]]:
    """The sentences from a token to the end: behind a full stop and its closing marks, before what can begin a sentence."""
    text, start, end, last, found = made.text, made.start, made.end, len(made.text), []
    begin = first
    for number in range(first, last - 1):
        word = text[number]
        if word not in _ENDS and not (
            word[-1] == "." and _INITIALS.match(word) and text[number + 1].istitle() and made.lower[number + 1] in _STARTERS
        ):
            continue
        after = number + 1
        while after < last and text[after] in _CLOSERS and start[after] == end[after - 1]:
            after += 1
        if after == last or after <= begin:
            continue
        follower = text[after]
        if follower in _OPENERS or not (follower[0].islower() or follower in _CLOSERS or follower in _ENDS or follower[0] in ",;:"):
            found.append((begin, after))
            begin = after
    if begin < last:
        found.append((begin, last))
    return found
