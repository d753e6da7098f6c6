"""The server: a socket, uvicorn's loop over h11 in one process, and connections that are closed when their client is too slow."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.build import build
from kg.cases import CASE_FILE
from kg.errors import KgError
from kg.store import open_store
from kg.web.bounds import SECURITY

#: Where a server listens if nobody says otherwise, and how many ports from there on are tried.
PORT = 8000
PORTS = 100
#: How many connections are open at once; for one more, the oldest goes whose client keeps us waiting.
CONNECTIONS = 256
#: The longest request head that is read at all; ``kg.web.bounds`` says more exactly what is wrong with shorter ones.
HEAD_BYTES = 64 * 1024
#: How long a request head may take, how long a connection may be idle after an answer, and how long a client may read nothing.
HEAD_SECONDS = 10.0
IDLE_SECONDS = 5
STALLED_SECONDS = 30.0
#: How much of their answers all clients together may leave unread; beyond that, the one that has stalled longest is cut off.
UNREAD_BYTES = 128 * 1024 * 1024
#: How long the server waits for answers that are being made when it is stopped.
STOP_SECONDS = 3


@contextmanager
def stored(path: Path) -> Iterator[Path]:
    """The store to serve: the folder, or, where it is a case, a store that is built from it and removed at the end.

    Raises ``StoreError`` where there is none or it cannot be opened, and what ``kg.build.build`` raises.
    """
    if not (path / CASE_FILE).is_file():
        open_store(path)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        build(path, folder)
        yield Path(folder)


def listen(host: str, port: int | None = None) -> socket.socket:
    """A listening socket: at the ``port``, 0 for any free one; where none is named, at 8000 or the next free one.

    Raises ``KgError`` where the host is unknown, or the port is taken or not ours to take.
    """
    try:
        family, _, _, _, found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise KgError(f"there is no host `{host}`", "name an address of this machine; 127.0.0.1 is this machine alone") from None
    tried = range(PORT, PORT + PORTS) if port is None else [port]
    for one in tried:
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sends without delay only where it sees TCP
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((found[0], one, *found[2:]))
            listening.listen(CONNECTIONS)
            return listening
        except OSError as error:
            listening.close()
            if error.errno != errno.EADDRINUSE:
                remedy = "choose a port above 1023" if error.errno == errno.EACCES else "choose another with --host or --port"
                raise KgError(f"cannot listen at {host}, port {one}: {error.strerror}", remedy) from None
    taken = f"port {port} is taken" if port is not None else f"all ports from {PORT} to {PORT + PORTS - 1} are taken"
    raise KgError(taken, "choose another with --port; --port 0 takes any that is free")


def is_loopback(listening: socket.socket) -> bool:
    """Whether nobody but this machine reaches the socket."""
    return ip_address(listening.getsockname()[0]).is_loopback


def address(listening: socket.socket, root_path: str = "") -> str:
    """The address at which a person on this machine finds what is served at the socket."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  every address of the machine: this one is nearest
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{root_path}/"


def server(app: ASGIApp, ready: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """A server of the application; ``run(sockets=[...])`` serves until SIGINT or SIGTERM, ``ready`` is called once it answers."""
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return _Server(config, ready)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


class Connection(H11Protocol):
    """A connection that a client cannot hold by being slow: a head that does not come, and an answer nobody reads, end it.

    What h11 cannot read is refused here, since it never becomes a request, with the same headers as every other answer.
    """

    _waiting: asyncio.TimerHandle | None = None
    _stalling: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request head."""
        super().connection_made(transport)
        self._since = self.loop.time()
        transport.set_write_buffer_limits(high=0)  # so that every byte a client has not taken is noticed
        if len(self.connections) > CONNECTIONS:
            owing = [one for one in self.connections if isinstance(one, Connection) and one is not self and one._is_owing()]
            min(owing, key=lambda one: one._since, default=self).transport.abort()
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; the time for a head runs from its first byte to its last."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._stop_waiting()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        super().connection_lost(exc)
        self._stop_waiting()
        self._stop_stalling()

    def pause_writing(self) -> None:
        """Begin to watch whether the client reads."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())
        stalling = {one: one._stalling.when() for one in self.connections if isinstance(one, Connection) and one._stalling}
        if sum(one.transport.get_write_buffer_size() for one in stalling) > UNREAD_BYTES:
            min(stalling, key=stalling.__getitem__).transport.abort()

    def resume_writing(self) -> None:
        """The client has taken everything."""
        super().resume_writing()
        self._stop_stalling()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, or too long for it; nothing is said where an answer is under way already."""
        error = sys.exception()
        status = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400
        if status == 431 and b"\n" not in self.conn.trailing_data[0]:
            status = 414
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            phrase = HTTPStatus(status).phrase
            headers = {**SECURITY, "content-type": "text/plain; charset=utf-8", "connection": "close"}
            response = h11.Response(status_code=status, headers=list(headers.items()), reason=phrase)
            for event in (response, h11.Data(data=f"{phrase}\n".encode()), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle is not None:  # the application may be about to answer the same request
            self.cycle.disconnected = True
        self.transport.close()

    def _is_owing(self) -> bool:
        """Whether it is the client's turn: to send a head or a body, or to read."""
        return not self.transport.is_closing() and (self.conn.their_state in (h11.IDLE, h11.SEND_BODY) or self._stalling is not None)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _watch(self, left: int) -> None:
        self._stop_stalling()
        self._stalling = self.loop.call_later(STALLED_SECONDS, self._check_progress, left)

    def _check_progress(self, left: int) -> None:
        now = self.transport.get_write_buffer_size()
        if now < left:
            self._watch(now)
        else:
            self.transport.abort()

    def _stop_stalling(self) -> None:
        if self._stalling is not None:
            self._stalling.cancel()
            self._stalling = None
