"""Dumps: the graph as files to take away, each made when it is first asked for, in a process of its own, one at a time.

    graph/dumps/<digest>/<case>.ttl          and beside it <case>.ttl.sha256

The passages' own words are in none of them. Dumps of another build are swept when the first of this one is made.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg import files
from kg.errors import ExportError, LimitError, NotFoundError
from kg.export import FORMATS, Format
from kg.store import CURRENT, Manifest

#: For how many seconds a dump may be made.
SECONDS = 600.0
FOLDER = "dumps"
CHECKSUM = ".sha256"


@dataclass(frozen=True, slots=True)
class Dump:
    """A file to take away: its ``path`` and its ``media_type``."""

    path: Path
    media_type: str


def names(manifest: Manifest) -> Iterator[tuple[str, Format]]:
    """The file name of each format."""
    for format in FORMATS.values():
        yield f"{manifest.case}{format.suffixes[0]}", format


class Dumps:
    """The dumps of one build of the graph in the folder ``graph``; ``manifest`` is that build's."""

    def __init__(self, graph: Path, manifest: Manifest) -> None:
        self._graph, self._manifest = graph, manifest
        self._formats = dict(names(manifest))
        self._folder = graph / FOLDER / manifest.digest[:12]
        self._turn = asyncio.Lock()
        self._making: dict[str, asyncio.Task[None]] = {}

    async def file(self, name: str) -> Dump:
        """The dump of that name, or its checksum; whoever asks waits until it is made.

        Raises ``NotFoundError`` where there is no such file, ``ExportError`` where it cannot be made, ``LimitError`` where that
        takes too long.
        """
        whole = name.removesuffix(CHECKSUM)
        if whole not in self._formats:
            raise NotFoundError(f"no download is called `{name}`", f"there are {', '.join(self._formats)}")
        if not (self._folder / (whole + CHECKSUM)).is_file():
            task = self._making.get(whole) or asyncio.create_task(self._make(whole))
            self._making[whole] = task
            task.add_done_callback(lambda done: self._forget(whole, done))
            await asyncio.shield(task)
        return Dump(self._folder / name, "text/plain" if name != whole else self._formats[whole].media_type)

    async def close(self) -> None:
        """End what is being made; what was made stays for the next server of this build."""
        tasks = list(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, name: str, task: asyncio.Task[None]) -> None:
        self._making.pop(name, None)
        if not task.cancelled():
            task.exception()  # whoever asked has it, if they are still there

    async def _make(self, name: str) -> None:
        async with self._turn:
            part = self._folder / f"{name}.part"
            try:
                await asyncio.to_thread(self._prepare)
                self._check_build()
                await self._export(part, self._formats[name])
                self._check_build()
                await asyncio.to_thread(_finish, part, self._folder / name)
            except OSError as error:
                raise ExportError(f"{name}: cannot be written: {error.strerror or error}", "free some space beside the graph") from None
            finally:
                with suppress(OSError):
                    part.unlink()

    def _prepare(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for other in self._folder.parent.iterdir():
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def _check_build(self) -> None:
        """Raises ``ExportError`` where another build has become current: the process would dump that one."""
        if not (self._graph / CURRENT).read_text("utf-8").startswith(self._manifest.digest[:12]):
            raise ExportError("the graph has been built anew", "ask again")

    async def _export(self, path: Path, format: Format) -> None:
        words = [sys.executable, "-m", "kg", "export", str(path), "--graph", str(self._graph), "--format", format.name]
        process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE)
        try:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, 10)
            _, complaint = await asyncio.wait_for(process.communicate(), SECONDS)
        except TimeoutError:
            raise LimitError("time", f"{format.title} takes longer than {SECONDS:.0f} seconds to make", "choose N-Quads") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            lines = complaint.decode("utf-8", "replace").strip().splitlines()
            raise ExportError(lines[0] if lines else f"{format.title} could not be made", "choose another format")


def _finish(part: Path, path: Path) -> None:
    """Put the dump in its place, and beside it its checksum, which is there only when the dump is whole."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    part.replace(path)
    files.write(path.with_name(path.name + CHECKSUM), f"{digest}  {path.name}\n")
