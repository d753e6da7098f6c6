"""Corpora: read whole and in order, to the same bytes however they come and however often they were stopped."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.corpora import bulk, corpus, parts
from kg.corpora.bulk import extract_corpus
from kg.corpora.corpus import open_corpus
from kg.corpora.parts import Result, Settings
from kg.documents import digest
from kg.errors import ExtractionError
from kg.vocabulary import ACC, RDF, ontology
from tests.benchmarks.papers import papers, write_folder, write_lines
from tests.conftest import Run

BASE = "https://example.org/papers/"
SETTINGS = Settings(BASE)
COUNT = 7


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two documents, so that a few make several."""
    monkeypatch.setattr(corpus, "PART", 2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("corpus") / "papers", COUNT)


def tree(path: Path) -> dict[str, bytes]:
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file() and file.name != "lock"}


def quads(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.glob("parts/*.nq")))


def stopped_after(shares: int) -> Callable[[int, int, list[Result]], None]:
    """Ctrl-C once so many documents were dealt with."""
    seen = 0

    def told(done: int, kept: int, failed: list[Result]) -> None:
        nonlocal seen
        seen += done
        if seen > shares:
            raise KeyboardInterrupt

    return told


# ---------------------------------------------------------------- What a corpus is


def test_a_folder_is_read_with_those_below_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a.txt", ".hidden/x.txt", ".y.txt", "c.png", "page.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words", "utf-8")
    found = open_corpus(tmp_path)
    assert [item.name for _, item in found.items()] == ["a.txt", "a/z.md", "b.txt", "page.html"]
    assert (found.kind, found.count(), found.passed) == ("folder", 4, ("c.png",))
    assert [(number, len(items)) for number, items in found.parts()] == [(0, 2), (1, 2)]


def test_rows_are_documents_in_their_order(tmp_path: Path) -> None:
    rows = [
        {"id": "b", "text": "One."},
        {"name": "a", "text": "Two.", "title": "T", "date": "2024-05", "publisher": "P"},
        {"text": "Three."},
    ]
    path = tmp_path / "some.jsonl"
    path.write_text("\ufeff" + json.dumps(rows[0]) + "\r\n\n" + "\n".join(map(json.dumps, rows[1:])), "utf-8")
    found = [(number, *item.read()) for number, item in open_corpus(path).items()]
    assert [(number, name, document.text) for number, name, document in found] == [
        (0, "b", "One."),
        (2, "a", "Two."),
        (3, "some.jsonl:4", "Three."),
    ]
    metadata = found[1][2].metadata
    assert (metadata.title, metadata.date, metadata.publisher) == ("T", "2024-05", "P")
    assert open_corpus(path).count() == 4
    with gzip.open(tmp_path / "some.jsonl.gz", "wb") as file:
        file.write(path.read_bytes())
    packed = open_corpus(tmp_path / "some.jsonl.gz")
    assert [item.digest() for _, item in packed.items()] == [item.digest() for _, item in open_corpus(path).items()]


def test_parquet_is_read_from_a_file_or_a_folder_of_them(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    write_parquet(tmp_path / "one.parquet", ODD)
    (tmp_path / "many.parquet").mkdir()
    write_parquet(tmp_path / "many.parquet" / "part-0.parquet", ODD[:2])
    write_parquet(tmp_path / "many.parquet" / "part-1.parquet", ODD[2:])
    (tmp_path / "many.parquet" / "_SUCCESS").touch()
    for path in (tmp_path / "one.parquet", tmp_path / "many.parquet"):
        found = open_corpus(path)
        read = [item.read() for _, item in found.items()]
        assert (found.kind, found.count()) == ("parquet", 3)
        assert [(name, document.text, document.metadata.date) for name, document in read] == [
            ("7", "Seven.", "2024-05-03"),
            ("8", "Eight.", ""),
            (f"{path.name}:3", "None.", "2024-05-04"),
        ]


#: Rows with numbers for names, days, a time whose day is another in UTC, and a column that says nothing of a document.
ODD: list[dict[str, Any]] = [
    {"id": 7, "text": "Seven.", "date": datetime(2024, 5, 3, 23, 30, tzinfo=UTC), "score": 0.5},
    {"id": 8, "text": "Eight.", "date": None, "score": 0.1},
    {"id": None, "text": "None.", "date": datetime(2024, 5, 4, tzinfo=UTC), "score": None},
]


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.Table.from_pylist(rows), path)


def test_days_of_rows_are_iso_days_and_nothing_else_is_a_date() -> None:
    for value, day in (
        (date(2024, 5, 3), "2024-05-03"),
        ("2024-05-03T10:00:00Z", "2024-05-03"),
        ("2024", "2024"),
        ("May 2024", ""),
        ("2024-13", ""),
    ):
        item = corpus.Item("row", row={"text": "x", "date": value})
        assert item.read()[1].metadata.date == day


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path / "nowhere", "no such file or folder"),
        (lambda path: path, "no document in it can be read"),
        (lambda path: (path / "x.txt", (path / "x.txt").write_text("x"))[0], "is no corpus"),
    ],
)
def test_what_is_no_corpus_is_named(make: Callable[[Path], Path], said: str, tmp_path: Path) -> None:
    with pytest.raises(ExtractionError, match=said) as error:
        open_corpus(make(tmp_path))
    assert error.value.remedy


def test_a_damaged_file_of_rows_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "a", "text": "x"}\n' * 5000)[:-40])
    with pytest.raises(ExtractionError, match=r"x\.jsonl\.gz: "):
        list(open_corpus(path).items())


# ---------------------------------------------------------------- What comes out


@pytest.fixture(scope="module")
def out(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "PART", 2)
        path = tmp_path_factory.mktemp("out") / "papers"
        extract_corpus(open_corpus(folder), path, SETTINGS, jobs=1)
    return path


def test_the_manifest_counts_and_names_every_part(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["complete"], manifest["documents"], manifest["failed"]) == (True, COUNT, 0)
    assert [part["part"] for part in manifest["parts"]] == [f"part-0000{number}.nq" for number in range(4)]
    assert manifest["statements"] == sum(part["statements"] for part in manifest["parts"]) > COUNT
    for part in manifest["parts"]:
        content = (out / "parts" / part["part"]).read_bytes()
        assert (part["bytes"], part["sha256"]) == (len(content), digest(content.decode()))


def test_the_quads_load_and_are_canonical(out: Path) -> None:
    store = ox.Store()
    for path in sorted(out.glob("parts/*.nq")):
        lines = path.read_bytes().splitlines()
        assert lines == sorted(set(lines))
        part = ox.Store()
        part.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        assert sorted((part.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()) == lines
        store.extend(part)
    assert len(list(store.named_graphs())) == COUNT
    terms = {quad.subject for quad in ontology()}
    used = {quad.predicate for quad in store} | {
        quad.object for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None, None)
    }
    assert {term for term in used if isinstance(term, ox.NamedNode) and term.value.startswith(ACC)} <= terms


def test_every_passage_stands_in_its_document_and_no_more_of_it_is_told(out: Path, folder: Path) -> None:
    store = ox.Store()
    for path in out.glob("parts/*.nq"):
        store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
    query = f"""PREFIX acc: <{ACC}> SELECT ?name ?start ?end ?digest WHERE {{ GRAPH ?g {{
      ?statement acc:reportedIn ?report ; acc:passage ?passage ; acc:reviewStatus ?status ; acc:rule ?rule ; acc:confidence ?sure .
      ?report acc:document ?name . ?passage acc:start ?start ; acc:end ?end ; acc:digest ?digest }} }}"""
    rows = list(store.query(query))  # type: ignore[arg-type]
    assert len(rows) > COUNT
    for row in rows:
        text = (folder / row["name"].value).read_text("utf-8")  # type: ignore[index]
        assert digest(text[int(row["start"].value) : int(row["end"].value)]) == row["digest"].value  # type: ignore[index]
    words = [quad.object.value for quad in store if isinstance(quad.object, ox.Literal)]
    assert max(len(re.findall(r"\w+", value)) for value in words) <= 13
    speakers = list(
        store.query(f"SELECT ?s WHERE {{ GRAPH ?g {{ ?x <{ACC}speaker> ?s . ?s a ?type ; rdfs:label ?label }} }}", prefixes=RDFS)
    )  # type: ignore[arg-type]
    assert all(row["s"].value.startswith(BASE + "report/") for row in speakers)  # type: ignore[index]


RDFS = {"rdfs": "http://www.w3.org/2000/01/rdf-schema#"}


def test_rows_give_the_quads_of_files_that_are_called_the_same(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    rows = [{"id": name, "text": text} for name, text in papers(COUNT)]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with gzip.open(tmp_path / "c.jsonl.gz", "wb") as file:
        file.write((tmp_path / "c.jsonl").read_bytes())
    write_parquet(tmp_path / "c.parquet", rows)
    made = {}
    for name in ("c.jsonl", "c.jsonl.gz", "c.parquet"):
        extract_corpus(open_corpus(tmp_path / name), tmp_path / f"out-{name}", SETTINGS, jobs=1)
        made[name] = quads(tmp_path / f"out-{name}")
    assert made["c.jsonl"] == made["c.jsonl.gz"] == made["c.parquet"] != b""


def test_processes_give_the_same_bytes_as_one(folder: Path, out: Path, tmp_path: Path) -> None:
    extract_corpus(open_corpus(folder), tmp_path / "out", SETTINGS, jobs=2)
    assert tree(tmp_path / "out") == tree(out)


# ---------------------------------------------------------------- Stopped, and gone on with


def test_what_was_stopped_goes_on_and_ends_in_the_same_bytes(folder: Path, out: Path, tmp_path: Path) -> None:
    path = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        extract_corpus(open_corpus(folder), path, SETTINGS, 1, stopped_after(4))
    assert json.loads((path / "manifest.json").read_text("utf-8"))["complete"] is False
    there = {file: file.stat().st_mtime_ns for file in path.glob("parts/*.nq")}
    assert len(there) == 2
    dealt = []
    extract_corpus(open_corpus(folder), path, SETTINGS, 1, lambda done, kept, failed: dealt.append((done, kept)))
    assert sum(kept for _, kept in dealt) == 4
    assert {file: file.stat().st_mtime_ns for file in there} == there
    assert tree(path) == tree(out)


@pytest.mark.parametrize("damage", ["cut", "gone", "no summary", "half written"])
def test_a_part_that_is_not_what_it_was_is_done_again(folder: Path, out: Path, tmp_path: Path, damage: str) -> None:
    path = Path(shutil.copytree(out, tmp_path / "out"))
    part = path / "parts" / "part-00001.nq"
    if damage == "cut":
        part.write_bytes(part.read_bytes()[:-100])
    elif damage == "gone":
        part.unlink()
    elif damage == "no summary":
        part.with_suffix(".json").write_text("{", "utf-8")
    else:
        (part.parent / ".part-00001.nq.1234.part").write_bytes(b"half")
    extract_corpus(open_corpus(folder), path, SETTINGS, 1)
    assert tree(path) == tree(out)


def test_a_document_that_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(folder, tmp_path / "papers"))
    extract_corpus(open_corpus(source), tmp_path / "out", SETTINGS, 1)
    file = source / "paper-000003.txt"
    file.write_text(file.read_text("utf-8").replace("said", "held"), "utf-8")
    extract_corpus(open_corpus(source), tmp_path / "out", SETTINGS, 1)
    extract_corpus(open_corpus(source), tmp_path / "fresh", SETTINGS, 1)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_the_extraction_of_something_else_is_not_gone_on_with(
    folder: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copytree(out, tmp_path / "out"))
    before = tree(path)
    other = write_folder(tmp_path / "other", 3)
    for change, said in (
        (lambda: extract_corpus(open_corpus(other), path, SETTINGS, 1), "`input` was papers"),
        (
            lambda: extract_corpus(open_corpus(folder), path, Settings("https://example.org/x/"), 1),
            "`base` was https://example.org/papers/",
        ),
    ):
        with pytest.raises(ExtractionError, match=f"holds another extraction: {said}") as error:
            change()
        assert "remove this one to begin again" in error.value.remedy
    monkeypatch.setattr(parts, "rules", lambda: "other")
    with pytest.raises(ExtractionError, match=r"`rules` was [0-9a-f]{12} and is other"):
        extract_corpus(open_corpus(folder), path, SETTINGS, 1)
    assert tree(path) == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    with pytest.raises(ExtractionError, match="holds something else"):
        extract_corpus(open_corpus(folder), tmp_path / "full", SETTINGS, 1)


def test_two_do_not_write_in_one_folder(folder: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    extract_corpus(open_corpus(folder), tmp_path / "out", SETTINGS, 1)
    with FileLock(tmp_path / "out" / "lock"), pytest.raises(ExtractionError, match="another extraction is writing here"):
        extract_corpus(open_corpus(folder), tmp_path / "out", SETTINGS, 1)


# ---------------------------------------------------------------- What fails


def test_what_fails_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [
        b'{"id": "good", "text": "x"}',
        b"{",
        b'{"id": "empty"}',
        b"[1]",
        b'{"id": "half", "text": "\\ud800"}',
        b'{"id": 3, "text": 4}',
    ]
    (tmp_path / "c.jsonl").write_bytes(b"\n".join(lines))
    failed: list[Result] = []
    manifest = extract_corpus(open_corpus(tmp_path / "c.jsonl"), tmp_path / "out", SETTINGS, 1, lambda done, kept, bad: failed.extend(bad))
    listed = {one["document"]: one["reason"] for part in manifest["parts"] for one in part["failed"]}
    assert listed == {result.name: result.failed for result in failed}
    assert list(listed) == ["c.jsonl:2", "empty", "c.jsonl:4", "half"]
    assert listed["empty"] == "no `text`"
    assert listed["c.jsonl:4"] == "a JSON list, not an object"
    assert "half a character" in listed["half"]
    assert (manifest["documents"], manifest["failed"]) == (2, 4)


def test_reasons_do_not_tell_where_the_corpus_lies(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.txt").write_bytes(b"\xff\xfe\x00\x01\x02 binary \x00\x00")
    (tmp_path / "in" / "good.txt").write_text("Fine.", "utf-8")
    manifest = extract_corpus(open_corpus(tmp_path / "in"), tmp_path / "out", SETTINGS, 1)
    ((failed,),) = [part["failed"] for part in manifest["parts"]]
    assert failed["document"] == "bad.txt"
    assert str(tmp_path) not in (tmp_path / "out" / "manifest.json").read_text("utf-8")


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An installed package whose extractor ends its process at one document, and fails at another."""
    site = tmp_path / "site"
    info = site / "toy-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[kg.extractors]\ntoy = toy_extractor:read\n", "utf-8")
    code = """
import os

def read(document, registry):
    if "deadly" in document.text:
        os._exit(9)
    if "bad" in document.text:
        raise OSError("x")
    return []
"""
    (site / "toy_extractor.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(site)
    yield "toy"
    sys.modules.pop("toy_extractor", None)


def test_a_document_that_ends_its_process_is_listed_and_the_rest_is_read(plug_in: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(40):
        (tmp_path / "in" / f"{number:02}.txt").write_text({11: "deadly", 30: "deadly", 31: "bad"}.get(number, "calm"), "utf-8")
    manifest = extract_corpus(open_corpus(tmp_path / "in"), tmp_path / "out", Settings(BASE, plug_in), 2)
    failed = {one["document"]: one["reason"] for part in manifest["parts"] for one in part["failed"]}
    assert set(failed) == {"11.txt", "30.txt", "31.txt"}
    assert failed["11.txt"] == bulk._DIED
    assert failed["31.txt"] == "the extractor `toy`, on 31.txt: OSError: x"
    assert (manifest["documents"], manifest["extractor"]) == (37, "toy toy 1.0")


# ---------------------------------------------------------------- The command


def test_the_command_writes_counts_and_goes_on(run: Run, folder: Path, tmp_path: Path) -> None:
    done = run("extract", folder, "-o", "out", "--base", BASE, "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"out: 7 documents, \d+ statements in 1 parts\n", done.stdout)
    before = tree(tmp_path / "out")
    assert run("extract", folder, "-o", "out", "--base", BASE).returncode == 0
    assert tree(tmp_path / "out") == before
    other = run("extract", folder, "-o", "out")
    assert other.returncode == 2
    assert other.stderr.startswith("error: out: holds another extraction: `base` was")


def test_the_command_names_what_fails_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"id": "a", "text": "x"}\nnothing\n', "utf-8")
    done = run("extract", "c.jsonl", "-o", "out", "--jobs", "1")
    assert done.returncode == 1
    assert done.stderr.startswith("failed: c.jsonl:2: no JSON")
    assert "1 documents failed" in done.stderr
    assert "out: 1 documents, 0 statements" in done.stdout


def test_the_command_prints_one_attribution_a_line(run: Run, folder: Path) -> None:
    done = run("extract", folder, "--format", "jsonl", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["doc"] for row in rows} == {f"paper-00000{number}" for number in range(COUNT)}
    assert not any(row["mode"] == "authored" for row in rows)
    for row in rows:
        text = (folder / f"{row['doc']}.txt").read_text("utf-8")
        assert 0 <= row["start"] < row["end"] <= len(text)
        if row["cue"]:
            assert row["cue"] in text
        if row["speaker_start"] is not None:
            assert text[row["speaker_start"] : row["speaker_end"]].strip()
    assert {row["mode"] for row in rows} >= {"direct", "indirect"}


def test_ctrl_c_and_kill_leave_what_can_be_gone_on_with(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "many.jsonl", 300)
    command = [sys.executable, "-m", "kg", "extract", source, "--base", BASE, "-j", "1", "-o"]
    for signum, name in ((signal.SIGINT, "stopped"), (signal.SIGKILL, "killed")):
        path = tmp_path / name
        process = subprocess.Popen(
            [*command, path],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # who runs the tests may have it ignored
        )
        until(lambda path=path: any(path.glob("parts/part-*.json")))
        process.send_signal(signum)
        _, said = process.communicate(timeout=60)
        if signum == signal.SIGINT:
            assert process.returncode == 130
            assert "stopped; the same command goes on where it was" in said
        there = {file.name: file.stat().st_mtime_ns for file in path.glob("parts/part-*.json")}
        assert 0 < len(there) < 3
        assert json.loads((path / "manifest.json").read_text("utf-8"))["complete"] is False
        subprocess.run([*command, path], check=True, capture_output=True, timeout=300)
        assert {file.name: file.stat().st_mtime_ns for file in path.glob("parts/part-*.json") if file.name in there} == there
    assert tree(tmp_path / "stopped") == tree(tmp_path / "killed")


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_killed_processes_leave_no_others_behind(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "many.jsonl", 400)
    process = subprocess.Popen([sys.executable, "-m", "kg", "extract", source, "-j", "2", "-o", tmp_path / "out"])
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.kill()
        pytest.skip("this system does not tell a process's children")
    until(lambda: len(children.read_text().split()) >= 2)
    started = [int(number) for number in children.read_text().split()]
    process.kill()
    process.wait(10)
    until(lambda: not any(alive(number) for number in started), 20)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return " Z " not in Path(f"/proc/{process}/stat").read_text().partition(")")[2][:4]


def test_one_document_is_printed_and_nothing_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("“The gate is shut,” said Ada Stone. The tide was out.\n", "utf-8")
    assert "Ada Stone" in run("extract", "note.txt").stdout
    (row,) = json.loads(run("extract", "note.txt", "--format", "json").stdout)
    assert (row["speaker"], row["mode"], row["act"], row["offsets"]) == ("Ada Stone", "direct", "Claim", "1-18")
    assert run("extract", "note.txt", "--format", "csv").stdout.startswith("speaker,act,mode,words")
    assert "speaker: person/ada-stone" in run("extract", "note.txt", "--format", "yaml").stdout
    assert json.loads(run("extract", "note.txt", "--format", "jsonl").stdout)["doc"] == "note"
    assert {path.name for path in tmp_path.iterdir()} == {"data", "note.txt"}


def test_documents_of_which_one_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("“The gate is shut,” said Ada Stone.\n", "utf-8")
    done = run("extract", "note.txt", "nowhere.txt")
    assert done.returncode == 1
    assert "Ada Stone" in done.stdout
    assert done.stderr.startswith("failed: nowhere.txt: no such file")
    assert run("extract", "nowhere.txt").returncode == 2


def test_a_document_without_statements_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", "utf-8")
    done = run("extract", "empty.txt")
    assert (done.returncode, done.stderr) == (0, "empty.txt: no statements were found\n")


def test_a_document_does_not_command_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("“The gate \x1b[2J\u202eis shut,” said Ada Stone.\n", "utf-8")
    shown = run("extract", "note.txt").stdout
    assert "Ada Stone" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["papers"], "a corpus is written with `-o DIR`, or printed"),
        (["papers", "papers", "-o", "out"], "one corpus at a time"),
        (["papers", "-o", "out", "--base", "here"], "`here` is no IRI"),
        (["https://example.org/x"], "is fetched only with --fetch"),
        (["papers", "-o", "out", "--extractor", "parrot"], "no extractor `parrot` is installed"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    write_folder(tmp_path / "papers", 1)
    done = run("extract", *arguments)
    assert done.returncode == 2
    assert said in re.sub(r"[│\s]+", " ", done.stderr)
    assert not (tmp_path / "out").exists()


def test_a_case_gets_candidates_beside_its_records(run: Run, tmp_path: Path) -> None:
    assert run("init", "case").returncode == 0
    (tmp_path / "case" / "sources" / "note.txt").write_text("“The gate is shut,” said Ada Stone.\n", "utf-8")
    (tmp_path / "case" / "sources" / "broken.txt").write_bytes(b"\x00\x01\xff\xfe")
    before = {path: path.read_bytes() for path in (tmp_path / "case").rglob("*.yaml")}
    done = run("extract", "case")
    assert done.returncode == 1
    assert "failed: broken.txt: " in done.stderr
    (row,) = [line.split() for line in done.stdout.splitlines() if line.startswith("note.txt")]
    assert row[2:] == ["1", "0", "0", "0"]
    assert {path: path.read_bytes() for path in before} == before
    written = {path: path.read_bytes() for path in (tmp_path / "case" / "candidates").iterdir()}
    assert any(b"person/ada-stone" in content for content in written.values())
    again = run("extract", "case").stdout
    assert [line.split()[2:] for line in again.splitlines() if line.startswith("note.txt")] == [["0", "1", "0", "0"]]
    assert {path: path.read_bytes() for path in (tmp_path / "case" / "candidates").iterdir()} == written


def test_a_terminal_sees_documents_a_second_and_the_time_left(folder: Path, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kg", "extract", folder, "-o", tmp_path / "out", "-j", "1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, "COLUMNS": "100", "TERM": "xterm"})
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # what reading gives once the other end is closed
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    assert re.search(rb"\d+/7", shown)
    assert b"documents/s" in shown


def test_a_pipe_that_closes_ends_it_quietly(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "c.jsonl", 60)
    command = f"{sys.executable} -m kg extract {source} -f jsonl -j 2 | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
