"""The SPARQL page as it is without a script: a form, an answer in a table, an error in words."""

from __future__ import annotations

import json
import re

import pytest

from kg.errors import LimitError, NotFoundError
from kg.graph import Graph
from kg.queries import catalogue
from kg.table import Table
from kg.web.addresses import Addresses
from kg.web.page import render, twin
from kg.web.pages import sparql as module
from kg.web.pages.sparql import FIRST, sparql
from kg.web.site import Site

HOSTILE = (
    'SELECT (<javascript:alert(1)> AS ?a) ("<img src=x onerror=alert(1)>" AS ?b) ("x"@en AS ?c) (<data:text/html,x> AS ?d) '
    "(<http://example.org/a> AS ?e) (1.5 AS ?f) (?nothing AS ?g) {}"
)


@pytest.fixture
def site(tutorial: Graph) -> Site:
    return Site(tutorial, Addresses(tutorial.manifest.base, "/kg"))


def test_the_form_is_filled_and_nothing_was_asked(site: Site) -> None:
    page = sparql(site, {})
    assert page.data["query"] == FIRST and page.data["answer"] is None and page.status == 200
    assert site.ask(FIRST).columns == ("date", "who", "summary", "statement") and len(site.ask(FIRST)) == 20


def test_a_query_is_answered(site: Site) -> None:
    page = sparql(site, {"query": FIRST})
    html = render(site, page, "sparql")
    assert page.data["answer"]["total"] == 20 and html.count("<tr>") == 21
    assert re.search(r'<a href="/kg/statement/[^"]+"><bdi>statement/', html)
    assert twin(site, page, "sparql", ".csv").decode().count("\r\n") == 21


def test_an_ask_and_a_construct_are_answered(site: Site) -> None:
    assert sparql(site, {"query": "ASK { ?s a acc:Person }"}).data["answer"]["rows"][0][0]["text"] == "true"
    page = sparql(site, {"query": "CONSTRUCT { ?s a acc:Person } WHERE { ?s a acc:Person }"})
    assert page.data["graph"] and page.data["answer"]["columns"] == ["subject", "predicate", "object"]
    assert "format=turtle" in render(site, page, "sparql")


def test_an_error_says_where_the_query_is_wrong(site: Site) -> None:
    page = sparql(site, {"query": "SELECT * WHERE {\n  ?s ?p\n}"})
    html = render(site, page, "sparql")
    assert page.status == 400 and page.table is None
    assert re.search(r"error at 3:\d", page.data["error"]["message"]) and page.data["error"]["message"] in html
    assert "?s ?p\n}</textarea>" in html


@pytest.mark.parametrize(("limit", "status"), [("time", 503), ("memory", 503), ("busy", 503), ("size", 413)])
def test_a_limit_has_the_status_that_says_so(limit: str, status: int, tutorial: Graph) -> None:
    def run(query: str) -> Table:
        raise LimitError(limit, "too much", "ask for less")  # type: ignore[arg-type]

    page = sparql(Site(tutorial, Addresses(tutorial.manifest.base), run=run), {"query": "ASK {}"})
    assert page.status == status and page.data["error"] == {"message": "too much", "remedy": "ask for less"}


def test_hostile_terms_are_text(site: Site) -> None:
    html = render(site, sparql(site, {"query": HOSTILE}), "sparql")
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r'href="([^"]*)"', body) == ["http://example.org/a"]
    assert "<img" not in body and "&lt;img" in body and '<bdi lang="en">x</bdi>' in body
    assert '<td class="number"><bdi>1.5</bdi></td>' in body
    assert 'rel="noreferrer"' in body


def test_a_query_cannot_leave_its_field_or_the_settings(site: Site) -> None:
    hostile = "</textarea></script><script>alert(1)</script>"
    html = render(site, sparql(site, {"query": hostile}), "sparql")
    assert "<script>alert" not in html
    settings = html.partition('id="settings">')[2].partition("</script>")[0]
    assert json.loads(settings)["endpoint"] == "/kg/sparql"


def test_a_long_answer_says_that_it_is_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 7)
    html = render(site, sparql(site, {"query": FIRST}), "sparql")
    assert "The first 7 of 20 rows are shown." in html and html.count("<tr>") == 8


def test_the_examples_are_the_questions(site: Site) -> None:
    html = render(site, sparql(site, {}), "sparql")
    assert html.count("example=") == len(catalogue())
    assert sparql(site, {"example": "apologies"}).data["query"] == catalogue()["apologies"].text
    with pytest.raises(NotFoundError):
        sparql(site, {"example": "../secret"})
