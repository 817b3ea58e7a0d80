"""What an own pair's certificate says: in sample and out of it, of which inputs, and up to which digits."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.datasets.written_digits import rounding_of
from w2s_widgets.display.certificate_html import parts_sentence
from w2s_widgets.theory.slack import SlackParts

N = 360
RNG = np.random.default_rng(21)
STRONG = RNG.standard_normal((N, 5)) * [1, 3, 0.2, 1, 8]
WEAK = STRONG[:, :2] + RNG.standard_normal((N, 2))
INSIDE = STRONG @ [1.0, -0.3, 2.0, 0.5, 0.1]
OUTSIDE = INSIDE + np.cos(3 * STRONG[:, 0]) + 0.3 * RNG.standard_normal(N)


def test_in_sample_a_linear_student_keeps_its_promise() -> None:
    exact = w2s.own_pair(WEAK, STRONG, INSIDE, head="linear")
    assert exact.certificate_in_sample.promise == "equality"
    assert exact.certificate_in_sample.agrees is True
    assert exact.certificate_in_sample.outcome.n == len(exact.split.student)
    assert "Theorem 1 promises gain = misfit" in exact.headline
    outside = w2s.own_pair(WEAK, STRONG, OUTSIDE, head="linear")
    inside = outside.certificate_in_sample
    assert (inside.promise, inside.agrees) == ("bound", True)
    assert outside.certificate.promise == "nothing"
    for words in ("a truth in the student’s class", "a student that has seen all inputs"):
        assert words in outside.headline


def test_a_penalty_is_named_as_what_is_missing() -> None:
    pair = w2s.own_pair(WEAK, STRONG, OUTSIDE, head="ridge")
    assert pair.certificate_in_sample.promise == "nothing"
    assert "a fit without a penalty" in pair.headline


def test_an_unknown_class_is_named_as_what_is_missing() -> None:
    from sklearn.neighbors import KNeighborsRegressor

    pair = w2s.own_pair(WEAK, STRONG, OUTSIDE, head=KNeighborsRegressor(5))
    assert "a class that is known" in pair.headline
    assert pair.certificate_in_sample.promise == "unknown"


def test_the_distribution_is_said_and_of_a_division_of_ones_own_unknown() -> None:
    drawn = w2s.own_pair(WEAK, STRONG, OUTSIDE)
    assert drawn.certificate.same_distribution.holds is True
    later = np.where(np.arange(N) < 90, "teacher", np.where(np.arange(N) < 280, "student", "test"))
    own = w2s.own_pair(WEAK, STRONG, OUTSIDE, split=later)
    assert own.certificate.same_distribution.holds is None
    assert "known to be drawn as those of the fit were" in own.headline
    head = w2s.LinearHead().fit(STRONG[:200], OUTSIDE[:200])
    asked: dict[str, Any] = {"fitted_on": (STRONG[:200], OUTSIDE[:200])}
    for said in (True, False, None):
        found = w2s.certify(head, STRONG[200:], OUTSIDE[200:], WEAK[200:, 0], same=said, **asked)
        assert found.same_distribution.holds is said
    assert w2s.certify(head, STRONG, OUTSIDE, WEAK[:, 0]).same_distribution.holds is True
    assert found.as_dict()["same_distribution"] is None


@pytest.mark.parametrize("digits", [3, 4, 6])
def test_values_written_with_few_digits_are_in_the_class_up_to_rounding(digits: int) -> None:
    pair = w2s.own_pair(WEAK, STRONG.round(digits), INSIDE.round(digits), head="linear")
    for certificate in (pair.certificate, pair.certificate_in_sample):
        assert certificate.realizable.holds is True
        assert "up to rounding" in certificate.realizable.words
    assert pair.certificate_in_sample.agrees is True
    noisy = INSIDE + 50 * 10.0**-digits * RNG.standard_normal(N)
    wrong = w2s.own_pair(WEAK, STRONG.round(digits), noisy.round(digits), head="linear")
    assert wrong.certificate.realizable.holds is False


def test_significant_digits_count_and_whole_numbers_do_not() -> None:
    values = np.exp(3 * RNG.standard_normal(500))
    pasted = np.array([float(f"{value:.4g}") for value in values])
    error = np.sqrt(np.mean((pasted - values) ** 2))
    assert rounding_of(pasted) == pytest.approx(error, rel=0.3)
    assert rounding_of(values) == 0
    assert rounding_of(np.round(values)) == 0
    grades = np.clip(np.round(INSIDE), -3, 3)
    assert w2s.own_pair(WEAK, STRONG, grades, head="linear").certificate.realizable.holds is False


def test_one_headline_and_no_promise_that_nobody_made() -> None:
    pair = w2s.own_pair(WEAK, STRONG, OUTSIDE)
    card = pair._repr_html_()
    assert card.count("<strong>On ") == 1
    assert "promise broken" not in card
    drawn = [text.get_text() for text in pair.scatter().figure.axes[0].texts]
    assert not any("Theorem 1 allows" in words for words in drawn)
    scale = pair.outcome.scale
    assert scale > 0
    assert "[" in str(pair.certificate).rsplit("Measured", 1)[1]


@pytest.mark.parametrize("seed", range(30))
def test_printed_parts_add_up_to_the_printed_slack(seed: int) -> None:
    a, b, c, d = (np.random.default_rng(seed).standard_normal(4) * 0.1).tolist()
    words = parts_sentence(SlackParts(a, b, c, d, a + b + c + d, 0.5, 0.1, 0.1))
    signed = words.replace("\N{MINUS SIGN} ", "-").replace("\N{MINUS SIGN}", "-").replace("+ ", "")
    slack, *parts = (float(number) for number in re.findall(r"-?\d+\.\d+", signed))
    assert sum(parts) == pytest.approx(slack, abs=1e-9)
