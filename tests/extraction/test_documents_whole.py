"""Whole documents, invented: what an editor would enter from a live page, a tabloid and a press release is read out of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.documents import Document, read
from kg.extraction import Extraction, extract

PAPERS = Path(__file__).parent / "papers"

#: For each paper: who says what, and how; and the words that nobody says.
TOLD = {
    "live": (
        [
            ("Frances Ollerton", "mixed", "the board's failings were"),
            ("Peter Lacey", "mixed", 'he "accepts every one" of the 31 recommendations'),
            ("Residents", "direct", "Sorry isn't enough"),
            ("Marion Petty", "direct", "We were told to go back to bed"),
            ("Marion Petty", "indirect", "she called the board's helpline twice"),
            ("Marion Petty", "direct", "I rang at"),
            ("Marion Petty", "direct", "I lost everything my husband ever made,"),
            ("Marion Petty", "direct", "Somebody should be in court."),
            ("Alan Strode", "direct", "I apologise without reservation to everybody"),
            ("Alan Strode", "mixed", 'that the board has "already put in place"'),
            ("Alan Strode", "direct", "My job is to fix this."),
            ("Alan Strode", "indirect", "The board spent £4.3m on flood defences last year"),
            ("Frances Ollerton", "direct", "Avoidable at every stage"),
            ("Frances Ollerton", "direct", "This was not an act of God,"),
            ("Frances Ollerton", "direct", "It was avoidable at every stage."),
            ("Frances Ollerton", "mixed", "that engineers raised the alarm on 28 November"),
            ("Ruth Adeyemi", "mixed", 'the report is "a catalogue of neglect"'),
        ],
        ["this page", "Nadia Hussain", "Reporting from", "Edited by", "Oliver Tamm", "Marion Petty outside her home"],
    ),
    "tabloid": (
        [
            ("Kelly-Ann Drewitt", "direct", "IT WAS CARNAGE"),
            ("Kelly-Ann Drewitt", "mixed", "she had 'seconds to react'"),
            ("Kelly-Ann Drewitt", "direct", "It was carnage."),
            ("Kelly-Ann Drewitt", "direct", "There were people's prams and cakes everywhere,"),
            ("Kelly-Ann Drewitt", "direct", "I didn't think, I couldn't."),
            ("Kelly-Ann Drewitt", "direct", "They're saying it's nobody's fault"),
            ("Ron Battersby", "mixed", "he'd told the clerk 'till I was blue in the face"),
            ("Ron Battersby", "direct", "I said to her, \"That thing'll kill someone"),
            ("Derek Pym", "direct", "You'll have to speak to the solicitors."),
            ("Hugh Canning", "mixed", "the incident 'an accident waiting to happen"),
            ("One onlooker", "direct", "The WI ladies' tent was flattened."),
            ("Health and Safety Executive", "mixed", "it was aware of the incident and was 'making enquiries"),
        ],
        ["By Tess Garland", "Published", "Updated", "Hero lollipop lady"],
    ),
    "release": (
        [
            ("Amara Lindqvist", "direct", "Too many families in Wendlebury have waited too long."),
            ("Amara Lindqvist", "direct", "This programme is a promise."),
            ("Amara Lindqvist", "direct", "None of this would have been possible without our schools."),
            ("Simon Oakes", "direct", "We have been asking for this since 2021."),
            ("Joyce Mbeki", "direct", "Buildings don't teach children."),
        ],
        ["ENDS", "For immediate release", "For media enquiries", "The cabinet report is available"],
    ),
}


def paper(name: str) -> tuple[Document, Extraction]:
    document = read(PAPERS / f"{name}.txt")
    return document, extract(document)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_said_in_a_paper_is_found_with_its_speaker_and_mode(name: str) -> None:
    document, read_out = paper(name)
    found = [(one.entity.label if one.entity else "", one.mode, document.text[slice(*one.content)]) for one in read_out.candidates]
    missed = [
        (speaker, mode, words)
        for speaker, mode, words in TOLD[name][0]
        if not any((speaker, mode) == row[:2] and row[2].startswith(words) for row in found)
    ]
    assert missed == []


@pytest.mark.parametrize("name", TOLD)
def test_what_belongs_to_the_page_is_said_by_nobody(name: str) -> None:
    document, read_out = paper(name)
    contents = [document.text[slice(*one.content)] for one in read_out.candidates]
    for words in TOLD[name][1]:
        assert words in document.text
        assert [content for content in contents if content.startswith(words)] == []


def test_papers_are_dated_and_their_kind_is_told() -> None:
    outlines = {name: paper(name)[1].outline for name in TOLD}
    assert {name: (outline.genre, outline.date) for name, outline in outlines.items()} == {
        "live": ("live", ""),
        "tabloid": ("article", "2025-08-12"),
        "release": ("article", "2026-03-03"),
    }
    assert [update.recap for update in outlines["live"].updates] == [True, False, True, False, False, False]
