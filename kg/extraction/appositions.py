"""Appositions: the words beside a person's name that say what the person is."""

from __future__ import annotations

from kg.extraction.attributions import Span
from kg.extraction.naming import DOMAINS, MODIFIERS, ORGANISATIONS, PLAIN, ROLES, listed
from kg.extraction.words import Words

_MARKS = frozenset(("’", "'", "'s", "’s", "-", "(", ")"))
_PREPOSITIONS = listed("of for at in to on with and from by")
_RELATIVES = listed("who whose which that")
_ARTICLES = listed("the a an his her its their our my your another one this that")
_LEADS = listed("chairs leads heads runs edits directs manages owns founded represents oversees")
_FARTHEST = 14  # words before a name
_LONGEST = 24  # words behind one


def before(words: Words, start: int, end: int) -> Span | None:
    """The office worded before the name between two offsets: “campaign spokesman Ada Coe”, “the head of policy, Ada Coe”.

    >>> from kg.extraction.outline import Block, Outline
    >>> from kg.extraction.words import words as words_of
    >>> text = "We met the port's head of policy, Ada Coe, in May."
    >>> span = before(words_of(text, Outline("article", (Block("paragraph", 0, len(text)),))), text.index("Ada"), text.index(", in"))
    >>> text[slice(*span)]
    "port's head of policy"
    """
    last = words.at(start) - 1
    comma = last >= 0 and words.text[last] == ","
    last -= comma
    noun = last if comma else _noun(words, last)
    if noun < 0:
        return None
    first = _first_after_comma(words, last) if comma else _first(words, noun)
    while first <= last and (words.lower[first] in _PREPOSITIONS or not words.text[first][0].isalnum()):
        first += 1
    if first > last or (comma and not (_headed(words, first, last) and _stands_beside(words, first, end))):
        return None
    return words.span(first, last + 1)


def _noun(words: Words, last: int) -> int:
    """The word for an office just before a name, also with its organisation between: “head of the Trust Ada Coe”; else -1."""
    if last < 0 or words.lower[last] in ROLES:
        return last
    place = last
    while place > 0 and last - place < 5 and words.text[place][0].isupper():
        place -= 1
    place -= words.lower[place] == "the"
    return place - 1 if place > 0 and place < last and words.lower[place] in ("of", "at") and words.lower[place - 1] in ROLES else -1


def _goes_on(words: Words, token: int, last: int) -> bool:
    """Whether a phrase that ends at ``last`` may reach back over a token."""
    if token < 0 or last - token >= _FARTHEST:
        return False
    lower = words.lower[token]
    if not (lower[0].isalnum() or lower in _MARKS) or lower in _ARTICLES:
        return False
    return token == last or words.start[token + 1] - words.end[token] < 3


def _first_after_comma(words: Words, last: int) -> int:
    """Where a phrase begins that a comma cuts off from the name behind it: prepositions and “and” may stand in it."""
    first = last
    while _goes_on(words, first, last):
        lower = words.lower[first]
        if lower in PLAIN and lower not in _PREPOSITIONS and lower not in MODIFIERS:
            break
        first -= 1
    return first + 1


def _first(words: Words, last: int) -> int:
    """Where a phrase begins that the name follows at once: at its article, else with the first word that belongs to offices."""
    first = known = last
    going = True
    while _goes_on(words, first, last):
        lower = words.lower[first]
        if lower in PLAIN and lower not in MODIFIERS:
            break
        going = going and (_belongs(lower) or words.text[first] != lower)
        known = first if going else known
        first -= 1
    return first + 1 if first >= 0 and words.lower[first] in _ARTICLES else known


def _belongs(lower: str) -> bool:
    return any(lower in kind for kind in (ROLES, MODIFIERS, DOMAINS, ORGANISATIONS, _MARKS))


def _headed(words: Words, first: int, last: int) -> bool:
    """Whether a phrase is about the holder of an office: the last word before its first preposition is one."""
    for token in range(first, last + 1):
        if words.lower[token] in _PREPOSITIONS and words.lower[token] != "and":
            return token > first and words.lower[token - 1] in ROLES
    return words.lower[last] in ROLES


def after(words: Words, end: int) -> Span | None:
    """The office worded behind the name that ends at an offset: “Ada Coe, head of policy,” or “Ada Coe, who chairs it,”."""
    first = words.at(end) + 1
    if first + 1 >= len(words.text) or words.text[first - 1] != ",":
        return None
    if words.lower[first] == "who":
        if words.lower[first + 1] not in _LEADS:
            return None
        last = first + 2
    else:
        first += words.lower[first] in _ARTICLES
        last = _office(words, first)
        if last < 0:
            return None
    while last < min(len(words.text), first + _LONGEST) and words.start[last] - words.end[last - 1] < 2:
        if not (words.text[last][0].isalnum() or words.lower[last] in _MARKS) or words.lower[last] in _RELATIVES:
            break
        last += 1
    return words.span(first, last)


def of_body(words: Words, start: int, end: int) -> bool:
    """Whether a name between two offsets is called an organisation: “the charity Wick Voices”, “Wick Voices, a choir group,”.

    >>> from kg.extraction.outline import Block, Outline
    >>> from kg.extraction.words import words as words_of
    >>> text = "We met Wick Voices, a charity."
    >>> of_body(words_of(text, Outline("article", (Block("paragraph", 0, len(text)),))), 7, 18)
    True
    """
    last, first = words.at(start) - 1, words.at(end)
    if last >= 0 and words.text[last] in ORGANISATIONS:
        return True
    if first + 2 >= len(words.text) or words.text[first] != "," or words.lower[first + 1] not in ("a", "an", "the"):
        return False
    for token in range(first + 2, min(first + 6, len(words.text))):
        if words.text[token] in ORGANISATIONS:
            return token + 1 >= len(words.text) or words.lower[token + 1] not in ROLES
        if words.lower[token] in PLAIN or not words.text[token][0].isalnum():
            return False
    return False


def has_article(words: Words, start: int) -> bool:
    """Whether an article, or a word like one, stands before the name that begins at an offset."""
    before = words.at(start) - 1
    return before >= 0 and words.lower[before] in _ARTICLES


def _stands_beside(words: Words, first: int, end: int) -> bool:
    """Whether a name that ends at an offset is an apposition: no comma is needed behind it but where a preposition leads the phrase."""
    lead = first - 1 - (first > 0 and words.lower[first - 1] in _ARTICLES)
    behind = words.at(end)
    return lead < 0 or words.lower[lead] not in _PREPOSITIONS or behind >= len(words.text) or not words.text[behind][0].isalnum()


def _office(words: Words, first: int) -> int:
    """The token behind the first office within a few words, -1 where something else comes first."""
    for token in range(first, min(first + 6, len(words.text))):
        if words.lower[token] in ROLES:
            return token + 1
        if (words.lower[token] in PLAIN and words.lower[token] not in MODIFIERS) or not words.text[token][0].isalnum():
            return -1
    return -1
