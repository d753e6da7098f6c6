"""What a client would rather have, and what it has already: the headers Accept and If-None-Match, as RFC 9110 reads them."""

from __future__ import annotations

from collections.abc import Sequence

#: Ranges that are looked at; a header with more of them is not written by a client in earnest.
_MOST = 64


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """The offer that the Accept header likes best; None where it likes none, the first where the header is empty.

    Section 12.5.1. Of offers that are liked as much, the earlier one. An offer may carry parameters; they play no part.

    >>> choose("text/html;q=0.5, application/*", ["text/html", "application/json"])
    'application/json'
    >>> choose("text/csv", ["text/html"]) is None
    True
    """
    return next(iter(rank(accept, offers)), None)


def rank(accept: str, offers: Sequence[str]) -> list[str]:
    """The offers that the Accept header likes at all, the best first.

    >>> rank("text/csv, text/*;q=0.5", ["text/html", "text/csv", "image/png"])
    ['text/csv', 'text/html']
    """
    ranges = _ranges(accept)
    liked = {offer: _quality(offer, ranges) if ranges else 1.0 for offer in offers}
    return sorted((offer for offer in liked if liked[offer] > 0), key=lambda offer: -liked[offer])


def holds(if_none_match: str, tag: str) -> bool:
    """Whether the client has what the tag stands for: the header names it, weak or not, or says that anything will do (``*``).

    Section 13.1.2.

    >>> holds('"a", W/"b"', '"b"'), holds("*", '"b"'), holds('"bc"', '"b"')
    (True, True, False)
    """
    tags = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def _ranges(accept: str) -> dict[str, float]:
    """Each media range of the header with its q-value; ranges with parameters count as the type without them."""
    found: dict[str, float] = {}
    for part in accept.split(",", _MOST)[:_MOST]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if "/" not in name:
            continue
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        found[name] = max(found.get(name, 0.0), _number(quality))
    return found


def _number(quality: str) -> float:
    """The q-value between 0 and 1; what is no number says nothing against the type."""
    try:
        value = float(quality)
    except ValueError:
        return 1.0
    return min(max(value, 0.0), 1.0) if value == value else 1.0


def _quality(offer: str, ranges: dict[str, float]) -> float:
    """How much the offer is liked: what the most specific range that fits it says."""
    name = offer.partition(";")[0].strip().lower()
    for fitting in (name, name.partition("/")[0] + "/*", "*/*"):
        if fitting in ranges:
            return ranges[fitting]
    return 0.0
