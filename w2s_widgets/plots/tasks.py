"""Clouds of tasks side by side: gain against misfit, one panel for each experiment."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from w2s_widgets._numbers import MINUS, format_fixed
from w2s_widgets.display.palette import INK, PAPER, ROLES
from w2s_widgets.plots.picture import Picture, add_panel, new_figure, styled
from w2s_widgets.theory.outcome import Sides

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
        words = _words(sides)
        said.append(f"{heading}: {', '.join(words)}.")
        figure.text(left / width, 1 - 18 / height, heading, fontsize=9.5, weight="bold", va="center")
        for row, line in enumerate((words[0], words[-1])):
            figure.text(left / width, (28 - 15 * row) / height, line, fontsize=8.5, va="center")
        _draw(add_panel(figure, left, _BOTTOM + 38, side, side), sides, first=place == 0)
    return Picture(figure, f"Gain against misfit of many tasks. {' '.join(said)}")


def _words(sides: Sides) -> tuple[str, ...]:
    misfit, gain = sides.misfit, sides.gain
    losing = f"{int((gain < 0).sum())} of {gain.size} tasks lose"
    mean = f"mean gain {gain.mean():.2f}, mean misfit {misfit.mean():.2f}".replace("-", MINUS)
    if misfit.std() == 0 or gain.std() == 0:
        return mean, losing
    correlation = float(np.corrcoef(misfit, gain)[0, 1])
    sign = "+" if correlation > 0 else MINUS
    return f"correlation {sign}{format_fixed(abs(correlation), 2)}", mean, losing


def _draw(axes: Axes, sides: Sides, *, first: bool) -> None:
    most = 1.06 * float(max(sides.misfit.max(), np.abs(sides.gain).max())) or 1.0
    losing = bool((sides.gain < 0).any())
    low = -most if losing else -0.06 * most
    axes.set_xlim(0, most)
    axes.set_ylim(low, most)
    axes.axhline(0, color=INK["light"], linewidth=0.6, alpha=0.5, zorder=1)
    axes.plot([0, most], [0, most], color=ROLES["gain"].light, linewidth=1.4, dashes=(1, 0), zorder=1)
    if losing:
        axes.plot([0, most], [0, -most], color=ROLES["slack"].light, linewidth=1.4, dashes=(5, 3), zorder=1)
    axes.plot(
        sides.misfit,
        sides.gain,
        linestyle="none",
        marker="o",
        markersize=4,
        alpha=0.6,
        color=ROLES["student"].light,
        markeredgecolor=PAPER["light"],
        markeredgewidth=0.4,
        zorder=2,
    )
    gain = ROLES["gain"]
    axes.plot(
        sides.misfit.mean(),
        sides.gain.mean(),
        marker=gain.marker,
        markersize=12,
        color=gain.light,
        markeredgecolor=INK["light"],
        markeredgewidth=0.6,
        path_effects=[withStroke(linewidth=2, foreground=PAPER["light"])],
        zorder=3,
    )
    axes.locator_params(nbins=5)
    axes.tick_params(length=3, labelsize=8)
    axes.set_xlabel("misfit", fontsize=9, labelpad=2)
    if first:
        axes.set_ylabel("gain", fontsize=9, labelpad=2)
