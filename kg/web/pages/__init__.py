"""The pages, one noun each: from an address and a query to what is shown. Nothing here knows of a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.queries import catalogue
from kg.vocabulary import RDF
from kg.web.page import Page
from kg.web.site import Site

#: Pages with an address of their own: the module of this package and the function in it.
_FIXED = {
    "": "home:home",
    "search": "search:search",
    "timeline": "timeline:timeline",
    "network": "network:network",
    "figures": "figures:figures",
    "ledger": "ledger:ledger",
    "questions": "questions:questions",
    "sparql": "sparql:sparql",
    "ontology": "ontology:ontology",
    "downloads": "downloads:downloads",
    "cite": "downloads:cite",
    "statement": "statement:statements",
    **dict.fromkeys(("person", "institution", "group", "report", "event", "topic", "post", "measure"), "things:things"),
}
#: Pages of things: the beginning of their path, and the function that is given the thing's IRI.
_OF = {
    "person": "actor:actor",
    "institution": "actor:actor",
    "group": "actor:actor",
    "statement": "statement:statement",
    "report": "report:report",
    "ontology": "ontology:term",
    "scheme": "ontology:scheme",
    "graph": "graphs:named_graph",
}


def find(site: Site, path: str, asked: Mapping[str, str]) -> Page:
    """The page at a path (without slash and suffix) of the site.

    Raises ``NotFoundError`` where there is none, ``QueryError`` where what is asked is not understood.
    """
    if path in _FIXED:
        return _function(_FIXED[path])(site, {**asked, "kind": path} if _FIXED[path] == "things:things" else asked)
    first, _, rest = path.partition("/")
    if first == "questions":
        return _function("questions:question")(site, rest, asked)
    iri = site.addresses.iri(path)
    return _function(_OF.get(_kind(site, iri) or first, "things:thing"))(site, iri, asked)


def paths(site: Site) -> Iterator[str]:
    """The path of every page of the site, each once; those that need a server (``sparql``) are not among them."""
    from kg.web.pages.ontology import term_paths

    yield from (path for path in _FIXED if path != "sparql")
    yield from (f"questions/{name}" for name in catalogue())
    quads = site.store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None, None)
    things = {node.value for node in (*(quad.subject for quad in quads), *site.store.named_graphs()) if isinstance(node, ox.NamedNode)}
    yield from (site.addresses.path(iri) for iri in sorted(things) if iri.startswith(site.manifest.base) and "#" not in iri)
    yield from term_paths(site)


def _kind(site: Site, iri: str) -> str:
    """What decides which page a thing of the case has: its class, not how its identifier begins."""
    if not iri.startswith(site.manifest.base):
        return ""
    if row := site.index.thing(iri):
        return row.kind
    if site.index.execute("SELECT 1 FROM statement WHERE iri = ?", (iri,)):
        return "statement"
    if site.store.contains_named_graph(_node(iri)):
        return "graph"
    if next(site.store.quads_for_pattern(_node(iri), None, None, None), None) is None:
        raise NotFoundError(f"there is nothing at {iri[:200]}", "search for it, or begin at the home page")
    return "thing"


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise NotFoundError(f"`{iri[:200]}` is not an IRI", "begin at the home page") from None


def _function(name: str) -> Callable[..., Page]:
    module, _, function = name.partition(":")
    found: Callable[..., Page] = getattr(import_module(f"kg.web.pages.{module}"), function)
    return found
