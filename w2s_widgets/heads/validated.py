"""`ValidatedRidgeHead`: ridge regression that chooses its own penalty, for each output on its own."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads.base import LinearFunctions
from w2s_widgets.heads.batched import PENALTIES, validation_scores
from w2s_widgets.heads.factors import Factors
from w2s_widgets.heads.linear import LinearHead
from w2s_widgets.heads.ridge import RidgeHead


class ValidatedRidgeHead(LinearFunctions):
    """All linear functions, fitted with the penalty that generalised cross-validation chooses on the labels.

    What `RidgeHead` says of a penalised fit holds here: each teacher has a ball of its own.

    Attributes
    ----------
    penalty_ : numpy.ndarray of shape (outputs,)
        The penalty of each output.

    Examples
    --------
    >>> X = np.random.default_rng(0).standard_normal((50, 3))
    >>> head = ValidatedRidgeHead().fit(X, X @ [1.0, 2.0, 3.0])
    >>> head.penalty_, head.predict(X).shape
    (1e-06, (50,))
    """

    is_convex: ClassVar[bool] = True
    is_affine: ClassVar[bool] = True
    is_projection: ClassVar[bool] = False
    promise: ClassVar[str] = RidgeHead.promise
    _parameters: ClassVar[tuple[str, ...]] = ("intercept",)

    penalty_: float | FloatArray

    def __init__(self, intercept: bool = True) -> None:
        self._take({"intercept": intercept})

    def projector(self) -> LinearHead:
        """Return the unfitted `LinearHead` that projects on the same class of functions."""
        return LinearHead(intercept=self.intercept)

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        along = factors.left.T @ targets
        scores = validation_scores(factors.lengths, along, np.sum(targets**2, axis=0), len(targets))
        penalties = PENALTIES[np.argmin(scores, axis=0)]
        lengths = factors.lengths[:, None]
        weights = lengths * along / (lengths**2 + len(targets) * penalties)
        return {"coef_": weights.T @ factors.right, "penalty_": penalties}
