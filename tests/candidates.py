"""A copy of the tutorial case with candidates in it, invented as an extraction might find them."""

from __future__ import annotations

import shutil
from pathlib import Path

from kg.documents import digest, read
from tests.conftest import TUTORIAL

DOCUMENTS = {"courier-live-2025": "live-page.txt", "marwick-letter-2024": "letter.txt"}
#: report, the words of the passage, the words that were said, the other fields; each is known by its place here.
STATEMENTS = (
    (
        "courier-live-2025",
        "Fenwright wants £50 for every home, with \"no forms and no excuses\".",
        "no forms and no excuses",
        "type: Demand\nspeaker: person/fenwright\nspeakerAsWorded: Fenwright\ncue: wants\nmode: mixed\nsaidOn: 2025-05-14\n"
        "summary: Asks for fifty pounds for each home, without paperwork.\nrule: subject-before-cue\nconfidence: 0.8",
    ),
    (
        "courier-live-2025",
        "She says that Marwick promised her in March to look at the payment again.",
        "Marwick promised her in March to look at the payment again",
        "type: Claim\nspeaker: person/fenwright\nspeakerAsWorded: She\ncue: says\nmode: indirect\nsaidOn: 2025-05-14\n"
        "about: person/ottilie-marwick\nsummary: Says that the chief executive promised to look at the payment again.\n"
        "rule: pronoun-subject\nconfidence: 0.55",
    ),
    (
        "courier-live-2025",
        "\"Nobody told me about the failure on 17 January,\" he writes.",
        "Nobody told me about the failure on 17 January,",
        "type: Denial\nspeaker: person/edmund-tressick\nspeakerAsWorded: he\ncue: writes\nmode: direct\nsaidOn: 2025-05-14\n"
        "about: event/stonebeck-failure\nquote: Nobody told me about the failure on 17 January\nrule: quote-then-pronoun\nconfidence: 0.92",
    ),
    (
        "courier-live-2025",
        "A spokesperson calls the progress \"real but uneven\".",
        "real but uneven",
        "type: [Finding, Support]\nspeaker: group/watchdog-spokesperson\nspeakerAsWorded: A spokesperson\ncue: calls\nmode: mixed\n"
        "saidOn: 2025-05-14\nsummary: Sees progress that is not the same everywhere.\nquote: real but uneven\n"
        "rule: subject-before-cue\nconfidence: 0.76",
    ),
    (
        "marwick-letter-2024",
        "From 1 October we will warn the public within two hours of any failure of disinfection.",
        "From 1 October we will warn the public within two hours of any failure of disinfection.",
        "type: Commitment\nspeaker: person/ottilie-marwick\nmode: authored\nsaidInMonth: 2024-09\ndueDate: 2024-10-01\n"
        "addressee: person/rosalind-aske\ntopic: topic/public-warning\n"
        "summary: Promises to warn the public within two hours from October on.\nrule: first-person-promise\nconfidence: 0.9\n"
        "figures:\n- measure: measure/alarm-to-public-warning\n  value: 2\n  unit: hours\n"
        "  qualifier: at-most\n  asWorded: within two hours",
    ),
    (
        "marwick-letter-2024",
        "Today it is nearly 90 per cent.",
        "Today it is nearly 90 per cent.",
        "type: Claim\nspeaker: person/ottilie-marwick\nmode: authored\nsaidInMonth: 2024-09\n"
        "summary: Says that nearly all alarms are tested now.\nrule: first-person-figure\nconfidence: 0.45",
    ),
)  # fmt: skip
ACTORS = """\
- id: person/fenwright
  type: Person
  reviewStatus: candidate
  label: Fenwright
  source: report/courier-live-2025
- id: group/watchdog-spokesperson
  type: Group
  reviewStatus: candidate
  label: A spokesperson for the watchdog
  source: report/courier-live-2025
"""
JUDGEMENTS = """\
- id: judgement/fenwright-nadia-fenwright
  type: Judgement
  between: [person/fenwright, person/nadia-fenwright]
  judgement: undecided
  reason: the surname is the same, and no other Fenwright is in the case
  confidence: 0.9
"""


def propose(folder: Path) -> Path:
    """The case, with its candidates, in a new folder."""
    case = shutil.copytree(TUTORIAL, folder / "case")
    candidates = case / "candidates"
    candidates.mkdir()
    (candidates / "actors.yaml").write_text(ACTORS, "utf-8")
    (candidates / "judgements.yaml").write_text(JUDGEMENTS, "utf-8")
    for report, name in DOCUMENTS.items():
        text = read(case / "sources" / name).text
        lines = [f"id: report/{report}\nstatements:\n"]
        for of, passage, content, fields in sorted(STATEMENTS, key=lambda one: text.find(one[1])):
            if of == report:
                lines.append(_statement(report, text, passage, content, fields))
        (candidates / f"{report}.yaml").write_text("".join(lines), "utf-8")
    return case


def _statement(report: str, text: str, passage: str, content: str, fields: str) -> str:
    start = text.index(passage)
    said = text.index(content, start)
    place = f"passage: {{start: {start}, end: {start + len(passage)}, digest: {digest(passage)}}}"
    head = f"- id: statement/{report}/{said}-{said + len(content)}\nreviewStatus: candidate\n"
    return (head + fields + "\n" + place).replace("\n", "\n  ") + "\n"


def identifier(number: int) -> str:
    """The identifier of one of the statements."""
    report, passage, content, _ = STATEMENTS[number]
    text = read(TUTORIAL / "sources" / DOCUMENTS[report]).text
    start = text.index(content, text.index(passage))
    return f"statement/{report}/{start}-{start + len(content)}"
