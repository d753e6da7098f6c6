"""References: whom a mention means in its place - a name, an office, a pronoun, “the charity”, “a spokesperson”, or nobody named.

A mention is read in its scope: the post of a live page, else the whole text. Mentions are settled in the order of the text, so that a
pronoun can lean on whoever spoke before it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from kg.extraction.attributions import Attribution, Span
from kg.extraction.bodies import ANAPHORS, DEFINITE, PAPERS, Bodies
from kg.extraction.candidates import Entity
from kg.extraction.names import Names
from kg.extraction.naming import ORGANISATIONS, PLAIN, listed
from kg.extraction.offices import Office, enough, fits, office
from kg.extraction.outline import Outline
from kg.extraction.registry import Actor, Registry, Use
from kg.extraction.scopes import ARTICLES, LINKS, OWNS, Scopes, Spoken
from kg.extraction.words import Words

_HE = {**dict.fromkeys(("he", "him", "his", "himself"), "male"), **dict.fromkeys(("she", "her", "hers", "herself"), "female")}
_THEY = listed("they them their theirs themselves")
_IT = listed("it its itself this that these those")
_I = listed("i me my myself we us our ourselves")
_YOU = listed("you your yours yourself")
_WHO = listed("who which whose whom")
_PRONOUNS = _HE.keys() | _THEY | _IT | _I | _YOU | _WHO
_STRESS = listed("all both himself herself itself themselves also")
_LIMP = listed("and but or also then")
_ASKS = listed(
    "asked pressed questioned quizzed grilled pushed challenged probed ask asks asking press presses push pushes question"
    " questions quizzes grills challenges probes"
)
_OPENERS = listed("in on at as when while after before although though if despite since during with by for to until unless because under")
_OPENING = 24  # words of what stands before a main clause
_SEVERAL = 40  # uses of one office that are weighed


class References:
    """Whom the mentions of one document mean; made once per document, with the registry that has read it."""

    def __init__(self, words: Words, names: Names, registry: Registry, outline: Outline) -> None:
        self.words, self.names, self.registry, self.outline = words, names, registry, outline
        self.scopes = Scopes(words, registry.mentions, outline)
        self.bodies = Bodies(words, names, registry, self.scopes)
        self._offices = sorted(((*name.role, actor) for name, actor in registry.mentions if name.role), key=lambda one: one[0])
        self._meant = {name.start: actor for name, actor in registry.mentions}
        self._memo: dict[Span, Actor | None] = {}
        self._settled = -1
        self._askers: list[tuple[int, Actor]] = []
        self.author = self._named_in(outline.author) or (registry.author.entity if registry.author else None)
        self.publisher = registry.publisher.entity if registry.publisher else None
        self.addressee = self._named_in(outline.addressee)

    def entity(self, span: Span | None, attribution: Attribution | None = None, attributions: Sequence[Attribution] = ()) -> Entity | None:
        """Whom a mention of a speaker means, None where that cannot be told.

        ``span``: the mention, None where the text names nobody. ``attribution``: whose speaker it is; ``attributions``: all of the
        document, so that a pronoun can lean on who spoke before. New actors get the identifier that their record would have.
        """
        if attributions and self._settled != len(attributions):
            self._settle(attributions)
        actor = self._actor(span, attribution, attributions) if span else None
        if span and attribution and self.words.lower[self.words.tokens(*span)[1] - 1] in ("question", "questions"):
            actor = self._asker(attribution) or self.registry.publisher or actor
        if span is None and attribution:
            if attribution.mode == "authored":
                return self._voice()
            actor = self._unnamed(attribution)
        return actor.entity if actor else None

    def capacity(self, span: Span | None) -> Span | None:
        """The words beside a mention that say as what somebody speaks: “head of policy”, “chairs the trust”; None where none do."""
        if span is None:
            return None
        for name in self.names.within(*span):
            if name.kind == "person":
                return name.role
        first, last = self.words.tokens(*span)
        if last - first > 1 and self.words.lower[first] in ARTICLES:
            first += 1
        return self.words.span(first, last) if first < last and office(self._wording(first, last)) else None

    # --- in the order of the text

    def _settle(self, attributions: Sequence[Attribution]) -> None:
        """Settle every speaker in the order of the text."""
        self._settled = len(attributions)
        self.scopes.spoken.clear()
        self._askers.clear()
        self.scopes.quote(attributions)
        for attribution in sorted(attributions, key=lambda one: one.speaker or one.content):
            span = attribution.speaker
            if span and (actor := self._actor(span, attribution, attributions)) and attribution.within < 0:
                first, last = self.words.tokens(*span)
                thing = last - first > 1 and self.words.lower[self.scopes.head(first, last) - 1].rpartition("-")[2] in PAPERS
                self.scopes.spoken.append(Spoken(span[0], actor, thing))
                if actor.kind == "Person" and self._asks(attribution):
                    self._askers.append((span[0], actor))

    def _asks(self, attribution: Attribution) -> bool:
        """Whether the cue of an attribution asks."""
        first, last = self.words.tokens(*attribution.cue) if attribution.cue else (0, 0)
        return not _ASKS.isdisjoint(self.words.lower[first:last])

    def _asker(self, attribution: Attribution) -> Actor | None:
        """Who asks in “Coe was asked if …”: the person who asks in the same post, else the only one who asks for the publisher."""
        start, end = attribution.passage
        asked = {actor.id for _, actor in self.scopes.inside(start, end)}
        askers = [(at, actor) for at, actor in self._askers if actor.id not in asked]
        low, high = self.scopes.around(start)
        here = [actor for at, actor in askers if low <= at < high] if self.scopes.post(start) else []
        publisher = self.registry.publisher.id if self.registry.publisher else ""
        staff = {actor.id: actor for _, actor in askers if any(tenure.organisation == publisher for tenure in actor.tenures)}
        return here[0] if here else next(iter(staff.values())) if len(staff) == 1 else None

    def _unnamed(self, attribution: Attribution) -> Actor | None:
        """Who speaks where nobody is named: the one in a post's heading; behind “Asked if …” the publisher, as who asks; behind
        “But insists …” whoever spoke last.
        """
        if attribution.mode != "indirect":
            return self._headed(attribution.content[0], "") if self.outline.updates else None
        if attribution.cue is None:
            return None
        token = self.words.at(attribution.cue[0])
        if self._asks(attribution):
            return self._asker(attribution) or self.registry.publisher
        first = self.words.sentences[self.words.sentence(token)][0]
        between = [self.words.lower[place] for place in range(first, min(token, first + 4)) if self.words.text[place][0].isalpha()]
        if token - first > 3 or not self.words.lower[token].endswith("s") or not all(word in _LIMP for word in between):
            return None
        spoken = self.scopes.spoke(self.scopes.around(attribution.cue[0])[0], attribution.cue[0])
        return spoken[-1].actor if spoken else None

    def _voice(self) -> Entity | None:
        """Whose voice the text has: its author's where it is authored, else its publisher's."""
        return self.author if self.author and (self.outline.authored or not self.publisher) else self.publisher

    def _named_in(self, span: Span | None) -> Entity | None:
        """The person, or else the institution, that a stretch of the text names."""
        found = [self._meant[name.start] for name in self.names.within(*span) if name.start in self._meant] if span else []
        persons = [actor for actor in found if actor.kind == "Person"]
        return (persons or found)[0].entity if found else None

    # --- one mention

    def _actor(self, span: Span, attribution: Attribution | None, attributions: Sequence[Attribution]) -> Actor | None:
        """Whom a mention means, found once."""
        if span not in self._memo:
            first, last = self.words.tokens(*span)
            while first < last and not self.words.text[first][0].isalnum():
                first += 1
            while first < last and not self.words.text[last - 1][0].isalnum() and self.words.lower[last - 1] not in OWNS:
                last -= 1
            self._memo[span] = None  # should a mention lead back to itself
            self._memo[span] = self._meaning(first, last, attribution, attributions) if first < last else None
        return self._memo[span]

    def _meaning(self, first: int, last: int, attribution: Attribution | None, attributions: Sequence[Attribution]) -> Actor | None:
        """Whom a phrase means: each kind of mention in turn, the surest first."""
        lower = self.words.lower
        if lower[first] in _PRONOUNS and (last - first == 1 or (last - first == 2 and lower[last - 1] in _STRESS)):
            return self._pronoun(lower[first], first, attribution, attributions)
        for actor in self.registry.named(self._wording(first, last)):
            if actor.kind != "Person":
                return self._writer(actor)
        head = self.scopes.head(first, last)
        return (
            self._person(first, last)
            or self._organisation(first, head)
            or self._paper(first, head)
            or self._office(first, last)
            or self.bodies.common(first, head)
            or self._anaphor(first, head)
            or self._capital(first, head)
            or self._group(first, last)
        )

    def _wording(self, first: int, last: int) -> str:
        return self.words.source[self.words.start[first] : self.words.end[last - 1]]

    def _person(self, first: int, last: int) -> Actor | None:
        """The person who is named as the head of a phrase, not as somebody's owner or behind a preposition; or whose office it is."""
        start, end = self.words.start[first], self.words.end[last - 1]
        for name, actor in self.scopes.inside(start, end):
            if actor.kind != "Person":
                continue
            behind = self.words.at(name.end)
            before = self.words.at(max(start, min(name.start, name.role[0] if name.role else name.start))) - 1
            owner = behind < last and (self.words.lower[behind] in OWNS or office(self.words.text[behind]))
            if not owner and not (first <= before and self.words.lower[before] in LINKS):
                return actor
        place = bisect_left(self._offices, start, key=lambda one: one[0])
        for begin, stop, actor in self._offices[place : place + 1]:
            if begin < end <= stop + 2 and stop - end < 4 * (end - start) + 40:
                return actor
        return None

    def _organisation(self, first: int, head: int) -> Actor | None:
        """The institution, group or report that is named as the head of a phrase."""
        for name in reversed(self.names.within(self.words.start[first], self.words.end[head - 1])):
            actor = self._meant.get(name.start)
            if actor is None or actor.kind == "Person":
                continue
            behind = self.words.at(name.end)
            return self._writer(actor) if behind >= head or self.words.lower[behind] in ORGANISATIONS else None
        return None

    def _anaphor(self, first: int, head: int) -> Actor | None:
        """“The charity” where nothing calls an organisation one: that which spoke last, or was a subject."""
        if self.words.lower[first] in DEFINITE and self.words.lower[head - 1] in ANAPHORS:
            return self._body(self.words.start[first], groups=False)
        return None

    def _capital(self, first: int, head: int) -> Actor | None:
        """A name that nothing types: with where it comes from a person's (“Ottoline from Wick”), else an organisation's, as it speaks."""
        last = first + 1 if self.words.lower[first] == "the" else first
        if head != last + 1 or not self.words.text[last][0].isupper() or self.words.lower[last] in PLAIN:
            return None
        if self.words.lower[head : head + 1] == ["from"] and last == first:
            return self.registry.person(self.words.text[last])
        if last == first and (actor := self.registry.surnamed(self.words.text[last])):
            return actor
        return self.registry.body(self.words.text[last]) if self.names.at(self.words.start[last]) else None

    def _writer(self, actor: Actor) -> Actor:
        """Who speaks through a report: its author where the records name one."""
        return self.registry.case.actors.get(actor.author, actor) if actor.author else actor

    def _group(self, first: int, last: int) -> Actor | None:
        """Somebody who is not named, as a group of their own under the words of the text."""
        while first < last - 1 and self.words.lower[first] in DEFINITE:
            first += 1
        label = " ".join(self._wording(first, last).split())
        start, end = self.words.sentences[self.words.sentence(first)]
        indefinite = self.words.lower[first] in ("a", "an")
        if indefinite and (body := self.registry.headed(self.words.lower[last - 1], self.words.lower[start:end])):
            return body
        return self.registry.group(label) if len(label) < 120 and any(map(str.isalpha, label)) else None

    # --- pronouns

    def _pronoun(self, lower: str, token: int, attribution: Attribution | None, attributions: Sequence[Attribution]) -> Actor | None:
        """Whom a pronoun means."""
        offset = self.words.start[token]
        if lower in _WHO:
            return self._before(token)
        if lower in _HE:
            gender = _HE[lower]
            before = self._ahead(token, gender) or self.scopes.back(offset, lambda actor: _is_person(actor, gender))
            return before or self._headed(offset, gender)
        if lower in _THEY:
            return self._body(offset, groups=True) or self.scopes.back(offset, _is_person)
        if lower in _IT:
            return self._body(offset, groups=False)
        if lower in _YOU:
            return self._of(self.addressee)
        if attribution and 0 <= attribution.within < len(attributions):
            outer = attributions[attribution.within].speaker
            return self._actor(outer, None, attributions) if outer else None
        return self._of(self._voice())

    def _ahead(self, token: int, gender: str) -> Actor | None:
        """“In the letter she wrote, Coe says …”: the subject behind the comma, where the sentence opens with less than a clause."""
        first, last = self.words.sentences[self.words.sentence(token)]
        opener = self.words.lower[first]
        if token - first > _OPENING or not (opener in _OPENERS or opener.endswith(("ing", "ed"))):
            return None
        if any(actor.kind == "Person" for _, actor in self.scopes.inside(self.words.start[first], self.words.start[token])):
            return None
        for comma in range(token + 1, min(last - 1, token + _OPENING)):
            name = self.names.at(self.words.start[comma + 1]) if self.words.text[comma] == "," else None
            actor = self._meant.get(name.start) if name else None
            if name and actor and _is_person(actor, gender) and self.scopes.subject(name):
                return actor
        return None

    def _body(self, offset: int, groups: bool) -> Actor | None:
        """The organisation, with ``groups`` also the group, that an “it” or “they” leans on."""
        kinds = ("Institution", "Group") if groups else ("Institution",)
        return self.scopes.back(offset, lambda actor: actor.kind in kinds, thing=True, common=self.bodies.between)

    def _of(self, entity: Entity | None) -> Actor | None:
        if entity is None:
            return None
        known = self.registry.local.actors.get(entity.id) or self.registry.case.actors.get(entity.id)
        return known or Actor(entity.id, entity.kind, entity.label, entity.known)

    def _before(self, token: int) -> Actor | None:
        """The antecedent of a relative pronoun: the name, the office or the organisation that ends just before it."""
        place = token - 2 if token > 1 and self.words.text[token - 1] in ",–—-(" else token - 1
        if place < 0:
            return None
        name = self.names.at(self.words.start[place])
        if name and name.start in self._meant:
            return self._meant[name.start]
        first = place
        while first > 0 and place - first < 8 and self.words.text[first - 1][0].isalnum() and self.words.lower[first] not in ARTICLES:
            first -= 1
        first = first if self.words.lower[first] in ARTICLES else place
        return self._actor(self.words.span(first, place + 1), None, ())

    def _headed(self, offset: int, gender: str) -> Actor | None:
        """The person in the heading of a post, else the first one that the post names; in other texts the one in the title."""
        for span in (self.scopes.heading(offset), self.scopes.around(offset) if self.scopes.post(offset) else None):
            for _, actor in self.scopes.within(*span)[:_SEVERAL] if span else ():
                if _is_person(actor, gender):
                    return actor
        return None

    # --- offices and documents

    def _office(self, first: int, last: int) -> Actor | None:
        """Who holds the office in a phrase: as this text says, in the same scope first; else as the records say."""
        mention = office(self._wording(first, last))
        if mention is None:
            return None
        if mention.noun in ("spokesperson", "spokespeople"):
            return self._spokesperson(first, last)
        if mention.noun == "predecessor" and (owner := self._owner(first)):
            return self.registry.predecessor(owner)
        offset, article = self.words.start[first], self.words.lower[first]
        found = self._holders(mention, offset)
        best = max(found, key=lambda one: (one[0] > 1, one[1], one[0]), default=None)
        if best and best[0] > 1:
            return best[2]
        if article not in DEFINITE and (article in ARTICLES or self.scopes.in_heading(offset)) and (later := self._later(last)):
            self.registry.use(Use(mention, later, offset))
            return later
        return best[2] if best and article not in ("a", "an", "another", "one") else None

    def _holders(self, mention: Office, offset: int) -> list[tuple[int, int, Actor]]:
        """Who can hold an office: how near, how well by the records, and who."""
        uses = self.registry.uses.get(mention.noun, [])
        place = bisect_left(uses, offset, key=lambda use: use.at)
        near = [*reversed(uses[max(0, place - _SEVERAL) : place]), *uses[place : place + _SEVERAL]]
        found = [(self.scopes.near(use.at, offset), 0, use.actor) for use in near if fits(mention, use.office, use.actor.nouns)]
        if not found and near and all(use.actor is near[0].actor and enough(mention, use.office) for use in near):
            found = [(1, 0, near[0].actor)]
        return found + [(self.scopes.nearest(actor, offset), score, actor) for score, actor in self.registry.holders(mention)]

    def _owner(self, first: int) -> Actor | None:
        """Whose something is: “her”, “my”, “Coe's”."""
        if name := self.names.at(self.words.start[first]):
            return self._meant.get(name.start)
        return self._pronoun(self.words.lower[first], first, None, ()) if self.words.lower[first] in _PRONOUNS else None

    def _later(self, last: int) -> Actor | None:
        """“A former captain says … Ada Coe says”: the first person whom the post names next and who has not spoken in it."""
        offset = self.words.end[last - 1]
        post = self.scopes.post(offset)
        if post is None:
            return None
        before = [one.actor for one in self.scopes.spoke(post.heading[1] if post.heading else post.start, offset)]
        for name, actor in self.scopes.within(offset, post.end)[:_SEVERAL]:
            if actor.kind == "Person" and actor not in before and self.scopes.subject(name):
                return actor
        return None

    def _spokesperson(self, first: int, last: int) -> Actor | None:
        """The spokesperson as a group: of whom the phrase names, else of the organisation that was spoken of last."""
        start, end = self.words.start[first], self.words.end[last - 1]
        inside = [actor for _, actor in self.scopes.inside(start, end)]
        whose = inside[0] if inside else self._body(start, groups=True)
        if whose is None or whose.kind == "Group":
            return whose or self.registry.group("a spokesperson")
        article = "" if whose.kind == "Person" or whose.label.lower().startswith("the ") else "the "
        return self.registry.group(f"a spokesperson for {article}{whose.label}")

    def _paper(self, first: int, head: int) -> Actor | None:
        """Who speaks through a document: whose it is as the phrase says (“her report”), else as the text said last."""
        place = self.bodies.paper(first, head)
        if place < 0 or (place + 1 < head and office(self.words.text[head - 1])):
            return None
        if self.words.lower[first] in _PRONOUNS - _IT or self.words.lower[first] == "its":
            return self._owner(first)
        writer, wrote = self.bodies.writer(first, place)
        return self._writing(wrote) if wrote >= 0 else writer

    def _writing(self, at: int) -> Actor | None:
        """Who is the “he” of “the letter he wrote”: who speaks in that sentence, else as for any pronoun."""
        token = self.words.at(at)
        first, last = self.words.sentences[self.words.sentence(token)]
        for one in self.scopes.spoke(self.words.start[first], self.words.end[last - 1]):
            if one.actor.kind == "Person":
                return one.actor
        return self._pronoun(self.words.lower[token - 1], token - 1, None, ())


def _is_person(actor: Actor, gender: str = "") -> bool:
    """Whether an actor is a person, of that gender as far as it is known."""
    return actor.kind == "Person" and (not gender or actor.gender in ("", gender))
