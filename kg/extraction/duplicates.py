"""Likely duplicates: two actors that may be one, each pair with the reason in words. Nothing is merged here; a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product

from rapidfuzz.distance import Indel

from kg.extraction.naming import TITLES, listed
from kg.extraction.registry import Actor, Known, Registry
from kg.extraction.wordings import key

_BLOCK = 40  # a block that is larger tells nothing: half a country is called Smith
_ALIKE = 0.88
_EMPTY = listed("of for the and in on at de & a an")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two actors, by their identifiers, that may be one: the ``reason`` in words, and the ``confidence`` that they are."""

    a: str
    b: str
    reason: str
    confidence: float


def duplicates(registry: Registry) -> list[Duplicate]:
    """The pairs of actors that may be one, the likeliest first.

    Where the registry has read a text, every pair has at least one actor that is new in it; else they are pairs of the records.
    What was judged different is not proposed again. Only actors that share a block (a surname, a first word, an acronym) are compared.

    >>> from kg.extraction.registry import Actor, Registry
    >>> registry = Registry.empty()
    >>> registry.case.add(Actor("person/ada-coe", "Person", "Ada Coe", known=True))
    >>> registry.case.add(Actor("person/a-coe", "Person", "A. Coe", known=True))
    >>> duplicates(registry)
    [Duplicate(a='person/a-coe', b='person/ada-coe', reason='same surname and the initial A', confidence=0.8)]
    """
    found: dict[frozenset[str], Duplicate] = {}
    for one, other in _pairs(registry):
        pair = frozenset((one.id, other.id))
        if len(pair) == 2 and pair not in found and pair not in registry.case.different and (said := likeness(one, other)):
            first, second = sorted((one.id, other.id))
            found[pair] = Duplicate(first, second, *said)
    return sorted(found.values(), key=lambda duplicate: (-duplicate.confidence, duplicate.a, duplicate.b))


def _pairs(registry: Registry) -> Iterator[tuple[Actor, Actor]]:
    """The pairs to compare."""
    new = [actor for actor in registry.local.actors.values() if not actor.known]
    if not registry.local.actors:
        for name, block in _blocks(registry.case).items():
            yield from _within(name, block, [])
        return
    blocks: dict[str, list[Actor]] = {}
    for actor in new:
        for name in _keys(actor):
            blocks.setdefault(name, []).append(actor)
    known = _blocks(registry.case)
    for name, block in blocks.items():
        yield from _within(name, block, known.get(name, []))


def _within(name: str, new: list[Actor], known: list[Actor]) -> Iterator[tuple[Actor, Actor]]:
    """The pairs of one block: new actors with each other and with the known; of a surname only those where one has no first name."""
    if len(new) + len(known) > _BLOCK:
        return
    for one, other in chain(combinations(new, 2), product(new, known)):
        if not name.startswith("surname ") or " " not in one.label or " " not in other.label:
            yield one, other


def _blocks(known: Known) -> dict[str, list[Actor]]:
    """The actors of the records by what they might share with a duplicate; made once for the records."""
    if not known.blocks:
        for actor in dict.fromkeys(known.actors.values()):
            for name in _keys(actor):
                known.blocks.setdefault(name, []).append(actor)
    return known.blocks


def _keys(actor: Actor) -> Iterable[str]:
    """The blocks in which an actor is compared."""
    words = _content(actor.label)
    if not words or actor.kind not in ("Person", "Institution"):
        return ()
    if actor.kind == "Person":
        return {f"initial {actor.surname} {words[0][0]}", f"surname {actor.surname}", f"first {words[0]} {actor.surname[:2]}"}
    names = {
        f"word {words[0]} {words[1][:3] if len(words) > 1 else ''}",
        f"word {words[-1]} {words[0][:3]}",
        f"set {' '.join(sorted(words))}",
    }
    names.update(
        f"initials {letters}"
        for letters in (_initials(actor.label), *(key(name) for name in (actor.label, *actor.names) if name.isupper()))
    )
    return names


def _content(name: str) -> list[str]:
    return [word for word in key(name).replace("'s", "").split() if word not in _EMPTY]


def _initials(name: str) -> str:
    words = _content(name)
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def likeness(one: Actor, other: Actor) -> tuple[str, float] | None:
    """Why two actors may be one, in words, with a confidence; None where nothing speaks for it.

    >>> likeness(Actor("a", "Institution", "Centre for Rivers"), Actor("b", "Institution", "CR"))
    ('CR is the acronym of Centre for Rivers', 0.8)
    >>> likeness(Actor("a", "Person", "Ada Coe"), Actor("b", "Person", "Ben Coe")) is None
    True
    """
    if one.kind != other.kind or one.kind not in ("Person", "Institution"):
        return None
    if key(one.label) == key(other.label):
        return "the same name", 0.9
    return _persons(one, other) if one.kind == "Person" else _institutions(one, other)


def _persons(one: Actor, other: Actor) -> tuple[str, float] | None:
    if one.gender and other.gender and one.gender != other.gender:
        return None
    ours, theirs = _forenames(one), _forenames(other)
    if one.surname == other.surname:
        if not ours or not theirs:
            if one.honorific and one.honorific == other.honorific:
                return f"same surname and the title {one.honorific}", 0.8
            return "same surname, and one has no first name", 0.5
        if ours[0] == theirs[0]:
            return "same first name and surname", 0.9
        if ours[0][0] == theirs[0][0] and min(len(ours[0].rstrip(".")), len(theirs[0].rstrip("."))) == 1:
            return f"same surname and the initial {ours[0][0].upper()}", 0.8
        if ours[0][0] == theirs[0][0] and (ours[0].startswith(theirs[0]) or theirs[0].startswith(ours[0])):
            return "same surname, and one first name is short for the other", 0.7
    if ours and theirs and (alike := _alike(" ".join((*ours, one.surname)), " ".join((*theirs, other.surname)))) >= _ALIKE:
        return f"spelt alike: {alike:.2f}", 0.6
    return None


def _forenames(actor: Actor) -> list[str]:
    """A person's first names, without titles."""
    return [word for word in key(actor.label).split() if word.rstrip(".") not in TITLES and word != actor.surname]


def _institutions(one: Actor, other: Actor) -> tuple[str, float] | None:
    for short, full in ((one, other), (other, one)):
        for letters in (short.label, *short.names):
            if letters.isupper() and len(letters) > 1 and key(letters) == _initials(full.label):
                return f"{letters} is the acronym of {full.label}", 0.8
    ours, theirs = _content(one.label), _content(other.label)
    if sorted(ours) == sorted(theirs):
        return "the same words in another order", 0.8
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) > 1 and longer[: len(shorter)] == shorter:
        return f"one name begins with the other: {' '.join(longer)}", 0.6
    if (alike := _alike(" ".join(ours), " ".join(theirs))) >= _ALIKE:
        return f"spelt alike: {alike:.2f}", 0.6
    return None


def _alike(one: str, other: str) -> float:
    return Indel.normalized_similarity(one, other, score_cutoff=_ALIKE)
