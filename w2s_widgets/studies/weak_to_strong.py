"""`WeakToStrong`: teacher, labels, student, ceiling and test, on any two representations of the inputs."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._renamed import warn_renamed
from w2s_widgets._validation import FloatArray, as_float_array, flag, integer
from w2s_widgets.heads import LinearHead
from w2s_widgets.studies.features.fit import FeatureFit
from w2s_widgets.studies.predictions import read_predictions
from w2s_widgets.studies.representation import Representation
from w2s_widgets.studies.split import (
    PARTS,
    SMALLEST_PART,
    IntArray,
    Split,
    checked_shares,
    draw_split,
    first_of,
    in_random_order,
    numbered_groups,
    read_split,
)
from w2s_widgets.studies.study import Study
from w2s_widgets.theory.intervals import OutcomeIntervals, outcome_intervals
from w2s_widgets.theory.outcome import Outcome, measure


class Regressor(Protocol):
    """Whatever has scikit-learn's ``fit`` and ``predict``."""

    def fit(self, X: Any, y: Any) -> Any:
        """Fit to features and values."""

    def predict(self, X: Any) -> Any:
        """Return one value, or one row of values, for each row of features."""


@dataclass(frozen=True, eq=False)
class Run:
    """One run of `WeakToStrong`: who saw which inputs, the fitted heads, and what they say.

    Parameters
    ----------
    split : Split
        Row numbers of the three parts; of the teacher's and the student's what was used.
    teacher_head, student_head, ceiling_head : Regressor
        The fitted heads; the teacher's is ``None`` where its predictions were handed over.
    truth, teacher, student, ceiling : numpy.ndarray of shape (n,) or (n, outputs)
        Labels and predictions on all inputs, in the order in which they were given.
    groups : numpy.ndarray of shape (n,)
        The group's number of each input.
    """

    split: Split
    teacher_head: Regressor | None
    student_head: Regressor
    ceiling_head: Regressor
    truth: FloatArray
    teacher: FloatArray
    student: FloatArray
    ceiling: FloatArray
    groups: IntArray

    @cached_property
    def outcome(self) -> Outcome:
        """The `Outcome` on the test inputs, which no fit has seen."""
        return measure(*self.values(self.split.test))

    @cached_property
    def outcome_in_sample(self) -> Outcome:
        """The `Outcome` on the very inputs that the student was fitted on.

        There the student is the exact projection of its teacher, so a linear student whose class holds
        the truth has slack 0 to rounding, whatever the sample size.
        """
        return measure(*self.values(self.split.student))

    @cached_property
    def intervals(self) -> OutcomeIntervals:
        """Intervals of the numbers of `outcome`; see `outcome_intervals`. Whole groups are resampled."""
        return outcome_intervals(*self.values(self.split.test), groups=self.groups[self.split.test])

    def values(self, rows: IntArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return truth, teacher, student and ceiling on some inputs."""
        return self.truth[rows], self.teacher[rows], self.student[rows], self.ceiling[rows]


class WeakToStrong(Study):
    """The weak-to-strong procedure on two representations of the same inputs.

    The inputs are divided into three parts. The teacher is fitted on its part with the true labels. It
    labels the student's part, and the student is fitted there on the teacher's labels alone. The ceiling
    is the student's head fitted on the true labels of the same inputs. The `Outcome` is measured on the
    test part, which no fit has seen. (Procedure of Burns et al. 2023, as in Charikar, Pabbaraju and
    Shiragur 2024: both representations stay frozen, only heads are fitted.)

    Parameters
    ----------
    teacher_features : array-like of shape (n, weak features), or None
        The weak representation of the inputs; ``None`` if the teacher's ``predictions`` are given.
    student_features : array-like of shape (n, strong features)
        The strong representation of the same inputs. A data frame reaches a head that is not one of this
        package's as it is, so a pipeline can pick its columns by their names.
    y : array-like of shape (n,) or (n, outputs)
        The true labels. Several outputs are several tasks on the same inputs.
    teacher_head, student_head : object with ``fit`` and ``predict``, optional
        Any scikit-learn style regressors, `LinearHead()` by default. They are copied before each fit;
        the objects given stay untouched.
    predictions : array-like of shape (n,) or (n, outputs), optional
        What a teacher says that already has labels for all inputs: a language model, a forest, people. Then
        nothing is fitted on the teacher's part. (On inputs that it has learned from it knows too much.)
    shares : sequence of three floats
        Shares of the inputs for teacher, student and test; they sum to 1.
    groups : "duplicates", array-like of shape (n,), or None
        Inputs of one group are never in two parts. ``"duplicates"`` groups inputs with equal rows of the
        student's representation (a coarse teacher may give many inputs the same row, and they are not the
        same input for that); an array gives a group's name for each input; ``None`` splits freely.
    split : array-like of shape (n,), or three lists of row numbers, optional
        A division of your own, by scaffold or by time: "teacher", "student" or "test" for each input (other
        words leave it out), or the row numbers of the three parts. Shares, groups and seed then divide
        nothing; groups are still what intervals resample.
    n_teacher, n_student : int or sequence of int, optional
        How many inputs of its part a teacher or a student is fitted on, by default all. Fewer are the first
        ones of more, in an order that the seed gives. Several are an axis to sweep; the last is the default.
    reuse_teacher_inputs : bool
        Train the student on the teacher's inputs, as the experiments of the paper do. Teacher and test
        parts stay as they are, and the student's share is left aside; it may then be 0.
    seed : int
        Of the split.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If rows differ in number, shares do not sum to 1, or there are too few inputs or groups.

    Examples
    --------
    >>> from w2s_widgets.studies.linear.linear_world import LinearWorld
    >>> world = LinearWorld(weak_quality=0.6, strong_capacity=16, misfit_share=0.5)
    >>> data = world.sample(8000, rng=0)
    >>> study = WeakToStrong(data.teacher_features, data.student_features, data.truth)
    >>> outcome = study.outcome()
    >>> round(outcome.gain, 1), round(outcome.misfit, 1), round(world.outcome().gain, 1)
    (0.2, 0.2, 0.2)
    >>> [len(part) for part in study.split]
    [2000, 4400, 1600]
    """

    def __init__(
        self,
        teacher_features: Any,
        student_features: Any,
        y: ArrayLike,
        *,
        teacher_head: Regressor | None = None,
        student_head: Regressor | None = None,
        predictions: ArrayLike | None = None,
        shares: Sequence[float] = (0.25, 0.55, 0.20),
        groups: str | ArrayLike | None = "duplicates",
        split: Any = None,
        n_teacher: int | Sequence[int] | None = None,
        n_student: int | Sequence[int] | None = None,
        reuse_teacher_inputs: bool = False,
        seed: int = 0,
    ) -> None:
        if (teacher_features is None) is (predictions is None):
            raise ValueError(
                "a teacher is known by its features or by its predictions: give teacher_features, or None "
                "and predictions."
            )
        if predictions is not None and (teacher_head is not None or reuse_teacher_inputs):
            raise ValueError(
                "predictions come from a teacher that is fitted already: leave out teacher_head and "
                "reuse_teacher_inputs."
            )
        self.y = as_float_array(y, "y")
        self._weak = None if predictions is not None else Representation(teacher_features, "teacher_features")
        self._strong = Representation(student_features, "student_features")
        sized = {"teacher_features": self._weak, "student_features": self._strong, "y": self.y}
        _same_rows(**{name: values for name, values in sized.items() if values is not None})
        self.predictions = None if predictions is None else read_predictions(predictions, self.y)
        self.teacher_head = checked_head(teacher_head, "teacher_head")
        self.student_head = checked_head(student_head, "student_head")
        self.reuse_teacher_inputs = flag("reuse_teacher_inputs", reuse_teacher_inputs)
        may_be_empty = "student" if self.reuse_teacher_inputs else "" if predictions is None else "teacher"
        self.shares = checked_shares(shares, may_be_empty=may_be_empty)
        self.groups = numbered_groups(groups, self._strong.keys)
        self.seed = integer("seed", seed)
        self.own_split = None if split is None else read_split(split, len(self.y), taught=predictions is None)
        self.n_teacher = _checked_budgets("n_teacher", n_teacher)
        self.n_student = _checked_budgets("n_student", n_student)
        if predictions is not None and self.n_teacher:
            raise ValueError("predictions come from a teacher that is fitted already: leave out n_teacher.")
        self.last_run: Run | None = None
        self._split(**self.defaults)

    @property
    def teacher_features(self) -> FloatArray | None:
        """The teacher's representation as numbers; ``None`` where its predictions were given."""
        return None if self._weak is None else self._weak.values

    @property
    def student_features(self) -> FloatArray:
        """The student's representation as numbers."""
        return self._strong.values

    @property
    def axes(self) -> dict[str, Sequence[int]]:
        """The seed of the split, of which any other can be given to `outcome`, and budgets if there are."""
        budgets = {"n_teacher": self.n_teacher, "n_student": self.n_student}
        seeds = range(100) if self.own_split is None else (self.seed,)
        return {"seed": seeds, **{name: counts for name, counts in budgets.items() if counts}}

    @property
    def defaults(self) -> dict[str, int]:
        """The seed that was given for the split, and the largest budgets."""
        return {"seed": self.seed, **{name: self.axes[name][-1] for name in list(self.axes)[1:]}}

    def outcome(self, **setting: Any) -> Outcome:
        """Run the procedure, by default with its own seed, and return the `Outcome` on the test part.

        Afterwards `last_run` holds the split, the fitted heads and all predictions, and `outcome_in_sample`
        can be read.

        Raises
        ------
        ValueError
            If a head predicts something else than one finite value for each input and output.

        Examples
        --------
        >>> from w2s_widgets.studies.linear.linear_world import LinearWorld
        >>> data = LinearWorld().sample(400, rng=0)
        >>> study = WeakToStrong(data.teacher_features, data.student_features, data.truth)
        >>> study.outcome(seed=3) == study.outcomes([{"seed": 3}])[0]
        True
        """
        self.last_run = self._run(**self.setting(**setting))
        return self.last_run.outcome

    def fit(self, **setting: Any) -> FeatureFit:
        """Run the procedure, and return the fitted student with what is measured on the test part.

        Examples
        --------
        >>> X = np.random.default_rng(0).standard_normal((200, 3))
        >>> fit = WeakToStrong(X[:, :1], X, X.sum(axis=1)).fit()
        >>> fit.slack_parts().slack == fit.outcome.slack
        True
        """
        full = self.setting(**setting)
        run = self._run(**full)
        split, (truth, teacher, student, ceiling) = run.split, run.values(run.split.test)
        return FeatureFit(
            setting=full,
            student_head=run.student_head,  # type: ignore[arg-type]
            features=self._strong.seen_by(run.student_head, split.test),
            truth=truth,
            teacher=teacher,
            student=student,
            ceiling=ceiling,
            fitted_on=(
                self._strong.seen_by(run.student_head, split.student),
                run.teacher[split.student],
            ),
            run=run,
        )

    def run(self) -> Outcome:
        """Do what `outcome` does, under its old name."""
        warn_renamed("WeakToStrong.run", "WeakToStrong.outcome")
        return self.outcome()

    def run_seeds(self, seeds: Iterable[int]) -> list[Outcome]:
        """Run once for each seed; the old name of ``outcomes`` with a setting for each seed."""
        warn_renamed("WeakToStrong.run_seeds", "WeakToStrong.outcomes")
        return [self._run(integer("seed", seed)).outcome for seed in seeds]

    def value_of(self, name: str, value: Any) -> Any:
        """Return a checked value of an axis; of budgets any whole number can be measured."""
        self.check_axis(name)
        return super().value_of(name, value) if name == "seed" else integer(name, value, 1)

    def _checked(self, name: str, value: Any) -> int:
        if name == "seed" and self.own_split is not None:
            return int(super().value_of(name, value))
        return integer(name, value, 0 if name == "seed" else 1)

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        # A budget that is larger than its part is this setting's own fault, and not the sweep's.
        return [self._outcome_or_reason(setting) for setting in settings]

    def _outcome_or_reason(self, setting: dict[str, Any]) -> Outcome | str:
        try:
            self._split(**setting)
        except ValueError as problem:
            return str(problem)
        return self._run(**setting).outcome

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "last_run": None}

    @property
    def split(self) -> Split:
        """Row numbers of the teacher's, the student's and the test inputs, for this study's seed."""
        return self._split(self.seed)

    @property
    def outcome_in_sample(self) -> Outcome:
        """The last run's `Outcome` on the student's own inputs; see `Run.outcome_in_sample`.

        Raises
        ------
        ValueError
            If nothing has been run.
        """
        if self.last_run is None:
            raise ValueError("nothing has been run yet: call outcome() first.")
        return self.last_run.outcome_in_sample

    def _run(self, seed: int, n_teacher: int | None = None, n_student: int | None = None) -> Run:
        split = self._split(seed, n_teacher, n_student)
        teacher_head = None
        if self._weak is None:
            assert self.predictions is not None
            teacher = self.predictions
        else:
            teacher_head = _fresh(self.teacher_head)
            teacher_head.fit(self._weak.seen_by(teacher_head, split.teacher), self.y[split.teacher])
            teacher = self._predict(teacher_head, self._weak, "teacher_head")
        student_head, ceiling_head = _fresh(self.student_head), _fresh(self.student_head)
        seen = self._strong.seen_by(student_head, split.student)
        student_head.fit(seen, teacher[split.student])
        ceiling_head.fit(seen, self.y[split.student])
        return Run(
            split=split,
            teacher_head=teacher_head,
            student_head=student_head,
            ceiling_head=ceiling_head,
            truth=self.y,
            teacher=teacher,
            student=self._predict(student_head, self._strong, "student_head"),
            ceiling=self._predict(ceiling_head, self._strong, "student_head"),
            groups=self.groups,
        )

    def _predict(self, head: Regressor, features: Representation, name: str) -> FloatArray:
        values = as_float_array(head.predict(features.seen_by(head)), f"the prediction of {name}")
        if values.size != self.y.size or len(values) != len(self.y):
            raise ValueError(
                f"{name} predicts an array of shape {values.shape} for labels of shape {self.y.shape}: "
                "give a head that returns one value for each input and output."
            )
        # A single output comes back from some regressors as a column and from others as a row of numbers.
        return values.reshape(self.y.shape)

    def _split(self, seed: int, n_teacher: int | None = None, n_student: int | None = None) -> Split:
        if self.own_split is not None:
            split = self.own_split
        else:
            split = draw_split(self.groups, self.shares, seed)
            for name, part, share in zip(PARTS, split, self.shares, strict=True):
                if name == "student" and self.reuse_teacher_inputs:
                    continue
                if name == "teacher" and self._weak is None:
                    continue
                if len(part) < SMALLEST_PART:
                    n, groups = len(self.y), int(self.groups.max()) + 1
                    raise ValueError(
                        f"a share of {share:g} of {n} inputs in {groups} groups leaves {len(part)} for the "
                        f"{name} part, which needs at least {SMALLEST_PART}: give more inputs, other shares, "
                        "or groups=None if inputs of one group may be in two parts."
                    )
        wanted = {"teacher": n_teacher, "student": n_student}
        if any(count is not None for count in wanted.values()):
            ordered = in_random_order(split, seed)
            for name, count in wanted.items():
                part = getattr(split, name)
                if count is not None and count > len(part):
                    raise ValueError(
                        f"n_{name} is {count}, but the {name} part has {len(part)} inputs: give no more."
                    )
                split = split._replace(**{name: first_of(part, getattr(ordered, name), count)})
        return split._replace(student=split.teacher) if self.reuse_teacher_inputs else split


def _fresh(head: Regressor) -> Regressor:
    """Copy a head as scikit-learn's clone does: same parameters, nothing learned."""
    if hasattr(head, "__sklearn_clone__"):
        return cast(Regressor, head.__sklearn_clone__())
    if hasattr(head, "get_params"):
        return type(head)(**copy.deepcopy(head.get_params(deep=False)))
    return copy.deepcopy(head)


def checked_head(head: Regressor | None, name: str) -> Regressor:
    """Return a head, by default `LinearHead`, or raise unless it has ``fit`` and ``predict``."""
    if head is None:
        return LinearHead()
    if isinstance(head, type):
        raise TypeError(f"{name} is the class {head.__name__}: give an object, such as {head.__name__}().")
    for method in ("fit", "predict"):
        if not callable(getattr(head, method, None)):
            raise TypeError(
                f"{name} is {head!r}, which has no {method} method: "
                "give an object with fit(X, y) and predict(X)."
            )
    return head


def _checked_budgets(name: str, given: int | Sequence[int] | None) -> tuple[int, ...]:
    if given is None:
        return ()
    counts = [given] if isinstance(given, (int, np.integer)) else list(given)
    checked = tuple(integer(name, count, SMALLEST_PART) for count in counts)
    if not checked or any(later <= earlier for earlier, later in pairwise(checked)):
        raise ValueError(f"{name} is {given!r}: give one number of inputs, or several that ascend.")
    return checked


def _same_rows(**arrays: Any) -> None:
    (first_name, first), *rest = arrays.items()
    for name, array in rest:
        if len(array) != len(first):
            raise ValueError(
                f"{name} has {len(array)} rows but {first_name} has {len(first)}: "
                "give one row for each input."
            )
