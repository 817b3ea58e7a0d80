"""Figures of many teachers: every teacher with a mark and a colour, all words inside, nothing hidden."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.container import ErrorbarContainer

from tests.display.contrast import contrast
from tests.plots.examples import words_inside
from tests.theory.teacher_rows import rows
from w2s_widgets import plots
from w2s_widgets.display.palette import INK, PAPER, TEACHER_MARKS, teacher_marks
from w2s_widgets.plots.ranking import study_explorer_picture
from w2s_widgets.theory.outcome import measure

LONG = "A representation with a very long name indeed, layer 12, width 4096, of somebody's own"


def marks(picture: Any) -> list[Any]:
    lines = [line for axes in picture.figure.axes for line in axes.get_lines()]
    return [line for line in lines if line.get_marker() in {role.marker for role in TEACHER_MARKS}]


@pytest.mark.parametrize("draw", [plots.teacher_map, plots.ranking])
@pytest.mark.parametrize("teachers", [1, 2, 12, 14])
@pytest.mark.filterwarnings("error")
def test_every_teacher_has_a_mark_a_bar_and_a_name(draw: Any, teachers: int) -> None:
    picture = draw(rows(teachers=teachers), title="Words")
    words_inside(picture)
    drawn = marks(picture)
    assert len(drawn) == teachers
    looks = {(line.get_marker(), line.get_color()) for line in drawn}
    assert len(looks) == min(teachers, 12)
    bars = [one for one in picture.figure.axes[0].containers if isinstance(one, ErrorbarContainer)]
    assert len(bars) == teachers
    names = [text.get_text() for text in picture.figure.texts]
    assert [name for name in names if name.startswith("t")] == [f"t{i}" for i in range(teachers)]


@pytest.mark.filterwarnings("error")
def test_a_single_split_has_no_bars_and_long_names_fit() -> None:
    given = [{**row, "teacher": f"{row['teacher']} {LONG}"} for row in rows(splits=1)]
    for picture in (plots.teacher_map(given), plots.ranking(given)):
        words_inside(picture)
        assert marks(picture)
    assert "splits" not in plots.teacher_map(given).alt.split(":")[0]


def test_marks_and_bars_are_means_and_deviations_and_inside_the_frame() -> None:
    given = rows(teachers=3)
    picture = plots.teacher_map(given)
    axes: Any = picture.figure.axes[0]
    for i, line in enumerate(marks(picture)):
        own = [row for row in given if row["teacher"] == f"t{i}"]
        x, y = line.get_xdata()[0], line.get_ydata()[0]
        assert x == pytest.approx(np.mean([row["misfit"] for row in own]))
        assert y == pytest.approx(np.mean([row["gain"] for row in own]))
        spread = np.std([row["gain"] for row in own], ddof=1)
        segments = axes.containers[i].lines[2][1].get_segments()
        assert segments[0][:, 1] == pytest.approx([y - spread, y + spread])
        assert axes.get_ylim()[0] < y - spread < y + spread < axes.get_ylim()[1]


def test_the_diagonal_rises_at_45_degrees() -> None:
    for picture in (plots.teacher_map(rows()), plots.ranking(rows(), title="T")):
        axes = picture.figure.axes[0]
        picture.figure.canvas.draw()
        (x0, y0), (x1, y1) = axes.transData.transform([(0, 0), (1, 1)])
        assert (y1 - y0) / (x1 - x0) == pytest.approx(1, rel=1e-6)


def test_teachers_worse_than_their_teacher_and_all_equal_ones_are_drawn() -> None:
    worse = [{**row, "gain": -row["gain"], "err_student": row["err_weak"] + row["gain"]} for row in rows()]
    words_inside(plots.teacher_map(worse))
    assert "40 of 40 below the diagonal" in plots.teacher_map(worse).alt
    nothing = [{**row, "gain": 0.0, "misfit": 0.0, "err_student": row["err_weak"]} for row in rows(1, 1)]
    words_inside(plots.teacher_map(nothing))


def test_the_alternative_text_states_the_correlations_with_their_intervals() -> None:
    assert "correlation of gain and misfit 0." in plots.teacher_map(rows()).alt
    assert "95 % interval" in plots.teacher_map(rows()).alt
    alt = plots.ranking(rows()).alt
    assert "rank correlation of err_weak − misfit and the student’s error" in alt


def test_an_order_gives_marks_as_an_explorer_does() -> None:
    order = [f"t{i}" for i in (3, 0, 2, 1)]
    picture = plots.teacher_map(rows(teachers=4), order=order)
    names = [text.get_text() for text in picture.figure.texts]
    assert names == order
    with pytest.raises(ValueError, match="order is"):
        plots.teacher_map(rows(teachers=4), order=["t0"])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("teachers", [1, 5, 12])
def test_the_explorers_picture_shows_all_teachers_and_marks_the_present_one(teachers: int) -> None:
    rng = np.random.default_rng(0)
    names = [f"t{i} {LONG if i == 1 else ''}" for i in range(teachers)]
    outcomes = {name: measure(*rng.normal(size=(3, 20))) for name in names}
    picture = study_explorer_picture(outcomes, present=names[-1], order=names)
    words_inside(picture)
    sizes = [line.get_markersize() for line in picture.figure.axes[2].get_lines() if line in marks(picture)]
    assert len(sizes) == teachers
    assert sizes[-1] == max(sizes)
    assert picture.alt == str(outcomes[names[-1]])


def test_marks_differ_by_shape_and_stand_out_by_their_outline() -> None:
    assert len({role.marker for role in TEACHER_MARKS}) == len(TEACHER_MARKS) == 12
    for theme in ("light", "dark"):
        assert contrast(INK[theme], PAPER[theme]) > 3
        shades = [contrast(getattr(role, theme), "#000000") for role in TEACHER_MARKS]
        assert all(later > earlier for earlier, later in itertools.pairwise(shades)), "one order of lightness"
    assert len({(role.marker, role.light) for role in teacher_marks(12)}) == 12
    assert teacher_marks(1)[0] == TEACHER_MARKS[0]
    assert teacher_marks(30)[12] == teacher_marks(30)[0]


def test_the_diagonals_name_covers_no_mark() -> None:
    for gains in ((0.1, 0.2, 0.3, 0.39), (0.1, 0.2, 0.28, 0.37), (0.09, 0.15, 0.31, 0.33)):
        given = [
            {"teacher": f"t{i}", "err_weak": 0.9, "err_student": 0.9 - g, "misfit": 0.1 * (i + 1), "gain": g}
            for i, g in enumerate(gains)
        ]
        for picture in (plots.teacher_map(given), plots.ranking(given)):
            axes = picture.figure.axes[0]
            picture.figure.canvas.draw()
            [name] = [text for text in axes.texts if text.get_rotation() == 45]
            corners = name.get_window_extent()
            x, y = (corners.x0 + corners.x1) / 2, (corners.y0 + corners.y1) / 2
            half = (corners.width + corners.height) / np.sqrt(2) / 2
            for line in marks(picture):
                dx, dy = axes.transData.transform(line.get_xydata()[0]) - [x, y]
                along, across = abs(dx + dy) / np.sqrt(2), abs(dy - dx) / np.sqrt(2)
                assert along > half or across > 9, gains
