"""The sentences that say what an `Outcome` shows, and how its numbers are written.

The widgets' front end fills the same templates with the same number format, so Python and the page
never say two different things.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from w2s_widgets._numbers import MINUS, NOISE, format_fixed, format_number, is_shown_as_zero
from w2s_widgets._validation import FloatArray
from w2s_widgets.theory.outcome import Outcome

SENTENCES: dict[str, str] = {
    "all_same": "Truth, teacher and student are the same function: no error, and nothing to gain.",
    "copy": "The student copies its teacher, mistakes and all: misfit {misfit}, gain {gain}, no angle.",
    "perfect_teacher": "The teacher makes no error, so there is nothing to gain: "
    "the student errs by {loss}, its whole misfit.",
    "perfect_student": "The student is exactly right: it removed its teacher's whole error of {err_weak}, "
    "and its misfit is {misfit}.",
    "right": "The student beats its teacher by {gain}, and its misfit is {misfit}: "
    "the triangle has a right angle at the student, {angle} degrees.",
    "obtuse": "The student beats its teacher by {gain}, more than its misfit of {misfit}: "
    "the angle at the student is obtuse, {angle} degrees.",
    "acute": "The student beats its teacher by {gain}, less than its misfit of {misfit}: "
    "the angle at the student is acute, {angle} degrees.",
    "draw": "The student is as good as its teacher, and its misfit is {misfit}: "
    "the angle at the student is acute, {angle} degrees.",
    "worse": "The student is worse than its teacher by {loss}, and its misfit is {misfit}: "
    "the angle at the student is acute, {angle} degrees.",
    "near_copy": "The student almost copies its teacher: misfit {misfit}, gain {gain}; "
    "the angle at the student is {angle} degrees.",
}
"""Templates by case; `{loss}` is minus the gain."""

RIGHT_ANGLE_DEGREES = 0.05
"""An angle nearer to 90 than this is called and drawn as a right angle."""


def sentence_case(outcome: Outcome) -> str:
    """Name the key of `SENTENCES` that fits; what is written as zero counts as zero.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure
    >>> sentence_case(measure([0, 1], [1, 2], [1, 2]))
    'copy'
    """
    noise = NOISE * outcome.scale
    if noise == 0:
        return "all_same"
    if outcome.misfit <= noise:
        return "copy"
    if outcome.err_weak <= noise:
        return "perfect_teacher"
    if outcome.err_student <= noise:
        return "perfect_student"
    angle = outcome.angle
    if angle is None:  # squares below the smallest float
        return "all_same"
    even = is_shown_as_zero(outcome.gain, outcome.scale)
    if even and is_shown_as_zero(outcome.misfit, outcome.scale):
        return "near_copy"
    if abs(angle - 90) < RIGHT_ANGLE_DEGREES and outcome.gain > 0:
        return "right"
    if outcome.slack > 0:
        return "obtuse"
    if even:
        return "draw"
    return "acute" if outcome.gain > 0 else "worse"


def sentence(outcome: Outcome) -> str:
    """Say in one plain sentence what the triangle shows.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure
    >>> print(sentence(measure([0, 1], [1, 2], [1, 2])))
    The student copies its teacher, mistakes and all: misfit 0.000, gain 0.000, no angle.
    """
    return SENTENCES[sentence_case(outcome)].format(**_words(outcome))


def fill_reason(template: str, outcome: Outcome, state: Mapping[str, str]) -> str:
    """Fill a template with the outcome's numbers and the words of a widget's state, which come first.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure
    >>> fill_reason("capacity {k}, slack {slack}", measure([0, 1], [1, 2], [1, 2]), {"k": "4"})
    'capacity 4, slack 0.000'
    """
    return template.format(**(_words(outcome) | dict(state)))


def _words(outcome: Outcome) -> dict[str, str]:
    scale = outcome.scale
    numbers = {
        "err_weak": outcome.err_weak,
        "err_student": outcome.err_student,
        "misfit": outcome.misfit,
        "gain": outcome.gain,
        "slack": outcome.slack,
        "loss": -outcome.gain,
    }
    words = {name: format_number(value, scale=scale) for name, value in numbers.items()}
    words["angle"] = "no" if outcome.angle is None else format_fixed(outcome.angle, 1)
    return words


def cloud_words(misfit: FloatArray, gain: FloatArray) -> tuple[str, str]:
    """Word the correlation of gain and misfit over tasks, "" where one does not vary, and how many lose.

    Examples
    --------
    >>> cloud_words(np.array([1.0, 2.0]), np.array([3.0, -1.0]))
    ('correlation −1.00', '1 of 2 tasks lose')
    """
    losing = f"{int((gain < 0).sum())} of {gain.size} tasks lose"
    # What varies by rounding only correlates with nothing.
    rounding = NOISE * max(np.abs(misfit).max(), np.abs(gain).max())
    if min(misfit.std(), gain.std()) <= rounding:
        return "", losing
    correlation = float(np.corrcoef(misfit, gain)[0, 1])
    sign = "+" if correlation > 0 else MINUS
    return f"correlation {sign}{format_fixed(abs(correlation), 2)}", losing


def slack_verdict(outcome: Outcome) -> str:
    """Say how gain and misfit compare, judged by the slack as it is written.

    Three functions alone do not tell what was promised of them. Below zero something that Theorem 1
    assumes does not hold, so nothing was.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure
    >>> slack_verdict(measure(truth=[2, 0], teacher=[0, 2], student=[0, 0]))
    'gain = misfit'
    """
    shown = _words(outcome)["slack"]
    if not any(digit in shown for digit in "123456789"):
        return "gain = misfit"
    return "gain < misfit" if shown.startswith(MINUS) else "gain > misfit"
