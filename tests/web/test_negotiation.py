"""Accept and If-None-Match, as RFC 9110 reads them in sections 12.5.1 and 13.1.2."""

import pytest

from kg.web.negotiation import choose, holds, rank

OFFERS = ["text/html", "text/turtle", "application/ld+json"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle ; Q=0.3", "text/turtle"),
        ("application/*", "application/ld+json"),
        ("text/*;q=0.3, application/*;q=0.4", "application/ld+json"),
        ("text/*, text/html;q=0.1", "text/turtle"),  # the more specific range wins, even where it says less
        ("text/turtle;q=0.5, application/ld+json;q=0.9, */*;q=0.1", "application/ld+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/csv", None),
        ("text/html;q=0, text/turtle;q=0", None),
        ("*/*, text/html;q=0", "text/turtle"),
        ("text/turtle;q=0.5;level=1", "text/turtle"),
        ("text/turtle;q=much, text/html;q=0.9", "text/turtle"),
        ("text/turtle;q=nan, text/html;q=0.9", "text/turtle"),
        ("turtle", "text/html"),  # nothing that can be read is no wish
        ("," * 100_000, "text/html"),
    ],
)
def test_choose(accept: str, expected: str | None) -> None:
    assert choose(accept, OFFERS) == expected


def test_nothing_to_offer() -> None:
    assert choose("", []) is None
    assert choose("*/*", []) is None


def test_parameters_of_offers_play_no_part() -> None:
    assert choose("text/csv", ["text/html", "text/csv; header=present"]) == "text/csv; header=present"


def test_rank() -> None:
    assert rank("", OFFERS) == rank("*/*", OFFERS) == OFFERS
    assert rank("application/ld+json, text/*;q=0.5, text/html;q=0", OFFERS) == ["application/ld+json", "text/turtle"]
    assert rank("image/png", OFFERS) == []


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", False),
        ('"tag"', True),
        ('W/"tag"', True),
        ('"other", W/"tag" , "third"', True),
        ('"tags"', False),
        ('"a tag"', False),
        ("tag", False),
        ("*", True),
    ],
)
def test_holds(header: str, expected: bool) -> None:
    assert holds(header, '"tag"') is expected
    assert holds(header, 'W/"tag"') is expected
