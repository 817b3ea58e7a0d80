"""Bring any representation to common units, and to its principal directions, before heads are fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray

SMALLEST_MINORITY = 3
"""A feature that differs from its commonest value in fewer inputs than this is left out."""

CUT = 8.0
"""Standardised features beyond this many standard deviations are cut to it."""

_SHORTEST = 1e-6


def prepare(raw: FloatArray, name: str = "features") -> FloatArray:
    """Standardise features and turn them onto their principal directions; no label is looked at.

    Features that hardly vary are left out: one that differs from its commonest value in fewer than three
    inputs says nothing about other inputs, and standardising would blow it up. The others get mean 0 and
    variance 1 over all inputs; values beyond eight standard deviations are cut there, and the features
    standardised again. The result is turned, not scaled: a penalty or a budget on the weights means the
    same before and after. Directions without length (collinear features) are left out.

    This is transductive: means, variances and directions are those of all inputs, test inputs among them. A
    space of functions is not moved by that, but a penalty or a budget on the weights is, a little.
    """
    kept = raw[:, varying(raw)]
    if kept.shape[1] == 0:
        raise no_feature(name)
    standard: FloatArray = _standardised(np.clip(_standardised(kept), -CUT, CUT))
    _, directions = principal_directions(standard.T @ standard / len(standard))
    prepared: FloatArray = standard @ directions
    prepared.flags.writeable = False
    return prepared


def no_feature(name: str) -> ValueError:
    """Return the error of features that do not vary."""
    return ValueError(
        f"{name} has no feature that varies: give features of which at least one differs in "
        f"{SMALLEST_MINORITY} inputs or more."
    )


def principal_directions(square: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return variances and directions of standardised features, the longest first."""
    variances, directions = np.linalg.eigh(square)
    longest_first = np.argsort(variances, kind="stable")[::-1]
    longest_first = longest_first[variances[longest_first] > _SHORTEST**2 * variances.max()]
    directions = directions[:, longest_first]
    # The sign of a direction is free; without a rule it would depend on the machine.
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, np.arange(directions.shape[1])])
    return variances[longest_first], directions


def varying(raw: FloatArray) -> NDArray[Any]:
    """Whether at least three inputs differ from a feature's commonest value, and not by rounding only."""
    tolerance = 1e-12 * np.maximum(raw.max(axis=0), -raw.min(axis=0))
    few = 3 * SMALLEST_MINORITY
    if len(raw) <= few:
        return ~_too_common(raw, tolerance)
    # Among any few rows all but two of a value that is too common are alike: to see that they are not is
    # cheap, and only the features that are left are looked at as a whole.
    too_common = _too_common(raw[:few], tolerance)
    too_common[too_common] = _too_common(raw[:, too_common], tolerance[too_common])
    return ~too_common


def _too_common(raw: FloatArray, tolerance: FloatArray) -> NDArray[Any]:
    """Whether fewer than three inputs differ from a feature's commonest value by more than a tolerance."""
    run = len(raw) - SMALLEST_MINORITY + 1
    if run < 1:
        return np.asarray(np.ptp(raw, axis=0) <= 0)
    # Sorted, the commonest value fills a run: it is too common if its run leaves fewer than three out.
    ordered = np.sort(raw, axis=0)
    return np.asarray((ordered[run - 1 :] - ordered[: len(raw) - run + 1] <= tolerance).any(axis=0))


def _standardised(values: FloatArray) -> FloatArray:
    centred = values - values.mean(axis=0)
    standard: FloatArray = centred / centred.std(axis=0)
    return standard
