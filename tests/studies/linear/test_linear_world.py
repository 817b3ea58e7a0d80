"""The linear world: closed form against vectors, against exact samples, and against random data."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from w2s_widgets.heads import BallHead, LinearHead
from w2s_widgets.studies.linear.closed_form import (
    linear_world_eps,
    linear_world_possible,
    linear_world_sides,
    truth_coefficients,
)
from w2s_widgets.studies.linear.linear_world import LinearWorld
from w2s_widgets.studies.weak_to_strong import WeakToStrong
from w2s_widgets.theory.outcome import Outcome, measure

NUMBERS = ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling")
SHARES = st.floats(0, 1)


def numbers(outcome: Outcome, times: float = 1.0) -> list[float]:
    return [times * getattr(outcome, name) for name in NUMBERS]


@st.composite
def worlds(draw: st.DrawFn) -> LinearWorld:
    dimension = draw(st.integers(2, 30))
    try:
        return LinearWorld(
            weak_quality=draw(SHARES),
            strong_capacity=draw(st.integers(1, dimension)),
            misfit_share=draw(SHARES),
            truth_capacity=draw(st.integers(1, dimension)),
            dimension=dimension,
            decay=draw(st.floats(0.3, 1)),
            blind_cosine=draw(st.floats(-1, 1)),
        )
    except ValueError:
        assume(False)
        raise


@settings(max_examples=500, deadline=None)
@given(worlds())
def test_closed_form_is_the_triangle_of_the_projected_vectors(world: LinearWorld):
    """The squared distance of two functions is the sum, and not the mean, over their coefficients."""
    vectors = measure(world.truth, world.teacher, world.student, world.ceiling)
    np.testing.assert_allclose(numbers(world.outcome()), numbers(vectors, world.dimension), atol=1e-12)
    assert world.outcome().quality == pytest.approx(world.weak_quality)


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_student_and_ceiling_are_projections(world: LinearWorld):
    basis = np.eye(world.dimension)[: world.strong_capacity]
    np.testing.assert_allclose(world.student, basis.T @ (basis @ world.teacher), atol=1e-15)
    np.testing.assert_allclose(world.ceiling, basis.T @ (basis @ world.truth), atol=1e-15)
    assert world.truth @ world.truth == pytest.approx(1)
    assert np.count_nonzero(world.truth) == world.truth_capacity


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_identity_and_bound_of_the_slack(world: LinearWorld):
    outcome = world.outcome()
    assert abs(outcome.gain - outcome.misfit - outcome.slack) <= 1e-14 * max(1, outcome.misfit)
    # A misfit is a difference of numbers of size 1, and so known to some 1e-16 only.
    assert abs(outcome.slack) <= 2 * math.sqrt(world.eps * (outcome.misfit + 1e-15)) + 1e-12
    if world.realizable:
        assert outcome.slack == 0
        assert math.copysign(1, outcome.slack) == 1
        assert outcome.gain == outcome.misfit


@settings(max_examples=500, deadline=None)
@given(worlds())
def test_the_teacher_is_a_fit_exactly_where_one_is_possible(world: LinearWorld):
    """Documented condition: the wanted cosine is one, and the student has room to turn."""
    error = 1 - world.weak_quality
    aligned = world.blind_cosine * math.sqrt(world.misfit_share * world.eps)
    wanted = math.sqrt(error) + aligned
    reach = math.sqrt((1 - world.misfit_share) * (1 - world.eps))
    assume(abs(abs(wanted) - reach) > 1e-9)  # rounding decides on the border
    assume(error > 1e-9)
    possible = abs(wanted) <= reach and world.strong_capacity >= 2
    assert world.teacher_is_a_fit == possible
    if world.realizable and world.strong_capacity >= 2:
        assert world.teacher_is_a_fit == (world.misfit_share <= world.weak_quality)


def test_a_perfect_teacher_is_a_fit():
    assert LinearWorld(weak_quality=1, strong_capacity=6, misfit_share=1).teacher_is_a_fit


def test_a_student_too_small_for_the_truth_can_lose():
    outcome = LinearWorld(weak_quality=0.5, strong_capacity=2, misfit_share=0).outcome()
    assert outcome.gain == pytest.approx(-outcome.err_ceiling)
    assert outcome.gain < -0.5


def test_the_cosine_decides_the_sign_of_the_slack():
    slack = [LinearWorld(strong_capacity=9, blind_cosine=a).outcome().slack for a in (-1, -0.5, 0, 1)]
    assert slack == sorted(slack, reverse=True)
    assert slack[0] > 0 > slack[-1]


def test_grids_agree_with_single_worlds_and_are_nan_where_there_is_none():
    qualities, shares = np.linspace(0, 1, 5), np.linspace(0, 1, 6)
    capacities = np.arange(1, 25)
    sides = linear_world_sides(qualities[:, None, None], capacities[:, None], shares, blind_cosine=-0.3)
    possible = linear_world_possible(capacities[:, None], shares, blind_cosine=-0.3)
    assert sides.gain.shape == (5, 24, 6)
    for (i, quality), (j, capacity), (k, share) in itertools.product(
        enumerate(qualities), enumerate(capacities), enumerate(shares)
    ):
        cell = [side[i, j, k] for side in sides]
        if possible[j, k]:
            world = LinearWorld(
                weak_quality=quality, strong_capacity=int(capacity), misfit_share=share, blind_cosine=-0.3
            )
            assert cell == numbers(world.outcome())[:5]
            assert world.eps == linear_world_eps(capacity)
        else:
            assert np.isnan(cell).all()
            assert (int(capacity), bool(share > 0)) == (24, True)


def test_one_missing_direction_that_the_truth_uses_leaves_two_cosines():
    truth = truth_coefficients(24)
    assert linear_world_possible(23, 0.5, truth=truth, blind_cosine=[-1, 0, 1]).tolist() == [
        True,
        False,
        True,
    ]
    assert linear_world_possible(23, 0.5).tolist() is True
    world = LinearWorld(truth_capacity=24, strong_capacity=23, blind_cosine=-1)
    vectors = measure(world.truth, world.teacher, world.student, world.ceiling)
    np.testing.assert_allclose(numbers(world.outcome()), numbers(vectors, 24), atol=1e-12)


WORLDS = {
    "realizable": {"weak_quality": 0.6, "strong_capacity": 16, "misfit_share": 0.5},
    "student with every direction": {"weak_quality": 0.3, "strong_capacity": 24, "misfit_share": 0},
    "too small": {"weak_quality": 0.55, "strong_capacity": 5, "misfit_share": 0.3},
    "too small, lucky": {
        "weak_quality": 0.2,
        "strong_capacity": 9,
        "misfit_share": 0.4,
        "blind_cosine": -0.9,
    },
    "useless teacher": {"weak_quality": 0.0, "strong_capacity": 14, "misfit_share": 0.0},
    "not a fit": {"weak_quality": 0.3, "strong_capacity": 16, "misfit_share": 0.9},
}


@pytest.mark.parametrize("name", WORLDS)
def test_heads_fitted_on_an_exact_sample_give_the_closed_form(name: str):
    world = LinearWorld(**WORLDS[name])
    data = world.sample(60, rng=3, exact=True)
    teacher = data.teacher
    if world.teacher_is_a_fit:
        teacher = LinearHead().fit(data.teacher_features, data.truth).predict(data.teacher_features)
    student = LinearHead().fit(data.student_features, teacher).predict(data.student_features)
    ceiling = LinearHead().fit(data.student_features, data.truth).predict(data.student_features)
    outcome = measure(data.truth, teacher, student, ceiling)
    np.testing.assert_allclose(numbers(outcome), numbers(world.outcome()), atol=1e-10)
    assert world.teacher_is_a_fit == (name != "not a fit")


def test_an_exact_sample_is_centred_and_white():
    inputs = LinearWorld().sample(25, rng=0, exact=True).inputs
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(inputs.T @ inputs / 25, np.eye(24), atol=1e-13)


@pytest.mark.parametrize("name", ["realizable", "too small", "too small, lucky"])
def test_the_procedure_on_data_converges_at_the_rate_of_one_over_root_n(name: str):
    world = LinearWorld(**WORLDS[name])
    expected = np.array(numbers(world.outcome()))
    deviation = []
    sizes = (600, 9600)
    for n in sizes:
        found = []
        for seed in range(12):
            data = world.sample(n, rng=seed)
            study = WeakToStrong(data.teacher_features, data.student_features, data.truth, seed=seed)
            found.append(numbers(study.outcome()))
        deviation.append(np.sqrt(np.mean((np.array(found) - expected) ** 2)))
    assert deviation[-1] < 0.03
    rate = math.log(deviation[0] / deviation[1]) / math.log(sizes[1] / sizes[0])
    assert 0.35 < rate < 0.75  # one half, up to the noise of twelve seeds and terms of order 1/n


def test_a_ball_that_holds_the_truth_keeps_at_least_the_promise():
    world = LinearWorld(weak_quality=0.2, strong_capacity=16, misfit_share=0.2)
    data = world.sample(300, rng=1, exact=True)
    weights = LinearHead().fit(data.student_features, data.truth).coef_
    head = BallHead(np.linalg.norm(weights)).fit(data.student_features, data.teacher)
    outcome = measure(data.truth, data.teacher, head.predict(data.student_features))
    assert outcome.gain >= outcome.misfit - 1e-10


def test_samples_are_reproducible_and_representations_belong_to_the_world():
    world = LinearWorld()
    for one, two in zip(world.sample(10, rng=7), world.sample(10, np.random.default_rng(7)), strict=True):
        np.testing.assert_array_equal(one, two)
    few, many = world.sample(40, rng=1), world.sample(50, rng=2)
    weights = np.linalg.lstsq(few.inputs, few.student_features, rcond=None)[0]
    np.testing.assert_allclose(many.inputs @ weights, many.student_features, atol=1e-12)
    assert (np.abs(weights[:16]) > 1e-3).mean() > 0.9, "the directions are mixed"
    np.testing.assert_allclose(weights[16:], 0, atol=1e-12)
    assert np.linalg.matrix_rank(many.student_features) == 16


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_every_possible_world_can_be_sampled(world: LinearWorld):
    data = world.sample(world.dimension + 5, rng=0, exact=True)
    assert all(np.isfinite(values).all() for values in data)
    outcome = measure(data.truth, data.teacher, data.inputs @ world.student, data.inputs @ world.ceiling)
    np.testing.assert_allclose(numbers(outcome), numbers(world.outcome()), atol=1e-10)


BAD = {
    "full": (
        {"strong_capacity": 24, "misfit_share": 0.3},
        "misfit_share is 0.3 but a student with all 24 directions can copy every error: "
        "set misfit_share to 0, or strong_capacity to at most 23.",
    ),
    "one direction": (
        {"strong_capacity": 23, "truth_capacity": 24},
        "blind_cosine is 0 but the student lacks only one direction, and the truth uses it: "
        "set blind_cosine to -1 or 1, misfit_share to 0, or strong_capacity lower.",
    ),
    "quality": ({"weak_quality": 1.5}, "weak_quality is 1.5: give a number from 0 to 1."),
    "NaN": ({"weak_quality": math.nan}, "weak_quality is nan: give a number from 0 to 1."),
    "misfit": ({"misfit_share": -0.1}, "misfit_share is -0.1: give a number from 0 to 1."),
    "capacity": ({"strong_capacity": 25}, "strong_capacity is 25: give a whole number from 1 to 24."),
    "no capacity": ({"strong_capacity": 0}, "strong_capacity is 0: give a whole number from 1 to 24."),
    "half": ({"strong_capacity": 3.5}, "strong_capacity is 3.5: give a whole number from 1 to 24."),
    "truth": ({"truth_capacity": 30}, "truth_capacity is 30: give a whole number from 1 to 24."),
    "dimension": ({"dimension": 1}, "dimension is 1: give a whole number of at least 2."),
    "decay": ({"decay": 0}, "decay is 0: give a number above 0 and of at most 1."),
    "blind_cosine": ({"blind_cosine": 2}, "blind_cosine is 2: give a number from -1 to 1."),
    "text": ({"misfit_share": "much"}, "misfit_share is 'much': give a number from 0 to 1."),
    "flag": ({"misfit_share": True}, "misfit_share is True: give a number from 0 to 1."),
}


@pytest.mark.parametrize("name", BAD)
def test_impossible_worlds_say_why(name: str):
    arguments, sentence = BAD[name]
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(sentence)}$"):
        LinearWorld(**arguments)


def test_impossible_samples_say_why():
    with pytest.raises(ValueError, match=r"^n is 24 but an exact sample needs more inputs than the 24 direc"):
        LinearWorld().sample(24, exact=True)
    with pytest.raises(ValueError, match=r"^n is 0: give a whole number of at least 1\.$"):
        LinearWorld().sample(0)
    with pytest.raises(TypeError, match=r"^n is 10\.0: give a whole number of at least 1\.$"):
        LinearWorld().sample(10.0)  # type: ignore[arg-type]


def test_a_world_is_a_value():
    assert LinearWorld(misfit_share=0.5) == LinearWorld()
    assert len({LinearWorld(), LinearWorld()}) == 1
    with pytest.raises(FrozenInstanceError):
        LinearWorld().misfit_share = 0.1  # type: ignore[misc]
