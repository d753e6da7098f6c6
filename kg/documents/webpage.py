"""Web pages: the text of the article without navigation, scripts and comments, block by block."""

from __future__ import annotations

import codecs
import logging
import re

import trafilatura
from lxml import etree, html

from kg.documents.document import Metadata, Reading, UnreadableError

READER = f"trafilatura {trafilatura.__version__} (kg html 1)"
LARGEST = 16 * 1024 * 1024
DEEPEST = 200
#: Beyond these a page is no article: it is read whole, as telling text from navigation would take minutes.
CHARACTERS, ELEMENTS = 4_000_000, 20_000

# What they complain of comes back as an error, or is no fault of the reader's.
for library in ("trafilatura", "htmldate"):
    logging.getLogger(library).setLevel(logging.CRITICAL)

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html[^>]{0,500}?\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b([^<>]{0,5000})>")


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_VOID = _of("area base br col embed hr img input link meta param source track wbr p li td tr th dt dd option")
_SILENT = _of("script style noscript template iframe object title nav form select button audio video canvas")
_BLOCKS = _of(
    """p head quote list row table div section article main aside header footer h1 h2 h3 h4 h5 h6 ul ol tr blockquote pre figure figcaption
    dl dd dt hr"""
)
_SPACE = re.compile(r"\s+")
_SPACE_RUN = re.compile(r" {2,}")


def read(raw: bytes, charset: str = "") -> Reading:
    """The reading of a web page; ``charset`` is what its server said.

    Raises ``UnreadableError`` where it is too large or too deep to be a page for people, or no page at all.
    """
    if len(raw) > LARGEST:
        raise UnreadableError(f"larger than {LARGEST >> 20} MiB", "save the article by itself")
    source = decode(raw, charset)
    depth, elements = _measure(source)
    if depth > DEEPEST:
        raise UnreadableError(f"elements nested more than {DEEPEST} deep", "save the text of the page as .txt")
    try:
        found = None
        if len(source) <= CHARACTERS and elements <= ELEMENTS:
            found = trafilatura.bare_extraction(source, favor_recall=True, include_comments=False, with_metadata=True)
    except (ValueError, etree.LxmlError, RecursionError, TypeError, AttributeError) as error:
        raise UnreadableError(f"no page that can be read ({type(error).__name__})", "save the text of the page as .txt") from None
    language = _LANGUAGE.search(source[:20_000])
    tag = language[1] if language else ""
    if found is None or isinstance(found, dict) or found.body is None:
        return Reading(_whole(source), READER, Metadata(language=tag))
    text = _flat(found.body)
    title = " ".join((found.title or "").split())
    if title and title not in text[: len(title) + 500]:
        text = f"{title}\n\n{text}"
    metadata = Metadata(title, found.author or "", found.sitename or "", found.date or "", tag)
    return Reading(text, READER, metadata)


def decode(raw: bytes, charset: str = "") -> str:
    """The characters of a page: by its byte-order mark, its server's word, its own word, as UTF-8, else as Windows-1252.

    >>> decode("<p>café".encode("latin-1"))
    '<p>café'
    """
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, "replace")
    own = _CHARSET.search(raw[:8192])
    for name in (charset, own[1].decode("ascii") if own else "", "utf-8"):
        try:
            return raw.decode(name) if name and not codecs.lookup(name).name.startswith("utf-16") else raw.decode("utf-8")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("windows-1252", "replace")


def _measure(source: str) -> tuple[int, int]:
    """How deep the elements of a page are nested at most (those that may stay open count nothing), and how many there are."""
    depth = deepest = count = 0
    for found in _TAG.finditer(source):
        count += 1
        if found[2].lower() in _VOID or found[3].endswith("/"):
            continue
        depth = max(depth - 1, 0) if found[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest, count


def _whole(source: str) -> str:
    """All words of a page in which no article was found."""
    if not source.strip():
        return ""
    try:
        return _flat(html.document_fromstring(source, parser=html.HTMLParser(huge_tree=True)))
    except (etree.LxmlError, ValueError):
        return ""


def _flat(tree: etree._Element) -> str:
    """The words of a tree: blocks between empty lines, items with a bullet, the cells of a row with bars between them."""
    parts: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if tag in _SILENT:
            silent += 1 if event == "start" else -1
        if silent == 0 and isinstance(tag, str):
            parts.append(_edge(event, element))
            if event == "start":
                parts.append(_SPACE.sub(" ", element.text or ""))
        if silent == 0 and event != "start" and element is not tree:
            parts.append(_SPACE.sub(" ", element.tail or ""))
    lines = (line.strip(" |") for line in re.sub(r"•\s+", "• ", "".join(parts)).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join("" if line == "•" else line for line in lines)).strip()
    return _SPACE_RUN.sub(" ", text) + "\n" if text else ""


def _edge(event: str, element: etree._Element) -> str:
    """What stands for the beginning or the end of an element."""
    tag = element.tag
    if tag in _BLOCKS:
        return "\n\n"
    if tag in {"item", "li"}:
        return "\n\n• " if event == "start" else "\n\n"
    if tag in {"cell", "td", "th"}:
        return " | " if event == "start" and element.getprevious() is not None else ""
    return "\n" if tag in {"lb", "br"} and event == "start" else ""
