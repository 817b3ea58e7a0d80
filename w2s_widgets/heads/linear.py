"""`LinearHead`: least squares, the class for which gain equals misfit."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from w2s_widgets._validation import FloatArray, real
from w2s_widgets.heads.base import LinearFunctions
from w2s_widgets.heads.factors import Factors


class LinearHead(LinearFunctions):
    """All linear functions of a representation, fitted by least squares.

    The class is convex and a linear space. Theorem 1 of Charikar, Pabbaraju and Shiragur (2024) then
    holds with equality: if the truth is in the class, gain = misfit, exactly on the inputs of the fit
    and up to estimation error on fresh ones.

    Features may be collinear, or more than the inputs: among all heads with the smallest error, `fit`
    returns the one with the smallest weights (in Euclidean norm, intercept not counted).

    Parameters
    ----------
    intercept : bool
        Whether functions have a free constant term.
    tolerance : float, optional
        Directions whose singular value is at most this share of the largest one count as no direction,
        in units in which every (centred) feature has length 1. By default the larger of n and features,
        times 2.2e-16; directions below the rounding error of the features' own means are never used.

    Attributes
    ----------
    rank_ : int
        Number of directions that `fit` used.
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        Certificate, in the squared unit of y: by how much another function of the features could still
        lower the mean squared error on the inputs of the fit. It is rounding, unless a tolerance left
        out more. (The misfit's own excess, not a bound for the slack: that moves by up to twice the root
        of the gap times the student's distance from the truth.)

    See Also
    --------
    BallHead : the same functions with a norm budget.

    Examples
    --------
    >>> head = LinearHead().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> head.predict([[3.0]]).round(6)
    array([7.])
    >>> twice_the_same_feature = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]
    >>> head = LinearHead().fit(twice_the_same_feature, [1.0, 3.0, 5.0])
    >>> head.coef_.round(6), head.rank_
    (array([1., 1.]), 1)
    """

    is_convex: ClassVar[bool] = True
    is_affine: ClassVar[bool] = True
    promise: ClassVar[str] = (
        "If the class holds the truth, gain equals misfit: the class is a linear space, "
        "so the angle at the student is exactly 90 degrees."
    )
    _parameters: ClassVar[tuple[str, ...]] = ("intercept", "tolerance")

    rank_: int
    optimality_gap_: float | FloatArray

    def __init__(self, intercept: bool = True, tolerance: float | None = None) -> None:
        self._take({"intercept": intercept, "tolerance": tolerance})

    def _check(self, parameters: dict[str, Any]) -> None:
        super()._check(parameters)
        tolerance = parameters["tolerance"]
        if tolerance is not None:
            real("tolerance", tolerance, 0, below=1)

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        coef = factors.least_squares(targets)
        left_over = targets - factors.centred @ coef.T
        within = np.sum((factors.span.T @ left_over) ** 2, axis=0) / len(targets)
        return {
            "coef_": coef,
            "rank_": len(factors.lengths),
            "optimality_gap_": within + (factors.level_excess(left_over) if self.intercept else 0.0),
        }
