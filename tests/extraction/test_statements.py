"""What attributions come to: statements, each checked against the text it was read from."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import of_text
from kg.extraction import Candidate, Extraction, Registry, extract

NEWS = """The plan for the bridge

By Joan Tully
3 June 2025

"We will publish every report by 30 June. We should have done so before," said Ann Marlow, the chief executive of Durley Council.

Ben Ash, who chairs the Bridge Users' Group, said that the council had ignored 240 letters and that nobody had answered "a single one".

"We will publish every report by 30 June," Marlow repeated. He called the answer "too late".
"""


def read(text: str) -> tuple[str, Extraction]:
    return text, extract(of_text(text))


def said(text: str, candidates: list[Candidate]) -> list[str]:
    return [text[slice(*candidate.content)] for candidate in candidates]


def test_a_turn_of_two_sentences_is_two_statements() -> None:
    text, found = read(NEWS)
    first, second = found.candidates[:2]
    assert said(text, [first, second]) == ["We will publish every report by 30 June.", "We should have done so before,"]
    assert first.turn == second.turn
    assert (first.acts[0], first.due) == ("Commitment", "2025-06-30")
    assert {candidate.entity.label for candidate in (first, second) if candidate.entity} == {"Ann Marlow"}


def test_a_passage_holds_the_words_and_who_said_them_where_they_stand_apart() -> None:
    text, found = read(NEWS)
    first, second = found.candidates[:2]
    assert [text[slice(*span)] for span in first.passages] == ['"We will publish every report by 30 June.', "said Ann Marlow"]
    (whole,) = second.passages
    assert text[slice(*whole)] == 'We should have done so before," said Ann Marlow'


def test_a_joint_clause_is_a_statement_of_its_own_and_a_quoted_piece_is_part_of_its_clause() -> None:
    text, found = read(NEWS)
    clauses = [candidate for candidate in found.candidates if candidate.mode in ("indirect", "mixed") and candidate.speaker]
    ignored, nobody = clauses[:2]
    assert "ignored 240 letters" in text[slice(*ignored.content)]
    assert text[slice(*ignored.content)].endswith("240 letters")
    assert nobody.mode == "mixed"
    assert nobody.quote
    assert text[slice(*nobody.quote)] == "a single one"
    assert [text[slice(*figure.span)] for figure in ignored.figures] == ["240 letters"]
    assert nobody.figures == ()


def test_words_said_again_repeat_the_first_telling() -> None:
    _, found = read(NEWS)
    again = [candidate for candidate in found.candidates if candidate.repeats >= 0]
    assert len(again) == 1
    original = found.candidates[again[0].repeats]
    assert original.repeats == -1
    assert original.entity == again[0].entity


def test_two_short_words_said_twice_are_two_statements() -> None:
    _, found = read('"Too late," said Ann Marlow. Later she said: "Too late."')
    assert [candidate.repeats for candidate in found.candidates] == [-1, -1]


def test_entities_are_each_named_once_and_known_ones_first() -> None:
    _, found = read(NEWS)
    names = [entity.id for entity in found.entities]
    assert len(names) == len(set(names))
    assert {candidate.entity for candidate in found.candidates if candidate.entity} <= set(found.entities)


def test_an_extractor_takes_the_place_of_the_rules() -> None:
    assert extract(of_text(NEWS), Registry.empty(), lambda document, registry: []).candidates == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "“", "”", '"', "'", ":", "said", "said,", '"" said', "\ufffd", "A" * 50, "a\x00b"])
def test_next_to_nothing_is_read_without_a_fault(text: str) -> None:
    assert all(candidate.content[0] < candidate.content[1] <= len(text) for candidate in extract(of_text(text)).candidates)


MARKS = ['"', "“", "”", "‘", "’", "'", "''", " ", "\n", "\n\n", ", ", ". ", "? ", "• ", "- ", ": ", "; and ", "(", ")", "…", "😀", "é"]
CUES = ["said ", "says that ", "told ", "According to ", "We will ", "I am sorry "]
NAMES = ["Ann Marlow", "she ", "The council ", "the charity ", "By "]
FIGURES = ["1,500 ", "four in five ", "10 per cent ", "on Monday ", "by 30 June ", "3 June 2025"]
FRAMES = ["Dear Ms Tully,", "Yours sincerely,", "published at 13:11 BST"]
PIECES = st.sampled_from(MARKS + CUES + NAMES + FIGURES + FRAMES)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_every_span_lies_in_the_text_and_every_quote_is_in_its_content(text: str) -> None:
    found = extract(of_text(text))
    for candidate in found.candidates:
        spans = [candidate.content, *candidate.passages, candidate.speaker, candidate.cue, candidate.capacity, candidate.quote]
        spans += [figure.span for figure in candidate.figures]
        assert all(0 <= span[0] < span[1] <= len(text) for span in spans if span is not None)
        start, end = candidate.content
        assert text[start:end] == text[start:end].strip()
        assert candidate.passages[0][0] <= start < end <= candidate.passages[0][1]
        if candidate.quote:
            assert start <= candidate.quote[0] < candidate.quote[1] <= end
        assert 0 < candidate.confidence < 1
        assert candidate.rule
        assert max(candidate.within, candidate.repeats) < len(found.candidates)


SHAPES = {
    "quote marks": '"',
    "quote marks apart": '" ',
    "open quotes": "“",
    "capitals": "A",
    "capitals apart": "A ",
    "one word": "word ",
    "brackets": "(",
    "nested brackets": "",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_ten_megabytes_hangs(shape: str) -> None:
    size = 10_000_000
    text = SHAPES[shape] * (size // len(SHAPES[shape])) if SHAPES[shape] else "(" * (size // 2) + ")" * (size // 2)
    began = time.process_time()
    assert extract(of_text(text)).candidates == []
    assert time.process_time() - began < 5


REPORT = """THE DURLEY REVIEW

An independent review of the bridge at Durley

Dame Joan Tully

3 June 2025

SUMMARY

1. The bridge was closed for 40 days. We find that nobody had inspected it since 2019.

2. Why was it not inspected? The council could not say.

RECOMMENDATIONS

We recommend that:

R1. the council inspects every bridge each year;

R2. the council publishes what it finds.

The ministry should check progress in 2026.
"""


def test_a_report_finds_asks_and_recommends() -> None:
    text, found = read(REPORT)
    acts = {text[slice(*candidate.content)]: candidate.acts[0] for candidate in found.candidates if candidate.mode == "authored"}
    told = {act: " ".join(words for words in acts if acts[words] == act) for act in set(acts.values())}
    assert "closed for 40 days" in told["Finding"]
    assert "Why was it not inspected?" in told["Question"]
    assert {"every bridge each year" in told["Recommendation"], "publishes what it finds" in told["Recommendation"]} == {True}
    assert "should check progress" in told["Recommendation"]
