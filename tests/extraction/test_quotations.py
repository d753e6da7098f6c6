"""Quotations: marks of every kind find their partners, apostrophes are none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.outline import Block, Outline
from kg.extraction.quotations import Quotation, quotations
from kg.extraction.words import words


def read(source: str) -> list[Quotation]:
    """The quotations of a text whose paragraphs are its lines."""
    blocks, start = [], 0
    for line in source.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", start, start + len(line)))
        start += len(line) + 1
    return quotations(words(source, Outline("article", tuple(blocks))))


def quoted(source: str) -> list[str]:
    return [source[found.start : found.end] for found in read(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("“It rains,” she said.", ["It rains,"]),
        ('"It rains," she said. "It pours."', ["It rains,", "It pours."]),
        ("''It rains,'' she said.", ["It rains,"]),
        ("``It rains,'' she said.", ["It rains,"]),
        ('“It rains," she said. "It pours.”', ["It rains,", "It pours."]),
        ("“It rains,“ said Coe.", ["It rains,"]),
        ("It was ”wet“ there.", ["wet"]),
        ("„Es regnet“, she said.", ["Es regnet"]),
        ("‘It rains,’ she said.", ["It rains,"]),
        ("'I'm not wet,' she says", ["I'm not wet,"]),
        ("The board's ‘no case to answer’ rule, the board's own", ["no case to answer"]),
        ("‘The bakers’ oven is cold,’ she said.", ["The bakers’ oven is cold,"]),
        ("'Rain festers in towns meant to be dry' bakers say", ["Rain festers in towns meant to be dry"]),
        ("Chief to ‘radically overhaul’ rules after ‘shameful’ June", ["radically overhaul", "shameful"]),
        ("“She said ‘no’ to me,” he said.", ["She said ‘no’ to me,"]),
        ("‘She said “no” to me,’ he said.", ["She said “no” to me,"]),
        ("“She said “no” to me”, he said.", ["She said “no” to me"]),
        ("“It rains, she said. “It pours.”", ["It rains, she said.", "It pours."]),
        ("“It rains’ she said. “It pours.”", ["It rains", "It pours."]),
        ("She gave ‘em one in the '90s.", []),
        ('It is 5" long and 6" wide.', []),
        ("The bakers' oven and the cooks' table", []),
        ('<a href="https://example.org/a-b">here</a>', []),
        ("“It rains", ["It rains"]),
        ('"It rains all day, said Ada Coe.', ["It rains all day,"]),
        ('""', []),
        ("It rained in ‘08, and “it rains now,” the bakers’ friends said.", ["it rains now,"]),
        ("The Herald‘s “wet” day was the bakers’ friends’ best.", ["wet"]),
        ("‘08 was wet, but ‘2008’ was not.", ["2008"]),
    ],
)
def test_marks(source: str, expected: list[str]) -> None:
    assert quoted(source) == expected


def test_a_turn_goes_on_in_the_next_paragraph() -> None:
    found = read("Coe said: “It rains.\n“It pours.\n“It snows.”\n“It never does,” said Dow.")
    assert [made.turn for made in found] == [0, 0, 0, 1]
    assert [made.closed for made in found] == [False, False, True, True]


def test_single_marks_too_go_on_in_the_next_paragraph() -> None:
    source = "Coe said: ‘It is the bakers’ rain.\n‘It pours.’"
    assert [made.turn for made in read(source)] == [0, 0]
    assert quoted(source) == ["It is the bakers’ rain.", "It pours."]


def test_the_turns_of_a_transcript_are_quotations_without_marks() -> None:
    source = "CHAIR: Please sit.\nMS COE: Thank you. It was “hot”.\nCHAIR: Go on.\nNobody else came."
    assert quoted(source) == ["Please sit.", "Thank you. It was “hot”.", "Go on."]
    assert [made.turn for made in read(source)] == [0, 1, 2]
    assert quoted("NOTE: It rains.\nIt pours.") == []


def test_a_name_in_front_inside_the_marks_is_not_quoted() -> None:
    source = "“COE: It rains.\n“DOW: It pours.\n“It snows.”"
    assert quoted(source) == ["It rains.", "It pours.", "It snows."]
    assert [made.turn for made in read(source)] == [0, 1, 1]


def test_a_mark_of_another_kind_or_a_closed_one_begins_a_turn() -> None:
    assert [made.turn for made in read("Coe said: “It rains.\n'It pours'")] == [0, 1]
    assert [made.turn for made in read("Coe said: “It rains.”\n“It pours.”")] == [0, 1]


@given(st.text(alphabet="ab .,\n“”\"'‘’", max_size=80))
def test_quotations_lie_in_order_and_never_in_each_other(source: str) -> None:
    found = read(source)
    for made in found:
        assert source[made.start : made.end].strip() == source[made.start : made.end] != ""
    for one, next_one in pairwise(found):
        assert one.end < next_one.start
        assert one.turn <= next_one.turn


def test_a_block_of_nothing_but_marks_is_no_prose() -> None:
    assert quoted('"a" "a". ' * 5_000) == []
    assert len(quoted("“It rains,” she said, and that it had rained for all of the days that she could remember. " * 2_000)) == 2_000
