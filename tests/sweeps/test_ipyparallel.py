"""`sweep` on ipyparallel's engines: real processes, the same bits, and one of them killed in the middle."""

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

ROOT = Path(__file__).parents[2]
WHOLE = {name: list(values) for name, values in SmallStudy().axes.items()}


def equal(first: pd.DataFrame, second: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(first, second, check_exact=True)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    ipyparallel = optional("ipyparallel", "sweep")
    patch = pytest.MonkeyPatch()
    # Engines are programs of their own: they find the tests' studies by the path.
    patch.setenv("PYTHONPATH", str(ROOT))
    patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    # A dead engine is noticed by its heart, which beats every 3 s if nothing else is said.
    hearts = ["--HeartMonitor.period=1000", "--HeartMonitor.max_heartmonitor_misses=3"]
    cluster = ipyparallel.Cluster(n=2, controller_args=hearts, log_level=logging.CRITICAL)
    connected = cluster.start_and_connect_sync(activate=False)
    try:
        yield connected
    finally:
        connected.close()
        cluster.stop_cluster_sync()
        patch.undo()


@pytest.fixture(scope="module")
def whole() -> pd.DataFrame:
    return w2s.sweep(SmallStudy(), WHOLE)


@pytest.mark.parametrize("kind", ["direct", "load balanced"])
def test_engines_give_the_same_bits_and_none_twice(
    client: Any, kind: str, whole: pd.DataFrame, tmp_path: Path
) -> None:
    view = client[:] if kind == "direct" else client.load_balanced_view()
    diary = tmp_path / "diary"
    equal(w2s.sweep(SmallStudy(diary=str(diary), pause=0.05), WHOLE, view.executor), whole)
    calls = diary_of(diary)
    assert len(calls) == 10
    assert {process for process, _ in calls} == set(client[:].apply_sync(os.getpid))


def test_a_view_of_one_engine_uses_that_one(client: Any, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    w2s.sweep(SmallStudy(diary=str(diary)), WHOLE, client[[1]].executor)
    assert {process for process, _ in diary_of(diary)} == {client[1].apply_sync(os.getpid)}


def test_the_client_itself_is_no_executor(client: Any) -> None:
    with pytest.raises(TypeError, match=r"^executor is ipyparallel's .*: give its executor"):
        w2s.sweep(SmallStudy(), {}, client[:])


# The last one: an engine that was killed does not come back.
def test_an_engine_killed_in_the_middle_loses_no_row(
    client: Any, whole: pd.DataFrame, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    diary = tmp_path / "diary"
    killer = Killer(diary)
    killer.start()
    study = SmallStudy(diary=str(diary), pause=0.1)
    rows = w2s.sweep(study, WHOLE, client[:].executor, folder=tmp_path / "kept")
    killer.join()
    equal(rows, whole)
    calls = diary_of(diary)
    assert killer.killed in {process for process, _ in calls}
    assert os.getpid() not in {process for process, _ in calls}
    assert len(calls) > 10  # what the killed one had begun was begun again
    assert len(list((tmp_path / "kept").glob("*.json"))) == 10
    assert not [warning for warning in recwarn if "executor" in str(warning.message)]
