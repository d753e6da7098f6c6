"""Attributions: who is said to have said what, as spans of the text, each with the rule that found it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from kg.extraction.cues import VERBS

if TYPE_CHECKING:
    from kg.extraction.names import Names
    from kg.extraction.quotations import Quotation
    from kg.extraction.words import Words

Mode = Literal["direct", "mixed", "indirect", "authored"]
Span = tuple[int, int]


#: The rules by which a quotation has the speaker of the one before it in its paragraph.
_CARRIED = frozenset(("same-paragraph", "turn-continued"))

#: What an author says to have been: "I have been clear that …" reports what was said before.
_CLEAR = frozenset(("clear", "outspoken", "vocal", "adamant", "explicit"))
_BEEN = frozenset(("been", "was", "were"))


@dataclass(slots=True)
class Attribution:
    """One attributed stretch of a text; every span is (start, end) in code points of the canonical text, end exclusive.

    ``content``: the quoted words between their marks (one contiguous piece), the clause that is reported, or the authored sentence.
    ``passage``: the content with its cue and its speaker, as a reader would check it. ``speaker``: the mention that names who said it,
    None where the text names nobody (or, ``mode`` authored, where it is the document's author). ``cue``: the words that attribute.
    ``turn``: the same number for the pieces that one speaker said in one go. ``within``: the index of the attribution that conveys
    this one, -1 for none. ``rule``: the name of the rule that found the speaker. ``confidence``: between 0 and 1.
    """

    content: Span
    passage: Span
    mode: Mode
    speaker: Span | None
    cue: Span | None
    rule: str
    turn: int = -1
    within: int = -1
    confidence: float = 0.5


def attributions(words: Words, quotations: list[Quotation], names: Names) -> list[Attribution]:
    """Every attribution of a text in reading order, quoted, reported and in the author's own voice.

    A clause and the quoted words in it share their turn: they are one statement. A clause that stands inside another, or inside
    quoted words, is ``within`` it.

    >>> from kg.documents import of_text
    >>> from kg.extraction.names import names
    >>> from kg.extraction.outline import outline
    >>> from kg.extraction.quotations import quotations
    >>> from kg.extraction.words import words
    >>> source = "Ann Marlow said the dam was “a danger” to the valley."
    >>> read = words(source, outline(of_text(source)))
    >>> [(found.mode, found.turn, source[slice(*found.content)]) for found in attributions(read, quotations(read), names(read))]
    [('indirect', 0, 'the dam was “a danger” to the valley'), ('mixed', 0, 'a danger')]
    """
    from kg.extraction.authored import authored  # these make Attributions: they can not be imported above the class
    from kg.extraction.clauses import clauses
    from kg.extraction.inner import inner
    from kg.extraction.speakers import speakers

    quoted = turns(words, speakers(words, quotations, names))
    found = quoted + join(clauses(words, quotations, names), quoted)
    turn = max((attribution.turn for attribution in found), default=-1)
    found += [replace(item, turn=turn + number) for number, item in enumerate(inner(words, quotations, names), start=1)]
    found += authored(words, words.outline, found)
    found.sort(key=lambda attribution: (attribution.content[0], -attribution.content[1]))
    return nest(found)


def own(words: Words, clause: Attribution) -> bool:
    """Whether a clause of a letter or an op-ed is the author's own voice ("I accept that …"), not a report of what was said before.

    Its sentence is authored as a whole. "I told the board that …" is both.
    """
    if not words.outline.authored:
        return False
    if clause.speaker is not None and words.source[slice(*clause.speaker)].lower() not in ("i", "we"):
        return False
    first, last = words.tokens(*(clause.cue or clause.content))
    if _CLEAR & set(words.lower[first:last]) and _BEEN & set(words.lower[max(0, first - 3) : first]):
        return False
    told = (VERBS.get(word) for word in words.lower[first:last])
    return clause.speaker is None or not any(cue is not None and cue.speech and cue.form in ("ed", "past", "participle") for cue in told)


def turns(words: Words, quoted: list[Attribution]) -> list[Attribution]:
    """The quoted pieces, those said in one go within a paragraph sharing their turn: ``“A,” she said. “B.”``"""
    joined = list(quoted)
    for number in range(1, len(joined)):
        before, piece = joined[number - 1], joined[number]
        if words.block(words.at(before.content[0])) != words.block(words.at(piece.content[0])):
            continue
        if piece.rule in _CARRIED or before.rule == "next-in-paragraph" or (piece.cue is not None and piece.cue == before.cue):
            joined[number] = replace(piece, turn=before.turn)
    return joined


def join(reported: list[Attribution], quoted: list[Attribution]) -> list[Attribution]:
    """The reported clauses, each with the turn of the quoted words in it or a turn of its own.

    A clause that is all quotation is left to the quotation.
    """
    quoted = sorted(quoted, key=lambda piece: piece.content)
    ends = [piece.content[1] for piece in quoted]
    turn = max((piece.turn for piece in quoted), default=-1)
    joined = []
    for clause in reported:
        start, end = clause.content
        at = bisect_left(ends, start + 1)
        inside = []
        while at < len(quoted) and quoted[at].content[0] < end:
            inside.append(quoted[at])
            at += 1
        if sum(piece.content[1] - piece.content[0] for piece in inside) > 0.9 * (end - start):
            continue
        pieces = [piece for piece in inside if start <= piece.content[0] and piece.content[1] <= end and piece.mode == "mixed"]
        if pieces:
            joined.append(replace(clause, turn=pieces[0].turn))
        else:
            turn += 1
            joined.append(replace(clause, turn=turn))
    return joined


def nest(found: list[Attribution]) -> list[Attribution]:
    """The attributions, in reading order with the outer before the inner, each ``within`` the nearest one whose content holds its cue."""
    open_: list[int] = []
    for number, attribution in enumerate(found):
        while open_ and found[open_[-1]].content[1] <= attribution.content[0]:
            open_.pop()
        place = attribution.cue or attribution.content
        for outer in reversed(open_):
            around = found[outer]
            if (
                around.content[0] <= place[0]
                and place[1] <= around.content[1]
                and around.turn != attribution.turn
                and around.mode != "authored"
            ):
                attribution.within = outer
                break
        open_.append(number)
    return found
