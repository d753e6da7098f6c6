"""The static copy: complete, whole or not at all, the same bytes again, and without the documents' words."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

import kg
from kg.errors import ExportError
from kg.graph import Graph
from kg.web import publish as publishing
from kg.web.bounds import CSP
from kg.web.publish import MARK, Published, publish
from tests.conftest import TUTORIAL, Run


@pytest.fixture(scope="module")
def copy(tutorial: Graph, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish(tutorial, tmp_path_factory.mktemp("publish") / "site")


@pytest.fixture(scope="module")
def telling(tutorial: Graph, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The copy with the documents' words."""
    return publish(tutorial, tmp_path_factory.mktemp("publish") / "site", texts=True)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Page(HTMLParser):
    """The links of a page, and the names of its elements."""

    def __init__(self, text: bytes) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.policy = ""
        self.feed(text.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        found = dict(attrs)
        self.links += [value for name, value in attrs if name in ("href", "src", "action") and value]
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""


def test_every_link_leads_somewhere(copy: Published, telling: Published) -> None:
    for one in (copy, telling):
        assert one.broken == []
        assert one.links > 20 * one.pages
        assert one.files == len(files(one.folder))


def test_everything_has_its_page(tutorial: Graph, copy: Published) -> None:
    found = files(copy.folder)
    base = tutorial.manifest.base
    things = {row["iri"] for row in tutorial.index.execute("SELECT iri FROM thing UNION SELECT iri FROM statement")}
    wanted = {iri.removeprefix(base) for iri in things if iri.startswith(base)}
    assert wanted <= {name.removesuffix(".html") for name in found}
    assert {"index.html", "timeline.html", "network.html", "ledger.html", "search.html", "cite.html"} <= set(found)
    assert "sparql.html" not in found
    for name in wanted:
        assert json.loads(found[f"{name}.json"]).get("@id") == base + name, name
        assert found[f"{name}.ttl"]
        assert found[f"{name}.jsonld"]


def test_links_are_relative_and_ask_no_server_for_anything(copy: Published) -> None:
    for name, body in files(copy.folder).items():
        if name.endswith(".html"):
            page = Page(body)
            for link in page.links:
                assert not link.startswith("/"), name
                assert "?" not in link or "://" in link or link.partition("?")[0].endswith("network.html"), (name, link)
            assert not {"select", "textarea", "style"} & page.names - ({"select"} if name == "network.html" else set()), name


def test_every_page_has_the_servers_policy(copy: Published) -> None:
    """But for what a browser takes from a header alone."""
    wanted = CSP.removesuffix("; frame-ancestors 'none'")
    assert wanted != CSP
    assert {Page(body).policy for name, body in files(copy.folder).items() if name.endswith(".html")} == {wanted}


def test_no_two_files_differ_in_capitals_alone(copy: Published) -> None:
    """Some disks would make one of them: ``ontology/Topic`` is a class, ``ontology/topic`` a property."""
    names = list(files(copy.folder))
    assert len({name.lower() for name in names}) == len(names)


def plain(body: bytes) -> str:
    """The words of a file, whatever marks, escapes and line breaks stand between them."""
    text = re.sub(r"<[^>]*>|\\[nrt\"]|&\w+;|&#\d+;", " ", body.decode("utf-8", "ignore"))
    return " ".join(re.findall(r"[^\W_]+", text))


def test_the_documents_words_are_nowhere(tutorial: Graph, copy: Published, telling: Published) -> None:
    """Of no passage do ten words in a row stand anywhere, but those that a record quotes or tells itself."""
    told = " ".join(
        str(cell) for row in tutorial.query("SELECT ?o { ?s ?p ?o FILTER(isLiteral(?o) && ?p != acc:text) }").text() for cell in row
    )
    recorded = plain(told.encode())
    pieces = set()
    for (words,) in tutorial.query("SELECT ?words { ?s acc:text ?words }").text():
        one = plain(words.encode()).split()
        pieces |= {" ".join(one[at : at + 10]) for at in range(0, len(one) - 10, 5)}
    pieces = {piece for piece in pieces if piece not in recorded}
    assert len(pieces) > 20
    for name, body in files(copy.folder).items():
        if not name.endswith(".zip"):
            text = plain(body)
            assert [piece for piece in pieces if piece in text] == [], name
    shown = plain(b" ".join(body for name, body in files(telling.folder).items() if name.endswith(".html")))
    assert all(piece in shown for piece in pieces), "with --texts they are on the pages"
    kept = plain(b" ".join(body for name, body in files(telling.folder).items() if name.startswith("downloads/")))
    assert [piece for piece in pieces if piece in kept] == [], "but in no download"


def test_that_a_passage_was_compared_is_told_without_its_words(copy: Published, telling: Published) -> None:
    name = "statement/marwick-letter-2024/003"
    for one in (copy, telling):
        (passage,) = json.loads((one.folder / f"{name}.json").read_text("utf-8"))["source"]["passages"]
        assert passage["compared"]
        assert "compared with the document" in (one.folder / f"{name}.html").read_text("utf-8")


def test_checksums(copy: Published) -> None:
    sums = list((copy.folder / "downloads").glob("*.sha256"))
    assert len(sums) == 9
    for path in sums:
        digest, name = path.read_text("utf-8").split()
        assert hashlib.sha256((path.parent / name).read_bytes()).hexdigest() == digest


def test_the_search_index_holds_names_and_statements(tutorial: Graph, copy: Published, telling: Published) -> None:
    def entries(folder: Path, name: str) -> list[dict[str, str]]:
        text = (folder / "assets" / "offline" / f"{name}.js").read_text("utf-8")
        assert text.startswith(f'offline.take("{name}", ')
        found: list[dict[str, str]] = json.loads(text.removeprefix(f'offline.take("{name}", ').removesuffix(");\n"))
        return found

    said = entries(copy.folder, "statements")
    assert len(said) == tutorial.index.execute("SELECT count(*) FROM statement")[0][0]
    assert not any(one["text"] for one in said)
    assert any(one["text"] for one in entries(telling.folder, "statements"))
    for one in [*said, *entries(copy.folder, "names")]:
        assert (copy.folder / one["href"]).is_file()


def test_the_same_graph_gives_the_same_bytes(copy: Published, tmp_path: Path) -> None:
    """In another process as well, where sets have another order."""
    command = [sys.executable, "-m", "kg", "publish", tmp_path / "again", "--graph", TUTORIAL]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    once, again = files(copy.folder), files(tmp_path / "again")
    assert once.keys() == again.keys()
    assert [name for name in once if once[name] != again[name]] == []


def test_a_second_copy_takes_the_place_of_the_first(tutorial: Graph, copy: Published, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(copy.folder, folder)
    (folder / "index.html").write_text("old", "utf-8")
    publish(tutorial, folder)
    assert files(folder) == files(copy.folder)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("name", ["notes.txt", "manifest.json", ".git/HEAD"])
def test_what_is_something_else_stays(tutorial: Graph, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", "utf-8")
    with pytest.raises(ExportError, match=re.escape(name)):
        publish(tutorial, tmp_path)
    assert files(tmp_path) == {name: b"mine"}


def test_what_was_added_to_a_copy_stays(tutorial: Graph, copy: Published, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(copy.folder, folder)
    (folder / "person" / "mine.jpg").write_bytes(b"mine")
    with pytest.raises(ExportError, match=r"mine\.jpg"):
        publish(tutorial, folder)
    assert (folder / "person" / "mine.jpg").read_bytes() == b"mine"


@pytest.mark.parametrize("mark", ["", "[]", '{"files": 7}', '{"files": null}'])
def test_a_damaged_mark_is_told(tutorial: Graph, tmp_path: Path, mark: str) -> None:
    (tmp_path / MARK).write_text(mark, "utf-8")
    with pytest.raises(ExportError, match=MARK):
        publish(tutorial, tmp_path)
    assert (tmp_path / MARK).read_text("utf-8") == mark


def test_a_file_stays_a_file(tutorial: Graph, tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine", "utf-8")
    with pytest.raises(ExportError, match="is a file"):
        publish(tutorial, tmp_path / "site")
    assert (tmp_path / "site").read_text("utf-8") == "mine"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_leaves_all_as_it_was(
    tutorial: Graph, copy: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(copy.folder, folder)
    before = files(folder)

    def fail(*_: object) -> None:
        raise error

    for step in ("check", "_mark"):
        with monkeypatch.context() as patch:
            patch.setattr(publishing, step, fail)
            with pytest.raises((ExportError, KeyboardInterrupt)):
                publish(tutorial, folder)
        assert [path.name for path in tmp_path.iterdir()] == ["site"]
        assert files(folder) == before


def test_where_the_new_one_cannot_take_its_place_the_old_one_is_there_again(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a").write_text("old", "utf-8")
    with pytest.raises(FileNotFoundError):
        publishing._replace(folder, tmp_path / "gone", tmp_path / "old")
    assert files(folder) == {"a": b"old"}


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "publish", "site", "--graph", str(TUTORIAL)]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not any(tmp_path.rglob("index.html")):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complaint == "interrupted; nothing was left half done\n"
    assert list(tmp_path.iterdir()) == []


def test_two_pages_never_share_a_file(tmp_path: Path) -> None:
    publishing._file(tmp_path / "a" / "b.html", b"one")
    with pytest.raises(FileExistsError):
        publishing._file(tmp_path / "a" / "b.html", b"two")


def test_progress_comes_to_its_end(monkeypatch: pytest.MonkeyPatch, tutorial: Graph, tmp_path: Path) -> None:
    monkeypatch.setattr(publishing.pages, "paths", lambda site: iter(["", "cite", "cite"]))
    told: list[tuple[int, int]] = []
    found = publish(tutorial, tmp_path / "site", progress=lambda done, total: told.append((done, total)))
    assert found.pages == 2
    assert told == [(done, 11) for done in range(12)]
    assert found.broken, "a copy without its other pages is found out"


def test_the_command(run: Run, tmp_path: Path) -> None:
    done = run("publish", "site", "--graph", "data/tutorial")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\S*site: \d+ pages, \d+ files; \d+ links checked, 0 broken\n", done.stdout)
    assert done.stderr == ""
    refused = run("publish", ".", "--graph", "data/tutorial")
    assert refused.returncode == 2
    assert "no part of a copy" in refused.stderr


def test_the_command_lists_what_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from kg.cli import app

    monkeypatch.setattr(publishing.pages, "paths", lambda site: iter(["cite"]))
    done = CliRunner().invoke(app, ["publish", str(tmp_path / "site"), "--graph", str(TUTORIAL)])
    assert done.exit_code == 1
    assert "cite.html: index.html: no such file" in done.stderr


def test_a_graph_on_a_disk_is_copied_as_one_in_memory(copy: Published, tmp_path: Path) -> None:
    from kg.build import build

    build(TUTORIAL, tmp_path / "graph")
    publish(kg.open(tmp_path / "graph"), tmp_path / "site")
    once, again = files(copy.folder), files(tmp_path / "site")
    assert once.keys() == again.keys()
    others = [name for name in once if not name.startswith("ontology/")]  # whose examples are those that a store gives first
    assert [name for name in others if once[name] != again[name]] == []
