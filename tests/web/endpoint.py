"""The endpoint as tests ask it: over the data of the W3C's tests, by client, query and accepted format."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.web import protocol
from kg.web.bounds import Bounds
from kg.web.workers import Workers
from tests.web.serving import running

DATA = "http://kasei.us/2009/09/sparql/data/"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
SD = "http://www.w3.org/ns/sparql-service-description#"


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
