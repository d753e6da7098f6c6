"""Clients that people use, against a running server: SPARQLWrapper, rdflib's SPARQLStore, Comunica."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.web.endpoint import DATA, application
from tests.web.serving import running

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SELECT = "SELECT ?s ?label { ?s rdfs:label ?label } ORDER BY ?s"
ASK = f"ASK {{ <{DATA}1> rdfs:label 'Öffentliche Anhörung'@de }}"
CONSTRUCT = "CONSTRUCT { ?s rdfs:label ?label } WHERE { ?s rdfs:label ?label }"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("clients") / "store"
    store, node = ox.Store(str(path)), ox.NamedNode
    for number, label in enumerate([ox.Literal("statement"), ox.Literal("Öffentliche Anhörung", language="de"), ox.Literal(3)]):
        store.add(ox.Quad(node(f"{DATA}{number}"), node(LABEL), label, node(f"{DATA}graph/{number}")))
    store.flush()
    with running(application(path)) as client:
        yield str(client.base_url.join("/sparql"))


def wrapper(address: str, query: str, method: str = "GET", way: str = "urlencoded", format: str = JSON) -> SPARQLWrapper:
    client = SPARQLWrapper(address, returnFormat=format)
    client.setQuery(query)
    client.setMethod(method)
    client.setRequestMethod(way)
    return client


@pytest.mark.parametrize(("method", "way"), [("GET", "urlencoded"), (POST, "urlencoded"), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_selects(address: str, method: str, way: str) -> None:
    found = wrapper(address, SELECT, method, way).queryAndConvert()
    assert [row["label"]["value"] for row in found["results"]["bindings"]] == ["statement", "Öffentliche Anhörung", "3"]
    assert wrapper(address, ASK, method, way).queryAndConvert()["boolean"] is True


def test_sparqlwrapper_in_other_formats(address: str) -> None:
    assert len(wrapper(address, SELECT, format=XML).queryAndConvert().getElementsByTagName("result")) == 3
    assert wrapper(address, SELECT, format=CSV).queryAndConvert().decode().splitlines()[2] == f"{DATA}1,Öffentliche Anhörung"
    assert wrapper(address, SELECT, format=TSV).queryAndConvert().decode().splitlines()[2] == f'<{DATA}1>\t"Öffentliche Anhörung"@de'


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper makes one
@pytest.mark.parametrize("format", [XML, RDFXML, TURTLE, N3, JSONLD])
def test_sparqlwrapper_constructs(address: str, format: str) -> None:
    found = wrapper(address, CONSTRUCT, format=format).queryAndConvert()
    if format in (TURTLE, N3):
        found = rdflib.Graph().parse(data=found, format="turtle")
    assert len(found) == 3


def test_sparqlwrapper_names_graphs(address: str) -> None:
    client = wrapper(address, SELECT)
    client.addDefaultGraph(DATA + "graph/2")
    assert [row["label"]["value"] for row in client.queryAndConvert()["results"]["bindings"]] == ["3"]


def test_sparqlwrapper_is_told_what_is_wrong(address: str) -> None:
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        wrapper(address, "SELECT * { ?s ?p }").query()
    update = SPARQLWrapper(address)
    update.setQuery("INSERT DATA { <http://x/a> <http://x/b> 1 }")
    update.setMethod(POST)
    with pytest.raises(Exception, match="Forbidden"):
        update.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(address: str, method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(address, method=method))
    assert [str(row.label) for row in graph.query(SELECT)] == ["statement", "Öffentliche Anhörung", "3"]  # type: ignore[union-attr]
    assert bool(graph.query(ASK)) is True
    assert len(graph.query(CONSTRUCT).graph or []) == 3
    hearing = rdflib.URIRef(f"{DATA}1")
    assert list(graph.objects(hearing, rdflib.RDFS.label)) == [rdflib.Literal("Öffentliche Anhörung", lang="de")]
    assert (hearing, None, None) in graph
    assert len(graph) == 3


def test_rdflib_sparqlstore_in_one_graph(address: str) -> None:
    for number, label in enumerate(["statement", "Öffentliche Anhörung", "3"]):
        graph = rdflib.Graph(SPARQLStore(address), identifier=rdflib.URIRef(f"{DATA}graph/{number}"))
        assert [str(label) for label in graph.objects()] == [label]


def test_rdflib_cannot_write(address: str) -> None:
    store = SPARQLUpdateStore(address, address)
    with pytest.raises(Exception, match="403"):
        store.update("INSERT DATA { <http://x/a> <http://x/b> 1 }")


@pytest.fixture(scope="module")
def comunica() -> str:
    """The program comunica-sparql; where it is not at hand, the test is skipped with this reason, but not where it must run."""
    program = os.environ.get("KG_COMUNICA") or shutil.which("comunica-sparql")
    if not program or not Path(program).exists():
        message = "comunica-sparql is not at hand (KG_COMUNICA, or `npm install -g @comunica/query-sparql`)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return program


def ask_comunica(program: str, source: str, query: str, media_type: str) -> str:
    words = [program, source, "-q", query, "-t", media_type]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("source", ["{}", "sparql@{}"])  # found out from the service description, or told
def test_comunica(address: str, comunica: str, source: str) -> None:
    query = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {SELECT}"
    found = json.loads(ask_comunica(comunica, source.format(address), query, "application/json"))
    assert [row["label"].split('"')[1] for row in found] == ["statement", "Öffentliche Anhörung", "3"]


def test_comunica_constructs(address: str, comunica: str) -> None:
    query = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {CONSTRUCT}"
    found = ask_comunica(comunica, f"sparql@{address}", query, "text/turtle")
    graph = rdflib.Graph().parse(data=found, format="turtle")
    assert len(graph) == 3
    assert rdflib.Literal("Öffentliche Anhörung", lang="de") in graph.objects()
