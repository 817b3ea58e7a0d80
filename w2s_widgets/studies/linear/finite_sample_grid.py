"""`SampleGrid`: what 200 students do at each of 50 sizes, for a grid of settings; carried as a small file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.studies.linear.finite_sample import REPETITIONS, SIZES, FiniteSample, middle
from w2s_widgets.studies.linear.gram_fits import draw_inputs
from w2s_widgets.theory.outcome import Sides

FILE_NAME = "finite_samples.npz"

CAPACITIES: tuple[int, ...] = (6, 12, 18, 24)
NOISES: tuple[float, ...] = (0.0, 0.5, 1.0)
REGULARIZATIONS: dict[str, dict[str, Any]] = {
    "none": {},
    "ridge 0.01": {"ridge": 0.01},
    "ridge 0.1": {"ridge": 0.1},
    "ridge 1": {"ridge": 1.0},
    "100 steps": {"steps": 100},
    "10 steps": {"steps": 10},
    "3 steps": {"steps": 3},
}
"""What holds a student back, by name: arguments of `FiniteSample`."""

QUANTITIES = ("err_student", "misfit", "gain", "slack", "training_misfit")
DISTANCES = ("err_student", "misfit", "slack")
"""The gain is as far from its population value as err_student is, since err_weak does not vary."""
QUANTILES = (0.05, 0.5, 0.95)
CURVES: tuple[str, ...] = (
    *(f"{name}_{level}" for name in QUANTITIES for level in ("low", "mid", "high")),
    *(f"{name}_distance_{level}" for name in DISTANCES for level in ("low", "mid", "high")),
)
"""Names of the curves over n: quantiles of the repetitions, and of their distance to the population value."""

CLOUD_X = (0.0, 1.0)
CLOUD_Y = (-0.6, 0.4)
"""The part of the map, misfit across and gain upwards, in which dots have a place."""
_BEYOND_LOW, _FIRST, _LAST, _BEYOND_HIGH = 0, 1, 254, 255


@dataclass(frozen=True)
class SampleGrid:
    """Everything that a drawing of finite samples needs, for every setting; see `compute_grid`.

    Parameters
    ----------
    sides : Sides
        The outcome of the middle repetition, each array of the grid's shape: capacities, noises,
        regularizations, sizes.
    curves : numpy.ndarray of float32, shape (curves, *grid)
        Quantiles by the names of `CURVES`.
    cloud : numpy.ndarray of uint8, shape (*grid, repetitions, 2)
        Misfit and gain of every repetition, as steps of the map: see `cloud_step`.
    rates : numpy.ndarray of shape (capacities, noises, regularizations, distances)
        Slopes of the median distances; NaN where the distance vanishes.
    """

    sides: Sides
    curves: NDArray[np.float32]
    cloud: NDArray[np.uint8]
    rates: FloatArray

    def save(self, path: str | PathLike[str]) -> None:
        """Write the grid to one file of plain arrays."""
        # A repetition moves little from one size to the next, so differences pack smaller.
        moves = np.diff(np.moveaxis(self.cloud, -1, 0), axis=-2, prepend=np.uint8(0))
        np.savez_compressed(
            path, sides=np.stack(self.sides), curves=self.curves, cloud_moves=moves, rates=self.rates
        )


def settings() -> Iterator[tuple[tuple[int, int, int], FiniteSample]]:
    """Yield the position and the study of every setting of the grid.

    Examples
    --------
    >>> where, study = next(settings())
    >>> where, study.strong_capacity, study.label_noise, study.ridge
    ((0, 0, 0), 6, 0.0, 0.0)
    """
    for i, capacity in enumerate(CAPACITIES):
        for j, noise in enumerate(NOISES):
            for k, regularization in enumerate(REGULARIZATIONS.values()):
                yield (i, j, k), FiniteSample(strong_capacity=capacity, label_noise=noise, **regularization)


def compute_grid() -> SampleGrid:
    """Compute the whole grid: seconds on one core. `carried_grid` reads the same from a file."""
    shape = (len(CAPACITIES), len(NOISES), len(REGULARIZATIONS))
    sides = np.empty((len(Sides._fields), *shape, len(SIZES)))
    curves = np.empty((len(CURVES), *shape, len(SIZES)), dtype=np.float32)
    cloud = np.empty((*shape, len(SIZES), REPETITIONS, 2), dtype=np.uint8)
    rates = np.empty((*shape, len(DISTANCES)))
    draw = draw_inputs(SIZES, REPETITIONS, dimension=len(FiniteSample().truth), rng=FiniteSample().seed)
    for where, study in settings():
        study.use(draw)
        every = (slice(None), *where)
        sides[every], curves[every], cloud[where], rates[where] = describe_study(study)
    return SampleGrid(Sides(*sides), curves, cloud, rates)


def describe_study(
    study: FiniteSample,
) -> tuple[FloatArray, NDArray[np.float32], NDArray[np.uint8], FloatArray]:
    """Return what the grid holds of one study: middle sides, curves, cloud and rates, over all sizes."""
    median = middle(study.sides.err_student)
    sides = np.stack([side[np.arange(len(median)), median] for side in study.sides])
    values = [getattr(study.sides, name, study.training_misfit) for name in QUANTITIES]
    values += [study.distance(name) for name in DISTANCES]
    curves = np.concatenate([np.quantile(one, QUANTILES, axis=1) for one in values])
    cloud = np.stack(
        [cloud_step(study.sides.misfit, CLOUD_X), cloud_step(study.sides.gain, CLOUD_Y)], axis=-1
    )
    return sides, _rounded(curves), cloud, np.array([_rate(study, name) for name in DISTANCES])


def cloud_step(values: FloatArray, extent: tuple[float, float]) -> NDArray[np.uint8]:
    """Write values as one of 254 steps across an extent: 0 is below it, 255 above it.

    Examples
    --------
    >>> cloud_step(np.array([-1.0, 0.0, 0.5, 1.0, 7.0]), (0.0, 1.0)).tolist()
    [0, 1, 128, 254, 255]
    """
    low, high = extent
    steps = np.rint(_FIRST + (values - low) / (high - low) * (_LAST - _FIRST))
    return np.clip(steps, _BEYOND_LOW, _BEYOND_HIGH).astype(np.uint8)


def cloud_value(steps: NDArray[np.uint8], extent: tuple[float, float]) -> FloatArray:
    """Return where on the map a step is; what is beyond the extent is at its edge.

    Examples
    --------
    >>> cloud_value(np.array([0, 1, 128, 254, 255], dtype=np.uint8), (0.0, 1.0)).round(2).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    low, high = extent
    inside = (np.clip(steps.astype(np.float64), _FIRST, _LAST) - _FIRST) / (_LAST - _FIRST)
    values: FloatArray = low + inside * (high - low)
    return values


def outside(steps: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which dots, given by their two steps along the last axis, have no place on the map.

    Examples
    --------
    >>> outside(np.array([[1, 254], [0, 7], [7, 255]], dtype=np.uint8)).tolist()
    [False, True, True]
    """
    beyond: NDArray[np.bool_] = ((steps == _BEYOND_LOW) | (steps == _BEYOND_HIGH)).any(axis=-1)
    return beyond


@cache
def carried_grid() -> SampleGrid:
    """Read the grid that the package carries, made by ``python -m w2s_widgets.build_data.finite_samples``.

    Examples
    --------
    >>> carried_grid().cloud.shape
    (4, 3, 7, 50, 200, 2)
    """
    with (files("w2s_widgets") / "data" / FILE_NAME).open("rb") as file, np.load(file) as arrays:
        cloud = np.moveaxis(np.cumsum(arrays["cloud_moves"], axis=-2, dtype=np.uint8), 0, -1)
        return SampleGrid(
            Sides(*arrays["sides"]), arrays["curves"], np.ascontiguousarray(cloud), arrays["rates"]
        )


def _rounded(values: FloatArray) -> NDArray[np.float32]:
    # To 12 binary digits, 1 part in 8,000: finer than a drawing shows, and it packs smaller.
    fraction, exponent = np.frexp(values)
    rounded: NDArray[np.float32] = np.ldexp(np.rint(fraction * 4096) / 4096, exponent).astype(np.float32)
    return rounded


def _rate(study: FiniteSample, name: str) -> float:
    try:
        slope = study.rate(name)
    except ValueError:
        return np.nan
    return slope
