"""Downloads: the page, its description in DCAT and VoID, the dumps themselves, and how to cite."""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.build import build
from kg.errors import ExportError, LimitError, NotFoundError, QueryError
from kg.export import FORMATS, dump
from kg.graph import Graph
from kg.vocabulary import DCAT, VOID
from kg.web import dumps
from kg.web.addresses import Addresses
from kg.web.dumps import Dumps
from kg.web.page import render
from kg.web.pages.downloads import cite, description, downloads
from kg.web.site import Site
from tests.conftest import TUTORIAL


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("downloads") / "graph"
    build(TUTORIAL, path)
    return path


# ---------------------------------------------------------------- the page


def test_every_format_has_its_file_and_its_checksum(site: Site) -> None:
    html = render(site, downloads(site, {}), "downloads")
    for format in FORMATS.values():
        assert f'href="/downloads/tutorial{format.suffixes[0]}"' in html
        assert f'href="/downloads/tutorial{format.suffixes[0]}.sha256"' in html
    assert "The documents that were read are not part of the files" in html


def test_the_description_is_dcat_and_void(site: Site) -> None:
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in description(site))
    described = f"<{site.case}> <{DCAT}distribution> ?d . ?d a <{DCAT}Distribution> ; <{DCAT}downloadURL> ?url ; <{DCAT}mediaType> ?type"
    rows = store.query(f"SELECT ?url ?type {{ {described} }}")
    found = {row["url"].value: row["type"].value.partition("media-types/")[2] for row in rows}  # type: ignore[union-attr]
    base = site.manifest.base
    assert found == {f"{base}downloads/tutorial{one.suffixes[0]}": one.media_type for one in FORMATS.values()}
    dataset = ox.NamedNode(site.case)
    dumped = {quad.object.value for quad in store.quads_for_pattern(dataset, ox.NamedNode(VOID + "dataDump"), None)}  # type: ignore[union-attr]
    assert len(dumped) == 6 and f"{base}downloads/tutorial.nq" in dumped
    assert store.query(f"ASK {{ <{site.case}> <{VOID}sparqlEndpoint> <{base}sparql> }}")
    assert not store.query("ASK { ?s <http://purl.org/dc/terms/issued> ?date }")


def test_a_static_copy_has_no_endpoint(tutorial: Graph) -> None:
    site = Site(tutorial, Addresses(tutorial.manifest.base), live=False)
    assert not [triple for triple in description(site) if triple.predicate.value == VOID + "sparqlEndpoint"]


# ---------------------------------------------------------------- the dumps


def test_a_dump_is_what_the_library_dumps(stored: Path) -> None:
    graph = kg.open(stored)

    async def fetch() -> tuple[bytes, str, str]:
        made = Dumps(stored, graph.manifest)
        file, checksum = await asyncio.gather(made.file("tutorial.trig"), made.file("tutorial.trig.sha256"))
        return file.path.read_bytes(), file.media_type, checksum.path.read_text("utf-8")

    body, media_type, checksum = asyncio.run(fetch())
    assert body == dump(graph.store, "trig", base=graph.manifest.base) and media_type == "application/trig"
    assert checksum == f"{hashlib.sha256(body).hexdigest()}  tutorial.trig\n"
    assert b"ontology#text>" not in body and b"acc:text " not in body


def test_a_dump_is_made_once_however_many_ask(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, made = kg.open(stored), []
    export = Dumps._export

    async def counted(self: Dumps, path: Path, format: object) -> None:
        made.append(format)
        await export(self, path, format)  # type: ignore[arg-type]

    monkeypatch.setattr(Dumps, "_export", counted)

    async def fetch() -> None:
        one = Dumps(stored, graph.manifest)
        await asyncio.gather(*(one.file("tutorial.nt") for _ in range(5)))
        await Dumps(stored, graph.manifest).file("tutorial.nt")

    asyncio.run(fetch())
    assert len(made) == 1


@pytest.mark.parametrize("name", ["other.ttl", "tutorial.csv", "../current", "tutorial.ttl.sha256.sha256", ""])
def test_nothing_else_can_be_asked_for(name: str, stored: Path) -> None:
    with pytest.raises(NotFoundError):
        asyncio.run(Dumps(stored, kg.open(stored).manifest).file(name))


def test_dumps_of_another_build_are_swept_and_never_mixed(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    build(TUTORIAL, path)
    manifest = kg.open(path).manifest
    old = path / dumps.FOLDER / "000000000000"
    old.mkdir(parents=True)
    (old / "tutorial.ttl").write_text("old")
    asyncio.run(Dumps(path, manifest).file("tutorial.ttl"))
    assert not old.exists()
    (path / "current").write_text("123456789abc-1\n")
    with pytest.raises(ExportError, match="built anew"):
        asyncio.run(Dumps(path, manifest).file("tutorial.nq"))
    assert sorted(file.name for file in (path / dumps.FOLDER / manifest.digest[:12]).iterdir()) == ["tutorial.ttl", "tutorial.ttl.sha256"]


def test_a_dump_that_takes_too_long_is_ended(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "SECONDS", 0.05)
    with pytest.raises(LimitError, match="takes longer"):
        asyncio.run(Dumps(stored, kg.open(stored).manifest).file("tutorial.jsonld"))
    assert not list(stored.glob("dumps/*/*jsonld*"))


def test_closing_ends_what_is_being_made(stored: Path) -> None:
    async def close() -> list[BaseException | object]:
        one = Dumps(stored, kg.open(stored).manifest)
        asking = asyncio.create_task(one.file("tutorial.rdf"))
        await asyncio.sleep(0.2)
        await one.close()
        return await asyncio.gather(asking, return_exceptions=True)

    (ended,) = asyncio.run(close())
    assert isinstance(ended, asyncio.CancelledError)
    assert not list(stored.glob("dumps/*/*.part"))


# ---------------------------------------------------------------- how to cite


def test_the_page_cites_the_graph_a_statement_and_a_report(site: Site) -> None:
    page = cite(site, {})
    html = render(site, page, "cite")
    assert [one["title"] for one in page.data["citations"]] == ["The whole graph", "A statement, for example", "A report, for example"]
    assert html.count("@misc{") == 3 and site.manifest.digest[:12] in html
    assert not re.search(r"(?i)accessed|urldate", html)


def test_the_page_cites_what_is_asked_for(site: Site) -> None:
    (first, _) = cite(site, {"of": "The Stonebeck review"}).data["citations"]
    assert first["title"] == "This report" and "Rosalind Aske. The Stonebeck review." in first["text"]
    (first, _) = cite(site, {"of": "statement/marwick-letter-2024/001"}).data["citations"]
    assert first["title"] == "This statement" and "by Ottilie Marwick" in first["text"]
    with pytest.raises(NotFoundError):
        cite(site, {"of": "Rosalind Aske"})
    with pytest.raises(QueryError):
        cite(site, {"of": "nobody"})
