"""Divide inputs among teacher, student and test, so that equal inputs never fall into two parts."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.arrays import FloatArray

IntArray = NDArray[np.int64]

PARTS = ("teacher", "student", "test")
SMALLEST_PART = 2


class Split(NamedTuple):
    """Row numbers of the inputs of each part."""

    teacher: IntArray
    """Inputs on which the teacher is fitted to the truth."""
    student: IntArray
    """Inputs on which the student is fitted to the teacher's labels."""
    test: IntArray
    """Inputs on which the outcome is measured."""


def groups_of_duplicates(*representations: FloatArray) -> IntArray:
    """Give inputs with an equal row in any representation the same group number.

    Parameters
    ----------
    *representations : numpy.ndarray of shape (n, features)
        One or more matrices with the same rows.

    Returns
    -------
    numpy.ndarray of shape (n,)
        Group numbers 0, 1, ...; equality passes on, from input to input and from matrix to matrix.

    Examples
    --------
    >>> weak = np.array([[1.0], [1.0], [2.0], [3.0]])
    >>> strong = np.array([[5.0], [6.0], [7.0], [6.0]])
    >>> groups_of_duplicates(weak, strong)
    array([0, 0, 1, 0])
    """
    rows = [_equal_rows(matrix) for matrix in representations]
    groups = np.arange(len(rows[0]))
    while True:
        joined = groups
        for row in rows:
            smallest = np.full(len(groups), len(groups))
            np.minimum.at(smallest, row, joined)
            joined = smallest[row]
        if np.array_equal(joined, groups):
            return np.unique(groups, return_inverse=True)[1].astype(np.int64)
        groups = joined


def draw_split(groups: IntArray, shares: Sequence[float], seed: int) -> Split:
    """Deal whole groups out at random until each part has its share of the inputs.

    Parameters
    ----------
    groups : numpy.ndarray of shape (n,)
        Group numbers 0, 1, ...
    shares : sequence of three floats
        Of teacher, student and test; they sum to 1.
    seed : int
        Same seed, same split.

    Returns
    -------
    Split
        Rows in ascending order. Where all groups are single inputs the sizes are exact to one input;
        otherwise a group goes where its middle falls.

    Examples
    --------
    >>> [len(part) for part in draw_split(np.arange(100), (0.25, 0.55, 0.2), seed=0)]
    [25, 55, 20]
    """
    sizes = np.bincount(groups)
    order = np.random.default_rng(seed).permutation(len(sizes))
    middle = np.cumsum(sizes[order]) - sizes[order] / 2
    bounds = np.rint(len(groups) * np.cumsum(shares)[:2])
    part_of_group = np.empty(len(sizes), dtype=np.int64)
    part_of_group[order] = np.searchsorted(bounds, middle, side="left")
    part = part_of_group[groups]
    return Split(*(np.flatnonzero(part == number) for number in range(3)))


def _equal_rows(matrix: FloatArray) -> IntArray:
    # Adding 0 turns -0.0 into 0.0, which are equal numbers with different bytes.
    rows = np.ascontiguousarray(matrix + 0.0)
    numbers: dict[bytes, int] = {}
    digests = (blake2b(row.tobytes(), digest_size=16).digest() for row in rows)
    return np.array([numbers.setdefault(digest, len(numbers)) for digest in digests], dtype=np.int64)
