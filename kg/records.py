"""Records: YAML-LD read as text, each with its place, and checked field by field against the context.

Every scalar stays the text that was written (``no`` is not False, ``12:30`` not 750); what a value means stands in
``ontology/context.jsonld``. YAML that could mean two things - duplicate keys, aliases, several documents - is an error.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from kg.errors import Finding, RecordError
from kg.vocabulary import ACC, XSD, Term, domains, nested_class, superclasses, terms

LARGEST = 256 * 1024 * 1024
DEEPEST = 50
QUOTE_WORDS = 12
#: The three fields of each date, most precise first; the first name is also the property's.
DATES = {
    "startDate": ("startDate", "startMonth", "startYear"),
    "endDate": ("endDate", "endMonth", "endYear"),
}

_ID = re.compile(r"[a-z0-9]+(?:[-./][a-z0-9]+)*(?:#[a-z0-9]+(?:-[a-z0-9]+)*)?")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"{}|\\^`]+")
#: What no text of a record may hold.
CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})")
#: What the YAML parser says; the same for whoever wrote the file; the remedy; whether to mend it where the thing began.
_FAULTS = {
    "found unexpected end of stream": ("the quotation mark that opens here is never closed", "close it with the same mark", True),
    "found unexpected document indicator": ("`---` inside a text that a quotation mark opens here", "close the quotation mark", True),
    "mapping values are not allowed in this context": (
        "a second `: ` in one value, or a field indented too far",
        "put quotes around a text that holds `: `",
        False,
    ),
    "found character that cannot start any token": (
        "a text cannot begin with this character",
        "put quotes around the text, and indent with blanks, not tabs",
        False,
    ),
    "found a tab character that violates indentation": ("a tab", "indent with blanks", False),
    "did not find expected key": (
        "what stands here is not a field of the record above",
        "put quotes around the whole of a text, and write a `'` inside single quotes twice",
        False,
    ),
    "did not find expected '-' indicator": (
        "this line is not indented like the record above",
        "indent a field like the others, begin a record with `- `",
        False,
    ),
    "could not find expected ':'": (
        "a line that is not a field",
        "write `field: value`; indent a longer text further than its field",
        True,
    ),
    "did not find expected ',' or ']'": ("the bracket `[` that opens here is never closed", "close it with `]`", True),
    "did not find expected ',' or '}'": ("the bracket `{` that opens here is never closed", "close it with `}`", True),
    "did not find expected alphabetic or numeric character": ("a text cannot begin with `*` or `&`", "put quotes around the text", True),
    "found unknown escape character": (
        "a `\\` inside double quotes, and no escape that YAML knows",
        "use single quotes, or write `\\\\`",
        False,
    ),
    "found invalid Unicode character escape code": ("an escape that stands for no character", "remove the escape", False),
}


class Record(dict[str, Any]):
    """One mapping of a YAML file: its fields, and where it stands (``file``, ``line``, and the line of each field)."""

    __slots__ = ("file", "line", "lines")

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}

    @property
    def id(self) -> str:
        """The identifier, relative to the base of the case; empty where it has none yet."""
        return text(self, "id")

    @property
    def types(self) -> list[str]:
        """The names of its classes."""
        return [value for value in values(self, "type") if isinstance(value, str)]

    def finding(self, field: str, message: str, remedy: str = "") -> Finding:
        """A finding in this record, at the line of the field where it has one."""
        return Finding(self.file, self.lines.get(field, self.line), self.id, message, remedy)


def values(record: Record, field: str) -> list[Any]:
    """The values of a field, whether one, several or none."""
    value = record.get(field)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def walk(record: Record) -> Iterator[Record]:
    """The record and every record inside it, outermost first."""
    yield record
    for value in record.values():
        for inner in value if isinstance(value, list) else (value,):
            if isinstance(inner, Record):
                yield from walk(inner)


def read(path: str | Path, name: str = "") -> list[Record]:
    """The records of a YAML file, in the order of the file; ``name`` is what findings call the file.

    Raises ``RecordError`` where the file is not one YAML document of mappings in UTF-8.
    """
    path = Path(path)
    name = name or str(path)
    try:
        if path.stat().st_size > LARGEST:
            raise RecordError(name, 0, f"larger than {LARGEST >> 20} MiB", "split the file")
        raw = path.read_bytes()
    except OSError as error:
        raise RecordError(name, 0, error.strerror or str(error), "check the path") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RecordError(name, line, f"not UTF-8 at byte {error.start}", "save the file as UTF-8") from None
    return parse(text, name)


def parse(text: str, name: str = "<text>") -> list[Record]:
    """The records that the YAML text holds: its list of mappings, or its one mapping.

    Raises ``RecordError`` as ``read`` does.

    >>> [record.id for record in parse("- id: person/a\\n  type: Person\\n")]
    ['person/a']
    """
    return _Tree(name, text).read()


class _Tree:
    """Reads the events of the YAML parser into lists, text and Records; refuses what could mean two things.

    Events and not nodes, so that no depth of brackets and no alias is walked before it is refused.
    """

    loader: Any

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.escapes = "\\" in text

    def read(self) -> list[Record]:
        """The records of the one document that the text holds."""
        try:
            self.loader = yaml.CBaseLoader(self.text)
            try:
                return self.document()
            finally:
                self.loader.dispose()
        except yaml.MarkedYAMLError as error:
            raise self.unreadable(error) from None
        except (yaml.YAMLError, ValueError):
            at = next((found.start() for found in CONTROL.finditer(self.text)), 0)
            line = self.text.count("\n", 0, at) + 1
            message = f"a control character (U+{ord(self.text[at]):04X})"
            raise RecordError(self.name, line, message, "take it out, and save the file as plain text in UTF-8") from None

    def document(self) -> list[Record]:
        records: list[Record] | None = None
        while not isinstance(event := self.loader.get_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent) and records is not None:
                raise self.error(event, "a second document begins here (`---`)", "write one list of records, or two files")
            if isinstance(event, yaml.ScalarEvent) and not event.value and not event.style:
                records = []
            elif isinstance(event, yaml.SequenceStartEvent):
                self.refuse_marks(event)
                records = list(self.items(self.record))
            elif isinstance(event, yaml.NodeEvent):
                records = [self.record(event)]
        return records or []

    def record(self, event: Any) -> Record:
        value = self.value(event, 0)
        if not isinstance(value, Record):
            raise self.error(event, "a record must be a mapping of fields", "write `- id: …`, then `type: …` below it")
        return value

    def value(self, event: Any, depth: int) -> Any:
        self.refuse_marks(event)
        if isinstance(event, yaml.ScalarEvent):
            value: str = event.value
            if self.escapes and CONTROL.search(value):
                raise self.error(event, "a control character or a lone surrogate in a text", "remove the escape (`\\0`, `\\x…`, `\\uD8…`)")
            return value
        if depth > DEEPEST:
            raise self.error(event, f"nested deeper than {DEEPEST} levels", "flatten the record")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event, depth)
        return list(self.items(lambda item: self.value(item, depth + 1)))

    def refuse_marks(self, event: Any) -> None:
        """YAML's own marks before a value: aliases, anchors, tags. They would take the place of what was written."""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self.error(
                event, "an alias (`*name` or `&name`) stands for another value", "write the value out, or put quotes around a text"
            )
        if event.tag not in (None, "!"):
            raise self.error(event, "a tag (`!name`) stands before a value", "put quotes around a text that begins with `!`")

    def items(self, read: Callable[[Any], Any]) -> Iterator[Any]:
        """What ``read`` makes of each item of the list that has begun."""
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            yield read(event)

    def mapping(self, start: Any, depth: int) -> Record:
        record = Record(self.name, start.start_mark.line + 1)
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            field = self.value(event, depth + 1)
            if not isinstance(field, str):
                raise self.error(event, "a field's name must be a word", "write `field: value`")
            if field in record:
                message = f"`{field}` stands twice in this record (first in line {record.lines[field]})"
                raise self.error(event, message, "join them in a list")
            record.lines[field] = event.start_mark.line + 1
            record[field] = self.value(self.loader.get_event(), depth + 1)
        return record

    def unreadable(self, error: yaml.MarkedYAMLError) -> RecordError:
        """What the parser says, in words for whoever wrote the file, at the place where to mend it."""
        problem = error.problem or error.context or "not YAML"
        message, remedy, began = _FAULTS.get(problem, (problem, "mend the YAML; text with `: ` or ` #` needs quotes", False))
        mark = (error.context_mark if began else None) or error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return RecordError(self.name, line, f"{message} (column {column})", remedy)

    def error(self, event: Any, message: str, remedy: str) -> RecordError:
        return RecordError(self.name, event.start_mark.line + 1, message, remedy)


def complete(record: Record) -> None:
    """Give each nested record the identifier and the class that it left out.

    The identifier is its parent's with the property's name as fragment (``…#passage``, ``…#figure-1``), the class the range
    of that property: so that every node has an IRI, and the same records always give the same graph.
    """
    for field in list(record):
        term = terms().get(field)
        if term is None or term.kind not in ("reference", "reverse"):
            continue
        value = record[field]
        if value == "" and term.kind == "reverse":
            record[field] = []
        several = isinstance(value, list)
        for number, inner in enumerate(value if several else [value], start=1):
            if not isinstance(inner, Record):
                continue
            if "id" not in inner and record.id:
                part = term.iri.removeprefix(ACC) + (f"-{number}" if several else "")
                inner["id"] = f"{record.id}{'-' if '#' in record.id else '#'}{part}"
            if "type" not in inner and (cls := nested_class(term.iri)):
                inner["type"] = cls
            complete(inner)


def check(record: Record, parent: Record | None = None) -> Iterator[Finding]:
    """What is wrong with the fields of this record and of those inside it, taken by themselves."""
    if "id" not in record and parent is None:
        yield record.finding("id", "no `id`", "add `id: kind/name`")
    for field, value in record.items():
        term = terms().get(field)
        if term is None or term.kind in ("class", "concept", "prefix"):
            yield record.finding(field, f"unknown field `{field}`", _nearest(field, _fields()) or "see docs/records.md for the fields")
            continue
        if term.kind == "id" and isinstance(value, list):
            yield record.finding(field, f"`{field}` holds a list", "give each record one identifier")
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, list):
                yield record.finding(field, f"`{field}` holds a list in a list", "write one list")
            elif isinstance(item, Record):
                if term.kind in ("reference", "reverse"):
                    yield from check(item, record)
                else:
                    yield record.finding(field, f"`{field}` holds a record", "write a text")
            elif not item.strip() and term.kind != "reverse":
                yield record.finding(field, f"`{field}` is empty", "write a value, or leave the field out")
            elif problem := _CHECKS[term.kind](term, item):
                yield record.finding(field, *problem)
    yield from _check_domain(record)
    yield from _check_dates(record)
    yield from _check_quotes(record)


def _fields() -> list[str]:
    return [term.name for term in terms().values() if term.kind not in ("class", "concept", "prefix")]


def _nearest(word: str, candidates: Iterable[str]) -> str:
    close = get_close_matches(word, list(candidates), n=1, cutoff=0.7)
    return f"did you mean `{close[0]}`?" if close else ""


def is_link(value: str) -> bool:
    """Whether the text is an absolute IRI that a person may follow: http, https or mailto."""
    try:
        return bool(_LINK.fullmatch(value) and ox.NamedNode(value))
    except ValueError:
        return False


def is_identifier(value: str) -> bool:
    """Whether the text is written as an identifier of a case."""
    return bool(_ID.fullmatch(value))


def text(record: Record, field: str) -> str:
    """The field's text; empty where it has none, or something else."""
    value = record.get(field, "")
    return value if isinstance(value, str) else ""


Problem = tuple[str, str] | None


def _check_id(_: Term, value: str) -> Problem:
    if is_identifier(value):
        return None
    odd = next((char for char in value if not char.isascii()), "")
    named = f": `{odd}` is {unicodedata.name(odd, 'an unnamed character')}" if odd else ""
    return f"`{value}` is not an identifier{named}", "use lower-case letters, digits, `-` and `/`, as in `person/mark-rowley`"


def _check_reference(term: Term, value: str) -> Problem:
    if term.name == "passage":
        return "the passage is given in words", "run `kg passage --write` to put the offsets and the digest in their place"
    if is_link(value):
        inside = nested_class(term.iri) in ("Figure", "LiveUpdate", "Tenure")
        return (f"`{term.name}` holds a link", "write records below it") if inside else None
    if ":" in value:
        return f"`{term.name}: {value}` is not a link", "write an identifier, or a link that begins with https://"
    return _check_id(term, value)


def _check_type(_: Term, value: str) -> Problem:
    term = terms().get(value)
    if term is not None and term.kind == "class":
        return None
    names = [term.name for term in terms().values() if term.kind == "class"]
    return f"unknown type `{value}`", _nearest(value, names) or "see docs/records.md for the types"


def _check_choice(term: Term, value: str) -> Problem:
    concept = terms().get(value)
    if concept is not None and concept.kind == "concept":
        return None
    names = [other.name for other in terms().values() if other.kind == "concept"]
    return f"`{term.name}: {value}` is not a known value", _nearest(value, names) or f"see docs/records.md for the values of `{term.name}`"


def _check_text(term: Term, value: str) -> Problem:
    if term.name == "document" and ("/" in value or "\\" in value):
        return f"`document: {value}` is a path", "write the name of the file alone"
    return None


def _check_reverse(term: Term, value: str) -> Problem:
    return (f"`{term.name}` holds a text", "write records below it") if value.strip() else None


def _check_datatype(term: Term, value: str) -> Problem:
    valid, remedy = _DATATYPES[term.datatype]
    try:
        fine = valid(value)
    except (ValueError, InvalidOperation):
        fine = False
    return None if fine else (f"`{term.name}: {value}` is not {remedy[0]}", remedy[1])


_CHECKS: dict[str, Callable[[Term, str], Problem]] = {
    "id": _check_id,
    "type": _check_type,
    "text": _check_text,
    "reference": _check_reference,
    "reverse": _check_reverse,
    "choice": _check_choice,
    "datatype": _check_datatype,
}

_DATATYPES: dict[str, tuple[Callable[[str], bool], tuple[str, str]]] = {
    XSD + "date": (
        lambda value: bool(_DAY.fullmatch(value) and datetime.date.fromisoformat(value)),
        ("a day", "write YYYY-MM-DD, or use the field for a month or a year"),
    ),
    XSD + "gYearMonth": (
        lambda value: bool(_DAY.fullmatch(value + "-01") and datetime.date.fromisoformat(value + "-01")),
        ("a month", "write YYYY-MM, or use the field for a day or a year"),
    ),
    XSD + "gYear": (
        lambda value: bool(_DAY.fullmatch(value + "-01-01") and datetime.date.fromisoformat(value + "-01-01")),
        ("a year", "write YYYY, or use the field for a day or a month"),
    ),
    XSD + "dateTime": (
        lambda value: bool(_TIME.fullmatch(value) and datetime.datetime.fromisoformat(value)),
        ("a time with its zone", "write 2025-10-02T14:14:00+01:00"),
    ),
    XSD + "integer": (lambda value: bool(re.fullmatch(r"0|[1-9][0-9]*", value)), ("a whole number", "write digits only, no sign")),
    XSD + "decimal": (
        lambda value: bool(re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", value)) and Decimal(value).is_finite(),
        ("a number", "write digits with a point for decimals, no commas: 1500, 0.8"),
    ),
}


def _check_domain(record: Record) -> Iterator[Finding]:
    """A field whose property has a domain stands only in records of that class."""
    classes = [terms()[name].iri for name in record.types if name in terms()]
    if not classes:
        return
    above = frozenset().union(*(superclasses(iri) for iri in classes))
    for field in record:
        term = terms().get(field)
        if term is not None and term.kind not in ("id", "type", "reverse") and (allowed := domains(term.iri)) and not above & allowed:
            wanted = " or ".join(sorted(iri.removeprefix(ACC) for iri in allowed))
            yield record.finding(
                field, f"`{field}` is not a field of {record.types[0]}", f"it is one of {wanted}: move it, or leave it out"
            )


def _check_quotes(record: Record) -> Iterator[Finding]:
    for quote in values(record, "quote"):
        if isinstance(quote, str) and (count := len(_WORD.findall(quote))) > QUOTE_WORDS:
            yield record.finding("quote", f"the quote has {count} words", f"keep at most {QUOTE_WORDS}, the passage holds the rest")


def _check_dates(record: Record) -> Iterator[Finding]:
    """An interval ends after it began, compared as precisely as both are known."""
    dates = {name: [date for date in values(record, name) if isinstance(date, str)] for names in DATES.values() for name in names}
    start, end = (next(((name, date) for name in names for date in dates[name]), None) for names in DATES.values())
    if start and end:
        size = min(len(start[1]), len(end[1]))
        if start[1][:size] > end[1][:size]:
            yield record.finding(end[0], f"{end[0]} {end[1]} is before {start[0]} {start[1]}", "exchange or mend the dates")
