"""A new case: the files that a curator begins with, each with one record to write over."""

from __future__ import annotations

from pathlib import Path

from kg.documents import digest
from kg.errors import RecordError
from kg.passages import locate
from kg.records import is_link

_DOCUMENT = """\
First report, 1 May 2024

The director, First Speaker, said on Wednesday that the plan would be published in June.
"""

_FILES = {
    "case.yaml": """\
# What this case is. Every identifier in it is relative to `base`; choose one that you will keep.
id: case
type: Case
base: {base}
title: {title}
description: Say in two sentences what this case is about and what it leaves out.
license: https://creativecommons.org/licenses/by/4.0/
creator: https://example.org/you
language: en
# The documents you read, in the folder sources/; where a digest is wrong, `kg check` tells the right one.
sources:
- id: report/first-report
  document: first-report.txt
  digest: {digest}
""",
    "actors.yaml": """\
# Persons and groups.
- id: person/first-speaker
  type: Person
  label: First Speaker
  source: report/first-report
  tenures:
  - post: post/first-post
    startYear: 2024
    source: report/first-report
""",
    "institutions.yaml": """\
- id: institution/first-institution
  type: Institution
  label: First Institution
  source: report/first-report
  posts:
  - id: post/first-post
    type: Post
    label: Director of First Institution
""",
    "reports.yaml": """\
# Every report: those you read, and those that they mention.
- id: report/first-report
  type: Report
  label: First report
  publisher: institution/first-institution
  publishedOn: 2024-05-01
""",
    "topics.yaml": """\
- id: topic/first-topic
  type: Topic
  label: first topic
  definition: Say in a sentence what belongs to this topic.
""",
    "statements/first-report.yaml": """\
# The statements of one report, in reading order.
id: report/first-report
statements:
- id: statement/first-report/001
  type: Claim
  speaker: person/first-speaker
  about: institution/first-institution
  topic: topic/first-topic
  saidOn: 2024-05-01
  mode: indirect
  summary: Says that the plan comes out in summer.
  # Write the words, as in `passage: The director … in June.`, and run `kg passage --write`: it puts the offsets in their place.
  passage: {passage}
""",
    "sources/first-report.txt": _DOCUMENT,
}


def write_case(folder: str | Path, base: str) -> list[Path]:
    """The files of a new case, written into a folder that is new or empty.

    Raises ``RecordError`` where the folder holds something, or where ``base`` is not an IRI that ends in ``/`` or ``#``.
    """
    folder = Path(folder)
    if not is_link(base) or base[-1] not in "/#":
        raise RecordError(folder, 0, f"`{base}` is not a base IRI", "give one that begins with https:// and ends in /")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RecordError(folder, 0, "this is not an empty folder", "name a new one")
    values = {
        "{base}": base,
        "{title}": folder.resolve().name,
        "{digest}": digest(_DOCUMENT),
        "{passage}": str(locate(_DOCUMENT, "The director … in June.")),
    }
    written = []
    for name, text in _FILES.items():
        for place, value in values.items():
            text = text.replace(place, value)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        written.append(path)
    return written
