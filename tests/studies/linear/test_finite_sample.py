"""Batched fits are the heads' own, errors exact, theory's numbers come out, the carried grid is true."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.benchmarks.finite_sample import compare
from w2s_widgets.heads import LinearHead
from w2s_widgets.studies.linear.finite_sample import (
    REPETITIONS,
    SIZES,
    FiniteSample,
    rate,
    teacher_coefficients,
)
from w2s_widgets.studies.linear.finite_sample_grid import (
    CAPACITIES,
    CLOUD_X,
    CLOUD_Y,
    CURVES,
    NOISES,
    REGULARIZATIONS,
    carried_grid,
    cloud_value,
    describe_study,
    outside,
    settings,
)
from w2s_widgets.studies.linear.gram_fits import Draw, draw_inputs, fit_students
from w2s_widgets.theory.outcome import Outcome

DIMENSION = 24


def drawn_by_rows(sizes: tuple[int, ...], repetitions: int, seed: int) -> tuple[Draw, np.ndarray]:
    """A draw made from inputs that can be looked at, and those inputs with the noise beside them."""
    rows = np.random.default_rng(seed).standard_normal((repetitions, max(sizes), DIMENSION + 1))
    grams = np.stack([rows[:, :n].transpose(0, 2, 1) @ rows[:, :n] for n in sizes])
    return Draw(sizes, grams, rows[:, :DIMENSION]), rows


SEEN = (1, 2, 7, 11, 12, 13, 23, 24, 25, 60, 400)


@pytest.mark.parametrize("capacity", [1, 6, 12, 18, 24])
@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_each_fit_is_linear_heads(capacity: int, noise: float) -> None:
    draw, rows = drawn_by_rows(SEEN, 3, seed=capacity)
    teacher = teacher_coefficients()
    students = fit_students(draw, teacher, capacity, label_noise=noise)
    labels = rows @ np.append(teacher, noise)
    for i, n in enumerate(SEEN):
        for r in range(3):
            head = LinearHead(intercept=False).fit(rows[r, :n, :capacity], labels[r, :n])
            size = np.abs(head.coef_).max()
            assert np.allclose(students[i, r, :capacity], head.coef_, rtol=0, atol=1e-6 * size), (n, r)
    assert np.all(students[..., capacity:] == 0)


@pytest.mark.parametrize("ridge", [0.01, 1.0])
def test_ridge_is_least_squares_with_rows_added(ridge: float) -> None:
    draw, rows = drawn_by_rows(SEEN, 2, seed=8)
    teacher = teacher_coefficients()
    students = fit_students(draw, teacher, 12, label_noise=0.5, ridge=ridge)
    labels = rows @ np.append(teacher, 0.5)
    for i, n in enumerate(SEEN):
        more = np.concatenate([rows[1, :n, :12], np.sqrt(ridge * n) * np.eye(12)])
        expected = np.linalg.lstsq(more, np.append(labels[1, :n], np.zeros(12)), rcond=None)[0]
        assert np.allclose(students[i, 1, :12], expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("steps", [1, 3, 40])
def test_early_stopping_is_gradient_descent_step_by_step(steps: int) -> None:
    draw, rows = drawn_by_rows(SEEN, 2, seed=9)
    teacher = teacher_coefficients()
    students = fit_students(draw, teacher, 12, label_noise=0.5, steps=steps)
    labels = rows @ np.append(teacher, 0.5)
    for i, n in enumerate(SEEN):
        inputs = rows[0, :n, :12]
        size = 1 / np.linalg.eigvalsh(inputs.T @ inputs / n)[-1]
        weights = np.zeros(12)
        for _ in range(steps):
            weights -= size * inputs.T @ (inputs @ weights - labels[0, :n]) / n
        assert np.allclose(students[i, 0, :12], weights, rtol=0, atol=1e-10)


def test_many_steps_come_to_the_plain_fit() -> None:
    sizes = [60, 600]
    plain = FiniteSample(sizes=sizes, repetitions=20)
    patient = FiniteSample(sizes=sizes, repetitions=20, steps=5000)
    assert np.allclose(plain.students, patient.students, atol=1e-9)


def test_triangles_have_the_distribution_of_real_inputs() -> None:
    """The drawn factor stands in for many inputs: first two moments of its Gram matrix, and nesting."""
    draw = draw_inputs([30, 1000], 4000, dimension=3, rng=4)
    for gram, n in zip(draw.grams, draw.sizes, strict=True):
        mean, spread = gram.mean(axis=0), gram.std(axis=0)
        assert np.allclose(mean, n * np.eye(4), atol=5 * np.sqrt(2 * n / 4000))
        expected = np.sqrt(n * (1 + np.eye(4)))
        assert np.allclose(spread, expected, rtol=0.06)
    later = draw.grams[1] - draw.grams[0]
    assert np.linalg.eigvalsh(later).min() > 0


def test_population_values_are_the_linear_worlds() -> None:
    """For each capacity there is a `LinearWorld` with the same triangle."""
    for capacity in range(6, 25):
        study = FiniteSample(strong_capacity=capacity)
        blind, lost = study.truth[capacity:], (study.teacher - study.truth)[capacity:]
        share = float(lost @ lost) / 0.4
        eps = float(blind @ blind)
        along = float(blind @ lost) / np.sqrt(eps * float(lost @ lost)) if eps > 0 else 0.0
        world = w2s.LinearWorld(
            weak_quality=0.6, strong_capacity=capacity, misfit_share=share, blind_cosine=round(along, 12)
        )
        for name in ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling"):
            assert getattr(study.population, name) == pytest.approx(getattr(world.outcome(), name), abs=1e-9)
    assert FiniteSample(strong_capacity=24).population.misfit == 0
    assert FiniteSample(strong_capacity=12).population.slack == 0


def test_errors_are_exact_over_all_inputs() -> None:
    """A million fresh inputs agree with the closed form, for a few fits."""
    study = FiniteSample(strong_capacity=18, label_noise=0.5, sizes=[18, 40], repetitions=3)
    fresh = np.random.default_rng(3).standard_normal((1_000_000, DIMENSION))
    for i in range(2):
        for r in range(3):
            student = study.students[i, r]
            seen = w2s.measure(fresh @ study.truth, fresh @ study.teacher, fresh @ student)
            exact = study.outcome(n=study.sizes[i], repetition=r)
            assert seen.err_student == pytest.approx(exact.err_student, rel=0.01)
            assert seen.misfit == pytest.approx(exact.misfit, rel=0.01)
            assert seen.slack == pytest.approx(exact.slack, rel=0.01, abs=0.01)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_estimation_error_is_what_theory_says(noise: float) -> None:
    """Fresh misfit exceeds, training misfit falls short: by d / (n - d - 1) and d / n of all that is noise.

    What the student cannot copy is independent of what it sees, so it is noise to it.
    """
    d = 12
    study = FiniteSample(
        strong_capacity=d, label_noise=noise, repetitions=4000, sizes=[40, 100, 1000], seed=5
    )
    limit = study.population
    unseen = limit.misfit + noise**2
    for i, n in enumerate(study.sizes):
        extra = unseen * d / (n - d - 1)
        assert study.sides.misfit[i].mean() - limit.misfit == pytest.approx(extra, rel=0.06)
        assert study.sides.err_student[i].mean() - limit.err_student == pytest.approx(extra, rel=0.15)
        assert study.training_misfit[i].mean() == pytest.approx(unseen * (n - d) / n, rel=0.03)
        assert study.sides.slack[i].mean() == pytest.approx(-2 * extra, rel=0.15)


def test_as_many_inputs_as_dimensions_or_fewer_are_interpolated() -> None:
    study = FiniteSample(strong_capacity=12, label_noise=0.5)
    interpolated = np.array(SIZES) <= 12
    assert study.training_misfit[interpolated].max() < 1e-9
    assert np.median(study.training_misfit[~interpolated], axis=1).min() > 0.02


@pytest.mark.parametrize("capacity", [6, 12, 18])
def test_the_spike_is_at_the_dimension(capacity: int) -> None:
    study = FiniteSample(strong_capacity=capacity, label_noise=0.5)
    median = np.median(study.sides.err_student, axis=1)
    assert SIZES[int(np.argmax(median))] == capacity
    for tame in ({"ridge": 0.1}, {"steps": 10}):
        held = FiniteSample(strong_capacity=capacity, label_noise=0.5, **tame)
        at = SIZES.index(capacity)
        assert np.median(held.sides.err_student[at]) < median[at] / 5


def test_a_full_student_without_noise_copies() -> None:
    study = FiniteSample(strong_capacity=24)
    copies = np.array(SIZES) >= 24
    assert study.sides.misfit[copies].max() < 1e-6
    assert np.median(study.sides.misfit[copies]) < 1e-20
    with pytest.raises(ValueError, match="there is no rate to read off"):
        study.rate("misfit")


def test_identity_holds_for_every_repetition() -> None:
    sides = FiniteSample(strong_capacity=6, label_noise=1.0).sides
    scale = sides.err_student + sides.misfit + sides.err_weak
    assert np.max(np.abs(sides.gain - sides.misfit - sides.slack) / scale) < 1e-12


def test_ridge_limit_is_no_projection() -> None:
    penalised = FiniteSample(ridge=0.1, sizes=[2_000_000], repetitions=3)
    assert penalised.limit.gain < penalised.population.gain - 0.03
    assert penalised.limit.slack < -0.03
    assert penalised.outcome(n=2_000_000).gain == pytest.approx(penalised.limit.gain, abs=2e-3)
    stopped = FiniteSample(steps=3, sizes=[2_000_000], repetitions=3)
    assert stopped.outcome(n=2_000_000).gain == pytest.approx(stopped.population.gain, abs=2e-3)


def test_same_seed_same_inputs() -> None:
    one, two, other = (FiniteSample(sizes=[10, 50], seed=seed, repetitions=5) for seed in (1, 1, 2))
    assert np.array_equal(one.students, two.students)
    assert not np.allclose(one.students, other.students)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"strong_capacity": 25}, ValueError, "strong_capacity is 25: give an integer from 1 to 24."),
        ({"strong_capacity": 1.5}, TypeError, "strong_capacity is 1.5: give an integer from 1 to 24."),
        ({"label_noise": -1}, ValueError, "label_noise is -1: give a number of at least 0."),
        ({"label_noise": "x"}, TypeError, "label_noise is 'x': give a number of at least 0."),
        ({"ridge": float("inf")}, ValueError, "ridge is inf: give a number of at least 0."),
        ({"steps": 0}, ValueError, "steps is 0: give an integer of at least 1."),
        ({"steps": 3, "ridge": 0.1}, ValueError, "ridge and steps are both given"),
        ({"sizes": [5, 5]}, ValueError, "sizes do not ascend"),
        ({"sizes": []}, ValueError, "sizes do not ascend or are empty"),
        ({"repetitions": True}, TypeError, "repetitions is True"),
    ],
)
def test_wrong_parameters_are_one_sentence(arguments: dict[str, Any], error: type, words: str) -> None:
    with pytest.raises(error, match=re.escape(words)):
        FiniteSample(**arguments)


def test_wrong_questions_are_one_sentence() -> None:
    study = FiniteSample(sizes=[10, 20], repetitions=2)
    with pytest.raises(ValueError, match="n is 11: give one of the sizes 10, 20"):
        study.outcome(n=11)
    with pytest.raises(ValueError, match="repetition is 2: give one from 0 to 1"):
        study.outcome(n=10, repetition=2)
    with pytest.raises(ValueError, match="there is no number 'loss'"):
        study.distance("loss")
    with pytest.raises(ValueError, match="a size or a value is not above 0"):
        rate([1, 2], [1.0, 0.0])
    with pytest.raises(ValueError, match="differ in length"):
        rate([1, 2], [1.0])


def test_sizes_are_fifty_and_hold_every_size_near_a_dimension() -> None:
    assert len(SIZES) == 50
    for capacity in CAPACITIES:
        assert {capacity - 1, capacity, capacity + 1} <= set(SIZES)
    ratios = np.diff(np.log(SIZES))[23:]
    assert ratios.max() < 1.1 * ratios.min() + 0.02


def test_the_carried_grid_is_what_the_library_computes() -> None:
    """A slice, recomputed: one setting of each regularization, with capacity and noise drawn by seed."""
    grid = carried_grid()
    studies = dict(settings())
    rng = np.random.default_rng(11)
    for k in range(len(REGULARIZATIONS)):
        where = (int(rng.integers(len(CAPACITIES))), int(rng.integers(len(NOISES))), k)
        sides, curves, cloud, rates = describe_study(studies[where])
        carried = np.stack([side[where] for side in grid.sides])
        # At n = dimension the fit magnifies rounding, which differs between processors.
        assert np.allclose(sides, carried, rtol=1e-6, atol=1e-9), where
        held = np.stack([grid.curves[(i, *where)] for i in range(len(CURVES))])
        assert np.allclose(curves, held, rtol=1e-3, atol=1e-9), where
        assert np.mean(cloud != grid.cloud[where]) < 1e-3
        assert np.allclose(rates, grid.rates[where], rtol=1e-6, equal_nan=True)


def test_the_cloud_holds_the_repetitions() -> None:
    study = FiniteSample(strong_capacity=12, label_noise=0.5)
    steps = carried_grid().cloud[1, 1, 0]
    inside = ~outside(steps)
    misfit, gain = cloud_value(steps[..., 0], CLOUD_X), cloud_value(steps[..., 1], CLOUD_Y)
    assert np.abs(misfit - study.sides.misfit)[inside].max() < 0.002 + 1e-9
    assert np.abs(gain - study.sides.gain)[inside].max() < 0.002 + 1e-9
    beyond = (study.sides.misfit > CLOUD_X[1] + 0.002) | (study.sides.gain < CLOUD_Y[0] - 0.002)
    assert outside(steps)[beyond].all()
    assert not outside(steps)[SIZES.index(5000)].any()


def test_middle_outcome_is_the_grids_own() -> None:
    study = FiniteSample(strong_capacity=12, label_noise=0.5)
    outcome = study.outcome(n=12)
    assert isinstance(outcome, Outcome)
    ranks = np.sort(study.sides.err_student[SIZES.index(12)])
    assert outcome.err_student == ranks[(REPETITIONS - 1) // 2]


@pytest.mark.slow
def test_the_batch_is_fast_and_a_loop_is_not() -> None:
    seconds = compare(share=4, times=5)
    assert seconds["batched"] < 2
    assert seconds["batched, 10 steps"] < 2
    assert seconds["loop, LinearHead"] / seconds["batched"] >= 20
