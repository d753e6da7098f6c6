"""The grammar of a quotation's own sentence: who speaks by the verbs and nouns of speech beside it."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.extraction import lexicon, phrases
from kg.extraction.attributions import Span
from kg.extraction.phrases import Chain, Phrase
from kg.extraction.quotations import LABELLED, Quotation

_LINKS = frozenset(("that", "as", "how", "why", "whether", "what"))
_SUBORDINATE = frozenset(("although", "though", "after", "when", "while", "as", "if", "since", "before", "because"))
_SAYING = frozenset(("say", "read", "add", "tell", "report", "state", "call", "describe"))
_LINK = re.compile("[ridtwnNs#]*?[bh]")  # what may stand before "that"
_CLAUSE = re.compile("(?:p|[ds]?[Nnw#]+)[xe]r*$")  # "she thinks the rules are …"
_PARENTHESIS = re.compile("r*(?:$|[.,:tiIQ])")
_CUES = re.compile("[Vvga]")
_BARE = re.compile("[pNn]+V")
_OTHER_VERB = re.compile("(p|d?w?[nN]+)r?e")
_INVERTED = re.compile("(e)(N+)")


class Found(NamedTuple):
    """What a rule found: the mention of the speaker and the words that attribute, each None where there is none, and its name."""

    speaker: Span | None
    cue: Span | None
    rule: str


def found(chain: Chain, phrase: Phrase, cue: tuple[int, int] | None, rule: str) -> Found:
    """What was found, its places turned into offsets."""
    return Found(chain.span(phrase.first, phrase.last), chain.span(*cue) if cue else None, rule)


def by_grammar(chain: Chain, place: int, quotation: Quotation) -> Found | None:
    """The speaker by the grammar of the sentence: behind the quotation, before it, further on; a guess comes last."""
    begin, end = chain.sentence(place)
    cues = [match.start() for match in _CUES.finditer(chain.letters, begin, place)]
    cues.reverse()
    return (
        _after(chain, place, end, quotation)
        or _colon(chain, place, begin, quotation)
        or _before(chain, place, begin, cues)
        or _source(chain, begin, end)
        or _later(chain, place, end)
        or _inner(chain, place, begin, cues)
        or _owner(chain, place, begin)
    )


def _after(chain: Chain, place: int, end: int, quotation: Quotation) -> Found | None:
    """`"…," said NP`, `"…," NP said` and `"…," according to NP`."""
    letters = chain.letters
    first = place + 1
    last = _last_word(chain, quotation)
    if first >= end or (last in "?!." and letters[place - 1 : place] in (":", ",", "V")):
        return None
    if letters[first] == ",":
        first += 1
    elif last not in ",?!…—–.-" and not _is_bare(chain, place, first, end):
        return None
    if letters[first : first + 1] == "a":
        return _according(chain, first, end)
    return _said_after(chain, first, end) or (None if _is_subordinate(chain, place) else _subject_after(chain, first, end))


def _is_subordinate(chain: Chain, place: int) -> bool:
    """Whether a quotation ends a clause with its own verb of speech before the main one: *Although she said it was “…,” he left*."""
    begin, _ = chain.sentence(place)
    opener = begin + 1 if chain.word(begin) == "even" else begin
    return chain.word(opener) in _SUBORDINATE and "V" in chain.letters[opener:place]


def _last_word(chain: Chain, quotation: Quotation) -> str:
    """The last character of a quotation, but for the mark that ends a quotation inside it."""
    text, last = chain.words.text, quotation.last - 1
    return text[last - 1 if text[last] in ("'", "’") and last - 1 > quotation.first else last][-1]


def _is_bare(chain: Chain, place: int, first: int, end: int) -> bool:
    """Whether `said NP` or, at the beginning of a sentence, `NP said` follows a quotation without a comma."""
    if chain.letters[first] == "V":
        return chain.letters[first + 1 : first + 2] in ("N", "n", "d", "p") and first + 1 < end
    return place == chain.sentence(place)[0] and _BARE.match(chain.letters, first, end) is not None


def _said_after(chain: Chain, first: int, end: int) -> Found | None:
    letters, verb = chain.letters, first
    while verb < end and letters[verb] == "r":
        verb += 1
    if verb < end and letters[verb] in "Vv" and lexicon.VERBS.get(chain.word(verb)) != "tell":
        phrase = phrases.phrase_after(chain, verb + 1, end)
        if phrase is not None:
            return found(chain, phrase, (verb, verb + 1), "said-after")
    match = _INVERTED.match(letters, verb, end)
    return Found(chain.span(*match.span(2)), chain.span(*match.span(1)), "said-after") if match else None


def _subject_after(chain: Chain, first: int, end: int) -> Found | None:
    letters = chain.letters
    for verb in range(first + 1, min(first + 40, end)):
        if letters[verb] == "Q":
            break
        if letters[verb] in "Vv":
            if phrases.phrase_after(chain, first, verb) is None:
                break
            phrase = phrases.subject(chain, verb)
            if phrase is not None and phrase.first >= first:
                return found(chain, phrase, (verb, verb + 1), "subject-after")
    match = _OTHER_VERB.match(letters, first, end)
    return Found(chain.span(*match.span(1)), chain.span(match.end() - 1, match.end()), "subject-after") if match else None


def _colon(chain: Chain, place: int, begin: int, quotation: Quotation) -> Found | None:
    """`NP: "…"` and `NP shrugged: "…"`."""
    letters, colon = chain.letters, place - 1
    if quotation.mark == LABELLED:
        first = place - 1
        while first > begin and letters[first - 1] in "NVvt":
            first -= 1
        return found(chain, Phrase(first, place, place - 1), None, "name-colon")
    if colon <= begin or letters[colon] != ":":
        return None
    first = colon
    while first > begin and letters[first - 1] in "Nc":
        first -= 1
    if colon - first == 1 and chain.word(first) in lexicon.LABELS:
        return None
    if first < colon and (first == begin or letters[first - 1] == "-"):
        return found(chain, Phrase(first, colon, colon - 1), None, "name-colon")
    if chain.word(begin) == "from":
        begin += 1
    phrase = phrases.phrase_before(chain, colon, begin)
    if phrase is not None and phrases.speaks(chain, phrase) and (phrase.first == begin or chain.word(phrase.first - 1) == "by"):
        return found(chain, phrase, None, "name-colon")
    verb = colon - 1
    while verb > begin and letters[verb] in "ri":
        verb -= 1
    phrase = phrases.subject(chain, verb) if letters[verb] == "e" and verb > begin else None
    if phrase is not None and phrases.speaks(chain, phrase):
        return found(chain, phrase, (verb, verb + 1), "subject-before")
    return _object(chain, first, colon, begin)


def _object(chain: Chain, first: int, colon: int, begin: int) -> Found | None:
    """`It surprised the pollster Ann Wu: "…"`: a name right before the colon of a sentence without a verb of speech."""
    letters = chain.letters
    if colon - first > 1 and letters[first - 1] in "nw" and not _CUES.search(letters, begin, colon):
        return found(chain, Phrase(first, colon, colon - 1), None, "name-colon")
    return None


def _before(chain: Chain, place: int, begin: int, cues: list[int]) -> Found | None:
    """`NP said … "…"`: the nearest verb of speech that governs the quotation and is not itself part of what somebody says."""
    if chain.word(place - 1) == "that" and place > begin:
        claimed = _claim(chain, place, cues[0] if cues else begin, begin)
        if claimed is not None:
            return claimed
    predicate = _is_predicate(chain, place)
    for cue in cues:
        if chain.letters[cue] == "a":
            according = _according(chain, cue, place)
            if according is not None:
                return according
            continue
        phrase = _speaker_of(chain, cue, place, begin)
        if phrase is not None and not _embedded(chain, cue, phrase, begin, predicate):
            return found(chain, phrase, (cue, cue + 1), "subject-before")
    return None


def _claim(chain: Chain, place: int, lowest: int, begin: int) -> Found | None:
    """`her claim that "…"`, with no verb between."""
    for noun in range(place - 2, lowest, -1):
        if chain.letters[noun] in "nw" and lexicon.singular(chain.word(noun)) in lexicon.CUE_NOUNS:
            phrase = phrases.owner(chain, noun, begin)
            if phrase is not None:
                return found(chain, phrase, (noun, noun + 1), "owner-of-words")
    return None


def _inner(chain: Chain, place: int, begin: int, cues: list[int]) -> Found | None:
    """The nearest verb of speech of all, part of what somebody says or not."""
    for cue in cues:
        phrase = _speaker_of(chain, cue, place, begin) if chain.letters[cue] != "a" else None
        if phrase is not None:
            return found(chain, phrase, (cue, cue + 1), "subject-before")
    return None


def _speaker_of(chain: Chain, verb: int, place: int, begin: int) -> Phrase | None:
    """The subject of a verb of speech that governs the quotation at a place."""
    if (chain.letters[verb] != "V" and not _governs(chain, verb, place)) or is_passive(chain, verb, begin):
        return None
    phrase = phrases.subject(chain, verb)
    if phrase is None and verb == begin and chain.letters[place - 1] == ":":
        return phrases.phrase_after(chain, verb + 1, place)
    return phrase


def _governs(chain: Chain, verb: int, place: int) -> bool:
    """Whether a weak verb of speech governs the quotation at a place: next to it, or with *that*, *as* or a colon between."""
    between = chain.letters[verb + 1 : place]
    base = lexicon.VERBS.get(chain.word(verb), "")
    if base in lexicon.STRONG or (base in lexicon.CALLING and len(between) < 8):
        return True
    if not between or between[-1] in ":," or (len(between) == 1 and (between not in "iI" or chain.word(verb + 1) in ("for", "of", "as"))):
        return True
    if base in lexicon.MENTAL and chain.letters[verb - 1] != "h" and _CLAUSE.match(between):
        return True
    link = _LINK.match(between)
    return chain.word(place - 1) in _LINKS or (link is not None and chain.word(verb + 1 + link.end() - 1) in _LINKS)


def _is_predicate(chain: Chain, place: int) -> bool:
    """Whether a quotation begins with a verb."""
    return chain.words.lower[chain.token[place] + 1] in lexicon.AUXILIARIES


def _embedded(chain: Chain, verb: int, phrase: Phrase, begin: int, predicate: bool) -> bool:
    """Whether a verb of speech is likely part of what somebody says: a thought, what would be said, or what *it* shows.

    ``predicate``: whether the quotation begins with a verb, so that a relative clause before it belongs to that verb's subject.
    """
    base, place = lexicon.VERBS.get(chain.word(verb), ""), verb - 1
    while place > begin and chain.letters[place] == "r":
        place -= 1
    if base in lexicon.MENTAL or chain.word(place) in lexicon.MODALS:
        return True
    if chain.letters[place] == "h" and predicate:
        return True
    return chain.word(phrase.head) == "it" and base not in _SAYING


def is_passive(chain: Chain, verb: int, begin: int) -> bool:
    """Whether a verb of speech is passive: *was told*."""
    place = verb - 1
    while place > begin and chain.letters[place] == "r":
        place -= 1
    return place >= begin and chain.word(place) in lexicon.BE and lexicon.FORM.get(chain.word(verb)) != "ing"


def _source(chain: Chain, begin: int, end: int) -> Found | None:
    """`according to NP` anywhere in the sentence."""
    place = chain.letters.find("a", begin, end - 2)
    return _according(chain, place, end) if place >= 0 else None


def _according(chain: Chain, place: int, end: int) -> Found | None:
    """Whom *according to* names: no bare document, as in *according to plan*."""
    phrase = phrases.phrase_after(chain, place + 2, end)
    if phrase is None or (phrase.last - phrase.first == 1 and chain.word(phrase.head) in lexicon.DOCUMENT_NOUNS):
        return None
    return found(chain, phrase, (place, place + 2), "according-to")


def _later(chain: Chain, place: int, end: int) -> Found | None:
    """`… "…" …, NP said` and `… "…" …, said NP` further on in the sentence."""
    heading = chain.words.outline.blocks[chain.words.block(chain.token[place])].kind == "heading"
    verb = chain.letters.find("V", place + 1, end)
    while verb >= 0:
        if not is_passive(chain, verb, place):
            phrase = phrases.phrase_after(chain, verb + 1, end) if chain.letters[verb - 1] == "," else None
            if phrase is None and (
                heading or lexicon.VERBS.get(chain.word(verb)) == "tell" or _PARENTHESIS.match(chain.letters, verb + 1, end)
            ):
                phrase = phrases.subject(chain, verb)
            if phrase is not None and phrase.first > place:
                return found(chain, phrase, (verb, verb + 1), "cue-later")
        verb = chain.letters.find("V", verb + 1, end)
    return None


def _owner(chain: Chain, place: int, begin: int) -> Found | None:
    """`in her words, "…"`, `his response was: "…"` and `the board's "…"`."""
    letters, noun = chain.letters, place - 1
    if _is_predicate(chain, place):
        return None
    if noun > begin and letters[noun] == "G" and letters[noun - 1] != "p":
        phrase = phrases.phrase_before(chain, noun, begin)
        return found(chain, phrase, None, "owner-of-words") if phrase is not None and phrases.speaks(chain, phrase) else None
    while noun > begin and noun > place - 4 and (letters[noun] in ",:" or chain.word(noun) in ("of", "was", "is", "that")):
        noun -= 1
    if noun > begin and letters[noun] in "nw" and lexicon.singular(chain.word(noun)) in lexicon.CUE_NOUNS:
        phrase = phrases.owner(chain, noun, begin)
        if phrase is not None and (letters[phrase.head] == "s" or phrases.speaks(chain, phrase)):
            return found(chain, phrase, (noun, noun + 1), "owner-of-words")
    return None
