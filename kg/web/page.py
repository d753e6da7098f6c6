"""A page: what it shows as plain data, and the same as HTML, RDF, JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from markupsafe import Markup

from kg.cases import TEXTS
from kg.vocabulary import PREFIXES
from kg.web.addresses import TWINS

if TYPE_CHECKING:
    from jinja2 import Environment

    from kg.network import StatementRow, Thing
    from kg.table import Table
    from kg.web.site import Site

_RDF = {".ttl": ox.RdfFormat.TURTLE, ".jsonld": ox.RdfFormat.JSON_LD}
_TEMPLATES = Path(__file__).parent / "templates"
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows.

    ``data`` is all of it, as plain JSON: the template renders it and nothing else. ``about`` names the IRIs that the RDF twins
    describe, ``triples`` is what they say besides; ``table`` makes the CSV twin where the page is a list. ``status`` is that of HTTP.
    """

    template: str
    title: str
    data: dict[str, Any]
    about: tuple[str, ...] = ()
    table: Callable[[], Table] | None = None
    status: int = 200
    triples: tuple[ox.Triple, ...] = ()

    @property
    def twins(self) -> tuple[str, ...]:
        """The suffixes that this page has."""
        return tuple(suffix for suffix in TWINS if (suffix != ".csv" or self.table is not None) and (suffix not in _RDF or self.about))


def render(site: Site, page: Page, path: str, asked: Mapping[str, str] | None = None) -> str:
    """The page as HTML; ``path`` is where it stands on the site, ``asked`` the query it answers."""
    template = environment().get_template(page.template)
    kept = {name: value for name, value in (asked or {}).items() if not name.startswith("_")}  # Jinja has names of its own there
    return template.render(page.data, page=page, site=site, here=path, asked=kept)


def twin(site: Site, page: Page, path: str, suffix: str, asked: Mapping[str, str] | None = None) -> bytes:
    """The page in the form that the suffix names; ``suffix`` is one of ``page.twins``."""
    if suffix == ".html":
        return render(site, page, path, asked).encode("utf-8")
    if suffix == ".json":
        about = {"@id": page.about[0]} if page.about[:1] == (site.addresses.iri(path),) else {}
        return (json.dumps({**about, "title": page.title, **page.data}, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    if suffix == ".csv" and page.table is not None:
        return page.table().write("csv").encode("utf-8")
    return describe(site, page, _RDF[suffix])


def describe(site: Site, page: Page, format: ox.RdfFormat) -> bytes:
    """The triples whose subject is what the page is about, or a part of it (a fragment), without the passages' words."""
    triples: dict[ox.Triple, None] = dict.fromkeys(page.triples)
    for iri in dict.fromkeys(page.about):
        _subject(site.store, ox.NamedNode(iri), ox.NamedNode(site.manifest.base + TEXTS), triples)
    return ox.serialize(triples, format=format, prefixes=PREFIXES) or b""


def _subject(store: ox.Store, node: ox.NamedNode, hidden: ox.NamedNode, found: dict[ox.Triple, None]) -> None:
    parts = set()
    for quad in sorted(store.quads_for_pattern(node, None, None, None), key=str):
        if quad.graph_name != hidden:
            found[quad.triple] = None
            if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(node.value + "#"):
                parts.add(quad.object)
    for part in sorted(parts, key=str):
        _subject(store, part, hidden, found)


def thing(one: Thing | None) -> dict[str, str]:
    """Something with a name as pages hold it: ``id``, ``label``, ``kind``."""
    return {"id": one.id, "label": one.label, "kind": one.kind} if one else {}


def said(row: StatementRow) -> dict[str, Any]:
    """A statement as pages hold it, with the names that templates use."""
    return {
        "id": row.id,
        "date": row.date,
        "dated": row.dated,
        "speaker": thing(row.speaker),
        "acts": list(row.acts),
        "manners": list(row.manners),
        "about": [thing(one) for one in row.about],
        "addressees": [thing(one) for one in row.addressees if one not in row.about],
        "topics": [thing(one) for one in row.topics],
        "summary": row.summary,
        "quote": row.quote,
        "report": thing(row.report),
        "repeats": row.repeats,
    }


@cache
def environment() -> Environment:
    """The templates, all of them escaping what they are given."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape

    found = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    @pass_context
    def href(context: Any, iri: str, /) -> str:
        return str(context["site"].addresses.href(iri, context["here"]))

    @pass_context
    def to(context: Any, path: str, /, **query: str) -> str:
        return str(context["site"].addresses.to(path, context["here"], **query))

    found.filters.update(when=when, words=words, plural=plural, embed=embed, href=href)
    found.globals.update(to=to, media_types=TWINS)
    return found


def when(date: str) -> str:
    """The date as one writes it, as precise as it is.

    >>> when("2025-10-02"), when("2023-03"), when("2022")
    ('2 October 2025', 'March 2023', '2022')
    """
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    if not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12):
        return date
    name = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(day[:2])} {name}" if day[:2].isdecimal() else name


def words(name: str) -> str:
    """A class's name as words.

    >>> words("LivePage")
    'live page'
    """
    return "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()


def plural(number: int, word: str) -> str:
    """The number with its word.

    >>> plural(1, "statement"), plural(1200, "statement"), plural(2, "reply")
    ('1 statement', '1,200 statements', '2 replies')
    """
    if number == 1:
        return f"1 {word}"
    return f"{number:,} {word[:-1] + 'ies' if word.endswith('y') and word[-2] not in 'aeiou' else word + 's'}"


def embed(value: Any) -> Markup:
    """The value as JSON inside a page, where nothing in it can end the element it stands in."""
    from kg.view import embed as escaped

    return Markup(escaped(value))  # noqa: S704 - escaped by embed
