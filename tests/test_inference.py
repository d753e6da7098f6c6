"""The rules: each knows what it reads, and what they derive together is complete."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql import prepareQuery

from kg.cases import DERIVED
from kg.graph import Graph
from kg.inference import Rule, rules
from kg.vocabulary import ACC, RDF, RDFS
from tests.conftest import ROOT


def named(path: Any) -> set[str]:
    """The properties of a property path."""
    if isinstance(path, rdflib.URIRef):
        return {str(path)}
    return set().union(
        *(named(part) for part in (*getattr(path, "args", ()), *filter(None, (getattr(path, a, None) for a in ("arg", "path")))))
    )


def patterns(node: Any) -> set[str | None]:
    """What the triple patterns of a query name, as rdflib's parser reads it; None for a property that is a variable."""
    if isinstance(node, list | tuple):
        return set().union(*map(patterns, node))
    if not isinstance(node, dict):
        return set()
    found: set[str | None] = set().union(*map(patterns, node.values()))
    for _, predicate, value in node.get("triples", ()) if getattr(node, "name", "") == "BGP" else ():
        if isinstance(predicate, rdflib.Variable):
            found.add(None)
        elif isinstance(predicate, PropertyPath):
            found |= named(predicate)
        elif predicate == rdflib.RDF.type:
            found.add(str(value) if isinstance(value, rdflib.URIRef) else RDF + "type")
        else:
            found.add(str(predicate))
    return found


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_knows_all_that_it_reads(rule: Rule) -> None:
    read = patterns(prepareQuery(rule.text).algebra.p)
    assert read
    assert rule.reads is None or read <= rule.reads


@pytest.mark.parametrize(
    ("where", "reads"),
    [
        ("{ ?a acc:b ?c }", {"http://acc/b"}),
        ("{ ?a a acc:B ; acc:c/<http://d> ?e }", {"http://acc/B", "http://acc/c", "http://d"}),
        ("{ ?a a ?b }", {RDF + "type"}),
        ("{ SELECT ?a ?b WHERE { ?a acc:b ?c } GROUP BY ?a ?b }", {"http://acc/b"}),
        ("{ VALUES (?a ?b) { (acc:b acc:c) } ?a acc:d ?b } # ?x ?y ?z", {"http://acc/b", "http://acc/c", "http://acc/d"}),
        ("{ ?a ?b ?c }", None),
        ("{ ?a acc:b ?c ; ?d acc:e }", None),
        ("{ ?a acc:b [ ?d acc:e ] }", None),
        ("{ acc:a ?b acc:c }", None),
        ("{ ?a acc:b ?c . <http://a> $b acc:c }", None),
        ("{ ?a acc:b ?c .\n ?d ?e <http://f> }", None),
    ],
)
def test_what_a_rule_reads(where: str, reads: set[str] | None) -> None:
    assert Rule("", "", f"PREFIX acc: <http://acc/>\nCONSTRUCT {{ ?a acc:made ?c }}\nWHERE {where}").reads == reads


def test_nothing_is_left_to_derive_and_nothing_stands_twice(tutorial: Graph) -> None:
    for rule in rules():
        for triple in tutorial.store.query(rule.text, use_default_graph_as_union=True):  # type: ignore[union-attr]
            standing = list(tutorial.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))  # type: ignore[union-attr, arg-type]
            assert len(standing) == 1, rule.name
    assert any(tutorial.store.quads_for_pattern(None, None, None, ox.NamedNode(tutorial.manifest.base + DERIVED)))


@pytest.mark.parametrize("relation", ["criticises", "supports"])
def test_who_criticises_and_supports_whom_is_what_a_reader_finds(relation: str, met: Graph) -> None:
    read = yaml.safe_load((ROOT / "tests" / "criticises.yaml").read_text("utf-8"))[relation]
    query = f"SELECT ?who ?whom {{ ?a <{ACC}{relation}> ?b . ?a <{RDFS}label> ?who . ?b <{RDFS}label> ?whom }}"
    derived = {(row[0].value, row[1].value) for row in met.store.query(query, use_default_graph_as_union=True)}  # type: ignore[union-attr]
    assert len(read) == len({tuple(pair) for pair in read})
    assert derived == {tuple(pair) for pair in read}
