from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extraction.attributions import Attribution, attributions, join, nest
from kg.extraction.names import names
from kg.extraction.outline import Block, Outline
from kg.extraction.quotations import quotations
from kg.extraction.words import Words, words


def read(text: str, authored: bool = False) -> tuple[Words, list[Attribution]]:
    """The attributions of a text; each line is a paragraph."""
    blocks, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", at, at + len(line)))
        at += len(line) + 1
    source = words(text, Outline("letter" if authored else "article", tuple(blocks), authored=authored))
    return source, attributions(source, quotations(source), names(source))


def piece(start: int, end: int, mode: str = "indirect", turn: int = -1, cue: tuple[int, int] | None = None) -> Attribution:
    return Attribution((start, end), (start, end), mode, None, cue, "given", turn)  # type: ignore[arg-type]


def test_the_pieces_of_one_utterance_share_their_turn() -> None:
    _, found = read("“The dam is old,” said Ann Marlow. “It must be mended.”")
    assert [(item.mode, item.turn) for item in found] == [("direct", found[0].turn)] * 2


def test_two_speakers_have_two_turns() -> None:
    _, found = read("“The dam is old,” said Ann Marlow.\n“It is not,” said Tom Pell.")
    assert len({item.turn for item in found}) == 2


def test_a_clause_and_the_words_quoted_in_it_are_one_statement() -> None:
    _, found = read("Ann Marlow said the dam was “a danger” to the valley.")
    assert [item.mode for item in found] == ["indirect", "mixed"]
    assert found[0].turn == found[1].turn


def test_a_clause_that_is_all_quotation_is_left_to_the_quotation() -> None:
    assert join([piece(0, 20)], [piece(1, 20, "direct", 0)]) == []


def test_clauses_without_quotations_have_turns_of_their_own() -> None:
    joined = join([piece(30, 40), piece(50, 60)], [piece(0, 20, "direct", 7)])
    assert [clause.turn for clause in joined] == [8, 9]


def test_what_is_reported_inside_a_clause_is_within_it() -> None:
    found = nest([piece(0, 50, turn=1, cue=(60, 64)), piece(20, 40, turn=2, cue=(10, 14)), piece(55, 58, turn=3, cue=(52, 54))])
    assert [item.within for item in found] == [-1, 0, -1]


def test_speech_told_by_another_is_within_what_that_one_says() -> None:
    source, found = read("Ann Marlow says that Tom Pell told her the dam was old.")
    assert [(source.source[slice(*item.speaker)], item.within) for item in found if item.speaker] == [("Ann Marlow", -1), ("Tom Pell", 0)]


def test_what_one_speaker_said_is_not_within_itself() -> None:
    found = nest([piece(0, 50, turn=1, cue=(60, 64)), piece(20, 40, "mixed", turn=1, cue=(10, 14))])
    assert [item.within for item in found] == [-1, -1]


def test_a_letters_own_clauses_are_sentences_of_its_author() -> None:
    _, found = read("I accept that the dam is old. Tom Pell said that the dam is safe.", authored=True)
    assert [item.mode for item in found] == ["authored", "authored", "indirect"]


def test_what_a_letters_author_said_before_is_told_again() -> None:
    _, found = read("I told the board that the dam is old.", authored=True)
    assert [item.mode for item in found] == ["authored", "indirect"]


def test_what_a_letter_says_that_its_reader_said_is_told_inside_the_authors_own_words() -> None:
    source, found = read("I am pleased that you have found colleagues open and helpful.", authored=True)
    reported = [item for item in found if item.mode == "indirect"]
    assert [(source.source[slice(*item.speaker)], source.source[slice(*item.content)]) for item in reported if item.speaker] == [
        ("you", "colleagues open and helpful")
    ]


def test_what_a_letters_author_has_been_clear_about_was_said_before() -> None:
    _, found = read("I have been clear for years that the dam is old. I am clear that it must be mended.", authored=True)
    assert [item.mode for item in found] == ["authored", "indirect", "authored"]


def test_attributions_stand_in_reading_order_the_outer_first() -> None:
    _, found = read("Tom Pell said it was “late”. Nine wells ran dry, Ann Marlow said. “We are tired,” she added.")
    spans = [item.content for item in found]
    assert spans == sorted(spans, key=lambda span: (span[0], -span[1]))


PIECES = "said Ann Marlow that the , . “ ” \" ' it was he told \n to claims - :"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split(" ")), max_size=40))
def test_spans_lie_in_the_text_and_what_is_conveyed_behind_what_conveys_it(pieces: list[str]) -> None:
    source, found = read(" ".join(pieces))
    for number, item in enumerate(found):
        assert 0 <= item.content[0] <= item.content[1] <= len(source.source)
        assert -1 <= item.within < number
        if item.speaker is not None:
            assert source.source[slice(*item.speaker)].strip()
