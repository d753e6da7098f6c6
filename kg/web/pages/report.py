"""A report: what it is, its statements in reading order beside its text, and who reacted to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from kg import citations
from kg.errors import NotFoundError
from kg.index import Selection
from kg.network import StatementRow
from kg.vocabulary import ACC
from kg.web.highlight import Spot, excerpts, segments
from kg.web.listing import choices, paging
from kg.web.page import Page, said, thing, words
from kg.web.pages.statement import BESIDE, RELATED, cut, document, linked, table, update
from kg.web.parts import cited
from kg.web.site import Site

#: So many code points around a passage are shown; where more than twice as many have no passage, some are left out.
_AROUND = (5_000, 6_000)
#: A passage is recorded where its statement is; naming one graph for both halves the time.
_PASSAGES = f"""PREFIX acc: <{ACC}>
SELECT ?statement ?start ?end {{{{
  GRAPH ?graph {{{{ ?statement acc:reportedIn {{report}} ; acc:passage ?passage . ?passage acc:start ?start ; acc:end ?end }}}} }}}}"""
#: By how many speakers a list can be narrowed, those who say most first.
_CHOICES = 200
_REACTIONS = ("respondsTo", "accepts", "disputes")
#: How many reactions a page names.
_REACTED = 200

Data = dict[str, Any]


def report(site: Site, iri: str, asked: Mapping[str, str]) -> Page:
    """A report, read or only spoken of; its statements are narrowed by ``speaker`` and ``act``.

    Raises ``NotFoundError`` where there is none, ``QueryError`` where the offset is no number.
    """
    row = site.index.thing(iri)
    if row is None:
        raise NotFoundError(f"there is no report {iri}", "search for it, or begin at the list of reports")
    selection = Selection(report=iri, speaker=asked.get("speaker", ""), act=asked.get("act", ""))
    order = _reading(site, iri)
    part = paging(site, asked, site.index.count(selection), live=BESIDE)
    rows = site.index.select(selection, order="reading", offset=part["offset"], limit=part["limit"] + 1)
    rows, after = rows[: part["limit"]], rows[part["limit"] :]
    facets = site.index.facets(Selection(report=iri))
    updates = _updates(site, iri)
    text = site.document(iri)
    data = {
        "report": {"id": iri, "label": row.label, "kind": row.kind, "cls": row.cls, "aliases": list(row.aliases)},
        "facts": _facts(site, iri),
        "document": document(site, iri),
        "told": len(order),
        "again": len(order) - site.index.count(Selection(report=iri, repeats=False)),
        "kinds": {name: len(facets[name]) for name in ("speaker", "act")},
        "facets": {name: choices(facets[name][:_CHOICES], label) for name, label in (("speaker", site.label), ("act", words))},
        "paging": part,
        "groups": _groups(rows, order, updates),
        "at_hand": text is not None,
        "text": [],
        "beyond": {},
        "citation": cited(citations.of_report(site.graph, iri)),
        **_others(site, iri, list(order)),
    }
    if text is not None:
        wanted = {one.id for one in site.index.select(selection)} if len(order) > part["total"] else set(order)
        spots = list(_spots(site, iri, order, wanted))
        places = [order[one.id] for one in rows]
        window = _window(text, spots, places, part["offset"] == 0, order[after[0].id][1] if after else None)
        data["text"] = pieces(text, spots, {str(number) for number, _ in places}, window, updates)
        data["beyond"] = _beyond(data["text"], order, places)
    return Page("report.html", row.label, data, (iri, *order), partial(table, site, selection, "reading"))


def _reading(site: Site, iri: str) -> dict[str, tuple[int, int]]:
    """The statements of a report in reading order: the number of each, from 1, and where it begins."""
    rows = site.index.execute("SELECT iri, place FROM statement WHERE report = ? ORDER BY place, n", (iri,))
    return {row["iri"]: (number, row["place"]) for number, row in enumerate(rows, 1)}


def _facts(site: Site, iri: str) -> Data:
    """What the records say of the report."""
    things = ("publisher", "author", "addressee", "about", "respondsTo", "cites", "source")
    return {
        **{name: site.things(iri, f"acc:{name}") for name in things},
        "cited_by": [site.thing(other) for other in site.subjects("acc:cites", iri)],
        "published": site.one(iri, "acc:publishedOn"),
        "notes": site.all(iri, "skos:editorialNote"),
        "links": sorted({*site.all(iri, "skos:exactMatch"), *site.all(iri, "owl:sameAs")}),
    }


def _updates(site: Site, iri: str) -> list[Data]:
    """The updates of a live page in the order of its text."""
    live = site.all(iri, "acc:liveUpdate")
    found = [{**update(site, one), "anchor": one.rpartition("/")[2], "start": int(site.one(one, "acc:start") or 0)} for one in live]
    return sorted(found, key=lambda one: (one["start"], one["id"]))


def _groups(rows: Iterable[StatementRow], order: Mapping[str, tuple[int, int]], updates: list[Data]) -> list[Data]:
    """The statements in reading order, one group for each update of a live page, else one group."""
    starts = [one["start"] for one in updates]
    groups: list[Data] = []
    for row in rows:
        number, place = order[row.id]
        at = bisect_right(starts, place) - 1
        if not groups or groups[-1]["at"] != at:
            groups.append({"at": at, "live": updates[at] if at >= 0 else {}, "statements": []})
        groups[-1]["statements"].append({**said(row), "report": {}, "number": number, "place": place})
    return groups


def pieces(text: str, spots: Iterable[Spot], listed: Collection[str], window: tuple[int, int], updates: Iterable[Data]) -> list[Data]:
    """The text of a window, with its passages, in pieces: an update begins a new one, and so does text after some was left out.

    What is far from any passage that is ``listed`` is left out.
    """
    spots, (low, high) = list(spots), window
    clipped = (Spot(max(spot.start, low), min(spot.end, high), "") for spot in spots if spot.name in listed)
    shown = [Spot(low, low, ""), *(spot for spot in clipped if spot.start < spot.end), Spot(high, high, "")]
    found, at = [], low
    for start, end in excerpts(text, shown, _AROUND):
        start, end = max(start, low), min(end, high)
        begun = {one["start"]: one for one in updates if start <= one["start"] < end}
        for one, two in pairwise(sorted({start, *begun, end})):
            near = [spot for spot in spots if spot.start < two and spot.end > one]
            found.append({"left_out": one - at, "live": begun.get(one, {}), "start": one, "lines": cut(segments(text, near, one, two))})
            at = two
    return found


def _spots(site: Site, iri: str, order: Mapping[str, tuple[int, int]], wanted: Collection[str]) -> Iterator[Spot]:
    """The passages of the statements that are wanted; a passage is known by the number of its statement."""
    query = _PASSAGES.format(report=ox.NamedNode(iri))
    for found, start, end in site.store.query(query):  # type: ignore[union-attr]
        if found.value in wanted:
            yield Spot(int(start.value), int(end.value), str(order[found.value][0]))


def _window(text: str, spots: Iterable[Spot], places: list[tuple[int, int]], first: bool, after: int | None) -> tuple[int, int]:
    """From where to where the text belongs to a part of the list: whole lines, and on to where the part after it begins."""
    begins = {str(number): place for number, place in places}
    end = max((spot.end for spot in spots if begins.get(spot.name) == spot.start), default=0)
    low = 0 if first or not places else text.rfind("\n", 0, places[0][1]) + 1
    if after is None:
        return low, len(text)
    high = text.find("\n", end) + 1 or len(text)
    return low, max(high, text.rfind("\n", 0, after) + 1)


def _beyond(found: Iterable[Data], order: Mapping[str, tuple[int, int]], places: Iterable[tuple[int, int]]) -> dict[str, str]:
    """The statements, by their numbers, that have a passage in the text but stand in another part of the list."""
    marked = {name for piece in found for line in piece["lines"] for segment in line for name in segment["names"]}
    beyond = marked - {str(number) for number, _ in places}
    return {str(number): iri for iri, (number, _) in order.items() if str(number) in beyond}


def _others(site: Site, iri: str, statements: list[str]) -> Data:
    """What other reports hold on this one: who reacted to it or to its statements, what rests on it, what is said about it."""
    reactions, total = linked(site, _REACTIONS, [iri, *statements], but=iri, again=False, limit=_REACTED)
    rests, rest_total = linked(site, ("originatesFrom",), [iri], but=iri, again=False)
    about = Selection(about=iri, repeats=False)
    by_speaker: dict[str, list[StatementRow]] = {}
    for row in reactions:
        by_speaker.setdefault(row.speaker.id, []).append(row)
    ordered = sorted(by_speaker.values(), key=lambda rows: (-len(rows), rows[0].speaker.label))
    speakers = [{"speaker": thing(rows[0].speaker), "statements": [said(row) for row in rows]} for rows in ordered]
    return {
        "reactions": {"total": total, "speakers": speakers},
        "rests": {"total": rest_total, "statements": [said(row) for row in rests]},
        "about": {"total": site.index.count(about), "statements": [said(row) for row in site.index.select(about, limit=RELATED)]},
    }
