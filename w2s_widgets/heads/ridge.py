"""`RidgeHead`: linear heads with a penalty on the weights: each teacher has a ball of its own."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from w2s_widgets._validation import FloatArray, real
from w2s_widgets.heads.base import LinearFunctions
from w2s_widgets.heads.factors import Factors
from w2s_widgets.heads.linear import LinearHead


class RidgeHead(LinearFunctions):
    """All linear functions of a representation, fitted with a penalty on the weights.

    The functions are those of `LinearHead`, a space. But `fit` minimises the mean squared error plus
    ``penalty`` times the squared norm of the weights, and that minimiser is not the function of the space
    that is nearest to the teacher: it is pulled towards 0. A student with weights ``w`` is the nearest of
    all functions whose weights are no longer than ``w``, a convex class of its own. So Theorem 1 of
    Charikar, Pabbaraju and Shiragur (2024) holds for a truth with weights ``t`` no longer than ``w``, and
    promises nothing for a longer one, which is the usual case: shrinking towards 0 loses signal. On the
    inputs of the fit the slack is exactly

        ``slack = -2 * penalty * (t - w) @ w``.

    `BallHead` has the same solutions with one class for every teacher.

    Parameters
    ----------
    penalty : float
        At least 0, in the unit that makes ``penalty * |weights|**2`` a mean squared error. The intercept
        costs nothing. With 0 the fit is that of `LinearHead`.
    intercept : bool
        Whether functions have a free constant term.

    Attributes
    ----------
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        Certificate, in the squared unit of y: no head has a penalised error on the inputs of the fit that
        is lower by more than this (for the penalised error, not for the mean squared error). It is
        rounding; with penalty 0 it is `LinearHead`'s.

    See Also
    --------
    BallHead : a norm budget instead of a penalty, an exact projection on a convex class.

    Examples
    --------
    >>> import w2s_widgets as w2s
    >>> X, truth = [[-1.0], [1.0]], [-2.0, 2.0]
    >>> teacher = [-1.5, 1.5]
    >>> student = RidgeHead(penalty=0.5).fit(X, teacher)
    >>> outcome = w2s.measure(truth, teacher, student.predict(X))
    >>> student.coef_.round(6), round(outcome.slack, 6), round(-2 * 0.5 * (2 - 1) * 1, 6)
    (array([1.]), -1.0, -1.0)
    """

    is_convex: ClassVar[bool] = True
    is_affine: ClassVar[bool] = True
    is_projection: ClassVar[bool] = False
    promise: ClassVar[str] = (
        "Nothing, even if the class holds the truth: the class is a linear space, but the penalised student "
        "is the projection on a ball, which depends on the teacher and may leave the truth outside."
    )
    _parameters: ClassVar[tuple[str, ...]] = ("penalty", "intercept")

    penalty: float
    optimality_gap_: float | FloatArray

    def __init__(self, penalty: float = 0.1, intercept: bool = True) -> None:
        self._take({"penalty": penalty, "intercept": intercept})

    def _check(self, parameters: dict[str, Any]) -> None:
        super()._check(parameters)
        real("penalty", parameters["penalty"], 0)

    def projector(self) -> LinearHead:
        """Return the unfitted `LinearHead` that projects on the same class of functions."""
        return LinearHead(intercept=self.intercept)

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        penalty, n = float(self.penalty), len(targets)
        if penalty == 0:
            fitted = self.projector()._fit_centred(factors, targets)
            return {name: value for name, value in fitted.items() if name != "rank_"}
        lengths = factors.lengths[:, None]
        weights = lengths * (factors.left.T @ targets) / (lengths**2 + n * penalty)
        coef = weights.T @ factors.right
        slope = factors.centred.T @ (factors.centred @ coef.T - targets) / n + penalty * coef.T
        return {
            "coef_": coef,
            # The penalised error rises at least by penalty * |step|^2 above its tangent plane.
            "optimality_gap_": np.sum(slope**2, axis=0) / penalty,
        }
