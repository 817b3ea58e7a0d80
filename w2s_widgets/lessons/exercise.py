"""`Exercise`: a check with hints and a solution; and inputs to try a function on."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.lessons.checks import Check


@dataclass(frozen=True, kw_only=True)
class Exercise(Check):
    r"""A function that the reader writes: how it is tried, what helps, and one right answer.

    Parameters
    ----------
    name, arguments, draw, right, example, mistakes, praise, trials
        As of a `Check`.
    hints : sequence of str
        The lightest first. None of them tells the answer.
    solution : str
        Code of one right function of that name and those arguments; it may use ``np`` and ``w2s``, and
        functions that it defines itself.

    Raises
    ------
    ValueError
        If the solution is no function of that name and those arguments.

    Examples
    --------
    >>> double = Exercise(
    ...     "double", ("x",), draw=lambda rng: {"x": rng.normal()}, right=lambda x: 2 * x, example={"x": 3},
    ...     hints=("Twice.",), solution="def double(x):\n    return 2 * x\n",
    ... )
    >>> double(lambda x: x + x)
    double: right.
    """

    hints: tuple[str, ...]
    solution: str

    def __post_init__(self) -> None:
        found = functions_in(self.solution).get(self.name)
        if found is None:
            raise ValueError(f"the solution of {self.name!r} defines no function of that name: rename it.")
        self.fit(found, "solution")

    def fit(self, function: ast.FunctionDef, what: str) -> None:
        """Raise `ValueError` if a stub or a solution does not take the arguments that the check gives."""
        arguments = tuple(one.arg for one in (*function.args.posonlyargs, *function.args.args))
        if arguments != self.arguments:
            raise ValueError(
                f"the {what} of {self.name!r} takes {', '.join(arguments) or 'nothing'}: "
                f"let it take {', '.join(self.arguments)}."
            )


def functions_in(code: str) -> dict[str, ast.FunctionDef]:
    """Return the functions that a piece of code defines at its top level, by name."""
    try:
        body = ast.parse(code).body
    except SyntaxError as error:
        raise ValueError(f"this is no plain Python ({error.msg}): write it without magics.\n{code}") from None
    return {one.name: one for one in body if isinstance(one, ast.FunctionDef)}


def mean_square(one: FloatArray, other: FloatArray) -> float:
    """Return the mean squared difference of two functions, given by their values, shape (n,)."""
    return float(np.mean((one - other) ** 2))


def draw_functions(*names: str) -> Callable[[np.random.Generator], dict[str, FloatArray]]:
    """Return what draws one function for each name: its values on 5 to 11 inputs, the same number for all.

    Each has a scale of its own, so that now the teacher and now the student is nearer to the truth.
    """

    def draw(rng: np.random.Generator) -> dict[str, FloatArray]:
        n = int(rng.integers(5, 12))
        return {name: rng.normal(size=n) * rng.uniform(0.5, 3) + rng.normal() for name in names}

    return draw
