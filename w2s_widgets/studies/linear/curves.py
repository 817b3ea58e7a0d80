"""Curves: a truth over 240 questions, four kinds of teacher, and a student that knows only waves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray, as_float_array, integer
from w2s_widgets.studies.study import Study
from w2s_widgets.theory.outcome import Outcome, measure

QUESTIONS = 240
"""Inputs, evenly spaced between 0 and 1; every mean is over them."""

WAVES = 30
"""The most waves that a student can have."""

TRUTH_WAVES = 8
"""So many of the first waves hold the truth."""

KINDS = ("stairs", "wiggle", "bad stretch", "tilt")
"""The ways in which a teacher is wrong."""

QUALITIES = tuple(np.round(np.arange(0.1, 0.951, 0.05), 2).tolist())
DRAWS = 8
"""Draws of the examples' noise; the first was chosen, since stairs and hill are well seen in it."""

KNOTS = 60
"""A drawn teacher is given by so many answers, with straight lines between them."""

_TRUTH = (0.42, -0.55, 0.28, 0.44, -0.30, 0.26, 0.22)
_STEPS = ((0.45, 16), (0.55, 20), (0.85, 24), (1.0, 30))
_SEEDS = (9, 2, 3, 4, 5, 6, 7, 8)


@cache
def waves() -> FloatArray:
    """Return the orthonormal family, shape (30, 240): a constant, and cosines of 1 to 29 half turns.

    Examples
    --------
    >>> bool(np.allclose(waves() @ waves().T / QUESTIONS, np.eye(WAVES)))
    True
    """
    at = (np.arange(QUESTIONS) + 0.5) / QUESTIONS
    family = np.sqrt(2) * np.cos(np.pi * np.outer(np.arange(WAVES), at))
    family[0] = 1.0
    return _fixed(family)


@cache
def truth() -> FloatArray:
    """Return the truth, shape (240,): mean 0, variance 1, made of the waves 2 to 8."""
    coefficients = np.array(_TRUTH) / np.sqrt(np.sum(np.square(_TRUTH)))
    return _fixed(coefficients @ waves()[1:TRUTH_WAVES])


def steps(weak_quality: float) -> NDArray[np.intp]:
    """Return on which step of a teacher's stairs each question falls; first and last are half as wide.

    So no wave up to the last of the family is blind to the stairs.
    """
    count = next(count for quality, count in _STEPS if weak_quality < quality)
    return np.floor(np.arange(QUESTIONS) * count / QUESTIONS + 0.5).astype(np.intp)


@cache
def stairs(weak_quality: float, draw: int) -> FloatArray:
    """Return the heights of a teacher that knows only stairs, one for each step.

    A step's height is the mean of the examples that fall on it: the truth with noise of a size for which
    the teacher's error is exactly ``1 - weak_quality``.
    """
    step = steps(weak_quality)
    noise = np.random.default_rng(_SEEDS[draw - 1]).standard_normal(QUESTIONS)
    sizes = np.bincount(step)
    level, moved = (np.bincount(step, values) / sizes for values in (truth(), noise))
    missed, noisy = np.mean((truth() - level[step]) ** 2), np.mean(moved[step] ** 2)
    return _fixed(level + np.sqrt((1 - weak_quality - missed) / noisy) * moved)


@cache
def error_shape(kind: str, draw: int) -> FloatArray:
    """Return where a teacher of this kind errs, shape (240,), of mean square 1: its error is a multiple.

    A wiggle has nothing in common with the first eight waves, a tilt is a straight line, and a bad
    stretch is one constant answer too much on a tenth of the questions.
    """
    at = (np.arange(QUESTIONS) + 0.5) / QUESTIONS
    if kind == "tilt":
        shape = at - 0.5
    elif kind == "bad stretch":
        shape = ((at > 0.12) & (at < 0.22)).astype(float)
    else:
        turns = np.arange(TRUTH_WAVES, 2 * WAVES)
        weights = np.random.default_rng(_SEEDS[draw - 1]).standard_normal(len(turns))
        # Something of every wave, so that each more that the student has copies more of the wiggle.
        weights = (weights + 0.4 * np.sign(weights)) / np.sqrt(turns)
        shape = weights @ np.cos(np.pi * np.outer(turns, at))
    return _fixed(shape / np.sqrt(np.mean(shape**2)))


def teacher_curve(kind: str, weak_quality: float, draw: int = 1) -> FloatArray:
    """Return a teacher's answers, shape (240,); its error is ``1 - weak_quality``.

    Examples
    --------
    >>> [float(np.mean((teacher_curve(kind, 0.6) - truth()) ** 2).round(12)) for kind in KINDS]
    [0.4, 0.4, 0.4, 0.4]
    """
    if kind == "stairs":
        return stairs(weak_quality, draw)[steps(weak_quality)]
    answers: FloatArray = truth() + np.sqrt(1 - weak_quality) * error_shape(kind, draw)
    return answers


def drawn_curve(knots: Sequence[float]) -> FloatArray:
    """Return the answers, shape (240,), of a teacher that is drawn by 60 knots with lines between them."""
    heights = as_float_array(knots, "drawing", ndims=(1,))
    if len(heights) != KNOTS:
        raise ValueError(
            f"drawing has {len(heights)} numbers: give {KNOTS}, from the first question to the last."
        )
    along = np.clip((np.arange(QUESTIONS) + 0.5) * KNOTS / QUESTIONS - 0.5, 0, KNOTS - 1)
    before = np.minimum(along.astype(int), KNOTS - 2)
    share = along - before
    answers: FloatArray = heights[before] * (1 - share) + heights[before + 1] * share
    return answers


def student_curve(teacher: FloatArray, strong_capacity: int) -> FloatArray:
    """Return the best curve of the first waves through a teacher's answers: its projection on their span."""
    integer("strong_capacity", strong_capacity, 1, WAVES)
    family = waves()[:strong_capacity]
    projected: FloatArray = (family @ teacher / QUESTIONS) @ family
    return projected


class ErrorParts(NamedTuple):
    """What a student's class does to its teacher's error, and to the truth.

    ``err_weak = copied + falls_away`` and ``err_student = copied + eps``, so the gain is
    ``falls_away - eps``. Where the class holds the truth, eps is 0 and what falls away is the misfit.
    """

    copied: float
    falls_away: float
    eps: float


def error_parts(teacher: FloatArray, strong_capacity: int) -> ErrorParts:
    """Divide a teacher's error by what a student with so many waves can copy.

    Examples
    --------
    >>> parts = error_parts(teacher_curve("wiggle", 0.6), 8)
    >>> round(parts.copied, 12) + 0.0, round(parts.falls_away, 12), round(parts.eps, 12) + 0.0
    (0.0, 0.4, 0.0)
    """
    error = teacher - truth()
    copied = student_curve(error, strong_capacity)
    missed = truth() - student_curve(truth(), strong_capacity)
    return ErrorParts(*(float(np.mean(part**2)) for part in (copied, error - copied, missed)))


def curve_outcome(teacher: FloatArray, strong_capacity: int) -> Outcome:
    """Measure a student with so many waves that was fitted on a teacher's answers."""
    student, ceiling = (student_curve(fitted, strong_capacity) for fitted in (teacher, truth()))
    return measure(truth(), teacher, student, ceiling)


class CurveStudy(Study):
    """A student that knows only waves learns from a teacher that is wrong in one of four ways.

    The truth is a curve over 240 questions, of variance 1, and lies in the span of the first eight of 30
    orthonormal cosines. The student is the projection of its teacher's answers on the first
    ``strong_capacity`` of them: a linear class, which holds the truth from eight waves on. There gain
    equals misfit (Theorem 1 of Charikar, Pabbaraju and Shiragur, 2024, with equality).

    Examples
    --------
    >>> study = CurveStudy()
    >>> found = study.outcome(teacher="wiggle", weak_quality=0.6, strong_capacity=8)
    >>> round(found.err_weak, 9), round(found.gain, 9), found.err_student < 1e-12
    (0.4, 0.4, True)
    >>> study.outcome(strong_capacity=3).gain < 0
    True
    """

    name = "Curves"
    code = "w2s.CurveStudy()"
    axes: ClassVar[dict[str, Sequence[Any]]] = {
        "teacher": KINDS,
        "weak_quality": QUALITIES,
        "strong_capacity": tuple(range(1, WAVES + 1)),
        "draw": tuple(range(1, DRAWS + 1)),
    }
    defaults: ClassVar[dict[str, Any]] = {
        "teacher": "stairs",
        "weak_quality": 0.6,
        "strong_capacity": TRUTH_WAVES,
        "draw": 1,
    }
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "teacher": ("The teacher’s error", "how it is wrong"),
        "weak_quality": ("Weak-model quality", "at 1 it would make no error"),
        "strong_capacity": ("Strong capacity", "waves that the student has"),
        "draw": ("Another draw", "of the noise that the teacher met"),
    }

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        return [
            curve_outcome(teacher_curve(s["teacher"], s["weak_quality"], s["draw"]), s["strong_capacity"])
            for s in settings
        ]


def _fixed(values: FloatArray) -> FloatArray:
    values.flags.writeable = False
    return values
