"""The text of a file of records: what is edited changes, everything else stays to the letter."""

from __future__ import annotations

import re
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from kg.curation.recordfile import ORDER, RecordFile, edit, emit, item, scalar
from kg.errors import RecordError
from kg.records import parse
from kg.vocabulary import terms
from tests.conftest import MET, TUTORIAL

PEOPLE = """\
# Persons. The second one is a comment
# of two lines.

- id: person/a   # the first
  type: Person
  label: Ada Stone
  # inside
  source: [report/a, report/b]

# --- Others ---

- id: person/b
  type: Person
  label: 'Bo: Reed'
  note: >-
    A note of
    two lines.

- id: group/c
  type: Group
  label: crews
# the end
"""
STATEMENTS = """\
id: report/a
statements:
- id: statement/a/1
  type: Claim
  passage: {start: 10, end: 20, digest: aa}
- id: statement/a/2
  passage:
  - {start: 40, end: 50, digest: bb}
  - {start: 1, end: 2, digest: cc}
  figures:
  - value: 3
    unit: people
- id: statement/a/3
  passage:
    start: 60
    end: 70
"""


def file(path: Path, text: str) -> RecordFile:
    path.write_bytes(text.encode())
    return RecordFile(path)


def added(before: str, after: str) -> str:
    """The lines that stand in ``after`` and not in ``before``; fails where any was taken out."""
    told = list(ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    assert [line for line in told if line.startswith("- ")] == []
    return "".join(line[2:] for line in told if line.startswith("+ "))


# ---------------------------------------------------------------- Writing


TEXTS = st.text(max_size=30) | st.text(st.sampled_from("-:[]{}&*!|>'\"#%@`?,.~ \n\t\\0no123éü\u2028\ufeff"), max_size=12)


@given(TEXTS)
@example("no")
@example("- a")
@example("a: b")
@example("a #b")
@example("2024-03-04")
@example('it\'s "so"')
@example("\ud800")
def test_any_text_reads_back_as_itself(text: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in text) or re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]", text):
        return  # what no record may hold, however it is written
    for flow in (False, True):
        written = f"a: [{scalar(text, flow)}]\n" if flow else f"a: {scalar(text)}\n"
        value = parse(written)[0]["a"]
        assert value == ([text] if flow else text), written


@given(st.dictionaries(st.sampled_from(["label", "note", "alias", "about", "summary", "quote"]), TEXTS | st.lists(TEXTS, max_size=3)))
def test_any_record_reads_back_as_itself(record: dict[str, Any]) -> None:
    bad = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
    if any(bad.search(text) for value in record.values() for text in (value if isinstance(value, list) else [value])):
        return
    kept = {name: value for name, value in record.items() if value not in ("", [])}
    assert (parse(emit(record)) or [{}])[0] == kept
    assert parse(item(emit({"id": "a", **record}), 2)) == [{"id": "a", **kept}]


@pytest.mark.parametrize("text", ["120", "yes", "2024-03-04", "1.5", "~", "null"])
def test_words_that_another_reader_takes_for_something_else_are_quoted(text: str) -> None:
    """`kg` reads every scalar as text, but a curator's own tools may not."""
    assert yaml.safe_load(emit({"asWorded": text})) == {"asWorded": text}
    assert emit({"value": "120"}) == "value: 120\n"


def test_a_record_is_written_as_curators_write_it() -> None:
    record = {
        "figures": [{"value": "12", "unit": "people", "asWorded": "12 of them"}, {"value": "3"}],
        "passage": {"start": 1, "end": 2, "digest": "ab"},
        "about": ["institution/a", "person/b"],
        "quote": "",
        "type": "Claim",
        "id": "statement/a/1",
    }
    assert emit(record) == (
        "id: statement/a/1\n"
        "type: Claim\n"
        "about: [institution/a, person/b]\n"
        "passage: {start: 1, end: 2, digest: ab}\n"
        "figures:\n"
        "- value: 12\n"
        "  unit: people\n"
        "  asWorded: 12 of them\n"
        "- value: 3\n"
    )


def test_the_order_names_fields_once_and_only_fields() -> None:
    assert len(ORDER) == len(set(ORDER))
    assert set(ORDER) <= terms().keys()


# ---------------------------------------------------------------- One record


def test_a_field_changes_in_its_place_and_a_new_one_stands_where_it_belongs() -> None:
    lines = "id: a # so\ntype: Claim\n# why\nmode: direct\nfigures:\n- value: 1\n"
    changed = edit(lines, {"mode": "mixed", "decidedBy": "Ada", "decidedOn": "2024-01-01", "about": ["b", "c"], "type": None})
    assert changed == ("id: a # so\nabout: [b, c]\n# why\nmode: mixed\ndecidedBy: Ada\ndecidedOn: 2024-01-01\nfigures:\n- value: 1\n")


def test_nothing_changes_where_nothing_is_changed() -> None:
    assert edit("id: a\n", {}) == "id: a\n"
    assert edit("id: a\n", {"note": None}) == "id: a\n"


# ---------------------------------------------------------------- Files


@pytest.mark.parametrize(
    "path", sorted([*MET.rglob("*.yaml"), *TUTORIAL.rglob("*.yaml")]), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_every_record_is_found_and_its_lines_are_the_record(path: Path) -> None:
    found = RecordFile(path)
    if path.stem == "case":
        return
    (first, *_) = records = parse(found.text)
    several = first.get("statements", records)
    for record in several[:: 1 + len(several) // 12]:
        lines = found.lines(record["id"])
        assert parse(lines) == [record]
        found.replace(record["id"], lines)
    assert found.content == path.read_bytes()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("identifier", ["person/a", "person/b", "group/c"])
def test_what_is_replaced_changes_and_nothing_else(identifier: str, line_end: str, tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", PEOPLE.replace("\n", line_end))
    found.replace(identifier, edit(found.lines(identifier), {"honorific": "Sir"}))
    assert added(PEOPLE.replace("\n", line_end), found.text).strip() == "honorific: Sir"
    assert found.text.count("\n") == found.text.count(line_end)


@pytest.mark.parametrize("identifier", ["person/a", "person/b", "group/c"])
def test_what_is_removed_is_gone_and_the_comments_around_it_stay(identifier: str, tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", PEOPLE)
    found.remove(identifier)
    assert [entry.identifier for entry in found.entries()] == [name for name in ("person/a", "person/b", "group/c") if name != identifier]
    assert all(comment in found.text for comment in ("# Persons.", "# --- Others ---"))
    assert not re.search(r"\n\n\n|\n\n$", found.text)


def test_the_last_record_leaves_nothing(tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", "# candidates\nid: report/a\nstatements:\n- id: statement/a/1\n  type: Claim\n")
    found.remove("statement/a/1")
    assert found.content is None
    found.write()
    assert not (tmp_path / "a.yaml").exists()


@pytest.mark.parametrize("after", ["person/a", "person/b", "group/c"])
def test_a_record_is_added_behind_another_as_far_apart_as_the_others(after: str, tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", PEOPLE)
    found.add("id: person/new\nlabel: New\n", after=after)
    assert added(PEOPLE, found.text).strip("\n") == "- id: person/new\n  label: New"
    names = [entry.identifier for entry in found.entries()]
    assert names.index("person/new") == names.index(after) + 1


@pytest.mark.parametrize(("start", "place"), [(0, 0), (10, 1), (39, 1), (40, 2), (59, 2), (99, 3)])
def test_a_statement_is_added_in_reading_order(start: int, place: int, tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", STATEMENTS)
    found.add(f"id: statement/a/new\npassage: {{start: {start}, end: 100, digest: dd}}\n", passage=start)
    assert [entry.identifier for entry in found.entries()].index("statement/a/new") == place
    assert len(added(STATEMENTS, found.text).splitlines()) == 2


def test_one_statement_out_of_order_does_not_mislead(tmp_path: Path) -> None:
    """The heading of a page may be recorded last, or first: the new one stands where the fewest are the wrong way round."""
    lines = "".join(f"- id: statement/a/{n}\n  passage: {{start: {start}}}\n" for n, start in enumerate([900, 10, 20, 40, 50, 5]))
    found = file(tmp_path / "a.yaml", "id: report/a\nstatements:\n" + lines)
    found.add("id: statement/a/new\n", passage=30)
    assert [entry.identifier for entry in found.entries()].index("statement/a/new") == 3


def test_an_indented_list_stays_indented(tmp_path: Path) -> None:
    text = "id: report/a\nstatements:\n    - id: statement/a/1\n      type: Claim\n"
    found = file(tmp_path / "a.yaml", text)
    found.add("id: statement/a/2\nfigures:\n- value: 1\n", passage=5)
    assert found.text == text + "\n    - id: statement/a/2\n      figures:\n      - value: 1\n"
    assert found.lines("statement/a/2") == "id: statement/a/2\nfigures:\n- value: 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "- id: a\n"),
        ("[] # none\n", "- id: a # none\n"),
        ("# a comment\n", "# a comment\n- id: a\n"),
        ("id: report/a\n", "id: report/a\nstatements:\n- id: a\n"),
        ("id: report/a\nstatements:\nlabel: x", "id: report/a\nstatements:\n- id: a\nlabel: x\n"),
        ("id: report/a\nstatements: []\n", "id: report/a\nstatements:\n- id: a\n"),
        ("id: case\nbase: https://example.org/\n", "id: case\nbase: https://example.org/\nsources:\n- id: a\n"),
    ],
)
def test_the_first_record_of_a_file(before: str, after: str, tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", before)
    found.add("id: a\n")
    assert found.text == after


def test_a_file_without_a_last_line_end_gets_one(tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", PEOPLE.removesuffix("# the end\n").rstrip())
    found.add("id: person/new\n")
    assert found.text.endswith("  label: crews\n\n- id: person/new\n")


def test_a_file_with_a_byte_order_mark_keeps_it(tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", "\ufeff" + PEOPLE)
    found.replace("person/b", edit(found.lines("person/b"), {"honorific": "Dr"}))
    assert added("\ufeff" + PEOPLE, found.text).strip() == "honorific: Dr"


def test_a_record_in_brackets_is_written_out_when_it_changes(tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", "- {id: person/a, type: Person, alias: [A, B]}\n- {id: person/b, type: Person}\n")
    found.replace("person/a", edit(found.lines("person/a"), {"label": "Ada"}))
    assert found.text == "- id: person/a\n  type: Person\n  label: Ada\n  alias: [A, B]\n- {id: person/b, type: Person}\n"
    found.remove("person/a")
    assert found.text == "- {id: person/b, type: Person}\n"


def test_a_list_in_brackets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="the list of records stands in brackets - begin each record with `- `"):
        file(tmp_path / "a.yaml", "[{id: person/a}]\n").add("id: person/b\n")


def test_what_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", PEOPLE)
    found.text += "  broken: ["
    with pytest.raises(RecordError):
        found.write()
    assert (tmp_path / "a.yaml").read_text() == PEOPLE


# ---------------------------------------------------------------- Merging and renaming


def test_a_list_becomes_what_is_wanted(tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", STATEMENTS)
    wanted = {
        "statement/a/2": (40, "id: statement/a/2\nnote: other\n"),
        "statement/a/4": (45, "id: statement/a/4\n"),
        "statement/a/5": (1, "id: statement/a/5\n"),
    }
    found.merge(wanted, {"statement/a/1"})
    assert found.text == (
        "id: report/a\nstatements:\n- id: statement/a/5\n- id: statement/a/1\n  type: Claim\n  passage: {start: 10, end: 20, digest: aa}\n"
        "- id: statement/a/2\n  note: other\n- id: statement/a/4\n"
    )
    again = found.text
    found.merge({**wanted, "statement/a/4": (45, "id: statement/a/4\n")}, {"statement/a/1"})
    assert found.text == again


def test_all_records_are_others(tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", "# why\n" + STATEMENTS)
    found.merge({"b": (2, "id: b\n"), "a": (1, "id: a\n")}, ())
    assert found.text == "# why\nid: report/a\nstatements:\n- id: a\n\n- id: b\n"
    found.merge({}, ())
    assert found.content is None


def test_an_identifier_is_renamed_where_it_is_a_reference(tmp_path: Path) -> None:
    text = (
        "- id: statement/a/1\n  speaker: person/b # so\n  note: person/b\n  about: [person/a, person/b]\n  topic: person/b\n"
        "  addressee:\n  - person/b\n  - person/c\n  cites:\n  - person/a\n  - person/b\n  figures:\n  - measure: 'person/b'\n"
    )
    found = file(tmp_path / "a.yaml", text)
    found.rename("person/b", "person/a", {"speaker", "about", "addressee", "cites", "measure"})
    assert found.text == (
        "- id: statement/a/1\n  speaker: person/a # so\n  note: person/b\n  about: [person/a]\n  topic: person/b\n"
        "  addressee:\n  - person/a\n  - person/c\n  cites:\n  - person/a\n  figures:\n  - measure: person/a\n"
    )


# ---------------------------------------------------------------- The disk


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    found = file(tmp_path / "a.yaml", PEOPLE)
    (tmp_path / "a.yaml").write_text(PEOPLE + "# by somebody else\n")
    found.remove("person/a")
    with pytest.raises(RecordError, match="the file changed since it was read - read the case again"):
        found.write()
    assert (tmp_path / "a.yaml").read_text().endswith("# by somebody else\n")


def test_a_file_that_appeared_meanwhile_is_not_written(tmp_path: Path) -> None:
    found = RecordFile(tmp_path / "new" / "a.yaml")
    found.add("id: a\n")
    found.write()
    assert (tmp_path / "new" / "a.yaml").read_text() == "- id: a\n"
    late = RecordFile(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").write_text("- id: b\n")
    late.add("id: a\n")
    with pytest.raises(RecordError, match="changed since"):
        late.write()


def test_what_is_not_there_and_what_cannot_be_read_are_errors(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no record `person/x`"):
        file(tmp_path / "a.yaml", PEOPLE).lines("person/x")
    for raw in (b"\xff", b"a: ["):
        (tmp_path / "b.yaml").write_bytes(raw)
        with pytest.raises(RecordError):
            RecordFile(tmp_path / "b.yaml")


def test_a_folder_that_cannot_be_written_is_a_record_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = RecordFile(tmp_path / "a.yaml")
    found.path = tmp_path / "file" / "a.yaml"
    found.add("id: a\n")
    with pytest.raises(RecordError, match="check the folder"):
        found.write()
