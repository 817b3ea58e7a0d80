"""Static picture of a `SwapExplorer`: the cloud of tasks, the triangle of all together, the account."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from w2s_widgets._numbers import MINUS, format_number
from w2s_widgets._validation import FloatArray
from w2s_widgets.display.palette import INK, PAPER, ROLES
from w2s_widgets.display.text import sentence
from w2s_widgets.plots.panels import QUIET, draw_triangle
from w2s_widgets.plots.picture import Picture, add_panel, new_figure, styled
from w2s_widgets.theory.outcome import Outcome


@styled
def swap_picture(
    outcome: Outcome,
    misfits: FloatArray,
    gains: FloatArray,
    *,
    limits: tuple[float, float, float],
    phrases: tuple[str, str],
) -> Picture:
    """Draw gain against misfit of many tasks, and triangle and account of their mean.

    Parameters
    ----------
    outcome : Outcome
        The mean over the tasks, with the blind spot as its ``err_ceiling``.
    misfits, gains : numpy.ndarray of shape (tasks,)
        One dot each.
    limits : tuple of float
        Largest misfit, smallest gain and largest gain that the frame must hold.
    phrases : tuple of str
        Two phrases written into the cloud.

    Returns
    -------
    Picture
        900 pixels wide; its text states the phrases and the outcome's sentence.

    Examples
    --------
    >>> from w2s_widgets.studies.linear.perturbed_representations import PerturbedRepresentations
    >>> world = PerturbedRepresentations()
    >>> sides = world.sides(0.5, 0.0)
    >>> picture = swap_picture(
    ...     world.outcome(0.5, 0.0), sides.misfit, sides.gain, limits=(3, -3, 3), phrases=("a", "b"))
    >>> picture.alt.split(":")[0]
    'Gain against misfit of 100 tasks'
    """
    width, height = 900, 396
    figure = new_figure(width, height)
    headings = (
        f"The cloud: {len(gains)} tasks",
        "The triangle of all tasks together",
        "The account: misfit + alignment = gain",
    )
    for left, heading in zip((10, 322, 612), headings, strict=True):
        figure.text(left / width, 376 / height, heading, fontsize=9, weight="bold", va="center")
    _draw_cloud(add_panel(figure, 56, 106, 246, 252), outcome, misfits, gains, limits, phrases)
    draw_triangle(
        add_panel(figure, 310, 66, 300, 290), outcome, 300, 290, class_words="what the student can express"
    )
    _draw_account(add_panel(figure, 622, 106, 262, 252), outcome)
    figure.text(0.5, 28 / height, sentence(outcome), fontsize=9.5, ha="center", va="center")
    tasks = f"Gain against misfit of {len(gains)} tasks: {', '.join(phrases)}."
    return Picture(figure, f"{tasks} Together: {sentence(outcome)}")


def _halo() -> list[withStroke]:
    return [withStroke(linewidth=3, foreground=PAPER["light"])]


def _draw_cloud(
    axes: Axes,
    outcome: Outcome,
    misfits: FloatArray,
    gains: FloatArray,
    limits: tuple[float, float, float],
    phrases: tuple[str, str],
) -> None:
    right, low, high = limits
    axes.set_xlim(0, right)
    axes.set_ylim(low, high)
    axes.set_xlabel("misfit", color=ROLES["misfit"].light, labelpad=2)
    axes.set_ylabel("gain", color=ROLES["gain"].light, labelpad=1)
    axes.locator_params(nbins=5)
    axes.axhline(0, color=QUIET, linewidth=0.6, zorder=1)
    for sign, end, role, words in (
        (1, min(right, high), "gain", "gain = misfit"),
        (-1, min(right, -low), "slack", f"gain = {MINUS}misfit"),
    ):
        colour = ROLES[role].light
        (x, y), (run, rise) = axes.transData.transform([(0, 0), (end, sign * end)]).tolist()
        run, rise = run - x, rise - y
        dash = (None, None) if sign > 0 else (5, 3)
        axes.plot([0, end], [0, sign * end], color=colour, linewidth=1.4, dashes=dash, zorder=1)
        axes.annotate(
            words,
            (0.7 * end, sign * 0.7 * end),
            xytext=(-4, 8 * sign),
            textcoords="offset points",
            rotation=math.degrees(math.atan2(rise, run)),
            rotation_mode="anchor",
            ha="center",
            va="center",
            fontsize=8.5,
            color=colour,
            path_effects=_halo(),
        )
    axes.plot(
        misfits,
        gains,
        linestyle="none",
        marker="o",
        markersize=4,
        alpha=0.55,
        color=ROLES["student"].light,
        markeredgecolor=PAPER["light"],
        markeredgewidth=0.4,
        zorder=2,
    )
    gain = ROLES["gain"]
    axes.plot(
        outcome.misfit,
        outcome.gain,
        marker=gain.marker,
        markersize=13,
        color=gain.light,
        markeredgecolor=INK["light"],
        markeredgewidth=0.6,
        zorder=3,
    )
    for row, words in enumerate(phrases):
        axes.annotate(
            words,
            (0, 0),
            xycoords="axes fraction",
            xytext=(5, 22 - 13 * row),
            textcoords="offset points",
            fontsize=8.5,
            weight="bold",
            va="center",
            path_effects=_halo(),
            zorder=4,
        )


def _draw_account(axes: Axes, outcome: Outcome) -> None:
    """Draw four bars: misfit, alignment with the bracket of its bound, gain, and the blind spot."""
    eps = outcome.err_ceiling or 0.0
    bound = 2 * (eps * outcome.misfit) ** 0.5
    scale = outcome.scale

    def number(value: float) -> str:
        return format_number(value, scale=scale)

    bars = (
        (0.0, outcome.misfit, ROLES["misfit"].light, f"misfit |r_g|² {number(outcome.misfit)}", "////"),
        (
            outcome.misfit,
            outcome.gain,
            ROLES["slack"].light,
            f"alignment {MINUS}2⟨r_f, r_g⟩ {number(outcome.slack)}",
            "xxxx",
        ),
        (0.0, outcome.gain, ROLES["gain"].light, f"gain {number(outcome.gain)}", ""),
        (0.0, eps, QUIET, f"blind spot ε = |r_f|² {number(eps)}", "...."),
    )
    ends = (0.0, outcome.misfit - bound, outcome.misfit, outcome.gain, eps)
    low, high = min(ends), max(ends) or 1.0
    axes.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    axes.set_ylim(4, 0)
    axes.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
    for row, (start, end, colour, words, hatch) in enumerate(bars):
        if abs(end - start) > 1e-12 * high:
            axes.barh(
                row + 0.6,
                abs(end - start),
                left=min(start, end),
                height=0.34,
                edgecolor=colour,
                hatch=hatch,
                color=PAPER["light"] if hatch else colour,
                linewidth=1.2,
                zorder=2,
            )
        axes.annotate(
            words,
            (0, row + 0.22),
            xycoords=axes.get_yaxis_transform(),
            xytext=(3, 0),
            textcoords="offset points",
            color=colour,
            fontsize=9,
            va="center",
            path_effects=_halo(),
            zorder=4,
        )
    axes.plot(
        [outcome.misfit - bound, outcome.misfit],
        [1.9, 1.9],
        color=INK["light"],
        linewidth=1,
        marker="|",
        markersize=6,
        zorder=3,
    )
    axes.set_xlabel("bracket: it costs at most 2 √(ε · misfit)", fontsize=7.5, labelpad=2)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="x", length=3)
