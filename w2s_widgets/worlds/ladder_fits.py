"""How the heads of a `LadderStudy` are fitted: the penalty that labels choose for themselves."""

from __future__ import annotations

import numpy as np

from w2s_widgets.arrays import FloatArray
from w2s_widgets.heads import RidgeHead
from w2s_widgets.heads.base import factor

PENALTIES: FloatArray = 10.0 ** (np.arange(-24, 17) / 4)
"""Penalties among which generalised cross-validation chooses, from 1e-6 to 1e4."""


def validation_scores(
    lengths: FloatArray, along: FloatArray, size: FloatArray, n: int, penalties: FloatArray = PENALTIES
) -> FloatArray:
    """Score every penalty by generalised cross-validation: the error to expect on other inputs.

    The score of a penalty p is ``(|y - fit|^2 / n) / (1 - df / n)^2``, with df the trace of the matrix
    that makes the fit from the labels, intercept included (Golub, Heath and Wahba 1979).

    Parameters
    ----------
    lengths : numpy.ndarray of shape (directions,)
        Singular values of the centred features.
    along : numpy.ndarray of shape (directions, outputs)
        Centred labels along the left singular vectors.
    size : numpy.ndarray of shape (outputs,)
        Squared length of the centred labels.
    n : int
        Number of labels.
    penalties : numpy.ndarray of shape (penalties,)
        In the unit of `RidgeHead`.

    Returns
    -------
    numpy.ndarray of shape (penalties, outputs)
    """
    squares = lengths**2
    left = n * penalties[:, None] / (squares + n * penalties[:, None])
    # With as many directions as labels nothing is left outside them, whatever rounding says.
    outside = np.maximum(size - np.sum(along**2, axis=0), 0.0) if len(lengths) < n - 1 else 0.0
    residual = left**2 @ along**2 + outside
    free = (n - 1 - np.sum(1 - left, axis=1))[:, None]
    scores: FloatArray = n * residual / free**2
    return scores


def best_penalty(X: FloatArray, y: FloatArray) -> float:
    """Choose the ridge penalty by generalised cross-validation on these labels alone.

    Parameters
    ----------
    X : numpy.ndarray of shape (n, features)
        Features.
    y : numpy.ndarray of shape (n,)
        Labels; a student's are its teacher's, so the truth plays no part.

    Returns
    -------
    float
        One of `PENALTIES`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((200, 5))
    >>> clean, noise = X @ np.ones(5), rng.standard_normal(200)
    >>> best_penalty(X, clean) < best_penalty(X, noise)
    True
    """
    factors = factor(X, intercept=True)
    centred = y - y.mean()
    scores = validation_scores(
        factors.lengths, (factors.left.T @ centred)[:, None], np.array([centred @ centred]), len(y)
    )
    return float(PENALTIES[int(np.argmin(scores[:, 0]))])


def validated_ridge(X: FloatArray, y: FloatArray) -> RidgeHead:
    """Return a `RidgeHead` with the penalty of `best_penalty`, fitted."""
    return RidgeHead(penalty=best_penalty(X, y)).fit(X, y)
