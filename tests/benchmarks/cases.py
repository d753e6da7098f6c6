"""Cases of any size with the shape of the real one: as many links, figures, passages and tenures per statement.

The same size and seed always give the same files. All words are made up; the documents are written too, so that every
passage and quote of the case can be verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from typing import Any

from kg.documents import READER, digest

BASE = "https://example.org/benchmark/"
STATEMENTS_PER_REPORT = 150
FIRST_DAY, DAYS = date(2015, 1, 5), 4000

#: How often each act, mode, unit or number of links stood in the 700 statements of data/met-police.
ACTS = {
    "Claim": 265, "Criticism": 67, "Finding": 67, "Acknowledgement": 65, "Commitment": 64, "Demand": 55, "Support": 43,
    "Question": 26, "Dismay": 19, "Recommendation": 11, "Refusal": 9, "Apology": 5, "Decision": 2, "Denial": 2,
}  # fmt: skip
OWED = ("Commitment", "Recommendation", "Demand")
MODES = {"indirect": 212, "authored": 199, "direct": 170, "mixed": 119}
UNITS = {"people": 36, "percent": 21, "years": 12, "months": 3, "times": 3, "hours": 3, "charges": 2, "days": 2, "cases": 1}
STATUSES = ("announced", "in-progress", "partly-met", "met", "not-met")
READ = {"NewsArticle": 2, "LivePage": 2, "Letter": 1, "OpinionPiece": 1, "OfficialReport": 2}
MENTIONED = {"Broadcast": 10, "OfficialReport": 9, "NewsArticle": 6, "Report": 6, "Letter": 2, "Poll": 1, "Plan": 1, "SuperComplaint": 1}
#: The share of statements that the first, second, … speaker of a report has.
SPEAKERS = (40, 11, 9, 6, 5, 4, 3, 2, 2, 2, 2, 2)
ABOUT = {1: 405, 2: 241, 3: 45, 4: 5, 5: 3}
TOPICS = {1: 192, 2: 346, 3: 139, 4: 19}
PASSAGES = {1: 555, 2: 130, 3: 15}

Fields = dict[str, Any]


@dataclass
class _Report:
    id: str
    type: str
    day: date
    cast: list[str]
    about: list[str]
    text: list[str] = field(default_factory=list)
    length: int = 0
    statements: list[Fields] = field(default_factory=list)


class _Words:
    """Made-up words and names: few are frequent, most are rare."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.syllables = [c + v for c in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr") for v in "aeiouy"]
        self.vocabulary = ["".join(random.choices(self.syllables, k=random.choice((1, 2, 2, 3)))) for _ in range(3000)]
        self.vocabulary[40] = "café"
        self.weights = list(accumulate(1 / (rank + 5) for rank in range(len(self.vocabulary))))

    def some(self, least: int, most: int) -> str:
        """A few words."""
        return " ".join(self.random.choices(self.vocabulary, cum_weights=self.weights, k=self.random.randint(least, most)))

    def sentence(self, least: int, most: int) -> str:
        """A few words with a capital and a full stop."""
        return self.some(least, most).capitalize() + "."

    def name(self, number: int) -> str:
        """Two words that no other number has."""
        a, b, c, d = ((number * 7919 // 90**place) % 90 for place in range(4))
        return f"{self.syllables[a]}{self.syllables[b]}n {self.syllables[c]}{self.syllables[d]}s".title()


class _Maker:
    def __init__(self, statements: int, seed: int) -> None:
        self.random = Random(seed)
        self.words = _Words(self.random)
        self.size = statements
        self.persons = self.identifiers("person", max(12, statements * 6 // 100))
        self.groups = self.identifiers("group", max(8, statements * 4 // 100), 1)
        self.institutions = self.identifiers("institution", max(5, statements // 50), 2)
        self.posts = [f"post/post-{number}" for number in range(max(4, statements // 70))]
        self.topics = [f"topic/topic-{number}" for number in range(45 + statements // 500)]
        self.measures = [f"measure/measure-{number}" for number in range(60 + statements // 100)]
        self.events = [f"event/event-{number}" for number in range(max(5, statements // 27))]
        self.mentioned = [f"report/mentioned-{number}" for number in range(max(6, statements // 40))]
        self.figures: list[str] = []
        self.owed: list[str] = []
        self.spoken: dict[str, list[date]] = {}
        self.reports = [self.report(number) for number in range(max(1, round(statements / STATEMENTS_PER_REPORT)))]
        for report in self.reports:
            for number in range(statements // len(self.reports) + (report is self.reports[0]) * (statements % len(self.reports))):
                report.statements.append(self.statement(report, number + 1))

    def identifiers(self, kind: str, count: int, offset: int = 0) -> list[str]:
        return [f"{kind}/{self.words.name(3 * number + offset).lower().replace(' ', '-')}" for number in range(count)]

    def label(self, identifier: str) -> str:
        return identifier.partition("/")[2].replace("-", " ").title()

    def title(self, identifier: str) -> str:
        return f"{self.words.some(3, 7).capitalize()} {identifier.rpartition('-')[2]}"

    def chance(self, percent: float) -> bool:
        return self.random.random() * 100 < percent

    def weighted(self, counts: dict[Any, int]) -> Any:
        return self.random.choices(list(counts), list(counts.values()))[0]

    def popular(self, things: Sequence[str], skew: int = 3) -> str:
        """One of the things, the first ones more often than the last."""
        return things[int(len(things) * self.random.random() ** skew)]

    def several(self, things: Sequence[str], counts: dict[int, int]) -> list[str]:
        return list(dict.fromkeys(self.popular(things, skew=2) for _ in range(self.weighted(counts))))

    def report(self, number: int) -> _Report:
        kinds = [self.persons] * 8 + [self.institutions] * 3 + [self.groups]
        cast = [self.popular(kind) for kind in kinds]
        about = [self.institutions[0] if self.chance(60) else self.popular(self.institutions)]
        for things, count in ((self.institutions, 3), (self.groups, 6), (self.mentioned, 4), (cast, 4), (self.events, 1)):
            about += self.random.sample(things, count)
        day = FIRST_DAY + timedelta(days=self.random.randrange(DAYS))
        kind = self.weighted(READ) if number else "LivePage"
        report = _Report(f"report/report-{number}", kind, day, cast, list(dict.fromkeys(about)))
        for person in cast[:8]:
            self.spoken.setdefault(person, []).append(day)
        return report

    def statement(self, report: _Report, number: int) -> Fields:
        random, words = self.random, self.words
        act = self.weighted(ACTS)
        speaker = report.cast[0] if report.type in ("Letter", "OpinionPiece") else random.choices(report.cast, SPEAKERS)[0]
        identifier = f"statement/{report.id.partition('/')[2]}/{number:03}"
        fields: Fields = {"id": identifier, "type": [act, "Claim"] if act != "Claim" and self.chance(10) else act, "speaker": speaker}
        if self.chance(52):
            fields["capacityAsWorded"] = words.some(1, 3)
        if self.chance(29):
            fields["reporter"] = report.cast[7]
        if self.chance(38) or act in ("Demand", "Recommendation", "Apology"):
            fields["addressee"] = random.choice(report.cast[1:])
        about = random.sample(report.about, self.weighted(ABOUT) - 1)
        fields["about"] = list(dict.fromkeys([report.about[0] if self.chance(60) else random.choice(report.about), *about]))
        fields["topic"] = self.several(self.topics, TOPICS)
        fields |= self.said(report.day)
        fields["mode"] = "authored" if report.type in ("Letter", "OpinionPiece") else self.weighted(MODES)
        if self.chance(2):
            fields["certainty"] = "probable"
        fields["summary"] = words.sentence(10, 18)
        if self.chance(70):
            fields["quote"] = words.some(2, 10)
        fields["passage"] = [self.passage(report, fields.get("quote", "")) for _ in range(self.weighted(PASSAGES))]
        fields |= self.links(report, fields)
        if self.chance(10.3):
            fields["figures"] = [self.figure(report, identifier, part) for part in range(1, self.weighted({1: 60, 2: 10, 3: 2}) + 1)]
        if self.chance(11):
            fields["note"] = words.sentence(12, 30)
        if act in OWED and "repeats" not in fields:
            self.owed.append(identifier)
            if self.chance(3):
                fields["dueMonth"] = (report.day + timedelta(days=self.random.randint(30, 900))).isoformat()[:7]
        return fields

    def said(self, day: date) -> Fields:
        kind = self.random.choices(("saidOn", "saidInMonth", "saidInYear", ""), (684, 199, 17, 100))[0]
        day -= timedelta(days=self.random.choice((0, 0, 0, 1, 2)))
        return {kind: day.isoformat()[: {"saidOn": 10, "saidInMonth": 7}.get(kind, 4)]} if kind else {}

    def passage(self, report: _Report, quote: str) -> Fields:
        gap, text = self.words.some(0, 8) + "\n", f"{self.words.some(4, 12)} “{quote}” {self.words.some(2, 8)}"
        start = report.length + len(gap)
        report.text += [gap, text]
        report.length = start + len(text)
        return {"start": start, "end": report.length, "digest": digest(text)}

    def links(self, report: _Report, fields: Fields) -> Iterator[tuple[str, Any]] | Fields:
        """Links to earlier statements of the report, to other reports, and now and then to a statement of another report."""
        links: Fields = {}
        earlier = report.statements[-40:]
        told = [one["id"] for one in earlier if "repeats" not in one]
        if told and self.chance(13):
            links["repeats"] = self.random.choice(told)
        if self.chance(36):
            links["respondsTo"] = self.random.choice(told) if told and self.chance(26) else self.popular(self.mentioned)
        if told and self.chance(11):
            conveying = [one["id"] for one in earlier if ("conveyedBy" in one) == self.chance(5)]
            links["conveyedBy"] = self.random.choice(conveying or told)
        if self.chance(35):
            links["originatesFrom"] = self.random.choice(told) if told and self.chance(5) else self.popular(self.mentioned)
        if self.chance(5.4):
            links["accepts"] = self.random.choice(told) if told and self.chance(60) else self.popular(self.topics)
        if self.chance(0.7):
            links["disputes"] = self.random.choice(told) if told and self.chance(50) else self.popular(self.topics)
        if told and self.chance(0.3):
            links["contradicts"] = self.random.choice(told)
        if self.owed and self.chance(2.3):
            links["bearsOn"] = self.random.choice(self.owed[-2000:])
        return links

    def figure(self, report: _Report, statement: str, number: int) -> Fields:
        value = self.random.randint(1, 5000)
        fields: Fields = {"id": f"figure/{statement.partition('/')[2].replace('/', '-')}-{number}", "measure": self.popular(self.measures)}
        fields |= {"minValue": value, "maxValue": value + self.random.randint(1, 500)} if self.chance(11) else {"value": value}
        fields |= {"unit": self.weighted(UNITS), "asWorded": f"{self.words.some(1, 2)} {value}", "population": self.words.some(2, 6)}
        if self.chance(16):
            fields["qualifier"] = self.random.choice(("nearly", "more-than", "approximately"))
        if self.chance(24):
            fields["period"] = self.words.some(2, 5)
        if self.chance(30):
            fields["month"] = report.day.isoformat()[:7]
        if self.chance(9) and self.figures:
            fields["partOf"] = self.figures[-1]
        else:
            self.figures.append(fields["id"])
        return fields

    def files(self) -> Iterator[tuple[str, list[Fields] | Fields]]:
        """Each file of the case by its name, with its records."""
        yield "actors.yaml", [*map(self.person, self.persons), *(self.thing(group, "Group") for group in self.groups)]
        yield "institutions.yaml", [self.institution(number) for number in range(len(self.institutions))]
        yield "reports.yaml", [*map(self.report_read, self.reports), *map(self.report_mentioned, self.mentioned)]
        yield "events.yaml", list(map(self.event, self.events))
        yield "topics.yaml", [self.concept(topic, "Topic", self.topics) for topic in self.topics]
        yield "measures.yaml", [self.concept(measure, "Measure") for measure in self.measures]
        if self.owed:
            yield "assessments.yaml", list(self.assessments())
        for report in self.reports:
            yield f"statements/{report.id.partition('/')[2]}.yaml", {"id": report.id, "statements": report.statements}
        yield "case.yaml", {
            "id": "case", "type": "Case", "base": BASE, "title": f"Benchmark of {self.size} statements",
            "description": "A made-up case with the shape of a real one.", "license": "https://creativecommons.org/licenses/by/4.0/",
            "creator": "https://example.org/benchmark", "language": "en",
            "sources": [
                {"id": report.id, "document": document, "digest": digest(text), "characters": len(text), "reader": READER}
                for report, (document, text) in zip(self.reports, self.documents(), strict=True)
            ],
        }  # fmt: skip

    def documents(self) -> Iterator[tuple[str, str]]:
        """The name and the text of the document of each report."""
        for report in self.reports:
            yield f"{report.id.partition('/')[2]}.txt", "".join(report.text) + "\n"

    def sources(self) -> list[str]:
        return list(dict.fromkeys(self.random.choice(self.reports).id for _ in range(self.random.choice((1, 1, 1, 2)))))

    def thing(self, identifier: str, kind: str) -> Fields:
        fields: Fields = {"id": identifier, "type": kind, "label": self.label(identifier)}
        if self.chance(45):
            fields["alias"] = [f"{self.words.some(1, 2)} {fields['label']}" for _ in range(self.random.randint(1, 3))]
        return fields | {"description": self.words.sentence(8, 18), "source": self.sources()}

    def person(self, identifier: str) -> Fields:
        fields = self.thing(identifier, "Person")
        days = sorted(day.isoformat() for day in self.spoken.get(identifier, [self.random.choice(self.reports).day]))
        if self.chance(88):
            fields["tenures"] = [self.tenure(days) for _ in range(self.weighted({1: 40, 2: 3, 3: 1}))]
        return fields

    def tenure(self, days: list[str]) -> Fields:
        fields: Fields = {"post": self.popular(self.posts)} if self.chance(68) else {"organization": self.popular(self.institutions)}
        if len(days) > 3:
            fields = {"post": self.popular(self.posts), "startMonth": days[0][:7], "attestedOn": days[:3]}
        elif self.chance(78):
            fields["attestedOn"] = self.random.sample(days, min(len(days), 3))
        elif self.chance(50):
            fields |= {"startYear": self.random.randint(2000, 2014), "endedByYear": self.random.randint(2015, 2025)}
        else:
            fields["startMonth"] = f"{self.random.randint(2010, 2022)}-0{self.random.randint(1, 9)}"
        return fields | {"source": self.random.choice(self.reports).id}

    def institution(self, number: int) -> Fields:
        fields = self.thing(self.institutions[number], "Institution")
        if number and self.chance(34):
            fields["unitOf"] = self.institutions[self.random.randrange(number)]
        if posts := self.posts[number :: len(self.institutions)]:
            fields["posts"] = [{"id": post, "type": "Post", "label": self.words.some(2, 5).capitalize() + post[9:]} for post in posts]
        return fields

    def report_read(self, report: _Report) -> Fields:
        author = report.cast[0 if report.type in ("Letter", "OpinionPiece") else 7]
        fields: Fields = {"id": report.id, "type": report.type, "label": self.title(report.id), "author": author}
        fields |= {"publisher": self.popular(self.institutions), "publishedOn": report.day.isoformat(), "about": report.about[:3]}
        fields |= {"cites": self.several(self.mentioned, {3: 1, 6: 1, 9: 1}), "note": self.words.sentence(10, 25)}
        if report.type == "LivePage":
            fields["updates"] = list(self.updates(report))
        return fields

    def updates(self, report: _Report) -> Iterator[Fields]:
        count = max(1, len(report.statements) // 9)
        ends = [report.length * number // count for number in range(count + 1)]
        for number, (start, end) in enumerate(pairwise(ends), start=1):
            posted = f"{report.day}T{8 + number // 5 % 12:02}:{number * 11 % 60:02}:00+01:00"
            fields = {"id": f"{report.id}/update-{number:02}", "type": "LiveUpdate", "heading": self.words.some(3, 9), "postedAt": posted}
            yield fields | {"start": start, "end": end}

    def report_mentioned(self, identifier: str) -> Fields:
        fields: Fields = {"id": identifier, "type": self.weighted(MENTIONED), "label": self.title(identifier)}
        fields |= {"author": self.popular(self.persons)} if self.chance(40) else {"publisher": self.popular(self.institutions)}
        if self.chance(80):
            fields["publishedInMonth"] = (FIRST_DAY + timedelta(days=self.random.randrange(DAYS))).isoformat()[:7]
        return fields | {"about": self.popular(self.institutions), "note": self.words.sentence(8, 20), "source": self.sources()}

    def event(self, identifier: str) -> Fields:
        told = self.random.choice(self.random.choice(self.reports).statements)["id"]
        fields: Fields = {"id": identifier, "type": "Event", "label": self.title(identifier)}
        fields["month"] = (FIRST_DAY + timedelta(days=self.random.randrange(DAYS))).isoformat()[:7]
        fields |= {"participant": self.popular([*self.institutions, *self.persons]), "topic": self.popular(self.topics), "source": told}
        return fields | ({"note": self.words.sentence(8, 20)} if self.chance(70) else {})

    def concept(self, identifier: str, kind: str, broader: Sequence[str] = ()) -> Fields:
        number = int(identifier.rpartition("-")[2])
        fields = {"id": identifier, "type": kind, "label": f"{self.words.some(1, 3)} {number}", "definition": self.words.sentence(10, 18)}
        return fields | ({"broader": broader[number // 5]} if broader and number > 4 and self.chance(60) else {})

    def assessments(self) -> Iterator[Fields]:
        """What became of a fifth of all commitments, recommendations and demands, in one to three judgements each."""
        for owed in self.random.sample(self.owed, max(1, len(self.owed) // 5)):
            for number in range(1, self.random.choice((1, 1, 2, 3)) + 1):
                independent = self.chance(40)
                fields: Fields = {"id": f"assessment/{owed.partition('/')[2].replace('/', '-')}-{number}", "type": "Assessment", "of": owed}
                fields |= {"status": self.random.choice(STATUSES), "basis": "independent" if independent else "self-reported"}
                fields |= {"assessor": self.popular(self.institutions if independent else self.persons)}
                fields |= {"evidence": self.random.choice(self.random.choice(self.reports).statements)["id"]}
                yield fields | {"month": f"{2015 + number * 3}-0{self.random.randint(1, 9)}", "note": self.words.sentence(8, 16)}


def write_case(folder: Path, statements: int, seed: int = 1) -> Path:
    """The folder with a case of so many statements, written as a curator would write it, with its documents."""
    maker = _Maker(statements, seed)
    (folder / "statements").mkdir(parents=True)
    (folder / "sources").mkdir()
    for name, records in maker.files():
        (folder / name).write_text("".join(_block(records, "")), "utf-8")
    for name, text in maker.documents():
        (folder / "sources" / name).write_text(text, "utf-8")
    return folder


def _block(value: list[Fields] | Fields, indent: str) -> Iterator[str]:
    """The records as YAML in block style, passages and lists of texts in flow style."""
    if isinstance(value, list):
        for record in value:
            lines = list(_block(record, indent + "  "))
            yield f"{indent}- {lines[0].lstrip()}"
            yield from lines[1:]
        return
    for name, item in value.items():
        if isinstance(item, list) and item and isinstance(item[0], dict) and name != "passage":
            yield f"{indent}{name}:\n"
            yield from _block(item, indent)
        else:
            yield f"{indent}{name}: {_flow(item)}\n"


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return _flow(value[0]) if len(value) == 1 else f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(item)}" for name, item in value.items()) + "}"
    return str(value)
