"""Exercise of chapter 02: the part of the slack that stays."""

from __future__ import annotations

import numpy as np

from w2s_widgets.lessons.checks import Mistake
from w2s_widgets.lessons.exercise import Exercise, draw_functions
from w2s_widgets.lessons.mistakes import SUM

ALIGNMENT = Exercise(
    name="alignment",
    arguments=("left_of_truth", "left_of_teacher"),
    draw=draw_functions("left_of_truth", "left_of_teacher"),
    right=lambda f, g: -2 * np.mean(f * g),
    example={"left_of_truth": np.array([1.0, 2.0, 0.0]), "left_of_teacher": np.array([1.0, 1.0, 3.0])},
    mistakes={
        "sign": Mistake(
            lambda f, g: 2 * np.mean(f * g),
            "The size is right. Which sign has the slack when teacher and truth share what the student is "
            "blind to: does the student win by that, or lose?",
        ),
        "half": Mistake(
            lambda f, g: -np.mean(f * g),
            "The sign is right, the size is off by a constant factor: write out the square of a sum.",
        ),
        "half, sign": Mistake(
            lambda f, g: np.mean(f * g),
            "This is the product of the two functions. The formula has a number and a sign before it.",
        ),
        "sum": Mistake(lambda f, g: -2 * np.sum(f * g), SUM),
        "bare product": Mistake(
            lambda f, g: np.sum(f * g),
            "This is the product of two lists of numbers. Of functions it is the mean over the inputs; and "
            "the formula has a number and a sign before it.",
        ),
        "product of the means": Mistake(
            lambda f, g: -2 * np.mean(f) * np.mean(g),
            "Multiply first, input by input, and take the mean of the products: two functions can agree "
            "everywhere and have mean zero.",
        ),
        "distance": Mistake(
            lambda f, g: np.mean((f - g) ** 2),
            "This is a distance, which is never negative. The alignment is a product, and has a sign.",
        ),
        "forgot the mean": Mistake(
            lambda f, g: -2 * f * g,
            "These are the products input by input: good so far. Which single number stands for all of them?",
        ),
    },
    praise="This part of the slack stays, however many inputs the student sees.",
    hints=(
        "The product of two functions is the mean, over the inputs, of their products input by input.",
        "Look for the formula of the alignment a little above: a number, a sign, a product.",
    ),
    solution="def alignment(left_of_truth, left_of_teacher):\n"
    "    return -2 * np.mean(left_of_truth * left_of_teacher)\n",
)

EXERCISES = (ALIGNMENT,)
