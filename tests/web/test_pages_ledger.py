"""The ledger: each entry under whoever owes it; what is overdue and what has no answer is decided by the records alone."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.graph import Graph
from kg.vocabulary import ACC
from kg.web.addresses import Addresses
from kg.web.page import Page, render, twin
from kg.web.pages import ledger as module
from kg.web.pages.ledger import ledger
from kg.web.site import Site
from tests.web.conftest import links

LETTER, REVIEW, LIVE = "marwick-letter-2024", "stonebeck-review-2024", "courier-live-2025"
ALARM = f"{LETTER}/005"


def entries(page: Page) -> dict[str, dict[str, Any]]:
    return {entry["id"].rpartition("/statement/")[2]: entry for owner in page.data["owners"] for entry in owner["entries"]}


def test_every_entry_is_there_under_whoever_owes_it(site: Site) -> None:
    query = """SELECT DISTINCT ?statement ?owner { VALUES ?act { acc:Commitment acc:Recommendation acc:Demand } ?statement a ?act
      FILTER NOT EXISTS { ?statement acc:repeats ?fuller } OPTIONAL { ?statement acc:owedBy ?owner } }"""
    found = [(entry["id"], owner["owner"].get("id")) for owner in ledger(site, {}).data["owners"] for entry in owner["entries"]]
    assert sorted(found, key=str) == sorted(map(tuple, site.ask(query)), key=str)
    assert [owner["count"] for owner in ledger(site, {}).data["owners"]] == [9, 1, 1, 1]


def test_overdue_is_what_was_due_before_the_latest_statement(site: Site) -> None:
    page = ledger(site, {})
    assert page.data["as_of"] == "2025-05-14"
    found = entries(page)
    assert {name for name, entry in found.items() if entry["overdue"]} == {ALARM, f"{REVIEW}/013"}
    assert found[f"{LETTER}/006"]["due"] == "2024-10-01", "past, and met by an independent assessment"
    assert found[f"{REVIEW}/017"]["due"] == "2025", "the year was not over"
    assert "As of 14 May 2025" in render(site, page, "ledger")


def test_a_self_report_alone_takes_nothing_off(site: Site) -> None:
    alarm = entries(ledger(site, {}))[ALARM]
    assert alarm["now"]["self-reported"]["status"] == "met"
    assert alarm["now"]["independent"]["status"] == "partly met"
    assert alarm["overdue"]


@pytest.mark.parametrize(
    ("due", "as_of", "overdue"),
    [
        ("2025-03-31", "2025-04-01", True),
        ("2025-03-31", "2025-03-31", False),
        ("2025-03", "2025-03-31", False),
        ("2025-03", "2025-04", True),
        ("2025", "2025-12-31", False),
        ("2024", "2025", True),
        ("2025-03-31", "2025", False),
        ("", "2025", False),
        ("soon", "2025", False),
        ("2024", "", False),
    ],
)
def test_overdue_keeps_the_precision_of_dates(due: str, as_of: str, overdue: bool) -> None:
    assert module._overdue(due, as_of, {}) is overdue
    assert module._overdue(due, as_of, {"self-reported": "met"}) is overdue
    assert not module._overdue(due, as_of, {"independent": "met"})


def test_without_answer_is_what_the_question_says(site: Site) -> None:
    found = {name for name, entry in entries(ledger(site, {})).items() if not entry["answered"]}
    assert found == {f"{LETTER}/009", f"{LETTER}/018", f"{LIVE}/005", f"{LIVE}/007"}
    asked = {row.statement.rpartition("/statement/")[2] for row in site.graph.query("unanswered")}
    demands = {name for name in found if "Demand" in entries(ledger(site, {}))[name]["kinds"]}
    assert found - demands == asked
    assert set(entries(ledger(site, {"show": "unanswered"}))) == found


def test_history_with_its_evidence(site: Site) -> None:
    alarm = entries(ledger(site, {}))[ALARM]
    assert [(one["date"], one["status"], one["basis"]) for one in alarm["history"]] == [
        ("2024-09", "announced", "self-reported"),
        ("2025-05-14", "met", "self-reported"),
        ("2025-05-14", "partly met", "independent"),
    ]
    last = alarm["history"][2]
    assert [one["label"] for one in last["assessors"]] == ["Rivers and Water Inspectorate"]
    assert [one["id"].rpartition("/statement/")[2] for one in last["evidence"]] == [f"{LIVE}/011"]
    assert {one["id"].rpartition("/statement/")[2] for one in alarm["bearing"]} == {f"{LIVE}/{n}" for n in ("011", "015", "017")}
    html = render(site, ledger(site, {}), "ledger")
    found = links(html)
    for one in [*last["evidence"], *alarm["bearing"]]:
        assert site.addresses.href(one["id"]) in found
    assert "staffed on weekdays only" in html, "the note"


def test_now_is_the_latest_that_the_graph_derives(site: Site) -> None:
    query = "SELECT DISTINCT ?statement ?assessment { ?statement acc:latestAssessment ?assessment }"
    shown = {(entry["id"], one["id"]) for entry in entries(ledger(site, {})).values() for one in entry["now"].values() if one}
    assert shown == {tuple(row) for row in site.ask(query)}
    for entry in module.read(site).entries:
        statuses = {
            basis: one["status"].replace(" ", "-")
            for basis, one in entries(ledger(site, {}))[entry.id.rpartition("/statement/")[2]]["now"].items()
            if one
        }
        assert entry.latest == statuses, "what lists are narrowed by is what they show"


def test_who_accepted_and_who_disputed(site: Site) -> None:
    found = entries(ledger(site, {}))
    assert [one["speaker"]["label"] for one in found[f"{REVIEW}/013"]["accepted"]] == ["Ottilie Marwick"]
    assert [one["speaker"]["label"] for one in found[f"{REVIEW}/016"]["disputed"]] == ["Ottilie Marwick"]
    assert not found[ALARM]["accepted"]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"show": "overdue"}, 2),
        ({"act": "Demand"}, 2),
        ({"status": "met"}, 2),
        ({"owner": "person/rosalind-aske"}, 1),
        ({"report": f"report/{LETTER}"}, 5),
        ({"act": "Commitment", "show": "unanswered"}, 2),
        ({"owner": "person/nobody"}, 0),
    ],
)
def test_filters(site: Site, asked: dict[str, str], count: int) -> None:
    wanted = {name: site.manifest.base + value if "/" in value else value for name, value in asked.items()}
    page = ledger(site, wanted)
    assert page.data["counts"]["entries"] == len(entries(page)) == count
    assert page.table is not None
    assert len(page.table()) == count
    if not count:
        assert "No entry fits" in render(site, page, "ledger", wanted)


def test_what_the_filters_offer_is_what_they_find(site: Site) -> None:
    for name, choices in ledger(site, {}).data["facets"].items():
        for choice in choices:
            assert ledger(site, {name: choice["value"]}).data["counts"]["entries"] == choice["count"]


def test_it_shows_nothing_that_it_does_not_know(site: Site) -> None:
    with pytest.raises(QueryError):
        ledger(site, {"show": "lies"})


def test_parts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENTRIES", 5)
    pages = [ledger(site, {"offset": str(offset)}) for offset in (0, 5, 10)]
    assert [len(entries(page)) for page in pages] == [5, 5, 2]
    assert len(set().union(*map(entries, pages))) == 12
    assert pages[0].data["owners"][0]["count"] == 9, "of all parts"
    assert entries(ledger(site, {"offset": "99"})) == entries(pages[0])


def test_owed_by_several_and_by_nobody(tutorial: Graph) -> None:
    base = tutorial.manifest.base
    store, owed = ox.Store(), ox.NamedNode(ACC + "owedBy")
    nobody, several = ox.NamedNode(f"{base}statement/{ALARM}"), ox.NamedNode(f"{base}statement/{LIVE}/005")
    store.extend(quad for quad in tutorial.store if (quad.subject, quad.predicate) != (nobody, owed))
    store.add(ox.Quad(several, owed, ox.NamedNode(base + "person/ottilie-marwick"), ox.NamedNode(base + "graph")))
    site = Site(Graph(store, tutorial.manifest), Addresses(base))
    page = ledger(site, {})
    owners = [(owner["owner"].get("label", ""), len(owner["entries"])) for owner in page.data["owners"]]
    assert owners == [
        ("Harrow Vale Water Authority", 8),
        ("Ottilie Marwick", 2),
        ("Rivers and Water Inspectorate", 1),
        ("Rosalind Aske", 1),
        ("", 1),
    ]
    assert page.data["counts"]["entries"] == 12
    assert "Owed by nobody named" in render(site, page, "ledger")


def test_the_static_copy_has_neither_forms_nor_queries(copied: Site) -> None:
    html = render(copied, ledger(copied, {}), "ledger").partition("<main")[2]
    assert "<form" not in html
    assert not [link for link in links(html) if "?" in link]


def test_a_case_that_asks_for_nothing(tutorial: Graph) -> None:
    site = Site(Graph(ox.Store(), tutorial.manifest), Addresses(tutorial.manifest.base))
    assert "Nothing here was recommended" in render(site, ledger(site, {}), "ledger")


def test_twins(site: Site) -> None:
    page = ledger(site, {})
    assert json.loads(twin(site, page, "ledger", ".json"))["counts"]["entries"] == 12
    lines = twin(site, page, "ledger", ".csv").decode().splitlines()
    assert lines[0].startswith("owner,act,summary")
    assert len(lines) == 13
    described = {quad.subject.value for quad in ox.parse(twin(site, page, "ledger", ".ttl"), format=ox.RdfFormat.TURTLE)}
    assert described >= {one["id"] for entry in entries(page).values() for one in [entry, *entry["history"]]}
