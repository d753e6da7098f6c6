"""Made-up news of any number: invented people say invented things in direct, mixed and indirect speech.

The same number and seed always give the same documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

#: How long a document is, in characters: that of a news article.
LENGTH = 4600
FIRST = [
    "Ada",
    "Bram",
    "Cora",
    "Dario",
    "Edda",
    "Finn",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kira",
    "Lorne",
    "Mina",
    "Nils",
    "Orla",
    "Pavel",
    "Quinn",
    "Rhea",
    "Sven",
    "Tilda",
]
LAST = [
    "Abney",
    "Brask",
    "Coyle",
    "Drummel",
    "Esker",
    "Farrow",
    "Gilden",
    "Hask",
    "Ivell",
    "Jorrick",
    "Kestle",
    "Lund",
    "Marwick",
    "Norring",
    "Ostle",
    "Prewitt",
    "Quarle",
    "Rusk",
]
ROLES = ["director", "chief engineer", "chair", "spokesperson", "minister", "head of repairs", "inspector", "union secretary"]
BODIES = ["Harbour Trust", "Millbrook Water", "Tarn Valley Council", "Bridge Authority", "Ferry Company", "Northern Grain Board"]
SAYINGS = [
    "we should have mended the sluice before the winter",
    "nobody told the families that the road would be closed",
    "the board will publish the figures by the end of June",
    "four in five of the pumps are older than the people who run them",
    "nearly 1,500 households had no water for three days",
    "this was a failure of the whole service and not of one man",
    "I am sorry for what happened to the people of the lower town",
    "the inquiry must hear from those who did the work",
    "between six and eight per cent of the grain was lost",
    "there is no case for another delay",
]
PLAIN = [
    "The tide was out when the first lorries came down to the quay.",
    "Work began again on Tuesday, a week later than planned.",
    "Rain is forecast for the valley until the weekend.",
    "The old weir was built when the mill still stood.",
    "Two of the gates have been out of use since the spring.",
]
SPOKEN = [
    "“{saying},” said {name}, the {role} of {body}.",
    "{name} said: “{saying}.”",
    "According to {name}, {saying}.",
    "{name}, {role} of {body}, said that {saying}.",
    "“{saying},” {last} added. “{other}.”",
    "The {role} admitted that {saying}, and called it “a bitter lesson”.",
    "{last} told the meeting that {saying}.",
    "{body} warned that {saying}.",
]


def papers(count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """So many documents, each with its name."""
    random = Random(seed)
    for number in range(count):
        cast = [(f"{random.choice(FIRST)} {random.choice(LAST)}", random.choice(ROLES), random.choice(BODIES)) for _ in range(3)]
        paragraphs = [random.choice(SAYINGS).capitalize()]
        while sum(map(len, paragraphs)) < LENGTH:
            paragraphs.append(" ".join(_sentence(random, *random.choice(cast)) for _ in range(random.randint(1, 3))))
        yield f"paper-{number:06}", "\n\n".join(paragraphs) + "\n"


def _sentence(random: Random, name: str, role: str, body: str) -> str:
    saying, other = random.sample(SAYINGS, 2)
    if random.random() < 0.4:
        return random.choice(PLAIN)
    found = random.choice(SPOKEN)
    saying = saying if found.index("{saying}") and "“{saying}" not in found else saying.capitalize()
    return found.format(saying=saying, other=other.capitalize(), name=name, last=name.split()[-1], role=role, body=body)


def write_folder(folder: Path, count: int, seed: int = 1) -> Path:
    """The folder with so many text files."""
    folder.mkdir(parents=True)
    for name, text in papers(count, seed):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def write_lines(path: Path, count: int, seed: int = 1) -> Path:
    """The file of JSON Lines with so many documents."""
    rows = (json.dumps({"id": name, "text": text, "date": "2025-03-01"}, ensure_ascii=False) + "\n" for name, text in papers(count, seed))
    path.write_text("".join(rows), "utf-8")
    return path
