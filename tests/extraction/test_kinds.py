"""Kinds of lines: every rule catches what it is for, and leaves alone what a person said."""

from __future__ import annotations

import re

import pytest

from kg.extraction import bylines, kinds
from kg.extraction.blocks import Line, lines

#: For each rule of furniture: lines that it tells, and lines that it leaves alone.
FURNITURE = {
    "credit": (
        ["Image source, Reuters", "Media caption,", "Photo credit: Ana Lund"],
        ["Image sources have dried up, she said, and nobody knows why."],
    ),
    "agency": (["Getty Images", "PA Media", "AFP/Getty Images"], ["Reuters reported that the bridge had cracked."]),
    "dated": (
        ["Published", "Last updated on 3 March 2024", "Updated at 17.50 GMT"],
        ["Published figures say otherwise.", "Posted to Harl, he resigned."],
    ),
    "share": (["Share", "Share this article", "Copy link"], ["Share prices fell as the mayor spoke.", "Save our bridge, they shouted"]),
    "rights": (["Copyright © 2025 Wold Herald", "© Wold Herald", "All rights reserved"], ["Copyright law is broken, she said."]),
    "advertisement": (["Advertisement", "Sponsored content"], ["Advertisements for the post went unanswered."]),
    "more": (["Read more: Why the bridge cracked", "Show less"], ["Reading more would not have helped, he said."]),
    "subscribe": (["Sign up for our morning newsletter", "Subscribe"], ["Sign up, or leave, he told them."]),
    "follow": (["Follow us", "Follow Ada Quill on Twitter @adaquill"], ["Follow the money, the auditor told the council."]),
    "navigation": (["Skip to content", "Menu", "14 comments"], ["Home is where nobody tells you off."]),
    "release": (["FOR IMMEDIATE RELEASE", "Press release", "Media contact: Jo Finch"], ["Press officers were told to say nothing."]),
    "ends": (["ENDS", "- ends -", "###"], ["Ends of cables had frayed."]),
    "contact": (["Tel: 01234 567890", "https://wold.example/bridge"], ["Emails show that he knew."]),
    "policy": (["Cookie settings", "Privacy policy"], ["Privacy is a right, she said."]),
    "disclaimer": (
        ["The Herald is not responsible for the content of external sites."],
        ["The mayor said she is not responsible for the bridge."],
    ),
    "warning": (["Warning: This post contains distressing content"], ["Warning: the bridge is shut."]),
    "viewers": (["4.2K viewing this page", "1,204 people reading now"], ["1,204 people viewing the bridge were sent home."]),
    "page": (["12", "Page 3 of 40"], ["1,500 people were told."]),
    "rule": (["* * *", "___"], ["“?”, she wrote"]),
    "tail": (["Related topics", "More on this story", "Most read"], ["More on the bridge will be known in May."]),
}


@pytest.mark.parametrize("rule", kinds.FURNITURE)
def test_every_rule_of_furniture_catches_its_lines_and_leaves_others_alone(rule: str) -> None:
    caught, left = FURNITURE[rule]
    pattern = re.compile(kinds.FURNITURE[rule], re.IGNORECASE)
    assert caught and all(pattern.fullmatch(line) for line in caught)
    assert left and not any(kinds.is_furniture(line, Line(0, len(line), True)) for line in left)


def told(text: str) -> list[tuple[str | None, str]]:
    found = kinds.cut(text, lines(text))
    kinds.tell(text, found)
    return [(line.kind, text[line.start : line.end]) for line in found]


BODY = "The mayor said that the bridge would be mended by May, and that nobody had told her of the rust before the winter."


@pytest.mark.parametrize(
    "line",
    ["What went wrong", "Culture and standards", "'Nobody came'", "Why did nobody ask?", "WATCHDOG MEMO", "3. Findings", "– A way ahead –"],
)
def test_headings(line: str) -> None:
    assert told(f"{BODY}\n\n{line}\n\n{BODY}")[1][0] == "heading"


@pytest.mark.parametrize(
    "line",
    [
        "It recommended:",
        "“We are sorry.”",
        "Q: Did anybody ask?",
        "and then it was over",
        "22:05 - Smoke is seen",
        "He resigned.",
        "Nobody had asked, she said, why the cables of the eastern span were never looked at in all of that time",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    assert told(f"{BODY}\n\n{line}\n\n{BODY}")[1] == ("paragraph", line)


def test_the_last_line_is_no_heading_as_nothing_stands_below_it() -> None:
    assert told(f"{BODY}\n\nThe bridge is shut")[1][0] == "paragraph"


@pytest.mark.parametrize(
    "line", ["Photo: Jo Finch at the bridge", "Pictured above: the eastern span", "Jo Finch at the bridge (Credit: Ana Lund)"]
)
def test_captions(line: str) -> None:
    assert told(f"{BODY}\n{line}\n{BODY}")[1][0] == "caption"


@pytest.mark.parametrize(
    "line", ["Photographs show that the deck had cracked.", "The council (see the picture on page 4) had known of it."]
)
def test_what_is_no_caption(line: str) -> None:
    assert told(f"{BODY}\n{line}\n{BODY}")[1][0] == "paragraph"


def test_a_credit_glued_to_a_caption_is_cut_off() -> None:
    assert told(f"Jo Finch in a black coat.Image source, Wold Herald\n\n{BODY}")[:2] == [
        ("caption", "Jo Finch in a black coat."),
        ("furniture", "Image source, Wold Herald"),
    ]


def test_a_caption_behind_or_below_its_label() -> None:
    for between in (" ", "\n\n"):
        assert told(f"Image caption,{between}Jo Finch spoke to reporters\n\n{BODY}")[:2] == [
            ("furniture", "Image caption,"),
            ("caption", "Jo Finch spoke to reporters"),
        ]


def test_a_sentence_about_an_image_source_is_left_whole() -> None:
    sentence = "She asked about the (image source: unknown) and was told to wait for the report of the engineer."
    assert told(sentence) == [("paragraph", sentence)]


def test_the_tail_of_a_page_is_furniture_up_to_the_next_paragraph() -> None:
    text = f"{BODY}\n\n{BODY}\n\n{BODY}\n\n{BODY}\n\nRelated news\n\nBridge: what we know\n\nStowton\n\n{BODY}"
    assert [kind for kind, _ in told(text)] == ["paragraph"] * 4 + ["furniture"] * 3 + ["paragraph"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("• rust", "sign"),
        ("* rust", "sign"),
        ("- rust", "dash"),
        ("–rust", "dash"),
        ("1. Rust", "number"),
        ("2.1 Rust", "number"),
        ("R1. Rust", "number"),
        ("(a) rust", "number"),
        ("iv) rust", "number"),
        ("# Rust", "hash"),
        ("> Rust", "quote"),
        ("-5 degrees", None),
        ("2.5 million people", None),
        ("2024. It was over", None),
        ("**Rust** it was", None),
        ("-- rust", None),
        ("A. Quill", None),
        ("I. said", None),
        ("10:05 Rust", None),
    ],
)
def test_list_marks(text: str, marked: str | None) -> None:
    (line,) = lines(text)
    assert line.marked == marked
    assert line.mark == 0
    assert (line.start > 0) is (marked is not None)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ada Quill", "Ada Quill"),
        ("By Ada Quill and Ivo Brand", "Ada Quill"),
        ("By Dr Ivor Lund, chief executive of the Harl Trust", "Dr Ivor Lund"),
        ("BY ADA QUILL", "ADA QUILL"),
        ("Words by Ada Quill", "Ada Quill"),
        ("Reporting by Ada Quill", "Ada Quill"),
        ("From WXY's Ada Quill", "Ada Quill"),
        ("(Reporting by Ada Quill; Editing by Ivo Brand.)", "Ada Quill"),
        ("Chair: Dame Maud Tarrant DBE", "Dame Maud Tarrant"),
        ("Ada Quill (now) and Ivo Brand (earlier)", "Ada Quill"),
    ],
)
def test_bylines(line: str, name: str) -> None:
    found, span = bylines.byline(line, Line(0, len(line), True))
    assert found and span is not None and line[slice(*span)] == name


@pytest.mark.parametrize(
    "line",
    [
        "By contrast, the bridge held",
        "By Monday morning it was over.",
        "By the time she came",
        "From the mayor of Harl:",
        "The report by Ada Quill",
    ],
)
def test_what_is_no_byline(line: str) -> None:
    assert bylines.byline(line, Line(0, len(line), True)) == (False, None)


@pytest.mark.parametrize(
    "name", ["Ada Quill", "Sir Ivor de Lund", "Ada O'Quill-Brand", "J. Finch", "Baroness Ash of Wold", "Cllr Jo Finch"]
)
def test_names(name: str) -> None:
    assert bylines.person(name, 0, len(name)) == (0, len(name))


@pytest.mark.parametrize(
    "line", ["Stowton Council", "New Scotland", "SW1A 2JL", "The", "12 Mill Lane", "Ada said nothing", "What Happened", "Ada"]
)
def test_what_is_no_name(line: str) -> None:
    assert bylines.person(line, 0, len(line)) is None


@pytest.mark.parametrize("text", ["Ada Coe ,", "Ada Coe ,\n\nMayor", "A .", "By ,", "Ada ’ Coe"])
def test_a_stray_mark_in_a_name_is_no_error(text: str) -> None:
    for line in lines(text):
        bylines.person(text, line.start, line.end)
        bylines.people(text, line)
        bylines.byline(text, line)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Secretary of State", None),
        ("Permanent Secretary", None),
        ("Minister for Bridges", None),
        ("The Baroness Ash of Wold", "Baroness Ash of Wold"),
        ("The Rt Hon Jo Finch MP", "Jo Finch"),
    ],
)
def test_an_office_is_no_persons_name(line: str, name: str | None) -> None:
    found = bylines.person(line, 0, len(line))
    assert (line[slice(*found)] if found else None) == name


def test_a_byline_may_begin_with_a_role() -> None:
    line = "By Local Democracy Reporter Sam Ash"
    found, name = bylines.byline(line, Line(0, len(line), True))
    assert found and name and line[slice(*name)] == "Sam Ash"
