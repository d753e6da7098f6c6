"""The kinds of lines: what is text, what is a heading, a caption, a credit, and what only belongs to the page around it."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.extraction import bylines
from kg.extraction.blocks import BlockKind, Line

#: Longer lines are text, whatever they begin with.
LONGEST = 250

_AGENCY = r"(?:getty(?: images)?|reuters|pa(?: media| wire)?|ap(?: photo)?|afp|alamy|shutterstock|epa|istock|supplied|handout)"
_PICTURE = r"(?:image|media|video|photo|picture)"
#: What belongs to the page around a text, by the name of the rule that tells it; a rule holds for a whole line.
FURNITURE = {
    "credit": rf"{_PICTURE} (?:source|caption|credit|copyright)s?(?:\s*[,:|©].{{0,80}})?",
    "agency": rf"{_AGENCY}(?:\s*/\s*{_AGENCY})?",
    "dated": r"(?:first |last )?(?:published|updated|modified|posted)\b:?(?:(?=.*\d).{0,60})?",
    "share": r"shared?(?: (?:this|on|via|with|article|page|post)\b.{0,40})?|copy link|save|print|email|tweet",
    "rights": r"(?:copyright\W*)?(?:©|\(c\)|copyright(?= \d))\W*.{0,120}|all rights reserved\b.{0,80}",
    "advertisement": r"advertisements?|advert|sponsored(?: content)?",
    "more": r"read (?:more|next|also)\b:?.{0,120}|show (?:more|less)|load more.{0,30}",
    "subscribe": r"sign up (?:for|to)\b.{0,120}|subscribe(?: (?:to|now|for)\b.{0,100})?",
    "follow": r"follow (?:us|.{1,40} on (?:twitter|x|facebook|instagram|bluesky|linkedin|threads)\b.{0,60})|\(?h/t .{1,60}",
    "navigation": r"(?:skip|jump|back) to (?:\w+ ){0,2}\w+|menu|search|log ?in|sign in"
    r"|register|home|comments?|\d+ comments?|close|next|previous",
    "release": r"(?:for immediate release|embargoed until|not for publication)\b.{0,60}"
    r"|(?:press|media|news) (?:release|contacts?|enquiries|inquiries|office)s?(?:\s*[:|–-].{0,120})?",
    "ends": r"\W*(?:ends?|xxx|#{3})\W*",
    "contact": r"(?:tel|telephone|phone|mobile|email|e-mail|web|website|twitter|contacts?)\s*[:.].{0,100}|(?:https?://|www\.)\S+",
    "policy": r"cookie (?:policy|settings|preferences|notice).{0,40}|privacy(?: policy| notice)?"
    r"|terms (?:of use|and conditions|of service)",
    "disclaimer": r"the \S+ is not responsible for .{1,80}",
    "warning": r"(?:content |trigger )?warning:? .{0,60}\b(?:contains?|distressing|graphic|upsetting|some (?:readers|viewers))\b.{0,60}"
    r"|this (?:post|story|article|page|video) contains .{1,80}",
    "viewers": r"\d[\d.,]*[km]? (?:people )?(?:viewing|watching|reading)(?: (?:this page|now|live))?",
    "page": r"(?:page )?\d{1,4}(?: of \d{1,4}|\W)?",
    "rule": r"[\W_]{1,250}",
    "tail": r"related (?:news|stories|articles|topics|content|links|internet links|reading|posts)|more on this(?: story)?|more from .{1,40}"
    r"|(?:recommended|more|you (?:may|might) also like|what to read next)(?: for you| stories| reading)?:?"
    r"|most (?:read|popular|viewed|shared)|popular(?: now)?|topics|tags|elsewhere on .{1,40}",
}
_FURNITURE = re.compile("|".join(f"(?:{rule})" for rule in FURNITURE.values()), re.IGNORECASE)
_TAIL = re.compile(FURNITURE["tail"], re.IGNORECASE)
_CREDIT = re.compile(r"(?:[Ii]mage|[Mm]edia|[Vv]ideo|[Pp]hoto|[Pp]icture) (?:source|credit|copyright)s?\s*[,:]")
_LABEL = re.compile(r"(?:image|media|video|photo|picture) captions?\s*[,:]\s*", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:file )?(?:photo(?:graph)?s?|pictures?|pictured|images?|caption|video|watch|listen|graphic|chart|map)"
    r"\s?(?:above|below|left|right)?\s?:\s"
    r"|[^()]*\((?:credit|photo|picture|image|pic|file)s?\b[^()]*\)\W?$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]{1,40}@[\w-]{1,40}\.\w")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d\b")
_SPOKEN = ("Q:", "A:", "Q.", "A.")
_SENTENCE = frozenset(".!:;,”\"’'…)")


def cut(text: str, lines: list[Line]) -> list[Line]:
    """The lines, cut before a credit glued to their end (``the townImage source, Agency``) and behind a caption's label."""
    if not any(word in text for word in (" source", " caption", " credit", " copyright")):
        return lines
    made: list[Line] = []
    for line in lines:
        made.append(line)
        if line.end - line.start > 600:
            continue
        label = _LABEL.match(text, line.start, line.end)
        glued = _CREDIT.search(text, line.start, line.end)
        if label and label.end() < line.end:
            made.append(Line(label.end(), line.end, False, "caption"))
            line.end, line.kind = label.start() + len(label.group().rstrip()), "furniture"
        elif glued and glued.start() > line.start and text[glued.start() - 1] not in "(:;":
            made.append(Line(glued.start(), line.end, False, "furniture"))
            line.end, line.kind = line.start + len(text[line.start : glued.start()].rstrip()), "caption"
        elif glued and len(made) > 1 and not line.gap and (made[-2].end - made[-2].start <= 150 and made[-2].kind is None):
            made[-2].kind = "caption"
    return made


def tell(text: str, lines: list[Line]) -> None:
    """Tell the kind of every line that has none yet."""
    before: Line | None = None
    tail = False
    for number, line in enumerate(lines):
        if line.kind is None:
            if line.end - line.start > LONGEST:
                line.kind, tail = ("bullet" if line.marked in {"sign", "dash"} else "paragraph"), False
            else:
                line.kind = _kind(text, line, before, lines[number + 1] if number + 1 < len(lines) else None)
                if line.kind == "furniture":
                    tail = tail or (number * 2 >= len(lines) and _TAIL.fullmatch(text, line.start, line.end) is not None)
                elif tail and (line.kind == "heading" or text[line.end - 1] not in '.!?”"'):
                    line.kind = "furniture"
        before = line


def is_furniture(text: str, line: Line) -> bool:
    """Whether a line belongs to the page, not to the text."""
    return line.end - line.start <= LONGEST and _furniture(text[line.start : line.end])


@lru_cache(maxsize=4096)
def _furniture(line: str) -> bool:
    if _FURNITURE.fullmatch(line):
        return True
    return len(line) <= 100 and line[-1] not in '.!?”"' and _ADDRESS.search(line) is not None


def _kind(text: str, line: Line, before: Line | None, behind: Line | None) -> BlockKind:
    if line.marked in {"sign", "dash"}:
        return _item(text, line, before, behind)
    if before and before.kind == "furniture" and _LABEL.fullmatch(text, before.start, before.end):
        return "caption"
    if _furniture(text[line.start : line.end]):
        return "furniture"
    if _CAPTION.match(text, line.start, line.end):
        return "caption"
    if line.marked == "hash":
        return "heading"
    if bylines.byline(text, line)[0]:
        return "byline"
    if is_heading(text, line, behind):
        return "heading"
    if line.marked != "number":
        return "paragraph"
    listed = before is not None and (before.kind == "bullet" or text[before.end - 1] == ":")
    return "bullet" if listed or text[line.start].islower() else "paragraph"


def _item(text: str, line: Line, before: Line | None, behind: Line | None) -> BlockKind:
    """What a line behind a sign or a dash is: an item, but for ``- Ada Quill`` below a quotation and ``– A heading –``."""
    if line.marked == "dash":
        if text[line.end - 1] in "-–—" or (text[line.end - 1] == "." and text[line.end - 2] in "-–—"):
            return "heading"
        alone = not (before and before.marked) and not (behind and behind.marked)
        if alone and before and line.end - line.start < 60 and text[before.end - 1] in "”\"’'":
            line.start = line.mark
            return "paragraph"
    return "bullet"


def is_heading(text: str, line: Line, behind: Line | None) -> bool:
    """Whether a line is a heading: short, not ended like a sentence, not begun in the middle of one, and with something below it."""
    size = line.end - line.start
    if (
        size > 100
        or behind is None
        or text[line.start].islower()
        or text.startswith(_SPOKEN, line.start)
        or not any(map(str.isalpha, text[line.start : line.end]))
    ):
        return False
    last = text[line.end - 1]
    if last in "’'":  # a heading that ends in quoted words
        last = text[line.end - 2]
    if last in _SENTENCE or (last == "?" and size > 60) or _CLOCK.match(text, line.start, line.end):
        return False
    return (line.gap or behind.end - behind.start > 2 * size) and text.count(" ", line.start, line.end) <= 14
