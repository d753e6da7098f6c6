"""Scopes: where in a text a mention may look for whom it means, who is named there, and who has spoken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kg.extraction.attributions import Attribution, Span
from kg.extraction.names import Name
from kg.extraction.naming import listed
from kg.extraction.outline import Outline, Update
from kg.extraction.registry import Actor
from kg.extraction.words import Words

ARTICLES = listed("the a an this that these those his her its their our my your one another some two three many several")
LINKS = listed("of for at in to on with from by about as into over after before during within near inside outside who which that")
OWNS = frozenset(("'s", "’s", "'", "’"))
_NOBODY = listed("byline caption furniture dateline")
_SENTENCES = 12  # that a pronoun may lean back over
_REACH = 4_000  # characters that it may, where sentences have no end
_LONGEST = 60  # words of a phrase that are looked at


class Spoken(NamedTuple):
    """Somebody who spoke at an offset; ``thing`` where an “it” did so for him or her: “her report”."""

    at: int
    actor: Actor
    thing: bool


class Scopes:
    """The names of a text that can be meant by other mentions, by their places; bylines and captions are left out."""

    def __init__(self, words: Words, mentions: list[tuple[Name, Actor]], outline: Outline) -> None:
        self.words, self.outline = words, outline
        hidden = [(block.start, block.end) for block in outline.blocks if block.kind in _NOBODY]
        self._everything = mentions
        self.mentions = [(name, actor) for name, actor in mentions if not _covered(hidden, name.start)]
        self.spoken: list[Spoken] = []
        self._starts = [name.start for name, _ in self.mentions]
        self._all_starts = [name.start for name, _ in mentions]
        self._posts = [update.start for update in outline.updates]
        self._quoted: list[Span] = []
        self._of: dict[str, list[int]] = {}
        for name, actor in self.mentions:
            self._of.setdefault(actor.id, []).append(name.start)

    def quote(self, attributions: Sequence[Attribution]) -> None:
        """Keep where words are quoted: names in there are no subjects of the text around."""
        self._quoted = sorted(one.content for one in attributions if one.mode == "direct" or one.mode == "mixed")

    def within(self, start: int, end: int) -> list[tuple[Name, Actor]]:
        """The names that begin between two offsets, and whom they mean."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def inside(self, start: int, end: int) -> list[tuple[Name, Actor]]:
        """The names in a mention itself, also in bylines and captions."""
        return self._everything[bisect_left(self._all_starts, start) : bisect_left(self._all_starts, end)]

    def spoke(self, start: int, end: int) -> list[Spoken]:
        """Who spoke between two offsets; of many, the first and the last few."""
        first = bisect_left(self.spoken, start, key=lambda one: one.at)
        last = bisect_left(self.spoken, end, first, key=lambda one: one.at)
        return self.spoken[first:last] if last - first < 12 else self.spoken[first : first + 6] + self.spoken[last - 6 : last]

    def post(self, offset: int) -> Update | None:
        """The post of a live page in which an offset stands."""
        number = bisect_left(self._posts, offset + 1) - 1
        return self.outline.updates[number] if number >= 0 and offset < self.outline.updates[number].end else None

    def around(self, offset: int) -> Span:
        """Where a mention may look: its post, else what stands before and behind the posts, else the whole text."""
        if post := self.post(offset):
            return post.start, post.end
        number = bisect_left(self._posts, offset + 1) - 1
        end = self._posts[number + 1] if number + 1 < len(self._posts) else len(self.words.source)
        return (self.outline.updates[number].end if number >= 0 else 0), end

    def heading(self, offset: int) -> Span | None:
        """The heading of the post in which an offset stands, else the title of the text."""
        post = self.post(offset)
        return post.heading if post else self.outline.title

    def in_heading(self, offset: int) -> bool:
        """Whether an offset stands in the heading of its post."""
        post = self.post(offset)
        return post is not None and post.heading is not None and post.heading[0] <= offset < post.heading[1]

    def near(self, at: int, offset: int) -> int:
        """How near a mention is to an offset: 3 before it in the same scope, 2 behind it there, 1 elsewhere."""
        low, high = self.around(offset)
        return 3 if low <= at < offset else 2 if offset <= at < high else 1

    def nearest(self, actor: Actor, offset: int) -> int:
        """How near the nearest name of somebody is, 0 where the text never names him or her."""
        places = self._of.get(actor.id, [])
        number = bisect_left(places, offset)
        return max((self.near(at, offset) for at in places[max(0, number - 1) : number + 1]), default=0)

    def outside(self, start: int, offset: int) -> bool:
        """Whether what stands at an offset can lean on a name: not where the name is in quoted words and the offset is not."""
        return not (_covered(self._quoted, start) and not _covered(self._quoted, offset))

    def subject(self, name: Name) -> bool:
        """Whether a name can be a subject: not an owner, and not behind a preposition, unless that begins the sentence."""
        start = name.role[0] if name.role and name.role[0] < name.start else name.start
        behind, before = self.words.at(name.end), self.words.at(start) - 1
        if behind < len(self.words.text) and self.words.lower[behind] in OWNS and self.words.start[behind] == name.end:
            return False
        if before > 0 and self.words.lower[before] in ARTICLES:
            before -= 1
        return before < 0 or self.words.lower[before] not in LINKS or before == self.words.sentences[self.words.sentence(before)][0]

    def head(self, first: int, last: int) -> int:
        """The end of a phrase before its first preposition, comma or relative pronoun."""
        for token in range(first + 1, min(last, first + _LONGEST)):
            if self.words.lower[token] in LINKS or self.words.text[token] in ",(;:–—":
                return token
        return min(last, first + _LONGEST)

    def back(
        self,
        offset: int,
        right: Callable[[Actor], bool],
        thing: bool = False,
        common: Callable[[int, int], Actor | None] | None = None,
    ) -> Actor | None:
        """The nearest one before an offset, in its scope, who spoke or was the subject of a sentence, and whom a test accepts.

        ``thing``: whoever spoke through something is accepted too; ``common`` finds organisations that common nouns stand for, in the
        sentences before.
        """
        low = max(self.around(offset)[0], offset - _REACH)
        sentence = self.words.sentence(self.words.at(offset))
        for number in range(sentence, max(-1, sentence - _SENTENCES), -1):
            first, last = self.words.sentences[number]
            start, end = max(low, self.words.start[first]), min(offset, self.words.end[last - 1])
            if end <= low:
                return None
            found = next((one.actor for one in self.spoke(start, end) if right(one.actor) or (thing and one.thing)), None)
            named = [(name, actor) for name, actor in self.within(start, end) if right(actor) and self.outside(name.start, offset)]
            found = found or next((actor for name, actor in named if self.subject(name)), None)
            if not found and common and number < sentence:
                found = common(start, end)
            if not found and named and number < sentence:
                found = named[0][1]
            if found:
                return found
        return None


def _covered(spans: list[Span], offset: int) -> bool:
    """Whether an offset stands in one of some spans that are in order and apart."""
    number = bisect_left(spans, (offset + 1,)) - 1
    return number >= 0 and offset < spans[number][1]
