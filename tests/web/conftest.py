"""Sites without a server, since pages are functions of a site and of what is asked, and the elements of a page."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

import kg
from kg.build import build
from kg.graph import Graph
from kg.web.addresses import Addresses, FileAddresses
from kg.web.site import Site
from tests.conftest import TUTORIAL
from tests.web.endpoint import client  # noqa: F401 - a fixture

HOSTILE = "\"'><script>alert(1)</script><img onerror=x()>{{ 7*7 }}</title></svg>."
#: The fields of records in which people write words of their own, with what they write.
_TEXTS = re.compile(
    r"""(?mx)^([ -]*(?:label|alias|title|description|summary|quote|note|asWorded|capacityAsWorded|population|period|honorific|heading))
    :[ ].*(?:\n(?![ ]*(?:-[ ]*)?\w+:)(?![ ]*-[ ]).+)*$"""
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tutorial's graph, built with its documents and its index."""
    folder = tmp_path_factory.mktemp("tutorial") / "graph"
    build(TUTORIAL, folder)
    return folder


@pytest.fixture(scope="session")
def site(built: Path) -> Site:
    """The site of the tutorial."""
    graph = kg.open(built)
    return Site(graph, Addresses(graph.manifest.base))


@pytest.fixture(scope="session")
def copied(built: Path) -> Site:
    """The same as a static copy."""
    graph = kg.open(built)
    return Site(graph, FileAddresses(graph.manifest.base), live=False)


@pytest.fixture(scope="session")
def met_site(met: Graph) -> Site:
    """The site of the founding case, in memory."""
    return Site(met, Addresses(met.manifest.base))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The tutorial with every text in its records replaced by what would run if nobody escaped it, built as any other case."""
    case = tmp_path_factory.mktemp("hostile") / "case"
    shutil.copytree(TUTORIAL, case, ignore=shutil.ignore_patterns("sources"))
    for file in case.rglob("*.yaml"):
        text = _TEXTS.sub(lambda match: f"{match[1]}: {json.dumps(HOSTILE)}", file.read_text("utf-8"))
        file.write_text(text, "utf-8")
    return kg.open(case)


class Elements(HTMLParser):
    """The elements of a page with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, name: str, tag: str = "") -> list[str]:
        """What an attribute is in each element that has it."""
        return [value for one, attributes in self.found if tag in ("", one) and (value := attributes.get(name)) is not None]


def links(html: str) -> list[str]:
    """Where the links of a page lead."""
    return Elements(html).values("href", "a")


def harmless(html: str) -> None:
    """No element or attribute in a page that only the hostile words could have made."""
    for tag, attributes in Elements(html).found:
        assert tag not in ("img", "iframe", "object", "base")
        assert tag != "script" or "/assets/" in f"/{attributes.get('src')}" or attributes.get("type") == "application/json"
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert "&lt;script&gt;" in html
    assert "{{ 7*7 }}" in html, "a template renders no template"
