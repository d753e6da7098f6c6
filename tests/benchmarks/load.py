"""Load: clients that ask one after the other over kept connections, and how long each answer took."""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.apart import Pipe, Worker

SPARQL_JSON, TURTLE, HTML = "application/sparql-results+json", "text/turtle", "text/html"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: the path with its query, what is accepted, and a body to post, if there is one."""

    path: str
    accept: str = HTML
    body: str = ""

    def bytes(self, host: str) -> bytes:
        """The request as it goes over the wire."""
        head = f"{'POST' if self.body else 'GET'} {self.path} HTTP/1.1\r\nHost: {host}\r\nAccept: {self.accept}\r\n"
        if not self.body:
            return f"{head}\r\n".encode()
        body = self.body.encode()
        return f"{head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def sparql(path: str, query: str, accept: str = SPARQL_JSON) -> Ask:
    """A query by GET."""
    return Ask(f"{path}?{urlencode({'query': query})}", accept)


@dataclass
class Result:
    """What came of a load: the seconds of each answer with status 200, how many had another status, and how long all took."""

    times: list[float]
    refused: int
    seconds: float

    def quantile(self, share: float) -> float:
        """The time in milliseconds within which this share of the answers came."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds


def press(url: str, asks: Sequence[Ask], clients: int, seconds: float, *, once: bool = False) -> Result:
    """What ``clients`` clients measured that asked ``asks`` in turn for so many seconds, or each ``once``; in a process of their own."""
    with Worker(_press, url, list(asks), clients, math.inf if once else seconds, once) as worker:
        return Result(*worker.receive(seconds + 600))


def _press(pipe: Pipe, url: str, asks: list[Ask], clients: int, seconds: float, once: bool) -> None:
    pipe.send(asyncio.run(_run(url, asks, clients, seconds, once)))


async def _run(url: str, asks: list[Ask], clients: int, seconds: float, once: bool) -> tuple[list[float], int, float]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    ready = [ask.bytes(f"{host}:{port}") for ask in asks]
    turn = iter(range(len(ready))) if once else itertools.cycle(range(len(ready)))
    times: list[float] = []
    refused, begin = 0, time.perf_counter()

    async def client() -> None:
        nonlocal refused
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while time.perf_counter() - begin < seconds:
            started = time.perf_counter()
            if (number := next(turn, None)) is None:
                break
            try:
                connection = connection or await asyncio.open_connection(host, port)
                connection[1].write(ready[number])
                status, kept = await _answer(connection[0])
            except (OSError, asyncio.IncompleteReadError):
                refused, connection = refused + 1, None
                continue
            if status == 200:
                times.append(time.perf_counter() - started)
            else:
                refused += 1
                await asyncio.sleep(0.05)
            if not kept:
                connection[1].close()
                connection = None

    await asyncio.gather(*(client() for _ in range(clients)))
    return times, refused, time.perf_counter() - begin


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status of an answer that was read whole, and whether its connection may be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status, headers.get("connection") != "close"


def until_up(url: str, alive: Callable[[], bool], seconds: float) -> None:
    """Wait until a server answers; raises ``TimeoutError`` where it does not, or where it is no longer ``alive``."""
    parts, begin = urlsplit(url), time.perf_counter()

    async def ask() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(Ask("/").bytes(parts.netloc))
        await _answer(reader)
        writer.close()

    while time.perf_counter() - begin < seconds and alive():
        try:
            return asyncio.run(asyncio.wait_for(ask(), 30))
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(f"{url} does not answer")
