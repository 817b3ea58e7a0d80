"""What a chapter needs to teach: predictions before pictures, checked exercises, folded hints."""

from w2s_widgets.lessons.checks import Check, CheckResult, Mistake
from w2s_widgets.lessons.exercise import Exercise
from w2s_widgets.lessons.exercises import check, check_gain, check_misfit, hint, solution
from w2s_widgets.lessons.folds import Fold
from w2s_widgets.lessons.prediction import (
    Prediction,
    forget_predictions,
    predict,
    predictions_kept,
    skip_predictions,
)
from w2s_widgets.lessons.question import Question

__all__ = [
    "Check",
    "CheckResult",
    "Exercise",
    "Fold",
    "Mistake",
    "Prediction",
    "Question",
    "check",
    "check_gain",
    "check_misfit",
    "forget_predictions",
    "hint",
    "predict",
    "predictions_kept",
    "skip_predictions",
    "solution",
]
