"""The two halves of each chapter hold the same cells, and the notebook can be read without a kernel."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.chapters.chapter import CHAPTERS, FOLDER, Chapter, cell_texts
from tests.chapters.each import each_chapter
from tests.chapters.refresh import WIDGET_VIEW, give_ids

OF_ONE_MACHINE = {
    "an absolute path": re.compile(
        r"(?<![\w:/.])/(?:home|root|tmp|Users|usr|opt|work|mnt|private)/|[A-Z]:\\\\?Users"
    ),
    "an object's address": re.compile(r"\b0x[0-9a-f]{6,}"),
    "an address of a host": re.compile(r"\b(?:localhost|127\.0\.0\.1)\b"),
}


def shown_texts(cell: NotebookNode) -> list[str]:
    """What a cell's outputs say, pictures left out."""
    texts = [output.get("text", "") for output in cell.outputs]
    for output in cell.outputs:
        texts += [str(text) for kind, text in output.get("data", {}).items() if not kind.startswith("image/")]
    return [re.sub(r"base64,[A-Za-z0-9+/=]+", "base64", text) for text in texts]


def test_every_file_is_half_of_a_pair() -> None:
    notebooks = {path.name for path in FOLDER.glob("*.ipynb")}
    scripts = {path.name for path in FOLDER.glob("*.py")}
    assert notebooks == {chapter.notebook.name for chapter in CHAPTERS}
    assert scripts == {chapter.script.name for chapter in CHAPTERS}
    assert CHAPTERS, "no chapter was found"


@each_chapter
def test_both_halves_hold_the_same_cells(chapter: Chapter) -> None:
    script, notebook = cell_texts(chapter.read_script()), cell_texts(chapter.read_notebook())
    assert script == notebook, f"run: python -m tests.chapters.refresh chapters/{chapter.script.name}"


@each_chapter
def test_notebook_was_run_from_top_to_bottom(chapter: Chapter) -> None:
    cells = [cell for cell in chapter.read_notebook().cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert "error" not in kinds
    assert kinds, "no cell has an output"


@each_chapter
def test_notebook_carries_no_widget_state(chapter: Chapter) -> None:
    assert "widgets" not in chapter.read_notebook().metadata
    text = chapter.notebook.read_text(encoding="utf-8")
    assert WIDGET_VIEW not in text
    assert "application/vnd.jupyter.widget-state+json" not in text


@each_chapter
def test_a_picture_and_a_sentence_stand_in_for_each_widget(chapter: Chapter) -> None:
    for cell in chapter.read_notebook().cells:
        for output in cell.get("outputs", []):
            assert output.get("data") != {}, f"an output without anything to see, after:\n{cell.source}"
            if any(kind.startswith("image/") for kind in output.get("data", {})):
                assert output.data.get("text/plain", "").strip(), (
                    f"no words beside the picture of:\n{cell.source}"
                )


@each_chapter
def test_outputs_name_no_machine(chapter: Chapter) -> None:
    for cell in chapter.read_notebook().cells:
        if cell.cell_type == "code":
            for text in shown_texts(cell):
                for what, pattern in OF_ONE_MACHINE.items():
                    assert not pattern.search(text), f"{what} in the output of:\n{cell.source}\n{text}"


@each_chapter
def test_notebook_is_valid_and_names_the_usual_kernel(chapter: Chapter) -> None:
    notebook = chapter.read_notebook()
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))


def test_a_difference_in_text_kind_or_tags_is_seen(tmp_path: Path) -> None:
    pair = Chapter(tmp_path / "00_pair.py")
    pair.script.write_text('# %% [markdown] tags=["predict"]\n# Text\n\n# %%\n1 + 1\n')
    same = pair.read_script()
    nbformat.write(same, pair.notebook)
    assert cell_texts(pair.read_script()) == cell_texts(pair.read_notebook())
    for change in ("Text", "[markdown]", "predict", "1 + 1"):
        original = pair.script.read_text()
        pair.script.write_text(original.replace(change, {"[markdown]": ""}.get(change, "other")))
        assert cell_texts(pair.read_script()) != cell_texts(pair.read_notebook()), change
        pair.script.write_text(original)


def test_cells_keep_their_ids_when_others_come_and_go() -> None:
    def made(*sources: str) -> NotebookNode:
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])

    before, after = made("a", "b", "c", "c"), made("new", "a", "c", "c", "b changed")
    give_ids(before, None)
    give_ids(after, before)
    ids = {cell.source: cell.id for cell in before.cells}
    assert after.cells[1].id == ids["a"]
    assert [cell.id for cell in after.cells[2:4]] == [cell.id for cell in before.cells[2:]]
    assert len({cell.id for cell in after.cells}) == 5
    again = made("new", "a", "c", "c", "b changed")
    give_ids(again, before)
    assert [cell.id for cell in again.cells] == [cell.id for cell in after.cells]
