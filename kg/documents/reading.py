"""Reading documents from files: which reader reads what, and what it says where it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.documents import plain
from kg.documents.document import Document, Reading, UnreadableError, digest
from kg.errors import DocumentError

TEXT = (".txt", ".text", ".md")
SUFFIXES = (*TEXT, ".html", ".htm", ".pdf", ".docx")
LARGEST = 64 * 1024 * 1024

_MAGIC = ((b"%PDF-", ".pdf", "a PDF"), (b"PK\x03\x04", ".docx", "a ZIP archive, such as a Word document"))
_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: str | Path) -> Document:
    """The document in a file.

    Raises ``DocumentError`` where the file is missing, too large, of an unknown kind, or not what its name says.
    """
    path = Path(path)
    if not path.is_file():
        raise DocumentError(path, "no such file", "check the path")
    if path.suffix.lower() not in SUFFIXES:
        raise DocumentError(path, f"cannot read a `{path.suffix}` file", f"save it as one of these: {', '.join(SUFFIXES)}")
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentError(path, f"larger than {LARGEST >> 20} MiB", "split the document")
        raw = path.read_bytes()
    except OSError as error:
        raise DocumentError(path, error.strerror or str(error), "check the path") from None
    return of_bytes(raw, path)


def of_bytes(raw: bytes, path: str | Path, charset: str = "") -> Document:
    """The document in the bytes of a file; its suffix names the reader, ``charset`` the encoding that a server told of a web page.

    Raises ``DocumentError`` where the bytes are not what the name says.

    >>> of_bytes(b"We are sorry.", "letter.txt").text
    'We are sorry.'
    """
    path = Path(path)
    suffix = path.suffix.lower()
    for magic, other, what in _MAGIC:
        if raw.startswith(magic) and suffix != other:
            raise DocumentError(path, f"is {what}, whatever its name says", f"rename it to `{path.stem}{other}`")
    try:
        made = _reading(raw, suffix, charset)
    except UnreadableError as error:
        raise DocumentError(path, str(error), error.remedy) from None
    return Document(path, made.text, digest(made.text), made.reader, made.metadata, made.pages)


def _reading(raw: bytes, suffix: str, charset: str) -> Reading:
    """What the reader for a suffix makes of the bytes; readers are loaded when they are needed, as each takes a tenth of a second."""
    if suffix in {".html", ".htm"}:
        from kg.documents import webpage

        return webpage.read(raw, charset)
    if suffix == ".pdf":
        from kg.documents import pdf

        return pdf.read(raw)
    if suffix == ".docx":
        if raw.startswith(_LOCKED):
            raise UnreadableError(
                "locked with a password, or in the old .doc format", "open it in Word and save it as .docx without a password"
            )
        from kg.documents import word

        return word.read(raw)
    return plain.read(raw)


def read_all(folder: str | Path) -> Iterator[Document]:
    """Every document of a folder, in the order of names; other files are passed over, as are scans and broken PDF, HTML and DOCX files.

    Raises ``DocumentError`` where there is no such folder, or a text file in it cannot be read.
    """
    root = Path(folder)
    if not root.is_dir():
        raise DocumentError(root, "no such folder", "name the folder that holds the source documents")
    for path in sorted(root.iterdir()):
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            try:
                yield read(path)
            except DocumentError:
                if path.suffix.lower() in TEXT:
                    raise
