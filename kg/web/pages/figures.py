"""Figures: measure by measure, each figure with its words and its source; figures of different measures are never set beside each other."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.index import Index, from_json
from kg.table import Table
from kg.vocabulary import ACC, SKOS
from kg.web import svg
from kg.web.listing import paging
from kg.web.page import Page, said
from kg.web.parts import figure, piece
from kg.web.site import Site

#: How many measures a page shows, how many figures of each, and how many of a measure that is shown alone.
MEASURES, FIGURES, ALONE = 20, 12, 200
#: How many measures the list of all names, and how many similar ones a measure is told apart from.
_LISTED, _SIMILAR = 300, 6
_COLUMNS = (
    "measure", "wording", "value", "minimum", "maximum", "unit", "qualifier", "population", "period", "from", "to",
    "speaker", "date", "report", "again", "statement", "figure",
)  # fmt: skip
#: Which way a number that is not exact may be off.
_BEYOND = {"more-than": "more", "at-least": "more", "less-than": "less", "at-most": "less", "nearly": "less", "approximately": "about"}


class _Given(NamedTuple):
    """A figure, and the statement that gives it: its number in the index and its IRI."""

    n: int
    statement: str
    figure: str


_GIVEN: WeakKeyDictionary[Index, dict[str, list[_Given]]] = WeakKeyDictionary()


def figures(site: Site, asked: Mapping[str, str]) -> Page:
    """The measures with most figures first, each with its figures by date; ``measure`` shows one alone, ``offset`` is the first.

    Raises ``NotFoundError`` where no figure has the measure that is asked for, ``QueryError`` as ``paging`` does.
    """
    given = _given(site)
    order = sorted(given, key=lambda measure: (-len(given[measure]), site.label(measure).casefold(), measure))
    alone = asked.get("measure", "")
    if alone and alone not in given:
        raise NotFoundError(f"no figure has the measure {alone}", "see the list of measures")
    part = paging(site, {} if alone else asked, 1 if alone else len(order), live=MEASURES)
    shown = [alone] if alone else order[part["offset"] : part["offset"] + part["limit"]]
    most = ALONE if alone or not site.live else FIGURES
    found = [_measure(site, measure, given, most) for measure in shown]
    data = {
        "alone": alone,
        "list": [_listed(site, measure, measure in shown, len(given[measure])) for measure in order[:_LISTED]],
        "counts": {"measures": len(order), "figures": sum(map(len, given.values()))},
        "measures": found,
        "paging": part,
    }
    title = f"Figures: {found[0]['label']}" if alone else "Figures"
    rows = [row for measure in found for chart in measure["charts"] for row in chart["rows"]]
    about = (*shown, *dict.fromkeys(row["statement"] for row in rows), *(row["id"] for row in rows))
    return Page("figures.html", title, data, about=about, table=partial(_table, site, found))


def _given(site: Site) -> dict[str, list[_Given]]:
    """The figures of each measure in the order of their statements, read once for each index."""
    if site.index not in _GIVEN:
        measures = [(quad.subject.value, quad.object.value) for quad in _quads(site, "measure")]
        statements: dict[str, list[str]] = defaultdict(list)
        for quad in _quads(site, "figure"):
            statements[quad.object.value].append(quad.subject.value)
        numbers = {row["iri"]: row["n"] for row in site.index.execute("SELECT iri, n FROM statement")}
        found: dict[str, set[_Given]] = defaultdict(set)
        for figure, measure in measures:
            found[measure] |= {_Given(numbers[iri], iri, figure) for iri in statements[figure] if iri in numbers}
        _GIVEN[site.index] = {measure: sorted(some) for measure, some in found.items() if some}
    return _GIVEN[site.index]


def _quads(site: Site, property: str) -> Iterable[Any]:
    return site.store.quads_for_pattern(None, ox.NamedNode(ACC + property), None, None)


def _listed(site: Site, measure: str, here: bool, count: int) -> dict[str, Any]:
    return {**site.thing(measure), "anchor": site.addresses.path(measure), "here": here, "count": count}


def _measure(site: Site, measure: str, given: dict[str, list[_Given]], most: int) -> dict[str, Any]:
    """A measure with its latest figures, in charts of one unit each."""
    latest = given[measure][-most:]
    rows = _figures(site, latest)
    units: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["from"] or row["date"] or "9999", row["to"], row["date"], row["id"])):
        units[row["unit"]].append(row)
    similar = _similar(site, measure, given)
    return {
        **site.thing(measure),
        "anchor": site.addresses.path(measure),
        "definition": site.one(measure, "skos:definition"),
        "count": len(given[measure]),
        "more": len(given[measure]) - len(latest),
        "similar": similar[:_SIMILAR],
        "similar_more": max(0, len(similar) - _SIMILAR),
        "charts": [_chart(unit, some) for unit, some in sorted(units.items(), key=lambda pair: (-len(pair[1]), pair[0]))],
    }


def _similar(site: Site, measure: str, given: dict[str, list[_Given]]) -> list[dict[str, str]]:
    """Other measures that share a name, or the general measure above them: what may sound alike and is not the same."""
    found: set[str] = set()
    for property in ("altLabel", "broader"):
        node = ox.NamedNode(SKOS + property)
        for term in site.objects(measure, SKOS + property):
            found |= {
                quad.subject.value
                for quad in site.store.quads_for_pattern(None, node, term, None)
                if isinstance(quad.subject, ox.NamedNode)
            }
    others = (iri for iri in found if iri != measure and iri in given)
    things = [{**site.thing(iri), "definition": site.one(iri, "skos:definition")} for iri in others]
    return sorted(things, key=lambda thing: (thing["label"].casefold(), thing["id"]))


def _figures(site: Site, given: list[_Given]) -> list[dict[str, Any]]:
    sql = "SELECT iri, row FROM statement WHERE n IN (SELECT value FROM json_each(?))"
    statements = {row["iri"]: from_json(row["row"]) for row in site.index.execute(sql, (json.dumps([one.n for one in given]),))}
    return [_row(site, one.figure, said(statements[one.statement])) for one in given]


def _row(site: Site, one: str, statement: dict[str, Any]) -> dict[str, Any]:
    """One figure with the statement that gives it."""
    return {
        **figure(site, one),
        "beyond": _BEYOND.get(site.one(one, "acc:qualifier").rpartition("#")[2], ""),
        "parts": [piece(site, part) for part in site.subjects("acc:partOf", one)],
        **{name: statement[name] for name in ("date", "dated", "speaker", "report")},
        "again": statement["repeats"],
        "statement": statement["id"],
        "summary": statement["summary"] or statement["quote"],
    }


def _chart(unit: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Figures of one measure in one unit; they are drawn where there are several of them."""
    numbers = [float(row[name]) for row in rows for name in ("value", "minimum", "maximum") if row[name]]
    if len(rows) < 2 or not numbers or not all(map(math.isfinite, numbers)):
        return {"unit": unit, "rows": rows, "axis": [], "zero": 0, "times": []}
    axis = svg.numbers([*numbers, 100.0] if unit == "percent" and 50 < max(numbers) <= 100 else numbers)
    spans = [_span(row) for row in rows]
    known = [span for span in spans if span]
    line = svg.times(known) if len(set(known)) > 1 else None
    for row, span in zip(rows, spans, strict=True):
        low, high = (row["minimum"] or row["value"]), (row["maximum"] or row["value"])
        row["low"] = axis.at(float(low)) if low else axis.at(axis.low)
        row["high"] = axis.at(float(high)) if high else 100.0
        row["open"] = "more" if not high else "less" if not low else row["beyond"]
        if line and span:
            row["begin"], row["end"] = line.at(span[0].toordinal()), line.at(span[1].toordinal() + 1)
    return {"unit": unit, "rows": rows, "axis": axis.data(), "zero": axis.at(0), "times": line.data() if line else []}


def _span(row: Mapping[str, Any]) -> tuple[date, date] | None:
    """The days within which a figure held, else those on which it was said."""
    known = [span for text in (row["from"], row["to"]) if (span := svg.span(text))] or [span for span in [svg.span(row["date"])] if span]
    return (known[0][0], known[-1][1]) if known else None


def _table(site: Site, measures: list[dict[str, Any]]) -> Table:
    """Every figure that is shown, as rows."""
    rows = []
    for measure in measures:
        for row in (row for chart in measure["charts"] for row in chart["rows"]):
            texts = row | {"figure": row["id"], "wording": row["worded"], "again": "yes" if row["again"] else "no"}
            texts |= {"measure": measure["label"], "speaker": row["speaker"]["label"], "report": row["report"].get("label", "")}
            rows.append(tuple(ox.Literal(texts[name]) for name in _COLUMNS))
    return Table(_COLUMNS, rows, base=site.manifest.base)
