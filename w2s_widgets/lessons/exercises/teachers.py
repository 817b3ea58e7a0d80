"""Exercises of chapter 06: estimate what a teacher promises, and choose among several."""

from __future__ import annotations

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.lessons.checks import Mistake
from w2s_widgets.lessons.exercise import Exercise, mean_square
from w2s_widgets.lessons.mistakes import CANCEL, SUM


def _draw_labelled(rng: np.random.Generator) -> dict[str, FloatArray]:
    few, many = int(rng.integers(4, 7)), int(rng.integers(8, 12))
    drawn = {"labels": few, "teacher_there": few, "teacher": many, "student": many}
    return {name: rng.normal(size=n) * rng.uniform(0.5, 2) + rng.normal() for name, n in drawn.items()}


PROMISE = Exercise(
    name="promise",
    arguments=("labels", "teacher_there", "teacher", "student"),
    draw=_draw_labelled,
    right=lambda y, h, g, s: mean_square(h, y) - mean_square(g, s),
    example={
        "labels": np.array([1.0, 2.0]),
        "teacher_there": np.array([3.0, 2.0]),
        "teacher": np.array([0.0, 1.0, 3.0]),
        "student": np.array([0.0, 2.0, 2.0]),
    },
    mistakes={
        "misfit added": Mistake(
            lambda y, h, g, s: mean_square(h, y) + mean_square(g, s),
            "Look at the sign: a student that stays away from its teacher's errors should be promised less "
            "error.",
        ),
        "sign": Mistake(
            lambda y, h, g, s: mean_square(g, s) - mean_square(h, y),
            "The size is right, the sign is not: a worse teacher promises a larger error.",
        ),
        "error alone": Mistake(
            lambda y, h, g, s: mean_square(h, y),
            "This is the teacher's error on the labelled inputs. What does the student get rid of?",
        ),
        "misfit alone": Mistake(
            lambda y, h, g, s: mean_square(g, s),
            "This is the misfit, which knows nothing of the truth. Where do the true labels come in?",
        ),
        "missing square": Mistake(lambda y, h, g, s: np.mean(h - y) - np.mean(s - g), CANCEL),
        "missing square, flipped": Mistake(lambda y, h, g, s: np.mean(y - h) - np.mean(g - s), CANCEL),
        "squared after the mean": Mistake(
            lambda y, h, g, s: np.mean(h - y) ** 2 - np.mean(s - g) ** 2, CANCEL
        ),
        "absolute value": Mistake(
            lambda y, h, g, s: np.mean(np.abs(h - y)) - np.mean(np.abs(s - g)),
            "The theorem speaks of squared differences; these are not squared.",
        ),
        "sum": Mistake(lambda y, h, g, s: np.sum((h - y) ** 2) - np.sum((s - g) ** 2), SUM),
        "sum and mean mixed": Mistake(
            lambda y, h, g, s: np.sum((h - y) ** 2) - mean_square(g, s),
            "The first part grows with the number of labels and the second is a mean: treat both alike.",
        ),
        "mean and sum mixed": Mistake(
            lambda y, h, g, s: mean_square(h, y) - np.sum((s - g) ** 2),
            "The second part grows with the number of inputs and the first is a mean: treat both alike.",
        ),
        "misfit on few inputs": Mistake(
            lambda y, h, g, s: mean_square(h, y) - mean_square(g[: len(y)], s[: len(y)]),
            "The misfit needs no true labels: why measure it on so few inputs?",
        ),
        "divided by one count": Mistake(
            lambda y, h, g, s: mean_square(h, y) - np.sum((s - g) ** 2) / len(y),
            "There are two sets of inputs, of different size. By how many is each sum divided?",
        ),
        "roots": Mistake(
            lambda y, h, g, s: np.sqrt(mean_square(h, y)) - np.sqrt(mean_square(g, s)),
            "Lengths are subtracted here. By Pythagoras it is the squares that add up.",
        ),
        "variance of the labels": Mistake(
            lambda y, h, g, s: np.var(y) - mean_square(g, s),
            "The teacher's answers on the labelled inputs do not appear: how wrong is it there?",
        ),
    },
    praise="The first part needed true labels, the second part none.",
    hints=(
        "Two sets of inputs: few have a true label, many have none. Which part of the promise needs which?",
        "The teacher's error is measured where the labels are; the misfit where both models answer.",
    ),
    solution="def promise(labels, teacher_there, teacher, student):\n"
    "    err_weak = np.mean((teacher_there - labels) ** 2)\n"
    "    misfit = np.mean((student - teacher) ** 2)\n"
    "    return err_weak - misfit\n",
)


def _draw_teachers(rng: np.random.Generator) -> dict[str, FloatArray]:
    # One teacher for each way to go wrong: the best, the most accurate, the largest share, the largest
    # misfit, the smallest sum, the smallest misfit and the worst are seven different ones.
    error = np.array([0.60, 0.20, 2.00, 3.00, 0.21, 0.90, 0.70, 1.50])
    misfit = np.array([0.55, 0.05, 1.88, 2.50, 0.02, 0.01, 0.61, 0.30])
    if rng.random() < 0.5:
        misfit[0] = 0.80  # few labels can make an estimate of the promise negative
    order = rng.permutation(len(error))
    unit = rng.uniform(0.5, 2)
    return {"err_weak": unit * error[order], "misfit": unit * misfit[order]}


CHOOSE = Exercise(
    name="choose",
    arguments=("err_weak", "misfit"),
    draw=_draw_teachers,
    right=lambda e, m: np.argmin(e - m),
    example={"err_weak": np.array([0.3, 0.5, 0.4]), "misfit": np.array([0.1, 0.4, 0.35])},
    mistakes={
        "most accurate": Mistake(
            lambda e, m: np.argmin(e),
            "This takes the teacher that errs least. The student's error is to be small: what is left of the "
            "teacher's error in its student?",
        ),
        "largest misfit": Mistake(
            lambda e, m: np.argmax(m),
            "This takes the largest misfit, and a very bad teacher may have it. What has to be weighed "
            "against it?",
        ),
        "smallest misfit": Mistake(
            lambda e, m: np.argmin(m),
            "This takes the teacher that its student copies best, mistakes and all.",
        ),
        "worst": Mistake(
            lambda e, m: np.argmax(e - m),
            "The right numbers are compared, but this takes the worst of the teachers.",
        ),
        "sum": Mistake(
            lambda e, m: np.argmin(e + m), "Look at the sign: here a larger misfit counts against a teacher."
        ),
        "nearest to zero": Mistake(
            lambda e, m: np.argmin(np.abs(e - m)),
            "A promise below zero also counts as small: is something made positive that should not be?",
        ),
        "share": Mistake(
            lambda e, m: np.argmax(m / e),
            "This takes the teacher whose error shrinks by the largest share. A large error can shrink by a "
            "large share and stay large.",
        ),
        "value": Mistake(
            lambda e, m: np.min(e - m),
            "This is how small the promise gets; asked is whose it is. Return the position in the array.",
        ),
        "counted from one": Mistake(
            lambda e, m: np.argmin(e - m) + 1,
            "Nearly: positions in Python start at a number other than the one you begin with.",
        ),
        "promises": Mistake(
            lambda e, m: e - m,
            "These are the promises of all teachers: good so far. Whose is the one to take?",
        ),
    },
    praise="For a realizable linear student this is the best teacher, if the two numbers are exact.",
    hints=(
        "Write down for each teacher what the theorem promises for its student's error.",
        "Then you need the position of the smallest of these numbers, not its value.",
    ),
    solution="def choose(err_weak, misfit):\n    return np.argmin(err_weak - misfit)\n",
)

EXERCISES = (PROMISE, CHOOSE)
