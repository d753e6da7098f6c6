"""Fetching one document from the web, because a person named its address."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
from dataclasses import replace
from email.message import Message
from pathlib import PurePosixPath
from threading import Timer
from urllib.parse import quote, unquote, urljoin, urlsplit

from kg.documents.document import Document
from kg.documents.reading import SUFFIXES, of_bytes
from kg.errors import DocumentError

LARGEST = 16 * 1024 * 1024
SECONDS = 30.0
REDIRECTS = 5

_SUFFIX = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/markdown": ".md",
    "text/plain": ".txt",
}
_AGENT = "kg (+https://w3id.org/accountability-kg)"


def fetch(url: str) -> Document:
    """The document at an address; its ``metadata.url`` is where it came from in the end.

    Only http and https, 16 MiB, half a minute and five redirects. An address inside one's own network is fetched where it was
    named, never because a public page redirects there.

    Raises ``DocumentError`` where the address cannot be fetched, or what stands there cannot be read.
    """
    deadline = time.monotonic() + SECONDS
    at = url.strip()
    private: bool | None = None
    for _ in range(REDIRECTS + 1):
        try:
            status, headers, raw, inside = _get(at, deadline, private)
        except DocumentError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= deadline
            what = f"no answer within {SECONDS:.0f} seconds" if late else f"cannot be fetched ({error or type(error).__name__})"
            raise DocumentError(at, what, "check the address, or save the page and name the file") from None
        private = inside if private is None else private
        if status in {301, 302, 303, 307, 308} and headers["Location"]:
            at = urljoin(at, headers["Location"])
        elif status != 200:
            raise DocumentError(at, f"the server answers {status}", "check the address, or save the page and name the file")
        else:
            return _document(at, headers, raw)
    raise DocumentError(url, f"more than {REDIRECTS} redirects", "name the address where they end")


def _get(url: str, deadline: float, private: bool | None) -> tuple[int, Message, bytes, bool]:
    """Status, headers and body of one answer, and whether it came from a private address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise DocumentError(
            url, "not a web address" if private is None else "a redirect to what is not the web", "name an http or https address"
        )
    left = max(deadline - time.monotonic(), 0.01)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=left)
    try:
        connection.connect()
        inside = not ipaddress.ip_address(connection.sock.getpeername()[0].split("%")[0]).is_global
        if inside and private is False:
            raise DocumentError(
                url, "a redirect from the web to an address inside this network", "name that address itself if you trust it"
            )
        hang_up = Timer(left, connection.sock.shutdown, [socket.SHUT_RDWR])
        hang_up.daemon = True
        hang_up.start()
        try:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
                f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
            )
            connection.request("GET", path, headers={"User-Agent": _AGENT, "Accept": ", ".join(_SUFFIX), "Accept-Encoding": "identity"})
            with connection.getresponse() as answer:
                raw = answer.read(LARGEST + 1)
        finally:
            hang_up.cancel()
        if time.monotonic() >= deadline:
            raise TimeoutError
        if len(raw) > LARGEST:
            raise DocumentError(url, f"larger than {LARGEST >> 20} MiB", "save it and name the file")
        return answer.status, answer.headers, raw, inside
    finally:
        connection.close()


def _document(url: str, headers: Message, raw: bytes) -> Document:
    if headers.get("Content-Encoding", "identity").lower() not in {"identity", ""}:
        raise DocumentError(url, f"sent as {headers['Content-Encoding']}, though asked not to be", "save the page and name the file")
    name = PurePosixPath(unquote(urlsplit(url).path)).name or "index"
    own = PurePosixPath(name).suffix.lower()
    suffix = _SUFFIX.get(headers.get_content_type())
    if suffix is None or (suffix == ".txt" and own in SUFFIXES):
        suffix = own if own in SUFFIXES else None
    if suffix is None:
        raise DocumentError(url, f"is `{headers.get_content_type()}`", f"name a document: {', '.join(SUFFIXES)}")
    try:
        made = of_bytes(raw, name if own == suffix else f"{name}{suffix}", headers.get_content_charset() or "")
    except DocumentError as error:
        raise DocumentError(url, error.message.removeprefix(f"{error.file}: "), error.remedy) from None
    return replace(made, metadata=replace(made.metadata, url=url))
