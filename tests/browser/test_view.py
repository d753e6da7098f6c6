"""The page of a network in a browser: what is drawn, found, filtered, reached by keyboard, and never asked of anybody."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kg import network, view
from kg.network import StatementRow, Thing

BASE = "https://example.org/case/"
ACTS = {
    "Claim": ("Assertive", "assertive"),
    "Criticism": ("Expressive", "critical"),
    "Support": ("Expressive", "supportive"),
    "Demand": ("Directive", "directive"),
    "Commitment": ("Commissive", "commissive"),
    "Decision": ("Declarative", "declarative"),
}
HOSTILE = (
    '</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>" '
    "onclick='window.hacked=1' href=javascript:window.hacked=1 \u202egnp"
)


def case(people: int = 45, others: int = 105, said: int = 350) -> tuple[Any, list[StatementRow]]:
    """A projection of the shape of a real case, and its statements: few who are spoken of often, many seldom."""
    import networkx as nx

    chance = random.Random(7)
    speakers = [Thing(f"{BASE}person/p{n}", f"Person {n}", "person") for n in range(people)]
    kinds = ("institution", "group", "report", "event")
    targets = [
        *speakers,
        *(Thing(f"{BASE}{kinds[n % 4]}/t{n}", f"{kinds[n % 4].title()} {n} of a longer name", kinds[n % 4]) for n in range(others)),
    ]
    reports = [Thing(f"{BASE}report/r{n}", f"Report {n}", "report") for n in range(5)]
    rows = []
    for n in range(said):
        act = chance.choice(list(ACTS))
        about = targets[n % len(targets)] if n < len(targets) else targets[min(int(chance.paretovariate(0.6)) + 30, len(targets) - 1)]
        rows.append(
            StatementRow(
                id=f"{BASE}statement/{n:03}",
                date=f"{2022 + n % 4}-{n % 12 + 1:02}-{n % 28 + 1:02}",
                dated="said",
                speaker=speakers[int(chance.paretovariate(0.8)) % people],
                acts=(act,),
                families=(ACTS[act][0],),
                manners=(ACTS[act][1],),
                about=(about,),
                addressees=(),
                topics=(Thing(f"{BASE}topic/{n % 3}", f"topic {n % 3}", "topic"),),
                summary=f"Says number {n} in our own words.",
                quote=f"word {n} for word" if n % 2 else "",
                report=reports[n % 5],
                answers=(),
            )
        )
    graph = nx.MultiDiGraph(projection="speech")
    for row in rows:
        (target,) = row.about
        for thing in (row.speaker, target):
            network._node(graph, thing)
        network._edge(graph, row.speaker.id, target.id, row.manners[0], network.MANNERS[row.manners[0]], [row])
    return network._counted(graph), sorted(rows, key=lambda row: (row.date, row.id))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graph, rows = case()
    return view.write(tmp_path_factory.mktemp("view") / "network.html", view.render(graph, rows))


Open = Callable[..., Any]


@pytest.fixture
def visit(browser: Any, file: Path) -> Iterator[Open]:
    """Open the page (or another), and at the end see that it asked nobody, complained of nothing and ran nothing hostile."""
    pages, wrong = [], []

    def open_page(fragment: str = "", path: Path = file, **options: Any) -> Any:
        page = browser.new_context(viewport={"width": 1300, "height": 900}, **options).new_page()
        page.on("request", lambda request: request.url.startswith(("file:", "data:", "blob:")) or wrong.append(request.url))
        page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => console.error(event.blockedURI + event.violatedDirective))"
        )
        page.goto(path.as_uri() + fragment)
        page.wait_for_function("document.body.dataset.ready")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        assert page.evaluate("window.hacked") is None
        page.context.close()
    assert not wrong


def drawn(page: Any) -> list[str]:
    """The statements in the table."""
    found: list[str] = page.eval_on_selector_all("#statements-table tbody tr", "rows => rows.map(row => row.dataset.id)")
    return found


@contextmanager
def redrawn(page: Any) -> Iterator[None]:
    before = page.inner_text("#shown")
    yield
    assert page.inner_text("#shown") != before


def test_150_nodes_are_painted_within_a_second(visit: Open) -> None:
    times = []
    for _ in range(3):
        page = visit("#limit=0&least=1")
        assert page.inner_text("#shown").startswith("150 of 150 shown, 0 hidden")
        times.append(int(page.get_attribute("body", "data-drawn")))
    print(f"painted after {times} ms")
    assert min(times) < 1000


def test_the_overview_says_what_it_hides(visit: Open) -> None:
    page = visit()
    said = page.inner_text("#shown")
    shown, hidden = int(said.split(" of ")[0]), int(said.split("shown, ")[1].split(" ")[0])
    assert shown <= 60
    assert shown + hidden == 150
    assert page.locator(".names li").count() == shown


def test_the_table_lists_exactly_the_statements_drawn(visit: Open) -> None:
    _, rows = case()
    page = visit("#limit=0&least=1")
    assert drawn(page) == [row.id for row in rows]
    page = visit("#limit=0&least=1&act=Demand&from=2023-01&to=2024-06")
    wanted = [row.id for row in rows if row.acts == ("Demand",) and "2023" <= row.date < "2024-07"]
    assert drawn(page) == wanted
    page = visit("#focus=person/p3&name=focus")
    wanted = [row.id for row in rows if BASE + "person/p3" in (row.speaker.id, row.about[0].id)]
    assert drawn(page) == wanted
    assert page.locator("#panel article").count() == len(wanted), "the words beside the diagram are those of the table"


def test_filters(visit: Open) -> None:
    _, rows = case()
    page = visit("#limit=0&least=1")
    with redrawn(page):
        page.select_option("#report", label="Report 2")
    with redrawn(page):
        page.select_option("#topic", "topic 1")
    with redrawn(page):
        page.uncheck("#manner-critical")
    wanted = [
        row
        for row in rows
        if row.report and row.report.label == "Report 2" and row.topics[0].label == "topic 1" and row.acts != ("Criticism",)
    ]
    assert drawn(page) == [row.id for row in wanted]
    with redrawn(page):
        page.click("#reset")
    assert page.is_checked("#manner-critical")
    assert page.evaluate("location.hash") == ""


def test_an_address_that_makes_no_sense_is_the_overview(visit: Open) -> None:
    page = visit("#from=yesterday&act=Nothing&focus=nobody&line=a~b~c~d&depth=99&without=nothing&report=none")
    assert page.inner_text("#shown") == visit().inner_text("#shown")
    page = visit("#to=1999-01")
    assert page.input_value("#to") == "1999-01", "a month of which nothing is known is still a month"
    assert drawn(page) == []


@pytest.mark.parametrize("fragment", ["", "#focus=person/p3", "#to=1999-01"])
def test_no_empty_value_is_spelt_out(visit: Open, fragment: str) -> None:
    text = visit(fragment).inner_text("body")
    assert not re.search(r"\b(false|true|null|undefined|NaN|Infinity)\b|\[object", text)


def test_nothing_matches(visit: Open) -> None:
    page = visit("#from=2025-12&to=2022-01")
    assert page.is_visible("text=Nothing matches these filters.")
    assert page.inner_text("#shown").startswith("0 of 150 shown, 150 hidden")
    page.click("#unfilter")
    assert not page.is_visible("#empty")


def test_find_a_name_and_words(visit: Open) -> None:
    page = visit()
    page.fill("#find", "person 7")
    assert page.inner_text("#found-count").startswith("1 name")
    page.click("#results button")
    assert page.inner_text("#panel h2") == "Person 7"
    assert page.input_value("#focus") == BASE + "person/p7"
    page.fill("#find", "word 101 for word")
    page.click("#results button")
    hit = page.locator("article.hit")
    assert "word 101 for word" in hit.inner_text()
    assert hit.is_visible()
    page.fill("#find", "nothing of the kind")
    assert page.inner_text("#found-count") == "Nothing is found in what the filters let through."


def test_focus_and_steps(visit: Open) -> None:
    page = visit("#focus=person/p3")
    one = set(drawn(page))
    with redrawn(page):
        page.locator("#depth").press("ArrowRight")
    assert "within 2 steps of Person 3" in page.inner_text("#shown")
    assert one < set(drawn(page))
    with redrawn(page):
        page.click("#whole")
    assert page.is_disabled("#depth")


@pytest.mark.parametrize("fragment", ["#limit=0&least=1", "#focus=person/p3"])
def test_places_are_the_same_whatever_the_filters(visit: Open, fragment: str) -> None:
    page = visit(fragment)

    def places() -> set[str]:
        with page.expect_download() as download:
            page.click("#svg")
        text = Path(download.value.path()).read_text("utf-8")
        shapes = re.findall(r"<(?:circle|polygon) [^>]*>", text.rpartition("<path")[2])
        return {shape for shape in shapes if "transform" not in shape}

    before = places()
    with redrawn(page):
        page.uncheck("#manner-assertive")
    after = places()
    assert len(after) > 5
    assert after <= before


def test_a_click_on_a_shape_shows_its_words(visit: Open) -> None:
    page = visit("#focus=person/p3")
    box = page.locator("#canvas").bounding_box()
    assert page.inner_text("#panel h2") == "Names"
    found = False
    for x in range(20, int(box["width"]), 12):
        for y in range(20, int(box["height"]), 12):
            page.mouse.move(box["x"] + x, box["y"] + y)
            if page.evaluate("document.getElementById('canvas').style.cursor") == "pointer":
                page.mouse.click(box["x"] + x, box["y"] + y)
                found = True
                break
        if found:
            break
    page.wait_for_function("document.querySelector('#panel h2').textContent !== 'Names'")
    assert page.locator("#panel article").count() > 0
    assert "name=" in page.evaluate("location.hash") or "line=" in page.evaluate("location.hash")


def test_keyboard_alone_reaches_a_quote(visit: Open) -> None:
    page = visit()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        if page.evaluate("Boolean(document.activeElement.closest('.names'))"):
            break
    assert {"find", "focus", "limit", "reset", "report", "act", "from", "to", "manner-critical", "fit", "png", "panel"} <= set(reached)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    assert page.locator("#panel blockquote").first.is_visible()
    assert page.input_value("#focus")
    page.keyboard.press("Escape")
    assert page.input_value("#focus") == ""
    assert page.inner_text("#panel h2") == "Names"


def test_keyboard_walks_the_results(visit: Open) -> None:
    page = visit()
    page.focus("#find")
    page.keyboard.type("word 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement === document.querySelectorAll('#results button')[1]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("ArrowDown")
    assert page.is_hidden("#found"), "closed is closed, until something is typed"
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    assert page.locator("article.hit").count() == 1


def test_focus_is_to_be_seen(visit: Open) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_address_restores_the_view(visit: Open) -> None:
    page = visit()
    page.select_option("#focus", BASE + "person/p3")
    page.select_option("#from", "2023-02")
    page.uncheck("#manner-assertive")
    page.select_option("#limit", "24")
    fragment = page.evaluate("location.hash")
    again = visit(fragment)
    for what in ("#shown", "#panel", "#statements-table"):
        assert again.inner_text(what) == page.inner_text(what)
    assert again.input_value("#from") == "2023-02"
    assert not again.is_checked("#manner-assertive")
    again.click("#whole")
    again.go_back()
    again.wait_for_function("document.getElementById('focus').value !== ''")
    assert again.evaluate("location.hash") == fragment


def test_pictures_can_be_saved(visit: Open) -> None:
    page = visit("#focus=person/p3")
    for name, start in (("png", b"\x89PNG"), ("svg", b"<svg ")):
        with page.expect_download() as download:
            page.click("#" + name)
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(start)
        assert len(content) > 2000


def test_hostile_words_do_not_run(visit: Open, tmp_path: Path) -> None:
    graph, rows = case(people=4, others=3, said=12)
    bad = Thing("https://example.org/x'onerror=window.hacked=1//", HOSTILE, "person")
    for number, row in enumerate(rows):
        values = {name: getattr(row, name) for name in StatementRow.__slots__} | {"speaker": bad, "summary": HOSTILE, "quote": HOSTILE}
        values |= {
            "report": Thing("javascript:window.hacked=1", HOSTILE, "report") if number % 2 else row.report,
            "topics": (bad, *row.topics),
            "date": HOSTILE if number == 0 else row.date,
        }
        rows[number] = StatementRow(**values)
        network._node(graph, bad)
        network._edge(graph, bad.id, row.about[0].id, row.manners[0], HOSTILE, [rows[number]])
    path = view.write(
        tmp_path / "hostile.html",
        view.render(network._counted(graph), rows, title=HOSTILE, focus=bad.id, href=lambda iri: f"https://{HOSTILE}"),
    )
    page = visit(path=path)
    assert HOSTILE.replace("\u202e", "") in page.inner_text("#panel h2").replace("\n", " ")
    page.fill("#find", "script")
    page.locator("#results button").first.click()
    page.click("text=All names")
    for name in ("report", "topic", "from"):
        page.select_option("#" + name, index=1)
    page.click("#svg")
    page.reload()
    page.wait_for_function("document.body.dataset.ready")
    assert page.evaluate("document.querySelectorAll('img, [onerror], [onclick], #panel script').length") == 0


def test_a_narrow_page_has_one_column(visit: Open) -> None:
    page = visit()
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.wait_for_function("document.body.dataset.ready")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.locator("#filters").get_attribute("open")
    page.click("summary")
    assert page.is_visible("#report")
    assert page.locator("#panel").bounding_box()["y"] > page.locator("#canvas").bounding_box()["y"] + 300
    assert page.inner_text("#shown").startswith("24 of 150")


def test_dark_and_light(visit: Open) -> None:
    grounds = {
        visit(color_scheme=scheme).evaluate("getComputedStyle(document.documentElement).backgroundColor") for scheme in ("dark", "light")
    }
    assert len(grounds) == 2


def test_colours_stand_out(visit: Open) -> None:
    """Shapes and lines have at least 3:1 against the page, text 4.5:1 (WCAG 2.2, 1.4.11 and 1.4.3)."""
    script = """names => names.map(name => { const probe = document.createElement('i'); document.body.append(probe);
        probe.style.color = `var(--${name})`; return getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number); })"""

    def light(rgb: list[float]) -> float:
        parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    graphic = [*network.MANNERS, network.RELATION, *(kind for kind in network.KINDS.values() if kind != "statement")]
    for scheme in ("dark", "light"):
        page = visit(color_scheme=scheme)
        paper, *others = (light(rgb) for rgb in page.evaluate(script, ["paper", "ink", "quiet", "link", *graphic]))
        ratios = [(max(paper, other) + 0.05) / (min(paper, other) + 0.05) for other in others]
        assert min(ratios[:3]) >= 4.5
        assert {name: ratio for name, ratio in zip(graphic, ratios[3:], strict=True) if ratio < 3} == {}


def test_a_notebook_frame_draws_too(browser: Any, tmp_path: Path) -> None:
    graph, rows = case(people=4, others=3, said=12)
    path = tmp_path / "notebook.html"
    path.write_text("<!doctype html><title>notebook</title>" + view.View(view.render(graph, rows))._repr_html_(), "utf-8")
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("body[data-ready]").wait_for()
    frame.locator(".names button").first.click()
    assert frame.locator("#panel article").count() > 0
    assert not wrong
    page.close()
