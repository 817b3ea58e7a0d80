"""`SphereHead`: linear heads whose weights have one exact norm, a class that is not convex."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray, real
from w2s_widgets.heads.base import LinearFunctions, anything
from w2s_widgets.heads.factors import Factors

_EPS = float(np.finfo(np.float64).eps)
_MAX_STEPS = 200
_LARGEST_PULL = 1e300


class SphereHead(LinearFunctions):
    """Linear functions whose weights have a Euclidean norm of exactly ``radius``: a contrast, not convex.

    The mean of two points of a sphere lies inside it, so the class is not convex, and Theorem 1 of
    Charikar, Pabbaraju and Shiragur (2024) promises nothing: a teacher inside the sphere is pushed out,
    possibly away from the truth. (A teacher outside is projected as by `BallHead`, and keeps its
    promise.) The intercept costs nothing.

    `fit` is exact, although many weights on the sphere may be local minima: the best one is
    ``(A + p I)^-1 b`` for ``A = X'X``, ``b = X'y`` (centred) and the one multiplier p, at least minus
    the smallest eigenvalue of A, at which the norm is ``radius`` (the secular equation). In the hard case
    y does not use the weakest direction of X, no such p exists, and the rest of the norm goes into
    that direction: two heads are then equally near, mirror images, and `fit` takes the one whose largest
    weight along this direction is positive.

    Where features are collinear, or more than the inputs, some directions of the weights show on no input
    of the fit and take up what is left of the norm: among the functions on these inputs the sphere is
    then the ball.

    Parameters
    ----------
    radius : float
        The norm of the weights, above 0.
    intercept : bool
        Whether functions have a free constant term.

    Attributes
    ----------
    multiplier_ : float or numpy.ndarray of shape (outputs,)
        The multiplier p of the secular equation, divided by n; negative where the weights were stretched.
    hard_case_ : bool or numpy.ndarray of shape (outputs,)
        Whether the rest of the norm went into the weakest direction.
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        See `Head`; it is rounding, times the radius and the size of the features.

    See Also
    --------
    BallHead : the sphere with its inside, a convex class.

    Examples
    --------
    A weak teacher near 0 is pushed out to the wrong side, and the student is worse:

    >>> import w2s_widgets as w2s
    >>> X, truth = [[-1.0], [1.0]], [-1.0, 1.0]
    >>> teacher = [0.1, -0.1]
    >>> student = SphereHead(radius=1.0).fit(X, teacher)
    >>> outcome = w2s.measure(truth, teacher, student.predict(X))
    >>> student.coef_, round(outcome.gain, 2), round(outcome.misfit, 2)
    (array([-1.]), -2.79, 0.81)
    """

    is_convex: ClassVar[bool] = False
    promise: ClassVar[str] = anything("a sphere is not convex")
    _parameters: ClassVar[tuple[str, ...]] = ("radius", "intercept")

    radius: float
    multiplier_: float | FloatArray
    hard_case_: Any
    optimality_gap_: float | FloatArray

    def __init__(self, radius: float = 1.0, intercept: bool = True) -> None:
        self._take({"radius": radius, "intercept": intercept})

    def _check(self, parameters: dict[str, Any]) -> None:
        super()._check(parameters)
        real("radius", parameters["radius"], above=0)

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        radius, features = float(self.radius), factors.centred.shape[1]
        longest = float(factors.lengths.max(initial=0.0))
        # Everything in units in which the longest direction, the targets and the radius are 1: squares of
        # very large and very small numbers would be none.
        longest = longest if longest > 0 else 1.0
        directions, eigenvalues = factors.right, (factors.lengths / longest) ** 2
        largest = np.abs(targets).max(axis=0)
        largest = np.where(largest > 0, largest, 1.0)
        sizes = np.linalg.norm(targets / largest, axis=0)
        units = targets / largest / np.where(sizes > 0, sizes, 1.0)
        with np.errstate(over="ignore"):
            pulls = (sizes * largest) / longest / radius
        pulls = np.where(np.isfinite(pulls), pulls, _LARGEST_PULL)
        slopes = (factors.lengths / longest)[:, None] * (factors.left.T @ units)
        if len(directions) < features:
            # A direction that no input sees is an eigenvector, too, of eigenvalue 0.
            directions = np.vstack([directions, _unseen_direction(directions, features)])
            eigenvalues = np.append(eigenvalues, 0.0)
            slopes = np.vstack([slopes, np.zeros(targets.shape[1])])
        # Of the pull of the targets and the eigenvalues the larger one is 1.
        weights = np.maximum(pulls, 1.0)
        points = [
            _nearest_on_sphere(eigenvalues / weight, slope * (pull / weight), 1.0)
            for slope, pull, weight in zip(slopes.T, pulls, weights, strict=True)
        ]
        turned = np.stack([_facing(point, directions) for point in points])
        multiplier = np.array([point.multiplier for point in points])
        gap = _optimality_gap(
            factors.centred / longest, units * (pulls / weights), turned, 1 / weights, multiplier
        )
        with np.errstate(over="ignore", under="ignore"):
            return {
                "coef_": turned * radius,
                "multiplier_": multiplier * weights * longest * longest / len(targets),
                "hard_case_": np.array([point.hard for point in points]),
                "optimality_gap_": gap * weights * (radius * longest) * (radius * longest),
            }


class _Point(NamedTuple):
    weights: FloatArray  # along the directions
    multiplier: float
    hard: bool


def _nearest_on_sphere(eigenvalues: FloatArray, slope: FloatArray, radius: float) -> _Point:
    """Minimise ``sum(eigenvalues * w**2 - 2 * slope * w)`` over ``|w| = radius``."""
    smallest = eigenvalues[-1]
    above = eigenvalues - smallest
    above[above <= 4 * _EPS * eigenvalues[0]] = 0.0
    weakest = above == 0
    size = np.linalg.norm(slope)
    in_weakest = float(np.linalg.norm(slope[weakest]))
    if in_weakest <= 4 * _EPS * size:
        inside = np.divide(slope, above, out=np.zeros_like(slope), where=~weakest)
        left_over = radius**2 - inside @ inside
        if left_over >= 0:
            inside[-1] = np.sqrt(left_over)
            return _Point(inside, -smallest, hard=bool(left_over > 0))
        slope, in_weakest = np.where(weakest, 0.0, slope), 0.0
    shift = _secular_root(above, slope, radius, low=in_weakest / radius)
    weights = np.divide(slope, above + shift, out=np.zeros_like(slope), where=slope != 0)
    return _Point(weights * (radius / np.linalg.norm(weights)), shift - smallest, hard=False)


def _secular_root(above: FloatArray, slope: FloatArray, radius: float, low: float) -> float:
    """Solve ``|slope / (above + q)| = radius`` for q > 0, which lies between low and |slope| / radius.

    One over the norm is increasing and concave in q, so Newton's method from below climbs to the root
    without overshooting; the bracket only guards against rounding.
    """
    slope, above = slope[slope != 0], above[slope != 0]
    high = float(np.linalg.norm(slope)) / radius
    shift = low if low > 0 else float(np.max(np.abs(slope) / radius - above))
    shift = shift if shift > 0 else high * _EPS
    for _ in range(_MAX_STEPS):
        weights = slope / (above + shift)
        norm = float(np.linalg.norm(weights))
        if abs(norm - radius) <= 4 * _EPS * radius or high - low <= _EPS * high:
            break
        low, high = (shift, high) if norm > radius else (low, shift)
        newton = shift + (norm / radius - 1) * norm**2 / float(np.sum(weights**2 / (above + shift)))
        shift = newton if low < newton < high else (low + high) / 2
    return shift


def _facing(point: _Point, directions: FloatArray) -> FloatArray:
    """Return the weights of the features; of two mirror images, the one that is documented."""
    weights = point.weights
    if point.hard:
        weakest = directions[-1]
        weights = weights.copy()
        weights[-1] *= np.sign(weakest[np.argmax(np.abs(weakest))])
    return np.asarray(weights @ directions, dtype=np.float64)


def _unseen_direction(directions: FloatArray, features: int) -> FloatArray:
    """Return a unit vector orthogonal to all directions, the same one every time."""
    unseen = np.eye(features) - directions.T @ directions
    # The longest row is far from rounding, and projecting it once more removes what rounding left.
    longest = unseen[np.argmax(np.linalg.norm(unseen, axis=1))]
    longest = longest - directions.T @ (directions @ longest)
    return np.asarray(longest / np.linalg.norm(longest), dtype=np.float64)


def _optimality_gap(
    X: FloatArray, y: FloatArray, coef: FloatArray, share: FloatArray, multiplier: FloatArray
) -> FloatArray:
    """Bound by how much a head on the sphere of radius 1 could lower the mean squared error.

    Between two points of the sphere the squared error differs by
    ``d' (A + p I) d + 2 d' ((A + p I) w - b)``, with d their difference, at most twice the radius long.
    So the fit is the best one up to what is left of the equation and of a negative eigenvalue. A is X'X
    times a ``share``, for each output.
    """
    left_over = X.T @ ((X @ coef.T) * share - y) + multiplier * coef.T
    lengths = np.linalg.svd(X, compute_uv=False)
    smallest = lengths[-1] ** 2 if len(lengths) == X.shape[1] else 0.0
    negative = np.maximum(0.0, -(smallest * share + multiplier))
    bound = 4 * np.linalg.norm(left_over, axis=0) + 4 * negative
    return np.asarray(bound / len(X), dtype=np.float64)
