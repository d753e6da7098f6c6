"""Every export: read back by others it says the same, written twice it is the same, and what a format cannot hold is refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import re
import zipfile
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
import rdflib.plugins.parsers.notation3
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cases import TEXTS
from kg.errors import ExportError
from kg.export import FORMATS, dump, format_of, graphxml, write
from kg.export.jsonld import relative
from kg.graph import Graph
from kg.network import project
from kg.store import content_digest, nquads
from kg.vocabulary import ACC, RDF, RDFS, SKOS, XSD, terms

BASE = "https://example.org/case/"
RDF_FORMATS = {
    "turtle": (ox.RdfFormat.TURTLE, "turtle"),
    "trig": (ox.RdfFormat.TRIG, "trig"),
    "ntriples": (ox.RdfFormat.N_TRIPLES, "nt"),
    "nquads": (ox.RdfFormat.N_QUADS, "nquads"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "rdfxml": (ox.RdfFormat.RDF_XML, "xml"),
}
WITH_GRAPHS = {"trig", "nquads", "jsonld"}
HOSTILE = [
    "he said \"no\" and 'never' \"\"\" ''' \\ \\n",
    "two\nlines, a tab\t, a return\r and both\r\n",
    "]]> <script>alert(1)</script> &amp; <!-- -->",
    "separators \u2028 \u2029 \u0085, a mark \ufeff, reversed \u202e",
    "naïve Ωmega 漢字 😀 e\u0301",
    '=HYPERLINK("http://example.org")',
    "  spaces around  ",
    '" _:b0 . <http://example.org/> _:b1 .',
    '"@en--ltr .',
    "@type",
    "",
]
Quads = set[tuple[Any, ...]]
#: rdflib warns of its own calls to what it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph)[ .]:DeprecationWarning")


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + name)


def quads() -> list[ox.Quad]:
    """A small case: two reports, a derived graph, the ontology's own terms, and texts that are hard to write."""
    made = []

    def add(graph: str, subject: str, property: str, *values: ox.NamedNode | ox.Literal) -> None:
        place = node("graph/" + graph) if graph else ox.DefaultGraph()
        made.extend(ox.Quad(node(subject), ox.NamedNode(property), value, place) for value in values)

    def typed(value: str, datatype: str) -> ox.Literal:
        return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))

    def cls(name: str) -> ox.NamedNode:
        return ox.NamedNode(ACC + name)

    add("reference", "person/ann", RDF + "type", cls("Person"))
    add("reference", "person/ann", RDFS + "label", ox.Literal("Ann Ümläut"), ox.Literal("Anna", language="de"))
    add("reference", "person/ann", SKOS + "altLabel", ox.Literal("Ann | the Bar"), ox.Literal("A."))
    add("reference", "person/ann", ACC + "tenure", node("person/ann#tenure-1"), node("person/ann#tenure-2"))
    add("reference", "person/ann", SKOS + "exactMatch", ox.NamedNode("http://www.wikidata.org/entity/Q1"))
    for number, (start, precision) in enumerate([("2022", "gYear"), ("2022-09", "gYearMonth")], start=1):
        add("reference", f"person/ann#tenure-{number}", RDF + "type", cls("Tenure"))
        add("reference", f"person/ann#tenure-{number}", ACC + "startDate", typed(start, precision))
        add("reference", f"person/ann#tenure-{number}", ACC + "organization", node("institution/met"))
    add("reference", "institution/met", RDF + "type", cls("Institution"))
    add("reference", "institution/met", RDFS + "label", ox.Literal("The Met"))
    for name, published in (("one", typed("2022-10-17", "date")), ("two", typed("2023", "gYear"))):
        add("reference", f"report/{name}", RDF + "type", cls("OfficialReport"))
        add("reference", f"report/{name}", RDFS + "label", ox.Literal(f"Report {name}"))
        add("reference", f"report/{name}", ACC + "publishedOn", published)
    for number, text in enumerate(HOSTILE):
        statement = f"statement/one/{number:03}"
        add("report/one", statement, RDF + "type", cls("Claim"), *([cls("Criticism")] if number % 2 else []))
        add("report/one", statement, ACC + "reportedIn", node("report/one"))
        add("report/one", statement, ACC + "speaker", node("person/ann"))
        add("report/one", statement, ACC + "about", node("institution/met"), *([node("report/two")] if number % 3 else []))
        add("report/one", statement, ACC + "summary", ox.Literal(text))
        add("report/one", statement, ACC + "mode", ox.NamedNode(terms()["direct"].iri))
        add("report/one", statement, ACC + "saidOn", typed("2022-10", "gYearMonth"))
        add("report/one", statement, ACC + "passage", node(statement + "#passage"))
        add("report/one", statement + "#passage", RDF + "type", cls("Passage"))
        add("report/one", statement + "#passage", ACC + "start", typed(str(number), "integer"))
        add("graph/derived", statement, RDF + "type", cls("Statement"), cls("Assertive"))
        add("texts", statement + "#passage", ACC + "text", ox.Literal("the publisher's own words"))
    add("report/two", "statement/two/1", RDF + "type", cls("Demand"))
    add("report/two", "statement/two/1", ACC + "reportedIn", node("report/two"), node("report/one"))
    add("report/two", "statement/two/1", ACC + "respondsTo", node("statement/one/001"))
    add("report/two", "statement/two/1", ACC + "quote", ox.Literal("either | or"), ox.Literal("both || and"))
    add("report/two", "statement/two/1", ACC + "figure", node("statement/two/1#figure"))
    add("report/two", "statement/two/1#figure", RDF + "type", cls("Figure"))
    add("report/two", "statement/two/1#figure", ACC + "value", typed("0012.50", "decimal"), typed("-3", "integer"))
    # What no record says, but RDF allows: values of other kinds than the context's terms have.
    add("odd", "a:b", ACC + "speaker", ox.Literal("a name"), node("../x"), node("./y"), node("//z"), node(""), node("?q=1#f"))
    add("odd", "a:b", ACC + "summary", node("person/ann"), typed("<p>", "anyURI"))
    add("odd", "a:b", ACC + "saidOn", typed("2022-10-18T10:00:00Z", "dateTime"), ox.Literal("then"))
    add("odd", "a:b", ACC + "mode", node("modes/shouted"), ox.Literal("direct"))
    add("odd", "a:b", RDF + "type", node("Odd"), ox.NamedNode("http://www.w3.org/ns/prov#Entity"))
    add("odd", "a:b", ACC + "reportedIn", node("a:b"), ox.Literal("nowhere"))
    add("odd", "a:b", ACC + "about", node("a:b#x"), ox.NamedNode("urn:isbn:1"), ox.NamedNode("mailto:ann@example.org"))
    add("odd", "a:b#x", ACC + "about", node("a:b"), node("a:b#x"))
    add("odd", "a:b#x", "https://schema.org/name", ox.Literal("x", datatype=node("a-type")))
    add("odd", "c", RDF + "type", node("c#kind"))
    add("odd", "c#kind", RDFS + "label", ox.Literal("a class that is a part of its own member"))
    add("odd", "c", SKOS + "related", *(ox.NamedNode(ACC + local) for local in ("", "9", "a.b", "a%20b", "a/b", "-a", "é", "a_b-9")))
    add("", "case", RDFS + "label", ox.Literal("in the default graph"))
    # One triple in two graphs.
    add("report/two", "person/ann", RDFS + "label", ox.Literal("Ann Ümläut"))
    return made


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.extend(quads())
    return store


def expected(store: ox.Store, format: str) -> Quads:
    found = {(q.subject, q.predicate, q.object, q.graph_name) for q in store if not str(q.graph_name).endswith(TEXTS + ">")}
    return found if format in WITH_GRAPHS else {quad[:3] for quad in found}


def by_oxigraph(content: bytes, format: str) -> Quads:
    found = {(q.subject, q.predicate, q.object, q.graph_name) for q in ox.parse(content, format=RDF_FORMATS[format][0])}
    return found if format in WITH_GRAPHS else {quad[:3] for quad in found}


def by_rdflib(content: bytes, format: str) -> Quads:
    """What rdflib reads, with plain strings typed, and literals as they were written."""
    dataset = rdflib.Dataset()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        dataset.parse(data=content, format=RDF_FORMATS[format][1])
    found = set()
    for subject, predicate, value, graph in dataset.quads():
        place = "" if graph in (None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID) else str(graph)
        found.add((str(subject), str(predicate), _plain(value), *([place] if format in WITH_GRAPHS else [])))
    return found


def _plain(value: Any) -> tuple[str, ...]:
    if isinstance(value, rdflib.Literal | ox.Literal):
        datatype = value.datatype.value if isinstance(value, ox.Literal) else str(value.datatype or XSD + "string")
        lexical = value.value if isinstance(value, ox.Literal) else str(value)
        return (lexical, "@" + value.language) if value.language else (lexical, datatype)
    return (value.value if isinstance(value, ox.NamedNode) else str(value),)


def _as_rdflib(quads: Quads) -> Quads:
    return {(s.value, p.value, _plain(o), *("" if isinstance(g, ox.DefaultGraph) else g.value for g in graph)) for s, p, o, *graph in quads}


@pytest.mark.parametrize("format", RDF_FORMATS)
def test_rdf_read_back_is_the_same(store: ox.Store, format: str) -> None:
    content = dump(store, format, base=BASE)
    assert by_oxigraph(content, format) == expected(store, format)
    assert by_rdflib(content, format) == _as_rdflib(expected(store, format))


@pytest.mark.parametrize("base", ["", "https://example.org/case", "https://example.org/case#", "urn:case/", "https://example.org/"])
@pytest.mark.parametrize("format", ["turtle", "trig", "jsonld"])
def test_any_base_is_safe(store: ox.Store, format: str, base: str) -> None:
    content = dump(store, format, base=base)
    assert by_oxigraph(content, format) == expected(store, format)
    assert by_rdflib(content, format) == _as_rdflib(expected(store, format))


@pytest.mark.parametrize("format", RDF_FORMATS)
def test_real_cases_read_back_are_the_same(tutorial: Graph, format: str) -> None:
    content = dump(tutorial.store, format, base=tutorial.manifest.base)
    assert by_oxigraph(content, format) == expected(tutorial.store, format)
    assert by_rdflib(content, format) == _as_rdflib(expected(tutorial.store, format))


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_graph_gives_the_same_bytes(store: ox.Store, tmp_path: Path, format: str) -> None:
    shuffled = quads()
    random.Random(7).shuffle(shuffled)
    other, on_disk = ox.Store(), ox.Store(str(tmp_path / "store"))
    other.extend(shuffled)
    on_disk.bulk_extend(reversed(shuffled))
    first = dump(store, format, base=BASE)
    assert first == dump(store, format, base=BASE) == dump(other, format, base=BASE) == dump(on_disk, format, base=BASE)


def test_a_triple_of_two_graphs_stands_once_where_there_are_none(store: ox.Store) -> None:
    lines = dump(store, "ntriples").splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == len(expected(store, "ntriples")) == len(expected(store, "nquads")) - 1


@given(st.text(), st.sampled_from(["", "en-gb"]))
@settings(deadline=None, max_examples=150)
def test_any_text_survives(text: str, language: str) -> None:
    store = ox.Store()
    literal = ox.Literal(text, language=language) if language else ox.Literal(text)
    store.add(ox.Quad(node("a"), ox.NamedNode(ACC + "summary"), literal, node("graph/g")))
    for format in RDF_FORMATS:
        if format == "rdfxml" and re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text):
            with pytest.raises(ExportError, match=r"XML cannot hold the character U\+"):
                dump(store, format, base=BASE)
            continue
        content = dump(store, format, base=BASE)
        assert by_oxigraph(content, format) == expected(store, format)
        assert by_rdflib(content, format) == _as_rdflib(expected(store, format))


@pytest.mark.parametrize("format", FORMATS)
def test_passages_words_are_left_out_unless_asked_for(store: ox.Store, format: str) -> None:
    words = b"the publisher's own words"
    content = dump(store, format, base="https://example.org/another-base/")
    assert words not in content.replace(b"&apos;", b"'")
    if format not in ("graphml", "gexf"):
        assert words in dump(store, format, base=BASE, texts=True).replace(b"&apos;", b"'")


def test_the_digest_of_nquads_is_the_store_s(tutorial: Graph) -> None:
    whole = dump(tutorial.store, "nquads", texts=True)
    assert hashlib.sha256(whole).hexdigest() == content_digest(nquads(tutorial.store).splitlines()) == tutorial.manifest.digest


def test_a_name_that_ends_in_a_point_is_read_by_oxigraph_alone(store: ox.Store) -> None:
    """rdflib 7.6 does not read ``acc:a\\.``, which Turtle 1.1 allows (PN_LOCAL_ESC)."""
    store.add(ox.Quad(node("x"), ox.NamedNode(SKOS + "related"), ox.NamedNode(ACC + "a."), node("graph/g")))
    content = dump(store, "trig")
    assert by_oxigraph(content, "trig") == expected(store, "trig")
    with pytest.raises(rdflib.plugins.parsers.notation3.BadSyntax):
        by_rdflib(content, "trig")


def test_turtle_is_written_with_prefixes_in_order(store: ox.Store) -> None:
    text = dump(store, "turtle").decode()
    head = re.findall(r"^@prefix (\w+): <", text, re.MULTILINE)
    assert head == sorted(head) and text.startswith("@prefix acc: <https://w3id.org/accountability-kg/ontology#> .\n")
    assert f"<{BASE}person/ann#tenure-1> a acc:Tenure" in text


def test_jsonld_looks_like_the_records(store: ox.Store) -> None:
    document = json.loads(dump(store, "jsonld", base=BASE))
    assert document["@context"]["@base"] == BASE
    graphs = {graph["id"]: {part["id"]: part for part in graph["@graph"]} for graph in document["@graph"] if "@graph" in graph}
    report = graphs["graph/report/one"]["report/one"]
    assert list(graphs["graph/report/one"]) == ["report/one"]
    assert len(report["statements"]) == len(HOSTILE)
    assert report["statements"][1] == {
        "id": "statement/one/001",
        "type": ["Claim", "Criticism"],
        "summary": HOSTILE[1],
        "speaker": "person/ann",
        "about": ["institution/met", "report/two"],
        "passage": {"id": "statement/one/001#passage", "type": "Passage", "start": "1"},
        "saidInMonth": "2022-10",
        "mode": "direct",
    }
    ann = graphs["graph/reference"]["person/ann"]
    assert [tenure.get("startYear") or tenure.get("startMonth") for tenure in ann["tenures"]] == ["2022", "2022-09"]
    # Told in two reports: whole in the first, by its identifier in the other.
    assert graphs["graph/report/two"]["report/two"]["statements"] == {"id": "statement/two/1"}


def test_jsonld_statements_nested_in_nothing_but_reports(store: ox.Store) -> None:
    """A node that is told in itself, or in its own part, is neither lost nor nested without end."""
    store.clear()
    told, a, part = ox.NamedNode(ACC + "reportedIn"), node("a"), node("a#b")
    store.extend(ox.Quad(s, told, o, node("graph/g")) for s, o in [(a, a), (a, part), (part, a), (node("c"), a), (node("c"), node("d"))])
    assert by_oxigraph(dump(store, "jsonld", base=BASE), "jsonld") == expected(store, "jsonld")


def test_relative_iris_are_only_those_that_come_back() -> None:
    assert relative(BASE + "a/b.c#d", BASE) == "a/b.c#d"
    for rest in ("", "a:b", "/a", "//a", "../a", "a/./b", "a/../b", "?q", "#f", "a//b", "a?b", "é", "a/", "@id", "a#b#c"):
        assert relative(BASE + rest, BASE) is None, rest


# Networks


@pytest.mark.parametrize("projection", ["speech", "statements", "reports", "organisation"])
@pytest.mark.parametrize("format", ["graphml", "gexf"])
def test_networks_read_back_are_the_same(store: ox.Store, format: str, projection: str) -> None:
    graph = project(store, projection)
    again = _read(format, dump(store, format, projection=projection))
    assert set(again.nodes) == set(graph.nodes)
    assert sorted((s, t) for s, t in again.edges()) == sorted((s, t) for s, t in graph.edges())
    for name, data in graph.nodes(data=True):
        assert again.nodes[name]["label"] == data["label"]
        assert again.nodes[name]["kind"] == data["kind"]
        assert again.nodes[name]["count"] == data["count"]


@pytest.mark.parametrize("format", ["graphml", "gexf"])
def test_network_attributes_survive(format: str) -> None:
    graph = nx.MultiDiGraph()
    for number, text in enumerate(HOSTILE):
        graph.add_node(f"http://example.org/{number}", label=text or "-", first=number, share=number / 2, odd=number % 2 == 1, mixed=text)
    graph.add_node("http://example.org/0", mixed="3")
    graph.add_edge("http://example.org/0", "http://example.org/1", "b", count=2, type="x", ids=["u", "v"], acts={"Claim": 1, "Demand": 2})
    graph.add_edge("http://example.org/0", "http://example.org/1", "a", count=1, none=None, few={"z", "y"})
    content = getattr(graphxml, format)(graph)
    other = nx.MultiDiGraph()
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    other.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    assert getattr(graphxml, format)(other) == content
    again = _read(format, content)
    for number, text in enumerate(HOSTILE):
        data = again.nodes[f"http://example.org/{number}"]
        assert data["label"] == (text or "-")
        assert (data["share"], data["odd"]) == (number / 2, number % 2 == 1)
    assert again.nodes["http://example.org/0"]["mixed"] == "3"
    edges = {data["count"]: data for _, _, data in again.edges(data=True)}
    assert (edges[2]["ids"], edges[2]["acts"], edges[2]["type_"]) == ("u v", "Demand 2, Claim 1", "x")
    assert edges[1]["few"] == "y z"
    assert "none" not in edges[1]
    if format == "gexf":
        assert edges[2]["weight"] == 2


def _read(format: str, content: bytes) -> Any:
    file = io.BytesIO(content)
    return nx.read_graphml(file, force_multigraph=True) if format == "graphml" else nx.read_gexf(file)


# Tables


def _tables(content: bytes) -> tuple[dict[str, Any], dict[str, list[list[str]]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        metadata = json.loads(archive.read("csv-metadata.json"))
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return metadata, {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8"), newline=""), strict=True)) for name in names
        }


def _validate(content: bytes) -> dict[str, list[dict[str, list[str]]]]:
    """The tables as rows of lists, checked against their metadata: columns, datatypes, primary and foreign keys."""
    metadata, files = _tables(content)
    assert metadata["@context"][0] == "http://www.w3.org/ns/csvw"
    assert {table["url"] for table in metadata["tables"]} == set(files)
    read = {}
    for table in metadata["tables"]:
        head, *rows = files[table["url"]]
        columns = table["tableSchema"]["columns"]
        assert head == [column["name"] for column in columns]
        read[table["url"]] = [_row(columns, row) for row in rows]
        keys = table["tableSchema"]["primaryKey"]
        key = [tuple(row[name][0] for name in ([keys] if isinstance(keys, str) else keys)) for row in read[table["url"]]]
        assert len(key) == len(set(key))
        assert key == sorted(key)
    for table in metadata["tables"]:
        for foreign in table["tableSchema"].get("foreignKeys", []):
            target = foreign["reference"]
            known = {row[target["columnReference"]][0] for row in read[target["resource"]]}
            assert all(len(row[foreign["columnReference"]]) == 1 for row in read[table["url"]])
            assert {value for row in read[table["url"]] for value in row[foreign["columnReference"]]} <= known
    return read


def _row(columns: list[dict[str, Any]], row: list[str]) -> dict[str, list[str]]:
    assert len(row) == len(columns)
    cells = {}
    for column, cell in zip(columns, row, strict=True):
        values = [] if cell == "" else cell.split(column["separator"]) if "separator" in column else [cell]
        assert values or not column.get("required")
        for value in values:
            assert _fits(value, column["datatype"]), (column, value)
        cells[column["name"]] = values
    return cells


def _fits(value: str, datatype: str | dict[str, str]) -> bool:
    if isinstance(datatype, dict):
        return re.fullmatch(datatype["format"], value) is not None
    pattern = {
        "integer": r"-?\d+",
        "decimal": r"-?\d+(\.\d+)?",
        "dateTime": r"\d{4}-\d\d-\d\dT.*",
        "anyURI": r"[a-z]+:\S+",
        "string": r"(?s).*",
    }
    return re.fullmatch(pattern[datatype], value) is not None


def test_tables_are_as_their_metadata_say(store: ox.Store) -> None:
    rows = _validate(dump(store, "csv", base=BASE))
    statements = {row["statement"][0].removeprefix(BASE): row for row in rows["statements.csv"]}
    assert [statements[f"statement/one/{number:03}"]["summary"] for number in range(len(HOSTILE))] == [
        [text] if text else [] for text in HOSTILE
    ]
    assert statements["statement/one/001"]["kind"] == ["Claim", "Criticism"]
    assert statements["statement/one/001"]["about_label"] == ["The Met", "Report two"]
    assert statements["statement/one/001"]["mode"] == ["direct"]
    assert [row["startDate"] for row in rows["tenures.csv"]] == [["2022"], ["2022-09"]]
    assert [row["holder_label"] for row in rows["tenures.csv"]] == [["Ann Ümläut"], ["Ann Ümläut"]]
    assert {row["name"][0] for row in rows["names.csv"]} >= {"Ann | the Bar", "A.", "Anna", "The Met"}
    assert [row["value"] for row in rows["figures.csv"]] == [["-3", "12.5"]]
    assert statements["statement/two/1"]["quote"] == ["both || and", "either | or"]
    assert len(rows["links.csv"]) == len({tuple(map(str, row.values())) for row in rows["links.csv"]})


@pytest.mark.parametrize("case", ["tutorial", "met"])
def test_tables_of_real_cases(case: str, request: pytest.FixtureRequest) -> None:
    graph: Graph = request.getfixturevalue(case)
    rows = _validate(dump(graph.store, "csv", base=graph.manifest.base))
    counts = {name: len(table) for name, table in rows.items()}
    told_again = sum(bool(row["repeats"]) for row in rows["statements.csv"])
    assert counts["statements.csv"] == graph.stats()["statements"] + told_again
    for kind in ("institutions", "reports", "events", "figures", "assessments", "tenures", "posts", "passages"):
        assert counts[f"{kind}.csv"] == graph.stats()[kind], kind
    metadata, _ = _tables(dump(graph.store, "csv"))
    foreign = {
        (table["url"], key["columnReference"]) for table in metadata["tables"] for key in table["tableSchema"].get("foreignKeys", [])
    }
    assert foreign >= {("statements.csv", "report"), ("passages.csv", "statement"), ("figures.csv", "measure"), ("links.csv", "target")}


def test_files_are_rfc_4180(store: ox.Store) -> None:
    with zipfile.ZipFile(io.BytesIO(dump(store, "csv"))) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = archive.read("institutions.csv").decode("utf-8")
    assert text.split("\r\n")[0].startswith("institution,label,")
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")


# What cannot be written


def _one(predicate: str = ACC + "summary", value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple | None = None) -> ox.Store:
    store = ox.Store()
    store.add(ox.Quad(node("a"), ox.NamedNode(predicate), value or ox.Literal("x"), node("graph/g")))
    return store


@pytest.mark.parametrize(
    ("format", "store", "message"),
    [
        ("turtel", _one(), "no format is called `turtel` - did you mean `turtle`?"),
        ("rdfxml", _one(value=ox.Literal("before \x01")), r"XML cannot hold the character U\+0001, which stands after .*before "),
        ("rdfxml", _one(value=ox.Literal("\ufffe")), r"U\+FFFE"),
        ("rdfxml", _one("http://example.org/2022"), "RDF/XML cannot write <http://example.org/2022>"),
        ("rdfxml", _one(RDF + "li"), "RDF/XML cannot write"),
        ("rdfxml", _one(RDF + "type", ox.NamedNode("http://example.org/")), "RDF/XML cannot write <http://example.org/>"),
        ("jsonld", _one(ACC + "about", ox.NamedNode("acc:Claim")), "JSON-LD would read <acc:Claim> with the prefix `acc:`"),
        ("turtle", _one(value=ox.BlankNode("b")), "a blank node, which has no name that lasts: .*_:b"),
        ("nquads", _one(value=ox.Literal("x", language="en", direction=ox.BaseDirection.LTR)), "RDF 1.2"),
        ("trig", _one(value=ox.Triple(node("a"), node("b"), node("c"))), "RDF 1.2"),
        ("csv", _one(RDF + "type", ox.NamedNode(ACC + "Event")), ""),
    ],
)
def test_what_a_format_cannot_hold_is_an_error(format: str, store: ox.Store, message: str) -> None:
    if not message:
        store.add(ox.Quad(node("a"), ox.NamedNode(ACC + "date"), ox.Literal("in May")))
        message = "`in May` in the column date is not of the datatype date"
    with pytest.raises(ExportError, match=message) as caught:
        dump(store, format, base=BASE)
    assert caught.value.remedy


@pytest.mark.parametrize("writer", [graphxml.graphml, graphxml.gexf])
def test_networks_refuse_control_characters(writer: Any) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("http://example.org/a", label="bell \x07")
    with pytest.raises(ExportError, match=r"U\+0007"):
        writer(graph)


def test_an_empty_store_can_be_written_in_every_format() -> None:
    for format in FORMATS:
        content = dump(ox.Store(), format)
        if format in RDF_FORMATS:
            assert by_oxigraph(content, format) == set()
            assert by_rdflib(content, format) == set()


def test_formats_are_known_by_their_suffixes() -> None:
    for name, format in FORMATS.items():
        assert name == format.name
        for suffix in format.suffixes:
            assert format_of(f"a.b/met{suffix}") == name
    with pytest.raises(ExportError, match=r"met.csv: the suffix names no format - use one of \.ttl, .*zip"):
        format_of("met.csv")


# Files


def test_a_file_is_written_whole_or_not_at_all(store: ox.Store, tmp_path: Path) -> None:
    path = tmp_path / "case.ttl"
    path.write_bytes(b"the old file")
    with path.open("rb") as reader:
        assert write(store, path, base=BASE) == path
        assert reader.read() == b"the old file"  # who reads the old one reads on
    assert path.read_bytes() == dump(store, "turtle", base=BASE)
    write(store, tmp_path / "odd-name", "nquads")
    with pytest.raises(ExportError):
        write(_one(value=ox.BlankNode()), path)
    with pytest.raises(ExportError, match="cannot be written"):
        write(store, tmp_path / "no-folder" / "case.ttl")
    with pytest.raises(ExportError, match="cannot be written"):
        write(store, path / "case.ttl")
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(ExportError, match="cannot be written"):
        write(store, tmp_path / "folder.ttl")
    assert path.read_bytes() == dump(store, "turtle", base=BASE)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["case.ttl", "folder.ttl", "odd-name"]
