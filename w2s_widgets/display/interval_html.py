"""How intervals of an outcome are written: beside a number, as a table of text, and as a card."""

from __future__ import annotations

from w2s_widgets._numbers import format_fixed, format_number
from w2s_widgets.display.html import Row, card, columns, paragraph
from w2s_widgets.theory.intervals import Interval, OutcomeIntervals

_ROLES = {"err_weak": "teacher", "err_student": "student", "err_ceiling": "ceiling", "pgr": "ink"}


def interval_words(interval: Interval, scale: float = 1.0) -> str:
    """Write a number with its interval.

    Examples
    --------
    >>> interval_words(Interval(0.25, 0.125, 0.5))
    '0.250 [0.125, 0.500]'
    """
    value, low, high = (format_number(number, scale=scale) for number in interval)
    return f"{value} [{low}, {high}]"


def intervals_text(intervals: OutcomeIntervals) -> str:
    """Write all numbers of an outcome with their intervals, a line for each."""
    lines = [f"  {name:<11}  {words}" for name, words in _words(intervals).items()]
    return "\n".join([intervals_sentence(intervals), *lines])


def intervals_sentence(intervals: OutcomeIntervals) -> str:
    """Say what the intervals are about, and whether to trust them."""
    units = f"{intervals.n:,} test inputs"
    if intervals.grouped:
        units = f"{intervals.units:,} groups of {units}"
    level = format_fixed(100 * intervals.level, 0 if round(100 * intervals.level, 9) % 1 == 0 else 1)
    about = f"{level} % intervals by resampling {units} (studentised bootstrap); the fits stay as they are."
    if intervals.err_ceiling is not None and intervals.pgr is None:
        about += " PGR has none: teacher and ceiling are not told apart on these inputs."
    return f"{about} {intervals.doubt}".rstrip()


def intervals_card(intervals: OutcomeIntervals) -> str:
    """Return the HTML that a notebook shows for intervals."""
    rows = (Row(name, _ROLES.get(name, name), words, "") for name, words in _words(intervals).items())
    return card(paragraph(intervals_sentence(intervals)), columns("Numbers and intervals", rows))


def _words(intervals: OutcomeIntervals) -> dict[str, str]:
    scale = max(intervals.err_weak.value, intervals.err_student.value, intervals.misfit.value)
    return {
        "PGR" if name == "pgr" else name: interval_words(found, 1.0 if name == "pgr" else scale)
        for name, found in intervals
    }
