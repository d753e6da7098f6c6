"""An invented article, what an extraction finds in it, and a copy of the tutorial case into whose sources it is put."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from kg.cases import Case, read_case
from kg.curation.proposals import Proposal, propose
from kg.documents import Document, read
from kg.errors import Finding
from kg.extraction.attributions import Span
from kg.extraction.candidates import Candidate, Entity, Extraction, Figure
from kg.extraction.outline import Outline
from kg.validation import check
from tests.conftest import TUTORIAL

TEXT = """\
Harbour Gazette
Pump at Stonebeck fails again
3 June 2025
By Petra Quillan

The pump at Stonebeck failed for the second time on Monday. "We are sorry for what happened, and every home will get a visit this week," \
said Ottilie Marwick, the chief executive.
Jonas Vett, of the union Waterworkers United, said that 12 of his members had warned of it. "Nobody listened to us," he said.
Marwick said that the Authority was sorry.
"""
MARWICK = Entity("person/ottilie-marwick", "Person", "Ottilie Marwick", known=True)
AUTHORITY = Entity("institution/harrow-vale-water-authority", "Institution", "Harrow Vale Water Authority", known=True)
QUILLAN = Entity("person/petra-quillan", "Person", "Petra Quillan", known=True)
VETT = Entity("person/jonas-vett", "Person", "Jonas Vett")
UNION = Entity("institution/waterworkers-united", "Institution", "Waterworkers United")
GAZETTE = Entity("institution/harbour-gazette", "Institution", "Harbour Gazette")
REPORT = "report/pump-at-stonebeck-fails-again"
#: The identifiers of the four candidates below.
SORRY, WARNED, IGNORED, AGAIN = (
    f"statement/pump-at-stonebeck-fails-again/{place}" for place in ("137-211", "312-346", "349-371", "400-423")
)
WHO = {"by": "Ada Stone", "on": "2025-06-05"}


@dataclass
class Pair:
    """Two actors who may be one."""

    a: str = "person/jonas-vett"
    b: str = "person/corwin-hale"
    reason: str = "both spoke for the staff"
    confidence: float = 0.3


def span(words: str, after: str = "") -> Span:
    """Where the words stand in the article, behind others."""
    start = TEXT.index(words, TEXT.index(after))
    return start, start + len(words)


def extraction(**changes: object) -> Extraction:
    """What was read out of the article."""
    said = {"said_on": "2025-06-03"}
    sorry = span("We are sorry for what happened, and every home will get a visit this week,")
    candidates = [
        Candidate(
            *(sorry, (span(TEXT[sorry[0] - 1 : TEXT.index("\nJonas")]),), "direct", "quote-cue-name", 0.95),
            speaker=span("Ottilie Marwick"),
            entity=MARWICK,
            capacity=span("the chief executive"),
            cue=span("said"),
            quote=sorry,
            acts=("Apology", "Commitment"),
            about=(AUTHORITY,),
            **said,
        ),
        Candidate(
            *(
                span("12 of his members had warned of it"),
                (span(TEXT[TEXT.index("Jonas") : TEXT.index(' "Nobody')]),),
                "indirect",
                "name-cue-that",
                0.8,
            ),
            speaker=span("Jonas Vett"),
            entity=VETT,
            cue=span("said", "Jonas"),
            acts=("Claim",),
            about=(AUTHORITY, UNION),
            figures=(Figure(span("12 of his members"), value="12", unit="people", population="members of the union"),),
            **said,
        ),
        Candidate(
            *(span("Nobody listened to us,"), (span('"Nobody listened to us," he said.'),), "direct", "quote-cue-pronoun", 0.72),
            speaker=span("he said", "Nobody"),
            entity=VETT,
            cue=span("said", "Nobody"),
            acts=("Criticism",),
            about=(AUTHORITY,),
            quote=span("Nobody listened to us,"),
            **said,
        ),
        Candidate(
            *(span("the Authority was sorry"), (span("Marwick said that the Authority was sorry."),), "indirect", "name-cue-that", 0.85),
            speaker=span("Marwick", "us,"),
            entity=MARWICK,
            acts=("Apology",),
            about=(AUTHORITY,),
            repeats=0,
            **said,
        ),
    ]
    outline = Outline("article", (), title=span("Pump at Stonebeck fails again"), date="2025-06-03")
    found = Extraction(outline, candidates=candidates, author=QUILLAN, publisher=GAZETTE)
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def case(folder: Path) -> Path:
    """A copy of the tutorial case with the article among its documents."""
    shutil.copytree(TUTORIAL, folder)
    (folder / "sources" / "gazette.txt").write_text(TEXT, "utf-8")
    return folder


def document(folder: Path) -> Document:
    """The article as it is read."""
    return read(folder / "sources" / "gazette.txt")


def proposed(folder: Path, found: Extraction | None = None, pairs: tuple[Pair, ...] = (Pair(),)) -> Proposal:
    """The proposal from the article, written."""
    proposal = propose(read_case(folder), document(folder), found or extraction(), duplicates=pairs)
    proposal.write()
    return proposal


def findings(folder: Path) -> list[Finding]:
    """What `kg check` finds."""
    read: Case = read_case(folder)
    documents, missing = read.documents()
    return sorted([*missing, *check(read, None, documents)])


def files(folder: Path) -> dict[str, bytes]:
    """Every file of records by its name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
