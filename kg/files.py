"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write(path: str | Path, content: bytes | str) -> Path:
    """The file that was written, text in UTF-8 with its line ends as they are: who reads it meanwhile reads the old one.

    Raises ``OSError`` where it cannot be written; a file that was there is then as it was.
    """
    path = Path(path)
    beside = path.parent / f".{path.name[:32]}.{secrets.token_hex(8)}.part"
    try:
        with beside.open("xb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync(path.parent)
    finally:
        with suppress(OSError):
            beside.unlink()
    return path


def sync(path: Path) -> None:
    """Wait until the file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
