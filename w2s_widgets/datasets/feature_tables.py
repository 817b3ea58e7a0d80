"""Read a feature matrix from a file or a table: numbers, the names of columns, and what rows are called."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._optional import import_optional
from w2s_widgets._validation import FloatArray, as_features, as_float_array
from w2s_widgets.datasets.named_columns import NamedColumns, named_columns, numbers_in
from w2s_widgets.datasets.text_tables import TextTable, read_text

TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".dat")
ENDINGS = (*TEXT_ENDINGS, ".npy", ".npz", ".parquet", ".feather", ".arrow")
"""What the names of files that can be read end in."""

ID = "id"
"""The column, or level of an index, that says which row is which input."""

_INDEX = re.compile(
    r"unnamed.*|(?:__)?(?:index|level)(?:_level)?(?:_\d+)?(?:__)?|idx|rownames?|"
    r"(?:.*[_ .-]|row)(?:id|idx|index|number|nr|no)",
    re.IGNORECASE,
)
"""Names of columns that, where they number the rows in any order, are row numbers and no features."""

_COUNTER = re.compile(r"rows?|obs|#|nr|no|number|x|x\.1", re.IGNORECASE)
"""Names of columns that, where they count the rows one by one, are row numbers, too."""


class Table(NamedTuple):
    """A matrix of numbers, as it was found."""

    values: FloatArray
    columns: tuple[str, ...] = ()
    """Their names; empty if they have none."""
    ids: tuple[str, ...] | None = None
    """What the column, or the index, ``id`` says; ``None`` if there is none."""
    labels: tuple[str, ...] | None = None
    """What an index without that name calls the rows; ``None`` if there is none."""

    def column(self, name: str) -> FloatArray | None:
        """Return one column, or ``None`` if there is none of this name."""
        if self.columns.count(name) > 1:
            raise ValueError(f"there are {self.columns.count(name)} columns {name!r} in one table: keep one.")
        return self.values[:, self.columns.index(name)] if name in self.columns else None

    def without(self, name: str) -> Table:
        """Return the table without a column, if it has it."""
        kept = [place for place, column in enumerate(self.columns) if column != name]
        if len(kept) == len(self.columns):
            return self
        return self._replace(values=self.values[:, kept], columns=tuple(self.columns[i] for i in kept))


def read_file(path: Path, name: str) -> Table:
    """Read a file of text, Parquet, Feather, Arrow or NPY, or an NPZ file with one array."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(
            f"{name} is the path {path}: give a file that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
        )
    if not path.is_file():
        raise FileNotFoundError(f"{name} is the path {path}, and there is no such file: check the path.")
    if ending in TEXT_ENDINGS:
        try:
            return read_csv(path.read_text(encoding="utf-8-sig"), path.name, tabs=ending in (".tsv", ".tab"))
        except UnicodeDecodeError:
            raise ValueError(f"{path.name} is not text in UTF-8: save it as a CSV file in UTF-8.") from None
    if ending in (".npy", ".npz"):
        return from_table(_read_numpy(path), path.name)
    return _read_frame(path, ending)


def read_csv(text: str, name: str, *, tabs: bool = False) -> Table:
    r"""Read a matrix from the text of a CSV file.

    Cells are separated by tabs, semicolons, bars, commas or spaces. If the first line holds a word that is
    no number, it names the columns; a first column without a name is an index, and no feature.

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
    found = read_text(text, name, tabs=tabs)
    labels: tuple[str, ...] | None = None
    if found.columns and not found.columns[0]:
        labels = found.cells_of(0)
        found = found.without([0])
        _say_left_out(name, "the first column, which has no name, as an index that was written along", ID)
    ids, found = _ids_of_text(found, name)
    if not found.width:
        raise ValueError(f"{name} has no column besides {ID}: give at least one column of numbers.")
    table = Table(found.numbers(name), found.columns, ids, labels)
    return _without_counters(table, name, unnamed=not found.columns)


def from_table(given: Any, name: str) -> Table:
    """Read a table of any kind, or an array: columns by their names, and what its rows are called.

    An index, or one of its levels, called ``id`` counts as a column ``id`` does. Any other index says
    nothing by itself, but two tables whose indexes differ are not matched by order.

    Examples
    --------
    >>> table = from_table({"id": ["a", "b"], "length": [1, 2]}, "words")
    >>> table.columns, table.ids, table.values.tolist()
    (('length',), ('a', 'b'), [[1.0], [2.0]])
    """
    found = named_columns(given, name)
    if found is None:
        return Table(as_features(given, name))
    ids, features = _ids_of(found, name)
    if not features:
        raise ValueError(f"{name} has no column of numbers: give at least one.")
    columns = tuple(column for column, _ in features)
    values = np.empty((len(features), found.rows))
    for place, (column, cells) in enumerate(features):
        values[place] = numbers_in(cells, column, name)
    checked = as_float_array(values.T, name, ndims=(2,), columns="features")
    return _without_counters(Table(checked, columns, ids, found.labels), name, unnamed=False)


def _ids_of(found: NamedColumns, name: str) -> tuple[tuple[str, ...] | None, list[tuple[str, Any]]]:
    """Return what the column ``id``, or the level ``id`` of the index, says, and the other columns."""
    named = [column for column, _ in found.columns if _is_id(column)]
    if len(named) > 1:
        raise ValueError(f"{name} has {len(named)} columns called {ID}: keep one.")
    ids = found.ids
    for column, cells in found.columns:
        if column in named:
            ids = tuple(_as_id(cell) for cell in np.asarray(cells, dtype=object).tolist())
    _check_ids(ids, name)
    return ids, [(column, cells) for column, cells in found.columns if column not in named]


def _ids_of_text(found: TextTable, name: str) -> tuple[tuple[str, ...] | None, TextTable]:
    places = [place for place, column in enumerate(found.columns) if _is_id(column)]
    if len(places) > 1:
        raise ValueError(f"{name} has {len(places)} columns called {ID}: keep one.")
    ids = found.cells_of(places[0]) if places else None
    _check_ids(ids, name)
    return ids, found.without(places)


def _is_id(column: str) -> bool:
    return column.strip().lower() == ID


def _as_id(value: Any) -> str:
    """Return an id as text: 3.0, as a table with holes writes a whole number, is 3."""
    if value is None or value != value:
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _check_ids(ids: Sequence[str] | None, name: str) -> None:
    # What pandas calls a missing cell of its own types has this text.
    absent = [row for row, cell in enumerate(ids or (), 1) if cell in ("", "<NA>", "NaT")]
    if absent:
        raise ValueError(
            f"{name} has no {ID} in row {absent[0]}: leave this row out, in all that you give, or name it."
        )


def _without_counters(table: Table, name: str, *, unnamed: bool) -> Table:
    """Leave out columns that count the rows, as an index that was written along does."""
    left_out = [
        place
        for place, column in enumerate(table.columns or [""] * table.values.shape[1])
        if _numbers_rows(table.values[:, place], column.strip(), first=unnamed and place == 0)
    ]
    if not left_out or len(left_out) == table.values.shape[1]:
        return table
    for place in left_out:
        what = f"the column {table.columns[place]}" if table.columns else "the first column"
        _say_left_out(name, f"{what}, which counts the rows", ID)
    kept = [place for place in range(table.values.shape[1]) if place not in left_out]
    columns = tuple(table.columns[place] for place in kept) if table.columns else ()
    return table._replace(values=table.values[:, kept], columns=columns)


def _numbers_rows(values: FloatArray, name: str, *, first: bool) -> bool:
    """Whether numbers are 0, 1, 2 ... or 1, 2, 3 ..., under a name that an index has in any order."""
    if not (first or _INDEX.fullmatch(name) or _COUNTER.fullmatch(name)):
        return False
    ordered = np.sort(values) if _INDEX.fullmatch(name) else values
    return len(values) > 3 and ordered[0] in (0, 1) and bool((np.diff(ordered) == 1).all())


def _say_left_out(name: str, what: str, remedy: str) -> None:
    warnings.warn(
        f"{name}: left out {what}, for it is no feature; if it says which row is which input, call it "
        f"{remedy}.",
        stacklevel=2,
    )


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


def _read_frame(path: Path, ending: str) -> Table:
    use, kind = f"Reading {path.name}", "a Parquet" if ending == ".parquet" else "an Arrow"
    pandas = import_optional("pandas", use, extra="sweep")
    import_optional("pyarrow", use, extra="sweep")
    feather = import_optional("pyarrow.feather", use, extra="sweep")
    try:
        frame = pandas.read_parquet(path) if ending == ".parquet" else _arrow_frame(feather, path)
    except Exception as error:
        # pyarrow's errors are of many kinds, and none of them is the reader's business.
        raise ValueError(f"{path.name} cannot be read as {kind} file ({type(error).__name__}).") from None
    return from_table(frame, path.name)


def _arrow_frame(feather: Any, path: Path) -> Any:
    try:
        return feather.read_table(path).to_pandas()
    except Exception:
        # Arrow is written as a file or as a stream, and Hugging Face's data sets are streams.
        import pyarrow

        with pyarrow.ipc.open_stream(path.read_bytes()) as stream:
            return stream.read_all().to_pandas()
