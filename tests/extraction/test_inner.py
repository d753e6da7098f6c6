from __future__ import annotations

import pytest

from kg.documents import of_text
from kg.extraction.attributions import attributions
from kg.extraction.inner import inner
from kg.extraction.names import names
from kg.extraction.outline import outline
from kg.extraction.quotations import quotations
from kg.extraction.words import words

CATCHES = [
    ("“The mayor is late and Ann Pell has told me that she will not wait,” he said.", "Ann Pell", "that she will not wait"),
    ("“We are glad that Commissioner Ann Pell has accepted these and will act,” he said.", "Commissioner Ann Pell", "these"),
    ("“We agree with Ann Pell that the dams are too old for the valley,” he said.", "Ann Pell", "that the dams are too old for the valley"),
    ("“We will all wait for Ann Pell’s promise to mend the old dam,” he said.", "Ann Pell", "to mend the old dam"),
    ("“The Wick Council said the dam was old and nobody listened,” he said.", "Wick Council", "the dam was old and nobody listened"),
]
LEAVES = [
    "“I told you that the dam was old and that it would fail,” said Ann Pell.",
    "“People say that the dam is old and that it may fail,” said Ann Pell.",
    "“Ann Pell may say that the dam is old and will fail,” he said.",
    "“We agree with Ann Pell and with all the others in here,” he said.",
    "“I have seen Ann Pell’s house by the river and the dam,” he said.",
    "“Ann Pell said no,” he said.",
    "Ann Pell told me that the dam was old.",
]


def told(text: str) -> list[tuple[str, str]]:
    read = words(text, outline(of_text(text)))
    return [
        (text[slice(*item.speaker)] if item.speaker else "", text[slice(*item.content)])
        for item in inner(read, quotations(read), names(read))
    ]


@pytest.mark.parametrize(("text", "speaker", "content"), CATCHES, ids=[text for text, _, _ in CATCHES])
def test_what_a_third_party_is_quoted_to_have_said(text: str, speaker: str, content: str) -> None:
    assert told(text) == [(speaker, content)]


@pytest.mark.parametrize("text", LEAVES)
def test_what_is_left_to_the_speaker_of_the_quotation(text: str) -> None:
    assert told(text) == []


def test_it_stands_within_the_quotation_that_conveys_it() -> None:
    text = CATCHES[0][0]
    read = words(text, outline(of_text(text)))
    outer, found = attributions(read, quotations(read), names(read))
    assert (outer.mode, found.rule, found.within) == ("direct", "inner", 0)
    assert found.turn != outer.turn
    assert found.confidence < outer.confidence
