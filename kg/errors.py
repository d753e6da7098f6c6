"""The exceptions that the library raises, and the findings that checks return.

    KgError
    ├── RecordError      a YAML file that cannot be read as records
    ├── CheckError       records were read, and checks found errors (carries all findings)
    ├── ChangedError     files that somebody else wrote since they were read
    ├── DocumentError    a source document that cannot be read
    ├── PassageError     words that do not stand in a document, or stand there more than once
    ├── ExtractionError  an extractor, a corpus, or what was made of one before, that cannot be used
    ├── StoreError       a store that is missing, damaged or being written by somebody else
    ├── QueryError       a query, a parameter or a name that cannot be understood
    ├── ProtocolError    a request to the endpoint that SPARQL's protocol gives no answer to
    ├── LimitError       a query that would take more time, memory, room or turns than there are
    ├── NotFoundError    an address at which the site has nothing
    └── ExportError      a format that cannot hold what is asked of it

Every error says what is wrong and what to do: ``str(error)`` is one line for a person, ``error.remedy`` the way out, and
the other attributes carry the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning"]
Limit = Literal["time", "memory", "size", "busy"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What one check found in one place.

    >>> print(Finding("actors.yaml", 12, "person/x", "unknown field `lable`", "did you mean `label`?"))
    actors.yaml:12: person/x: unknown field `lable` - did you mean `label`?
    """

    file: str
    line: int
    record: str
    message: str
    remedy: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        record = f"{self.record}: " if self.record else ""
        mark = "warning: " if self.severity == "warning" else ""
        remedy = f" - {self.remedy}" if self.remedy else ""
        return f"{place}: {mark}{record}{self.message}{remedy}"

    def as_dict(self) -> dict[str, str | int]:
        """The finding as a JSON object."""
        return asdict(self)


class KgError(Exception):
    """Any error of this library: ``message`` says what is wrong, ``remedy`` what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} - {self.remedy}" if self.remedy else self.message


class RecordError(KgError):
    """A YAML file that cannot be read as records; carries ``file`` and ``line`` (0 where no line can be named)."""

    def __init__(self, file: str | Path, line: int, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.file = str(file)
        self.line = line

    def __str__(self) -> str:
        return str(self.finding)

    @property
    def finding(self) -> Finding:
        """The same as a finding, so that one unreadable file does not hide what is wrong with the others."""
        return Finding(self.file, self.line, "", self.message, self.remedy)


class CheckError(KgError):
    """Checks found errors; ``findings`` holds them all, in the order of file and line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        errors = sum(finding.severity == "error" for finding in self.findings)
        first = next((str(finding) for finding in self.findings if finding.severity == "error"), "")
        super().__init__(f"{errors} finding{'s' if errors != 1 else ''}; the first: {first}", "run `kg check` to see them all")


class ChangedError(KgError):
    """Files that somebody else wrote since they were read, so that a decision on them would be one on something else."""


class DocumentError(KgError):
    """A source document that cannot be read; carries ``file``."""

    def __init__(self, file: str | Path, message: str, remedy: str = "") -> None:
        super().__init__(f"{file}: {message}", remedy)
        self.file = str(file)


class PassageError(KgError):
    """Words that do not stand in a document; ``words`` are those looked for, ``nearest`` what comes closest."""

    def __init__(self, words: str, message: str, remedy: str = "", nearest: str = "") -> None:
        super().__init__(message, remedy)
        self.words = words
        self.nearest = nearest


class ExtractionError(KgError):
    """An extractor that is missing or fails, a corpus that cannot be read, or a folder that holds the extraction of another."""


class StoreError(KgError):
    """A store that is missing, damaged, or being written by somebody else; carries ``path``."""

    def __init__(self, path: str | Path, message: str, remedy: str = "") -> None:
        super().__init__(f"{path}: {message}", remedy)
        self.path = str(path)


class QueryError(KgError):
    """A query, a parameter or a name that cannot be understood."""


class ProtocolError(KgError):
    """A request that the protocol gives no answer to; ``status`` is that of HTTP."""

    def __init__(self, status: int, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.status = status


class NotFoundError(KgError):
    """An address at which the site has nothing."""


class LimitError(KgError):
    """A query that would take more than it may have.

    ``limit`` says of what: ``time``, ``memory``, ``size`` (of the answer) or ``busy`` (all turns are taken); ``retry_after`` is
    after how many seconds to ask again, 0 where asking again gives the same.
    """

    def __init__(self, limit: Limit, message: str, remedy: str = "", retry_after: int = 0) -> None:
        super().__init__(message, remedy)
        self.limit = limit
        self.retry_after = retry_after


class ExportError(KgError):
    """A format that is unknown, or that cannot hold what is asked of it."""
