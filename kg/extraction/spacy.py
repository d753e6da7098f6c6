"""spaCy: an extractor that finds speakers by the parse of a model of yours, in place of the project's rules.

    pip install 'accountability-kg[spacy]'
    KG_SPACY_MODEL=en_core_web_sm kg extract letter.txt --extractor spacy

The model is any pipeline that sets heads and dependencies; names that it recognises help where the parse does not. Quotation
marks are read as by the project's own rules.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from kg.documents import Document
from kg.errors import ExtractionError
from kg.extraction.attributions import Attribution, Mode, Span
from kg.extraction.lexicon import CUES
from kg.extraction.outline import outline
from kg.extraction.quotations import Quotation, quotations
from kg.extraction.registry import Registry
from kg.extraction.words import words

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

MODEL = "en_core_web_sm"
#: The labels of dependencies, both of spaCy's English models and of Universal Dependencies.
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "nsubj:pass", "csubj"))
_RELATIVE = frozenset(("relcl", "acl:relcl"))
_RELATIVES = frozenset(("who", "which", "that"))
_SPEAKERS = frozenset(("PERSON", "PER", "ORG", "NORP"))
#: A clause of which more than this share is quoted is a quotation that the parse took for a clause.
_QUOTED = 0.8


def extractor(document: Document, registry: Registry) -> list[Attribution]:
    """The quoted stretches with the subject of the verb that attributes them, and the clauses that such verbs report.

    Raises ``ExtractionError`` where spaCy or the model is missing, or where the model sets no dependencies.
    """
    made = outline(document)
    quoted: dict[int, list[Quotation]] = defaultdict(list)
    for piece in quotations(words(document.text, made)):
        quoted[piece.block].append(piece)
    found: list[Attribution] = []
    parsed = _model().pipe(document.text[block.start : block.end] for block in made.blocks)
    for number, (block, doc) in enumerate(zip(made.blocks, parsed, strict=True)):
        if not doc.has_annotation("DEP"):
            raise ExtractionError(f"the spaCy model `{_name()}` sets no dependencies", "name one with a parser in KG_SPACY_MODEL")
        pieces = [(piece.start - block.start, piece.end - block.start, piece.turn) for piece in quoted[number]]
        found += (_moved(attribution, block.start) for attribution in _read(doc, pieces))
    return found


def version() -> str:
    """The model and its version, for what must be made again when another is used."""
    return f"{_name()} {_model().meta.get('version', '')}".strip()


extractor.version = version  # type: ignore[attr-defined]


def _name() -> str:
    return os.environ.get("KG_SPACY_MODEL", MODEL)


@cache
def _model() -> Language:
    try:
        import spacy
    except ImportError:
        raise ExtractionError("the extractor `spacy` needs spaCy", "pip install 'accountability-kg[spacy]'") from None
    try:
        return spacy.load(_name())
    except OSError:
        remedy = f"`python -m spacy download {_name()}` fetches one of that name; KG_SPACY_MODEL names another, or its folder"
        raise ExtractionError(f"there is no spaCy model `{_name()}`", remedy) from None


def _read(doc: Doc, quotes: list[tuple[int, int, int]]) -> Iterator[Attribution]:
    """The attributions of one paragraph, with offsets in it; ``quotes`` are its quoted stretches with their turns."""
    cues = [(token, speaker) for token in doc if token.lower_ in CUES and not _within(token.idx, quotes) and (speaker := _speaker(token))]
    clauses = [(token, speaker, clause) for token, speaker in cues for clause in _clauses(token) if not _is_quote(clause, quotes)]
    for start, end, turn in quotes:
        mode: Mode = "mixed" if any(clause[0] <= start and end <= clause[1] for _, _, clause in clauses) else "direct"
        yield _quote(doc, (start, end), turn, mode, cues)
    for token, speaker, clause in clauses:
        yield _attribution(clause, "indirect", speaker, _span(token), "spacy-clause", 0.7)


def _quote(doc: Doc, content: Span, turn: int, mode: Mode, cues: list[tuple[Token, Span]]) -> Attribution:
    """A quoted stretch with the speaker of the nearest verb in its sentences; else with the nearest name in them."""
    first, last = _sentence(doc, content[0])[0], _sentence(doc, min(content[1] + 1, len(doc.text) - 1))[1]
    near = [(token, speaker) for token, speaker in cues if first <= token.idx < last]
    if near:
        token, speaker = min(near, key=lambda cue: _distance(_span(cue[0]), content))
        return _attribution(content, mode, speaker, _span(token), "spacy-quote", 0.8, turn)
    names = [(name.start_char, name.end_char) for name in doc.ents if name.label_ in _SPEAKERS]
    names = [name for name in names if first <= name[0] < last and not content[0] <= name[0] < content[1]]
    if names:
        return _attribution(content, mode, min(names, key=lambda name: _distance(name, content)), None, "spacy-name", 0.5, turn)
    return _attribution(content, mode, None, None, "spacy-unnamed", 0.4, turn)


def _attribution(content: Span, mode: Mode, speaker: Span | None, cue: Span | None, rule: str, sure: float, turn: int = -1) -> Attribution:
    spans = [span for span in (content, speaker, cue) if span]
    passage = (min(start for start, _ in spans), max(end for _, end in spans))
    return Attribution(content, passage, mode, speaker, cue, rule, turn, -1, sure)


def _speaker(cue: Token) -> Span | None:
    """The subject of a verb without what follows its noun; that of *who* is whom the clause is about."""
    subject = next((child for child in cue.children if child.dep_ in _SUBJECTS), None)
    if subject is not None and subject.lower_ in _RELATIVES:
        subject = cue.head if cue.dep_ in _RELATIVE else None
    return None if subject is None else (min(subject.left_edge.idx, subject.idx), subject.idx + len(subject))


def _clauses(cue: Token) -> Iterator[Span]:
    for child in cue.children:
        if child.dep_ == "ccomp":
            yield child.left_edge.idx, child.right_edge.idx + len(child.right_edge)


def _is_quote(clause: Span, quotes: list[tuple[int, int, int]]) -> bool:
    shared = sum(max(0, min(clause[1], end) - max(clause[0], start)) for start, end, _ in quotes)
    return shared > _QUOTED * (clause[1] - clause[0])


def _sentence(doc: Doc, offset: int) -> Span:
    token = doc.char_span(offset, offset + 1, alignment_mode="expand")
    if token is None or not doc.has_annotation("SENT_START"):
        return 0, len(doc.text)
    return token.sent.start_char, token.sent.end_char


def _distance(one: Span, other: Span) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


def _within(offset: int, quotes: list[tuple[int, int, int]]) -> bool:
    place = bisect_right(quotes, offset, key=lambda quote: quote[0]) - 1
    return place >= 0 and offset < quotes[place][1]


def _span(token: Token) -> Span:
    return token.idx, token.idx + len(token)


def _moved(attribution: Attribution, by: int) -> Attribution:
    """The same with the offsets of the whole text."""
    for field in ("content", "passage", "speaker", "cue"):
        span: Span | None = getattr(attribution, field)
        if span is not None:
            setattr(attribution, field, (span[0] + by, span[1] + by))
    return attribution
