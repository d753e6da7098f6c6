"""Words: tokens and sentences, with offsets into the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import Document, digest
from kg.extraction.outline import Block, Outline, outline
from kg.extraction.words import Words, words


def read(source: str) -> Words:
    return words(source, outline(Document(Path("note.txt"), source, digest(source))))


@pytest.mark.parametrize(
    ("source", "tokens"),
    [
        ("Ada’s oven won't do.", "Ada ’s oven won't do ."),
        ("It's O'Hara's; she'll go.", "It 's O'Hara 's ; she 'll go ."),
        ("Sen. J. Coe (D-N.Y.) of the U.S. board", "Sen. J. Coe ( D-N.Y. ) of the U.S. board"),
        ("No. 5 costs £1,500.50 at 10:30am", "No. 5 costs £ 1,500.50 at 10:30am"),
        ("anti-rust, met.example.uk and e.g. this", "anti-rust , met.example.uk and e.g. this"),
        ("so wet…. and dry--ish", "so wet …. and dry -- ish"),
        ("No. It was the end.", "No . It was the end ."),
        ("see https://example.org/a,b?c=1 now", "see https://example.org/a,b?c=1 now"),
        ("“No,” ''yes'' it is", "“ No , ” '' yes '' it is"),
        ("a . . . . . . . . . . . . 7", "a|. . . . . . . . . . . .|7"),
        ("the report, externalof May, says", "the report of May , says"),
        ("the report, external, says", "the report , says"),
        ("an interview, external with us", "an interview with us"),
        ("a new, external review, externally led", "a new , external review , externally led"),
        ("(" * 12 + ")" * 12 + " end", "(" * 12 + ")" * 12 + " end"),
    ],
)
def test_tokens(source: str, tokens: str) -> None:
    assert read(source).text == tokens.split("|" if "|" in tokens else None)


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ("It rains. It pours.", ["It rains.", "It pours."]),
        ("Dr. Coe left. Mr. Dow, of Acme Inc., stayed.", ["Dr. Coe left.", "Mr. Dow, of Acme Inc., stayed."]),
        ("She left the U.S. The rest stayed.", ["She left the U.S.", "The rest stayed."]),
        ("“It rains.” She left.", ["“It rains.”", "She left."]),
        ("“Is it?” she asked. No.", ["“Is it?” she asked.", "No."]),
        ("It ended last week.But nobody came.", ["It ended last week.", "But nobody came."]),
        ("It grew by 1.5 per cent. 40 left.", ["It grew by 1.5 per cent.", "40 left."]),
        ("One paragraph\n\nand another", ["One paragraph", "and another"]),
    ],
)
def test_sentences(source: str, sentences: list[str]) -> None:
    made = read(source)
    assert [source[slice(*made.span(*sentence))] for sentence in made.sentences] == sentences


def test_a_place_leads_to_token_sentence_and_block() -> None:
    source = "It rains. It pours.\n\nShe left."
    made = words(source, Outline("article", (Block("paragraph", 0, 19), Block("paragraph", 21, len(source)))))
    token = made.at(source.index("left"))
    assert made.text[token] == "left"
    assert made.sentence(token) == 2
    assert made.block(token) == 1
    assert made.tokens(21, len(source)) == (6, 9)


@given(st.text(alphabet="aB’'\".,-– 1£(\n“”…é", max_size=80))
def test_offsets_always_slice_to_the_token(source: str) -> None:
    made = words(source, Outline("article", (Block("paragraph", 0, len(source)),)))
    assert [source[start:end] for start, end in zip(made.start, made.end, strict=True)] == made.text
    assert "".join("".join(made.text).split()) == "".join(source.split())
    assert [first for first, _ in made.sentences] == [0, *(last for _, last in made.sentences)][: len(made.sentences)]
    assert not made.text or made.sentences[-1][1] == len(made.text)
