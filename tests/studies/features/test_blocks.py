"""Large representations: read in blocks they give what they give as one matrix, and less memory is needed."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets import _validation
from w2s_widgets.studies.features import blocks
from w2s_widgets.studies.features.preprocessing import prepare

N = 3000
RNG = np.random.default_rng(4)
NUMBERS = ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling")


def plain() -> np.ndarray:
    return RNG.standard_normal((N, 24)) @ RNG.standard_normal((24, 24)) + 100


def heavy() -> np.ndarray:
    return RNG.standard_t(2, (N, 12)) * 10.0 ** np.arange(-6, 6)


def collinear() -> np.ndarray:
    X = RNG.standard_normal((N, 10))
    return np.column_stack([X, X[:, :4] + 1e-5 * RNG.standard_normal((N, 4)), X @ np.ones(10)])


def sparse() -> np.ndarray:
    X = (RNG.random((N, 20)) < 0.05).astype(float)
    X[:, 3], X[:, 4] = 1.0, (np.arange(N) == 7)
    return X


WORLDS = {"plain": plain, "heavy tails": heavy, "collinear": collinear, "indicators": sparse}


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_BLOCK", 5000)


def study(X: np.ndarray, large: bool, monkeypatch: pytest.MonkeyPatch, **options: Any) -> w2s.FeatureStudy:
    monkeypatch.setattr(_validation, "LARGE", 0 if large else 2**40)
    y = (
        np.tanh(prepare(X)[:, 0])
        + prepare(X)[:, 1:4].sum(axis=1)
        + np.random.default_rng(0).standard_normal(N)
    )
    return w2s.FeatureStudy({"weak": X[:, :6]}, {"strong": X}, y, **options)


@pytest.mark.parametrize("teacher_head", ["ridge", "least squares"])
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.usefixtures("small_blocks")
def test_blocks_give_the_same_numbers(world: str, teacher_head: str, monkeypatch: pytest.MonkeyPatch) -> None:
    X = WORLDS[world]()
    options: dict[str, Any] = {"teacher_head": teacher_head, "n_teacher": [100, 500], "groups": None}
    in_one, in_blocks = (study(X, large, monkeypatch, **options) for large in (False, True))
    assert isinstance(in_blocks.features("student", "strong"), blocks.Part)
    assert in_blocks.features("student", "strong").shape == in_one.features("student", "strong").shape
    settings = [
        {"head": head, "n_teacher": count, "realizability": share, "split": 1}
        for head in ("linear", "ball", "ridge")
        for count in (100, 500)
        for share in (0.0, 0.7)
    ]
    for setting in settings:
        one, other = in_one.outcome(**setting), in_blocks.outcome(**setting)
        for name in NUMBERS:
            expected = pytest.approx(getattr(one, name), rel=1e-9, abs=1e-9 * one.scale)
            assert getattr(other, name) == expected, (setting, name)
    for here, there in zip(in_one.outcomes(settings), in_blocks.outcomes(settings), strict=True):
        assert isinstance(here, w2s.Outcome)
        assert isinstance(there, w2s.Outcome)
        assert there.gain == pytest.approx(here.gain, rel=1e-9, abs=1e-9 * here.scale)


@pytest.mark.parametrize("head", ["linear", "ball", "ridge"])
@pytest.mark.parametrize("world", ["plain", "collinear"])
@pytest.mark.usefixtures("small_blocks")
def test_certificate_parts_and_predictions_are_the_same(
    world: str, head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    X = WORLDS[world]()
    y = X @ np.ones(X.shape[1]) + RNG.standard_normal(N)
    found = []
    for large in (False, True):
        monkeypatch.setattr(_validation, "LARGE", 0 if large else 2**40)
        found.append(w2s.own_pair(X[:, :5], X, y, head=head, progress=False))
    one, other = found
    for name in ("promise", "reason"):
        assert getattr(one.certificate, name) == getattr(other.certificate, name)
    for mine, its in zip(one.certificate.assumptions, other.certificate.assumptions, strict=True):
        assert (mine.name, mine.holds) == (its.name, its.holds)
    assert one.certificate.parts is not None
    assert other.certificate.parts is not None
    for name, part in one.certificate.parts.as_dict().items():
        its_part = getattr(other.certificate.parts, name)
        assert its_part == pytest.approx(part, rel=1e-7, abs=1e-8 * one.outcome.scale), name
    np.testing.assert_allclose(other.predictions.student, one.predictions.student, rtol=1e-7, atol=1e-7)
    assert len(one.cloud) == len(other.cloud) == 20
    assert other.study.slack_parts().total == pytest.approx(other.outcome.slack, rel=1e-6, abs=1e-9)


@pytest.mark.usefixtures("small_blocks")
def test_float32_is_read_as_it_is_and_not_changed_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_validation, "LARGE", 0)
    X = plain().astype(np.float32)
    y = X[:, 0].astype(float) + RNG.standard_normal(N)
    pair = w2s.own_pair(X[:, :5], X, y, progress=False)
    kept = pair.study.students["student"]
    assert kept.dtype == np.float32
    before = pair.outcome
    X[:] = 0
    assert pair.study.outcome() == before
    monkeypatch.setattr(_validation, "LARGE", 2**40)
    one = w2s.own_pair(kept[:, :5].astype(float), kept.astype(float), y, progress=False)
    assert pair.outcome.gain == pytest.approx(one.outcome.gain, rel=1e-9)


def test_little_memory_is_needed_beside_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_validation, "LARGE", 2**20)
    monkeypatch.setattr(blocks, "_BLOCK", 2**16)
    X = np.random.default_rng(0).standard_normal((60_000, 64), dtype=np.float32)
    y = X[:, 0].astype(float) + X[:, 1] ** 2
    tracemalloc.start()
    pair = w2s.own_pair(X[:, :4], X, y, progress=False)
    _ = pair.certificate, pair.cloud
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Twice the input: with the input itself that is three times.
    assert peak < 2 * X.nbytes + 8 * 2**20 + 40 * 8 * len(X)


def test_a_bad_number_is_told_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_validation, "LARGE", 0)
    X = plain().astype(np.float32)
    X[2000, 3] = np.nan
    with pytest.raises(
        ValueError, match=r"has 1 value that is NaN or infinite, the first at index \(2000, 3\)"
    ):
        w2s.own_pair(X[:, :3], X, np.arange(N) % 7)


def test_reading_shows_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(_validation, "LARGE", 0)
    monkeypatch.setattr("w2s_widgets.progress.bar.surroundings", lambda: "terminal")
    X = plain()
    _ = w2s.own_pair(X[:, :3], X, np.cos(X[:, 0])).cloud
    said = capsys.readouterr().out
    for label in ("Fitting", "Other splits"):
        assert label in said
    assert w2s.own_pair(X[:, :3], X, np.cos(X[:, 0]), progress=False).cloud
    assert capsys.readouterr().out == ""
