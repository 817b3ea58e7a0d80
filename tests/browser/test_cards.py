"""A card in a notebook that nobody trusts yet, as in a fresh clone: a picture, and no run-together words."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import w2s_widgets as w2s
from tests.browser.lab import Lab

SHOWN = (
    "() => [...document.querySelectorAll('img[class^=w2s-triangle]')]"
    ".filter((image) => image.getClientRects().length > 0 && image.naturalWidth > 100).length"
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_untrusted_card_shows_its_triangle(lab: Lab, tmp_path: Path, theme: str) -> None:
    outcome = w2s.measure(truth=[2.0, 1.0], teacher=[1.0, 2.0], student=[1.0, 0.0])
    cell = new_code_cell("w2s.measure(...)", execution_count=1)
    data = {"text/plain": str(outcome), "text/html": outcome._repr_html_()}
    cell.outputs = [new_output("execute_result", data=data, execution_count=1)]
    notebook = new_notebook(cells=[cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    folder = tmp_path / "clone"
    folder.mkdir()
    nbformat.write(notebook, folder / "card.ipynb")
    page = lab.open(folder / "card.ipynb", theme=theme, whole=True).page
    page.wait_for_function(f"({SHOWN})() === 1")
    words = page.locator(".jp-OutputArea-output").first.inner_text()
    assert str(outcome) in words.replace("\n", " ")
    assert "Triangle of truth" not in words
    assert page.locator(".jp-OutputArea-output style").count() == 0, "this page trusts the card"
