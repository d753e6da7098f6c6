"""Processes that answer queries: that they answer, that they end, and that one query's end is nobody else's business."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import KgError, LimitError, QueryError, StoreError
from kg.web import workers as module
from kg.web.workers import HEAVY, LIGHT, PROCESSES, Workers

BASE = "https://example.org/case/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LIGHT_QUERY = "SELECT * { ?s ?p ?o } LIMIT 3"

#: Each ends in another way: of time, of memory in the engine or in one value, of room for the answer.
BOMBS = {
    "product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "concatenation of a product": "SELECT (GROUP_CONCAT(?s) AS ?x) { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|<x:y>)* ?b . ?c (!<x:y>|<x:y>)* ?d }",
    "regular expression": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?a), STR(?d)), '(a+)+(b+)+(c+)+zzz$')) }",
    "order of a product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a",
    "doubling": "SELECT (STRLEN(?y40) AS ?n) { BIND('0123456789' AS ?y0) "
    + " ".join(f"BIND(CONCAT(?y{i}, ?y{i}) AS ?y{i + 1})" for i in range(40))
    + "}",
    "large answer": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 30,000 triples in three graphs."""
    path = tmp_path_factory.mktemp("workers") / "store"
    store = ox.Store(str(path))
    node = ox.NamedNode
    quads = [
        ox.Quad(node(f"{BASE}thing/{i // 3}"), node(f"{BASE}p{i % 3}"), node(f"{BASE}thing/{i * 7 % 9999}"), node(f"{BASE}graph/{i % 3}"))
        for i in range(30_000)
    ]
    store.bulk_extend([*quads, ox.Quad(node(BASE + "odd"), node(BASE + "says"), ox.Literal("a\rb\x01"), node(BASE + "graph/0"))])
    store.flush()
    return path


#: The children that a server of another module's tests has in this process.
others: set[int] = set()


def run(folder: Path, work: Callable[[Workers], Awaitable[None]], **limits: float) -> None:
    """Do the work with workers, and see that nothing of them is left."""

    async def main() -> None:
        others.update(children())
        before = descriptors()
        workers = Workers(folder, BASE, **limits)  # type: ignore[arg-type]
        try:
            await work(workers)
        finally:
            await workers.close()
        assert children() == []
        await becomes(lambda: descriptors() <= before)

    asyncio.run(main())


async def becomes(true: Callable[[], bool]) -> None:
    """Wait until it is true; what ends a process, its pipes and its thread comes in no fixed order."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


def children() -> list[int]:
    """The processes that this one has started for this test and that are still there."""
    lists = Path("/proc/self/task").glob("*/children")
    found = {int(pid) for path in lists for pid in path.read_text().split() if "worker.py" in command(int(pid))}
    return sorted(found - others)


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def state(pid: int) -> str:
    """S for a process that has nothing to do, R for one that works, T for one that was stopped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "S"


def processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def rows(workers: Workers, query: str, **dataset: list[str]) -> list[dict[str, str]]:
    answer = await workers.query(query, **dataset)  # type: ignore[arg-type]
    return [{name: term["value"] for name, term in row.items()} for row in json.loads(answer.body)["results"]["bindings"]]


async def refused(workers: Workers, query: str, format: str = "") -> KgError:
    with pytest.raises(KgError) as caught:
        await workers.query(query, format)
    return caught.value


def test_answers_in_every_format(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        await workers.start()
        for format, media_type in module.RESULTS.items():
            answer = await workers.query("SELECT ?o { <thing/1> <p0> ?o }", format)
            assert answer.media_type == media_type
            assert f"{BASE}thing/21".encode() in answer.body
            assert b"true" in (await workers.query("ASK {}", format)).body
        for format, media_type in module.GRAPHS.items():
            answer = await workers.query("CONSTRUCT WHERE { <thing/1> <p0> ?o }", format)
            assert answer.media_type == media_type
            (triple,) = ox.parse(answer.body, ox.RdfFormat.from_media_type(media_type))
            assert triple.object == ox.NamedNode(f"{BASE}thing/21")

    run(folder, work)


def test_our_prefixes_are_known(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        assert await rows(workers, "SELECT (STR(rdf:type) AS ?t) {}") == [{"t": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}]

    run(folder, work)


def test_the_dataset_is_the_union_the_querys_own_or_the_protocols(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        async def count(query: str, **dataset: list[str]) -> int:
            return int((await rows(workers, query, **dataset))[0]["n"])

        own = "SELECT (COUNT(*) AS ?n) FROM <graph/1> { ?s ?p ?o }"
        named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
        assert await count(COUNT) == 30_001
        assert await count(own) == 10_000
        assert await count(named) == 30_001
        assert await count(COUNT, default_graphs=[BASE + "graph/1", BASE + "graph/2"]) == 20_000
        assert await count(own, default_graphs=[BASE + "graph/0"]) == 10_001
        assert await count(named, default_graphs=[BASE + "graph/0"]) == 0
        assert await count(named, named_graphs=[BASE + "graph/1"]) == 10_000
        assert await count(COUNT, named_graphs=[BASE + "graph/1"]) == 0
        assert await count(COUNT, default_graphs=["http://127.0.0.1/nowhere"]) == 0

    run(folder, work)


def test_errors_say_where(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        error = await refused(workers, "SELECT ?s {\n  ?s ?p }")
        assert isinstance(error, QueryError)
        assert "line 2, column 10, after `?s ?p }`" in str(error)
        assert "line 2, column 11, after `?s foo:a`: Prefix not found" in str(await refused(workers, "SELECT ?s {\n  ?s foo:a ?o }"))
        assert "line 1, column 14, after `ASK { ?s <a>]`" in str(await refused(workers, "ASK { ?s <a>]"))
        assert isinstance(await refused(workers, "SELECT (<http://x/f>(1) AS ?x) {}"), QueryError)

    run(folder, work)


def test_xml_that_nobody_could_read_is_not_sent(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        query = "SELECT * { ?s <says> ?o }"
        for text, format in ((query, "xml"), ("CONSTRUCT WHERE { ?s <says> ?o }", "rdfxml"), ("CONSTRUCT { <a> <b/> 1 } {}", "rdfxml")):
            assert "XML cannot hold this answer" in str(await refused(workers, text, format))
        assert json.loads((await workers.query(query)).body)["results"]["bindings"][0]["o"]["value"] == "a\rb\x01"
        answer = await workers.query("SELECT (REPLACE(?o, '\\\\x01', '') AS ?x) { ?s <says> ?o }".replace("\\\\x01", "\\u0001"), "xml")
        assert b"a&#xD;b" in answer.body

    run(folder, work)


def test_the_same_question_is_answered_once(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        assert await workers.query(LIGHT_QUERY) == await workers.query(LIGHT_QUERY)
        first, second = [(await workers.query("SELECT (STRUUID() AS ?x) {}")).body for _ in range(2)]
        assert first != second
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        assert (await workers.query(LIGHT_QUERY)).body

    run(folder, work)


def test_kept_answers_have_a_bound() -> None:
    kept = module._Answers(100)
    for number in range(10):
        kept.keep(b"%d" % number, b"x" * 30)
        kept.get(b"0")
    assert [kept.get(b"%d" % number) is not None for number in range(10)] == [True, *[False] * 7, True, True]
    kept.keep(b"huge", b"x" * 200)
    assert kept.get(b"huge") is None


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_bomb_ends_with_a_clear_error(folder: Path, name: str) -> None:
    async def work(workers: Workers) -> None:
        error = await refused(workers, BOMBS[name])
        assert isinstance(error, LimitError)
        assert error.limit in ("time", "memory", "size")
        assert error.message
        assert error.remedy
        assert len(await rows(workers, LIGHT_QUERY)) == 3

    run(folder, work, time_limit=1.5)


def test_others_are_answered_while_bombs_go_off(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        bombs = [asyncio.ensure_future(workers.query(text, client="attacker")) for text in [*BOMBS.values()] * 3]
        answered = 0
        while not all(bomb.done() for bomb in bombs):
            answer = await workers.query(f"SELECT * {{ ?s ?p ?o }} LIMIT {answered + 1}", client="reader")
            assert len(json.loads(answer.body)["results"]["bindings"]) == answered + 1
            answered += 1
            assert len(children()) <= PROCESSES + LIGHT  # those that have been killed may not be gone yet
        ends = await asyncio.gather(*bombs, return_exceptions=True)
        assert {type(end) for end in ends} == {LimitError}
        assert {end.limit for end in ends if isinstance(end, LimitError)} >= {"time", "busy"}  # some never got a place
        assert answered > 0

    run(folder, work, time_limit=3)


def test_a_slow_query_gets_its_answer(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        slow = "SELECT (COUNT(*) AS ?n) { ?a <p0> ?b . ?c <p1> ?d FILTER(?a != ?d && STRLEN(STR(?b)) > %d) } LIMIT 1"
        text = slow.replace("?c <p1> ?d", "VALUES ?d { " + " ".join(f"<thing/{i}>" for i in range(60)) + " } ?c <p1> ?d")
        counts = await asyncio.gather(*(rows(workers, text % number) for number in range(HEAVY)))
        assert all(int(count[0]["n"]) > 0 for count in counts)
        assert len(workers._slow) > 0

    run(folder, work, time_limit=60)


def test_what_kills_a_process_is_said_to_its_client_only(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        await workers.start()
        bomb = asyncio.ensure_future(refused(workers, BOMBS["product"]))
        while not (busy := [pid for pid in children() if processor_time(pid) > 0.3]):
            await asyncio.sleep(0.05)
        other = asyncio.ensure_future(rows(workers, LIGHT_QUERY))
        for pid in busy:
            os.kill(pid, signal.SIGSEGV)
        assert "too deep" in str(await bomb)
        assert len(await other) == 3

    run(folder, work)


def test_who_goes_away_leaves_nothing_running(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        for pause in (0.0, 0.02, 0.2, 0.5):
            task = asyncio.ensure_future(workers.query(BOMBS["product"]))
            await asyncio.sleep(pause)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert len(await rows(workers, LIGHT_QUERY)) == 3
        await becomes(lambda: all(state(pid) == "S" for pid in children()))

    run(folder, work)


def test_closing_lets_those_that_run_end(folder: Path) -> None:
    async def work(workers: Workers) -> None:
        asked = [asyncio.ensure_future(rows(workers, f"SELECT * {{ ?s ?p ?o }} LIMIT {number}")) for number in range(1, 9)]
        await asyncio.sleep(0)
        await workers.close()
        assert [len(await answer) for answer in asked] == list(range(1, 9))
        assert isinstance(await refused(workers, LIGHT_QUERY + " OFFSET 1"), LimitError)

    run(folder, work)


def test_a_store_that_is_none(tmp_path: Path) -> None:
    async def work(workers: Workers) -> None:
        with pytest.raises(StoreError):
            await workers.start()
        with pytest.raises(StoreError):
            await workers.query(LIGHT_QUERY)

    run(tmp_path / "nothing", work)


def test_nothing_is_opened_and_nobody_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even without the gate: the process cannot make a connection."""
    outline = module.gate.check(LIGHT_QUERY)
    monkeypatch.setattr(module.gate, "check", lambda text: outline)
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.5)
    port = server.getsockname()[1]

    async def work(workers: Workers) -> None:
        for silent in ("", "SILENT"):
            query = f"SELECT * {{ SERVICE {silent} <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
            try:
                assert b"127.0.0.1" not in (await workers.query(query)).body
            except KgError as error:
                assert "line" not in str(error)
        with pytest.raises(KgError):
            await workers.query(f"LOAD <http://127.0.0.1:{port}/>")

    with server:
        run(folder, work)
        with pytest.raises(TimeoutError):
            server.accept()


def test_processes_end_with_the_one_that_started_them(folder: Path) -> None:
    """Killed without a chance to clean up, while one works, one waits its turn and others have nothing to do."""
    program = f"""
import asyncio
from kg.web.workers import Workers
async def main():
    workers = Workers({str(folder)!r}, time_limit=1)
    bombs = [asyncio.ensure_future(workers.query({BOMBS["product"]!r} + ' LIMIT %d' % n)) for n in (1, 2, 3)]
    await asyncio.sleep(0.8)
    print('ready', flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "ready\n"
        started = [int(pid) for path in Path(f"/proc/{parent.pid}/task").glob("*/children") for pid in path.read_text().split()]
        assert len(started) > 1
        parent.kill()
    deadline = time.monotonic() + 20
    while left := [pid for pid in started if "worker.py" in command(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def test_no_thread_is_left(folder: Path) -> None:
    before = threading.active_count()

    async def work(workers: Workers) -> None:
        await asyncio.gather(*(rows(workers, f"SELECT * {{ ?s ?p ?o }} LIMIT {number}") for number in range(1, 20)))
        await workers.close()
        await becomes(lambda: threading.active_count() <= before)

    run(folder, work)


def test_a_store_of_many_files_is_read(tmp_path: Path) -> None:
    """RocksDB opens only some of its files at once, and the others when a query needs them."""
    store = ox.Store(str(tmp_path / "store"))
    for number in range(30):
        triple = f"<http://example.org/{number}> <http://example.org/p> <http://example.org/o>"
        store.bulk_load(f"{triple} <http://example.org/graph/{number}> .".encode(), format=ox.RdfFormat.N_QUADS)
    del store
    assert len(list((tmp_path / "store").glob("*.sst"))) > 64

    async def work(workers: Workers) -> None:
        answer = await workers.query("SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph", "csv")
        assert len(answer.body.splitlines()) == 31

    run(tmp_path / "store", work)
