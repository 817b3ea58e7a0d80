"""What many teachers and splits say together: whether gain follows misfit, and how teachers rank."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._numbers import format_fixed, plain
from w2s_widgets._renamed import old_name
from w2s_widgets._rich_display import Displayed
from w2s_widgets._validation import FloatArray, integer

RESAMPLES = 2000

_NUMBERS = ("err_weak", "err_student", "misfit", "gain")
_METHOD = "bootstrap over teachers and splits"


@dataclass(frozen=True, eq=False)
class Results:
    """Numbers of every teacher on every split, arrays of shape (teachers, splits)."""

    teachers: tuple[str, ...]
    splits: tuple[Any, ...]
    err_weak: FloatArray
    err_student: FloatArray
    misfit: FloatArray
    gain: FloatArray

    @property
    def promise(self) -> FloatArray:
        """What Theorem 1 promises each student's error to be at most, ``err_weak - misfit``."""
        return self.err_weak - self.misfit


def read_results(rows: Any, *, teacher: str = "teacher", split: str = "split") -> Results:
    """Arrange rows of outcomes by teacher and split."""
    found: dict[tuple[str, Any], list[float]] = {}
    for row in _records(rows):
        for name in (teacher, *_NUMBERS):
            if name not in row:
                raise ValueError(f"a row has no {name!r}: give rows as scatter() or a sweep returns them.")
        numbers = [row[name] for name in _NUMBERS]
        if any(value is None or not math.isfinite(value) for value in numbers):
            continue
        key = (str(row[teacher]), row.get(split, 0))
        if key in found:
            raise ValueError(
                f"there are two rows of teacher {key[0]!r} on {split} {key[1]!r}: keep one setting of "
                "everything else."
            )
        found[key] = [float(value) for value in numbers]
    if not found:
        raise ValueError("there is no row with numbers: give at least one outcome.")
    teachers = tuple(dict.fromkeys(name for name, _ in found))
    splits = tuple(dict.fromkeys(number for _, number in found))
    for name in teachers:
        for number in splits:
            if (name, number) not in found:
                raise ValueError(
                    f"teacher {name!r} has no row on {split} {number!r}, as another has: give all of them."
                )
    numbers_of = np.array([[found[name, number] for number in splits] for name in teachers])
    return Results(teachers, splits, *np.moveaxis(numbers_of, -1, 0))


@dataclass(frozen=True)
class Correlation:
    """A correlation with its 95 % interval.

    Parameters
    ----------
    value : float
        The correlation over all rows; NaN where one of the two numbers never varies.
    low, high : float
        Ends of the interval.
    kind : str
        Which correlation, of what.
    teachers, splits, resamples : int
        Over how many teachers and splits, and how often they were drawn again.
    """

    value: float
    low: float
    high: float
    kind: str
    teachers: int
    splits: int
    resamples: int

    def __str__(self) -> str:
        return plain(self.words)

    @property
    def words(self) -> str:
        """Value, interval and how it was drawn, as cards and pictures write it."""
        over = f"{self.teachers} teachers"
        if self.splits > 1:
            over += f" and {self.splits} splits"
        low, high = format_fixed(self.low, 2), format_fixed(self.high, 2)
        return (
            f"{self.kind} {format_fixed(self.value, 2)} over {over} "
            f"(95 % interval {low} to {high}, {_METHOD}, {self.resamples} draws)"
        )


def gain_misfit_correlation(rows: Any, *, resamples: int = RESAMPLES, seed: int = 0) -> Correlation:
    """Correlate gain with misfit over teachers and splits, as a scatter plot of them shows it.

    The interval is by a two-way bootstrap: teachers and splits are each drawn again with replacement, and
    Pearson's correlation is computed over the drawn rows; the 2.5th and 97.5th percentile are its ends.
    Splits of the same data are no new data, so with few teachers the interval is wide, as it should be.
    Draws in which gain or misfit does not vary have no correlation and are left out.

    Parameters
    ----------
    rows : data frame, or iterable of mapping
        Such as `FeatureStudy.scatter` or a sweep gives them: one row for each teacher and split, with
        ``teacher``, ``split``, ``err_weak``, ``err_student``, ``misfit`` and ``gain``. Rows without numbers
        (failed ones) are left out; without a split there is one.
    resamples, seed : int
        How many draws, and their seed.

    Returns
    -------
    Correlation
        It prints as one sentence.

    Raises
    ------
    TypeError, ValueError
        If there are no rows with numbers, one lacks a name, two are of one teacher and split, a teacher has
        no row on a split that another has, or ``resamples`` is no whole number of at least 1.

    Examples
    --------
    >>> rows = [
    ...     {"teacher": name, "err_weak": 1.0, "err_student": 1 - 0.8 * m, "misfit": m, "gain": 0.8 * m}
    ...     for name, m in zip("abcd", (0.1, 0.2, 0.3, 0.4))
    ... ]
    >>> round(gain_misfit_correlation(rows).value, 9)
    1.0
    """
    results = read_results(rows)

    def over_rows(teachers: NDArray[Any], splits: NDArray[Any]) -> FloatArray:
        chosen = teachers[:, :, None], splits[:, None, :]
        flat = (len(teachers), -1)
        return _pearson(results.misfit[chosen].reshape(flat), results.gain[chosen].reshape(flat))

    return _bootstrapped(results, over_rows, "correlation of gain and misfit", resamples, seed)


@dataclass(frozen=True, eq=False)
class TeacherRanking(Displayed):
    """Teachers ranked by ``err_weak - misfit``, which needs no look at a student's errors, beside the truth.

    Made by `rank_teachers`. It prints as a table and shows as one in a notebook.

    Parameters
    ----------
    results : Results
        The numbers, teachers in the order of the ranking, the best promise first.
    spearman : Correlation
        Rank correlation of ``err_weak - misfit`` and the student's error, both as means over splits.
    """

    results: Results
    spearman: Correlation

    ladder = old_name("ladder", "results")

    @property
    def best(self) -> str:
        """The teacher that the ranking would choose."""
        return self.results.teachers[0]

    @property
    def regret(self) -> float:
        """How much more the chosen teacher's student errs than the best student, in the errors' unit."""
        errors = self.results.err_student.mean(axis=1)
        return float(errors[0] - errors.min())

    def as_rows(self) -> list[dict[str, Any]]:
        """Return one flat row for each teacher, means over splits and their standard deviations."""
        results = self.results
        numbers = {name: getattr(results, name) for name in ("err_weak", "misfit", "promise", "err_student")}
        real = _ranks(results.err_student.mean(axis=1)[None])[0]
        rows: list[dict[str, Any]] = []
        for i, teacher in enumerate(results.teachers):
            row: dict[str, Any] = {"rank": i + 1, "teacher": teacher}
            for name, values in numbers.items():
                row[name] = float(values[i].mean())
                row[f"{name}_sd"] = float(values[i].std(ddof=1)) if len(results.splits) > 1 else None
            rows.append({**row, "real_rank": _whole_or_half(real[i])})
        return rows

    __repr__ = Displayed.__str__


def rank_teachers(rows: Any, *, resamples: int = RESAMPLES, seed: int = 0) -> TeacherRanking:
    """Rank teachers by ``err_weak - misfit``, and say how well that ranks their students' errors.

    Theorem 1 promises that a student errs by at most ``err_weak - misfit`` if its class holds the truth; so
    where a few true labels are at hand the teacher with the smallest difference is the one to choose
    (Charikar, Pabbaraju and Shiragur 2024, their table of teachers). Both numbers are means over splits.
    The interval of Spearman's rank correlation is by a two-way bootstrap: teachers and splits are drawn
    again with replacement, and the 2.5th and 97.5th percentile are its ends.

    Parameters
    ----------
    rows, resamples, seed
        As in `gain_misfit_correlation`.

    Returns
    -------
    TeacherRanking

    Raises
    ------
    TypeError, ValueError
        As `gain_misfit_correlation`.

    Examples
    --------
    >>> rows = [
    ...     {"teacher": "poor", "err_weak": 0.9, "misfit": 0.5, "err_student": 0.5, "gain": 0.4},
    ...     {"teacher": "good", "err_weak": 0.6, "misfit": 0.1, "err_student": 0.52, "gain": 0.08},
    ... ]
    >>> ranking = rank_teachers(rows)
    >>> ranking.best, ranking.regret
    ('poor', 0.0)
    """
    results = read_results(rows)
    order = np.argsort(results.promise.mean(axis=1), kind="stable")
    ranked = Results(
        tuple(results.teachers[i] for i in order),
        results.splits,
        *(getattr(results, name)[order] for name in _NUMBERS),
    )

    def over_teachers(teachers: NDArray[Any], splits: NDArray[Any]) -> FloatArray:
        chosen = teachers[:, :, None], splits[:, None, :]
        promise, real = (values[chosen].mean(axis=2) for values in (ranked.promise, ranked.err_student))
        return _pearson(_ranks(promise), _ranks(real))

    kind = "rank correlation of err_weak \N{MINUS SIGN} misfit and the student’s error"
    return TeacherRanking(ranked, _bootstrapped(ranked, over_teachers, kind, resamples, seed))


def _bootstrapped(
    results: Results,
    statistic: Callable[[NDArray[Any], NDArray[Any]], FloatArray],
    kind: str,
    resamples: int,
    seed: int,
) -> Correlation:
    count = integer("resamples", resamples, 1)
    rng = np.random.default_rng(seed)
    teachers, splits = len(results.teachers), len(results.splits)
    value = float(statistic(np.arange(teachers)[None], np.arange(splits)[None])[0])
    drawn = statistic(
        rng.integers(teachers, size=(count, teachers)), rng.integers(splits, size=(count, splits))
    )
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.percentile(drawn, [2.5, 97.5]).tolist() if drawn.size else (math.nan, math.nan)
    return Correlation(value, low, high, kind, teachers, splits, count)


def _pearson(x: FloatArray, y: FloatArray) -> FloatArray:
    """Correlate rows, shape (draws, values); NaN where one of the two does not vary."""
    x, y = (values - values.mean(axis=1, keepdims=True) for values in (x, y))
    lengths = [np.sqrt(np.sum(values**2, axis=1)) for values in (x, y)]
    varies = np.all([length > 1e-12 for length in lengths], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.sum(x * y, axis=1) / (lengths[0] * lengths[1])
    return np.where(varies, np.clip(correlation, -1, 1), np.nan)


def _ranks(values: FloatArray) -> FloatArray:
    """Rank within rows from 1, equal values sharing the mean of their ranks."""
    # scipy.stats has it, and takes a second to import, in every chapter that ranks.
    below = values[:, :, None] > values[:, None, :]
    equal = values[:, :, None] == values[:, None, :]
    ranks: FloatArray = below.sum(axis=2) + (equal.sum(axis=2) + 1) / 2
    return ranks


def _whole_or_half(rank: float) -> int | float:
    return int(rank) if rank == int(rank) else float(rank)


def _records(rows: Any) -> Iterable[Mapping[str, Any]]:
    if hasattr(rows, "to_dict"):  # a data frame
        records: list[Mapping[str, Any]] = rows.to_dict("records")
        return records
    return list(rows)
