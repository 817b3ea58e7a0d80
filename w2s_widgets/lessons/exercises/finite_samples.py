"""Exercises of chapter 05: the misfit on the student's own inputs, and a rate read off."""

from __future__ import annotations

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.lessons.checks import Mistake
from w2s_widgets.lessons.exercise import Exercise
from w2s_widgets.lessons.mistakes import ABSOLUTE, CANCEL, ROOT, SUM


def _draw_fit(rng: np.random.Generator) -> dict[str, FloatArray]:
    n, d = int(rng.integers(4, 9)), int(rng.integers(2, 4))
    # Neither centred nor of one size, so that no mean and no length comes out right by accident.
    inputs = rng.normal(size=(n, d)) * rng.uniform(0.5, 2, size=d) + 0.3
    return {"inputs": inputs, "teacher": rng.normal(size=d), "student": rng.normal(size=d)}


def _draw_curve(rng: np.random.Generator) -> dict[str, FloatArray]:
    count = int(rng.integers(4, 8))
    ns = np.cumprod(rng.integers(2, 5, size=count)).astype(np.float64)
    errors = rng.uniform(0.5, 5) * ns ** -rng.uniform(0.3, 1.2) * np.exp(rng.normal(scale=0.3, size=count))
    return {"ns": ns, "errors": errors}


def _slope(x: FloatArray, y: FloatArray) -> float:
    centred = x - x.mean()
    return float(centred @ y / (centred @ centred))


_ALL_INPUTS = (
    "This does not look at the inputs: it is the misfit over all inputs, if these are independent and of "
    "variance 1. Asked for is the misfit on the inputs that are given."
)
_TWO_LOGS = "A power law is a straight line only when both axes are logarithmic. Is one of yours still plain?"

IN_SAMPLE_MISFIT = Exercise(
    name="in_sample_misfit",
    arguments=("inputs", "teacher", "student"),
    draw=_draw_fit,
    right=lambda x, g, s: np.mean((x @ s - x @ g) ** 2),
    example={
        "inputs": np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
        "teacher": np.array([1.0, 1.0]),
        "student": np.array([1.0, 3.0]),
    },
    mistakes={
        "population": Mistake(lambda x, g, s: np.sum((s - g) ** 2), _ALL_INPUTS),
        "mean over weights": Mistake(lambda x, g, s: np.mean((s - g) ** 2), _ALL_INPUTS),
        "sum": Mistake(lambda x, g, s: np.sum((x @ s - x @ g) ** 2), SUM),
        "divided by n - d": Mistake(
            lambda x, g, s: np.sum((x @ s - x @ g) ** 2) / (x.shape[0] - x.shape[1]),
            "This would make up for the fit. First measure what is there: over how many inputs?",
        ),
        "divided by n - 1": Mistake(
            lambda x, g, s: np.sum((x @ s - x @ g) ** 2) / (x.shape[0] - 1),
            "Nearly: by how many inputs do you divide?",
        ),
        "divided by d": Mistake(
            lambda x, g, s: np.sum((x @ s - x @ g) ** 2) / x.shape[1],
            "The mean is over the inputs, one for each row; this divides by the number of columns.",
        ),
        "missing square": Mistake(lambda x, g, s: np.mean(x @ s - x @ g), CANCEL),
        "missing square, flipped": Mistake(lambda x, g, s: np.mean(x @ g - x @ s), CANCEL),
        "squared after the mean": Mistake(lambda x, g, s: np.mean(x @ s - x @ g) ** 2, CANCEL),
        "absolute value": Mistake(lambda x, g, s: np.mean(np.abs(x @ s - x @ g)), ABSOLUTE),
        "square root": Mistake(lambda x, g, s: np.sqrt(np.mean((x @ s - x @ g) ** 2)), ROOT),
        "forgot the mean": Mistake(
            lambda x, g, s: (x @ s - x @ g) ** 2,
            "These are the squared differences input by input: good so far. Which single number stands for "
            "all of them?",
        ),
        "student alone": Mistake(
            lambda x, g, s: np.mean((x @ s) ** 2),
            "The teacher does not appear in this number, and misfit is between teacher and student.",
        ),
    },
    praise="On the inputs of the fit this is too small a number for the misfit; on fresh ones too large.",
    hints=(
        "A student's answer to one input is the sum of the input's coordinates times its weights; so is the "
        "teacher's.",
        "First the answers of both to all inputs: a matrix times a vector. Then as in chapter 01.",
    ),
    solution="def in_sample_misfit(inputs, teacher, student):\n"
    "    return np.mean((inputs @ student - inputs @ teacher) ** 2)\n",
)

RATE = Exercise(
    name="rate",
    arguments=("ns", "errors"),
    draw=_draw_curve,
    right=lambda n, e: _slope(np.log(n), np.log(e)),
    example={"ns": np.array([1.0, 4.0, 16.0]), "errors": np.array([8.0, 2.0, 0.5])},
    mistakes={
        "sign": Mistake(
            lambda n, e: -_slope(np.log(n), np.log(e)),
            "The size is right, the sign is not: a curve that falls from left to right has a negative slope.",
        ),
        "no logarithm": Mistake(
            lambda n, e: _slope(n, e),
            "This is the slope on plain axes, which changes along the curve. The picture has other axes.",
        ),
        "logarithm of the errors only": Mistake(lambda n, e: _slope(n, np.log(e)), _TWO_LOGS),
        "logarithm of the sizes only": Mistake(lambda n, e: _slope(np.log(n), e), _TWO_LOGS),
        "axes exchanged": Mistake(
            lambda n, e: _slope(np.log(e), np.log(n)),
            "Here the sizes are fitted as a function of the errors: which of the two runs across?",
        ),
        "axes exchanged, turned over": Mistake(
            lambda n, e: 1 / _slope(np.log(e), np.log(n)),
            "This fits the sizes to the errors and turns the slope over, which is another line unless all "
            "points lie on one: fit the errors to the sizes.",
        ),
        "through the origin": Mistake(
            lambda n, e: np.log(n) @ np.log(e) / (np.log(n) @ np.log(n)),
            "This line goes through the origin. A power law has a factor in front, so its line has a level "
            "of its own.",
        ),
        "first and last": Mistake(
            lambda n, e: np.log(e[-1] / e[0]) / np.log(n[-1] / n[0]),
            "This uses two of the points only, and their noise is all in it: let every point pull.",
        ),
        "mean of the pieces": Mistake(
            lambda n, e: np.mean(np.diff(np.log(e)) / np.diff(np.log(n))),
            "This is the mean of the slopes from each point to the next, in which noise weighs heavily. One "
            "line through all points is wanted.",
        ),
        "intercept": Mistake(
            lambda n, e: np.mean(np.log(e)) - _slope(np.log(n), np.log(e)) * np.mean(np.log(n)),
            "This is where the line crosses the axis, the other number of the fit. Where is the slope?",
        ),
        "both numbers": Mistake(
            lambda n, e: np.polyfit(np.log(n), np.log(e), 1),
            "These are both numbers of the line, slope and level: hand back the slope alone.",
        ),
    },
    praise="Minus one would mean: twice the inputs, half the error.",
    hints=(
        "If an error is a constant times a power of n, take logarithms of both sides: what is the slope?",
        "Let numpy fit a straight line through the points; it has a function for polynomials of degree 1.",
    ),
    solution="def rate(ns, errors):\n    return np.polyfit(np.log(ns), np.log(errors), 1)[0]\n",
)

EXERCISES = (IN_SAMPLE_MISFIT, RATE)
