"""Timeline: who answered what, and when. Lanes are speakers, columns are what they answer, each glyph is a statement."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from kg.index import Index, from_json
from kg.network import StatementRow
from kg.table import Table
from kg.web import svg
from kg.web.listing import choices, paging
from kg.web.page import Page, words
from kg.web.page import thing as named
from kg.web.site import Site

#: How many lanes, columns, and glyphs in a cell are drawn at once, and in a cell where they would be more than ``CROWD`` in all.
#: A static copy, which has no other parts, draws more lanes and columns.
LANES, COLUMNS, GLYPHS, FEW, CROWD = 25, 12, 12, 3, 600
STATIC_LANES, STATIC_COLUMNS = 200, 40
#: How many glyphs a cell has at most where one speaker's answers to one thing are asked for.
ALL = 400
#: How many values a filter offers.
_OFFERED = 100

_HOW = {"accepts": "accepts", "disputes": "disputes", "respondsTo": "answers"}
_IN = " a statement in"
_DATES = ("acc:publishedOn", "acc:date", "acc:startDate")
# What answers a statement stands where its report does.
_ANSWERED = """
SELECT answer.n, target, speaker, how FROM (
  SELECT link.statement AS n, coalesce(nullif(answered.report, ''), link.value) AS target,
    group_concat(DISTINCT role || CASE WHEN answered.n IS NULL THEN '' ELSE ' a statement in' END) AS how
  FROM link LEFT JOIN statement AS answered ON answered.iri = link.value
  WHERE role IN ('respondsTo', 'accepts', 'disputes') GROUP BY 1, 2
) AS answer JOIN statement ON statement.n = answer.n JOIN thing ON thing.iri = target
WHERE repeats = 0 AND kind IN ('report', 'event') ORDER BY 1, 2"""
_TOLD = "SELECT n, report, speaker, '' FROM statement WHERE repeats = 0 AND report <> '' ORDER BY n"
_SOME = """SELECT name, facet.value, count(*) AS count FROM json_each(?) AS one CROSS JOIN faceted ON faceted.statement = one.value
  JOIN facet ON facet.n = faceted.facet WHERE name <> 'speaker' GROUP BY 1, 2"""


class Mark(NamedTuple):
    """One statement in one column: its number in the index, what it answers, who speaks, and in which way it answers."""

    n: int
    place: str
    speaker: str
    how: str


class _All(NamedTuple):
    """Every mark of an index, and what the filters offer for all of them."""

    marks: list[Mark]
    offered: dict[str, list[tuple[str, int]]]


_READ: WeakKeyDictionary[Index, dict[str, _All]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Part:
    """Which lanes and columns of all are shown, the marks of every cell, and which part of all this is, ``down`` and ``across``."""

    lanes: list[str]
    columns: list[str]
    cells: dict[tuple[str, str], list[Mark]]
    down: dict[str, int]
    across: dict[str, int]


def timeline(site: Site, asked: Mapping[str, str]) -> Page:
    """Who answered what; with ``columns=report`` who said what in which report.

    ``speakers`` (a kind: ``person``), ``speaker``, ``report``, ``topic``, ``act`` and ``year`` narrow it, ``answers`` to one
    column; ``offset`` and ``from`` are the first lane and the first column.

    Raises ``QueryError`` as ``paging`` does.
    """
    by = "report" if asked.get("columns") == "report" else "answers"
    chosen = _chosen(site.index, asked)
    every, offered = _read(site.index, by)
    if chosen is None:
        found = every
    else:
        found = [mark for mark in every if mark.n in chosen]
        offered = _offered(site.index, found) if site.live else {}
    placed = {mark.n for mark in found}
    if wanted := asked.get("answers"):
        found = [mark for mark in found if mark.place == wanted]
    part = _part(site, found, asked)
    alone = bool(wanted and asked.get("speaker"))
    columns, lanes = _columns(site, part), _lanes(site, part, ALL if alone else _most_in_cell(part))
    total = len(chosen) if chosen is not None else _count(site.index)
    drawn = [mark for lane in lanes for cell in lane["cells"] for mark in cell["marks"]]
    data = {
        "by": by,
        "columns": columns,
        "lanes": lanes,
        "legend": [glyph._asdict() for glyph in svg.GLYPHS.values() if any(mark["glyph"] == glyph.name for mark in drawn)],
        "counts": {"statements": total, "placed": len(placed), "drawn": len({mark["id"] for mark in drawn})},
        "facets": _facets(site, offered) if site.live else {},
        "paging": part.down,
        "across": part.across,
    }
    about = tuple(dict.fromkeys(mark["id"] for mark in drawn))
    return Page("timeline.html", "Timeline", data, about=about, table=partial(_table, site, lanes, columns))


def _read(index: Index, by: str) -> _All:
    """All marks in the order of dates, read once for each index: by what is answered, or by the ``report`` a statement stands in."""
    kept = _READ.setdefault(index, {})
    if by not in kept:
        marks = [Mark(*row) for row in index.execute(_TOLD if by == "report" else _ANSWERED)]
        kept[by] = _All(marks, _offered(index, marks))
    return kept[by]


def _offered(index: Index, marks: Iterable[Mark]) -> dict[str, list[tuple[str, int]]]:
    """The values among the statements that have a place, each with how many have it: what the filters offer."""
    counts: dict[str, list[tuple[str, int]]] = {"speakers": [], "report": [], "topic": [], "act": [], "year": []}
    speakers = {mark.n: mark.speaker for mark in marks}
    for row in index.execute(_SOME, (json.dumps(sorted(speakers)),)):
        counts[row["name"]].append((row["value"], row["count"]))
    kinds = {row["iri"]: row["kind"] for row in index.execute("SELECT iri, kind FROM thing WHERE said > 0")}
    counts["speakers"] = list(Counter(kinds.get(speaker, "") for speaker in speakers.values()).items())
    for name, pairs in counts.items():
        pairs.sort(key=lambda pair: pair if name == "year" else (-pair[1], pair[0]))
    return {name: [pair for pair in pairs if pair[0]][:_OFFERED] for name, pairs in counts.items()}


def _chosen(index: Index, asked: Mapping[str, str]) -> set[int] | None:
    """The numbers of the statements that the filters leave; None where there is none."""
    conditions, values = ["repeats = 0"], []
    for role in ("speaker", "report", "topic", "act"):
        if asked.get(role):
            conditions.append("n IN (SELECT statement FROM link WHERE role = ? AND value = ?)")
            values += [role, asked[role]]
    if asked.get("speakers"):
        conditions.append("speaker IN (SELECT iri FROM thing WHERE kind = ?)")
        values.append(asked["speakers"])
    if asked.get("year"):
        conditions.append("year = ?")
        values.append(asked["year"])
    sql = "SELECT n FROM statement WHERE " + " AND ".join(conditions)  # noqa: S608 - of words of this module; values are bound
    return {row["n"] for row in index.execute(sql, values)} if values else None


def _count(index: Index) -> int:
    return int(index.execute("SELECT count(*) AS count FROM statement WHERE repeats = 0")[0]["count"])


def _part(site: Site, found: list[Mark], asked: Mapping[str, str]) -> _Part:
    """The columns that are answered most, in the order of their dates, and the speakers who answer most in them."""
    places = Counter(mark.place for mark in found)
    across = paging(site, asked, len(places), COLUMNS, STATIC_COLUMNS, "from")
    columns = _most(places)[across["offset"] : across["offset"] + across["limit"]]
    within = set(columns)
    speakers = Counter(mark.speaker for mark in found if mark.place in within)
    down = paging(site, asked, len(speakers), LANES, STATIC_LANES)
    lanes = _most(speakers)[down["offset"] : down["offset"] + down["limit"]]
    cells: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in found:
        if mark.place in within:
            cells[mark.speaker, mark.place].append(mark)
    columns.sort(key=lambda place: (_last_day(_date(site, place)), place))
    return _Part(lanes, columns, cells, down, across)


def _most_in_cell(part: _Part) -> int:
    drawn = sum(min(len(part.cells.get((lane, place), ())), GLYPHS) for lane in part.lanes for place in part.columns)
    return GLYPHS if drawn <= CROWD else FEW


def _most(counts: Counter[str]) -> list[str]:
    """The most frequent first, ties in the order of their IRIs."""
    return sorted(counts, key=lambda iri: (-counts[iri], iri))


def _date(site: Site, place: str) -> str:
    """When a report came out, or an event was or began."""
    return next(filter(None, (site.one(place, property) for property in _DATES)), "")


def _last_day(text: str) -> date:
    """What orders columns: a month comes after each of its days, what has no date comes last."""
    days = svg.span(text)
    return days[1] if days else date.max


def _columns(site: Site, part: _Part) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    before = ""
    counts = Counter({place: sum(len(part.cells[lane, place]) for lane in part.lanes) for place in part.columns})
    for place in part.columns:
        row, when = site.index.thing(place), _date(site, place)
        gap = svg.later(before, when)
        found.append({**site.thing(place), "cls": row.cls if row else "", "date": when, "gap": gap, "count": counts[place]})
        before = when or before
    return found


def _lanes(site: Site, part: _Part, most: int) -> list[dict[str, Any]]:
    shown = {mark.n for lane in part.lanes for place in part.columns for mark in part.cells[lane, place][:most]}
    rows = _rows(site.index, shown)
    lanes = []
    for lane in part.lanes:
        cells = []
        for place in part.columns:
            here = part.cells[lane, place]
            drawn = [_mark(rows[mark.n], mark) for mark in here[:most]]
            cells.append({"place": place, "marks": drawn, "more": len(here) - len(drawn)})
        lanes.append({"speaker": site.thing(lane), "cells": cells})
    return lanes


def _rows(index: Index, numbers: Collection[int]) -> dict[int, StatementRow]:
    sql = "SELECT n, row FROM statement WHERE n IN (SELECT value FROM json_each(?))"
    return {row["n"]: from_json(row["row"]) for row in index.execute(sql, (json.dumps(sorted(numbers)),))}


def _mark(row: StatementRow, mark: Mark) -> dict[str, Any]:
    how = [word + where for name, word in _HOW.items() for where in ("", _IN) if name + where in mark.how.split(",")]
    return {
        "id": row.id,
        "glyph": svg.glyph(row.acts, row.manners).name,
        "date": row.date,
        "dated": row.dated,
        "acts": list(row.acts),
        "manners": list(row.manners),
        "summary": row.summary or row.quote,
        "how": [word for word in how if not word.startswith("answers")] or how,
        "report": named(row.report),
    }


def _facets(site: Site, offered: Mapping[str, list[tuple[str, int]]]) -> dict[str, list[dict[str, Any]]]:
    """The choices of each filter, as templates show them."""
    label = {"report": site.label, "topic": site.label, "act": words}
    return {name: choices(pairs, label.get(name, str)) for name, pairs in offered.items()}


def _table(site: Site, lanes: list[dict[str, Any]], columns: list[dict[str, Any]]) -> Table:
    """What is drawn, as rows."""
    labels = {column["id"]: column["label"] for column in columns}
    rows = [
        tuple(map(ox.Literal, (lane["speaker"]["label"], mark["date"], "; ".join(mark["acts"]), mark["summary"], "; ".join(mark["how"]),
                               labels[cell["place"]], mark["report"].get("label", ""), mark["id"])))
        for lane in lanes for cell in lane["cells"] for mark in cell["marks"]
    ]  # fmt: skip
    return Table(("speaker", "date", "acts", "summary", "how", "answers", "report", "statement"), rows, base=site.manifest.base)
