"""Dates: every form that is read, against the day it is counted from, and what looks like a date and is none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.attributions import Attribution, Mode
from kg.extraction.dates import FORMS, base, dates, due, said_on
from kg.extraction.outline import Block, Genre, Outline, Update
from kg.extraction.words import words

TODAY = "2024-06-12"  # a Wednesday


def read(source: str, ahead: bool = False) -> list[tuple[str, str]]:
    return [(found.form, found.iso) for found in dates(source, 0, len(source), TODAY, ahead)]


@pytest.mark.parametrize(
    ("form", "caught", "iso", "left"),
    [
        ("iso", "It shut on 2023-11-02.", "2023-11-02", "Ring 2023-11-99."),
        ("day-month", "It shut on 2 November 2023.", "2023-11-02", "It shut at 2 Novembers."),
        ("day-month", "It shut on the 2nd of May.", "2024-05-02", "It shut on 32 May Street."),
        ("month-day", "It shut on November 2, 2023.", "2023-11-02", "In 90 cases."),
        ("month-day", "It shut on Nov. 2.", "2023-11-02", "The novel 2 is out."),
        ("month", "It shut in March 2022.", "2022-03", "It may march."),
        ("month", "It shut last August.", "2023-08", "The august lady left."),
        ("weekday", "It shut on Monday.", "2024-06-10", "The Mondays are wet."),
        ("weekday", "It shuts next Friday.", "2024-06-14", "It was Good Fri."),
        ("near", "It shut yesterday.", "2024-06-11", "Yesterday's news is old."),
        ("near", "It shut last night.", "2024-06-11", "It shut at night."),
        ("relative", "It shut last year.", "2023", "It shut for a year."),
        ("relative", "It shuts next month.", "2024-07", "It shut for months."),
        ("ago", "It shut three years ago.", "2021", "It shut for three years."),
        ("ago", "It shut two days ago.", "2024-06-10", "It took two days."),
        ("ahead", "It shuts within six months.", "2024-12", "It shuts within two hours."),
        ("ahead", "It shuts in two weeks' time.", "2024-06-26", "It shuts in two places."),
        ("end-of", "It shuts at the end of the year.", "2024", "It shuts at the end of the road."),
        ("year", "It shut in 1987.", "1987", "It shut in 2021/22."),
    ],
)
def test_form(form: str, caught: str, iso: str, left: str) -> None:
    assert (form, iso) in read(caught)
    assert form not in {found for found, _ in read(left)}


def test_every_form_is_tested() -> None:
    tested = {mark.args[1][i][0] for mark in test_form.pytestmark for i in range(len(mark.args[1]))}  # type: ignore[attr-defined]
    assert tested == {name for name, _ in FORMS}


@pytest.mark.parametrize(
    ("source", "past", "ahead"),
    [("in March", "2024-03", "2025-03"), ("in July", "2023-07", "2024-07"), ("on 20 June", "2023-06-20", "2024-06-20")],
)
def test_a_date_without_a_year_lies_behind_or_ahead(source: str, past: str, ahead: str) -> None:
    assert [iso for _, iso in read(source)] == [past]
    assert [iso for _, iso in read(source, ahead=True)] == [ahead]


def test_impossible_days_are_none() -> None:
    assert read("It shut on 31 February 2023.") == [("month", "2023-02")]


def test_without_a_day_to_count_from_only_full_dates_are_read() -> None:
    source = "It shut on Monday, in March, three years ago and on 2 May 2019."
    assert [found.iso for found in dates(source, 0, len(source), "")] == ["2019-05-02"]


def outlined(genre: Genre, source: str, date: str = TODAY, updates: tuple[Update, ...] = ()) -> Outline:
    return Outline(genre, (Block("paragraph", 0, len(source)),), updates, date=date, authored=genre in ("letter", "opinion"))


def said(source: str, cue: str, content: str, genre: Genre = "article", mode: Mode = "direct", date: str = TODAY, within: int = -1) -> str:
    outline = outlined(genre, source, date)
    spans = [(source.index(part), source.index(part) + len(part)) for part in (content, cue) if part]
    attribution = Attribution(spans[0], (0, len(source)), mode, None, spans[1] if cue else None, "test", within=within)
    return said_on(words(source, outline), attribution, outline)


@pytest.mark.parametrize(
    ("source", "cue", "content", "expected"),
    [
        ("Ann Pell said on Tuesday it was late.", "said", "it was late", "2024-06-11"),
        ("On Monday, Ann Pell said it was late.", "said", "it was late", "2024-06-10"),
        ("“It was late,” Ann Pell said in May.", "said", "It was late", "2024-05"),
        ("“It was late on Tuesday,” Ann Pell said.", "said", "It was late on Tuesday", "2024-06"),
        ("It shut on Tuesday. Ann Pell said it was late.", "said", "it was late", "2024-06"),
        ("Ann Pell, who left in 1987, said it was late.", "said", "it was late", "2024-06"),
    ],
)
def test_said_on(source: str, cue: str, content: str, expected: str) -> None:
    assert said(source, cue, content) == expected


def test_said_on_by_genre() -> None:
    for genre, mode, expected in (
        ("live", "direct", TODAY),
        ("letter", "authored", TODAY),
        ("opinion", "authored", TODAY),
        ("article", "authored", TODAY),
    ):
        assert said("It was late.", "", "It was late", genre, mode) == expected  # type: ignore[arg-type]
    assert said("It was late.", "", "It was late", within=3) == ""
    assert said("It was late.", "", "It was late", date="") == ""
    assert said("It was late.", "", "It was late", "letter", "authored", "2024-06") == "2024-06"


@pytest.mark.parametrize(
    ("date", "expected"), [("2024-06-12", "2024-06"), ("2024-06-02", "2024"), ("2024-01-02", ""), ("2024-06", "2024-06"), ("2024", "2024")]
)
def test_an_article_tells_of_the_days_before_it(date: str, expected: str) -> None:
    assert said("“It was late,” Ann Pell said.", "said", "It was late", date=date) == expected


@pytest.mark.parametrize(
    ("posted", "date", "expected"),
    [
        ("2024-06-11T09:00:00", TODAY, "2024-06-11"),
        ("--06-11T09:00:00", TODAY, "2024-06-11"),
        ("--06-11T09:00:00", "", ""),
        ("T09:00:00", TODAY, TODAY),
        ("", TODAY, TODAY),
    ],
)
def test_a_post_reads_against_its_own_day(posted: str, date: str, expected: str) -> None:
    outline = outlined("live", "a" * 40, date, (Update(10, 30, None, posted),))
    assert base(outline, 12) == expected
    assert base(outline, 35) == base(outline, 5) == date


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("We will finish by 31 March 2025.", "2025-03-31"),
        ("We will finish by March.", "2025-03"),
        ("They must finish before the end of the year.", "2024"),
        ("The board should report within six months.", "2024-12"),
        ("We will publish it next month.", "2024-07"),
        ("We will publish it tomorrow.", "2024-06-13"),
        ("It is due in July.", "2024-07"),
        ("No later than 2030 it will end.", "2030"),
        ("We will answer within two hours.", ""),
        ("We finished by March 2022.", ""),
        ("It rose by 12 per cent in two years.", ""),
        ("She will speak on 5 Live.", ""),
        ("It was built by Monday Ltd.", "2024-06-17"),
    ],
)
def test_due(source: str, expected: str) -> None:
    outline = outlined("article", source)
    attribution = Attribution((0, len(source)), (0, len(source)), "direct", None, None, "test")
    assert due(words(source, outline), attribution, outline) == expected


def test_no_deadline_without_a_day_to_count_from() -> None:
    outline = outlined("article", "We will finish by March.", "")
    attribution = Attribution((0, 24), (0, 24), "direct", None, None, "test")
    assert due(words("We will finish by March.", outline), attribution, outline) == ""


WORDS = "2 31 2019 March May Monday on in by last next this two years ago within the end of , . 2023-11-02 yesterday 99 a"
PIECES = st.sampled_from(WORDS.split())


@given(
    st.lists(PIECES, max_size=30).map(" ".join),
    st.sampled_from([TODAY, "2024-06", "", "2024-02-29", "0001-01-01", "9999-12-31"]),
    st.booleans(),
)
def test_slices_are_the_date(source: str, today: str, ahead: bool) -> None:
    place = 0
    for found in dates(source, 0, len(source), today, ahead):
        assert place <= found.start < found.end <= len(source)
        assert found.iso[:4].isdigit()
        place = found.end


@pytest.mark.parametrize("piece", ["in the ", "March ", "by 2 "])
def test_no_input_hangs(piece: str) -> None:
    source = (piece * 50 + ". ") * (10_000 // len(piece))
    outline = outlined("article", source)
    text = words(source, outline)
    attribution = Attribution((0, len(source)), (0, len(source)), "direct", None, (0, 4), "test")
    start = time.perf_counter()
    said_on(text, attribution, outline)
    due(text, attribution, outline)
    assert time.perf_counter() - start < 5
