"""Sites without a server: pages are functions of a site and of what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.build import build
from kg.graph import Graph
from kg.web.addresses import Addresses, FileAddresses
from kg.web.site import Site
from tests.conftest import TUTORIAL


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tutorial's graph, built with its documents and its index."""
    folder = tmp_path_factory.mktemp("tutorial") / "graph"
    build(TUTORIAL, folder)
    return folder


@pytest.fixture(scope="session")
def site(built: Path) -> Site:
    """The site of the tutorial."""
    graph = kg.open(built)
    return Site(graph, Addresses(graph.manifest.base))


@pytest.fixture(scope="session")
def copied(built: Path) -> Site:
    """The same as a static copy."""
    graph = kg.open(built)
    return Site(graph, FileAddresses(graph.manifest.base), live=False)


@pytest.fixture(scope="session")
def met_site(met: Graph) -> Site:
    """The site of the founding case, in memory."""
    return Site(met, Addresses(met.manifest.base))
