"""Acts: what a speaker does in saying something - claims, denies, promises, asks -, read from the cue, the words and the kind of source.

Every trace of an act is a rule with a name (``traces``). Acts are ranked by what their traces weigh together; a claim - a finding, where a
report or an inquiry speaks - is what is left where nothing weighs more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from kg.extraction.attributions import Attribution
from kg.extraction.lexicon import VERBS
from kg.extraction.traces import CUES, INQUIRIES, KEYED, LEFT, LIGHT, NEGATIONS, OBJECTS, OPENINGS, PHRASES, Rule
from kg.extraction.words import Words


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CUE = 6.0
_PHRASE = 7.0
_CLAIM = 2.0
_QUOTED = 1.0  # a claim weighs less where only some words are quoted: those are mostly chosen for what they say of somebody
_REPORT = 8.0
_INQUIRER = 4.0
_MOST = 3
_LONGEST = 2000  # tokens of one statement that are read
_SEEN = 80  # code points of a cue of more than one word
#: Acts that their cue states, whoever speaks.
_STATED = frozenset(("Support", "Apology", "Denial", "Refusal", "Question"))
#: Acts that a negation before their cue turns into a refusal: "has not accepted".
_REFUSABLE = frozenset(("Acknowledgement", "Commitment", "Apology"))
#: What parts the words between a cue and quoted words from those.
APART = re.compile(r"[,;:.\"“”]|\b(?:and|but)\b")
_TAG = re.compile(r", (?:is|are|was|were|do|does|did|has|have|can|will|would)(?:n['’]t)? (?:it|he|she|they|we|you|there|i)$", re.IGNORECASE)
_HELD = _of("report reports review inquiry enquiry investigation inspection audit study survey findings")
_BY = re.compile(r"\w+ (?:by|from|led by|written by|chaired by) (?:[A-Z]\w{0,30} ){0,3}([A-Z]\w{0,30})")
_OWN = re.compile(
    r"\b(?:our|my) (?:own )?(?:organi[sz]ation|force|service|company|firm|staff|officers|culture|process(?:es)?|systems?|teams?|ranks"
    r"|department|council|hospital|school|church|agency|ministry|party|university|board|leadership|performance|standards|response)\b",
    re.IGNORECASE,
)


class Setting(NamedTuple):
    """What a whole text says of its speakers, read once.

    ``inquirers``: the last names, in lower case, of those to whom it ascribes a report, a review or an inquiry: what they say they have
    found. ``answers``: whether its author speaks for a body ("our organisation", "we have failed"), so that its faults are admitted.
    """

    inquirers: frozenset[str] = frozenset()
    answers: bool = False


_NOWHERE = Setting()


def setting(words: Words) -> Setting:
    """What a text says of its speakers as a whole."""
    named: set[str] = set()
    for token, word in enumerate(words.lower):
        if word not in _HELD:
            continue
        if found := _BY.match(words.source, words.start[token]):
            named.add(found[1].lower())
        owners = words.lower[max(0, token - 2) : token]
        if "your" in owners and words.outline.authored:  # a letter to whoever held it
            named |= {"you", "your"}
        for owner in (token - 2, token - 3):  # "Coe's report", "Coe's final report"
            if owner >= 0 and words.lower[owner + 1] in ("'s", "’s") and words.text[owner][0].isupper() and not words.text[owner].isupper():
                named.add(words.lower[owner])
    own = words.lower.count("our") if words.outline.authored else 0
    return Setting(frozenset(named), own > 0 and own * 120 > len(words.lower))


def acts(words: Words, attribution: Attribution, setting: Setting = _NOWHERE, speaker: str = "") -> tuple[str, ...]:
    """The acts that an attribution shows, the likeliest first, at most three; ``speaker``: the name of who speaks, where it is known."""
    authored = attribution.mode == "authored"
    weights: dict[str, float] = defaultdict(float)
    for _, act, weight in traces(words, attribution):
        weights[act] += weight
    if authored and not words.outline.authored:  # a reporter tells: that is a claim, or a question
        weights = defaultdict(float, {"Question": weights["Question"]})
    answers = setting.answers and (authored or _is_author(words, attribution))
    if weights["Criticism"] and (answers or _is_own(words, *attribution.content)):
        weights["Acknowledgement"] += weights.pop("Criticism")
    if answers and weights["Dismay"]:
        weights["Acknowledgement"] += weights.pop("Dismay")
    if authored and weights["Demand"]:
        weights["Demand"] -= 2  # what must be, in one's own letter, is mostly a view
    finds = 0.0 if any(weights[act] for act in _STATED) else _finds(words, attribution, setting, speaker)
    if finds:
        if weights["Demand"]:
            weights["Recommendation"] += weights.pop("Demand") + finds
        weights["Finding"] += finds + weights["Criticism"]  # what an inquiry faults it has found
    claim = _QUOTED if attribution.mode == "mixed" else _CLAIM
    weights["Claim"] = max(weights["Claim"], claim)
    ranked = sorted(weights, key=lambda act: -weights[act])
    return tuple(act for act in ranked[:_MOST] if weights[act] >= max(claim, weights[ranked[0]] / 2))


def _is_author(words: Words, attribution: Attribution) -> bool:
    """Whether the author of the text is named as who speaks: "I said then that …"."""
    return attribution.speaker is not None and words.source[slice(*attribution.speaker)].lower() in ("i", "we")


def _is_own(words: Words, start: int, end: int) -> bool:
    """Whether what is said is about the speaker's own house."""
    return _OWN.search(words.source, start, min(end, start + 8 * _LONGEST)) is not None


def traces(words: Words, attribution: Attribution) -> Iterator[tuple[str, str, float]]:
    """Every trace of an act in an attribution: the name of its rule, the act and the weight; each rule once."""
    if attribution.cue:
        yield from _of_cue(words, *attribution.cue)
    start, end = attribution.content
    if attribution.mode == "mixed" and attribution.cue and not APART.search(words.source, attribution.cue[1], start - 1):
        start = min(start, attribution.cue[1])  # the words between belong to what is said
    first, last = words.tokens(start, end)
    seen: set[str] = set()
    for token in range(first, min(last, first + _LONGEST)):
        for rule in KEYED.get(words.lower[token], ()):
            if rule.name not in seen and (not rule.modes or attribution.mode in rule.modes) and _holds(words, rule, first, token, end):
                seen.add(rule.name)
                yield rule.name, rule.act, rule.weight


def _holds(words: Words, rule: Rule, first: int, token: int, end: int) -> bool:
    if rule.pattern is not None:
        negated = rule.act == "Criticism" and not NEGATIONS.isdisjoint(words.lower[max(first, token - 2) : token])
        return not negated and rule.pattern.match(words.source, words.start[token], end) is not None
    if rule.name == "question-mark":  # "isn't it?" asks for nothing
        return not _TAG.search(words.source, max(0, words.start[token] - 24), words.start[token])
    if rule.name == "imperative":
        opens = token == first or words.lower[token - 1] in ("“", '"') or (token == first + 1 and words.text[first] in "“\"'‘")
        return opens and words.lower[token + 1 : token + 2] not in (["'s"], ["’s"])
    reach, shut = (5, OBJECTS) if rule.act == "Criticism" else (2, NEGATIONS)
    return shut.isdisjoint(words.lower[max(first, token - reach) : token])


def _of_cue(words: Words, start: int, end: int) -> Iterator[tuple[str, str, float]]:
    """The act that a cue states, if any."""
    first, last = words.tokens(start, end)
    negated = not NEGATIONS.isdisjoint(words.lower[max(0, first - 2) : last])
    for token in range(first, last):
        word = words.lower[token]
        for name, act, pattern in PHRASES if word[:3] in OPENINGS else ():
            if pattern.match(words.source, words.start[token], words.start[token] + _SEEN):
                yield name, act, _PHRASE
                return
        left = next((noun for noun in words.lower[token + 1 : token + 5] if noun in LEFT), "") if word in LIGHT else ""
        if left or word in CUES:
            act = LEFT[left] if left else CUES[word]
            yield "cue", "Refusal" if negated and act in _REFUSABLE else act, _CUE
            return
        if word in VERBS and word not in LIGHT:
            return  # "told a support worker"


def _finds(words: Words, attribution: Attribution, setting: Setting, speaker: str) -> float:
    """How much it weighs that a report, an inquiry or who held one speaks."""
    named = set(speaker.lower().split())
    if attribution.speaker is not None:
        first, last = words.tokens(*attribution.speaker)
        named.update(words.lower[first:last])
    if not INQUIRIES.isdisjoint(named):
        return _REPORT
    return 0.0 if setting.inquirers.isdisjoint(named) else _INQUIRER
