"""A source document and its canonical text, in which every offset counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DocumentError

#: The reader that made the canonical text, kept with the digest so that a later reader can be told from it.
READER = "kg text 1"
SUFFIXES = (".txt", ".text", ".md")
LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its ``path``, its canonical ``text`` and the ``digest`` (SHA-256, hexadecimal) of that text in UTF-8."""

    path: Path
    text: str
    digest: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def line(self, offset: int) -> int:
        """The line, from 1, in which the code point at ``offset`` stands."""
        return self.text.count("\n", 0, offset) + 1


def digest(text: str) -> str:
    """The SHA-256 of the text in UTF-8, as 64 hexadecimal digits.

    >>> digest("")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(raw: bytes) -> str:
    """The canonical text of a text file: its characters untouched but for CRLF → LF and a leading byte-order mark.

    Raises ``UnicodeDecodeError`` where the bytes are not UTF-8.

    >>> canonical("\\ufeffa\\r\\nb".encode())
    'a\\nb'
    """
    return raw.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")


def read(path: str | Path) -> Document:
    """The document in a text file.

    Raises ``DocumentError`` where the file is missing, too large, of an unknown kind or not UTF-8.
    """
    path = Path(path)
    if not path.is_file():
        raise DocumentError(path, "no such file", "check the path")
    if path.suffix.lower() not in SUFFIXES:
        raise DocumentError(path, f"cannot read a `{path.suffix}` file", f"save it as text: {', '.join(SUFFIXES)}")
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentError(path, f"larger than {LARGEST >> 20} MiB", "split the document")
        text = canonical(path.read_bytes())
    except UnicodeDecodeError as error:
        raise DocumentError(path, f"not UTF-8 at byte {error.start}", "convert it, for example with iconv") from None
    except OSError as error:
        raise DocumentError(path, error.strerror or str(error), "check the path") from None
    return Document(path, text, digest(text))


def read_all(folder: str | Path) -> Iterator[Document]:
    """Every text document of a folder, in the order of names; raises ``DocumentError`` as ``read`` does."""
    root = Path(folder)
    if not root.is_dir():
        raise DocumentError(root, "no such folder", "name the folder that holds the source documents")
    for path in sorted(root.iterdir()):
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            yield read(path)
