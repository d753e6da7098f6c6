"""Home: what the case is, ways into it, and how to read what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg import queries
from kg.index import Selection
from kg.web.listing import read
from kg.web.page import Page, said
from kg.web.site import Site

#: The list that a count leads to; what has none there is counted without a link.
COUNTS = {
    "statements": "statement",
    "reports read": "report",
    "persons": "person",
    "institutions": "institution",
    "groups": "group",
    "topics": "topic",
    "events": "event",
    "figures": "figures",
    "commitments": "ledger",
    "recommendations": "ledger",
    "demands": "ledger",
}
#: Questions to begin with.
QUESTIONS = ("most-criticised", "everything-said", "answers-to-report", "contradictions", "figure-versions", "unanswered")
_LATEST, _MOST, _REPORTS = 6, 8, 12
_ACTORS = """SELECT iri, label, kind, {0} AS count FROM thing WHERE kind IN ('person', 'institution', 'group') AND {0}
  ORDER BY {0} DESC, label LIMIT ?"""


def home(site: Site, asked: Mapping[str, str]) -> Page:
    """The first page of the site."""
    counts = site.manifest.counts
    data = {
        "description": site.description,
        "counts": [{"name": name, "count": counts[name], "path": path} for name, path in COUNTS.items() if counts.get(name)],
        "speakers": _actors(site, "said"),
        "spoken_of": _actors(site, "about"),
        "reports": _reports(site),
        "latest": [said(row) for row in site.index.select(Selection(repeats=False), order="latest", limit=_LATEST)],
        "questions": [{"name": name, "question": queries.find(name).question} for name in QUESTIONS],
    }
    return Page("home.html", site.manifest.title, data, about=(site.case,))


def _actors(site: Site, column: str) -> list[dict[str, Any]]:
    """The actors with the highest number in a column of the index."""
    rows = site.index.execute(_ACTORS.format(column), (_MOST,))
    return [{"id": row["iri"], "label": row["label"], "kind": row["kind"], "count": row["count"]} for row in rows]


def _reports(site: Site) -> dict[str, Any]:
    """The reports from which statements were read, by date: the latest of them in the order in which they came out."""
    dated = sorted((site.one(report, "acc:publishedOn"), report, count) for report, count in read(site).items())
    last = dated[-_REPORTS:]
    return {"count": len(dated), "last": [{**site.thing(iri), "date": date, "count": count} for date, iri, count in last]}
