"""The procedure: who sees what, what is measured, and what it says about input it cannot use."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import w2s_widgets as w2s
from tests.optional import array_kind
from w2s_widgets.heads import BallHead, LinearHead
from w2s_widgets.studies.linear.linear_world import LinearSample, LinearWorld
from w2s_widgets.studies.weak_to_strong import WeakToStrong
from w2s_widgets.theory.outcome import measure


def world_data(n: int = 400, seed: int = 0, **knobs: Any) -> LinearSample:
    return LinearWorld(**{"weak_quality": 0.6, "strong_capacity": 16, "misfit_share": 0.5, **knobs}).sample(
        n, seed
    )


def study(data: LinearSample | None = None, **arguments: Any) -> WeakToStrong:
    data = data or world_data()
    return WeakToStrong(data.teacher_features, data.student_features, data.truth, **arguments)


class Recorder(LinearHead):
    """A head that notes what it was fitted on."""

    seen: list[tuple[np.ndarray, np.ndarray]] = []  # noqa: RUF012

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Recorder:
        Recorder.seen.append((np.array(X), np.array(y)))
        return super().fit(X, y, sample_weight)


def test_each_head_sees_its_own_part_only():
    data = world_data()
    Recorder.seen.clear()
    experiment = study(data, teacher_head=Recorder(), student_head=Recorder())
    outcome = experiment.outcome()
    split, run = experiment.split, experiment.last_run
    assert run is not None
    expected = [
        (data.teacher_features[split.teacher], data.truth[split.teacher]),
        (data.student_features[split.student], run.teacher[split.student]),
        (data.student_features[split.student], data.truth[split.student]),
    ]
    assert len(Recorder.seen) == 3
    for (X, y), (features, values) in zip(Recorder.seen, expected, strict=True):
        np.testing.assert_array_equal(X, features)
        np.testing.assert_array_equal(y, values)
    assert [len(part) for part in split] == [100, 220, 80]
    assert len(set(np.concatenate(split))) == 400
    test = split.test
    assert outcome == measure(data.truth[test], run.teacher[test], run.student[test], run.ceiling[test])
    assert outcome.n == 80


@pytest.mark.parametrize("reuse", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_in_sample_a_linear_student_with_the_truth_in_class_has_no_slack(reuse: bool, seed: int):
    data = world_data(200, seed)
    for teacher_head in (LinearHead(), RandomForestRegressor(5, random_state=0), BallHead(0.3)):
        experiment = study(data, reuse_teacher_inputs=reuse, teacher_head=teacher_head, seed=seed)
        fresh = experiment.outcome()
        outcome = experiment.outcome_in_sample
        assert outcome.gain == pytest.approx(outcome.misfit, rel=1e-10)
        assert abs(outcome.slack) <= 1e-10 * outcome.misfit
        assert outcome.err_ceiling == pytest.approx(0, abs=1e-20)
        assert outcome.n == (50 if reuse else 110)
        assert abs(fresh.slack) > 1e-6, "on fresh inputs there is estimation error"


def test_in_sample_a_ball_student_gains_at_least_its_misfit():
    data = world_data(200)
    weights = LinearHead().fit(data.student_features, data.truth).coef_
    experiment = study(data, student_head=BallHead(np.linalg.norm(weights) * (1 + 1e-9)))
    experiment.outcome()
    assert experiment.outcome_in_sample.slack >= -1e-10


def test_reusing_the_teachers_inputs_changes_the_students_inputs_only():
    plain, reuse = study(), study(reuse_teacher_inputs=True)
    np.testing.assert_array_equal(plain.split.teacher, reuse.split.teacher)
    np.testing.assert_array_equal(plain.split.test, reuse.split.test)
    np.testing.assert_array_equal(reuse.split.student, reuse.split.teacher)
    assert reuse.outcome().err_weak == plain.outcome().err_weak
    no_share = study(reuse_teacher_inputs=True, shares=(0.5, 0, 0.5))
    assert [len(part) for part in no_share.split] == [200, 200, 200]


def test_seeds():
    experiment = study(seed=3)
    outcome = experiment.outcome()
    run = experiment.last_run
    many = experiment.outcomes([{"seed": seed} for seed in (1, 3, np.int64(1))])
    assert many[1] == outcome
    assert many[0] == many[2] != outcome
    assert experiment.last_run is run
    assert study(seed=1).outcome() == many[0]


def test_many_outputs_are_many_tasks():
    data = world_data()
    tasks = data.inputs @ np.random.default_rng(1).standard_normal((24, 5))
    together = WeakToStrong(data.teacher_features, data.student_features, tasks)
    alone = [
        WeakToStrong(data.teacher_features, data.student_features, tasks[:, task]).outcome().gain
        for task in range(5)
    ]
    assert together.outcome().gain == pytest.approx(np.mean(alone), rel=1e-9)
    assert together.last_run is not None
    assert together.last_run.student.shape == (400, 5)


@pytest.mark.parametrize("kind", ["frame", "lists", "tensor"])
def test_kinds_of_array_agree(kind):
    data = world_data()
    expected = study(data).outcome()
    convert = array_kind(kind)
    labels = pd.Series(data.truth) if kind == "frame" else convert(data.truth)
    features = convert(data.teacher_features), convert(data.student_features)
    assert WeakToStrong(*features, labels).outcome() == expected


SKLEARN = {
    "ridge": Ridge(alpha=2.0),
    "forest": RandomForestRegressor(10, random_state=0),
    "pipeline": make_pipeline(StandardScaler(), Ridge()),
    "mean": DummyRegressor(),
}


@pytest.mark.parametrize("name", SKLEARN)
def test_any_scikit_learn_regressor_is_a_head_and_stays_untouched(name: str):
    head = SKLEARN[name]
    before = {key: repr(value) for key, value in head.get_params().items()}
    attributes = set(vars(head))
    experiment = study(teacher_head=head, student_head=head)
    one, two = experiment.outcome(), experiment.outcome()
    assert one == two
    assert set(vars(head)) == attributes
    assert {key: repr(value) for key, value in head.get_params().items()} == before
    assert experiment.last_run is not None
    assert experiment.last_run.teacher_head is not head


def test_linear_regression_of_scikit_learn_gives_the_same_outcome():
    reference = study(teacher_head=LinearRegression(), student_head=LinearRegression()).outcome()
    outcome = study().outcome()
    for name in ("err_weak", "err_student", "misfit", "gain", "slack"):
        assert getattr(outcome, name) == pytest.approx(getattr(reference, name), rel=1e-8)


def test_a_head_without_parameters_is_copied():
    class Mean:
        fits = 0

        def fit(self, X: Any, y: Any) -> None:
            self.fits += 1
            self.level = np.mean(y)

        def predict(self, X: Any) -> np.ndarray:
            return np.full(len(X), self.level)

    head = Mean()
    experiment = study(teacher_head=head)
    experiment.outcome()
    experiment.outcome()
    assert head.fits == 0
    assert experiment.last_run is not None
    assert experiment.last_run.teacher_head.fits == 1  # type: ignore[attr-defined]


def test_a_column_of_predictions_is_a_row_of_labels():
    data = world_data()
    column = WeakToStrong(data.teacher_features, data.student_features, data.truth[:, None])
    assert column.outcome() == study(data).outcome()

    class Column(LinearHead):
        def predict(self, X: Any) -> np.ndarray:
            return super().predict(X)[:, None]

    assert study(data, teacher_head=Column()).outcome() == study(data).outcome()


def test_equal_inputs_are_never_in_two_parts():
    data = world_data(100)
    twice = LinearSample(*(np.concatenate([values, values]) for values in data))
    split = study(twice).split
    parts = [set(part % 100) for part in split]
    assert not parts[0] & parts[1]
    assert not parts[0] & parts[2]
    assert not parts[1] & parts[2]
    free = study(twice, groups=None).split
    assert set(free.teacher % 100) & set(free.test % 100)


def test_groups_by_name_are_never_in_two_parts():
    names = np.array([f"molecule {i // 7}" for i in range(400)])
    split = study(groups=names).split
    parts = [set(names[part]) for part in split]
    assert not parts[0] & parts[1]
    assert not parts[0] & parts[2]
    assert not parts[1] & parts[2]


def test_the_public_face():
    assert w2s.WeakToStrong is WeakToStrong
    assert w2s.LinearWorld is LinearWorld
    assert w2s.LinearHead is LinearHead
    assert w2s.BallHead is BallHead


class Broken(LinearHead):
    def predict(self, X: Any) -> np.ndarray:
        return np.full(len(X), np.nan)


class TooFew(LinearHead):
    def predict(self, X: Any) -> np.ndarray:
        return np.zeros(3)


D = world_data(40)
OPTIONS: list[tuple[dict[str, Any], str]] = [
    (
        {"shares": (0.5, 0.5, 0.5)},
        "shares sum to 1.5: give shares for teacher, student and test that sum to 1.",
    ),
    ({"shares": (0.5, 0.5)}, "shares has 2 entries: give three, for teacher, student and test."),
    ({"shares": (1.2, -0.4, 0.2)}, "the share of the student part is -0.4: give a number above 0."),
    ({"shares": (0.8, 0, 0.2)}, "the share of the student part is 0: give a number above 0."),
    (
        {"groups": "molecules"},
        "groups is 'molecules': give 'duplicates', None, or a group's name for each input.",
    ),
    (
        {"groups": [1, 2]},
        "groups has shape (2,) but there are 40 inputs: give a group's name for each input.",
    ),
    (
        {"groups": [None, "a"] * 20},
        "groups has names that cannot be sorted: give only strings or only numbers.",
    ),
    ({"teacher_head": Ridge}, "teacher_head is the class Ridge: give an object, such as Ridge()."),
    ({"student_head": 3}, "student_head is 3, which has no fit method: give an object"),
    ({"seed": 0.5}, "seed is 0.5: give a whole number of at least 0."),
    ({"reuse_teacher_inputs": "yes"}, "reuse_teacher_inputs is 'yes': give True or False."),
    ({"teacher_head": Broken()}, "the prediction of teacher_head has 40 values that are NaN or infinite"),
    (
        {"student_head": TooFew()},
        "student_head predicts an array of shape (3,) for labels of shape (40,): give a head that returns",
    ),
]
X, Y, TRUTH = D.teacher_features, D.student_features, D.truth
DATA: list[tuple[tuple[Any, Any, Any], str]] = [
    (
        (X[:9], Y, TRUTH),
        "student_features has 40 rows but teacher_features has 9: give one row for each input.",
    ),
    ((X, Y, TRUTH[:5]), "y has 5 rows but teacher_features has 40: give one row for each input."),
    ((TRUTH, Y, TRUTH), "teacher_features has shape (40,): give an array of shape (n, features)."),
    (
        (X, Y * np.nan, TRUTH),
        "student_features has 640 values that are NaN or infinite, the first at index (0, 0)",
    ),
    (
        (X[:4], Y[:4], TRUTH[:4]),
        "a share of 0.25 of 4 inputs in 4 groups leaves 1 for the teacher part, which needs at least 2: "
        "give more inputs, other shares, or groups=None if inputs of one group may be in two parts.",
    ),
    (
        (X, np.ones((40, 1)), TRUTH),
        "a share of 0.25 of 40 inputs in 1 groups leaves 0 for the teacher part",
    ),
]


@pytest.mark.parametrize(("options", "sentence"), OPTIONS)
def test_bad_options_get_one_clear_sentence(options: dict[str, Any], sentence: str):
    with pytest.raises((ValueError, TypeError), match="^" + re.escape(sentence)):
        study(D, **options).outcome()


@pytest.mark.parametrize(("data", "sentence"), DATA)
def test_bad_data_get_one_clear_sentence(data: tuple[Any, Any, Any], sentence: str):
    with pytest.raises(ValueError, match="^" + re.escape(sentence)):
        WeakToStrong(*data)


def test_what_cannot_be_asked_is_said():
    with pytest.raises(ValueError, match=r"^seed is -1: give a whole number of at least 0\.$"):
        study(D).outcome(seed=-1)
    with pytest.raises(ValueError, match=r"^nothing has been run yet: call outcome\(\) first\.$"):
        _ = study(D).outcome_in_sample
