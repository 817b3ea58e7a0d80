"""`WeakToStrong`: teacher, labels, student, ceiling and test, on any two representations of the inputs."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, cast

from numpy.typing import ArrayLike

from w2s_widgets._renamed import warn_renamed
from w2s_widgets._validation import FloatArray, as_float_array, flag, integer
from w2s_widgets.heads import LinearHead
from w2s_widgets.studies.split import (
    PARTS,
    SMALLEST_PART,
    IntArray,
    Split,
    checked_shares,
    draw_split,
    numbered_groups,
)
from w2s_widgets.studies.study import Study
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
        Row numbers of the three parts.
    teacher_head, student_head, ceiling_head : Regressor
        The fitted heads.
    truth, teacher, student, ceiling : numpy.ndarray of shape (n,) or (n, outputs)
        Labels and predictions on all inputs, in the order in which they were given.
    """

    split: Split
    teacher_head: Regressor
    student_head: Regressor
    ceiling_head: Regressor
    truth: FloatArray
    teacher: FloatArray
    student: FloatArray
    ceiling: FloatArray

    @cached_property
    def outcome(self) -> Outcome:
        """The `Outcome` on the test inputs, which no fit has seen."""
        return self._outcome(self.split.test)

    @cached_property
    def outcome_in_sample(self) -> Outcome:
        """The `Outcome` on the very inputs that the student was fitted on.

        There the student is the exact projection of its teacher, so a linear student whose class holds
        the truth has slack 0 to rounding, whatever the sample size.
        """
        return self._outcome(self.split.student)

    def _outcome(self, rows: IntArray) -> Outcome:
        return measure(self.truth[rows], self.teacher[rows], self.student[rows], self.ceiling[rows])


class WeakToStrong(Study):
    """The weak-to-strong procedure on two representations of the same inputs.

    The inputs are divided into three parts. The teacher is fitted on its part with the true labels. It
    labels the student's part, and the student is fitted there on the teacher's labels alone. The ceiling
    is the student's head fitted on the true labels of the same inputs. The `Outcome` is measured on the
    test part, which no fit has seen. (Procedure of Burns et al. 2023, as in Charikar, Pabbaraju and
    Shiragur 2024: both representations stay frozen, only heads are fitted.)

    Parameters
    ----------
    teacher_features : array-like of shape (n, weak features)
        The weak representation of the inputs.
    student_features : array-like of shape (n, strong features)
        The strong representation of the same inputs.
    y : array-like of shape (n,) or (n, outputs)
        The true labels. Several outputs are several tasks on the same inputs.
    teacher_head, student_head : object with ``fit`` and ``predict``, optional
        Any scikit-learn style regressors, `LinearHead()` by default. They are copied before each fit;
        the objects given stay untouched.
    shares : sequence of three floats
        Shares of the inputs for teacher, student and test; they sum to 1.
    groups : "duplicates", array-like of shape (n,), or None
        Inputs of one group are never in two parts. ``"duplicates"`` groups inputs with identical rows in
        either representation; an array gives a group's name for each input; ``None`` splits freely.
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
        teacher_features: ArrayLike,
        student_features: ArrayLike,
        y: ArrayLike,
        *,
        teacher_head: Regressor | None = None,
        student_head: Regressor | None = None,
        shares: Sequence[float] = (0.25, 0.55, 0.20),
        groups: str | ArrayLike | None = "duplicates",
        reuse_teacher_inputs: bool = False,
        seed: int = 0,
    ) -> None:
        self.teacher_features = as_float_array(
            teacher_features, "teacher_features", ndims=(2,), columns="features"
        )
        self.student_features = as_float_array(
            student_features, "student_features", ndims=(2,), columns="features"
        )
        self.y = as_float_array(y, "y")
        _same_rows(teacher_features=self.teacher_features, student_features=self.student_features, y=self.y)
        self.teacher_head = _checked_head(teacher_head, "teacher_head")
        self.student_head = _checked_head(student_head, "student_head")
        self.reuse_teacher_inputs = flag("reuse_teacher_inputs", reuse_teacher_inputs)
        self.shares = checked_shares(shares, student_may_be_empty=self.reuse_teacher_inputs)
        self.groups = numbered_groups(groups, self.teacher_features, self.student_features)
        self.seed = integer("seed", seed)
        self.last_run: Run | None = None
        self._split(self.seed)

    @property
    def axes(self) -> dict[str, range]:
        """The seed of the split; any other can be given to `outcome`."""
        return {"seed": range(100)}

    @property
    def defaults(self) -> dict[str, int]:
        """The seed that was given for the split."""
        return {"seed": self.seed}

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
        self.last_run = self._run(self.setting(**setting)["seed"])
        return self.last_run.outcome

    def run(self) -> Outcome:
        """Do what `outcome` does, under its old name."""
        warn_renamed("WeakToStrong.run", "WeakToStrong.outcome")
        return self.outcome()

    def run_seeds(self, seeds: Iterable[int]) -> list[Outcome]:
        """Run once for each seed; the old name of ``outcomes`` with a setting for each seed."""
        warn_renamed("WeakToStrong.run_seeds", "WeakToStrong.outcomes")
        return self._measure([{"seed": integer("seed", seed)} for seed in seeds])

    def _checked(self, name: str, value: Any) -> int:
        return integer(name, value)

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome]:
        return [self._run(setting["seed"]).outcome for setting in settings]

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

    def _run(self, seed: int) -> Run:
        split = self._split(seed)
        teacher_head = _fresh(self.teacher_head)
        teacher_head.fit(self.teacher_features[split.teacher], self.y[split.teacher])
        teacher = self._predict(teacher_head, self.teacher_features, "teacher_head")
        student_head = _fresh(self.student_head)
        student_head.fit(self.student_features[split.student], teacher[split.student])
        ceiling_head = _fresh(self.student_head)
        ceiling_head.fit(self.student_features[split.student], self.y[split.student])
        return Run(
            split=split,
            teacher_head=teacher_head,
            student_head=student_head,
            ceiling_head=ceiling_head,
            truth=self.y,
            teacher=teacher,
            student=self._predict(student_head, self.student_features, "student_head"),
            ceiling=self._predict(ceiling_head, self.student_features, "student_head"),
        )

    def _predict(self, head: Regressor, features: FloatArray, name: str) -> FloatArray:
        values = as_float_array(head.predict(features), f"the prediction of {name}")
        if values.size != self.y.size or len(values) != len(self.y):
            raise ValueError(
                f"{name} predicts an array of shape {values.shape} for labels of shape {self.y.shape}: "
                "give a head that returns one value for each input and output."
            )
        # A single output comes back from some regressors as a column and from others as a row of numbers.
        return values.reshape(self.y.shape)

    def _split(self, seed: int) -> Split:
        split = draw_split(self.groups, self.shares, seed)
        for name, part, share in zip(PARTS, split, self.shares, strict=True):
            if name == "student" and self.reuse_teacher_inputs:
                continue
            if len(part) < SMALLEST_PART:
                n, groups = len(self.y), int(self.groups.max()) + 1
                raise ValueError(
                    f"a share of {share:g} of {n} inputs in {groups} groups leaves {len(part)} for the "
                    f"{name} part, which needs at least {SMALLEST_PART}: give more inputs, other shares, "
                    "or groups=None if inputs of one group may be in two parts."
                )
        return split._replace(student=split.teacher) if self.reuse_teacher_inputs else split


def _fresh(head: Regressor) -> Regressor:
    """Copy a head as scikit-learn's clone does: same parameters, nothing learned."""
    if hasattr(head, "__sklearn_clone__"):
        return cast(Regressor, head.__sklearn_clone__())
    if hasattr(head, "get_params"):
        return type(head)(**copy.deepcopy(head.get_params(deep=False)))
    return copy.deepcopy(head)


def _checked_head(head: Regressor | None, name: str) -> Regressor:
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


def _same_rows(**arrays: FloatArray) -> None:
    (first_name, first), *rest = arrays.items()
    for name, array in rest:
        if len(array) != len(first):
            raise ValueError(
                f"{name} has {len(array)} rows but {first_name} has {len(first)}: "
                "give one row for each input."
            )
