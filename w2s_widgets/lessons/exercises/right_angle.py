"""Exercises of chapter 01: misfit and gain."""

from __future__ import annotations

import numpy as np

from w2s_widgets.lessons.checks import Mistake
from w2s_widgets.lessons.exercise import Exercise, draw_functions, mean_square
from w2s_widgets.lessons.mistakes import ABSOLUTE, CANCEL, HALF, ROOT, SUM, VARIANCE

MISFIT = Exercise(
    name="misfit",
    arguments=("teacher", "student"),
    draw=draw_functions("teacher", "student"),
    right=mean_square,
    example={"teacher": np.array([1.0, 2.0, 4.0]), "student": np.array([1.0, 1.0, 6.0])},
    mistakes={
        "missing square": Mistake(lambda g, s: np.mean(g - s), CANCEL),
        "missing square, flipped": Mistake(lambda g, s: np.mean(s - g), CANCEL),
        "squared after the mean": Mistake(lambda g, s: np.mean(g - s) ** 2, CANCEL),
        "absolute value": Mistake(lambda g, s: np.mean(np.abs(g - s)), ABSOLUTE),
        "absolute value, sum": Mistake(lambda g, s: np.sum(np.abs(g - s)), f"{ABSOLUTE} {SUM}"),
        "sum": Mistake(lambda g, s: np.sum((g - s) ** 2), SUM),
        "divided by n - 1": Mistake(
            lambda g, s: np.sum((g - s) ** 2) / (len(g) - 1),
            "Nearly: by how many inputs do you divide? Nothing was estimated here, so none is used up.",
        ),
        "square root": Mistake(lambda g, s: np.sqrt(np.mean((g - s) ** 2)), ROOT),
        "length": Mistake(lambda g, s: np.sqrt(np.sum((g - s) ** 2)), f"{ROOT} {SUM}"),
        "sign": Mistake(lambda g, s: -np.mean((g - s) ** 2), "An error is never negative: look at the sign."),
        "variance": Mistake(lambda g, s: np.var(g - s), VARIANCE),
        "half": Mistake(lambda g, s: np.mean((g - s) ** 2) / 2, HALF),
        "teacher alone": Mistake(
            lambda g, s: np.mean(g**2),
            "The student does not appear in this number, and misfit is between teacher and student.",
        ),
        "student alone": Mistake(
            lambda g, s: np.mean(s**2),
            "The teacher does not appear in this number, and misfit is between teacher and student.",
        ),
        "difference of squares": Mistake(
            lambda g, s: np.mean(g**2) - np.mean(s**2),
            "This compares two sizes. Two functions can have the same size and disagree everywhere: take the "
            "difference first.",
        ),
        "forgot the mean": Mistake(
            lambda g, s: (g - s) ** 2,
            "These are the squared differences input by input: good so far. Which single number stands for "
            "all of them?",
        ),
    },
    praise="This is how far the student stayed from its teacher; no true label was needed.",
    hints=(
        "Misfit speaks of two functions only. The truth plays no part in it.",
        "Three steps, in this order: one number for each input, made positive in a way that punishes large "
        "differences; then one number for all inputs.",
    ),
    solution="def misfit(teacher, student):\n    return np.mean((student - teacher) ** 2)\n",
)

GAIN = Exercise(
    name="gain",
    arguments=("truth", "teacher", "student"),
    draw=draw_functions("truth", "teacher", "student"),
    right=lambda f, g, s: mean_square(f, g) - mean_square(f, s),
    example={
        "truth": np.array([0.0, 2.0, 1.0]),
        "teacher": np.array([1.0, 4.0, 3.0]),
        "student": np.array([0.0, 3.0, 3.0]),
    },
    mistakes={
        "sign": Mistake(
            lambda f, g, s: mean_square(f, s) - mean_square(f, g),
            "The size is right, the sign is not: a student that is better than its teacher has a positive "
            "gain.",
        ),
        "absolute value": Mistake(
            lambda f, g, s: abs(mean_square(f, g) - mean_square(f, s)),
            "A student can also lose: what should this say when the student is worse than its teacher?",
        ),
        "misfit": Mistake(
            lambda f, g, s: mean_square(g, s),
            "This is the misfit, and it never looks at the truth. That gain and misfit are equal is the "
            "theorem's claim, under assumptions; here they are not made.",
        ),
        "promise": Mistake(
            lambda f, g, s: mean_square(f, g) - mean_square(g, s),
            "The second error is against the wrong target: how good the student is, is measured against the "
            "truth and not against its teacher.",
        ),
        "wrong target for the teacher": Mistake(
            lambda f, g, s: mean_square(g, s) - mean_square(f, s),
            "The first error is against the wrong target: how good the teacher is, is measured against the "
            "truth.",
        ),
        "teacher's error alone": Mistake(
            lambda f, g, s: mean_square(f, g),
            "This is the teacher's error. How much of it did the student get rid of?",
        ),
        "student's error alone": Mistake(
            lambda f, g, s: mean_square(f, s), "This is the student's error. Compared with whose?"
        ),
        "sum of errors": Mistake(
            lambda f, g, s: mean_square(f, g) + mean_square(f, s),
            "Two errors added are no gain: the better the student, the larger the gain should be.",
        ),
        "relative": Mistake(
            lambda f, g, s: 1 - mean_square(f, s) / mean_square(f, g),
            "This is the share of the teacher's error that went away; gain is the amount, in the unit of an "
            "error.",
        ),
        "ratio": Mistake(
            lambda f, g, s: mean_square(f, g) / mean_square(f, s),
            "This says how many times better the student is; gain is by how much.",
        ),
        "missing square": Mistake(lambda f, g, s: np.mean(s - g), CANCEL),
        "missing square, flipped": Mistake(lambda f, g, s: np.mean(g - s), CANCEL),
        "squared after the mean": Mistake(lambda f, g, s: np.mean(f - g) ** 2 - np.mean(f - s) ** 2, CANCEL),
        "absolute error": Mistake(lambda f, g, s: np.mean(np.abs(f - g)) - np.mean(np.abs(f - s)), ABSOLUTE),
        "sum": Mistake(lambda f, g, s: np.sum((f - g) ** 2) - np.sum((f - s) ** 2), SUM),
        "square root": Mistake(lambda f, g, s: np.sqrt(mean_square(f, g)) - np.sqrt(mean_square(f, s)), ROOT),
        "variance": Mistake(lambda f, g, s: np.var(f - g) - np.var(f - s), VARIANCE),
        "half": Mistake(lambda f, g, s: (mean_square(f, g) - mean_square(f, s)) / 2, HALF),
        "forgot the mean": Mistake(
            lambda f, g, s: (f - g) ** 2 - (f - s) ** 2,
            "These are gains input by input: good so far. Which single number stands for all of them?",
        ),
    },
    praise="This is how much better the student is than its teacher; true labels were needed for it.",
    hints=(
        "Gain compares two errors. Both are measured against the same corner of the triangle.",
        "Write a small function for the error between any two arrays first, and call it twice.",
    ),
    solution="def gain(truth, teacher, student):\n"
    "    err_weak = np.mean((teacher - truth) ** 2)\n"
    "    err_student = np.mean((student - truth) ** 2)\n"
    "    return err_weak - err_student\n",
)

EXERCISES = (MISFIT, GAIN)
