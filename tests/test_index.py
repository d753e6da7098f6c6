"""The index says what the graph says: the same rows, counts and links, in memory and on disk, from any number of threads."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pytest

import kg
from kg.build import build
from kg.errors import StoreError
from kg.graph import Graph
from kg.index import NAME, Index, Selection, _chosen, from_json, memory_index, open_index, to_json, write_index
from kg.network import StatementRow, statements
from tests.conftest import MET, TUTORIAL

TABLES = ("thing", "statement", "link", "edge", "spoken", "facet", "faceted", "entry", "name", "spelling", "words", "names")


@pytest.fixture(scope="module")
def rows(met: Graph) -> list[StatementRow]:
    return statements(met.store)


@pytest.fixture(scope="module")
def disk(met: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    path = tmp_path_factory.mktemp("index") / "a ?#%20 name.sqlite"
    write_index(met.store, path)
    index = open_index(path)
    yield index
    index.close()


def test_the_index_holds_every_statement_as_the_command_shows_it(met: Graph, rows: list[StatementRow]) -> None:
    assert met.index.select(Selection()) == rows
    assert all(met.index.statement(row.id) == row for row in rows)
    assert met.index.statement("https://example.org/none") is None


def test_a_row_survives_json(rows: list[StatementRow]) -> None:
    for row in [*rows, replace(rows[0], report=None, summary='"\u2028</script>\x00', about=())]:
        assert from_json(to_json(row)) == row


def test_memory_and_disk_hold_the_same(met: Graph, disk: Index) -> None:
    for table in TABLES:
        query = f"SELECT * FROM {table}"
        assert list(map(tuple, disk.execute(query))) == list(map(tuple, met.index.execute(query))), table


def test_the_same_store_gives_the_same_bytes(met: Graph, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_index(met.store, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


ROLES = {
    "speaker": lambda row: [row.speaker.id],
    "about": lambda row: [thing.id for thing in row.about],
    "addressee": lambda row: [thing.id for thing in row.addressees],
    "topic": lambda row: [thing.id for thing in row.topics],
    "report": lambda row: [row.report.id],
    "act": lambda row: row.acts,
    "family": lambda row: row.families,
    "manner": lambda row: row.manners,
    "year": lambda row: [row.date[:4]],
    "party": lambda row: [thing.id for thing in (row.speaker, *row.about, *row.addressees)],
    "answers": lambda row: [iri for relation, iri in row.answers if relation in ("respondsTo", "accepts", "disputes")],
}


@pytest.mark.parametrize("role", ROLES)
def test_a_selection_finds_what_reading_every_row_finds(met: Graph, rows: list[StatementRow], role: str) -> None:
    values = Counter(value for row in rows for value in ROLES[role](row) if value)
    for value, _ in [*values.most_common(3), *values.most_common()[-3:]]:
        for repeats in (True, False):
            expected = [row for row in rows if value in ROLES[role](row) and (repeats or not row.repeats)]
            selection = replace(Selection(repeats=repeats), **{role: value})
            assert met.index.select(selection) == expected
            assert met.index.count(selection) == len(expected)


def test_every_field_of_a_selection_is_tested() -> None:
    assert set(ROLES) == {field.name for field in fields(Selection)} - {"repeats"}


def test_conditions_apply_together_and_pages_follow_each_other(met: Graph, rows: list[StatementRow]) -> None:
    speaker = met.resolve("Mark Rowley")
    selection = Selection(speaker=speaker, act="Commitment", year="2023", repeats=False)
    expected = [r for r in rows if r.speaker.id == speaker and "Commitment" in r.acts and r.date[:4] == "2023" and not r.repeats]
    assert len(expected) > 10
    assert met.index.select(selection) == expected
    assert met.index.select(selection, offset=3, limit=4) == expected[3:7]
    assert met.index.select(Selection(speaker="no such"), limit=4) == []
    assert met.index.count(Selection(year="x' OR 1 --")) == 0


def test_the_latest_come_first_and_those_without_a_date_last(tmp_path: Path, met: Graph, rows: list[StatementRow]) -> None:
    latest = met.index.select(Selection(), order="latest")
    assert latest == rows[::-1]
    path = tmp_path / NAME
    write_index(met.store, path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE statement SET date = '' WHERE n > ?", (len(rows) - 3,))
    connection.close()
    index = open_index(path)
    assert [row.id for row in index.select(Selection(), order="latest")] == [r.id for r in [*rows[-4::-1], *rows[:-4:-1]]]
    index.close()


def test_reading_order_is_that_of_the_passages(met: Graph, rows: list[StatementRow]) -> None:
    report = met.resolve("report/bbc-live-2023")
    read = met.index.select(Selection(report=report), order="reading")
    query = f"SELECT ?s (MIN(?start) AS ?place) {{ ?s acc:reportedIn <{report}> ; acc:passage/acc:start ?start }} GROUP BY ?s"
    places = {row.s: row.place for row in met.query(query)}
    assert [row.id for row in read if row.id in places] == sorted(places, key=lambda iri: (places[iri], [r.id for r in rows].index(iri)))
    assert {row.report for row in read} == {read[0].report}


def test_facets_count_what_a_selection_finds(met: Graph, rows: list[StatementRow]) -> None:
    topic = met.resolve("topic/culture")
    for selection, chosen in [
        (Selection(), rows),
        (Selection(topic=topic, repeats=False), [row for row in rows if topic in ROLES["topic"](row) and not row.repeats]),
        (Selection(topic="no such"), []),
    ]:
        facets = met.index.facets(selection)
        assert set(facets) == {"act", "report", "speaker", "topic", "year"}
        for name, pairs in facets.items():
            assert dict(pairs) == Counter(value for row in chosen for value in set(ROLES[name](row))), name
            assert pairs == sorted(pairs, key=(lambda pair: pair[0]) if name == "year" else (lambda pair: (-pair[1], pair[0])))


def test_things_are_counted_without_what_is_told_again(met: Graph, rows: list[StatementRow]) -> None:
    thing = met.index.thing(met.resolve("Mark Rowley"))
    assert thing is not None
    assert (thing.kind, thing.cls, thing.label) == ("person", "Person", "Mark Rowley")
    assert "Sir Mark" in thing.aliases
    assert thing.note.startswith("Commissioner of the Metropolitan Police")
    assert thing.said == sum(row.speaker.id == thing.iri and not row.repeats for row in rows)
    assert thing.about == sum(thing.iri in ROLES["about"](row) and not row.repeats for row in rows)
    assert met.index.thing("https://example.org/none") is None
    counts = {row["kind"]: row["n"] for row in met.index.execute("SELECT kind, count(*) AS n FROM thing GROUP BY kind")}
    stats = met.stats()
    assert counts == {kind: stats[kind + "s"] for kind in ("person", "institution", "group", "event", "topic", "post", "measure", "report")}
    report = met.index.thing(met.resolve("report/rowley-letter-2023"))
    assert report is not None
    assert report.cls == "Letter"


def test_edges_are_those_of_the_diagram(met: Graph) -> None:
    edges = {(one, two, manner): data for one, two, manner, data in met.network("speech").edges(keys=True, data=True)}
    stored = {(row["source"], row["target"], row["manner"]): row for row in met.index.execute("SELECT * FROM edge")}
    assert stored.keys() == edges.keys()
    for key, row in stored.items():
        assert tuple(row)[4:] == (edges[key]["count"], edges[key]["first"], edges[key]["last"])
        spoke = met.index.execute("SELECT iri FROM spoken JOIN statement ON n = statement WHERE edge = ?", (row["n"],))
        assert {one["iri"] for one in spoke} == set(edges[key]["statements"])


def test_links_that_no_row_shows_are_there_too(met: Graph) -> None:
    for role in ("reporter", "owedBy"):
        expected = {(row.s, row.o) for row in met.query(f"SELECT ?s ?o {{ ?s acc:{role} ?o ; acc:speaker ?who }}")}
        query = "SELECT iri, value FROM link JOIN statement ON n = link.statement WHERE role = ?"
        assert {tuple(row) for row in met.index.execute(query, (role,))} == expected != set()


def test_nothing_can_be_written(met: Graph, disk: Index) -> None:
    for index in (met.index, disk):
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            index.execute("DELETE FROM thing")


def test_many_threads_read_at_once_and_closing_leaves_no_descriptor(met: Graph, tmp_path: Path) -> None:
    write_index(met.store, tmp_path / NAME)
    index = open_index(tmp_path / NAME)
    expected = index.select(Selection(act="Claim"))
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(lambda _: index.select(Selection(act="Claim")), range(40)))
    index.close()
    if Path("/proc/self/fd").is_dir():
        assert not any(os.path.realpath(file).endswith(str(tmp_path / NAME)) for file in Path("/proc/self/fd").iterdir())
    assert index.count(Selection(act="Claim")) == len(expected)
    index.close()


def test_lists_are_read_through_indexes(met: Graph) -> None:
    """No question about one value reads every statement."""
    for role in ROLES:
        chosen, values = _chosen(replace(Selection(repeats=False), **{role: "x"}))
        plan = [row["detail"] for row in met.index.execute(f"EXPLAIN QUERY PLAN WITH {chosen} SELECT count(*) FROM chosen", values)]
        assert any(step.startswith("SEARCH") for step in plan), plan
        assert not any(step.startswith(("SCAN link", "SCAN statement")) for step in plan), plan


def test_a_build_has_its_index_and_its_documents(tmp_path: Path, tutorial: Graph) -> None:
    build(TUTORIAL, tmp_path / "g")
    graph = kg.open(tmp_path / "g")
    assert graph.index.select(Selection()) == tutorial.index.select(Selection())
    report = graph.index.facets(Selection())["report"][0][0]
    text = graph.document(report)
    assert text
    assert text == tutorial.document(report)
    assert graph.document(graph.manifest.base + "report/none") is None
    graph.index.close()


def test_without_documents_there_are_none(met: Graph, tmp_path: Path) -> None:
    folder = build_folder(MET, tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == [NAME, "manifest.json", "store"]
    assert met.document(met.resolve("report/bbc-live-2023")) is None
    assert kg.open(tmp_path).document(met.resolve("report/bbc-live-2023")) is None


def build_folder(case: Path, path: Path) -> Path:
    build(case, path)
    return path / "builds" / (path / "current").read_text("utf-8").strip()


def test_a_graph_of_an_older_version_says_what_to_do(tmp_path: Path) -> None:
    folder = build_folder(TUTORIAL, tmp_path)
    (folder / NAME).unlink()
    graph = kg.open(tmp_path)
    assert graph.stats()["statements"], "everything else works"
    with pytest.raises(StoreError, match="no index") as error:
        _ = graph.index
    assert "kg build" in error.value.remedy
    (folder / NAME).write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        _ = graph.index


def test_an_index_that_cannot_be_written_is_an_error_and_the_old_graph_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(TUTORIAL, tmp_path)
    before = (tmp_path / "current").read_text("utf-8")

    def full(*arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("kg.index.write_words", full)
    with pytest.raises(StoreError, match="disk is full"):
        build(TUTORIAL, tmp_path)
    assert (tmp_path / "current").read_text("utf-8") == before
    assert len(list((tmp_path / "builds").iterdir())) == 1


def test_an_empty_graph_has_an_empty_index() -> None:
    import pyoxigraph as ox

    index = memory_index(ox.Store())
    assert index.select(Selection(), order="latest") == index.select(Selection(), order="reading") == []
    assert index.count(Selection()) == 0
    index.close()
