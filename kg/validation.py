"""Checks of a whole case: terms and references, SHACL, passages - as findings a curator understands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

import pyoxigraph as ox

from kg.cases import Case
from kg.documents import Document
from kg.errors import Finding
from kg.passages import verify
from kg.records import Record, values
from kg.vocabulary import folder, terms

SHACL_MESSAGE = "http://www.w3.org/ns/shacl#message"


#: A message of the shapes: what is wrong, and behind the first colon (but for one inside backticks) the remedy.
_PARTS = re.compile(r"((?:[^`:]|`[^`]*`|:(?! ))*)(?:: (.*))?", re.DOTALL)
SHACL = "http://www.w3.org/ns/shacl#"
#: What the engine calls a demand that something is there at all.
MISSING = "MinCount"


def check(case: Case, store: ox.Store | None = None, documents: dict[str, Document] | None = None) -> list[Finding]:
    """All findings of the case, in the order of file and line: its own, those of the shapes, those of the passages.

    ``store`` is what ``case.load()`` gave, if it was called already. A record that is wrong by itself is not reported again
    by the shapes, nor is what points to it; a case of which a file could not be read is not held against the shapes.
    What is wrong in a candidate is found too; what is merely missing in it is told when it is accepted.
    Passages are verified against ``documents`` (by the identifier of their report); where a report has none, its passages
    are left alone.
    """
    findings = list(case.findings)
    if case.whole:
        faulty = {_whole(finding.record) for finding in findings if finding.severity == "error"}
        findings += check_shapes(case, case.load(candidates=True) if store is None else store, faulty)
    findings += check_passages(case, documents or {}, {finding.record for finding in findings})
    return sorted(set(findings))


def _whole(identifier: str) -> str:
    """The identifier of the record that a nested record stands in."""
    return identifier.partition("#")[0]


def check_passages(case: Case, documents: dict[str, Document], faulty: Collection[str] = ()) -> Iterator[Finding]:
    """What is wrong with the passages and quotes of the statements whose documents are at hand.

    Statements with a passage that is named in ``faulty``, because it is wrong by itself, are passed over.
    """
    for report, statement in (*case.statements(), *case.proposals()):
        broken = any(isinstance(passage, Record) and passage.id in faulty for passage in values(statement, "passage"))
        if not broken and (document := documents.get(report)):
            yield from verify(statement, document)


def check_shapes(case: Case, store: ox.Store, faulty: Collection[str] = ()) -> Iterator[Finding]:
    """What the shapes of ``ontology/shapes.ttl`` find in the records, each at the line of the field that is wrong.

    What is wrong in the records named in ``faulty``, or because of them, is left out; so is what is no record of the case, as
    that was found before, and what a candidate has yet to get.

    SHACL Core (https://www.w3.org/TR/shacl/), evaluated by rudof on the records alone: nothing derived, nothing fetched.
    """
    import pyrudof

    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_shacl((folder("ontology") / "shapes.ttl").read_text("utf-8"))
    triples = ox.serialize((quad.triple for quad in store), format=ox.RdfFormat.N_TRIPLES)
    if not triples:
        return
    engine.read_data(triples.decode("utf-8"), format=pyrudof.RDFFormat.NTriples)
    for result in engine.validate_shacl().violations:
        node, value = (iri.removeprefix(case.base) for iri in (result.focus_node, result.value or ""))
        if _whole(node) in faulty or _whole(value) in faulty:
            continue
        if node not in case.index and (node not in case.proposed or MISSING in result.constraint_component):
            continue
        severity = "warning" if result.severity == "Warning" else "error"
        message = _messages()[result.source_shape or ""]
        yield _finding(case, result.focus_node, result.path or "", message, severity)


@cache
def _messages() -> dict[str, str]:
    """The message of each shape by its IRI: rudof gives its own words instead where an ``sh:or`` or ``sh:xone`` fails."""
    shapes = ox.parse(path=str(folder("ontology") / "shapes.ttl"), format=ox.RdfFormat.TURTLE)
    return {triple.subject.value: triple.object.value for triple in shapes if triple.predicate.value == SHACL + "message"}


def _finding(case: Case, node: str, path: str, message: str, severity: str) -> Finding:
    """A result of the shapes as a finding: the record that has the node's IRI, the field that has the path's."""
    identifier = node.removeprefix(case.base)
    record = case.index.get(identifier) or case.proposed[identifier]
    names = [term.name for term in terms().values() if term.iri == path]
    line = next((record.lines[name] for name in names if name in record.lines), record.line)
    what, remedy = _PARTS.fullmatch(message).groups("")  # type: ignore[union-attr]
    return Finding(record.file, line, identifier, what, remedy, "warning" if severity == "warning" else "error")
