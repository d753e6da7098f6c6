"""Complements: what a cue reports - the clause, infinitive or noun phrase behind it, and where that ends."""

from __future__ import annotations

from typing import NamedTuple

from kg.extraction.cues import FINITE, FOLLOWERS, VERBS, Cue
from kg.extraction.lexicon import DETERMINERS, PERSONAL, POSSESSIVES, PREPOSITIONS, TIMES
from kg.extraction.naming import listed
from kg.extraction.predicates import AUXILIARIES
from kg.extraction.words import Words

MARKS = frozenset("\"“”‘’'`„«»") | {"''", "``"}
SUBJECTS = listed("i you he she it we they there this that these those")
QUESTIONS = listed("whether if how why what when who where which")
_INTRODUCERS = QUESTIONS | listed("that to of for as")
_CLITICS = frozenset(("'s", "’s"))
_DETERMINERS = DETERMINERS | POSSESSIVES | SUBJECTS
_SKIPPED = listed("also then now still again only just later instead once even yet again simply merely today yesterday tonight")
_FURTHER = listed("further again repeatedly hard back")
_TO_SOMEBODY = listed("apologise apologize")
_JOINED = PREPOSITIONS | {"and", "or"}
_CUTS = listed("so but while although though whereas according")
STOPS = _CUTS | listed("which who where even as when")
_LONGEST = 200  # the most tokens of one reported clause: what is longer is no prose
_REACH = 30  # the most tokens looked at for the verb of a clause


class Complement(NamedTuple):
    """What is reported: its first token, and its ``kind``: clause, that, whether, infinitive or noun."""

    start: int
    kind: str


def complement(words: Words, quoted: bytearray, number: int, last: int, cue: Cue, passive: bool) -> Complement | None:
    """What stands behind a cue verb as its frames allow, None where nothing does or where it is a quotation.

    ``quoted`` marks the tokens between quotation marks; ``number`` is the verb's token, ``last`` the end of its sentence.
    """
    lower, at, frames = words.lower, number + 1, cue.frames
    if at + 1 < last and lower[at] in _FURTHER and lower[at + 1] in FOLLOWERS.get(cue.lemma, ()):
        at += 1
    if cue.lemma in _TO_SOMEBODY and lower[at : at + 1] == ["to"]:
        at = next((number for number in range(at + 2, min(at + 20, last)) if lower[number] == "for"), at)
    particle = at < last and lower[at] in FOLLOWERS.get(cue.lemma, ())
    at = _behind_adverbs(words, at + particle, last, frames)
    if at >= last or lower[at] in (",", ";"):
        return None
    word = lower[at]
    if word == ":" and "c" in frames and at + 2 < last and lower[at + 1] not in MARKS and not quoted[at + 1]:
        return Complement(at + 1, "clause")
    if word == ":" and at + 1 < last and (lower[at + 1] in MARKS or quoted[at + 1]):
        return None  # what follows is the quotation itself
    if word in MARKS or quoted[at]:
        opens = (particle or "o" in frames) and not passive and _short_quotation(words, quoted, at, last)
        return Complement(at, "noun") if opens else None
    if passive and word == "by":
        at = _behind_agent(lower, at, last)
        word = lower[at]
    introduced = _introduced(words, at, frames, particle, passive)
    if introduced or particle:
        return introduced
    if passive:
        return Complement(at, "noun") if "d" in frames or ("o" in frames and word in ("as", "of", "for")) else None
    return _spoken(words, quoted, at, last, frames)


def _behind_agent(lower: list[str], at: int, last: int) -> int:
    """The token behind "by the board" that introduces what is reported; the same one where none does."""
    return next((number for number in range(at + 2, min(at + 9, last)) if lower[number] in _INTRODUCERS), at)


def _introduced(words: Words, at: int, frames: str, particle: bool, passive: bool) -> Complement | None:
    """What *that*, *whether* or *to* introduces, or a particle and a noun phrase."""
    lower = words.lower
    word = lower[at]
    if word == "that" and ("t" in frames or particle):
        return Complement(at, "that")
    if word in QUESTIONS and ("w" in frames or particle or "o" in frames):
        return Complement(at, "whether")
    if word == "to" or (word == "not" and lower[at + 1 : at + 2] == ["to"]):
        return Complement(at, "infinitive") if "i" in frames or (passive and "n" in frames) else None
    return Complement(at, "noun") if particle and word not in PREPOSITIONS and word[0].isalnum() else None


def _spoken(words: Words, quoted: bytearray, at: int, last: int, frames: str) -> Complement | None:
    """What stands behind a listener, a time or a place, or right behind the verb: a clause or a noun phrase."""
    lower = words.lower
    if "r" in frames or "n" in frames:
        told = _behind_listener(words, quoted, at, last, frames)
        if told or "o" not in frames:
            return told
    if "t" in frames:
        start = behind_adjunct(words, at, last)
        if start > at and lower[start] == "that":
            return Complement(start, "that")
        if (
            "c" in frames
            and not quoted[start]
            and lower[start] not in MARKS
            and (is_clause(words, start, last) or _surely(words, start, last, frames))
        ):
            return Complement(start, "clause")
    word = lower[at]
    if "o" in frames and word not in PREPOSITIONS and word[0].isalnum() and word not in ("and", "or", "but", "to"):
        return Complement(at, "noun")
    return None


def _goes_with(word: str) -> bool:
    """Whether a word goes on with a noun phrase that quoted words began."""
    return word in ("of", "to", "for") or not (
        word in PREPOSITIONS or word in VERBS or word in AUXILIARIES or word in _CUTS or word in ("and", "or")
    )


def _surely(words: Words, at: int, last: int, frames: str) -> bool:
    """Whether what follows a verb that takes no noun phrase must be a clause, though its verb is not known: "said the roof leaks"."""
    return (
        "o" not in frames
        and at + 2 < last
        and all(word[0].isalpha() for word in words.lower[at : at + 3])
        and words.lower[at] in _DETERMINERS
    )


def _short_quotation(words: Words, quoted: bytearray, at: int, last: int) -> bool:
    """Whether a few quoted words begin a noun phrase: "called for “a complete reform” of the rules"."""
    number = at + 1
    while number < min(last, at + 9) and quoted[number]:
        number += 1
    return number + 1 < last and words.lower[number] in MARKS and words.lower[number + 1].isalpha() and _goes_with(words.lower[number + 1])


def _behind_adverbs(words: Words, at: int, last: int, frames: str) -> int:
    after, lower = at, words.lower
    while after < last and (lower[after] in _SKIPPED or lower[after].endswith("ly")):
        after += 1
    return after if after < last and (lower[after] in ("that", "to") or "c" not in frames) else at


def _behind_listener(words: Words, quoted: bytearray, at: int, last: int, frames: str) -> Complement | None:
    """What stands behind "told the crowd"."""
    lower = words.lower
    for number in range(at, min(at + 16, last)):
        word = lower[number]
        if quoted[number] or word in MARKS or word in ";:." or (word == "," and lower[number + 1 : number + 2] != ["that"]):
            return None
        if word == "that" and "t" in frames:
            return Complement(number, "that")
        if word in QUESTIONS and "w" in frames:
            return Complement(number, "whether")
        if number == at:
            continue
        if word == "to" and "n" in frames:
            return Complement(at, "infinitive")
        if word == "about":
            return Complement(number + 1, "noun") if number + 1 < last else None
        if "c" in frames and word in AUXILIARIES and word not in _CLITICS:
            return Complement(at, "clause")  # "warned things would get worse"
        if number > at + 8:
            continue
        opens = word in SUBJECTS or (word in _DETERMINERS and lower[number - 1] not in _JOINED)
        if "c" in frames and opens and is_clause(words, number, last):
            return Complement(number, "clause")
    return None


def behind_adjunct(words: Words, at: int, last: int) -> int:
    """The token behind "on Monday", "in a statement": where a clause may begin; the same one where there is none such."""
    lower, text = words.lower, words.text
    number = at
    while number < last and number < at + 12:
        word = lower[number]
        if word in TIMES or word in _SKIPPED:
            number += 1
        elif word in PREPOSITIONS and word not in ("like", "as", "of"):
            number += 1
            if number < last and lower[number] in DETERMINERS | POSSESSIVES:
                number += 1
            begin = number
            while (
                number < last
                and (lower[number][0].isalnum() or lower[number] in _CLITICS)
                and not (lower[number] in _DETERMINERS or lower[number] in PREPOSITIONS or lower[number] in AUXILIARIES)
            ):
                if number > begin and text[number][0].isupper() and not text[number - 1][0].isupper() and lower[number] not in TIMES:
                    break
                number += 1
        else:
            break
    return number if number < last else at


def is_clause(words: Words, at: int, last: int) -> bool:
    """Whether a subject and its finite verb begin at a token."""
    lower = words.lower
    if at + 1 < last and lower[at] in SUBJECTS and words.text[at + 1][0].isalpha():
        return True
    for number in range(at + 1, min(last, at + _REACH)):
        word = lower[number]
        if word in (";", ":", "—", "–"):
            return False
        if lower[number - 1] in SUBJECTS if word in _CLITICS else _finite(word, lower[number - 1]):
            return True
    return False


def _finite(word: str, before: str) -> bool:
    """Whether a word is a finite verb, as far as its form and the word before it tell."""
    if word in AUXILIARIES or (word in VERBS and VERBS[word].form in ("past", "ed", "s")):
        return True
    return (word.endswith("ed") or word in FINITE) and before not in DETERMINERS and before not in POSSESSIVES


def end(words: Words, quoted: bytearray, start: int, last: int, kind: str, inside: bool = False) -> int:
    """The token behind the last one reported.

    ``kind``: that of the complement which begins at ``start``; ``inside``: whether its cue stands in a clause that a comma ends.
    """
    lower = words.lower
    short = kind in ("noun", "infinitive")
    stop = last = min(last, start + _LONGEST)
    for number in range(start + 1, last - 1):
        word = lower[number]
        if word not in _BREAKS or quoted[number]:
            continue
        if word == ":":
            if lower[number + 1] not in MARKS:
                continue
        elif word in MARKS:
            if lower[number - 1] != "," or not _breaks(words, number + 1, last, short):
                continue
            stop = number + 1
            break
        if word == ":" or _stops(words, number, last, kind, inside):
            stop = number
            break
    while stop > start and (lower[stop - 1][0] in ".?!…" or (lower[stop - 1] in MARKS and not _closes(lower, start, stop))):
        stop -= 1
    return stop


_ENDS = frozenset((".", "!", "?", "…", "...", "”", '"', "’", "'"))
_DASHES = frozenset(("-", "–", "—", "--"))
_PLACES = listed("on in at during this last earlier")
_OCCASIONS = listed(
    "interview speech statement rally conference tweet letter debate post email appearance memo briefing event hearing meeting"
)
_BREAKS = frozenset((",", ";", "and", "but", "as", "before", ":")) | _DASHES | MARKS | _PLACES


def _stops(words: Words, number: int, last: int, kind: str, inside: bool) -> bool:
    """Whether a comma, a dash or a conjunction ends the complement."""
    word, after = words.lower[number], words.lower[number + 1]
    short = kind in ("noun", "infinitive")
    if word == ",":
        return inside or _breaks(words, number + 1, last, short)
    if word in _PLACES:
        return kind == "noun" and _adjunct(words, number, last)
    if word in _DASHES:
        return after in _CUTS or ((short or words.lower[last - 1] not in _ENDS) and _DASHES.isdisjoint(words.lower[number + 1 : last]))
    if word in ("as", "before"):
        return (short and after in SUBJECTS) or (word == "before" and after in VERBS and VERBS[after].form == "ing")
    return word == ";" or _goes_on(after, kind)


def _adjunct(words: Words, number: int, last: int) -> bool:
    """Whether a time or an occasion begins that belongs to the cue: "on Monday", "in a letter"."""
    lower = words.lower
    after = lower[number + 1]
    if after in TIMES:
        return True
    return (after in DETERMINERS or after in POSSESSIVES) and not _OCCASIONS.isdisjoint(lower[number + 2 : min(number + 5, last)])


def _breaks(words: Words, after: int, last: int, short: bool) -> bool:
    """Whether what follows a comma belongs to the sentence around the complement."""
    word = words.lower[after]
    cue = VERBS.get(word)
    if word == "before" and words.lower[after + 1 : after + 2] and words.lower[after + 1] in VERBS:
        return True
    if word in (STOPS if short else _CUTS) or word in AUXILIARIES:
        return True
    if word in ("and", "or"):
        return (
            short and after + 1 < last and (_goes_on(words.lower[after + 1], "noun") or is_clause(words, after + 1, min(last, after + 6)))
        )
    if cue is not None and ((cue.speech and cue.form == "ing") or (short and cue.form in ("ed", "past", "s"))):
        return True
    listed_too = words.lower[after + 1 : after + 2] in ([","], ["and"], ["or"])  # "fraud, bullying and theft"
    return (short and word.endswith("ing") and len(word) > 5 and not listed_too) or aside(words, after, last)


def _goes_on(after: str, kind: str) -> bool:
    """Whether "and" joins another predicate to the cue: "denied the claim and said"."""
    cue = VERBS.get(after)
    if cue is not None and cue.speech and "c" in cue.frames and cue.form in ("ed", "past", "s"):
        return True
    if kind not in ("noun", "infinitive"):
        return False
    if cue is not None and (cue.form in ("ed", "past") or (cue.speech and cue.form in ("s", "ing"))):
        return True
    return after in AUXILIARIES or after in PERSONAL or (after.endswith("ed") and len(after) > 4) or (kind == "noun" and after == "to")


def _closes(lower: list[str], start: int, stop: int) -> bool:
    """Whether the mark before ``stop`` closes one that opened behind ``start``."""
    return sum(lower[number] in MARKS for number in range(max(start, stop - 200), stop)) % 2 == 0


def aside(words: Words, at: int, last: int) -> bool:
    """Whether "NP said" and a mark stand at a token, behind a comma."""
    lower = words.lower
    for number in range(at, min(at + 8, last)):
        word = lower[number]
        if not word[0].isalnum() and word not in _CLITICS:
            return False
        cue = VERBS.get(word)
        if number > at and cue is not None and "t" in cue.frames and cue.form in ("ed", "past", "s", "base"):
            return number + 1 >= last or lower[number + 1] in (",", ".", "in", "on", "at")
    return False
