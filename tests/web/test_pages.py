"""Every page there is: whatever the records say stays text, and what has an address has a page."""

from __future__ import annotations

import json

import pytest

from kg.cases import DERIVED, REFERENCE
from kg.errors import KgError, NotFoundError
from kg.graph import Graph
from kg.web import pages
from kg.web.addresses import Addresses, FileAddresses
from kg.web.page import render, twin
from kg.web.site import Site
from tests.web.conftest import HOSTILE, harmless

FIELDS = ("q", "kind", "order", "show", "act", "year", "report", "topic", "speaker", "speakers", "about", "family", "party", "answers")
MORE = (
    "_loop_vars",
    "_block_vars",
    "owner",
    "status",
    "measure",
    "columns",
    "from",
    "again",
    "query",
    "example",
    "of",
    "focus",
    "between",
    "and",
    "projection",
    "since",
)


@pytest.fixture(scope="module", params=["served", "copied"])
def harmful(request: pytest.FixtureRequest, hostile: Graph) -> Site:
    """The site of the hostile case, as it is served and as it is copied."""
    live = request.param == "served"
    return Site(hostile, (Addresses if live else FileAddresses)(hostile.manifest.base), live=live)


def test_no_text_of_a_record_becomes_markup(harmful: Site) -> None:
    paths = [*pages.paths(harmful), *(["sparql"] if harmful.live else [])]
    assert len(paths) > 300
    for path in paths:
        page = pages.find(harmful, path, {})
        harmless(render(harmful, page, path))
        assert json.loads(twin(harmful, page, path, ".json"))["title"] == page.title
    assert HOSTILE in pages.find(harmful, "person/ottilie-marwick", {}).title


def test_nothing_that_is_asked_becomes_markup(hostile: Graph) -> None:
    site = Site(hostile, Addresses(hostile.manifest.base))
    asked = dict.fromkeys((*FIELDS, *MORE), HOSTILE)
    one_of_each = {path.partition("/")[0]: path for path in pages.paths(site)}.values()
    for path in {*one_of_each, *(path for path in pages.paths(site) if "/" not in path), "sparql"}:
        for some in (asked, *({name: HOSTILE} for name in asked)):
            try:
                page = pages.find(site, path, some)
            except KgError:
                continue  # told on a page of its own
            harmless(render(site, page, path, some))


def test_every_path_has_its_page_and_its_iri(site: Site) -> None:
    paths = list(pages.paths(site))
    assert len(paths) == len(set(paths))
    for path in paths:
        assert site.addresses.path(site.addresses.iri(path)) == path
    assert {"", "timeline", "ontology/Claim", "scheme/modes", "questions/apologies", "case", DERIVED, REFERENCE} <= set(paths)
    assert "sparql" not in paths


def test_a_named_graph_says_what_it_holds(site: Site) -> None:
    graphs = [path for path in pages.paths(site) if path.startswith("graph/")]
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    counted = {str(iri): int(str(n)) for iri, n in site.ask(query) if str(iri).startswith(site.manifest.base)}
    assert {site.addresses.iri(path): pages.find(site, path, {}).data["quads"] for path in graphs} == counted
    letter = pages.find(site, "graph/report/marwick-letter-2024", {})
    assert letter.data["of"]["kind"] == "report"
    assert len(site.ask(letter.data["query"])) == 100
    assert "follows from the records by rules" in render(site, pages.find(site, DERIVED, {}), DERIVED)
    with pytest.raises(NotFoundError):
        pages.find(site, "graph/nothing", {})


def test_what_has_no_name_is_called_by_what_it_says(site: Site) -> None:
    assessment = pages.find(site, "assessment/second-alarm-line-3", {})
    assert assessment.title.startswith("Assessment of: Accepts the first recommendation")
    assert pages.find(site, "figure/stonebeck-complaints", {}).title == "280 complaints"
