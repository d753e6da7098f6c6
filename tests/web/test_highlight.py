"""A text and its passages: nothing is lost, nothing is marked that is not in a passage."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kg.web.highlight import Segment, Spot, excerpts, lines, segments

TEXTS = st.text(alphabet=st.sampled_from("ab \n\u00e9\u05d0\U0001f600"), max_size=60)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Spot]]:
    """A text, and passages in it, some of which overlap, nest, are the same or are empty."""
    text = draw(TEXTS)
    offsets = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(offsets, offsets), max_size=8))
    return text, [Spot(min(pair), max(pair), str(number)) for number, pair in enumerate(pairs)]


def places(segment: Segment) -> range:
    return range(segment.start, segment.start + len(segment.text))


@given(marked())
def test_the_segments_are_the_text(found: tuple[str, list[Spot]]) -> None:
    text, spots = found
    cut = segments(text, spots)
    assert "".join(segment.text for segment in cut) == text
    assert all(text.startswith(segment.text, segment.start) for segment in cut)
    assert all(segment.text for segment in cut)


@given(marked())
def test_each_passage_is_covered_by_exactly_the_segments_that_name_it(found: tuple[str, list[Spot]]) -> None:
    text, spots = found
    cut = segments(text, spots)
    for spot in spots:
        covered = {
            place for segment in cut if spot.name in segment.names for place in range(segment.start, segment.start + len(segment.text))
        }
        assert covered == set(range(spot.start, spot.end))
        assert [segment.start for segment in cut if spot.name in segment.begins] == ([spot.start] if spot.start < spot.end else [])


@given(marked(), st.integers(-3, 70), st.integers(-3, 70))
def test_a_part_of_the_text_is_cut_as_the_whole_is(found: tuple[str, list[Spot]], low: int, high: int) -> None:
    text, spots = found
    part = segments(text, spots, low, high)
    assert "".join(segment.text for segment in part) == text[max(low, 0) : max(high, 0)]
    whole = {place: segment.names for segment in segments(text, spots) for place in places(segment)}
    assert all(whole[place] == segment.names for segment in part for place in places(segment))


@given(marked())
def test_the_lines_are_those_of_the_text(found: tuple[str, list[Spot]]) -> None:
    text, spots = found
    cut = segments(text, spots)
    split = list(lines(cut))
    assert ["".join(segment.text for segment in line) for line in split] == text.splitlines(keepends=True)
    assert [name for line in split for segment in line for name in segment.begins] == [name for segment in cut for name in segment.begins]
    assert all(text.startswith(segment.text, segment.start) for line in split for segment in line)


@given(marked(), st.integers(0, 10), st.integers(0, 10))
def test_excerpts_hold_the_passages_and_stand_apart(found: tuple[str, list[Spot]], near: int, more: int) -> None:
    text, spots = found
    shown = excerpts(text, spots, (near, near + more))
    assert all(any(low <= spot.start and spot.end <= high for low, high in shown) for spot in spots)
    assert all(one[1] + 1 < two[0] for one, two in pairwise(shown))
    assert all(0 <= low <= high <= len(text) for low, high in shown)


def test_a_passage_outside_the_text_marks_what_there_is_of_it() -> None:
    (plain, cut) = segments("abc", [Spot(2, 9, "x"), Spot(7, 9, "y")])
    assert (plain.names, cut.text, cut.names) == ((), "c", ("x",))
