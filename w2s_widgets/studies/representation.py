"""A representation as it was handed over: numbers for this package's heads, the table itself for others."""

from __future__ import annotations

from typing import Any

import numpy as np

from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.heads import Head


class Representation:
    """Rows of one representation, which a head of somebody else's may want as the table that it was.

    A pipeline that picks columns by their names needs the names; columns of text are no hindrance to it.

    Examples
    --------
    >>> Representation([[1, 2], [3, 4]], "features").seen_by(None, [1])
    array([[3., 4.]])
    """

    def __init__(self, given: Any, name: str) -> None:
        self.name = name
        if callable(getattr(given, "collect", None)) and hasattr(given, "collect_schema"):
            given = given.collect()
        self.table = given if is_table(given) else None
        if hasattr(self.table, "copy"):
            self.table = self.table.copy()  # type: ignore[union-attr]
        self._problem: Exception | None = None
        self._values: FloatArray | None = None
        try:
            self._values = as_float_array(given, name, ndims=(2,), columns="features")
        except (TypeError, ValueError) as problem:
            if self.table is None or np.ndim(self.table) != 2 or 0 in self.table.shape:
                raise
            self._problem = problem  # said to a head that wants numbers

    def __len__(self) -> int:
        return len(self.table if self._values is None else self._values)  # type: ignore[arg-type]

    @property
    def values(self) -> FloatArray:
        """All numbers; an error if the table holds something else."""
        if self._values is None:
            assert self._problem is not None
            raise self._problem
        return self._values

    @property
    def keys(self) -> FloatArray:
        """Numbers that are equal where rows are equal."""
        if self._values is not None:
            return self._values
        columns = [np.asarray(self.table[name]) for name in self.table.columns]  # type: ignore[index,union-attr]
        codes = [np.unique(cells.astype(str), return_inverse=True)[1] for cells in columns]
        return np.stack(codes, axis=1).astype(np.float64)

    def seen_by(self, head: Any, rows: Any = None) -> Any:
        """Return what a head is given of some rows, all by default."""
        if self.table is None or isinstance(head, Head):
            return self.values if rows is None else self.values[rows]
        if rows is None:
            return self.table
        return self.table.iloc[rows] if hasattr(self.table, "iloc") else self.table[np.asarray(rows)]


def is_table(given: Any) -> bool:
    """Whether something is a data frame of pandas or polars."""
    return (hasattr(given, "iloc") and hasattr(given, "columns")) or (
        hasattr(given, "get_columns") and hasattr(given, "to_numpy")
    )
