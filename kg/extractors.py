"""Extractors: what finds the attributions in a document - the project's own rules, or a plug-in in their place.

A plug-in is one function, registered in the entry-point group ``kg.extractors``:

    def extractor(document: Document, registry: Registry) -> list[Attribution]: ...

It says who is said to have said what, as spans; who that is, the act, figures and dates are found by the rest of the way, as
with the project's own rules. What it hands back is checked before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import get_args

from kg.documents import Document
from kg.errors import ExtractionError, KgError
from kg.extraction import Extractor, extract
from kg.extraction.attributions import Attribution, Mode
from kg.extraction.candidates import Extraction
from kg.extraction.registry import Registry

GROUP = "kg.extractors"
RULES = "rules"

Reader = Callable[[Document, Registry | None], Extraction]


def installed() -> dict[str, EntryPoint | None]:
    """Every extractor by its name, the project's own rules first (they are no entry point)."""
    return {RULES: None, **{point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}}


@cache
def reader(name: str = RULES) -> Reader:
    """What reads a document with the extractor of that name.

    Raises ``ExtractionError`` where none is installed under it, or where it cannot be loaded; what is returned raises it where
    the extractor fails on a document.
    """
    point = _find(name)
    if point is None:
        return extract
    function = _load(name, point)

    def read(document: Document, registry: Registry | None = None) -> Extraction:
        return extract(document, registry, lambda document, known: attributions(name, function, document, known))

    return read


def version(name: str = RULES) -> str:
    """The package that an extractor comes from with its version, and what the function's own ``version()`` says, if it has one.

    It is empty for the project's own rules. Raises ``ExtractionError`` as ``reader`` does.
    """
    point = _find(name)
    if point is None:
        return ""
    told = getattr(_load(name, point), "version", None)
    return " ".join(filter(None, (_package(point), str(told()) if callable(told) else "")))


def attributions(name: str, function: Extractor, document: Document, registry: Registry) -> list[Attribution]:
    """What an extractor found in the document, checked and in reading order.

    Raises ``ExtractionError`` where it fails, or where what it found are no spans of the text.
    """
    where, remedy = f"the extractor `{name}`, on {document.name}", "report this to its author, or use `--extractor rules`"
    try:
        found = list(function(document, registry))
    except KgError:
        raise
    except Exception as error:
        raise ExtractionError(f"{where}: {_said(error)}", remedy) from None
    for number, attribution in enumerate(found):
        if wrong := _wrong(attribution, len(document.text), number, len(found)):
            raise ExtractionError(f"{where}: attribution {number}: {wrong}", remedy)
    order = sorted(range(len(found)), key=lambda number: (found[number].content, number))
    place = {number: new for new, number in enumerate(order)} | {-1: -1}
    return [replace(found[number], within=place[found[number].within]) for number in order]


def _load(name: str, point: EntryPoint) -> Extractor:
    try:
        function: Extractor = point.load()
    except KgError:
        raise
    except Exception as error:
        raise ExtractionError(f"the extractor `{name}` cannot be loaded: {_said(error)}", f"mend or remove {_package(point)}") from None
    return function


def _wrong(attribution: Attribution, length: int, number: int, count: int) -> str:
    """What is wrong with an attribution, in words; nothing where all is right."""
    if not isinstance(attribution, Attribution):
        return f"a {type(attribution).__name__}, not an Attribution"
    for field in ("content", "passage", "speaker", "cue"):
        span = getattr(attribution, field)
        if span is None and field in ("speaker", "cue"):
            continue
        if not (isinstance(span, tuple) and len(span) == 2 and all(type(offset) is int for offset in span)):
            return f"`{field}` is {span!r}, not (start, end)"
        if not 0 <= span[0] < span[1] <= length:
            return f"`{field}` is {span!r}, which is no stretch of a text of {length} characters"
    if attribution.mode not in get_args(Mode):
        return f"`mode` is {attribution.mode!r}, not one of {', '.join(get_args(Mode))}"
    if not (isinstance(attribution.rule, str) and attribution.rule.strip()):
        return "`rule` is empty"
    if not 0 <= attribution.confidence <= 1:
        return f"`confidence` is {attribution.confidence!r}, not between 0 and 1"
    if not -1 <= attribution.within < count:
        return f"`within` is {attribution.within!r}, and there are {count} attributions"
    return "" if attribution.within != number else f"`within` is {number}, itself"


def _find(name: str) -> EntryPoint | None:
    known = installed()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        remedy = f"did you mean `{near[0]}`? " if near else ""
        raise ExtractionError(f"no extractor `{name}` is installed", f"{remedy}there are: {', '.join(known)}")
    return known[name]


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
