"""SPARQL: a query as a person writes it, and its answer. Without a script the page is a form; a script makes it an editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg import queries
from kg.errors import NotFoundError
from kg.vocabulary import ACC, PREFIXES, SCHEME
from kg.web.answers import ask, shown, status, told
from kg.web.page import Page
from kg.web.pages.questions import grouped
from kg.web.site import Site

#: How many rows a page shows; the downloads have all.
ROWS = 1000
#: What the form holds at first.
FIRST = """\
PREFIX acc: <https://w3id.org/accountability-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?date ?who ?summary ?statement WHERE {
  ?statement acc:speaker ?speaker ;
    acc:summary ?summary ;
    acc:saidOn ?date .
  ?speaker rdfs:label ?who .
}
ORDER BY ?date ?who ?statement
LIMIT 20
"""


def sparql(site: Site, asked: Mapping[str, str]) -> Page:
    """The form, with the answer where ``asked`` has a ``query``, or with a question's text where it has an ``example``.

    Where the query is not understood, or takes too long, the page says so above the form.

    Raises ``NotFoundError`` where no question has the name of the example.
    """
    text = asked.get("query", "")
    table, error = ask(site, text) if text.strip() else (None, None)
    example = _example(asked["example"]) if asked.get("example") else ""
    data = {
        "query": text or example or FIRST,
        "answer": shown(site, table, ROWS) if table is not None else None,
        "graph": table is not None and table.graph,
        "error": told(error),
        "examples": grouped(),
        "editor": _editor(site),
    }
    return Page("sparql.html", "SPARQL", data, table=(lambda: table) if table is not None else None, status=status(error) if error else 200)


def _example(name: str) -> str:
    if name not in queries.catalogue():
        raise NotFoundError(f"no question is called `{name}`", "see the list of questions")
    return queries.find(name).text


def _editor(site: Site) -> dict[str, Any]:
    """What the script needs: where the endpoint and the terms are, how IRIs become addresses, our prefixes, how many rows to show."""
    return {
        "endpoint": site.addresses.to("sparql"),
        "terms": site.addresses.to("ontology.json"),
        "root": site.addresses.to(""),
        "spaces": {site.manifest.base: "", ACC: "ontology/", SCHEME: "scheme/"},
        "prefixes": PREFIXES,
        "rows": ROWS,
    }
