"""Stores: written beside the old one, swapped in whole, and found whole whatever happened."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from filelock import FileLock

from kg.errors import StoreError
from kg.store import BUILDS, CURRENT, Manifest, content_digest, is_store, nquads, open_build, open_store, publish

KILLS = 20


def quads(number: int) -> bytes:
    return b"".join(b'<urn:s%d> <urn:p> "%d" <urn:g> .\n' % (number, i) for i in range(number))


def manifest(data: bytes) -> Manifest:
    lines = data.splitlines()
    return Manifest("case", "A case", "urn:", len(lines), content_digest(lines), {"statements": len(lines)})


def put(path: Path, number: int) -> Path:
    return publish(path, quads(number), manifest(quads(number)))


def test_what_is_published_is_what_is_opened(tmp_path: Path) -> None:
    put(tmp_path / "g", 7)
    store, found = open_store(tmp_path / "g")
    assert found == manifest(quads(7))
    assert sorted(nquads(store).splitlines()) == sorted(quads(7).splitlines())


def test_a_store_is_opened_for_reading_only(tmp_path: Path) -> None:
    put(tmp_path, 1)
    store, _ = open_store(tmp_path)
    with pytest.raises(RuntimeError, match="read-write"):
        store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.NamedNode("urn:o")))


def test_the_digest_does_not_depend_on_the_order() -> None:
    lines = quads(50).splitlines()
    assert content_digest(lines) == content_digest(reversed(lines)) != content_digest(lines[1:])


def test_a_new_build_replaces_the_old_and_one_old_build_is_kept(tmp_path: Path) -> None:
    names = [put(tmp_path, number).name for number in (1, 2, 3)]
    assert {build.name for build in (tmp_path / BUILDS).iterdir()} == set(names[1:])
    assert open_store(tmp_path)[1].quads == 3


def test_a_reader_keeps_its_build_while_the_next_is_published(tmp_path: Path) -> None:
    put(tmp_path, 5)
    reader, _ = open_store(tmp_path)
    put(tmp_path, 6)
    assert len(reader) == 5


def test_nobody_writes_while_somebody_writes(tmp_path: Path) -> None:
    put(tmp_path, 1)
    with FileLock(tmp_path / "lock"), pytest.raises(StoreError, match="another build is writing here"):
        put(tmp_path, 2)
    assert open_store(tmp_path)[1].quads == 1


def test_what_was_not_written_as_meant_is_not_made_current(tmp_path: Path) -> None:
    put(tmp_path, 3)
    wrong = manifest(quads(4))
    with pytest.raises(StoreError, match="3 quads were written where there are 4"):
        publish(tmp_path, quads(3), wrong)
    assert open_store(tmp_path)[1].quads == 3
    assert len(list((tmp_path / BUILDS).iterdir())) == 1, "nothing is left behind"


def test_what_belongs_beside_the_quads_is_published_with_them_or_not_at_all(tmp_path: Path) -> None:
    def beside(build: Path) -> None:
        (build / "more").mkdir()
        (build / "more" / "file").write_text("more", "utf-8")

    publish(tmp_path, quads(3), manifest(quads(3)), beside)
    _, _, build = open_build(tmp_path)
    assert (build / "more" / "file").read_text("utf-8") == "more"

    def full(build: Path) -> None:
        beside(build)
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left"):
        publish(tmp_path, quads(4), manifest(quads(4)), full)
    assert open_build(tmp_path)[2] == build
    assert list((tmp_path / BUILDS).iterdir()) == [build], "nothing is left behind"


def test_what_a_killed_build_left_beside_is_swept(tmp_path: Path) -> None:
    put(tmp_path, 1)
    (tmp_path / ".current.0.part").write_text("half", "utf-8")
    (tmp_path / BUILDS / "half").mkdir()
    put(tmp_path, 2)
    assert {path.name for path in tmp_path.iterdir()} == {BUILDS, CURRENT, "lock"}
    assert len(list((tmp_path / BUILDS).iterdir())) == 2


def test_quads_that_cannot_be_read_leave_the_old_store(tmp_path: Path) -> None:
    put(tmp_path, 3)
    with pytest.raises(StoreError):
        publish(tmp_path, b"<urn:s> nonsense", manifest(quads(1)))
    assert open_store(tmp_path)[1].quads == 3


def test_no_store_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    assert not is_store(tmp_path)
    with pytest.raises(StoreError, match="no graph here") as error:
        open_store(tmp_path)
    assert "kg build" in error.value.remedy


@pytest.mark.parametrize("damage", ["manifest", "format", "store", "table"])
def test_a_damaged_store_is_an_error_and_never_less_data(tmp_path: Path, damage: str) -> None:
    build = put(tmp_path, 3)
    if damage == "manifest":
        (build / "manifest.json").write_text("{", "utf-8")
    elif damage == "format":
        data = json.loads((build / "manifest.json").read_text("utf-8"))
        (build / "manifest.json").write_text(json.dumps({**data, "format": 99}), "utf-8")
    else:
        for file in (build / "store").glob("*" if damage == "store" else "*.sst"):
            file.unlink()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path)


WRITER = """
import sys
from tests.test_store import put
from pathlib import Path
print("ready", flush=True)
put(Path(sys.argv[1]), 30_000)
"""


def test_a_build_killed_at_any_moment_leaves_the_old_store_or_the_new(tmp_path: Path) -> None:
    """kill -9 at 20 random moments of the writing: never less than one whole build, nothing left after the next."""
    put(tmp_path, 10)
    root = Path(__file__).parent.parent
    seen = set()
    for seed in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], cwd=root, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, 0.35))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        store, found = open_store(tmp_path)
        assert len(store) == found.quads
        assert content_digest(nquads(store).splitlines()) == found.digest
        seen.add(found.quads)
        del store
    assert seen <= {10, 30_000}
    last = put(tmp_path, 11)
    assert len(list((tmp_path / BUILDS).iterdir())) <= 2
    assert (tmp_path / CURRENT).read_text("utf-8").strip() == last.name
