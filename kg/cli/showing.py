"""Commands that show a graph to others: the network, files, a web site."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, FOUND, GraphOption, TextsOption, open_graph
from kg.cli.printing import bar, complain


def view(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.", metavar="FILE")] = Path("network.html"),
    graph: GraphOption = DEFAULT_GRAPH,
    projection: Annotated[str, typer.Option(help="speech, statements, reports or organisation.")] = "speech",
    focus: Annotated[str, typer.Option(help="Begin with what is called so, and its neighbours.", metavar="NAME")] = "",
    depth: Annotated[int, typer.Option(min=1, max=5, help="How many steps around the focus.")] = 1,
    limit: Annotated[int, typer.Option(min=1, help="How many nodes are shown at first.")] = 60,
) -> None:
    """Write the network as one interactive page that needs no network connection."""
    page = open_graph(graph).view(projection, focus=focus or None, depth=depth, limit=limit)
    typer.echo(page.save(output))


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
    opened = open_graph(graph)
    if str(output) == "-":
        from kg.export import dump

        sys.stdout.buffer.write(dump(opened.store, format or "trig", base=opened.manifest.base, projection=projection, texts=texts))
        return
    typer.echo(opened.export(output, format or None, projection=projection, texts=texts))


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
            complain("Ctrl-C stops it")
            if open_:
                threading.Thread(target=webbrowser.open, args=(here,), daemon=True).start()

        if not is_loopback(listening):
            complain("warning: whoever reaches this machine can read this graph and query it; see docs/serving.md")
        with suppress(KeyboardInterrupt):  # what uvicorn makes of the signal, once everything has ended
            server(site, ready).run(sockets=[listening])


def publish(
    folder: Annotated[Path, typer.Argument(help="The folder to write: new, empty, or an older copy.", metavar="DIR")],
    graph: GraphOption = DEFAULT_GRAPH,
    texts: TextsOption = False,
) -> None:
    """Write the site as files, for any host that serves files or for a disk: pages, data, network, search.

    What needs a server is left out: filters, forms and SPARQL. Exit code 0 where every link leads somewhere, 1 where one does not.
    """
    from kg.web.publish import publish as publish_site

    opened = open_graph(graph)
    with bar() as tell:
        found = publish_site(opened, folder, texts=texts, progress=lambda done, total: tell("publish", done, total))
    for broken in found.broken:
        complain(f"{broken.file}: {broken.link}: {broken.missing}")
    typer.echo(f"{found.folder}: {found.pages} pages, {found.files} files; {found.links} links checked, {len(found.broken)} broken")
    if found.broken:
        raise typer.Exit(FOUND)
