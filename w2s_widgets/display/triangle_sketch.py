"""The drawing of a triangle, composed once in canvas units, for every renderer to trace."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from w2s_widgets._numbers import format_fixed, format_number
from w2s_widgets.display.label_placement import Box, Segment, place, text_box
from w2s_widgets.display.triangle import Point, Triangle, lay_out
from w2s_widgets.theory.outcome import Outcome

FONT_SIZE = 13.0
_LETTER = 0.58 * FONT_SIZE  # a generous mean width: fonts differ between browsers
_LINE = 1.25 * FONT_SIZE
_DOT = 6.5


class Stroke(NamedTuple):
    """A side of the triangle: the role that gives its colour and dash, and its two ends."""

    role: str
    start: Point
    end: Point

    @property
    def segment(self) -> Segment:
        """The ends as four numbers."""
        return (*self.start, *self.end)


class Text(NamedTuple):
    """A label: what it says, the role that gives its colour (or ``"ink"``), its anchor and middle height."""

    words: str
    role: str
    x: float
    y: float
    anchor: str
    bold: bool = False


class Corner(NamedTuple):
    """A marker: its role, centre and radius; of those that share a centre the last is the smallest."""

    role: str
    centre: Point
    radius: float


@dataclass(frozen=True)
class Sketch:
    """A triangle in canvas units, y downwards: everything a renderer needs to trace."""

    width: float
    height: float
    triangle: Triangle
    class_line: Segment
    sides: tuple[Stroke, ...]
    corners: tuple[Corner, ...]
    angle_mark: tuple[Point, ...]
    """Points of the open polygon that marks the angle at the student; empty when there is none."""
    texts: tuple[Text, ...]


CAPTION = "A side squared is the error beside it. On the dotted line gain equals misfit."
"""What must be said under every sketch."""


def sketch(outcome: Outcome, width: float = 360.0, height: float = 250.0) -> Sketch:
    """Compose the drawing of an outcome's triangle, to scale, on a canvas.

    Parameters
    ----------
    outcome : Outcome
        Any outcome; coinciding corners share one label, and a side too short for its label has none.
    width, height : float
        The canvas; texts are `FONT_SIZE` units high.

    Returns
    -------
    Sketch
        Sides, corners, angle mark and labels in canvas units, y downwards.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure
    >>> drawing = sketch(measure(truth=[2, 0], teacher=[0, 2], student=[0, 0]))
    >>> [text.words for text in drawing.texts]
    ['truth', 'teacher', 'student', '90.0°', 'misfit 2.000', 'err_weak 4.000', 'err_student 2.000']
    """
    triangle = lay_out(outcome)
    at = _fit(triangle, width, height)
    truth, teacher, student = (at(getattr(triangle, name)) for name in ("truth", "teacher", "student"))
    sides = tuple(
        stroke
        for stroke in (
            Stroke("teacher", truth, teacher),
            Stroke("student", truth, student),
            Stroke("misfit", teacher, student),
        )
        if stroke.start != stroke.end
    )
    corners = tuple(
        Corner(name, at(point), 7.0 + 3.5 * above)
        for names, point in triangle.corners()
        for above, name in zip(range(len(names) - 1, -1, -1), names, strict=True)
    )
    class_line = (8.0, student[1], width - 8.0, student[1])
    mark = _angle_mark(triangle, truth, teacher, student)
    return Sketch(
        width=width,
        height=height,
        triangle=triangle,
        class_line=class_line,
        sides=sides,
        corners=corners,
        angle_mark=mark,
        texts=_label(outcome, triangle, at, sides, mark, class_line, Box(2, 2, width - 2, height - 2)),
    )


class _Fit(NamedTuple):
    unit: float
    left: float
    base: float

    def __call__(self, point: Point) -> Point:
        return (round(self.left + point[0] * self.unit, 1), round(self.base - point[1] * self.unit, 1))


def _fit(triangle: Triangle, width: float, height: float) -> _Fit:
    # The left margin holds the names of teacher and student and the misfit, the right one the truth's.
    left, right, top, bottom = 104.0, 48.0, 30.0, 40.0
    points = (triangle.truth, triangle.teacher, triangle.student)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    across, tall = max(xs) - min(xs), max(ys) - min(ys)
    room, space = width - left - right, height - top - bottom
    unit = min(room / across if across else math.inf, space / tall if tall else math.inf)
    unit = unit if math.isfinite(unit) else 1.0
    return _Fit(
        unit=unit,
        left=left + (room - across * unit) / 2 - min(xs) * unit,
        base=top + (space - tall * unit) / 2 + max(ys) * unit,
    )


def _angle_mark(triangle: Triangle, truth: Point, teacher: Point, student: Point) -> tuple[Point, ...]:
    up, away = math.dist(teacher, student), math.dist(truth, student)
    if triangle.angle is None or min(up, away) < 8 or triangle.angle < 1:
        return ()
    size = min(18.0, up / 2.2, away / 2.2)
    x, y = student
    if triangle.is_right:
        return ((x, y - size), (x + size, y - size), (x + size, y))
    steps = 16
    angles = (math.radians(triangle.angle) * step / steps for step in range(steps + 1))
    return tuple((round(x + size * math.sin(a), 1), round(y - size * math.cos(a), 1)) for a in angles)


def _label(
    outcome: Outcome,
    triangle: Triangle,
    at: _Fit,
    sides: tuple[Stroke, ...],
    mark: tuple[Point, ...],
    class_line: Segment,
    frame: Box,
) -> tuple[Text, ...]:
    scale = outcome.scale
    wanted: list[tuple[str, str, bool, list[tuple[float, float, str]]]] = []
    for names, point in triangle.corners():
        role = names[0] if len(names) == 1 else "ink"
        wanted.append((" = ".join(names), role, True, _beside_corner(names, at(point))))
    corner_count = len(wanted)
    if mark and triangle.angle is not None:
        wanted.append(
            (f"{format_fixed(triangle.angle, 1)}°", "ink", False, _beside_angle(at((0, 0)), triangle))
        )
    (x1, y1), (x2, y2) = triangle.truth, triangle.teacher
    centre = at(((x1 + x2) / 3, (y1 + y2) / 3))
    names_of = {"teacher": "err_weak", "student": "err_student", "misfit": "misfit"}
    for stroke in sorted(sides, key=lambda stroke: ("misfit", "teacher", "student").index(stroke.role)):
        name = names_of[stroke.role]
        words = f"{name} {format_number(getattr(outcome, name), scale=scale)}"
        wanted.append((words, stroke.role, False, _beside_side(stroke, centre)))
    candidates = [
        [text_box(x, y, anchor, len(words) * _LETTER, _LINE).padded(2) for x, y, anchor in places]
        for words, _, _, places in wanted
    ]
    dots = [at(point) for _, point in triangle.corners()]
    lines = [stroke.segment for stroke in sides]
    lines += [(*a, *b) for a, b in pairwise(mark)]
    placed = place(
        candidates,
        frame=frame,
        boxes=[Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in dots],
        segments=[*lines, class_line],
    )
    return tuple(
        Text(words, role, *places[spot.choice], bold=bold)
        for number, ((words, role, bold, places), spot) in enumerate(zip(wanted, placed, strict=True))
        # A corner is always named; a side's label may go, since its number stands in words nearby.
        if spot.clean or number < corner_count
    )


def _beside_corner(names: tuple[str, ...], point: Point) -> list[tuple[float, float, str]]:
    x, y = point
    away, up = 11.0, 17.0
    if len(names) > 1:
        over, under = (x, y - up, "middle"), (x, y + up, "middle")
        return [over, under] if names == ("truth", "teacher") else [under, over]
    right = [(x + away, y + dy, "start") for dy in (-10.0, 10.0, 0.0)] + [(x, y + up, "middle")]
    left = [(x - away, y + dy, "end") for dy in (-10.0, 0.0, 10.0)]
    if names == ("truth",):
        return [*right, (x, y - up, "middle"), *left]
    return left[::-1] + left if names == ("student",) else left


def _beside_angle(student: Point, triangle: Triangle) -> list[tuple[float, float, str]]:
    half = math.radians(triangle.angle or 0.0) / 2
    x, y = student
    spots = [
        (x + reach * math.sin(half), y - reach * math.cos(half), anchor)
        for reach in (30.0, 38.0, 46.0)
        for anchor in ("start", "middle")
    ]
    return [*spots, (x - 11.0, y - 14.0, "end")]


def _beside_side(stroke: Stroke, centre: Point) -> list[tuple[float, float, str]]:
    (x1, y1), (x2, y2) = stroke.start, stroke.end
    length = math.dist(stroke.start, stroke.end)
    nx, ny = (y1 - y2) / length, (x2 - x1) / length
    spots = []
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
        outward = nx * (x - centre[0]) + ny * (y - centre[1])
        way = -1.0 if outward < 0 else 1.0
        for direction in (way, -way):
            dx, dy = direction * nx, direction * ny
            anchor = "start" if dx > 0.3 else "end" if dx < -0.3 else "middle"
            spots += [(round(x + dx * gap, 1), round(y + dy * gap, 1), anchor) for gap in (12.0, 18.0)]
    return spots
