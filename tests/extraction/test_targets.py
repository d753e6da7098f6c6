"""Targets: whom or what words are about, and to whom they are said."""

import re
import time

import pytest

from kg.extraction.attributions import Attribution, Mode
from kg.extraction.candidates import Entity
from kg.extraction.names import names
from kg.extraction.outline import Block, Genre, Outline
from kg.extraction.references import References
from kg.extraction.registry import Actor, Registry
from kg.extraction.targets import about, addressee
from kg.extraction.words import words

MARKS = re.compile(r"[<>{}\[\]]")
PLACES = "The Wessex Water Authority is in Wells. Mr Ben Ash leads Durley Council there. The Wessex Water Authority is old. "


def marked(
    text: str, mode: Mode = "indirect", before: str = PLACES, publisher: Entity | None = None, genre: Genre = "article"
) -> tuple[Attribution, References]:
    """The attribution that marks in a text stand for - <speaker>, {cue}, [content] - behind a text that names who is who."""
    source = before + MARKS.sub("", text)
    spans = {}
    for opening, closing in ("<>", "{}", "[]"):
        if opening in text:
            start, end = (len(before) + len(MARKS.sub("", text[: text.index(mark)])) for mark in (opening, closing))
            spans[opening] = (start, end)
    outline = Outline(genre, (Block("paragraph", 0, len(source)),), date="2024-06-12")
    read = words(source, outline)
    found = names(read)
    references = References(read, found, Registry.empty().read(read, found, outline), outline)
    references.publisher = publisher or references.publisher
    return Attribution(spans["["], (len(before), len(source)), mode, spans.get("<"), spans.get("{"), "test"), references


def labels(text: str, mode: Mode = "indirect", **more: object) -> list[str]:
    attribution, references = marked(text, mode, **more)  # type: ignore[arg-type]
    return [entity.label for entity in about(references.words, attribution, references)]


def told(text: str, mode: Mode = "indirect") -> str:
    attribution, references = marked(text, mode)
    entity = addressee(references.words, attribution, references)
    return entity.label if entity else ""


@pytest.mark.parametrize(
    ("rule", "caught", "expected", "left", "instead"),
    [
        (
            "object",
            "<Ann Pell> {criticised} Ben Ash [for what Durley Council did]",
            ["Ben Ash"],
            "<Ann Pell> {said} [Durley Council met Ben Ash]",
            ["Durley Council", "Ben Ash"],
        ),
        ("content", "<Ann Pell> {said} [Durley Council shut]", ["Durley Council"], "<Ann Pell> {said} [it]", ["Wessex Water Authority"]),
        (
            "speaker",
            "<Ben Ash> {said} [Ben Ash and Durley Council were late]",
            ["Durley Council"],
            "<Ann Pell> {said} [Ben Ash was late]",
            ["Ben Ash"],
        ),
        ("usual", "<Ann Pell> {said} [all was late]", ["Wessex Water Authority"], "<Ann Pell> {said} [Ben Ash was late]", ["Ben Ash"]),
        (
            "holder",
            "Durley Council chairman Ben Ash left. <Ann Pell> {said} [the Durley Council chairman was late]",
            ["Ben Ash"],
            "Durley Council chairman Ben Ash left. <Ann Pell> {said} [the Durley Council plumber was late]",
            ["Durley Council"],
        ),
        (
            "report",
            "<Ann Pell> {said} [Ben Ash’s report was late]",
            ["Wessex Water Authority"],
            "<Ann Pell> {said} [Ben Ash’s dog was late]",
            ["Ben Ash"],
        ),
        (
            "he",
            "Ben Ash was there. <Ann Pell> {said} [he was late]",
            ["Ben Ash"],
            "Ben Ash was there. <Ann Pell> {said} [it was late]",
            ["Wessex Water Authority"],
        ),
        ("herself", "<Ann Pell> {said} [she was late]", ["Ann Pell"], "<Ann Pell> {said} [all of her was]", ["Wessex Water Authority"]),
        (
            "new",
            "<Ann Pell> {said} [the whole council was late]",
            ["Durley Council"],
            "<Ann Pell> {said} [the public council was late]",
            ["Wessex Water Authority"],
        ),
    ],
)  # fmt: skip
def test_about(rule: str, caught: str, expected: list[str], left: str, instead: list[str]) -> None:
    assert labels(caught) == expected
    assert labels(left) == instead


def test_the_words_between_a_cue_and_quoted_words_are_read_too() -> None:
    assert labels("<Ann Pell> {said} Durley Council was “[late]”", "mixed") == ["Durley Council"]
    assert labels("<Ann Pell> {said} so to Durley Council, and it was “[late]”", "mixed") == ["Wessex Water Authority"]


def test_a_definite_noun_stands_for_an_institution() -> None:
    assert labels("<Ann Pell> {said} [the council was late]") == ["Durley Council"]
    assert labels("<Ann Pell> {said} [a council was late]") == ["Wessex Water Authority"]


def test_the_publisher_is_no_target_by_default() -> None:
    _, references = marked("<Ann Pell> {said} [all was late]")
    publisher = about(references.words, marked("<Ann Pell> {said} [all was late]")[0], references)[0]
    assert labels("<Ann Pell> {said} [all was late]", publisher=publisher) != [publisher.label]


def test_the_publisher_and_its_desks_come_last() -> None:
    paper = Entity("institution/wessex-water", "Institution", "Wessex Water")
    said = "<Ann Pell> {said} [the Wessex Water Authority met Durley Council]"
    assert labels(said, publisher=paper) == ["Durley Council", "Wessex Water Authority"]
    assert labels(said) == ["Wessex Water Authority", "Durley Council"]
    assert labels("<Ann Pell> {said} [the authority was late]", publisher=paper) == ["Durley Council"]


def test_what_is_said_of_a_report_is_about_the_report() -> None:
    attribution, references = marked("<Ann Pell> {said} [Ben Ash’s final report was late]")
    references.registry.case.actors["report/ash-2024"] = Actor("report/ash-2024", "Report", "Ash report", author="person/ben-ash")
    assert [entity.id for entity in about(references.words, attribution, references)] == ["report/ash-2024"]


@pytest.mark.parametrize(
    ("caught", "expected", "left"),
    [
        ("<Ann Pell> {told} Ben Ash [it was late]", "Ben Ash", "<Ann Pell> {said} [it was late]"),
        ("<Ann Pell> {urged} Durley Council [to act]", "Durley Council", "<Ann Pell> {said} [Durley Council should act]"),
        (
            "In a letter to Durley Council, <Ann Pell> {said} [it was late]",
            "Durley Council",
            "In a letter, <Ann Pell> {said} [it was late]",
        ),
        ("<Ann Pell> {said} in a message to Ben Ash [it was late]", "Ben Ash", "<Ann Pell> {said} [a message to Ben Ash was late]"),
    ],
)
def test_addressee(caught: str, expected: str, left: str) -> None:
    assert told(caught) == expected
    assert told(left) == ""


def test_nobody_speaks_to_himself() -> None:
    assert told("<Ben Ash> {told} Ben Ash [it was late]") == ""


def test_a_letter_is_said_to_whom_it_is_written_and_they_said_it_to_its_author() -> None:
    source = "Dear Ben Ash,\n\nYou said it was late. It is.\n\nYours,\nAnn Pell"
    written, author = source.index("Ben Ash"), source.index("Ann Pell")
    blocks = tuple(Block("paragraph", found.start(), found.end()) for found in re.finditer(r"[^\n]+", source))
    outline = Outline("letter", blocks, author=(author, author + 8), addressee=(written, written + 7), authored=True)
    read = words(source, outline)
    found = names(read)
    references = References(read, found, Registry.empty().read(read, found, outline), outline)
    own = Attribution((source.index("It is"), source.index("It is") + 6), (0, 9), "authored", None, None, "test")
    you = source.index("You said")
    theirs = Attribution((you + 9, you + 20), (you, you + 20), "indirect", (you, you + 3), (you + 4, you + 8), "test")
    assert [entity.label for entity in (addressee(read, own, references), addressee(read, theirs, references)) if entity] == [
        "Ben Ash",
        "Ann Pell",
    ]


def test_no_input_hangs() -> None:
    source = "Ann {said} [" + "the council and he and Ben Ash. " * 30_000 + "]"
    attribution, references = marked(source, before="")
    start = time.perf_counter()
    assert about(references.words, attribution, references)
    addressee(references.words, attribution, references)
    assert time.perf_counter() - start < 5
