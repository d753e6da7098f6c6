"""A network as GraphML and as GEXF, for Gephi, yEd, Cytoscape and networkx, in one order and without the day of writing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kg.export.rdf import check_xml

if TYPE_CHECKING:
    import networkx as nx

_DAY = re.compile(rb' lastmodifieddate="[^"]*"')
#: Attributes that the writer of GEXF would read as its own.
_TAKEN = {"start", "end", "type", "weight", "viz", "id", "key", "pid", "parents", "slices", "spells"}


def graphml(graph: nx.MultiDiGraph[Any]) -> bytes:
    """The network as GraphML (http://graphml.graphdrawing.org/), nodes and edges sorted.

    Raises ``ExportError`` where a text holds a character that XML cannot.
    """
    import networkx as nx

    out = BytesIO()
    nx.write_graphml_xml(plain(graph), out, named_key_ids=True)
    return _readable(out.getvalue())


def gexf(graph: nx.MultiDiGraph[Any]) -> bytes:
    """The network as GEXF 1.2 (https://gexf.net/), nodes and edges sorted; the ``count`` of an edge is its weight.

    Raises ``ExportError`` where a text holds a character that XML cannot.
    """
    import networkx as nx

    ready = plain(graph)
    for _, _, data in ready.edges(data=True):
        data["weight"] = data.get("count", 1)
    out = BytesIO()
    nx.write_gexf(ready, out)
    return _readable(_DAY.sub(b"", out.getvalue(), count=1))


def _readable(text: bytes) -> bytes:
    # Carriage returns stand bare in what networkx writes, and readers turn those into line feeds.
    return check_xml(text.replace(b"\r", b"&#13;"))


def plain(graph: nx.MultiDiGraph[Any]) -> nx.MultiDiGraph[str]:
    """A sorted copy of the network whose attributes are texts and numbers; what the formats keep for themselves gets a ``_``."""
    import networkx as nx

    copy: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    copy.add_nodes_from(sorted(((str(node), _simple(data)) for node, data in graph.nodes(data=True)), key=lambda node: node[0]))
    edges = ((str(source), str(target), _simple(data)) for source, target, data in graph.edges(data=True))
    for source, target, data in sorted(edges, key=str):
        copy.add_edge(source, target, **data)
    return copy


def _simple(data: Mapping[str, Any]) -> dict[str, str | int | float]:
    values = {f"{name}_" if name in _TAKEN else str(name): flatten(data[name]) for name in sorted(data, key=str)}
    return {name: value for name, value in values.items() if value is not None}


def flatten(value: Any) -> str | int | float | None:
    """The value as one text or number: lists joined by spaces, counts as ``Claim 3, Demand 1``, most first; None stays None.

    >>> flatten({"Demand": 1, "Claim": 3})
    'Claim 3, Demand 1'
    """
    if value is None or isinstance(value, bool):
        return value
    for kind in (str, int, float):  # and the types below them that other libraries make, such as numpy's
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, Mapping):
        pairs = sorted(value.items(), key=lambda pair: (-pair[1] if isinstance(pair[1], int | float) else 0, str(pair[0])))
        return ", ".join(f"{name} {count}" for name, count in pairs)
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    return " ".join(map(str, value)) if isinstance(value, Iterable) else str(value)
