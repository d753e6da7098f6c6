"""Targets: whom or what a statement is about, and to whom it is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from kg.extraction.acts import APART
from kg.extraction.attributions import Attribution
from kg.extraction.candidates import Entity
from kg.extraction.naming import DOCUMENTS, ORGANISATIONS, ROLES
from kg.extraction.references import References
from kg.extraction.traces import CUES
from kg.extraction.words import Words


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Cues whose object is whom or what the words are about, whatever else is named: "criticised X for Y".
_AIMED = frozenset(word for word, act in CUES.items() if act in ("Criticism", "Support"))
_DEFINITE = frozenset(["the", "this", "that", "his", "her", "its", "their", "our", "your"])
_WRITINGS = DOCUMENTS | _of("findings recommendations conclusions")
_HE = _of("he she him her his")
_NOUNS = ORGANISATIONS | DOCUMENTS | ROLES
_BETWEEN = _of("new own whole entire final interim current full first latest")
#: Cues behind which stands to whom something is said.
_TOLD = _of(
    """tell tells told telling ask asks asked asking urge urges urged urging assure assures assured assuring inform informs informed remind
    reminds reminded implore implores implored imploring beg begs begged warn warns warned thank thanks thanked write writes wrote writing
    pleaded pleads question questions questioned press pressed presses challenge challenged order ordered promised promises"""
)
_WRITTEN = _of("letter letters email emails e-mail message submission statement evidence plea appeal apology report memo note")
_BEHIND = 4  # tokens behind a cue in which its object begins
_NEAR = 20  # tokens around a cue in which "in a letter to X" is looked for
_OBJECT = 8  # tokens behind "letter" in which X stands
_MOST = 4
_LONGEST = 5000  # code points of one statement in which names are looked for
_mains: WeakKeyDictionary[References, list[Entity]] = WeakKeyDictionary()


def about(words: Words, attribution: Attribution, references: References, speaker: Entity | None = None) -> tuple[Entity, ...]:
    """Whom or what an attribution is about: actors, institutions and reports, the likeliest first.

    Behind a cue that finds fault or praises it is the cue's object; else who is named in the words, but for the speaker; else whom "he"
    or "she" means; else the institution that the document names most. ``speaker``: who speaks, where that is known already.
    """
    speaker = speaker or (references.entity(attribution.speaker, attribution) if attribution.speaker else None)
    shut = speaker.id if speaker else ""
    for aimed in _objects(words, attribution, references):
        if aimed.id != shut:
            return (aimed,)
    start, end = attribution.content
    if attribution.mode == "mixed" and attribution.cue and not APART.search(words.source, attribution.cue[1], start - 1):
        start = min(start, attribution.cue[1])  # the words between belong to what is said
    found = {entity.id: entity for entity in _named(words, start, end, references, attribution) if entity.id != shut}
    if not found and (person := _person(words, start, end, references, attribution, speaker)):
        return (person,)
    if all(entity.kind == "Group" for entity in found.values()):
        found |= {entity.id: entity for entity in _usual(references)[:2] if entity.id != shut and len(found) < _MOST}
        return tuple(found.values())[: 1 + any(entity.kind == "Group" for entity in found.values())]
    return tuple(found.values())[:_MOST]


def addressee(words: Words, attribution: Attribution, references: References, speaker: Entity | None = None) -> Entity | None:
    """To whom an attribution is said: "told X", "in a letter to X", and to whom a letter is written; None where that is not told."""
    if attribution.mode == "authored":
        return references.addressee
    if attribution.cue is None:
        return None
    speaker = speaker or (references.entity(attribution.speaker, attribution) if attribution.speaker else None)
    if speaker is not None and speaker == references.addressee:
        return references.author
    first, last = words.tokens(*attribution.cue)
    if not _TOLD.isdisjoint(words.lower[first:last]):
        for entity in _behind(words, attribution, references):
            return entity if entity != speaker else None
    begin = max(0, first - _NEAR)
    for token in [token for token, word in enumerate(words.lower[begin : last + _NEAR], begin) if word in _WRITTEN]:
        start = words.start[token]
        if words.lower[token + 1 : token + 2] == ["to"] and not attribution.content[0] <= start < attribution.content[1]:
            for entity in _named(words, start, words.end[min(token + _OBJECT, len(words.end) - 1)], references, attribution):
                return entity if entity != speaker else None
    return None


def _objects(words: Words, attribution: Attribution, references: References) -> Iterator[Entity]:
    """The object of a cue that finds fault or praises."""
    if attribution.cue:
        first, last = words.tokens(*attribution.cue)
        if not _AIMED.isdisjoint(words.lower[first:last]):
            yield from _behind(words, attribution, references)


def _behind(words: Words, attribution: Attribution, references: References) -> Iterator[Entity]:
    """Who is named right behind the verb of a cue."""
    assert attribution.cue
    first, last = words.tokens(*attribution.cue)
    stop = min(last + _BEHIND, words.sentences[words.sentence(first)][1])
    if first + 1 < stop:
        yield from _named(words, words.start[first + 1], words.end[stop - 1], references, attribution)


def _named(words: Words, start: int, end: int, references: References, attribution: Attribution) -> Iterator[Entity]:
    """Whom names and definite nouns mean between two offsets: in the order of the text, the publisher and groups last."""
    end = min(end, start + _LONGEST)
    found: dict[int, Entity] = {}
    covered: set[int] = set()
    for name, actor in references.scopes.within(start, end):
        first, last = words.tokens(name.start, name.end)
        covered.update(range(first, last))
        entity = _beside(words, first, last, references, actor.entity, attribution) if words.end[-1] > name.end else actor.entity
        if entity is not None:
            found[name.start] = entity
    found |= dict(_nouns(words, start, end, references, attribution, covered))
    if len(found) == 1:
        yield from found.values()
        return
    for place in sorted(found, key=lambda place: (found[place].kind == "Group", _is_publisher(references, found[place]), place)):
        yield found[place]


def _beside(words: Words, first: int, last: int, references: References, entity: Entity, attribution: Attribution) -> Entity | None:
    """Whom or what a name means with the words behind it: "Coe's report" is the report, "the Gazette editor" who edits it."""
    if entity.kind == "Person" and words.lower[last] in ("'s", "’s") and not _WRITINGS.isdisjoint(words.lower[last + 1 : last + 3]):
        return _written(references, entity)
    if entity.kind == "Institution" and words.lower[last] in ROLES:
        holder = references.entity(words.span(first, last + 1), attribution)
        return holder if holder is not None and holder.kind == "Person" else entity
    return entity


def _nouns(
    words: Words, start: int, end: int, references: References, attribution: Attribution, covered: set[int]
) -> Iterator[tuple[int, Entity]]:
    """Where definite nouns stand, and what they mean: "the force", "her final report"; no group, and not the publisher."""
    first, last = words.tokens(start, end)
    for token in [token for token, word in enumerate(words.lower[first : last - 1], first) if word in _DEFINITE]:
        noun = token + 1 + (words.lower[token + 1] in _BETWEEN)
        if noun == last or words.lower[noun] not in _NOUNS or token + 1 in covered or noun in covered:
            continue
        entity = references.entity(words.span(token, noun + 1), attribution)
        if entity is not None and entity.kind == "Person" and words.lower[noun] in DOCUMENTS:
            entity = _written(references, entity)
        elif entity is not None and _is_publisher(references, entity):
            entity = next(iter(_usual(references)), None)
        if entity is not None and entity.kind != "Group":
            yield words.start[token], entity


def _person(words: Words, start: int, end: int, references: References, attribution: Attribution, speaker: Entity | None) -> Entity | None:
    """Whom "he" or "she" means where nobody is named; who speaks only at the head of what is said: "she said she was late"."""
    first, last = words.tokens(start, end)
    token = next((token for token in range(first, min(last, first + _LONGEST)) if words.lower[token] in _HE), last)
    entity = references.entity(words.span(token, token + 1), attribution) if token < last else None
    if entity is None or entity.kind != "Person" or (entity == speaker and (token > first or attribution.mode != "indirect")):
        return None
    return entity


def _written(references: References, writer: Entity) -> Entity | None:
    """The report of a person that the document names, or else the only one that is known; "her report" is not about her."""
    actors = [actor for _, actor in references.scopes.mentions if actor.author == writer.id]
    actors = actors or [actor for actor in references.registry.case.actors.values() if actor.author == writer.id]
    return actors[0].entity if len({actor.id for actor in actors}) == 1 else None


def _is_publisher(references: References, entity: Entity) -> bool:
    """Whether it is the publisher, or a desk or programme of it: "the Gazette", "Gazette Radio"."""
    publisher = references.publisher
    return publisher is not None and entity.kind == "Institution" and publisher.label in entity.label


def _usual(references: References) -> list[Entity]:
    """Who is meant where nobody is named: the institutions that the document names most, but for its publisher."""
    if references not in _mains:
        named = Counter(actor.entity for _, actor in references.scopes.mentions if actor.kind == "Institution")
        _mains[references] = [entity for entity, _ in named.most_common(5) if not _is_publisher(references, entity)]
    return _mains[references]
