"""The curve explorer without a browser: a drawn teacher, dares, words, and its line of code."""

from __future__ import annotations

import re

import numpy as np
import pytest
import traitlets

import w2s_widgets as w2s
from w2s_widgets.studies.linear.curves import KINDS, KNOTS, QUALITIES, TRUTH_WAVES, WAVES
from w2s_widgets.widgets.curve_explorer import DARES, DRAWN, PRESETS, REASONS, SENTENCES

ZIGZAG = np.tile([1.5, -1.5], KNOTS // 2).tolist()


@pytest.fixture
def explorer() -> w2s.CurveExplorer:
    return w2s.CurveExplorer()


def test_a_drawing_is_a_teacher_once_it_is_chosen(explorer: w2s.CurveExplorer) -> None:
    before = explorer.outcome
    explorer.drawing = ZIGZAG
    assert explorer.outcome == before
    explorer.teacher = DRAWN
    zigzag = explorer.outcome
    assert zigzag.err_weak > 1
    heard: list[object] = []
    explorer.observe(heard.append, "outcome")
    explorer.drawing = [0.0] * KNOTS
    assert len(heard) == 1
    assert explorer.outcome.err_weak == pytest.approx(1, abs=1e-12)
    explorer.reset()
    assert (explorer.teacher, explorer.drawing, explorer.outcome) == ("stairs", [0.0] * KNOTS, before)


def test_a_drawing_that_is_none_is_refused_in_one_sentence(explorer: w2s.CurveExplorer) -> None:
    for wrong, words in (
        ([1.0, 2.0], "drawing has 2 numbers: give 60"),
        ([9.0] * KNOTS, "drawing has an answer beyond 3: give answers from -3 to 3."),
        ([float("nan")] * KNOTS, "drawing has 60 values that are NaN or infinite"),
    ):
        with pytest.raises(traitlets.TraitError, match=re.escape(words)):
            explorer.drawing = wrong
    assert explorer.drawing == [0.0] * KNOTS
    with pytest.raises(ValueError, match="drawing has 2 numbers"):
        w2s.CurveExplorer(drawing=[1, 2])


def test_the_code_opens_the_same_drawing() -> None:
    drawing = np.random.default_rng(0).uniform(-3, 3, KNOTS).round(2).tolist()
    explorer = w2s.CurveExplorer(teacher=DRAWN, drawing=drawing, strong_capacity=11, dares=False)
    code = explorer.as_code()
    again = eval(code, {"w2s": w2s})
    assert again.drawing == drawing
    assert again.outcome == explorer.outcome
    assert again.as_code() == code


def test_dares_are_won_by_their_own_measures(explorer: w2s.CurveExplorer) -> None:
    assert explorer.won == []
    explorer.set(teacher="wiggle", weak_quality=0.4)
    assert explorer.won == ["perfect student"]
    explorer.set(teacher="stairs", weak_quality=0.9, strong_capacity=4)
    assert explorer.won == ["perfect student", "worse student"]
    explorer.reset()
    assert explorer.won == ["perfect student", "worse student"]
    capacities = range(1, TRUTH_WAVES)
    for quality in QUALITIES:
        for capacity in capacities:
            explorer.set(weak_quality=quality, strong_capacity=capacity)
    assert explorer.won[2:] == ["misfit without gain"]
    assert w2s.CurveExplorer(strong_capacity=1, dares=False).won == []


def test_what_the_theorem_excludes_is_never_found() -> None:
    rng = np.random.default_rng(1)
    explorer = w2s.CurveExplorer(teacher=DRAWN)
    for _ in range(200):
        drawing = rng.uniform(-3, 3, KNOTS) * rng.choice([0.01, 0.3, 1])
        explorer.drawing = drawing.tolist()
        explorer.strong_capacity = int(rng.integers(TRUTH_WAVES, WAVES + 1))
    assert DARES[-1]["name"] == "impossible"
    assert "impossible" not in explorer.won


def test_every_sentence_and_reason_is_said_somewhere() -> None:
    explorer = w2s.CurveExplorer(teacher=DRAWN)
    said = set()
    states = [preset.state for preset in PRESETS]
    states += [{"teacher": kind, "strong_capacity": k} for kind in KINDS for k in (1, 3, 5, 7, 9)]
    for state in states:
        explorer.set(**state)
        said |= set(explorer._case())
        assert "{" not in explorer.sentence + explorer.reason
    # As good as its teacher: with one wave, as far from the truth on the other side.
    assert said | {"even"} == set(SENTENCES) | set(REASONS)
