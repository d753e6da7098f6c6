"""The command that reads statements out of documents: into a case, to look at, or out of a corpus."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.options import FOUND, Format, SourcesOption
from kg.cli.printing import complain, print_table

if TYPE_CHECKING:
    from kg.corpora.bulk import Told
    from kg.corpora.corpus import Corpus
    from kg.corpora.parts import Result, Settings
    from kg.documents import Document


class Reading(StrEnum):
    """How what was read is printed."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    markdown = "markdown"
    jsonl = "jsonl"
    yaml = "yaml"


class Engine(StrEnum):
    """What reads a corpus."""

    local = "local"
    spark = "spark"


def extract(
    paths: Annotated[list[str], typer.Argument(help="A case; documents; or a corpus: a folder, .jsonl or .parquet.", metavar="PATH...")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The folder for a corpus's N-Quads.", metavar="DIR")] = None,
    format: Annotated[Reading, typer.Option("--format", "-f", help="How statements are printed; nothing is written then.")] = Reading.table,
    extractor: Annotated[str, typer.Option(help="What finds who said what: our rules, or a plug-in.", metavar="NAME")] = "rules",
    fetch: Annotated[bool, typer.Option("--fetch", help="A PATH may be a web address, which is fetched.")] = False,
    authored: Annotated[bool, typer.Option("--authored", help="With jsonl: also what a document says in its author's voice.")] = False,
    base: Annotated[str, typer.Option(help="With -o: the IRI under which what is found lives.")] = "https://example.org/corpus/",
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes for a corpus; 0 is one a core.", show_default=False)] = 0,
    engine: Annotated[Engine, typer.Option(help="What reads a corpus; Spark needs the extra `spark` and Java.")] = Engine.local,
    master: Annotated[str, typer.Option(help="With --engine spark: where Spark runs.")] = "local[*]",
    sources: SourcesOption = None,
) -> None:
    """Read documents, and propose who said what: as candidate records of a case, as a table, or as N-Quads of a whole corpus.

    [bold]kg extract CASE[/bold] reads the documents in CASE/sources and writes what is new to CASE/candidates, for `kg review`.

    [bold]kg extract letter.pdf[/bold] prints the statements of a document and writes nothing; [bold]--format yaml[/bold] prints
    them as records. [bold]kg extract --fetch https://…[/bold] fetches the page.

    [bold]kg extract corpus/ -o out/[/bold] writes N-Quads in parts and a manifest. Stopped, the same command goes on where it was.
    A document that fails is named, and the others are read; the exit code is then 1.

    [bold]kg extract corpus/ --format jsonl[/bold] prints one attribution a line, with its offsets.
    """
    first = Path(paths[0])
    if output is not None:
        _one(paths)
        _extract_corpus(first, output, base, extractor, jobs, master if engine is Engine.spark else "")
    elif (first / "case.yaml").is_file():
        _one(paths)
        _extract_case(first, sources, extractor)
    elif _is_corpus(first):
        if format is not Reading.jsonl:
            raise typer.BadParameter(
                "no case (`kg init` makes one); a corpus is written with `-o DIR`, or printed with `--format jsonl`", param_hint="PATH"
            )
        _one(paths)
        _print_lines(first, extractor, authored, jobs)
    else:
        _print_documents(paths, format, extractor, fetch, authored)


#: What became of a document's statements, as the table of a case has it.
COUNTED = ("new", "proposed before", "already recorded", "already decided")


def _one(paths: list[str]) -> None:
    if len(paths) > 1:
        raise typer.BadParameter("name one case or one corpus at a time", param_hint="PATH")


def _is_corpus(path: Path) -> bool:
    return path.is_dir() or path.name.endswith((".jsonl", ".jsonl.gz", ".parquet"))


def _extract_case(folder: Path, sources: Path | None, extractor: str) -> None:
    import pyoxigraph as ox

    from kg.curation.intake import intake
    from kg.table import Table

    rows, failed = [], 0
    for taken in intake(folder, sources, extractor):
        if taken.failed:
            complain(f"failed: {taken.name}: {taken.failed}", taken.remedy)
            failed += 1
            continue
        for file in taken.files:
            complain(f"written: {file}")
        counts = (taken.counts[name] for name in COUNTED)
        rows.append((ox.Literal(taken.name), ox.Literal(taken.report), *map(ox.Literal, counts)))
    print_table(Table(("document", "report", *COUNTED), rows), Format.table)
    if any(row[2].value != "0" for row in rows):
        complain(f"next: decide on what is proposed with `kg review {folder}`")
    if failed:
        raise typer.Exit(FOUND)


def _print_documents(paths: list[str], format: Reading, extractor: str, fetch: bool, authored: bool) -> None:
    from kg.errors import DocumentError

    failed = False
    for path in paths:
        web = path.startswith(("https://", "http://"))
        if web and not fetch:
            raise typer.BadParameter(f"{path} is fetched only with --fetch", param_hint="PATH")
        try:
            _print_document(path, _fetched(path) if web else _read(path), format, extractor, authored)
        except DocumentError as error:
            if len(paths) == 1:
                raise
            complain(f"failed: {error.message}", error.remedy)
            failed = True
    if failed:
        raise typer.Exit(FOUND)


def _fetched(address: str) -> Document:
    from kg.documents.fetching import fetch

    return fetch(address)


def _read(path: str) -> Document:
    from kg.documents import read

    return read(path)


def _print_document(path: str, document: Document, format: Reading, extractor: str, authored: bool) -> None:
    from kg.extraction.rows import rows, table
    from kg.extractors import reader

    extraction = reader(extractor)(document, None)
    if format is Reading.jsonl:
        typer.echo("".join(rows(document.name, document, extraction, authored)), nl=False)
    elif format is Reading.json:
        found = table(document, extraction, whole=True)
        objects = [dict(zip(found.columns, (*row[:-1], float(row[-1])), strict=True)) for row in found]
        typer.echo(json.dumps(objects, indent=2, ensure_ascii=False))
    elif format is Reading.yaml:
        from kg.curation.intake import records

        typer.echo(records(document, extraction), nl=False)
    else:
        whole = format in (Reading.csv, Reading.tsv)
        found = table(document, extraction, whole)
        print_table(found, Format(format.value), path)
        if not found:
            complain(f"{path}: no statements were found")


def _print_lines(path: Path, extractor: str, authored: bool, jobs: int) -> None:
    from kg.corpora.bulk import attributions
    from kg.corpora.corpus import open_corpus
    from kg.corpora.parts import Settings

    corpus, failed = open_corpus(path), 0
    settings = Settings(extractor=extractor, form="attributions", authored=authored)
    with _told(corpus) as told:
        for result in attributions(corpus, settings, jobs, told):
            sys.stdout.write(result.lines.decode("utf-8"))
            failed += bool(result.failed)
    if failed:
        raise typer.Exit(FOUND)


def _extract_corpus(path: Path, output: Path, base: str, extractor: str, jobs: int, master: str) -> None:
    from kg.corpora.corpus import open_corpus
    from kg.corpora.parts import Settings
    from kg.records import is_link

    if not is_link(base) or base[-1] not in "/#":
        raise typer.BadParameter(f"`{base}` is no IRI that ends in `/`", param_hint="--base")
    corpus, settings = open_corpus(path), Settings(base, extractor)
    if corpus.passed:
        complain(f"{len(corpus.passed)} files are of a kind that is not read, the first: {corpus.passed[0]}")
    try:
        manifest = _with_spark(corpus, output, settings, master) if master else _on_this_machine(corpus, output, settings, jobs)
    except KeyboardInterrupt:
        complain("stopped; the same command goes on where it was")
        raise
    parts = len(manifest["parts"])
    typer.echo(f"{output}: {manifest['documents']:,} documents, {manifest['statements']:,} statements in {parts:,} parts")
    if manifest["failed"]:
        complain(f"{manifest['failed']} documents failed", f"they are listed in {output / 'manifest.json'}")
        raise typer.Exit(FOUND)


def _on_this_machine(corpus: Corpus, output: Path, settings: Settings, jobs: int) -> dict[str, Any]:
    from kg.corpora.bulk import extract_corpus

    with _told(corpus) as told:
        return extract_corpus(corpus, output, settings, jobs, told)


def _with_spark(corpus: Corpus, output: Path, settings: Settings, master: str) -> dict[str, Any]:
    from kg.corpora.spark import extract_corpus

    manifest = extract_corpus(corpus, output, settings, master)
    for part in manifest["parts"]:
        for failed in part["failed"]:
            complain(f"failed: {failed['document']}: {failed['reason']}")
    return manifest


@contextmanager
def _told(corpus: Corpus) -> Iterator[Told]:
    """Names each document that fails; on a terminal with a bar that shows documents a second and the time that is left."""
    if not sys.stderr.isatty():
        yield lambda done, kept, failed: _complain_of(failed)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        task, begun, read = drawn.add_task("", total=corpus.count(), speed=""), perf_counter(), 0

        def told(done: int, kept: int, failed: list[Result]) -> None:
            nonlocal read
            read += done - kept
            drawn.update(task, advance=done, speed=f"{read / (perf_counter() - begun):,.0f} documents/s")
            _complain_of(failed)

        yield told


def _complain_of(failed: list[Result]) -> None:
    for result in failed:
        complain(f"failed: {result.name}: {result.failed}")
