"""Parts of the speech network, read from the index: who stands around somebody, who speaks most, the ways between two.

Each part is a graph like ``kg.network.project`` gives it, but only as large as a diagram can show, whatever the size of the
case. Its nodes know how many neighbours they have in the whole (``near``), its edges how many statements they stand for
(``count``) and which of them are at hand (``statements``): never more than ``MOST_STATEMENTS`` in all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from kg.errors import QueryError
from kg.index import Index, from_json
from kg.network import MANNERS, StatementRow

if TYPE_CHECKING:
    import networkx as nx

#: A part has no more nodes and statements than these.
MOST_NODES, MOST_STATEMENTS = 150, 400
#: An overview with more lines than ``READABLE`` is a ball of wool: it shows only lines that stand for several statements.
READABLE, LEAST = 130, (1, 2, 3, 5, 10, 20)
#: Two who are further apart than this have nothing to do with each other, and more ways than these nobody reads.
FARTHEST, MOST_WAYS = 8, 6

_ENDS = "SELECT source AS iri, count FROM edge UNION ALL SELECT target, count FROM edge"
_STRONGEST = f"SELECT iri, sum(count) AS weight FROM ({_ENDS}) GROUP BY iri ORDER BY weight DESC, iri LIMIT :limit"  # noqa: S608
_TOTAL = f"SELECT count(DISTINCT iri) AS total FROM ({_ENDS})"  # noqa: S608
_ANY = "IN (SELECT value FROM json_each(:nodes))"
#: Every line at some nodes, seen from them: the one, the other, the number of statements.
_AT = f"""SELECT one, other, sum(count) AS weight FROM (
  SELECT source AS one, target AS other, count FROM edge WHERE source {_ANY}
  UNION ALL SELECT target, source, count FROM edge WHERE target {_ANY}) WHERE one <> other GROUP BY one, other"""  # noqa: S608
_NEAR = f"SELECT one AS iri, count(*) AS near FROM ({_AT}) GROUP BY one"  # noqa: S608
_AROUND = f"SELECT other AS iri, sum(weight) AS weight FROM ({_AT}) GROUP BY other ORDER BY weight DESC, other LIMIT :limit"  # noqa: S608
_LINES = f"SELECT * FROM edge WHERE source {_ANY} AND target {_ANY} ORDER BY count DESC, source, target, manner"  # noqa: S608
_THINGS = f"SELECT iri, label, kind, said, about FROM thing WHERE iri {_ANY}"  # noqa: S608
_MOST = "SELECT max(said + about) AS most FROM thing WHERE kind <> 'topic'"
#: The statements of one line, the latest first.
_SPOKEN = "SELECT n, row FROM spoken JOIN statement ON n = statement WHERE edge = ? ORDER BY n DESC LIMIT ?"

_COUNTED: WeakKeyDictionary[Index, tuple[int, int]] = WeakKeyDictionary()


class Line(NamedTuple):
    """One edge: its number, who speaks of or to whom in which manner, in how many statements, from when to when."""

    n: int
    source: str
    target: str
    manner: str
    weight: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the network: its ``graph``, the ``statements`` at hand by date, and how many nodes the whole has (``total``)."""

    graph: nx.MultiDiGraph[str]
    statements: list[StatementRow]
    total: int


@dataclass(frozen=True, slots=True)
class Ways(Part):
    """The shortest ways between two: ``steps`` are their nodes by the distance from the first, ``more`` counts the ways left out."""

    steps: list[list[str]] = field(default_factory=list)
    more: int = 0


def strongest(index: Index, limit: int = 60) -> Part:
    """Those who have most statements on the lines between them and others; where there are many lines, the strong ones alone."""
    nodes = [row["iri"] for row in index.execute(_STRONGEST, {"limit": min(limit, MOST_NODES)})]
    lines = _lines(index, nodes)
    for least in LEAST:
        kept = [line for line in lines if line.weight >= least]
        if len(kept) <= READABLE:
            break
    touched = {end for line in kept for end in (line.source, line.target)}
    return _part(index, [node for node in nodes if node in touched], kept)


def around(index: Index, node: str, depth: int = 1, limit: int = 60) -> Part:
    """The node and its neighbours as far as ``depth`` steps, at most ``limit`` of them, the strongest first; the lines between
    those of different distance, and of the inner ones among themselves.

    Raises ``QueryError`` where the node is not in the network.
    """
    limit = min(limit, MOST_NODES)
    distance = {node: 0}
    for step in range(1, depth + 1):
        inner = json.dumps([iri for iri, far in distance.items() if far == step - 1])
        near = index.execute(_AROUND, {"nodes": inner, "limit": limit + len(distance)})
        fresh = [row["iri"] for row in near if row["iri"] not in distance]
        distance |= dict.fromkeys(fresh[: max(limit - len(distance), 0)], step)
    lines = [line for line in _lines(index, list(distance)) if min(distance[line.source], distance[line.target]) < depth]
    if not lines and not index.execute(_NEAR, {"nodes": json.dumps([node])}):
        raise QueryError(f"`{node}` says nothing here, and nobody speaks of it", "choose another name")
    return _part(index, list(distance), lines)


def between(index: Index, one: str, two: str) -> Ways:
    """The shortest ways from the one to the other along the lines, whoever speaks: the ``MOST_WAYS`` of them that have most statements.

    Raises ``QueryError`` where there is none.
    """
    if one == two:
        raise QueryError("the two names mean the same", "choose another name")
    before = _search(index, one, two)
    if two not in before:
        raise QueryError("no line of speech leads from the one to the other", "choose other names")
    found = list(islice(_ways(before, one, two), 1000))
    found.sort(key=lambda way: (-min(before[b][a] for a, b in pairwise(way)), -sum(before[b][a] for a, b in pairwise(way)), way))
    kept = found[:MOST_WAYS]
    pairs = {frozenset(pair) for way in kept for pair in pairwise(way)}
    steps = [list(dict.fromkeys(nodes)) for nodes in zip(*kept, strict=True)]
    nodes = [node for step in steps for node in step]
    part = _part(index, nodes, [line for line in _lines(index, nodes) if frozenset((line.source, line.target)) in pairs])
    return Ways(part.graph, part.statements, part.total, steps, _number(before, one, two) - len(kept))


def _search(index: Index, one: str, two: str) -> dict[str, dict[str, int]]:
    """Each node on the way, with those before it and how many statements lie between."""
    before: dict[str, dict[str, int]] = {}
    reached, edge = {one}, {one}
    for _ in range(FARTHEST):
        found: dict[str, dict[str, int]] = {}
        for row in index.execute(_AT, {"nodes": json.dumps(sorted(edge))}):
            if row["other"] not in reached:
                found.setdefault(row["other"], {})[row["one"]] = row["weight"]
        before |= found
        reached |= found.keys()
        edge = set(found)
        if two in found or not found:
            break
    return before


def _ways(before: dict[str, dict[str, int]], one: str, two: str) -> Iterator[tuple[str, ...]]:
    """The ways, those with most statements at their end first."""
    if two == one:
        yield (one,)
        return
    for near in sorted(before[two], key=lambda iri: (-before[two][iri], iri)):
        for way in _ways(before, one, near):
            yield (*way, two)


def _number(before: dict[str, dict[str, int]], one: str, two: str) -> int:
    """How many ways there are."""
    known = {one: 1}

    def number(node: str) -> int:
        if node not in known:
            known[node] = sum(number(near) for near in before[node])
        return known[node]

    return number(two)


def _lines(index: Index, nodes: Sequence[str]) -> list[Line]:
    """The lines among the nodes, the strongest first."""
    return [Line(*row) for row in index.execute(_LINES, {"nodes": json.dumps(nodes)})]


def _part(index: Index, nodes: Sequence[str], lines: Sequence[Line]) -> Part:
    """The part of the network with these nodes and lines."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(projection="speech", most=_whole(index)[1])
    asked = {"nodes": json.dumps(nodes)}
    near = {row["iri"]: row["near"] for row in index.execute(_NEAR, asked)}
    things = {row["iri"]: row for row in index.execute(_THINGS, asked)}
    for node in nodes:
        label, kind, said, about = tuple(things[node])[1:] if node in things else (node.rpartition("/")[2], "", 0, 0)
        count = said + about or near.get(node, 0)
        graph.add_node(node, id=node, label=label, kind=kind, count=count, near=near.get(node, 0), said=said, about=about)
    rows = _spoken(index, lines)
    stands: dict[tuple[str, str, str], list[str]] = {line[1:4]: [] for line in lines}
    for n in sorted(rows):
        for key in _ends(rows[n]) & stands.keys():
            stands[key].append(rows[n].id)
    for line in lines:
        facts = {"manner": line.manner, "label": MANNERS[line.manner], "count": line.weight, "first": line.first, "last": line.last}
        graph.add_edge(line.source, line.target, line.manner, **facts, statements=stands[line[1:4]])
    used = {iri for iris in stands.values() for iri in iris}
    return Part(graph, [rows[n] for n in sorted(rows) if rows[n].id in used], _whole(index)[0])


def _whole(index: Index) -> tuple[int, int]:
    """How many nodes the whole network has, and how many statements the one who has most; counted once for each index."""
    if index not in _COUNTED:
        _COUNTED[index] = (index.execute(_TOTAL)[0]["total"], index.execute(_MOST)[0]["most"] or 1)
    return _COUNTED[index]


def _ends(row: StatementRow) -> set[tuple[str, str, str]]:
    """The lines that stand for a statement: speaker, target, manner."""
    return {(row.speaker.id, target.id, manner) for manner in row.manners for target in row.targets(manner)}


def _spoken(index: Index, lines: Sequence[Line]) -> dict[int, StatementRow]:
    """The statements of the lines by their numbers, the latest of each: all where they are few, else of each line its share."""
    rows: dict[int, StatementRow] = {}
    known: Counter[tuple[str, str, str]] = Counter()
    order = sorted(lines[:MOST_STATEMENTS], key=lambda line: line.weight)
    for place, line in enumerate(order):
        here = known[line[1:4]]
        share = min(line.weight - here, (MOST_STATEMENTS - len(rows)) // (len(order) - place))
        if share <= 0:
            continue
        for n, text in index.execute(_SPOKEN, (line.n, here + share)):
            if n not in rows and share:
                rows[n] = from_json(text)
                known.update(_ends(rows[n]))
                share -= 1
    return rows
