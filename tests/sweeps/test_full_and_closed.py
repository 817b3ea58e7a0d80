"""Sweeps on disks that run full, clients that were closed, and pools that are no executors."""

from __future__ import annotations

import builtins
import io
import multiprocessing.dummy
import multiprocessing.pool
import tempfile
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from tests.sweeps.studies import WHOLE, SmallStudy, equal
from w2s_widgets.cache import write_atomically
from w2s_widgets.sweeps import run, store
from w2s_widgets.sweeps.worker import count_workers

SHORT = {"student": ["narrow", "wide"], "split": [0, 1], "teacher": ["tiny", "small"]}


class Disk:
    """A disk that has room for some files, and none for more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int, error: OSError | None = None) -> None:
        self.room, self.error = room, error or OSError(28, "No space left on device")
        whole = write_atomically

        def write(path: Path, content: bytes) -> None:
            if self.room == 0:
                raise self.error
            self.room -= 1
            whole(path, content)

        monkeypatch.setattr(store, "write_atomically", write)


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")]
)
@pytest.mark.parametrize("room", [0, 4])
def test_a_full_disk_loses_nothing_that_was_computed(
    room: int, error: OSError, tmp_path: Path, whole: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch, room, error)
    folder = tmp_path / "out"
    sentence = rf"^The folder .*out cannot be written \({error.strerror}\), so what is computed from here on"
    with pytest.warns(UserWarning, match=sentence) as told:
        equal(w2s.sweep(SmallStudy(), WHOLE, folder=folder), whole)
    assert len(told) == 1
    assert len(list(folder.iterdir())) == room
    disk.room = -1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        equal(w2s.sweep(SmallStudy(), WHOLE, folder=folder), whole)


class Stopped(SmallStudy):
    calls = 0

    def outcomes(self, settings: Any) -> list[Any]:
        type(self).calls += 1
        if type(self).calls == 5:
            raise KeyboardInterrupt
        return super().outcomes(settings)


@pytest.mark.parametrize("later", [0, -1])
def test_an_interrupt_on_a_full_disk_says_what_is_lost(
    later: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Stopped.calls = 0
    disk = Disk(monkeypatch, 2)
    how_to_go_on = run._how_to_go_on
    monkeypatch.setattr(run, "_how_to_go_on", lambda *a: setattr(disk, "room", later) or how_to_go_on(*a))
    with (
        pytest.warns(UserWarning, match="cannot be written"),
        pytest.raises(KeyboardInterrupt, match="rows done") as stop,
    ):
        w2s.sweep(Stopped(), WHOLE, folder=tmp_path / "out")
    kept = len(list((tmp_path / "out").iterdir()))
    if later == 0:
        assert "of them could not be kept in" in str(stop.value)
        assert kept == 2
    else:
        assert str(stop.value).endswith("the same call goes on from there.")
        assert kept == 4, "there is room again"


def test_files_that_cannot_be_read_are_computed_again(
    tmp_path: Path, whole: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    w2s.sweep(SmallStudy(), WHOLE, folder=tmp_path)

    def closed(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", closed)
    equal(w2s.sweep(SmallStudy(), WHOLE, folder=tmp_path), whole)


def test_workers_get_the_study_where_no_file_can_be_written(
    whole: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    with ThreadPoolExecutor(2) as threads, warnings.catch_warnings():
        warnings.simplefilter("error")
        equal(w2s.sweep(SmallStudy(), WHOLE, threads), whole)


class Broken:
    """An executor whose client is gone, which shows in whatever is asked of it."""

    def __init__(self, error: Exception, workers: int | None = None) -> None:
        self._error, self._workers = error, workers
        self._client = self if workers is None else None
        self._max_workers = workers

    def ncores(self) -> Any:
        raise self._error

    def submit(self, *_: Any) -> Any:
        raise self._error


@pytest.mark.parametrize("workers", [None, 2])
@pytest.mark.parametrize(
    "error",
    [AttributeError("'NoneType' object has no attribute 'ncores'"), ValueError("closed"), Exception("gone")],
)
def test_a_client_that_is_gone_is_one_warning(error: Exception, workers: int | None) -> None:
    with pytest.warns(
        UserWarning, match=r"The executor stopped working .* are computed in this process"
    ) as told:
        equal(w2s.sweep(SmallStudy(), SHORT, Broken(error, workers)), w2s.sweep(SmallStudy(), SHORT))
    assert len(told) == 1


@pytest.mark.parametrize("end", ["close", "shutdown"])
def test_dask_s_closed_client_is_one_warning(end: str) -> None:
    distributed = optional("distributed", "sweep")
    client = distributed.Client(n_workers=1, threads_per_worker=1, dashboard_address=None, processes=False)
    executor = client.get_executor()
    getattr(client, end)()
    assert count_workers(executor) == 0
    with pytest.warns(UserWarning, match="so the 4 batches that it left are computed in this process"):
        equal(w2s.sweep(SmallStudy(), SHORT, executor), w2s.sweep(SmallStudy(), SHORT))


def test_pools_are_told_what_they_are() -> None:
    with multiprocessing.pool.ThreadPool(1) as threads, multiprocessing.dummy.Pool(1) as dummy:
        for pool in (threads, dummy):
            with pytest.raises(
                TypeError, match=r"^executor is a ThreadPool of multiprocessing, .*ThreadPoolExecutor"
            ):
                w2s.sweep(SmallStudy(), {}, pool)
    with (
        multiprocessing.get_context("spawn").Pool(1) as processes,
        pytest.raises(TypeError, match=r"^executor is a Pool of multiprocessing, .*'s ProcessPoolExecutor"),
    ):
        w2s.sweep(SmallStudy(), {}, processes)

    class RayLike:
        def apply_async(self) -> None: ...

    with pytest.raises(TypeError, match=r"^executor is a RayLike of tests, a pool that is no executor"):
        w2s.sweep(SmallStudy(), {}, RayLike())
    for kind in (ThreadPoolExecutor, ProcessPoolExecutor):
        with pytest.raises(TypeError, match=rf"^executor is the class {kind.__name__}: give one of it"):
            w2s.sweep(SmallStudy(), {}, kind)


def test_pages_and_pictures_are_written_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    explorer, picture = w2s.GainExplorer(), w2s.GainExplorer().picture()
    jobs = {"page.html": explorer.save_page, "map.svg": picture.save, "map.png": picture.save}
    for name, save in jobs.items():
        save(tmp_path / name)
    before = {name: (tmp_path / name).read_bytes() for name in jobs}
    opened = io.open

    class Full(io.BytesIO):
        def write(self, content: Any) -> int:
            raise OSError(28, "No space left on device")

    def full(file: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
        return Full() if set(mode) & set("wxa") else opened(file, mode, *more, **options)

    monkeypatch.setattr(io, "open", full)
    monkeypatch.setattr(builtins, "open", full)
    for name, save in jobs.items():
        with pytest.raises(
            OSError, match=rf"{name} cannot be written \(No space left on device\), and what was"
        ):
            save(tmp_path / name)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    for name, save in jobs.items():
        with pytest.raises(FileNotFoundError, match=r"cannot be written.* there is no folder"):
            save(tmp_path / "absent" / name)
