"""Checks of a whole case: terms and references, SHACL, passages - as findings a curator understands."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.cases import Case
from kg.documents import Document
from kg.errors import Finding
from kg.passages import verify
from kg.records import Record
from kg.vocabulary import folder, terms


def check(case: Case, store: ox.Store | None = None, documents: dict[str, Document] | None = None) -> list[Finding]:
    """All findings of the case, in the order of file and line: its own, those of the shapes, those of the passages.

    ``store`` is what ``case.load()`` gave, if it was called already. A record that is wrong by itself is not reported again
    by the shapes. Passages are verified against ``documents`` (by the identifier of their report); where a report has none,
    its passages are left alone.
    """
    findings = list(case.findings)
    faulty = {_whole(finding.record) for finding in findings if finding.severity == "error"}
    findings += [finding for finding in check_shapes(case, store or case.load()) if _whole(finding.record) not in faulty]
    findings += check_passages(case, documents or {})
    return sorted(set(findings))


def _whole(identifier: str) -> str:
    """The identifier of the record that a nested record stands in."""
    return identifier.partition("#")[0]


def check_passages(case: Case, documents: dict[str, Document]) -> Iterator[Finding]:
    """What is wrong with the passages and quotes of the statements whose documents are at hand."""
    for report, statement in case.statements():
        if document := documents.get(report):
            yield from verify(statement, document)


def check_shapes(case: Case, store: ox.Store) -> Iterator[Finding]:
    """What the shapes of ``ontology/shapes.ttl`` find in the records, each at the line of the field that is wrong.

    SHACL Core (https://www.w3.org/TR/shacl/), evaluated by rudof on the records alone: nothing derived, nothing fetched.
    """
    import pyrudof

    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_shacl((folder("ontology") / "shapes.ttl").read_text("utf-8"))
    triples = ox.serialize((quad.triple for quad in store), format=ox.RdfFormat.N_TRIPLES)
    engine.read_data((triples or b"").decode("utf-8"), format=pyrudof.RDFFormat.NTriples)
    for result in engine.validate_shacl().violations:
        severity = "warning" if result.severity == "Warning" else "error"
        yield _finding(case, result.focus_node, result.path or "", result.message or "", severity)


def _finding(case: Case, node: str, path: str, message: str, severity: str) -> Finding:
    """A result of the shapes as a finding: the record that has the node's IRI, the field that has the path's."""
    identifier = node.removeprefix(case.base)
    record = case.index.get(identifier) or case.index.get(_whole(identifier)) or Record(str(case.folder), 0)
    names = [term.name for term in terms().values() if term.iri == path]
    line = next((record.lines[name] for name in names if name in record.lines), record.line)
    what, _, remedy = message.strip('"').replace('\\"', '"').partition(": ")
    return Finding(record.file, line, identifier, what, remedy, "warning" if severity == "warning" else "error")
