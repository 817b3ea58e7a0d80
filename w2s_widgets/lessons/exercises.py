"""The exercises of the chapters as data: what is asked, known mistakes with their hints, folded help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from w2s_widgets.arrays import FloatArray
from w2s_widgets.lessons.checks import Check, CheckResult, Mistake
from w2s_widgets.lessons.folds import Fold

_T = TypeVar("_T")


def check(name: str, answer: Callable[..., Any]) -> CheckResult:
    """Check the answer to an exercise.

    Parameters
    ----------
    name : str
        Name of the exercise, such as ``"misfit"``.
    answer : callable
        The reader's function.

    Returns
    -------
    CheckResult
        Passed or not, with a hint that fits the mistake and never the answer.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> check("misfit", lambda teacher, student: ((teacher - student) ** 2).mean()).passed
    True
    """
    return _find(CHECKS, name, "exercise")(answer)


def check_misfit(function: Callable[..., Any]) -> CheckResult:
    """Check the reader's ``misfit(teacher, student)``.

    Examples
    --------
    >>> check_misfit(lambda teacher, student: np.mean(teacher - student))
    misfit: not yet. Differences of opposite sign cancel here: a student above its teacher on one input \
and below it on another would seem to agree with it.
    """
    return check("misfit", function)


def check_gain(function: Callable[..., Any]) -> CheckResult:
    """Check the reader's ``gain(truth, teacher, student)``.

    Examples
    --------
    >>> def gain(truth, teacher, student):
    ...     return np.mean((student - truth) ** 2) - np.mean((teacher - truth) ** 2)
    >>> check_gain(gain)
    gain: not yet. The size is right, the sign is not: a student that is better than its teacher has a \
positive gain.
    """
    return check("gain", function)


def hint(name: str, level: int = 1) -> Fold:
    """Return a hint to an exercise, folded until it is opened.

    Parameters
    ----------
    name : str
        Name of the exercise.
    level : int
        1 for the lightest hint, higher for more.

    Raises
    ------
    ValueError
        If there is no such exercise, or no hint of that level.

    Examples
    --------
    >>> hint("misfit")
    Hint 1 to misfit: Misfit speaks of two functions only. The truth plays no part in it.
    """
    hints = _find(HINTS, name, "exercise with hints")
    if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= len(hints):
        raise ValueError(f"level is {level!r}: give a whole number from 1 to {len(hints)}.")
    return Fold(f"Hint {level} to {name}", hints[level - 1])


def solution(name: str) -> Fold:
    """Return a solution of an exercise, folded until it is opened.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> solution("misfit")
    Solution of misfit: folded; print(solution("misfit").text) writes it out.
    """
    code = _find(SOLUTIONS, name, "exercise with a solution")
    return Fold(
        f"Solution of {name}",
        code,
        is_code=True,
        plain=f'folded; print(solution("{name}").text) writes it out.',
    )


def _find(shelf: dict[str, _T], name: str, what: str) -> _T:
    if name not in shelf:
        raise ValueError(f"there is no {what} called {name!r}: choose one of {', '.join(shelf)}.")
    return shelf[name]


def _error(one: FloatArray, other: FloatArray) -> float:
    return float(np.mean((one - other) ** 2))


def _draw(*names: str) -> Callable[[np.random.Generator], dict[str, FloatArray]]:
    def draw(rng: np.random.Generator) -> dict[str, FloatArray]:
        n = int(rng.integers(5, 12))
        # Scales of their own, so that now the teacher and now the student is nearer to the truth.
        return {name: rng.normal(size=n) * rng.uniform(0.5, 3) + rng.normal() for name in names}

    return draw


_CANCEL = (
    "Differences of opposite sign cancel here: a student above its teacher on one input and below it on "
    "another would seem to agree with it."
)
_SUM = "This grows with the number of inputs: an error is the same for one sample and for two copies of it."
_ROOT = (
    "This is the length of a side of the triangle, in the unit of the truth; the errors of this book are "
    "measured in the squared unit."
)
_ABSOLUTE = (
    "Large differences should weigh more than in proportion; here a difference twice as large weighs twice."
)
_VARIANCE = (
    "A student that is wrong by the same amount everywhere would be free of blame here: is a mean subtracted?"
)
_HALF = (
    "This is off by a constant factor on every example: is there a one half, or a difference counted twice?"
)

CHECKS: dict[str, Check] = {
    "misfit": Check(
        name="misfit",
        arguments=("teacher", "student"),
        draw=_draw("teacher", "student"),
        right=_error,
        example={"teacher": np.array([1.0, 2.0, 4.0]), "student": np.array([1.0, 1.0, 6.0])},
        mistakes=(
            Mistake("missing square", lambda g, s: np.mean(g - s), _CANCEL),
            Mistake("missing square, flipped", lambda g, s: np.mean(s - g), _CANCEL),
            Mistake("squared after the mean", lambda g, s: np.mean(g - s) ** 2, _CANCEL),
            Mistake("absolute value", lambda g, s: np.mean(np.abs(g - s)), _ABSOLUTE),
            Mistake("absolute value, sum", lambda g, s: np.sum(np.abs(g - s)), f"{_ABSOLUTE} {_SUM}"),
            Mistake("sum", lambda g, s: np.sum((g - s) ** 2), _SUM),
            Mistake(
                "divided by n - 1",
                lambda g, s: np.sum((g - s) ** 2) / (len(g) - 1),
                "Nearly: by how many inputs do you divide? Nothing was estimated here, so none is used up.",
            ),
            Mistake("square root", lambda g, s: np.sqrt(np.mean((g - s) ** 2)), _ROOT),
            Mistake("length", lambda g, s: np.sqrt(np.sum((g - s) ** 2)), f"{_ROOT} {_SUM}"),
            Mistake(
                "sign", lambda g, s: -np.mean((g - s) ** 2), "An error is never negative: look at the sign."
            ),
            Mistake("variance", lambda g, s: np.var(g - s), _VARIANCE),
            Mistake("half", lambda g, s: np.mean((g - s) ** 2) / 2, _HALF),
            Mistake(
                "teacher alone",
                lambda g, s: np.mean(g**2),
                "The student does not appear in this number, and misfit is between teacher and student.",
            ),
            Mistake(
                "student alone",
                lambda g, s: np.mean(s**2),
                "The teacher does not appear in this number, and misfit is between teacher and student.",
            ),
            Mistake(
                "difference of squares",
                lambda g, s: np.mean(g**2) - np.mean(s**2),
                "This compares two sizes. Two functions can have the same size and disagree everywhere: "
                "take the difference first.",
            ),
            Mistake(
                "forgot the mean",
                lambda g, s: (g - s) ** 2,
                "These are the squared differences input by input: good so far. Which single number "
                "stands for all of them?",
            ),
        ),
        praise="This is how far the student stayed from its teacher; no true label was needed.",
    ),
    "gain": Check(
        name="gain",
        arguments=("truth", "teacher", "student"),
        draw=_draw("truth", "teacher", "student"),
        right=lambda f, g, s: _error(f, g) - _error(f, s),
        example={
            "truth": np.array([0.0, 2.0, 1.0]),
            "teacher": np.array([1.0, 4.0, 3.0]),
            "student": np.array([0.0, 3.0, 3.0]),
        },
        mistakes=(
            Mistake(
                "sign",
                lambda f, g, s: _error(f, s) - _error(f, g),
                "The size is right, the sign is not: a student that is better than its teacher has a "
                "positive gain.",
            ),
            Mistake(
                "absolute value",
                lambda f, g, s: abs(_error(f, g) - _error(f, s)),
                "A student can also lose: what should this say when the student is worse than its teacher?",
            ),
            Mistake(
                "misfit",
                lambda f, g, s: _error(g, s),
                "This is the misfit, and it never looks at the truth. That gain and misfit are equal is the "
                "theorem's claim, under assumptions; here they are not made.",
            ),
            Mistake(
                "promise",
                lambda f, g, s: _error(f, g) - _error(g, s),
                "The second error is against the wrong target: how good the student is, is measured against "
                "the truth and not against its teacher.",
            ),
            Mistake(
                "wrong target for the teacher",
                lambda f, g, s: _error(g, s) - _error(f, s),
                "The first error is against the wrong target: how good the teacher is, is measured against "
                "the truth.",
            ),
            Mistake(
                "teacher's error alone",
                lambda f, g, s: _error(f, g),
                "This is the teacher's error. How much of it did the student get rid of?",
            ),
            Mistake(
                "student's error alone",
                lambda f, g, s: _error(f, s),
                "This is the student's error. Compared with whose?",
            ),
            Mistake(
                "sum of errors",
                lambda f, g, s: _error(f, g) + _error(f, s),
                "Two errors added are no gain: the better the student, the larger the gain should be.",
            ),
            Mistake(
                "relative",
                lambda f, g, s: 1 - _error(f, s) / _error(f, g),
                "This is the share of the teacher's error that went away; gain is the amount, in the unit "
                "of an error.",
            ),
            Mistake(
                "ratio",
                lambda f, g, s: _error(f, g) / _error(f, s),
                "This says how many times better the student is; gain is by how much.",
            ),
            Mistake("missing square", lambda f, g, s: np.mean(s - g), _CANCEL),
            Mistake("missing square, flipped", lambda f, g, s: np.mean(g - s), _CANCEL),
            Mistake(
                "squared after the mean",
                lambda f, g, s: np.mean(f - g) ** 2 - np.mean(f - s) ** 2,
                _CANCEL,
            ),
            Mistake(
                "absolute error", lambda f, g, s: np.mean(np.abs(f - g)) - np.mean(np.abs(f - s)), _ABSOLUTE
            ),
            Mistake("sum", lambda f, g, s: np.sum((f - g) ** 2) - np.sum((f - s) ** 2), _SUM),
            Mistake(
                "square root",
                lambda f, g, s: np.sqrt(_error(f, g)) - np.sqrt(_error(f, s)),
                _ROOT,
            ),
            Mistake("variance", lambda f, g, s: np.var(f - g) - np.var(f - s), _VARIANCE),
            Mistake("half", lambda f, g, s: (_error(f, g) - _error(f, s)) / 2, _HALF),
            Mistake(
                "forgot the mean",
                lambda f, g, s: (f - g) ** 2 - (f - s) ** 2,
                "These are gains input by input: good so far. Which single number stands for all of them?",
            ),
        ),
        praise="This is how much better the student is than its teacher; true labels were needed for it.",
    ),
    "alignment": Check(
        name="alignment",
        arguments=("left_of_truth", "left_of_teacher"),
        draw=_draw("left_of_truth", "left_of_teacher"),
        right=lambda f, g: -2 * np.mean(f * g),
        example={
            "left_of_truth": np.array([1.0, 2.0, 0.0]),
            "left_of_teacher": np.array([1.0, 1.0, 3.0]),
        },
        mistakes=(
            Mistake(
                "sign",
                lambda f, g: 2 * np.mean(f * g),
                "The size is right. Which sign has the slack when teacher and truth share what the student "
                "is blind to: does the student win by that, or lose?",
            ),
            Mistake(
                "half",
                lambda f, g: -np.mean(f * g),
                "The sign is right, the size is off by a constant factor: write out the square of a sum.",
            ),
            Mistake(
                "half, sign",
                lambda f, g: np.mean(f * g),
                "This is the product of the two functions. The formula has a number and a sign before it.",
            ),
            Mistake("sum", lambda f, g: -2 * np.sum(f * g), _SUM),
            Mistake(
                "product of the means",
                lambda f, g: -2 * np.mean(f) * np.mean(g),
                "Multiply first, input by input, and take the mean of the products: two functions can agree "
                "everywhere and have mean zero.",
            ),
            Mistake(
                "distance",
                lambda f, g: np.mean((f - g) ** 2),
                "This is a distance, which is never negative. The alignment is a product, and has a sign.",
            ),
            Mistake(
                "forgot the mean",
                lambda f, g: -2 * f * g,
                "These are the products input by input: good so far. Which single number stands for all of "
                "them?",
            ),
        ),
        praise="This part of the slack stays, however many inputs the student sees.",
    ),
}
"""Exercises by name."""

HINTS: dict[str, tuple[str, ...]] = {
    "misfit": (
        "Misfit speaks of two functions only. The truth plays no part in it.",
        "Three steps, in this order: one number for each input, made positive in a way that punishes large "
        "differences; then one number for all inputs.",
    ),
    "gain": (
        "Gain compares two errors. Both are measured against the same corner of the triangle.",
        "Write a small function for the error between any two arrays first, and call it twice.",
    ),
    "alignment": (
        "The product of two functions is the mean, over the inputs, of their products input by input.",
        "Look for the formula of the alignment a little above: a number, a sign, a product.",
    ),
}
"""Hints by exercise, the lightest first."""

SOLUTIONS: dict[str, str] = {
    "misfit": "def misfit(teacher, student):\n    return np.mean((student - teacher) ** 2)\n",
    "gain": (
        "def gain(truth, teacher, student):\n"
        "    err_weak = np.mean((teacher - truth) ** 2)\n"
        "    err_student = np.mean((student - truth) ** 2)\n"
        "    return err_weak - err_student\n"
    ),
    "alignment": (
        "def alignment(left_of_truth, left_of_teacher):\n"
        "    return -2 * np.mean(left_of_truth * left_of_teacher)\n"
    ),
}
"""One right answer by exercise; tests run each through its check."""
