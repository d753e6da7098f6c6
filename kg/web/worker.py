"""A process that answers SPARQL queries and can be killed: it holds a store open for reading, and nothing else.

It is run as a file, with the standard library and pyoxigraph only, so that it starts quickly. Its one argument is a JSON
object: the store's path, prefixes, base IRI, and limits. Requests come on standard input and answers go to standard
output, each in frames (four bytes of length, then the bytes): a request is one frame of JSON, an answer one of JSON and one
of the body. The first frame, when the store is open, is empty.

The process can open no connection and start no program (the system refuses: seccomp), write no file, and has so much memory
and no more. Where the system cannot refuse that, it opens nothing at all once the store is open, which large stores do not
bear. It ends when standard input does.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import queue
import resource
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat

import pyoxigraph as ox

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD}


class RefusalError(Exception):
    """Why there is no answer: ``kind`` is syntax, query, size, format, memory or store."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class Body:
    """A file that holds so many bytes and no more."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        """Raises ``RefusalError`` where there is no room."""
        self.room -= len(part)
        if self.room < 0:
            raise RefusalError("size")
        self.parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing to do."""


def answer(store: ox.Store, asked: dict[str, Any], config: dict[str, Any]) -> bytes:
    """The whole answer in the format that was asked for; raises ``RefusalError`` where there is none."""
    try:
        found = store.query(asked["query"], base_iri=config["base"] or None, prefixes=config["prefixes"], **_dataset(asked))
        return _serialised(found, asked["format"], Body(config["answer"]), config["prefixes"])
    except SyntaxError as error:
        raise RefusalError("syntax", str(error)) from None
    except MemoryError:
        raise RefusalError("memory") from None
    except OSError:
        raise RefusalError("store") from None
    except (RuntimeError, ValueError) as error:
        raise RefusalError("query", str(error)) from None


def _dataset(asked: dict[str, Any]) -> dict[str, Any]:
    """What the protocol's graphs, the query's own, or else the union of all, mean to the engine."""
    default, named = asked["default_graphs"], asked["named_graphs"]
    if default or named:
        return {"default_graph": [_graph(iri) for iri in default], "named_graphs": [_graph(iri) for iri in named]}
    return {"use_default_graph_as_union": not asked["dataset"]}


def _graph(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise RefusalError("query", f"`{iri[:80]}` is not the IRI of a graph") from None


def _serialised(found: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, format: str, body: Body, prefixes: dict[str, str]) -> bytes:
    out: Any = body
    if isinstance(found, ox.QueryTriples):
        known = prefixes if format in ("turtle", "rdfxml") else None
        ox.serialize(found, out, GRAPHS[format], prefixes=known)
    else:
        found.serialize(out, RESULTS[format])
    text = b"".join(body.parts)
    return _checked(text) if format in ("xml", "rdfxml") else text


def _checked(text: bytes) -> bytes:
    """The XML with carriage returns that survive reading; raises ``RefusalError`` where XML has no way to write what is in it."""
    text = text.replace(b"\r", b"&#xD;")
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(text, True)
    except expat.ExpatError:
        raise RefusalError("format") from None
    return text


def _read(stream: BinaryIO) -> bytes:
    """The next frame; raises ``EOFError`` where the stream ends."""
    head = stream.read(4)
    length = int.from_bytes(head, "big")
    frame = stream.read(length)
    if len(head) < 4 or len(frame) < length:
        raise EOFError
    return frame


def _write(stream: BinaryIO, *frames: bytes) -> None:
    for frame in frames:
        stream.write(len(frame).to_bytes(4, "big"))
        stream.write(frame)
    stream.flush()


def _listen(requests: queue.SimpleQueue[bytes]) -> None:
    """Passes requests on while the engine may be at work, and ends the process with its input."""
    try:
        while True:
            requests.put(_read(sys.stdin.buffer))
    finally:
        os._exit(0)


#: By machine: how the kernel calls it, the number of ``seccomp``, and those of what is refused: ``socket``, ``connect``,
#: ``execve``, ``execveat``, ``io_uring_setup`` (linux/audit.h, asm/unistd.h).
_CALLS = {"x86_64": (0xC000003E, 317, (41, 42, 59, 322, 425)), "aarch64": (0xC00000B7, 277, (198, 203, 221, 281, 425))}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EACCES, 0x80000000


class _Step(ctypes.Structure):
    """One step of a filter: struct sock_filter."""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Filter(ctypes.Structure):
    """A filter of system calls: struct sock_fprog."""

    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def _seclude() -> bool:
    """Whether the system now refuses this process connections and programs, for good (seccomp(2), Linux)."""
    arch, seccomp, refused = _CALLS.get(platform.machine(), (0, 0, ()))
    if not arch or not sys.platform.startswith("linux"):
        return False
    checks = [(_AT_LEAST, 0x40000000), *((_EQUAL, number) for number in refused)]  # from there on: another ABI of x86
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    steps += [(code, len(checks) - place, 0, value) for place, (code, value) in enumerate(checks)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Filter(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    no_new_privileges, set_filter = 38, 1
    if libc.prctl(no_new_privileges, 1, 0, 0, 0):
        return False
    return bool(libc.syscall(seccomp, set_filter, 0, ctypes.byref(program)) == 0)


def _confine(memory: int, secluded: bool) -> None:
    """No more than so much memory on top of what is used, nothing written, no core; where it must be so, nothing opened either."""
    used = _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not secluded:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _address_space() -> int:
    """How many bytes of addresses the process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _lend(seconds: int) -> None:
    """So much processor time for the next answer: if nobody is left to kill this process, the system does."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + seconds + 2, most))


def _grown(start: int, memory: int) -> bool:
    """Whether the process has ever used so much that it had better not stay."""
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) * 1024 > memory // 4


def main() -> None:
    """Open the store, then answer what is asked until the input ends."""
    config = json.loads(sys.argv[1])
    secluded = _seclude()
    store = ox.Store.read_only(config["store"])
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    _confine(config["memory"], secluded)
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out = sys.stdout.buffer
    _write(out, b"")
    while True:
        asked = json.loads(requests.get())
        _lend(config["seconds"])
        try:
            head, body = {"error": ""}, answer(store, asked, config)
        except RefusalError as refusal:
            head, body = {"error": refusal.kind, "message": str(refusal)}, b""
        _write(out, json.dumps(head | {"grown": _grown(start, config["memory"])}).encode(), body)


if __name__ == "__main__":
    main()
