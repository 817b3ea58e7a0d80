"""The contest of teachers: exact promises, honest intervals, and a rule that works until it is blind."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import w2s_widgets as w2s
from w2s_widgets.studies.linear.teacher_selection import TEACHERS, TeacherSelection, error_interval


@pytest.fixture(scope="module")
def contest() -> TeacherSelection:
    return TeacherSelection()


def test_teachers_are_as_described(contest: TeacherSelection) -> None:
    sides = contest.sides()
    np.testing.assert_allclose(sides.err_weak, [teacher.err_weak for teacher in TEACHERS], rtol=1e-12)
    np.testing.assert_allclose(
        sides.misfit / sides.err_weak, [teacher.dropped for teacher in TEACHERS], rtol=1e-12
    )
    assert np.sum(contest.truth(0.1) ** 2) == pytest.approx(1)


def test_promise_is_the_students_error_without_a_blind_spot(contest: TeacherSelection) -> None:
    sides = contest.sides()
    np.testing.assert_allclose(sides.err_weak - sides.misfit, sides.err_student, atol=1e-15)
    assert not sides.slack.any()


def test_a_blind_spot_costs_every_student_the_same_and_every_promise_another_amount(
    contest: TeacherSelection,
) -> None:
    for eps in (0.02, 0.1):
        sides, seen = contest.sides(eps), contest.sides()
        np.testing.assert_allclose(sides.err_student, seen.err_student + eps, atol=1e-12)
        lean = np.array([teacher.lean for teacher in TEACHERS])
        uncopied = np.array([teacher.err_weak * teacher.dropped for teacher in TEACHERS])
        off = -2 * (eps + lean * np.sqrt(eps * uncopied))
        np.testing.assert_allclose(sides.slack, off, atol=1e-12)
        assert np.abs(sides.slack).max() <= 2 * np.sqrt(eps * sides.misfit.max())


def test_the_most_accurate_teacher_is_not_the_best(contest: TeacherSelection) -> None:
    sides = contest.sides()
    assert np.argmin(sides.err_weak) != np.argmin(sides.err_student)
    assert sides.err_student[np.argmin(sides.err_weak)] == sides.err_student.max()


def test_estimates_approach_the_truth_and_nest(contest: TeacherSelection) -> None:
    few, many = contest.estimated_errors(5), contest.estimated_errors(320)
    exact = contest.sides().err_weak
    assert few.shape == many.shape == (100, 8)
    assert np.abs(many - exact).mean() < np.abs(few - exact).mean() / 5
    np.testing.assert_allclose(few.mean(axis=0), exact, rtol=0.2)
    later = 10 * contest.estimated_errors(10) - 5 * few
    assert (later >= 0).all()


@pytest.mark.parametrize("n", [5, 10, 20, 80, 320])
def test_intervals_hold_the_error_as_often_as_they_say(n: int) -> None:
    contest = TeacherSelection(draws=1000, seed=3)
    low, high = error_interval(contest.estimated_errors(n), n)
    exact = contest.sides().err_weak
    covered = np.mean((low <= exact) & (exact <= high))
    assert covered == pytest.approx(0.95, abs=0.015)
    below, above = np.mean(exact < low), np.mean(exact > high)
    assert below == pytest.approx(above, abs=0.02)


def test_interval_agrees_with_the_chi_square_distribution() -> None:
    for n in (5, 20, 320):
        low, high = error_interval(0.7, n)
        assert low == pytest.approx(0.7 * n / stats.chi2.ppf(0.975, n), rel=0.01)
        assert high == pytest.approx(0.7 * n / stats.chi2.ppf(0.025, n), rel=0.05)


def test_the_rule_becomes_reliable_with_labels(contest: TeacherSelection) -> None:
    errors = contest.sides().err_student
    best = np.argmin(errors)
    right = [np.mean(contest.picks(n) == best) for n in (5, 20, 80, 320)]
    assert right[0] > 1 / 8
    assert right == sorted(right)
    assert right[-1] > 0.9
    by_accuracy = [errors[contest.picks(n, by="err_weak")].mean() for n in (5, 20, 80, 320)]
    assert by_accuracy == sorted(by_accuracy)
    assert errors[contest.picks(5)].mean() < errors.mean() < by_accuracy[0]


def test_a_blind_spot_misleads_the_rule_however_many_labels(contest: TeacherSelection) -> None:
    best = np.argmin(contest.sides(0.05).err_student)
    assert np.mean(contest.picks(320, 0.05) == best) == 0
    exact = contest.sides(0.05)
    assert np.argmin(exact.err_weak - exact.misfit) != best


def test_the_same_numbers_come_out_of_data(contest: TeacherSelection) -> None:
    inputs = np.random.default_rng(0).standard_normal((60_000, 32))
    truth = inputs @ contest.truth(0.05)
    for i, name in enumerate(contest.names):
        teacher = inputs @ contest.teachers(0.05)[i]
        student = w2s.LinearHead().fit(inputs[:, :12], teacher).predict(inputs[:, :12])
        found, exact = w2s.measure(truth, teacher, student), contest.outcome(choice=name, eps=0.05)
        assert found.err_student == pytest.approx(exact.err_student, rel=0.05)
        assert found.slack == pytest.approx(exact.slack, abs=0.02)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda c: c.truth(1.5), r"eps is 1\.5: give a share"),
        (
            lambda c: c.outcome(choice="Z"),
            "there is no choice 'Z' in this study: choose from 'none",
        ),
        (lambda c: c.outcome(eps="x"), "eps is 'x': give a number from 0 to 1"),
        (lambda c: c.outcome(eps=None), "eps is None: give a number from 0 to 1"),
        (lambda c: c.outcome(eps=1.5), r"eps is 1\.5: give a number from 0 to 1"),
        (lambda c: c.estimated_errors(0), "true_labels is 0: give a whole number from 1 to 320"),
        (lambda c: c.estimated_errors(True), "true_labels is True"),
        (lambda c: c.picks(5, by="luck"), "by is 'luck': choose one of promise; err_weak"),
        (lambda c: error_interval(1.0, 1), "give at least 2 labels"),
        (lambda c: TeacherSelection(draws=0), "draws is 0: give a whole number of at least 1"),
        (lambda c: TeacherSelection([]), "there are no teachers: give at least one"),
    ],
)
def test_bad_input_is_one_sentence(contest: TeacherSelection, ask: object, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        ask(contest)  # type: ignore[operator]
