"""Curves: the family, the truth, the four kinds of teacher, drawn ones, and what becomes of an error."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2s_widgets.studies.linear.curves import (
    DRAWS,
    KINDS,
    KNOTS,
    QUALITIES,
    QUESTIONS,
    TRUTH_WAVES,
    WAVES,
    CurveStudy,
    curve_outcome,
    drawn_curve,
    error_parts,
    stairs,
    student_curve,
    teacher_curve,
    truth,
    waves,
)

answers = st.lists(st.floats(-3, 3), min_size=KNOTS, max_size=KNOTS)


def test_the_truth_has_variance_1_and_needs_eight_waves() -> None:
    assert np.allclose(waves() @ waves().T / QUESTIONS, np.eye(WAVES), atol=1e-12)
    assert truth().mean() == pytest.approx(0, abs=1e-12)
    assert truth().var() == pytest.approx(1, abs=1e-12)
    assert np.allclose(student_curve(truth(), TRUTH_WAVES), truth(), atol=1e-12)
    missed = [error_parts(truth(), k).eps for k in range(1, TRUTH_WAVES + 1)]
    assert all(after < before for before, after in pairwise(missed))


@pytest.mark.parametrize("kind", KINDS)
def test_a_teacher_is_as_good_as_it_is_said_to_be(kind: str) -> None:
    for quality in QUALITIES:
        for draw in range(1, DRAWS + 1):
            error = teacher_curve(kind, quality, draw) - truth()
            assert np.mean(error**2) == pytest.approx(1 - quality, abs=1e-12)


def test_stairs_are_stairs_and_a_wiggle_falls_away_whole() -> None:
    for quality in QUALITIES:
        teacher = teacher_curve("stairs", quality, 3)
        assert np.count_nonzero(np.diff(teacher)) <= len(stairs(quality, 3)) - 1
        for k in range(TRUTH_WAVES):
            assert abs(waves()[k] @ (teacher_curve("wiggle", quality, 3) - truth())) < 1e-9
    assert error_parts(teacher_curve("tilt", 0.2), TRUTH_WAVES).falls_away < 0.002


def test_every_capacity_changes_what_becomes_of_stairs_and_wiggles() -> None:
    for kind in ("stairs", "wiggle"):
        teacher = teacher_curve(kind, 0.6)
        gains = [curve_outcome(teacher, k).gain for k in range(1, WAVES + 1)]
        assert all(abs(b - a) > 1e-5 for a, b in pairwise(gains)), kind


@given(knots=answers, capacity=st.integers(1, WAVES))
def test_parts_add_up_for_any_drawing(knots: list[float], capacity: int) -> None:
    teacher = drawn_curve(knots)
    outcome, parts = curve_outcome(teacher, capacity), error_parts(teacher, capacity)
    assert parts.copied + parts.falls_away == pytest.approx(outcome.err_weak, abs=1e-9)
    assert parts.copied + parts.eps == pytest.approx(outcome.err_student, abs=1e-9)
    assert parts.falls_away - parts.eps == pytest.approx(outcome.gain, abs=1e-9)
    if capacity >= TRUTH_WAVES:
        assert outcome.gain == pytest.approx(outcome.misfit, abs=1e-9)


def test_a_drawing_runs_through_its_knots() -> None:
    knots = np.linspace(-1, 1, KNOTS)
    drawn = drawn_curve(knots.tolist())
    assert np.allclose(drawn.reshape(KNOTS, -1).mean(axis=1)[1:-1], knots[1:-1])
    assert drawn_curve([0.5] * KNOTS).tolist() == [0.5] * QUESTIONS
    with pytest.raises(ValueError, match=re.escape(f"drawing has 3 numbers: give {KNOTS}")):
        drawn_curve([1, 2, 3])


def test_the_study_is_swept_like_any_other() -> None:
    study = CurveStudy()
    assert study.defaults == {"teacher": "stairs", "weak_quality": 0.6, "strong_capacity": 8, "draw": 1}
    found = study.outcomes([{"teacher": kind, "strong_capacity": 12} for kind in KINDS])
    assert all(one.slack == pytest.approx(0, abs=1e-12) for one in found if not isinstance(one, str))
    with pytest.raises(ValueError, match="there is no teacher 'lines' in this study"):
        study.outcome(teacher="lines")
