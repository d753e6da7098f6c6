"""The command `kg`: it reads arguments, calls the library and speaks; it holds no logic of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.build import Progress
    from kg.errors import Finding
    from kg.graph import Graph
    from kg.search import Results
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
TextsOption = Annotated[bool, typer.Option("--texts", help="With the passages' own words, which may belong to a publisher.")]
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
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal's standard error, nothing where it is piped; it is told a step, how much is done, and of how much."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda step, done, total: bar.update(task, description=step, completed=done, total=total)


@contextmanager
def _progress(steps: tuple[str, ...] | list[str]) -> Iterator[Progress]:
    with _bar() as bar:
        yield lambda step: bar(step, list(steps).index(step), len(steps))


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
    texts: TextsOption = False,
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

    opened, text = _open(graph), " ".join(words)
    results = look_up(opened.index, text, kinds=kind or (), limit=limit)
    if results.corrected:
        _complain(f"nothing has `{text}`; shown for `{results.corrected}`")
    if results.any_word:
        _complain("nothing has all the words; these have some of them")
    table = results.table(opened.manifest.base)
    if format is Format.table and sys.stdout.isatty():
        _print_hits(results, table)
    else:
        typer.echo(table.write(format.value), nl=False)
    if results.total > len(results.hits):
        _complain(f"the first {len(results.hits)} of {results.total}; more with --limit")
    elif not results.hits:
        _complain(f"nothing found for `{text}`", "try fewer words, or see `kg query names`")


def _print_hits(results: Results, table: Table) -> None:
    """Each hit with its identifier, and below it its text with the words that were found."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for (identifier, *_), hit in zip(table.text(), results.hits, strict=True):
        console.print(Text.assemble((hit.label, "bold"), f"  {hit.kind}  ", (identifier, "dim")))
        console.print(Text.assemble("    ", *((part, "reverse" if found else "") for part, found in hit.snippet)))


@app.command()
def stats(graph: GraphOption = DEFAULT_GRAPH, format: FormatOption = Format.table) -> None:
    """Print how many things of each kind the graph holds."""
    import pyoxigraph as ox

    from kg.table import Table

    rows = [(ox.Literal(kind), ox.Literal(count)) for kind, count in _open(graph).stats().items()]
    _print_table(Table(("kind", "count"), rows), format)


@app.command()
def serve(
    graph: GraphOption = DEFAULT_GRAPH,
    host: Annotated[str, typer.Option(help="The address of this machine to listen at.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes any that is free; default: 8000 or the next free.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    allow_host: Annotated[list[str] | None, typer.Option(help="A name the site is reached by; repeatable.", metavar="NAME")] = None,
    root_path: Annotated[str, typer.Option(help="The path under which a proxy shows the site, as /kg.", metavar="PATH")] = "",
    time_limit: Annotated[float, typer.Option(min=0.1, help="Seconds that a SPARQL query may take.")] = 5.0,
    memory_limit: Annotated[int, typer.Option(min=64, help="Megabytes that a SPARQL query may take.")] = 256,
) -> None:
    """Serve the graph as a web site with a SPARQL endpoint, until Ctrl-C; a new build is taken up while it runs.

    It prints its address. How to run it for others, and what its limits are: docs/serving.md.
    """
    import signal
    import threading
    import webbrowser

    from kg.web.app import create_app
    from kg.web.bounds import name
    from kg.web.server import address, is_loopback, listen, server, stored

    for allowed in allow_host or []:
        if not name(allowed):
            raise typer.BadParameter(f"`{allowed}` is not a host name; write it without https:// and path", param_hint="--allow-host")
    root_path = f"/{root_path.strip('/')}".rstrip("/")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped by either signal, nothing is left behind
    with listen(host, port) as listening, stored(graph) as path:
        site = create_app(path, hosts=[host, *(allow_host or [])], root_path=root_path, time_limit=time_limit, memory_limit=memory_limit)

        def ready() -> None:
            here = address(listening, root_path)
            typer.echo(here)
            _complain("Ctrl-C stops it")
            if open_:
                threading.Thread(target=webbrowser.open, args=(here,), daemon=True).start()

        if not is_loopback(listening):
            _complain("warning: whoever reaches this machine can read this graph and query it; see docs/serving.md")
        with suppress(KeyboardInterrupt):  # what uvicorn makes of the signal, once everything has ended
            server(site, ready).run(sockets=[listening])


@app.command()
def publish(
    folder: Annotated[Path, typer.Argument(help="The folder to write: new, empty, or an older copy.", metavar="DIR")],
    graph: GraphOption = DEFAULT_GRAPH,
    texts: TextsOption = False,
) -> None:
    """Write the site as files, for any host that serves files or for a disk: pages, data, network, search.

    What needs a server is left out: filters, forms and SPARQL. Exit code 0 where every link leads somewhere, 1 where one does not.
    """
    from kg.web.publish import publish as publish_site

    opened = _open(graph)
    with _bar() as bar:
        found = publish_site(opened, folder, texts=texts, progress=lambda done, total: bar("publish", done, total))
    for broken in found.broken:
        _complain(f"{broken.file}: {broken.link}: {broken.missing}")
    typer.echo(f"{found.folder}: {found.pages} pages, {found.files} files; {found.links} links checked, {len(found.broken)} broken")
    if found.broken:
        raise typer.Exit(FOUND)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"kg {installed('accountability-kg')}")
        raise typer.Exit
