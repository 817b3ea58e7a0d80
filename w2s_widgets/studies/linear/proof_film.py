"""The proof of Theorem 1 as a film: functions of two questions are points, and each scene shows one step.

A function that answers two equally likely questions is a point: its first answer is how far across it
lies, its second how far up. The mean of the two squared differences is half the squared distance of two
points, so squares drawn on the triangle's sides have areas in the proportions of the errors. The sets are
those of `w2s_widgets.studies.linear.function_plane`, seen from another side: the point ``(x, y)`` there
answers ``x + y`` and ``x - y``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from w2s_widgets._numbers import MINUS, format_fixed, format_number
from w2s_widgets.display.text import fill_reason
from w2s_widgets.studies.linear.function_plane import (
    NEAR,
    PlaneSet,
    Point,
    distance,
    plane_outcome,
    plane_set,
)
from w2s_widgets.studies.linear.plane_reasons import TIED, reason
from w2s_widgets.theory.outcome import Outcome

SCENES = ("points", "class", "nearest point", "step", "angle", "squares", "fit")
"""What each scene adds; the film's moment ``k`` is the end of scene ``k``."""

CLASSES = ("line", "disc", "crescent")
"""The sets that the film is played on: a linear space, a convex set, and one that is not."""

CAPTIONS: dict[str, str] = {
    "points": "A function that answers two questions is a point: the teacher’s answers, {teacher_1} and "
    "{teacher_2}, are one place in this plane.",
    "class line": "This student has to give the same answer to both questions. All that it can say is a "
    "line: its class.",
    "class disc": "This student’s answers have a budget. All that it can say is a disc: its class.",
    "class crescent": "All that this student can say is a crescent, a disc with a bite taken out: its class.",
    "nearest": "A circle around the teacher grows until it touches the class. There is the student, the "
    "best copy of its teacher, and the misfit between the two is {misfit}.",
    "nearest copy": "The teacher itself is in the class, so no circle has to grow: the student is a "
    "perfect copy of its teacher, and the misfit is {misfit}.",
    "step level": "Take a small step from the student towards the truth. The distance to the teacher "
    "neither grows nor shrinks at first; then it grows.",
    "step away": "Take a step from the student towards the truth. It leads away from the teacher from the "
    "start.",
    "step nearer": "Take a step from the student towards the truth. At first it leads nearer to the teacher.",
    "step none": "The student is right already: there is no step to take.",
    "angle right": "The first step led neither nearer to the teacher nor away: the angle at the student is "
    "a right angle.",
    "angle obtuse": "The first step led away from the teacher: the angle at the student is more than a "
    "right angle, {angle} degrees.",
    "angle acute": "The first step led nearer to the teacher: the angle at the student is less than a "
    "right angle, {angle} degrees.",
    "angle none": "Two of the three are the same point, so there is no angle.",
    "squares": "A square on each side is an error: the teacher’s is {err_weak}, the student’s "
    "{err_student}, and the square between the two is the misfit, {misfit}.",
    "fit question": "The two small squares lean, turn, and lean again. Do they fill the large one?",
    "fit right": "Turned into the large square, the two small squares fill it. So the gain, {gain}, is the "
    "misfit, {misfit}.",
    "fit obtuse": "Turned into the large square, the two small squares leave room. So the gain, {gain}, is "
    "more than the misfit, {misfit}.",
    "fit acute": "The two small squares are too much for the large one. So the gain, {gain}, is less than "
    "the misfit, {misfit}.",
    "fit copy": "The student’s square is the large one itself: misfit {misfit}, gain {gain}.",
    "fit perfect": "The misfit’s square is the large one itself: the gain, {gain}, is the whole error.",
    "fit nothing": "The teacher makes no error, so there is no large square: the student loses {loss}.",
}
"""What is seen, by scene and case; numbers are filled in."""

WHYS: dict[str, str] = {
    "points": "Drag a point, or one of its answers in the other picture: they are the same. Between two "
    "functions, a squared distance is the mean of two squares, one for each question.",
    "class convex in": "The truth is in the class, and the class is convex: with two points it holds all "
    "that lies between them.",
    "class convex out": "The class is convex: with two points it holds all that lies between them. The "
    "truth is not in it: nothing will be promised.",
    "class open in": "The truth is in the class, but the class is not convex: between some of its points "
    "it has a gap. Nothing will be promised.",
    "class open out": "The class is not convex, and the truth is not in it. Nothing will be promised.",
    "nearest": "The student never saw the truth. It is the point of its class that is nearest to the "
    "teacher.",
    "angle": "On the green side lies all to which a first step from the student leads no nearer to the "
    "teacher.",
    "squares": "An error is the mean over the two questions and not their sum, so it is half of its "
    "square’s area. This is so for all three.",
    "fit": "A square that leans keeps its base and its height, and so its area; one that turns keeps it "
    "anyhow.",
    "step convex in": "Why: the whole way to the truth lies in the class, and no point of the class is "
    "nearer to the teacher than the student.",
    "step convex out": "The truth is not in the class, so the way leaves it, and out there nothing is "
    "promised.",
    "step open in": "The class is not convex, so a part of the way may lie outside it, and there nothing "
    "is promised.",
    "step open out": "The class is not convex and does not hold the truth: nothing is promised.",
}
"""Why it is so, by scene, kind of class, and where the truth is; the end of the film says what
`plane_reasons.REASONS` say."""


def as_point(answers: Sequence[float]) -> Point:
    """Return the point of `function_plane` that stands for two answers.

    Examples
    --------
    >>> as_point((1.25, 0.75))
    (1.0, 0.25)
    """
    first, second = answers
    return (first + second) / 2, (first - second) / 2


def film_outcome(shape: str, truth: Sequence[float], teacher: Sequence[float]) -> Outcome:
    """Measure truth, teacher and the teacher's projection on a set, given by their two answers.

    Examples
    --------
    >>> outcome = film_outcome("line", truth=(1.0, 1.0), teacher=(2.0, -2.0))
    >>> outcome.err_weak, outcome.misfit, outcome.err_student
    (5.0, 4.0, 1.0)
    """
    return plane_outcome(shape, as_point(truth), as_point(teacher))


def scene_of(moment: float) -> int:
    """Return the scene that runs at a moment: scene ``k`` runs until moment ``k``.

    Examples
    --------
    >>> [SCENES[scene_of(moment)] for moment in (0, 0.05, 1, 5.5)]
    ['points', 'class', 'class', 'fit']
    """
    return math.ceil(moment - NEAR)


def caption(shape: str, truth: Sequence[float], teacher: Sequence[float], moment: float) -> str:
    """Say in one or two sentences what a moment of the film shows.

    Examples
    --------
    >>> print(caption("line", (1.0, 1.0), (2.0, -2.0), 6))
    Turned into the large square, the two small squares fill it. So the gain, 4.000, is the misfit, 4.000.
    """
    outcome = film_outcome(shape, truth, teacher)
    answers = {"teacher_1": format_fixed(teacher[0], 2), "teacher_2": format_fixed(teacher[1], 2)}
    last = moment >= len(SCENES) - 1
    key = _caption_case(SCENES[scene_of(moment)], shape, outcome, last=last)
    return fill_reason(CAPTIONS[key], outcome, answers)


def why(shape: str, truth: Sequence[float], teacher: Sequence[float], moment: float) -> str:
    """Say why it is so, with what is assumed."""
    chosen, scene = plane_set(shape), SCENES[scene_of(moment)]
    f, g = as_point(truth), as_point(teacher)
    key = scene.split(maxsplit=1)[0]
    if key in WHYS and moment < len(SCENES) - 1:
        tied = scene == "nearest point" and chosen.nearest(g).tied
        return WHYS[key] + (TIED if tied else "")
    if scene in ("class", "step"):
        return WHYS[f"{scene} {_kind(chosen)} {'in' if distance(f, chosen.project(f)) <= NEAR else 'out'}"]
    return reason(chosen, f, g, film_outcome(shape, truth, teacher))


def _kind(chosen: PlaneSet) -> str:
    return "convex" if chosen.is_convex else "open"


def _caption_case(scene: str, shape: str, outcome: Outcome, *, last: bool) -> str:
    """Name the key of `CAPTIONS` that fits; numbers count as they are written."""
    written = {
        name: format_number(getattr(outcome, name), scale=outcome.scale)
        for name in ("err_weak", "err_student", "misfit", "slack")
    }
    zero = {name: not any(digit in words for digit in "123456789") for name, words in written.items()}
    nearer = written["slack"].startswith(MINUS)
    cases: Mapping[str, str] = {
        "points": "points",
        "class": f"class {shape}",
        "nearest point": "nearest copy" if zero["misfit"] else "nearest",
        "step": _step(zero, nearer),
        "angle": _angle(zero, nearer),
        "squares": "squares",
        "fit": _fit(zero, nearer) if last else "fit question",
    }
    return cases[scene]


def _step(zero: Mapping[str, bool], nearer: bool) -> str:
    if zero["err_student"]:
        return "step none"
    if zero["slack"]:
        return "step away" if zero["misfit"] else "step level"
    return "step nearer" if nearer else "step away"


def _angle(zero: Mapping[str, bool], nearer: bool) -> str:
    if zero["err_student"] or zero["misfit"]:
        return "angle none"
    if zero["slack"]:
        return "angle right"
    return "angle acute" if nearer else "angle obtuse"


def _fit(zero: Mapping[str, bool], nearer: bool) -> str:
    if zero["err_weak"]:
        return "fit nothing"
    if zero["misfit"]:
        return "fit copy"
    if zero["err_student"]:
        return "fit perfect"
    if zero["slack"]:
        return "fit right"
    return "fit acute" if nearer else "fit obtuse"
