"""`own_pair` with what a researcher has: predictions, splits, heads, outputs and budgets of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import w2s_widgets as w2s

N = 320
RNG = np.random.default_rng(11)
STRONG = RNG.standard_normal((N, 7))
WEAK = STRONG[:, :3] + 0.7 * RNG.standard_normal((N, 3))
Y = 40 + 5 * (STRONG @ np.linspace(1, 2, 7) + 0.4 * RNG.standard_normal(N))
SAID = Y + 4 * STRONG[:, 0] + 6 * RNG.standard_normal(N)
NUMBERS = ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling")


def numbers(outcome: w2s.Outcome) -> np.ndarray:
    return np.array([getattr(outcome, name) for name in NUMBERS])


def test_one_seed_is_one_split_and_one_result_whatever_the_entry() -> None:
    for seed in (0, 5):
        pair = w2s.own_pair(WEAK, STRONG, Y, head="linear", teacher_head="least squares", seed=seed)
        study = w2s.WeakToStrong(WEAK, STRONG, Y, seed=seed)
        for mine, its in zip(pair.split, study.split, strict=True):
            assert set(mine) == set(its)
        np.testing.assert_allclose(numbers(pair.outcome), numbers(study.outcome()) / Y.var(), rtol=1e-9)
        second = w2s.WeakToStrong(WEAK, STRONG, Y, seed=seed + 1).outcome()
        again = pair.study.outcome(split=1)
        np.testing.assert_allclose(numbers(again), numbers(second) / Y.var(), rtol=1e-9)


@pytest.mark.parametrize(("n_teacher", "n_student"), [(30, 100), (17, 60)])
def test_budgets_are_the_same_inputs_whatever_the_entry(n_teacher: int, n_student: int) -> None:
    budgets = {"n_teacher": n_teacher, "n_student": n_student, "seed": 3}
    pair = w2s.own_pair(WEAK, STRONG, Y, head="linear", teacher_head="least squares", **budgets)
    outcome = w2s.WeakToStrong(WEAK, STRONG, Y, **budgets).outcome()
    np.testing.assert_allclose(numbers(pair.outcome), numbers(outcome) / Y.var(), rtol=1e-9)
    assert f"fitted on {n_teacher} true labels" in pair.summary()


def test_equal_rows_of_a_coarse_teacher_are_no_group_in_either_entry() -> None:
    coarse = np.round(WEAK[:, :1])
    pair = w2s.own_pair(coarse, STRONG, Y)
    study = w2s.WeakToStrong(coarse, STRONG, Y)
    assert [len(part) for part in study.split] == [len(part) for part in pair.split] == [80, 176, 64]


def test_heads_of_ones_own_give_what_weak_to_strong_gives() -> None:
    heads = {"teacher_head": RandomForestRegressor(5, random_state=0), "student_head": Ridge(3.0)}
    outcome = w2s.WeakToStrong(WEAK, STRONG, Y, **heads, seed=2).outcome()
    pair = w2s.own_pair(WEAK, STRONG, Y, teacher_head=heads["teacher_head"], head=Ridge(3.0), seed=2)
    assert pair.outcome == outcome
    assert "squared unit of y" in pair.summary()
    assert pair.certificate.promise == "unknown"
    assert len(pair.cloud) == 5


def test_a_head_of_the_package_is_certified() -> None:
    pair = w2s.own_pair(WEAK, STRONG, Y, head=w2s.LinearHead())
    assert pair.certificate.convex.holds is True
    assert pair.certificate.parts is not None
    assert "Certificate" in pair._repr_html_()


def test_predictions_of_a_fitted_teacher_give_what_its_features_give() -> None:
    trained = w2s.own_pair(WEAK, STRONG, Y, head="linear", seed=4)
    given = w2s.own_pair(None, STRONG, Y, predictions=trained.predictions.teacher, head="linear", seed=4)
    np.testing.assert_allclose(numbers(given.outcome), numbers(trained.outcome), rtol=1e-9)
    np.testing.assert_allclose(given.predictions.student, trained.predictions.student, rtol=1e-9)
    assert "with labels of its own" in given.summary()


@pytest.mark.parametrize("form", ["array", "series", "shuffled", "column", "file", "frame"])
def test_predictions_come_in_any_form(form: str, tmp_path: Path) -> None:
    expected = w2s.own_pair(None, STRONG, Y, predictions=SAID).outcome
    names = [f"row {i}" for i in range(N)]
    frame = pd.DataFrame(STRONG, columns=[f"s{i}" for i in range(7)])
    order = np.random.default_rng(0).permutation(N)
    with_ids = pd.DataFrame({"id": names, "said": SAID}).iloc[order]
    student: Any = frame
    given: Any = SAID
    if form == "series":
        given = pd.Series(SAID)
    elif form == "shuffled":
        student, given = frame.assign(id=names), with_ids
    elif form == "column":
        student, given = frame.assign(llm=SAID), "llm"
    elif form == "file":
        with_ids.to_csv(tmp_path / "llm.csv", index=False)
        student, given = frame.assign(id=names), tmp_path / "llm.csv"
    elif form == "frame":
        given = pd.DataFrame({"said": SAID})
    assert w2s.own_pair(None, student, Y, predictions=given).outcome == expected


def test_predictions_of_several_outputs_and_a_share_of_nothing_for_the_teacher() -> None:
    two = np.stack([Y, 3 * np.cos(STRONG[:, 1]) - Y], axis=1)
    noisy = two + np.random.default_rng(1).standard_normal(two.shape)
    pair = w2s.own_pair(None, STRONG, two, predictions=noisy, shares=(0, 0.7, 0.3))
    assert [len(part) for part in pair.split] == [0, 224, 96]
    assert pair.predictions.teacher == pytest.approx(noisy)


def test_several_outputs_are_the_mean_over_tasks() -> None:
    tasks = np.stack([Y, np.sin(STRONG[:, 0]) + STRONG[:, 1], 100 * STRONG[:, 2] - Y], axis=1)
    options = {"head": "linear", "teacher_head": "ridge"}
    together = w2s.own_pair(WEAK, STRONG, tasks, **options)
    alone = [w2s.own_pair(WEAK, STRONG, task, **options).outcome for task in tasks.T]
    expected = np.mean([numbers(one) for one in alone], axis=0)
    np.testing.assert_allclose(numbers(together.outcome), expected, rtol=1e-8)
    assert together.intervals.gain.low < together.outcome.gain < together.intervals.gain.high
    assert together.certificate.parts is not None
    frame = pd.DataFrame(STRONG).assign(a=tasks[:, 0], b=tasks[:, 1], c=tasks[:, 2])
    named = w2s.own_pair(WEAK, frame, ["a", "b", "c"], **options)
    assert named.outcome == together.outcome


@pytest.mark.parametrize("form", ["names", "series", "rows", "mapping", "masks"])
def test_a_division_of_ones_own(form: str) -> None:
    time = np.arange(N)
    parts = np.where(time < 100, "teacher", np.where(time < 250, "Student", "test"))
    rows = [np.flatnonzero(parts == name) for name in ("teacher", "Student", "test")]
    given: Any = {
        "names": parts.tolist(),
        "series": pd.Series(parts, index=np.arange(5, N + 5)),
        "rows": rows,
        "mapping": dict(zip(("teacher", "student", "test"), rows, strict=True)),
        "masks": [parts == name for name in ("teacher", "Student", "test")],
    }[form]
    pair = w2s.own_pair(WEAK, STRONG, Y, split=given, head="linear", teacher_head="least squares")
    assert [sorted(part) for part in pair.split] == [row.tolist() for row in rows]
    outcome = w2s.WeakToStrong(WEAK, STRONG, Y, split=given).outcome()
    np.testing.assert_allclose(numbers(pair.outcome), numbers(outcome) / Y.var(), rtol=1e-9)
    assert len({setting["split"] for setting, _ in pair.cloud}) == 1
    assert "Over 1 split," in pair.cloud_words


def test_rows_of_no_part_are_left_out() -> None:
    names = np.array(["teacher", "student", "test", "set aside"])[np.arange(N) % 4]
    pair = w2s.own_pair(WEAK, STRONG, Y, split=names)
    assert sum(map(len, pair.split)) == 240
    assert pair.predictions.part.count("") == 80


@pytest.mark.parametrize(
    ("options", "problem", "sentence"),
    [
        ({"split": ["teacher"] * N}, ValueError, "split has 0 inputs in the student part"),
        (
            {"split": [[0, 1], [1, 2], [4, 5]]},
            ValueError,
            "split has row 1 in the teacher and in the student",
        ),
        ({"split": [[0, 1], [2, 3], [4, N]]}, ValueError, "split has row numbers outside the inputs"),
        ({"split": [[0, 1.5], [2, 3], [4, 6]]}, TypeError, "the teacher part of split holds no row numbers"),
        ({"split": [0, 1]}, ValueError, "split has 2 entries for 320 inputs"),
        ({"n_teacher": 9999}, ValueError, "n_teacher goes from 9999 to 9999"),
        ({"n_student": [2.5]}, TypeError, "n_student is 2.5: give a whole number"),
        ({"predictions": SAID}, ValueError, "a teacher is known by its representation or by its predictions"),
        ({"head": "tree"}, ValueError, "head is 'tree': choose one of"),
        ({"head": 3}, TypeError, "head is 3, which has no fit method"),
    ],
)
def test_bad_options_are_one_sentence(options: dict[str, Any], problem: Any, sentence: str) -> None:
    with pytest.raises(problem, match=sentence):
        w2s.own_pair(WEAK, STRONG, Y, **options)


@pytest.mark.parametrize(
    ("arguments", "options", "sentence"),
    [
        (
            (None, STRONG, Y),
            {"predictions": Ridge()},
            "predictions does not hold real numbers .*, but is a model",
        ),
        ((Ridge(), STRONG, Y), {}, r"teacher is a model \(Ridge\) and no representation: give None in its"),
        ((WEAK, Ridge(), Y), {}, r"student is a model \(Ridge\) and no representation: give the features"),
        (
            (WEAK, STRONG, ["good", "bad"] * 160),
            {},
            "y does not hold real numbers .*, but words such as 'good'",
        ),
    ],
)
def test_models_and_words_in_place_of_numbers_are_told(arguments: Any, options: Any, sentence: str) -> None:
    with pytest.raises(TypeError, match=sentence):
        w2s.own_pair(*arguments, **options)


def test_predictions_are_found_in_the_truths_unit_and_order() -> None:
    pair = w2s.own_pair(WEAK, STRONG, Y)
    found = pair.predictions
    np.testing.assert_array_equal(found.truth, Y)
    test = found.split.test
    outcome = w2s.measure(found.truth[test], found.teacher[test], found.student[test], found.ceiling[test])
    np.testing.assert_allclose(numbers(outcome), numbers(pair.outcome) * Y.var(), rtol=1e-9)
    frame = found.to_frame()
    assert list(frame) == ["part", "truth", "teacher", "student", "ceiling"]
    assert (frame["part"] == "test").sum() == pair.outcome.n


def test_intervals_are_shown_and_are_those_of_the_test_part() -> None:
    pair = w2s.own_pair(WEAK, STRONG, Y)
    found, test = pair.predictions, pair.split.test
    direct = w2s.outcome_intervals(
        *((values[test] - Y.mean()) / Y.std() for values in (found.truth, found.teacher, found.student))
    )
    np.testing.assert_allclose(pair.intervals.gain, direct.gain, rtol=1e-6)
    written = [f"{end:.3f}".replace("-", "\N{MINUS SIGN}") for end in pair.intervals.gain[1:]]
    assert f"[{written[0]}, {written[1]}]" in pair._repr_html_()
    assert "95 % intervals" in pair.summary()


def test_groups_are_resampled_whole() -> None:
    groups = np.repeat(np.arange(40), 8)
    assert w2s.own_pair(WEAK, STRONG, Y, groups=groups).intervals.grouped
    small = w2s.own_pair(WEAK, STRONG, Y, groups=np.repeat(np.arange(40), 8), shares=(0.4, 0.5, 0.1))
    assert "only 4 groups of test inputs" in small.summary()


@pytest.mark.parametrize("count", [23, 77])
def test_any_budget_and_realizability_can_be_swept(count: int) -> None:
    study = w2s.own_pair(WEAK, STRONG, Y).study
    rows = w2s.sweep(study, {"n_teacher": [40, count], "realizability": [0.0, 0.55]}, progress=False)
    for row in rows.itertuples():
        expected = study.outcome(n_teacher=row.n_teacher, realizability=row.realizability)
        assert row.gain == pytest.approx(expected.gain, rel=1e-9)
    with pytest.raises(ValueError, match="n_teacher is 81: give a whole number from 8 to 80"):
        w2s.sweep(study, {"n_teacher": [81]}, progress=False)


def test_all_of_a_part_is_all_of_it() -> None:
    axes = w2s.own_pair(WEAK[:307], STRONG[:307], Y[:307]).study.axes
    assert axes["n_student"][-1] == 169
    assert axes["n_teacher"][-1] == 77


def picking(columns: list[str]) -> Any:
    return make_pipeline(ColumnTransformer([("kept", StandardScaler(), columns)]), Ridge())


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_pipelines_pick_columns_by_name_in_every_entry(library: str) -> None:
    frames = pytest.importorskip(library)
    weak = frames.DataFrame({f"w{i}": WEAK[:, i] for i in range(3)})
    strong = frames.DataFrame({f"s{i}": STRONG[:, i] for i in range(7)})
    heads = {"teacher_head": picking(["w0", "w2"]), "student_head": picking(["s6", "s1"])}
    outcome = w2s.WeakToStrong(weak, strong, Y, **heads).outcome()
    plain = w2s.WeakToStrong(
        WEAK[:, [0, 2]],
        STRONG[:, [6, 1]],
        Y,
        teacher_head=make_pipeline(StandardScaler(), Ridge()),
        student_head=make_pipeline(StandardScaler(), Ridge()),
        groups=None,
    ).outcome()
    np.testing.assert_allclose(numbers(outcome), numbers(plain), rtol=1e-9)
    own = w2s.own_pair(weak, strong, Y, head=heads["student_head"], teacher_head=heads["teacher_head"])
    np.testing.assert_allclose(numbers(own.outcome), numbers(outcome), rtol=1e-12)
    fitted = picking(["s0", "s3"]).fit(strong, Y)
    assert w2s.certify(fitted, strong, Y, SAID).outcome.misfit > 0
    assert w2s.certify(w2s.LinearHead(), strong, Y, SAID, student=fitted).convex.holds is True


def test_columns_of_words_are_no_hindrance_to_a_pipeline_that_reads_them() -> None:
    kind = np.array(["acid", "base", "salt"])[np.arange(N) % 3]
    strong = pd.DataFrame(STRONG, columns=list("abcdefg")).assign(kind=kind)
    pipe = make_pipeline(
        ColumnTransformer([("n", StandardScaler(), list("abc")), ("w", OneHotEncoder(), ["kind"])]), Ridge()
    )
    study = w2s.WeakToStrong(WEAK, strong, Y, student_head=pipe)
    assert study.outcome().gain > -1e6
    judged = w2s.certify(pipe.fit(strong, Y), strong, Y, SAID)
    assert judged.promise == "unknown"
    with pytest.raises(TypeError, match="student_features does not hold real numbers"):
        w2s.WeakToStrong(WEAK, strong, Y).outcome()


@pytest.mark.parametrize("where", ["teacher", "student", "both", "file", "polars"])
def test_split_and_groups_can_be_columns(where: str, tmp_path: Path) -> None:
    parts = np.array(["teacher", "student", "student", "test"])[np.arange(N) % 4]
    scaffold = np.array([f"ring {i // 4}" for i in range(N)])
    weak = pd.DataFrame(WEAK, columns=["w0", "w1", "w2"])
    strong = pd.DataFrame(STRONG, columns=[f"s{i}" for i in range(7)])
    with_both = {"part": parts, "scaffold": scaffold}
    teacher: Any = weak.assign(**with_both) if where in ("teacher", "both") else weak
    student: Any = strong.assign(**with_both) if where in ("student", "both") else strong
    if where == "file":
        weak.assign(**with_both).to_csv(tmp_path / "weak.csv", index=False)
        teacher = tmp_path / "weak.csv"
    elif where == "polars":
        teacher = pytest.importorskip("polars").from_dict(
            {**{name: weak[name].to_numpy() for name in weak}, **with_both}
        )
    groups = "scaffold" if where != "both" else "duplicates"
    expected_groups: Any = scaffold if where != "both" else "duplicates"
    if where == "both":
        teacher, student = teacher.drop(columns="scaffold"), student.drop(columns="scaffold")
    found = w2s.own_pair(teacher, student, Y, split="part", groups=groups)
    expected = w2s.own_pair(WEAK, STRONG, Y, split=parts, groups=expected_groups)
    np.testing.assert_allclose(numbers(found.outcome), numbers(expected.outcome), rtol=1e-9)
    assert found.intervals.units == expected.intervals.units


def test_a_column_that_is_not_there_or_in_another_order_is_told() -> None:
    strong = pd.DataFrame(STRONG).assign(id=np.arange(N)[::-1], part="test")
    with pytest.raises(ValueError, match="split is 'fold', but neither teacher nor student is a table with"):
        w2s.own_pair(WEAK, STRONG, Y, split="fold")
    with pytest.raises(ValueError, match="the column part is in the student's table only"):
        w2s.own_pair(pd.DataFrame(WEAK).assign(id=np.arange(N)), strong, Y, split="part")
