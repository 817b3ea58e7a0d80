"""Tables of any library as columns with names: pandas, polars, pyarrow, mappings, records of numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from w2s_widgets._optional import import_optional
from w2s_widgets._validation import FloatArray

_LEVEL = "__index_level_"


class NamedColumns(NamedTuple):
    """The columns of a table, and what its index calls the rows."""

    columns: list[tuple[str, Any]]
    rows: int
    ids: tuple[str, ...] | None = None
    """What the index, or its level, called ``id`` says."""
    labels: tuple[str, ...] | None = None
    """What any other index says."""


def named_columns(given: Any, name: str) -> NamedColumns | None:
    """Return the columns of a table by their names; ``None`` if it is an array, whose columns have none.

    Examples
    --------
    >>> named_columns(np.array([(1, 2.5)], dtype=[("a", int), ("b", float)]), "features").columns[1][0]
    'b'
    >>> named_columns([[1, 2]], "features") is None
    True
    """
    if hasattr(given, "iloc"):
        return _from_pandas(given.to_frame() if hasattr(given, "to_frame") else given)
    if callable(getattr(given, "collect", None)) and hasattr(
        given, "collect_schema"
    ):  # polars, not yet computed
        given = given.collect()
    if hasattr(given, "get_columns") and hasattr(given, "to_numpy"):  # polars
        return _made([(str(column.name), column.to_numpy()) for column in given.get_columns()], name)
    if hasattr(given, "column_names") and callable(getattr(given, "column", None)):  # pyarrow
        return _from_arrow(given, name)
    if isinstance(given, Mapping):
        return _made([(str(key), np.asarray(cells)) for key, cells in given.items()], name)
    fields = getattr(getattr(given, "dtype", None), "names", None)
    if fields is not None:
        return _made([(field, given[field]) for field in fields], name)
    if hasattr(given, "__dlpack__") or isinstance(given, np.ndarray):
        return None
    if hasattr(given, "__arrow_c_stream__"):
        pyarrow = import_optional("pyarrow", f"Reading a {type(given).__name__}", extra="sweep")
        return named_columns(pyarrow.table(given), name)
    for method in ("to_pandas", "toPandas", "compute"):
        if callable(getattr(given, method, None)):
            import_optional("pandas", f"Reading a {type(given).__name__}", extra="sweep")
            return named_columns(getattr(given, method)(), name)
    if any(hasattr(given, told) for told in ("columns", "column_names", "colnames")):
        raise TypeError(
            f"{name} is a table of class {type(given).__name__}, whose columns cannot be read: give a pandas "
            "DataFrame, or an array."
        )
    return None


def numbers_in(cells: Any, column: str, name: str) -> FloatArray:
    """Return the cells of a column as numbers, missing ones as NaN, or say what it holds."""
    if hasattr(cells, "to_numpy"):
        kind = getattr(cells.dtype, "kind", "O")
        # Categories of numbers are names that look like numbers: an order or a distance is not meant.
        array = cells.to_numpy(dtype=np.float64, na_value=np.nan) if kind in "biuf" else cells.to_numpy()
    else:
        masked = isinstance(cells, np.ma.MaskedArray)
        array = cells.astype(float).filled(np.nan) if masked else np.asarray(cells)
    if array.ndim == 1 and array.dtype.kind in "biuf":
        return np.asarray(array, dtype=np.float64)
    sample = next((cell for cell in array.ravel().tolist() if not _missing(cell)), None)
    if array.ndim > 1 or isinstance(sample, (list, tuple, np.ndarray)):
        raise ValueError(
            f"{name} has the column {column}, which holds a list of numbers in each row: give them as an "
            f"array, such as numpy.stack(table[{column!r}])."
        )
    if array.dtype.kind == "O" and not _categories(cells):
        try:
            return np.array([_number(cell) for cell in array.tolist()], dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            pass
    raise ValueError(
        f"{name} has the column {column}, which does not hold numbers: leave this column out or turn it into "
        "numbers."
    )


def index_of(given: Any) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Return what a pandas object's index says: ids if it, or a level of it, is called so, else labels."""
    index = given.index
    names = [str(level).strip().lower() if level is not None else "" for level in index.names]
    if "id" in names:
        return tuple(_label(value) for value in index.get_level_values(names.index("id"))), None
    return None, tuple(_label(value) for value in index)


def _from_pandas(frame: Any) -> NamedColumns:
    columns = [(_column_name(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)]
    return NamedColumns(columns, len(frame), *index_of(frame))


def _from_arrow(table: Any, name: str) -> NamedColumns:
    columns = []
    for column in table.column_names:
        cells = table.column(column)
        try:
            array = cells.to_numpy(zero_copy_only=False) if not hasattr(cells, "chunks") else cells.to_numpy()
        except Exception:  # kinds that numpy has not, each with an error of its own
            array = np.array(cells.to_pylist(), dtype=object)
        columns.append((str(column), array))
    return _made(columns, name)


def _made(columns: Sequence[tuple[str, Any]], name: str) -> NamedColumns:
    lengths = {len(cells) if np.ndim(cells) else -1 for _, cells in columns}
    if len(lengths) > 1 or -1 in lengths:
        raise ValueError(f"{name} has columns of different lengths: give one number for each input in each.")
    # As Arrow and Parquet keep an index that has no name.
    index = [cells for column, cells in columns if column.startswith(_LEVEL)]
    labels = tuple(_label(value) for value in np.asarray(index[0]).tolist()) if len(index) == 1 else None
    kept = [(column, cells) for column, cells in columns if not column.startswith(_LEVEL)]
    return NamedColumns(kept, lengths.pop() if lengths else 0, labels=labels)


def _column_name(name: Any) -> str:
    """Return a name as text; of several levels those that say something."""
    if isinstance(name, tuple):
        return ", ".join(str(level) for level in name if str(level) and not str(level).startswith("Unnamed"))
    return str(name)


def _label(value: Any) -> str:
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _categories(cells: Any) -> bool:
    return hasattr(cells, "cat")


def _missing(cell: Any) -> bool:
    return cell is None or type(cell).__name__ == "NAType" or (isinstance(cell, float) and cell != cell)


def _number(cell: Any) -> float:
    if _missing(cell):
        return np.nan
    if not isinstance(cell, (Real, Decimal, np.bool_)):
        raise TypeError
    return float(cell)
