"""`FiniteHead`: a few given heads and nothing between them, a class that is not convex."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads.ensemble import FixedHeads


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
        each input, used for every output, or one for each output.

    Attributes
    ----------
    index_ : int or numpy.ndarray of shape (outputs,)
        Place of the nearest head in the list, the first one if two are equally near.
    margin_ : float or numpy.ndarray of shape (outputs,)
        Certificate, in the squared unit of y: by how much the mean squared error of the second nearest
        head, on the inputs of the fit, is larger; 0 for a tie.

    Raises
    ------
    TypeError, ValueError
        If ``heads`` is not a list of at least two objects with ``predict``.

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
    is_affine: ClassVar[bool] = False
    promise: ClassVar[str] = (
        "Nothing, even if the class holds the truth: the class is a set of single functions and not convex, "
        "so the angle at the student can be anything."
    )
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
