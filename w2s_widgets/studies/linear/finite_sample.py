"""`FiniteSample`: students fitted on n labelled inputs, many repetitions and many n in one batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._validation import FloatArray, choice, integer, real
from w2s_widgets.studies.linear.closed_form import DIMENSION, TRUTH_CAPACITY, truth_coefficients
from w2s_widgets.studies.linear.gram_fits import Draw, draw_inputs, fit_students, population_sides
from w2s_widgets.theory.outcome import Outcome, Sides

REPETITIONS = 200
WEAK_QUALITY = 0.6
ASYMPTOTIC = 4
"""From so many inputs for each dimension on, a rate is read off."""
_ROUNDING = 1e-12


def _sizes() -> tuple[int, ...]:
    every = list(range(2, DIMENSION + 2))
    spread = np.geomspace(DIMENSION + 1, 5000, 50 - len(every) + 1)[1:]
    return (*every, *(int(size) for size in np.rint(spread)))


SIZES: tuple[int, ...] = _sizes()
"""Fifty numbers of inputs: each from 2 to 25, so that none near a student's dimension is left out, then
in equal ratios to 5,000."""


def teacher_coefficients(truth: FloatArray | None = None) -> FloatArray:
    """Return a teacher whose error has a part for a student of every capacity.

    It is a least-squares fit of the truth on a weaker representation (it is orthogonal to its own
    error), explains 0.6 of the truth's variance, and half of its error lies, evenly, in the directions
    that the truth does not use. A student with just the truth's directions cannot copy that half; a
    student with more can copy more; one with all directions copies everything.
    """
    truth = truth_coefficients() if truth is None else truth
    used = truth != 0
    if not 2 <= used.sum() < len(truth):
        raise ValueError(
            f"the truth uses {used.sum()} of {len(truth)} directions: let it use at least 2, and leave one."
        )
    error = 1 - WEAK_QUALITY
    outside = np.where(used, 0.0, 1.0)
    # Alternating signs keep most of this away from the truth, whose coefficients all have one sign.
    inside = np.where(used, (-1.0) ** np.arange(len(truth)), 0.0)
    inside -= (inside @ truth) * truth
    share = error / 2
    teacher: FloatArray = (
        (1 - error) * truth
        + math.sqrt(share) * outside / np.linalg.norm(outside)
        + math.sqrt(error * (1 - error) - share) * inside / np.linalg.norm(inside)
    )
    return teacher


def rate(sizes: ArrayLike, values: ArrayLike) -> float:
    """Return the slope of values over sizes on a log-log picture, by least squares.

    A slope of -1 means that twice as many inputs halve the value.

    Examples
    --------
    >>> round(rate([10, 100, 1000], [3.0, 0.3, 0.03]), 9)
    -1.0
    """
    x, y = np.asarray(sizes, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1 or len(x) < 2:
        raise ValueError(
            "sizes and values differ in length or are fewer than two: give one value for each size."
        )
    if not ((x > 0).all() and (y > 0).all()):
        raise ValueError("a size or a value is not above 0 and has no logarithm: leave it out.")
    x, y = np.log(x) - np.log(x).mean(), np.log(y)
    return float(x @ y / (x @ x))


@dataclass(frozen=True, kw_only=True)
class FiniteSample:
    """Students fitted on n inputs that a teacher labelled: 200 repetitions of each of 50 sizes n.

    The world is the linear one: inputs with 24 independent standard normal coordinates, a truth that
    uses the first 12, the teacher of `teacher_coefficients`, and a student with the first
    ``strong_capacity`` coordinates. The errors are exact, over all inputs (closed form given the fitted
    weights), so all spread is the spread of the fits. Noise is in the labels that a student sees, not in
    the teacher against which misfit is measured.

    Parameters
    ----------
    strong_capacity : int
        From 1 to 24: dimension of the student.
    label_noise : float
        At least 0: standard deviation of the noise on each of the teacher's labels.
    ridge : float
        At least 0: penalty, see `fit_students`.
    steps : int, optional
        At least 1: stop gradient descent early, see `fit_students`.
    sizes : sequence of int
        Ascending numbers of inputs.
    repetitions : int
        Number of samples of each size.
    seed : int
        Two studies with one seed see the same inputs.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not of its kind or outside its range, or both ridge and steps are given.

    Examples
    --------
    >>> study = FiniteSample(strong_capacity=12, sizes=[12, 120, 1200])
    >>> round(study.population.gain, 3), round(study.population.slack, 3)
    (0.2, 0.0)
    >>> [round(float(np.median(misfit)), 2) for misfit in study.sides.misfit]
    [4.93, 0.22, 0.2]
    """

    strong_capacity: int = TRUTH_CAPACITY
    label_noise: float = 0.0
    ridge: float = 0.0
    steps: int | None = None
    sizes: Sequence[int] = field(default=SIZES, repr=False)
    repetitions: int = REPETITIONS
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple(self.sizes))
        integer("strong_capacity", self.strong_capacity, 1, DIMENSION)
        integer("repetitions", self.repetitions, 1)
        for name in ("label_noise", "ridge"):
            real(name, getattr(self, name), 0)
        if self.steps is not None:
            integer("steps", self.steps, 1)
            if self.ridge > 0:
                raise ValueError("ridge and steps are both given: hold the student back by one of them.")
        for size in self.sizes:
            integer("sizes", size, 1)
        if not self.sizes or any(b <= a for a, b in pairwise(self.sizes)):
            raise ValueError("sizes do not ascend or are empty: give ascending numbers of inputs.")

    @property
    def truth(self) -> FloatArray:
        """The truth's coefficients, shape (24,)."""
        return truth_coefficients()

    @property
    def teacher(self) -> FloatArray:
        """The teacher's coefficients, shape (24,)."""
        return teacher_coefficients()

    @property
    def population(self) -> Outcome:
        """The outcome with all inputs, plain least squares: the student is the teacher's projection."""
        return self._population(1.0)

    @property
    def limit(self) -> Outcome:
        """The outcome that this student comes to with more and more inputs.

        With a ridge penalty it is not the population value: a penalised student is
        not the nearest of all heads, but of those with weights no longer than its own. (Where
        all coordinates are independent and of one size, gradient descent comes to the projection in one
        step, so stopping early costs nothing in the limit.)
        """
        return self._population(1 / (1 + self.ridge))

    def _population(self, shrink: float) -> Outcome:
        seen = np.arange(DIMENSION) < self.strong_capacity
        student = np.where(seen, shrink * self.teacher, 0.0)
        return self._outcome(population_sides(self.truth, self.teacher, student))

    def _outcome(self, sides: Sides) -> Outcome:
        eps = float(np.sum(self.truth[self.strong_capacity :] ** 2))
        return Outcome.from_sides(sides, err_ceiling=eps, truth_variance=1.0)

    @cached_property
    def students(self) -> FloatArray:
        """The students' coefficients, shape (sizes, repetitions, 24)."""
        return self._fitted[0]

    @cached_property
    def sides(self) -> Sides:
        """The five numbers of every student over all inputs, each of shape (sizes, repetitions)."""
        return population_sides(self.truth, self.teacher, self.students)

    @property
    def training_misfit(self) -> FloatArray:
        """Mean squared difference to the labels on the student's own n inputs, (sizes, repetitions)."""
        return self._fitted[1]

    def use(self, draw: Draw) -> None:
        """Fit on inputs drawn before, as `draw_inputs` gives them for this study's sizes and seed."""
        self.__dict__["_fitted"] = self._fit(draw)

    @cached_property
    def _fitted(self) -> tuple[FloatArray, FloatArray]:
        return self._fit(draw_inputs(self.sizes, self.repetitions, dimension=DIMENSION, rng=self.seed))

    def _fit(self, draw: Draw) -> tuple[FloatArray, FloatArray]:
        students = fit_students(
            draw,
            self.teacher,
            self.strong_capacity,
            label_noise=self.label_noise,
            ridge=self.ridge,
            steps=self.steps,
        )
        labels = np.append(self.teacher, self.label_noise)
        left = np.concatenate([students, np.zeros((*students.shape[:2], 1))], axis=-1) - labels
        squares = np.sum((left[..., None, :] @ draw.grams)[..., 0, :] * left, axis=-1)
        # A sum of squares that is nearly 0 can come out below it by rounding.
        return students, np.maximum(0.0, squares) / np.array(self.sizes)[:, None]

    def outcome(self, *, n: int, repetition: int | None = None) -> Outcome:
        """Return the outcome of one repetition; by default the one with the median err_student.

        Parameters
        ----------
        n : int
            One of ``sizes``.
        repetition : int, optional
            From 0 to ``repetitions - 1``.

        Raises
        ------
        ValueError
            If n is not one of the sizes, or there is no such repetition.

        Examples
        --------
        >>> study = FiniteSample(sizes=[20, 200])
        >>> study.outcome(n=20).gain < study.outcome(n=200).gain < study.population.gain
        True
        """
        if n not in self.sizes:
            raise ValueError(f"n is {n}: give one of the sizes {', '.join(map(str, self.sizes))}.")
        i = tuple(self.sizes).index(n)
        if repetition is None:
            repetition = int(middle(self.sides.err_student[i]))
        else:
            integer("repetition", repetition, 0, self.repetitions - 1)
        return self._outcome(self.sides.at((i, repetition)))

    def distance(self, name: str) -> FloatArray:
        """How far every student is from the population value of ``"err_student"``, ``"misfit"``, ...

        Returns
        -------
        numpy.ndarray of shape (sizes, repetitions)
            Absolute differences.
        """
        choice("name", name, Sides._fields)
        distance: FloatArray = np.abs(getattr(self.sides, name) - getattr(self.population, name))
        return distance

    def rate(self, name: str) -> float:
        """Slope, in log-log, of the median `distance` over the sizes from 4 times the dimension on.

        Raises
        ------
        ValueError
            If the distance vanishes but for rounding, or fewer than two sizes are large enough.

        Examples
        --------
        >>> round(FiniteSample().rate("misfit"), 1), round(FiniteSample().rate("err_student"), 1)
        (-1.0, -0.6)
        """
        sizes = np.array(self.sizes)
        late = sizes >= ASYMPTOTIC * self.strong_capacity
        distances = np.median(self.distance(name), axis=1)[late]
        if (distances <= _ROUNDING).any():
            raise ValueError(
                f"{name} is at its population value but for rounding: there is no rate to read off."
            )
        return rate(sizes[late], distances)


def middle(values: FloatArray) -> NDArray[np.intp]:
    """Position of the median along the last axis, of an even number of values that of the lower middle."""
    order = np.argsort(values, axis=-1, kind="stable")
    return np.asarray(order[..., (values.shape[-1] - 1) // 2])
