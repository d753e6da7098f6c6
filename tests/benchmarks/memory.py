"""What a quad takes in memory: our store in memory, our store on disk, and an rdflib Dataset."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.apart import Worker
from tests.benchmarks.engines import load_dataset, serve
from tests.benchmarks.measure import table
from tests.benchmarks.queries import LOADING, prepare


def run(statements: int = 20_000) -> dict[str, Any]:
    """Quads, and the most bytes that were resident while loading them, beyond those of the libraries."""
    with TemporaryDirectory() as folder:
        graph, nquads, _ = prepare(Path(folder), statements)
        found = {}
        for engine, function, more in (("memory", serve, (60.0,)), ("disk", serve, (60.0,)), ("rdflib", load_dataset, ())):
            with Worker(function, engine, graph, nquads, *more) as worker:
                found[engine] = worker.receive(LOADING)
        size = sum(file.stat().st_size for file in (graph / "builds").glob("*/store/*"))
    for answer in found.values():
        answer["bytes_per_quad"] = max(1, round(answer["bytes"] / answer["quads"]))
    return {
        "statements": statements,
        **found,
        "folder_bytes_per_quad": round(size / found["disk"]["quads"]),
        "ratio": round(found["rdflib"]["bytes_per_quad"] / found["memory"]["bytes_per_quad"], 1),
    }


def show(result: dict[str, Any]) -> str:
    """The result as text for a person."""
    rows = [[engine, *(result[engine][key] for key in ("quads", "seconds", "bytes_per_quad"))] for engine in ("memory", "disk", "rdflib")]
    head = ["loading", "quads", "s", "bytes per quad"]
    folder = f"the store's folder has {result['folder_bytes_per_quad']} bytes per quad"
    return "\n".join([table(head, rows), folder, f"rdflib takes {result['ratio']} times the memory of our store in memory"])
