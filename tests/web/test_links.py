"""Links of a folder of pages: what leads nowhere is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.web.links import Broken, check


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "person").mkdir(parents=True)
    (site / "site.css").write_text("", "utf-8")
    (site / "index.html").write_text("<a href='person/zoë%20x.html#a'>", "utf-8")
    (site / "person" / "zoë x.html").write_text("<h1 id=a></h1><a href='../index.html'></a><link href='../site.css?v=1'>", "utf-8")
    (tmp_path / "outside.html").write_text("", "utf-8")
    return site


def test_links_that_lead_somewhere(folder: Path) -> None:
    assert check(folder) == (3, [])


@pytest.mark.parametrize(
    "link",
    ["https://example.org/gone", "//example.org/gone", "mailto:a@example.org", "#top", "?q=x", "index.html", "data:image/png;base64,"],
)
def test_what_is_not_ours_is_not_asked(folder: Path, link: str) -> None:
    (folder / "page.html").write_text(f"<p id='top'></p><a href='{link}'></a>", "utf-8")
    assert check(folder) == (4, [])


@pytest.mark.parametrize(
    ("markup", "link", "missing"),
    [
        ("<a href='gone.html'>", "gone.html", "no such file"),
        ("<script src='gone.js'></script>", "gone.js", "no such file"),
        ("<form action='gone'></form>", "gone", "no such file"),
        ("<svg><a href='person/Zoë%20x.html'/></svg>", "person/Zoë%20x.html", "no such file"),
        ("<a href='person'>", "person", "no such file"),
        ("<a href='/index.html'>", "/index.html", "no such file"),
        ("<a href='../outside.html'>", "../outside.html", "no such file"),
        ("<a href='../site/index.html'>", "../site/index.html", "no such file"),
        ("<a href='index.html#gone'>", "index.html#gone", "no anchor `gone`"),
        ("<a href='#a&amp;b'>", "#a&b", "no anchor `a&b`"),
        ("<a href='http://[bad'>", "http://[bad", "no address at all"),
    ],
)
def test_links_that_lead_nowhere(folder: Path, markup: str, link: str, missing: str) -> None:
    (folder / "page.html").write_text(markup, "utf-8")
    assert check(folder)[1] == [Broken("page.html", link, missing)]
