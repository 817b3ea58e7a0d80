"""A chapter as a pair of files: read both halves, compare them, run one from top to bottom."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

FOLDER = Path(__file__).parents[2] / "chapters"
CELL_SECONDS = 120
KEPT = ("tags", "jupyter")
"""What a cell's metadata may say: its tags, and whether its source or its outputs are folded."""
PARTS = ("question", "predict", "play", "name-it", "do-it", "break-it", "paper", "take-away", "next")


class ChapterError(AssertionError):
    """A chapter did not run from top to bottom without an error."""


@dataclass(frozen=True)
class Chapter:
    """One chapter, named by its half that people edit, in jupytext's percent format."""

    script: Path

    @property
    def notebook(self) -> Path:
        """The other half, with outputs."""
        return self.script.with_suffix(".ipynb")

    def read_script(self) -> NotebookNode:
        """Read the half that people edit, as a notebook without outputs."""
        return jupytext.read(self.script, fmt="py:percent")

    def read_notebook(self) -> NotebookNode:
        """Read the half with outputs."""
        return nbformat.read(self.notebook, as_version=4)


def chapters() -> list[Chapter]:
    """List the chapters in reading order."""
    return [Chapter(path) for path in sorted(FOLDER.glob("[0-9][0-9]_*.py"))]


CHAPTERS = chapters()


def cell_texts(notebook: NotebookNode) -> list[str]:
    """Write each cell as one text of type, tags, folds and source: two halves agree when these do."""
    texts = []
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in KEPT if cell.metadata.get(key)}
        texts.append(f"[{cell.cell_type}] {json.dumps(kept, sort_keys=True)}\n{cell.source.strip()}")
    return texts


def parts(notebook: NotebookNode) -> list[str]:
    """List the parts of a chapter that its cells' tags name, in order."""
    return [tag for cell in notebook.cells for tag in cell.metadata.get("tags", []) if tag in PARTS]


@dataclass(frozen=True)
class Seconds:
    """How long a chapter took: by the clock on the wall, and of the processor's time."""

    wall: float
    processor: float


def run(notebook: NotebookNode, folder: Path = FOLDER) -> Seconds:
    """Run a notebook in place from top to bottom, in `folder`, in a fresh kernel of this environment.

    `ChapterError` also when code that draws into an output widget raises, which runners let pass.
    """
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        allow_errors=True,
        # How a printed text is cut into messages depends on the moment.
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    notebook.cells.append(new_code_cell("import time\nprint(time.process_time())"))
    start = time.perf_counter()
    client.execute()
    wall = time.perf_counter() - start
    (clock,) = notebook.cells.pop().outputs
    stored = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    in_widgets = [output for state in client.widget_state.values() for output in state.get("outputs", [])]
    errors = [output for output in stored + in_widgets if output["output_type"] == "error"]
    if errors:
        raise ChapterError("\n\n".join("\n".join(error["traceback"]) for error in errors))
    return Seconds(wall, float(clock["text"]))
