"""Numbers that are none: what stands for "no data", and the truth among the features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.datasets.feature_tables import Table

_CODES = (
    *(sign * code for sign in (1, -1) for code in (999, 9999, 99999, 999999, 999.9, 9999.9, 999.99, 9999.99)),
    *(-999.25, -9999.25, -32768, -2147483648, -9223372036854775808),
)
"""What files write where there is no data."""

_HUGE = 1e20
"""No feature and no truth is as far from all its other values as this."""

_LARGEST = 1e150
"""Of numbers up to here squares and their sums are finite in float64."""

_UNEXPLAINED = 1e-6
"""A feature that leaves no larger share of the truth's variance is the truth, written otherwise."""

_FEWEST = 5
"""Fewer inputs than this agree by accident."""

_SAMPLE = 512
_ALIKE = 0.9  # on a sample the truth itself may explain less than on all inputs, but not much less
_ROUNDING = 1e-13


def check_no_data(table: Table, name: str) -> None:
    """Raise a ``ValueError`` where a number stands for "no data", or is too large to square."""
    values = table.values
    low, high = values.min(axis=0), values.max(axis=0)
    for code in (low, high):
        suspect = np.isin(code, _CODES) | (np.abs(code) >= _HUGE)
        for place in np.flatnonzero(suspect):
            column, value = values[:, place], code[place]
            others = column[(column != value) & ~np.isin(column, _CODES)]
            if len(others) and _stands_apart(float(value), others):
                count = int((column == value).sum())
                where = f" in {_column(table, int(place))}" if values.shape[1] > 1 or table.columns else ""
                raise ValueError(
                    f"{name} has the value {value:.10g}{where}, in {count} {'row' if count == 1 else 'rows'} "
                    "and far from all others, as files write where there is no data: leave these rows out, "
                    "in all that you give, or repair their values."
                )
    if max(-float(low.min()), float(high.max())) > _LARGEST:
        raise ValueError(
            f"{name} has values too large to square in float64: divide all of them by one common number."
        )


def check_truth_among(table: Table, truth: FloatArray, name: str) -> None:
    """Raise a ``ValueError`` if a feature is the truth: scaled, rounded, ranked, or as an indicator."""
    place = truth_among(table.values, truth)
    if place is not None:
        raise ValueError(
            f"{name} has the truth among its features ({_column(table, place)} is y, up to its unit or its "
            "coding): as a feature it would make any model perfect. Leave it out."
        )


def truth_among(values: FloatArray, truth: FloatArray) -> int | None:
    """Return the first column that says the truth, or ``None``.

    Examples
    --------
    >>> y = np.random.default_rng(0).standard_normal(100)
    >>> truth_among(np.stack([np.cos(9 * y), 32 + 1.8 * y], axis=1), y)
    1
    """
    if np.ptp(truth) == 0:
        return None
    order = np.argsort(truth, kind="stable")
    # A few rows tell of nearly all columns that they are not the truth: no copy of all is made.
    few = order[np.unique(np.linspace(0, len(order) - 1, _SAMPLE).astype(int))]
    sample, ordered = values[few].astype(np.float64), truth[order]
    steps = np.diff(sample, axis=0)
    ranked = (steps >= 0).all(axis=0) | (steps <= 0).all(axis=0)
    coded = _pure(sample, truth[few])
    alike = np.array([_explained(column, truth[few]) for column in sample.T]) > _ALIKE
    for place in np.flatnonzero(ranked | coded | alike):
        column = values[order, place].astype(np.float64)
        if _explained(column, ordered) >= 1 - _UNEXPLAINED or _ranks(column) or _codes_one(column, ordered):
            return int(place)
    return None


def _explained(column: FloatArray, truth: FloatArray) -> float:
    """Return the share of the truth's variance that a column explains."""
    x, y = _centred(column), _centred(truth)
    length = (x @ x) * (y @ y)
    return float((x @ y) ** 2 / length) if length > 0 else 0.0


def _centred(values: FloatArray) -> FloatArray:
    """Return numbers with mean 0 and largest size 1, whatever their unit; zeros where they are constant."""
    largest = np.abs(values).max()
    centred = values / largest if largest > 0 else values
    centred = centred - centred.mean()
    left = np.abs(centred).max()
    return centred / left if left > _ROUNDING else np.zeros_like(centred)


def _ranks(column: FloatArray) -> bool:
    """Whether a column in the truth's order ascends or descends, with three values, and not by accident."""
    steps = np.diff(column)
    if not ((steps >= 0).all() or (steps <= 0).all()):
        return False
    _, counts = np.unique(column, return_counts=True)
    return len(counts) > 2 and int(counts.sum() - counts.max()) >= _FEWEST


def _codes_one(column: FloatArray, ordered: FloatArray) -> bool:
    """Whether a column in the truth's order has one value for one of the truth's, another for all others."""
    if not _pure(column[:, None], ordered)[0]:
        return False
    starts = np.flatnonzero(np.r_[True, np.diff(ordered) > 0])
    sizes, of_class = np.diff(np.r_[starts, len(ordered)]), column[starts]
    cells = np.unique(of_class)
    if len(starts) < 3 or len(cells) != 2:
        return False
    here = [of_class == cell for cell in cells]
    return any(side.sum() == 1 and int(sizes[side].sum()) >= _FEWEST for side in here)


def _pure(block: FloatArray, ordered: FloatArray) -> NDArray[np.bool_]:
    """Whether each column has one value only wherever the truth has one."""
    same = np.diff(ordered) == 0
    return np.asarray(~(same[:, None] & (np.diff(block, axis=0) != 0)).any(axis=0) & same.any())


def _stands_apart(value: float, others: FloatArray) -> bool:
    low, high = float(others.min()), float(others.max())
    if abs(value) >= _HUGE:
        return abs(value) > 1e6 * max(abs(low), abs(high))
    return min(abs(value - low), abs(value - high)) > high - low


def _column(table: Table, place: int) -> str:
    return f"the column {table.columns[place]}" if table.columns else f"column {place + 1}"
