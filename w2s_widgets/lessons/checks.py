"""`Check`: tries a reader's function on seeded inputs and meets a known mistake with a hint that fits it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

Inputs = Mapping[str, Any]
_SEED = 1
_TRIALS = 6
_TOLERANCE = 1e-6
# Seen on white and on black; the mark and the words say the same.
_RIGHT_EDGE, _WRONG_EDGE = "#2e8f55", "#c86414"


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that readers are known to give, and what to say to it.

    Parameters
    ----------
    name : str
        What the mistake is called in tests.
    answer : callable
        Computes what the mistaken function returns: a number or an array.
    hint : str
        One or two sentences that turn the reader towards the mistake, and not to the answer.
    """

    name: str
    answer: Callable[..., Any]
    hint: str


@dataclass(frozen=True)
class CheckResult:
    """What a check found: passed or not, and one or two sentences for the reader.

    Parameters
    ----------
    check : str
        Name of the check.
    passed : bool
        Whether every answer was right.
    message : str
        What to tell the reader.
    mistake : str
        Name of the mistake that was recognised; empty when passed or not recognised.

    Examples
    --------
    >>> CheckResult("misfit", passed=False, message="Look again.", mistake="")
    misfit: not yet. Look again.
    """

    check: str
    passed: bool
    message: str
    mistake: str = ""

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"{self.check}: {'right' if self.passed else 'not yet'}. {self.message}"

    def _repr_html_(self) -> str:
        edge, mark, words = (_RIGHT_EDGE, "✓", "Right.") if self.passed else (_WRONG_EDGE, "↻", "Not yet.")
        return (
            f'<div style="border-left: 4px solid {edge}; padding: 6px 12px; max-width: 720px;">'
            f'<strong><span aria-hidden="true">{mark} </span>{escape(self.check)}: {words}</strong> '
            f"{escape(self.message)}</div>"
        )


@dataclass(frozen=True)
class Check:
    """An exercise: what is asked for, how it is tried, and which mistakes are known.

    A check is data: a chapter adds one by naming its arguments, the right function and the mistakes.

    Parameters
    ----------
    name : str
        Name of the function that the reader writes.
    arguments : sequence of str
        Names of its arguments, in order.
    draw : callable
        ``draw(rng)`` returns one set of inputs by argument name.
    right : callable
        The right answer: one number.
    example : mapping
        One small set of inputs that can be worked out by hand; shown to a reader whose mistake is not known.
    mistakes : sequence of Mistake
        Known mistakes; the first that explains every answer is met.
    praise : str
        What to say when the answer is right.

    Examples
    --------
    >>> double = Check(
    ...     "double", ("x",), draw=lambda rng: {"x": rng.normal()}, right=lambda x: 2 * x, example={"x": 3},
    ...     mistakes=(Mistake("square", lambda x: x * x, "That grows too fast: try it on 10."),),
    ... )
    >>> double(lambda x: x + x)
    double: right.
    >>> double(lambda x: x**2)
    double: not yet. That grows too fast: try it on 10.
    >>> double(lambda x: x + 1)
    double: not yet. For x = 3 your function returns 4: work this one out by hand and compare.
    """

    name: str
    arguments: tuple[str, ...]
    draw: Callable[[np.random.Generator], Inputs]
    right: Callable[..., float]
    example: Inputs
    mistakes: tuple[Mistake, ...] = ()
    praise: str = ""
    trials: int = field(default=_TRIALS)

    def __call__(self, function: Any) -> CheckResult:
        """Try a reader's function; whatever it does, return a result and raise nothing.

        Parameters
        ----------
        function : callable
            What the reader wrote; given read-only copies of the inputs by position.

        Returns
        -------
        CheckResult
            Passed, or a hint that fits the mistake.
        """
        call = f"{self.name}({', '.join(self.arguments)})"
        if not callable(function):
            return self._not_yet(
                f"The check got {_kind(function)} and not a function: hand over {self.name} itself, "
                "without calling it.",
                "not a function",
            )
        inputs = self._inputs()
        answers = []
        for given in inputs:
            handed = copy.deepcopy(dict(given))
            try:
                answer = function(*handed.values())
            except Exception as error:
                return self._not_yet(_raised(error, call, function), "raises")
            problem = self._misfortune(answer, given, handed)
            if problem is not None:
                return problem
            answers.append(answer)
        return self._judge(inputs, answers)

    def _inputs(self) -> list[dict[str, Any]]:
        rng = np.random.default_rng(_SEED)
        drawn = [self.example, *(self.draw(rng) for _ in range(self.trials))]
        return [{name: one[name] for name in self.arguments} for one in drawn]

    def _misfortune(self, answer: Any, given: Inputs, handed: Inputs) -> CheckResult | None:
        """Return what to say to an answer that is no single number, or to changed inputs."""
        if answer is None:
            return self._not_yet(
                f"{self.name} returns nothing (None): what it computes must leave it by a return.", "none"
            )
        if answer is Ellipsis or answer is NotImplemented:
            return self._not_yet(
                f"{self.name} still returns its placeholder: put your own line there.", "stub"
            )
        changed = [name for name in given if not np.array_equal(given[name], handed[name])]
        if changed:
            return self._not_yet(
                f"{self.name} changes the values of {' and '.join(changed)}, which belong to the caller: "
                "compute with new arrays instead of changing those in place.",
                "changes inputs",
            )
        values = _as_array(answer)
        if values is None:
            return self._not_yet(
                f"{self.name} returns {_kind(answer)}: it should return one number.", "no number"
            )
        if values.ndim and not any(self._explains(known, [given], [answer]) for known in self.mistakes):
            return self._not_yet(
                f"{self.name} returns an array of shape {values.shape}, one number for each input: "
                "which single number stands for all of them?",
                "array",
            )
        if not np.isfinite(values).all():
            return self._not_yet(
                f"{self.name} returns {values} for ordinary numbers: look for a division by "
                "zero or a root of a negative number.",
                "not finite",
            )
        return None

    def _judge(self, inputs: list[dict[str, Any]], answers: list[Any]) -> CheckResult:
        if self._explains(Mistake("", self.right, ""), inputs, answers):
            return CheckResult(self.name, True, self.praise)
        for mistake in self.mistakes:
            if self._explains(mistake, inputs, answers):
                return self._not_yet(mistake.hint, mistake.name)
        if all(np.ndim(answer) == 0 and answer == answers[0] for answer in answers):
            return self._not_yet(
                f"{self.name} returns the same number whatever it is given: does it use its own arguments, "
                "or variables of the notebook?",
                "constant",
            )
        given = ", ".join(f"{name} = {_written(value)}" for name, value in inputs[0].items())
        return self._not_yet(
            f"For {given} your function returns {_written(answers[0])}: "
            "work this one out by hand and compare.",
            "",
        )

    def _explains(self, mistake: Mistake, inputs: Iterable[Inputs], answers: Iterable[Any]) -> bool:
        for given, answer in zip(inputs, answers, strict=True):
            expected = np.asarray(mistake.answer(*given.values()), dtype=np.float64)
            values = _as_array(answer)
            if values is None or values.shape != expected.shape:
                return False
            size = max(1.0, float(np.max(np.abs(expected))))
            if not np.allclose(values, expected, rtol=0, atol=_TOLERANCE * size):
                return False
        return True

    def _not_yet(self, message: str, mistake: str) -> CheckResult:
        return CheckResult(self.name, False, message, mistake)


def _as_array(answer: Any) -> np.ndarray | None:
    try:
        values = np.asarray(answer)
        if values.dtype.kind not in "biuf":
            return None
        return values.astype(np.float64)
    except Exception:  # whatever an object does when it is asked to be an array
        return None


def _kind(value: Any) -> str:
    return (
        f"a {type(value).__name__} ({value!r})"
        if isinstance(value, (int, float, str, bool))
        else (f"a {type(value).__name__}")
    )


def _written(value: Any) -> str:
    if np.ndim(value):
        return f"[{', '.join(f'{number:g}' for number in np.ravel(value))}]"
    return f"{float(value):.6g}"


def _raised(error: Exception, call: str, function: Any) -> str:
    if isinstance(error, NotImplementedError):
        return f"{call} is not written yet: replace the line that raises NotImplementedError."
    first_line = str(error).strip().split("\n")[0] or "no message"
    said = f"Calling {call} raised {type(error).__name__}: {first_line.rstrip('.')}."
    try:
        inspect.signature(function).bind(*call.partition("(")[2].split(","))
    except TypeError:
        return f"{said} It is called with these arguments, in this order: does its first line name them?"
    except ValueError:  # a function written in C has no signature to look at
        return said
    if "shape" in first_line or "broadcast" in first_line:
        return f"{said} Does it use arrays of the notebook instead of its own arguments?"
    if isinstance(error, NameError):
        return f"{said} Use only the names in its first line, and numpy as you imported it."
    return said
