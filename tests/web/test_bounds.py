"""The bounds of a request: what is refused before the application, and what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.web import bounds
from kg.web.bounds import AT_WORK, BODY_BYTES, CSP, HEADER_BYTES, HEADERS, TARGET_BYTES, Bounds

Headers = Iterable[tuple[str, str]]


@dataclass
class Answer:
    """What a client got, and whether the application was asked at all."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Application:
    """An application that says what it was given; ``headers`` are those it answers with."""

    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"the application"})


async def exchange(
    app: ASGIApp,
    method: str = "GET",
    target: str = "/",
    headers: Headers = (("host", "localhost"),),
    body: Iterable[bytes] | None = None,
    server: str = "127.0.0.1",
    late: bool = False,
) -> Answer:
    """One request as a server would hand it on; ``body`` comes in parts, and where it is ``late`` it never comes."""
    path, _, query = target.partition("?")
    scope = {"type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(), "server": (server, 80)}
    scope |= {"query_string": query.encode(), "headers": [(key.encode(), value.encode("latin-1")) for key, value in headers]}
    parts = iter([{"type": "http.request", "body": part, "more_body": True} for part in body or ()])
    end = {"type": "http.request", "body": b"", "more_body": False}
    answer = Answer()

    async def receive() -> Message:
        if late:
            await asyncio.Event().wait()
        return next(parts, end)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {key.decode(): value.decode("latin-1") for key, value in message["headers"]}
            assert len(answer.headers) == len(message["headers"]), "no header is given twice"
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


def ask(application: ASGIApp, *arguments: Any, hosts: Iterable[str] = (), **others: Any) -> Answer:
    return asyncio.run(exchange(Bounds(application, hosts=list(hosts)), *arguments, **others))


def host(*names: str) -> Headers:
    return [("host", name) for name in names]


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000", "kg.example.org", "kg.example.org:443"]
)
def test_our_own_names_are_answered(name: str) -> None:
    answer = ask(Application(), headers=host(name), hosts=["KG.example.org:80"])
    assert (answer.status, answer.body) == (200, b"the application")


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil.example@localhost",
        "localhost:80:80",
        "localhost:x",
        "",
        "::1",
    ],
)
def test_another_name_is_misdirected(name: str) -> None:
    application = Application()
    assert (ask(application, headers=host(name), hosts=["::", ""]).status, application.bodies) == (421, [])


def test_the_address_that_was_reached_is_always_ours_and_no_other() -> None:
    assert ask(Application(), headers=host("192.0.2.7:8000"), server="192.0.2.7").status == 200
    assert ask(Application(), headers=host("192.0.2.7:8000"), server="::ffff:192.0.2.7").status == 200
    assert ask(Application(), headers=host("[2001:db8::7]"), server="2001:db8::7").status == 200
    assert ask(Application(), headers=host("192.0.2.8:8000"), server="192.0.2.7").status == 421
    assert ask(Application(), headers=host(""), server="").status == 421


@pytest.mark.parametrize("names", [(), ("localhost", "localhost"), ("localhost", "evil.example")])
def test_exactly_one_host_is_needed(names: tuple[str, ...]) -> None:
    assert ask(Application(), headers=host(*names)).status == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "PROPFIND"])
def test_other_methods_are_not_allowed(method: str) -> None:
    answer = ask(Application(), method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../etc/passwd",
        "/static/%2e%2e/etc/passwd",
        "/static/%2E./etc/passwd",
        "/doc/%252e%252e%252fetc/passwd",
        "/doc/..%5c..%5cetc",
        "/doc/..",
        "/doc/%00",
        "/doc/%2500",
        "/doc/a%0d%0aSet-Cookie:x=1",
        "/doc/%7f",
        "//evil.example/",
        "http://localhost/",
        "*",
        "/?q=%00",
    ],
)
def test_a_path_steps_nowhere(path: str) -> None:
    application = Application()
    assert (ask(application, target=path).status, application.bodies) == (400, [])


@pytest.mark.parametrize("path", ["/", "/person/mark-rowley", "/person/zo%C3%AB", "/report/a..b", "/a/...", "/50%25", "/x?q=../..%0A"])
def test_other_paths_are_handed_on(path: str) -> None:
    assert ask(Application(), target=path).status == 200


def test_sizes_of_a_head() -> None:
    assert ask(Application(), target="/?" + "q" * (TARGET_BYTES - 1)).status == 200
    assert ask(Application(), target="/?" + "q" * TARGET_BYTES).status == 414
    full = [*host("localhost"), *((f"x{number}", "y") for number in range(HEADERS - 1))]
    assert ask(Application(), headers=full).status == 200
    assert ask(Application(), headers=[*full, ("x", "y")]).status == 431
    assert ask(Application(), headers=[*host("localhost"), ("x", "y" * HEADER_BYTES)]).status == 431


def test_a_body_is_handed_on_whole() -> None:
    application = Application()
    headers = [*host("localhost"), ("content-length", str(BODY_BYTES))]
    assert ask(application, "POST", headers=headers, body=[b"x" * (BODY_BYTES - 1), b"y"]).status == 200
    (body,) = application.bodies
    assert len(body) == BODY_BYTES and body.endswith(b"xy")


def test_a_body_above_the_limit_is_refused_by_its_word_and_by_its_bytes() -> None:
    application = Application()
    assert ask(application, "POST", headers=[*host("localhost"), ("content-length", str(10**12))]).status == 413
    chunked = [*host("localhost"), ("transfer-encoding", "chunked")]
    answer = ask(application, "POST", headers=chunked, body=[b"x" * 65536] * 5)
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert application.bodies == []


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "BODY_SECONDS", 0.01)
    monkeypatch.setattr(bounds, "_LINGER_SECONDS", 0.01)
    application = Application()
    assert ask(application, "POST", headers=[*host("localhost"), ("content-length", "5")], late=True).status == 408
    assert application.bodies == []


def test_a_body_with_two_lengths_is_refused() -> None:
    headers = [*host("localhost"), ("content-length", "6"), ("transfer-encoding", "chunked")]
    answer = ask(Application(), "POST", headers=headers, body=[b"x"])
    assert (answer.status, answer.headers["connection"]) == (400, "close")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "http://localhost"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://localhost:9000"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "https://localhost"}, 200),  # a proxy before us speaks TLS
    ],
)
def test_a_form_is_posted_from_our_own_pages(headers: dict[str, str], status: int) -> None:
    both = [*host("localhost"), *headers.items()]
    assert ask(Application(), "POST", headers=both).status == status
    assert ask(Application(), "POST", "/sparql", headers=both).status == 200


def test_every_answer_carries_the_headers_of_safety() -> None:
    loose = [(b"Server", b"app"), (b"Content-Security-Policy", b"default-src *"), (b"ETag", b'"1"')]
    answers = [
        ask(Application(loose)),
        ask(Application(), "DELETE"),
        ask(Application(), headers=host("evil.example")),
        ask(Application(), target="/sparql"),
        ask(Application(), "OPTIONS"),
    ]
    for answer in answers:
        assert answer.headers["content-security-policy"] == CSP
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert {"permissions-policy", "cross-origin-resource-policy"} <= set(answer.headers)
        assert "server" not in answer.headers
    assert answers[0].headers["etag"] == '"1"'
    assert "unsafe" not in CSP and "*" not in CSP


def test_only_the_endpoint_is_read_from_elsewhere() -> None:
    page, endpoint = ask(Application(), target="/sparqling"), ask(Application(), target="/sparql/")
    assert "access-control-allow-origin" not in page.headers
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    assert endpoint.headers["access-control-allow-origin"] == "*"
    assert endpoint.headers["cross-origin-resource-policy"] == "cross-origin"
    below = asyncio.run(exchange(Bounds(Application(), root_path="/kg/"), target="/kg/sparql"))
    assert below.headers["access-control-allow-origin"] == "*"


def test_a_preflight_is_answered_here() -> None:
    application = Application()
    asked = [*host("localhost"), ("origin", "https://elsewhere.example"), ("access-control-request-method", "POST")]
    endpoint, page = ask(application, "OPTIONS", "/sparql", headers=asked), ask(application, "OPTIONS", "/", headers=asked)
    assert (endpoint.status, endpoint.body, page.status) == (204, b"", 204)
    assert "POST" in endpoint.headers["access-control-allow-methods"]
    assert "Content-Type" in endpoint.headers["access-control-allow-headers"]
    assert not any(key.startswith("access-control") for key in page.headers)
    assert application.bodies == []


def test_no_value_begins_another_header() -> None:
    answer = ask(Application([(b"location", b" /a\r\nSet-Cookie: x=1\0")]))
    assert answer.headers["location"] == "/aSet-Cookie: x=1"
    assert "set-cookie" not in answer.headers


def test_one_more_than_can_be_at_work_is_told_to_come_again() -> None:
    async def crowd() -> tuple[Answer, Answer, list[Answer]]:
        release = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await release.wait()
            await Application()(scope, receive, send)

        bounded = Bounds(slow)
        queries = [asyncio.create_task(exchange(bounded, target="/sparql")) for _ in range(AT_WORK)]
        await asyncio.sleep(0)
        refused = await exchange(bounded, target="/sparql")
        page = asyncio.create_task(exchange(bounded))
        await asyncio.sleep(0)
        release.set()
        done = [await query for query in queries]
        return refused, await page, [*done, await exchange(bounded, target="/sparql")]

    refused, page, done = asyncio.run(crowd())
    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert page.status == 200, "pages have places of their own"
    assert {answer.status for answer in done} == {200}, "a place is given back"


def test_who_reads_slowly_holds_no_place() -> None:
    async def crowd() -> Answer:
        release, begun = asyncio.Event(), asyncio.Semaphore(0)

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            begun.release()
            await release.wait()

        readers = []
        bounded = Bounds(slow)
        for _ in range(AT_WORK + 1):
            readers.append(asyncio.create_task(exchange(bounded)))
            await begun.acquire()
        release.set()
        return [await reader for reader in readers][-1]

    assert asyncio.run(crowd()).status == 200


def test_an_error_is_logged_and_says_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("secret")

    answer = ask(broken, target="/page")
    assert (answer.status, b"secret" in answer.body) == (500, False)
    (record,) = caplog.records
    assert record.getMessage() == "GET /page" and record.exc_info
    assert [ask(broken).status for _ in range(AT_WORK + 1)][-1] == 500, "its place is given back"


def test_an_error_after_the_answer_began_adds_nothing_to_it(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError

    answer = ask(broken)
    assert (answer.status, answer.body, len(caplog.records)) == (200, b"", 1)


def test_a_request_that_is_cut_off_by_the_end_of_the_server_is_told_so() -> None:
    async def stopped(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    assert ask(stopped).status == 503


def test_what_is_not_http_is_handed_on() -> None:
    seen = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    asyncio.run(Bounds(application)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]
