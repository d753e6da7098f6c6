"""The questions as pages: every one answers, says what it did not understand, and leads on."""

from __future__ import annotations

import re

import pytest

from kg.errors import LimitError, NotFoundError, QueryError
from kg.graph import Graph
from kg.queries import catalogue
from kg.table import Table
from kg.web.addresses import Addresses
from kg.web.page import render, twin
from kg.web.pages import questions
from kg.web.pages.questions import GROUPS, grouped, question
from kg.web.site import Site
from tests.conftest import ROOT


def test_the_groups_are_those_of_the_text_on_questions() -> None:
    text = (ROOT / "queries" / "README.md").read_text("utf-8").partition("## How to write one")[0]
    listed = {
        heading: re.findall(r"^\| `([\w-]+)` \|", part, re.MULTILINE) for heading, part in re.findall(r"^## (.+)\n([^#]*)", text, re.M)
    }
    assert tuple(listed) == GROUPS
    assert {group["group"]: {one["name"] for one in group["questions"]} for group in grouped()} == {
        name: set(of) for name, of in listed.items()
    }


def test_the_list_leads_to_every_question(site: Site) -> None:
    page = questions.questions(site, {})
    html = render(site, page, "questions")
    assert [name for name in catalogue() if f'href="/questions/{name}"' not in html] == []
    assert twin(site, page, "questions", ".csv").decode().count("\r\n") == len(catalogue()) + 1


@pytest.mark.parametrize("name", catalogue())
def test_every_question_answers_as_the_command_does(name: str, site: Site) -> None:
    page = question(site, name, {})
    table = site.graph.query(name)
    assert page.status == 200 and page.table is not None and page.table().terms == table.terms
    assert page.data["answer"]["total"] == len(table)
    assert page.data["columns"].keys() == set(table.columns)
    html = render(site, page, f"questions/{name}")
    assert html.count("<tr>") == (1 + len(page.data["answer"]["rows"]) if len(table) else 0)
    for parameter in catalogue()[name].parameters:
        assert f'name="{parameter}"' in html


def test_what_is_asked_is_bound(site: Site) -> None:
    page = question(site, "everything-said", {"speaker": " ottilie marwick ", "since": "2025", "about": ""})
    assert {row[page.data["answer"]["columns"].index("speaker")]["text"] for row in page.data["answer"]["rows"]} == {"Ottilie Marwick"}
    assert f"<{site.manifest.base}person/ottilie-marwick>" in page.data["query"] and "UNDEF" not in page.data["query"]
    assert page.data["network"]["label"] == "Ottilie Marwick"
    assert 'value="ottilie marwick"' in render(site, page, "questions/everything-said")


def test_names_and_statements_lead_to_their_pages(site: Site) -> None:
    html = render(site, question(site, "apologies", {}), "questions/apologies")
    assert 'href="/person/ottilie-marwick"' in html and re.search(r'href="/statement/[^"]+"', html)


def test_what_is_not_understood_stands_beside_its_field(site: Site) -> None:
    page = question(site, "everything-said", {"speaker": "Tressik", "since": "yesterday", "about": "Corwin Hale"})
    assert page.status == 400 and page.data["answer"] is None and page.table is None
    errors = {field["name"]: field["error"] for field in page.data["fields"]}
    assert "Edmund Tressick" in errors["speaker"]["near"]
    assert errors["since"]["remedy"] == "write YYYY, YYYY-MM or YYYY-MM-DD"
    assert errors["about"] is None
    html = render(site, page, "questions/everything-said", {"speaker": "Tressik", "about": "Corwin Hale"})
    assert html.count('aria-invalid="true"') == 2
    assert 'href="/questions/everything-said?speaker=Edmund+Tressick&amp;about=Corwin+Hale"' in html


def test_a_name_out_of_order_is_asked_back(site: Site) -> None:
    (speaker, *_) = question(site, "everything-said", {"speaker": "managers senior"}).data["fields"]
    assert speaker["error"]["near"] == ["senior managers of Harrow Vale Water Authority"] and "kg query" not in str(speaker)


def test_a_parameter_that_is_none_is_refused(site: Site) -> None:
    with pytest.raises(QueryError, match="no parameter `speakr`"):
        question(site, "everything-said", {"speakr": "Corwin Hale"})
    with pytest.raises(NotFoundError):
        question(site, "everything", {})


def test_fields_suggest_the_names_of_their_class_alone(site: Site) -> None:
    fields = {field["name"]: field["suggestions"] for field in question(site, "everything-said", {}).data["fields"]}
    assert "Ottilie Marwick" in fields["speaker"] and "The Stonebeck review" not in fields["speaker"]
    assert "The Stonebeck review" in fields["about"] and fields["since"] == []


def test_a_long_answer_says_that_it_is_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "ROWS", 5)
    page = question(site, "everything-said", {})
    assert len(page.data["answer"]["rows"]) == 5
    assert page.table is not None
    assert f"The first 5 of {len(page.table())} rows are shown." in render(site, page, "questions/everything-said")
    assert twin(site, page, "questions/everything-said", ".csv").decode().count("\r\n") > 40


def test_an_answer_that_takes_too_long_is_an_answer(tutorial: Graph) -> None:
    def run(query: str) -> Table:
        raise LimitError("time", "it takes longer than 5 seconds", "ask for less")

    site = Site(tutorial, Addresses(tutorial.manifest.base), run=run)
    page = question(site, "everything-said", {})
    assert page.status == 503 and "it takes longer than 5 seconds" in render(site, page, "questions/everything-said")


def test_hostile_values_stay_text(site: Site) -> None:
    hostile = '"><script>alert(1)</script>'
    html = render(
        site, question(site, "everything-said", {"speaker": hostile, "since": hostile}), "questions/everything-said", {"speaker": hostile}
    )
    assert "<script>alert" not in html and "&lt;script&gt;" in html


def test_without_a_server_there_is_no_form(tutorial: Graph) -> None:
    site = Site(tutorial, Addresses(tutorial.manifest.base), live=False)
    html = render(site, question(site, "everything-said", {}), "questions/everything-said")
    assert 'aria-label="Narrow the question"' not in html and "sparql" not in html and "<table>" in html
