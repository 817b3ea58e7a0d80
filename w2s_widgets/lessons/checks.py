"""`Check`: tries a reader's function on seeded inputs and meets a known mistake with a hint that fits it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._numbers import plain

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
    answer : callable
        Computes what the mistaken function returns: a number or an array.
    hint : str
        One or two sentences that turn the reader towards the mistake, and not to the answer.
    """

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

    @property
    def written(self) -> bool:
        """Whether the reader wrote anything: a stub still returns nothing, or a placeholder."""
        return self.mistake not in {"none", "stub"}

    def __repr__(self) -> str:
        return plain(f"{self.check}: {'right' if self.passed else 'not yet'}. {self.message}")

    def _repr_html_(self) -> str:
        edge, mark, words = (_RIGHT_EDGE, "✓", "Right.") if self.passed else (_WRONG_EDGE, "↻", "Not yet.")
        return (
            f'<div style="border-left: 4px solid {edge}; padding: 6px 12px; max-width: 720px;">'
            f'<strong><span aria-hidden="true">{mark} </span>{escape(self.check)}: {words}</strong> '
            f"{escape(self.message)}</div>"
        )


@dataclass(frozen=True)
class Check:
    """What is asked for, how it is tried, and which mistakes are known.

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
        The right answer: one number, or an array; the reader's must have its shape.
    example : mapping
        One small set of inputs that can be worked out by hand; shown to a reader whose mistake is not known.
    mistakes : mapping of str to Mistake
        Known mistakes by name; the first that explains every answer is met.
    praise : str
        What to say when the answer is right.
    trials : int
        How many inputs are drawn beside the example.

    Examples
    --------
    >>> double = Check(
    ...     "double", ("x",), draw=lambda rng: {"x": rng.normal()}, right=lambda x: 2 * x, example={"x": 3},
    ...     mistakes={"square": Mistake(lambda x: x * x, "That grows too fast: try it on 10.")},
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
    right: Callable[..., Any]
    example: Inputs
    mistakes: Mapping[str, Mistake] = field(default_factory=dict)
    praise: str = ""
    trials: int = _TRIALS

    def __call__(self, function: Any) -> CheckResult:
        """Try a reader's function on copies of the inputs, by position.

        Whatever the function does, this returns a `CheckResult` and raises nothing.
        """
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
            except (Exception, SystemExit) as error:
                return self._failed(error, function)
            if answer is None and _is_untouched(function):
                return self._not_yet(
                    f"{self.name} is not written yet: put your own line in place of “return None”.", "stub"
                )
            problem = self._format_error(answer, given, handed)
            if problem is not None:
                return problem
            answers.append(answer)
        return self._judge(inputs, answers)

    def _inputs(self) -> list[dict[str, Any]]:
        rng = np.random.default_rng(_SEED)
        drawn = [self.example, *(self.draw(rng) for _ in range(self.trials))]
        return [{name: one[name] for name in self.arguments} for one in drawn]

    def _format_error(self, answer: Any, given: Inputs, handed: Inputs) -> CheckResult | None:
        """Return what to say to an answer of the wrong form, or to changed inputs."""
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
        values, shape = _as_array(answer), np.shape(self.right(*given.values()))
        asked = f"it should return {f'an array of shape {shape}' if shape else 'one number'}."
        if values is None:
            return self._not_yet(f"{self.name} returns {_kind(answer)}: {asked}", "no number")
        if not shape and values.shape == np.shape(next(iter(given.values()))):
            asked = "one number for each input. Which single number stands for all of them?"
        if values.shape != shape and not any(
            self._explains(known, [given], [answer]) for known in self.mistakes.values()
        ):
            return self._not_yet(f"{self.name} returns {_form(values)}: {asked}", "shape")
        if not np.isfinite(values).all():
            return self._not_yet(
                f"{self.name} returns {values} for ordinary numbers: look for a division by "
                "zero or a root of a negative number.",
                "not finite",
            )
        return None

    def _judge(self, inputs: list[dict[str, Any]], answers: list[Any]) -> CheckResult:
        if self._explains(Mistake(self.right, ""), inputs, answers):
            return CheckResult(self.name, True, self.praise)
        for name, mistake in self.mistakes.items():
            if self._explains(mistake, inputs, answers):
                return self._not_yet(mistake.hint, name)
        if all(np.array_equal(answer, answers[0]) for answer in answers):
            return self._not_yet(
                f"{self.name} returns the same whatever it is given: does it use its own arguments, "
                "or variables of the notebook?",
                "constant",
            )
        # The example comes first, and is easiest by hand; some mistakes are right on it.
        right = Mistake(self.right, "")
        wrong = next(i for i, pair in enumerate(zip(inputs, answers, strict=True))
                     if not self._explains(right, [pair[0]], [pair[1]]))  # fmt: skip
        given = ", ".join(f"{name} = {_written(value)}" for name, value in inputs[wrong].items())
        right_there = "The example comes out right, but not all of them do. " if wrong else ""
        return self._not_yet(
            f"{right_there}For {given} your function returns {_written(answers[wrong])}: "
            "work this one out by hand and compare.",
            "",
        )

    def _explains(self, mistake: Mistake, inputs: Iterable[Inputs], answers: Iterable[Any]) -> bool:
        # What a mistake warns of is not the reader's.
        with np.errstate(all="ignore"):
            return all(
                _is_near(answer, np.asarray(mistake.answer(*given.values()), dtype=np.float64))
                for given, answer in zip(inputs, answers, strict=True)
            )

    def _failed(self, error: Exception | SystemExit, function: Any) -> CheckResult:
        call = f"{self.name}({', '.join(self.arguments)})"
        if isinstance(error, NotImplementedError):
            return self._not_yet(
                f"{call} is not written yet: put your own line in place of the raise.", "stub"
            )
        first_line = str(error).strip().split("\n")[0] or "no message"
        said = f"Calling {call} raised {type(error).__name__}: {first_line.rstrip('.')}."
        if not _takes(function, len(self.arguments)):
            said += " It is called with these arguments, in this order: does its first line name them?"
        elif "shape" in first_line or "broadcast" in first_line:
            said += " Does it use arrays of the notebook instead of its own arguments?"
        elif isinstance(error, NameError):
            said += " Use only the names in its first line, and numpy as you imported it."
        return self._not_yet(said, "raises")

    def _not_yet(self, message: str, mistake: str) -> CheckResult:
        return CheckResult(self.name, False, message, mistake)


def _as_array(answer: Any) -> NDArray[Any] | None:
    try:
        values = np.asarray(answer)
        return values.astype(np.float64) if values.dtype.kind in "biuf" else None
    except Exception:  # whatever an object does when it is asked to be an array
        return None


def _is_near(answer: Any, expected: NDArray[Any]) -> bool:
    values = _as_array(answer)
    if values is None or values.shape != expected.shape:
        return False
    size = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return bool(np.allclose(values, expected, rtol=0, atol=_TOLERANCE * size))


def _takes(function: Any, count: int) -> bool:
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # a function written in C has no signature to look at
        return True
    return True


def _stub() -> None:
    return None


def _is_untouched(function: Any) -> bool:
    """Whether a function does nothing but return None, as the chapters' stubs do."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_code == _stub.__code__.co_code


def _form(values: NDArray[Any]) -> str:
    return f"an array of shape {values.shape}" if values.ndim else "one number"


def _kind(value: Any) -> str:
    said = f" ({value!r})" if isinstance(value, (int, float, str, bool)) else ""
    return f"a {type(value).__name__}{said}"


def _written(value: Any) -> str:
    if isinstance(value, (list, tuple)) or np.ndim(value):
        return f"[{', '.join(_written(one) for one in value)}]"
    return f"{float(value):.6g}" if isinstance(value, (int, float, np.number)) else f"{value!r}"
