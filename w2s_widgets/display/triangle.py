"""Where the corners of an `Outcome`'s triangle lie in the plane, for every picture that draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from w2s_widgets.display.text import RIGHT_ANGLE_DEGREES, sentence_case
from w2s_widgets.theory.outcome import Outcome

Point = tuple[float, float]


@dataclass(frozen=True)
class Triangle:
    """The three corners, in the unit of the truth (the square root of an error's unit).

    The student is the origin and the teacher stands straight above it, so the horizontal line through
    the student is the line of all truths for which gain equals misfit: it is the student's class when
    that class is a linear space, and touches the class when it is convex.

    Parameters
    ----------
    truth, teacher, student : tuple of two floats
        The corners; distances between them are the square roots of the errors.
    angle : float or None
        Angle at the student in degrees; ``None`` when the student sits on another corner.
    case : str
        The key of `w2s_widgets.display.text.SENTENCES` that describes this triangle.
    """

    truth: Point
    teacher: Point
    student: Point
    angle: float | None
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
    for a convex class that contains the truth), above it when a promise was broken.

    Parameters
    ----------
    outcome : Outcome
        Any outcome, degenerate ones included: corners whose distance is rounding noise coincide.

    Returns
    -------
    Triangle
        The corners, the angle, and the case in words.

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
