"""Where the nodes of a diagram stand: springs draw neighbours together, then boxes are pushed apart so that names can be read.

The same graph always gives the same positions. The nodes that are shown at first are placed among themselves; the others
find their places around them, so that nothing moves when more is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, log, sin, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

Position = tuple[float, float]
#: Width and height of a node with its name, the name wrapped in two lines.
Box = tuple[float, float]

_SEED = 7
_WIDER = 1.7
_ROOM = 1.5
#: The least height of a name in a box.
_NAME = 20


def place(graph: nx.MultiDiGraph[str], first: Sequence[str], boxes: dict[str, Box]) -> dict[str, Position]:
    """The position of each node's middle.

    ``first`` are the nodes that are shown at first; ``boxes`` how much room each node needs.
    """
    core = _springs(graph, list(first))
    core = _apart(_scaled(core, boxes), boxes, frozenset())
    rest = [node for node in sorted(graph) if node not in core]
    if not rest:
        return core
    around = _apart(_around(graph, rest, core), boxes, frozenset(core), rounds=40)
    shapes = {node: (tall - _NAME, tall - _NAME) for node, (_, tall) in boxes.items()}
    return _apart(around, shapes, frozenset(core), rounds=60)


def _springs(graph: nx.MultiDiGraph[str], nodes: list[str]) -> dict[str, Position]:
    """Positions within the unit square around the origin, by the method of Fruchterman and Reingold."""
    if len(nodes) < 2:
        return dict.fromkeys(nodes, (0.0, 0.0))
    chosen, weights = set(nodes), dict[tuple[str, str], float]()
    for one, two, count in graph.edges(data="count", default=1):
        if one in chosen and two in chosen and one != two:
            pair = (min(one, two), max(one, two))
            weights[pair] = weights.get(pair, 0) + count
    links = [(one, two, 1 + log(weight)) for (one, two), weight in sorted(weights.items())]
    try:
        import rustworkx as rx
    except ImportError:
        return _springs_of_networkx(nodes, links)
    springs: rx.PyGraph[str, float] = rx.PyGraph(multigraph=False)
    number = dict(zip(nodes, springs.add_nodes_from(nodes), strict=True))
    springs.add_edges_from([(number[one], number[two], weight) for one, two, weight in links])
    start = {number[node]: _spiral(place) for place, node in enumerate(nodes)}
    k = 2.4 / sqrt(len(nodes))
    found = rx.spring_layout(springs, pos=start, k=k, num_iter=400, weight_fn=float, scale=1, seed=_SEED, repulsive_exponent=2)
    return {node: (float(found[number[node]][0]), float(found[number[node]][1])) for node in nodes}


def _springs_of_networkx(nodes: list[str], links: list[tuple[str, str, float]]) -> dict[str, Position]:
    import networkx as nx

    springs: nx.Graph[str] = nx.Graph()
    springs.add_nodes_from(nodes)
    springs.add_weighted_edges_from(links)
    start = {node: _spiral(place) for place, node in enumerate(nodes)}
    found = nx.spring_layout(springs, pos=start, k=2.4 / sqrt(len(nodes)), iterations=200, seed=_SEED)
    return {node: (float(x), float(y)) for node, (x, y) in found.items()}


def _spiral(place: int) -> Position:
    """A start that puts the first nodes in the middle and no two in the same place."""
    turn, radius = 2.399963 * place, 0.06 * sqrt(place + 0.5)
    return radius * cos(turn), radius * sin(turn)


def _scaled(positions: dict[str, Position], boxes: dict[str, Box]) -> dict[str, Position]:
    """The same picture, wide as a page and as large as its boxes need it; spread evenly by rank as much as by distance."""
    if not positions:
        return {}
    area = sum(boxes[node][0] * boxes[node][1] for node in positions) * _ROOM
    height = sqrt(area / _WIDER)
    evened = [_evened({node: at[axis] for node, at in positions.items()}) for axis in (0, 1)]
    return {node: (evened[0][node] * height * _WIDER, evened[1][node] * height) for node in positions}


def _evened(values: dict[str, float]) -> dict[str, float]:
    """Values between -0.5 and 0.5, half by their size and half by their rank: a crowded middle opens, the order stays."""
    low, high = min(values.values()), max(values.values())
    ranks = {node: rank for rank, node in enumerate(sorted(values, key=lambda node: (values[node], node)))}
    last = max(len(values) - 1, 1)
    return {
        node: (((value - low) / (high - low) if high > low else 0.5) * 0.5 + ranks[node] / last * 0.5) - 0.5 if last else 0.0
        for node, value in values.items()
    }


def _around(graph: nx.MultiDiGraph[str], rest: list[str], core: dict[str, Position]) -> dict[str, Position]:
    """The nodes that are not shown at first, each outward of its neighbours that are."""
    found = dict(core)
    waiting = rest
    middle_x = sum(x for x, _ in core.values()) / len(core)
    middle_y = sum(y for _, y in core.values()) / len(core)
    turn = 0
    while waiting:
        later: list[str] = []
        for node in waiting:
            near = [found[other] for other in sorted({*graph.successors(node), *graph.predecessors(node)}) if other in found]
            if not near and len(waiting) > len(later) and any(True for _ in graph.to_undirected(as_view=True).neighbors(node)):
                later.append(node)
                continue
            x = sum(x for x, _ in near) / len(near) if near else middle_x
            y = sum(y for _, y in near) / len(near) if near else middle_y
            turn += 1
            dx, dy = _spiral(turn % 40 + 1)
            found[node] = (x + (x - middle_x) * 0.6 + dx * 500, y + (y - middle_y) * 0.6 + dy * 500)
        if len(later) == len(waiting):
            for number, node in enumerate(later, turn + 1):
                dx, dy = _spiral(number)
                found[node] = (middle_x + dx * 3000, middle_y + dy * 2000)
            later = []
        waiting = later
    return found


def _apart(positions: dict[str, Position], boxes: dict[str, Box], fixed: frozenset[str], rounds: int = 120) -> dict[str, Position]:
    """The positions moved until no two boxes overlap, or the rounds are over; those that are fixed stay."""
    found = dict(positions)
    widest = max((box[0] for box in boxes.values()), default=0.0)
    for _ in range(rounds):
        moved = False
        order = sorted(found, key=lambda node: (found[node][0], node))
        for place, one in enumerate(order):
            wide, tall = boxes[one]
            for two in order[place + 1 :]:
                dx, dy = found[two][0] - found[one][0], found[two][1] - found[one][1]
                if dx > widest:
                    break
                over_x, over_y = (wide + boxes[two][0]) / 2 - abs(dx), (tall + boxes[two][1]) / 2 - abs(dy)
                if over_x > 0.5 and over_y > 0.5:
                    along_x = over_x < over_y
                    push = (over_x if dx >= 0 else -over_x, 0.0) if along_x else (0.0, over_y if dy >= 0 else -over_y)
                    moved |= _move(found, one, two, push, fixed)
        if not moved:
            break
    return {node: (round(x, 1), round(y, 1)) for node, (x, y) in found.items()}


def _move(found: dict[str, Position], one: str, two: str, push: Position, fixed: frozenset[str]) -> bool:
    if one in fixed and two in fixed:
        return False
    part_one = 0.0 if one in fixed else 1.0 if two in fixed else 0.5
    found[one] = (found[one][0] - push[0] * part_one, found[one][1] - push[1] * part_one)
    found[two] = (found[two][0] + push[0] * (1 - part_one), found[two][1] + push[1] * (1 - part_one))
    return True
