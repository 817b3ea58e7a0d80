r"""Cut a chapter's student and instructor editions from its one source, by the tags of its cells.

On a command line, from a chapter's script::

    python -m w2s_widgets.lessons.editions chapters/01_the_right_angle.py \
        --student student.ipynb --instructor instructor.ipynb

=============  =======================================  ===========================================
tag            in the student's edition                 in the instructor's edition
=============  =======================================  ===========================================
``exercise``   stubs to write, as in the source         each stub replaced by a solution that passes
``instructor`` left out                                 kept
any other      kept                                     kept
=============  =======================================  ===========================================

A cell tagged ``exercise`` holds functions named as exercises in `w2s_widgets.lessons.exercises`, with the
same arguments; what else is in the cell, such as the call of the check, stays. Folded hints and solutions
stay in both editions, for whoever reads alone. Editions carry no outputs.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from w2s_widgets._optional import MissingPackageError, import_optional
from w2s_widgets.lessons.exercise import Exercise, functions_in
from w2s_widgets.lessons.exercises import exercises

EXERCISE, INSTRUCTOR = "exercise", "instructor"
FORMATS = {".ipynb": "ipynb", ".py": "py:percent"}
Notebook = Any
"""A notebook as `nbformat` has it in memory."""


def student_edition(chapter: Notebook) -> Notebook:
    """Return a copy of a chapter without what is meant for instructors."""
    edition = _bare(chapter)
    for cell in edition.cells:
        stubs(cell)
    edition.cells = [cell for cell in edition.cells if INSTRUCTOR not in _tags(cell)]
    return edition


def instructor_edition(chapter: Notebook) -> Notebook:
    r"""Return a copy of a chapter with a solution in place of each stub, and with its notes for instructors.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> stub = "def misfit(teacher, student):\n    return None  # your code\n\n\nlessons.check_misfit(misfit)"
    >>> cell = new_code_cell(stub, metadata={"tags": ["exercise"]})
    >>> print(instructor_edition(new_notebook(cells=[cell])).cells[0].source)
    def misfit(teacher, student):
        return np.mean((student - teacher) ** 2)
    <BLANKLINE>
    <BLANKLINE>
    lessons.check_misfit(misfit)
    """
    edition = _bare(chapter)
    for cell in edition.cells:
        found = stubs(cell)
        if found:
            cell.source = _solved(cell.source, found)
    return edition


def stubs(cell: Notebook) -> list[Exercise]:
    """Return the exercises whose stubs a cell holds: none, unless it is tagged ``exercise``."""
    if EXERCISE not in _tags(cell):
        return []
    functions, known = functions_in(cell.source), exercises()
    found = [known[name] for name in functions if name in known]
    if not found:
        raise ValueError(
            f"a cell is tagged {EXERCISE!r} and defines {', '.join(functions) or 'nothing'}: "
            f"let it define one of {', '.join(known)}.\n{cell.source}"
        )
    for exercise in found:
        exercise.fit(functions[exercise.name], "stub")
    return found


def read_chapter(source: Path) -> Notebook:
    """Read a chapter's script (or its notebook)."""
    _known_format(source)
    if not source.is_file():
        raise ValueError(f"there is no chapter {source}: name a file such as chapters/01_the_right_angle.py.")
    return _jupytext().read(source, fmt=FORMATS[source.suffix])


def write_edition(edition: Notebook, target: Path) -> None:
    """Write an edition as a notebook (``.ipynb``) or as a script (``.py``)."""
    _known_format(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _jupytext().write(edition, target, fmt=FORMATS[target.suffix])


def main(arguments: Sequence[str] | None = None) -> None:
    """Cut the editions that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m w2s_widgets.lessons.editions", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("chapter", type=Path, help="the chapter's script, chapters/NN_name.py")
    parser.add_argument("--student", type=Path, metavar="OUT", help="write the student's edition here")
    parser.add_argument("--instructor", type=Path, metavar="OUT", help="write the instructor's edition here")
    given = parser.parse_args(arguments)
    wanted = {given.student: student_edition, given.instructor: instructor_edition}
    wanted.pop(None, None)
    try:
        if not wanted:
            raise ValueError("nothing to write: give --student OUT, --instructor OUT, or both.")
        if given.student == given.instructor:
            raise ValueError(f"both editions would be {given.student}: give each its own file.")
        halves = {given.chapter.with_suffix(suffix).resolve() for suffix in FORMATS}
        if halves & {target.resolve() for target in wanted}:
            raise ValueError("an edition would overwrite the chapter itself: give another file.")
        for target in wanted:
            _known_format(target)
        chapter = read_chapter(given.chapter)
        editions = {target: cut(chapter) for target, cut in wanted.items()}
    except (ValueError, MissingPackageError) as error:
        parser.error(str(error))
    for target, edition in editions.items():
        write_edition(edition, target)
        sys.stdout.write(f"{target} is written: {len(edition.cells)} cells\n")


def _solved(source: str, found: list[Exercise]) -> str:
    lines, functions = source.split("\n"), functions_in(source)
    # From the last to the first, so that line numbers stay true.
    for exercise in sorted(found, key=lambda one: functions[one.name].lineno, reverse=True):
        stub = functions[exercise.name]
        first = min([stub.lineno, *(one.lineno for one in stub.decorator_list)])
        lines[first - 1 : stub.end_lineno] = exercise.solution.strip().split("\n")
    return "\n".join(lines)


def _bare(chapter: Notebook) -> Notebook:
    """Return a copy without outputs, tied to no pair; each cell is named by its place in the source."""
    edition = copy.deepcopy(chapter)
    edition.metadata.pop("jupytext", None)
    edition.nbformat, edition.nbformat_minor = 4, 5
    for number, cell in enumerate(edition.cells):
        cell["id"] = f"cell-{number}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return edition


def _tags(cell: Notebook) -> list[str]:
    tags: list[str] = cell.metadata.get("tags", [])
    return tags


def _jupytext() -> Any:
    return import_optional("jupytext", "Reading the chapters", extra="chapters")


def _known_format(path: Path) -> None:
    if path.suffix not in FORMATS:
        raise ValueError(f"{path} is neither a notebook nor a script: give a name in .ipynb or .py.")


if __name__ == "__main__":
    main()
