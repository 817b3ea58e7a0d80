"""Sentences and numbers: the right case, no contradiction, no noise shown as meaning."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_widgets._numbers import MINUS, format_fixed, format_number
from w2s_widgets.display.text import SENTENCES, fill_reason, sentence, sentence_case, slack_verdict
from w2s_widgets.theory.outcome import Outcome, measure

CASES = {
    "all_same": ([1, 2], [1, 2], [1, 2]),
    "copy": ([0, 0], [1, 2], [1, 2]),
    "perfect_teacher": ([0, 0], [0, 0], [1, 1]),
    "perfect_student": ([0, 0], [1, 1], [0, 0]),
    "right": ([0, 0], [1, 1], [1, 0]),
    "obtuse": ([0, 0], [2, 0], [1, 0.1]),
    "acute": ([0, 0], [2, 0], [-1, 0]),
    "draw": ([0, 0], [1, 0], [-1, 0]),
    "worse": ([0, 0], [1, 0], [-2, 0]),
    "near_copy": ([0, 0], [1, 0.01], [1, 0]),
}


def test_every_case_is_tried():
    assert set(CASES) == set(SENTENCES)


@pytest.mark.parametrize("case", CASES)
def test_case(case: str):
    outcome = measure(*CASES[case])
    assert sentence_case(outcome) == case
    said = sentence(outcome)
    assert "{" not in said
    assert said.endswith(".")
    assert said == str(outcome)


# What is written as zero at the usual scale has three digits at any other.
@pytest.mark.parametrize("case", sorted(set(CASES) - {"near_copy"}))
@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_case_does_not_depend_on_units(case: str, scale: float):
    assert sentence_case(measure(*(np.multiply(values, scale) for values in CASES[case]))) == case


def test_rounding_noise_is_no_meaning():
    third = 1 / 3
    assert sentence_case(measure([third, 0], [1, third], [1 + 1e-16, third * (1 + 1e-15)])) == "copy"
    assert sentence_case(measure([0.1 + 0.2, 1], [5, 7], [0.3, 1])) == "perfect_student"


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 3), min_size=1, max_size=5))
def test_sentences_never_contradict_the_numbers(rows: list[tuple[int, int, int]]):
    truth, teacher, student = np.array(rows).T
    outcome = measure(truth, teacher, student)
    case = sentence_case(outcome)
    said = sentence(outcome)
    if "beats its teacher" in said:
        assert outcome.gain > 0
    if "worse" in said:
        assert outcome.gain < 0
    if case == "right":
        assert outcome.angle == pytest.approx(90, abs=0.05)
    if case == "obtuse":
        assert outcome.gain > outcome.misfit
        assert outcome.angle > 90
    if case in ("acute", "draw", "worse"):
        assert outcome.gain < outcome.misfit
        assert outcome.angle < 90
    assert (case == "copy") == (outcome.misfit == 0 and outcome.err_weak > 0)
    assert slack_verdict(outcome) == (
        "gain = misfit"
        if round(outcome.slack, 3) == 0
        else ("gain > misfit" if outcome.slack > 0 else "gain < misfit")
    )


def test_a_reason_takes_the_words_of_the_state_first():
    outcome = measure([0, 0], [1, 1], [1, 0])
    filled = fill_reason("{misfit} and {gain} and {angle} degrees", outcome, {"misfit": "a third"})
    assert filled == "a third and 0.500 and 90.0 degrees"


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_fixed_numbers_are_the_nearest_decimals(value: float, decimals: int):
    text = format_fixed(value, decimals)
    assert not (text.startswith(MINUS) and not any(digit in text for digit in "123456789")), "minus zero"
    assert float(text.replace(MINUS, "-")) == pytest.approx(value, abs=0.5000001 * 10.0**-decimals)
    assert len(text.partition(".")[2]) == decimals


def test_ties_go_away_from_zero_as_in_a_browser():
    assert [format_fixed(value, 0) for value in (0.5, 1.5, 2.5, -2.5)] == ["1", "2", "3", f"{MINUS}3"]
    assert format_fixed(1.005, 2) == "1.00"  # the float is below the tie
    assert format_fixed(math.nan, 2) == format_fixed(math.inf, 2) == "unknown"


def test_numbers_keep_three_digits_at_any_scale():
    assert format_number(0.12345) == "0.123"
    assert format_number(1.2345e-5, scale=2e-5) == f"1.23e{MINUS}05"
    assert format_number(-123456.0, scale=2e5) == f"{MINUS}1.23e+05"
    assert format_number(-112500.0, scale=2e5) == f"{MINUS}1.13e+05"  # a tie, as in a browser
    assert format_number(999900.0, scale=2e6) == "1.00e+06"
    assert format_number(1e-14, scale=1.0) == "0.000"
    assert format_number(0.0, scale=0.0) == "0.000"


def test_a_gain_of_nothing_is_not_a_minus():
    assert sentence(Outcome(1, 1, 0, -0.0, -0.0)) == (
        "The student copies its teacher, mistakes and all: misfit 0.000, gain 0.000, no angle."
    )


def test_no_sentence_speaks_of_a_number_that_is_written_as_zero() -> None:
    rng = np.random.default_rng(0)
    seen = set()
    for size in 10.0 ** rng.uniform(-5, 0, 3000):
        truth, teacher, step = rng.standard_normal((3, 2))
        outcome = measure(truth, teacher, teacher + size * step)
        said, case = sentence(outcome), sentence_case(outcome)
        seen.add(case)
        assert "beats its teacher by 0.000" not in said
        assert "worse than its teacher by 0.000" not in said
    assert {"near_copy", "draw", "acute", "obtuse", "worse"} <= seen
