"""Certificates: no wrong verdict, nothing guessed, and words that say what is known."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, SGDRegressor

from tests.reference.certifier import judge
from tests.reference.class_worlds import CONVEX, NOT_CONVEX, World
from w2s_widgets.heads import BallHead, LinearHead, RidgeHead, SphereHead
from w2s_widgets.theory.certificate import Certificate, certify
from w2s_widgets.theory.outcome import measure

CLASSES = {**CONVEX, **NOT_CONVEX}
WORLDS = 1_000


def random_world(seed: int) -> World:
    name = list(CLASSES)[seed % len(CLASSES)]
    columns = (2, 3) if name in ("sphere", "ball") else (2, 4)
    # Many more inputs than features: with few, a cone can be all functions of the inputs, and a space then.
    return CLASSES[name](seed, n=(25, 40), features=columns, decades=0.0)


def random_case(seed: int) -> dict:
    """One world, with a student that is exact, or not quite, or something else altogether."""
    world = random_world(seed)
    rng, X = np.random.default_rng([seed, 1]), world.X
    scale = 10.0 ** rng.uniform(-3, 3) if isinstance(world.head, LinearHead) else 1.0
    teacher, truth, head = scale * world.teacher(), scale * world.truth, world.head
    if rng.random() < 0.4:  # the class does not hold the truth
        truth = truth + rng.uniform(0.05, 1) * np.std(teacher) * rng.standard_normal(len(X))
    case = {"class": head, "X": X, "truth": truth, "teacher": teacher, "loss": "squared", "rng": rng}
    kind = rng.integers(10)
    exact = head.projector().fit(X, teacher)
    if kind <= 3:
        return {**case, "head": exact, "values": exact.predict(X), "given": {}}
    if kind == 4:  # the exact values, from elsewhere
        values = exact.predict(X)
        return {**case, "head": head, "values": values, "given": {"student": values}}
    if kind == 5:  # an exact fit, on part of the inputs
        half = rng.permutation(len(X))[: len(X) // 2]
        part = head.projector().fit(X[half], teacher[half])
        given = {"fitted_on": (X[half], teacher[half])} if rng.random() < 0.5 else {}
        return {**case, "head": part, "values": part.predict(X), "given": given}
    if kind == 6:  # a fit that was not finished
        values = exact.predict(X)
        values = values + 10.0 ** rng.uniform(-2, 0) * np.std(teacher) * rng.standard_normal(len(X))
        return {**case, "head": head, "values": values, "given": {"student": values}}
    if kind == 7:  # penalised
        ridge = RidgeHead(10.0 ** rng.uniform(-1, 1)).fit(X, teacher)
        return {**case, "class": ridge, "head": ridge, "values": ridge.predict(X), "given": {}}
    if kind == 8:  # nobody knows the class
        other = LinearRegression().fit(X, teacher)
        return {**case, "class": None, "head": other, "values": other.predict(X), "given": {}}
    loss = [None, "absolute"][rng.integers(2)]
    return {**case, "loss": loss, "head": exact, "values": exact.predict(X), "given": {"loss": loss}}


@pytest.mark.slow
def test_no_wrong_verdict_in_a_thousand_worlds():
    seen: Counter[tuple[str, bool | None]] = Counter()
    unknown = 0
    for seed in range(WORLDS):
        case = random_case(seed)
        X, truth, teacher, values, rng = (case[k] for k in ("X", "truth", "teacher", "values", "rng"))
        outcome = measure(truth, teacher, values)
        if rng.random() < 0.3:  # an outcome that was not measured on these functions
            off = rng.uniform(0.01, 1) * outcome.err_weak * rng.choice([-1, 1])
            outcome = replace(outcome, err_student=outcome.err_student - off, gain=outcome.gain + off)
        certificate = certify(case["head"], X, truth, teacher, outcome=outcome, **case["given"])
        verdict = judge(
            case["class"], X, truth, teacher, values, loss=case["loss"],
            claimed=(outcome.gain, outcome.misfit), rng=rng,
        )  # fmt: skip
        for name in ("convex", "affine", "realizable", "projection"):
            certified, found = getattr(certificate, name).holds, getattr(verdict, name)
            unknown += certified is None and found is not None
            assert certified in (found, None), (seed, name, certificate, verdict)
        assert certificate.promise == verdict.promise, (seed, certificate, verdict)
        assert certificate.agrees is verdict.agrees, (seed, certificate, verdict)
        seen[certificate.promise, certificate.agrees] += 1
    assert unknown == 0  # nothing was left open that the judge could tell
    # Every verdict was there, and often enough to mean something.
    assert {key for key, count in seen.items() if count >= 5} == {
        ("equality", True), ("equality", False), ("inequality", True), ("inequality", False),
        ("bound", True), ("bound", False), ("nothing", None), ("unknown", None),
    }  # fmt: skip


def world_in_numbers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).standard_normal((200, 3))
    return X, X @ [0.6, 0.8, 0.0], X @ [0.9, 0.2, 1.0]


def test_equality_inequality_bound_and_nothing():
    X, truth, teacher = world_in_numbers()
    noisy = teacher + np.random.default_rng(1).standard_normal(200)
    space = certify(LinearHead().fit(X, noisy), X, truth, noisy)
    assert (space.promise, space.agrees, space.terms) == ("equality", True, {})
    assert space.promised_gain == space.outcome.misfit

    ball = certify(BallHead(1.0).fit(X, noisy), X, truth, noisy)
    assert (ball.promise, ball.agrees) == ("inequality", True)
    assert ball.outcome.gain > ball.promised_gain

    blind = certify(LinearHead().fit(X[:, :1], noisy), X[:, :1], truth, noisy)
    assert (blind.promise, blind.agrees) == ("bound", True)
    assert blind.outcome.gain == pytest.approx(blind.promised_gain)
    assert blind.terms["alignment"] == pytest.approx(blind.parts.alignment)
    assert blind.realizable.value == pytest.approx(blind.parts.eps)

    short = certify(BallHead(0.3).fit(X, noisy), X, truth, noisy)
    assert (short.promise, short.agrees) == ("bound", True)
    assert short.outcome.gain > short.promised_gain

    sphere = certify(SphereHead(1.0).fit(X, noisy), X, truth, noisy)
    assert (sphere.promise, sphere.agrees, sphere.promised_gain) == ("nothing", None, None)
    assert "not convex" in sphere.reason


def test_a_class_that_lies_about_itself_is_found_out():
    class Liar(SphereHead):
        is_convex = True

    X, _, _ = world_in_numbers()
    truth, teacher = X @ [0.0, 0.0, 1.0], X @ [0.1, 0.0, -0.1]
    certificate = certify(Liar(1.0, intercept=False).fit(X, teacher), X, truth, teacher)
    assert (certificate.promise, certificate.agrees) == ("inequality", False)
    assert "does not agree" in str(certificate)

    class SaysItIsASpace(BallHead):
        is_affine = True

    truth, teacher = X @ [1.0, 0.0, 0.0], X @ [1.0, 1.7, 0.0]
    certificate = certify(SaysItIsASpace(1.0).fit(X, teacher), X, truth, teacher)
    assert certificate.outcome.gain > certificate.outcome.misfit + 0.1  # better than an equality allows
    assert (certificate.promise, certificate.agrees) == ("equality", False)


def test_what_is_not_known_is_said_to_be_unknown():
    X, truth, teacher = world_in_numbers()
    foreign = SGDRegressor(random_state=0).fit(X, teacher)
    certificate = certify(foreign, X, truth, teacher, loss=None)
    row = certificate.as_dict()
    for name in ("squared_loss", "convex", "affine", "realizable", "projection_reached", "population"):
        assert row[name] is None, name
    assert (certificate.promise, certificate.agrees, certificate.parts) == ("unknown", None, None)
    assert str(certificate).count("  unknown  ") == 6
    assert "squared loss, convex, projection reached" in certificate.reason

    told = certify(LinearHead(), X, truth, teacher, student=foreign)
    assert told.projection.holds is False
    assert "fitted on other inputs, or not finished" in told.projection.words


def test_a_broken_assumption_outweighs_unknown_ones():
    X, truth, teacher = world_in_numbers()
    sphere = SphereHead(1.0).fit(X, teacher)
    certificate = certify(sphere, X, truth, teacher, loss=None)
    assert (certificate.squared_loss.holds, certificate.promise) == (None, "nothing")


def test_a_fit_that_cannot_be_certified_is_unknown():
    class Sloppy(BallHead):
        def _solve(self, X, y, weights):
            return {**super()._solve(X, y, weights), "optimality_gap_": np.ones(y.shape[1])}

    X, truth, teacher = world_in_numbers()
    certificate = certify(Sloppy(1.0).fit(X, teacher), X, truth, teacher)
    assert certificate.projection.holds is None
    assert "could not be certified: its gap is 1" in certificate.projection.words
    assert certificate.promise == "unknown"


def test_triangles_too_small_to_tell_are_unknown_and_not_wrong():
    X, truth, _ = world_in_numbers()
    truth, rng = truth + 1e6, np.random.default_rng(2)
    for size in (1e-3, 1e-6, 1e-8, 1e-10):
        teacher = truth + size * rng.standard_normal(200)
        certificate = certify(LinearHead().fit(X, teacher), X, truth, teacher)
        assert certificate.realizable.holds in (True, None)
        assert certificate.projection.holds in (True, None)
        assert certificate.promise in ("equality", "bound", "unknown")
        assert certificate.agrees in (True, None)
    perfect = certify(LinearHead().fit(X, truth), X, truth, truth)
    assert (perfect.promise, perfect.agrees) == ("equality", True)


def test_a_sample_of_its_own_is_told_from_a_fit_that_is_not_finished():
    X, truth, teacher = world_in_numbers()
    teacher = teacher + np.random.default_rng(3).standard_normal(200)
    mine = (X[:50], teacher[:50])
    finished = certify(LinearHead().fit(*mine), X, truth, teacher, fitted_on=mine)
    assert "it is the exact fit, but on the 50 inputs of its own sample" in finished.projection.words
    assert "Theorem 2" in finished.reason
    assert finished.parts.finite_sample != 0
    assert abs(finished.parts.unfinished_fit) < 1e-12

    stopped = 0.9 * LinearHead().fit(*mine).predict(X)
    unfinished = certify(LinearHead(), X, truth, teacher, student=stopped, fitted_on=mine)
    assert "Theorem 2" not in unfinished.reason
    assert "and the fit there is not finished" in unfinished.projection.words
    penalised = certify(RidgeHead(1.0).fit(X, teacher), X, truth, teacher)
    assert "its fit is penalised" in penalised.projection.words
    for certificate in (finished, unfinished, penalised):
        assert certificate.promise == "nothing"
        assert certificate.parts.total == pytest.approx(certificate.outcome.slack)

    on_its_own = certify(LinearHead().fit(*mine), X[:50], truth[:50], teacher[:50], fitted_on=mine)
    assert (on_its_own.promise, on_its_own.agrees) == ("equality", True)


def test_a_vanishing_penalty_is_a_projection_and_is_seen_to_be_one():
    X, truth, teacher = world_in_numbers()
    assert certify(RidgeHead(0.0).fit(X, teacher), X, truth, teacher).promise == "equality"


def test_several_tasks_are_judged_together():
    X, _, _ = world_in_numbers()
    rng = np.random.default_rng(4)
    truth = X @ rng.standard_normal((3, 5))
    teacher = truth + rng.standard_normal((200, 5))
    certificate = certify(LinearHead().fit(X, teacher), X, truth, teacher)
    assert (certificate.promise, certificate.agrees) == ("equality", True)


def test_population_decides_for_whom_the_promise_is():
    X, truth, teacher = world_in_numbers()
    head = LinearHead().fit(X, teacher)
    words = {p: certify(head, X, truth, teacher, population=p).population.words for p in (True, False, None)}
    assert "a promise is about all inputs" in words[True]
    assert "not certain for others" in words[False]
    assert "a promise is about them alone" in words[None]


def test_a_tie_of_a_class_that_is_not_convex():
    X, truth = np.array([[1.0], [2.0]]), np.array([1.0, 2.0])
    heads = [LinearHead(intercept=False).fit(X, sign * truth) for sign in (1, -1)]
    from w2s_widgets.heads import FiniteHead

    nothing = np.zeros(2)
    other = FiniteHead(heads[::-1]).fit(X, nothing)  # takes the other one of the two
    certificate = certify(FiniteHead(heads).fit(X, nothing), X, truth, nothing)
    assert certificate.projection.holds is True
    handed_over = certify(FiniteHead(heads), X, truth, nothing, student=other.predict(X))
    assert handed_over.projection.holds is None  # as near, but is it a function of the class?
    fitted_later = FiniteHead(heads).fit(X, -truth)
    assert certify(fitted_later, X, truth, nothing).projection.holds is True
    assert "another function ties" in certify(fitted_later, X, truth, nothing).projection.words


def test_text_card_and_row_say_the_same():
    X, truth, teacher = world_in_numbers()
    X = X[:, :2]
    certificate = certify(LinearHead().fit(X, teacher), X, truth + X[:, 0] ** 2, teacher)
    text, card, row = str(certificate), certificate._repr_html_(), certificate.as_dict()
    assert isinstance(certificate, Certificate)
    assert re.search(r"no +realizable +the class does not hold the truth", text)
    assert "Promise: gain = misfit" in text
    assert "-2 <g - s, f - proj f>" in text
    assert "&lt;g − s, f − proj f&gt;" in card
    assert card.count("<tr>") == 7
    for mark in ("✓", "✗", "?"):
        assert f'<span aria-hidden="true">{mark} </span>' in card
    assert "<script" not in card
    assert row["promise"] == "bound"
    assert row["n"] == 200
    assert row["alignment"] == certificate.terms["alignment"]
