"""Features as small whole numbers: projections on principal directions, and how to check carried ones.

A representation of some hundred numbers for each input is reduced to its first principal directions, each
divided by its standard deviation, and rounded to sixteenths in one byte. Rounding adds noise of a 3,000th of
each direction's variance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEPS_PER_DEVIATION = 16
"""Features are stored in steps of a 16th of a standard deviation, from -127 to 127 steps."""

_SMALLEST_VARIANCE = 1e-9
"""A direction with less than this share of the first one's variance is rounding error, not a feature."""


@dataclass(frozen=True)
class Projection:
    """From the numbers of a model to the carried ones: ``(x - mean) @ directions``, in steps."""

    mean: NDArray[Any]
    directions: NDArray[Any]

    def steps(self, raw: NDArray[Any]) -> NDArray[Any]:
        """Return the carried features of rows of raw model features, as whole steps (int8)."""
        projected = (raw.astype(np.float64) - self.mean) @ self.directions.astype(np.float64)
        steps: NDArray[Any] = np.clip(np.rint(projected), -127, 127).astype(np.int8)
        return steps


def common_projections(
    raws: Sequence[Mapping[str, NDArray[Any]]], widths: Mapping[str, int]
) -> dict[str, Projection]:
    """Fit one projection for each representation on the rows of several data sets together."""
    return {
        name: principal_projection(np.concatenate([raw[name] for raw in raws]), width)
        for name, width in widths.items()
    }


def principal_projection(raw: NDArray[Any], width: int) -> Projection:
    """Fit the projection on the first ``width`` principal directions of raw features.

    The sign of a direction is free; its largest entry is made positive. Directions are kept as float16,
    and are used as they are kept.

    Raises
    ------
    ValueError
        If the features do not vary in so many directions.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> raw = rng.normal(size=(1000, 3)) * [1.0, 5.0, 3.0]
    >>> steps = principal_projection(raw, 2).steps(raw)
    >>> (steps / STEPS_PER_DEVIATION).std(axis=0).round(2).tolist()
    [1.0, 1.0]
    """
    values = raw.astype(np.float64)
    mean = values.mean(axis=0)
    variances, directions = np.linalg.eigh(np.atleast_2d(np.cov((values - mean).T)))
    found = int(np.sum(variances > _SMALLEST_VARIANCE * variances[-1])) if variances[-1] > 0 else 0
    if not 1 <= width <= found:
        raise ValueError(f"width is {width}: these features vary in {found} directions; give 1 to {found}.")
    first = np.argsort(variances)[::-1][:width]
    largest = np.abs(directions[:, first]).argmax(axis=0)
    signs = np.sign(directions[largest, first])
    scaled = directions[:, first] * signs * STEPS_PER_DEVIATION / np.sqrt(variances[first])
    return Projection(mean.astype(np.float32), scaled.astype(np.float16))


@dataclass(frozen=True)
class SliceCheck:
    """How features computed here and now compare with the carried ones.

    Parameters
    ----------
    model : str
        The model that was run.
    device : str
        Where it ran.
    unit : str
        What the inputs are, such as ``"words"``.
    count : int
        Number of inputs.
    numbers : int
        Number of features compared.
    largest_difference : float
        In standard deviations of a feature; one step of the file is a 16th.
    share_equal : float
        Share of the features that are the same.
    """

    model: str
    device: str
    unit: str
    count: int
    numbers: int
    largest_difference: float
    share_equal: float

    @property
    def agrees(self) -> bool:
        """Whether no feature is off by more than one step, and at most 1 % by that."""
        return self.largest_difference <= 1 / STEPS_PER_DEVIATION and self.share_equal >= 0.99

    def __str__(self) -> str:
        same = (
            f"all {self.numbers:,} numbers are equal"
            if self.largest_difference == 0
            else f"{self.share_equal:.1%} of {self.numbers:,} numbers are equal, the others differ by at "
            f"most {self.largest_difference:.4f} standard deviations"
        )
        verdict = "the same" if self.agrees else "not the same"
        return f"{self.model} on {self.device} gives {verdict} features for {self.count} {self.unit}: {same}."


def compare_steps(
    raw: Mapping[str, NDArray[Any]],
    projections: Mapping[str, Projection],
    carried: Mapping[str, NDArray[Any]],
    *,
    model: str,
    device: str,
    unit: str,
) -> SliceCheck:
    """Compare raw features of some inputs with their carried steps, each by the representation's name.

    Examples
    --------
    >>> raw = np.random.default_rng(0).normal(size=(50, 4))
    >>> projection = principal_projection(raw, 2)
    >>> carried = {"tiny": projection.steps(raw)}
    >>> ran = {"model": "tiny", "device": "cpu", "unit": "rows"}
    >>> print(compare_steps({"tiny": raw}, {"tiny": projection}, carried, **ran))
    tiny on cpu gives the same features for 50 rows: all 100 numbers are equal.
    """
    differences = np.concatenate(
        [
            (projections[name].steps(values).astype(int) - carried[name].astype(int)).ravel()
            for name, values in raw.items()
        ]
    )
    return SliceCheck(
        model,
        device,
        unit,
        len(next(iter(raw.values()))),
        differences.size,
        float(np.abs(differences).max()) / STEPS_PER_DEVIATION,
        float(np.mean(differences == 0)),
    )
