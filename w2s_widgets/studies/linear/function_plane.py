"""A plane of functions: exact projections on sets that are convex, and on sets that are not.

Take two equally likely inputs. The point ``(x, y)`` of the plane stands for the function that answers
``x + y`` on the first input and ``x - y`` on the second. Then the mean square of a difference of two
functions is the squared distance of their points, so a square drawn on a side of the triangle of truth,
teacher and student has the area of an error.

The arithmetic uses sums, products, quotients and square roots only, in a fixed order: a browser that does
the same gets the same digits.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray, choice
from w2s_widgets.theory.outcome import Outcome, measure

Point = tuple[float, float]
Loop = tuple[Point, ...]

NEAR = 1e-9
"""Two distances closer than this are a tie; a point closer than this to a set is in it."""

FAR = 12.0
"""How far a set without an end is drawn."""

_STEPS = 120


class Nearest(NamedTuple):
    """The point of a set that is nearest to a given one, and whether another is equally near."""

    point: Point
    tied: bool


@dataclass(frozen=True)
class PlaneSet(ABC):
    """A closed set of functions in the plane: what a student can express.

    Examples
    --------
    >>> Disc(1.0).project((3.0, 4.0)), Disc(1.0).contains((0.3, 0.4))
    ((0.6, 0.8), True)
    """

    is_convex: ClassVar[bool] = True
    is_space: ClassVar[bool] = False

    def project(self, point: Sequence[float]) -> Point:
        """Return the nearest point of the set; of several equally near ones always the same."""
        return self.nearest(_as_point(point)).point

    def contains(self, point: Sequence[float]) -> bool:
        """Whether a point is in the set, but for rounding."""
        point = _as_point(point)
        return distance(point, self.nearest(point).point) <= NEAR

    @abstractmethod
    def nearest(self, point: Point) -> Nearest:
        """Return the nearest point, and whether another one is equally near."""

    @abstractmethod
    def outline(self) -> tuple[Loop, ...]:
        """Return the closed loops that bound the set; what lies in an odd number of them is inside."""

    def as_json(self) -> dict[str, Any]:
        """Return kind and measures, for a front end that draws the set and projects on it."""
        measures = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            "kind": type(self).__name__.lower(),
            "convex": self.is_convex,
            "space": self.is_space,
            "outline": self.outline(),
            **measures,
        }


@dataclass(frozen=True)
class Line(PlaneSet):
    """The horizontal axis: functions that give the same answer on both inputs. A linear space."""

    is_space: ClassVar[bool] = True

    def nearest(self, point: Point) -> Nearest:
        """Return the point straight below or above."""
        return Nearest((point[0], 0.0), False)

    def outline(self) -> tuple[Loop, ...]:
        """Return the axis as a loop without area."""
        return (((-FAR, 0.0), (FAR, 0.0)),)


@dataclass(frozen=True)
class Disc(PlaneSet):
    """All functions of norm at most ``radius``: linear heads with a norm budget. Convex, not a space."""

    radius: float = 1.0

    def nearest(self, point: Point) -> Nearest:
        """Return the point itself, or the one of the rim on its ray from the centre."""
        norm = distance(point, (0.0, 0.0))
        if norm <= self.radius:
            return Nearest(point, False)
        return Nearest((point[0] / norm * self.radius, point[1] / norm * self.radius), False)

    def outline(self) -> tuple[Loop, ...]:
        """Return the rim."""
        return (_circle((0.0, 0.0), self.radius),)


@dataclass(frozen=True)
class Polygon(PlaneSet):
    """All mixtures of a few functions, the corners, given anticlockwise. Convex, not a space."""

    corners: Loop = ((-1.3, -0.5), (0.4, -1.0), (1.2, -0.3), (0.7, 0.9), (-0.6, 0.8))

    def nearest(self, point: Point) -> Nearest:
        """Return the point itself, or the nearest point of the nearest edge."""
        edges = list(zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True))
        if all(_turn(start, end, point) >= 0 for start, end in edges):
            return Nearest(point, False)
        return Nearest(_first_best(point, [_on_segment(point, *edge) for edge in edges]), False)

    def outline(self) -> tuple[Loop, ...]:
        """Return the corners."""
        return (self.corners,)


@dataclass(frozen=True)
class Cone(PlaneSet):
    """All sums of two functions with weights of at least 0; the rays have length 1, the first clockwise."""

    first: Point = (0.96, -0.28)
    second: Point = (0.28, 0.96)

    def nearest(self, point: Point) -> Nearest:
        """Return the point itself, or the nearest point of the two rays."""
        origin = (0.0, 0.0)
        if _turn(origin, self.first, point) >= 0 and _turn(origin, self.second, point) <= 0:
            return Nearest(point, False)
        return Nearest(_first_best(point, [_on_ray(point, self.first), _on_ray(point, self.second)]), False)

    def outline(self) -> tuple[Loop, ...]:
        """Return apex and far ends of the rays."""
        (a, b), (c, d) = self.first, self.second
        return (((0.0, 0.0), (FAR * a, FAR * b), (FAR * (a + c), FAR * (b + d)), (FAR * c, FAR * d)),)


@dataclass(frozen=True)
class Ring(PlaneSet):
    """All functions whose norm lies between ``inner`` and ``outer``. Not convex: it has a hole."""

    is_convex: ClassVar[bool] = False
    inner: float = 0.7
    outer: float = 1.2

    def nearest(self, point: Point) -> Nearest:
        """Return the point itself, or the one of the nearer rim on its ray; at the centre all tie."""
        norm = distance(point, (0.0, 0.0))
        if norm <= NEAR:
            return Nearest((self.inner, 0.0), True)
        if self.inner <= norm <= self.outer:
            return Nearest(point, False)
        radius = self.inner if norm < self.inner else self.outer
        return Nearest((point[0] / norm * radius, point[1] / norm * radius), False)

    def outline(self) -> tuple[Loop, ...]:
        """Return both rims."""
        return (_circle((0.0, 0.0), self.outer), _circle((0.0, 0.0), self.inner))


@dataclass(frozen=True)
class TwoPoints(PlaneSet):
    """Two functions and nothing between them. Not convex: no mixture is in it."""

    is_convex: ClassVar[bool] = False
    points: tuple[Point, Point] = ((-0.9, 0.0), (0.9, 0.0))

    def nearest(self, point: Point) -> Nearest:
        """Return the nearer one, and the first in a tie."""
        return _nearest_of(point, list(self.points))

    def outline(self) -> tuple[Loop, ...]:
        """Return two loops of one point each."""
        return tuple((point,) for point in self.points)


@dataclass(frozen=True)
class Crescent(PlaneSet):
    """A disc around the origin with a bite taken out: a round hole around a centre to its right.

    Not convex: the way from one tip to the other leads through the bite.
    """

    is_convex: ClassVar[bool] = False
    radius: float = 1.2
    bite_centre: float = 0.6
    bite_radius: float = 0.9

    @property
    def tips(self) -> tuple[Point, Point]:
        """Where the two circles meet: the upper one first."""
        r, c, b = self.radius, self.bite_centre, self.bite_radius
        x = (r * r - b * b + c * c) / (2 * c)
        y = math.sqrt(r * r - x * x)
        return (x, y), (x, -y)

    def as_json(self) -> dict[str, Any]:
        """Return kind and measures, the tips among them."""
        return super().as_json() | {"tips": self.tips}

    def nearest(self, point: Point) -> Nearest:
        """Return the point itself, or the nearest of: outer rim, rim of the bite, and the two tips."""
        origin, centre = (0.0, 0.0), (self.bite_centre, 0.0)
        out, deep = distance(point, origin), distance(point, centre)
        if out <= self.radius and deep >= self.bite_radius:
            return Nearest(point, False)
        if deep <= NEAR:
            return Nearest((self.bite_centre - self.bite_radius, 0.0), True)
        candidates = list(self.tips)
        if out > NEAR:
            rim = (point[0] / out * self.radius, point[1] / out * self.radius)
            if distance(rim, centre) >= self.bite_radius:
                candidates.append(rim)
        x, y = point[0] - self.bite_centre, point[1]
        bite = (self.bite_centre + x / deep * self.bite_radius, y / deep * self.bite_radius)
        if distance(bite, origin) <= self.radius:
            candidates.append(bite)
        return _nearest_of(point, candidates)

    def outline(self) -> tuple[Loop, ...]:
        """Return one loop: the outer rim from tip to tip the long way round, and back along the bite."""
        x, y = self.tips[0]
        outer = math.atan2(y, x)
        bite = math.atan2(y, x - self.bite_centre)
        away = _arc((0.0, 0.0), self.radius, outer, 2 * math.pi - outer)
        back = _arc((self.bite_centre, 0.0), self.bite_radius, 2 * math.pi - bite, bite)
        return ((*away, *back[1:-1]),)


SHAPES: dict[str, PlaneSet] = {
    "line": Line(),
    "disc": Disc(),
    "polygon": Polygon(),
    "cone": Cone(),
    "ring": Ring(),
    "two points": TwoPoints(),
    "crescent": Crescent(),
}
"""The sets by name: four convex ones and three that are not."""


def plane_set(shape: str) -> PlaneSet:
    """Return the set of a name.

    Parameters
    ----------
    shape : {"line", "disc", "polygon", "cone", "ring", "two points", "crescent"}
        Its name.

    Returns
    -------
    PlaneSet

    Raises
    ------
    TypeError, ValueError
        If there is no set of this name.

    Examples
    --------
    >>> plane_set("ring").project((0.35, 0.0))
    (0.7, 0.0)
    """
    return SHAPES[choice("shape", shape, SHAPES)]


def as_function(point: Sequence[float]) -> FloatArray:
    """Return the answers on the two inputs of the function that a point stands for.

    Parameters
    ----------
    point : pair of float
        Any point of the plane.

    Returns
    -------
    numpy.ndarray of shape (2,)

    Raises
    ------
    ValueError
        If it is not two finite numbers.

    Examples
    --------
    >>> as_function((1.0, 0.25)).tolist()
    [1.25, 0.75]
    """
    x, y = _as_point(point)
    return np.array([x + y, x - y])


def plane_outcome(shape: str, truth: Sequence[float], teacher: Sequence[float]) -> Outcome:
    """Measure the triangle of truth, teacher, and the teacher's projection on a set.

    Parameters
    ----------
    shape : str
        Name of the student's class; see `plane_set`.
    truth, teacher : pair of float
        Points of the plane.

    Returns
    -------
    Outcome
        Its ``err_ceiling`` is eps, the squared distance of the truth from the class.

    Raises
    ------
    TypeError, ValueError
        If there is no such set, or a point is not two finite numbers.

    Examples
    --------
    >>> outcome = plane_outcome("line", truth=(1.0, 0.0), teacher=(0.0, 2.0))
    >>> outcome.err_weak, outcome.misfit, outcome.err_student, outcome.slack
    (5.0, 4.0, 1.0, 0.0)
    >>> plane_outcome("two points", truth=(-0.9, 0.0), teacher=(0.1, 0.0)).gain < 0
    True
    """
    chosen = plane_set(shape)
    corners = truth, teacher, chosen.project(teacher), chosen.project(truth)
    return measure(*(as_function(corner) for corner in corners))


def distance(a: Point, b: Point) -> float:
    """Return the distance of two points: the root of the mean square of the functions' difference."""
    x, y = a[0] - b[0], a[1] - b[1]
    # Not math.hypot, whose last digit a browser's Math.hypot does not share.
    return math.sqrt(x * x + y * y)


def _as_point(point: Sequence[float]) -> Point:
    try:
        x, y = (float(number) for number in point)
    except (TypeError, ValueError):
        raise ValueError(
            f"{point!r} is no point of the plane: give two numbers, such as (0.5, 1.0)."
        ) from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"the point ({x}, {y}) is not in the plane: give two finite numbers.")
    return x, y


def _turn(a: Point, b: Point, c: Point) -> float:
    """Twice the signed area of a triangle: positive when its corners turn to the left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _on_segment(point: Point, start: Point, end: Point) -> Point:
    x, y = end[0] - start[0], end[1] - start[1]
    along = ((point[0] - start[0]) * x + (point[1] - start[1]) * y) / (x * x + y * y)
    share = min(1.0, max(0.0, along))
    return start[0] + share * x, start[1] + share * y


def _on_ray(point: Point, ray: Point) -> Point:
    along = max(0.0, point[0] * ray[0] + point[1] * ray[1])
    return along * ray[0], along * ray[1]


def _first_best(point: Point, candidates: list[Point]) -> Point:
    return min(candidates, key=lambda candidate: distance(point, candidate))


def _nearest_of(point: Point, candidates: list[Point]) -> Nearest:
    shortest = min(distance(point, candidate) for candidate in candidates)
    tied = [candidate for candidate in candidates if distance(point, candidate) - shortest <= NEAR]
    # Two of them that are the same point, such as a tip reached along either circle, are no tie. The
    # first one and not the nearest, so that rounding does not choose.
    return Nearest(tied[0], any(distance(tied[0], other) > 1e-6 for other in tied[1:]))


def _circle(centre: Point, radius: float) -> Loop:
    return _arc(centre, radius, 0.0, 2 * math.pi)[:-1]


def _arc(centre: Point, radius: float, start: float, end: float) -> Loop:
    angles = (start + (end - start) * step / _STEPS for step in range(_STEPS + 1))
    return tuple(
        (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles
    )
