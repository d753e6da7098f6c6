"""The command as a person runs it: what it prints, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ROOT, TUTORIAL, Run

TRACEBACK = "Traceback"


@pytest.fixture
def built(run: Run) -> Run:
    assert run("build", "data/tutorial").returncode == 0
    return run


def test_help_is_printed_without_a_command(run: Run) -> None:
    done = run()
    assert "Usage:" in done.stdout + done.stderr
    assert all(name in done.stdout + done.stderr for name in ("init", "passage", "check", "build", "query", "view", "export"))


def test_version(run: Run) -> None:
    assert run("--version").stdout.startswith("kg 0.")


def test_check_counts_and_is_quiet_where_nothing_is_wrong(run: Run) -> None:
    done = run("check", "data/tutorial")
    assert (done.returncode, done.stdout) == (0, "")
    assert "against 3 documents: 0 errors, 0 warnings" in done.stderr


def test_check_of_the_founding_case_verifies_every_passage(run: Run, sources: Path) -> None:
    done = run("check", "data/met-police", "--sources", sources)
    assert (done.returncode, done.stdout) == (0, "")
    assert "against 5 documents: 0 errors, 0 warnings" in done.stderr


def test_one_digit_of_one_offset_gives_one_finding_with_the_words_that_stand_there(run: Run, tmp_path: Path) -> None:
    shutil.copytree(TUTORIAL, tmp_path / "case")
    file = tmp_path / "case" / "statements" / "marwick-letter-2024.yaml"
    text = file.read_text("utf-8")
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "{start: 483" in line)
    file.write_text(text.replace("{start: 483", "{start: 473", 1), "utf-8")
    done = run("check", "case")
    assert done.returncode == 1
    (finding,) = done.stdout.splitlines()
    assert finding.startswith(f"case/statements/marwick-letter-2024.yaml:{line}: statement/marwick-letter-2024/")
    assert "of letter.txt stands “" in finding


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_findings_can_be_read_by_a_program(run: Run, tmp_path: Path, kind: str) -> None:
    shutil.copytree(TUTORIAL, tmp_path / "case")
    topics = tmp_path / "case" / "topics.yaml"
    topics.write_text(topics.read_text("utf-8").replace("  label:", "  lable:", 1), "utf-8")
    printed = run("check", "case", "--format", kind).stdout
    (found,) = json.loads(printed) if kind == "json" else list(csv.DictReader(io.StringIO(printed)))
    assert (found["file"], found["remedy"]) == ("case/topics.yaml", "did you mean `label`?")


def test_building_a_case_with_errors_says_all_and_changes_nothing(built: Run, tmp_path: Path) -> None:
    before = built("export", "before.nq") and (tmp_path / "before.nq").read_bytes()
    shutil.copytree(TUTORIAL, tmp_path / "case")
    (tmp_path / "case" / "topics.yaml").write_text("- just text\n", "utf-8")
    done = built("build", "case")
    assert done.returncode == 2
    assert "case/topics.yaml:1: a record must be a mapping" in done.stdout
    assert TRACEBACK not in done.stderr
    built("export", "after.nq")
    assert (tmp_path / "after.nq").read_bytes() == before


def test_a_question_is_answered_in_every_format(built: Run) -> None:
    for name, start in {"table": "date", "csv": "date,", "tsv": "?date\t", "markdown": "| date |", "json": "{"}.items():
        done = built("query", "apologies", "--format", name)
        assert done.returncode == 0 and done.stdout.startswith(start), name
    found = json.loads(done.stdout)
    assert found["results"]["bindings"]


def test_sparql_comes_from_a_file_or_from_standard_input(built: Run, tmp_path: Path) -> None:
    text = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a acc:Apology }"
    (tmp_path / "q.rq").write_text(text, "utf-8")
    assert built("query", "q.rq", "-f", "csv").stdout == built("query", "-", "-f", "csv", stdin=text).stdout != ""


def test_constructed_triples_and_truth_are_answers_too(built: Run) -> None:
    assert built("query", "-", "-f", "csv", stdin="ASK { ?s a acc:Apology }").stdout.split() == ["answer", "true"]
    assert built("query", "-", "-f", "csv", stdin="CONSTRUCT { ?s a acc:Apology } { ?s a acc:Apology }").stdout.startswith("subject,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "apologys"], "did you mean `apologies`?"),
        (["query", "everything-said", "speaker=Nobody Atall"], "no Actor is called `Nobody Atall`"),
        (["query", "everything-said", "spaeker=x"], "has no parameter `spaeker`"),
        (["query", "everything-said", "speaker"], "write name=value"),
        (["query", "everything-said", "since=yesterday"], "is not a date"),
        (["query", "everything-said", "since=2025-13-45"], "is not a date"),
        (["query", "everything-said", "since=2025", "since=2024"], "`since` is given twice"),
        (["query", "everything-said", "speaker=<http://example.org/nobody>"], "is not in the graph"),
        (["query", "none.rq"], "cannot read the query file none.rq"),
        (["describe", "Nobody Atall"], "no thing is called `Nobody Atall`"),
        (["export", "graph.xyz"], "xyz"),
        (["stats", "--graph", "nowhere"], "make one with `kg build CASE`"),
        (["check", "nowhere"], "nowhere/case.yaml"),
        (["build", "data/tutorial", "--sources", "nowhere"], "no such folder"),
        (["passage", "data/tutorial/sources/letter.txt"], "give the words to look for"),
        (["passage", "data/nowhere", "words"], "no such file"),
        (["view", "--output", "."], "cannot be written"),
        (["export", "data/none/x.ttl"], "cannot be written"),
        (["passage", "data/tutorial/sources/letter.txt", "words that are not there"], "does not stand in the document"),
        (["init", "data/tutorial"], "not an empty folder"),
        (["view", "--projection", "nonsense"], "nonsense"),
        (["view", "--focus", "Nobody Atall"], "Nobody Atall"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_cannot_be_done_says_why_and_what_to_do(built: Run, arguments: list[str], message: str) -> None:
    done = built(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == "" and TRACEBACK not in done.stderr


def test_bad_sparql_is_an_error_in_one_line(built: Run) -> None:
    done = built("query", "-", stdin="SELECT * { ?s")
    assert done.returncode == 2 and "not a SPARQL query" in done.stderr and TRACEBACK not in done.stderr


def test_an_update_is_refused(built: Run) -> None:
    assert built("query", "-", stdin="DELETE WHERE { ?s ?p ?o }").returncode == 2
    assert built("query", "-", "-f", "csv", stdin="ASK { ?s ?p ?o }").stdout.split()[1] == "true"


def test_a_case_can_be_asked_without_building_it_first(run: Run) -> None:
    assert run("query", "apologies", "--graph", "data/tutorial").stdout.startswith("date")


def test_a_new_case_is_valid_from_the_first_moment(run: Run) -> None:
    assert run("init", "mine", "--base", "https://example.org/mine/").returncode == 0
    assert run("check", "mine").returncode == 0
    assert run("build", "mine").returncode == 0
    assert "First Speaker" in run("query", "everything-said").stdout


def test_passages_given_in_words_are_filled_in(run: Run, tmp_path: Path) -> None:
    shutil.copytree(TUTORIAL, tmp_path / "case")
    file = tmp_path / "case" / "statements" / "marwick-letter-2024.yaml"
    before = file.read_text("utf-8")
    found = run("passage", "case/sources/letter.txt", "A second alarm line … March 2025.").stdout.strip()
    offsets = found.removeprefix("passage: ")
    assert offsets in before
    file.write_text(before.replace(offsets, "A second alarm line … March 2025."), "utf-8")
    assert run("check", "case").returncode == 1
    assert "passages written" in run("passage", "--write", "case").stdout
    assert file.read_text("utf-8") == before


def test_ctrl_c_leaves_nothing_half_done(built: Run, tmp_path: Path) -> None:
    before = built("stats", "-f", "csv").stdout
    program = "import kg.build, kg.cli; print('ready', flush=True); kg.cli.main()"
    command = [sys.executable, "-c", program, "build", str(ROOT / "data" / "met-police"), "--graph", str(tmp_path / "graph")]
    # A shell that runs the tests in the background has its children ignore SIGINT: here it counts again.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    time.sleep(0.4)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate()
    assert complaint == "interrupted; nothing was left half done\n"
    assert process.returncode == 130
    assert built("stats", "-f", "csv").stdout == before


def test_a_closed_pipe_is_no_error(built: Run) -> None:
    command = f"{sys.executable} -m kg query everything-said -f csv --graph {TUTORIAL} | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "" and done.stdout.startswith("date")


def test_an_export_goes_down_a_pipe(built: Run) -> None:
    done = built("export", "-", "--format", "nt")
    assert done.returncode == 0 and done.stdout.startswith("<http") and done.stdout.endswith(" .\n")


def test_found_in_several_places_says_how_many(run: Run) -> None:
    done = run("passage", "data/tutorial/sources/letter.txt", "the")
    assert len(done.stdout.splitlines()) > 5 and "places; more words make it one" in done.stderr
