"""Least squares with bounds on the weights, exact: what the fits of cones, boxes and hulls are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads.factors import Factors

_EPS = float(np.finfo(np.float64).eps)


def bounded_least_squares(A: FloatArray, b: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Minimise ``|A w - b|`` over ``lower <= w <= upper``.

    scipy's active-set solvers find the face of the box on which the minimiser lies. They stop at
    tolerances of their own, so the answer is finished here: the minimiser on the face is solved for
    again, and bounds are taken on or let go until the conditions of optimality hold to rounding.
    """
    weights = np.clip(np.zeros(A.shape[1]), lower, upper)
    lengths = np.linalg.norm(A, axis=0)
    used = lengths > 0
    if not used.any():
        return weights
    # In columns of length 1 the units of the features play no part.
    unit, low, high = A[:, used] / lengths[used], lower[used] * lengths[used], upper[used] * lengths[used]
    solved = _finish(unit, b, low, high, _start(unit, b, low, high))
    inside = np.clip(solved / lengths[used], lower[used], upper[used])
    # A weight on its bound is the bound, to the last bit.
    weights[used] = np.where(solved == low, lower[used], np.where(solved == high, upper[used], inside))
    return weights


def _start(A: FloatArray, b: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
    from scipy.optimize import lsq_linear, nnls

    if (lower == 0).all() and np.isinf(upper).all():
        try:
            weights, _ = nnls(A, b)
        except RuntimeError:  # it gave up after its own number of steps
            weights = np.zeros(A.shape[1])
    else:
        weights = lsq_linear(A, b, (lower, upper), method="bvls", max_iter=20 * A.shape[1]).x
    return np.asarray(np.clip(weights, lower, upper), dtype=np.float64)


def _finish(
    A: FloatArray, b: FloatArray, lower: FloatArray, upper: FloatArray, weights: FloatArray
) -> FloatArray:
    """Walk from allowed weights to the minimiser, face by face, never raising the error."""
    weights = weights.copy()
    free = (weights > lower) & (weights < upper)
    stuck = np.zeros(len(weights), dtype=bool)
    just_let_go = -1
    for _ in range(10 * len(weights) + 50):
        step = np.zeros_like(weights)
        if free.any():
            step[free] = np.linalg.lstsq(A[:, free], b - A @ weights, rcond=None)[0]
        share, blocking = _longest_step(weights, step, lower, upper, free)
        weights = np.clip(weights + share * step, lower, upper)
        if blocking >= 0:
            weights[blocking] = lower[blocking] if step[blocking] < 0 else upper[blocking]
            free[blocking] = False
            # A weight that cannot leave its bound by more than rounding is not let go again.
            stuck[blocking] |= blocking == just_let_go and share < 1e-12
            continue
        gradient = A.T @ (A @ weights - b)
        rounding = 8 * _EPS * (np.linalg.norm(b) + np.linalg.norm(A @ weights) + np.abs(weights).sum())
        wants_up = (weights == lower) & (gradient < -rounding)
        wants_down = (weights == upper) & (gradient > rounding)
        wanting = (wants_up | wants_down) & ~stuck & ~free
        if not wanting.any():
            break
        just_let_go = int(np.argmax(np.where(wanting, np.abs(gradient), -1.0)))
        free[just_let_go] = True
    return weights


def _longest_step(
    weights: FloatArray, step: FloatArray, lower: FloatArray, upper: FloatArray, free: NDArray[np.bool_]
) -> tuple[float, int]:
    """Return the share of a step that stays within the bounds, and the weight that stops it (or -1)."""
    room = np.where(step < 0, lower - weights, upper - weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(free & (step != 0), room / step, np.inf)
    blocking = int(np.argmin(shares))
    return (1.0, -1) if shares[blocking] >= 1 else (max(0.0, float(shares[blocking])), blocking)


def bounded_fit(factors: Factors, targets: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Return the weights within bounds that are best for centred values, shape (outputs, features)."""
    # The part of the values outside the span of the features is the same for all weights: a small square
    # problem is left, whatever n.
    square, wanted = factors.lengths[:, None] * factors.right, factors.left.T @ targets
    return np.stack([bounded_least_squares(square, column, lower, upper) for column in wanted.T])
