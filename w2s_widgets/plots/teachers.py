"""Static picture of a `TeacherChooser`: what is known of each teacher, and what its student gets."""

from __future__ import annotations

from collections.abc import Sequence

from w2s_widgets._numbers import MINUS
from w2s_widgets.display.palette import INK, PAPER, ROLES
from w2s_widgets.plots.page import QUIET, Picture, add_panel, new_page, styled


@styled
def teachers_picture(
    names: Sequence[str],
    *,
    estimates: Sequence[tuple[float, float, float]],
    misfits: Sequence[float],
    students: Sequence[float] | None = None,
    choice: str = "",
    words: str = "",
) -> Picture:
    """Draw each teacher's estimate of ``err_weak - misfit`` with its interval, and its student's error.

    Estimates are middle, low and high; students are left out while they are covered; ``choice`` is marked.
    """
    height = 110 + 34 * len(names)
    figure = new_page({}, words, height=height, foot=16)
    axes = add_panel(figure, 40, 70, 740, height - 100)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("error", labelpad=2)
    axes.axvline(0, color=QUIET, linewidth=0.6, zorder=1)
    teacher, misfit, student = (ROLES[name] for name in ("teacher", "misfit", "student"))
    lift, drop = (-0.26, 0.0) if students is not None else (-0.15, 0.15)
    shown = [end for estimate in estimates for end in estimate]
    for row, ((middle, low, high), width) in enumerate(zip(estimates, misfits, strict=True)):
        first = row == 0
        if names[row] == choice:
            axes.axhspan(row - 0.5, row + 0.5, color="#eef3f8", zorder=0)
            axes.annotate(
                "your choice", (1, row), xycoords=axes.get_yaxis_transform(), xytext=(6, 0),
                textcoords="offset points", fontsize=9, weight="bold", va="center",
            )  # fmt: skip
        axes.plot(
            [middle, middle + width], [row + lift] * 2, color=misfit.light, dashes=misfit.dash, zorder=2,
            label="minus misfit" if first else None,
        )  # fmt: skip
        axes.plot(
            middle + width, row + lift, marker=teacher.marker, color=teacher.light, linestyle="none",
            zorder=4, label="teacher’s error, from the true labels" if first else None,
        )  # fmt: skip
        axes.errorbar(
            middle, row + drop, xerr=[[middle - low], [high - middle]], fmt="D", color=INK["light"],
            markerfacecolor=PAPER["light"], markersize=5.5, capsize=3, linewidth=1.2, zorder=3,
            label=f"err_weak {MINUS} misfit, 95 % interval" if first else None,
        )  # fmt: skip
        if students is not None:
            axes.plot(
                students[row], row + 0.27, marker=student.marker, color=student.light, linestyle="none",
                zorder=5, label="student’s error" if first else None,
            )  # fmt: skip
    right = min(max(shown), 1.2)
    axes.set_xlim(min(0.0, *shown) - 0.03, right + 0.03)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, fontsize=8.5, frameon=False)
    return Picture(figure, words)
