"""The outline of a document: what kind it is, who wrote it to whom and when, and its blocks in the order of the text.

Structure comes before any matching: a byline is no speaker, a caption no paragraph, and a pronoun never reaches across a
live page's posts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from kg.documents import Document
from kg.extraction import bylines, kinds, letters, livepages
from kg.extraction.blocks import Block, BlockKind, Line, lines, unwrapped
from kg.extraction.bylines import Span
from kg.extraction.datelines import ANY_DATE, Day, day
from kg.extraction.livepages import Update

__all__ = ["Block", "BlockKind", "Genre", "Outline", "Update", "outline"]

Genre = Literal["article", "live", "letter", "opinion", "report"]

_LONGEST_TITLE = 200
_HEAD = 14
_DATE_LINE = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|modified|date|dated|issued|released?|created|embargoed until"
    r"|for (?:immediate )?release|(?:press|news|media) release)(?: on)?\s*[:,|–-]?\s*)?"
    r"(?:\d{1,2}[:.]\d{2}(?:\s?[ap]m)?(?: [A-Z]{2,4})?,?\s+(?:on )?)?"
    rf"(?:[A-Z][\w .'’-]{{1,30}},\s*)?{ANY_DATE}(?:[,\s|–-]*(?:at )?\d{{1,2}}[:.]\d{{2}}.{{0,20}})?\W*",
    re.IGNORECASE,
)
_PLACE_LINE = re.compile(rf"[A-Z][A-Za-z .,'’-]{{1,40}}[,(:–—-]\s*(?P<day>{ANY_DATE})[^\w\s]*\s*[-–—:(]")
_PLACE = re.compile(
    r"(?=[A-Z]{3}|[A-Z]+ [A-Z])[A-Z][A-Z .'’-]{2,30}(?:,\s[A-Z][\w. ]{1,20}?)?(?:,\s[A-Z]\w{2,8}\.?\s\d{1,2})?\s*"
    r"(?:\([\w. /]{2,30}\)\s*)?(?:—|–|--|-)\s+(?=\S)"
)
_SECTION = re.compile(
    r"(?:executive )?summary|(?:key |main |our )?findings|(?:summary of )?(?:key )?recommendations|conclusions?|introduction|foreword"
    r"|background|terms of reference|methodology|scope|annex(?: \w)?|appendix(?: \w)?|what we found"
    r"|our recommendations|lessons(?: learned)?|next steps",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"\b(?:review|report|inquiry|enquiry|inspection|audit|investigation|inquest|assessment|evaluation|findings|determination)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = frozenset({"my", "My", "me", "our", "Our", "us", "myself", "ourselves", "I", "we", "We"}) | {
    f"{word}{mark}{rest}" for word in ("I", "we", "We") for mark in "'’" for rest in ("m", "ve", "re", "d", "ll")
}
_QUOTED = re.compile(r"[“\"][^“”\"\n]{0,3000}[”\"\n]")
_SIGNED_BELOW = re.compile(r"(?P<name>\S+(?: \S+){1,4}?),? (?:is|was) (?:the |a |an )?(?!\w+ing\b)\w", re.IGNORECASE)
_RUBRIC = re.compile(
    r"live|(?:uk |us |world |local |business |latest )?news|opinion|comment(?: is free)?|analysis|exclusive|breaking|feature|interview"
    r"|editorial|leader|column|viewpoint|letters?|politics|business|health|education|environment|crime|court|long read|first person"
    r"|(?:guest )?essay|media release",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"[A-Z][\w.'’-]{0,30}(?: [A-Z][\w.'’-]{0,30}){0,2}:\s+\S")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document is made of.

    ``author`` and ``addressee`` are offsets of their names in the text, or None; ``date`` is an ISO day, month or year, or empty;
    ``authored`` says whether the text is its author's own voice throughout (a letter, an op-ed, a report with findings).
    """

    genre: Genre
    blocks: tuple[Block, ...]
    updates: tuple[Update, ...] = ()
    title: tuple[int, int] | None = None
    author: tuple[int, int] | None = None
    addressee: tuple[int, int] | None = None
    date: str = ""
    authored: bool = False


def outline(document: Document) -> Outline:
    """The outline of a document.

    >>> from pathlib import Path
    >>> from kg.documents import digest
    >>> text = "Dear Dame Ada,\\n\\nI am sorry.\\n\\nYours sincerely,\\n\\nJo Finch\\nMayor"
    >>> found = outline(Document(Path("letter.txt"), text, digest(text)))
    >>> found.genre, text[slice(*found.author)], text[slice(*found.addressee)], [block.kind for block in found.blocks]
    ('letter', 'Jo Finch', 'Dame Ada', ['salutation', 'paragraph', 'signoff', 'signoff', 'signoff'])
    """
    text = document.text
    found = kinds.cut(text, livepages.cut(text, _placed(text, unwrapped(text, lines(text)))))
    if not found:
        return Outline("article", ())
    on = _date(text, found, document.metadata.date)
    updates, on = livepages.updates(text, found, on)
    letter = None if updates else letters.letter(text, found)
    if letter:
        on = _written(text, found) or on
    transcript = not letter and _is_transcript(text, found)
    title, author, addressee = letter or (*_head(text, found), None)
    kinds.tell(text, found)
    genre: Genre = "live" if updates else "letter" if letter else "article" if transcript else _genre(text, found, title, author)
    if genre == "opinion" and author is None:
        author = _below(text, found)
    if genre == "report" and author is None and title:
        title, author = _issued(text, found, title)
    return Outline(
        genre,
        tuple([Block(line.kind or "paragraph", line.start, line.end, line.update) for line in found]),
        tuple(updates),
        title,
        author,
        addressee,
        str(on) if on and on.year else "",
        genre in {"letter", "report"} or (genre == "opinion" and bool(author or document.metadata.author)),
    )


def _placed(text: str, found: list[Line]) -> list[Line]:
    """The lines, the place and agency in front of a report made a line of their own: *STOWTON, Neb. (XY) — The …*"""
    for number, line in enumerate(found[:_HEAD]):
        place = _PLACE.match(text, line.start, line.end) if line.end - line.start > 80 else None
        if place:
            dateline = Line(line.start, place.start() + len(place.group().rstrip()), line.gap, "dateline")
            return [*found[:number], dateline, Line(place.end(), line.end, False, "paragraph"), *found[number + 1 :]]
    return found


def _is_transcript(text: str, found: list[Line]) -> bool:
    """Whether the lines are turns with a speaker's name in front, one of whom speaks again; these are told to be paragraphs."""
    turns = [line for line in found if line.kind is None and _SPOKEN.match(text, line.start, line.end)]
    labels = Counter(text[line.start : text.index(":", line.start)] for line in turns)
    if len(turns) < 3 or len(labels) == len(turns) or len(turns) * 3 < len(found):
        return False
    for line in turns:
        if line is not found[0] or labels[text[line.start : text.index(":", line.start)]] > 1:
            line.kind = "paragraph"
    return True


def _date(text: str, found: list[Line], told: str) -> Day | None:
    """The document's day: told with it, else alone in a line near its beginning or end, else beside a place or its author's name."""
    on = day(told) or (Day(int(told)) if re.fullmatch(r"[12]\d{3}", told) else None)
    near = found[: _HEAD * 2] + found[max(len(found) - 6, _HEAD * 2) :]
    for line in near:
        if line.kind is None and line.end - line.mark <= 100 and _DATE_LINE.fullmatch(text, line.mark, line.end):
            line.start, line.marked, line.kind = line.mark, None, "dateline"
            made = day(text[line.start : line.end])
            if made and made.year and (on is None or ((on.year, on.month) == made[:2] and not on.day)):
                on = made
    if on:
        return on
    for line in near[:_HEAD]:
        placed = _PLACE_LINE.match(text, line.start, line.end)
        if placed or (line.kind is None and (bylines.byline(text, line)[0] or "|" in text[line.start : min(line.end, line.start + 120)])):
            made = day(placed["day"] if placed else text[line.start : min(line.end, line.start + 120)])
            if made and made.year:
                return made
    return None


def _written(text: str, found: list[Line]) -> Day | None:
    """The day that stands alone in a line of a letter: that it was written on, whenever it was put on a page."""
    days = (day(text[line.start : line.end]) for line in found if line.kind == "dateline")
    return next((made for made in days if made and made.year and made.day), None)


def _head(text: str, found: list[Line]) -> tuple[Span | None, Span | None]:
    """Title and author, from the lines above the first or second paragraph; the kinds of these lines are told."""
    title: Span | None = None
    author: Span | None = None
    paragraphs = 0
    for number, line in enumerate(found[:_HEAD]):
        if line.update >= 0 or paragraphs > 1:
            break
        if line.kind or livepages.is_summary(text, line):
            continue
        is_byline, name = bylines.byline(text, line)
        if is_byline:
            line.kind, author = "byline", author or name
        elif kinds.is_furniture(text, line) or (
            title is None and _RUBRIC.fullmatch(text, line.start, line.end) and len(found) > number + 1
        ):
            line.kind = "furniture"
        elif title is None and author is None and paragraphs == 0 and _may_title(text, found, number):
            line.kind, title = "heading", (line.start, line.end)
        elif title and found[number - 1].kind == "heading" and text[found[number - 1].end - 1] == ";":
            line.kind = "heading"
        elif line.end - line.start > 120 or line.marked in {"sign", "dash"} or text[line.end - 1] in '.!?:”"':
            paragraphs += 1
        else:
            line.kind, author = _short(text, found, number, title, author)
    return title, author


def _may_title(text: str, found: list[Line], number: int) -> bool:
    line = found[number]
    if line.end - line.start > _LONGEST_TITLE or len(found) < 2 or line.marked in {"sign", "dash"}:
        return False
    if text[line.end - 1] not in ".!?" or line.end - line.start <= 100:
        return True
    words = text[line.start : line.end].split()
    capitals = sum(word[0].isupper() for word in words) * 5 >= len(words) * 3
    return number + 1 < len(found) and found[number + 1].gap and (capitals or ". " not in text[line.start : line.end])


def _short(text: str, found: list[Line], number: int, title: Span | None, author: Span | None) -> tuple[BlockKind | None, Span | None]:
    """What a short line over the text is: its author's name, a name below a picture, a role, a second title."""
    line = found[number]
    above = found[number - 1] if number else None
    name = bylines.person(text, line.start, line.end)
    if name and author is None and title:
        last = text[slice(*name)].split()[-1]
        beside = [each.kind == "dateline" or bylines.role(text, each) for each in found[number - 1 : number + 2 : 2]]
        if any(beside) or _REPORT.search(text, *title) or text.find(last, line.end) < 0:
            return "byline", name
    if name:
        return "caption", author
    if above and above.kind == "byline" and (bylines.role(text, line) or not line.gap):
        return "byline", author
    return (
        "heading"
        if title
        and above
        and above.kind == "heading"
        and kinds.is_heading(text, line, found[number + 1] if number + 1 < len(found) else None)
        else None
    ), author


def _genre(text: str, found: list[Line], title: Span | None, author: Span | None) -> Genre:
    numbered = sum(line.marked == "number" and line.kind == "paragraph" for line in found)
    sections = sum(
        line.kind == "heading" and line.end - line.start < 60 and _SECTION.fullmatch(text, line.start, line.end) is not None
        for line in found
    )
    entitled = title is not None and _REPORT.search(text, *title) is not None
    if sections and (numbered > 3 or (entitled and sections + min(numbered, 2) > 2)):
        return "report"
    sample = _QUOTED.sub(" ", text[:20_000])
    words = sample.split()
    hits = sum(map(_FIRST_PERSON.__contains__, words))
    return "opinion" if hits >= 5 and hits * (100 if author else 30) >= len(words) else "article"


def _issued(text: str, found: list[Line], title: Span) -> tuple[Span, Span | None]:
    """The title of a report below the name of the body that issues it, and that name."""
    head = [line for line in found[:_HEAD] if line.kind == "heading"]
    if len(head) > 1 and head[0].start == title[0] and not _REPORT.search(text, *title) and bylines.is_body(text, title):
        return (head[1].start, head[1].end), title
    return title, None


def _below(text: str, found: list[Line]) -> Span | None:
    """The author that an opinion names below its last paragraph: *Ada Quill is professor of …*"""
    for line in found[-3:]:
        signed = _SIGNED_BELOW.match(text, line.start, line.end) if line.end - line.start <= 200 else None
        if signed and (name := bylines.person(text, signed.start("name"), signed.end("name"))):
            line.kind = "byline"
            return name
    return None
