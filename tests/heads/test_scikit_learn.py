"""Heads among scikit-learn's estimators: its own checks, searches, names of features, weights of inputs."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, cross_val_score, learning_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from tests.optional import optional
from w2s_widgets.heads import (
    BallHead,
    BoxHead,
    ConeHead,
    FiniteHead,
    Head,
    HullHead,
    LinearHead,
    MonotoneHead,
    RidgeHead,
    SparseHead,
    SphereHead,
)

HEADS: list[Head] = [
    LinearHead(), BallHead(1.0), BoxHead(-1.0, 1.0), ConeHead(), RidgeHead(0.1), SphereHead(1.0),
    MonotoneHead(), SparseHead(1),
]  # fmt: skip
NOT_PASSED = {
    "check_do_not_raise_errors_in_init_or_set_params": "a wrong parameter is said where it is given",
    "check_complex_data": "a wrong kind is a TypeError, as everywhere in this package",
    "check_dtype_object": "the TypeError has this package's sentence",
}
"""The checks that no head passes, and why; all others are passed by every head."""

rng = np.random.default_rng(0)
X = rng.standard_normal((60, 3))
Y = X @ [0.5, -0.3, 0.2] + 0.3 * rng.standard_normal(60)
GIVEN = [LinearHead().fit(X[:20], Y[:20]), LinearHead().fit(X[20:40], Y[20:40]), RidgeHead(5.0).fit(X, Y)]


@pytest.mark.parametrize("head", HEADS, ids=repr)
def test_its_own_checks_pass(head: Head) -> None:
    results = check_estimator(head, on_fail=None, on_skip=None)
    failed = {result["check_name"] for result in results if result["status"] == "failed"}
    assert failed == set(NOT_PASSED)
    assert sum(result["status"] == "passed" for result in results) >= 50


def test_searches_need_no_scoring() -> None:
    search = GridSearchCV(BallHead(), {"radius": [0.1, 0.5, 2.0]}, cv=3).fit(X, Y)
    assert search.best_params_["radius"] in (0.5, 2.0)
    expected = cross_val_score(LinearRegression(), X, Y, cv=4)
    np.testing.assert_allclose(cross_val_score(LinearHead(), X, Y, cv=4), expected, rtol=1e-9)
    assert len(learning_curve(LinearHead(), X, Y, cv=3)) == 3
    importance = permutation_importance(LinearHead().fit(X, Y), X, Y, random_state=0).importances_mean
    assert importance.argmax() == 0
    assert make_pipeline(StandardScaler(), LinearHead()).fit(X, Y).score(X, Y) > 0.4


def test_score_is_r2_with_weights_and_several_outputs() -> None:
    outputs, weights = np.column_stack([Y, Y**2]), rng.random(60)
    head = LinearHead().fit(X, outputs)
    said = head.predict(X)
    assert head.score(X, outputs) == pytest.approx(r2_score(outputs, said))
    assert head.score(X, outputs, weights) == pytest.approx(r2_score(outputs, said, sample_weight=weights))
    assert LinearHead().fit(X, np.ones(60)).score(X, np.ones(60)) == 1.0
    assert LinearHead().fit(X, np.ones(60)).score(X, np.zeros(60) + 2) == 0.0


@pytest.mark.parametrize("head", [*HEADS, FiniteHead(GIVEN), HullHead(GIVEN)], ids=lambda h: type(h).__name__)
def test_a_weight_counts_an_input_several_times(head: Head) -> None:
    counts = rng.integers(0, 4, 60)
    weighted = type(head)(**head.get_params()).fit(X, Y, sample_weight=2.5 * counts)
    repeated = type(head)(**head.get_params()).fit(np.repeat(X, counts, axis=0), np.repeat(Y, counts))
    np.testing.assert_allclose(weighted.predict(X), repeated.predict(X), atol=1e-8)
    assert np.max(getattr(weighted, "optimality_gap_", 0.0)) < 1e-8


def test_weighted_fits_are_those_of_scikit_learn() -> None:
    weights = rng.random(60) ** 3
    for own, other in (
        (LinearHead(), LinearRegression()),
        (RidgeHead(0.1), Ridge(0.1 * weights.sum())),
    ):
        mine, theirs = own.fit(X, Y, weights), other.fit(X, Y, weights)
        np.testing.assert_allclose(mine.coef_, theirs.coef_, rtol=1e-9)
        assert mine.intercept_ == pytest.approx(theirs.intercept_)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([1.0], r"sample_weight has shape \(1,\), but X has 60 rows"),
        (np.append(-1.0, np.ones(59)), "sample_weight has a weight of -1: give weights of 0 or more"),
        (np.zeros(60), "sample_weight is zero for every input"),
    ],
)
def test_weights_that_are_none_are_refused(weights: object, words: str) -> None:
    head = LinearHead().fit(X, Y)
    before = head.coef_
    with pytest.raises(ValueError, match=words):
        head.fit(X, Y, sample_weight=weights)
    assert head.coef_ is before


def tables() -> list[object]:
    found: list[object] = [pd.DataFrame(X, columns=["a", "b", "c"])]
    try:
        polars = optional("polars")
    except pytest.skip.Exception:
        return found
    return [*found, polars.DataFrame(X, schema=["a", "b", "c"])]


@pytest.mark.parametrize("table", tables(), ids=lambda table: type(table).__module__.split(".")[0])
def test_columns_in_another_order_are_refused(table: object) -> None:
    head = LinearHead().fit(table, Y)
    assert list(head.feature_names_in_) == ["a", "b", "c"]
    np.testing.assert_array_equal(head.predict(table), LinearHead().fit(X, Y).predict(X))
    with pytest.raises(ValueError, match="must be in the same order as they were in fit"):
        head.predict(table[["c", "a", "b"]])  # type: ignore[index]
    with pytest.raises(ValueError, match=r"unseen at fit time:\n- other\n.*now missing:\n- a"):
        head.predict(pd.DataFrame(X, columns=["other", "b", "c"]))
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        head.predict(X)
    assert not hasattr(head.fit(X, Y), "feature_names_in_")
    with pytest.warns(UserWarning, match="X has feature names, but LinearHead was fitted without"):
        head.predict(table)


def test_columns_that_are_numbers_are_no_names() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not hasattr(LinearHead().fit(pd.DataFrame(X), Y), "feature_names_in_")


def test_an_unfitted_head_says_so_as_scikit_learn_does() -> None:
    for head in (*HEADS, HullHead(GIVEN)):
        with pytest.raises(NotFittedError, match=f"this {type(head).__name__} has not been fitted"):
            head.predict(X)
