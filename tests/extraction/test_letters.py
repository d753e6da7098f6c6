"""Letters: author, addressee and the parts of letters, mails and memoranda."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.documents import Document, Metadata, digest
from kg.extraction.outline import Outline, outline


def of(text: str) -> Outline:
    return outline(Document(Path("a.txt"), text, digest(text)))


BODY = "I accept that this is not good enough, and I apologise to each of them.\n\nWe will publish waiting times each week from July.\n"

FORMAL = f"""Wold Ambulance Service Trust
12 Mill Lane
Stowton ST1 4AB

14 June 2024

Cllr Jo Finch
Chair, Health Scrutiny Committee
Stowton Council

Dear Councillor Finch

Waiting times in Stowton

{BODY}
Yours sincerely,

[signed]

Dr Ivor Lund OBE
Chief Executive

cc: Maud Tarrant
"""

UNADDRESSED = f"""The Baroness Ash of Wold DBE

Sent by courier

Sir Ivor Lund QPM
Commissioner
12 Mill Lane

{BODY}
With all best wishes

Sir Ivor Lund QPM
Commissioner
"""

MAIL = f"""From: Petra Lowe
To: Ivor Lund
Subject: Gate inspections
Date: 4 May 2023

Ivor,

{BODY}
Petra
"""

OPEN = f"""Open letter to the Home Secretary

Dear Home Secretary,

{BODY}
Yours faithfully,

Nadia Roe
Tomas Reil
"""


@pytest.mark.parametrize(
    ("text", "author", "addressee", "date"),
    [
        (FORMAL, "Dr Ivor Lund", "Cllr Jo Finch", "2024-06-14"),
        (UNADDRESSED, "Sir Ivor Lund", "Baroness Ash of Wold", ""),
        (MAIL, "Petra Lowe", "Ivor Lund", "2023-05-04"),
        (OPEN, "Nadia Roe", "Home Secretary", ""),
        (f"Dear Sir or Madam,\n\n{BODY}\nYours, Ada Quill", "Ada Quill", None, ""),
        (f"Dear Dame Maud,\n\n{BODY}\nAda Quill\nMayor of Harl\n", "Ada Quill", "Dame Maud", ""),
    ],
)
def test_who_wrote_to_whom(text: str, author: str, addressee: str | None, date: str) -> None:
    found = of(text)
    assert (found.genre, found.authored, found.date) == ("letter", True, date)
    assert found.author is not None and text[slice(*found.author)] == author
    assert (text[slice(*found.addressee)] if found.addressee else None) == addressee


def test_the_letterhead_names_an_author_whose_signature_is_lost() -> None:
    head = "The Rt Hon Jo Finch MP\nSecretary of State\nSir Ivor Lund\nChair, Health Commission\n\n17 June 2025\n"
    text = f"{head}\nDear Sir Ivor,\n\n{BODY}\nYours sincerely,\n"
    found = outline(Document(Path("a.html"), text, digest(text), metadata=Metadata(date="2025-08-12")))
    assert found.author and text[slice(*found.author)] == "Jo Finch"
    assert found.addressee and text[slice(*found.addressee)] == "Sir Ivor Lund"
    assert found.date == "2025-06-17"  # when it was written, not when it was put on a page


def test_the_parts_of_a_letter() -> None:
    told = [(block.kind, FORMAL[block.start : block.end]) for block in of(FORMAL).blocks]
    assert told[0] == ("furniture", "Wold Ambulance Service Trust")
    assert ("salutation", "Cllr Jo Finch") in told
    assert ("salutation", "Dear Councillor Finch") in told
    assert ("heading", "Waiting times in Stowton") in told
    assert [text for kind, text in told if kind == "paragraph"] == BODY.strip().split("\n\n")
    assert next(text for kind, text in told if kind == "signoff") == "Yours sincerely,"
    assert told[-1] == ("signoff", "cc: Maud Tarrant")


def test_the_parts_of_a_mail_and_of_an_open_letter() -> None:
    assert [block.kind for block in of(MAIL).blocks] == [
        "byline", "salutation", "furniture", "dateline", "salutation", "paragraph", "paragraph", "signoff",
    ]  # fmt: skip
    assert OPEN[slice(*of(OPEN).title or (0, 0))] == "Open letter to the Home Secretary"


@pytest.mark.parametrize(
    "text",
    [
        f"The letter\n\nThe council has published a letter in which it says that it is sorry for what was done.\n\nDear Ada,\n\n{BODY}",
        "Thanks\n\nThe mayor thanked the crews for their work.\n\nThank you\n\nThat was all she said, and she left.\n",
        "Dear old bridge\n\nThe bridge at Harl has stood for ninety years, and nobody has thanked it for that.\n",
    ],
)
def test_what_is_no_letter(text: str) -> None:
    assert of(text).genre == "article"
