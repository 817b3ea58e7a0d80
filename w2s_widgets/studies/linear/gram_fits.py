"""Fits of many linear students at once: inputs drawn as Gram matrices, and the student that each gives.

A linear fit sees its inputs only through their Gram matrix, the sums of products of all pairs of
coordinates. So one Gram matrix for each repetition and n, of the coordinates and the noise of the labels
together, answers every setting of a student: its capacity, the noise, a penalty, a number of steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.theory.outcome import Sides, measure_many


class Draw(NamedTuple):
    """Inputs of many repetitions and the noise of their labels, as far as a linear fit can see them."""

    sizes: tuple[int, ...]
    """Numbers of inputs, ascending: each is the beginning of the next."""
    grams: FloatArray
    """Shape (sizes, repetitions, dimension + 1, dimension + 1): Gram matrices of coordinates and noise."""
    rows: FloatArray
    """Shape (repetitions, m, dimension + 1): the first m inputs, with m at most the dimension."""


def draw_inputs(
    sizes: Sequence[int],
    repetitions: int,
    *,
    dimension: int,
    rng: int | np.random.Generator = 0,
) -> Draw:
    """Draw standard normal inputs and noise for all repetitions, one growing sample for each.

    Where many inputs come at once, what is drawn is not the inputs but the triangular factor of their
    Gram matrix, which has the same distribution (Bartlett's decomposition of the Wishart distribution)
    and is smaller.
    """
    rng = np.random.default_rng(rng)
    width = dimension + 1
    grams = np.empty((len(sizes), repetitions, width, width))
    early: list[FloatArray] = []
    for i, (before, size) in enumerate(pairwise((0, *sizes))):
        if size - before <= width:
            rows = rng.standard_normal((repetitions, size - before, width))
        else:
            rows = _triangles(size - before, width, repetitions, rng)
        # A sample of more inputs than this is never looked at row by row.
        if size <= dimension:
            early.append(rows)
        np.matmul(rows.transpose(0, 2, 1), rows, out=grams[i])
        if i:
            grams[i] += grams[i - 1]
    first = np.concatenate(early, axis=1) if early else np.empty((repetitions, 0, width))
    return Draw(tuple(sizes), grams, first)


def _triangles(n: int, width: int, repetitions: int, rng: np.random.Generator) -> FloatArray:
    triangles = np.zeros((repetitions, width, width))
    upper = np.triu_indices(width, 1)
    triangles[:, upper[0], upper[1]] = rng.standard_normal((repetitions, len(upper[0])))
    diagonal = np.arange(width)
    triangles[:, diagonal, diagonal] = np.sqrt(rng.chisquare(n - diagonal, (repetitions, width)))
    return triangles


def fit_students(
    draw: Draw,
    teacher: FloatArray,
    strong_capacity: int,
    *,
    label_noise: float = 0.0,
    ridge: float = 0.0,
    steps: int | None = None,
) -> FloatArray:
    """Fit a student on every size and repetition of a draw, labelled by the teacher.

    The student is the least-squares fit on the first ``strong_capacity`` coordinates, without
    intercept; where several fit equally well, the one with the smallest weights.
    """
    k = strong_capacity
    labels = np.append(teacher, label_noise)
    grams = draw.grams[..., :k, :k]
    products = draw.grams[..., :k, :] @ labels
    sizes = np.array(draw.sizes)
    students = np.zeros((*products.shape[:2], len(teacher)))
    if steps is not None:
        students[..., :k] = _descend(grams, products, steps)
    elif ridge > 0:
        penalty = (ridge * sizes)[:, None, None, None] * np.eye(k)
        students[..., :k] = np.linalg.solve(grams + penalty, products[..., None])[..., 0]
    else:
        few = int(np.sum(sizes < k))
        students[few:, :, :k] = np.linalg.solve(grams[few:], products[few:, ..., None])[..., 0]
        for i in range(few):
            seen = draw.rows[:, : sizes[i]]
            inputs = seen[..., :k]
            weights = np.linalg.solve(inputs @ inputs.transpose(0, 2, 1), (seen @ labels)[..., None])
            students[i, :, :k] = (inputs.transpose(0, 2, 1) @ weights)[..., 0]
    return students


def _descend(grams: FloatArray, products: FloatArray, steps: int) -> FloatArray:
    """Return where gradient descent is after so many steps, in closed form, along each eigenvector."""
    values, vectors = np.linalg.eigh(grams)
    largest = values[..., -1:]
    # An eigenvalue of 0 may come out below it by rounding.
    left = 1 - np.clip(values / largest, 0, 1)
    # The sum of left**t for t below steps, which is also right where left is 1.
    gone = np.where(left < 1, (1 - left**steps) / np.where(left < 1, 1 - left, 1), steps) / largest
    along = (vectors.transpose(0, 1, 3, 2) @ products[..., None])[..., 0]
    descended: FloatArray = (vectors @ (gone * along)[..., None])[..., 0]
    return descended


def population_sides(truth: FloatArray, teacher: FloatArray, students: FloatArray) -> Sides:
    """Measure students exactly, over all inputs: squared lengths of differences of coefficients."""
    means = measure_many(truth, teacher, students)
    return Sides(*(len(truth) * side for side in means))
