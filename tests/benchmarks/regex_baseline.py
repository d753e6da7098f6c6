"""The baseline of extraction: quotes and the nearest cue and name by five regular expressions, as one writes them in an afternoon."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.documents import Document
from kg.extraction.attributions import Attribution, Span
from kg.extraction.candidates import Candidate, Entity, Figure
from kg.extraction.registry import Registry

_CUES = """said says say told tells tell added adds asked asks claimed claims warned warns admitted admits argued argues explained explains
insisted insists stated states replied replies wrote writes announced announces noted notes believes believed suggested suggests
promised recalled remarked writing saying calling adding continued tweeting declared wondered joked called denied denies confirmed
confirms stressed declared accepts accepted acknowledged concluded recommended recommends found tweeted"""
CUE = "(?P<cue>" + "|".join(_CUES.split()) + ")"
PROPER = r"(?:(?:[Tt]he|[Aa]n?) )?(?:[A-Z][\w’'-]*\.? (?:[a-z]{4,} )?){0,4}[A-Z][\w’'-]*"
NAME = rf"(?P<name>{PROPER}|(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er) (?:\w+ ){{0,2}}\w+|[Hh]e|[Ss]he|[Tt]hey|I|[Ww]e)"
QUOTE = re.compile(r"[“\"]([^“”\"\n]{2,})(?:[”\"]|(?=\n)|$)")
BEHIND = re.compile(
    rf"[\s,.”\"]{{0,4}}(?:{CUE} {NAME}|{NAME.replace('name', 'name2')},? (?:[^.,“\"\n]{{1,60}}, )?{CUE.replace('cue', 'cue2')})\b"
)
BEFORE = re.compile(rf"\b{NAME},? (?:[^.,“\"\n]{{1,60}}, )?(?:(?:has|have|had|also|later|then) )?{CUE}\b")
NUMBER = re.compile(r"(?P<n>\d[\d,]*(?:\.\d+)?)\s?(?P<percent>%|per ?cent)?")
#: How far from a quote its speaker is looked for, in characters.
REACH = 160


def attributions(document: Document) -> list[Attribution]:
    """Every quote with the nearest cue and name, and every sentence of the form NAME CUE (that) …"""
    text = document.text
    quotes = list(_quotes(text))
    taken = [quote.content for quote in quotes]
    clauses = [
        clause for clause in _clauses(text) if not any(clause.content[0] < end and start < clause.content[1] for start, end in taken)
    ]
    return sorted(quotes + clauses, key=lambda found: found.content)


def _quotes(text: str) -> Iterator[Attribution]:
    last: tuple[int, Span | None, Span | None] = (-1, None, None)
    for quote in QUOTE.finditer(text):
        start, end = quote.span(1)
        paragraph = text.rfind("\n", 0, start)
        speaker = cue = None
        behind = BEHIND.match(text, quote.end())
        if behind:
            which = "" if behind["name"] else "2"
            speaker, cue = behind.span("name" + which), behind.span("cue" + which)
        else:
            for before in BEFORE.finditer(text, max(paragraph + 1, start - REACH), start):
                speaker, cue = before.span("name"), before.span("cue")
        if speaker is None and last[0] == paragraph:
            _, speaker, cue = last
        if speaker is None and (named := re.compile(PROPER).search(text, paragraph + 1, start)):
            speaker = named.span()
        last = (paragraph, speaker, cue)
        mode = "mixed" if text[end - 1 : end] not in ",.?!" else "direct"
        yield _attribution((start, end), mode, speaker, cue)


def _clauses(text: str) -> Iterator[Attribution]:
    for found in BEFORE.finditer(text):
        end = re.compile(r"[.!?](?=\s|$)|\n|$").search(text, found.end())
        start = found.end() + len(re.compile(r"\s+(?:that )?").match(text, found.end())[0]) if text[found.end() :][:1] == " " else 0  # type: ignore[index]
        if end and start and end.start() - start > 15:
            yield _attribution((start, end.start()), "indirect", found.span("name"), found.span("cue"))


def _attribution(content: Span, mode: str, speaker: Span | None, cue: Span | None) -> Attribution:
    spans = [span for span in (content, speaker, cue) if span]
    passage = (min(start for start, _ in spans), max(end for _, end in spans))
    return Attribution(content, passage, mode, speaker, cue, "regex")  # type: ignore[arg-type]


def candidates(document: Document, registry: Registry) -> list[Candidate]:
    """The attributions as statements: all claims, by the actor whose name or last name was found, with every number as a figure."""
    known: dict[str, Entity] = {}
    for actor in registry.case.actors.values():
        for name in (actor.label, *actor.names, actor.label.split()[-1]):
            known.setdefault(name.lower(), Entity(actor.id, actor.kind, actor.label, known=True))
    made = []
    for found in attributions(document):
        name = document.text[slice(*found.speaker)].lower() if found.speaker else ""
        entity = known.get(name) or known.get(name.removeprefix("the ")) or known.get(name.rpartition(" ")[2])
        figures = tuple(
            Figure(number.span(), number["n"].replace(",", ""), unit="percent" if number["percent"] else "")
            for number in NUMBER.finditer(document.text, *found.content)
        )
        made.append(
            Candidate(found.content, (found.passage,), found.mode, found.rule, 0.5, found.speaker, entity, acts=("Claim",), figures=figures)
        )
    return made
