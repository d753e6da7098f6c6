"""A browser, and the site in it: served by the command, and as the copy that it publishes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, TUTORIAL

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: axe-core is under the MPL and no part of the project: `npm install --prefix .ci/node axe-core@…` (see .ci/run), or KG_AXE names its file.
AXE = Path(os.environ.get("KG_AXE", ROOT / ".ci" / "node" / "node_modules" / "axe-core" / "axe.min.js"))
#: Where the copy lies on its host: not at the root, and with a blank.
FOLDER = "some where/else"

#: What is told of a violation of the policy.
TOLD = "event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile"

Visit = Callable[..., Any]


def unavailable(reason: str) -> None:
    """Skip for a reason, but where the project is built by machine, fail for it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        unavailable("playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            unavailable(f"no chromium can be started: {str(error).splitlines()[0]}")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    if not AXE.is_file():
        unavailable("axe-core is not at hand (npm install --prefix .ci/node axe-core, or KG_AXE)")
    return AXE.read_text("utf-8")


def serve(graph: Path) -> Iterator[str]:
    """The address of a running `kg serve`."""
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(graph), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address.startswith("http://")
        yield address
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def host(folder: Path) -> Iterator[str]:
    """The address of a folder on a host that serves files and knows nothing else."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/{FOLDER.replace(' ', '%20')}/"
        server.shutdown()
        thread.join()


def published(case: Path, folder: Path) -> Path:
    """The folder of a host that holds, somewhere in it, the copy of a case with its documents' words."""
    command = [sys.executable, "-m", "kg", "publish", str(folder / FOLDER), "--graph", str(case), "--texts"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="package")
def live() -> Iterator[str]:
    """The tutorial case, served."""
    yield from serve(TUTORIAL)


@pytest.fixture(scope="package")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the copy of the tutorial case lies."""
    return published(TUTORIAL, tmp_path_factory.mktemp("host"))


@pytest.fixture(scope="package")
def copy(files: Path) -> Iterator[str]:
    """The copy of the tutorial case, on a host of files."""
    yield from host(files)


@pytest.fixture
def look(browser: Any) -> Iterator[Visit]:
    """Open an address of the site; at the end it has asked nobody else, broken no rule of its policy and complained of nothing."""
    pages, wrong = [], []

    def open_page(address: str, path: str = "", wide: int = 1280, status: int = 200, **options: Any) -> Any:
        page = browser.new_context(viewport={"width": wide, "height": 900}, **options).new_page()
        ours = (address, "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(ours) or wrong.append(request.url))
        page.on("requestfailed", lambda request: "ABORTED" in str(request.failure) or wrong.append(f"{request.url} {request.failure}"))
        fine = (200, 303, 304, status)
        page.on("response", lambda response: response.status in fine or wrong.append(f"{response.url} {response.status}"))
        page.on("console", lambda message: str(status) in message.text or wrong.append(f"{page.url} {message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"{page.url} {error}"))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective + event.blockedURI))"
        )
        page.goto(address + path)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        assert page.evaluate("window.hacked") is None
        page.context.close()
    assert wrong == []
