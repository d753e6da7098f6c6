"""Serving: `kg serve` against rdflib-endpoint on the same graph - an entity's description, a point query, an aggregate."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.build import build
from kg.store import open_store
from kg.vocabulary import ACC
from tests.benchmarks.cases import write_case
from tests.benchmarks.load import TURTLE, Ask, Load, press, sparql, until_up
from tests.benchmarks.measure import table

#: How many clients ask at a time, and how many seconds one that reads what it gets takes until it asks again.
CLIENTS, PAUSE = 20, 0.5
PREFIX = f"PREFIX acc: <{ACC}> "
_ENDPOINT = """
import sys, rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
if sys.argv[1] == "oxigraph":
    from oxrdflib import OxigraphStore
    import pyoxigraph as ox
    graph = rdflib.Dataset(store=OxigraphStore(store=ox.Store.read_only(sys.argv[2])), default_union=True)
else:
    graph = rdflib.Dataset(default_union=True)
    graph.parse(sys.argv[2], format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph, path="/sparql"), host="127.0.0.1", port=int(sys.argv[3]), log_level="error")
"""


class Server(NamedTuple):
    """A running server: its address, and the number of its process."""

    url: str
    pid: int


def run(statements: int = 16_500, seconds: float = 10, graph: Path | None = None) -> dict[str, Any]:
    """Requests a second, median and 99th percentile in milliseconds of each server and each kind of request.

    ``graph`` is a graph folder that is there already; without it a case of so many ``statements`` is made and built.
    """
    with built(statements, graph) as graph, tempfile.TemporaryDirectory() as folder:
        store, manifest = open_store(graph)
        asks = questions(store)
        servers: dict[str, Any] = {}
        with kg_serve(graph) as server:
            expected = {kind: _answer(server.url, some[0]) for kind, some in asks.items()}
            servers["kg serve"] = {kind: press(server.url, Load(some, CLIENTS), seconds).shown() for kind, some in asks.items()}
            servers["kg serve"] |= _pages(server.url, store, manifest.base, seconds)
        if find_spec("rdflib_endpoint"):
            nquads = Path(folder) / "graph.nq"
            store.dump(str(nquads), format=ox.RdfFormat.N_QUADS)
            place = next((graph / "builds").glob(f"{manifest.digest[:12]}-*")) / "store"
            for name, kind, source in (("rdflib-endpoint, rdflib", "rdflib", nquads), ("rdflib-endpoint, Oxigraph", "oxigraph", place)):
                with _rdflib_endpoint(kind, source) as server:
                    servers[name] = {
                        kind: press(server.url, Load(some, CLIENTS), seconds).shown()
                        | {"same": _answer(server.url, some[0]) == expected[kind]}
                        for kind, some in asks.items()
                    }
        return {"quads": manifest.quads, "clients": CLIENTS, "servers": servers}


@contextmanager
def built(statements: int, graph: Path | None = None) -> Iterator[Path]:
    """The graph folder; where there is none, one that is built from a made-up case, and removed at the end."""
    if graph is not None:
        yield graph
        return
    with tempfile.TemporaryDirectory() as folder:
        build(write_case(Path(folder) / "case", statements), Path(folder) / "graph")
        yield Path(folder) / "graph"


def questions(store: ox.Store, count: int = 40_000) -> dict[str, list[Ask]]:
    """Requests of three kinds; none is the same as another, so that no answer is kept for it."""
    chance = Random(5)
    statements = _iris(store, ACC + "speaker")
    reports = sorted({quad.object.value for quad in store.quads_for_pattern(None, ox.NamedNode(ACC + "reportedIn"), None, None)})
    chosen = [f"<{iri}>" for iri in chance.choices(statements, k=count)]
    point = "SELECT ?speaker ?date ?summary { %s acc:speaker ?speaker ; acc:summary ?summary OPTIONAL { %s acc:saidOn ?date } }"
    aggregate = (
        "SELECT ?speaker (COUNT(DISTINCT ?s) AS ?n) { ?s acc:reportedIn <%s> ; acc:speaker ?speaker } GROUP BY ?speaker ORDER BY DESC(?n)"
    )
    return {
        "entity description": [sparql("/sparql", f"DESCRIBE {iri} # {n}", TURTLE) for n, iri in enumerate(chosen)],
        "point query": [sparql("/sparql", f"{PREFIX}{point % (iri, iri)} # {n}") for n, iri in enumerate(chosen)],
        "aggregate": [sparql("/sparql", f"{PREFIX}{aggregate % chance.choice(reports)} # {n}") for n in range(count)],
    }


def page_asks(store: ox.Store, base: str, count: int = 4000, seed: int = 6) -> list[Ask]:
    """Pages of statements and of those who made them, one of an actor for every three of statements.

    Each has an address of its own, so that the page is made anew.
    """
    chance = Random(seed)
    statements = _iris(store, ACC + "speaker")
    actors = sorted({quad.object.value for quad in store.quads_for_pattern(None, ox.NamedNode(ACC + "speaker"), None, None)})
    some = [chance.choice(actors) if n % 4 == 0 else chance.choice(statements) for n in range(count)]
    return [Ask(f"/{iri.removeprefix(base)}?{seed}-{n}=") for n, iri in enumerate(some)]


def _pages(url: str, store: ox.Store, base: str, seconds: float) -> dict[str, Any]:
    """Pages that nobody has asked for yet, by clients who read them and by clients who wait for nothing; and pages that are kept."""
    kept = page_asks(store, base, 200, seed=8)
    press(url, Load(kept, CLIENTS, once=True))
    loads = {
        f"entity page, new, asked every {PAUSE:g} s": Load(page_asks(store, base, seed=7), CLIENTS, PAUSE),
        "entity page, new": Load(page_asks(store, base, 40_000), CLIENTS),
        "entity page, kept": Load(kept, CLIENTS),
    }
    return {kind: press(url, load, seconds).shown() for kind, load in loads.items()}


def _answer(url: str, ask: Ask) -> list[str]:
    """What is answered, as lines that are the same for the same answer."""
    with urllib.request.urlopen(urllib.request.Request(url.rstrip("/") + ask.path, headers={"Accept": ask.accept})) as response:
        body = response.read()
    if ask.accept == TURTLE:  # rdflib-endpoint describes in RDF/XML, whatever is accepted
        format = ox.RdfFormat.RDF_XML if body.startswith(b"<?xml") else ox.RdfFormat.TURTLE
        return sorted({str(quad.triple) for quad in ox.parse(body, format)})
    rows = json.loads(body)["results"]["bindings"]
    return [str(sorted((name, term["value"]) for name, term in row.items())) for row in rows]


def _iris(store: ox.Store, predicate: str) -> list[str]:
    return sorted({quad.subject.value for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)})


@contextmanager
def kg_serve(graph: Path, *options: str) -> Iterator[Server]:
    """A running `kg serve`."""
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(graph), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "kg serve prints its address"
            until_up(found[0], lambda: process.poll() is None, 60)
            yield Server(found[0], process.pid)
        finally:
            process.terminate()


@contextmanager
def _rdflib_endpoint(kind: str, source: Path) -> Iterator[Server]:
    """A running rdflib-endpoint, once it has loaded the graph; it answers at `/sparql`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with subprocess.Popen(
        [sys.executable, "-c", _ENDPOINT, kind, str(source), str(urlsplit(url).port)], stderr=subprocess.DEVNULL
    ) as process:
        try:
            until_up(url, lambda: process.poll() is None, 600)
            yield Server(url, process.pid)
        finally:
            process.kill()


def show(results: dict[str, Any]) -> str:
    """The results as a table."""
    ours = results["servers"]["kg serve"]
    rows = []
    for name, found in results["servers"].items():
        for kind, numbers in found.items():
            columns = [numbers[column] for column in ("requests/s", "p50 ms", "p99 ms", "refused")]
            faster = f"{ours[kind]['requests/s'] / numbers['requests/s']:.1f}" if "same" in numbers and numbers["requests/s"] else ""
            rows.append((name, kind, *columns, {True: "yes", False: "no"}.get(numbers.get("same"), ""), faster))
    head = ("server", "request", "requests/s", "p50 ms", "p99 ms", "refused", "same answer", "kg serve is faster by")
    return f"{results['quads']:,} quads, {results['clients']} clients\n" + table(head, rows)
