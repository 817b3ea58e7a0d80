"""`SwapExplorer`: two noise sliders carry a cloud of tasks from gain = misfit to gain = -misfit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np
import traitlets

from w2s_widgets._numbers import format_number
from w2s_widgets._validation import FloatArray
from w2s_widgets.display.text import cloud_words, fill_reason
from w2s_widgets.studies.linear.perturbed_representations import NOISE, PerturbedRepresentations
from w2s_widgets.studies.networks.study import NetworkStudy
from w2s_widgets.studies.noise_grid import NoiseGrid
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.widgets.bundles import STATIC
from w2s_widgets.widgets.explorer import AxisTrait
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer
from w2s_widgets.widgets.spec import ExplorerSpec, Preset, TableSpec

NETWORK_NOISE = (0.0, *(step / 200 for step in range(2, 11)))


def _preset(name: str, teacher: float, student: float, words: str) -> Preset:
    return Preset(name, {"teacher_noise": teacher, "student_noise": student}, words)


PRESETS = (
    _preset("Strong student", 0.5, 0.1,
            "Little noise in the student's copy: the cloud lies close to gain = misfit."),
    _preset("Realizable", 0.5, 0.0, "The student's copy is exact: every dot lies exactly on gain = misfit."),
    _preset("Both somewhat noisy", 0.5, 0.3,
            "The student is better, but its blind spot costs a part of the misfit."),
    _preset("Equal noise", 0.4, 0.4,
            "About as much truth is dropped as error, a little more here: nothing is gained."),
    _preset("Roles swapped", 0.1, 0.5,
            "A good teacher and a poor student: the cloud lies close to gain = −misfit."),
    _preset("A perfect teacher", 0.0, 0.5,
            "Whatever the student drops was right: every dot lies exactly on gain = −misfit."),
)  # fmt: skip

NETWORK_PRESETS = (
    _preset("The paper’s setting", 0.05, 0.01, "Little noise in the student's copy, more in the teacher's."),
    _preset("Realizable", 0.05, 0.0, "The student's copy is exact: every dot lies exactly on gain = misfit."),
    _preset("Both somewhat noisy", 0.05, 0.02,
            "The student is better, but its blind spot costs a part of the misfit."),
    _preset("Equal noise", 0.05, 0.05, "Each reads the truth through a noisy copy of its own."),
    _preset("Roles swapped", 0.01, 0.05, "A good teacher and a poor student."),
    _preset("A perfect teacher", 0.0, 0.05,
            "Whatever the student drops was right: every dot lies exactly on gain = −misfit."),
)  # fmt: skip


class SwapChoices(NamedTuple):
    """What the controls of a world offer."""

    noise: tuple[float, ...]
    initial: dict[str, float | str]
    screen: ExplorerSpec


def choices_for(world: Any, noise: tuple[float, ...] | None) -> SwapChoices:
    """Return noise levels, presets with these levels and words for a world; None is the explorer's own.

    >>> [preset.name for preset in choices_for(None, (0.0, 0.1, 0.5)).screen.presets]
    ['Strong student', 'Realizable', 'Roles swapped', 'A perfect teacher']
    """
    network = isinstance(world, NetworkStudy)
    levels = noise or (NETWORK_NOISE if network else NOISE)
    presets = tuple(
        preset
        for preset in (NETWORK_PRESETS if network else PRESETS)
        if all(value in levels for value in preset.state.values())
    )
    middle: dict[str, float | str] = {"teacher_noise": levels[len(levels) // 2], "student_noise": levels[0]}
    code = [] if world is None else [str(getattr(world, "code", f"w2s.{type(world).__name__}()"))]
    screen = ExplorerSpec(
        title="Swap explorer", presets=presets, code="w2s.SwapExplorer", code_arguments=code
    )
    return SwapChoices(levels, dict(presets[0].state) if presets else middle, screen)


# A draw of the tasks in which no single one is so large that it alone would set the scale of the picture.
_SEED = 6


class SwapStates(NoiseGrid):
    """What a page needs of all tasks at all pairs of noise levels: the cloud, its frame and its words."""

    def __init__(self, world: Any, choices: SwapChoices) -> None:
        super().__init__(world, choices.noise)
        self.choices = choices
        self.tasks = self.sides.gain.shape[-1]

    @cached_property
    def cloud(self) -> bytes:
        """Misfit and gain of every task in every state, as little-endian float32."""
        return np.stack([self.sides.misfit, self.sides.gain], axis=-2).astype("<f4").tobytes()

    @cached_property
    def limits(self) -> tuple[float, float, float]:
        """Largest misfit, smallest and largest gain of the frame: all tasks and both lines."""
        most = 1.04 * float(max(self.sides.misfit.max(), np.abs(self.sides.gain).max()))
        return most, -most, most

    @cached_property
    def account_limits(self) -> list[float]:
        """Smallest and largest end of any bar or bracket of the account in any state."""
        misfit, bound = self.table.sides.misfit, self.table.extra["bound"]
        return [float((misfit - bound).min()), float(max(misfit.max(), self.eps.max()))]

    def words(self, where: tuple[int, ...]) -> tuple[str, str]:
        """Say what the cloud of a state shows, in two short phrases."""
        misfit, gain = self.sides.misfit[where], self.sides.gain[where]
        correlation, losing = cloud_words(misfit, gain)
        if not misfit.any():
            return "no misfit, no gain", losing
        return correlation or "no correlation", losing


def swap_table() -> OutcomeTable:
    """Compute the mean outcome of all states of `SwapExplorer`, exactly; see `NoiseGrid.table`."""
    return _own_states().table


@cache
def _own_states() -> SwapStates:
    return SwapStates(PerturbedRepresentations(seed=_SEED), choices_for(None, None))


class SwapSpec(TableSpec):
    """What the page needs beside a table's outcomes."""

    tasks: int
    cloud_words: list[list[str]]


class SwapExplorer(OutcomeExplorer):
    """Noise in the teacher's copy and in the student's copy of one representation, and a cloud of tasks.

    The world is `PerturbedRepresentations` unless another is given: 100 tasks on one true representation,
    exact errors. One dot for each task shows gain against misfit; triangle and account show the mean over
    the tasks. With little noise in the student's copy the cloud lies on ``gain = misfit``; with the roles
    swapped it lies on the mirror line ``gain = -misfit``.

    Parameters
    ----------
    world : object, optional
        Another world with ``sides(teacher_noise, student_noise)`` and ``eps(student_noise)`` for each task,
        such as `NetworkStudy`. If it has ``exact``, that is shown: the same world measured where every
        student is an exact projection, so that triangle and account hold to the last digit.
    noise : sequence of float, optional
        The levels that the sliders offer, ascending from 0.
    teacher_noise, student_noise : float
        Of the explorer's own world: from 0 to 0.6 in steps of 0.05, the length of the noise on each
        feature, whose own length is 1.

    Attributes
    ----------
    eps : float
        Squared distance of the truth to the student's class, the mean over the tasks.
    alignment : float
        ``-2 <r_f, r_g>``, the slack of a linear class: negative where the blind spot costs something.

    Examples
    --------
    >>> explorer = SwapExplorer()
    >>> explorer.set(teacher_noise=0.1, student_noise=0.5)
    >>> explorer.outcome.gain < -0.8 * explorer.outcome.misfit
    True
    >>> explorer.student_noise = 0.0
    >>> explorer.eps, explorer.alignment
    (0.0, 0.0)
    >>> from w2s_widgets.studies.networks.study import NetworkStudy
    >>> SwapExplorer(NetworkStudy("perturbed", tasks=20)).gains.shape
    (20,)
    """

    _esm: ClassVar[Any] = STATIC / "swap_explorer.js"
    _css: ClassVar[Any] = STATIC / "swap_explorer.css"

    teacher_noise, student_noise = AxisTrait(), AxisTrait()
    _cloud = traitlets.Bytes().tag(sync=True)

    def __init__(self, world: Any = None, *, noise: Sequence[float] | None = None, **state: Any) -> None:
        self.states = _states_of(world, noise)
        _, initial, screen = self.states.choices
        super().__init__(self.states.table, screen, initial=initial, _cloud=self.states.cloud, **state)

    @property
    def eps(self) -> float:
        """Squared distance of the truth to the student's class in the present state, mean over the tasks."""
        return float(self.table.extra["eps"][self.table.index(**self.state)])

    @property
    def alignment(self) -> float:
        """The signed alignment term ``-2 <r_f, r_g>``, mean over the tasks."""
        return float(self.outcome.slack)

    @property
    def misfits(self) -> FloatArray:
        """Misfit of each of the tasks in the present state, shape (tasks,)."""
        misfits: FloatArray = self.states.sides.misfit[self.table.index(**self.state)]
        return misfits

    @property
    def gains(self) -> FloatArray:
        """Gain of each of the tasks in the present state, shape (tasks,)."""
        gains: FloatArray = self.states.sides.gain[self.table.index(**self.state)]
        return gains

    @property
    def cloud_words(self) -> tuple[str, str]:
        """What the cloud shows, in two short phrases that the page shows too."""
        return self.states.words(self.table.index(**self.state))

    @property
    def reason(self) -> str:
        """Why the gain is what it is, in one sentence; the page shows the same."""
        where = self.table.index(**self.state)
        extra = {name: format_number(float(values[where])) for name, values in self.table.extra.items()}
        return fill_reason(self.table.reason_of(**self.state), self.outcome, extra)

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.tasks import swap_picture

        return swap_picture(
            self.outcome, self.misfits, self.gains, limits=self.states.limits, phrases=self.cloud_words
        )

    def to_spec(self) -> SwapSpec:
        """Return what the page needs beside table and cloud."""
        spec = super().to_spec()
        words = [self.states.words(index) for index in np.ndindex(*self.table.shape)]
        misfit, loss, gain = self.states.limits
        spec["ranges"] |= {
            "cloud": {"x": [0.0, misfit], "y": [loss, gain]},
            "account": self.states.account_limits,
        }
        return {**spec, "tasks": self.states.tasks, "cloud_words": [list(phrases) for phrases in words]}


def _states_of(world: Any, noise: Sequence[float] | None) -> SwapStates:
    if world is None and noise is None:
        return _own_states()
    levels = None if noise is None else tuple(float(level) for level in noise)
    if levels is not None and (levels[:1] != (0.0,) or np.any(np.diff(levels) <= 0) or len(levels) < 2):
        raise ValueError(f"noise is {noise!r}: give two or more levels that ascend from 0.")
    if world is not None and not (callable(getattr(world, "sides", None)) and hasattr(world, "eps")):
        raise TypeError(
            f"world is {world!r}: give a world with sides(teacher_noise, student_noise) and "
            "eps(student_noise), such as w2s.NetworkStudy('perturbed')."
        )
    choices = choices_for(world, levels)
    shown = PerturbedRepresentations(seed=_SEED) if world is None else getattr(world, "exact", world)
    return SwapStates(shown, choices)
