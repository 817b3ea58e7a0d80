"""All outcomes of a `WordStudy` in a few batched fits, with the reason of every slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.studies.words import DIALS, TEACHER_LABELS, UNLABELLED
from w2s_widgets.theory.outcome import Sides
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable

if TYPE_CHECKING:
    from w2s_widgets.studies.words import WordStudy

REASONS = (
    "Why: the dial is at 0, so the truth is a head of this student. The slack of {slack} comes from learning "
    "on only {n_student} words.",
    "Why: this student can express all that its teacher says, mistakes too. It copies: hardly any misfit, "
    "hardly any gain.",
    "Why: most of the slack of {slack} comes from learning on only {n_student} words. More would bring "
    "it nearer to zero.",
    "Why: trained on the truth itself this student would err about as much as its teacher. It is not strong "
    "on this task: teacher and truth share much of what it is blind to.",
    "Why: teacher and truth share something that this student is blind to. The student cannot copy it, and "
    "loses something that was right. More words would not help.",
    "Why: where this student is blind, teacher and truth hardly agree. Little of what it cannot copy was "
    "right, so the slack is small.",
)
"""Sentences for the state's slack; an explorer fills in its numbers."""

_COPY_SHARE = 0.01
_STRONG_SHARE = 0.93
_SMALL_SLACK_SHARE = 0.1


def word_table(study: WordStudy) -> OutcomeTable:
    """Compute the outcomes of every state of `WordStudy.table`.

    Least squares is linear in the labels, and the truth at a dial of a is ``(1 - a) f* + a y``. So every
    head is fitted once to f* and once to y, the predictions are mixed, and each side of the triangle is
    a polynomial of second degree in a.
    """
    teachers, students = list(study.teachers.values()), list(study.students.values())
    dial = np.array(DIALS)
    weights = np.stack([1 - dial, dial])
    everything = {model.name: study.rows(model) for model in (*teachers, *students)}
    realizable = {
        model.name: _fitted(everything[model.name], study.truth, everything[model.name]) for model in students
    }
    said = _teachers_say(
        study, [everything[model.name] for model in teachers], [*realizable.values(), study.truth]
    )
    shape = (len(teachers), len(students), len(TEACHER_LABELS), len(UNLABELLED), len(dial))
    numbers = {name: np.empty(shape) for name in (*Sides._fields, "err_ceiling", "alignment")}
    test = study.test_words
    pairs = (len(teachers), len(TEACHER_LABELS), len(dial))
    for place, model in enumerate(students):
        truth = np.stack([realizable[model.name], study.truth])[:, None]
        teacher = said[[place, -1]]
        features = everything[model.name]
        both = np.concatenate([truth, teacher], axis=1)[:, :, test]
        blind = both - _fitted(features[test], both, features[test])
        alignment = -2 * _mean_product(blind[:, :1], blind[:, 1:], weights)
        numbers["alignment"][:, place] = alignment.reshape(pairs)[:, :, None]
        f, g = both[:, :1], both[:, 1:]
        for column, count in enumerate(UNLABELLED):
            seen = study.student_words[:count]
            labels = np.concatenate([truth, teacher], axis=1)[:, :, seen]
            fitted = _fitted(features[seen], labels, features[test])
            sides = _sides(f, g, fitted[:, 1:], weights)
            for name, values in sides._asdict().items():
                numbers[name][:, place, :, column] = values.reshape(pairs)
            ceiling = _mean_product(fitted[:, :1] - f, fitted[:, :1] - f, weights)
            numbers["err_ceiling"][:, place, :, column] = ceiling
    sides = Sides(**{name: numbers[name] for name in Sides._fields})
    alignment, err_ceiling = numbers["alignment"], numbers["err_ceiling"]
    return OutcomeTable(
        axes=(
            Axis("teacher", "Teacher", [model.name for model in teachers], "weak models, the worst first"),
            Axis("student", "Student", [model.name for model in students], "strong models"),
            Axis("n_teacher", "Teacher’s labels", TEACHER_LABELS, "rated words the teacher learns from"),
            Axis("n_student", "Unlabelled words", UNLABELLED, "words the teacher labels for the student"),
            Axis(
                "dial",
                "Realizability dial",
                DIALS,
                "0: a truth that the student can express; 1: the human ratings",
            ),
        ),
        sides=sides,
        err_ceiling=err_ceiling,
        reason=_reason(sides, alignment, err_ceiling, dial),
        reasons=REASONS,
        n=len(test),
        extra={"alignment": alignment, "finite_sample": sides.slack - alignment},
    )


def _teachers_say(
    study: WordStudy, representations: list[FloatArray], targets: list[FloatArray]
) -> FloatArray:
    """Predictions for all words, shape (targets, teachers * label counts, words)."""
    labels = np.stack(targets)
    return np.stack(
        [
            _fitted(features[seen], labels[:, seen], features)
            for features in representations
            for seen in (study.teacher_words[:count] for count in TEACHER_LABELS)
        ],
        axis=1,
    )


def _fitted(features: FloatArray, labels: FloatArray, rows: FloatArray) -> FloatArray:
    """Predict ``rows`` by the least-squares heads for labels of shape (..., n).

    By the normal equations: whitened directions are far from collinear, so no digits are lost that matter
    (tests compare with `LinearHead`), and a hundred factorisations by singular values are spared.
    """
    flat = labels.reshape(-1, labels.shape[-1]).T
    mean, level = features.mean(axis=0), flat.mean(axis=0)
    centred = features - mean
    weights = np.linalg.solve(centred.T @ centred, centred.T @ (flat - level))
    predicted: FloatArray = ((rows - mean) @ weights + level).T.reshape(*labels.shape[:-1], len(rows))
    return predicted


def _mean_product(p: FloatArray, q: FloatArray, weights: FloatArray) -> FloatArray:
    """Mean over words of (w_0 p_0 + w_1 p_1)(w_0 q_0 + w_1 q_1), shape (functions, dials)."""
    products: FloatArray = np.einsum("akn,bkn->abk", *np.broadcast_arrays(p, q)) / p.shape[-1]
    mixed: FloatArray = np.einsum("abk,ad,bd->kd", products, weights, weights)
    return mixed


def _sides(f: FloatArray, g: FloatArray, s: FloatArray, weights: FloatArray) -> Sides:
    weak, left, copied = g - f, s - f, s - g
    return Sides(
        err_weak=_mean_product(weak, weak, weights),
        err_student=_mean_product(left, left, weights),
        misfit=_mean_product(copied, copied, weights),
        gain=-_mean_product(copied, weak + left, weights),
        slack=-2 * _mean_product(left, copied, weights),
    )


def _reason(sides: Sides, alignment: FloatArray, err_ceiling: FloatArray, dial: FloatArray) -> NDArray[Any]:
    """Choose the sentence of each state; the first rule that holds decides."""
    rest = sides.slack - alignment
    chosen = np.select(
        [
            sides.misfit < _COPY_SHARE * sides.err_weak,
            np.broadcast_to(dial == 0, sides.slack.shape),
            np.abs(rest) > np.abs(alignment),
            err_ceiling > _STRONG_SHARE * sides.err_weak,
            np.abs(sides.slack) < _SMALL_SLACK_SHARE * sides.misfit,
        ],
        [1, 0, 2, 3, 5],
        default=4,
    )
    return chosen.astype(np.uint8)
