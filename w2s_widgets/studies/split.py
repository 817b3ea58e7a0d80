"""Divide inputs among teacher, student and test, so that equal inputs never fall into two parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._validation import FloatArray, as_float_array

IntArray = NDArray[np.int64]

PARTS = ("teacher", "student", "test")
SMALLEST_PART = 2


def _numbered(names: ArrayLike) -> IntArray:
    numbers: IntArray = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return numbers


class Split(NamedTuple):
    """Row numbers of the inputs of each part."""

    teacher: IntArray
    """Inputs on which the teacher is fitted to the truth."""
    student: IntArray
    """Inputs on which the student is fitted to the teacher's labels."""
    test: IntArray
    """Inputs on which the outcome is measured."""


def groups_of_duplicates(*representations: FloatArray) -> IntArray:
    """Give inputs with an equal row in any representation the same group number."""
    rows = [_equal_rows(matrix) for matrix in representations]
    groups: IntArray = np.arange(len(rows[0]))
    while True:
        joined: IntArray = groups
        for row in rows:
            smallest = np.full(len(groups), len(groups))
            np.minimum.at(smallest, row, joined)
            joined = smallest[row]
        if np.array_equal(joined, groups):
            return _numbered(groups)
        groups = joined


def draw_split(groups: IntArray, shares: Sequence[float], seed: int) -> Split:
    """Deal whole groups out at random until each part has its share of the inputs."""
    sizes = np.bincount(groups)
    order = np.random.default_rng(seed).permutation(len(sizes))
    middle = np.cumsum(sizes[order]) - sizes[order] / 2
    bounds = np.rint(len(groups) * np.cumsum(shares)[:2])
    part_of_group = np.empty(len(sizes), dtype=np.int64)
    part_of_group[order] = np.searchsorted(bounds, middle, side="left")
    part = part_of_group[groups]
    return Split(*(np.flatnonzero(part == number) for number in range(3)))


def numbered_groups(groups: str | ArrayLike | None, *representations: FloatArray) -> IntArray:
    """Give numbers to the groups of inputs that are never divided between two parts."""
    n = len(representations[0])
    if groups is None:
        return np.arange(n)
    if isinstance(groups, str):
        if groups != "duplicates":
            raise ValueError(
                f"groups is {groups!r}: give 'duplicates', None, or a group's name for each input."
            )
        return groups_of_duplicates(*representations)
    names = np.asarray(groups)
    if names.shape != (n,):
        raise ValueError(
            f"groups has shape {names.shape} but there are {n} inputs: give a group's name for each input."
        )
    try:
        return _numbered(names)
    except TypeError:
        raise TypeError(
            "groups has names that cannot be sorted: give only strings or only numbers."
        ) from None


def checked_shares(
    shares: Sequence[float], *, student_may_be_empty: bool = False
) -> tuple[float, float, float]:
    """Return shares of teacher, student and test that sum to 1, or raise."""
    values = as_float_array(shares, "shares", ndims=(1,))
    if len(values) != 3:
        raise ValueError(f"shares has {len(values)} entries: give three, for teacher, student and test.")
    for name, share in zip(PARTS, values, strict=True):
        if share < 0 or (share == 0 and not (name == "student" and student_may_be_empty)):
            raise ValueError(f"the share of the {name} part is {share:g}: give a number above 0.")
    if not math.isclose(values.sum(), 1, abs_tol=1e-9):
        raise ValueError(
            f"shares sum to {values.sum():g}: give shares for teacher, student and test that sum to 1."
        )
    teacher, student, test = (float(share) for share in values)
    return teacher, student, test


def _equal_rows(matrix: FloatArray) -> IntArray:
    # Adding 0 turns -0.0 into 0.0, which are equal numbers with different bytes.
    rows = np.ascontiguousarray(matrix + 0.0)
    numbers: dict[bytes, int] = {}
    digests = (blake2b(row.tobytes(), digest_size=16).digest() for row in rows)
    return np.array([numbers.setdefault(digest, len(numbers)) for digest in digests], dtype=np.int64)
