"""Many settings of a `FeatureStudy` at once: each factorisation is made once and serves all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads.batched import HeadFits, Read, RowFits
from w2s_widgets.studies.features.blocks import row_fits
from w2s_widgets.theory.outcome import Outcome, Sides, measure_many

_TOGETHER = ("split", "student", "head", "realizability", "n_student")


def measure_batches(study: Any, settings: Sequence[dict[str, Any]]) -> list[Outcome]:
    """Measure checked settings of a `FeatureStudy`."""
    measured: dict[int, Outcome] = {}
    batches: dict[tuple[Any, ...], list[tuple[int, dict[str, Any]]]] = {}
    for place, full in enumerate(settings):
        if full["n_teacher"] in study.n_teacher and full["realizability"] in (0, *study.realizabilities):
            batches.setdefault(tuple(full[name] for name in _TOGETHER), []).append((place, full))
        else:
            measured[place] = study.fit(**full).outcome
    teachers = list(study.teachers)
    for key in sorted(batches, key=lambda key: (key[0], key[1], key[2] == "ball", *key[3:])):
        split, student, head, realizability, n_student = key
        found = study.fits_of(split).measured(student, head, n_student, realizability)
        for place, full in batches[key]:
            budget = study.n_teacher.index(full["n_teacher"])
            measured[place] = found.outcome(teachers.index(full["teacher"]), budget)
    return [measured[place] for place in range(len(settings))]


class Labels(NamedTuple):
    """What all teachers say, a row for each teacher and budget, and the truth as the last row."""

    student: FloatArray
    test: FloatArray


class Measured(NamedTuple):
    """Outcomes of all teachers and all their budgets, arrays of shape (teachers, budgets)."""

    sides: Sides
    err_ceiling: float
    truth_variance: float
    n: int

    def outcome(self, teacher: int, budget: int) -> Outcome:
        """Return one of them."""
        return Outcome.from_sides(
            self.sides.at((teacher, budget)),
            n=self.n,
            err_ceiling=self.err_ceiling,
            truth_variance=self.truth_variance,
        )


class SplitFits:
    """All fits on one split of a study.

    The unit of work is one student, head, number of unlabelled inputs and realizability, and always
    all teachers with all their budgets (which are taught for all realizabilities above 0 together): what
    comes out for one setting does not depend, to the last bit, on which others are asked for.
    """

    def __init__(self, study: Any, split: int) -> None:
        self.study = study
        self.split = study.splits[split]
        self._rows: dict[tuple[str, str, str], Any] = {}
        self._fits: dict[tuple[str, str, str, int], RowFits] = {}
        self._mixed: tuple[tuple[str, str], dict[float, Labels]] | None = None
        self._of_truth: Labels | None = None
        self._last_read: tuple[tuple[str, str, float, int], Read] | None = None

    def one(self, full: Mapping[str, Any], target: FloatArray) -> tuple[FloatArray, HeadFits]:
        """Return what the teacher of one setting says of all inputs, and student and ceiling as fitted."""
        kind = "linear" if self.study.teacher_head == "least squares" else "ridge"
        labelled, seen = self.split.teacher[: full["n_teacher"]], self.split.student[: full["n_student"]]
        taught = self._row_fits("teacher", full["teacher"], "teacher", len(labelled))
        teacher = taught.fitted(kind, target[None, labelled])
        (said,) = teacher.predict(self.study.features("teacher", full["teacher"]))
        learns = self._row_fits("student", full["student"], "student", len(seen))
        return said, learns.fitted(full["head"], np.stack([said[seen], target[seen]]), self.study.radius)

    def measured(self, student: str, head: str, n_student: int, realizability: float) -> Measured:
        """Measure all teachers at one setting of everything else."""
        truth, teachers = self._test(student, head, realizability)
        fits = self._row_fits("student", student, "student", n_student)
        read = self._read_labels(student, head, realizability, n_student, fits)
        said = fits.fitted(head, read, self.study.radius).predict(self._part("student", student, "test"))
        sides = measure_many(truth, teachers, said[:-1])
        shape = (len(self.study.teachers), len(self.study.n_teacher))
        return Measured(
            Sides(*(side.reshape(shape) for side in sides)),
            float(np.mean((truth - said[-1]) ** 2)),
            float(np.var(truth)),
            len(truth),
        )

    def blind(self, student: str, head: str, realizability: float) -> tuple[FloatArray, FloatArray]:
        """Return the parts of all slacks that no sample changes: alignment and shape of the class.

        Both have shape (teachers, budgets); see `FeatureStudy.slack_parts`.
        """
        functions = self.labels(student, head, realizability).test
        rows = self._part("student", student, "test")
        fits = self._row_fits("student", student, "test", len(rows))
        nearest = fits.fitted(_class_of(head), functions, self.study.radius).predict(rows)
        left = functions - nearest
        shape = (len(self.study.teachers), len(self.study.n_teacher))
        alignment = -2 * (left[:-1] @ left[-1]) / len(rows)
        if _class_of(head) == "linear":
            return alignment.reshape(shape), np.zeros(shape)
        surface = -2 * np.mean(left[:-1] * (nearest[-1] - nearest[:-1]), axis=1)
        return alignment.reshape(shape), surface.reshape(shape)

    def labels(self, student: str, head: str, realizability: float) -> Labels:
        """Return what all teachers say when the truth is this student's target at some realizability."""
        if realizability == 0:
            if self._of_truth is None:
                self._of_truth = self._taught(self.study.truth[None])[0]
            return self._of_truth
        key = (student, _class_of(head))
        if self._mixed is None or self._mixed[0] != key:
            offered = [value for value in self.study.realizabilities if value > 0]
            targets = np.stack([self.study.target(student, value, head) for value in offered])
            self._mixed = (key, dict(zip(offered, self._taught(targets), strict=True)))
        return self._mixed[1][realizability]

    def _taught(self, targets: FloatArray) -> list[Labels]:
        study, parts = self.study, ("student", "test")
        kind = "linear" if study.teacher_head == "least squares" else "ridge"
        shape = (len(targets), len(study.teachers), len(study.n_teacher))
        functions = shape[1] * shape[2]
        said = {part: np.empty((shape[0], functions + 1, len(getattr(self.split, part)))) for part in parts}
        true_labels = targets[:, self.split.teacher]
        for i, name in enumerate(study.teachers):
            heads = [
                self._row_fits("teacher", name, "teacher", count).fitted(kind, true_labels[:, :count])
                for count in study.n_teacher
            ]
            # Budgets and targets in one product: a function at a time would read all features each time.
            together = HeadFits(
                np.concatenate([head.weights for head in heads]),
                np.concatenate([head.biases for head in heads]),
            )
            own = slice(i * shape[2], (i + 1) * shape[2])
            for part in parts:
                values = together.predict(self._part("teacher", name, part))
                said[part][:, own] = values.reshape(shape[2], shape[0], -1).swapaxes(0, 1)
        for part, values in said.items():
            values[:, -1] = targets[:, getattr(self.split, part)]
        return [Labels(said["student"][k], said["test"][k]) for k in range(len(targets))]

    def _test(self, student: str, head: str, realizability: float) -> tuple[FloatArray, FloatArray]:
        said = self.labels(student, head, realizability).test
        return said[-1], said[:-1]

    def _read_labels(
        self, student: str, head: str, realizability: float, n_student: int, fits: RowFits
    ) -> Read:
        # Heads of one class read the same labels: the largest product is made once for both.
        key = (student, _class_of(head), realizability, n_student)
        if self._last_read is None or self._last_read[0] != key:
            labels = self.labels(student, head, realizability).student[:, :n_student]
            self._last_read = (key, fits.read(labels))
        return self._last_read[1]

    def _row_fits(self, role: str, name: str, part: str, count: int) -> RowFits:
        key = (role, name, part, count)
        if key not in self._fits:
            self._fits[key] = row_fits(self._part(role, name, part)[:count])
        return self._fits[key]

    def _part(self, role: str, name: str, part: str) -> Any:
        key = (role, name, part)
        if key not in self._rows:
            self._rows[key] = self.study.features(role, name)[getattr(self.split, part)]
        return self._rows[key]


def _class_of(head: str) -> str:
    return "ball" if head == "ball" else "linear"
