"""`NoiseGrid`: all tasks of a study of noisy copies at all pairs of noise levels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.studies.reasons import (
    Reason,
    every,
    explained,
    mostly_gain,
    mostly_loss,
    on,
    otherwise,
)
from w2s_widgets.theory.outcome import Sides
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable

_ROUNDING = 1e-12
"""Share of the truth's variance below which an error is only rounding."""

_DROPS = "Why: the student drops {dropped} of its teacher’s error"

REASONS = (
    Reason(
        every(on("teacher_noise", 0), on("student_noise", 0)),
        "Why: both copies are exact. Teacher and student can express every task, and nothing is dropped.",
    ),
    Reason(
        on("student_noise", 0),
        "Why: the student’s copy is exact, so its blind spot is empty. All that it drops, {dropped}, was its "
        "teacher’s error, and every dot lies on gain = misfit.",
    ),
    Reason(
        on("teacher_noise", 0),
        "Why: the teacher is exactly right. All that the student drops, {eps}, was right, and every dot lies "
        "on gain = −misfit.",
    ),
    Reason(
        mostly_gain,
        f"{_DROPS} and only {{eps}} of the truth, its blind spot. The difference is the gain.",
    ),
    Reason(
        mostly_loss,
        f"{_DROPS} but {{eps}} of the truth, its blind spot. Most of what it could not copy was right.",
    ),
    Reason(
        otherwise,
        f"{_DROPS} and with it {{eps}} of the truth, its blind spot. The gain is the first minus the second. "
        "It lies between minus a half and a half of the misfit.",
    ),
)


class NoiseGrid:
    """Outcomes of all tasks of a study at all pairs of noise levels."""

    def __init__(self, study: Any, noise: Sequence[float]) -> None:
        self.noise = tuple(noise)
        self.copied = getattr(study, "copied", "representation")
        self.variance = float(study.truth_variance)
        levels = np.array(self.noise)
        sides = study.sides(*np.meshgrid(levels, levels, indexing="ij"))
        floor = _ROUNDING * self.variance
        self.sides = Sides(*(np.where(np.abs(side) < floor, 0.0, side) for side in sides))
        eps = study.eps(levels)
        mean = np.where(eps < floor, 0.0, eps).mean(axis=-1)
        self.eps: FloatArray = np.broadcast_to(mean, self.sides.gain.shape[:2])

    @cached_property
    def table(self) -> OutcomeTable:
        """The mean outcome of every state.

        ``extra`` holds ``eps`` (mean squared blind spot of the student), ``dropped`` (how much of the
        teacher's error the student drops, ``gain + eps``) and ``bound`` (the most that the alignment can be,
        ``2 sqrt(eps * misfit)``).
        """
        eps, mean = self.eps, self.sides.mean(axis=-1)
        table = OutcomeTable(
            axes=(
                Axis(
                    "teacher_noise",
                    "Teacher’s noise",
                    self.noise,
                    f"noise in the teacher’s copy of the {self.copied}",
                ),
                Axis(
                    "student_noise",
                    "Student’s noise",
                    self.noise,
                    "noise in the student’s copy; 0 is realizable",
                ),
            ),
            sides=mean,
            err_ceiling=eps,
            truth_variance=self.variance,
            extra={"eps": eps, "dropped": mean.gain + eps, "bound": 2 * np.sqrt(eps * mean.misfit)},
        )
        return explained(table, REASONS)
