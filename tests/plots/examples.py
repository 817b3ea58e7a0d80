"""Outcomes of every shape that a picture must survive: right, obtuse, acute, flat, degenerate, tiny, huge."""

from __future__ import annotations

import math

from w2s_widgets.theory.outcome import Outcome, measure


def with_slack(err_student: float, misfit: float, slack: float) -> Outcome:
    gain = misfit + slack
    return Outcome(err_student + gain, err_student, misfit, gain, slack, n=100)


def with_angle(err_student: float, misfit: float, degrees: float) -> Outcome:
    slack = -2 * math.sqrt(err_student * misfit) * math.cos(math.radians(degrees))
    return with_slack(err_student, misfit, slack)


PROPER = {
    "right": with_slack(0.42, 0.31, 0.0),
    "obtuse": with_angle(0.3, 0.2, 120),
    "hardly obtuse": with_angle(0.6, 0.3, 97),
    "nearly straight": with_angle(0.2, 0.5, 170),
    "acute": with_angle(0.3, 0.5, 60),
    "hardly acute": with_angle(0.6, 0.3, 83),
    "very acute": with_angle(0.5, 0.4, 8),
    "worse": with_angle(0.9, 0.3, 35),
    "small misfit": with_slack(0.5, 0.0005, 0.0),
    "small error": with_slack(0.0005, 0.5, 0.0),
    "huge": with_angle(3e7, 2e7, 90),
    "tiny": with_angle(3e-9, 2e-9, 70),
}
FLAT = {"straight": with_angle(0.3, 0.2, 180), "folded": with_angle(0.8, 0.2, 0)}
DEGENERATE = {
    "copy": measure([0, 1, 3], [1, 2, 1], [1, 2, 1]),
    "perfect_teacher": measure([0, 1.0], [0, 1.0], [1, 1.5]),
    "perfect_student": measure([0, 1.0], [1, 1.5], [0, 1.0]),
    "all_same": measure([1, 1], [1, 1], [1, 1]),
}
ALL = PROPER | FLAT | DEGENERATE
