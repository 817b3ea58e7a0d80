"""Gain against misfit: the dots and the names in the field, alone or on an explorer's page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import cycle
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from w2s_widgets._numbers import NOISE, format_number
from w2s_widgets.display.label_placement import Box, around, place, text_box
from w2s_widgets.display.palette import INK, ROLES
from w2s_widgets.display.text import sentence, slack_verdict
from w2s_widgets.plots.axes import draw_field
from w2s_widgets.plots.page import QUIET, Picture, add_panel, halo, new_figure, note, styled
from w2s_widgets.plots.triangle import explorer_page
from w2s_widgets.theory.outcome import Outcome

_MARKERS = "os^DvPX<>*ph"
_NAME_SIZE = 9
_NEAR = 8  # the first ring of places around a dot


@styled
def gain_map(
    outcomes: Sequence[Outcome],
    names: Sequence[str] | None = None,
    *,
    title: str = "",
    labels: bool = True,
    promised: bool = True,
) -> Picture:
    """Draw gain against misfit, one dot for each outcome, with the diagonal that Theorem 1 speaks of.

    Parameters
    ----------
    outcomes : sequence of Outcome
        The dots; all in the same unit.
    names : sequence of str, optional
        The teacher of each outcome. Outcomes of one name share a colour, a marker and one direct label;
        the colours run from dark to light in the order in which the names first appear.
    title : str
        Words above the figure.
    labels : bool
        Whether to write the names beside the dots.
    promised : bool
        Whether Theorem 1 speaks of these students; if not, the diagonal is only where gain equals misfit.

    Returns
    -------
    Picture
        Its text states how many dots there are, their ranges, and how many lie below the diagonal.

    Raises
    ------
    ValueError
        If there is no outcome, or not one name for each outcome.

    Examples
    --------
    >>> import w2s_widgets as w2s
    >>> right = w2s.measure(truth=[2, 0], teacher=[0, 2], student=[0, 0])
    >>> w2s.plots.gain_map([right, w2s.measure([2, 0], [0, 2], [3, 0])], ["small", "large"])
    Gain against misfit of 2 outcomes of 2 teachers: misfit from 2.000 to 6.500, gain from 2.000 to 3.500, \
slack from -3.000 to 0.000. 1 dot lies below the diagonal, where gain is less than misfit.
    """
    teachers = _group(outcomes, names)
    figure = new_figure(560, 500)
    height = 418 if title else 436
    axes = add_panel(figure, 66, 52, 480, height)
    _draw_cloud(axes, teachers, labels=labels and names is not None, promised=promised)
    if axes.get_legend() is not None:
        figure.set_size_inches(7.8, 5.0)
        axes.set_position((66 / 780, 52 / 500, 480 / 780, height / 500))
    if title:
        axes.set_title(title)
    return Picture(figure, _cloud_words(outcomes, teachers, named=names is not None))


@styled
def explorer_picture(outcome: Outcome, *, class_words: str = "what the student can express") -> Picture:
    """Draw triangle, ledger and map of one outcome side by side: what an explorer leaves on a static page.

    Parameters
    ----------
    outcome : Outcome
        The state shown.
    class_words : str
        What the dotted line through the student stands for.

    Returns
    -------
    Picture
        900 pixels wide; its text is the outcome's sentence.

    Examples
    --------
    >>> import w2s_widgets as w2s
    >>> picture = w2s.plots.explorer_picture(w2s.measure([0, 1], [1, 2], [1, 2]))
    >>> picture.alt
    'The student copies its teacher, mistakes and all: misfit 0.000, gain 0.000, no angle.'
    """
    figure, axes = explorer_page(outcome, "The map: gain against misfit", class_words, letters=115)
    _draw_cloud(axes, [_Teacher("", (outcome,))], labels=False)
    return Picture(figure, sentence(outcome))


class _Teacher(NamedTuple):
    """The dots that share a colour, a marker and a label."""

    name: str
    outcomes: tuple[Outcome, ...]


def _group(outcomes: Sequence[Outcome], names: Sequence[str] | None) -> list[_Teacher]:
    """Collect outcomes by the name of their teacher, in the order in which names first appear."""
    outcomes = list(outcomes)
    if not outcomes:
        raise ValueError("outcomes is empty: give at least one outcome.")
    if names is None:
        return [_Teacher("", tuple(outcomes))]
    if len(names) != len(outcomes):
        raise ValueError(
            f"there are {len(names)} names for {len(outcomes)} outcomes: give one name for each outcome."
        )
    return [
        _Teacher(name, tuple(o for o, other in zip(outcomes, names, strict=True) if other == name))
        for name in dict.fromkeys(names)
    ]


def _draw_cloud(
    axes: Axes, teachers: Sequence[_Teacher], *, labels: bool = True, promised: bool = True
) -> None:
    scale = max(o.scale for teacher in teachers for o in teacher.outcomes)
    points = [np.array([(o.misfit, o.gain) for o in teacher.outcomes]) for teacher in teachers]
    # Below rounding there is nothing to see, and a frame around it would show noise as a result.
    points = [np.where(np.abs(dots) <= NOISE * scale, 0.0, dots) for dots in points]
    alone = len(points) == 1 and len(points[0]) == 1 and not teachers[0].name
    seen = list(points)
    if alone:
        # One state fills the map by chance; the teacher's error is the most it could gain.
        seen.append(np.full((1, 2), teachers[0].outcomes[0].err_weak))
    elif not any(dots.any() for dots in points):
        seen.append(np.full((1, 2), scale))
    extent = axes.get_window_extent()
    end = draw_field(axes, *_frame(np.concatenate(seen), float(extent.width / extent.height)))
    axes.locator_params(nbins=6 if extent.width > 300 else 4)
    star, series = ROLES["gain"], zip(cycle(_MARKERS), _colours(len(points)), points, teachers, strict=False)
    for marker, colour, dots, teacher in series:
        axes.plot(
            *dots.T, linestyle="none", marker=star.marker if alone else marker, markersize=14 if alone else 7,
            color=star.light if alone else colour, markeredgecolor=INK["light"], markeredgewidth=0.6,
            label=teacher.name, zorder=3,
        )  # fmt: skip
    allowed = "Theorem 1 allows\nthe shaded side" if promised else "here gain is\nabove misfit"
    taken = _write_regions(axes, end, np.concatenate(points), allowed)
    if labels and not _write_names(axes, teachers, points, taken, end):
        # Beside the map: over it, the names would hide the diagonal.
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0, fontsize=8.5)


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


def _write_regions(axes: Axes, end: float, dots: NDArray[Any], words: str) -> list[Box]:
    start, stop = axes.transData.transform([(0, 0), (end, end)]).tolist()
    along = math.atan2(stop[1] - start[1], stop[0] - start[0])
    pixels = axes.transData.transform(dots).tolist()
    share = max((1.0, 0.75, 0.5), key=lambda share: _clearance(start, stop, share, pixels))
    aside = (
        -10 * math.cos(along) + 9 * math.sin(along),
        -10 * math.sin(along) - 9 * math.cos(along),
    )
    look = {"rotation": math.degrees(along), "rotation_mode": "anchor", "zorder": 2}
    diagonal = note(axes, "gain = misfit", (share * end, share * end), aside, ha="right", **look)
    allowed = axes.text(
        0, 0, words, fontsize=8.5, color=ROLES["gain"].light, va="center",
        path_effects=halo(), zorder=2,
    )  # fmt: skip
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
    axes: Axes, teachers: Sequence[_Teacher], points: Sequence[Any], taken: Sequence[Box], end: float
) -> bool:
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
        aside = (
            ((spot.box.left + spot.box.right) / 2 - x) * 72 / axes.figure.dpi,
            ((spot.box.low + spot.box.high) / 2 - y) * 72 / axes.figure.dpi,
        )
        at = axes.transData.inverted().transform((x, y)).tolist()
        # A label that found no place beside its dot is tied to it.
        leader = {"arrowstyle": "-", "color": QUIET, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 4}
        tie = {"arrowprops": leader if spot.choice >= _NEAR else None, "zorder": 5, "fontsize": _NAME_SIZE}
        note(axes, teacher.name, at, aside, ha="center", **tie)
    return True


def _middle_dot(dots: NDArray[Any]) -> tuple[float, float]:
    middle = dots.mean(axis=0, keepdims=True)
    x, y = dots[np.argmin(np.linalg.norm(dots - middle, axis=1))]
    return float(x), float(y)


def _cloud_words(outcomes: Sequence[Outcome], teachers: Sequence[_Teacher], *, named: bool) -> str:
    scale = max(o.scale for o in outcomes)

    def spread(name: str) -> str:
        values = [getattr(outcome, name) for outcome in outcomes]
        low, high = (format_number(value, scale=scale) for value in (min(values), max(values)))
        return f"{name} {low}" if low == high else f"{name} from {low} to {high}"

    broken = sum(slack_verdict(outcome) == "gain < misfit" for outcome in outcomes)
    count = f"{len(outcomes)} outcome{'s' * (len(outcomes) != 1)}"
    if named:
        count += f" of {len(teachers)} teacher{'s' * (len(teachers) != 1)}"
    below = {0: "No dot lies", 1: "1 dot lies"}.get(broken, f"{broken} dots lie")
    return (
        f"Gain against misfit of {count}: {spread('misfit')}, {spread('gain')}, {spread('slack')}. "
        f"{below} below the diagonal, where gain is less than misfit."
    )
