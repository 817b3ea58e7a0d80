"""`own_pair`: every form in which a pair can be handed over, what it shows, and what it says of bad input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from w2s_widgets._optional import MissingPackageError
from w2s_widgets.pairs import OwnPair

N = 300
RNG = np.random.default_rng(5)
STRONG = RNG.standard_normal((N, 6))
WEAK = STRONG[:, :4] + 0.8 * RNG.standard_normal((N, 4))
Y = STRONG @ [1.0, 0.5, -0.5, 1.0, 0.3, 0.2] + 0.3 * RNG.standard_normal(N)


@pytest.fixture(scope="module")
def pair() -> OwnPair:
    return w2s.own_pair(WEAK, STRONG, Y)


def frame(values: np.ndarray, prefix: str, **extra: Any) -> pd.DataFrame:
    return pd.DataFrame({**{f"{prefix}{i}": values[:, i] for i in range(values.shape[1])}, **extra})


def test_the_outcome_is_that_of_the_study_and_the_certificate_is_about_it(pair: OwnPair) -> None:
    assert pair.outcome == pair.study.outcome()
    assert pair.outcome.gain > 0.05
    assert pair.certificate.outcome == pair.outcome
    assert pair.outcome.n == 60
    # Noise in the truth is outside any linear class, and the student saw a sample: both are said.
    assert pair.certificate.realizable.holds is False
    assert pair.certificate.projection.holds is False
    assert pair.certificate.population.holds is False
    assert pair.certificate.promise == "nothing"
    assert "Theorem 2" in pair.certificate.reason


def test_the_cloud_has_every_split_and_budget_measured_one_by_one(pair: OwnPair) -> None:
    axes = pair.study.axes
    assert len(pair.cloud) == len(axes["split"]) * len(axes["n_teacher"]) == 20
    for setting, outcome in pair.cloud[::7]:
        assert outcome.gain == pytest.approx(pair.study.outcome(**setting).gain, rel=1e-9)
        assert outcome.misfit == pytest.approx(pair.study.outcome(**setting).misfit, rel=1e-9)
    misfit, gain = np.array([(outcome.misfit, outcome.gain) for _, outcome in pair.cloud]).T
    assert f"they correlate with {np.corrcoef(misfit, gain)[0, 1]:.2f}" in pair.scatter().alt


@pytest.mark.parametrize("form", ["list", "frame", "csv", "npy", "npz", "parquet", "tensor", "semicolons"])
def test_any_form_of_the_same_numbers_gives_the_same_outcome(
    form: str, pair: OwnPair, tmp_path: Path
) -> None:
    given: list[Any] = []
    for name, values in (("weak", WEAK), ("strong", STRONG)):
        path = tmp_path / f"{name}.{form if form != 'semicolons' else 'csv'}"
        if form == "list":
            given.append(values.tolist())
        elif form == "frame":
            given.append(frame(values, name))
        elif form == "tensor":
            torch = optional("torch")
            given.append(torch.tensor(values, requires_grad=True))
        else:
            if form == "csv":
                frame(values, name).to_csv(path, index=False)
            elif form == "semicolons":
                pd.DataFrame(values).to_csv(path, index=False, header=False, sep=";")
            elif form == "npy":
                np.save(path, values)
            elif form == "npz":
                np.savez(path, features=values)
            else:
                frame(values, name).to_parquet(path)
            given.append(path if form != "npy" else str(path))
    teacher, student = given
    other = w2s.own_pair(teacher, student, Y)
    assert other.outcome == pair.outcome
    assert list(other.study.teachers) == (["weak"] if isinstance(given[0], (str, Path)) else ["teacher"])


def test_rows_are_matched_by_id_and_the_truth_can_be_a_column(pair: OwnPair, tmp_path: Path) -> None:
    names = [f"input {i}" for i in range(N)]
    frame(WEAK, "w", id=names).to_csv(tmp_path / "weak.csv", index=False)
    other_order = np.random.default_rng(1).permutation(N)
    shuffled = frame(STRONG, "s", ID=names, score=Y).iloc[other_order]
    shuffled.to_csv(tmp_path / "strong.csv", index=False)
    matched = w2s.own_pair(tmp_path / "weak.csv", tmp_path / "strong.csv", "score")
    assert matched.outcome == pair.outcome
    assert matched.study.students["strong"].shape == (N, 6)
    assert w2s.own_pair(frame(WEAK, "w", id=names), shuffled, "score").outcome == pair.outcome
    with pytest.warns(UserWarning, match=r"^teacher has no id, so its rows are taken to be in the order"):
        by_order = w2s.own_pair(frame(WEAK, "w"), shuffled.reset_index(drop=True), "score")
    assert abs(by_order.outcome.gain - pair.outcome.gain) > 0.05


def test_ids_that_do_not_match_are_told() -> None:
    names = [f"input {i}" for i in range(N)]
    weak = frame(WEAK, "w", id=names)
    with pytest.raises(
        ValueError, match=r"^teacher has 1 rows whose id is not in student, such as 'input 7'"
    ):
        w2s.own_pair(weak, frame(STRONG, "s", id=[*names[:7], "another", *names[8:]]), Y)
    with pytest.raises(ValueError, match=r"^student has the id 'input 0' twice: give each input a name"):
        w2s.own_pair(weak, frame(STRONG, "s", id=["input 0", "input 0", *names[2:]]), Y)


@pytest.mark.parametrize(
    ("teacher", "student", "y", "sentence"),
    [
        (WEAK[:-1], STRONG, Y, "teacher has 299 rows but student has 300: give one row for each input"),
        (WEAK, STRONG, Y[:-2], "y has 298 values but teacher and student have 300 rows: give one value"),
        (WEAK[:50], STRONG[:50], Y[:50], "there are 50 inputs, too few to divide .*: give at least 60"),
        (WEAK, STRONG, np.ones(N), "y is constant: give a truth that varies"),
        (WEAK, STRONG, [np.nan, *Y[1:]], "y has 1 value that is NaN or infinite, the first at index 0"),
        (WEAK, STRONG, np.stack([Y, np.ones(N)], 1), "y is constant: give a truth that varies"),
        (np.full((N, 2), np.inf), STRONG, Y, "teacher has 600 values that are NaN or infinite"),
        (WEAK[:, 0], STRONG, Y, r"teacher has shape \(300,\): give an array of shape \(n, features\)"),
        (np.ones((N, 3)), STRONG, Y, "teacher has no feature that varies"),
        (WEAK, STRONG, "score", "y is 'score', but neither teacher nor student has this column: its columns"),
        (frame(WEAK, "w"), STRONG, "score", "y is 'score', but neither .* column: there are w0, w1, w2, w3"),
        (frame(WEAK, "w", word="a"), STRONG, Y, "teacher has the column word, which does not hold numbers"),
        (frame(WEAK[:, :0], "w", score=Y), STRONG, "score", "teacher has no column besides score"),
        (
            frame(WEAK, "w", score=Y),
            frame(STRONG, "s", score=Y[::-1]),
            "score",
            "teacher and student both have the column score, and their values differ",
        ),
        ("", STRONG, Y, "teacher is an empty string"),
        (Path("weak.docx"), STRONG, Y, r"teacher is the path weak.docx: give a file that ends in \.csv"),
    ],
)
def test_bad_input_is_one_sentence(teacher: Any, student: Any, y: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + sentence):
        w2s.own_pair(teacher, student, y)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "weak.csv is empty"),
        ("a,b\n", "weak.csv has names of columns but no row"),
        ("a,b\n1,2\n3\n", "weak.csv has 1 cells in row 2 and 2 in the first line"),
        ("a,b\n1,2\n3,good\n", "weak.csv has 'good' in row 2 of the column b, which is no number"),
        ("1,2\n3,\n", "weak.csv has no number in row 2 of column 2: leave this row out"),
        ("a,b\n1,2\n3,nan\n", "weak.csv has no number in row 2 of the column b"),
        ("id\nx\n", "weak.csv has no column besides id"),
    ],
)
def test_a_bad_csv_is_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "weak.csv").write_text(text)
    with pytest.raises(ValueError, match="^" + sentence):
        w2s.own_pair(tmp_path / "weak.csv", STRONG, Y)


def test_files_that_cannot_be_read_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match=r"^student is the path .*, and there is no such file: check"):
        w2s.own_pair(WEAK, tmp_path / "absent.csv", Y)
    np.savez(tmp_path / "two.npz", a=WEAK, b=WEAK)
    with pytest.raises(ValueError, match=r"^two.npz holds 2 arrays \(a, b\): give a file with one array"):
        w2s.own_pair(tmp_path / "two.npz", STRONG, Y)
    np.save(tmp_path / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    (tmp_path / "cut.npy").write_bytes((tmp_path / "two.npz").read_bytes()[:99])
    for name in ("object.npy", "cut.npy"):
        with pytest.raises(ValueError, match=f"^{name} cannot be read as arrays of numbers"):
            w2s.own_pair(tmp_path / name, STRONG, Y)
    (tmp_path / "latin.csv").write_bytes("größe,b\n1,2\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"^latin.csv is not text in UTF-8"):
        w2s.own_pair(tmp_path / "latin.csv", STRONG, Y)
    (tmp_path / "bad.parquet").write_bytes(b"PAR1")
    with pytest.raises(ValueError, match=r"^bad.parquet cannot be read as a Parquet file"):
        w2s.own_pair(tmp_path / "bad.parquet", STRONG, Y)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingPackageError, match=r"Reading bad.parquet needs pyarrow, .*\[sweep\]"):
        w2s.own_pair(tmp_path / "bad.parquet", STRONG, Y)


class Rows:
    """An encoder whose inputs are row numbers."""

    name = "looked up"
    layers = ("first", "last")

    def encode(self, inputs: Any, layers: Any = None, *, progress: bool = True) -> dict[str, np.ndarray]:
        return {layer: STRONG[np.asarray(inputs)].astype(np.float32) for layer in layers or self.layers}


def test_an_encoder_gives_its_last_layer_and_needs_inputs(pair: OwnPair) -> None:
    encoded = w2s.own_pair(WEAK, Rows(), Y, inputs=range(N))
    assert list(encoded.study.students) == ["looked up"]
    assert encoded.outcome.gain == pytest.approx(pair.outcome.gain, rel=1e-5)
    with pytest.raises(ValueError, match=r"^student is the model looked up, which needs something to encode"):
        w2s.own_pair(WEAK, Rows(), Y)


def test_a_function_is_a_model_and_so_is_a_torch_module(pair: OwnPair) -> None:
    def looked_up(rows: list[int]) -> np.ndarray:
        return STRONG[rows]

    by_function = w2s.own_pair(WEAK, looked_up, Y, inputs=list(range(N)), progress=False)
    assert list(by_function.study.students) == ["looked_up"]
    assert by_function.outcome.gain == pytest.approx(pair.outcome.gain, rel=1e-5)
    torch = optional("torch")
    table = torch.nn.Embedding.from_pretrained(torch.tensor(STRONG, dtype=torch.float32))
    by_module = w2s.own_pair(looked_up, table, Y, inputs=[torch.tensor(i) for i in range(N)], progress=False)
    assert by_module.study.students["Embedding"].shape == (N, 6)
    assert by_module.study.students["Embedding"] == pytest.approx(STRONG, rel=1e-6)


def test_the_name_of_no_model_is_one_sentence() -> None:
    optional("huggingface_hub")
    with pytest.raises((ValueError, FileNotFoundError), match=r"no-such-model"):
        w2s.own_pair(WEAK, "no-such-model", Y, inputs=["a"] * N)


def test_wide_features_take_a_head_that_can_be_fitted() -> None:
    wide = np.concatenate([STRONG, RNG.standard_normal((N, 300))], axis=1)
    pair = w2s.own_pair(WEAK, wide, Y)
    assert pair.fit.setting["head"] == "ball"
    assert pair.certificate.convex.holds is True
    with pytest.raises(ValueError, match=r"^a linear head on student has 300 weights to learn from 165"):
        w2s.own_pair(WEAK, wide, Y, head="linear")
    assert w2s.own_pair(WEAK, STRONG, Y, head="ridge").certificate.projection.holds is False


def test_it_shows_triangle_certificate_and_scatter_together(pair: OwnPair) -> None:
    card = pair._repr_html_()
    assert card.count("w2s-triangle") >= 1
    assert "Promise:" in card
    assert card.count("<img") == 2, "the triangle and the scatter"
    assert f'alt="{pair.scatter().alt[:30]}' in card
    assert "<script" not in card
    text = repr(pair)
    for part in (pair.summary(), str(pair.outcome), str(pair.certificate), pair.scatter().alt):
        assert part in text
    labels = pair.study.defaults["n_teacher"]
    assert f"Teacher: teacher, 4 features, fitted on {labels} true labels." in text


def test_it_can_be_swept(pair: OwnPair) -> None:
    rows = w2s.sweep(pair.study, {"split": [0, 1], "head": ["linear", "ball", "ridge"]})
    for row in rows.itertuples():
        expected = pair.study.outcome(split=row.split, head=row.head)
        assert row.gain == pytest.approx(expected.gain, rel=1e-9)


def test_a_student_that_copies_has_a_cloud_without_a_correlation() -> None:
    X = np.random.default_rng(0).standard_normal((200, 6))
    pair = w2s.own_pair(X[:, :2], X, X @ np.ones(6))
    assert pair.outcome.misfit < 1e-20
    assert "misfit goes from 0.000 to 0.000" in pair.cloud_words
    assert "correlate" not in pair.cloud_words


@pytest.mark.parametrize("unit", [1.0, 1e-9, 1e9])
def test_rounding_is_shown_as_zero_and_not_as_a_result(unit: float) -> None:
    X = np.random.default_rng(1).standard_normal((200, 5))
    pair = w2s.own_pair(
        X[:, 1:3], X, unit * (X @ [1.0, 2, 3, 4, 5] + np.random.default_rng(2).standard_normal(200))
    )
    assert 0 < max(abs(outcome.gain) for _, outcome in pair.cloud) < 1e-12, "rounding, and nothing else"
    axes = pair.scatter().figure.axes[0]
    assert axes.get_ylim()[1] > 1e-3
    dots = [line.get_xydata() for line in axes.lines if len(line.get_xydata()) == 5]
    assert not any(np.any(points) for points in dots)
    card = pair._repr_html_()
    assert "Slack 0.000: each of its parts is 0.000" in card
    assert "e\N{MINUS SIGN}1" not in card


def test_small_numbers_that_are_no_rounding_are_drawn() -> None:
    outcomes = [w2s.measure([0, 0], [1, 1], [1 - d, 1]) for d in (1e-4, 3e-4)]
    axes = w2s.plots.gain_map(outcomes).figure.axes[0]
    assert 1e-5 < axes.get_ylim()[1] < 1e-2
    parts = pytest.importorskip("w2s_widgets.theory.slack").SlackParts(1e-7, 0, 0, 0, 1e-7, 0.5, 0.1, 0.0)
    assert "1.00e" in parts._repr_html_()


def test_the_map_of_teachers_shows_no_rounding_either() -> None:
    X = np.random.default_rng(3).standard_normal((300, 5))
    y = X.sum(axis=1) + np.random.default_rng(4).standard_normal(300)
    study = w2s.FeatureStudy({"a": X[:, :1], "b": X[:, :3]}, {"s": X}, y)
    rows = study.scatter(head="linear")
    picture = w2s.plots.teacher_map(rows)
    axes = picture.figure.axes[0]
    assert 0 < max(abs(row["gain"]) for row in rows) < 1e-12
    assert min(axes.get_ylim()[1], axes.get_xlim()[1]) > 1e-3
    assert "misfit 0.000, gain 0.000; 0 of 10 below the diagonal" in picture.alt
