"""`LinearStudy`: the linear world over teacher's quality, student's capacity and misfit share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from w2s_widgets.studies.linear.closed_form import (
    DIMENSION,
    TRUTH_CAPACITY,
    linear_world_eps,
    linear_world_possible,
    linear_world_sides,
)
from w2s_widgets.studies.linear.linear_world import LinearWorld
from w2s_widgets.studies.reasons import Condition, Reason, on, otherwise
from w2s_widgets.studies.study import Study
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.outcome_table import OutcomeTable

LOWEST_QUALITY = 0.2
SMALLEST_CAPACITY = 6


def too_small(student: str = "strong_capacity") -> Condition:
    """Hold where the student has fewer directions than the truth."""
    return lambda table: np.asarray(table.values_of(student) < TRUTH_CAPACITY)


class LinearStudy(Study):
    """`LinearWorld` with its defaults at many settings, in closed form.

    Examples
    --------
    >>> study = LinearStudy()
    >>> study.outcome(weak_quality=0.5, strong_capacity=16, misfit_share=0.4).gain
    0.2
    >>> study.table().outcome(weak_quality=0.5, strong_capacity=16, misfit_share=0.4).gain
    0.2
    """

    name = "Linear world"
    code = "w2s.LinearStudy()"
    axes: ClassVar[dict[str, Sequence[Any]]] = {
        "weak_quality": tuple(np.round(np.arange(LOWEST_QUALITY, 1.001, 0.02), 10).tolist()),
        "strong_capacity": tuple(range(SMALLEST_CAPACITY, DIMENSION + 1)),
        "misfit_share": tuple(np.round(np.arange(21) / 20, 10).tolist()),
    }
    defaults: ClassVar[dict[str, Any]] = {
        "weak_quality": 0.6,
        "strong_capacity": 16,
        "misfit_share": 0.5,
    }
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "weak_quality": ("Weak-model quality", "share of the truth’s variance that the teacher explains"),
        "strong_capacity": (
            "Strong capacity",
            f"directions the student can use; the truth needs {TRUTH_CAPACITY} of {DIMENSION}",
        ),
        "misfit_share": ("Misfit share", "share of the teacher’s error that the student cannot copy"),
    }
    reasons = (
        Reason(
            on("strong_capacity", DIMENSION),
            f"Why: with all {DIMENSION} directions the student can express everything, its teacher’s "
            "mistakes too.",
        ),
        Reason(
            too_small(),
            f"Why: the truth needs {TRUTH_CAPACITY} directions and the student has only {{strong_capacity}}, "
            "so the truth is not in its class. What the student cannot express makes a slack of {slack}.",
        ),
        Reason(on("weak_quality", 1), "Why: the teacher has no error, so there is none to remove."),
        Reason(
            on("misfit_share", 0),
            "Why: the teacher has no error that the student cannot copy, so the student copies it whole.",
        ),
        Reason(
            otherwise,
            f"Why: the truth needs {TRUTH_CAPACITY} directions and the student has {{strong_capacity}}, so "
            "the truth is in its class; the class is a linear space. The slack is exactly zero.",
        ),
    )

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        return [_outcome_or_reason(setting) for setting in settings]

    def _table(self) -> OutcomeTable:
        quality, capacity, share = np.meshgrid(*self.axes.values(), indexing="ij")
        return OutcomeTable(
            [self._axis(name) for name in self.axes],
            linear_world_sides(quality, capacity, share),
            err_ceiling=linear_world_eps(capacity),
            possible=linear_world_possible(capacity, share),
            adjusts="misfit_share",
            impossible=(
                f"With all {DIMENSION} directions the student can copy every error of its teacher: "
                "the misfit can only be 0."
            ),
            truth_variance=1.0,
        )


def _outcome_or_reason(setting: dict[str, Any]) -> Outcome | str:
    try:
        return LinearWorld(**setting).outcome()
    except ValueError as problem:
        return str(problem)
