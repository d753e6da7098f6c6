"""The graph as compact JSON-LD, in the words of ``ontology/context.jsonld``: nodes look as the records do.

Compaction is written here rather than left to a library because the standard algorithm, given triples, never uses a
reverse term (``statements``), and never puts a passage into its statement. What comes out is JSON-LD like any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from kg.errors import ExportError
from kg.export.rdf import Snapshot, triples
from kg.vocabulary import PREFIXES, RDF, XSD, context, terms

Node = dict[str, Any]
_TYPE = RDF + "type"
_STRING = XSD + "string"
# What follows the base in an IRI that means the same when the base is left out: no scheme, no `.` or `..`, no query.
_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]*"
_RELATIVE = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*(?:#[A-Za-z0-9_.~-]*)?")


def jsonld(graphs: Snapshot, base: str = "") -> bytes:
    """All quads as JSON-LD: the context inlined, IRIs relative to the base, one ``@graph`` a named graph, one line a node.

    A statement stands inside the report of its graph, and what has no name of its own (a passage, a figure: an IRI with a
    fragment) inside the record that it is part of, as in the records.

    Raises ``ExportError`` where an IRI would be read as a compact one.
    """
    compactor = _Compactor(base)
    parts = []
    for graph, lines in graphs.items():
        nodes = ",\n".join(json.dumps(node, ensure_ascii=False) for node in compactor.nodes(triples(lines)))
        parts.append(f'{{"id": {json.dumps(compactor.iri(graph))}, "@graph": [\n{nodes}\n]}}' if graph else nodes)
    opening = json.dumps({"@context": compactor.context}, ensure_ascii=False)[:-1]
    return (opening + ', "@graph": [\n' + ",\n".join(parts) + "\n]}\n").encode()


def relative(iri: str, base: str) -> str | None:
    """What is left of the IRI without the base, if every parser makes the same IRI of the two again, else None.

    >>> relative("https://example.org/case/person/a#tenure-1", "https://example.org/case/")
    'person/a#tenure-1'
    """
    if base.endswith("/") and base.startswith(("https://", "http://")) and iri.startswith(base):
        rest = iri[len(base) :]
        return rest if _RELATIVE.fullmatch(rest) else None
    return None


class _Compactor:
    """From triples to nodes, by the terms of the context."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.known: dict[str, str] = {}
        self.context = {**({"@base": base} if base else {}), **PREFIXES, **context()}
        self.order = {name: place for place, name in enumerate(self.context)}
        self.typed: dict[tuple[str, str], str] = {}
        self.plain: dict[tuple[str, str], str] = {}
        self.prefixes = {namespace: prefix for prefix, namespace in PREFIXES.items()}
        for term in terms().values():
            if term.kind == "datatype":
                self.typed.setdefault((term.iri, term.datatype), term.name)
            else:
                self.plain.setdefault((term.kind, term.iri), term.name)

    def nodes(self, statements: Iterable[ox.Triple]) -> Iterator[Node]:
        """The nodes of one graph that stand in no other, in the order of their first triples, which are sorted."""
        found: dict[str, Node] = {}
        inside: set[str] = set()
        told = []
        for triple in statements:
            subject, predicate = _iri(triple.subject), triple.predicate.value
            target = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
            if target and ("reverse", predicate) in self.plain:
                told.append((subject, predicate, target))
                continue
            node = found.setdefault(subject, {"id": self.iri(subject)})
            key, value = self.pair(predicate, triple.object)
            # `a#part` sorts before `a`, so a part is complete by the time that its whole names it.
            part = target.startswith(subject + "#") and "#" not in subject and target in found
            if part and target not in inside and key != "type":
                value = found[target]
                inside.add(target)
            node.setdefault(key, []).append(value)
        inside |= self._tell(found, told)
        for node in found.values():
            self._tidy(node)
        return (node for subject, node in found.items() if subject not in inside)

    def _tell(self, found: dict[str, Node], told: list[tuple[str, str, str]]) -> set[str]:
        """Write what a reverse term says at its target; the nodes that went inside their targets."""
        inside: set[str] = set()
        tellers = {subject for subject, _, _ in told}
        for subject, predicate, target in told:
            node = found.setdefault(target, {"id": self.iri(target)})
            teller = found.setdefault(subject, {"id": self.iri(subject)})
            whole = subject not in inside and target not in tellers and "#" not in target + subject
            node.setdefault(self.plain["reverse", predicate], []).append(teller if whole else {"id": teller["id"]})
            if whole:
                inside.add(subject)
        return inside

    def _tidy(self, node: Node) -> None:
        """Put the keys in the order of the context, and single values out of their lists."""
        items = sorted(node.items(), key=lambda item: (self.order.get(item[0], len(self.order)), item[0]))
        node.clear()
        node.update((key, value[0] if isinstance(value, list) and len(value) == 1 else value) for key, value in items)

    def pair(self, predicate: str, value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> tuple[str, Any]:
        """The key and the value of one triple: by the term that fits both, or else by a compact IRI and in full."""
        if isinstance(value, ox.NamedNode):
            return self._reference(predicate, value.value)
        if not isinstance(value, ox.Literal):
            raise ExportError(f"{value} is neither an IRI nor a literal", "write plain triples")
        if name := self.typed.get((predicate, value.datatype.value)):
            return name, value.value
        key = self.plain.get(("text", predicate)) or self.vocabulary(predicate)
        if value.language:
            return key, {"@value": value.value, "@language": value.language}
        if value.datatype.value == _STRING:
            return key, value.value
        return key, {"@value": value.value, "@type": self.vocabulary(value.datatype.value)}

    def _reference(self, predicate: str, target: str) -> tuple[str, Any]:
        if predicate == _TYPE:
            return "type", self.plain.get(("class", target)) or self.vocabulary(target)
        if name := self.plain.get(("choice", predicate)):
            return name, self.plain.get(("concept", target)) or self.vocabulary(target)
        if name := self.plain.get(("reference", predicate)):
            return name, self.iri(target)
        return self.plain.get(("text", predicate)) or self.vocabulary(predicate), {"id": self.iri(target)}

    def iri(self, iri: str) -> str:
        """The IRI as identifiers stand: relative to the base where that is safe."""
        short = self.known.get(iri)
        if short is None:
            short = self.known[iri] = relative(iri, self.base) or self._whole(iri)
        return short

    def vocabulary(self, iri: str) -> str:
        """The IRI as keys and types stand: with a prefix where the context has one."""
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self.prefixes.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix and iri[cut:] else self._whole(iri)

    def _whole(self, iri: str) -> str:
        scheme, _, rest = iri.partition(":")
        if scheme in self.order and not rest.startswith("//"):
            raise ExportError(f"JSON-LD would read <{iri}> with the prefix `{scheme}:`", "choose another format, or another IRI")
        return iri


def _iri(node: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    if isinstance(node, ox.NamedNode):
        return node.value
    raise ExportError(f"{node} has no IRI", "give every node an IRI")
