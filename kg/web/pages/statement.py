"""Statements: each with the passage it was read from and how that was checked; and lists of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Literal

import pyoxigraph as ox

from kg import citations
from kg.cases import TEXTS
from kg.errors import NotFoundError
from kg.index import Selection, from_json
from kg.network import StatementRow
from kg.table import Table, Term
from kg.vocabulary import ACC
from kg.web.highlight import Segment, Spot, excerpts, lines, segments
from kg.web.listing import chosen, listing
from kg.web.page import Page, said, thing, words
from kg.web.parts import assessments, cited, figure
from kg.web.site import Site

#: How many statements stand beside the text of a report at once.
BESIDE = 100
#: How many statements a page of a statement or a report shows of those that have to do with it in one way.
RELATED = 50
#: How a statement stands to others: the role, what it says of them, what they say of it.
_RELATIONS = (
    ("conveyedBy", "Told inside", "Told inside this statement"),
    ("respondsTo", "What it answers", "What answers it"),
    ("accepts", "What it accepts", "What accepts it"),
    ("disputes", "What it disputes", "What disputes it"),
    ("contradicts", "What it cannot be true together with", "What cannot be true together with it"),
    ("bearsOn", "What it is evidence for or against", "Evidence for or against it"),
    ("originatesFrom", "What it rests on", "What rests on it"),
    ("repeats", "The same words, told more fully", "Other reports of the same words"),
)
_COLUMNS = ("statement", "date", "speaker", "act", "about", "addressee", "topic", "summary", "quote", "report")

Data = dict[str, Any]


def statements(site: Site, asked: Mapping[str, str]) -> Page:
    """The statements that meet what is asked; raises ``QueryError`` where the offset is no number."""
    scope = Selection(party=asked.get("party", ""), answers=asked.get("answers", ""))
    scopes = [{"field": name, **_known(site, asked[name])} for name in ("party", "answers") if asked.get(name)]
    data = {"scopes": scopes, "list": listing(site, asked, scope)}
    return Page("statements.html", "Statements", data, table=partial(table, site, chosen(asked, scope)))


def statement(site: Site, iri: str, asked: Mapping[str, str]) -> Page:
    """One statement: what it says, where it stands, what it has to do with others; raises ``NotFoundError`` where there is none."""
    row = site.index.statement(iri)
    if row is None:
        raise NotFoundError(f"there is no statement {iri}", "search for it, or begin at the list of statements")
    place = where(site, iri)
    data = {
        "statement": said(row),
        "facts": _facts(site, iri, row),
        "figures": [figure(site, one) for one in site.all(iri, "acc:figure")],
        "assessments": assessments(site, iri),
        "relations": list(_relations(site, row)),
        "source": _source(site, row, place),
        "checked": _checked(site, iri),
        "citation": cited(citations.of_statement(site.graph, iri)),
        "before": _beside(site, place, "<", "DESC"),
        "after": _beside(site, place, ">", "ASC"),
    }
    return Page("statement.html", row.summary or row.quote or "Statement", data, (iri,))


def table(site: Site, selection: Selection, order: Literal["date", "reading"] = "date") -> Table:
    """All statements of a selection; what is manifold is joined by semicolons."""
    return Table(_COLUMNS, [_cells(row) for row in site.index.select(selection, order=order)], base=site.manifest.base)


def _cells(row: StatementRow) -> tuple[Term, ...]:
    texts = (
        row.date,
        row.speaker.label,
        "; ".join(words(act) for act in row.acts),
        "; ".join(one.label for one in row.about),
        "; ".join(one.label for one in row.addressees),
        "; ".join(one.label for one in row.topics),
        row.summary,
        row.quote,
        row.report.label if row.report else "",
    )
    return ox.NamedNode(row.id), *(ox.Literal(text) if text else None for text in texts)


def where(site: Site, iri: str) -> Data:
    """Where a statement stands in its report in reading order: ``report``, ``place``, ``n``, and its ``number`` from 1."""
    (row,) = site.index.execute("SELECT report, place, n FROM statement WHERE iri = ?", (iri,))
    before = "SELECT count(*) FROM statement WHERE report = :report AND (place, n) <= (:place, :n)"
    return {**dict(row), "number": int(site.index.execute(before, dict(row))[0][0])}


def passages(site: Site, iri: str) -> list[Data]:
    """The passages of a statement in reading order; ``compared`` is whether its words stood there when the graph was built."""
    texts = ox.NamedNode(site.manifest.base + TEXTS)
    found = []
    for passage in site.all(iri, "acc:passage"):
        quads = site.store.quads_for_pattern(ox.NamedNode(passage), ox.NamedNode(ACC + "text"), None, texts)
        found.append(
            {
                "id": passage,
                "anchor": _last(passage),
                "start": int(site.one(passage, "acc:start")),
                "end": int(site.one(passage, "acc:end")),
                "digest": site.one(passage, "acc:digest"),
                "compared": next(quads, None) is not None,
            }
        )
    return sorted(found, key=lambda one: (one["start"], one["end"], one["id"]))


def document(site: Site, report: str) -> Data:
    """What is recorded of the document that a report was read from; empty fields where it was only spoken of."""
    names = ("document", "reader", "characters", "digest")
    return {name: site.one(report, f"acc:{name}") for name in names}


def cut(found: Iterable[Segment]) -> list[list[Data]]:
    """The segments as pages hold them, line by line."""
    return [
        [segment._asdict() | {"names": list(segment.names), "begins": list(segment.begins)} for segment in line] for line in lines(found)
    ]


def _known(site: Site, value: str) -> dict[str, str]:
    """What a person asked for, by its name where there is such a thing."""
    return site.thing(value) if site.index.thing(value) or site.index.statement(value) else _plain(value)


def _plain(label: str) -> dict[str, str]:
    return {"id": "", "label": label, "kind": ""}


def _last(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _concept(site: Site, iri: str) -> dict[str, str]:
    return {"id": iri, "label": site.label(iri), "kind": "", "definition": site.one(iri, "skos:definition")}


def _concepts(site: Site, iri: str, property: str) -> list[dict[str, str]]:
    return [_concept(site, value) for value in site.all(iri, property)]


def _facts(site: Site, iri: str, row: StatementRow) -> Data:
    """What the record says of the statement beside its row."""
    report = row.report.id if row.report else ""
    return {
        "capacity": site.things(iri, "acc:capacity"),
        "capacity_as_worded": site.all(iri, "acc:capacityAsWorded"),
        "acts": [_concept(site, ACC + act) | {"label": words(act)} for act in row.acts],
        "said": site.one(iri, "acc:saidOn"),
        "published": site.one(report, "acc:publishedOn") if report else "",
        "mode": _concepts(site, iri, "acc:mode"),
        "certainty": _concepts(site, iri, "acc:certainty"),
        "reporters": site.things(iri, "acc:reporter"),
        "publishers": site.things(report, "acc:publisher") if report else [],
        "updates": [update(site, value) for value in site.all(iri, "acc:inUpdate")],
        "due": site.all(iri, "acc:dueDate"),
        "owed_by": site.things(iri, "acc:owedBy"),
        "notes": site.all(iri, "skos:editorialNote"),
    }


def update(site: Site, iri: str) -> Data:
    """An update of a live page: its heading, and when it was posted."""
    posted = site.one(iri, "acc:postedAt")
    return {"id": iri, "label": site.one(iri, "acc:heading") or _last(iri), "kind": "", "posted": posted, "time": posted[11:16]}


def _relations(site: Site, row: StatementRow) -> Iterable[Data]:
    """What it says of others and what others say of it, way by way, where there is anything."""
    spoken_of = {row.id, *(other for relation, other in row.answers if relation == "repeats")}
    found = site.index.execute(
        "SELECT DISTINCT role FROM link WHERE role IN (SELECT value FROM json_each(?)) AND value IN (SELECT value FROM json_each(?))",
        (json.dumps([role for role, _, _ in _RELATIONS]), json.dumps(list(spoken_of))),
    )
    answered = {role for (role,) in found}
    for role, outward, inward in _RELATIONS:
        targets = [other for relation, other in row.answers if relation == role]
        told = [site.index.statement(other) for other in targets]
        if targets:
            things = [site.thing(other) for other, one in zip(targets, told, strict=True) if one is None]
            yield _relation(role, outward, things, [one for one in told if one], len(targets))
        if role not in answered:
            continue
        wanted = [row.id, *targets] if role == "repeats" else [row.id]
        rows, total = linked(site, (role,), wanted, but=row.id)
        rest = [one for one in rows if one.id not in targets]  # who repeats the same, or contradicts, is named once
        if rest:
            yield _relation(role, inward, [], rest, total - len(rows) + len(rest))


def _relation(role: str, label: str, things: list[dict[str, str]], rows: Iterable[StatementRow], total: int) -> Data:
    return {"relation": role, "label": label, "things": things, "statements": [said(row) for row in rows], "total": total}


def linked(
    site: Site, roles: Iterable[str], values: Iterable[str], *, but: str, again: bool = True, limit: int = RELATED
) -> tuple[list[StatementRow], int]:
    """The statements that have one of the values in one of the roles, the earliest first, and how many there are.

    The statement, or the statements of the report, ``but`` are left out; without ``again`` those told again are, too.
    """
    chosen = """FROM statement WHERE iri <> :but AND report <> :but AND repeats <= :again AND n IN (SELECT statement FROM link
      WHERE role IN (SELECT value FROM json_each(:roles)) AND value IN (SELECT value FROM json_each(:values)))"""
    asked = {"but": but, "again": again, "roles": json.dumps(list(roles)), "values": json.dumps(list(values)), "limit": limit}
    rows = site.index.execute(f"SELECT row {chosen} ORDER BY n LIMIT :limit", asked)
    total = len(rows) if len(rows) < limit else int(site.index.execute(f"SELECT count(*) {chosen}", asked)[0][0])
    return [from_json(row["row"]) for row in rows], total


def _source(site: Site, row: StatementRow, place: Data) -> Data:
    """The passages, and, where the document is at hand, what stands there and around them."""
    found = passages(site, row.id)
    report = row.report.id if row.report else ""
    text = site.document(report) if report else None
    return {
        "report": thing(row.report),
        "number": place["number"],
        "offset": str((place["number"] - 1) // BESIDE * BESIDE or "") if site.live else "",
        "document": document(site, report) if report else {},
        "passages": found,
        "at_hand": text is not None,
        "excerpts": _excerpts(text, found, row.quote) if text is not None else [],
    }


def _excerpts(text: str, found: Iterable[Data], quote: str) -> list[Data]:
    """What stands at and around the passages; the words that are quoted are a passage in the passage, called ``quote``."""
    spots = [Spot(one["start"], one["end"], one["anchor"]) for one in found]
    places = ((text.find(quote, spot.start, spot.end) if quote else -1) for spot in spots)
    quotes = [Spot(place, place + len(quote), "quote") for place in places if place >= 0]
    shown = excerpts(text, spots)
    return [
        {
            "start": low,
            "end": high,
            "cut_before": low > 0 and text[low - 1] != "\n",
            "cut_after": high < len(text) and text[high] != "\n",
            "lines": cut(segments(text, [*spots, *quotes[:1]], low, high)),
        }
        for low, high in shown
    ]


def _checked(site: Site, iri: str) -> Data:
    """Who recorded the statement, in which graph it stands, and in which build."""
    quads = site.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(ACC + "speaker"), None, None)
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    curators = site.objects(site.case, "dcterms:creator")
    return {
        "curators": [site.thing(one.value) if isinstance(one, ox.NamedNode) else _plain(one.value) for one in curators],
        "graphs": sorted(graphs),
        "build": site.manifest.digest,
        "case": site.manifest.case,
        "licence": site.one(site.case, "dcterms:license"),
    }


def _beside(site: Site, place: Data, compare: str, direction: str) -> dict[str, str]:
    """The statement before or after it in the reading order of its report."""
    beside = f"SELECT iri FROM statement WHERE report = :report AND (place, n) {compare} (:place, :n)"  # noqa: S608 - an operator
    order = f"ORDER BY place {direction}, n {direction} LIMIT 1"
    found = site.index.execute(f"{beside} {order}", {name: place[name] for name in ("report", "place", "n")})
    return site.thing(found[0]["iri"]) if found else {}
