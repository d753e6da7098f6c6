"""A person, an institution or a group: who it is, what it said, what was said about it, and how it stands to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.errors import NotFoundError
from kg.index import Selection, ThingRow
from kg.web.ego import ego
from kg.web.listing import lists
from kg.web.page import Page
from kg.web.parts import belonging, figure, held, tenures
from kg.web.site import Site

#: The edges between actors that rules derive (``ontology/rules/edges-*.rq``): the acts they rest on, and the role of the other.
RELATIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "criticises": (("Criticism",), "about"),
    "supports": (("Support",), "about"),
    "apologisesTo": (("Apology",), "addressee"),
    "callsOn": (("Demand", "Recommendation"), "addressee"),
    "promises": (("Commitment",), "addressee"),
}
#: How many others a relation names, how many figures, wordings and reports a page shows, and in how many statements it looks for them.
_OTHERS, _FIGURES, _WORDINGS, _REPORTS, _STATEMENTS = 6, 12, 40, 20, 300

_CASES = [(act, relation, role) for relation, (acts, role) in RELATIONS.items() for act in acts]
_RELATION = "CASE act.value " + " ".join(f"WHEN '{act}' THEN '{relation}'" for act, relation, _ in _CASES) + " END"
_ROLE = "CASE act.value " + " ".join(f"WHEN '{act}' THEN '{role}'" for act, _, role in _CASES) + " END"
_ACTS = ", ".join(f"'{act}'" for act, *_ in _CASES)
_RELATED = f"""SELECT {_RELATION} AS relation, iri, label, kind,
    count(DISTINCT own.statement) AS count, group_concat(DISTINCT act.value) AS acts
  FROM link AS own
  CROSS JOIN link AS act ON act.statement = own.statement AND act.role = 'act' AND act.value IN ({_ACTS})
  CROSS JOIN link AS other ON other.statement = own.statement AND other.role = {{other}} AND other.value <> own.value
  CROSS JOIN thing ON iri = other.value AND kind IN ('person', 'institution', 'group', 'report')
  WHERE own.value = :iri AND own.role IN ('speaker', 'about', 'addressee') AND own.role = {{own}}
    AND NOT EXISTS (SELECT 1 FROM statement WHERE n = own.statement AND repeats)
  GROUP BY 1, 2 ORDER BY count DESC, label, iri"""  # noqa: S608 - our own words
_OUT, _IN = _RELATED.format(own="'speaker'", other=_ROLE), _RELATED.format(own=_ROLE, other="'speaker'")
_OWED = """SELECT count(*) AS count FROM link CROSS JOIN statement ON n = statement WHERE role = 'owedBy' AND value = ? AND NOT repeats
  AND EXISTS (SELECT 1 FROM link AS act WHERE act.statement = n AND act.role = 'act'
    AND act.value IN ('Commitment', 'Recommendation', 'Demand'))"""
_LAST = """SELECT iri, date FROM link CROSS JOIN statement ON n = statement
  WHERE role = 'speaker' AND value = ? AND NOT repeats ORDER BY n DESC LIMIT ?"""


def actor(site: Site, iri: str, asked: Mapping[str, str]) -> Page:
    """The page of an actor; raises ``NotFoundError`` where there is none with this IRI, ``QueryError`` as ``lists`` does."""
    row = site.index.thing(iri)
    if row is None:
        raise NotFoundError(f"there is nobody at {iri}", "search for a name")
    scopes = {"by": Selection(speaker=iri), "about": Selection(about=iri), "to": Selection(addressee=iri)}
    last = [(one["iri"], one["date"]) for one in site.index.execute(_LAST, (iri, _STATEMENTS))]
    data = {
        "thing": site.thing(iri),
        **_who(site, row),
        "tenures": tenures(site, iri),
        "body": _body(site, iri) if row.kind == "institution" else None,
        "owes": int(site.index.execute(_OWED, (iri,))[0]["count"]),
        "relations": _relations(site, iri),
        "ego": ego(site, iri),
        "last": len(last),
        "figures": _figures(site, last),
        "worded": _worded(site, last),
        "lists": lists(site, asked, scopes),
    }
    return Page("actor.html", row.label, data, about=(iri,))


def _who(site: Site, row: ThingRow) -> dict[str, Any]:
    """What is recorded of an actor: nothing is guessed, so a gender or a title is there only if a record has it."""
    same = [site.thing(iri) | {"label": iri} for name in ("skos:exactMatch", "owl:sameAs") for iri in site.all(row.iri, name)]
    made = {name: site.subjects(f"acc:{name}", row.iri) for name in ("author", "publisher")}
    return {
        "class": row.cls,
        "aliases": list(row.aliases),
        "note": row.note,
        "remark": site.one(row.iri, "skos:editorialNote"),
        "honorific": site.one(row.iri, "acc:honorific"),
        "gender": site.one(row.iri, "acc:gender"),
        "same": same,
        "sources": site.things(row.iri, "acc:source"),
        "reports": {name: {"first": [site.thing(iri) for iri in iris[:_REPORTS]], "count": len(iris)} for name, iris in made.items()},
        "events": [site.thing(iri) for iri in site.subjects("acc:participant", row.iri)],
    }


def _body(site: Site, iri: str) -> dict[str, Any]:
    """How an institution is made up: what it is a unit of, its units, its posts with those who held them, and who else belonged."""
    posts = sorted((site.thing(post) for post in site.all(iri, "acc:hasPost")), key=lambda post: post["label"].casefold())
    return {
        "whole": site.things(iri, "acc:unitOf"),
        "units": [site.thing(unit) for unit in site.subjects("acc:unitOf", iri)],
        "posts": [{**post, "held": held(site, post["id"])} for post in posts],
        "others": belonging(site, iri),
    }


def _relations(site: Site, iri: str) -> list[dict[str, Any]]:
    """The derived edges in both directions, each with the others of most statements and how many more there are."""
    found = []
    for direction, sql in (("out", _OUT), ("in", _IN)):
        rows = site.index.execute(sql, {"iri": iri})
        for relation, (_, role) in RELATIONS.items():
            others = [row for row in rows if row["relation"] == relation]
            first = [
                {
                    "id": row["iri"],
                    "label": row["label"],
                    "kind": row["kind"],
                    "count": row["count"],
                    "acts": sorted(row["acts"].split(",")),
                }
                for row in others[:_OTHERS]
            ]
            if first:
                found.append(
                    {"relation": relation, "direction": direction, "role": role, "others": first, "more": len(others) - len(first)}
                )
    return found


def _figures(site: Site, last: list[tuple[str, str]]) -> dict[str, Any]:
    """The figures given in the last statements, the latest first, and how many they are."""
    given = [(date, statement, one) for statement, date in last for one in site.all(statement, "acc:figure")]
    first = [{**figure(site, one), "said": date, "statement": statement} for date, statement, one in given[:_FIGURES]]
    return {"first": first, "count": len(given)}


def _worded(site: Site, last: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """How the last statements' documents describe the speaker, and the post held then: each wording with its first and last date."""
    found: dict[tuple[str, str], list[str]] = {}
    for statement, date in last:
        for wording in site.all(statement, "acc:capacityAsWorded"):
            found.setdefault((wording, site.one(statement, "acc:capacity")), []).append(date)
    most = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:_WORDINGS]
    return [
        {
            "worded": wording,
            "post": site.thing(post) if post else {},
            "count": len(dates),
            "first": min(filter(None, dates), default=""),
            "last": max(dates),
        }
        for (wording, post), dates in sorted(most, key=lambda pair: (min(filter(None, pair[1]), default="9999"), pair[0]))
    ]
