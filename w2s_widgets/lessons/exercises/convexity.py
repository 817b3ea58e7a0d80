"""Exercises of chapter 03: the nearest function of a disc, and the side of the tangent."""

from __future__ import annotations

from typing import Any

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.lessons.checks import Inputs, Mistake
from w2s_widgets.lessons.exercise import Exercise


def _norm(point: FloatArray) -> float:
    return float(np.sqrt(point @ point))


def _onto_disc(teacher: FloatArray, radius: float) -> FloatArray:
    return teacher * min(1.0, radius / _norm(teacher))


def _draw_teacher(rng: np.random.Generator) -> Inputs:
    # Inside and outside by turns of a coin, and never so near to the rim that both rules agree.
    radius = float(rng.uniform(0.5, 2.0))
    direction = rng.normal(size=2)
    size = radius * float(rng.choice([rng.uniform(0.2, 0.8), rng.uniform(1.3, 3.0)]))
    return {"teacher": size * direction / _norm(direction), "radius": radius}


PROJECT_ON_DISC = Exercise(
    name="project_on_disc",
    arguments=("teacher", "radius"),
    draw=_draw_teacher,
    right=_onto_disc,
    example={"teacher": np.array([3.0, 4.0]), "radius": 2.0},
    mistakes={
        "always to the rim": Mistake(
            lambda g, r: g * r / _norm(g),
            "Good for a teacher outside. But a teacher inside is pushed out to the rim here: which function "
            "of the disc is nearest to one that is itself in the disc?",
        ),
        "never moved": Mistake(
            lambda g, r: g, "This student copies every teacher, also one that lies outside its class."
        ),
        "unit disc": Mistake(
            lambda g, r: g * min(1.0, 1.0 / _norm(g)),
            "This is right for one disc only: where does the radius come in?",
        ),
        "direction only": Mistake(
            lambda g, r: g / _norm(g),
            "The direction is right. The length of the answer is always 1: which length should it have?",
        ),
        "coordinate by coordinate": Mistake(
            lambda g, r: np.clip(g, -r, r),
            "Cutting each coordinate by itself projects on a square. On a disc both shrink together.",
        ),
        "forgot the root": Mistake(
            lambda g, r: g * min(1.0, r / float(g @ g)),
            "You divide by the squared length of the teacher: does the answer end on the rim?",
        ),
        "scaled by the radius": Mistake(
            lambda g, r: g * r,
            "The larger the radius, the farther this goes, for every teacher: what length has the answer to "
            "be when the teacher lies outside?",
        ),
        "distance": Mistake(
            lambda g, r: max(0.0, _norm(g) - r),
            "This is how far the teacher is from the disc. Asked for is the point of the disc that is "
            "nearest: two numbers.",
        ),
    },
    praise="Inside nothing moves; outside the teacher shrinks towards the centre, as far as the rim.",
    trials=12,
    hints=(
        "Draw it. There are two cases: the teacher is in the disc, or it is not.",
        "Outside, the answer has the direction of the teacher and the length of the radius. The length of a "
        "point is the root of the sum of its squares.",
    ),
    solution="def project_on_disc(teacher, radius):\n"
    "    length = np.sqrt(np.sum(teacher**2))\n"
    "    if length <= radius:\n"
    "        return teacher\n"
    "    return teacher * radius / length\n",
)


def _draw_corners(rng: np.random.Generator) -> Inputs:
    """Draw three points; each fourth time the truth lies on the tangent to the last digit."""
    if rng.integers(4):
        return {role: rng.normal(size=2) for role in ("truth", "teacher", "student")}
    student, way = rng.integers(-3, 4, size=(2, 2)).astype(float)
    way[0] += 4
    across = np.array([-way[1], way[0]])
    return {"truth": student + int(rng.integers(1, 4)) * across, "teacher": student + way, "student": student}


def _behind(f: FloatArray, g: FloatArray, s: FloatArray) -> bool:
    return bool((f - s) @ (g - s) <= 0)


def _squared(a: FloatArray, b: FloatArray) -> float:
    return float((a - b) @ (a - b))


def _said(rule: Any) -> Any:
    return lambda f, g, s: bool(rule(f, g, s))


BEHIND_TANGENT = Exercise(
    name="behind_tangent",
    arguments=("truth", "teacher", "student"),
    draw=_draw_corners,
    right=_behind,
    example={
        "truth": np.array([2.0, -1.0]),
        "teacher": np.array([0.0, 3.0]),
        "student": np.array([0.0, 1.0]),
    },
    mistakes={
        "other side": Mistake(
            _said(lambda f, g, s: (f - s) @ (g - s) >= 0),
            "Just the other way round: on which side of the tangent does the teacher lie, and where should "
            "the truth be?",
        ),
        "the line left out": Mistake(
            _said(lambda f, g, s: (f - s) @ (g - s) < 0),
            "Nearly: a truth on the tangent itself counts as well.",
        ),
        "product": Mistake(
            lambda f, g, s: (f - s) @ (g - s),
            "The right product. Asked for is True or False: which sign has it behind the tangent?",
        ),
        "not seen from the student": Mistake(
            _said(lambda f, g, s: f @ g <= 0),
            "You compare truth and teacher as seen from the origin. The angle in question has its corner at "
            "the student.",
        ),
        "one leg from the origin": Mistake(
            _said(lambda f, g, s: f @ (g - s) <= 0),
            "One of the two arrows starts at the student, the other at the origin: both have to start at the "
            "same corner.",
        ),
        "other leg from the origin": Mistake(
            _said(lambda f, g, s: (f - s) @ g <= 0),
            "One of the two arrows starts at the student, the other at the origin: both have to start at the "
            "same corner.",
        ),
        "corner at the teacher": Mistake(
            _said(lambda f, g, s: (f - g) @ (s - g) <= 0),
            "This is the angle at the teacher. Which corner does the tangent go through?",
        ),
        "corner at the truth": Mistake(
            _said(lambda f, g, s: (g - f) @ (s - f) <= 0),
            "This is the angle at the truth. Which corner does the tangent go through?",
        ),
        "positive gain": Mistake(
            _said(lambda f, g, s: _squared(f, s) <= _squared(f, g)),
            "This asks whether the student is better than its teacher: gain at least 0. Behind the tangent "
            "the gain is at least the misfit, which is more.",
        ),
        "student nearer than misfit": Mistake(
            _said(lambda f, g, s: _squared(f, s) <= _squared(s, g)),
            "You compare two errors. Of the tangent only the angle at the student tells.",
        ),
        "teacher nearer than misfit": Mistake(
            _said(lambda f, g, s: _squared(f, g) >= _squared(s, g)),
            "You compare two errors. Of the tangent only the angle at the student tells.",
        ),
    },
    praise="This is the whole theorem: a convex class lies behind such a tangent, and the truth with it.",
    trials=60,
    hints=(
        "Behind the tangent means: the angle at the student, between the way to the truth and the way to the "
        "teacher, is at least 90 degrees.",
        "The product of two arrows, the sum of the products of their coordinates, is negative where the "
        "angle is larger than 90 degrees. Let both arrows start at the student.",
    ),
    solution="def behind_tangent(truth, teacher, student):\n"
    "    return np.sum((truth - student) * (teacher - student)) <= 0\n",
)

EXERCISES = (PROJECT_ON_DISC, BEHIND_TANGENT)
