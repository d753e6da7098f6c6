"""Phrases and chains: word classes, noun phrases, the subject of a verb."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction import phrases
from kg.extraction.outline import Block, Outline
from kg.extraction.phrases import Chain
from kg.extraction.quotations import quotations
from kg.extraction.words import words


def read(source: str) -> Chain:
    made = words(source, Outline("article", (Block("paragraph", 0, len(source)),)))
    return phrases.chain(made, quotations(made))


@pytest.mark.parametrize(
    ("source", "letters"),
    [
        ("The mayor (61) of Ely said so.", "dniNVr."),
        ("Her claim that it rains", "swhpw"),
        ("Critics claim that it rained", "nVhpe"),
        ("She claims the prize; the claims grew", "pVdw,dwe"),
        ("He made clear that it was", "peVhpx"),
        ("“Is it?” Ada Coe asked.", "QNNV."),
        ("“It is.” Ada Coe left.", "QNNe."),
        ("Kelly spoke on Monday", "Nvit"),
        ("Recently, bakers spoke", "r,nv"),
        ("She continues to bake", "peIe"),
    ],
)
def test_letters(source: str, letters: str) -> None:
    assert read(source).letters == letters


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ("“Is it?” Ada Coe asked. No.", 2),
        ("“It is.” Ada Coe left.", 2),
        ("“It is,” said Coe. “It was.” “It will be.”", 3),
        ("It rains", 1),
    ],
)
def test_a_quotation_that_ends_like_a_sentence_ends_the_one_around_it(source: str, sentences: int) -> None:
    assert len(read(source).sentences) - 1 == sentences


#: Text, its verb of speech, and the verb's subject.
SUBJECTS = [
    ("Ada Coe said so.", "said", "Ada Coe"),
    ("Ada Coe has never said so.", "said", "Ada Coe"),
    ("A spokeswoman for the board said so.", "said", "A spokeswoman for the board"),
    ("The head of the board and her deputy said so.", "said", "The head of the board and her deputy"),
    ("Ada Coe, a baker in Ely, said so.", "said", "Ada Coe"),
    ("The mayor, Ada Coe, said so.", "said", "Ada Coe"),
    ("Ada Coe – a baker in Ely – said so.", "said", "Ada Coe"),
    ("Ada Coe (61) said so.", "said", "Ada Coe"),
    ("We met Ada Coe, who says so.", "says", "Ada Coe"),
    ("Ada Coe in her speech said so.", "said", "Ada Coe"),
    ("Ada Coe on Monday said so.", "said", "Ada Coe"),
    ("Another baker speaking to Dow said so.", "said", "Another baker speaking to Dow"),
    ("Ada Coe won and said so.", "said", "Ada Coe"),
    ("Ada Coe won in May, saying so.", "saying", "Ada Coe"),
    ("Dow would win, Coe said, adding so.", "adding", "Coe"),
    ("They met, with Coe saying so.", "saying", "Coe"),
    ("Critics say so.", "say", "Critics"),
    ("Two officials said so.", "said", "Two officials"),
    ("It was over, said Ada Coe.", "said", "Ada Coe"),
    ("He made clear so.", "clear", "He"),
    ("A report released last year found that.", "found", "A report"),
]


@pytest.mark.parametrize(("source", "verb", "expected"), SUBJECTS)
def test_the_subject_of_a_verb(source: str, verb: str, expected: str) -> None:
    chain = read(source)
    place = next(place for place in range(len(chain.token)) if chain.word(place) == verb)
    phrase = phrases.subject(chain, place)
    assert phrase is not None
    assert source[slice(*chain.span(phrase.first, phrase.last))] == expected


@pytest.mark.parametrize(("source", "verb"), [("Said so.", "said"), ("They knew that said so.", "said")])
def test_a_verb_without_a_subject(source: str, verb: str) -> None:
    chain = read(source)
    place = next(place for place in range(len(chain.token)) if chain.word(place) == verb)
    assert phrases.subject(chain, place) is None


@pytest.mark.parametrize(
    ("source", "place", "expected"),
    [
        ("said retired Col. Ada Coe of Ely", 1, "Col. Ada Coe"),
        ("said the mayor of Ely", 1, "the mayor"),
        ("said she", 1, "she"),
        ("said two officials", 1, "two officials"),
    ],
)
def test_the_phrase_behind_a_verb(source: str, place: int, expected: str) -> None:
    chain = read(source)
    phrase = phrases.phrase_after(chain, place, len(chain.token))
    assert phrase is not None
    assert source[slice(*chain.span(phrase.first, phrase.last))] == expected


@given(
    st.lists(
        st.sampled_from(
            ["Ada", "said", "saying", "who", "and", "the", "baker", ",", "-", "in", "to", "May", "'s", "was", "that", "“a”", "."]
        ),
        max_size=40,
    )
)
def test_every_verb_can_be_asked_for_its_subject(pieces: list[str]) -> None:
    chain = read(" ".join(pieces))
    for place, letter in enumerate(chain.letters):
        if letter in "Vvg":
            begin, _ = chain.sentence(place)
            phrase = phrases.subject(chain, place)
            assert phrase is None or begin <= phrase.first <= phrase.head < phrase.last <= len(chain.token)
