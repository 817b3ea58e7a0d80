"""All outcomes of a `FeatureStudy` for an explorer, and the reasons of its slacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.studies.features.batches import SplitFits
from w2s_widgets.studies.reasons import (
    UNTOUCHED_SHARE,
    Reason,
    copies,
    every,
    from_learning,
    from_shape,
    gains_more,
    hardly_strong,
    on,
    otherwise,
    small_slack,
)
from w2s_widgets.theory.outcome import Sides
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.theory.slack import learning_part

MOST_REALIZABILITIES = 6
_CLEARLY = 0.9
"""A ceiling is clearly lower below this share of another."""

_HEAD_WORDS = {
    "linear": "a space",
    "ball": "convex",
    "ridge": "a ball for each teacher",
}


def feature_table(study: Any, split: int | str = 0) -> OutcomeTable:
    """Compute the outcomes of every state of `FeatureStudy.table`; arguments and errors as there."""
    axes = study.axes
    numbers = range(len(study.splits))
    if split != "mean" and (isinstance(split, (str, bool)) or split not in numbers):
        raise ValueError(f'split is {split!r}: give a whole number from 0 to {len(numbers) - 1}, or "mean".')
    chosen = list(numbers) if split == "mean" else [int(split)]
    offered = _few(axes["realizability"])
    computed = [_one_split(study, number, offered) for number in chosen]
    fields = {name: np.mean([values[name] for values in computed], axis=0) for name in computed[0]}
    sides = Sides(**{name: fields[name] for name in Sides._fields})
    possible = np.isfinite(sides.slack)
    parts = {name: fields[name] for name in _parts(study)}
    unit = study.unit
    return OutcomeTable(
        axes=(
            Axis("teacher", "Teacher", axes["teacher"], "weak models, the worst first"),
            Axis("student", "Student", axes["student"], "strong models"),
            Axis("n_teacher", "Teacher’s labels", axes["n_teacher"], f"{unit} with true labels"),
            Axis("n_student", f"Unlabelled {unit}", axes["n_student"], "what the teacher labels"),
            Axis("head", "Head class", axes["head"], _explain(axes["head"])),
            Axis(
                "realizability",
                "Realizability",
                offered,
                "0: the truth as it is; 1: a truth that the student can express" if len(offered) > 1 else "",
            ),
        ),
        sides=sides,
        err_ceiling=fields["err_ceiling"],
        possible=None if possible.all() else possible,
        adjusts=None if possible.all() else _yielding(study),
        impossible=(
            ""
            if possible.all()
            else f"A linear head needs more {unit} than it has weights, or it copies its teacher on them."
        ),
        n=len(study.splits[chosen[0]].test),
        extra=parts,
    )


def _linear_twin(table: OutcomeTable, values: FloatArray) -> FloatArray | None:
    """Return numbers of the linear head in the same states, if the table has that head."""
    place = [axis.name for axis in table.axes].index("head")
    heads = list(table.axes[place].values)
    if "linear" not in heads:
        return None
    return np.take(values, [heads.index("linear")], axis=place)


def budget_unused(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where the ball's student is the linear head's: the budget restrains nothing."""
    linear = _linear_twin(table, table.sides.misfit)
    if linear is None:
        return np.array(False)
    same = np.abs(table.sides.misfit - linear) <= UNTOUCHED_SHARE * table.sides.err_weak
    return np.asarray(same & on("head", "ball")(table))


def budget_binds(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where with a linear head the student would have the clearly lower ceiling."""
    linear = None if table.err_ceiling is None else _linear_twin(table, table.err_ceiling)
    if linear is None or table.err_ceiling is None:
        return np.array(False)
    return np.asarray((linear < _CLEARLY * table.err_ceiling) & on("head", "ball")(table))


def feature_reasons(unit: str, crowded: Sequence[str]) -> tuple[Reason, ...]:
    """Return the reasons of the slacks; an explorer fills in a state's numbers."""
    sentences = (
        (
            copies,
            "Why: this student can express all that its teacher says, mistakes too. It copies: hardly any "
            "misfit, hardly any gain.",
        ),
        (
            on("student", *crowded),
            "Why: the test part has no more {unit} than this student has weights, so what it is blind to "
            "cannot be told from what it has not learnt: all of the slack of {slack} counts as the sample’s.",
        ),
        (
            budget_unused,
            "Why: the budget on the weights is not used up, so here the ball gives the student of a linear "
            "head. A budget changes something where {unit} are few, or where it is smaller.",
        ),
        (
            every(budget_binds, hardly_strong),
            "Why: the weights have a budget, and trained on the truth itself this student would err about as "
            "much as its teacher. With a linear head it would err less: the budget makes it weak, and not "
            "the model.",
        ),
        (
            every(from_learning, on("head", "ridge")),
            "Why: most of the slack of {slack} comes from the penalty and from learning on only {n_student} "
            "{unit}. A penalised student is nearest only among those with weights no longer than its own: "
            "nothing is promised to a truth with longer ones.",
        ),
        (
            every(from_learning, on("realizability", 1)),
            "Why: realizability is 1, so the truth is in this student’s class. The slack of {slack} comes "
            "from learning on only {n_student} {unit}.",
        ),
        (
            from_learning,
            "Why: most of the slack of {slack} comes from learning on only {n_student} {unit}. With more, "
            "the student would come nearer to the best copy in its class.",
        ),
        (
            from_shape,
            "Why: the teacher lies outside the ball, and its projection lands on the curved surface. That "
            "adds to the gain: this part of the slack is never negative for a convex class.",
        ),
        (
            small_slack,
            "Why: where this student is blind, teacher and truth hardly agree. Little of what it cannot copy "
            "was right, so the slack is small.",
        ),
        (
            gains_more,
            "Why: teacher and truth disagree where this student is blind. What it cannot copy was wrong "
            "there, so it gains more than its misfit.",
        ),
        (
            hardly_strong,
            "Why: trained on the truth itself this student would err about as much as its teacher, or more. "
            "It is not strong on this task: teacher and truth share much of what it is blind to.",
        ),
        (
            otherwise,
            "Why: teacher and truth share something that this student is blind to. The student cannot copy "
            "it, and loses something that was right. More {unit} would not change that part of the slack.",
        ),
    )
    return tuple(Reason(holds, words.replace("{unit}", unit)) for holds, words in sentences)


def _parts(study: Any) -> tuple[str, str, str]:
    return "alignment", "shape", learning_part(study.heads)


def _one_split(study: Any, split: int, offered: tuple[float, ...]) -> dict[str, FloatArray]:
    axes, fits = study.axes, SplitFits(study, split)
    places = [list(study.teachers).index(name) for name in axes["teacher"]]
    names = (*Sides._fields, "err_ceiling", *_parts(study))
    shape = tuple(
        len(values)
        for values in (
            *(axes[name] for name in ("teacher", "student", "n_teacher", "n_student", "head")),
            offered,
        )
    )
    fields = {name: np.full(shape, np.nan) for name in names}
    for i, student in enumerate(axes["student"]):
        # The ball's truths differ from those of the others: heads of one class follow each other.
        for j, head in sorted(enumerate(axes["head"]), key=lambda pair: pair[1] == "ball"):
            for k, realizability in enumerate(offered):
                alignment, surface = fits.blind(student, head, realizability)
                for u, n_student in enumerate(axes["n_student"]):
                    if study.too_few(student, n_student, head):
                        continue
                    measured = fits.measured(student, head, n_student, realizability)
                    learning = measured.sides.slack - alignment - surface
                    found = (*measured.sides, alignment, surface, learning)
                    for name, values in zip((*Sides._fields, *_parts(study)), found, strict=True):
                        fields[name][:, i, :, u, j, k] = values[places]
                    fields["err_ceiling"][:, i, :, u, j, k] = measured.err_ceiling
    return fields


def _few(offered: tuple[float, ...]) -> tuple[float, ...]:
    """Thin out the realizabilities, ends included, so that a table takes little time and room."""
    if len(offered) <= MOST_REALIZABILITIES:
        return offered
    places = np.unique(np.rint(np.linspace(0, len(offered) - 1, MOST_REALIZABILITIES)).astype(int))
    return tuple(offered[place] for place in places)


def _explain(heads: tuple[str, ...]) -> str:
    return "; ".join(f"{head}: {_HEAD_WORDS[head]}" for head in heads)


def _yielding(study: Any) -> str:
    """Name the axis that moves where a linear head has too few inputs."""
    if set(study.heads) != {"linear"}:
        return "head"
    for student in study.students:
        reason = study.too_few(student, study.n_student[-1], "linear")
        if reason:
            raise ValueError(f"no head of this study can be fitted: {reason}")
    return "n_student"
