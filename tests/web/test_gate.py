"""The gate before a query is run: what it lets through, what it refuses and where it says the fault is."""

import time
from contextlib import suppress

import pyoxigraph as ox
import pytest

from kg import queries
from kg.errors import QueryError
from kg.web import gate


@pytest.mark.parametrize("name", list(queries.catalogue()))
def test_every_question_of_the_catalogue_passes(name: str) -> None:
    query = queries.catalogue()[name]
    for text in (query.text, queries.bind(query, {})):
        outline = gate.check(text)
        assert outline.form == "SELECT"
        assert outline.patterns > 0


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("SELECT * { ?s ?p ?o }", 1),
        ("SELECT * { ?s ?p ?o . }", 1),
        ("SELECT ?a ?b WHERE { ?s a ?o , ?x ; ?q 1.5 . ?x ?y 'a . b ; c' }", 4),
        ("SELECT * { ?s ?p [ ?q ?r ; ?t ?u ] }", 3),
        ("SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > -1) OPTIONAL { ?s ?q ?r } }", 2),
        ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s ?q ?r } }", 2),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", 1),
        ("SELECT * { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING(?n > 2) } ?s ?q ?r }", 2),
        ("SELECT * { VALUES (?s ?o) { (1 2) (3 4) } ?s ?p ?o }", 1),
        ("SELECT * { VALUES ?s { <a> <b> 'x'@en } ?s ?p ?o }", 1),
        ("SELECT * { ?s <a>/<b>/^<c> ?o }", 4),
        ("SELECT * { ?s ?p (1 2 3) }", 5),
        ("SELECT (CONCAT(?a, ?b, 'x') AS ?c) { ?s ?p ?o BIND(ex:f(?s, 1) AS ?a) }", 1),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", 2),
        ("ASK {}", 0),
    ],
)
def test_an_honest_estimate_of_triple_patterns(text: str, patterns: int) -> None:
    assert gate.check(text).patterns == patterns


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x/>' }",
        "SELECT * { ?s ?p '''it's a SERVICE ''' }",
        'SELECT * { ?s ?p """a "quoted" LOAD \\""" SERVICE""" }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/>",
        "SELECT * { <http://x/SERVICE> ?p ?o }",
        "PREFIX service: <http://x/> SELECT * { service:load ?p ex:SERVICE }",
        "PREFIX x.SERVICE: <http://x/> SELECT * { x.SERVICE:a ?p ?service . ?s ?p $LOAD }",
        "SELECT * { ?s ?p 'x'@service-load }",
    ],
)
def test_words_that_are_no_keywords(text: str) -> None:
    gate.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * {FILTER EXISTS{sErViCe#\nSILENT<http://x/>{}}}",
        "SELECT * { ?s ?p true.SERVICE <http://x/> { } }",
        "SELECT * { ?s ?p a:.SERVICE<http://x/> { } }",
        "PREFIX : <http://x/> SELECT * { SERVICE:x { } }",
        "PREFIX : <http://x/> SELECT * { SERVICESILENT:x { } }",
        "SELECT * { ?s ?p trueSERVICE<http://x/> { } }",
        "SELECT * { ?s ?p 'x'.SERVICE ?x { } }",
        "SELECT * { ?s ?p 1.SERVICE ?x { } }",
        "SELECT * { FILTER(?a<?b) SERVICE ?x { } FILTER(?c>?d) }",
        "SELECT * { FILTER(?a<1)SERVICE<http://x/>{} }",
        "SELECT * { ?s ?p '\\'' SERVICE ?x {} }",
        "SELECT * { ?s ?p '''\\''''SERVICE ?x {} }",
        "SELECT * { ?s ?p <http://x/> SERVICE ?x {} }",
        "LOAD <file:///etc/passwd>",
    ],
)
def test_what_would_reach_out(text: str) -> None:
    with pytest.raises(QueryError, match=r"(SERVICE|LOAD) at line \d+, column \d+ would ask another machine"):
        gate.check(text)


def test_smaller_than_is_no_iri() -> None:
    assert gate.check("SELECT * { ?s ?p ?o FILTER(?o < 3 || ?o > 5 || ?o <= ?p) }").operators == 7
    assert gate.check("SELECT * { ?s <http://x/a> ?o }").operators == 1


@pytest.mark.parametrize("word", ["INSERT", "delete", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
def test_updates(word: str) -> None:
    with pytest.raises(QueryError, match=rf"{word.upper()} at line 2, column 1 would change the graph"):
        gate.check(f"PREFIX ex: <http://x/> # a comment\n{word} ALL")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no query in the text"),
        ("PREFIX a: <http://x/>", "there is no query in the text"),
        ("hello ?x", "cannot begin with `HELLO`, at line 1, column 1"),
        ("ASK { ?s ?p 'open }", "string that begins at line 1, column 13 is not closed"),
        ("ASK {\n  ?s ?p '''open' }", "string that begins at line 2, column 9 is not closed"),
        ("ASK " + "{" * 41, "nested more than 40 deep at line 1, column 45"),
        ("SELECT * { FILTER" + "(" * 10_000 + "1" + ")" * 10_000 + " }", "nested more than 40 deep"),
        ("ASK {\n" + "?s ?p ?o .\n" * 61 + "}", "more than 60 triple patterns, counted up to line 62, column 10"),
        ("ASK { ?s " + "/".join(["<p>"] * 200) + " ?o }", "more than 60 triple patterns"),
        ("ASK { ?s ?p (" + "1 " * 200 + ") }", "more than 60 triple patterns"),
        ("ASK { FILTER(" + "!" * 10_000 + "true) }", "more than 200 operators"),
        ("ASK { FILTER(1" + "+1" * 5_000 + ") }", "more than 200 operators"),
        ("ASK { FILTER(true" + "||true" * 5_000 + ") }", "more than 200 operators"),
        ("ASK { {}" + " UNION {}" * 5_000 + " }", "more than 200 operators"),
        ("ASK {} #" + "é" * 32_000, "longer than 64,000 bytes"),
    ],
)
def test_refusals_say_what_and_where(text: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        gate.check(text)
    assert message in str(caught.value)


def test_what_a_query_says_of_itself() -> None:
    assert gate.check("SELECT * FROM <http://x/> { ?s ?p ?o }").dataset
    assert not gate.check("SELECT * { ?s ?p 'FROM' }").dataset
    assert gate.check("SELECT (RAND() AS ?x) {}").volatile
    assert not gate.check("SELECT ?now { ?now ex:rand ?o }").volatile
    assert [gate.check(f"{form} {{}}").form for form in ("ask", "Construct", "DESCRIBE")] == ["ASK", "CONSTRUCT", "DESCRIBE"]


def test_what_the_engine_reads_as_a_query_is_read_as_one_here() -> None:
    store = ox.Store()
    texts = [
        "\ufeffASK {}",
        "BASE <http://x/> PREFIX : <y#> ASK { <a> :b-c.d :e. _:x :%41 :\\~ }",
        "PREFIX a.b: <http://x/> ASK { a.b:c.d ?p 1.5e-3, .5, +2, -.1e9 }",
        "ASK { <http\\u003a//x/> ?p 'a\\'b', \"\"\"\"x\"\"\", '''''' }",
    ]
    for text in texts:
        try:
            store.query(text)
        except SyntaxError:
            continue
        assert gate.check(text).form == "ASK"


@pytest.mark.parametrize(
    "unit",
    ["x.", "a-", '"\\', '\\"""', "<", "<a", ":", ".", "%", "1.", "1", "#", "ab.-", "@a", "\0", "'", "''''", "a:b.", "\\", "{}", "é", "٣"],
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    def steps(length: int) -> float:
        text = "ASK { x" + unit * (length // len(unit.encode()))
        start = time.process_time()
        with suppress(QueryError):
            gate.check(text)
        return time.process_time() - start

    # A quadratic reader takes some 10 seconds for the longest text; this one takes a tenth of one.
    assert steps(gate.BYTES - 100) < 3
