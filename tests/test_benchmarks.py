"""The benchmarks run: their cases are valid and always the same, and each measures what it says; no times are asserted."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.build import build as make
from kg.cases import DERIVED, read_case
from kg.records import values
from kg.store import open_store
from kg.validation import check
from tests.benchmarks import __main__, bombs, build, extraction, memory, pages, queries, regex_baseline, search, serving, startup
from tests.benchmarks.agreement import agreement
from tests.benchmarks.apart import Worker, apart
from tests.benchmarks.cases import write_case
from tests.benchmarks.load import Ask, Load, press_together
from tests.benchmarks.measure import Clock, OutOfTime, limit
from tests.conftest import ROOT

ROWS = ("memory_ms", "disk_ms", "rdflib_ms", "ratio_memory", "ratio_disk")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("benchmarks") / "case", 200)


def test_a_made_up_case_is_valid_to_the_last_passage(folder: Path) -> None:
    case = read_case(folder)
    documents, missing = case.documents()
    assert [*missing, *check(case, None, documents)] == []
    statements = [statement for _, statement in case.statements()]
    assert len(statements) == 200
    assert {report for report, _ in case.statements()} == set(documents)
    for field in ("repeats", "respondsTo", "conveyedBy", "originatesFrom", "figures", "quote", "addressee"):
        assert any(values(statement, field) for statement in statements), field
    assert any("tenures" in record for record in case.index.values())
    assert any(record.types == ["Assessment"] for record in case.index.values())


def test_a_seed_gives_one_case_and_another_seed_another(folder: Path, tmp_path: Path) -> None:
    def text(case: Path) -> dict[str, str]:
        return {path.relative_to(case).as_posix(): path.read_text("utf-8") for path in case.rglob("*.*")}

    assert text(write_case(tmp_path / "same", 200)) == text(folder)
    assert text(write_case(tmp_path / "other", 200, seed=2)) != text(folder)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pySHACL calls rdflib as it was
def test_both_builds_derive_the_same(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case", 20)
    assert list(build.build_kg(folder, tmp_path / "graph")["wall"]) == [
        "read",
        "load",
        "check",
        "infer",
        "describe",
        "index",
        "publish",
        "total",
    ]
    clock = Clock()
    plain = build.fill(folder, clock)
    assert list(clock.wall) == ["read", "load", "check", "infer"]
    store, manifest = open_store(tmp_path / "graph")
    graph = manifest.base + DERIVED
    ours = {(q.subject.value, q.predicate.value, q.object.value) for q in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))}
    assert {tuple(map(str, triple)) for triple in plain.graph(rdflib.URIRef(graph))} == ours


def test_a_build_that_takes_too_long_is_given_up_for_a_smaller_one() -> None:
    result = build.run(60, seconds=1.5, runs=1)
    assert result["rdflib"]["statements"] < 60
    assert "gave up 60 statements" in build.show(result)


def test_every_question_is_asked_of_each_engine() -> None:
    result = queries.run(30, seconds=0.1)
    assert result["quads"] > 1500
    assert all(set(ROWS) <= row.keys() and not row["errors"] for row in result["queries"].values())
    assert f"{result['statements']} statements" in queries.show(result)


def test_memory_and_help_are_measured() -> None:
    result = memory.run(60)
    assert result["memory"]["quads"] == result["disk"]["quads"] == result["rdflib"]["quads"]
    assert "times the memory" in memory.show(result)
    assert "kg --help" in startup.show(startup.run(1))


def test_searches_are_measured() -> None:
    result = search.run(60, questions=3)
    assert all(times["p95_ms"] > 0 for times in result["questions"].values())
    assert "60 statements" in search.show(result)


def test_what_is_read_agrees_with_the_records_of_the_tutorial() -> None:
    case = ROOT / "data" / "tutorial"
    ours, baseline = agreement(case, case / "sources"), agreement(case, case / "sources", regex_baseline.candidates)
    for name, least in (("covered", 70), ("speaker", 85), ("found", 60), ("precise", 75), ("figures", 65), ("acts", 50)):
        score = getattr(ours, name)
        assert score.share >= least, (name, score.missed)
        assert score.right > getattr(baseline, name).right, name
    assert ours.reported > baseline.reported


SCORER = """
import pathlib, sys

def load(folder):
    for text in pathlib.Path(folder, "text").glob("*.txt"):
        yield text.stem, text.read_text("utf-8"), [{"content": [(0, 9)], "source": [(16, 26)]}]

def trim(text, start, end): return start, end
def stretches(text, start, end): return [(start, end)]
def iou(a, b): return 1.0 if a[0] < b[1] and b[0] < a[1] else 0.0
def overlaps(a, spans): return any(a[0] < end and start < a[1] for start, end in spans)

if __name__ == "__main__":
    rows = pathlib.Path(sys.argv[2]).read_text("utf-8").splitlines()
    for what in ("quote", "attribution"):
        print(f"{what:12} gold 1  predicted {len(rows)}")
        print("  found       P 100.0  R 100.0  F  96.5")
        print("  speaker      75.0 % of 4 found with a gold source")
"""


def test_extraction_is_measured_with_a_scorer(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "text").mkdir(parents=True)
    (tmp_path / "corpus" / "text" / "one.txt").write_text('"We agree," said Ann Marlow. She said that it was late.\n', "utf-8")
    (tmp_path / "scorer.py").write_text(SCORER, "utf-8")
    result = extraction.run(tmp_path / "corpus", tmp_path / "scorer.py", sizes=(2_000,))
    printed = {"quote found": 96.5, "quote speaker": 75.0, "attribution found": 96.5, "attribution speaker": 75.0}
    assert result["corpus"]["kg extract"] == printed
    assert sum(count for _, count, _, _ in result["calibration"]) == 2
    assert result["speed"]["regex baseline"] > 0
    shown = extraction.show(result)
    assert "quoted stretches found, F" in shown
    assert "2,000" in shown


@pytest.fixture(scope="module")
def graph(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "graph"
    make(folder, path)
    return path


def test_servers_are_asked_for_the_same(graph: Path) -> None:
    result = serving.run(seconds=0.3, graph=graph)
    for server, found in result["servers"].items():
        assert all(numbers["requests/s"] and not numbers["refused"] for numbers in found.values()), server
        assert all(numbers.get("same", True) for numbers in found.values()), server
    assert f"{result['quads']:,} quads" in serving.show(result)


def test_every_kind_of_page_is_timed(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "SAMPLES", 2)
    result = pages.run(graph=graph)
    assert all(row["asked"] and not row["refused"] for row in result["pages"].values())
    assert f"{result['statements']} statements" in pages.show(result)


def test_bombs_end_and_leave_nothing(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bombs, "LEFT", 4)
    monkeypatch.setattr(bombs, "ATTACKERS", (0, 2))
    result = bombs.run(seconds=0.3, graph=graph, limit=0.5)
    assert {row["attackers"] for row in result["others"]} == {0, 2}
    assert result["most"]["proportional"] < result["cap"]
    assert result["left"]["bombs"] == 4
    assert not result["left"]["leaked"]
    thrown = [row for row in result["bombs"] if row["thrown"]]
    assert thrown
    assert all(answer.startswith(("503 ", "413 ")) for row in thrown for answer in row["answers"])
    assert "leaked: no" in bombs.show(result)


def test_a_load_counts_what_is_refused_and_ends_when_all_was_asked_once(graph: Path) -> None:
    with serving.kg_serve(graph) as server:
        found = press_together(
            server.url, {"there": Load([Ask("/person")] * 3, 2, once=True), "not there": Load([Ask("/nowhere")], 1, once=True)}, 30
        )
        assert bombs.usage(server.pid).processes > 1
    assert (len(found["there"].times), found["there"].refused) == (3, 0)
    assert (len(found["not there"].times), found["not there"].refused) == (0, 1)
    assert found["there"].quantile(0.5) > 0


def test_the_command_prints_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "RUNS", 1)
    __main__.main(["help", "--json"])
    assert {"versions", "help"} == json.loads(capsys.readouterr().out).keys()


def test_a_limit_ends_what_swallows_exceptions() -> None:
    with pytest.raises(OutOfTime), limit(0.05):
        while True:
            try:
                sum(range(1000))
            except Exception:
                continue


def test_a_clock_adds_up_a_step_that_comes_twice() -> None:
    clock = Clock()
    for step in ("a", "b", "a", ""):
        clock(step)
    assert list(clock.as_dict()["wall"]) == ["a", "b", "total"]


def test_a_worker_hands_back_what_went_wrong() -> None:
    with pytest.raises(RuntimeError, match="ValueError"):
        apart(int, "no number")
    with Worker(_silent) as worker, pytest.raises(TimeoutError):
        worker.receive(0.1)


def _silent(pipe: object) -> None:
    time.sleep(30)
