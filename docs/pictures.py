"""The pictures of the documentation, made by the project itself: `python docs/pictures.py`.

``ontology.svg`` is drawn from the ontology's own domains and ranges; ``network.png`` is a screenshot of what `kg view` writes
(with playwright and Chromium).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from html import escape
from pathlib import Path

import pyoxigraph as ox

from kg.vocabulary import ACC, RDFS, ontology

HERE = Path(__file__).parent
#: Where the middle of each class's box is, and its colour.
BOXES = {
    "Institution": (120, 90, "#6b4190"),
    "Post": (120, 270, "#475569"),
    "Tenure": (340, 180, "#475569"),
    "Actor": (560, 90, "#6b4190"),
    "Report": (960, 90, "#b45309"),
    "LiveUpdate": (1120, 250, "#475569"),
    "Statement": (700, 380, "#1d4f86"),
    "Topic": (330, 430, "#475569"),
    "Event": (120, 590, "#475569"),
    "Assessment": (430, 590, "#475569"),
    "Figure": (860, 590, "#475569"),
    "Measure": (1100, 590, "#475569"),
    "Passage": (1080, 430, "#475569"),
}
#: Fields of several classes have no domain in the ontology; these are the ones that the picture shows.
SHARED = (
    ("Statement", "about", "Actor"),
    ("Statement", "addressee", "Actor"),
    ("Statement", "topic", "Topic"),
    ("Report", "author", "Actor"),
    ("Event", "source", "Statement"),
)
WIDTH, HEIGHT, HALF, TALL = 1240, 680, 72, 20


def links() -> dict[tuple[str, str], list[str]]:
    """The properties between the classes of the picture, by the pair of classes."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for quad in ontology().quads_for_pattern(None, ox.NamedNode(RDFS + "domain"), None, None):
        for other in ontology().quads_for_pattern(quad.subject, ox.NamedNode(RDFS + "range"), None, None):
            pair = quad.object.value.removeprefix(ACC), other.object.value.removeprefix(ACC)
            if pair[0] in BOXES and pair[1] in BOXES:
                found[pair].append(quad.subject.value.removeprefix(ACC))
    for start, name, end in SHARED:
        found[start, end].append(name)
    return {pair: sorted(names) for pair, names in sorted(found.items())}


def edge(start: tuple[float, float], end: tuple[float, float], names: list[str], share: float) -> str:
    """A line from the border of one box to that of another, with the properties' names at that share of it."""
    (x1, y1), (x2, y2) = cut(start, end), cut(end, start)
    x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
    first = y - 6.5 * (len(names) - 1)
    words = "".join(f'<text class="p" x="{x:.0f}" y="{first + 13 * n:.0f}">{escape(name)}</text>' for n, name in enumerate(names))
    return f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" marker-end="url(#a)"/>{words}'


def cut(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Where the line from the middle of one box to that of another leaves the first."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = min((HALF + 4) / abs(dx) if dx else 9e9, (TALL + 4) / abs(dy) if dy else 9e9)
    return start[0] + dx * share, start[1] + dy * share


def ontology_svg() -> str:
    """The classes and the properties between them, as SVG."""
    lines, loops = [], []
    found = links()
    for (start, end), names in found.items():
        x, y, _ = BOXES[start]
        if start == end:
            loops.append(f'<text class="p" x="{x}" y="{y - TALL - 8}">↻ {escape(", ".join(names))}</text>')
        else:
            lines.append(edge((x, y), BOXES[end][:2], names, 0.3 if (end, start) in found else 0.5))
    boxes = [
        f'<rect x="{x - HALF}" y="{y - TALL}" width="{2 * HALF}" height="{2 * TALL}" rx="6" fill="{colour}"/>'
        f'<text class="c" x="{x}" y="{y + 5}">{name}</text>'
        for name, (x, y, colour) in BOXES.items()
    ]
    style = (
        "text{font-family:system-ui,sans-serif;text-anchor:middle}.c{fill:#fff;font-size:15px;font-weight:600}"
        ".p{fill:#1f2937;font-size:12px;paint-order:stroke;stroke:#fff;stroke-width:4px}line{stroke:#94a3b8;stroke-width:1.4}"
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>The classes of the ontology and the properties between them</title><style>{style}</style>"
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#94a3b8"/></marker></defs>'
    )
    return "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', *lines, *boxes, *loops, "</svg>"]) + "\n"


def network_png(path: Path) -> None:
    """The founding case's network around one person, as `kg view` shows it."""
    from playwright.sync_api import sync_playwright

    import kg

    page_file = path.with_suffix(".html")
    kg.open(HERE.parent / "data" / "met-police").view(focus="Sadiq Khan").save(page_file)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(page_file.as_uri())
        page.wait_for_function("document.body.dataset.drawn")
        page.wait_for_timeout(500)
        page.screenshot(path=path)
        browser.close()
    page_file.unlink()


if __name__ == "__main__":
    (HERE / "ontology.svg").write_text(ontology_svg(), "utf-8")
    if "--all" in sys.argv:
        network_png(HERE / "network.png")
