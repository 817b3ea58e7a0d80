"""Make the notebooks anew from the scripts beside them: `python -m tests.chapters.refresh [NN_name.py ...]`.

With `--check`, run them and write nothing.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.chapters.chapter import KEPT, Chapter, Seconds, cell_texts, chapters, run

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# Without the version, which differs from author to author; with the ending that a script of it gets.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
    },
}


def refreshed(chapter: Chapter) -> tuple[NotebookNode, Seconds]:
    """Run a chapter's script and return it as a tidy notebook with outputs, and how long it took."""
    notebook = chapter.read_script()
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    before = chapter.read_notebook() if chapter.notebook.exists() else None
    give_ids(notebook, before)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: cell.metadata[key] for key in KEPT if key in cell.metadata})
    seconds = run(notebook)
    tidy(notebook)
    nbformat.validate(notebook)
    return notebook, seconds


def give_ids(notebook: NotebookNode, before: NotebookNode | None) -> None:
    """Name the cells: a cell that is still there keeps its id, a new one is named after its text."""
    now = cell_texts(notebook)
    ids: dict[int, str] = {}
    if before is not None:
        old = [cell.get("id") for cell in before.cells]
        matcher = difflib.SequenceMatcher(None, cell_texts(before), now, autojunk=False)
        for kind, first_old, last_old, first, last in matcher.get_opcodes():
            if kind == "equal" or (kind == "replace" and last_old - first_old == last - first):
                ids.update((first + step, old[first_old + step]) for step in range(last - first))
    ids = {index: name for index, name in ids.items() if name}
    for index, cell in enumerate(notebook.cells):
        name = ids.get(index) or hashlib.sha256(now[index].encode()).hexdigest()[:8]
        while any(name == ids.get(other) for other in ids if other != index):
            name = hashlib.sha256(name.encode()).hexdigest()[:8]
        ids[index] = cell["id"] = name


def tidy(notebook: NotebookNode) -> None:
    """Keep what a page can show: no widget state, no view that asks for one, no trace of the machine."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(WIDGET_VIEW, None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("data") != {}]


def main() -> None:
    """Refresh the chapters named on the command line, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scripts", nargs="*", type=Path, help="chapters/NN_name.py; all when none is named")
    parser.add_argument("--check", action="store_true", help="run, and write nothing")
    arguments = parser.parse_args()
    chosen = [Chapter(path.with_suffix(".py").resolve()) for path in arguments.scripts] or chapters()
    for chapter in chosen:
        notebook, seconds = refreshed(chapter)
        if not arguments.check:
            nbformat.write(notebook, chapter.notebook)
        done = "runs without an error" if arguments.check else "is written"
        print(f"{chapter.notebook.name} {done}: {len(notebook.cells)} cells, {seconds.wall:.1f} s")


if __name__ == "__main__":
    main()
