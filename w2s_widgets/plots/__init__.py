"""Static figures of outcomes, drawn with matplotlib's objects alone: nothing is registered with pyplot."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from w2s_widgets._numbers import format_number
from w2s_widgets.display.text import sentence, slack_verdict
from w2s_widgets.plots.gain_map import Teacher, draw_cloud, group
from w2s_widgets.plots.panels import draw_ledger, draw_triangle
from w2s_widgets.plots.picture import Picture, add_panel, new_figure, styled
from w2s_widgets.plots.ranking import ranking, teacher_map
from w2s_widgets.plots.tasks import task_clouds
from w2s_widgets.theory.outcome import Outcome

__all__ = [
    "Picture",
    "explorer_picture",
    "gain_map",
    "ledger",
    "ranking",
    "task_clouds",
    "teacher_map",
    "triangle",
]


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
    The teacher's error 4.000 minus the misfit 2.000 promises 2.000; the student's error is 2.000; \
slack 0.000: as promised.
    """
    figure = new_figure(460, 296)
    draw_ledger(add_panel(figure, 16, 40, 428, 245), outcome)
    scale = outcome.scale
    weak, misfit, promise, student, slack = (
        format_number(value, scale=scale)
        for value in (outcome.err_weak, outcome.misfit, outcome.promise, outcome.err_student, outcome.slack)
    )
    return Picture(
        figure,
        f"The teacher's error {weak} minus the misfit {misfit} promises {promise}; "
        f"the student's error is {student}; slack {slack}: {slack_verdict(outcome)}.",
    )


@styled
def gain_map(
    outcomes: Sequence[Outcome],
    names: Sequence[str] | None = None,
    *,
    title: str = "",
    labels: bool = True,
) -> Picture:
    """Draw gain against misfit, one dot for each outcome, with the diagonal that Theorem 1 speaks of.

    Parameters
    ----------
    outcomes : sequence of Outcome
        The dots; all in the same unit.
    names : sequence of str, optional
        The teacher of each outcome. Outcomes of one name share a colour, a marker and one direct label;
        the colours run from dark to light in the order in which the names first appear.
    title : str
        Words above the figure.
    labels : bool
        Whether to write the names beside the dots.

    Returns
    -------
    Picture
        Its text states how many dots there are, their ranges, and how many lie below the diagonal.

    Raises
    ------
    ValueError
        If there is no outcome, or not one name for each outcome.

    Examples
    --------
    >>> import w2s_widgets as w2s
    >>> right = w2s.measure(truth=[2, 0], teacher=[0, 2], student=[0, 0])
    >>> w2s.plots.gain_map([right, w2s.measure([2, 0], [0, 2], [3, 0])], ["small", "large"])
    Gain against misfit of 2 outcomes of 2 teachers: misfit from 2.000 to 6.500, gain from 2.000 to 3.500, \
slack from −3.000 to 0.000. 1 dot lies below the diagonal, where the promise is broken.
    """
    teachers = group(outcomes, names)
    figure = new_figure(560, 500)
    height = 418 if title else 436
    axes = add_panel(figure, 66, 52, 480, height)
    draw_cloud(axes, teachers, labels=labels and names is not None)
    if axes.get_legend() is not None:
        figure.set_size_inches(7.8, 5.0)
        axes.set_position((66 / 780, 52 / 500, 480 / 780, height / 500))
    if title:
        axes.set_title(title)
    return Picture(figure, _cloud_words(outcomes, teachers, named=names is not None))


@styled
def explorer_picture(
    outcome: Outcome,
    *,
    class_words: str = "what the student can express",
) -> Picture:
    """Draw triangle, ledger and map of one outcome side by side: what an explorer leaves on a static page.

    Parameters
    ----------
    outcome : Outcome
        The state shown.
    class_words : str
        What the dotted line through the student stands for.

    Returns
    -------
    Picture
        900 pixels wide; its text is the outcome's sentence.

    Examples
    --------
    >>> import w2s_widgets as w2s
    >>> picture = w2s.plots.explorer_picture(w2s.measure([0, 1], [1, 2], [1, 2]))
    >>> picture.alt
    'The student copies its teacher, mistakes and all: misfit 0.000, gain 0.000, no angle.'
    """
    width, height = 900, 396
    figure = new_figure(width, height)
    words = sentence(outcome)
    headings = ("The triangle", "The ledger: promised and paid", "The map: gain against misfit")
    for left, heading in zip((10, 322, 628), headings, strict=True):
        figure.text(left / width, 376 / height, heading, fontsize=9, weight="bold", va="center")
    draw_triangle(add_panel(figure, 0, 66, 310, 290), outcome, 310, 290, class_words=class_words)
    draw_ledger(add_panel(figure, 322, 88, 270, 272), outcome)
    draw_cloud(add_panel(figure, 662, 106, 228, 244), [Teacher("", (outcome,))], labels=False)
    figure.text(0.5, 28 / height, _balanced(words, 115), fontsize=9.5, ha="center", va="center")
    return Picture(figure, words)


def _balanced(words: str, width: int) -> str:
    # Lines of about the same length, so that no last word stands alone.
    lines = -(-len(words) // width)
    return textwrap.fill(words, min(width, len(words) // lines + 12))


def _cloud_words(outcomes: Sequence[Outcome], teachers: Sequence[Teacher], *, named: bool) -> str:
    scale = max(o.scale for o in outcomes)

    def spread(name: str) -> str:
        values = [getattr(outcome, name) for outcome in outcomes]
        low, high = (format_number(value, scale=scale) for value in (min(values), max(values)))
        return f"{name} {low}" if low == high else f"{name} from {low} to {high}"

    broken = sum(slack_verdict(outcome) == "promise broken" for outcome in outcomes)
    count = f"{len(outcomes)} outcome{'s' * (len(outcomes) != 1)}"
    if named:
        count += f" of {len(teachers)} teacher{'s' * (len(teachers) != 1)}"
    below = {0: "No dot lies", 1: "1 dot lies"}.get(broken, f"{broken} dots lie")
    return (
        f"Gain against misfit of {count}: {spread('misfit')}, {spread('gain')}, {spread('slack')}. "
        f"{below} below the diagonal, where the promise is broken."
    )
