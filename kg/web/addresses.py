"""Addresses: every thing's own IRI as a path of the site, and back.

    https://…/case/met-police/person/mark-rowley        person/mark-rowley
    https://w3id.org/accountability-kg/ontology#Claim   ontology/Claim
    https://w3id.org/accountability-kg/scheme/modes#direct   scheme/modes#direct

A fragment stays a fragment: a passage, a figure or a tenure is an anchor on the page of what it belongs to.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from kg.records import is_link
from kg.vocabulary import ACC, SCHEME

_ONTOLOGY = ACC.removesuffix("#")
_SAFE = "/-._~!$&'()*+,;=:@"
#: The suffixes of a page and its twins, with their media types; the first is the page itself.
TWINS = {
    ".html": "text/html",
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
    ".csv": "text/csv",
}
#: Where what is no page stands.
FILES = ("assets/", "downloads/")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are found: the case's ``base`` IRI, and the ``root`` path under which the site is mounted (``/kg``, or empty).

    >>> addresses = Addresses("https://example.org/case/")
    >>> addresses.path("https://example.org/case/person/ann#tenure-1")
    'person/ann#tenure-1'
    >>> addresses.iri("ontology/Claim")
    'https://w3id.org/accountability-kg/ontology#Claim'
    """

    base: str
    root: str = ""

    def path(self, iri: str) -> str:
        """The path of an IRI on the site, without a leading slash; empty where the site has no page for it."""
        if iri.startswith(self.base):
            path = iri.removeprefix(self.base)
            return "" if path.startswith("/") else path  # two slashes would lead to another host
        if iri in (ACC, _ONTOLOGY):
            return "ontology"
        if iri.startswith(ACC):
            return "ontology/" + iri.removeprefix(ACC)
        return "scheme/" + iri.removeprefix(SCHEME) if iri.startswith(SCHEME) and iri != SCHEME else ""

    def iri(self, path: str) -> str:
        """The IRI of what has its page at a path (without a leading slash)."""
        if path == "ontology":
            return _ONTOLOGY
        if path.startswith("ontology/"):
            return ACC + path.removeprefix("ontology/")
        return SCHEME + path.removeprefix("scheme/") if path.startswith("scheme/") else self.base + path

    def to(self, path: str, here: str = "", /, **query: str) -> str:
        """The link to a path of the site, with a query; ``here`` is the path of the page that links."""
        path, hash, fragment = path.partition("#")
        kept = {name: value for name, value in query.items() if value}
        return f"{self._page(path, here)}{'?' + urlencode(kept) if kept else ''}{hash}{quote(fragment, _SAFE)}"

    def href(self, iri: str, here: str = "") -> str:
        """The link to a thing: its page on this site, or itself where it is somebody else's; empty where nobody may follow it."""
        if path := self.path(iri):
            return self.to(path, here)
        return iri if is_link(iri) else ""

    def _page(self, path: str, here: str) -> str:
        return f"{self.root}/{quote(path, _SAFE)}"


@dataclass(frozen=True, slots=True)
class FileAddresses(Addresses):
    """Addresses of a static copy: each page a file, each link relative, so that it works in any folder and from a disk."""

    def file(self, path: str, suffix: str = ".html") -> str:
        """The file in which a page, or its twin of that suffix, stands.

        Some disks do not tell capitals from others, and ``Topic`` is a class and ``topic`` a property: a class says so.

        >>> addresses = FileAddresses("https://example.org/")
        >>> addresses.file(""), addresses.file("report/v1.2"), addresses.file("ontology/Topic", ".ttl")
        ('index.html', 'report/v1.2.html', 'ontology/class-Topic.ttl')
        """
        folder, slash, name = (path or "index").rpartition("/")
        return f"{folder}{slash}{'class-' if folder == 'ontology' and name[0].isupper() else ''}{name}{suffix}"

    def _page(self, path: str, here: str) -> str:
        """The relative link; what is no page is a file as it is.

        >>> FileAddresses("https://example.org/").to("person/ann", "statement/letter/001")
        '../../person/ann.html'
        >>> FileAddresses("https://example.org/").to("person/ann.ttl", "person/ann")
        'ann.ttl'
        >>> FileAddresses("https://example.org/").to("assets/site.css", "person/ann")
        '../assets/site.css'
        """
        stem, suffix = posixpath.splitext(path)
        file = path if path.startswith(FILES) else self.file(stem, suffix) if suffix in TWINS else self.file(path)
        return quote(posixpath.relpath(file, posixpath.dirname(here) or "."), _SAFE)
