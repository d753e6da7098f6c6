"""An application, served in a thread to a client."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from starlette.types import ASGIApp

from kg.web.server import address, listen, server


@contextmanager
def running(app: ASGIApp) -> Iterator[httpx.Client]:
    """A client of the application, which the server runs in a thread."""
    ready = threading.Event()
    with listen("127.0.0.1", 0) as listening:
        serving = server(app, ready.set)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert ready.wait(30)
            with httpx.Client(base_url=address(listening), timeout=30) as client:
                yield client
        finally:
            serving.should_exit = True
            thread.join(20)
            assert not thread.is_alive()
