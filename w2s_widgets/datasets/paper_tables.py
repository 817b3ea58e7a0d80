"""The three tables on molecules of Charikar, Pabbaraju and Shiragur (2024), as numbers."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class PaperRow(NamedTuple):
    """One teacher of the paper's molecule experiments: means and standard deviations over three splits.

    Parameters
    ----------
    hidden : int
        The teacher's hidden size, its number of units in a layer.
    promise, promise_sd : float
        err_weak - misfit, in the squared unit of the property.
    err_student, err_student_sd : float
        The student's error.
    """

    hidden: int
    promise: float
    promise_sd: float
    err_student: float
    err_student_sd: float

    @property
    def slack(self) -> float:
        """The promise minus the student's error: below 0, Theorem 1 does not hold for this row."""
        return self.promise - self.err_student


@cache
def paper_tables() -> dict[str, tuple[PaperRow, ...]]:
    """Return the paper's tables on Lipop, ESOL and FreeSolv, one row for each teacher.

    The numbers were recognised from a copy of the paper (arXiv 2405.15116) and may hold a wrong digit. The
    strong model is MolBERT, with a linear head; the teachers are transformers of two layers.

    Returns
    -------
    dict of str to tuple of PaperRow
        In the order of hidden sizes, 8 to 96.

    Examples
    --------
    >>> tables = paper_tables()
    >>> list(tables), tables["Lipop"][0].err_student
    (['Lipop', 'ESOL', 'FreeSolv'], 1.2396)
    >>> sum(row.slack < 0 for rows in tables.values() for row in rows)
    24
    """
    path = files("w2s_widgets") / "data" / "paper_molecule_tables.csv"
    text = path.read_text(encoding="utf-8")
    tables: dict[str, list[PaperRow]] = {}
    for name, hidden, *numbers in list(csv.reader(text.splitlines()))[1:]:
        tables.setdefault(name, []).append(PaperRow(int(hidden), *map(float, numbers)))
    return {name: tuple(rows) for name, rows in tables.items()}
