"""Pages of a large case: how long each kind of page, a search and a suggestion take when they are first asked for, by HTTP."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from kg.graph import Graph
from kg.index import NAME, write_index
from kg.store import open_build
from tests.benchmarks.load import Ask, Load, press
from tests.benchmarks.measure import table
from tests.benchmarks.serving import built, kg_serve

#: How many pages of a kind are asked for; of some there is only one.
SAMPLES = 60


def run(statements: int = 100_000, graph: Path | None = None) -> dict[str, Any]:
    """Median and 95th percentile of each kind of page in milliseconds; how long the index takes to build, and its bytes.

    ``graph`` is a graph folder that is there already; without it a case of so many ``statements`` is made and built.
    """
    with built(statements, graph) as graph, tempfile.TemporaryDirectory() as folder:
        opened = Graph(*open_build(graph))
        begin = time.perf_counter()
        write_index(opened.store, Path(folder) / NAME)
        results: dict[str, Any] = {"statements": opened.manifest.counts["statements"], "quads": opened.manifest.quads}
        results["index"] = {"seconds": round(time.perf_counter() - begin, 1), "bytes": (Path(folder) / NAME).stat().st_size}
        with kg_serve(graph) as server:
            press(server.url, Load([Ask("/")], 1, once=True))
            results["pages"] = {kind: _times(server.url, paths) for kind, paths in addresses(opened).items()}
    return results


def addresses(graph: Graph) -> dict[str, list[str]]:
    """Addresses of each kind of page, chosen at random; ``busiest`` are those of the actors with the most statements."""
    chance, base = Random(3), graph.manifest.base

    def some(sql: str) -> list[str]:
        found = [row[0] for row in graph.index.execute(sql)]
        return ["/" + iri.removeprefix(base) for iri in chance.sample(found, min(SAMPLES, len(found)))]

    words = [row[0] for row in graph.index.execute("SELECT summary FROM statement ORDER BY n * 7919 % 10007 LIMIT ?", (SAMPLES,))]
    names = [row[0] for row in graph.index.execute("SELECT label FROM thing WHERE kind = 'person' ORDER BY said DESC LIMIT ?", (SAMPLES,))]
    found = {
        "statement": some("SELECT iri FROM statement"),
        "actor": some("SELECT iri FROM thing WHERE kind IN ('person', 'institution', 'group')"),
        "actor, busiest": some(f"SELECT iri FROM thing WHERE kind = 'person' ORDER BY said DESC LIMIT {SAMPLES}"),
        "report read": some("SELECT DISTINCT report FROM statement WHERE report <> ''"),
        "topic": some("SELECT iri FROM thing WHERE kind = 'topic'"),
        "event": some("SELECT iri FROM thing WHERE kind = 'event'"),
        "ledger of an owner": ["/ledger?owner=" + quote(base + path[1:]) for path in some("SELECT value FROM link WHERE role = 'owedBy'")],
        "network around": ["/network?focus=" + quote(base + path[1:]) for path in some("SELECT source FROM edge")],
        "search, a name": ["/search?q=" + quote(name) for name in names],
        "search, two words": ["/search?q=" + quote(" ".join(text.split()[1:3])) for text in words],
        "search, a typo": ["/search?q=" + quote(name[:-2] + name[-1]) for name in names],
        "suggestions": ["/suggest.json?q=" + quote(name[:4]) for name in names],
    }
    lists = ("", "person", "institution", "report", "topic", "event", "measure", "statement")
    views = ("timeline", "network", "figures", "ledger", "questions", "sparql", "ontology", "downloads", "cite")
    return found | {f"/{path}": [f"/{path}"] for path in (*lists, *views)}


def _times(url: str, paths: list[str]) -> dict[str, float]:
    """A page that stands alone is asked for once with each of several queries that no answer is kept for."""
    asks = [Ask(path) for path in dict.fromkeys(paths)] if len(paths) > 1 else [Ask(f"{paths[0]}?{n}=") for n in range(8)]
    result = press(url, Load(asks, 1, once=True))
    return {
        "asked": len(asks),
        "p50 ms": round(result.quantile(0.5), 1),
        "p95 ms": round(result.quantile(0.95), 1),
        "refused": result.refused,
    }


def show(results: dict[str, Any]) -> str:
    """The results as a table."""
    index = results["index"]
    head = f"{results['statements']:,} statements, {results['quads']:,} quads; index: {index['seconds']} s, {index['bytes'] / 1e6:.0f} MB"
    return (
        head
        + "\n"
        + table(("page", "asked", "p50 ms", "p95 ms", "refused"), [(kind, *row.values()) for kind, row in results["pages"].items()])
    )
