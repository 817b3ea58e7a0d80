"""`SampleExplorer`: what a student makes of n inputs only, 200 times over, against the population value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from w2s_widgets._numbers import format_fixed
from w2s_widgets.studies.linear.closed_form import DIMENSION, TRUTH_CAPACITY
from w2s_widgets.studies.linear.finite_sample import ASYMPTOTIC, REPETITIONS, SIZES, FiniteSample
from w2s_widgets.studies.linear.finite_sample_grid import (
    CAPACITIES,
    CLOUD_X,
    CLOUD_Y,
    CURVES,
    DISTANCES,
    NOISES,
    QUANTITIES,
    RESTRAINTS,
    SampleGrid,
    carried_grid,
    settings,
)
from w2s_widgets.theory.outcome import Sides
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.widgets.explorer import OnGrid, OutcomeExplorer
from w2s_widgets.widgets.spec import Preset, Screen, axis_words

_BASE: dict[str, Any] = {"strong_capacity": 12, "label_noise": 0.5, "restraint": "none"}

PRESETS = (
    Preset(
        "Plenty of data",
        {"n": 1805, **_BASE},
        "The dots close in on the population value: gain equals misfit again.",
    ),
    Preset(
        "n equals dimension: the spike",
        {"n": 12, **_BASE},
        "Just enough inputs to fit every label: the worst place to be.",
    ),
    Preset(
        "Ridge tames the spike",
        {"n": 12, **_BASE, "restraint": "ridge 0.1"},
        "A penalty holds the weights down, and with many inputs costs a slack that stays.",
    ),
    Preset(
        "Early stopping",
        {"n": 12, **_BASE, "restraint": "10 steps"},
        "It tames the spike too: ten steps learn what is seen well, and little else.",
    ),
    Preset(
        "Too small to hold the truth",
        {"n": 1805, **_BASE, "strong_capacity": 6},
        "However many inputs: what the student cannot express costs a slack.",
    ),
    Preset(
        "A student that copies",
        {"n": 104, **_BASE, "strong_capacity": DIMENSION, "label_noise": 0.0},
        "All directions and no noise: the teacher whole, mistakes and all.",
    ),
)

_INITIAL = {"n": 46, **_BASE}

_SENTENCE = (
    f"Of {REPETITIONS} students with {{n}} inputs each, the middle one has gain {{gain}}, misfit {{misfit}}, "
    "slack {slack}. The population value: gain {population_gain}, misfit {population_misfit}, "
    "slack {population_slack}."
)

_FEW, _SPIKE, _SOME, _MANY, _BLIND, _COPY, _RIDGE, _STEPS = range(8)
_REASONS = (
    "Why: with {n} inputs for {strong_capacity} dimensions the student fits every label of its own inputs, "
    "mistakes and noise and all, and knows nothing of the directions that it has not seen.",
    "Why: n = dimension, {n}. The inputs are just enough to fit every label in one way only. Some direction "
    "is hardly seen, so what is noise to the student is divided by almost nothing: the double-descent spike.",
    "Why: with {n} inputs for {strong_capacity} dimensions, what the student cannot copy and label noise "
    "look like something to learn. This estimation error adds to the misfit and takes from the gain.",
    "Why: with {n} inputs for {strong_capacity} dimensions the estimation error is small. The misfit comes "
    "to its population value like 1/n, one student’s error like one over the root of n.",
    f"Why: the truth needs {TRUTH_CAPACITY} directions and the student has {{strong_capacity}}. With {{n}} "
    "inputs the estimation error is small; the slack that is left stays, however many inputs there are.",
    f"Why: with all {DIMENSION} directions, no noise and {{n}} inputs the student finds its teacher exactly, "
    "and copies it, mistakes and all.",
    "Why: {restraint} pulls the weights towards zero and so tames the spike. But a penalised student is no "
    "projection: more inputs do not bring it to the population value.",
    "Why: gradient descent stops after {restraint}. Directions that the inputs hardly show are hardly "
    "learnt, which tames the spike; with many inputs nothing is lost.",
)


@cache
def sample_table() -> OutcomeTable:
    """Return the outcome of the middle repetition for every state of `SampleExplorer`.

    Examples
    --------
    >>> outcome = sample_table().outcome(strong_capacity=12, label_noise=0.5, restraint="none", n=5000)
    >>> round(outcome.gain, 2), round(outcome.misfit, 2)
    (0.2, 0.2)
    """
    grid = carried_grid()
    shape = grid.sides.gain.shape
    eps = np.zeros(shape)
    for where, study in settings():
        eps[where] = study.population.err_ceiling
    return OutcomeTable(
        axes=(
            Axis(
                "strong_capacity",
                "Dimension of the student",
                CAPACITIES,
                f"its capacity; the truth needs {TRUTH_CAPACITY} of {DIMENSION}",
            ),
            Axis(
                "label_noise",
                "Noise of the labels",
                NOISES,
                "standard deviation; the truth’s is 1",
            ),
            Axis(
                "restraint",
                "Ridge or early stopping",
                tuple(RESTRAINTS),
                "what holds the student back",
            ),
            Axis("n", "Unlabelled inputs n", SIZES, "labelled by the teacher, for one student"),
        ),
        sides=Sides(*(np.ascontiguousarray(side) for side in grid.sides)),
        err_ceiling=eps,
        reason=_reason_codes(shape),
        reasons=_REASONS,
        truth_variance=1.0,
    )


def _reason_codes(shape: tuple[int, ...]) -> NDArray[Any]:
    codes = np.empty(shape, dtype=np.uint8)
    sizes = np.array(SIZES)
    for where, study in settings():
        k = study.strong_capacity
        enough = _BLIND if k < TRUTH_CAPACITY else _MANY
        codes[where] = np.select(
            [sizes < k, sizes == k, sizes < ASYMPTOTIC * k], [_FEW, _SPIKE, _SOME], default=enough
        )
        if k == DIMENSION and study.label_noise == 0:
            codes[where][sizes >= k] = _COPY
        if study.ridge > 0:
            codes[where] = _RIDGE
        if study.steps is not None:
            codes[where] = _STEPS
    return codes


@cache
def _populations() -> list[dict[str, float]]:
    """Return the population value for each capacity, by quantity."""
    outcomes = [FiniteSample(strong_capacity=capacity).population for capacity in CAPACITIES]
    names = ("err_weak", *Sides._fields[1:])
    return [{name: float(getattr(outcome, name)) for name in names} for outcome in outcomes]


def _lines(grid: SampleGrid) -> list[Any]:
    """Return, for each setting and distance, the slope and the two ends of its line; None without a rate."""
    sizes = np.array(SIZES, dtype=np.float64)
    found = np.empty(grid.rates.shape, dtype=object)
    for (i, j, k), study in settings():
        late = sizes >= ASYMPTOTIC * study.strong_capacity
        x = np.log(sizes[late])
        for d, name in enumerate(DISTANCES):
            slope = float(grid.rates[i, j, k, d])
            found[i, j, k, d] = None
            if np.isfinite(slope):
                y = np.log(grid.curves[CURVES.index(f"{name}_distance_mid"), i, j, k, late].astype(float))
                ends = np.exp(y.mean() + slope * (x[[0, -1]] - x.mean()))
                found[i, j, k, d] = {
                    "slope": slope,
                    "from": [float(sizes[late][0]), float(ends[0])],
                    "to": [float(sizes[-1]), float(ends[1])],
                }
    lines: list[Any] = found.tolist()
    return lines


class SampleExplorer(OutcomeExplorer):
    """A cloud of 200 students, each fitted on n inputs only, and their curves over n.

    The world is that of `FiniteSample`: the teacher has the error 0.4, the truth needs 12 of 24
    directions, and errors are exact, over all inputs. Three drawings: gain against misfit of all 200
    students beside the population value; err_student and misfit over n (median, 5 to 95 %); and how far
    each number is from its population value, with the rate read off.

    Parameters
    ----------
    strong_capacity : int
        6, 12, 18 or 24: dimension of the student.
    label_noise : float
        0, 0.5 or 1: standard deviation of the noise of the teacher's labels.
    restraint : str
        ``"none"``, ``"ridge 0.01"``, ``"ridge 0.1"``, ``"ridge 1"``, ``"100 steps"``, ``"10 steps"`` or
        ``"3 steps"``: the penalty, or after how many steps gradient descent stops.
    n : int
        One of 50 numbers of inputs from 2 to 5,000; snaps to the nearest.
    controls : collection of str, optional
        Which controls to show.

    Raises
    ------
    traitlets.TraitError
        If a value is outside its range; the state stays as it was.

    Notes
    -----
    ``outcome`` is the outcome of the middle one of the 200 students, by err_student. ``study`` gives all.

    Examples
    --------
    >>> explorer = SampleExplorer(n=12)
    >>> explorer.outcome.misfit > 10
    True
    >>> explorer.restraint = "ridge 0.1"
    >>> round(explorer.outcome.misfit, 1)
    0.6
    """

    _module: ClassVar[str] = "sample_explorer.js"
    _styles: ClassVar[tuple[str, ...]] = ("explorer.css", "sample_explorer.css")
    _buffers: ClassVar[tuple[str, ...]] = ("_table", "_codes", "_cloud", "_curves")

    _cloud = traitlets.Bytes().tag(sync=True)
    _curves = traitlets.Bytes().tag(sync=True)
    strong_capacity = OnGrid().tag(sync=True)
    label_noise = OnGrid().tag(sync=True)
    restraint = OnGrid().tag(sync=True)
    n = OnGrid().tag(sync=True)

    def __init__(self, *, controls: Collection[str] | None = None, **state: Any) -> None:
        screen = Screen(
            title="Sample explorer",
            presets=PRESETS,
            controls=controls,
            code="w2s.SampleExplorer",
            code_arguments=() if controls is None else (f"controls={sorted(controls)!r}",),
        )
        grid = carried_grid()
        super().__init__(
            sample_table(),
            screen,
            initial=_INITIAL,
            _cloud=grid.cloud.tobytes(),
            _curves=grid.curves.astype("<f4").tobytes(),
            **state,
        )

    @property
    def study(self) -> FiniteSample:
        """All 200 students of the present settings, for every n, computed anew.

        Examples
        --------
        >>> explorer = SampleExplorer(n=46)
        >>> abs(explorer.study.outcome(46).gain - explorer.outcome.gain) < 1e-9
        True
        """
        return FiniteSample(
            strong_capacity=int(self.strong_capacity),
            label_noise=float(self.label_noise),
            **RESTRAINTS[self.restraint],
        )

    @property
    def population(self) -> dict[str, float]:
        """The population value of err_weak, err_student, misfit, gain and slack."""
        return dict(_populations()[self.table.index(**self.state)[0]])

    @property
    def sentence(self) -> str:
        """What the cloud shows, in words; the page shows the same."""
        numbers = {name: getattr(self.outcome, name) for name in ("gain", "misfit", "slack")}
        numbers |= {f"population_{name}": self.population[name] for name in ("gain", "misfit", "slack")}
        words = {name: format_fixed(value, 3) for name, value in numbers.items()}
        return _SENTENCE.format(n=axis_words(self.table.axis("n"))[SIZES.index(self.n)], **words)

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.samples import sample_picture

        *setting, size = self.table.index(**self.state)
        return sample_picture(
            carried_grid(), tuple(setting), size, self.outcome, self.population, words=self.sentence
        )

    def _describe(self, initial: Mapping[str, float | str]) -> dict[str, Any]:
        return super()._describe(initial) | {
            "sentence": _SENTENCE,
            "repetitions": REPETITIONS,
            "populations": _populations(),
            "lines": _lines(carried_grid()),
            "quantities": list(QUANTITIES),
            "distances": list(DISTANCES),
            "curves": list(CURVES),
            "cloud": {"x": list(CLOUD_X), "y": list(CLOUD_Y)},
        }
