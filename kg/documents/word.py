"""Word documents: headings, paragraphs, lists and tables in their order."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO

import docx
from docx.document import Document as Word
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from kg.documents.document import Metadata, Reading, UnreadableError, author

READER = f"python-docx {version('python-docx')} (kg docx 1)"
#: What a document may come to when it is unpacked.
LARGEST = 256 * 1024 * 1024

_BROKEN = "no Word document that can be read"
_REMEDY = "open it in Word and save it as .docx again"


def read(raw: bytes) -> Reading:
    """The reading of a Word document; raises ``UnreadableError`` where it is none, or unpacks to more than it may."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
        if size > LARGEST:
            raise UnreadableError(f"unpacks to more than {LARGEST >> 20} MiB", "split the document, and leave out its pictures")
        if "[Content_Types].xml" not in names:
            raise UnreadableError("a ZIP archive, but no Word document", "unpack it, and name the document in it")
        found = docx.Document(BytesIO(raw))
        blocks = [block for block in _blocks(found) if block.strip(" |•")]
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        etree.LxmlError,
        KeyError,
        ValueError,
        OSError,
        RecursionError,
        AttributeError,
    ) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(f"{_BROKEN} ({type(error).__name__})", _REMEDY) from None
    return Reading("\n\n".join(blocks) + "\n" if blocks else "", READER, _metadata(found))


def _metadata(found: Word) -> Metadata:
    about = found.core_properties
    return Metadata(about.title or "", author(about.author or ""), language=about.language or "")


def _blocks(found: Word) -> Iterator[str]:
    """Paragraphs, items and rows, in order."""
    counts: Counter[tuple[str, str]] = Counter()
    signs = _signs(found)
    for block in found.iter_inner_content():
        if isinstance(block, Paragraph):
            yield _mark(block, signs, counts) + _words(block.text)
        else:
            yield from _rows(block)


def _rows(table: Table) -> Iterator[str]:
    for row in table._tbl.tr_lst:
        yield " | ".join(_words(_Cell(cell, table).text) for cell in row.tc_lst)


def _words(text: str) -> str:
    return " ".join(text.split())


def _signs(found: Word) -> dict[str, dict[str, str]]:
    """How each level of each list is numbered: ``bullet``, ``decimal``, ``lowerLetter`` …"""
    try:
        root = found.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    forms: dict[str, dict[str, str]] = {}
    for abstract in root.iterchildren(qn("w:abstractNum")):
        levels = forms.setdefault(abstract.get(qn("w:abstractNumId")), {})
        for level in abstract.iterchildren(qn("w:lvl")):
            for form in level.iterchildren(qn("w:numFmt")):
                levels[level.get(qn("w:ilvl"))] = form.get(qn("w:val"))
    made = {}
    for number in root.iterchildren(qn("w:num")):
        for abstract in number.iterchildren(qn("w:abstractNumId")):
            made[number.get(qn("w:numId"))] = forms.get(abstract.get(qn("w:val")), {})
    return made


def _mark(paragraph: Paragraph, signs: dict[str, dict[str, str]], counts: Counter[tuple[str, str]]) -> str:
    """The sign or number that Word shows before an item of a list; nothing before other paragraphs."""
    style = paragraph.style
    paths = (paragraph._p, style.element if style is not None else None)
    found = next((each for path in paths if path is not None for each in path.xpath("./w:pPr/w:numPr")), None)
    if found is None:
        return ""
    kinds = {child.tag: child.get(qn("w:val"), "0") for child in found}
    number, level = kinds.get(qn("w:numId"), "0"), kinds.get(qn("w:ilvl"), "0")
    if number == "0":
        return ""
    form = signs.get(number, {}).get(level, "bullet")
    if form == "none":
        return ""
    if form == "bullet":
        return "• "
    counts[number, level] += 1
    for deeper in "123456789":
        if deeper > level:
            counts.pop((number, deeper), None)
    count = counts[number, level]
    return f"({chr(97 + (count - 1) % 26)}) " if form == "lowerLetter" else f"{count}. "
