"""Projections and measures, on a graph small enough to count by hand."""

from __future__ import annotations

import networkx as nx
import pyoxigraph as ox
import pytest

from kg import network
from kg.errors import QueryError

BASE = "https://example.org/"
CLASSES = """
acc:Claim rdfs:subClassOf acc:Assertive . acc:Assertive rdfs:subClassOf acc:Statement .
acc:Demand rdfs:subClassOf acc:Directive . acc:Directive rdfs:subClassOf acc:Statement .
acc:Commitment rdfs:subClassOf acc:Commissive . acc:Commissive rdfs:subClassOf acc:Statement .
acc:Criticism rdfs:subClassOf acc:Expressive . acc:Support rdfs:subClassOf acc:Expressive . acc:Expressive rdfs:subClassOf acc:Statement .
acc:Decision rdfs:subClassOf acc:Declarative . acc:Declarative rdfs:subClassOf acc:Statement .
acc:Person rdfs:subClassOf acc:Actor . acc:Group rdfs:subClassOf acc:Actor . acc:Institution rdfs:subClassOf acc:Actor .
acc:Letter rdfs:subClassOf acc:Report .
"""
THINGS = """
<ann> a acc:Person, acc:Actor ; rdfs:label "Ann" ; acc:tenure <t1>, <t2> .
<t1> acc:post <chief> ; acc:startDate "2020-05"^^xsd:gYearMonth .
<t2> acc:organization <press> ; acc:endedBy "2019"^^xsd:gYear .
<bob> a acc:Person ; rdfs:label "Bob" ; acc:tenure <t3> .
<t3> acc:post <chief> ; acc:attestedOn "2018-01-02"^^xsd:date ; acc:endDate "2019"^^xsd:gYear .
<police> a acc:Institution ; rdfs:label "Police" ; acc:hasPost <chief> .
<unit> a acc:Institution ; rdfs:label "Unit" ; acc:unitOf <police> .
<press> a acc:Institution ; rdfs:label "Press" .
<people> a acc:Group ; rdfs:label "People" .
<chief> a acc:Post ; rdfs:label "Chief" .
<trust> a acc:Topic ; rdfs:label "trust" .
<raid> a acc:Event ; rdfs:label "Raid" .
<review> a acc:Report ; rdfs:label "Review" ; acc:publisher <police> .
<letter> a acc:Letter ; rdfs:label "Letter" ; acc:author <ann> ; acc:cites <review> ; acc:respondsTo <review> ;
    acc:publishedOn "2021-03-04"^^xsd:date .
"""
STATEMENTS = """
<s1> a acc:Criticism, acc:Statement, acc:Expressive ; acc:speaker <ann> ; acc:about <police> ; acc:addressee <bob> ;
    acc:reportedIn <letter> ; acc:saidOn "2021-03"^^xsd:gYearMonth ; acc:topic <trust> ; acc:respondsTo <review> ;
    acc:summary "Finds fault." ; acc:quote "at fault" .
<s2> a acc:Criticism ; acc:speaker <ann> ; acc:about <police>, <trust> ; acc:reportedIn <letter> ; acc:saidOn "2021-05-01"^^xsd:date .
<s3> a acc:Criticism ; acc:speaker <ann> ; acc:about <police> ; acc:reportedIn <letter> ; acc:repeats <s1> .
<s4> a acc:Demand, acc:Support ; acc:speaker <bob> ; acc:about <ann> ; acc:addressee <people> ; acc:reportedIn <letter> .
<s5> a acc:Claim ; acc:speaker <people> ; acc:addressee <ann> ; acc:about <trust> ; acc:reportedIn <letter> ; acc:saidOn "2020"^^xsd:gYear .
<s6> a acc:Statement ; acc:speaker <press> ; acc:about <raid> ; acc:reportedIn <letter> ; acc:saidOn "2022-01-01"^^xsd:date .
"""


def load(turtle: str) -> ox.Store:
    """A store that holds the text in two named graphs at once, as the derived graph repeats what reports say."""
    names = ("acc", "rdfs", "xsd")
    prologue = "".join(f"@prefix {name}: <{network.PREFIXES[name]}> .\n" for name in names)
    store = ox.Store()
    for graph in ("one", "two"):
        store.load((prologue + turtle).encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE, to_graph=ox.NamedNode(BASE + graph))
    return store


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return load(CLASSES + THINGS + STATEMENTS)


def edges(graph: nx.MultiDiGraph) -> set[tuple[str, str, str]]:
    return {(one.removeprefix(BASE), key, two.removeprefix(BASE)) for one, two, key in graph.edges(keys=True)}


def test_speech_joins_speaker_and_target_by_manner(store: ox.Store) -> None:
    graph = network.project(store)
    assert graph.graph["projection"] == "speech"
    assert edges(graph) == {
        ("ann", "critical", "police"),
        ("bob", "directive", "ann"),
        ("bob", "directive", "people"),
        ("bob", "supportive", "ann"),
        ("people", "assertive", "ann"),
        ("press", "assertive", "raid"),
    }
    line = graph.edges[BASE + "ann", BASE + "police", "critical"]
    assert line["statements"] == [BASE + "s1", BASE + "s2"], "a repeat is not counted, and the order is that of dates"
    assert (line["count"], line["family"], dict(line["acts"])) == (2, "Expressive", {"Criticism": 2})
    assert (line["first"], line["last"], line["reports"]) == ("2021-03", "2021-05-01", [BASE + "letter"])


def test_nodes_have_label_kind_and_count(store: ox.Store) -> None:
    graph = network.project(store)
    assert graph.nodes[BASE + "ann"] == {"id": BASE + "ann", "label": "Ann", "kind": "person", "count": 4}
    assert {data["kind"] for _, data in graph.nodes(data=True)} == {"person", "institution", "group", "event"}


def test_what_is_told_to_somebody_about_a_third_is_not_about_them(store: ox.Store) -> None:
    first, *_ = network.statements(store, [BASE + "s1"])
    assert [thing.label for thing in first.targets("critical")] == ["Police"]
    assert [thing.label for thing in first.targets("directive")] == ["Police", "Bob"]


def test_rows_of_statements(store: ox.Store) -> None:
    rows = network.statements(store)
    assert [row.id.removeprefix(BASE) for row in rows] == ["s5", "s1", "s3", "s4", "s2", "s6"]
    row = rows[1]
    assert (row.date, row.dated, row.speaker.label, row.acts, row.manners) == ("2021-03", "said", "Ann", ("Criticism",), ("critical",))
    assert (row.summary, row.quote, row.report and row.report.label) == ("Finds fault.", "at fault", "Letter")
    assert [thing.label for thing in row.topics] == ["trust"]
    assert (rows[3].date, rows[3].dated, rows[3].acts) == ("2021-03-04", "published", ("Demand", "Support"))
    assert rows[5].acts == ("Statement",)
    assert rows[5].manners == ("assertive",)


def test_rows_of_chosen_statements(store: ox.Store) -> None:
    assert network.statements(store, []) == []
    few = network.statements(store, [BASE + "s2", BASE + "absent"])
    many = network.statements(store, [BASE + "s2", *(f"{BASE}absent-{number}" for number in range(600))])
    assert [row.id for row in few] == [row.id for row in many] == [BASE + "s2"]


def test_every_statement_is_a_node(store: ox.Store) -> None:
    graph = network.project(store, "statements")
    assert sum(data["kind"] == "statement" for _, data in graph.nodes(data=True)) == 6
    assert {
        ("ann", "critical", "s1"),
        ("s1", "about", "police"),
        ("s1", "addressee", "bob"),
        ("s1", "topic", "trust"),
        ("s1", "reported in", "letter"),
        ("s1", "answers", "review"),
        ("s3", "repeats", "s1"),
    } <= edges(graph)
    assert graph.nodes[BASE + "s1"]["label"] == "Finds fault."


def test_reports_cite_and_answer(store: ox.Store) -> None:
    graph = network.project(store, "reports")
    assert edges(graph) == {
        ("police", "published", "review"),
        ("ann", "wrote", "letter"),
        ("letter", "cites", "review"),
        ("letter", "answers", "review"),
    }
    assert graph.edges[BASE + "letter", BASE + "review", "answers"]["statements"] == [BASE + "s1"]
    assert graph.edges[BASE + "letter", BASE + "review", "answers"]["manner"] == network.RELATION


def test_organisation_has_dates(store: ox.Store) -> None:
    graph = network.project(store, "organisation")
    assert edges(graph) == {
        ("ann", "holds", "chief"),
        ("ann", "belongs to", "press"),
        ("bob", "holds", "chief"),
        ("chief", "in", "police"),
        ("unit", "unit of", "police"),
    }
    times = {
        one.removeprefix(BASE) + " " + data["label"]: (data["first"], data["last"], data["times"])
        for one, _, data in graph.edges(data=True)
        if "times" in data
    }
    assert times == {
        "ann holds": ("2020-05", "", [("from", "2020-05")]),
        "ann belongs to": ("", "2019", [("over by", "2019")]),
        "bob holds": ("2018-01-02", "2019", [("to", "2019"), ("shown on", "2018-01-02")]),
    }


def test_two_tenures_of_one_post_are_one_line() -> None:
    tenures = '<ann> acc:tenure <t4> . <t4> acc:post <chief> ; acc:startDate "2010"^^xsd:gYear ; acc:endDate "2012"^^xsd:gYear .'
    graph = network.project(load(CLASSES + THINGS + tenures), "organisation")
    line = graph.edges[BASE + "ann", BASE + "chief", "holds"]
    assert (line["first"], line["last"]) == ("2010", "")
    assert sorted(line["times"]) == [("from", "2010"), ("from", "2020-05"), ("to", "2012")]


def test_an_unknown_projection_is_an_error(store: ox.Store) -> None:
    with pytest.raises(QueryError, match="no projection is called `friends`"):
        network.project(store, "friends")


@pytest.mark.parametrize("projection", network.PROJECTIONS)
def test_the_same_store_gives_the_same_graph(store: ox.Store, projection: str) -> None:
    again = load(CLASSES + STATEMENTS + THINGS)
    one, two = network.project(store, projection), network.project(again, projection)
    assert list(one.nodes(data=True)) == list(two.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(two.edges(keys=True, data=True))


@pytest.mark.parametrize("projection", network.PROJECTIONS)
def test_an_empty_store_gives_an_empty_graph(projection: str) -> None:
    graph = network.project(ox.Store(), projection)
    assert len(graph) == 0
    assert set(network.measures(graph)) == {"degree", "in-strength", "out-strength", "betweenness", "pagerank", "community"}


def test_measures(store: ox.Store) -> None:
    found = network.measures(network.project(store))
    ann, police = BASE + "ann", BASE + "police"
    assert (found["degree"][ann], found["in-strength"][ann], found["out-strength"][ann]) == (3, 3, 2)
    assert sum(found["pagerank"].values()) == pytest.approx(1)
    assert found["pagerank"][police] > found["pagerank"][ann]
    assert max(found["betweenness"], key=found["betweenness"].__getitem__) == ann
    assert found["community"][BASE + "press"] == found["community"][BASE + "raid"] != found["community"][ann]
    assert found == network.measures(network.project(store))


def test_ego_goes_as_far_as_asked(store: ox.Store) -> None:
    graph = network.project(store)
    near = network.ego(graph, BASE + "police")
    assert set(near) == {BASE + "police", BASE + "ann"}
    assert len(network.ego(graph, BASE + "police", 0)) == 1
    assert len(network.ego(graph, BASE + "police", 2)) == 4
    near.remove_node(BASE + "ann")
    assert BASE + "ann" in graph, "it is a copy"
    with pytest.raises(QueryError, match="not in this projection"):
        network.ego(graph, BASE + "nobody")


def test_limit_keeps_the_most_connected_and_says_how_many_are_hidden(store: ox.Store) -> None:
    graph = network.project(store)
    kept, hidden = network.limit(graph, 2)
    assert (sorted(kept), hidden) == ([BASE + "ann", BASE + "bob"], 4)
    assert list(kept) == [node for node in graph if node in kept]
    assert network.limit(graph, 100)[1] == 0
    assert len(network.limit(graph, 0)[0]) == 0
