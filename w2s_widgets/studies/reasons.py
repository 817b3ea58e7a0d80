"""Why the slack of a state is what it is: sentences, and the conditions under which they are said.

Every study with reasons gives a sequence of them; the first one whose condition holds is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.theory.outcome_table import OutcomeTable

Condition = Callable[[OutcomeTable], NDArray[np.bool_]]
"""Tells in which states of a table something holds; the answer broadcasts to the table's shape."""

COPY_SHARE = 0.01
"""A student copies whose misfit is below this share of the teacher's error."""

WEAK_SHARE = 0.93
"""A student is not strong whose ceiling errs by more than this share of the teacher's error."""

SMALL_SLACK_SHARE = 0.1
"""A slack is small below this share of the misfit."""

MOST_SHARE = 0.5
"""A gain or a loss is most of the misfit above this share of it."""

UNTOUCHED_SHARE = 1e-3
"""Regularization that moves the misfit by less than this share of the teacher's error changes nothing."""


_OF_THE_CLASS = ("alignment", "shape")


class Reason(NamedTuple):
    """A sentence, with places for a state's numbers, and when it is said."""

    holds: Condition
    words: str


def explained(table: OutcomeTable, reasons: Sequence[Reason]) -> OutcomeTable:
    """Return a table whose states each have the first reason that holds, or the last one.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure_many
    >>> from w2s_widgets.theory.outcome_table import Axis
    >>> sides = measure_many(np.zeros((2, 3)), np.ones((2, 3)), np.array([[1.0, 1, 1], [0, 0, 0]]))
    >>> table = OutcomeTable([Axis("student", "Student", ["copy", "perfect"])], sides)
    >>> said = explained(table, [Reason(copies, "It copies."), Reason(otherwise, "It does not.")])
    >>> said.reason_of(student="copy"), said.reason_of(student="perfect")
    ('It copies.', 'It does not.')
    """
    if not reasons:
        return table
    with np.errstate(invalid="ignore"):  # states that cannot be reached hold NaN
        held = [np.broadcast_to(reason.holds(table), table.shape) for reason in reasons]
    codes = np.select(held, range(len(held)), default=len(held) - 1).astype(np.uint8)
    return replace(table, reason=codes, reasons=tuple(reason.words for reason in reasons))


def otherwise(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold in all states that no earlier reason has taken."""
    return np.array(True)


def copies(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where the student copies its teacher: hardly any misfit."""
    return _true(table.sides.misfit < COPY_SHARE * table.sides.err_weak)


def hardly_strong(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where a student trained on the truth would err about as much as its teacher."""
    return _true(_ceiling(table) > WEAK_SHARE * table.sides.err_weak)


def no_stronger(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where a student trained on the truth would err at least as much as its teacher."""
    return _true(_ceiling(table) >= table.sides.err_weak)


def small_slack(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where gain and misfit are close."""
    return _true(np.abs(table.sides.slack) < SMALL_SLACK_SHARE * table.sides.misfit)


def large_loss(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where the gain is clearly less than the misfit."""
    return _true(table.sides.slack < -SMALL_SLACK_SHARE * table.sides.misfit)


def gains_more(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where the gain is more than the misfit."""
    return _true(table.sides.slack > 0)


def mostly_gain(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where most of the misfit is gained."""
    return _true(table.sides.gain > MOST_SHARE * table.sides.misfit)


def mostly_loss(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where as much as most of the misfit is lost."""
    return _true(table.sides.gain < -MOST_SHARE * table.sides.misfit)


def from_learning(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where most of the slack is neither alignment nor shape of the class, but the price of learning."""
    extra = table.extra
    (learning,) = (values for part, values in extra.items() if part not in _OF_THE_CLASS)
    others = [np.abs(extra[part]) for part in _OF_THE_CLASS if part in extra]
    return _true(np.abs(learning) > np.maximum.reduce(others))


def from_shape(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where the shape of the class adds more than alignment takes or gives."""
    return _true(table.extra["shape"] > np.abs(table.extra["alignment"]))


def on(axis: str, *values: float | str) -> Condition:
    """Hold where an axis has one of some values."""
    return lambda table: np.isin(table.values_of(axis), values)


def every(*conditions: Condition) -> Condition:
    """Hold where all of some conditions hold."""

    def holds(table: OutcomeTable) -> NDArray[np.bool_]:
        held = np.array(True)
        for condition in conditions:
            held = held & condition(table)
        return held

    return holds


def _true(values: object) -> NDArray[np.bool_]:
    return np.asarray(values, dtype=np.bool_)


def _ceiling(table: OutcomeTable) -> FloatArray:
    return np.full(table.shape, np.nan) if table.err_ceiling is None else table.err_ceiling
