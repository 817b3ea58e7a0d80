"""Read a feature matrix from a file or from pasted text: numbers, the names of columns, and ids."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._optional import import_optional
from w2s_widgets._validation import FloatArray, as_float_array

ENDINGS = (".csv", ".npy", ".npz", ".parquet")
"""What the names of files that can be read end in."""

ID = "id"
"""The column that says which row is which input."""


class Table(NamedTuple):
    """A matrix of numbers, as it was found."""

    values: FloatArray
    columns: tuple[str, ...] = ()
    """Their names; empty if they have none."""
    ids: tuple[str, ...] | None = None
    """What the column ``id`` says; ``None`` if there is none."""

    def column(self, name: str) -> FloatArray | None:
        """Return one column, or ``None`` if there is none of this name."""
        return self.values[:, self.columns.index(name)] if name in self.columns else None

    def without(self, name: str) -> Table:
        """Return the table without a column, if it has it."""
        kept = [place for place, column in enumerate(self.columns) if column != name]
        if len(kept) == len(self.columns):
            return self
        return self._replace(values=self.values[:, kept], columns=tuple(self.columns[i] for i in kept))


def read_file(path: Path, name: str) -> Table:
    """Read a CSV file with or without names, an NPY, Parquet, or NPZ file with one array."""
    if not path.is_file():
        raise FileNotFoundError(f"{name} is the path {path}, and there is no such file: check the path.")
    ending = path.suffix.lower()
    if ending == ".csv":
        try:
            return read_csv(path.read_text(encoding="utf-8-sig"), path.name)
        except UnicodeDecodeError:
            raise ValueError(f"{path.name} is not text in UTF-8: save it as a CSV file in UTF-8.") from None
    if ending == ".parquet":
        return _read_parquet(path)
    return Table(as_float_array(_read_numpy(path), path.name, ndims=(2,), columns="features"))


def read_csv(text: str, name: str) -> Table:
    r"""Read a matrix from the text of a CSV file.

    Columns are separated by commas, semicolons or tabs. If the first line holds something that is no
    number, it names the columns.

    Examples
    --------
    >>> table = read_csv("id,length,score\na,1.5,2\nb,2.5,3", "words.csv")
    >>> table.columns, table.ids, table.values.tolist()
    (('length', 'score'), ('a', 'b'), [[1.5, 2.0], [2.5, 3.0]])
    >>> read_csv("length,score\n1.5,good", "words.csv")
    Traceback (most recent call last):
    ...
    ValueError: words.csv has 'good' in row 1 of the column score, which is no number: leave this column
    out or turn it into numbers.
    """
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    if not rows:
        raise ValueError(f"{name} is empty: give one row of numbers for each input.")
    header = [cell.strip() for cell in rows[0]]
    named = any(_number(cell) is None for cell in header)
    body = rows[1:] if named else rows
    if not body:
        raise ValueError(f"{name} has names of columns but no row: give one row of numbers for each input.")
    wrong = next((number for number, row in enumerate(body, 1) if len(row) != len(header)), None)
    if wrong is not None:
        raise ValueError(
            f"{name} has {len(body[wrong - 1])} cells in row {wrong} and {len(header)} in the first line: "
            "give every row as many."
        )
    columns = header if named else []
    ids, numeric = None, list(range(len(header)))
    if named and ID in [column.lower() for column in columns]:
        place = [column.lower() for column in columns].index(ID)
        ids = tuple(row[place].strip() for row in body)
        numeric.remove(place)
    if not numeric:
        raise ValueError(f"{name} has no column besides {ID}: give at least one column of numbers.")
    try:
        values = np.array([[float(row[place]) for place in numeric] for row in body])
    except ValueError:
        raise ValueError(_bad_cell(body, numeric, columns, name)) from None
    if not np.isfinite(values).all():
        raise ValueError(_bad_cell(body, numeric, columns, name))
    return Table(values, tuple(columns[place] for place in numeric) if named else (), ids)


def from_frame(frame: object, name: str) -> Table:
    """Read a pandas DataFrame; its index counts for nothing, a column ``id`` does."""
    columns = [str(column) for column in frame.columns]  # type: ignore[attr-defined]
    ids, kept = None, []
    for place, column in enumerate(columns):
        series = frame.iloc[:, place]  # type: ignore[attr-defined]
        if column.lower() == ID:
            ids = tuple(str(value) for value in series)
        elif getattr(series.dtype, "kind", "O") not in "biuf":
            raise ValueError(
                f"{name} has the column {column}, which does not hold numbers: leave this column out or turn "
                "it into numbers."
            )
        else:
            kept.append(place)
    if not kept:
        raise ValueError(f"{name} has no column of numbers: give at least one.")
    values = frame.iloc[:, kept].to_numpy(dtype=np.float64)  # type: ignore[attr-defined]
    checked = as_float_array(values, name, ndims=(2,), columns="features")
    return Table(checked, tuple(columns[place] for place in kept), ids)


def _read_numpy(path: Path) -> NDArray[Any]:
    try:
        # No pickle: a file of features is no reason to run what somebody put into it.
        loaded = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded
        names = loaded.files
        if len(names) == 1:
            return np.asarray(loaded[names[0]])
    except (ValueError, EOFError, OSError, zipfile.BadZipFile, KeyError):
        raise ValueError(
            f"{path.name} cannot be read as arrays of numbers: write it with numpy.save or numpy.savez."
        ) from None
    raise ValueError(
        f"{path.name} holds {len(names)} arrays ({', '.join(names[:6])}): give a file with one array, "
        f"or the array itself, such as numpy.load({path.name!r})[{(names or ['features'])[0]!r}]."
    )


def _read_parquet(path: Path) -> Table:
    pandas = import_optional("pandas", f"Reading {path.name}", extra="sweep")
    import_optional("pyarrow", f"Reading {path.name}", extra="sweep")
    try:
        frame = pandas.read_parquet(path)
    except Exception as error:
        # pyarrow's errors are of many kinds, and none of them is the reader's business.
        raise ValueError(f"{path.name} cannot be read as a Parquet file ({type(error).__name__}).") from None
    return from_frame(frame, path.name)


def _bad_cell(
    body: Sequence[Sequence[str]], numeric: Sequence[int], columns: Sequence[str], name: str
) -> str:
    for number, row in enumerate(body, 1):
        for place in numeric:
            value, cell = _number(row[place]), row[place].strip()
            column = f"the column {columns[place]}" if columns else f"column {place + 1}"
            if value is None and cell:
                return (
                    f"{name} has {cell!r} in row {number} of {column}, which is no number: leave this column "
                    "out or turn it into numbers."
                )
            if value is None or not math.isfinite(value):
                return (
                    f"{name} has no number in row {number} of {column}: leave this row out, in all that you "
                    "give, or repair its value."
                )
    raise AssertionError("a cell was no number and all cells are")


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
