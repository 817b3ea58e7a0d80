"""Noisy copies of one representation: exact errors, both lines, the slope between, and the same from data."""

from __future__ import annotations

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.studies.linear.perturbed_representations import PerturbedRepresentations


@pytest.fixture(scope="module")
def world() -> PerturbedRepresentations:
    return PerturbedRepresentations()


def test_an_exact_student_lies_on_the_line_and_an_exact_teacher_on_its_mirror(
    world: PerturbedRepresentations,
) -> None:
    noise = np.linspace(0, 0.6, 13)
    realizable = world.sides(noise, 0.0)
    assert np.array_equal(realizable.slack, np.zeros((13, 100)))
    assert np.array_equal(realizable.gain, realizable.misfit)
    perfect = world.sides(0.0, noise)
    assert np.array_equal(perfect.err_weak, np.zeros((13, 100)))
    np.testing.assert_array_equal(perfect.gain, -perfect.misfit)
    assert not world.sides(0.0, 0.0).misfit.any()


@pytest.mark.parametrize("seed", range(4))
def test_the_picture_of_the_paper_for_any_draw(seed: int) -> None:
    """What theorem and experiment say: near 1 for a strong student, in between, -1 with roles swapped."""
    world = PerturbedRepresentations(seed=seed)

    def cloud(teacher: float, student: float) -> tuple[float, int]:
        sides = world.sides(teacher, student)
        return float(np.corrcoef(sides.misfit, sides.gain)[0, 1]), int((sides.gain < 0).sum())

    correlation, losing = cloud(0.5, 0.05)
    assert correlation > 0.97
    assert losing == 0
    between, some = cloud(0.5, 0.35)
    assert 0 < between < 0.9
    assert 0 < some < 60
    swapped, every = cloud(0.05, 0.5)
    assert swapped < -0.97
    assert every == 100


def test_slack_is_the_alignment_and_stays_inside_its_bound(world: PerturbedRepresentations) -> None:
    teacher, student = world.functions(0.4, 0.3)
    sides, eps = world.sides(0.4, 0.3), world.eps(0.3)
    weights = world.student_weights(0.3)
    projection = np.linalg.pinv(weights) @ weights
    left_of_truth, left_of_teacher = (u - u @ projection for u in (world.truth, teacher))
    np.testing.assert_allclose(student, teacher @ projection, atol=1e-12)
    np.testing.assert_allclose(sides.slack, -2 * np.sum(left_of_truth * left_of_teacher, axis=1), atol=1e-12)
    np.testing.assert_allclose(eps, np.sum(left_of_truth**2, axis=1), atol=1e-12)
    assert (np.abs(sides.slack) <= 2 * np.sqrt(eps * sides.misfit) + 1e-12).all()
    dropped = np.sum((left_of_teacher - left_of_truth) ** 2, axis=1)
    np.testing.assert_allclose(sides.gain, dropped - eps, atol=1e-12)


@pytest.mark.parametrize(("teacher", "student"), [(0.02, 0.01), (0.02, 0.02), (0.01, 0.03)])
def test_small_noise_follows_the_rule_of_thumb(teacher: float, student: float) -> None:
    outcomes = [
        PerturbedRepresentations(seed=seed).outcome(teacher_noise=teacher, student_noise=student)
        for seed in range(30)
    ]
    slope = sum(o.gain for o in outcomes) / sum(o.misfit for o in outcomes)
    assert slope == pytest.approx((teacher**2 - student**2) / (teacher**2 + student**2), abs=0.05)


def test_mean_outcome_is_the_triangle_of_all_tasks(world: PerturbedRepresentations) -> None:
    teacher, student = world.functions(0.3, 0.2)
    flat = w2s.measure(world.truth.T, teacher.T, student.T)
    mean = world.outcome(teacher_noise=0.3, student_noise=0.2)
    assert mean.gain == pytest.approx(flat.gain * world.dimension, rel=1e-12)
    assert mean.misfit + mean.slack == pytest.approx(mean.gain, rel=1e-12)
    assert mean.err_ceiling == pytest.approx(world.eps(0.2).mean())


def test_the_same_numbers_come_out_of_data(world: PerturbedRepresentations) -> None:
    inputs = np.random.default_rng(0).standard_normal((40_000, world.dimension))
    truth = inputs @ world.truth[:5].T
    weak, strong = inputs @ world.teacher_weights(0.5).T, inputs @ world.student_weights(0.2).T
    teacher = w2s.LinearHead().fit(weak, truth).predict(weak)
    student = w2s.LinearHead().fit(strong, teacher).predict(strong)
    sides = world.sides(0.5, 0.2)
    for task in range(5):
        found = w2s.measure(truth[:, task], teacher[:, task], student[:, task])
        assert found.gain == pytest.approx(sides.gain[task], rel=0.05, abs=0.01)
        assert found.misfit == pytest.approx(sides.misfit[task], rel=0.05, abs=0.01)


@pytest.mark.parametrize("noise", [-0.1, float("nan"), [0.1, float("inf")]])
def test_impossible_noise_is_refused(world: PerturbedRepresentations, noise: object) -> None:
    with pytest.raises(ValueError, match=r"noise is .*: give numbers that are finite and at least 0\."):
        world.sides(noise, 0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize("sizes", [{"features": 24}, {"tasks": 0}, {"features": 0}])
def test_impossible_sizes_are_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="more directions than features"):
        PerturbedRepresentations(**sizes)
