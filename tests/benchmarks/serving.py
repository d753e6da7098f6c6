"""Serving: `kg serve` against rdflib-endpoint on the same graph - an entity's description, a point query, an aggregate."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph as ox

from kg.build import build
from kg.store import open_store
from kg.vocabulary import ACC
from tests.benchmarks.cases import write_case
from tests.benchmarks.load import HTML, TURTLE, Ask, Result, press, sparql, until_up
from tests.benchmarks.measure import table

CLIENTS = 20
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


def run(statements: int = 16_500, seconds: float = 10, graph: Path | None = None) -> dict[str, Any]:
    """Requests a second, median and 99th percentile in milliseconds of each server and each kind of request.

    ``graph`` is a graph folder that is there already; without it a case of so many ``statements`` is made and built.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if graph is None:
            graph = folder / "graph"
            build(write_case(folder / "case", statements), graph)
        store, manifest = open_store(graph)
        asks = questions(store, manifest.base)
        results: dict[str, Any] = {"quads": manifest.quads, "clients": CLIENTS, "servers": {}}
        with kg_serve(graph) as url:
            ours = {name: press(url, some, CLIENTS, seconds) for name, some in asks.items()}
            pages = page_asks(store, manifest.base)
            ours["entity page, first time"] = press(url, pages, CLIENTS, seconds / 2)
            ours["entity page, again"] = press(url, pages[:500], CLIENTS, seconds)
        results["servers"]["kg serve"] = {name: _shown(result) for name, result in ours.items()}
        if find_spec("rdflib_endpoint"):
            nquads = folder / "graph.nq"
            store.dump(str(nquads), format=ox.RdfFormat.N_QUADS)
            place = next((graph / "builds").glob(f"{manifest.digest[:12]}-*")) / "store"
            for name, kind, source in (("rdflib-endpoint, rdflib", "rdflib", nquads), ("rdflib-endpoint, Oxigraph", "oxigraph", place)):
                with _rdflib_endpoint(kind, source) as url:
                    results["servers"][name] = {some: _shown(press(url, list(asks[some]), CLIENTS, seconds)) for some in asks}
    return results


def questions(store: ox.Store, base: str, count: int = 2000) -> dict[str, list[Ask]]:
    """Requests of three kinds; each names another thing, so that an answer is seldom asked for twice."""
    chance = Random(5)
    statements = _iris(store, ACC + "speaker")
    reports = sorted({quad.object.value for quad in store.quads_for_pattern(None, ox.NamedNode(ACC + "reportedIn"), None, None)})
    chosen = chance.sample(statements, min(count, len(statements)))
    point = "SELECT ?speaker ?date ?summary { <%s> acc:speaker ?speaker ; acc:summary ?summary OPTIONAL { <%s> acc:saidOn ?date } }"
    aggregate = (
        "SELECT ?speaker (COUNT(DISTINCT ?s) AS ?n) { ?s acc:reportedIn <%s> ; acc:speaker ?speaker } GROUP BY ?speaker ORDER BY DESC(?n)"
    )
    return {
        "entity description": [sparql("/sparql", f"DESCRIBE <{iri}>", TURTLE) for iri in chosen],
        "point query": [sparql("/sparql", PREFIX + point % (iri, iri)) for iri in chosen],
        "aggregate": [sparql("/sparql", f"{PREFIX}{aggregate % reports[n % len(reports)]} # {n}") for n in range(count)],
    }


def page_asks(store: ox.Store, base: str, count: int = 4000) -> list[Ask]:
    """Pages of statements and of those who made them, one of an actor for every three of statements."""
    chance = Random(6)
    statements = _iris(store, ACC + "speaker")
    actors = sorted({quad.object.value for quad in store.quads_for_pattern(None, ox.NamedNode(ACC + "speaker"), None, None)})
    some = [chance.choice(actors) if n % 4 == 0 else chance.choice(statements) for n in range(count)]
    return [Ask("/" + iri.removeprefix(base), HTML) for iri in some]


def _iris(store: ox.Store, predicate: str) -> list[str]:
    return sorted({quad.subject.value for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)})  # type: ignore[union-attr]


@contextmanager
def kg_serve(graph: Path, *options: str) -> Iterator[str]:
    """The address of a running `kg serve`."""
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(graph), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "kg serve prints its address"
            until_up(found[0], lambda: process.poll() is None, 60)
            yield found[0]
        finally:
            process.terminate()


@contextmanager
def _rdflib_endpoint(kind: str, source: Path, port: int = 18765) -> Iterator[str]:
    """The address of a running rdflib-endpoint, once it has loaded the graph; its queries go to `/sparql` as well as to `/`."""
    with subprocess.Popen([sys.executable, "-c", _ENDPOINT, kind, str(source), str(port)], stderr=subprocess.DEVNULL) as process:
        try:
            until_up(f"http://127.0.0.1:{port}/", lambda: process.poll() is None, 600)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.kill()


def _shown(result: Result) -> dict[str, float]:
    numbers = {"requests/s": result.rate, "p50 ms": result.quantile(0.5), "p99 ms": result.quantile(0.99), "refused": result.refused}
    return {name: round(number, 1) for name, number in numbers.items()}


def show(results: dict[str, Any]) -> str:
    """The results as a table."""
    first = next(iter(results["servers"].values()))
    rows = []
    for name, found in results["servers"].items():
        for kind, numbers in found.items():
            rows.append((name, kind, *numbers.values(), _ratio(first, kind, numbers)))
    head = ("server", "request", "requests/s", "p50 ms", "p99 ms", "refused", "kg serve is faster by")
    return f"{results['quads']:,} quads, {results['clients']} clients\n" + table(head, rows)


def _ratio(ours: dict[str, Any], kind: str, theirs: dict[str, float]) -> str:
    return f"{ours[kind]['requests/s'] / theirs['requests/s']:.1f}" if theirs["requests/s"] and ours[kind] is not theirs else ""


if __name__ == "__main__":
    found = run(seconds=float(sys.argv[2]) if len(sys.argv) > 2 else 10, graph=Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    print(show(found))
    print(json.dumps(found))
