"""Classes that are made of fitted heads: `HullHead` mixes them, `FiniteHead` chooses one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

import numpy as np

from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.heads.base import Head, anything, at_least
from w2s_widgets.heads.bounded_lstsq import bounded_least_squares

FixedHeadsT = TypeVar("FixedHeadsT", bound="FixedHeads")


class FixedHeads(Head):
    """A class that is made of heads which are fitted already, and which it never fits again."""

    _parameters: ClassVar[tuple[str, ...]] = ("heads",)
    _smallest: ClassVar[int]

    heads: Sequence[Any]

    def __init__(self, heads: Sequence[Any]) -> None:
        self._take({"heads": heads})

    def _check(self, parameters: dict[str, Any]) -> None:
        heads = parameters["heads"]
        if isinstance(heads, (str, bytes)) or not isinstance(heads, Sequence):
            raise TypeError(f"heads is {heads!r}: give a list of fitted heads.")
        if len(heads) < self._smallest:
            raise ValueError(
                f"heads has {len(heads)} entries: give a list of at least {self._smallest} fitted heads."
            )
        for place, head in enumerate(heads):
            if isinstance(head, type) or not callable(getattr(head, "predict", None)):
                raise TypeError(
                    f"heads[{place}] is {head!r}, which cannot predict: give fitted heads, "
                    "objects with predict(X)."
                )

    def __sklearn_clone__(self: FixedHeadsT) -> FixedHeadsT:
        # scikit-learn would unfit the given heads, and the class would be gone.
        return type(self)(self.heads)

    def _solve(self, X: FloatArray, y: FloatArray, weights: FloatArray | None) -> dict[str, Any]:
        given = self._given_values(X, outputs=y.shape[1])
        if weights is not None:
            root = np.sqrt(weights)[:, None]
            given, y = given * root, y * root
        return self._choose(np.broadcast_to(given, (len(given), *y.shape)), y)

    @abstractmethod
    def _choose(self, given: FloatArray, y: FloatArray) -> dict[str, Any]:
        """Return the fitted attributes; ``given`` has shape (heads, n, outputs), y (n, outputs); weighted."""

    def _given_values(self, X: FloatArray, outputs: int) -> FloatArray:
        """Return the given heads' values, shape (heads, n, outputs) or (heads, n, 1) if they are shared."""
        columns = []
        for place, head in enumerate(self.heads):
            values = as_float_array(head.predict(X), f"the prediction of heads[{place}]")
            if len(values) != len(X) or (values.ndim == 2 and values.shape[1] not in (1, outputs)):
                raise ValueError(
                    f"heads[{place}] predicts an array of shape {values.shape} for {len(X)} inputs and "
                    f"{outputs} outputs: give heads with one value, or one for each output, for each input."
                )
            columns.append(values.reshape(len(X), -1))
        widest = max(column.shape[1] for column in columns)
        return np.stack([np.broadcast_to(column, (len(X), widest)) for column in columns])


class FiniteHead(FixedHeads):
    """A finite set of given heads, of which `fit` takes the nearest: a contrast, not convex.

    The mean of two heads of the set is not in the set, so Theorem 1 of Charikar, Pabbaraju and Shiragur
    (2024) promises nothing: the teacher may be nearest to a head on the far side of it, and the student
    then be worse than its teacher although the set holds the truth.

    The fit is exact, since every head is tried.

    Parameters
    ----------
    heads : sequence of fitted heads
        At least two objects with ``predict``; they are never fitted again. Each predicts one value for
        each input, used for every output, or one for each output. In
        a grid of scikit-learn's, whose values are cloned and so unfitted, wrap each in a ``FrozenEstimator``.

    Attributes
    ----------
    index_ : int or numpy.ndarray of shape (outputs,)
        Place of the nearest head in the list, the first one if two are equally near.
    margin_ : float or numpy.ndarray of shape (outputs,)
        Certificate, in the squared unit of y: by how much the mean squared error of the second nearest
        head, on the inputs of the fit, is larger; 0 for a tie.

    See Also
    --------
    HullHead : all mixtures of the given heads, the convex class around this one.

    Examples
    --------
    The teacher lies beyond a wrong head, and its student is pulled there:

    >>> import w2s_widgets as w2s
    >>> from w2s_widgets.heads import LinearHead
    >>> X, truth, wrong = [[-1.0], [1.0]], [0.0, 0.0], [-1.0, 1.0]
    >>> heads = [LinearHead().fit(X, truth), LinearHead().fit(X, wrong)]
    >>> teacher = [-0.6, 0.6]
    >>> student = FiniteHead(heads).fit(X, teacher)
    >>> outcome = w2s.measure(truth, teacher, student.predict(X))
    >>> student.index_, round(outcome.gain, 3), round(outcome.misfit, 3)
    (1, -0.64, 0.16)
    """

    is_convex: ClassVar[bool] = False
    promise: ClassVar[str] = anything("the class is a set of single functions and not convex")
    _smallest: ClassVar[int] = 2

    index_: Any
    margin_: float | FloatArray

    def _choose(self, given: FloatArray, y: FloatArray) -> dict[str, Any]:
        errors = np.mean((given - y) ** 2, axis=1)
        ordered = np.sort(errors, axis=0)
        return {"index_": np.argmin(errors, axis=0), "margin_": ordered[1] - ordered[0]}

    def _evaluate(self, X: FloatArray) -> FloatArray:
        chosen = np.atleast_1d(self.index_)
        given = self._given_values(X, outputs=len(chosen))
        given = np.broadcast_to(given, (*given.shape[:2], len(chosen)))
        values: FloatArray = given[chosen, :, np.arange(len(chosen))].T
        return values if np.ndim(self.index_) else values[:, 0]


class HullHead(FixedHeads):
    """All mixtures of k given heads: their convex hull.

    A mixture is a weighted mean, with weights that are 0 or more and sum to 1. The class is closed,
    convex and bounded, and not affine. Theorem 1 of Charikar, Pabbaraju and Shiragur (2024) then
    promises an inequality: if the truth is a mixture of the given heads, gain >= misfit.

    `fit` is the exact least-squares projection on the class: the point of a polytope that is nearest to
    another is, up to a factor, the solution of a least-squares problem without negative weights, and
    that is solved by an active-set method and finished on the face of the polytope that it names.

    Parameters
    ----------
    heads : sequence of fitted heads
        At least one object with ``predict``; they are never fitted again, and `fit` chooses the weights
        only. Each predicts one value for each input, used for every output, or one for each output. In
        a grid of scikit-learn's, whose values are cloned and so unfitted, wrap each in a ``FrozenEstimator``.

    Attributes
    ----------
    weights_ : numpy.ndarray of shape (k,) or (outputs, k)
        Weights of the mixture: at least 0, with sum 1.
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        See `Head`; the Frank-Wolfe gap.

    See Also
    --------
    FiniteHead : the given heads alone, a class that is not convex.

    Examples
    --------
    >>> from w2s_widgets.heads import LinearHead
    >>> X = [[0.0], [1.0], [2.0]]
    >>> low, high = LinearHead().fit(X, [0.0, 1.0, 2.0]), LinearHead().fit(X, [1.0, 4.0, 7.0])
    >>> mixture = HullHead([low, high]).fit(X, [0.5, 2.5, 4.5])
    >>> mixture.weights_.round(6), mixture.predict([[4.0]]).round(6)
    (array([0.5, 0.5]), array([8.5]))
    """

    is_convex: ClassVar[bool] = True
    promise: ClassVar[str] = at_least("the class is a convex hull")
    _smallest: ClassVar[int] = 1

    weights_: FloatArray
    optimality_gap_: float | FloatArray

    def _choose(self, given: FloatArray, y: FloatArray) -> dict[str, Any]:
        weights, gaps = [], []
        for output in range(y.shape[1]):
            vertices = given[:, :, output].T - y[:, [output]]
            chosen = _nearest_mixture(vertices)
            point = vertices @ chosen
            weights.append(chosen)
            gaps.append(2 / len(y) * max(0.0, float(np.max((point[:, None] - vertices).T @ point))))
        return {"weights_": np.stack(weights), "optimality_gap_": np.array(gaps)}

    def _evaluate(self, X: FloatArray) -> FloatArray:
        weights = np.atleast_2d(self.weights_)
        given = self._given_values(X, outputs=len(weights))
        values: FloatArray = np.einsum(
            "knm,mk->nm", np.broadcast_to(given, (*given.shape[:2], len(weights))), weights
        )
        return values if self.weights_.ndim == 2 else values[:, 0]


def _nearest_mixture(vertices: FloatArray) -> FloatArray:
    """Return the weights of the mixture of the columns that is nearest to 0."""
    # A turn changes no distance and leaves a small square problem, whatever n.
    points = np.linalg.qr(vertices).R if len(vertices) > vertices.shape[1] else vertices
    scale = float(np.max(np.linalg.norm(points, axis=0)))
    if scale == 0:
        return np.full(points.shape[1], 1 / points.shape[1])
    points = points / scale
    # For w = t v, with v a mixture: |P w|^2 + (sum(w) - 1)^2 = t^2 |P v|^2 + (t - 1)^2, so the best w is a
    # multiple of the best mixture.
    count = points.shape[1]
    system, wanted = np.vstack([points, np.ones(count)]), np.append(np.zeros(len(points)), 1.0)
    raw = bounded_least_squares(system, wanted, np.zeros(count), np.full(count, np.inf))
    weights = np.asarray(raw / raw.sum(), dtype=np.float64)
    on_face = _best_on_face(points, weights)
    better = (on_face >= 0).all() and np.linalg.norm(points @ on_face) <= np.linalg.norm(points @ weights)
    return on_face if better else weights


def _best_on_face(points: FloatArray, weights: FloatArray) -> FloatArray:
    """Move the weights to the point nearest to 0 among all sums (to 1) of the columns in use."""
    corner = int(np.argmax(weights))
    others = np.flatnonzero((weights > 0) & (np.arange(len(weights)) != corner))
    if len(others) == 0:
        return weights
    edges = points[:, others] - points[:, [corner]]
    step = np.linalg.lstsq(edges, -points @ weights, rcond=None)[0]
    moved = weights.copy()
    moved[others] += step
    moved[corner] -= step.sum()
    return moved
