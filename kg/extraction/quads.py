"""Quads: an extraction as lines of N-Quads in the terms of the ontology, one named graph a document.

What a curator has not decided on is marked so (``acc:reviewStatus``). Of the document's words only names, cues, figures and
quotes of at most twelve words go in; where the rest stands is said by offsets and a digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import quote

import pyoxigraph as ox

from kg.curation.proposals import GENRES, clause, slug
from kg.documents import SUFFIXES, Document, digest
from kg.extraction.attributions import Span
from kg.extraction.candidates import Candidate, Entity, Extraction, Figure
from kg.records import QUOTE_WORDS
from kg.vocabulary import ACC, RDF, SCHEME, XSD, terms

_DATES = {10: "date", 7: "gYearMonth", 4: "gYear"}
_FIGURE = (("value", "value"), ("minValue", "min_value"), ("maxValue", "max_value"))
_CANDIDATE = f"<{SCHEME}reviews#candidate>"


def report_id(name: str, document: Document) -> str:
    """The identifier of the report that a document is: from its name, and from its text so that no two texts share one.

    >>> from pathlib import Path
    >>> report_id("2024/A Letter.txt", Document(Path("x"), "", digest("")))
    'report/2024-a-letter-e3b0c44298fc'
    """
    stem = name.removesuffix(PurePosixPath(name).suffix) if PurePosixPath(name).suffix.lower() in SUFFIXES else name
    return f"report/{slug(stem) or 'document'}-{document.digest[:12]}"


def lines(name: str, document: Document, extraction: Extraction, base: str) -> list[str]:
    """The quads of one document as sorted canonical N-Quads lines, each with its line feed.

    ``name`` is what the corpus calls the document, ``base`` the IRI under which everything gets its own. An actor whom the case
    knows keeps the case's identifier; any other lives below the document's, as the same name elsewhere may be another's.
    """
    return _Writer(name, document, extraction, base).write()


class _Writer:
    def __init__(self, name: str, document: Document, extraction: Extraction, base: str) -> None:
        self.name = name
        self.document = document
        self.extraction = extraction
        self.base = base
        self.report = report_id(name, document)
        self.end = f" <{base}graph/{self.report}> .\n"
        self.lines: set[str] = set()
        self.named: set[str] = set()
        self.ids = list(self.identifiers())

    def write(self) -> list[str]:
        self.described()
        for number, candidate in enumerate(self.extraction.candidates):
            self.statement(self.ids[number], candidate)
        return sorted(self.lines)

    def identifiers(self) -> Iterator[str]:
        """One for each candidate, from its offsets; a second one of the same offsets gets a number."""
        seen: dict[Span, int] = {}
        for candidate in self.extraction.candidates:
            seen[candidate.content] = number = seen.get(candidate.content, 0) + 1
            start, end = candidate.content
            yield f"statement/{self.report.partition('/')[2]}/{start}-{end}{f'-{number}' if number > 1 else ''}"

    def add(self, subject: str, field: str, value: str) -> None:
        self.lines.add(f"<{self.base}{subject}> {_property(field)} {value}{self.end}")

    def iri(self, identifier: str) -> str:
        return f"<{self.base}{identifier}>"

    def described(self) -> None:
        self.add(self.report, "type", f"<{ACC}{GENRES[self.extraction.outline.genre]}>")
        self.add(self.report, "document", _text(self.name))
        self.add(self.report, "digest", _text(self.document.digest))
        self.add(self.report, "label", _text(self.title()))
        self.dated(self.report, "publishedOn", self.extraction.outline.date or self.document.metadata.date)
        for field, entity in (("author", self.extraction.author), ("publisher", self.extraction.publisher)):
            if entity:
                self.add(self.report, field, self.entity(entity))

    def title(self) -> str:
        """The title, as far as it is short; else what the corpus calls the document."""
        span = self.extraction.outline.title
        words = (self.document.text[slice(*span)] if span else self.document.metadata.title).split()
        return " ".join(words) if 0 < len(words) <= QUOTE_WORDS else self.name

    def dated(self, subject: str, field: str, value: str) -> None:
        if len(value) in _DATES:
            self.add(subject, field, f'"{value}"^^<{XSD}{_DATES[len(value)]}>')

    def entity(self, entity: Entity) -> str:
        """The IRI of the entity, which is described the first time."""
        identifier = quote(entity.id if entity.known else f"{self.report}/{entity.id}", safe="/#")
        if identifier not in self.named:
            self.named.add(identifier)
            self.add(identifier, "type", f"<{ACC}{entity.kind}>")
            self.add(identifier, "label", _text(entity.label))
            if not entity.known:
                self.add(identifier, "reviewStatus", _CANDIDATE)
        return self.iri(identifier)

    def statement(self, subject: str, candidate: Candidate) -> None:
        self.add(subject, "type", f"<{ACC}{next(iter(candidate.acts), 'Claim')}>")
        self.add(subject, "reportedIn", self.iri(self.report))
        self.add(subject, "mode", f"<{SCHEME}modes#{candidate.mode}>")
        self.add(subject, "reviewStatus", _CANDIDATE)
        self.add(subject, "rule", _text(candidate.rule))
        self.add(subject, "confidence", _number(f"{candidate.confidence:.2f}".rstrip("0").rstrip(".")))
        if candidate.entity:
            self.add(subject, "speaker", self.entity(candidate.entity))
        if candidate.addressee:
            self.add(subject, "addressee", self.entity(candidate.addressee))
        for entity in candidate.about:
            self.add(subject, "about", self.entity(entity))
        for field, span in (("speakerAsWorded", candidate.speaker), ("cue", candidate.cue), ("capacityAsWorded", candidate.capacity)):
            self.worded(subject, field, span)
        if candidate.mode in ("direct", "mixed") and (quoted := clause(self.document.text, *(candidate.quote or candidate.content))):
            self.add(subject, "quote", _text(quoted))
        self.dated(subject, "saidOn", candidate.said_on)
        self.dated(subject, "dueDate", candidate.due)
        for field, number in (("conveyedBy", candidate.within), ("repeats", candidate.repeats)):
            if number >= 0:
                self.add(subject, field, self.iri(self.ids[number]))
        for place, span in enumerate(candidate.passages, 1):
            self.passage(subject, f"{subject}#passage{f'-{place}' if len(candidate.passages) > 1 else ''}", span)
        for place, figure in enumerate(candidate.figures, 1):
            self.figure(subject, f"{subject}#figure-{place}", figure)

    def worded(self, subject: str, field: str, span: Span | None) -> None:
        """The words of the span on one line; too many of them are no name, but a text, and stay where they are."""
        words = self.document.text[slice(*span)].split() if span else []
        if 0 < len(words) <= QUOTE_WORDS:
            self.add(subject, field, _text(" ".join(words)))

    def passage(self, statement: str, subject: str, span: Span) -> None:
        self.add(statement, "passage", self.iri(subject))
        self.add(subject, "type", f"<{ACC}Passage>")
        self.add(subject, "start", _integer(span[0]))
        self.add(subject, "end", _integer(span[1]))
        self.add(subject, "digest", _text(digest(self.document.text[span[0] : span[1]])))

    def figure(self, statement: str, subject: str, figure: Figure) -> None:
        self.add(statement, "figures", self.iri(subject))
        self.add(subject, "type", f"<{ACC}Figure>")
        self.worded(subject, "asWorded", figure.span)
        for field, attribute in _FIGURE:
            if value := getattr(figure, attribute):
                self.add(subject, field, _number(value))
        for field in ("unit", "qualifier"):
            known = terms().get(getattr(figure, field))
            if known and known.kind == "concept":
                self.add(subject, field, f"<{known.iri}>")
        for field in ("population", "period"):
            if value := getattr(figure, field):
                self.add(subject, field, _text(value))


@cache
def _property(field: str) -> str:
    """The predicate of a field, as the context of records has it."""
    known = {"type": f"{RDF}type", "reportedIn": f"{ACC}reportedIn"}  # a keyword of the context, and one that it has only reversed
    return f"<{known.get(field) or terms()[field].iri}>"


@cache
def _integer(value: int) -> str:
    return f'"{value}"^^<{XSD}integer>'


def _number(value: str) -> str:
    return f'"{value}"^^<{XSD}decimal>'


def _text(value: str) -> str:
    return str(ox.Literal(value))
