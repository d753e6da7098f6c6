"""A network as GraphML and as GEXF, for Gephi, yEd, Cytoscape and networkx: in one order, without the day of writing.

Written here because the writers of networkx stamp GEXF with today, read attributes called ``start`` or ``type`` as their
own, and lose carriage returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from kg.rdf import check_xml

if TYPE_CHECKING:
    import networkx as nx

Attributes = dict[str, str | int | float]
#: A node is its name and its attributes; an edge its source, its target and its attributes.
Nodes = list[tuple[str, Attributes]]
Edges = list[tuple[str, str, Attributes]]
#: The key and the type of each attribute.
Keys = dict[str, tuple[str, str]]
_TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}
_RETURN = {"\r": "&#13;"}
_ENTITIES = {**_RETURN, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


def graphml(graph: nx.MultiDiGraph[Any]) -> bytes:
    """The network as GraphML (http://graphml.graphdrawing.org/), nodes and edges sorted, edges called ``e1``, ``e2``, …

    Raises ``ExportError`` where a text holds a character that XML cannot.
    """
    nodes, edges = _flat(graph)
    node_keys, edge_keys = _keys("n", (data for _, data in nodes)), _keys("e", (data for _, _, data in edges))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    for of, keys in (("node", node_keys), ("edge", edge_keys)):
        for name, (key, kind) in keys.items():
            lines.append(f'<key id="{key}" for="{of}" attr.name={_quote(name)} attr.type="{kind}"/>')

    def cells(keys: Keys, data: Attributes) -> str:
        return "".join(f'<data key="{keys[name][0]}">{escape(_text(value), _RETURN)}</data>' for name, value in data.items())

    lines.append('<graph edgedefault="directed">')
    lines.extend(f"<node id={_quote(node)}>{cells(node_keys, data)}</node>" for node, data in nodes)
    for number, (source, target, data) in enumerate(edges, start=1):
        lines.append(f'<edge id="e{number}" source={_quote(source)} target={_quote(target)}>{cells(edge_keys, data)}</edge>')
    return check_xml("\n".join([*lines, "</graph>", "</graphml>", ""]).encode())


def gexf(graph: nx.MultiDiGraph[Any]) -> bytes:
    """The network as GEXF 1.2 (https://gexf.net/), in the order of ``graphml``; the ``count`` of an edge is its weight.

    Raises ``ExportError`` where a text holds a character that XML cannot.
    """
    nodes, edges = _flat(graph)
    node_keys, edge_keys = _keys("n", (data for _, data in nodes)), _keys("e", (data for _, _, data in edges))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">']
    lines.append('<graph defaultedgetype="directed" mode="static">')
    for of, keys in (("node", node_keys), ("edge", edge_keys)):
        lines.append(f'<attributes class="{of}" mode="static">')
        lines.extend(f'<attribute id="{key}" title={_quote(name)} type="{kind}"/>' for name, (key, kind) in keys.items())
        lines.append("</attributes>")

    def cells(keys: Keys, data: Attributes) -> str:
        inner = "".join(f'<attvalue for="{keys[name][0]}" value={_quote(_text(value))}/>' for name, value in data.items())
        return f"<attvalues>{inner}</attvalues>" if inner else ""

    lines.append("<nodes>")
    for node, data in nodes:
        lines.append(f"<node id={_quote(node)} label={_quote(_text(data.get('label', node)))}>{cells(node_keys, data)}</node>")
    lines.append("</nodes>\n<edges>")
    for number, (source, target, data) in enumerate(edges, start=1):
        weight = f' weight="{data["count"]}"' if isinstance(data.get("count"), int | float) else ""
        start = f'<edge id="e{number}" source={_quote(source)} target={_quote(target)} type="directed"{weight}>'
        lines.append(f"{start}{cells(edge_keys, data)}</edge>")
    return check_xml("\n".join([*lines, "</edges>", "</graph>", "</gexf>", ""]).encode())


def _flat(graph: nx.MultiDiGraph[Any]) -> tuple[Nodes, Edges]:
    """Nodes and edges, sorted, with attributes that are texts and numbers, sorted by name."""
    nodes = sorted(((str(node), _simple(data)) for node, data in graph.nodes(data=True)), key=lambda node: node[0])
    edges = [(str(source), str(target), _simple(data)) for source, target, data in graph.edges(data=True)]
    return nodes, sorted(edges, key=lambda edge: (edge[0], edge[1], str(edge[2])))


def _simple(data: Mapping[str, Any]) -> Attributes:
    values = {str(name): flatten(data[name]) for name in sorted(data, key=str)}
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


def _keys(letter: str, rows: Iterable[Attributes]) -> Keys:
    """The key and the type of each attribute, sorted by name; the type is the narrowest that fits all its values."""
    found: dict[str, set[type]] = {}
    for row in rows:
        for name, value in row.items():
            found.setdefault(name, set()).add(type(value))
    return {name: (f"{letter}{place}", _narrowest(kinds)) for place, (name, kinds) in enumerate(sorted(found.items()))}


def _narrowest(kinds: set[type]) -> str:
    if len(kinds) == 1:
        return _TYPES[next(iter(kinds))]
    return "double" if kinds == {int, float} else "string"


def _text(value: str | int | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quote(text: str) -> str:
    """The text as the value of an XML attribute, with its quotation marks."""
    return '"' + escape(text, _ENTITIES) + '"'
