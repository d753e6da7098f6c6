"""Headings and bullets: speech that is reported by layout - "Ann Lee: it is late", "It is late - Lee", "Council to close pool", lists."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from kg.extraction.attributions import Attribution, Span
from kg.extraction.complements import MARKS
from kg.extraction.cues import VERBS
from kg.extraction.names import Names
from kg.extraction.naming import listed
from kg.extraction.predicates import AUXILIARIES, predicate
from kg.extraction.words import Words

CONFIDENCE = {"heading-colon": 0.6, "heading-dash": 0.6, "heading-to": 0.4, "bullet": 0.7}
_DASHES = frozenset(("-", "–", "—", "--"))
#: Plural nouns that announce a list of what somebody says.
_ITEMS = listed("""issues points recommendations findings steps measures reasons demands questions areas themes conclusions
    changes priorities commitments pledges concerns failings proposals lessons actions aims principles following follows saying
    including""")
_LABELS = listed("""watch video live analysis opinion exclusive update updates breaking listen read explainer factbox pictured
    gallery review""")


def headings(words: Words, quoted: bytearray, names: Names) -> list[Attribution]:
    """What headings report, by their layout alone."""
    found: list[Attribution] = []
    for number, block in enumerate(words.outline.blocks):
        if block.kind in ("heading", "caption"):
            first = words.blocks[number]
            last = words.blocks[number + 1] if number + 1 < len(words.blocks) else len(words.text)
            if 3 <= last - first <= 30:
                found += _heading(words, quoted, names, first, last)
    return found


def _heading(words: Words, quoted: bytearray, names: Names, first: int, last: int) -> Iterator[Attribution]:
    lower = words.lower
    passage = words.span(first, last)

    def made(start: int, stop: int, speaker: Span, cue: Span, rule: str) -> Attribution:
        return Attribution(words.span(start, stop), passage, "indirect", speaker, cue, rule, confidence=CONFIDENCE[rule])

    for at in range(first + 1, last - 1):
        word = lower[at]
        if word == ":" and at - first <= 6 and last - at > 3:
            if _names(words, names, first, at) and lower[at - 1] not in _LABELS and not quoted[at + 1] and lower[at + 1] not in MARKS:
                yield made(at + 1, last, words.span(first, at), words.span(at, at + 1), "heading-colon")
            return
        if word in _DASHES and last - at <= 6 and at - first >= 3 and words.start[at] > words.end[at - 1]:
            if _names(words, names, at + 1, last) and not quoted[at - 1] and lower[at - 1] not in MARKS and not _says(words, first, at):
                yield made(first, at, words.span(at + 1, last), words.span(at, at + 1), "heading-dash")
            return
        if word == "to" and at - first <= 5 and lower[at + 1].isalpha() and _names(words, names, first, at):
            if not any(lower[k] in AUXILIARIES or lower[k] in VERBS for k in range(first, at)):
                yield made(at, last, words.span(first, at), words.span(at, at + 1), "heading-to")
            return


def _names(words: Words, names: Names, first: int, last: int) -> bool:
    """Whether a person, an institution or an office is named between two tokens."""
    start, end = words.span(first, last)
    return any(name.kind != "place" for name in names.within(start, end))


def _says(words: Words, first: int, last: int) -> bool:
    """Whether the words have a cue of their own: "Lee says it is late - key points"."""
    for number in range(first + 1, last):
        cue = VERBS.get(words.lower[number])
        if cue is not None and cue.speech and "c" in cue.frames and predicate(words, number, cue, first):
            return True
    return False


def bullets(words: Words, found: list[Attribution]) -> list[Attribution]:
    """The bullets of a list that somebody's words introduce, sentence by sentence: "Lee said that:", "it found eight issues."

    ``found``: what is attributed already; a sentence in which anything is has a speaker of its own.
    """
    blocks, made = words.outline.blocks, []
    said = sorted(((item.cue, item) for item in found if item.cue), key=lambda pair: pair[0])
    taken = {words.sentence(words.at((item.cue or item.content)[0])) for item in found if item.mode == "indirect"}
    source: tuple[Span, Span] | None = None
    for number, block in enumerate(blocks):
        first = words.blocks[number]
        last = words.blocks[number + 1] if number + 1 < len(blocks) else len(words.text)
        if block.kind != "bullet":
            leads = block.kind == "paragraph" and number + 1 < len(blocks) and blocks[number + 1].kind == "bullet"
            source = _introduces(words, said, first, last) if leads else None
            continue
        if source is None or first == last:
            continue
        for at in range(words.sentence(first), words.sentence(last - 1) + 1):
            if at not in taken:
                begin, stop = words.sentences[at]
                span = _trimmed(words, begin, stop)
                if span is not None:
                    made.append(Attribution(span, words.span(begin, stop), "indirect", *source, "bullet", confidence=CONFIDENCE["bullet"]))
    return made


def _introduces(words: Words, said: list[tuple[Span, Attribution]], first: int, last: int) -> tuple[Span, Span] | None:
    """The speaker and the cue of a paragraph that leads to a list; ``said``: what is attributed, by the cues."""
    if last - first < 3 or not (words.text[last - 1] == ":" or _ITEMS & set(words.lower[max(first, last - 12) : last])):
        return None
    begin, end = words.span(words.sentences[words.sentence(last - 1)][0], last)
    low = bisect_left(said, (begin, -1), key=lambda pair: pair[0])
    here = said[low : bisect_left(said, (end, -1), low, key=lambda pair: pair[0])]
    for cue, item in reversed(here):
        inside = any(other.content[0] <= cue[0] < other.content[1] for _, other in here if other is not item)
        if item.speaker and not inside:
            return item.speaker, cue
    return None


def _trimmed(words: Words, first: int, last: int) -> Span | None:
    """The words between two tokens without bullets before them and marks behind, None where they are too few for a statement."""
    while first < last and not words.lower[first][0].isalnum() and words.lower[first] not in MARKS:
        first += 1
    while last > first and words.lower[last - 1][0] in ".;,:?!…":
        last -= 1
    return words.span(first, last) if last - first > 3 else None
