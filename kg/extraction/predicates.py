"""Predicates: whether a word that can be a cue verb is one in its place, in which voice, and where its verb group begins."""

from __future__ import annotations

from typing import Literal, NamedTuple

from kg.extraction.cues import Cue
from kg.extraction.lexicon import ADVERBS, DETERMINERS, POSSESSIVES, PREPOSITIONS, can_speak
from kg.extraction.naming import listed
from kg.extraction.words import Words

Voice = Literal["active", "passive", "infinitive", "gerund", "participle"]

BE = listed("is are was were be been being am 're ’re 'm ’m isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t")
HAVE = listed("has have had having 've ’ve hasn't haven't hadn't hasn’t haven’t hadn’t")
MODAL = listed("""do does did will would can could may might must shall should 'll ’ll don't doesn't didn't won't wouldn't
    can't couldn't mustn't shouldn't don’t doesn’t didn’t won’t wouldn’t can’t couldn’t mustn’t shouldn’t cannot""")
MAY = listed("would could can may might should must")
EITHER = frozenset(("'s", "’s", "'d", "’d"))
AUXILIARIES = BE | HAVE | MODAL | EITHER
NOT_ADVERBS = listed("family ally july italy reply supply early only assembly anomaly bully rally")
_LINKS = listed("not never n't both all each to")
PLURAL_SUBJECTS = listed("""i you we they who that which many some others most both critics people police officials women men
    few all those""")
SINGULAR_SUBJECTS = listed("he she it who that which everyone everybody nobody someone one")
_CLOSED = (DETERMINERS | POSSESSIVES | PREPOSITIONS) - listed("some many most both all few that this each one two three four")
_JOINTS = listed("and or but then nor")


class Predicate(NamedTuple):
    """A verb group: its first token, the ``voice`` of its last, and whether it says only what may or would be."""

    start: int
    voice: Voice
    modal: bool = False


def adverb(word: str) -> bool:
    """Whether a word may stand inside a verb group without changing who acts."""
    return word in ADVERBS or (word.endswith("ly") and word not in NOT_ADVERBS)


def predicate(words: Words, number: int, cue: Cue, first: int) -> Predicate | None:
    """The verb group that ends in a token, none where the word is no verb there.

    ``number``: the token; ``cue``: what its word can be; ``first``: the first token of its sentence.
    """
    lower, at = words.lower, number - 1
    if (
        cue.form in ("s", "base", "ing")
        and number + 1 < len(lower)
        and lower[number + 1] in AUXILIARIES
        and lower[number + 1] not in EITHER
    ):
        return None
    seen: set[str] = set()
    while at >= first and number - at < 9:
        word = lower[at]
        if word in BE:
            seen.add("be")
        elif word in HAVE:
            seen.add("have")
        elif word in MODAL:
            seen.add("modal")
        elif word in EITHER:
            seen.add("either")
        elif (word == "to" and at == number - 1) or (word == "to" and adverb(lower[at + 1])):
            seen.add("to")
        elif not (word in ("not", "never") or adverb(word)):
            break
        at -= 1
        if "to" in seen:
            break
    before = lower[at] if at >= first else ""
    voice = _VOICES[cue.form](words, number, at, before, seen, cue)
    return Predicate(at + 1, voice, any(word in MAY for word in lower[at + 1 : number])) if voice else None


def _base(words: Words, number: int, at: int, before: str, seen: set[str], cue: Cue) -> Voice | None:
    if "to" in seen:
        return "infinitive"
    if "modal" in seen or ("either" in seen and before in SINGULAR_SUBJECTS | PLURAL_SUBJECTS):
        return "active"
    if seen or not before:
        return None
    if before in PLURAL_SUBJECTS:
        return "active"
    if before in _CLOSED or before in SINGULAR_SUBJECTS or not before[-1].isalpha():
        return None
    plural = before.endswith("s") and not before.endswith(("ss", "us", "is")) and len(before) > 3
    return "active" if plural and words.lower[number + 1 : number + 2] != ["of"] else None


def _third(words: Words, number: int, at: int, before: str, seen: set[str], cue: Cue) -> Voice | None:
    if seen or not before or before in _CLOSED:
        return None
    if before in SINGULAR_SUBJECTS:
        return "active"
    if before in PLURAL_SUBJECTS or (not before[-1].isalnum() and before not in (",", ")", "—", "–", "”", '"')):
        return None
    if before in _JOINTS or not before[-1].isalpha():
        return "active" if cue.lemma not in NOUNLIKE and not (before[-1].isdigit() and len(before) < 4) else None
    if cue.lemma in NOUNLIKE and not (words.text[at][0].isupper() or can_speak(before) or words.lower[number + 1 : number + 2] == ["that"]):
        return None
    return "active" if not before.endswith("s") or words.text[at][0].isupper() else None


def _past(words: Words, number: int, at: int, before: str, seen: set[str], cue: Cue) -> Voice | None:
    if "to" in seen and seen == {"to"}:
        return None
    if cue.form == "past":
        return "active" if not seen and before not in _CLOSED else None
    if "have" in seen and "be" not in seen:
        return "active" if cue.form != "past" else None
    if "be" in seen:
        return "passive"
    if "either" in seen:
        passive = words.lower[number + 1] in ("by", "of") if number + 1 < len(words.lower) else False
        return "passive" if passive and before not in ("i", "we", "you", "they", "who") else "active"
    if "modal" in seen:
        return None
    if cue.form == "participle":
        return "participle" if words.lower[number + 1 : number + 2] in (["as"], ["by"], ["for"]) else None
    if not before:
        return "participle"
    if before in _CLOSED:
        return None
    if words.lower[number + 1 : number + 2] == ["by"]:
        return "participle"
    return "active"


def _ing(words: Words, number: int, at: int, before: str, seen: set[str], cue: Cue) -> Voice | None:
    if "be" in seen or "either" in seen:
        return "active"
    if "have" in seen or "modal" in seen or "to" in seen:
        return None
    return None if before in DETERMINERS or before in POSSESSIVES else "gerund"


_VOICES = {"base": _base, "s": _third, "past": _past, "participle": _past, "ed": _past, "ing": _ing}

NOUNLIKE = listed("""point claim call report plan support attack vote show demand promise question note comment request order cause
    offer doubt fear hope estimate forecast judge attribute challenge blast brand label name post tweet quote reference view question
    threat appeal praise blame credit push focus joke answer love hate want need record rule state mean vow pledge review guess wish
    remark signal value regard approach veto debate detail account list text champion pitch desire trust back host review sound voice
    concern""")
"""Verbs whose third person is as often the plural of a noun."""
