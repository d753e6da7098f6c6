"""Citations: complete, true to the record, and safe to paste into TeX."""

from __future__ import annotations

import json
import re
from typing import Any

import pyoxigraph as ox
import pytest

from kg.citations import Citation, of_case, of_report, of_statement, tex
from kg.errors import NotFoundError
from kg.graph import Graph
from kg.index import memory_index
from kg.store import Manifest
from kg.vocabulary import ACC, DCTERMS, RDF, RDFS

#: The types and the variables of CSL 1.0.2 that we use, from its JSON schema.
TYPES = {"article-newspaper", "broadcast", "dataset", "document", "entry", "personal_communication", "report", "webpage"}
NAMES, DATES = {"author", "original-author"}, {"issued", "original-date"}
TEXTS = {"id", "type", "title", "container-title", "genre", "note", "publisher", "version", "URL"}


def check_csl(item: dict[str, Any]) -> None:
    assert item["type"] in TYPES and item["id"] and item["title"]
    assert item.keys() <= NAMES | DATES | TEXTS
    for name in item.keys() & NAMES:
        assert item[name] and all(person.keys() == {"literal"} and person["literal"] for person in item[name])
    for name in item.keys() & DATES:
        (parts,) = item[name]["date-parts"]
        assert 1 <= len(parts) <= 3 and all(isinstance(part, int) for part in parts)
    assert all(isinstance(item[name], str) and "\n" not in item[name] for name in item.keys() & TEXTS)


def fields(citation: Citation) -> dict[str, str]:
    """The fields of an entry; fails where its braces do not match."""
    text = citation.bibtex
    assert re.fullmatch(r"@misc\{[A-Za-z0-9:-]+,\n(  \w+ = \{.*\},?\n)+\}\n", text)
    bare = re.sub(r"\\[{}\\]|\\textbackslash\{\}", "", text)
    depth = 0
    for char in bare:
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth >= 0
    assert depth == 0
    return dict(re.findall(r"^  (\w+) = \{(.*)\},?$", text, re.MULTILINE))


def every(graph: Graph) -> list[Citation]:
    statements = [row["iri"] for row in graph.index.execute("SELECT iri FROM statement")]
    reports = [row["iri"] for row in graph.index.execute("SELECT iri FROM thing WHERE kind = 'report'")]
    return [of_case(graph), *(of_statement(graph, iri) for iri in statements), *(of_report(graph, iri) for iri in reports)]


def test_every_citation_of_the_case_is_well_formed(tutorial: Graph) -> None:
    found = every(tutorial)
    assert len(found) == 62 and len({one.csl["id"] for one in found}) == 62
    version = tutorial.manifest.digest[:12]
    for one in found:
        check_csl(one.csl)
        (item,) = json.loads(one.csl_json)
        assert item == one.csl
        assert fields(one)["url"] == one.csl["URL"] and one.text.endswith(one.csl["URL"])
        assert version in one.text and version in one.bibtex and version in one.csl_json
        assert "\n" not in one.text and ".." not in one.text


def test_a_statement_is_attributed_and_not_put_into_a_mouth(tutorial: Graph) -> None:
    iri = next(row["iri"] for row in tutorial.index.execute("SELECT iri FROM statement WHERE iri LIKE '%marwick-letter-2024/001'"))
    row = tutorial.index.statement(iri)
    assert row is not None and row.report is not None
    one = of_statement(tutorial, iri)
    assert one.text.startswith(f"{row.acts[0]} by Ottilie Marwick")
    assert row.summary in one.text and f"Read in: {row.report.label}" in one.text
    assert f"“{row.summary}" not in one.text
    assert one.csl["type"] == "entry" and "author" not in one.csl
    assert one.csl["original-author"] == [{"literal": "Ottilie Marwick"}] and one.csl["container-title"] == tutorial.manifest.title


def test_a_report_is_cited_by_what_is_known_of_it(tutorial: Graph) -> None:
    one = of_report(tutorial, tutorial.manifest.base + "report/marwick-letter-2024")
    assert one.csl["type"] == "personal_communication" and one.csl["issued"] == {"date-parts": [[2024, 9]]}
    assert one.csl["author"] == [{"literal": "Ottilie Marwick"}] and "publisher" not in one.csl
    assert fields(one)["date"] == "2024-09" and fields(one)["year"] == "2024" and fields(one)["author"] == "{Ottilie Marwick}"
    live = of_report(tutorial, tutorial.manifest.base + "report/courier-live-2025")
    assert live.csl["publisher"] == "Vale Courier" and live.csl["issued"] == {"date-parts": [[2025, 5, 14]]}


def test_no_date_is_made_up(tutorial: Graph) -> None:
    one = of_case(tutorial)
    assert "issued" not in one.csl and "date" not in fields(one) and "year" not in fields(one)
    for other in every(tutorial):
        assert not re.search("urldate|accessed", other.bibtex + other.csl_json)


def test_what_is_not_there_cannot_be_cited(tutorial: Graph) -> None:
    person = tutorial.manifest.base + "person/rosalind-aske"
    for cite in (of_statement, of_report):
        with pytest.raises(NotFoundError):
            cite(tutorial, person)


def case(**words: str) -> Graph:
    """A graph of one report with one author, and whatever names are given."""
    store, base = ox.Store(), "https://example.org/case/"

    def add(subject: str, property: str, value: ox.NamedNode | ox.Literal) -> None:
        store.add(ox.Quad(ox.NamedNode(base + subject), ox.NamedNode(property), value, ox.NamedNode(base + "graph")))

    add("case", RDF + "type", ox.NamedNode(ACC + "Case"))
    for name in words.get("creators", "Ann").split(";"):
        add("case", DCTERMS + "creator", ox.Literal(name))
    add("case", DCTERMS + "issued", ox.Literal("2026-02-03"))
    add("report/r", RDF + "type", ox.NamedNode(ACC + "Report"))
    add("report/r", RDFS + "label", ox.Literal(words.get("title", "A report")))
    add("report/r", ACC + "author", ox.NamedNode(base + "person/p"))
    add("person/p", RDFS + "label", ox.Literal(words.get("author", "Ben")))
    graph = Graph(store, Manifest("a case", words.get("case", "A case"), base, 0, "0" * 64))
    graph.__dict__["index"] = memory_index(store)
    return graph


def test_creators_and_the_date_of_issue_are_used_where_a_record_has_them() -> None:
    one = of_case(case(creators="Ann;Ben"))
    assert one.text.startswith("Ann and Ben. A case. Knowledge graph, version 000000000000. 2026-02-03.")
    assert one.csl["author"] == [{"literal": "Ann"}, {"literal": "Ben"}] and one.csl["issued"] == {"date-parts": [[2026, 2, 3]]}
    assert fields(one)["author"] == "{Ann} and {Ben}" and fields(one)["year"] == "2026"
    assert of_case(case(creators="A;B;C;D")).text.startswith("A and 3 others. ")


@pytest.mark.parametrize(
    "hostile",
    [
        "100% of {R&D} at $5_000 #1 ~ ^",
        "\\input{/etc/passwd} \\write18{x}",
        "}, author = {Somebody else",
        'quo"ted, and, comma and Smith, John and others',
        "two\nlines\t\x07\u202e\ufeff",
        "} % no end",
    ],
)
def test_hostile_names_stay_names(hostile: str) -> None:
    one = of_report(case(title=hostile, author=hostile, case=hostile), "https://example.org/case/report/r")
    check_csl(one.csl)
    found = fields(one)
    assert found.keys() == {"author", "title", "howpublished", "note", "url"}
    assert found["title"] == f"{{{tex(hostile)}}}"
    assert not re.search(r"(?<!\\)[%&#$_]", "".join(value for name, value in found.items() if name != "url"))
    assert not re.search(r"\\(?!textbackslash\{\}|textasciitilde\{\}|textasciicircum\{\}|[{}$&#_%])", one.bibtex)
    assert not re.search("[\u202e\ufeff\x07]", one.text + one.bibtex + one.csl_json)


def test_letters_of_any_script_are_kept() -> None:
    assert tex("Ægidius Ödön 深圳 می\u200cخواهم") == "Ægidius Ödön 深圳 می\u200cخواهم"
