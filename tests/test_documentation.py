"""The documentation is true: every command in it is run, and everything there is stands in it."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.cli import app
from kg.errors import KgError
from kg.inference import rules
from kg.queries import catalogue
from kg.vocabulary import ACC, SCHEME, ontology, terms
from tests.conftest import ROOT

WALKS = ("README.md", "docs/tutorial.md")


def console(text: str) -> list[tuple[str, str]]:
    """The commands of the ``console`` blocks with the output that the text shows for them."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def as_pattern(output: str) -> str:
    """A pattern in which ``...`` stands for anything and white space for any white space."""
    return ".*".join(r"\s+".join(map(re.escape, part.split())) for part in output.split("..."))


def edit(case: Path, text: str, number: int) -> None:
    """What the tutorial asks its reader to do by hand before its command of that number."""
    file = case / "statements" / "marwick-letter-2024.yaml"
    records, written = file.read_text("utf-8"), re.search(r"^```yaml\n(- id: (\S+)\n.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert written
    if number == 1:  # the record is written with its passages in words
        records = re.sub(rf"^- id: {written[2]}\n.*?(?=^- id: )", lambda _: written[1], records, flags=re.DOTALL | re.MULTILINE)
    elif number == 3:  # a mistake is made on purpose
        records = records.replace("quote: A second alarm line will be working", "quote: A second alarm line will work")
    elif number == 4:  # and mended
        records = records.replace("quote: A second alarm line will work", "quote: A second alarm line will be working")
    file.write_text(records, "utf-8")


@pytest.mark.parametrize("name", WALKS)
def test_every_command_prints_what_the_text_shows(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "140"}
    text = (ROOT / name).read_text("utf-8")
    commands = console(text)
    assert len(commands) > 5
    for number, (command, output) in enumerate(commands):
        if "tutorial" in name:
            edit(tmp_path / "data" / "tutorial", text, number)
        done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        mistaken = "tutorial" in name and number == 3
        assert done.returncode == (1 if mistaken else 0), f"{command}\n{done.stderr}"
        printed = f"{done.stdout}{done.stderr}".strip()
        assert printed, command
        assert not output or re.match(as_pattern(output), printed, re.DOTALL), f"$ {command}\n{printed}"


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.build import build

    build(ROOT / "data" / "met-police", tmp_path / "graph")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert names == set(re.findall(r"^\| `kg (\w+)` \|", text, re.MULTILINE))


@pytest.mark.parametrize("command", app.registered_commands, ids=lambda command: str(command.callback.__name__))
def test_every_command_says_what_it_does(command: object) -> None:
    done = subprocess.run([sys.executable, "-m", "kg", command.callback.__name__, "--help"], capture_output=True, text=True, check=True)  # type: ignore[attr-defined]
    assert "Usage:" in done.stdout and len(done.stdout.split()) > 30


def test_every_question_is_in_the_list_of_questions() -> None:
    text = (ROOT / "queries" / "README.md").read_text("utf-8")
    assert [name for name in catalogue() if f"`{name}`" not in text] == []


def test_every_term_and_rule_is_in_the_text_on_the_ontology() -> None:
    text = (ROOT / "ontology" / "README.md").read_text("utf-8")
    defined = ontology().quads_for_pattern(None, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy"), None, None)
    names = {quad.subject.value.removeprefix(ACC) for quad in defined if quad.subject.value.startswith(ACC)}  # type: ignore[union-attr]
    assert len(names) > 80
    words = set(re.findall(r"[A-Za-z]+", text))
    assert names - words == set(), "terms without a word in ontology/README.md"
    for rule in rules():
        assert f"`{rule.name}`" in text, rule.name


def test_every_field_and_value_is_in_the_text_on_records() -> None:
    text = (ROOT / "docs" / "records.md").read_text("utf-8")
    words = set(re.findall(r"[A-Za-z][\w-]*", text))
    fields = {term.name for term in terms().values() if term.kind not in ("prefix",)}
    assert sorted(fields - words) == []


def test_every_value_of_the_context_is_a_concept_of_its_scheme() -> None:
    concepts = {
        quad.subject.value
        for quad in ontology().quads_for_pattern(None, ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme"), None, None)
    }  # type: ignore[union-attr]
    values = {term.iri for term in terms().values() if term.kind == "concept"}
    assert values <= concepts
    assert all(iri.startswith(SCHEME) for iri in values)


def test_the_public_names_are_there() -> None:
    assert all(getattr(kg, name) is not None for name in kg.__all__)
    assert dir(kg) == sorted(kg.__all__)


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    import kg.errors

    drawn = set(re.findall(r"[├└]── (\w+)", kg.errors.__doc__ or ""))
    assert drawn == {cls.__name__ for cls in KgError.__subclasses__()}


def test_links_between_the_texts_lead_somewhere() -> None:
    for text in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("ontology/*.md"), *ROOT.glob("queries/*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text.read_text("utf-8")):
            assert (text.parent / target).exists(), f"{text.name}: {target}"


def test_the_picture_of_the_ontology_is_the_ontology_as_it_is() -> None:
    namespace = runpy.run_path(str(ROOT / "docs" / "pictures.py"))
    assert (ROOT / "docs" / "ontology.svg").read_text("utf-8") == namespace["ontology_svg"]()


def test_make_demo_leaves_the_page_and_the_rdf(tmp_path: Path) -> None:
    if not (Path(sys.prefix) / ".ready").exists():
        pytest.skip("this environment was not made by `make`")
    command = ["make", "demo", f"VENV={sys.prefix}", f"DEMO={tmp_path}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "statements " in done.stdout and done.stdout.count("?\n") == 3
    for name in ("network.html", "met-police.trig"):
        assert str(tmp_path / name) in done.stdout
        assert (tmp_path / name).stat().st_size > 100_000
