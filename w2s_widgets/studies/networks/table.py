"""All outcomes of a `NetworkStudy` for an explorer: every teacher, student and number of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from w2s_widgets.theory.outcome import Sides
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.theory.slack import learning_part

if TYPE_CHECKING:
    from w2s_widgets.studies.networks.study import NetworkStudy

REASONS = (
    "Why: both have the same representation. The student can copy its teacher, mistakes and all.",
    "Why: the student’s representation is the true one, so nothing that it drops was right. What is left of "
    "the slack is the sample’s.",
    "Why: most of the slack of {slack} comes from learning on only {labels} inputs.",
    "Why: trained on the truth itself this student would err at least as much as its teacher. It is not "
    "strong on these tasks, and most of what it drops was right.",
    "Why: teacher and truth share something that this student is blind to. Dropping it costs a part of the "
    "misfit.",
    "Why: where this student is blind, teacher and truth hardly agree. Little of what it drops was right, so "
    "gain is close to misfit.",
    "Why: the student’s weights have a budget, and it cannot follow its teacher all the way. What it holds "
    "back can be error, and can be truth.",
    "Why: a penalty pulls the student’s weights towards zero. It is then no projection of its teacher, and "
    "the theorem promises nothing.",
)
_SMALL_SLACK = 0.1
_UNTOUCHED = 1e-3


def network_table(world: NetworkStudy) -> OutcomeTable:
    """Compute the mean outcomes over a world's tasks, with the two parts of every slack.

    Examples
    --------
    >>> from w2s_widgets.studies.networks.study import NetworkStudy
    >>> table = network_table(NetworkStudy(tasks=10, labels=200, tests=200, shared_inputs=True))
    >>> table.outcome(teacher="2 layers", student="exact", labels=200, head="linear").err_ceiling
    0.0
    """
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
                    # Of the linear class: what a restraint takes away beside it counts as the sample's part.
                    alignment = found.parts()["alignment"].mean(axis=-1)
                alignments[:, i, j, k] = alignment
    rest = sides.slack - alignments
    same = np.array([[a is world.network("student", b) for b in axes["student"]] for a in teachers])
    exact = np.array([name == "exact" for name in axes["student"]])
    held = np.array([name != "linear" for name in axes["head"]])
    # A budget of which less is needed restrains nothing, and its numbers are those of the linear head.
    free = np.abs(sides.misfit - sides.misfit[..., :1]) <= _UNTOUCHED * sides.err_weak
    held = np.broadcast_to(held, shape) & ~free
    restrains = np.array([name == "ball" for name in axes["head"]])
    reason = np.select(
        [
            held & restrains,
            held,
            np.broadcast_to(same[:, :, None, None], shape),
            np.broadcast_to(exact[None, :, None, None], shape),
            np.abs(rest) > np.abs(alignments),
            ceiling >= sides.err_weak,
            sides.slack < -_SMALL_SLACK * sides.misfit,
        ],
        [6, 7, 0, 1, 2, 3, 4],
        default=5,
    )
    return OutcomeTable(
        axes=(
            Axis("teacher", "Teacher", axes["teacher"], "its representation"),
            Axis("student", "Student", axes["student"], "its representation; exact is the true one"),
            Axis("labels", "Labelled inputs", axes["labels"], "what both heads are fitted on"),
            Axis("head", "Head class", axes["head"], "linear: a space; ball: convex; ridge: no projection"),
        ),
        sides=sides,
        err_ceiling=ceiling,
        reason=reason.astype(np.uint8),
        reasons=REASONS,
        n=world.labels if world.in_sample else world.tests,
        truth_variance=world.truth_variance,
        extra={"alignment": alignments, learning_part(axes["head"]): rest},
    )
