"""Questions: the catalogue, and each question as a form with its answer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from kg import queries
from kg.errors import NotFoundError, QueryError
from kg.network import KINDS
from kg.queries import LITERALS, Parameter, Query
from kg.search import suggest
from kg.table import Table
from kg.web.answers import ask, shown, status, told
from kg.web.page import Page
from kg.web.site import Site

#: How many rows a page shows; the CSV has all.
ROWS = 200
#: How many names a field suggests, those of whom most is said first.
_SUGGESTED = 300
#: The groups in the order of ``queries/README.md``.
GROUPS = ("What was said", "Acts", "Figures", "The ledger", "Who speaks", "Reports, events, topics, names")
_KINDS = {name: (kind,) for name, kind in KINDS.items() if kind != "statement"} | {
    "Actor": ("person", "institution", "group"),
    "Measure": ("measure",),
    "Thing": (*KINDS.values(), "measure"),
}
_PATTERNS = {"date": r"\d{4}(-\d{2}(-\d{2})?)?", "number": r"\d+"}

Terms = dict[str, ox.NamedNode | ox.Literal]


def grouped() -> list[dict[str, Any]]:
    """The questions of the catalogue by their groups, as pages list them."""
    found: dict[str, list[dict[str, str]]] = {group: [] for group in GROUPS}
    for query in queries.catalogue().values():
        found.setdefault(query.group, []).append({"name": query.name, "question": query.question})
    return [{"group": group, "questions": questions} for group, questions in found.items() if questions]


def questions(site: Site, asked: Mapping[str, str]) -> Page:
    """All questions of the catalogue."""
    columns = ("name", "group", "question")
    rows = [tuple(ox.Literal({**group, **one}[column]) for column in columns) for group in grouped() for one in group["questions"]]
    return Page("questions.html", "Questions", {"groups": grouped()}, table=lambda: Table(columns, rows))


def question(site: Site, name: str, asked: Mapping[str, str]) -> Page:
    """One question with its answer; what is left out of ``asked`` stays open.

    Where a parameter is not understood, or the answer takes too long, the page says so where it is, and has no answer.

    Raises ``NotFoundError`` where no question has this name, ``QueryError`` where it has no such parameter.
    """
    if name not in queries.catalogue():
        raise NotFoundError(f"no question is called `{name}`", "see the list of questions")
    query = queries.find(name)
    values = {key: value.strip() for key, value in asked.items() if value.strip()}
    terms, wrong = _terms(site, query, values)
    text = queries.bind(query, terms)
    table, error = (None, None) if wrong else ask(site, text)
    answer = shown(site, table, ROWS, names=True) if table is not None else None
    data = {
        "name": name,
        "question": query.question,
        "group": query.group,
        "fields": [_field(site, parameter, values.get(parameter.name, ""), wrong) for parameter in query.parameters.values()],
        "columns": query.columns,
        "query": text,
        "answer": answer,
        "error": told(error),
        "network": _focus(site, terms, answer),
    }
    return Page(
        "question.html",
        query.question,
        data,
        table=(lambda: table) if table is not None else None,
        status=400 if wrong else status(error) if error else 200,
    )


def _terms(site: Site, query: Query, values: Mapping[str, str]) -> tuple[Terms, dict[str, QueryError]]:
    """Each value as its term, and what is wrong with those that are not understood.

    Raises ``QueryError`` where the query has no such parameter: to leave it out would answer another question.
    """
    terms: Terms = {}
    wrong: dict[str, QueryError] = {}
    for name, value in values.items():
        try:
            terms |= queries.terms_of(site.store, query, {name: value}, site.manifest.base)
        except QueryError as error:
            if name not in query.parameters:
                raise
            wrong[name] = error
    return terms, wrong


def _field(site: Site, parameter: Parameter, value: str, wrong: Mapping[str, QueryError]) -> dict[str, Any]:
    error = wrong.get(parameter.name)
    return {
        "name": parameter.name,
        "type": parameter.type,
        "meaning": parameter.meaning,
        "hint": LITERALS.get(parameter.type, "a name, an identifier or an IRI"),
        "pattern": _PATTERNS.get(parameter.type, ""),
        "value": value,
        "suggestions": _names(site, parameter.type) if parameter.type not in LITERALS and site.live else [],
        "error": {"message": error.message, **_way_out(site, parameter, value, error.remedy)} if error else None,
    }


def _way_out(site: Site, parameter: Parameter, value: str, remedy: str) -> dict[str, Any]:
    """The remedy of a value that is not understood, or in its place the names that are near."""
    if remedy.startswith("did you mean"):
        return {"remedy": "", "near": re.findall("`([^`]+)`", remedy)}
    if "`kg " not in remedy:
        return {"remedy": remedy, "near": []}
    kinds = _KINDS.get(parameter.type, ())
    return {"remedy": "", "near": [hit.label for hit in suggest(site.index, value, 20) if hit.kind in kinds][:3]}


def _names(site: Site, cls: str) -> list[str]:
    """The names of the things of a class, those of whom most is said, in the order of the alphabet."""
    sql = """SELECT label FROM thing WHERE kind IN (SELECT value FROM json_each(?))
             GROUP BY label ORDER BY max(said + about) DESC, label LIMIT ?"""
    rows = site.index.execute(sql, (json.dumps(_KINDS.get(cls, ())), _SUGGESTED))
    return sorted((row["label"] for row in rows), key=str.casefold)


def _focus(site: Site, terms: Terms, answer: dict[str, Any] | None) -> dict[str, str] | None:
    """With whom the network of the answer begins: who was asked for, or else who stands beside others most often."""
    given = [term.value for term in terms.values() if isinstance(term, ox.NamedNode)]
    counts: Counter[str] = Counter()
    for row in answer["rows"] if answer else ():
        linked = {cell["id"] for cell in row if cell["id"]}
        if len(linked) > 1:
            counts.update(linked)
    for iri in (*given, *(iri for iri, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))):
        row = site.index.thing(iri)
        if row and row.kind in ("person", "institution", "group"):
            return {"id": iri, "label": row.label, "kind": row.kind}
    return None
