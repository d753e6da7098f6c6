"""Lists and full text: how long the index takes to write and to ask, and its size. Nothing of it is compared with rdflib."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.benchmarks.apart import apart
from tests.benchmarks.build import build_kg
from tests.benchmarks.cases import write_case
from tests.benchmarks.measure import table

if TYPE_CHECKING:
    from kg.index import Index

#: Questions of each sort.
QUESTIONS = 200


def run(statements: int = 10_000, questions: int = QUESTIONS) -> dict[str, Any]:
    """The index of a made-up case with its documents, and the milliseconds of questions of each sort."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        built = apart(build_kg, write_case(root / "case", statements), root / "graph", False)
        asked = apart(ask, root / "graph", questions)
    return {"statements": statements, "index_seconds": built["wall"]["index"], "build_seconds": built["wall"]["total"], **asked}


def ask(graph: Path, questions: int) -> dict[str, Any]:
    """Ask the index of a graph; every question is another, and none was asked before."""
    from kg.graph import open

    index = open(graph).index
    size = next(graph.glob("builds/*/index.sqlite")).stat().st_size
    sorts = {name: list(_times(questions, ask)) for name, ask in _sorts(index, Random(1)).items()}
    return {"bytes": size, "questions": {name: _summary(times) for name, times in sorts.items()}}


def _sorts(index: Index, random: Random) -> dict[str, Callable[[], Any]]:
    """For each sort a function that asks one question of it."""
    from kg.index import Selection
    from kg.search import search, suggest

    texts = [row["text"] for row in index.execute("SELECT text FROM words WHERE name = ''")]
    names = [row["label"] for row in index.execute("SELECT label FROM thing WHERE kind = 'person'")]
    busiest = "SELECT value FROM link WHERE role = 'speaker' GROUP BY 1 ORDER BY count(*) DESC, value LIMIT 1"
    speaker = index.execute(busiest)[0]["value"]
    topics = [row["iri"] for row in index.execute("SELECT iri FROM thing WHERE kind = 'topic'")]

    def words(n: int) -> str:
        text = random.choice(texts).rstrip(".").split()
        begin = random.randrange(max(len(text) - n, 1))
        return " ".join(text[begin : begin + n])

    def misspelt() -> str:
        name = random.choice(names)
        place = random.randrange(1, len(name) - 1)
        return name[:place] + name[place + 1 :]

    return {
        "one word": lambda: search(index, words(1)),
        "three words": lambda: search(index, words(3)),
        "phrase": lambda: search(index, f'"{words(2)}"'),
        "any words": lambda: search(index, words(1) + " xyzzyx"),
        "name": lambda: search(index, random.choice(names)),
        "name misspelt": lambda: search(index, misspelt()),
        "suggest": lambda: suggest(index, random.choice(names)[: random.randrange(1, 6)]),
        "suggest misspelt": lambda: suggest(index, misspelt()),
        "statements of the busiest speaker": lambda: index.select(Selection(speaker=speaker), offset=random.randrange(50), limit=50),
        "their count": lambda: index.count(Selection(speaker=speaker, repeats=random.random() < 0.5)),
        "their facets": lambda: index.count_facets(Selection(speaker=speaker, topic=random.choice([*topics, ""]))),
        "facets of all": lambda: index.count_facets(Selection(repeats=random.random() < 0.5)),
    }


def _times(questions: int, ask: Callable[[], Any]) -> Iterator[float]:
    for _ in range(questions):
        begin = time.perf_counter()
        ask()
        yield time.perf_counter() - begin


def _summary(times: list[float]) -> dict[str, float]:
    return {"median_ms": round(1000 * median(times), 3), "p95_ms": round(1000 * quantiles(times, n=20)[-1], 3)}


def show(result: dict[str, Any]) -> str:
    """The result as text for a person."""
    rows = [[name, times["median_ms"], times["p95_ms"]] for name, times in result["questions"].items()]
    size, built = result["bytes"] / 1e6, result["build_seconds"]
    lines = f"{result['statements']:,} statements: index written in {result['index_seconds']:.1f} s of {built:.1f} s, {size:.0f} MB"
    return "\n".join([lines, table(["question", "median ms", "p95 ms"], rows)])
