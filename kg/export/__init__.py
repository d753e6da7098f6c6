"""Exports: the graph as a file that other programs read. The same graph gives the same bytes.

RDF (Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML), networks (GraphML, GEXF), tables (CSV with CSVW metadata, in a zip).
Formats without named graphs hold the union of all graphs.

    write(store, "case.ttl", base="https://example.org/case/")
    write(store, "network.gexf", projection="reports")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from kg import files
from kg.errors import ExportError
from kg.export.csvw import tables
from kg.export.graphxml import gexf, graphml
from kg.export.jsonld import jsonld
from kg.export.rdf import nquads, ntriples, rdfxml, snapshot, trig, turtle
from kg.network import project


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for: the case's ``base`` IRI, whether with the passages' ``texts``, which ``projection`` of networks."""

    base: str = ""
    texts: bool = False
    projection: str = "speech"


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its ``name``, its ``title``, the ``suffixes`` of its files, its ``media_type``, and the function that makes it."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    media_type: str
    make: Callable[[ox.Store, Options], bytes]


_ALL = (
    Format("turtle", "Turtle", (".ttl",), "text/turtle", lambda store, asked: turtle(snapshot(store, asked.texts))),
    Format("trig", "TriG", (".trig",), "application/trig", lambda store, asked: trig(snapshot(store, asked.texts))),
    Format("ntriples", "N-Triples", (".nt",), "application/n-triples", lambda store, asked: ntriples(snapshot(store, asked.texts))),
    Format("nquads", "N-Quads", (".nq",), "application/n-quads", lambda store, asked: nquads(snapshot(store, asked.texts))),
    Format("jsonld", "JSON-LD", (".jsonld",), "application/ld+json", lambda store, asked: jsonld(snapshot(store, asked.texts), asked.base)),
    Format("rdfxml", "RDF/XML", (".rdf",), "application/rdf+xml", lambda store, asked: rdfxml(snapshot(store, asked.texts))),
    Format("graphml", "GraphML", (".graphml",), "application/graphml+xml", lambda store, asked: graphml(project(store, asked.projection))),
    Format("gexf", "GEXF", (".gexf",), "application/gexf+xml", lambda store, asked: gexf(project(store, asked.projection))),
    Format("csv", "CSV with CSVW metadata", (".zip",), "application/zip", lambda store, asked: tables(store, asked.base, asked.texts)),
)
#: Every format by its name.
FORMATS: dict[str, Format] = {format.name: format for format in _ALL}


def format_of(path: str | Path) -> str:
    """The name of the format that the path's suffix stands for.

    Raises ``ExportError`` where it stands for none, with all that are known.

    >>> format_of("met-police.TTL")
    'turtle'
    """
    name = Path(path).name.lower()
    for format in FORMATS.values():
        if name.endswith(format.suffixes):
            return format.name
    known = ", ".join(suffix for format in FORMATS.values() for suffix in format.suffixes)
    hint = "the CSV tables come in one .zip" if name.endswith(".csv") else "or name the format"
    raise ExportError(f"{path}: the suffix names no format", f"use one of {known}; {hint}")


def dump(store: ox.Store, format: str, *, base: str = "", texts: bool = False, projection: str = "speech") -> bytes:
    """The graph in the format, the same bytes for the same graph.

    ``base`` is the case's base IRI, for relative IRIs; ``texts`` puts the passages' own words in, which may belong to a
    publisher; ``projection`` is which network GraphML and GEXF hold, see ``kg.network``.

    Raises ``ExportError`` where the format is unknown, or cannot hold what is in the graph, ``QueryError`` where the
    projection is unknown.

    >>> store = ox.Store()
    >>> store.add(ox.Quad(ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/p"), ox.Literal("x")))
    >>> dump(store, "nquads")
    b'<http://example.org/a> <http://example.org/p> "x" .\\n'
    """
    return _format(format).make(store, Options(base, texts, projection))


def write(
    store: ox.Store, path: str | Path, format: str | None = None, *, base: str = "", texts: bool = False, projection: str = "speech"
) -> Path:
    """The file that was written, whole or not at all, in ``format`` or else in the format of its suffix.

    The other parameters are those of ``dump``. Raises what ``dump`` and ``format_of`` raise, and ``ExportError`` where the
    file cannot be written; a file that was there is then as it was.
    """
    path = Path(path)
    content = dump(store, format or format_of(path), base=base, texts=texts, projection=projection)
    try:
        return files.write(path, content)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written: {error.strerror or error}", "choose another place, or free some space") from None


def _format(name: str) -> Format:
    """The format of that name, or of that suffix without its point."""
    for format in _ALL:
        if f".{name}" in format.suffixes:
            return format
    if name not in FORMATS:
        close = get_close_matches(name, list(FORMATS), n=1)
        raise ExportError(f"no format is called `{name}`", f"did you mean `{close[0]}`?" if close else f"use one of: {', '.join(FORMATS)}")
    return FORMATS[name]
