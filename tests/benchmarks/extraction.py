"""Extraction measured: on an annotated corpus, against our own records of the founding documents, for speed and for its confidence.

The corpus and the scorer belong to others and stay outside the project: name them with ``--corpus``, ``--scorer`` and ``--sources``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kg.documents import Document, of_text, read
from kg.extraction import Attribution, Extraction, Registry, extract
from kg.extraction.outline import outline
from kg.extraction.rows import rows
from tests.benchmarks import regex_baseline
from tests.benchmarks.agreement import Agreement, agreement
from tests.benchmarks.measure import table

CASE = Path("data/met-police")
SIZES = (1_000_000, 5_000_000, 25_000_000, 50_000_000)
Find = Callable[[Document], list[Attribution]]


def run(
    corpus: Path | None = None, scorer: Path | None = None, sources: Path | None = None, sizes: tuple[int, ...] = SIZES
) -> dict[str, Any]:
    """The figures of extraction; what needs a corpus or the founding documents is left out where they are not named."""
    systems: dict[str, Find] = {"kg extract": by_rule, "regex baseline": regex_baseline.attributions}
    result: dict[str, Any] = {}
    if corpus and scorer:
        result["corpus"] = {name: scored(corpus, scorer, find) for name, find in systems.items()}
        result["speed"] = {name: speed(corpus, find) for name, find in systems.items()}
        result["whole speed"] = speed(corpus, lambda document: extract(document).candidates)
        result["calibration"] = calibration(corpus, scorer)
    if sources:
        result["agreement"] = {
            "kg extract": _figures(agreement(CASE, sources)),
            "regex baseline": _figures(agreement(CASE, sources, regex_baseline.candidates)),
        }
    result["size"] = {size: _seconds(size) for size in sizes}
    return result


def by_rule(document: Document) -> list[Attribution]:
    """The attributions of the project's own rules."""
    return extract(document).attributions


def documents(corpus: Path) -> Iterator[Document]:
    """The documents of an annotated corpus, in the order of names."""
    for path in sorted((corpus / "text").glob("*.txt")):
        yield read(path)


def scored(corpus: Path, scorer: Path, find: Find) -> dict[str, float]:
    """What the scorer prints for a system, by measure."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for document in documents(corpus):
            file.writelines(rows(document.path.name, document, Extraction(outline(document), find(document))))
        file.flush()
        printed = subprocess.run([sys.executable, scorer, corpus, file.name], check=True, capture_output=True, text=True).stdout
    return _read_scores(printed)


def _read_scores(printed: str) -> dict[str, float]:
    scores, what = {}, ""
    for line in printed.splitlines():
        if not line.startswith(" "):
            what = line.split()[0]
        else:
            name, *numbers = line.replace("%", " ").split()
            values = [float(number) for number in numbers if number.replace(".", "", 1).isdigit()]
            scores[f"{what} {name}"] = values[0] if name == "speaker" else values[-1]
    return scores


def speed(corpus: Path, find: Callable[[Document], Any]) -> float:
    """Documents a second of processor time on one core, the texts in memory."""
    texts = list(documents(corpus))
    find(texts[0])
    began = time.process_time()
    for document in texts:
        find(document)
    return round(len(texts) / (time.process_time() - began), 1)


def calibration(corpus: Path, scorer: Path) -> list[tuple[str, int, float, float]]:
    """For each band of confidence: how many attributions, what confidence they claim, and which share of them is right.

    Right is what the corpus annotates at half overlap with a source that the speaker's mention overlaps; a quotation is
    compared with quoted stretches, a clause with contents.
    """
    gold = _module(scorer)
    bands: dict[int, list[tuple[float, bool]]] = {}
    texts = {document.path.stem: document for document in documents(corpus)}
    for name, source, marked in gold.load(corpus):
        contents = [((a["content"][0][0], a["content"][-1][1]), a["source"]) for a in marked]
        quoted = [
            (gold.trim(source, *part), a["source"]) for a in marked for span in a["content"] for part in gold.stretches(source, *span)
        ]
        for found in by_rule(texts[name]):
            if found.mode == "authored":
                continue
            span = gold.trim(source, *found.content)
            near = [(gold.iou(span, other), of) for other, of in (contents if found.mode == "indirect" else [*quoted, *contents])]
            best, of = max(near, key=lambda pair: pair[0], default=(0.0, []))
            right = best >= 0.5 and bool(found.speaker and (not of or gold.overlaps(found.speaker, of)))
            bands.setdefault(min(int(found.confidence * 10), 9), []).append((found.confidence, right))
    return [
        (
            f"{band / 10:.1f}-{band / 10 + 0.1:.1f}",
            len(pairs),
            round(sum(claimed for claimed, _ in pairs) / len(pairs), 3),
            round(sum(right for _, right in pairs) / len(pairs), 3),
        )
        for band, pairs in sorted(bands.items())
    ]


def _module(path: Path) -> Any:
    import importlib.util

    spec = importlib.util.spec_from_file_location("scorer", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _figures(found: Agreement) -> dict[str, float]:
    names = ("covered", "speaker", "figures", "acts")
    return {name: round(getattr(found, name).share, 1) for name in names} | {"reported": round(found.reported, 1)}


def _seconds(size: int) -> float:
    """Processor seconds for a text of so many characters, made up of a few sentences."""
    piece = 'The plan is late, Ann Marlow said on Monday. "We will publish all 1,500 pages by June," she added.\n\n'
    document = of_text(piece * (size // len(piece)))
    began = time.process_time()
    extract(document, Registry.empty())
    return round(time.process_time() - began, 2)


#: The measures as they are named to a reader, with what to reach.
TARGETS = (
    ("quoted stretches found, F", "corpus", "quote found", 97),
    ("speaker, on found ones", "corpus", "quote speaker", 92),
    ("end-to-end F", "corpus", "quote end-to-end", 89),
    ("all attributions at half overlap, F", "corpus", "attribution found", 60),
    ("canonical speaker right", "agreement", "speaker", 97),
    ("reported-speech clauses, F", "agreement", "reported", 85),
    ("figures right", "agreement", "figures", 90),
    ("act right", "agreement", "acts", 80),
)


def show(result: dict[str, Any]) -> str:
    """The tables."""
    rows: list[tuple[object, ...]] = []
    for label, part, key, target in TARGETS:
        if part in result:
            found = result[part]
            rows.append((label, found["kg extract"].get(key), found["regex baseline"].get(key), target))
    if "speed" in result:
        rows.append(("documents/s of one core, whole", result["whole speed"], result["speed"]["regex baseline"], 100))
    parts = [table(("measure", "kg extract", "regex baseline", "target"), rows)] if rows else []
    if "calibration" in result:
        parts.append(table(("confidence", "attributions", "claimed", "right"), result["calibration"]))
    sizes = [(int(size), seconds, seconds / int(size) * 1e6) for size, seconds in result["size"].items()]
    return "\n\n".join([*parts, table(("characters", "seconds", "seconds per million"), sizes)])
