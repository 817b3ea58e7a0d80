"""Curves of answers as a static picture: truth, teacher and student, and misfit and gain by capacity."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.display.palette import ROLES
from w2s_widgets.plots.page import QUIET, Picture, add_panel, new_page, styled
from w2s_widgets.studies.linear.curves import (
    QUESTIONS,
    TRUTH_WAVES,
    WAVES,
    curve_outcome,
    student_curve,
    truth,
)

_REACH = 3.0


@styled
def curve_picture(teacher: FloatArray, strong_capacity: int, words: str) -> Picture:
    """Draw the answers of truth, teacher and student, and misfit and gain for students of 1 to 30 waves."""
    figure = new_page(
        {10: "Questions and answers", 590: "Misfit and gain, by capacity"}, textwrap.fill(words, 110)
    )
    answers = add_panel(figure, 40, 92, 450, 258)
    at = (np.arange(QUESTIONS) + 0.5) / QUESTIONS
    student = student_curve(teacher, strong_capacity)
    misfit, gain = ROLES["misfit"].light, ROLES["gain"].light
    answers.fill_between(at, teacher, student, color=misfit, alpha=0.13, linewidth=0, step="mid")
    curves: dict[str, tuple[FloatArray, dict[str, Any]]] = {
        "teacher": (teacher, {"linewidth": 1.4, "drawstyle": "steps-mid"}),
        "student": (student, {"linewidth": 2.4}),
        "truth": (truth(), {"linewidth": 1.2, "dashes": (4, 3)}),
    }
    ends = _apart({name: float(np.clip(values[-1], -_REACH, _REACH)) for name, (values, _) in curves.items()})
    for name, (values, look) in curves.items():
        colour = ROLES[name].light
        answers.plot(at, values, color=colour, **look)
        answers.annotate(
            name, (1, ends[name]), xytext=(6, 0), textcoords="offset points", color=colour, va="center",
            annotation_clip=False, weight="bold",
        )  # fmt: skip
    answers.set(xlim=(0, 1), ylim=(-_REACH, _REACH), xticks=[], yticks=[-2, 0, 2], xlabel="questions")
    account = add_panel(figure, 630, 92, 200, 244)
    capacities = np.arange(1, WAVES + 1)
    found = [curve_outcome(teacher, int(k)) for k in capacities]
    account.axvspan(TRUTH_WAVES, WAVES, color="#eef3f8", zorder=0)
    account.axhline(0, color="#d0d0d0", linewidth=0.8, zorder=1)
    account.plot(capacities, [one.misfit for one in found], color=misfit, linewidth=1.8, dashes=(4, 2))
    account.plot(capacities, [one.gain for one in found], color=gain, linewidth=1.8)
    now = found[strong_capacity - 1]
    account.plot(strong_capacity, now.misfit, "o", color=misfit, markersize=6)
    account.plot(strong_capacity, now.gain, "o", color=gain, markersize=6)
    account.set(xlim=(1, WAVES), ylim=(-0.5, 1.2), yticks=[0, 0.5, 1], xlabel="waves of the student")
    account.text(TRUTH_WAVES, 1.22, f"{TRUTH_WAVES} hold the truth", color=QUIET, fontsize=8.5, va="bottom")
    account.text(WAVES + 1, found[-1].gain + 0.06, "misfit", color=misfit, va="center")
    account.text(WAVES + 1, found[-1].gain - 0.06, "gain", color=gain, va="center")
    for axes in (answers, account):
        axes.tick_params(colors=QUIET)
        axes.xaxis.label.set(color=QUIET, size=9)
    return Picture(figure, words)


def _apart(ends: dict[str, float], least: float = 0.34) -> dict[str, float]:
    """Push the ends of names off each other, in their order."""
    placed: dict[str, float] = {}
    for name in sorted(ends, key=lambda name: ends[name]):
        placed[name] = max(ends[name], *(at + least for at in placed.values()), -_REACH)
    over = max(0.0, max(placed.values()) - _REACH)
    return {name: at - over for name, at in placed.items()}
