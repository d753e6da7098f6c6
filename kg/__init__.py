"""An accountability knowledge graph: who said what, about whom, in which report.

import kg
graph = kg.open("graph")
for row in graph.query("everything-said", speaker="Mark Rowley"):
    print(row.date, row.summary)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.errors import CheckError, DocumentError, ExportError, Finding, KgError, PassageError, QueryError, RecordError, StoreError
    from kg.graph import Graph, open
    from kg.table import Table

__version__ = "0.1.0"

_HOME = {
    "CheckError": "errors",
    "DocumentError": "errors",
    "ExportError": "errors",
    "Finding": "errors",
    "Graph": "graph",
    "KgError": "errors",
    "PassageError": "errors",
    "QueryError": "errors",
    "RecordError": "errors",
    "StoreError": "errors",
    "Table": "table",
    "open": "graph",
}

__all__ = [
    "CheckError",
    "DocumentError",
    "ExportError",
    "Finding",
    "Graph",
    "KgError",
    "PassageError",
    "QueryError",
    "RecordError",
    "StoreError",
    "Table",
    "__version__",
    "open",
]


def __getattr__(name: str) -> Any:
    """The public names, loaded when they are first used: `kg --help` needs none of them."""
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute '{name}'")
    return getattr(import_module(f"kg.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
