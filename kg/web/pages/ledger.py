"""Ledger: what was recommended, promised and demanded, who owes it, and what was said of it since."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from kg.errors import QueryError
from kg.index import Index, from_json
from kg.table import Table
from kg.vocabulary import ACC
from kg.web import svg
from kg.web.listing import choices, paging
from kg.web.page import Page, said, when, words
from kg.web.parts import assessments
from kg.web.site import Site

#: How many entries a live page shows at once.
ENTRIES = 50
#: The acts that somebody owes something by.
ACTS = ("Commitment", "Recommendation", "Demand")
#: On whose word an assessment rests; the latest of each stands apart.
BASES = ("self-reported", "independent")
#: How many owners and reports a filter offers.
_OFFERED = 100
_COLUMNS = (
    "owner", "act", "summary", "speaker", "date", "due", "overdue", "self_reported", "self_reported_on", "independent", "independent_on",
    "without_answer", "accepted_by", "disputed_by", "report", "statement",
)  # fmt: skip
_ITEMS = """
SELECT statement.n, iri, report, group_concat(DISTINCT act.value) AS acts,
  (SELECT json_group_array(value) FROM link WHERE role = 'owedBy' AND statement = act.statement) AS owners
FROM link AS act JOIN statement ON statement.n = act.statement
WHERE role = 'act' AND act.value IN ('Commitment', 'Recommendation', 'Demand') AND repeats = 0 GROUP BY 1 ORDER BY 1"""
_SINCE = """
SELECT role, value, row FROM link CROSS JOIN statement ON statement.n = link.statement
WHERE role IN ('accepts', 'disputes', 'bearsOn') AND value IN (SELECT value FROM json_each(?)) AND (repeats = 0 OR role = 'bearsOn')
ORDER BY statement.n"""


class Entry(NamedTuple):
    """One commitment, recommendation or demand, as far as lists are narrowed and counted by it.

    ``latest`` holds the name of the status that the latest assessment of each basis gives; ``answered`` is whether there is any
    assessment, or a statement that bears on it.
    """

    n: int
    id: str
    report: str
    acts: tuple[str, ...]
    owners: tuple[str, ...]
    due: str
    overdue: bool
    latest: dict[str, str]
    answered: bool


class Ledger(NamedTuple):
    """All entries in the order of dates; ``as_of`` is the latest date of a statement, which decides what is overdue."""

    as_of: str
    entries: list[Entry]


_LEDGERS: WeakKeyDictionary[Index, Ledger] = WeakKeyDictionary()


def ledger(site: Site, asked: Mapping[str, str]) -> Page:
    """The entries by owner, the one who owes most first.

    ``owner``, ``act``, ``status``, ``report`` and ``show`` (``overdue``, ``unanswered``) narrow them, ``offset`` is the first.

    Raises ``QueryError`` where ``show`` is anything else, and as ``paging`` does.
    """
    if asked.get("show", "") not in ("", "overdue", "unanswered"):
        raise QueryError(f"the ledger cannot show `{asked['show']}`", "choose overdue or unanswered")
    whole = read(site)
    found = [entry for entry in whole.entries if _fits(entry, asked)]
    owed = _by_owner(site, found, asked.get("owner", ""))
    part = paging(site, asked, len(owed), live=ENTRIES)
    shown = owed[part["offset"] : part["offset"] + part["limit"]]
    told = _told(site, {entry.id: entry for _, entry in shown}.values())
    counts = Counter(owner for owner, _ in owed)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for owner, entry in shown:
        groups[owner].append(told[entry.id])
    owners = [
        {"owner": site.thing(owner) if owner else {}, "count": counts[owner], "entries": entries} for owner, entries in groups.items()
    ]
    data = {
        "as_of": whole.as_of,
        "counts": _counts(found) | {"all": len(whole.entries)},
        "owners": owners,
        "facets": _facets(site, whole.as_of, found) if site.live else {},
        "paging": part,
    }
    about = (*told, *(one["id"] for entry in told.values() for one in entry["history"]))
    return Page("ledger.html", "Ledger", data, about=about, table=partial(_table, site, owners))


def _counts(found: list[Entry]) -> dict[str, Any]:
    return {
        "entries": len(found),
        "acts": {act: sum(act in entry.acts for entry in found) for act in ACTS},
        "overdue": sum(entry.overdue for entry in found),
        "unanswered": sum(not entry.answered for entry in found),
    }


def read(site: Site) -> Ledger:
    """All entries of a build, read once for each index."""
    if site.index not in _LEDGERS:
        as_of = site.index.execute("SELECT max(date) AS latest FROM statement")[0]["latest"] or ""
        due = dict(sorted(_pairs(site, "dueDate"), reverse=True))  # of several the first
        latest = _latest(site)
        borne = {row["value"] for row in site.index.execute("SELECT DISTINCT value FROM link WHERE role = 'bearsOn'")}
        entries = [
            Entry(row["n"], row["iri"], row["report"], tuple(act for act in ACTS if act in row["acts"].split(",")),
                  tuple(json.loads(row["owners"])), due.get(row["iri"], ""), _overdue(due.get(row["iri"], ""), as_of, latest[row["iri"]]),
                  latest[row["iri"]], bool(latest[row["iri"]]) or row["iri"] in borne)
            for row in site.index.execute(_ITEMS)
        ]  # fmt: skip
        _LEDGERS[site.index] = Ledger(as_of, entries)
    return _LEDGERS[site.index]


def _pairs(site: Site, property: str) -> Iterable[tuple[str, str]]:
    """Each subject of a property with a value, as text."""
    for quad in site.store.quads_for_pattern(None, ox.NamedNode(ACC + property), None, None):
        yield quad.subject.value, quad.object.value  # type: ignore[union-attr]


def _latest(site: Site) -> dict[str, dict[str, str]]:
    """By statement and basis, the status of the latest assessment; of several of that date, of the one that sorts last."""
    status, basis, on = dict(_pairs(site, "status")), dict(_pairs(site, "basis")), dict(_pairs(site, "date"))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for assessment, statement in sorted(set(_pairs(site, "assesses")), key=lambda pair: (on.get(pair[0], ""), pair[0])):
        found[statement][_last(basis.get(assessment, ""))] = _last(status.get(assessment, ""))
    return found


def _last(iri: str) -> str:
    return iri.rpartition("#")[2]


def _overdue(due: str, as_of: str, latest: Mapping[str, str]) -> bool:
    """Whether the whole of the due day, month or year lies before the date, and no independent assessment says that it was met."""
    end, now = svg.span(due), svg.span(as_of)
    return bool(end and now and end[1] < now[0]) and latest.get("independent") != "met"


def _fits(entry: Entry, asked: Mapping[str, str]) -> bool:
    show = asked.get("show", "")
    return (
        (not asked.get("owner") or asked["owner"] in entry.owners)
        and (not asked.get("act") or asked["act"] in entry.acts)
        and (not asked.get("report") or asked["report"] == entry.report)
        and (not asked.get("status") or asked["status"] in entry.latest.values())
        and (show != "overdue" or entry.overdue)
        and (show != "unanswered" or not entry.answered)
    )


def _by_owner(site: Site, found: list[Entry], owner: str) -> list[tuple[str, Entry]]:
    """Each entry with its owner, under each of them where there are several; those that nobody owes come last."""
    pairs = [(one, entry) for entry in found for one in ((owner,) if owner else entry.owners or ("",))]
    counts = Counter(one for one, _ in pairs)
    return sorted(pairs, key=lambda pair: (not pair[0], -counts[pair[0]], pair[0], pair[1].n))


def _told(site: Site, entries: Collection[Entry]) -> dict[str, dict[str, Any]]:
    """The entries as pages hold them, with what was said of them since."""
    histories = {entry.id: assessments(site, entry.id) for entry in entries}
    rows = _statements(site, histories.keys())
    since: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in site.index.execute(_SINCE, (json.dumps(list(histories)),)):
        since[row["role"], row["value"]].append(said(from_json(row["row"])))
    return {
        entry.id: {
            **rows[entry.id],
            "kinds": list(entry.acts),
            "due": entry.due,
            "overdue": entry.overdue,
            "answered": entry.answered,
            "now": {basis: next((one for one in reversed(histories[entry.id]) if one["basis"] == basis), {}) for basis in BASES},
            "history": histories[entry.id],
            "bearing": since["bearsOn", entry.id],
            "accepted": since["accepts", entry.id],
            "disputed": since["disputes", entry.id],
        }
        for entry in entries
    }


def _statements(site: Site, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    sql = "SELECT iri, row FROM statement WHERE iri IN (SELECT value FROM json_each(?))"
    return {row["iri"]: said(from_json(row["row"])) for row in site.index.execute(sql, (json.dumps(sorted(ids)),))}


def _facets(site: Site, as_of: str, found: list[Entry]) -> dict[str, list[dict[str, Any]]]:
    """What the filters offer: the values among the entries that are found, each with how many have it."""
    counted = _counts(found)
    shows = {"overdue": f"overdue on {when(as_of)}", "unanswered": "without answer"}
    offered: dict[str, tuple[Counter[str], Callable[[str], str]]] = {
        "owner": (Counter(owner for entry in found for owner in entry.owners), site.label),
        "act": (Counter(act for entry in found for act in entry.acts), words),
        "status": (Counter(status for entry in found for status in set(entry.latest.values())), _spaced),
        "report": (Counter(entry.report for entry in found), site.label),
        "show": (Counter({show: counted[show] for show in shows}), lambda show: shows[show]),
    }
    return {name: choices(_most(counter)[:_OFFERED], label) for name, (counter, label) in offered.items()}


def _spaced(name: str) -> str:
    return name.replace("-", " ")


def _most(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(((value, count) for value, count in counter.items() if value and count), key=lambda pair: (-pair[1], pair[0]))


def _table(site: Site, owners: list[dict[str, Any]]) -> Table:
    """What is shown, as rows: one for each owner of each entry."""
    rows = [tuple(ox.Literal(text) for text in _cells(group["owner"], entry)) for group in owners for entry in group["entries"]]
    return Table(_COLUMNS, rows, base=site.manifest.base)


def _cells(owner: Mapping[str, str], entry: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a row, in the order of the columns."""
    yield from (owner.get("label", ""), "; ".join(entry["kinds"]), entry["summary"], entry["speaker"]["label"], entry["date"])
    yield from (entry["due"], "yes" if entry["overdue"] else "no")
    for basis in BASES:
        yield from (entry["now"][basis].get("status", ""), entry["now"][basis].get("date", ""))
    yield from ("no" if entry["answered"] else "yes", _who(entry["accepted"]), _who(entry["disputed"]))
    yield from (entry["report"].get("label", ""), entry["id"])


def _who(statements: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(dict.fromkeys(one["speaker"]["label"] for one in statements))
