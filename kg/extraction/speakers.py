"""Speakers: who said each quotation, by the grammar of its sentence, else by what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extraction import lexicon, phrases
from kg.extraction.attributions import Attribution, Mode
from kg.extraction.grammar import Found, by_grammar
from kg.extraction.phrases import Chain
from kg.extraction.quotations import Quotation
from kg.extraction.surroundings import by_repetition, by_surroundings
from kg.extraction.words import Words

if TYPE_CHECKING:
    from kg.extraction.names import Names

#: Rule -> its confidence: the share of its speakers that were right when measured, rounded.
CONFIDENCE = {
    "said-after": 0.95,
    "subject-after": 0.95,
    "name-colon": 0.95,
    "cue-later": 0.95,
    "same-paragraph": 0.9,
    "subject-before": 0.85,
    "according-to": 0.85,
    "turn-continued": 0.85,
    "colon": 0.8,
    "bullet-list": 0.8,
    "name-dash": 0.8,
    "sentence-subject": 0.6,
    "sentence-before": 0.6,
    "paragraph-before": 0.6,
    "heading-repeats": 0.8,
    "heading": 0.5,
    "owner-of-words": 0.5,
    "next-in-paragraph": 0.5,
    "unattributed": 0.2,
}
#: Verbs before a title, not before words that somebody said.
_NAMING = frozenset(("tell", "call", "title", "entitle", "name", "dub"))
_FRAGMENT = 3  # words that may begin with a name and be no sentence
_INTERRUPTION = 8  # words between two pieces of a sentence that is quoted
_SMALL = lexicon.PREPOSITIONS | lexicon.DETERMINERS | {"to", "and", "or"}


def speakers(words: Words, quotations: list[Quotation], names: Names) -> list[Attribution]:
    """An attribution for each quotation that somebody said, in the order of the text.

    Left out are terms, titles of works and scraps that nobody is told to have said.

    >>> from pathlib import Path
    >>> from kg.documents import Document, digest
    >>> from kg.extraction.names import names
    >>> from kg.extraction.outline import outline
    >>> from kg.extraction.quotations import quotations
    >>> from kg.extraction.words import words
    >>> source = "The rule is “absurd”, the mayor, Ann Wu, told us."
    >>> read = words(source, outline(Document(Path("note.txt"), source, digest(source))))
    >>> [made] = speakers(read, quotations(read), names(read))
    >>> source[slice(*made.speaker)], source[slice(*made.cue)], made.rule, made.mode
    ('Ann Wu', 'told', 'subject-after', 'mixed')
    """
    chain = phrases.chain(words, quotations)
    places = [place for place, letter in enumerate(chain.letters) if letter == "Q"]
    placed = [quotations[chain.quote[chain.token[place]]] for place in places]
    known: list[Found | None] = [by_grammar(chain, place, quotation) for place, quotation in zip(places, placed, strict=True)]
    for number, result in enumerate(known):
        if result is None:
            known[number] = by_surroundings(chain, places, number, placed, known)
    for number, result in by_repetition(chain, placed, known):
        known[number] = result
    return [
        _attribution(chain, place, quotation, _with_whole_name(result, names))
        for place, quotation, result in zip(places, placed, known, strict=True)
        if result is not None and (_is_told(chain, place, result.rule) or not _is_title(words, quotation) or _is_uttered(chain, place))
    ]


def _with_whole_name(result: Found, names: Names) -> Found:
    """What was found, its speaker widened to the whole of the name that it ends in: *Ann Day*, where a day is no name."""
    if result.speaker is None:
        return result
    start, end = result.speaker
    name = names.at(end - 1)
    return result if name is None or name.start < start or name.end <= end else result._replace(speaker=(start, name.end))


def _attribution(chain: Chain, place: int, quotation: Quotation, result: Found) -> Attribution:
    """The attribution of one quotation; its passage is the sentences that hold the quotation, its cue and its speaker."""
    words = chain.words
    spans = [chain.span(*chain.sentence(place)), words.span(quotation.first - 1, quotation.last + quotation.closed)]
    spans += [span for span in (result.speaker, result.cue) if span is not None]
    passage = min(start for start, _ in spans), max(end for _, end in spans)
    content, sure = (quotation.start, quotation.end), CONFIDENCE[result.rule if result.speaker else "unattributed"]
    return Attribution(
        content, passage, _mode(chain, place, quotation), result.speaker, result.cue, result.rule, quotation.turn, confidence=sure
    )


def _mode(chain: Chain, place: int, quotation: Quotation) -> Mode:
    """Direct where a quotation is a sentence, or goes on with one: *"…," she said, "and …"*; mixed where it is part of another."""
    text, letters = chain.words.text, chain.letters
    opens = place == chain.sentence(place)[0] or letters[place - 1] in ",:"
    if text[quotation.first][0].isupper():
        whole = opens or quotation.last - quotation.first > _FRAGMENT or text[quotation.last - 1][-1] in ",.?!…"
        return "direct" if whole else "mixed"
    resumed = opens and "Q" in letters[max(0, place - _INTERRUPTION) : place] and text[quotation.last - 1][-1] in ".?!…"
    return "direct" if resumed and letters[place - 1] == "," else "mixed"


def _is_title(words: Words, quotation: Quotation) -> bool:
    """Whether what stands in marks is the title of a work: a name follows behind *by*, or its longer words have capitals and it ends like
    no sentence."""
    behind = quotation.last + quotation.closed
    credit = words.text[behind : behind + 2] if words.text[quotation.last - 1] == "," else []
    if len(credit) == 2 and credit[0] == "by" and credit[1][0].isupper():
        return True
    text = [word for word in words.text[quotation.first : quotation.last] if word[0].isalpha()]
    if not 1 < len(text) <= 12 or words.text[quotation.last - 1] in "!?":
        return False
    return all(not word[0].islower() or (len(word) <= 4 and word in _SMALL) for word in text)


def _is_told(chain: Chain, place: int, rule: str) -> bool:
    """Whether somebody is told to have said a quotation whatever it looks like: *“No, no, no,” she said.*"""
    return rule == "heading-repeats" or (rule in ("said-after", "subject-after") and place == chain.sentence(place)[0])


def _is_uttered(chain: Chain, place: int) -> bool:
    """Whether a verb of speech or a colon stands right before the quotation, so that it is no title."""
    before = place - 1 if chain.letters[place - 1 : place] == "," else place
    letter = chain.letters[before - 1 : before]
    return letter == ":" or (letter in ("V", "v", "g") and lexicon.VERBS.get(chain.word(before - 1)) not in _NAMING)
