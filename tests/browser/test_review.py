"""The review in a browser: by keyboard alone, without script, for everybody, and when things go wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.cases import read_case
from kg.curation.review import Review
from kg.web.review.app import create_app, new_token
from tests.browser.test_site import narrow, usable
from tests.candidates import identifier, propose
from tests.web.conftest import HOSTILE
from tests.web.serving import running

Visit = Callable[..., Any]
DEMAND, CLAIM, DENIAL, PRAISE, PROMISE, TESTED = map(identifier, range(6))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return propose(tmp_path)


@pytest.fixture
def visit(look: Visit, case: Path) -> Iterator[Visit]:
    """Open a path of the page by the address that the command prints."""
    token = new_token()
    with running(create_app(Review(case, "Ada Stone", on="2026-01-02"), token)) as client:
        address = f"{str(client.base_url).rstrip('/')}/"

        def open_page(path: str = "", **options: Any) -> Any:
            page = look(address, f"?token={token}", **options)
            assert page.url == address, "the token leaves the address"
            if path:
                page.goto(address + path)
            return page

        yield open_page


def told(page: Any, words: str) -> None:
    """Wait until the words are said to who cannot see the page."""
    page.wait_for_function("(words) => document.getElementById('live').textContent.includes(words)", arg=words)


def press(page: Any, key: str, words: str) -> None:
    page.keyboard.press(key)
    told(page, words)


def in_view(page: Any, selector: str) -> bool:
    found = page.evaluate(
        """(selector) => {
            const box = document.querySelector(selector).getBoundingClientRect();
            const frame = document.querySelector('.source').getBoundingClientRect();
            return box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
        }""",
        selector,
    )
    return bool(found)


def test_the_keyboard_alone_decides_everything(visit: Visit, case: Path) -> None:
    page = visit()
    assert page.inner_text("h1") == "Commitment by Ottilie Marwick"
    press(page, "a", "Accepted: Ottilie Marwick, Commitment. 1 of 6 decided Claim by Ottilie Marwick")
    assert page.evaluate("document.activeElement.id") == "record", "the focus goes to the next record"
    press(page, "r", "Rejected: Ottilie Marwick, Claim. 2 of 6 decided Demand by Fenwright")
    assert in_view(page, "#now")
    press(page, "j", "Claim by Fenwright")
    assert in_view(page, "#now")
    press(page, "k", "Demand by Fenwright")
    press(page, "ArrowRight", "Claim by Fenwright")
    press(page, "ArrowLeft", "Demand by Fenwright")
    page.keyboard.press("m")
    assert page.input_value("#f-into") == "Nadia Fenwright", "the name that may be the same is offered"
    press(page, "Enter", "Merged: Fenwright is Nadia Fenwright")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "f-summary"
    page.keyboard.press("Control+a")
    page.keyboard.type("Asks for money, jars and forms aside.")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    told(page, "not saved")
    assert page.inner_text("h1") == "Demand by Nadia Fenwright", "nothing typed is left by mistake"
    press(page, "s", "Saved: Nadia Fenwright, Demand")
    assert read_case(case).proposed[DEMAND]["summary"] == "Asks for money, jars and forms aside."
    page.focus("input[name=about]")
    page.keyboard.type("Harrow Vale Water Authority")
    press(page, "Control+Enter", "Accepted: Nadia Fenwright, Demand. 3 of 6 decided")
    found = read_case(case)
    assert found.index[DEMAND]["about"] == "institution/harrow-vale-water-authority"
    assert found.index[PROMISE]["decidedBy"] == "Ada Stone"
    press(page, "u", "Demand by Nadia Fenwright")
    assert DEMAND in read_case(case).proposed
    assert page.locator("progress").get_attribute("value") == "2"
    page.keyboard.press("?")
    assert page.locator("#keys dl").is_visible()


def test_the_focus_is_seen(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "record"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", page.evaluate(
            "document.activeElement.outerHTML"
        )


def test_what_is_wrong_stands_beside_its_field(visit: Visit, case: Path) -> None:
    page = visit(f"?at={DENIAL}", status=422)
    page.fill("#f-note", "typed by hand")
    page.keyboard.press("Escape")
    press(page, "a", "Not accepted")
    assert page.evaluate("document.activeElement.id") == "f-summary", "the focus goes to what is to be mended"
    assert page.input_value("#f-note") == "typed by hand"
    assert DENIAL in read_case(case).proposed
    page.keyboard.type("Denies that anybody told him.")
    page.keyboard.press("Control+Enter")
    told(page, "Accepted: Edmund Tressick, Denial")
    assert read_case(case).index[DENIAL]["note"] == "typed by hand"


def test_a_file_that_an_editor_changed(visit: Visit, case: Path) -> None:
    page = visit(status=409)
    page.fill("#f-note", "typed by hand")
    file = case / "candidates" / "marwick-letter-2024.yaml"
    file.write_text("# somebody was here\n" + file.read_text("utf-8"), "utf-8")
    page.keyboard.press("Escape")
    press(page, "a", "changed on disk, so nothing was decided")
    assert page.input_value("#f-note") == "typed by hand"
    press(page, "a", "Accepted: Ottilie Marwick, Commitment")
    assert file.read_text("utf-8").startswith("# somebody was here\n")
    assert read_case(case).index[PROMISE]["note"] == "typed by hand"


def test_a_file_that_cannot_be_read_loses_nothing(visit: Visit, case: Path) -> None:
    page = visit(status=503)
    page.fill("#f-note", "typed by hand")
    file = case / "candidates" / "marwick-letter-2024.yaml"
    kept = file.read_bytes()
    file.write_bytes(kept + b"  - [\n")
    page.keyboard.press("Escape")
    press(page, "a", "marwick-letter-2024.yaml")
    assert page.input_value("#f-note") == "typed by hand"
    file.write_bytes(kept)
    press(page, "a", "Accepted: Ottilie Marwick, Commitment")


def test_judgements_by_keyboard(visit: Visit, case: Path) -> None:
    page = visit()
    page.click("text=Same or not")
    page.wait_for_url(re.compile("/same$"))
    press(page, "d", "Not the same: Fenwright and Nadia Fenwright.")
    press(page, "u", "0 of 6 decided One and the same?")
    press(page, "s", "One and the same: Fenwright and Nadia Fenwright.")
    assert "person/fenwright" not in read_case(case).proposed
    assert read_case(case).index["judgement/fenwright-nadia-fenwright"]["judgement"] == "same"


def test_a_candidate_is_chosen_in_the_document(visit: Visit) -> None:
    page = visit()
    page.select_option("#filter-report", "report/courier-live-2025")
    page.click(".filters button")
    page.wait_for_url(re.compile("report="))
    page.click("mark a >> text=Nobody told me")
    told(page, "Denial by Edmund Tressick")
    assert page.evaluate("document.querySelector('#now').textContent").endswith('"'), "from its first mark on"
    assert page.locator(".source mark.now.speaker").inner_text() == "he"
    assert page.locator(".source mark.now.cue").inner_text() == "writes"
    page.go_back()
    page.locator("h1", has_text="Demand by Fenwright").wait_for()


def test_a_list_of_names_grows(visit: Visit, case: Path) -> None:
    page = visit()
    page.focus("input[name=topic] >> nth=1")
    page.keyboard.type("candour")
    page.keyboard.press("Tab")
    page.keyboard.type("compensation")
    page.keyboard.press("Control+Enter")
    told(page, "Accepted")
    assert read_case(case).index[PROMISE]["topic"] == ["topic/public-warning", "topic/candour", "topic/compensation"]


def test_without_script(visit: Visit, case: Path) -> None:
    page = visit(status=422, java_script_enabled=False)
    page.click("button[value=accept]")
    assert page.locator(".told p").inner_text().startswith("Accepted: Ottilie Marwick, Commitment")
    page.click("button[value=reject]")
    assert "2 of 6 decided" in page.inner_text(".progress")
    page.click("#undo")
    assert "1 of 6 decided" in page.inner_text(".progress")
    page.click("#after")
    page.fill("#f-into", "Nadia Fenwright")
    page.click("button[value=merge]")
    assert page.inner_text("h1") == "Demand by Nadia Fenwright"
    page.click("button[value=accept]")
    assert page.locator(".wrong").count() >= 1
    page.click("text=Same or not")
    assert "Nobody is merged" in page.inner_text("main") or "The same" in page.inner_text("main")
    assert read_case(case).proposed[DEMAND]["speaker"] == "person/nadia-fenwright"


@pytest.mark.parametrize("path", ["", f"?at={CLAIM}", f"?at={PRAISE}&state=any", "same", "?report=none"])
def test_everybody_can_use_the_page(visit: Visit, axe: str, path: str) -> None:
    page = visit()
    press(page, "a", "Accepted")
    page.goto(page.url.partition("?")[0] + path)
    usable(page, axe)


def test_everybody_can_use_a_refusal(visit: Visit, axe: str) -> None:
    page = visit(f"?at={DENIAL}", status=422)
    press(page, "a", "Not accepted")
    usable(page, axe)


def test_a_case_that_means_harm_does_none(visit: Visit, case: Path) -> None:
    """Nothing runs, nothing becomes an element, no layout breaks; ``look`` watches the rest."""
    for file in (case / "candidates").glob("*.yaml"):
        fields = re.sub(r"\b(summary|rule|label|reason): .*", lambda match: f"{match[1]}: {json.dumps(HOSTILE)}", file.read_text("utf-8"))
        file.write_text(fields, "utf-8")
    page = visit()
    for path in ("", f"?at={CLAIM}", "same"):
        page.goto(page.url.partition("?")[0].removesuffix("same") + path)
        assert page.locator("img, [onerror], script:not([src])").count() == 0
        narrow(page)
