"""The triangle of truth, teacher and student: `measure` computes it, `Outcome` records it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._rich_display import Displayed
from w2s_widgets._validation import FloatArray, as_float_array, same_shape

_SMALLEST = float(np.finfo(np.float64).tiny)
"""Squares below this have lost digits, or all."""


@dataclass(frozen=True)
class Outcome(Displayed):
    """One weak-to-strong experiment, as the triangle of truth, teacher and student.

    The squared sides are ``err_weak`` (truth to teacher), ``err_student`` (truth to student) and
    ``misfit`` (teacher to student). For any three functions at all

        ``gain = err_weak - err_student = misfit + slack``,

    where ``slack`` is twice the mean of ``(truth - student) * (student - teacher)``. Theorem 1 of
    Charikar, Pabbaraju and Shiragur (2024) is the statement that the slack is at least zero when the
    student is the projection of the teacher on a convex class that contains the truth.

    Parameters
    ----------
    err_weak, err_student, misfit : float
        Mean squared distances, in the squared unit of the truth.
    gain, slack : float
        ``err_weak - err_student`` and ``gain - misfit``, each measured on its own, so that the
        identity between them can be checked.
    n : int or None
        Number of inputs averaged over; ``None`` for an exact population value.
    err_ceiling : float or None
        Error of the strong model trained on the truth; ``None`` when unknown.
    truth_variance : float or None
        Variance of the truth (over inputs, mean over outputs); ``None`` when unknown.
    loss : str
        The loss that all errors are measured in.

    Examples
    --------
    >>> outcome = measure(truth=[0, 0, 0, 0], teacher=[1, 1, 1, 1], student=[1, 1, 0, 0])
    >>> outcome.err_weak, outcome.err_student, outcome.misfit, outcome.gain, outcome.slack
    (1.0, 0.5, 0.5, 0.5, 0.0)
    >>> print(outcome)
    The student beats its teacher by 0.500, and its misfit is 0.500: the triangle has a right angle \
at the student, 90.0 degrees.
    """

    err_weak: float
    err_student: float
    misfit: float
    gain: float
    slack: float
    n: int | None = None
    err_ceiling: float | None = None
    truth_variance: float | None = None
    loss: str = "squared"

    @classmethod
    def from_sides(cls, sides: Iterable[float | FloatArray], **known: Any) -> Outcome:
        """Make an outcome of five numbers in the order of `Sides`, and what else is known of it.

        Examples
        --------
        >>> sides = measure_many(np.zeros((2, 3)), np.ones((2, 3)), np.array([[1.0, 1, 1], [0, 0, 0]]))
        >>> Outcome.from_sides(sides.at(1), n=3).gain, Outcome.from_sides(sides.mean(), n=3).gain
        (1.0, 0.5)
        """
        err_weak, err_student, misfit, gain, slack = (float(side) for side in sides)
        return cls(err_weak, err_student, misfit, gain, slack, **known)

    @property
    def scale(self) -> float:
        """The largest of the three squared sides: what is small beside it is written as zero."""
        return max(self.err_weak, self.err_student, self.misfit)

    @property
    def angle(self) -> float | None:
        """Angle at the student in degrees; ``None`` when the student sits on the truth or the teacher."""
        return angle_at_student(self.err_student, self.misfit, self.slack)

    @property
    def promise(self) -> float:
        """What Theorem 1 promises the student's error to be at most: ``err_weak - misfit``."""
        return self.err_weak - self.misfit

    @property
    def quality(self) -> float | None:
        """Share of the truth's variance that the teacher explains, ``1 - err_weak / variance``.

        ``None`` when the variance of the truth is unknown.

        Raises
        ------
        ValueError
            If the truth is constant, since there is then no variance to explain.
        """
        if self.truth_variance is None:
            return None
        if self.truth_variance == 0:
            raise ValueError(
                "quality divides by the variance of the truth, and this truth is constant: "
                "use a truth that varies, or read err_weak instead."
            )
        return 1 - self.err_weak / self.truth_variance

    @property
    def pgr(self) -> float | None:
        """Performance gap recovered, ``gain / (err_weak - err_ceiling)``; ``None`` without a ceiling.

        Raises
        ------
        ValueError
            If the ceiling's error is not below the teacher's, since there is then no gap to recover.
        """
        if self.err_ceiling is None:
            return None
        gap = self.err_weak - self.err_ceiling
        if gap <= 0:
            # Below zero, too: a loss divided by it would read as a gap well recovered.
            relation = "make the same error" if gap == 0 else "are in the wrong order, the teacher the better"
            raise ValueError(
                f"pgr divides by err_weak - err_ceiling, and teacher and ceiling {relation}: "
                "there is no gap to recover, so read gain instead."
            )
        return self.gain / gap

    def as_dict(self) -> dict[str, float | int | str | None]:
        """Return one flat row for a table; what is unknown or undefined is ``None``.

        Examples
        --------
        >>> measure([0, 1], [1, 1], [0, 1]).as_dict()["quality"]
        -1.0
        """
        undefined_quality = self.truth_variance is None or self.truth_variance == 0
        undefined_pgr = self.err_ceiling is None or self.err_weak <= self.err_ceiling
        return {
            "err_weak": self.err_weak,
            "err_student": self.err_student,
            "misfit": self.misfit,
            "gain": self.gain,
            "slack": self.slack,
            "angle": self.angle,
            "err_ceiling": self.err_ceiling,
            "quality": None if undefined_quality else self.quality,
            "pgr": None if undefined_pgr else self.pgr,
            "loss": self.loss,
            "n": self.n,
        }


class Sides(NamedTuple):
    """The five numbers of many triangles at once, one array entry for each triangle."""

    err_weak: FloatArray
    err_student: FloatArray
    misfit: FloatArray
    gain: FloatArray
    slack: FloatArray

    def at(self, where: Any) -> Sides:
        """Return the numbers at one place of the arrays, or at several."""
        return Sides(*(side[where] for side in self))

    def mean(self, axis: int | None = None) -> Sides:
        """Return the mean numbers, over all triangles or along an axis."""
        means: list[Any] = [side.mean(axis=axis) for side in self]
        return Sides(*means)


def measure(
    truth: ArrayLike,
    teacher: ArrayLike,
    student: ArrayLike,
    ceiling: ArrayLike | None = None,
) -> Outcome:
    """Measure the triangle of three functions on the same inputs, under the mean-square metric.

    Parameters
    ----------
    truth, teacher, student : array-like of shape (n,) or (n, outputs)
        The values of the three functions, one row for each input: numpy arrays, lists, pandas
        objects or torch tensors. Errors are means over inputs and outputs, computed in float64.
    ceiling : array-like, optional
        The values of the strong model trained on the truth.

    Returns
    -------
    Outcome
        Errors, misfit, gain and slack, in the squared unit of the truth.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If shapes differ, an array is empty, or a value is NaN, infinite, or too large or too small to
        square.

    Examples
    --------
    >>> outcome = measure(truth=[1.0, 2.0, 3.0], teacher=[1.5, 2.0, 4.0], student=[1.2, 2.0, 3.4])
    >>> abs(outcome.gain - (outcome.misfit + outcome.slack)) < 1e-12
    True
    """
    arrays = {
        "truth": as_float_array(truth, "truth"),
        "teacher": as_float_array(teacher, "teacher"),
        "student": as_float_array(student, "student"),
    }
    if ceiling is not None:
        arrays["ceiling"] = as_float_array(ceiling, "ceiling")
    same_shape(**arrays)
    f, g, s = (arrays[name].ravel() for name in ("truth", "teacher", "student"))
    with np.errstate(over="ignore", invalid="ignore"):
        sides = measure_many(f, g, s)
        err_ceiling = float(np.mean((f - arrays["ceiling"].ravel()) ** 2)) if ceiling is not None else None
        variance = float(np.mean(_variances(arrays["truth"])))
    if not np.isfinite([*map(float, sides), variance, err_ceiling or 0.0]).all():
        *names, last = arrays
        raise ValueError(
            f"{', '.join(names)} or {last} has values too large to square in float64: "
            "divide all of them by one common number first."
        )
    if max(sides[:3]) < _SMALLEST and not (np.array_equal(f, g) and np.array_equal(f, s)):
        raise ValueError(
            "truth, teacher and student differ by values too small to square in float64: multiply all of "
            "them by one common number first."
        )
    return Outcome.from_sides(sides, n=len(arrays["truth"]), err_ceiling=err_ceiling, truth_variance=variance)


def _variances(truth: FloatArray) -> FloatArray:
    """Return the variance of each output; what varies by rounding only is constant."""
    variances: FloatArray = np.var(truth, axis=0)
    rounding = (1e-12 * np.abs(truth).max(axis=0)) ** 2
    return np.where(variances <= rounding, 0.0, variances)


def measure_many(truth: FloatArray, teacher: FloatArray, student: FloatArray) -> Sides:
    """Measure many triangles in one call: `measure`'s numbers without its checks."""
    weak, left, copied = teacher - truth, student - truth, student - teacher
    sides = (
        np.mean(weak * weak, axis=-1),
        np.mean(left * left, axis=-1),
        np.mean(copied * copied, axis=-1),
        # As a product and not as err_weak - err_student: two nearly equal errors would cancel.
        # 0 - x and not -x: nobody should read a minus zero.
        0 - np.mean(copied * (weak + left), axis=-1),
        0 - 2 * np.mean(left * copied, axis=-1),
    )
    return Sides(*np.broadcast_arrays(*sides))


def angle_at_student(err_student: float, misfit: float, slack: float) -> float | None:
    """Angle between the sides student-truth and student-teacher, in degrees (law of cosines).

    ``None`` when one of the two sides has no length, since there is then no angle.
    """
    lengths = math.sqrt(err_student) * math.sqrt(misfit)
    if lengths == 0:
        return None
    cosine = min(1.0, max(-1.0, -slack / 2 / lengths))
    return math.degrees(math.acos(cosine))
