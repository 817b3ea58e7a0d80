"""`BoxHead`: linear heads whose weights stay between two bounds, a convex box."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.heads.base import LinearFunctions, at_least
from w2s_widgets.heads.bounded_lstsq import bounded_fit
from w2s_widgets.heads.factors import Factors


class BoxHead(LinearFunctions):
    """Linear functions of a representation whose weights lie between a lower and an upper bound.

    The class is closed, convex and bounded (apart from the free intercept), and not affine. Theorem 1
    of Charikar, Pabbaraju and Shiragur (2024) then promises an inequality: if the truth is in the class,
    gain >= misfit.

    `fit` is the exact least-squares projection on the class, found by an active-set method (scipy's
    `lsq_linear`, finished to rounding). Where features are collinear the weights need not be unique; the
    fitted values on the inputs of the fit always are.

    Parameters
    ----------
    lower, upper : float or array-like of shape (features,)
        Bounds of the weights, lower below upper: one for all features, or one for each.
    intercept : bool
        Whether functions have a free constant term.

    Attributes
    ----------
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        See `Head`; it is rounding, times the size of the box.

    See Also
    --------
    ConeHead : linear heads without negative weights.

    Examples
    --------
    >>> head = BoxHead(lower=-1.0, upper=1.0).fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> head.coef_.round(6), round(head.intercept_, 6)
    (array([1.]), 2.0)
    >>> BoxHead(lower=1.0, upper=0.0)
    Traceback (most recent call last):
    ...
    ValueError: lower is 1 where upper is 0: give a lower bound below the upper one.
    """

    is_convex: ClassVar[bool] = True
    promise: ClassVar[str] = at_least("the class is a convex box")
    _parameters: ClassVar[tuple[str, ...]] = ("lower", "upper", "intercept")

    lower: ArrayLike
    upper: ArrayLike
    optimality_gap_: float | FloatArray

    def __init__(self, lower: ArrayLike = -1.0, upper: ArrayLike = 1.0, intercept: bool = True) -> None:
        self._take({"lower": lower, "upper": upper, "intercept": intercept})

    def _check(self, parameters: dict[str, Any]) -> None:
        super()._check(parameters)
        bounds = []
        for name in ("lower", "upper"):
            if isinstance(parameters[name], bool):
                raise TypeError(f"{name} is {parameters[name]}: give a number, or one for each feature.")
            bounds.append(as_float_array(parameters[name], name, ndims=(0, 1)))
        lower, upper = bounds
        if lower.ndim and upper.ndim and len(lower) != len(upper):
            raise ValueError(
                f"lower has {len(lower)} entries but upper has {len(upper)}: give one for each feature."
            )
        lower, upper = np.broadcast_arrays(lower, upper)
        wrong = np.argwhere(~np.atleast_1d(lower < upper))
        if len(wrong):
            first = wrong[0, 0]
            raise ValueError(
                f"lower is {np.atleast_1d(lower)[first]:g} where upper is {np.atleast_1d(upper)[first]:g}: "
                "give a lower bound below the upper one."
            )

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        lower, upper = (self._bound(name, factors.centred.shape[1]) for name in ("lower", "upper"))
        coef = bounded_fit(factors, targets, lower, upper)
        gap = _optimality_gap(factors.gradient(targets, coef), coef, lower, upper)
        return {"coef_": coef, "optimality_gap_": gap}

    def _bound(self, name: str, features: int) -> FloatArray:
        bound = as_float_array(getattr(self, name), name, ndims=(0, 1))
        if bound.ndim == 1 and len(bound) != features:
            raise ValueError(
                f"{name} has {len(bound)} entries but X has {features} features: "
                "give one number for all features, or one for each."
            )
        return np.broadcast_to(bound, (features,))


def _optimality_gap(
    gradient: FloatArray, coef: FloatArray, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    """Bound by how much a head of the box could lower the mean squared error.

    A convex function lies above its tangent plane, whose lowest point over the box is a corner.
    """
    corner = np.where(gradient > 0, lower[:, None], upper[:, None])
    drop = np.sum(gradient * (coef.T - corner), axis=0)
    return np.asarray(np.maximum(drop, 0.0), dtype=np.float64)
