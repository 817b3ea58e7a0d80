"""Heads of a network world that hold back: a budget on the length of the weights, or a penalty on it."""

from __future__ import annotations

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.studies.features.fit import RowFits
from w2s_widgets.studies.features.preprocessing import prepare

RADIUS = 2.0
"""Budget of the ball: length of the weights on standardised features, in standard deviations of the truth."""


def restrained_values(
    learnt: FloatArray, labels: FloatArray, measured: FloatArray, head: str, scale: FloatArray
) -> FloatArray:
    """Fit restrained heads and return their values on other inputs.

    Regularization depends on the units of the features. As in `FeatureStudy` they are standardised first,
    over labelled and other inputs together (no label is looked at), and turned by `prepare`, which leaves
    out what hardly varies.

    Parameters
    ----------
    learnt : numpy.ndarray of shape (draws, n, width)
        Features of the labelled inputs.
    labels : numpy.ndarray of shape (draws, outputs, n)
        What the heads are fitted to.
    measured : numpy.ndarray of shape (draws, m, width)
        Features of the inputs to speak of.
    head : "ball" or "ridge"
        Least squares within the budget `RADIUS` (a convex class), or with the penalty that generalised
        cross-validation chooses on these labels (no projection).
    scale : numpy.ndarray of shape (draws, outputs)
        Standard deviation of the truth of each output's task: the unit of the budget.

    Returns
    -------
    numpy.ndarray of shape (draws, outputs, m)

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> features = rng.standard_normal((1, 90, 3))
    >>> labels = features[:, None, :, 0] * 4
    >>> values = restrained_values(features, labels, features, "ball", labels.std(axis=-1))
    >>> bool(np.allclose(values, labels))  # a budget of which less is needed restrains nothing
    True
    >>> unit = labels.std(axis=-1) / 4
    >>> held = restrained_values(features, labels, features, "ball", unit)
    >>> round(float(held.std() / unit[0, 0]), 2)
    2.0
    """
    values = np.empty((*labels.shape[:2], measured.shape[1]))
    for draw, (known, other, answers, unit) in enumerate(
        zip(learnt, measured, labels, scale[..., None], strict=True)
    ):
        prepared = prepare(np.concatenate([known, other]), "the student's representation")
        fits = RowFits(prepared[: len(known)])
        values[draw] = fits.fitted(head, answers / unit, RADIUS).predict(prepared[len(known) :]) * unit
    return values
