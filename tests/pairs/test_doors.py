"""What comes into `own_pair` as files and tables: rows that belong together, and only features."""

from __future__ import annotations

import io
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from w2s_widgets.datasets.feature_tables import from_table, read_csv

N = 120
RNG = np.random.default_rng(11)
STRONG = RNG.standard_normal((N, 4))
WEAK = STRONG[:, :2] + RNG.standard_normal((N, 2))
Y = STRONG @ [1.0, -0.5, 0.7, 0.2] + 0.4 * RNG.standard_normal(N)
NAMES = [f"word {i}" for i in range(N)]
ORDER = np.random.default_rng(2).permutation(N)


def weak_frame(**extra: Any) -> pd.DataFrame:
    return pd.DataFrame(WEAK, columns=["a", "b"]).assign(**extra)


def strong_frame(**extra: Any) -> pd.DataFrame:
    return pd.DataFrame(STRONG, columns=["p", "q", "r", "s"]).assign(**extra)


def gain(*given: Any, **options: Any) -> float:
    return w2s.own_pair(*given, progress=False, **options).outcome.gain


RIGHT = gain(WEAK, STRONG, Y)


# --- row numbers are no features -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (weak_frame().to_csv(), ("a", "b")),
        (weak_frame().set_index(pd.Index(NAMES)).to_csv(), ("a", "b")),
        (weak_frame().set_index(pd.Index(range(1, N + 1))).to_csv(sep=";"), ("a", "b")),
        (weak_frame().reset_index().to_csv(index=False), ("a", "b")),
        (pd.read_csv(io.StringIO(weak_frame().to_csv())).to_csv(index=False), ("a", "b")),
        (weak_frame().to_csv(header=False), ()),
        (pd.DataFrame(WEAK).to_csv(), ("0", "1")),
        (weak_frame(row_id=range(1, N + 1)).to_csv(index=False), ("a", "b")),
    ],
    ids=["index", "names", "from 1", "reset", "twice", "no header", "numbered", "row_id"],
)
def test_an_index_that_was_written_along_is_left_out_and_said(text: str, columns: tuple[str, ...]) -> None:
    with pytest.warns(UserWarning, match=r"weak\.csv: left out .*, for it is no feature"):
        table = read_csv(text, "weak.csv")
    assert table.columns == columns
    np.testing.assert_allclose(table.values, WEAK)


def test_the_same_holds_for_frames_and_not_for_features() -> None:
    with pytest.warns(UserWarning, match=r"weak: left out the column index, which counts the rows"):
        assert from_table(weak_frame().reset_index(), "weak").columns == ("a", "b")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kept = from_table(weak_frame(time=range(N), rank=ORDER, x=ORDER, width=range(N)), "weak")
    assert kept.columns == ("a", "b", "time", "rank", "x", "width"), "trends and ranks are features"
    for name in ("index", "level_0", "Unnamed: 0", "word_id", "Row Number"):
        with pytest.warns(UserWarning, match=f"left out the column {name}, which counts the rows"):
            assert from_table(weak_frame(**{name: ORDER + 1}), "weak").columns == ("a", "b")


# --- headers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [[0, 1], [2019, 2020], ["1", "2"]])
def test_names_that_are_numbers_are_names(names: list[Any]) -> None:
    table = read_csv(pd.DataFrame(WEAK, columns=names).to_csv(index=False), "weak.csv")
    assert table.columns == tuple(map(str, names))
    assert table.values.shape == (N, 2)


def test_numbers_that_are_no_names_are_a_row() -> None:
    whole = RNG.integers(0, 3, (N, 3))
    whole[0] = [2, 0, 1]
    table = read_csv(pd.DataFrame(whole).to_csv(index=False, header=False), "weak.csv")
    assert (table.columns, table.values.tolist()) == ((), whole.tolist())


def test_a_column_is_called_by_its_number() -> None:
    frame = pd.DataFrame(np.c_[WEAK, Y])
    assert gain(frame, STRONG, 2) == gain(frame, STRONG, "2") == RIGHT


# --- cells without a number --------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["", "NA", "nan", "N/A", "null", "-", "inf"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_cell_without_a_number_is_named(cell: str, separator: str) -> None:
    lines = ["a,b,c", "1.5,2,3", f"4,{cell},6", "7,8,9"]
    with pytest.raises(
        ValueError, match=r"^f\.csv has no number in row 2 of the column b: leave this row out"
    ):
        read_csv("\n".join(lines).replace(",", separator), "f.csv")


@pytest.mark.parametrize("empty", ["", ",", '"",""', "  "])
@pytest.mark.parametrize("header", ["a,b\n", ""])
def test_an_empty_row_is_a_row(empty: str, header: str) -> None:
    with pytest.raises(ValueError, match=r"^f\.csv has no number in row 3 of"):
        read_csv(f"{header}1.5,2\n3,4\n{empty}\n5,6\n7,8\n", "f.csv")
    if not header:
        with pytest.raises(ValueError, match=r"^f\.csv has no number in row 1"):
            read_csv(f"{empty}\n1.5,2\n3,4\n", "f.csv")


def test_an_empty_line_in_a_file_of_one_column_is_a_row_and_lines_at_the_end_are_none() -> None:
    with pytest.raises(ValueError, match=r"^f\.csv has no number in row 2 of the column a"):
        read_csv("a\n1\n\n3\n", "f.csv")
    assert read_csv("a\n1\n3\n\n\n", "f.csv").values.ravel().tolist() == [1, 3]


def test_holes_of_frames_are_named() -> None:
    holes = weak_frame().astype({"a": "Float64"})
    holes.loc[7, "a"] = pd.NA
    for given in (holes, weak_frame().astype(object).mask(holes.isna()), holes.astype("float64[pyarrow]")):
        with pytest.raises(
            ValueError, match=r"^teacher has 1 value that is NaN or infinite, the first at index \(7"
        ):
            gain(given, STRONG, Y)


# --- separators and decimal commas -------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " ", "   "])
@pytest.mark.parametrize("header", [True, False])
def test_any_usual_separator_is_read(separator: str, header: bool) -> None:
    text = weak_frame().to_csv(index=False, header=header).replace(",", separator)
    table = read_csv(text, "weak.csv")
    np.testing.assert_allclose(table.values, WEAK)
    assert table.columns == (("a", "b") if header else ())


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "dat", "tab"])
def test_text_files_by_their_endings(ending: str, tmp_path: Path) -> None:
    separator = "\t" if ending in ("tsv", "tab") else ","
    weak_frame().to_csv(tmp_path / f"weak.{ending}", index=False, sep=separator)
    assert gain(str(tmp_path / f"weak.{ending}"), STRONG, Y) == pytest.approx(RIGHT, rel=1e-9)


@pytest.mark.parametrize(
    "options", [{}, {"header": "a b"}, {"delimiter": ",", "header": "a,b"}, {"fmt": "%.18e"}]
)
def test_what_numpy_writes_is_read(options: dict[str, Any], tmp_path: Path) -> None:
    np.savetxt(tmp_path / "weak.txt", WEAK, **options)
    assert gain(tmp_path / "weak.txt", STRONG, Y) == RIGHT
    np.savetxt(tmp_path / "all.csv", np.c_[WEAK, Y], header="a b y")
    assert gain(tmp_path / "all.csv", STRONG, "y") == RIGHT


@pytest.mark.parametrize(
    "text",
    [
        weak_frame().to_csv(index=False, sep=";", decimal=","),
        weak_frame().to_csv(index=False, sep=";", decimal=",", header=False),
        weak_frame().to_csv(index=False, sep="\t", decimal=","),
        weak_frame().to_csv(index=False, decimal=","),
        weak_frame()[["a"]].to_csv(index=False, sep=";", decimal=",", header=False, float_format="%.3f"),
        weak_frame()[["a"]].to_csv(index=False, sep=";", decimal=",", header=False, float_format="%.4e"),
        "\n".join(f"{a:.2f},{b:.2f}".replace(".", ",") for a, b in WEAK),
        "\n".join(f"1.{i + 100},{i % 100:02}" for i in range(N)),
        "a\n" + "\n".join(f"{a:.2f}".replace(".", ",") for a in WEAK[:, 0]),
        "\n".join(f"{round(9 * a, 1):g}".replace(".", ",") for a in [1, *WEAK[:, 0]]),
    ],
    ids=[
        "semicolons",
        "no header",
        "tabs",
        "quoted",
        "one column",
        "exponents",
        "two columns",
        "thousands",
        "one name",
        "without zeros",
    ],
)
def test_decimal_commas_are_asked_about(text: str) -> None:
    with pytest.raises(ValueError, match=r"decimal comma.*with a point"):
        read_csv(text, "weak.csv")


def test_whole_numbers_with_names_are_no_decimal_commas() -> None:
    assert read_csv("a,b\n0,53\n1,27\n", "f.csv").values.tolist() == [[0, 53], [1, 27]]
    assert read_csv("0,53,1\n1,27,2\n", "f.csv").values.shape == (2, 3)


def test_a_quotation_mark_that_is_not_closed_is_one_sentence() -> None:
    for lines in (3, 40_000):
        text = 'a,b\n"1,2\n' + "3.5,4.5\n" * lines
        with pytest.raises(ValueError, match=r"^f\.csv cannot be read from line \d+ on .*not closed\.$"):
            read_csv(text, "f.csv")


@pytest.mark.parametrize("cell", ["1_000", "0x10", "True", "1 000", "٣x"])
def test_what_is_no_number_to_others_is_none(cell: str) -> None:
    with pytest.raises(ValueError, match=r"^f\.csv has '.*' in row 1 of the column b, which is no number"):
        read_csv(f"a,b\n1,{cell}\n", "f.csv")


def test_ids_without_a_name_are_said() -> None:
    with pytest.raises(ValueError, match=r"^f\.csv has 'w0' beside numbers in its first line"):
        read_csv("w0,0.5,0.7\nw1,0.6,0.8\n", "f.csv")
    with pytest.raises(
        ValueError, match=r"3 cells in row 1 and 2 in the first line: name every column, and leave"
    ):
        read_csv("a,b\n1,0.5,0.7\n", "f.csv")


# --- which row is which ------------------------------------------------------------------------------


def in_forms(frame: pd.DataFrame, path: Path) -> dict[str, Any]:
    """The same rows, their ids as a column, an index or a level of one, in files and other libraries."""
    pyarrow = optional("pyarrow")
    indexed = frame.set_index("id")
    frame.to_csv(path.with_suffix(".csv"), index=False)
    indexed.to_csv(path.with_suffix(".tsv"), sep="\t")
    indexed.to_parquet(path.with_suffix(".parquet"))
    frame.to_feather(path.with_suffix(".feather"))
    forms = {
        "column": frame,
        "index": indexed,
        "level": frame.assign(half=np.arange(len(frame)) // 60).set_index(["half", "id"]),
        "csv": path.with_suffix(".csv"),
        "tsv": path.with_suffix(".tsv"),
        "parquet": path.with_suffix(".parquet"),
        "feather": path.with_suffix(".feather"),
        "arrow": pyarrow.Table.from_pandas(frame),
        "arrow, index": pyarrow.Table.from_pandas(indexed),
        "batch": pyarrow.RecordBatch.from_pandas(frame),
        "arrow, unnamed": pyarrow.Table.from_pandas(indexed.rename_axis(None)),
        "mapping": {column: list(frame[column]) for column in frame},
        "unnamed index": frame.set_index("id").rename_axis(None),
    }
    return forms


def test_ids_are_found_in_every_form_and_in_any_two(tmp_path: Path) -> None:
    weak = in_forms(weak_frame(id=NAMES), tmp_path / "weak")
    strong = in_forms(strong_frame(id=NAMES).iloc[ORDER], tmp_path / "strong")
    for form in weak:
        if "unnamed" not in form:
            assert gain(weak[form], strong["column"], Y) == pytest.approx(RIGHT, rel=1e-9), form
        assert gain(weak["index"], strong[form], Y) == pytest.approx(RIGHT, rel=1e-9), form


def test_the_truth_is_matched_by_its_own_ids() -> None:
    shuffled = pd.Series(Y, index=pd.Index(NAMES, name="id")).iloc[ORDER]
    for y in (shuffled, shuffled.to_frame("y"), shuffled.rename("y").reset_index()):
        assert gain(weak_frame(id=NAMES), strong_frame(id=NAMES).iloc[::-1], y) == RIGHT
        assert gain(weak_frame(id=NAMES), STRONG[:, :4], y) == RIGHT
        assert gain(WEAK, strong_frame(id=NAMES), y) == RIGHT


def test_whole_ids_are_the_same_as_text_number_and_with_a_point() -> None:
    ids = np.arange(1000, 1000 + N)
    for other in (ids.astype(float), ids.astype(str), pd.array(ids, dtype="Int64")):
        assert gain(weak_frame(id=ids), strong_frame(id=other).iloc[ORDER], Y) == RIGHT


def test_an_index_in_another_order_is_not_passed_over() -> None:
    for index in (None, pd.Index(NAMES), pd.MultiIndex.from_product([["x", "y"], range(N // 2)])):
        weak, strong, y = weak_frame(), strong_frame(), pd.Series(Y)
        for part in (weak, strong, y):
            part.index = part.index if index is None else index
        assert gain(weak, strong, y) == RIGHT
        with pytest.raises(
            ValueError, match=r"^teacher and student have the same index in another order: call"
        ):
            gain(weak, strong.iloc[ORDER], y)
        with pytest.raises(ValueError, match=r"^teacher and y have the same index in another order"):
            gain(weak, strong, y.iloc[ORDER])
        assert gain(weak.iloc[ORDER], strong.iloc[ORDER], y.iloc[ORDER]) == gain(
            WEAK[ORDER], STRONG[ORDER], Y[ORDER]
        )
    more = strong_frame().set_index(pd.RangeIndex(5, N + 5))
    with pytest.raises(ValueError, match=r"have indexes that name different rows, such as '3'"):
        gain(weak_frame().set_index(pd.RangeIndex(3, N + 3)), more, Y)
    assert gain(weak_frame(), more, Y) == RIGHT, "whoever has lost an index only counts"


def test_ids_on_one_side_only_are_said() -> None:
    with pytest.warns(UserWarning, match=r"^student has no id, so its rows are taken to be in the order of"):
        assert gain(weak_frame(id=NAMES), STRONG, Y) == RIGHT
    with pytest.raises(ValueError, match=r"^teacher has no id in row 3: leave this row out"):
        gain(weak_frame(id=[*NAMES[:2], None, *NAMES[3:]]), STRONG, Y)
    with pytest.raises(ValueError, match=r"^teacher has 2 columns called id: keep one"):
        gain(weak_frame(id=NAMES, ID=NAMES), STRONG, Y)


def test_polars_and_other_tables_are_read_by_name() -> None:
    polars = optional("polars")
    weak = polars.DataFrame({"a": WEAK[:, 0], "b": WEAK[:, 1], "id": NAMES})
    strong = polars.from_pandas(strong_frame(id=NAMES, y=Y).iloc[ORDER])
    assert gain(weak, strong, "y") == gain(weak.lazy(), strong, "y") == pytest.approx(RIGHT, rel=1e-9)
    assert gain(weak, strong.drop("y"), polars.Series(Y)) == pytest.approx(RIGHT, rel=1e-9)


def test_tables_of_other_kinds() -> None:
    records = weak_frame(y=Y).to_records(index=False)
    assert gain(records, STRONG, "y") == RIGHT
    two = pd.concat({"x": weak_frame()[["a"]], "z": weak_frame(y=Y)[["b", "y"]]}, axis=1)
    assert from_table(two, "weak").columns == ("x, a", "z, b", "z, y")

    class Rows:
        columns = ("a", "b")

    with pytest.raises(
        TypeError, match=r"^teacher is a table of class Rows, whose columns cannot be read: give"
    ):
        gain(Rows(), STRONG, Y)
    with pytest.raises(ValueError, match=r"^teacher has columns of different lengths"):
        gain({"a": [1.0] * N, "b": [1.0]}, STRONG, Y)
    lists = pd.DataFrame({"vector": list(WEAK)})
    with pytest.raises(
        ValueError, match=r"the column vector, which holds a list of numbers in each row: .*stack"
    ):
        gain(lists, STRONG, Y)
    for column in (pd.Categorical(["u", "v"] * (N // 2)), pd.date_range("2020", periods=N), ["u"] * N):
        with pytest.raises(ValueError, match=r"^teacher has the column c, which does not hold numbers"):
            gain(weak_frame(c=column), STRONG, Y)


def test_matching_takes_time_in_proportion() -> None:
    def seconds(n: int) -> float:
        X = np.random.default_rng(0).standard_normal((n, 2))
        ids = [f"r{i}" for i in range(n)]
        weak, strong = (pd.DataFrame(X, columns=["a", "b"]).assign(id=i) for i in (ids, ids[::-1]))
        start = time.process_time()
        with pytest.raises(ValueError, match="y is constant"):
            gain(weak, strong, np.zeros(n))
        return time.process_time() - start

    seconds(2_000)
    assert seconds(40_000) < 5, "in proportion to the square it takes half a minute"


# --- the truth among the features, and numbers that are none -----------------------------------------

RATING = RNG.integers(0, 4, N)


@pytest.mark.parametrize(
    ("y", "column"),
    [
        (Y, Y),
        (Y, -3 * Y + 40),
        (Y, Y.astype(np.float32)),
        (Y, np.round(Y, 2)),
        (Y, Y + 1e-5 * RNG.standard_normal(N)),
        (1e8 + Y, Y),
        (1e-9 * Y, 1e12 * Y),
        (Y, np.exp(Y)),
        (Y, np.argsort(np.argsort(-Y))),
        (Y, pd.cut(Y, 5, labels=False)),
        (RATING, RATING == 2),
        (RATING, np.where(RATING == 0, -1, 7)),
        (Y > 0, Y <= 0),
    ],
    ids=["equal", "scaled", "float32", "rounded", "noise", "shifted", "units", "exp", "rank", "bins",
         "one-hot", "one-hot 0", "class"],
)  # fmt: skip
def test_the_truth_is_no_feature(y: Any, column: Any) -> None:
    strong = strong_frame(leak=np.asarray(column, dtype=float))
    sentence = r"^student has the truth among its features \({} is y, .*Leave it out\.$"
    with pytest.raises(ValueError, match=sentence.format("the column leak")):
        gain(WEAK, strong, np.asarray(y, dtype=float))
    with pytest.raises(ValueError, match=sentence.format("column 5")):
        gain(WEAK, strong.to_numpy(), np.asarray(y, dtype=float))
    with pytest.raises(ValueError, match=sentence.format("the column leak")):
        gain(weak_frame(y=np.asarray(y, dtype=float)), strong, "y")


def test_features_that_know_much_are_features() -> None:
    sparse = np.zeros((N, 600))
    for column in range(600):
        sparse[RNG.integers(0, N, 3), column] = 1
    binary = RNG.integers(0, 2, (N, 3)).astype(float)
    for strong, y in (
        (np.c_[STRONG, Y + 0.01 * RNG.standard_normal(N)], Y),
        (np.c_[STRONG, sparse], Y),
        (binary + 0.0, binary @ [4, 2, 1] + 0.1 * RNG.standard_normal(N)),
        (np.c_[STRONG, np.ones(N)], Y),
    ):
        assert np.isfinite(gain(WEAK, strong, y, head="ridge", groups=None))


@pytest.mark.parametrize(
    "code", [-9999, -999, 9999, 1e20, -3.4028235e38, 1e38, 1e200, -np.finfo(float).max, 1e30]
)
@pytest.mark.parametrize("rows", [[3], [3, 70, 99]])
def test_numbers_for_no_data_are_named(code: float, rows: list[int]) -> None:
    y = Y.copy()
    y[rows] = code
    count = "1 row" if len(rows) == 1 else "3 rows"
    with pytest.raises(
        ValueError, match=rf"^y has the value .*, in {count} and far from all others, .* no data"
    ):
        gain(WEAK, STRONG, y)
    strong = STRONG.copy()
    strong[rows, 2] = code
    with pytest.raises(ValueError, match=rf"^student has the value .* in column 3, in {count} and far from"):
        gain(WEAK, strong, Y)


def test_large_numbers_are_numbers() -> None:
    assert gain(1e9 * WEAK, 1e30 * STRONG, 1e25 * Y) == pytest.approx(RIGHT, rel=1e-6)
    counts = np.array([*np.linspace(0, 9000, N - 1), 9999.0])
    assert np.isfinite(gain(WEAK, STRONG, counts))
    with pytest.raises(ValueError, match=r"^y has values too large to square in float64"):
        gain(WEAK, STRONG, 1e200 * Y)
    with pytest.raises(ValueError, match=r"^y has values too large to square in float64"):
        w2s.FeatureStudy({"weak": WEAK}, {"strong": STRONG}, 1e200 * Y)
    with pytest.raises(ValueError, match=r"^strong has values too large to square in float64"):
        w2s.FeatureStudy({"weak": WEAK}, {"strong": 1e200 * STRONG}, Y)


# --- inputs and paths --------------------------------------------------------------------------------


def test_inputs_of_any_kind_of_sequence() -> None:
    pyarrow = optional("pyarrow")

    def lengths(texts: list[str]) -> list[list[float]]:
        assert all(type(text) is str for text in texts)
        return [[len(text), sum(map(ord, text))] for text in texts]

    texts = [f"{'x' * (i % 13)} {i * i}" for i in range(N)]
    right = gain(lengths, STRONG, Y, inputs=texts)
    column = pd.Series(texts)
    for inputs in (
        column,
        column.to_frame("text"),
        tuple(texts),
        pyarrow.chunked_array([texts]),
        iter(texts),
    ):
        assert gain(lengths, STRONG, Y, inputs=inputs) == right
    named = pd.Series(texts, index=pd.Index(NAMES, name="id")).iloc[ORDER]
    y = pd.Series(Y, index=named.index[np.argsort(ORDER)])
    in_order = gain(lengths, STRONG[ORDER], Y[ORDER], inputs=list(named))
    assert gain(lengths, strong_frame(id=NAMES), y, inputs=named) == pytest.approx(in_order)
    with pytest.raises(ValueError, match=r"^inputs is a table of 2 columns: give the one .*table\['a'\]"):
        gain(lengths, STRONG, Y, inputs=weak_frame())
    for inputs in ("one text", {"a": 1}):
        with pytest.raises(TypeError, match=r"^inputs is one (string|dict): give a list"):
            gain(lengths, STRONG, Y, inputs=inputs)


def test_a_file_is_not_taken_for_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("weak.xlsx", "weak.json", "weak", "data.weights"):
        Path(name).write_bytes(b"PK")
        with pytest.raises(ValueError, match=rf"^teacher is the path {name}: give a file that ends in \.csv"):
            gain(name, STRONG, Y)
        with pytest.raises(ValueError, match=rf"^{name} is a file and no model: give the folder"):
            w2s.encoder(name)
    with pytest.raises(
        FileNotFoundError, match=r"^teacher is the path absent\.tsv, and there is no such file"
    ):
        gain("absent.tsv", STRONG, Y)
