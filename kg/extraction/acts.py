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
_OWN_CUE = 4.0
_PHRASE = 7.0
_CLAIM = 2.0
_QUOTED = 1.0  # a claim weighs less where only some words are quoted: those are mostly chosen for what they say of somebody
_REPORT = 8.0
_LIST = 40  # the longest list of which the beginning is looked for
_ASKS = frozenset(("should", "must", "recommend", "recommends", "ought"))
_INQUIRER = 4.0
_MOST = 3
_LONGEST = 2000  # tokens of one statement that are read
_SEEN = 80  # code points of a cue of more than one word
#: Acts that their cue states, whoever speaks.
_STATED = frozenset(("Support", "Apology", "Denial", "Refusal", "Question"))
#: Acts of a verb that the next one only explains: "criticised the plan, saying it was late".
_EXPLAINED = frozenset(("Support", "Criticism", "Denial", "Apology"))
_EXPLAINING = _of("saying arguing claiming insisting explaining")
#: Acts that somebody does by saying so: "we condemn".
_SELF_MADE = _EXPLAINED | frozenset(("Refusal", "Dismay", "Demand", "Recommendation", "Commitment", "Question"))
_OWN = {"direct": _of("i we"), "authored": _of("i we")}
_REPORTED = _of("i we he she they")
_ASIDES = _of("have has had 've ’ve also do did does still now again all both")
_FUTURE = _of("will 'll ’ll won't won’t unlikely")
#: Acts that a negation before their cue turns into a refusal: "has not accepted".
_REFUSABLE = frozenset(("Acknowledgement", "Commitment", "Apology"))
#: What parts the words between a cue and quoted words from those.
APART = re.compile(r"[,;:.\"“”]|\b(?:and|but)\b")
_TAG = re.compile(r", (?:is|are|was|were|do|does|did|has|have|can|will|would)(?:n['’]t)? (?:it|he|she|they|we|you|there|i)$", re.IGNORECASE)
_HELD = _of("report reports review inquiry enquiry investigation inspection audit study survey findings")
_BY = re.compile(r"\w+ (?:by|from|led by|written by|chaired by) (?:[A-Z]\w{0,30} ){0,3}([A-Z]\w{0,30})")
_HOUSE = re.compile(
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
        weights = defaultdict(float, {"Question": weights["Question"]} if weights["Question"] else {})
    answers = setting.answers and (authored or _is_author(words, attribution))
    if "Criticism" in weights and (answers or _is_own(words, *attribution.content)):
        weights["Acknowledgement"] += weights.pop("Criticism")
    if answers and "Dismay" in weights:
        weights["Acknowledgement"] += weights.pop("Dismay")
    if authored and words.outline.genre == "report":
        return _of_report(words, attribution, weights)
    if authored and "Demand" in weights:
        weights["Demand"] -= 2.4  # what must be, in one's own letter, is mostly a view
    finds = _finds(words, attribution, setting, speaker) if _STATED.isdisjoint(weights) else 0.0
    if finds and not _foretells(words, attribution):
        if "Demand" in weights and (finds == _REPORT or weights["Demand"] < _CUE):  # what a person asks for by its name is a demand
            weights["Recommendation"] += weights.pop("Demand") + finds
        weights["Finding"] += finds + weights.get("Criticism", 0.0)  # what an inquiry faults it has found
    if not weights:
        return ("Claim",)
    claim = _QUOTED if attribution.mode == "mixed" else _CLAIM
    weights["Claim"] = max(weights["Claim"], claim)
    ranked = sorted(weights, key=lambda act: -weights[act])
    least = max(claim, weights[ranked[0]] / 2)
    return tuple(act for act in ranked[:_MOST] if weights[act] >= least)


def _of_report(words: Words, attribution: Attribution, weights: dict[str, float]) -> tuple[str, ...]:
    """What a report says in its own voice: it asks, it recommends - in a list that says so, or by "should" - or it finds."""
    first, last = words.tokens(*attribution.content)
    if weights.get("Question", 0.0) > _CLAIM:
        return ("Question",)
    asks = not _ASKS.isdisjoint(words.lower[first : min(last, first + _LONGEST)])
    if asks or _recommended(words, words.block(words.at(attribution.content[0]))):
        return ("Recommendation",)
    return ("Finding", "Criticism") if weights.get("Criticism", 0.0) > _CLAIM else ("Finding",)


def _recommended(words: Words, block: int) -> bool:
    """Whether the list in which a block stands is one of recommendations."""
    blocks = words.outline.blocks
    for number in range(block, max(block - _LIST, 0), -1):
        before = blocks[number - 1]
        if before.kind != "bullet" and blocks[number].kind == "bullet":
            return "recommend" in words.source[before.start : before.end].lower()
        if blocks[number].kind != "bullet":
            return False
    return False


def _foretells(words: Words, attribution: Attribution) -> bool:
    """Whether what is said is what will be: nobody has found that."""
    first, last = words.tokens(*attribution.content)
    return not _FUTURE.isdisjoint(words.lower[first : min(last, first + _LONGEST)])


def _is_author(words: Words, attribution: Attribution) -> bool:
    """Whether the author of the text is named as who speaks: "I said then that …"."""
    return attribution.speaker is not None and words.source[slice(*attribution.speaker)].lower() in ("i", "we")


def _is_own(words: Words, start: int, end: int) -> bool:
    """Whether what is said is about the speaker's own house."""
    return _HOUSE.search(words.source, start, min(end, start + 8 * _LONGEST)) is not None


def traces(words: Words, attribution: Attribution) -> Iterator[tuple[str, str, float]]:
    """Every trace of an act in an attribution: the name of its rule, the act and the weight; each rule once."""
    if attribution.cue:
        if _is_asked(words, attribution):
            yield "on-whether", "Question", _PHRASE
        yield from _of_cue(words, *words.tokens(*attribution.cue))
        yield from _explained(words, attribution)
    start, end = attribution.content
    if attribution.mode == "mixed" and attribution.cue and not APART.search(words.source, attribution.cue[1], start - 1):
        start = min(start, attribution.cue[1])  # the words between belong to what is said
    first, last = words.tokens(start, end)
    last = min(last, first + _LONGEST)
    keyed, seen = KEYED[attribution.mode], {}
    for token in [token for token, word in enumerate(words.lower[first:last], first) if word in keyed]:
        for rule in keyed[words.lower[token]]:
            if rule.name not in seen and _holds(words, rule, first, token, end):
                seen[rule.name] = rule.act
                yield rule.name, rule.act, rule.weight
    made = _self_made(words, attribution, first, last)
    if made and made not in seen.values():
        yield "self-made", made, _OWN_CUE


def _holds(words: Words, rule: Rule, first: int, token: int, end: int) -> bool:
    if rule.pattern is not None:
        if rule.pattern.match(words.source, words.start[token], end) is None:
            return False
        return rule.act != "Criticism" or NEGATIONS.isdisjoint(words.lower[max(first, token - 2) : token])
    if rule.name == "question-mark":  # "isn't it?" asks for nothing
        return not _TAG.search(words.source, max(0, words.start[token] - 24), words.start[token])
    if rule.name == "imperative":
        opens = token == first or words.lower[token - 1] in ("“", '"') or (token == first + 1 and words.text[first] in "“\"'‘")
        return opens and words.lower[token + 1 : token + 2] not in (["'s"], ["’s"], ["down"])
    reach, shut = (5, OBJECTS) if rule.act in ("Criticism", "Dismay") else (2, NEGATIONS)
    return shut.isdisjoint(words.lower[max(first, token - reach) : token])


def _is_asked(words: Words, attribution: Attribution) -> bool:
    """Whether it is only asked if the speaker says so: "on whether she intended to resign"."""
    begin = attribution.speaker[0] if attribution.speaker else 0
    return words.source[max(0, begin - 8) : begin].lower() == "whether "


def _self_made(words: Words, attribution: Attribution, first: int, last: int) -> str:
    """The act of a verb at the head of what is said whose subject is who speaks: "we condemn", "they fear"."""
    while first < last and (words.lower[first] in ("that", "and", "but", "so") or not words.lower[first].isalnum()):
        first += 1
    if first == last or words.lower[first] not in _OWN.get(attribution.mode, _REPORTED):
        return ""
    speaker = words.source[slice(*attribution.speaker)].lower() if attribution.speaker else ""
    if speaker in _REPORTED and speaker != words.lower[first]:  # "she said he refused"
        return ""
    verb = first + 1
    while verb < last and (words.lower[verb] in _ASIDES or words.lower[verb].endswith("ly")):
        verb += 1
    if verb == last or words.lower[verb].endswith("ing"):
        return ""
    return next((act for _, act, _ in _of_cue(words, verb, verb + 1) if act in _SELF_MADE), "")


def _explained(words: Words, attribution: Attribution) -> Iterator[tuple[str, str, float]]:
    """The act of the verb right behind the speaker, where the cue only says why: "criticised the plan, saying it was late"."""
    assert attribution.cue
    if attribution.speaker and words.source[slice(*attribution.cue)].lower() in _EXPLAINING:
        verb = words.tokens(*attribution.speaker)[1]
        cue = words.tokens(*attribution.cue)[0]
        while verb < cue and words.lower[verb] in _ASIDES:
            verb += 1
        if verb < cue:
            yield from (("explained", act, _CUE) for _, act, _ in _of_cue(words, verb, verb + 1) if act in _EXPLAINED)


def _of_cue(words: Words, first: int, last: int) -> Iterator[tuple[str, str, float]]:
    """The act that the tokens of a cue state, if any."""
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
