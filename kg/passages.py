"""Passages: where a statement's words stand in a document, found for a curator and verified to the letter.

A passage is ``start`` and ``end`` in code points of the canonical text (end exclusive) and the SHA-256 of the text between
them: the position selector and the state of the Web Annotation model (https://www.w3.org/TR/annotation-model/#selectors).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from kg import files
from kg.cases import read_case
from kg.documents import Document, digest
from kg.errors import Finding, PassageError
from kg.records import Record, parse, values

ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s+|\s+(?:…|\.\.\.)\s*")
SHOWN = 12
REMEDY = "mend `start` and `end`, or write the words and run `kg passage --write`"


class Passage(NamedTuple):
    """Offsets into a canonical text, in code points, end exclusive, and the digest of the text between them."""

    start: int
    end: int
    digest: str

    def __str__(self) -> str:
        """The passage as it stands in a record."""
        return f"{{start: {self.start}, end: {self.end}, digest: {self.digest}}}"


def find(text: str, words: str) -> list[Passage]:
    """Every place where the words stand, in the order of the text; white space matches any white space.

    ``first words … last words`` stands for all from the first to the nearest last ones.

    >>> [passage[:2] for passage in find("He said no. She said no.", "said … no")]
    [(3, 10), (16, 23)]
    """
    parts = [part for part in ELLIPSIS.split(words.strip(), maxsplit=1) if part.strip()]
    if not parts:
        return []
    patterns = [r"\s+".join(map(re.escape, part.split())) for part in parts]
    found = []
    for match in re.finditer(patterns[0], text):
        last = re.compile(patterns[-1]).search(text, match.end()) if len(patterns) > 1 else match
        if last:
            found.append(Passage(match.start(), last.end(), digest(text[match.start() : last.end()])))
    return found


def locate(text: str, words: str, after: int = 0) -> Passage:
    """The first place at or behind ``after`` where the words stand, else the first of all.

    Raises ``PassageError`` where they stand nowhere; it carries the longest beginning of them that does stand.

    >>> locate("one two three", "two")[:2]
    (4, 7)
    """
    found = find(text, words)
    bare = words.strip()
    if not bare or bare.startswith(("…", "...")) or bare.endswith(("…", "...")):
        raise PassageError(words, f"`{shorten(words)}` does not say where the passage begins and ends", "write `first words … last words`")
    if len(found) > 1 and found[-1].start < after:
        places = ", ".join(f"{passage.start}-{passage.end}" for passage in found)
        raise PassageError(words, f"`{shorten(words)}` stands at {places}, all before the passage above", "write more of the words")
    if not found:
        beginning = _longest_beginning(text, words)
        hint = f"only `{beginning}` stands there" if beginning else "copy the words from the document, with its own quotation marks"
        raise PassageError(words, f"`{shorten(words)}` does not stand in the document", hint, beginning)
    return next((passage for passage in found if passage.start >= after), found[0])


def _longest_beginning(text: str, words: str) -> str:
    split = words.split()
    for size in range(len(split) - 1, 0, -1):
        beginning = " ".join(split[:size])
        if find(text, beginning):
            return beginning
    return ""


def shorten(text: str) -> str:
    """The text on one line, cut in the middle where it is longer than a line."""
    words = text.split()
    half = SHOWN // 2
    return " ".join(words if len(words) <= SHOWN else [*words[:half], "…", *words[-half:]])


def verify(statement: Record, document: Document) -> Iterator[Finding]:
    """What is wrong with the statement's passages and quotes against its document; nothing where all is right.

    Passages whose numbers are not numbers are left to the checks of records and shapes.
    """
    texts: list[str] = []
    for passage in values(statement, "passage"):
        if not isinstance(passage, Record) or not {"start", "end"} <= passage.keys():
            return
        try:
            start, end = int(passage["start"]), int(passage["end"])
        except (TypeError, ValueError):
            return
        if not 0 <= start < end:
            return
        text = document.text[start:end]
        if end > len(document.text) or digest(text) != passage.get("digest"):
            message = f"at {start}-{end} of {document.name} stands “{shorten(text)}”"
            yield Finding(passage.file, passage.line, statement.id, message, _elsewhere(statement, document, passage))
            return
        texts.append(text)
    for quote in values(statement, "quote") if texts else ():
        if isinstance(quote, str) and not any(quote in text for text in texts):
            stands = "” and “".join(map(shorten, texts))
            message = f"“{quote}” does not stand in its passage, there stands “{stands}”"
            yield statement.finding("quote", message, "copy the quote to the letter, or widen the passage")


def _elsewhere(statement: Record, document: Document, passage: Record) -> str:
    size = int(passage["end"]) - int(passage["start"])
    for number in range(max(0, len(document.text) - size + 1)) if size < 20_000 and len(document.text) < 2_000_000 else ():
        if passage.get("digest") == digest(document.text[number : number + size]):
            return f"the passage with this digest is at {number}-{number + size}"
    for quote in values(statement, "quote"):
        if isinstance(quote, str) and (found := find(document.text, quote)):
            return f"the quote stands at {found[0].start}-{found[0].end}; {REMEDY}"
    return REMEDY


def write(yaml_text: str, document: Document) -> tuple[str, int, list[PassageError]]:
    """The YAML text with each passage that is given in words replaced by its offsets; how many; and those not found.

    Words are looked for in reading order: at or behind the passage before. Everything else in the text stays as it is.

    Raises ``RecordError`` where the text cannot be read as records.
    """
    parse(yaml_text)
    lines = yaml_text.splitlines(keepends=True)
    begins = [0]
    for line in lines:
        begins.append(begins[-1] + len(line))
    pieces, at, after, count, missing = [], 0, 0, 0, []
    for node, known in _passage_nodes(yaml_text):
        if known is not None:
            after = known
            continue
        try:
            passage = locate(document.text, node.value, after)
        except PassageError as error:
            missing.append(PassageError(error.words, f"line {node.start_mark.line + 1}: {error.message}", error.remedy, error.nearest))
            continue
        start = begins[node.start_mark.line] + node.start_mark.column
        end = begins[node.end_mark.line] + node.end_mark.column
        end = start + len(yaml_text[start:end].rstrip())  # a block scalar ends where the next line begins
        pieces += [yaml_text[at:start], str(passage)]
        at, after, count = end, passage.start, count + 1
    return "".join([*pieces, yaml_text[at:]]), count, missing


def fill(folder: str | Path, sources: str | Path | None = None) -> Iterator[tuple[Path, int, list[PassageError]]]:
    """Each statements file of a case that was rewritten by ``write``: its path, how many passages, and those not found.

    Raises ``RecordError`` and ``DocumentError`` where the case or its documents cannot be read.
    """
    case = read_case(folder)
    documents, _ = case.documents(sources)
    for file, records in case.files.items():
        document = documents.get(records[0].id) if records and "statements" in records[0] else None
        if document is None:
            continue
        path = case.folder / file
        text = path.read_bytes().decode("utf-8")
        filled, count, missing = write(text, document)
        if count:
            files.write(path, filled)
        if count or missing:
            yield path, count, missing


def _passage_nodes(yaml_text: str) -> Iterator[tuple[yaml.ScalarNode, int | None]]:
    """Each passage given in words (and None), and each given in offsets (and its start), in the order of the text."""
    stack = [yaml.compose(yaml_text, Loader=yaml.CBaseLoader)]
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.SequenceNode):
            stack.extend(reversed(node.value))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == "passage":
                    for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                        if isinstance(item, yaml.ScalarNode):
                            yield item, None
                        else:
                            start = next((inner.value for name, inner in item.value if name.value == "start"), "")
                            if start.isdigit():
                                yield item, int(start)
            stack.extend(value for key, value in reversed(node.value) if key.value != "passage")
