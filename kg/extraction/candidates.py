"""Candidates: what a careful reader would enter as statements, read out of one document and offered to a curator."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.extraction.attributions import Attribution, Mode, Span
from kg.extraction.outline import Outline


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity as it stands in the text: ``span`` and its reading; decimals as text, units and qualifiers as the schemes name them."""

    span: Span
    value: str = ""
    min_value: str = ""
    max_value: str = ""
    unit: str = ""
    qualifier: str = ""
    population: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """An actor or report that a mention stands for.

    ``id`` is the identifier in the case or the one proposed for a new record; ``known`` whether the case has the record;
    ``kind`` the class: Person, Institution, Group or a class of Report; ``label`` its name.
    """

    id: str
    kind: str
    label: str
    known: bool = False


@dataclass(slots=True)
class Candidate:
    """One statement that the document attributes to somebody, as proposed to a curator.

    Spans are (start, end) in code points of the canonical text. ``passages``: the sentence or clause, then, where who said it
    stands elsewhere, those words. ``quote``: the first quoted words inside, if any. ``turn`` ties what was said in one go;
    ``within`` is the number of the candidate that conveys this one, ``repeats`` of the one that it tells again, -1 for none.
    """

    content: Span
    passages: tuple[Span, ...]
    mode: Mode
    rule: str
    confidence: float
    speaker: Span | None = None
    entity: Entity | None = None
    capacity: Span | None = None
    cue: Span | None = None
    quote: Span | None = None
    acts: tuple[str, ...] = ()
    about: tuple[Entity, ...] = ()
    addressee: Entity | None = None
    figures: tuple[Figure, ...] = ()
    said_on: str = ""
    due: str = ""
    turn: int = -1
    within: int = -1
    repeats: int = -1


@dataclass(slots=True)
class Extraction:
    """What was read out of one document.

    ``outline``: its structure; ``attributions``: the spans as the rules found them; ``candidates``: the statements they make, in
    reading order; ``entities``: whom they name, each once; ``author`` and ``publisher``: who stands behind the document, if known.
    """

    outline: Outline
    attributions: list[Attribution] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    author: Entity | None = None
    publisher: Entity | None = None
