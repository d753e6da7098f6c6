"""A network as the data of a diagram: nodes in their places, lines with their looks, and the statements they stand for.

The page in one file and the site's explorer draw the same data with the same scripts (``templates/``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

from kg.layout import place
from kg.network import RELATION, StatementRow, Thing, ranked
from kg.speech import LEAST, READABLE

if TYPE_CHECKING:
    import networkx as nx

    from kg.layout import Position

TITLES = {
    "speech": "Who said what about whom",
    "statements": "Every statement, and what it answers",
    "reports": "What cites and answers what",
    "organisation": "Who held which post",
}
SHAPES = {
    "person": "dot",
    "institution": "square",
    "group": "hexagon",
    "report": "diamond",
    "event": "triangle",
    "topic": "star",
    "post": "triangleDown",
    "statement": "dot",
    "": "dot",
}
#: Line and arrow of each manner: they differ without any colour, too. Colours are in the style sheets.
LINES: dict[str, tuple[list[int], str]] = {
    "assertive": ([], "arrow"),
    "directive": ([2, 5], "diamond"),
    "commissive": ([14, 4, 3, 4], "box"),
    "critical": ([8, 5], "triangle"),
    "supportive": ([], "circle"),
    "declarative": ([20, 6], "bar"),
    RELATION: ([], "vee"),
}
#: What the legend calls each manner, in the order of the legend.
_LEGEND = {
    "assertive": "claims, findings",
    "critical": "criticism, dismay",
    "supportive": "support, thanks, apology",
    "directive": "demands, questions",
    "commissive": "promises, refusals",
    "declarative": "decisions",
}
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 7, "improvedLayout": False},
    "interaction": {"hover": True, "hideEdgesOnDrag": True, "hideEdgesOnZoom": False, "keyboard": False, "tooltipDelay": 100000},
    "nodes": {"borderWidth": 1, "borderWidthSelected": 3, "chosen": False},
    "edges": {"smooth": False, "chosen": False, "arrowStrikethrough": False},
}
#: How everything looks, for the scripts: the same in every diagram.
LOOK: dict[str, Any] = {
    "manners": [{"name": name, "label": label} for name, label in _LEGEND.items()],
    "lines": {name: {"dashes": dashes, "arrow": arrow} for name, (dashes, arrow) in LINES.items()},
    "kinds": [kind for kind in SHAPES if kind],
    "shapes": SHAPES,
    "least": list(LEAST),
    "readable": READABLE,
    "options": _OPTIONS,
}
#: Characters that turn the text after them about, or that no text may hold.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]")

Address = Callable[[str], str]


def diagram(
    graph: nx.MultiDiGraph[str],
    rows: Iterable[StatementRow],
    *,
    first: Sequence[str] = (),
    positions: dict[str, Position] | None = None,
    href: Address | None = None,
) -> dict[str, Any]:
    """Nodes, edges and statements as plain JSON: the same graph, the same data.

    ``graph`` is a projection of ``kg.network`` or a part of one, ``rows`` are the statements that its edges name. ``first``
    are the nodes that are placed among themselves, all others around them; with ``positions`` none is placed. ``href`` gives
    the address of the page of a thing or statement, or an empty text.
    """
    known = {row.id: row for row in rows}
    order = ranked(graph)
    most = graph.graph.get("most") or max((data["count"] for _, data in graph.nodes(data=True)), default=1)
    sizes = {
        node: 7 + (15 if data["kind"] == "institution" else 18) * sqrt(min(data["count"] / most, 1))
        for node, data in graph.nodes(data=True)
    }
    boxes = {node: _box(clean(graph.nodes[node]["label"]), sizes[node]) for node in order}
    places = positions or place(graph, first or order, boxes)
    named = {iri for *_, data in graph.edges(data=True) for iri in data["statements"] if iri in known}
    ids = sorted(named, key=lambda iri: (known[iri].date or "9999", iri))
    numbers = {iri: number for number, iri in enumerate(ids)}
    return {
        "nodes": [_node(graph, node, sizes[node], places[node], href) for node in order],
        "edges": _edges(graph, numbers),
        "statements": [_statement(known[iri], href) for iri in ids],
    }


def clean(text: str) -> str:
    """The text without what no text may hold."""
    return _UNSEEN.sub("", text)


def _box(label: str, size: float) -> tuple[float, float]:
    """How much room a node and its name take, the name in at most two lines of 13 px."""
    longest = min(max(len(label) / 2 + 3 if len(label) > 18 else len(label), 4), 24)
    return max(longest * 6.8, 2 * size) + 10, 2 * size + (34 if len(label) > 18 else 19) + 8


def _node(graph: nx.MultiDiGraph[str], node: str, size: float, position: Position, href: Address | None) -> dict[str, Any]:
    """A node; ``near`` is how many neighbours it has, here or elsewhere."""
    data, (x, y) = graph.nodes[node], position
    near = data["near"] if "near" in data else len({*graph.successors(node), *graph.predecessors(node)} - {node})
    shown = {"id": node, "name": clean(data["label"]), "kind": data["kind"], "count": data["count"], "near": near}
    look = {"shape": SHAPES.get(data["kind"], "dot"), "size": round(size, 1), "x": x, "y": y}
    return {**shown, **look, **_addressed(node, href)}


def _edges(graph: nx.MultiDiGraph[str], numbers: dict[str, int]) -> list[dict[str, Any]]:
    """The lines, parallel ones bent apart; ``statements`` are places in the list of statements, ``more`` counts those not in it."""
    found = []
    parallel: dict[tuple[str, str], int] = {}
    for one, two, _, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        pair = (min(one, two), max(one, two))
        beside = parallel[pair] = parallel.get(pair, -1) + 1
        side = (1 if beside % 2 else -1) * (1 if one <= two else -1)
        told = {
            "manner": data["manner"],
            "name": clean(data["label"]),
            "count": data["count"],
            "first": data["first"],
            "last": data["last"],
        }
        here = [numbers[iri] for iri in data["statements"] if iri in numbers]
        more = data["count"] - len(here) if data["statements"] or (numbers and data["manner"] != RELATION) else 0
        look = {"bend": round(side * 0.13 * ((beside + 1) // 2), 2), "loop": beside, "times": data.get("times", [])}
        found.append({"from": one, "to": two, **told, **look, "statements": here, "more": more})
    return found


def _statement(row: StatementRow, href: Address | None) -> dict[str, Any]:
    def named(things: Iterable[Thing]) -> list[str]:
        return [clean(thing.label) for thing in things]

    return {
        "id": row.id,
        "date": row.date,
        "dated": row.dated,
        "speaker": row.speaker.id,
        "who": clean(row.speaker.label),
        "acts": list(row.acts),
        "manners": list(row.manners),
        "about": named(row.about),
        "to": named(thing for thing in row.addressees if thing not in row.about),
        "topics": named(row.topics),
        "summary": clean(row.summary),
        "quote": clean(row.quote),
        "report": row.report.id if row.report else "",
        "where": clean(row.report.label) if row.report else "",
        **_addressed(row.id, href),
    }


def _addressed(iri: str, href: Address | None) -> dict[str, str]:
    address = href(iri) if href else ""
    return {"href": address} if address else {}
