"""Divide inputs among teacher, student and test, so that equal inputs never fall into two parts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._validation import FloatArray, as_float_array

IntArray = NDArray[np.int64]

PARTS = ("teacher", "student", "test")
SMALLEST_PART = 2


_ROWS = 4096
"""Rows that are looked at together: what is made of them on the way stays in a processor's cache."""


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


def in_random_order(split: Split, seed: int) -> Split:
    """Return the parts in random order: the first inputs of a part are then a fair sample of it."""
    rng = np.random.default_rng((seed, 1))
    return Split(*(rng.permutation(part) for part in split))


def first_of(part: IntArray, ordered: IntArray, count: int | None) -> IntArray:
    """Return so many inputs of a part, the first in the order that budgets go by; all of them as they are."""
    return part if count is None or count >= len(part) else ordered[:count]


def read_split(given: Any, n: int, *, taught: bool = True) -> Split:
    """Return a division of the user's own, or say what is wrong with it.

    Either a part's name (teacher, student or test) for each input, where other names leave an input out; or
    three lists of row numbers. A teacher that is not ``taught`` needs no part.

    Examples
    --------
    >>> names = ["teacher", "test", "student", "", "student", "test", "teacher"]
    >>> [part.tolist() for part in read_split(names, 7)]
    [[0, 6], [2, 4], [1, 5]]
    >>> read_split({"teacher": [0, 4], "student": [1, 2], "test": [2, 3]}, 5)
    Traceback (most recent call last):
    ...
    ValueError: split has row 2 in the student and in the test part: give each input to one part only.
    """
    if isinstance(given, Mapping):
        if set(given) != set(PARTS):
            raise ValueError(
                f"split has the parts {', '.join(map(str, given))}: give teacher, student, test."
            )
        given = [given[name] for name in PARTS]
    elif not (isinstance(given, tuple) and len(given) == len(PARTS)):
        names = np.asarray(given, dtype=object) if not hasattr(given, "dtype") else np.asarray(given)
        if names.shape == (n,):
            words = np.array([str(name).strip().lower() for name in names])
            return _checked_split(Split(*(np.flatnonzero(words == name) for name in PARTS)), n, taught)
    if len(given) != 3:
        raise ValueError(
            f"split has {len(given)} entries for {n} inputs: give the name of a part (teacher, student, "
            "test) for each input, or three lists of row numbers."
        )
    parts = []
    for name, rows in zip(PARTS, given, strict=True):
        numbers = np.asarray(rows)
        if numbers.dtype == np.bool_ and numbers.shape == (n,):
            numbers = np.flatnonzero(numbers)
        if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
            raise TypeError(f"the {name} part of split holds no row numbers: give whole numbers.")
        parts.append(numbers.astype(np.int64))
    return _checked_split(Split(*parts), n, taught)


def _checked_split(split: Split, n: int, taught: bool) -> Split:
    for name, rows in zip(PARTS, split, strict=True):
        if len(rows) == 0 and name == "teacher" and not taught:
            continue
        if len(rows) < SMALLEST_PART:
            raise ValueError(
                f"split has {len(rows)} inputs in the {name} part, which needs at least {SMALLEST_PART}: "
                "give each input the name of a part (teacher, student, test), or three lists of row numbers."
            )
        if rows.min() < 0 or rows.max() >= n:
            raise ValueError(f"split has row numbers outside the inputs: give numbers from 0 to {n - 1}.")
    owner = np.full(n, -1)
    for number, rows in enumerate(split):
        twice = rows[owner[rows] >= 0]
        if len(twice):
            raise ValueError(
                f"split has row {twice[0]} in the {PARTS[owner[twice[0]]]} and in the {PARTS[number]} part: "
                "give each input to one part only."
            )
        if len(np.unique(rows)) < len(rows):
            raise ValueError(f"split has a row twice in the {PARTS[number]} part: give each input once.")
        owner[rows] = number
    return split


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


def checked_shares(shares: Sequence[float], *, may_be_empty: str = "") -> tuple[float, float, float]:
    """Return shares of teacher, student and test that sum to 1, of which one may be 0, or raise."""
    values = as_float_array(shares, "shares", ndims=(1,))
    if len(values) != 3:
        raise ValueError(f"shares has {len(values)} entries: give three, for teacher, student and test.")
    for name, share in zip(PARTS, values, strict=True):
        if share < 0 or (share == 0 and name != may_be_empty):
            raise ValueError(f"the share of the {name} part is {share:g}: give a number above 0.")
    if not math.isclose(values.sum(), 1, abs_tol=1e-9):
        raise ValueError(
            f"shares sum to {values.sum():g}: give shares for teacher, student and test that sum to 1."
        )
    teacher, student, test = (float(share) for share in values)
    return teacher, student, test


def _equal_rows(matrix: FloatArray) -> IntArray:
    """Return for each row a number that equal rows share."""
    # A sum of products with odd random numbers tells nearly all rows apart at the speed of the memory; only
    # those that it does not tell apart are looked at byte by byte.
    rng = np.random.default_rng(0)
    odd = rng.integers(2**63, size=matrix.shape[1], dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    words = np.uint32 if matrix.dtype == np.float32 else np.uint64
    sums = np.empty(len(matrix), dtype=np.uint64)
    for start in range(0, len(matrix), _ROWS):
        # Adding 0 turns -0.0 into 0.0, which are equal numbers with different bytes.
        rows = np.ascontiguousarray(matrix[start : start + _ROWS] + matrix.dtype.type(0)).view(words)
        # The high half is mixed in: the low bits of numbers such as 0.5 are all zeros.
        mixed = rows.astype(np.uint64)
        mixed ^= mixed >> np.uint64(31)
        sums[start : start + _ROWS] = (mixed * odd).sum(axis=1, dtype=np.uint64)
    numbers: IntArray = np.unique(sums, return_inverse=True)[1].astype(np.int64)
    shared = np.flatnonzero(np.bincount(numbers)[numbers] > 1)
    known: dict[bytes, int] = {}
    fresh = int(numbers.max()) + 1
    for row in shared:
        digest = blake2b((matrix[row] + matrix.dtype.type(0)).tobytes(), digest_size=16).digest()
        numbers[row] = known.setdefault(digest, fresh + len(known))
    return numbers
