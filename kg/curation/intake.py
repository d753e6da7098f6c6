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


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of one document: its ``name``, the ``report`` it is, ``counts`` of its statements, the ``files`` that changed.

    ``counts`` are those of ``kg.curation.proposals.Proposal``; ``failed`` says why it could not be read, and is empty where it could.
    """

    name: str
    report: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    files: tuple[Path, ...] = ()
    failed: str = ""


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
            yield Intake(path.name, failed=error.message.removeprefix(f"{error.file}: "))
        except ExtractionError as error:
            yield Intake(path.name, failed=error.message)


def records(document: Document, extraction: Extraction) -> str:
    """What a document proposes to a case that knows nobody yet, as the text of its records."""
    proposal = propose(Case(Path(document.path.stem, "no case")), document, extraction)
    return "\n".join(file.text for file in proposal.files if file.text)


def _take(case: Case, document: Document, extractor: str) -> Intake:
    document, registry = case.informed(document), Registry.of_case(case)
    extraction = reader(extractor)(document, registry)
    proposal = propose(case, document, extraction, duplicates=_pairs(registry, extraction))
    return Intake(document.name, proposal.report, proposal.counts, tuple(proposal.write()))


def _pairs(registry: Registry, extraction: Extraction) -> list[Duplicate]:
    """The actors of the document that may be one with another."""
    named = Known()
    for entity in extraction.entities:
        if not entity.known:
            named.add(Actor(entity.id, entity.kind, entity.label))
    return duplicates(replace(registry, local=named)) if named.actors else []
