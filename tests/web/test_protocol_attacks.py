"""What an attacker may send to the endpoint: each is refused in words, and never answered in part."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph as ox
import pytest

from tests.conftest import ROOT
from tests.web.endpoint import FORM, JSON, QUERY, application, boolean, ends, get, post
from tests.web.serving import running

HOSTILE = Path(os.environ.get("KG_HOSTILE", ROOT.parent / "shared" / "hostile"))


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


@pytest.fixture
def collected() -> list[dict[str, Any]]:
    """The hostile inputs that are meant for the endpoint; where they are not at hand, the test is skipped with this reason."""
    if not (HOSTILE / "index.json").is_file():
        pytest.skip(f"the hostile inputs are not at hand (KG_HOSTILE or {HOSTILE.name}/ beside the checkout)")
    return [entry for entry in json.loads((HOSTILE / "index.json").read_text("utf-8")) if entry["kind"] == "sparql"]


def test_the_collected_hostile_queries(client: httpx.Client, collected: list[dict[str, Any]]) -> None:
    for entry in collected:
        if not entry["file"].endswith((".rq", ".ru", ".bin")):
            continue
        response = post(client, (HOSTILE / entry["file"]).read_bytes(), QUERY)
        expected = {"reject": {400}, "accept": {200, 503}, "cut": {200, 413, 503}}[entry["outcome"]]
        assert response.status_code in expected, (entry["file"], response.status_code, response.text[:200])
        assert boolean(get(client, "ASK {}"))
