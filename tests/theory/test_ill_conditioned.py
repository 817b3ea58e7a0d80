"""Certificates of classes that hold the truth by construction, on features that are hard to fit on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.heads import BallHead, BoxHead, ConeHead, Head, LinearHead, RidgeHead, SphereHead
from w2s_widgets.heads.factors import factor

Case = tuple[np.ndarray, np.ndarray, np.ndarray]
CASES = 240


def powers(i: int, rng: np.random.Generator) -> Case:
    degree = 2 + i % 15
    x = np.linspace(0, 1, 200) if i % 2 else rng.uniform(-1, 1, 200)
    X = np.vander(x, degree + 1)[:, :-1]
    truth = X @ (np.ones(degree) if i % 3 else rng.standard_normal(degree))
    return X, truth, truth + rng.standard_normal(200)


def collinear(i: int, rng: np.random.Generator) -> Case:
    apart = 10.0 ** -(i % 13)
    X = rng.standard_normal((150, 3))
    X = np.column_stack([X, X[:, 0] + apart * rng.standard_normal(150)])
    truth = X @ rng.standard_normal(4) * 10.0 ** rng.integers(-3, 4)
    return X, truth, truth + truth.std() * rng.standard_normal(150)


def scales(i: int, rng: np.random.Generator) -> Case:
    sizes = 10.0 ** rng.uniform(-14, 14, 4)
    X = rng.standard_normal((150, 4)) * sizes
    truth = X @ (rng.standard_normal(4) / sizes)
    return X, truth, truth + rng.standard_normal(150)


def both(i: int, rng: np.random.Generator) -> Case:
    X, truth, teacher = collinear(i, rng)
    return X * 10.0 ** rng.uniform(-14, 14, X.shape[1]), truth, teacher


@pytest.mark.parametrize("make", [powers, collinear, scales, both], ids=lambda make: make.__name__)
def test_no_false_alarm(make: Callable[[int, np.random.Generator], Case]) -> None:
    rng = np.random.default_rng(7)
    for i in range(CASES):
        X, truth, teacher = make(i, rng)
        certificate = w2s.certify(LinearHead().fit(X, teacher), X, truth, teacher)
        assert certificate.realizable.holds is not False, (i, certificate.realizable)
        assert certificate.agrees is True, (i, str(certificate))


def test_a_column_of_time_stamps_hides_no_other_column() -> None:
    rng = np.random.default_rng(0)
    stamps = np.floor((1.7e9 + 86400 * rng.random(500)) * 1e6)
    z = rng.standard_normal(500)
    X = np.column_stack([stamps, z])
    for head in (LinearHead(), BallHead(1e3), BoxHead(-10, 10), ConeHead(), RidgeHead(1e-12)):
        head.fit(X, 3 * z)
        assert np.mean((head.predict(X) - 3 * z) ** 2) < 1e-12, head
    constant = np.column_stack([np.full(500, 1.7e15), z])
    assert LinearHead().fit(constant, 3 * z).rank_ == 1


def test_factors_are_exact_whatever_the_units() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        n, d = int(rng.integers(20, 120)), int(rng.integers(1, 8))
        sizes = 10.0 ** rng.uniform(-14, 14, d)
        X = (rng.standard_normal((n, d)) + rng.integers(0, 2, d) * 100) * sizes
        factors = factor(X, intercept=True)
        assert len(factors.lengths) == d
        made = factors.left * factors.lengths @ factors.right
        np.testing.assert_allclose(made / sizes, factors.centred / sizes, atol=1e-9)
        np.testing.assert_allclose(factors.left.T @ factors.left, np.eye(d), atol=1e-10)
        np.testing.assert_allclose(factors.right @ factors.right.T, np.eye(d), atol=1e-10)


def test_the_smallest_weights_among_collinear_features_of_different_size() -> None:
    x = np.random.default_rng(2).standard_normal(50)
    head = LinearHead().fit(np.column_stack([x, 1e6 * x, np.ones(50)]), x)
    np.testing.assert_allclose(head.coef_, np.array([1.0, 1e6, 0.0]) / (1 + 1e12), rtol=1e-6, atol=1e-15)


def test_what_a_tolerance_leaves_out_is_in_the_gap() -> None:
    rng = np.random.default_rng(3)
    X = rng.standard_normal((100, 2)) @ [[1.0, 1.0], [0.01, -0.01]]
    y = X @ [1.0, -1.0]
    assert LinearHead().fit(X, y).optimality_gap_ < 1e-25
    coarse = LinearHead(tolerance=0.1).fit(X, y)
    assert coarse.rank_ == 1
    assert coarse.optimality_gap_ == pytest.approx(np.mean((coarse.predict(X) - y) ** 2), rel=1e-6)


def a_head(rng: np.random.Generator) -> Head:
    size, intercept = float(np.exp(rng.standard_normal())), bool(rng.integers(2))
    heads = (
        LinearHead(intercept), BallHead(size, intercept), BoxHead(-size, 2 * size, intercept),
        ConeHead(intercept), SphereHead(size, intercept), RidgeHead(10.0 ** rng.uniform(-6, 1)),
    )  # fmt: skip
    return heads[rng.integers(len(heads))]


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_no_wrong_verdict_in_any_unit(count: int) -> None:
    rng = np.random.default_rng(11)
    promised = 0
    for i in range(count):
        n, d = int(rng.integers(8, 50)), int(rng.integers(1, 5))
        unit, size = 10.0 ** rng.uniform(-9, 9, 2)
        shift = rng.choice([0, 0, 1, 1e4, 1e8])
        X = (rng.standard_normal((n, d)) + shift * rng.standard_normal(d)) * size
        truth = X @ rng.standard_normal(d) / size * unit + rng.choice([0, 0, 1e4, 1e8]) * unit
        if rng.random() < 0.4:
            truth = truth + unit * 10 ** rng.uniform(-8, 0) * rng.standard_normal(n)
        teacher = truth + unit * 10 ** rng.uniform(-6, 1) * rng.standard_normal(n)
        head = a_head(rng)
        certificate = w2s.certify(head.fit(X, teacher), X, truth, teacher)
        promised += certificate.promised_gain is not None
        assert certificate.agrees is not False, (i, str(certificate))
        outcome = certificate.outcome
        if certificate.promise == "equality":
            assert abs(outcome.slack) <= 0.05 * outcome.misfit + 1e-12 * np.abs(truth).max() ** 2, i
    assert promised > 0.4 * count
