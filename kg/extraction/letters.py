"""Letters: who wrote to whom, as letterhead, salutation and signature tell."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.extraction.blocks import Line
from kg.extraction.bylines import Span, person, titled

_LOOK = 40
_SHORT = 90
_DEAR = re.compile(
    r"(?:Dear|DEAR)\s+(?P<name>(?=[A-Z]|(?:all|sirs?|madam|colleagues?|friends?|both|members|residents|parents|readers)\b)[^,:!?]{2,60})(?:[,:!]|$)"
)
_NOBODY = re.compile(r"(?:sirs?|madam|sir or madam|sir/madam|all|both|friends?|colleagues?)", re.IGNORECASE)
_VALEDICTION = re.compile(
    r"(?:with (?:all |my |our )*(?:very )?(?:best|kind(?:est)?|warm(?:est)?|good)(?: (?:wishes|regards))?"
    r"|yours(?: (?:very )?(?:sincerely|faithfully|truly|ever|respectfully|aye|in \w+))?"
    r"|(?:kind(?:est)?|best|warm(?:est)?|many) (?:regards|wishes|thanks)|regards|with thanks|thank you|signed(?: by)?|in solidarity"
    r"|(?:very )?(?:sincerely|truly|respectfully|faithfully|cordially)(?: yours| submitted)?)(?:[,.!:]\s*|$)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:an )?(?:open |full |joint )*letter (?:to|from|on|about)\b|(?:the )?(?:full )?text of .{0,40}letter", re.IGNORECASE)
_FIELD = re.compile(r"(?P<field>to|from|date|sent|subject|re|cc|by email|via email|(?:our|your) ref|ref)\s*:\s*", re.IGNORECASE)


class Letter(NamedTuple):
    """The offsets of a letter's title and of the names of its author and its addressee; None where it gives none."""

    title: Span | None
    author: Span | None
    addressee: Span | None


def letter(text: str, lines: list[Line]) -> Letter | None:
    """The letter that the lines make, the kinds of its head and its signature told; None where they make none."""
    dear, closing = _salutation(text, lines), _valediction(text, lines)
    fields = _fields(text, lines)
    mail = "to" in fields and "from" in fields
    signed = _signed(text, lines, closing) if closing is not None else _last(text, lines) if dear is not None else None
    if not mail and dear is None and signed is None:
        return None
    head = dear if dear is not None else max(fields.values()) + 1 if mail else _letterhead(text, lines)
    names = _names(text, lines[:head])
    author = signed or next((span for line, span in names if mail and line is lines[fields["from"]]), None)
    sender = _same(text, author, names)
    others = [span for _, span in names if span != sender]
    addressee = _dear(text, lines[dear], others) if dear is not None else next(iter(others), None)
    if author is None and closing is not None and len(others) == 2 and addressee in others:
        author = sender = others[1 - others.index(addressee)]  # the signature is lost, the letterhead is not
    title = None
    for line in lines[:head]:
        if line.kind is None and title is None and _TITLE.match(text, line.start, line.end):
            line.kind, title = "heading", (line.start, line.end)
        line.kind = line.kind or "furniture"
    if mail and dear is None:
        _greeted(text, lines, head, author)
    for line, span in names:
        line.kind = "byline" if span == sender else "salutation"
    return Letter(title, author, addressee)


def _salutation(text: str, lines: list[Line]) -> int | None:
    """The line of the salutation, with nothing but short lines above it that are no sentences."""
    for number, line in enumerate(lines[:_LOOK]):
        if line.end - line.start > (40 if text[line.end - 1] in ".!?" else _SHORT):
            return None
        if text.startswith(("Dear ", "DEAR "), line.start) and _DEAR.fullmatch(text, line.start, line.end):
            line.kind = "salutation"
            return number
    return None


def _valediction(text: str, lines: list[Line]) -> int | None:
    """The line that closes a letter: looked for at the end of the text only, with a short line below it or a name behind it."""
    for number in range(len(lines) - 1, max(len(lines) - _LOOK, 0), -1):
        line = lines[number]
        found = _VALEDICTION.match(text, line.start, line.end) if line.end - line.start <= _SHORT else None
        if found and (found.end() == line.end or person(text, found.end(), line.end)):
            return number
    return None


def _fields(text: str, lines: list[Line]) -> dict[str, int]:
    """The fields over a mail or a memorandum, and their lines."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines[:10]):
        if match := _FIELD.match(text, line.start, line.end):
            found.setdefault(match["field"].lower(), number)
    return found


def _signed(text: str, lines: list[Line], closing: int) -> Span | None:
    """The first name behind or below the valediction; the lines of the signature are told."""
    line = lines[closing]
    found = _VALEDICTION.match(text, line.start, line.end)
    author = person(text, found.end(), line.end) if found else None
    signature = [line]
    for below in lines[closing + 1 :]:
        if below.end - below.start > _SHORT:
            break
        signature.append(below)
        author = author or person(text, below.start, below.end)
    for each in signature if author else ():
        each.kind, each.start = "signoff", each.mark
    return author


def _last(text: str, lines: list[Line]) -> Span | None:
    """The name at the foot of a letter that closes without a valediction."""
    first = len(lines)
    while (
        first > max(len(lines) - 5, 1)
        and lines[first - 1].end - lines[first - 1].start <= _SHORT
        and text[lines[first - 1].end - 1] not in ".!?"
    ):
        first -= 1
    for number in range(first, len(lines)):
        if span := person(text, lines[number].start, lines[number].end):
            for line in lines[number:]:
                line.kind = "signoff"
            return span
    return None


def _letterhead(text: str, lines: list[Line]) -> int:
    """How many lines stand above the letter's first paragraph."""
    for number, line in enumerate(lines[:_LOOK]):
        if line.end - line.start > _SHORT or text[line.end - 1] in ".!?":
            return number
    return 0


def _names(text: str, lines: list[Line]) -> list[tuple[Line, Span]]:
    """The lines of a letterhead that are a person's name: in a field, with a personal title, or first in their
    paragraph."""
    found = []
    for line in lines:
        field = _FIELD.match(text, line.start, line.end)
        if field and field["field"].lower() not in {"to", "from"}:
            continue
        span = person(text, field.end() if field else line.start, line.end)
        if span and line.kind is None and (field or titled(text, span) or span[0] > line.start or line.gap):
            found.append((line, span))
    return found


def _greeted(text: str, lines: list[Line], head: int, author: Span | None) -> None:
    """Tell the greeting below the fields of a mail, and the first name at its end."""
    if head < len(lines) - 1 and lines[head].end - lines[head].start <= 40 and text[lines[head].end - 1] == ",":
        lines[head].kind = "salutation"
    last = lines[-1]
    if author and text[last.start : last.end] in text[slice(*author)].split():
        last.kind = "signoff"


def _same(text: str, author: Span | None, names: list[tuple[Line, Span]]) -> Span | None:
    """The name of the letterhead that is the author's own."""
    if author is None:
        return None
    last = text[slice(*author)].split()[-1].lower()
    return next((span for _, span in names if last in text[slice(*span)].lower().split()), None)


def _dear(text: str, line: Line, names: list[Span]) -> Span | None:
    """The name of the salutation, in the fuller form of the letterhead where that has it."""
    found = _DEAR.fullmatch(text, line.start, line.end)
    if found is None or _NOBODY.fullmatch(found["name"].strip()):
        return names[0] if names else None
    words = set(found["name"].lower().split())
    for span in names:
        if any(not titled(word, (0, len(word))) for word in words.intersection(text[slice(*span)].lower().split())):
            return span
    return found.start("name"), found.start("name") + len(found["name"].rstrip())
