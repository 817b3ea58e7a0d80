"""`FeatureFit`: one fitted setting of a `FeatureStudy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads import Head
from w2s_widgets.theory.outcome import Outcome, measure
from w2s_widgets.theory.slack import SlackParts, explain_slack


@dataclass(frozen=True, eq=False)
class FeatureFit:
    """One fitted setting of a `FeatureStudy`: the triangle's corners on the test inputs, and the head.

    Parameters
    ----------
    setting : dict
        The value of every axis.
    student_head : Head
        The student, fitted.
    features : numpy.ndarray of shape (n, directions)
        The student's representation of the test inputs.
    truth, teacher, student, ceiling : numpy.ndarray of shape (n,) or (n, outputs)
        Values on the test inputs, in standard deviations of the truth.
    fitted_on : tuple of two numpy.ndarray
        The student's representation of its own inputs, and the teacher's labels of them.
    run : Run, optional
        What a `WeakToStrong` keeps of it.
    """

    setting: dict[str, Any]
    student_head: Head
    features: Any
    truth: FloatArray
    teacher: FloatArray
    student: FloatArray
    ceiling: FloatArray
    fitted_on: tuple[Any, FloatArray]
    run: Any = None

    @property
    def outcome(self) -> Outcome:
        """The triangle on the test inputs."""
        return measure(self.truth, self.teacher, self.student, self.ceiling)

    def slack_parts(self) -> SlackParts:
        """Divide the slack by `explain_slack`."""
        return explain_slack(
            self.student_head,
            self.features,
            self.truth,
            self.teacher,
            student=self.student,
            fitted_on=self.fitted_on,
        )
