"""What a researcher hands over for teacher, student and truth, brought to matrices with the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.datasets.feature_tables import ENDINGS, ID, Table, from_frame, read_file
from w2s_widgets.encoders.interface import Encoder

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
    tables = {
        role: _table(given, role)
        if models[role] is None
        else Table(_encoded(models[role], list(inputs or ()), progress=progress))
        for role, given in asked.items()
    }
    names = {role: _name(given, models[role], role) for role, given in asked.items()}
    if names["teacher"] == names["student"]:
        names = {role: f"{name} ({role})" for role, name in names.items()}
    weak, strong = tables["teacher"], tables["student"]
    if len(weak.values) != len(strong.values):
        raise ValueError(
            f"{names['teacher']} has {len(weak.values)} rows but {names['student']} has "
            f"{len(strong.values)}: give one row for each input in both."
        )
    if weak.ids is not None and strong.ids is not None:
        strong = _in_order(strong, weak.ids, strong.ids, names)
    weak, strong, truth = _with_truth(weak, strong, y, names)
    if len(truth) < FEWEST:
        raise ValueError(
            f"there are {len(truth)} inputs, too few to divide among teacher, student and test: "
            f"give at least {FEWEST}."
        )
    return Pair(names["teacher"], weak.values, names["student"], strong.values, truth)


def _model(given: Any, role: str) -> Encoder | None:
    """Return the encoder that is meant, or ``None`` if features are given."""
    is_name = isinstance(given, str) and Path(given).suffix.lower() not in ENDINGS
    is_folder = isinstance(given, Path) and given.expanduser().is_dir()
    first = given[0] if type(given) is tuple and len(given) == 2 else given
    is_module = hasattr(first, "state_dict") and hasattr(first, "forward")
    if not (is_name or is_folder or is_module or callable(given) or isinstance(given, Encoder)):
        return None
    if given == "":
        raise ValueError(f"{role} is an empty string: give features, a path, or the name of a model.")
    from w2s_widgets.encoders import encoder

    return encoder(given)


def _table(given: Any, role: str) -> Table:
    if isinstance(given, Table):
        return given
    if isinstance(given, (str, Path)):
        path = Path(given).expanduser()
        if path.suffix.lower() not in ENDINGS:
            raise ValueError(
                f"{role} is the path {path}: give a file that ends in {', '.join(ENDINGS[:-1])} or "
                f"{ENDINGS[-1]}."
            )
        return read_file(path, role)
    if hasattr(given, "iloc") and hasattr(given, "columns"):
        return from_frame(given, role)
    return Table(as_float_array(given, role, ndims=(2,), columns="features"))


def _encoded(encoder: Encoder | None, inputs: Sequence[Any], *, progress: bool) -> FloatArray:
    assert encoder is not None
    # A function's layers are not known before its first call.
    found = encoder.encode(inputs, list(encoder.layers[-1:]) or None, progress=progress)
    rows = list(found.values())[-1]
    return as_float_array(rows, encoder.name, ndims=(2,), columns="features")


def _name(given: Any, encoder: Encoder | None, role: str) -> str:
    if encoder is not None:
        return encoder.name
    return Path(given).stem if isinstance(given, (str, Path)) else role


def _in_order(table: Table, wanted: tuple[str, ...], found: tuple[str, ...], names: dict[str, str]) -> Table:
    """Return the student's rows in the order of the teacher's ids."""
    for role, ids in (("teacher", wanted), ("student", found)):
        if len(set(ids)) < len(ids):
            twice = next(name for place, name in enumerate(ids) if name in ids[:place])
            raise ValueError(
                f"{names[role]} has the {ID} {twice!r} twice: give each input a name of its own."
            )
    absent = [name for name in wanted if name not in set(found)]
    if absent:
        raise ValueError(
            f"{names['teacher']} has {len(absent)} rows whose {ID} is not in {names['student']}, such as "
            f"{absent[0]!r}: give both the same inputs, or leave the column {ID} out to match rows by order."
        )
    place = {name: row for row, name in enumerate(found)}
    return table._replace(values=table.values[[place[name] for name in wanted]], ids=wanted)


def _with_truth(
    weak: Table, strong: Table, y: ArrayLike | str, names: dict[str, str]
) -> tuple[Table, Table, FloatArray]:
    if not isinstance(y, str):
        truth = as_float_array(y, "y", ndims=(1, 2))
        if truth.ndim == 2 and truth.shape[1] != 1:
            raise ValueError(f"y has shape {truth.shape}: give one number for each input.")
        if len(truth) != len(weak.values):
            raise ValueError(
                f"y has {len(truth)} values but {names['teacher']} and {names['student']} have "
                f"{len(weak.values)} rows: give one value for each input."
            )
        return weak, strong, truth.ravel()
    found = [column for column in (weak.column(y), strong.column(y)) if column is not None]
    if not found:
        known = sorted({*weak.columns, *strong.columns})
        which = f"there are {', '.join(known[:12])}" if known else "its columns have no names"
        raise ValueError(f"y is {y!r}, but neither teacher nor student has this column: {which}.")
    if len(found) == 2 and (found[0] != found[1]).any():
        raise ValueError(
            f"teacher and student both have the column {y}, and their values differ: give rows in the same "
            f"order, a column {ID} in both, or y as an array."
        )
    # As a feature the truth would make any student perfect.
    kept = weak.without(y), strong.without(y)
    for role, table in zip(names, kept, strict=True):
        if table.values.shape[1] == 0:
            raise ValueError(f"{names[role]} has no column besides {y}: give at least one feature.")
    return (*kept, found[0])
