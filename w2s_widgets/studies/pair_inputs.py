"""What a researcher hands over for teacher, student and truth, brought to matrices with the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._optional import import_optional
from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.datasets.feature_tables import ENDINGS, ID, Table, from_table, read_file
from w2s_widgets.datasets.named_columns import index_of
from w2s_widgets.encoders.batches import checked_inputs
from w2s_widgets.encoders.interface import Encoder
from w2s_widgets.studies.pair_checks import check_no_data, check_truth_among
from w2s_widgets.studies.pair_rows import matched

FEWEST = 60
"""Inputs without which three parts are too small to measure anything."""

_PATHS = (*ENDINGS, ".xlsx", ".xls", ".json", ".jsonl", ".gz", ".zip", ".h5", ".pkl", ".mat")


class Pair(NamedTuple):
    """Two representations, or one and a teacher's predictions, and the truth: the same inputs, row by row."""

    teacher_name: str
    teacher: Table | None
    student_name: str
    student: Table
    y: FloatArray
    predictions: FloatArray | None


def read_pair(
    teacher: Any,
    student: Any,
    y: ArrayLike | str | Sequence[str],
    inputs: Sequence[Any] | None,
    predictions: Any = None,
    *,
    progress: bool,
) -> Pair:
    """Read what `own_pair` was given; errors as it says."""
    if (teacher is None) is (predictions is None):
        raise ValueError(
            "a teacher is known by its representation or by its predictions: give teacher, or None in its "
            "place and predictions=."
        )
    # Both are looked at before anything is encoded, which can take long.
    asked = {role: given for role, given in (("teacher", teacher), ("student", student)) if given is not None}
    if "student" not in asked:
        raise ValueError("there is no student: give its representation.")
    models = {role: _model(given, role) for role, given in asked.items()}
    for role, encoder in models.items():
        if encoder is not None and inputs is None:
            raise ValueError(
                f"{role} is the model {encoder.name}, which needs something to encode: give inputs, a list."
            )
    items = _Items(inputs)
    tables = {}
    for role, given in asked.items():
        encoder = models[role]
        tables[role] = _table(given, role) if encoder is None else items.encoded(encoder, progress=progress)
    names = {role: _name(given, models[role], role) for role, given in asked.items()}
    if names.get("teacher") == names["student"]:
        names = {role: f"{name} ({role})" for role, name in names.items()}
    if "teacher" in tables:
        weak, strong = tables["teacher"], tables["student"]
        if len(weak.values) != len(strong.values):
            raise ValueError(
                f"{names['teacher']} has {len(weak.values)} rows but {names['student']} has "
                f"{len(strong.values)}: give one row for each input in both."
            )
        encoded = any(model is not None for model in models.values())
        tables["student"] = matched(weak, strong, (names["teacher"], names["student"]), ordered=encoded)
    truth = _values(tables, y, "y", names)
    said = None if predictions is None else _values(tables, predictions, "predictions", names)
    if said is not None and said.shape != truth.shape:
        raise ValueError(
            f"predictions has shape {said.shape} but y has shape {truth.shape}: give one value for each "
            "input and output."
        )
    if len(truth) < FEWEST:
        raise ValueError(
            f"there are {len(truth)} inputs, too few to divide among teacher, student and test: "
            f"give at least {FEWEST}."
        )
    for told, name in ((truth, "y"), (said, "predictions")):
        if told is not None:
            check_no_data(Table(told.reshape(len(told), -1)), name)
    for role, table in tables.items():
        check_no_data(table, names[role])
        for output in truth.reshape(len(truth), -1).T:
            check_truth_among(table, output, names[role])
    return Pair(
        names.get("teacher", "predictions"),
        tables.get("teacher"),
        names["student"],
        tables["student"],
        truth,
        said,
    )


def take_column(teacher: Any, student: Any, name: str, what: str) -> tuple[Any, Any, Any]:
    """Take a column of words or numbers that is no feature out of the tables: both without it, and it.

    The order of inputs is the teacher's; a column that only the student's table has must be in it, too.
    """
    tables = [_frame(given) for given in (teacher, student)]
    holders = [table for table in tables if table is not None and name in list(table.columns)]
    if not holders:
        raise ValueError(
            f"{what} is {name!r}, but neither teacher nor student is a table with this column: give its "
            "name, or an entry for each input."
        )
    if holders[0] is not tables[0] and tables[0] is not None:
        keys = [
            list(map(str, table[ID])) if ID in list(table.columns) else []
            for table in tables
            if table is not None
        ]
        if keys[0] != keys[1]:
            raise ValueError(
                f"the column {name} is in the student's table only, whose rows are in another order than the "
                "teacher's: move it to the teacher's table, or give its entries in the teacher's order."
            )
    found = np.asarray(holders[0][name])
    left = [
        given
        if table is None or name not in list(table.columns)
        else table.drop(columns=name)
        if hasattr(table, "iloc")
        else table.drop(name)
        for given, table in zip((teacher, student), tables, strict=True)
    ]
    return left[0], left[1], found


def _frame(given: Any) -> Any:
    """Return a data frame, or that of a file with named columns; ``None`` if there is none."""
    if hasattr(given, "columns") and hasattr(given, "drop"):
        return given
    if not (isinstance(given, (str, Path)) and _is_path(str(given))):
        return None
    path = Path(given).expanduser()
    if path.suffix.lower() not in (".csv", ".tsv", ".tab", ".parquet", ".feather") or not path.is_file():
        return None
    pandas = import_optional("pandas", f"A column of {path.name}", extra="sweep")
    if path.suffix.lower() in (".parquet", ".feather"):
        return getattr(pandas, f"read_{path.suffix.lower()[1:]}")(path)
    return pandas.read_csv(path, sep="," if path.suffix.lower() == ".csv" else "\t", encoding="utf-8-sig")


class _Items:
    """What models encode: any sequence, or the one column of a table."""

    def __init__(self, given: Any) -> None:
        self.ids: tuple[str, ...] | None = None
        self.labels: tuple[str, ...] | None = None
        self.items: list[Any] = []
        if given is None:
            return
        self.items = checked_inputs(given, "a list, with one entry for each input")
        if hasattr(given, "iloc"):
            self.ids, self.labels = index_of(given)

    def encoded(self, encoder: Encoder, *, progress: bool) -> Table:
        # A function's layers are not known before its first call.
        found = encoder.encode(self.items, list(encoder.layers[-1:]) or None, progress=progress)
        rows = as_float_array(list(found.values())[-1], encoder.name, ndims=(2,), columns="features")
        return Table(rows, ids=self.ids, labels=self.labels)


def _model(given: Any, role: str) -> Encoder | None:
    """Return the encoder that is meant, or ``None`` if features are given."""
    is_name = isinstance(given, str) and not _is_path(given)
    is_folder = isinstance(given, Path) and given.expanduser().is_dir()
    first = given[0] if type(given) is tuple and len(given) == 2 else given
    is_module = hasattr(first, "state_dict") and hasattr(first, "forward")
    if callable(getattr(given, "predict", None)) and not (callable(given) or is_module):
        remedy = (
            "give None in its place and predictions=, what its predict returns"
            if role == "teacher"
            else "give the features that it reads, and the model as head="
        )
        raise TypeError(f"{role} is a model ({type(given).__name__}) and no representation: {remedy}.")
    if not (is_name or is_folder or is_module or callable(given) or isinstance(given, Encoder)):
        return None
    if isinstance(given, str) and given == "":
        raise ValueError(f"{role} is an empty string: give features, a path, or the name of a model.")
    from w2s_widgets.encoders import encoder

    return encoder(given)


def _is_path(given: str) -> bool:
    """Whether a string is the path of a file, rather than the name of a model."""
    path = Path(given)
    if path.suffix.lower() in _PATHS:
        return True
    try:
        return path.expanduser().is_file()
    except (OSError, RuntimeError, ValueError):  # longer than a path can be, or no text for one
        return False


def _table(given: Any, role: str) -> Table:
    if isinstance(given, Table):
        return given
    if isinstance(given, (str, Path)):
        return read_file(Path(given).expanduser(), role)
    return from_table(given, role)


def _name(given: Any, encoder: Encoder | None, role: str) -> str:
    if encoder is not None:
        return encoder.name
    return Path(given).stem if isinstance(given, (str, Path)) else role


def _values(tables: dict[str, Table], given: Any, what: str, names: dict[str, str]) -> FloatArray:
    """Return truth or predictions in the order of the tables, which lose the columns of these names."""
    columns = {column for table in tables.values() for column in table.columns}
    if isinstance(given, Integral) and str(given) in columns:
        given = str(given)  # a column without a name of its own is called by its number
    if isinstance(given, Path) or (isinstance(given, str) and given not in columns and _is_path(given)):
        return _matched_values(tables, _table(given, what), what, names)
    if isinstance(given, str):
        return _column(tables, given, what, names)
    listed = isinstance(given, (list, tuple)) and all(isinstance(name, str) for name in given)
    if listed and not set(given).isdisjoint(columns):
        return np.stack([_column(tables, name, what, names) for name in given], axis=1)
    return _matched_values(tables, _told(given, what), what, names)


def _matched_values(tables: dict[str, Table], told: Table, what: str, names: dict[str, str]) -> FloatArray:
    first = next(iter(tables.values()))
    if len(told.values) != len(first.values):
        owners = " and ".join(names[role] for role in tables)
        raise ValueError(
            f"{what} has {len(told.values)} values but {owners} {'have' if len(tables) > 1 else 'has'} "
            f"{len(first.values)} rows: give one value for each input."
        )
    known = [role for role, table in tables.items() if table.ids is not None]
    named = known[0] if known else next(iter(tables))
    for role, table in tables.items():
        if role == named or (told.ids is None and table.ids is None):
            told = matched(table, told, (names[role], what), ordered=told.ids is None)
    return told.values.ravel() if told.values.shape[1] == 1 else told.values


def _column(tables: dict[str, Table], name: str, what: str, names: dict[str, str]) -> FloatArray:
    found = [column for column in (table.column(name) for table in tables.values()) if column is not None]
    if not found:
        known = sorted({column for table in tables.values() for column in table.columns})
        which = f"there are {', '.join(known[:12])}" if known else "its columns have no names"
        owners = "neither teacher nor student has" if len(tables) > 1 else "the student does not have"
        raise ValueError(f"{what} is {name!r}, but {owners} this column: {which}.")
    if len(found) == 2 and (found[0] != found[1]).any():
        raise ValueError(
            f"teacher and student both have the column {name}, and their values differ: give rows in the "
            f"same order, a column id in both, or {what} as an array."
        )
    # As a feature the truth would make any student perfect.
    for role in tables:
        tables[role] = tables[role].without(name)
        if tables[role].values.shape[1] == 0:
            raise ValueError(f"{names[role]} has no column besides {name}: give at least one feature.")
    return np.array(found[0])


def _told(given: Any, what: str) -> Table:
    """Return values that are handed over on their own as a table, and what their index says."""
    if hasattr(given, "columns") or hasattr(given, "column_names"):
        return from_table(given, what)
    values = as_float_array(given, what, ndims=(1, 2))
    ids, labels = index_of(given) if hasattr(given, "iloc") else (None, None)
    return Table(values.reshape(len(values), -1), ids=ids, labels=labels)
