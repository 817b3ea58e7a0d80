"""The study's table: every entry is what a single fit gives, and its parts add up."""

from __future__ import annotations

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.studies.features.examples import small_study
from w2s_widgets.theory.outcome_table import OutcomeTable


@pytest.fixture(scope="module")
def study() -> w2s.FeatureStudy:
    return small_study()


@pytest.fixture(scope="module")
def table(study: w2s.FeatureStudy) -> OutcomeTable:
    return study.table()


def some_states(table: OutcomeTable, count: int) -> list[dict[str, float | str]]:
    rng = np.random.default_rng(0)
    return [
        table.nearest_possible(
            **{axis.name: axis.values[rng.integers(len(axis.values))] for axis in table.axes}
        )
        for _ in range(count)
    ]


def test_its_axes_are_the_studys(study: w2s.FeatureStudy, table: OutcomeTable) -> None:
    assert [axis.name for axis in table.axes] == [
        "teacher", "student", "n_teacher", "n_student", "head", "realizability",
    ]  # fmt: skip
    assert table.axis("teacher").values == study.axes["teacher"]
    assert table.axis("realizability").values == (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    assert table.n == len(study.splits[0].test)


def test_every_entry_is_what_a_single_fit_gives(study: w2s.FeatureStudy, table: OutcomeTable) -> None:
    for state in some_states(table, 40):
        single, looked_up = study.outcome(**state), table.outcome(**state)
        for name in ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling"):
            assert getattr(looked_up, name) == pytest.approx(getattr(single, name), abs=1e-9), (name, state)


def test_the_parts_are_those_of_the_heads_and_add_up(study: w2s.FeatureStudy, table: OutcomeTable) -> None:
    total = sum(table.extra.values())
    np.testing.assert_allclose(total, table.sides.slack, atol=1e-12)
    for state in some_states(table, 20):
        parts, where = study.slack_parts(**state), table.index(**state)
        assert table.extra["alignment"][where] == pytest.approx(parts.alignment, abs=1e-9)
        assert table.extra["shape"][where] == pytest.approx(parts.shape, abs=1e-9)
        rest = parts.finite_sample + parts.unfinished_fit
        assert table.extra["sample_and_penalty"][where] == pytest.approx(rest, abs=1e-9)


def test_the_mean_over_splits_is_the_mean(study: w2s.FeatureStudy) -> None:
    mean = study.table("mean")
    tables = [study.table(split) for split in range(5)]
    for name in ("err_weak", "gain", "slack"):
        expected = np.mean([getattr(table.sides, name) for table in tables], axis=0)
        np.testing.assert_allclose(getattr(mean.sides, name), expected, atol=1e-15)
    np.testing.assert_allclose(mean.sides.gain, mean.sides.misfit + mean.sides.slack, atol=1e-12)


def test_where_a_linear_head_has_too_few_inputs_the_head_adjusts() -> None:
    study = small_study(400, n_student=[20, 200])
    table = study.table()
    state = {**study.defaults, "student": "wide", "n_student": 20, "head": "linear"}
    del state["split"]
    assert not table.reachable[table.index(**state)]
    assert table.nearest_possible(**state)["head"] == "ball"
    assert table.reachable[table.index(**(state | {"student": "narrow"}))]


def test_where_only_linear_heads_are_offered_the_budget_adjusts_or_nothing_can_be_shown() -> None:
    table = small_study(400, n_student=[20, 200], heads=["linear"]).table()
    assert table.adjusts == "n_student"
    with pytest.raises(ValueError, match="no head of this study can be fitted"):
        small_study(400, n_student=[12, 20], heads=["linear"]).table()


def test_a_ball_that_teacher_and_truth_leave_has_a_part_for_its_surface() -> None:
    rng = np.random.default_rng(0)
    features = rng.standard_normal((2000, 4))
    y = features @ [1.0, 0, 0, 0] + rng.standard_normal(2000)
    study = w2s.FeatureStudy(
        {"own": features}, {"s": features}, y,
        heads=["ball"], n_teacher=[30], n_student=[1000], radius=0.3, splits=1,
    )  # fmt: skip
    parts = study.slack_parts()
    assert parts.shape > 1e-3
    assert parts.slack == pytest.approx(parts.total, abs=1e-12)
    assert study.table().extra["shape"].max() == pytest.approx(parts.shape, abs=1e-9)


def test_where_the_test_part_is_small_the_reason_says_so() -> None:
    rng = np.random.default_rng(0)
    wide = rng.standard_normal((150, 60))
    study = w2s.FeatureStudy({"few": wide[:, :4]}, {"wide": wide}, wide[:, 0] + wide[:, 10], splits=1)
    table = study.table()
    assert set(np.array(table.reasons)[np.unique(table.reason)]) <= {
        reason.words for reason in study.reasons[:2]
    }


def test_sentences_name_the_inputs() -> None:
    table = small_study(300, unit="molecules", splits=1, heads=["ridge"], n_student=[100]).table()
    assert "molecules" in table.axis("n_student").label
    assert not any("{unit}" in sentence for sentence in table.reasons)
    assert table.possible is None


def test_a_budget_that_is_not_used_up_is_said_and_one_that_makes_weak_is_named() -> None:
    rng = np.random.default_rng(0)
    strong = rng.standard_normal((2000, 8))
    weak = strong[:, :4] + 0.3 * rng.standard_normal((2000, 4))
    y = strong @ np.ones(8)
    kinds = {"heads": ["linear", "ball"], "splits": 1, "realizabilities": [0.0]}
    for radius, expected in ((50.0, "not used up"), (0.2, "the budget makes it weak")):
        study = w2s.FeatureStudy({"weak": weak}, {"strong": strong}, y, radius=radius, **kinds)
        table = study.table()
        most = {"n_teacher": study.n_teacher[-1], "n_student": study.n_student[-1]}
        state = {"teacher": "weak", "student": "strong", "realizability": 0.0, **most}
        assert expected in table.reason_of(head="ball", **state)
        assert "budget" not in table.reason_of(head="linear", **state)
    alone = w2s.FeatureStudy({"weak": weak}, {"strong": strong}, y, heads=["ball"], splits=1).table()
    assert not any("not used up" in alone.reasons[code] for code in np.unique(alone.reason))
