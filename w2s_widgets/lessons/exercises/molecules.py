"""Exercises of chapter 09: the most that can be gained, and how much of the way to the ceiling was gone."""

from __future__ import annotations

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.lessons.checks import Mistake
from w2s_widgets.lessons.exercise import Exercise


def _draw_splits(rng: np.random.Generator) -> dict[str, FloatArray]:
    """Errors on some splits, one of them with hardly any room between teacher and ceiling."""
    splits = int(rng.integers(3, 7))
    weak = rng.uniform(0.3, 0.6, size=splits)
    room = rng.uniform(0.1, 0.3, size=splits)
    room[rng.integers(splits)] = 0.01
    return {
        "weak": weak,
        "student": weak - rng.uniform(0.01, 0.09, size=splits),
        "ceiling": weak - room,
    }


RECOVERED = Exercise(
    name="recovered",
    arguments=("weak", "student", "ceiling"),
    draw=_draw_splits,
    right=lambda w, s, c: float(np.sum(w - s) / np.sum(w - c)),
    example={"weak": np.array([0.5, 0.4]), "student": np.array([0.4, 0.3]), "ceiling": np.array([0.1, 0.3])},
    mistakes={
        "mean of ratios": Mistake(
            lambda w, s, c: float(np.mean((w - s) / (w - c))),
            "Each split has the same say here, also one where teacher and ceiling are nearly alike and the "
            "ratio can be anything. Let splits count by how much there is to recover.",
        ),
        "one ratio for each split": Mistake(
            lambda w, s, c: (w - s) / (w - c),
            "These are the shares split by split. One number is wanted for all of them together.",
        ),
        "median of ratios": Mistake(
            lambda w, s, c: float(np.median((w - s) / (w - c))),
            "A median hides the odd split, but the ratios are still taken one by one.",
        ),
        "upside down": Mistake(
            lambda w, s, c: float(np.sum(w - c) / np.sum(w - s)),
            "Which of the two is the part, and which the whole?",
        ),
        "sign": Mistake(
            lambda w, s, c: -float(np.sum(w - s) / np.sum(w - c)),
            "The size is right, the sign is not: a student that reaches the ceiling has recovered 1.",
        ),
        "what is left": Mistake(
            lambda w, s, c: float(np.sum(s - c) / np.sum(w - c)),
            "This is the share that is still missing: a student at the ceiling would get 0.",
        ),
        "share of the teacher's error": Mistake(
            lambda w, s, c: float(np.sum(w - s) / np.sum(w)),
            "This compares the gain with all of the teacher's error. The ceiling bounds what can be had.",
        ),
        "mean gain": Mistake(
            lambda w, s, c: float(np.mean(w - s)), "This is the mean gain. What could it have been at most?"
        ),
    },
    praise="First add up, then divide: no split with next to no room can decide it.",
    hints=(
        "There is one division in it, and it comes last.",
        "What was gained is weak - student, what there was to gain is weak - ceiling. Add up each over the "
        "splits.",
    ),
    solution=(
        "def recovered(weak, student, ceiling):\n    return np.sum(weak - student) / np.sum(weak - ceiling)\n"
    ),
)


def _draw_limits(rng: np.random.Generator) -> dict[str, float]:
    """Errors and a misfit; the smaller number is now the room, now the misfit, and there may be no room."""
    weak = float(rng.uniform(0.4, 0.6))
    return {
        "err_weak": weak,
        "err_best": weak - float(rng.uniform(-0.1, 0.3)),
        "misfit": float(rng.uniform(0.02, 0.3)),
    }


MOST_GAIN = Exercise(
    name="most_gain",
    arguments=("err_weak", "err_best", "misfit"),
    draw=_draw_limits,
    right=lambda w, b, m: min(m, w - b),
    example={"err_weak": 0.44, "err_best": 0.07, "misfit": 0.01},
    mistakes={
        "room": Mistake(
            lambda w, b, m: w - b,
            "This is the room: how far the best head is below the teacher. A student that copies gains "
            "nothing of it. Which second number limits the gain?",
        ),
        "misfit": Mistake(
            lambda w, b, m: m,
            "Gain = misfit + slack takes care of this. But no head of the student errs less than the best.",
        ),
        "never a loss": Mistake(
            lambda w, b, m: max(0.0, min(m, w - b)),
            "Some teachers err less than the best head of the student. What is the most that such a student "
            "can gain?",
        ),
        "larger": Mistake(
            lambda w, b, m: max(m, w - b),
            "Both numbers are right, and both are limits. Can the gain pass either of them?",
        ),
        "promise": Mistake(
            lambda w, b, m: w - m,
            "This is an error, the promise of Theorem 1. The question is by how much the error shrinks.",
        ),
        "sum": Mistake(
            lambda w, b, m: m + w - b, "Two limits do not add up: the gain has to stay below each of them."
        ),
    },
    praise="Room is no gain, and misfit is no gain: it takes both.",
    hints=(
        "Two things limit the gain: gain = misfit + slack, and that the student is itself one of the heads.",
        "With a slack of at most 0 the gain is at most the misfit; and it is at most err_weak - err_best.",
    ),
    solution="def most_gain(err_weak, err_best, misfit):\n    return min(misfit, err_weak - err_best)\n",
)

EXERCISES = (MOST_GAIN, RECOVERED)
