"""Likely duplicates: which pairs are proposed, with which reason, and which are not."""

from __future__ import annotations

import pytest

from kg.extraction.duplicates import duplicates, likeness
from kg.extraction.names import names
from kg.extraction.outline import Block, Outline
from kg.extraction.registry import Actor, Registry
from kg.extraction.words import words


def person(label: str, gender: str = "", honorific: str = "") -> Actor:
    return Actor(label, "Person", label, known=True, gender=gender, honorific=honorific)


def body(label: str, *aliases: str) -> Actor:
    return Actor(label, "Institution", label, known=True, names=aliases)


# Each reason with a pair that it proposes, and one that it must leave alone.
REASONS = [
    ("the same name", person("Ida Munt"), person("Idá Munt"), person("Ida Munt"), person("Ada Munt")),
    ("same first name and surname", person("Ida Munt"), person("Ida B. Munt"), person("Ida Munt"), person("Bo Ida Lind")),
    ("same surname and the initial I", person("Ida Munt"), person("I. Munt"), person("Ida Munt"), person("B. Munt")),
    (
        "same surname, and one first name is short for the other",
        person("Rob Munt"),
        person("Robert Munt"),
        person("Rob Munt"),
        person("Rolf Munt"),
    ),
    (
        "same surname and the title Dame",
        person("Munt", "", "Dame"),
        person("Ida Munt", "", "Dame"),
        person("Lind", "", "Dame"),
        person("Ida Munt", "", "Dame"),
    ),
    ("same surname, and one has no first name", person("Munt"), person("Ida Munt"), person("Munt", "male"), person("Ida Munt", "female")),
    ("spelt alike: 0.96", person("Ottoline Wren"), person("Otoline Wren"), person("Ottoline Wren"), person("Caroline Wren")),
    ("WHB is the acronym of Wick Harbour Board", body("WHB"), body("Wick Harbour Board"), body("WHB"), body("Ash Harbour Board")),
    (
        "the same words in another order",
        body("Wick University"),
        body("University of Wick"),
        body("Wick University"),
        body("University of Ash"),
    ),
    (
        "one name begins with the other: wick harbour board",
        body("Wick Harbour"),
        body("Wick Harbour Board"),
        body("Wick"),
        body("Wick Harbour Board"),
    ),
    ("spelt alike: 0.97", body("Wick Harbor Board"), body("Wick Harbour Board"), body("Wick Harbour Board"), body("Ash Hospital Board")),
]


@pytest.mark.parametrize(("reason", "one", "other", "first", "second"), REASONS, ids=[reason for reason, *_ in REASONS])
def test_each_reason_proposes_its_pair_and_leaves_the_others_alone(
    reason: str, one: Actor, other: Actor, first: Actor, second: Actor
) -> None:
    found = likeness(one, other)
    assert found
    assert found[0] == reason
    assert found == likeness(other, one)
    assert 0 < found[1] < 1
    assert likeness(first, second) is None


@pytest.mark.parametrize(("reason", "one", "other", "first", "second"), REASONS, ids=[reason for reason, *_ in REASONS])
def test_every_pair_that_is_alike_meets_in_a_block(reason: str, one: Actor, other: Actor, first: Actor, second: Actor) -> None:
    registry = Registry.empty()
    for number, actor in enumerate((one, other)):
        registry.case.add(Actor(f"x/{number}", actor.kind, actor.label, True, actor.names, actor.gender, actor.honorific))
    assert [(pair.a, pair.b, pair.reason) for pair in duplicates(registry)] == [("x/0", "x/1", reason)]


def test_kinds_are_not_mixed_and_groups_are_left_alone() -> None:
    assert likeness(person("Protect"), body("Protect")) is None
    assert likeness(Actor("a", "Group", "crews"), Actor("b", "Group", "crews")) is None


def known(*actors: Actor) -> Registry:
    registry = Registry.empty()
    for actor in actors:
        registry.case.add(actor)
    return registry


def read(registry: Registry, text: str) -> Registry:
    outline = Outline("article", (Block("paragraph", 0, len(text)),))
    made = words(text, outline)
    return registry.read(made, names(made), outline)


def test_a_text_is_asked_only_for_what_is_new_in_it() -> None:
    registry = known(person("Ida Munt"), person("I. Munt"))
    assert len(duplicates(registry)) == 1
    assert duplicates(read(registry, "We met Ida Munt.")) == []
    found = duplicates(read(registry, "We met Idda Munt."))
    assert [(pair.a, pair.b) for pair in found] == [("I. Munt", "person/idda-munt"), ("Ida Munt", "person/idda-munt")]


def test_what_was_judged_different_is_not_proposed_again() -> None:
    registry = known(person("Ida Munt"), person("I. Munt"))
    registry.case.different.add(frozenset(("Ida Munt", "I. Munt")))
    assert duplicates(registry) == []


def test_the_likeliest_pair_comes_first() -> None:
    found = duplicates(known(person("Ida Munt"), person("Ida B. Munt"), person("I. Munt")))
    assert [pair.confidence for pair in found] == sorted((pair.confidence for pair in found), reverse=True)


def test_a_name_that_half_the_registry_shares_tells_nothing() -> None:
    registry = known(*(person(f"Ida{chr(97 + number % 26)}{number} Munt") for number in range(30_000)))
    assert len(duplicates(registry)) < 30_000
