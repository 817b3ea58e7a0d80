"""`SparseHead`: linear heads that use only a few features, a class that is not convex."""

from __future__ import annotations

from itertools import combinations, islice
from math import comb
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray, integer
from w2s_widgets.heads.base import LinearFunctions, anything
from w2s_widgets.heads.factors import factor, level_of

MOST_CHOICES = 20_000
"""How many choices of features `SparseHead.fit` tries at most."""
_CHUNK = 2_000


class SparseHead(LinearFunctions):
    """Linear functions that use at most k features of the representation: a contrast, not convex.

    The mean of two functions that use different features uses both, so the class is a bundle of spaces
    and not convex. Theorem 1 of Charikar, Pabbaraju and Shiragur (2024) promises nothing: the teacher's
    mistakes may make the student choose other features than the truth's.

    The fit is exact: every choice of k features is tried, by least squares. That is for small problems
    only: with more than 20,000 choices (say 3 of 51 features) `fit` refuses.

    Parameters
    ----------
    sparsity : int
        k, from 1 to one below the number of features.
    intercept : bool
        Whether functions have a free constant term, which does not count.

    Attributes
    ----------
    support_ : numpy.ndarray of shape (k,) or (outputs, k)
        Numbers of the features in use, ascending.
    margin_ : float or numpy.ndarray of shape (outputs,)
        Certificate, in the squared unit of y: by how much the mean squared error of the second best choice
        of features, on the inputs of the fit, is larger; 0 for a tie.

    See Also
    --------
    LinearHead : all linear functions, the space around this class.

    Examples
    --------
    >>> X = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    >>> head = SparseHead(sparsity=1, intercept=False).fit(X, [1.0, 3.0, 2.0])
    >>> head.support_, head.coef_.round(6), round(head.margin_, 6)
    (array([1]), array([0., 3., 0.]), 1.666667)
    """

    is_convex: ClassVar[bool] = False
    promise: ClassVar[str] = anything("sparse functions form a bundle of spaces that is not convex")
    _parameters: ClassVar[tuple[str, ...]] = ("sparsity", "intercept")

    sparsity: int
    support_: NDArray[np.int64]
    margin_: float | FloatArray

    def __init__(self, sparsity: int = 1, intercept: bool = True) -> None:
        self._take({"sparsity": sparsity, "intercept": intercept})

    def _check(self, parameters: dict[str, Any]) -> None:
        super()._check(parameters)
        integer("sparsity", parameters["sparsity"], 1)

    def _solve(self, X: FloatArray, y: FloatArray, weights: FloatArray | None) -> dict[str, Any]:
        features, sparsity = X.shape[1], int(self.sparsity)
        if sparsity >= features:
            raise ValueError(
                f"sparsity is {sparsity} but X has n_features = {features}, so every linear function would "
                "do: give a smaller sparsity, or use LinearHead."
            )
        if comb(features, sparsity) > MOST_CHOICES:
            raise ValueError(
                f"there are {comb(features, sparsity):,} choices of {sparsity} of {features} features, and "
                f"all would have to be tried: give a sparsity or features with at most {MOST_CHOICES:,}."
            )
        level = level_of(y, weights) if self.intercept else np.zeros(y.shape[1])
        root = np.ones((len(X), 1)) if weights is None else np.sqrt(weights)[:, None]
        centred = (X - level_of(X, weights) if self.intercept else X) * root
        targets = (y - level) * root
        lengths = np.linalg.norm(centred, axis=0)
        unit = np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > 0)
        best, margin = _best_choices(unit, targets, sparsity)
        coef = np.zeros((y.shape[1], features))
        intercept = np.zeros(y.shape[1])
        for output, support in enumerate(best):
            factors = factor(X[:, support], intercept=self.intercept, weights=weights)
            coef[output, support] = factors.least_squares(targets[:, [output]])[0]
            intercept[output] = level[output] - coef[output, support] @ factors.mean
        return {"coef_": coef, "intercept_": intercept, "support_": best, "margin_": margin}


def _best_choices(X: FloatArray, y: FloatArray, size: int) -> tuple[NDArray[np.int64], FloatArray]:
    """Try all choices of columns; return the best for each output and the margin to the second best."""
    rows, outputs = X.shape[0], y.shape[1]
    square, turned = X, y
    if rows > X.shape[1]:
        left, square = np.linalg.qr(X)
        turned = left.T @ y
    best = np.zeros((outputs, size), dtype=np.int64)
    first, second = np.full(outputs, -np.inf), np.full(outputs, -np.inf)
    choices = combinations(range(X.shape[1]), size)
    precision = max(X.shape) * float(np.finfo(np.float64).eps)
    while chunk := list(islice(choices, _CHUNK)):
        columns = np.array(chunk)
        # What a choice explains of y is the squared length of y in the span of its columns.
        left, lengths, _ = np.linalg.svd(square[:, columns].transpose(1, 0, 2), full_matrices=False)
        seen = lengths > precision * lengths[:, :1]
        parts = np.einsum("crk,ro->cko", left, turned) ** 2
        explained = np.einsum("cko,ck->co", parts, seen.astype(np.float64))
        for output in range(outputs):
            order = np.argsort(-explained[:, output], kind="stable")[:2]
            candidates = [first[output], second[output], *explained[order, output]]
            if explained[order[0], output] > first[output]:
                first[output], best[output] = explained[order[0], output], columns[order[0]]
            second[output] = sorted(candidates)[-2]
    return best, (first - second) / rows
