"""What a document is: its canonical text, in which every offset counts, and what is known of where it comes from."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

#: The reader of text files, kept with the digest so that a later reader can be told from it.
READER = "kg text 1"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document tells about itself outside of its text; empty where it tells nothing.

    ``date`` is an ISO day, month or year, ``language`` a tag such as ``en-GB``, ``url`` where it was fetched from.
    """

    title: str = ""
    author: str = ""
    publisher: str = ""
    date: str = ""
    language: str = ""
    url: str = ""


#: Names that programs put where an author's should stand.
_NOBODY = re.compile(
    r"\W*(?:python-docx|anonymous|author|(?:windows |microsoft office )?user|owner|admin(?:istrator)?|unknown|guest|root|un-?named author"
    r"|(?:microsoft )?office|microsoft(?: account)?|libreoffice|unspecified|default|none|null)?\W*",
    re.IGNORECASE,
)


def author(name: str) -> str:
    """The name of an author as a file gives it; empty where it is only that of a program or an account.

    >>> author(" Ada Quill "), author("Microsoft Office User")
    ('Ada Quill', '')
    """
    return "" if _NOBODY.fullmatch(name) else name.strip()


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its ``path``, its canonical ``text`` and the ``digest`` (SHA-256, hexadecimal) of that text in UTF-8.

    ``reader`` names what made the text, with its version: the same bytes give the same text with the same reader. ``pages`` holds
    the offset at which each page begins; it is empty where the document has no pages.
    """

    path: Path
    text: str
    digest: str
    reader: str = READER
    metadata: Metadata = Metadata()
    pages: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def line(self, offset: int) -> int:
        """The line, from 1, in which the code point at ``offset`` stands."""
        return self.text.count("\n", 0, offset) + 1

    def page(self, offset: int) -> int | None:
        """The page, from 1, on which the code point at ``offset`` stands; None where the document has no pages."""
        return max(bisect_right(self.pages, offset), 1) if self.pages else None


def digest(text: str) -> str:
    """The SHA-256 of the text in UTF-8, as 64 hexadecimal digits.

    >>> digest("")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def of_text(text: str, name: str = "text.txt") -> Document:
    """A document made of a text that is at hand.

    >>> of_text("One sentence.").digest[:12]
    'c580b4194ddc'
    """
    return Document(Path(name), text, digest(text))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a file's bytes: the fields of a ``Document`` that come from them."""

    text: str
    reader: str = READER
    metadata: Metadata = Metadata()
    pages: tuple[int, ...] = ()


class UnreadableError(ValueError):
    """Bytes that a reader cannot read: what is wrong with them, and the remedy."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy
