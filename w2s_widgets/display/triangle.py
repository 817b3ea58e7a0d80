"""An outcome's triangle: where its corners lie, and its drawing, composed once for all renderers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from w2s_widgets._numbers import format_fixed, format_number
from w2s_widgets.display.label_placement import Box, Segment, place, text_box
from w2s_widgets.display.text import RIGHT_ANGLE_DEGREES, sentence_case
from w2s_widgets.theory.outcome import Outcome

Point = tuple[float, float]

FONT_SIZE = 13.0
CAPTION = "A side squared is the error beside it. On the dotted line gain equals misfit."
"""What must be said under every sketch."""

_LETTER = 0.58 * FONT_SIZE  # a generous mean width: fonts differ between browsers
_LINE = 1.25 * FONT_SIZE
_DOT = 6.5


@dataclass(frozen=True)
class Triangle:
    """The three corners, in the unit of the truth (the square root of an error's unit).

    The student is the origin and the teacher stands straight above it, so the horizontal line through
    the student is the line of all truths for which gain equals misfit: it is the student's class when
    that class is a linear space, and touches the class when it is convex.
    """

    truth: Point
    teacher: Point
    student: Point
    angle: float | None
    """At the student in degrees; ``None`` when the student sits on another corner."""
    case: str

    @property
    def is_right(self) -> bool:
        """Whether the angle at the student is drawn as a right angle."""
        return self.angle is not None and abs(self.angle - 90) < RIGHT_ANGLE_DEGREES

    def corners(self) -> tuple[tuple[tuple[str, ...], Point], ...]:
        """Return the distinct corners, each with the names of all that sit on it.

        Examples
        --------
        >>> from w2s_widgets.theory.outcome import measure
        >>> copy = lay_out(measure(truth=[0, 0], teacher=[1, 1], student=[1, 1]))
        >>> copy.corners()
        ((('truth',), (1.0, 0.0)), (('teacher', 'student'), (0.0, 0.0)))
        """
        together = _TOGETHER.get(self.case, (("truth",), ("teacher",), ("student",)))
        return tuple((names, getattr(self, names[0])) for names in together)


def lay_out(outcome: Outcome) -> Triangle:
    """Place the corners of an outcome's triangle: student at the origin, teacher straight above.

    Nothing is measured here: the three squared sides and the slack fix the corners. With the student
    at the origin the inner product of truth and teacher is minus half the slack, so the truth lies at
    height ``-slack / (2 * sqrt(misfit))``: on the line through the student when the slack is zero, below
    it when the gain exceeds the misfit (the case of Theorem 1 of Charikar, Pabbaraju and Shiragur, 2024,
    for a convex class that contains the truth), above it when gain is less than misfit.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure
    >>> right = lay_out(measure(truth=[2, 0], teacher=[0, 2], student=[0, 0]))
    >>> [round(x, 9) for x in right.teacher], [round(x, 9) for x in right.truth], right.is_right
    ([0.0, 1.414213562], [1.414213562, 0.0], True)
    """
    case = sentence_case(outcome)
    origin = (0.0, 0.0)
    up, away = math.sqrt(outcome.misfit), math.sqrt(outcome.err_student)
    if case == "all_same":
        truth, teacher = origin, origin
    elif case == "copy":
        truth, teacher = (away, 0.0), origin
    elif case == "perfect_teacher":
        truth, teacher = (0.0, up), (0.0, up)
    elif case == "perfect_student":
        truth, teacher = origin, (0.0, up)
    else:
        height = min(away, max(-away, -outcome.slack / 2 / up)) + 0.0  # no minus zero
        # As a product, so that a truth straight above or below the student does not lose its digits.
        truth = (math.sqrt((away - height) * (away + height)), height)
        teacher = (0.0, up)
    angle = None if case in _TOGETHER and case != "perfect_teacher" else outcome.angle
    return Triangle(truth=truth, teacher=teacher, student=origin, angle=angle, case=case)


_TOGETHER: dict[str, tuple[tuple[str, ...], ...]] = {
    "all_same": (("truth", "teacher", "student"),),
    "copy": (("truth",), ("teacher", "student")),
    "perfect_teacher": (("truth", "teacher"), ("student",)),
    "perfect_student": (("teacher",), ("truth", "student")),
}


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


def sketch(outcome: Outcome, width: float = 360.0, height: float = 250.0) -> Sketch:
    """Compose the drawing to scale; a side too short for its label has none.

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
    unnamed = Sketch(width, height, triangle, class_line, sides, corners, mark, texts=())
    return replace(unnamed, texts=_label(outcome, unnamed, at))


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
    beside, above = (room - across * unit) / 2, (space - tall * unit) / 2
    return _Fit(unit, left=left + beside - min(xs) * unit, base=top + above + max(ys) * unit)


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


def _label(outcome: Outcome, drawing: Sketch, at: _Fit) -> tuple[Text, ...]:
    triangle, mark = drawing.triangle, drawing.angle_mark
    wanted: list[tuple[str, str, bool, list[tuple[float, float, str]]]] = []
    for names, point in triangle.corners():
        role = names[0] if len(names) == 1 else "ink"
        wanted.append((" = ".join(names), role, True, _beside_corner(names, at(point))))
    corner_count = len(wanted)
    if mark and triangle.angle is not None:
        words = f"{format_fixed(triangle.angle, 1)}°"
        wanted.append((words, "ink", False, _beside_angle(at((0, 0)), triangle)))
    (x1, y1), (x2, y2) = triangle.truth, triangle.teacher
    centre = at(((x1 + x2) / 3, (y1 + y2) / 3))
    strokes = {stroke.role: stroke for stroke in drawing.sides}
    for role, name in (("misfit", "misfit"), ("teacher", "err_weak"), ("student", "err_student")):
        if role in strokes:
            words = f"{name} {format_number(getattr(outcome, name), scale=outcome.scale)}"
            wanted.append((words, role, False, _beside_side(strokes[role], centre)))
    candidates = [
        [text_box(x, y, anchor, len(words) * _LETTER, _LINE).padded(2) for x, y, anchor in places]
        for words, _, _, places in wanted
    ]
    dots = [at(point) for _, point in triangle.corners()]
    lines = [*(stroke.segment for stroke in drawing.sides), *((*a, *b) for a, b in pairwise(mark))]
    placed = place(
        candidates,
        frame=Box(2, 2, drawing.width - 2, drawing.height - 2),
        boxes=[Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in dots],
        segments=[*lines, drawing.class_line],
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
