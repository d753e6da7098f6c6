"""``python -m tests.benchmarks [help|build|memory|queries|search|pages|serving|bombs|extraction|spark] [--json]``: all of them, or one."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.benchmarks import bombs, build, extraction, memory, pages, queries, search, serving, spark, startup
from tests.benchmarks.measure import versions

BENCHMARKS: dict[str, Any] = {
    "help": startup,
    "build": build,
    "memory": memory,
    "queries": queries,
    "search": search,
    "pages": pages,
    "serving": serving,
    "bombs": bombs,
    "extraction": extraction,
    "spark": spark,
}


def main(arguments: list[str] | None = None) -> None:
    """Measure what is asked for, and print each result as soon as it is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure kg against plain rdflib.")
    parser.add_argument("which", nargs="?", choices=BENCHMARKS, help="one benchmark; all of them, if it is left out")
    parser.add_argument(
        "--statements", type=int, help="the size of the made-up case; each benchmark has one that suits it, from 2,000 to 100,000"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        help="how long rdflib may take (900 s to build, 60 s for a question), and how long a server is asked (10 s, under attack 40 s)",
    )
    parser.add_argument("--documents", type=int, help="how many documents are made up to be read (2,000)")
    parser.add_argument("--graph", type=Path, help="serve this graph folder in place of a made-up case: pages, serving, bombs")
    parser.add_argument("--corpus", type=Path, help="extraction: a corpus with texts and attributions, such as …/data/dev of PolNeAR")
    parser.add_argument("--scorer", type=Path, help="extraction: the script that scores quotations on it")
    parser.add_argument("--sources", type=Path, help="extraction: the documents of data/met-police")
    parser.add_argument("--json", action="store_true", help="print one JSON object in place of tables")
    options = parser.parse_args(arguments)
    results: dict[str, Any] = {"versions": versions()}
    if not options.json:
        print(", ".join(f"{name} {number}" for name, number in results["versions"].items()))
    for name in [options.which] if options.which else BENCHMARKS:
        sizes = {key: getattr(options, key) for key in _TAKES[name] if getattr(options, key)}
        results[name] = BENCHMARKS[name].run(**sizes)
        if not options.json:
            print(f"\n== {name}\n{BENCHMARKS[name].show(results[name])}", flush=True)
    if options.json:
        print(json.dumps(results, indent=2))


_TAKES = {
    "help": (),
    "build": ("statements", "seconds"),
    "memory": ("statements",),
    "queries": ("statements", "seconds"),
    "search": ("statements",),
    "pages": ("statements", "graph"),
    "serving": ("statements", "seconds", "graph"),
    "bombs": ("statements", "seconds", "graph"),
    "extraction": ("corpus", "scorer", "sources"),
    "spark": ("documents",),
}

if __name__ == "__main__":
    main()
