"""The registry: who is known - from the case's records first, then from the text at hand - and by which names and offices."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.cases import Case
from kg.documents import Metadata, digest
from kg.extraction.candidates import Entity
from kg.extraction.names import Name, NameKind, Names
from kg.extraction.naming import GIVEN, LETTERS, TITLES, listed
from kg.extraction.offices import DISTINCT, Office, fits, office
from kg.extraction.outline import Outline
from kg.extraction.wordings import Wordings, enter, key, slug
from kg.extraction.words import Words
from kg.records import Record, text, values

_WORD = re.compile(r"[^\W_]+")
#: A byline of one person: “By Ada Coe”.
_BYLINE = re.compile(r"(?:[Bb]y )?([^\W\d_]+(?:[-’'. ]{1,2}[^\W\d_]+){1,3})")
_MANY = 50  # posts of one noun that are gone through without a hint
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_PEERS = listed("lord lady baroness baron viscount viscountess")
_FIRST_NAMED = listed("sir dame")
_KINDS: dict[str, NameKind] = {"Person": "person", "Institution": "institution", "Group": "other"}


@dataclass(slots=True)
class Tenure:
    """A post held by a person: from ``first`` to ``last`` (ISO, as precise as known), over by ``ended``, shown on the days ``attested``."""

    post: str
    organisation: str
    first: str = ""
    last: str = ""
    ended: str = ""
    attested: tuple[str, ...] = ()

    def held(self, day: str) -> int:
        """How well the tenure covers a day: 3 shown for that day, 2 by its limits, 1 not excluded, 0 over, -1 not yet begun."""
        if not day:
            return 0 if self.ended or self.last else 2
        if any(_meets(day, attested) for attested in self.attested):
            return 3
        if self.first and day[: len(self.first)] < self.first[: len(day)]:
            return -1
        limit = self.last or self.ended
        if limit and (day[: len(limit)] > limit[: len(day)] or (self.ended and _meets(day, self.ended))):
            return 0
        return 2 if self.first else 1


def _meets(one: str, other: str) -> bool:
    """Whether two dates agree as far as both are known."""
    return one.startswith(other) or other.startswith(one)


@dataclass(slots=True, eq=False)
class Actor:
    """Somebody or something that a mention can stand for; ``nouns`` are the words that describe it, ``author`` who wrote a report."""

    id: str
    kind: str
    label: str
    known: bool = False
    names: tuple[str, ...] = ()
    gender: str = ""
    honorific: str = ""
    tenures: tuple[Tenure, ...] = ()
    nouns: frozenset[str] = frozenset()
    author: str = ""

    @property
    def entity(self) -> Entity:
        """The actor as candidates name it."""
        return Entity(self.id, self.kind, self.label, self.known)

    @property
    def surname(self) -> str:
        """The last word of a person's name, as it is compared."""
        parts = _bare(key(_BRACKETS.sub("", self.label))).split()
        return parts[-1] if parts else ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the records: how it is worded (``offices``), the words of its organisation, and who holds it when."""

    id: str
    offices: tuple[Office, ...]
    organisation: str
    more: frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """An office that the text gives to a person beside the name, at an offset."""

    office: Office
    actor: Actor
    at: int


@dataclass(slots=True)
class Known:
    """What is known from one place - the records or one text - with its indexes."""

    actors: dict[str, Actor] = field(default_factory=dict)
    by_name: dict[str, list[Actor]] = field(default_factory=dict)
    by_surname: dict[str, list[Actor]] = field(default_factory=dict)
    by_first: dict[str, list[Actor]] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=dict)
    by_word: dict[tuple[str, str], list[Post]] = field(default_factory=dict)
    holders: dict[str, list[tuple[Tenure, Actor]]] = field(default_factory=dict)
    unnamed: dict[str, list[Actor]] = field(default_factory=dict)
    headed: dict[str, list[tuple[frozenset[str], Actor]]] = field(default_factory=dict)
    blocks: dict[str, list[Actor]] = field(default_factory=dict)
    voices: dict[str, tuple[Actor | None, Actor | None]] = field(default_factory=dict)
    different: set[frozenset[str]] = field(default_factory=set)
    wordings: Wordings = field(default_factory=Wordings)

    def add(self, actor: Actor) -> None:
        """Enter an actor under its label, names and surname."""
        self.actors[actor.id] = actor
        for name in dict.fromkeys((_BRACKETS.sub("", actor.label) if "(" in actor.label else actor.label, actor.label, *actor.names)):
            self.name(actor, name)
            if actor.kind == "Person" and (bare := _bare(name)) != name:
                self.name(actor, bare)
        if actor.kind == "Institution":
            for name in map(key, (actor.label, *actor.names)):
                self.headed.setdefault(name.rpartition(" ")[2], []).append((frozenset(name.split()), actor))
        if actor.kind == "Group" and actor.label.startswith(("a ", "an ", "one ")):
            for word in key(actor.label).split():
                self.unnamed.setdefault(word, []).append(actor)
        if actor.kind == "Person":
            self.by_surname.setdefault(actor.surname, []).append(actor)
            self.by_first.setdefault(key(actor.label).split(" ")[0], []).append(actor)
            if actor.honorific:
                self.name(actor, f"{actor.honorific} {_BRACKETS.sub('', actor.label)}")

    def name(self, actor: Actor, name: str) -> None:
        """Enter an actor under one more name."""
        found = self.by_name.setdefault(key(name), [])
        if actor not in found:
            found.append(actor)

    def spell(self, actor: Actor) -> None:
        """Enter how an actor's name is written: the label, and what else has capitals throughout and is more than office and label."""
        kind, label = _KINDS.get(actor.kind, "report"), _BRACKETS.sub("", actor.label)
        if actor.kind in ("Person", "Institution"):
            self.wordings.add(label, kind)
        for name in (label, *actor.names):
            parts = name.split()
            capital = all(part[0].isupper() for part in parts if len(part) > 3) and name[:1].isupper()
            if capital and not (kind == "person" and label in name) and (kind != "other" or len(parts) > 1):
                self.wordings.add(name, kind)


@dataclass(slots=True)
class Registry:
    """Who is known: ``case`` from the records, ``local`` from the text that was read; ``mentions`` are its names and whom they mean.

    ``uses`` are the offices that the text gives to persons, by their nouns; ``last`` where it names somebody last; ``date``, ``author``
    and ``publisher`` are the document's, as far as its record or its metadata tell them.
    """

    case: Known = field(default_factory=Known)
    local: Known = field(default_factory=Known)
    mentions: list[tuple[Name, Actor]] = field(default_factory=list)
    uses: dict[str, list[Use]] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    date: str = ""
    author: Actor | None = None
    publisher: Actor | None = None

    @classmethod
    def empty(cls) -> Registry:
        """A registry that knows nobody yet.

        >>> Registry.empty().named("Ada Coe")
        []
        """
        return cls()

    @classmethod
    def of_case(cls, case: Case) -> Registry:
        """The registry of a case's records: actors, reports, posts and who holds them; what was decided to be the same is one actor."""
        known = Known()
        records = [record for record in case.index.values() if text(record, "reviewStatus") != "rejected"]
        merged = dict(_same(records, known.different))
        for record in records:
            if record.id not in merged and (actor := _actor(record)):
                known.add(actor)
        for actor in known.actors.values():
            known.spell(actor)
        for record in records:
            if record.id in merged and (kept := known.actors.get(merged[record.id])):
                known.actors[record.id] = kept
                for name in (text(record, "label"), *_texts(record, "alias")):
                    known.name(kept, name)
        _enter_posts(records, known)
        for report, source in case.sources().items():
            record = case.index.get(report, source)
            known.voices[text(source, "digest")] = (_first(record, "author", known), _first(record, "publisher", known))
        return cls(known)

    def read(self, words: Words, names: Names, outline: Outline, metadata: Metadata | None = None) -> Registry:
        """A copy that also knows the names of a text: whom each means, the new ones, and the offices given to them there.

        What the records know is entered into ``names``, where capitals did not tell it.

        ``metadata`` is what the document's file says of its author and publisher; what its record says comes first.
        """
        enter(words, names, self.case.wordings)
        copy = Registry(self.case, date=outline.date)
        settled: dict[int, Actor] = {}
        for whole in (True, False):
            for number, name in enumerate(names.all):
                if name.text in names.acronyms and (full := copy.named(names.acronyms[name.text])):
                    copy.local.name(full[0], name.text)
                ready = number not in settled and (not whole or name.kind != "person" or " " in name.text)
                if ready and (actor := copy._meant(name)):
                    settled[number] = actor
                    copy._learn(name, actor, words)
        copy.mentions = [(names.all[number], settled[number]) for number in sorted(settled)]
        if doubtful := [(name, found[0]) for name in names.doubtful if (found := copy.named(name.text))]:
            copy.mentions = sorted(copy.mentions + doubtful, key=lambda mention: mention[0].start)
        copy._hear(words.source, metadata)
        return copy

    def _hear(self, source: str, metadata: Metadata | None) -> None:
        """Find the document's author and publisher."""
        if self.case.voices:
            self.author, self.publisher = self.case.voices.get(digest(source), (None, None))
        if metadata and metadata.publisher and self.publisher is None:
            self.publisher = self.body(metadata.publisher)
        if metadata and self.author is None and (found := _BYLINE.fullmatch(metadata.author)):
            self.author = self.person(found[1])

    def named(self, name: str) -> list[Actor]:
        """Everybody of exactly that name, those of the text first."""
        compared = key(name)
        local = self.local.by_name.get(compared, [])
        return local + [actor for actor in self.case.by_name.get(compared, ()) if actor not in local]

    def _meant(self, name: Name) -> Actor | None:
        """Whom a name means; a new actor where it is a person or an institution that nobody knows."""
        if name.kind == "person" and not name.sure and (found := [actor for actor in self.named(name.text) if actor.kind != "Person"]):
            return found[0]
        if name.kind == "person":
            return self._person(name)
        if name.kind == "role":
            return None
        found = [actor for actor in self.named(name.text) if actor.kind != "Person" or name.kind == "other"]
        if found:
            return found[0]
        if name.kind == "institution":
            return self._new("institution", "Institution", name.text)
        return None

    def _person(self, name: Name) -> Actor:
        """The person that a name means: by title and name, by the whole name, by surname, by first name; else a new one."""
        title = name.title.split(" ")[-1]
        gender = TITLES.get(title, "")
        full = _bare(name.text) if title in _PEERS else name.text
        found = self._of(self.named(f"{title} {full}"), gender) if title else []
        if not found:
            found = self._whole(full, gender) if " " in full else self._half(key(full), title, gender)
        return self._best(found) if found else self._new("person", "Person", full, title)

    def _whole(self, full: str, gender: str) -> list[Actor]:
        """The persons of a whole name; without its middle names and initials where nobody has all of it."""
        parts = full.split()
        return self._of(self.named(full), gender) or (self._of(self.named(f"{parts[0]} {parts[-1]}"), gender) if len(parts) > 2 else [])

    def _half(self, half: str, title: str, gender: str) -> list[Actor]:
        """The persons of a surname, or of a first name where it has the title for one or none: of the text, else the one of the records."""
        first_named = title in _FIRST_NAMED or not title
        for known in (self.local, self.case):
            found = self._of(known.by_surname.get(half, []), gender)
            if not found and first_named:
                found = self._of(known.by_name.get(f"{title} {half}".strip(), []), gender)
            if not found and first_named and known is self.local:
                found = known.by_first.get(half, [])
            if found and (known is self.local or len(found) == 1):
                return found
        return []

    @staticmethod
    def _of(found: Iterable[Actor], gender: str) -> list[Actor]:
        return [actor for actor in found if actor.kind == "Person" and not (gender and actor.gender and actor.gender != gender)]

    def _best(self, found: list[Actor]) -> Actor:
        """Of several persons of one name, the one this text has named last, else the one in office at its date, else the first."""
        if len(found) == 1:
            return found[0]
        here = max(found, key=lambda actor: self.last.get(actor.id, -1))
        return (
            here
            if here.id in self.last
            else max(found, key=lambda actor: max((tenure.held(self.date) for tenure in actor.tenures), default=0))
        )

    def _new(self, prefix: str, kind: str, label: str, title: str = "") -> Actor:
        """A new actor of the text, with an identifier that no other has."""
        identifier = wanted = f"{prefix}/{slug(label)}"
        count = 2
        while identifier in self.case.actors or identifier in self.local.actors:
            identifier = f"{wanted}-{count}"
            count += 1
        gender = TITLES.get(title, "") or (GIVEN.get(key(label.split()[0]), "") if kind == "Person" else "")
        honorific = title.capitalize() if title in _PEERS or title in _FIRST_NAMED else ""
        actor = Actor(identifier, kind, label, gender=gender, honorific=honorific)
        self.local.add(actor)
        return actor

    def _learn(self, name: Name, actor: Actor, words: Words) -> None:
        """Keep what a text says beside a name: its title and its office."""
        if actor.id not in self.local.actors:
            self.local.add(actor)
        self.last[actor.id] = name.start
        if actor.kind != "Person":
            return
        gender = TITLES.get(name.title.split(" ")[-1], "") if name.title else ""
        if gender and not actor.gender and not actor.known:
            actor.gender = gender
        for wording in (words.source[slice(*name.role)] if name.role else "", name.title):
            if wording and (worded := office(wording)):
                self.use(Use(worded, actor, name.start))

    def body(self, label: str) -> Actor:
        """The institution of that label, made where there is none."""
        return next((actor for actor in self.named(label) if actor.kind == "Institution"), None) or self._new(
            "institution", "Institution", label
        )

    def surnamed(self, surname: str) -> Actor | None:
        """The only person of a surname, in the text or else in the records."""
        found = self._half(key(surname), "", "")
        return found[0] if len(found) == 1 else None

    def person(self, label: str) -> Actor:
        """The person of that label, made where there is none."""
        return next((actor for actor in self.named(label) if actor.kind == "Person"), None) or self._new("person", "Person", label)

    def group(self, label: str) -> Actor:
        """The group of that label, made where there is none."""
        for actor in self.named(label):
            if actor.kind == "Group":
                return actor
        return self._unnamed(label) or self._new("group", "Group", label)

    def headed(self, noun: str, beside: list[str]) -> Actor | None:
        """The institution of the records whose name ends with a noun, and whose other words stand beside it: “an inquest” into a death."""
        found = [actor for name, actor in self.case.headed.get(noun, ()) if len(name) > 1 and name <= set(beside)]
        return found[0] if len(set(map(id, found))) == 1 else None

    def _unnamed(self, label: str) -> Actor | None:
        """The one group of the records that is somebody without a name, worded alike: “an operator” is “an operator at the mill”."""
        article, _, rest = key(label).partition(" ")
        if article not in ("a", "an", "one") or rest == "spokesperson":
            return None
        found = [actor for actor in self.case.unnamed.get(rest.rpartition(" ")[2], ()) if set(rest.split()) <= actor.nouns]
        return found[0] if len(found) == 1 else None

    def predecessor(self, actor: Actor) -> Actor | None:
        """Who held the post of somebody before, as far as the records know."""
        for tenure in actor.tenures:
            if tenure.post and tenure.held(self.date) > 0:
                gone = [
                    (held.last or held.ended, other)
                    for held, other in self.case.holders.get(tenure.post, ())
                    if held.held(self.date) == 0 and other is not actor
                ]
                if gone:
                    return max(gone, key=lambda one: one[0])[1]
        return None

    def holders(self, mention: Office) -> list[tuple[int, Actor]]:
        """Who can be meant by an office, by the records and the tenures at the document's date: how well it fits and who, best first."""
        found: dict[str, tuple[int, Actor]] = {}
        for post in self._posts(mention):
            fitting = [worded for worded in post.offices if fits(mention, worded, post.more)]
            if not fitting:
                continue
            plain = 2 * any(not worded.before - mention.words for worded in fitting)
            for tenure, actor in self.case.holders.get(post.id, ()):
                held = tenure.held(self.date)
                score = (4 if held == 0 else 0) if mention.past else max(0, held * 2)
                if score and score + plain > found.get(actor.id, (0, actor))[0]:
                    found[actor.id] = (score + plain, actor)
        return sorted(found.values(), key=lambda pair: -pair[0])

    def _posts(self, mention: Office) -> list[Post]:
        """The posts that an office can be: those with its rarest word; of a bare noun that many have, those of whom the text names."""
        told = mention.words - DISTINCT - {mention.noun}
        if told:
            return min((self.case.by_word.get((mention.noun, word), []) for word in told), key=len)
        posts = self.case.posts.get(mention.noun, [])
        if len(posts) <= _MANY:
            return posts
        named = {tenure.post for one in self.last if one in self.case.actors for tenure in self.case.actors[one].tenures}
        return [post for post in posts if post.id in named or post.organisation in self.last]

    def use(self, use: Use) -> None:
        """Keep that the text gives an office to somebody."""
        insort(self.uses.setdefault(use.office.noun, []), use, key=lambda one: one.at)


def _bare(name: str) -> str:
    """A person's name without the letters after it and the place of a peerage."""
    parts = name.split(" of ")[0].split()
    while len(parts) > 1 and parts[-1].rstrip(".,").casefold() in LETTERS:
        parts.pop()
    return " ".join(parts)


def _texts(record: Record, name: str) -> list[str]:
    return [value for value in values(record, name) if isinstance(value, str)]


def _same(records: list[Record], different: set[frozenset[str]]) -> Iterator[tuple[str, str]]:
    """The identifiers that were judged to be another's, with that one; pairs judged different go into the set."""
    for record in records:
        pair = _texts(record, "between")
        if "Judgement" in record.types and len(pair) == 2:
            if text(record, "judgement") == "same":
                yield pair[1], pair[0]
            elif text(record, "judgement") == "different":
                different.add(frozenset(pair))


def _actor(record: Record) -> Actor | None:
    """The actor or report of a record, None where it is something else."""
    kind = next(iter(record.types), "")
    prefix = record.id.partition("/")[0]
    label = text(record, "label")
    if not label or (kind not in ("Person", "Institution", "Group") and (prefix != "report" or kind == "LiveUpdate")):
        return None
    honorific = text(record, "honorific")
    aliases = tuple(_texts(record, "alias"))
    gender = text(record, "gender")
    if kind == "Person" and not gender:
        told = [TITLES.get(key(title).split(" ")[0], "") for title in (honorific, *aliases)]
        gender = next(filter(None, told), "") or GIVEN.get(key(label).split(" ")[0], "")
    tenures = tuple(_tenure(tenure) for tenure in values(record, "tenures") if isinstance(tenure, Record))
    nouns = frozenset(_WORD.findall(key(" ".join((label, *aliases, text(record, "description")[:200])))))
    return Actor(record.id, kind, label, True, aliases, gender, honorific, tenures, nouns, next(iter(_texts(record, "author")), ""))


def _first(record: Record, name: str, known: Known) -> Actor | None:
    """The first actor that a field names; of several authors none, for nobody can tell whose voice it is."""
    found = [known.actors[value] for value in _texts(record, name) if value in known.actors]
    return found[0] if len(found) == 1 else None


def _tenure(record: Record) -> Tenure:
    def date(*names: str) -> str:
        return next((str(value) for name in names for value in values(record, name)), "")

    attested = tuple(str(value) for name in ("attestedOn", "attestedInMonth", "attestedInYear") for value in values(record, name))
    return Tenure(
        text(record, "post"),
        text(record, "organization"),
        date("startDate", "startMonth", "startYear"),
        date("endDate", "endMonth", "endYear"),
        date("endedBy", "endedByMonth", "endedByYear"),
        attested,
    )


def _enter_posts(records: list[Record], known: Known) -> None:
    """Enter the posts of the institutions under the noun of each of their wordings, and who holds them."""
    for record in records:
        for post in values(record, "posts"):
            if isinstance(post, Record) and (organisation := known.actors.get(record.id)):
                worded = [found for wording in (text(post, "label"), *_texts(post, "alias")) if (found := office(wording))]
                more = frozenset(_WORD.findall(key(" ".join((organisation.label, *organisation.names)))))
                entry = Post(post.id, tuple(worded), record.id, more)
                for noun in {found.noun for found in worded}:
                    known.posts.setdefault(noun, []).append(entry)
                    for word in entry.more.union(*(found.words for found in worded)):
                        known.by_word.setdefault((noun, word), []).append(entry)
    for actor in dict.fromkeys(known.actors.values()):
        for tenure in actor.tenures:
            known.holders.setdefault(tenure.post or tenure.organisation, []).append((tenure, actor))
