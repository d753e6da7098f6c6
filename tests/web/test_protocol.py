"""The SPARQL 1.1 Protocol: the cases of the W3C's test list under their names, and what a client or an attacker may do besides.

The list: https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/ (the cases are written anew here). Updates are
refused, each with the same words, because the graph is only read.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.web import protocol
from kg.web.bounds import Bounds
from kg.web.workers import Workers

DATA = "http://kasei.us/2009/09/sparql/data/"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
SD = "http://www.w3.org/ns/sparql-service-description#"
HOSTILE = Path(os.environ.get("KG_HOSTILE", Path(__file__).parents[3] / "shared" / "hostile"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the endpoint over the data of the W3C's tests: data0.rdf to data3.rdf, each a document in its own graph."""
    path = tmp_path_factory.mktemp("protocol") / "store"
    store = ox.Store(str(path))
    document = ox.NamedNode("http://xmlns.com/foaf/0.1/Document")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    graphs = [ox.NamedNode(f"{DATA}data{number}.rdf") for number in range(4)]
    many = [ox.Quad(ox.NamedNode(f"{DATA}many/{number}"), kind, ox.Literal(number), graphs[0]) for number in range(2_000)]
    store.bulk_extend([*(ox.Quad(graph, kind, document, graph) for graph in graphs), *many])
    store.flush()
    with running(application(path)) as client:
        yield client


def application(store: Path, **limits: float) -> Starlette:
    async def page(request: Request) -> Response:
        return HTMLResponse("the page for people")

    workers = Workers(store, DATA, **limits)  # type: ignore[arg-type]
    build: Any = SimpleNamespace(workers=workers, site=SimpleNamespace(manifest=SimpleNamespace(digest="0" * 64)))

    class Served:
        async def current(self) -> Any:
            return build

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await workers.close()

    served: Any = Served()
    return Starlette(routes=protocol.routes(served, page), middleware=[Middleware(Bounds, hosts=[])], lifespan=lifespan)


@contextmanager
def running(app: Starlette) -> Iterator[httpx.Client]:
    """A client of the application, which a server on a free port runs."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def get(client: httpx.Client, query: str = "", accept: str = "", **parameters: Any) -> Any:
    fields = {**({"query": query} if query else {}), **{name.replace("_", "-"): value for name, value in parameters.items()}}
    return client.get("/sparql", params=fields, headers={"Accept": accept} if accept else {})


def post(client: httpx.Client, body: str | bytes, content_type: str, address: str = "/sparql", **headers: str) -> Any:
    return client.post(address, content=body, headers={"Content-Type": content_type, **headers})


def ends(response: Any, status: int, words: str) -> None:
    """The request was refused in plain text with these words, and nothing of the machinery shows."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert words in response.text
    assert not re.search(r"Traceback|/home|\.py|Error\(|site-packages|/tmp", response.text)


def boolean(response: Any) -> bool:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == JSON
    return bool(response.json()["boolean"])


def documents(*numbers: int) -> str:
    return " . ".join(f"<{DATA}data{number}.rdf> a ?type" for number in numbers)


def graphs(kind: str, *numbers: int) -> str:
    return urlencode([(f"{kind}-graph-uri", f"{DATA}data{number}.rdf") for number in numbers])


# The cases of the W3C's list.


def test_query_get(client: httpx.Client) -> None:
    assert boolean(get(client, "ASK {}"))


def test_query_post_form(client: httpx.Client) -> None:
    assert boolean(post(client, "query=ASK%20%7B%7D", FORM, "/sparql?" + graphs("default", 0)))


def test_query_post_direct(client: httpx.Client) -> None:
    assert boolean(post(client, "ASK {}", QUERY))


def test_query_dataset_default_graphs_get(client: httpx.Client) -> None:
    query = f"ASK {{ {documents(1, 2)} }}"
    assert boolean(get(client, query, default_graph_uri=[DATA + "data1.rdf", DATA + "data2.rdf"]))
    assert not boolean(get(client, query, default_graph_uri=DATA + "data1.rdf"))


def test_query_dataset_default_graphs_post(client: httpx.Client) -> None:
    query = f"ASK {{ {documents(1, 2)} }}"
    assert boolean(post(client, query, QUERY, "/sparql?" + graphs("default", 1, 2)))
    assert not boolean(post(client, query, QUERY, "/sparql?" + graphs("default", 1, 3)))
    assert not boolean(post(client, urlencode({"query": query}) + "&" + graphs("default", 1), FORM))


def test_query_dataset_named_graphs_post(client: httpx.Client) -> None:
    query = f"ASK {{ GRAPH ?g1 {{ {documents(1)} }} GRAPH ?g2 {{ {documents(2)} }} }}"
    assert boolean(post(client, query, QUERY, "/sparql?" + graphs("named", 1, 2)))
    assert not boolean(post(client, query, QUERY, "/sparql?" + graphs("named", 1)))


def test_query_dataset_named_graphs_get(client: httpx.Client) -> None:
    query = f"ASK {{ GRAPH ?g1 {{ {documents(1)} }} GRAPH ?g2 {{ {documents(2)} }} }}"
    assert boolean(get(client, query, named_graph_uri=[DATA + "data1.rdf", DATA + "data2.rdf"]))
    assert not boolean(get(client, query, named_graph_uri=DATA + "data2.rdf"))
    assert not boolean(get(client, f"ASK {{ {documents(1)} }}", named_graph_uri=DATA + "data1.rdf"))


def test_query_dataset_full(client: httpx.Client) -> None:
    query = f"ASK {{ {documents(3)} GRAPH ?g1 {{ {documents(1)} }} GRAPH ?g2 {{ {documents(2)} }} }}"
    assert boolean(post(client, query, QUERY, f"/sparql?{graphs('default', 3)}&{graphs('named', 1, 2)}"))
    assert not boolean(post(client, query, QUERY, f"/sparql?{graphs('default', 2)}&{graphs('named', 1, 2)}"))


def test_query_multiple_dataset(client: httpx.Client) -> None:
    """What the protocol says wins over what the query says."""
    query = f"ASK FROM <{DATA}data1.rdf> {{ {documents(1)} }}"
    assert boolean(get(client, query))
    assert not boolean(get(client, query.replace("FROM <" + DATA + "data1", "FROM <" + DATA + "data2")))
    assert not boolean(post(client, query, QUERY, "/sparql?" + graphs("default", 2)))
    assert boolean(post(client, query.replace("data1.rdf> {", "data3.rdf> {"), QUERY, "/sparql?" + graphs("default", 1)))


def test_query_content_type_select(client: httpx.Client) -> None:
    response = post(client, "SELECT (1 AS ?value) {}", QUERY)
    assert (response.status_code, response.headers["content-type"]) == (200, JSON)
    assert response.json()["results"]["bindings"][0]["value"]["value"] == "1"


def test_query_content_type_ask(client: httpx.Client) -> None:
    response = post(client, "ASK {}", QUERY, Accept=XML)
    assert (response.status_code, response.headers["content-type"]) == (200, XML)
    assert ElementTree.fromstring(response.content)[-1].text == "true"


@pytest.mark.parametrize(("media_type", "format"), [("application/rdf+xml", ox.RdfFormat.RDF_XML), ("text/turtle", ox.RdfFormat.TURTLE)])
def test_query_content_type_describe(client: httpx.Client, media_type: str, format: ox.RdfFormat) -> None:
    response = post(client, f"DESCRIBE <{DATA}data1.rdf>", QUERY, Accept=media_type)
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert [quad.subject.value for quad in ox.parse(response.content, format)] == [DATA + "data1.rdf"]


@pytest.mark.parametrize(
    ("media_type", "format"), [("application/n-triples", ox.RdfFormat.N_TRIPLES), ("application/ld+json", ox.RdfFormat.JSON_LD)]
)
def test_query_content_type_construct(client: httpx.Client, media_type: str, format: ox.RdfFormat) -> None:
    response = post(client, "CONSTRUCT { <s> <p> 1 } WHERE {}", QUERY, Accept=media_type)
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert [quad.subject.value for quad in ox.parse(response.content, format)] == [DATA + "s"]


def test_bad_query_method(client: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = client.request(method, "/sparql?query=ASK%20%7B%7D")
        ends(response, 405, "GET, HEAD, POST, OPTIONS")
        assert "POST" in response.headers["allow"]


def test_bad_multiple_queries(client: httpx.Client) -> None:
    ends(client.get("/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"), 400, "2 parameters `query`")
    ends(post(client, "query=ASK%20%7B%7D", FORM, "/sparql?query=ASK%20%7B%7D"), 400, "2 parameters `query`")


def test_bad_query_wrong_media_type(client: httpx.Client) -> None:
    ends(post(client, "ASK {}", "text/plain"), 415, "`text/plain` is not understood")


def test_bad_query_missing_form_type(client: httpx.Client) -> None:
    ends(client.post("/sparql", content=b"query=ASK%20%7B%7D"), 415, "application/x-www-form-urlencoded")


def test_bad_query_missing_direct_type(client: httpx.Client) -> None:
    ends(client.post("/sparql", content=b"ASK {}"), 415, "application/sparql-query")


def test_bad_query_non_utf8(client: httpx.Client) -> None:
    ends(post(client, "ASK {}".encode("utf-16"), QUERY + "; charset=UTF-16"), 415, "send UTF-8")
    ends(post(client, "ASK {}".encode("utf-16"), QUERY), 400, "not UTF-8, from byte 0")
    ends(client.get("/sparql?query=ASK%20%7B%7D%20%23%FF"), 400, "not UTF-8")
    ends(post(client, "query=ASK%20%7B%7D%20%23%FF", FORM), 400, "not UTF-8")
    ends(post(client, b"query=ASK {} #\xff", FORM), 400, "not UTF-8")
    assert boolean(post(client, "ASK {} # é", QUERY + '; Charset="utf-8"'))


def test_bad_query_syntax(client: httpx.Client) -> None:
    ends(get(client, "ASK {"), 400, "line 1, column 6")


READ_ONLY = "only read here: updates are refused"


@pytest.mark.parametrize(
    ("body", "content_type", "parameters"),
    [
        pytest.param("CLEAR ALL", UPDATE, "", id="update_post_direct"),
        pytest.param("update=CLEAR%20ALL", FORM, "", id="update_post_form"),
        pytest.param("INSERT DATA {}", UPDATE, "using-graph-uri=http%3A%2F%2Fx%2F", id="update_dataset_default_graph"),
        pytest.param("INSERT DATA {}", UPDATE, "using-graph-uri=http%3A%2F%2Fx%2F&using-graph-uri=y", id="update_dataset_default_graphs"),
        pytest.param("INSERT DATA {}", UPDATE, "using-named-graph-uri=http%3A%2F%2Fx%2F", id="update_dataset_named_graphs"),
        pytest.param("INSERT DATA {}", UPDATE, "using-graph-uri=x&using-named-graph-uri=y", id="update_dataset_full"),
        pytest.param("INSERT DATA { GRAPH <g> { <s> <p> <test> } }", UPDATE, "", id="update_base_uri"),
        pytest.param("update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM, "", id="bad_multiple_updates"),
        pytest.param("CLEAR NAMED".encode("utf-16"), UPDATE + "; charset=utf-8", "", id="bad_update_non_utf8"),
        pytest.param("update=CLEAR%20XYZ", FORM, "", id="bad_update_syntax"),
        pytest.param("using-named-graph-uri=x&update=WITH%20%3Cx%3E", FORM, "", id="bad_update_dataset_conflict"),
    ],
)
def test_updates_are_refused(client: httpx.Client, body: str | bytes, content_type: str, parameters: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = get(client, count).content
    ends(post(client, body, content_type, "/sparql?" + parameters), 403, READ_ONLY)
    assert get(client, count).content == before


def test_bad_update_get(client: httpx.Client) -> None:
    ends(client.get("/sparql?update=CLEAR%20ALL"), 403, READ_ONLY)


def test_bad_update_wrong_media_type(client: httpx.Client) -> None:
    ends(post(client, "CLEAR NAMED", "text/plain"), 415, "not understood")


def test_bad_update_missing_form_type(client: httpx.Client) -> None:
    ends(client.post("/sparql", content=b"update=CLEAR%20NAMED"), 415, "not understood")


def test_bad_update_missing_direct_type(client: httpx.Client) -> None:
    ends(client.post("/sparql", content=b"CLEAR NAMED"), 415, "not understood")


# The cases of the W3C's list for service descriptions.


@pytest.fixture
def described(client: httpx.Client) -> ox.Store:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    store = ox.Store()
    store.load(response.content, format=ox.RdfFormat.TURTLE)
    return store


def test_has_endpoint_triple(client: httpx.Client, described: ox.Store) -> None:
    assert described.query(f"ASK {{ ?service <{SD}endpoint> <{client.base_url.join('/sparql')}> }}")


def test_returns_rdf(client: httpx.Client) -> None:
    for media_type in ("application/rdf+xml", "application/ld+json", "application/n-triples"):
        response = client.get("/sparql", headers={"Accept": media_type})
        assert (response.status_code, response.headers["content-type"]) == (200, media_type)
        assert len(list(ox.parse(response.content, ox.RdfFormat.from_media_type(media_type)))) > 10


def test_conforms_to_schema(described: ox.Store) -> None:
    query = f"""PREFIX sd: <{SD}> SELECT ?name {{
        ?service a sd:Service ; sd:endpoint ?endpoint ; sd:supportedLanguage sd:SPARQL11Query ; sd:feature sd:UnionDefaultGraph ;
            sd:resultFormat <http://www.w3.org/ns/formats/SPARQL_Results_JSON>, <http://www.w3.org/ns/formats/Turtle> ;
            sd:defaultDataset ?dataset .
        ?dataset a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ; sd:namedGraph [ a sd:NamedGraph ; sd:name ?name ] .
    }}"""
    solutions: Any = described.query(query)
    assert sorted(solution["name"].value for solution in solutions) == [f"{DATA}data{number}.rdf" for number in range(4)]
    assert not described.query(f"ASK {{ ?service <{SD}supportedLanguage> <{SD}SPARQL11Update> }}")


def test_a_browser_without_a_query_sees_the_page(client: httpx.Client) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.get("/sparql", headers={"Accept": browser}).text == "the page for people"
    assert client.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"
    assert get(client, "ASK {}", accept=browser).headers["content-type"] == "application/xml"


# Formats.


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (JSON, JSON),
        ("application/json", "application/json"),
        (XML, XML),
        ("application/xml", "application/xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("*/*", JSON),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6, text/html", XML),
    ],
)
def test_formats_of_results(client: httpx.Client, asked: str, expected: str) -> None:
    response = get(client, "SELECT (7 AS ?n) {}", accept=asked)
    assert (response.status_code, response.headers["content-type"]) == (200, expected)
    assert "7" in response.text
    assert "accept" in response.headers["vary"].lower()


@pytest.mark.parametrize(
    ("query", "format", "expected"),
    [
        ("SELECT (7 AS ?n) {}", "csv", "text/csv; charset=utf-8"),
        ("SELECT (7 AS ?n) {}", "JSON", JSON),
        ("SELECT (7 AS ?n) {}", "application/sparql-results+xml", XML),
        ("SELECT (7 AS ?n) {}", "json-ld", JSON),
        ("CONSTRUCT { <s> <p> 7 } {}", "turtle", "text/turtle; charset=utf-8"),
        ("CONSTRUCT { <s> <p> 7 } {}", "nt", "application/n-triples"),
        ("CONSTRUCT { <s> <p> 7 } {}", "rdf+xml", "application/rdf+xml"),
        ("CONSTRUCT { <s> <p> 7 } {}", "xml", "application/rdf+xml"),
        ("CONSTRUCT { <s> <p> 7 } {}", "json", "application/ld+json"),
    ],
)
def test_the_parameter_format_wins(client: httpx.Client, query: str, format: str, expected: str) -> None:
    response = get(client, query, accept="text/html, text/csv;q=0.1", format=format)
    assert (response.status_code, response.headers["content-type"]) == (200, expected)
    assert "7" in response.text


def test_what_cannot_be_had(client: httpx.Client) -> None:
    ends(get(client, "ASK {}", accept="image/png"), 406, "accept one of application/sparql-results+json")
    ends(get(client, "CONSTRUCT WHERE { ?s ?p ?o }", accept="text/csv"), 406, "text/turtle")
    ends(get(client, "ASK {}", format="pdf"), 406, "json, xml, csv, tsv")
    ends(get(client, accept="text/csv"), 406, "text/turtle")


# Around an answer.


def test_errors_are_json_where_json_is_accepted(client: httpx.Client) -> None:
    response = get(client, "SELECT * {\n ?s ?p }", accept=JSON)
    assert (response.status_code, response.headers["content-type"]) == (400, "application/json")
    assert set(response.json()) == {"error", "remedy"}
    assert "line 2, column" in response.json()["error"]


def test_the_client_may_keep_an_answer(client: httpx.Client) -> None:
    first = get(client, "SELECT * { ?s ?p ?o } LIMIT 2")
    tag = first.headers["etag"]
    again = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 2"}, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    others = [
        get(client, "SELECT * { ?s ?p ?o } LIMIT 3"),
        get(client, "SELECT * { ?s ?p ?o } LIMIT 2", accept="text/csv"),
        get(client, "SELECT * { ?s ?p ?o } LIMIT 2", default_graph_uri=DATA + "data1.rdf"),
    ]
    assert len({response.headers["etag"] for response in others} | {tag}) == 4
    assert "etag" not in get(client, "SELECT (NOW() AS ?now) {}").headers
    assert "etag" not in get(client, "SELECT (").headers


def test_head(client: httpx.Client) -> None:
    whole = get(client, "SELECT * { ?s ?p ?o }")
    head = client.head("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"] == str(len(whole.content))
    assert head.headers["etag"] == whole.headers["etag"]


def test_pages_of_other_sites_may_read(client: httpx.Client) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = client.options("/sparql", headers=asked)
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"].lower()
    for response in (
        preflight,
        get(client, "ASK {}"),
        get(client, "ASK {"),
        post(client, "ASK {}", QUERY, Origin="https://elsewhere.example"),
    ):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers


# What an attacker may do.


def test_too_long_a_request(client: httpx.Client) -> None:
    comment = "ASK {} #" + "x" * 63_000
    assert boolean(post(client, comment, QUERY))
    assert boolean(post(client, "query=" + quote(comment.replace("x", " ")), FORM))
    ends(post(client, comment + "x" * 2_000, QUERY), 413, "longer than 64,000 bytes")
    assert post(client, "query=" + "x" * 300_000, FORM).status_code == 413
    ends(post(client, "query=ASK%7B%7D" + "&a=b" * 300, FORM), 400, "more than 200 parameters")


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT * { FILTER EXISTS { service # x\n SILENT <http://127.0.0.1:9/> { ?s ?p ?o } } }", 400, "SERVICE at line 1, column 28"),
        ("LOAD <file:///etc/passwd>", 400, "LOAD at line 1"),
        ("INSERT DATA { <a> <b> <c> }", 400, "INSERT at line 1"),
        ("SELECT * { FILTER" + "(" * 10_000 + "1" + ")" * 10_000 + " }", 400, "nested more than 40 deep"),
        ("SELECT * { " + " ".join(f"?s <p{i}> ?o{i} ." for i in range(200)) + " }", 400, "more than 60 triple patterns"),
        ("SELECT * { " + "?s ?p ?o " * 3, 400, "line 1, column"),
        ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", 200, "bindings"),
        ("SELECT * { ?s ?p ?o } LIMIT 1 } DROP ALL", 400, "line 1"),
        ("SELECT ('x'@en} AS ?x) {}", 400, "line 1"),
        ("\0", 400, "no query"),
        ("SELECT ('\ud83d\ude00\u202e<script>' AS ?x) {}".encode("utf-16", "surrogatepass").decode("utf-16"), 200, "script"),
    ],
)
def test_hostile_queries(client: httpx.Client, query: str, status: int, words: str) -> None:
    response = post(client, query, QUERY)
    if status == 200:
        assert (response.status_code, response.headers["content-type"]) == (200, JSON)
        assert words in response.text
    else:
        ends(response, status, words)


def test_invalid_graph_names(client: httpx.Client) -> None:
    for name in ("", "no iri", "http://x/ y", "a" * 10_000):
        response = get(client, "ASK {}", default_graph_uri=name)
        ends(response, 400, "is not the IRI of a graph")


def test_bombs_end_whole_or_not_at_all(tmp_path: Path) -> None:
    """Never a part of an answer behind a 200: too slow, too large, and too many at a time each have their status."""
    store = ox.Store(str(tmp_path / "store"))
    node = ox.NamedNode
    store.bulk_extend(ox.Quad(node(f"http://x/{i}"), node("http://x/p"), node(f"http://x/{i % 100}")) for i in range(5_000))
    store.flush()
    product = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with running(application(tmp_path / "store", time_limit=1)) as client:
        ends(get(client, f"SELECT (COUNT(*) AS ?n) {product}"), 503, "not answered within 1 seconds")
        ends(get(client, f"SELECT (COUNT(*) AS ?n) (MAX(?i) AS ?m) {product}", format="csv"), 503, "not answered within 1 seconds")
    with running(application(tmp_path / "store", time_limit=60)) as client:
        for format in ("json", "csv"):
            ends(get(client, f"SELECT * {product}", format=format), 413, "larger than 16 MB")
        for format in ("turtle",):
            ends(get(client, "CONSTRUCT { ?a ?b ?d } { ?a ?b ?c . ?d ?e ?f }", format=format), 413, "larger than 16 MB")
        assert boolean(get(client, "ASK {}"))


def test_a_client_that_leaves_frees_its_process(tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "store"))
    node = ox.NamedNode
    store.bulk_extend(ox.Quad(node(f"http://x/{i}"), node("http://x/p"), node(f"http://x/{i % 100}")) for i in range(5_000))
    store.flush()

    async def main() -> None:
        app = application(tmp_path / "store", time_limit=30)
        query = urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}).encode()
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": "/sparql",
            "raw_path": b"/sparql",
            "query_string": query,
            "headers": [(b"host", b"localhost")],
            "scheme": "http",
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }
        messages = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await asyncio.sleep(0.6)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None: ...

        async with app.router.lifespan_context(app), asyncio.timeout(10):
            await app(scope, receive, send)

    asyncio.run(main())


@pytest.fixture(scope="session")
def hostile() -> list[dict[str, Any]]:
    """The hostile inputs that are meant for the endpoint; where they are not at hand, the test is skipped with this reason."""
    if not (HOSTILE / "index.json").is_file():
        pytest.skip(f"the hostile inputs are not at hand (KG_HOSTILE or {HOSTILE.name}/ beside the checkout)")
    return [entry for entry in json.loads((HOSTILE / "index.json").read_text("utf-8")) if entry["kind"] == "sparql"]


def test_the_collected_hostile_queries(client: httpx.Client, hostile: list[dict[str, Any]]) -> None:
    for entry in hostile:
        if not entry["file"].endswith((".rq", ".ru", ".bin")):
            continue
        response = post(client, (HOSTILE / entry["file"]).read_bytes(), QUERY)
        expected = {"reject": {400}, "accept": {200, 503}, "cut": {200, 413, 503}}[entry["outcome"]]
        assert response.status_code in expected, (entry["file"], response.status_code, response.text[:200])
        assert boolean(get(client, "ASK {}"))
