"""Projections on convex classes by Clarabel, an interior-point solver that shares no code with the heads."""

from __future__ import annotations

from typing import Any

import clarabel
import numpy as np
from scipy import sparse

from w2s_widgets.heads import BallHead, BoxHead, ConeHead, HullHead, LinearHead, MonotoneHead


def conic_projection(head: Any, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the values on X, shape (n,), of the function of the head's class that is nearest to y."""
    n, features = X.shape
    if isinstance(head, MonotoneHead):
        return _monotone(X[:, head.feature], y, increasing=head.increasing)
    if isinstance(head, HullHead):
        vertices = np.stack([one.predict(X) for one in head.heads], axis=1)
        count = vertices.shape[1]
        rows = [(np.ones((1, count)), np.ones(1), clarabel.ZeroConeT(1)), _at_least(np.zeros(count))]
        return vertices @ _least_squares(vertices, y, rows)
    if isinstance(head, BallHead):
        return _ball(X, y, float(head.radius), intercept=head.intercept)
    design = np.column_stack([X, np.ones(n)]) if head.intercept else X
    extra = design.shape[1] - features
    if isinstance(head, LinearHead):
        rows = []
    elif isinstance(head, ConeHead):
        rows = [_at_least(np.zeros(features), extra)]
    elif isinstance(head, BoxHead):
        lower, upper = (np.broadcast_to(bound, (features,)) for bound in (head.lower, head.upper))
        A, b, cone = _at_least(-upper, extra)
        rows = [_at_least(lower, extra), (-A, b, cone)]
    else:
        raise AssertionError(f"no conic form for {head!r}")
    return design @ _least_squares(design, y, rows)


def _at_least(lower: np.ndarray, extra: int = 0) -> tuple[np.ndarray, np.ndarray, object]:
    """Rows that keep the first variables at or above their bounds; ``extra`` variables are free."""
    A = np.hstack([-np.eye(len(lower)), np.zeros((len(lower), extra))])
    return A, -np.asarray(lower, dtype=float), clarabel.NonnegativeConeT(len(lower))


def _monotone(inputs: np.ndarray, y: np.ndarray, *, increasing: bool) -> np.ndarray:
    order = np.argsort(inputs, kind="stable")
    ordered = inputs[order]
    rises = np.diff(np.eye(len(y)), axis=0) * (1 if increasing else -1)
    same = np.diff(ordered) == 0
    rows = []
    if same.any():
        rows.append((rises[same], np.zeros(same.sum()), clarabel.ZeroConeT(int(same.sum()))))
    if not same.all():
        rows.append((-rises[~same], np.zeros((~same).sum()), clarabel.NonnegativeConeT(int((~same).sum()))))
    values = np.empty_like(y)
    values[order] = _least_squares(np.eye(len(y)), y[order], rows)
    return values


def _least_squares(design: np.ndarray, y: np.ndarray, rows: list) -> np.ndarray:
    """Minimise ``|design z - y|^2`` over z with ``b - A z`` in the cone, for each ``(A, b, cone)``."""
    # In units in which values and columns are of size 1, the solver's absolute tolerances mean something.
    size = max(float(np.abs(y).max()), 1e-300)
    lengths = np.maximum(np.linalg.norm(design, axis=0), 1e-300)
    unit = design / lengths
    rows = [(A / lengths, b / size, cone) for A, b, cone in rows]
    count = len(lengths)
    if np.linalg.matrix_rank(unit) == count:
        return size * _solve(np.triu(unit.T @ unit), -unit.T @ (y / size), rows) / lengths
    # With dependent columns, rounding makes the square of the design indefinite. What is left over as
    # variables of its own keeps it out of the objective.
    left, square = np.linalg.qr(unit)
    height = len(square)
    rows = [(np.hstack([A, np.zeros((len(A), height))]), b, cone) for A, b, cone in rows]
    definition = np.hstack([square, -np.eye(height)])
    rows.append((definition, left.T @ (y / size), clarabel.ZeroConeT(height)))
    objective = np.diag(np.append(np.zeros(count), np.ones(height)))
    return size * _solve(objective, np.zeros(count + height), rows)[:count] / lengths


def _ball(X: np.ndarray, y: np.ndarray, radius: float, *, intercept: bool) -> np.ndarray:
    """Minimise t over ``|X w - y| <= t`` and ``|w| <= 1``, in units in which the radius is 1.

    Two second-order cones: with the square as the objective the solver is ten times less accurate.
    """
    features = X.shape[1]
    mean, level = (X.mean(axis=0), y.mean()) if intercept else (np.zeros(features), 0.0)
    size = np.linalg.norm((X - mean) * radius, 2)
    left, triangle = np.linalg.qr((X - mean) * radius / size)
    targets = left.T @ (y - level) / size
    last = np.zeros((1, features + 1))
    last[0, -1] = -1
    rows = [
        (
            np.vstack([last, np.column_stack([-triangle, np.zeros(len(targets))])]),
            np.append(0.0, -targets),
            clarabel.SecondOrderConeT(len(targets) + 1),
        ),
        (
            np.vstack([0 * last, -np.eye(features, features + 1)]),
            np.append(1.0, np.zeros(features)),
            clarabel.SecondOrderConeT(features + 1),
        ),
    ]
    solution = _solve(np.zeros((features + 1, features + 1)), -last[0], rows)
    return level + (X - mean) @ (radius * solution[:features])


def _solve(quadratic: np.ndarray, slope: np.ndarray, rows: list) -> np.ndarray:
    problem = (
        sparse.csc_matrix(quadratic),
        slope,
        sparse.csc_matrix(np.vstack([np.zeros((0, len(slope))), *(A for A, _, _ in rows)])),
        np.concatenate([np.zeros(0), *(b for _, b, _ in rows)]),
        [cone for _, _, cone in rows],
    )
    for tolerance in (1e-13, 1e-9):  # with dependent columns the finer one is sometimes out of reach
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
        if tolerance < 1e-12:
            settings.iterative_refinement_reltol = settings.iterative_refinement_abstol = 1e-15
            settings.iterative_refinement_max_iter = 30
        settings.max_threads = 1
        solution = clarabel.DefaultSolver(*problem, settings).solve()
        if str(solution.status) in ("Solved", "AlmostSolved", "InsufficientProgress"):
            return np.array(solution.x)
    raise AssertionError(f"the conic solver gave up: {solution.status}")
