"""`sweep` on Dask's workers and ipyparallel's engines: the same bits, and one killed in the middle."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from tests.sweeps.kill_worker import Killer
from tests.sweeps.studies import WHOLE, SmallStudy, diary_of, equal

ROOT = Path(__file__).parents[2]


class Engines(NamedTuple):
    """A cluster of two processes."""

    client: Any
    executor: Any
    processes: set[int]


@pytest.fixture(scope="module")
def dask() -> Iterator[Engines]:
    distributed = optional("distributed", "sweep")
    from dask import config

    with (
        config.set({"distributed.worker.memory.terminate": False}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        ) as cluster,
        distributed.Client(cluster) as connected,
    ):
        yield Engines(connected, connected.get_executor(), set(connected.run(os.getpid).values()))


@pytest.fixture(scope="module")
def ipyparallel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    engines = optional("ipyparallel", "sweep")
    patch = pytest.MonkeyPatch()
    # Engines are programs of their own: they find the tests' studies by the path.
    patch.setenv("PYTHONPATH", str(ROOT))
    patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    # A dead engine is noticed by its heart, which beats every 3 s if nothing else is said.
    hearts = ["--HeartMonitor.period=1000", "--HeartMonitor.max_heartmonitor_misses=3"]
    cluster = engines.Cluster(n=2, controller_args=hearts, log_level=logging.CRITICAL)
    connected = cluster.start_and_connect_sync(activate=False)
    try:
        every = connected[:]
        yield Engines(connected, every.executor, set(every.apply_sync(os.getpid)))
    finally:
        connected.close()
        cluster.stop_cluster_sync()
        patch.undo()


@pytest.fixture(params=["dask", "ipyparallel"])
def engines(request: pytest.FixtureRequest) -> Engines:
    found: Engines = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("kind", ["dask", "direct", "load balanced"])
def test_workers_give_the_same_bits_and_none_twice(
    kind: str, request: pytest.FixtureRequest, whole: pd.DataFrame, tmp_path: Path
) -> None:
    engines = request.getfixturevalue("dask" if kind == "dask" else "ipyparallel")
    view = engines.client.load_balanced_view() if kind == "load balanced" else engines
    diary = tmp_path / "diary"
    equal(w2s.sweep(SmallStudy(diary=str(diary), pause=0.05), WHOLE, view.executor), whole)
    assert len(diary_of(diary)) == 10
    used = {process for process, _ in diary_of(diary)}
    assert used == engines.processes or (kind == "dask" and used < engines.processes)


def test_a_view_of_one_engine_uses_that_one(ipyparallel: Engines, tmp_path: Path) -> None:
    diary, client = tmp_path / "diary", ipyparallel.client
    w2s.sweep(SmallStudy(diary=str(diary)), WHOLE, client[[1]].executor)
    assert {process for process, _ in diary_of(diary)} == {client[1].apply_sync(os.getpid)}


def test_a_second_sweep_is_computed_and_not_remembered(dask: Engines, tmp_path: Path) -> None:
    diary, grid = tmp_path / "diary", {"split": [0, 1]}
    study = SmallStudy(diary=str(diary))
    for calls in (2, 4):
        w2s.sweep(study, grid, dask.executor)
        assert len(diary_of(diary)) == calls


def test_the_client_itself_is_no_executor(dask: Engines, ipyparallel: Engines) -> None:
    with pytest.raises(TypeError, match=r"^executor is Dask's Client: give its get_executor\(\)"):
        w2s.sweep(SmallStudy(), {}, dask.client)
    with pytest.raises(TypeError, match=r"^executor is ipyparallel's .*: give its executor"):
        w2s.sweep(SmallStudy(), {}, ipyparallel.client[:])


# The last one: an engine that was killed does not come back.
def test_a_worker_killed_in_the_middle_loses_no_row(
    engines: Engines, whole: pd.DataFrame, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    diary = tmp_path / "diary"
    killer = Killer(diary)
    killer.start()
    study = SmallStudy(diary=str(diary), pause=0.15)
    rows = w2s.sweep(study, WHOLE, engines.executor, folder=tmp_path / "kept")
    killer.join()
    equal(rows, whole)
    calls = diary_of(diary)
    assert killer.killed in {process for process, _ in calls}
    assert os.getpid() not in {process for process, _ in calls}
    assert len(calls) > 10  # what the killed one had begun was begun again
    assert len(list((tmp_path / "kept").glob("*.json"))) == 10
    assert not [warning for warning in recwarn if "executor" in str(warning.message)]
