"""The timeline: what is drawn is what is listed, each answer stands in the column of what it answers, and nothing is hidden in silence."""

from __future__ import annotations

import json
import re
from collections import Counter

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.web import svg
from kg.web.page import Page, render, twin
from kg.web.pages import timeline as module
from kg.web.pages.timeline import timeline
from kg.web.site import Site
from tests.web.conftest import HOSTILE, links

REVIEW, LETTER, LIVE = "report/stonebeck-review-2024", "report/marwick-letter-2024", "report/courier-live-2025"


def marks(page: Page) -> list[tuple[str, str, str]]:
    """Each mark that is drawn: who, in which column, which statement."""
    return [
        (lane["speaker"]["id"], cell["place"], mark["id"])
        for lane in page.data["lanes"]
        for cell in lane["cells"]
        for mark in cell["marks"]
    ]


def parts(site: Site, page: Page, asked: dict[str, str] | None = None) -> tuple[str, str]:
    """The table that is drawn, and the list below it."""
    html = render(site, page, "timeline", asked or {})
    drawn, _, listed = html.partition("The same as a list")
    return drawn.partition("<tbody>")[2], listed.partition("</main>")[0]


def test_drawn_is_listed(site: Site) -> None:
    page = timeline(site, {})
    drawn, listed = parts(site, page)
    statements = Counter("/" + site.addresses.path(statement) for *_, statement in marks(page))
    assert Counter(link for link in links(drawn) if link.startswith("/statement/")) == statements
    assert Counter(link for link in links(listed) if link.startswith("/statement/")) == statements
    assert page.table is not None
    assert Counter("/" + site.addresses.path(row.statement) for row in page.table()) == statements
    assert drawn.count("<path") == sum(statements.values()), "one glyph for each"


def test_every_mark_has_a_name_and_a_shape(site: Site) -> None:
    drawn, _ = parts(site, timeline(site, {}))
    glyphs = re.findall(r'<svg class="glyph (\w+)"[^>]* role="img"><title>([^<]+)</title>', drawn)
    assert len(glyphs) == drawn.count("<svg")
    assert any("Denies having been told" in name and "disputes a statement in" in name for _, name in glyphs)
    assert len({glyph.path for glyph in svg.GLYPHS.values()}) == len(svg.GLYPHS)


def test_an_answer_to_a_statement_stands_where_its_report_does(site: Site) -> None:
    base = site.manifest.base
    found = {(place.removeprefix(base), statement.removeprefix(base)) for _, place, statement in marks(timeline(site, {}))}
    assert (REVIEW, "statement/courier-live-2025/008") in found
    assert (LIVE, "statement/courier-live-2025/010") in found
    assert (LETTER, "statement/courier-live-2025/005") in found
    assert not any(statement == "statement/courier-live-2025/012" for _, statement in found), "it answers nothing"


def test_it_says_what_is_answered(site: Site) -> None:
    page = timeline(site, {})
    how = {
        mark["id"].rpartition("/statement/")[2]: mark["how"]
        for lane in page.data["lanes"]
        for cell in lane["cells"]
        for mark in cell["marks"]
    }
    assert how["courier-live-2025/008"] == ["disputes a statement in"]
    assert how["marwick-letter-2024/001"] == ["answers"], "it answers the report itself"


def test_columns_stand_in_the_order_of_their_dates(site: Site) -> None:
    columns = timeline(site, {}).data["columns"]
    assert [column["date"] for column in columns] == ["2024-09-12", "2024-09", "2025-05-14"]
    assert [column["gap"] for column in columns] == ["", "the same month", "8 months later"]
    assert [column["count"] for column in columns] == [
        sum(place == column["id"] for _, place, _ in marks(timeline(site, {}))) for column in columns
    ]


def test_counts_add_up(site: Site) -> None:
    counts = timeline(site, {}).data["counts"]
    (every,) = site.index.execute("SELECT count(*) AS n FROM statement WHERE repeats = 0")
    assert counts["statements"] == every["n"]
    assert counts["placed"] == counts["drawn"] == len({statement for *_, statement in marks(timeline(site, {}))})
    assert f"{counts['statements'] - counts['placed']} more statements" in render(site, timeline(site, {}), "timeline")


def test_what_is_told_again_is_left_out(site: Site) -> None:
    again = {row["iri"] for row in site.index.execute("SELECT iri FROM statement WHERE repeats = 1")}
    assert again
    for asked in ({}, {"columns": "report"}):
        assert not again & {statement for *_, statement in marks(timeline(site, asked))}


def test_by_report_every_statement_stands_in_its_own(site: Site) -> None:
    page = timeline(site, {"columns": "report"})
    rows = site.index.execute("SELECT iri, speaker, report FROM statement WHERE repeats = 0")
    assert page.data["counts"]["placed"] == len(rows)
    more = sum(cell["more"] for lane in page.data["lanes"] for cell in lane["cells"])
    assert len(marks(page)) + more == len(rows)
    assert set(marks(page)) <= {(row["speaker"], row["report"], row["iri"]) for row in rows}


@pytest.mark.parametrize(
    "asked",
    [{"speakers": "person"}, {"year": "2025"}, {"act": "Denial"}, {"report": LETTER}, {"topic": "topic/candour"}, {"answers": REVIEW}],
)
def test_filters_narrow(site: Site, asked: dict[str, str]) -> None:
    ((name, value),) = asked.items()
    wanted = site.manifest.base + value if "/" in value else value
    page = timeline(site, {name: wanted})
    whole = marks(timeline(site, {}))
    found = marks(page)
    assert set(found) <= set(whole)
    assert found
    assert set(found) == {mark for mark in whole if _fits(site, mark, name, wanted)}


def _fits(site: Site, mark: tuple[str, str, str], name: str, wanted: str) -> bool:
    _, place, statement = mark
    row = site.index.statement(statement)
    assert row
    values = {
        "speakers": [row.speaker.kind],
        "year": [row.date[:4]],
        "act": row.acts,
        "report": [row.report.id if row.report else ""],
        "topic": [topic.id for topic in row.topics],
        "answers": [place],
    }
    return wanted in values[name]


def test_long_cells_lead_to_the_rest(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = timeline(site, {})
    monkeypatch.setattr(module, "GLYPHS", 2)
    page = timeline(site, {})
    lane = page.data["lanes"][0]
    cell = max(lane["cells"], key=lambda cell: cell["more"])
    assert len(cell["marks"]) == 2
    assert cell["more"] == max(len(cell["marks"]) for cell in whole.data["lanes"][0]["cells"]) - 2
    drawn, listed = parts(site, page)
    assert f"+{cell['more']}</a>" in drawn
    assert f"{cell['more']} more statements" in listed
    asked = {"speaker": lane["speaker"]["id"], "answers": cell["place"]}
    assert site.addresses.to("timeline", **asked) in [link.replace("&amp;", "&") for link in links(drawn)]
    assert len(marks(timeline(site, asked))) == cell["more"] + 2, "all of them"


def test_many_marks_are_drawn_more_sparsely(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CROWD", 5)
    page = timeline(site, {})
    assert max(len(cell["marks"]) for lane in page.data["lanes"] for cell in lane["cells"]) == module.FEW


def test_parts_of_many_lanes_and_columns(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = timeline(site, {})
    monkeypatch.setattr(module, "LANES", 2)
    monkeypatch.setattr(module, "COLUMNS", 2)
    first = timeline(site, {})
    assert (len(first.data["lanes"]), len(first.data["columns"])) == (2, 2)
    assert first.data["across"] == {"offset": 0, "limit": 2, "total": len(whole.data["columns"])}
    assert first.data["columns"][0]["label"] == "The Stonebeck review", "that which most answer is among the first"
    assert "1 more column<" in render(site, first, "timeline")
    found = set()
    for column in ("0", "2"):
        for lane in ("0", "2"):
            page = timeline(site, {"from": column, "offset": lane})
            if page.data["paging"]["offset"] == int(lane):
                found |= set(marks(page))
    assert found == set(marks(whole))
    assert timeline(site, {"from": "99", "offset": "99"}).data["lanes"], "beyond the last part stands the first"


@pytest.mark.parametrize("value", ["-1", "1e9", "٣", "99999999999999999999", "' OR 1=1 --", HOSTILE])
def test_what_is_asked_cannot_break_it(site: Site, value: str) -> None:
    for name in ("year", "topic", "act", "speakers", "speaker", "answers", "columns", "report"):
        asked = {name: value}
        page = timeline(site, asked)
        assert "<script>alert" not in render(site, page, "timeline", asked)
    for name in ("offset", "from"):
        with pytest.raises(QueryError):
            timeline(site, {name: value})


def test_nothing_found_says_so(site: Site) -> None:
    asked = {"year": "1900"}
    assert "No statement fits" in render(site, timeline(site, asked), "timeline", asked)


def test_the_static_copy_has_neither_forms_nor_queries(copied: Site) -> None:
    html = render(copied, timeline(copied, {}), "timeline").partition("<main")[2]
    assert "<form" not in html
    assert not [link for link in links(html) if "?" in link]
    assert "statement/courier-live-2025/008.html" in links(html)


def test_twins(site: Site) -> None:
    page = timeline(site, {})
    assert json.loads(twin(site, page, "timeline", ".json"))["counts"] == page.data["counts"]
    rows = twin(site, page, "timeline", ".csv").decode().splitlines()
    assert rows[0].startswith("speaker,date,acts")
    assert len(rows) == len(marks(page)) + 1
    described = {quad.subject.value for quad in ox.parse(twin(site, page, "timeline", ".ttl"), format=ox.RdfFormat.TURTLE)}
    assert described >= {statement for *_, statement in marks(page)}
