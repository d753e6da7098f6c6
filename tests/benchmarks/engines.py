"""The engines that are compared: our store in memory and on disk, and plain rdflib in memory, each in its own process."""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.apart import Pipe
from tests.benchmarks.measure import OutOfTime, limit, peak

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib

ENGINES = ("memory", "disk", "rdflib")
#: A question is asked again until so many seconds are over, or it was asked so many times; processor clocks tick coarsely.
ENOUGH, TIMES = 2.0, 200

Ask = Callable[[str], Callable[[], list[str]]]


def serve(pipe: Pipe, engine: str, graph: Path, nquads: Path, seconds: float) -> None:
    """Load the graph, send what that took, then answer each query that comes with its seconds and a digest of its rows."""
    imports()
    before, begin = peak(), time.perf_counter()
    size, ask = {"memory": _memory, "disk": _disk, "rdflib": _rdflib}[engine](graph, nquads)
    pipe.send({"seconds": time.perf_counter() - begin, "quads": size, "bytes": peak() - before})
    gc.collect()
    gc.freeze()
    while True:
        pipe.send(_timed(ask, pipe.recv(), seconds))


def imports() -> None:
    """Load the libraries, so that what they take is not counted as the graph's."""
    import pyoxigraph  # noqa: F401
    import rdflib.plugins.sparql  # noqa: F401

    import kg.queries
    import kg.store  # noqa: F401


def _timed(ask: Ask, text: str, seconds: float) -> dict[str, Any]:
    """The processor seconds of a query, and its rows in short: the mean of several runs behind a first one, if that was quick."""
    runs, spent = 0, 0.0
    try:
        with limit(seconds):
            query = ask(text)
            spent, rows = _seconds(query)
            if spent < ENOUGH:
                total, begin = 0.0, time.perf_counter()
                while runs < TIMES and time.perf_counter() - begin < ENOUGH:
                    total, runs = total + _seconds(query)[0], runs + 1
                spent = total / runs
    except OutOfTime:
        if not spent:
            return {"seconds": None}
    except Exception as error:
        return {"seconds": None, "error": f"{type(error).__name__}: {error}"}
    digest = hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
    return {"seconds": spent, "rows": len(rows), "digest": digest}


def _seconds(query: Callable[[], list[str]]) -> tuple[float, list[str]]:
    begin = time.process_time()
    rows = query()
    return time.process_time() - begin, rows


def _memory(graph: Path, nquads: Path) -> tuple[int, Ask]:
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
    return len(store), _ask(store)


def _disk(graph: Path, nquads: Path) -> tuple[int, Ask]:
    from kg.store import open_store

    store, manifest = open_store(graph)
    return manifest.quads, _ask(store)


def _ask(store: ox.Store) -> Ask:
    from kg.queries import run

    return lambda text: lambda: ["\t".join(map(_ours, row)) for row in run(store, text).terms]


def _rdflib(graph: Path, nquads: Path) -> tuple[int, Ask]:
    """One flat Graph, which rdflib asks faster than a Dataset, and queries that are parsed before the clock runs."""
    import pyoxigraph as ox
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    from kg.vocabulary import PREFIXES

    rdflib.NORMALIZE_LITERALS = False
    flat, known = rdflib.Graph(), dict[Any, "rdflib.term.Identifier"]()

    def term(node: Any) -> rdflib.term.Identifier:
        if node not in known:
            if isinstance(node, ox.NamedNode):
                known[node] = rdflib.URIRef(node.value)
            else:
                kind = node.datatype.value
                plain = node.language or kind.endswith("#string")
                known[node] = rdflib.Literal(node.value, lang=node.language, datatype=None if plain else rdflib.URIRef(kind))
        return known[node]

    size = 0
    for quad in ox.parse(path=str(nquads), format=ox.RdfFormat.N_QUADS):
        flat.add((term(quad.subject), term(quad.predicate), term(quad.object)))
        size += 1

    def ask(text: str) -> Callable[[], list[str]]:
        query = prepareQuery(text, initNs=PREFIXES)
        rows: Callable[[], Any] = lambda: flat.query(query)  # noqa: E731
        return lambda: ["\t".join(map(_theirs, row)) for row in rows()]

    return size, ask


def load_dataset(pipe: Pipe, engine: str, graph: Path, nquads: Path) -> None:
    """Send what the graph takes in an rdflib Dataset with its named graphs, as rdflib's own parser fills it."""
    import rdflib

    imports()
    before, begin = peak(), time.perf_counter()
    dataset = rdflib.Dataset()
    dataset.parse(nquads, format="nquads")
    size = sum(1 for _ in dataset.quads())
    pipe.send({"seconds": time.perf_counter() - begin, "quads": size, "bytes": peak() - before})


def _ours(term: Any) -> str:
    """The term as text that is the same for both engines."""
    if term is None:
        return ""
    datatype = getattr(term, "datatype", None)
    return _literal(term.value, datatype.value) if datatype else str(term.value)


def _theirs(term: Any) -> str:
    if term is None:
        return ""
    datatype = getattr(term, "datatype", None)
    return _literal(str(term), str(datatype)) if datatype else str(term)


def _literal(value: str, datatype: str) -> str:
    if datatype.rpartition("#")[2] in ("integer", "decimal", "double", "float"):
        try:
            return f"{Decimal(value):.9g}"
        except InvalidOperation:
            return value
    return {"1": "true", "0": "false"}.get(value, value) if datatype.endswith("#boolean") else value.replace("+00:00", "Z")
