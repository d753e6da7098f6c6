"""The ontology as pages: every term, with what concerns it and where it is used."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import vocabulary
from kg.errors import NotFoundError
from kg.vocabulary import ACC, RDF, RDFS, SCHEME
from kg.web.page import render, twin
from kg.web.pages.ontology import ONTOLOGY, ontology, scheme, schemes, term, term_paths, terms
from kg.web.site import Site


def labels(things: list[dict[str, str]]) -> list[str]:
    return [thing["label"] for thing in things]


def test_every_term_of_the_file_is_here_with_its_group() -> None:
    store = vocabulary.ontology()
    defined = {quad.subject.value for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS + "isDefinedBy"), None, None)}  # type: ignore[union-attr]
    assert set(terms()) == defined
    assert terms()[ACC + "Claim"].group == "Statements" and terms()[ACC + "bearsOn"].group == "Between statements"
    assert terms()[ACC + "SpeakerRole"].kind == "role"
    assert all(one.label and one.definition and one.example and one.group for one in terms().values())


def test_the_list_is_a_tree_that_holds_every_term_once(site: Site) -> None:
    page = ontology(site, {})
    html = render(site, page, "ontology")
    assert [name for name in (one.name for one in terms().values()) if html.count(f'<li id="{name}">') != 1] == []
    groups = {group["group"]: group["terms"] for section in page.data["sections"] for group in section["groups"]}
    assert [one["name"] for one in groups["Statements"]] == ["Statement"]
    (assertive,) = [one for one in groups["Statements"][0]["below"] if one["name"] == "Assertive"]
    assert [one["name"] for one in assertive["below"]] == ["Claim", "Finding", "Denial", "Acknowledgement"]
    assert groups["Statements"][0]["count"] == 54  # told again as well


def test_the_turtle_of_the_list_is_the_whole_ontology(site: Site) -> None:
    written = {quad.triple for quad in ox.parse(twin(site, ontology(site, {}), "ontology", ".ttl"), format=ox.RdfFormat.TURTLE)}
    path = vocabulary.folder("ontology") / "accountability.ttl"
    assert {quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)} <= written


@pytest.mark.parametrize("iri", terms())
def test_every_term_has_its_page(iri: str, site: Site) -> None:
    page = term(site, iri, {})
    html = render(site, page, site.addresses.path(iri))
    assert page.data["definition"].replace("'", "&#39;") in html.replace("&#34;", '"')
    triples = {quad.triple for quad in ox.parse(twin(site, page, "", ".ttl"), format=ox.RdfFormat.TURTLE)}
    assert any(triple.predicate.value == RDF + "type" and triple.subject.value == iri for triple in triples)  # type: ignore[union-attr]


def test_a_class_says_where_it_stands_and_what_concerns_it(site: Site) -> None:
    data = term(site, ACC + "Apology", {}).data
    assert labels(data["above"]) == ["Statement", "Expressive"]
    assert "speaker" in labels(data["properties"]) and "publisher" not in labels(data["properties"])
    assert "statement-speaker" in [shape["name"] for shape in data["shapes"]]
    assert "edges-apologises" in [rule["name"] for rule in data["rules"]]
    assert "apologies" in [one["name"] for one in data["questions"]]
    assert data["count"] == 1 and data["examples"][0]["subject"]["label"].endswith(".")


def test_a_property_says_from_what_to_what(site: Site) -> None:
    data = term(site, ACC + "postIn", {}).data
    assert [labels(data[name]) for name in ("domain", "range", "inverse")] == [["Post"], ["Institution"], ["hasPost"]]
    assert labels(term(site, ACC + "hasPost", {}).data["inverse"]) == ["postIn"]
    assert {"relation": "is a", "id": "http://www.w3.org/ns/org#postIn", "label": "org:postIn", "kind": ""} in data["alignments"]
    assert data["fields"] == [] and term(site, ACC + "saidOn", {}).data["fields"] == ["saidOn", "saidInMonth", "saidInYear"]


def test_the_count_is_that_of_the_graph(site: Site) -> None:
    data = term(site, ACC + "speaker", {}).data
    assert data["count"] == len(site.ask("SELECT DISTINCT ?s ?o { ?s acc:speaker ?o }"))
    assert len(data["examples"]) == 3 and all(one["value"]["kind"] in ("person", "institution", "group") for one in data["examples"])


def test_every_scheme_has_its_page(site: Site) -> None:
    for iri in schemes():
        html = render(site, scheme(site, iri, {}), site.addresses.path(iri))
        assert [one for one in scheme(site, iri, {}).data["concepts"] if f'<tr id="{one["name"]}">' not in html] == []
    counts = {one["name"]: one["count"] for one in scheme(site, SCHEME + "modes", {}).data["concepts"]}
    assert sum(counts.values()) == len(site.ask("SELECT ?s { ?s acc:mode ?mode }")) and counts["direct"]


def test_paths_and_what_is_not_there(site: Site) -> None:
    paths = list(term_paths(site))
    assert len(paths) == len(set(paths)) == len(terms()) + len(schemes())
    assert {"ontology/Claim", "ontology/speaker", "scheme/modes"} <= set(paths)
    for wrong in (ONTOLOGY, ACC + "Nothing"):
        with pytest.raises(NotFoundError):
            term(site, wrong, {})
    with pytest.raises(NotFoundError):
        scheme(site, SCHEME + "nothing", {})
