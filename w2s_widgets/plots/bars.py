"""Bars with words above them: the ledger of promise and payment, and the account of a blind spot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from w2s_widgets._numbers import MINUS, as_written, format_number
from w2s_widgets.display.palette import INK, PAPER, ROLES
from w2s_widgets.display.text import slack_verdict
from w2s_widgets.plots.page import QUIET, Picture, add_panel, new_figure, note, styled
from w2s_widgets.theory.outcome import Outcome

_Bar = tuple[float, float, str, str, str]
"""Where it starts and ends, its colour, the words above it, and its hatch."""


@styled
def ledger(outcome: Outcome) -> Picture:
    """Draw the ledger: the teacher's error minus the misfit, the student's error, the slack between.

    Parameters
    ----------
    outcome : Outcome
        Any outcome.

    Returns
    -------
    Picture
        Its text states the four numbers.

    Examples
    --------
    >>> import w2s_widgets as w2s
    >>> w2s.plots.ledger(w2s.measure(truth=[2, 0], teacher=[0, 2], student=[0, 0]))
    The teacher's error 4.000 minus the misfit 2.000 is 2.000; the student's error is 2.000; \
slack 0.000: gain = misfit.
    """
    figure = new_figure(460, 296)
    draw_ledger(add_panel(figure, 16, 40, 428, 245), outcome)
    number = _writer(outcome)
    return Picture(
        figure,
        f"The teacher's error {number(outcome.err_weak)} minus the misfit {number(outcome.misfit)} "
        f"is {number(outcome.promise)}; the student's error is {number(outcome.err_student)}; "
        f"slack {number(outcome.slack)}: {slack_verdict(outcome)}.",
    )


def draw_ledger(axes: Axes, outcome: Outcome) -> None:
    """Draw four bars: the teacher's error, minus the misfit, the student's error, and the slack."""
    number = _writer(outcome)
    weak, promise, student = outcome.err_weak, outcome.promise, outcome.err_student
    teacher, misfit, own, slack = (ROLES[name].light for name in ("teacher", "misfit", "student", "slack"))
    verdict = slack_verdict(outcome)
    # Where gain is less than misfit, something that the theorem assumes does not hold: nothing is promised.
    promised = "" if verdict == "gain < misfit" else f", promised {number(promise)}"
    bars = (
        (0.0, weak, teacher, f"teacher’s error {number(weak)}", ""),
        (promise, weak, misfit, f"minus misfit {number(outcome.misfit)}", "////"),
        (0.0, student, own, f"student’s error {number(student)}{promised}", ""),
        (promise, student, slack, f"slack {number(outcome.slack)}: {verdict}", "xxxx"),
    )
    low, high = min(0.0, promise), max(weak, student) or 1.0
    _draw_bars(axes, bars, (low, high), margin=0.01, middle=0.68, height=0.42, words=0.25)
    if outcome.misfit:
        _upright(axes, promise, (1, 2, 3), middle=0.68, height=0.42, color=INK["light"], dashes=(1, 2))


def draw_account(axes: Axes, outcome: Outcome) -> None:
    """Draw four bars: misfit, alignment with the bracket of its bound, gain, and the blind spot."""
    number = _writer(outcome)
    misfit, gain, eps = outcome.misfit, outcome.gain, outcome.err_ceiling or 0.0
    bound = 2 * (eps * misfit) ** 0.5
    # So that the written numbers add up.
    written = as_written(gain, outcome.scale) - as_written(misfit, outcome.scale)
    sides, alignment, gained = (ROLES[name].light for name in ("misfit", "slack", "gain"))
    bars = (
        (0.0, misfit, sides, f"misfit |r_g|² {number(misfit)}", "////"),
        (misfit, gain, alignment, f"alignment {MINUS}2⟨r_f, r_g⟩ {number(written)}", "xxxx"),
        (0.0, gain, gained, f"gain {number(gain)}", ""),
        (0.0, eps, QUIET, f"blind spot ε = |r_f|² {number(eps)}", "...."),
    )
    ends = (0.0, misfit - bound, misfit, gain, eps)
    reach = min(ends), max(ends) or 1.0
    _draw_bars(axes, bars, reach, margin=0.03, middle=0.6, height=0.34, words=0.22)
    bracket = [misfit - bound, misfit]
    axes.plot(bracket, [1.9, 1.9], color=INK["light"], linewidth=1, marker="|", markersize=6, zorder=3)
    axes.set_xlabel("bracket: it costs at most 2 √(ε · misfit)", fontsize=7.5, labelpad=2)


def _upright(axes: Axes, x: float, rows: Iterable[int], *, middle: float, height: float, **look: Any) -> None:
    """Draw an upright line across bars that leaves out the words between them."""
    for row in rows:
        ends = [row + middle - 0.55 * height, row + middle + 0.55 * height]
        axes.plot([x, x], ends, **({"linewidth": 1, "zorder": 3} | look))


def _writer(outcome: Outcome) -> Callable[[float], str]:
    return partial(format_number, scale=outcome.scale)


def _draw_bars(
    axes: Axes, bars: Sequence[_Bar], reach: tuple[float, float], *,
    margin: float, middle: float, height: float, words: float,
) -> None:  # fmt: skip
    low, high = reach
    axes.set_xlim(low - margin * (high - low), high + margin * (high - low))
    axes.set_ylim(len(bars), 0)
    _upright(axes, 0.0, range(len(bars)), middle=middle, height=height, color=QUIET, linewidth=0.8)
    for row, (start, end, colour, said, hatch) in enumerate(bars):
        if abs(end - start) > 1e-12 * high:
            axes.barh(
                row + middle, abs(end - start), left=min(start, end), height=height, linewidth=1.2, zorder=2,
                color=PAPER["light"] if hatch else colour, edgecolor=colour, hatch=hatch,
            )  # fmt: skip
        place = {"xycoords": axes.get_yaxis_transform(), "fontsize": 9, "zorder": 4}
        note(axes, said, (0, row + words), (3, 0), color=colour, **place)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="x", length=3)
