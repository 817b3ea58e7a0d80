"""The plane of functions as a static picture: class, triangle, squares, tangent and ledger."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path

from w2s_widgets._numbers import format_number
from w2s_widgets.display.label_placement import Box, Segment, around, place
from w2s_widgets.display.palette import ROLES
from w2s_widgets.display.text import sentence
from w2s_widgets.plots.bars import draw_ledger
from w2s_widgets.plots.page import ON_PAPER, QUIET, Picture, add_panel, halo, mark, new_page, styled
from w2s_widgets.studies.linear.function_plane import NEAR, PlaneSet, Point, distance, plane_set
from w2s_widgets.theory.outcome import Outcome

_WIDTH, _HEIGHT, _UNIT = 560, 420, 92.0
_FAR = 20.0
_DOT = 9.0
_LETTER = 7.0


@styled
def projection_picture(outcome: Outcome, shape: str, truth: Point, teacher: Point) -> Picture:
    """Draw truth, teacher and student, points of the plane, with the class and the ledger of ``outcome``."""
    words = sentence(outcome)
    headings = {
        10: f"The plane of functions; the student’s class: {shape}",
        598: "The ledger: promised and paid",
    }
    figure = new_page(headings, textwrap.fill(words, 100), height=510, foot=26, drop=18, va="baseline")
    _draw_plane(add_panel(figure, 10, 62, _WIDTH, _HEIGHT), plane_set(shape), truth, teacher, outcome)
    draw_ledger(add_panel(figure, 598, 96, 290, 380), outcome)
    return Picture(figure, words)


def _draw_plane(axes: Axes, chosen: PlaneSet, truth: Point, teacher: Point, outcome: Outcome) -> None:
    student, ceiling = chosen.project(teacher), chosen.project(truth)
    reach = _WIDTH / 2 / _UNIT, _HEIGHT / 2 / _UNIT
    axes.set_xlim(-reach[0], reach[0])
    axes.set_ylim(-reach[1], reach[1])
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color("#d0d0d0")
    axes.axhline(0, color="#d0d0d0", linewidth=0.8, zorder=0)
    axes.axvline(0, color="#d0d0d0", linewidth=0.8, zorder=0)
    _draw_half_plane(axes, student, teacher)
    _draw_class(axes, chosen)
    corners = {"truth": truth, "teacher": teacher, "student": student}
    texts = _draw_squares(axes, corners, outcome)
    names = _names(corners)
    if distance(truth, ceiling) > NEAR:
        axes.plot(
            *zip(truth, ceiling, strict=True), color=ROLES["ceiling"].light, dashes=(1, 2), linewidth=1.2
        )
        _mark(axes, "ceiling", ceiling)
        if distance(ceiling, student) > 0.05:
            names.append(("ceiling", "ceiling", ceiling))
    for role, point in corners.items():
        _mark(axes, role, point)
    sides: list[Segment] = [
        (*_pixel(corners[a]), *_pixel(corners[b]))
        for a, b in combinations(corners, 2)
        if corners[a] != corners[b]
    ]
    _write(axes, [(role, words, _pixel(point)) for role, words, point in names], texts, sides)


def _draw_class(axes: Axes, chosen: PlaneSet) -> None:
    colour = ROLES["student"].light
    vertices: list[Point] = []
    codes: list[Any] = []
    for loop in chosen.outline():
        if len(loop) == 1:
            axes.plot(*loop[0], marker="o", markersize=14, color=colour, alpha=0.25, zorder=1)
            continue
        vertices += [*loop, loop[0]]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(loop) - 1), Path.CLOSEPOLY]
    if not vertices:
        return
    # Two patches, since a hole needs both loops in one path, and a fill of its own opacity.
    outline = Path(vertices, codes)
    axes.add_patch(PathPatch(outline, facecolor=colour, edgecolor="none", alpha=0.14, zorder=1))
    axes.add_patch(
        PathPatch(outline, facecolor="none", edgecolor=colour, linewidth=1.2, linestyle=(0, (2, 3)), zorder=1)
    )


def _draw_half_plane(axes: Axes, student: Point, teacher: Point) -> None:
    gap = distance(student, teacher)
    if gap < 1e-3:
        return
    nx, ny = (student[0] - teacher[0]) / gap, (student[1] - teacher[1]) / gap
    one = (student[0] - _FAR * ny, student[1] + _FAR * nx)
    other = (student[0] + _FAR * ny, student[1] - _FAR * nx)
    behind = [(x + _FAR * nx, y + _FAR * ny) for x, y in (other, one)]
    colour = ROLES["gain"].light
    axes.add_patch(Polygon([one, other, *behind], facecolor=colour, alpha=0.08, linewidth=0, zorder=0))
    axes.plot(*zip(one, other, strict=True), color=colour, dashes=ROLES["gain"].dash, linewidth=1.2, zorder=1)


def _draw_squares(
    axes: Axes, corners: dict[str, Point], outcome: Outcome
) -> list[tuple[str, str, tuple[float, float]]]:
    scale = outcome.scale
    texts = []
    for role, ends, third, error in (
        ("teacher", ("truth", "teacher"), "student", outcome.err_weak),
        ("student", ("truth", "student"), "teacher", outcome.err_student),
        ("misfit", ("teacher", "student"), "truth", outcome.misfit),
    ):
        (ax, ay), (bx, by), (cx, cy) = (corners[name] for name in (*ends, third))
        ox, oy = ay - by, bx - ax
        if (cx - ax) * ox + (cy - ay) * oy > 0:
            ox, oy = -ox, -oy
        square = [(ax, ay), (bx, by), (bx + ox, by + oy), (ax + ox, ay + oy)]
        colour = ROLES[role].light
        axes.add_patch(Polygon(square, facecolor=colour, alpha=0.13, linewidth=0, zorder=2))
        axes.add_patch(Polygon(square, facecolor="none", edgecolor=colour, linewidth=0.7, zorder=2))
        dash = ROLES[role].dash or (None, None)
        axes.plot([ax, bx], [ay, by], color=colour, dashes=dash, zorder=3)
        if math.hypot(ox, oy) * _UNIT > 40:
            x, y = _pixel(((ax + bx + ox) / 2, (ay + by + oy) / 2))
            spot = min(_WIDTH - 30, max(30, x)), min(_HEIGHT - 14, max(14, y))
            texts.append((role, format_number(error, scale=scale), spot))
    return texts


def _mark(axes: Axes, role: str, point: Point) -> None:
    mark(axes, *point, ROLES[role], 9, zorder=5, **ON_PAPER)


def _names(corners: dict[str, Point]) -> list[tuple[str, str, Point]]:
    """Name the corners; those that sit on each other share one name."""
    named: list[tuple[str, str, Point]] = []
    for role in ("student", "teacher", "truth"):
        point = corners[role]
        for i, (first, words, other) in enumerate(named):
            if distance(point, other) < 0.02:
                named[i] = (first, f"{words} = {role}", other)
                break
        else:
            named.append((role, role, point))
    return named


def _write(
    axes: Axes,
    names: Sequence[tuple[str, str, tuple[float, float]]],
    areas: Sequence[tuple[str, str, tuple[float, float]]],
    sides: Sequence[Segment],
) -> None:
    dots = [Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for _, _, (x, y) in names]
    numbers = [_around_number(words, x, y) for _, words, (x, y) in areas]
    candidates = [around(x, y, len(words) * _LETTER + 4, 16, 12) for _, words, (x, y) in names]
    frame = Box(2, 2, _WIDTH - 2, _HEIGHT - 2)
    placed = place([*candidates, *numbers], frame=frame, boxes=dots, segments=sides)
    for (role, words, _), spot in zip([*names, *areas], placed, strict=True):
        x, y = (spot.box.left + spot.box.right) / 2, (spot.box.low + spot.box.high) / 2
        is_name = words.replace(" ", "").replace("=", "").isalpha()
        axes.text(
            x / _WIDTH, y / _HEIGHT, words, transform=axes.transAxes, fontsize=9.5, ha="center", va="center",
            color=ROLES[role].light if role in ROLES else QUIET, weight="bold" if is_name else "normal",
            path_effects=halo(), zorder=6,
        )  # fmt: skip


def _around_number(words: str, x: float, y: float) -> list[Box]:
    width = len(words) * _LETTER
    here = Box(x - width / 2, y - 8, x + width / 2, y + 8)
    return [here, *around(x, y, width, 16, 10)]


def _pixel(point: Point) -> tuple[float, float]:
    return _WIDTH / 2 + point[0] * _UNIT, _HEIGHT / 2 + point[1] * _UNIT
