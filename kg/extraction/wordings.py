"""Wordings: the names that the records know, found in a text whatever their words look like - “First Speaker”, “bell hooks”."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from kg.documents import digest
from kg.extraction import appositions
from kg.extraction.names import Name, NameKind, Names, as_surname
from kg.extraction.naming import PLAIN
from kg.extraction.words import Words

_PLAIN = re.compile(r"[a-z0-9]+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_FIRST = re.compile(r"\w+(?:[-&'’.]\w+)*")
_LONGEST = 24  # tokens of a name


@lru_cache(maxsize=100_000)
def key(name: str) -> str:
    """A name as it is compared: without case, accents, the kind of apostrophe, an article in front.

    >>> key("The Zoë  O’Dell Trust")
    "zoe o'dell trust"
    """
    if not name.isascii():
        name = "".join(mark for mark in unicodedata.normalize("NFKD", name.replace("’", "'")) if not unicodedata.combining(mark))
    return " ".join(name.casefold().split()).removeprefix("the ")


def slug(name: str) -> str:
    """A name as part of an identifier.

    What no plain letters can spell gets a number of its own.

    >>> slug("Zoë O’Dell-Finch")
    'zoe-odell-finch'
    """
    bare = key(name).replace("'", "")
    plain = "-".join(_PLAIN.findall(bare))
    return plain if plain and bare.isascii() else "-".join(filter(None, (plain, digest(bare)[:8])))


@dataclass(slots=True)
class Wordings:
    """Names as the records write them; ``longest`` tells by the first word how many tokens a name that begins with it may have."""

    written: dict[str, tuple[str, NameKind]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, kind: NameKind) -> None:
        """Enter a name."""
        compared = key(name)
        first = _FIRST.match(compared)
        if first is None or compared in self.written:
            return
        self.written[compared] = (name.removeprefix("The ").removeprefix("the "), kind)
        tokens = min(len(_TOKEN.findall(compared)), _LONGEST)
        for word in {first[0], compared.split(" ")[0]}:
            self.longest[word] = max(self.longest.get(word, 0), tokens)

    def found(self, words: Words) -> list[tuple[int, int, NameKind]]:
        """Where a text has these names, the longest first of those that begin together, and of what kind each is.

        >>> from kg.extraction.outline import Block, Outline
        >>> from kg.extraction.words import words as words_of
        >>> wordings = Wordings()
        >>> wordings.add("First Speaker", "person")
        >>> text = "The first speaker was First Speaker."
        >>> wordings.found(words_of(text, Outline("article", (Block("paragraph", 0, len(text)),))))
        [(22, 35, 'person')]
        """
        longest, lower = self.longest, words.lower
        found: list[tuple[int, int, NameKind]] = []
        behind = 0
        for token, word in enumerate(lower) if longest else ():
            if (word in longest or (not word.isascii() and key(word) in longest)) and token >= behind:
                first, last = words.sentences[words.sentence(token)]
                most = longest.get(word) or longest[key(word)]
                for stop in range(min(token + most, last), token, -1):
                    start, end = words.start[token], words.end[stop - 1]
                    known = self.written.get(key(words.source[start:end]))
                    if known and _as_written(words.source[start:end], known[0]) and not (stop - token == 1 and _plain(words, token, first)):
                        found.append((start, end, known[1]))
                        behind = stop
                        break
        return found


def _as_written(text: str, name: str) -> bool:
    """Whether a text has a capital wherever the name has one."""
    if text == name:
        return True
    return all(ours[0].isupper() or not theirs[0].isupper() for ours, theirs in zip(text.split(), name.split(), strict=False))


def _plain(words: Words, token: int, first: int) -> bool:
    """Whether a word that is a name can as well be none: it begins a sentence, or is common."""
    return token == first or words.lower[token] in PLAIN


def enter(words: Words, names: Names, wordings: Wordings) -> None:
    """Enter the names that the records know into those of a text; they win over what capitals told."""
    found = wordings.found(words)
    if not found:
        return
    kept: list[Name] = []
    place, surnames = 0, set()
    for start, end, kind in found:
        while place < len(names.all) and names.all[place].end <= start:
            kept.append(names.all[place])
            place += 1
        rival = names.all[place] if place < len(names.all) and names.all[place].start < end else None
        if rival and rival.start <= start and end <= rival.end and not _taken_out(rival, start, end, kind):
            continue
        while place < len(names.all) and names.all[place].start < end:
            place += 1
        kept.append(_name(words, start, end, kind, rival))
        if kind == "person":
            surnames.add(kept[-1].text.rsplit(" ", 1)[-1])
    kept += names.all[place:]
    names.all[:] = [as_surname(words, name, surnames) for name in kept] if surnames else kept
    names.starts[:] = [name.start for name in names.all]


def _taken_out(rival: Name, start: int, end: int, kind: NameKind) -> bool:
    """Whether a name of the records stands in a longer one only by its capitals, or in one of its own length that is of another kind."""
    if rival.core == (start, end):
        return rival.kind != kind and kind != "other"
    return rival.kind == "other" or (rival.kind == "role" and kind == "person")


def _name(words: Words, start: int, end: int, kind: NameKind, rival: Name | None) -> Name:
    """A name of the records, with the office that stands before or behind it."""
    text = " ".join(words.source[start:end].split())
    role = None
    if kind == "person":
        if rival and rival.kind == "role" and rival.start < start and end <= rival.end:
            role = words.span(words.at(rival.start), words.at(start))
        role = role or appositions.before(words, start, end) or appositions.after(words, end)
    return Name(start, end, kind, (start, end), text, role=role)
