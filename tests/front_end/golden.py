"""What Python writes, looks up and computes where the page does the same: the numbers in golden.json."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

from w2s_widgets._numbers import add_up, format_fixed, format_number
from w2s_widgets.display.text import sentence_case
from w2s_widgets.studies.linear.function_plane import SHAPES, plane_outcome
from w2s_widgets.studies.linear.plane_reasons import reason_case
from w2s_widgets.theory.outcome import Sides
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer

NUMBERS = [0.0, 0.0625, 0.0005, 0.00049999, 1 / 3, 1.0005, 2.5, 9.9995, 12.5, 1234.5678, 0.1 + 0.2]
SCALES = [0.0, *(10.0**power for power in range(-12, 13)), 0.0099999, 99999.0, 3e-9, 7.7e11]
SIDES = ("err_weak", "err_student", "misfit", "gain", "slack")


def golden_text() -> str:
    """Return golden.json."""
    parts = {
        "written": written(), "added": added(), "fixed": fixed(), "grid": grid(), "plane": plane(),
    }  # fmt: skip
    lines = [f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in parts.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def values() -> list[float]:
    """Numbers of every size and sign, with halves that round up and some that are none."""
    sizes = [1.0, *(10.0**power for power in (-15, -12, -9, -5, -3, -2, -1, 1, 3, 5, 6, 9, 12))]
    return [sign * number * size for number in NUMBERS for size in sizes for sign in (1, -1)]


def written() -> list[list[Any]]:
    """Errors beside the largest one, as words."""
    pairs = [(value, scale) for value in values()[::5] for scale in SCALES]
    odd = [(value, scale) for value in (np.nan, np.inf, -np.inf) for scale in (1e-8, 1.0, 1e8)]
    return [[_number(value), scale, format_number(value, scale=scale)] for value, scale in pairs + odd]


def added() -> list[list[Any]]:
    """Parts of a total and the largest error beside them, as words that add up."""
    rng = np.random.default_rng(0)
    found = []
    for scale in (1e-8, 0.5, 1.0, 300.0):
        for parts in (rng.normal(size=(40, 3)) * scale * rng.choice([1e-3, 0.1, 1], size=(40, 1))).tolist():
            total = float(np.sum(parts))
            words = [format_number(part, scale=scale) for part in add_up(parts, total, scale)]
            found.append([parts, total, scale, words])
    return found


def fixed() -> list[list[Any]]:
    """Numbers with so many decimals, as words."""
    some = [(value, decimals) for value in (*values(), np.nan, np.inf) for decimals in (0, 1, 3)]
    return [[_number(value), decimals, format_fixed(value, decimals)] for value, decimals in some]


def grid() -> dict[str, Any]:
    """A small table as an explorer sends it, where values snap to, and which state is shown for which."""
    number = Axis("share", "Share", [-0.5, 0.0, 0.1, 0.25, 1.0])
    choice = Axis("kind", "Kind", ["plain", "fancy", "odd"])
    misfit = np.arange(15.0).reshape(5, 3) / 8
    student = np.ones((5, 3)) / 2
    reachable = np.array([[1, 0, 1], [1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 1, 1]], dtype=bool)
    table = OutcomeTable(
        [number, choice],
        Sides(misfit + student, student, misfit, misfit, np.zeros((5, 3))),
        possible=reachable,
        adjusts="share",
        impossible="That cannot be.",
    )
    explorer = OutcomeExplorer(table)
    asked = [-0.5, -0.26, 0.0, 0.0499, 0.06, 0.2, 0.6, 0.63, 1.0, 1.0 + 1e-12]
    states = [(i, j) for i in range(5) for j in range(3)]
    shown = [table.nearest_possible(share=number.values[i], kind=choice.values[j]) for i, j in states]
    settled = [[number.index_of(state["share"]), choice.index_of(state["kind"])] for state in shown]
    return {
        "spec": explorer._spec,
        "table": base64.b64encode(explorer._table).decode(),
        "codes": base64.b64encode(explorer._codes).decode(),
        "snapped": [[value, number.index_of(value)] for value in asked],
        "settled": [[list(state), found] for state, found in zip(states, settled, strict=True)],
        "misfit": [table.outcome(**state).misfit for state in shown],
        "sentence": explorer.sentence,
    }


def plane() -> list[dict[str, Any]]:
    """Positions of truth and teacher on every set, with the student, the ceiling and the errors."""
    rng = np.random.default_rng(5)
    found = []
    for name, shape in SHAPES.items():
        places = rng.uniform((-2.5, -2), (2.5, 2), size=(24, 2, 2)).round(2).tolist()
        for truth, teacher in places:
            outcome = plane_outcome(name, truth, teacher)
            nearest = shape.nearest(tuple(teacher))
            found.append(
                {
                    "set": shape.as_json() | {"outline": []},
                    "truth": truth,
                    "teacher": teacher,
                    "student": nearest.point,
                    "tied": nearest.tied,
                    "eps": outcome.err_ceiling,
                    **{side: getattr(outcome, side) for side in SIDES},
                    "case": sentence_case(outcome),
                    "reason": reason_case(shape, tuple(truth), tuple(teacher), outcome),
                }
            )
    return found


def _number(value: float) -> float | str:
    return float(value) if np.isfinite(value) else str(value).replace("inf", "Infinity").replace("nan", "NaN")
