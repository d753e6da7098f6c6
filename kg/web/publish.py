"""The static copy: every page of the site and its twins as files, for any host that serves files, or for a disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox

from kg.cases import TEXTS
from kg.errors import ExportError
from kg.export import dump
from kg.graph import Graph
from kg.index import Selection, thing_row
from kg.web import pages
from kg.web.addresses import FileAddresses
from kg.web.assets import assets
from kg.web.dumps import CHECKSUM, names
from kg.web.links import Broken, check
from kg.web.page import said, twin, when, words
from kg.web.site import Site

#: The file by which a folder is known to be a copy of a site; it names every file, so that nothing else is ever taken for one.
MARK = "kg-site.json"

#: Is told how much of the work is done, and how much there is.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: ``folder``, how many ``pages`` and ``files``, how many ``links`` were checked, and those ``broken``."""

    folder: Path
    pages: int
    files: int
    links: int
    broken: list[Broken]


def publish(graph: Graph, folder: str | Path, *, texts: bool = False, progress: Progress = lambda done, total: None) -> Published:
    """The copy that was written to a folder, whole or not at all, and what the check of its links found.

    The folder is new, empty, or holds an older copy, which gives way. ``texts`` shows the documents' own words, which may belong
    to a publisher; the downloads never hold them. The same graph gives the same bytes.

    Raises ``ExportError`` where the folder holds something else, or cannot be written.
    """
    folder = Path(folder).resolve()
    try:
        _refuse(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent, ignore_cleanup_errors=True) as beside:
            new = Path(beside, "new")
            addresses = FileAddresses(graph.manifest.base)
            site = Site(graph if texts else _without_texts(graph), addresses, live=False, texts=texts)
            written = _write(site, addresses, new, progress)
            files = _mark(site, new)
            links, broken = check(new)
            _replace(folder, new, Path(beside, "old"))
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written: {error.strerror or error}", "choose another place, or free some space") from None
    return Published(folder, written, files, links, broken)


def _refuse(folder: Path) -> None:
    """Raises ``ExportError`` where the folder holds a file that no copy of a site wrote."""
    if not folder.exists():
        return
    remedy = "name a new or an empty folder"
    if not folder.is_dir():
        raise ExportError(f"{folder}: is a file", remedy)
    known = set()
    if (folder / MARK).is_file():
        try:
            known = {MARK, *json.loads((folder / MARK).read_text("utf-8"))["files"]}
        except (ValueError, KeyError, TypeError):
            raise ExportError(f"{folder / MARK}: is damaged", remedy) from None
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() and name not in known:
            raise ExportError(f"{folder}: holds `{name}`, which is no part of a copy of a site", remedy)


def _without_texts(graph: Graph) -> Graph:
    """The graph with nothing in the place of the passages' words: no page, question or twin can show them.

    That there were words stays, for it tells that the passage was compared with its document.
    """
    hidden, store = ox.NamedNode(graph.manifest.base + TEXTS), ox.Store()
    quads = graph.store.quads_for_pattern(None, None, None, None)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, ox.Literal(""), hidden) if q.graph_name == hidden else q for q in quads)
    return Graph(store, graph.manifest, graph.folder)


def _write(site: Site, addresses: FileAddresses, folder: Path, progress: Progress) -> int:
    """How many pages were written."""
    paths, dumps = list(dict.fromkeys(pages.paths(site))), list(names(site.manifest))
    total = len(paths) + len(dumps)
    for name, asset in assets().items():
        _file(folder / "assets" / name, asset.body)
    for name, entries in (("names", _names(site)), ("statements", _statements(site))):
        _file(folder / "assets" / "offline" / f"{name}.js", _script(name, list(entries)))
    for number, path in enumerate(paths):
        progress(number, total)
        page = pages.find(site, path, {})
        for suffix in page.twins:
            _file(folder / addresses.file(path, suffix), twin(site, page, path, suffix))
    for number, (name, format) in enumerate(dumps, len(paths)):
        progress(number, total)
        body = dump(site.store, format.name, base=site.manifest.base)
        _file(folder / "downloads" / name, body)
        _file(folder / "downloads" / f"{name}{CHECKSUM}", f"{hashlib.sha256(body).hexdigest()}  {name}\n".encode())
    progress(total, total)
    return len(paths)


def _names(site: Site) -> Iterator[dict[str, Any]]:
    """Everything with a name, as ``offline.js`` looks for it."""
    for row in map(thing_row, site.index.execute("SELECT * FROM thing ORDER BY n")):
        if row.iri.startswith(site.manifest.base):
            yield {
                "href": site.addresses.href(row.iri),
                "kind": row.kind,
                "name": row.label,
                "aliases": "; ".join(row.aliases),
                "text": row.note,
                "count": row.said + row.about,
            }


def _statements(site: Site) -> Iterator[dict[str, Any]]:
    """Every statement, as ``offline.js`` looks for it; with the words around it, where they may be shown."""
    rows = site.index.execute("SELECT iri, passage FROM entry JOIN words ON words.rowid = entry.n") if site.texts else []
    passages: dict[str, str] = {row["iri"]: row["passage"] for row in rows}
    for row in site.index.select(Selection()):
        one = said(row)
        yield {
            "href": site.addresses.href(row.id),
            "name": row.summary,
            "quote": row.quote,
            "text": passages.get(row.id, ""),
            "speaker": one["speaker"]["label"],
            "acts": [[words(act), manner] for act, manner in zip(one["acts"], one["manners"], strict=True)],
            "told": ", ".join(filter(None, (when(row.date), one["report"].get("label")))),
            "repeats": row.repeats,
        }


def _script(name: str, entries: list[dict[str, Any]]) -> bytes:
    """JSON in a script: from a disk a browser reads no data, but it does run the scripts of a page."""
    return f"offline.take({json.dumps(name)}, {json.dumps(entries, ensure_ascii=False)});\n".encode()


def _mark(site: Site, folder: Path) -> int:
    """How many files there are, with the mark that names them."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    about = {"case": site.manifest.case, "title": site.manifest.title, "digest": site.manifest.digest, "files": files}
    _file(folder / MARK, (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))
    return len(files) + 1


def _file(path: Path, body: bytes) -> None:
    """Write a file that is not there yet: two pages never take each other's place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(body)


def _replace(folder: Path, new: Path, old: Path) -> None:
    """Put the new folder in the place of the old one; where that fails the old one is there again."""
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise
