"""`MonotoneHead`: all functions of one feature that never fall, a convex cone without coefficients."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from w2s_widgets._validation import FloatArray, flag, integer
from w2s_widgets.heads.base import Head, at_least


class MonotoneHead(Head):
    """All functions of one feature that never fall (or never rise), fitted by isotonic regression.

    The class holds every non-decreasing function of the feature, straight or not, continuous or not. It
    is convex, since a mixture of two functions that never fall never falls, and closed; it is a cone
    with the constants as its only straight lines, so it is not affine. Theorem 1 of Charikar, Pabbaraju
    and Shiragur (2024) then promises an inequality: if the truth is in the class, gain >= misfit.

    `fit` is the exact least-squares projection on the class for the inputs of the fit (by pooling
    adjacent violators, with inputs of the same feature value pooled first, as a function of the feature
    must give them one value). These inputs fix the function at their own feature values only; of all
    functions of the class that agree there, `predict` takes the one that is linear between neighbouring
    values and constant beyond the first and the last, which never falls either.

    Parameters
    ----------
    feature : int
        Number of the feature (column of X) that the functions depend on; the others are not looked at.
    increasing : bool
        Whether functions never fall; if False, they never rise.

    Attributes
    ----------
    knots_ : numpy.ndarray of shape (m,)
        The different values of the feature at the inputs of the fit, in ascending order.
    levels_ : numpy.ndarray of shape (m,) or (outputs, m)
        The fitted function's values there.
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        See `Head`.

    Examples
    --------
    >>> head = MonotoneHead().fit([[0.0], [1.0], [2.0], [3.0]], [0.0, 3.0, 1.0, 5.0])
    >>> head.levels_
    array([0., 2., 2., 5.])
    >>> head.predict([[-1.0], [0.5], [2.5], [9.0]])
    array([0. , 1. , 3.5, 5. ])
    """

    is_convex: ClassVar[bool] = True
    _reads_one_feature: ClassVar[bool] = True
    promise: ClassVar[str] = at_least("monotone functions form a convex cone")
    _parameters: ClassVar[tuple[str, ...]] = ("feature", "increasing")
    _shared: ClassVar[tuple[str, ...]] = ("knots_",)

    feature: int
    increasing: bool
    knots_: FloatArray
    levels_: FloatArray
    optimality_gap_: float | FloatArray

    def __init__(self, feature: int = 0, increasing: bool = True) -> None:
        self._take({"feature": feature, "increasing": increasing})

    def _check(self, parameters: dict[str, Any]) -> None:
        flag("increasing", parameters["increasing"])
        integer("feature", parameters["feature"])

    def _solve(self, X: FloatArray, y: FloatArray, weights: FloatArray | None) -> dict[str, Any]:
        if self.feature >= X.shape[1]:
            raise ValueError(
                f"feature is {self.feature} but X has {X.shape[1]} features: "
                f"give a number from 0 to {X.shape[1] - 1}."
            )
        from scipy.optimize import isotonic_regression

        each = np.ones(len(y)) if weights is None else weights
        knots, place = np.unique(X[:, self.feature], return_inverse=True)
        counts = np.bincount(place, weights=each)
        pooled = np.stack([np.bincount(place, weights=each * column) for column in y.T]) / counts
        levels = np.stack(
            [isotonic_regression(row, weights=counts, increasing=self.increasing).x for row in pooled]
        )
        sign = 1.0 if self.increasing else -1.0
        return {
            "knots_": knots,
            "levels_": levels,
            "optimality_gap_": _optimality_gap(sign * levels, sign * pooled, counts / len(y)),
        }

    def _evaluate(self, X: FloatArray) -> FloatArray:
        inputs = X[:, self.feature]
        levels = np.atleast_2d(self.levels_)
        values = np.stack([np.interp(inputs, self.knots_, row) for row in levels], axis=1)
        return values if self.levels_.ndim == 2 else values[:, 0]


def _optimality_gap(levels: FloatArray, pooled: FloatArray, shares: FloatArray) -> FloatArray:
    """Bound by how much a non-decreasing function could lower the mean squared error.

    The best one has no value below the smallest or above the largest value that it is fitted to. Among
    the functions within this range the tangent plane is lowest at a step from its lower to its upper
    end, so all steps are tried.
    """
    gradient = 2 * shares * (levels - pooled)
    bottom, top = pooled.min(axis=1), pooled.max(axis=1)
    # rises[j]: what the plane gains, per unit, when all values from place j on rise.
    rises = np.cumsum(gradient[:, ::-1], axis=1)
    lowest_step = np.minimum(rises.min(axis=1), 0.0)
    lowest = bottom * gradient.sum(axis=1) + (top - bottom) * lowest_step
    return np.asarray(np.maximum(np.sum(gradient * levels, axis=1) - lowest, 0.0), dtype=np.float64)
