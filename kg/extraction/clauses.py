"""Clauses: reported speech without quotation marks - who, the cue, and the clause, infinitive or noun phrase that is reported."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from kg.extraction import phrases
from kg.extraction.attributions import Attribution, Span, own
from kg.extraction.complements import MARKS, STOPS, Complement, behind_adjunct, complement, end, is_clause
from kg.extraction.cues import ADJECTIVES, FINITE, NOUNS, VERBS, Cue
from kg.extraction.headings import bullets, headings
from kg.extraction.lexicon import can_speak
from kg.extraction.names import Names
from kg.extraction.naming import listed
from kg.extraction.phrases import Chain
from kg.extraction.predicates import AUXILIARIES, NOUNLIKE, Predicate, predicate
from kg.extraction.quotations import Quotation
from kg.extraction.words import Words

#: Rule -> its confidence with a verb of speaking, and with one of holding or wanting: the share that was right when measured, rounded.
CONFIDENCE = {
    "clause": (0.7, 0.5),
    "that": (0.8, 0.75),
    "whether": (0.65, 0.45),
    "infinitive": (0.65, 0.5),
    "noun": (0.55, 0.5),
    "passive": (0.5, 0.5),
    "before": (0.65, 0.3),
    "around": (0.8, 0.4),
    "relative": (0.8, 0.7),
    "as-said": (0.7, 0.5),
    "inverted": (0.85, 0.3),
    "according-to": (0.75, 0.75),
    "reporting-noun": (0.7, 0.3),
    "reporting-adjective": (0.5, 0.5),
}
#: The confidence where nobody is named who says it.
NOBODY = 0.2
_KEPT = frozenset(("clause", "that", "reporting-noun"))
#: The confidence of what stands inside another reported clause.
NESTED = 0.3
_LIGHT = listed(
    """raise raises raised raising express expresses expressed expressing voice voices voiced voicing make makes made making has have had
    issue issues issued issuing repeat repeats repeated repeating give gives gave giving share shares shared reject rejects rejected dismiss
    dismisses dismissed support supports supported represent represents represented"""
)
_POINTERS = listed("attention light")
_POINTING = listed("""draw draws drew drawn drawing call calls called calling shed sheds shedding shine shines shone shining cast casts
    throw throws threw thrown""")
_SUBORDINATE = listed("when after before if although though despite since because until")
_OPENERS = _SUBORDINATE | listed("while as asked in on at with during for by")
_QUESTIONING = listed("press push grill quiz question challenge")
_ON = listed("on about over further")
_SEEN = listed("seen heard filmed caught recorded overheard shown pictured")
_MEANS = listed("by before after")
_JOINTS = listed("but and still so")
_FORMS = frozenset(word for word, cue in VERBS.items() if cue.lemma in NOUNLIKE and cue.form in ("s", "base"))
_WORDS = frozenset(VERBS) | frozenset(NOUNS) | frozenset(ADJECTIVES) | {"according"}
_LONGEST = 600  # the most tokens of a sentence: what is longer is a table, or no text at all
_SHORTEST = 3  # the fewest tokens in which somebody says something
_FAR = 40  # the most characters between a speaker and a cue that are read together
_NEAR = 60  # the most tokens between the start of a sentence and a cue that are looked at


@dataclass(slots=True)
class Sentence:
    """One sentence as the rules read it: its tokens, the marks of what is quoted, and the chain of word classes for subjects."""

    words: Words
    quoted: bytearray
    chain: Chain
    first: int
    last: int

    def subject(self, number: int) -> Span | None:
        """The subject of the verb at a token."""
        place = self.chain.at(number)
        if place >= len(self.chain.token) or self.chain.token[place] != number or place - self.chain.sentence(place)[0] > 2 * _NEAR:
            return None
        phrase = phrases.subject(self.chain, place)
        return self.chain.span(phrase.first, phrase.last) if phrase else None

    def phrase(self, number: int) -> Span | None:
        """The noun phrase that begins at a token."""
        place = self.chain.at(number)
        if place >= len(self.chain.token):
            return None
        phrase = phrases.phrase_after(self.chain, place, self.chain.sentence(place)[1])
        return self.chain.span(phrase.first, phrase.last) if phrase else None

    def owner(self, number: int) -> Span | None:
        """Whose noun it is that stands at a token: "her claim", "she made the claim"."""
        place = self.chain.at(number)
        if place >= len(self.chain.token) or self.chain.token[place] != number:
            return None
        phrase = phrases.owner(self.chain, place, self.chain.sentence(place)[0])
        if phrase:
            return self.chain.span(phrase.first, phrase.last)
        light = next((at for at in range(number - 1, max(self.first, number - 6), -1) if self.words.lower[at] in _LIGHT), 0)
        return self.subject(light) if light else None

    def made(self, start: int, stop: int, speaker: Span | None, cue: Span, rule: str, speech: bool = True) -> Attribution:
        """An attribution of the tokens from ``start`` up to ``stop``."""
        confidence = CONFIDENCE[rule][0 if speech else 1] if speaker else NOBODY
        content = self.words.span(start, stop)
        near = speaker if speaker and -_FAR < cue[0] - speaker[1] < _FAR else cue
        passage = (min(content[0], cue[0], near[0]), max(content[1], cue[1], near[1]))
        return Attribution(content, passage, "indirect", speaker, cue, rule, confidence=confidence)


def clauses(words: Words, quotations: list[Quotation], names: Names) -> list[Attribution]:
    """The reported clauses of a text, sentence by sentence, then those that its headings and lists report.

    >>> from kg.documents import of_text
    >>> from kg.extraction.names import names
    >>> from kg.extraction.outline import outline
    >>> from kg.extraction.quotations import quotations
    >>> from kg.extraction.words import words
    >>> source = "The mayor said the pool would close. Nine wells ran dry, according to the survey."
    >>> read = words(source, outline(of_text(source)))
    >>> for found in clauses(read, quotations(read), names(read)):
    ...     print(found.rule, source[slice(*found.speaker)], source[slice(*found.content)], sep=" | ")
    clause | The mayor | the pool would close
    according-to | the survey | Nine wells ran dry
    """
    quoted = bytearray(len(words.text) + 1)
    for quotation in quotations:
        quoted[quotation.first : quotation.last] = b"\1" * (quotation.last - quotation.first)
    chain = phrases.chain(words, quotations)
    found: list[Attribution] = []
    for first, last in words.sentences:
        if not _SHORTEST <= last - first <= _LONGEST:
            continue
        sentence = Sentence(words, quoted, chain, first, last)
        reported = _outermost([clause for clause in _of_sentence(sentence) if not own(words, clause)])
        if len(reported) == 1:
            reported[0].passage = words.span(first, last)
        found += reported
    found += headings(words, quoted, names)
    return found + bullets(words, found)


def _of_sentence(sentence: Sentence) -> Iterator[Attribution]:
    lower, quoted = sentence.words.lower, sentence.quoted
    for number in range(sentence.first, sentence.last):
        word = lower[number]
        if word not in _WORDS or quoted[number]:
            continue
        if word in VERBS and _plain(sentence, number):
            yield from _verb(sentence, number, VERBS[word])
        if word in NOUNS:
            yield from _noun(sentence, number)
        elif word in ADJECTIVES:
            yield from _adjective(sentence, number)
        elif word == "according" and lower[number + 1 : number + 2] == ["to"]:
            yield from _according(sentence, number)


def _outermost(found: list[Attribution]) -> list[Attribution]:
    """Without what stands inside another reported clause as a part of it; "she said that he told her" is kept, with less confidence."""
    if len(found) < 2:
        return found
    regions = sorted(region for item in found for region in _regions(item))
    starts = [start for start, _ in regions]
    ends = list(accumulate((stop for _, stop in regions), max))
    kept = []
    for item in found:
        cue = item.cue or item.content
        at = bisect_right(starts, cue[0]) - 1
        if at < 0 or ends[at] < cue[1]:
            kept.append(item)
        elif item.rule in _KEPT and item.confidence == CONFIDENCE[item.rule][0]:  # a verb of speaking, and who speaks
            kept.append(replace(item, confidence=NESTED))
    return kept


def _regions(item: Attribution) -> list[Span]:
    """What is reported, without the cue where that stands in the middle of it."""
    (start, stop), cue = item.content, item.cue or item.content
    return [(start, cue[0]), (cue[1], stop)] if start <= cue[0] and cue[1] <= stop else [(start, stop)]


def _plain(sentence: Sentence, number: int) -> bool:
    """Whether a word is no part of a name."""
    word = sentence.words.text[number]
    return (
        word[0].islower()
        or number == sentence.first
        or (sentence.words.lower[number] not in _FORMS and VERBS[sentence.words.lower[number]].speech)
    )


def _verb(sentence: Sentence, number: int, cue: Cue) -> Iterator[Attribution]:
    words = sentence.words
    group = predicate(words, number, cue, sentence.first)
    if group is None:
        return
    if group.voice == "active" and "t" in cue.frames and _turned(sentence, group.start):
        yield from _before(sentence, number, group, cue, "inverted")
        return
    if group.voice == "active" and cue.lemma in _QUESTIONING and cue.form == "ed" and _ON & set(words.lower[number + 1 : number + 2]):
        group = group._replace(voice="passive")  # "Marlow pressed on cuts"
    passive = group.voice in ("passive", "participle")
    if group.voice == "active" and "c" in cue.frames and (relative := _relative(sentence, number, group, cue)):
        yield relative
        return
    behind = complement(words, sentence.quoted, number, sentence.last, cue, passive)
    if behind is None:
        if "t" in cue.frames and group.voice == "active":
            yield from _before(sentence, number, group, cue, "before")
        return
    if not _is_only_possible(group, behind):
        yield from _behind(sentence, number, group, cue, behind)


def _is_only_possible(group: Predicate, behind: Complement) -> bool:
    """Whether nobody has said it yet: "to deny the claim", "might deny the claim"."""
    if group.voice == "infinitive":
        return behind.kind in ("noun", "infinitive", "clause")
    return group.modal and behind.kind in ("noun", "infinitive")


def _behind(sentence: Sentence, number: int, group: Predicate, cue: Cue, behind: Complement) -> Iterator[Attribution]:
    """What stands behind its cue."""
    words = sentence.words
    stop = end(words, sentence.quoted, behind.start, sentence.last, behind.kind, _inside(sentence, group.start))
    if stop <= behind.start + 1:
        return
    spoken = words.span(group.start, max(behind.start, number + 1))
    passive = group.voice in ("passive", "participle")
    speaker = _agent(sentence, number, stop) if passive else sentence.subject(number)
    if group.voice == "gerund" and group.start - 1 > sentence.first and words.lower[group.start - 1] in _SEEN:
        speaker = sentence.subject(group.start - 1) or speaker  # "officers were heard calling for …"
    if speaker is None and group.voice == "gerund" and group.start > sentence.first + 2 and words.lower[group.start - 1] in _MEANS:
        speaker = sentence.phrase(sentence.first)  # "She ends by saying …"
    if group.voice == "passive" and behind.kind in ("noun", "infinitive"):
        subject = sentence.subject(number)
        start = words.at(subject[0]) if subject else behind.start
        yield sentence.made(start, stop, speaker, words.span(group.start, number + 1), "passive", cue.speech)
    else:
        yield sentence.made(behind.start, stop, speaker, spoken, behind.kind, cue.speech)


def _agent(sentence: Sentence, number: int, stop: int) -> Span | None:
    """Who did what is told in the passive: the *by* phrase."""
    lower = sentence.words.lower
    by = next((at for at in range(number + 1, min(stop, number + 12)) if lower[at] == "by"), 0)
    return sentence.phrase(by + 1) if by else None


def _relative(sentence: Sentence, number: int, group: Predicate, cue: Cue) -> Attribution | None:
    """ "which he said runs late": the relative pronoun and what is said of it."""
    words, after = sentence.words, number + 1
    lower = words.lower
    if after >= sentence.last - 1 or not (lower[after] in AUXILIARIES or lower[after] in FINITE or lower[after].endswith("ed")):
        return None
    for at in range(group.start - 1, max(sentence.first, group.start - 6), -1):
        if lower[at] in ("which", "who", "whom", "what") and at + 1 < group.start:
            stop = end(words, sentence.quoted, after, sentence.last, "clause")
            return sentence.made(at, stop, sentence.phrase(at + 1), words.span(group.start, after), "relative", cue.speech)
        if not lower[at][0].isalnum():
            return None
    return None


def _turned(sentence: Sentence, start: int) -> bool:
    """Whether the verb stands before its subject: behind a quotation, or behind a clause and its comma."""
    lower, first = sentence.words.lower, sentence.first
    if start <= first:
        return False
    before = lower[start - 1]
    if before in MARKS:
        return True
    if before != "," or start - first > _NEAR:
        return False
    if start - 2 >= first and (lower[start - 2] in MARKS or sentence.quoted[start - 2]):
        return True
    return "," not in lower[first : start - 1] and is_clause(sentence.words, first, start - 1)


def _inside(sentence: Sentence, start: int) -> bool:
    """Whether a verb group stands in a clause of its own before the main one, whose comma ends it: "When they denied it, …"."""
    lower, first = sentence.words.lower, sentence.first
    if start == first:
        return True
    begin = start - 1
    while begin > first and start - begin < _NEAR and lower[begin - 1] not in (",", ";"):
        begin -= 1
    return lower[begin] in _OPENERS if begin == first else lower[begin] in _SUBORDINATE and lower[begin - 1] == ","


def _before(sentence: Sentence, number: int, group: Predicate, cue: Cue, rule: str) -> Iterator[Attribution]:
    """The clause that stands before ", NP said" or ", said NP", and where it goes on behind it, both."""
    words, quoted, first, last = sentence.words, sentence.quoted, sentence.first, sentence.last
    lower = words.lower
    if rule == "before" and (as_said := _as(sentence, number, group, cue)):
        yield as_said
        return
    comma = group.start - 1
    while comma > first and comma > group.start - 25 and lower[comma] != ",":
        if quoted[comma] or lower[comma] in MARKS or lower[comma] in (";", ":"):
            return
        comma -= 1
    begin = first
    while begin < comma and (not lower[begin][0].isalnum() or lower[begin] in _JOINTS):
        begin += 1
    if comma <= begin or lower[comma] != "," or quoted[begin] or quoted[comma - 1] or lower[comma - 1] in MARKS or lower[begin] in MARKS:
        return
    after = number + 1
    if rule == "before" and not _closed(lower, after, last):
        return
    speaker = sentence.subject(number) if rule == "before" else sentence.phrase(number + 1)
    spoken = words.span(group.start, number + 1)
    joined = lower[comma - 1] in _JOINTS  # "… but, she adds, …": what stands before has a cue of its own
    whole = not joined and is_clause(words, begin, comma) and not (rule == "before" and _longer(words, begin, comma, after, last))
    if whole and comma >= begin + 2:
        yield sentence.made(begin, comma, speaker, spoken, rule, cue.speech)
    elif rule == "before" and after < last - 2 and lower[after] == "," and not quoted[after + 1] and lower[after + 1] not in MARKS:
        start = after + 1 if joined else begin
        yield sentence.made(start, end(words, quoted, after, last, "clause"), speaker, spoken, "around", cue.speech)


def _longer(words: Words, begin: int, comma: int, after: int, last: int) -> bool:
    """Whether the reported clause goes on behind ", NP said," for longer than it was before."""
    lower = words.lower
    if after + 1 >= last or lower[after] != "," or lower[after + 1] in STOPS or lower[after + 1].endswith("ing"):
        return False
    return words.end[last - 1] - words.start[after] > words.end[comma] - words.start[begin]


def _as(sentence: Sentence, number: int, group: Predicate, cue: Cue) -> Attribution | None:
    """The clause behind "as NP said," at the beginning of a sentence, or before ", as NP said" at its end."""
    words, first, last = sentence.words, sentence.first, sentence.last
    lower = words.lower
    begin = next((at for at in range(group.start - 1, max(first - 1, group.start - 16), -1) if lower[at] == "as"), -1)
    after = next((at for at in range(number + 1, min(last, number + 4)) if lower[at] in (",", ".")), -1)
    if begin < 0 or after < 0:
        return None
    speaker, spoken = sentence.phrase(begin + 1) or sentence.subject(number), words.span(group.start, number + 1)
    leads = begin <= first + 1 and is_clause(words, after + 1, last)
    amid = begin > first + 1 and lower[begin - 1] == "," and lower[begin - 2] in AUXILIARIES  # "and will, as she asked, wait"
    if (leads or amid) and lower[after] == "," and after + 3 < last and not sentence.quoted[after + 2]:
        return sentence.made(after + 1, end(words, sentence.quoted, after + 1, last, "clause"), speaker, spoken, "as-said", cue.speech)
    if (
        begin > first + 3
        and lower[begin - 1] == ","
        and lower[after] == "."
        and not sentence.quoted[begin - 2]
        and is_clause(words, first, begin - 1)
    ):
        return sentence.made(first, begin - 1, speaker, spoken, "as-said", cue.speech)
    return None


def _closed(lower: list[str], after: int, last: int) -> bool:
    """Whether nothing but a listener, a time or a place stands between a cue and the next mark."""
    for number in range(after, min(after + 7, last)):
        word = lower[number]
        if not word[0].isalnum():
            return True
        if word in VERBS or word in AUXILIARIES or word in ("that", "to", "whether", "if", "how"):
            return False
    return after >= last - 6


def _noun(sentence: Sentence, number: int) -> Iterator[Attribution]:
    """ "the claim that …", "calls for …" """
    lower = sentence.words.lower
    at = number + 1
    if at + 1 >= sentence.last or lower[at] not in NOUNS[lower[number]] or sentence.quoted[at + 1] or lower[at + 1] in MARKS:
        return
    if number > sentence.first and lower[number - 1] == "to":
        return
    if lower[number] in _POINTERS:
        yield from _pointed(sentence, number)
    else:
        yield from _related(sentence, number, at, "reporting-noun")


def _pointed(sentence: Sentence, number: int) -> Iterator[Attribution]:
    """ "draws attention to …", "shed light on …" """
    words, start = sentence.words, number + 2
    verb = next((at for at in range(number - 1, max(sentence.first, number - 4), -1) if words.lower[at] in _POINTING), 0)
    stop = end(words, sentence.quoted, start, sentence.last, "noun") if verb else 0
    if stop > start + 1:
        yield sentence.made(start, stop, sentence.subject(verb), words.span(verb, start), "reporting-noun", False)


def _adjective(sentence: Sentence, number: int) -> Iterator[Attribution]:
    """ "was confident that …", "critical of …" """
    lower, at, followers = sentence.words.lower, number + 1, ADJECTIVES[sentence.words.lower[number]]
    if at < sentence.last and lower[at] not in followers:
        at = behind_adjunct(sentence.words, at, sentence.last)  # "has been clear for years that …"
        followers = followers & {"that"}
    if at + 1 < sentence.last and lower[at] in followers and not sentence.quoted[at + 1] and lower[at + 1] not in MARKS:
        yield from _related(sentence, number, at, "reporting-adjective")


def _related(sentence: Sentence, number: int, at: int, rule: str) -> Iterator[Attribution]:
    """What *that*, an infinitive or a preposition at a token ties to a noun or adjective."""
    words = sentence.words
    word = words.lower[at]
    kind = {"that": "that", "to": "infinitive"}.get(word, "noun")
    start = at + 1 if kind == "noun" else at
    inside = _inside(sentence, number)
    stop = end(words, sentence.quoted, start, sentence.last, "noun" if rule == "reporting-noun" else kind, inside)
    if stop > start + 1:
        owner = sentence.subject(number) if rule == "reporting-adjective" else sentence.owner(number)
        yield sentence.made(start, stop, owner, words.span(number, start), rule, kind == "that")


def _according(sentence: Sentence, number: int) -> Iterator[Attribution]:
    """ "According to NP, …" and "…, according to NP" """
    words, quoted, first, last = sentence.words, sentence.quoted, sentence.first, sentence.last
    lower = words.lower
    source = number + 2
    if source >= last or (
        (not lower[source + 1 : source + 2] or not lower[source + 1][0].isalnum())
        and words.text[source].islower()
        and not can_speak(lower[source])
    ):
        return  # "sorted according to size"
    if number <= first + 1:
        comma = next((at for at in range(number, min(last, number + _NEAR)) if lower[at] == ","), last)
        if comma >= last - 2:
            return
        start, stop = comma + 1, end(words, quoted, comma + 1, last, "clause")
    else:
        start, stop = first, number
        while stop > start and lower[stop - 1] in (",", "—", "–", "-", "--"):
            stop -= 1
    while start < stop and not lower[start][0].isalnum() and lower[start] not in MARKS:
        start += 1
    if stop > start and not quoted[start] and lower[start] not in MARKS:
        yield sentence.made(start, stop, sentence.phrase(number + 2), words.span(number, number + 2), "according-to")
