"""The command `kg`: it reads arguments, calls the library and speaks; it holds no logic of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.build import Progress
    from kg.errors import Finding
    from kg.graph import Graph
    from kg.table import Table

FOUND, TROUBLE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="kg",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="An accountability knowledge graph: who said what, about whom, in which report.",
    epilog="Begin with [bold]kg build data/met-police[/bold], then [bold]kg query --list[/bold] and [bold]kg view[/bold].",
)


class Format(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    markdown = "markdown"


CaseArgument = Annotated[Path, typer.Argument(help="The case: a folder with a case.yaml.", metavar="CASE")]
SourcesOption = Annotated[Path | None, typer.Option(help="The folder of the source documents; default: CASE/sources.", metavar="DIR")]
GraphOption = Annotated[
    Path, typer.Option("--graph", "-g", envvar="KG_GRAPH", help="The graph: a folder that `kg build` made, or a case.", metavar="DIR")
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How the answer is printed.")]
DEFAULT_GRAPH = Path("graph")


def main() -> None:
    """Run the command; errors of the library become one line on standard error and exit code 2."""
    from kg.errors import CheckError, KgError, RecordError

    try:
        app()
    except CheckError as error:
        _print_findings(error.findings)
        _complain("nothing was changed")
        sys.exit(TROUBLE)
    except RecordError as error:
        _complain(f"error: {error.file}: {error.message}", error.remedy)
        sys.exit(TROUBLE)
    except KgError as error:
        _complain(f"error: {error.message}", error.remedy)
        sys.exit(TROUBLE)
    except SystemExit as done:  # typer makes this of Ctrl-C, without a word
        if done.code == INTERRUPTED:
            _complain("interrupted; nothing was left half done")
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _complain(message: str, remedy: str = "") -> None:
    typer.echo(message, err=True)
    if remedy:
        typer.echo(f"  {remedy}", err=True)


def _open(graph: Path) -> Graph:
    from kg.graph import open

    return open(graph)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    base: Annotated[str, typer.Option(help="The IRI under which the case's things will live.")] = "https://example.org/case/",
) -> None:
    """Make a new case: a folder with its files and a first record in each, to write over. It can be checked and built at once."""
    from kg.skeleton import write_case

    for path in write_case(folder, base):
        typer.echo(path)
    _complain(f"next: put your documents in {folder / 'sources'}, write over the records, and run `kg check {folder}`")


@app.command()
def passage(
    target: Annotated[Path, typer.Argument(help="A document; with --write, a case.", metavar="DOCUMENT|CASE")],
    words: Annotated[str, typer.Argument(help='The words, or "first words … last words".')] = "",
    write: Annotated[bool, typer.Option("--write", help="Fill in every passage of the case that is given in words.")] = False,
    sources: SourcesOption = None,
) -> None:
    """Find where words stand in a document, as a passage to paste into a record; or fill in a whole case."""
    if write:
        _write_passages(target, sources)
        return
    from kg.documents import read
    from kg.passages import find, locate, shorten

    document = read(target)
    if not words:
        raise typer.BadParameter('give the words to look for, as in "first words … last words"', param_hint="WORDS")
    found = find(document.text, words) or [locate(document.text, words)]
    for one in found:
        typer.echo(f"passage: {one}")
        _complain(f"  line {document.line(one.start)}: {shorten(document.text[one.start : one.end])}")
    if len(found) > 1:
        _complain(f"{len(found)} places; more words make it one")


def _write_passages(folder: Path, sources: Path | None) -> None:
    from kg.passages import fill

    missing = written = 0
    for file, count, errors in fill(folder, sources):
        typer.echo(f"{file}: {count} passages written")
        for error in errors:
            _complain(f"{file}: {error}")
        missing, written = missing + len(errors), written + count
    if not missing and not written:
        _complain("no passage is given in words, or its document is not at hand")
    if missing:
        raise typer.Exit(FOUND)


@app.command()
def check(case: CaseArgument, sources: SourcesOption = None, format: FormatOption = Format.table) -> None:
    """Check a case: fields, references, shapes, and every passage whose document is at hand.

    Exit code 0 where nothing is wrong, 1 where there are findings that are errors.
    """
    from kg.cases import read_case
    from kg.validation import check as check_case

    with _progress(["read", "check"]) as progress:
        progress("read")
        found = read_case(case)
        documents, missing = found.documents(sources)
        progress("check")
        findings = sorted([*missing, *check_case(found, None, documents)])
    _print_findings(findings, format)
    errors = sum(finding.severity == "error" for finding in findings)
    statements = list(found.statements())
    verified = sum(report in documents for report, _ in statements)
    where = "passages not verified: no documents"
    if documents:
        where = f"passages of {verified} statements verified against {len(documents)} documents"
    _complain(f"{len(found.index)} records, {len(statements)} statements, {where}: {errors} errors, {len(findings) - errors} warnings")
    if errors:
        raise typer.Exit(FOUND)


def _print_findings(findings: list[Finding], format: Format = Format.table) -> None:
    if format is Format.table:
        for finding in findings:
            typer.echo(str(finding))
        return
    if format is Format.json:
        typer.echo(json.dumps([finding.as_dict() for finding in findings], indent=2, ensure_ascii=False))
        return
    import pyoxigraph as ox

    from kg.table import Table

    columns = ("severity", "file", "line", "record", "message", "remedy")
    rows = [tuple(ox.Literal(str(finding.as_dict()[column])) for column in columns) for finding in findings]
    typer.echo(Table(columns, rows).write(format.value), nl=False)


@app.command()
def build(case: CaseArgument, graph: GraphOption = DEFAULT_GRAPH, sources: SourcesOption = None) -> None:
    """Build the graph of a case. The old graph stays in use until the new one is complete."""
    from kg.build import STEPS
    from kg.build import build as build_case

    with _progress(STEPS) as progress:
        built = build_case(case, graph, sources, progress)
    _print_findings(built.findings)
    manifest = built.manifest
    typer.echo(f"{manifest.title}: {manifest.counts['statements']} statements, {manifest.quads} quads in {graph}")


@contextmanager
def _progress(steps: tuple[str, ...] | list[str]) -> Iterator[Progress]:
    """A bar on a terminal's standard error, nothing where it is piped."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(steps))
        yield lambda step: bar.update(task, description=step, completed=list(steps).index(step))


@app.command()
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
    opened = _open(graph)
    terms = queries.terms_of(opened.store, found, _arguments(parameters or []), opened.manifest.base)
    _print_table(queries.run(opened.store, queries.bind(found, terms), opened.manifest.base), format, found.question)


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


def _print_table(table: Table, format: Format, title: str = "") -> None:
    """The table as it was asked for; on a terminal drawn, one row below the other where it is too wide for that."""
    if format is not Format.table or not sys.stdout.isatty():
        typer.echo(table.write(format.value), nl=False)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    console, rows = Console(), table.text()
    if title:
        console.print(Text(title, style="italic"))
    widths = [max(map(len, cells)) + 3 for cells in zip(table.columns, *rows, strict=True)]
    grid = Grid(box=box.SIMPLE_HEAD if sum(widths) <= console.width else None, show_header=sum(widths) <= console.width)
    if grid.show_header:
        for column in table.columns:
            grid.add_column(column)
        for row in rows:
            grid.add_row(*map(Text, row))
    else:
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for row in rows:
            for column, cell in zip(table.columns, row, strict=True):
                if cell:
                    grid.add_row(column, Text(cell))
            grid.add_row()
    console.print(grid)
    console.print(f"{len(table)} row{'s' if len(table) != 1 else ''}", style="dim")


@app.command()
def view(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.", metavar="FILE")] = Path("network.html"),
    graph: GraphOption = DEFAULT_GRAPH,
    projection: Annotated[str, typer.Option(help="speech, statements, reports or organisation.")] = "speech",
    focus: Annotated[str, typer.Option(help="Begin with what is called so, and its neighbours.", metavar="NAME")] = "",
    depth: Annotated[int, typer.Option(min=1, max=5, help="How many steps around the focus.")] = 1,
    limit: Annotated[int, typer.Option(min=1, help="How many nodes are shown at first.")] = 60,
) -> None:
    """Write the network as one interactive page that needs no network connection."""
    page = _open(graph).view(projection, focus=focus or None, depth=depth, limit=limit)
    typer.echo(page.save(output))


@app.command()
def export(
    output: Annotated[Path, typer.Argument(help="The file to write; its suffix names the format. - is standard output.", metavar="FILE")],
    graph: GraphOption = DEFAULT_GRAPH,
    format: Annotated[
        str, typer.Option("--format", "-f", help="turtle, trig, ntriples, nquads, jsonld, rdfxml, graphml, gexf or csv.")
    ] = "",
    projection: Annotated[str, typer.Option(help="Of .graphml and .gexf: speech, statements, reports or organisation.")] = "speech",
    texts: Annotated[bool, typer.Option("--texts", help="With the passages' own words, which may belong to a publisher.")] = False,
) -> None:
    """Write the graph to a file: .ttl .trig .nt .nq .jsonld .rdf · .graphml .gexf · .zip (CSV tables with CSVW).

    The same graph gives the same bytes. Cells of the CSV tables are as they are: a spreadsheet may take a text for a formula.
    """
    opened = _open(graph)
    if str(output) == "-":
        from kg.export import dump

        sys.stdout.buffer.write(dump(opened.store, format or "trig", base=opened.manifest.base, projection=projection, texts=texts))
        return
    typer.echo(opened.export(output, format or None, projection=projection, texts=texts))


@app.command()
def describe(
    name: Annotated[str, typer.Argument(help="A label, an identifier or an IRI.")],
    graph: GraphOption = DEFAULT_GRAPH,
    format: FormatOption = Format.table,
) -> None:
    """Print everything the graph says of one thing, and in which graph it says so."""
    _print_table(_open(graph).describe(name), format)


@app.command()
def stats(graph: GraphOption = DEFAULT_GRAPH, format: FormatOption = Format.table) -> None:
    """Print how many things of each kind the graph holds."""
    import pyoxigraph as ox

    from kg.table import Table

    rows = [(ox.Literal(kind), ox.Literal(count)) for kind, count in _open(graph).stats().items()]
    _print_table(Table(("kind", "count"), rows), format)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"kg {installed('accountability-kg')}")
        raise typer.Exit
