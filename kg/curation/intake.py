"""Intake: the documents of a case read one by one, and what each proposes written beside the case's records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.cases import Case, read_case
from kg.curation.proposals import propose
from kg.documents import SUFFIXES, Document, read
from kg.errors import DocumentError, ExtractionError
from kg.extraction.candidates import Extraction
from kg.extraction.duplicates import Duplicate, duplicates
from kg.extraction.registry import Actor, Known, Registry
from kg.extractors import RULES, reader
from kg.records import text


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of one document: its ``name``, the ``report`` it is, ``counts`` of its statements, the ``files`` that changed.

    ``counts`` are those of ``kg.curation.proposals.Proposal``; ``failed`` says why it could not be read, and is empty where it could;
    ``remedy`` what to do about that.
    """

    name: str
    report: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    files: tuple[Path, ...] = ()
    failed: str = ""
    remedy: str = ""


def intake(folder: str | Path, sources: str | Path | None = None, extractor: str = RULES) -> Iterator[Intake]:
    """What came of each document of a case, in the order of names, as soon as its proposals are written.

    ``sources`` is the folder of the documents, ``sources/`` in the case if it is left out. One that fails does not keep the others
    from being read. Raises ``RecordError`` where ``folder`` is no case, ``DocumentError`` where there are no documents.
    """
    read_case(folder)
    sources = Path(folder) / "sources" if sources is None else Path(sources)
    paths = sorted(path for path in sources.glob("*") if path.is_file() and path.suffix.lower() in SUFFIXES)
    if not paths:
        raise DocumentError(sources, "no documents here", f"put them there as {', '.join(SUFFIXES)}, or name their folder with --sources")
    for path in paths:
        try:
            yield _take(read_case(folder), read(path), extractor)  # the case again, as the document before may have added to it
        except DocumentError as error:
            yield Intake(path.name, failed=error.message.removeprefix(f"{error.file}: "), remedy=error.remedy)
        except ExtractionError as error:
            yield Intake(path.name, failed=error.message, remedy=error.remedy)


def records(document: Document, extraction: Extraction) -> str:
    """What a document proposes to a case that knows nobody yet, as the text of its records."""
    proposal = propose(Case(Path(document.path.stem, "no case")), document, extraction)
    return "\n".join(file.text for file in proposal.files if file.text)


def _take(case: Case, document: Document, extractor: str) -> Intake:
    document, registry = case.informed(document), Registry.of_case(case)
    if earlier := _earlier(case, document):
        remedy = "put it back as it was, or save what is new under another name"
        raise DocumentError(document.name, f"changed since it was read as `{earlier}`", remedy)
    extraction = reader(extractor)(document, registry)
    case = read_case(case.folder)  # as it is now: somebody may have decided while a long document was read
    proposal = propose(case, document, extraction, duplicates=_pairs(registry, extraction))
    return Intake(document.name, proposal.report, proposal.counts, tuple(proposal.write()))


def _earlier(case: Case, document: Document) -> str:
    """The report that was read in a document of the same name, where the words are others now and offsets mean nothing any more."""
    sources = case.sources()
    if any(text(source, "digest") == document.digest for source in sources.values()):
        return ""
    return next((report for report, source in sources.items() if text(source, "document") == document.name), "")


def _pairs(registry: Registry, extraction: Extraction) -> list[Duplicate]:
    """The actors of the document that may be one with another."""
    named = Known()
    for entity in extraction.entities:
        if not entity.known:
            named.add(Actor(entity.id, entity.kind, entity.label))
    return duplicates(replace(registry, local=named)) if named.actors else []
