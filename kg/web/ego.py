"""Whom somebody speaks of, and who speaks of them: a small drawing with the actor in the middle, and the same as rows.

Neighbours stand on an ellipse, half of them on each side and in even rows, so that no label touches another. A line is one
manner of speaking in one direction; its width is the number of statements. Colours and dashes are in the stylesheet.
"""

from __future__ import annotations

import json
from collections import defaultdict
from math import hypot, log2, sqrt
from textwrap import shorten, wrap
from typing import Any

from kg.network import MANNERS
from kg.web.site import Site

#: How many neighbours are drawn: those with most statements.
MOST = 12
WIDTH, _ROW, _RADIUS = 720, 60, 205
_CENTRE, _NODE = 17, 9
_NEAR = """WITH near AS (SELECT other, sum(count) AS weight FROM (
    SELECT target AS other, count FROM edge WHERE source = :iri UNION ALL SELECT source, count FROM edge WHERE target = :iri)
  WHERE other <> :iri GROUP BY other),
  first AS (SELECT other, weight, (SELECT count(*) FROM near) AS total FROM near ORDER BY weight DESC, other LIMIT :most)
SELECT first.*, label, kind FROM first LEFT JOIN thing ON iri = other ORDER BY weight DESC, other"""
_LINES = """SELECT target AS other, 'out' AS direction, manner, count, first, last FROM edge
    WHERE source = :iri AND target IN (SELECT value FROM json_each(:near))
  UNION ALL SELECT source, 'in', manner, count, first, last FROM edge
    WHERE target = :iri AND source IN (SELECT value FROM json_each(:near)) ORDER BY direction DESC, count DESC, manner"""
Point = tuple[float, float]
_SHAPES: dict[str, tuple[Point, ...]] = {
    "institution": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "group": ((-1.1, 0), (-0.55, -1), (0.55, -1), (1.1, 0), (0.55, 1), (-0.55, 1)),
    "report": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    "event": ((0, -1.2), (1.2, 1), (-1.2, 1)),
}


def ego(site: Site, iri: str) -> dict[str, Any]:
    """The neighbours of an actor with their lines, how many more there are, and where everything stands in the drawing."""
    rows = site.index.execute(_NEAR, {"iri": iri, "most": MOST})
    lines = defaultdict(list)
    for row in site.index.execute(_LINES, {"iri": iri, "near": json.dumps([row["other"] for row in rows])}):
        lines[row["other"]].append({name: row[name] for name in ("direction", "manner", "count", "first", "last")})
    near = [
        {"id": row["other"], "label": row["label"] or site.label(row["other"]), "kind": row["kind"] or "", "count": row["weight"],
         "lines": [{**line, "does": MANNERS[line["manner"]]} for line in lines[row["other"]]]}
        for row in rows
    ]  # fmt: skip
    return {"neighbours": near, "more": rows[0]["total"] - len(rows) if rows else 0, "drawing": _drawing(site.thing(iri), near)}


def _drawing(centre: dict[str, str], near: list[dict[str, Any]]) -> dict[str, Any]:
    """Coordinates: the height, the node in the middle, the nodes around it with their labels, and the lines."""
    right, left = near[::2], near[1::2]
    height = max(len(right) * _ROW + 30, 200)
    middle = (WIDTH / 2, height / 2)
    nodes, lines = [], []
    for side, column in ((1, right), (-1, left)):
        for row, one in enumerate(column):
            at = _place(middle, side, row, len(column))
            label = wrap(shorten(one["label"], 38, placeholder="…"), 20)[:2]
            nodes.append(
                {
                    **_node(one, at, _NODE),
                    "text": label,
                    "label_x": round(at[0] + side * (_NODE + 8), 1),
                    "anchor": "start" if side > 0 else "end",
                }
            )
            lines += _lines(middle, at, one)
    return {"width": WIDTH, "height": height, "centre": _node(centre, middle, _CENTRE), "nodes": nodes, "lines": lines}


def _place(middle: Point, side: int, row: int, rows: int) -> Point:
    across = (row - (rows - 1) / 2) * _ROW
    reach = max(rows, 3) / 2 * _ROW + 20
    return middle[0] + side * _RADIUS * sqrt(1 - (across / reach) ** 2 * 0.75), middle[1] + across


def _node(thing: dict[str, Any], at: Point, size: float) -> dict[str, Any]:
    corners = _SHAPES.get(thing["kind"], ())
    points = " ".join(f"{at[0] + x * size:.1f},{at[1] + y * size:.1f}" for x, y in corners)
    return {
        "id": thing["id"],
        "label": thing["label"],
        "kind": thing["kind"],
        "x": round(at[0], 1),
        "y": round(at[1], 1),
        "size": size,
        "points": points,
    }


def _lines(middle: Point, at: Point, one: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines between the middle and a neighbour, fanned out so that each can be followed."""
    length = hypot(at[0] - middle[0], at[1] - middle[1])
    along = ((at[0] - middle[0]) / length, (at[1] - middle[1]) / length)
    count = len(one["lines"])
    step = min(22.0, 80 / count)
    drawn = []
    for number, line in enumerate(one["lines"]):
        aside = (number - (count - 1) / 2) * step * 2
        bend = ((middle[0] + at[0]) / 2 - along[1] * aside, (middle[1] + at[1]) / 2 + along[0] * aside)
        start, end = _toward(middle, bend, _CENTRE + 3), _toward(at, bend, _NODE + 5)
        if line["direction"] == "in":
            start, end = _toward(at, bend, _NODE + 3), _toward(middle, bend, _CENTRE + 5)
        path = f"M{start[0]:.1f} {start[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
        drawn.append({"path": path, "manner": line["manner"], "width": round(1.2 + log2(line["count"]) * 0.8, 1)})
    return drawn


def _toward(start: Point, goal: Point, steps: float) -> Point:
    length = hypot(goal[0] - start[0], goal[1] - start[1]) or 1
    return start[0] + (goal[0] - start[0]) / length * steps, start[1] + (goal[1] - start[1]) / length * steps
