"""What heads, certificates and the parts of a slack refuse: one clear sentence, and nothing has changed."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

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
from w2s_widgets.theory.certificate import certify
from w2s_widgets.theory.outcome import measure
from w2s_widgets.theory.slack import explain_slack

X3, Y3, G3 = [[1.0], [2.0], [4.0]], [1.0, 2.0, 3.0], [1.0, 1.0, 2.0]
WIDE = np.array([[1.0, 0.0], [2.0, 1.0], [4.0, 1.0]])
ONE, FITTED = LinearHead().fit(X3, Y3), LinearHead().fit(X3, G3)


class Wrong:
    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.zeros((len(X), 3))


BAD: dict[str, tuple[Callable[[], object], str]] = {
    "unfitted": (lambda: LinearHead().predict(X3), "this LinearHead has not been fitted: call fit"),
    "unfitted ball": (lambda: BallHead().predict(X3), "this BallHead has not been fitted"),
    "features": (
        lambda: LinearHead().fit(X3, Y3).predict([[1.0, 2.0]]),
        "X has 2 features, but LinearHead is expecting 1 features as input: give the same representation",
    ),
    "rows": (lambda: LinearHead().fit(X3, Y3[:2]), "X has 3 rows but y has 2: give one value of y for each"),
    "one dimension": (lambda: LinearHead().fit(Y3, Y3), "X has shape (3,): give an array of shape"),
    "NaN": (lambda: LinearHead().fit([[np.nan], [1], [2]], Y3), "X has 1 value that is NaN or infinite"),
    "infinite": (lambda: BallHead().fit(X3, [1, np.inf, 2]), "y has 1 value that is NaN or infinite"),
    "no rows": (lambda: LinearHead().fit(np.zeros((0, 2)), []), "X is empty (shape (0, 2))"),
    "text": (lambda: LinearHead().fit([["a"], ["b"], ["c"]], Y3), "X does not hold real numbers"),
    "zero radius": (lambda: BallHead(0), "radius is 0: give a number above 0."),
    "negative radius": (lambda: BallHead([1, -2]), "radius is -2: give a number above 0."),
    "NaN radius": (lambda: BallHead(float("nan")), "radius has 1 value that is NaN or infinite"),
    "no number": (lambda: BallHead("wide"), "radius does not hold real numbers"),
    "radius True": (lambda: BallHead(True), "radius is True: give a number above 0."),
    "radii": (lambda: BallHead([1, 2]).fit(X3, Y3), "radius has 2 entries but y has 1 outputs: give"),
    "intercept": (lambda: LinearHead(intercept="yes"), "intercept is 'yes': give True or False."),
    "tolerance": (lambda: LinearHead(tolerance=1.0), "tolerance is 1: give a number of at least 0"),
    "tolerance kind": (lambda: LinearHead(tolerance="a"), "tolerance is 'a': give a number of at least 0"),
    "parameter": (
        lambda: BallHead().set_params(radios=2),
        "BallHead has no parameter 'radios': choose from radius, intercept.",
    ),
    "cone intercept": (lambda: ConeHead(intercept=1), "intercept is 1: give True or False."),
    "box order": (lambda: BoxHead([0, 2], 1), "lower is 2 where upper is 1: give a lower bound below"),
    "box empty": (lambda: BoxHead(1, 1), "lower is 1 where upper is 1: give a lower bound below"),
    "box bool": (lambda: BoxHead(False, 1), "lower is False: give a number, or one for each feature."),
    "box text": (lambda: BoxHead("a", 1), "lower does not hold real numbers"),
    "box infinite": (lambda: BoxHead(0, np.inf), "upper has 1 value that is NaN or infinite"),
    "box lengths": (lambda: BoxHead([0, 0], [1, 1, 1]), "lower has 2 entries but upper has 3: give one"),
    "box features": (lambda: BoxHead([0, 0], 1).fit(X3, Y3), "lower has 2 entries but X has 1 features"),
    "no heads": (lambda: HullHead([]), "heads has 0 entries: give a list of at least 1 fitted heads."),
    "a head": (lambda: HullHead(ONE), "heads is LinearHead(intercept=True, tolerance=None): give a list"),
    "a class": (lambda: HullHead([LinearHead]), "heads[0] is <class"),
    "a number": (lambda: HullHead([ONE, 3]), "heads[1] is 3, which cannot predict: give fitted heads"),
    "unfitted hull": (lambda: HullHead([LinearHead()]).fit(X3, Y3), "this LinearHead has not been fitted"),
    "shape in a hull": (
        lambda: HullHead([ONE, Wrong()]).fit(X3, Y3),
        "heads[1] predicts an array of shape (3, 3) for 3 inputs and 1 outputs: give heads with one value",
    ),
    "feature kind": (lambda: MonotoneHead(feature="a"), "feature is 'a': give a whole number of at least 0"),
    "feature below": (lambda: MonotoneHead(feature=-1), "feature is -1: give a whole number of at least 0"),
    "feature beyond": (
        lambda: MonotoneHead(feature=1).fit(X3, Y3),
        "feature is 1 but X has 1 features: give a number from 0 to 0.",
    ),
    "monotone unfitted": (lambda: MonotoneHead().predict(X3), "this MonotoneHead has not been fitted"),
    "one head": (lambda: FiniteHead([ONE]), "heads has 1 entries: give a list of at least 2 fitted heads."),
    "sparsity kind": (lambda: SparseHead(1.5), "sparsity is 1.5: give a whole number of at least 1."),
    "sparsity 0": (lambda: SparseHead(0), "sparsity is 0: give a whole number of at least 1."),
    "sparsity all": (lambda: SparseHead(2).fit(WIDE, Y3), "sparsity is 2 but X has n_features = 2, so"),
    "too many": (
        lambda: SparseHead(10).fit(np.ones((2, 40)), [1, 2]),
        "there are 847,660,528 choices of 10 of 40 features, and all would have to be tried: give a",
    ),
    "radius": (lambda: SphereHead(0), "radius is 0: give a number above 0."),
    "radius kind": (lambda: SphereHead("wide"), "radius is 'wide': give a number above 0."),
    "radius NaN": (lambda: SphereHead(float("nan")), "radius is nan: give a number above 0."),
    "penalty": (lambda: RidgeHead(-1), "penalty is -1: give a number of at least 0."),
    "penalty kind": (lambda: RidgeHead(True), "penalty is True: give a number of at least 0."),
    "change": (lambda: SparseHead().set_params(sparsity=0), "sparsity is 0: give a whole number"),
    "unfitted finite": (lambda: FiniteHead([ONE, ONE]).predict(X3), "this FiniteHead has not been fitted"),
    "slack unfitted": (
        lambda: explain_slack(LinearHead(), X3, Y3, G3),
        "this LinearHead has not been fitted",
    ),
    "no head": (
        lambda: explain_slack(LinearRegression().fit(X3, G3), X3, Y3, G3),
        "head is LinearRegression(): give a head of the student's class, such as LinearHead()",
    ),
    "nothing": (lambda: explain_slack(3, X3, Y3, G3), "head is 3, which cannot predict: give a fitted head"),
    "truth": (lambda: explain_slack(FITTED, X3, Y3[:2], G3), "teacher has shape (3,) but truth has shape"),
    "rows of X": (
        lambda: explain_slack(FITTED, X3[:2], Y3, G3),
        "X has 2 rows but truth has 3: give one value",
    ),
    "student": (
        lambda: explain_slack(FITTED, X3, Y3, G3, student=[1.0, 2.0]),
        "student has shape (2,) but truth has shape (3,): give them the same shape",
    ),
    "pair": (lambda: explain_slack(FITTED, X3, Y3, G3, fitted_on=X3), "fitted_on is no pair: give"),
    "representation": (
        lambda: explain_slack(FITTED, X3, Y3, G3, fitted_on=([[1.0, 2.0]], [1.0])),
        "fitted_on has 2 features but X has 1: give the same representation.",
    ),
    "labels": (
        lambda: explain_slack(FITTED, X3, Y3, G3, fitted_on=([[1.0], [2.0]], [1.0])),
        "fitted_on has 2 rows of features and labels of shape (1,), with a teacher of shape (3,): give one",
    ),
    "NaN truth": (lambda: explain_slack(FITTED, X3, [1, np.nan, 2], G3), "truth has 1 value that is NaN"),
    "population": (lambda: certify(FITTED, X3, Y3, G3, population="all"), "population is 'all': give"),
    "loss": (lambda: certify(FITTED, X3, Y3, G3, loss=2), "loss is 2: give the name of the loss, or None"),
    "outcome": (lambda: certify(FITTED, X3, Y3, G3, outcome=0.3), "outcome is 0.3: give an Outcome"),
    "inputs": (
        lambda: certify(FITTED, X3, Y3, G3, outcome=measure([0, 1], [1, 1], [1, 0])),
        "outcome is over 2 inputs but X has 3 rows: give the inputs that it was measured on",
    ),
    "no fit known": (
        lambda: certify(LinearHead(), X3, Y3, G3),
        "this LinearHead has not been fitted and there",
    ),
    "shapes": (lambda: certify(FITTED, X3, Y3, G3[:2]), "teacher has shape (2,) but truth has shape (3,)"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_clear_sentence(name: str):
    act, sentence = BAD[name]
    with pytest.raises((ValueError, TypeError), match="^" + re.escape(sentence)):
        act()


def test_a_refused_change_changes_nothing():
    head = BallHead(2.0).fit(X3, Y3)
    before = head.predict(X3)
    with pytest.raises(ValueError, match="radius"):
        head.set_params(intercept=False, radius=-1)
    with pytest.raises(ValueError, match="rows"):
        head.fit(X3, Y3[:2])
    assert head.get_params() == {"radius": 2.0, "intercept": True}
    np.testing.assert_array_equal(head.predict(X3), before)
    assert head.set_params(radius=3.0) is head
    assert head.radius == 3.0


def test_a_refused_fit_changes_nothing():
    for head in (BoxHead([0.0], [1.0]), HullHead([ONE]), MonotoneHead(), ConeHead()):
        before = head.fit(X3, Y3).predict(X3)
        with pytest.raises(ValueError, match="rows"):
            head.fit(X3, Y3[:2])
        np.testing.assert_array_equal(head.predict(X3), before)


def test_the_given_head_stays_as_it_is():
    head = BallHead(0.1).fit(X3, G3)
    before = head.predict(X3)
    explain_slack(head, X3, Y3, G3)
    np.testing.assert_array_equal(head.predict(X3), before)
    unfitted = ConeHead()
    explain_slack(unfitted, X3, Y3, G3, student=G3)
    assert not hasattr(unfitted, "coef_")
