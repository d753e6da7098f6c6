"""Parts of things as pages show them: the tenures of posts, and the figures of statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.web.page import when
from kg.web.site import Site


def tenures(site: Site, actor: str) -> list[dict[str, Any]]:
    """The tenures of an actor, the latest first."""
    return _latest(_tenure(site, actor, tenure) for tenure in site.all(actor, "acc:tenure"))


def held(site: Site, post: str) -> list[dict[str, Any]]:
    """The tenures of a post, the latest first."""
    return _latest(_tenure(site, actor, one) for one in site.subjects("acc:post", post) for actor in site.subjects("acc:tenure", one))


def belonging(site: Site, institution: str) -> list[dict[str, Any]]:
    """The tenures in an institution that are of no post there, the latest first."""
    found = [one for one in site.subjects("acc:organization", institution) if not site.one(one, "acc:post")]
    return _latest(_tenure(site, actor, one) for one in found for actor in site.subjects("acc:tenure", one))


def _tenure(site: Site, actor: str, tenure: str) -> dict[str, Any]:
    start, end, over = (site.one(tenure, name) for name in ("acc:startDate", "acc:endDate", "acc:endedBy"))
    attested = site.all(tenure, "acc:attestedOn")
    post, organization = site.one(tenure, "acc:post"), site.one(tenure, "acc:organization")
    return {
        "id": tenure,
        "holder": site.thing(actor),
        "post": site.thing(post) if post else {},
        "organization": site.thing(organization) if organization else {},
        "start": start,
        "end": end,
        "ended_by": over,
        "attested": attested,
        "when": span(start, end, over, attested),
        "note": site.one(tenure, "skos:editorialNote"),
        "sources": site.things(tenure, "acc:source"),
    }


def _latest(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The latest first: what has begun and is not known to have ended, then by the last date that is known."""

    def last(tenure: dict[str, Any]) -> tuple[str, str]:
        ended = tenure["end"] or tenure["ended_by"]
        known = ended or max(tenure["attested"], default="")
        return ("9999" if tenure["start"] and not ended else known, known or tenure["start"])

    return sorted(found, key=last, reverse=True)


def span(start: str, end: str, ended_by: str, attested: list[str]) -> str:
    """When a tenure was, in words that say no more than is known.

    >>> span("2022-09", "", "", ["2022-10-18", "2025-10"])
    'from September 2022, attested until October 2025'
    >>> span("", "", "2011", ["2009"]), span("2014", "2018", "", []), span("", "", "", ["2025-10-02"])
    ('attested 2009, over by 2011', '2014 to 2018', 'attested 2 October 2025')
    """
    if start and end:
        return f"{when(start)} to {when(end)}"
    first, last = min(attested, default=""), max(attested, default="")
    said = [f"from {when(start)}"] if start else []
    if last and not (start and ended_by):
        said.append(f"attested until {when(last)}" if start else f"attested {when(first)}" + (f" to {when(last)}" if last != first else ""))
    if end or ended_by:
        said.append(f"until {when(end)}" if end else f"over by {when(ended_by)}")
    return ", ".join(said) or "no date is known"


def figure(site: Site, figure: str) -> dict[str, Any]:
    """A figure: how the document words it, the number or range with its unit, of whom, and when it held."""
    unit, measure = site.one(figure, "acc:unit"), site.one(figure, "acc:measure")
    return {
        "id": figure,
        "measure": site.thing(measure) if measure else {},
        "worded": site.one(figure, "acc:asWorded"),
        "value": site.one(figure, "acc:value") or _range(site.one(figure, "acc:minValue"), site.one(figure, "acc:maxValue")),
        "unit": site.label(unit) if unit else "",
        "population": site.one(figure, "acc:population"),
        "period": site.one(figure, "acc:period"),
        "date": site.one(figure, "acc:date") or site.one(figure, "acc:endDate"),
    }


def _range(least: str, most: str) -> str:
    if least and most:
        return f"{least} to {most}"
    return f"at least {least}" if least else f"at most {most}" if most else ""
