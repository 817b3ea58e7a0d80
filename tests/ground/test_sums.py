"""Numbers that are written beside their sum add up as they are written."""

from __future__ import annotations

import re

import numpy as np

import w2s_widgets as w2s
from w2s_widgets._numbers import MINUS, add_up, format_number


def test_written_parts_add_up_and_stay_near() -> None:
    rng = np.random.default_rng(1)
    for parts in rng.normal(size=(500, 4)).tolist():
        total = float(np.sum(parts))
        written = [float(format_number(part).replace(MINUS, "-")) for part in add_up(parts, total)]
        assert round(sum(written), 3) == float(format_number(total).replace(MINUS, "-"))
        assert np.abs(np.subtract(written, parts)).max() < 0.0016


def test_numbers_that_are_no_parts_stay_as_they_are() -> None:
    assert add_up([0.1004, 0.2004], 0.9) == [0.1004, 0.2004]


def test_a_slack_says_a_sum_that_is_right_as_printed() -> None:
    rng = np.random.default_rng(2)
    for _ in range(40):
        inputs = rng.normal(size=(60, 4))
        truth, teacher = rng.normal(size=(2, 60)) + inputs.sum(axis=1)
        seen = rng.permutation(60)[:30]
        student = w2s.LinearHead().fit(inputs[seen], teacher[seen])
        parts = w2s.explain_slack(student, inputs, truth, teacher, fitted_on=(inputs[seen], teacher[seen]))
        said = str(parts)
        numbers = [float(text.replace(" ", "")) for text in re.findall(r"[-+]? ?\d+\.\d{3}", said)]
        assert round(sum(numbers[1:]), 3) == numbers[0], said
