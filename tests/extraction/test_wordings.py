from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import of_text
from kg.extraction import extract
from kg.extraction.outline import Block, Outline
from kg.extraction.registry import Actor, Registry
from kg.extraction.wordings import Wordings, key
from kg.extraction.words import words


def knowing(kind: str, label: str, *aliases: str) -> Registry:
    """A registry that knows one actor."""
    registry = Registry.empty()
    actor = Actor("known/one", kind, label, True, aliases)
    registry.case.add(actor)
    registry.case.spell(actor)
    return registry


def speakers(text: str, registry: Registry) -> list[str]:
    return [candidate.entity.id if candidate.entity else "" for candidate in extract(of_text(text), registry).candidates]


@pytest.mark.parametrize(
    ("kind", "label", "text"),
    [
        ("Person", "First Speaker", "The director, First Speaker, said on Wednesday that the plan would be late."),
        ("Person", "bell pell", "The author bell pell said the plan would be late."),
        ("Person", "Dean Judge", "Chairman Dean Judge said the plan would be late."),
        ("Person", "Zoë O'Dell", "The mayor, Zoe O’Dell, said the plan would be late."),
        ("Person", "Ada Hill Park", "Ada Hill Park said the plan would be late."),
        ("Institution", "Hope Liberty", "Hope Liberty said the plan would be late."),
        ("Institution", "7Q", "The plan would be late, 7Q said."),
        ("Institution", "eBoat", "The plan would be late, eBoat said."),
        ("Institution", "The Others", "The Others said the plan would be late."),
        ("Report", "Operation Larch", "Operation Larch found that the plan would be late."),
    ],
)
def test_a_name_that_the_case_knows_wins_whatever_its_words_look_like(kind: str, label: str, text: str) -> None:
    assert speakers(text, knowing(kind, label)) == ["known/one"]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("First Speaker", "The first speaker said the plan would be late."),
        ("Ada Coe", "Ada Coe Finch said the plan would be late."),
        ("May", "Officials may have said the plan would be late."),
    ],
)
def test_what_only_reads_like_a_name_of_the_case_is_none(label: str, text: str) -> None:
    assert speakers(text, knowing("Person", label)) != ["known/one"]


def test_a_surname_that_is_an_office_means_the_person_once_the_text_has_named_her() -> None:
    assert speakers("First Speaker said the plan was late. Speaker added that it was dear.", knowing("Person", "First Speaker")) == [
        "known/one",
        "known/one",
    ]


def test_what_a_person_is_as_stands_beside_the_name() -> None:
    text = "The director, First Speaker, said that the plan would be late."
    [candidate] = extract(of_text(text), knowing("Person", "First Speaker")).candidates
    assert candidate.capacity is not None
    assert text[slice(*candidate.capacity)] == "director"


def test_a_description_of_a_group_is_no_name() -> None:
    assert knowing("Group", "People of Wick").case.wordings.written.keys() == {"people of wick"}
    assert not knowing("Group", "people at the harbour").case.wordings.written


@given(st.lists(st.sampled_from(("Ada", "Coe", "the", "and", "Wick", ".", "\n")), max_size=30))
def test_what_is_found_is_a_name_of_the_records_and_in_order(parts: list[str]) -> None:
    source, wordings = " ".join(parts), Wordings()
    wordings.add("Ada Coe", "person")
    wordings.add("Wick and Coe", "institution")
    found = wordings.found(words(source, Outline("article", (Block("paragraph", 0, len(source)),))))
    assert all(key(source[start:end]) in ("ada coe", "wick and coe") for start, end, _ in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
