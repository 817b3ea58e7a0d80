"""A reader who has done nothing yet, for every test; and a notebook to run as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from w2s_widgets import lessons
from w2s_widgets.lessons.prediction import SKIP_VARIABLE


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(SKIP_VARIABLE, raising=False)
    monkeypatch.setattr("w2s_widgets.lessons.prediction._skip", None)
    lessons.start_over()
    yield
    lessons.start_over()


def ran(folder: Path, cells: list[str]) -> NotebookNode:
    """Run cells in a fresh kernel and return them with their outputs."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook
