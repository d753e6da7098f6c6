"""The page of a network, as text; what it does in a browser is in ``browser/test_view.py``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest

from kg import diagram, network, view
from kg.errors import ExportError, QueryError
from kg.layout import place
from tests.conftest import ROOT
from tests.test_network import BASE, CLASSES, STATEMENTS, THINGS, load

HOSTILE = "</script><script>hacked()</script><img src=x onerror=hacked()> \" ' & href=javascript:hacked() \u202e\u2028"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return load(CLASSES + THINGS + STATEMENTS)


def page(store: ox.Store, projection: str = "speech", **options: object) -> str:
    return view.render(network.project(store, projection), network.statements(store), **options)  # type: ignore[arg-type]


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of scripts by their type."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.text.append("")

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text[-1] += data

    def data(self) -> dict[str, object]:
        """What the page embeds."""
        place = next(i for i, (tag, attributes) in enumerate(self.found) if tag == "script" and attributes.get("id") == "data")
        found: dict[str, object] = json.loads(self.text[place])
        return found


def test_the_page_asks_nobody_for_anything(store: ox.Store) -> None:
    elements = Elements(page(store)).found
    assert not [(tag, name) for tag, attributes in elements for name in ("src", "href", "srcset", "action") if name in attributes]
    assert not {"link", "iframe", "object", "embed", "base"} & {tag for tag, _ in elements}
    policy = next(attributes["content"] for tag, attributes in elements if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:")


def test_our_scripts_never_write_markup() -> None:
    for script in (ROOT / "kg" / "templates").glob("*.js"):
        text = script.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|https?://(?!www\.w3\.org)", text
        ), script.name
        assert len(text.splitlines()) < 500, script.name


def test_hostile_words_are_data_and_never_markup() -> None:
    store = load(CLASSES + THINGS + STATEMENTS)
    graph = ox.NamedNode(BASE + "one")
    ann, first = ox.NamedNode(BASE + "ann"), ox.NamedNode(BASE + "s1")
    for subject, name in ((ann, "rdfs:label"), (first, "acc:quote"), (first, "acc:summary")):
        predicate = ox.NamedNode(network.PREFIXES[name.split(":")[0]] + name.split(":")[1])
        for quad in list(store.quads_for_pattern(subject, predicate, None, None)):
            store.remove(quad)
        store.add(ox.Quad(subject, predicate, ox.Literal(HOSTILE), graph))
    html = page(store, title=HOSTILE)
    elements = Elements(html)
    assert [tag for tag, _ in elements.found].count("script") == 3
    assert "img" not in {tag for tag, _ in elements.found}
    assert "\u202e" not in html
    data = elements.data()
    node = next(node for node in data["nodes"] if node["id"] == BASE + "ann")  # type: ignore[attr-defined]
    assert node["name"] == HOSTILE.replace("\u202e", ""), "nothing but what turns text about is taken away"


def test_only_web_addresses_become_links(store: ox.Store) -> None:
    addresses = {
        "s1": "javascript:hacked()",
        "s2": "https://example.org/a",
        "s4": "data:text/html,x",
        "s5": "mailto:a@example.org",
        "s6": "//example.org",
        "ann": " https://example.org",
        "bob": "https://example.org/bob",
    }
    data = Elements(page(store, href=lambda iri: addresses.get(iri.removeprefix(BASE), ""))).data()
    found = [thing["href"] for name in ("statements", "nodes") for thing in data[name] if "href" in thing]  # type: ignore[attr-defined]
    assert found == ["mailto:a@example.org", "https://example.org/a", "https://example.org/bob"]


def test_the_page_holds_what_its_lines_stand_for(store: ox.Store) -> None:
    data = Elements(page(store)).data()
    names = [said["id"].removeprefix(BASE) for said in data["statements"]]  # type: ignore[attr-defined]
    assert names == ["s5", "s1", "s4", "s2", "s6"], "by date, and without the repeat, which no line stands for"
    line = next(edge for edge in data["edges"] if edge["manner"] == "critical")  # type: ignore[attr-defined]
    assert [names[number] for number in line["statements"]] == ["s1", "s2"]


def test_what_the_site_serves_is_what_the_file_holds(store: ox.Store) -> None:
    html, files = page(store), view.assets()
    assert {"vis-network.min.js", "explorer.css", "model.js", "steps.js"} <= set(files)
    for name, path in files.items():
        assert path.name == name
        assert path.read_text("utf-8") in html, name


def test_manners_differ_without_colour() -> None:
    looks = [(tuple(dashes), arrow) for manner, (dashes, arrow) in diagram.LINES.items() if manner != network.RELATION]
    assert len(set(looks)) == len(looks) == len(network.MANNERS) == 6
    assert len({arrow for _, arrow in looks}) == 6


def test_parallel_lines_are_bent_apart(store: ox.Store) -> None:
    edges = [edge for edge in Elements(page(store)).data()["edges"] if {edge["from"], edge["to"]} == {BASE + "ann", BASE + "bob"}]  # type: ignore[attr-defined]
    assert len({edge["bend"] for edge in edges}) == 2


def test_the_graph_is_left_as_it_was(store: ox.Store) -> None:
    graph = network.project(store)
    before = (dict(graph.nodes(data=True)), list(graph.edges(keys=True, data=True)), dict(graph.graph))
    view.render(graph, network.statements(store))
    assert (dict(graph.nodes(data=True)), list(graph.edges(keys=True, data=True)), dict(graph.graph)) == before


def test_nothing_is_written_into_the_working_folder(store: ox.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    view.View(page(store))._repr_html_()
    assert not list(tmp_path.iterdir())


def test_focus_begins_the_page(store: ox.Store) -> None:
    data = Elements(page(store, focus=BASE + "bob", depth=2, limit=10)).data()
    assert data["start"] == {"focus": BASE + "bob", "depth": 2, "limit": 10}
    with pytest.raises(QueryError, match="not in this projection"):
        page(store, focus=BASE + "nobody")


def test_a_large_graph_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch, store: ox.Store) -> None:
    monkeypatch.setattr(view, "MOST_NODES", 3)
    data = Elements(page(store, focus=BASE + "raid")).data()
    assert len(data["nodes"]) == 3  # type: ignore[arg-type]
    assert BASE + "raid" in {node["id"] for node in data["nodes"]}, "the focus is always in the page"  # type: ignore[attr-defined]
    assert data["total"] == 6


@pytest.mark.parametrize("projection", network.PROJECTIONS)
def test_every_projection_has_a_page(store: ox.Store, projection: str) -> None:
    assert Elements(page(store, projection)).data()["nodes"]
    assert not Elements(page(ox.Store(), projection)).data()["nodes"]


def test_positions_leave_room_for_names(store: ox.Store) -> None:
    graph = nx.MultiDiGraph()
    for number in range(40):
        graph.add_node(f"n{number}", label=f"name {number}", kind="person", count=1)
        graph.add_edge(f"n{number}", f"n{number % 3}", manner="assertive", label="states", count=1, statements=[], first="", last="")
    nodes = Elements(view.render(graph, [], limit=40)).data()["nodes"]
    places = [(node["x"], node["y"]) for node in nodes]  # type: ignore[attr-defined]
    close = [(a, b) for i, a in enumerate(places) for b in places[i + 1 :] if abs(a[0] - b[0]) < 30 and abs(a[1] - b[1]) < 25]
    assert not close


def test_positions_without_rustworkx(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rustworkx", None)
    graph = network.project(store)
    places = place(graph, network.ranked(graph)[:4], dict.fromkeys(graph, (80.0, 40.0)))
    assert set(places) == set(graph)
    assert len(set(places.values())) == len(graph)
    assert places == place(graph, network.ranked(graph)[:4], dict.fromkeys(graph, (80.0, 40.0)))


def test_the_same_graph_gives_the_same_bytes(store: ox.Store) -> None:
    script = (
        "import hashlib, kg.network as n, kg.view as v; from tests.test_view import *;"
        "s = load(CLASSES + THINGS + STATEMENTS); g = n.project(s);"
        "print(hashlib.sha256((v.render(g, n.statements(s)) + str(n.measures(g))).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "network.html"
    assert view.View("<p>Zoë “1”</p>").save(path) == path
    assert path.read_bytes() == "<p>Zoë “1”</p>".encode()

    def fail(self: Path, target: Path) -> Path:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ExportError, match="no room"):
        view.write(path, "half")
    assert path.read_text("utf-8") == "<p>Zoë “1”</p>"
    assert list(path.parent.iterdir()) == [path]


def test_a_notebook_shows_the_page_in_a_frame() -> None:
    shown = view.View('<p title="a">&</p>', 'A "title"')._repr_html_()
    tag, attributes = Elements(shown).found[0]
    assert (tag, attributes["srcdoc"], attributes["title"]) == ("iframe", '<p title="a">&</p>', 'A "title"')
    assert attributes["sandbox"] == "allow-scripts allow-downloads"
    assert repr(view.View("x", "T")) == "<View T: 1 characters; save(path) writes it>"
