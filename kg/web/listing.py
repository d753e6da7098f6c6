"""Lists of statements: a part of what is asked for, by what it can be narrowed, and how much there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
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


def paging(site: Site, asked: Asked, total: int, live: int = ROWS, static: int = STATIC_ROWS, name: str = "offset") -> dict[str, int]:
    """Which part of a list of ``total`` rows is shown: ``offset``, ``limit``, ``total``; beyond the last part stands the first.

    A ``live`` page shows so many at once, a ``static`` one so many in all. Raises ``QueryError`` where what is asked for is no number.
    """
    if not site.live:
        return {"offset": 0, "limit": static, "total": total}
    text = asked.get(name) or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise QueryError(f"`{text[:40]}` is no place in a list", f"give a number, such as {name}={live}")
    return {"offset": int(text) if int(text) < total else 0, "limit": live, "total": total}


def chosen(asked: Asked, scope: Selection) -> Selection:
    """The selection, narrowed by what is asked for; those told again are left out unless that is asked for."""
    return replace(scope, **_narrowed(asked, scope), repeats=asked.get("again") == "yes")


def _narrowed(asked: Asked, scope: Selection) -> dict[str, str]:
    return {name: asked[name] for name in FILTERS if asked.get(name) and not getattr(scope, name)}


def choices(found: Iterable[tuple[str, int]], label: Callable[[str], str]) -> list[dict[str, Any]]:
    """What a filter offers, as templates show it: each ``value`` with its ``label`` and its ``count``."""
    return [{"value": value, "label": label(value), "count": count} for value, count in found]


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
    selection = chosen(asked, scope)
    total = site.index.count(selection)
    other = site.index.count(replace(selection, repeats=not selection.repeats))
    part = paging(site, asked, total)
    rows = site.index.select(selection, offset=part["offset"], limit=part["limit"])
    return {
        "statements": [said(row) for row in rows],
        "paging": part,
        "again": {"shown": selection.repeats, "count": abs(total - other)},
        "facets": _facets(site, selection, scope) if site.live else {},
        "chosen": [
            {"field": name, "value": value, "label": _names(site, [value])[value]} for name, value in _narrowed(asked, scope).items()
        ],
    }


def _facets(site: Site, selection: Selection, scope: Selection) -> dict[str, list[dict[str, Any]]]:
    found = site.index.facets(selection)
    offered = {name: found[name][:_MOST_CHOICES] for name in OFFERED if found[name] and not getattr(scope, name)}
    names = _names(site, [value for pairs in offered.values() for value, _ in pairs])
    return {name: choices(pairs, names.__getitem__) for name, pairs in offered.items()}


def _names(site: Site, values: list[str]) -> dict[str, str]:
    """What each value is called: the label of a thing, the words of an act, a year as it is."""
    rows = site.index.execute("SELECT iri, label FROM thing WHERE iri IN (SELECT value FROM json_each(?))", (json.dumps(values),))
    return {value: words(value) if value.isalpha() else value for value in values} | {row["iri"]: row["label"] for row in rows}


def read(site: Site) -> dict[str, int]:
    """How many statements were read in each report, those told again left out."""
    return dict(site.index.facets(Selection(repeats=False))["report"])
