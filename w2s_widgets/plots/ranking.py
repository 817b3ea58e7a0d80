"""Many teachers: gain against misfit with error bars, the ranking, and an explorer's static picture."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from w2s_widgets._numbers import MINUS, format_fixed
from w2s_widgets.display.palette import INK, PAPER, ROLES, Role, teacher_marks
from w2s_widgets.display.text import sentence
from w2s_widgets.plots.panels import QUIET, draw_ledger, draw_triangle
from w2s_widgets.plots.picture import Picture, add_panel, new_figure, styled
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.ranking import Results, gain_misfit_correlation, rank_teachers, read_results

_SHADE = "#e3f1ee"
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
    results = read_results(rows)
    names = _ordered(results.teachers, order)
    places = [results.teachers.index(name) for name in names]
    looks = teacher_marks(len(names))
    figure = new_figure(780, 500)
    axes = add_panel(figure, 66, 52, 480, 418 if title else 436)
    misfit, gain = results.misfit[places], results.gain[places]
    end = _draw_field(axes, misfit, gain)
    spreads = (_spread(misfit), _spread(gain))
    for i, look in enumerate(looks):
        axes.errorbar(
            misfit[i].mean(), gain[i].mean(),
            xerr=None if spreads[0] is None else spreads[0][i],
            yerr=None if spreads[1] is None else spreads[1][i],
            fmt="none", ecolor=look.light, elinewidth=1.1, capsize=2, zorder=2,
        )  # fmt: skip
        _mark(axes, float(misfit[i].mean()), float(gain[i].mean()), look, size=9)
    _write_diagonal(axes, 0.0, end, np.column_stack([misfit.mean(axis=1), gain.mean(axis=1)]))
    _draw_key(figure, names, looks, 562, 470)
    if title:
        axes.set_title(title)
    follows = gain_misfit_correlation(rows) if misfit.size > 1 else None
    return Picture(figure, _map_words(results, names, follows))


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
    results = read_results(rows)
    names = _ordered(results.teachers, order)
    places = [results.teachers.index(name) for name in names]
    looks = teacher_marks(len(names))
    promise, real = results.promise[places], results.err_student[places]
    figure = new_figure(780, 500)
    axes = add_panel(figure, 66, 52, 480, 418 if title else 436)
    reaches = np.array([_reach(promise), _reach(real)])
    low, high = float(reaches.min()), float(reaches.max())
    margin = 0.06 * (high - low) or 0.1
    across = (high - low + 2 * margin) * 480 / (418 if title else 436)
    axes.set_xlim(low - margin, low - margin + across)
    axes.set_ylim(low - margin, high + margin)
    axes.set_xlabel(f"err_weak {MINUS} misfit", labelpad=2)
    axes.set_ylabel("student’s error", color=ROLES["student"].light, labelpad=2)
    axes.plot([low - margin, high + margin], [low - margin, high + margin], color=INK["light"], linewidth=1.2)
    spreads = (_spread(promise), _spread(real))
    for i, look in enumerate(looks):
        axes.errorbar(
            promise[i].mean(), real[i].mean(),
            xerr=None if spreads[0] is None else spreads[0][i],
            yerr=None if spreads[1] is None else spreads[1][i],
            fmt="none", ecolor=look.light, elinewidth=1.1, capsize=2, zorder=2,
        )  # fmt: skip
        _mark(axes, float(promise[i].mean()), float(real[i].mean()), look, size=9)
    marks = np.column_stack([promise.mean(axis=1), real.mean(axis=1)])
    _write_diagonal(axes, low - margin, high + margin, marks, "promise kept exactly")
    _draw_key(figure, names, looks, 562, 470)
    if title:
        axes.set_title(title)
    words = str(rank_teachers(rows).spearman) if len(names) > 1 else "one teacher"
    return Picture(
        figure,
        f"The student’s error against err_weak {MINUS} misfit of {_count(results)}: {words}.",
    )


@styled
def study_explorer_picture(outcomes: Mapping[str, Outcome], *, present: str, order: Sequence[str]) -> Picture:
    """Draw what a `StudyExplorer` leaves on a static page: triangle, ledger, and the map of all teachers.

    Parameters
    ----------
    outcomes : mapping of str to Outcome
        Every teacher's outcome at the present setting.
    present : str
        The chosen teacher.
    order : sequence of str
        All teachers, in the order of their marks.

    Returns
    -------
    Picture
        900 pixels wide; its text is the present outcome's sentence.

    Examples
    --------
    >>> import w2s_widgets as w2s
    >>> outcome = w2s.measure(truth=[2, 0], teacher=[0, 2], student=[0, 0])
    >>> study_explorer_picture({"a": outcome}, present="a", order=["a"]).alt[:38]
    'The student beats its teacher by 2.000'
    """
    outcome, words = outcomes[present], sentence(outcomes[present])
    names, looks = list(order), teacher_marks(len(order))
    columns = 3
    lines = -(-len(names) // columns)
    width, height = 900, 404 + _KEY_LINE * lines
    figure = new_figure(width, height)
    top = height - 20
    headings = ("The triangle", "The ledger: promised and paid", "The map: one mark for each teacher")
    for left, heading in zip((10, 322, 628), headings, strict=True):
        figure.text(left / width, top / height, heading, fontsize=9, weight="bold", va="center")
    bottom = _KEY_LINE * lines + 78
    draw_triangle(
        add_panel(figure, 0, bottom, 310, 290), outcome, 310, 290, class_words="here gain equals misfit"
    )
    draw_ledger(add_panel(figure, 322, bottom + 22, 270, 272), outcome)
    axes = add_panel(figure, 662, bottom + 40, 228, 244)
    shown = [name for name in names if name in outcomes]
    misfit, gain = (
        np.array([[getattr(outcomes[name], side)] for name in shown]) for side in ("misfit", "gain")
    )
    end = _draw_field(axes, misfit, gain)
    axes.locator_params(nbins=4)
    for name, x, y in zip(shown, misfit[:, 0].tolist(), gain[:, 0].tolist(), strict=True):
        chosen = name == present
        _mark(axes, x, y, looks[names.index(name)], size=12 if chosen else 7, width=1.8 if chosen else 0.6)
    _write_diagonal(axes, 0.0, end, np.column_stack([misfit, gain]))
    for i, (name, look) in enumerate(zip(names, looks, strict=True)):
        across = 10 + (i % columns) * (width - 20) / columns
        _key_entry(figure, name, look, across, bottom - 26 - _KEY_LINE * (i // columns), bold=name == present)
    figure.text(0.5, 26 / height, _balanced(words, 118), fontsize=9.5, ha="center", va="center")
    return Picture(figure, words)


def _balanced(words: str, width: int) -> str:
    # Lines of about the same length, so that no last word stands alone.
    lines = -(-len(words) // width)
    return textwrap.fill(words, min(width, len(words) // lines + 12))


def _ordered(teachers: Sequence[str], order: Sequence[str] | None) -> list[str]:
    if order is None:
        return list(teachers)
    if sorted(order) != sorted(teachers):
        raise ValueError(f"order is {list(order)}: give each of {', '.join(teachers)} once.")
    return list(order)


def _spread(values: NDArray[Any]) -> NDArray[Any] | None:
    return values.std(axis=1, ddof=1) if values.shape[1] > 1 else None


def _draw_field(axes: Axes, misfit: NDArray[Any], gain: NDArray[Any]) -> float:
    """Set the limits, shade what the theorem allows, draw the diagonal; return where it ends."""
    right = 1.08 * _reach(misfit)[1] or 1.0
    lowest, highest = _reach(gain)
    extent = axes.get_window_extent()
    # One unit on both axes, so that the diagonal always rises at 45 degrees.
    low = min(0.0, 1.08 * lowest) - 0.03 * right
    tall = max(1.08 * highest - low, 0.5 * right, (right * 1.03) * extent.height / extent.width)
    across = tall * extent.width / extent.height
    axes.set_xlim(-0.03 * right, across - 0.03 * right)
    axes.set_ylim(low, low + tall)
    axes.set_xlabel("misfit", color=ROLES["misfit"].light, labelpad=2)
    axes.set_ylabel("gain", color=ROLES["gain"].light, labelpad=2)
    high = low + tall
    end = min(across - 0.03 * right, high)
    axes.fill([0, 0, end, end], [0, high, high, end], color=_SHADE, linewidth=0, zorder=0)
    axes.axhline(0, color=QUIET, linewidth=0.6, zorder=1)
    axes.axvline(0, color=QUIET, linewidth=0.6, zorder=1)
    axes.plot([0, end], [0, end], color=INK["light"], linewidth=1.2, zorder=1)
    return end


def _reach(values: NDArray[Any]) -> tuple[float, float]:
    """Return how far marks and bars go down and up."""
    means, spread = values.mean(axis=1), _spread(values)
    bars = np.zeros(len(means)) if spread is None else spread
    return float((means - bars).min()), float((means + bars).max())


def _mark(axes: Axes, x: float, y: float, look: Role, *, size: float, width: float = 0.7) -> None:
    axes.plot(
        x, y, linestyle="none", marker=look.marker, markersize=size + 2 * (look.marker == "*"),
        color=look.light, markeredgecolor=INK["light"], markeredgewidth=width, zorder=3 + (width > 1),
    )  # fmt: skip


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
    axes.annotate(
        words, (at, at), xytext=_ASIDE, textcoords="offset points", rotation=45,
        rotation_mode="anchor", ha="right", va="center", fontsize=8.5, color=INK["light"],
        path_effects=_halo(), zorder=1.5,
    )  # fmt: skip


def _draw_key(figure: Figure, names: Sequence[str], looks: Sequence[Role], left: float, top: float) -> None:
    for i, (name, look) in enumerate(zip(names, looks, strict=True)):
        _key_entry(figure, name, look, left, top - 14 - _KEY_LINE * i, letters=32)


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


def _halo() -> list[withStroke]:
    return [withStroke(linewidth=3, foreground=PAPER["light"])]


def _count(results: Results) -> str:
    teachers, splits = len(results.teachers), len(results.splits)
    words = f"{teachers} teacher{'s' * (teachers != 1)}"
    return words if splits == 1 else f"{words} on {splits} splits"


def _map_words(results: Results, names: Sequence[str], follows: Any) -> str:
    def spread(name: str, values: NDArray[Any]) -> str:
        low, high = (format_fixed(float(value), 3) for value in (values.min(), values.max()))
        return f"{name} {low}" if low == high else f"{name} from {low} to {high}"

    below = int(np.sum(results.gain < results.misfit))
    return (
        f"Gain against misfit of {_count(results)}: {spread('misfit', results.misfit)}, "
        f"{spread('gain', results.gain)}; {below} of {results.gain.size} below the diagonal"
        + (f"; {follows}." if follows is not None else ".")
    )
