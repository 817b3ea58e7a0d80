"""Axes of gain against misfit: their names, what the theorem allows, the diagonal, and clouds in them."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from w2s_widgets.display.palette import INK, PAPER, ROLES
from w2s_widgets.plots.page import QUIET, mark


def name_axes(axes: Axes, *, pads: tuple[float | None, float | None] = (2, 2)) -> None:
    """Write misfit and gain beside the axes, each in its colour."""
    axes.set_xlabel("misfit", color=ROLES["misfit"].light, labelpad=pads[0])
    axes.set_ylabel("gain", color=ROLES["gain"].light, labelpad=pads[1])


def draw_field(axes: Axes, left: float, right: float, low: float, high: float) -> float:
    """Set the limits, shade what the theorem allows, draw the diagonal; return where it ends."""
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    name_axes(axes)
    end = min(right, high)
    axes.fill([0, 0, end, end], [0, high, high, end], color="#e3f1ee", linewidth=0, zorder=0)
    axes.axhline(0, color=QUIET, linewidth=0.6, zorder=1)
    axes.axvline(0, color=QUIET, linewidth=0.6, zorder=1)
    axes.plot([0, end], [0, end], color=INK["light"], linewidth=1.2, zorder=1)
    return end


def draw_tasks(
    axes: Axes, misfit: Any, gain: Any, mean: tuple[float, float], ends: dict[int, float], *,
    alpha: float, solid: Any = (None, None), **star: Any,
) -> None:  # fmt: skip
    """Draw gain = misfit (1) and gain = -misfit (-1) up to their ends, the tasks, and a star as mean."""
    for sign, end in ends.items():
        colour, dashes = (ROLES["gain"].light, solid) if sign > 0 else (ROLES["slack"].light, (5, 3))
        axes.plot([0, end], [0, sign * end], color=colour, linewidth=1.4, dashes=dashes, zorder=1)
    edge = {"markeredgecolor": PAPER["light"], "markeredgewidth": 0.4, "alpha": alpha, "zorder": 2}
    mark(axes, misfit, gain, ROLES["student"], 4, **edge)
    mark(axes, *mean, ROLES["gain"], **star)
    axes.locator_params(nbins=5)
