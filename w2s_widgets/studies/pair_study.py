"""From a pair that was read to the study that runs it: `FeatureStudy` where it can, else `WeakToStrong`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._validation import FloatArray, choice, integer
from w2s_widgets.datasets.feature_tables import Table
from w2s_widgets.heads import BallHead, LinearHead
from w2s_widgets.heads.validated import ValidatedRidgeHead
from w2s_widgets.studies.features.preprocessing import prepare
from w2s_widgets.studies.features.study import HEADS, TEACHER_HEADS, FeatureStudy
from w2s_widgets.studies.pair_inputs import Pair
from w2s_widgets.studies.split import (
    IntArray,
    Split,
    checked_shares,
    draw_split,
    in_random_order,
    numbered_groups,
    read_split,
)
from w2s_widgets.studies.study import Study
from w2s_widgets.studies.weak_to_strong import WeakToStrong, checked_head

NAME = "Your own pair"
_RADIUS = 0.5


class PairFeatureStudy(FeatureStudy):
    """A `FeatureStudy` of one pair: by default its teacher has all labels of its part."""

    @property
    def _usual_labels(self) -> int:
        return self.n_teacher[-1]


def pair_study(
    pair: Pair,
    *,
    head: Any,
    teacher_head: Any,
    shares: Sequence[float],
    splits: int,
    split: Any,
    groups: str | ArrayLike | None,
    n_teacher: int | Sequence[int] | None,
    n_student: int | Sequence[int] | None,
    seed: int,
) -> Study:
    """Make the study of a pair, with arguments and errors of `own_pair`."""
    integer("seed", seed), integer("splits", splits, 1)
    named: dict[str, tuple[Any, Any]] = {"head": (head, HEADS), "teacher_head": (teacher_head, TEACHER_HEADS)}
    for name, (given, choices) in named.items():
        _ = choice(name, given, choices) if isinstance(given, str) else checked_head(given, name)
    if pair.predictions is not None and (teacher_head is not None or n_teacher is not None):
        raise ValueError(
            "predictions come from a teacher that is fitted already: leave out teacher_head and n_teacher."
        )
    groups = numbered_groups(groups, pair.student.values)
    budgets = {"n_teacher": n_teacher, "n_student": n_student}
    own = [one for one in (head, teacher_head) if one is not None and not isinstance(one, str)]
    if pair.predictions is None and pair.y.ndim == 1 and not own:
        return _feature_study(pair, head, teacher_head, shares, splits, split, groups, budgets, seed)
    # Heads of somebody else's see the truth in its own unit; of the others errors are shares of its variance.
    level, unit = scale_of(pair.y)
    radius = _RADIUS * float(np.mean(unit)) if own else _RADIUS
    level, unit = (0.0, 1.0) if own else (level, unit)
    weak = None if pair.teacher is None else _seen_by(teacher_head, pair.teacher, pair.teacher_name)
    study = WeakToStrong(
        weak,
        _seen_by(head, pair.student, pair.student_name),
        (pair.y - level) / unit,
        predictions=None if pair.predictions is None else (pair.predictions - level) / unit,
        teacher_head=None
        if pair.predictions is not None
        else _named("ridge" if teacher_head is None else teacher_head, radius),
        shares=shares,
        groups=groups,
        split=split,
        seed=seed,
        n_teacher=n_teacher,
        n_student=n_student,
    )
    if head is None:
        weights = study.student_features.shape[1] + 1
        head = "linear" if len(study.split.student) > weights else "ball"
    study.student_head = _named(head, radius)
    study.name = NAME
    return study


def pair_splits(groups: IntArray, shares: Sequence[float], seed: int, splits: int) -> list[Split]:
    """Return the divisions of this seed and the next ones, as of `WeakToStrong`, ordered for budgets."""
    checked = checked_shares(shares)
    seeds = range(seed, seed + splits)
    return [in_random_order(draw_split(groups, checked, one), one) for one in seeds]


def scale_of(y: FloatArray) -> tuple[Any, Any]:
    """Return mean and standard deviation of each output, or raise where one is constant."""
    level, deviation = y.mean(axis=0), y.std(axis=0)
    if np.any(deviation <= 1e-12 * np.abs(y).max(axis=0)):
        raise ValueError("y is constant: give a truth that varies.")
    return level, deviation


def _feature_study(
    pair: Pair,
    head: str | None,
    teacher_head: str | None,
    shares: Sequence[float],
    splits: int,
    split: Any,
    groups: IntArray,
    budgets: dict[str, Any],
    seed: int,
) -> FeatureStudy:
    assert pair.teacher is not None
    options: dict[str, Any] = {} if head is None else {"heads": (head,)}
    if teacher_head is not None:
        options["teacher_head"] = teacher_head
    for name, given in budgets.items():
        if given is not None:
            options[name] = (given,) if isinstance(given, (int, np.integer)) else given
    if split is None:
        divided = pair_splits(groups, shares, seed, splits)
    else:
        divided = [in_random_order(read_split(split, len(pair.y)), seed)]
    if teacher_head == "least squares" and "n_teacher" not in options:
        weights = pair.teacher.values.shape[1] + 1
        most = min(len(one.teacher) for one in divided)
        options["n_teacher"] = [most] if most <= 2 * weights else [most // 2, most]
    return PairFeatureStudy(
        {pair.teacher_name: pair.teacher.values},
        {pair.student_name: pair.student.values},
        pair.y,
        name=NAME,
        shares=shares,
        splits=divided,
        groups=groups,
        seed=seed,
        **options,
    )


def _named(head: Any, radius: float) -> Any:
    if not isinstance(head, str):
        return head
    if head == "ball":
        return BallHead(radius)
    return ValidatedRidgeHead() if head == "ridge" else LinearHead()


def _seen_by(head: Any, table: Table, name: str) -> Any:
    """Return features as a head wants them: a named one in common units, one of your own as they were."""
    if head is None or isinstance(head, str):
        return prepare(table.values, name)
    if not table.columns:
        return table.values
    try:
        import pandas
    except ImportError:
        return table.values
    return pandas.DataFrame(table.values, columns=list(table.columns))
