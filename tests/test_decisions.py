"""Decisions: each is written at once, all or nothing, and the difference shows the decision and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import pytest

from kg import files
from kg.build import assemble
from kg.cases import read_case
from kg.curation import acceptance, decisions, edits
from kg.errors import CheckError, NotFoundError, RecordError
from kg.extraction.wordings import slug
from kg.records import Record, parse, text, values
from tests import gazette
from tests.gazette import AGAIN, IGNORED, REPORT, SORRY, WARNED, WHO, findings, proposed

JUDGEMENT = "judgement/person/corwin-hale/person/jonas-vett"
STATEMENTS = "statements/pump-at-stonebeck-fails-again.yaml"
CANDIDATES = f"candidates/{STATEMENTS.rpartition('/')[2]}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = gazette.case(tmp_path / "case")
    proposed(folder)
    return folder


def record(folder: Path, identifier: str) -> Record:
    case = read_case(folder)
    return case.index.get(identifier) or case.proposed[identifier]


def difference(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, str]:
    """The changed lines of each file, without their context."""
    found = {}
    for name in sorted(before.keys() | after.keys()):
        old, new = (side.get(name, b"").decode().splitlines(keepends=True) for side in (before, after))
        changed = [line for line in list(unified_diff(old, new, n=0))[2:] if not line.startswith("@@")]
        if changed:
            found[name] = "".join(changed)
    return found


# ---------------------------------------------------------------- Accept


def test_an_accepted_statement_moves_with_all_that_it_needs(folder: Path) -> None:
    before = gazette.files(folder)
    paths = decisions.accept(
        read_case(folder), IGNORED, {"summary": "Complains that nobody heeded the union.", "topic": "topic/alarms"}, **WHO
    )
    assert findings(folder) == []
    changed = difference(before, gazette.files(folder))
    assert {path.relative_to(folder).as_posix() for path in paths} == set(changed)
    assert changed.keys() == {
        "actors.yaml",
        "case.yaml",
        "institutions.yaml",
        "reports.yaml",
        "candidates/actors.yaml",
        CANDIDATES,
        STATEMENTS,
    }
    assert (
        changed[STATEMENTS]
        == f"""\
+id: {REPORT}
+statements:
+- id: {IGNORED}
+  type: Criticism
+  speaker: person/jonas-vett
+  speakerAsWorded: he said
+  about: institution/harrow-vale-water-authority
+  topic: topic/alarms
+  saidOn: 2025-06-03
+  mode: direct
+  summary: Complains that nobody heeded the union.
+  quote: Nobody listened to us
+  passage: {{start: 348, end: 381, digest: 15c1db0d5109ad68617cc063e1e485c9f79a98e7547e86f891fe152e81c6becc}}
+  cue: said
+  rule: quote-cue-pronoun
+  confidence: 0.72
+  decidedBy: Ada Stone
+  decidedOn: 2025-06-05
"""
    )
    assert changed["actors.yaml"] == (
        f"+- id: person/jonas-vett\n+  type: Person\n+  label: Jonas Vett\n+  source: {REPORT}\n"
        "+  decidedBy: Ada Stone\n+  decidedOn: 2025-06-05\n+\n"
    )
    assert changed["case.yaml"].startswith(f"+- id: {REPORT}\n+  document: gazette.txt\n+  digest: ")
    assert changed["reports.yaml"] == (
        f"+- id: {REPORT}\n+  type: NewsArticle\n+  label: Pump at Stonebeck fails again\n+  author: person/petra-quillan\n"
        "+  publisher: institution/harbour-gazette\n+  publishedOn: 2025-06-03\n+\n"
    )
    assert not [line for line in changed["candidates/actors.yaml"].splitlines() + changed[CANDIDATES].splitlines() if line.startswith("+")]


def test_the_next_one_of_a_report_changes_two_files(folder: Path) -> None:
    decisions.accept(read_case(folder), SORRY, **WHO)
    before = gazette.files(folder)
    decisions.accept(read_case(folder), AGAIN, **WHO)
    changed = difference(before, gazette.files(folder))
    assert changed.keys() == {STATEMENTS, CANDIDATES}
    assert changed[STATEMENTS].startswith(f"+\n+- id: {AGAIN}\n")
    assert changed[STATEMENTS].count("\n") == changed[STATEMENTS].count("+")
    assert 10 <= changed[STATEMENTS].count("\n") <= 16


def test_statements_stand_in_reading_order_whatever_the_order_of_decisions(folder: Path) -> None:
    for identifier in (IGNORED, SORRY, AGAIN):
        decisions.accept(read_case(folder), identifier, **WHO)
    assert [one["id"] for one in parse((folder / STATEMENTS).read_text("utf-8"))[0]["statements"]] == [SORRY, IGNORED, AGAIN]


def test_the_graph_says_who_decided_when_and_what_was_found_how(folder: Path) -> None:
    decisions.accept(read_case(folder), SORRY, **WHO)
    store, _ = assemble(folder)
    (row,) = store.query(
        "PREFIX acc: <https://w3id.org/accountability-kg/ontology#> "
        "SELECT ?rule ?confidence ?by ?on { ?s acc:rule ?rule ; acc:confidence ?confidence ; acc:decidedBy ?by ; acc:decidedOn ?on }",
        use_default_graph_as_union=True,
    )  # type: ignore[misc]
    assert [row[name].value for name in ("rule", "confidence", "by", "on")] == ["quote-cue-name", "0.95", "Ada Stone", "2025-06-05"]


def test_the_last_candidate_takes_its_file_along(folder: Path) -> None:
    decisions.accept(read_case(folder), SORRY, **WHO)
    decisions.accept(read_case(folder), WARNED, {"figures": None}, **WHO)
    decisions.accept(read_case(folder), IGNORED, **WHO)
    decisions.accept(read_case(folder), AGAIN, **WHO)
    assert sorted(path.name for path in (folder / "candidates").iterdir()) == ["judgements.yaml"]
    assert findings(folder) == []


def test_what_is_missing_is_told_and_nothing_is_written(folder: Path) -> None:
    before = gazette.files(folder)
    with pytest.raises(CheckError) as error:
        decisions.accept(read_case(folder), WARNED, **WHO)
    assert [finding.message for finding in error.value.findings] == ["A figure measures exactly one thing"]
    assert error.value.findings[0].file == str(folder / CANDIDATES)
    assert error.value.findings[0].line == record(folder, f"{WARNED}#figure-1").line
    assert gazette.files(folder) == before
    full = {"measure": "measure/staff-heard", "value": "12", "unit": "people", "asWorded": "12 of his members"}
    decisions.accept(read_case(folder), WARNED, {"figures": [full]}, **WHO)
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"speaker": None}, "A statement needs a speaker that is a person, institution or group"),
        ({"speaker": "person/nobody"}, "`speaker: person/nobody` is nowhere in the case"),
        ({"speaker": "report/marwick-letter-2024"}, "A statement needs a speaker that is a person, institution or group"),
        ({"type": "Clam"}, "unknown type `Clam`"),
        ({"saidOn": "yesterday"}, "`saidOn: yesterday` is not a day"),
        ({"summary": "no full stop"}, "A statement has exactly one summary, a sentence of our own that ends in `.`, `?` or `!`"),
        (
            {"quote": "Nobody listened to me"},
            '“Nobody listened to me” does not stand in its passage, there stands “"Nobody listened to us," he said.”',
        ),
        ({"topic": "institution/vale-radio"}, "`topic` must point to a topic, such as `topic/…`"),
        ({"repeats": SORRY}, f"`repeats: {SORRY}` is only a candidate"),
        ({"lable": "x"}, "unknown field `lable`"),
    ],
)
def test_a_change_that_is_wrong_is_refused_with_one_finding(changes: dict[str, str], message: str, folder: Path) -> None:
    before = gazette.files(folder)
    with pytest.raises(CheckError) as error:
        decisions.accept(read_case(folder), IGNORED, changes, **WHO)
    assert [finding.message for finding in error.value.findings] == [message]
    assert all(finding.remedy for finding in error.value.findings)
    assert gazette.files(folder) == before


@pytest.mark.parametrize("decide", [decisions.accept, decisions.reject])
def test_a_decision_is_made_on_a_day(decide: Callable[..., object], folder: Path) -> None:
    before = gazette.files(folder)
    with pytest.raises(CheckError, match="`decidedOn: soon` is not a day"):
        decide(read_case(folder), IGNORED, by="Ada Stone", on="soon")
    assert gazette.files(folder) == before


def test_what_it_repeats_is_accepted_first_or_taken_out(folder: Path) -> None:
    (finding,) = decisions.missing(read_case(folder), AGAIN)
    assert (finding.message, finding.remedy) == (f"`repeats: {SORRY}` is only a candidate", "accept it first, or take it out here")
    assert decisions.missing(read_case(folder), AGAIN, {"repeats": None}) == []
    decisions.accept(read_case(folder), SORRY, **WHO)
    decisions.accept(read_case(folder), AGAIN, **WHO)
    assert text(record(folder, AGAIN), "repeats") == SORRY
    assert findings(folder) == []


def test_a_link_to_what_was_rejected_goes_with_the_acceptance(folder: Path) -> None:
    decisions.reject(read_case(folder), SORRY, **WHO)
    decisions.accept(read_case(folder), AGAIN, **WHO)
    assert "repeats" not in record(folder, AGAIN)
    assert findings(folder) == []


def test_a_speaker_who_was_rejected_is_no_speaker(folder: Path) -> None:
    decisions.reject(read_case(folder), "person/jonas-vett", **WHO)
    (finding,) = decisions.missing(read_case(folder), IGNORED)
    assert (finding.message, finding.remedy) == ("`speaker: person/jonas-vett` was rejected", "choose another, or take it out")
    decisions.accept(read_case(folder), IGNORED, {"speaker": "person/corwin-hale"}, **WHO)
    assert findings(folder) == []


def test_an_actor_is_accepted_by_itself_once_its_report_is(folder: Path) -> None:
    with pytest.raises(CheckError, match="is only a candidate"):
        decisions.accept(read_case(folder), "institution/waterworkers-united", **WHO)
    decisions.accept(read_case(folder), REPORT, **WHO)
    decisions.accept(read_case(folder), "institution/waterworkers-united", {"alias": ["the union"]}, **WHO)
    assert record(folder, "institution/waterworkers-united")["alias"] == ["the union"]
    assert "reviewStatus" not in record(folder, "institution/waterworkers-united")
    assert findings(folder) == []


def test_a_judgement_is_not_accepted_but_decided(folder: Path) -> None:
    with pytest.raises(CheckError, match="a judgement is not accepted, but decided"):
        decisions.accept(read_case(folder), JUDGEMENT, **WHO)


def test_comments_in_a_candidate_move_with_it(folder: Path) -> None:
    path = folder / CANDIDATES
    path.write_text(path.read_text("utf-8").replace("  quote: Nobody", "  # ask Vett whom he means\n  quote: Nobody"), "utf-8")
    decisions.accept(read_case(folder), IGNORED, **WHO)
    assert "  # ask Vett whom he means\n  quote: Nobody" in (folder / STATEMENTS).read_text("utf-8")


def test_a_case_of_which_every_report_is_known_gets_the_statement_alone(folder: Path) -> None:
    """The documents of the tutorial are its sources already: nothing but the statement moves."""
    path = folder / "candidates" / "marwick-letter-2024.yaml"
    letter = (folder / "statements/marwick-letter-2024.yaml").read_text("utf-8")
    whole = parse(letter)[0]["statements"][3]
    lines = re.search(rf"- id: {whole['id']}\n(?:  .*\n|- (?!id:).*\n)+", letter)
    assert lines
    (folder / "statements/marwick-letter-2024.yaml").write_text(letter.replace(lines[0], ""), "utf-8")
    waiting = lines[0].replace("  speaker:", "  reviewStatus: candidate\n  speaker:", 1)
    path.write_text(f"id: report/marwick-letter-2024\nstatements:\n{waiting}", "utf-8")
    decisions.accept(read_case(folder), whole["id"], **WHO)
    again = (folder / "statements/marwick-letter-2024.yaml").read_text("utf-8")
    assert again.replace("  decidedBy: Ada Stone\n  decidedOn: 2025-06-05\n", "") == letter
    assert not path.exists()


# ---------------------------------------------------------------- Edit, reject, introduce


def test_an_edited_candidate_awaits_a_decision_still(folder: Path) -> None:
    before = gazette.files(folder)
    decisions.edit(read_case(folder), IGNORED, {"summary": "Complains.", "topic": ["topic/alarms", "topic/candour"]})
    assert difference(before, gazette.files(folder)) == {
        CANDIDATES: "-  reviewStatus: candidate\n+  reviewStatus: edited\n+  topic: [topic/alarms, topic/candour]\n"
        "-  summary: Criticises Harrow Vale Water Authority.\n+  summary: Complains.\n"
    }
    assert findings(folder) == []
    decisions.accept(read_case(folder), IGNORED, **WHO)
    assert "reviewStatus" not in record(folder, IGNORED)


def test_the_report_at_the_head_is_edited_too(folder: Path) -> None:
    decisions.edit(read_case(folder), REPORT, {"label": "The Gazette on the second failure"})
    assert text(record(folder, REPORT), "label") == "The Gazette on the second failure"
    assert len(list(read_case(folder).proposals())) == 4


def test_an_edit_that_is_wrong_by_itself_is_refused(folder: Path) -> None:
    before = gazette.files(folder)
    with pytest.raises(CheckError, match="unknown type `Clam`"):
        decisions.edit(read_case(folder), IGNORED, {"type": "Clam"})
    assert gazette.files(folder) == before


def test_a_rejected_candidate_stays_and_says_so(folder: Path) -> None:
    before = gazette.files(folder)
    decisions.reject(read_case(folder), IGNORED, reason="he speaks of somebody else", **WHO)
    assert difference(before, gazette.files(folder)) == {
        CANDIDATES: "-  reviewStatus: candidate\n+  reviewStatus: rejected\n+  reason: he speaks of somebody else\n"
        "+  decidedBy: Ada Stone\n+  decidedOn: 2025-06-05\n"
    }
    assert findings(folder) == []


def test_a_new_actor_is_introduced_once(folder: Path) -> None:
    lodki = f"group/{slug('Лодки')}"
    assert decisions.introduce(read_case(folder), "Person", "Mara Lind") == "person/mara-lind"
    assert decisions.introduce(read_case(folder), "Person", "Mara Lind") == "person/mara-lind"
    assert decisions.introduce(read_case(folder), "Person", "Mará Lind") == "person/mara-lind-2"
    assert decisions.introduce(read_case(folder), "Person", "Corwin Hale") == "person/corwin-hale"
    assert decisions.introduce(read_case(folder), "Group", "Лодки") == lodki
    assert findings(folder) == []
    decisions.accept(read_case(folder), IGNORED, {"speaker": "person/mara-lind"}, **WHO)
    assert text(record(folder, "person/mara-lind"), "source") == REPORT
    proposed(folder)
    assert lodki in read_case(folder).proposed
    assert findings(folder) == []


def test_what_is_no_candidate_cannot_be_decided(folder: Path) -> None:
    for identifier in ("person/corwin-hale", "statement/nothing"):
        with pytest.raises(NotFoundError, match="there is no candidate"):
            decisions.reject(read_case(folder), identifier, **WHO)
    with pytest.raises(NotFoundError):
        decisions.merge(read_case(folder), "person/nobody", into="person/corwin-hale", **WHO)


# ---------------------------------------------------------------- Judge and merge


def test_two_are_two(folder: Path) -> None:
    decisions.judge(read_case(folder), JUDGEMENT, "different", **WHO)
    assert (folder / "judgements.yaml").read_text("utf-8") == (
        f"- id: {JUDGEMENT}\n  type: Judgement\n  between: [person/corwin-hale, person/jonas-vett]\n  judgement: different\n"
        "  reason: both spoke for the staff\n  confidence: 0.3\n  decidedBy: Ada Stone\n  decidedOn: 2025-06-05\n"
    )
    assert not (folder / "candidates/judgements.yaml").exists()
    assert findings(folder) == []
    assemble(folder)


def test_two_are_one(folder: Path) -> None:
    before = gazette.files(folder)
    decisions.judge(read_case(folder), JUDGEMENT, "same", **WHO)
    changed = difference(before, gazette.files(folder))
    assert changed.keys() == {"actors.yaml", "judgements.yaml", "candidates/actors.yaml", "candidates/judgements.yaml", CANDIDATES}
    assert changed["actors.yaml"] == "+  alias: [Jonas Vett]\n"
    assert changed[CANDIDATES] == "-  speaker: person/jonas-vett\n+  speaker: person/corwin-hale\n" * 2
    assert findings(folder) == []
    assemble(folder)


def test_the_candidate_may_be_the_one_that_is_kept(folder: Path) -> None:
    decisions.judge(read_case(folder), JUDGEMENT, "same", keep="person/jonas-vett", **WHO)
    kept = record(folder, "person/jonas-vett")
    assert (kept["alias"], kept["reviewStatus"]) == (["Corwin Hale"], "edited")
    assert kept["description"].startswith("A former head of operations")
    assert text(kept["tenures"][0], "post") == "post/authority-head-of-operations"
    assert "person/corwin-hale" not in read_case(folder).index
    wrong = {finding.message for finding in findings(folder)}
    assert wrong and all("`person/jonas-vett` is only a candidate" in f"`{message.partition(': ')[2]}" for message in wrong)


def test_two_of_the_case_are_one(folder: Path) -> None:
    decisions.merge(read_case(folder), "person/edmund-tressick", into="person/corwin-hale", **WHO)
    kept = record(folder, "person/corwin-hale")
    assert kept["alias"] == ["Edmund Tressick", "Mr Tressick", "Tressick"]
    assert [text(one, "post") for one in kept["tenures"]] == ["post/authority-head-of-operations", "post/authority-chief-executive"]
    assert kept["source"] == ["report/stonebeck-review-2024", "report/courier-live-2025"]
    assert b"person/edmund-tressick" not in b"".join(raw for name, raw in gazette.files(folder).items() if name != "judgements.yaml")
    assert findings(folder) == []
    assert values(record(folder, "judgement/person/corwin-hale/person/edmund-tressick"), "between")[0] == "person/corwin-hale"


def test_a_merge_of_a_pair_that_was_proposed_is_its_judgement(folder: Path) -> None:
    decisions.merge(read_case(folder), "person/jonas-vett", into="person/corwin-hale", **WHO)
    assert text(record(folder, JUDGEMENT), "judgement") == "same"


def test_other_judgements_follow_the_one_that_is_kept(folder: Path) -> None:
    others = ("person/edmund-tressick", "person/ottilie-marwick")
    proposed(folder, pairs=(gazette.Pair(), *(gazette.Pair(b=other) for other in others)))
    first = "judgement/person/edmund-tressick/person/jonas-vett"
    decisions.judge(read_case(folder), first, "same", **WHO)
    assert values(record(folder, JUDGEMENT), "between") == ["person/corwin-hale", "person/edmund-tressick"]
    assert findings(folder) == []


# ---------------------------------------------------------------- All or nothing


def test_a_decision_on_old_files_is_refused(folder: Path) -> None:
    case = read_case(folder)
    accepted = acceptance.Acceptance(case, case.proposed[SORRY], {}, {"decidedBy": "Ada Stone", "decidedOn": "2025-06-05"})
    with (folder / CANDIDATES).open("a") as file:
        file.write("# by somebody else\n")
    before = gazette.files(folder)
    with pytest.raises(RecordError, match="the file changed since it was read"):
        accepted.write()
    assert gazette.files(folder) == before


@pytest.mark.parametrize("number", range(6))
def test_a_disk_that_is_full_leaves_everything_as_it_was(number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = gazette.files(folder)
    real, calls = files.write, []

    def full(path: Path, content: bytes) -> Path:
        calls.append(path)
        if len(calls) == number + 1:
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr("kg.curation.recordfile.files.write", full)
    with pytest.raises(RecordError, match="No space left on device"):
        decisions.accept(read_case(folder), IGNORED, **WHO)
    assert gazette.files(folder) == before


def test_a_record_is_written_where_it_goes_before_it_is_taken_from_where_it_was(folder: Path) -> None:
    paths = decisions.accept(read_case(folder), IGNORED, **WHO)
    places = [path.relative_to(folder).parts[0] == "candidates" for path in paths]
    assert places == sorted(places)


def test_the_fields_that_hold_references_are_those_of_the_context() -> None:
    assert {"speaker", "about", "measure", "post", "conveyedBy"} <= edits.references()
    assert not {"between", "passage", "label"} & edits.references()
