"""Studies compute with one BLAS thread, give the threads back, and lose nothing by it."""

from __future__ import annotations

import inspect
import threading
from typing import Any, ClassVar

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import w2s_widgets as w2s
from w2s_widgets.studies.blas_threads import on_one_thread


def blas_threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


class Watching(w2s.Study):
    """A study that says how many threads its measurements had."""

    axes: ClassVar[Any] = {"which": (0, 1)}
    defaults: ClassVar[Any] = {"which": 0}

    def __init__(self) -> None:
        self.seen: list[set[int]] = []

    def _measure(self, settings: Any) -> Any:
        self.seen.append(blas_threads())
        return [w2s.measure([0, 1], [1, 2], [0, 2]) for _ in settings]

    def wrong(self) -> None:
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def three_threads() -> Any:
    np.linalg.svd(np.eye(3))
    with threadpool_limits(limits=3, user_api="blas"):
        yield


def test_a_study_has_one_thread_and_gives_the_others_back() -> None:
    study = Watching()
    study.outcome()
    study.table()
    assert study.seen == [{1}, {1}]
    assert blas_threads() == {3}
    with pytest.raises(ZeroDivisionError):
        study.wrong()
    assert blas_threads() == {3}


def test_the_last_of_several_at_once_gives_them_back() -> None:
    first, second = threading.Event(), threading.Event()
    seen = []

    @on_one_thread
    def slow() -> None:
        first.set()
        second.wait(5)
        seen.append(blas_threads())

    other = threading.Thread(target=slow)
    other.start()
    first.wait(5)
    Watching().outcome()
    second.set()
    other.join()
    assert seen == [{1}]
    assert blas_threads() == {3}


def test_signatures_and_documentation_stay() -> None:
    assert len(inspect.signature(w2s.NetworkStudy.sides).parameters) > 1
    assert (w2s.Study.outcome.__doc__ or "").startswith("Measure one setting")
    assert "tasks" in inspect.signature(w2s.curved_heads).parameters
