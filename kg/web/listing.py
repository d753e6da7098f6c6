"""Lists of statements: a part of what is asked for, by what it can be narrowed, and how much there is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kg.errors import QueryError
from kg.index import Selection
from kg.web.page import said, words
from kg.web.site import Site

#: How many rows a live page shows at once, and how many a page of a static copy, which has no next one.
ROWS, STATIC_ROWS = 50, 2000
#: By what a list of statements can be narrowed; the first five are offered, the others stand in links.
OFFERED = ("act", "year", "report", "topic", "speaker")
FILTERS = (*OFFERED, "about", "addressee", "family")
#: More choices than these nobody reads.
_MOST_CHOICES = 60

Asked = Mapping[str, str]


def paging(site: Site, asked: Asked, total: int) -> dict[str, int]:
    """Which part of a list of ``total`` rows is shown: ``offset``, ``limit``, ``total``.

    Raises ``QueryError`` where the offset that is asked for is no number.
    """
    if not site.live:
        return {"offset": 0, "limit": STATIC_ROWS, "total": total}
    offset = asked.get("offset") or "0"
    if not (offset.isascii() and offset.isdecimal() and len(offset) < 10):
        raise QueryError(f"`{offset[:40]}` is no place in a list", "give a number, such as offset=50")
    return {"offset": int(offset), "limit": ROWS, "total": total}


def lists(site: Site, asked: Asked, scopes: Mapping[str, Selection]) -> list[dict[str, Any]]:
    """Several lists of one page, as tabs: each with how many statements it has, and the open one with its statements.

    A live page opens the list that is asked for (``show``), else the first; a static one opens them all. Those that have
    none are left out, unless none has any.
    """
    every = {show: site.index.count(replace(scope, repeats=False)) for show, scope in scopes.items()}
    counts = {show: count for show, count in every.items() if count} or dict([next(iter(every.items()))])
    chosen = asked["show"] if asked.get("show") in counts else next(iter(counts))
    opened = {chosen} if site.live else set(counts)
    return [
        {"show": show, "count": count, "list": listing(site, asked, scopes[show]) if show in opened else None}
        for show, count in counts.items()
    ]


def listing(site: Site, asked: Asked, scope: Selection) -> dict[str, Any]:
    """The statements of a selection, narrowed by what is asked for, by date.

    Those told again are counted in ``again`` and left out unless that is asked for; ``facets`` are the choices by which to
    narrow the list further, ``chosen`` those by which it was.
    """
    fixed = {name for name in FILTERS if getattr(scope, name)}
    narrowed = {name: asked[name] for name in FILTERS if asked.get(name) and name not in fixed}
    with_again = asked.get("again") == "yes"
    selection = replace(scope, **narrowed, repeats=with_again)
    total = site.index.count(selection)
    other = site.index.count(replace(selection, repeats=not with_again))
    part = paging(site, asked, total)
    rows = site.index.select(selection, offset=part["offset"], limit=part["limit"])
    return {
        "statements": [said(row) for row in rows],
        "paging": part,
        "again": {"shown": with_again, "count": abs(total - other)},
        "facets": _facets(site, selection, fixed) if site.live else {},
        "chosen": [{"field": name, "value": value, "label": _names(site, [value])[value]} for name, value in narrowed.items()],
    }


def _facets(site: Site, selection: Selection, fixed: set[str]) -> dict[str, list[dict[str, Any]]]:
    found = site.index.facets(selection)
    offered = {name: found[name][:_MOST_CHOICES] for name in OFFERED if name not in fixed and found[name]}
    names = _names(site, [value for choices in offered.values() for value, _ in choices])
    return {
        name: [{"value": value, "label": names[value], "count": count} for value, count in choices] for name, choices in offered.items()
    }


def _names(site: Site, values: list[str]) -> dict[str, str]:
    """What each value is called: the label of a thing, the words of an act, a year as it is."""
    rows = site.index.execute("SELECT iri, label FROM thing WHERE iri IN (SELECT value FROM json_each(?))", (json.dumps(values),))
    return {value: words(value) if value.isalpha() else value for value in values} | {row["iri"]: row["label"] for row in rows}


def read(site: Site) -> dict[str, int]:
    """How many statements were read in each report, those told again left out."""
    return dict(site.index.facets(Selection(repeats=False))["report"])
