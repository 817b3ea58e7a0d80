"""The static picture of `SampleExplorer`: the cloud, the curves over n, and the rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from w2s_widgets._numbers import format_fixed
from w2s_widgets.display.palette import ROLES
from w2s_widgets.plots.axes import name_axes
from w2s_widgets.plots.page import ON_PAPER, QUIET, Picture, add_panel, balanced, halo, mark, new_page, styled
from w2s_widgets.studies.linear.finite_sample import SIZES
from w2s_widgets.studies.linear.finite_sample_grid import (
    CAPACITIES,
    CLOUD_X,
    CLOUD_Y,
    CURVES,
    DISTANCES,
    SampleGrid,
    cloud_value,
    outside,
)
from w2s_widgets.theory.outcome import Outcome

_WORDS = {"err_student": "student’s error, gain", "misfit": "misfit", "slack": "slack"}
_ROLE = {"err_student": "student", "misfit": "misfit", "slack": "slack"}


@styled
def sample_picture(
    grid: SampleGrid,
    setting: tuple[int, ...],
    size: int,
    outcome: Outcome,
    population: Mapping[str, float],
    *,
    words: str,
) -> Picture:
    """Draw one state of a `SampleGrid`: cloud, curves over n, and distances with their rates.

    ``setting`` and ``size`` are positions, ``outcome`` the middle repetition, ``words`` what stands below.
    """
    headings = {
        10: "The cloud: 200 students",
        328: "The curves: errors over n",
        626: "Distance from the population value",
    }
    figure = new_page(headings, balanced(words, 115), foot=30)
    _draw_cloud(add_panel(figure, 62, 106, 230, 250), grid.cloud[setting][size], outcome, population)
    curves = {name: grid.curves[i][setting] for i, name in enumerate(CURVES)}
    panel = add_panel(figure, 366, 106, 226, 250)
    _draw_curves(panel, curves, population, SIZES[size], CAPACITIES[setting[0]])
    slopes = dict(zip(DISTANCES, grid.rates[setting], strict=True))
    _draw_distances(add_panel(figure, 666, 106, 222, 250), curves, slopes, SIZES[size])
    return Picture(figure, words)


def _draw_cloud(axes: Axes, steps: NDArray[Any], outcome: Outcome, population: Mapping[str, float]) -> None:
    beyond = outside(steps)
    misfit, gain = cloud_value(steps[:, 0], CLOUD_X), cloud_value(steps[:, 1], CLOUD_Y)
    axes.set_xlim(*CLOUD_X)
    axes.set_ylim(*CLOUD_Y)
    top = CLOUD_Y[1]
    axes.fill([0, top, 0], [0, top, top], color=ROLES["gain"].light, alpha=0.12, linewidth=0)
    axes.plot([0, top], [0, top], color=ROLES["gain"].light, linewidth=1.5)
    axes.axhline(0, color=QUIET, linewidth=0.7, dashes=(1, 3))
    for where, colour in ((~beyond, ROLES["student"].light), (beyond, ROLES["slack"].light)):
        axes.scatter(
            misfit[where], gain[where], s=9, color=colour, alpha=0.4, linewidths=0, clip_on=False, zorder=3
        )
    mark(axes, population["misfit"], population["gain"], ROLES["gain"], 13, zorder=4, **ON_PAPER)
    if outcome.misfit <= CLOUD_X[1] and outcome.gain >= CLOUD_Y[0]:
        mark(axes, outcome.misfit, outcome.gain, ROLES["student"], 8, zorder=5, **ON_PAPER)
    axes.text(top + 0.03, top, "gain = misfit", fontsize=8.5, color=QUIET, va="top")
    note = "star: population value"
    if beyond.any():
        note += f"\n{int(beyond.sum())} of {len(beyond)} lie beyond the edge"
    axes.text(0.04, CLOUD_Y[0] + 0.03, note, fontsize=8.5, color=QUIET, va="bottom")
    name_axes(axes, pads=(None, -2))


def _draw_curves(
    axes: Axes, curves: Mapping[str, NDArray[Any]], population: Mapping[str, float], n: int, capacity: int
) -> None:
    _over_sizes(axes, n, 0.03)
    axes.axvline(capacity, color=QUIET, linewidth=0.8, dashes=(1, 3), zorder=1.9)
    axes.axhline(population["err_weak"], color=ROLES["teacher"].light, linewidth=1.2, dashes=(6, 4))
    for name in ("err_student", "misfit"):
        role = ROLES[_ROLE[name]]
        _band(axes, curves, name, role.light, "--" if name == "misfit" else "-")
        if population[name] > 0:
            axes.axhline(population[name], color=role.light, linewidth=1, dashes=(1, 4))
    words = {"student": "student’s error", "misfit": "misfit", "teacher": "teacher’s error"}
    _write_key(axes, {said: ROLES[name].light for name, said in words.items()})
    axes.set_xlabel(f"n (dotted: n = dimension, {capacity})", fontsize=8.5)


def _draw_distances(
    axes: Axes, curves: Mapping[str, NDArray[Any]], slopes: Mapping[str, float], n: int
) -> None:
    _over_sizes(axes, n, 1e-4)
    words = {}
    for i, name in enumerate(DISTANCES):
        colour = ROLES[_ROLE[name]].light
        middle = np.maximum(curves[f"{name}_distance_mid"].astype(float), 1e-9)
        axes.plot(SIZES, middle, color=colour, linewidth=1.8, linestyle=("-", "--", "-.")[i])
        slope = slopes[name]
        rate = f"slope {format_fixed(slope, 2)}" if np.isfinite(slope) else "distance 0"
        words[f"{_WORDS[name]}: {rate}"] = colour
    _write_key(axes, words)
    axes.set_xlabel("n, the number of inputs", fontsize=8.5)


def _over_sizes(axes: Axes, n: int, low: float) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(SIZES[0], SIZES[-1])
    axes.set_ylim(low, 1000)
    axes.axvline(n, color=QUIET, linewidth=0.8)


def _write_key(axes: Axes, words: Mapping[str, str]) -> None:
    for i, (said, colour) in enumerate(words.items()):
        place: Any = {"ha": "right", "va": "top", "transform": axes.transAxes, "path_effects": halo()}
        axes.text(0.98, 0.95 - 0.07 * i, said, color=colour, fontsize=8.5, **place)


def _band(axes: Axes, curves: Mapping[str, NDArray[Any]], name: str, colour: str, style: str) -> None:
    low, middle, high = (
        np.clip(curves[f"{name}_{level}"].astype(float), 1e-9, 1e9) for level in ("low", "mid", "high")
    )
    axes.fill_between(SIZES, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(SIZES, middle, color=colour, linewidth=1.8, linestyle=style)
