"""Many teachers: gain against misfit with error bars, the ranking, and an explorer's static picture."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from w2s_widgets._numbers import DECIMALS, MINUS, NOISE, format_fixed
from w2s_widgets.display.palette import INK, ROLES, Role, teacher_marks
from w2s_widgets.display.text import sentence
from w2s_widgets.plots.axes import draw_field
from w2s_widgets.plots.page import Picture, add_panel, mark, new_figure, note, styled
from w2s_widgets.plots.triangle import explorer_page
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.ranking import Results, gain_misfit_correlation, rank_teachers, read_results

_KEY_LINE = 21
_ASIDE = (-4.0, -19.0)  # of the end of the diagonal's name from the diagonal, in points


@styled
def teacher_map(rows: Any, *, title: str = "", order: Sequence[str] | None = None) -> Picture:
    """Draw gain against misfit, one mark and one colour for each teacher, with error bars over splits.

    Parameters
    ----------
    rows : data frame, or iterable of mapping
        One row for each teacher and split, such as `FeatureStudy.scatter` or a sweep gives them.
    title : str
        Words above the figure.
    order : sequence of str, optional
        Teachers in the order of their marks; by default as they first appear.

    Returns
    -------
    Picture
        Marks are means over splits, bars one standard deviation to each side. Its text states how many
        there are, and the correlation of gain and misfit with its interval.

    Raises
    ------
    ValueError
        If the rows cannot be arranged by teacher and split, or ``order`` has other teachers.

    Examples
    --------
    >>> rows = [
    ...     {"teacher": name, "split": i, "err_weak": 1.0, "err_student": 1 - m, "misfit": m, "gain": m}
    ...     for i in range(2) for name, m in zip("abc", (0.1 + i / 9, 0.2, 0.3))
    ... ]
    >>> teacher_map(rows).alt.split(":")[0]
    'Gain against misfit of 3 teachers on 2 splits'
    """
    results, names, places = _read(rows, order)
    figure, axes = _chart(title)
    misfit, gain = results.misfit[places], results.gain[places]
    end = _draw_field(axes, misfit, gain)
    means = _draw_marks(figure, axes, names, misfit, gain)
    _write_diagonal(axes, 0.0, end, means)
    follows = gain_misfit_correlation(rows) if misfit.size > 1 else None
    return Picture(figure, _map_words(results, follows))


@styled
def ranking(rows: Any, *, title: str = "", order: Sequence[str] | None = None) -> Picture:
    """Draw each student's error against what its teacher's ``err_weak - misfit`` promised.

    Parameters
    ----------
    rows, title, order
        As in `teacher_map`.

    Returns
    -------
    Picture
        Means over splits, bars one standard deviation; on the line the promise is kept exactly. Its text
        states the rank correlation with its interval. The numbers are in `rank_teachers`.

    Raises
    ------
    ValueError
        As `teacher_map`.

    Examples
    --------
    >>> rows = [
    ...     {"teacher": name, "err_weak": 0.9, "err_student": 0.9 - m, "misfit": m, "gain": m}
    ...     for name, m in zip("abc", (0.1, 0.2, 0.3))
    ... ]
    >>> ranking(rows).alt.startswith("The student’s error against err_weak")
    True
    """
    results, names, places = _read(rows, order)
    figure, axes = _chart(title)
    promise, real = results.promise[places], results.err_student[places]
    reaches = np.array([_reach(promise), _reach(real)])
    low, high = float(reaches.min()), float(reaches.max())
    margin = 0.06 * (high - low) or 0.1
    extent = axes.get_window_extent()
    across = (high - low + 2 * margin) * extent.width / extent.height
    low, high = low - margin, high + margin
    axes.set_xlim(low, low + across)
    axes.set_ylim(low, high)
    axes.set_xlabel(f"err_weak {MINUS} misfit", labelpad=2)
    axes.set_ylabel("student’s error", color=ROLES["student"].light, labelpad=2)
    axes.plot([low, high], [low, high], color=INK["light"], linewidth=1.2)
    means = _draw_marks(figure, axes, names, promise, real)
    _write_diagonal(axes, low, high, means, "promise kept exactly")
    words = rank_teachers(rows).spearman.words if len(names) > 1 else "one teacher"
    versus = f"The student’s error against err_weak {MINUS} misfit"
    return Picture(figure, f"{versus} of {_count(results)}: {words}.")


@styled
def study_explorer_picture(outcomes: Mapping[str, Outcome], *, present: str, order: Sequence[str]) -> Picture:
    """Draw what a `StudyExplorer` leaves on a static page: triangle, ledger, and the map of all teachers."""
    outcome, looks, columns = outcomes[present], dict(zip(order, teacher_marks(len(order)), strict=True)), 3
    key = _KEY_LINE * -(-len(order) // columns)
    page = {"letters": 118, "room": key + 12, "height": 404 + key, "foot": 26}
    heading, class_words = "The map: one mark for each teacher", "here gain equals misfit"
    figure, axes = explorer_page(outcome, heading, class_words, **page)
    shown = [name for name in order if name in outcomes]
    misfit, gain = (
        np.array([[getattr(outcomes[name], side)] for name in shown]) for side in ("misfit", "gain")
    )
    end = _draw_field(axes, misfit, gain)
    axes.locator_params(nbins=4)
    for name, x, y in zip(shown, misfit[:, 0].tolist(), gain[:, 0].tolist(), strict=True):
        size, width = (12, 1.8) if name == present else (7, 0.6)
        _mark(axes, x, y, looks[name], size=size, width=width)
    _write_diagonal(axes, 0.0, end, np.column_stack([misfit, gain]))
    for i, (name, look) in enumerate(looks.items()):
        across, up = 10 + (i % columns) * 880 / columns, key + 52 - _KEY_LINE * (i // columns)
        _key_entry(figure, name, look, across, up, bold=name == present)
    return Picture(figure, sentence(outcome))


def _read(rows: Any, order: Sequence[str] | None) -> tuple[Results, list[str], list[int]]:
    """Return the results, its teachers in the order of their marks, and where each is in it."""
    results = read_results(rows)
    # Below rounding there is nothing to see, and a frame around it would show noise as a result.
    rounding = _rounding(results)
    results = replace(
        results,
        misfit=np.where(np.abs(results.misfit) <= rounding, 0.0, results.misfit),
        gain=np.where(np.abs(results.gain) <= rounding, 0.0, results.gain),
    )
    names = list(results.teachers if order is None else order)
    if sorted(names) != sorted(results.teachers):
        raise ValueError(f"order is {names}: give each of {', '.join(results.teachers)} once.")
    return results, names, [results.teachers.index(name) for name in names]


def _rounding(results: Results) -> float:
    return NOISE * float(max(results.err_weak.max(), results.err_student.max(), results.misfit.max()))


def _chart(title: str) -> tuple[Figure, Axes]:
    figure = new_figure(780, 500)
    axes = add_panel(figure, 66, 52, 480, 418 if title else 436)
    if title:
        axes.set_title(title)
    return figure, axes


def _draw_marks(
    figure: Figure, axes: Axes, names: Sequence[str], across: NDArray[Any], up: NDArray[Any]
) -> NDArray[Any]:
    """Draw each teacher's mean with bars over splits, and the key; return the means, shape (teachers, 2)."""
    means = np.column_stack([across.mean(axis=1), up.mean(axis=1)])
    spreads = _spread(across), _spread(up)
    for i, (name, look) in enumerate(zip(names, teacher_marks(len(names)), strict=True)):
        x, y = means[i].tolist()
        xerr, yerr = (None if spread is None else spread[i] for spread in spreads)
        bars: Any = {"ecolor": look.light, "elinewidth": 1.1, "capsize": 2}
        axes.errorbar(x, y, xerr=xerr, yerr=yerr, fmt="none", zorder=2, **bars)
        _mark(axes, x, y, look, size=9)
        _key_entry(figure, name, look, 562, 456 - _KEY_LINE * i, letters=32)
    return means


def _spread(values: NDArray[Any]) -> NDArray[Any] | None:
    return values.std(axis=1, ddof=1) if values.shape[1] > 1 else None


def _draw_field(axes: Axes, misfit: NDArray[Any], gain: NDArray[Any]) -> float:
    """Draw the field that holds all marks and bars; return where its diagonal ends."""
    right = 1.08 * _reach(misfit)[1] or 1.0
    lowest, highest = _reach(gain)
    extent = axes.get_window_extent()
    # One unit on both axes, so that the diagonal always rises at 45 degrees.
    low = min(0.0, 1.08 * lowest) - 0.03 * right
    tall = max(1.08 * highest - low, 0.5 * right, (right * 1.03) * extent.height / extent.width)
    across = tall * extent.width / extent.height
    return draw_field(axes, -0.03 * right, across - 0.03 * right, low, low + tall)


def _reach(values: NDArray[Any]) -> tuple[float, float]:
    """Return how far marks and bars go down and up."""
    means, spread = values.mean(axis=1), _spread(values)
    bars = np.zeros(len(means)) if spread is None else spread
    return float((means - bars).min()), float((means + bars).max())


def _mark(axes: Axes, x: float, y: float, look: Role, *, size: float, width: float = 0.7) -> None:
    size += 2 * (look.marker == "*")
    mark(axes, x, y, look, size, markeredgewidth=width, zorder=3 + (width > 1))


def _write_diagonal(
    axes: Axes, start: float, end: float, marks: NDArray[Any], words: str = "gain = misfit"
) -> None:
    """Name the diagonal below it, as near to its end as the marks, shape (marks, 2), leave room."""
    pixels = axes.transData.transform(marks)
    half = 3.8 * len(words)
    aside = np.array(_ASIDE) * axes.figure.dpi / 72

    def clearance(share: float) -> float:
        x, y = axes.transData.transform((start + share * (end - start),) * 2).tolist()
        middle = np.array([x, y]) + aside - half * 0.71
        away = pixels - middle
        along, across = (away[:, 0] + away[:, 1]) * 0.71, (away[:, 1] - away[:, 0]) * 0.71
        outside = np.hypot(np.maximum(np.abs(along) - half, 0), np.maximum(np.abs(across) - 6, 0))
        return float(min(outside.min(), 14.0))

    # Beyond so many pixels no place is better than another, and the first of them is nearest to the end.
    share = max(np.linspace(1.0, 0.3, 15).tolist(), key=clearance)
    at = start + share * (end - start)
    look = {"rotation": 45, "rotation_mode": "anchor", "zorder": 1.5}
    note(axes, words, (at, at), _ASIDE, ha="right", **look)


def _key_entry(
    figure: Figure, name: str, look: Role, left: float, up: float, *, letters: int = 44, bold: bool = False
) -> None:
    width, height = figure.canvas.get_width_height()
    figure.add_artist(
        Line2D(
            [(left + 7) / width], [up / height], linestyle="none", marker=look.marker,
            markersize=7.5 + (look.marker == "*"), color=look.light, markeredgecolor=INK["light"],
            markeredgewidth=0.6, transform=figure.transFigure,
        )
    )  # fmt: skip
    figure.text(
        (left + 18) / width, up / height, textwrap.shorten(name, letters, placeholder=" …"), fontsize=8.5,
        va="center", weight="bold" if bold else "normal",
    )  # fmt: skip


def _count(results: Results) -> str:
    teachers, splits = len(results.teachers), len(results.splits)
    words = f"{teachers} teacher{'s' * (teachers != 1)}"
    return words if splits == 1 else f"{words} on {splits} splits"


def _map_words(results: Results, follows: Any) -> str:
    def spread(name: str, values: NDArray[Any]) -> str:
        low, high = (format_fixed(float(value), DECIMALS) for value in (values.min(), values.max()))
        return f"{name} {low}" if low == high else f"{name} from {low} to {high}"

    below = int(np.sum(results.gain < results.misfit - _rounding(results)))
    return (
        f"Gain against misfit of {_count(results)}: {spread('misfit', results.misfit)}, "
        f"{spread('gain', results.gain)}; {below} of {results.gain.size} below the diagonal"
        + (f"; {follows.words}." if follows is not None else ".")
    )
