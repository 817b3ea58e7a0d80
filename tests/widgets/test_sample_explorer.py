"""The sample explorer without a browser: its numbers, words, bundle, page, and an end without leaks."""

from __future__ import annotations

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.studies.linear.finite_sample import SIZES
from w2s_widgets.studies.linear.finite_sample_grid import (
    CAPACITIES,
    CURVES,
    DISTANCES,
    NOISES,
    REGULARIZATIONS,
    carried_grid,
    settings,
)
from w2s_widgets.widgets.sample_explorer import PRESETS, sample_table


@pytest.fixture
def explorer() -> w2s.SampleExplorer:
    return w2s.SampleExplorer()


def test_outcome_is_the_studys_middle_one(explorer: w2s.SampleExplorer) -> None:
    for preset in PRESETS:
        explorer.set(**preset.state)
        computed = explorer.study.outcome(n=explorer.n)
        for name in ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling"):
            # At n = dimension the fit magnifies rounding, which differs between processors.
            assert getattr(explorer.outcome, name) == pytest.approx(
                getattr(computed, name), rel=1e-6, abs=1e-9
            ), (preset.name, name)
        assert explorer.outcome.gain == pytest.approx(
            explorer.outcome.misfit + explorer.outcome.slack, rel=1e-9, abs=1e-12
        )


def test_presets_show_what_their_names_say(explorer: w2s.SampleExplorer) -> None:
    seen = {}
    for preset in PRESETS:
        explorer.set(**preset.state)
        assert explorer.state == {**preset.state}, preset.name
        seen[preset.name] = explorer.outcome
    plenty, spike, ridge, early, small, copy = (seen[preset.name] for preset in PRESETS)
    assert abs(plenty.slack) < 0.02
    assert spike.err_student > 5
    assert ridge.err_student < spike.err_student / 10
    assert early.err_student < spike.err_student / 10
    assert small.slack < -0.2
    assert copy.misfit < 1e-12 > abs(copy.gain)


def test_population_is_the_studys(explorer: w2s.SampleExplorer) -> None:
    for capacity in CAPACITIES:
        explorer.strong_capacity = capacity
        wanted = explorer.study.population
        assert explorer.population == {
            name: getattr(wanted, name) for name in ("err_weak", "err_student", "misfit", "gain", "slack")
        }


def test_what_is_sent_is_the_carried_grid(explorer: w2s.SampleExplorer) -> None:
    grid = carried_grid()
    shape = (len(CAPACITIES), len(NOISES), len(REGULARIZATIONS), len(SIZES))
    curves = np.frombuffer(explorer._curves, dtype="<f4").reshape(len(CURVES), *shape)
    assert np.array_equal(curves, grid.curves)
    assert np.array_equal(np.frombuffer(explorer._cloud, dtype=np.uint8).reshape(*shape, 200, 2), grid.cloud)
    sides = np.frombuffer(explorer._table, dtype="<f8").reshape(-1, *shape)
    assert explorer._spec["fields"][:5] == list(sample_table().sides._fields)
    for sent, side in zip(sides, grid.sides, strict=False):
        assert np.array_equal(sent, side)


def test_lines_are_fits_of_the_curves(explorer: w2s.SampleExplorer) -> None:
    lines = explorer._spec["lines"]
    for where, study in settings():
        for d, name in enumerate(DISTANCES):
            line = lines[where[0]][where[1]][where[2]][d]
            if line is None:
                assert study.strong_capacity == 24
                assert study.label_noise == 0
                continue
            (x1, y1), (x2, y2) = line["from"], line["to"]
            assert np.log(y2 / y1) / np.log(x2 / x1) == pytest.approx(line["slope"])
            middle = carried_grid().curves[CURVES.index(f"{name}_distance_mid")][where]
            late = np.array(SIZES) >= 4 * study.strong_capacity
            slope = slope_of(np.array(SIZES)[late], middle[late])
            assert line["slope"] == pytest.approx(slope, abs=1e-3)
            assert x1 >= 4 * study.strong_capacity


def slope_of(sizes: np.ndarray, values: np.ndarray) -> float:
    return float(np.polyfit(np.log(sizes), np.log(values.astype(float)), 1)[0])


def test_every_state_has_its_reason() -> None:
    explorer = w2s.SampleExplorer()
    explorer.set(n=12, strong_capacity=12, label_noise=0.5, regularization="none")
    assert "n = dimension, 12" in explorer.reason
    assert "double-descent spike" in explorer.reason
    for state, words in [
        ({"n": 5}, "fits every label of its own inputs"),
        ({"n": 20}, "look like something to learn"),
        ({"n": 5000}, "the estimation error is small"),
        ({"n": 5000, "strong_capacity": 6}, "the truth needs 12 directions and the student has 6"),
        ({"n": 24, "strong_capacity": 24, "label_noise": 0}, "copies it, mistakes and all"),
        (
            {"strong_capacity": 12, "label_noise": 0.5, "regularization": "ridge 1"},
            "ridge 1 pulls the weights",
        ),
        ({"regularization": "3 steps"}, "gradient descent stops after 3 steps"),
    ]:
        explorer.set(**state)
        assert words in explorer.reason, state


def test_picture_holds_the_states_own_curves(explorer: w2s.SampleExplorer) -> None:
    explorer.set(n=12)
    picture = explorer.picture()
    cloud, curves, distances = picture.figure.axes
    dots = np.concatenate([dots.get_offsets() for dots in cloud.collections])
    assert len(dots) == 200
    said = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    assert any("lie beyond the edge" in words for words in said)
    assert "misfit: slope −1.04" in said
    wanted = carried_grid().curves[CURVES.index("misfit_mid"), 1, 1, 0]
    assert any(
        len(line.get_ydata()) == len(SIZES) and np.allclose(line.get_ydata(), wanted) for line in curves.lines
    )
    assert len(distances.lines) == 1 + len(DISTANCES)
