"""The names in a text: persons, institutions, offices, documents and places, each with its title and with the office worded beside it.

A name is a unit of words with capitals, typed by general English words (``naming``): no list of who exists is needed, and what the
records know is left to ``registry``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import Literal

from kg.extraction import appositions
from kg.extraction.attributions import Span
from kg.extraction.capitals import Unit, Word, initial, units
from kg.extraction.naming import (
    COUNTRIES,
    DOCUMENTS,
    DOMAINS,
    GIVEN,
    LETTERS,
    LONELY,
    MODIFIERS,
    ORGANISATIONS,
    PLACES,
    ROLES,
    STRONG,
    TITLES,
    listed,
)
from kg.extraction.words import Words

NameKind = Literal["person", "institution", "role", "report", "place", "other"]

_PARTISANS = listed("republican democrat democratic labour tory conservative liberal")
_SURNAMES = listed("king dean bishop pope prince judge marshal knight cardinal priest ward page constable warden sergeant clerk mason")
_FIRST_OF_PLACES = listed("new san los el st saint united")
_BEFORE_EXECUTIVE = listed("chief executive non-executive senior")
_NOT_ALONE = LONELY | DOCUMENTS | DOMAINS | MODIFIERS | TITLES.keys()
_NO_SURNAMES = STRONG | DOCUMENTS | listed("police inc corp news party")


@dataclass(slots=True)
class Name:
    """One name: ``start`` to ``end`` with its title and the letters after it, ``core`` without them.

    ``text`` is the core's wording, ``title`` its title in small letters; ``role`` the words beside it that say what the person is,
    as in “deputy mayor Ada Coe” or “Ada Coe, who chairs the trust,”. ``sure`` is False for a person told by nothing but capitals.
    """

    start: int
    end: int
    kind: NameKind
    core: Span
    text: str
    title: str = ""
    role: Span | None = None
    sure: bool = True


@dataclass(slots=True)
class Names:
    """The names of a text in reading order.

    ``acronyms`` leads from letters in brackets to the full name before them; ``doubtful`` are words at the beginning of sentences
    which may be no names at all.
    """

    all: list[Name] = field(default_factory=list)
    doubtful: list[Name] = field(default_factory=list)
    acronyms: dict[str, str] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)

    def at(self, offset: int) -> Name | None:
        """The name that the offset stands in."""
        number = bisect_right(self.starts, offset) - 1
        return self.all[number] if number >= 0 and offset < self.all[number].end else None

    def within(self, start: int, end: int) -> list[Name]:
        """The names that begin between two offsets."""
        return self.all[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def names(words: Words) -> Names:
    """The names of a text.

    >>> from kg.extraction.outline import Block, Outline
    >>> from kg.extraction.words import words as words_of
    >>> text = "Deputy mayor Ada Coe wrote to the Centre for Rivers (CFR)."
    >>> found = names(words_of(text, Outline("article", (Block("paragraph", 0, len(text)),))))
    >>> [(name.kind, name.text) for name in found.all]
    [('person', 'Ada Coe'), ('institution', 'Centre for Rivers'), ('institution', 'CFR')]
    >>> found.acronyms
    {'CFR': 'Centre for Rivers'}
    """
    drafts = [name for unit in units(words) for name in _typify(unit, words.source)]
    made = Names()
    for name in _weighed(drafts, words, made):
        _join_acronym(name, made, words.source)
        if name.kind == "person" and name.role and made.all and made.all[-1].kind == "role" and _inside(made.all[-1], name.role):
            made.all.pop()
        made.all.append(name)
    made.starts = [name.start for name in made.all]
    return made


def _typify(unit: Unit, source: str) -> list[Name]:
    """The names in a unit, each with its kind; a person's title and office are told apart from the name."""
    tail = len(unit.words)
    if tail == 1:
        alone = _single(unit.words[0], unit.initial)
        return [_name(unit.words, alone, source)] if alone else []
    while tail > 1 and _letters(unit.words[tail - 1]):
        tail -= 1
    lower = [word.lower for word in unit.words[:tail]]
    if core := _titled(lower):
        first = next(number for number in range(tail) if lower[number].rstrip(".") in TITLES)
        return _person(unit.words, tail, first, core, source)
    last, of = _offices(lower, unit.words)
    if core := _given(lower, unit.words) or _after_office(lower, unit.words, last, of):
        return _person(unit.words, tail, core, core, source)
    if last >= 0 and last == of - 1:
        return [_name(unit.words[:tail], "role", source)]
    if unit.initial and tail > 1 and lower[0] in MODIFIERS and not any(word in ORGANISATIONS or word in ROLES for word in lower):
        return _typify(Unit(unit.words[1:], False), source)
    kind = _kind(lower, unit.words[:tail], unit.initial)
    if kind == "person":
        sure = lower[0] in GIVEN or any(len(word.text) == 2 and word.text[1] == "." for word in unit.words)
        return _person(unit.words, tail, 0, 0, source, sure)
    return [_name(unit.words[:tail], kind, source)] if kind else []


def _letters(word: Word) -> bool:
    """Whether a word is letters after a name, such as MP."""
    return word.lower.rstrip(".") in LETTERS and word.text != word.lower.capitalize()


def _titled(lower: list[str]) -> int:
    """Where the name behind a title begins, 0 where there is no title."""
    titles = [number for number, word in enumerate(lower) if word.rstrip(".") in TITLES]
    core = titles[-1] + 1 if titles else 0
    return core if core < len(lower) and lower[core] not in ROLES and lower[core] not in ORGANISATIONS else 0


def _given(lower: list[str], unit: list[Word]) -> int:
    """Where a first name begins a person's name behind an office, an organisation, a place or a party, 0 where none does."""
    for number in range(1, len(lower) - 1):
        if lower[number] in GIVEN and lower[number + 1] not in ORGANISATIONS and not unit[number].tie:
            before = lower[number - 1]
            if before in ROLES or before in ORGANISATIONS or before in COUNTRIES or unit[number - 1].text.isupper():
                return number
    if len(lower) > 2 and lower[0] in _PARTISANS and not any(word in ORGANISATIONS or word in ROLES for word in lower):
        return 1
    return 0


def _offices(lower: list[str], unit: list[Word]) -> tuple[int, int]:
    """The last word for an office before the first “of”, -1 for none, and where that “of” is."""
    end = next((number for number in range(1, len(lower)) if unit[number].tie == "of"), len(lower))
    found = [
        number
        for number in range(end)
        if lower[number] in ROLES and (lower[number] != "executive" or lower[number - 1] in _BEFORE_EXECUTIVE)
    ]
    if not found or (found[0] == len(lower) - 1 > 0 and lower[0] in GIVEN and lower[-1] in _SURNAMES):
        return -1, end
    return found[-1], end


def _after_office(lower: list[str], unit: list[Word], last: int, of: int) -> int:
    """Where a name begins behind an office: “Commissioner Coe”, “Mayor of London Ada Coe”; 0 where none does."""
    if last < 0 or last == len(lower) - 1:
        return 0
    if of + 2 < len(lower) and lower[of] in COUNTRIES and not unit[of + 1].tie:
        return of + 1
    if of == len(lower) and not any(word in ORGANISATIONS or word in DOCUMENTS for word in lower[last + 1 :]):
        return last + 1
    return 0


def _kind(lower: list[str], unit: list[Word], begins: bool) -> NameKind | None:
    """What words without a title or an office name, None for nothing."""
    last = lower[-1]
    if len(lower) == 1:
        return _single(unit[0], begins)
    if last == "time":
        return None
    if lower[0] in GIVEN and len(lower) == 2 and last not in _NO_SURNAMES:
        return "person"
    tied = any(word.tie for word in unit[1:])
    if last in DOCUMENTS and not any(word.tie == "and" for word in unit):
        return "report"
    if (
        last == "nations"
        or last in STRONG
        or (any(word in ORGANISATIONS for word in lower) and not (last in PLACES - ORGANISATIONS and len(lower) == 2))
    ):
        return "institution"
    if tied and any(word in DOCUMENTS for word in lower[:-1]):
        return "report"
    return "other" if tied or len(lower) > 4 else _untied(lower, unit)


def _untied(lower: list[str], unit: list[Word]) -> NameKind:
    """What a few words in a row name that no word of theirs tells outright: a place, letters of an organisation, else a person."""
    if lower[-1] in PLACES or lower[0] in _FIRST_OF_PLACES or all(word in COUNTRIES or word in PLACES for word in lower):
        return "place"
    if any(word.text.isupper() and len(word.text) > 1 and "." not in word.text for word in unit):
        return "institution"
    if any(word in LONELY or word in COUNTRIES or word in DOMAINS for word in lower):
        return "other"
    return "person"


def _single(word: Word, begins: bool) -> NameKind | None:
    """What one word names."""
    lower = word.lower.rstrip(".")
    if lower in ROLES:
        return "role"
    if lower in COUNTRIES or lower in PLACES:
        return "place"
    if lower in _NOT_ALONE:
        return None
    if lower in ORGANISATIONS:
        return None if begins else "institution"
    if word.text.isupper() and len(lower) > 1:
        return "institution"
    if lower in GIVEN:
        return "person"
    return None if begins and lower.endswith(("ing", "ly")) else "other"


def _name(unit: list[Word], kind: NameKind, source: str) -> Name:
    span = (unit[0].start, unit[-1].end)
    return Name(*span, kind, span, _plain(source, span))


def _plain(source: str, span: Span) -> str:
    return " ".join(source[span[0] : span[1]].split())


def _person(unit: list[Word], tail: int, first: int, core: int, source: str, sure: bool = True) -> list[Name]:
    """A person from word ``first`` on, with the name proper from ``core`` to ``tail``; before it an office or another name."""
    span = (unit[core].start, unit[tail - 1].end)
    title = " ".join(word.lower.rstrip(".") for word in unit[first:core])
    before: list[Name] = []
    role = None
    if first and any(word.lower in ROLES for word in unit[:first]):
        role = (unit[0].start, unit[first - 1].end)
        before = [_name(unit[:first], "role", source)]
    elif first:
        kind = _kind([word.lower for word in unit[:first]], unit[:first], False)
        before = [_name(unit[:first], kind, source)] if kind else []
    return [*before, Name(unit[first].start, unit[-1].end, "person", span, _plain(source, span), title, role, sure)]


def _weighed(drafts: list[Name], words: Words, made: Names) -> list[Name]:
    """The names as the whole text weighs them: surnames that stand alone, words that only begin sentences, offices beside persons."""
    source, usual = words.source, set(words.text)
    surnames = {name.text.rsplit(" ", 1)[-1] for name in drafts if name.kind == "person"}
    others = [name for name in drafts if name.kind == "other" and " " not in name.text]
    alone = {name.text for name in others}
    inner = {name.text for name in others if not initial(source, name.start, max(0, name.start - 6))}
    kept = []
    for draft in drafts:
        name = as_surname(words, draft, surnames)
        if name.kind == "other" and " " not in name.text:
            if name.text in surnames:
                name = replace(name, kind="person")
            elif appositions.of_body(words, name.start, name.end):
                name = replace(name, kind="institution")
            elif name.text not in inner or name.text.lower() in usual:
                if name.text.lower() not in usual:
                    made.doubtful.append(name)
                continue
        if name.kind == "person":
            role = name.role or appositions.before(words, name.start, name.end) or appositions.after(words, name.end)
            sure = name.sure or role is not None or name.text.rsplit(" ", 1)[-1] in alone
            if not sure and not name.title and appositions.of_body(words, name.start, name.end):
                kept.append(replace(name, kind="institution", sure=True))
                continue
            name = Name(name.start, name.end, "person", name.core, name.text, name.title, role, sure)
        kept.append(name)
    return kept


def as_surname(words: Words, name: Name, surnames: set[str]) -> Name:
    """A word for an office that stands alone as the person of that surname, where the text has one: “Bishop said” of Ada Bishop."""
    alone = name.kind == "role" and name.text in surnames and not appositions.has_article(words, name.start)
    return replace(name, kind="person") if alone else name


def _inside(name: Name, span: Span) -> bool:
    """Whether a name is a part, not all, of a longer wording."""
    return span[0] <= name.start and name.end < span[1]


def _join_acronym(name: Name, made: Names, source: str) -> None:
    """Keep what letters in brackets stand for: the name just before them."""
    if name.kind != "institution" or not made.all or source[name.start - 1] != "(" or source[name.end : name.end + 1] != ")":
        return
    full = made.all[-1]
    if full.end >= name.start - 3 and full.kind != "person" and _stands_for(name.text, full.text):
        made.acronyms[name.text] = full.text
        if full.kind in ("other", "place"):
            made.all[-1] = replace(full, kind="institution")


def _stands_for(letters: str, full: str) -> bool:
    """Whether letters in brackets are those of the name before them.

    >>> _stands_for("CWH", "Centre for Women’s Housing")
    True
    """
    initials = [part[0].lower() for part in re.split(r"[\s’'-]+", full) if part]
    place = 0
    for letter in letters.lower():
        if letter not in initials[place:]:
            return False
        place = initials.index(letter, place) + 1
    return len(letters) > 1
