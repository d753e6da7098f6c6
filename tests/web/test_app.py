"""The application over HTTP: every page in every form, what a client keeps, what goes wrong, and builds that change under it."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

import kg
from kg import build as building
from kg.build import Built, assemble, build
from kg.skeleton import write_case
from kg.web import pages
from kg.web.addresses import TWINS
from kg.web.app import create_app
from kg.web.assets import assets
from kg.web.site import Site
from tests.web.serving import running

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
#: One page of each kind.
PATHS = (
    "", "person", "institution", "group", "report", "event", "topic", "post", "measure", "statement", "timeline", "network", "figures",
    "ledger", "questions", "questions/everything-said", "ontology", "ontology/Claim", "scheme/modes", "downloads", "cite", "search", "case",
    "person/ottilie-marwick", "institution/harrow-vale-water-authority", "report/marwick-letter-2024", "event/stonebeck-failure",
    "topic/candour", "post/authority-chief-executive", "statement/marwick-letter-2024/005", "assessment/second-alarm-line-3",
)  # fmt: skip
STATEMENT = "/statement/marwick-letter-2024/005"


@pytest.fixture(scope="module")
def client(built: Path) -> Iterator[httpx.Client]:
    with running(create_app(built, hosts=[])) as client:
        yield client


def get(client: httpx.Client, path: str, accept: str = BROWSER, **headers: str) -> httpx.Response:
    return client.get(path, headers={"Accept": accept, **{name.replace("_", "-"): value for name, value in headers.items()}})


def readable(response: httpx.Response, suffix: str) -> bool:
    """Whether the body is what its media type says."""
    if suffix == ".json":
        return bool(json.loads(response.content)["title"])
    if suffix in (".ttl", ".jsonld"):
        return any(True for _ in ox.parse(response.content, ox.RdfFormat.from_extension(suffix[1:])))
    return response.text.startswith("<!doctype html>") if suffix == ".html" else "\r\n" in response.text


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_its_twins_by_suffix_and_by_accept(client: httpx.Client, site: Site, path: str) -> None:
    twins = pages.find(site, path, {}).twins
    assert twins[0] == ".html"
    for suffix, media_type in TWINS.items():
        named = get(client, f"/{path or 'index'}{suffix}")
        preferred = get(client, f"/{path}", f"{media_type}, text/html;q=0.1")
        assert preferred.headers["vary"] == "Accept"
        if suffix not in twins:
            assert (named.status_code, named.headers["content-type"]) == (404, "application/json")
            assert preferred.headers["content-type"] == "text/html; charset=utf-8"
            continue
        assert named.status_code == preferred.status_code == 200
        assert named.headers["content-type"].startswith(media_type)
        assert named.headers["content-type"] == preferred.headers["content-type"]
        assert ("charset=utf-8" in named.headers["content-type"]) is media_type.startswith("text/")
        assert "vary" not in named.headers
        assert named.content == preferred.content
        assert readable(named, suffix), suffix


def test_a_client_gets_the_best_form_that_there_is(client: httpx.Client) -> None:
    for accept, media_type in (
        ("", "text/html"),
        ("*/*", "text/html"),
        (BROWSER, "text/html"),
        ("image/png", "text/html"),
        ("text/turtle, application/json;q=0.5", "application/json"),
        ("text/turtle, text/*;q=0.5", "text/html"),
        ("text/html;q=0.1, text/csv", "text/csv"),
        ("application/ld+json, text/csv;q=0.2, text/html;q=0.1", "text/csv"),
    ):
        found = get(client, "/questions", accept).headers["content-type"]
        assert found.partition(";")[0] == media_type, accept
    several = client.get("/questions", headers=[("Accept", "text/csv;q=0.5"), ("Accept", "application/json")])
    assert several.headers["content-type"] == "application/json"


def test_a_head_is_a_get_without_its_body(client: httpx.Client) -> None:
    for path in ("/", "/person", STATEMENT, "/assets/site.css", "/suggest.json?q=mar", "/nothing/here"):
        whole, head = client.get(path), client.head(path)
        assert head.content == b""
        assert head.status_code == whole.status_code
        assert {name: value for name, value in head.headers.items() if name != "date"} == {
            name: value for name, value in whole.headers.items() if name != "date"
        }


def test_what_a_client_holds_is_not_sent_again(client: httpx.Client) -> None:
    for path in ("/", "/person", STATEMENT, f"{STATEMENT}.ttl", "/assets/site.css"):
        first = get(client, path)
        tag = first.headers["etag"]
        for held in (tag, f"W/{tag}", f'"other", W/{tag}', "*"):
            again = get(client, path, if_none_match=held)
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), (path, held)
            assert again.headers.get("vary") == first.headers.get("vary")
            assert again.headers["cache-control"] == first.headers["cache-control"]
        for other in ('"other"', tag.strip('"'), f'"{tag[1:9]}"', ""):
            assert get(client, path, if_none_match=other).status_code == 200, other


def test_every_form_and_every_question_has_a_tag_of_its_own(client: httpx.Client) -> None:
    asked = [f"/person{suffix}" for suffix in TWINS] + ["/person", "/person?q=a", "/person?q=b", "/group", "/", "/index.html"]
    tags = [get(client, path).headers["etag"] for path in asked]
    assert len(set(tags)) == len(tags) - 2, "the page itself is the same by its suffix, and so is the first page"
    assert get(client, "/person", "text/turtle").headers["etag"] not in (tags[0], tags[5])


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "there is nothing at"),
        ("/person/nobody", 404, "there is nothing at"),
        ("/person.pdf", 404, "there is nothing at"),
        ("/index", 404, "there is nothing at"),
        ("/person/a%20b", 404, "is not an IRI"),
        ("/ontology/Nothing", 404, "no term"),
        ("/questions/nothing", 404, "no question"),
        ("/downloads/secret", 404, "no download"),
        ("/person?offset=x", 400, "is no place in a list"),
        ("/search?q=x&kind=dragon", 400, "no kind is called"),
        ("/questions/everything-said?since=never", 400, "never"),
        ("/network?focus=Nobody+at+all", 404, "nothing is called"),
        ("/%3Cscript%3Ealert(1)%3C/script%3E", 404, "&lt;script&gt;"),
    ],
)
def test_errors_are_pages_that_nobody_keeps(client: httpx.Client, path: str, status: int, words: str) -> None:
    response = get(client, path)
    assert (response.status_code, response.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words.casefold() in response.text.casefold()
    assert response.text.count("<h1") == 1
    assert "<script>alert" not in response.text
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers
    assert get(client, path, if_none_match="*").status_code == status


def test_errors_are_data_for_who_asks_for_data(client: httpx.Client) -> None:
    for path, accept, status in (
        ("/nothing.json", BROWSER, 404),
        ("/nothing.ttl", BROWSER, 404),
        ("/nothing", "text/turtle", 404),
        ("/person.csv?offset=x", BROWSER, 400),
        ("/timeline.pdf.json", "*/*", 404),
    ):
        response = get(client, path, accept)
        assert (response.status_code, response.headers["content-type"]) == (status, "application/json")
        assert set(response.json()) == {"error", "remedy"}
        assert response.headers["cache-control"] == "no-store"


def test_only_questions_to_the_endpoint_are_posted(client: httpx.Client) -> None:
    assert client.post("/person").status_code == 405
    assert client.post("/sparql", data={"query": "ASK {}"}).json()["boolean"] is True


def test_a_slash_at_the_end_leads_to_the_page_without(client: httpx.Client) -> None:
    for path, target in (
        ("/person/", "/person"),
        ("/person//?q=a&order=count", "/person?q=a&order=count"),
        ("/report/a%20b%3F/", "/report/a%20b%3F"),
        ("/%2F%2Felsewhere.example/", "/elsewhere.example"),
    ):
        response = client.get(path)
        assert (response.status_code, response.headers["location"]) == (308, target)


def test_an_address_may_be_written_in_more_than_one_way(client: httpx.Client) -> None:
    assert get(client, "/person/%6Fttilie-marwick").content == get(client, "/person/ottilie-marwick").content
    assert get(client, "/index.html").content == get(client, "/").content


def test_under_a_path_of_a_proxy(built: Path) -> None:
    with running(create_app(built, hosts=[], root_path="/kg")) as client:
        for path in ("/kg/", "/kg/person", f"/kg{STATEMENT}"):
            response = client.get(path)
            assert response.status_code == 200
            links = re.findall(r'(?:href|src|action)="(/[^"]*)"', response.text)
            assert links
            assert all(link.startswith("/kg/") for link in links)
        assert client.get("/kg/person/").headers["location"] == "/kg/person"
        assert client.get("/kg", follow_redirects=True).status_code == 200
        assert client.get("/person").status_code == 404
        assert client.get("/kg/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


# ---------------------------------------------------------------- files and names


def test_every_asset_is_served(client: httpx.Client) -> None:
    for name, asset in assets().items():
        response = client.get(f"/assets/{name}")
        assert (response.status_code, response.content) == (200, asset.body)
        assert response.headers["content-type"].startswith(asset.media_type)
    for name in ("nothing.js", "", "../app.py", "..%2Fapp.py", "site.css/"):
        assert client.get(f"/assets/{name}").status_code in (400, 404), name


def test_names_are_suggested(client: httpx.Client) -> None:
    found = client.get("/suggest.json", params={"q": "ottil"}).json()
    assert found[0] == {"label": "Ottilie Marwick", "kind": "person", "href": "/person/ottilie-marwick"}
    for text in ("", '"', "<script>", "x" * 5000, "٣ OR *"):
        assert client.get("/suggest.json", params={"q": text}).status_code == 200


def test_a_download_has_its_checksum(client: httpx.Client) -> None:
    for name, media_type in (("tutorial.nq", "application/n-quads"), ("tutorial.ttl", "text/turtle; charset=utf-8")):
        response, checksum = client.get(f"/downloads/{name}"), client.get(f"/downloads/{name}.sha256")
        assert (response.status_code, response.headers["content-type"]) == (200, media_type)
        assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert response.headers["cache-control"] == "no-cache"
        assert checksum.text == f"{hashlib.sha256(response.content).hexdigest()}  {name}\n"


# ---------------------------------------------------------------- builds that change


@pytest.fixture
def rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """Builds one of two cases, which differ in their titles, into the same folder, and tells its title."""
    made: dict[str, tuple[ox.Store, Built]] = {}
    for title in ("First", "Second"):
        write_case(tmp_path / title, "https://example.org/case/")
        case = tmp_path / title / "case.yaml"
        case.write_text(re.sub("(?m)^title: .*$", f"title: {title}", case.read_text("utf-8")), "utf-8")
        made[title] = assemble(tmp_path / title)
    monkeypatch.setattr(building, "assemble", lambda folder, *_: made[Path(folder).name])

    def rebuild(number: int) -> str:
        title = ("First", "Second")[number % 2]
        build(tmp_path / title, tmp_path / "graph")
        return title

    return rebuild


def whole(response: httpx.Response) -> tuple[str, str, str]:
    """The title at the head of a page, the title of the page, and the build at its foot."""
    assert response.status_code == 200, response.text
    (head,), (title,) = re.findall(r'<p class="name">.*?<bdi>(.*?)</bdi>', response.text), re.findall(r"<h1>(.*?)</h1>", response.text)
    (digest,) = re.findall(r"build <code>(\w+)</code>", response.text)
    return head, title, digest


def test_a_new_build_is_taken_up_with_the_next_request(tmp_path: Path, rebuild: Callable[[int], str]) -> None:
    rebuild(0)
    with running(create_app(tmp_path / "graph", hosts=[])) as client:
        tags = set()
        for number in (1, 2, 3):
            title = rebuild(number)
            digest = kg.open(tmp_path / "graph").manifest.digest[:12]
            response = client.get("/")
            assert whole(response) == (title, title, digest)
            tags.add(response.headers["etag"])
            query = 'SELECT ?t { ?c a acc:Case ; <http://purl.org/dc/terms/title> ?t FILTER(STR(?t) != "") }'
            assert title in client.get("/sparql", params={"query": query}).text
            assert client.get("/downloads.json").json()["digest"].startswith(digest)
        assert len(tags) == 2, "the same build has the same tags"


def test_readers_do_not_notice_builds(tmp_path: Path, rebuild: Callable[[int], str]) -> None:
    """Many builds while three clients read: no request fails, and no answer is of two builds."""
    builds = {rebuild(number): kg.open(tmp_path / "graph").manifest.digest[:12] for number in (0, 1)}
    answers: list[tuple[str, httpx.Response]] = []
    failures: list[BaseException] = []
    ended = threading.Event()
    with running(create_app(tmp_path / "graph", hosts=[])) as client:

        def read(*paths: str) -> None:
            try:
                while not ended.is_set():
                    answers.extend((path, client.get(path)) for path in paths)
            except BaseException as error:
                failures.append(error)

        query = "/sparql?query=SELECT+%28COUNT%28*%29+AS+%3Fn%29+%7B%3Fs+%3Fp+%3Fo%7D"
        readers = [
            threading.Thread(target=read, args=paths)
            for paths in (("/",), ("/report/first-report", "/person"), (query, "/suggest.json?q=a"))
        ]
        for reader in readers:
            reader.start()
        for number in range(20):
            title = rebuild(number)
            while whole(client.get("/"))[0] != title:
                pass  # another client's request has the new build opened
        ended.set()
        for reader in readers:
            reader.join()
    assert not failures
    assert len(answers) > 100
    assert [(path, answer.text) for path, answer in answers if answer.status_code != 200] == []
    seen: dict[Any, bytes] = {}
    for path, answer in answers:
        if path == "/":
            head, title, digest = whole(answer)
            assert head == title
            assert builds[title] == digest
        if tag := answer.headers.get("etag"):
            assert seen.setdefault((path, tag), answer.content) == answer.content
    assert len({tag for path, tag in seen if path == "/"}) == 2, "both builds were read"
