"""`TeacherSelection`: several teachers, one student, and few true labels to choose among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._renamed import accepts_old, accepts_positions
from w2s_widgets._validation import FloatArray, choice, integer, real
from w2s_widgets.studies.study import Study, call_of
from w2s_widgets.theory.outcome import Outcome, Sides, measure_many
from w2s_widgets.theory.outcome_table import OutcomeTable

DIMENSION = 32
CAPACITY = 12
DRAWS = 100
MOST_LABELS = 320

TRUE_LABELS = (5, 10, 20, 40, 80, 160, 320)
EPS = (0.0, 0.02, 0.05, 0.1)
NOBODY = "none yet"
"""The choice of nobody; its outcome is the mean over all teachers, what drawing lots would bring."""

_BOTH_TAILS = 1.959963984540054  # of the normal distribution, for 95 %


class Teacher(NamedTuple):
    """What a teacher gets wrong.

    Parameters
    ----------
    name : str
        What readers call it.
    err_weak : float
        Its mean squared error; the truth's variance is 1.
    dropped : float
        Share of that error which the student cannot copy.
    lean : float
        From -1 to 1: how much the part that the student cannot copy lies along the student's blind spot.
        At 1 the teacher overdoes what the student is blind to, at -1 it leaves it out.
    """

    name: str
    err_weak: float
    dropped: float
    lean: float


TEACHERS = (
    Teacher("A", 0.20, 0.05, 0.0),
    Teacher("B", 0.27, 0.40, -0.6),
    Teacher("C", 0.36, 0.70, 0.2),
    Teacher("D", 0.32, 0.60, 0.9),
    Teacher("E", 0.40, 0.66, -0.9),
    Teacher("F", 0.48, 0.68, 0.5),
    Teacher("G", 0.23, 0.20, -0.3),
    Teacher("H", 0.42, 0.95, -0.4),
)
"""The teachers of the contest. The one with the smallest error does not make the best student."""


class TeacherSelection(Study):
    """Teachers of different quality and kind for one linear student, with everything exact but the labels.

    Inputs are standard normal in 32 directions, the student can express 12 of them, and the truth has
    variance 1. Teachers differ in how large their errors are and in how much of them the student can copy.
    All errors are population values; only ``err_weak`` is also estimated, from few true labels, as one has
    to in practice. The misfit needs none.

    Parameters
    ----------
    teachers : sequence of Teacher
        Names, errors and kinds.
    draws : int
        Number of independent draws of labelled inputs.
    seed : int
        Of the directions and the draws.

    Attributes
    ----------
    names : tuple of str
        The teachers, in order.

    Raises
    ------
    ValueError
        If there is no teacher or no draw.

    Notes
    -----
    If the blind spot is empty (the truth is realizable), the student of a teacher errs by exactly
    ``err_weak - misfit``, so the teacher with the smallest difference is the best one. With a blind spot of
    eps the student errs by ``eps`` more, while the difference falls by ``eps`` and by an amount that depends
    on how the teacher leans.

    Examples
    --------
    >>> contest = TeacherSelection()
    >>> best = min(contest.names, key=lambda name: contest.outcome(choice=name).err_student)
    >>> most_accurate = min(contest.names, key=lambda name: contest.outcome(choice=name).err_weak)
    >>> best, most_accurate
    ('H', 'A')
    >>> contest.outcome(choice="H").slack
    0.0
    """

    name = "Choosing a teacher"
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "choice": ("Your choice", "whose student will err least?"),
        "true_labels": ("True labels", "inputs with a right answer"),
        "draw": ("Draw", "which inputs have one"),
        "eps": ("Blind spot", "part of the truth out of reach"),
    }
    defaults: ClassVar[dict[str, Any]] = {
        "choice": NOBODY,
        "true_labels": 20,
        "draw": 1,
        "eps": 0.0,
    }

    def __init__(self, teachers: Sequence[Teacher] = TEACHERS, draws: int = DRAWS, seed: int = 0) -> None:
        if not teachers:
            raise ValueError("there are no teachers: give at least one.")
        integer("draws", draws, 1)
        self._recipe = (tuple(teachers), draws, seed)
        self.names = tuple(teacher.name for teacher in teachers)
        self.draws = draws
        rng = np.random.default_rng(seed)
        inside, outside = np.eye(DIMENSION)[:CAPACITY], np.eye(DIMENSION)[CAPACITY:]
        self._visible, self._blind = _unit(rng, inside, 1)[0], outside[0]
        copied = _unit(rng, inside, len(teachers))
        beside = _unit(rng, outside[1:], len(teachers))
        error, dropped, lean = np.array([teacher[1:] for teacher in teachers]).T[..., None]
        uncopied = lean * self._blind + np.sqrt(1 - lean**2) * beside
        self._errors: FloatArray = np.sqrt(error) * (
            np.sqrt(1 - dropped) * copied + np.sqrt(dropped) * uncopied
        )
        said = rng.standard_normal((draws, MOST_LABELS, DIMENSION)) @ self._errors.T
        self._mean_squares: FloatArray = np.cumsum(said**2, axis=1) / np.arange(1, MOST_LABELS + 1)[:, None]

    outcome = accepts_positions("choice", "eps")(Study.outcome)

    def truth(self, eps: ArrayLike = 0.0) -> FloatArray:
        """Return the truth's coefficients, shape (..., 32), with a share of its variance out of reach."""
        share = np.asarray(eps, dtype=np.float64)[..., None]
        if not ((share >= 0) & (share <= 1)).all():
            raise ValueError(f"eps is {eps!r}: give a share of the truth's variance, from 0 to 1.")
        coefficients: FloatArray = np.sqrt(1 - share) * self._visible + np.sqrt(share) * self._blind
        return coefficients

    def teachers(self, eps: ArrayLike = 0.0) -> FloatArray:
        """Return the coefficients of all teachers, shape (..., teachers, 32)."""
        return self.truth(eps)[..., None, :] + self._errors

    def students(self, eps: ArrayLike = 0.0) -> FloatArray:
        """Return the coefficients of each teacher's student, its projection on the first 12 directions."""
        students = self.teachers(eps)
        students[..., CAPACITY:] = 0
        return students

    @accepts_old("blind_spot")
    def sides(self, eps: ArrayLike = 0.0) -> Sides:
        """Return the exact sides of every teacher's triangle, each of shape (..., teachers).

        Examples
        --------
        >>> sides = TeacherSelection().sides(0.0)
        >>> bool(np.allclose(sides.err_weak - sides.misfit, sides.err_student))
        True
        """
        truth = self.truth(eps)[..., None, :]
        sides = measure_many(truth, self.teachers(eps), self.students(eps))
        # Over standard normal inputs an error is a length, and measure_many takes a mean over directions.
        return Sides(*(side * DIMENSION for side in sides))

    @property
    def axes(self) -> dict[str, tuple[Any, ...]]:
        """The choice, how many true labels it is made with, which draw of them, and the blind spot."""
        return {
            "choice": (NOBODY, *self.names),
            "true_labels": TRUE_LABELS,
            "draw": tuple(range(1, self.draws + 1)),
            "eps": EPS,
        }

    @property
    def code(self) -> str:
        """The expression in Python that makes this study."""
        return call_of(self, dict(zip(("teachers", "draws", "seed"), self._recipe, strict=True)))

    def _checked(self, name: str, value: Any) -> Any:
        return real(name, value, 0, 1) if name == "eps" else super()._checked(name, value)

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        found: list[Outcome | str] = []
        for setting in settings:
            sides, name = self.sides(setting["eps"]), setting["choice"]
            chosen = sides.mean() if name == NOBODY else sides.at(self.names.index(name))
            found.append(Outcome.from_sides(chosen, err_ceiling=setting["eps"], truth_variance=1.0))
        return found

    def _table(self) -> OutcomeTable:
        """Compute every state.

        ``extra`` holds ``estimated_error`` (that of the chosen teacher on the true labels), ``estimate``
        (that minus the misfit) and its interval, ``low`` to ``high``; of nobody the means over all.
        """
        axes = [self._axis(name) for name in self.axes]
        shape = tuple(len(axis.values) for axis in axes)

        def with_nobody(values: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([values.mean(axis=0, keepdims=True), values])

        exact = Sides(*(with_nobody(side.T)[:, None, None, :] for side in self.sides(EPS)))
        errors = np.stack([self.estimated_errors(n) for n in TRUE_LABELS])
        intervals = [error_interval(error, n) for error, n in zip(errors, TRUE_LABELS, strict=True)]
        low, high = (np.stack(ends) for ends in zip(*intervals, strict=True))
        seen = {
            name: with_nobody(np.moveaxis(values, -1, 0))[..., None]
            for name, values in {"estimate": errors, "low": low, "high": high}.items()
        }
        extra = {name: values - exact.misfit for name, values in seen.items()}
        extra["estimated_error"] = seen["estimate"]
        return OutcomeTable(
            axes,
            Sides(*(np.broadcast_to(side, shape) for side in exact)),
            err_ceiling=np.broadcast_to(EPS, shape),
            extra={name: np.broadcast_to(values, shape) for name, values in extra.items()},
            truth_variance=1.0,
        )

    def estimated_errors(self, true_labels: int) -> FloatArray:
        """Return every teacher's mean squared error on 1 to 320 true labels, shape (draws, teachers).

        More labels of a draw begin with its fewer ones.
        """
        count = integer("true_labels", true_labels, 1, MOST_LABELS)
        estimated: FloatArray = self._mean_squares[:, count - 1]
        return estimated

    @accepts_old("blind_spot")
    def picks(self, true_labels: int, eps: float = 0.0, *, by: str = "promise") -> NDArray[Any]:
        """Return for every draw the position of the teacher that a rule takes, shape (draws,).

        Parameters
        ----------
        true_labels : int
            How many true labels the rule sees.
        eps : float
            Share of the truth's variance that the student cannot express.
        by : {"promise", "err_weak"}
            Take the smallest estimate of ``err_weak - misfit``, or of ``err_weak`` alone.
        """
        choice("by", by, ("promise", "err_weak"))
        judged = self.estimated_errors(true_labels)
        if by == "promise":
            judged = judged - self.sides(eps).misfit
        return np.asarray(np.argmin(judged, axis=1))


def error_interval(error: ArrayLike, n: int) -> tuple[FloatArray, FloatArray]:
    """Return a 95 % interval for a mean squared error that was estimated from n labels.

    Parameters
    ----------
    error : array-like
        Means of n squared differences.
    n : int
        Number of labels.

    Returns
    -------
    low, high : numpy.ndarray
        Each of the shape of ``error``.

    Raises
    ------
    ValueError
        If there are fewer than 2 labels.

    Notes
    -----
    If the differences are normal with mean 0, ``n * error`` over its true value is chi-square with n
    degrees of freedom; its quantiles are taken by the approximation of Wilson and Hilferty (1931), which is
    good to a few percent at 5 labels. For differences with heavier tails the interval is too narrow.

    Examples
    --------
    >>> [round(float(end), 2) for end in error_interval(1.0, 20)]
    [0.59, 2.09]
    """
    if n < 2:
        raise ValueError(f"n is {n!r}: give at least 2 labels, since one says nothing about the spread.")
    middle, spread = 1 - 2 / (9 * n), _BOTH_TAILS * np.sqrt(2 / (9 * n))
    value = np.asarray(error, dtype=np.float64)
    return value / (middle + spread) ** 3, value / (middle - spread) ** 3


def _unit(rng: np.random.Generator, basis: FloatArray, count: int) -> FloatArray:
    """Draw unit vectors in the span of the rows of ``basis``, shape (count, dimension)."""
    drawn = rng.standard_normal((count, len(basis))) @ basis
    unit: FloatArray = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit
