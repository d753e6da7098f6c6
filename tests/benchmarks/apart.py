"""Work in processes of its own, so that engines share neither memory nor warm caches, and one that hangs can be ended."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

Pipe = Connection


class Worker:
    """A fresh process that runs ``function(pipe, *arguments)``; leaving the block ends it."""

    def __init__(self, function: Callable[..., None], *arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_run, args=(function, other, arguments), daemon=True)
        self.process.start()
        other.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.pipe.close()
        self.process.join(1)
        self.process.kill()
        self.process.join()

    def receive(self, seconds: float | None = None) -> Any:
        """What the process sends next; raises ``TimeoutError`` when it sends nothing, and what it raised itself."""
        if not self.pipe.poll(seconds):
            raise TimeoutError(f"no answer in {seconds} s")
        answer = self.pipe.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns in a fresh process."""
    with Worker(_send, function, *arguments) as worker:
        return worker.receive()


def _send(pipe: Pipe, function: Callable[..., Any], *arguments: Any) -> None:
    pipe.send(function(*arguments))


def _run(function: Callable[..., None], pipe: Pipe, arguments: tuple[Any, ...]) -> None:
    try:
        function(pipe, *arguments)
    except EOFError:
        pass
    except Exception as error:
        pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))
