"""Explorers without a browser: traits, impossible settings, bundle, page, and an end without leaks."""

from __future__ import annotations

import re

import numpy as np
import pytest
import traitlets

import w2s_widgets as w2s
from w2s_widgets.display.text import sentence_case
from w2s_widgets.theory.outcome import measure_many
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.widgets.gain_explorer import PRESETS, gain_table
from w2s_widgets.widgets.spec import CASES, ExplorerSpec, pack_codes, pack_numbers


@pytest.fixture
def explorer() -> w2s.GainExplorer:
    return w2s.GainExplorer()


def heard(explorer: w2s.OutcomeExplorer, name: str) -> list[object]:
    values: list[object] = []
    explorer.observe(lambda change: values.append(change["new"]), name)
    return values


def test_outcome_is_the_linear_worlds_own(explorer: w2s.GainExplorer) -> None:
    for preset in PRESETS:
        explorer.set(**preset.state)
        assert explorer.outcome == w2s.LinearWorld(**explorer.state).outcome()


def test_table_sent_is_python_outcomes() -> None:
    table = gain_table()
    count = table.sides.gain.size
    numbers = np.frombuffer(pack_numbers(table), dtype="<f8").reshape(-1, *table.shape)
    case, reason, possible = np.frombuffer(pack_codes(table), dtype=np.uint8).reshape(3, *table.shape)
    fields = ["err_weak", "err_student", "misfit", "gain", "slack", "angle", "err_ceiling"]
    rng = np.random.default_rng(5)
    for flat in rng.choice(count, size=2000, replace=False):
        where = np.unravel_index(flat, table.shape)
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, where, strict=True)}
        if not possible[where]:
            with pytest.raises(ValueError, match="misfit_share"):
                w2s.LinearWorld(**state)
            continue
        outcome = w2s.LinearWorld(**state).outcome()
        for name, values in zip(fields, numbers, strict=True):
            expected = getattr(outcome, name)
            assert values[where] == expected or (expected is None and np.isnan(values[where])), (name, state)
        assert CASES[case[where]] == sentence_case(outcome)
        assert reason[where] < len(table.reasons)


def test_values_snap_and_observers_hear_once(explorer: w2s.GainExplorer) -> None:
    outcomes = heard(explorer, "outcome")
    explorer.weak_quality = 0.731
    assert explorer.weak_quality == 0.74
    explorer.weak_quality = 0.74
    assert len(outcomes) == 1
    explorer.strong_capacity = np.int64(12)
    explorer.misfit_share = np.float32(0.25)
    assert (explorer.strong_capacity, explorer.misfit_share) == (12, 0.25)
    assert outcomes[-1] is explorer.outcome


TWO = OutcomeTable(
    [Axis("student", "Student", ["copy", "perfect"])],
    measure_many(np.zeros((2, 3)), np.ones((2, 3)), np.array([[1.0, 1, 1], [0, 0, 0]])),
)
MISFITS = {
    "control": ({"controls": ["size"]}, "there is no control 'size': choose one of student."),
    "letters": ({"controls": "student"}, "controls is one string: give a list of names, such as ['student"),
    "teacher_axis": ({"teacher_axis": "size"}, "there is no control 'size': choose one of student."),
    "parts": ({"slack_parts": {"rest": "rest"}}, "slack_parts names 'rest': choose fields of the table's"),
    "preset's name": (
        {"presets": [w2s.Preset("all", {"size": 3})]},
        "preset 'all': there is no control 'size': choose one of student.",
    ),
    "preset's value": (
        {"presets": [w2s.Preset("all", {"student": "best"})]},
        "preset 'all': student is 'best': choose one of copy, perfect.",
    ),
    "preset twice": (
        {"presets": [w2s.Preset("all", {}), w2s.Preset("all", {})]},
        "two presets are called 'all': give each a name of its own.",
    ),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_screen_that_does_not_fit_the_table_is_refused(name: str) -> None:
    settings, words = MISFITS[name]
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(words)}"):
        w2s.OutcomeExplorer(TWO, ExplorerSpec(title="Two", **settings))


def test_a_misspelt_setting_is_refused() -> None:
    words = "there is no control 'mis_fit': choose one of weak_quality, strong_capacity, misfit_share."
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(words)}$"):
        w2s.GainExplorer(mis_fit=0.3)
    with pytest.raises(traitlets.TraitError, match="there is no control 'size'"):
        w2s.OutcomeExplorer(TWO, initial={"size": 3})


@pytest.mark.parametrize("name", ["note", "outcome", "layout", "table", "state", "two words", "class"])
def test_an_axis_cannot_take_the_name_of_something_else(name: str) -> None:
    table = OutcomeTable([Axis(name, "Student", ["copy", "perfect"])], TWO.sides)
    with pytest.raises(ValueError, match=f"^an axis is called '{name}', which no trait can be"):
        w2s.OutcomeExplorer(table)


def test_code_brings_back_any_value() -> None:
    words = ['say "so"', "back\\slash", "two\nlines", "größer"]
    numbers = [-2.0, 0.1234567891, 0.1234567892, 3e7]
    sides = measure_many(np.zeros((4, 4, 3)), np.ones((4, 4, 3)), np.ones((4, 4, 3)))
    table = OutcomeTable([Axis("word", "Word", words), Axis("number", "Number", numbers)], sides)
    for word, number in zip(words, numbers, strict=True):
        explorer = w2s.OutcomeExplorer(table, word=word, number=number)
        assert eval(explorer.as_code(), {"w2s": w2s, "table": table}).state == explorer.state


def test_an_impossible_setting_is_never_seen(explorer: w2s.GainExplorer) -> None:
    misfits = heard(explorer, "misfit_share")
    explorer.strong_capacity = 24
    assert (explorer.misfit_share, explorer.note) == (0.0, gain_table().impossible)
    explorer.misfit_share = 0.5
    assert (explorer.misfit_share, explorer.note) == (0.0, gain_table().impossible)
    assert misfits == [0.0]
    explorer.strong_capacity = 20
    assert explorer.note == ""
    explorer.misfit_share = 0.5
    assert explorer.misfit_share == 0.5
    assert w2s.GainExplorer(strong_capacity=24, misfit_share=0.5).note == gain_table().impossible
    explorer.set(strong_capacity=24)
    assert (explorer.misfit_share, explorer.note) == (0.0, gain_table().impossible)
    explorer.set(strong_capacity=20)
    assert explorer.note == ""
