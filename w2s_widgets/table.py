"""`OutcomeTable`: the outcomes of every state of a few sliders, computed once, looked up by a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from w2s_widgets.arrays import FloatArray
from w2s_widgets.outcome import Outcome, Sides, angle_at_student


@dataclass(frozen=True)
class Axis:
    """One slider or choice: its name, the words on the screen, and the values it can take.

    Parameters
    ----------
    name : str
        The trait's name, a word of the glossary such as ``"weak_quality"``.
    label : str
        The words beside the control.
    values : sequence of float or of str
        Ascending numbers make a slider, strings make a choice.
    explain : str
        One short sentence under the label: what the ends of the control mean.

    Raises
    ------
    ValueError
        If there is no value, or the numbers do not ascend.

    Examples
    --------
    >>> Axis("misfit", "Misfit", [0.0, 0.5, 1.0]).index_of(0.6)
    1
    """

    name: str
    label: str
    values: Sequence[float] | Sequence[str]
    explain: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))
        if not self.values:
            raise ValueError(f"axis {self.name} has no values: give at least one.")
        if not self.is_choice and any(b <= a for a, b in zip(self.values, self.values[1:], strict=False)):  # type: ignore[operator]
            raise ValueError(f"axis {self.name} has values that do not ascend: sort them.")

    @property
    def is_choice(self) -> bool:
        """Whether the values are names and not numbers."""
        return isinstance(self.values[0], str)

    def index_of(self, value: float | str) -> int:
        """Position of ``value``, or of the nearest number on the grid.

        Raises
        ------
        ValueError
            If the value is not one of the choices, not a number, or outside the range.
        """
        if self.is_choice:
            if value not in self.values:
                raise ValueError(
                    f"{self.name} is {value!r}: choose one of {', '.join(map(str, self.values))}."
                )
            return self.values.index(value)
        low, high = float(self.values[0]), float(self.values[-1])
        if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
            raise ValueError(f"{self.name} is {value!r}: give a number from {low:g} to {high:g}.")
        rounding = 1e-9 * max(1.0, abs(low), abs(high))
        if not low - rounding <= value <= high + rounding:
            raise ValueError(f"{self.name} is {value:g}: give a number from {low:g} to {high:g}.")
        return int(np.argmin(np.abs(np.asarray(self.values, dtype=float) - float(value))))

    def snap(self, value: float | str) -> float | str:
        """Return the axis value nearest to ``value``; raises as `index_of` does."""
        return self.values[self.index_of(value)]

    @property
    def bounds(self) -> str:
        """The range or the choices in words.

        Examples
        --------
        >>> Axis("misfit", "Misfit", [0.0, 0.5, 1.0]).bounds
        'Misfit goes from 0 to 1.'
        """
        if self.is_choice:
            return f"{self.label} is one of {', '.join(map(str, self.values))}."
        return f"{self.label} goes from {float(self.values[0]):g} to {float(self.values[-1]):g}."

    def nearest(self, value: object, otherwise: float | str) -> float | str:
        """Return the axis value nearest to a number in or out of range, or ``otherwise`` for no number."""
        if self.is_choice or isinstance(value, bool) or not isinstance(value, (int, float)):
            return otherwise
        if not np.isfinite(value):
            return otherwise
        low, high = float(self.values[0]), float(self.values[-1])
        return self.snap(min(high, max(low, float(value))))


@dataclass(frozen=True)
class OutcomeTable:
    """Outcomes on the grid that some axes span.

    Parameters
    ----------
    axes : sequence of Axis
        The controls, in the order of the arrays' dimensions.
    sides : Sides
        Errors, misfit, gain and slack, each of the grid's shape.
    err_ceiling : numpy.ndarray, optional
        The ceiling's error, of the grid's shape.
    reason : numpy.ndarray of uint8, optional
        For every state the position in ``reasons`` of the sentence that says why the slack is what it is.
    reasons : sequence of str
        Those sentences.
    possible : numpy.ndarray of bool, optional
        False where a setting cannot be reached; all true by default.
    yields : str, optional
        The axis that moves to its nearest possible value when a setting cannot be reached.
    impossible : str
        The sentence that says why it cannot.
    n : int, optional
        Number of test inputs; ``None`` for population values.

    Raises
    ------
    ValueError
        If an array does not have the grid's shape.

    Examples
    --------
    >>> from w2s_widgets.outcome import measure_many
    >>> sides = measure_many(np.zeros((2, 3)), np.ones((2, 3)), np.array([[1.0, 1, 1], [0, 0, 0]]))
    >>> table = OutcomeTable([Axis("student", "Student", ["copy", "perfect"])], sides)
    >>> table.outcome(student="perfect").gain
    1.0
    """

    axes: Sequence[Axis]
    sides: Sides
    err_ceiling: FloatArray | None = None
    reason: np.ndarray | None = None
    reasons: Sequence[str] = ("",)
    possible: np.ndarray | None = None
    yields: str | None = None
    impossible: str = ""
    n: int | None = None
    truth_variance: float | None = None
    extra: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        arrays = {**self.sides._asdict(), **self.extra}
        optional = {"err_ceiling": self.err_ceiling, "reason": self.reason, "possible": self.possible}
        arrays |= {name: array for name, array in optional.items() if array is not None}
        for name, array in arrays.items():
            if np.shape(array) != self.shape:
                raise ValueError(
                    f"{name} has shape {np.shape(array)} but the axes span {self.shape}: "
                    "give one entry for every state of the controls."
                )

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values of each axis."""
        return tuple(len(axis.values) for axis in self.axes)

    def axis(self, name: str) -> Axis:
        """Return the axis called ``name``."""
        return next(axis for axis in self.axes if axis.name == name)

    def index(self, **state: float | str) -> tuple[int, ...]:
        """Position in the grid of a full state, numbers snapped to the nearest value."""
        return tuple(axis.index_of(state[axis.name]) for axis in self.axes)

    def outcome(self, **state: float | str) -> Outcome:
        """Return the `Outcome` of one state, given by the value of every axis."""
        where = self.index(**state)
        err_weak, err_student, misfit, gain, slack = (float(side[where]) for side in self.sides)
        return Outcome(
            err_weak,
            err_student,
            misfit,
            gain,
            slack,
            n=self.n,
            err_ceiling=None if self.err_ceiling is None else float(self.err_ceiling[where]),
            truth_variance=self.truth_variance,
        )

    def settle(self, **state: float | str) -> dict[str, float | str]:
        """Snap a full state to the grid, and move the yielding axis if the state cannot be reached.

        Raises
        ------
        ValueError
            If a value is outside its axis.

        Examples
        --------
        >>> from w2s_widgets.widgets.gain_explorer import gain_table
        >>> gain_table().settle(weak_quality=0.501, strong_capacity=24, misfit=0.3)
        {'weak_quality': 0.5, 'strong_capacity': 24, 'misfit': 0.0}
        """
        where = self.index(**state)
        if self.possible is not None and not self.possible[where]:
            moving = [axis.name for axis in self.axes].index(str(self.yields))
            line = tuple(slice(None) if i == moving else index for i, index in enumerate(where))
            reachable = np.flatnonzero(self.possible[line])
            nearest = int(reachable[np.argmin(np.abs(reachable - where[moving]))])
            where = (*where[:moving], nearest, *where[moving + 1 :])
        return {axis.name: axis.values[index] for axis, index in zip(self.axes, where, strict=True)}

    def reason_of(self, **state: float | str) -> str:
        """Return the template of the sentence that says why this state's slack is what it is."""
        if self.reason is None:
            return self.reasons[0]
        return self.reasons[int(self.reason[self.index(**state)])]

    def angles(self) -> FloatArray:
        """Angle at the student in degrees for every state; NaN where there is none."""
        compute = np.frompyfunc(angle_at_student, 3, 1)
        with np.errstate(invalid="ignore"):  # states that cannot be reached hold NaN
            angles = compute(self.sides.err_student, self.sides.misfit, self.sides.slack)
        return np.asarray(angles, dtype=np.float64)
