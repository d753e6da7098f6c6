"""Phrases: the noun phrases of a chain, and which of them is the subject of a verb."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.extraction import lexicon
from kg.extraction.chains import NOUNS, Chain, chain

__all__ = ["Chain", "Phrase", "chain", "inherited", "owner", "phrase_after", "phrase_before", "speaks", "subject"]

_MAKE = frozenset(("make", "makes", "made", "making"))
_BELONGING = frozenset(("of", "for", "at", "from"))
_OCCASIONS = frozenset(("during", "after", "before", "on", "via", "amid", "since"))
_BEFORE_SUBJECT = ",-cbVvhQ~:"
_SPEAKING = re.compile("[pNnd]")
_BROUGHT = re.compile("([dsNn#]+)r*[eg]i?$")  # "with Ann Wu ending by"
_AFTER = re.compile(r"r*(?:e(?=[eNnw]))*(?:([po])|((?:[ds]d?)?(?:[Nnw#G]|(?<=[ds])t)+))")


class Phrase(NamedTuple):
    """A noun phrase: its places in the chain from ``first`` up to but without ``last``, and the place of its ``head``."""

    first: int
    last: int
    head: int


def speaks(chain: Chain, phrase: Phrase) -> bool:
    """Whether the head of a noun phrase can speak: a pronoun, a name, or a noun for a person, a group or a document."""
    letter = chain.letters[phrase.head]
    if letter == "N":
        text = chain.words.text[chain.token[phrase.head]]
        place_or_label = text[-1] == "." or (len(text) == 2 and text.isupper()) or text.lower() in lexicon.LABELS
        return phrase.last - phrase.first > 1 or not place_or_label
    return letter in "pn" or chain.word(phrase.head) in lexicon.INDEFINITES


def phrase_before(chain: Chain, place: int, lowest: int) -> Phrase | None:
    """The noun phrase that ends right before a place: the head on the left of its prepositions, where that can speak."""
    letters = chain.letters
    if place <= lowest or letters[place - 1] in "ph":
        return Phrase(place - 1, place, place - 1) if place > lowest else None
    best: Phrase | None = None
    end = place
    while end > lowest:
        first = _run_back(letters, end, lowest)
        if first == end:
            break
        made = Phrase(first, place, _head(letters, first, end))
        if best is None or speaks(chain, made) or not speaks(chain, best):
            best = made
        end = _further(chain, first, lowest)
    return _without_occasion(chain, best) if best is not None else None


def _without_occasion(chain: Chain, phrase: Phrase) -> Phrase:
    """A noun phrase without the occasion behind its head: *Ann Wu in her speech*, but *a man in the crowd*."""
    behind = phrase.head + 1
    if behind >= phrase.last or chain.letters[behind] != "i":
        return phrase
    word, name = chain.word(behind), chain.letters[phrase.head] == "N"
    occasion = word not in _BELONGING if name else word in _OCCASIONS or (word in ("in", "with") and chain.letters[behind + 1] == "s")
    return phrase._replace(last=behind) if occasion else phrase


def _further(chain: Chain, first: int, lowest: int) -> int:
    """Where the phrase ends that the one beginning at a place belongs to: *X of Y*, *X speaking to Y*, *X and Y*; 0 for none."""
    letters = chain.letters
    if first - 1 <= lowest:
        return 0
    before = letters[first - 1]
    if before in "iI":
        if letters[first - 2] in NOUNS:
            return first - 1
        return first - 2 if first - 2 > lowest and letters[first - 2] in "gev" and letters[first - 3] in NOUNS else 0
    return first - 1 if before == "c" and letters[first - 2] in "Nn" and chain.word(first - 1) == "and" else 0


def _run_back(letters: str, end: int, lowest: int) -> int:
    """Where the run of words that can make one noun phrase begins, from its end backwards."""
    first = end
    while first > lowest and (
        letters[first - 1] in "Nnw#t" or (letters[first - 1] == "G" and first < end and first - 1 > lowest and letters[first - 2] in "Nnwt")
    ):
        first -= 1
    if first > lowest and (letters[first - 1] == "d" or (letters[first - 1] == "s" and first < end)):
        first -= 1
        return first - 1 if first > lowest and letters[first - 1] == "d" else first
    while end - first > 1 and letters[first] == "t":
        first += 1
    return first


def _head(letters: str, first: int, last: int) -> int:
    """The head of a noun phrase without prepositions: its last noun."""
    place = last - 1
    while place > first and letters[place] == "t":
        place -= 1
    return place


def phrase_after(chain: Chain, place: int, highest: int) -> Phrase | None:
    """The noun phrase that begins at a place, up to its first head, without what prepositions add."""
    match = _AFTER.match(chain.letters, place, highest)
    if match is None:
        if place < highest and chain.word(place) in ("who", *lexicon.INDEFINITES):
            return Phrase(place, place + 1, place)
        return None
    first, last = match.span(1) if match.group(1) else match.span(2)
    return Phrase(first, last, _head(chain.letters, first, last))


def subject(chain: Chain, cue: int) -> Phrase | None:
    """The subject of the verb at a place of the chain, looked for in its sentence; None where it has none.

    Auxiliaries, adverbs and times are skipped, an apposition between commas or dashes is stepped over, a relative pronoun stands for
    its antecedent, and a verb behind *and* or in *-ing* has the subject of the verb before it. Behind a comma or a quotation the
    subject may follow: *…, said the mayor.*
    """
    if cue not in chain.subjects:
        chain.subjects[cue] = None  # so that a subject looked up on the way to itself is none
        chain.subjects[cue] = _subject(chain, cue)
    return chain.subjects[cue]


def _subject(chain: Chain, cue: int) -> Phrase | None:
    letters = chain.letters
    begin, end = chain.sentence(cue)
    inverted = _inverted(chain, cue, begin, end)
    if inverted is not None:
        return inverted
    place = _verb_begins(chain, cue, begin)
    if place == begin:
        return None
    before = letters[place - 1]
    if letters[cue] == "g":
        return _participle(chain, place, begin)
    if before in "cI":
        return inherited(chain, place - 1, begin)
    if before in ",-":
        return _across(chain, place - 1, begin)
    if before == "h":
        content = chain.word(place - 1) == "that" and place - 1 > begin and letters[place - 2] not in NOUNS
        return None if content else _antecedent(chain, place - 1, begin)
    if before in "ev" and place - 1 > begin and letters[place - 2] in "nN" and chain.word(place - 1).endswith("ed"):
        place -= 1
    return None if letters[place - 1] in "eVvQ" else phrase_before(chain, place, begin)


def _inverted(chain: Chain, cue: int, begin: int, end: int) -> Phrase | None:
    """The subject behind a verb: *…, said Ann Wu, …*."""
    letters = chain.letters
    if cue == begin or letters[cue - 1] not in ",Q-" or letters[cue] == "g" or lexicon.VERBS.get(chain.word(cue)) in lexicon.DIRECTED:
        return None
    phrase = phrase_after(chain, cue + 1, end)
    if phrase is None:
        return None
    behind = letters[phrase.last] if phrase.last < end else "."
    return phrase if behind in ".:" or (behind == "," and letters[phrase.head] in "Np") else None


def _verb_begins(chain: Chain, cue: int, begin: int) -> int:
    """Where the words of a verb begin: its auxiliaries, adverbs and times, and *made* before *clear*."""
    letters, place = chain.letters, cue
    if chain.word(cue) in ("clear", "point", "case"):
        while place > begin and (letters[place - 1] == "d" or chain.word(place - 1) in _MAKE):
            place -= 1
    while place > begin and letters[place - 1] in "xrGt":
        before = _without_time(letters, place, begin) if letters[place - 1] == "t" else place - 1
        if before == place:
            break
        place = before
    return place


def _without_time(letters: str, place: int, begin: int) -> int:
    """Where the words for a time begin that stand before a place: *on the last Monday*."""
    first = place
    while first > begin and letters[first - 1] in "td#":
        first -= 1
    if first > begin and letters[first - 1] == "i":
        return first - 1
    return first if first > begin and letters[first - 1] in "pNnrVe" else place


def _participle(chain: Chain, place: int, begin: int) -> Phrase | None:
    """The subject of a participle: the noun before it, unless that is an object, else the speaker of the sentence so far."""
    letters = chain.letters
    phrase = phrase_before(chain, place, begin) if letters[place - 1] in "nN" else None
    if phrase is not None and speaks(chain, phrase) and lexicon.singular(chain.word(phrase.head)) not in lexicon.UTTERANCES:
        free = phrase.first == begin or letters[phrase.first - 1] not in "VvegGiI" or chain.word(phrase.first - 1) == "with"
        return phrase if free else inherited(chain, place - 1, begin)
    for brought in range(place - 1, begin, -1):
        if letters[brought] == "i" and chain.word(brought) == "with":
            match = _BROUGHT.match(letters, brought + 1, place)
            if match is not None:
                return Phrase(brought + 1, match.end(1), match.end(1) - 1)
    return inherited(chain, place - 1, begin)


def _antecedent(chain: Chain, relative: int, begin: int) -> Phrase | None:
    """What a relative pronoun stands for: the noun phrase before it and its comma."""
    place = relative
    while place > begin and chain.letters[place - 1] in ",-":
        place -= 1
    if place > begin and chain.letters[place - 1] == "i":
        place -= 1
    return phrase_before(chain, place, begin)


def _across(chain: Chain, comma: int, begin: int) -> Phrase | None:
    """The subject in front of what stands between two commas or dashes, the second of which is given."""
    letters, name = chain.letters, comma
    while name > begin and letters[name - 1] == "N":
        name -= 1
    if comma - name > 1 and name > begin and letters[name - 1] == "," and chain.word(comma - 1) not in lexicon.TITLES:
        return Phrase(name, comma, comma - 1)
    first = begin
    while first < comma and letters[first] in "crb~,-":
        first += 1
    for opening in range(first, comma):
        if letters[opening] in ",-":
            phrase = phrase_before(chain, opening, begin)
            if phrase is not None and speaks(chain, phrase) and _can_be_subject(chain, phrase, first):
                return _named(chain, phrase, opening + 1, comma)
    return inherited(chain, comma, begin)


def _can_be_subject(chain: Chain, phrase: Phrase, first: int) -> bool:
    if phrase.first <= first:
        return True
    return chain.letters[phrase.first - 1] in _BEFORE_SUBJECT and chain.word(phrase.first - 1) not in lexicon.PREPOSITIONS


def _named(chain: Chain, phrase: Phrase, first: int, comma: int) -> Phrase:
    """The name that stands as an apposition to a role: *the mayor, Ann Wu,*; else the noun phrase itself."""
    role = chain.letters[phrase.head] == "n" or chain.letters[phrase.first] in "ds"
    inside = chain.letters[first:comma]
    return Phrase(first, comma, comma - 1) if role and len(inside) > 1 and set(inside) == {"N"} else phrase


def inherited(chain: Chain, place: int, begin: int) -> Phrase | None:
    """Who speaks in a sentence before a place: the subject of its nearest verb of speech, else of any verb, else its first noun."""
    letters = chain.letters
    if _SPEAKING.search(letters, begin, place) is None:
        return None
    for verb in range(place - 1, begin, -1):
        if letters[verb] == "V" and letters[verb - 1] not in "cIg":
            phrase = subject(chain, verb)
            if phrase is not None and speaks(chain, phrase):
                return phrase
    for verb in range(begin + 1, place):
        if letters[verb] in "Vvex" or (letters[verb] == "G" and letters[verb - 1] == "p"):
            phrase = _any_subject(chain, verb, begin)
            if phrase is not None and speaks(chain, phrase):
                return phrase
    for first in range(begin, place):
        if letters[first] in "pNnd" and (first == begin or letters[first - 1] in ",-cb"):
            phrase = phrase_after(chain, first, place)
            if phrase is not None and speaks(chain, phrase):
                return phrase
    return None


def _any_subject(chain: Chain, verb: int, begin: int) -> Phrase | None:
    """The noun phrase before any verb, or before the apposition in front of it."""
    letters, end = chain.letters, verb
    while end > begin and letters[end - 1] in "rx":
        end -= 1
    if end > begin + 2 and letters[end - 1] in ",-" and "," in letters[begin : end - 1]:
        first = begin
        opening = letters.index(",", begin, end - 1)
        phrase = phrase_before(chain, opening, begin)
        if phrase is not None and speaks(chain, phrase) and _can_be_subject(chain, phrase, first):
            return phrase
    return phrase_before(chain, end, begin)


def owner(chain: Chain, noun: int, begin: int) -> Phrase | None:
    """Whose words a noun of speech is: *her remark*, *the board's claim*."""
    place = noun
    while place > begin and chain.letters[place - 1] in "wnrtN#":
        place -= 1
    if place > begin and chain.letters[place - 1] == "s":
        return Phrase(place - 1, place, place - 1)
    if place - 1 > begin and chain.letters[place - 1] == "G" and chain.letters[place - 2] != "p":
        return phrase_before(chain, place - 1, begin)
    return None
