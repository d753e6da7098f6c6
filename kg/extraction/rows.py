"""Rows: what was read out of a document as JSON Lines, one for each contiguous stretch that is attributed, or as a table of statements."""

from __future__ import annotations

import json
from bisect import bisect_left
from pathlib import PurePosixPath

import pyoxigraph as ox

from kg.documents import SUFFIXES, Document
from kg.extraction.attributions import Attribution, Span
from kg.extraction.candidates import Candidate, Extraction
from kg.passages import shorten
from kg.table import Table
from kg.vocabulary import XSD

#: The marks between which corpora of quotations count words as quoted; ‘ ’ and '' '' are read all the same.
DOUBLE = '"“”'


def rows(name: str, document: Document, extraction: Extraction, authored: bool = False) -> list[str]:
    """The lines of one document, in reading order, each with its line feed.

    ``mode`` is as corpora of quotations have it: what does not stand between double marks is ``indirect`` there, and ``quoted`` says
    whether it stands between any.

    ``name`` is what the corpus calls the document; ``authored`` is whether sentences in the author's own voice are among them.
    """
    first = sorted((candidate.content[0], number) for number, candidate in enumerate(extraction.candidates))
    lines = []
    for attribution in extraction.attributions:
        if authored or attribution.mode != "authored":
            row = _row(name, document, attribution, _candidate(attribution, extraction.candidates, first))
            lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return lines


def _candidate(attribution: Attribution, candidates: list[Candidate], first: list[tuple[int, int]]) -> Candidate | None:
    """The first statement that the attribution came to; ``first`` holds where each begins."""
    start, end = attribution.content
    for place in range(bisect_left(first, (start, -1)), len(first)):
        candidate = candidates[first[place][1]]
        if candidate.content[0] >= end:
            return None
        if candidate.speaker == attribution.speaker:
            return candidate
    return None


def _row(name: str, document: Document, attribution: Attribution, candidate: Candidate | None) -> dict[str, object]:
    entity = candidate.entity if candidate else None
    speaker = attribution.speaker or (None, None)
    start, end = attribution.content
    beside = document.text[max(0, start - 2) : start] + document.text[end : end + 2]
    quoted = attribution.mode in ("direct", "mixed")
    return {
        "doc": name.removesuffix(PurePosixPath(name).suffix) if PurePosixPath(name).suffix.lower() in SUFFIXES else name,
        "start": start,
        "end": end,
        "mode": "indirect" if quoted and not any(mark in beside for mark in DOUBLE) else attribution.mode,
        "quoted": quoted,
        "speaker_start": speaker[0],
        "speaker_end": speaker[1],
        "speaker": entity.label if entity else None,
        "cue": _words(document, attribution.cue),
        "rule": attribution.rule,
        "confidence": attribution.confidence,
        "acts": list(candidate.acts) if candidate else [],
    }


def _words(document: Document, span: Span | None) -> str | None:
    return document.text[slice(*span)] if span else None


#: What is told of each statement of a document that is read for a look, and not into a case.
COLUMNS = ("speaker", "act", "mode", "words", "figures", "about", "date", "offsets", "rule", "confidence")


def table(document: Document, extraction: Extraction, whole: bool = False) -> Table:
    """The statements of one document in reading order; their words are cut in the middle unless they are wanted ``whole``."""
    return Table(COLUMNS, [_told(document, candidate, whole) for candidate in extraction.candidates])


def _told(document: Document, candidate: Candidate, whole: bool) -> tuple[ox.Literal | None, ...]:
    speaker = candidate.entity.label if candidate.entity else _words(document, candidate.speaker)
    words = document.text[slice(*candidate.content)]
    cells = (
        speaker,
        next(iter(candidate.acts), ""),
        candidate.mode,
        words if whole else shorten(words),
        "; ".join(document.text[slice(*figure.span)] for figure in candidate.figures),
        "; ".join(entity.label for entity in candidate.about),
        candidate.said_on,
        f"{candidate.content[0]}-{candidate.content[1]}",
        candidate.rule,
    )
    confidence = ox.Literal(f"{candidate.confidence:.2f}", datatype=ox.NamedNode(XSD + "decimal"))
    return (*(ox.Literal(cell) if cell else None for cell in cells), confidence)
