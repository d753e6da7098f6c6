"""The SPARQL 1.1 Protocol: the cases of the W3C's test list under their names, the formats, and what stands around an answer.

The list: https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/ (the cases are written anew here). Updates are
refused, each with the same words, because the graph is only read.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest

from tests.web.endpoint import DATA, FORM, JSON, QUERY, SD, UPDATE, XML, boolean, ends, get, post


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
