"""`sweep` on a pool of real processes: the same bits, the study sent once to each, and a worker killed."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from tests.sweeps.kill_worker import Killer
from tests.sweeps.studies import WHOLE, CountedStudy, LateStudy, SmallStudy, diary_of, equal

ROOT = Path(__file__).parents[2]


class FarPool(ProcessPoolExecutor):
    """Processes as on another machine: they cannot read this one's files."""

    far = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        parcel, *rest = args
        return super().submit(fn, parcel._replace(path="/nowhere/study") if self.far else parcel, *rest)


@pytest.fixture(scope="module")
def pool() -> Iterator[FarPool]:
    # Not forked: the test's own process may have threads, and a worker must find the study by itself.
    with FarPool(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        yield processes


def test_a_library_loaded_late_cannot_use_more_threads(pool: FarPool, tmp_path: Path) -> None:
    # The first test: in workers that are new.
    diary = tmp_path / "diary"
    rows = w2s.sweep(LateStudy(diary=str(diary)), WHOLE, pool)
    equal(rows, w2s.sweep(LateStudy(), WHOLE))
    calls = diary_of(diary)
    assert len(calls) == 10 + len({process for process, _ in calls})


@pytest.mark.parametrize("far", [False, True], ids=["shared disk", "no shared disk"])
def test_processes_give_the_same_bits_and_get_the_study_once(
    pool: FarPool, far: bool, tmp_path: Path, whole: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "far", far)
    unpacked = tmp_path / "unpacked"
    study = CountedStudy(unpacked=str(unpacked), diary=str(tmp_path / "diary"), pause=0.02)
    equal(w2s.sweep(study, WHOLE, pool), whole)
    processes = unpacked.read_text().split()
    assert str(os.getpid()) not in processes
    assert len(processes) == len(set(processes)) <= 2
    assert len(diary_of(tmp_path / "diary")) == 10


def test_a_combination_that_fails_is_a_row_there_too(pool: FarPool) -> None:
    rows = w2s.sweep(SmallStudy(stumble="raise"), {"teacher": ["tiny", "small"]}, pool)
    assert rows["failed"][0] == "ZeroDivisionError: the tiny teacher divides by zero"
    assert pd.isna(rows["failed"][1])


def test_a_worker_killed_in_the_middle_loses_no_row(tmp_path: Path, whole: pd.DataFrame) -> None:
    diary = tmp_path / "diary"
    killer = Killer(diary)
    study = SmallStudy(diary=str(diary), pause=0.1)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        killer.start()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            rows = w2s.sweep(study, WHOLE, processes, folder=tmp_path / "kept")
    assert killer.killed
    assert killer.killed != os.getpid()
    assert [str(warning.message)[:51] for warning in caught] == [
        "The executor stopped working (BrokenProcessPool: A "
    ]
    equal(rows, whole)
    assert len(list((tmp_path / "kept").glob("*.json"))) == 10
    assert {batch for _, batch in diary_of(diary)} == {
        f"{student} {split}" for student in WHOLE["student"] for split in WHOLE["split"]
    }


def test_a_study_defined_in_a_notebook_can_be_sent(whole: pd.DataFrame) -> None:
    # A notebook's classes are in the module __main__, which no worker can import.
    optional("cloudpickle", "sweep")
    program = (
        "import multiprocessing\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "import w2s_widgets as w2s\n"
        "from tests.sweeps.studies import SmallStudy\n"
        "class Mine(SmallStudy):\n"
        "    pass\n"
        "pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('forkserver'))\n"
        "rows = w2s.sweep(Mine(), {'split': [0, 1]}, pool, progress=False)\n"
        "pool.shutdown()\n"
        "print(rows['gain'].notna().sum())\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "2\n", done.stderr
