"""The page of the network and the data of a step, without a server; what it does in a browser is in ``browser/test_network.py``."""

from __future__ import annotations

import json
import re

import pytest

from kg.errors import QueryError
from kg.graph import Graph
from kg.speech import MOST_NODES
from kg.web.addresses import Addresses, FileAddresses
from kg.web.page import Page, render, twin
from kg.web.pages.network import network
from kg.web.site import Site
from tests.conftest import ROOT
from tests.web.conftest import Elements

TEMPLATES = ROOT / "kg" / "templates"


@pytest.fixture(scope="module")
def site(met: Graph) -> Site:
    return Site(met, Addresses(met.manifest.base))


@pytest.fixture(scope="module")
def copy(met: Graph) -> Site:
    return Site(met, FileAddresses(met.manifest.base), live=False)


def names(page: Page) -> set[str]:
    return {node["name"] for node in page.data["nodes"]}


def test_it_begins_with_who_has_most(site: Site) -> None:
    page = network(site, {})
    assert {"Mark Rowley", "Metropolitan Police Service", "Louise Casey"} < names(page)
    assert len(page.data["nodes"]) <= 60
    assert page.status == 200
    assert page.data["total"] > 150


@pytest.mark.parametrize("name", ["Mark Rowley", "mark rowley", "person/mark-rowley", "Zoë Billingham", "zoe billingham", "Polanski"])
def test_a_name_is_understood_as_people_write_it(site: Site, name: str) -> None:
    page = network(site, {"focus": name})
    assert page.data["start"]["focus"].startswith(site.manifest.base + "person/"), page.data["message"]
    assert page.data["nodes"][0]["id"]
    assert page.data["start"]["focus"] in {node["id"] for node in page.data["nodes"]}


def test_an_iri_is_a_name(site: Site) -> None:
    iri = site.manifest.base + "person/mark-rowley"
    assert network(site, {"focus": iri}).data == network(site, {"focus": "Mark Rowley"}).data


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"focus": "Nobody of this Name"}, "nothing is called"),
        ({"focus": "London"}, "may mean several"),
        ({"focus": "post/commissioner"}, "nothing is called|says nothing here"),
        ({"between": "Mark Rowley", "and": "Mark Rowley"}, "mean the same"),
        ({"between": "Mark Rowley", "and": "Nobody of this Name"}, "nothing is called"),
    ],
)
def test_what_is_not_understood_is_said_and_the_page_goes_on(site: Site, asked: dict[str, str], said: str) -> None:
    page = network(site, asked)
    assert re.search(said, page.data["message"])
    assert page.status == 404
    assert names(page) == names(network(site, {}))
    assert "Nobody" not in asked.get("focus", "") or "Nobody of this Name" in render(site, page, "network", asked)


def test_half_a_way_is_no_way(site: Site) -> None:
    assert network(site, {"between": "Mark Rowley"}).data == network(site, {}).data


@pytest.mark.parametrize(
    "asked", [{"depth": "99", "limit": "9999999"}, {"depth": "-1", "limit": "0"}, {"depth": "٣", "limit": "x" * 99}, {"limit": ""}]
)
def test_numbers_keep_within_their_bounds(site: Site, asked: dict[str, str]) -> None:
    start = network(site, {**asked, "focus": "Zack Polanski"}).data["start"]
    assert 1 <= start["depth"] <= 5
    assert 1 <= start["limit"] <= MOST_NODES


def test_there_is_no_other_projection(site: Site) -> None:
    with pytest.raises(QueryError, match="no projection"):
        network(site, {"projection": "gossip"})


@pytest.mark.parametrize("projection", ["reports", "organisation", "statements"])
def test_every_projection_has_a_page(site: Site, projection: str) -> None:
    page = network(site, {"projection": projection})
    assert page.data["nodes"]
    assert "data-source" not in render(site, page, "network", {"projection": projection}), "it is here as a whole"


@pytest.mark.parametrize(
    "asked", [{}, {"focus": "Zack Polanski"}, {"between": "Zack Polanski", "and": "Louise Casey"}, {"projection": "organisation"}]
)
def test_without_script_the_page_holds_the_same(site: Site, asked: dict[str, str]) -> None:
    page = network(site, asked)
    html = render(site, page, "network", asked)
    elements = Elements(html)
    assert elements.values("data-id") == [said["id"] for said in page.data["statements"]]
    links = set(elements.values("href"))
    assert {thing["href"] for name in ("nodes", "statements") for thing in page.data[name]} <= links
    assert len(re.findall(r'<tr><td data-label="" class="who">', html)) == len(page.data["edges"])
    hidden = [attributes for _, attributes in elements.found if "scripted" in (attributes.get("class") or "").split()]
    assert hidden
    assert all("hidden" in attributes for attributes in hidden), "what needs a script is not to be seen without"


@pytest.mark.parametrize("asked", [{}, {"focus": "Mark Rowley"}])
def test_no_script_and_no_style_stands_in_the_page(site: Site, asked: dict[str, str]) -> None:
    elements = Elements(render(site, network(site, asked), "network", asked)).found
    scripts = [attributes for tag, attributes in elements if tag == "script"]
    assert all(attributes.get("src") or attributes.get("type") == "application/json" for attributes in scripts)
    assert not [
        tag for tag, attributes in elements if tag == "style" or "style" in attributes or any(name.startswith("on") for name in attributes)
    ]


def test_the_step_is_the_page(site: Site) -> None:
    page = network(site, {"focus": "Zack Polanski"})
    step = json.loads(twin(site, page, "network", ".json"))
    assert step == {"title": page.title, **page.data}
    assert json.loads(json.dumps(page.data)) == page.data
    assert page.table is not None
    lines = page.table()
    assert lines is not None
    assert sum(row.statements for row in lines) == sum(edge["count"] for edge in page.data["edges"])


def test_ways_stand_from_left_to_right(site: Site) -> None:
    page = network(site, {"between": "Zack Polanski", "and": "Louise Casey"})
    places = {node["id"]: (node["x"], node["y"]) for node in page.data["nodes"]}
    columns = [{places[node][0] for node in step} for step in page.data["ways"]["steps"]]
    assert all(len(column) == 1 for column in columns)
    assert columns == sorted(columns, key=min)
    assert len(set(places.values())) == len(places)


def test_a_static_copy_holds_the_whole_and_asks_nobody(copy: Site) -> None:
    page = network(copy, {})
    assert len(page.data["nodes"]) == page.data["total"]
    html = render(copy, page, "network")
    assert "data-source" not in html
    assert 'action="' not in html.partition('id="explorer"')[2]
    assert not [value for value in Elements(html).values("href") if value.startswith("/")]


def test_every_part_that_the_scripts_name_is_in_both_pages(site: Site) -> None:
    scripts = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.js"))
    named = set(re.findall(r'\$\("([a-z-]+)"\)[.),\s]', scripts)) - {"expand"}
    assert len(named) > 25
    of_the_site = {"known", "between", "and", "way"}
    for asked, absent in (({}, {"summary"}), ({"projection": "reports"}, of_the_site)):
        html = render(site, network(site, asked), "network", asked)
        assert named - absent <= set(Elements(html).values("id"))
    assert named - of_the_site <= set(Elements((TEMPLATES / "network.html").read_text("utf-8")).values("id"))
