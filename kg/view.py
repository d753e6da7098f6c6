"""A projection as one interactive page in a single file, drawn through pyvis.

The page holds everything it needs - vis-network from the installed pyvis, our style and script from ``templates/`` - and asks
nobody for anything: its content security policy forbids it. Every text in it comes from documents, so it is data to the page
and never markup. The table under the diagram lists exactly the statements that are drawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import files
from kg.diagram import LOOK, TITLES, clean, diagram
from kg.errors import ExportError
from kg.network import StatementRow, ego, part, project, ranked, statements
from kg.speech import LEAST, READABLE

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph as ox

#: No page embeds more nodes than this; the least connected ones are left out, and the page says how many.
MOST_NODES = 600
#: Together one script: what is held and drawn, the diagram, the words beside it, the controls; where there is a server, its steps.
SCRIPTS = ("model.js", "diagram.js", "words.js", "network.js", "steps.js")
STYLE, VIS = "explorer.css", "vis-network.min.js"
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
    html = render(network, statements(store), title=name, focus=focus, depth=depth, limit=limit, href=href)
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
    address = partial(_followed, href) if href else None
    page = {
        "title": clean(title),
        "projection": graph.graph.get("projection", ""),
        "start": {"focus": focus or "", "depth": depth, "limit": limit},
        "total": len(graph),
        "base": _common(list(kept)),
        "look": LOOK,
        **diagram(kept, statements, first=_first(kept, focus, depth, limit), href=address),
    }
    return _generated(page)


def write(path: str | Path, html: str) -> Path:
    """The file that was written, in UTF-8, whole or not at all: who reads it meanwhile reads the old one.

    Raises ``ExportError`` where the file cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return files.write(path, html)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written: {error.strerror or error}", "choose another place, or free some space") from None


def _followed(href: Callable[[str], str], iri: str) -> str:
    """The address of a page, where it is one that may be followed from anywhere."""
    address = href(iri)
    return address if re.match(r"https?://|mailto:", address) else ""


def _common(nodes: Collection[str]) -> str:
    """The beginning that all IRIs share, up to a slash or a hash: the page's own address leaves it out."""
    first, last = min(nodes, default=""), max(nodes, default="")
    same = next((place for place, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    base = first[:same]
    return base[: max(base.rfind("/"), base.rfind("#")) + 1]


def _first(graph: nx.MultiDiGraph[str], focus: str | None, depth: int, limit: int) -> list[str]:
    """The nodes that the page shows at first, chosen as its script chooses them."""
    if focus is not None:
        nearer = [node for steps in range(depth + 1) for node in ranked(ego(graph, focus, steps))]
        return list(dict.fromkeys(nearer))[:limit]
    for least in LEAST:
        lines: Any = [(one, two, key) for one, two, key, data in graph.edges(keys=True, data=True) if data["count"] >= least]
        strong = graph.edge_subgraph(lines)
        shown = strong.subgraph(ranked(strong)[:limit])
        if shown.number_of_edges() <= READABLE:
            break
    return [node for node in ranked(shown) if shown.degree(node)]


def embed(value: Any) -> str:
    """The value as JSON that can stand in an HTML page, whatever is in it.

    >>> embed("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def assets() -> dict[str, Path]:
    """The files that the site serves so that its explorer is this one: vis-network of pyvis, our scripts and their style."""
    found = find_spec("pyvis")
    if found is None or found.origin is None:
        raise ExportError("vis-network is not here", "install pyvis")
    vis = Path(found.origin).parent / "templates" / "lib" / "vis-9.1.2" / VIS
    return {VIS: vis, **{name: _TEMPLATES / name for name in (STYLE, *SCRIPTS)}}


def _generated(page: dict[str, Any]) -> str:
    """The page as pyvis generates it from our template, which names no other host."""
    from markupsafe import Markup
    from pyvis.network import Network

    network = Network(directed=True, width="100%", height="100%", cdn_resources="in_line")
    for node in page["nodes"]:
        network.add_node(node["id"], label=" ", **{name: value for name, value in node.items() if name != "id"})
    for edge in page["edges"]:
        network.add_edge(edge["from"], edge["to"], **{name: value for name, value in edge.items() if name not in ("from", "to")})
    network.set_template_dir(str(_TEMPLATES), "network.html")
    environment = network.templateEnv
    environment.autoescape = True
    environment.filters["embed"] = lambda value: Markup(embed(value))  # noqa: S704 - escaped by embed
    own = assets()
    trusted = {"vis": [own[VIS]], "style": [_TEMPLATES / "network.css", own[STYLE]], "script": [own[name] for name in SCRIPTS]}
    for name, paths in trusted.items():
        text = "\n".join(path.read_text("utf-8") for path in paths)
        environment.globals[name] = Markup(text)  # noqa: S704 - our own files, and those of pyvis
    environment.globals["page"] = page
    html: str = network.generate_html()
    return html
