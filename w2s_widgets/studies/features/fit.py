"""How the heads of a `FeatureStudy` are fitted: penalties that labels choose, and many fits at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads import RidgeHead
from w2s_widgets.heads.ball import project_on_ball
from w2s_widgets.heads.base import Head, factor
from w2s_widgets.theory.outcome import Outcome, measure
from w2s_widgets.theory.slack import SlackParts, explain_slack

PENALTIES: FloatArray = 10.0 ** (np.arange(-24, 17) / 4)
"""Penalties among which generalised cross-validation chooses, from 1e-6 to 1e4."""

LEAST_FREE = 1 / 2
"""Share of the labels that a fit must leave free. With nearly as many degrees of freedom as labels the score
divides one small number by the square of another, and now and then it prefers a fit that copies all noise."""

_FAR_FROM_COLLINEAR = 0.05


@dataclass(frozen=True, eq=False)
class FeatureFit:
    """One fitted setting of a `FeatureStudy`: the triangle's corners on the test inputs, and the head.

    Parameters
    ----------
    setting : dict
        The value of every axis.
    student_head : Head
        The student, fitted.
    features : numpy.ndarray of shape (n, directions)
        The student's representation of the test inputs.
    truth, teacher, student, ceiling : numpy.ndarray of shape (n,)
        Values on the test inputs, in standard deviations of the truth.
    fitted_on : tuple of two numpy.ndarray
        The student's representation of its own inputs, and the teacher's labels of them.
    """

    setting: dict[str, Any]
    student_head: Head
    features: FloatArray
    truth: FloatArray
    teacher: FloatArray
    student: FloatArray
    ceiling: FloatArray
    fitted_on: tuple[FloatArray, FloatArray]

    @property
    def outcome(self) -> Outcome:
        """The triangle on the test inputs."""
        return measure(self.truth, self.teacher, self.student, self.ceiling)

    def slack_parts(self) -> SlackParts:
        """Divide the slack by `explain_slack`."""
        return explain_slack(
            self.student_head, self.features, self.truth, self.teacher, fitted_on=self.fitted_on
        )


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
    """Choose the ridge penalty by generalised cross-validation on these labels alone.

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


class RowFits:
    """All three heads on the same inputs, for many labels at once: one factorisation serves them all.

    Functions are rows here, shape (functions, inputs). Where the features are far from collinear on these
    inputs, factors come from a Cholesky decomposition in units in which each feature has length 1, at a
    fraction of the cost of singular values of all rows and with the same digits; else from those.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.standard_normal((50, 3)), rng.standard_normal(50)
    >>> predicted = RowFits(X).fitted("linear", y[None]).predict(X)
    >>> from w2s_widgets.heads import LinearHead
    >>> bool(np.allclose(predicted[0], LinearHead().fit(X, y).predict(X)))
    True
    """

    def __init__(self, X: FloatArray) -> None:
        self.X = X
        self.mean = X.mean(axis=0)
        centred = X - self.mean
        self._scale = np.sqrt(np.mean(centred**2, axis=0))
        self._root = self._cholesky(centred) if len(X) > X.shape[1] + 1 and self._scale.all() else None

    def _cholesky(self, centred: FloatArray) -> FloatArray | None:
        unit = centred / self._scale
        try:
            root = np.linalg.cholesky(unit.T @ unit / len(unit))
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
        along = np.linalg.solve(self._root.T, turned).T / (self._scale * np.sqrt(len(self.X)))
        return lengths * np.sqrt(len(self.X)), right, along

    def read(self, labels: FloatArray) -> Read:
        """Take from labels, shape (functions, n), all that the fits need to know of them."""
        level = labels.mean(axis=1, keepdims=True)
        centred = labels - level
        size = np.sum(centred**2, axis=1)
        if self._root is None:
            return Read(level, size, self._factors[2] @ centred.T)
        return Read(level, size, (centred @ self.X).T)

    def fitted(self, head: str, labels: FloatArray | Read, radius: float = 1.0) -> Fitted:
        """Fit one head to each row of labels."""
        known = labels if isinstance(labels, Read) else self.read(labels)
        weights = self._weights(head, known, radius)
        return Fitted(weights, known.level - (weights @ self.mean)[:, None])

    def _weights(self, head: str, known: Read, radius: float) -> FloatArray:
        n = len(self.X)
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


class Fitted(NamedTuple):
    """Fitted linear functions: one row of weights and one constant for each."""

    weights: FloatArray
    constants: FloatArray

    def predict(self, X: FloatArray) -> FloatArray:
        """Return values on some inputs, shape (functions, inputs)."""
        values: FloatArray = self.weights @ X.T
        values += self.constants
        return values
