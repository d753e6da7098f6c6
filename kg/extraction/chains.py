"""Chains: the text outside quotations as a string of word classes, so that patterns of grammar are patterns of letters.

No tagger is needed: closed classes come from the lexicon, names from their capitals, and what a word of speech is from its form and
its neighbours. The letters:

nouns: N a capitalised word, n a common noun that can speak, w any other word, t a time, # a number; pronouns: p subject, o object,
s possessive, h relative; verbs: V strong verb of speech, v weak one, g one in -ing, x auxiliary, e any other; d determiner, G the 's of
an owner or a verb, i preposition, I *to*, c and/or/but, b subordinator, r adverb, a according, Q a quotation; marks: , : . - and ~.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.extraction import lexicon
from kg.extraction.quotations import Quotation
from kg.extraction.words import Words

if TYPE_CHECKING:
    from kg.extraction.phrases import Phrase

NOUNS = "NnwtD#"
_ENDS = frozenset((".", "!", "?", "…", "...", "….", "...."))
_LONGEST = 120  # elements of a sentence: what is longer is a list or no sentence at all
_BRACKET = 15  # words of a bracket that a sentence is read without
_DASHES = frozenset(("-", "‐", "‒", "–", "—", "―", "--", "---"))
_MAKE = frozenset(("make", "makes", "made", "making"))
_HIT = frozenset(("hit", "hits", "shot", "shoots", "fired", "fires", "clapped", "claps", "punched", "snapped"))
_POINTS = frozenset(("clear", "point", "case"))
_PLURAL = ("s", "people", "men", "women", "who", "others", "police")
_GOVERNED = (
    lexicon.DETERMINERS
    | lexicon.PERSONAL
    | lexicon.OBJECT_PRONOUNS
    | lexicon.POSSESSIVES
    | {"that", "how", "for", '"', "“", "‘", "'", ":", "."}
)


def _classes() -> dict[str, str]:
    made: dict[str, str] = {}
    for letter, group in (
        ("n", lexicon.SPEAKING_NOUNS),
        ("t", lexicon.TIMES),
        ("r", lexicon.ADVERBS),
        ("e", lexicon.OTHER_VERBS),
        ("i", lexicon.PREPOSITIONS),
        ("b", lexicon.SUBORDINATORS),
        ("c", ("and", "or", "but", "nor", "yet")),
        ("o", lexicon.OBJECT_PRONOUNS),
        ("s", lexicon.POSSESSIVES),
        ("p", lexicon.PERSONAL),
        ("d", lexicon.DETERMINERS),
        ("x", lexicon.AUXILIARIES),
        ("h", lexicon.RELATIVES),
        ("-", _DASHES),
        (".", _ENDS),
    ):
        made.update(dict.fromkeys(group, letter))
    return made | {"'s": "G", "’s": "G", "to": "I", "according": "a", "her": "s", ",": ",", ";": ",", ":": ":"}


_CLASSES = _classes()
_VERBS = lexicon.OTHER_VERBS | lexicon.CUES


@dataclass(slots=True)
class Chain:
    """The words outside the quotations and short brackets: ``token`` holds their numbers, ``letters`` their classes.

    A quotation is one element (the letter Q, the token of its opening mark); ``quote`` maps that token to the quotation's number.
    ``sentences`` holds where each sentence begins in the chain, and the length of the chain at the end; a quotation that ends like a
    sentence ends the one around it. ``subjects`` remembers the subjects that were looked up.
    """

    words: Words
    quotations: list[Quotation]
    token: list[int] = field(default_factory=list)
    letters: str = ""
    quote: dict[int, int] = field(default_factory=dict)
    sentences: list[int] = field(default_factory=list)
    subjects: dict[int, Phrase | None] = field(default_factory=dict)

    def at(self, token: int) -> int:
        """The place in the chain of a token, or of the first one behind it."""
        return bisect_left(self.token, token)

    def sentence(self, place: int) -> tuple[int, int]:
        """Where the sentence of a place begins and ends in the chain."""
        number = bisect_right(self.sentences, place, hi=len(self.sentences) - 1) - 1
        return self.sentences[number], self.sentences[number + 1]

    def word(self, place: int) -> str:
        """The word at a place in lower case."""
        return self.words.lower[self.token[place]]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets of the places from ``first`` up to but without ``last``."""
        return self.words.start[self.token[first]], self.words.end[self.token[last - 1]]


def chain(words: Words, quotations: list[Quotation]) -> Chain:
    """The chain of a text, made once: quotations as one element each, short brackets left out.

    >>> from pathlib import Path
    >>> from kg.documents import Document, digest
    >>> from kg.extraction.outline import outline
    >>> from kg.extraction.quotations import quotations
    >>> from kg.extraction.words import words
    >>> source = "The mayor (61) said: “No.” Ann Wu has left."
    >>> read = words(source, outline(Document(Path("note.txt"), source, digest(source))))
    >>> made = chain(read, quotations(read))
    >>> made.letters, made.sentences
    ('dnV:QNNxe.', [0, 5, 10])
    """
    if words.chain is not None and words.chain.quotations is quotations:
        return words.chain
    made, text, lower = Chain(words, quotations), words.text, words.lower
    letters: list[str] = []
    token, starts = made.token, [0]
    stops = {quotation.first - 1: number for number, quotation in enumerate(quotations)}
    ends = iter((*words.blocks[1:], len(text)))
    block, number, previous = next(ends), 0, "."
    while number < len(text):
        while number >= block:
            block, previous = next(ends), "."
            starts.append(len(token))
        if len(token) - starts[-1] >= _LONGEST:
            starts.append(len(token))
        stop = stops.get(number)
        word = text[number]
        if stop is None and word in ("(", "["):
            behind = _bracket(words, number, block, stops)
            if behind:
                number = behind
                continue
        token.append(number)
        if stop is None:
            previous = _letter(words, number, word, lower[number], previous)
            number += 1
            over = previous == "." and (number >= len(text) or not text[number][0].islower())
        else:
            made.quote[number], previous = stop, "Q"
            number = quotations[stop].last + quotations[stop].closed
            over = _is_over(words, quotations[stop], number, block)
        letters.append(previous)
        if over:
            previous = "."
            starts.append(len(token))
    made.letters = "".join(letters)
    made.sentences = [*sorted({start for start in starts if start < len(token)} | {0}), len(token)]
    words.chain = made
    return made


def _is_over(words: Words, quotation: Quotation, number: int, block: int) -> bool:
    """Whether a quotation ends the sentence around it: not before `Ann Wu asked`, a comma or a small letter."""
    text, lower = words.text, words.lower
    if not quotation.closed or text[quotation.last - 1] not in _ENDS:
        return False
    if number >= block:
        return True
    if text[number][0] in ",;:—–―-(" or text[number][0].islower():
        return False
    if text[quotation.last - 1] == ".":
        return True
    for after in range(number + 1, min(number + 7, block)):
        if lower[after] in lexicon.CUES and lexicon.FORM[lower[after]] in ("s", "past"):
            return not text[after][0].islower()
        if not text[after][0].isalpha() and text[after] not in ("'s", "’s"):
            return True
    return True


def _bracket(words: Words, number: int, block: int, stops: dict[int, int]) -> int:
    """The token behind a short bracket without quotations, else 0."""
    close = ")" if words.text[number] == "(" else "]"
    for after in range(number + 1, min(number + _BRACKET, block)):
        if words.text[after] == close:
            return after + 1
        if after in stops:
            return 0
    return 0


def _letter(words: Words, number: int, word: str, lower: str, previous: str) -> str:
    """The class of a word."""
    capital = word[0].isupper() and word != "I"
    if capital and (previous != "." or _begins_name(words, number, lower)):
        return "t" if lower in lexicon.DAYS else "d" if word == "A" else "N"
    if _is_idiom(words, number, lower, previous):
        return "V"
    if lower in lexicon.CUES:
        return _cue(words, number, lower, previous)
    known = _CLASSES.get(lower)
    if known is not None:
        return known
    if capital:
        return "r" if lower.endswith("ly") and _opens_clause(words, number) else "N"
    return _unknown(words, number, word, lower, previous)


def _begins_name(words: Words, number: int, lower: str) -> bool:
    """Whether a word at the beginning of a sentence that could be a verb begins a name: *Grant Hill*, but not *Stated Ann Wu:*."""
    if lower not in _VERBS or number + 1 == len(words.text) or not words.text[number + 1][0].isupper():
        return False
    return lower not in lexicon.STRONG_FORMS or ":" not in words.text[number + 2 : number + 6]


def _is_idiom(words: Words, number: int, lower: str, previous: str) -> bool:
    """*made clear*, *made the point*, *as she put it*, *hit back*."""
    if lower in _POINTS:
        return number > 1 and (words.lower[number - 1] in _MAKE or (previous == "d" and words.lower[number - 2] in _MAKE))
    follower = words.lower[number + 1] if number + 1 < len(words.text) else ""
    return (lower in ("put", "puts") and follower == "it") or (lower in _HIT and follower == "back")


def _opens_clause(words: Words, number: int) -> bool:
    """Whether a word that ends in -ly is an adverb in front of its clause, not a name: *Recently, the board …*."""
    follower = words.text[number + 1] if number + 1 < len(words.text) else ""
    return follower == "," or follower[:1].isupper() or follower in lexicon.DETERMINERS or follower in lexicon.PERSONAL


def _unknown(words: Words, number: int, word: str, lower: str, previous: str) -> str:
    """The class of a word that stands in no list, by its ending and the word before it."""
    if word[0].isdigit():
        return "#"
    if not word[0].isalpha():
        owner = (
            word in ("'", "’") and previous in "Nnw" and words.text[number - 1][-1] == "s" and words.end[number - 1] == words.start[number]
        )
        joint = word == "&" and previous == "N" and number + 1 < len(words.text) and words.text[number + 1][0].isupper()
        return "G" if owner else "N" if joint else "-" if word in "•*" else "~"
    if lower.endswith("ly"):
        return "r"
    if (lower.endswith("ed") and len(lower) > 3 and previous not in "ds#G") or (
        lower.endswith("ing") and len(lower) > 5 and previous in "cN,npo"
    ):
        return "e"
    return "n" if lexicon.can_speak(lower) else "e" if previous in "xI" else "w"


def _is_followed_by_speaker(words: Words, number: int) -> bool:
    """Whether one of the next words can be who spoke: *“No” claims top doctor*, but not *“hidden” claims delays*."""
    block = words.block(number)
    for after in range(number + 1, min(number + 4, len(words.text))):
        if not words.text[after][0].isalpha() or words.block(after) != block:
            return False
        if words.text[after][0].isupper() or words.lower[after] in _GOVERNED or lexicon.can_speak(words.lower[after]):
            return True
    return False


def _cue(words: Words, number: int, lower: str, previous: str) -> str:
    """The class of a word that can be a verb of speech: the verb, or a noun of the same form."""
    form, base = lexicon.FORM[lower], lexicon.VERBS[lower]
    noun = "n" if lexicon.can_speak(lower) else "w"
    verb = "V" if base in lexicon.STRONG else "v"
    follower = words.lower[number + 1] if number + 1 < len(words.text) else ""
    before = words.lower[number - 1] if number else ""
    if (follower == "to" and base in lexicon.WITH_TO) or (lower == "blame" and before == "to"):
        return "e"
    if previous == "d" and before in lexicon.INDEFINITES and form in ("past", "s"):
        return verb
    if previous in "ds" or (previous == "G" and words.lower[number - 2] not in lexicon.PERSONAL):
        return noun
    if form == "ing":
        return "g"
    if form == "base":
        if previous == "w":
            return verb if before[-1] == "s" and f"{lower}s" not in lexicon.PLURALS else noun
        plural = previous in "nNh" and before.endswith(_PLURAL)
        return verb if plural or previous in "xIp" or (previous == "r" and not words.text[number][0].isupper()) else noun
    if follower == "to" and base in lexicon.PROMISING:
        return verb
    if lower in lexicon.PLURALS and (previous not in "pNnhQ,r" or (previous in "nN" and follower not in _GOVERNED)):
        return noun
    if lower in lexicon.PLURALS and previous == "Q" and follower.isalpha() and not _is_followed_by_speaker(words, number):
        return noun
    return verb
