"""The text of one YAML file of records, edited as a careful hand would: a record or a field at a time, all else as it stands.

Comments, order, blank lines and line ends are kept, so that the difference shows a decision and nothing else. What is new is
written in the style of the files that are there: lists in flow style, nested records below their field, a passage on one line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kg import files
from kg.errors import RecordError
from kg.records import parse
from kg.vocabulary import terms

#: The order in which the fields of a record stand; a field that is not named here comes last.
ORDER = (
    *("id", "type", "reviewStatus", "label", "honorific", "alias", "description", "between", "judgement"),
    *("speaker", "speakerAsWorded", "capacityAsWorded", "reporter", "author", "publisher", "addressee", "about", "topic"),
    *("saidOn", "saidInMonth", "saidInYear", "publishedOn", "publishedInMonth", "publishedInYear", "dueDate", "dueMonth", "dueYear"),
    *("mode", "certainty", "summary", "quote", "passage", "document", "digest", "characters", "reader", "respondsTo", "conveyedBy"),
    *("repeats", "accepts", "disputes", "contradicts", "bearsOn", "originatesFrom", "source", "reason", "note"),
    *("cue", "rule", "confidence", "decidedBy", "decidedOn", "posts", "tenures", "figures", "updates", "statements"),
)
_PLACE = {name: number for number, name in enumerate(ORDER)}
#: Fields whose value is a list of records, in the files that are no list themselves.
LISTS = ("statements", "sources")
_SIGNS = tuple("-?:,[]{}#&*!|>'\"%@`")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_RESOLVER = yaml.resolver.Resolver()


def scalar(text: str, flow: bool = False) -> str:
    """The text as YAML that reads back as the same text: bare where it can be, else in quotation marks.

    >>> print(scalar("statement/a/1-2"), scalar("He said: no"), scalar("a, b", flow=True), scalar("it's: so"))
    statement/a/1-2 'He said: no' 'a, b' "it's: so"
    """
    if _UNSEEN.search(text):
        return '"' + "".join(_escape(char) for char in text) + '"'
    odd = not text or text != text.strip() or text.startswith(_SIGNS) or ": " in text or " #" in text or text.endswith(":")
    if not odd and not (flow and re.search(r"[,\[\]{}]", text)):
        return text
    return f'"{text}"' if "'" in text and '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


def _escape(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    return f"\\u{ord(char):04X}" if _UNSEEN.match(char) else char


def emit(record: Mapping[str, Any], indent: int = 0) -> str:
    """The fields of a record as lines, in the order of ``ORDER``, each indented; a field that holds nothing is left out.

    >>> print(emit({"type": ["Claim", "Criticism"], "id": "statement/a/1", "passage": {"start": 1, "end": 2, "digest": "ab"}}), end="")
    id: statement/a/1
    type: [Claim, Criticism]
    passage: {start: 1, end: 2, digest: ab}
    """
    named = sorted(record, key=lambda name: _PLACE.get(name, len(ORDER)))
    return "".join(_field(name, record[name], indent) for name in named if record[name] not in (None, "", [], ()))


def _field(name: str, value: Any, indent: int) -> str:
    begin = " " * indent + name + ":"
    if isinstance(value, list | tuple) and name != "passage" and any(isinstance(item, Mapping) for item in value):
        return f"{begin}\n" + "".join(item(emit(inner), indent) for inner in value)
    if isinstance(value, Mapping | list | tuple):
        return f"{begin} {_flow(value)}\n"
    text = str(value)
    term = terms().get(name)
    if term is not None and term.kind == "text" and _resolved(text) != "tag:yaml.org,2002:str":
        return f'{begin} "{text}"\n'  # so that no other reader takes the words for a number or a date
    return f"{begin} {scalar(text)}\n"


def _resolved(text: str) -> str:
    """What a reader of YAML that knows types takes the bare text for."""
    return str(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return scalar(str(value), flow=True)


def item(lines: str, indent: int = 0) -> str:
    """The lines of a record as an item of a list whose dashes are indented so far.

    >>> print(item("id: a\\ntype: Claim\\n", 2), end="")
      - id: a
        type: Claim
    """
    inside = "".join(" " * (indent + 2) + line if line.strip() else line for line in lines.splitlines(keepends=True))
    return " " * indent + "- " + inside[indent + 2 :]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a text: its ``identifier``, where its lines begin and end, how far its fields are indented, where its passage starts.

    ``fields`` gives of each field where its lines begin and end.
    """

    identifier: str
    start: int
    end: int
    indent: int
    passage: int
    fields: dict[str, tuple[int, int]]


def edit(lines: str, changes: Mapping[str, Any]) -> str:
    """The lines of a record with other values in some fields; a new field stands where it belongs, None takes one out.

    >>> print(edit("id: a\\nmode: direct # so\\nnote: b\\n", {"mode": None, "note": "c", "type": "Claim"}), end="")
    id: a
    type: Claim
    note: c
    """
    node = _composed(lines)
    if isinstance(node, yaml.CollectionNode) and node.flow_style:  # all on one line, in brackets
        return edit(emit(parse(lines)[0]), changes)
    fields = _entry(lines, node).fields
    splices = []
    for name in sorted(changes, key=_place):
        at = fields.get(name) or (max((end for other, (_, end) in fields.items() if _place(other) <= _place(name)), default=0),) * 2
        splices.append((*at, emit({name: changes[name]})))
    return _spliced(lines, splices)


def _composed(text: str) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.CBaseLoader)
    return node


def _place(name: str) -> int:
    return _PLACE.get(name, len(ORDER))


def _spliced(text: str, splices: Iterable[tuple[int, int, str]]) -> str:
    """The text with each new text in the place of what stands from start to end; of several at one place the first comes first."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    whole = text + (line_end if text and not text.endswith("\n") else "")
    pieces, at = [], 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        pieces += [whole[at : start if start < len(text) else len(whole)], new.replace("\n", line_end)]
        at = end if end < len(text) else len(whole)
    return "".join([*pieces, whole[at:]])


def _entry(text: str, node: Any) -> Entry:
    fields, passage = {}, -1
    for name, value in node.value:
        fields[name.value] = (text.rfind("\n", 0, name.start_mark.index) + 1, _line_end(text, _end(value)))
        if name.value == "passage":
            passage = _passage_start(value)
    identifier = next((str(value.value) for name, value in node.value if name.value == "id"), "")
    start = text.rfind("\n", 0, node.start_mark.index) + 1
    return Entry(identifier, start, max(end for _, end in fields.values()), node.start_mark.column, passage, fields)


def _end(node: yaml.Node) -> int:
    """Where the last thing inside a node ends: the node's own mark stands at the next line, behind comments."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    end: int = node.end_mark.index
    return end


def _line_end(text: str, offset: int) -> int:
    """Behind the line in which the text ends that stands before the offset."""
    found = text.find("\n", len(text[max(0, offset - 1000) : offset].rstrip()) + max(0, offset - 1000))
    return len(text) if found < 0 else found + 1


def _passage_start(node: yaml.Node) -> int:
    node = node.value[0] if isinstance(node, yaml.SequenceNode) and node.value else node
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((int(value.value) for name, value in pairs if name.value == "start" and value.value.isdecimal()), -1)


class RecordFile:
    """One file of records: its ``path``, the bytes that were ``read`` (None where there was no file) and the ``text`` as edited."""

    def __init__(self, path: str | Path) -> None:
        """Read the file, if it is there; raises ``RecordError`` where it cannot be read as records."""
        self.path = Path(path)
        try:
            self.read = self.path.read_bytes() if self.path.exists() else None
            self.text = (self.read or b"").decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(self.path, 0, str(error), "check the file") from None
        parse(self.text, str(self.path))

    @property
    def content(self) -> bytes | None:
        """The bytes as edited; None where nothing is left, so that the file goes."""
        return self.text.encode("utf-8") if self.text else None

    def write(self) -> None:
        """Write what was edited, whole or not at all; a file in which nothing is left is removed.

        Raises ``RecordError`` where somebody else changed the file since it was read, or where it cannot be written.
        """
        parse(self.text, str(self.path))  # what cannot be read is not written, whatever went wrong
        try:
            if (self.path.read_bytes() if self.path.exists() else None) != self.read:
                raise RecordError(self.path, 0, "the file changed since it was read", "read the case again, and decide again")
            if self.content is None:
                self.path.unlink(missing_ok=True)
            elif self.content != self.read:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                files.write(self.path, self.content)
        except OSError as error:
            raise RecordError(self.path, 0, error.strerror or str(error), "check the folder") from None
        self.read = self.content

    def entries(self) -> list[Entry]:
        """The records of the file's list (in a file of statements the statements), in the order of the text."""
        root = _composed(self.text)
        if isinstance(root, yaml.MappingNode):
            root = next((value for name, value in root.value if name.value in LISTS), None)
        if not isinstance(root, yaml.SequenceNode):
            return []
        if root.value and root.flow_style:
            raise RecordError(self.path, root.start_mark.line + 1, "the list of records stands in brackets", "begin each record with `- `")
        return [_entry(self.text, node) for node in root.value if isinstance(node, yaml.MappingNode)]

    def lines(self, identifier: str) -> str:
        """The lines of a record, comments and all, as they would stand without indentation and dash.

        Raises ``RecordError`` where the file has no such record.
        """
        return self._bare(self._find(identifier))

    def _find(self, identifier: str) -> Entry:
        for entry in self.entries():
            if entry.identifier == identifier:
                return entry
        raise RecordError(self.path, 0, f"no record `{identifier}`", "read the case again, and decide again")

    def _bare(self, entry: Entry) -> str:
        whole = self.text[entry.start : entry.end].replace("\r\n", "\n").splitlines(keepends=True)
        whole[0] = whole[0].replace("-", " ", 1)
        return "".join(line[entry.indent :] if not line[: entry.indent].strip() else line for line in whole)

    def add(self, lines: str, after: str | None = None, passage: int | None = None) -> None:
        """Put a record in: behind the record ``after``, or where its ``passage`` starts in reading order, or else at the end."""
        entries = self.entries()
        if not entries:
            self._begin(item(lines))
            return
        place = len(entries)
        if passage is not None:
            place = _slot([entry.passage for entry in entries], passage)
        elif after is not None:
            place = max((number for number, entry in enumerate(entries, 1) if entry.identifier == after), default=place)
        self.text = _spliced(self.text, [self._insertion(entries, place, lines)])

    def _begin(self, items: str) -> None:
        """Put the first records in: into a list, or into the one field that holds records."""
        root = _composed(self.text)
        behind = (len(self.text),) * 2
        if isinstance(root, yaml.SequenceNode):  # an empty one, in brackets
            behind = (root.start_mark.index, root.end_mark.index)
            items = items.removesuffix("\n")
        if not isinstance(root, yaml.MappingNode):
            self.text = _spliced(self.text, [(*behind, items)])
            return
        fields = _entry(self.text, root).fields
        name = next((name for name in LISTS if name in fields), "sources" if "base" in fields else "statements")
        self.text = _spliced(self.text, [(*fields.get(name, behind), f"{name}:\n{items}")])

    def _insertion(self, entries: list[Entry], place: int, lines: str) -> tuple[int, int, str]:
        """How to splice a record in before the one of that number, apart by an empty line where the others are."""
        apart = len(entries) == 1 or self.text[entries[-2].end : entries[-1].start].startswith(("\n", "\r\n"))
        blank, new = "\n" if apart else "", item(lines, entries[0].indent - 2)
        return (entries[place - 1].end,) * 2 + (blank + new,) if place else (entries[0].start,) * 2 + (new + blank,)

    def replace(self, identifier: str, lines: str) -> None:
        """Put other lines in the place of a record's."""
        entry = self._find(identifier)
        if lines != self._bare(entry):
            self.text = _spliced(self.text, [(entry.start, entry.end, item(lines, entry.indent - 2))])

    def remove(self, identifier: str) -> None:
        """Take a record out; comments around it stay, unless it was the last one: then nothing is left of the file."""
        entry = self._find(identifier)
        self.merge({}, frozenset(other.identifier for other in self.entries()) - {entry.identifier})

    def merge(self, wanted: Mapping[str, tuple[int, str]], kept: Container[str]) -> None:
        """Let the list hold those ``kept``, as they are, and the ``wanted`` records (where they begin, their lines), and no other.

        A record that is there already stays where it is.
        """
        entries, splices, stay = self.entries(), [], []
        for entry in entries:
            _, lines = wanted.get(entry.identifier, (0, ""))
            if entry.identifier in kept:
                stay.append(entry)
            elif lines:
                stay.append(entry)
                if lines != self._bare(entry):
                    splices.append((entry.start, entry.end, item(lines, entry.indent - 2)))
            else:
                splices.append((entry.start, _behind_blank(self.text, entry.end), ""))
        there = {entry.identifier for entry in stay}
        new = sorted((place, number, lines) for number, (name, (place, lines)) in enumerate(wanted.items()) if name not in there)
        starts = [entry.passage for entry in stay]
        splices += [self._insertion(stay, bisect_right(starts, place), lines) for place, _, lines in new if stay]
        self.text = _spliced(self.text, splices)
        if entries and entries[-1] not in stay:
            self.text = _spliced(self.text.rstrip(), [])
        if not stay and new:
            self._begin("\n".join(item(lines) for _, _, lines in new))
        elif not stay:
            self.text = ""

    def rename(self, old: str, new: str, fields: Container[str]) -> None:
        """Write ``new`` wherever one of these fields holds the identifier ``old``; in a list that has both, once."""
        if old in self.text:
            self.text = _spliced(self.text, _renamed(self.text, _composed(self.text), old, new, fields))


def _slot(starts: list[int], start: int) -> int:
    """Before which of the records one that starts there comes in reading order, where the fewest stand the wrong way round."""
    wrong = least = sum(other < start for other in starts)  # before the first
    slot = 0
    for number, other in enumerate(starts, 1):
        wrong += 1 if other > start else -1 if other < start else 0
        if wrong <= least:
            slot, least = number, wrong
    return slot


def _behind_blank(text: str, offset: int) -> int:
    """Behind the empty lines that begin at the offset."""
    found = re.compile(r"(?:[ \t]*\r?\n)*").match(text, offset)
    return found.end() if found else offset


def _renamed(
    text: str, node: yaml.Node | None, old: str, new: str, fields: Container[str], name: str = ""
) -> Iterator[tuple[int, int, str]]:
    """How to splice a new identifier in for an old one."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _renamed(text, value, old, new, fields, key.value)
    elif isinstance(node, yaml.SequenceNode):
        held = [item.value for item in node.value if isinstance(item, yaml.ScalarNode)] if name in fields else []
        if old in held and new in held and node.flow_style:
            yield node.start_mark.index, node.end_mark.index, _flow([one for one in held if one != old])
            return
        for item in node.value:
            if item.value == old and new in held:
                yield text.rfind("\n", 0, item.start_mark.index) + 1, _line_end(text, item.end_mark.index), ""
            else:
                yield from _renamed(text, item, old, new, fields, name)
    elif isinstance(node, yaml.ScalarNode) and name in fields and node.value == old:
        yield node.start_mark.index, node.end_mark.index, new
