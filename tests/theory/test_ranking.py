"""Correlations over teachers and splits, and the ranking of teachers, against independent computing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

import w2s_widgets as w2s
from tests.optional import optional
from tests.theory.teacher_rows import rows
from w2s_widgets.theory.ranking import gain_misfit_correlation, rank_teachers, read_results


def test_rows_come_in_any_order_and_from_data_frames() -> None:
    pandas = optional("pandas", "sweep")
    plain = read_results(rows())
    shuffled = [rows()[i] for i in np.random.default_rng(0).permutation(40)]
    again = read_results(pandas.DataFrame(shuffled))
    order = [again.teachers.index(name) for name in plain.teachers]
    columns = [again.splits.index(split) for split in plain.splits]
    np.testing.assert_array_equal(again.gain[np.ix_(order, columns)], plain.gain)
    np.testing.assert_allclose(plain.promise, plain.err_weak - plain.misfit)


def test_failed_rows_are_left_out_only_if_nothing_else_is_missing() -> None:
    failed = {"teacher": "odd", "split": 0, **dict.fromkeys(("err_weak", "err_student", "misfit", "gain"))}
    assert read_results([*rows(), failed]).teachers == read_results(rows()).teachers
    nan = {**rows()[0], "gain": float("nan")}
    with pytest.raises(ValueError, match="teacher 't0' has no row on split 0"):
        read_results([nan, *rows()[1:]])


WRONG: dict[str, tuple[list[dict[str, Any]], str]] = {
    "nothing": ([], "there is no row with numbers: give at least one outcome."),
    "a column": ([{"teacher": "a", "gain": 1.0}], "a row has no 'err_weak': give rows as scatter() or"),
    "twice": (
        rows()[:1] * 2,
        "there are two rows of teacher 't0' on split 0: keep one setting of everything",
    ),
    "a hole": (rows()[1:], "teacher 't0' has no row on split 0, as another has: give all of them."),
}


@pytest.mark.parametrize("name", WRONG)
def test_rows_that_cannot_be_arranged_are_one_sentence(name: str) -> None:
    given, words = WRONG[name]
    with pytest.raises(ValueError, match=f"^{re.escape(words)}"):
        read_results(given)


def test_the_correlation_is_pearsons_over_all_rows() -> None:
    given = rows()
    found = gain_misfit_correlation(given)
    expected = pearsonr([row["misfit"] for row in given], [row["gain"] for row in given]).statistic
    assert found.value == pytest.approx(expected, abs=1e-12)
    assert found.low < found.value < found.high
    assert (found.teachers, found.splits) == (8, 5)


def test_the_rank_correlation_is_spearmans_of_means_with_ties() -> None:
    given = rows(noise=0.3)
    for row in given:
        if row["teacher"] in ("t2", "t3"):  # a tie, which shares a rank
            row.update(err_weak=0.7, misfit=0.2)
    results = read_results(given)
    found = rank_teachers(given)
    expected = spearmanr(results.promise.mean(axis=1), results.err_student.mean(axis=1)).statistic
    assert found.spearman.value == pytest.approx(expected, abs=1e-12)
    assert abs(expected) < 0.99


def test_the_interval_widens_with_fewer_teachers_and_more_noise() -> None:
    def width(**options: Any) -> float:
        found = gain_misfit_correlation(rows(**options))
        return found.high - found.low

    assert width(noise=0.05) > width(noise=0.02)
    assert np.mean([width(teachers=4, seed=s) for s in range(5)]) > np.mean(
        [width(teachers=16, seed=s) for s in range(5)]
    )


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Teachers drawn from a population with a known correlation; splits agree, as on real data."""
    rng = np.random.default_rng(1)
    truth, covered, trials = 0.8, 0, 120
    for trial in range(trials):
        gain, misfit = rng.multivariate_normal([0, 0], [[1, truth], [truth, 1]], size=25).T
        given = [
            {"teacher": str(i), "split": s, "gain": g, "misfit": m, "err_weak": 0.0, "err_student": 0.0}
            for s in range(3)
            for i, (g, m) in enumerate(zip(gain, misfit, strict=True))
        ]
        found = gain_misfit_correlation(given, resamples=300, seed=trial)
        covered += found.low <= truth <= found.high
    assert 0.85 <= covered / trials <= 1.0


def test_same_seed_same_interval() -> None:
    assert gain_misfit_correlation(rows()) == gain_misfit_correlation(rows())
    assert gain_misfit_correlation(rows()).low != gain_misfit_correlation(rows(), seed=1).low


def test_what_never_varies_has_no_correlation() -> None:
    flat = [{**row, "misfit": 0.1} for row in rows()]
    found = gain_misfit_correlation(flat)
    assert np.isnan([found.value, found.low, found.high]).all()
    assert "unknown" in str(found)


def test_the_ranking_is_by_the_promise_and_states_what_it_costs() -> None:
    given = rows(teachers=3, splits=2, noise=0.0)
    ranking = rank_teachers(given)
    assert [row["teacher"] for row in ranking.as_rows()] == ["t2", "t1", "t0"]
    assert ranking.best == "t2"
    assert ranking.regret == 0
    assert ranking.spearman.value == pytest.approx(1)
    for row in given:
        if row["teacher"] == "t0":
            row["err_student"] = 0.1
    worse = rank_teachers(given)
    assert worse.best == "t2"
    assert worse.regret == pytest.approx(read_results(given).err_student[2].mean() - 0.1)
    assert [row["real_rank"] for row in worse.as_rows()] == [2, 3, 1]


def test_it_prints_as_a_table_with_its_correlation() -> None:
    text = str(rank_teachers(rows(teachers=3)))
    lines = text.splitlines()
    assert len(lines) == 5
    assert lines[0].split()[:4] == ["rank", "teacher", "err_weak", "misfit"]
    assert lines[1].startswith("   1  t2")
    assert lines[-1].startswith(
        "Rank correlation of err_weak - misfit and the student’s error 1.00 over 3 teachers"
    )
    assert "95 % interval" in lines[-1]
    assert "±" not in str(rank_teachers(rows(teachers=3, splits=1))).replace("± is", "")


def test_it_shows_as_a_table_with_headings_and_no_raw_names() -> None:
    given = [{**row, "teacher": f"<b>{row['teacher']}</b>"} for row in rows(teachers=3)]
    html = rank_teachers(given)._repr_html_()
    assert html.count("<tr>") == 4
    assert html.count('<th scope="col"') == 7
    assert "<caption" in html
    assert "<b>" not in html


def related(
    families: int, size: int, rng: np.random.Generator, shared: float = 0.8
) -> tuple[Any, dict[str, int]]:
    """Rows of unrelated gain and misfit, of teachers that resemble each other within families."""
    family = np.repeat(np.arange(families), size)

    def numbers() -> np.ndarray:
        own = rng.standard_normal(families * size)
        return np.sqrt(shared) * rng.standard_normal(families)[family] + np.sqrt(1 - shared) * own

    misfit, gain = numbers(), numbers()
    names = [f"t{i}" for i in range(len(family))]
    rows = [
        {"teacher": name, "err_weak": 9.0, "err_student": 9.0 - g, "misfit": m, "gain": g}
        for name, m, g in zip(names, misfit, gain, strict=True)
    ]
    return rows, dict(zip(names, family.tolist(), strict=True))


def test_whole_families_are_drawn_where_they_are_known() -> None:
    rng = np.random.default_rng(2)
    held = {True: 0, False: 0}
    for draw in range(60):
        rows, families = related(8, 4, rng)
        for known in held:
            found = w2s.gain_misfit_correlation(
                rows, families=families if known else None, resamples=200, seed=draw
            )
            held[known] += found.low <= 0 <= found.high
    assert held[True] > held[False] + 5
    assert held[True] >= 50
    rows, families = related(5, 3, rng)
    assert "bootstrap over 5 families and splits" in str(w2s.rank_teachers(rows, families=families).spearman)
    assert "as if unrelated" in str(w2s.rank_teachers(rows).spearman)
    with pytest.raises(ValueError, match="families has no family for teacher 't"):
        w2s.rank_teachers(rows, families={"t1": 1})


def test_rules_are_compared_on_the_same_draws() -> None:
    rng = np.random.default_rng(4)
    quality = np.linspace(0, 1, 12)
    rows = []
    for split in range(3):
        for i, value in enumerate(quality):
            student = 1 - value + 0.02 * rng.standard_normal()
            misfit = 0.3 * rng.random()
            rows.append(
                {
                    "teacher": f"t{i}",
                    "split": split,
                    "err_weak": student + misfit,
                    "err_student": student,
                    "misfit": misfit,
                    "gain": misfit,
                }
            )
    paired = w2s.compare_rankings(rows)
    ranks = {
        name: float(np.corrcoef(np.argsort(np.argsort(one)), np.argsort(np.argsort(other)))[0, 1])
        for name, (one, other) in {
            "promise": _means(rows, "promise"),
            "err_weak": _means(rows, "err_weak"),
        }.items()
    }
    assert paired.value == pytest.approx(ranks["promise"] - ranks["err_weak"], abs=1e-12)
    assert paired.low <= paired.value <= paired.high
    single = w2s.rank_teachers(rows).spearman
    assert paired.high - paired.low < 2 * (single.high - single.low) + 0.3
    same = w2s.compare_rankings(rows, "promise", "promise")
    assert (same.value, same.low, same.high) == (0, 0, 0)
    own = w2s.compare_rankings(rows, {f"t{i}": -i for i in range(12)}, "promise")
    assert own.value >= -0.05
    assert "paired" in str(own)
    for rule, problem in (
        ("width", "rule is 'width': choose one of"),
        ({"t0": 1.0}, "no number for teacher 't1'"),
    ):
        with pytest.raises(ValueError, match=problem):
            w2s.compare_rankings(rows, rule)


def _means(rows: Any, name: str) -> tuple[np.ndarray, np.ndarray]:
    table: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        number = row["err_weak"] - row["misfit"] if name == "promise" else row[name]
        table.setdefault(row["teacher"], []).append((number, row["err_student"]))
    means = np.array([np.mean(values, axis=0) for values in table.values()])
    return means[:, 0], means[:, 1]
