"""The network: the explorer of ``kg view``, fed by the index in steps; without JavaScript, the same names, lines and statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.diagram import LOOK, TITLES, diagram
from kg.errors import QueryError
from kg.network import ego, part, project, ranked, statements
from kg.search import suggest
from kg.speech import MOST_NODES, Part, Ways, around, between, strongest
from kg.table import Table
from kg.view import MOST_NODES as MOST_WHOLE
from kg.web.page import Page
from kg.web.site import Site

if TYPE_CHECKING:
    import networkx as nx

    from kg.layout import Position

#: How far one may ask to go at once.
_DEPTHS = range(1, 6)
#: A projection is computed whole for a page only where the case has no more statements than these.
_MOST_PROJECTED = 20_000
#: How far the nodes of a way stand from each other.
_ALONG, _ACROSS = 300.0, 130.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for, understood: IRIs, and numbers within their bounds."""

    projection: str
    focus: str = ""
    depth: int = 1
    limit: int = 60
    pair: tuple[str, ...] = field(default=())

    def data(self) -> dict[str, Any]:
        return {"focus": self.focus, "depth": self.depth, "limit": self.limit, "between": list(self.pair)}


def network(site: Site, asked: Mapping[str, str]) -> Page:
    """A part of the network: around ``focus`` as far as ``depth`` steps, the ways ``between`` one ``and`` another, or who has most.

    Names are IRIs, their paths, or what people call them. Where a name is not understood, the page says so and shows who has
    most. A projection other than ``speech``, and a static copy, hold the whole network, or the most connected part of it.

    Raises ``QueryError`` where there is no such projection, or where the case is too large for it.
    """
    projection = asked.get("projection") or "speech"
    if projection not in TITLES:
        raise QueryError(f"no projection is called `{projection}`", "choose one of " + ", ".join(TITLES))
    depth, limit = _number(asked.get("depth"), 1, _DEPTHS), _number(asked.get("limit"), 60, range(1, MOST_NODES + 1))
    message = ""
    try:
        pair = tuple(_named(site, asked[name]) for name in ("between", "and") if asked.get(name))
        wanted = _Asked(
            projection, "" if len(pair) == 2 else _named(site, asked.get("focus", "")), depth, limit, pair if len(pair) == 2 else ()
        )
        found = _part(site, wanted)
    except QueryError as error:
        message = str(error)
        wanted = _Asked(projection, limit=limit)
        found = _part(site, wanted)
    steps = projection == "speech" and _in_steps(site)
    data = {
        "projection": projection,
        "start": wanted.data(),
        "message": message,
        "total": found.total,
        "base": site.manifest.base,
        "steps": steps,
        "least": _least(found.graph) if steps and not (wanted.focus or wanted.pair) else 1,
        "ways": {"steps": found.steps, "more": found.more} if isinstance(found, Ways) else None,
        "look": LOOK,
        **_diagram(site, found, wanted),
    }
    return Page("network.html", _title(site, wanted), data, table=partial(_table, site, found.graph), status=404 if message else 200)


def _least(graph: nx.MultiDiGraph[str]) -> int:
    """How many statements each line stands for at least."""
    return min((data["count"] for *_, data in graph.edges(data=True)), default=1)


def _in_steps(site: Site) -> bool:
    return site.live or _many(site)


def _many(site: Site) -> bool:
    return bool(site.index.execute("SELECT count(*) > ? AS many FROM statement", (_MOST_PROJECTED,))[0]["many"])


def _number(text: str | None, usual: int, allowed: range) -> int:
    """The number that the text is, as near as it may be; the usual one where it is none."""
    return min(max(int(text), allowed[0]), allowed[-1]) if text and text.isascii() and text.isdecimal() and len(text) < 9 else usual


def _named(site: Site, name: str) -> str:
    """The IRI that a name means; raises ``QueryError`` where it means nothing, or several things."""
    name = name.strip()
    known = next((iri for iri in (name, site.manifest.base + name) if name and site.index.thing(iri)), None)
    if known is not None or not name:
        return known or ""
    hits = suggest(site.index, name)
    same = [hit for hit in hits if hit.label.casefold() == name.casefold()] or hits
    if len(same) == 1:
        return same[0].iri
    if not same:
        raise QueryError(f"nothing is called “{name}”", "try another spelling, or a part of the name")
    raise QueryError(
        f"“{name}” may mean several",
        "choose from " + ", ".join(f"{hit.label} ({hit.iri.removeprefix(site.manifest.base)})" for hit in same),
    )


def _part(site: Site, wanted: _Asked) -> Part:
    if wanted.projection != "speech" or not _in_steps(site):
        return _whole(site, wanted)
    if wanted.pair:
        return between(site.index, *wanted.pair)
    return around(site.index, wanted.focus, wanted.depth, wanted.limit) if wanted.focus else strongest(site.index, wanted.limit)


def _whole(site: Site, wanted: _Asked) -> Part:
    """The projection, without the least connected where there are too many."""
    if _many(site):
        raise QueryError("this case is too large to draw that way", "take it away with `kg export`, or see who speaks about whom")
    graph = project(site.store, wanted.projection)
    if wanted.focus:
        ego(graph, wanted.focus, 0)
    order = [node for node in ranked(graph) if node != wanted.focus]
    kept = part(graph, [*filter(None, [wanted.focus]), *order][:MOST_WHOLE])
    spoken = {iri for *_, data in kept.edges(data=True) for iri in data["statements"]}
    return Part(kept, statements(site.store, spoken), len(graph))


def _diagram(site: Site, found: Part, wanted: _Asked) -> dict[str, Any]:
    href = partial(site.addresses.href, here="network")
    positions = _along(found.steps) if isinstance(found, Ways) else None
    return diagram(
        found.graph, found.statements, first=[] if positions else ranked(found.graph)[: wanted.limit], positions=positions, href=href
    )


def _along(steps: list[list[str]]) -> dict[str, Position]:
    """Where the nodes of ways stand: a column for each step, from left to right."""
    return {
        node: (number * _ALONG, (row - (len(nodes) - 1) / 2) * _ACROSS)
        for number, nodes in enumerate(steps)
        for row, node in enumerate(nodes)
    }


def _title(site: Site, wanted: _Asked) -> str:
    if wanted.pair:
        return " and ".join(map(site.label, wanted.pair)) + ": the way between them"
    return TITLES[wanted.projection] + (f": {site.label(wanted.focus)}" if wanted.focus else "")


def _table(site: Site, graph: nx.MultiDiGraph[str]) -> Table:
    """The lines: who, how, of or to whom, in how many statements, from when to when."""
    rows = [
        (
            ox.NamedNode(one),
            ox.Literal(data["label"]),
            ox.NamedNode(two),
            ox.Literal(data["count"]),
            ox.Literal(data["first"]),
            ox.Literal(data["last"]),
        )
        for one, two, data in sorted(graph.edges(data=True), key=lambda edge: (-edge[2]["count"], edge[0], edge[1], edge[2]["label"]))
    ]
    return Table(("speaker", "manner", "target", "statements", "first", "last"), rows, base=site.manifest.base)
