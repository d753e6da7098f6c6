"""Names: what names persons, institutions, offices, documents and places, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.capitals import units
from kg.extraction.names import Name, Names, names
from kg.extraction.outline import Block, Outline
from kg.extraction.words import words


def read(text: str) -> Names:
    return names(words(text, Outline("article", (Block("paragraph", 0, len(text)),))))


def typed(text: str) -> list[tuple[str, str]]:
    return [(name.kind, name.text) for name in read(text).all]


# Each rule with a sentence that it catches, and one that it must leave alone.
RULES = [
    (
        "title",
        "Sir Piers Marl met Dame Bea Coll and Sgt Roe.",
        [("person", "Piers Marl"), ("person", "Bea Coll"), ("person", "Roe")],
        "She calls him sir and doctor.",
        [],
    ),
    ("first name", "It was Susan Wren.", [("person", "Susan Wren")], "It was Wren Holdings.", [("institution", "Wren Holdings")]),
    ("letters", "Now Ida Munt OBE left.", [("person", "Ida Munt")], "Now the OBE was hers.", [("institution", "OBE")]),
    (
        "initials",
        "It was J. K. Marl who left.",
        [("person", "J. K. Marl")],
        "He lives in the U.S. now.",
        [("place", "U.S.")],
    ),
    (
        "office before",
        "So Commissioner Ines Farrow left.",
        [("role", "Commissioner"), ("person", "Ines Farrow")],
        "So the Commissioner left.",
        [("role", "Commissioner")],
    ),
    (
        "office of a place before",
        "Then Mayor of London Tam Oduya left.",
        [("role", "Mayor of London"), ("person", "Tam Oduya")],
        "Then the Mayor of Ludlow left.",
        [("role", "Mayor of Ludlow")],
    ),
    (
        "party before",
        "Then Republican Bo Tansy left.",
        [("person", "Bo Tansy")],
        "Then the Republican Party left.",
        [("institution", "Republican Party")],
    ),
    (
        "first name behind an organisation",
        "At noon Harbour Police Susan Wren left.",
        [("institution", "Harbour Police"), ("person", "Susan Wren")],
        "At noon the Susan Wren Trust left.",
        [("institution", "Susan Wren Trust")],
    ),
    (
        "organisation",
        "We asked the Ludlow Harbour Trust.",
        [("institution", "Ludlow Harbour Trust")],
        "We asked a trust in Ludlow.",
        [("other", "Ludlow")],
    ),
    (
        "organisation of",
        "We asked the Institute of Tides.",
        [("institution", "Institute of Tides")],
        "We asked Susan Wren of Ludlow.",
        [("person", "Susan Wren"), ("other", "Ludlow")],
    ),
    (
        "pair",
        "We asked the Health and Safety Office.",
        [("institution", "Health and Safety Office")],
        "We asked Wren and Harbour Office.",
        [("other", "Wren"), ("institution", "Harbour Office")],
    ),
    (
        "pair behind of",
        "We asked the Department for Business and Trade.",
        [("institution", "Department for Business and Trade")],
        "We asked the Office of Tides and Ida Munt.",
        [("institution", "Office of Tides"), ("person", "Ida Munt")],
    ),
    (
        "two countries",
        "So said the Children's Commissioner for England and Wales.",
        [("role", "Children's Commissioner for England and Wales")],
        "They came from England and Wales.",
        [("place", "England"), ("place", "Wales")],
    ),
    (
        "owner inside",
        "We met the Women's Institute and the Teachers' Union.",
        [("institution", "Women's Institute"), ("institution", "Teachers' Union")],
        "We met London's Harbour Police.",
        [("place", "London"), ("institution", "Harbour Police")],
    ),
    ("acronym", "We asked the RWI.", [("institution", "RWI")], "We asked at noon.", []),
    ("document", "So says the Wren Report.", [("report", "Wren Report")], "So says the report.", []),
    ("document with of", "So says the Code of Conduct Ludlow.", [("report", "Code of Conduct Ludlow")], "So says a code of conduct.", []),
    ("place", "We met in New Ludlow.", [("place", "New Ludlow")], "We met in new houses.", []),
    (
        "peerage",
        "Now Baroness Tansy of Ludlow left.",
        [("person", "Tansy of Ludlow")],
        "Now Ida Munt of Ludlow left.",
        [("person", "Ida Munt"), ("other", "Ludlow")],
    ),
    (
        "surname alone",
        "We met Ida Munt. Munt left.",
        [("person", "Ida Munt"), ("person", "Munt")],
        "We met Ida Munt. Sand was left.",
        [("person", "Ida Munt")],
    ),
    ("beginning of a sentence", "Wren left. We saw Wren.", [("other", "Wren"), ("other", "Wren")], "Fishing is over. Sails were seen.", []),
    ("calendar", "In Ludlow on Monday.", [("other", "Ludlow")], "On Monday in May.", []),
    ("single office", "It was Prime Minister for long.", [("role", "Prime Minister")], "It was prime time for long.", []),
    (
        "executive",
        "We met Chief Executive Bo Tansy.",
        [("role", "Chief Executive"), ("person", "Bo Tansy")],
        "We met the Rail Safety Executive.",
        [("institution", "Rail Safety Executive")],
    ),
]


@pytest.mark.parametrize(("rule", "caught", "found", "left", "kept"), RULES, ids=[rule for rule, *_ in RULES])
def test_each_rule_catches_its_names_and_leaves_the_others_alone(
    rule: str, caught: str, found: list[tuple[str, str]], left: str, kept: list[tuple[str, str]]
) -> None:
    assert typed(caught) == found
    assert typed(left) == kept


ROLES = [
    ("The deputy mayor Cal Dunmore left.", "deputy mayor"),
    ("It was deputy police spokesman Cal Dunmore.", "deputy police spokesman"),
    ("We saw Ludlow City Council leader Cal Dunmore.", "Ludlow City Council leader"),
    ("The head of the Harbour Trust Susan Wren left.", "head of the Harbour Trust"),
    ("The then chief constable, Cal Dunmore, left.", "then chief constable"),
    ("The trust's head of policy, Cal Dunmore, left.", "trust's head of policy"),
    ("Ludlow's Roads and Crime spokesperson, Cal Dunmore, left.", "Ludlow's Roads and Crime spokesperson"),
    ("Cal Dunmore, head of policy at the trust, left.", "head of policy at the trust"),
    ("Cal Dunmore, a former inspector of mines, left.", "former inspector of mines"),
    ("Cal Dunmore, who chairs the trust, left.", "who chairs the trust"),
    ("Cal Dunmore, an inspector who was late, left.", "inspector"),
    ("Cal Dunmore, who lost, left.", ""),
    ("Cal Dunmore, however, left.", ""),
    ("Cal Dunmore, 43, left.", ""),
    ("In the harbour, Cal Dunmore left.", ""),
    ("After a long walk with the mayor, Cal Dunmore left.", ""),
    ("We asked Cal Dunmore.", ""),
]


@pytest.mark.parametrize(("text", "role"), ROLES)
def test_the_office_beside_a_name_is_kept_as_worded(text: str, role: str) -> None:
    person = next(name for name in read(text).all if name.kind == "person" and name.text in ("Cal Dunmore", "Susan Wren"))
    assert (text[slice(*person.role)] if person.role else "") == role


def test_letters_in_brackets_stand_for_the_name_before_them() -> None:
    assert read("We asked the Centre for Women’s Housing (CWH).").acronyms == {"CWH": "Centre for Women’s Housing"}
    assert read("We asked the Centre for Tides (BBQ).").acronyms == {}


def test_a_person_told_by_nothing_but_capitals_is_not_sure_until_more_of_the_text_says_so() -> None:
    assert not read("We asked Cal Dunmore.").all[0].sure
    assert read("We asked Cal Dunmore. Then we saw Dunmore.").all[0].sure
    assert read("We asked Cal Dunmore, a teacher.").all[0].sure


def test_a_word_that_only_begins_a_sentence_is_doubtful() -> None:
    found = read("Ottoline from Wick asks why. Sails, sails.")
    assert [name.text for name in found.doubtful] == ["Ottoline"]
    assert [name.text for name in found.all] == ["Wick"]


def test_names_are_found_by_their_offsets() -> None:
    text = "We met Sir Piers Marl QC and Ida Munt."
    found = read(text)
    marl = found.at(text.index("Marl"))
    assert isinstance(marl, Name)
    assert (text[marl.start : marl.end], marl.text, marl.title) == ("Sir Piers Marl QC", "Piers Marl", "sir")
    assert found.at(text.index("met")) is None
    assert [name.text for name in found.within(0, text.index("and"))] == ["Piers Marl"]


def test_no_name_reaches_across_blocks() -> None:
    text = "Harbour\nPolice Ludlow"
    outline = Outline("article", (Block("heading", 0, 7), Block("paragraph", 8, len(text))))
    assert all(len({text.count("\n", 0, place) for place in (name.start, name.end)}) == 1 for name in names(words(text, outline)).all)


PIECES = st.sampled_from(
    [*"aA.,'’-& (\n“”", "Sir ", "Mayor ", "of ", "and ", "the ", "Ida ", "Munt", "Trust ", "U.S.", "É", "д", "’s ", "(IM)"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_spans_are_in_order_and_slice_to_the_words(text: str) -> None:
    found = read(text)
    for name in found.all:
        assert 0 <= name.start <= name.core[0] < name.core[1] <= name.end <= len(text)
        assert " ".join(text[slice(*name.core)].split()) == name.text
        assert name.role is None or 0 <= name.role[0] < name.role[1] <= len(text)
    assert found.starts == sorted(found.starts)
    assert all(before.end <= behind.start for before, behind in zip(found.all, found.all[1:], strict=False))


@pytest.mark.parametrize("length", [2_000, 200_000])
def test_a_row_of_capitals_too_long_for_a_name_is_left_alone(length: int) -> None:
    text = "Wren " * length + "and so. We went to Ludlow."
    found = units(words(text, Outline("article", (Block("paragraph", 0, len(text)),))))
    assert [" ".join(word.text for word in unit.words) for unit in found] == ["Ludlow"]
