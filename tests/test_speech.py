"""Parts of the speech network out of the index: the same as the projection of the store, but never larger than can be shown."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pyoxigraph as ox
import pytest

from kg import network, speech
from kg.errors import QueryError
from kg.graph import Graph
from kg.index import Index, memory_index
from tests.test_network import BASE, CLASSES, STATEMENTS, THINGS, load

ROWLEY, CASEY, POLANSKI, POLICE = "person/mark-rowley", "person/louise-casey", "person/zack-polanski", "institution/metropolitan-police"


@pytest.fixture(scope="module")
def small() -> Index:
    return memory_index(load(CLASSES + THINGS + STATEMENTS))


@pytest.fixture(scope="module")
def hub() -> Index:
    """One who speaks of 300 others, of one of them in 900 statements, and addresses a third in a hundred that are not about them."""
    lines = ['<hub> a acc:Person ; rdfs:label "Hub" . <far> a acc:Person ; rdfs:label "Far" .']
    lines += [f'<p{n}> a acc:Person ; rdfs:label "P{n}" . <s/{n}> a acc:Claim ; acc:speaker <hub> ; acc:about <p{n}> .' for n in range(300)]
    lines += [f'<t/{n}> a acc:Claim ; acc:speaker <hub> ; acc:about <p7> ; acc:saidOn "{2000 + n % 20}"^^xsd:gYear .' for n in range(900)]
    lines += [f"<u/{n}> a acc:Claim ; acc:speaker <hub> ; acc:about <p7> ; acc:addressee <p8> ." for n in range(100)]
    lines.append("<v> a acc:Claim ; acc:speaker <far> ; acc:about <p9> .")
    return memory_index(load(CLASSES + "\n".join(lines)))


def counted(graph: nx.MultiDiGraph[str]) -> dict[tuple[str, str, str], tuple[int, str, str]]:
    edges = graph.edges(keys=True, data=True)
    return {(one, two, key): (data["count"], data["first"], data["last"]) for one, two, key, data in edges}


def spoken(graph: nx.MultiDiGraph[str]) -> dict[tuple[str, str, str], set[str]]:
    return {(one, two, key): set(data["statements"]) for one, two, key, data in graph.edges(keys=True, data=True)}


def iris(met: Graph, *names: str) -> list[str]:
    return [met.manifest.base + name for name in names]


def test_a_part_agrees_with_the_projection(met: Graph) -> None:
    whole = network.project(met.store)
    (rowley,) = iris(met, ROWLEY)
    found = speech.around(met.index, rowley)
    assert found.total == len(whole)
    assert set(found.graph) == set(network.ego(whole, rowley))
    wanted = whole.edge_subgraph([edge for edge in whole.edges(keys=True) if rowley in edge[:2]])
    assert counted(found.graph) == counted(wanted)
    assert spoken(found.graph) == spoken(wanted)
    assert {row.id for row in found.statements} == set().union(*spoken(wanted).values())
    assert [row.id for row in found.statements] == [
        row.id for row in network.statements(met.store) if row.id in {one.id for one in found.statements}
    ]
    assert all(
        data["near"] == len({*whole.successors(node), *whole.predecessors(node)} - {node}) for node, data in found.graph.nodes(data=True)
    )


def test_no_part_is_too_large(met: Graph, hub: Index) -> None:
    (rowley,) = iris(met, ROWLEY)
    for found in (
        speech.around(hub, BASE + "hub", 3, 5000),
        speech.around(met.index, rowley, 5, 5000),
        speech.strongest(met.index, 5000),
        speech.strongest(hub, 5000),
    ):
        assert len(found.graph) <= speech.MOST_NODES
        assert len(found.statements) <= speech.MOST_STATEMENTS
        assert found.graph.number_of_edges() <= 1.5 * speech.MOST_STATEMENTS


def test_what_is_left_out_can_be_told(hub: Index) -> None:
    found = speech.around(hub, BASE + "hub", 1, 60)
    assert len(found.graph) == 60
    assert found.graph.nodes[BASE + "hub"]["near"] == 300
    strong = found.graph.edges[BASE + "hub", BASE + "p7", "assertive"]
    assert strong["count"] == 1001
    assert 300 < len(strong["statements"]) < 400, "the others have one each, and all of them are here"
    assert BASE + "p8" not in found.graph or found.graph.edges[BASE + "hub", BASE + "p8", "assertive"]["count"] == 1


def test_statements_that_only_name_both_ends_are_not_of_the_line(hub: Index) -> None:
    found = speech.between(hub, BASE + "hub", BASE + "p8")
    assert spoken(found.graph) == {(BASE + "hub", BASE + "p8", "assertive"): {BASE + "s/8"}}


def test_the_strongest_neighbours_come_first(met: Graph) -> None:
    whole = network.project(met.store)
    (rowley,) = iris(met, ROWLEY)
    weight = dict.fromkeys(whole, 0)
    for one, two, data in whole.edges(data=True):
        if rowley in (one, two) and one != two:
            weight[two if one == rowley else one] += data["count"]
    wanted = sorted(filter(weight.get, weight), key=lambda node: (-weight[node], node))[:9]
    assert list(speech.around(met.index, rowley, 1, 10).graph) == [rowley, *wanted]


def test_the_overview_shows_strong_lines_where_there_are_many(met: Graph, small: Index) -> None:
    found = speech.strongest(met.index)
    assert found.graph.number_of_edges() <= speech.READABLE
    assert min(count for *_, count in found.graph.edges(data="count")) > 1
    assert not list(nx.isolates(found.graph))
    assert counted(speech.strongest(small).graph) == counted(network.project(load(CLASSES + THINGS + STATEMENTS)))
    assert len(speech.strongest(memory_index(ox.Store())).graph) == 0


def test_the_way_between_two_is_a_shortest_one(met: Graph) -> None:
    one, two = iris(met, POLANSKI, CASEY)
    flat = nx.Graph(network.project(met.store))
    found = speech.between(met.index, one, two)
    shortest = [list(way) for way in nx.all_shortest_paths(flat, one, two)]
    assert [found.steps[0], found.steps[-1]] == [[one], [two]]
    assert len(found.steps) == len(shortest[0])
    assert len(shortest) == found.more + min(len(shortest), speech.MOST_WAYS)
    steps = {frozenset(pair) for way in shortest for pair in pairwise(way)}
    assert {frozenset(edge[:2]) for edge in found.graph.edges} <= steps
    assert all(data["statements"] for *_, data in found.graph.edges(data=True))


def test_ways_are_as_many_as_networkx_finds(met: Graph) -> None:
    whole = nx.Graph(network.project(met.store))
    order = sorted(whole)
    for one, two in zip(order[::9], order[5::9], strict=False):
        if one == two:
            continue
        try:
            shortest = list(nx.all_shortest_paths(whole, one, two))
        except nx.NetworkXNoPath:
            with pytest.raises(QueryError, match="no line of speech"):
                speech.between(met.index, one, two)
            continue
        found = speech.between(met.index, one, two)
        assert len(found.steps) == len(shortest[0])
        assert found.more == max(0, len(shortest) - speech.MOST_WAYS)


def test_who_is_not_in_the_network(small: Index) -> None:
    with pytest.raises(QueryError, match="says nothing here"):
        speech.around(small, BASE + "chief")
    with pytest.raises(QueryError, match="no line of speech"):
        speech.between(small, BASE + "ann", BASE + "chief")
    with pytest.raises(QueryError, match="the same"):
        speech.between(small, BASE + "ann", BASE + "ann")
