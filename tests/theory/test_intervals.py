"""Intervals of one outcome: what they hold, what they follow, and when they say that they know too little."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.theory.intervals import FEWEST_UNITS


def functions(n: int, rng: np.random.Generator, groups: int = 0) -> tuple[np.ndarray, ...]:
    """Truth, teacher, student, ceiling: what population numbers are known of, errors skewed."""
    shared = rng.standard_normal((groups or n, 3))[np.arange(n) % (groups or n)]
    own = rng.standard_normal((n, 3))
    a, b, c = ((shared + own) / np.sqrt(2) if groups else own).T
    truth = a
    return truth, truth + b, truth + 0.6 * b - 0.2 * c, truth + 0.3 * c


POPULATION = {
    "err_weak": 1.0,
    "err_student": 0.4,
    "misfit": 0.2,
    "gain": 0.6,
    "slack": 0.4,
    "err_ceiling": 0.09,
}
POPULATION["pgr"] = 0.6 / 0.91


@pytest.mark.parametrize(("n", "groups"), [(60, 0), (160, 40)])
def test_coverage_is_near_to_95_percent(n: int, groups: int) -> None:
    rng = np.random.default_rng(n + 1)
    held = dict.fromkeys(POPULATION, 0)
    draws = 400
    for draw in range(draws):
        names = np.arange(n) % groups if groups else None
        found = w2s.outcome_intervals(*functions(n, rng, groups), groups=names, resamples=400, seed=draw)
        for name, interval in found:
            held[name] += interval.low <= POPULATION[name] <= interval.high
    for name, count in held.items():
        assert 0.92 <= count / draws <= 0.985, f"{name}: {count / draws}"


def test_one_row_at_a_time_would_be_too_short_for_groups() -> None:
    given = functions(400, np.random.default_rng(3), 40)
    alone, whole = (w2s.outcome_intervals(*given, groups=names) for names in (None, np.arange(400) % 40))
    for name in ("err_weak", "misfit"):
        short, long = getattr(alone, name), getattr(whole, name)
        assert long.high - long.low > 1.5 * (short.high - short.low)
    assert (whole.units, whole.n, whole.grouped) == (40, 400, True)


def test_values_are_those_of_the_outcome_and_lie_inside() -> None:
    given = functions(90, np.random.default_rng(1))
    outcome, found = w2s.measure(*given), w2s.outcome_intervals(*given)
    for name, interval in found:
        assert interval.value == pytest.approx(getattr(outcome, name), rel=1e-12)
        assert interval.low < interval.value < interval.high
    assert found.misfit.low > 0
    row = found.as_dict()
    assert row["pgr_low"] < row["pgr"] < row["pgr_high"]  # type: ignore[operator]
    assert found == w2s.outcome_intervals(*given)
    assert found != w2s.outcome_intervals(*given, seed=1)


@pytest.mark.parametrize("unit", [1e-9, 1e6])
def test_units_and_shifts_change_nothing(unit: float) -> None:
    given = functions(90, np.random.default_rng(2))
    here, there = (
        w2s.outcome_intervals(*(scale * values + move for values in given))
        for scale, move in ((1.0, 0.0), (unit, 3 * unit))
    )
    for name, interval in here:
        factor = 1.0 if name == "pgr" else unit**2
        np.testing.assert_allclose(getattr(there, name), np.array(interval) * factor, rtol=1e-6)


def test_sharing_what_both_get_wrong_makes_the_gain_better_known_than_the_errors() -> None:
    rng = np.random.default_rng(5)
    truth, both = np.zeros(200), 3 * rng.standard_normal(200)
    found = w2s.outcome_intervals(truth, both + 0.1 * rng.standard_normal(200), both)
    width = {name: interval.high - interval.low for name, interval in found}
    assert width["gain"] < 0.2 * width["err_weak"]


def test_several_outputs_are_drawn_together() -> None:
    truth, teacher, student, _ = functions(80, np.random.default_rng(6))
    one = w2s.outcome_intervals(truth, teacher, student)
    twice = w2s.outcome_intervals(*(np.stack([v, v], 1) for v in (truth, teacher, student)))
    np.testing.assert_allclose(twice.gain, one.gain, rtol=1e-12)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (functions(FEWEST_UNITS - 4, np.random.default_rng(0)), "There are only 26 test inputs"),
        ((np.zeros(60), np.r_[np.ones(59), 40.0], np.zeros(60)), "One input (that of test row 59) makes"),
    ],
)
def test_too_little_is_said(given: Any, words: str) -> None:
    found = w2s.outcome_intervals(*given)
    assert found.doubt.startswith(words)
    assert found.doubt in str(found)


def test_a_gap_that_is_not_told_from_zero_gives_no_interval_for_the_share_of_it() -> None:
    truth, teacher, student, _ = functions(60, np.random.default_rng(8))
    found = w2s.outcome_intervals(truth, teacher, student, teacher[::-1])
    assert found.pgr is None
    assert "PGR has none" in str(found)


def test_numbers_that_do_not_vary_have_no_width() -> None:
    found = w2s.outcome_intervals(np.zeros(40), np.ones(40), np.full(40, 0.5), np.zeros(40))
    assert found.gain == (0.75, 0.75, 0.75)
    assert found.pgr == (0.75, 0.75, 0.75)
    same = w2s.outcome_intervals(np.arange(40.0), np.arange(40.0), np.arange(40.0))
    assert same.gain == (0, 0, 0)


def test_many_inputs_take_no_longer() -> None:
    given = functions(300_000, np.random.default_rng(9))
    start = time.perf_counter()
    found = w2s.outcome_intervals(*given)
    assert time.perf_counter() - start < 5
    half = 1.96 * np.std((given[1] - given[0]) ** 2 - (given[2] - given[0]) ** 2) / np.sqrt(300_000)
    assert (found.gain.high - found.gain.low) / 2 == pytest.approx(half, rel=0.15)


@pytest.mark.parametrize(
    ("options", "problem", "sentence"),
    [
        ({"groups": ["a"] * 60}, ValueError, "all inputs are of one group"),
        ({"groups": [1, 2]}, ValueError, r"groups has shape \(2,\) but there are 60 inputs"),
        ({"level": 1.5}, ValueError, "level is 1.5"),
        ({"resamples": 3}, ValueError, "resamples is 3: give a whole number of at least 100"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"ceiling": [1.0]}, ValueError, "ceiling has shape"),
    ],
)
def test_bad_options_are_one_sentence(options: dict[str, Any], problem: Any, sentence: str) -> None:
    truth, teacher, student, _ = functions(60, np.random.default_rng(0))
    with pytest.raises(problem, match=sentence):
        w2s.outcome_intervals(truth, teacher, student, **options)
