"""Answers: a table as a page shows it, each cell with its text and with what it leads to."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox

from kg.errors import KgError, LimitError, NotFoundError, QueryError
from kg.table import Table, Term
from kg.vocabulary import XSD
from kg.web.site import Site

_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}

Cell = dict[str, Any]


def shown(site: Site, table: Table, limit: int, *, names: bool = False) -> dict[str, Any]:
    """The first ``limit`` rows as plain data: ``columns``, ``rows`` of cells, how many are ``shown`` and how many there are in ``total``.

    A cell has a ``text``, the ``id`` of what it leads to, its ``language``, and whether it is a ``number``. With ``names`` a text
    that is the name of exactly one thing leads to that thing.
    """
    first = Table(table.columns, table.terms[:limit], base=table.base)
    rows = [
        [_cell(text, term) for text, term in zip(texts, terms, strict=True)] for texts, terms in zip(first.text(), first.terms, strict=True)
    ]
    if names:
        _link(site, [cell for row in rows for cell in row if cell["text"] and not cell["id"] and not cell["number"]])
    return {"columns": list(table.columns), "rows": rows, "shown": len(rows), "total": len(table)}


def ask(site: Site, query: str) -> tuple[Table | None, KgError | None]:
    """The answer to a query, or the error that says why there is none."""
    try:
        return site.ask(query), None
    except KgError as error:
        return None, error


def told(error: KgError | None) -> dict[str, str] | None:
    """An error as pages hold it."""
    return {"message": error.message, "remedy": error.remedy} if error else None


def status(error: KgError) -> int:
    """The status of HTTP that says what went wrong: nothing there, not understood, too large, no time or turn; else it was ours."""
    if isinstance(error, LimitError):
        return 413 if error.limit == "size" else 503
    return 404 if isinstance(error, NotFoundError) else 400 if isinstance(error, QueryError) else 500


def _cell(text: str, term: Term) -> Cell:
    literal = term if isinstance(term, ox.Literal) else None
    return {
        "text": text,
        "id": term.value if isinstance(term, ox.NamedNode) else "",
        "language": (literal and literal.language) or "",
        "number": literal is not None and literal.datatype.value in _NUMBERS,
    }


def _link(site: Site, cells: list[Cell]) -> None:
    """Let every text that is the name of one thing alone lead there."""
    texts = json.dumps(sorted({cell["text"] for cell in cells}))
    sql = "SELECT label, min(iri) AS iri FROM thing WHERE label IN (SELECT value FROM json_each(?)) GROUP BY label HAVING count(*) = 1"
    found = {row["label"]: row["iri"] for row in site.index.execute(sql, (texts,))}
    for cell in cells:
        cell["id"] = found.get(cell["text"], "")
