from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extraction import headings
from kg.extraction.attributions import Attribution
from kg.extraction.clauses import CONFIDENCE, clauses
from kg.extraction.names import names
from kg.extraction.outline import Block, BlockKind, Outline
from kg.extraction.quotations import quotations
from kg.extraction.words import Words, words


def read(*blocks: str, kinds: tuple[BlockKind, ...] = ()) -> tuple[Words, list[Attribution]]:
    """The clauses in blocks of text, paragraphs unless ``kinds`` says what they are."""
    made, at = [], 0
    for number, block in enumerate(blocks):
        made.append(Block(kinds[number] if kinds else "paragraph", at, at + len(block)))
        at += len(block) + 1
    source = words("\n".join(blocks), Outline("article", tuple(made)))
    return source, clauses(source, quotations(source), names(source))


def told(*blocks: str, kinds: tuple[BlockKind, ...] = ()) -> list[tuple[str, str, str | None]]:
    """The rule, the content and the speaker of each clause."""
    source, found = read(*blocks, kinds=kinds)
    return [
        (item.rule, source.source[slice(*item.content)], source.source[slice(*item.speaker)] if item.speaker else None) for item in found
    ]


CATCHES = [
    ("clause", "Ann Marlow said the bridge was unsafe.", "the bridge was unsafe", "Ann Marlow"),
    ("clause", "The mayor told reporters the pool would close in June.", "the pool would close in June", "The mayor"),
    ("clause", "The council said on Monday it had lost the file.", "it had lost the file", "The council"),
    ("clause", "The trust says nine wells ran dry, but farmers have doubts.", "nine wells ran dry", "The trust"),
    ("clause", "She said the road was closed, adding that buses would stop.", "the road was closed", "She"),
    ("clause", "He added: The plan is to open another school.", "The plan is to open another school", "He"),
    ("that", "Officials warned that the dam could fail.", "that the dam could fail", "Officials"),
    ("that", "Ann Marlow ended by saying that the dam was safe.", "that the dam was safe", "Ann Marlow"),
    ("that", "The survey shows that rents doubled.", "that rents doubled", "The survey"),
    ("whether", "The judge asked whether anybody had kept the keys.", "whether anybody had kept the keys", "The judge"),
    ("clause", "When the firm said the well was dry, farmers laughed.", "the well was dry", "the firm"),
    ("infinitive", "The minister vowed to repair every school.", "to repair every school", "The minister"),
    ("infinitive", "The charity urged ministers to publish the figures.", "ministers to publish the figures", "The charity"),
    ("noun", "The union criticised the plan and walked out.", "the plan", "The union"),
    ("noun", "Doctors called for a ban on vaping in schools.", "a ban on vaping in schools", "Doctors"),
    ("noun", "Critics accused the firm of hiding its losses.", "the firm of hiding its losses", "Critics"),
    ("noun", "The board called for “a full review” of the rules.", "“a full review” of the rules", "The board"),
    ("noun", "The union criticised the plan in a letter to the board.", "the plan", "The union"),
    ("passive", "The firm was accused of hiding its losses.", "The firm was accused of hiding its losses", None),
    (
        "passive",
        "The firm was accused by Tom Pell of hiding its losses.",
        "The firm was accused by Tom Pell of hiding its losses",
        "Tom Pell",
    ),
    ("passive", "The ward was branded unfit for patients.", "The ward was branded unfit for patients", None),
    ("before", "Nine wells ran dry last year, Ann Marlow said.", "Nine wells ran dry last year", "Ann Marlow"),
    ("before", "The bill will rise in spring, the minister told the committee.", "The bill will rise in spring", "the minister"),
    ("around", "The river, she said, has never been so low.", "The river, she said, has never been so low", "she"),
    ("inverted", "The river is safe again, said Tom Pell.", "The river is safe again", "Tom Pell"),
    ("relative", "Costs rose, which the firm said was bad luck.", "which the firm said was bad luck", "the firm"),
    ("as-said", "As the auditors pointed out, nobody kept the receipts.", "nobody kept the receipts", "the auditors"),
    ("as-said", "Nobody kept the receipts, as the auditors noted.", "Nobody kept the receipts", "the auditors"),
    ("according-to", "According to the survey, rents have doubled.", "rents have doubled", "the survey"),
    ("according-to", "Rents have doubled, according to the survey.", "Rents have doubled", "the survey"),
    ("reporting-noun", "The claim that rents doubled was false.", "that rents doubled was false", None),
    ("reporting-noun", "Ann Marlow raised concerns that rents had doubled.", "that rents had doubled", "Ann Marlow"),
    ("reporting-noun", "Her claim that rents had doubled was false.", "that rents had doubled was false", "Her"),
    ("reporting-noun", "There were calls for an inquiry.", "an inquiry", None),
    ("reporting-adjective", "The mayor is confident that work will start.", "that work will start", "The mayor"),
    ("reporting-adjective", "Residents were critical of the new bins.", "the new bins", "Residents"),
    (
        "clause",
        "The board warned things would get worse before they got better.",
        "things would get worse before they got better",
        "The board",
    ),
    ("that", "She told the board and the clerk in her first meeting, that the dam was old.", "that the dam was old", "She"),
    ("whether", "Pressed further on whether the dam was safe, he left.", "whether the dam was safe", None),
    ("passive", "Tom Pell was grilled on the cost of the dam.", "Tom Pell was grilled on the cost of the dam", None),
    ("passive", "Marlow pushed on the cost of the dam.", "Marlow pushed on the cost of the dam", None),
    ("noun", "She apologised to tenants, and to the staff who serve them, for the cold.", "the cold", "She"),
    ("noun", "Guards were heard calling for a ban on vans.", "a ban on vans", "Guards"),
    ("noun", "The audit of 1987 finds fraud, bullying and theft by staff.", "fraud, bullying and theft by staff", "The audit of 1987"),
    ("around", "Ann Marlow says most are kind but, she adds, there is a minority that is not.", "there is a minority that is not", "she"),
    ("relative", "The share, which he said stands at a tenth, is low.", "which he said stands at a tenth", "he"),
    ("as-said", "We will, as the auditors requested, keep the receipts.", "keep the receipts", "the auditors"),
    ("reporting-noun", "The audit drew attention to the growth in demand.", "the growth in demand", "The audit"),
    ("reporting-adjective", "The mayor has been clear for years that the dam is old.", "that the dam is old", "The mayor"),
]
LEAVES = [
    ("clause", "The saying was an old one in the valley."),
    ("clause", "The United States moved its embassy in May."),
    ("clause", "Police reports were lost in the fire."),
    ("that", "The shop that sold bread closed that day."),
    ("whether", "Nobody came because of the rain."),
    ("infinitive", "The road to the harbour was closed."),
    ("infinitive", "Trains continue to run on the line."),
    ("noun", "The call for the ferry came at noon."),
    ("noun", "A proposed bypass would cost little."),
    ("passive", "The house was built of stone."),
    ("before", "Nine wells ran dry, and the farm was sold."),
    ("before", "“The bill will rise,” the minister told the committee."),
    ("around", "The river, in winter, has never been so low."),
    ("inverted", "“The river is safe again,” said Tom Pell."),
    ("relative", "Costs rose, which was bad luck for the firm."),
    ("as-said", "As the rain fell, nobody kept the receipts."),
    ("according-to", "They were sorted according to size."),
    ("reporting-noun", "The clerk paid attention to the growth in demand."),
    ("noun", "The crew pushed on to the harbour."),
    ("as-said", "We will, as the rain falls, keep the receipts."),
    ("reporting-noun", "Rents and wages in the valley doubled."),
    ("reporting-adjective", "The water was clear and cold."),
]


@pytest.mark.parametrize(("rule", "text", "content", "speaker"), CATCHES, ids=[f"{case[0]}: {case[1]}" for case in CATCHES])
def test_a_rule_catches_what_it_is_for(rule: str, text: str, content: str, speaker: str | None) -> None:
    assert (rule, content, speaker) in told(text)


@pytest.mark.parametrize(("rule", "text"), LEAVES, ids=[f"{rule}: {text}" for rule, text in LEAVES])
def test_a_rule_leaves_alone_what_it_is_not_for(rule: str, text: str) -> None:
    assert rule not in [found for found, _, _ in told(text)]


def test_every_rule_has_a_sentence_that_it_catches_and_one_that_it_leaves() -> None:
    assert set(CONFIDENCE) == {case[0] for case in CATCHES} == {rule for rule, _ in LEAVES}


def test_what_stands_inside_a_reported_clause_is_part_of_it() -> None:
    assert told("Ann Marlow said the union denied the claim.") == [("clause", "the union denied the claim", "Ann Marlow")]


def test_what_somebody_is_said_to_have_told_is_kept_with_less_confidence() -> None:
    source, found = read("Ann Marlow says that Tom Pell told her the dam was old.")
    assert [source.source[slice(*item.content)] for item in found] == ["that Tom Pell told her the dam was old", "the dam was old"]
    assert found[1].confidence < found[0].confidence


def test_a_clause_that_nobody_is_named_for_has_little_confidence() -> None:
    _, found = read("There were calls for a full inquiry.")
    assert [(item.speaker, item.confidence) for item in found] == [(None, 0.2)]


def test_a_sentence_without_end_is_left_alone() -> None:
    assert told("Ann Marlow said that the dam was old and " * 200) == []


def test_two_clauses_of_one_sentence_are_two() -> None:
    found = told("The firm denied the claim and said the well was deep.")
    assert [content for _, content, _ in found] == ["the claim", "the well was deep"]


def test_a_clause_alone_in_its_sentence_is_read_with_the_whole_sentence() -> None:
    source, found = read("On Friday, in a letter, Ann Marlow said the bridge was unsafe.")
    assert source.source[slice(*found[0].passage)] == "On Friday, in a letter, Ann Marlow said the bridge was unsafe."


HEADINGS = [
    ("heading-colon", "Ann Marlow: the bridge is not safe", "the bridge is not safe", "Ann Marlow"),
    ("heading-dash", "The bridge is not safe - Ann Marlow", "The bridge is not safe", "Ann Marlow"),
    ("heading-to", "Ann Marlow to leave the board", "to leave the board", "Ann Marlow"),
]
NO_HEADINGS = [
    ("heading-colon", "Watch: the bridge is falling"),
    ("heading-dash", "The bridge is not safe - a reader's guide"),
    ("heading-to", "The road to ruin and back again"),
]


@pytest.mark.parametrize(("rule", "text", "content", "speaker"), HEADINGS)
def test_a_heading_reports(rule: str, text: str, content: str, speaker: str) -> None:
    assert told(text, kinds=("heading",)) == [(rule, content, speaker)]


@pytest.mark.parametrize(("rule", "text"), NO_HEADINGS)
def test_a_heading_that_names_nobody_reports_nothing(rule: str, text: str) -> None:
    assert rule not in [found for found, _, _ in told(text, kinds=("heading",))]


def test_a_paragraph_is_no_heading() -> None:
    assert told("Ann Marlow: the bridge is not safe") == []


def test_bullets_have_the_speaker_of_what_introduces_them() -> None:
    found = told(
        "The review found that three issues remain:",
        "wages are paid late",
        "Ann Marlow said the roof leaks",
        kinds=("paragraph", "bullet", "bullet"),
    )
    assert ("bullet", "wages are paid late", "The review") in found
    assert ("clause", "the roof leaks", "Ann Marlow") in found
    assert len([rule for rule, _, _ in found if rule == "bullet"]) == 1


def test_bullets_that_nobody_introduces_are_left_alone() -> None:
    found = told("You need these things for the walk:", "boots that keep water out", kinds=("paragraph", "bullet"))
    assert "bullet" not in [rule for rule, _, _ in found]


def test_every_rule_of_layout_is_tested() -> None:
    assert set(headings.CONFIDENCE) == {case[0] for case in HEADINGS} | {"bullet"} == {rule for rule, _ in NO_HEADINGS} | {"bullet"}


PIECES = """said says that to the Ann Marlow , . : ; “ ” " ' - — according claim claims he which as and but denied told vowed is accused of
it 's ? ) ( by asked whether warns on Monday letter"""


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=40))
def test_spans_lie_in_the_text_and_in_their_passage(pieces: list[str]) -> None:
    source, found = read(" ".join(pieces))
    for item in found:
        assert 0 <= item.content[0] < item.content[1] <= len(source.source)
        assert item.passage[0] <= item.content[0] and item.content[1] <= item.passage[1]
        assert not source.source[item.content[0]].isspace() and not source.source[item.content[1] - 1].isspace()
        assert 0 < item.confidence < 1
