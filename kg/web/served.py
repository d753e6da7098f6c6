"""What is served: the current build of a graph, followed as new ones are published."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import anyio.from_thread
import anyio.to_thread

from kg.errors import KgError, StoreError
from kg.graph import Graph
from kg.graph import open as open_graph
from kg.store import CURRENT
from kg.table import Table
from kg.web import pages
from kg.web.addresses import Addresses
from kg.web.dumps import Dumps
from kg.web.site import Site
from kg.web.workers import Workers

#: For how many seconds an old build's processes still answer what was asked before the new one came.
GRACE = 10.0
_FIRST = ("", "statement", "timeline", "figures", "ledger")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was made: its bytes, their media type, and the status of HTTP."""

    body: bytes
    media_type: str
    status: int = 200


class Kept:
    """Pages already made, the least used forgotten first; ``most`` is how many bytes they may take."""

    def __init__(self, most: int = 32 << 20) -> None:
        self._most, self._size = most, 0
        self._pages: OrderedDict[tuple[str, str, str], Made] = OrderedDict()

    def get(self, key: tuple[str, str, str]) -> Made | None:
        """The page, if it is here."""
        if (made := self._pages.get(key)) is not None:
            self._pages.move_to_end(key)
        return made

    def put(self, key: tuple[str, str, str], made: Made) -> None:
        """Keep the page, if it takes no more than a part of the room."""
        size = _size(key, made)
        if size > self._most // 16 or key in self._pages:
            return
        self._pages[key] = made
        self._size += size
        while self._size > self._most:
            self._size -= _size(*self._pages.popitem(last=False))


def _size(key: tuple[str, str, str], made: Made) -> int:
    return len(made.body) + sum(map(len, key)) + 500  # about as much is the page's place, whatever stands in it


@dataclass(frozen=True)
class Build:
    """One build as it is served: its pages, the processes that answer queries, its dumps, and the pages already made."""

    site: Site
    workers: Workers
    dumps: Dumps
    kept: Kept = field(default_factory=Kept)


class Served:
    """A graph folder that is served: each request asks for its ``current`` build, and finds a new one once it is published."""

    def __init__(self, path: Path, root: str, time_limit: float, memory_limit: int) -> None:
        self._path, self._root = path, root
        self._limits = (time_limit, memory_limit)
        self._lock = asyncio.Lock()
        self._build: Build | None = None
        self._seen: tuple[int, int] = (0, 0)
        self._leaving: set[asyncio.Task[None]] = set()

    async def current(self) -> Build:
        """The build that is current now; the last one that could be opened, where the new one cannot.

        Whoever asks first after a build waits until it is open; all others are served from the old one meanwhile. Raises
        ``StoreError`` where there never was a build.
        """
        stamp = self._stamp()
        if self._build and (stamp in ((0, 0), self._seen) or self._lock.locked()):
            return self._build
        async with self._lock:
            if not self._build or stamp != self._seen:
                old, self._seen = self._build, stamp
                try:
                    self._build = await self._open()
                except KgError as error:
                    if old is None:
                        raise
                    _log.warning("the new build cannot be served, the old one still is: %s", error)
                    return old
                if old:
                    self._retire(old)
        return self._build

    async def close(self) -> None:
        """End every process."""
        for task in self._leaving:
            task.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)
        if self._build:
            await _end(self._build)

    def _stamp(self) -> tuple[int, int]:
        try:
            found = (self._path / CURRENT).stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    async def _open(self) -> Build:
        graph = await anyio.to_thread.run_sync(open_graph, self._path)
        if graph.folder is None:
            raise StoreError(self._path, "a graph in memory cannot be served", "build it with `kg build CASE`")
        workers = Workers(graph.folder / "store", graph.manifest.base, time_limit=self._limits[0], memory_limit=self._limits[1])
        await workers.start()
        site = Site(graph, Addresses(graph.manifest.base, self._root), run=_runner(workers, graph))
        await anyio.to_thread.run_sync(_warm, site)
        return Build(site, workers, Dumps(self._path, graph.manifest))

    def _retire(self, old: Build) -> None:
        async def leave() -> None:
            try:
                await asyncio.sleep(GRACE)
            finally:
                await _end(old)

        task = asyncio.create_task(leave())
        self._leaving.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._leaving.discard(task)
        if not task.cancelled():
            gc.collect()  # a site and what it remembers name each other: its files would stay open until Python looks for that


def _warm(site: Site) -> None:
    """Have the pages made that read much of the index once for each build, so that nobody waits for that."""
    for path in _FIRST:
        pages.find(site, path, {})


async def _end(build: Build) -> None:
    await build.workers.close()
    await build.dumps.close()


def _runner(workers: Workers, graph: Graph) -> Callable[[str], Table]:
    """What a page calls, from the thread in which it is made, to have a query answered by the workers."""

    def run(query: str) -> Table:
        answer = anyio.from_thread.run(workers.query, query)
        return Table.parse(answer.body, answer.media_type, graph.manifest.base)

    return run
