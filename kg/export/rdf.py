"""The graph as RDF text - N-Triples, N-Quads, Turtle, TriG, RDF/XML - in one order, so that one graph gives one file.

Everything is written from a snapshot: the canonical N-Triples lines of each named graph, sorted. IRIs of the case are written
in full: what Oxigraph makes of a base or of a prefix for them is not read by every parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from xml.parsers import expat

import pyoxigraph as ox

from kg.cases import TEXTS
from kg.errors import ExportError
from kg.vocabulary import PREFIXES, RDF

#: The lines of each graph, by its IRI; the default graph's IRI is the empty text. Graphs and lines are sorted.
Snapshot = dict[str, list[bytes]]

_BLANK = re.compile(rb'^_:|> _:[^ "]+ \.$', re.MULTILINE)
_RDF_1_2 = re.compile(rb'\)>> \.$|"@[A-Za-z0-9-]+--[a-z]+ \.$', re.MULTILINE)
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_TYPE = f"<{RDF}type>".encode()
_ROOT = re.compile(rb"<rdf:RDF[^>]*>")


def snapshot(store: ox.Store, texts: bool = False) -> Snapshot:
    """The sorted N-Triples lines of each graph that holds any, the default graph first.

    The graph of the passages' own words is among them only with ``texts``.

    Raises ``ExportError`` where the store holds what not every format can: blank nodes, or terms of RDF 1.2.
    """
    graphs: Snapshot = {}
    for graph in (ox.DefaultGraph(), *store.named_graphs()):
        if isinstance(graph, ox.BlankNode):
            raise ExportError(f"the graph {graph} has no IRI", "give every named graph an IRI")
        name = graph.value if isinstance(graph, ox.NamedNode) else ""
        if texts or not is_texts(name):
            lines = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
            _refuse(lines)
            if lines:
                graphs[name] = sorted(lines.splitlines())
    return dict(sorted(graphs.items()))


def is_texts(graph: str) -> bool:
    """Whether the graph is the one of the passages' own words; by the end of its IRI, so that no wrong base lets it out."""
    return graph.endswith(TEXTS)


def _refuse(lines: bytes) -> None:
    # The plain searches cost next to nothing; the exact ones run only where those found something.
    if (b" _:" in lines or b"\n_:" in lines or lines.startswith(b"_:")) and (match := _BLANK.search(lines)):
        line = lines[lines.rfind(b"\n", 0, match.start()) + 1 : lines.find(b"\n", match.start())]
        raise ExportError(f"a blank node, which has no name that lasts: {line.decode()}", "give the node an IRI")
    if (b")>> .\n" in lines or b"--ltr .\n" in lines or b"--rtl .\n" in lines) and _RDF_1_2.search(lines):
        raise ExportError("a triple term or a text with a direction, which only RDF 1.2 knows", "write plain triples and texts")


def union(graphs: Snapshot) -> list[bytes]:
    """The sorted lines of all graphs as one; a triple of several graphs stands there once."""
    return list(dict.fromkeys(sorted(chain.from_iterable(graphs.values()))))  # quicker than a set: each graph is sorted already


def triples(lines: Iterable[bytes]) -> Iterator[ox.Triple]:
    """The triples of N-Triples lines, in their order."""
    for quad in ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_TRIPLES):
        yield quad.triple


def ntriples(graphs: Snapshot) -> bytes:
    """All triples, without their graphs, as canonical N-Triples."""
    return b"".join(line + b"\n" for line in union(graphs))


def nquads(graphs: Snapshot) -> bytes:
    """All quads as canonical N-Quads in the order of lines, so that the file's SHA-256 is the digest of ``kg.store``."""
    quads: list[bytes] = []
    for graph, lines in graphs.items():
        end = f"<{graph}> .\n".encode() if graph else b".\n"
        quads.extend(line[:-1] + end for line in lines)
    return b"".join(sorted(quads))


def turtle(graphs: Snapshot) -> bytes:
    """All triples, without their graphs, as Turtle with prefixes."""
    return _headed(ox.serialize(triples(union(graphs)), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES))


def trig(graphs: Snapshot) -> bytes:
    """All quads as TriG, one block a graph, with prefixes."""
    return _headed(ox.serialize(_quads(graphs), format=ox.RdfFormat.TRIG, prefixes=PREFIXES))


def _quads(graphs: Snapshot) -> Iterator[ox.Quad]:
    for graph, lines in graphs.items():
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        for triple in triples(lines):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, name)


def _headed(text: bytes | None) -> bytes:
    """The text with its prefixes in the order of the alphabet: the library gives them in no stated order."""
    lines = (text or b"").split(b"\n")
    head = len(PREFIXES)
    return b"\n".join([*sorted(lines[:head]), *lines[head:]])


def rdfxml(graphs: Snapshot) -> bytes:
    """All triples, without their graphs, as RDF/XML.

    Raises ``ExportError`` where a text holds a character that XML cannot, or a predicate or class does not end in an XML name.
    """
    lines = union(graphs)
    for iri in sorted(_elements(lines)):
        _check_element(iri)
    text = ox.serialize(triples(lines), format=ox.RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
    # The library gives the prefixes in no stated order, and leaves carriage returns bare, which readers turn into line feeds.
    root = "<rdf:RDF" + "".join(f'\n  xmlns:{prefix}="{namespace}"' for prefix, namespace in sorted(PREFIXES.items())) + ">"
    return check_xml(_ROOT.sub(lambda _: root.encode(), text, count=1).replace(b"\r", b"&#xD;") + b"\n")


def _elements(lines: Iterable[bytes]) -> set[str]:
    """The IRIs that RDF/XML makes elements of: predicates and classes."""
    found = set()
    for line in lines:
        _, predicate, value = line.split(b" ", 2)
        found.add(predicate)
        if predicate == _TYPE and value.startswith(b"<"):
            found.add(value[:-2])
    return {iri[1:-1].decode() for iri in found}


def _check_element(iri: str) -> None:
    """Raises ``ExportError`` where no parser would read the element that stands for the predicate or class."""
    triple = ox.Triple(ox.NamedNode("http://example.org/"), ox.NamedNode(iri), ox.Literal(""))
    try:
        sample = ox.serialize([triple], format=ox.RdfFormat.RDF_XML, prefixes=PREFIXES)
        expat.ParserCreate(namespace_separator=" ").Parse(sample or b"", True)
    except (OSError, expat.ExpatError):
        raise ExportError(f"RDF/XML cannot write <{iri}>: it does not end in a name", "choose Turtle or N-Triples") from None


def check_xml(text: bytes) -> bytes:
    """The same text; raises ``ExportError`` where it holds a character that XML 1.0 has no way to write."""
    if match := _NOT_XML.search(text):
        char = text[match.start() : match.end()].decode()
        before = text[max(0, match.start() - 80) : match.start()].decode(errors="ignore")[-40:]
        raise ExportError(
            f"XML cannot hold the character U+{ord(char):04X}, which stands after {before!r}", "choose another format, or mend the text"
        )
    return text
