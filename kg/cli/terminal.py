"""The review in a terminal: one candidate after the other in its context, one letter for a decision.

The letters come from the keyboard, or from a pipe: `echo aarq | kg review CASE --terminal` accepts two and rejects one.
"""

from __future__ import annotations

import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from kg.cli.printing import visible
from kg.curation.recordfile import RecordFile
from kg.curation.review import Desk, Item, Judgement, Names, Review
from kg.errors import CheckError, KgError, NotFoundError, RecordError
from kg.records import Record, parse, text, values
from kg.web.highlight import Segment, Spot, excerpts, segments

try:
    import termios
except ImportError:  # where there are none, letters are read line by line
    termios = None  # type: ignore[assignment]

#: How many characters are shown before and behind a passage.
AROUND = (240, 600)
STATEMENTS = "[a]ccept [e]dit [r]eject [m]erge [n]ext [b]ack [u]ndo [q]uit"
JUDGEMENTS = "[s]ame [d]ifferent [n]ext [b]ack [u]ndo [q]uit"
_ARROWS = {"\x1b[C": "n", "\x1b[B": "n", "\x1b[D": "b", "\x1b[A": "b", "\x04": ""}
_STYLES = {"passage": "on grey23", "content": "bold on grey23", "speaker": "bold cyan on grey23", "cue": "italic magenta on grey23"}
#: What a person decides by, in this order; the rest of a record is for the machine.
_SHOWN = (
    *("type", "speaker", "capacityAsWorded", "addressee", "about", "topic", "saidOn", "saidInMonth", "saidInYear"),
    *("dueDate", "dueMonth", "dueYear", "mode", "summary", "quote", "figures", "repeats", "conveyedBy", "note"),
)


class Keys:
    """What is typed: single keys of a keyboard, or the letters and lines of a pipe."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rest = ""
        self.is_keyboard = stream.isatty() and termios is not None

    def key(self) -> str:
        """The next letter; empty where there is no more."""
        while not (rest := self._rest.lstrip()):
            self._rest = self._pressed() if self.is_keyboard else self._stream.readline()
            if not self._rest:
                return ""
        name = next((name for name in _ARROWS if rest.startswith(name)), rest[0])
        self._rest = rest[len(name) :]
        return _ARROWS.get(name, name)

    def _pressed(self) -> str:
        return os.read(self._stream.fileno(), 64).decode("utf-8", "ignore")

    def line(self) -> str:
        """What stands on the rest of the line, else on the next one."""
        found, self._rest = self._rest.strip(), ""
        with self.single(False):
            return found or self._stream.readline().strip()

    @contextmanager
    def single(self, on: bool = True) -> Iterator[None]:
        """Keys come as they are pressed; where that is not ``on``, lines come whole, as a question or an editor needs it."""
        if not self.is_keyboard:
            yield
            return
        handle, by_line = self._stream.fileno(), termios.ICANON | termios.ECHO
        before = termios.tcgetattr(handle)
        local = before[3] & ~by_line if on else before[3] | by_line
        termios.tcsetattr(handle, termios.TCSADRAIN, [*before[:3], local, *before[4:]])
        try:
            yield
        finally:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)


def edit(lines: str) -> str | None:
    """What the person's editor ($VISUAL, $EDITOR) made of the lines; None where it was left without saving."""
    try:
        return click.edit(lines, extension=".yaml")
    except click.ClickException as error:
        raise KgError(error.format_message(), "name your editor in $EDITOR") from None


@dataclass
class Terminal:
    """The dialogue over a review: it shows, asks, decides, until nothing is open or somebody quits."""

    review: Review
    keys: Keys = field(default_factory=lambda: Keys(sys.stdin or io.StringIO()))
    console: Console = field(default_factory=Console)
    edit: Callable[[str], str | None] = edit
    refused: int = 0

    def run(self) -> int:
        """How many decisions were refused; none at a keyboard, where one sees it."""
        with self.keys.single():
            if self._statements() and any(one.state == "open" for one in self.review.desk().judgements):
                self._judgements()
        done = Counter(one.told.partition(":")[0].lower() for one in self.review.done)
        desk = self.review.desk()
        told = ", ".join(f"{count} {what}" for what, count in done.items()) or "nothing decided"
        self.console.print(f"{told}; {desk.decided} of {len(desk.items)} decided", style="dim")
        return 0 if self.keys.is_keyboard else self.refused

    # ------------------------------------------------------------ Statements

    def _statements(self) -> bool:
        """Go through the statements; False where somebody quits."""
        at, shown = "", None
        while True:
            desk = self.review.desk()
            queue = desk.pick()
            if not queue:
                self.console.print("Nothing is open." if desk.items else "Nothing was proposed: `kg extract` reads the documents.")
                return True
            item = next((one for one in queue if one.id == at), None) or desk.next(at, queue) or queue[0]
            if shown != (item.id, desk.version):
                self._show(desk, item, queue.index(item) + 1, len(queue))
            at, shown = item.id, (item.id, desk.version)
            key = self._ask(STATEMENTS)
            if key in ("q", ""):
                return False
            if key in ("n", "b"):
                following = desk.next(item.id, queue, 1 if key == "n" else -1)
                at = following.id if following else at
            elif not self._try(lambda: self._statement(key, desk, item)):  # noqa: B023 - called at once
                continue
            elif key == "u" and self._is_item(self._undone):
                at = self._undone

    def _statement(self, key: str, desk: Desk, item: Item) -> str:
        if key == "a":
            return self.review.accept(item.id, {}, desk.version)
        if key == "r":
            return self.review.reject(item.id, desk.version)
        if key == "u":
            return self._undo()
        if key == "e":
            return self._edit(desk, item)
        if key == "m":
            return self._merge(desk, item)
        raise KgError(f"`{key}` is no command", STATEMENTS)

    def _edit(self, desk: Desk, item: Item) -> str:
        """The record is edited as it stands in its file; what is saved is kept, and decided on afterwards."""
        lines = RecordFile(Path(item.record.file)).lines(item.id)
        with self.keys.single(False):
            written = self.edit(lines)
        if written is None or written == lines:
            return "Left as it was"
        old, new = parse(lines)[0], parse(written, "what was edited")
        if len(new) != 1 or new[0].id != item.id:
            raise RecordError("what was edited", 1, "not the one record with its `id`", "leave the `id` as it is")
        changes: dict[str, Any] = {name: new[0].get(name) for name in (*old, *new[0]) if old.get(name) != new[0].get(name)}
        return self.review.edit(item.id, changes, desk.version) if changes else "Left as it was"

    def _merge(self, desk: Desk, item: Item) -> str:
        self._say(f"{desk.label(item.speaker)} is (name or identifier): ")
        into = Names(desk.case).identifier(self.keys.line(), "speaker")
        if desk.known(into) is None or into == item.speaker:
            raise NotFoundError(f"nobody is called `{into}`", "name an actor by its label or identifier")
        return self.review.merge(item.speaker, into, desk.version)

    def _show(self, desk: Desk, item: Item, place: int, of: int) -> None:
        self.console.print(Rule(f"{place} of {of} · {item.id.partition('/')[2]}", align="left", style="dim"))
        document = desk.documents.get(item.report)
        if document is None:
            self.console.print("The document is not at hand: name its folder with --sources.", style="dim")
        else:
            parts = [Spot(*span, name) for name, span in item.parts(document.text).items()]
            spots = [*parts, *(Spot(*span, "passage") for span in item.passages)]
            for low, high in excerpts(document.text, [spot for spot in spots if spot.name == "passage"], AROUND):
                self.console.print(self._marked(segments(document.text, spots, low, high)))
        self.console.print()
        self.console.print(Text.assemble((item.sure, "bold"), f" ({item.confidence:.0%}), rule {text(item.record, 'rule') or 'none'}"))
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim")
        grid.add_column(overflow="fold")
        for name, value in _rows(desk, item.record):
            grid.add_row(name, Text(visible(value)))
        self.console.print(grid)

    def _marked(self, found: list[Segment]) -> Text:
        """The text with its passages marked: in colours, or, where there are none, between » and «."""
        shown, inside = Text(), False
        for one in found:
            if inside is not ("passage" in one.names):
                inside = not inside
                shown.append("" if self.console.is_terminal else "»" if inside else "«")
            shown.append(visible(one.text), _style(one.names))
        return shown.append("«" if inside and not self.console.is_terminal else "")

    # ------------------------------------------------------------ Judgements

    def _judgements(self) -> None:
        at = 0
        while open_ := [one for one in self.review.desk().judgements if one.state == "open"]:
            judgement = open_[at % len(open_)]
            self._show_judgement(judgement)
            key = self._ask(JUDGEMENTS)
            if key in ("q", ""):
                return
            if key in ("n", "b"):
                at += 1 if key == "n" else -1
            else:
                self._try(lambda: self._judgement(key, judgement))  # noqa: B023 - called at once

    def _judgement(self, key: str, judgement: Judgement) -> str:
        version = self.review.desk().version
        if key == "s":
            return self.review.judge(judgement.id, "same", version)
        if key == "d":
            return self.review.judge(judgement.id, "different", version)
        if key == "u":
            return self._undo()
        raise KgError(f"`{key}` is no command", JUDGEMENTS)

    def _show_judgement(self, judgement: Judgement) -> None:
        self.console.print(Rule("one and the same?", align="left", style="dim"))
        for actor, said in zip(judgement.actors, judgement.said, strict=False):
            known = "not in the case yet" if "reviewStatus" in actor else "in the case"
            self.console.print(Text.assemble((text(actor, "label"), "bold"), f"  {actor.id}, {known}"))
            for one in said[:5]:
                self.console.print(Text(f"    {text(one, 'summary') or text(one, 'quote')}"))
        self.console.print(Text(f"why: {text(judgement.record, 'reason')}", style="italic"))

    # ------------------------------------------------------------ Both

    _undone: str = ""

    def _undo(self) -> str:
        done = self.review.undo()
        self._undone = done.identifier
        return f"Undone: {done.told[0].lower()}{done.told[1:]}"

    def _is_item(self, identifier: str) -> bool:
        return any(item.id == identifier for item in self.review.desk().items)

    def _ask(self, commands: str) -> str:
        self._say(f"{commands} > ")
        key = self.keys.key()
        self.console.print(key if key.isprintable() else "", markup=False)
        return key

    def _say(self, question: str) -> None:
        self.console.print(question, end="", style="bold", markup=False, highlight=False)

    def _try(self, decide: Callable[[], str]) -> bool:
        """Decide and tell what was done, or why not."""
        try:
            self.console.print(Text(decide(), style="green"))
        except CheckError as error:
            for finding in error.findings:
                self.console.print(Text(f"{finding.message} - {finding.remedy}", style="red"))
        except KgError as error:
            self.console.print(Text(str(error), style="red"))
        else:
            return True
        self.refused += 1
        return False


def _style(names: tuple[str, ...]) -> str:
    return next((_STYLES[name] for name in ("speaker", "cue", "content", "passage") if name in names), "")


def _rows(desk: Desk, record: Record) -> list[tuple[str, str]]:
    rows = []
    for name in _SHOWN:
        shown = ", ".join(_value(desk, value) for value in values(record, name))
        if name == "speaker":
            new = ", not in the case yet" if shown and text(record, name) not in desk.case.index else ""
            shown = (shown or "nobody named") + new + (f" (“{worded}”)" if (worded := text(record, "speakerAsWorded")) else "")
        if shown or name == "summary":
            rows.append((name, shown or "none yet: edit it in"))
    return rows


def _value(desk: Desk, value: Any) -> str:
    if isinstance(value, Record):
        return " ".join(f"{name} {desk.label(str(inner))}" for name, inner in value.items() if name not in ("id", "type"))
    return desk.label(value)
