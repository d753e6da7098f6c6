"""Stores on disk: Oxigraph folders that are written beside the old one and swapped in whole.

    graph/
      current            the name of the build that readers open
      lock               held while a build is written
      builds/<name>/     store/ (Oxigraph), manifest.json, index.sqlite (``kg.index``), documents/ (canonical texts by digest)

A reader sees the old build or the new one, never a half of either. A build that was killed leaves a folder that nobody
opens; the next build sweeps it. The build before the current one is kept.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import files
from kg.errors import StoreError

CURRENT = "current"
BUILDS = "builds"
MANIFEST = "manifest.json"
DOCUMENTS = "documents"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """What a build holds: the case's name, title and base IRI, its quads, its digest, and counts by kind.

    ``digest`` is the SHA-256 of the quads as sorted N-Quads: the same records give the same digest on any machine.
    """

    case: str
    title: str
    base: str
    quads: int
    digest: str
    counts: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT


def content_digest(nquads: Iterable[bytes]) -> str:
    """The SHA-256 of the N-Quads lines once they are sorted, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for line in sorted(nquads):
        digest.update(line)
        digest.update(b"\n")
    return digest.hexdigest()


def nquads(store: ox.Store) -> bytes:
    """All quads of the store as N-Quads, in the order of the store."""
    return store.dump(format=ox.RdfFormat.N_QUADS) or b""


def is_store(path: str | Path) -> bool:
    """Whether there is a build in the folder."""
    return (Path(path) / CURRENT).is_file()


def open_store(path: str | Path) -> tuple[ox.Store, Manifest]:
    """The current build in the folder, opened read-only, and its manifest; raises ``StoreError`` as ``open_build`` does."""
    store, manifest, _ = open_build(path)
    return store, manifest


def open_build(path: str | Path) -> tuple[ox.Store, Manifest, Path]:
    """The current build in the folder, opened read-only, its manifest, and its own folder.

    Raises ``StoreError`` where there is none, or where it cannot be opened.
    """
    path = Path(path)
    if not is_store(path):
        raise StoreError(path, "no graph here", "make one with `kg build CASE`, or name another with --graph")
    for attempt in (1, 2):  # between the reading of the name and the opening, two more builds may have swept this one
        try:
            build = path / BUILDS / (path / CURRENT).read_text("utf-8").strip()
            manifest = _read_manifest(build)
            return ox.Store.read_only(str(build / "store")), manifest, build
        except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
            if attempt == 2 or not isinstance(error, FileNotFoundError):
                raise StoreError(path, f"cannot be opened: {error}", "build it again with `kg build CASE`") from None
    raise AssertionError


def _read_manifest(build: Path) -> Manifest:
    data: dict[str, Any] = json.loads((build / MANIFEST).read_text("utf-8"))
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']}, this version reads {FORMAT}")
    return Manifest(**data)


def publish(path: str | Path, quads: bytes, manifest: Manifest, beside: Callable[[Path], None] = lambda build: None) -> Path:
    """The folder of the new build, written, verified and made current; readers of the old one are not disturbed.

    ``quads`` are N-Quads whose digest the manifest names; ``beside`` writes what else belongs into that folder. Raises
    ``StoreError`` where somebody else is writing, where the disk is full, or where what was written is not what was meant;
    the old build is then still current.
    """
    path = Path(path)
    with _locked(path):
        _sweep(path, keep=_kept(path)[:1])
        build = _new_folder(path, manifest)
        try:
            beside(build)
            _write(build, quads, manifest)
            previous = _kept(path)[:1]
            build = build.rename(build.with_suffix(""))
            files.sync(build.parent)
            files.write(path / CURRENT, build.name + "\n")
        except (OSError, ValueError, SyntaxError) as error:
            shutil.rmtree(build, ignore_errors=True)
            remedy = "free some space or choose another folder; the old graph is as it was"
            raise StoreError(path, f"could not be written: {error}", remedy) from None
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        _sweep(path, keep=[build.name, *previous])
    return build


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        (path / BUILDS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(path, error.strerror or str(error), "choose another folder with --graph") from None
    try:
        with FileLock(path / "lock", timeout=0):
            yield
    except Timeout:
        raise StoreError(path, "another build is writing here", "wait for it, or choose another folder with --graph") from None


def _kept(path: Path) -> list[str]:
    try:
        return [(path / CURRENT).read_text("utf-8").strip()]
    except FileNotFoundError:
        return []


def _sweep(path: Path, keep: list[str]) -> None:
    for build in (path / BUILDS).iterdir():
        if build.name not in keep:
            shutil.rmtree(build, ignore_errors=True)
    for part in path.glob(f".{CURRENT}.*.part"):
        part.unlink()


def _new_folder(path: Path, manifest: Manifest) -> Path:
    """A folder to write in; it loses its suffix once it is whole, as somebody may still look for a swept build of that name."""
    number = 1
    while (build := path / BUILDS / f"{manifest.digest[:12]}-{number}").exists():
        number += 1
    part = build.with_suffix(".part")
    part.mkdir()
    return part


def _write(build: Path, quads: bytes, manifest: Manifest) -> None:
    store = ox.Store(str(build / "store"))
    store.bulk_load(quads, format=ox.RdfFormat.N_QUADS)
    store.flush()
    del store
    written = ox.Store.read_only(str(build / "store"))
    if len(written) != manifest.quads:
        raise ValueError(f"{len(written)} quads were written where there are {manifest.quads}")
    del written
    (build / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n", "utf-8")
    for file in [*build.rglob("*"), build]:
        files.sync(file)
