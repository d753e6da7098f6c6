"""The files that pages need: our style and scripts, and what is vendored; read once, known by their content."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg import view

_STATIC = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, its media type, and the tag that changes when it does."""

    body: bytes
    media_type: str
    etag: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by its path below ``assets/``; nothing else can be asked for."""
    files = {path.relative_to(_STATIC).as_posix(): path for path in sorted(_STATIC.rglob("*")) if path.is_file()}
    return {name: _asset(path) for name, path in {**files, **view.assets()}.items()}


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    return Asset(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
