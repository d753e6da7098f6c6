"""The registry: who is known from the records and from a text, by which names and offices, and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.cases import read_case
from kg.documents import Metadata
from kg.extraction.names import names
from kg.extraction.offices import enough, fits, office
from kg.extraction.outline import Block, Outline
from kg.extraction.registry import Registry, Tenure
from kg.extraction.wordings import key, slug
from kg.extraction.words import words
from kg.records import is_identifier, values

CASE = """\
id: case
type: Case
base: https://example.org/case/
title: The harbour
"""
ACTORS = """\
- id: person/ines-farrow
  type: Person
  label: Ines Farrow
  honorific: Dame
  alias: [Farrow, Dame Ines]
  tenures:
  - post: post/harbour-commissioner
    startMonth: 2021-04
    attestedOn: 2024-03-05
- id: person/cal-dunmore
  type: Person
  label: Cal Dunmore
  gender: male
  tenures:
  - post: post/harbour-commissioner
    endMonth: 2021-03
- id: person/bea-roe
  type: Person
  label: Bea Roe
  tenures:
  - post: post/deputy-harbour-commissioner
    attestedOn: 2024-03-05
- id: person/tam-sand
  type: Person
  label: Tam Sand
- id: person/ula-sand
  type: Person
  label: Ula Sand
- id: person/tansy
  type: Person
  label: Oona Tansy
  alias: [The Baroness Tansy of Wick DBE]
- id: person/i-farrow
  type: Person
  label: I. Farrow
- id: group/an-angler
  type: Group
  label: an angler at the weir
- id: group/crews
  type: Group
  label: Crews of the ferries
"""
INSTITUTIONS = """\
- id: institution/harbour-board
  type: Institution
  label: Wick Harbour Board
  alias: [WHB, the Board]
  description: Body that runs the harbour.
  posts:
  - id: post/harbour-commissioner
    type: Post
    label: Commissioner of the Wick Harbour Board
    alias: [Harbour Commissioner]
  - id: post/deputy-harbour-commissioner
    type: Post
    label: Deputy Commissioner of the Wick Harbour Board
"""
JUDGEMENTS = """\
- id: judgement/1
  type: Judgement
  between: [person/ines-farrow, person/i-farrow]
  judgement: same
- id: judgement/2
  type: Judgement
  between: [person/tam-sand, person/ula-sand]
  judgement: different
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder: Path = tmp_path_factory.mktemp("harbour")
    for name, text in (("case", CASE), ("actors", ACTORS), ("institutions", INSTITUTIONS), ("judgements", JUDGEMENTS)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Registry.of_case(read_case(folder))


def read(registry: Registry, text: str, date: str = "2024-03-05") -> Registry:
    outline = Outline("article", (Block("paragraph", 0, len(text)),), date=date)
    made = words(text, outline)
    return registry.read(made, names(made), outline)


def meant(registry: Registry, text: str) -> list[str]:
    return [actor.id for _, actor in read(registry, text).mentions]


# Each way in which a name finds its actor, with a text that it catches, and one that it must leave alone.
NAMED = [
    ("whole name", "Now Cal Dunmore left.", ["person/cal-dunmore"], "Now Cal Dunton left.", ["person/cal-dunton"]),
    ("middle initial", "Now Cal B. Dunmore left.", ["person/cal-dunmore"], "Now Cal Marl left.", ["person/cal-marl"]),
    ("title and first name", "Now Dame Ines left.", ["person/ines-farrow"], "Now Dame Oona left.", ["person/oona"]),
    ("title and surname", "Now Mr Dunmore left.", ["person/cal-dunmore"], "Now Mrs Dunmore left.", ["person/dunmore"]),
    ("peerage", "Now Baroness Tansy left.", ["person/tansy"], "Now Lord Tansy left.", ["person/tansy-2"]),
    ("surname", "We saw Bea Roe. Then Roe left.", ["person/bea-roe"] * 2, "We saw Sam Roe. Roe left.", ["person/sam-roe"] * 2),
    ("surname of two", "We saw Ula Sand. Then Sand left.", ["person/ula-sand"] * 2, "We saw Mr Sand.", ["person/sand"]),
    ("first name", "We saw Susan Marl. Then Susan left.", ["person/susan-marl"] * 2, "Then Susan left.", ["person/susan"]),
    ("alias", "The WHB met.", ["institution/harbour-board"], "The WHX met.", ["institution/whx"]),
    ("acronym", "The Tide Trust (TT) met. So TT paid.", ["institution/tide-trust"] * 3, "The Tide Trust met.", ["institution/tide-trust"]),
    ("same", "We saw I. Farrow.", ["person/ines-farrow"], "We saw O. Farrow.", ["person/o-farrow"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "caught", "found", "left", "others"), NAMED, ids=[rule for rule, *_ in NAMED])
def test_a_name_means_the_known_actor_or_a_new_one(
    registry: Registry, rule: str, caught: str, found: list[str], left: str, others: list[str]
) -> None:
    assert meant(registry, caught) == found
    assert meant(registry, left) == others


def test_a_new_actor_is_proposed_with_what_the_text_tells(registry: Registry) -> None:
    actor = read(registry, "Now Dame Zoë Lind left.").local.actors["person/zoe-lind"]
    assert (actor.entity.kind, actor.label, actor.honorific, actor.gender, actor.entity.known) == (
        "Person",
        "Zoë Lind",
        "Dame",
        "female",
        False,
    )


def test_reading_one_text_leaves_no_trace_in_the_next(registry: Registry) -> None:
    assert "person/bo-lind" in read(registry, "We saw Bo Lind.").local.actors
    assert read(registry, "We saw nobody.").local.actors == {}
    assert registry.local.actors == {}


HELD = [
    ("the commissioner", "2024-03-05", "person/ines-farrow"),
    ("the commissioner", "2020-06", "person/cal-dunmore"),
    ("the former commissioner", "2024-03-05", "person/cal-dunmore"),
    ("the deputy commissioner", "2024-03-05", "person/bea-roe"),
    ("the harbour commissioner", "2024-03-05", "person/ines-farrow"),
    ("the commissioner of the Wick Harbour Board", "2024-03-05", "person/ines-farrow"),
    ("the assistant commissioner", "2024-03-05", ""),
    ("the children's commissioner", "2024-03-05", ""),
    ("the mayor", "2024-03-05", ""),
]


@pytest.mark.parametrize(("wording", "date", "holder"), HELD)
def test_an_office_is_held_by_who_was_in_post_at_the_date(registry: Registry, wording: str, date: str, holder: str) -> None:
    mention = office(wording)
    assert mention
    found = read(registry, "", date).holders(mention)
    assert (found[0][1].id if found else "") == holder


@pytest.mark.parametrize(
    ("tenure", "day", "held"),
    [
        (Tenure("p", "", attested=("2024-03-05",)), "2024-03-05", 3),
        (Tenure("p", "", attested=("2024-03",)), "2024-03-05", 3),
        (Tenure("p", "", first="2021-04"), "2024-03-05", 2),
        (Tenure("p", "", first="2021-04"), "2021-03-31", -1),
        (Tenure("p", "", last="2021-03"), "2021-03-31", 1),
        (Tenure("p", "", last="2021-03"), "2021-04-01", 0),
        (Tenure("p", "", ended="2024-03-05"), "2024-03-05", 0),
        (Tenure("p", ""), "2024", 1),
        (Tenure("p", "", last="2021"), "", 0),
    ],
)
def test_a_tenure_covers_a_day_as_well_as_its_limits_say(tenure: Tenure, day: str, held: int) -> None:
    assert tenure.held(day) == held


FITTING = [
    ("the commissioner", "harbour commissioner", True),
    ("the deputy commissioner", "harbour commissioner", False),
    ("the former commissioner", "harbour commissioner", True),
    ("the children's commissioner", "harbour commissioner", False),
    ("the mayor", "harbour commissioner", False),
    ("the chairwoman", "chair of the trust", True),
    ("the police boss", "police chief", True),
]


@pytest.mark.parametrize(("mention", "known", "fit"), FITTING)
def test_an_office_fits_by_its_noun_and_by_the_words_that_tell_it_apart(mention: str, known: str, fit: bool) -> None:
    one, other = office(mention), office(known)
    assert one
    assert other
    assert fits(one, other) is fit


def test_a_fuller_wording_is_enough_only_behind_the_noun() -> None:
    plain, of, before = office("commissioner"), office("the commissioner of the harbour"), office("the harbour commissioner")
    assert plain
    assert of
    assert before
    assert enough(of, plain)
    assert not enough(before, plain)


def test_what_was_judged_the_same_is_one_actor(registry: Registry) -> None:
    assert registry.case.actors["person/i-farrow"] is registry.case.actors["person/ines-farrow"]
    assert registry.case.different == {frozenset(("person/tam-sand", "person/ula-sand"))}


def test_somebody_without_a_name_is_the_one_of_the_records_who_is_worded_alike(registry: Registry) -> None:
    copy = read(registry, "")
    assert copy.group("one angler").id == "group/an-angler"
    assert copy.group("anglers").id == "group/anglers"
    assert copy.group("crews").id == "group/crews-2"


@pytest.mark.parametrize("name", ["Zoë O’Dell-Finch", "Иван Петров", "李", "…", "A.B. & C", "Łódź"])
def test_every_name_makes_an_identifier(name: str) -> None:
    assert is_identifier(f"person/{slug(name)}")
    assert slug(name) == slug(name.upper())


def test_names_are_compared_without_what_differs_by_chance() -> None:
    assert key("The  Zoë O’Dell Trust") == key("ZOE O'DELL TRUST")
    assert key("Zoe") != key("Zoa")


def test_a_large_registry_is_read_with_no_more_than_lookups() -> None:
    large = Registry.empty()
    for number in range(20_000):
        large.person(f"Pia Number{number}")
    large = Registry(large.local)
    copy = read(large, "We met Pia Number7 and Ms Number8. " * 50)
    assert {actor.id for _, actor in copy.mentions} == {"person/pia-number7", "person/pia-number8"}
    assert len(copy.local.actors) == 2


@pytest.mark.parametrize(
    ("author", "person"),
    [("By Ida Munt", "person/ida-munt"), ("Cal Dunmore", "person/cal-dunmore"), ("Ida Munt and Bo Lind, the Post", ""), ("x", "")],
)
def test_author_and_publisher_come_from_the_file_where_no_record_has_them(registry: Registry, author: str, person: str) -> None:
    outline = Outline("article", ())
    made = words("", outline)
    copy = registry.read(made, names(made), outline, Metadata(author=author, publisher="WHB"))
    assert (copy.author.id if copy.author else "") == person
    assert copy.publisher
    assert copy.publisher.id == "institution/harbour-board"


def test_author_and_publisher_come_from_the_record_of_the_document() -> None:
    case = read_case(Path(__file__).parents[2] / "data" / "tutorial")
    for report, document in case.documents()[0].items():
        outline = Outline("article", (Block("paragraph", 0, len(document.text)),))
        made = words(document.text, outline)
        copy = Registry.of_case(case).read(made, names(made), outline, Metadata(author="Ida Munt", publisher="Wick Post"))
        told = {actor.id for actor in (copy.author, copy.publisher) if actor}
        assert {value for name in ("author", "publisher") for value in values(case.index[report], name)} <= told
