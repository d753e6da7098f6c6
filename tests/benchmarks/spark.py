"""A corpus on one machine and on Spark in local mode: documents a second, whether the bytes are the same, and resume after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.measure import table
from tests.benchmarks.papers import papers, write_lines

DOCUMENTS = 2000
ENGINES = {"one process": ["-j", "1"], "a process a core": [], "Spark local[*]": ["--engine", "spark"]}


def run(documents: int = DOCUMENTS, engines: Sequence[str] = tuple(ENGINES)) -> dict[str, Any]:
    """Documents a second of each engine, and whether a run of it that was killed was gone on with to the same bytes."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        corpus = write_lines(root / "corpus.jsonl", documents)
        timed = {name: _timed(corpus, root / name, ENGINES[name], documents) for name in engines}
        first = _tree(root / engines[0])
        manifest = json.loads(first["manifest.json"])
        return {
            "documents": documents,
            "characters": sum(len(text) for _, text in papers(documents)),
            "cores": os.cpu_count(),
            "statements": manifest["statements"],
            "parts": len(manifest["parts"]),
            "engines": timed,
            "same": {name: _tree(root / name) == first for name in engines},
            "killed": {name: _killed(corpus, root / f"killed {name}", ENGINES[name], first) for name in engines[1:]},
        }


def _command(corpus: Path, out: Path, options: list[str]) -> list[str]:
    return [sys.executable, "-m", "kg", "extract", str(corpus), "-o", str(out), *options]


def _timed(corpus: Path, out: Path, options: list[str], documents: int) -> dict[str, float]:
    begin = time.perf_counter()
    subprocess.run(_command(corpus, out, options), check=True, capture_output=True)
    seconds = time.perf_counter() - begin
    return {"seconds": round(seconds, 1), "documents/s": round(documents / seconds, 1)}


def _killed(corpus: Path, out: Path, options: list[str], whole: dict[str, bytes]) -> dict[str, Any]:
    """A run that gets SIGKILL once two parts are there, and the one that goes on with it."""
    process = subprocess.Popen(_command(corpus, out, options), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None and len(list(out.glob("parts/part-*.json"))) < 2:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    there = {path: path.stat().st_mtime_ns for path in out.glob("parts/part-*.json")}
    begin = time.perf_counter()
    subprocess.run(_command(corpus, out, options), check=True, capture_output=True)
    seconds = round(time.perf_counter() - begin, 1)
    kept = sum(path.stat().st_mtime_ns == written for path, written in there.items())
    return {"parts there": len(there), "parts kept": kept, "seconds": seconds, "same": _tree(out) == whole}


def _tree(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file() and path.name != "lock"}


def show(result: dict[str, Any]) -> str:
    """The result as text for a person."""
    rows = [(name, row["seconds"], row["documents/s"], _yes(result["same"][name])) for name, row in result["engines"].items()]
    killed = [(name, row["parts there"], row["parts kept"], row["seconds"], _yes(row["same"])) for name, row in result["killed"].items()]
    return "\n".join(
        [
            f"{result['documents']:,} made-up documents of {result['characters'] // result['documents']:,} characters, "
            f"{result['statements']:,} statements in {result['parts']} parts; {result['cores']} cores; starting up is counted",
            table(("engine", "seconds", "documents/s", "same bytes"), rows),
            "",
            "killed with SIGKILL, then run again",
            table(("engine", "parts there", "parts kept", "seconds", "same bytes"), killed),
        ]
    )


def _yes(value: bool) -> str:
    return "yes" if value else "NO"
