"""Live pages: posts, headings, times and bylines, also where scraping glued the words together."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.documents import Document, Metadata, digest
from kg.extraction.outline import Outline, outline


def of(text: str, date: str = "") -> Outline:
    return outline(Document(Path("a.txt"), text, digest(text), metadata=Metadata(date=date)))


GLUED = """Summary

  • The bridge at Harl will reopen in May

  1. Bridge will reopen, says mayorpublished at 16:20 GMT 3 MarchJo Finch says the bridge will reopen in May.

    Jo Finch outside the town hallImage source, Reuters
    Image caption,

    Jo Finch spoke to reporters

    She told reporters that the delay was "shameful".

  2. Key lines from the hearingpublished at 15:45 GMT 3 March

    Families say they were ignored, according to a report published at the weekend.

  3. Analysis

    Why this matterspublished at 14:05 GMT 3 March

    Ivo Brand
    Political correspondent

    Ana Lund

    The council has been here before.

  4. Will it hold?published at 13:01 British Summer Time 3 March

    An engineer is holding a bolt. She is wearing a helmet.

    Nobody knows, says the engineer.
"""

CLOCKS = """Prison fire latest: Governor says staff 'had no keys'
4 January 2024

11:20:45

Governor: 'My staff had no keys'
The governor of Harl prison, Edda Monk, has said her officers had no keys to the burning wing.

10:58:03

What we know so far
The ambulance service says two prisoners are in hospital.

10.31am

A fire broke out at about 9am.
"""

DATED = """Flooding inquiry: minister admits ‘we were too slow’ – as it happened

3 Mar 2024 17.42 GMT
Closing summary
We are closing this page now.

3 Mar 2024 16.05 GMT

‘We were too slow’, says minister

“We were too slow, and I regret it,” Orla Beck says.
Updated at 16.20 GMT
"""


def test_a_glued_page_is_cut_into_posts() -> None:
    found = of(GLUED, "2024-03-03")
    assert found.genre == "live"
    assert [GLUED[slice(*update.heading)] for update in found.updates if update.heading] == [
        "Summary",
        "Bridge will reopen, says mayor",
        "Key lines from the hearing",
        "Why this matters",
        "Will it hold?",
    ]
    assert [update.recap for update in found.updates] == [True, False, True, False, False]
    assert found.updates[0].posted_at == "2024-03-03"
    assert found.updates[1].posted_at == "2024-03-03T16:20:00+00:00"
    assert found.updates[4].posted_at == "2024-03-03T13:01:00+01:00"
    assert GLUED[found.updates[3].start :].startswith("3. Analysis")
    assert GLUED[: found.updates[3].end].endswith("been here before.")


def test_the_blocks_of_a_glued_page() -> None:
    found = of(GLUED)
    told = [(block.kind, block.update, GLUED[block.start : block.end]) for block in found.blocks]
    assert ("bullet", 0, "The bridge at Harl will reopen in May") in told
    assert ("furniture", 1, "published at 16:20 GMT 3 March") in told
    assert ("paragraph", 1, "Jo Finch says the bridge will reopen in May.") in told
    assert ("caption", 1, "Jo Finch outside the town hall") in told
    assert ("furniture", 1, "Image source, Reuters") in told
    assert ("caption", 1, "Jo Finch spoke to reporters") in told
    assert ("furniture", 3, "Analysis") in told
    assert ("byline", 3, "Ivo Brand") in told
    assert ("byline", 3, "Political correspondent") in told
    assert ("caption", 3, "Ana Lund") in told
    assert ("caption", 4, "An engineer is holding a bolt. She is wearing a helmet.") in told
    assert ("paragraph", 2, "Families say they were ignored, according to a report published at the weekend.") in told


def test_without_a_year_a_time_keeps_what_is_known() -> None:
    assert of(GLUED).date == ""
    assert of(GLUED).updates[1].posted_at == "--03-03T16:20:00+00:00"
    assert of(GLUED.replace("14:05 GMT 3 March", "14:05 GMT 3 March 2024")).updates[1].posted_at == "2024-03-03T16:20:00+00:00"


def test_a_page_whose_times_stand_over_its_posts() -> None:
    found = of(CLOCKS)
    assert (found.genre, found.date) == ("live", "2024-01-04")
    assert [(update.posted_at, CLOCKS[slice(*update.heading)] if update.heading else None) for update in found.updates] == [
        ("2024-01-04T11:20:00", "Governor: 'My staff had no keys'"),
        ("2024-01-04T10:58:00", "What we know so far"),
        ("2024-01-04T10:31:00", None),
    ]


def test_times_with_their_day_and_notes_of_change() -> None:
    found = of(DATED)
    assert [update.posted_at for update in found.updates] == ["2024-03-03T17:42:00+00:00", "2024-03-03T16:05:00+00:00"]
    assert found.updates[0].recap and not found.updates[1].recap
    assert [DATED[block.start : block.end] for block in found.blocks if block.kind == "furniture"][-1] == "Updated at 16.20 GMT"


def test_a_page_without_headings_or_day() -> None:
    text = "The Latest: Bridge will be rebuilt.\n\n6:01 p.m.\n\nGov. Monk says so.\n\n___\n\n4:40 p.m.:\n\nThe mayor says no.\n"
    found = of(text)
    assert [(update.heading, update.posted_at) for update in found.updates] == [(None, ""), (None, "")]
    assert found.title == (0, len("The Latest: Bridge will be rebuilt."))


@pytest.mark.parametrize(
    "text",
    [
        "The fire\n\nThe night:\n\n22:05 - Smoke is seen\n22:11 - A call is made\n22:40 - Gone\n\nNobody told the families, they said.\n",
        "The report\n\nThe report, published at 10:05 on Monday, says that the bridge was never inspected.\n\nNobody knew.\n",
        "The day\n\n10:05\n\nOne time makes no page, the editor says, and one swallow no summer.\n",
    ],
)
def test_what_is_no_live_page(text: str) -> None:
    assert of(text).genre == "article"
    assert of(text).updates == ()


@pytest.mark.parametrize("stamp", ["2h ago", "15 mins ago", "2:15 p.m. ET, October 2, 2025", "10:05 BST", "Posted at 10:05 BST"])
def test_forms_of_times(stamp: str) -> None:
    text = "Bridge: live\n\n" + "".join(f"{stamp}\n\n{heading}\n\nThe mayor said no.\n\n" for heading in ("One", "Two", "Three"))
    assert len(of(text).updates) == 3


@pytest.mark.parametrize(
    ("heading", "recap"),
    [
        ("What we learned today", True),
        ("What happened today?", True),
        ("At a glance: the mayor's day", True),
        ("We're ending our coverage here", True),
        ("The story so far", True),
        ("Mayor: what we need is steel", False),
        ("Who is Jo Finch?", False),
        ("Governor denies key claim", False),
    ],
)
def test_recaps(heading: str, recap: bool) -> None:
    stamp = "published at 10:05 GMT 3 March 2024"
    text = f"1. {heading}{stamp}\n\nThe mayor said no.\n\n2. No{stamp}\n\nThe mayor said no.\n"
    assert [update.recap for update in of(text).updates] == [recap, False]


def test_the_summary_over_the_posts_is_a_recap() -> None:
    found = of(GLUED, "2024-03-03")
    assert found.updates[0].recap
    assert GLUED[found.updates[0].start : found.updates[0].end] == "Summary\n\n  • The bridge at Harl will reopen in May"
    bullets = GLUED.replace("Summary\n", "").replace("in May\n", "in May\n  • Two of its bolts have rusted\n", 1)
    assert [(update.recap, update.heading) for update in of(bullets).updates[:1]] == [(True, None)]
    assert of(GLUED.replace("Summary\n", "")).updates[0].heading is not None


TWICE = """Bridge inquiry: minister says rust was missed

'We saw the rust'published at 16:48 BST 14 May
16:48 BST 14 May

Nadia Ash
Reporting from Harl

Image source, Nadia Ash

The engineer says the bolts were orange.

What we learnedpublished at 15:10 BST
15:10 BST

The bolts were orange.
"""


def test_a_time_that_stands_twice_over_a_post_does_not_hide_its_byline() -> None:
    blocks = [(block.kind, TWICE[block.start : block.end]) for block in of(TWICE).blocks]
    assert ("byline", "Nadia Ash") in blocks and ("byline", "Reporting from Harl") in blocks
    assert {kind for kind, line in blocks if line.startswith("1")} <= {"dateline", "furniture"}


def test_one_time_of_publication_makes_no_live_page() -> None:
    head = "Bridge shuts\n\nBy Ada Quill, Reporter\nPublished: 18:02, 12 Aug 2025\nUpdated: 20:15, 12 Aug 2025\n"
    text = f"{head}\nThe bridge was shut.\n\nIt is old.\n"
    found = of(text)
    assert (found.genre, found.updates, found.date) == ("article", (), "2025-08-12")
