"""The server under hands that mean it harm, and the command that runs it."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from kg.build import build
from kg.cli.showing import serve
from kg.errors import KgError
from kg.web import bounds, gate, workers
from kg.web import server as serving
from kg.web.bounds import Bounds
from kg.web.server import address, is_loopback, listen
from tests.conftest import ROOT, TUTORIAL

HOSTILE = Path(os.environ.get("KG_HOSTILE", ROOT.parent / "shared" / "hostile"))
BIG = 8 << 20


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """What it was asked, a body of 8 MB, or an answer that takes a second."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    body = (await receive())["body"]
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    said = b"x" * BIG if scope["path"] == "/big" else f"{scope['method']} {scope['path']} {len(body)}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(said)).encode())]})
    await send({"type": "http.response.body", "body": said})


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


@contextmanager
def running(hosts: tuple[str, ...] = ()) -> Iterator[socket.socket]:
    """The application, served in a thread."""
    ready = threading.Event()
    with listen("127.0.0.1", 0) as listening:
        server = serving.server(Bounds(application, hosts=hosts), ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert ready.wait(10)
            yield listening
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()


@pytest.fixture
def port(caplog: pytest.LogCaptureFixture) -> Iterator[int]:
    """The port of a server that answers before and after the test, and logs no error."""
    with running() as listening:
        port = listening.getsockname()[1]
        yield port
        assert status(exchange(port, request("GET", "/still"))) == 200
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def request(method: str, target: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


def exchange(port: int, *parts: bytes, timeout: float = 20) -> bytes:
    """Everything the server answers until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout) as client:
        answer = b""
        try:
            for part in parts:
                client.sendall(part)
            while data := client.recv(65536):
                answer += data
        except ConnectionError:
            pass  # it closed on us, having answered or not
        return answer


def status(answer: bytes) -> int:
    """The status of the answer, 0 where the connection was only closed."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(found[1]) if found else 0


def headers_of(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_a_request_is_answered(port: int) -> None:
    answer = exchange(port, request("POST", "/sparql", "Content-Length: 3", body=b"ask"))
    assert (status(answer), answer.rpartition(b"\r\n\r\n")[2]) == (200, b"POST /sparql 3")
    assert "date" in headers_of(answer) and "server" not in headers_of(answer)
    assert b"100 Continue" in exchange(port, request("POST", "/", "Content-Length: 1", "Expect: 100-continue"), b"x")


HOSTILE_REQUESTS: dict[str, tuple[tuple[bytes, ...], set[int]]] = {
    "another host": ((b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",), {421}),
    "two hosts": ((request("GET", "/", "Host: evil.example"),), {400}),
    "no host": ((b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",), {400}),
    "no host, as of old": ((b"GET / HTTP/1.0\r\n\r\n",), {400}),
    "an absolute target": ((request("GET", "http://evil.example/"),), {400}),
    "two lengths": (
        (request("POST", "/sparql", "Content-Length: 6", "Transfer-Encoding: chunked", body=b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"),),
        {400},
    ),
    "two different lengths": ((request("POST", "/sparql", "Content-Length: 6", "Content-Length: 7", body=b"0123456"),), {400}),
    "a length below nothing": ((request("POST", "/sparql", "Content-Length: -1"),), {400}),
    "a coding nobody knows": ((request("POST", "/sparql", "Transfer-Encoding: gzip, chunked"),), {501}),
    "chunked, as of old": ((b"POST /sparql HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",), {400, 200}),
    "a length without a body": ((request("POST", "/sparql", f"Content-Length: {10**12}"),), {413}),
    "a length of 30 digits": ((request("POST", "/sparql", f"Content-Length: {10**29}"),), {400}),
    "chunks without an end": ((request("POST", "/", "Transfer-Encoding: chunked"), *[b"fff0\r\n" + b"x" * 0xFFF0 + b"\r\n"] * 9), {413}),
    "a chunk that is none": ((request("POST", "/", "Transfer-Encoding: chunked"), b"zz\r\nxx\r\n"), {400}),
    "a chunk that is none, too late": (
        (request("POST", "/", "Transfer-Encoding: chunked"), *[b"fff0\r\n" + b"x" * 0xFFF0 + b"\r\n"] * 5, b"zz\r\n"),
        {413, 400},
    ),
    "10,000 headers": ((request("GET", "/", *(f"X{number}: y" for number in range(10_000))),), {431}),
    "one header of 40 kB": ((request("GET", "/", f"X: {'y' * 40_000}"),), {431}),
    "one header of 200 kB": ((request("GET", "/", f"X: {'y' * 200_000}"),), {431}),
    "a line of 20 kB": ((request("GET", "/" + "a" * 20_000),), {414}),
    "a line of 100 kB": ((request("GET", "/" + "a" * 100_000),), {414}),
    "a line of 500 kB without an end": ((b"GET /" + b"a" * 500_000,), {414}),
    "a folded header": ((request("GET", "/", "X: a\r\n Host: evil.example"),), {200}),
    "a header with a blank in its name": ((request("GET", "/", "Transfer-Encoding : chunked"),), {400}),
    "a header with NUL": ((request("GET", "/", "X: a\0b"),), {400}),
    "a path upwards": ((request("GET", "/assets/../../../../etc/passwd"),), {400}),
    "a path upwards, encoded": ((request("GET", "/assets/%2e%2e/%2e%2e/etc/passwd"),), {400}),
    "a path upwards, encoded twice": ((request("GET", "/doc/%252e%252e%252fetc/passwd"),), {400}),
    "a path with NUL": ((request("GET", "/doc/%00"),), {400}),
    "TRACE": ((request("TRACE", "/"),), {405}),
    "CONNECT": ((b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",), {405}),
    "a WebSocket": ((request("GET", "/", "Upgrade: websocket", "Connection: Upgrade"),), {200}),
    "HTTP/2": ((b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",), {400, 405, 505}),
    "HTTP/0.9": ((b"GET /\r\n\r\n",), {400}),
    "TLS": ((bytes.fromhex("16030100a5010000a10303") + bytes(range(256)) + b"\r\n\r\n",), {400}),
    "bytes": ((bytes(range(256)) * 40,), {400}),
    "blank lines": ((b"\r\n" * 20_000, request("GET", "/")), {200, 400, 414, 431}),
    "a form from elsewhere": ((request("POST", "/", "Origin: https://evil.example", "Content-Length: 1", body=b"x"),), {403}),
}


@pytest.mark.parametrize("name", HOSTILE_REQUESTS)
def test_a_hostile_request_is_refused_and_nothing_else_happens(name: str, port: int) -> None:
    parts, allowed = HOSTILE_REQUESTS[name]
    answer = exchange(port, *parts)
    assert status(answer) in allowed, answer[:500]
    assert answer.count(b"HTTP/1.1 ") <= 1, "one answer, and the connection is closed"
    if status(answer) >= 400:
        headers = headers_of(answer)
        assert headers["content-security-policy"] == bounds.CSP and headers["connection"] == "close"
        assert headers["content-type"] == "text/plain; charset=utf-8" and len(answer) < 1500


def hostile() -> list[object]:
    index = HOSTILE / "index.json"
    if not index.is_file():
        return [pytest.param({}, marks=pytest.mark.skip(f"the hostile inputs are not at hand (KG_HOSTILE or {HOSTILE.name}/)"))]
    return [pytest.param(entry, id=entry["file"]) for entry in json.loads(index.read_text("utf-8")) if entry["kind"] == "http"]


@pytest.mark.parametrize("entry", hostile())
def test_a_hostile_file_is_answered_as_it_should_be(entry: dict[str, str], port: int) -> None:
    answer = exchange(port, (HOSTILE / entry["file"]).read_bytes())
    allowed = {int(code) for code in re.findall(r"\b[45]\d\d\b", entry["correct"])}
    if entry["outcome"] == "accept" or "escaped" in entry["correct"]:  # what it should be is then the application's to say
        allowed |= {200}
    if "close" in entry["correct"]:
        allowed |= {0}
    assert status(answer) in allowed, answer[:300]
    assert "set-cookie" not in headers_of(answer) and b"root:" not in answer and answer.count(b"HTTP/1.1 ") <= 1


def test_a_refusal_reaches_a_client_that_goes_on_sending(port: int) -> None:
    answer = exchange(port, request("POST", "/sparql", f"Content-Length: {4 << 20}"), *[b"x" * 65536] * 64)
    assert status(answer) == 413


def test_requests_follow_each_other_on_one_connection(port: int) -> None:
    kept = b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = exchange(port, kept * 20, request("GET", "/last"))
    assert answer.count(b"HTTP/1.1 200") == 21 and answer.endswith(b"GET /last 0")


def test_heads_that_do_not_come_end_the_connection(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.2)
    for begun in (b"", b"GET / HTTP/1.1\r\nHost: local"):
        assert exchange(port, begun) == b""


def test_a_head_that_drips_ends_as_soon(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        client.settimeout(0.05)
        client.sendall(b"GET / HTTP/1.1\r\n")
        for number in range(400):
            try:
                client.sendall(b"X%d: y\r\n" % number)
                assert client.recv(100) == b""
                break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            pytest.fail("the connection was held open")


def test_a_body_that_does_not_come_is_answered(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "BODY_SECONDS", 0.1)
    monkeypatch.setattr(bounds, "_LINGER_SECONDS", 0.1)
    assert status(exchange(port, request("POST", "/sparql", "Content-Length: 10", body=b"half"))) == 408


def test_an_idle_connection_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "IDLE_SECONDS", 0.1)
    with running() as listening:
        port, kept = listening.getsockname()[1], b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert [status(exchange(port, kept)), status(exchange(port, kept + b"GET /b HT"))] == [200, 200]


def test_an_answer_that_nobody_reads_ends_the_connection(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "STALLED_SECONDS", 0.2)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect(("127.0.0.1", port))
        client.sendall(request("GET", "/big"))
        time.sleep(1.5)
        assert _length(client) < BIG
    assert len(exchange(port, request("GET", "/big"))) > BIG


def test_answers_that_nobody_reads_take_so_much_room_and_no_more(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "UNREAD_BYTES", 2 * BIG)
    clients = []
    for _ in range(6):
        clients.append(client := socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect(("127.0.0.1", port))
        client.sendall(request("GET", "/big"))
        assert client.recv(1) == b"H"  # so that they stall one after the other
    assert len(exchange(port, request("GET", "/big"))) > BIG, "who reads is served"
    lengths = []
    for client in clients:
        with client:
            lengths.append(_length(client))
    assert min(lengths) == lengths[0] < BIG < lengths[-1]


def _length(client: socket.socket) -> int:
    """How much comes before the end, however it ends."""
    received = 0
    try:
        while data := client.recv(1 << 20):
            received += len(data)
    except ConnectionError:
        pass
    return received


def test_one_connection_too_many_ends_the_oldest_that_keeps_us_waiting(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "CONNECTIONS", 5)
    clients = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(5)]
    clients[1].sendall(request("POST", "/", "Content-Length: 10", body=b"half"))
    for _ in range(2):
        assert status(exchange(port, request("GET", "/"))) == 200
    assert clients[0].recv(1) == b""
    for client in clients:
        client.close()


def test_no_connection_is_ended_while_it_is_answered(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "CONNECTIONS", 2)
    clients = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(2)]
    for client in clients:
        client.sendall(request("GET", "/slow"))
    time.sleep(0.2)
    assert exchange(port, request("GET", "/")) == b""
    for client in clients:
        assert status(client.recv(1000)) == 200
        client.close()


def test_a_named_port_that_is_taken_is_an_error_and_no_name_takes_the_next() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(KgError, match=f"port {port} is taken - .*--port 0"):
            listen("127.0.0.1", port)
    with listen("127.0.0.1") as one, listen("127.0.0.1") as other:
        ports = one.getsockname()[1], other.getsockname()[1]
        assert serving.PORT <= ports[0] < ports[1] < serving.PORT + serving.PORTS


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 300, "\ud800"])
def test_a_host_that_is_none_is_an_error(host: str) -> None:
    with pytest.raises(KgError, match=r"there is no host .* - name an address of this machine"):
        listen(host, 0)


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(KgError, match=r"cannot listen at 192\.0\.2\.1.* - choose another"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "[::1]")])
def test_the_address_is_one_that_answers(host: str, shown: str) -> None:
    if ":" in host and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with listen(host, 0) as listening:
        assert address(listening, "/kg") == f"http://{shown}:{listening.getsockname()[1]}/kg/"
        assert is_loopback(listening) is (host in ("127.0.0.1", "::1"))


@contextmanager
def served(folder: Path, *arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``kg serve`` in a folder, as a person runs it, and the address that it printed."""
    words = [sys.executable, "-m", "kg", "serve", *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=folder, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def fetch(url: str) -> int:
    with urllib.request.urlopen(url, timeout=20) as answer:
        assert answer.read()
        return int(answer.status)


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a process has begun (Linux)."""
    return [int(child) for task in Path(f"/proc/{process.pid}/task").iterdir() for child in (task / "children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph of the tutorial where ``kg serve`` looks for it."""
    folder = tmp_path_factory.mktemp("served")
    build(TUTORIAL, folder / "graph")
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_its_address_answers_and_ends_with_either_signal(folder: Path, number: signal.Signals) -> None:
    with served(folder, "--port", "0") as (process, url):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
        assert fetch(url) == 200
        begun = children(process) if sys.platform == "linux" else []
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "Ctrl-C stops it\n")
    assert not any(map(is_alive, begun))


def test_serve_ends_while_clients_hold_it_busy(folder: Path) -> None:
    query = b"query=SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    form = "Content-Type: application/x-www-form-urlencoded"
    with served(folder, "--port", "0", "--time-limit", "30") as (process, url):
        at = ("127.0.0.1", int(url.rpartition(":")[2].strip("/")))
        with socket.create_connection(at) as idle, socket.create_connection(at) as sending, socket.create_connection(at) as asking:
            idle.sendall(b"GET / HTTP/1.1\r\nHo")
            sending.sendall(request("POST", "/sparql", form, "Content-Length: 1000", body=b"query="))
            asking.sendall(request("POST", "/sparql", form, f"Content-Length: {len(query)}", body=query))
            time.sleep(1)
            begun = children(process) if sys.platform == "linux" else []
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
            answer = asking.recv(1000)
    assert process.returncode == 0 and "Traceback" not in err
    assert status(answer) == 503 and not any(map(is_alive, begun))


def test_serve_of_a_case_builds_it_aside_and_leaves_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    words = [sys.executable, "-m", "kg", "serve", "--graph", str(TUTORIAL), "--port", "0"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        assert fetch(process.stdout.readline().strip()) == 200
        assert [path.name[:3] for path in tmp_path.iterdir()] == ["kg-"]
        process.terminate()
    assert (process.returncode, list(tmp_path.iterdir())) == (0, [])


def test_serve_takes_the_next_port_only_where_none_is_named(folder: Path) -> None:
    with listen("127.0.0.1") as taken:
        port = taken.getsockname()[1]
        with served(folder) as (_, url):
            assert int(url.rpartition(":")[2].strip("/")) > port
            assert fetch(url) == 200
        with served(folder, "--port", str(port)) as (process, url):
            _, err = process.communicate(timeout=30)
    assert (process.returncode, url) == (2, "")
    assert err == f"error: port {port} is taken\n  choose another with --port; --port 0 takes any that is free\n"


def test_serve_needs_a_graph(tmp_path: Path) -> None:
    with served(tmp_path, "--port", "0") as (process, url):
        _, err = process.communicate(timeout=30)
    assert (process.returncode, url) == (2, "")
    assert err.startswith("error: graph: no graph here\n") and "kg build" in err


def test_serve_refuses_a_name_that_is_none(folder: Path) -> None:
    with served(folder, "--port", "0", "--allow-host", "https://kg.example.org/") as (process, url):
        _, err = process.communicate(timeout=30)
    assert (process.returncode, url) == (2, "") and "--allow-host" in err


def test_serve_beyond_this_machine_says_so_and_answers_to_the_names_it_was_given(folder: Path) -> None:
    arguments = ("--host", "0.0.0.0", "--port", "0", "--allow-host", "kg.example.org", "--root-path", "kg")
    with served(folder, *arguments) as (process, url):
        port = int(url.rpartition(":")[2].split("/")[0])
        assert url == f"http://127.0.0.1:{port}/kg/" and fetch(url) == 200
        asked = {
            name: exchange(port, f"GET /kg/ HTTP/1.0\r\nHost: {name}\r\n\r\n".encode()) for name in ("kg.example.org", "kg.example.com")
        }
        endpoint = exchange(
            port, b"GET /kg/sparql?query=ASK%7B%7D HTTP/1.0\r\nHost: localhost\r\nOrigin: https://elsewhere.example\r\n\r\n"
        )
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (status(endpoint), headers_of(endpoint)["access-control-allow-origin"]) == (200, "*")
    assert {name: status(answer) for name, answer in asked.items()} == {"kg.example.org": 200, "kg.example.com": 421}
    assert err.splitlines()[0].startswith("warning: ") and "docs/serving.md" in err
    assert (ROOT / "docs" / "serving.md").is_file()


def test_the_table_of_limits_is_what_the_code_holds() -> None:
    text = (ROOT / "docs" / "serving.md").read_text("utf-8")
    shown = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", text.partition("## Limits")[2], re.MULTILINE))
    options = {name: parameter.default for name, parameter in inspect.signature(serve).parameters.items()}
    held = {
        "time of a query": f"{options['time_limit']:g} s",
        "memory of a query": f"{options['memory_limit']} MB",
        "answer to a query": f"{workers.ANSWER_BYTES >> 20} MiB",
        "slow queries at once": f"{workers.HEAVY}",
        "waiting queries": f"{workers.WAITING}",
        "length of a query": f"{gate.BYTES} bytes",
        "nested brackets": f"{gate.DEPTH}",
        "triple patterns": f"{gate.PATTERNS}",
        "operators": f"{gate.OPERATORS}",
        "path and query string": f"{bounds.TARGET_BYTES >> 10} KiB",
        "headers": f"{bounds.HEADERS}",
        "all headers together": f"{bounds.HEADER_BYTES >> 10} KiB",
        "request head": f"{serving.HEAD_BYTES >> 10} KiB",
        "body": f"{bounds.BODY_BYTES >> 10} KiB",
        "time of a body": f"{bounds.BODY_SECONDS:g} s",
        "time of a head": f"{serving.HEAD_SECONDS:g} s",
        "idle connection": f"{serving.IDLE_SECONDS} s",
        "unread answer": f"{serving.STALLED_SECONDS:g} s",
        "unread answers together": f"{serving.UNREAD_BYTES >> 20} MiB",
        "requests at work": f"{bounds.AT_WORK}",
        "connections": f"{serving.CONNECTIONS}",
        "methods": " ".join(bounds.METHODS),
    }
    told = {"`SERVICE`, `LOAD`", "Host", "POST from another site"}  # limits that are no number
    assert shown == held | {name: value for name, value in shown.items() if name in told | {"limit", "---"}}
    assert "7 × `--memory-limit`" in text and workers.PROCESSES == 7
    assert serving.STOP_SECONDS == 3 and "get three seconds" in text and str(serving.PORT) in text
    assert bounds.BODY_BYTES > 3 * gate.BYTES, "a query of full length fits, with every byte of it encoded"
    assert serving.HEAD_BYTES > bounds.TARGET_BYTES + bounds.HEADER_BYTES
