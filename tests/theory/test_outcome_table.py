"""Axes and tables: snapping, bounds, and one outcome for each state."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2s_widgets.studies.linear.closed_form import linear_world_possible, linear_world_sides
from w2s_widgets.studies.linear.linear_world import LinearWorld
from w2s_widgets.theory.outcome import Sides, measure_many
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable

QUALITY = Axis("weak_quality", "Weak-model quality", tuple(np.linspace(0, 1, 11)))
CAPACITY = Axis("strong_capacity", "Strong capacity", tuple(range(1, 25)))
SHARE = Axis("misfit_share", "Misfit share", tuple(np.linspace(0, 1, 5)))


def linear_table() -> OutcomeTable:
    grid = np.ix_(*(np.asarray(axis.values) for axis in (QUALITY, CAPACITY, SHARE)))
    possible = np.broadcast_to(linear_world_possible(*grid[1:]), (11, 24, 5))
    return OutcomeTable(
        [QUALITY, CAPACITY, SHARE], linear_world_sides(*grid), possible=possible, adjusts="misfit_share"
    )


@given(st.floats(0, 1))
def test_a_number_snaps_to_the_nearest_value(value: float):
    snapped = QUALITY.values[QUALITY.index_of(value)]
    assert abs(snapped - value) <= min(abs(other - value) for other in QUALITY.values)
    assert QUALITY.snap(snapped) == snapped


def test_rounding_at_the_ends_is_forgiven():
    assert QUALITY.index_of(1 + 1e-12) == 10
    assert QUALITY.index_of(np.float32(0)) == 0


@pytest.mark.parametrize(("value", "nearest"), [(-3, 0.0), (7.0, 1.0), (0.52, 0.5), (float("nan"), 0.3)])
def test_nearest_takes_any_number(value: float, nearest: float):
    assert QUALITY.nearest(value, 0.3) == pytest.approx(nearest)
    assert QUALITY.nearest("much", 0.3) == 0.3


def test_every_state_gives_the_worlds_outcome():
    table = linear_table()
    for quality in QUALITY.values[::3]:
        for capacity in (1, 6, 12, 23, 24):
            for share in SHARE.values:
                state = {"weak_quality": quality, "strong_capacity": capacity, "misfit_share": share}
                settled = table.nearest_possible(**state)
                assert settled == state or (capacity == 24 and settled == {**state, "misfit_share": 0.0})
                expected, outcome = LinearWorld(**settled).outcome(), table.outcome(**settled)
                for name in ("err_weak", "err_student", "misfit", "gain", "slack", "angle"):
                    assert getattr(outcome, name) == getattr(expected, name)


def test_angles_of_all_states():
    table = linear_table()
    angles = table.angles()
    state = {"weak_quality": 0.5, "strong_capacity": 6, "misfit_share": 0.25}
    assert angles[table.index(**state)] == LinearWorld(**state).outcome().angle
    assert np.isnan(angles[table.index(weak_quality=1.0, strong_capacity=12, misfit_share=0.5)])


def test_numpy_numbers_become_pythons():
    axis = Axis("labels", "Labels", np.array([10, 30]))
    assert [type(value) for value in axis.values] == [int, int]
    assert type(axis.snap(np.float32(12))) is int


def test_a_reason_for_every_state():
    sides = Sides(*(np.zeros(2) for _ in range(5)))
    axis = Axis("student", "Student", ["copy", "perfect"])
    table = OutcomeTable([axis], sides, reason=np.array([1, 0], np.uint8), reasons=("one", "two"))
    assert [table.reason_of(student=name) for name in axis.values] == ["two", "one"]


BAD = {
    "empty axis": (lambda: Axis("a", "A", []), "axis a has no values: give at least one."),
    "falling": (lambda: Axis("a", "A", [1.0, 0.5]), "axis a has values that do not ascend: sort them."),
    "twice": (lambda: Axis("a", "A", [1.0, 1.0]), "axis a has values that do not ascend: sort them."),
    "outside": (lambda: QUALITY.index_of(1.2), "weak_quality is 1.2: give a number from 0 to 1."),
    "NaN": (lambda: QUALITY.index_of(float("nan")), "weak_quality is nan: give a number from 0 to 1."),
    "text": (lambda: QUALITY.index_of("0.5"), "weak_quality is '0.5': give a number from 0 to 1."),
    "flag": (lambda: QUALITY.index_of(True), "weak_quality is True: give a number from 0 to 1."),
    "choice": (lambda: Axis("s", "S", ["a", "b"]).index_of("c"), "s is 'c': choose one of a, b."),
    "choice twice": (lambda: Axis("a", "A", ["x", "x"]), "axis a has the same choice twice: give each a"),
    "mixed": (lambda: Axis("a", "A", [1, "x"]), "axis a has values of other kinds: give only numbers or"),
    "flags": (lambda: Axis("a", "A", [False, True]), "axis a has values of other kinds"),
    "endless": (lambda: Axis("a", "A", [0, np.inf]), "axis a has values that are NaN or infinite: give"),
    "two axes of one name": (
        lambda: OutcomeTable([SHARE, SHARE], Sides(*[np.zeros((5, 5))] * 5)),
        "axes are called misfit_share, misfit_share: give each a name of its own.",
    ),
    "unknown axis": (
        lambda: linear_table().outcome(weak_quality=0.5, strong_capacity=6, misfit_share=0.5, size=3),
        "there is no control 'size': choose one of weak_quality, strong_capacity, misfit_share.",
    ),
    "missing axis": (
        lambda: linear_table().outcome(weak_quality=0.5, misfit_share=0.5),
        "strong_capacity has no value: give one for every control.",
    ),
    "not reachable": (
        lambda: linear_table().outcome(weak_quality=0.5, strong_capacity=24, misfit_share=0.5),
        "this state cannot be reached: take weak_quality=0.5, strong_capacity=24, misfit_share=0.0.",
    ),
    "NaN that can be reached": (
        lambda: OutcomeTable([SHARE], Sides(*[np.array([0, 0, 0, 0, np.nan])] * 5)),
        "err_weak has values that are NaN or infinite: repair them, or say in possible that their states",
    ),
    "reason without a sentence": (
        lambda: OutcomeTable([SHARE], Sides(*[np.zeros(5)] * 5), reason=np.arange(5), reasons=("one",)),
        "reason has numbers beyond the 1 reasons: add the sentences.",
    ),
    "nothing adjusts": (
        lambda: OutcomeTable([SHARE], Sides(*[np.zeros(5)] * 5), possible=np.arange(5) > 0),
        "there is no control 'None': choose one of misfit_share.",
    ),
    "nowhere to yield to": (
        lambda: OutcomeTable(
            [SHARE], Sides(*[np.zeros(5)] * 5), possible=np.zeros(5, bool), adjusts="misfit_share"
        ),
        "misfit_share adjusts, but for some values of the others none of its values can be reached: "
        "leave at least",
    ),
    "shape": (
        lambda: OutcomeTable([SHARE], measure_many(np.zeros(3), np.ones(3), np.ones((4, 3)))),
        "err_weak has shape (4,) but the axes span (5,): give one entry for every state of the controls.",
    ),
    "shape of n": (
        lambda: OutcomeTable([SHARE], Sides(*[np.zeros(5)] * 5), n=np.arange(4)),
        "n has shape (4,) but the axes span (5,)",
    ),
    "NaN as variance": (
        lambda: OutcomeTable([SHARE], Sides(*[np.zeros(5)] * 5), truth_variance=np.full(5, np.nan)),
        "truth_variance has values that are NaN or infinite",
    ),
    "shape of possible": (
        lambda: OutcomeTable([SHARE], Sides(*[np.zeros(5)] * 5), possible=np.ones(4, bool)),
        "possible has shape (4,) but the axes span (5,)",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_clear_sentence(name: str):
    act, sentence = BAD[name]
    with pytest.raises((ValueError, TypeError), match="^" + re.escape(sentence)):
        act()
