"""Full text: the right thing first, names misspelt or not, and no text that makes it fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.build import build
from kg.errors import QueryError, StoreError
from kg.graph import Graph
from kg.index import Index, memory_index, open_index, write_index
from kg.search import KINDS, Hit, Marked, plain, search, suggest
from kg.vocabulary import ACC, RDF, RDFS, SKOS
from tests.conftest import TUTORIAL, Run


@pytest.fixture(scope="module", params=["memory", "disk"])
def index(met: Graph, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The founding case, in memory and on disk: all that follows holds for both."""
    if request.param == "memory":
        yield met.index
        return
    path = tmp_path_factory.mktemp("search") / "index.sqlite"
    write_index(met.store, path)
    opened = open_index(path)
    yield opened
    opened.close()


def names(hits: list[Hit]) -> list[str]:
    return [hit.iri.partition("/met-police/")[2] or hit.iri.partition("/tutorial/")[2] for hit in hits]


def found(marked: Marked) -> list[str]:
    return [part for part, is_found in marked if is_found]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Mark Rowley", "person/mark-rowley"),
        ("rowley", "person/mark-rowley"),
        ("ROWLEY!", "person/mark-rowley"),
        ("Sir Mark", "person/mark-rowley"),
        ("casey", "person/louise-casey"),
        ("Sadiq Khan", "person/sadiq-khan"),
        ("BBC", "institution/bbc"),
        ("Zoe Billingham", "person/zoe-billingham"),
        ("Zoë Billingham", "person/zoe-billingham"),
        ("Zoe\u0308 billingham", "person/zoe-billingham"),
        ("Casey review", "report/casey-review-final"),
        ("racism", "topic/racism"),
        ("bad apples", "topic/bad-apples-frame"),
    ],
)
def test_what_has_the_name_comes_first(index: Index, text: str, first: str) -> None:
    results = search(index, text)
    assert names(results.hits)[0] == first
    assert not results.corrected
    assert not results.any_word
    assert names(suggest(index, text))[0] == first


def test_every_name_finds_what_it_names(index: Index) -> None:
    for row in index.execute("SELECT iri, label FROM thing"):
        hits = search(index, row["label"]).hits
        same = [hit for hit in hits if hit.label.casefold() == row["label"].casefold()]
        assert hits[: len(same)] == same, row["label"]
        assert row["iri"] in {hit.iri for hit in same}
        assert row["iri"] in {hit.iri for hit in suggest(index, row["label"])}


@pytest.mark.parametrize(
    ("text", "corrected", "first"),
    [
        ("Rowly", "Rowley", "person/mark-rowley"),
        ("mark rowly", "mark Rowley", "person/mark-rowley"),
        ("Kasey", "Casey", "person/louise-casey"),
        ("Sadik Kahn", "Sadiq Khan", "person/sadiq-khan"),
        ("Starmr", "Starmer", "person/keir-starmer"),
        ("Kier Stramer", "Keir Starmer", "person/keir-starmer"),
        ("Billinghamm", "Billingham", "person/zoe-billingham"),
        ("Metropoliton Police", "Metropolitan Police", "institution/metropolitan-police"),
    ],
)
def test_a_misspelt_name_is_found_and_said_to_be(index: Index, text: str, corrected: str, first: str) -> None:
    results = search(index, text)
    assert results.corrected == corrected
    assert names(results.hits)[0] == first
    assert names(suggest(index, text))[0] == first


def test_what_stands_somewhere_is_not_corrected(index: Index) -> None:
    assert search(index, "apples").corrected == ""
    assert search(index, "Rowle").corrected == "", "the beginning of a word"
    assert search(index, '"Rowly"').corrected == "", "words in quotation marks are meant"
    assert search(index, "Rowly reform").corrected == "Rowley reform"
    assert search(index, "Kane").corrected == "", "two slips from Khan, which is half of it"
    assert search(index, "Bilinghamm").corrected == "Billingham", "two slips in a long name"
    assert search(index, "Rxx").corrected == "", "too short to tell"


def test_every_word_must_match_or_else_any(index: Index) -> None:
    both = search(index, "homophobia misogyny", limit=1000)
    one = search(index, "homophobia", limit=1000)
    assert 0 < both.total < one.total
    assert {hit.iri for hit in both.hits} < {hit.iri for hit in one.hits}
    some = search(index, "homophobia xyzzyx", limit=1000)
    assert some.any_word
    assert {hit.iri for hit in some.hits} == {hit.iri for hit in one.hits}
    assert search(index, "Kasey xyzzyx").corrected == "Casey xyzzyx"
    nothing = search(index, "xyzzyx")
    assert (nothing.hits, nothing.total, nothing.corrected, nothing.any_word) == ([], 0, "", False)


def test_the_last_word_may_be_a_beginning(index: Index) -> None:
    assert search(index, "homophob").total >= search(index, "homophobia").total > 0
    assert search(index, "homophob misogyny").total == 0 or search(index, "homophob misogyny").any_word
    assert search(index, '"homophob"').total == 0


def test_words_in_quotation_marks_stand_together(index: Index) -> None:
    apart, together = search(index, "apples bad"), search(index, '"bad apples"')
    assert 0 < together.total <= apart.total
    assert search(index, '"apples bad"').total == 0
    assert all("bad apples" in plain(hit.snippet).casefold() for hit in together.hits if hit.kind == "statement")
    assert search(index, "“bad apples”").hits == together.hits


def test_a_speaker_and_a_word_find_what_was_said(index: Index) -> None:
    hits = search(index, "Khan confidence", kinds=["statement"]).hits
    assert hits
    assert any(hit.label.startswith("Sadiq Khan, 2025") for hit in hits)


def test_kinds_choose(index: Index) -> None:
    assert {hit.kind for hit in search(index, "police", kinds=["person", "topic"]).hits} == {"person", "topic"}
    by_kind = [search(index, "police", kinds=[kind]).total for kind in KINDS]
    assert sum(by_kind) == search(index, "police").total
    with pytest.raises(QueryError, match="no kind is called `book`") as error:
        search(index, "police", kinds=["book"])
    assert "statement" in error.value.remedy


def test_pages_follow_each_other_and_the_order_is_always_the_same(index: Index) -> None:
    whole = search(index, "police", limit=10_000)
    assert len(whole.hits) == whole.total == len({hit.iri for hit in whole.hits})
    pages = [hit for offset in range(0, whole.total, 50) for hit in search(index, "police", offset=offset).hits]
    assert pages == whole.hits == search(index, "police", limit=10_000).hits


def test_what_is_told_again_comes_last(index: Index) -> None:
    told = {row["iri"] for row in index.execute("SELECT iri FROM statement WHERE repeats")}
    repeats = [hit.iri in told for hit in search(index, "police officers", limit=10_000).hits]
    assert True in repeats
    assert repeats == sorted(repeats)


def test_names_come_before_summaries_and_summaries_before_passages(tutorial: Graph) -> None:
    assert names(search(tutorial.index, "silence").hits)[0] == "topic/culture-of-silence"
    hits = search(tutorial.index, "email", kinds=["event", "statement"]).hits
    texts = {row["iri"]: row for row in tutorial.index.execute("SELECT iri, summary, quote FROM statement WHERE NOT repeats")}
    places = [
        next((n for n, text in enumerate(tuple(texts[hit.iri])[1:], 1) if "email" in text), 3) if hit.iri in texts else 0 for hit in hits
    ]
    assert places == sorted(places)
    assert places[0] == 0
    assert 1 in places
    assert places[-1] == 3, "the words of passages are searched where the documents are at hand"
    assert found(hits[-1].snippet) == ["email"]


def test_found_words_are_marked_and_nothing_else_is_changed(index: Index) -> None:
    (hit,) = [hit for hit in search(index, "Billingham", limit=100).hits if plain(hit.snippet).startswith("Says that Zoë Billingham was")]
    assert hit.snippet == [("Says that Zoë ", False), ("Billingham", True), (" was an inspector of constabulary for twelve years.", False)]
    assert found(suggest(index, "zoe")[0].snippet) == ["Zoë"]
    assert found(suggest(index, "sir mar")[0].snippet)


def test_suggestions_are_names_the_best_known_first(index: Index) -> None:
    assert names(suggest(index, "c", limit=3)) == names(suggest(index, "c"))[:3]
    assert all(hit.kind != "statement" for hit in suggest(index, "police", limit=100))
    assert "institution/metropolitan-police" in names(suggest(index, "met pol"))
    assert suggest(index, "xyzzyx") == suggest(index, "") == suggest(index, " ") == []


HOSTILE = [
    *(
        '"',
        '""',
        '"""',
        "*",
        "**",
        "'",
        "NEAR",
        "NEAR(",
        "NEAR(a b, 5)",
        "AND",
        "OR",
        "NOT",
        "a AND",
        "NOT a",
        "a OR OR b",
        "-a",
        "+a",
        "^a",
        "a^",
    ),
    *(
        "name:",
        "name : rowley",
        "{name aliases}: x",
        "words MATCH",
        "a + b",
        "a.b",
        "(((",
        ")",
        "a\\",
        '\\"',
        "%",
        "_",
        "?",
        ":match",
        "1 2 3",
    ),
    *(
        "😀",
        "👩‍👩‍👧",
        "😀 rowley",
        "\x00",
        "a\x00b",
        "\ud800",
        "\ufdd0\ufdd1",
        "\ufeff",
        "ﬁ",
        "İstanbul",
        "ß",
        "²",
        "½",
        "中文",
        "한국어",
        "ⅷ",
        "𞤀𞤣𞤤𞤢𞤥",
    ),
    *("'; DROP TABLE thing; --", "<script>alert(1)</script>", "\u0301" * 100, "a\u0301" * 100, "\n\r\t\v\f", "a\u2028b", "\u202erowley"),
    *("a" * 10_000, "a " * 5_000, '"a ' * 5_000, "( " * 5_000, "é" * 10_000, '"' * 10_000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_an_error(index: Index, text: str) -> None:
    for results in (search(index, text), search(index, text, kinds=["person"]), search(index, f"rowley {text} kasey")):
        assert len(results.hits) <= results.total
    assert len(suggest(index, text)) <= 8


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters() | st.sampled_from('"*()^:+-{}, aeinorst'), max_size=60))
def test_any_text_gives_results(met: Graph, text: str) -> None:
    results = search(met.index, text, limit=5)
    assert (results.total == 0) == (results.hits == [])
    for hit in [*results.hits, *suggest(met.index, text)]:
        assert all(part for part, _ in hit.snippet)
        assert hit.iri


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(deadline=None, max_examples=60)
@given(label=WORDS, alias=WORDS, note=WORDS)
def test_any_name_can_be_found_and_is_never_markup(label: str, alias: str, note: str) -> None:
    store, person = ox.Store(), ox.NamedNode("https://example.org/person/x")
    store.add(ox.Quad(person, ox.NamedNode(RDF + "type"), ox.NamedNode(ACC + "Person")))
    store.add(ox.Quad(ox.NamedNode(ACC + "Person"), ox.NamedNode(RDFS + "subClassOf"), ox.NamedNode(ACC + "Actor")))
    for property, text in ((RDFS + "label", f"Kahlo {label}"), (SKOS + "altLabel", alias), (SKOS + "definition", note)):
        store.add(ox.Quad(person, ox.NamedNode(property), ox.Literal(text)))
    index = memory_index(store)
    for text in ("kahlo", "Khalo", f"Kahlo {label}"):
        (hit,) = search(index, text).hits
        assert hit.iri == person.value
        assert not {"\ufdd0", "\ufdd1", "\x1b"} & set(hit.label + plain(hit.snippet))
    assert [hit.iri for hit in suggest(index, "kah")] == [person.value]
    index.close()


def test_the_library_gives_a_table(met: Graph) -> None:
    table = met.search("bad apples", kinds=["statement"], limit=2)
    assert table.columns == ("thing", "kind", "label", "text")
    assert [row.kind for row in table] == ["statement", "statement"]
    assert table.text()[0][0].startswith("statement/")
    assert met.describe(table.text()[0][0])


def test_without_full_text_in_sqlite_the_error_says_so(met: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.search.MODULE", "fts6")
    with pytest.raises(StoreError, match="no full-text search") as error:
        memory_index(met.store)
    assert "FTS5" in error.value.remedy


def test_the_command_finds_and_says_what_it_looked_for(run: Run, tmp_path: Path) -> None:
    build(TUTORIAL, tmp_path / "graph")
    answer = run("search", "Ottili", "Marwik", "--limit", "1", "--format", "csv")
    assert answer.returncode == 0
    assert answer.stdout.splitlines()[1].split(",")[1:3] == ["person", "Ottilie Marwick"]
    assert "shown for `Ottilie Marwick`" in answer.stderr
    assert "the first 1 of" in answer.stderr
    nothing = run("search", "xyzzyx")
    assert (nothing.returncode, nothing.stdout.splitlines()[1:]) == (0, [])
    assert "nothing found for `xyzzyx`" in nothing.stderr
    table = run("search", "pump", "xyzzyx", "--kind", "statement")
    assert "statement/" in table.stdout
    assert "nothing has all the words" in table.stderr
    wrong = run("search", "pump", "--kind", "book")
    assert wrong.returncode == 2
    assert "no kind is called `book`" in wrong.stderr
    assert kg.open(tmp_path / "graph").search("pump").text()
