"""The catalogue answers as a reader of the documents would: every question has answers that were read, not computed.

``tests/competency/NAME.yaml`` holds them: which case, which parameters, which columns, and the rows - all of them (``rows``), or those
that must or must not be there (``contains``, ``absent``) and how many there are (``count``). Values are text, as the YAML reads.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml

from kg import queries
from kg.errors import QueryError
from kg.graph import Graph
from kg.queries import LITERALS, Query, bind, catalogue, parse, resolve
from kg.table import Table
from kg.vocabulary import ACC, OWL, PREFIXES, RDF, ontology
from tests.conftest import ROOT

COMPETENCY = ROOT / "tests" / "competency"
Row = tuple[str, ...]

NAMES = sorted(catalogue())
READ = [
    (path.stem, number, answer)
    for path in sorted(COMPETENCY.glob("*.yaml"))
    for number, answer in enumerate(yaml.load_all(path.read_text("utf-8"), Loader=yaml.CBaseLoader), 1)
]
ANSWERS = [pytest.param(name, answer, id=f"{name}-{number}") for name, number, answer in READ]
BOUND = [pytest.param(name, answer, id=f"{name}-{number}") for name, number, answer in READ if "parameters" in answer]


def case(request: pytest.FixtureRequest, name: str) -> Graph:
    graph: Graph = request.getfixturevalue({"met-police": "met", "tutorial": "tutorial"}[name])
    return graph


def cell(value: Any, base: str) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value).removeprefix(base)


def rows(table: Table, columns: list[str], base: str) -> list[Row]:
    places = [table.columns.index(column) for column in columns]
    return [tuple(cell(row[place], base) for place in places) for row in table]


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_the_answer_is_what_a_reader_finds(name: str, answer: dict[str, Any], request: pytest.FixtureRequest) -> None:
    assert answer.keys() <= {"query", "case", "parameters", "columns", "rows", "contains", "absent", "count"}
    assert answer["query"] == name
    graph = case(request, answer["case"])
    table = graph.query(name, **answer.get("parameters", {}))
    found = Counter(rows(table, answer["columns"], graph.manifest.base))
    wanted = {key: Counter(tuple(row) for row in answer.get(key, [])) for key in ("rows", "contains", "absent")}
    assert wanted["rows"] or wanted["contains"], "an answer without rows says nothing"
    if "rows" in answer:
        assert found == wanted["rows"], f"more: {found - wanted['rows']}\nmissing: {wanted['rows'] - found}"
    assert not wanted["contains"] - found, f"missing: {wanted['contains'] - found}"
    assert not wanted["absent"] & found, f"should not be there: {wanted['absent'] & found}"
    if "count" in answer:
        assert len(table) == int(answer["count"])


def test_every_question_has_an_answer_that_was_read() -> None:
    assert {path.stem for path in COMPETENCY.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_both_cases_answer_the_open_question(name: str, met: Graph, tutorial: Graph) -> None:
    for graph in (met, tutorial):
        table = graph.query(name)
        assert table.columns == tuple(catalogue()[name].columns)
        assert len(table) == len(set(table.terms)), "a row stands twice"
    # these are about what only some cases hold
    if name not in {"changed-mind", "same-number-different-measure"}:
        assert len(met.query(name)) and len(tutorial.query(name))


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_comes_in_the_same_order_whatever_the_order_of_the_quads(name: str, tutorial: Graph) -> None:
    shuffled = ox.Store()
    for quad in sorted(tutorial.store, key=lambda quad: str(quad)[::-1]):
        shuffled.add(quad)
    text = bind(catalogue()[name], {})
    assert queries.run(shuffled, text).terms == tutorial.query(name).terms


# ---------------------------------------------------------------- a second engine


@pytest.fixture(scope="session")
def plain(tutorial: Graph) -> rdflib.Graph:
    """The tutorial case in rdflib's own store: the union of its graphs, read from N-Triples."""
    return rdflib_graph(tutorial)


@pytest.fixture(scope="session")
def plain_met(met: Graph) -> rdflib.Graph:
    return rdflib_graph(met)


def rdflib_graph(graph: Graph) -> rdflib.Graph:
    triples = ox.serialize({quad.triple for quad in graph.store}, format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples, format="nt")


def normal(value: Any) -> str:
    """A value as text: numbers by what they are, the rest by how it is written."""
    if value is None:
        return ""
    if isinstance(value, rdflib.Literal) and isinstance(value.value, int | Decimal) and not isinstance(value.value, bool):
        value = Decimal(value.value)
    return cell(Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value, "")


def in_rdflib(graph: rdflib.Graph, text: str, columns: tuple[str, ...]) -> Counter[Row]:
    answer: list[dict[Any, Any]] = graph.query(text, initNs=PREFIXES).bindings  # type: ignore[assignment]
    return Counter(tuple(normal(row.get(rdflib.Variable(column))) for column in columns) for row in answer)


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_gives_the_same_answer(name: str, tutorial: Graph, plain: rdflib.Graph) -> None:
    ours = tutorial.query(name)
    assert in_rdflib(plain, bind(catalogue()[name], {}), ours.columns) == Counter(tuple(map(normal, row)) for row in ours)


@pytest.mark.parametrize(("name", "answer"), BOUND)
def test_rdflib_gives_the_same_answer_to_a_bound_question(name: str, answer: dict[str, Any], request: pytest.FixtureRequest) -> None:
    graph = case(request, answer["case"])
    other = request.getfixturevalue({"met-police": "plain_met", "tutorial": "plain"}[answer["case"]])
    ours = graph.query(name, **answer["parameters"])
    terms = queries.terms_of(graph.store, catalogue()[name], answer["parameters"], graph.manifest.base)
    assert in_rdflib(other, bind(catalogue()[name], terms), ours.columns) == Counter(tuple(map(normal, row)) for row in ours)


# ---------------------------------------------------------------- headers


def classes() -> set[str]:
    store = ontology()
    quads = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Class"))
    return {quad.subject.value.removeprefix(ACC) for quad in quads if isinstance(quad.subject, ox.NamedNode)}


@pytest.mark.parametrize("query", catalogue().values(), ids=lambda query: query.name)
def test_the_header_says_what_the_query_does(query: Query) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", query.name)
    assert query.question.endswith("?")
    projected = re.search(r"^SELECT ((?:\?\w+ )+)\{", query.text, re.MULTILINE)
    assert projected, "SELECT names its columns one by one"
    assert projected[1].replace("?", "").split() == list(query.columns), "each column stands in the header, in the same order"
    assert all(meaning.strip() for meaning in query.columns.values())
    for parameter in query.parameters.values():
        assert re.search(rf"VALUES \?{parameter.name} {{ UNDEF }}", query.text), f"no place for {parameter.name}"
        assert parameter.type in classes() | LITERALS.keys() | {"Thing"}
        assert parameter.meaning
    places = set(re.findall(r"VALUES \?(\w+) { UNDEF }", query.text))
    assert places == set(query.parameters), "each place is a parameter of the header"
    assert "GRAPH" not in query.text.split("\n\n", 1)[1]
    assert not re.search(r"COUNT\((?!DISTINCT)", query.text), "a triple of two graphs would be counted twice"
    assert "ORDER BY" in query.text.rsplit("\n", 2)[-2]


@pytest.mark.parametrize("query", catalogue().values(), ids=lambda query: query.name)
def test_the_file_is_a_query_as_it_stands(query: Query, tutorial: Graph) -> None:
    """Without our binding, on any server: its prefixes are declared, and UNDEF leaves the question open."""
    answer = tutorial.store.query(query.text, use_default_graph_as_union=True)
    assert len(list(answer)) == len(tutorial.query(query.name))  # type: ignore[arg-type]


# ---------------------------------------------------------------- parameters

HOSTILE = [
    'x" } DROP ALL #',
    "x> } } # ",
    "\\",
    '"""',
    "'); DROP TABLE statements; --",
    "{ UNDEF }",
    "VALUES ?word { UNDEF }",
    "a\nb\r\tc",
    "\\u0022 } #",
    "\\g<0>\\1",
    "é\u202e\U0001f600",
    "",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_a_term_and_never_query_text(value: str, tutorial: Graph) -> None:
    echo = parse("# parameter word (text): a word\nSELECT ?word { VALUES ?word { UNDEF } }", "echo")
    terms = queries.terms_of(tutorial.store, echo, {"word": value})
    before = len(tutorial.store)
    table = queries.run(tutorial.store, bind(echo, terms))
    assert [row.word for row in table] == [value]
    assert len(tutorial.query("same-word-different-measure", word=value)) in (0, 5, 15) and len(tutorial.store) == before


@pytest.mark.parametrize("value", [value for value in HOSTILE if value])
def test_a_hostile_name_is_only_unknown(value: str, tutorial: Graph) -> None:
    with pytest.raises(QueryError, match=r"is called|is not an IRI"):
        tutorial.query("everything-said", speaker=value)


@pytest.mark.parametrize("value", ["http://x.example/> } DROP ALL #", "https://x.example/a b", 'https://x.example/"'])
def test_an_iri_that_is_none_is_refused(value: str, tutorial: Graph) -> None:
    with pytest.raises(QueryError, match="not an IRI"):
        tutorial.query("everything-said", speaker=value)


@pytest.mark.parametrize("value", ["2024-1", "2024-13-01x", "yesterday", "20240101", '2024" } #'])
def test_a_date_that_is_none_is_refused(value: str, tutorial: Graph) -> None:
    with pytest.raises(QueryError, match="is not a date"):
        tutorial.query("everything-said", since=value)


@pytest.mark.parametrize("value", ["74.5", "-1", "many", "1e3", ""])
def test_a_number_that_is_none_is_refused(value: str, tutorial: Graph) -> None:
    with pytest.raises(QueryError, match="is not a number"):
        tutorial.query("same-number-different-measure", number=value)


def test_an_unknown_parameter_is_refused(tutorial: Graph) -> None:
    with pytest.raises(QueryError, match="has no parameter `speeker`"):
        tutorial.query("everything-said", speeker="Marwick")
    with pytest.raises(QueryError, match="has no parameter"):
        bind(catalogue()["everything-said"], {"statement": ox.Literal("x")})


def test_every_place_of_a_parameter_is_filled() -> None:
    query = parse("# parameter a (text): a\nSELECT * { { VALUES ?a { UNDEF } } UNION { values ?a {UNDEF} } }")
    assert bind(query, {"a": ox.Literal("UNDEF")}).count('"UNDEF"') == 2
    assert "UNDEF" not in bind(query, {})


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Zoë Billingham", "person/zoe-billingham"),
        ("zoe billingham", "person/zoe-billingham"),
        ("  ZOE   BILLINGHAM ", "person/zoe-billingham"),
        ("Zoe\u0308 Billingham", "person/zoe-billingham"),
        ("Billingham", "person/zoe-billingham"),
        ("person/zoe-billingham", "person/zoe-billingham"),
        ("https://w3id.org/accountability-kg/case/met-police/person/zoe-billingham", "person/zoe-billingham"),
        ("Sir Mark Rowley", "person/mark-rowley"),
        ("the Met", "institution/metropolitan-police"),
    ],
)
def test_a_name_is_found_by_label_alias_identifier_or_iri(name: str, identifier: str, met: Graph) -> None:
    assert met.resolve(name, "Actor") == met.manifest.base + identifier


def test_a_name_of_several_things_is_refused_with_all_of_them(met: Graph) -> None:
    with pytest.raises(QueryError, match="name of 2 things") as caught:
        met.resolve("Panorama")
    assert "institution/bbc-panorama" in str(caught.value.remedy) and "report/panorama-2025" in str(caught.value.remedy)
    assert met.resolve("Panorama", "Report").endswith("report/panorama-2025")


def test_an_unknown_name_is_refused_with_the_nearest(met: Graph) -> None:
    with pytest.raises(QueryError, match="no Actor is called `Mark Rowly`") as caught:
        met.query("everything-said", speaker="Mark Rowly")
    assert "`Mark Rowley`" in str(caught.value.remedy)


def test_a_name_of_another_kind_is_not_found(met: Graph) -> None:
    with pytest.raises(QueryError, match="no Actor is called"):
        met.resolve("misconduct system", "Actor")
    assert resolve(met.store, "misconduct system", "Topic").value.endswith("topic/misconduct-system")


def test_a_query_that_does_not_exist_is_refused_with_the_nearest(tutorial: Graph, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="no query is called") as caught:
        tutorial.query("everything-sad")
    assert "`everything-said`" in str(caught.value.remedy)
    with pytest.raises(QueryError, match="cannot read the query file"):
        tutorial.query(str(tmp_path / "none.rq"))


def test_a_query_file_and_a_query_text_are_answered_too(tutorial: Graph, tmp_path: Path) -> None:
    text = "# parameter who (Actor): who\nSELECT ?apology { VALUES ?who { UNDEF } ?apology a acc:Apology ; acc:speaker ?who }"
    (tmp_path / "mine.rq").write_text(text, "utf-8")
    assert len(tutorial.query(str(tmp_path / "mine.rq"), who="Marwick")) == len(tutorial.query(text)) == 1


@pytest.mark.parametrize("text", ["DROP ALL ;", "INSERT DATA { <a:a> <a:b> <a:c> }", "SELECT * {", "SELECT ?x { ?x ?y }"])
def test_what_is_no_query_is_refused(text: str, tutorial: Graph) -> None:
    before = len(tutorial.store)
    with pytest.raises(QueryError, match="not a SPARQL query"):
        tutorial.query(text)
    assert len(tutorial.store) == before


@pytest.mark.parametrize(
    ("since", "until", "inside"),
    [
        ("2024", "2024", True),
        ("2024-09", "2024-09", True),
        ("2024-09-30", "2024-12", True),
        ("2023", "2024-09-01", True),
        ("2024-10", "", False),
        ("", "2024-08", False),
        ("2025", "", False),
    ],
)
def test_a_month_is_compared_as_precisely_as_it_is_known(since: str, until: str, inside: bool, tutorial: Graph) -> None:
    """The letter is of September 2024; no day is known."""
    limits = {name: value for name, value in (("since", since), ("until", until)) if value}
    dates = {row.date for row in tutorial.query("everything-said", speaker="Ottilie Marwick", **limits)}
    assert ("2024-09" in dates) is inside
