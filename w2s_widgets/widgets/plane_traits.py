"""Traits for a point of the plane and the shape of a class, with words for what is not possible."""

from __future__ import annotations

import math
from typing import Any

import traitlets

from w2s_widgets._numbers import format_fixed

REACH = {"x": 2.5, "y": 2.0}
"""How far from the origin truth and teacher may lie, across and up."""

_STEPS_IN_ONE = 10_000


class Coordinate(traitlets.TraitType):  # type: ignore[misc,type-arg,unused-ignore]
    """A trait that holds one coordinate of a point, to four decimals."""

    default_value: Any = 0.0
    info_text = "a number inside the plane that is drawn"

    def validate(self, obj: Any, value: Any) -> Any:
        """Round ``value``, or raise a ``TraitError`` that says what is possible."""
        limit = reach(self.name)
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if isinstance(value, (str, bool)) or not abs(number) <= limit:
            raise traitlets.TraitError(_bounds(self.name, value))
        return rounded(number)


class Shape(traitlets.TraitType):  # type: ignore[misc,type-arg,unused-ignore]
    """A trait that holds one of the shapes that the explorer offers."""

    default_value: Any = "line"
    info_text = "the name of a set"

    def validate(self, obj: Any, value: Any) -> Any:
        """Return ``value``, or raise a ``TraitError`` that says what is possible."""
        if not isinstance(value, str) or value not in obj.shapes:
            raise traitlets.TraitError(f"shape is {value!r}: choose one of {', '.join(obj.shapes)}.")
        return value


def rounded(number: float) -> float:
    """Round to four decimals, halves up, as the page does; never a minus zero.

    Examples
    --------
    >>> rounded(0.12345), rounded(-0.00001)
    (0.1235, 0.0)
    """
    return math.floor(number * _STEPS_IN_ONE + 0.5) / _STEPS_IN_ONE + 0.0


def reach(name: str | None) -> float:
    """Return how far from 0 the coordinate of a trait's name may be.

    Examples
    --------
    >>> reach("truth_y")
    2.0
    """
    return REACH["x" if str(name).endswith("x") else "y"]


def _bounds(name: str | None, value: Any) -> str:
    return f"{name} is {value!r}: give a number from {-reach(name):g} to {reach(name):g}."


def moved_in(name: str) -> str:
    """Say where the point of a trait's name can be, after it was moved into the plane.

    Examples
    --------
    >>> moved_in("truth_y")
    'The truth can go from −2.0 to 2.0 up.'
    """
    role, axis = name.split("_")
    low, high = (format_fixed(end, 1) for end in (-reach(name), reach(name)))
    return f"The {role} can go from {low} to {high} {'across' if axis == 'x' else 'up'}."
