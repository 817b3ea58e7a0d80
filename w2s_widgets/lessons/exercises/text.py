"""Exercises of chapter 08: how well one order of teachers agrees with another, and what a choice costs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.lessons.checks import Mistake
from w2s_widgets.lessons.exercise import Exercise


def _ranks(values: FloatArray) -> NDArray[np.int64]:
    return np.argsort(np.argsort(values))


def _correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def _draw_errors(rng: np.random.Generator) -> dict[str, FloatArray]:
    """Bounds of some teachers and the errors of their students: alike, but not in the same unit."""
    bounds = rng.normal(size=int(rng.integers(6, 11)))
    return {"bounds": bounds, "errors": np.exp(1.5 * bounds + rng.normal(size=len(bounds)))}


RANK_CORRELATION = Exercise(
    name="rank_correlation",
    arguments=("bounds", "errors"),
    draw=_draw_errors,
    right=lambda b, e: _correlation(_ranks(b), _ranks(e)),
    example={"bounds": np.array([0.5, 0.2, 0.9, 0.3]), "errors": np.array([0.4, 0.1, 0.3, 0.2])},
    mistakes={
        "values": Mistake(
            _correlation,
            "This is the correlation of the numbers themselves. One teacher far from the others would decide "
            "it; only the order should count.",
        ),
        "argsort once": Mistake(
            lambda b, e: _correlation(np.argsort(b), np.argsort(e)),
            "Sorting tells which teacher comes first, second and so on. What you need is the place of each "
            "teacher: try it by hand on three numbers.",
        ),
        "one ranked": Mistake(
            lambda b, e: _correlation(_ranks(b), e),
            "One of the two is still in its own unit. Replace both by places.",
        ),
        "other ranked": Mistake(
            lambda b, e: _correlation(b, _ranks(e)),
            "One of the two is still in its own unit. Replace both by places.",
        ),
        "sign": Mistake(
            lambda b, e: -_correlation(_ranks(b), _ranks(e)),
            "The size is right. Two equal orders should give +1: is one of yours from the largest down?",
        ),
        "covariance": Mistake(
            lambda b, e: float(np.mean(_ranks(b) * _ranks(e)) - np.mean(_ranks(b)) * np.mean(_ranks(e))),
            "This grows with the number of teachers. A correlation lies between -1 and 1.",
        ),
        "squared": Mistake(
            lambda b, e: _correlation(_ranks(b), _ranks(e)) ** 2,
            "A reversed order would look as good as the right one: is something squared?",
        ),
        "whole matrix": Mistake(
            lambda b, e: np.corrcoef(_ranks(b), _ranks(e)),
            "This is a table of two by two: each list with itself, and with the other. Which entry is "
            "wanted?",
        ),
        "share of equal places": Mistake(
            lambda b, e: float(np.mean(_ranks(b) == _ranks(e))),
            "A teacher that is one place off counts here as much as one that is ten places off.",
        ),
    },
    praise="Only the order counts, so one odd teacher cannot decide it.",
    hints=(
        "Replace each number by its place in the sorted list, then correlate the places.",
        "argsort lists who comes first, second and so on. The argsort of that list gives each one's place; "
        "corrcoef gives a table of two by two, of which one entry beside the diagonal is wanted.",
    ),
    solution="def rank_correlation(bounds, errors):\n"
    "    places = [np.argsort(np.argsort(values)) for values in (bounds, errors)]\n"
    "    return np.corrcoef(*places)[0, 1]\n",
)


def _draw_contest(rng: np.random.Generator) -> dict[str, FloatArray]:
    """Bounds of some teachers and their students' errors; the first choice is seldom the best."""
    bounds = rng.uniform(0.2, 0.6, size=int(rng.integers(5, 9)))
    return {"bounds": bounds, "errors": 0.3 + 0.2 * bounds + rng.uniform(0, 0.3, size=len(bounds))}


REGRET = Exercise(
    name="regret",
    arguments=("bounds", "errors"),
    draw=_draw_contest,
    right=lambda b, e: float(e[np.argmin(b)] - e.min()),
    example={"bounds": np.array([0.5, 0.2, 0.9, 0.3]), "errors": np.array([0.4, 0.3, 0.6, 0.1])},
    mistakes={
        "error of the choice": Mistake(
            lambda b, e: float(e[np.argmin(b)]),
            "This is how much the chosen teacher's student errs. Compared with what does it cost something?",
        ),
        "bounds": Mistake(
            lambda b, e: float(b.min() - e.min()),
            "A bound is only what the error should be below. What counts is how much the student of the "
            "chosen teacher really errs.",
        ),
        "error above its bound": Mistake(
            lambda b, e: float(e[np.argmin(b)] - b.min()),
            "This is by how much the chosen student errs more than its bound. The question is what another "
            "choice would have given.",
        ),
        "sign": Mistake(
            lambda b, e: float(e.min() - e[np.argmin(b)]),
            "The size is right. A cost is never negative: nobody chooses better than the best.",
        ),
        "largest bound": Mistake(
            lambda b, e: float(e[np.argmax(b)] - e.min()),
            "Which end of the bounds does the rule take? A bound on an error should be small.",
        ),
        "against the mean": Mistake(
            lambda b, e: float(e[np.argmin(b)] - e.mean()),
            "This compares with a teacher taken at random. Compare with the best that could have been taken.",
        ),
        "range": Mistake(
            lambda b, e: float(e.max() - e.min()),
            "This is what the worst choice would cost. Which one does the rule choose?",
        ),
    },
    praise="A rule may get much of the order wrong and still cost nothing: only its first place is used.",
    hints=(
        "First find the teacher that the rule takes. Then compare its student with the best of all students.",
        "argmin of the bounds is the place of the chosen teacher; min of the errors is the best there is.",
    ),
    solution="def regret(bounds, errors):\n    return errors[np.argmin(bounds)] - np.min(errors)\n",
)

EXERCISES = (RANK_CORRELATION, REGRET)
