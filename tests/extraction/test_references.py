"""References: whom a mention means in its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.cases import read_case
from kg.documents import Metadata
from kg.extraction.attributions import Attribution, Span
from kg.extraction.candidates import Entity
from kg.extraction.names import names
from kg.extraction.outline import Block, Outline, Update
from kg.extraction.references import References
from kg.extraction.registry import Actor, Registry
from kg.extraction.words import words

CASE = {
    "case": "id: case\ntype: Case\nbase: https://example.org/case/\ntitle: The harbour\n",
    "actors": """\
- id: person/ines-farrow
  type: Person
  label: Ines Farrow
  gender: female
  tenures:
  - post: post/harbour-commissioner
    attestedOn: 2024-03-05
- id: person/cal-dunmore
  type: Person
  label: Cal Dunmore
  gender: male
  tenures:
  - post: post/harbour-commissioner
    endMonth: 2021-03
- id: group/tide-spokesperson
  type: Group
  label: a spokesperson for the Tide Trust
- id: group/crews
  type: Group
  label: Ferry crews
  alias: [crews of the ferries]
""",
    "institutions": """\
- id: institution/harbour-board
  type: Institution
  label: Wick Harbour Board
  alias: [the harbour watchdog]
  description: Watchdog that runs the harbour.
  posts:
  - id: post/harbour-commissioner
    type: Post
    label: Commissioner of the Wick Harbour Board
- id: institution/tide-trust
  type: Institution
  label: Tide Trust
  description: Charity for anglers.
""",
    "reports": """\
- id: report/dredging
  type: OfficialReport
  label: Dredging Review
  author: person/ines-farrow
""",
}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder: Path = tmp_path_factory.mktemp("harbour")
    for name, text in CASE.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Registry.of_case(read_case(folder))


def marked(text: str) -> tuple[str, list[Span]]:
    """A text without its marks « and », and where they stood."""
    spans, plain = [], ""
    for part in re.split(r"(«[^»]*»)", text):
        if part.startswith("«"):
            spans.append((len(plain), len(plain) + len(part) - 2))
        plain += part.strip("«»")
    return plain, spans


def outlined(text: str) -> Outline:
    """Lines as blocks; a line with # in front is the heading of a post that reaches to the next one."""
    blocks, headings = [], []
    for found in re.finditer(r"(# )?([^\n]+)", text):
        blocks.append(Block("heading" if found[1] else "paragraph", found.start(2), found.end()))
        if found[1]:
            headings.append((found.start(), found.span(2)))
    ends = [start for start, _ in headings[1:]] + [len(text)]
    updates = tuple(Update(start, end, heading) for (start, heading), end in zip(headings, ends, strict=False))
    return Outline("live" if updates else "article", tuple(blocks), updates, date="2024-03-05")


def references(registry: Registry, text: str) -> tuple[References, list[Attribution]]:
    """The references of a text and an attribution for each mark in it."""
    plain, spans = marked(text)
    outline = outlined(plain)
    read = words(plain, outline)
    found = names(read)
    made = References(read, found, registry.read(read, found, outline), outline)
    return made, [Attribution((span[1], span[1] + 1), span, "indirect", span, None, "test") for span in spans]


def who(registry: Registry, text: str) -> str:
    """Whom the last mark of a text means."""
    made, attributions = references(registry, text)
    entity = made.entity(attributions[-1].speaker, attributions[-1], attributions)
    return entity.id if entity else ""


# Each rule with a text that it catches, and one that it must leave alone; « and » stand around the mention that is asked for (and around
# those who spoke before), a bar between lines, and # before the heading of a post.
RULES = """
name
    «Cal Dunmore» left. → person/cal-dunmore
    «Cal Dunmore's lawyer» left. → group/cal-dunmores-lawyer
name behind an owner
    «The board's Cal Dunmore» left. → person/cal-dunmore
    «A neighbour of Cal Dunmore» left. → group/a-neighbour-of-cal-dunmore
office and name
    «Mayor Ida Munt» left. → person/ida-munt
    «Mayor Ida Munt's aide» left. → group/mayor-ida-munts-aide
office of a name beside it
    «The trust's mayor», Ida Munt, left. → person/ida-munt
    «The trust's tailor», Ida Munt said, left. → group/trusts-tailor
institution
    «The Tide Trust» left. → institution/tide-trust
    «Tide Trust anglers» left. → group/tide-trust-anglers
institution with its noun
    «The Tide Trust charity» left. → institution/tide-trust
    «The Tide Trust boat» left. → group/tide-trust-boat
alias of small letters
    «The harbour watchdog» left. → institution/harbour-board
    «The harbour seals» left. → group/harbour-seals
group of the records
    «Crews of the ferries» left. → group/crews
    «Crews of the trains» left. → group/crews-of-the-trains
office of the records
    «The commissioner» left. → person/ines-farrow
    «The deputy commissioner» left. → group/deputy-commissioner
office over
    «The former commissioner» left. → person/cal-dunmore
    «A former commissioner» left. → group/a-former-commissioner
office of the text
    Mayor Ida Munt came. Then «the mayor» left. → person/ida-munt
    Mayor Ida Munt came. Then «the deputy mayor» left. → group/deputy-mayor
office of the text by its words
    Roads minister Ida Munt and rail minister Bo Lind came. Then «the rail minister» left. → person/bo-lind
    Roads minister Ida Munt and rail minister Bo Lind came. Then «the farming minister» left. → group/farming-minister
office worded more fully
    Mayor Ida Munt came. Then «the mayor of Wick» left. → person/ida-munt
    Mayor Ida Munt and Mayor Bo Lind came. Then «the mayor of Ash» left. → group/mayor-of-ash
same post
    # One | Mayor Ida Munt came. | # Two | Mayor Bo Lind came. «The mayor» left. → person/bo-lind
    # One | Mayor Bo Lind came. | # Two | Mayor Ida Munt came. «The mayor» left. → person/ida-munt
name that comes later
    # One | «A former captain» tells us so. | Ida Munt says it leaks. → person/ida-munt
    «A former captain» tells us so. | Ida Munt says it leaks. → group/a-former-captain
name behind a heading
    # Leaks, says «former captain» | Ida Munt says it leaks. → person/ida-munt
    # Leaks, says «Ida Munt» | Bo Lind says it leaks. → person/ida-munt
known by then
    # One | A former captain, Bo Lind, is here. «A former captain» left. Ida Munt left. → person/bo-lind
    # One | «A former captain» left. Ida Munt left. → person/ida-munt
pronoun and who spoke
    «Ida Munt» met Bo Lind. «She» left. → person/ida-munt
    «Dame Ida Munt» met Sir Bo Lind. «He» left. → person/bo-lind
pronoun and subject
    Dame Ida Munt wrote to Mrs Lind. «She» left. → person/ida-munt
    Dame Ida Munt's sister Ann Lind wrote. «She» left. → person/ann-lind
pronoun and post
    # One | Ida Munt left. | # Bo Lind on leaks | It leaks, «he» says. → person/bo-lind
    # Bo Lind on leaks | Sir Cal Marl left. It leaks, «he» says. → person/cal-marl
pronoun before its name
    In the note «she» wrote, Ida Munt says so. → person/ida-munt
    Ann Lind left. Now «she» wrote, Ida Munt says. → person/ann-lind
pronoun and quoted name
    Sir Bo Lind left. “Sir Cal Marl knew.” So «he» said. → person/cal-marl
    «Sir Bo Lind» left. Sir Cal Marl was named, so «he» said. → person/cal-marl
they of a body
    «The Tide Trust» met Ida Munt. «They» left. → institution/tide-trust
    Ida Munt left. «They» left. → person/ida-munt
it of a body
    «The Tide Trust» met Ida Munt. «It» left. → institution/tide-trust
    Ida Munt left. «It» left. → nobody
it of a common noun
    The Tide Trust met. | The charity's check is out. «It» finds leaks. → institution/tide-trust
    A charity's check is out. «It» finds leaks. → nobody
it of a document
    «Ida Munt's report» is out. «It» finds leaks. → person/ida-munt
    «Ida Munt» is out. «It» finds leaks. → nobody
who
    We met Ida Munt, «who» left. → person/ida-munt
    We met, «who» left. → group/met
who of an office
    We met the commissioner, «who» left. → person/ines-farrow
    We met the tailor, «who» left. → group/tailor
common noun by the record
    The Tide Trust and Ash Motors met. «The charity» left. → institution/tide-trust
    The Tide Trust and Ash Motors met. «The company» left. → institution/ash-motors
common noun by an apposition
    Wick Voices, a charity, met the Ash Office. «The charity» left. → institution/wick-voices
    Wick Voices, a choir, met. «The charity» left. → group/charity
common noun of who spoke
    «The Wick Voices Centre» left. «The group» says so. → institution/wick-voices-centre
    «The Wick Voices Centre» left. «A group» says so. → group/a-group
spokesperson of
    «A spokesman for the Ash Office» left. → group/a-spokesperson-for-the-ash-office
    «A tailor for the Ash Office» left. → group/a-tailor-for-the-ash-office
spokesperson in front
    «An Ash Office spokeswoman» left. → group/a-spokesperson-for-the-ash-office
    «The spokeswoman Ann Lind» left. → person/ann-lind
spokesperson of who spoke
    «The Ash Office» left. «A spokesperson» says so. → group/a-spokesperson-for-the-ash-office
    «A spokesperson» says so. → group/a-spokesperson
spokesperson of the records
    «The Tide Trust» left. «A spokesperson» says so. → group/tide-spokesperson
    «Ferry crews» left. «A spokesperson» says so. → group/crews
report by
    «A report by Ida Munt» says so. → person/ida-munt
    «A report on Ida Munt» says so. → group/a-report-on-ida-munt
report by behind the mention
    «A report» by Ida Munt says so. → person/ida-munt
    «A report» on Ida Munt says so. → group/a-report
report of before
    Ida Munt's review is out. «The report» says so. → person/ida-munt
    Ida Munt's review is out. «The letter» says so. → group/letter
letter that one wrote
    In the letter she wrote, «Ida Munt» is firm. It leaks, «the letter» says. → person/ida-munt
    It leaks, «the letter» says. → group/letter
report with an owner
    «Ida Munt» left. «Her report» says so. → person/ida-munt
    «Ida Munt» left. «Their house» says so. → group/house
report of the records
    «The Dredging Review» says so. → person/ines-farrow
    «The Silting Review» says so. → group/silting-review
predecessor
    «Ines Farrow» left. «Her predecessor» says so. → person/cal-dunmore
    «Ida Munt» left. «Her sister» says so. → group/sister
one from a place
    «Ottoline from Wick» says so. → person/ottoline
    «Letters from Wick» say so. → person/letters
name that nothing types
    «Quibble» says so. We like Quibble. → institution/quibble
    «Everyone» says so. → group/everyone
surname of the records
    «Farrow» says so. We saw Farrow. → person/ines-farrow
    «Farrows» say so. We saw Farrows. → institution/farrows
"""


def rules() -> list[tuple[str, str, str]]:
    """Each rule with a text and whom its last mark means, line by line."""
    found, rule = [], ""
    for line in RULES.strip().splitlines():
        if line.startswith("    "):
            text, _, meant = line.strip().rpartition(" → ")
            found.append((rule, text.replace(" | ", "\n"), meant))
        else:
            rule = line
    return found


@pytest.mark.parametrize(("rule", "text", "meant"), rules())
def test_each_rule_catches_its_mention_and_leaves_the_others_alone(registry: Registry, rule: str, text: str, meant: str) -> None:
    assert (who(registry, text) or "nobody") == meant


def test_every_rule_has_a_text_to_catch_and_one_to_leave_alone() -> None:
    assert all(sum(rule == other for other, *_ in rules()) == 2 for rule, *_ in rules())


def test_a_name_in_a_caption_means_somebody_but_nothing_leans_on_it(registry: Registry) -> None:
    text = "Dame Ida Munt, harbour\nAnn Lind came. So she says."
    outline = Outline("article", (Block("caption", 0, 22), Block("paragraph", 23, len(text))))
    read = words(text, outline)
    found = names(read)
    made = References(read, found, registry.read(read, found, outline), outline)
    caption, she = made.entity((0, 13)), made.entity((text.index("she"), text.index("she") + 3))
    assert caption
    assert she
    assert (caption.id, she.id) == ("person/ida-munt", "person/ann-lind")


LETTER = "Ida Munt\nDear Bo Lind,\nI accept this. You were right. She left."


def letter(registry: Registry, metadata: Metadata | None = None, authored: bool = True) -> References:
    outline = Outline(
        "letter",
        (Block("byline", 0, 8), Block("salutation", 9, 22), Block("paragraph", 23, len(LETTER))),
        author=(0, 8),
        addressee=(14, 21),
        authored=authored,
    )
    read = words(LETTER, outline)
    found = names(read)
    return References(read, found, registry.read(read, found, outline, metadata), outline)


def test_a_letter_speaks_for_its_author_to_its_addressee(registry: Registry) -> None:
    made = letter(registry)
    authored = Attribution((23, 37), (23, 37), "authored", None, None, "test")
    for mention, attribution, meant in (
        ((23, 24), None, "person/ida-munt"),
        ((LETTER.index("You"), LETTER.index("You") + 3), None, "person/bo-lind"),
        (None, authored, "person/ida-munt"),
        (None, None, ""),
    ):
        entity = made.entity(mention, attribution)
        assert (entity.id if entity else "") == meant
    assert made.author
    assert made.addressee
    assert (made.author.id, made.addressee.id) == ("person/ida-munt", "person/bo-lind")


def test_what_is_not_authored_has_its_publishers_voice(registry: Registry) -> None:
    authored = Attribution((23, 37), (23, 37), "authored", None, None, "test")
    publisher = Entity("institution/wick-post", "Institution", "Wick Post")
    metadata = Metadata(publisher="Wick Post")
    assert letter(registry, metadata, authored=False).entity(None, authored) == publisher
    assert letter(registry, metadata).entity(None, authored) != publisher


@pytest.mark.parametrize(("cue", "meant"), [("Asked", "institution/wick-post"), ("Told", "")])
def test_who_asks_and_is_not_named_is_the_publisher(registry: Registry, cue: str, meant: str) -> None:
    text = f"{cue} whether it leaks, she left."
    outline = Outline("article", (Block("paragraph", 0, len(text)),))
    read = words(text, outline)
    found = names(read)
    made = References(read, found, registry.read(read, found, outline, Metadata(publisher="Wick Post")), outline)
    entity = made.entity(None, Attribution((6, 22), (0, 22), "indirect", None, (0, len(cue)), "test"))
    assert (entity.id if entity else "") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("# Talks\nThe chief is asked if he will go.\nIs he sure? Ada Coe pushes.", "person/ada-coe"),
        ("# Talks\nThe chief is asked if he will go.\n# Later\nIs he sure? Ada Coe pushes.", "institution/wick-post"),
        ("# Talks\nThe chief is asked if he will go.\nIs he sure? Ada Coe says.", "institution/wick-post"),
        ("# Talks\nAda Coe is asked if she will go.\nIs he sure? Ada Coe pushes.", "institution/wick-post"),
    ],
)
def test_who_asks_in_the_same_post_is_meant_first(registry: Registry, text: str, meant: str) -> None:
    outline = outlined(text)
    read = words(text, outline)
    found = names(read)
    made = References(read, found, registry.read(read, found, outline, Metadata(publisher="Wick Post")), outline)

    def said(content: str, cue: str, speaker: str | None) -> Attribution:
        start, at = text.index(content), text.index(cue)
        line = text.rindex("\n", 0, start) + 1
        last = text.rindex(speaker) if speaker else -1
        span = (last, last + len(speaker)) if speaker else None
        whole = (line, text.find("\n", start) if "\n" in text[start:] else len(text))
        return Attribution((start, start + len(content)), whole, "indirect", span, (at, at + len(cue)), "test")

    verb = "pushes" if "pushes" in text else "says"
    question = said("he will go" if "he will" in text else "she will go", "is asked", None)
    entity = made.entity(None, question, [question, said("Is he sure?", verb, "Ada Coe")])
    assert entity is not None
    assert entity.id == meant


def test_an_office_of_inquiry_that_is_not_named_is_the_one_of_the_records_whose_words_stand_beside_it(registry: Registry) -> None:
    registry.case.add(Actor("institution/larch-inquest", "Institution", "Larch Hall inquest", known=True))
    assert who(registry, "The fire at Larch Hall was no accident, «an inquest» finds.") == "institution/larch-inquest"
    assert who(registry, "The fire at Wick Hall was no accident, «an inquest» finds.") == "group/an-inquest"


def test_in_a_quotation_i_is_its_speaker(registry: Registry) -> None:
    text = "“I said it leaks,” says Ida Munt."
    outline = Outline("article", (Block("paragraph", 0, len(text)),))
    read = words(text, outline)
    found = names(read)
    made = References(read, found, registry.read(read, found, outline), outline)
    outer = Attribution((1, 16), (0, len(text)), "direct", (text.index("Ida"), len(text) - 1), None, "test")
    inner = Attribution((8, 16), (1, 16), "indirect", (1, 2), None, "test", within=0)
    entity = made.entity(inner.speaker, inner, [outer, inner])
    assert entity
    assert entity.id == "person/ida-munt"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("# One\n«Ida Munt» left.\nBut insists it leaks.", "person/ida-munt"),
        ("# One\n«Ida Munt» left.\n# Two\nBut insists it leaks.", ""),
        ("# One\n«Ida Munt» left.\nNobody here insists it leaks.", ""),
    ],
)
def test_a_verb_without_a_subject_goes_on_with_who_spoke_last_in_the_post(registry: Registry, text: str, meant: str) -> None:
    made, attributions = references(registry, text)
    cue = made.words.source.index("insists")
    bare = Attribution((cue + 8, cue + 16), (cue, cue + 16), "indirect", None, (cue, cue + 7), "test")
    entity = made.entity(None, bare, [*attributions, bare])
    assert (entity.id if entity else "") == meant


def test_a_quotation_of_nobody_is_of_the_one_in_the_heading(registry: Registry) -> None:
    made, _ = references(registry, "# It leaks - Ida Munt\nHere we are. “It leaks.”")
    place = made.words.source.index("“") + 1
    entity = made.entity(None, Attribution((place, place + 9), (place, place + 9), "direct", None, None, "test"))
    assert entity
    assert entity.id == "person/ida-munt"


CAPACITIES = [
    ("«Cal Dunmore, head of policy at the trust», left.", "head of policy at the trust"),
    ("«Cal Dunmore», head of policy at the trust, left.", "head of policy at the trust"),
    ("«Mayor Ida Munt» left.", "Mayor"),
    ("«Cal Dunmore», who chairs the trust, left.", "who chairs the trust"),
    ("«The mayor» left.", "mayor"),
    ("«Cal Dunmore» left.", ""),
    ("«The trust» left.", ""),
]


@pytest.mark.parametrize(("text", "worded"), CAPACITIES)
def test_a_capacity_is_as_worded_beside_the_mention(registry: Registry, text: str, worded: str) -> None:
    made, attributions = references(registry, text)
    span = made.capacity(attributions[-1].speaker)
    assert (made.words.source[slice(*span)] if span else "") == worded
    assert made.capacity(None) is None


def test_the_same_mention_means_the_same_however_often_it_is_asked(registry: Registry) -> None:
    made, attributions = references(registry, "«A former captain» left. «She» says so, and «a spokesperson».")
    first = [made.entity(one.speaker, one, attributions) for one in attributions]
    assert [made.entity(one.speaker, one, attributions) for one in attributions] == first


def test_thousands_of_mentions_of_one_office_are_settled_in_time() -> None:
    text = "Mayor Ida Munt came. «The mayor» left. «She» says so, «the report» too, and «the charity». " * 3_000
    made, attributions = references(Registry.empty(), text)
    assert {entity.id for one in attributions if (entity := made.entity(one.speaker, one, attributions))} >= {"person/ida-munt"}
