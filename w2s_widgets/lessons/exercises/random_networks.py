"""Exercises of chapter 07: the slope of a cloud, and the gain from a blind spot and an angle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.lessons.checks import Mistake
from w2s_widgets.lessons.exercise import Exercise


def _draw_cloud(rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    misfits = rng.uniform(0.1, 2, 30)
    return {"misfits": misfits, "gains": rng.uniform(-1, 1) * misfits + 0.2 * rng.standard_normal(30)}


CLOUD_SLOPE = Exercise(
    name="cloud_slope",
    arguments=("misfits", "gains"),
    draw=_draw_cloud,
    right=lambda m, g: np.sum(m * g) / np.sum(m * m),
    example={"misfits": np.array([1.0, 2.0, 3.0]), "gains": np.array([1.0, 1.0, 3.0])},
    mistakes={
        "turned over": Mistake(
            lambda m, g: np.sum(m * g) / np.sum(g * g),
            "Nearly: this line predicts the misfit from the gain. Which of the two is to be predicted?",
        ),
        "ratio of the means": Mistake(
            lambda m, g: np.mean(g) / np.mean(m),
            "This line passes through the mean of the cloud. Which slope makes the sum of squared "
            "differences smallest?",
        ),
        "mean of the ratios": Mistake(
            lambda m, g: np.mean(g / m),
            "Here tasks with almost no misfit count as much as all others. Set up the squared differences "
            "first, then choose the slope.",
        ),
        "line with a constant": Mistake(
            lambda m, g: np.polyfit(m, g, 1)[0],
            "This line may start anywhere. The theorem's line starts at the origin: no misfit, no gain.",
        ),
        "correlation": Mistake(
            lambda m, g: np.corrcoef(m, g)[0, 1],
            "The correlation says how well a line fits, not how steep it is.",
        ),
        "missing denominator": Mistake(
            lambda m, g: np.sum(m * g),
            "This grows with every task and every unit. What does it have to be divided by?",
        ),
        "lengths instead of squares": Mistake(
            lambda m, g: np.sum(m * g) / np.sqrt(np.sum(m * m) * np.sum(g * g)),
            "This is a cosine and never above 1. A slope may be.",
        ),
    },
    praise="One number for a cloud: 1 is the theorem's line, −1 its mirror image.",
    hints=(
        "You look for the number a for which the sum of (gain − a · misfit)² is smallest.",
        "Set the derivative by a to zero: the differences, each times its misfit, must sum to zero.",
    ),
    solution="def cloud_slope(misfits, gains):\n    return np.sum(misfits * gains) / np.sum(misfits**2)\n",
)


def _draw_angle(rng: np.random.Generator) -> dict[str, float]:
    return {
        "misfit": rng.uniform(0.1, 1),
        "eps": rng.uniform(0.1, 2),
        "cosine": rng.choice([-1, 1]) * rng.uniform(0.2, 0.95),
    }


GAIN_FROM_ANGLE = Exercise(
    name="gain_from_angle",
    arguments=("misfit", "eps", "cosine"),
    draw=_draw_angle,
    right=lambda m, e, c: m - 2 * c * np.sqrt(e * m),
    example={"misfit": 0.36, "eps": 0.25, "cosine": 0.5},
    mistakes={
        "sign": Mistake(
            lambda m, e, c: m + 2 * c * np.sqrt(e * m),
            "Look at the sign: if teacher and truth agree where the student is blind, does dropping it help "
            "or hurt?",
        ),
        "without the two": Mistake(
            lambda m, e, c: m - c * np.sqrt(e * m),
            "Nearly: the second part is off by a constant factor. Write out the square of a difference.",
        ),
        "missing root": Mistake(
            lambda m, e, c: m - 2 * c * e * m,
            "Misfit and blind spot are squared lengths. Which product of lengths is a product of two "
            "functions?",
        ),
        "blind spot taken off": Mistake(
            lambda m, e, c: m - e,
            "The angle plays a part: a blind spot at a right angle to what is left of the teacher costs "
            "nothing.",
        ),
        "worst case": Mistake(
            lambda m, e, c: m - 2 * np.sqrt(e * m), "This is the worst case, a cosine of 1."
        ),
        "slack alone": Mistake(
            lambda m, e, c: -2 * c * np.sqrt(e * m), "This is the slack. What has to be added for the gain?"
        ),
        "misfit alone": Mistake(lambda m, e, c: m, "This is the gain if there is no blind spot."),
    },
    praise="With it you can read every cloud of this chapter: a length, a length, and an angle.",
    hints=(
        "Gain is misfit plus slack, and the slack of a linear student is −2⟨r_f, r_g⟩ (chapter 04).",
        "A product of two functions is the product of their lengths times the cosine between them.",
    ),
    solution="def gain_from_angle(misfit, eps, cosine):\n"
    "    slack = -2 * cosine * np.sqrt(eps) * np.sqrt(misfit)\n"
    "    return misfit + slack\n",
)

EXERCISES = (CLOUD_SLOPE, GAIN_FROM_ANGLE)
