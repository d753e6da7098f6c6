"""Speakers: each rule has a sentence that it catches and one that it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Document, digest
from kg.extraction.attributions import Attribution
from kg.extraction.names import names
from kg.extraction.outline import Block, Outline, outline
from kg.extraction.quotations import quotations
from kg.extraction.speakers import CONFIDENCE, speakers
from kg.extraction.words import words


def read(source: str) -> list[Attribution]:
    made = words(source, outline(Document(Path("note.txt"), source, digest(source))))
    return speakers(made, quotations(made), names(made))


def read_lines(source: str) -> list[Attribution]:
    """The attributions of a text whose paragraphs are its lines, whatever its outline would be."""
    lines = re.finditer(r"[^\s](?:[^\n]*[^\s])?", source)
    made = words(source, Outline("article", tuple(Block("paragraph", line.start(), line.end()) for line in lines)))
    return speakers(made, quotations(made), names(made))


def shown(source: str) -> list[tuple[str, str, str]]:
    """Each attribution of a text: the quoted words, the speaker, the rule."""
    return [(source[slice(*made.content)], source[slice(*made.speaker)] if made.speaker else "", made.rule) for made in read(source)]


LONG = "The summer was long for all who bake, and nobody in the town could tell when it would come to its end at last. "

#: Rule, text, the words quoted and who says them by that rule.
CAUGHT = [
    ("said-after", "If, as bakers say, it rains - “who will bake our bread?” asked Ben Dow.", "who will bake our bread?", "Ben Dow"),
    ("said-after", "“It will rain,” said Ada Coe, a baker.", "It will rain,", "Ada Coe"),
    ("said-after", '"It will rain" said the baker.', "It will rain", "the baker"),
    ("said-after", "“It will rain,” beamed Ada Coe.", "It will rain,", "Ada Coe"),
    ("subject-after", "“No, no, no, no,” she said.", "No, no, no, no,", "she"),
    ("subject-after", "‘It will rain,’ she says.", "It will rain,", "she"),
    ("subject-after", "“It will rain,” the baker, Ada Coe, told reporters.", "It will rain,", "Ada Coe"),
    ("subject-after", "“Will it rain?” Ada Coe asked.", "Will it rain?", "Ada Coe"),
    ("subject-after", "“It will rain.” Ada Coe said.", "It will rain.", "Ada Coe"),
    ("subject-after", "“It will rain,” an angry baker retaliated.", "It will rain,", "an angry baker"),
    ("subject-before", "After the board complained, Ada Coe hit back: “It rains.”", "It rains.", "Ada Coe"),
    ("subject-before", "Ada Coe & Sons said: “It rains.”", "It rains.", "Ada Coe & Sons"),
    ("subject-before", "Ada Coe said: “It will rain.”", "It will rain.", "Ada Coe"),
    ("subject-before", "Ada Coe, who bakes in Ely, said it was “a long day”.", "a long day", "Ada Coe"),
    ("subject-before", "The council’s baker, Ada Coe, said it was “a long day”.", "a long day", "Ada Coe"),
    ("subject-before", "Ada Coe called the oven “a wreck” and the roof “a ruin”.", "a ruin", "Ada Coe"),
    ("subject-before", "Ada Coe won the prize on Friday, adding that it was “a long day”.", "a long day", "Ada Coe"),
    ("subject-before", "We hear from Ada Coe, who says she is “not surprised at all”.", "not surprised at all", "Ada Coe"),
    ("subject-before", "Ada Coe in her talk with Ben Dow said it was “a long day”.", "a long day", "Ada Coe"),
    ("subject-before", "Ada Coe on Friday told the board it was “a long day”.", "a long day", "Ada Coe"),
    ("subject-before", "Ada Coe made clear that it was “a long day”.", "a long day", "Ada Coe"),
    ("subject-before", "Ada Coe says the force knows it is “a long day”.", "a long day", "Ada Coe"),
    ("according-to", "According to Ada Coe, it was “a long day”.", "a long day", "Ada Coe"),
    ("according-to", "It was “a long day”, according to the baker.", "a long day", "the baker"),
    ("cue-later", "The “relentless” work goes on, Ada Coe said.", "relentless", "Ada Coe"),
    ("cue-later", "“We are happy” about the news, said Ada Coe, who bakes.", "We are happy", "Ada Coe"),
    ("name-colon", "Coe: ‘It will rain on all of us’", "It will rain on all of us", "Coe"),
    ("name-colon", "From the baker: “It will rain.”", "It will rain.", "the baker"),
    ("name-colon", "It will not surprise the baker Ada Coe: “It rains for days.”", "It rains for days.", "Ada Coe"),
    ("name-colon", f"{LONG}\n\nCHAIR: Go on, please.\n\nMS COE: It will rain.\n\nCHAIR: Will it?", "It will rain.", "MS COE"),
    ("name-dash", "“It will rain on all of us.” ― Ada Coe", "It will rain on all of us.", "Ada Coe"),
    ("name-dash", "“It will rain on all of us.”\n\n- Ada Coe", "It will rain on all of us.", "Ada Coe"),
    ("name-dash", "'Utterly wet' - baker on the summer", "Utterly wet", "baker"),
    ("name-dash", '"It will rain on all of us.\nAda Coe, Bakers of Ely."', "It will rain on all of us.", "Ada Coe"),
    ("owner-of-words", "It all came down to her claim that “it would rain for days”.", "it would rain for days", "her"),
    ("owner-of-words", "Nobody liked the board’s “long-lasting peace” that summer.", "long-lasting peace", "the board"),
    ("same-paragraph", "“It will rain,” said Ada Coe. “It always does.”", "It always does.", "Ada Coe"),
    ("turn-continued", "Ada Coe said: “It will rain.\n\n“It always does.”", "It always does.", "Ada Coe"),
    ("colon", "Ada Coe put out this statement:\n\n“It will rain.”", "It will rain.", "Ada Coe"),
    ("colon", "Stated Ada Coe:\n\n“It will rain.”", "It will rain.", "Ada Coe"),
    ("bullet-list", "Ada Coe said:\n\n• “It will rain for days”\n• “It always does in June”", "It always does in June", "Ada Coe"),
    ("heading", "# Ada Coe says the summer is over\n\n“It will rain for days and days.”\n", "It will rain for days and days.", "Ada Coe"),
    (
        "heading-repeats",
        "# ‘It will rain for days’\n\n“It will rain for days and days,” said Ada Coe.\n",
        "It will rain for days",
        "Ada Coe",
    ),
    ("heading-repeats", "# 'SO WET' Bakers flee\n\n“It was so wet in Ely,” said Ada Coe.\n", "SO WET", "Ada Coe"),
    ("sentence-before", "Ada Coe argued that summer was over. “It will rain for days.”", "It will rain for days.", "Ada Coe"),
    ("sentence-before", "Ada Coe looked at the sky with care. “It will rain for days.”", "It will rain for days.", "Ada Coe"),
    ("paragraph-before", f"{LONG}“It will rain,” said Ada Coe.\n\n“It always does.”", "It always does.", "Ada Coe"),
    ("paragraph-before", f"{LONG}Ada Coe looked at the sky.\n\n“It will rain for days.”", "It will rain for days.", "Ada Coe"),
    (
        "next-in-paragraph",
        "“It will rain for days and days.” Then came a long silence. “It always does,” Ada Coe said.",
        "It will rain for days and days.",
        "Ada Coe",
    ),
    ("sentence-subject", "Ada Coe moved against “any and all cheap flour”.", "any and all cheap flour", "Ada Coe"),
    ("unattributed", "“It will rain on all of us.”", "It will rain on all of us.", ""),
]

#: Rule, text, and words quoted in it that the rule leaves to another or to nobody.
LEFT_ALONE = [
    ("said-after", "“It will rain,” she told Ada Coe.", "It will rain,"),
    ("subject-after", "The “long day” Ada Coe had was over.", "long day"),
    ("subject-after", "Although Ada Coe said it was “a long day,” Ben Dow told nobody.", "a long day,"),
    ("subject-before", "Ada Coe was told it was “a long day”.", "a long day"),
    ("according-to", "The flour went out according to plan, and “a long day” began.", "a long day"),
    ("cue-later", "“It will rain,” she said, and Ada Coe said nothing.", "It will rain,"),
    ("cue-later", "Board fines bakers over ‘systemic’ claims delays", "systemic"),
    ("name-colon", "It was over by noon: “a long day” at last.", "a long day"),
    ("name-colon", "WATCH: 'It will rain on all of us'", "It will rain on all of us"),
    ("name-dash", "The “long day” - a Monday - was over.", "long day"),
    ("owner-of-words", "The report’s finding: “It will rain for days,” said Ada Coe.", "It will rain for days,"),
    ("same-paragraph", "“It will rain,” said Ada Coe. Ben Dow said: “It always does.”", "It always does."),
    ("turn-continued", "Ada Coe said: “It will rain.”\n\n“It never does,” said Ben Dow.", "It never does,"),
    ("colon", "Ada Coe said this:\n\n“It will rain,” Ben Dow said.", "It will rain,"),
    ("bullet-list", "What we learned:\n\n• Ada Coe said it was “a long day”", "a long day"),
    (
        "heading",
        "# Ada Coe says the summer is over\n\n“It will rain for days and days,” said Ben Dow.\n",
        "It will rain for days and days,",
    ),
    ("heading-repeats", "# ‘It will rain for days’\n\n“It will rain for a week,” said Ada Coe.\n", "It will rain for days"),
    ("heading-repeats", "# ‘It will rain,’ says baker\n\n“It will rain,” said Ben Dow.\n", "It will rain,"),
    ("sentence-before", "Ada Coe argued that summer was over. “It will rain,” said Ben Dow.", "It will rain,"),
    ("paragraph-before", "“It will rain,” said Ada Coe.\n\n“It never does,” said Ben Dow.", "It never does,"),
    ("next-in-paragraph", "“It will rain for days,” said Ben Dow. “It always does,” Ada Coe said.", "It will rain for days,"),
    ("sentence-subject", "They gave a ‘no case to answer’ decision in June.", "no case to answer"),
    ("unattributed", "The summer was “so long” for us.", "so long"),
]


@pytest.mark.parametrize(("rule", "source", "quote", "speaker"), CAUGHT)
def test_a_rule_finds_its_speaker(rule: str, source: str, quote: str, speaker: str) -> None:
    assert (quote, speaker, rule) in shown(source)


@pytest.mark.parametrize(("rule", "source", "quote"), LEFT_ALONE)
def test_a_rule_leaves_alone_what_is_not_its_own(rule: str, source: str, quote: str) -> None:
    assert quote in source
    assert rule not in [found for words_, _, found in shown(source) if words_ == quote]


def test_every_rule_has_both() -> None:
    assert {rule for rule, *_ in CAUGHT} == {rule for rule, *_ in LEFT_ALONE} == set(CONFIDENCE)


@pytest.mark.parametrize(
    "source",
    [
        "She loved “The Long Day of the Bakers” most.",
        "She was on “Fox and Friends” that day.",
        "On the desk - “Rain for days and days in Ely,” by Ada Coe.",
        'See <a href="http://example.org/a-long-day-it-was">here</a>.',
    ],
)
def test_titles_and_links_are_no_speech(source: str) -> None:
    assert shown(source) == []


@pytest.mark.parametrize(
    ("source", "modes"),
    [
        ("Ada Coe said: “It rains.”", ["direct"]),
        ("Ada Coe said it was “a long day”.", ["mixed"]),
        ("“It rains,” said Ada Coe, “and it pours.”", ["direct", "direct"]),
        ("Ada Coe called the oven “Ely’s ruin” and “a wreck”.", ["mixed", "mixed"]),
        ("She said “I am wet to the bone” today.", ["direct"]),
    ],
)
def test_a_quotation_that_is_a_sentence_is_direct(source: str, modes: list[str]) -> None:
    assert [made.mode for made in read(source)] == modes


def test_the_passage_holds_words_cue_and_speaker() -> None:
    source = "Before. Ada Coe argued that summer was over. “It will rain for days.” Behind."
    [made] = read(source)
    assert source[slice(*made.passage)] == "Ada Coe argued that summer was over. “It will rain for days.”"
    assert made.cue is not None
    assert source[slice(*made.cue)] == "argued"


PIECES = st.sampled_from(
    [
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "said",
        "Ada Coe",
        "she",
        "that",
        ",",
        ".",
        ":",
        "\n",
        "\n\n",
        "•",
        "(",
        ")",
        " ",
        "- ",
        "told",
        "it",
        "rain?",
    ]
)


@given(st.lists(PIECES, max_size=60))
@settings(max_examples=200, deadline=None)
def test_spans_always_lie_in_the_text(pieces: list[str]) -> None:
    source = " ".join(pieces)
    for made in read_lines(source):
        assert 0 <= made.passage[0] <= made.content[0] < made.content[1] <= made.passage[1] <= len(source)
        assert source[slice(*made.content)].strip()
        for span in (made.speaker, made.cue):
            assert span is None or (
                made.passage[0] <= span[0] < span[1] <= made.passage[1] and source[slice(*span)].strip() == source[slice(*span)]
            )


@pytest.mark.parametrize("piece", ['"a" ', "“a ", "said, ", "he said and ", "said “a b c d e f” ", "a “b c d” x ", '"a\n', "‘a "])
def test_no_text_makes_the_rules_slow(piece: str) -> None:
    read_lines(piece * 4000)
