"""The graph as tables: CSV files in a zip, with CSVW metadata (https://www.w3.org/TR/tabular-metadata/) that describe them.

One file a kind of thing, one row a thing, its IRI in the first column; the columns are called as the fields of records are.
``things.csv`` lists everything that has a row somewhere, ``links.csv`` every reference from one to another, ``names.csv``
every label and alias: so a column of several values need not be taken apart to be joined. Cells hold the texts as they
are, also those that a spreadsheet would take for a formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pyoxigraph as ox

from kg.errors import ExportError
from kg.vocabulary import ACC, RDF, RDFS, SKOS, XSD, ontology, superclasses, terms

METADATA = "csv-metadata.json"
Row = list[list[str]]
_DATE = r"-?\d{4,}(-\d{2}(-\d{2})?)?(Z|[+-]\d{2}:\d{2})?"
_DIALECT = {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminators": ["\r\n"]}

#: Each table: the classes of its things, and its columns in the notation of ``_column``.
_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "statements": (
        ("Statement",),
        "kind report=statements report.label speaker speaker.label capacity capacityAsWorded reporter addressee about about.label topic "
        "topic.label saidOn mode certainty summary quote conveyedBy respondsTo repeats accepts disputes contradicts bearsOn originatesFrom "
        "owedBy dueDate note",
    ),
    "passages": (("Passage",), "statement=^passage start end digest"),
    "figures": (
        ("Figure",),
        "statement=^figures measure measure.label value minValue maxValue unit qualifier asWorded population period date startDate endDate "
        "partOf note",
    ),
    "assessments": (("Assessment",), "of status basis assessor evidence date note"),
    "actors": (("Person", "Group"), "kind label honorific gender description source exactMatch sameAs note"),
    "institutions": (("Institution",), "label unitOf description source exactMatch sameAs note"),
    "posts": (("Post",), "label institution=^posts note"),
    "tenures": (
        ("Tenure",),
        "holder=^tenures holder.label post post.label organization startDate endDate endedBy attestedOn source note",
    ),
    "reports": (("Report",), "kind label publishedOn author publisher addressee about cites respondsTo digest characters source note"),
    "updates": (("LiveUpdate",), "report=^updates heading postedAt author start end"),
    "events": (("Event",), "label date startDate endDate participant topic source note"),
    "topics": (("Topic",), "label definition broader exactMatch note"),
    "measures": (("Measure",), "label definition broader exactMatch note"),
}
#: The foreign keys: the columns that say of every row of a table where it belongs, and the tables that they point into.
_KEYS = {
    ("names", "thing"): "things",
    ("links", "source"): "things",
    ("links", "target"): "things",
    ("statements", "report"): "reports",
    ("passages", "statement"): "statements",
    ("figures", "statement"): "statements",
    ("figures", "measure"): "measures",
    ("assessments", "of"): "statements",
    ("posts", "institution"): "institutions",
    ("tenures", "holder"): "things",
    ("updates", "report"): "reports",
}

Kind = Literal["reference", "choice", "text", "date", "decimal", "integer", "dateTime", "kind", "label"]
_FORMS = {
    "date": re.compile(_DATE),
    "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    "integer": re.compile(r"[+-]?\d+"),
    "dateTime": re.compile(r"-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?"),
}
_DATATYPES: dict[str, Kind] = {
    XSD + "date": "date",
    XSD + "gYearMonth": "date",
    XSD + "gYear": "date",
    XSD + "decimal": "decimal",
    XSD + "integer": "integer",
    XSD + "dateTime": "dateTime",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its ``name``, the ``property`` that it shows, what ``kind`` of values that has, and whether backwards."""

    name: str
    property: str = ""
    kind: Kind = "text"
    inverse: bool = False


class Sheet:
    """One table: its name, its columns, and its rows, each cell a list of values."""

    def __init__(self, name: str, columns: list[Column], rows: Iterable[Row], key: int = 1) -> None:
        self.name = name
        self.columns = columns
        self.rows = sorted(rows)
        self.key = key  # how many of the first columns make the primary key
        self.separators = [self._separator(place, column) for place, column in enumerate(columns)]

    def _separator(self, place: int, column: Column) -> str:
        """What parts the values of a column: empty if no cell has several, else what no value holds."""
        cells = [row[place] for row in self.rows]
        if all(len(cell) < 2 for cell in cells):
            return ""
        if column.kind not in ("text", "label"):
            return " "
        bars = "|"
        while any(bars in value for cell in cells for value in cell):
            bars += "|"
        return f" {bars} "

    def csv(self) -> bytes:
        """The table in RFC 4180's form, UTF-8."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([column.name for column in self.columns])
        writer.writerows([separator.join(cell) for separator, cell in zip(self.separators, row, strict=True)] for row in self.rows)
        return out.getvalue().encode()

    def metadata(self, ids: dict[str, set[str]]) -> dict[str, Any]:
        """The table's description; ``ids`` are the things in each table, for the foreign keys that hold."""
        keys = [column.name for column in self.columns[: self.key]]
        schema: dict[str, Any] = {
            "columns": [self._described(place) for place in range(len(self.columns))],
            "primaryKey": keys if self.key > 1 else keys[0],
            "foreignKeys": [key for place in range(len(self.columns)) if (key := self._foreign(place, ids))],
        }
        if self.key == 1:
            schema["aboutUrl"] = f"{{+{keys[0]}}}"
        return {"url": f"{self.name}.csv", "tableSchema": {name: value for name, value in schema.items() if value != []}}

    def _described(self, place: int) -> dict[str, Any]:
        column, separator = self.columns[place], self.separators[place]
        described: dict[str, Any] = {"name": column.name, "titles": column.name}
        if definition := _definition(column.property):
            described["dc:description"] = definition
        described["datatype"] = _datatype(column.kind)
        if place < self.key:
            described["required"] = True
        if separator:
            described["separator"] = separator
        if not column.property:
            return {**described, "suppressOutput": True}
        described["propertyUrl"] = column.property
        if column.inverse:
            described |= {"aboutUrl": f"{{+{column.name}}}", "valueUrl": f"{{+{self.columns[0].name}}}"}
        elif column.kind == "reference" and not separator:
            described["valueUrl"] = f"{{+{column.name}}}"
        return described

    def _foreign(self, place: int, ids: dict[str, set[str]]) -> dict[str, Any] | None:
        """The foreign key of the column, if it has one, and if each row leads to a row there, as the standard asks."""
        column = self.columns[place]
        table = _KEYS.get((self.name, column.name))
        if table is None or self.separators[place] or any(not set(row[place]) & ids[table] for row in self.rows):
            return None
        return {"columnReference": column.name, "reference": {"resource": f"{table}.csv", "columnReference": _id(table)}}


def tables(store: ox.Store, base: str = "", texts: bool = False) -> bytes:
    """The zip of all tables and their metadata, the same bytes for the same graph.

    ``base`` is named in the metadata as the source; with ``texts`` passages have their words.

    Raises ``ExportError`` where a value is not of its column's datatype.
    """
    sheets = list(_sheets(store, texts))
    ids = {sheet.name: {row[0][0] for row in sheet.rows} for sheet in sheets}
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        **({"dc:source": {"@id": base}} if base else {}),
        "dialect": _DIALECT,
        "tables": [sheet.metadata(ids) for sheet in sheets],
    }
    files = {METADATA: (json.dumps(metadata, indent=2, ensure_ascii=False) + "\n").encode()}
    files |= {f"{sheet.name}.csv": sheet.csv() for sheet in sheets}
    return _zip(files)


def _zip(files: dict[str, bytes]) -> bytes:
    """The files in a zip, not compressed: another zlib would give other bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)  # dated 1980-01-01
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _sheets(store: ox.Store, texts: bool) -> Iterator[Sheet]:
    facts = _Facts(store)
    made = []
    for name, (classes, specs) in _TABLES.items():
        columns = [Column(_id(name), "", "reference"), *map(_column, specs.split())]
        if texts and name == "passages":
            columns.append(Column("text", ACC + "text"))
        things = facts.instances({ACC + cls for cls in classes})
        made.append(Sheet(name, columns, [facts.row(thing, columns) for thing in things]))
    tables_of: dict[str, list[str]] = {}
    for sheet in made:
        for row in sheet.rows:
            tables_of.setdefault(row[0][0], []).append(sheet.name)
    yield _things(facts, tables_of)
    yield _names(facts, tables_of)
    yield from made
    yield _links(made, tables_of)


def _things(facts: _Facts, tables_of: dict[str, list[str]]) -> Sheet:
    columns = [Column("thing", "", "reference"), Column("table", "", "kind"), _column("kind"), _column("label")]
    return Sheet("things", columns, ([[thing], names, *facts.row(thing, columns)[2:]] for thing, names in tables_of.items()))


def _names(facts: _Facts, tables_of: dict[str, list[str]]) -> Sheet:
    columns = [Column("thing", "", "reference"), Column("name")]
    names = [_column("label"), _column("alias")]
    found = ((thing, name) for thing in tables_of for cell in facts.row(thing, [columns[0], *names])[1:] for name in cell)
    return Sheet("names", columns, ([[thing], [name]] for thing, name in set(found)), key=2)


def _links(sheets: list[Sheet], known: dict[str, list[str]]) -> Sheet:
    columns = [Column("source", "", "reference"), Column("field", "", "kind"), Column("target", "", "reference")]
    found = {
        (row[0][0], column.name, target)
        for sheet in sheets
        for place, column in enumerate(sheet.columns)
        if place and column.kind == "reference"
        for row in sheet.rows
        for target in row[place]
        if target in known
    }
    return Sheet("links", columns, ([[source], [field], [target]] for source, field, target in found), key=3)


class _Facts:
    """What the store says, property by property, read once each."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.read: dict[tuple[str, bool], dict[str, set[str]]] = {}
        self.types: dict[str, set[str]] = {}
        for thing, classes in self.values(RDF + "type").items():
            if own := {cls for cls in classes if cls.startswith(ACC)}:
                self.types[thing] = own

    def values(self, property: str, inverse: bool = False) -> dict[str, set[str]]:
        """The values of the property by subject, or its subjects by value."""
        found = self.read.get((property, inverse))
        if found is None:
            found = self.read[property, inverse] = {}
            for quad in self.store.quads_for_pattern(None, ox.NamedNode(property), None, None):
                ends = [end.value for end in (quad.subject, quad.object) if isinstance(end, ox.NamedNode | ox.Literal)]
                if len(ends) == 2:
                    subject, value = reversed(ends) if inverse else ends
                    found.setdefault(subject, set()).add(value)
        return found

    def instances(self, classes: set[str]) -> list[str]:
        """The things whose classes are, or are below, one of these."""
        below = {cls for cls in set().union(*self.types.values()) if superclasses(cls) & classes}
        return [thing for thing, own in self.types.items() if own & below]

    def kind(self, thing: str) -> list[str]:
        """The names of the thing's classes, but for those above another of them."""
        own = self.types.get(thing, set())
        above = {upper for cls in own for upper in superclasses(cls) - {cls}}
        return sorted(cls.removeprefix(ACC) for cls in own - above)

    def row(self, thing: str, columns: list[Column]) -> Row:
        """The cells of the thing in these columns; the first is its IRI."""
        row: Row = [[thing]]
        for column in columns[1:]:
            if column.kind == "kind":
                row.append(self.kind(thing))
            elif column.kind == "label":  # of what stands in the column before
                labels = self.values(RDFS + "label")
                row.append([min(labels.get(named, {named})) for named in row[-1]])
            else:
                values = self.values(column.property, column.inverse).get(thing, ())
                row.append(sorted(_cell(thing, column, value) for value in values))
        return row


def _cell(thing: str, column: Column, value: str) -> str:
    if column.kind == "choice":
        return _concepts().get(value, value)
    form = _FORMS.get(column.kind)
    if form is not None and not form.fullmatch(value):
        raise ExportError(
            f"<{thing}>: `{value}` in the column {column.name} is not of the datatype {column.kind}", "run `kg check` on the records"
        )
    return value


@cache
def _concepts() -> dict[str, str]:
    return {term.iri: term.name for term in terms().values() if term.kind == "concept"}


def _column(spec: str) -> Column:
    """A column: ``name`` of a field, ``name=field``, ``name=^field`` for a field that points here, ``name.label``, or ``kind``."""
    name, _, field = spec.partition("=")
    if name == "kind":
        return Column(name, "", "kind")
    if name.endswith(".label"):
        return Column(name.replace(".", "_"), "", "label")
    term = terms()[field.removeprefix("^") or name]
    if term.kind in ("reference", "reverse"):
        return Column(name, term.iri, "reference", field.startswith("^"))
    if term.kind == "choice":
        return Column(name, term.iri, "choice")
    return Column(name, term.iri, _DATATYPES.get(term.datatype, "text"))


def _datatype(kind: Kind) -> str | dict[str, str]:
    if kind == "date":
        return {"base": "string", "format": _DATE}
    if kind == "reference":
        return "anyURI"
    return kind if kind in _FORMS else "string"


def _definition(property: str) -> str:
    """What the ontology says of the property."""
    if property:
        for quad in ontology().quads_for_pattern(ox.NamedNode(property), ox.NamedNode(SKOS + "definition"), None, None):
            if isinstance(quad.object, ox.Literal):
                return quad.object.value
    return ""


def _id(table: str) -> str:
    """The name of a table's first column: ``statement`` of ``statements``."""
    return table.removesuffix("s")
