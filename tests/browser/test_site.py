"""The site in a browser, served and as a static copy: walks through it, pages of every kind, and a case that means harm."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.browser.conftest import FOLDER, host, published, serve
from tests.conftest import TUTORIAL

Visit = Callable[..., Any]

#: A page of every kind; those of the second list need a server.
PAGES = [
    "",
    "search",
    "person",
    "person/ottilie-marwick",
    "institution",
    "institution/harrow-vale-water-authority",
    "group",
    "group/stonebeck-residents",
    "statement",
    "statement/marwick-letter-2024/003",
    "statement/marwick-letter-2024/008",
    "report",
    "report/courier-live-2025",
    "report/courier-live-2025/update-02",
    "report/tressick-note-2024",
    "event",
    "event/stonebeck-failure",
    "topic",
    "topic/reform",
    "post",
    "post/authority-chief-executive",
    "measure",
    "measure/alarm-to-public-warning",
    "assessment/second-alarm-line-1",
    "timeline",
    "network",
    "figures",
    "ledger",
    "questions",
    "questions/most-criticised",
    "questions/passages",
    "ontology",
    "ontology/Claim",
    "ontology/respondsTo",
    "scheme/modes",
    "downloads",
    "cite",
    "case",
]
LIVE = [
    "search?q=alarm",
    "person/ottilie-marwick?act=Denial",
    "statement?speaker=https://w3id.org/accountability-kg/case/tutorial/person/ottilie-marwick",
    "timeline?columns=report",
    "network?focus=person/ottilie-marwick",
    "questions/everything-said?speaker=Ottilie+Marwick",
    "sparql",
    "sparql.html?query=SELECT+*+WHERE+{?s+a+acc:Person}",
]
HOSTILE = (
    "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>\" onclick='window.hacked=1' "
    "javascript:window.hacked=1 {{ 7*7 }} {% raw %} ${7*7} \u202egnp\u2066 ]]> --> &lt;b&gt;"
)


def file(path: str) -> str:
    """The file of a page in the copy."""
    path = re.sub(r"^ontology/(?=[A-Z])", "ontology/class-", path)
    return (path or "index") + ".html"


def tab_to(page: Any, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no tab reaches {selector} on {page.url}")


@pytest.fixture(params=["live", "copy"])
def site(request: pytest.FixtureRequest) -> str:
    """The address of the site, served or as files."""
    found: str = request.getfixturevalue(request.param)
    return found


# ---------------------------------------------------------------- walks


def test_the_walk_of_a_newcomer(look: Visit, site: str) -> None:
    page = look(site)
    page.locator("#q").press_sequentially("marw", delay=20)
    page.locator("[role=option]", has_text="Ottilie Marwick").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"person/ottilie-marwick(\.html)?$"))
    assert page.inner_text("h1") == "Ottilie Marwick"
    page.locator(".said .summary a", has_text="Admits that people used water").click()
    page.wait_for_url(re.compile(r"statement/marwick-letter-2024/003"))
    assert "We should have warned them" in " ".join(page.locator("mark").all_inner_texts())
    page.locator("main a", has_text=re.compile("Letter from Ottilie Marwick")).first.click()
    page.wait_for_url(re.compile(r"report/marwick-letter-2024"))
    assert page.locator("#s-3.placed").is_visible()
    assert "We should have warned them" in page.inner_text("section.source")
    page.locator("nav a", has_text="Timeline").click()
    page.wait_for_url(re.compile(r"timeline"))
    assert page.locator(".timeline svg").count() > 10
    page.locator("nav a", has_text="Network").click()
    page.wait_for_selector("body[data-ready]")
    walked = ["timeline", "report/marwick-letter-2024", "statement/marwick-letter-2024/003", "person/ottilie-marwick"]
    for path in walked:
        page.go_back()
        page.wait_for_url(re.compile(path))
        assert page.locator("h1").is_visible()
    page.go_forward()
    page.wait_for_url(re.compile("statement/marwick-letter-2024/003"))


def test_the_keyboard_alone_comes_to_a_quote(look: Visit, site: str) -> None:
    page = look(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box["y"] >= 0, "it is seen once it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('main'))"), "what was skipped is behind"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab_to(page, "nav[aria-label=Site] a, .most a")
    page.locator("nav a", has_text="People").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("person"))
    tab_to(page, "main a[href*='ottilie-marwick']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("person/ottilie-marwick"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, ".said .summary a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("statement/"))
    assert page.locator("blockquote, mark").first.is_visible()


def test_suggestions_by_keyboard(look: Visit, site: str) -> None:
    page = look(site)
    field = page.locator("#q")
    field.press_sequentially("otilie", delay=10)  # one letter short
    page.locator("[role=option]", has_text="Ottilie Marwick").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.locator(f"#{field.get_attribute('aria-activedescendant')}").inner_text().startswith("Ottilie Marwick")
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert page.locator("[role=option]").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"search(\.html)?\?q=otilie"))
    page.locator(".hits a", has_text="Ottilie Marwick").first.wait_for()
    assert page.inner_text("h1") == "Search: otilie"


@pytest.mark.parametrize(
    ("asked", "href", "marked"),
    [
        ("culture of silence", "statement/", {"culture", "of", "silence"}),
        ('"culture of silence"', "statement/", {"culture", "of", "silence"}),
        ("HÁRROW vale", "institution/harrow-vale-water-authority", {"Harrow", "Vale"}),
        ("warn publ", "statement/", {"warn", "public"}),
        ("Rosalnd Azke", "person/rosalind-aske", {"Rosalind", "Aske"}),
    ],
)
def test_search(look: Visit, site: str, asked: str, href: str, marked: set[str]) -> None:
    page = look(site)
    page.fill("#q-home", asked)
    page.click("form.big button")
    page.locator("main mark").first.wait_for()
    assert page.locator(f"main li a[href*='{href}'], main .summary a[href*='{href}']").count()
    assert marked <= set(" ".join(page.locator("main mark").all_inner_texts()).split())


def test_what_is_nowhere_is_told(look: Visit, site: str) -> None:
    page = look(site, ("search" if site.count("/") == 3 else "search.html") + "?q=xyzzyplugh")
    page.locator("main", has_text=re.compile("Nothing (is found|holds)")).wait_for()
    assert page.locator("main mark").count() == 0


def test_the_copy_without_script_says_what_it_cannot(look: Visit, copy: str) -> None:
    page = look(copy, "search.html?q=alarm", java_script_enabled=False)
    assert "the search needs JavaScript" in page.inner_text("main")
    page.click("main a:has-text('people')")
    assert page.url.endswith("/person.html")


def test_every_kind_of_page_without_script(look: Visit, live: str) -> None:
    page = look(live, "search?q=alarm", java_script_enabled=False)
    assert page.locator("main mark").count() > 3
    page.goto(live + "statement/marwick-letter-2024/003")
    assert "We should have warned them" in " ".join(page.locator("mark").all_inner_texts())


def test_filters_stand_in_the_address(look: Visit, live: str) -> None:
    page = look(live, "person/ottilie-marwick")
    every = page.locator(".said .summary").all_inner_texts()
    page.select_option("main .filters select[name=act]", "Apology")
    page.click("main .filters button")
    page.wait_for_url(re.compile("act=Apology"))
    some = page.locator(".said .summary").all_inner_texts()
    assert set(some) < set(every)
    page.reload()
    assert page.locator(".said .summary").all_inner_texts() == some
    page.go_back()
    assert page.locator(".said .summary").all_inner_texts() == every
    page.go_forward()
    assert page.locator(".said .summary").all_inner_texts() == some
    assert page.input_value("main .filters select[name=act]") == "Apology"


def test_a_permalink_comes_to_its_place(look: Visit, site: str) -> None:
    name = "report/courier-live-2025" if site.count("/") == 3 else "report/courier-live-2025.html"
    page = look(site, name + "#s-10")
    assert page.locator(".placed:target").get_attribute("data-statement") == "10"
    assert page.locator("mark.lit").count() >= 1, "its words are lit in the text"
    page.reload()
    assert page.locator(".placed:target").is_visible()


def test_the_network_of_the_copy(look: Visit, copy: str) -> None:
    page = look(copy, "network.html")
    page.wait_for_selector("body[data-ready]")
    page.click(".names button:has-text('Ottilie Marwick')")
    page.locator("#panel h2", has_text="Ottilie Marwick").wait_for()
    page.click("#panel article a >> nth=0")
    page.wait_for_url(re.compile("statement/.*html"))
    page.go_back()
    page.wait_for_selector("body[data-ready]")


def test_the_copy_works_from_a_disk(browser: Any, files: Path) -> None:
    """But for what browsers keep pages of a disk from; an error would be told."""
    page, wrong = browser.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.goto((files / FOLDER / "index.html").as_uri())
    page.locator("#q").press_sequentially("marw")
    page.locator("[role=option]", has_text="Ottilie Marwick").first.wait_for()
    page.fill("#q", "alarm")
    page.keyboard.press("Enter")
    page.locator("main .said mark").first.wait_for()
    page.locator("main .said .summary a").first.click()
    page.wait_for_url(re.compile("statement/"))
    page.goto((files / FOLDER / "network.html").as_uri())
    page.wait_for_selector("body[data-ready]")
    assert wrong == []
    page.close()


# ---------------------------------------------------------------- every kind of page


def narrow(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def grave(page: Any) -> list[str]:
    """What axe finds on the page that is serious or critical."""
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def usable(page: Any, axe: str) -> None:
    page.evaluate(axe)
    assert grave(page) == [], "light and wide"
    page.emulate_media(color_scheme="dark")
    narrow(page)
    assert grave(page) == [], "dark and narrow"


@pytest.mark.parametrize("path", [*PAGES, *LIVE])
def test_everybody_can_use_the_page(look: Visit, live: str, axe: str, path: str) -> None:
    page = look(live, path)
    if page.locator("#canvas").count():
        page.wait_for_selector("body[data-ready]")
    usable(page, axe)


@pytest.mark.parametrize(
    ("path", "status"), [("person/nobody", 404), ("questions/everything-said?speaker=Nobody", 400), ("person?offset=x", 400)]
)
def test_everybody_can_use_an_error(look: Visit, live: str, axe: str, path: str, status: int) -> None:
    page = look(live, path, status=status)
    usable(page, axe)


def test_the_pages_of_the_copy(look: Visit, copy: str) -> None:
    page = look(copy)
    for path in PAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(copy + file(path))
        assert page.locator("h1").count() == 1, path
        narrow(page)


def test_the_search_of_the_copy_is_for_everybody(look: Visit, copy: str, axe: str) -> None:
    page = look(copy, "search.html?q=alarm")
    page.locator("main .said").first.wait_for()
    usable(page, axe)


# ---------------------------------------------------------------- a case that means harm

TEXTS = {"label", "alias", "description", "definition", "note", "summary", "population", "heading", "title", "capacityAsWorded", "keyword"}
#: Words of the letter, and what stands in their place, as long as they are: so every passage stays where it is.
SWAPPED = {"Thank you for your report on Stonebeck": "<img src=x onerror=window.hacked=1>", "For 31 hours": "\"'></script>"}


def harmful(value: Any, name: str = "") -> Any:
    """A record, every text in it hostile."""
    if isinstance(value, dict):
        return {key: harmful(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [harmful(one, name) for one in value]
    if name in TEXTS:
        return f"{HOSTILE} {value}"
    return SWAPPED.get(value, value).ljust(len(value), "!") if value in SWAPPED else value


#: What a page looks like to whoever has an eye on what must not be there.
HARM = """() => ({
    bad: document.querySelectorAll('img, [onerror], [onclick], script:not([src], [type="application/json"])').length,
    links: [...document.querySelectorAll('a[href]')].map((a) => new URL(a.getAttribute('href'), location).protocol)
        .filter((protocol) => !/^https?:$/.test(protocol)).length,
    text: document.body.innerText, hacked: window.hacked, wide: document.documentElement.scrollWidth })"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tutorial case with hostile words wherever a text can stand, the documents too."""
    case = tmp_path_factory.mktemp("hostile") / "case"
    shutil.copytree(TUTORIAL, case)
    letter = case / "sources" / "letter.txt"
    text = old = letter.read_bytes().decode("utf-8")
    for words, harm in SWAPPED.items():
        text = text.replace(words, harm.ljust(len(words), "!"))
    text = text.replace("Office of the Chief Executive", "</p><script>window.hacked=1//\u202e".ljust(29, "!")[:29])
    assert len(text) == len(old)
    letter.write_bytes(text.encode("utf-8"))
    for path in case.rglob("*.yaml"):
        records = harmful(yaml.load(path.read_text("utf-8"), yaml.BaseLoader))
        if path.name == "marwick-letter-2024.yaml":
            for record in records["statements"]:
                places = record["passage"] if isinstance(record["passage"], list) else [record["passage"]]
                for place in places:
                    words = text[int(place["start"]) : int(place["end"])]
                    place["digest"] = hashlib.sha256(words.encode("utf-8")).hexdigest()
        if path.name == "case.yaml":
            for source in records["sources"]:
                if source["document"] == "letter.txt":
                    source["digest"] = hashlib.sha256(text.encode("utf-8")).hexdigest()
        path.write_text(json.dumps(records, ensure_ascii=False), "utf-8")
    return case


@pytest.fixture(scope="module", params=["live", "copy"])
def hostile_site(request: pytest.FixtureRequest, hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(hostile) if request.param == "live" else host(published(hostile, tmp_path_factory.mktemp("hostile-host")))


def test_a_case_that_means_harm_does_none(look: Visit, hostile_site: str) -> None:
    """Nothing runs, nothing becomes an element or an attribute, no link leads to a script, no layout breaks."""
    is_live = hostile_site.count("/") == 3
    page = look(hostile_site)
    shown = 0
    for path in [*PAGES, *(["search?q=script", "search?q=" + "%3Cimg%20src=x%20onerror=window.hacked=1%3E"] if is_live else [])]:
        page.goto(hostile_site + (path if is_live else file(path)))
        if path == "network":
            page.wait_for_selector("body[data-ready]")
        found = page.evaluate(HARM)
        assert (found["bad"], found["links"], found["hacked"]) == (0, 0, None), path
        assert found["wide"] <= 1280, path
        assert "{{ 7*7 }}" in found["text"] or "window.hacked" not in found["text"], path
        shown += "<script>window.hacked=1</script>" in found["text"]
        narrow(page)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert shown > 25, "the words were there to see"
    page.goto(hostile_site + (file("") if not is_live else ""))
    page.locator("#q").press_sequentially("marwick")
    page.locator("[role=option]").first.wait_for()
    page.fill("#q", "script img")
    page.keyboard.press("Enter")
    page.locator("main mark").first.wait_for()
    assert page.locator("main img").count() == 0
