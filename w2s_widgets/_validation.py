"""Turn what a user hands over into float64 arrays, or say in one sentence what is wrong."""

from __future__ import annotations

import math
from collections.abc import Collection
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def as_float_array(
    values: ArrayLike, name: str, *, ndims: tuple[int, ...] = (1, 2), columns: str = "outputs"
) -> FloatArray:
    """Copy ``values`` into a finite float64 array.

    Parameters
    ----------
    values : array-like
        A numpy array, list, pandas object or torch tensor (on any device) of real numbers.
    name : str
        What the user calls this argument; the error sentences begin with it.
    ndims : tuple of int
        The numbers of dimensions that are allowed.
    columns : str
        What the columns of a two-dimensional array are, for the error sentences.

    Returns
    -------
    numpy.ndarray
        A float64 array with the shape of ``values``.

    Raises
    ------
    TypeError
        If the values are not real numbers.
    ValueError
        If there are no values, the number of dimensions is wrong, or a value is NaN or infinite.

    Examples
    --------
    >>> as_float_array([1, 2, 3], "truth")
    array([1., 2., 3.])
    >>> as_float_array([1.0, float("nan")], "truth")
    Traceback (most recent call last):
    ...
    ValueError: truth has 1 value that is NaN or infinite, the first at index 1: \
remove those inputs or repair their values.
    """
    array = _real_array(values, name)
    if array.ndim not in ndims:
        allowed = " or ".join(_SHAPE_WORDS[n].format(columns=columns) for n in ndims)
        raise ValueError(f"{name} has shape {array.shape}: give an array of shape {allowed}.")
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {array.shape}): give at least one value.")
    finite = np.isfinite(array)
    if not finite.all():
        bad = np.argwhere(~finite)
        first = tuple(int(i) for i in bad[0])
        where = first[0] if array.ndim == 1 else first
        values_are = "value that is" if len(bad) == 1 else "values that are"
        raise ValueError(
            f"{name} has {len(bad)} {values_are} NaN or infinite, the first at index {where}: "
            "remove those inputs or repair their values."
        )
    return array


LARGE = 2**22
"""A matrix with more numbers than this stays in the precision that it came in, and is not copied."""

_ROWS = 4096


def as_features(values: Any, name: str) -> Any:
    """Return finite features as a matrix: a float64 copy, or a large matrix as it is.

    Raises
    ------
    TypeError, ValueError
        As `as_float_array`.

    Examples
    --------
    >>> as_features([[1, 2]], "teacher")
    array([[1., 2.]])
    """
    if hasattr(values, "detach") and hasattr(values, "cpu") and str(values.dtype) == "torch.float32":
        values = values.detach().cpu().numpy()
    kept = isinstance(values, np.ndarray) and values.dtype in (np.float32, np.float64)
    if not (kept and values.ndim == 2 and values.size > LARGE) or isinstance(values, np.ma.MaskedArray):
        return as_float_array(values, name, ndims=(2,), columns="features")
    for start in range(0, len(values), _ROWS):
        if not np.isfinite(values[start : start + _ROWS]).all():
            return as_float_array(values, name, ndims=(2,), columns="features")  # which says where
    if values.flags.c_contiguous:
        return values
    made = np.ascontiguousarray(values)
    made.flags.writeable = False  # it is nobody's but ours, and need not be copied again
    return made


def same_shape(**arrays: FloatArray) -> None:
    """Check that all arrays have the same shape.

    Raises
    ------
    ValueError
        If not; the sentence names both shapes.

    Examples
    --------
    >>> same_shape(truth=np.zeros(3), teacher=np.zeros(2))
    Traceback (most recent call last):
    ...
    ValueError: teacher has shape (2,) but truth has shape (3,): give them the same shape, \
one row for each input.
    """
    (first_name, first), *rest = arrays.items()
    for name, array in rest:
        if array.shape != first.shape:
            raise ValueError(
                f"{name} has shape {array.shape} but {first_name} has shape {first.shape}: "
                "give them the same shape, one row for each input."
            )


_SHAPE_WORDS = {0: "()", 1: "(n,)", 2: "(n, {columns})"}


def _real_array(values: Any, name: str) -> FloatArray:
    if isinstance(values, np.ma.MaskedArray) and np.any(values.mask):
        # What is masked must not count as a value: it is reported as NaN is.
        values = np.where(values.mask, np.nan, values.data.astype(np.float64))
    try:
        # Duck typing keeps torch out of the imports: a tensor may need gradients dropped and a device left.
        if hasattr(values, "detach") and hasattr(values, "cpu"):
            values = values.detach().cpu()
            if not values.is_complex():
                values = values.double()  # numpy has no bfloat16
            array = values.numpy()
        else:
            array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths: give a rectangular array.") from None
    except (TypeError, RuntimeError) as error:  # a sparse tensor, a list of tensors with gradients
        raise TypeError(f"{name} cannot be read as an array: {error}") from None
    if array.dtype.kind == "O":
        if any(isinstance(value, (str, bytes)) for value in array.flat):
            raise TypeError(_not_numbers(name, values))
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            raise TypeError(_not_numbers(name, values)) from None
        except OverflowError:
            raise ValueError(
                f"{name} has an integer too large for float64: divide by a common number."
            ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(_not_numbers(name, values))
    # One memory order for all: sums over differently ordered arrays differ in their last digit.
    return np.array(array, dtype=np.float64, order="C")


def _not_numbers(name: str, values: Any) -> str:
    kind = type(values).__name__
    if callable(getattr(values, "predict", None)):
        return (
            f"{name} does not hold real numbers (got {kind}), but is a model: give what its predict returns, "
            "an array of real numbers."
        )
    word = _first_word(values)
    if word is not None:
        return (
            f"{name} does not hold real numbers (got {kind}), but words such as {word!r}: give an array of "
            "real numbers; of two classes, 0 and 1."
        )
    return f"{name} does not hold real numbers (got {kind}): give an array of real numbers."


def _first_word(values: Any) -> str | None:
    """Return the first string of an array, if it holds some."""
    try:
        cells = np.asarray(values, dtype=object).ravel()
    except (TypeError, ValueError, RuntimeError):
        return None
    return next((str(cell)[:40] for cell in cells if isinstance(cell, (str, bytes))), None)


def flag(name: str, value: object) -> bool:
    """Return True or False, or raise a ``TypeError``."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} is {value!r}: give True or False.")
    return bool(value)


def integer(name: str, value: object, low: int = 0, high: int | None = None) -> int:
    """Return a whole number within its limits.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it is below ``low`` or above ``high``.

    Examples
    --------
    >>> integer("seed", np.int64(3))
    3
    >>> integer("splits", 0, 1)
    Traceback (most recent call last):
    ...
    ValueError: splits is 0: give a whole number of at least 1.
    """
    wanted = f"of at least {low}" if high is None else f"from {low} to {high}"
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}: give a whole number {wanted}.")
    if int(value) < low or (high is not None and int(value) > high):
        raise ValueError(f"{name} is {value}: give a whole number {wanted}.")
    return int(value)


def real(
    name: str,
    value: object,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """Return a finite real number within its limits: from low to high, above and below two others.

    Raises
    ------
    TypeError
        If it is not a real number.
    ValueError
        If it is not finite or outside the limits.

    Examples
    --------
    >>> real("weak_quality", 0.5, 0, 1)
    0.5
    >>> real("radius", 0, above=0)
    Traceback (most recent call last):
    ...
    ValueError: radius is 0: give a number above 0.
    """
    limits = [
        f"{words} {limit:g}"
        for words, limit in (("above", above), ("of at least", low), ("of at most", high), ("below", below))
        if math.isfinite(limit)
    ]
    if math.isfinite(low) and math.isfinite(high):
        limits = [f"from {low:g} to {high:g}"]
    wanted = f"give a number {' and '.join(limits)}" if limits else "give a finite number"
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}: {wanted}.")
    number = float(value)
    if not math.isfinite(number) or not (low <= number <= high and above < number < below):
        raise ValueError(f"{name} is {number:g}: {wanted}.")
    return number


def choice(name: str, value: object, choices: Collection[str]) -> str:
    """Return a string that is among the choices.

    Raises
    ------
    TypeError
        If it is not a string.
    ValueError
        If it is none of the choices.

    Examples
    --------
    >>> choice("head", "tree", ("linear", "ball"))
    Traceback (most recent call last):
    ...
    ValueError: head is 'tree': choose one of linear; ball.
    """
    if isinstance(value, str) and value in choices:
        return value
    kind = ValueError if isinstance(value, str) else TypeError
    raise kind(f"{name} is {value!r}: choose one of {'; '.join(choices)}.")
