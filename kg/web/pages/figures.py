"""Figures: measure by measure, each figure with its words and its source; figures of different measures are never set beside each other."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.index import Index, from_json
from kg.table import Table
from kg.vocabulary import ACC, SKOS
from kg.web import svg
from kg.web.page import Page, said
from kg.web.site import Site

#: How many measures a page shows, how many figures of each, and how many of a measure that is shown alone.
MEASURES, FIGURES, ALONE = 20, 12, 200
STATIC_MEASURES = 2000
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

    Raises ``NotFoundError`` where no figure has the measure that is asked for.
    """
    given = _given(site)
    order = sorted(given, key=lambda measure: (-len(given[measure]), site.label(measure).casefold(), measure))
    alone, offset = asked.get("measure", ""), asked.get("offset", "")
    if alone and alone not in given:
        raise NotFoundError(f"no figure has the measure {alone}", "see the list of measures")
    first = int(offset) if offset.isascii() and offset.isdecimal() and int(offset[:9]) < len(order) else 0
    limit = MEASURES if site.live else STATIC_MEASURES
    shown = [alone] if alone else order[first : first + limit]
    most = ALONE if alone or not site.live else FIGURES
    found = [_measure(site, measure, given, most) for measure in shown]
    data = {
        "alone": alone,
        "list": [_listed(site, measure, measure in shown, len(given[measure])) for measure in order[:_LISTED]],
        "counts": {"measures": len(order), "figures": sum(map(len, given.values()))},
        "measures": found,
        "paging": {"offset": 0 if alone else first, "limit": limit, "total": 1 if alone else len(order)},
    }
    title = f"Figures: {found[0]['label']}" if alone else "Figures"
    rows = [row for measure in found for chart in measure["charts"] for row in chart["rows"]]
    about = (*shown, *dict.fromkeys(row["statement"] for row in rows), *(row["figure"] for row in rows))
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
    for row in sorted(rows, key=lambda row: (row["from"] or row["date"] or "9999", row["to"], row["date"], row["figure"])):
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
    return [_figure(site, one.figure, said(statements[one.statement])) for one in given]


def _figure(site: Site, figure: str, statement: dict[str, Any]) -> dict[str, Any]:
    """One figure as pages hold it; ``from`` and ``to`` are when it held, as precise as it is known."""
    facts: dict[str, str] = {}
    for quad in site.store.quads_for_pattern(ox.NamedNode(figure), None, None, None):
        facts.setdefault(quad.predicate.value.removeprefix(ACC), quad.object.value)  # type: ignore[union-attr]
    held = facts.get("date", "")
    qualifier = facts.get("qualifier", "").rpartition("#")[2]
    row = {
        "figure": figure,
        "value": facts.get("value", ""),
        "minimum": facts.get("minValue", ""),
        "maximum": facts.get("maxValue", ""),
        "unit": site.label(facts["unit"]) if "unit" in facts else "",
        "qualifier": site.label(facts["qualifier"]) if qualifier else "",
        "beyond": _BEYOND.get(qualifier, ""),
        "wording": facts.get("asWorded", ""),
        "population": facts.get("population", ""),
        "period": facts.get("period", ""),
        "from": held or facts.get("startDate", ""),
        "to": held or facts.get("endDate", ""),
        "whole": _part(site, facts["partOf"]) if "partOf" in facts else {},
        "parts": [_part(site, part) for part in site.subjects("acc:partOf", figure)],
        **{name: statement[name] for name in ("date", "dated", "speaker", "report")},
        "again": statement["repeats"],
        "statement": statement["id"],
        "summary": statement["summary"] or statement["quote"],
    }
    return row | {"number": _number(row)}


def _part(site: Site, figure: str) -> dict[str, str]:
    """The figure that another is a part of, or a part of it."""
    wording = site.one(figure, "acc:asWorded") or site.one(figure, "acc:value")
    return {
        "id": next(iter(site.subjects("acc:figure", figure)), figure),
        "label": wording,
        "measure": site.label(site.one(figure, "acc:measure")),
    }


def _number(row: Mapping[str, Any]) -> str:
    """The number as one reads it: how exact it is, then the number or the range; the unit stands apart."""
    if row["value"]:
        return f"{row['qualifier']} {_thousands(row['value'])}".strip()
    if row["minimum"] and row["maximum"]:
        return f"{_thousands(row['minimum'])}–{_thousands(row['maximum'])}"
    return f"{_thousands(row['minimum'])} or more" if row["minimum"] else f"up to {_thousands(row['maximum'])}" if row["maximum"] else ""


def _thousands(text: str) -> str:
    """The decimal with marks between its thousands, without zeros that say nothing.

    >>> _thousands("40000"), _thousands("2.50")
    ('40,000', '2.5')
    """
    number = f"{Decimal(text):,f}"
    return number.rstrip("0").rstrip(".") if "." in number else number


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
            texts = {**row, "measure": measure["label"], "speaker": row["speaker"]["label"], "report": row["report"].get("label", ""),
                     "again": "yes" if row["again"] else "no"}  # fmt: skip
            rows.append(tuple(ox.Literal(texts[name]) for name in _COLUMNS))
    return Table(_COLUMNS, rows, base=site.manifest.base)
