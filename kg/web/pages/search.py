"""Search: names first, then statements, each with the words that were found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg import search as full_text
from kg.search import KINDS, Hit, Results
from kg.table import Table
from kg.web.listing import paging
from kg.web.page import Page, said
from kg.web.site import Site

#: How many names stand above the statements where no kind is chosen.
NAMES = 8
STATEMENT = "statement"
#: How many there are is known only once they are found.
_FARTHEST = 10**9

Data = dict[str, Any]


def search(site: Site, asked: Mapping[str, str]) -> Page:
    """What the text ``q`` finds, of one ``kind`` or of all; raises ``QueryError`` where a kind or the offset is not understood."""
    text, kind = asked.get("q", "").strip(), asked.get("kind", "")
    part = paging(site, asked, _FARTHEST)
    names, found = Results([], 0), Results([], 0)
    if text and not kind and not part["offset"]:
        names = full_text.search(site.index, text, kinds=[one for one in KINDS if one != STATEMENT], limit=NAMES)
    if text:
        found = full_text.search(site.index, text, kinds=[kind or STATEMENT], limit=part["limit"], offset=part["offset"])
    data = {
        "q": text,
        "kind": kind,
        "kinds": list(KINDS),
        "names": _section(site, names),
        "found": _section(site, found),
        "paging": {**part, "total": found.total},
    }
    hits = [*names.hits, *found.hits]
    table = Results(hits, len(hits)).table(site.manifest.base) if hits else Table(("thing", "kind", "label", "text"), [])
    return Page("search.html", f"Search: {text}" if text else "Search", data, table=lambda: table)


def _section(site: Site, results: Results) -> Data:
    hits = [_hit(site, hit) for hit in results.hits]
    return {"hits": hits, "total": results.total, "corrected": results.corrected, "any_word": results.any_word}


def _hit(site: Site, hit: Hit) -> Data:
    """A hit with the words that were found; of a statement, with who said it, of whom and when."""
    data: Data = {
        "id": hit.iri,
        "kind": hit.kind,
        "label": hit.label,
        "snippet": [{"text": part, "found": found} for part, found in hit.snippet],
    }
    if hit.kind != STATEMENT:
        row = site.index.thing(hit.iri)
        return {**data, "note": row.note if row else "", "said": row.said if row else 0, "about": row.about if row else 0}
    row_of = site.index.statement(hit.iri)
    if row_of is None:
        return data
    shown = full_text.plain(hit.snippet).strip("… ")
    place = "summary" if shown in row_of.summary else "quote" if shown in row_of.quote else "passage"
    if place == "passage" and not site.texts:
        data["snippet"] = []
    return {**data, "said": said(row_of), "place": place}
