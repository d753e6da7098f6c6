"""Under attack: what other clients wait while hostile queries run, how each of these ends, and what is left of them."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from kg.store import open_store
from kg.web.workers import PROCESSES
from tests.benchmarks.load import Ask, Load, press_together, sparql
from tests.benchmarks.measure import table
from tests.benchmarks.serving import Server, built, kg_serve, page_asks, questions

#: How many bombs the server is to have forgotten, and their time limit.
LEFT, SHORT = 200, 0.5
#: How many clients ask for each of three kinds of things; how many seconds those take who read what they get.
CLIENTS, PAUSE = 5, 0.2
#: How many attack at a time.
ATTACKERS = (0, 1, 4)
#: Bytes that a server may take besides its processes for queries, as docs/serving.md says.
BESIDES = 1 << 30
_MEMORY = 256 << 20

BOMBS = {
    "cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "backtracking regex": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?a), STR(?d)), '^((.*.*)+a.*){8}(a|aa)+zzz$')) }",
    "GROUP_CONCAT": "SELECT (GROUP_CONCAT(?s) AS ?x) { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }",
    "* path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|<x:y>)* ?b . ?c (!<x:y>|<x:y>)* ?d }",
    "ORDER BY on a product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a",
    "CONCAT doubled": "SELECT (STRLEN(?y40) AS ?n) { BIND('0123456789' AS ?y0) "
    + " ".join(f"BIND(CONCAT(?y{i}, ?y{i}) AS ?y{i + 1})" for i in range(40))
    + "}",
    "large answer": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
}


class Ended(NamedTuple):
    """How a bomb ended: after how many seconds, with which status of HTTP, and what was said."""

    name: str
    seconds: float
    status: int
    message: str


class Usage(NamedTuple):
    """What a server and the processes below it take: how many they are, descriptors of the first, bytes resident, shared ones once."""

    processes: int
    descriptors: int
    resident: int
    proportional: int


def run(statements: int = 2000, seconds: float = 40, graph: Path | None = None, limit: float = 5) -> dict[str, Any]:
    """Quantiles of others while nobody, one and four attack; how each bomb ended; the most memory; and what is left of 200 bombs.

    ``seconds`` is how long each attack is watched, ``limit`` how many a query may take. ``graph`` is a graph folder that is there
    already; without it a case of so many ``statements`` is made and built.
    """
    with built(statements, graph) as graph:
        store, manifest = open_store(graph)
        asks = {"entity page": page_asks(store, manifest.base, 40_000), **questions(store)}
        del asks["aggregate"], store
        results: dict[str, Any] = {"quads": manifest.quads, "cap": BESIDES + PROCESSES * _MEMORY}
        others, ended = {}, []
        with kg_serve(graph, "--time-limit", str(limit)) as server, watched(server.pid) as seen:
            for manner, pause in ((f"every {PAUSE:g} s", PAUSE), ("without a pause", 0)):
                for attackers in ATTACKERS:
                    loads = {kind: Load(_fresh(some, f"{manner[:3]}{attackers}"), CLIENTS, pause) for kind, some in asks.items()}
                    others[manner, attackers], hits = _both(server.url, loads, seconds, attackers)
                    ended += hits
        results["others"] = [_row(manner, n, kind, found, others) for (manner, n), every in others.items() for kind, found in every.items()]
        results["bombs"] = [_ending(name, ended) for name in BOMBS]
        results["most"] = {"resident": max(one.resident for one in seen), "proportional": max(one.proportional for one in seen)}
        results["left"] = _left(graph, {kind: Load(some, CLIENTS) for kind, some in asks.items()})
    return results


def _fresh(asks: Iterable[Ask], mark: str) -> list[Ask]:
    """The same requests, each different from all others, so that no answer of before is used again."""
    return [replace(ask, path=f"{ask.path}{'%20%23' if 'query=' in ask.path else ''}{mark}-{n}") for n, ask in enumerate(asks)]


def _both(url: str, loads: dict[str, Load], seconds: float, attackers: int) -> tuple[dict[str, Any], list[Ended]]:
    """What others measured while so many attacked for as long, and how the bombs ended."""
    end = time.perf_counter() + seconds
    bombs = itertools.takewhile(lambda _: time.perf_counter() < end, _bombs())
    with ThreadPoolExecutor(1) as pool:
        attack = pool.submit(lambda: asyncio.run(_attack(url, bombs, attackers)))
        found = press_together(url, loads, seconds)
        return {kind: result.shown() for kind, result in found.items()}, attack.result()


def _bombs() -> Iterator[tuple[str, Ask]]:
    """Bombs without end, none twice."""
    for n in itertools.count(time.monotonic_ns()):
        for name, query in BOMBS.items():
            yield name, sparql("/sparql", f"{query} # {n}")


async def _attack(url: str, bombs: Iterator[tuple[str, Ask]], attackers: int) -> list[Ended]:
    async def attacker() -> list[Ended]:
        return [await _thrown(url, *bomb) for bomb in bombs]

    return list(itertools.chain(*await asyncio.gather(*(attacker() for _ in range(attackers)))))


async def _thrown(url: str, name: str, ask: Ask) -> Ended:
    parts, begin = urlsplit(url), time.perf_counter()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(ask.bytes(parts.netloc).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    took = time.perf_counter() - begin
    writer.close()
    status = int(head.split()[1])
    return Ended(name, took, status, "" if status == 200 else json.loads(body)["error"])


def _row(manner: str, attackers: int, kind: str, found: dict[str, float], others: dict[tuple[str, int], Any]) -> dict[str, Any]:
    ratio = found["p99 ms"] / others[manner, 0][kind]["p99 ms"]
    return {"asked": manner, "attackers": attackers, "request": kind, **found, "times quiet p99": round(ratio, 1)}


def _ending(name: str, ended: list[Ended]) -> dict[str, Any]:
    mine = [one for one in ended if one.name == name]
    answers = sorted({f"{one.status} {one.message}".strip() for one in mine})
    return {"bomb": name, "thrown": len(mine), "longest s": round(max((one.seconds for one in mine), default=0), 2), "answers": answers}


def _left(graph: Path, loads: dict[str, Load]) -> dict[str, Any]:
    """Processes, descriptors and memory of an idle server that has worked, before and after ``LEFT`` bombs."""
    with kg_serve(graph, "--time-limit", str(SHORT)) as server:
        press_together(server.url, loads, 2)
        _throw(server, len(BOMBS))
        before = _rested(server.pid)
        ended = _throw(server, LEFT)
        after = _rested(server.pid)
    same = after[:2] == before[:2] and after.proportional < before.proportional + (50 << 20)
    longest = round(max(one.seconds for one in ended), 2)
    return {"bombs": len(ended), "longest s": longest, "before": before._asdict(), "after": after._asdict(), "leaked": not same}


def _throw(server: Server, count: int) -> list[Ended]:
    return asyncio.run(_attack(server.url, itertools.islice(_bombs(), count), 4))


def _rested(pid: int) -> Usage:
    """The usage once it is the same for two seconds: connections have been closed, processes started again."""
    seen = [usage(pid)]
    while len(seen) < 100 and (len(seen) < 20 or len({one[:2] for one in seen[-20:]}) > 1):
        time.sleep(0.1)
        seen.append(usage(pid))
    return seen[-1]


@contextmanager
def watched(pid: int) -> Iterator[list[Usage]]:
    """The usage of a server, five times a second while the block runs."""
    seen, over = [usage(pid)], Event()

    def look() -> None:
        while not over.wait(0.2):
            seen.append(usage(pid))

    thread = Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def usage(pid: int) -> Usage:
    """What the process and those below it take now."""
    pids = list(_family(pid))
    parts = [_memory(one) for one in pids]
    return Usage(len(pids), len(list(Path(f"/proc/{pid}/fd").iterdir())), sum(rss for rss, _ in parts), sum(pss for _, pss in parts))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _text(children).split():
            yield from _family(int(child))


def _memory(pid: int) -> tuple[int, int]:
    lines = (line.split() for line in _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines())
    sizes = {words[0]: int(words[1]) * 1024 for words in lines if words[0] in ("Rss:", "Pss:")}
    return sizes.get("Rss:", 0), sizes.get("Pss:", 0)


def _text(path: Path) -> str:
    """The text of a file about a process; empty where the process has gone."""
    try:
        return path.read_text()
    except OSError:
        return ""


def show(results: dict[str, Any]) -> str:
    """The results as tables."""
    others, left = results["others"], results["left"]
    sizes = {name: f"{size / 1e6:,.0f} MB" for name, size in {**results["most"], "cap": results["cap"]}.items()}
    rows = [(*row.values(),) for row in others]
    state = [(name, *(value for value in left[name].values())) for name in ("before", "after")]
    return "\n".join(
        [
            f"{results['quads']:,} quads; {CLIENTS} clients for each kind of request, none of it asked twice",
            table(("clients ask", *list(others[0])[1:]), rows),
            "",
            table(("bomb", "thrown", "longest s"), [(row["bomb"], row["thrown"], row["longest s"]) for row in results["bombs"]]),
            *(f"{row['bomb']}: {'; '.join(row['answers'])}" for row in results["bombs"]),
            "",
            f"memory at most {sizes['resident']} resident, {sizes['proportional']} with what is shared counted once; cap {sizes['cap']}",
            "",
            f"{left['bombs']} bombs with a limit of {SHORT:g} s, the longest took {left['longest s']} s",
            table(("", *left["before"]), state),
            f"leaked: {'yes' if left['leaked'] else 'no'}",
        ]
    )
