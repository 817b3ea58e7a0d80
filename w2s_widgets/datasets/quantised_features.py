"""Features as small whole numbers: projections on principal directions.

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
