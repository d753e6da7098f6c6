"""Named graphs: what stands in each, and how to read it. The store keeps apart what was recorded from what was derived."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from kg.cases import CASE, DERIVED, REFERENCE, TEXTS
from kg.web.page import Page
from kg.web.site import Site

#: What stands in the graphs that are of no report.
_HOLDS = {
    REFERENCE: "what the records say of people, institutions, reports, topics and other things with a name",
    CASE: "what the case says of itself, and how much it holds",
    DERIVED: "what follows from the records by rules, and nothing that a person recorded",
    TEXTS: "the words of the passages, as they stand in the documents",
}
#: What comes behind the base and before the identifier of what the graph's records are of.
_OF = "graph/"


def named_graph(site: Site, iri: str, asked: Mapping[str, str]) -> Page:
    """A named graph: what it holds, in how many quads, and the query that reads it; raises ``LimitError`` where it cannot be counted."""
    name = site.addresses.path(iri)
    of = site.index.thing(site.manifest.base + name.removeprefix(_OF))
    count = site.ask(f"SELECT (COUNT(*) AS ?quads) {{ GRAPH {ox.NamedNode(iri)} {{ ?subject ?property ?value }} }}")
    data = {
        "id": iri,
        "holds": _HOLDS.get(name, ""),
        "of": site.thing(of.iri) if of else {},
        "quads": int(count.text()[0][0]),
        "query": f"SELECT ?subject ?property ?value WHERE {{\n  GRAPH {ox.NamedNode(iri)} {{ ?subject ?property ?value }}\n}}\nLIMIT 100\n",
    }
    return Page("graph.html", f"Graph: {name.removeprefix(_OF)}", data)
