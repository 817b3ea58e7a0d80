"""Clouds of tasks, gain against misfit: of several experiments side by side, and of one with its account."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from w2s_widgets._numbers import MINUS
from w2s_widgets._validation import FloatArray
from w2s_widgets.display.palette import INK, ROLES
from w2s_widgets.display.text import cloud_words, sentence
from w2s_widgets.plots.axes import draw_tasks, name_axes
from w2s_widgets.plots.bars import draw_account
from w2s_widgets.plots.page import QUIET, Picture, add_panel, halo, new_figure, new_page, note, styled
from w2s_widgets.plots.triangle import draw_triangle
from w2s_widgets.theory.outcome import Outcome, Sides

_WIDTH, _TOP, _BOTTOM, _GAP = 900, 34, 50, 62


@styled
def task_clouds(experiments: Mapping[str, Sides]) -> Picture:
    """Draw gain against misfit, one dot for each task, in one panel for each experiment.

    Parameters
    ----------
    experiments : mapping of str to Sides
        Up to four headings, each with the sides of its tasks (arrays of shape (tasks,)).

    Returns
    -------
    Picture
        At most 900 pixels wide. Lines are ``gain = misfit`` and ``gain = -misfit``, a star is the mean.

    Raises
    ------
    ValueError
        If there is no experiment, or more than four.

    Examples
    --------
    >>> from w2s_widgets.studies.linear.perturbed_representations import PerturbedRepresentations
    >>> print(task_clouds({"linear": PerturbedRepresentations().sides(0.5, 0.0)}))
    Gain against misfit of many tasks. linear: correlation +1.00, mean gain 0.86, mean misfit 0.86, \
0 of 100 tasks lose.
    """
    count = len(experiments)
    if not 1 <= count <= 4:
        raise ValueError(f"there are {count} experiments: give one to four.")
    side = min(300, (_WIDTH - 10) // count - _GAP)
    height = side + _TOP + _BOTTOM + 38
    width = min(_WIDTH, _GAP + count * (side + _GAP))
    figure = new_figure(width, height)
    said = []
    for place, (heading, sides) in enumerate(experiments.items()):
        left = _GAP + place * (side + _GAP) - 4
        correlation, losing = cloud_words(sides.misfit, sides.gain)
        mean = f"mean gain {sides.gain.mean():.2f}, mean misfit {sides.misfit.mean():.2f}".replace("-", MINUS)
        said.append(f"{heading}: {', '.join(filter(None, (correlation, mean, losing)))}.")
        figure.text(left / width, 1 - 18 / height, heading, fontsize=9.5, weight="bold", va="center")
        for row, line in enumerate((correlation or mean, losing)):
            figure.text(left / width, (28 - 15 * row) / height, line, fontsize=8.5, va="center")
        _draw(add_panel(figure, left, _BOTTOM + 38, side, side), sides, first=place == 0)
    return Picture(figure, f"Gain against misfit of many tasks. {' '.join(said)}")


def _draw(axes: Axes, sides: Sides, *, first: bool) -> None:
    most = 1.06 * float(max(sides.misfit.max(), np.abs(sides.gain).max())) or 1.0
    losing = bool((sides.gain < 0).any())
    axes.set_xlim(0, most)
    axes.set_ylim(-most if losing else -0.06 * most, most)
    axes.axhline(0, color=INK["light"], linewidth=0.6, alpha=0.5, zorder=1)
    mean = float(sides.misfit.mean()), float(sides.gain.mean())
    ends = {1: most, -1: most} if losing else {1: most}
    draw_tasks(
        axes, sides.misfit, sides.gain, mean, ends, solid=(1, 0), alpha=0.6, size=12, path_effects=halo(2)
    )
    axes.tick_params(length=3, labelsize=8)
    axes.set_xlabel("misfit", fontsize=9, labelpad=2)
    if first:
        axes.set_ylabel("gain", fontsize=9, labelpad=2)


@styled
def swap_picture(
    outcome: Outcome,
    misfits: FloatArray,
    gains: FloatArray,
    *,
    limits: tuple[float, float, float],
    phrases: tuple[str, str],
) -> Picture:
    """Draw what a `SwapExplorer` leaves on a static page: a cloud, and triangle and account of its mean.

    ``limits`` are the largest misfit, the smallest and the largest gain that the frame must hold.
    """
    headings = {
        10: f"The cloud: {len(gains)} tasks",
        322: "The triangle of all tasks together",
        612: "The account: misfit + alignment = gain",
    }
    figure = new_page(headings, sentence(outcome))
    axes = add_panel(figure, 56, 106, 246, 252)
    right, low, high = limits
    axes.set_xlim(0, right)
    axes.set_ylim(low, high)
    name_axes(axes, pads=(2, 1))
    axes.axhline(0, color=QUIET, linewidth=0.6, zorder=1)
    ends = {1: min(right, high), -1: min(right, -low)}
    mean = outcome.misfit, outcome.gain
    draw_tasks(axes, misfits, gains, mean, ends, alpha=0.55, size=13, zorder=3.1)
    for (sign, end), role, words in zip(ends.items(), ("gain", "slack"), ("", MINUS), strict=True):
        (x, y), (run, rise) = axes.transData.transform([(0, 0), (end, sign * end)]).tolist()
        look = {"rotation": math.degrees(math.atan2(rise - y, run - x)), "rotation_mode": "anchor"}
        at = (0.7 * end, sign * 0.7 * end)
        note(axes, f"gain = {words}misfit", at, (-4, 8 * sign), ha="center", color=ROLES[role].light, **look)
    for row, words in enumerate(phrases):
        note(axes, words, (0, 0), (5, 22 - 13 * row), xycoords="axes fraction", weight="bold", zorder=4)
    panel = add_panel(figure, 310, 66, 300, 290)
    draw_triangle(panel, outcome, 300, 290, class_words="what the student can express")
    draw_account(add_panel(figure, 622, 106, 262, 252), outcome)
    tasks = f"Gain against misfit of {len(gains)} tasks: {', '.join(phrases)}."
    return Picture(figure, f"{tasks} Together: {sentence(outcome)}")
