"""Explorers without a browser: traits, impossible settings, bundle, page, and an end without leaks."""

from __future__ import annotations

import gc
import json
import re
import weakref
from pathlib import Path

import ipywidgets
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


def test_several_controls_move_as_one(explorer: w2s.GainExplorer) -> None:
    outcomes = heard(explorer, "outcome")
    explorer.set(weak_quality=0.8, strong_capacity=8, misfit_share=0.1)
    assert explorer.state == {"weak_quality": 0.8, "strong_capacity": 8, "misfit_share": 0.1}
    assert outcomes[-1] == w2s.LinearWorld(**explorer.state).outcome()
    explorer.reset()
    assert explorer.state == w2s.GainExplorer().state


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("weak_quality", 1.2, "weak_quality is 1.2: give a number from 0.2 to 1."),
        ("weak_quality", "much", "weak_quality is 'much': give a number from 0.2 to 1."),
        ("misfit_share", float("nan"), "misfit_share is nan: give a number from 0 to 1."),
        ("strong_capacity", 5, "strong_capacity is 5: give a number from 6 to 24."),
        ("strong_capacity", None, "strong_capacity is None: give a number from 6 to 24."),
    ],
)
def test_a_wrong_value_is_one_sentence_and_changes_nothing(
    explorer: w2s.GainExplorer, name: str, value: object, words: str
) -> None:
    before = explorer.state
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(words)}$"):
        setattr(explorer, name, value)
    assert explorer.state == before
    with pytest.raises(ValueError, match=re.escape(words)):
        explorer.set(**{"weak_quality": 0.5, name: value})
    assert explorer.state == before


def test_an_unknown_control_is_one_sentence(explorer: w2s.GainExplorer) -> None:
    with pytest.raises(ValueError, match="there is no control 'size': choose one of weak_quality, strong"):
        explorer.set(size=3)


TWO = OutcomeTable(
    [Axis("student", "Student", ["copy", "perfect"])],
    measure_many(np.zeros((2, 3)), np.ones((2, 3)), np.array([[1.0, 1, 1], [0, 0, 0]])),
)
MISFITS = {
    "control": ({"controls": ["size"]}, "there is no control 'size': choose one of student."),
    "letters": ({"controls": "student"}, "controls is one string: give a list of names, such as ['student"),
    "ladder": ({"ladder": "size"}, "there is no control 'size': choose one of student."),
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


def test_what_a_page_sends_out_of_range_is_moved_in_and_said(explorer: w2s.GainExplorer) -> None:
    explorer.set_state({"weak_quality": 7, "misfit_share": "a word"})
    assert explorer.state == {"weak_quality": 1.0, "strong_capacity": 16, "misfit_share": 0.5}
    assert "Weak-model quality goes from 0.2 to 1. It shows 1.00." in explorer.note
    explorer.set_state({"strong_capacity": 24, "misfit_share": 0.0, "note": "from the page"})
    assert explorer.note == "from the page"


def test_bundle_carries_picture_and_words(explorer: w2s.GainExplorer) -> None:
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == f"{explorer.as_code()}\n{explorer.sentence}\n{explorer.reason}"
    assert data["image/png"].startswith("iVBOR")
    assert "application/vnd.jupyter.widget-view+json" in data


def test_composes_with_ipywidgets(explorer: w2s.GainExplorer) -> None:
    slider = ipywidgets.FloatSlider(min=0, max=1, step=0.05)
    ipywidgets.link((slider, "value"), (explorer, "misfit_share"))
    assert isinstance(explorer, ipywidgets.DOMWidget)
    assert ipywidgets.HBox([slider, explorer]).children[1] is explorer
    slider.value = 0.3
    assert explorer.misfit_share == 0.3
    explorer.misfit_share = 0.7
    assert slider.value == 0.7


def test_close_frees_the_explorer() -> None:
    closed = []
    gc.collect()
    before = sum(isinstance(thing, ipywidgets.Widget) for thing in gc.get_objects())
    for _ in range(20):
        explorer = w2s.GainExplorer()
        explorer.misfit_share = 0.2
        explorer._repr_mimebundle_()
        closed.append(weakref.ref(explorer))
        explorer.close()
    del explorer
    gc.collect()
    assert [ref() for ref in closed] == [None] * 20
    assert sum(isinstance(thing, ipywidgets.Widget) for thing in gc.get_objects()) == before


def test_close_leaves_a_shared_layout_alive() -> None:
    shared = ipywidgets.Layout(width="50%")
    w2s.GainExplorer(layout=shared).close()
    assert shared.comm is not None


def test_thousand_moves_leave_no_figure_and_no_widget(explorer: w2s.GainExplorer) -> None:
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(0)
    explorer._repr_mimebundle_()
    gc.collect()
    before = sum(isinstance(thing, ipywidgets.Widget) for thing in gc.get_objects())
    for _ in range(1000):
        explorer.set(
            weak_quality=rng.uniform(0.2, 1),
            strong_capacity=int(rng.integers(6, 25)),
            misfit_share=rng.uniform(0, 1),
        )
    gc.collect()
    assert sum(isinstance(thing, ipywidgets.Widget) for thing in gc.get_objects()) == before
    assert plt.get_fignums() == []


def test_saved_page_is_whole_and_asks_for_nothing(explorer: w2s.GainExplorer, tmp_path: Path) -> None:
    text = explorer.save_page(tmp_path / "page.html").read_text(encoding="utf-8")
    state = json.loads(re.search(r'type="application/json">(.*?)</script>', text, re.DOTALL)[1])
    assert state["traits"]["misfit_share"] == 0.5
    links = re.findall(r"https?://[\w.]+", text)
    assert set(links) <= {"http://www.w3.org"}  # the name of SVG, which no browser asks for
    loaded = re.findall(r"""(?:src|href)=["']([^"']*)|url\(([^)]*)|import\s*\(?["']([^"']*)""", text)
    assert all("".join(found).startswith("data:") for found in loaded)
    assert explorer.sentence.split(",")[0] in text


def test_generic_table_with_choices_and_parts() -> None:
    rng = np.random.default_rng(1)
    truth = rng.standard_normal((1, 1, 50))
    teacher = truth + rng.standard_normal((3, 1, 50))
    student = teacher + 0.3 * rng.standard_normal((3, 4, 50))
    sides = measure_many(truth, teacher, student)
    table = OutcomeTable(
        axes=[
            Axis("teacher", "Teacher", ["small", "middle", "large"]),
            Axis("labels", "Labels", [10, 30, 100, 300]),
        ],
        sides=sides,
        extra={"alignment": sides.slack * 0.75, "rest": sides.slack * 0.25},
        n=50,
    )
    screen = ExplorerSpec(
        title="Three teachers", ladder="teacher", slack_parts={"alignment": "alignment", "rest": "the rest"}
    )
    explorer = w2s.OutcomeExplorer(table, screen, teacher="large", labels=90)
    assert explorer.state == {"teacher": "large", "labels": 100}
    assert explorer.outcome == table.outcome(teacher="large", labels=100)
    assert explorer._spec["ladder_names"] == ["small", "middle", "large"]
    with pytest.raises(traitlets.TraitError, match="teacher is 'huge': choose one of small, middle, large"):
        explorer.teacher = "huge"
