"""`sweep` of a `FeatureStudy`: what researchers sweep, with settings that are impossible among the others."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.sweeps.studies import equal
from w2s_widgets.studies.features.study import FeatureStudy

GRID = {
    "teacher": ["two of twelve", "all, blurred"],
    "student": ["twelve", "ninety"],
    "split": [0, 1, 2],
    "n_teacher": [40, 80],
    "n_student": [60, 180],
    "head": ["linear", "ball", "ridge"],
    "realizability": [0.0, 0.5, 1.0],
}


@pytest.fixture(scope="module")
def study() -> FeatureStudy:
    rng = np.random.default_rng(3)
    strong = rng.standard_normal((360, 12))
    y = strong @ rng.standard_normal(12) + rng.standard_normal(360)
    blurred = strong + rng.standard_normal(strong.shape)
    wide = np.concatenate([strong, rng.standard_normal((360, 78))], axis=1)
    return FeatureStudy(
        {"two of twelve": strong[:, :2], "all, blurred": blurred},
        {"twelve": strong, "ninety": wide},
        y,
        splits=3,
        n_teacher=[40, 80],
        n_student=[60, 180],
    )


@pytest.fixture(scope="module")
def rows(study: FeatureStudy) -> pd.DataFrame:
    return w2s.sweep(study, GRID)


def test_impossible_settings_are_rows_with_the_studys_own_reason(rows: pd.DataFrame) -> None:
    assert len(rows) == 2 * 2 * 3 * 2 * 2 * 3 * 3
    impossible = (rows["student"] == "ninety") & (rows["head"] == "linear") & (rows["n_student"] == 60)
    assert list(rows["failed"].notna()) == list(impossible)
    assert rows["failed"][impossible].str.startswith("a linear head on ninety has 91 weights").all()
    assert rows["gain"][~impossible].notna().all()


def test_each_row_is_the_outcome_of_the_heads_own_classes(study: FeatureStudy, rows: pd.DataFrame) -> None:
    possible = np.flatnonzero(rows["failed"].isna())
    for row in np.random.default_rng(0).choice(possible, 25, replace=False):
        expected = study.outcome(**{name: rows[name][row] for name in study.axes})
        for name in ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling"):
            assert rows[name][row] == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-11), name
        assert rows["n"][row] == expected.n


def test_threads_and_processes_change_no_bit(study: FeatureStudy, rows: pd.DataFrame) -> None:
    with ThreadPoolExecutor(4) as threads:
        equal(w2s.sweep(study, GRID, threads), rows)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        equal(w2s.sweep(study, GRID, processes), rows)


def test_a_part_of_a_sweep_and_the_whole_of_it_agree(
    study: FeatureStudy, rows: pd.DataFrame, tmp_path: Path
) -> None:
    part = {**GRID, "split": [1], "student": ["twelve"]}
    w2s.sweep(study, part, folder=tmp_path)
    kept = {path.name for path in tmp_path.iterdir()}
    again = w2s.sweep(study, GRID, folder=tmp_path)
    equal(again, rows)
    # The batches of the part are batches of the whole, so none was computed again.
    assert kept < {path.name for path in tmp_path.iterdir()}
    assert len(list(tmp_path.iterdir())) == 18
