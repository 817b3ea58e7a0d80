"""Convex classes: exact fits, certified, checked by an independent solver, and keeping their promise."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_predict

from tests.reference.class_worlds import CONVEX
from tests.reference.projections import conic_projection
from w2s_widgets.heads import (
    BallHead,
    BoxHead,
    ConeHead,
    FiniteHead,
    HullHead,
    LinearHead,
    MonotoneHead,
    RidgeHead,
    SparseHead,
    SphereHead,
)
from w2s_widgets.heads.bounded_lstsq import bounded_least_squares
from w2s_widgets.theory.outcome import measure

WORLDS = 1_000


@pytest.mark.slow
@pytest.mark.parametrize("name", CONVEX)
def test_a_thousand_realizable_worlds_keep_the_promise(name: str):
    """Theorem 1: gain >= misfit for a convex class, gain = misfit for a space, and the gap is rounding."""
    strictly_better = 0
    for seed in range(WORLDS):
        world = CONVEX[name](seed)
        teacher = world.teacher()
        head = world.head.fit(world.X, teacher)
        outcome = measure(world.truth, teacher, head.predict(world.X))
        slack = outcome.gain - outcome.misfit
        assert slack >= -1e-9 * outcome.err_weak, seed
        if head.is_affine:
            assert abs(slack) <= 1e-9 * outcome.err_weak, seed
        assert 0 <= head.optimality_gap_ <= 1e-10 * np.mean(teacher**2), seed
        strictly_better += slack > 1e-3 * outcome.err_weak
    assert (strictly_better == 0) if world.head.is_affine else (strictly_better > WORLDS / 10)


@pytest.mark.parametrize("name", CONVEX)
def test_an_independent_conic_solver_finds_the_same_student(name: str):
    # On the surface of a second-order cone the interior-point solver knows weights to about 1e-8 only, and
    # features of very different units would make more of that.
    decades = 0.0 if name == "ball" else 1.0
    for seed in range(100):
        world = CONVEX[name](seed, decades=decades)
        teacher = world.teacher()
        ours = world.head.fit(world.X, teacher).predict(world.X)
        theirs = conic_projection(world.head, world.X, teacher)
        assert np.abs(ours - theirs).max() <= 1e-6 * np.abs(teacher).max(), seed


@pytest.mark.parametrize("name", CONVEX)
def test_the_gap_bounds_what_any_head_could_still_gain(name: str):
    """Certificates are about the class: no member that we can think of is nearer by more than the gap."""
    for seed in range(40):
        world = CONVEX[name](seed)
        teacher = world.teacher()
        head = world.head.fit(world.X, teacher)
        student = head.predict(world.X)
        error = np.mean((student - teacher) ** 2)
        for share in (1.0, 0.3, 1e-3, 1e-5):
            rival = student + share * (world.truth - student)
            assert np.mean((rival - teacher) ** 2) >= error - head.optimality_gap_ - 1e-13 * np.mean(
                teacher**2
            )


def test_a_gap_shows_a_fit_that_is_not_the_best():
    from w2s_widgets.heads import ball, box, cone, ensemble, monotone
    from w2s_widgets.heads.factors import factor

    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((30, 3)), rng.standard_normal((30, 1)) + 1
    X, y = X - X.mean(axis=0), y - y.mean(axis=0)
    off = np.array([[0.3, 0.3, 0.3]])
    lower, upper = np.full(3, 0.0), np.full(3, 1.0)
    factors = factor(X, intercept=False)
    best = {
        "cone": ConeHead(intercept=False).fit(X, y),
        "box": BoxHead(lower, upper, intercept=False).fit(X, y),
        "ball": BallHead(np.linalg.norm(off), intercept=False).fit(X, y),
    }
    gaps = {
        "cone": cone._optimality_gap(factors, y, off),
        "box": box._optimality_gap(factors.gradient(y, off), off, lower, upper),
        "ball": ball._optimality_gap(factors.gradient(y, off), off, np.linalg.norm(off, axis=1)),
    }
    for name, gap in gaps.items():
        worse_by = np.mean((X @ off.T - y) ** 2) - np.mean((best[name].predict(X) - y) ** 2)
        assert gap[0] >= worse_by > 1e-3
    values = np.sort(y[:, 0])[None]
    gap = monotone._optimality_gap(np.zeros((1, 30)), values, np.full(30, 1 / 30))
    assert gap[0] >= np.mean(values**2) > 0.1
    chosen = HullHead([LinearHead().fit(X, X[:, 0]), LinearHead().fit(X, X[:, 1])])._choose
    assert chosen(X[:, :2].T[:, :, None], 5 * X[:, [0]])["weights_"].round(3).tolist() == [[1.0, 0.0]]
    assert ensemble._nearest_mixture(np.zeros((4, 3))).tolist() == [1 / 3] * 3


@pytest.mark.parametrize("name", CONVEX)
def test_many_tasks_in_one_call_are_fitted_each_on_its_own(name: str):
    world = CONVEX[name](11, n=(30, 31), features=(4, 5))
    tasks = np.stack([world.teacher() for _ in range(5)], axis=1)
    fresh = world.X[:7] + 0.01
    together = clone(world.head).fit(world.X, tasks)
    assert together.optimality_gap_.shape == (5,)
    for task in range(5):
        alone = clone(world.head).fit(world.X, tasks[:, task])
        np.testing.assert_allclose(
            together.predict(fresh)[:, task], alone.predict(fresh), rtol=1e-9, atol=1e-12
        )
        assert alone.predict(fresh).shape == (7,)
        assert isinstance(alone.optimality_gap_, float)


@pytest.mark.parametrize("name", CONVEX)
def test_the_mean_of_two_members_is_a_member(name: str):
    """What is_convex claims, tried with fitted heads: their mean is fitted without error."""
    for seed in range(20):
        world = CONVEX[name](seed)
        one, two = (clone(world.head).fit(world.X, world.teacher()).predict(world.X) for _ in range(2))
        middle = (one + two) / 2
        fitted = clone(world.head).fit(world.X, middle).predict(world.X)
        np.testing.assert_allclose(fitted, middle, atol=1e-9 * (1 + np.abs(middle).max()))


@pytest.mark.parametrize("scale", [1e-8, 1e8])
@pytest.mark.parametrize("name", ["cone", "monotone", "linear", "hull"])
def test_the_unit_of_the_values_does_not_matter(name: str, scale: float):
    world = CONVEX[name](5)
    teacher = world.teacher()
    head = world.head
    if name == "hull":
        scaled = HullHead([LinearHead().fit(world.X, scale * one.predict(world.X)) for one in head.heads])
    else:
        scaled = clone(head)
    expected = head.fit(world.X, teacher).predict(world.X)
    np.testing.assert_allclose(
        scaled.fit(world.X, scale * teacher).predict(world.X), scale * expected, atol=1e-9 * scale
    )


def test_cone_and_box_meet_the_conditions_of_optimality():
    for seed in range(40):
        world = CONVEX["box"](seed, n=(20, 60), features=(3, 8))
        teacher = world.teacher()
        head = world.head.fit(world.X, teacher)
        slope = world.X.T @ (head.predict(world.X) - teacher) / len(world.X)
        limit = 1e-10 * np.linalg.norm(world.X, axis=0) * np.linalg.norm(teacher) / len(world.X)
        at_lower, at_upper = head.coef_ == head.lower, head.coef_ == head.upper
        assert (head.lower <= head.coef_).all()
        assert (head.coef_ <= head.upper).all()
        assert (slope[at_lower] >= -limit[at_lower]).all()
        assert (slope[at_upper] <= limit[at_upper]).all()
        assert (np.abs(slope) <= limit)[~at_lower & ~at_upper].all()
        assert ConeHead().fit(world.X, teacher).coef_.min() >= 0


def test_bounds_that_do_not_bind_leave_least_squares():
    world = CONVEX["linear"](3, n=(40, 41), features=(5, 6))
    teacher = world.teacher()
    free = LinearRegression().fit(world.X, teacher)
    wide = BoxHead(-1e6, 1e6).fit(world.X, teacher)
    np.testing.assert_allclose(wide.coef_, free.coef_, rtol=1e-9)
    signs = np.where(free.coef_ < 0, -1.0, 1.0)
    np.testing.assert_allclose(ConeHead().fit(world.X * signs, teacher).coef_ * signs, free.coef_, rtol=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_bounded_least_squares_with_collinear_features(seed: int):
    """Twice the same columns, and more columns than rows: the fitted values are still the best."""
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((6, 4)) @ rng.standard_normal((4, 12))
    A = np.column_stack([A, A[:, :3], np.zeros(6)])
    b = rng.standard_normal(6)
    lower = np.zeros(16)
    for upper in (np.full(16, np.inf), np.full(16, 0.2)):
        w = bounded_least_squares(A, b, lower, upper)
        slope = A.T @ (A @ w - b)
        assert (w >= lower).all()
        assert (w <= upper).all()
        assert slope[w < upper].min(initial=0) >= -1e-12
        assert slope[w > lower].max(initial=0) <= 1e-12


def test_a_solver_that_gives_up_is_finished(monkeypatch: pytest.MonkeyPatch):
    import scipy.optimize

    def gives_up(*_arguments: object) -> None:
        raise RuntimeError("Maximum number of iterations reached.")

    world = CONVEX["cone"](8, n=(40, 41), features=(7, 8))
    teacher = world.teacher()
    expected = clone(world.head).fit(world.X, teacher).predict(world.X)
    monkeypatch.setattr(scipy.optimize, "nnls", gives_up)
    np.testing.assert_allclose(world.head.fit(world.X, teacher).predict(world.X), expected, rtol=1e-10)


def test_isotonic_regression_agrees_with_scikit_learn():
    for seed in range(50):
        world = CONVEX["monotone"](seed)
        teacher = world.teacher()
        head = world.head.fit(world.X, teacher)
        reference = IsotonicRegression(increasing=head.increasing, out_of_bounds="clip")
        inputs = world.X[:, head.feature]
        reference.fit(inputs, teacher)
        fresh = np.tile(np.linspace(inputs.min() - 1, inputs.max() + 1, 99)[:, None], world.X.shape[1])
        np.testing.assert_allclose(head.predict(fresh), reference.predict(fresh[:, 0]), atol=1e-9)
        rises = np.diff(head.predict(fresh)) * (1 if head.increasing else -1)
        assert rises.min() >= -1e-12


def test_monotone_heads_look_at_one_feature_only():
    world = CONVEX["monotone"](4, n=(30, 31), features=(3, 4))
    head = MonotoneHead(feature=1).fit(world.X, world.truth)
    other = world.X.copy()
    other[:, [0, 2]] = 7.0
    np.testing.assert_array_equal(head.predict(other), head.predict(world.X))
    assert head.knots_.shape == head.levels_.shape


def test_a_hull_mixes_any_fitted_regressors_and_leaves_them_alone():
    rng = np.random.default_rng(2)
    X, Y = rng.standard_normal((40, 3)), rng.standard_normal((40, 2))
    given = [LinearRegression().fit(X, Y), LinearHead().fit(X, -Y), LinearHead().fit(X, Y[:, 0])]
    before = given[0].coef_.copy()
    mixture = HullHead(given).fit(X, 0.25 * given[0].predict(X) + 0.75 * given[1].predict(X))
    assert mixture.weights_.shape == (2, 3)
    np.testing.assert_allclose(mixture.weights_.sum(axis=1), 1, rtol=1e-14)
    assert mixture.weights_.min() >= 0
    np.testing.assert_allclose(mixture.predict(X), -0.5 * given[0].predict(X), atol=1e-12)
    np.testing.assert_array_equal(given[0].coef_, before)
    assert clone(mixture).heads is given  # scikit-learn does not unfit them


def test_scikit_learn_works_with_the_new_heads():
    world = CONVEX["cone"](6, n=(40, 41), features=(3, 4))
    for head in (ConeHead(), BoxHead(0, 1), MonotoneHead(), HullHead(given := [LinearHead(), LinearHead()])):
        for one in given if isinstance(head, HullHead) else []:
            one.fit(world.X, world.teacher())
        predicted = cross_val_predict(head, world.X, world.truth, cv=4)
        assert np.isfinite(predicted).all()
        assert clone(head).get_params().keys() == head.get_params().keys()


def test_constant_features_leave_the_mean():
    y = np.array([1.0, 2.0, 6.0])
    for head in (ConeHead(), BoxHead(-1, 1), MonotoneHead()):
        np.testing.assert_allclose(head.fit(np.full((3, 2), 0.1), y).predict([[0.1, 0.1]]), [3.0])


@pytest.mark.parametrize(
    ("head", "kind", "promise"),
    [
        (LinearHead, (True, True, True), "gain equals misfit"),
        (RidgeHead, (True, True, False), "Nothing"),
        *((head, (True, False, True), "gain is at least misfit") for head in
          (BallHead, ConeHead, BoxHead, HullHead, MonotoneHead)),
        *((head, (False, False, True), "Nothing") for head in (FiniteHead, SparseHead, SphereHead)),
    ],
)  # fmt: skip
def test_classes_say_what_they_are(head, kind: tuple[bool, ...], promise: str):
    assert (head.is_convex, head.is_affine, head.is_projection) == kind
    assert promise in head.promise
