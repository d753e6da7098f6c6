"""The command `kg`: it reads arguments, calls the library and speaks; it holds no logic of its own."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from kg.cli import asking, extraction, records, review, showing
from kg.cli.options import INTERRUPTED, TROUBLE
from kg.cli.printing import complain, print_findings

app = typer.Typer(
    name="kg",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="An accountability knowledge graph: who said what, about whom, in which report.",
    epilog="Begin with [bold]kg build data/met-police[/bold], then [bold]kg query --list[/bold] and [bold]kg view[/bold].",
)

#: The commands, in the order in which `kg --help` lists them.
COMMANDS = (
    records.init,
    records.passage,
    extraction.extract,
    review.review,
    records.check,
    records.build,
    asking.query,
    showing.view,
    showing.export,
    asking.describe,
    asking.search,
    asking.stats,
    showing.serve,
    showing.publish,
)
for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """Run the command; errors of the library become one line on standard error and exit code 2."""
    from kg.errors import CheckError, KgError, RecordError

    try:
        app()
    except CheckError as error:
        print_findings(error.findings)
        complain("nothing was changed")
        sys.exit(TROUBLE)
    except RecordError as error:
        complain(f"error: {error.file}: {error.message}", error.remedy)
        sys.exit(TROUBLE)
    except KgError as error:
        complain(f"error: {error.message}", error.remedy)
        sys.exit(TROUBLE)
    except SystemExit as done:  # typer makes this of Ctrl-C, without a word
        if done.code == INTERRUPTED:
            complain("interrupted; nothing was left half done")
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"kg {installed('accountability-kg')}")
        raise typer.Exit
