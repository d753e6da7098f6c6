"""Spark in local mode gives what one machine gives, byte for byte, and goes on where it or the other was stopped."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.corpora import bulk, corpus, spark
from kg.corpora.corpus import open_corpus
from kg.corpora.parts import Settings
from kg.errors import ExtractionError
from tests.benchmarks import spark as benchmark
from tests.benchmarks.papers import papers, write_folder, write_lines
from tests.conftest import Run
from tests.test_corpus import ODD, tree, write_parquet

SETTINGS = Settings("https://example.org/papers/")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of ten documents, so that a few make several."""
    for module in (corpus, spark):
        monkeypatch.setattr(module, "PART", 10)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Spark, begun once for all tests; where there is no Java, they are skipped, but fail in continuous integration."""
    if not spark.has_java():
        missing = "Spark needs a Java runtime"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with spark._session("local[2]") as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_folder(tmp_path_factory.mktemp("corpus") / "papers", 21)
    (path / "below").mkdir()
    (path / "below" / "broken.txt").write_bytes(b"\x00\xff")
    (path / "below" / "näme.md").write_text("“The gate is shut,” said Ada Stone.\n", "utf-8")
    return path


def test_a_folder_gives_the_same_bytes(session: Any, folder: Path, tmp_path: Path) -> None:
    here = bulk.extract_corpus(open_corpus(folder), tmp_path / "here", SETTINGS, 1)
    there = spark.extract_corpus(open_corpus(folder), tmp_path / "there", SETTINGS)
    assert (here["documents"], here["failed"], len(here["parts"])) == (22, 1, 3)
    assert there == here
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


@pytest.mark.parametrize("name", ["lines.jsonl", "lines.jsonl.gz"])
def test_json_lines_give_the_same_bytes(session: Any, tmp_path: Path, name: str) -> None:
    content = write_lines(tmp_path / "made.jsonl", 21).read_bytes().splitlines(keepends=True)
    content[3:3] = [b"\n", b"no json\r\n", b'{"id": "raw", "text": "\xff"}\n', b" \n"]
    raw = b"\xef\xbb\xbf" + b"".join(content).rstrip(b"\n")
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    here = bulk.extract_corpus(open_corpus(tmp_path / name), tmp_path / "here", SETTINGS, 1)
    spark.extract_corpus(open_corpus(tmp_path / name), tmp_path / "there", SETTINGS)
    assert (here["documents"], here["failed"], len(here["parts"])) == (21, 2, 3)
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_parquet_gives_the_same_bytes(session: Any, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "c.parquet" / "date=2020").mkdir(parents=True)
    write_parquet(tmp_path / "c.parquet" / "date=2020" / "b.parquet", [{"id": name, "text": text} for name, text in papers(15)])
    write_parquet(tmp_path / "c.parquet" / "c c.parquet", [{"id": name, "text": text} for name, text in papers(6, seed=2)])
    write_parquet(tmp_path / "c.parquet" / "a.parquet", [row | {"id": row["id"] and str(row["id"])} for row in ODD])
    here = bulk.extract_corpus(open_corpus(tmp_path / "c.parquet"), tmp_path / "here", SETTINGS, 1)
    spark.extract_corpus(open_corpus(tmp_path / "c.parquet"), tmp_path / "there", SETTINGS)
    assert (here["documents"], len(here["parts"])) == (24, 3)
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_each_goes_on_where_the_other_was_stopped(session: Any, folder: Path, tmp_path: Path) -> None:
    bulk.extract_corpus(open_corpus(folder), tmp_path / "whole", SETTINGS, 1)
    for name, go_on in (("spark", spark.extract_corpus), ("local", bulk.extract_corpus)):
        path = Path(shutil.copytree(tmp_path / "whole", tmp_path / name))
        (path / "parts" / "part-00001.nq").unlink()
        kept = {file: file.stat().st_mtime_ns for file in path.glob("parts/part-0000[02].*")}
        go_on(open_corpus(folder), path, SETTINGS)
        assert {file: file.stat().st_mtime_ns for file in kept} == kept
        assert tree(path) == tree(tmp_path / "whole")


def test_what_fails_in_spark_is_one_line(session: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_items", lambda corpus, session: session.sparkContext.parallelize([(0, "no item")]))
    with pytest.raises(ExtractionError, match=r"^Spark failed: AttributeError: 'str' object has no attribute") as error:
        spark.extract_corpus(open_corpus(folder), tmp_path / "out", SETTINGS)
    assert "\n" not in error.value.message
    assert error.value.remedy == "the same command goes on where it stopped"


def test_what_is_missing_comes_with_the_way_to_it(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "has_java", lambda: False)
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    with pytest.raises(ExtractionError, match="Spark needs Java 17 or later") as error:
        spark.extract_corpus(open_corpus(folder), tmp_path / "out", SETTINGS)
    assert "JAVA_HOME" in error.value.remedy
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ExtractionError, match="Spark needs pyspark") as error:
        spark.extract_corpus(open_corpus(folder), tmp_path / "out", SETTINGS)
    assert error.value.remedy.startswith("pip install 'accountability-kg[spark]'")


def test_java_is_found_by_its_home_or_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert not spark.has_java()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert spark.has_java()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert spark.has_java()


def test_the_command_runs_on_spark(run: Run, tmp_path: Path) -> None:
    if not spark.has_java():
        pytest.skip("Spark needs a Java runtime")
    (tmp_path / "c.jsonl").write_text(json.dumps({"id": "a", "text": "“The gate is shut,” said Ada Stone."}) + "\nnothing\n", "utf-8")
    done = run("extract", "c.jsonl", "-o", "out", "--engine", "spark", "--master", "local[1]")
    assert done.returncode == 1
    assert done.stdout == "out: 1 documents, 1 statements in 1 parts\n"
    assert "failed: c.jsonl:2: no JSON" in done.stderr
    run("extract", "c.jsonl", "-o", "local", "-j", "1")
    assert tree(tmp_path / "out") == tree(tmp_path / "local")


def test_the_benchmark_compares_and_kills() -> None:
    result = benchmark.run(documents=120, engines=["one process", "a process a core"])
    assert all(result["same"].values())
    assert all(row["same"] and row["parts kept"] == row["parts there"] for row in result["killed"].values())
    assert "120 made-up documents" in benchmark.show(result)
