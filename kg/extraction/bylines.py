"""Names above and below a text: who wrote it, told from what a picture shows and from institutions."""

from __future__ import annotations

import re

from kg.extraction.blocks import Line

Span = tuple[int, int]

_LONGEST = 120
_BYLINE = re.compile(
    r"\(?(?i:(?:by|(?:words|written|story|text|report|reporting|reported|prepared|edited|editing|photographs?|interviews?) by|report of"
    r"|authors?:|chair:|chaired by|(?:additional|extra) reporting (?:by|from))[:\s]\s*|from \S{2,20}['’]s? (?=\S+ \S))"
    r"(?P<name>[^\W\d_a-z].*)"
)
_ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|journalist|producer|presenter|analyst|columnist|contributor|writer|staff|agency|bureau|newsroom|desk)s?\b",
    re.IGNORECASE,
)
_SHIFT = re.compile(r"\((?:now|earlier|until|from)\b[^()]{0,20}\)")
_JOINT = re.compile(r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*|;\s*")
_CUT = re.compile(r",|;|\||\s+(?:and|in|at|for)\s+|\s[-–—]\s|[()]")
_LETTERS = re.compile(r"\(?[A-Z][A-Za-z]?[A-Z]{1,5}\)?")


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _of(
    """mr mrs ms miss mx dr prof professor sir dame lord lady baroness baron viscount earl rev reverend hon judge justice councillor cllr
    captain major colonel general sergeant superintendent inspector constable commissioner president senator governor mayor minister
    secretary rt"""
)
_PARTICLES = _of("of de da del della di van von der den la le bin ibn al el y e the st")
_OFFICES = _TITLES - _of("hon judge justice lord lady baron earl dame major general dean rt prof dr mr mrs ms miss mx sir rev")
_INSTITUTION = _of(
    """authority council office department ltd limited plc inc house road street square avenue lane court committee trust university
    ministry service services police association society union board agency commission group institute foundation college school hospital
    centre center party bank parliament assembly company corporation embankment place way drive building floor box news media press
    ombudsman inspectorate regulator
    review report inquiry network city county borough district unit division directorate secretariat team times post herald courier
    gazette headquarters"""
)
_FIRST_WORDS = _of(
    """a an the this that these those we i it he she they you in on at by for from to as but and or if when while why how what who our
    my not no your all more most new old open letter email is are was were has have will can dear yours executive key main"""
)


def person(text: str, start: int, end: int) -> Span | None:
    """The offsets of the personal name that a short line consists of, without article and the letters behind the name.

    >>> person("The Baroness Ash of Wold DBE CB", 0, 31), person("Wold Water Authority", 0, 20)
    ((4, 24), None)
    """
    if end - start > _LONGEST:
        return None
    words = list(re.finditer(r"\S+", text[start:end]))
    while len(words) > 2 and _LETTERS.fullmatch(words[-1].group().strip(",")):
        words.pop()
    while words and words[0].group().rstrip(".") in {"The", "THE", "Rt", "Right", "Hon", "Honourable"}:
        words.pop(0)
    if not 1 < len(words) <= 6:
        return None
    plain = [word.group() for word in words]
    plain[-1] = plain[-1].rstrip(",")
    if (plain[0].lower() in _OFFICES and plain[1].lower() == "of") or plain[
        -1
    ].lower() in _OFFICES:  # an office: Secretary of State, Permanent Secretary
        return None
    if (
        plain[0].lower() in _FIRST_WORDS
        or any(word.lower() in _INSTITUTION or not _nameable(word) for word in plain)
        or not plain[-1][0].isupper()
    ):
        return None
    return start + words[0].start(), start + words[-1].start() + len(plain[-1])


def _nameable(word: str) -> bool:
    if word.lower() in _PARTICLES or word.rstrip(".").lower() in _TITLES:
        return True
    bare = word.replace("'", "").replace("’", "").replace("-", "")
    return word[:1].isupper() and (bare.isalpha() or (len(word) == 2 and word[1] == "."))


def is_body(text: str, name: Span) -> bool:
    """Whether a name is that of an institution."""
    return any(word.strip(",.").lower() in _INSTITUTION for word in text[slice(*name)].split())


def titled(text: str, name: Span) -> bool:
    """Whether a name begins with a personal title."""
    return text[name[0] : name[1]].split(maxsplit=1)[0].rstrip(".").lower() in _TITLES


def people(text: str, line: Line) -> list[Span]:
    """The names that a line consists of, with *and* and commas between them; none where anything else stands in it."""
    parts, start = [], line.start
    for joint in _JOINT.finditer(text, line.start, min(line.end, line.start + _LONGEST)):
        parts.append((start, joint.start()))
        start = joint.end()
    found = [person(text, *part) for part in [*parts, (start, line.end)]]
    return [name for name in found if name] if all(found) else []


def byline(text: str, line: Line) -> tuple[bool, Span | None]:
    """Whether a line says by whom a text is, and the offsets of the first name it gives.

    >>> line = Line(0, 38, True)
    >>> byline("By Ada Quill, health editor in Stowton", line)
    (True, (3, 12))
    """
    if line.end - line.start > _LONGEST:
        return False, None
    if _SHIFT.search(text, line.start, line.end) and (name := person(text, line.start, text.find("(", line.start))):
        return True, name
    found = _BYLINE.fullmatch(text, line.start, line.end)
    if found is None or (text[line.end - 1] in '.?!:”"' and text[line.start] != "("):
        return False, None
    start = found.start("name")
    cut = _CUT.search(text, start, line.end)
    end = cut.start() if cut else line.end
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    for told in _ROLE.finditer(text, start, end):  # By Senior Reporter Ada Quill
        if told.end() < end:
            start = told.end() + 1
    name = person(text, start, end)
    if name:
        return True, name
    capitals = sum(word[0].isupper() for word in text[start:end].split())
    return capitals * 2 >= len(text[start:end].split()) and not text.startswith("By the ", line.start), None


def role(text: str, line: Line) -> bool:
    """Whether a line names what somebody is in a newsroom."""
    return line.end - line.start <= 80 and text[line.end - 1] not in ".!?:" and _ROLE.search(text, line.start, line.end) is not None
