"""`BallHead`: linear heads with a norm budget, a convex class that is not a space."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.heads.base import LinearFunctions, at_least
from w2s_widgets.heads.factors import Factors

_MAX_STEPS = 200


class BallHead(LinearFunctions):
    """Linear functions of a representation whose weights have a Euclidean norm of at most ``radius``.

    The class is convex but not affine: it ends at the surface of a ball. Theorem 1 of Charikar,
    Pabbaraju and Shiragur (2024) then promises an inequality: if the truth is in the class, gain >=
    misfit, and the student may do better than its misfit says. The intercept costs nothing.

    `fit` is the exact least-squares projection on the class. That is not ridge regression with a fixed
    penalty, which makes a ball of its own for every teacher: here the penalty is
    `multiplier_`, different for each output, 0 where the budget is not used up, and found as the root
    of the secular equation "the norm of the penalised fit is ``radius``".

    Parameters
    ----------
    radius : float or array-like of shape (outputs,)
        The budget, above 0: one for all outputs, or one for each. Each output has its own ball.
    intercept : bool
        Whether functions have a free constant term.

    Attributes
    ----------
    multiplier_ : float or numpy.ndarray of shape (outputs,)
        Penalty on the squared norm at which ridge regression, added to the mean squared error, would
        give the same head for these data; 0 where the budget is not used up.
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        See `Head`; computed from the features and not from the solver's own factors, so it is rounding,
        times the radius and the size of the features.

    See Also
    --------
    LinearHead : the same functions without a budget.

    Examples
    --------
    >>> head = BallHead(radius=1.0).fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> head.coef_.round(6), round(head.intercept_, 6)
    (array([1.]), 2.0)
    >>> BallHead(radius=0)
    Traceback (most recent call last):
    ...
    ValueError: radius is 0: give a number above 0.
    """

    is_convex: ClassVar[bool] = True
    promise: ClassVar[str] = at_least("the class is convex")
    _parameters: ClassVar[tuple[str, ...]] = ("radius", "intercept")

    radius: ArrayLike
    multiplier_: float | FloatArray
    optimality_gap_: float | FloatArray

    def __init__(self, radius: ArrayLike = 1.0, intercept: bool = True) -> None:
        self._take({"radius": radius, "intercept": intercept})

    def _check(self, parameters: dict[str, Any]) -> None:
        super()._check(parameters)
        if isinstance(parameters["radius"], bool):
            raise TypeError(f"radius is {parameters['radius']}: give a number above 0.")
        radius = as_float_array(parameters["radius"], "radius", ndims=(0, 1))
        if radius.min() <= 0:
            raise ValueError(f"radius is {radius.min():g}: give a number above 0.")

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        outputs = targets.shape[1]
        radius = as_float_array(self.radius, "radius", ndims=(0, 1))
        if radius.ndim == 1 and len(radius) != outputs:
            raise ValueError(
                f"radius has {len(radius)} entries but y has {outputs} outputs: "
                "give one number for all outputs, or one for each."
            )
        budget = np.broadcast_to(radius, (outputs,))
        weights, penalty = project_on_ball(factors.lengths, factors.left.T @ targets, budget)
        coef = weights.T @ factors.right
        return {
            "coef_": coef,
            "multiplier_": penalty / len(targets),
            "optimality_gap_": _optimality_gap(factors.gradient(targets, coef), coef, budget),
        }


def project_on_ball(
    lengths: FloatArray, targets: FloatArray, radius: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Minimise ``|lengths * w - targets|`` over ``|w| <= radius``, one column for each output.

    Returns the minimisers and their Lagrange multipliers. Lengths descend. In units in which the largest
    length and the targets are 1, the minimiser is ``w(p) = lengths * targets / (lengths**2 + p)`` with the
    penalty p at which its norm is the radius. ``1 / |w(p)|`` is increasing and concave in p, so Newton's
    method from below the root climbs to it without overshooting; the bracket only guards against rounding.
    """
    size = np.linalg.norm(targets, axis=0)
    if len(lengths) == 0 or not size.any():
        return np.zeros_like(targets), np.zeros(len(radius))
    largest = lengths[0]
    sigma = (lengths / largest)[:, None]
    unit = targets / np.where(size > 0, size, 1.0)
    with np.errstate(over="ignore", divide="ignore"):
        reach = radius * (largest / np.where(size > 0, size, np.inf))  # infinite where nothing is asked
    reach = np.where(size > 0, reach, np.inf)
    weights = unit / sigma
    penalty = np.zeros(len(radius))
    active = np.linalg.norm(weights, axis=0) > reach
    if active.any():
        root = _secular_root(sigma, unit[:, active], reach[active])
        on_surface = sigma * unit[:, active] / (sigma**2 + root)
        on_surface /= np.abs(on_surface).max(axis=0)  # tiny squares would vanish from the norm
        weights[:, active] = on_surface * (reach[active] / np.linalg.norm(on_surface, axis=0))
        penalty[active] = root * largest**2
    return weights * (size / largest), penalty


def _secular_root(sigma: FloatArray, unit: FloatArray, reach: FloatArray) -> FloatArray:
    """Solve ``|sigma * unit / (sigma**2 + p)| = reach`` for p > 0, for each column."""
    high = np.linalg.norm(sigma * unit, axis=0) / reach
    low = np.maximum(0.0, high - 1.0)
    penalty = low.copy()
    precision = np.finfo(np.float64).eps
    for _ in range(_MAX_STEPS):
        damped = sigma**2 + penalty
        weights = sigma * unit / damped
        norm = np.linalg.norm(weights, axis=0)
        if (np.abs(norm - reach) <= 4 * precision * reach).all() or (high - low <= precision * high).all():
            break
        low = np.where(norm > reach, penalty, low)
        high = np.where(norm > reach, high, penalty)
        slope = np.sum(weights**2 / damped, axis=0) / norm**2
        newton = penalty + (norm / reach - 1) / slope
        inside = (newton > low) & (newton < high)
        penalty = np.where(inside, newton, (low + high) / 2)
    return np.asarray(penalty, dtype=np.float64)


def _optimality_gap(gradient: FloatArray, coef: FloatArray, radius: FloatArray) -> FloatArray:
    """Bound by how much a head within the radius could lower the mean squared error.

    A convex function lies above its tangent plane, and the lowest point of the plane over the ball is
    known, so the drop to that point is a bound.
    """
    drop = np.sum(gradient * coef.T, axis=0) + radius * np.linalg.norm(gradient, axis=0)
    return np.asarray(np.maximum(drop, 0.0), dtype=np.float64)
