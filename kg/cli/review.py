"""The command that lets a person decide on what was proposed."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from kg.cli.options import FOUND, CaseArgument, SourcesOption
from kg.cli.printing import complain


def review(
    case: CaseArgument,
    sources: SourcesOption = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes any that is free; default: 8000 or the next free.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    by: Annotated[str, typer.Option(help="Who decides; default: the name that git knows, else the login.", metavar="NAME")] = "",
    terminal: Annotated[bool, typer.Option("--terminal", help="Decide here and not on a page; letters may come from a pipe.")] = False,
) -> None:
    """Decide on the candidates that `kg extract` found: accept, edit, reject, merge. Each decision is written at once.

    It prints the address of a page that only this machine reaches, and only with the token in it; Ctrl-C stops it. With --terminal,
    exit code 1 where a decision was refused.
    """
    from kg.curation.review import Review, reviewer

    reviewing = Review(case, by.strip() or reviewer(), sources)
    reviewing.desk()  # what cannot be read is told before anything begins
    if terminal:
        from kg.cli.terminal import Terminal

        if Terminal(reviewing).run():
            raise typer.Exit(FOUND)
        return
    import signal
    import threading
    import webbrowser

    from kg.web.review.app import create_app, new_token
    from kg.web.server import address, listen, server

    token = new_token()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listen("127.0.0.1", port) as listening:

        def ready() -> None:
            here = f"{address(listening)}?token={token}"
            typer.echo(here)
            complain("whoever has this address can change the case; Ctrl-C stops it")
            if open_:
                threading.Thread(target=webbrowser.open, args=(here,), daemon=True).start()

        with suppress(KeyboardInterrupt):
            server(create_app(reviewing, token), ready).run(sockets=[listening])
