"""The index of a build: things, statements and links as rows of SQLite, for what lists, counts, filters and searches.

It says nothing that the graph does not say: it is written from the graph, beside it, and never changed. Rows of statements
are those of ``kg.network``, so that a page, a table of the command and a diagram agree.
"""
# ruff: noqa: S608 - SQL is put together from words of this module; what is asked for is always bound

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple
from weakref import finalize

import pyoxigraph as ox

from kg.errors import StoreError
from kg.network import StatementRow, Thing, classes, spoken, statements, things_of
from kg.search import write_words
from kg.vocabulary import ACC, DCTERMS, RDF, SKOS

NAME = "index.sqlite"
#: Of the tables below: an index with others is of another version of this program.
_VERSION = 1
_AGAIN = "build it again with `kg build CASE`"

_SCHEMA = """
CREATE TABLE thing (n INTEGER PRIMARY KEY, iri TEXT UNIQUE, kind TEXT, cls TEXT, label TEXT, aliases TEXT, note TEXT,
  said INTEGER, about INTEGER);
CREATE TABLE statement (n INTEGER PRIMARY KEY, iri TEXT UNIQUE, date TEXT, year INTEGER, speaker TEXT, report TEXT, place INTEGER,
  repeats INTEGER, summary TEXT, quote TEXT, row TEXT);
CREATE TABLE link (statement INTEGER, role TEXT, value TEXT, PRIMARY KEY (role, value, statement)) WITHOUT ROWID;
CREATE TABLE edge (n INTEGER, source TEXT, target TEXT, manner TEXT, count INTEGER, first TEXT, last TEXT,
  PRIMARY KEY (source, target, manner)) WITHOUT ROWID;
CREATE TABLE spoken (edge INTEGER, statement INTEGER, PRIMARY KEY (edge, statement)) WITHOUT ROWID;
CREATE TABLE facet (n INTEGER PRIMARY KEY, name TEXT, value TEXT);
CREATE TABLE faceted (statement INTEGER, facet INTEGER, PRIMARY KEY (statement, facet)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX statement_year ON statement (year);
CREATE INDEX statement_repeats ON statement (repeats);
CREATE INDEX statement_reading ON statement (report, place);
CREATE INDEX link_statement ON link (statement);
CREATE INDEX edge_target ON edge (target);
CREATE INDEX thing_kind ON thing (kind);
INSERT INTO facet (name, value) SELECT DISTINCT role, value FROM link WHERE role IN ('act', 'report', 'speaker', 'topic') ORDER BY 1, 2;
INSERT INTO facet (name, value) SELECT DISTINCT 'year', CAST(year AS TEXT) FROM statement WHERE year IS NOT NULL ORDER BY 2;
INSERT INTO faceted SELECT statement, n FROM link JOIN facet ON name = role AND facet.value = link.value ORDER BY 1, 2;
INSERT INTO faceted SELECT statement.n, facet.n FROM statement JOIN facet ON name = 'year' AND value = CAST(year AS TEXT) ORDER BY 1, 2;
ANALYZE;
"""
#: Roles of links that are no part of a statement's row.
_ALSO = ("reporter", "owedBy")
#: What says most about a thing, first.
_NOTES = (DCTERMS + "description", SKOS + "definition", SKOS + "editorialNote")
_ORDERS = {
    "date": "n",
    "latest": "n DESC",
    "latest but undated": "n > (SELECT max(n) FROM statement WHERE date <> ''), n DESC",
    "reading": "(SELECT report FROM statement WHERE n = chosen.n), (SELECT place FROM statement WHERE n = chosen.n), n",
}
#: So many connections to a file are open from the start: newer builds may sweep it while it is still read.
_READY = 8
#: So many selections have their facets counted once: nothing changes them.
_REMEMBERED = 256
_ROLES = {"party": ("speaker", "about", "addressee"), "answers": ("respondsTo", "accepts", "disputes")}


class ThingRow(NamedTuple):
    """One thing with a name; ``said`` and ``about`` count statements, those told again left out.

    ``cls`` is the name of its most specific class. Of a topic ``about`` counts the statements on that topic.
    """

    n: int
    iri: str
    kind: str
    cls: str
    label: str
    aliases: tuple[str, ...]
    note: str
    said: int
    about: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which statements: those to which all apply that is given.

    ``party`` is whoever speaks, is spoken about or addressed; ``answers`` what is responded to, accepted or disputed.
    Without ``repeats`` statements told again are left out.
    """

    speaker: str = ""
    about: str = ""
    addressee: str = ""
    topic: str = ""
    report: str = ""
    act: str = ""
    family: str = ""
    manner: str = ""
    year: str = ""
    party: str = ""
    answers: str = ""
    repeats: bool = True


class Index:
    """The index, open for reading in any number of threads: one connection for each that reads at the same time."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], ready: int = 1) -> None:
        self._connect = connect
        self._idle: list[sqlite3.Connection] = [connect() for _ in range(ready)]
        self._counted: dict[Selection, dict[str, list[tuple[str, int]]]] = {}
        finalize(self, _close, self._idle)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._idle.append(connection)

    def execute(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[sqlite3.Row]:
        """All rows of the answer; nothing can be written."""
        with self._connection() as connection, closing(connection.execute(sql, parameters)) as cursor:
            return cursor.fetchall()

    def close(self) -> None:
        """Close what is open; whoever reads on opens it again."""
        _close(self._idle)

    def thing(self, iri: str) -> ThingRow | None:
        """The thing with this IRI."""
        return next((thing_row(row) for row in self.execute("SELECT * FROM thing WHERE iri = ?", (iri,))), None)

    def statement(self, iri: str) -> StatementRow | None:
        """The statement with this IRI."""
        return next((from_json(row["row"]) for row in self.execute("SELECT row FROM statement WHERE iri = ?", (iri,))), None)

    def select(
        self,
        selection: Selection,
        *,
        order: Literal["date", "latest", "reading"] = "date",
        offset: int = 0,
        limit: int | None = None,
    ) -> list[StatementRow]:
        """The statements: by date, the latest first, or as they are read in their reports; those without a date last."""
        chosen, values = _chosen(selection)
        by = "latest but undated" if order == "latest" and self._undated else order
        page = f"SELECT n FROM chosen ORDER BY {_ORDERS[by]} LIMIT ? OFFSET ?"
        numbers = [row["n"] for row in self.execute(f"WITH {chosen} {page}", [*values, -1 if limit is None else limit, offset])]
        rows = self.execute("SELECT n, row FROM statement WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(numbers),))
        found = {row["n"]: row["row"] for row in rows}
        return [from_json(found[n]) for n in numbers]

    @cached_property
    def _undated(self) -> bool:
        """Whether a statement has no date; then it is the last one."""
        return any(not row["date"] for row in self.execute("SELECT date FROM statement ORDER BY n DESC LIMIT 1"))

    def count(self, selection: Selection) -> int:
        """How many statements ``select`` finds without a limit."""
        chosen, values = _chosen(selection)
        return int(self.execute(f"WITH {chosen} SELECT count(*) AS count FROM chosen", values)[0]["count"])

    def facets(self, selection: Selection) -> dict[str, list[tuple[str, int]]]:
        """By act, report, speaker, topic and year: each value among the statements with how many have it.

        The most frequent comes first; years stand in their order.
        """
        found = self._counted.get(selection)
        if found is None:
            if len(self._counted) >= _REMEMBERED:
                self._counted.clear()
            found = self._counted[selection] = self.count_facets(selection)
        return {name: list(pairs) for name, pairs in found.items()}

    def count_facets(self, selection: Selection) -> dict[str, list[tuple[str, int]]]:
        """The same as ``facets``, counted anew."""
        chosen, values = _chosen(selection)
        counts = "SELECT facet, count(*) AS count FROM chosen CROSS JOIN faceted ON statement = n GROUP BY 1"
        found: dict[str, list[tuple[str, int]]] = {name: [] for name in ("act", "report", "speaker", "topic", "year")}
        for row in self.execute(f"WITH {chosen} SELECT name, value, count FROM ({counts}) JOIN facet ON facet.n = facet", values):
            found[row["name"]].append((row["value"], row["count"]))
        for name, pairs in found.items():
            pairs.sort(key=lambda pair: pair if name == "year" else (-pair[1], pair[0]))
        return found


def _close(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()


def _chosen(selection: Selection) -> tuple[str, list[object]]:
    """The statements of a selection as a table ``chosen (n)``, and the values that its SQL asks for."""
    conditions: list[str] = []
    values: list[object] = []
    for field in fields(selection):
        value = getattr(selection, field.name)
        if not value or field.name == "repeats":
            continue
        values.append(value)
        if field.name == "year":
            conditions.append("SELECT n FROM statement WHERE year = ?")
        elif roles := _ROLES.get(field.name):  # one statement may be linked by several of them
            conditions.append(f"SELECT DISTINCT statement FROM link WHERE role IN {roles} AND value = ?")
        else:
            conditions.append(f"SELECT statement FROM link WHERE role = '{field.name}' AND value = ?")
    if selection.repeats:
        return f"chosen (n) AS ({' INTERSECT '.join(conditions) or 'SELECT n FROM statement'})", values
    if not conditions:
        return "chosen (n) AS (SELECT n FROM statement WHERE repeats = 0)", values
    once = "NOT EXISTS (SELECT * FROM statement WHERE repeats = 1 AND statement.n = found.n)"
    return f"found (n) AS ({' INTERSECT '.join(conditions)}), chosen (n) AS (SELECT n FROM found WHERE {once})", values


def open_index(path: str | Path) -> Index:
    """The index in a file, opened for reading; raises ``StoreError`` where there is none, or it cannot be read."""
    path = Path(path).resolve()
    if not path.is_file():
        raise StoreError(path, "no index here: the graph was built by an older version", _AGAIN)

    def connect() -> sqlite3.Connection:
        return _readable(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False))

    try:
        index = Index(connect, _READY)
        version = index.execute("PRAGMA user_version")[0][0]
    except sqlite3.Error as error:
        raise StoreError(path, f"the index cannot be opened: {error}", _AGAIN) from None
    if version != _VERSION:
        raise StoreError(path, "the index is of another version", _AGAIN)
    return index


def memory_index(store: ox.Store) -> Index:
    """The index of a store, in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        _fill(connection, store)
        content = connection.serialize()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.deserialize(content)
        return _readable(connection)

    return Index(connect)


def write_index(store: ox.Store, path: str | Path) -> None:
    """Write the index of a store into a new file; raises ``StoreError`` where it cannot be written."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")  # whoever publishes it waits for the disk
            _fill(connection, store)
    except sqlite3.Error as error:
        raise StoreError(path, f"the index cannot be written: {error}", "free some space or choose another folder") from None


def _readable(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA query_only = ON")
    return connection


def _fill(connection: sqlite3.Connection, store: ox.Store) -> None:
    rows = statements(store)
    places = _places(store, rows)
    numbers = {row.id: n for n, row in enumerate(rows, 1)}
    connection.executescript(f"PRAGMA user_version = {_VERSION};" + _SCHEMA)
    things = list(_things(store, rows))
    connection.executemany(
        "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((*thing[:5], json.dumps(thing.aliases, ensure_ascii=False), *thing[6:]) for thing in things),
    )
    connection.executemany(
        "INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((numbers[row.id], row.id, row.date, _year(row), row.speaker.id, row.report.id if row.report else "", places[row.id],
          row.repeats, row.summary, row.quote, to_json(row)) for row in rows),
    )  # fmt: skip
    connection.executemany("INSERT INTO link (role, value, statement) VALUES (?, ?, ?)", sorted(_links(store, rows, numbers)))
    edges = sorted(spoken(rows).items())
    connection.executemany("INSERT INTO edge VALUES (?, ?, ?, ?, ?, ?, ?)", _edges(edges))
    of = ((n, numbers[row.id]) for n, (_, spoke) in enumerate(edges, 1) for row in spoke)
    connection.executemany("INSERT OR IGNORE INTO spoken VALUES (?, ?)", of)
    write_words(connection, things, rows, _passages(store))
    connection.commit()
    connection.executescript(_INDEXES)


def _year(row: StatementRow) -> int | None:
    with suppress(ValueError):
        return int(row.date[:4])
    return None


def _links(store: ox.Store, rows: list[StatementRow], numbers: dict[str, int]) -> set[tuple[str, str, int]]:
    """Role, value and the number of the statement, each once."""
    links = {(role, value, numbers[iri]) for role in _ALSO for iri, value in _values(store, ACC + role) if iri in numbers}
    for row in rows:
        things = {"speaker": (row.speaker,), "about": row.about, "addressee": row.addressees, "topic": row.topics}
        names = {
            "act": row.acts,
            "family": filter(None, row.families),
            "manner": row.manners,
            "report": [row.report.id] if row.report else [],
        }
        n = numbers[row.id]
        links |= {(role, thing.id, n) for role, values in things.items() for thing in values}
        links |= {(role, name, n) for role, values in names.items() for name in values}
        links |= {(relation, other, n) for relation, other in row.answers}
    return links


def _edges(edges: Iterable[tuple[tuple[Thing, Thing, str], list[StatementRow]]]) -> Iterator[tuple[int | str, ...]]:
    for n, ((speaker, target, manner), spoke) in enumerate(edges, 1):
        dates = [row.date for row in spoke if row.date]
        yield n, speaker.id, target.id, manner, len(spoke), min(dates, default=""), max(dates, default="")


def _values(store: ox.Store, property: str) -> Iterator[tuple[str, str]]:
    """Each thing that has the property, with a value as text, in order."""
    quads = store.quads_for_pattern(None, ox.NamedNode(property), None, None)
    yield from sorted({(quad.subject.value, quad.object.value) for quad in quads})  # type: ignore[union-attr]


def _things(store: ox.Store, rows: list[StatementRow]) -> Iterator[ThingRow]:
    said = Counter(row.speaker.id for row in rows if not row.repeats)
    about = Counter(thing.id for row in rows if not row.repeats for thing in {*row.about, *row.topics})
    types: dict[str, set[str]] = defaultdict(set)
    above = classes(store)
    for iri, cls in _values(store, RDF + "type"):
        if cls.startswith(ACC):
            types[iri].add(cls.removeprefix(ACC))
    aliases: dict[str, list[str]] = defaultdict(list)
    notes: dict[str, str] = {}
    for iri, alias in _values(store, SKOS + "altLabel"):
        aliases[iri].append(alias)
    for property in reversed(_NOTES):
        notes |= dict(_values(store, property))
    n = 0
    for iri, thing in sorted(things_of(store).items()):
        kind = thing.kind or ("measure" if "Measure" in types[iri] else "")
        if kind and kind != "statement":
            n += 1
            cls = min(types[iri] - {over for name in types[iri] for over in above.get(name, ())})
            yield ThingRow(n, iri, kind, cls, thing.label, tuple(aliases[iri]), notes.get(iri, ""), said[iri], about[iri])


def _places(store: ox.Store, rows: Iterable[StatementRow]) -> dict[str, int]:
    """Where each statement stands in its report: where its first passage begins, else where the one before it in the records does."""
    starts = {iri: int(start) for iri, start in _values(store, ACC + "start")}
    first: dict[str, int] = {}
    for iri, passage in _values(store, ACC + "passage"):
        if passage in starts:
            first[iri] = min(starts[passage], first.get(iri, starts[passage]))
    places, report, place = {}, None, 0
    for row in sorted(rows, key=lambda row: (row.report.id if row.report else "", row.id)):
        if row.report != report:
            report, place = row.report, 0
        places[row.id] = place = first.get(row.id, place)
    return places


def _passages(store: ox.Store) -> dict[str, str]:
    """The words of each statement's passages, where the documents were at hand."""
    words, found = dict(_values(store, ACC + "text")), defaultdict(list)
    for iri, passage in _values(store, ACC + "passage"):
        if passage in words:
            found[iri].append(words[passage])
    return {iri: " … ".join(texts) for iri, texts in found.items()}


def thing_row(row: sqlite3.Row) -> ThingRow:
    """A row of the table of things."""
    return ThingRow(*row)._replace(aliases=tuple(json.loads(row["aliases"])))


def to_json(row: StatementRow) -> str:
    """The row as a JSON object: a thing is a list of its IRI, its label and its kind."""
    return json.dumps({field.name: getattr(row, field.name) for field in fields(row)}, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> StatementRow:
    """The row that ``to_json`` wrote."""
    row = json.loads(text)
    for name in ("about", "addressees", "topics"):
        row[name] = tuple(Thing(*thing) for thing in row[name])
    for name in ("acts", "families", "manners"):
        row[name] = tuple(row[name])
    row["answers"] = tuple((relation, other) for relation, other in row["answers"])
    report = Thing(*row["report"]) if row["report"] else None
    return StatementRow(**row | {"speaker": Thing(*row["speaker"]), "report": report})
