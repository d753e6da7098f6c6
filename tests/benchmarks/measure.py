"""Clocks, limits and tables: what every benchmark measures with."""

from __future__ import annotations

import platform
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from types import FrameType

MEASURED = ("accountability-kg", "pyoxigraph", "rdflib", "pyshacl", "pyrudof", "starlette", "uvicorn", "rdflib-endpoint")


class OutOfTime(BaseException):
    """The time limit is over; no `except Exception` on the way swallows it."""


@dataclass
class Clock:
    """Wall-clock and processor seconds by step: ``clock("load")`` ends the step before and begins this one."""

    wall: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    step: str = ""

    def __call__(self, step: str = "") -> None:
        now, used = time.perf_counter(), time.process_time()
        if self.step:
            self.wall[self.step] += now
            self.cpu[self.step] += used
        if step:
            self.wall[step] = self.wall.get(step, 0) - now
            self.cpu[step] = self.cpu.get(step, 0) - used
        self.step = step

    def as_dict(self) -> dict[str, dict[str, float]]:
        """The seconds, rounded, with their totals."""
        wall, cpu = ({step: round(seconds, 3) for step, seconds in spent.items()} for spent in (self.wall, self.cpu))
        return {"wall": wall | {"total": round(sum(wall.values()), 3)}, "cpu": cpu | {"total": round(sum(cpu.values()), 3)}}


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raise ``OutOfTime`` in the block once it took so many processor seconds, again and again until it ends; Python code only."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def peak() -> int:
    """The most memory that this process has had resident, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def versions() -> dict[str, str]:
    """Of Python and of what is compared, as far as it is installed."""
    found = {"python": platform.python_version()}
    for name in MEASURED:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The rows as aligned text; numbers to the right."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))) for line in cells)
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value < 1 else f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
