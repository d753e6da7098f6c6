"""Home, lists, actors, other things, search: what they show is what the graph says, and every form of a page says the same."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import Counter
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest

from kg.errors import NotFoundError, QueryError
from kg.network import statements
from kg.vocabulary import ACC
from kg.web import pages
from kg.web.ego import MOST
from kg.web.page import Page, render, twin
from kg.web.pages.actor import RELATIONS
from kg.web.site import Site

MARWICK, ASKE, AUTHORITY = "person/ottilie-marwick", "person/rosalind-aske", "institution/harrow-vale-water-authority"
ACTORS = ("person", "institution", "group")


class Reader(HTMLParser):
    """What a page links, which ids it has, and what it says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        found = dict(attrs)
        assert not [name for name in found if name.startswith("on") or name == "style"], (tag, attrs)
        if tag == "a" and (href := found.get("href")) is not None:
            self.links.append(href)
        if identifier := found.get("id"):
            self.ids[identifier] += 1

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


def read(site: Site, path: str, **asked: str) -> Reader:
    return Reader(render(site, pages.find(site, path, asked), path, asked))


def tab(page: Page, show: str) -> dict:
    return next(one for one in page.data["lists"] if one["show"] == show)


def of_kinds(site: Site, *kinds: str) -> list[str]:
    rows = site.index.execute("SELECT iri, kind FROM thing ORDER BY iri")
    return [site.addresses.path(row["iri"]) for row in rows if row["kind"] in kinds]


def test_every_page_is_well_made_and_its_twins_say_the_same(site: Site) -> None:
    kinds = ("person", "institution", "group", "topic", "event", "post", "measure", "report")
    for path in ["", "search", *kinds, *of_kinds(site, *[kind for kind in kinds if kind != "report"])]:
        page = pages.find(site, path, {})
        reader = Reader(render(site, page, path))
        assert reader.tags["h1"] == 1, path
        assert not [one for one, count in reader.ids.items() if count > 1], path
        assert not [link for link in reader.links if not link.startswith(("/", "http", "#"))], path
        assert json.loads(twin(site, page, path, ".json"))["title"] == page.title
        if ".ttl" in page.twins:
            triples = list(ox.parse(twin(site, page, path, ".ttl"), format=ox.RdfFormat.TURTLE))
            assert {str(iri) for iri in page.about} <= {triple.subject.value for triple in triples}, path


def test_home_tells_what_the_case_is_and_counts_as_the_manifest_does(site: Site) -> None:
    reader = read(site, "")
    assert site.description in reader.text
    assert "It holds statements, not facts." in reader.text
    data = pages.find(site, "", {}).data
    assert {one["name"]: one["count"] for one in data["counts"]}.items() <= site.manifest.counts.items()
    assert [one["label"] for one in data["speakers"][:2]] == ["Ottilie Marwick", "Rosalind Aske"]
    assert [one["date"] for one in data["reports"]["last"]] == ["2024-09", "2024-09-12", "2025-05-14"]
    assert sum(one["count"] for one in data["reports"]["last"]) == site.manifest.counts["statements"]
    assert [said["date"] for said in data["latest"]] == sorted((said["date"] for said in data["latest"]), reverse=True)


def test_a_list_has_all_things_of_its_kind_and_its_csv_their_iris(site: Site) -> None:
    page = pages.find(site, "person", {})
    assert [one["label"] for one in page.data["things"]][:2] == ["Corwin Hale", "Edmund Tressick"]
    rows = list(csv.DictReader(io.StringIO(twin(site, page, "person", ".csv").decode())))
    assert {row["thing"] for row in rows} == {one["id"] for one in page.data["things"]} == set(page.about)
    counted = pages.find(site, "person", {"order": "count"}).data["things"]
    assert [one["said"] + one["about"] for one in counted] == sorted((one["said"] + one["about"] for one in counted), reverse=True)


def test_a_list_says_which_post_was_last_shown(site: Site) -> None:
    held = {one["label"]: one["tenure"] for one in pages.find(site, "person", {}).data["things"]}
    assert held["Ottilie Marwick"]["when"] == "from April 2024, attested until 14 May 2025"
    assert held["Edmund Tressick"]["when"] == "attested 17 January 2024, until February 2024"
    assert held["Corwin Hale"]["when"] == "over by 12 September 2024"
    assert held["Rosalind Aske"] is None


def test_a_filter_forgives_accents_and_capitals_and_knows_aliases(met_site: Site) -> None:
    assert [one["label"] for one in pages.find(met_site, "person", {"q": "ZOE bill"}).data["things"]] == ["Zoë Billingham"]
    assert [one["label"] for one in pages.find(met_site, "institution", {"q": "mps"}).data["things"]] == ["Metropolitan Police Service"]
    nobody = pages.find(met_site, "person", {"q": "<b>nobody</b>"})
    assert not nobody.data["things"]
    assert "<b>nobody" not in render(met_site, nobody, "person", {"q": "<b>nobody</b>"})


def test_reports_and_events_stand_by_date_and_topics_as_a_tree(met_site: Site) -> None:
    for kind in ("report", "event"):
        dates = [one["date"] or "9999" for one in pages.find(met_site, kind, {}).data["things"]]
        assert dates == sorted(dates)
        assert dates[0] < "9999"
    tree = pages.find(met_site, "topic", {}).data["tree"]
    below = {top["label"]: [one["label"] for one in top["narrower"]] for top in tree}
    assert "misogyny and sexism" in below["discrimination"]
    assert "misogyny and sexism" not in below


def test_an_actor_has_as_many_statements_as_the_graph(site: Site) -> None:
    rows = [row for row in statements(site.store) if not row.repeats]
    for path in of_kinds(site, *ACTORS):
        iri, page = site.addresses.iri(path), pages.find(site, path, {})
        found = {one["show"]: one["count"] for one in page.data["lists"]}
        assert found.get("by", 0) == sum(row.speaker.id == iri for row in rows)
        assert found.get("about", 0) == sum(iri in {one.id for one in row.about} for row in rows)
        assert found.get("to", 0) == sum(iri in {one.id for one in row.addressees} for row in rows)


def test_statements_are_narrowed_and_what_is_told_again_stands_apart(site: Site) -> None:
    page = pages.find(site, ASKE, {"act": "Finding"})
    shown = tab(page, "by")["list"]
    assert shown["statements"]
    assert all("Finding" in said["acts"] for said in shown["statements"])
    assert shown["chosen"] == [{"field": "act", "value": "Finding", "label": "finding"}]
    every = tab(pages.find(site, MARWICK, {}), "by")["list"]
    again = tab(pages.find(site, MARWICK, {"again": "yes"}), "by")["list"]
    assert not any(said["repeats"] for said in every["statements"])
    assert again["paging"]["total"] == every["paging"]["total"] + every["again"]["count"]
    assert every["again"]["count"] == again["again"]["count"] == sum(said["repeats"] for said in again["statements"]) > 0


def test_a_long_list_comes_in_parts(met_site: Site) -> None:
    first = tab(pages.find(met_site, "person/mark-rowley", {}), "by")["list"]
    second = tab(pages.find(met_site, "person/mark-rowley", {"offset": "50"}), "by")["list"]
    assert (len(first["statements"]), first["paging"]["total"]) == (50, 235)
    assert not {said["id"] for said in first["statements"]} & {said["id"] for said in second["statements"]}
    for offset in ("-1", "x", "9" * 30, "²"):
        with pytest.raises(QueryError):
            pages.find(met_site, "person/mark-rowley", {"offset": offset})


@pytest.mark.parametrize("name", ["site", "met_site"])
def test_relations_are_exactly_the_edges_that_rules_derive(name: str, request: pytest.FixtureRequest) -> None:
    site: Site = request.getfixturevalue(name)
    derived, shown, counted = Counter(), Counter(), Counter()
    for relation in RELATIONS:
        for quad in site.store.quads_for_pattern(None, ox.NamedNode(ACC + relation), None, None):
            derived[quad.subject.value, relation, "out"] += 1
            derived[quad.object.value, relation, "in"] += 1
    for path in of_kinds(site, *ACTORS):
        for one in pages.find(site, path, {}).data["relations"]:
            shown[site.addresses.iri(path), one["relation"], one["direction"]] = len(one["others"]) + one["more"]
            counted[one["relation"], one["direction"]] += 1
    actors = {site.addresses.iri(path) for path in of_kinds(site, *ACTORS)}
    assert shown == {key: count for key, count in derived.items() if key[0] in actors}
    assert len(counted) > 6


@pytest.mark.parametrize("path", ["person/mark-rowley", "institution/metropolitan-police", "person/sadiq-khan"])
def test_a_relation_leads_to_exactly_its_statements(met_site: Site, path: str) -> None:
    for one in pages.find(met_site, path, {}).data["relations"]:
        for other in one["others"]:
            if len(other["acts"]) == 1:
                asked = {"show": "by", one["role"]: other["id"], "act": other["acts"][0]}
                if one["direction"] == "in":
                    asked = {"show": "about" if one["role"] == "about" else "to", "speaker": other["id"], "act": other["acts"][0]}
                found = tab(pages.find(met_site, path, asked), asked["show"])["list"]
                assert found["paging"]["total"] == other["count"], (one, other)


def test_the_drawing_and_its_table_hold_the_edges_of_the_index(met_site: Site) -> None:
    for path in of_kinds(met_site, *ACTORS):
        iri, ego = met_site.addresses.iri(path), pages.find(met_site, path, {}).data["ego"]
        edges = met_site.index.execute("SELECT * FROM edge WHERE (source = ? OR target = ?) AND source <> target", (iri, iri))
        near = Counter[str]()
        for edge in edges:
            near[edge["target"] if edge["source"] == iri else edge["source"]] += edge["count"]
        assert len(ego["neighbours"]) + ego["more"] == len(near)
        assert len(ego["neighbours"]) <= MOST
        assert [one["count"] for one in ego["neighbours"]] == sorted(near.values(), reverse=True)[:MOST]
        assert sum(len(one["lines"]) for one in ego["neighbours"]) == len(ego["drawing"]["lines"])
        assert all(sum(line["count"] for line in one["lines"]) == one["count"] == near[one["id"]] for one in ego["neighbours"])


def test_labels_of_a_drawing_do_not_touch(met_site: Site) -> None:
    for path in of_kinds(met_site, *ACTORS):
        drawing = pages.find(met_site, path, {}).data["ego"]["drawing"]
        for side in ("start", "end"):
            places = sorted(node["y"] for node in drawing["nodes"] if node["anchor"] == side)
            assert all(second - first >= 45 for first, second in itertools.pairwise(places)), path
        assert all(20 <= node["y"] <= drawing["height"] - 20 for node in drawing["nodes"])
        assert all(len(line) <= 21 for node in drawing["nodes"] for line in node["text"])


def test_an_actor_says_who_it_is_and_since_when(site: Site) -> None:
    reader = read(site, MARWICK)
    assert "from April 2024, attested until 14 May 2025" in reader.text
    assert "her predecessor left in February 2024" in reader.text
    assert reader.ids["tenure-1"] == 1
    assert "Dame" in read(site, ASKE).text
    body = pages.find(site, AUTHORITY, {}).data["body"]
    assert {post["label"]: [one["holder"]["label"] for one in post["held"]] for post in body["posts"]} == {
        "Chief executive of Harrow Vale Water Authority": ["Ottilie Marwick", "Edmund Tressick"],
        "Head of operations of Harrow Vale Water Authority": ["Corwin Hale"],
    }
    assert "Gender" not in reader.text


def test_figures_of_an_actor_and_of_a_measure_are_the_same(site: Site) -> None:
    given = {one["id"]: one for one in pages.find(site, ASKE, {}).data["figures"]["first"]}
    assert given
    for one in given.values():
        listed = {figure["id"]: figure for figure in pages.find(site, site.addresses.path(one["measure"]["id"]), {}).data["figures"]}
        assert listed[one["id"]]["worded"] == one["worded"]
        assert listed[one["id"]]["speaker"]["label"] == "Rosalind Aske"


def test_what_is_owed_is_counted_as_the_ledger_counts(met_site: Site) -> None:
    for path in ("person/mark-rowley", "institution/metropolitan-police"):
        owes = pages.find(met_site, path, {}).data["owes"]
        assert owes == len(met_site.graph.query("ledger", owner=path)) > 0


def test_topics_events_posts_and_parts_have_pages(site: Site) -> None:
    assert tab(pages.find(site, "topic/candour", {}), "topic")["count"] == 13
    assert tab(pages.find(site, "event/stonebeck-failure", {}), "about")["count"] == 8
    assert next(one["holder"]["label"] for one in pages.find(site, "post/authority-chief-executive", {}).data["held"]) == "Ottilie Marwick"
    assessment = next(iri for iri in site.subjects("rdf:type", ACC + "Assessment") if "#" not in iri)
    page = pages.find(site, site.addresses.path(assessment), {})
    assert {"assesses", "status", "basis"} <= {one["name"] for one in page.data["properties"]}
    with pytest.raises(NotFoundError):
        pages.find(site, "topic/nothing", {})


def test_search_finds_names_then_statements_and_marks_the_words(met_site: Site) -> None:
    page = pages.find(met_site, "search", {"q": "misconduct hearings"})
    hits = page.data["found"]["hits"]
    assert hits
    assert all(hit["kind"] == "statement" for hit in hits)
    assert any(part["found"] and part["text"].casefold().startswith("misconduct") for hit in hits for part in hit["snippet"])
    assert Reader(render(met_site, page, "search", {"q": "misconduct hearings"})).tags["mark"] > 0
    assert page.table is not None
    assert page.table().columns[0] == "thing"


def test_search_says_what_it_mended_and_helps_where_nothing_is_found(met_site: Site) -> None:
    mended = read(met_site, "search", q="billingam")
    assert "Shown for Billingham" in mended.text
    assert any(link.endswith("/person/zoe-billingham") for link in mended.links)
    nothing = read(met_site, "search", q="qqqxxx<script>alert(1)</script>zzz")
    assert nothing.tags["script"] == 1  # that of the page itself
    assert "Try fewer words" in nothing.text
    with pytest.raises(QueryError):
        pages.find(met_site, "search", {"q": "x", "kind": "dragon"})
    assert read(met_site, "search", q="rowley", kind="person").tags["mark"] >= 0


def test_a_copy_has_no_forms_but_that_of_the_search_and_opens_every_list(copied: Site) -> None:
    for path in ("", "person", "topic", MARWICK, "topic/candour"):
        page = pages.find(copied, path, {})
        reader = Reader(render(copied, page, path))
        assert "Narrow the list" not in render(copied, page, path)
        assert not [link for link in reader.links if link.startswith("/") or ("?" in link and "network.html?focus=" not in link)], path
    assert all(one["list"] for one in pages.find(copied, MARWICK, {}).data["lists"])


def test_a_measure_counts_the_figures_that_its_page_shows(met_site: Site) -> None:
    for one in pages.find(met_site, "measure", {}).data["things"]:
        assert len(pages.find(met_site, met_site.addresses.path(one["id"]), {}).data["figures"]) == one["count"] > 0
