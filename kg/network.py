"""Projections of the graph to networkx, and measures of them.

    speech        who speaks about whom: speaker → target, one edge per manner of speaking
    statements    every statement a node, with what it is about, where it is reported and what it answers
    reports       what cites and answers what, and who wrote and published it
    organisation  who holds which post in which institution, and which institution is part of which

Node keys are IRIs. Every node has ``label``, ``kind`` and ``count`` (of statements, or of edges where there are none); every
edge has ``label``, ``manner``, ``count`` and ``statements`` (their IRIs, by date).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from kg.errors import QueryError
from kg.vocabulary import ACC, PREFIXES, RDF

if TYPE_CHECKING:
    import networkx as nx

#: The classes that nodes are drawn for, and what they are called here.
KINDS = {
    "Person": "person",
    "Institution": "institution",
    "Group": "group",
    "Report": "report",
    "Event": "event",
    "Topic": "topic",
    "Post": "post",
    "Statement": "statement",
}
#: How one speaks of somebody: the five families of acts, the expressive one parted by its stance.
MANNERS = {
    "assertive": "states",
    "directive": "asks",
    "commissive": "commits",
    "critical": "criticises",
    "supportive": "supports",
    "declarative": "decides",
}
#: The manner of an edge that is no act of speech: who published, who holds a post.
RELATION = "relation"

_MANNER_OF = {
    "Criticism": "critical",
    "Dismay": "critical",
    "Support": "supportive",
    "Apology": "supportive",
    "Directive": "directive",
    "Commissive": "commissive",
    "Declarative": "declarative",
}
_FAMILIES = ("Assertive", "Directive", "Commissive", "Expressive", "Declarative")
_TARGETS = {"person", "institution", "group", "report", "event"}
#: What a statement says of other statements, and how a diagram puts it.
_ANSWERS = {
    "respondsTo": "answers",
    "accepts": "accepts",
    "disputes": "disputes",
    "contradicts": "contradicts",
    "bearsOn": "bears on",
    "originatesFrom": "rests on",
    "conveyedBy": "told in",
    "repeats": "repeats",
}

_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("acc", "rdfs"))
_CLASSES = "SELECT DISTINCT ?class ?above { ?class rdfs:subClassOf+ ?above }"
_THINGS = f"SELECT DISTINCT ?thing ?class ?label {{ ?thing a ?class ; rdfs:label ?label FILTER STRSTARTS(STR(?class), '{ACC}') }}"
_STATEMENTS = f"""
SELECT DISTINCT ?statement ?property ?value ?published {{
  # only these
  ?statement acc:speaker ?speaker ; ?property ?value
  FILTER (?property IN (<{RDF}type>, acc:speaker, acc:about, acc:addressee, acc:topic, acc:reportedIn, acc:saidOn, acc:summary, acc:quote,
    {", ".join("acc:" + name for name in _ANSWERS)}))
  OPTIONAL {{ ?value acc:publishedOn ?published }}
}}"""
_LINKS = """
SELECT DISTINCT ?report ?property ?other {
  VALUES ?property { acc:cites acc:respondsTo acc:publisher acc:author }
  ?report ?property ?other
}"""
_POSTS = """
SELECT DISTINCT ?holder ?tenure ?post ?organization ?property ?date {
  ?holder acc:tenure ?tenure
  OPTIONAL { ?tenure acc:post ?post }
  OPTIONAL { ?tenure acc:organization ?organization }
  OPTIONAL { VALUES ?property { acc:startDate acc:endDate acc:endedBy acc:attestedOn } ?tenure ?property ?date }
}"""
_BODIES = "SELECT DISTINCT ?part ?property ?whole { VALUES ?property { acc:unitOf acc:hasPost } ?part ?property ?whole }"

Things = dict[str, "Thing"]


class Thing(NamedTuple):
    """Something with a name: its IRI ``id``, its ``label``, its ``kind`` (a value of ``KINDS``, or empty)."""

    id: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement as a table shows it.

    ``date`` is as precise as the record; ``dated`` says whether it is the day it was ``said`` or that its report was
    ``published``. ``manners`` stands beside ``acts``, one for each. ``answers`` holds pairs of a relation and an IRI.
    """

    id: str
    date: str
    dated: str
    speaker: Thing
    acts: tuple[str, ...]
    families: tuple[str, ...]
    manners: tuple[str, ...]
    about: tuple[Thing, ...]
    addressees: tuple[Thing, ...]
    topics: tuple[Thing, ...]
    summary: str
    quote: str
    report: Thing | None
    answers: tuple[tuple[str, str], ...]

    @property
    def repeats(self) -> bool:
        """Whether it is another statement told again, and so not counted."""
        return any(relation == "repeats" for relation, _ in self.answers)

    def targets(self, manner: str = "") -> tuple[Thing, ...]:
        """Whom or what the statement is directed at, taken in one manner of speaking.

        That is what it is about. What one asks or promises is also directed at the addressee; what one merely tells somebody
        about a third is not: a criticism of the police in a letter to a minister does not criticise the minister. A
        statement about nothing that can be a target is directed at its addressee.
        """
        about = tuple(thing for thing in self.about if thing.kind in _TARGETS)
        addressees = tuple(thing for thing in self.addressees if thing.kind in _TARGETS)
        if manner in ("directive", "commissive"):
            return tuple(dict.fromkeys([*about, *addressees]))
        return about or addressees


def project(store: ox.Store, projection: str = "speech") -> nx.MultiDiGraph[str]:
    """The store as a graph of networkx, in one of the projections that this module's text names; the same store, the same graph.

    Raises ``QueryError`` where there is no such projection.
    """
    if projection not in PROJECTIONS:
        raise QueryError(f"no projection is called `{projection}`", "choose one of " + ", ".join(PROJECTIONS))
    graph = PROJECTIONS[projection](store)
    graph.graph["projection"] = projection
    return graph


def statements(store: ox.Store, ids: Collection[str] | None = None) -> list[StatementRow]:
    """The statements with these IRIs, or all, by date and IRI."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    published: dict[str, str] = {}
    few = ids is not None and len(ids) <= 500
    wanted = f"VALUES ?statement {{ {' '.join(str(ox.NamedNode(iri)) for iri in ids or ())} }}" if few else ""
    for statement, predicate, value, day in _select(store, _STATEMENTS.replace("# only these", wanted)):
        facts[statement][predicate.rpartition("#")[2]].append(value)
        if day:
            published[value] = min(day, published.get(value, day))
    above, things = classes(store), things_of(store)
    chosen = facts if ids is None else facts.keys() & set(ids)
    rows = [_row(iri, facts[iri], above, things, published) for iri in chosen]
    return sorted(rows, key=lambda row: (row.date or "9999", row.id))


def _row(iri: str, facts: dict[str, list[str]], above: dict[str, set[str]], things: Things, published: dict[str, str]) -> StatementRow:
    def named(name: str) -> tuple[Thing, ...]:
        return tuple(_thing(things, value) for value in sorted(set(facts.get(name, []))))

    acts = _acts(facts["type"], above)
    reports = sorted(named("reportedIn"), key=lambda thing: (thing.kind != "report", thing.id))
    said = min(facts.get("saidOn", []), default="")
    days = [published[report.id] for report in reports if report.id in published]
    return StatementRow(
        id=iri,
        date=said or min(days, default=""),
        dated="said" if said else "published" if days else "",
        speaker=named("speaker")[0],
        acts=acts,
        families=tuple(_family(act, above) for act in acts),
        manners=tuple(_manner(act, above) for act in acts),
        about=named("about"),
        addressees=named("addressee"),
        topics=named("topic"),
        summary=min(facts.get("summary", []), default=""),
        quote=min(facts.get("quote", []), default=""),
        report=reports[0] if reports else None,
        answers=tuple((name, other) for name in _ANSWERS for other in sorted(set(facts.get(name, [])))),
    )


def _select(store: ox.Store, query: str) -> Iterator[list[str]]:
    """The rows of a query as text, with an empty one where a cell is empty."""
    for row in store.query(_PROLOGUE + query, use_default_graph_as_union=True):  # type: ignore[union-attr]
        yield ["" if term is None else str(getattr(term, "value", term)) for term in row]


def classes(store: ox.Store) -> dict[str, set[str]]:
    """The names of the classes above each class of our namespace."""
    above: dict[str, set[str]] = defaultdict(set)
    for cls, over in _select(store, _CLASSES):
        if cls.startswith(ACC) and over.startswith(ACC):
            above[cls.removeprefix(ACC)].add(over.removeprefix(ACC))
    return above


def things_of(store: ox.Store) -> Things:
    """Everything with a class of ours and a label, by its IRI."""
    above, found = classes(store), {}
    for iri, cls, label in sorted(_select(store, _THINGS)):
        name = cls.removeprefix(ACC)
        kind = next((KINDS[over] for over in (name, *sorted(above.get(name, ()))) if over in KINDS), "")
        if kind or iri not in found:
            found[iri] = Thing(iri, label, kind)
    return found


def _thing(things: Things, iri: str) -> Thing:
    return things.get(iri) or Thing(iri, iri.rstrip("/").replace("#", "/").rpartition("/")[2] or iri, "")


def _acts(types: Iterable[str], above: dict[str, set[str]]) -> tuple[str, ...]:
    """The acts among a statement's classes, without those that stand above another of them."""
    names = {iri.removeprefix(ACC) for iri in types if iri.startswith(ACC)}
    acts = {name for name in names if "Statement" in above.get(name, ())}
    return tuple(sorted(acts - {over for act in acts for over in above.get(act, ())})) or ("Statement",)


def _family(act: str, above: dict[str, set[str]]) -> str:
    return next((name for name in _FAMILIES if name == act or name in above.get(act, ())), "")


def _manner(act: str, above: dict[str, set[str]]) -> str:
    """The manner of an act; ``assertive`` where nothing says more than that something was said."""
    return next((_MANNER_OF[name] for name in _MANNER_OF if name == act or name in above.get(act, ())), "assertive")


def spoken(rows: Iterable[StatementRow]) -> dict[tuple[Thing, Thing, str], list[StatementRow]]:
    """The statements of each edge speaker → target in one manner, without those told again, in the order of ``rows``."""
    edges: dict[tuple[Thing, Thing, str], list[StatementRow]] = defaultdict(list)
    for row in rows:
        if not row.repeats:
            for manner in dict.fromkeys(row.manners):
                for target in row.targets(manner):
                    edges[row.speaker, target, manner].append(row)
    return dict(sorted(edges.items()))


def _speech(store: ox.Store) -> nx.MultiDiGraph[str]:
    graph = _graph()
    for (speaker, target, manner), rows in spoken(statements(store)).items():
        _node(graph, speaker)
        _node(graph, target)
        acts = Counter(act for row in rows for act, of in zip(row.acts, row.manners, strict=True) if of == manner)
        families = [family for row in rows for family, of in zip(row.families, row.manners, strict=True) if of == manner]
        _edge(graph, speaker.id, target.id, manner, MANNERS[manner], rows, family=min(families), acts=acts)
    return _counted(graph)


def _every_statement(store: ox.Store) -> nx.MultiDiGraph[str]:
    graph, things = _graph(), things_of(store)
    rows = statements(store)
    known = {row.id: row for row in rows}
    for row in rows:
        _node(graph, Thing(row.id, row.summary or row.quote or _thing({}, row.id).label, "statement"))
        graph.nodes[row.id].update(date=row.date, acts=list(row.acts), quote=row.quote, manner=row.manners[0])
    for row in rows:
        roles = [
            ("about", row.about),
            ("addressee", row.addressees),
            ("topic", row.topics),
            ("reported in", (row.report,) if row.report else ()),
        ]
        _node(graph, row.speaker)
        for manner in dict.fromkeys(row.manners):
            _edge(graph, row.speaker.id, row.id, manner, MANNERS[manner], [row])
        for label, targets in roles:
            for target in targets:
                _node(graph, target)
                _edge(graph, row.id, target.id, RELATION, label, [row])
        for relation, other in row.answers:
            if other not in known:
                _node(graph, _thing(things, other))
            _edge(graph, row.id, other, RELATION, _ANSWERS[relation], [row])
    return _counted(graph)


def _reports(store: ox.Store) -> nx.MultiDiGraph[str]:
    graph, things = _graph(), things_of(store)
    labels = {"cites": "cites", "respondsTo": "answers", "publisher": "published", "author": "wrote"}
    for report, predicate, other in sorted(_select(store, _LINKS)):
        one, two = _thing(things, report), _thing(things, other)
        if one.kind != "report" or not two.kind:
            continue
        if predicate in (ACC + "publisher", ACC + "author"):
            one, two = two, one
        _node(graph, one)
        _node(graph, two)
        _edge(graph, one.id, two.id, RELATION, labels[predicate.removeprefix(ACC)], [])
    answers: dict[tuple[Thing, Thing], list[StatementRow]] = defaultdict(list)
    for row in statements(store):
        for relation, other in row.answers:
            target = _thing(things, other)
            if relation == "respondsTo" and not row.repeats and row.report and target.kind == "report" and target != row.report:
                answers[row.report, target].append(row)
    for (one, two), rows in sorted(answers.items()):
        _node(graph, one)
        _node(graph, two)
        _edge(graph, one.id, two.id, RELATION, "answers", rows)
    return _counted(graph)


def _organisation(store: ox.Store) -> nx.MultiDiGraph[str]:
    graph, things = _graph(), things_of(store)
    for part, predicate, whole in sorted(_select(store, _BODIES)):
        one, two, label = (whole, part, "in") if predicate == ACC + "hasPost" else (part, whole, "unit of")
        _node(graph, _thing(things, one))
        _node(graph, _thing(things, two))
        _edge(graph, one, two, RELATION, label, [])
    tenures: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for holder, tenure, post, body, predicate, date in _select(store, _POSTS):
        if place := post or body:
            tenures[holder, place, tenure][predicate.removeprefix(ACC)] |= {date} - {""}
    for (holder, place, _), dates in sorted(tenures.items()):
        _node(graph, _thing(things, holder))
        _node(graph, _thing(things, place))
        label = "holds" if graph.nodes[place]["kind"] == "post" else "belongs to"
        before = dict(graph.edges[holder, place, label]) if graph.has_edge(holder, place, label) else {}
        _edge(graph, holder, place, RELATION, label, [], **_time(dates, before))
    return _counted(graph)


def _time(dates: dict[str, set[str]], before: dict[str, Any]) -> dict[str, Any]:
    """When a tenure was: ``first`` and ``last`` bound what is known (open where it is empty), ``times`` tells it in words.

    ``before`` is the edge where it stands for an earlier tenure of the same post.
    """
    words = {"startDate": "from", "endDate": "to", "endedBy": "over by", "attestedOn": "shown on"}
    times = [(word, date) for name, word in words.items() for date in sorted(dates.get(name, ()))]
    known = sorted(date for _, date in times)
    ended = {name for name in ("endDate", "endedBy") if dates.get(name)}
    first = "" if ended and not dates.get("startDate") and not dates.get("attestedOn") else next(iter(known), "")
    last = "" if not ended and dates.get("startDate") else next(reversed(known), "")
    if "times" in before:
        first = min(first, before["first"]) if first and before["first"] else ""
        last = max(last, before["last"]) if last and before["last"] else ""
    return {"first": first, "last": last, "times": [*before.get("times", []), *times]}


#: The projections by their names.
PROJECTIONS: dict[str, Callable[[ox.Store], nx.MultiDiGraph[str]]] = {
    "speech": _speech,
    "statements": _every_statement,
    "reports": _reports,
    "organisation": _organisation,
}


def _graph() -> nx.MultiDiGraph[str]:
    import networkx as nx

    return nx.MultiDiGraph()


def _node(graph: nx.MultiDiGraph[str], thing: Thing) -> None:
    graph.add_node(thing.id, id=thing.id, label=thing.label, kind=thing.kind)


def _edge(graph: nx.MultiDiGraph[str], one: str, two: str, manner: str, label: str, rows: list[StatementRow], **more: Any) -> None:
    """Add an edge, or let the one that is there stand for these statements too."""
    key = manner if manner != RELATION else label
    ids = [row.id for row in rows]
    if graph.has_edge(one, two, key):
        ids = [*graph.edges[one, two, key]["statements"], *ids]
    dates = [row.date for row in rows if row.date]
    reports = sorted({row.report.id for row in rows if row.report})
    facts = {"first": min(dates, default=""), "last": max(dates, default=""), "reports": reports, **more}
    graph.add_edge(one, two, key, manner=manner, label=label, count=len(ids) or 1, statements=ids, **facts)


def _counted(graph: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """The graph with the number of statements at each node, or of its edges where they stand for none."""
    for node, data in graph.nodes(data=True):
        ends = [*graph.in_edges(node, data=True), *graph.out_edges(node, data=True)]
        spoken = {iri for *_, edge in ends for iri in edge["statements"]}
        data["count"] = len(spoken) or len(ends)
    return graph


def measures(graph: nx.MultiDiGraph[str]) -> dict[str, dict[str, float]]:
    """How each node stands in the graph, measure by measure; the same graph always gives the same numbers.

    ``degree`` counts neighbours; ``in-strength`` and ``out-strength`` sum the counts of edges; ``betweenness`` is that of the
    undirected graph; ``pagerank`` follows the edges, weighted by their counts (damping 0.85); ``community`` numbers the communities
    (Louvain, seed 0) from the largest, which is 0.
    """
    import networkx as nx

    flat = _undirected(graph)
    nodes = list(flat)
    into = {node: float(sum(data["count"] for *_, data in graph.in_edges(node, data=True))) for node in nodes}
    out = {node: float(sum(data["count"] for *_, data in graph.out_edges(node, data=True))) for node in nodes}
    groups = nx.community.louvain_communities(flat, weight="count", seed=0) if nodes else []
    ordered = sorted(groups, key=lambda group: (-len(group), min(group)))
    return {
        "degree": {node: float(len(set(flat[node]) - {node})) for node in nodes},
        "in-strength": into,
        "out-strength": out,
        "betweenness": dict(nx.betweenness_centrality(flat)),
        "pagerank": _pagerank(graph, nodes) if nodes else {},
        "community": {node: float(number) for node in nodes for number, group in enumerate(ordered) if node in group},
    }


def _undirected(graph: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """The graph without directions and parallel edges, their counts summed, nodes in the order of their IRIs."""
    import networkx as nx

    flat: nx.Graph[str] = nx.Graph()
    flat.add_nodes_from(sorted(graph))
    for one, two, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2]):
        before = flat.edges[one, two]["count"] if flat.has_edge(one, two) else 0
        flat.add_edge(one, two, count=before + data["count"])
    return flat


def _pagerank(graph: nx.MultiDiGraph[str], nodes: list[str]) -> dict[str, float]:
    """PageRank by rustworkx (networkx's own needs scipy)."""
    import rustworkx as rx

    flat: rx.PyDiGraph[str, float] = rx.PyDiGraph()
    place = dict(zip(nodes, flat.add_nodes_from(nodes), strict=True))
    flat.add_edges_from([(place[one], place[two], float(data["count"])) for one, two, data in graph.edges(data=True)])
    rank = rx.pagerank(flat, alpha=0.85, weight_fn=float, tol=1e-10, max_iter=1000)
    return {node: rank[place[node]] for node in nodes}


def ego(graph: nx.MultiDiGraph[str], node: str, depth: int = 1) -> nx.MultiDiGraph[str]:
    """A copy of the graph with the node and those at most ``depth`` steps away, in whichever direction.

    Raises ``QueryError`` where the node is not in the graph.
    """
    if node not in graph:
        raise QueryError(f"`{node}` is not in this projection", "choose another node, or another projection")
    reached, edge = {node}, {node}
    for _ in range(depth):
        edge = {near for one in edge for near in (*graph.successors(one), *graph.predecessors(one))} - reached
        reached |= edge
    return part(graph, reached)


def limit(graph: nx.MultiDiGraph[str], n: int) -> tuple[nx.MultiDiGraph[str], int]:
    """A copy of the graph with its ``n`` most connected nodes, and how many are hidden.

    Connected is whoever has most on the edges, counts summed; nodes that have the same are taken in the order of their IRIs.
    """
    kept = ranked(graph)[: max(n, 0)]
    return part(graph, kept), len(graph) - len(kept)


def part(graph: nx.MultiDiGraph[str], nodes: Collection[str]) -> nx.MultiDiGraph[str]:
    """A copy of the graph with these nodes alone, in the order in which it has them (networkx's own takes that of a set)."""
    copy, kept = graph.copy(), set(nodes)
    copy.remove_nodes_from([node for node in graph if node not in kept])
    return copy


def ranked(graph: nx.MultiDiGraph[str]) -> list[str]:
    """All nodes, the most connected first, ties in the order of their IRIs."""
    weight = dict(graph.degree(weight="count"))
    return sorted(graph, key=lambda node: (-weight[node], node))
