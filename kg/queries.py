"""Questions: the catalogue in ``queries/``, parameters bound as terms, and answers as tables.

A query file is SPARQL with a header of comments:

    # question: What has somebody said about somebody, in order?
    # group: What was said
    # column date: when it was said, as precisely as known
    # column summary: what was said, in our own words
    # parameter speaker (Actor): who speaks
    # parameter since (date): the first date, as YYYY, YYYY-MM or YYYY-MM-DD

A parameter stands in the query as ``VALUES ?speaker { UNDEF }``: the file is a query as it is, and leaves that question open.
Binding puts the N-Triples form of a term in the place of UNDEF, so a value is always a term and never query text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError
from kg.table import Table, of
from kg.vocabulary import ACC, PREFIXES, RDFS, SKOS, folder

_HEADER = re.compile(r"#\s*(question|group|column|parameter)\s*(?:([A-Za-z]\w*)\s*)?(?:\(([\w-]+)\)\s*)?:\s*(.+)")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
#: Types of parameters that are not classes of the ontology, with what their values look like.
LITERALS = {"date": "YYYY, YYYY-MM or YYYY-MM-DD", "text": "any text", "number": "a whole number"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its ``name``, its ``type`` (a class of the ontology, or one of ``LITERALS``) and its ``meaning``."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Query:
    """One question of the catalogue: ``name``, ``question``, its ``group``, ``columns`` with their meanings, ``parameters``, ``text``."""

    name: str
    question: str
    group: str
    columns: dict[str, str]
    parameters: dict[str, Parameter]
    text: str


def parse(text: str, name: str = "") -> Query:
    """The query with what its header says.

    >>> parse("# question: Who?\\n# parameter who (Actor): a person\\nASK {}").parameters["who"].type
    'Actor'
    """
    question, group, columns, parameters = "", "", {}, {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if match := _HEADER.match(line):
            kind, word, type_, meaning = match.groups()
            if kind == "question":
                question = meaning
            elif kind == "group":
                group = meaning
            elif kind == "column":
                columns[word] = meaning
            else:
                parameters[word] = Parameter(word, type_ or "text", meaning)
    return Query(name, question, group, columns, parameters, text)


@cache
def catalogue() -> dict[str, Query]:
    """The queries of ``queries/`` by name, in the order of names."""
    return {path.stem: parse(path.read_text("utf-8"), path.stem) for path in sorted(folder("queries").glob("*.rq"))}


def find(name: str) -> Query:
    """The query of that name in the catalogue, or the one in the file of that name.

    Raises ``QueryError`` where there is neither; it names the nearest.
    """
    if name in catalogue():
        return catalogue()[name]
    if name.endswith(".rq") or "/" in name:
        try:
            return parse(Path(name).read_text("utf-8"), Path(name).stem)
        except (OSError, UnicodeDecodeError) as error:
            raise QueryError(f"cannot read the query file {name}: {error}", "check the path") from None
    close = get_close_matches(name, list(catalogue()), n=3, cutoff=0.4)
    raise QueryError(f"no query is called `{name}`", _did_you_mean(close) or "see `kg query --list`")


def bind(query: Query, values: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """The text of the query with each parameter's UNDEF replaced by its term, and what is left open taken out.

    Raises ``QueryError`` where the query has no such parameter.

    >>> query = parse("# parameter who (Actor): a person\\nSELECT * { VALUES ?who { UNDEF } ?s ?p ?who }")
    >>> bind(query, {"who": ox.NamedNode("http://example.org/a")}).splitlines()[-1]
    'SELECT * { VALUES ?who { <http://example.org/a> } ?s ?p ?who }'
    """
    text = query.text
    for name in values:
        if not _place(name).search(text):
            known = ", ".join(query.parameters) or "none"
            raise QueryError(f"the query {query.name} has no parameter `{name}`", f"its parameters: {known}")
    for name in {*query.parameters, *values}:
        value = values.get(name)
        text = _place(name).sub(lambda match, value=value: f"{match[1]} {value} }}" if value is not None else "", text)  # type: ignore[misc]
    return text


def _place(name: str) -> re.Pattern[str]:
    return re.compile(rf"(VALUES\s+\?{re.escape(name)}\s*\{{)\s*UNDEF\s*\}}", re.IGNORECASE)


def terms_of(store: ox.Store, query: Query, arguments: Mapping[str, str], base: str = "") -> dict[str, ox.NamedNode | ox.Literal]:
    """Each argument as the term that its parameter's type asks for.

    Raises ``QueryError`` where a name is unknown or belongs to several things, or a date is none.
    """
    found: dict[str, ox.NamedNode | ox.Literal] = {}
    for name, value in arguments.items():
        parameter = query.parameters.get(name)
        if parameter is None:
            known = ", ".join(query.parameters) or "none"
            raise QueryError(f"the query {query.name} has no parameter `{name}`", f"its parameters: {known}")
        found[name] = _term(store, parameter, value, base)
    return found


def _term(store: ox.Store, parameter: Parameter, value: str, base: str) -> ox.NamedNode | ox.Literal:
    if parameter.type not in LITERALS:
        return resolve(store, value, parameter.type, base)
    if parameter.type == "date" and not _is_date(value):
        raise QueryError(f"`{parameter.name}={value}` is not a date", f"write {LITERALS['date']}")
    if parameter.type == "number":
        if not value.isdecimal():
            raise QueryError(f"`{parameter.name}={value}` is not a number", f"write {LITERALS['number']}")
        return ox.Literal(int(value))
    return ox.Literal(value)


def _is_date(value: str) -> bool:
    with suppress(ValueError):
        return bool(_DATE.fullmatch(value) and datetime.date.fromisoformat(value + "-01-01"[len(value) - 4 :]))
    return False


def resolve(store: ox.Store, name: str, cls: str = "Thing", base: str = "") -> ox.NamedNode:
    """The thing of class ``cls`` (any, if it is ``Thing``) that the name means: its IRI, its identifier, label or alias.

    Raises ``QueryError`` where nothing is called so, with the nearest names, or where several are, with all of them.
    """
    if re.match(r"<?https?://", name):
        try:
            node = ox.NamedNode(name.strip("<>"))
        except ValueError as error:
            raise QueryError(f"`{name}` is not an IRI: {error}", "write it as it stands in the graph") from None
        if not next(store.quads_for_pattern(node, None, None, None), next(store.quads_for_pattern(None, None, node, None), None)):
            raise QueryError(f"{node} is not in the graph", "see `kg query names`")
        return node
    if base and re.fullmatch(r"[a-z0-9]+(?:[-./#][a-z0-9]+)+", name):
        node = ox.NamedNode(base + name)
        if next(store.quads_for_pattern(node, None, None, None), None):
            return node
    labels = _labels(store, cls)
    wanted = _fold(name)
    nodes = sorted({node for label, node, _ in labels if _fold(label) == wanted})
    nodes = [node for node in nodes if base and node.startswith(base)] or nodes  # the case's own before the vocabulary's
    if len(nodes) == 1:
        return ox.NamedNode(nodes[0])
    if nodes:
        raise QueryError(f"`{name}` is the name of {len(nodes)} things", f"give one of these IRIs: {', '.join(nodes)}")
    folded = {_fold(label): label for label, _, _ in labels}
    close = [folded[key] for key in get_close_matches(wanted, list(folded), n=3, cutoff=0.6)]
    close = close or sorted(label for label, _, _ in labels if wanted in _fold(label))[:3]
    kind = "thing" if cls == "Thing" else cls
    raise QueryError(f"no {kind} is called `{name}`", _did_you_mean(close) or "see `kg query names`")


def _did_you_mean(names: list[str]) -> str:
    return f"did you mean {' or '.join(f'`{name}`' for name in names)}?" if names else ""


def _labels(store: ox.Store, cls: str) -> list[tuple[str, str, str]]:
    kind = "" if cls == "Thing" else f"?node a <{ACC}{cls}> ."
    rows = store.query(
        f"SELECT DISTINCT ?label ?node ?p {{ {kind} VALUES ?p {{ <{RDFS}label> <{SKOS}altLabel> }} ?node ?p ?label FILTER(isIRI(?node)) }}",
        use_default_graph_as_union=True,
    )
    return [(row["label"].value, row["node"].value, row["p"].value) for row in rows]  # type: ignore[union-attr]


def _fold(name: str) -> str:
    """The name as it is compared: without accents, case or surrounding space."""
    import unicodedata

    decomposed = unicodedata.normalize("NFKD", name.strip().casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def run(store: ox.Store, text: str, base: str = "") -> Table:
    """The answer to a SPARQL query over the union of all graphs; our prefixes need not be declared.

    A SELECT gives its columns, an ASK the column ``answer``, a CONSTRUCT or DESCRIBE the columns subject, predicate, object.
    A SERVICE clause asks the host that it names; nothing else leaves the machine.

    Raises ``QueryError`` where the text is not a SPARQL 1.1 query, or where a host does not answer.
    """
    try:
        return of(store.query(text, use_default_graph_as_union=True, prefixes=PREFIXES), base)
    except SyntaxError as error:
        raise QueryError(f"not a SPARQL query: {error}", "queries only read: SELECT, ASK, CONSTRUCT or DESCRIBE") from None
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(f"the query failed: {error}", "check the query") from None
