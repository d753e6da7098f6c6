"""The review of a case: its queue, its decisions in the files, and the same in a terminal."""

from __future__ import annotations

import io
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from rich.console import Console

from kg.cases import read_case
from kg.cli.terminal import Keys, Terminal
from kg.curation import decisions
from kg.curation.review import Names, Review, reviewer, sure
from kg.errors import ChangedError, CheckError, KgError, NotFoundError
from tests.candidates import identifier, propose
from tests.conftest import ROOT, Run

DEMAND, CLAIM, DENIAL, PRAISE, PROMISE, TESTED = map(identifier, range(6))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return propose(tmp_path)


@pytest.fixture
def review(case: Path) -> Review:
    return Review(case, "Ada Stone", on="2026-01-02")


def content(case: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in case.rglob("*.yaml")}


# ---------------------------------------------------------------- the desk


def test_the_queue_is_in_the_order_of_reading(review: Review) -> None:
    assert [item.id for item in review.desk().items] == [PROMISE, TESTED, DEMAND, CLAIM, DENIAL, PRAISE]


def test_the_queue_goes_around(review: Review) -> None:
    desk = review.desk()
    picked = desk.pick(report="report/courier-live-2025")
    assert [desk.next(at, picked, step).id for at, step in ((DEMAND, 1), (PRAISE, 1), (DEMAND, -1), (TESTED, 1), (TESTED, -1))] == [  # type: ignore[union-attr]
        CLAIM, DEMAND, PRAISE, DEMAND, PRAISE,
    ]  # fmt: skip
    assert desk.next(TESTED, []) is None


def test_the_queue_is_narrowed(review: Review) -> None:
    desk = review.desk()
    assert [item.id for item in desk.pick(speaker="person/fenwright", sure="uncertain")] == [CLAIM]
    review.reject(CLAIM)
    assert desk.version != review.desk().version
    assert not review.desk().pick(speaker="person/fenwright", sure="uncertain")
    assert [item.id for item in review.desk().pick(state="rejected")] == [CLAIM]


def test_the_parts_of_a_statement(review: Review) -> None:
    desk = review.desk()

    def parts(name: str) -> dict[str, str]:
        item = desk.item(name)
        text = desk.documents[item.report].text
        return {part: text[start:end] for part, (start, end) in item.parts(text).items()}

    assert parts(PRAISE) == {"speaker": "A spokesperson", "cue": "calls", "content": "real but uneven"}
    assert parts(DENIAL) == {"speaker": "he", "cue": "writes", "content": "Nobody told me about the failure on 17 January,"}
    assert list(parts(PROMISE)) == ["content"]


@pytest.mark.parametrize(
    ("confidence", "words"), [(1.0, "almost certain"), (0.9, "almost certain"), (0.75, "likely"), (0.5, "uncertain"), (0, "a guess")]
)
def test_a_confidence_in_words(confidence: float, words: str) -> None:
    assert sure(confidence) == words


def test_names_mean_one_thing_or_nothing(review: Review) -> None:
    names = Names(review.desk().case)
    assert names.identifier("  ottilie   MARWICK", "speaker") == "person/ottilie-marwick"
    assert names.identifier("Marwick", "about") == "person/ottilie-marwick", "an alias"
    assert names.identifier("Fenwright", "speaker") == "person/fenwright", "a name goes before an alias"
    assert names.identifier("candour", "topic") == "topic/candour"
    assert names.identifier("candour", "speaker") == "candour", "a topic does not speak"
    assert ("Fenwright", "person, not in the case yet") in names.choices("speaker")


# ---------------------------------------------------------------- decisions


def test_a_decision_says_what_was_done_and_who_did_it(review: Review, case: Path) -> None:
    assert review.accept(PROMISE, {"note": "read twice"}) == "Accepted: Ottilie Marwick, Commitment"
    assert review.reject(TESTED) == "Rejected: Ottilie Marwick, Claim"
    found = read_case(case)
    accepted, rejected = found.index[PROMISE], found.proposed[TESTED]
    assert (accepted["decidedBy"], accepted["decidedOn"], accepted["note"]) == ("Ada Stone", "2026-01-02", "read twice")
    assert (rejected["decidedBy"], rejected["reviewStatus"]) == ("Ada Stone", "rejected")
    assert review.desk().decided == 2
    assert not [finding for finding in found.findings if finding.severity == "error"]


def test_progress_outlives_the_session(review: Review, case: Path) -> None:
    review.accept(PROMISE, {})
    review.reject(TESTED)
    desk = Review(case, "Somebody Else").desk()
    assert (desk.decided, len(desk.items)) == (2, 6)
    assert {item.id: item.state for item in desk.items if item.state != "open"} == {PROMISE: "accepted", TESTED: "rejected"}


def test_all_is_undone_one_after_the_other(review: Review, case: Path) -> None:
    states = [content(case)]
    decisions_made: list[Callable[[], Any]] = [
        lambda: review.accept(PROMISE, {"summary": "Promises a warning."}),
        lambda: review.merge("person/fenwright", "person/nadia-fenwright"),
        lambda: review.edit(CLAIM, {"summary": "Says so."}),
        lambda: review.accept(CLAIM, {"speaker": "Wren Alder"}, speaker_is="Person"),
        lambda: review.reject(TESTED),
    ]
    for decide in decisions_made:
        decide()
        assert content(case) != states[-1]
        states.append(content(case))
    for before in states[-2::-1]:
        review.undo()
        assert content(case) == before
    with pytest.raises(NotFoundError):
        review.undo()


def test_a_wrong_record_changes_nothing(review: Review, case: Path) -> None:
    before = content(case)
    with pytest.raises(CheckError) as refused:
        review.accept(DENIAL, {})
    assert "summary" in str(refused.value.findings[0])
    with pytest.raises(CheckError):
        review.accept(PROMISE, {"speaker": "Wren Alder", "summary": None}, speaker_is="Person")
    assert content(case) == before, "the new actor is not left behind"
    assert review.done == []


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_quote_stands_in_the_document_wherever_that_lies(case: Path, elsewhere: bool) -> None:
    sources = (case / "sources").rename(case.parent / "elsewhere") if elsewhere else None
    review, before = Review(case, "Ada Stone", sources), content(case)
    with pytest.raises(CheckError, match="does not stand in its passage"):
        review.accept(PRAISE, {"quote": "unreal and even", "topic": "topic/alarms"})
    assert content(case) == before
    assert review.accept(PRAISE, {"quote": "but uneven", "topic": "topic/alarms"})


def test_a_decision_on_older_files_is_refused(review: Review, case: Path) -> None:
    version = review.desk().version
    file = case / "topics.yaml"
    file.write_text(file.read_text("utf-8") + "# somebody was here\n", "utf-8")
    before = content(case)
    for decide in (
        lambda: review.accept(PROMISE, {}, version),
        lambda: review.reject(PROMISE, version),
        lambda: review.merge("person/fenwright", "person/nadia-fenwright", version),
        lambda: review.judge("judgement/fenwright-nadia-fenwright", "same", version),
    ):
        with pytest.raises(ChangedError, match=r"^topics\.yaml changed on disk"):
            decide()
    assert content(case) == before
    assert review.accept(PROMISE, {}, review.desk().version)


def test_an_undo_is_refused_where_a_file_changed(review: Review, case: Path) -> None:
    review.reject(TESTED)
    file = case / "candidates" / "marwick-letter-2024.yaml"
    file.write_text(file.read_text("utf-8") + "# somebody was here\n", "utf-8")
    before = content(case)
    with pytest.raises(ChangedError):
        review.undo()
    assert content(case) == before


@pytest.mark.parametrize("written", range(4))
def test_ctrl_c_between_two_files_leaves_nothing_half_done(
    review: Review, case: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """A decision writes several files; whichever of them is interrupted, all are as they were, or all are written."""
    from kg import files

    before, write, count = content(case), files.write, [0]

    def interrupted(path: Path, text: bytes | str) -> Path:
        if count[0] == written:
            count[0] += 1
            raise KeyboardInterrupt
        count[0] += 1
        return write(path, text)

    monkeypatch.setattr(files, "write", interrupted)
    try:
        review.accept(CLAIM, {"speaker": "Wren Alder"}, speaker_is="Person")
    except KeyboardInterrupt:
        assert content(case) == before
        assert review.done == []
    else:
        assert count[0] <= written, "nothing was interrupted"


def test_what_somebody_else_writes_meanwhile_stays(review: Review, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor saves a file while a decision is made: neither a refusal nor an undo takes that away."""
    reports, accept = case / "reports.yaml", decisions.accept
    saved = reports.read_text("utf-8") + "# somebody was here\n"

    def refused(*_: object, **__: object) -> list[Path]:
        reports.write_text(saved, "utf-8")
        raise CheckError([])

    before = content(case)
    monkeypatch.setattr(decisions, "accept", refused)
    with pytest.raises(CheckError):
        review.accept(CLAIM, {"speaker": "Wren Alder"}, speaker_is="Person")
    assert content(case) == before | {reports: saved.encode()}

    def accepted(*given: Any, **named: Any) -> list[Path]:
        done = accept(*given, **named)
        reports.write_text(saved + "# and again\n", "utf-8")
        return done

    monkeypatch.setattr(decisions, "accept", accepted)
    review.accept(PROMISE, {"summary": "The Authority will test every well."})
    review.undo()
    assert content(case) == before | {reports: (saved + "# and again\n").encode()}


def test_a_file_that_cannot_be_read_is_no_decided_one(review: Review, case: Path) -> None:
    file = case / "candidates" / "courier-live-2025.yaml"
    file.write_text(file.read_text("utf-8") + "  - [\n", "utf-8")
    with pytest.raises(KgError, match="courier-live-2025"):
        review.desk()


def test_who_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "none"))
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Ada Stone\n", "utf-8")
    assert reviewer() == "Ada Stone"
    (tmp_path / "gitconfig").write_text("", "utf-8")
    monkeypatch.setenv("LOGNAME", "ada")
    assert reviewer() == "ada"


# ---------------------------------------------------------------- in a terminal


def dialogue(review: Review, typed: str, **options: Any) -> tuple[str, int]:
    """What the terminal shows, and how many decisions were refused."""
    shown = io.StringIO()
    console = Console(file=shown, width=120, force_terminal=False)
    refused = Terminal(review, Keys(io.StringIO(typed)), console, **options).run()
    return shown.getvalue(), refused


def test_letters_from_a_pipe(review: Review, case: Path) -> None:
    shown, refused = dialogue(review, "arnn\nr q")
    assert refused == 0
    assert "Accepted: Ottilie Marwick, Commitment" in shown
    assert "1 accepted, 2 rejected; 3 of 6 decided" in shown
    assert "»From 1 October we will warn the public within two hours of any failure of disinfection.«" in shown
    assert "almost certain (90%), rule first-person-promise" in shown
    found = read_case(case)
    assert PROMISE in found.index
    assert {name for name in (TESTED, DENIAL) if found.proposed[name]["reviewStatus"] == "rejected"} == {TESTED, DENIAL}


def test_what_is_refused_is_told_and_counted(review: Review, case: Path) -> None:
    before = content(case)
    shown, refused = dialogue(review, "b b a z q")
    assert "A statement has exactly one summary" in shown
    assert "`z` is no command" in shown
    assert refused == 2
    assert content(case) == before


def test_merging_and_undoing(review: Review, case: Path) -> None:
    before = content(case)
    shown, refused = dialogue(review, "nnm Nadia Fenwright\nuq")
    assert "Merged: Fenwright is Nadia Fenwright" in shown
    assert "Undone: merged: Fenwright is Nadia Fenwright" in shown
    assert refused == 0
    assert content(case) == before
    shown, refused = dialogue(review, "nnm\nNobody\nq")
    assert "nobody is called `Nobody`" in shown
    assert refused == 1


def test_undo_comes_back_to_the_statement(review: Review) -> None:
    shown, _ = dialogue(review, "nruq")
    assert shown.rstrip().count("2 of 6 · marwick-letter-2024/1385-1416") == 2


def test_editing_the_record(review: Review, case: Path) -> None:
    seen = []

    def editor(lines: str) -> str:
        seen.append(lines)
        return lines.replace("cue: writes\n", "cue: writes\nsummary: Denies it.\n").replace(
            "about: event/stonebeck-failure\n", "about: [event/stonebeck-failure]\n"
        )

    shown, refused = dialogue(review, "bbeaq", edit=editor)
    assert refused == 0
    assert seen[0].startswith(f"id: {DENIAL}\n")
    assert "Saved: Edmund Tressick, Denial" in shown
    assert read_case(case).index[DENIAL]["summary"] == "Denies it."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lines: None, "Left as it was"),
        (lambda lines: lines, "Left as it was"),
        (lambda lines: lines.replace("id: statement", "id: stadement"), "leave the `id` as it is"),
        (lambda lines: lines + "note: 'direct", "never closed"),
        (lambda lines: lines + "mood: good\n", "unknown field `mood`"),
    ],
)
def test_an_edit_that_comes_to_nothing(review: Review, case: Path, change: Callable[[str], str | None], told: str) -> None:
    before = content(case)
    assert told in dialogue(review, "eq", edit=change)[0]
    assert content(case) == before


def test_judgements_follow_the_statements(review: Review, case: Path) -> None:
    shown, refused = dialogue(review, "rrrrrr n d")
    assert "why: the surname is the same" in shown
    assert "Not the same: Fenwright and Nadia Fenwright" in shown
    assert refused == 0
    assert read_case(case).index["judgement/fenwright-nadia-fenwright"]["judgement"] == "different"
    assert "Nothing is open" in dialogue(review, "")[0]


def test_a_case_without_candidates() -> None:
    review = Review(ROOT / "data" / "tutorial", "Ada Stone")
    assert "Nothing was proposed" in dialogue(review, "")[0]


# ---------------------------------------------------------------- the command


def test_the_command_in_a_pipe(run: Run, tmp_path: Path) -> None:
    propose(tmp_path)
    done = run("review", "case", "--terminal", "--by", "Ada Stone", stdin="arq")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 accepted, 1 rejected; 2 of 6 decided" in done.stdout
    assert "decidedBy: Ada Stone" in (tmp_path / "case" / "statements" / "marwick-letter-2024.yaml").read_text("utf-8")
    assert run("review", "case", "--terminal", stdin="z").returncode == 1
    assert run("check", "case").returncode == 0
    assert run("build", "case").returncode == 0
    done = run("review", "nowhere", "--terminal")
    assert done.returncode == 2
    assert "this is not a case" in done.stderr


def test_the_persons_own_editor(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(tmp_path)
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/^summary:.*/summary: Promises a warning./' \"$1\"\n", "utf-8")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    assert run("review", "case", "--terminal", stdin="eaq").returncode == 0
    assert read_case(tmp_path / "case").index[PROMISE]["summary"] == "Promises a warning."
    monkeypatch.setenv("EDITOR", str(tmp_path / "none"))
    done = run("review", "case", "--terminal", stdin="eq")
    assert done.returncode == 1
    assert "name your editor in $EDITOR" in " ".join(done.stdout.split())


def test_documents_elsewhere(run: Run, tmp_path: Path) -> None:
    (propose(tmp_path) / "sources").rename(tmp_path / "elsewhere")
    assert "The document is not at hand" in run("review", "case", "--terminal", stdin="q").stdout
    done = run("review", "case", "--terminal", "--sources", "elsewhere", stdin="q")
    assert "we will warn the public" in re.sub(r"\s+", " ", done.stdout)


def test_the_page_is_served_until_ctrl_c(tmp_path: Path) -> None:
    case = propose(tmp_path)
    command = [sys.executable, "-m", "kg", "review", str(case), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/\?token=[\w-]{43}", address)
        assert httpx.get(address.partition("?")[0]).status_code == 403
        with httpx.Client(follow_redirects=True) as client:
            assert "Commitment by" in client.get(address).text
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr
        assert "whoever has this address can change the case" in process.stderr.read()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminal can be made here")
def test_a_keyboard_needs_no_enter_and_ctrl_c_leaves_nothing_half_done(tmp_path: Path) -> None:
    case = propose(tmp_path)
    keyboard, other = os.openpty()
    command = [sys.executable, "-m", "kg", "review", str(case), "--terminal"]
    with subprocess.Popen(command, stdin=other, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        os.close(other)
        assert process.stdout
        assert process.stderr
        _read(process.stdout, "[q]uit > ")
        os.write(keyboard, b"\x1b[C\x1b[Dr")
        _read(process.stdout, "Rejected: Ottilie Marwick, Commitment")
        _read(process.stdout, "[q]uit > ")
        before = content(case)
        process.send_signal(signal.SIGINT)  # as the terminal does it
        assert process.wait(30) == 130
        assert "nothing was left half done" in process.stderr.read()
    os.close(keyboard)
    assert content(case) == before


def _read(stream: IO[str], words: str) -> None:
    """Read until the words came."""
    seen = ""
    while not seen.endswith(words):
        char = stream.read(1)
        assert char, seen
        seen += char
