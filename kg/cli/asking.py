"""Commands that ask a graph: its questions, its words, one thing, its size."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, Format, FormatOption, GraphOption, open_graph
from kg.cli.printing import complain, print_table

if TYPE_CHECKING:
    from kg.search import Results
    from kg.table import Table


def query(
    name: Annotated[str, typer.Argument(help="A question's name, a file (.rq), or - for standard input.", metavar="NAME|FILE|-")] = "",
    parameters: Annotated[list[str] | None, typer.Argument(help="Its parameters, as name=value.", metavar="[NAME=VALUE]...")] = None,
    graph: GraphOption = DEFAULT_GRAPH,
    format: FormatOption = Format.table,
    list_: Annotated[bool, typer.Option("--list", "-l", help="List the questions.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the question, its parameters and its SPARQL; do not run it.")] = False,
) -> None:
    """Ask the graph: a question of the catalogue, a SPARQL file, or SPARQL from standard input.

    [bold]kg query everything-said speaker="Mark Rowley" since=2025[/bold] · a parameter is a label, an identifier or an IRI.
    """
    from kg import queries

    if list_ or not name:
        _list_queries()
        return
    found = queries.parse(sys.stdin.read(), "-") if name == "-" else queries.find(name)
    if show:
        typer.echo(found.text, nl=False)
        return
    opened = open_graph(graph)
    terms = queries.terms_of(opened.store, found, _arguments(parameters or []), opened.manifest.base)
    print_table(queries.run(opened.store, queries.bind(found, terms), opened.manifest.base), format, found.question)


def _list_queries() -> None:
    from kg.queries import catalogue

    for found in catalogue().values():
        parameters = " ".join(f"{parameter.name}=…" for parameter in found.parameters.values())
        typer.echo(f"{found.name} {parameters}".rstrip())
        typer.echo(f"    {found.question}")


def _arguments(parameters: list[str]) -> dict[str, str]:
    from kg.errors import QueryError

    arguments = {}
    for argument in parameters:
        name, equals, value = argument.partition("=")
        if not equals:
            raise QueryError(f"`{argument}` is not a parameter", 'write name=value, as in speaker="Mark Rowley"')
        if name in arguments:
            raise QueryError(f"`{name}` is given twice", "give it once; what is left out stays open")
        arguments[name] = value
    return arguments


def describe(
    name: Annotated[str, typer.Argument(help="A label, an identifier or an IRI.")],
    graph: GraphOption = DEFAULT_GRAPH,
    format: FormatOption = Format.table,
) -> None:
    """Print everything the graph says of one thing, and in which graph it says so."""
    print_table(open_graph(graph).describe(name), format)


def search(
    words: Annotated[list[str], typer.Argument(help="The words to look for.", metavar="WORDS...")],
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only of this kind: person, institution, group, report, event, topic, post, measure, statement; repeatable."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many are printed.")] = 20,
    graph: GraphOption = DEFAULT_GRAPH,
    format: FormatOption = Format.table,
) -> None:
    """Find statements by their words, and persons, reports and topics by their names. Names may be misspelt.

    [bold]kg search institutional racism[/bold] · [bold]kg search '"bad apples"' --kind statement[/bold] · words in quotation marks
    stand together, the last word may be a beginning. What is found can be given to [bold]kg describe[/bold].
    """
    from kg.search import search as look_up

    opened, text = open_graph(graph), " ".join(words)
    results = look_up(opened.index, text, kinds=kind or (), limit=limit)
    if results.corrected:
        complain(f"nothing has `{text}`; shown for `{results.corrected}`")
    if results.any_word:
        complain("nothing has all the words; these have some of them")
    table = results.table(opened.manifest.base)
    if format is Format.table and sys.stdout.isatty():
        _print_hits(results, table)
    else:
        typer.echo(table.write(format.value), nl=False)
    if results.total > len(results.hits):
        complain(f"the first {len(results.hits)} of {results.total}; more with --limit")
    elif not results.hits:
        complain(f"nothing found for `{text}`", "try fewer words, or see `kg query names`")


def _print_hits(results: Results, table: Table) -> None:
    """Each hit with its identifier, and below it its text with the words that were found."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for (identifier, *_), hit in zip(table.text(), results.hits, strict=True):
        console.print(Text.assemble((hit.label, "bold"), f"  {hit.kind}  ", (identifier, "dim")))
        console.print(Text.assemble("    ", *((part, "reverse" if found else "") for part, found in hit.snippet)))


def stats(graph: GraphOption = DEFAULT_GRAPH, format: FormatOption = Format.table) -> None:
    """Print how many things of each kind the graph holds."""
    import pyoxigraph as ox

    from kg.table import Table

    rows = [(ox.Literal(kind), ox.Literal(count)) for kind, count in open_graph(graph).stats().items()]
    print_table(Table(("kind", "count"), rows), format)
