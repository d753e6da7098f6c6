"""Load: clients that ask one after the other over kept connections, and how long each answer took."""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
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


@dataclass(frozen=True, slots=True)
class Load:
    """What so many clients ask in turn; each waits ``pause`` seconds before it asks again, on average.

    With ``once`` they stop when everything was asked once.
    """

    asks: Sequence[Ask]
    clients: int
    pause: float = 0
    once: bool = False


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

    def shown(self) -> dict[str, float]:
        """The numbers for people."""
        numbers = {"requests/s": self.rate, "p50 ms": self.quantile(0.5), "p99 ms": self.quantile(0.99), "refused": self.refused}
        return {name: round(number, 1) for name, number in numbers.items()}


def press(url: str, load: Load, seconds: float = math.inf) -> Result:
    """What the clients of a load measured in so many seconds, in a process of their own."""
    return press_together(url, {"": load}, seconds)[""]


def press_together(url: str, loads: Mapping[str, Load], seconds: float) -> dict[str, Result]:
    """The same for several loads at the same time, by their names."""
    with Worker(_press, url, dict(loads), seconds) as worker:
        found: dict[str, Result] = worker.receive(None if math.isinf(seconds) else seconds + 120)
    return found


def _press(pipe: Pipe, url: str, loads: dict[str, Load], seconds: float) -> None:
    pipe.send(asyncio.run(_run(url, loads, seconds)))


async def _run(url: str, loads: dict[str, Load], seconds: float) -> dict[str, Result]:
    results = await asyncio.gather(*(_pressed(url, load, seconds) for load in loads.values()))
    return dict(zip(loads, results, strict=True))


async def _pressed(url: str, load: Load, seconds: float) -> Result:
    host = urlsplit(url).netloc
    ready = [ask.bytes(host) for ask in load.asks]
    turns = iter(ready) if load.once else itertools.cycle(ready)
    result, begin = Result([], 0, 0), time.perf_counter()
    await asyncio.gather(*(_client(url, turns, load.pause, result, begin + seconds, Random(n)) for n in range(load.clients)))
    result.seconds = time.perf_counter() - begin
    return result


async def _client(url: str, turns: Iterator[bytes], pause: float, result: Result, end: float, chance: Random) -> None:
    """Ask what comes next over one connection until the ``end``, and write the times down in the result."""
    parts = urlsplit(url)
    reader = writer = None
    while time.perf_counter() < end:
        if pause:
            await asyncio.sleep(chance.expovariate(1 / pause))
        started = time.perf_counter()
        if (request := next(turns, None)) is None:
            break
        try:
            if not (reader and writer):
                reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(request)
            status, kept = await _answer(reader)
        except (OSError, asyncio.IncompleteReadError):
            result.refused += 1
            reader = writer = None
            continue
        if status == 200:
            result.times.append(time.perf_counter() - started)
        else:
            result.refused += 1
            await asyncio.sleep(0.05)
        if not kept:
            writer.close()
            reader = writer = None
    if writer:
        writer.close()


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
