"""What a researcher hands over for teacher, student and truth, brought to matrices with the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.datasets.feature_tables import ENDINGS, Table, from_table, read_file
from w2s_widgets.datasets.named_columns import index_of
from w2s_widgets.encoders.batches import checked_inputs
from w2s_widgets.encoders.interface import Encoder
from w2s_widgets.studies.pair_checks import check_no_data, check_truth_among
from w2s_widgets.studies.pair_rows import matched

FEWEST = 60
"""Inputs without which three parts are too small to measure anything."""


class Pair(NamedTuple):
    """Two representations and the truth, row by row of the same inputs."""

    teacher_name: str
    teacher: FloatArray
    student_name: str
    student: FloatArray
    y: FloatArray


def read_pair(
    teacher: Any, student: Any, y: ArrayLike | str, inputs: Sequence[Any] | None, *, progress: bool
) -> Pair:
    """Read what `own_pair` was given; errors as it says."""
    # Both are looked at before anything is encoded, which can take long.
    asked = {"teacher": teacher, "student": student}
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
    if names["teacher"] == names["student"]:
        names = {role: f"{name} ({role})" for role, name in names.items()}
    weak, strong = tables["teacher"], tables["student"]
    if len(weak.values) != len(strong.values):
        raise ValueError(
            f"{names['teacher']} has {len(weak.values)} rows but {names['student']} has "
            f"{len(strong.values)}: give one row for each input in both."
        )
    encoded = any(model is not None for model in models.values())
    strong = matched(weak, strong, (names["teacher"], names["student"]), ordered=encoded)
    weak, strong, truth = _with_truth(weak, strong, y, names)
    if len(truth) < FEWEST:
        raise ValueError(
            f"there are {len(truth)} inputs, too few to divide among teacher, student and test: "
            f"give at least {FEWEST}."
        )
    check_no_data(Table(truth[:, None]), "y")
    for role, table in (("teacher", weak), ("student", strong)):
        check_no_data(table, names[role])
        check_truth_among(table, truth, names[role])
    return Pair(names["teacher"], weak.values, names["student"], strong.values, truth)


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
    if not (is_name or is_folder or is_module or callable(given) or isinstance(given, Encoder)):
        return None
    if isinstance(given, str) and given == "":
        raise ValueError(f"{role} is an empty string: give features, a path, or the name of a model.")
    from w2s_widgets.encoders import encoder

    return encoder(given)


def _is_path(given: str) -> bool:
    """Whether a string is the path of a file, rather than the name of a model."""
    path = Path(given)
    if path.suffix.lower() in (
        *ENDINGS,
        ".xlsx",
        ".xls",
        ".json",
        ".jsonl",
        ".gz",
        ".zip",
        ".h5",
        ".pkl",
        ".mat",
    ):
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


def _with_truth(
    weak: Table, strong: Table, y: ArrayLike | str, names: dict[str, str]
) -> tuple[Table, Table, FloatArray]:
    if isinstance(y, Integral) and str(y) in (*weak.columns, *strong.columns):
        y = str(y)  # a column without a name of its own is called by its number
    if not isinstance(y, str):
        told = _told(y)
        if told.values.shape[1] != 1:
            raise ValueError(f"y has shape {told.values.shape}: give one number for each input.")
        if len(told.values) != len(weak.values):
            raise ValueError(
                f"y has {len(told.values)} values but {names['teacher']} and {names['student']} have "
                f"{len(weak.values)} rows: give one value for each input."
            )
        named = "student" if weak.ids is None and strong.ids is not None else "teacher"
        for role, table in (("teacher", weak), ("student", strong)):
            if role == named or (told.ids is None and table.ids is None):
                told = matched(table, told, (names[role], "y"), ordered=told.ids is None)
        return weak, strong, told.values.ravel()
    found = [column for column in (weak.column(y), strong.column(y)) if column is not None]
    if not found:
        known = sorted({*weak.columns, *strong.columns})
        which = f"there are {', '.join(known[:12])}" if known else "its columns have no names"
        raise ValueError(f"y is {y!r}, but neither teacher nor student has this column: {which}.")
    if len(found) == 2 and (found[0] != found[1]).any():
        raise ValueError(
            f"teacher and student both have the column {y}, and their values differ: give rows in the same "
            "order, a column id in both, or y as an array."
        )
    # As a feature the truth would make any student perfect.
    kept = weak.without(y), strong.without(y)
    for role, table in zip(names, kept, strict=True):
        if table.values.shape[1] == 0:
            raise ValueError(f"{names[role]} has no column besides {y}: give at least one feature.")
    return (*kept, np.array(found[0]))


def _told(y: Any) -> Table:
    """Return a truth that is handed over as a table with one column, and what its index says."""
    if hasattr(y, "columns") or hasattr(y, "column_names"):
        return from_table(y, "y")
    values = as_float_array(y, "y", ndims=(1, 2))
    ids, labels = index_of(y) if hasattr(y, "iloc") else (None, None)
    return Table(values.reshape(len(values), -1), ids=ids, labels=labels)
