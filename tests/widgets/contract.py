"""The table of all widgets that a reader meets, one line each, and what tests do with any of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

SETUP = """
import ipywidgets
import numpy as np
import w2s_widgets as w2s
from w2s_widgets.progress.stop_button import StopButton
from w2s_widgets.theory.outcome import measure_many
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable

rng = np.random.default_rng(0)
hidden = rng.standard_normal((400, 16))
blurred = hidden + 0.5 * rng.standard_normal((400, 16))
y = hidden @ np.linspace(1, 0.2, 16) + 0.4 * rng.standard_normal(400)
widths = (12, 2, 16, 6, 4, 8, 10, 14, 3, 5, 7, 9)
teachers = {f"layer {width}, width {width}": blurred[:, :width] for width in widths}
students = {"wide": hidden, "narrow": hidden[:, :10]}
study = w2s.FeatureStudy(teachers, students, y, splits=1, n_student=[20, 60, 200])
truth, teacher, student = 0.6 * rng.standard_normal((3, 5, 4, 30))
axes = [Axis("noise", "Noise of the labels", [0, 0.1, 0.25, 0.5, 1]), Axis("pair", "Pair", list("abcd"))]
table = OutcomeTable(axes, measure_many(truth, teacher, student))
outcome = w2s.measure([2, 0], [0, 2], [0, 0])
"""
"""What the lines below may name; a kernel runs the same text."""

EXPLORERS = {
    "CurveExplorer": "w2s.CurveExplorer()",
    "GainExplorer": "w2s.GainExplorer()",
    "OutcomeExplorer": "w2s.OutcomeExplorer(table)",
    "ProjectionExplorer": "w2s.ProjectionExplorer()",
    "ProofExplorer": "w2s.ProofExplorer()",
    "SampleExplorer": "w2s.SampleExplorer()",
    "StudyExplorer": "w2s.StudyExplorer(study)",
    "SwapExplorer": "w2s.SwapExplorer()",
    "TeacherChooser": "w2s.TeacherChooser()",
}
"""Every explorer: what a test moves, and Python's answer to it, is read off the explorer itself."""

CARDS: dict[str, tuple[str, str, Any, Any]] = {
    "PairForm": ("w2s.PairForm()", "y", "score", 3),
    "Prediction": (
        "w2s.lessons.predict('Who errs less?', options=['teacher', 'student'], truth='student', "
        "reveal=w2s.plots.triangle(outcome))", "guess", "student", "nobody",
    ),
    "StopButton": ("StopButton()", "words", "Halt", 3),
    "Prediction of a number": (
        "w2s.lessons.predict('How large is the gain?', low=0, high=1, truth=0.4, reveal=outcome)",
        "guess", 0.5, 7,
    ),
}  # fmt: skip
"""Every other widget: its line, one of its traits, a value that it takes, and one that it refuses."""


_RNG = np.random.default_rng(2)
STRONG = _RNG.standard_normal((200, 4))
WEAK = STRONG[:, :2] + 0.5 * _RNG.standard_normal((200, 2))
Y = STRONG.sum(axis=1)
WEAK_TEXT, STRONG_TEXT = (
    "\n".join([names, *(",".join(map(repr, row)) for row in rows.tolist())]) + "\n"
    for names, rows in (("a,b", WEAK), ("c,d,e,f,score", np.column_stack([STRONG, Y])))
)
"""Two matrices and the truth, and the same as what is pasted into a form."""


@cache
def names() -> dict[str, Any]:
    """Run the setup once and return what the lines may name."""
    space: dict[str, Any] = {}
    exec(SETUP, space)
    return space


def line(name: str, **settings: Any) -> str:
    """Return the line of code that makes a widget of the tables, with settings beside its own."""
    code = EXPLORERS[name] if name in EXPLORERS else CARDS[name][0]
    given = ", ".join(f"{key}={value!r}" for key, value in settings.items())
    return f"{code[:-1]}{', ' if given and not code.endswith('()') else ''}{given})"


def make(name: str, **settings: Any) -> Any:
    """Make a widget of the tables."""
    return opened(line(name, **settings))


def opened(code: str) -> Any:
    """Make the widget that a line of code describes."""
    return eval(code, names())


def choices(explorer: Any) -> dict[str, list[Any]]:
    """List what each control of an explorer can be set to; of a continuous one, some of it and both ends."""
    spec = explorer._spec
    listed = {axis["name"]: axis["values"] for axis in spec.get("axes", ())}
    if "coordinates" not in spec:
        return listed
    reach = {name: spec["reach"][name[-1]] for name in spec["coordinates"]}
    fine = (-0.0301, 0.0004, 0.4567)
    places = {
        name: sorted({*np.linspace(-far, far, 41).round(2).tolist(), *fine}) for name, far in reach.items()
    }
    return {"shape": list(spec["shapes"])} | listed | places


def some_states(explorer: Any, count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Draw settings of all controls by seed; some may be out of reach."""
    rng = np.random.default_rng(seed)
    values = choices(explorer)
    return [{name: every[rng.integers(len(every))] for name, every in values.items()} for _ in range(count)]
