"""What all heads share: scikit-learn's estimator interface, checked input, the factors of a fit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._validation import FloatArray, as_float_array, flag

HeadT = TypeVar("HeadT", bound="Head")

_PRECISION = float(np.finfo(np.float64).eps)
_FAR = 1e-7  # of the longest direction: below it a direction is not known to many digits
_ALIKE = 1e-5  # of the longest feature: shorter ones want units of their own


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
    """

    is_convex: ClassVar[bool]
    is_affine: ClassVar[bool] = False
    is_projection: ClassVar[bool] = True
    promise: ClassVar[str]
    _parameters: ClassVar[tuple[str, ...]]
    # Fitted attributes that all outputs share; every other array has one entry for each output.
    _shared: ClassVar[tuple[str, ...]] = ()

    coef_: FloatArray
    intercept_: float | FloatArray
    n_features_in_: int

    @abstractmethod
    def _check(self, parameters: dict[str, Any]) -> None:
        """Raise unless the values of all parameters are allowed."""

    @abstractmethod
    def _solve(self, X: FloatArray, y: FloatArray) -> dict[str, Any]:
        """Return the fitted attributes besides those of the base; coef_ has shape (outputs, features)."""

    def fit(self: HeadT, X: ArrayLike, y: ArrayLike) -> HeadT:
        """Fit the head to values on some inputs.

        Parameters
        ----------
        X : array-like of shape (n, features)
            The representation of the inputs.
        y : array-like of shape (n,) or (n, outputs)
            The values to come near to. All outputs are fitted at once, each on its own.

        Returns
        -------
        Head
            The head itself.

        Raises
        ------
        TypeError
            If X or y does not hold real numbers.
        ValueError
            If they differ in rows, have a wrong shape, or hold NaN or infinite values. A fit made before
            stays as it was.
        """
        self._check(self.get_params())
        features = as_float_array(X, "X", ndims=(2,), columns="features")
        values = as_float_array(y, "y")
        if len(values) != len(features):
            raise ValueError(
                f"X has {len(features)} rows but y has {len(values)}: give one value of y for each row of X."
            )
        fitted = self._solve(features, values.reshape(len(values), -1))
        if values.ndim == 1:
            fitted = {
                name: value if name in self._shared else _first_output(value)
                for name, value in fitted.items()
            }
        for name, value in fitted.items():
            setattr(self, name, value)
        self.n_features_in_ = features.shape[1]
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
            If the head has not been fitted, or X has another number of features than `fit` saw.
        """
        if not hasattr(self, "n_features_in_"):
            raise ValueError(f"this {type(self).__name__} has not been fitted: call fit(X, y) first.")
        features = as_float_array(X, "X", ndims=(2,), columns="features")
        if features.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {features.shape[1]} features but the head was fitted on {self.n_features_in_}: "
                "give the same representation as in fit."
            )
        return self._evaluate(features)

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
            regressor_tags=RegressorTags(),
            input_tags=InputTags(),
        )

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({arguments})"


class Units(NamedTuple):
    """Centred features in units in which each has length 1: ``span * shares @ turned``, and their sizes.

    Features that are constant to rounding have size 0 and are left out of ``turned``.
    """

    span: FloatArray
    shares: FloatArray
    turned: FloatArray
    null: FloatArray
    sizes: FloatArray


class Factors(NamedTuple):
    """Centred features as ``left * lengths @ right``, directions without length left out.

    ``span`` holds orthonormal columns for all that the features can express on these inputs: ``left``, unless
    a tolerance left out more than rounding. ``units`` are there where features differ much in scale, or
    are nearly collinear.
    """

    mean: FloatArray
    centred: FloatArray
    left: FloatArray
    lengths: FloatArray
    right: FloatArray
    span: FloatArray
    units: Units | None = None

    def least_squares(self, targets: FloatArray) -> FloatArray:
        """Return the weights of the nearest heads, the smallest where several are, (outputs, features)."""
        if self.units is None:
            weights = (self.left.T @ targets) / self.lengths[:, None]
            coef: FloatArray = weights.T @ self.right
            return coef
        span, shares, turned, null, sizes = self.units
        alive = sizes > 0
        scale = sizes[alive, None]
        coef = np.zeros((targets.shape[1], len(sizes)))
        found = turned.T @ ((span.T @ targets) / shares[:, None]) / scale
        if len(null):
            # What changes no value on these inputs makes the weights as small as they can be.
            found -= (null.T / scale) @ np.linalg.lstsq(null.T / scale, found, rcond=None)[0]
        coef[:, alive] = found.T
        return coef

    def gradient(self, targets: FloatArray, coef: FloatArray) -> FloatArray:
        """Return the gradient of the mean squared error in the weights, shape (features, outputs)."""
        slopes: FloatArray = 2 / len(self.centred) * (self.centred.T @ (self.centred @ coef.T - targets))
        return slopes


class LinearFunctions(Head):
    """A class of linear functions of the features, with a constant term that is free or absent."""

    intercept: bool
    tolerance: float | None = None

    def _check(self, parameters: dict[str, Any]) -> None:
        flag("intercept", parameters["intercept"])

    def _solve(self, X: FloatArray, y: FloatArray) -> dict[str, Any]:
        factors = factor(X, intercept=self.intercept, tolerance=self.tolerance)
        level = y.mean(axis=0) if self.intercept else np.zeros(y.shape[1])
        fitted = self._fit_centred(factors, y - level)
        return {**fitted, "intercept_": level - fitted["coef_"] @ factors.mean}

    def _fit_centred(self, factors: Factors, targets: FloatArray) -> dict[str, Any]:
        """Return coef_, shape (outputs, features), and the other attributes, from centred values."""
        raise NotImplementedError


def factor(X: FloatArray, *, intercept: bool, tolerance: float | None = None) -> Factors:
    """Factor features by singular values and leave out the directions that are only rounding.

    What is rounding is decided feature by feature: each is known to the precision of its own mean, and in
    units in which every feature has length 1 a direction is left out when its singular value is at most
    ``tolerance`` times the largest one (default: the larger side of X times the machine precision), or at
    most what rounding in these features can amount to. So the unit of one feature decides nothing about
    another.
    """
    mean = X.mean(axis=0) if intercept else np.zeros(X.shape[1])
    centred = X - mean
    relative = max(X.shape) * _PRECISION
    sizes = _column_lengths(centred)
    # Features far from zero are known to the precision of their mean only, and centring shows it.
    known = 4 * _PRECISION * np.sqrt(len(X)) * np.abs(mean)
    if tolerance is None and (sizes > max(_ALIKE * sizes.max(), known.max())).all():
        left, lengths, right = np.linalg.svd(centred, full_matrices=False)
        # hypot and not norm, whose squares overflow.
        kept = lengths > max(relative * lengths[0], float(np.hypot.reduce(known)))
        if (lengths[kept] > _FAR * lengths[0]).all():
            return Factors(mean, centred, left[:, kept], lengths[kept], right[kept], left[:, kept])
    sizes = np.where(sizes > known, sizes, 0.0)
    alive = sizes > 0
    units, doubt = centred[:, alive] / sizes[alive], known[alive] / sizes[alive]
    span, shares, turned = np.linalg.svd(units, full_matrices=len(units) < units.shape[1])
    largest, doubtful = shares.max(initial=0.0), float(np.hypot.reduce(doubt, initial=0.0))
    here = shares > max(relative * largest, doubtful)
    rank = int(np.sum(here if tolerance is None else shares > max(tolerance * largest, doubtful)))
    basis = span[:, :rank]
    inner, lengths, along = _graded_svd(basis.T @ units, sizes[alive])
    right = np.zeros((rank, X.shape[1]))
    right[:, alive] = along
    chosen = Units(basis, shares[:rank], turned[:rank], turned[rank:], sizes)
    return Factors(mean, centred, basis @ inner, lengths, right, span[:, : int(np.sum(here))], chosen)


def _column_lengths(values: FloatArray) -> FloatArray:
    largest = np.abs(values).max(axis=0)
    safe = np.where(largest > 0, largest, 1.0)
    lengths: FloatArray = largest * np.sqrt(np.sum((values / safe) ** 2, axis=0))
    return lengths


def _graded_svd(units: FloatArray, sizes: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Factor ``units * sizes`` by singular values, of which the small ones are as exact as the large ones.

    ``units`` has no fewer columns than rows, and is well conditioned. Jacobi's method keeps what a
    difference in scale would cost the usual one.
    """
    from scipy.linalg.lapack import dgejsv

    if not len(units):
        return np.zeros((0, 0)), np.zeros(0), np.zeros((0, units.shape[1]))
    values = (units * sizes).T
    lengths, right, left, work, _, info = dgejsv(values, joba=2, jobu=0, jobv=0, jobr=0)
    if info != 0:
        raise np.linalg.LinAlgError("the singular values of the features did not converge.")
    return left, lengths * (work[0] / work[1]), right.T


def _first_output(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return value[0].item() if value.ndim == 1 else value[0]
