"""`Question`: what a reader is asked to predict, what counts as an answer, and the words that follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from w2s_widgets._numbers import MINUS, format_fixed
from w2s_widgets._validation import real

Guess = str | float

SENTENCES: dict[str, str] = {
    "right": "You predicted “{guess}”, and so it is.",
    "wrong": "You predicted “{guess}”; it is “{truth}”.",
    "exact": "You predicted {guess}, and so it is.",
    "close": "You predicted {guess}; it is {truth}: close.",
    "low": "You predicted {guess}; it is {truth}: your prediction was {off} too low.",
    "high": "You predicted {guess}; it is {truth}: your prediction was {off} too high.",
    "open": "You predicted {guess}. Now look.",
    "skipped": "Predictions are skipped here. The answer: {truth}.",
    "skipped_open": "Predictions are skipped here.",
}
"""Templates by verdict; the page fills the same."""

NO_OPTION = "Choose one of the answers first."
NO_NUMBER = "Give a number from {low} to {high} first."


@dataclass(frozen=True)
class Question:
    """A question with a choice of answers, or with a number for an answer.

    Parameters
    ----------
    text : str
        The question.
    options : sequence of str
        The answers to choose from; empty when the answer is a number.
    low, high : float, optional
        Smallest and largest number.
    step : float, optional
        Distance of the numbers that can be given; a hundredth of the range, rounded down to 1, 2 or 5
        of a decimal place, by default.
    unit : str
        Unit of the number, such as ``"degrees"``.
    truth : str or float, optional
        The answer. Without one the reader is sent to look, and nothing is called right or wrong.
    because : str
        One sentence that follows the answer.
    close : float, optional
        A number is called close up to this distance; a twentieth of the range by default.

    Raises
    ------
    TypeError
        If the question or an option is no string, or a bound or the truth no number.
    ValueError
        If there are neither options nor both bounds, or both; if options repeat; if the bounds do not
        ascend; or if the truth is not among the possible answers.

    Examples
    --------
    >>> angle = Question("How large is the angle?", low=0, high=180, unit="degrees", truth=90.04)
    >>> angle.sentence(60)
    'You predicted 60 degrees; it is 90 degrees: your prediction was 30 degrees too low.'
    """

    text: str
    options: Sequence[str] = ()
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    truth: Guess | None = None
    because: str = ""
    close: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        if not isinstance(self.text, str) or not self.text.strip():
            raise TypeError(f"question is {self.text!r}: give a sentence.")
        if self.options:
            self._check_options()
        else:
            self._check_range()
        if self.truth is not None:
            object.__setattr__(self, "truth", self._check_truth())

    @property
    def is_choice(self) -> bool:
        """Whether the answer is one of the options and not a number."""
        return bool(self.options)

    @property
    def decimals(self) -> int:
        """Decimals that the step needs."""
        step = float(self.step or 1)
        return next((d for d in range(9) if abs(round(step, d) - step) < 1e-9 * step), 9)

    def nearest_possible(self, guess: Any) -> Guess:
        """Return a guess as it is kept: one of the options, or the nearest number that can be given."""
        if self.is_choice:
            if guess not in self.options:
                raise ValueError(f"guess is {guess!r}: choose one of {_quoted(self.options)}.")
            return str(guess)
        low, high, step = float(self.low or 0), float(self.high or 0), float(self.step or 1)
        expected = f"give a number from {self.write(low, unit=False)} to {self.write(high, unit=False)}."
        if isinstance(guess, (bool, str)) or not _is_number(guess):
            raise ValueError(f"guess is {guess!r}: {expected}")
        value = float(guess)
        if not low - 1e-9 * (high - low) <= value <= high + 1e-9 * (high - low):
            raise ValueError(f"guess is {value:g}: {expected}")
        # Half a step rounds up, as Math.round does on the page.
        steps = math.floor((value - low) / step + 0.5)
        return _as_number(format_fixed(min(high, max(low, low + steps * step)), self.decimals))

    def verdict(self, guess: Guess | None) -> str:
        """Name the key of `SENTENCES` that fits a guess, or ``"skipped"`` for none."""
        if guess is None:
            return "skipped" if self.truth is not None else "skipped_open"
        if self.truth is None:
            return "open"
        if self.is_choice:
            return "right" if guess == self.truth else "wrong"
        off = float(guess) - self._shown_truth()
        if self.write(guess) == self.write(self.truth):
            return "exact"
        if abs(off) <= float(self.close or 0) * (1 + 1e-9):
            return "close"
        return "low" if off < 0 else "high"

    def sentence(self, guess: Guess | None, *, because: bool = True) -> str:
        """Say the guess beside the truth, and why; ``None`` when the prediction was skipped."""
        verdict, off = self.verdict(guess), ""
        if guess is not None and verdict in {"low", "high"}:
            off = self.write(abs(float(guess) - self._shown_truth()))
        answers = {"guess": guess, "truth": self.truth}
        words = {name: "" if answer is None else self.write(answer) for name, answer in answers.items()}
        said = SENTENCES[verdict].format(off=off, **words)
        return f"{said} {self.because}" if self.because and because else said

    def write(self, answer: Guess, *, unit: bool = True) -> str:
        """Write an answer as the card does: an option as it is, a number with the step's decimals."""
        if isinstance(answer, str):
            return answer
        text = format_fixed(float(answer), self.decimals)
        return f"{text} {self.unit}" if unit and self.unit else text

    def ask(self) -> str:
        """Put the question in one line of text, with its possible answers."""
        return f"Predict: {self.text} ({self._answers()})"

    def as_html(self) -> str:
        """Return the question for a page that runs no scripts, its answer folded away."""
        asked = f"<p><strong>Predict:</strong> {escape(self.text)} ({escape(self._answers())})</p>"
        if self.truth is None:
            return asked
        fold = "<summary>Predict first, then open the answer</summary>"
        answer = f"{self.write(self.truth)}. {self.because}".strip()
        return f"{asked}<details>{fold}<p>{escape(answer)}</p></details>"

    def describe(self) -> dict[str, Any]:
        """Return everything that the page needs, as JSON-ready data."""
        missing = NO_OPTION
        if not self.is_choice:
            low, high = (self.write(float(bound or 0), unit=False) for bound in (self.low, self.high))
            missing = NO_NUMBER.format(low=low, high=high)
        plain = ("text", "low", "high", "step", "decimals", "unit", "because", "close")
        return {name: getattr(self, name) for name in plain} | {
            "options": list(self.options),
            "truth": self.truth if self.is_choice or self.truth is None else self._shown_truth(),
            "sentences": SENTENCES,
            "missing": missing,
        }

    def _answers(self) -> str:
        if self.is_choice:
            return " / ".join(self.options)
        low, high = (self.write(float(bound or 0), unit=False) for bound in (self.low, self.high))
        return f"a number from {low} to {high}{f' {self.unit}' if self.unit else ''}"

    def _shown_truth(self) -> float:
        # Compared as it is written, so that sentence and arithmetic agree.
        return _as_number(format_fixed(float(self.truth or 0), self.decimals))

    def _check_options(self) -> None:
        if self.low is not None or self.high is not None:
            raise ValueError("options and a range are both given: give one of the two.")
        wrong = next((option for option in self.options if not isinstance(option, str)), None)
        if wrong is not None:
            raise TypeError(f"option {wrong!r} is not a string: write every option as words.")
        if len(self.options) < 2 or len(set(self.options)) < len(self.options):
            raise ValueError(f"options are {_quoted(self.options)}: give at least two, all different.")

    def _check_range(self) -> None:
        if self.low is None or self.high is None:
            raise ValueError("there is nothing to choose from: give options, or both low and high.")
        low, high = real("low", self.low), real("high", self.high)
        if low >= high:
            raise ValueError(f"low is {low:g} and high is {high:g}: give a low below the high.")
        step = _nice_step(high - low) if self.step is None else real("step", self.step)
        if not 0 < step <= high - low:
            raise ValueError(f"step is {step:g}: give one above 0 and at most {high - low:g}.")
        close = (high - low) / 20 if self.close is None else real("close", self.close)
        for name, value in (("low", low), ("high", high), ("step", step), ("close", close)):
            object.__setattr__(self, name, value)

    def _check_truth(self) -> Guess:
        if self.is_choice:
            if self.truth not in self.options:
                raise ValueError(f"truth is {self.truth!r}: give one of {_quoted(self.options)}.")
            return str(self.truth)
        truth = real("truth", self.truth)
        if not float(self.low or 0) <= truth <= float(self.high or 0):
            raise ValueError(
                f"truth is {truth:g} but a reader can only give {self.low:g} to {self.high:g}: "
                "widen the range."
            )
        return truth


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def _as_number(text: str) -> float:
    return float(text.replace(MINUS, "-"))


def _nice_step(span: float) -> float:
    power = 10.0 ** math.floor(math.log10(span / 100) + 1e-9)
    return next(
        float(f"{digit * power:.6g}") for digit in (5, 2, 1) if digit * power <= span / 100 * (1 + 1e-9)
    )


def _quoted(options: Sequence[str]) -> str:
    return ", ".join(f"“{option}”" for option in options)
