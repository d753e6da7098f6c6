"""What a request may be, and what every answer carries; a request outside these bounds never reaches the application.

A request is refused in one short line of plain text, and its connection is closed. Each constant below is a row of the table
in ``docs/serving.md``. Bodies are read here, whole and bounded, so that a slow sender holds nothing but its own connection.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from typing import NoReturn
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The longest path with its query; what is longer is posted.
TARGET_BYTES = 16 * 1024
#: How many headers a request may have, and how long they may be together.
HEADERS = 100
HEADER_BYTES = 32 * 1024
#: The longest body, and how long it may take to come.
BODY_BYTES = 256 * 1024
BODY_SECONDS = 10.0
#: How many requests are at work at once: pages, and as many again at the SPARQL endpoint, so that neither starves the other.
AT_WORK = 100

#: Where in the site SPARQL is answered.
ENDPOINT = "/sparql"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
#: At the endpoint any page of the web may ask and read: it is read-only, knows no cookie, and tells everybody the same.
SHARED = {
    **SECURITY,
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Retry-After",
}
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\s:@/\[\]]+))(?::[0-9]{0,5})?")
_CONTROLS = bytes([*range(32), 127])
#: How long, after a refusal, the rest of a body is read and thrown away; a close at once would take the answer with it.
_LINGER_SECONDS = 1.0

_log = logging.getLogger(__name__)


class _RefusedError(Exception):
    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


class Bounds:
    """The application within its bounds, as ASGI middleware.

    ``hosts`` are the names it answers to besides those of the loopback; the address that a connection reached is always one
    of them, because a name that was pointed here by somebody else is never an address. ``root_path`` is where the site is
    mounted.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = (), root_path: str = "") -> None:
        self._app = app
        self._hosts = (LOOPBACK | {name(host) for host in hosts}) - {""}
        self._endpoint = root_path.rstrip("/") + ENDPOINT
        self._at_work: Counter[bool] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on; whatever happens, an answer is whole, and carries the headers of safety."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        shared = scope["path"].rstrip("/") == self._endpoint
        answer = _Answer(send, SHARED if shared else SECURITY)
        try:
            self._check(scope, shared)
            body = await _body(scope, receive)
            if scope["method"] == "OPTIONS":
                await answer.plain(204, "", {"allow": ", ".join(METHODS), **(PREFLIGHT if shared else {})})
            elif body is not None:
                await self._work(scope, _Replayed(body, receive), answer, shared)
        except _RefusedError as refused:
            await answer.refuse(refused, None if _lengths(scope) == (None, None) else receive)
        except asyncio.CancelledError:  # the server is being stopped and waits no longer
            await answer.refuse(_RefusedError(503, "the server is stopping"))
        except Exception:
            _log.exception("%s %s", scope["method"], scope["path"])
            await answer.refuse(_RefusedError(500, "something went wrong here; it was logged"))

    async def _work(self, scope: Scope, receive: Receive, answer: Send, shared: bool) -> None:
        if self._at_work[shared] >= AT_WORK:
            raise _RefusedError(503, "too many requests at once", {"retry-after": "1"})
        self._at_work[shared] += 1
        with ExitStack() as place:
            place.callback(self._at_work.subtract, [shared])

            async def begin(message: Message) -> None:
                place.close()  # what is answered is no longer at work: who reads slowly holds no place
                await answer(message)

            await self._app(scope, receive, begin)

    def _check(self, scope: Scope, shared: bool) -> None:
        """Raise what refuses the request by its head alone."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        query: bytes = scope["query_string"]
        if scope["method"] not in METHODS:
            raise _RefusedError(405, f"only {', '.join(METHODS)}", {"allow": ", ".join(METHODS)})
        if len(path) + len(query) > TARGET_BYTES:
            raise _RefusedError(414, f"the address is longer than {TARGET_BYTES} bytes; a query may be posted")
        if len(headers) > HEADERS or sum(len(key) + len(value) for key, value in headers) > HEADER_BYTES:
            raise _RefusedError(431, f"more than {HEADERS} headers or {HEADER_BYTES} bytes of them")
        self._check_host(_all(headers, b"host"), (scope.get("server") or ("",))[0])
        if not _is_sound(path) or b"%00" in query:
            raise _RefusedError(400, "this address cannot be")
        length, coding = _lengths(scope)
        if coding is not None and (length is not None or scope["http_version"] == "1.0"):
            raise _RefusedError(400, "the length of the body is ambiguous")
        if length is not None and length > BODY_BYTES:
            _refuse_body()
        if scope["method"] == "POST" and not shared:
            self._check_origin(headers)

    def _check_host(self, hosts: list[str], reached: str) -> None:
        """Exactly one Host, and one of ours: another name may have been pointed here to read through a visitor's browser."""
        if len(hosts) != 1:
            raise _RefusedError(400, "exactly one Host header is needed")
        if (host := name(hosts[0])) not in self._hosts and (not host or host != reached.removeprefix("::ffff:")):
            raise _RefusedError(421, "this server does not answer to that host name")

    def _check_origin(self, headers: list[tuple[bytes, bytes]]) -> None:
        """A form is posted from our own pages; programs, which name no origin, may post as well."""
        sites, origins = _all(headers, b"sec-fetch-site"), _all(headers, b"origin")
        own = _all(headers, b"host")[0].lower()
        if any(site not in ("same-origin", "none") for site in sites) or any(_netloc(origin) != own for origin in origins):
            raise _RefusedError(403, "posted from another site")


def name(host: str) -> str:
    """The host name of a Host header: without port and brackets, in small letters; empty where it is none.

    >>> name("LOCALHOST:8000"), name("[::1]:8000"), name("user@localhost")
    ('localhost', '::1', '')
    """
    found = _HOST.fullmatch(host.strip().lower())
    return (found[1] or found[2]) if found else ""


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _all(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key == wanted]


def _lengths(scope: Scope) -> tuple[int | None, str | None]:
    """The Content-Length and the Transfer-Encoding, where they are given."""
    lengths, codings = _all(scope["headers"], b"content-length"), _all(scope["headers"], b"transfer-encoding")
    return int(lengths[0]) if lengths else None, codings[0] if codings else None


def _is_sound(path: bytes) -> bool:
    """Whether a path has no control character and no step up, however often it was encoded."""
    if not path.startswith(b"/") or path.startswith(b"//"):
        return False
    for _ in range(3):
        if any(byte in _CONTROLS for byte in path) or not {b".", b".."}.isdisjoint(re.split(rb"[/\\]", path)):
            return False
        path = unquote_to_bytes(path)
    return True


def _refuse_body() -> NoReturn:
    raise _RefusedError(413, f"the body is longer than {BODY_BYTES} bytes")


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, counted while it comes; None where the client went away."""
    if _lengths(scope) == (None, None):
        return b""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while (message := await receive())["type"] == "http.request":
                body += message.get("body", b"")
                if len(body) > BODY_BYTES:
                    _refuse_body()
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise _RefusedError(408, f"the body did not come within {BODY_SECONDS:g} s") from None
    return None


class _Replayed:
    """A body that was read already, and then whatever the server tells: that the client went away."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._first: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        if self._first is None:
            return await self._receive()
        first, self._first = self._first, None
        return first


class _Answer:
    """The way out: it puts the ``always`` headers on whatever the application answers, and its own refusals."""

    def __init__(self, send: Send, always: dict[str, str]) -> None:
        self._send = send
        self._always = [(key.encode(), value.encode()) for key, value in always.items()]
        self._dropped = {key for key, _ in self._always} | {b"server"}
        self._started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            given = [(key.lower(), _one_line(value)) for key, value in message.get("headers", ())]
            message = {**message, "headers": [*(pair for pair in given if pair[0] not in self._dropped), *self._always]}
        await self._send(message)

    async def plain(self, status: int, text: str, headers: dict[str, str], unread: Receive | None = None) -> None:
        """Answer in one line of text; ``unread`` is where the rest of a body still comes from."""
        body = f"{text}\n".encode() if text else b""
        pairs = [(key.encode(), value.encode()) for key, value in headers.items()]
        if body:
            pairs += [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await self({"type": "http.response.start", "status": status, "headers": pairs})
        await self({"type": "http.response.body", "body": body, "more_body": unread is not None})
        if unread is not None:
            await _drain(unread)
            await self({"type": "http.response.body", "body": b"", "more_body": False})

    async def refuse(self, refused: _RefusedError, unread: Receive | None = None) -> None:
        """Answer a refusal and close; where an answer has begun already, the server cuts the connection instead."""
        if self._started:
            return
        await self.plain(refused.status, refused.message, {"connection": "close", "cache-control": "no-store", **refused.headers}, unread)


def _one_line(value: bytes) -> bytes:
    """A header's value without control characters: no text of a document or a request begins another header."""
    return value.translate(None, _CONTROLS).strip()


async def _drain(receive: Receive) -> None:
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            while (message := await receive())["type"] == "http.request" and message.get("more_body", False):
                pass
    except TimeoutError:
        pass
