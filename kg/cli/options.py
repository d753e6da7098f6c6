"""What several commands take: the formats of an answer, the options, the exit codes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.graph import Graph

FOUND, TROUBLE, INTERRUPTED = 1, 2, 130


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


def open_graph(graph: Path) -> Graph:
    """The graph in the folder; the library is imported only now, as `kg --help` needs none of it."""
    from kg.graph import open

    return open(graph)
