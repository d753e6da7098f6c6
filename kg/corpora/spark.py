"""Spark: the same extraction as on one machine, part for part and byte for byte, on the executors of Apache Spark.

The corpus and the folder of the parts lie where every executor sees them; in local mode that is any folder of this machine.
An executor reads whole parts by the same functions as one machine does, and writes them itself: nothing but what the manifest
says of a part comes back.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from warnings import catch_warnings, simplefilter

from kg.corpora.corpus import FIELDS, PART, Corpus, Item, line_item
from kg.corpora.parts import Part, Settings, close, finish, head, kept, opened, read
from kg.errors import ExtractionError
from kg.extractors import reader

#: How many tasks there are for each core, so that none idles long at the end.
_TASKS = 8
#: The types of Parquet columns that say something of a document.
_TYPES = ("string", "tinyint", "smallint", "int", "bigint", "date", "timestamp", "timestamp_ntz")


def extract_corpus(corpus: Corpus, out: Path, settings: Settings, master: str = "local[*]") -> dict[str, Any]:
    """The manifest of what was read out of the corpus into the folder ``out``; parts that were finished before are kept.

    ``master`` is where Spark runs, as in ``local[4]`` or ``spark://host:7077``. Raises ``ExtractionError`` where pyspark or Java is
    missing, where Spark fails, and as ``kg.corpora.bulk`` does.
    """
    reader(settings.extractor)  # where there is none, better said before Spark is begun
    begun, where = head(corpus, settings), out.absolute()

    def work(items: Iterable[tuple[int, Item]]) -> Iterator[Part]:
        for number, group in groupby(items, lambda numbered: numbered[0] // PART):
            members = [item for _, item in group]
            yield kept(where, number, members) or finish(where, number, (read(item, settings) for item in members))

    with opened(out, begun), _session(master) as session:
        tasks = session.sparkContext.defaultParallelism * _TASKS
        spread = _items(corpus, session).repartitionAndSortWithinPartitions(tasks, lambda number: number // PART % tasks)
        return close(out, begun, spread.mapPartitions(work).collect())


@contextmanager
def _session(master: str) -> Iterator[Any]:
    """Spark, begun for this and ended after it; one that runs already is used and left."""
    try:
        from py4j.protocol import Py4JJavaError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise ExtractionError("Spark needs pyspark", "pip install 'accountability-kg[spark]', or leave out --engine spark") from None
    running = SparkSession.getActiveSession()
    if running is None and not has_java():
        raise ExtractionError("Spark needs Java 17 or later", "`apt-get install default-jre-headless` installs one; or set JAVA_HOME")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings: dict[str, str | bool | int | float | None] = {
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
    }
    if master.startswith("local"):
        settings |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    session = running
    try:
        if session is None:
            with catch_warnings():
                simplefilter("ignore", FutureWarning)  # of a pandas that Spark does not know; none is used
                session = SparkSession.builder.appName("kg extract").master(master).config(map=settings).getOrCreate()
        yield session
    except (Py4JJavaError, PySparkException) as error:
        said = next((line for line in reversed(str(error).splitlines()) if "Error: " in line or "Exception: " in line), str(error))
        raise ExtractionError(f"Spark failed: {said.strip()}", "the same command goes on where it stopped") from None
    finally:
        if session is not None and running is None:
            session.stop()


def has_java() -> bool:
    """Whether there is a Java that Spark would find."""
    home = os.environ.get("JAVA_HOME")
    return bool(home and (Path(home) / "bin" / "java").is_file()) or shutil.which("java") is not None


def _items(corpus: Corpus, session: Any) -> Any:
    """The documents with their numbers, as ``Corpus.items`` has them, spread over the executors."""
    if corpus.kind == "folder":
        return session.sparkContext.parallelize(list(corpus.items()))
    if corpus.kind == "parquet":
        return _rows(corpus, session)
    name = corpus.path.name
    read = session.read.format("text").option("lineSep", "\n").load(str(corpus.path.absolute()))
    lines = read.selectExpr("cast(value as binary)").rdd.map(lambda row: bytes(row[0])).zipWithIndex()
    return lines.filter(lambda numbered: numbered[0].strip()).map(lambda pair: (pair[1], line_item(name, pair[1], pair[0])))


def _rows(corpus: Corpus, session: Any) -> Any:
    """The rows of Parquet files: each is numbered by its place in its file and by how many rows the files before it hold."""
    paths = [str(corpus.file(name).absolute()) for name, _ in corpus.files]
    frame = session.read.option("recursiveFileLookup", "true").option("mergeSchema", "true").parquet(*paths)
    counts = {_path(row[0]): row[1] for row in frame.groupBy("_metadata.file_path").count().collect()}
    before, rows = {}, 0
    for path in paths:
        before[path] = rows
        rows += counts.get(path, 0)
    known = [name for name, kind in frame.dtypes if name in FIELDS and kind in _TYPES]
    chosen = frame.selectExpr("_metadata.file_path", "_metadata.row_index", *(f"cast(`{name}` as string)" for name in known))
    title = corpus.path.name

    def numbered(row: Any) -> tuple[int, Item]:
        number = before[_path(row[0])] + row[1]
        return number, Item(f"{title}:{number + 1}", row=dict(zip(known, row[2:], strict=True)))

    return chosen.rdd.map(numbered)


def _path(uri: str) -> str:
    return unquote(urlsplit(uri).path)
