"""`FeatureStudy`: one setting by the heads' own classes, many at once, and what cannot be asked of it."""

from __future__ import annotations

import itertools
import pickle
import re
import time
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.studies.features.examples import small_study
from w2s_widgets.heads import BallHead, LinearHead, RidgeHead
from w2s_widgets.heads.batched import PENALTIES, RowFits, best_penalty
from w2s_widgets.studies.features.preprocessing import prepare
from w2s_widgets.studies.features.study import AXES, HEADS
from w2s_widgets.studies.molecules import MoleculeStudy
from w2s_widgets.theory.outcome import Outcome

NUMBERS = ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling", "truth_variance", "n")


@pytest.fixture(scope="module")
def study() -> w2s.FeatureStudy:
    return small_study()


def every_setting(study: w2s.FeatureStudy) -> list[dict[str, Any]]:
    axes = study.axes
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def as_row(outcome: Outcome | str) -> list[float]:
    assert isinstance(outcome, Outcome), outcome
    return [getattr(outcome, name) for name in NUMBERS]


def test_the_names_and_their_order(study: w2s.FeatureStudy) -> None:
    assert tuple(study.axes) == AXES == tuple(study.defaults)
    assert study.axes["teacher"] == ("sees 2", "sees 6", "sees 12", "sees 16")
    assert study.axes["head"] == HEADS
    assert all(study.defaults[name] in values for name, values in study.axes.items())
    assert study.axes["n_teacher"] == (28, 56, 110, 225)
    assert study.axes["n_student"] == (61, 120, 240, 495)


@pytest.mark.parametrize("head", HEADS)
def test_many_at_once_are_what_single_fits_give(study: w2s.FeatureStudy, head: str) -> None:
    rng = np.random.default_rng(HEADS.index(head))
    settings = [
        {name: values[rng.integers(len(values))] for name, values in study.axes.items()} | {"head": head}
        for _ in range(60)
    ]
    together = study.outcomes(settings)
    for setting, outcome in zip(settings, together, strict=True):
        np.testing.assert_allclose(as_row(outcome), as_row(study.outcome(**setting)), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("head", ["ball", "ridge"])
def test_more_weights_than_inputs_and_collinear_features(head: str) -> None:
    rng = np.random.default_rng(1)
    wide = rng.standard_normal((300, 40)) @ rng.standard_normal((40, 120))
    y = wide[:, 0] + wide[:, 1] ** 2 / 50
    study = w2s.FeatureStudy(
        {"few": wide[:, :3], "all": wide}, {"all": wide}, y, n_teacher=[10, 60], n_student=[12, 45, 150]
    )
    settings = [s for s in every_setting(study) if s["head"] == head and s["split"] == 0]
    for setting, outcome in zip(settings, study.outcomes(settings), strict=True):
        np.testing.assert_allclose(as_row(outcome), as_row(study.outcome(**setting)), rtol=1e-9, atol=1e-9)


def test_what_comes_out_does_not_depend_on_what_else_is_asked(study: w2s.FeatureStudy) -> None:
    settings = [s for s in every_setting(study) if s["split"] < 2][::7]
    together = study.outcomes(settings)
    backwards = small_study().outcomes(settings[::-1])[::-1]
    alone = [small_study().outcomes([setting])[0] for setting in settings[:6]]
    assert together == backwards
    assert together[:6] == alone


def test_two_thousand_settings_are_much_faster_together(study: w2s.FeatureStudy) -> None:
    settings = every_setting(study)[:2000]
    start = time.process_time()
    outcomes = study.outcomes(settings)
    together = (time.process_time() - start) / len(outcomes)
    few = settings[:: len(settings) // 20]
    start = time.process_time()
    for setting in few:
        study.outcome(**setting)
    alone = (time.process_time() - start) / len(few)
    assert all(isinstance(outcome, Outcome) for outcome in outcomes)
    # On data this small the fixed costs of a call weigh most; benchmarks say how it is on real sizes.
    assert alone > 5 * together


def test_impossible_settings_are_sentences_among_outcomes(study: w2s.FeatureStudy) -> None:
    wrong: list[dict[str, Any]] = [
        {"n_student": 20},
        {"teacher": "sees all"},
        {"head": "deep"},
        {"realizability": 1.5},
        {"split": 5},
        {"n_teacher": 7},
        {"n_student": 100000},
        {"size": 3},
        {"n_teacher": 2.5},
    ]
    words = [
        "a linear head on wide has 25 weights to learn from 20 inputs, and would copy its teacher on them: "
        "give more than 25 unlabelled inputs, or take another head.",
        "teacher is 'sees all': choose one of sees 12; sees 2; sees 16; sees 6.",
        "head is 'deep': choose one of linear; ball; ridge.",
        "realizability is 1.5: give a number from 0 to 1.",
        "split is 5: give a whole number from 0 to 4.",
        "n_teacher is 7: give a whole number from 8 to 225.",
        "n_student is 100000: give a whole number from 8 to 495.",
        "there is no axis 'size' in this study: choose from " + ", ".join(AXES) + ".",
        "n_teacher is 2.5: give a whole number from 8 to 225.",
    ]
    answers = study.outcomes([{}, *wrong, {}])
    assert answers[1:-1] == words
    assert answers[0] == answers[-1] == study.outcomes([study.defaults])[0]
    for setting, sentence in zip(wrong, words, strict=True):
        with pytest.raises((TypeError, ValueError), match=f"^{re.escape(sentence)}$"):
            study.outcome(**setting)


def test_settings_between_those_offered_are_fitted_too(study: w2s.FeatureStudy) -> None:
    odd = {"n_teacher": 33, "n_student": 77, "realizability": 0.35, "head": "ball"}
    (outcome,) = study.outcomes([odd])
    assert outcome == study.outcome(**odd)


def test_the_parts_are_disjoint_whole_and_in_random_order(study: w2s.FeatureStudy) -> None:
    for split in study.splits:
        rows = np.concatenate(split)
        assert sorted(rows) == list(range(900))
        assert all((np.diff(part) < 0).any() for part in split)
    assert len({tuple(split.test) for split in study.splits}) == 5


def test_equal_inputs_of_a_student_are_never_in_two_parts() -> None:
    rng = np.random.default_rng(0)
    once = rng.standard_normal((150, 5))
    features = np.repeat(once, 3, axis=0)
    teachers = {"own": rng.standard_normal((450, 4))}
    study = w2s.FeatureStudy(teachers, {"strong": features}, features[:, 0], splits=3)
    for split in study.splits:
        part = np.empty(450, dtype=int)
        for number, rows in enumerate(split):
            part[rows] = number
        assert (part.reshape(150, 3) == part[::3, None]).all()
    free = w2s.FeatureStudy(teachers, {"strong": features}, features[:, 0], splits=1, groups=None)
    assert len(free.splits[0].test) == 90


def test_the_truth_is_standardised_and_realizability_mixes_it(study: w2s.FeatureStudy) -> None:
    assert abs(study.truth.mean()) < 1e-12
    assert abs(study.truth.var() - 1) < 1e-12
    features = study.features("student", "narrow")
    best = LinearHead().fit(features, study.truth).predict(features)
    ball = BallHead(study.radius).fit(features, study.truth).predict(features)
    np.testing.assert_allclose(study.target("narrow", 1), best, atol=1e-12)
    np.testing.assert_allclose(study.target("narrow", 1, "ball"), ball, atol=1e-12)
    np.testing.assert_allclose(study.target("narrow", 0.75), 0.75 * best + 0.25 * study.truth, atol=1e-12)
    np.testing.assert_array_equal(study.target("narrow", 1), study.nearest("narrow"))
    np.testing.assert_array_equal(study.target("narrow"), study.truth)


def test_a_truth_that_the_student_can_express_puts_the_dots_near_the_diagonal(
    study: w2s.FeatureStudy,
) -> None:
    full = {"student": "narrow", "split": 0}
    expressible = np.array([as_row(o) for o in study.outcomes(
        [full | {"teacher": name, "realizability": 1} for name in study.teachers])])  # fmt: skip
    as_it_is = np.array([as_row(o) for o in study.outcomes(
        [full | {"teacher": name, "realizability": 0} for name in study.teachers])])  # fmt: skip
    assert np.abs(expressible[:, 4]).mean() < 0.5 * np.abs(as_it_is[:, 4]).mean()


@pytest.mark.parametrize("head", HEADS)
def test_the_parts_of_the_slack_add_up_to_it(study: w2s.FeatureStudy, head: str) -> None:
    setting = {"head": head, "n_student": 61, "n_teacher": 28, "realizability": 0.4}
    parts = study.slack_parts(**setting)
    assert parts.total == pytest.approx(parts.slack, abs=1e-12)
    assert parts.slack == pytest.approx(study.outcome(**setting).slack, abs=1e-15)
    assert (abs(parts.unfinished_fit) > 1e-4) == (head == "ridge")
    assert parts.finite_sample != 0
    if head != "ball":
        assert abs(parts.shape) < 1e-12


def test_teachers_are_ordered_without_the_test_part() -> None:
    study = small_study(300)
    order = study.axes["teacher"]
    spoilt = study.truth.copy()
    spoilt[study.splits[0].test] = np.random.default_rng(0).permutation(spoilt[study.splits[0].test])
    again = w2s.FeatureStudy(study.teachers, study.students, spoilt)
    assert again.axes["teacher"] == order


def test_no_fit_sees_the_test_part(study: w2s.FeatureStudy) -> None:
    test = study.splits[0].test
    changed = study.truth.copy()
    changed[test] = np.random.default_rng(0).permutation(changed[test])
    other = w2s.FeatureStudy(study.teachers, study.students, changed)
    for head in HEADS:
        before, after = study.fit(head=head), other.fit(head=head)
        np.testing.assert_allclose(before.student, after.student, atol=1e-12)
        np.testing.assert_allclose(before.teacher, after.teacher, atol=1e-12)


def test_a_seed_decides_everything(study: w2s.FeatureStudy) -> None:
    assert small_study().outcome() == study.outcome()
    y, options = study.truth, {"seed": 1}
    assert w2s.FeatureStudy(study.teachers, study.students, y, **options).outcome() != study.outcome()


def test_the_fingerprint_knows_data_and_options(study: w2s.FeatureStudy) -> None:
    variants = [
        small_study(noise=0.41),
        small_study(seed=1),
        *(
            w2s.FeatureStudy(study.teachers, study.students, study.truth, **options)
            for options in (
                {"seed": 1},
                {"splits": 4},
                {"radius": 0.6},
                {"heads": ["ball", "linear"]},
                {"realizabilities": [0, 1]},
                {"n_student": [100]},
                {"n_teacher": [100]},
                {"shares": (0.3, 0.5, 0.2)},
                {"groups": np.arange(900) // 2},
            )
        ),
        w2s.FeatureStudy({"other": study.teachers["sees 2"]}, study.students, study.truth),
        w2s.FeatureStudy({"y": study.teachers["sees 2"]}, study.students, study.truth),
        w2s.FeatureStudy({"y": study.teachers["sees 2"]}, study.students, study.truth**3),
    ]
    prints = [study.fingerprint, *(variant.fingerprint for variant in variants)]
    assert len(set(prints)) == len(prints)
    assert small_study().fingerprint == study.fingerprint
    assert re.fullmatch("[0-9a-f]{64}", study.fingerprint)


def test_it_travels_to_other_processes_without_what_can_be_computed_again(study: w2s.FeatureStudy) -> None:
    settings = every_setting(study)[:50]
    expected = study.outcomes(settings)
    packed = pickle.dumps(study)
    raw = sum(array.nbytes for array in (*study.teachers.values(), *study.students.values()))
    assert len(packed) < 1.6 * raw
    again = pickle.loads(packed)
    assert again.outcomes(settings) == expected
    assert again.fingerprint == study.fingerprint


def test_its_arrays_cannot_be_changed_and_the_callers_stay_theirs() -> None:
    study = small_study(200)
    for array in (study.truth, study.groups, study.splits[0].test, study.teachers["sees 2"],
                  study.features("student", "wide"), study.nearest("wide")):  # fmt: skip
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    mine = np.random.default_rng(0).standard_normal((60, 2))
    w2s.FeatureStudy({"a": mine}, {"b": mine}, mine[:, 0])
    mine[0] = 0


def test_a_batch_is_what_is_computed_together(study: w2s.FeatureStudy) -> None:
    assert study.batch_of({"split": 2, "head": "ball"}) == (2, "wide", "ball")
    assert study.batch_of(study.defaults) == study.batch_of({})


def test_scatter_has_a_row_for_every_teacher_and_split(study: w2s.FeatureStudy) -> None:
    rows = study.scatter(student="narrow", head="ridge", realizability=0.5)
    assert [(row["split"], row["teacher"]) for row in rows] == list(
        itertools.product(range(5), study.axes["teacher"])
    )
    setting = {name: rows[7][name] for name in AXES}
    assert rows[7]["gain"] == pytest.approx(study.outcome(**setting).gain, abs=1e-12)
    assert len(study.scatter([1])) == 4
    with pytest.raises(ValueError, match="teacher is part of the setting"):
        study.scatter(teacher="sees 2")


GOOD: dict[str, Any] = {
    "teachers": {"weak": np.random.default_rng(0).standard_normal((80, 2))},
    "students": {"strong": np.random.default_rng(1).standard_normal((80, 3))},
    "y": np.random.default_rng(2).standard_normal(80),
}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no teacher": ({"teachers": {}}, "teachers is empty: give at least one representation."),
    "a list": ({"students": [np.ones((80, 2))]}, "students is no mapping: give a dict of names and feature"),
    "a numbered name": (
        {"students": {1: np.ones((80, 2))}},
        "students has the name 1: give strings as names.",
    ),
    "rows": (
        {"teachers": {"a": np.ones((79, 2))}},
        "a has 79 rows but y has 80: give one row for each input.",
    ),
    "constant truth": ({"y": np.full(80, 3.0)}, "y is constant: give a truth that varies."),
    "two outputs": ({"y": np.ones((80, 2))}, "y has shape (80, 2): give an array of shape (n,)."),
    "NaN": ({"y": np.r_[np.nan, np.ones(79)]}, "y has 1 value that is NaN or infinite, the first at index 0"),
    "shares": ({"shares": (0.5, 0.5, 0.5)}, "shares sum to 1.5: give shares"),
    "few": (
        {"shares": (0.05, 0.75, 0.2)},
        "80 inputs in 80 groups leave 4 for the teacher part, which needs",
    ),
    "splits": ({"splits": 0}, "splits is 0: give a whole number of at least 1."),
    "budget": ({"n_student": [10, 60]}, "n_student goes from 10 to 60: give whole numbers from 8 to 44"),
    "unsorted": ({"n_teacher": [20, 10]}, "n_teacher is (20, 10): give one or more numbers, each"),
    "realizabilities": ({"realizabilities": [0, 2]}, "a realizability is 2: give a number from 0 to 1."),
    "head": ({"heads": ["linear", "forest"]}, "head is 'forest': choose one of linear; ball; ridge."),
    "heads": ({"heads": []}, "heads is (): give one or more of linear, ball, ridge, each once."),
    "radius": ({"radius": 0}, "radius is 0: give a number above 0."),
    "seed": ({"seed": -1}, "seed is -1: give a whole number of at least 0."),
    "groups": ({"groups": "sorts"}, "groups is 'sorts': give 'duplicates', None, or a group's name"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arguments_are_one_sentence(name: str) -> None:
    arguments, sentence = WRONG[name]
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(sentence)}"):
        w2s.FeatureStudy(**(GOOD | arguments))


def test_a_representation_without_variation_is_one_sentence() -> None:
    study = w2s.FeatureStudy(**(GOOD | {"teachers": {"flat": np.ones((80, 2))}}))
    with pytest.raises(ValueError, match="flat has no feature that varies"):
        study.outcome(teacher="flat", split=0, student="strong")


def test_prepared_features_leave_out_what_hardly_varies_and_cut_what_sticks_out() -> None:
    rng = np.random.default_rng(0)
    plain = rng.standard_normal((500, 3))
    rare, heavy = np.zeros(500), rng.standard_normal(500)
    rare[:2] = 1
    heavy[0] = 1e6
    with_rare = np.column_stack([plain, rare])
    np.testing.assert_allclose(prepare(with_rare), prepare(plain))
    prepared = prepare(np.column_stack([plain, heavy]))
    assert prepared.shape == (500, 4)
    assert np.abs(prepared).max() < 25
    np.testing.assert_allclose(prepared.var(axis=0).sum(), 4)
    assert prepare(np.column_stack([plain, plain @ rng.standard_normal((3, 5))])).shape == (500, 3)
    turned = prepare(plain)
    np.testing.assert_allclose(
        np.sum(turned**2, axis=1), np.sum(((plain - plain.mean(0)) / plain.std(0)) ** 2, 1)
    )


def test_the_penalty_is_what_leaving_one_out_chooses() -> None:
    """Of labels alone, near the penalty with the smallest leave-one-out error, which it stands for."""
    rng = np.random.default_rng(3)
    X = rng.standard_normal((120, 20))
    y = X @ rng.standard_normal(20) + 4 * rng.standard_normal(120)
    centred, level = X - X.mean(0), y - y.mean()

    def left_out(penalty: float) -> float:
        hat = centred @ np.linalg.solve(centred.T @ centred + 120 * penalty * np.eye(20), centred.T) + 1 / 120
        return float(np.mean(((level - (hat - 1 / 120) @ level) / (1 - np.diagonal(hat))) ** 2))

    errors = [left_out(penalty) for penalty in PENALTIES]
    assert abs(int(np.argmin(errors)) - list(PENALTIES).index(best_penalty(X, y))) <= 2
    scores = np.array(errors)
    assert scores[list(PENALTIES).index(best_penalty(X, y))] < 1.02 * scores.min()


def test_as_many_labels_as_directions_do_no_harm() -> None:
    """Plain generalised cross-validation copies all noise there now and then, and errs by the hundred."""
    study = MoleculeStudy("freesolv", n_teacher=[48], realizabilities=[0.0])
    assert max(row["err_weak"] for row in study.scatter()) < 1.5


@pytest.mark.parametrize("shape", [(200, 12), (20, 12), (14, 12), (10, 12)])
def test_fits_at_once_are_the_heads_own(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(4)
    X = rng.standard_normal(shape) * np.geomspace(3, 0.01, shape[1])
    labels, fresh = rng.standard_normal((5, shape[0])), rng.standard_normal((30, shape[1]))
    fits = RowFits(X)
    for name, head in (("linear", LinearHead()), ("ball", BallHead(0.5))):
        own = head.fit(X, labels.T).predict(fresh).T
        np.testing.assert_allclose(fits.fitted(name, labels, 0.5).predict(fresh), own, rtol=1e-8, atol=1e-9)
    ridge = fits.fitted("ridge", labels).predict(fresh)
    own = np.array([RidgeHead(penalty=best_penalty(X, y)).fit(X, y).predict(fresh) for y in labels])
    np.testing.assert_allclose(ridge, own, rtol=1e-8, atol=1e-9)
