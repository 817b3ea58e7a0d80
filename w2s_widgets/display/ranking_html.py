"""How a ranking of teachers reads as text and as a table in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from w2s_widgets._numbers import DECIMALS, MINUS, format_fixed

if TYPE_CHECKING:
    from w2s_widgets.theory.ranking import TeacherRanking

_COLUMNS = ("err_weak", "misfit", "promise", "err_student")
_PROMISE = f"err_weak {MINUS} misfit"
_HEADINGS = ("rank", "teacher", "err_weak", "misfit", _PROMISE, "student’s error", "its rank")


def ranking_text(ranking: TeacherRanking) -> str:
    """Return the table with one line for each teacher, and the sentence below it."""
    lines = [list(_HEADINGS), *_cells(ranking)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEADINGS))]
    rows = [
        "  ".join(
            cell.ljust(width) if i == 1 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*rows, _sentence(ranking)])


def ranking_table(ranking: TeacherRanking) -> str:
    """Return the table as HTML, readable in light and dark pages."""

    def cells(tag: str, values: list[str]) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        return "".join(
            f'<{tag}{scope} style="padding: 2px 10px; text-align: {"left" if i == 1 else "right"};">'
            f"{escape(value)}</{tag}>"
            for i, value in enumerate(values)
        )

    body = "".join(f"<tr>{cells('td', values)}</tr>" for values in _cells(ranking))
    return (
        f'<table style="font-variant-numeric: tabular-nums;"><caption style="caption-side: bottom; '
        f'text-align: left; padding: 4px 10px;">{escape(_sentence(ranking))}</caption>'
        f"<thead><tr>{cells('th', list(_HEADINGS))}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cells(ranking: TeacherRanking) -> list[list[str]]:
    rows = []
    for row in ranking.as_rows():
        numbers = []
        for name in _COLUMNS:
            spread = row[f"{name}_sd"]
            text = format_fixed(row[name], DECIMALS)
            numbers.append(text if spread is None else f"{text} ± {format_fixed(spread, DECIMALS)}")
        rows.append([str(row["rank"]), row["teacher"], *numbers, str(row["real_rank"])])
    return rows


def _sentence(ranking: TeacherRanking) -> str:
    words = ranking.spearman.words
    spread = " ± is the standard deviation over splits." if len(ranking.results.splits) > 1 else ""
    regret = format_fixed(ranking.regret, DECIMALS)
    choice = (
        "The first teacher has the best student."
        if ranking.regret == 0
        else f"The first teacher’s student errs by {regret} more than the best one."
    )
    return f"{words[0].upper()}{words[1:]}. {choice}{spread}"
