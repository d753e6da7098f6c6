"""The surroundings of a quotation whose own sentence names nobody: its paragraph, the one before, a colon, a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.extraction import phrases
from kg.extraction.grammar import Found, found, is_passive
from kg.extraction.phrases import Chain, Phrase
from kg.extraction.quotations import DOUBLES, Quotation

_STRONG = re.compile("[Vg]")
_ANY = re.compile("[Vgv]")
_ALONE = re.compile(r"(p|[Nn]{1,4})r?([VveNw])\.")
_LONGEST_LIST = 40
_SCRAP = 3  # words of a quotation that is more than a term
_SPEECH = 5  # words of one that is speech
_FAR = 8  # quotations of a paragraph past which nobody's are looked over
_REACH = 200  # words of a paragraph in which its last speaker is looked for
_BELOW = 40  # quotations below a heading among which its words are looked for
_NEAR = 2  # paragraphs back in which a quotation's speaker may stand


def by_surroundings(
    chain: Chain, places: Sequence[int], number: int, quotations: Sequence[Quotation], known: Sequence[Found | None]
) -> Found | None:
    """The speaker of a quotation by what stands around its sentence; None where nobody can be told to have said it.

    ``places``: where each of the quotations stands in the chain; ``known``: what is found for each so far.
    """
    quotation, place = quotations[number], places[number]
    if _is_term(chain, place):
        return None
    signed = _signature(chain, place) or _alone(chain, place) or _pulled(chain, quotation)
    if signed is not None:
        return signed
    previous = _previous(number, quotations, known)
    if previous >= 0 and quotations[previous].turn == quotation.turn:
        return Found(_speaker(known[previous]), None, "turn-continued")
    head = chain.at(chain.words.blocks[quotation.block])
    introduced = _introduced(chain, head, place, quotation)
    if introduced is not None:
        return introduced
    same = previous if previous >= 0 and quotations[previous].block == quotation.block else -1
    return (
        _in_paragraph(chain, place, head, places, same, known)
        or _own_subject(chain, place, quotation)
        or _next(number, quotations, known)
        or _paragraph_before(chain, head, place, previous, quotation, quotations, known)
        or _nobody(quotation)
    )


def by_repetition(chain: Chain, quotations: Sequence[Quotation], known: Sequence[Found | None]) -> Iterator[tuple[int, Found]]:
    """The quotations of headings whose words stand again in somebody's quotation below, of the same post: their numbers and speakers."""
    blocks, said = chain.words.outline.blocks, {}
    for number, quotation in enumerate(quotations):
        told = known[number]
        if blocks[quotation.block].kind != "heading" or (told is not None and (told.cue or told.rule == "name-dash")):
            continue
        words, post = _bare(chain, quotation), blocks[quotation.block].update
        for below in range(number + 1, min(number + 1 + _BELOW, len(quotations))):
            speaker = _speaker(known[below])
            if blocks[quotations[below].block].update != post:
                break
            if speaker is None or blocks[quotations[below].block].kind == "heading":
                continue
            if below not in said:
                said[below] = _bare(chain, quotations[below])
            if words in said[below]:
                yield number, Found(speaker, None, "heading-repeats")
                break


def _bare(chain: Chain, quotation: Quotation) -> str:
    """The words of a quotation in lower case, without marks, each between blanks."""
    return f" {' '.join(word for word in chain.words.lower[quotation.first : quotation.last] if word[0].isalnum())} "


def _speaker(result: Found | None) -> tuple[int, int] | None:
    return result.speaker if result else None


def _is_term(chain: Chain, place: int) -> bool:
    """Whether a quotation is used as a word of the sentence: *a "…" decision*."""
    letters = chain.letters
    if letters[place - 1 : place] == "i" and letters[place + 1 : place + 2] in ("w", "n", "N"):
        return True
    return letters[place - 1 : place] in ("d", "s", "G") and letters[place + 1 : place + 2] in ("w", "n", "N", "e")


def _previous(number: int, quotations: Sequence[Quotation], known: Sequence[Found | None]) -> int:
    """The quotation before this one, past those of the same paragraph that nobody said; -1 for none."""
    before = number - 1
    while before > max(0, number - _FAR) and known[before] is None and quotations[before - 1].block == quotations[number].block:
        before -= 1
    return before if before >= 0 and known[before] is not None else -1


def _signature(chain: Chain, place: int) -> Found | None:
    """`"…" - Ann Wu`, in the same paragraph or as the one behind it."""
    words, token, letters, first = chain.words, chain.token, chain.letters, place + 2
    if letters[place + 1 : place + 2] != "-":
        return None
    block = words.block(token[place + 1])
    if block == words.block(token[place]):
        begin, end = chain.sentence(place)
        phrase = phrases.phrase_after(chain, first, end) if begin == place else None
        return found(chain, phrase, None, "name-dash") if phrase is not None and phrases.speaks(chain, phrase) else None
    last = first
    while last < len(token) and letters[last] == "N" and words.block(token[last]) == block:
        last += 1
    signed = words.blocks[block] == token[place + 1] and last > first
    return found(chain, Phrase(first, last, last - 1), None, "name-dash") if signed else None


def _alone(chain: Chain, place: int) -> Found | None:
    """`"…?" Ann Wu said.` as a sentence of its own."""
    match = _ALONE.match(chain.letters, place + 1)
    if (
        not match
        or (match.group(2) == "w" and chain.word(match.start(2))[-1] != "s")
        or chain.words.block(chain.token[place]) != chain.words.block(chain.token[match.start()])
    ):
        return None
    return Found(chain.span(*match.span(1)), chain.span(*match.span(2)), "subject-after")


def _pulled(chain: Chain, quotation: Quotation) -> Found | None:
    """A pull quote: its closing mark stands behind the name in the next line."""
    words, block = chain.words, quotation.block + 1
    if quotation.closed or block >= len(words.blocks):
        return None
    first, end = words.blocks[block], words.blocks[block + 1] if block + 1 < len(words.blocks) else len(words.text)
    if not 3 < end - first < 16 or words.text[end - 1] not in DOUBLES:
        return None
    head = last = chain.at(first)
    while last < len(chain.token) and chain.token[last] < end and chain.letters[last] == "N":
        last += 1
    return found(chain, Phrase(head, last, last - 1), None, "name-dash") if last - head > 1 else None


def _introduced(chain: Chain, head: int, place: int, quotation: Quotation) -> Found | None:
    """`She said:` before the paragraph that a quotation opens, or before the list in which it stands."""
    outline, blocks = chain.words.outline.blocks, chain.words.blocks
    if not head or place - head > 1 or (place > head and chain.letters[head] not in "-~"):
        return None
    above, back = head, quotation.block
    if outline[back].kind == "bullet":
        while back > max(0, quotation.block - _LONGEST_LIST) and outline[back - 1].kind == "bullet":
            back -= 1
        above = chain.at(blocks[back])
    if not above or chain.letters[above - 1] != ":":
        return None
    introduced = _introducer(chain, above - 1)
    return introduced._replace(rule="bullet-list") if introduced and outline[quotation.block].kind == "bullet" else introduced


def _introducer(chain: Chain, colon: int) -> Found | None:
    """Who speaks in the paragraph behind a colon."""
    begin, _ = chain.sentence(colon)
    spoken = last_speaker(chain, colon, begin)
    if spoken is not None:
        return spoken._replace(rule="colon")
    phrase = phrases.phrase_before(chain, colon, begin)
    if phrase is None or not phrases.speaks(chain, phrase) or chain.letters[phrase.head] == "n":
        phrase = phrases.inherited(chain, colon, begin) or phrase
    return found(chain, phrase, None, "colon") if phrase is not None and phrases.speaks(chain, phrase) else None


def _in_paragraph(chain: Chain, place: int, head: int, places: Sequence[int], same: int, known: Sequence[Found | None]) -> Found | None:
    """The subject of the sentence so far, who spoke last in the paragraph, or whom its last quotation has."""
    begin, _ = chain.sentence(place)
    actor = phrases.phrase_before(chain, place, begin)
    if actor is not None and actor.first == begin and phrases.speaks(chain, actor):
        return found(chain, actor, None, "sentence-subject")
    if same < 0:
        spoken = last_speaker(chain, begin, head)
        if spoken is None and head < begin == place:
            phrase = phrases.inherited(chain, begin, chain.sentence(begin - 1)[0])
            if phrase is not None and phrases.speaks(chain, phrase) and chain.word(phrase.head) != "it":
                return found(chain, phrase, None, "sentence-before")
        return spoken
    if place > begin:
        phrase = phrases.inherited(chain, place, begin)
        if phrase is not None:
            return found(chain, phrase, None, "sentence-subject")
    return last_speaker(chain, begin, chain.sentence(places[same])[1]) or Found(_speaker(known[same]), None, "same-paragraph")


def _next(number: int, quotations: Sequence[Quotation], known: Sequence[Found | None]) -> Found | None:
    """The speaker of the paragraph's next quotation."""
    if number + 1 == len(known) or quotations[number + 1].block != quotations[number].block:
        return None
    follower = known[number + 1]
    return Found(follower.speaker, None, "next-in-paragraph") if follower is not None else None


def _paragraph_before(
    chain: Chain,
    head: int,
    place: int,
    previous: int,
    quotation: Quotation,
    quotations: Sequence[Quotation],
    known: Sequence[Found | None],
) -> Found | None:
    """Who speaks in the paragraph before one that a quotation opens: in its last quotation, else in its last sentence."""
    blocks = chain.words.outline.blocks
    if head != place or not head or blocks[quotation.block].kind not in ("paragraph", "bullet"):
        return None
    for back in range(quotation.block - 1, max(quotation.block - 1 - _NEAR, -1), -1):
        if blocks[back].update != blocks[quotation.block].update:
            return None
        if blocks[back].kind == "heading":
            return _heading(chain, back, previous, quotations, known)
        if blocks[back].kind not in ("paragraph", "bullet"):
            continue
        last = chain.at(chain.words.blocks[back + 1])
        begin = max(chain.sentence(last - 1)[0], chain.at(chain.words.blocks[back]))
        if previous >= 0 and quotations[previous].block == back and "Q" in chain.letters[begin:last]:
            return Found(_speaker(known[previous]), None, "paragraph-before")
        phrase = phrases.inherited(chain, last, begin)
        if phrase is not None and chain.letters[phrase.head] in "pNn" and chain.word(phrase.head) != "it":
            return found(chain, phrase, None, "paragraph-before")
        spoken = last_speaker(chain, begin, chain.at(chain.words.blocks[back]))
        if spoken is not None:
            return spoken._replace(rule="paragraph-before")
    return None


def _heading(chain: Chain, block: int, previous: int, quotations: Sequence[Quotation], known: Sequence[Found | None]) -> Found | None:
    """Who speaks in a heading."""
    if previous >= 0 and quotations[previous].block == block:
        return Found(_speaker(known[previous]), None, "heading")
    spoken = last_speaker(chain, chain.at(chain.words.blocks[block + 1]), chain.at(chain.words.blocks[block]))
    return spoken._replace(rule="heading") if spoken else None


def _own_subject(chain: Chain, place: int, quotation: Quotation) -> Found | None:
    """The subject of a quotation's sentence, whatever its verb."""
    phrase = phrases.inherited(chain, place, chain.sentence(place)[0])
    return found(chain, phrase, None, "sentence-subject") if phrase is not None and quotation.last - quotation.first >= _SCRAP else None


def _nobody(quotation: Quotation) -> Found | None:
    """A quotation that is long enough to be speech but said by nobody named."""
    return Found(None, None, "unattributed") if quotation.last - quotation.first >= _SPEECH else None


def last_speaker(chain: Chain, place: int, lowest: int) -> Found | None:
    """Who spoke last before a place: the subject of the nearest verb of speech, a strong one unless a colon stands there."""
    letters = chain.letters
    colon = letters[place : place + 1] == ":"
    cues = [match.start() for match in (_ANY if colon else _STRONG).finditer(letters, max(lowest, place - _REACH), place)]
    for verb in reversed(cues):
        if not is_passive(chain, verb, lowest):
            phrase = phrases.subject(chain, verb)
            if phrase is None and colon:
                phrase = phrases.phrase_after(chain, verb + 1, place)
            if phrase is not None and phrases.speaks(chain, phrase):
                return found(chain, phrase, (verb, verb + 1), "sentence-before")
    return None
