"""Commands on the records of a case: make one, find passages, check, build."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, FOUND, CaseArgument, Format, FormatOption, GraphOption, SourcesOption
from kg.cli.printing import complain, print_findings, progress


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    base: Annotated[str, typer.Option(help="The IRI under which the case's things will live.")] = "https://example.org/case/",
) -> None:
    """Make a new case: a folder with its files and a first record in each, to write over. It can be checked and built at once."""
    from kg.skeleton import write_case

    for path in write_case(folder, base):
        typer.echo(path)
    complain(f"next: put your documents in {folder / 'sources'}, write over the records, and run `kg check {folder}`")


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
        complain(f"  line {document.line(one.start)}: {shorten(document.text[one.start : one.end])}")
    if len(found) > 1:
        complain(f"{len(found)} places; more words make it one")


def _write_passages(folder: Path, sources: Path | None) -> None:
    from kg.passages import fill

    missing = written = 0
    for file, count, errors in fill(folder, sources):
        typer.echo(f"{file}: {count} passages written")
        for error in errors:
            complain(f"{file}: {error}")
        missing, written = missing + len(errors), written + count
    if not missing and not written:
        complain("no passage is given in words, or its document is not at hand")
    if missing:
        raise typer.Exit(FOUND)


def check(case: CaseArgument, sources: SourcesOption = None, format: FormatOption = Format.table) -> None:
    """Check a case: fields, references, shapes, and every passage whose document is at hand.

    Exit code 0 where nothing is wrong, 1 where there are findings that are errors.
    """
    from kg.cases import read_case
    from kg.records import text
    from kg.validation import check as check_case

    with progress(["read", "check"]) as begin:
        begin("read")
        found = read_case(case)
        documents, missing = found.documents(sources)
        begin("check")
        findings = sorted([*missing, *check_case(found, None, documents)])
    print_findings(findings, format)
    errors = sum(finding.severity == "error" for finding in findings)
    statements = list(found.statements())
    verified = sum(report in documents for report, _ in statements)
    where = "passages not verified: no documents"
    if documents:
        where = f"passages of {verified} statements verified against {len(documents)} documents"
    waiting = sum(text(proposed, "reviewStatus") != "rejected" for _, proposed in found.proposals())
    candidates = f", {waiting} candidates" if found.candidates else ""
    counts = f"{len(found.index)} records, {len(statements)} statements{candidates}"
    complain(f"{counts}, {where}: {errors} errors, {len(findings) - errors} warnings")
    if errors:
        raise typer.Exit(FOUND)


def build(case: CaseArgument, graph: GraphOption = DEFAULT_GRAPH, sources: SourcesOption = None) -> None:
    """Build the graph of a case. The old graph stays in use until the new one is complete."""
    from kg.build import STEPS
    from kg.build import build as build_case

    with progress(STEPS) as begin:
        built = build_case(case, graph, sources, begin)
    print_findings(built.findings)
    manifest = built.manifest
    typer.echo(f"{manifest.title}: {manifest.counts['statements']} statements, {manifest.quads} quads in {graph}")
