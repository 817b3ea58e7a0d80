"""The triangle of one outcome, drawn to scale: alone, or on a page with its ledger."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from w2s_widgets.display.palette import INK, ROLES
from w2s_widgets.display.text import sentence
from w2s_widgets.display.triangle import FONT_SIZE, sketch
from w2s_widgets.plots.bars import draw_ledger
from w2s_widgets.plots.page import (
    ON_PAPER,
    POINTS_PER_PIXEL,
    QUIET,
    Picture,
    add_panel,
    balanced,
    halo,
    mark,
    new_figure,
    new_page,
    styled,
)
from w2s_widgets.theory.outcome import Outcome


@styled
def triangle(outcome: Outcome, *, class_words: str = "here gain equals misfit") -> Picture:
    """Draw the triangle of truth, teacher and student to scale.

    Parameters
    ----------
    outcome : Outcome
        Any outcome, degenerate ones included.
    class_words : str
        What the dotted line through the student stands for.

    Returns
    -------
    Picture
        Its text is the outcome's sentence.

    Examples
    --------
    >>> import w2s_widgets as w2s
    >>> w2s.plots.triangle(w2s.measure(truth=[2, 0], teacher=[0, 2], student=[0, 0]))
    The student beats its teacher by 2.000, and its misfit is 2.000: the triangle has a right angle at \
the student, 90.0 degrees.
    """
    figure = new_figure(460, 340)
    draw_triangle(add_panel(figure, 0, 10, 460, 320), outcome, 460, 320, class_words=class_words)
    return Picture(figure, sentence(outcome))


def draw_triangle(axes: Axes, outcome: Outcome, width: float, height: float, *, class_words: str) -> None:
    """Trace the triangle's sketch into axes that are ``width`` by ``height`` page pixels."""
    caption = 34.0
    drawing = sketch(outcome, width, height - caption)
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
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
        size = 1.7 * corner.radius * POINTS_PER_PIXEL
        mark(axes, *corner.centre, ROLES[corner.role], size, **ON_PAPER)
    for text in drawing.texts:
        axes.text(
            text.x, text.y, text.words,
            color=INK["light"] if text.role == "ink" else ROLES[text.role].light,
            fontsize=FONT_SIZE * POINTS_PER_PIXEL, weight="bold" if text.bold else "normal",
            ha={"start": "left", "middle": "center", "end": "right"}[text.anchor], va="center",
            path_effects=halo(), zorder=4,
        )  # fmt: skip
    for line, words in enumerate(("A side squared is the error beside it.", f"Dotted line: {class_words}.")):
        up = height - caption + 8 + 17 * line
        axes.text(width / 2, up, words, fontsize=8.5, color=QUIET, ha="center", va="center")


def explorer_page(
    outcome: Outcome, heading: str, class_words: str, *, letters: int, room: int = 0, **page: int
) -> tuple[Figure, Axes]:
    """Return a page with triangle and ledger, and the axes of its map; ``room`` is left below for a key."""
    headings = {10: "The triangle", 322: "The ledger: promised and paid", 628: heading}
    figure = new_page(headings, balanced(sentence(outcome), letters), **page)
    panel = add_panel(figure, 0, 66 + room, 310, 290)
    draw_triangle(panel, outcome, 310, 290, class_words=class_words)
    draw_ledger(add_panel(figure, 322, 88 + room, 270, 272), outcome)
    return figure, add_panel(figure, 662, 106 + room, 228, 244)
