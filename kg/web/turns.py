"""Turns: so many at a time, and a fair order of those who wait."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """So many turns at a time; of those who wait, the lowest rank comes first, and then who came first."""

    def __init__(self, free: int) -> None:
        self.free = free
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._now = 0
        self._latest: dict[str, int] = {}

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return sum(not future.done() for _, _, future in self._queue)

    @asynccontextmanager
    async def turn(self, rank: int) -> AsyncIterator[None]:
        """A turn, while the block runs."""
        if self.free:
            self.free -= 1
        else:
            await self._wait(rank)
        try:
            yield
        finally:
            self._next()

    @asynccontextmanager
    async def turn_of(self, client: str) -> AsyncIterator[None]:
        """A turn, while the block runs; clients come one after the other, however much each of them asks.

        This is start-time fair queueing (Goyal, Vin and Cheng 1996): nobody is passed by for ever.
        """
        rank = self._latest[client] = max(self._now, self._latest.get(client, 0)) + 1
        try:
            async with self.turn(rank):
                self._now = max(self._now, rank)
                yield
        finally:
            if self._latest.get(client) == rank:
                del self._latest[client]

    async def _wait(self, rank: int) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (rank, next(self._count), future))
        try:
            await future
        except asyncio.CancelledError:
            if not future.cancelled():
                self._next()
            raise

    def _next(self) -> None:
        while self._queue:
            future = heapq.heappop(self._queue)[2]
            if not future.done():
                future.set_result(None)
                return
        self.free += 1
