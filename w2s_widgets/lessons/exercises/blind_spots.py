"""Exercises of chapter 04: the gain from what is left over, and the most that a blind spot can cost."""

from __future__ import annotations

import numpy as np

from w2s_widgets.lessons.checks import Mistake
from w2s_widgets.lessons.exercise import Exercise, draw_functions
from w2s_widgets.lessons.mistakes import HALF, SUM

GAIN_FROM_LEFT = Exercise(
    name="gain_from_left",
    arguments=("left_of_truth", "left_of_teacher"),
    draw=draw_functions("left_of_truth", "left_of_teacher"),
    right=lambda f, g: np.mean(g * g) - 2 * np.mean(f * g),
    example={"left_of_truth": np.array([1.0, 0.0, 2.0]), "left_of_teacher": np.array([3.0, 3.0, 0.0])},
    mistakes={
        "sign of the alignment": Mistake(
            lambda f, g: np.mean(g * g) + 2 * np.mean(f * g),
            "Look at the sign of the second part: where teacher and truth agree and the student is blind, "
            "does dropping it help or hurt?",
        ),
        "misfit alone": Mistake(
            lambda f, g: np.mean(g * g),
            "This is the misfit. The gain is equal to it only if the truth has nothing left over.",
        ),
        "alignment alone": Mistake(
            lambda f, g: -2 * np.mean(f * g),
            "This is the alignment, the slack of a linear class. What has to be added for the gain?",
        ),
        "half of the alignment": Mistake(
            lambda f, g: np.mean(g * g) - np.mean(f * g),
            "Nearly: the second part is off by a constant factor. Write out the square of a difference.",
        ),
        "error that is dropped": Mistake(
            lambda f, g: np.mean((g - f) ** 2),
            "This is what the student drops of its teacher's error. With it the student drops something of "
            "the truth, and that has to be paid.",
        ),
        "dropped truth added": Mistake(
            lambda f, g: np.mean((g - f) ** 2) + np.mean(f * f),
            "Two things are dropped, an error and a piece of the truth. Do both of them help?",
        ),
        "blind spot for misfit": Mistake(
            lambda f, g: np.mean(f * f) - 2 * np.mean(f * g),
            "One part is about the wrong function. Misfit: which of the two did the student fail to copy? "
            "Or, if you took what is dropped of the error: which of the two has to be paid for?",
        ),
        "sign of everything": Mistake(
            lambda f, g: 2 * np.mean(f * g) - np.mean(g * g),
            "The size is right, the sign is not: without a blind spot the gain is never negative.",
        ),
        "missing square": Mistake(
            lambda f, g: np.mean(g) - 2 * np.mean(f * g),
            "The first part has to be an error, which is never negative: is something not squared?",
        ),
        "squared after the mean": Mistake(
            lambda f, g: np.mean(g) ** 2 - 2 * np.mean(f * g),
            "In the first part values of opposite sign cancel before they are squared.",
        ),
        "product of the means": Mistake(
            lambda f, g: np.mean(g * g) - 2 * np.mean(f) * np.mean(g),
            "In the second part multiply first, input by input, and take the mean of the products.",
        ),
        "sum": Mistake(lambda f, g: np.sum(g * g) - 2 * np.sum(f * g), SUM),
        "mean and sum mixed": Mistake(
            lambda f, g: np.mean(g * g) - 2 * np.sum(f * g),
            "One part grows with the number of inputs and the other does not: treat both alike.",
        ),
        "sum and mean mixed": Mistake(
            lambda f, g: np.sum(g * g) - 2 * np.mean(f * g),
            "One part grows with the number of inputs and the other does not: treat both alike.",
        ),
        "half": Mistake(lambda f, g: np.mean(g * g) / 2 - np.mean(f * g), HALF),
        "forgot the mean": Mistake(
            lambda f, g: g * g - 2 * f * g,
            "These are the parts input by input: good so far. Which one number stands for all of them?",
        ),
    },
    praise="Two left-over functions are enough to know the gain of any linear student.",
    hints=(
        "The gain is the misfit plus the slack. Each of them can be written with what is left over alone.",
        "The misfit is the mean square of one of the two functions. The slack is a number, a sign, and the "
        "mean of a product.",
    ),
    solution="def gain_from_left(left_of_truth, left_of_teacher):\n"
    "    misfit = np.mean(left_of_teacher**2)\n"
    "    alignment = -2 * np.mean(left_of_truth * left_of_teacher)\n"
    "    return misfit + alignment\n",
)


def _draw_sizes(rng: np.random.Generator) -> dict[str, float]:
    return {"err_weak": rng.uniform(1, 3), "misfit": rng.uniform(0.1, 1), "eps": rng.uniform(0.1, 2)}


WORST_ERROR = Exercise(
    name="worst_error",
    arguments=("err_weak", "misfit", "eps"),
    draw=_draw_sizes,
    right=lambda e, m, b: e - m + 2 * np.sqrt(b * m),
    example={"err_weak": 1.0, "misfit": 0.25, "eps": 0.04},
    mistakes={
        "promise": Mistake(
            lambda e, m, b: e - m,
            "This is what the theorem promises if there is no blind spot. What can the blind spot add?",
        ),
        "best case": Mistake(
            lambda e, m, b: e - m - 2 * np.sqrt(b * m),
            "This is the best case, in which residual and blind spot oppose. The worst is asked for.",
        ),
        "missing root": Mistake(
            lambda e, m, b: e - m + 2 * b * m,
            "A product of two squared lengths is not a squared length: what turns it back into one?",
        ),
        "without the two": Mistake(
            lambda e, m, b: e - m + np.sqrt(b * m),
            "Nearly: the slack is off by a constant factor. How does the product enter the slack?",
        ),
        "blind spot added": Mistake(
            lambda e, m, b: e - m + b,
            "The blind spot itself is added here. What counts is its product with what is left of the "
            "teacher, and that can be much larger.",
        ),
        "for any misfit": Mistake(
            lambda e, m, b: e + b,
            "A true bound, whatever the misfit is. Here the misfit is known: what is the most for this one?",
        ),
        "root of the blind spot": Mistake(
            lambda e, m, b: e - m + 2 * np.sqrt(b),
            "This bound does not know the misfit: with nothing left of the teacher, what could be lost?",
        ),
        "sum under the root": Mistake(
            lambda e, m, b: e - m + 2 * np.sqrt(b + m),
            "Two lengths are added under the root. The largest product of two functions is the product of "
            "their lengths.",
        ),
        "slack alone": Mistake(
            lambda e, m, b: 2 * np.sqrt(b * m),
            "This is how large the slack can be. Which error does it lead to?",
        ),
        "slack alone, signed": Mistake(
            lambda e, m, b: -2 * np.sqrt(b * m), "This is the lowest slack. Which error does it lead to?"
        ),
        "misfit added": Mistake(
            lambda e, m, b: e + m + 2 * np.sqrt(b * m),
            "Here a larger misfit always makes it worse. Which sign has the misfit in the promise?",
        ),
        "lowest gain": Mistake(
            lambda e, m, b: m - 2 * np.sqrt(b * m),
            "This is the lowest gain. The student's error is asked for.",
        ),
    },
    praise="No student of a linear class can do worse than this, whatever its teacher is like.",
    hints=(
        "Start from err_weak minus misfit, and ask by how much the slack can spoil it.",
        "A product of two functions is at most the product of their lengths; square a length for an error.",
    ),
    solution="def worst_error(err_weak, misfit, eps):\n"
    "    lowest_slack = -2 * np.sqrt(eps * misfit)\n"
    "    return err_weak - misfit - lowest_slack\n",
)

EXERCISES = (GAIN_FROM_LEFT, WORST_ERROR)
