"""From a case to a graph: whole or not at all, and always the same."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.build import COUNTED, STEPS, build
from kg.cases import DERIVED, TEXTS
from kg.errors import CheckError, StoreError
from kg.graph import Graph
from kg.index import Selection
from kg.store import DOCUMENTS, content_digest, nquads, open_store
from tests.conftest import MET, ROOT, TUTORIAL

KILLS = 20


def test_steps_are_told_in_order(tmp_path: Path) -> None:
    told: list[str] = []
    build(TUTORIAL, tmp_path / "g", progress=told.append)
    assert told == list(STEPS)


def test_two_builds_have_the_same_digest_and_the_same_quads(tmp_path: Path, tutorial: Graph) -> None:
    built = build(TUTORIAL, tmp_path / "g")
    assert built.manifest == tutorial.manifest
    store, _ = open_store(tmp_path / "g")
    assert set(nquads(store).splitlines()) == set(nquads(tutorial.store).splitlines())


def test_the_order_of_records_and_the_clock_do_not_matter(tmp_path: Path, tutorial: Graph) -> None:
    shutil.copytree(TUTORIAL, tmp_path / "tutorial")
    for file in (tmp_path / "tutorial").rglob("*"):
        os.utime(file, (0, 0))
    assert kg.open(tmp_path / "tutorial").manifest == tutorial.manifest


def test_a_triple_stands_in_one_graph(met: Graph) -> None:
    """Oxigraph counts a triple of two graphs twice in their union; so none may stand in two."""
    assert len({quad.triple for quad in met.store}) == len(met.store)


def test_no_node_is_blank_and_no_iri_is_outside_what_is_meant(met: Graph) -> None:
    assert not any(isinstance(term, ox.BlankNode) for quad in met.store for term in (quad.subject, quad.object))


def test_each_report_has_its_graph_and_what_is_derived_has_its_own(met: Graph) -> None:
    base = met.manifest.base
    graphs = {graph.value.removeprefix(base) for graph in met.store.named_graphs() if graph.value.startswith(base)}
    reports = {f"graph/report/{name}" for name in ("rowley-oped-2025", "rowley-letter-2023", "bbc-live-2023", "bbc-live-2025")}
    assert graphs == {*reports, "graph/report/police-professional-2022", "graph/reference", DERIVED, "graph/case"}


def test_the_counts_are_those_of_the_records(met: Graph) -> None:
    from kg.cases import read_case

    case = read_case(MET)
    told_again = sum("repeats" in record for _, record in case.statements())
    assert set(met.stats()) == set(COUNTED)
    assert met.stats()["statements told again"] == told_again
    assert met.stats()["statements"] == sum(1 for _ in case.statements()) - told_again
    for kind, cls in {"persons": "Person", "institutions": "Institution", "figures": "Figure", "assessments": "Assessment"}.items():
        assert met.stats()[kind] == sum(cls in record.types for record in case.index.values()), kind


def test_the_passages_words_are_there_only_where_the_documents_are(tutorial: Graph, met: Graph) -> None:
    def texts(graph: Graph) -> int:
        return sum(1 for _ in graph.store.quads_for_pattern(None, None, None, ox.NamedNode(graph.manifest.base + TEXTS)))

    assert texts(tutorial) == tutorial.stats()["passages"]
    assert texts(met) == 0


def test_a_case_with_errors_changes_nothing_and_tells_all_of_them(tmp_path: Path) -> None:
    case, graph = tmp_path / "case", tmp_path / "graph"
    shutil.copytree(TUTORIAL, case)
    before = build(case, graph).manifest
    topics = case / "topics.yaml"
    topics.write_text(topics.read_text("utf-8").replace("  label:", "  lable:"), "utf-8")
    with pytest.raises(CheckError) as error:
        build(case, graph)
    assert len(error.value.findings) > 3
    assert all("`lable`" in finding.message for finding in error.value.findings)
    assert open_store(graph)[1] == before


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError):
        build(TUTORIAL, tmp_path / "file" / "graph")


def test_a_build_killed_at_any_moment_leaves_the_old_graph_or_the_new(tmp_path: Path) -> None:
    """kill -9 at 20 random moments of `kg build`: always a whole graph, never less."""
    case, graph = tmp_path / "case", tmp_path / "graph"
    shutil.copytree(TUTORIAL, case)
    known = {build(case, graph).manifest.digest}
    started = time.monotonic()
    command = [sys.executable, "-m", "kg", "build", str(case), "--graph", str(graph)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    lasts = time.monotonic() - started
    (case / "case.yaml").write_text((case / "case.yaml").read_text("utf-8").replace("title: ", "title: New "), "utf-8")
    known.add(kg.open(case).manifest.digest)
    for seed in range(KILLS):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.Random(seed).uniform(0.3, 1.1) * lasts)
        process.send_signal(signal.SIGKILL)
        process.wait()
        store, manifest = open_store(graph)
        assert manifest.digest in known
        assert content_digest(nquads(store).splitlines()) == manifest.digest
        del store
        opened = kg.open(graph)
        assert opened.index.execute("PRAGMA integrity_check")[0][0] == "ok"
        assert opened.index.count(Selection(repeats=False)) == manifest.counts["statements"]
        assert opened.folder is not None
        texts = list((opened.folder / DOCUMENTS).iterdir())
        assert texts
        assert all(sha256(path.read_bytes()).hexdigest() == path.stem for path in texts)
        opened.index.close()
    build(case, graph)
    assert len(list((graph / "builds").iterdir())) <= 2


def test_the_description_counts_what_an_export_holds(tutorial: Graph, tmp_path: Path) -> None:
    """`void:triples` is right, and the same whether the documents are at hand or not."""
    from kg.export import dump

    shutil.copytree(TUTORIAL, tmp_path / "case", ignore=shutil.ignore_patterns("sources"))
    without = kg.open(tmp_path / "case")
    assert dump(without.store, "nquads") == dump(tutorial.store, "nquads")
    (row,) = tutorial.query("SELECT ?n { ?case void:triples ?n }")
    assert row.n == dump(tutorial.store, "nquads").count(b"\n")
