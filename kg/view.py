"""A projection as one interactive page in a single file, drawn through pyvis.

The page holds everything it needs - vis-network from the installed pyvis, our style and script from ``templates/`` - and asks
nobody for anything: its content security policy forbids it. Every text in it comes from documents, so it is data to the page
and never markup. The table under the diagram lists exactly the statements that are drawn.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import ExportError
from kg.network import RELATION, StatementRow, Thing, ego, part, project, ranked, statements

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph as ox

TITLES = {
    "speech": "Who said what about whom",
    "statements": "Every statement, and what it answers",
    "reports": "What cites and answers what",
    "organisation": "Who held which post",
}
#: No page embeds more nodes than this; the least connected ones are left out, and the page says how many.
MOST_NODES = 600
#: An overview with more lines than these is a ball of wool: it shows only lines that stand for several statements.
READABLE = 130
_LEAST = (1, 2, 3, 5, 10, 20)

_SHAPES = {
    "person": "dot",
    "institution": "square",
    "group": "hexagon",
    "report": "diamond",
    "event": "triangle",
    "topic": "star",
    "post": "triangleDown",
    "statement": "dot",
    "": "dot",
}
#: Line and arrow of each manner: they differ without any colour, too. Colours are in ``templates/network.css``.
_LINES: dict[str, tuple[list[int], str]] = {
    "assertive": ([], "arrow"),
    "directive": ([2, 5], "diamond"),
    "commissive": ([14, 4, 3, 4], "box"),
    "critical": ([8, 5], "triangle"),
    "supportive": ([], "circle"),
    "declarative": ([20, 6], "bar"),
    RELATION: ([], "vee"),
}
#: What the legend calls each manner, in the order of the legend.
_LEGEND = {
    "assertive": "claims, findings",
    "critical": "criticism, dismay",
    "supportive": "support, thanks, apology",
    "directive": "demands, questions",
    "commissive": "promises, refusals",
    "declarative": "decisions",
}
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 7, "improvedLayout": False},
    "interaction": {"hover": True, "hideEdgesOnDrag": True, "hideEdgesOnZoom": False, "keyboard": False, "tooltipDelay": 100000},
    "nodes": {"borderWidth": 1, "borderWidthSelected": 3, "chosen": False},
    "edges": {"smooth": False, "chosen": False, "arrowStrikethrough": False},
}
#: Characters that turn the text after them about, or that no text may hold.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]")
#: Together one script: what is held and drawn, the diagram, the words beside it, the controls.
_SCRIPTS = ("model.js", "diagram.js", "words.js", "network.js")
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """An interactive page: ``html`` is its text; a notebook shows it by itself."""

    html: str
    title: str = "network"

    def __repr__(self) -> str:
        return f"<View {self.title}: {len(self.html)} characters; save(path) writes it>"

    def save(self, path: str | Path) -> Path:
        """The file that was written, whole or not at all."""
        return write(path, self.html)

    def _repr_html_(self) -> str:
        """The page in a frame of its own, from which it can reach nothing of the notebook."""
        sandbox = "allow-scripts allow-downloads"
        style = "width:100%;height:820px;border:1px solid #ccc"
        return f'<iframe title="{escape(self.title)}" sandbox="{sandbox}" style="{style}" srcdoc="{escape(self.html)}"></iframe>'


def view(
    store: ox.Store,
    projection: str = "speech",
    *,
    focus: str | None = None,
    depth: int = 1,
    limit: int = 60,
    title: str = "",
    href: Callable[[str], str] | None = None,
) -> View:
    """The page of a projection of a store; ``focus`` is the IRI to begin with, ``title`` goes behind the projection's own.

    Raises ``QueryError`` where there is no such projection, or where the focus is not in it.
    """
    network = project(store, projection)
    name = f"{TITLES[projection]}: {title}" if title else TITLES[projection]
    html = render(network, statements(store, _spoken(network)), title=name, focus=focus, depth=depth, limit=limit, href=href)
    return View(html, name)


def render(
    graph: nx.MultiDiGraph[str],
    statements: Iterable[StatementRow],
    *,
    title: str = "Who said what about whom",
    focus: str | None = None,
    depth: int = 1,
    limit: int = 60,
    href: Callable[[str], str] | None = None,
) -> str:
    """The text of the page: the same graph, the same text.

    ``graph`` is a projection of ``kg.network``, or any part of one; ``statements`` are the rows that its edges name. ``focus`` is
    the node to begin with, with its neighbours as far as ``depth`` steps; ``limit`` is how many nodes are shown at first.
    ``href`` gives the address of a statement's page, where there is one (http, https or mailto; others are left out).

    Raises ``QueryError`` where the focus is not in the graph.
    """
    order = ranked(graph)
    if focus is None and graph.graph.get("projection") == "statements":
        focus = next((node for node in order if graph.nodes[node]["kind"] in ("person", "institution", "group")), None)
    if focus is not None:
        ego(graph, focus, 0)
        order = [focus, *(node for node in order if node != focus)]
    kept = part(graph, order[:MOST_NODES])
    rows = {row.id: row for row in statements}
    network = _network(kept, rows, _first(kept, focus, depth, limit))
    page = {
        "title": _clean(title),
        "projection": graph.graph.get("projection", ""),
        "statements": [_statement(rows[iri], href) for iri in _ids(kept, rows)],
        "manners": [{"name": name, "label": label} for name, label in _LEGEND.items()],
        "lines": {name: {"dashes": dashes, "arrow": arrow} for name, (dashes, arrow) in _LINES.items()},
        "kinds": [kind for kind in _SHAPES if kind],
        "shapes": _SHAPES,
        "start": {"focus": focus or "", "depth": depth, "limit": limit},
        "least": _LEAST,
        "readable": READABLE,
        "left_out": len(graph) - len(kept),
    }
    return _generated(network, page)


def write(path: str | Path, html: str) -> Path:
    """The file that was written, in UTF-8, whole or not at all: who reads it meanwhile reads the old one.

    Raises ``ExportError`` where the file cannot be written.
    """
    path = Path(path)
    beside = path.parent / f".{os.getpid()}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(html, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written: {error.strerror or error}", "choose another place, or free some space") from None
    finally:
        with suppress(OSError):
            beside.unlink()
    return path


def _spoken(graph: nx.MultiDiGraph[str]) -> list[str]:
    """The statements that the edges stand for."""
    return sorted({iri for *_, data in graph.edges(data=True) for iri in data["statements"]})


def _ids(graph: nx.MultiDiGraph[str], rows: dict[str, StatementRow]) -> list[str]:
    return sorted((iri for iri in _spoken(graph) if iri in rows), key=lambda iri: (rows[iri].date or "9999", iri))


def _first(graph: nx.MultiDiGraph[str], focus: str | None, depth: int, limit: int) -> list[str]:
    """The nodes that the page shows at first, chosen as its script chooses them."""
    if focus is not None:
        nearer = [node for steps in range(depth + 1) for node in ranked(ego(graph, focus, steps))]
        return list(dict.fromkeys(nearer))[:limit]
    for least in _LEAST:
        lines: Any = [(one, two, key) for one, two, key, data in graph.edges(keys=True, data=True) if data["count"] >= least]
        strong = graph.edge_subgraph(lines)
        shown = strong.subgraph(ranked(strong)[:limit])
        if shown.number_of_edges() <= READABLE:
            break
    return [node for node in ranked(shown) if shown.degree(node)]


def _network(graph: nx.MultiDiGraph[str], rows: dict[str, StatementRow], first: list[str]) -> Any:
    """The pyvis network: nodes in their places, lines by manner, parallel ones bent apart."""
    from pyvis.network import Network

    from kg.layout import place

    order = ranked(graph)
    most = max((data["count"] for _, data in graph.nodes(data=True)), default=1)
    sizes = {node: 7 + (15 if data["kind"] == "institution" else 18) * sqrt(data["count"] / most) for node, data in graph.nodes(data=True)}
    positions = place(graph, first, {node: _box(_clean(graph.nodes[node]["label"]), sizes[node]) for node in order})
    network = Network(directed=True, width="100%", height="100%", cdn_resources="in_line")
    network.options = _OPTIONS
    for node in order:
        data, (x, y) = graph.nodes[node], positions[node]
        shape = _SHAPES.get(data["kind"], "dot")
        more = {"name": _clean(data["label"]), "kind": data["kind"], "count": data["count"]}
        network.add_node(node, label=" ", shape=shape, size=round(sizes[node], 1), x=x, y=y, **more)
    numbers = {iri: number for number, iri in enumerate(_ids(graph, rows))}
    parallel: dict[tuple[str, str], int] = {}
    for one, two, _, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        pair = (min(one, two), max(one, two))
        beside = parallel[pair] = parallel.get(pair, -1) + 1
        side = (1 if beside % 2 else -1) * (1 if one <= two else -1)
        network.add_edge(one, two, bend=round(side * 0.13 * ((beside + 1) // 2), 2), loop=beside, **_line(data, numbers))
    return network


def _box(label: str, size: float) -> tuple[float, float]:
    """How much room a node and its name take, the name in at most two lines of 13 px."""
    longest = min(max(len(label) / 2 + 3 if len(label) > 18 else len(label), 4), 24)
    return max(longest * 6.8, 2 * size) + 10, 2 * size + (34 if len(label) > 18 else 19) + 8


def _line(data: dict[str, Any], numbers: dict[str, int]) -> dict[str, Any]:
    dashes, arrow = _LINES.get(data["manner"], _LINES[RELATION])
    return {
        "manner": data["manner"],
        "name": _clean(data["label"]),
        "count": data["count"],
        "statements": [numbers[iri] for iri in data["statements"] if iri in numbers],
        "first": data["first"],
        "last": data["last"],
        "dashes": dashes or False,
        "arrows": {"to": {"enabled": True, "type": arrow, "scaleFactor": 0.55}},
        "times": data.get("times", []),
    }


def _statement(row: StatementRow, href: Callable[[str], str] | None) -> dict[str, Any]:
    def named(things: Iterable[Thing]) -> list[str]:
        return [_clean(thing.label) for thing in things]

    shown: dict[str, Any] = {
        "id": row.id,
        "date": row.date,
        "dated": row.dated,
        "speaker": row.speaker.id,
        "who": _clean(row.speaker.label),
        "acts": list(row.acts),
        "manners": list(row.manners),
        "about": named(row.about),
        "to": named(thing for thing in row.addressees if thing not in row.about),
        "topics": named(row.topics),
        "summary": _clean(row.summary),
        "quote": _clean(row.quote),
        "report": row.report.id if row.report else "",
        "where": _clean(row.report.label) if row.report else "",
    }
    if href and re.match(r"https?://|mailto:", address := href(row.id)):
        shown["href"] = address
    return shown


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text)


def embed(value: Any) -> str:
    """The value as JSON that can stand in an HTML page, whatever is in it.

    >>> embed("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _generated(network: Any, page: dict[str, Any]) -> str:
    """The page as pyvis generates it from our template, which names no other host."""
    import pyvis
    from markupsafe import Markup

    vis = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    network.set_template_dir(str(_TEMPLATES), "network.html")
    environment = network.templateEnv
    environment.autoescape = True
    environment.filters["embed"] = lambda value: Markup(embed(value))  # noqa: S704 - escaped by embed
    trusted = {"vis": [vis], "style": [_TEMPLATES / "network.css"], "script": [_TEMPLATES / name for name in _SCRIPTS]}
    for name, files in trusted.items():
        text = "\n".join(file.read_text("utf-8") for file in files)
        environment.globals[name] = Markup(text)  # noqa: S704 - our own files, and those of pyvis
    environment.globals["page"] = page
    html: str = network.generate_html()
    return html
