"""Rules: what follows from the records, as SPARQL CONSTRUCT queries run until nothing new comes.

What they derive stands in a graph of its own, so that what a record says and what was concluded from it stay apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from kg.vocabulary import folder

ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its ``name``, its ``meaning`` in a sentence, and its ``text``, a SPARQL CONSTRUCT query."""

    name: str
    meaning: str
    text: str


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of ``ontology/rules``, in the order of their names."""
    found = []
    for path in sorted((folder("ontology") / "rules").glob("*.rq")):
        text = path.read_text("utf-8")
        found.append(Rule(path.stem, text.split("\n", 1)[0].lstrip("# ").strip(), text))
    return tuple(found)


def infer(store: ox.Store, graph: str, progress: Callable[[str], None] = lambda name: None) -> dict[str, int]:
    """How many triples each rule derived; the triples are in the named graph ``graph`` of the store.

    A triple that stands in any graph already is not written again, so that each is counted once.
    ``progress`` is called with the name of each rule before it runs.
    """
    into = ox.NamedNode(graph)
    counts = dict.fromkeys((rule.name for rule in rules()), 0)
    for _ in range(ROUNDS):
        before = sum(counts.values())
        for rule in rules():
            progress(rule.name)
            counts[rule.name] += _apply(store, rule, into)
        if sum(counts.values()) == before:
            break
    return counts


def _apply(store: ox.Store, rule: Rule, graph: ox.NamedNode) -> int:
    constructed = store.query(rule.text, use_default_graph_as_union=True)
    if not isinstance(constructed, ox.QueryTriples):
        raise TypeError(f"rule {rule.name} is not a CONSTRUCT query")
    known = store.quads_for_pattern
    fresh = {triple for triple in constructed if next(known(triple.subject, triple.predicate, triple.object, None), None) is None}
    store.bulk_extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in fresh)
    return len(fresh)
