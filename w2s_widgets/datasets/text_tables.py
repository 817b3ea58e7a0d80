"""Cells of a text table: what separates them, whether the first line names them, what is no number."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray

_MISSING = frozenset(
    ("", "na", "n/a", "#n/a", "nan", "-nan", "null", "none", "nil", "<na>", "nat", "-", ".", "?", "missing")
)
"""What stands in a cell without a value."""

_SIGNS = "\t;|,"
"""What separates cells, in the order in which they are tried: a comma may be a decimal comma, too."""

_DECIMAL_COMMA = re.compile(r"[-+]?\d[\d.' ]*,\d+(?:[eE][-+]?\d+)?")
_WHOLE, _FRACTION = re.compile(r"[-+]?\d+"), re.compile(r"\d+(?:[eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})*")
"""What stands before a decimal comma: a whole number, its thousands with points."""
_BARE = re.compile(r"\d+")
"""A whole number as a name of a column is written: without sign, point or exponent."""


class TextTable(NamedTuple):
    """Cells as they were written, row by row."""

    columns: tuple[str, ...]
    """Their names; empty if the first line has none."""
    rows: list[list[str]]
    width: int

    def cells_of(self, place: int) -> tuple[str, ...]:
        """Return what one column says."""
        return tuple(row[place].strip() for row in self.rows)

    def without(self, places: Sequence[int]) -> TextTable:
        """Return the table without some columns."""
        if not places:
            return self
        kept = [place for place in range(self.width) if place not in places]
        columns = tuple(self.columns[place] for place in kept) if self.columns else ()
        return TextTable(columns, [[row[place] for place in kept] for row in self.rows], len(kept))

    def numbers(self, name: str) -> FloatArray:
        """Return all cells as numbers, or say which is none."""
        try:
            values = np.array([[float(cell) for cell in row] for row in self.rows], dtype=np.float64)
        except ValueError:
            raise ValueError(self._bad_cell(name)) from None
        if not np.isfinite(values).all() or any("_" in cell for row in self.rows for cell in row):
            raise ValueError(self._bad_cell(name))
        return values

    def _bad_cell(self, name: str) -> str:
        for number, row in enumerate(self.rows, 1):
            for place, written in enumerate(row):
                value, cell = number_of(written), written.strip()
                column = f"the column {self.columns[place]}" if self.columns else f"column {place + 1}"
                where = f"in row {number} of {column}"
                if value is None and not is_missing(cell):
                    if _DECIMAL_COMMA.fullmatch(cell):
                        return (
                            f"{name} has {cell!r} {where}, which has a decimal comma: write numbers with a "
                            "point, or read it with pandas.read_csv(..., decimal=',') and give the table."
                        )
                    return (
                        f"{name} has {cell!r} {where}, which is no number: leave this column out or turn it "
                        "into numbers."
                    )
                if value is None or not math.isfinite(value):
                    return (
                        f"{name} has no number {where}: leave this row out, in all that you give, or repair "
                        "its value."
                    )
        raise AssertionError("a cell was no number and all cells are")


def read_text(text: str, name: str, *, tabs: bool = False) -> TextTable:
    """Divide text into cells and find the names of its columns; errors are one sentence."""
    comments, lines = _without_comments(io.StringIO(text.removeprefix("\ufeff"), newline=None).readlines())
    separator = "\t" if tabs else None
    if lines and (told := re.fullmatch(r'"?sep=(.)"?\s*', lines[0], re.IGNORECASE)):
        separator, lines = told.group(1), lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    if not lines:
        raise ValueError(f"{name} is empty: give one row of numbers for each input.")
    rows = _cells(lines, separator or _separator(lines), name)
    while rows and not rows[0]:
        if not _named([row for row in rows if row]):
            raise ValueError(
                f"{name} has no number in row 1: leave this row out, in all that you give, or repair it."
            )
        rows = rows[1:]
    width = max((len(row) for row in rows[:1]), default=0)
    # An empty line is an input whose numbers are missing: without it, all later ones would move up.
    rows = [row or [""] * width for row in rows]
    columns = _names(rows, comments, separator or _separator(lines), name)
    body = rows[1:] if columns and columns is not comments else rows
    if not body:
        raise ValueError(f"{name} has names of columns but no row: give one row of numbers for each input.")
    wrong = next((number for number, row in enumerate(body, 1) if len(row) != width), None)
    if wrong is not None:
        raise ValueError(_ragged(body[wrong - 1], wrong, width, name, named=bool(columns)))
    table = TextTable(tuple(columns), body, width)
    table = _without_empty_end(table)
    if not columns and _may_be_decimal_commas(table.rows, table.width, separator or _separator(lines)):
        raise ValueError(
            f"{name} may be read in two ways: {','.join(body[0])!r} is {_count(width)}, or "
            f"{_count(width // 2)} with a decimal comma. Write numbers with a point, or "
            "name the columns in the first line."
        )
    return table


def number_of(cell: str) -> float | None:
    """Return a cell as a number; ``None`` for what is none, such as 1_000, which only Python reads."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.strip().lower() in _MISSING


def _is_word(cell: str) -> bool:
    return number_of(cell) is None and not is_missing(cell) and not _DECIMAL_COMMA.fullmatch(cell)


def _without_comments(lines: list[str]) -> tuple[list[str], list[str]]:
    """Divide lines into those at the beginning that begin with #, without it, and the others."""
    first = next((place for place, line in enumerate(lines) if line.strip()[:1] != "#"), len(lines))
    return [line.strip().lstrip("#").strip() for line in lines[:first]], lines[first:]


def _cells(lines: Sequence[str], separator: str, name: str) -> list[list[str]]:
    if separator == " ":
        return [line.split() for line in lines]
    # strict: a quotation mark that is never closed would make one cell of all that follows.
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        return [[] if len(row) == 1 and not row[0].strip() and len(lines) > 1 else row for row in reader]
    except csv.Error as error:
        raise ValueError(
            f"{name} cannot be read from line {reader.line_num} on ({error}): look for a quotation mark that "
            "is not closed."
        ) from None


def _separator(lines: Sequence[str]) -> str:
    """Return the sign that divides every line into as many cells."""
    shown = [line for line in lines[:200] if line.strip()]
    found = {sign: _counts(shown, sign) for sign in _SIGNS}
    for sign, counts in found.items():
        if len(set(counts)) == 1 and counts[0] > 1:
            return sign
    words = [len(line.split()) for line in shown]
    if (
        len(set(words)) == 1
        and words[0] > 1
        and all(number_of(word) is not None for word in shown[-1].split())
    ):
        return " "
    # Lines that are not of one length are told by the sign that the first line has most of.
    best = max(_SIGNS, key=lambda sign: found[sign][0])
    return best if found[best][0] > 1 else ","


def _counts(lines: Sequence[str], sign: str) -> list[int]:
    if not any('"' in line for line in lines):
        return [line.count(sign) + 1 for line in lines]
    try:
        return [len(row) for row in csv.reader(lines, delimiter=sign)]
    except csv.Error:
        return [line.count(sign) + 1 for line in lines]


def _named(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns."""
    if not rows:
        return False
    header, body = [cell.strip() for cell in rows[0]], rows[1:]
    if any(_is_word(cell) for cell in header):
        return True
    names = [cell for cell in header if cell]
    if len(set(names)) < len(names) or not names or not all(_BARE.fullmatch(cell) for cell in names):
        return False
    # pandas names columns 0, 1, 2 ..., alone or behind the empty name of its index.
    counted = [str(place) for place in range(len(names))]
    if names == counted and len(names) > (0 if header[0] == "" else 2) and len(names) >= len(header) - 1:
        return True
    cells = [cell.strip() for row in body for cell in row[len(header) - len(names) :] if cell.strip()]
    return bool(cells) and not any(_BARE.fullmatch(cell.lstrip("+-")) for cell in cells)


def _names(rows: list[list[str]], comments: list[str], separator: str, name: str) -> list[str]:
    """Return the names of the columns, from the first row or a comment above it."""
    header = [cell.strip() for cell in rows[0]]
    if _named(rows):
        if any(number_of(cell) is not None and not _BARE.fullmatch(cell) for cell in header):
            word = next(cell for cell in header if _is_word(cell))
            raise ValueError(
                f"{name} has {word!r} beside numbers in its first line: leave this column out, or name all "
                f"columns in the first line (the one that says which row is which input: id)."
            )
        return header
    for comment in reversed(comments):
        told = [
            cell.strip().strip('"')
            for cell in (comment.split() if separator == " " else comment.split(separator))
        ]
        if len(told) == len(header) and any(number_of(cell) is None for cell in told):
            comments[:] = told
            return comments
    return []


def _without_empty_end(table: TextTable) -> TextTable:
    """Leave out a last column that every line ends with and that holds nothing."""
    last = table.width - 1
    ends = [table.columns[last]] if table.columns else []
    if last > 0 and not any(ends) and not any(row[last].strip() for row in table.rows):
        return table.without([last])
    return table


def _may_be_decimal_commas(rows: Sequence[Sequence[str]], width: int, separator: str) -> bool:
    """Whether pairs of whole numbers may as well be single numbers with a decimal comma."""
    if separator != "," or width % 2:
        return False
    fractions = [cell.strip() for row in rows for cell in row[1::2]]
    if not all(map(_FRACTION.fullmatch, fractions)):
        return False
    wholes = [cell.strip() for row in rows for cell in row[::2]]
    whole = all(map(_WHOLE.fullmatch, wholes))
    # As 07 a whole number is not written, but behind a comma it is.
    padded = any(len(cell) > 1 and cell[0] == "0" for cell in fractions)
    return (whole and width == 2) or (padded and (whole or all(map(_THOUSANDS.fullmatch, wholes))))


def _ragged(row: Sequence[str], number: int, width: int, name: str, *, named: bool) -> str:
    told = f"{name} has {len(row)} cells in row {number} and {width} in the first line: "
    if len(row) > width and all(_WHOLE.fullmatch(cell.strip()) for cell in row):
        return f"{told}give every row as many; if it has a decimal comma, write numbers with a point."
    if named and len(row) == width + 1:
        return f"{told}name every column, and leave an index out (or call it id)."
    return f"{told}give every row as many."


def _count(width: int) -> str:
    return "one number" if width == 1 else f"{width} numbers"
