"""What the tests share: the two cases built once, the documents where they are at hand, and the command as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.graph import Graph

ROOT = Path(__file__).parent.parent
MET, TUTORIAL = ROOT / "data" / "met-police", ROOT / "data" / "tutorial"
#: The founding documents belong to their publishers: they are not in the repository, and their tests need them at hand.
SOURCES = Path(os.environ.get("KG_SOURCES", ROOT.parent / "shared" / "sources"))

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def met() -> Graph:
    """The founding case in memory, without its documents."""
    return kg.open(MET)


@pytest.fixture(scope="session")
def tutorial() -> Graph:
    """The tutorial case in memory, with its documents."""
    return kg.open(TUTORIAL)


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of the five founding documents; where it is not at hand, the test is skipped with this reason."""
    if not SOURCES.is_dir():
        pytest.skip(f"the five founding documents are not at hand (KG_SOURCES or {SOURCES.name}/ beside the checkout)")
    return SOURCES


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command `kg`, run in an empty folder; ``data`` there is the project's."""
    (tmp_path / "data").symlink_to(ROOT / "data")

    def command(*arguments: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "kg", *map(str, arguments)]
        return subprocess.run(words, cwd=tmp_path, input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)

    return command
