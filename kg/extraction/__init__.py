"""Extraction: a document is read as a careful reader would, and statements are proposed for a curator to decide on.

Structure first (``outline``), then words, names and quotations, then who is said to have said what (``attributions``), then who
that is (``registry``, ``references``), and last what kind of statement it is, about whom, with which figures. Every candidate
names the rule that found it and how much that rule is to be trusted. No model is needed, and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable

from kg.documents import Document
from kg.extraction.attributions import Attribution, attributions
from kg.extraction.candidates import Candidate, Entity, Extraction, Figure
from kg.extraction.names import names
from kg.extraction.outline import outline
from kg.extraction.quotations import quotations
from kg.extraction.references import References
from kg.extraction.registry import Registry
from kg.extraction.statements import statements
from kg.extraction.words import words

__all__ = ["Attribution", "Candidate", "Entity", "Extraction", "Extractor", "Figure", "Registry", "extract"]

#: What finds attributions in a document; our own rules unless a plug-in takes their place.
Extractor = Callable[[Document, Registry], list[Attribution]]


def extract(document: Document, registry: Registry | None = None, extractor: Extractor | None = None) -> Extraction:
    """What the document says that somebody said: spans, statements and whom they name.

    ``registry`` is who is known already (``Registry.of_case``); without one, names come from the text alone. ``extractor`` finds
    the attributions in place of the project's own rules.

    >>> from kg.documents import of_text
    >>> read = extract(of_text('The plan is late. "We will publish it in June," said Ann Marlow, the director.'))
    >>> [(candidate.entity.label, candidate.acts[0]) for candidate in read.candidates]
    [('Ann Marlow', 'Commitment')]
    """
    made = outline(document)
    tokens = words(document.text, made)
    quoted = quotations(tokens)
    named = names(tokens)
    known = (registry or Registry.empty()).read(tokens, named, made, document.metadata)
    found = extractor(document, known) if extractor else attributions(tokens, quoted, named)
    return statements(tokens, found, References(tokens, named, known, made))
