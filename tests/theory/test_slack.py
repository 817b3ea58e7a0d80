"""The parts of a slack: they add up, each is what its definition says, and each shows what broke."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from tests.reference.class_worlds import CONVEX, NOT_CONVEX
from w2s_widgets.heads import LinearHead, RidgeHead
from w2s_widgets.studies.linear.linear_world import LinearWorld
from w2s_widgets.theory.outcome import measure
from w2s_widgets.theory.slack import SlackParts, explain_slack


def finite_sample_world(seed: int) -> dict:
    """A population, a small sample of it, and a student whose fit there was not finished."""
    rng = np.random.default_rng(seed)
    n, features, blind, outputs = (int(rng.integers(*span)) for span in ((60, 200), (1, 9), (0, 4), (1, 4)))
    everything = (
        rng.standard_normal((n, features + blind)) * 10.0 ** rng.uniform(-1, 1) + rng.standard_normal()
    )
    truth = everything @ rng.standard_normal((features + blind, outputs))
    teacher = truth + everything @ rng.standard_normal((features + blind, outputs)) * rng.uniform(0.05, 1)
    teacher += rng.uniform(0, 1) * rng.standard_normal((n, outputs))
    X = everything[:, :features]
    sample = rng.permutation(n)[: int(rng.integers(2, 40))]
    intercept = bool(rng.integers(2))
    exact = LinearHead(intercept=intercept).fit(X[sample], teacher[sample]).predict(X)
    kind = seed % 4
    if kind == 0:
        student = exact
    elif kind == 1:
        student = (
            RidgeHead(rng.uniform(0.01, 2), intercept=intercept).fit(X[sample], teacher[sample]).predict(X)
        )
    elif kind == 2:  # stopped on the way from 0
        student = rng.uniform(0.3, 1) * exact
    else:  # not even in the class
        student = exact + 0.1 * rng.standard_normal(exact.shape)
    return {
        "head": LinearHead(intercept=intercept),
        "X": X,
        "truth": truth,
        "teacher": teacher,
        "student": student,
        "fitted_on": (X[sample], teacher[sample]),
    }


def parts_of(world: dict) -> SlackParts:
    return explain_slack(
        world["head"], world["X"], world["truth"], world["teacher"],
        student=world["student"], fitted_on=world["fitted_on"],
    )  # fmt: skip


@pytest.mark.slow
def test_the_parts_of_a_thousand_finite_sample_worlds_add_up():
    for seed in range(1_000):
        world = finite_sample_world(seed)
        parts = parts_of(world)
        outcome = measure(world["truth"], world["teacher"], world["student"])
        assert parts.slack == outcome.slack
        largest = max(abs(parts.slack), abs(parts.alignment), abs(parts.finite_sample),
                      abs(parts.unfinished_fit), outcome.misfit)  # fmt: skip
        assert abs(parts.total - parts.slack) <= 1e-10 * largest, seed
        assert abs(parts.shape) <= 1e-10 * largest, seed


def test_each_part_is_what_it_is_defined_to_be():
    """Against projections by another solver, and the formulas for spaces."""
    for seed in range(100):
        world = finite_sample_world(seed)
        f, g, s, X = (world[name] for name in ("truth", "teacher", "student", "X"))
        with_constant = world["head"].intercept

        def design(X: np.ndarray, constant: bool = with_constant) -> np.ndarray:
            return np.column_stack([X, np.ones(len(X))]) if constant else X

        basis, _ = np.linalg.qr(design(X))
        pf, pg = basis @ (basis.T @ f), basis @ (basis.T @ g)
        rf, rg = f - pf, g - pg
        parts = parts_of(world)
        mean = lambda values: float(np.mean(values))  # noqa: E731
        scale = 1e-8 * max(mean(f**2), mean(g**2), mean(s**2))
        assert parts.alignment == pytest.approx(-2 * mean(rf * rg), abs=scale)
        assert parts.eps == pytest.approx(mean(rf**2), abs=scale)
        assert abs(parts.alignment) <= 2 * np.sqrt(mean(rf**2) * mean(rg**2)) + scale
        sample_X, labels = world["fitted_on"]
        if len(sample_X) > X.shape[1] + 1:
            q = (
                LinearRegression(fit_intercept=with_constant)
                .fit(sample_X, labels)
                .predict(X)
                .reshape(f.shape)
            )
            scale *= 1 + mean(q**2) / mean(g**2)
            assert parts.finite_sample == pytest.approx(2 * mean((q - pg) * (pf - q)), abs=scale)
            assert parts.unfinished_fit == pytest.approx(
                2 * mean((f - s) * (s - g)) - 2 * mean((f - q) * (q - g)), abs=scale
            )
            assert parts.sample_distance == pytest.approx(mean((q - pg) ** 2), abs=scale)
            assert parts.fit_distance == pytest.approx(mean((s - q) ** 2), abs=scale)


def test_one_broken_assumption_shows_in_one_part():
    world = LinearWorld(weak_quality=0.6, strong_capacity=6, misfit_share=0.4)
    data = world.sample(400, rng=0, exact=True)
    X, truth, teacher = data.student_features, data.truth, data.teacher
    everything = LinearHead().fit(X, teacher)
    blind = explain_slack(everything, X, truth, teacher)
    assert blind.alignment == pytest.approx(world.outcome().slack, rel=1e-9)
    assert blind.eps == pytest.approx(world.eps, rel=1e-9)
    assert (blind.finite_sample, blind.unfinished_fit) == (0, 0)

    able = LinearWorld(weak_quality=0.6, strong_capacity=16, misfit_share=0.4).sample(400, rng=0)
    X, truth, teacher = able.student_features, able.truth, able.teacher
    few = slice(0, 30)
    short = LinearHead().fit(X[few], teacher[few])
    sample = explain_slack(short, X, truth, teacher, fitted_on=(X[few], teacher[few]))
    assert abs(sample.alignment) < 1e-12
    assert sample.finite_sample < -0.01
    assert abs(sample.unfinished_fit) < 1e-12

    shrunk = RidgeHead(penalty=0.3).fit(X, teacher)
    ridge = explain_slack(shrunk, X, truth, teacher)
    assert abs(ridge.alignment) < 1e-12
    assert ridge.finite_sample == 0
    assert abs(ridge.unfinished_fit) > 0.01


def test_the_part_of_a_finite_sample_goes_away_with_its_size():
    world = LinearWorld(weak_quality=0.6, strong_capacity=16, misfit_share=0.4)
    population = world.sample(20_000, rng=1)
    sizes, parts = (40, 400, 4_000), []
    for n in sizes:
        data = world.sample(n, rng=2)
        student = LinearHead().fit(data.student_features, data.teacher)
        found = explain_slack(
            student, population.student_features, population.truth, population.teacher,
            fitted_on=(data.student_features, data.teacher),
        )  # fmt: skip
        parts.append(abs(found.finite_sample))
    assert parts[0] > 5 * parts[1] > 20 * parts[2]


@pytest.mark.parametrize("name", CONVEX)
def test_the_shape_of_a_convex_class_never_costs_anything(name: str):
    positive = 0
    for seed in range(100):
        world = CONVEX[name](seed)
        teacher = world.teacher()
        truth = world.truth + world.rng.standard_normal(len(world.X)) * world.rng.integers(0, 2)
        parts = explain_slack(world.head.fit(world.X, teacher), world.X, truth, teacher)
        size = measure(truth, teacher, world.head.predict(world.X)).err_weak
        assert parts.shape >= -1e-9 * size
        assert abs(parts.total - parts.slack) <= 1e-10 * size
        positive += parts.shape > 1e-6 * size
    assert (positive == 0) if world.head.is_affine else (positive > 10)


@pytest.mark.parametrize("name", NOT_CONVEX)
def test_a_negative_shape_gives_a_class_away_that_is_not_convex(name: str):
    shapes = []
    for seed in range(100):
        world = NOT_CONVEX[name](seed)
        teacher = world.teacher()
        parts = explain_slack(world.head.fit(world.X, teacher), world.X, world.truth, teacher)
        assert abs(parts.total - parts.slack) <= 1e-12 * np.mean(teacher**2)
        shapes.append(parts.shape / np.mean((world.truth - teacher) ** 2))
    assert min(shapes) < -0.1


def test_any_regressor_and_any_array_can_be_the_student():
    rng = np.random.default_rng(0)
    X, truth = rng.standard_normal((50, 3)), rng.standard_normal(50)
    teacher = truth + rng.standard_normal(50)
    regressor = LinearRegression().fit(X, teacher)
    as_regressor = explain_slack(LinearHead(), X, truth, teacher, student=regressor)
    as_values = explain_slack(LinearHead(), X, truth, teacher, student=regressor.predict(X))
    as_head = explain_slack(LinearHead().fit(X, teacher), X, truth, teacher)
    assert as_regressor == as_values
    assert as_head.total == pytest.approx(as_values.total)
    assert list(as_values.as_dict()) == [
        "alignment", "shape", "finite_sample", "unfinished_fit", "slack",
        "eps", "sample_distance", "fit_distance",
    ]  # fmt: skip


def test_words_and_card():
    parts = SlackParts(-0.2, 0.0, 0.05, -0.01, -0.16, 0.5, 0.01, 0.001)
    assert str(parts) == (
        "Slack -0.160 = -0.200 because the class does not hold the truth + 0.050 from the finite sample "
        "- 0.010 because the student is not the exact fit on its sample."
    )
    card = parts._repr_html_()
    assert "Where the slack comes from" in card
    assert card.count("<tr>") == 5
    assert "<script" not in card
