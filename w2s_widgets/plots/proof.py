"""The proof of Theorem 1 as a strip of stills, from the class to the squares that fit."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Polygon
from matplotlib.path import Path

from w2s_widgets._validation import FloatArray
from w2s_widgets.display.palette import ROLES
from w2s_widgets.plots.page import ON_PAPER, QUIET, Picture, add_panel, mark, new_page, styled
from w2s_widgets.studies.linear.function_plane import PlaneSet, Point, plane_set
from w2s_widgets.studies.linear.proof_film import as_point

_HALF = 2.65
_SIDE = 252
_FAR = 40.0
_LONGEST = 3
_TITLES = {
    "points": "0. Two answers are a point",
    "class": "1. All that the student can say",
    "nearest": "2. The nearest point is the student",
    "step": "3. A step towards the truth",
    "angle": "4. The angle at the student",
    "squares": "5. Each square is an error",
    "fit": "6. The small squares, turned",
}


@styled
def film_strip(shape: str, truth: Point, teacher: Point, scene: int, words: str) -> Picture:
    """Draw the scenes of `ProofExplorer` until ``scene``, for two answers each of truth and teacher."""
    chosen = plane_set(shape)
    stills = list(_TITLES.items())[1 : scene + 1] or list(_TITLES.items())[:1]
    rows = -(-len(stills) // 3)
    figure = new_page({}, textwrap.fill(words, 110), height=68 + 306 * rows, foot=24)
    x, y = chosen.project(as_point(teacher))
    corners = {"truth": np.array(truth), "teacher": np.array(teacher), "student": np.array((x + y, x - y))}
    for i, (name, title) in enumerate(stills):
        axes = add_panel(figure, 34 + 294 * (i % 3), 72 + 306 * (rows - 1 - i // 3), _SIDE, _SIDE)
        axes.set_title(title, loc="left", fontsize=9, color=QUIET, pad=5)
        _draw_scene(axes, name, chosen, corners)
    return Picture(figure, f"{words} Drawn as stills: {'; '.join(title[3:] for _, title in stills)}.")


def fitted_square(corner: FloatArray, student: FloatArray, far: FloatArray) -> FloatArray:
    """Return the square on a short side, turned into the rectangle of its area within the large square.

    The large square stands on the side from ``corner`` to ``far``. Where the angle at the corner is not
    acute there is no such rectangle, or where it would be three times as long as the large square: there
    the square stays where it is.

    Examples
    --------
    >>> fitted_square(np.zeros(2), np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.0, -2.0], [0.0, -2.0]]
    """
    leg, side = student - corner, far - corner
    along, length = float(leg @ side), float(np.linalg.norm(side))
    if along <= 1e-9 or leg @ leg > _LONGEST * along:
        return _square(corner, student, far)
    foot = side * (along / length**2)
    out = _outward(corner, far, student)
    depth = out / length * (float(leg @ leg) / along * length)
    rectangle: FloatArray = corner + np.array([np.zeros(2), foot, foot + depth, depth]) + 0.0
    return rectangle


def _outward(start: FloatArray, end: FloatArray, third: FloatArray) -> FloatArray:
    """Return the side turned by a right angle, away from the third corner."""
    x, y = end - start
    out = np.array([-y, x])
    return np.negative(out) if out @ (third - start) > 0 else out


def _square(start: FloatArray, end: FloatArray, third: FloatArray) -> FloatArray:
    out = _outward(start, end, third)
    return np.array([start, end, end + out, start + out])


def _draw_scene(axes: Axes, scene: str, chosen: PlaneSet, corners: dict[str, FloatArray]) -> None:
    truth, teacher, student = corners["truth"], corners["teacher"], corners["student"]
    axes.set(xlim=(-_HALF, _HALF), ylim=(-_HALF, _HALF), xticks=[-2, 0, 2], yticks=[-2, 0, 2])
    axes.tick_params(colors=QUIET, labelsize=8)
    axes.set_aspect("equal")
    if scene != "points":
        _draw_class(axes, chosen)
    misfit, gain = ROLES["misfit"].light, ROLES["gain"].light
    radius = float(np.linalg.norm(teacher - student))
    if scene in ("nearest", "step"):
        axes.add_patch(Circle(tuple(teacher), radius, facecolor="none", edgecolor=misfit, linewidth=1.3))
    if scene == "step":
        axes.plot(*zip(student, truth, strict=True), color=QUIET, dashes=(3, 3), linewidth=1.2)
    if scene in ("angle", "squares", "fit"):
        for role, ends in (
            ("teacher", (truth, teacher)),
            ("misfit", (teacher, student)),
            ("student", (student, truth)),
        ):
            axes.plot(*zip(*ends, strict=True), color=ROLES[role].light, linewidth=2, zorder=3)
    if scene == "angle" and radius > 1e-6:
        away = (student - teacher) / radius
        across = np.array([-away[1], away[0]]) * _FAR
        region = [
            student - across,
            student + across,
            student + across + away * _FAR,
            student - across + away * _FAR,
        ]
        axes.add_patch(Polygon(region, facecolor=gain, alpha=0.1, linewidth=0, zorder=0))
        axes.plot(
            *zip(student - across, student + across, strict=True),
            color=gain,
            linewidth=1.4,
            dashes=(6, 2, 1, 2),
        )
    if scene in ("squares", "fit"):
        _draw_squares(axes, corners, turned=scene == "fit")
    known = ("truth", "teacher") if scene in ("points", "class") else tuple(corners)
    for role in known:
        x, y = corners[role]
        mark(axes, x, y, ROLES[role], 8, zorder=5, **ON_PAPER)
    if len(known) == 2:
        for role in known:
            axes.annotate(
                role, tuple(corners[role]), xytext=(9, 5), textcoords="offset points", weight="bold",
                color=ROLES[role].light, fontsize=9,
            )  # fmt: skip


def _draw_squares(axes: Axes, corners: dict[str, FloatArray], *, turned: bool) -> None:
    truth, teacher, student = corners["truth"], corners["teacher"], corners["student"]
    large = _square(truth, teacher, student)
    standing = [_square(teacher, student, truth), _square(truth, student, teacher)]
    small = (
        [fitted_square(teacher, student, truth), fitted_square(truth, student, teacher)]
        if turned
        else standing
    )
    for role, corners_of, alpha in (
        ("teacher", large, 0.12),
        ("misfit", small[0], 0.34),
        ("student", small[1], 0.34),
    ):
        axes.add_patch(
            Polygon(
                corners_of,
                facecolor=(*_rgb(role), alpha),
                edgecolor=ROLES[role].light,
                linewidth=1.1,
                zorder=2,
            )
        )
    every = np.concatenate([large, *standing, *small])
    middle = (every.max(axis=0) + every.min(axis=0)) / 2
    half = max(1.0, 0.54 * float(np.ptp(every, axis=0).max()))
    axes.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half))
    axes.set(xticks=[], yticks=[])


def _rgb(role: str) -> tuple[float, float, float]:
    code = ROLES[role].light
    return tuple(int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def _draw_class(axes: Axes, chosen: PlaneSet) -> None:
    colour = ROLES["ceiling"].light
    loops = [[(x + y, x - y) for x, y in loop] for loop in chosen.outline()]
    if any(len(loop) == 2 for loop in loops):
        axes.plot(*zip(*loops[0], strict=True), color=colour, alpha=0.45, linewidth=4, zorder=1)
        return
    vertices = [point for loop in loops for point in (*loop, loop[0])]
    codes = [
        code for loop in loops for code in (Path.MOVETO, *[Path.LINETO] * (len(loop) - 1), Path.CLOSEPOLY)
    ]
    axes.add_patch(PathPatch(Path(vertices, codes), facecolor=colour, alpha=0.18, linewidth=0, zorder=1))
