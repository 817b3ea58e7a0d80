"""What a chapter needs to teach: predictions before pictures, checked exercises, folded hints."""

from w2s_widgets.lessons.checks import Check, CheckResult, Mistake
from w2s_widgets.lessons.exercise import Exercise
from w2s_widgets.lessons.exercises import check, check_gain, check_misfit, hint, hints, solution
from w2s_widgets.lessons.folds import Collapsible
from w2s_widgets.lessons.prediction import Prediction, predict, skip_predictions
from w2s_widgets.lessons.question import Question
from w2s_widgets.lessons.summary import Summary, start_over, summary

__all__ = [
    "Check",
    "CheckResult",
    "Collapsible",
    "Exercise",
    "Mistake",
    "Prediction",
    "Question",
    "Summary",
    "check",
    "check_gain",
    "check_misfit",
    "hint",
    "hints",
    "predict",
    "skip_predictions",
    "solution",
    "start_over",
    "summary",
]
