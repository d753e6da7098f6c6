"""Intake: the documents of a case, each read whatever the others hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.cases import read_case
from kg.curation import decisions, intake
from kg.curation.intake import Intake
from kg.extraction import extract
from kg.extraction.candidates import Extraction
from kg.records import text
from tests.conftest import Run

ROOM = "Ada Stone, the mayor, said: “We were wrong about the old gate.”\n"
CONTROLS = "Ada\x1b[31m Stone said: “We were \x1b]0;title\x07wrong about the gate.”\n\nThe \x07Harbour Board said it would pay.\n"


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    run("init", "case", "--base", "https://example.org/case/")
    shutil.rmtree(tmp_path / "case" / "candidates", ignore_errors=True)
    return tmp_path / "case"


def taken(folder: Path) -> dict[str, Intake]:
    return {one.name: one for one in intake.intake(folder)}


def test_control_characters_keep_no_document_from_being_read(folder: Path) -> None:
    (folder / "sources" / "a.txt").write_text(CONTROLS, "utf-8")
    (folder / "sources" / "b.txt").write_text(ROOM, "utf-8")
    found = taken(folder)
    assert found["a.txt"].counts["new"]
    assert found["b.txt"].counts["new"]
    case = read_case(folder)
    assert case.whole
    assert not any("\\u001B" in path.read_text("utf-8") for path in (folder / "candidates").iterdir())


def test_a_document_that_changed_is_named_and_not_proposed_anew(folder: Path, run: Run) -> None:
    source = folder / "sources" / "a.txt"
    source.write_text(ROOM, "utf-8")
    report = taken(folder)["a.txt"].report
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    source.write_text("Corrected. " + ROOM, "utf-8")
    done = run("extract", "case")
    assert done.returncode == 1
    assert f"failed: a.txt: changed since it was read as `{report}`\n  put it back" in done.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before
    source.rename(source.with_name("b.txt"))
    assert taken(folder)["b.txt"].counts["new"]


def test_a_decision_made_while_a_document_is_read_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sources" / "a.txt").write_text(ROOM, "utf-8")
    taken(folder)
    record = next(record for _, record in read_case(folder).proposals())

    def slow(*given: object) -> Extraction:
        if given[0].name == "a.txt":  # type: ignore[attr-defined]
            decisions.reject(read_case(folder), record.id, by="Ada Stone", on="2026-01-02")
        return extract(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "reader", lambda _: slow)
    assert taken(folder)["a.txt"].counts["already decided"] == 1
    assert [one.id for _, one in read_case(folder).proposals() if text(one, "reviewStatus") == "rejected"] == [record.id]
