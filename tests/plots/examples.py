"""Outcomes of every shape that a picture must survive, and the check that a picture holds all its words."""

from __future__ import annotations

import math

from matplotlib.figure import Figure
from matplotlib.text import Text

from w2s_widgets.plots import Picture
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


def words_inside(picture: Picture) -> None:
    picture.figure.canvas.draw()
    width, height = picture.figure.canvas.get_width_height()
    for text in set(picture.figure.findobj(Text)) - never_drawn(picture.figure):
        if text.get_text() and text.get_visible():
            left, low, right, high = text.get_window_extent().extents
            assert left >= -0.5, text
            assert low >= -0.5, text
            assert right <= width + 0.5, text
            assert high <= height + 0.5, text


def never_drawn(figure: Figure) -> set[Text]:
    """Labels of ticks beyond the view or of hidden axes: matplotlib keeps them, and draws none."""
    hidden: set[Text] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not axes.axison or not low <= tick.get_loc() <= high:
                    hidden |= {tick.label1, tick.label2}
    return hidden
