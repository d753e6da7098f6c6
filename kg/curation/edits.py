"""Edits: the files of a case that a decision changes, each read once, and written all or none."""

from __future__ import annotations

from pathlib import Path

from kg import files
from kg.cases import CANDIDATES, CASE_FILE, Case
from kg.curation.recordfile import RecordFile
from kg.records import Record
from kg.vocabulary import terms

#: Where records of a type go that the case has none of yet; reports where nothing else is said.
HOMES = {"Person": "actors.yaml", "Group": "actors.yaml", "Institution": "institutions.yaml", "Judgement": "judgements.yaml"}


def references() -> frozenset[str]:
    """The fields that hold identifiers of records."""
    return frozenset(name for name, term in terms().items() if term.kind == "reference") - {"passage"}


class Edits:
    """The files of a ``case`` as they are being edited."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.files: dict[str, RecordFile] = {}

    def at(self, name: str) -> RecordFile:
        """The file of that name, relative to the case."""
        if name not in self.files:
            self.files[name] = RecordFile(self.case.folder / name)
        return self.files[name]

    def of(self, record: Record) -> RecordFile:
        """The file in which a record stands."""
        return self.at(Path(record.file).relative_to(self.case.folder).as_posix())

    def alike(self, record: Record) -> list[Record]:
        """The case's own records of the same type that stand in a list, in the order of files."""
        lists = [held for file, held in self.case.files.items() if file != CASE_FILE]
        return [one for held in lists for one in held if "statements" not in one and set(one.types) & set(record.types)]

    def home(self, record: Record) -> RecordFile:
        """The file where a curator would write the record: with the last one of its type."""
        if found := self.alike(record):
            return self.of(found[-1])
        return self.at(next((HOMES[name] for name in record.types if name in HOMES), "reports.yaml"))

    def statements(self, report: str) -> RecordFile:
        """The file with the statements of a report."""
        for name, held in self.case.files.items():
            if held and held[0].id == report and "statements" in held[0]:
                return self.at(name)
        file = self.at(f"statements/{report.partition('/')[2].replace('/', '-')}.yaml")
        file.text = file.text or f"id: {report}\n"
        return file

    def write(self) -> list[Path]:
        """The paths of the files that changed: all are written, or none.

        Where a record moves, the file to which it goes is written first, so that it is never nowhere.

        Raises ``RecordError`` where a file changed since it was read, or cannot be written.
        """
        done: list[tuple[Path, bytes | None, bytes | None]] = []
        try:
            for name in sorted(self.files, key=lambda name: (name.startswith(CANDIDATES), name)):
                file = self.files[name]
                if file.content != file.read:
                    done.append((file.path, file.read, file.content))
                    file.write()
        except BaseException:  # Ctrl-C too
            for path, before, after in done:
                take_back(path, before, after)
            raise
        return [path for path, _, _ in done]


def take_back(path: Path, before: bytes | None, after: bytes | None) -> None:
    """Make a file what it was ``before`` (None: not there), if it holds what we wrote (``after``) and nobody has changed it since."""
    if (path.read_bytes() if path.exists() else None) != after:
        return
    if before is None:
        path.unlink()
    elif before != after:
        path.parent.mkdir(exist_ok=True)
        files.write(path, before)
