"""Small studies to sweep in tests: real fits on made-up inputs, and ways to go wrong."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from w2s_widgets.studies.study import Study
from w2s_widgets.theory.outcome import Outcome, measure


class SmallStudy(Study):
    """Least-squares teachers and students on random inputs; a batch is one student on one split.

    All teachers of a batch are fitted in one product, so the last digits depend on who is in the batch.
    """

    def __init__(
        self, *, seed: int = 0, diary: str = "", pause: float = 0.0, stumble: str = "", deadly: str = ""
    ) -> None:
        rng = np.random.default_rng(seed)
        self.seed, self.diary, self.pause = seed, diary, pause
        self.stumble, self.deadly = stumble, deadly
        self.inputs = rng.standard_normal((600, 40))
        self.truth = self.inputs @ rng.standard_normal(40) + rng.standard_normal(600)

    @property
    def axes(self) -> dict[str, Sequence[Any]]:
        return {
            "teacher": ("tiny", "small", "medium"),
            "student": ("narrow", "wide"),
            "split": range(5),
            "labels": (50, 100),
            "mix": (0.0, 0.1, 0.2, 0.3),
        }

    @property
    def defaults(self) -> dict[str, Any]:
        return {"teacher": "small", "student": "wide", "split": 0, "labels": 100, "mix": 0.0}

    @cached_property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"small study {self.seed} {self.stumble}".encode()).hexdigest()

    def batch_of(self, setting: Mapping[str, Any]) -> tuple[Any, ...]:
        return setting["student"], setting["split"]

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        self._write(settings)
        time.sleep(self.pause)
        names = {(s["teacher"], s["labels"]) for s in settings}
        if self.stumble == "raise" and any(teacher == "tiny" for teacher, _ in names):
            raise ZeroDivisionError("the tiny teacher divides by zero")
        if self.deadly and any(s["split"] == 3 for s in settings) and not Path(self.deadly).exists():
            Path(self.deadly).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        found: list[Outcome | str] = []
        first = settings[0]
        order = np.random.default_rng(first["split"]).permutation(600)
        rows = self.inputs[:, : 40 if first["student"] == "wide" else 10]
        says = np.stack([self._teacher(s, order) for s in settings], axis=1)
        seen, test = order[200:450], order[450:]
        weights = np.linalg.lstsq(rows[seen], says[seen], rcond=None)[0]
        students = rows @ weights
        for number, setting in enumerate(settings):
            if self.stumble == "reason" and setting["teacher"] == "tiny":
                found.append("The tiny teacher has nothing to say.")
            else:
                found.append(measure(self.truth[test], says[test, number], students[test, number]))
        return found

    def _teacher(self, setting: Mapping[str, Any], order: np.ndarray) -> np.ndarray:
        width = {"tiny": 2, "small": 5, "medium": 12}[setting["teacher"]]
        rows, seen = self.inputs[:, :width], order[: setting["labels"]]
        weights = np.linalg.lstsq(rows[seen], self.truth[seen], rcond=None)[0]
        says: np.ndarray = rows @ weights + setting["mix"] * self.truth
        return says

    def _write(self, settings: Sequence[Mapping[str, Any]]) -> None:
        if self.diary:
            text = "".join(f"{os.getpid()} {s['student']} {s['split']}\n" for s in settings[:1])
            with open(self.diary, "a", encoding="utf-8") as file:
                file.write(text)


WHOLE = {name: list(values) for name, values in SmallStudy().axes.items()}


def equal(first: pd.DataFrame, second: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def diary_of(path: Path) -> list[tuple[int, str]]:
    """Return process and batch of every call of a study that kept a diary."""
    if not path.exists():
        return []
    lines = [line.split(" ", 1) for line in path.read_text().splitlines()]
    return [(int(process), batch) for process, batch in lines]


class CountedStudy(SmallStudy):
    """Writes a line each time that a process unpacks it."""

    def __init__(self, *, unpacked: str, **options: Any) -> None:
        super().__init__(**options)
        self.unpacked = unpacked

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        with open(self.unpacked, "a", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")


class LateStudy(SmallStudy):
    """Loads a library with threads of its own only when it computes."""

    def outcomes(self, settings: Sequence[Mapping[str, Any]]) -> list[Outcome | str]:
        import scipy.linalg

        scipy.linalg.inv(np.eye(3))
        return super().outcomes(settings)
