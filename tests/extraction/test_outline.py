"""Outlines: genre, blocks, author, addressee, title and date of invented documents."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Document, Metadata, digest, read_all
from kg.extraction.blocks import MARK
from kg.extraction.outline import Outline, outline

TUTORIAL = Path(__file__).parents[2] / "data" / "tutorial" / "sources"


def of(text: str, metadata: Metadata | None = None) -> Outline:
    return outline(Document(Path("a.txt"), text, digest(text), metadata=metadata or Metadata()))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in of(text).blocks]


def words(text: str, span: tuple[int, int] | None) -> str | None:
    return None if span is None else text[slice(*span)]


PRESS = """FOR IMMEDIATE RELEASE
12 March 2024

Ombudsman finds council failed 14 families

The Housing Ombudsman has today published a report that finds that Stowton Council failed 14 families who complained of damp.

The council must:
- apologise to each family within four weeks
- inspect all 320 homes by September

Council leader Jo Finch said: “We are sorry. We accept the findings in full.”

ENDS

Notes to editors
1. The Ombudsman investigates complaints about landlords.

Media contact: press@ombudsman.example
"""

NEWS = """Council apologises to families after damp report

Published
3 March 2024

Share

By Ada Quill
Housing correspondent, Wold

Families protesting in StowtonImage source, Ana Lund
Image caption,
Families have been protesting since January

A council has apologised to 14 families after a report found it ignored damp for years.

'Nobody came'

Nadia Roe, who lives on the estate, said: "We rang and rang. Nobody came."

Related topics

Stowton

Damp homes: What are your rights?

© 2024 Wold Herald
"""

OPINION = """I ran a prison. Locking up more people will not help
Edda Monk
Sat 2 Mar 2024 08.00 GMT

I was governor of Harl prison for eleven years. In that time we lost four wings to damp and two to fire.

We told ministers that the roof would not hold. They told us to wait. I waited, and I regret it.

My officers did what they could. “We are bailing out a boat with a spoon,” one of them told me.

I believe that we must stop building and start mending. Our prisons hold 4,000 people who could be at home.
"""

REPORT = """Report of the Harl Prison Fire Inquiry

Chair: Dame Maud Tarrant
July 2023

Executive summary

1.1 On 4 January 2022 a fire broke out in C wing of Harl prison. Three men died.

1.2 We find that the officers on duty did all that they could.

Findings

2.1 The prison had been warned of the risk in 2019.

2.2 The ministry did not reply. We regard this as inexcusable.

Recommendations

We recommend that:

(a) the ministry inspects every wing built before 1970;

(b) each prison tests its fire doors monthly.
"""

PLAIN = """Mayor Promises To Mend The Harl Bridge.

The mayor said that the bridge would be mended by May. “It is a disgrace,” she told the council on Monday evening.

Engineers had warned of rust since 2019.

"""


def test_a_press_release_is_an_article_with_furniture_around_it() -> None:
    found = of(PRESS)
    assert (found.genre, found.date, found.authored) == ("article", "2024-03-12", False)
    assert words(PRESS, found.title) == "Ombudsman finds council failed 14 families"
    assert [(kind, text[:30]) for kind, text in kinds(PRESS) if kind != "paragraph"] == [
        ("furniture", "FOR IMMEDIATE RELEASE"),
        ("dateline", "12 March 2024"),
        ("heading", "Ombudsman finds council failed"),
        ("bullet", "apologise to each family withi"),
        ("bullet", "inspect all 320 homes by Septe"),
        ("furniture", "ENDS"),
        ("heading", "Notes to editors"),
        ("furniture", "Media contact: press@ombudsman"),
    ]


def test_a_news_page_keeps_its_paragraphs_and_tells_what_stands_around_them() -> None:
    found = of(NEWS)
    assert (found.genre, found.date, words(NEWS, found.author)) == ("article", "2024-03-03", "Ada Quill")
    assert [text for kind, text in kinds(NEWS) if kind == "paragraph"] == [
        "A council has apologised to 14 families after a report found it ignored damp for years.",
        'Nadia Roe, who lives on the estate, said: "We rang and rang. Nobody came."',
    ]
    assert ("caption", "Families protesting in Stowton") in kinds(NEWS)
    assert ("furniture", "Image source, Ana Lund") in kinds(NEWS)
    assert ("caption", "Families have been protesting since January") in kinds(NEWS)
    assert ("heading", "'Nobody came'") in kinds(NEWS)
    assert ("byline", "Housing correspondent, Wold") in kinds(NEWS)
    assert ("furniture", "Damp homes: What are your rights?") in kinds(NEWS)


def test_an_opinion_is_its_authors_own_voice() -> None:
    found = of(OPINION)
    assert (found.genre, found.authored, found.date) == ("opinion", True, "2024-03-02")
    assert words(OPINION, found.author) == "Edda Monk"
    assert words(OPINION, found.title) == "I ran a prison. Locking up more people will not help"


def test_an_opinion_may_name_its_author_below_or_beside_the_text() -> None:
    below = OPINION.replace("Edda Monk\n", "") + "\nEdda Monk is a former prison governor\n"
    assert words(below, of(below).author) == "Edda Monk"
    nameless = OPINION.replace("Edda Monk\n", "")
    assert (of(nameless).genre, of(nameless).authored) == ("opinion", False)
    assert of(nameless, Metadata(author="Edda Monk")).authored


def test_a_report_has_an_author_findings_and_numbers_outside_of_its_blocks() -> None:
    found = of(REPORT)
    assert (found.genre, found.authored, found.date) == ("report", True, "2023-07")
    assert words(REPORT, found.author) == "Dame Maud Tarrant"
    assert ("paragraph", "The prison had been warned of the risk in 2019.") in kinds(REPORT)
    assert ("bullet", "the ministry inspects every wing built before 1970;") in kinds(REPORT)
    assert [text for kind, text in kinds(REPORT) if kind == "heading"][1:] == ["Executive summary", "Findings", "Recommendations"]


def test_a_plain_text_is_an_article_whose_first_line_is_its_title() -> None:
    found = of(PLAIN)
    assert found.genre == "article"
    assert [kind for kind, _ in kinds(PLAIN)] == ["heading", "paragraph", "paragraph"]
    assert words(PLAIN, found.title) == "Mayor Promises To Mend The Harl Bridge."


def test_a_title_may_go_on_in_the_next_line() -> None:
    text = "Bridge to be mended; \nQuestion is whether the money will last.\n\n" + PLAIN
    assert [kind for kind, _ in kinds(text)][:2] == ["heading", "heading"]


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("Oct 18, 2022", "2022-10-18"),
        ("Published: 12 September 2024 10:05 GMT", "2024-09-12"),
        ("Stowton, 3rd of March 2024", "2024-03-03"),
        ("September 2024", "2024-09"),
        ("By Ada Quill | 3 March 2024", "2024-03-03"),
        ("STOWTON, March 3, 2024 – The mayor has resigned over the bridge.", "2024-03-03"),
        ("2024-03-03", "2024-03-03"),
        ("04/05/2024", "2024"),
        ("24/05/2024", "2024-05-24"),
        ("3 March", ""),
        ("The mayor resigned on 3 March 2024 over the bridge.", ""),
    ],
)
def test_the_date_over_a_text_is_read_as_precisely_as_it_is_given(head: str, date: str) -> None:
    assert of(f"Mayor resigns\n\n{head}\n\n{PLAIN[41:]}").date == date


def test_a_date_that_the_document_tells_comes_first_and_may_be_made_more_precise() -> None:
    text = f"Mayor resigns\n\n3 March 2024\n\n{PLAIN[41:]}"
    assert of(text, Metadata(date="2023-01-02")).date == "2023-01-02"
    assert of(text, Metadata(date="2024-03")).date == "2024-03-03"
    assert of(PLAIN, Metadata(date="2021")).date == "2021"


def test_lines_broken_at_a_margin_are_one_paragraph() -> None:
    text = (
        "HARL COUNCIL\n\n"
        "The council has today received the report of the independent engineer, and has\n"
        "accepted each of its eleven recommendations. The leader of the council, Jo\n"
        'Finch, said that she was "deeply sorry" for what had happened, and that work\n'
        "on the eastern span would begin in May.\n\n"
        "The bridge has been closed since 4 January, when a driver reported a crack in\nthe deck.\n"
    )
    assert [kind for kind, _ in kinds(text)] == ["heading", "paragraph", "paragraph"]
    assert kinds(text)[1][1].endswith("would begin in May.")


def test_a_name_below_a_quotation_is_no_bullet() -> None:
    text = PLAIN + "“It is a disgrace.”\n\n- Jo Finch\n\nThe council meets again in June, and the engineers will be heard then.\n"
    assert ("paragraph", "- Jo Finch") in kinds(text)


def test_markdown_headings_and_quotations_lose_their_marks() -> None:
    text = "# Statement on the bridge\n\n## What we found\n\n* The deck had cracked\n* Nobody had looked\n\n> We are sorry.\n"
    assert [kind for kind, _ in kinds(text)] == ["heading", "heading", "bullet", "bullet", "paragraph"]
    assert kinds(text)[-1][1] == "We are sorry."


def test_the_tutorial_is_read_as_what_it_is() -> None:
    found = {document.name: (document.text, outline(document)) for document in read_all(TUTORIAL)}
    text, letter = found["letter.txt"]
    assert (letter.genre, letter.date, letter.authored) == ("letter", "2024-09", True)
    assert (words(text, letter.author), words(text, letter.addressee)) == ("Ottilie Marwick", "Dame Rosalind")
    text, live = found["live-page.txt"]
    assert (live.genre, live.date, len(live.updates)) == ("live", "2025-05-14", 6)
    assert [update.recap for update in live.updates] == [True, False, False, False, False, False]
    assert live.updates[1].posted_at == "2025-05-14T15:55:00"
    assert words(text, live.updates[1].heading) == "'She is measuring something else'"
    text, report = found["report.txt"]
    assert (report.genre, report.date, words(text, report.author)) == ("report", "2024-09-12", "Dame Rosalind Aske")


def test_an_empty_text_has_no_blocks() -> None:
    assert of("").blocks == of(" \n\t\n").blocks == ()


def check(text: str) -> None:
    """Blocks stand in order, do not overlap, have no outer white space, and leave nothing out but marks of lists."""
    found, at, outside = of(text), 0, []
    for block in found.blocks:
        assert at <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        outside.append(text[at : block.start])
        at = block.end
    outside.append(text[at:])
    for left in outside:
        mark = left.strip()
        assert not mark or MARK.match(mark + " X") is not None, left
    for update in found.updates:
        assert 0 <= update.start < update.end <= len(text)
        assert update.heading is None or update.start <= update.heading[0] < update.heading[1] <= update.end
    assert all(block.update < len(found.updates) for block in found.blocks)
    assert all(
        found.updates[block.update].start <= block.start <= found.updates[block.update].end for block in found.blocks if block.update >= 0
    )


PIECES = st.sampled_from(
    [
        *("\n", "\n\n", " ", "\x0c", "\u2028", "\u3000", "\xa0", "x", ":", ".", '"', "–"),
        *("• ", "- ", "1. ", "R2. ", "(a) ", "# ", "> ", "16:40", "10:05am ", "2h ago", "published at 13:11 BST 2 October", "3 May 2024"),
        *(
            "Image source, ",
            "Image caption, ",
            "Dear Jo Finch,",
            "Yours sincerely,",
            "By Ada Quill",
            "Jo Finch",
            "Summary",
            "ENDS",
            "Related news",
        ),
        *("The mayor said that it was over.", "“We are sorry”", "From: Jo Finch", "To: Ada Quill", "From WXY's Ada Quill"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_blocks_hold_every_sign_once(text: str) -> None:
    check(text)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_blocks_hold_every_sign_of_any_text_once(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", [PRESS, NEWS, OPINION, REPORT, PLAIN])
def test_blocks_hold_every_sign_of_the_invented_documents_once(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "piece",
    ['"', "“", "A", "word ", "(", "Image source, ", "published at 10:05 ", "a, ", " ", "The mayor said so to all of us. " * 9 + "\n"],
)
def test_ten_megabytes_of_anything_are_read_at_once(piece: str) -> None:
    text = piece * (10_000_000 // len(piece)) + "x"
    start = time.perf_counter()
    of(text)
    assert time.perf_counter() - start < 5


BODY = "The mayor said that the bridge would be mended by May, and that nobody had told her of the rust before the winter."


def test_the_place_in_front_of_a_report_is_no_part_of_it() -> None:
    text = f"HARL, Neb. (XY) — {BODY}\n\nIt is old.\n"
    assert kinds(text)[:2] == [("dateline", "HARL, Neb. (XY) —"), ("paragraph", BODY)]
    assert kinds(f"WARNING - {BODY[:40]}\n\nIt is old.\n")[0][1].startswith("WARNING - The")


def test_the_rubric_over_a_title_is_no_title() -> None:
    text = f"Opinion\nOur bridge is rusting, and we should say so\n\n{BODY}\n\n{BODY}\n"
    assert words(text, of(text).title) == "Our bridge is rusting, and we should say so"
    assert words(f"Bridges\n\n{BODY}\n\n{BODY}\n", of(f"Bridges\n\n{BODY}\n\n{BODY}\n").title) == "Bridges"


def test_a_transcript_is_an_article_whose_turns_are_paragraphs() -> None:
    turns = ["Ada Coe: Is it safe?", "Eve Fox: I hope so. I asked my team, and we agreed.", "AC: Do you drive?", "EF: No.", "AC: Why?"]
    text = "\n\n".join(["Interview: the bolt woman", *turns, "EF: I walk.\n"])
    found = of(text)
    assert (found.genre, found.author, words(text, found.title)) == ("article", None, "Interview: the bolt woman")
    assert [block.kind for block in found.blocks] == ["heading"] + ["paragraph"] * 6


ISSUED = """Wold Bridges Ombudsman

Investigation into the closure of Harl bridge
March 2025

Summary

1. The bridge was shut on 4 August.

2. We found that nobody had looked.

Findings

3. The rust was old.

4. The bolts were loose.

Conclusion

5. It might have been prevented.
"""


def test_a_report_is_its_institutions() -> None:
    found = of(ISSUED)
    assert found.genre == "report"
    assert words(ISSUED, found.author) == "Wold Bridges Ombudsman"
    assert words(ISSUED, found.title) == "Investigation into the closure of Harl bridge"
    plain = of(ISSUED.replace("Wold Bridges Ombudsman\n\n", ""))
    assert plain.author is None


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("For immediate release: 3 March 2026", "2026-03-03"),
        ("Press release – 3 March 2026", "2026-03-03"),
        ("Published: 18:02, 12 Aug 2025", "2025-08-12"),
        ("Released 12 prisoners in 2025", ""),
    ],
)
def test_the_date_line_of_a_release(line: str, date: str) -> None:
    assert of(f"{line}\n\nCouncil mends bridge\n\n{BODY}\n").date == date
