"""Offices as they are worded: which mention of an office can mean which holder, by the words before and behind its noun."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.naming import ROLES, listed

_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SHORT = {
    "supt": "superintendent",
    "sgt": "sergeant",
    "pc": "constable",
    **dict.fromkeys(listed("ch boss head"), "chief"),
    "dep": "deputy",
    "asst": "assistant",
    "insp": "inspector",
    "gov": "governor",
    "sen": "senator",
    "rep": "representative",
    "dir": "director",
    **dict.fromkeys(listed("min pm"), "minister"),
    "pres": "president",
    "vp": "vice-president",
    "ex": "former",
    **dict.fromkeys(listed("chairman chairwoman chairperson"), "chair"),
    **dict.fromkeys(listed("spokesman spokeswoman"), "spokesperson"),
    **dict.fromkeys(listed("policeman policewoman"), "officer"),
    "congresswoman": "congressman",
    "councilwoman": "councilman",
    "advisor": "adviser",
    "ceo": "executive",
}
_LEADING = {
    "chairs": "chair",
    "leads": "leader",
    "heads": "chief",
    "runs": "chief",
    "edits": "editor",
    "directs": "director",
    "manages": "manager",
}
_LINKS = listed("of for at in to on with from by")
_EMPTY = listed("of for at in to on with from by the a an and s his her its their our my your new current serving who said says has")
#: Words that make another office of the same noun.
DISTINCT = listed("deputy assistant vice acting interim former shadow junior associate then under incoming outgoing designate elect late")
#: Of these, the ones that say when it was held.
PAST = frozenset(("former", "then", "late", "outgoing"))
TOP = frozenset(("chief", "leader"))


@dataclass(frozen=True, slots=True)
class Office:
    """The wording of an office: its ``noun``, its content words, those ``before`` the noun, and of those what makes it another office."""

    noun: str
    words: frozenset[str]
    before: frozenset[str]
    distinct: frozenset[str]

    @property
    def past(self) -> bool:
        """Whether the wording says that the office is no longer held."""
        return bool(self.distinct & PAST)


@lru_cache(maxsize=20_000)
def office(wording: str) -> Office | None:
    """The office in some words, or None where they name no office.

    >>> found = office("the deputy commissioner of the harbour police")
    >>> found.noun, sorted(found.words), sorted(found.distinct)
    ('commissioner', ['commissioner', 'deputy', 'harbour', 'police'], ['deputy'])
    >>> office("the harbour") is None
    True
    """
    tokens = []
    for token in _TOKEN.findall(wording[:200].casefold()):
        if token.startswith("ex-"):
            tokens.append("former")
            token = token[3:]
        tokens.append(_SHORT.get(token, _LEADING.get(token, token)))
    noun = -1
    for number, token in enumerate(tokens):
        if token in _LINKS and noun >= 0:
            break
        if token in ROLES:
            noun = number
    if noun < 0:
        return None
    words = frozenset(tokens) - _EMPTY
    return Office(tokens[noun], words, frozenset(tokens[:noun]) - _EMPTY, frozenset(tokens[:noun]) & DISTINCT)


def fits(mention: Office, known: Office, more: frozenset[str] = frozenset()) -> bool:
    """Whether a mention of an office can mean a known one, whose organisation's words are ``more``.

    >>> fits(office("the commissioner"), office("harbour commissioner"))
    True
    >>> fits(office("the deputy commissioner"), office("harbour commissioner"))
    False
    """
    if mention.noun != known.noun and not (mention.noun in TOP and mention.words & more):
        return False
    if (mention.distinct ^ known.distinct) - PAST:
        return False
    return mention.words - DISTINCT - {mention.noun} <= known.words | more


def enough(mention: Office, known: Office) -> bool:
    """Whether a mention words a known office more fully than the text did so far, behind its noun.

    >>> enough(office("the commissioner of the harbour police"), office("commissioner"))
    True
    >>> enough(office("the harbour commissioner"), office("commissioner"))
    False
    """
    return known.words <= mention.words and mention.before <= known.words and mention.distinct == known.distinct
