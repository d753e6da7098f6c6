"""Bodies: the organisations and the documents that common nouns stand for - “the charity”, “the force”, “her report”, “the review”."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from kg.extraction.names import Name, Names
from kg.extraction.naming import DOCUMENTS, ORGANISATIONS, listed
from kg.extraction.registry import Actor, Registry
from kg.extraction.scopes import OWNS, Scopes
from kg.extraction.wordings import key
from kg.extraction.words import Words

DEFINITE = listed("the this that his her its their our")
#: What somebody speaks through.
PAPERS = DOCUMENTS | listed(
    "complaint submission evidence analysis findings research blog post tweet article book speech lawsuit filing essay column"
)
#: Of these, the ones that are called by each other's names.
_REPORTS = listed("report review inquiry enquiry investigation study survey audit findings paper assessment")
_PRESS = listed("newspaper times post journal gazette herald tribune courier mail chronicle guardian telegraph")
#: Common nouns for an organisation, with the words of its name or description that they go with.
NOUNS = {
    **{noun: frozenset((noun,)) for noun in ORGANISATIONS},
    "watchdog": listed("watchdog ombudsman inspectorate regulator commission authority office"),
    "regulator": listed("regulator commission authority office"),
    "force": listed("force police constabulary army navy"),
    "police": listed("police constabulary sheriff"),
    "firm": listed("firm company ltd limited plc inc llc group partners associates"),
    "company": listed("company ltd limited plc inc corp corporation group motors industries systems"),
    "charity": listed("charity foundation trust"),
    "body": listed("council association federation institute board body commission"),
    "department": listed("department ministry office"),
    "ministry": listed("ministry department office"),
    "newspaper": _PRESS,
    "paper": _PRESS,
    "broadcaster": listed("broadcaster radio television tv broadcasting channel"),
}
#: Of these, the ones that hardly stand for themselves, as “the police” does, but for what was named before.
ANAPHORS = listed(
    "charity watchdog regulator force firm company body department ministry group organisation organization union agency project campaign"
    " newspaper broadcaster authority association trust foundation club inspectorate institute federation alliance coalition"
)
_NEW = frozenset(("a", "an", "another"))  # what these introduce is no document that was named before
_MOST = 80  # names that are looked at on either side


class Bodies:
    """What common nouns stand for in one text."""

    def __init__(self, words: Words, names: Names, registry: Registry, scopes: Scopes) -> None:
        self.words, self.names, self.registry, self.scopes = words, names, registry, scopes
        self._institutions = [mention for mention in scopes.mentions if mention[1].kind == "Institution"]
        self._starts = [name.start for name, _ in self._institutions]
        self._meant = {name.start: actor for name, actor in registry.mentions}
        self._papers: dict[str, list[tuple[int, Actor | None]]] = {}
        for at, noun, actor in sorted(self._written(), key=lambda one: one[0]):
            self._papers.setdefault("report" if noun in _REPORTS else noun, []).append((at, actor))

    def common(self, first: int, head: int) -> Actor | None:
        """“The charity”: the organisation named last, in the same scope if there is one, whose name or description has the word."""
        wanted = NOUNS.get(self.words.lower[head - 1])
        if wanted is None or self.words.lower[first] not in DEFINITE:
            return None
        offset = self.words.start[first]
        number = bisect_left(self._starts, offset)
        order = [*reversed(self._institutions[max(0, number - _MOST) : number]), *self._institutions[number : number + _MOST]]
        found = [(name, actor) for name, actor in order if wanted & self._described(name, actor)]
        return next((actor for name, actor in found if self.scopes.near(name.start, offset) > 1), found[0][1] if found else None)

    def between(self, start: int, end: int) -> Actor | None:
        """The first organisation that a common noun stands for between two offsets."""
        first, last = self.words.tokens(start, end)
        for token in range(first + 1, last):
            if (
                self.words.lower[token] in NOUNS
                and self.words.lower[token - 1] in DEFINITE
                and (actor := self.common(token - 1, token + 1))
            ):
                return actor
        return None

    def _described(self, name: Name, actor: Actor) -> frozenset[str]:
        """The words that describe an organisation: of its record, of its name, and of those just beside it."""
        before, behind = self.words.at(name.start), self.words.at(name.end)
        beside = self.words.text[max(0, before - 3) : before]
        if self.words.text[behind : behind + 1] == [","]:
            beside = beside + self.words.text[behind + 1 : behind + 5]
        return actor.nouns | frozenset(key(actor.label).split()) | frozenset(word for word in beside if word.islower())

    def _written(self) -> Iterator[tuple[int, str, Actor | None]]:
        """The documents that the text gives to somebody: “a review by Ada Coe”, “Coe's report”, “the letter she wrote” (nobody yet)."""
        lower = self.words.lower
        for token in range(2, len(lower)):
            if lower[token] == "wrote" and lower[token - 1] in ("he", "she") and (noun := self._document(token - 2, -1)):
                yield self.words.start[token], noun, None
        for name, actor in self.scopes.mentions:
            if actor.author and (writer := self.registry.case.actors.get(actor.author)):
                yield name.start, key(name.text).rpartition(" ")[2], writer
            if actor.kind != "Person":
                continue
            before, behind = self.words.at(name.start) - 1, self.words.at(name.end)
            noun = self._document(before - 1, -1) if before > 0 and lower[before] in ("by", "from") else ""
            if not noun and behind + 1 < len(lower) and lower[behind] in OWNS:
                noun = self._document(behind + 1, 1)
            if noun:
                yield name.start, noun, actor

    def _document(self, token: int, step: int) -> str:
        """The noun for a document within a few words of a token, in one direction."""
        for place in range(token, token + 4 * step, step):
            if not 0 <= place < len(self.words.text) or not self.words.text[place][0].isalpha():
                return ""
            if self.words.lower[place] in DOCUMENTS:
                return self.words.lower[place]
        return ""

    def paper(self, first: int, head: int) -> int:
        """The token of the noun for a document in a phrase, -1 for none."""
        return next((token for token in range(first, min(head, first + 6)) if self.words.lower[token].rpartition("-")[2] in PAPERS), -1)

    def writer(self, first: int, place: int) -> tuple[Actor | None, int]:
        """Who speaks through the document whose noun is at ``place``, as the phrase or the text says.

        With it the offset of the “wrote” in “the letter she wrote”, where that is all that is known, else -1.
        """
        for name in self.names.within(self.words.start[first], self.words.start[place] + 1):
            if (actor := self._meant.get(name.start)) and actor.kind in ("Person", "Institution"):
                return actor, -1
            surname = key(name.text.split(" ")[0])
            if named := self.registry.local.by_surname.get(surname) or self.registry.case.by_surname.get(surname):
                return named[0], -1
        for token in range(place + 1, min(place + 6, len(self.words.text) - 2)):
            if self.words.lower[token] == "by":
                token += 2 if self.words.lower[token + 1] in DEFINITE else 1
                name_behind = self.names.at(self.words.start[token])
                if name_behind and (actor := self._meant.get(name_behind.start)):
                    return actor, -1
        noun = self.words.lower[place]
        found = self._papers.get("report" if noun in _REPORTS else noun, [])
        if not found or self.words.lower[first] in _NEW:
            return None, -1
        number = bisect_left(found, self.words.start[first], key=lambda one: one[0])
        at, actor = found[max(0, number - 1)]
        return actor, at if actor is None else -1
