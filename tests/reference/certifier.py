"""A brute-force judge of Theorem 1, written apart from `certify`: it tries instead of knowing.

It knows a class only by its members and by projecting on it with solvers of its own: Clarabel for the
convex classes, loops over all members or choices, a search over the angle for the circle. Whether the class
is convex or affine it finds out by trying means and lines of members.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar

from tests.reference.projections import conic_projection
from w2s_widgets.heads import FiniteHead, Head, LinearHead, RidgeHead, SparseHead, SphereHead

CLOSE = 1e-5  # of the triangle's longest side: the conic solver is good for 1e-6


class Verdict(NamedTuple):
    """What the judge found; None where it could not know."""

    convex: bool | None
    affine: bool | None
    realizable: bool | None
    projection: bool | None
    promise: str
    agrees: bool | None


def judge(
    class_head: Head | None,
    X: np.ndarray,
    truth: np.ndarray,
    teacher: np.ndarray,
    student: np.ndarray,
    *,
    loss: str | None,
    claimed: tuple[float, float],
    rng: np.random.Generator,
) -> Verdict:
    """Judge one world; ``claimed`` are the gain and misfit to compare with what is promised."""
    err_weak = err_student = misfit = 0.0
    for f, g, s in zip(truth.tolist(), teacher.tolist(), student.tolist(), strict=True):
        err_weak += (g - f) ** 2 / len(truth)
        err_student += (s - f) ** 2 / len(truth)
        misfit += (s - g) ** 2 / len(truth)
    square = max(err_weak, err_student, misfit)
    side = square**0.5
    if class_head is None:
        broken_anyway = loss not in (None, "squared")
        return Verdict(None, None, None, None, "nothing" if broken_anyway else "unknown", None)
    convex, affine = shape_of(class_head, X, teacher, rng)
    best_for_truth = nearest(class_head, X, truth)
    best_for_teacher = nearest(class_head, X, teacher)
    realizable = length(truth - best_for_truth) < CLOSE * side
    if convex:
        reached = length(student - best_for_teacher) < CLOSE * side
    else:  # several functions can be equally near; the worlds hand over members, or values far from any
        reached = abs(length(student - teacher) - length(best_for_teacher - teacher)) < CLOSE * side
    holds = convex and reached and loss == "squared"
    known_to_fail = not convex or not reached or loss not in (None, "squared")
    if known_to_fail:
        return Verdict(convex, affine, realizable, reached, "nothing", None)
    if not holds:
        return Verdict(convex, affine, realizable, reached, "unknown", None)
    term = 0.0
    if not realizable:
        for f, g, s, c in zip(truth, teacher, student, best_for_truth, strict=True):
            term += 2 * (g - s) * (f - c) / len(truth)
    promise = ("equality" if affine else "inequality") if realizable else "bound"
    gain, claimed_misfit = claimed
    honest = (
        abs(gain - (err_weak - err_student)) < 1e-7 * square and abs(claimed_misfit - misfit) < 1e-7 * square
    )
    excess = gain - (claimed_misfit - term)
    kept = abs(excess) < CLOSE * square if affine else excess > -CLOSE * square
    return Verdict(convex, affine, realizable, reached, promise, bool(honest and kept))


def shape_of(head: Head, X: np.ndarray, like: np.ndarray, rng: np.random.Generator) -> tuple[bool, bool]:
    """Try means and lines of members: a counterexample shows that the class is not convex, or not affine."""
    convex, affine, tried = True, True, 0
    wanted = 12 if isinstance(head, (FiniteHead, SparseHead, SphereHead)) else 3
    for _ in range(40):
        one, two = (member(head, X, like, rng) for _ in range(2))
        apart = length(one - two)
        if apart < 1e-6 * length(like):  # the same member twice tells nothing
            continue
        tried += 1
        middle = (one + two) / 2
        convex = convex and length(nearest(head, X, middle) - middle) < 1e-4 * apart
        for share in (-3.0, 50.0, -300.0):
            beyond = one + share * (two - one)
            affine = affine and length(nearest(head, X, beyond) - beyond) < 1e-4 * length(beyond - one)
        if not convex:
            return False, False
        if tried == wanted:
            return convex, affine
    raise AssertionError(f"too few members of {head!r} were found to judge its shape")


def member(head: Head, X: np.ndarray, like: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a random member's values: the one nearest to random values."""
    wish = X @ rng.standard_normal(X.shape[1]) * rng.uniform(0.1, 3) + length(like) * rng.standard_normal(
        len(X)
    )
    return nearest(head, X, wish)


def nearest(head: Head, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Project without the heads' own fits."""
    if isinstance(head, RidgeHead):
        return conic_projection(LinearHead(intercept=head.intercept), X, y)
    if isinstance(head, FiniteHead):
        members = [one.predict(X) for one in head.heads]
        return min(members, key=lambda values: length(values - y))
    if isinstance(head, SparseHead):
        tried = []
        for support in combinations(range(X.shape[1]), head.sparsity):
            design = np.column_stack([X[:, support], np.ones(len(X))]) if head.intercept else X[:, support]
            tried.append(design @ np.linalg.lstsq(design, y, rcond=None)[0])
        return min(tried, key=lambda values: length(values - y))
    if isinstance(head, SphereHead):
        return _on_circle(X, y, float(head.radius))
    return conic_projection(head, X, y)


def length(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.asarray(values) ** 2)))


def _on_circle(X: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
    """Two features and no intercept: search all angles."""
    assert X.shape[1] == 2

    def values(angle: float | np.ndarray) -> np.ndarray:
        return radius * (X @ np.array([np.cos(angle), np.sin(angle)]))

    grid = np.linspace(0, 2 * np.pi, 721)
    errors = np.mean((values(grid) - y[:, None]) ** 2, axis=0)
    best = grid[np.argmin(errors)]
    found = minimize_scalar(
        lambda angle: np.mean((values(angle) - y) ** 2),
        bounds=(best - 0.02, best + 0.02),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return values(found.x)
