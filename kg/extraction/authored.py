"""Authored: what a document says in its author's own voice, sentence by sentence."""

from __future__ import annotations

from bisect import bisect_left

from kg.extraction.attributions import Attribution
from kg.extraction.complements import is_clause
from kg.extraction.figures import figures
from kg.extraction.naming import listed
from kg.extraction.outline import Outline
from kg.extraction.words import Words

#: Rule -> its confidence.
CONFIDENCE = {
    "author-first-person": 0.8,
    "author-sentence": 0.7,
    "author-question": 0.4,
    "reporter-figure": 0.35,
    "reporter-judgement": 0.3,
}
_FIRST = listed("i we my our us me")
#: Words by which a reporter judges: what a curator may want to keep as the outlet's own claim.
_JUDGEMENTS = listed("""scandal scandals crisis damning shattered battered failings failure failures failed unprecedented
    worst shocking controversial disgraced embattled beleaguered criticised criticized backlash doubts doubt fears outrage blow setback
    corruption corrupt damaging reputation challenge challenges trust confidence tripled doubled quadrupled plummeted soared fallen
    risen worsened""")
_LEAST = 4  # words of a statement


def authored(words: Words, outline: Outline, taken: list[Attribution]) -> list[Attribution]:
    """The sentences in the author's own voice: all of a letter, an op-ed or a report, and of news the figures and the judgements.

    ``taken``: what is attributed already; a sentence that is quoted or reported throughout is none of the author's, and a reporter's
    own claim is one in which nothing is attributed.
    """
    quoted = sorted(item.content for item in taken if item.mode in ("direct", "mixed"))
    cues = sorted((item.cue or item.content)[0] for item in taken)
    covered = sorted(item.content for item in taken if item.mode == "indirect")
    found = []
    for number, block in enumerate(outline.blocks):
        if block.kind not in ("paragraph", "bullet"):
            continue
        first = words.blocks[number]
        last = words.blocks[number + 1] if number + 1 < len(words.blocks) else len(words.text)
        if last - first < _LEAST:
            continue
        for at in range(words.sentence(first), words.sentence(last - 1) + 1):
            begin, stop = words.sentences[at]
            passage = words.span(begin, stop)
            if _count(words, begin, stop) < _LEAST or _inside(quoted, passage):
                continue
            if outline.authored:
                rule = _voice(words, begin, stop)
            else:
                rule = "" if _any(cues, passage) or _inside(covered, passage) else _claim(words, begin, stop, passage)
            if rule:
                found.append(Attribution(passage, passage, "authored", None, None, rule, confidence=CONFIDENCE[rule]))
    return found


def _count(words: Words, first: int, last: int) -> int:
    return sum(word[0].isalnum() for word in words.lower[first:last])


def _any(starts: list[int], span: tuple[int, int]) -> bool:
    at = bisect_left(starts, span[0])
    return at < len(starts) and starts[at] < span[1]


def _inside(spans: list[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Whether more than half of a sentence lies in one of the spans."""
    at = max(bisect_left(spans, span) - 1, 0)
    half = 0.5 * (span[1] - span[0])
    return any(min(end, span[1]) - max(start, span[0]) > half for start, end in spans[at : at + 3])


def _voice(words: Words, first: int, last: int) -> str:
    if "?" in words.text[max(first, last - 2) : last]:
        return "author-question"
    return "author-first-person" if not _FIRST.isdisjoint(words.lower[first:last]) else "author-sentence"


def _claim(words: Words, first: int, last: int, passage: tuple[int, int]) -> str:
    if "?" in words.text[max(first, last - 2) : last]:
        return ""
    if figures(words, *passage):
        return "reporter-figure"
    return "reporter-judgement" if is_clause(words, first, last) and not _JUDGEMENTS.isdisjoint(words.lower[first:last]) else ""
