"""Lists of a kind of things, and the page of a thing that has none of its own: a topic, an event, a post, a measure, a part."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyoxigraph as ox

from kg.cases import DERIVED, TEXTS
from kg.errors import NotFoundError
from kg.index import Selection, ThingRow, thing_row
from kg.table import Table, Term
from kg.vocabulary import ACC, expand
from kg.web.listing import STATIC_ROWS, lists, paging, read
from kg.web.page import Page, said
from kg.web.parts import figure, held, tenures
from kg.web.site import Site

#: What a list is called, and in how many ways it can be put in order; the first is how it stands at first.
TITLES = {
    "person": "People",
    "institution": "Institutions",
    "group": "Groups",
    "report": "Reports",
    "topic": "Topics",
    "event": "Events",
    "post": "Posts",
    "measure": "Measures",
}
ORDERS = {"report": ("date", "name", "count"), "event": ("date", "name", "count"), "topic": ("tree", "name", "count"), "measure": ("name",)}
#: Where the date of a thing stands, the most exact first.
_DATES = {"report": ("acc:publishedOn",), "event": ("acc:date", "acc:startDate")}
_NOT_AGAIN = "SELECT iri FROM statement WHERE NOT repeats AND iri IN (SELECT value FROM json_each(?))"
#: How many things that point at another its page names, for each property.
_POINTING = 20

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    """One thing of a list: its row of the index, its date, and how many statements were read in it."""

    thing: ThingRow
    date: str
    count: int

    @property
    def name(self) -> str:
        return fold(self.thing.label)


def things(site: Site, asked: Mapping[str, str]) -> Page:
    """All things of the kind that is asked for, narrowed to those whose names have all the words of ``q``.

    Raises ``QueryError`` as ``paging`` does.
    """
    kind = asked["kind"]
    orders = ORDERS.get(kind, ("name", "count"))
    order = asked["order"] if asked.get("order") in orders else orders[0]
    wanted = fold(asked.get("q", "")).split()
    rows = _rows(site, kind)
    if wanted:
        rows = [row for row in rows if all(word in fold(" ".join((row.thing.label, *row.thing.aliases))) for word in wanted)]
    tree = order == "tree" and not wanted and len(rows) <= STATIC_ROWS
    rows.sort(key=_key(order))
    part = paging(site, asked, len(rows))
    shown = rows[part["offset"] : part["offset"] + part["limit"]]
    data = {
        "kind": kind,
        "orders": list(orders),
        "order": order,
        "q": asked.get("q", ""),
        "paging": {**part, "limit": max(part["limit"], len(rows))} if tree else part,
        "tree": _tree(site, rows) if tree else None,
        "things": [] if tree else [_listed(site, row) for row in shown],
    }
    return Page(
        "things.html", TITLES[kind], data, about=tuple(row.thing.iri for row in (rows if tree else shown)), table=partial(_table, rows)
    )


def fold(text: str) -> str:
    """The text without accents and capitals.

    >>> fold("Zoë Æbleö")
    'zoe æbleo'
    """
    if text.isascii():
        return text.lower()
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


def _rows(site: Site, kind: str) -> list[_Row]:
    rows = [thing_row(row) for row in site.index.execute("SELECT * FROM thing WHERE kind = ?", (kind,))]
    counts = read(site) if kind == "report" else {}
    dates: dict[str, str] = {}
    for name in reversed(_DATES.get(kind, ())):
        dates |= _values(site, name)
    return [_Row(row, dates.get(row.iri, ""), counts.get(row.iri, 0)) for row in rows]


def _values(site: Site, property: str) -> dict[str, str]:
    """Each thing that has the property, with its value as text."""
    quads = site.store.quads_for_pattern(None, ox.NamedNode(expand(property)), None, None)
    return {quad.subject.value: quad.object.value for quad in quads}  # type: ignore[union-attr]


def _key(order: str) -> Any:
    if order == "count":
        return lambda row: (-(row.count or row.thing.said + row.thing.about), row.name, row.thing.iri)
    if order == "date":
        return lambda row: (row.date or "9999", row.name, row.thing.iri)
    return lambda row: (row.name, row.thing.iri)


def _listed(site: Site, row: _Row) -> Data:
    """A thing as its list shows it, with what tells it from others of its kind."""
    one = row.thing
    data: Data = {"id": one.iri, "label": one.label, "kind": one.kind, "class": one.cls, "note": one.note, "date": row.date}
    data |= {"said": one.said, "about": one.about, "count": row.count}
    if one.kind == "measure":
        data["count"] = len(_owners(site, one.iri))
    elif one.kind == "person":
        data["tenure"] = next(iter(tenures(site, one.iri)), None)
    elif one.kind == "institution":
        data["whole"] = site.things(one.iri, "acc:unitOf")
    elif one.kind == "report":
        data["publisher"] = site.things(one.iri, "acc:publisher")
    elif one.kind == "post":
        data["whole"] = site.things(one.iri, "acc:postIn")
        data["tenure"] = next(iter(held(site, one.iri)), None)
    return data


def _tree(site: Site, rows: Iterable[_Row]) -> list[Data]:
    """The topics, each with those below it; one that stands below several stands below each of them."""
    known = {row.thing.iri: row for row in rows}
    below: dict[str, list[str]] = defaultdict(list)
    tops = []
    for iri in known:
        above = [one for one in site.all(iri, "skos:broader") if one in known and one != iri]
        for one in above:
            below[one].append(iri)
        if not above:
            tops.append(iri)

    def branch(iri: str, over: tuple[str, ...]) -> Data:
        one = known[iri].thing
        narrower = [branch(low, (*over, iri)) for low in below[iri] if low not in (*over, iri)]
        return {"id": iri, "label": one.label, "kind": one.kind, "note": one.note, "about": one.about, "narrower": narrower}

    return [branch(iri, ()) for iri in tops]


def _table(rows: Iterable[_Row]) -> Table:
    def text(value: str) -> Term:
        return ox.Literal(value) if value else None

    cells = []
    for row in rows:
        one = row.thing
        counts = (ox.Literal(one.said), ox.Literal(one.about))
        cells.append((ox.NamedNode(one.iri), ox.Literal(one.label), text(one.cls), text(row.date), *counts, text("; ".join(one.aliases))))
    return Table(("thing", "label", "class", "date", "said", "about", "aliases"), cells)


def thing(site: Site, iri: str, asked: Mapping[str, str]) -> Page:
    """The page of anything: what is recorded of it, and the statements on it.

    Raises ``NotFoundError`` where the graph says nothing of it, ``QueryError`` as ``lists`` does.
    """
    row = site.index.thing(iri)
    kind = row.kind if row else ""
    scopes = {"topic": Selection(topic=iri)} if kind == "topic" else {}
    if kind in ("topic", "event"):
        scopes |= {"about": Selection(about=iri), "answers": Selection(answers=iri)}
    data: Data = {
        "thing": {**site.thing(iri), **({} if row else {"label": _called(site, iri)})},
        "class": row.cls if row else _class(site, iri),
        "note": row.note if row else "",
        "aliases": list(row.aliases) if row else [],
        "date": site.one(iri, "acc:date") or site.one(iri, "acc:startDate"),
        "end": site.one(iri, "acc:endDate"),
        "broader": site.things(iri, "skos:broader"),
        "narrower": [site.thing(one) for one in site.subjects("skos:broader", iri)],
        "participants": site.things(iri, "acc:participant"),
        "topics": site.things(iri, "acc:topic"),
        "whole": site.things(iri, "acc:postIn"),
        "sources": site.things(iri, "acc:source"),
        "remark": site.one(iri, "skos:editorialNote"),
        "held": held(site, iri) if kind == "post" else [],
        "figures": _figures(site, iri) if kind == "measure" else [],
        "properties": [] if row else _properties(site, iri),
        "pointing": [] if row else _pointing(site, iri),
        "lists": lists(site, asked, scopes) if scopes else [],
    }
    if row is None and not data["properties"] and not data["pointing"]:
        raise NotFoundError(f"there is nothing at {iri}", "search for it, or begin at the home page")
    return Page("thing.html", data["thing"]["label"], data, about=(iri,))


def _called(site: Site, iri: str) -> str:
    """What to call a thing without a name: an assessment by what it assesses, a figure by its words."""
    assessed = [one["label"] for one in site.things(iri, "acc:assesses")]
    return f"Assessment of: {'; '.join(assessed)}" if assessed else site.one(iri, "acc:asWorded") or site.label(iri)


def _class(site: Site, iri: str) -> str:
    return next((cls.removeprefix(ACC) for cls in site.all(iri, "rdf:type") if cls.startswith(ACC)), "")


def _owners(site: Site, measure: str) -> list[tuple[str, str]]:
    """The figures of a measure, each with the statement that gives it; those told again are left out."""
    owners = [(figure, owner) for figure in site.subjects("acc:measure", measure) for owner in site.subjects("acc:figure", figure)]
    rows = site.index.execute(_NOT_AGAIN, (json.dumps([owner for _, owner in owners]),))
    counted = {row["iri"] for row in rows}
    return [(figure, owner) for figure, owner in owners if owner in counted]


def _figures(site: Site, measure: str) -> list[Data]:
    """The figures of a measure, by the date on which they were given."""
    given = [(said(row), one) for one, owner in _owners(site, measure) if (row := site.index.statement(owner))]
    every = [{**figure(site, one), "statement": row["id"], "said": row["date"], "speaker": row["speaker"]} for row, one in given]
    return sorted(every, key=lambda one: (one["said"] or "9999", one["id"]))


def _properties(site: Site, iri: str) -> list[Data]:
    """What is said of a thing, property by property, our own terms first.

    The documents' words are left out, what rules say in the terms of other vocabularies, as it is the same again, and parts
    of the thing that have no page of their own, such as the counts of a case: its Turtle has them.
    """
    texts, derived = site.manifest.base + TEXTS, site.manifest.base + DERIVED
    found: dict[str, dict[Any, bool]] = defaultdict(dict)
    for quad in site.store.quads_for_pattern(ox.NamedNode(iri), None, None, None):
        graph, name = getattr(quad.graph_name, "value", ""), quad.predicate.value
        part = isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(f"{iri}#")
        if graph != texts and (graph != derived or name.startswith(ACC)) and not part:
            found[name][quad.object] = found[name].get(quad.object, True) and graph == derived
    ordered = sorted(found.items(), key=lambda pair: (not pair[0].startswith(ACC), pair[0]))
    return [
        {**_property(site, name), "derived": all(values.values()), "values": [_value(site, term) for term in sorted(values, key=str)]}
        for name, values in ordered
    ]


def _pointing(site: Site, iri: str) -> list[Data]:
    """What points at a thing, property by property; the first of each."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in site.store.quads_for_pattern(None, None, ox.NamedNode(iri), None):
        if isinstance(quad.subject, ox.NamedNode) and quad.predicate.value.startswith(ACC):
            found[quad.predicate.value].add(quad.subject.value)
    return [
        {**_property(site, name), "count": len(iris), "values": [_value(site, ox.NamedNode(one)) for one in sorted(iris)[:_POINTING]]}
        for name, iris in sorted(found.items())
    ]


def _property(site: Site, iri: str) -> Data:
    return {"property": iri, "name": site.label(iri)}


def _value(site: Site, term: Any) -> Data:
    if isinstance(term, ox.NamedNode):
        return site.thing(term.value)
    return {"id": "", "label": getattr(term, "value", str(term)), "kind": ""}
