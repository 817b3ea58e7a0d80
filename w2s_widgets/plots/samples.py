"""The static picture of `SampleExplorer`: the cloud, the curves over n, and the rates."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from w2s_widgets._numbers import format_fixed
from w2s_widgets.display.palette import PAPER, ROLES
from w2s_widgets.plots.picture import Picture, add_panel, new_figure, styled
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

_QUIET = "#555555"
_HALO = [withStroke(linewidth=3, foreground=PAPER["light"])]
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
    """Draw one state of a grid of finite samples: cloud, curves over n, and distances with their rates.

    Parameters
    ----------
    grid : SampleGrid
        The repetitions and curves.
    setting : tuple of int
        Position in the grid: capacity, noise, regularization.
    size : int
        Position in `SIZES` of the number of inputs.
    outcome : Outcome
        The middle repetition.
    population : mapping
        The population value of err_weak, err_student, misfit and gain.
    words : str
        The sentence below the drawings, which is also the picture's text.

    Returns
    -------
    Picture
        900 pixels wide.
    """
    width, height = 900, 396
    figure = new_figure(width, height)
    headings = (
        "The cloud: 200 students",
        "The curves: errors over n",
        "Distance from the population value",
    )
    for left, heading in zip((10, 328, 626), headings, strict=True):
        figure.text(left / width, 376 / height, heading, fontsize=9, weight="bold", va="center")
    _draw_cloud(add_panel(figure, 62, 106, 230, 250), grid.cloud[setting][size], outcome, population)
    curves = {name: grid.curves[i][setting] for i, name in enumerate(CURVES)}
    _draw_curves(
        add_panel(figure, 366, 106, 226, 250), curves, population, SIZES[size], CAPACITIES[setting[0]]
    )
    slopes = dict(zip(DISTANCES, grid.rates[setting], strict=True))
    _draw_distances(add_panel(figure, 666, 106, 222, 250), curves, slopes, SIZES[size])
    lines = -(-len(words) // 115)
    figure.text(
        0.5,
        30 / height,
        textwrap.fill(words, min(115, len(words) // lines + 12)),
        fontsize=9.5,
        ha="center",
        va="center",
    )
    return Picture(figure, words)


def _draw_cloud(axes: Axes, steps: NDArray[Any], outcome: Outcome, population: Mapping[str, float]) -> None:
    beyond = outside(steps)
    misfit, gain = cloud_value(steps[:, 0], CLOUD_X), cloud_value(steps[:, 1], CLOUD_Y)
    axes.set_xlim(*CLOUD_X)
    axes.set_ylim(*CLOUD_Y)
    top = CLOUD_Y[1]
    axes.fill([0, top, 0], [0, top, top], color=ROLES["gain"].light, alpha=0.12, linewidth=0)
    axes.plot([0, top], [0, top], color=ROLES["gain"].light, linewidth=1.5)
    axes.axhline(0, color=_QUIET, linewidth=0.7, dashes=(1, 3))
    for where, colour in ((~beyond, ROLES["student"].light), (beyond, ROLES["slack"].light)):
        axes.scatter(
            misfit[where], gain[where], s=9, color=colour, alpha=0.4, linewidths=0, clip_on=False, zorder=3
        )
    axes.plot(
        population["misfit"],
        population["gain"],
        marker=ROLES["gain"].marker,
        markersize=13,
        color=ROLES["gain"].light,
        markeredgecolor=PAPER["light"],
        zorder=4,
    )
    if outcome.misfit <= CLOUD_X[1] and outcome.gain >= CLOUD_Y[0]:
        student = ROLES["student"]
        axes.plot(
            outcome.misfit,
            outcome.gain,
            marker=student.marker,
            markersize=8,
            color=student.light,
            markeredgecolor=PAPER["light"],
            zorder=5,
        )
    axes.text(top + 0.03, top, "gain = misfit", fontsize=8.5, color=_QUIET, va="top")
    note = "star: population value"
    if beyond.any():
        note += f"\n{int(beyond.sum())} of {len(beyond)} lie beyond the edge"
    axes.text(0.04, CLOUD_Y[0] + 0.03, note, fontsize=8.5, color=_QUIET, va="bottom")
    axes.set_xlabel("misfit", color=ROLES["misfit"].light)
    axes.set_ylabel("gain", color=ROLES["gain"].light, labelpad=-2)


def _draw_curves(
    axes: Axes, curves: Mapping[str, NDArray[Any]], population: Mapping[str, float], n: int, capacity: int
) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(SIZES[0], SIZES[-1])
    axes.set_ylim(0.03, 1000)
    axes.axvline(capacity, color=_QUIET, linewidth=0.8, dashes=(1, 3))
    axes.axvline(n, color=_QUIET, linewidth=0.8)
    axes.axhline(population["err_weak"], color=ROLES["teacher"].light, linewidth=1.2, dashes=(6, 4))
    for name in ("err_student", "misfit"):
        role = ROLES[_ROLE[name]]
        _band(axes, curves, name, role.light, "--" if name == "misfit" else "-")
        if population[name] > 0:
            axes.axhline(population[name], color=role.light, linewidth=1, dashes=(1, 4))
    for i, (words, role_name) in enumerate(
        (("student’s error", "student"), ("misfit", "misfit"), ("teacher’s error", "teacher"))
    ):
        axes.text(
            0.98,
            0.95 - 0.07 * i,
            words,
            color=ROLES[role_name].light,
            fontsize=8.5,
            ha="right",
            va="top",
            transform=axes.transAxes,
            path_effects=_HALO,
        )
    axes.set_xlabel(f"n (dotted: n = dimension, {capacity})", fontsize=8.5)


def _draw_distances(
    axes: Axes, curves: Mapping[str, NDArray[Any]], slopes: Mapping[str, float], n: int
) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(SIZES[0], SIZES[-1])
    axes.set_ylim(1e-4, 1000)
    axes.axvline(n, color=_QUIET, linewidth=0.8)
    for i, name in enumerate(DISTANCES):
        colour = ROLES[_ROLE[name]].light
        middle = np.maximum(curves[f"{name}_distance_mid"].astype(float), 1e-9)
        axes.plot(SIZES, middle, color=colour, linewidth=1.8, linestyle=("-", "--", "-.")[i])
        slope = slopes[name]
        rate = f"slope {format_fixed(slope, 2)}" if np.isfinite(slope) else "distance 0"
        axes.text(
            0.98,
            0.95 - 0.07 * i,
            f"{_WORDS[name]}: {rate}",
            color=colour,
            fontsize=8.5,
            ha="right",
            va="top",
            transform=axes.transAxes,
            path_effects=_HALO,
        )
    axes.set_xlabel("n, the number of inputs", fontsize=8.5)


def _band(axes: Axes, curves: Mapping[str, NDArray[Any]], name: str, colour: str, style: str) -> None:
    low, middle, high = (
        np.clip(curves[f"{name}_{level}"].astype(float), 1e-9, 1e9) for level in ("low", "mid", "high")
    )
    axes.fill_between(SIZES, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(SIZES, middle, color=colour, linewidth=1.8, linestyle=style)
