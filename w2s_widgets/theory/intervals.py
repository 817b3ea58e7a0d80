"""`outcome_intervals`: how far the numbers of one outcome could be others with other test inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._rich_display import Displayed
from w2s_widgets._validation import FloatArray, as_float_array, integer, real, same_shape
from w2s_widgets.theory.outcome import measure

RESAMPLES = 2000
FEWEST_UNITS = 30
"""Of fewer independent test inputs (or groups of them) the intervals were seen to miss too often."""

_MOST_UNITS = 1000
"""More units are dealt into so many blocks at random: the interval is the same, and takes no longer."""
_DOMINANT = 2 / 3
"""One unit with a larger share of a number's squared deviations decides alone how wide its interval is."""
_AT_ONCE = 250
_NO_ERROR = 1e-7
_LARGEST_EXPONENT = 300.0
_POSITIVE = ("err_weak", "err_student", "misfit", "err_ceiling")


class Interval(NamedTuple):
    """A number, and the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class OutcomeIntervals(Displayed):
    """The numbers of one outcome with intervals: what other test inputs could have made of the same fits.

    Made by `outcome_intervals`. Teacher, student and ceiling stay as they were fitted: other labels, other
    inputs to learn from or another split move the numbers more than these intervals say.

    Parameters
    ----------
    err_weak, err_student, misfit, gain, slack : Interval
        Value and ends, in the squared unit of the truth.
    err_ceiling, pgr : Interval or None
        ``None`` without a ceiling, and for ``pgr`` where the interval of its denominator, the gap between
        teacher and ceiling, reaches 0.
    level : float
        How often such intervals hold the number over all inputs.
    n, units : int
        Test inputs, and how many of them (or groups) were drawn independently.
    grouped : bool
        Whether whole groups were resampled.
    doubt : str
        Why the intervals are not to be trusted, in a sentence; empty if nothing speaks against them.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.standard_normal(200)
    >>> teacher, student = truth + rng.standard_normal(200), truth + 0.5 * rng.standard_normal(200)
    >>> found = outcome_intervals(truth, teacher, student)
    >>> found.gain.low < found.gain.value < found.gain.high, found.pgr, found.doubt
    (True, None, '')
    """

    err_weak: Interval
    err_student: Interval
    misfit: Interval
    gain: Interval
    slack: Interval
    err_ceiling: Interval | None
    pgr: Interval | None
    level: float
    n: int
    units: int
    grouped: bool
    doubt: str

    def __iter__(self) -> Iterator[tuple[str, Interval]]:
        """Go through names and intervals of all numbers that are known."""
        for name in ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling", "pgr"):
            found = getattr(self, name)
            if found is not None:
                yield name, found

    def as_dict(self) -> dict[str, float | int | None]:
        """Return one flat row for a table, such as ``gain``, ``gain_low``, ``gain_high``.

        Examples
        --------
        >>> row = outcome_intervals(range(9), [1] * 9, range(1, 10)).as_dict()
        >>> row["n"], row["gain_low"] <= row["gain"] <= row["gain_high"], "pgr_low" in row
        (9, True, False)
        """
        row: dict[str, float | int | None] = {"n": self.n, "units": self.units, "level": self.level}
        for name, found in self:
            row |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
        return row

    __repr__ = Displayed.__str__


def outcome_intervals(
    truth: ArrayLike,
    teacher: ArrayLike,
    student: ArrayLike,
    ceiling: ArrayLike | None = None,
    *,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> OutcomeIntervals:
    """Give the numbers of one outcome intervals, by a paired bootstrap over the test inputs.

    Rows are drawn again with replacement, the values of truth, teacher, student and ceiling together, so
    that what the functions share cancels in their differences. The fits stay as they are. In each draw the
    number is studentised, that is, divided by its own standard error (bootstrap-t, Efron 1979; Hall 1988):
    squares of errors are skewed, and plain percentiles of them are too short at the upper end. Squared
    distances are studentised on the scale of their logarithm, differences and ratios symmetrically.

    Parameters
    ----------
    truth, teacher, student, ceiling : array-like of shape (n,) or (n, outputs)
        As in `measure`, on inputs that no fit has seen. All outputs of an input are drawn together.
    groups : array-like of shape (n,), optional
        A group's name for each input. Inputs of one group resemble each other (several sentences of one
        text, molecules with one scaffold), so whole groups are drawn.
    level : float
        Share of such intervals that hold the number over all inputs.
    resamples, seed : int
        How many draws, and their seed.

    Returns
    -------
    OutcomeIntervals
        It prints as a table. Where there are few units, or one of them decides all, it says so.

    Raises
    ------
    TypeError, ValueError
        As `measure`, and if there are fewer than two units, or an option is out of its range.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> truth, noise = rng.standard_normal(300), rng.standard_normal(300)
    >>> found = outcome_intervals(truth, truth + noise, truth + 0.8 * noise, truth + 0.1)
    >>> found.gain.low > 0, found.slack.low <= found.slack.value <= found.slack.high
    (True, True)
    >>> round(found.pgr.value, 1), found.pgr.high - found.pgr.low < 0.1
    (0.4, True)
    """
    outcome = measure(truth, teacher, student, ceiling)
    level, count = real("level", level, above=0, below=1), integer("resamples", resamples, 100)
    integer("seed", seed)
    arrays = {"truth": truth, "teacher": teacher, "student": student}
    if ceiling is not None:
        arrays["ceiling"] = ceiling
    rows = {name: _rows(values, name) for name, values in arrays.items()}
    same_shape(**rows)
    unit_of = _unit_of(groups, len(rows["truth"]))
    rng = np.random.default_rng(seed)
    units = int(unit_of.max()) + 1
    if units < 2:
        raise ValueError("all inputs are of one group: give at least two, so that they can be drawn again.")
    blocks = unit_of if units <= _MOST_UNITS else (rng.permutation(units) % _MOST_UNITS)[unit_of]
    scores = _scores(rows)
    sums: dict[str, FloatArray] = {
        name: np.bincount(blocks, values).astype(np.float64) for name, values in scores.items()
    }
    drawn = min(units, _MOST_UNITS)
    draws = np.empty((count, drawn))
    for start in range(0, count, _AT_ONCE):
        some = draws[start : start + _AT_ONCE]
        some[:] = rng.multinomial(drawn, np.full(drawn, 1 / drawn), size=len(some))
    found: dict[str, Interval | None] = {"err_ceiling": None, "pgr": None}
    for name in (*_POSITIVE, "gain", "slack"):
        if name in sums:
            value = float(getattr(outcome, name))
            found[name] = _interval(value, sums[name], sums["n"], draws, level, name in _POSITIVE)
    if "gap" in sums:
        gap = _interval(float(scores["gap"].mean()), sums["gap"], sums["n"], draws, level, False)
        if gap.low > 0:
            value = float(outcome.gain / gap.value)
            found["pgr"] = _interval(value, sums["gain"], sums["gap"], draws, level, False)
    return OutcomeIntervals(
        **found,  # type: ignore[arg-type]
        level=level,
        n=len(unit_of),
        units=units,
        grouped=units < len(unit_of),
        doubt=_doubt(scores, unit_of, units, grouped=units < len(unit_of)),
    )


def _rows(values: Any, name: str) -> FloatArray:
    array = as_float_array(values, name)
    return array.reshape(len(array), -1)


def _unit_of(groups: ArrayLike | None, n: int) -> NDArray[np.int64]:
    if groups is None:
        return np.arange(n)
    names = np.asarray(groups)
    if names.shape != (n,):
        raise ValueError(
            f"groups has shape {names.shape} but there are {n} inputs: give a group's name for each input."
        )
    _, first, number = np.unique(names.astype(str), return_index=True, return_inverse=True)
    # In the order in which they appear: inputs that are groups of one are drawn as inputs are.
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return np.asarray(place[number], dtype=np.int64)


def _scores(rows: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return what each input adds to each number; means over inputs are the outcome's numbers."""
    f, g, s = rows["truth"], rows["teacher"], rows["student"]
    weak, left, copied = g - f, s - f, s - g
    scores = {
        "n": np.ones(len(f)),
        "err_weak": np.mean(weak * weak, axis=1),
        "err_student": np.mean(left * left, axis=1),
        "misfit": np.mean(copied * copied, axis=1),
        "gain": -np.mean(copied * (weak + left), axis=1),
        "slack": -2 * np.mean(left * copied, axis=1),
    }
    if "ceiling" in rows:
        best = rows["ceiling"] - f
        scores["err_ceiling"] = np.mean(best * best, axis=1)
        scores["gap"] = np.mean((weak - best) * (weak + best), axis=1)
    return scores


def _interval(
    value: float, over: FloatArray, under: FloatArray, draws: FloatArray, level: float, positive: bool
) -> Interval:
    """Return the interval of a ratio of sums over units, such as a mean over all their inputs."""
    units, total = len(over), float(under.sum())
    ratio = float(over.sum()) / total
    # From here on all is seen from the ratio itself: nearly equal sums would cancel.
    rest = over - ratio * under
    spread = math.sqrt(units / (units - 1) * float(rest @ rest))
    size = spread / abs(total)
    if not size > 0 or not math.isfinite(size):
        return Interval(value, value, value)
    moments = draws @ np.stack([rest, under, rest * rest, rest * under, under * under], axis=1)
    moved, below, squares, mixed, weights = moments.T
    with np.errstate(divide="ignore", invalid="ignore"):
        step = moved / below
        variance = squares - 2 * step * mixed + step * step * weights
        error = np.sqrt(np.maximum(units / (units - 1) * variance, 0)) / np.abs(below)
        # A draw in which nothing varies has no standard error, whatever rounding says.
        error[error <= _NO_ERROR * size] = np.nan
        if positive and ratio > 0:
            relative = np.log1p(step / ratio) / (error / (ratio + step))
            # Draws from these inputs spread a little less than inputs do, as Student's t says of the normal.
            wider = 1 + 1.2 / units
            low, high = (wider * end for end in _quantiles(relative, level))
            ends = tuple(value * math.exp(min(-end * size / ratio, _LARGEST_EXPONENT)) for end in (high, low))
        else:
            studentised = np.abs(step) / error
            reach = size * _quantile(studentised, level)
            ends = value - reach, value + reach
    return Interval(value, *ends)


def _quantiles(values: FloatArray, level: float) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2]).tolist() if known.size else (0.0, 0.0)
    return low, high


def _quantile(values: FloatArray, level: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.quantile(known, level)) if known.size else 0.0


def _doubt(scores: dict[str, FloatArray], unit_of: NDArray[np.int64], units: int, *, grouped: bool) -> str:
    """Say why the intervals are not to be trusted, or nothing."""
    kind = "groups of test inputs" if grouped else "test inputs"
    if units < FEWEST_UNITS:
        return (
            f"There are only {units} {kind}: these intervals hold less often than they say, and at least "
            f"{FEWEST_UNITS} are needed to trust them."
        )
    sizes = np.bincount(unit_of)
    for name in ("gain", "misfit"):
        sums = np.bincount(unit_of, scores[name])
        rest = sums - scores[name].mean() * sizes
        squares = rest * rest
        if squares.sum() > 0 and squares.max() > _DOMINANT * squares.sum():
            one = "group" if grouped else "input"
            where = int(np.flatnonzero(unit_of == squares.argmax())[0])
            return (
                f"One {one} (that of test row {where}) makes {squares.max() / squares.sum():.0%} of the "
                f"spread of the {name}: the intervals rest on it alone, so do not trust them."
            )
    return ""
