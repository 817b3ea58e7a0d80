"""`GainExplorer`: sliders for weak-model quality, strong capacity and misfit on the exact linear world."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from w2s_widgets._renamed import old_keyword
from w2s_widgets.studies.linear.closed_form import DIMENSION
from w2s_widgets.studies.linear.linear_study import SMALLEST_CAPACITY, LinearStudy
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.widgets.explorer import AxisTrait
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer
from w2s_widgets.widgets.spec import ExplorerSpec, Preset

PRESETS = (
    Preset("The theorem’s setting", {"weak_quality": 0.4, "strong_capacity": 16, "misfit_share": 0.5},
           "The truth is inside the student's linear class: a right angle, gain = misfit."),
    Preset("All error is misfit", {"weak_quality": 0.4, "strong_capacity": 16, "misfit_share": 1.0},
           "The student can copy none of its teacher's error, so it makes none."),
    Preset("A student that copies", {"weak_quality": 0.4, "strong_capacity": DIMENSION, "misfit_share": 0.0},
           "A class that holds every function learns its teacher's mistakes too."),
    Preset("Too small to hold the truth", {"weak_quality": 0.4, "strong_capacity": 6, "misfit_share": 0.5},
           "Not realizable: nothing is promised. Here the angle is acute, and gain < misfit."),
    Preset("Worse than its teacher",
           {"weak_quality": 0.9, "strong_capacity": SMALLEST_CAPACITY, "misfit_share": 0.2},
           "A good teacher and a student that is too small: the gain is negative."),
)  # fmt: skip

_INITIAL = dict(PRESETS[0].state)
_SCREEN = ExplorerSpec(title="Gain explorer", presets=PRESETS, code="w2s.GainExplorer", code_arguments=())


@cache
def gain_table() -> OutcomeTable:
    """Return the outcomes of all states of `GainExplorer`, in closed form."""
    return LinearStudy().table()


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

    weak_quality = AxisTrait()
    strong_capacity = AxisTrait()
    misfit_share = AxisTrait()
    misfit = old_keyword("misfit")

    def __init__(self, *, controls: Collection[str] | None = None, **state: Any) -> None:
        super().__init__(gain_table(), _SCREEN, initial=_INITIAL, controls=controls, **state)
