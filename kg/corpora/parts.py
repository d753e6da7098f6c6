"""Parts: what was read out of a corpus, as files of N-Quads that one after the other are finished, kept and verified.

    OUT/
      manifest.json            what was read, with what, and what came of it; ``complete`` once every part is there
      parts/part-00000.nq      sorted N-Quads: one named graph a document
      parts/part-00000.json    the part's digest, the digest of its documents, and which of them failed
      lock                     held while parts are written

The same documents, rules and base give the same bytes, whichever machine writes a part and however often it was stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from kg import files
from kg.corpora.corpus import PART, Corpus, Item
from kg.errors import DocumentError, ExtractionError, KgError

MANIFEST = "manifest.json"
PARTS = "parts"
FORMAT = 1
#: The libraries that read documents.
_LIBRARIES = ("pypdfium2", "python-docx", "trafilatura")


@dataclass(frozen=True, slots=True)
class Settings:
    """With what a corpus is read: the ``base`` IRI of what is found, the name of the ``extractor``, and the ``form`` of the lines.

    ``form`` is ``quads`` or ``attributions``; ``authored`` is whether those of the document's own author are among the latter.
    """

    base: str = ""
    extractor: str = "rules"
    form: str = "quads"
    authored: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one document: its ``lines``, how many ``statements`` they hold, and why it ``failed``, if it did.

    ``digest`` is that of what it was read from.
    """

    name: str
    digest: str = ""
    lines: bytes = b""
    statements: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part holds, as the manifest lists it."""

    part: str
    documents: int
    statements: int
    bytes: int
    sha256: str
    input: str
    failed: list[dict[str, str]]


def read(item: Item, settings: Settings) -> Result:
    """What came of a document, whatever it is: no document keeps others from being read."""
    from kg.extraction.quads import lines
    from kg.extraction.rows import rows
    from kg.extractors import reader

    name, source = item.name, item.digest()
    extract = reader(settings.extractor)
    try:
        name, document = item.read()
        extraction = extract(document, None)
        if settings.form == "quads":
            found = lines(name, document, extraction, settings.base)
            return Result(name, source, "".join(found).encode("utf-8"), len(extraction.candidates))
        found = rows(name, document, extraction, settings.authored)
        return Result(name, source, "".join(found).encode("utf-8"), len(found))
    except DocumentError as error:
        name = name if item.path else error.file
        return Result(name, source, failed=error.message.removeprefix(f"{error.file}: "))
    except KgError as error:
        return Result(name, source, failed=error.message)
    except Exception as error:
        return Result(name, source, failed=f"{type(error).__name__}: {error}")


def finish(out: Path, number: int, results: Iterable[Result]) -> Part:
    """The part that the results of its documents come to, written; a part that is there is whole."""
    results = list(results)
    content = b"".join(sorted({line for result in results for line in result.lines.splitlines(keepends=True)}))
    name = _name(number)
    part = Part(
        part=name,
        documents=sum(not result.failed for result in results),
        statements=sum(result.statements for result in results),
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        input=_input(result.digest for result in results),
        failed=[{"document": result.name, "reason": result.failed} for result in results if result.failed],
    )
    files.write(out / PARTS / name, content)
    files.write((out / PARTS / name).with_suffix(".json"), _json(asdict(part)))
    return part


def kept(out: Path, number: int, items: Iterable[Item]) -> Part | None:
    """The part if it is there as it was written and its documents are as they were; else it is to be done again."""
    path = out / PARTS / _name(number)
    try:
        part = Part(**json.loads(path.with_suffix(".json").read_bytes()))
        whole = hashlib.sha256(path.read_bytes()).hexdigest() == part.sha256
    except (OSError, ValueError, TypeError):
        return None
    return part if whole and part.input == _input(item.digest() for item in items) else None


def _name(number: int) -> str:
    return f"part-{number:05}.nq"


def _input(digests: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


@cache
def rules() -> str:
    """The version of the rules: the first digits of the digest of all code, and all libraries' versions, that a reading depends on."""
    root, digest = Path(__file__).parent.parent, hashlib.sha256()
    for path in sorted([*root.glob("extraction/**/*.py"), *root.glob("documents/**/*.py"), root / "curation" / "proposals.py"]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {installed(library)}\n".encode())
    return digest.hexdigest()[:12]


def head(corpus: Corpus, settings: Settings) -> dict[str, Any]:
    """What the manifest says before anything was read: what another run must have in common to go on with this one."""
    from kg.extractors import version

    return {
        "format": FORMAT,
        "complete": False,
        "kg": installed("accountability-kg"),
        "rules": rules(),
        "extractor": " ".join(filter(None, (settings.extractor, version(settings.extractor)))),
        "base": settings.base,
        "documents per part": PART,
        "input": corpus.identity,
    }


@contextmanager
def opened(out: Path, head: dict[str, Any]) -> Iterator[None]:
    """The folder, made or taken up again; nobody else writes in it meanwhile.

    Raises ``ExtractionError`` where it holds something else, or where it cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file() and {path.name for path in out.iterdir()} != {"lock"}:
            raise ExtractionError(f"{out}: holds something else than an extraction", "name a new or empty folder with -o")
        (out / PARTS).mkdir(parents=True, exist_ok=True)
        with FileLock(out / "lock", timeout=0):
            if (out / MANIFEST).is_file():
                _compare(out, head)
            else:
                files.write(out / MANIFEST, _json(head))
            yield
    except Timeout:
        raise ExtractionError(f"{out}: another extraction is writing here", "wait for it, or name another folder with -o") from None
    except OSError as error:
        raise ExtractionError(f"{out}: {error.strerror or error}", "free some space, or name another folder with -o") from None


def _compare(out: Path, head: dict[str, Any]) -> None:
    try:
        there = json.loads((out / MANIFEST).read_bytes())
        other = [name for name, value in head.items() if name != "complete" and there.get(name) != value]
    except (ValueError, AttributeError):
        other = ["manifest"]
    if other:
        name = other[0]
        was, now = (_short(data.get(name)) if name != "manifest" else "" for data in (there, head))
        what = f"`{name}` was {was} and is {now}" if name != "manifest" else "its manifest cannot be read"
        raise ExtractionError(f"{out}: holds another extraction: {what}", "name another folder with -o, or remove this one to begin again")


def _short(value: Any) -> str:
    return f"{value.get('name')} ({value.get('files')} files, {str(value.get('sha256'))[:12]})" if isinstance(value, dict) else str(value)


def close(out: Path, head: dict[str, Any], parts: Iterable[Part]) -> dict[str, Any]:
    """The finished manifest, written; what a run that was killed left half written is removed."""
    listed = sorted(parts, key=lambda part: part.part)
    for path in (*out.glob(".*.part"), *(out / PARTS).glob(".*.part")):
        path.unlink()
    manifest = head | {
        "complete": True,
        "documents": sum(part.documents for part in listed),
        "statements": sum(part.statements for part in listed),
        "failed": sum(len(part.failed) for part in listed),
        "parts": [asdict(part) for part in listed],
    }
    files.write(out / MANIFEST, _json(manifest))
    return manifest
