"""The page of a review over HTTP: who gets in, what a decision writes, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from kg.cases import read_case
from kg.curation.review import Review
from kg.documents import digest
from kg.web.review.app import create_app, new_token
from tests.candidates import identifier, propose
from tests.web.conftest import HOSTILE, Elements, harmless
from tests.web.serving import running

TOKEN = new_token()
DEMAND, CLAIM, DENIAL, PRAISE, PROMISE, TESTED = map(identifier, range(6))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return propose(tmp_path)


@pytest.fixture
def stranger(case: Path) -> Iterator[httpx.Client]:
    """A client that has no token."""
    with running(create_app(Review(case, "Ada Stone", on="2026-01-02"), TOKEN)) as client:
        yield client


@pytest.fixture
def client(stranger: httpx.Client) -> httpx.Client:
    """A client that came in by the printed address."""
    assert stranger.get("/", params={"token": TOKEN}).status_code == 303
    stranger.follow_redirects = True
    return stranger


def form(page: httpx.Response) -> dict[str, str | list[str]]:
    """What a browser sends of the record's form if nothing is typed."""
    html = page.text.partition('<form id="form"')[2].partition("</form>")[0]
    found: dict[str, str | list[str]] = {}
    for tag, attributes in Elements(html).found:
        name = attributes.get("name")
        if tag == "input" and name and (attributes.get("type") != "checkbox" or "checked" in attributes):
            several = found.setdefault(name, [])
            assert isinstance(several, list)
            several.append(attributes.get("value") or "")
    found["summary"] = unescape(re.search(r"<textarea[^>]*>([^<]*)</textarea>", html)[1])  # type: ignore[index]
    mode = re.search(r'name="mode".*?</select>', html, re.DOTALL)
    found["mode"] = re.search(r"<option selected>(\w+)", mode[0])[1] if mode else ""  # type: ignore[index]
    return found


def at(client: httpx.Client, name: str) -> httpx.Response:
    page = client.get("/", params={"at": name})
    assert page.status_code == 200
    return page


def decide(client: httpx.Client, name: str, do: str, **typed: str | list[str]) -> httpx.Response:
    return client.post("/", data={**form(at(client, name)), **{key.replace("_", "-"): value for key, value in typed.items()}, "do": do})


def progress(page: httpx.Response) -> str:
    return re.search(r"\d+ of \d+ decided", page.text)[0]  # type: ignore[index]


# ---------------------------------------------------------------- who gets in


def test_without_the_token_nothing_is_shown(stranger: httpx.Client) -> None:
    for method, path in [("GET", "/"), ("GET", "/same"), ("GET", "/assets/review.css"), ("POST", "/"), ("POST", "/undo"), ("GET", "/x")]:
        answer = stranger.request(method, path)
        assert answer.status_code == 403, path
        assert "open the whole address that `kg review` printed" in answer.text
    for wrong in ("", "x", TOKEN[:-1], TOKEN + "x", "é"):
        assert stranger.get("/", params={"token": wrong}).status_code == 403


def test_the_token_becomes_a_cookie_and_leaves_the_address(stranger: httpx.Client) -> None:
    answer = stranger.get("/", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert stranger.get("/").status_code == 200
    assert TOKEN not in stranger.get("/").text, "no page gives it away"


def test_another_cookie_is_none(stranger: httpx.Client) -> None:
    name = stranger.get("/", params={"token": TOKEN}).headers["set-cookie"].partition("=")[0]
    stranger.cookies.clear()
    assert stranger.get("/", headers={"Cookie": f"{name}={'x' * 43}"}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "evil.example"}, 421),
    ],
)
def test_another_site_cannot_decide(client: httpx.Client, case: Path, headers: dict[str, str], status: int) -> None:
    before = (case / "candidates" / "courier-live-2025.yaml").read_bytes()
    sent = {**form(at(client, DEMAND)), "do": "reject"}
    assert client.post("/", data=sent, headers=headers).status_code == status
    assert (case / "candidates" / "courier-live-2025.yaml").read_bytes() == before


def test_a_form_without_its_key_decides_nothing(client: httpx.Client, case: Path) -> None:
    sent = {**form(at(client, DEMAND)), "do": "reject"}
    for path in ("/", "/same", "/undo"):
        assert client.post(path, data={**sent, "key": "0" * 64}).status_code == 403
        assert client.post(path, json=sent).status_code == 403
    assert "reject" not in (case / "candidates" / "courier-live-2025.yaml").read_text("utf-8")


def test_every_answer_is_bounded_and_kept_by_nobody(client: httpx.Client) -> None:
    for path in ("/", "/same", "/?at=statement/none", "/?report=none"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert answer.headers["cache-control"] == "no-store"
        assert not [attributes for _, attributes in Elements(answer.text).found if "style" in attributes or "onclick" in attributes]


# ---------------------------------------------------------------- what is shown


def test_the_document_with_its_candidates(client: httpx.Client) -> None:
    page = at(client, CLAIM)
    marks = re.findall(r'<mark class="([^"]*)"', page.text.partition('id="record"')[0].partition('class="source"')[2])
    assert {"now speaker", "now cue", "now content", "now"} <= set(marks)
    assert marks.count("open") == 3, "the other candidates of the document lead to themselves"
    assert f'href="/?at={DENIAL.replace("/", "%2F")}"' in page.text
    assert "Edmund Tressick, who resigned as chief executive last year" in page.text, "all of the text is there"
    assert "Uncertain" in page.text
    assert "(55%), found by the rule “pronoun subject”" in page.text


def test_names_stand_for_identifiers(client: httpx.Client) -> None:
    sent = form(at(client, PROMISE))
    assert sent["speaker"] == ["Ottilie Marwick"]
    assert sent["topic"] == ["warning the public", ""]
    assert sent["said"] == ["2024-09"]
    assert sent["figure-0-measure"] == ["time from alarm to public warning"]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, 6),
        ({"report": "report/marwick-letter-2024"}, 2),
        ({"speaker": "person/fenwright"}, 2),
        ({"sure": "a guess"}, 1),
        ({"sure": "likely", "report": "report/courier-live-2025"}, 2),
    ],
)
def test_the_queue_is_narrowed(client: httpx.Client, asked: dict[str, str], left: int) -> None:
    page = client.get("/", params=asked)
    assert f"1 of {left} " in page.text
    assert all(f"{name}={value.replace('/', '%2F').replace(' ', '+')}" in page.text for name, value in asked.items()), "links keep it"


def test_a_document_that_is_not_at_hand(client: httpx.Client, case: Path) -> None:
    (case / "sources" / "letter.txt").unlink()
    page = at(client, PROMISE)
    assert "The document is not at hand" in page.text
    assert "Says that nearly all alarms are tested now." in page.text, "its candidates are a list"


def test_of_a_long_document_what_is_around_is_shown(client: httpx.Client, case: Path) -> None:
    file = case / "sources" / "letter.txt"
    old = file.read_bytes().decode("utf-8")
    text = old + "\nThe rest of it is of no interest to anybody." * 20_000
    file.write_bytes(text.encode("utf-8"))
    records = case / "case.yaml"
    records.write_text(records.read_text("utf-8").replace(digest(old), digest(text)), "utf-8")
    page = at(client, PROMISE)
    left = int(re.search(r"([\d,]+) characters further away are left out", page.text)[1].replace(",", ""))  # type: ignore[index]
    assert len(text) - left < 60_000
    assert len(page.text) < 200_000
    assert '<mark class="now content" id="now">' in page.text


def test_hostile_words_stay_words(client: httpx.Client, case: Path) -> None:
    file = case / "candidates" / "courier-live-2025.yaml"
    shown = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    text = re.sub(r"(summary|quote|rule|speakerAsWorded): .*", rf'\1: "{shown}"', file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    actors = case / "candidates" / "actors.yaml"
    actors.write_text(actors.read_text("utf-8").replace("label: Fenwright", f'label: "{shown}"'), "utf-8")
    harmless(at(client, DEMAND).text)
    harmless(client.get("/same").text)


# ---------------------------------------------------------------- decisions


def test_accepting_writes_and_goes_on(client: httpx.Client, case: Path) -> None:
    page = decide(client, PROMISE, "accept")
    assert page.status_code == 200
    assert progress(page) == "1 of 6 decided"
    assert page.url.params["at"] == TESTED, "the next one in the order of reading"
    assert "Accepted: Ottilie Marwick, Commitment" in page.text
    record = read_case(case).index[PROMISE]
    assert (record["decidedBy"], record["decidedOn"], record["rule"]) == ("Ada Stone", "2026-01-02", "first-person-promise")
    assert record["figures"][0]["value"] == "2", "what was not edited is as it was"
    assert at(client, PROMISE).text.count("<mark class=") > 1, "it can still be looked at"


def test_what_was_edited_is_accepted(client: httpx.Client, case: Path) -> None:
    sent = {"summary": "Denies that anybody told him.", "type": ["Denial", "Criticism"], "topic": ["Candour ", ""], "said": "2025-05"}
    page = decide(client, DENIAL, "accept", **sent)
    assert page.status_code == 200, page.text
    record = read_case(case).index[DENIAL]
    assert record["summary"] == "Denies that anybody told him."
    assert record["type"] == ["Denial", "Criticism"]
    assert record["topic"] == "topic/candour"
    assert (record.get("saidOn"), record["saidInMonth"]) == (None, "2025-05")


def test_figures_are_edited_added_and_taken_out(client: httpx.Client, case: Path) -> None:
    sent = {"figure_0_value": "3", "figure_1_value": "4", "figure_1_unit": "hours", "figure_1_asWorded": "four hours"}
    sent["figure_1_measure"] = "time from alarm to public warning"
    assert decide(client, PROMISE, "save", **sent).status_code == 200
    first, second = read_case(case).proposed[PROMISE]["figures"]
    assert (first["value"], first["qualifier"], second["asWorded"]) == ("3", "at-most", "four hours")
    empty = {f"figure_0_{name}": "" for name in ("asWorded", "measure", "value", "unit", "qualifier")}
    assert decide(client, PROMISE, "save", **empty).status_code == 200
    (left,) = read_case(case).proposed[PROMISE]["figures"]
    assert left["value"] == "4"


def test_a_record_that_is_not_right_is_not_accepted(client: httpx.Client, case: Path) -> None:
    before = {path: path.read_bytes() for path in case.rglob("*.yaml")}
    page = decide(client, DENIAL, "accept", note="typed by hand")
    assert page.status_code == 422
    assert "Not accepted" in page.text
    assert re.search(r'<textarea id="f-summary"[^>]* aria-invalid="true" aria-describedby="wrong-summary-1 "', page.text)
    assert 'value="typed by hand"' in page.text, "nothing that was typed is lost"
    page = decide(client, DENIAL, "accept", summary="Denies it.", quote="Nobody told us")
    assert re.search(r'id="wrong-quote-1">“Nobody told us” does not stand in its passage', page.text)
    page = decide(client, DENIAL, "save", quote=" ".join(["word"] * 13))
    assert re.search(r'id="wrong-quote-1">the quote has 13 words', page.text)
    assert {path: path.read_bytes() for path in case.rglob("*.yaml")} == before


def test_an_unknown_name_is_told_beside_its_field(client: httpx.Client, case: Path) -> None:
    page = decide(client, PROMISE, "accept", speaker="Somebody Else")
    assert page.status_code == 422
    assert 'id="wrong-speaker-1"' in page.text
    assert 'value="Somebody Else"' in page.text
    page = decide(client, PROMISE, "accept", topic=["nothing of the kind"], about=["Marwick"])
    assert 'id="wrong-topic-1"' in page.text
    assert "wrong-about" not in page.text, "an alias that only one has is understood"


def test_a_new_speaker_is_entered(client: httpx.Client, case: Path) -> None:
    page = decide(client, PROMISE, "accept", speaker="Wren Alder", speaker_is="Person")
    assert page.status_code == 200, page.text
    found = read_case(case)
    assert found.index[PROMISE]["speaker"] == "person/wren-alder"
    assert found.index["person/wren-alder"]["label"] == "Wren Alder"
    assert not [finding for finding in found.findings if "wren" in str(finding)]


def test_rejecting_keeps_the_candidate_where_it_is(client: httpx.Client, case: Path) -> None:
    page = decide(client, TESTED, "reject")
    assert progress(page) == "1 of 6 decided"
    assert read_case(case).proposed[TESTED]["reviewStatus"] == "rejected"
    assert "1 of 1 " in client.get("/", params={"state": "rejected"}).text


def test_saving_is_no_decision(client: httpx.Client, case: Path) -> None:
    page = decide(client, DENIAL, "save", summary="Says that nobody told him.")
    assert progress(page) == "0 of 6 decided"
    assert page.url.params["at"] == DENIAL
    assert read_case(case).proposed[DENIAL]["summary"] == "Says that nobody told him."


def test_merging_speakers(client: httpx.Client, case: Path) -> None:
    page = decide(client, CLAIM, "merge", into="Nadia Fenwright")
    assert page.status_code == 200
    assert page.url.params["at"] == CLAIM
    found = read_case(case)
    assert {found.proposed[name]["speaker"] for name in (DEMAND, CLAIM)} == {"person/nadia-fenwright"}
    assert "person/fenwright" not in found.proposed
    assert decide(client, PRAISE, "merge", into="Nobody At All").status_code == 404


def test_undo_restores_every_byte(client: httpx.Client, case: Path) -> None:
    before = {path: path.read_bytes() for path in case.rglob("*.yaml")}
    decide(client, PROMISE, "accept")
    decide(client, CLAIM, "merge", into="Nadia Fenwright")
    key = form(at(client, DEMAND))["key"]
    first = client.post("/undo", data={"key": key})
    second = client.post("/undo", data={"key": key})
    assert second.url.params["at"] == PROMISE
    assert (first.status_code, progress(second)) == (200, "0 of 6 decided")
    assert {path: path.read_bytes() for path in case.rglob("*.yaml")} == before
    assert client.post("/undo", data={"key": key}).status_code == 404


def test_judgements(client: httpx.Client, case: Path) -> None:
    page = client.get("/same")
    assert "the surname is the same, and no other Fenwright is in the case" in page.text
    assert "Asks for fifty pounds for each home" in page.text, "what the one says"
    assert "Wants each home to be paid without paperwork." in page.text, "what the other says"
    hidden = {
        attributes["name"]: attributes["value"] for tag, attributes in Elements(page.text).found if attributes.get("type") == "hidden"
    }
    answer = client.post("/same", data={**hidden, "do": "different"})
    assert answer.status_code == 200
    assert "Not the same</strong>, decided by Ada Stone 2026-01-02" in answer.text
    undone = client.post("/undo", data=hidden)
    assert undone.url.path == "/same"
    answer = client.post("/same", data={**hidden, "do": "same:person/nadia-fenwright"})
    assert answer.status_code == 200
    assert "person/fenwright" not in read_case(case).proposed


# ---------------------------------------------------------------- files that change meanwhile


def test_a_decision_on_older_files_is_refused_and_nothing_typed_is_lost(client: httpx.Client, case: Path) -> None:
    sent = {**form(at(client, PROMISE)), "note": "typed by hand", "do": "accept"}
    file = case / "candidates" / "marwick-letter-2024.yaml"
    file.write_text("# somebody was here\n" + file.read_text("utf-8").replace("confidence: 0.9", "confidence: 0.8"), "utf-8")
    written = file.read_bytes()
    page = client.post("/", data=sent)
    assert page.status_code == 409
    assert "candidates/marwick-letter-2024.yaml changed on disk, so nothing was decided" in page.text
    assert 'value="typed by hand"' in page.text
    assert "(80%)" in page.text, "the page shows the files as they are now"
    assert file.read_bytes() == written
    again = {**form(page), "do": "accept"}
    assert client.post("/", data=again).status_code == 200
    assert file.read_text("utf-8").startswith("# somebody was here\n")


def test_undo_is_refused_where_a_file_changed(client: httpx.Client, case: Path) -> None:
    decide(client, TESTED, "reject")
    file = case / "candidates" / "marwick-letter-2024.yaml"
    file.write_text(file.read_text("utf-8") + "# somebody was here\n", "utf-8")
    page = client.post("/undo", data={"key": form(at(client, DEMAND))["key"]})
    assert page.status_code == 409
    assert file.read_text("utf-8").endswith("# somebody was here\n")


def test_a_case_that_cannot_be_read_is_told(client: httpx.Client, case: Path) -> None:
    file = case / "case.yaml"
    kept = file.read_bytes()
    file.unlink()
    page = client.get("/")
    assert page.status_code == 503
    assert "cannot be read just now" in page.text
    file.write_bytes(kept)
    assert client.get("/").status_code == 200


def test_a_candidate_that_is_gone(client: httpx.Client, case: Path) -> None:
    sent = {**form(at(client, PROMISE)), "do": "accept"}
    assert client.post("/", data={**sent, "id": "statement/none"}).status_code == 404
    assert client.post("/", data={**sent, "do": "burn"}).status_code == 404


def test_a_speaker_of_no_kind_is_refused(client: httpx.Client, case: Path) -> None:
    before = {path: path.read_bytes() for path in case.rglob("*.yaml")}
    page = decide(client, CLAIM, "accept", speaker="Wren Alder", speaker_is="Robot")
    assert page.status_code == 404
    assert "`Robot` is no kind of actor" in page.text
    assert {path: path.read_bytes() for path in case.rglob("*.yaml")} == before
