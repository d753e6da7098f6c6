"""The graph as RDF text - N-Triples, N-Quads, Turtle, TriG, RDF/XML - in one order, so that one graph gives one file.

Everything is written from a snapshot: the canonical N-Triples lines of each named graph, sorted. Turtle and TriG are made
of those lines rather than by a library, because the libraries write full IRIs, or relative ones that only some parsers
read, and put the prefixes in an order of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from xml.parsers import expat

import pyoxigraph as ox

from kg.build import TEXTS
from kg.errors import ExportError
from kg.vocabulary import PREFIXES, RDF

#: The lines of each graph, by its IRI; the default graph's IRI is the empty text. Graphs and lines are sorted.
Snapshot = dict[str, list[bytes]]

# What follows the base in an IRI that means the same when the base is left out: no scheme, no `.` or `..`, no query.
_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]*"
_RELATIVE = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*(?:#[A-Za-z0-9_.~-]*)?")
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
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


def relative(iri: str, base: str) -> str | None:
    """What is left of the IRI without the base, if every parser makes the same IRI of the two again, else None.

    >>> relative("https://example.org/case/person/a#tenure-1", "https://example.org/case/")
    'person/a#tenure-1'
    """
    if base.endswith("/") and base.startswith(("https://", "http://")) and iri.startswith(base):
        rest = iri[len(base) :]
        return rest if _RELATIVE.fullmatch(rest) else None
    return None


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


def turtle(graphs: Snapshot, base: str = "") -> bytes:
    """All triples, without their graphs, as Turtle with prefixes, IRIs relative to the base where that is safe."""
    term = _shortener(base)
    return "".join([_head(base), *_subjects(union(graphs), term)]).encode()


def trig(graphs: Snapshot, base: str = "") -> bytes:
    """All quads as TriG, one block a graph, written as ``turtle`` does."""
    term = _shortener(base)
    parts = [_head(base)]
    for graph, lines in graphs.items():
        parts.extend([f"\n{term(f'<{graph}>')} {{\n", *_subjects(lines, term), "}\n"] if graph else _subjects(lines, term))
    return "".join(parts).encode()


def _head(base: str) -> str:
    start = f"@base <{base}> .\n" if relative(base + "a", base) else ""
    return start + "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(PREFIXES.items()))


def _subjects(lines: Iterable[bytes], term: Callable[[str], str]) -> Iterator[str]:
    """The text of sorted lines: each subject once, each of its predicates once."""
    subject = predicate = ""
    for line in lines:
        s, p, rest = line.decode().split(" ", 2)  # an IRI has no space in it, and the object comes last
        value = term(rest[:-2])
        if s != subject:
            yield (" .\n\n" if subject else "\n") + f"{term(s)}\n    {_verb(p, term)} {value}"
        elif p != predicate:
            yield f" ;\n    {_verb(p, term)} {value}"
        else:
            yield f" ,\n        {value}"
        subject, predicate = s, p
    yield " .\n" if subject else ""


def _verb(predicate: str, term: Callable[[str], str]) -> str:
    short = term(predicate)
    return "a" if short == "rdf:type" else short


def _shortener(base: str) -> Callable[[str], str]:
    """A function from a term in N-Triples syntax to the term in Turtle syntax."""
    prefixes = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    known: dict[str, str] = {}

    def iri(text: str) -> str:
        short = known.get(text)
        if short is None:
            short = known[text] = shorten(text[1:-1])
        return short

    def shorten(whole: str) -> str:
        cut = max(whole.rfind("#"), whole.rfind("/")) + 1
        prefix = prefixes.get(whole[:cut])
        if prefix and _LOCAL.fullmatch(whole, cut):
            return f"{prefix}:{whole[cut:]}"
        rest = relative(whole, base)
        return f"<{whole}>" if rest is None else f"<{rest}>"

    def term(text: str) -> str:
        if text[0] == "<":
            return iri(text)
        if text[-1] == ">":
            value, _, datatype = text.rpartition("^^")
            return f"{value}^^{iri(datatype)}"
        return text

    return term


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
