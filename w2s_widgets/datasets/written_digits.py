"""How many digits values were written with: what was pasted with four is known to four."""

from __future__ import annotations

import math

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads import LinearHead

_DECIMALS = range(2, 8)
_SIGNIFICANT = range(3, 8)
_MOST = 1e-4
"""Of the truth's variance: what is rounded more coarsely is a count or a grade, and meant so."""


def rounding_of(values: FloatArray) -> float:
    """Return the error, as a root mean square, that writing numbers with few digits left in them.

    0 where they have many digits, or are whole numbers, which may be exact.

    Examples
    --------
    >>> exact = np.random.default_rng(0).standard_normal(100)
    >>> rounding_of(exact), round(rounding_of(exact.round(4)) * 1e4 * 12**0.5, 6), rounding_of(exact.round())
    (0.0, 1.0, 0.0)
    """
    if (values == np.rint(values)).all():
        return 0.0
    # Small numbers of few digits have many decimals: of the two ways to write the coarser one was meant.
    fixed = next((10.0**-k for k in _DECIMALS if _whole(values * 10.0**k)), 0.0)
    sizes = np.abs(values[values != 0])
    powers = np.floor(np.log10(sizes))
    steps = (10.0 ** (powers - digits + 1) for digits in _SIGNIFICANT)
    floating = next((step for step in steps if _whole(sizes / step)), np.zeros(1))
    return max(fixed, float(np.sqrt(np.sum(floating**2) / len(values)))) / math.sqrt(12)


def rounding_of_truth(features: FloatArray, truth: FloatArray) -> float:
    """Return how far a truth may be off a linear class for reasons of rounding, in its standard deviations.

    Both its own digits and those of the features count.
    """
    if len(features) <= features.shape[1] + 1:
        return 0.0
    own = rounding_of(truth)
    steps = np.array([rounding_of(column) for column in features.T])
    weights = LinearHead().fit(features, truth).coef_ if steps.any() else np.zeros(len(steps))
    error = math.sqrt(own**2 + float(np.sum((weights * steps) ** 2)))
    # Twice, as a root mean square over few inputs is no upper end.
    share = 2 * error / float(truth.std())
    return share if share**2 <= _MOST else 0.0


def _whole(values: FloatArray) -> bool:
    return bool((np.abs(values - np.rint(values)) <= 1e-7 * np.maximum(1.0, 1e-6 * np.abs(values))).all())
