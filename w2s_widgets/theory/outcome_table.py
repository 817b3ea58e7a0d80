"""`OutcomeTable`: the outcomes of every state of a few sliders, computed once, looked up by a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.theory.outcome import Outcome, Sides, angle_at_student


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
    TypeError
        If the values are neither all numbers nor all strings.
    ValueError
        If there is no value, a choice is there twice, or the numbers are not finite or do not ascend.

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
        # Plain numbers and strings: they are written into pages and into code.
        values = tuple(value.item() if isinstance(value, np.generic) else value for value in self.values)
        object.__setattr__(self, "values", values)
        if not values:
            raise ValueError(f"axis {self.name} has no values: give at least one.")
        if all(isinstance(value, str) for value in values):
            if len(set(values)) < len(values):
                raise ValueError(f"axis {self.name} has the same choice twice: give each a name of its own.")
            return
        if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in values):
            raise TypeError(f"axis {self.name} has values of other kinds: give only numbers or only strings.")
        numbers = np.asarray(values, dtype=np.float64)
        if not np.isfinite(numbers).all():
            raise ValueError(f"axis {self.name} has values that are NaN or infinite: give finite numbers.")
        if (np.diff(numbers) <= 0).any():
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


@dataclass(frozen=True, eq=False)
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
    adjusts : str, optional
        The axis that moves to its nearest possible value when a setting cannot be reached.
    impossible : str
        The sentence that says why it cannot.
    n : int or numpy.ndarray, optional
        Number of test inputs, for all states or of the grid's shape; ``None`` for population values.
    truth_variance : float or numpy.ndarray, optional
        Variance of the truth, for all states or of the grid's shape.

    Raises
    ------
    ValueError
        If two axes have one name, an array does not have the grid's shape, a state that can be reached has
        a number that is NaN or infinite, a reason is missing, or ``adjusts`` has no value that can be
        reached.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure_many
    >>> sides = measure_many(np.zeros((2, 3)), np.ones((2, 3)), np.array([[1.0, 1, 1], [0, 0, 0]]))
    >>> table = OutcomeTable([Axis("student", "Student", ["copy", "perfect"])], sides)
    >>> table.outcome(student="perfect").gain
    1.0
    """

    axes: Sequence[Axis]
    sides: Sides
    err_ceiling: FloatArray | None = None
    reason: NDArray[Any] | None = None
    reasons: Sequence[str] = ("",)
    possible: NDArray[Any] | None = None
    adjusts: str | None = None
    impossible: str = ""
    n: int | NDArray[Any] | None = None
    truth_variance: float | FloatArray | None = None
    extra: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [axis.name for axis in self.axes]
        if len(set(names)) < len(names):
            raise ValueError(f"axes are called {', '.join(names)}: give each a name of its own.")
        numbers = {**self.sides._asdict(), **self.extra}
        if self.err_ceiling is not None:
            numbers["err_ceiling"] = self.err_ceiling
        several = {"n": self.n, "truth_variance": self.truth_variance}
        numbers |= {name: array for name, array in several.items() if isinstance(array, np.ndarray)}
        for name, array in {**numbers, "reason": self.reason, "possible": self.possible}.items():
            if array is not None and np.shape(array) != self.shape:
                raise ValueError(
                    f"{name} has shape {np.shape(array)} but the axes span {self.shape}: "
                    "give one entry for every state of the controls."
                )
        for name, array in numbers.items():
            if not np.isfinite(array[self.reachable]).all():
                raise ValueError(
                    f"{name} has values that are NaN or infinite: repair them, or say in possible that "
                    "their states cannot be reached."
                )
        if self.reason is not None and not np.isin(self.reason, range(len(self.reasons))).all():
            raise ValueError(f"reason has numbers beyond the {len(self.reasons)} reasons: add the sentences.")
        if not self.reachable.all():
            self._check_adjusts()

    def _check_adjusts(self) -> None:
        moving = self._place(str(self.adjusts))
        if not self.reachable.any(axis=moving).all():
            raise ValueError(
                f"{self.adjusts} adjusts, but for some values of the others none of its values can be "
                "reached: leave at least one."
            )

    @property
    def reachable(self) -> NDArray[Any]:
        """Which states can be reached, an array of bool of the grid's shape."""
        if self.possible is None:
            return np.ones(self.shape, dtype=bool)
        return np.asarray(self.possible, dtype=bool)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values of each axis."""
        return tuple(len(axis.values) for axis in self.axes)

    def axis(self, name: str) -> Axis:
        """Return the axis called ``name``.

        Raises
        ------
        ValueError
            If there is none.
        """
        for axis in self.axes:
            if axis.name == name:
                return axis
        known = ", ".join(axis.name for axis in self.axes)
        raise ValueError(f"there is no control {name!r}: choose one of {known}.")

    def _place(self, name: str) -> int:
        return [axis.name for axis in self.axes].index(self.axis(name).name)

    def values_of(self, name: str) -> NDArray[Any]:
        """Return the values of an axis, shaped so that they broadcast with the grid's arrays."""
        place = self._place(name)
        shape = [-1 if i == place else 1 for i in range(len(self.axes))]
        return np.array(self.axes[place].values).reshape(shape)

    def index(self, **state: float | str) -> tuple[int, ...]:
        """Position in the grid of a full state, numbers snapped to the nearest value.

        Raises
        ------
        ValueError
            If a name is not that of an axis, an axis has no value, or a value is outside its axis.
        """
        for name in state:
            self.axis(name)
        for axis in self.axes:
            if axis.name not in state:
                raise ValueError(f"{axis.name} has no value: give one for every control.")
        return tuple(axis.index_of(state[axis.name]) for axis in self.axes)

    def outcome(self, **state: float | str) -> Outcome:
        """Return the `Outcome` of one state, given by the value of every axis.

        Raises
        ------
        ValueError
            As `index` does, and if the state cannot be reached.
        """
        where = self.index(**state)
        if not self.reachable[where]:
            nearest = ", ".join(f"{name}={value!r}" for name, value in self.nearest_possible(**state).items())
            raise ValueError(f"this state cannot be reached: take {nearest}. {self.impossible}".rstrip())
        n, variance = self.n, self.truth_variance
        return Outcome.from_sides(
            self.sides.at(where),
            n=int(n[where]) if isinstance(n, np.ndarray) else n,
            err_ceiling=None if self.err_ceiling is None else float(self.err_ceiling[where]),
            truth_variance=float(variance[where]) if isinstance(variance, np.ndarray) else variance,
        )

    def nearest_possible(self, **state: float | str) -> dict[str, float | str]:
        """Snap a full state to the grid, and move the adjusting axis if the state cannot be reached.

        Raises
        ------
        ValueError
            As `index` does.

        Examples
        --------
        >>> sides = Sides(*np.zeros((5, 2, 2)))
        >>> axes = [Axis("a", "A", [0.0, 1.0]), Axis("b", "B", [0.0, 1.0])]
        >>> table = OutcomeTable(axes, sides, possible=np.array([[True, True], [True, False]]), adjusts="b")
        >>> table.nearest_possible(a=0.9, b=0.9)
        {'a': 1.0, 'b': 0.0}
        """
        where = self.index(**state)
        if not self.reachable[where]:
            moving = self._place(str(self.adjusts))
            line = tuple(slice(None) if i == moving else index for i, index in enumerate(where))
            free = np.flatnonzero(self.reachable[line])
            nearest = int(free[np.argmin(np.abs(free - where[moving]))])
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
