"""`sweep` on Dask's workers: real processes, the same bits, and one of them killed in the middle."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from tests.sweeps.kill_worker import Killer
from tests.sweeps.studies import SmallStudy, diary_of

WHOLE = {name: list(values) for name, values in SmallStudy().axes.items()}


def equal(first: pd.DataFrame, second: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(first, second, check_exact=True)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    distributed = optional("distributed", "sweep")
    import dask

    with (
        dask.config.set({"distributed.worker.memory.terminate": False}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        ) as cluster,
        distributed.Client(cluster) as connected,
    ):
        yield connected


@pytest.fixture(scope="module")
def whole() -> pd.DataFrame:
    return w2s.sweep(SmallStudy(), WHOLE)


def test_workers_give_the_same_bits(client: Any, whole: pd.DataFrame, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    equal(w2s.sweep(SmallStudy(diary=str(diary), pause=0.05), WHOLE, client.get_executor()), whole)
    calls = diary_of(diary)
    assert len(calls) == 10
    workers = {process for process, _ in calls}
    assert os.getpid() not in workers
    assert workers <= set(client.run(os.getpid).values())


def test_a_second_sweep_is_computed_and_not_remembered(client: Any, tmp_path: Path) -> None:
    diary, grid = tmp_path / "diary", {"split": [0, 1]}
    study = SmallStudy(diary=str(diary))
    for calls in (2, 4):
        w2s.sweep(study, grid, client.get_executor())
        assert len(diary_of(diary)) == calls


def test_a_worker_killed_in_the_middle_loses_no_row(
    client: Any, whole: pd.DataFrame, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    diary = tmp_path / "diary"
    killer = Killer(diary)
    killer.start()
    study = SmallStudy(diary=str(diary), pause=0.15)
    rows = w2s.sweep(study, WHOLE, client.get_executor(), folder=tmp_path / "kept")
    killer.join()
    equal(rows, whole)
    calls = diary_of(diary)
    assert killer.killed in {process for process, _ in calls}
    assert os.getpid() not in {process for process, _ in calls}
    assert len(calls) > 10  # what the killed one had begun was begun again
    assert len(list((tmp_path / "kept").glob("*.json"))) == 10
    assert not [warning for warning in recwarn if "executor" in str(warning.message)]


def test_the_client_itself_is_no_executor(client: Any) -> None:
    with pytest.raises(TypeError, match=r"^executor is Dask's Client: give its get_executor\(\)"):
        w2s.sweep(SmallStudy(), {}, client)
