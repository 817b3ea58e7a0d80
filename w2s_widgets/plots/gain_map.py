"""Gain against misfit, drawn into given axes: the diagonal, what the theorem allows, and the dots."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from w2s_widgets.display.label_placement import Box, around, place, text_box
from w2s_widgets.display.palette import INK, PAPER, ROLES
from w2s_widgets.plots.panels import QUIET
from w2s_widgets.theory.outcome import Outcome

MARKERS = "os^DvPX<>*ph"
"""One for each teacher, in order; they start again after the last."""

_SHADE = "#e3f1ee"
_NAME_SIZE = 9
_NEAR = 8  # the first ring of places around a dot


class Teacher(NamedTuple):
    """The dots that share a colour, a marker and a label."""

    name: str
    outcomes: tuple[Outcome, ...]


def group(outcomes: Sequence[Outcome], names: Sequence[str] | None) -> list[Teacher]:
    """Collect outcomes by the name of their teacher, in the order in which names first appear.

    Raises
    ------
    ValueError
        If there is no outcome, or not one name for each outcome.

    Examples
    --------
    >>> group([], None)
    Traceback (most recent call last):
    ...
    ValueError: outcomes is empty: give at least one outcome.
    """
    outcomes = list(outcomes)
    if not outcomes:
        raise ValueError("outcomes is empty: give at least one outcome.")
    if names is None:
        return [Teacher("", tuple(outcomes))]
    if len(names) != len(outcomes):
        raise ValueError(
            f"there are {len(names)} names for {len(outcomes)} outcomes: give one name for each outcome."
        )
    return [
        Teacher(name, tuple(o for o, other in zip(outcomes, names, strict=True) if other == name))
        for name in dict.fromkeys(names)
    ]


def draw_cloud(
    axes: Axes,
    teachers: Sequence[Teacher],
    *,
    labels: bool = True,
) -> None:
    """Draw gain against misfit for all teachers."""
    points = [np.array([(o.misfit, o.gain) for o in teacher.outcomes]) for teacher in teachers]
    alone = len(points) == 1 and len(points[0]) == 1 and not teachers[0].name
    seen = list(points)
    if alone:
        # One state fills the map by chance; the teacher's error is the most it could gain.
        seen.append(np.full((1, 2), teachers[0].outcomes[0].err_weak))
    left, right, low, high = _frame(np.concatenate(seen), _shape(axes))
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    axes.set_xlabel("misfit", color=ROLES["misfit"].light, labelpad=2)
    axes.set_ylabel("gain", color=ROLES["gain"].light, labelpad=2)
    axes.locator_params(nbins=6 if axes.get_window_extent().width > 300 else 4)
    end = min(right, high)
    axes.fill([0, 0, end, end], [0, high, high, end], color=_SHADE, linewidth=0, zorder=0)
    axes.axhline(0, color=QUIET, linewidth=0.6, zorder=1)
    axes.axvline(0, color=QUIET, linewidth=0.6, zorder=1)
    axes.plot([0, end], [0, end], color=INK["light"], linewidth=1.2, zorder=1)
    colours = _colours(len(teachers))
    for marker, colour, dots, teacher in zip(
        itertools.cycle(MARKERS), colours, points, teachers, strict=False
    ):
        axes.plot(
            *dots.T,
            linestyle="none",
            marker=ROLES["gain"].marker if alone else marker,
            markersize=14 if alone else 7,
            color=ROLES["gain"].light if alone else colour,
            markeredgecolor=INK["light"],
            markeredgewidth=0.6,
            label=teacher.name,
            zorder=3,
        )
    taken = _write_regions(axes, end, np.concatenate(points))
    if labels and not _write_names(axes, teachers, points, taken, end):
        # Beside the map: over it, the names would hide the diagonal.
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0, fontsize=8.5)


def _shape(axes: Axes) -> float:
    extent = axes.get_window_extent()
    return float(extent.width / extent.height)


def _extent(artist: Artist) -> Box:
    return Box(*map(float, artist.get_window_extent().extents))


def _frame(points: NDArray[Any], shape: float) -> tuple[float, float, float, float]:
    # One unit on both axes, so that the diagonal always rises at 45 degrees.
    high = 1.12 * max(0.0, float(points.max()))
    low = 1.12 * min(0.0, float(points[:, 1].min()))
    tall = max(high - low, 1.12 * float(points[:, 0].max()) / shape)
    if tall == 0:
        tall = high = 1.0
    # The side that the theorem allows keeps room for its name, however far the dots fall.
    high = max(high, 0.4 * tall)
    margin = 0.04 * tall
    low = min(low, high - tall) if low < 0 else 0.0
    low, left = low - margin, -margin * shape
    return left, left + (high - low) * shape, low, high


def _colours(count: int) -> list[tuple[float, float, float, float]]:
    # Dark to light in one order, also for those who see no hue; the lightest end would fade into the paper.
    shades = np.linspace(0.0, 0.88, count) if count > 1 else [0.3]
    return [tuple(map(float, shade)) for shade in matplotlib.colormaps["viridis"](shades)]  # type: ignore[misc]


def _write_regions(axes: Axes, end: float, dots: NDArray[Any]) -> list[Box]:
    start, stop = axes.transData.transform([(0, 0), (end, end)]).tolist()
    along = math.atan2(stop[1] - start[1], stop[0] - start[0])
    pixels = axes.transData.transform(dots).tolist()
    share = max((1.0, 0.75, 0.5), key=lambda share: _clearance(start, stop, share, pixels))
    diagonal = axes.annotate(
        "gain = misfit",
        (share * end, share * end),
        xytext=(
            -10 * math.cos(along) + 9 * math.sin(along),
            -10 * math.sin(along) - 9 * math.cos(along),
        ),
        textcoords="offset points",
        rotation=math.degrees(along),
        rotation_mode="anchor",
        ha="right",
        va="center",
        fontsize=8.5,
        color=INK["light"],
        path_effects=_halo(),
        zorder=2,
    )
    allowed = axes.text(
        0,
        0,
        "Theorem 1 allows\nthe shaded side",
        fontsize=8.5,
        color=ROLES["gain"].light,
        va="center",
        path_effects=_halo(),
        zorder=2,
    )
    frame, extent = _extent(axes), _extent(allowed)
    named = _extent(diagonal)
    size = extent.right - extent.left, extent.high - extent.low
    candidates = [
        text_box(x, y, anchor, *size)
        for x, anchor in ((start[0] + 8, "start"), (frame.right - 6, "end"))
        for y in np.linspace(frame.high - 4 - size[1] / 2, frame.low + 6 + size[1] / 2, 9).tolist()
    ]
    axis = axes.transData.transform((0, 0)).tolist()[1]
    [spot] = place(
        [candidates],
        frame=frame,
        boxes=[named, *(Box(x - 8, y - 8, x + 8, y + 8) for x, y in pixels)],
        segments=[(*start, *stop), (frame.left, axis, frame.right, axis)],
    )
    x, y = axes.transData.inverted().transform((spot.box.left, (spot.box.low + spot.box.high) / 2))
    allowed.set_position((float(x), float(y)))
    return [named, spot.box]


def _clearance(start: list[float], stop: list[float], share: float, dots: list[list[float]]) -> float:
    # Distance of the nearest dot from the words' middle; beyond 40 pixels no place is better than another.
    middle = [a + share * (b - a) - 40 for a, b in zip(start, stop, strict=True)]
    return min([40.0, *(math.dist(middle, dot) for dot in dots)])


def _write_names(
    axes: Axes,
    teachers: Sequence[Teacher],
    points: Sequence[NDArray[Any]],
    taken: Sequence[Box],
    end: float,
) -> bool:
    figure = axes.figure
    pixels = axes.transData.transform
    anchors = [_middle_dot(pixels(own)) for own in points]
    candidates = []
    for teacher, anchor in zip(teachers, anchors, strict=True):
        trial = axes.text(0, 0, teacher.name, fontsize=_NAME_SIZE)
        extent = _extent(trial)
        trial.remove()
        candidates.append(around(*anchor, extent.right - extent.left + 2, extent.high - extent.low, gap=8))
    dots = np.concatenate([pixels(own) for own in points])
    placed = place(
        candidates,
        frame=_extent(axes),
        boxes=[*taken, *(Box(x - 5, y - 5, x + 5, y + 5) for x, y in dots)],
        segments=[(*pixels((0, 0)), *pixels((end, end)))],
    )
    tied = sum(spot.choice >= _NEAR for spot in placed)
    if tied > len(placed) / 3 or not all(spot.clean for spot in placed):
        return False
    for teacher, spot, (x, y) in zip(teachers, placed, anchors, strict=True):
        centre = ((spot.box.left + spot.box.right) / 2, (spot.box.low + spot.box.high) / 2)
        leader = {"arrowstyle": "-", "color": QUIET, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 4}
        axes.annotate(
            teacher.name,
            axes.transData.inverted().transform((x, y)).tolist(),
            xytext=((centre[0] - x) * 72 / figure.dpi, (centre[1] - y) * 72 / figure.dpi),
            textcoords="offset points",
            fontsize=_NAME_SIZE,
            color=INK["light"],
            ha="center",
            va="center",
            path_effects=_halo(),
            zorder=5,
            # A label that found no place beside its dot is tied to it.
            arrowprops=leader if spot.choice >= _NEAR else None,
        )
    return True


def _middle_dot(dots: NDArray[Any]) -> tuple[float, float]:
    middle = dots.mean(axis=0, keepdims=True)
    x, y = dots[np.argmin(np.linalg.norm(dots - middle, axis=1))]
    return float(x), float(y)


def _halo() -> list[withStroke]:
    return [withStroke(linewidth=3, foreground=PAPER["light"])]
