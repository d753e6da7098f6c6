"""What is vendored is what was published, and comes with its licence."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import kg

VENDOR = Path(kg.__file__).parent / "web" / "static" / "vendor"
PACKAGES: list[dict[str, Any]] = json.loads((VENDOR / "vendored.json").read_text("utf-8"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package["name"]))
def test_every_file_is_as_it_was_pinned(package: dict[str, Any]) -> None:
    assert package["source"].endswith(f"@{package['version']}") and package["source"].startswith("npm:")
    for name, digest in package["files"].items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package["name"]))
def test_every_package_has_its_licence(package: dict[str, Any]) -> None:
    assert package["licence"] in ("MIT", "Apache-2.0", "BSD-3-Clause")
    licences = [name for name in package["files"] if name.endswith("LICENSE.txt")]
    assert licences and "Permission is hereby granted" in (VENDOR / licences[0]).read_text("utf-8")


def test_every_file_is_pinned() -> None:
    pinned = {name for package in PACKAGES for name in package["files"]}
    assert {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} == pinned | {"README.md", "vendored.json"}
