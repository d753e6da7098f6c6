"""Proposals: what was read out of a document as records that wait for a person, the same each time, and nothing twice."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import assemble
from kg.cases import read_case
from kg.curation import decisions
from kg.curation.proposals import DOES, clause, propose, slug
from kg.documents import digest
from kg.errors import RecordError
from kg.extraction.candidates import Candidate, Entity, Extraction, Figure
from kg.records import QUOTE_WORDS, Record, is_identifier, parse, text, values
from kg.vocabulary import superclasses, terms
from tests.conftest import Run
from tests.gazette import (
    AGAIN,
    AUTHORITY,
    IGNORED,
    MARWICK,
    REPORT,
    SORRY,
    TEXT,
    UNION,
    VETT,
    WARNED,
    WHO,
    Pair,
    case,
    document,
    extraction,
    files,
    findings,
    proposed,
    span,
)

STATEMENTS = "candidates/pump-at-stonebeck-fails-again.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return case(tmp_path / "case")


def statements(folder: Path) -> dict[str, Record]:
    return {record.id: record for _, record in read_case(folder).proposals()}


def only(candidate: Candidate) -> Extraction:
    return extraction(candidates=[candidate])


# ---------------------------------------------------------------- What is written


def test_the_candidates_of_an_article(folder: Path) -> None:
    proposal = proposed(folder)
    assert proposal.report == REPORT
    assert proposal.counts == {"new": 4}
    assert (
        (folder / STATEMENTS)
        .read_text("utf-8")
        .startswith(f"""\
# Proposed by `kg extract` from gazette.txt. `kg review` decides; the next run writes anew what is neither decided nor edited.
id: {REPORT}
type: NewsArticle
reviewStatus: candidate
label: Pump at Stonebeck fails again
author: person/petra-quillan
publisher: institution/harbour-gazette
publishedOn: 2025-06-03
document: gazette.txt
digest: {digest(TEXT)}
characters: {len(TEXT)}
reader: kg text 1
statements:
- id: {SORRY}
  type: Apology
  reviewStatus: candidate
  speaker: person/ottilie-marwick
  speakerAsWorded: Ottilie Marwick
  capacityAsWorded: the chief executive
  about: institution/harrow-vale-water-authority
  saidOn: 2025-06-03
  mode: direct
  summary: Apologises about Harrow Vale Water Authority.
  quote: and every home will get a visit this week
  passage: {{start: 136, end: 255, digest: 3fe15d262f115e8f1e5678c785ddea46ec0a7c8d5a5c2d87d5123747ad275c62}}
  cue: said
  rule: quote-cue-name
  confidence: 0.95

- id: {WARNED}
""")
    )
    assert (
        (folder / STATEMENTS)
        .read_text("utf-8")
        .endswith(f"""
  passage: {{start: 382, end: 424, digest: eac6417f07490303d5f5ec52ef78d09f5413841046ebbb6992672295b507d03a}}
  repeats: {SORRY}
  rule: name-cue-that
  confidence: 0.85
""")
    )


def test_new_actors_and_likely_duplicates_are_candidates_too(folder: Path) -> None:
    proposed(folder)
    actors = parse((folder / "candidates/actors.yaml").read_text("utf-8"))
    assert [(record["id"], record["type"]) for record in actors] == [
        ("person/jonas-vett", "Person"),
        ("institution/waterworkers-united", "Institution"),
        ("institution/harbour-gazette", "Institution"),
    ]
    assert all(record["source"] == REPORT and record["reviewStatus"] == "candidate" for record in actors)
    assert (folder / "candidates/judgements.yaml").read_text("utf-8") == (
        "- id: judgement/person/corwin-hale/person/jonas-vett\n"
        "  type: Judgement\n"
        "  between: [person/corwin-hale, person/jonas-vett]\n"
        "  judgement: undecided\n"
        f"  source: {REPORT}\n"
        "  reason: both spoke for the staff\n"
        "  confidence: 0.3\n"
    )


def test_check_reads_the_candidates_and_build_leaves_them_out(folder: Path) -> None:
    _, before = assemble(folder)
    proposed(folder)
    assert findings(folder) == []
    _, after = assemble(folder)
    assert after.manifest == before.manifest
    assert len(statements(folder)) == 4
    assert VETT.id in read_case(folder).proposed
    assert VETT.id not in read_case(folder).index


def test_check_counts_those_that_wait(folder: Path, run: Run) -> None:
    proposed(folder)
    decisions.reject(read_case(folder), WARNED, **WHO)
    done = run("check", folder)
    assert done.returncode == 0
    assert re.search(
        r" records, \d+ statements, 3 candidates, passages of \d+ statements verified against 4 documents: 0 errors", done.stderr
    )


def test_a_broken_file_of_candidates_does_not_keep_the_case_from_being_built(folder: Path) -> None:
    proposed(folder)
    (folder / STATEMENTS).write_text("statements: [", "utf-8")
    assert any(finding.file.endswith(STATEMENTS) for finding in findings(folder))
    assemble(folder)


def test_a_second_run_gives_the_same_bytes(folder: Path) -> None:
    proposed(folder)
    before = files(folder)
    again = proposed(folder)
    assert again.counts == {"proposed before": 4}
    assert again.write() == []
    assert files(folder) == before


def test_another_case_with_the_same_records_gets_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    proposed(folder)
    proposed(case(tmp_path / "other"))
    assert files(folder) == files(tmp_path / "other")


def test_what_is_found_no_more_goes_and_its_actors_too(folder: Path) -> None:
    proposed(folder)
    found = extraction()
    proposal = proposed(folder, extraction(candidates=[found.candidates[0], found.candidates[3]]), ())
    assert proposal.counts == {"proposed before": 2}
    assert list(statements(folder)) == [SORRY, AGAIN]
    assert [record["id"] for record in parse((folder / "candidates/actors.yaml").read_text("utf-8"))] == ["institution/harbour-gazette"]
    assert not (folder / "candidates/judgements.yaml").exists()
    proposed(folder, extraction(candidates=[]))
    assert not any(name.startswith("candidates/") for name in files(folder))


def test_a_document_without_statements_proposes_nothing(folder: Path) -> None:
    before = files(folder)
    proposal = proposed(folder, extraction(candidates=[]))
    assert not proposal.counts
    assert files(folder) == before


def test_a_file_that_changed_since_the_case_was_read_is_not_written(folder: Path) -> None:
    proposal = propose(read_case(folder), document(folder), extraction())
    (folder / "candidates").mkdir()
    (folder / "candidates/actors.yaml").write_text("- id: person/x\n", "utf-8")
    with pytest.raises(RecordError, match="changed since"):
        proposal.write()


# ---------------------------------------------------------------- What is left alone


def test_what_a_curator_has_recorded_is_not_proposed(folder: Path) -> None:
    """The tutorial's live page: the same speaker, and half of the passage."""
    page = folder / "sources" / "live-page.txt"
    source = page.read_text("utf-8")

    def candidate(words: str, entity: Entity | None) -> Candidate:
        start = source.index(words)
        place = (start, start + len(words))
        return Candidate(place, (place,), "indirect", "name-cue", 0.5, entity=entity, acts=("Claim",), about=(AUTHORITY,))

    fenwright = Entity("person/nadia-fenwright", "Person", "Nadia Fenwright", known=True)
    found = [
        candidate("Fenwright wants £50 for every home", fenwright),
        candidate("Fenwright wants £50 for every home, with", MARWICK),
        candidate("Fenwright wants £50 for every home, with “no"[:39], None),
        candidate("The Authority has not confirmed this.", fenwright),
        candidate(
            "She says that Marwick promised her in March to look at the payment again. The Authority has not confirmed this.", fenwright
        ),
    ]
    from kg.documents import read

    proposal = propose(read_case(folder), read(page), extraction(candidates=found))
    assert proposal.report == "report/courier-live-2025"
    assert proposal.counts == {"already recorded": 4, "new": 1}
    proposal.write()
    head = parse((folder / "candidates/courier-live-2025.yaml").read_text("utf-8"))[0]
    assert head.keys() == {"id", "statements"}
    assert [record["speaker"] for record in head["statements"]] == ["person/ottilie-marwick"]


def test_what_was_accepted_is_not_proposed_again_and_its_neighbour_is(folder: Path) -> None:
    """Two statements may share one passage: the one that was accepted answers for itself alone."""
    first = extraction().candidates[2]
    both = extraction(
        candidates=[first, replace(first, acts=("Dismay",)), replace(first, content=(first.content[0], first.content[1] - 4))]
    )
    proposed(folder, both, ())
    assert list(statements(folder)) == [IGNORED, f"{IGNORED}-2", IGNORED.replace("371", "367")]
    decisions.accept(read_case(folder), IGNORED, **WHO)
    proposal = proposed(folder, both, ())
    assert proposal.counts == {"already recorded": 1, "proposed before": 2}
    assert list(statements(folder)) == [f"{IGNORED}-2", IGNORED.replace("371", "367")]
    assert findings(folder) == []


def test_what_was_accepted_is_known_when_the_rules_move_its_ends(folder: Path) -> None:
    proposed(folder)
    decisions.accept(read_case(folder), IGNORED, **WHO)
    found = extraction()
    found.candidates[2] = replace(found.candidates[2], content=(found.candidates[2].content[0], found.candidates[2].content[1] - 1))
    assert proposed(folder, found).counts == {"already recorded": 1, "proposed before": 3}


@pytest.mark.parametrize("decide", ["reject", "edit"])
def test_a_decided_record_is_left_alone_to_the_byte(decide: str, folder: Path) -> None:
    proposed(folder)
    if decide == "reject":
        decisions.reject(read_case(folder), WARNED, reason="not said", **WHO)
    else:
        decisions.edit(read_case(folder), WARNED, {"summary": "Says that the union had warned."})
    path = folder / STATEMENTS
    path.write_text(path.read_text("utf-8").replace("  rule: name-cue-that\n", "  # by hand\n  rule: name-cue-that\n", 1), "utf-8")
    before = files(folder)
    assert proposed(folder).counts == {"proposed before": 3, "already decided": 1}
    assert files(folder) == before
    found = extraction()
    for candidate in found.candidates:
        candidate.confidence = 0.5
    proposed(folder, found)
    assert text(statements(folder)[WARNED], "confidence") == "0.8"
    assert text(statements(folder)[SORRY], "confidence") == "0.5"
    proposed(folder, extraction(candidates=[]))
    assert list(statements(folder)) == [WARNED]
    assert {VETT.id, UNION.id} <= read_case(folder).proposed.keys()
    assert [finding for finding in findings(folder) if finding.severity == "error"] == []


def test_a_link_to_what_was_rejected_is_not_proposed(folder: Path) -> None:
    proposed(folder)
    decisions.reject(read_case(folder), SORRY, **WHO)
    proposed(folder)
    assert "repeats" not in statements(folder)[AGAIN]


def test_a_link_leads_to_the_record_that_a_curator_made(folder: Path) -> None:
    proposed(folder)
    case = read_case(folder)
    decisions.accept(case, SORRY, **WHO)
    path = folder / "statements/pump-at-stonebeck-fails-again.yaml"
    path.write_text(path.read_text("utf-8").replace(SORRY, "statement/pump/001").replace("  rule: quote-cue-name\n", ""), "utf-8")
    assert proposed(folder).counts == {"already recorded": 1, "proposed before": 3}
    assert text(statements(folder)[AGAIN], "repeats") == "statement/pump/001"


def test_a_judgement_is_made_once(folder: Path) -> None:
    proposed(folder)
    decisions.judge(read_case(folder), "judgement/person/corwin-hale/person/jonas-vett", "different", **WHO)
    before = files(folder)
    proposed(folder)
    assert files(folder) == before


def test_who_was_merged_is_proposed_under_the_name_that_stays(folder: Path) -> None:
    proposed(folder)
    decisions.judge(read_case(folder), "judgement/person/corwin-hale/person/jonas-vett", "same", **WHO)
    before = files(folder)
    proposed(folder)
    assert files(folder) == before
    assert text(statements(folder)[IGNORED], "speaker") == "person/corwin-hale"


def test_a_pair_of_which_one_is_not_there_is_no_judgement(folder: Path) -> None:
    proposed(folder, pairs=(Pair(b="person/nobody"), Pair(b="person/jonas-vett")))
    assert not (folder / "candidates/judgements.yaml").exists()


def test_documents_share_a_new_actor(folder: Path) -> None:
    proposed(folder)
    (folder / "sources" / "gazette.txt").rename(folder / "sources" / "first.txt")
    other = folder / "sources" / "gazette.txt"
    other.write_text(TEXT + "\nMore.\n", "utf-8")
    second = proposed(folder)
    assert second.report == f"{REPORT}-2"
    assert values(read_case(folder).proposed[VETT.id], "source") == [REPORT, f"{REPORT}-2"]
    before = files(folder)
    proposed(folder)
    assert files(folder) == before
    proposed(folder, extraction(candidates=[]))
    assert values(read_case(folder).proposed[VETT.id], "source") == [REPORT]
    assert findings(folder) == []


# ---------------------------------------------------------------- Statements


def test_each_act_has_a_summary_of_our_own(folder: Path) -> None:
    acts = {name for name, term in terms().items() if term.kind == "class" and terms()["Criticism"].iri.rpartition("#")[0] in term.iri}
    statement = terms()["Claim"].iri.replace("Claim", "Statement")
    leaves = {name for name in acts if statement in superclasses(terms()[name].iri)}
    families = {"Assertive", "Directive", "Commissive", "Expressive", "Declarative"}
    assert leaves - families == DOES.keys()
    for act in DOES:
        for about in ((), (AUTHORITY,), (AUTHORITY, UNION)):
            proposed(folder, only(replace(extraction().candidates[2], acts=(act,), about=about, addressee=VETT)))
            summary = text(statements(folder)[IGNORED], "summary")
            assert re.fullmatch(r"[A-Z][^.]*[a-z]\.", summary)
            assert all(entity.label in summary for entity in about)
            assert "listened" not in summary


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (Figure((0, 1), value="12", unit="people"), "giving 12 people"),
        (Figure((0, 1), value="80", unit="percent", qualifier="nearly"), "giving nearly 80 percent"),
        (Figure((0, 1), min_value="6", max_value="8", unit="weeks"), "giving 6 to 8 weeks"),
        (Figure((0, 1), value="50", unit="items", qualifier="more-than"), "giving more than 50"),
    ],
)
def test_a_summary_tells_the_figures(figure: Figure, told: str, folder: Path) -> None:
    proposed(folder, only(replace(extraction().candidates[2], figures=(figure,))))
    assert text(statements(folder)[IGNORED], "summary").endswith(f", {told}.")


def test_a_figure_waits_for_its_measure(folder: Path) -> None:
    proposed(folder)
    (figure,) = parse((folder / STATEMENTS).read_text("utf-8"))[0]["statements"][1]["figures"]
    assert figure == {"value": "12", "unit": "people", "asWorded": "12 of his members", "population": "members of the union"}
    assert [finding.message for finding in decisions.missing(read_case(folder), WARNED)] == ["A figure measures exactly one thing"]


def test_an_unknown_act_is_a_claim_and_no_speaker_is_none(folder: Path) -> None:
    proposed(folder, only(replace(extraction().candidates[2], acts=(), entity=None, speaker=None, cue=None, mode="indirect")))
    (record,) = statements(folder).values()
    assert record.types == ["Claim"]
    assert not {"speaker", "speakerAsWorded", "cue", "quote"} & record.keys()
    assert findings(folder) == []


def test_two_passages_are_a_list(folder: Path) -> None:
    here = extraction().candidates[2]
    proposed(folder, only(replace(here, passages=(here.content, span("he said", "Nobody")))))
    assert [text(passage, "start") for passage in statements(folder)[IGNORED]["passage"]] == ["349", "373"]
    assert findings(folder) == []


def test_a_nested_statement_is_conveyed_by_the_outer_one(folder: Path) -> None:
    found = extraction()
    found.candidates[2].within = 1
    proposed(folder, found)
    assert text(statements(folder)[IGNORED], "conveyedBy") == WARNED
    assert findings(folder) == []


# ---------------------------------------------------------------- Quotes and names


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("Nobody told me,", "Nobody told me"),
        ("We have kept our word.", "We have kept our word."),
        ("No", "No"),
        ("We were wrong, and we should have told everybody in the valley about it at once.", "We were wrong"),
        ("It was, as we have since said to everybody who asked us about it again and again, wrong.", ""),
        ("We accept it; the board of the company had known of it for a long time and kept silent.", "We accept it"),
        ("one two three four five six seven eight nine ten eleven twelve thirteen", ""),
        ("We knew,\nand you knew that we knew about it all the time and for a long while, too.", ""),
        ("", ""),
    ],
)
def test_a_quote_is_whole_clauses_or_none(words: str, quote: str) -> None:
    assert clause(f"“{words}”", 1, 1 + len(words)) == quote


@given(st.text(st.sampled_from("ab ,;.-—'’\n") | st.characters(), max_size=200), st.integers(0, 50))
def test_a_quote_stands_in_the_text_and_is_short(source: str, start: int) -> None:
    quote = clause(source, start, len(source))
    assert quote in source[start:]
    assert len(re.findall(r"[^\W_]+(?:['’][^\W_]+)?", quote)) <= QUOTE_WORDS
    assert "\n" not in quote


@given(st.text(max_size=40))
def test_a_slug_is_part_of_an_identifier_or_nothing(name: str) -> None:
    assert not slug(name) or is_identifier(f"person/{slug(name)}")
