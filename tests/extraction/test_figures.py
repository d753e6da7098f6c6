"""Figures: every kind of quantity that is read, and what looks like one and is none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.candidates import Figure
from kg.extraction.figures import figures
from kg.extraction.outline import Block, Outline
from kg.extraction.units import AFTER, BEFORE, FACTORS
from kg.extraction.words import Words, words

Short = tuple[str, str, str]


def read(source: str) -> list[Figure]:
    return figures(made(source), 0, len(source))


def made(source: str) -> Words:
    blocks, start = [], 0
    for line in source.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", start, start + len(line)))
        start += len(line) + 1
    return words(source, Outline("article", tuple(blocks)))


def short(figure: Figure) -> Short:
    """Value or range, unit and qualifier."""
    value = figure.value or f"{figure.min_value}-{figure.max_value}"
    return value, figure.unit, figure.qualifier


#: The rule, what it catches, and what it must leave alone or read otherwise.
RULES: list[tuple[str, str, list[Short], str, list[Short]]] = [
    ("digits", "The hospital hired 1,200 nurses.", [("1200", "people", "")], "The nurses of ward 1200b left.", []),
    ("decimal", "Waste fell by 2.5 per cent.", [("2.5", "percent", "")], "Use version 2.5 of the form.", []),
    ("words", "Twenty-five farmers came.", [("25", "people", "")], "Five-a-side was cancelled.", []),
    ("composed", "It sold two hundred and fifty tickets.", [("250", "items", "")], "A hundredweight was lost.", []),
    ("scale", "The trust has 1.2 million patients.", [("1200000", "people", "")], "The million dollar question stands.", []),
    ("suffix", "They spent £3.4bn on ferries.", [("3400000000", "items", "")], "She ran the 100m in Leeds.", []),
    ("article", "More than a hundred tenants wrote.", [("100", "people", "more-than")], "A tenant wrote.", []),
    ("dozen", "Half a dozen trustees left.", [("6", "people", "")], "Dozens more came.", [("24-", "people", "")]),
    ("half", "They waited two and a half years.", [("2.5", "years", "")], "In the first half the side led.", []),
    ("half-of", "Half of the pupils stayed away.", [("50", "percent", "")], "It was a half measure.", []),
    ("many", "Tens of thousands of commuters were late.", [("20000-", "people", "")], "A tens column is on the left.", []),
    ("several-hundred", "Several hundred carers signed.", [("200-", "people", "")], "Several carers signed.", []),
    ("share", "Four in five patients waited.", [("80", "percent", "")], "He won two in 2019.", []),
    ("out-of", "Three out of ten trains ran.", [("30", "percent", "")], "Two out of breath men ran.", []),
    ("part", "A third of voters stayed at home.", [("33.3", "percent", "")], "A third group stayed at home.", []),
    ("joined-part", "Two-thirds of the fleet is old.", [("66.7", "percent", "")], "The two-thirder lost.", []),
    (
        "range",
        "Between 40,000 and 45,000 homes flood.",
        [("40000-45000", "items", "")],
        "It rose from 10 to 20 per cent.",
        [("10", "percent", ""), ("20", "percent", "")],
    ),
    ("range-or", "It lasts two or three years.", [("2-3", "years", "")], "It takes one or more keys.", []),
    ("range-dash", "About 20-30 drivers strike.", [("20-30", "people", "approximately")], "The side won 3-1 there.", []),
    ("percent", "Some 12 pc of cases closed.", [("12", "percent", "approximately")], "Her percentage was low.", []),
    ("points", "Trust fell 13 percentage points.", [("13", "percentage-points", "")], "She won on points.", []),
    ("money", "The fine was $500.", [("500", "items", "")], "The dollar fell.", []),
    ("factor", "Complaints have tripled.", [("3", "times", "")], "She doubled down on it.", []),
    ("twice", "Boys are twice as likely to leave.", [("2", "times", "")], "She called twice.", []),
    ("times", "It is 12 times higher.", [("12", "times", "")], "She called 12 times.", [("12", "items", "")]),
    ("duration", "Inquests take 31 hours.", [("31", "hours", "")], "The inspector is 31 years old.", []),
    ("an-hour", "It lasted an hour.", [("1", "hours", "")], "He earns ten pounds an hour.", [("10", "items", "")]),
    ("ago", "She left a year ago.", [("1", "years", "")], "She left in a bad year.", []),
    ("joined-time", "He got a two-year sentence.", [("2", "years", "")], "A 40-year-old got a sentence.", []),
    ("decades", "It has rotted over decades.", [("20-", "years", "")], "The decades pass.", []),
    ("decade", "More than a decade has passed.", [("10", "years", "more-than")], "The decade has passed.", []),
    ("nought", "There was not a single doctor.", [("0", "people", "")], "A single doctor was there.", []),
    ("one", "Only one witness came.", [("1", "people", "")], "One of them came, no one else.", []),
    ("people", "Nine welders left.", [("9", "people", "")], "Nine letters left.", [("9", "items", "")]),
    ("peoples", "Five Peruvians left.", [("5", "people", "")], "Five panniers fell.", [("5", "people", "")]),
    ("things", "Three bridges shut.", [("3", "items", "")], "There are three ways about it.", []),
    (
        "of-those",
        "Some 90 medics left; 40 of those were young.",
        [("90", "people", "approximately"), ("40", "people", "")],
        "Those 40 were young.",
        [],
    ),
    (
        "including",
        "He faces more than 50 charges against 12 women, including 24 of fraud.",
        [("50", "charges", "more-than"), ("12", "people", ""), ("24", "charges", "")],
        "He faces charges, including fraud.",
        [],
    ),
    (
        "nearest",
        "The number of wardens has fallen by 1,600.",
        [("1600", "people", "")],
        "The index fell to 1,600.",
        [("1600", "items", "")],
    ),
    ("bare-word", "Of the medics, ten have left.", [("10", "people", "")], "The medics took ten.", []),
]


@pytest.mark.parametrize(("rule", "caught", "expected", "left", "instead"), RULES, ids=[rule[0] for rule in RULES])
def test_rule(rule: str, caught: str, expected: list[Short], left: str, instead: list[Short]) -> None:
    assert [short(found) for found in read(caught)] == expected
    assert [short(found) for found in read(left)] == instead


@pytest.mark.parametrize(
    "source",
    [
        "It closed on 2 October.",
        "It closed on October 2, 2025.",
        "It closed in March 2024.",
        "By 2009 she led it.",
        "In 2021/22 it closed.",
        "She led it from 2014-18.",
        "It was 14:14 then.",
        "It begins at 9.30am.",
        "It begins at 9 pm.",
        "Doors shut at 10 o'clock.",
        "Joan Pell, 43, left.",
        "A man aged 19 left.",
        "Regulation 13 is old.",
        "See page 4.",
        "See section 12 of it.",
        "Listen on Radio 4.",
        "They live at 10 Downing Street.",
        "They live at 21 Elm Road.",
        "Ring 020 7946 0000.",
        "Rule R1 holds.",
        "The vote was 6-1.",
        "It opens 10-11 a.m. daily.",
        "Flight 370 was late.",
        "See note [3].",
        "See (4).",
        "Item #12 is gone.",
        "No. 7 is gone.",
        "Case 1234567890123 is gone.",
        "Phase two begins.",
        "Those over 45 stay.",
        "1. Begin here.",
        "The two men met again.",
        "It is 2016-06-29.",
    ],
)
def test_labels_count_nothing(source: str) -> None:
    assert [short(found) for found in read(source)] == []


@pytest.mark.parametrize(("phrase", "name"), BEFORE.items())
def test_qualifiers_before(phrase: str, name: str) -> None:
    unit = "days" if phrase == "within" else "nurses"
    assert [found.qualifier for found in read(f"They lost {phrase} 30 {unit}.")] == [name]
    assert [found.qualifier for found in read("They lost only 30 nurses.")] == [""]


@pytest.mark.parametrize(("phrase", "name"), AFTER.items())
def test_qualifiers_behind(phrase: str, name: str) -> None:
    assert [found.qualifier for found in read(f"They lost 30 {phrase} nurses.")] == [name]
    assert [found.qualifier for found in read(f"They lost 30 nurses {phrase} the rest.")] in ([""], [name])


def test_within_belongs_to_time_and_over_to_a_count() -> None:
    assert [found.qualifier for found in read("They replied within 48 hours, over three years, to over 30 letters.")] == [
        "at-most",
        "",
        "more-than",
    ]


@pytest.mark.parametrize("word", FACTORS)
def test_factors(word: str) -> None:
    assert [(found.value, found.unit) for found in read(f"Thefts {word} there.")] == [(f"{FACTORS[word]}", "times")]
    assert read(f"She {word} down on it.") == []


@pytest.mark.parametrize(
    ("source", "population"),
    [
        ("Nearly 1,500 officers and staff were removed.", "officers and staff"),
        ("They found 12 female victims in it.", "female victims"),
        ("It upheld 33 per cent of all closed complaints.", "closed complaints"),
        ("Some 74% say so.", ""),
        ("It took 31 hours.", ""),
    ],
)
def test_population(source: str, population: str) -> None:
    assert [found.population for found in read(source)] == [population]


@pytest.mark.parametrize(
    ("source", "periods"),
    [
        ("It fell from 74% in 2017 to 36% in March 2022.", ["in 2017", "in March 2022"]),
        ("In 2021/22 ten nurses and 12 doctors left.", ["In 2021/22", "In 2021/22"]),
        ("Between 2013 and 2022, 20 nurses left.", ["Between 2013 and 2022"]),
        ("It lost 30 nurses over three years.", ["over three years"]),
        ("It lost 30 nurses. In 2017 it closed.", [""]),
        ("It takes 400 days.", [""]),
    ],
)
def test_period(source: str, periods: list[str]) -> None:
    assert [found.period for found in read(source)] == periods


def test_a_stretch_to_come_is_a_figure_of_its_own() -> None:
    assert [short(found) for found in read("It will lose 30 nurses in the next six months.")] == [("30", "people", ""), ("6", "months", "")]


def test_only_what_lies_between_the_offsets_is_read() -> None:
    source = "Nine nurses left. Ten doctors stayed. Two porters slept."
    assert [found.value for found in figures(made(source), 18, 37)] == ["10"]


WORDS = """1,500 20 2017 3.5 £ % per cent one two hundred thousand million half a third of in five four out to and or between from nearly
    than more people years days - – , . ( ) The Ann March times doubled not single those including 14:14 048 “ ” ’s"""
PIECES = st.sampled_from(WORDS.split())


@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_slices_are_the_quantity(source: str) -> None:
    for found in read(source):
        start, end = found.span
        assert 0 <= start < end <= len(source)
        assert source[start:end].strip() == source[start:end]
        assert found.population in source
        assert found.period in source
        assert (found.value == "") != (found.min_value == "")
        assert found.unit


@pytest.mark.parametrize("piece", ["1,500 ", "one hundred ", "two in ", "3-"])
def test_no_input_hangs(piece: str) -> None:
    source = (piece * 50 + ". ") * (10_000 // len(piece))
    tokens = made(source)
    start = time.perf_counter()
    figures(tokens, 0, len(source))
    assert time.perf_counter() - start < 5
