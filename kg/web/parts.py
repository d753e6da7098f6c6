"""Parts of things as pages show them: the tenures of posts, the figures of statements, their assessments, and how to cite."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from kg.citations import Citation
from kg.vocabulary import ACC, SKOS
from kg.web.page import thing, when
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
    """A figure: its number as one reads it with its unit, how the document words it, of whom, and when it held.

    ``from`` and ``to`` are as precise as they are known; ``whole`` is the figure that it is a part of.
    """
    quads = sorted(site.store.quads_for_pattern(ox.NamedNode(figure), None, None, None), key=str, reverse=True)
    facts = {quad.predicate.value.removeprefix(ACC): quad.object.value for quad in quads}  # type: ignore[union-attr]
    value, low, high = (facts.get(name, "") for name in ("value", "minValue", "maxValue"))
    qualifier = site.label(facts["qualifier"]) if "qualifier" in facts else ""
    return {
        "id": figure,
        "measure": site.thing(facts["measure"]) if "measure" in facts else {},
        "worded": facts.get("asWorded", ""),
        "number": number(value, low, high, qualifier),
        "value": value,
        "minimum": low,
        "maximum": high,
        "unit": site.label(facts["unit"]) if "unit" in facts else "",
        "qualifier": qualifier,
        "population": facts.get("population", ""),
        "period": facts.get("period", ""),
        "from": facts.get("date") or facts.get("startDate", ""),
        "to": facts.get("date") or facts.get("endDate", ""),
        "whole": piece(site, facts["partOf"]) if "partOf" in facts else {},
        "note": facts.get(SKOS + "editorialNote", ""),
    }


def piece(site: Site, figure: str) -> dict[str, str]:
    """The figure that another is a part of, or a part of it: where it stands, its words, and what it measures."""
    stands = figure if "#" in figure else next(iter(site.subjects("acc:figure", figure)), figure)
    worded = site.one(figure, "acc:asWorded") or site.one(figure, "acc:value")
    return {"id": stands, "label": worded, "kind": "", "measure": site.label(site.one(figure, "acc:measure"))}


def number(value: str, low: str, high: str, qualifier: str = "") -> str:
    """A number or a range as one reads it, with how exact it is.

    >>> number("24000.50", "", "", "nearly"), number("", "40000", "45000"), number("", "3", "")
    ('nearly 24,000.5', '40,000–45,000', 'at least 3')
    """
    bound = "" if value or (low and high) else "at least" if low else "at most" if high else ""
    return f"{qualifier or bound} {thousands(value) or '–'.join(filter(None, map(thousands, (low, high))))}".strip()


def thousands(text: str) -> str:
    """The decimal with marks between its thousands, without zeros that say nothing; a text that is none stays as it is."""
    try:
        plain = f"{Decimal(text):,f}"
    except ArithmeticError:
        return text
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def assessments(site: Site, statement: str) -> list[dict[str, Any]]:
    """What was held to have become of a statement, in the order of dates: the status, on what basis, who says so, on what evidence."""
    found = [
        {
            "id": assessment,
            "date": site.one(assessment, "acc:date"),
            "status": _names(site, assessment, "acc:status"),
            "basis": _names(site, assessment, "acc:basis"),
            "assessors": site.things(assessment, "acc:assessor"),
            "evidence": [_evidence(site, iri) for iri in site.all(assessment, "acc:evidence")],
            "note": site.one(assessment, "skos:editorialNote"),
        }
        for assessment in site.subjects("acc:assesses", statement)
    ]
    return sorted(found, key=lambda one: (one["date"], one["id"]))


def _names(site: Site, iri: str, property: str) -> str:
    return ", ".join(one["label"] for one in site.things(iri, property))


def cited(citation: Citation) -> dict[str, str]:
    """A citation as pages hold it."""
    return {"text": citation.text, "bibtex": citation.bibtex, "csl_json": citation.csl_json}


def _evidence(site: Site, iri: str) -> dict[str, Any]:
    """What an assessment rests on: a statement with its speaker and date, or a report."""
    row = site.index.statement(iri)
    return site.thing(iri) | ({"date": row.date, "speaker": thing(row.speaker)} if row else {})
