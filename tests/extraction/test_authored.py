from __future__ import annotations

import pytest

from kg.extraction.attributions import Attribution
from kg.extraction.authored import CONFIDENCE, authored
from kg.extraction.outline import Block, BlockKind, Outline
from kg.extraction.words import words


def voiced(text: str, letter: bool, kind: BlockKind = "paragraph", taken: list[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    """The rule and the words of each sentence in the author's voice; ``taken``: the mode and the words of what is attributed already."""
    outline = Outline("letter" if letter else "article", (Block(kind, 0, len(text)),), authored=letter)
    spans = [(mode, (text.index(content), text.index(content) + len(content))) for mode, content in taken or []]
    before = [Attribution(span, span, mode, None, None, "given") for mode, span in spans]  # type: ignore[arg-type]
    return [(found.rule, text[slice(*found.content)]) for found in authored(words(text, outline), outline, before)]


CASES = [
    ("author-first-person", "We accept the findings of the review.", True),
    ("author-sentence", "The harbour has silted up for years.", True),
    ("author-question", "Who will pay for the new harbour?", True),
    ("reporter-figure", "Rents have risen by 12% since the spring.", False),
    ("reporter-judgement", "The harbour was shattered by a damaging scandal.", False),
]
LEFT = [
    ("author-first-person", "We accept the findings of the review.", False),
    ("author-sentence", "Yours sincerely, Ann.", True),
    ("author-question", "Who will pay for the new harbour?", False),
    ("reporter-figure", "Rents have risen since the spring.", False),
    ("reporter-judgement", "The harbour lies to the east of the town.", False),
]


@pytest.mark.parametrize(("rule", "text", "letter"), CASES)
def test_a_sentence_in_the_authors_voice_is_found(rule: str, text: str, letter: bool) -> None:
    assert voiced(text, letter) == [(rule, text)]


@pytest.mark.parametrize(("rule", "text", "letter"), LEFT)
def test_a_rule_leaves_alone_what_it_is_not_for(rule: str, text: str, letter: bool) -> None:
    assert rule not in [found for found, _ in voiced(text, letter)]


def test_every_rule_is_tested_both_ways() -> None:
    assert set(CONFIDENCE) == {rule for rule, _, _ in CASES} == {rule for rule, _, _ in LEFT}


def test_a_letter_is_read_sentence_by_sentence() -> None:
    assert [text for _, text in voiced("We accept the findings. The harbour has silted up.", True)] == [
        "We accept the findings.",
        "The harbour has silted up.",
    ]


@pytest.mark.parametrize("kind", ["heading", "byline", "signoff", "salutation", "caption", "furniture"])
def test_only_paragraphs_and_bullets_are_anybodys_words(kind: BlockKind) -> None:
    assert voiced("We accept the findings of the review.", True, kind) == []


def test_a_sentence_that_is_quoted_is_not_the_authors() -> None:
    assert voiced("“We accept the findings of the review.”", True, taken=[("direct", "We accept the findings of the review.")]) == []


def test_a_sentence_in_which_somebody_says_something_is_no_claim_of_the_reporter() -> None:
    text = "Ann Marlow said rents have risen by 12%."
    assert voiced(text, False, taken=[("indirect", "rents have risen by 12%")]) == []


def test_a_reporters_claim_is_trusted_less_than_an_authors_sentence() -> None:
    reporter = [confidence for rule, confidence in CONFIDENCE.items() if rule.startswith("reporter")]
    assert max(reporter) < 0.4 <= min(confidence for rule, confidence in CONFIDENCE.items() if rule.startswith("author"))
