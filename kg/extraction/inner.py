"""Inner: what somebody who is quoted says that a third party said - “Ann Pell has told me that …”, “we agree with the board that …”."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extraction.attributions import Attribution, Span
from kg.extraction.complements import MARKS, complement, end
from kg.extraction.cues import NOUNS, VERBS
from kg.extraction.names import Names
from kg.extraction.naming import listed
from kg.extraction.predicates import predicate
from kg.extraction.quotations import Quotation
from kg.extraction.words import Words

#: The rule -> its confidence: who speaks is named, but whether that person would say so is not sure.
CONFIDENCE = {"inner": 0.3}
_LEAST = 8  # words of a quotation in which somebody else can speak
_SPEAKING = frozenset(("person", "institution", "role"))
_HOLDING = listed("accept recognise recognize find show")  # verbs that report like speech where a name is their subject
_VERBS = frozenset(word for word, cue in VERBS.items() if (cue.speech or cue.lemma in _HOLDING) and cue.frames)
_AGREEING = frozenset(("agree", "agrees", "agreed"))
_OWNS = frozenset(("'s", "’s"))


def inner(words: Words, quotations: list[Quotation], names: Names) -> list[Attribution]:
    """The attributions inside quoted words whose speaker is named, in the order of the text.

    >>> from kg.documents import of_text
    >>> from kg.extraction.names import names
    >>> from kg.extraction.outline import outline
    >>> from kg.extraction.quotations import quotations
    >>> from kg.extraction.words import words
    >>> source = "“The mayor is late and Ann Pell has told me that she will not wait,” he said."
    >>> read = words(source, outline(of_text(source)))
    >>> [(source[slice(*found.speaker)], source[slice(*found.content)]) for found in inner(read, quotations(read), names(read))]
    [('Ann Pell', 'that she will not wait')]
    """
    found: list[Attribution] = []
    bare = bytearray(len(words.text) + 1)  # inside a quotation nothing counts as quoted
    for quotation in quotations:
        if quotation.last - quotation.first >= _LEAST:
            found += _inside(words, quotation, names, bare)
    return found


def _inside(words: Words, quotation: Quotation, names: Names, bare: bytearray) -> Iterator[Attribution]:
    lower, behind = words.lower, quotation.first
    for number in range(quotation.first + 1, quotation.last - 1):
        word = lower[number]
        if number < behind or (word not in _VERBS and word not in NOUNS):
            continue
        first, last = words.sentences[words.sentence(number)]
        first, last = max(first, quotation.first), min(last, quotation.last)
        made = None
        if word in _AGREEING and lower[number + 1] == "with":
            made = _agreed(words, names, number, last, bare)
        elif word in _VERBS and words.text[number] == word:
            made = _said(words, names, number, first, last, bare)
        if made is None and word in NOUNS:
            made = _held(words, names, number, last, bare)
        if made:
            behind = words.at(made.content[1])
            yield made


def _made(words: Words, start: int, stop: int, speaker: Span, cue: Span) -> Attribution:
    while stop > start + 1 and not words.text[stop - 1][0].isalnum() and words.lower[stop - 1] not in MARKS:
        stop -= 1
    content = words.span(start, stop)
    passage = (min(speaker[0], cue[0], content[0]), content[1])
    return Attribution(content, passage, "indirect", speaker, cue, "inner", confidence=CONFIDENCE["inner"])


def _named(words: Words, names: Names, token: int) -> Span | None:
    """The name that ends with a token, with the office before it."""
    name = names.at(words.start[token])
    if name is None or name.kind not in _SPEAKING or name.end != words.end[token]:
        return None
    return (name.role[0] if name.role and name.role[1] < name.end else name.start), name.end


def _said(words: Words, names: Names, number: int, first: int, last: int, bare: bytearray) -> Attribution | None:
    """ "Ann Pell has accepted these", "Ann Pell tells me that …" """
    cue = VERBS[words.lower[number]]
    group = predicate(words, number, cue, first)
    if group is None or group.voice != "active" or group.modal or group.start <= first:
        return None
    speaker = _named(words, names, group.start - 1)
    behind = complement(words, bare, number, last, cue, False) if speaker else None
    if speaker is None or behind is None:
        return None
    stop, spoken = end(words, bare, behind.start, last, behind.kind), words.span(group.start, max(behind.start, number + 1))
    return _made(words, behind.start, stop, speaker, spoken) if stop > behind.start else None


def _agreed(words: Words, names: Names, number: int, last: int, bare: bytearray) -> Attribution | None:
    """ "We agree with Ann Pell that …": so she says too."""
    start = number + 2 + (words.lower[number + 2] == "the")
    name = names.at(words.start[start]) if start < last else None
    that = words.at(name.end) if name else last
    if name is None or that >= last - 2 or words.lower[that] != "that":
        return None
    return _made(words, that, end(words, bare, that, last, "that"), (name.start, name.end), words.span(number, number + 2))


def _held(words: Words, names: Names, number: int, last: int, bare: bytearray) -> Attribution | None:
    """ "Ann Pell's promise to …" """
    owner = next((at for at in range(number - 1, max(number - 4, 1), -1) if words.lower[at] in _OWNS), 0)
    if not owner or number + 2 >= last or words.lower[number + 1] not in NOUNS[words.lower[number]]:
        return None
    speaker = _named(words, names, owner - 1)
    stop = end(words, bare, number + 1, last, "noun") if speaker else 0
    return _made(words, number + 1, stop, speaker, words.span(number, number + 1)) if speaker and stop > number + 2 else None
