"""`sweep` in one process: the grid, the table, what is kept on disk, and what is said when it goes wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import w2s_widgets as w2s
from tests.sweeps.studies import WHOLE, SmallStudy, diary_of, equal
from w2s_widgets._optional import MissingPackageError
from w2s_widgets.sweeps import dispatch as workers
from w2s_widgets.theory.outcome import Outcome

ROOT = Path(__file__).parents[2]
SHORT = {"student": ["narrow", "wide"], "split": [0, 1], "teacher": ["tiny", "small"]}


def test_every_combination_is_one_row_in_the_order_of_the_grid() -> None:
    rows = w2s.sweep(SmallStudy(), {"split": [2, 0], "teacher": ["medium", "tiny"]})
    assert list(rows.columns[:5]) == ["teacher", "student", "split", "labels", "mix"]
    assert list(rows.columns[5:-1]) == list(Outcome(0, 0, 0, 0, 0).as_dict())
    assert rows.columns[-1] == "failed"
    assert list(zip(rows["split"], rows["teacher"], strict=True)) == [
        (2, "medium"),
        (2, "tiny"),
        (0, "medium"),
        (0, "tiny"),
    ]
    assert set(rows["labels"]) == {100}
    assert set(rows["student"]) == {"wide"}
    assert rows["failed"].isna().all()


def test_each_row_is_the_outcome_of_its_setting(whole: pd.DataFrame) -> None:
    study = SmallStudy()
    for row in (0, 17, 101, 239):
        setting = {name: whole[name][row] for name in study.axes}
        (alone,) = study.outcomes([setting])
        assert isinstance(alone, Outcome)
        for name in ("err_weak", "err_student", "misfit", "gain", "slack", "quality"):
            assert whole[name][row] == pytest.approx(alone.as_dict()[name], rel=1e-9, abs=1e-12), name
        assert whole["n"][row] == 150
    assert whole["err_ceiling"].isna().all()


def test_a_list_of_settings_is_a_grid(whole: pd.DataFrame) -> None:
    chosen = [{"teacher": "tiny", "split": 4}, {"mix": 0.1 + 0.2, "split": np.int64(1)}]
    rows = w2s.sweep(SmallStudy(), chosen)
    assert list(rows["teacher"]) == ["tiny", "small"]
    assert list(rows["split"]) == [4, 1]
    assert rows["mix"][1] == 0.3
    assert len(w2s.sweep(SmallStudy(), {})) == 1
    assert list(w2s.sweep(SmallStudy(), {"teacher": "tiny"})["teacher"]) == ["tiny"]


@pytest.mark.parametrize(
    ("grid", "sentence"),
    [
        ({"teachers": ["tiny"]}, "there is no axis 'teachers' in this study: choose from teacher, student"),
        ({"teacher": ["huge"]}, "there is no teacher 'huge' in this study: choose from 'tiny', 'small', 'me"),
        ({"mix": [0.15]}, "there is no mix 0.15 in this study: choose from 0.0, 0.1, 0.2, 0.3"),
        ({"split": [5]}, "split is 5: give a whole number from 0 to 4"),
        ({"teacher": []}, "the grid has no value for teacher: give at least one"),
        ({"teacher": ["tiny", "tiny"]}, "the grid has the value 'tiny' of teacher twice"),
        ([], "grid is an empty list"),
        ([{"split": 1}, {"mix": 0.1}, {"split": 1}], "setting 2 of the grid was there before"),
    ],
)
def test_a_wrong_grid_is_one_sentence_before_anything_starts(
    grid: Any, sentence: str, tmp_path: Path
) -> None:
    study = SmallStudy(diary=str(tmp_path / "diary"))
    with pytest.raises(ValueError, match="^" + sentence):
        w2s.sweep(study, grid, folder=tmp_path / "kept")
    assert not list(tmp_path.iterdir())


def test_things_that_are_no_study_grid_or_executor_are_named() -> None:
    with pytest.raises(TypeError, match=r"^study is an object of class list: give a Study, such as"):
        w2s.sweep([], {})
    with pytest.raises(TypeError, match=r"^split is True: give a whole number from 0 to 4"):
        w2s.sweep(SmallStudy(), {"split": [True]})
    with pytest.raises(TypeError, match=r"^there is no mix 'much' in this study: choose from 0.0, 0.1, 0.2"):
        w2s.sweep(SmallStudy(), {"mix": ["much"]})
    with pytest.raises(TypeError, match=r"^grid is 'teacher': give values by axis"):
        w2s.sweep(SmallStudy(), "teacher")
    with pytest.raises(TypeError, match=r"^setting 1 of the grid is 'tiny': give a value by axis"):
        w2s.sweep(SmallStudy(), [{}, "tiny"])
    with pytest.raises(TypeError, match=r"^executor is an object of class int, which has no submit: give"):
        w2s.sweep(SmallStudy(), {}, 4)


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(
        MissingPackageError, match=r"A sweep needs pandas, .*`pip install -e \"\.\[sweep\]\"`"
    ):
        w2s.sweep(SmallStudy(), SHORT)


class ForgetfulStudy(SmallStudy):
    """Keeps the split that it computed last, and would mix up two at once."""

    latest: Any = None

    def outcomes(self, settings: Any) -> list[Any]:
        self.latest = settings[0]["split"]
        time.sleep(0.01)
        return super().outcomes([{**setting, "split": self.latest} for setting in settings])


def test_a_study_that_keeps_things_is_not_shared_by_threads(whole: pd.DataFrame) -> None:
    with ThreadPoolExecutor(4) as threads:
        equal(w2s.sweep(ForgetfulStudy(), WHOLE, threads), whole)


def test_threads_and_the_order_of_the_grid_change_no_bit(whole: pd.DataFrame) -> None:
    with ThreadPoolExecutor(3) as threads:
        equal(w2s.sweep(SmallStudy(), WHOLE, threads), whole)
    backwards = {name: list(values)[::-1] for name, values in reversed(WHOLE.items())}
    rows = w2s.sweep(SmallStudy(), backwards)
    assert not rows["gain"].equals(whole["gain"])
    names = list(WHOLE)
    equal(rows.sort_values(names).reset_index(drop=True), whole.sort_values(names).reset_index(drop=True))


def test_csv_and_parquet_give_the_same_table_back(tmp_path: Path) -> None:
    for stumble in ("", "reason"):
        rows = w2s.sweep(SmallStudy(stumble=stumble), SHORT)
        rows.to_csv(tmp_path / "rows.csv", index=False)
        rows.to_parquet(tmp_path / "rows.parquet")
        again = pd.read_csv(tmp_path / "rows.csv")
        pd.testing.assert_frame_equal(again, rows, check_exact=True, check_dtype=False)
        equal(pd.read_parquet(tmp_path / "rows.parquet"), rows)


@pytest.mark.parametrize(
    ("stumble", "reason"),
    [
        ("reason", "The tiny teacher has nothing to say."),
        ("raise", "ZeroDivisionError: the tiny teacher divides by zero"),
    ],
)
def test_a_combination_that_fails_is_a_row_with_its_reason(stumble: str, reason: str, tmp_path: Path) -> None:
    rows = w2s.sweep(SmallStudy(stumble=stumble), SHORT, folder=tmp_path)
    bad = rows["teacher"] == "tiny"
    assert list(rows["failed"][bad]) == [reason] * 4
    assert rows.loc[bad, "err_weak":"n"].isna().all(axis=None)
    assert rows["failed"][~bad].isna().all()
    assert rows["gain"][~bad].notna().all()
    # The study's own reason holds for good; an error may be gone the next time.
    assert len(list(tmp_path.glob("*.json"))) == (4 if stumble == "reason" else 0)


class WrongStudy(SmallStudy):
    """Breaks the protocol."""

    def outcomes(self, settings: Any) -> list[Any]:
        return [0.5] * len(settings) if self.stumble == "number" else []


def test_a_study_that_breaks_the_protocol_is_told() -> None:
    with pytest.raises(TypeError, match=r"^WrongStudy.outcomes returned 0 results for 2 settings"):
        w2s.sweep(WrongStudy(), SHORT)
    with pytest.raises(TypeError, match=r"^a study returned float for a setting: it must return an Outcome"):
        w2s.sweep(WrongStudy(stumble="number"), SHORT)


def test_what_is_on_disk_is_not_computed_again(tmp_path: Path, whole: pd.DataFrame) -> None:
    diary = tmp_path / "diary"
    study = SmallStudy(diary=str(diary))
    equal(w2s.sweep(study, WHOLE, folder=tmp_path / "kept"), whole)
    assert len(diary_of(diary)) == 10
    equal(w2s.sweep(study, WHOLE, folder=tmp_path / "kept"), whole)
    assert len(diary_of(diary)) == 10
    w2s.sweep(SmallStudy(seed=1, diary=str(diary)), SHORT, folder=tmp_path / "kept")
    assert len(diary_of(diary)) == 14


def test_a_damaged_file_is_one_warning_and_computed_again(tmp_path: Path, whole: pd.DataFrame) -> None:
    study = SmallStudy(diary=str(tmp_path / "diary"))
    w2s.sweep(study, WHOLE, folder=tmp_path)
    first, second, third, *_ = sorted(tmp_path.glob("*.json"))
    first.write_bytes(first.read_bytes()[:-40])
    second.write_bytes(b"")
    third.write_text(third.read_text().replace('"n": 150', '"n": 151', 1))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        equal(w2s.sweep(study, WHOLE, folder=tmp_path), whole)
    assert len(caught) == 1
    assert str(caught[0].message).startswith(f"3 files were damaged in the folder {tmp_path}")
    assert len(diary_of(tmp_path / "diary")) == 13
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        equal(w2s.sweep(study, WHOLE, folder=tmp_path), whole)


def test_a_folder_that_cannot_be_made_is_said_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    study = SmallStudy(diary=str(tmp_path / "diary"))
    with pytest.raises(OSError, match=r"^the folder .* cannot be made \(.*\): give another one"):
        w2s.sweep(study, SHORT, folder=tmp_path / "file" / "folder")
    assert not diary_of(tmp_path / "diary")


def test_a_killed_sweep_goes_on_from_what_is_on_disk(tmp_path: Path, whole: pd.DataFrame) -> None:
    diary, folder = tmp_path / "diary", tmp_path / "kept"
    program = (
        "import w2s_widgets as w2s\n"
        "from tests.sweeps.studies import SmallStudy\n"
        f"study = SmallStudy(diary={str(diary)!r}, pause=0.1)\n"
        "grid = {name: list(values) for name, values in study.axes.items()}\n"
        f"w2s.sweep(study, grid, folder={str(folder)!r})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    deadline = time.monotonic() + 60
    while len(diary_of(diary)) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    began, kept = len(diary_of(diary)), len(list(folder.glob("*.json")))
    assert 4 <= kept < 10
    equal(w2s.sweep(SmallStudy(diary=str(diary)), WHOLE, folder=folder), whole)
    assert len(diary_of(diary)) - began == 10 - kept


class InterruptedStudy(SmallStudy):
    """Is interrupted by the reader when the fourth batch begins."""

    calls = 0

    def outcomes(self, settings: Any) -> list[Any]:
        type(self).calls += 1
        if type(self).calls == 4:
            raise KeyboardInterrupt
        return super().outcomes(settings)


def test_an_interrupt_keeps_what_is_done_and_says_how_to_go_on(
    tmp_path: Path, whole: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    for folder in (tmp_path / "kept", None):
        InterruptedStudy.calls = 0
        with pytest.raises(
            KeyboardInterrupt, match="stopped with 72 of 240 rows done: the same call"
        ) as stop:
            w2s.sweep(InterruptedStudy(), WHOLE, folder=folder)
        goes_on = folder or next((tmp_path / "cache" / "sweeps").iterdir())
        if folder is None:
            assert f"folder={str(goes_on)!r} goes on from there" in str(stop.value)
        equal(w2s.sweep(InterruptedStudy(), WHOLE, folder=goes_on), whole)
        assert InterruptedStudy.calls == 4 + 7


class WatchfulStudy(SmallStudy):
    """Notes how many threads BLAS may use while it computes."""

    notes = ""

    def outcomes(self, settings: Any) -> list[Any]:
        time.sleep(0.02 * settings[0]["split"])
        threads = [str(pool["num_threads"]) for pool in threadpool_info() if pool["user_api"] == "blas"]
        with open(self.notes, "a", encoding="utf-8") as file:
            file.write(" ".join(threads) + "\n")
        return super().outcomes(settings)


def test_a_batch_has_one_blas_thread_and_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    study = WatchfulStudy()
    study.notes = str(tmp_path / "notes")
    with threadpool_limits(2, user_api="blas"), ThreadPoolExecutor(4) as threads:
        before = threadpool_info()
        w2s.sweep(study, WHOLE, threads)
        assert threadpool_info() == before
    lines = (tmp_path / "notes").read_text().splitlines()
    assert len(lines) == 10
    assert {number for line in lines for number in line.split()} == {"1"}


class Deserted(Executor):
    """An engine whose workers are all gone: nothing that it takes is ever done."""

    _max_workers = 0

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        return Future()


class Failing(Executor):
    """An engine on which every call ends in the same error."""

    _max_workers = 2

    def __init__(self, error: BaseException) -> None:
        self.error, self.calls = error, 0

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        self.calls += 1
        future: Future[Any] = Future()
        future.set_exception(self.error)
        return future


def test_an_engine_without_workers_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 0.1)
    with pytest.warns(UserWarning, match=r"^The executor stopped working \(it had no worker for .*4 batches"):
        rows = w2s.sweep(SmallStudy(), SHORT, Deserted())
    equal(rows, w2s.sweep(SmallStudy(), SHORT))


def test_an_engine_that_cannot_run_anything_is_left_after_one_warning() -> None:
    engine = Failing(ModuleNotFoundError("No module named 'w2s_widgets'"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows = w2s.sweep(SmallStudy(), SHORT, engine)
    assert [str(warning.message) for warning in caught] == [
        "The executor stopped working (ModuleNotFoundError: No module named 'w2s_widgets'), so the 4 batches "
        "that it left are computed in this process."
    ]
    assert engine.calls <= 12
    equal(rows, w2s.sweep(SmallStudy(), SHORT))


def test_a_batch_that_kills_every_worker_is_not_computed_here() -> None:
    class KilledWorker(Exception):  # noqa: N818
        """As Dask calls it."""

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = w2s.sweep(SmallStudy(), SHORT, Failing(KilledWorker()))
    assert rows["failed"].str.startswith("The worker that computed this batch died, 3 times").all()


def test_an_executor_that_was_shut_down_is_one_warning() -> None:
    threads = ThreadPoolExecutor(2)
    threads.shutdown()
    with pytest.warns(UserWarning, match="so the 4 batches that it left are computed in this process"):
        equal(w2s.sweep(SmallStudy(), SHORT, threads), w2s.sweep(SmallStudy(), SHORT))


def test_a_study_that_cannot_be_sent_is_told_so() -> None:
    study = SmallStudy()
    study.lock = threading.Lock()  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r"^this SmallStudy cannot be sent to workers \(.*executor=None"):
        w2s.sweep(study, SHORT, Deserted())
    equal(w2s.sweep(study, SHORT), w2s.sweep(SmallStudy(), SHORT))


def test_progress_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("w2s_widgets.progress.bar.surroundings", lambda: "terminal")
    w2s.sweep(SmallStudy(), WHOLE)
    assert capsys.readouterr().out.splitlines()[-1].rstrip("\x1b[K").endswith("Sweeping: 240 of 240 rows")
    w2s.sweep(SmallStudy(), WHOLE, progress=False)
    assert capsys.readouterr().out == ""
