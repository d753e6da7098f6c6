"""What a client would rather have: the Accept header, as RFC 9110 section 12.5.1 reads it."""

from __future__ import annotations

from collections.abc import Sequence

#: Ranges that are looked at; a header with more of them is not written by a client in earnest.
_MOST = 64


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """The offer that the Accept header likes best; None where it likes none, the first where the header is empty.

    Of offers that are liked as much, the earlier one. An offer may carry parameters; they play no part.

    >>> choose("text/html;q=0.5, application/*", ["text/html", "application/json"])
    'application/json'
    >>> choose("text/csv", ["text/html"]) is None
    True
    """
    ranges = _ranges(accept)
    if not ranges:
        return offers[0] if offers else None
    best = max(offers, key=lambda offer: _quality(offer, ranges), default=None)
    return best if best is not None and _quality(best, ranges) > 0 else None


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
