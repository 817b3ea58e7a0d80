"""Many heads at once: of many labels on one set of inputs (`RowFits`), or of many tasks (`fit_heads`).

The two are two ways to factor features: by row, with a square formed where that costs no digits, and by QR,
which sees features as collinear as those of deep networks. `LinearHead` and its sisters give the same.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads.ball import project_on_ball
from w2s_widgets.heads.factors import factor
from w2s_widgets.heads.ridge import RidgeHead

PENALTIES: FloatArray = 10.0 ** (np.arange(-24, 17) / 4)
"""Penalties among which generalised cross-validation chooses, from 1e-6 to 1e4."""

LEAST_FREE = 1 / 2
"""Share of the labels that a fit must leave free. With nearly as many degrees of freedom as labels the score
divides one small number by the square of another, and now and then it prefers a fit that copies all noise."""

_FAR_FROM_COLLINEAR = 0.05


class HeadFits(NamedTuple):
    """Fitted linear functions: weights, shape (..., functions, width), and biases, shape (..., functions)."""

    weights: FloatArray
    biases: FloatArray
    rank: NDArray[Any] | None = None
    """How many directions of the features the fit used, where it says so."""

    def predict(self, features: Any) -> FloatArray:
        """Return values on inputs, shape (..., functions, n), of features of shape (..., n, width).

        Features that are read in blocks evaluate heads themselves.
        """
        if hasattr(features, "evaluate"):
            evaluated: FloatArray = features.evaluate(self)
            return evaluated
        values: FloatArray = self.weights @ np.swapaxes(features, -1, -2)
        values += self.biases[..., None]
        return values


def fit_heads(
    features: FloatArray,
    labels: FloatArray,
    *,
    tolerance: float | None = None,
    device: Any = None,
) -> HeadFits:
    """Fit affine heads by least squares, all tasks at once; `LinearHead` task by task gives the same.

    Features have shape (tasks, n, width) and labels (tasks, outputs, n). With a ``device`` torch solves
    there, in float64; without one numpy does. The centred features and the labels are reduced to one
    triangle by a QR decomposition, and the small triangle is solved by its singular values. Squares of
    singular values are never formed, so features of a deep random network, which point almost all in one
    direction, cost no more digits than they must. Directions that are only rounding are left out, and among
    all best heads the one with the smallest weights is returned.
    """
    if features.ndim != 3 or labels.ndim != 3 or labels.shape[::2] != features.shape[:2]:
        raise ValueError(
            f"features has shape {features.shape} and labels {labels.shape}: give (tasks, n, width) and "
            "(tasks, outputs, n), with one row of features for each label."
        )
    if device is None:
        return HeadFits(*_solve(np, features, labels, tolerance))
    import torch

    if torch.device(device).type == "mps":
        raise ValueError(
            "device is mps, which has no float64: leave device out, and the heads are fitted in numpy."
        )
    inputs, answers = (
        torch.as_tensor(array, dtype=torch.float64, device=device) for array in (features, labels)
    )
    weights, biases, rank = _solve(torch, inputs, answers, tolerance)
    return HeadFits(weights.cpu().numpy(), biases.cpu().numpy(), rank.cpu().numpy())


def _solve(library: Any, features: Any, labels: Any, tolerance: float | None) -> tuple[Any, Any, Any]:
    """Solve in numpy or torch: what is used of them has the same names and meanings in both."""
    _, n, width = features.shape
    mean, level = features.mean(1), labels.mean(2)
    centred = features - mean[:, None, :]
    answers = (labels - level[..., None]).swapaxes(1, 2)
    if answers.shape[2] <= 2 * width:
        # With the labels as further columns the triangle holds all that is needed, and Q is never built.
        triangle = library.linalg.qr(library.concatenate([centred, answers], 2), mode="r")
        triangle = triangle if library is np else triangle[1]
        triangle, along = triangle[:, :width, :width], triangle[:, :width, width:]
    else:
        turned, triangle = library.linalg.qr(centred)
        along = turned.swapaxes(1, 2) @ answers
    left, lengths, right = library.linalg.svd(triangle, full_matrices=False)
    precision = float(np.finfo(np.float64).eps)
    relative = max(n, width) * precision if tolerance is None else tolerance
    # Features far from zero are known to the precision of their mean only, and centring shows it.
    rounding = 4 * precision * n**0.5 * library.sqrt((mean * mean).sum(1))
    kept = lengths > library.maximum(relative * lengths[:, 0], rounding)[:, None]
    shares = library.where(kept, 1 / library.where(kept, lengths, 1.0), 0.0)
    weights = along.swapaxes(1, 2) @ left @ (shares[:, :, None] * right)
    biases = level - (weights @ mean[:, :, None])[..., 0]
    return weights, biases, kept.sum(1)


def validation_scores(
    lengths: FloatArray, along: FloatArray, size: FloatArray, n: int, penalties: FloatArray = PENALTIES
) -> FloatArray:
    """Score every penalty by generalised cross-validation: the error to expect on other inputs.

    The score of a penalty p is ``(|y - fit|^2 / n) / (1 - df / n)^2``, with df the trace of the matrix
    that makes the fit from the labels, intercept included (Golub, Heath and Wahba 1979). It is infinite
    where the fit would leave fewer than half of the labels free.
    """
    squares = lengths**2
    left = n * penalties[:, None] / (squares + n * penalties[:, None])
    # With as many directions as labels nothing is left outside them, whatever rounding says.
    outside = np.maximum(size - np.sum(along**2, axis=0), 0.0) if len(lengths) < n - 1 else 0.0
    residual = left**2 @ along**2 + outside
    free = (n - 1 - np.sum(1 - left, axis=1))[:, None]
    scores: FloatArray = np.where(free < LEAST_FREE * n, np.inf, n * residual / free**2)
    return scores


def best_penalty(X: FloatArray, y: FloatArray) -> float:
    """Choose the ridge penalty by generalised cross-validation on these labels alone."""
    factors = factor(X, intercept=True)
    centred = y - y.mean()
    scores = validation_scores(
        factors.lengths, (factors.left.T @ centred)[:, None], np.array([centred @ centred]), len(y)
    )
    return float(PENALTIES[int(np.argmin(scores[:, 0]))])


def validated_ridge(X: FloatArray, y: FloatArray) -> RidgeHead:
    """Return a `RidgeHead` with the penalty of `best_penalty`, fitted."""
    return RidgeHead(penalty=best_penalty(X, y)).fit(X, y)


class RowFits:
    """Linear, ball and ridge heads on the same inputs, for many labels: one factorisation serves all.

    Functions are rows here, shape (functions, inputs). Where the features are far from collinear on these
    inputs, factors come from a Cholesky decomposition in units in which each feature has length 1, at a
    fraction of the cost of singular values of all rows and with the same digits; else from those.
    """

    def __init__(self, X: FloatArray) -> None:
        self.X = X
        self.count = len(X)
        self.mean = X.mean(axis=0)
        centred = X - self.mean
        self._scale = np.sqrt(np.mean(centred**2, axis=0))
        self._root = self._cholesky(centred) if len(X) > X.shape[1] + 1 and self._scale.all() else None

    @property
    def well_conditioned(self) -> bool:
        """Whether the features are far from collinear on these inputs."""
        return self._root is not None

    def _cholesky(self, centred: FloatArray) -> FloatArray | None:
        unit = centred / self._scale
        return self._root_of(unit.T @ unit / len(unit))

    @staticmethod
    def _root_of(correlations: FloatArray) -> FloatArray | None:
        try:
            root: Any = np.linalg.cholesky(correlations)
        except np.linalg.LinAlgError:
            return None
        return root if np.diagonal(root).min() > _FAR_FROM_COLLINEAR else None

    @cached_property
    def _factors(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return lengths, right and what makes coordinates along the left vectors from ``X.T @ y``.

        The last is the transposed left vectors themselves where there is no root.
        """
        if self._root is None:
            factors = factor(self.X, intercept=True)
            return factors.lengths, factors.right, factors.left.T
        # With unit = centred / scale = Q root.T sqrt(n), centred = Q (sqrt(n) root.T scale) = (Q a) s b.
        turned, lengths, right = np.linalg.svd(self._root.T * self._scale)
        along = np.linalg.solve(self._root.T, turned).T / (self._scale * np.sqrt(self.count))
        return lengths * np.sqrt(self.count), right, along

    def read(self, labels: FloatArray) -> Read:
        """Take from labels, shape (functions, n), all that the fits need to know of them."""
        level = labels.mean(axis=1, keepdims=True)
        centred = labels - level
        size = np.sum(centred**2, axis=1)
        if self._root is None:
            return Read(level, size, self._factors[2] @ centred.T)
        return Read(level, size, (centred @ self.X).T)

    def fitted(self, head: str, labels: FloatArray | Read, radius: float = 1.0) -> HeadFits:
        """Fit one head to each row of labels; the penalty of a ridge head is chosen for each on its own."""
        known = labels if isinstance(labels, Read) else self.read(labels)
        weights = self._weights(head, known, radius)
        return HeadFits(weights, known.level[:, 0] - weights @ self.mean)

    def _weights(self, head: str, known: Read, radius: float) -> FloatArray:
        n = self.count
        if head == "linear" and self._root is not None:
            projected = np.linalg.solve(self._root, known.products / self._scale[:, None])
            solved = np.linalg.solve(self._root.T, projected) / (n * self._scale[:, None])
            return np.ascontiguousarray(solved.T)
        lengths, right, coordinates = self._factors
        along = known.products if self._root is None else coordinates @ known.products
        if head == "linear":
            solved = along / lengths[:, None]
        elif head == "ball":
            solved, _ = project_on_ball(lengths, along, np.full(len(known.size), radius))
        else:
            scores = validation_scores(lengths, along, known.size, n)
            penalties = PENALTIES[np.argmin(scores, axis=0)]
            solved = lengths[:, None] * along / (lengths[:, None] ** 2 + n * penalties)
        weights: FloatArray = solved.T @ right
        return weights


class Read(NamedTuple):
    """Labels as a fit sees them: means, squared lengths, and products with features (or left vectors)."""

    level: FloatArray
    size: FloatArray
    products: FloatArray
