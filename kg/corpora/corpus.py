"""A corpus: many documents in one order - a folder of files, a file of JSON Lines, or Parquet - cut into parts of fixed size.

The order is that of the files' names, and of the rows in a file; a part is the documents from one multiple of ``PART`` to the
next. So the parts are the same whoever reads them, however often they were stopped.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from kg.documents import SUFFIXES, Document, Metadata, digest, of_bytes, read
from kg.errors import DocumentError, ExtractionError

#: How many documents one part holds.
PART = 100
#: What a row of JSON Lines or Parquet may say of its document; ``id`` and ``name`` are one.
FIELDS = ("id", "name", "text", "title", "author", "date", "publisher", "language", "url")
_DAY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
Kind = Literal["folder", "json lines", "parquet"]


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a corpus before it is read: what it is called, and the file that it is or the row that holds it."""

    name: str
    path: Path | None = None
    row: bytes | dict[str, Any] = b""

    def digest(self) -> str:
        """The SHA-256 of what it is read from; empty where that cannot be read."""
        try:
            raw = self.path.read_bytes() if self.path else self.row
        except OSError:
            return ""
        if isinstance(raw, dict):
            raw = json.dumps(_fields(raw), sort_keys=True).encode()
        return hashlib.sha256(raw).hexdigest()

    def read(self) -> tuple[str, Document]:
        """The document and its name; raises ``DocumentError`` where it cannot be read."""
        if self.path:
            return self.name, read(self.path)
        return _of_row(self.name, self.row if isinstance(self.row, dict) else _json(self.name, self.row))


@dataclass(frozen=True)
class Corpus:
    """Many documents: ``path``, what ``kind`` of corpus it is, its files with their sizes in order, and the files passed over."""

    path: Path
    kind: Kind
    files: tuple[tuple[str, int], ...]
    passed: tuple[str, ...] = ()

    @cached_property
    def identity(self) -> dict[str, str | int]:
        """What tells this corpus from another: its name, and the digest of its files' names and sizes."""
        listed = "".join(f"{name}\t{size}\n" for name, size in self.files)
        return {"name": self.path.resolve().name, "kind": self.kind, "files": len(self.files), "sha256": digest(listed)}

    def file(self, name: str) -> Path:
        """The path of one of the files."""
        return self.path / name if self.path.is_dir() else self.path

    def count(self) -> int:
        """How many documents there are; blank lines count, as nobody looks into them for this."""
        if self.kind == "folder":
            return len(self.files)
        if self.kind == "parquet":
            return sum(_parquet(self.file(name)).metadata.num_rows for name, _ in self.files)
        with _opened(self.path) as file:
            return sum(1 for _ in file)

    def items(self) -> Iterator[tuple[int, Item]]:
        """Each document with its number; raises ``ExtractionError`` where a file of rows turns out to be damaged."""
        try:
            if self.kind == "folder":
                for number, (name, _) in enumerate(self.files):
                    yield number, Item(name, self.file(name))
            elif self.kind == "parquet":
                yield from enumerate(Item(f"{self.path.name}:{number}", row=row) for number, row in enumerate(self._rows(), 1))
            else:
                with _opened(self.path) as file:
                    for number, line in enumerate(file):
                        if line.strip():
                            yield number, line_item(self.path.name, number, line)
        except (OSError, EOFError, ValueError) as error:
            raise ExtractionError(f"{self.path}: {error}", "the file is damaged or not what its name says: make it again") from None

    def _rows(self) -> Iterator[dict[str, Any]]:
        for name, _ in self.files:
            file = _parquet(self.file(name))
            for batch in file.iter_batches(PART, columns=[field for field in FIELDS if field in file.schema_arrow.names]):
                yield from batch.to_pylist()

    def parts(self) -> Iterator[tuple[int, list[Item]]]:
        """Each part's number and its documents; a part of nothing but blank lines is left out."""
        for number, group in groupby(self.items(), lambda numbered: numbered[0] // PART):
            yield number, [item for _, item in group]


def line_item(file: str, number: int, line: bytes) -> Item:
    """The document in a line of JSON Lines, counted from 0."""
    return Item(f"{file}:{number + 1}", row=line.strip().removeprefix(b"\xef\xbb\xbf"))


def open_corpus(path: str | Path) -> Corpus:
    """The corpus at a path: a folder of documents (with those below it), a `.jsonl` or `.jsonl.gz` file, a `.parquet` file or folder.

    Raises ``ExtractionError`` where there is none, or where what reads it is not installed.
    """
    path = Path(path)
    name = path.name
    if name.endswith((".jsonl", ".jsonl.gz")) and path.is_file():
        return Corpus(path, "json lines", ((path.name, path.stat().st_size),))
    if name.endswith(".parquet") and path.is_file():
        return Corpus(path, "parquet", ((path.name, path.stat().st_size),))
    if not path.is_dir():
        message = "is no corpus" if path.exists() else "no such file or folder"
        raise ExtractionError(f"{path}: {message}", "name a folder of documents, or a .jsonl, .jsonl.gz or .parquet file")
    found = sorted((file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.is_file() and not _hidden(file, path))
    rows = [(name, file.stat().st_size) for name, file in found if name.lower().endswith(".parquet")]
    if rows and len(rows) == sum(not Path(name).name.startswith("_") for name, _ in found):
        return Corpus(path, "parquet", tuple(rows))
    taken = tuple((name, file.stat().st_size) for name, file in found if file.suffix.lower() in SUFFIXES)
    if not taken:
        raise ExtractionError(f"{path}: no document in it can be read", f"put files there that end in {', '.join(SUFFIXES)}")
    return Corpus(path, "folder", taken, tuple(name for name, file in found if file.suffix.lower() not in SUFFIXES))


def _hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)


def _opened(path: Path) -> Any:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def _parquet(path: Path) -> Any:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise ExtractionError("Parquet needs pyarrow", "pip install 'accountability-kg[parquet]', or give the corpus as .jsonl") from None
    return ParquetFile(path)


def _json(name: str, line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DocumentError(name, f"no JSON: {error}", "write one object a line") from None
    if not isinstance(row, dict):
        raise DocumentError(name, f"a JSON {type(row).__name__}, not an object", 'write {"id": …, "text": …}')
    return row


def _of_row(name: str, row: dict[str, Any]) -> tuple[str, Document]:
    row = _fields(row)
    name = row.get("id") or row.get("name") or name
    if "text" not in row:
        raise DocumentError(name, "no `text`", 'write {"id": …, "text": …}')
    try:
        document = of_bytes(row["text"].encode("utf-8"), "text.txt")
    except UnicodeEncodeError as error:
        raise DocumentError(name, f"half a character (a lone surrogate) at {error.start}", "mend the text") from None
    except DocumentError as error:
        raise DocumentError(name, error.message.removeprefix(f"{error.file}: "), error.remedy) from None
    if not _DAY.fullmatch(row.get("date", "")):
        row.pop("date", None)
    metadata = Metadata(**{field: value for field, value in row.items() if field not in ("id", "name", "text")})
    return name, replace(document, path=Path(name), metadata=metadata)


def _fields(row: dict[str, Any]) -> dict[str, str]:
    """What a row says, as text: a date as an ISO day, month or year, nothing for what is missing or no text or number."""
    said = {}
    for field in FIELDS:
        value = row.get(field)
        if isinstance(value, datetime) and value.tzinfo:
            value = value.astimezone(UTC)
        if isinstance(value, date) or (field == "date" and isinstance(value, str)):
            value = str(value)[:10]
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            said[field] = str(value)
    return said
