"""Check what a `FeatureStudy` is made of, and say in one sentence what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._validation import FloatArray, as_features, as_float_array, integer
from w2s_widgets.studies.split import PARTS, IntArray, Split, draw_split

SMALLEST_BUDGET = 8
"""Fewest labelled or unlabelled inputs that a head is fitted on."""

LARGEST = 1e150
"""Of features up to here squares and their sums are finite in float64."""

_BUDGET_SHARES = (1 / 8, 1 / 4, 1 / 2, 1)


def standardised(y: ArrayLike) -> FloatArray:
    """Return the truth with mean 0 and variance 1, or raise if it is constant."""
    values = as_float_array(y, "y", ndims=(1,))
    with np.errstate(over="ignore", invalid="ignore"):
        centred = values - values.mean()
        deviation = centred.std()
    if not np.isfinite(deviation):
        raise ValueError(
            "y has values too large to square in float64: divide all of them by one common number."
        )
    if deviation <= 1e-12 * np.abs(values).max():
        raise ValueError("y is constant: give a truth that varies.")
    standard: FloatArray = read_only(centred / deviation)
    return standard


def representations(role: str, given: Mapping[str, ArrayLike], n: int) -> dict[str, FloatArray]:
    """Return read-only copies of representations by name, or raise."""
    if not isinstance(given, Mapping):
        raise TypeError(f"{role} is no mapping: give a dict of names and feature matrices.")
    if not given:
        raise ValueError(f"{role} is empty: give at least one representation.")
    models = {}
    values: Any
    for name, values in given.items():
        if not isinstance(name, str):
            raise TypeError(f"{role} has the name {name!r}: give strings as names.")
        array = as_features(values, name)
        if len(array) != n:
            raise ValueError(f"{name} has {len(array)} rows but y has {n}: give one row for each input.")
        if max(float(array.max()), -float(array.min())) > LARGEST:
            raise ValueError(
                f"{name} has values too large to square in float64: divide all of them by one common number."
            )
        # What came in is copied once, in the precision that it has; what nobody can change is not copied.
        models[name] = read_only(array.copy() if array is values and array.flags.writeable else array)
    return models


def read_only(array: Any) -> Any:
    """Return the same array, which nobody can change any more."""
    array.flags.writeable = False
    return array


def ascending(name: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """Return numbers that ascend, or raise."""
    if not values or any(later <= earlier for earlier, later in pairwise(values)):
        raise ValueError(
            f"{name} is {tuple(values)}: give one or more numbers, each larger than the one before."
        )
    return tuple(values)


def two_digits(count: float) -> int:
    """Round down to two leading digits, so that budgets are easy to read."""
    unit = 10 ** max(0, len(str(int(count))) - 2)
    rounded: int = int(count) // unit * unit
    return rounded


def own_parts(given: Sequence[Split], groups: IntArray, unit: str) -> tuple[Split, ...]:
    """Return divisions that were drawn or made elsewhere, or raise where a part is too small."""
    if not given:
        raise ValueError("splits is empty: give at least one division of the inputs.")
    for split in given:
        _check_sizes(split, groups, unit)
    return tuple(Split(*(read_only(np.array(rows)) for rows in split)) for split in given)


def draw_parts(
    groups: IntArray, shares: tuple[float, float, float], seed: int, splits: int, unit: str
) -> tuple[Split, ...]:
    """Divide the inputs several times; each part comes in random order."""
    drawn = []
    for number in range(splits):
        seeds = np.random.SeedSequence((seed, number)).generate_state(2)
        parts = draw_split(groups, shares, int(seeds[0]))
        _check_sizes(parts, groups, unit)
        # The first inputs of a part are a fair sample of it only in random order.
        shuffle = np.random.default_rng(int(seeds[1]))
        drawn.append(Split(*(read_only(shuffle.permutation(rows)) for rows in parts)))
    return tuple(drawn)


def _check_sizes(split: Split, groups: IntArray, unit: str) -> None:
    for part, rows in zip(PARTS, split, strict=True):
        if len(rows) < SMALLEST_BUDGET:
            raise ValueError(
                f"{len(groups)} {unit} in {int(groups.max()) + 1} groups leave {len(rows)} for the "
                f"{part} part, which needs at least {SMALLEST_BUDGET}: give more {unit}, other shares, "
                "or groups=None if equal inputs may be in two parts."
            )


def budgets(
    name: str, given: Sequence[int] | None, sizes: Sequence[int], *, round_all: bool = False
) -> tuple[int, ...]:
    """Return numbers of inputs that every split's part has, or raise.

    By default shares of the part, rounded down to two digits; all of it is all, unless ``round_all`` is set.

    Examples
    --------
    >>> budgets("n_student", None, [1234, 1250])
    (150, 300, 610, 1234)
    """
    most = min(sizes)
    if given is None:
        rounded = {two_digits(most * share) for share in _BUDGET_SHARES if share < 1}
        rounded |= {two_digits(most) if round_all else most}
        return tuple(sorted(count for count in rounded if count >= SMALLEST_BUDGET)) or (most,)
    counts = ascending(name, [integer(name, count, 1) for count in given])
    if not SMALLEST_BUDGET <= counts[0] <= counts[-1] <= most:
        raise ValueError(
            f"{name} goes from {counts[0]} to {counts[-1]}: give whole numbers from {SMALLEST_BUDGET} to "
            f"{most}, the size of that part of the inputs."
        )
    return counts
