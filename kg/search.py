"""Full text over the index: statements by their summaries, quotes and passages, things by their names and notes.

Every word must stand in what is found, the last one may be the beginning of a word, "words in quotation marks" stand together;
accents and case do not matter. Where nothing is found, words that nobody uses give way to the nearest word of a name, and
then any of the words is enough; ``Results`` says so.
"""
# ruff: noqa: S608 - SQL is put together from words of this module; what is asked for is always bound

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.network import KINDS as KINDS_OF_NODES
from kg.table import Table

if TYPE_CHECKING:
    from kg.index import Index, ThingRow
    from kg.network import StatementRow

#: The part of SQLite that it takes.
MODULE = "fts5"
#: What can be found.
KINDS = (*KINDS_OF_NODES.values(), "measure")
#: The columns of the index of words, and how much a word there counts.
COLUMNS = {"name": 10.0, "aliases": 8.0, "text": 3.0, "quote": 2.0, "passage": 1.0, "speaker": 0.5}
#: Nobody asks for more words than these, nor for longer ones.
MOST_WORDS, LONGEST = 32, 64
#: Words shorter than this are never taken for misspelt; in those of the second length there may be two slips.
LEAST, LONG = 4, 6

_TOKENIZE = 'tokenize = "unicode61 remove_diacritics 2"'
_SCHEMA = f"""
CREATE TABLE entry (n INTEGER PRIMARY KEY, iri TEXT, kind TEXT, label TEXT, repeats INTEGER, weight REAL);
CREATE TABLE name (folded TEXT, entry INTEGER, PRIMARY KEY (folded, entry)) WITHOUT ROWID;
CREATE TABLE spelling (shorter TEXT, word TEXT, uses INTEGER, PRIMARY KEY (shorter, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING {MODULE}({", ".join(COLUMNS)}, prefix = '2 3', {_TOKENIZE});
CREATE VIRTUAL TABLE names USING {MODULE}(name, aliases, prefix = '1 2 3', {_TOKENIZE});
"""
#: Around a word that was found; Unicode keeps these characters for a program's own use, and none gets into the index.
_BEGIN, _END = "\ufdd0", "\ufdd1"
_BLANK = re.compile("[\\s\x00-\x1f\x7f-\x9f\ufdd0\ufdd1]+")
_ASKED = re.compile(r'"([^"]*)"|([^\s"]+)')
_QUOTES = str.maketrans("“”„«»", '"""""')

Marked = list[tuple[str, bool]]


class Hit(NamedTuple):
    """What was found: ``snippet`` is its text in parts, each with whether it is a word that was looked for.

    A statement has its speaker and its date for a label. A higher ``score`` is a better hit.
    """

    iri: str
    kind: str
    label: str
    snippet: Marked
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """``hits`` are the best of ``total``; ``corrected`` is what was looked for in place of a text that is nowhere.

    ``any_word`` is whether some hits lack some of the words, as nothing has them all.
    """

    hits: list[Hit]
    total: int
    corrected: str = ""
    any_word: bool = False

    def table(self, base: str = "") -> Table:
        """The hits as a table: thing, kind, label, text."""
        cells = [(hit.iri, hit.kind, hit.label, plain(hit.snippet)) for hit in self.hits]
        rows = [(ox.NamedNode(iri), ox.Literal(kind), ox.Literal(label), ox.Literal(text)) for iri, kind, label, text in cells]
        return Table(("thing", "kind", "label", "text"), rows, base=base)


class _Word(NamedTuple):
    """A word, or several that stand together."""

    text: str
    phrase: bool


def search(index: Index, text: str, *, kinds: Collection[str] = (), limit: int = 50, offset: int = 0) -> Results:
    """What the text finds, the best first: names before summaries, summaries before passages, what is told again last.

    ``kinds`` are some of ``KINDS``, all of them if it is left out. Any text will do. Raises ``QueryError`` where a kind is unknown.
    """
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise QueryError(f"no kind is called `{unknown[0]}`", f"choose from {', '.join(KINDS)}")
    words = _parse(text)
    if not words:
        return Results([], 0)
    corrected, match = "", _match(words)
    total = _count(index, match, kinds)
    if not total and (nearest := _corrected(index, words)) != words:
        words, match = nearest, _match(nearest)
        corrected = " ".join(f'"{word.text}"' if word.phrase else word.text for word in words)
        total = _count(index, match, kinds)
    any_word = not total and len(words) > 1
    if any_word:
        match = _match(words, " OR ")
        total = _count(index, match, kinds)
    if not total:
        return Results([], 0)
    return Results(_hits(index, match, _folded(words), kinds, limit, offset), total, corrected, any_word)


def suggest(index: Index, text: str, limit: int = 8) -> list[Hit]:
    """The things whose names have words that begin so, the best known first; where there are none, the nearest in spelling."""
    words = _parse(text)
    if not words:
        return []
    return _names(index, words, limit) or _names(index, _corrected(index, words, "names"), limit)


def plain(marked: Marked) -> str:
    """The text without its marks."""
    return "".join(part for part, _ in marked)


def _parse(text: str) -> list[_Word]:
    """The words and phrases of what somebody typed; what has no letter or digit is left out."""
    clean = "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Cn") else char for char in text[: MOST_WORDS * LONGEST])
    found = []
    for phrase, word in _ASKED.findall(clean.translate(_QUOTES)):
        if any(char.isalnum() for char in phrase or word):
            found.append(_Word((phrase or word)[:LONGEST], bool(phrase)))
    return found[:MOST_WORDS]


def _match(words: Sequence[_Word], between: str = " AND ", least: int = 2) -> str:
    """The words in the syntax of FTS5, each quoted: nothing that is typed there is syntax."""
    quoted = [f'"{word.text}"' for word in words]
    if not words[-1].phrase and len(_fold(words[-1].text)) >= least:
        quoted[-1] = f"({quoted[-1]} OR {quoted[-1]} *)"  # twice, so that the whole word is worth more
    return between.join(quoted)


def _count(index: Index, match: str, kinds: Collection[str]) -> int:
    of_kinds = "AND (SELECT kind FROM entry WHERE n = words.rowid) IN (SELECT value FROM json_each(?))" if kinds else ""
    values = [match, json.dumps(list(kinds))] if kinds else [match]
    return int(index.execute(f"SELECT count(*) FROM words WHERE words MATCH ? {of_kinds}", values)[0][0])


_RANKED = f"""
SELECT entry.n, iri, kind, label, rank * weight AS score
FROM (SELECT rowid AS n, bm25(words, {", ".join(map(str, COLUMNS.values()))}) AS rank FROM words WHERE words MATCH :match)
  JOIN entry USING (n)
WHERE :all OR kind IN (SELECT value FROM json_each(:kinds))
ORDER BY NOT EXISTS (SELECT * FROM name WHERE folded = :folded AND entry = n), repeats, score, n LIMIT :limit OFFSET :offset
"""
#: The `+` has the matches read once, and not once for each of the rows.
_SNIPPETS = f"""
SELECT rowid, {", ".join(f"snippet(words, {n}, '{_BEGIN}', '{_END}', '…', 40)" for n in range(5))}
FROM words WHERE words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))
"""


def _hits(index: Index, match: str, folded: str, kinds: Collection[str], limit: int, offset: int) -> list[Hit]:
    asked = {"match": match, "folded": folded, "all": not kinds, "kinds": json.dumps(list(kinds)), "limit": limit, "offset": offset}
    ranked = index.execute(_RANKED, asked)
    snippets = index.execute(_SNIPPETS, (match, json.dumps([row["n"] for row in ranked])))
    marked = {n: _best(*map(_marked, texts)) for n, *texts in snippets}
    return [Hit(row["iri"], row["kind"], row["label"], marked[row["n"]], -row["score"]) for row in ranked]


def _best(name: Marked, aliases: Marked, *texts: Marked) -> Marked:
    """The first of the texts with the most of the words; the aliases, where neither name nor text tells why this was found."""
    best = max(texts, key=_found)
    return best if _found(best) or _found(name) or not _found(aliases) else aliases


def _found(marked: Marked) -> int:
    return len({_fold(part) for part, found in marked if found})


def _names(index: Index, words: Sequence[_Word], limit: int) -> list[Hit]:
    rows = index.execute(
        f"""SELECT iri, kind, label, weight, highlight(names, 0, '{_BEGIN}', '{_END}') AS marked,
          snippet(names, 1, '{_BEGIN}', '{_END}', '…', 12) AS alias
        FROM names JOIN entry ON entry.n = names.rowid WHERE names MATCH ?
        ORDER BY NOT EXISTS (SELECT * FROM name WHERE folded = ? AND entry = n), marked = label, weight DESC, n LIMIT ?""",
        (_match(words, least=1), _folded(words), limit),
    )
    return [
        Hit(row["iri"], row["kind"], row["label"], _marked(row["marked"] if _BEGIN in row["marked"] else row["alias"]), row["weight"])
        for row in rows
    ]


def _corrected(index: Index, words: Sequence[_Word], table: str = "words") -> list[_Word]:
    """The words, those that stand nowhere replaced by the nearest word of a name, where one is near."""
    return [word if word.phrase or _known(index, word, table, last=word is words[-1]) else _nearest(index, word) for word in words]


def _known(index: Index, word: _Word, table: str, last: bool) -> bool:
    match = f'"{word.text}"' + " *" * last
    return bool(index.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT 1", (match,)))


def _nearest(index: Index, word: _Word) -> _Word:
    """The word of a name that is one slip away: a letter too many, too few, another, or two of them the wrong way round.

    A long word may have both a letter too many and one too few.
    """
    folded = _fold(word.text)
    if len(folded) < LEAST:
        return word
    rows = index.execute(
        "SELECT DISTINCT word, uses FROM spelling WHERE shorter IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(_shorter(folded))),),
    )
    near = min(((_slips(folded, _fold(row["word"])), -row["uses"], row["word"]) for row in rows), default=(3, 0, ""))
    return _Word(near[2], False) if near[0] <= (2 if len(folded) >= LONG else 1) else word


def _shorter(word: str) -> set[str]:
    """The word, and the word without one of its letters: two words that are one slip apart have one of these in common."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _slips(one: str, two: str) -> int:
    """How many letters have to be added, left out, changed or exchanged with the next one (Damerau 1964, Levenshtein 1966)."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                row[-1] = min(row[-1], older[j - 2] + 1)
    return row[-1]


def _folded(words: Sequence[_Word]) -> str:
    return _fold(" ".join(word.text for word in words))


def _fold(text: str) -> str:
    """The words of a text without accents, case and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(char for char in decomposed if not unicodedata.combining(char))))


def _marked(text: str) -> Marked:
    """The parts between the marks, each with whether it was found."""
    parts = re.split(f"[{_BEGIN}{_END}]", text)
    return [(part, bool(n % 2)) for n, part in enumerate(parts) if part]


def write_words(connection: sqlite3.Connection, things: Iterable[ThingRow], rows: Iterable[StatementRow], passages: dict[str, str]) -> None:
    """Write what ``search`` and ``suggest`` read into an index; ``passages`` are the words of passages by their statements."""
    if not connection.execute("SELECT * FROM pragma_module_list WHERE name = ?", (MODULE,)).fetchall():
        remedy = "use a Python whose SQLite has FTS5, as those of python.org and of the distributions have"
        raise StoreError("sqlite3", f"SQLite {sqlite3.sqlite_version} has no full-text search here", remedy)
    connection.executescript(_SCHEMA)
    n, uses = 0, Counter[str]()
    for thing in things:
        n += 1
        weight = 1 + log(1 + thing.said + thing.about) / 4
        connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, 0, ?)", (n, thing.iri, thing.kind, _clean(thing.label), weight))
        aliases = "; ".join(thing.aliases)
        _insert(connection, "words", n, thing.label, aliases, thing.note, "", "", "")
        _insert(connection, "names", n, thing.label, aliases)
        names = (thing.label, *thing.aliases)
        connection.executemany("INSERT INTO name VALUES (?, ?)", ((folded, n) for folded in sorted(set(map(_fold, names)))))
        uses.update(word for name in names for word in re.findall(r"[^\W\d_]+", name) if len(_fold(word)) >= LEAST)
    connection.executemany("INSERT INTO spelling VALUES (?, ?, ?)", sorted(_spellings(uses)))
    for row in rows:
        n += 1
        label = ", ".join(filter(None, (row.speaker.label, row.date)))
        connection.execute("INSERT INTO entry VALUES (?, ?, 'statement', ?, ?, 1)", (n, row.id, _clean(label), row.repeats))
        _insert(connection, "words", n, "", "", row.summary, row.quote, passages.get(row.id, ""), row.speaker.label)
    for table in ("words", "names"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _insert(connection: sqlite3.Connection, table: str, n: int, *texts: str) -> None:
    columns, marks = ", ".join(list(COLUMNS)[: len(texts)]), ", ".join("?" * len(texts))
    connection.execute(f"INSERT INTO {table} (rowid, {columns}) VALUES (?, {marks})", (n, *map(_clean, texts)))


def _clean(text: str) -> str:
    """The text in one line, without control characters and marks."""
    return _BLANK.sub(" ", text).strip()


def _spellings(uses: Counter[str]) -> Iterator[tuple[str, str, int]]:
    """Of words that differ in case or accents alone, the one that is used most."""
    best: dict[str, tuple[int, str]] = {}
    total = Counter[str]()
    for word, count in uses.items():
        folded = _fold(word)
        total[folded] += count
        best[folded] = max(best.get(folded, (0, "")), (count, word))
    for folded, (_, word) in best.items():
        yield from ((shorter, word, total[folded]) for shorter in _shorter(folded))
