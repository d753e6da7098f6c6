"""What every command says it with: complaints, findings, tables, a bar."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kg.cli.options import Format

if TYPE_CHECKING:
    from kg.build import Progress
    from kg.errors import Finding
    from kg.table import Table


#: Control characters but for tab and line feed, and marks of direction.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def complain(message: str, remedy: str = "") -> None:
    """One line on standard error, and the remedy below it."""
    typer.echo(message, err=True)
    if remedy:
        typer.echo(f"  {remedy}", err=True)


def visible(text: str) -> str:
    r"""The text with signs in place of characters that command a terminal or turn the direction of writing: a document may hold them.

    >>> visible("wrong\x1b[2J\u202e.")
    'wrong�[2J�.'
    """
    return _COMMANDS.sub("\ufffd", text)


def print_findings(findings: list[Finding], format: Format = Format.table) -> None:
    """The findings as they were asked for: lines, one JSON array, or a table."""
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


def print_table(table: Table, format: Format, title: str = "") -> None:
    """The table as it was asked for; on a terminal drawn, one row below the other where it is too wide for that."""
    if format is not Format.table or not sys.stdout.isatty():
        written = table.write(format.value)
        typer.echo(visible(written) if format is Format.table else written, nl=False)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    console, rows = Console(), [[visible(cell) for cell in row] for row in table.text()]
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


@contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal's standard error, nothing where it is piped; it is told a step, how much is done, and of how much."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task("")
        yield lambda step, done, total: drawn.update(task, description=step, completed=done, total=total)


@contextmanager
def progress(steps: tuple[str, ...] | list[str]) -> Iterator[Progress]:
    """A bar that is told the name of each step as it begins."""
    with bar() as tell:
        yield lambda step: tell(step, list(steps).index(step), len(steps))
