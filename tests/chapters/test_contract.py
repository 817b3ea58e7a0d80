"""Each chapter keeps the contract of chapters/README.md: its parts, its links, and its time."""

from __future__ import annotations

import itertools
import re

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from tests.chapters.chapter import CHAPTERS, FOLDER, PARTS, Chapter, ChapterError, parts, run
from tests.chapters.each import each_chapter

OPENING = "00"
NOT_IN_THE_OPENING = {"name-it", "do-it"}
SECONDS = 15
PRIVATE = re.compile(r"\bw2s_widgets\.\w+|\bw2s(?:\.\w+)*\._\w+")
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)")


def markdown(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


@each_chapter
def test_has_its_parts_in_order(chapter: Chapter) -> None:
    found = parts(chapter.read_script())
    optional = NOT_IN_THE_OPENING if chapter.script.name.startswith(OPENING) else set()
    assert [part for part in PARTS if part not in {*found, *optional}] == [], (
        "parts that no cell is tagged with"
    )
    first_seen = list(dict.fromkeys(found))
    assert first_seen == sorted(first_seen, key=PARTS.index)


@each_chapter
def test_first_cell_says_what_is_needed_and_for_how_long(chapter: Chapter) -> None:
    first = chapter.read_script().cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert "question" in first.metadata.get("tags", [])
    assert re.search(r"\b\d+ (?:to \d+ )?minutes\b", first.source), "say how many minutes the chapter takes"
    assert re.search(r"\bneed", first.source), "say what is needed"


@each_chapter
def test_last_cell_links_on(chapter: Chapter) -> None:
    last = chapter.read_script().cells[-1]
    assert last.cell_type == "markdown"
    assert "next" in last.metadata.get("tags", [])
    number = CHAPTERS.index(chapter)
    if number + 1 < len(CHAPTERS):
        assert f"]({CHAPTERS[number + 1].notebook.name})" in last.source
    else:
        assert "](" in last.source


@each_chapter
def test_one_title_and_no_level_left_out(chapter: Chapter) -> None:
    text = re.sub(r"```.*?```", "", "\n\n".join(markdown(chapter.read_script())), flags=re.DOTALL)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@each_chapter
def test_links_inside_the_book_lead_somewhere(chapter: Chapter) -> None:
    for text in markdown(chapter.read_script()):
        for target in LINK.findall(text):
            assert (FOLDER / target).exists(), f"{target} is linked and does not exist"


@each_chapter
def test_ends_with_three_questions(chapter: Chapter) -> None:
    cells = chapter.read_script().cells
    start = next(i for i, cell in enumerate(cells) if "take-away" in cell.metadata.get("tags", []))
    text = "\n".join(cell.source for cell in cells[start:-1] if cell.cell_type == "markdown")
    asked = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert re.findall(r"^(\d)\. ", asked, flags=re.MULTILINE) == ["1", "2", "3"]


@each_chapter
def test_uses_public_names_alone(chapter: Chapter) -> None:
    code = [cell.source for cell in chapter.read_script().cells if cell.cell_type == "code"]
    assert [found for source in code for found in PRIVATE.findall(source)] == []


@pytest.mark.slow
@each_chapter
def test_runs_from_top_to_bottom_in_time(chapter: Chapter) -> None:
    seconds = run(chapter.read_script())
    # The clock on the wall also counts what else the machine is doing.
    assert min(seconds.wall, seconds.processor) < SECONDS, f"{chapter.script.name} took {seconds}"


@pytest.mark.parametrize(
    "source",
    ["1 / 0", "import ipywidgets\nout = ipywidgets.Output()\nwith out:\n    1 / 0"],
    ids=["in a cell", "inside an output widget"],
)
def test_an_error_stops_the_run(source: str) -> None:
    with pytest.raises(ChapterError, match="ZeroDivisionError"):
        run(new_notebook(cells=[new_code_cell(source)]))
