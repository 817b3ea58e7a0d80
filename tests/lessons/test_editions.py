"""Every chapter's stubs and solutions fit each other; its editions hold what they should, and run."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import w2s_widgets as w2s
from tests.chapters.chapter import CHAPTERS, Chapter, run
from tests.chapters.each import each_chapter
from w2s_widgets.lessons import editions
from w2s_widgets.lessons.exercise import functions_in
from w2s_widgets.lessons.exercises import exercises

ROOT = Path(__file__).parents[2]
OPENING, FIRST_ASSUMPTIONS = "00", "03"
TELL = """
import json
from w2s_widgets.lessons.log import SESSION_LOG
print(json.dumps({name: [one.tries, one.passed] for name, one in SESSION_LOG.exercises.items()}))
"""


def asked(notebook: NotebookNode) -> list[str]:
    """Names of the exercises that a chapter asks for, in order."""
    return [exercise.name for cell in notebook.cells for exercise in editions.stubs(cell)]


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def defined(code: str, name: str) -> Any:
    """Run one function of a cell, and nothing else that is in it."""
    space: dict[str, Any] = {"np": np, "w2s": w2s}
    function = functions_in(code)[name]
    exec("\n".join(code.split("\n")[function.lineno - 1 : function.end_lineno]), space)
    return space[name]


@each_chapter
def test_a_chapter_asks_for_enough_and_tags_every_stub(chapter: Chapter) -> None:
    source = chapter.read_script()
    number = chapter.script.name[:2]
    least = 0 if number == OPENING else 1 if number < FIRST_ASSUMPTIONS else 2
    assert len(asked(source)) >= least
    assert len(set(asked(source))) == len(asked(source)), "an exercise is asked for twice"
    for cell in source.cells:
        if cell.cell_type == "code" and "exercise" not in tags(cell):
            # A magic would be no Python, and defines nothing.
            plain = "\n".join(line for line in cell.source.split("\n") if not line.startswith(("%", "!")))
            assert not set(functions_in(plain)) & set(exercises()), f"tag this cell exercise:\n{cell.source}"


@each_chapter
def test_every_stub_fails_its_check_and_counts_as_not_written(chapter: Chapter) -> None:
    for cell in chapter.read_script().cells:
        for exercise in editions.stubs(cell):
            result = exercise(defined(cell.source, exercise.name))
            assert not result.passed
            assert not result.written, f"{exercise.name} says: {result.message}"


@each_chapter
def test_what_an_exercise_offers_is_in_its_chapter(chapter: Chapter) -> None:
    text = "\n".join(cell.source for cell in chapter.read_script().cells if cell.cell_type == "code")
    for name in asked(chapter.read_script()):
        assert f'check("{name}"' in text or f"check_{name}(" in text, f"{name} is not checked"
        assert any(f'"{name}"' in line for line in text.split("\n") if "lessons.hints(" in line), (
            f"{name} has no hints"
        )


def test_every_exercise_is_asked_for_in_one_chapter() -> None:
    names = [name for chapter in CHAPTERS for name in asked(chapter.read_script())]
    assert sorted(names) == sorted(exercises())


@each_chapter
def test_editions_differ_from_the_source_in_stubs_and_notes_alone(chapter: Chapter) -> None:
    source = chapter.read_script()
    student, instructor = editions.student_edition(source), editions.instructor_edition(source)
    kept = [cell for cell in source.cells if "instructor" not in tags(cell)]
    assert [(cell.cell_type, cell.source) for cell in student.cells] == [
        (c.cell_type, c.source) for c in kept
    ]
    assert len(instructor.cells) == len(source.cells)
    for before, after in zip(source.cells, instructor.cells, strict=True):
        found = editions.stubs(before)
        if not found:
            for part in ("cell_type", "source", "metadata"):
                assert after[part] == before[part]
        for exercise in found:
            assert exercise.solution.strip() in after.source
            assert before.source.split("\n")[-1] == after.source.split("\n")[-1], (
                "the call of the check stays"
            )
    for edition in (student, instructor):
        nbformat.validate(edition)
        assert "jupytext" not in edition.metadata
        assert all(not cell.get("outputs") for cell in edition.cells)


@pytest.mark.slow
@each_chapter
def test_the_instructor_edition_runs_with_all_checks_passed(chapter: Chapter) -> None:
    edition = editions.instructor_edition(chapter.read_script())
    edition.cells.append(new_code_cell(TELL))
    run(edition)
    [output] = edition.cells[-1].outputs
    assert json.loads(output["text"]) == {name: [1, True] for name in asked(chapter.read_script())}


@pytest.mark.slow
@each_chapter
def test_the_student_edition_runs_too(chapter: Chapter) -> None:
    source = chapter.read_script()
    if not any(cell.cell_type == "code" and "instructor" in tags(cell) for cell in source.cells):
        pytest.skip("its code is the chapter's, which runs in tests/chapters")
    run(editions.student_edition(source))


STUB = "def misfit(teacher, student):\n    return None  # your code\n\n\nlessons.check_misfit(misfit)"


def tagged(source: str, tag: str = "exercise") -> NotebookNode:
    return new_code_cell(source, metadata={"tags": [tag]})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "def misfit(student, teacher): ...",
            "the stub of 'misfit' takes student, teacher: let it take teacher,",
        ),
        ("def misfit(): ...", "the stub of 'misfit' takes nothing"),
        ("def misfits(teacher, student): ...", "defines misfits: let it define one of "),
        ("x = 1", "defines nothing: let it define one of "),
        ("def misfit(teacher, student:", "this is no plain Python"),
    ],
)
def test_a_stub_that_does_not_fit_is_refused(source: str, words: str) -> None:
    for cut in (editions.student_edition, editions.instructor_edition):
        with pytest.raises(ValueError, match=words):
            cut(new_notebook(cells=[tagged(source)]))


def test_a_solution_that_does_not_fit_is_refused() -> None:
    misfit = exercises()["misfit"]
    with pytest.raises(ValueError, match="the solution of 'misfit' defines no function of that name"):
        replace(misfit, solution="def gap(teacher, student):\n    return 0\n")
    with pytest.raises(ValueError, match="the solution of 'misfit' takes y: let it take teacher, student"):
        replace(misfit, solution="def misfit(y):\n    return 0\n")


def test_stubs_in_any_order_with_code_between_are_all_replaced() -> None:
    source = (
        "a = 1\n\n\n@staticmethod\ndef gain(truth, teacher, student):\n    # your code\n    return None\n\n\n"
        "b = 2\n\n\ndef misfit(teacher, student): ...\nc = 3"
    )
    [cell] = editions.instructor_edition(new_notebook(cells=[tagged(source)])).cells
    gain, misfit = (exercises()[name].solution.strip() for name in ("gain", "misfit"))
    assert cell.source == f"a = 1\n\n\n{gain}\n\n\nb = 2\n\n\n{misfit}\nc = 3"


def test_cutting_leaves_the_chapter_as_it_was() -> None:
    chapter = new_notebook(cells=[tagged(STUB), new_markdown_cell("Note", metadata={"tags": ["instructor"]})])
    before = json.dumps(chapter, sort_keys=True)
    editions.student_edition(chapter)
    editions.instructor_edition(chapter)
    assert json.dumps(chapter, sort_keys=True) == before


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "w2s_widgets.lessons.editions", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_both_editions_the_same_every_time(tmp_path: Path) -> None:
    source = Path("chapters/01_the_right_angle.py")
    written = []
    for folder in ("one", "two"):
        student, instructor = tmp_path / folder / "student.ipynb", tmp_path / folder / "instructor.py"
        done = command(source, "--student", student, "--instructor", instructor)
        assert done.returncode == 0, done.stderr
        assert f"{student} is written: " in done.stdout
        written.append((student.read_bytes(), instructor.read_bytes()))
    assert written[0] == written[1]
    chapter = jupytext.read(ROOT / source)
    for path, cut in ((student, editions.student_edition), (instructor, editions.instructor_edition)):
        sources = [cell.source.strip() for cell in jupytext.read(path).cells]
        assert sources == [cell.source.strip() for cell in cut(chapter).cells]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chapters/01_the_right_angle.py"], "nothing to write"),
        (["chapters/99.py", "--student", "x.ipynb"], "there is no chapter chapters/99.py"),
        (["README.md", "--student", "x.ipynb"], "neither a notebook nor a script"),
        (["chapters/01_the_right_angle.py", "--student", "x.txt"], "neither a notebook nor a script"),
        (
            ["chapters/01_the_right_angle.py", "--student", "x.py", "--instructor", "x.py"],
            "each its own file",
        ),
        (["chapters/01_the_right_angle.py", "--student", "chapters/01_the_right_angle.ipynb"], "overwrite"),
    ],
)
def test_the_command_refuses_in_one_sentence(arguments: list[str], words: str) -> None:
    before = (ROOT / "chapters/01_the_right_angle.ipynb").read_bytes()
    done = command(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (ROOT / "x.ipynb").exists()
    assert (ROOT / "chapters/01_the_right_angle.ipynb").read_bytes() == before
