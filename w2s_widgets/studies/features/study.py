"""`FeatureStudy`: teachers from weak to strong and a few students, any representations of the same inputs."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets import _validation
from w2s_widgets._renamed import accepts_old, old_keyword
from w2s_widgets._validation import FloatArray, choice, integer, real
from w2s_widgets.heads import BallHead, Head, LinearHead
from w2s_widgets.heads.batched import HeadFits, validated_ridge
from w2s_widgets.progress.bar import Progress
from w2s_widgets.studies.features.batches import SplitFits, measure_batches
from w2s_widgets.studies.features.blocks import Blocks, Part, fitted_head, row_fits
from w2s_widgets.studies.features.fit import FeatureFit
from w2s_widgets.studies.features.options import (
    SMALLEST_BUDGET,
    ascending,
    budgets,
    draw_parts,
    own_parts,
    read_only,
    representations,
    standardised,
)
from w2s_widgets.studies.features.preprocessing import prepare
from w2s_widgets.studies.features.table import feature_reasons, feature_table
from w2s_widgets.studies.reasons import Reason, explained
from w2s_widgets.studies.split import PARTS, Split, checked_shares, numbered_groups
from w2s_widgets.studies.study import Study
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.theory.slack import SlackParts

HEADS = ("linear", "ball", "ridge")
TEACHER_HEADS = {"ridge": "ridge", "least squares": "linear"}
"""Ways to fit a teacher, and what `RowFits` calls them."""

REALIZABILITIES = tuple(step / 10 for step in range(11))

AXES = ("teacher", "student", "split", "n_teacher", "n_student", "head", "realizability")


class FeatureStudy(Study):
    """Weak-to-strong with many teachers: real representations of the same inputs, and one truth.

    Inputs are divided into three parts. A teacher is a head on its own representation, fitted to true
    labels of the teacher's part; a student is a head on a stronger representation, fitted to what the
    teacher says about inputs of the student's part; everything is measured on the test part, whose
    labels and teacher's labels no fit sees. Representations stay frozen.

    The teacher's head is ridge regression with the penalty that generalised cross-validation (Golub, Heath
    and Wahba 1979) chooses on its own labels, or least squares (``teacher_head``). The student's head is one
    of three: ``"linear"``, least squares (a space, gain = misfit if it holds the truth); ``"ball"``, least
    squares with a budget on the length of the weights (convex, gain >= misfit); ``"ridge"``, with the penalty
    that generalised cross-validation chooses on the teacher's labels (a ball for each teacher, mostly
    without the truth).
    Nothing is chosen by looking at the test part.

    Parameters
    ----------
    teachers, students : mapping of str to array-like of shape (n, features)
        Representations by name. Each is standardised and turned by
        `w2s_widgets.studies.features.preprocessing.prepare`, which leaves out what hardly varies. This is
        transductive: means, scales and directions are those of all inputs, test inputs among them (no label
        is looked at). A linear head is not moved by that; the penalty of a ridge head and the budget of a
        ball are, a little. Large representations are kept in their own precision and read in blocks.
    y : array-like of shape (n,)
        The truth. It is standardised: all errors are shares of its variance over all inputs.
    name : str
        What the study is called.
    unit : str
        What an input is, in the plural: "inputs", "sentences", "molecules".
    shares : sequence of three floats
        Shares of the inputs for teacher, student and test.
    groups : "duplicates", array-like of shape (n,), or None
        Inputs of one group are never in two parts. ``"duplicates"`` groups inputs with an equal row in any
        student's representation. (A coarse teacher may give many inputs the same row; they are not the
        same input for that.)
    splits : int or sequence of Split
        Number of divisions of the inputs, each drawn by its own seed; or divisions of your own, of which the
        first inputs of a part serve smaller budgets.
    n_teacher, n_student : sequence of int, optional
        Budgets to offer: inputs that the teacher is fitted on, and inputs that it labels for the student.
        By default an eighth, a quarter, half and all of the part. Fewer inputs are the first ones of more.
    realizabilities : sequence of float
        What to offer between 0, the truth as it is, and 1, a truth in the student's class; see `target`.
    heads : sequence of str
        Heads of the student to offer.
    teacher_head : {"ridge", "least squares"}
        How teachers are fitted. A penalty is the default because true labels are few: with 75 labels for 64
        directions least squares would learn the noise of its labels, and all teachers would differ by that
        more than by what they know. Least squares, which has nothing to choose, needs more labels than every
        teacher has weights.
    radius : float
        Budget of the ball, the length of the weights on standardised features. Where these are
        uncorrelated the square of it is the most variance that the student's function can have, as a
        share of the truth's: a quarter by default.
    seed : int
        Of all splits.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, rows differ in number, a budget is larger than its part, or
        the truth is constant.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> strong = rng.standard_normal((1200, 20))
    >>> y = strong @ rng.standard_normal(20) + rng.standard_normal(1200)
    >>> blurred = strong + rng.standard_normal(strong.shape)
    >>> study = FeatureStudy({"6 of 20": blurred[:, :6], "all, blurred": blurred}, {"all": strong}, y)
    >>> study.outcome(teacher="all, blurred", head="linear").gain > 0
    True
    >>> study.axes["teacher"], study.defaults["n_teacher"]
    (('6 of 20', 'all, blurred'), 150)
    """

    # Carried studies keep the round numbers that the book prints.
    _round_all: ClassVar[bool] = False

    dials = old_keyword("dials")
    teacher_labels, unlabelled = old_keyword("teacher_labels"), old_keyword("unlabelled")

    @accepts_old("dials", "teacher_labels", "unlabelled")
    def __init__(
        self,
        teachers: Mapping[str, ArrayLike],
        students: Mapping[str, ArrayLike],
        y: ArrayLike,
        *,
        name: str = "Teachers, from weak to strong",
        unit: str = "inputs",
        shares: Sequence[float] = (0.25, 0.55, 0.20),
        groups: str | ArrayLike | None = "duplicates",
        splits: int | Sequence[Split] = 5,
        n_teacher: Sequence[int] | None = None,
        n_student: Sequence[int] | None = None,
        realizabilities: Sequence[float] = REALIZABILITIES,
        heads: Sequence[str] = HEADS,
        teacher_head: str = "ridge",
        radius: float = 0.5,
        seed: int = 0,
    ) -> None:
        self.name = name
        self.unit = unit
        self.truth = standardised(y)
        n = len(self.truth)
        self.teachers = representations("teachers", teachers, n)
        self.students = representations("students", students, n)
        self.shares = checked_shares(shares)
        self.groups = numbered_groups(groups, *self.students.values())
        self.groups.flags.writeable = False
        self.seed = integer("seed", seed)
        self._own_splits = isinstance(splits, Sequence) and not isinstance(splits, str)
        if isinstance(splits, Sequence) and not isinstance(splits, str):
            self.splits = own_parts(splits, self.groups, unit)
        else:
            self.splits = draw_parts(self.groups, self.shares, self.seed, integer("splits", splits, 1), unit)
        sizes = {name: [len(getattr(split, name)) for split in self.splits] for name in PARTS[:2]}
        self.n_teacher = budgets("n_teacher", n_teacher, sizes["teacher"], round_all=self._round_all)
        self.n_student = budgets("n_student", n_student, sizes["student"], round_all=self._round_all)
        self.realizabilities = ascending(
            "realizabilities", [real("a realizability", value, 0, 1) for value in realizabilities]
        )
        self.heads = tuple(choice("head", head, HEADS) for head in heads)
        if not self.heads or len(set(self.heads)) < len(self.heads):
            raise ValueError(f"heads is {tuple(heads)}: give one or more of {', '.join(HEADS)}, each once.")
        self.teacher_head = choice("teacher_head", teacher_head, TEACHER_HEADS)
        self.radius = real("radius", radius, above=0)
        sizes_of = [array.size for array in (*self.teachers.values(), *self.students.values())]
        self.large = not self._round_all and max(sizes_of) > _validation.LARGE
        self._prepared: dict[tuple[str, str], Any] = {}
        self._nearest: dict[tuple[str, str], FloatArray] = {}
        self._kept: tuple[int, SplitFits] | None = None
        self.bar: Progress | None = None
        for name in self.teachers:
            if reason := self._too_few_labels(name, self.n_teacher[0]):
                raise ValueError(reason)

    @cached_property
    def axes(self) -> dict[str, tuple[Any, ...]]:
        """The values that each part of a setting can take, by its name.

        Teachers come by their error, the largest first, as measured at the default settings on the student's
        part of the first split: the order is fixed without a look at the test part.
        """
        return {
            "teacher": self._teachers_by_error(),
            "student": tuple(self.students),
            "split": tuple(range(len(self.splits))),
            "n_teacher": self.n_teacher,
            "n_student": self.n_student,
            "head": self.heads,
            "realizability": self.realizabilities,
        }

    @property
    def defaults(self) -> dict[str, Any]:
        """A value for every axis: the teacher in the middle, and the truth as it is.

        The head is the first of ``heads`` that can be fitted on all unlabelled inputs.
        """
        student, n_student = next(iter(self.students)), self.n_student[-1]
        possible = (head for head in self.heads if not self.too_few(student, n_student, head))
        teachers = self.axes["teacher"]
        return {
            "teacher": teachers[len(teachers) // 2],
            "student": student,
            "split": 0,
            "n_teacher": self._usual_labels,
            "n_student": n_student,
            "head": next(possible, self.heads[0]),
            "realizability": self.realizabilities[0],
        }

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of all data and options: what results on disk are filed under."""
        digest = hashlib.sha256(b"FeatureStudy 2\n")
        options = (self.shares, self.seed, self.n_teacher, self.n_student, self.realizabilities, self.heads)
        digest.update(repr((*options, self.teacher_head, self.radius, len(self.splits))).encode())
        if self._own_splits:
            digest.update(b"".join(rows.tobytes() for split in self.splits for rows in split))
        data = [("y", self.truth), ("groups", self.groups), *self.teachers.items()]
        for role, arrays in (("data", data), ("student", self.students.items())):
            for name, array in arrays:
                digest.update(repr((role, name, array.shape, array.dtype.str)).encode())
                digest.update(np.ascontiguousarray(array).view(np.uint8).data)
        return digest.hexdigest()

    def outcome(self, **setting: Any) -> Outcome:
        """Fit and measure one setting on the test part; axes that are not named have their default.

        Any whole number of labels and any realizability can be given, not only those of `axes`.

        Parameters
        ----------
        **setting
            Values by the names of `axes`.

        Returns
        -------
        Outcome

        Raises
        ------
        TypeError
            If a value is of the wrong kind.
        ValueError
            If a name or value is unknown, a value is outside its range, or the setting is impossible: a
            linear head needs more inputs than it has weights.
        """
        return self.fit(**setting).outcome

    def batch_of(self, setting: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what settings have in common that `outcomes` computes together."""
        full = self.defaults | dict(setting)
        return (full["split"], full["student"], full["head"])

    def fit(self, **setting: Any) -> FeatureFit:
        """Fit one setting by the heads' own classes; parameters and errors as in `outcome`."""
        full = self.setting(**setting)
        split = self.splits[full["split"]]
        strong = self.features("student", full["student"])
        seen, rows = split.student[: full["n_student"]], strong[split.test]
        target, said, student, ceiling = self._taught(full)
        return FeatureFit(
            setting=full,
            student_head=student,
            features=rows,
            truth=target[split.test],
            teacher=said[split.test],
            student=_evaluated(student, rows),
            ceiling=_evaluated(ceiling, rows),
            fitted_on=(strong[seen], said[seen]),
        )

    def predictions(self, **setting: Any) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return truth, teacher, student and ceiling on all inputs, in standard deviations of the truth."""
        full = self.setting(**setting)
        target, said, student, ceiling = self._taught(full)
        strong = self.features("student", full["student"])
        return target, said, _evaluated(student, strong), _evaluated(ceiling, strong)

    def _taught(self, full: dict[str, Any]) -> tuple[FloatArray, FloatArray, Head, Head]:
        """Return the truth and what the teacher says of all inputs, student and ceiling."""
        split = self.splits[full["split"]]
        target = self.target(full["student"], full["realizability"], full["head"])
        strong = self.features("student", full["student"])
        if isinstance(strong, Part):
            said, both = self.fits_of(full["split"]).one(full, target)
            student, ceiling = (fitted_head(full["head"], both, place, self.radius) for place in (0, 1))
            return target, said, student, ceiling
        weak = self.features("teacher", full["teacher"])
        labelled, seen = split.teacher[: full["n_teacher"]], split.student[: full["n_student"]]
        taught = validated_ridge if self.teacher_head == "ridge" else LinearHead().fit
        said = taught(weak[labelled], target[labelled]).predict(weak)
        student = self._fitted(full["head"], strong[seen], said[seen])
        return target, said, student, self._fitted(full["head"], strong[seen], target[seen])

    def scatter(self, splits: Sequence[int] | None = None, **setting: Any) -> list[dict[str, Any]]:
        """Measure every teacher on several splits at one setting of everything else.

        Parameters
        ----------
        splits : sequence of int, optional
            All by default.
        **setting
            The student, budgets, head and realizability; what is not named has its default.

        Returns
        -------
        list of dict
            One row for each teacher and split: the setting, and the numbers of `Outcome.as_dict`. It is
            what `plots.teacher_map` and `plots.ranking` draw from, and what a data frame can be made of.

        Raises
        ------
        TypeError, ValueError
            As `outcome`, and if the setting names a teacher or a split.
        """
        for name in ("teacher", "split"):
            if name in setting:
                raise ValueError(
                    f"{name} is part of the setting: every {name} has rows of its own, leave it out."
                )
        chosen = self.axes["split"] if splits is None else splits
        settings = [
            self.setting(**setting, teacher=teacher, split=split)
            for split in chosen
            for teacher in self.axes["teacher"]
        ]
        outcomes = self.outcomes(settings)
        return [
            {**full, **outcome.as_dict()}
            for full, outcome in zip(settings, outcomes, strict=True)
            if isinstance(outcome, Outcome)
        ]

    def table(self, split: int | str = 0) -> OutcomeTable:
        """Compute the outcomes of all settings, for an explorer.

        Parameters
        ----------
        split : int or "mean"
            Which split, or the mean of all numbers over all splits.

        Returns
        -------
        OutcomeTable
            Axes ``teacher``, ``student``, ``n_teacher``, ``n_student``, ``head`` and
            ``realizability`` (at most six of its values); ``extra`` holds three parts that add up to the
            slack: ``alignment`` and ``shape`` of `slack_parts`, and the price of learning, which is
            ``finite_sample``, or with ridge heads in the study ``sample_and_penalty``, the sum of
            ``finite_sample`` and ``unfinished_fit``.

        Raises
        ------
        ValueError
            If there is no such split, or no head can be fitted.
        """
        return explained(feature_table(self, split), self.reasons)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the slack of a state of the `table` is what it is: the first that holds is said."""
        tests = min(len(split.test) for split in self.splits)
        weights = {name: self.features("student", name).shape[1] + 1 for name in self.students}
        return feature_reasons(self.unit, [name for name in weights if weights[name] >= tests])

    def slack_parts(self, **setting: Any) -> SlackParts:
        """Divide the slack of one setting into the assumptions that were broken; their sum is the slack.

        Measured on the test inputs, for every head: ``alignment`` is what teacher and truth share that
        the student's class is blind to, ``shape`` what the surface of a ball adds, ``finite_sample`` the
        price of learning from a sample, and ``unfinished_fit`` what the penalty of a ridge head does.
        Where the test part has no more inputs than the student has weights the class can express anything
        on it, and all of the slack counts as ``finite_sample`` or ``unfinished_fit``.
        """
        return self.fit(**setting).slack_parts()

    def setting(self, **setting: Any) -> dict[str, Any]:
        """Return a full setting, checked, with defaults for what is not named; errors as in `outcome`."""
        full = super().setting(**setting)
        split = self.splits[full["split"]]
        for budget, part in (("n_teacher", split.teacher), ("n_student", split.student)):
            full[budget] = integer(budget, full[budget], SMALLEST_BUDGET, len(part))
        reason = self.too_few(full["student"], full["n_student"], full["head"])
        reason = reason or self._too_few_labels(full["teacher"], full["n_teacher"])
        if reason:
            raise ValueError(reason)
        return full

    def value_of(self, name: str, value: Any) -> Any:
        """Return a checked value of an axis; of budgets and realizabilities not only those of `axes`."""
        self.check_axis(name)
        if name in ("n_teacher", "n_student"):
            sizes = [len(getattr(split, name.removeprefix("n_"))) for split in self.splits]
            return integer(name, value, SMALLEST_BUDGET, max(sizes))
        if name == "realizability" and not any(_near(own, value) for own in self.realizabilities):
            return real(name, value, 0, 1)
        return super().value_of(name, value)

    def _checked(self, name: str, value: Any) -> Any:
        if name in ("n_teacher", "n_student"):
            return value
        if name == "split":
            return integer(name, value, 0, len(self.splits) - 1)
        if name in ("teacher", "student", "head"):
            return choice(name, value, {"teacher": self.teachers, "student": self.students}.get(name, HEADS))
        return real(name, value, 0, 1)

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome]:
        return measure_batches(self, settings)

    def too_few(self, student: str, n_student: int, head: str) -> str:
        """Say in a sentence why a setting is impossible; empty if it is possible."""
        weights = self.features("student", student).shape[1] + 1
        if head != "linear" or n_student > weights:
            return ""
        return (
            f"a linear head on {student} has {weights} weights to learn from {n_student} {self.unit}, and "
            f"would copy its teacher on them: give more than {weights} unlabelled {self.unit}, "
            "or take another head."
        )

    def _too_few_labels(self, teacher: str, n_teacher: int) -> str:
        if self.teacher_head == "ridge":
            return ""
        weights = self.features("teacher", teacher).shape[1] + 1
        if n_teacher > weights:
            return ""
        return (
            f"{teacher} has {weights} weights to learn by least squares from {n_teacher} labels: give "
            f'n_teacher more than {weights}, or teacher_head="ridge".'
        )

    @accepts_old("dial")
    def target(self, student: str, realizability: float = 0.0, head: str = "linear") -> FloatArray:
        """Return the truth of an experiment for all inputs, shape (n,).

        At realizability 0 it is y. At 1 it is f*, the function of this student's class that is nearest to
        y over all inputs: a truth that the student can express. (For ``"ridge"`` the class is that of
        ``"linear"``.) Between, it is ``f* + (1 - realizability) (y - f*)``.
        """
        if realizability == 0:
            return self.truth
        nearest = self.nearest(student, head)
        return nearest + (1 - realizability) * (self.truth - nearest)

    def nearest(self, student: str, head: str = "linear") -> FloatArray:
        """Return f*, the function of a student's class that is nearest to the truth over all inputs."""
        kind = "ball" if head == "ball" else "linear"
        if (student, kind) not in self._nearest:
            features = self.features("student", student)
            best = row_fits(features).fitted(kind, self.truth[None], self.radius)
            self._nearest[student, kind] = read_only(best.predict(features)[0])
        return self._nearest[student, kind]

    def features(self, role: str, name: str) -> Any:
        """Return a role's representation of a name as heads see it, shape (n, directions).

        A large one is an array to numpy only: heads read it in blocks.
        """
        models = self.teachers if choice("role", role, PARTS[:2]) == "teacher" else self.students
        choice(role, name, models)
        if (role, name) not in self._prepared:
            raw = models[name]
            self._prepared[role, name] = Blocks(raw, name, self).part() if self.large else prepare(raw, name)
        return self._prepared[role, name]

    @contextmanager
    def watched(self, label: str, splits: int = 1) -> Iterator[None]:
        """Show a bar with the rows that are read meanwhile, if the representations are large."""
        if not self.large:
            yield
            return
        models = [("teacher", name) for name in self.teachers] + [("student", name) for name in self.students]
        n, unread = len(self.truth), sum(key not in self._prepared for key in models)
        # Two passes make a representation ready, and about two more read each part of a split.
        with Progress(2 * n * unread + 2 * n * splits, label, unit="rows") as bar:
            self.bar = bar
            try:
                yield
            finally:
                bar.total, self.bar = bar.done, None

    def fits_of(self, split: int) -> SplitFits:
        """Return the fits of one split, with what they have computed so far."""
        # Only one split's factors are kept: they are large, and whoever asks goes from split to split.
        if self._kept is None or self._kept[0] != split:
            self._kept = (split, SplitFits(self, split))
        return self._kept[1]

    def __getstate__(self) -> dict[str, Any]:
        # What can be computed again does not travel to other processes.
        return {**self.__dict__, "_prepared": {}, "_nearest": {}, "_kept": None, "bar": None}

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.name!r}: {len(self.truth)} {self.unit}, "
            f"{len(self.teachers)} teachers, {len(self.students)} students, {len(self.splits)} splits>"
        )

    def _fitted(self, head: str, X: FloatArray, y: FloatArray) -> Head:
        if head == "ridge":
            return validated_ridge(X, y)
        return (BallHead(self.radius) if head == "ball" else LinearHead()).fit(X, y)

    def _teachers_by_error(self) -> tuple[str, ...]:
        # The fits of the first split, which whoever asks for outcomes needs next.
        fits = self.fits_of(0)
        truth = self.truth[fits.split.student]
        budgets = len(self.n_teacher)
        said = fits.labels(next(iter(self.students)), "linear", 0.0).student[budgets // 2 : -1 : budgets]
        errors = dict(zip(self.teachers, np.mean((said - truth) ** 2, axis=1), strict=True))
        return tuple(sorted(self.teachers, key=lambda name: -errors[name]))

    @property
    def _usual_labels(self) -> int:
        return self.n_teacher[len(self.n_teacher) // 2]


def _near(own: float, value: Any) -> bool:
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return number and math.isclose(own, value, rel_tol=1e-9, abs_tol=1e-12)


def _evaluated(head: Head, rows: Any) -> FloatArray:
    """Return values of a linear head, of a large representation block by block."""
    if not isinstance(rows, Part):
        return head.predict(rows)
    evaluated: FloatArray = rows.evaluate(HeadFits(head.coef_[None], np.array([head.intercept_])))[0]
    return evaluated
