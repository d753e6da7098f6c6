"""Lexicon: the forms of verbs, and which nouns can speak."""

from __future__ import annotations

import pytest

from kg.extraction import lexicon


@pytest.mark.parametrize(
    ("form", "base", "what"),
    [
        ("said", "say", "past"),
        ("says", "say", "s"),
        ("saying", "say", "ing"),
        ("told", "tell", "past"),
        ("denies", "deny", "s"),
        ("pledged", "pledge", "past"),
        ("labelled", "label", "past"),
        ("labeled", "label", "past"),
        ("written", "write", "participle"),
        ("urges", "urge", "s"),
        ("criticised", "criticise", "past"),
        ("read", "read", "past"),
    ],
)
def test_forms_lead_to_their_verb(form: str, base: str, what: str) -> None:
    assert (lexicon.VERBS[form], lexicon.FORM[form]) == (base, what)
    assert lexicon.base(form) == base


def test_tiers_share_no_verb_but_every_verb_is_in_one() -> None:
    assert set(lexicon.VERBS.values()) == lexicon.STRONG | lexicon.WEAK
    assert set() == (lexicon.MENTAL | lexicon.CALLING) - (lexicon.STRONG | lexicon.WEAK)
    assert "table" not in lexicon.VERBS


@pytest.mark.parametrize(
    "noun", ["critics", "spokeswoman", "spokespeople", "policemen", "agencies", "neurosurgeon", "report", "lobbyist", "baker", "police"]
)
def test_who_can_speak(noun: str) -> None:
    assert lexicon.can_speak(noun)


@pytest.mark.parametrize("noun", ["weather", "numbers", "kitchen", "winter", "table", "list", "trees", "centre", "answer"])
def test_what_cannot_speak(noun: str) -> None:
    assert not lexicon.can_speak(noun)
