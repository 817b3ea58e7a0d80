"""Heads: exact fits, scikit-learn's manners, and clear sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.optional import array_kind
from w2s_widgets.heads import BallHead, Head, LinearHead
from w2s_widgets.theory.outcome import measure

HEADS = [LinearHead(), LinearHead(intercept=False, tolerance=1e-9), BallHead(0.5), BallHead([0.5, 2.0])]


def data(seed: int = 0, *, n: int = 40, features: int = 6, outputs: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, features)) @ rng.standard_normal((features, features)) + 3
    return X, X @ rng.standard_normal((features, outputs)) + rng.standard_normal((n, outputs)) + 1


@pytest.mark.parametrize("head", HEADS, ids=repr)
def test_scikit_learn_clones_a_head(head: Head):
    X, y = data()
    fitted = clone(head).fit(X, y)
    copy = clone(fitted)
    assert type(copy) is type(head)
    assert copy.get_params() == head.get_params()
    assert not hasattr(copy, "coef_")


def test_scikit_learn_validates_and_chains_heads():
    X, y = data(outputs=1)
    scores = cross_val_score(LinearHead(), X, y[:, 0], cv=4, scoring="neg_mean_squared_error")
    expected = cross_val_score(LinearRegression(), X, y[:, 0], cv=4, scoring="neg_mean_squared_error")
    np.testing.assert_allclose(scores, expected, rtol=1e-10)
    chained = make_pipeline(StandardScaler(), LinearHead()).fit(X, y).predict(X)
    np.testing.assert_allclose(chained, LinearHead().fit(X, y).predict(X), rtol=1e-9)


@pytest.mark.parametrize("intercept", [True, False])
def test_linear_head_is_least_squares(intercept: bool):
    X, y = data()
    head = LinearHead(intercept=intercept).fit(X, y)
    reference = LinearRegression(fit_intercept=intercept).fit(X, y)
    np.testing.assert_allclose(head.coef_, reference.coef_, rtol=1e-9)
    np.testing.assert_allclose(head.intercept_, reference.intercept_, rtol=1e-9, atol=1e-12)
    assert head.rank_ == 6


def test_outputs_are_fitted_each_on_its_own():
    X, y = data(outputs=3)
    for head in (LinearHead(), BallHead(0.7)):
        together = clone(head).fit(X, y)
        for output in range(3):
            alone = clone(head).fit(X, y[:, output])
            np.testing.assert_allclose(together.coef_[output], alone.coef_, rtol=1e-9)
            np.testing.assert_allclose(together.predict(X)[:, output], alone.predict(X), rtol=1e-9)
            assert alone.predict(X).shape == (40,)
            assert isinstance(alone.intercept_, float)


@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_collinear_features_are_no_error_and_give_the_smallest_weights(offset: float):
    X, y = data(outputs=2)
    mixing = np.random.default_rng(1).standard_normal((6, 15))
    wide = X @ mixing + offset
    head = LinearHead().fit(wide, y)
    assert head.rank_ == 6
    np.testing.assert_allclose(head.predict(wide), LinearHead().fit(X, y).predict(X), atol=1e-8)
    centred = wide - wide.mean(axis=0)
    smallest = np.linalg.pinv(centred, rcond=1e-9) @ (y - y.mean(axis=0))
    np.testing.assert_allclose(head.coef_, smallest.T, atol=1e-8)


def test_more_features_than_inputs_interpolates_with_the_smallest_weights():
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((8, 30)), rng.standard_normal(8)
    head = LinearHead(intercept=False).fit(X, y)
    np.testing.assert_allclose(head.predict(X), y, atol=1e-12)
    np.testing.assert_allclose(head.coef_, X.T @ np.linalg.solve(X @ X.T, y), atol=1e-12)


def test_constant_features_get_no_weight():
    X, y = data(outputs=1)
    X[:, 2] = 1234.5678
    head = LinearHead().fit(X, y)
    assert head.rank_ == 5
    assert abs(head.coef_[0, 2]) < 1e-12
    for nothing_to_see in (LinearHead(), BallHead(1.0)):
        nothing_to_see.fit(np.full((40, 3), 0.1), y[:, 0])
        np.testing.assert_array_equal(nothing_to_see.coef_, np.zeros(3))
        assert nothing_to_see.intercept_ == pytest.approx(y.mean())


def test_tolerance_decides_what_counts_as_a_direction():
    X, y = data(outputs=1)
    nearly_twice = np.column_stack([X[:, 0], X[:, 0] + 1e-6 * X[:, 1]])
    assert LinearHead().fit(nearly_twice, y).rank_ == 2
    assert LinearHead(tolerance=1e-4).fit(nearly_twice, y).rank_ == 1


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_units_do_not_matter(scale: float):
    X, y = data()
    for head, same in ((LinearHead(), LinearHead()), (BallHead(0.4), BallHead(0.4 / scale))):
        expected = head.fit(X, y).predict(X)
        np.testing.assert_allclose(same.fit(X * scale, y).predict(X * scale), expected, rtol=1e-8)
    in_units = BallHead(0.4 * scale).fit(X, y * scale).predict(X)
    np.testing.assert_allclose(in_units, scale * BallHead(0.4).fit(X, y).predict(X), rtol=1e-8)


@pytest.mark.parametrize("kind", ["array", "frame", "lists", "tensor"])
def test_kinds_of_array_agree(kind):
    X, y = data(outputs=1)
    X, y = X.round(3).astype(np.float32), y[:, 0].astype(np.float32)
    expected = LinearHead().fit(X.astype(float), y.astype(float)).predict(X.astype(float))
    convert = array_kind(kind)
    label = pd.Series(y) if kind == "frame" else convert(y)
    np.testing.assert_array_equal(LinearHead().fit(convert(X), label).predict(convert(X)), expected)


@pytest.mark.parametrize("seed", range(20))
def test_ball_fit_meets_the_optimality_conditions(seed: int):
    rng = np.random.default_rng(seed)
    X, y = data(seed, n=int(rng.integers(3, 60)), features=int(rng.integers(1, 30)), outputs=3)
    radius = np.linalg.norm(LinearHead().fit(X, y).coef_, axis=1) * [0.01, 0.6, 1.5]
    head = BallHead(radius).fit(X, y)
    centred, level = X - X.mean(axis=0), y - y.mean(axis=0)
    half_gradient = centred.T @ (centred @ head.coef_.T - level) / len(X)
    size = np.linalg.norm(centred.T @ level, axis=0) / len(X)
    stationary = np.linalg.norm(half_gradient + head.multiplier_ * head.coef_.T, axis=0)
    norm = np.linalg.norm(head.coef_, axis=1)
    assert (stationary <= 1e-9 * size).all()
    assert (head.multiplier_ >= 0).all()
    assert (norm <= radius * (1 + 1e-14)).all()
    np.testing.assert_allclose(norm[:2], radius[:2], rtol=1e-12)  # the budget is used up ...
    assert head.multiplier_[2] == 0  # ... or costs nothing
    assert (head.multiplier_[:2] > 0).all()
    assert (head.optimality_gap_ <= 1e-9 * y.var(axis=0)).all()


def test_no_feasible_head_beats_the_ball_fit():
    rng = np.random.default_rng(3)
    X, y = data(3, outputs=1)
    head = BallHead(0.8).fit(X, y)
    best = np.mean((head.predict(X) - y) ** 2)
    centred, level = X - X.mean(axis=0), (y - y.mean(axis=0))[:, 0]
    weights = rng.standard_normal((20_000, 6))
    weights *= 0.8 * rng.random((20_000, 1)) ** (1 / 6) / np.linalg.norm(weights, axis=1, keepdims=True)
    near = head.coef_ + 1e-3 * rng.standard_normal((5_000, 6))
    near *= np.minimum(1, 0.8 / np.linalg.norm(near, axis=1, keepdims=True))
    for rivals in (weights, near):
        errors = np.mean((centred @ rivals.T - level[:, None]) ** 2, axis=0)
        assert errors.min() >= best - 1e-12


def test_projected_gradient_descent_arrives_at_the_ball_fit():
    X, y = data(4, outputs=2)
    centred, level = X - X.mean(axis=0), y - y.mean(axis=0)
    weights = np.zeros((6, 2))
    step = 1 / np.linalg.norm(centred, 2) ** 2
    for _ in range(20_000):
        weights -= step * centred.T @ (centred @ weights - level)
        weights *= np.minimum(1, 0.8 / np.linalg.norm(weights, axis=0))
    np.testing.assert_allclose(BallHead(0.8).fit(X, y).coef_, weights.T, atol=1e-9)


def test_a_wide_ball_is_the_linear_head():
    X, y = data(outputs=2)
    np.testing.assert_allclose(BallHead(1e6).fit(X, y).coef_, LinearHead().fit(X, y).coef_, rtol=1e-9)


@pytest.mark.parametrize("condition", [1e4, 1e12])
def test_ball_fit_on_nearly_collinear_features(condition: float):
    rng = np.random.default_rng(6)
    X = rng.standard_normal((60, 10)) * np.logspace(0, -np.log10(condition), 10)
    y = rng.standard_normal((60, 1))
    full = np.linalg.norm(LinearHead().fit(X, y).coef_)
    for share in (0.9, 1e-3, 1e-9):
        head = BallHead(full * share).fit(X, y)
        assert np.linalg.norm(head.coef_) == pytest.approx(full * share, rel=1e-12)
        assert head.multiplier_[0] > 0


@pytest.mark.parametrize("seed", range(100))
def test_in_sample_the_classes_keep_their_promise(seed: int):
    """Realizable truth: gain = misfit for the space, gain >= misfit for the ball (Theorem 1)."""
    rng = np.random.default_rng(seed)
    n, features = int(rng.integers(4, 80)), int(rng.integers(1, 30))
    X = rng.standard_normal((n, features)) * 10.0 ** rng.uniform(-2, 1, features)
    weights = rng.standard_normal(features)
    truth = X @ weights + rng.standard_normal()
    teacher = truth + rng.uniform(0, 3) * rng.standard_normal(n)
    linear = measure(truth, teacher, LinearHead().fit(X, teacher).predict(X))
    assert linear.gain == pytest.approx(linear.misfit, rel=1e-10, abs=1e-12 * linear.err_weak)
    ball = BallHead(np.linalg.norm(weights) * rng.uniform(1, 1.2)).fit(X, teacher)
    outcome = measure(truth, teacher, ball.predict(X))
    assert outcome.gain >= outcome.misfit - 1e-10
    assert outcome.slack >= -ball.optimality_gap_ - 1e-12 * outcome.err_weak


def test_the_ball_does_strictly_better_than_its_misfit_somewhere():
    rng = np.random.default_rng(7)
    X = rng.standard_normal((50, 5))
    weights = np.array([1.0, 0, 0, 0, 0])
    truth = X @ weights
    teacher = X @ np.array([1.0, 1.7, 0, 0, 0])
    outcome = measure(truth, teacher, BallHead(1.0).fit(X, teacher).predict(X))
    assert outcome.gain > outcome.misfit + 0.5
    assert outcome.angle > 100


def test_a_fixed_penalty_keeps_no_promise_but_the_ball_does():
    """Ridge pulls towards zero: with a truth in the class its slack can be negative."""
    rng = np.random.default_rng(8)
    X = rng.standard_normal((50, 5))
    weights = np.ones(5)
    truth = X @ weights
    teacher = X @ (0.8 * weights)
    ridge = np.linalg.solve(X.T @ X + 30 * np.eye(5), X.T @ teacher)
    assert measure(truth, teacher, X @ ridge).slack < -0.1
    ball = BallHead(np.linalg.norm(weights), intercept=False).fit(X, teacher)
    assert measure(truth, teacher, ball.predict(X)).slack >= -1e-10


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("unit", [1e-200, 1e-150, 1e150])
def test_a_fit_does_not_depend_on_the_features_unit(unit: float):
    X, y = data(outputs=1)
    for head, scaled in ((LinearHead(), LinearHead()), (BallHead(0.5), BallHead(0.5 / unit))):
        expected = head.fit(X, y[:, 0]).predict(X)
        np.testing.assert_allclose(scaled.fit(X * unit, y[:, 0]).predict(X * unit), expected, rtol=1e-8)
    assert LinearHead().fit(X * 1e200, y).rank_ == 6
    short = BallHead(1.0).fit(X * 1e-200, y[:, 0])
    assert np.linalg.norm(short.coef_) == pytest.approx(1.0)
