"""The corners lie where the outcome says, and the sketch keeps its labels apart and inside."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plots.examples import ALL, DEGENERATE, FLAT, PROPER
from w2s_widgets.display.label_placement import Box, around, place, text_box
from w2s_widgets.display.text import sentence_case
from w2s_widgets.display.triangle import FONT_SIZE, Sketch, Text, lay_out, sketch
from w2s_widgets.theory.outcome import Outcome, measure


@given(
    st.integers(0, 10**6),
    st.floats(-8, 8),
    st.floats(-3, 3),
)
def test_distances_are_the_roots_of_the_errors(seed: int, scale: float, tilt: float) -> None:
    truth, teacher, student = np.random.default_rng(seed).normal(size=(3, 6)) * 10.0**scale
    outcome = measure(truth + tilt * teacher, teacher, student)
    drawn = lay_out(outcome)
    unit = math.sqrt(max(outcome.err_weak, outcome.err_student, outcome.misfit))
    for ends, squared in (
        ((drawn.truth, drawn.teacher), outcome.err_weak),
        ((drawn.truth, drawn.student), outcome.err_student),
        ((drawn.teacher, drawn.student), outcome.misfit),
    ):
        assert math.dist(*ends) == pytest.approx(math.sqrt(squared), rel=1e-6, abs=1e-6 * unit)


@pytest.mark.parametrize("name", PROPER)
def test_angle_in_the_plane_is_the_outcomes_angle(name: str) -> None:
    drawn = lay_out(PROPER[name])
    plane = math.degrees(math.atan2(drawn.truth[0], drawn.truth[1]))
    assert plane == pytest.approx(PROPER[name].angle, abs=1e-6)
    assert drawn.is_right == (abs(PROPER[name].angle - 90) < 0.05)


def test_truth_lies_below_the_line_exactly_when_gain_exceeds_misfit() -> None:
    for outcome in PROPER.values():
        height = lay_out(outcome).truth[1]
        assert (height < -1e-9) == (outcome.slack > 1e-9 * outcome.err_weak) or abs(height) < 1e-9


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_corners_coincide_and_say_so(name: str) -> None:
    assert sentence_case(DEGENERATE[name]) == name
    drawn = sketch(DEGENERATE[name])
    shared = [" = ".join(names) for names, _ in drawn.triangle.corners() if len(names) > 1]
    assert len(shared) == 1
    assert shared[0] in {text.words for text in drawn.texts}
    assert drawn.angle_mark == ()


def boxes(drawn: Sketch, letter: float = 0.56) -> list[tuple[Text, Box]]:
    width = letter * FONT_SIZE
    return [
        (text, text_box(text.x, text.y, text.anchor, width * len(text.words), FONT_SIZE))
        for text in drawn.texts
    ]


@pytest.mark.parametrize("size", [(360, 250), (310, 254), (460, 286)])
@pytest.mark.parametrize("name", ALL)
def test_labels_are_whole_and_apart(name: str, size: tuple[float, float]) -> None:
    drawn = sketch(ALL[name], *size)
    frame = Box(0, 0, *size)
    placed = boxes(drawn)
    for text, box in placed:
        assert box.outside(frame) == 0, text.words
    for (one, box), (other, second) in itertools.combinations(placed, 2):
        assert box.overlap(second) == 0, f"{one.words} covers {other.words}"


@pytest.mark.parametrize("name", [name for name in PROPER if name != "small misfit"])
def test_side_labels_stay_clear_of_lines(name: str) -> None:
    drawn = sketch(PROPER[name])
    lines = [*(side.segment for side in drawn.sides), drawn.class_line]
    for text, box in boxes(drawn):
        if text.words.startswith(("err_", "misfit")):
            assert max(box.crossed(line) for line in lines) == 0, text.words


def test_every_corner_is_named_once_and_every_side_of_a_roomy_triangle() -> None:
    for name, outcome in ALL.items():
        words = (
            " ".join(text.words for text in sketch(outcome).texts if text.bold).replace(" = ", " ").split()
        )
        assert sorted(words) == ["student", "teacher", "truth"], name
    roomy = [text.words.split()[0] for text in sketch(PROPER["right"]).texts if not text.bold]
    assert sorted(roomy) == ["90.0°", "err_student", "err_weak", "misfit"]


def test_right_angle_has_a_corner_and_others_an_arc() -> None:
    assert len(sketch(PROPER["right"]).angle_mark) == 3
    assert len(sketch(PROPER["acute"]).angle_mark) > 8
    assert len(sketch(FLAT["straight"]).angle_mark) > 8


def test_drawing_is_to_scale() -> None:
    for outcome in PROPER.values():
        drawn = sketch(outcome)
        by_role = {side.role: math.dist(side.start, side.end) for side in drawn.sides}
        lengths = {"teacher": outcome.err_weak, "student": outcome.err_student, "misfit": outcome.misfit}
        longest = max(lengths, key=lengths.__getitem__)
        unit = by_role[longest] / math.sqrt(lengths[longest])
        for role, squared in lengths.items():
            assert by_role.get(role, 0.0) == pytest.approx(unit * math.sqrt(squared), abs=0.3)


def test_no_infinity_for_the_smallest_and_largest_floats() -> None:
    for scale in (5e-324, 1e-300, 1e300):
        outcome = Outcome(2 * scale, scale, scale, scale, 0.0)
        drawn = sketch(outcome)
        assert all(math.isfinite(value) for text in drawn.texts for value in (text.x, text.y))


def test_place_prefers_the_frame_and_reports_what_does_not_fit() -> None:
    frame = Box(0, 0, 10, 10)
    free, outside, busy = Box(1, 1, 3, 2), Box(9, 1, 12, 2), Box(5, 5, 7, 6)
    [spot] = place([[outside, busy, free]], frame=frame, boxes=[busy])
    assert (spot.choice, spot.clean) == (2, True)
    [spot] = place([[outside, busy]], frame=frame, boxes=[busy])
    assert (spot.choice, spot.clean) == (1, False)
    assert all(not box.overlap(Box(-1, -1, 1, 1)) for box in around(0, 0, 4, 2, gap=1.5))
