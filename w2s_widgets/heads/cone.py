"""`ConeHead`: linear heads without negative weights, a convex cone."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads.base import LinearFunctions, at_least
from w2s_widgets.heads.bounded_lstsq import bounded_fit
from w2s_widgets.heads.factors import Factors


class ConeHead(LinearFunctions):
    """Linear functions of a representation whose weights are all 0 or more.

    The class is a closed convex cone and not a space: minus a function of the class is not in it.
    Theorem 1 of Charikar, Pabbaraju and Shiragur (2024) then promises an inequality: if the truth is in
    the class, gain >= misfit. The intercept may have either sign.

    `fit` is the exact least-squares projection on the class, found by an active-set method (scipy's
    `nnls`, finished to rounding). Where features are collinear the weights need not be unique; the
    fitted values on the inputs of the fit always are.

    Parameters
    ----------
    intercept : bool
        Whether functions have a free constant term.

    Attributes
    ----------
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        See `Head`, but of heads within reach: those whose summed weights, each times its feature's standard
        deviation (root mean square, without an intercept), come to at most twice what this head's come to,
        or twice that of y, if larger. A much better head farther away would show within reach, too.

    See Also
    --------
    BoxHead : linear heads whose weights have a lower and an upper bound.

    Examples
    --------
    >>> X = [[0.0, 1.0], [1.0, 0.0], [2.0, 0.0], [3.0, 1.0]]
    >>> head = ConeHead().fit(X, [0.0, 1.0, 2.0, 3.0])
    >>> head.coef_.round(6)
    array([1., 0.])
    >>> ConeHead().fit(X, [0.0, -1.0, -2.0, -3.0]).coef_.round(6)
    array([0., 0.])
    """

    is_convex: ClassVar[bool] = True
    promise: ClassVar[str] = at_least("the class is a convex cone")
    _parameters: ClassVar[tuple[str, ...]] = ("intercept",)

    optimality_gap_: float | FloatArray

    def __init__(self, intercept: bool = True) -> None:
        self._take({"intercept": intercept})

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        features = factors.centred.shape[1]
        coef = bounded_fit(factors, targets, np.zeros(features), np.full(features, np.inf))
        return {"coef_": coef, "optimality_gap_": _optimality_gap(factors, targets, coef)}


def _optimality_gap(factors: Factors, targets: FloatArray, coef: FloatArray) -> FloatArray:
    """Bound by how much a head of the cone, within reach, could lower the mean squared error.

    A convex function lies above its tangent plane. Over the heads within reach the plane is lowest at
    weight 0 or on the feature with the steepest slope for its length.
    """
    lengths = np.sqrt(np.mean(factors.centred**2, axis=0))[:, None]
    gradient = factors.gradient(targets, coef)
    reach = 2 * np.maximum(np.sum(lengths * coef.T, axis=0), np.sqrt(np.mean(targets**2, axis=0)))
    slopes = np.divide(-gradient, lengths, out=np.zeros_like(gradient), where=lengths > 0)
    drop = np.sum(gradient * coef.T, axis=0) + reach * np.maximum(slopes.max(axis=0), 0.0)
    return np.asarray(np.maximum(drop, 0.0), dtype=np.float64)
