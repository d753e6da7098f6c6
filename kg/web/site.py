"""The site: one build of the graph as its pages see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import pyoxigraph as ox

from kg import queries
from kg.graph import Graph
from kg.index import Index
from kg.store import Manifest
from kg.table import Table
from kg.vocabulary import ACC, DCTERMS, PREFIXES, RDF, RDFS, SKOS
from kg.web.addresses import Addresses

#: How many values and things are remembered: page after page names the same reports, people and concepts.
_REMEMBERED = 4096
_NAMES = tuple(ox.NamedNode(name) for name in (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title"))
_CALLED = """SELECT label, kind FROM thing WHERE iri = :iri
  UNION ALL SELECT coalesce(nullif(summary, ''), quote), '' FROM statement WHERE iri = :iri"""


@dataclass(frozen=True)
class Site:
    """One build: ``graph`` is what it holds, ``addresses`` where its pages stand.

    ``run`` answers SPARQL within limits (through the server's workers); without it a query is answered here, without any.
    ``live`` is whether a server answers: a static copy has no filters, no SPARQL and no forms. ``texts`` is whether pages
    show the documents' own words, where the graph holds them.
    """

    graph: Graph
    addresses: Addresses
    live: bool = True
    texts: bool = True
    run: Callable[[str], Table] | None = None
    _labels: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def store(self) -> ox.Store:
        """The quads."""
        return self.graph.store

    @property
    def manifest(self) -> Manifest:
        """What the build says of itself."""
        return self.graph.manifest

    @cached_property
    def index(self) -> Index:
        """The rows that pages list, and the full text."""
        return self.graph.index

    @cached_property
    def case(self) -> str:
        """The IRI of the case."""
        found = self.store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(ACC + "Case"), None)
        return next((quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)), self.manifest.base + "case")

    @cached_property
    def description(self) -> str:
        """What the case says of itself."""
        return self.one(self.case, "dcterms:description")

    def ask(self, query: str) -> Table:
        """The answer to a SPARQL query over the union of all graphs, a person's own query as well.

        Raises ``QueryError`` where it is none, ``LimitError`` where it takes too long, too much memory, or gives too much.
        """
        return self.run(query) if self.run else queries.run(self.store, query, self.manifest.base)

    def objects(self, iri: str, property: str) -> Iterator[ox.NamedNode | ox.Literal]:
        """The values of a property (``acc:capacity``) of a thing, in the order of their text, each once."""
        yield from self._values(iri, property)

    @cached_property
    def _values(self) -> Callable[[str, str], tuple[ox.NamedNode | ox.Literal, ...]]:
        @lru_cache(_REMEMBERED)
        def values(iri: str, property: str) -> tuple[ox.NamedNode | ox.Literal, ...]:
            quads = self.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(_expand(property)), None, None)
            return tuple(sorted({quad.object for quad in quads if isinstance(quad.object, ox.NamedNode | ox.Literal)}, key=str))

        return values

    @cached_property
    def _called(self) -> Callable[[str], tuple[str, str]]:
        @lru_cache(_REMEMBERED)
        def called(iri: str) -> tuple[str, str]:
            row = next(iter(self.index.execute(_CALLED, {"iri": iri})), None)
            return (row["label"] or self.label(iri), row["kind"]) if row else (self.label(iri), "")

        return called

    def subjects(self, property: str, iri: str) -> list[str]:
        """The IRIs of the things that have this value for a property, in order."""
        quads = self.store.quads_for_pattern(None, ox.NamedNode(_expand(property)), ox.NamedNode(iri), None)
        return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})

    def all(self, iri: str, property: str) -> list[str]:
        """The values of a property as text, IRIs and literals alike."""
        return [term.value for term in self.objects(iri, property)]

    def one(self, iri: str, property: str) -> str:
        """The first value of a property as text; empty where there is none."""
        return next((term.value for term in self.objects(iri, property)), "")

    def label(self, iri: str) -> str:
        """What a thing is called; the last part of its IRI where nothing calls it anything."""
        if iri not in self._labels:
            node = ox.NamedNode(iri)
            found = (quad.object for name in _NAMES for quad in self.store.quads_for_pattern(node, name, None, None))
            last = iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
            self._labels[iri] = next((term.value for term in found if isinstance(term, ox.Literal)), last)
        return self._labels[iri]

    def thing(self, iri: str) -> dict[str, str]:
        """A thing as pages hold it: ``id``, ``label``, ``kind`` (empty where it is of none of the index's kinds).

        A statement is called by what it says.
        """
        label, kind = self._called(iri)
        return {"id": iri, "label": label, "kind": kind}

    def things(self, iri: str, property: str) -> list[dict[str, str]]:
        """The values of a property, each as a thing, in the order of their names."""
        return sorted((self.thing(value) for value in self.all(iri, property)), key=lambda thing: (thing["label"].casefold(), thing["id"]))

    def document(self, report: str) -> str | None:
        """The canonical text of a report where it is at hand and may be shown."""
        return self.graph.document(report) if self.texts else None


def _expand(property: str) -> str:
    prefix, _, local = property.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else property
