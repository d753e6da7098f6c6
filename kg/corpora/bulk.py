"""Bulk: a corpus read on all the cores of this machine, in order, whatever befalls a single document."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kg.corpora.corpus import Corpus, Item
from kg.corpora.parts import Result, Settings, close, finish, head, kept, opened, read

#: How many documents one process is given at a time, and how many such shares are under way for each process.
SHARE, AHEAD = 8, 4
_DIED = "the process that read it was ended, perhaps as there was not enough memory"
#: What is told after each share: how many documents were dealt with, how many of them were kept from before, and what failed.
Told = Callable[[int, int, list[Result]], None]


def _nobody(done: int, kept: int, failed: list[Result]) -> None:
    """Nobody is told."""


def extract_corpus(corpus: Corpus, out: Path, settings: Settings, jobs: int = 0, told: Told = _nobody) -> dict[str, Any]:
    """The manifest of what was read out of the corpus into the folder ``out``; parts that were finished before are kept.

    ``jobs`` is the number of processes, 0 for one a core. Raises ``ExtractionError`` where the folder holds something else, or the
    extractor or what reads the corpus is missing. Stopped at any point, it goes on where it was.
    """
    begun, parts = head(corpus, settings), []

    def open_shares() -> Iterator[tuple[int, list[Item]]]:
        for number, items in corpus.parts():
            if part := kept(out, number, items):
                parts.append(part)
                told(len(items), len(items), [])
                continue
            for share in _shares(items):
                yield number, share

    with opened(out, begun), Pool(settings, jobs) as pool:
        for number, shares in groupby(pool.map(open_shares()), lambda shared: shared[0]):
            parts.append(finish(out, number, _flat(shares, told)))
        return close(out, begun, parts)


def attributions(corpus: Corpus, settings: Settings, jobs: int = 0, told: Told = _nobody) -> Iterator[Result]:
    """What came of every document, one after the other; nothing is written. Raises ``ExtractionError`` as ``extract_corpus`` does."""
    with Pool(settings, jobs) as pool:
        shares = ((number, share) for number, items in corpus.parts() for share in _shares(items))
        yield from _flat(pool.map(shares), told)


def _shares(items: list[Item]) -> Iterator[list[Item]]:
    return (items[begin : begin + SHARE] for begin in range(0, len(items), SHARE))


def _flat(shares: Iterable[tuple[int, list[Result]]], told: Told) -> Iterator[Result]:
    for _, results in shares:
        told(len(results), 0, [result for result in results if result.failed])
        yield from results


@dataclass
class Pool:
    """Processes that read documents; one that dies takes only its document with it. With one job all is done in this process."""

    settings: Settings
    jobs: int = 0
    executor: ProcessPoolExecutor | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.jobs = self.jobs or os.cpu_count() or 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def map(self, shares: Iterable[tuple[int, list[Item]]]) -> Iterator[tuple[int, list[Result]]]:
        """Each share's results, in the order of the shares, of which only a few are held at a time."""
        if self.jobs == 1:
            for key, share in shares:
                yield key, [read(item, self.settings) for item in share]
            return
        waiting: deque[tuple[int, list[Item], Future[list[Result]]]] = deque()
        for key, share in shares:
            waiting.append((key, share, self._submit(share)))
            if len(waiting) >= AHEAD * self.jobs:
                yield self._take(waiting)
        while waiting:
            yield self._take(waiting)

    def _take(self, waiting: deque[tuple[int, list[Item], Future[list[Result]]]]) -> tuple[int, list[Result]]:
        key, share, future = waiting.popleft()
        try:
            return key, future.result()
        except BrokenProcessPool:  # one of the shares under way ended it: this one is read document by document, the others again
            self.stop()
            results = [self._alone(item) for item in share]
            for place, (other, items, _) in enumerate(waiting):
                waiting[place] = (other, items, self._submit(items))
            return key, results

    def _alone(self, item: Item) -> Result:
        try:
            return self._submit([item]).result()[0]
        except BrokenProcessPool:
            self.stop()
            return Result(item.name, item.digest(), failed=_DIED)

    def _submit(self, share: list[Item]) -> Future[list[Result]]:
        if self.executor is None:
            context = multiprocessing.get_context("spawn")
            self.executor = ProcessPoolExecutor(self.jobs, context, initializer=_begin)
        try:
            return self.executor.submit(_read_share, share, self.settings)
        except BrokenProcessPool as error:
            broken: Future[list[Result]] = Future()
            broken.set_exception(error)
            return broken

    def stop(self) -> None:
        """End the processes, with whatever they are at."""
        if self.executor is None:
            return
        processes = list((self.executor._processes or {}).values())
        self.executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        self.executor = None


def _read_share(share: list[Item], settings: Settings) -> list[Result]:
    return [read(item, settings) for item in share]


def _begin() -> None:
    """In a new process: leave Ctrl-C to the one that began it, and end when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
