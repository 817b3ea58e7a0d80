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
from w2s_widgets._validation import FloatArray, choice, integer

RESAMPLES = 2000
Families = Mapping[str, Any] | None

_NUMBERS = ("err_weak", "err_student", "misfit", "gain")
_UNRELATED = "bootstrap over teachers, as if unrelated, and splits"


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
    families : int or None
        How many families of teachers were drawn as wholes; ``None`` if teachers were, as if unrelated.
    """

    value: float
    low: float
    high: float
    kind: str
    teachers: int
    splits: int
    resamples: int
    families: int | None = None

    def __str__(self) -> str:
        return plain(self.words)

    @property
    def words(self) -> str:
        """Value, interval and how it was drawn, as cards and pictures write it."""
        over = f"{self.teachers} teachers"
        if self.splits > 1:
            over += f" and {self.splits} splits"
        low, high = format_fixed(self.low, 2), format_fixed(self.high, 2)
        method = (
            _UNRELATED if self.families is None else f"bootstrap over {self.families} families and splits"
        )
        return (
            f"{self.kind} {format_fixed(self.value, 2)} over {over} "
            f"(95 % interval {low} to {high}, {method}, {self.resamples} draws)"
        )


def gain_misfit_correlation(
    rows: Any, *, families: Families = None, resamples: int = RESAMPLES, seed: int = 0
) -> Correlation:
    """Correlate gain with misfit over teachers and splits, as a scatter plot of them shows it.

    The interval is by a two-way bootstrap: teachers and splits are each drawn again with replacement, and
    Pearson's correlation is computed over the drawn rows; the 2.5th and 97.5th percentile are its ends.
    Splits of the same data are no new data, so with few teachers the interval is wide, as it should be.
    Draws in which gain or misfit does not vary have no correlation and are left out.

    Teachers are drawn as if they were unrelated. Where they are relatives (layers of one model, sizes of one
    kind) the interval is then too short: with 2 or 3 families that share 60 % of the variance it holds in 81
    to 86 % and not 95 %. If ``families`` are known whole families are drawn; with only two or three of them
    no interval is to be trusted.

    Parameters
    ----------
    rows : data frame, or iterable of mapping
        Such as `FeatureStudy.scatter` or a sweep gives them: one row for each teacher and split, with
        ``teacher``, ``split``, ``err_weak``, ``err_student``, ``misfit`` and ``gain``. Rows without numbers
        (failed ones) are left out; without a split there is one.
    families : mapping of str to hashable, optional
        The family of each teacher, by its name.
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

    kind = "correlation of gain and misfit"
    return _bootstrapped(results, over_rows, kind, resamples, seed, families)


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


def rank_teachers(
    rows: Any, *, families: Families = None, resamples: int = RESAMPLES, seed: int = 0
) -> TeacherRanking:
    """Rank teachers by ``err_weak - misfit``, and say how well that ranks their students' errors.

    Theorem 1 promises that a student errs by at most ``err_weak - misfit`` if its class holds the truth; so
    where a few true labels are at hand the teacher with the smallest difference is the one to choose
    (Charikar, Pabbaraju and Shiragur 2024, their table of teachers). Both numbers are means over splits.
    The interval of Spearman's rank correlation is by a two-way bootstrap: teachers and splits are drawn
    again with replacement, and the 2.5th and 97.5th percentile are its ends.

    Parameters
    ----------
    rows, families, resamples, seed
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
    return TeacherRanking(ranked, _bootstrapped(ranked, over_teachers, kind, resamples, seed, families))


def compare_rankings(
    rows: Any,
    rule: str | Mapping[str, float] = "promise",
    rival: str | Mapping[str, float] = "err_weak",
    *,
    families: Families = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Correlation:
    """Say how much better one rule ranks teachers than another, with a paired interval.

    Both rules' rank correlations with the student's error are computed on the same drawn teachers and splits,
    and their difference is what has an interval. (Two intervals that overlap do not answer that: both rules
    see the same teachers, and what is easy for one is easy for the other.)

    Parameters
    ----------
    rows, families, resamples, seed
        As in `gain_misfit_correlation`.
    rule, rival : str or mapping of str to float
        What ranks the teachers, the smaller the better: ``"promise"`` (err_weak - misfit), ``"err_weak"``,
        ``"misfit"``, or a number of your own for each teacher, such as minus its width.

    Returns
    -------
    Correlation
        Its value is the difference, above 0 where the rule ranks better than its rival.

    Raises
    ------
    TypeError, ValueError
        As `gain_misfit_correlation`, and if a rule is not known or lacks a teacher.

    Examples
    --------
    >>> rows = [
    ...     {"teacher": name, "err_weak": 0.5, "err_student": e, "misfit": 0.5 - e, "gain": 0.5 - e}
    ...     for name, e in zip("abcd", (0.1, 0.2, 0.3, 0.4))
    ... ]
    >>> compare_rankings(rows, "promise", {"a": 1, "b": 2, "c": 4, "d": 3}).value.__round__(6)
    0.2
    """
    results = read_results(rows)
    numbers = [_rule(results, given) for given in (rule, rival)]

    def difference(teachers: NDArray[Any], splits: NDArray[Any]) -> FloatArray:
        chosen = teachers[:, :, None], splits[:, None, :]
        real = _ranks(results.err_student[chosen].mean(axis=2))
        one, other = (_pearson(_ranks(values[chosen].mean(axis=2)), real) for values in numbers)
        return one - other

    words = ["a number of its own" if isinstance(given, Mapping) else given for given in (rule, rival)]
    kind = f"rank correlation with the student’s error by {words[0]} less that by {words[1]}, paired,"
    return _bootstrapped(results, difference, kind, resamples, seed, families)


def _rule(results: Results, given: str | Mapping[str, float]) -> FloatArray:
    """Return a rule's number of every teacher on every split."""
    if isinstance(given, str):
        numbers: FloatArray = getattr(results, choice("rule", given, ("promise", "err_weak", "misfit")))
        return numbers
    missing = [name for name in results.teachers if name not in given]
    if missing:
        raise ValueError(f"the rule has no number for teacher {missing[0]!r}: give one for each.")
    column = np.array([[float(given[name])] for name in results.teachers])
    return np.broadcast_to(column, results.misfit.shape)


def _bootstrapped(
    results: Results,
    statistic: Callable[[NDArray[Any], NDArray[Any]], FloatArray],
    kind: str,
    resamples: int,
    seed: int,
    families: Families = None,
) -> Correlation:
    count = integer("resamples", resamples, 1)
    rng = np.random.default_rng(seed)
    teachers, splits = len(results.teachers), len(results.splits)
    value = float(statistic(np.arange(teachers)[None], np.arange(splits)[None])[0])
    if families is None:
        drawn = statistic(
            rng.integers(teachers, size=(count, teachers)), rng.integers(splits, size=(count, splits))
        )
    else:
        members = _members(results.teachers, families)
        drawn = np.concatenate(
            [
                # Families differ in size, and so do draws.
                statistic(
                    np.concatenate([members[one] for one in rng.integers(len(members), size=len(members))])[
                        None
                    ],
                    rng.integers(splits, size=(1, splits)),
                )
                for _ in range(count)
            ]
        )
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.percentile(drawn, [2.5, 97.5]).tolist() if drawn.size else (math.nan, math.nan)
    number = None if families is None else len(_members(results.teachers, families))
    return Correlation(value, low, high, kind, teachers, splits, count, number)


def _members(teachers: tuple[str, ...], families: Mapping[str, Any]) -> list[NDArray[Any]]:
    """Return the places of each family's teachers."""
    missing = [name for name in teachers if name not in families]
    if missing:
        raise ValueError(f"families has no family for teacher {missing[0]!r}: give one for each.")
    found: dict[Any, list[int]] = {}
    for place, name in enumerate(teachers):
        found.setdefault(families[name], []).append(place)
    return [np.array(places) for places in found.values()]


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
