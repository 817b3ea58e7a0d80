"""Curves of answers as static pictures: truth, teacher and student, and misfit and gain by capacity."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from w2s_widgets._validation import FloatArray
from w2s_widgets.display.palette import ROLES
from w2s_widgets.plots.page import QUIET, Picture, add_panel, new_figure, new_page, styled
from w2s_widgets.studies.linear.curves import (
    QUESTIONS,
    TRUTH_WAVES,
    WAVES,
    curve_outcome,
    student_curve,
    truth,
)

_REACH = 3.0
_LOOKS: dict[str, dict[str, Any]] = {
    "teacher": {"linewidth": 1.4, "drawstyle": "steps-mid"},
    "student": {"linewidth": 2.4},
    "truth": {"linewidth": 1.2, "dashes": (4, 3)},
}


@styled
def answers(teacher: FloatArray, student: FloatArray | None = None) -> Picture:
    """Draw a teacher's answers to the questions of `CurveStudy` beside the truth, and a student's if given.

    Parameters
    ----------
    teacher, student : numpy.ndarray of shape (240,)
        Their answers, such as `CurveExplorer.teacher_answers` and `CurveExplorer.student_answers` give.

    Returns
    -------
    Picture
        The curves, without numbers.

    Examples
    --------
    >>> from w2s_widgets.studies.linear.curves import teacher_curve
    >>> answers(teacher_curve("stairs", 0.6))
    The answers of truth and teacher to 240 questions, as curves.
    """
    curves = {"teacher": teacher} | ({} if student is None else {"student": student}) | {"truth": truth()}
    figure = new_figure(760, 330)
    _draw_answers(add_panel(figure, 40, 40, 600, 270), curves)
    told = "truth, teacher and student" if student is not None else "truth and teacher"
    return Picture(figure, f"The answers of {told} to {QUESTIONS} questions, as curves.")


@styled
def curve_picture(teacher: FloatArray, strong_capacity: int, words: str) -> Picture:
    """Draw the answers of truth, teacher and student, and misfit and gain for students of 1 to 30 waves."""
    figure = new_page(
        {10: "Questions and answers", 590: "Misfit and gain, by capacity"}, textwrap.fill(words, 110)
    )
    student = student_curve(teacher, strong_capacity)
    curves = {"teacher": teacher, "student": student, "truth": truth()}
    _draw_answers(add_panel(figure, 40, 92, 450, 258), curves)
    _draw_capacities(add_panel(figure, 630, 92, 200, 244), teacher, strong_capacity)
    return Picture(figure, words)


def _draw_answers(axes: Axes, curves: dict[str, FloatArray]) -> None:
    at = (np.arange(QUESTIONS) + 0.5) / QUESTIONS
    if "student" in curves:
        misfit = ROLES["misfit"].light
        axes.fill_between(
            at, curves["teacher"], curves["student"], color=misfit, alpha=0.13, linewidth=0, step="mid"
        )
    ends = _apart({name: float(np.clip(values[-1], -_REACH, _REACH)) for name, values in curves.items()})
    for name, values in curves.items():
        colour = ROLES[name].light
        axes.plot(at, values, color=colour, **_LOOKS[name])
        axes.annotate(
            name, (1, ends[name]), xytext=(6, 0), textcoords="offset points", color=colour, va="center",
            annotation_clip=False, weight="bold",
        )  # fmt: skip
    axes.set(xlim=(0, 1), ylim=(-_REACH, _REACH), xticks=[], yticks=[-2, 0, 2], xlabel="questions")
    _quiet(axes)


def _draw_capacities(axes: Axes, teacher: FloatArray, strong_capacity: int) -> None:
    misfit, gain = ROLES["misfit"].light, ROLES["gain"].light
    capacities = np.arange(1, WAVES + 1)
    found = [curve_outcome(teacher, int(k)) for k in capacities]
    axes.axvspan(TRUTH_WAVES, WAVES, color="#eef3f8", zorder=0)
    axes.axhline(0, color="#d0d0d0", linewidth=0.8, zorder=1)
    axes.plot(capacities, [one.misfit for one in found], color=misfit, linewidth=1.8, dashes=(4, 2))
    axes.plot(capacities, [one.gain for one in found], color=gain, linewidth=1.8)
    now = found[strong_capacity - 1]
    axes.plot(strong_capacity, now.misfit, "o", color=misfit, markersize=6)
    axes.plot(strong_capacity, now.gain, "o", color=gain, markersize=6)
    axes.set(xlim=(1, WAVES), ylim=(-0.5, 1.2), yticks=[0, 0.5, 1], xlabel="waves of the student")
    axes.text(TRUTH_WAVES, 1.22, f"{TRUTH_WAVES} hold the truth", color=QUIET, fontsize=8.5, va="bottom")
    middle = float(np.clip(found[-1].gain, -0.4, 1.1))
    axes.text(WAVES + 1, middle + 0.06, "misfit", color=misfit, va="center")
    axes.text(WAVES + 1, middle - 0.06, "gain", color=gain, va="center")
    _quiet(axes)


def _quiet(axes: Axes) -> None:
    axes.tick_params(colors=QUIET)
    axes.xaxis.label.set(color=QUIET, size=9)


def _apart(ends: dict[str, float], least: float = 0.38) -> dict[str, float]:
    """Push the ends of names off each other, in their order."""
    placed: dict[str, float] = {}
    for name in sorted(ends, key=lambda name: ends[name]):
        placed[name] = max(ends[name], *(at + least for at in placed.values()), -_REACH)
    over = max(0.0, max(placed.values()) - _REACH)
    return {name: at - over for name, at in placed.items()}
