"""The notebook in docs/ runs from its first cell to its last."""

from __future__ import annotations

import warnings

import pytest

from tests.conftest import ROOT

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")


@pytest.mark.filterwarnings("ignore")
def test_every_cell_runs_and_shows_something() -> None:
    notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT / "docs")}}).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) >= 8
    for cell in cells:
        assert cell.outputs, cell.source
        assert not any(output.output_type == "error" for output in cell.outputs)


def test_the_notebook_is_kept_without_output() -> None:
    notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
