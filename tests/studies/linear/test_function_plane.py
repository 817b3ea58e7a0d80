"""The plane of functions: projections against brute force; the theorem, kept and broken."""

from __future__ import annotations

import math

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.studies.linear.function_plane import (
    NEAR,
    SHAPES,
    as_function,
    distance,
    plane_outcome,
    plane_set,
)

CONVEX = [shape for shape, chosen in SHAPES.items() if chosen.is_convex]
OPEN = [shape for shape, chosen in SHAPES.items() if not chosen.is_convex]
each_shape = pytest.mark.parametrize("shape", SHAPES)


def members(shape: str, rng: np.random.Generator, count: int = 4000) -> np.ndarray:
    """Points of a set, drawn and kept by its definition and not by its projection."""
    x, y = rng.uniform(-3, 3, size=(2, 40 * count))
    if shape == "line":
        return np.column_stack([x, 0 * y])[:count]
    if shape == "two points":
        return np.array([(-0.9, 0.0), (0.9, 0.0)])
    if shape == "cone":
        a, b = rng.exponential(1.5, size=(2, count))
        return np.outer(a, (0.96, -0.28)) + np.outer(b, (0.28, 0.96))
    if shape == "polygon":
        weights = rng.dirichlet(np.full(5, 0.4), size=count)
        return weights @ np.array(SHAPES["polygon"].corners)  # type: ignore[attr-defined]
    norm = np.hypot(x, y)
    inside = {
        "disc": norm <= 1,
        "ring": (norm >= 0.7) & (norm <= 1.2),
        "crescent": (norm <= 1.2) & (np.hypot(x - 0.6, y) >= 0.9),
    }[shape]
    return np.column_stack([x, y])[inside][:count]


def positions(rng: np.random.Generator, count: int) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in rng.uniform((-2.5, -2.0), (2.5, 2.0), size=(count, 2))]


@each_shape
def test_no_member_is_nearer_than_the_projection(shape: str) -> None:
    rng = np.random.default_rng(3)
    points = members(shape, rng)
    for point in positions(rng, 300):
        found = distance(point, SHAPES[shape].project(point))
        assert found <= np.min(np.linalg.norm(points - point, axis=1)) + 1e-12, point


@each_shape
def test_the_projection_is_in_the_set_and_stays_there(shape: str) -> None:
    rng = np.random.default_rng(4)
    points = members(shape, rng, 20_000)
    chosen = SHAPES[shape]
    for point in positions(rng, 200):
        student = chosen.project(point)
        assert chosen.contains(student)
        assert distance(chosen.project(student), student) <= NEAR
        # By the definition too: members that were drawn come near to it.
        assert np.min(np.linalg.norm(points - student, axis=1)) < 0.12, point


@each_shape
def test_members_are_contained_and_are_their_own_projection(shape: str) -> None:
    for x, y in members(shape, np.random.default_rng(5), 300):
        assert SHAPES[shape].contains((x, y))
        assert distance(SHAPES[shape].project((x, y)), (x, y)) <= NEAR


@pytest.mark.parametrize("shape", CONVEX)
def test_a_convex_class_that_holds_the_truth_keeps_the_promise(shape: str) -> None:
    rng = np.random.default_rng(6)
    truths = members(shape, rng, 500)
    strict = 0
    for truth, teacher in zip(truths, positions(rng, 500), strict=True):
        outcome = plane_outcome(shape, truth, teacher)
        assert outcome.slack >= -1e-12 * max(outcome.err_weak, 1)
        strict += outcome.slack > 1e-3
        if SHAPES[shape].is_space:
            assert abs(outcome.slack) <= 1e-12 * max(outcome.err_weak, 1)
    assert (strict > 0) == (not SHAPES[shape].is_space)


@pytest.mark.parametrize("shape", CONVEX)
def test_midpoints_of_convex_classes_are_members(shape: str) -> None:
    points = members(shape, np.random.default_rng(7), 400)
    for a, b in zip(points[::2], points[1::2], strict=True):
        assert SHAPES[shape].contains(tuple((a + b) / 2))


@pytest.mark.parametrize("shape", OPEN)
def test_some_midpoint_of_the_others_is_none(shape: str) -> None:
    points = members(shape, np.random.default_rng(7), 400)
    outside = [
        not SHAPES[shape].contains(tuple((a + b) / 2))
        for a, b in zip(points[::2], points[1::2], strict=False)
    ]
    assert any(outside)


@pytest.mark.parametrize(
    ("shape", "truth", "teacher"),
    [
        ("ring", (-0.8, 0.4), (0.25, 0.1)),
        ("two points", (-0.9, 0.0), (0.02, 1.0)),
        ("crescent", (0.6, 0.95), (1.2, -0.15)),
    ],
)
def test_each_other_class_has_a_negative_gain_although_realizable(
    shape: str, truth: tuple[float, float], teacher: tuple[float, float]
) -> None:
    assert SHAPES[shape].contains(truth)
    outcome = plane_outcome(shape, truth, teacher)
    assert outcome.gain < 0 < outcome.misfit
    assert outcome.gain < outcome.misfit
    assert outcome.err_ceiling == pytest.approx(0, abs=1e-18)


def test_errors_are_squared_distances_and_measures_own() -> None:
    truth, teacher = (0.3, -0.4), (1.3, 0.6)
    outcome = plane_outcome("disc", truth, teacher)
    assert outcome.err_weak == pytest.approx(distance(truth, teacher) ** 2, rel=1e-14)
    student = plane_set("disc").project(teacher)
    again = w2s.measure(*(as_function(point) for point in (truth, teacher, student)))
    assert (again.err_weak, again.gain, again.slack) == (outcome.err_weak, outcome.gain, outcome.slack)
    assert plane_outcome("disc", (3.0, 4.0), (0.0, 0.0)).err_ceiling == pytest.approx(16)


@pytest.mark.parametrize(
    ("shape", "teacher", "student"),
    [
        ("two points", (0.0, 1.3), (-0.9, 0.0)),
        ("ring", (0.0, 0.0), (0.7, 0.0)),
        ("crescent", (1.7, 0.0), (0.825, math.sqrt(1.44 - 0.825**2))),
        ("crescent", (0.6, 0.0), (-0.3, 0.0)),
    ],
)
def test_ties_are_said_and_settled_the_same_way(
    shape: str, teacher: tuple[float, float], student: tuple[float, float]
) -> None:
    found = SHAPES[shape].nearest(teacher)
    assert found.tied
    assert found.point == pytest.approx(student, abs=1e-12)
    moved = SHAPES[shape].nearest((teacher[0] + 0.01, teacher[1] - 0.01))
    assert not moved.tied


def test_convex_classes_have_no_ties() -> None:
    rng = np.random.default_rng(8)
    for shape in CONVEX:
        assert not any(SHAPES[shape].nearest(point).tied for point in positions(rng, 500))


def test_on_a_convex_class_the_student_moves_no_farther_than_its_teacher() -> None:
    rng = np.random.default_rng(9)
    for shape in CONVEX:
        for x, y in positions(rng, 2000):
            here, there = (SHAPES[shape].project(point) for point in ((x, y), (x + 0.006, y + 0.008)))
            assert distance(here, there) <= 0.01 + 1e-12, (shape, x, y)


@pytest.mark.parametrize(
    ("shape", "teacher", "leap"),
    [("two points", (-0.005, 0.6), 1.8), ("crescent", (1.4, -0.005), 1.7), ("ring", (-0.005, -0.005), 1.4)],
)
def test_on_the_others_it_can_leap(shape: str, teacher: tuple[float, float], leap: float) -> None:
    moved = (teacher[0] + 0.01, teacher[1] + 0.01)
    chosen = SHAPES[shape]
    assert distance(chosen.project(teacher), chosen.project(moved)) > 0.9 * leap


@each_shape
def test_outlines_bound_the_set(shape: str) -> None:
    for loop in SHAPES[shape].outline():
        for point in loop:
            near = SHAPES[shape].project(point)
            assert distance(near, point) < 1e-9 or max(map(abs, point)) > 5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plane_set("square"), "shape is 'square': choose one of line; disc; polygon"),
        (lambda: plane_set(None), "shape is None: choose one of"),  # type: ignore[arg-type]
        (lambda: plane_set("disc").project((1.0,)), "is no point of the plane: give two numbers"),
        (lambda: plane_set("disc").project("ab"), "is no point of the plane"),  # type: ignore[arg-type]
        (lambda: plane_set("disc").project((1.0, math.nan)), "give two finite numbers"),
        (lambda: plane_outcome("disc", (0, 0), (math.inf, 0)), "give two finite numbers"),
    ],
)
def test_bad_input_is_one_sentence(call: object, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words.replace("(", r"\(")):
        call()  # type: ignore[operator]
