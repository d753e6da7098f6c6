"""The figures: never two measures or two units in one chart, each number as exact as its document, each row with its source."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyoxigraph as ox
import pytest

from kg.errors import NotFoundError, QueryError
from kg.graph import Graph
from kg.vocabulary import ACC
from kg.web import svg
from kg.web.addresses import Addresses
from kg.web.page import Page, render, twin
from kg.web.pages import figures as module
from kg.web.pages.figures import figures
from kg.web.site import Site
from tests.web.conftest import links


def rows(page: Page) -> list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Each figure with its chart and its measure."""
    return [(measure, chart, row) for measure in page.data["measures"] for chart in measure["charts"] for row in chart["rows"]]


def of(page: Page, measure: str) -> list[dict[str, Any]]:
    return [row for one, _, row in rows(page) if one["label"] == measure]


def test_measures_and_units_are_never_joined(site: Site) -> None:
    found = rows(figures(site, {}))
    for measure, chart, row in found:
        assert site.one(row["id"], "acc:measure") == measure["id"]
        assert row["unit"] == chart["unit"] == site.label(site.one(row["id"], "acc:unit"))
    ids = [measure["id"] for measure in figures(site, {}).data["measures"]]
    assert len(ids) == len(set(ids))


def test_two_units_of_one_measure_are_two_charts(tutorial: Graph) -> None:
    store = ox.Store()
    store.extend(tutorial.store)
    unit, days = ox.NamedNode(ACC + "unit"), ox.NamedNode("https://w3id.org/accountability-kg/scheme/units#days")
    two = ox.Literal("2", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    figure = next(store.quads_for_pattern(None, ox.NamedNode(ACC + "value"), two, None)).subject
    for quad in list(store.quads_for_pattern(figure, unit, None, None)):
        store.remove(quad)
        store.add(ox.Quad(figure, unit, days, quad.graph_name))
    page = figures(Site(Graph(store, tutorial.manifest), Addresses(tutorial.manifest.base)), {})
    (measure,) = (one for one in page.data["measures"] if one["label"] == "time from alarm to public warning")
    assert [(chart["unit"], len(chart["rows"]), bool(chart["axis"])) for chart in measure["charts"]] == [
        ("hours", 3, True),
        ("days", 1, False),
    ]


def test_every_figure_is_there_with_its_statement(site: Site) -> None:
    page = figures(site, {})
    query = "SELECT DISTINCT ?figure ?statement { ?statement acc:figure ?figure . ?figure acc:measure ?measure }"
    assert {(row["id"], row["statement"]) for *_, row in rows(page)} == {tuple(row) for row in site.ask(query)}
    html = render(site, page, "figures").partition("<main")[2]
    found = links(html)
    for measure, _, row in rows(page):
        assert site.addresses.href(row["statement"]) in found
        assert f'id="{measure["anchor"]}"' in html
        assert row["worded"] in html
    assert page.table is not None
    assert {(row.figure, row.statement, row.wording) for row in page.table()} == {
        (row["id"], row["statement"], row["worded"]) for *_, row in rows(page)
    }


def test_what_sounds_alike_is_told_apart(site: Site) -> None:
    page = figures(site, {})
    alike = {measure["label"]: [one["label"] for one in measure["similar"]] for measure in page.data["measures"]}
    assert alike["time from alarm to engineer"] == ["time from alarm to public warning"]
    assert alike["time from alarm to public warning"] == ["time from alarm to engineer"]
    assert alike["complaints received"] == []
    assert render(site, page, "figures").count("Not the same measure as") == 2


def test_numbers_are_as_exact_as_their_words(site: Site) -> None:
    page = figures(site, {})
    assert [row["number"] for row in of(page, "alarms tested each week")] == ["less than 50", "nearly 90"]
    assert [row["open"] for row in of(page, "alarms tested each week")] == ["less", "less"]
    assert [row["number"] for row in of(page, "people affected")] == ["40,000–45,000", "more than 40,000"]
    between, more = of(page, "people affected")
    assert between["low"] < between["high"]
    assert more["low"] == more["high"] == between["low"]
    assert more["open"] == "more"
    assert not between["open"]
    html = render(site, page, "figures")
    assert "nearly 90 percent" in html
    assert html.count('class="range"') == 1


def test_dates_keep_their_precision(site: Site) -> None:
    warned = of(figures(site, {}), "time from alarm to public warning")
    assert [(row["from"], row["to"]) for row in warned] == [("2024-01", "2024-01")] * 3 + [("2024-10", "2025-05")]
    days = (date(2026, 1, 1) - date(2024, 1, 1)).days
    assert warned[0]["begin"] == 0
    assert warned[0]["end"] == pytest.approx(100 * 31 / days, abs=0.01), "a month is as wide as a month"
    assert warned[3]["begin"] == pytest.approx(100 * (date(2024, 10, 1) - date(2024, 1, 1)).days / days, abs=0.01)
    html = render(site, figures(site, {}), "figures")
    assert '<time datetime="2024-01">January 2024</time>' in html
    assert "1 January 2024" not in html


def test_scales_begin_at_zero(site: Site) -> None:
    for _, chart, row in rows(figures(site, {})):
        if chart["axis"]:
            assert chart["axis"][0] == {"at": 0.0, "label": "0"}
            assert chart["zero"] == 0
            top = float(chart["axis"][-1]["label"].replace(",", ""))
            assert row["high"] == pytest.approx(100 * float(row["maximum"] or row["value"]) / top, abs=0.01)


@pytest.mark.parametrize(
    ("values", "low", "high"), [([0.2, 0.9], 0, 1), ([-5, 5], -5, 5), ([0], 0, 1), ([1e9], 0, 1e9), ([3], 0, 3), ([99, 101], 0, 150)]
)
def test_axes(values: list[float], low: float, high: float) -> None:
    axis = svg.numbers(values)
    assert axis.low == pytest.approx(low)
    assert axis.high == pytest.approx(high)
    assert 0 in [value for value, _ in axis.ticks]
    assert len({label for _, label in axis.ticks}) == len(axis.ticks) <= 8


def test_long_labels_do_not_run_into_each_other() -> None:
    labels = [tick["label"] for tick in svg.numbers([1.9e9]).data()]
    assert labels[0] == "0"
    assert labels[-1] == "2,000,000,000"
    assert not any(labels[1:-1])


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("2024-01-01", "2024-01-02", "1 day later"),
        ("2024-01-01", "2024-01-01", "the same day"),
        ("2024-01-01", "2024-01", "the same month"),
        ("2023", "2024-06-01", "1 year later"),
        ("2023-01", "2025-01-31", "2 years later"),
        ("", "2024", ""),
        ("some day", "2024", ""),
        ("2024-02-31", "2024", ""),
    ],
)
def test_gaps(one: str, other: str, words: str) -> None:
    assert svg.later(one, other) == words


def test_parts_and_wholes_only_where_recorded(site: Site) -> None:
    page = figures(site, {})
    whole, *parts = sorted(of(page, "complaints received"), key=lambda row: -float(row["value"]))
    assert [part["label"] for part in whole["parts"]] == [row["worded"] for row in sorted(parts, key=lambda row: row["id"])]
    assert {row["whole"]["id"] for row in parts} == {whole["statement"]}
    assert not [row for measure, _, row in rows(page) if measure["label"] != "complaints received" and (row["whole"] or row["parts"])]


def test_a_number_without_bounds_is_written_and_not_drawn(tutorial: Graph) -> None:
    store, value = ox.Store(), ox.NamedNode(ACC + "value")
    huge = ox.Literal("9" * 400, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    store.extend(ox.Quad(q.subject, q.predicate, huge if q.predicate == value else q.object, q.graph_name) for q in tutorial.store)
    site = Site(Graph(store, tutorial.manifest), Addresses(tutorial.manifest.base))
    html = render(site, figures(site, {}), "figures")
    assert "999,999,999" in html
    assert 'class="plot axis"' not in html


def test_one_figure_needs_no_chart(site: Site) -> None:
    single = [chart for measure, chart, _ in rows(figures(site, {})) if measure["label"] == "staff listened to"]
    assert [chart["axis"] for chart in single] == [[]]
    html = render(site, figures(site, {}), "figures")
    assert '<p class="single"><strong>60 people</strong>' in html
    assert html.count('class="plot axis"') == 4


def test_what_is_told_again_is_hollow(tutorial: Graph) -> None:
    base = tutorial.manifest.base
    store = ox.Store()
    store.extend(tutorial.store)
    one, other = (ox.NamedNode(base + "statement/" + name) for name in ("courier-live-2025/016", "stonebeck-review-2024/002"))
    store.add(ox.Quad(one, ox.NamedNode(ACC + "repeats"), other, ox.NamedNode(base + "graph")))
    site = Site(Graph(store, tutorial.manifest), Addresses(base))
    page = figures(site, {})
    assert {row["statement"] for *_, row in rows(page) if row["again"]} == {one.value}
    html = render(site, page, "figures")
    assert html.count('class="plot again"') == 1
    assert "told again</span>" in html


def test_long_measures_lead_to_the_rest(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIGURES", 1)
    monkeypatch.setattr(module, "MEASURES", 2)
    page = figures(site, {})
    assert [(measure["count"], measure["more"], len(measure["charts"][0]["rows"])) for measure in page.data["measures"]] == [(4, 3, 1)] * 2
    assert page.data["paging"] == {"offset": 0, "limit": 2, "total": 7}
    measure = page.data["measures"][0]["id"]
    html = render(site, page, "figures")
    assert "The latest 1 of 4 figures" in html
    assert site.addresses.to("figures", measure=measure) in links(html)
    alone = figures(site, {"measure": measure})
    assert {one["id"] for one in alone.data["measures"]} == {measure}
    assert len(rows(alone)) == 4
    assert alone.about[0] == measure
    pages = [figures(site, {"offset": str(offset)}) for offset in range(0, 8, 2)]
    assert len({one["id"] for page in pages for one in page.data["measures"]}) == 7


def test_an_unknown_measure_is_not_found(site: Site) -> None:
    with pytest.raises(NotFoundError):
        figures(site, {"measure": "https://example.org/none"})
    for offset in ("-1", "x", "٣", "9" * 30):
        with pytest.raises(QueryError):
            figures(site, {"offset": offset})
    assert len(figures(site, {"offset": "99"}).data["measures"]) == 7, "beyond the last part stands the first"


def test_a_case_without_figures(tutorial: Graph) -> None:
    store = ox.Store()
    store.extend(quad for quad in tutorial.store if quad.predicate.value != ACC + "figure")
    site = Site(Graph(store, tutorial.manifest), Addresses(tutorial.manifest.base))
    assert "No statement here gives a figure" in render(site, figures(site, {}), "figures")


def test_twins(site: Site) -> None:
    page = figures(site, {})
    assert json.loads(twin(site, page, "figures", ".json"))["counts"] == {"measures": 7, "figures": 15}
    assert len(twin(site, page, "figures", ".csv").decode().splitlines()) == 16
    described = {quad.subject.value for quad in ox.parse(twin(site, page, "figures", ".ttl"), format=ox.RdfFormat.TURTLE)}
    assert described >= {row["id"] for *_, row in rows(page)}
