"""Why the slack of a triangle in the plane is what it is, for every kind of set and of truth, in words."""

from __future__ import annotations

from w2s_widgets._numbers import format_number
from w2s_widgets.display.text import fill_reason
from w2s_widgets.studies.linear.function_plane import NEAR, PlaneSet, Point, distance
from w2s_widgets.theory.outcome import Outcome

CLASS_WORDS: dict[str, str] = {
    "line": "a line: a linear space",
    "disc": "a disc: convex",
    "polygon": "a polygon: convex",
    "cone": "a cone: convex",
    "ring": "a ring: not convex",
    "two points": "two points: not convex",
    "crescent": "a crescent: not convex",
}
"""What is written in the picture beside the student's class."""

_COPY = "Why: the teacher is in the student’s class, so the student copies it whole"
_OUTSIDE = (
    "the truth is not in the student’s class (not realizable): even the nearest function there, the ceiling, "
    "misses it by eps = {eps}."
)
_OPEN = "Why: the truth is in the student’s class, but the class is not convex"
_OPEN_OUTSIDE = "Why: the class is not convex and the truth is not in it (not realizable, eps = {eps})."
_LUCKY = "Nothing is promised; here the truth happens to lie behind the tangent."
_BROKEN = "The truth lies on the teacher’s side of the tangent: slack {slack}."
_WORSE = "The truth is nearer to the teacher than to the student: gain {gain}."

REASONS: dict[str, str] = {
    "copy_in": f"{_COPY}: no misfit, no gain.",
    "copy_out": f"{_COPY}. Besides, {_OUTSIDE}",
    "space_in": "Why: the class is a linear space and the truth is in it. The tangent at the student is the "
    "class itself, so the angle is right and gain is equal to misfit.",
    "convex_in": "Why: the class is convex and the truth is in it, so the truth lies in the half-plane "
    "behind the tangent at the student. The theorem promises gain ≥ misfit.",
    "convex_out_kept": f"Why: {_OUTSIDE} {_LUCKY}",
    "convex_out_broken": f"Why: {_OUTSIDE} {_BROKEN}",
    "convex_out_worse": f"Why: {_OUTSIDE} {_WORSE}",
    "open_in_kept": f"{_OPEN}. {_LUCKY}",
    "open_in_broken": f"{_OPEN}: it reaches over the tangent at the student, and the truth lies there. "
    "Slack {slack}.",
    "open_in_worse": f"{_OPEN}: it reaches so far over the tangent at the student that the truth is nearer "
    "to the teacher than to the student. Gain {gain}.",
    "open_out_kept": f"{_OPEN_OUTSIDE} {_LUCKY}",
    "open_out_broken": f"{_OPEN_OUTSIDE} {_BROKEN}",
    "open_out_worse": f"{_OPEN_OUTSIDE} {_WORSE}",
}
"""Templates by case; `{eps}` is the squared distance of the truth from the class."""

TIED = (
    " A tie: more than one function of the class is nearest to the teacher; the student shown is one of them."
)
"""Added where the projection is not unique."""

JUMPED = (
    "The student jumped by {jump} while its teacher moved by {step}: on a class that is not convex "
    "the nearest function can change all at once."
)
"""What the page notes when the student leaps; `{jump}` and `{step}` are distances."""


def reason_case(chosen: PlaneSet, truth: Point, teacher: Point, outcome: Outcome) -> str:
    """Name the key of `REASONS` that fits."""
    noise = NEAR * outcome.scale
    where = "in" if distance(truth, chosen.project(truth)) <= NEAR else "out"
    if distance(teacher, chosen.project(teacher)) <= NEAR:
        return f"copy_{where}"
    if where == "in" and chosen.is_convex:
        return "space_in" if chosen.is_space else "convex_in"
    kind = "convex" if chosen.is_convex else "open"
    if outcome.slack >= -noise:
        return f"{kind}_{where}_kept"
    return f"{kind}_{where}_{'worse' if outcome.gain < -noise else 'broken'}"


def reason(chosen: PlaneSet, truth: Point, teacher: Point, outcome: Outcome) -> str:
    """Say in one or two sentences why the slack is what it is."""
    template = REASONS[reason_case(chosen, truth, teacher, outcome)]
    eps = format_number(outcome.err_ceiling or 0.0, scale=outcome.scale)
    words = fill_reason(template, outcome, {"eps": eps})
    return words + TIED if chosen.nearest(teacher).tied else words
