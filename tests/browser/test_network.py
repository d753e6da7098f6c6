"""The explorer on the site, in a browser under the site's policy: a step further, the way between two, with and without script."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.search import suggest
from kg.web.addresses import Addresses, FileAddresses
from kg.web.assets import assets
from kg.web.bounds import CSP
from kg.web.page import render, twin
from kg.web.pages.network import network
from kg.web.site import Site

PERSON = "person/"
Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def address(met: Graph) -> Iterator[str]:
    """The site's network and its files, served on this machine; everything else is a page with nothing but its address."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    site = Site(met, Addresses(met.manifest.base))
    headers = {"Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff"}

    def page(request: Request) -> Response:
        suffix = "." + request.path_params["suffix"]
        asked = dict(request.query_params)
        found = network(site, asked)
        media = "text/html" if suffix == ".html" else "application/json"
        return Response(twin(site, found, "network", suffix, asked), found.status, headers, media_type=media)

    def whole(request: Request) -> Response:
        request.scope["path_params"]["suffix"] = "html"
        return page(request)

    def names(request: Request) -> Response:
        hits = suggest(site.index, request.query_params["q"])
        return Response(json.dumps([{"label": hit.label} for hit in hits]), headers=headers, media_type="application/json")

    def file(request: Request) -> Response:
        found = assets().get(request.path_params["name"])
        return Response(found.body if found else b"", headers=headers, media_type=found.media_type if found else "text/javascript")

    def other(request: Request) -> Response:
        return Response(f"<!doctype html><title>{request.path_params['path']}</title><p>a page", headers=headers, media_type="text/html")

    routes = [
        Route("/network", whole),
        Route("/network.{suffix}", page),
        Route("/suggest.json", names),
        Route("/assets/{name:path}", file),
        Route("/{path:path}", other),
    ]
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="warning", http="h11", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Visit]:
    """Open the page, and at the end see that it asked nobody else, broke no rule of the policy and complained of nothing."""
    pages, wrong = [], []

    def open_page(query: str = "", script: bool = True, wide: int = 1300, **options: Any) -> Any:
        page = browser.new_context(viewport={"width": wide, "height": 900}, java_script_enabled=script, **options).new_page()
        page.on("request", lambda request: request.url.startswith((address, "data:", "blob:")) or wrong.append(request.url))
        page.on("console", lambda message: "404" in message.text or wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective + event.sourceFile))"
        )
        page.goto(f"{address}/network{query}")
        if script:
            page.wait_for_selector("body[data-ready]")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert not wrong


def drawn(page: Any) -> list[str]:
    """The statements in the table."""
    found: list[str] = page.eval_on_selector_all("#statements-table tbody tr", "rows => rows.map(row => row.dataset.id)")
    return found


def places(page: Any) -> dict[str, tuple[float, float]]:
    """Where each node of the diagram stands, by its name."""
    found = page.evaluate("[...shown.nodes].map((id) => [NODE.get(id).name, places.get(id).x, places.get(id).y])")
    return {name: (x, y) for name, x, y in found}


def parts(text: str) -> tuple[int, int]:
    """How many are shown, of how many."""
    match = re.match(r"([\d,]+) of ([\d,]+) shown", text)
    assert match, text
    return int(match[1]), int(match[2])


@pytest.mark.parametrize(
    "query", ["", "?focus=Mark+Rowley", "?focus=person/zack-polanski&depth=2", "?between=Zack+Polanski&and=Louise+Casey"]
)
def test_the_server_and_the_script_tell_the_same(visit: Visit, query: str) -> None:
    """The table beside the diagram lists exactly the statements drawn, and they are those of the page without script."""
    plain, live = visit(query, script=False), visit(query)
    assert drawn(live) == drawn(plain) != []
    told = parts(plain.inner_text("#shown"))
    assert parts(live.inner_text("#shown")) == told
    lines = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()).filter((text, i) => i !== 3).join('|')).sort()"
    live.evaluate("document.getElementById('lines').open = true")
    assert live.eval_on_selector_all("#lines-table tbody tr", lines) == plain.eval_on_selector_all("#lines-table tbody tr", lines)


def test_without_script_one_walks_on_by_links(visit: Visit) -> None:
    page = visit(script=False)
    assert not page.is_visible("#canvas")
    assert not page.is_visible("#filters")
    page.fill("#focus", "zack polanski")
    page.click("#controls button")
    assert "focus=zack" in page.url
    assert page.input_value("#focus") == "Zack Polanski"
    assert page.inner_text("h1").endswith("Zack Polanski")
    page.click("[aria-label='Around Mark Rowley']")
    assert page.inner_text("h1").endswith("Mark Rowley")
    page.fill("#between", "Zack Polanski")
    page.fill("#and", "Louise Casey")
    page.click("#way button")
    assert page.inner_text("#panel h2") == "2 steps apart"
    assert page.locator("#panel li a").count() > 3
    page.fill("#focus", "Nobody of this Name")
    page.click("#controls button")
    assert "Nothing is called “Nobody of this Name”" in page.inner_text("#message")
    page.click("#statements-table .words a >> nth=0")
    assert "/statement/" in page.url


def test_a_step_further_leaves_everything_where_it_is(visit: Visit) -> None:
    page = visit("?focus=Zack+Polanski")
    before, few = places(page), drawn(page)
    page.evaluate("select('n' + [...NODE.values()].find((node) => node.name === 'Sadiq Khan').id)")
    text = page.inner_text("#expand")
    more = int(re.search(r"\d+", text)[0])  # type: ignore[index]
    page.click("#expand")
    page.locator("#expand").wait_for(state="detached")
    after = places(page)
    assert page.evaluate("neighbours(state.select.slice(1), shown.edges.map(({ edge }) => edge)).length") == more + 1
    assert len(before) < len(after) <= len(before) + more, "some were in the picture already"
    assert {name: after[name] for name in before} == before
    assert set(few) < set(drawn(page))
    assert page.evaluate("document.activeElement.tagName") == "H2"
    spots = list(after.values())
    close = [(a, b) for i, a in enumerate(spots) for b in spots[i + 1 :] if abs(a[0] - b[0]) < 60 and abs(a[1] - b[1]) < 25]
    assert not close
    again = visit("?" + page.url.partition("?")[2])
    assert places(again) == after
    assert drawn(again) == drawn(page)


def test_a_hub_gives_its_neighbours_in_steps(visit: Visit) -> None:
    page = visit("?focus=Mark+Rowley&limit=24")
    assert parts(page.inner_text("#shown"))[0] == 24
    near = int(page.evaluate("NODE.get(state.focus).near"))
    shown = []
    while page.locator("#expand").count():
        assert page.inner_text("#expand").startswith("Show ")
        before, button = places(page), page.inner_text("#expand")
        page.click("#expand")
        page.locator("#expand", has_text=button).wait_for(state="detached")
        shown.append(len(places(page)))
        assert {name: places(page)[name] for name in before} == before
    assert shown == [48, near + 1]


def test_a_click_on_a_shape_offers_its_neighbours(visit: Visit) -> None:
    page = visit("?focus=Zack+Polanski")
    page.locator("#canvas").scroll_into_view_if_needed()
    box = page.locator("#canvas").bounding_box()
    at = page.evaluate("network.canvasToDOM(places.get([...NODE.values()].find((node) => node.name === 'Mark Rowley').id))")
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    page.locator("#panel h2", has_text="Mark Rowley").wait_for()
    assert re.fullmatch(r"Show 24 of \d+ more neighbours", page.inner_text("#expand"))
    assert page.evaluate("document.querySelector('#panel h2 a').pathname") == "/person/mark-rowley"
    page.click("#panel article a >> nth=0")
    assert "/statement/" in page.url
    page.go_back()
    page.wait_for_selector("body[data-ready]")
    assert page.inner_text("#panel h2") == "Mark Rowley", "back is where one was"


def test_the_way_between_two(visit: Visit) -> None:
    page = visit()
    page.fill("#between", "zack polanski")
    page.fill("#and", "LOUISE CASEY")
    page.click("#way button")
    page.locator("#panel h2", has_text="…").wait_for()
    assert page.inner_text("#panel h2") == "Zack Polanski … Louise Casey"
    assert page.input_value("#and") == "Louise Casey"
    assert "between=person%2Fzack-polanski&and=person%2Flouise-casey" in page.url
    assert page.inner_text("h1").startswith("Zack Polanski and Louise Casey")
    articles = page.locator("#panel article")
    assert articles.count() >= 2
    ids = drawn(page)
    hrefs = page.eval_on_selector_all("#panel article a", "links => links.map(link => link.pathname)")
    assert hrefs
    assert all(any(iri.endswith(href) for iri in ids) for href in hrefs)
    page.click("#panel button:has-text('of this line') >> nth=0")
    page.click("#panel >> text=The whole way")
    assert page.inner_text("#panel h2") == "Zack Polanski … Louise Casey"
    again = visit("?" + page.url.partition("?")[2])
    assert drawn(again) == ids
    again.keyboard.press("Escape")
    again.locator("#panel h2", has_text="Names").wait_for()
    assert again.input_value("#between") == ""


def test_the_keyboard_alone_goes_a_step_further_and_finds_a_way(visit: Visit) -> None:
    page = visit()

    def tab_to(selector: str, key: str = "Tab") -> None:
        for _ in range(120):
            page.keyboard.press(key)
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"no tab reaches {selector}")

    tab_to("#focus")
    page.keyboard.type("Zack Polanski")
    page.keyboard.press("Enter")
    page.locator("#panel h2", has_text="Zack Polanski").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H2"
    tab_to("#panel .actions button")
    page.keyboard.press("Enter")
    tab_to(".names button")
    page.keyboard.press("Enter")
    page.locator("#expand, #panel h2").first.wait_for()
    page.locator("#panel h2", has_text="Metropolitan Police Service").wait_for()
    assert page.locator("#panel blockquote").first.is_visible()
    if page.locator("#expand").count():
        page.focus("#panel h2")
        tab_to("#expand")
        before = parts(page.inner_text("#shown"))[0]
        page.keyboard.press("Enter")
        page.wait_for_timeout(1500)
        assert parts(page.inner_text("#shown"))[0] > before
    page.keyboard.press("Escape")
    tab_to("#between", "Shift+Tab")
    page.keyboard.type("Zack Polanski")
    tab_to("#and")
    page.keyboard.type("Louise Casey")
    page.keyboard.press("Enter")
    page.locator("#panel h2", has_text="…").wait_for()


def test_a_name_that_nobody_has_is_told_and_nothing_is_lost(visit: Visit) -> None:
    page = visit("?focus=Zack+Polanski")
    before = drawn(page)
    page.fill("#focus", "Nobody of this Name")
    page.click("#controls button")
    page.locator("#message", has_text="nothing is called").wait_for()
    assert drawn(page) == before
    assert page.input_value("#focus") == "Zack Polanski"
    page.fill("#focus", "louise casey")
    page.keyboard.press("Enter")
    page.locator("#panel h2", has_text="Louise Casey").wait_for()
    assert page.is_hidden("#message")


def test_names_are_suggested_from_the_whole_network(visit: Visit) -> None:
    page = visit("?focus=Zack+Polanski")
    options = "options => options.map(option => option.value)"
    assert "Shabana Mahmood" not in page.eval_on_selector_all("#known option", options)
    page.locator("#between").press_sequentially("louise")
    page.locator("#known option[value='Louise Casey']").wait_for(state="attached")


def test_back_and_forth(visit: Visit) -> None:
    page = visit()
    first = drawn(page)
    page.click(".names button:has-text('Louise Casey')")
    page.locator("#panel h2", has_text="Louise Casey").wait_for()
    page.locator("#depth").press("ArrowRight")
    page.locator("#shown", has_text="within 2 steps").wait_for()
    second = drawn(page)
    page.go_back()
    page.locator("#shown", has_text="within 1 step ").wait_for()
    page.go_back()
    page.wait_for_selector("#whole", state="hidden")
    assert set(first) <= set(drawn(page)), "what was learnt meanwhile is drawn on the same lines"
    assert page.inner_text("h1") == "Who said what about whom"
    page.go_forward()
    page.go_forward()
    page.locator("#shown", has_text="within 2 steps").wait_for()
    assert drawn(page) == second


def test_filters_narrow_what_is_here(visit: Visit) -> None:
    page = visit("?focus=Mark+Rowley")
    everything = drawn(page)
    page.select_option("#act", "Apology")
    some = drawn(page)
    assert set(some) < set(everything)
    assert "act=Apology" in page.url
    assert drawn(visit("?" + page.url.partition("?")[2])) == some


@pytest.mark.parametrize("projection", ["reports", "organisation", "statements"])
def test_another_projection_is_here_as_a_whole(visit: Visit, projection: str) -> None:
    page = visit(f"?projection={projection}")
    before = parts(page.inner_text("#shown"))
    page.select_option("#focus", index=3)
    assert parts(page.inner_text("#shown")) != before
    assert "#focus=" in page.url
    assert page.locator("#way").count() == 0


def test_a_static_copy_works_from_the_disk(browser: Any, met: Graph, tmp_path: Path) -> None:
    site = Site(met, FileAddresses(met.manifest.base), live=False)
    (tmp_path / "assets").mkdir()
    for name, asset in assets().items():
        if "/" not in name:
            (tmp_path / "assets" / name).write_bytes(asset.body)
    (tmp_path / "network.html").write_text(render(site, network(site, {}), "network"), "utf-8")
    page = browser.new_page()
    wrong: list[str] = []
    page.on("request", lambda request: request.url.startswith(tmp_path.as_uri()) or wrong.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((tmp_path / "network.html").as_uri() + "?focus=person/zack-polanski")
    page.wait_for_selector("body[data-ready]")
    assert "within 1 step of Zack Polanski" in page.inner_text("#shown")
    page.click(".names button:has-text('Sadiq Khan')")
    page.click("#whole")
    page.evaluate("select('n' + [...NODE.values()].find((node) => node.name === 'Sadiq Khan').id)")
    before = parts(page.inner_text("#shown"))[0]
    page.click("#expand")
    assert parts(page.inner_text("#shown"))[0] > before, "a step further needs nobody: all of it is here"
    assert page.evaluate("document.querySelector('#panel h2 a').href") == (tmp_path / "person/sadiq-khan.html").as_uri()
    page.close()
    assert not wrong


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_narrow_page_has_one_column(visit: Visit, scheme: str) -> None:
    page = visit("?focus=Mark+Rowley", wide=390, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert parts(page.inner_text("#shown"))[0] == 24
    assert page.locator("#panel").bounding_box()["y"] > page.locator("#canvas").bounding_box()["y"] + 300


def test_150_nodes_are_painted(visit: Visit) -> None:
    page = visit("?focus=Mark+Rowley&depth=3&limit=150")
    assert parts(page.inner_text("#shown"))[0] > 140
    print(f"painted after {page.get_attribute('body', 'data-drawn')} ms")
