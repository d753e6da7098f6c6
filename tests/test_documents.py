"""Canonical text and digests."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.documents import canonical, digest, read, read_all
from kg.errors import DocumentError


def test_canonical_text_keeps_every_character_but_line_ends_and_the_mark() -> None:
    assert canonical("\ufeffa\r\n\u00a0b\u200b “c”\n".encode()) == "a\n\u00a0b\u200b “c”\n"


def test_a_lone_carriage_return_and_an_inner_mark_stay() -> None:
    assert canonical("a\rb\ufeffc".encode()) == "a\rb\ufeffc"


def test_the_digest_is_that_of_the_canonical_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo")
    assert read(tmp_path / "a.txt").digest == digest("one\ntwo")


def test_lines_are_counted_from_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\nthree", "utf-8")
    document = read(tmp_path / "a.txt")
    assert [document.line(offset) for offset in (0, 3, 4, 12)] == [1, 1, 2, 3]


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.txt", b"ok \xff", "not UTF-8 at byte 3"),
        ("a.txt", "text".encode("utf-16"), "not UTF-8 at byte 0"),
        ("a.exe", b"", "cannot read a `.exe` file"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, raw: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(DocumentError, match=message) as error:
        read(tmp_path / name)
    assert error.value.remedy


def test_a_folder_is_read_in_the_order_of_names_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c.pdf"):
        (tmp_path / name).write_text(name, "utf-8")
    assert [document.name for document in read_all(tmp_path)] == ["a.md", "b.txt"]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such folder"):
        list(read_all(tmp_path / "none"))
