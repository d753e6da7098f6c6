"""Passages: found, verified to the letter, written into a case."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import Document, digest
from kg.errors import PassageError
from kg.passages import Passage, fill, find, locate, verify, write
from kg.records import complete, parse
from kg.skeleton import write_case

TEXT = "He said “no”.\nShe said:  “Not at\nall, no” and left. He said “no”.\n"
DOCUMENT = Document(Path("d.txt"), TEXT, digest(TEXT))


def passage(start: int, end: int) -> Passage:
    return Passage(start, end, digest(TEXT[start:end]))


def test_words_are_found_across_any_white_space() -> None:
    (found,) = find(TEXT, "said: “Not at all")
    assert TEXT[found.start : found.end] == "said:  “Not at\nall"


def test_an_ellipsis_reaches_to_the_nearest_last_words() -> None:
    (found,) = find(TEXT, "She said … no”")
    assert TEXT[found.start : found.end] == "She said:  “Not at\nall, no”"


def test_the_place_behind_the_last_passage_is_taken_first() -> None:
    assert locate(TEXT, "He said").start == 0
    assert locate(TEXT, "He said", after=5).start == TEXT.rindex("He said")
    assert locate(TEXT, "She said", after=len(TEXT)).start == TEXT.index("She said"), "else the only one"
    with pytest.raises(PassageError, match="all before the passage above"):
        locate(TEXT, "He said", after=len(TEXT))


@pytest.mark.parametrize("words", ["", "…", "He said …", "… left"])
def test_words_that_name_no_beginning_or_end_are_an_error(words: str) -> None:
    with pytest.raises(PassageError, match="where the passage begins and ends"):
        locate(TEXT, words)


@pytest.mark.parametrize("style", [">-", "|", ">"])
def test_a_block_of_words_is_replaced_and_the_next_line_stays(style: str) -> None:
    text = f"- passage: {style}\n    She said:\n    “Not\n  quote: x\n"
    after, count, _ = write(text, DOCUMENT)
    assert (after, count) == (f"- passage: {passage(14, 29)}\n  quote: x\n", 1)


def test_words_that_do_not_stand_there_say_how_far_they_do() -> None:
    with pytest.raises(PassageError) as error:
        locate(TEXT, "He said yes")
    assert error.value.nearest == "He said"


@given(st.text(max_size=60), st.data())
def test_what_is_found_slices_to_the_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    words = text[start:end]
    for found in find(text, words):
        assert found.digest == digest(text[found.start : found.end])
        if "…" not in words and "..." not in words:
            assert text[found.start : found.end].split() == words.split()


def statement(yaml: str) -> list[str]:
    (record,) = parse(yaml, "s.yaml")
    complete(record)
    return [str(finding) for finding in verify(record, DOCUMENT)]


def test_a_right_passage_and_quote_give_no_finding() -> None:
    assert statement(f"id: statement/1\nquote: She said\npassage: {passage(14, 40)}\n") == []


def test_a_quote_may_stand_in_any_of_several_passages() -> None:
    assert statement(f"id: statement/1\nquote: “no”\npassage:\n- {passage(14, 23)}\n- {passage(0, 13)}\n") == []


def test_a_moved_offset_shows_what_stands_there_and_where_the_passage_is() -> None:
    moved = passage(14, 40)._replace(start=4, end=30)
    (finding,) = statement(f"id: statement/1\nquote: She said\npassage: {moved}\n")
    assert finding.startswith("s.yaml:3: statement/1: at 4-30 of d.txt stands “aid “no”. She said:")
    assert "the passage with this digest is at 14-40" in finding


def test_a_quote_that_is_not_there_to_the_letter_is_a_finding() -> None:
    (finding,) = statement(f'id: statement/1\nquote: "said: “Not"\npassage: {passage(14, 40)}\n')
    assert finding.startswith("s.yaml:2: statement/1: “said: “Not” does not stand in its passage")


def test_an_end_behind_the_document_is_a_finding() -> None:
    (finding,) = statement(f"id: statement/1\npassage: {passage(14, 400)}\n")
    assert "at 14-400" in finding


def test_offsets_are_written_in_the_place_of_words_and_nothing_else_changes() -> None:
    before = (
        "statements:\n- id: a  # kept\n  passage: He said … no”.\n  quote: no\n"
        "- id: b\n  passage: 'She said: … all,'\n- id: c\n  passage:\n  - He said\n  - and left.\n"
    )
    after, count, missing = write(before, DOCUMENT)
    expected = before.replace("He said … no”.", str(passage(0, 13))).replace("'She said: … all,'", str(passage(14, TEXT.index("all,") + 4)))
    second = TEXT.rindex("He said")
    expected = expected.replace("- He said\n", f"- {passage(second, second + 7)}\n")
    left = TEXT.index("and left.")
    assert after == expected.replace("- and left.", f"- {passage(left, left + 9)}")
    assert (count, missing) == (4, [])
    assert write(after, DOCUMENT) == (after, 0, []), "written passages stay"


def test_a_case_is_filled_file_by_file_with_its_line_ends(tmp_path: Path) -> None:
    case = tmp_path / "case"
    write_case(case, "https://example.org/case/")
    path = case / "statements" / "first-report.yaml"
    whole = path.read_text("utf-8").replace("\n", "\r\n")
    path.write_bytes(re.sub(r"passage: \{.*\}", "passage: The director … in June.", whole).encode())
    assert [(file, count) for file, count, _ in fill(case)] == [(path, 1)]
    assert path.read_bytes().decode() == whole
    assert [file.name for file in path.parent.iterdir()] == ["first-report.yaml"]


def test_words_that_are_not_found_stay_and_are_told() -> None:
    text = "passage: nowhere at all\n"
    after, count, (error,) = write(text, DOCUMENT)
    assert (after, count) == (text, 0)
    assert str(error).startswith("line 1: `nowhere at all` does not stand in the document")
