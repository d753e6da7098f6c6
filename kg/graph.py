"""The graph as a person holds it: open it, ask it, draw it, take it away."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import queries
from kg.build import count
from kg.cases import CASE_FILE, DERIVED
from kg.errors import StoreError
from kg.store import DOCUMENTS, Manifest, open_build
from kg.table import Table, Term
from kg.vocabulary import ACC

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from kg.index import Index
    from kg.view import View

#: Where commands look for a graph, and where `kg build` puts it.
DEFAULT = "graph"


class Graph:
    """An accountability knowledge graph, open for reading.

    ``store`` is the Oxigraph store underneath, ``manifest`` says what it holds; ``folder`` is that of the build, where it
    was opened from a disk, ``texts`` are the documents' canonical texts by their digests, where it was not. Made by ``kg.open``.
    """

    def __init__(self, store: ox.Store, manifest: Manifest, folder: Path | None = None, texts: Mapping[str, str] | None = None) -> None:
        self.store = store
        self.manifest = manifest
        self.folder = folder
        self._texts = texts or {}

    def __repr__(self) -> str:
        return f"<Graph {self.manifest.title}: {self.manifest.quads} quads>"

    def query(self, query: str, /, **parameters: str) -> Table:
        """The answer to a question of the catalogue (by its name), to a query file (by its path), or to SPARQL text.

        Parameters are given by label ("Mark Rowley"), identifier or IRI; dates as YYYY, YYYY-MM or YYYY-MM-DD.

        Raises ``QueryError`` where the query, a parameter or a name is not understood.
        """
        found = queries.parse(query) if " " in query or "\n" in query else queries.find(query)
        terms = queries.terms_of(self.store, found, parameters, self.manifest.base)
        return queries.run(self.store, queries.bind(found, terms), self.manifest.base)

    def resolve(self, name: str, cls: str = "Thing") -> str:
        """The IRI of what is called so; raises ``QueryError`` where nothing is, or several things are."""
        return queries.resolve(self.store, name, cls, self.manifest.base).value

    def describe(self, name: str) -> Table:
        """What the graph says of a thing, and what says something of it: columns graph, subject, predicate, object.

        What was recorded comes first, what was derived last.

        Raises ``QueryError`` as ``resolve`` does.
        """
        node = queries.resolve(self.store, name, base=self.manifest.base)
        out = self.store.quads_for_pattern(node, None, None, None)
        into = self.store.quads_for_pattern(None, None, node, None)
        rows = {(_name(q.graph_name), q.subject, q.predicate, q.object) for q in [*out, *into]}
        columns = ("graph", "subject", "predicate", "object")
        derived = ox.NamedNode(self.manifest.base + DERIVED)
        ordered = sorted(rows, key=lambda row: (row[0] == derived, *map(str, row)))
        return Table(columns, ordered, base=self.manifest.base)

    def stats(self) -> dict[str, int]:
        """How many things of each kind the graph holds."""
        return dict(self.manifest.counts) or count(self.store)

    @cached_property
    def index(self) -> Index:
        """The rows that lists and searches read; raises ``StoreError`` where an older version built the graph without them."""
        from kg.index import NAME, memory_index, open_index

        return open_index(self.folder / NAME) if self.folder else memory_index(self.store)

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50) -> Table:
        """What the words find, the best first: columns thing, kind, label, text; see ``kg.search``.

        ``kinds`` are person, institution, group, report, event, topic, post, measure, statement; all if it is left out.
        """
        from kg.search import search

        return search(self.index, text, kinds=kinds, limit=limit).table(self.manifest.base)

    def document(self, report: str) -> str | None:
        """The canonical text of the document of a report, given by its IRI; None where it was not at hand."""
        found = self.store.quads_for_pattern(ox.NamedNode(report), ox.NamedNode(ACC + "digest"), None, None)
        digest = next((quad.object.value for quad in found if isinstance(quad.object, ox.Literal)), "")
        if not re.fullmatch("[0-9a-f]{64}", digest):
            return None
        if self.folder is None:
            return self._texts.get(digest)
        try:
            return (self.folder / DOCUMENTS / f"{digest}.txt").read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None

    def network(self, projection: str = "speech") -> nx.MultiDiGraph[str]:
        """The graph as a networkx graph: ``speech``, ``statements``, ``reports`` or ``organisation``; see ``kg.network``."""
        from kg.network import project

        return project(self.store, projection)

    def view(self, projection: str = "speech", *, focus: str | None = None, depth: int = 1, limit: int = 60) -> View:
        """An interactive page of a projection; it shows itself in a notebook, ``save(path)`` writes it.

        ``focus`` is the label, identifier or IRI to begin with, with its neighbours as far as ``depth`` steps; ``limit`` is how
        many nodes are shown at first. Raises ``QueryError`` where a name or the projection is unknown.
        """
        from kg.view import view

        node = self.resolve(focus) if focus else None
        return view(self.store, projection, focus=node, depth=depth, limit=limit, title=self.manifest.title)

    @property
    def dataset(self) -> rdflib.Dataset:
        """The graph through the rdflib API; its default graph is the union of all named graphs."""
        import rdflib
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(store=OxigraphStore(store=self.store), default_union=True)

    def export(self, path: str | Path, format: str | None = None, **options: Any) -> Path:
        """The file that was written, in the format that its suffix names, or that is given; see ``kg.export``."""
        from kg.export import write

        return write(self.store, path, format, base=self.manifest.base, **options)


def _name(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> Term:
    return None if isinstance(graph, ox.DefaultGraph) else graph


def open(path: str | Path = DEFAULT, sources: str | Path | None = None) -> Graph:
    """The graph in a store folder; or, where the folder is a case, the graph that it makes, built in memory.

    ``sources`` is where a case's documents lie. Raises ``StoreError`` where there is no graph, ``CheckError`` where the case
    has errors.
    """
    path = Path(path)
    if (path / CASE_FILE).is_file():
        from kg.build import assemble

        store, built = assemble(path, sources)
        return Graph(store, built.manifest, texts=built.texts)
    if not path.exists():
        raise StoreError(path, "no graph here", "make one with `kg build CASE`, or name another with --graph")
    return Graph(*open_build(path))
