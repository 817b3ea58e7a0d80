"""All outcomes of a `NetworkStudy` for an explorer: every teacher, student and number of labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.studies.networks.representations import EXACT, PRETRAINED
from w2s_widgets.studies.reasons import (
    UNTOUCHED_SHARE,
    Reason,
    every,
    from_learning,
    large_loss,
    no_stronger,
    on,
    otherwise,
)
from w2s_widgets.theory.outcome import Sides
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.theory.slack import learning_part


def _same_representation(table: OutcomeTable) -> NDArray[np.bool_]:
    # Noise is drawn for each of the two, so that under one name they are not the same.
    alike = table.values_of("teacher") == table.values_of("student")
    return np.asarray(alike & on("teacher", EXACT, *(known.name for known in PRETRAINED))(table))


def _restrained(table: OutcomeTable) -> NDArray[np.bool_]:
    """Hold where a head takes something away: a budget of which less is needed restrains nothing."""
    misfit = table.sides.misfit
    return np.abs(misfit - misfit[..., :1]) > UNTOUCHED_SHARE * table.sides.err_weak


def _unrestrained(table: OutcomeTable) -> NDArray[np.bool_]:
    return ~_restrained(table)


REASONS = (
    Reason(
        every(_unrestrained, on("head", "ball")),
        "Why: the budget on the weights is not used up, so here the ball gives the student of a linear head. "
        "It changes something where labels are few.",
    ),
    Reason(
        every(_restrained, on("head", "ball")),
        "Why: the student’s weights have a budget, and it cannot follow its teacher all the way. What it "
        "holds back can be error, and can be truth.",
    ),
    Reason(
        every(_restrained, on("head", "ridge")),
        "Why: a penalty pulls the student’s weights towards zero. It is then the nearest function only among "
        "those with weights no longer than its own. If the truth’s are longer, nothing is promised.",
    ),
    Reason(
        _same_representation,
        "Why: both have the same representation. The student can copy its teacher, mistakes and all.",
    ),
    Reason(
        on("student", EXACT),
        "Why: the student’s representation is the true one, so nothing that it drops was right. What is left "
        "of the slack is the sample’s.",
    ),
    Reason(
        from_learning,
        "Why: most of the slack of {slack} comes from learning on only {labels} inputs.",
    ),
    Reason(
        no_stronger,
        "Why: trained on the truth itself this student would err at least as much as its teacher. It is "
        "not strong on these tasks, and most of what it drops was right.",
    ),
    Reason(
        large_loss,
        "Why: teacher and truth share something that this student is blind to. Dropping it costs a part of "
        "the misfit.",
    ),
    Reason(
        otherwise,
        "Why: where this student is blind, teacher and truth hardly agree. Little of what it drops was "
        "right, so gain is close to misfit.",
    ),
)


def network_table(world: Any) -> OutcomeTable:
    """Compute the mean outcomes over a world's tasks, with the two parts of every slack."""
    axes = world.axes
    teachers = [world.network("teacher", name) for name in axes["teacher"]]
    shape = tuple(len(axes[name]) for name in ("teacher", "student", "labels", "head"))
    sides = Sides(*(np.empty(shape) for _ in Sides._fields))
    ceiling, alignments = np.empty(shape), np.empty(shape)
    fits = world.fits()
    for i, name in enumerate(axes["student"]):
        student = world.network("student", name)
        for j, labels in enumerate(axes["labels"]):
            for k, head in enumerate(axes["head"]):
                found = fits.triangles(teachers, student, labels=labels, in_sample=world.in_sample, head=head)
                for into, values in zip(sides, found.sides, strict=True):
                    into[:, i, j, k] = values.mean(axis=-1)
                ceiling[:, i, j, k] = found.err_ceiling.mean()
                if k == 0:
                    # Of the linear class: what regularization takes away beside it is the sample's part.
                    alignment = found.parts()["alignment"].mean(axis=-1)
                alignments[:, i, j, k] = alignment
    return OutcomeTable(
        axes=(
            Axis("teacher", "Teacher", axes["teacher"], "its representation"),
            Axis("student", "Student", axes["student"], "its representation; exact is the true one"),
            Axis("labels", "Labelled inputs", axes["labels"], "what both heads are fitted on"),
            Axis(
                "head",
                "Head class",
                axes["head"],
                "linear: a space; ball: convex; ridge: a ball for each teacher",
            ),
        ),
        sides=sides,
        err_ceiling=ceiling,
        n=world.labels if world.in_sample else world.tests,
        truth_variance=world.truth_variance,
        extra={"alignment": alignments, learning_part(axes["head"]): sides.slack - alignments},
    )
