"""What all heads share: scikit-learn's estimator interface, checked input, the factors of a fit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._validation import FloatArray, as_float_array, flag
from w2s_widgets.heads.estimator import (
    check_features,
    check_names,
    feature_names,
    not_fitted,
    r_squared,
    read_weights,
)
from w2s_widgets.heads.factors import Factors, factor, level_of

HeadT = TypeVar("HeadT", bound="Head")


def at_least(why: str) -> str:
    """Return the promise of a convex class that is no space."""
    return (
        f"If the class holds the truth, gain is at least misfit: {why}, "
        "so the angle at the student is at least 90 degrees."
    )


def anything(why: str) -> str:
    """Return the promise of a class that is not convex."""
    return f"Nothing, even if the class holds the truth: {why}, so the angle at the student can be anything."


class Head(ABC):
    """A class of functions on a representation, from which `fit` takes the one nearest to given values.

    Each class says what its geometry is and what Theorem 1 of Charikar, Pabbaraju and Shiragur (2024)
    therefore promises of a student that is fitted with it. Several outputs are several tasks: all are
    fitted in one call, each on its own.

    Follows scikit-learn's conventions (`fit`, `predict`, `get_params`, `set_params`, constructor
    arguments kept as they are), so that a head stands wherever a scikit-learn regressor does. A parameter of
    the wrong kind raises a ``TypeError``, one outside its range a ``ValueError``.

    Attributes
    ----------
    is_convex : bool
        Whether mixtures of two heads are again in the class, which is what Theorem 1 asks for.
    is_affine : bool
        Whether the class also holds the whole line through two heads, which makes gain equal misfit.
    is_projection : bool
        Whether `fit` returns the function of the class that is nearest to the given values on the inputs
        of the fit. False for a penalised fit only.
    promise : str
        What the theorem then promises of a student from this class.
    coef_ : numpy.ndarray of shape (features,) or (outputs, features)
        Weights of the fitted head, where the class has linear functions.
    intercept_ : float or numpy.ndarray of shape (outputs,)
        Constant term of the fitted head, where the class has linear functions.
    optimality_gap_ : float or numpy.ndarray of shape (outputs,)
        Certificate, in the squared unit of y: no function of the class has a mean squared error on the inputs
        of the fit that is lower by more than this. For a convex class that holds the truth, gain is on these
        inputs at least misfit minus `slack_doubt` of it. It is rounding.
    n_features_in_ : int
        Number of features seen by `fit`.
    feature_names_in_ : numpy.ndarray of shape (features,)
        Their names, if X was a table whose columns are all named by strings.
    """

    is_convex: ClassVar[bool]
    is_affine: ClassVar[bool] = False
    is_projection: ClassVar[bool] = True
    promise: ClassVar[str]
    _parameters: ClassVar[tuple[str, ...]]
    _reads_one_feature: ClassVar[bool] = False
    # Fitted attributes that all outputs share; every other array has one entry for each output.
    _shared: ClassVar[tuple[str, ...]] = ()

    coef_: FloatArray
    intercept_: float | FloatArray
    n_features_in_: int
    feature_names_in_: NDArray[Any]

    @abstractmethod
    def _check(self, parameters: dict[str, Any]) -> None:
        """Raise unless the values of all parameters are allowed."""

    @abstractmethod
    def _solve(self, X: FloatArray, y: FloatArray, weights: FloatArray | None) -> dict[str, Any]:
        """Return the fitted attributes besides those of the base; coef_ has shape (outputs, features).

        Weights are positive and have mean 1.
        """

    def fit(self: HeadT, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> HeadT:
        """Fit the head to values on some inputs.

        Parameters
        ----------
        X : array-like of shape (n, features)
            The representation of the inputs.
        y : array-like of shape (n,) or (n, outputs)
            The values to come near to. All outputs are fitted at once, each on its own.
        sample_weight : array-like of shape (n,), optional
            How much each input counts: means are over inputs drawn with these weights. Only their ratios
            matter; an input of weight 0 is left out.

        Returns
        -------
        Head
            The head itself.

        Raises
        ------
        TypeError
            If X, y or the weights do not hold real numbers.
        ValueError
            If they differ in rows, have a wrong shape, or hold NaN or infinite values, or a weight is
            negative. A fit made before stays as it was.
        """
        self._check(self.get_params())
        features = check_features(self, X)
        if y is None:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None: "
                "give the values to come near to."
            )
        values = as_float_array(y, "y")
        if len(values) != len(features):
            raise ValueError(
                f"X has {len(features)} rows but y has {len(values)}: give one value of y for each row of X."
            )
        names = feature_names(X)
        weights, kept = read_weights(sample_weight, len(features))
        columns = values.reshape(len(values), -1)
        fitted = self._solve(features[kept], columns[kept], weights)
        if values.ndim == 1:
            fitted = {
                name: value if name in self._shared else _first_output(value)
                for name, value in fitted.items()
            }
        for name, value in fitted.items():
            setattr(self, name, value)
        self.n_features_in_ = features.shape[1]
        vars(self).pop("feature_names_in_", None)
        if names is not None:
            self.feature_names_in_ = names
        return self

    def predict(self, X: ArrayLike) -> FloatArray:
        """Evaluate the fitted head.

        Parameters
        ----------
        X : array-like of shape (n, features)
            The representation of the inputs.

        Returns
        -------
        numpy.ndarray of shape (n,) or (n, outputs)
            In the shape that ``y`` had.

        Raises
        ------
        ValueError
            If the head has not been fitted (scikit-learn's ``NotFittedError``, where that is in use), or X
            has another number of features than `fit` saw, or the same columns in another order.
        """
        if not hasattr(self, "n_features_in_"):
            name = type(self).__name__
            raise not_fitted(f"this {name} has not been fitted: call fit(X, y) with arguments first.")
        check_names(getattr(self, "feature_names_in_", None), feature_names(X), type(self).__name__)
        features = check_features(self, X)
        if features.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {features.shape[1]} features, but {type(self).__name__} is expecting "
                f"{self.n_features_in_} features as input: give the same representation as in fit."
            )
        return self._evaluate(features)

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return R^2 on some inputs, the mean over the outputs: what scikit-learn's searches ask for.

        Examples
        --------
        >>> from w2s_widgets.heads import LinearHead
        >>> X, y = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
        >>> LinearHead().fit(X, y).score(X, y)
        1.0
        """
        return r_squared(as_float_array(y, "y"), self.predict(X), sample_weight)

    def _evaluate(self, X: FloatArray) -> FloatArray:
        """Return the fitted function's values on checked features."""
        values: FloatArray = X @ self.coef_.T + self.intercept_
        return values

    def projector(self) -> Head:
        """Return an unfitted head of the same class of functions whose fit is the projection.

        A copy of the head itself, unless its own fit is no projection.

        Examples
        --------
        >>> from w2s_widgets.heads import BallHead, RidgeHead
        >>> BallHead(2.0).projector(), RidgeHead(penalty=0.1).projector()
        (BallHead(radius=2.0, intercept=True), LinearHead(intercept=True, tolerance=None))
        """
        return type(self)(**self.get_params())

    @classmethod
    def slack_doubt(cls, gap: float, student_distance: float) -> float:
        """Return how far a fit with this gap can move the slack, if the class holds the truth.

        The gap of a convex class that ends somewhere bounds ``-slack`` itself (it is a Frank-Wolfe gap). In
        a space the gap is what the squared error has too much, ``|s - p|^2``, and the slack moves by
        ``2 <f - s, s - p>``.

        Parameters
        ----------
        gap : float
            The fit's ``optimality_gap_``.
        student_distance : float
            ``|f - s|``, or a bound for it.

        Examples
        --------
        >>> from w2s_widgets.heads import BallHead, LinearHead
        >>> BallHead.slack_doubt(1e-12, 1.0), LinearHead.slack_doubt(1e-12, 1.0)
        (1e-12, 2e-06)
        """
        return 2 * gap**0.5 * student_distance if cls.is_affine else gap

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments by name; ``deep`` is there for scikit-learn only."""
        return {name: getattr(self, name) for name in self._parameters}

    def set_params(self: HeadT, **parameters: Any) -> HeadT:
        """Change constructor arguments by name; nothing changes if one of them is not allowed.

        Raises
        ------
        ValueError
            If there is no such parameter, or a value is not allowed.
        """
        for name in parameters:
            if name not in self._parameters:
                raise ValueError(
                    f"{type(self).__name__} has no parameter {name!r}: choose from "
                    f"{', '.join(self._parameters)}."
                )
        self._take({**self.get_params(), **parameters})
        return self

    def _take(self, parameters: dict[str, Any]) -> None:
        self._check(parameters)
        for name, value in parameters.items():
            setattr(self, name, value)

    def __sklearn_tags__(self) -> Any:
        # Only scikit-learn asks, so it is there to be imported.
        from sklearn.utils import InputTags, RegressorTags, Tags, TargetTags

        return Tags(
            estimator_type="regressor",
            target_tags=TargetTags(required=True, multi_output=True),
            regressor_tags=RegressorTags(poor_score=self._reads_one_feature),
            input_tags=InputTags(),
        )

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({arguments})"


class LinearFunctions(Head):
    """A class of linear functions of the features, with a constant term that is free or absent."""

    intercept: bool
    tolerance: float | None = None

    def _check(self, parameters: dict[str, Any]) -> None:
        flag("intercept", parameters["intercept"])

    def _solve(self, X: FloatArray, y: FloatArray, weights: FloatArray | None) -> dict[str, Any]:
        factors = factor(X, intercept=self.intercept, tolerance=self.tolerance, weights=weights)
        level = level_of(y, weights) if self.intercept else np.zeros(y.shape[1])
        targets = y - level if factors.root is None else (y - level) * factors.root[:, None]
        fitted = self._fit_centred(factors, targets)
        return {**fitted, "intercept_": level - fitted["coef_"] @ factors.mean}

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        """Return coef_, shape (outputs, features), and the other attributes, from centred values."""
        raise NotImplementedError


def _first_output(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return value[0].item() if value.ndim == 1 else value[0]
