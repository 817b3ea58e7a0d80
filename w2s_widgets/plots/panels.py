"""The triangle and the ledger of one outcome, each drawn into given axes."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from w2s_widgets._numbers import format_number
from w2s_widgets.display.palette import INK, PAPER, ROLES
from w2s_widgets.display.text import slack_verdict
from w2s_widgets.display.triangle_sketch import FONT_SIZE, Sketch, sketch
from w2s_widgets.plots.picture import PIXELS_PER_INCH
from w2s_widgets.theory.outcome import Outcome

QUIET = "#555555"
_POINTS_PER_PIXEL = 72 / PIXELS_PER_INCH


def draw_triangle(axes: Axes, outcome: Outcome, width: float, height: float, *, class_words: str) -> None:
    """Trace the triangle's sketch into axes that are ``width`` by ``height`` page pixels."""
    caption = 34.0
    drawing = sketch(outcome, width, height - caption)
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    _trace(axes, drawing)
    for line, words in enumerate(("A side squared is the error beside it.", f"Dotted line: {class_words}.")):
        axes.text(
            width / 2,
            height - caption + 8 + 17 * line,
            words,
            fontsize=8.5,
            color=QUIET,
            ha="center",
            va="center",
        )


def _trace(axes: Axes, drawing: Sketch) -> None:
    halo = [withStroke(linewidth=3, foreground=PAPER["light"])]
    x1, y1, x2, y2 = drawing.class_line
    axes.plot([x1, x2], [y1, y2], color=QUIET, linewidth=1, dashes=(1, 3))
    if len(drawing.sides) == 3:
        corners = [drawing.sides[0].start, drawing.sides[0].end, drawing.sides[1].end]
        axes.fill(*zip(*corners, strict=True), color=INK["light"], alpha=0.05, linewidth=0)
    for side in drawing.sides:
        dash = ROLES[side.role].dash or (None, None)
        xs, ys = zip(side.start, side.end, strict=True)
        axes.plot(xs, ys, color=ROLES[side.role].light, dashes=dash, solid_capstyle="butt")
    if drawing.angle_mark:
        axes.plot(*zip(*drawing.angle_mark, strict=True), color=INK["light"], linewidth=1.2)
    for corner in drawing.corners:
        role = ROLES[corner.role]
        axes.plot(
            *corner.centre,
            marker=role.marker,
            markersize=1.7 * corner.radius * _POINTS_PER_PIXEL,
            color=role.light,
            markeredgecolor=PAPER["light"],
            zorder=3,
        )
    for text in drawing.texts:
        axes.text(
            text.x,
            text.y,
            text.words,
            color=INK["light"] if text.role == "ink" else ROLES[text.role].light,
            fontsize=FONT_SIZE * _POINTS_PER_PIXEL,
            weight="bold" if text.bold else "normal",
            ha={"start": "left", "middle": "center", "end": "right"}[text.anchor],
            va="center",
            path_effects=halo,
            zorder=4,
        )


def draw_ledger(axes: Axes, outcome: Outcome) -> None:
    """Draw four bars: the teacher's error, minus the misfit, the student's error, and the slack."""
    scale = outcome.scale
    promise = outcome.promise

    def number(value: float) -> str:
        return format_number(value, scale=scale)

    bars = (
        ("teacher", 0.0, outcome.err_weak, f"teacher’s error {number(outcome.err_weak)}", ""),
        ("misfit", promise, outcome.err_weak, f"minus misfit {number(outcome.misfit)}", "////"),
        (
            "student",
            0.0,
            outcome.err_student,
            f"student’s error {number(outcome.err_student)}, promised {number(promise)}",
            "",
        ),
        (
            "slack",
            min(promise, outcome.err_student),
            max(promise, outcome.err_student),
            f"slack {number(outcome.slack)}: {slack_verdict(outcome)}",
            "xxxx",
        ),
    )
    low = min(0.0, promise)
    high = max(outcome.err_weak, outcome.err_student) or 1.0
    axes.set_xlim(low - 0.01 * (high - low), high + 0.01 * (high - low))
    axes.set_ylim(4, 0)
    halo = [withStroke(linewidth=3, foreground=PAPER["light"])]
    axes.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
    if outcome.misfit:
        axes.plot([promise, promise], [1.4, 4], color=INK["light"], linewidth=1, dashes=(1, 2), zorder=3)
    for row, (role, start, end, words, hatch) in enumerate(bars):
        colour = ROLES[role].light
        if end - start > 1e-12 * high:
            axes.barh(
                row + 0.68,
                end - start,
                left=start,
                height=0.42,
                color=PAPER["light"] if hatch else colour,
                edgecolor=colour,
                hatch=hatch,
                linewidth=1.2,
                zorder=2,
            )
        axes.annotate(
            words,
            (0, row + 0.25),
            xycoords=axes.get_yaxis_transform(),
            xytext=(3, 0),
            textcoords="offset points",
            color=colour,
            fontsize=9,
            va="center",
            path_effects=halo,
            zorder=4,
        )
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="x", length=3)
