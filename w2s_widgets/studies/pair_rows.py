"""Which row of one table is which row of another: by id, by order, and never by order against an index."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence

import numpy as np

from w2s_widgets.datasets.feature_tables import ID, Table


def matched(reference: Table, other: Table, names: tuple[str, str], *, ordered: bool = False) -> Table:
    """Return the other table with its rows in the order of the reference.

    Rows are matched by ids where both have some, else by order, which must not contradict an index. Where
    the other one is known to be in order, as what a model computed is, nothing is said of ids that it lacks.

    Examples
    --------
    >>> weak = Table(np.zeros((2, 1)), ids=("a", "b"))
    >>> strong = Table(np.array([[1.0], [2.0]]), ids=("b", "a"))
    >>> matched(weak, strong, ("weak", "strong")).values.ravel().tolist()
    [2.0, 1.0]
    """
    mine, its = _keys(reference, other), _keys(other, reference)
    if reference.ids is None and other.ids is None:
        _check_order(mine, its, names)
        return other
    if mine is None or its is None:
        if not ordered:
            silent = names[0] if reference.ids is None else names[1]
            warnings.warn(
                f"{silent} has no {ID}, so its rows are taken to be in the order of the other's.",
                stacklevel=2,
            )
        return other
    return _by_ids(other, mine, its, names)


def _keys(table: Table, beside: Table) -> tuple[str, ...] | None:
    """Return a table's ids, or its index where that holds the ids of the other; the index if none has ids."""
    if table.ids is not None:
        return table.ids
    if beside.ids is None or table.labels is None:
        return table.labels
    # An index that counts rows says what is first, second ... here, and not which input that is.
    held = set(table.labels) == set(beside.ids) and list(table.labels) != _counted(len(table.labels))
    return table.labels if held else None


def _by_ids(other: Table, wanted: Sequence[str], found: Sequence[str], names: tuple[str, str]) -> Table:
    for name, ids in zip(names, (wanted, found), strict=True):
        twice, count = Counter(ids).most_common(1)[0]
        if count > 1:
            raise ValueError(f"{name} has the {ID} {twice!r} twice: give each input a name of its own.")
    place = {key: row for row, key in enumerate(found)}
    absent = [key for key in wanted if key not in place]
    if absent:
        raise ValueError(
            f"{names[0]} has {len(absent)} rows whose {ID} is not in {names[1]}, such as {absent[0]!r}: give "
            f"both the same inputs, or leave the column {ID} out to match rows by order."
        )
    rows = np.fromiter((place[key] for key in wanted), dtype=np.int64, count=len(wanted))
    if np.array_equal(rows, np.arange(len(rows))):
        return other
    return other._replace(values=other.values[rows], ids=tuple(wanted), labels=None)


def _check_order(mine: Sequence[str] | None, its: Sequence[str] | None, names: tuple[str, str]) -> None:
    """Refuse two tables whose indexes say that their rows are not in one order."""
    if mine is None or its is None or mine == its:
        return
    remedy = (
        f"call the index {ID} to match rows by it, or take it away (reset_index(drop=True)) if they are in "
        "one order."
    )
    if Counter(mine) == Counter(its):
        raise ValueError(f"{names[0]} and {names[1]} have the same index in another order: {remedy}")
    # Who has lost an index counts rows, and that contradicts nothing.
    if _counted(len(mine)) in (list(mine), list(its)) or set(mine).isdisjoint(its):
        return
    raise ValueError(
        f"{names[0]} and {names[1]} have indexes that name different rows, such as "
        f"{next(key for key in mine if key not in set(its))!r}: {remedy}"
    )


def _counted(rows: int) -> list[str]:
    return [str(row) for row in range(rows)]
