"""`SampleExplorer`: what a student makes of n inputs only, 200 times over, against the population value."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, ClassVar

import numpy as np
import traitlets

from w2s_widgets._numbers import DECIMALS, format_fixed
from w2s_widgets._renamed import old_keyword
from w2s_widgets.studies.linear import finite_sample_grid as grids
from w2s_widgets.studies.linear.closed_form import DIMENSION
from w2s_widgets.studies.linear.finite_sample import ASYMPTOTIC, REPETITIONS, SIZES, FiniteSample
from w2s_widgets.studies.linear.sample_study import SampleStudy
from w2s_widgets.theory.outcome import Sides
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.widgets.bundles import STATIC
from w2s_widgets.widgets.explorer import AxisTrait
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer
from w2s_widgets.widgets.spec import ExplorerSpec, Preset, TableSpec

_BASE: dict[str, Any] = {"strong_capacity": 12, "label_noise": 0.5, "regularization": "none"}

PRESETS = (
    Preset("Plenty of data", {"n": 1805, **_BASE},
           "The dots close in on the population value: gain equals misfit again."),
    Preset("n equals dimension: the spike", {"n": 12, **_BASE},
           "Just enough inputs to fit every label: the worst place to be."),
    Preset("Ridge makes the spike small", {"n": 12, **_BASE, "regularization": "ridge 0.1"},
           "A penalty holds the weights down, and with many inputs a slack stays."),
    Preset("Early stopping", {"n": 12, **_BASE, "regularization": "10 steps"},
           "It makes the spike small, too: ten steps learn what is seen well, and little else."),
    Preset("Too small to hold the truth", {"n": 1805, **_BASE, "strong_capacity": 6},
           "However many inputs: what the student cannot express leaves a slack."),
    Preset("A student that copies", {"n": 104, **_BASE, "strong_capacity": DIMENSION, "label_noise": 0.0},
           "All directions and no noise: the teacher whole, mistakes and all."),
)  # fmt: skip

_INITIAL = {"n": 46, **_BASE}
_SCREEN = ExplorerSpec(title="Sample explorer", presets=PRESETS, code="w2s.SampleExplorer", code_arguments=())

_SENTENCE = (
    f"Of {REPETITIONS} students with {{n}} inputs each, the one with the median error has gain {{gain}}, "
    "misfit {misfit}, slack {slack}. The population value: gain {population_gain}, "
    "misfit {population_misfit}, slack {population_slack}."
)


@cache
def sample_table() -> OutcomeTable:
    """Return the outcome of the repetition with the median error for every state of `SampleExplorer`."""
    return SampleStudy().table()


@cache
def _populations() -> list[dict[str, float]]:
    """Return the population value for each capacity, by quantity."""
    outcomes = [FiniteSample(strong_capacity=capacity).population for capacity in grids.CAPACITIES]
    names = ("err_weak", *Sides._fields[1:])
    return [{name: float(getattr(outcome, name)) for name in names} for outcome in outcomes]


def _lines(grid: grids.SampleGrid) -> list[Any]:
    """Return, for each setting and distance, the slope and the two ends of its line; None without a rate."""
    sizes = np.array(SIZES, dtype=np.float64)
    found = np.empty(grid.rates.shape, dtype=object)
    for (i, j, k), study in grids.settings():
        late = sizes >= ASYMPTOTIC * study.strong_capacity
        x = np.log(sizes[late])
        for d, name in enumerate(grids.DISTANCES):
            slope = float(grid.rates[i, j, k, d])
            found[i, j, k, d] = None
            if np.isfinite(slope):
                curve = grid.curves[grids.CURVES.index(f"{name}_distance_mid"), i, j, k]
                y = np.log(curve[late].astype(float))
                ends = np.exp(y.mean() + slope * (x[[0, -1]] - x.mean()))
                found[i, j, k, d] = {
                    "slope": slope,
                    "from": [float(sizes[late][0]), float(ends[0])],
                    "to": [float(sizes[-1]), float(ends[1])],
                }
    lines: list[Any] = found.tolist()
    return lines


class SampleSpec(TableSpec):
    """What the page needs beside a table's outcomes."""

    sentence: str
    repetitions: int
    populations: list[dict[str, float]]
    lines: list[Any]
    quantities: list[str]
    distances: list[str]
    curves: list[str]
    cloud: dict[str, list[float]]


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
    regularization : str
        ``"none"``, ``"ridge 0.01"``, ``"ridge 0.1"``, ``"ridge 1"``, ``"100 steps"``, ``"10 steps"`` or
        ``"3 steps"``: the penalty, or after how many steps gradient descent stops.
    n : int
        One of 50 numbers of inputs from 2 to 5,000; snaps to the nearest.
    controls : collection of str, optional
        Which controls to show.

    Notes
    -----
    ``outcome`` is that of the student with the median error, of 200. ``study`` gives all.

    Examples
    --------
    >>> explorer = SampleExplorer(n=12)
    >>> explorer.outcome.misfit > 10
    True
    >>> explorer.regularization = "ridge 0.1"
    >>> round(explorer.outcome.misfit, 1)
    0.6
    """

    _esm: ClassVar[Any] = STATIC / "sample_explorer.js"
    _css: ClassVar[Any] = STATIC / "sample_explorer.css"

    _cloud = traitlets.Bytes().tag(sync=True)
    _curves = traitlets.Bytes().tag(sync=True)
    strong_capacity, label_noise = AxisTrait(), AxisTrait()
    regularization, n = AxisTrait(), AxisTrait()
    restraint = old_keyword("restraint")

    def __init__(self, *, controls: Collection[str] | None = None, **state: Any) -> None:
        grid = grids.carried_grid()
        super().__init__(
            sample_table(),
            _SCREEN,
            initial=_INITIAL,
            controls=controls,
            _cloud=grid.cloud.tobytes(),
            _curves=grid.curves.astype("<f4").tobytes(),
            **state,
        )

    @property
    def study(self) -> FiniteSample:
        """All 200 students of the present settings, for every n, computed anew."""
        return SampleStudy().sample(**self.state)

    @property
    def population(self) -> dict[str, float]:
        """The population value of err_weak, err_student, misfit, gain and slack."""
        return dict(_populations()[self.table.index(**self.state)[0]])

    @property
    def sentence(self) -> str:
        """What the cloud shows, in words; the page shows the same."""
        numbers = {name: getattr(self.outcome, name) for name in ("gain", "misfit", "slack")}
        numbers |= {f"population_{name}": self.population[name] for name in ("gain", "misfit", "slack")}
        words = {name: format_fixed(value, DECIMALS) for name, value in numbers.items()}
        return _SENTENCE.format(n=self.words["n"], **words)

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.samples import sample_picture

        *setting, size = self.table.index(**self.state)
        return sample_picture(
            grids.carried_grid(), tuple(setting), size, self.outcome, self.population, words=self.sentence
        )

    def to_spec(self) -> SampleSpec:
        """Return what the page needs beside table, cloud and curves."""
        return {
            **super().to_spec(),
            "sentence": _SENTENCE,
            "repetitions": REPETITIONS,
            "populations": _populations(),
            "lines": _lines(grids.carried_grid()),
            "quantities": list(grids.QUANTITIES),
            "distances": list(grids.DISTANCES),
            "curves": list(grids.CURVES),
            "cloud": {"x": list(grids.CLOUD_X), "y": list(grids.CLOUD_Y)},
        }
