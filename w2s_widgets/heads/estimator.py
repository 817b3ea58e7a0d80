"""What scikit-learn asks of an estimator's input and says of it, in its words, without needing it."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._validation import FloatArray, as_float_array


class NotFittedError(ValueError, AttributeError):
    """A head was asked for what only a fitted one knows; scikit-learn's own where that is in use."""


def not_fitted(words: str) -> Exception:
    """Return the error that says that a head has not been fitted."""
    if "sklearn" in sys.modules:
        from sklearn.exceptions import NotFittedError as SklearnError

        error: Exception = SklearnError(words)
        return error
    return NotFittedError(words)


def check_features(head: Any, X: Any) -> FloatArray:
    """Return checked features, or say what is wrong in words that scikit-learn's users know."""
    if hasattr(X, "toarray"):
        raise TypeError(
            "Sparse data was passed for X, but dense data is required: give X.toarray(), or fewer features."
        )
    shape: tuple[int, ...] = np.shape(X) if hasattr(X, "shape") else ()
    if len(shape) == 2 and shape[1] == 0:
        raise ValueError(
            f"X has 0 feature(s) (shape={shape}) while a minimum of 1 is required by {type(head).__name__}."
        )
    if len(shape) == 1:
        raise ValueError(
            f"X has shape {shape}: give an array of shape (n, features). Reshape your data by "
            "X.reshape(-1, 1) if it has one feature, or by X.reshape(1, -1) if it is one input."
        )
    return as_float_array(X, "X", ndims=(2,), columns="features")


def feature_names(X: Any) -> NDArray[Any] | None:
    """Return the names of a table's columns if all are strings, else None."""
    columns = getattr(X, "columns", None)
    if columns is None or callable(columns):
        return None
    names = list(columns)
    if not names or not all(isinstance(name, str) for name in names):
        return None
    return np.array(names, dtype=object)


def check_names(fitted: NDArray[Any] | None, given: NDArray[Any] | None, name: str) -> None:
    """Raise unless columns stand as they did in `fit`; warn if only one of the two had names."""
    if fitted is None and given is None:
        return
    if fitted is None:
        warnings.warn(f"X has feature names, but {name} was fitted without feature names", stacklevel=3)
        return
    if given is None:
        warnings.warn(
            f"X does not have valid feature names, but {name} was fitted with feature names", stacklevel=3
        )
        return
    if list(fitted) == list(given):
        return
    words = ["The feature names should match those that were passed during fit."]
    unseen, missing = sorted(set(given) - set(fitted)), sorted(set(fitted) - set(given))
    if unseen:
        words += ["Feature names unseen at fit time:", *(f"- {one}" for one in unseen)]
    if missing:
        words += ["Feature names seen at fit time, yet now missing:", *(f"- {one}" for one in missing)]
    if not unseen and not missing:
        words.append("Feature names must be in the same order as they were in fit.")
    raise ValueError("\n".join(words) + "\n")


def read_weights(sample_weight: ArrayLike | None, n: int) -> tuple[FloatArray | None, Any]:
    """Return positive weights of mean 1 and which inputs have them; no weights, and all, by default."""
    if sample_weight is None:
        return None, slice(None)
    weights = as_float_array(sample_weight, "sample_weight", ndims=(0, 1))
    if weights.ndim == 0:
        weights = np.full(n, float(weights))
    if len(weights) != n:
        raise ValueError(
            f"sample_weight has shape ({len(weights)},), but X has {n} rows: give one weight for each row."
        )
    if weights.min() < 0:
        raise ValueError(f"sample_weight has a weight of {weights.min():g}: give weights of 0 or more.")
    if not weights.any():
        raise ValueError("sample_weight is zero for every input: give at least one a weight above 0.")
    kept = weights > 0
    positive = weights[kept]
    if (positive == positive[0]).all():
        return None, kept
    scaled: FloatArray = positive / positive.mean()
    return scaled, kept


def r_squared(truth: FloatArray, predicted: FloatArray, sample_weight: ArrayLike | None) -> float:
    """Return the share of the variance of y that is predicted, the mean over outputs.

    Where y does not vary it is 1 for a perfect prediction and 0 for any other, as in scikit-learn.
    """
    weights, kept = read_weights(sample_weight, len(truth))
    y, said = truth.reshape(len(truth), -1)[kept], predicted.reshape(len(truth), -1)[kept]
    level = np.average(y, axis=0, weights=weights)
    error = np.average((y - said) ** 2, axis=0, weights=weights)
    variance = np.average((y - level) ** 2, axis=0, weights=weights)
    varies = variance > 0
    shares = np.where(error == 0, 1.0, 0.0)
    shares[varies] = 1 - error[varies] / variance[varies]
    return float(shares.mean())
