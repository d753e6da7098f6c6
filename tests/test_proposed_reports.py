"""The report that a document is, as it is proposed: its kind, date and updates, and those that it mentions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.cases import read_case
from kg.curation import decisions
from kg.curation.proposals import GENRES, propose
from kg.documents import Metadata
from kg.extraction.candidates import Entity
from kg.extraction.outline import Outline, Update
from kg.records import parse, text
from kg.vocabulary import superclasses, terms
from tests.gazette import IGNORED, REPORT, WHO, case, document, extraction, findings, proposed, span


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return case(tmp_path / "case")


@pytest.mark.parametrize(("genre", "kind"), GENRES.items())
def test_a_genre_is_a_kind_of_report(genre: str, kind: str, folder: Path) -> None:
    assert terms()["Report"].iri in superclasses(terms()[kind].iri)
    proposed(folder, extraction(outline=Outline(genre, ())))  # type: ignore[arg-type]
    assert parse((folder / "candidates/gazette.yaml").read_text("utf-8"))[0]["type"] == kind


@pytest.mark.parametrize(
    ("date", "fields"),
    [
        ("2025-06-03", {"publishedOn": "2025-06-03"}),
        ("2025-06", {"publishedInMonth": "2025-06"}),
        ("2025", {"publishedInYear": "2025"}),
        ("", {"note": "No date was found in the document."}),
    ],
)
def test_a_report_is_dated_as_precisely_as_its_document(date: str, fields: dict[str, str], folder: Path) -> None:
    proposed(folder, extraction(outline=Outline("letter", (), date=date)))
    head = parse((folder / "candidates/gazette.yaml").read_text("utf-8"))[0]
    assert {name: value for name, value in head.items() if name.startswith("published") or name == "note"} == fields


def test_what_the_file_tells_about_itself_stands_in_where_the_text_is_silent(folder: Path) -> None:
    known = replace(document(folder), metadata=Metadata(title="A page: on pumps", date="2025-06"))
    propose(read_case(folder), known, extraction(outline=Outline("article", ()))).write()
    head = parse((folder / "candidates/a-page-on-pumps.yaml").read_text("utf-8"))[0]
    assert (head["id"], head["label"], head["publishedInMonth"]) == ("report/a-page-on-pumps", "A page: on pumps", "2025-06")


def test_the_identifier_may_be_given(folder: Path) -> None:
    proposal = propose(read_case(folder), document(folder), extraction(), "report/gazette-2025")
    proposal.write()
    assert all(name.startswith("statement/gazette-2025/") for name in read_case(folder).proposed if name.startswith("statement/"))
    assert findings(folder) == []
    assert proposed(folder).report == "report/gazette-2025"


def test_a_live_page_brings_its_updates(folder: Path) -> None:
    first = Update(
        *span("Pump at Stonebeck fails again"), heading=span("Pump at Stonebeck fails again"), posted_at="2025-06-03T10:00:00+01:00"
    )
    second = Update(*span("3 June 2025"), posted_at="10:30")
    proposed(folder, extraction(outline=Outline("live", (), updates=(first, second))))
    head = parse((folder / "candidates/gazette.yaml").read_text("utf-8"))[0]
    assert head["updates"] == [
        {
            "id": "report/gazette/update-01",
            "type": "LiveUpdate",
            "heading": "Pump at Stonebeck fails again",
            "postedAt": "2025-06-03T10:00:00+01:00",
            "start": "16",
            "end": "45",
        },
        {"id": "report/gazette/update-02", "type": "LiveUpdate", "start": "46", "end": "57"},
    ]
    assert findings(folder) == []
    decisions.accept(read_case(folder), "statement/gazette/349-371", **WHO)
    assert findings(folder) == []


def test_a_report_that_is_mentioned_is_a_candidate(folder: Path) -> None:
    review = Entity("report/pump-review", "OfficialReport", "The pump review")
    proposed(folder, extraction(candidates=[replace(extraction().candidates[2], about=(review,))]))
    assert parse((folder / "candidates/reports.yaml").read_text("utf-8")) == [
        {
            "id": "report/pump-review",
            "type": "OfficialReport",
            "reviewStatus": "candidate",
            "label": "The pump review",
            "source": REPORT,
            "note": "Known only from where it is mentioned.",
        }
    ]
    decisions.accept(read_case(folder), IGNORED, **WHO)
    assert "report/pump-review" in read_case(folder).index
    assert findings(folder) == []


def test_passages_of_a_document_with_pages_have_their_page(folder: Path) -> None:
    paged = replace(document(folder), pages=(0, 300))
    propose(read_case(folder), paged, extraction()).write()
    assert [text(record["passage"], "page") for _, record in read_case(folder).proposals()] == ["1", "1", "2", "2"]
    assert findings(folder) == []
