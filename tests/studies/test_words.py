"""The study: identities exactly, the table against single runs, and the signs that the chapter tells of."""

import subprocess
import sys
import time

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.heads import LinearHead
from w2s_widgets.studies.words import DIALS, LABELS, STUDENT_WORDS, TEACHER_LABELS, UNLABELLED

MPNET, NARROW, MINILM = "mpnet layer 9, width 256", "mpnet layer 9, width 64", "MiniLM layer 6, width 192"


@pytest.fixture(scope="module")
def study():
    return w2s.WordStudy()


@pytest.fixture(scope="module")
def table(study):
    return study.table()


def ladder(table, student, **state):
    state = {"student": student, "n_teacher": LABELS, "n_student": STUDENT_WORDS, "dial": 1.0} | state
    outcomes = [table.outcome(teacher=name, **state) for name in table.axis("teacher").values]
    return {
        name: np.array([getattr(o, name) for o in outcomes])
        for name in ("err_weak", "gain", "misfit", "slack")
    }


def test_the_three_parts_are_disjoint_and_cover_the_words(study):
    parts = np.concatenate([study.teacher_words, study.student_words, study.test_words])
    assert sorted(parts) == list(range(len(study.truth)))
    assert [len(study.teacher_words), len(study.student_words)] == [TEACHER_LABELS[-1], UNLABELLED[-1]]


def test_the_truth_is_standardised_over_all_words(study):
    assert abs(study.truth.mean()) < 1e-12
    assert abs(study.truth.var() - 1) < 1e-12
    np.testing.assert_allclose(study.ratings(study.truth), study.features.rating("Interoceptive"), atol=1e-12)


def test_a_seed_decides_everything(study):
    again, other = w2s.WordStudy(), w2s.WordStudy(seed=1)
    assert again.outcome("GloVe, width 50") == study.outcome("GloVe, width 50")
    assert other.outcome("GloVe, width 50") != study.outcome("GloVe, width 50")
    assert not np.array_equal(other.test_words, study.test_words)


def test_at_least_eight_teachers_sorted_by_measured_error(study, table):
    assert len(study.teachers) >= 8
    errors = ladder(table, MPNET)["err_weak"]
    assert (np.diff(errors) <= 1e-12).all()
    assert list(study.teachers) == list(table.axis("teacher").values)
    assert all(study.representations[name].shape[1] == model.width for name, model in study.teachers.items())


def test_gain_is_misfit_plus_slack_everywhere(table):
    sides = table.sides
    np.testing.assert_allclose(sides.gain, sides.misfit + sides.slack, atol=1e-12)
    np.testing.assert_allclose(sides.gain, sides.err_weak - sides.err_student, atol=1e-12)


def test_the_two_parts_of_the_slack_add_up_to_it(table):
    np.testing.assert_allclose(
        table.extra["alignment"] + table.extra["finite_sample"], table.sides.slack, atol=1e-12
    )


def test_the_table_is_what_single_runs_give(study, table):
    rng = np.random.default_rng(0)
    states = [
        {axis.name: axis.values[rng.integers(len(axis.values))] for axis in table.axes} for _ in range(25)
    ]
    for state in states:
        predictions = study.predictions(**state)
        single, looked_up = study.outcome(**state), table.outcome(**state)
        assert single.n == looked_up.n
        for name in ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling"):
            assert getattr(single, name) == pytest.approx(getattr(looked_up, name), abs=1e-10), (name, state)
        parts = study.slack_parts(state["student"], predictions)
        where = table.index(**state)
        assert parts.alignment == pytest.approx(table.extra["alignment"][where], abs=1e-10)
        assert parts.finite_sample == pytest.approx(table.extra["finite_sample"][where], abs=1e-10)


def test_at_dial_zero_the_truth_is_a_head_so_ceiling_and_alignment_vanish(table):
    assert np.abs(table.err_ceiling[..., 0]).max() < 1e-12
    assert np.abs(table.extra["alignment"][..., 0]).max() < 1e-12


def test_the_dial_mixes_the_best_head_with_the_ratings(study):
    rows = study.representations[MPNET]
    best = LinearHead().fit(rows, study.truth).predict(rows)
    np.testing.assert_allclose(study.target(MPNET, 0.3), best + 0.3 * (study.truth - best), atol=1e-12)
    np.testing.assert_allclose(study.target(MPNET, 1.0), study.truth, atol=1e-12)


def test_a_student_fitted_on_the_test_words_has_no_finite_sample_part(study):
    predictions = study.predictions("MiniLM layer 2, width 64", MPNET)
    rows = study.representations[MPNET][study.test_words]
    projected = LinearHead().fit(rows, predictions.teacher).predict(rows)
    ideal = predictions._replace(student=projected)
    parts = study.slack_parts(MPNET, ideal)
    assert abs(parts.finite_sample) < 1e-12
    outcome = w2s.measure(*ideal)
    assert outcome.slack == pytest.approx(parts.alignment, abs=1e-12)
    blind = (
        outcome.misfit,
        np.mean((predictions.truth - LinearHead().fit(rows, predictions.truth).predict(rows)) ** 2),
    )
    assert abs(parts.alignment) <= 2 * np.sqrt(blind[0] * blind[1])


def test_every_teacher_is_beaten_by_the_strong_student_on_the_real_ratings(table):
    numbers = ladder(table, MPNET)
    print("correlation of gain and misfit", np.corrcoef(numbers["gain"], numbers["misfit"])[0, 1].round(2))
    assert (numbers["gain"] > 0).all()
    assert (numbers["slack"] < 0).all()
    assert numbers["misfit"].max() > 3 * numbers["misfit"].min()


def test_with_a_truth_that_the_student_can_express_gain_is_nearly_misfit(table):
    numbers = ladder(table, MPNET, dial=0.0)
    print("correlation of gain and misfit", np.corrcoef(numbers["gain"], numbers["misfit"])[0, 1].round(2))
    assert 0.8 < numbers["gain"].sum() / numbers["misfit"].sum() < 1.1


def test_the_share_of_the_misfit_that_is_gained_falls_as_the_dial_rises(table):
    shares = []
    for dial in DIALS:
        numbers = ladder(table, MPNET, dial=dial)
        shares.append(numbers["gain"].sum() / numbers["misfit"].sum())
    assert (np.diff(shares) < 0).all()


def test_minilm_as_strong_model_gains_nothing_although_it_misfits(table):
    numbers = ladder(table, MINILM)
    assert numbers["misfit"].mean() > 0.05
    assert numbers["gain"].mean() < 0.1 * numbers["misfit"].mean()
    assert (numbers["gain"] < 0).sum() >= 3
    assert (numbers["gain"] < ladder(table, MPNET)["gain"]).all()


def test_a_student_that_holds_its_teachers_features_copies(table):
    numbers = ladder(table, MINILM)
    copying = list(table.axis("teacher").values).index("MiniLM layer 6, width 64")
    assert numbers["misfit"][copying] < 1e-3
    assert abs(numbers["gain"][copying]) < 1e-3


def test_more_unlabelled_words_shrink_the_finite_sample_part(table):
    rest = table.extra["finite_sample"]
    along = np.abs(rest[:, 0, :, :, -1]).mean(axis=(0, 1))
    assert (np.diff(along) < 0).all()


def test_reasons_fit_their_states(table):
    reason, alignment, rest = table.reason, table.extra["alignment"], table.extra["finite_sample"]
    assert set(np.unique(reason)) <= set(range(len(table.reasons)))
    assert (np.isin(reason[..., 0], (0, 1))).all()
    assert (np.abs(rest[reason == 2]) > np.abs(alignment[reason == 2])).all()
    assert (alignment[reason == 4] < 0).all()
    assert (table.sides.misfit[reason == 1] < 0.01 * table.sides.err_weak[reason == 1]).all()
    assert len(np.unique(reason)) == len(table.reasons)


def test_the_table_takes_seconds(study):
    began = time.perf_counter()
    study.table()
    assert time.perf_counter() - began < 15  # about 1 s on a free core


def test_single_words_are_found_and_shown_with_their_ratings(study):
    indices = study.find(["rope", "hunger"])
    assert study.words(indices) == ["rope", "hunger"]
    rope, hunger = study.ratings(study.truth[indices])
    assert rope < 1 < 4 < hunger


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda s: w2s.WordStudy("Sixth sense"), "choose one of Visual, Auditory, Haptic"),
        (lambda s: s.outcome("BERT"), "teacher is 'BERT': choose one of GloVe, width 8"),
        (lambda s: s.outcome("GloVe, width 8", "BERT"), "student is 'BERT': choose one of mpnet"),
        (lambda s: s.outcome("GloVe, width 8", dial=1.5), "dial is 1.5: give a number from 0 to 1"),
        (
            lambda s: s.outcome("GloVe, width 8", n_teacher=10),
            "n_teacher is 10: give a number from 16 to",
        ),
        (
            lambda s: s.outcome("GloVe, width 8", n_student=7000),
            "unlabelled is 7000: give a number from 258 to",
        ),
        (lambda s: s.outcome("GloVe, width 8", n_student="all"), "unlabelled is 'all': give a number"),
        (lambda s: s.words([99999]), "indices go outside the file"),
        (lambda s: s.find(["qwertz"]), "'qwertz' is not among the words"),
    ],
)
def test_bad_input(study, call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(study)


def test_the_study_needs_no_torch():
    program = (
        "import sys, w2s_widgets as w2s; w2s.WordStudy().outcome('GloVe, width 8'); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'pandas', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
