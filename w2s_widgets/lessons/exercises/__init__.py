"""The exercises of the chapters, found by name: `check`, `hint`, `hints` and `solution`.

To add exercises: put a file of any name into this folder that ends in ``EXERCISES = (MISFIT, GAIN, ...)``,
each an `Exercise` (see `right_angle`); nothing else is to be done. In the chapter, tag the cell with the
stubs ``exercise``: ``# %% tags=["exercise"]``, and write a stub as ``def misfit(teacher, student):`` with the
line ``return None  # your code``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

from w2s_widgets._validation import integer
from w2s_widgets.lessons.checks import CheckResult
from w2s_widgets.lessons.exercise import Exercise
from w2s_widgets.lessons.folds import Collapsible, Collapsibles
from w2s_widgets.lessons.log import SESSION_LOG


@cache
def exercises() -> dict[str, Exercise]:
    """Collect the exercises of all files in this folder, by name."""
    found: dict[str, Exercise] = {}
    for file in pkgutil.iter_modules(__path__):
        for exercise in import_module(f"{__name__}.{file.name}").EXERCISES:
            if exercise.name in found:
                raise ValueError(f"two files have an exercise called {exercise.name!r}: rename one of them.")
            found[exercise.name] = exercise
    return found


def find(name: str) -> Exercise:
    """Return the exercise of a name."""
    everything = exercises()
    if name not in everything:
        raise ValueError(f"there is no exercise called {name!r}: choose one of {', '.join(everything)}.")
    return everything[name]


def check(name: str, answer: Callable[..., Any]) -> CheckResult:
    """Check the answer to an exercise, and count the try in the reader's `summary`.

    Parameters
    ----------
    name : str
        Name of the exercise, such as ``"misfit"``.
    answer : callable
        The reader's function.

    Returns
    -------
    CheckResult
        Passed or not, with a hint that fits the mistake and never the answer.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> check("misfit", lambda teacher, student: ((teacher - student) ** 2).mean()).passed
    True
    """
    result = find(name)(answer)
    SESSION_LOG.tried(name, written=result.written, passed=result.passed)
    return result


def check_misfit(function: Callable[..., Any]) -> CheckResult:
    """Check the reader's ``misfit(teacher, student)``.

    Examples
    --------
    >>> check_misfit(lambda teacher, student: (teacher - student).mean())
    misfit: not yet. Differences of opposite sign cancel here: a student above its teacher on one input \
and below it on another would seem to agree with it.
    """
    return check("misfit", function)


def check_gain(function: Callable[..., Any]) -> CheckResult:
    """Check the reader's ``gain(truth, teacher, student)``.

    Examples
    --------
    >>> def gain(truth, teacher, student):
    ...     return ((student - truth) ** 2).mean() - ((teacher - truth) ** 2).mean()
    >>> check_gain(gain)
    gain: not yet. The size is right, the sign is not: a student that is better than its teacher has a \
positive gain.
    """
    return check("gain", function)


def hint(name: str, level: int = 1) -> Collapsible:
    """Return a hint to an exercise, folded until it is opened.

    Parameters
    ----------
    name : str
        Name of the exercise.
    level : int
        1 for the lightest hint, higher for more.

    Raises
    ------
    TypeError, ValueError
        If there is no such exercise, or no hint of that level.

    Examples
    --------
    >>> hint("misfit")
    Hint 1 to misfit: Misfit speaks of two functions only. The truth plays no part in it.
    """
    hints = find(name).hints
    return Collapsible(f"Hint {level} to {name}", hints[integer("level", level, 1, len(hints)) - 1])


def hints(*names: str) -> Collapsibles:
    """Return all hints to exercises, each folded into the one before it, and at the end a solution.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> hints("misfit")
    Hint 1 to misfit: folded; print(lessons.hint("misfit").text) writes it out.
    >>> hints("misfit")[0].more.title, hints("misfit")[0].more.more.title
    ('Hint 2 to misfit', 'Solution of misfit')
    """
    folds = []
    for name in names:
        fold = solution(name)
        for level in range(len(find(name).hints), 0, -1):
            told = f'folded; print(lessons.hint("{name}").text) writes it out.'
            fold = replace(hint(name, level), plain=told, more=fold)
        folds.append(fold)
    return Collapsibles(folds)


def solution(name: str) -> Collapsible:
    """Return a solution of an exercise, folded until it is opened.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> solution("misfit")
    Solution of misfit: folded; print(solution("misfit").text) writes it out.
    """
    return Collapsible(
        f"Solution of {name}",
        find(name).solution,
        is_code=True,
        plain=f'folded; print(solution("{name}").text) writes it out.',
    )
