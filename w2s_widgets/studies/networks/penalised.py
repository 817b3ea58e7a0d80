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

    A restraint depends on the units of the features. As in `FeatureStudy` they are standardised first,
    over labelled and other inputs together (no label is looked at), and turned by `prepare`, which leaves
    out what hardly varies.
    """
    values = np.empty((*labels.shape[:2], measured.shape[1]))
    for draw, (known, other, answers, unit) in enumerate(
        zip(learnt, measured, labels, scale[..., None], strict=True)
    ):
        prepared = prepare(np.concatenate([known, other]), "the student's representation")
        fits = RowFits(prepared[: len(known)])
        values[draw] = fits.fitted(head, answers / unit, RADIUS).predict(prepared[len(known) :]) * unit
    return values
