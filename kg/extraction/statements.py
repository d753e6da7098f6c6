"""Statements: what the attributions of a document come to, sentence by sentence, each with its speaker, act, target and figures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from kg.extraction import acts, dates, figures, targets
from kg.extraction.attributions import Attribution, Mode, Span
from kg.extraction.candidates import Candidate, Entity, Extraction
from kg.extraction.references import References
from kg.extraction.words import Words

_MARKS = " \t\n\"“”'‘’"
#: Quoted words that stand again are one statement told again only when there are enough of them to be no chance.
_LEAST_REPEATED = 4
_WORD = re.compile(r"\w+")
#: The acts that somebody owes something after, by a day or not.
_OWED = frozenset(("Commitment", "Demand", "Recommendation", "Decision"))
#: Where a second clause begins that is said as well: "… and that it is late", "…; they knew", "… but he will stay".
_JOINT = re.compile(
    r"[,;]?\s+(?:and|but)\s+(?=(?:that|if|he|she|they|it|we|I|there)\b)|;\s+(?:and\s+|but\s+)?|,\s+(?:and|but)\s+(?=\w+ing\b)"
)


def statements(words: Words, found: list[Attribution], references: References) -> Extraction:
    """The extraction that the attributions come to: one candidate for each attributed sentence, in reading order."""
    extraction = Extraction(words.outline, found, author=references.author, publisher=references.publisher)
    origin: dict[int, int] = {}  # attribution -> its first candidate
    setting = acts.setting(words)
    for number, (attribution, quotes) in _folded(found):
        entity = references.entity(attribution.speaker, attribution, found)
        if attribution.mode == "indirect" and not (entity or attribution.speaker):
            continue  # a clause of nobody's is no statement
        for content in _pieces(words, attribution):
            piece = replace(attribution, content=content)
            candidate = _candidate(words, piece, _passages(words, piece, attribution.content), quotes, entity, references, setting)
            origin.setdefault(number, len(extraction.candidates))
            extraction.candidates.append(candidate)
    for candidate in extraction.candidates:
        candidate.within = origin.get(candidate.within, -1)
    _give_figures(words, extraction.candidates)
    _mark_repeats(words, extraction.candidates)
    extraction.entities = _entities(extraction.candidates)
    return extraction


def _folded(found: list[Attribution]) -> Iterator[tuple[int, tuple[Attribution, list[Span]]]]:
    """Each attribution with the quoted pieces in it; a piece inside a reported clause of the same turn is part of that clause."""
    turns: dict[int, list[int]] = defaultdict(list)
    for number, attribution in enumerate(found):
        if attribution.turn >= 0:
            turns[attribution.turn].append(number)
    inside: dict[int, list[Span]] = defaultdict(list)
    folded = set()
    for numbers in turns.values():
        clauses = [number for number in numbers if found[number].mode == "indirect"]
        for number in numbers if clauses else ():
            piece = found[number]
            outer = next((c for c in clauses if c != number and _holds(found[c].content, piece.content)), None)
            if outer is not None and piece.mode in ("direct", "mixed"):
                inside[outer].append(piece.content)
                folded.add(number)
    for number, attribution in enumerate(found):
        if number not in folded:
            quotes = inside.get(number, [attribution.content] if attribution.mode in ("direct", "mixed") else [])
            yield number, (replace(attribution, mode="mixed") if inside.get(number) else attribution, quotes)


def _holds(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _pieces(words: Words, attribution: Attribution) -> Iterator[Span]:
    """The content cut at its sentences and, where it is reported, at its joint clauses; without outer marks and white space."""
    content, source = attribution.content, words.source
    first, last = words.sentence(words.at(content[0])), words.sentence(words.at(content[1] - 1))
    begins = [words.start[words.sentences[number][0]] for number in range(first + 1, last + 1)]
    cuts = sorted({*((begin, begin) for begin in begins), *_joints(source, content, attribution.mode)})
    edges = [(content[0], content[0]), *cuts, (content[1], content[1])]
    for (_, start), (end, _) in pairwise(edges):
        while start < end and source[start] in _MARKS:
            start += 1
        while end > start and source[end - 1] in _MARKS:
            end -= 1
        if start < end:
            yield start, end


def _joints(source: str, content: Span, mode: Mode) -> Iterator[Span]:
    """What joins two clauses; inside the quoted words of a reported clause nothing does."""
    at, open_marks, straight = content[0], 0, 0
    for found in _JOINT.finditer(source, *content):
        if mode in ("indirect", "mixed"):
            straight += source.count('"', at, found.end())
            open_marks += source.count("“", at, found.end()) - source.count("”", at, found.end())
            at = found.end()
            if straight % 2 or open_marks > 0:
                continue
        yield found.span()


def _candidate(
    words: Words,
    piece: Attribution,
    passages: tuple[Span, ...],
    quotes: list[Span],
    entity: Entity | None,
    references: References,
    setting: acts.Setting,
) -> Candidate:
    made = acts.acts(words, piece, setting, entity.label if entity else "")
    quote = next((found for quote in quotes if (found := _shared(quote, piece.content))), None)
    return Candidate(
        content=piece.content,
        passages=passages,
        mode=piece.mode,
        rule=piece.rule,
        confidence=piece.confidence,
        speaker=piece.speaker,
        entity=entity,
        capacity=references.capacity(piece.speaker) if piece.speaker else None,
        cue=piece.cue,
        quote=quote,
        acts=made,
        about=targets.about(words, piece, references, entity),
        addressee=targets.addressee(words, piece, references, entity),
        said_on=dates.said_on(words, piece, words.outline),
        due=dates.due(words, piece, words.outline) if _OWED.intersection(made) else "",
        turn=piece.turn,
        within=piece.within,
    )


def _shared(one: Span, other: Span) -> Span | None:
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


def _passages(words: Words, piece: Attribution, whole: Span) -> tuple[Span, ...]:
    """The words with their marks and, right beside them, their cue and speaker; then the attribution, where it stands elsewhere.

    ``whole`` is the content of which the piece was cut.
    """
    first, last = words.sentence(words.at(piece.content[0])), words.sentence(words.at(piece.content[1] - 1))
    begin, end = words.start[words.sentences[first][0]], words.end[words.sentences[last][1] - 1]
    start, stop = _with_marks(words.source, piece.content)
    said = [span for span in (piece.speaker, piece.cue) if span]
    if not said:
        return ((start, stop),)
    left, right = min(span[0] for span in said), max(span[1] for span in said)
    apart = left <= whole[0] < piece.content[0] or piece.content[1] < whole[1] <= right
    if apart or left < begin or right > end:
        return (start, stop), (left, right)
    return ((min(start, left), max(stop, right)),)


def _with_marks(source: str, content: Span) -> Span:
    start, end = content
    return start - (start > 0 and source[start - 1] in _MARKS[3:]), end + (end < len(source) and source[end] in _MARKS[3:])


def _give_figures(words: Words, candidates: list[Candidate]) -> None:
    """Every figure of a sentence goes to the statement in whose words it stands, else to the nearest of the sentence."""
    told: dict[int, list[int]] = defaultdict(list)
    for number, candidate in enumerate(candidates):
        start, end = candidate.passages[0]
        for sentence in range(words.sentence(words.at(start)), words.sentence(words.at(end - 1)) + 1):
            told[sentence].append(number)
    for sentence, numbers in told.items():
        first, last = words.sentences[sentence]
        for figure in figures.figures(words, *words.span(first, last)):
            nearest = candidates[min(numbers, key=lambda number: _distance(candidates[number].content, figure.span))]
            nearest.figures = (*nearest.figures, figure)


def _distance(content: Span, span: Span) -> tuple[int, int]:
    """How far a span is from a content, and how long that is."""
    return max(content[0] - span[0], span[1] - content[1], 0), content[1] - content[0]


def _mark_repeats(words: Words, candidates: list[Candidate]) -> None:
    """Quoted words that the same speaker says elsewhere in the document: one telling is the first, the others repeat it.

    The first is the longest of those that do not stand in a recap.
    """
    recaps = [(update.start, update.end) for update in words.outline.updates if update.recap]

    def rank(number: int) -> tuple[bool, int, int]:
        start, end = candidates[number].content
        return not any(_holds(recap, (start, end)) for recap in recaps), end - start, number

    told: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, candidate in enumerate(candidates):
        if candidate.quote and candidate.entity:
            said = _WORD.findall(words.source[slice(*candidate.quote)].lower())
            if len(said) >= _LEAST_REPEATED:
                told[candidate.entity.id, " ".join(said)].append(number)
    for numbers in told.values():
        first = max(numbers, key=rank)
        for number in numbers:
            if number != first:
                candidates[number].repeats = first


def _entities(candidates: list[Candidate]) -> list[Entity]:
    named: dict[str, Entity] = {}
    for candidate in candidates:
        for entity in (candidate.entity, candidate.addressee, *candidate.about):
            if entity is not None:
                named.setdefault(entity.id, entity)
    return sorted(named.values(), key=lambda entity: (not entity.known, entity.id))
