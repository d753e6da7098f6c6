"""The answer to a query: columns and rows, to be iterated, printed or written in the usual formats."""

from __future__ import annotations

import csv
import io
import json
from collections import namedtuple
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from kg.errors import ExportError
from kg.vocabulary import XSD, compact

Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple | None
FORMATS = ("table", "csv", "tsv", "json", "markdown")
_NUMBERS = {XSD + "integer": int, XSD + "decimal": Decimal, XSD + "double": float, XSD + "float": float}


class Table:
    """The answer to a query.

    ``columns`` are the names, ``terms`` the rows of RDF terms (None where a cell is empty). Iteration gives named tuples of
    Python values: text for IRIs, strings and dates (which keep their precision), int, Decimal or float for numbers, bool,
    None.

    >>> table = Table(("name", "n"), [(ox.Literal("Ann"), ox.Literal(3))])
    >>> [(row.name, row.n) for row in table]
    [('Ann', 3)]
    """

    def __init__(self, columns: Sequence[str], terms: Sequence[tuple[Term, ...]], *, base: str = "", graph: bool = False) -> None:
        self.columns = tuple(columns)
        self.terms = list(terms)
        self.base = base
        self.graph = graph

    @classmethod
    def parse(cls, body: bytes, media_type: str, base: str = "") -> Table:
        """The table that a SPARQL answer holds: results in JSON, XML, TSV or CSV, or triples in a format of RDF.

        >>> body = b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "x"}}]}}'
        >>> Table.parse(body, "application/sparql-results+json").text()
        [['x']]
        """
        results = ox.QueryResultsFormat.from_media_type(media_type)
        if results is None:
            return of(ox.parse(body, format=ox.RdfFormat.from_media_type(media_type)), base)
        return of(ox.parse_query_results(body, format=results), base)

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[Any]:
        row = namedtuple("Row", self.columns, rename=True)  # type: ignore[misc]
        return (row(*map(value, terms)) for terms in self.terms)

    def __repr__(self) -> str:
        return f"<Table {len(self)} rows: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        """The table as a notebook shows it."""
        from html import escape

        def cells(row: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"

        body = "".join(cells(row, "td") for row in self.text())
        return f"<table><thead>{cells(self.columns, 'th')}</thead><tbody>{body}</tbody></table>"

    def to_pandas(self) -> Any:
        """The table as a pandas DataFrame; raises ``ExportError`` where pandas is not installed."""
        try:
            import pandas as pd
        except ImportError:
            raise ExportError("pandas is not installed", "pip install 'accountability-kg[pandas]'") from None
        return pd.DataFrame([list(row) for row in self], columns=list(self.columns))

    def text(self) -> list[list[str]]:
        """The rows as short text for a person: IRIs relative to the case or with a prefix, literals as they are."""
        return [[self._short(term) for term in terms] for terms in self.terms]

    def _short(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            iri = term.value
            return iri.removeprefix(self.base) if self.base and iri.startswith(self.base) else compact(iri)
        return "" if term is None else _plain(term)

    def write(self, format: str) -> str:
        """The whole table as ``csv``, ``tsv``, ``json`` (SPARQL 1.1 Query Results), ``markdown`` or ``table`` (plain text).

        Raises ``ExportError`` for any other format.
        """
        writers = {"csv": self._csv, "tsv": self._tsv, "json": self._json, "markdown": self._markdown, "table": self._table}
        if format not in writers:
            raise ExportError(f"no format is called `{format}`", f"use one of: {', '.join(FORMATS)}")
        return writers[format]()

    def _csv(self) -> str:
        """SPARQL 1.1 Query Results CSV: https://www.w3.org/TR/sparql11-results-csv-tsv/#csv."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.columns)
        writer.writerows(["" if term is None else _plain(term) for term in terms] for terms in self.terms)
        return out.getvalue()

    def _tsv(self) -> str:
        """SPARQL 1.1 Query Results TSV: terms in Turtle syntax."""
        head = "\t".join(f"?{column}" for column in self.columns)
        rows = ("\t".join("" if term is None else str(term).replace("\t", "\\t") for term in terms) for terms in self.terms)
        return "\n".join([head, *rows]) + "\n"

    def _json(self) -> str:
        """SPARQL 1.1 Query Results JSON: https://www.w3.org/TR/sparql11-results-json/."""
        bindings = [
            {column: _json_term(term) for column, term in zip(self.columns, terms, strict=True) if term is not None} for terms in self.terms
        ]
        return json.dumps({"head": {"vars": list(self.columns)}, "results": {"bindings": bindings}}, indent=2, ensure_ascii=False) + "\n"

    def _markdown(self) -> str:
        def line(cells: Sequence[str]) -> str:
            return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

        return "\n".join([line(self.columns), line(["---"] * len(self.columns)), *map(line, self.text())]) + "\n"

    def _table(self) -> str:
        rows = [list(self.columns), *self.text()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.columns))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows) + "\n"


def of(answer: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple | ox.Quad], base: str = "") -> Table:
    """An answer of the engine as a table: its columns; or the column ``answer`` of an ASK; or subject, predicate, object."""
    if isinstance(answer, ox.QueryBoolean):
        return Table(("answer",), [(ox.Literal(bool(answer)),)], base=base)
    if isinstance(answer, ox.QuerySolutions):
        columns = tuple(variable.value for variable in answer.variables)
        return Table(columns, [tuple(solution) for solution in answer], base=base)
    triples = {(triple.subject, triple.predicate, triple.object) for triple in answer}
    return Table(("subject", "predicate", "object"), sorted(triples, key=str), base=base, graph=True)


def value(term: Term) -> Any:
    """The term as a Python value."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        if datatype == XSD + "boolean":
            return term.value == "true"
        number = _NUMBERS.get(datatype)
        return number(term.value) if number else term.value
    return _plain(term)


def _plain(term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) else term.value


def _json_term(term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.Literal):
        cell = {"type": "literal", "value": term.value}
        if term.language:
            cell["xml:lang"] = term.language
        elif term.datatype.value != XSD + "string":
            cell["datatype"] = term.datatype.value
        return cell
    return {"type": "bnode", "value": _plain(term).removeprefix("_:")}
