"""Killable processes that answer SPARQL queries, in two lanes, so that a slow query costs nobody but itself.

A query runs in a process of its own (``kg.web.worker``). Most are answered at once, in the light lane. One that is not is
stopped and goes to the heavy lane, where processes take turns at low priority, the one first that has had the fewest. A
query that is not answered in time is killed with its process; another process is already there.

No more than ``PROCESSES`` processes exist at a time, besides those that are being killed, each with the memory that a query may
have on top of what an idle one uses (about 30 MB): that is the most that all queries together can take.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import json
import math
import os
import re
import signal
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError, LimitError, QueryError, StoreError
from kg.vocabulary import PREFIXES
from kg.web import gate
from kg.web.turns import Turns

#: How many queries are answered side by side in the light lane, and how many have a place in the heavy lane.
LIGHT, HEAVY = 2, 4
#: How many processes there are at most: one for each of these, and one that is ready.
PROCESSES = LIGHT + HEAVY + 1
#: How many queries wait in each lane before others are refused.
WAITING = 64
#: How many bytes an answer may have, and how many bytes of answers are kept.
ANSWER_BYTES, KEPT_BYTES = 16 << 20, 32 << 20

#: The formats of answers with their media types: of SELECT and ASK, of CONSTRUCT and DESCRIBE.
RESULTS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {"turtle": "text/turtle", "ntriples": "application/n-triples", "rdfxml": "application/rdf+xml", "jsonld": "application/ld+json"}

_PROGRAM = Path(__file__).with_name("worker.py")
_MOMENT = 0.025  # how much of the processor a query may use in the light lane while others wait
_SHARE = 0.25  # how much while nobody does, and how long a turn in the heavy lane is
_PATIENCE = 0.5  # how long a turn in the light lane may take, however little it used: the machine may be busy
_SLOW = 256  # how many slow queries are remembered


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to a query, and its media type."""

    body: bytes
    media_type: str


class Workers:
    """The processes that answer queries over one store that nobody writes to.

    ``store`` is the folder that Oxigraph opens, ``base`` the IRI that relative ones in a query are relative to. A query may take
    ``time_limit`` seconds in all, and ``memory_limit`` megabytes. Processes are started when the first query comes, or by
    ``start``; ``close`` ends them. To be used from one event loop.
    """

    def __init__(self, store: str | Path, base: str = "", *, time_limit: float = 5.0, memory_limit: int = 256) -> None:
        self._time_limit, self._memory_limit = time_limit, memory_limit
        self._config = json.dumps(
            {
                "store": str(store),
                "base": base,
                "prefixes": PREFIXES,
                "memory": memory_limit << 20,
                "answer": ANSWER_BYTES,
                "seconds": math.ceil(time_limit),
            }
        )
        self._light = Turns(LIGHT)
        self._heavy = Turns(max(1, (os.cpu_count() or 1) // 2))
        self._places = Turns(HEAVY)
        self._ready: deque[_Worker] = deque()
        self._takers: deque[asyncio.Future[_Worker]] = deque()
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking = 0
        self._quiet = asyncio.Event()
        self._closed = False
        self._answers = _Answers(KEPT_BYTES)
        self._slow: OrderedDict[str, None] = OrderedDict()

    async def start(self) -> None:
        """Start the processes that will be needed first; raises ``StoreError`` where the store cannot be opened."""
        self._refill()
        self._put_back(await self._take())

    async def query(
        self, text: str, format: str = "", *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = (), client: str = ""
    ) -> Answer:
        """The answer to a SPARQL query, whole.

        ``format`` is json, xml, csv or tsv for SELECT and ASK, turtle, ntriples, rdfxml or jsonld for CONSTRUCT and DESCRIBE;
        the first of these if it is empty. The default graph is the union of all graphs, unless the query or
        ``default_graphs`` and ``named_graphs`` say otherwise. Who asks much at a time (``client``) waits longer.

        Raises ``QueryError`` where the query cannot be understood or its answer not be written in that format,
        ``LimitError`` where it takes too much, ``StoreError`` where the store cannot be read.
        """
        outline = gate.check(text)
        types = GRAPHS if outline.form in ("CONSTRUCT", "DESCRIBE") else RESULTS
        format = format or next(iter(types))
        asked = {
            "query": text,
            "format": format,
            "dataset": outline.dataset,
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
        }
        request = json.dumps(asked).encode()
        if (body := self._answers.get(request)) is None:
            body = await self._within_limits(request, text, client)
            if not outline.volatile:
                self._answers.keep(request, body)
        return Answer(body, types[format])

    async def close(self) -> None:
        """Take no more queries, let those that run end within their time, and end all processes."""
        self._closed = True
        if self._asking:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), self._time_limit + 1)
        while self._tasks:
            await asyncio.gather(*self._tasks)
        while self._ready:
            await self._ready.pop().end()

    async def _within_limits(self, request: bytes, text: str, client: str) -> bytes:
        if self._closed or self._light.waiting >= WAITING:
            raise _busy()
        job = _Job(request, client)
        self._asking += 1
        self._quiet.clear()
        try:
            async with asyncio.timeout(self._time_limit):
                head, body = await self._asked(job)
        except TimeoutError:
            if not job.begun:
                raise _busy() from None
            message = f"the query was not answered within {self._time_limit:g} seconds"
            raise LimitError("time", message, "ask for less: fix a subject or an object, or add a LIMIT") from None
        finally:
            self._asking -= 1
            if not self._asking:
                self._quiet.set()
        if head["error"]:
            raise self._refused(head["error"], head["message"], text)
        return body

    async def _asked(self, job: _Job) -> tuple[dict[str, Any], bytes]:
        """What a process replies, from the light lane or from the heavy one."""
        name = hashlib.sha256(job.request).hexdigest()
        try:
            if name not in self._slow:
                async with self._light.turn_of(job.client):
                    worker, reply = await self._begin(job)
                    if await self._soon(worker, reply):
                        return await reply
                    worker.pause()
                self._remember(name)
            if self._places.waiting >= WAITING:
                raise _busy()
            if not self._places.free:
                self._stop(job)  # it begins anew when there is a place; until then it costs nothing
                job.begun = False
            async with self._places.turn_of(job.client):
                worker, reply = await self._begin(job)
                return await self._in_turn(worker, reply)
        finally:
            self._stop(job)

    async def _begin(self, job: _Job) -> tuple[_Worker, asyncio.Task[tuple[dict[str, Any], bytes]]]:
        """The process that works on the query, and its reply that is to come."""
        if not job.worker or not job.reply:
            job.worker = await self._take()
            job.reply = job.worker.ask(job.request)
            self._refill()
            job.begun = True
        return job.worker, job.reply

    def _stop(self, job: _Job) -> None:
        if job.reply:
            job.reply.cancel()
        if job.worker:
            self._put_back(job.worker)
        job.worker = job.reply = None

    async def _soon(self, worker: _Worker, reply: asyncio.Task[Any]) -> bool:
        """Whether there is a reply while the query may keep its turn in the light lane."""
        before = worker.used()
        for _ in range(round(_PATIENCE / _MOMENT)):
            if (await asyncio.wait({reply}, timeout=_MOMENT))[0]:
                return True
            if worker.used() - before > (_MOMENT if self._light.waiting else _SHARE):
                break
        return False

    async def _in_turn(self, worker: _Worker, reply: asyncio.Task[tuple[dict[str, Any], bytes]]) -> tuple[dict[str, Any], bytes]:
        worker.make_heavy()
        worker.pause()
        for turn in itertools.count():
            async with self._heavy.turn(turn):
                worker.resume()
                if (await asyncio.wait({reply}, timeout=_SHARE))[0]:
                    return await reply
                worker.pause()
        raise AssertionError

    def _remember(self, name: str) -> None:
        """Next time, this query goes to the heavy lane at once."""
        self._slow[name] = None
        if len(self._slow) > _SLOW:
            self._slow.popitem(last=False)

    async def _take(self) -> _Worker:
        """A process that is ready, and another one is started; raises ``StoreError`` where none can be."""
        while self._ready:
            worker = self._ready.popleft()
            if worker.alive:
                return worker
        taker: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        self._takers.append(taker)
        self._refill()
        try:
            return await taker
        except asyncio.CancelledError:
            if taker.done() and not taker.cancelled() and not taker.exception():
                self._put_back(taker.result())
            raise

    def _refill(self) -> None:
        """Start what is missing: a process for each who waits for one, for each free turn, and a spare one."""
        spare = 0 if self._closed else self._light.free + 1
        while len(self._ready) + self._starting < len(self._takers) + spare:
            self._starting += 1
            self._later(self._start())

    async def _start(self) -> None:
        try:
            worker = await _Worker.start(self._config)
        except StoreError as error:
            if taker := self._taker():
                taker.set_exception(error)
        else:
            self._put_back(worker)
        finally:
            self._starting -= 1

    def _taker(self) -> asyncio.Future[_Worker] | None:
        """Who waits longest for a process."""
        while self._takers:
            taker = self._takers.popleft()
            if not taker.done():
                return taker
        return None

    def _put_back(self, worker: _Worker) -> None:
        """Keep the process for the next query, or end it: it may be busy still, dead, grown or slow, or one too many."""
        if worker.idle and (taker := self._taker()):
            taker.set_result(worker)
        elif worker.idle and not self._closed and len(self._ready) <= LIGHT:
            self._ready.append(worker)
        else:
            self._later(worker.end())
        self._refill()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _refused(self, kind: str, message: str, text: str) -> KgError:
        """The error that stands for what a process says of a query."""
        if kind == "syntax":
            return _syntax(message, text)
        if kind == "size":
            return LimitError("size", f"the answer is larger than {ANSWER_BYTES >> 20} MB", "add a LIMIT, or download the whole graph")
        if kind == "memory":
            return LimitError(
                "memory", f"the query needs more than {self._memory_limit} MB of memory", "ask for less: fix a subject or an object"
            )
        if kind == "format":
            return QueryError("XML cannot hold this answer", "ask for another format: JSON, CSV, Turtle")
        if kind == "store":
            return StoreError("graph", "could not be read", "try again; if it stays, build it again with `kg build CASE`")
        return QueryError(f"the query failed: {message}", "check the query")


def _busy() -> LimitError:
    return LimitError("busy", "too many queries are being answered", "ask again in some seconds", retry_after=5)


_POSITION = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)


def _syntax(message: str, text: str) -> QueryError:
    """How far the engine could read, and what it says where that is a sentence: what it expected there is mostly noise."""
    remedy = "queries only read: SELECT, ASK, CONSTRUCT or DESCRIBE"
    if not (match := _POSITION.match(message)):
        return QueryError(f"not a SPARQL query: {message}", remedy)
    line, column = int(match[1]), int(match[2])
    before = "".join(text.split("\n")[line - 1 : line])[: column - 1][-30:].strip()
    sentences = [part for part in match[3].split(", ") if re.fullmatch(r"[A-Z][A-Za-z]*(?: [A-Za-z]+)+", part)]
    where = f"error at line {line}, column {column}" + (f", after `{before}`" if before else "")
    return QueryError(f"not a SPARQL query: {': '.join([where, *sentences[:1]])}", remedy)


@dataclass(slots=True)
class _Job:
    """A query on its way: the process that works on it, its reply, and whether it has begun."""

    request: bytes
    client: str
    worker: _Worker | None = None
    reply: asyncio.Task[tuple[dict[str, Any], bytes]] | None = None
    begun: bool = False


class _Answers:
    """The last answers, as many as fit into so many bytes."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, request: bytes) -> bytes | None:
        """The answer, if it is kept."""
        if request in self._kept:
            self._kept.move_to_end(request)
        return self._kept.get(request)

    def keep(self, request: bytes, body: bytes) -> None:
        """Keep the answer, and let go of those that were not asked for longest."""
        if request in self._kept:
            return
        self._kept[request] = body
        self._room -= len(request) + len(body)
        while self._room < 0:
            old, gone = self._kept.popitem(last=False)
            self._room += len(old) + len(gone)


class _Worker:
    """One process, and the frames that go to it and come from it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._heavy = False
        self.idle = True  # whether it may be asked: it is not busy, not dead, not grown, not slowed down

    @property
    def alive(self) -> bool:
        """Whether it has not died while nobody asked it."""
        return self._process.returncode is None

    @classmethod
    async def start(cls, config: str) -> _Worker:
        """A process that has opened the store; raises ``StoreError`` where it could not."""
        words = [sys.executable, "-P", str(_PROGRAM), config]
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        # A group of its own: Ctrl-C in a terminal is not for it, and when its parent dies the system ends it even when stopped.
        process = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, stderr=null, process_group=0)
        worker = cls(process)
        try:
            await worker._frame()
        except BaseException as error:
            await asyncio.shield(worker.end())
            if isinstance(error, asyncio.IncompleteReadError):
                raise StoreError("graph", "cannot be opened", "build it again with `kg build CASE`") from None
            raise
        return worker

    def ask(self, request: bytes) -> asyncio.Task[tuple[dict[str, Any], bytes]]:
        """The reply that is to come; raises, where the process dies instead, what that means."""
        self.idle = False
        return asyncio.ensure_future(self._reply(request))

    async def _reply(self, request: bytes) -> tuple[dict[str, Any], bytes]:
        assert self._process.stdin
        try:
            self._process.stdin.write(len(request).to_bytes(4, "big") + request)
            head: dict[str, Any] = json.loads(await self._frame())
            body = await self._frame()
        except (asyncio.IncompleteReadError, ConnectionError):
            return {
                "error": _meaning(await self._process.wait()),
                "message": "it is too deep or too large",
            }, b""
        self.idle = not head["grown"] and not self._heavy
        return head, body

    async def _frame(self) -> bytes:
        assert self._process.stdout
        length = int.from_bytes(await self._process.stdout.readexactly(4), "big")
        return await self._process.stdout.readexactly(length)

    def used(self) -> float:
        """How many seconds of the processor it has used; what cannot be known counts as much."""
        try:
            return int(Path(f"/proc/{self._process.pid}/schedstat").read_text().split()[0]) / 1e9
        except (OSError, ValueError, IndexError):
            return time.monotonic()

    def pause(self) -> None:
        """Let it rest, whatever it does."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def make_heavy(self) -> None:
        """Let all others go before it, for as long as it lives."""
        self._heavy = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self.idle = False
        self._signal(signal.SIGKILL)
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()


def _meaning(code: int) -> str:
    """What the end of a process says of its query: too deep, too long, or else that memory ran out."""
    if -code in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL):
        return "query"
    return "time" if -code == signal.SIGXCPU else "memory"
