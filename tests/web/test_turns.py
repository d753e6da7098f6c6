"""Turns: that so many are taken at a time, and in which order by those who wait."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from kg.web.turns import Turns


async def line(turns: Turns, *waiting: tuple[str, AbstractAsyncContextManager[None]], gone: str = "") -> list[str]:
    """The order in which those get their turn who wait while somebody has it."""
    order: list[str] = []

    async def take(name: str, turn: AbstractAsyncContextManager[None]) -> None:
        async with turn:
            order.append(name)
            await asyncio.sleep(0)

    async with turns.turn(0):
        tasks = [asyncio.create_task(take(*one), name=one[0]) for one in waiting]
        await asyncio.sleep(0)
        for task in tasks:
            if task.get_name() == gone:
                task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (turns.free, turns.waiting, turns._latest) == (1, 0, {})
    return order


def test_the_lowest_rank_comes_first() -> None:
    turns = Turns(1)
    names = [("much", 3), ("more", 2), ("little", 0), ("little too", 0), ("gone", 0)]
    waiting = [(name, turns.turn(rank)) for name, rank in names]
    assert asyncio.run(line(turns, *waiting, gone="gone")) == ["little", "little too", "more", "much"]


def test_clients_come_one_after_the_other() -> None:
    turns = Turns(1)
    waiting = [(name, turns.turn_of(name[0])) for name in ("a1", "a2", "a3", "a4", "b1", "c1", "b2")]
    assert asyncio.run(line(turns, *waiting, gone="a2")) == ["a1", "b1", "c1", "b2", "a3", "a4"]


def test_nobody_is_passed_by_for_ever() -> None:
    """Clients of one address that ask again as soon as they are answered: all are answered as often."""
    counts = [0] * 20

    async def client(turns: Turns, number: int) -> None:
        while sum(counts) < 400:
            async with turns.turn_of("one address"):
                counts[number] += 1
                await asyncio.sleep(0)

    async def work() -> None:
        turns = Turns(2)
        await asyncio.gather(*(client(turns, number) for number in range(len(counts))))

    asyncio.run(work())
    assert max(counts) - min(counts) <= 1
