"""Links of a folder of pages: each leads to a file that is there, and to an anchor that is on it."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_LINKS = {"href", "src", "action"}


class Broken(NamedTuple):
    """A link that leads nowhere: the ``file`` it stands in, the ``link``, and what is ``missing``."""

    file: str
    link: str
    missing: str


class _Reader(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _LINKS and value is not None:
                self.links.add(value)
            elif name == "id" and value:
                self.anchors.add(value)


def check(folder: Path) -> tuple[int, list[Broken]]:
    """How many links the pages below a folder hold, and those of them that lead nowhere; other hosts are not asked."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = {file: _read(folder / file) for file in sorted(files) if file.endswith(".html")}
    links = [(file, link) for file, reader in pages.items() for link in sorted(reader.links)]
    return len(links), [Broken(file, link, missing) for file, link in links if (missing := _missing(file, link, files, pages))]


def _missing(file: str, link: str, files: set[str], pages: dict[str, _Reader]) -> str:
    """What a link in a file lacks; empty where it leads somewhere, or to another host."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return "no address at all"
    if parts.scheme or parts.netloc:
        return ""
    path, fragment = unquote(parts.path), unquote(parts.fragment)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
    if target not in files:
        return "no such file"
    return f"no anchor `{fragment}`" if fragment and target in pages and fragment not in pages[target].anchors else ""


def _read(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader
