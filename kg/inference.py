"""Rules: what follows from the records, as SPARQL CONSTRUCT queries run until nothing new comes.

What they derive stands in a graph of its own, so that what a record says and what was concluded from it stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from kg.vocabulary import RDF, folder

ROUNDS = 10

_TYPE = RDF + "type"
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")
#: Where variables stand side by side and are no triple pattern.
_LISTS = re.compile(r"\b(?:SELECT|GROUP\s+BY|ORDER\s+BY)\b[^{}]*|\bVALUES\s*\([^)]*\)", re.IGNORECASE)
#: Two variables side by side, or one where a property stands: behind `;`, `[` or a subject that is a name.
_ANY_PROPERTY = re.compile(r"\?\w+\s+\?\w|[;\[]\s*\?\w|[{}.]\s*(?:<[^<>\s]*>|[\w-]*:[\w-]+)\s+\?\w")
_WHERE = re.compile(r"\bWHERE\b", re.IGNORECASE)
_NAME = re.compile(r"<([^<>\s]*)>|([\w-]*):([\w-]+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its ``name``, its ``meaning`` in a sentence, and its ``text``, a SPARQL CONSTRUCT query.

    ``reads`` are the IRIs of the properties and classes on which its answer depends - rdf:type stands for any class -
    or None where it depends on any property.
    """

    name: str
    meaning: str
    text: str

    @property
    def reads(self) -> frozenset[str] | None:
        """What the part after WHERE names; more than needed does no harm, less would."""
        prefixes = dict(_PREFIX.findall(self.text))
        where = _LISTS.sub(" ", _WHERE.split(_COMMENT.sub("", self.text), maxsplit=1)[-1].replace("$", "?"))
        if _ANY_PROPERTY.search(where):
            return None
        names = {iri or prefixes.get(prefix, "") + local for iri, prefix, local in _NAME.findall(where)}
        return frozenset(names | {_TYPE} if re.search(r"\ba\s+\?", where) else names)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of ``ontology/rules``: those that read any class first, those that read any property last, else by name."""
    found = []
    for path in sorted((folder("ontology") / "rules").glob("*.rq")):
        text = path.read_text("utf-8")
        found.append(Rule(path.stem, text.split("\n", 1)[0].lstrip("# ").strip(), text))
    return tuple(sorted(found, key=lambda rule: (rule.reads is None, rule.reads is not None and _TYPE not in rule.reads)))


def infer(store: ox.Store, graph: str, progress: Callable[[str], None] = lambda name: None) -> dict[str, int]:
    """How many triples each rule derived; the triples are in the named graph ``graph`` of the store.

    A triple that stands in any graph already is not written again, so that each is counted once. A rule runs again only
    where something that it reads is new since it ran. ``progress`` is called with the name of each rule before it runs.
    """
    into = ox.NamedNode(graph)
    counts = dict.fromkeys(sorted(rule.name for rule in rules()), 0)
    reads = {rule: rule.reads for rule in rules()}
    waiting = dict.fromkeys(reads, True)
    for _ in range(ROUNDS):
        for rule in [rule for rule in rules() if waiting[rule]]:
            progress(rule.name)
            waiting[rule] = False
            fresh = _apply(store, rule, into)
            counts[rule.name] += len(fresh)
            news = {triple.predicate.value for triple in fresh}
            news |= {triple.object.value for triple in fresh if triple.predicate.value == _TYPE and isinstance(triple.object, ox.NamedNode)}
            for other, read in reads.items():
                waiting[other] |= bool(news if read is None else news & read)
        if not any(waiting.values()):
            break
    return counts


def _apply(store: ox.Store, rule: Rule, graph: ox.NamedNode) -> set[ox.Triple]:
    constructed = store.query(rule.text, use_default_graph_as_union=True)
    if not isinstance(constructed, ox.QueryTriples):
        raise TypeError(f"rule {rule.name} is not a CONSTRUCT query")
    known = store.quads_for_pattern
    fresh = {triple for triple in constructed if next(known(triple.subject, triple.predicate, triple.object, None), None) is None}
    store.bulk_extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in fresh)
    return fresh
