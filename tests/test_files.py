"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg import files


def test_text_and_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    text = files.write(tmp_path / "text", "é\r\n\n")
    assert text.read_bytes() == b"\xc3\xa9\r\n\n"
    assert files.write(tmp_path / "bytes", b"\xff\x00").read_bytes() == b"\xff\x00"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bytes", "text"]


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = files.write(tmp_path / "file", "old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(path, "new")
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.write(tmp_path / "none" / "file", "")
