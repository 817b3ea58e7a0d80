"""`SwapExplorer`: two noise sliders carry a cloud of tasks from gain = misfit to gain = -misfit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

import numpy as np
import traitlets

from w2s_widgets.arrays import FloatArray
from w2s_widgets.outcome import Sides
from w2s_widgets.table import Axis, OutcomeTable
from w2s_widgets.widgets.outcome_explorer import OnGrid, OutcomeExplorer
from w2s_widgets.widgets.screen import Preset, Screen
from w2s_widgets.words import MINUS, fill_reason, format_fixed, format_number
from w2s_widgets.worlds.noisy import NoisyCopies

NOISE = tuple(step / 20 for step in range(13))

PRESETS = (
    Preset(
        "Strong student",
        {"teacher_noise": 0.5, "student_noise": 0.1},
        "Little noise in the student's copy: the cloud lies close to gain = misfit.",
    ),
    Preset(
        "Realizable",
        {"teacher_noise": 0.5, "student_noise": 0.0},
        "The student's copy is exact: every dot lies exactly on gain = misfit.",
    ),
    Preset(
        "Both somewhat noisy",
        {"teacher_noise": 0.5, "student_noise": 0.3},
        "The student is better, but its blind spot costs a part of the misfit.",
    ),
    Preset(
        "Equal noise",
        {"teacher_noise": 0.4, "student_noise": 0.4},
        "Half of what is dropped was error and half was right: nothing is gained.",
    ),
    Preset(
        "Roles swapped",
        {"teacher_noise": 0.1, "student_noise": 0.5},
        "A good teacher and a poor student: the cloud lies close to gain = −misfit.",
    ),
    Preset(
        "A perfect teacher",
        {"teacher_noise": 0.0, "student_noise": 0.5},
        "Whatever the student drops was right: every dot lies exactly on gain = −misfit.",
    ),
)

_INITIAL = dict(PRESETS[0].state)
# A draw of the tasks in which no single one is so large that it alone would set the scale of the picture.
_SEED = 6
_MOSTLY = 0.5

_REASONS = (
    "Why: both copies are exact. Teacher and student can express every task, and nothing is dropped.",
    "Why: the student’s copy is exact, so its blind spot is empty. All that it drops, {dropped}, was its "
    "teacher’s error, and every dot lies on gain = misfit.",
    "Why: the teacher is exactly right. All that the student drops, {eps}, was right, and every dot lies on "
    "gain = −misfit.",
    "Why: the student drops {dropped} of its teacher’s error and only {eps} of the truth, its blind spot. "
    "The difference is the gain.",
    "Why: the student drops {dropped} of its teacher’s error and with it {eps} of the truth, its blind spot. "
    "The difference is the gain, and it is small beside the misfit.",
    "Why: the student drops {dropped} of its teacher’s error but {eps} of the truth, its blind spot. "
    "Most of what it could not copy was right.",
)


@cache
def swap_table() -> OutcomeTable:
    """Compute the mean outcome of all states of `SwapExplorer`, exactly.

    ``extra`` holds, for every state, ``eps`` (mean squared blind spot of the student), ``dropped`` (how
    much of the teacher's error the student drops, ``gain + eps``) and ``bound`` (the most that the
    alignment can be, ``2 sqrt(eps * misfit)``).

    Examples
    --------
    >>> table = swap_table()
    >>> table.outcome(teacher_noise=0.5, student_noise=0.0).slack
    0.0
    """
    world, sides = _world(), _task_sides()
    mean = Sides(*(side.mean(axis=-1) for side in sides))
    eps = np.broadcast_to(world.eps(NOISE).mean(axis=-1), mean.gain.shape)
    teacher, student = np.meshgrid(NOISE, NOISE, indexing="ij")
    reason = np.select(
        [
            (teacher == 0) & (student == 0),
            student == 0,
            teacher == 0,
            mean.gain > _MOSTLY * mean.misfit,
            mean.gain < -_MOSTLY * mean.misfit,
        ],
        [0, 1, 2, 3, 5],
        default=4,
    )
    return OutcomeTable(
        axes=(
            Axis(
                "teacher_noise", "Teacher’s noise", NOISE, "noise in the teacher’s copy of the representation"
            ),
            Axis("student_noise", "Student’s noise", NOISE, "noise in the student’s copy; 0 is realizable"),
        ),
        sides=mean,
        err_ceiling=eps,
        reason=reason.astype(np.uint8),
        reasons=_REASONS,
        truth_variance=float(np.mean(np.sum(world.truth**2, axis=-1))),
        extra={"eps": eps, "dropped": mean.gain + eps, "bound": 2 * np.sqrt(eps * mean.misfit)},
    )


@cache
def _world() -> NoisyCopies:
    return NoisyCopies(seed=_SEED)


@cache
def _task_sides() -> Sides:
    return _world().sides(*np.meshgrid(NOISE, NOISE, indexing="ij"))


@cache
def _cloud_bytes() -> bytes:
    """Misfit and gain of every task in every state, as little-endian float32."""
    sides = _task_sides()
    return np.stack([sides.misfit, sides.gain], axis=-2).astype("<f4").tobytes()


class SwapExplorer(OutcomeExplorer):
    """Noise in the teacher's copy and in the student's copy of one representation, and a cloud of tasks.

    The world is `NoisyCopies`: 100 tasks on one true representation, exact errors. One dot for each task
    shows gain against misfit; triangle and account show the mean over the tasks. With little noise in the
    student's copy the cloud lies on ``gain = misfit``; with the roles swapped it lies on the mirror line
    ``gain = -misfit``.

    Parameters
    ----------
    teacher_noise, student_noise : float
        From 0 to 0.6 in steps of 0.05: length of the noise on each feature, whose own length is 1.

    Attributes
    ----------
    eps : float
        Mean squared blind spot of the student: what it cannot express of the truth.
    alignment : float
        ``-2 <r_f, r_g>``, the slack of a linear class: what the blind spot costs, or brings if positive.

    Raises
    ------
    traitlets.TraitError
        If a value is outside its range; the state stays as it was.

    Examples
    --------
    >>> explorer = SwapExplorer()
    >>> explorer.set(teacher_noise=0.1, student_noise=0.5)
    >>> explorer.outcome.gain < -0.8 * explorer.outcome.misfit
    True
    >>> explorer.student_noise = 0.0
    >>> explorer.eps, explorer.alignment
    (0.0, 0.0)
    """

    _module: ClassVar[str] = "swap_explorer.js"
    _styles: ClassVar[tuple[str, ...]] = ("explorer.css", "swap_explorer.css")
    _buffers: ClassVar[tuple[str, ...]] = ("_table", "_codes", "_cloud")

    teacher_noise = OnGrid().tag(sync=True)
    student_noise = OnGrid().tag(sync=True)
    _cloud = traitlets.Bytes().tag(sync=True)

    def __init__(self, **state: Any) -> None:
        screen = Screen(title="Swap explorer", presets=PRESETS, code="w2s.SwapExplorer", code_arguments=())
        super().__init__(swap_table(), screen, initial=_INITIAL, _cloud=_cloud_bytes(), **state)

    @property
    def eps(self) -> float:
        """Mean squared blind spot of the student in the present state."""
        return float(self.table.extra["eps"][self.table.index(**self.state)])

    @property
    def alignment(self) -> float:
        """The signed alignment term ``-2 <r_f, r_g>``, mean over the tasks."""
        return float(self.outcome.slack)

    @property
    def misfits(self) -> FloatArray:
        """Misfit of each of the tasks in the present state, shape (tasks,)."""
        misfits: FloatArray = _task_sides().misfit[self.table.index(**self.state)]
        return misfits

    @property
    def gains(self) -> FloatArray:
        """Gain of each of the tasks in the present state, shape (tasks,)."""
        gains: FloatArray = _task_sides().gain[self.table.index(**self.state)]
        return gains

    @property
    def cloud_words(self) -> tuple[str, str]:
        """What the cloud shows, in two short phrases that the page shows too."""
        return _cloud_words(self.table.index(**self.state))

    @property
    def reason(self) -> str:
        """Why the gain is what it is, in one sentence; the page shows the same."""
        where = self.table.index(**self.state)
        extra = {name: format_number(float(values[where])) for name, values in self.table.extra.items()}
        return fill_reason(self.table.reason_of(**self.state), self.outcome, extra)

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.swap import swap_picture

        return swap_picture(
            self.outcome, self.misfits, self.gains, limits=_limits(), phrases=self.cloud_words
        )

    def _describe(self, initial: Mapping[str, float | str]) -> dict[str, Any]:
        spec = super()._describe(initial)
        words = [_cloud_words(index) for index in np.ndindex(*self.table.shape)]
        misfit, loss, gain = _limits()
        spec["ranges"] |= {"cloud": {"x": [0.0, misfit], "y": [loss, gain]}, "account": _account_limits()}
        return spec | {"tasks": _world().tasks, "cloud_words": [list(phrases) for phrases in words]}


def _limits() -> tuple[float, float, float]:
    """Largest misfit, smallest and largest gain of the frame: all tasks and both lines."""
    sides = _task_sides()
    most = 1.04 * float(max(sides.misfit.max(), np.abs(sides.gain).max()))
    return most, -most, most


def _account_limits() -> list[float]:
    """Smallest and largest end of any bar or bracket of the account in any state."""
    table = swap_table()
    misfit, bound = table.sides.misfit, table.extra["bound"]
    return [float((misfit - bound).min()), float(max(misfit.max(), table.extra["eps"].max()))]


@cache
def _cloud_words(where: tuple[int, ...]) -> tuple[str, str]:
    misfit, gain = _task_sides().misfit[where], _task_sides().gain[where]
    losing = int((gain < 0).sum())
    tasks = f"{losing} of {gain.size} tasks lose"
    if not misfit.any():
        return "no misfit, no gain", tasks
    correlation = float(np.corrcoef(misfit, gain)[0, 1])
    sign = "+" if correlation > 0 else MINUS
    return f"correlation {sign}{format_fixed(abs(correlation), 2)}", tasks
