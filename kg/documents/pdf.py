"""PDF files: the text of each page, its lines joined into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
from pypdfium2 import PdfiumError

from kg.documents.document import Metadata, Reading, UnreadableError, author

READER = f"pypdfium2 {pypdfium2.PYPDFIUM_INFO} (kg pdf 1)"
#: How many pages and characters a document may have.
PAGES, CHARACTERS = 5_000, 50_000_000

_EDGE = 3  # lines at the top and the bottom of a page that may be a running head or foot
_END = re.compile(r"[.!?:;][”’\"')\]]*$")
_MARK = re.compile(r"[•●▪■◦‣∙·*–—-]\s|\(?(?:\d{1,3}|[A-Z]\d{1,2}|[a-z]|[ivx]{1,5})[.)]\s|\d{1,2}(?:\.\d{1,3}){1,3}\s")
_DIGITS = re.compile(r"\d+")


class _Line(NamedTuple):
    """One line of a page: its words, and where its middle and its right end stand (in points from the bottom and the left)."""

    text: str
    middle: float
    height: float
    right: float


def read(raw: bytes) -> Reading:
    """The reading of a PDF; raises ``UnreadableError`` where it is broken, locked, without text, or too large."""
    try:
        with pypdfium2.PdfDocument(raw) as found:
            if len(found) > PAGES:
                raise UnreadableError(f"{len(found):,} pages, more than {PAGES:,}", "split the document")
            pages = list(_pages(found))
            about = found.get_metadata_dict(skip_empty=True)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError("locked with a password", "save a copy without the password") from None
        raise UnreadableError(f"no PDF that can be read ({error})", "open it in a viewer and print it to a new PDF") from None
    if not any(pages):
        raise UnreadableError("no text in it: scanned, it needs OCR first", "run it through OCR, for example `ocrmypdf`")
    text, starts = _join(_without_running_lines(pages))
    return Reading(text, READER, Metadata(about.get("Title", "").strip(), author(about.get("Author", ""))), tuple(starts))


def _pages(found: pypdfium2.PdfDocument) -> Iterator[list[_Line]]:
    left = CHARACTERS
    for number in range(len(found)):
        page = found[number]
        words = page.get_textpage()
        left -= words.count_chars()
        if left < 0:
            raise UnreadableError(f"more than {CHARACTERS:,} characters", "split the document")
        yield list(_lines(words))
        words.close()
        page.close()


def _lines(words: pypdfium2.PdfTextPage) -> Iterator[_Line]:
    """The lines of a page that are not empty; a soft hyphen at a line's end is the hyphen that is seen."""
    at, count = 0, words.count_chars()
    for raw in words.get_text_range(errors="replace").split("\n"):
        text = " ".join(raw.replace("\ufffe", "-").replace("\x02", "-").replace("\xad", "-").replace("\0", " ").split())
        if text and at < count:
            first = min(at + (len(raw) - len(raw.lstrip())), count - 1)
            last = min(at + len(raw.rstrip()) - 1, count - 1)
            _, bottom, _, top = words.get_charbox(first, loose=True)
            right = words.get_charbox(max(last, first), loose=True)[2]
            yield _Line(text, (top + bottom) / 2, top - bottom, right)
        at += len(raw) + 1


def _without_running_lines(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without their numbers, and without the heads and feet that stand on most of them."""
    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({_DIGITS.sub("0", line.text) for line in [*lines[:_EDGE], *lines[-_EDGE:]]})
    often = {text for text, count in seen.items() if count > 2 and count * 2 > len(pages)}
    kept = []
    for lines in pages:
        inner = range(_EDGE, len(lines) - _EDGE)
        kept.append([line for number, line in enumerate(lines) if number in inner or not _running(line.text, often)])
    return kept


def _running(text: str, often: set[str]) -> bool:
    return (
        _DIGITS.sub("0", text) in often or re.fullmatch(r"(?:page )?\W{0,3}\d{1,4}\W{0,3}(?: of \d{1,4})?", text, re.IGNORECASE) is not None
    )


def _join(pages: list[list[_Line]]) -> tuple[str, list[int]]:
    """The text, its lines joined into paragraphs, also across pages; and where each page begins in it."""
    parts: list[str] = []
    starts: list[int] = []
    size = 0
    before: _Line | None = None
    leading = _leading(pages)
    for lines in pages:
        width = max((line.right for line in lines), default=0.0)
        for number, line in enumerate(lines):
            glue = ""
            if before is not None:
                apart = before.middle - line.middle if number else line.height
                glue = _glue(before, line, _breaks(before, line, apart, leading, width))
            if number == 0:
                starts.append(size + len(glue))
            parts += glue, line.text
            size += len(glue) + len(line.text)
            before = line
        if not lines:
            starts.append(size)
    return "".join(parts) + "\n", starts


def _leading(pages: list[list[_Line]]) -> float:
    """How far the lines of a paragraph stand apart, in heights of a line: the lowest tenth, as paragraphs stand further apart."""
    found = sorted((above.middle - below.middle) / above.height for lines in pages for above, below in pairwise(lines) if above.height > 0)
    close = [apart for apart in found if 0.8 <= apart <= 2.2]
    return min(close[len(close) // 10], 1.6) if close else 1.2


def _glue(before: _Line, line: _Line, broken: bool) -> str:
    """What stands between two lines: nothing behind a hyphen within a word, as hyphens are kept."""
    if broken:
        return "\n\n"
    return "" if re.search(r"[^\W\d_]-$", before.text) and line.text[0].islower() else " "


def _breaks(before: _Line, line: _Line, apart: float, leading: float, width: float) -> bool:
    """Whether a paragraph ends between two lines: by the room between them, by their size, by a mark, or by a short last line."""
    if _MARK.match(line.text) or apart < 0 or apart > 1.35 * leading * max(line.height, 1.0):
        return True
    if abs(before.height - line.height) > 0.15 * max(before.height, line.height):
        return True
    short = before.right < 0.85 * width
    return short and (_END.search(before.text) is not None or line.text[:1].isupper())
