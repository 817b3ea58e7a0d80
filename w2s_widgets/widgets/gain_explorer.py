"""`GainExplorer`: sliders for weak-model quality, strong capacity and misfit on the exact linear world."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import numpy as np

from w2s_widgets._renamed import accepts_old
from w2s_widgets.studies.linear.closed_form import (
    DIMENSION,
    TRUTH_CAPACITY,
    linear_world_eps,
    linear_world_possible,
    linear_world_sides,
)
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.widgets.explorer import OnGrid, OutcomeExplorer
from w2s_widgets.widgets.spec import Preset, Screen

LOWEST_QUALITY = 0.2
SMALLEST_CAPACITY = 6

PRESETS = (
    Preset(
        "The theorem’s setting",
        {"weak_quality": 0.4, "strong_capacity": 16, "misfit_share": 0.5},
        "The truth is inside the student's linear class: a right angle, gain = misfit.",
    ),
    Preset(
        "All error is misfit",
        {"weak_quality": 0.4, "strong_capacity": 16, "misfit_share": 1.0},
        "The student can copy none of its teacher's error, so it makes none.",
    ),
    Preset(
        "A student that copies",
        {"weak_quality": 0.4, "strong_capacity": DIMENSION, "misfit_share": 0.0},
        "A class that holds every function learns its teacher's mistakes too.",
    ),
    Preset(
        "Too small to hold the truth",
        {"weak_quality": 0.4, "strong_capacity": 6, "misfit_share": 0.5},
        "Not realizable: the angle is acute, and the promise is broken.",
    ),
    Preset(
        "Worse than its teacher",
        {"weak_quality": 0.9, "strong_capacity": SMALLEST_CAPACITY, "misfit_share": 0.2},
        "A good teacher and a student that is too small: the gain is negative.",
    ),
)

_INITIAL = dict(PRESETS[0].state)

_REASONS = (
    f"Why: the truth needs {TRUTH_CAPACITY} directions and the student has {{strong_capacity}}, so the truth "
    "is in its class; the class is a linear space. The slack is exactly zero.",
    f"Why: the truth needs {TRUTH_CAPACITY} directions and the student has only {{strong_capacity}}, so the "
    "truth is not in its class. What the student cannot express costs a slack of {slack}.",
    f"Why: with all {DIMENSION} directions the student can express everything, its teacher’s mistakes too.",
    "Why: the teacher has no error that the student cannot copy, so the student copies it whole.",
    "Why: the teacher has no error, so there is none to remove.",
)


@cache
def gain_table() -> OutcomeTable:
    """Compute the outcomes of all states of `GainExplorer`, in closed form.

    Examples
    --------
    >>> gain_table().outcome(weak_quality=0.5, strong_capacity=16, misfit_share=0.4).gain
    0.2
    """
    quality = np.round(np.arange(LOWEST_QUALITY, 1.001, 0.02), 10)
    capacity = np.arange(SMALLEST_CAPACITY, DIMENSION + 1)
    share = np.round(np.arange(21) / 20, 10)
    grid = np.meshgrid(quality, capacity, share, indexing="ij")
    possible = linear_world_possible(grid[1], grid[2])
    reason = np.select(
        [
            grid[1] == DIMENSION,
            grid[1] < TRUTH_CAPACITY,
            grid[0] == 1,
            grid[2] == 0,
        ],
        [2, 1, 4, 3],
        default=0,
    )
    return OutcomeTable(
        axes=(
            Axis(
                "weak_quality",
                "Weak-model quality",
                quality.tolist(),
                "share of the truth’s variance that the teacher explains",
            ),
            Axis(
                "strong_capacity",
                "Strong capacity",
                [int(k) for k in capacity],
                f"directions the student can use; the truth needs {TRUTH_CAPACITY} of {DIMENSION}",
            ),
            Axis(
                "misfit_share",
                "Misfit share",
                share.tolist(),
                "share of the teacher’s error that the student cannot copy",
            ),
        ),
        sides=linear_world_sides(*grid),
        err_ceiling=linear_world_eps(grid[1]),
        reason=reason.astype(np.uint8),
        reasons=_REASONS,
        possible=possible,
        yields="misfit_share",
        impossible=(
            f"With all {DIMENSION} directions the student can copy every error of its teacher: "
            "the misfit can only be 0."
        ),
        truth_variance=1.0,
    )


class GainExplorer(OutcomeExplorer):
    """Three sliders and three linked drawings of the theorem: gain equals misfit.

    The numbers are those of `LinearWorld` with its defaults, in closed form: the truth has length 1 and
    uses 12 of 24 directions.

    Parameters
    ----------
    weak_quality : float
        From 0.2 to 1 in steps of 0.02: the teacher's R^2, so its error is ``1 - weak_quality``.
    strong_capacity : int
        From 6 to 24: number of directions that the student can use; the truth needs 12.
    misfit_share : float
        From 0 to 1 in steps of 0.05: share of the teacher's error that the student cannot copy.
    controls : collection of str, optional
        Which sliders to show, so that a teacher can put one at a time before a class.

    Raises
    ------
    traitlets.TraitError
        If a value is outside its range; the state stays as it was.

    Notes
    -----
    Values between two steps snap to the nearer one. Setting a misfit that the capacity does not allow
    sets the nearest one that it does, and ``note`` says so.

    Examples
    --------
    >>> explorer = GainExplorer(weak_quality=0.5, strong_capacity=16, misfit_share=0.4)
    >>> explorer.outcome.gain, explorer.outcome.slack
    (0.2, 0.0)
    >>> explorer.strong_capacity = 24
    >>> explorer.misfit_share, explorer.note
    (0.0, 'With all 24 directions the student can copy every error of its teacher: the misfit can only be 0.')
    """

    weak_quality = OnGrid().tag(sync=True)
    strong_capacity = OnGrid().tag(sync=True)
    misfit_share = OnGrid().tag(sync=True)

    @accepts_old("misfit")
    def __init__(self, *, controls: Collection[str] | None = None, **state: Any) -> None:
        screen = Screen(
            title="Gain explorer",
            presets=PRESETS,
            controls=controls,
            code="w2s.GainExplorer",
            code_arguments=() if controls is None else (f"controls={sorted(controls)!r}",),
        )
        super().__init__(gain_table(), screen, initial=_INITIAL, **state)
