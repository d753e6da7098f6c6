"""How long `kg --help` takes: what everybody waits for first."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median
from typing import Any

RUNS = 10


def run(runs: int = RUNS) -> dict[str, Any]:
    """The median wall-clock seconds of `kg --help`, and those of a Python that does nothing."""
    python = sys.executable
    return {"help": _median([python, "-m", "kg", "--help"], runs), "python": _median([python, "-c", "pass"], runs), "runs": runs}


def _median(command: list[str], runs: int) -> float:
    seconds = []
    for _ in range(runs + 1):  # the first one fills the caches
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - begin)
    return round(median(seconds[1:]), 3)


def show(result: dict[str, Any]) -> str:
    """The result as text for a person."""
    own, idle = result["help"], result["python"]
    return f"kg --help: {own} s, median of {result['runs']}; {own / idle:.0f} times as long as a Python that does nothing ({idle} s)"
