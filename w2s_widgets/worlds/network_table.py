"""All outcomes of a `NetworkWorld` for an explorer: every teacher, student and number of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from w2s_widgets.outcome import Sides
from w2s_widgets.table import Axis, OutcomeTable

if TYPE_CHECKING:
    from w2s_widgets.worlds.network import NetworkWorld

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
)
_SMALL_SLACK = 0.1


def network_table(world: NetworkWorld) -> OutcomeTable:
    """Compute the mean outcomes over a world's tasks, with the two parts of every slack.

    Examples
    --------
    >>> from w2s_widgets.worlds.network import NetworkWorld
    >>> table = network_table(NetworkWorld(tasks=10, labels=200, tests=200, shared_inputs=True))
    >>> table.outcome(teacher="2 layers", student="exact", labels=200).err_ceiling
    0.0
    """
    axes = world.axes
    teachers = [world.network("teacher", name) for name in axes["teacher"]]
    shape = tuple(len(axes[name]) for name in ("teacher", "student", "labels"))
    sides = Sides(*(np.empty(shape) for _ in Sides._fields))
    ceiling, parts = np.empty(shape), {name: np.empty(shape) for name in ("alignment", "finite_sample")}
    fits = world.fits()
    for i, name in enumerate(axes["student"]):
        student = world.network("student", name)
        for j, labels in enumerate(axes["labels"]):
            found = fits.triangles(teachers, student, labels=labels, in_sample=world.in_sample)
            for into, values in zip(sides, found.sides, strict=True):
                into[:, i, j] = values.mean(axis=-1)
            ceiling[:, i, j] = found.eps.mean()
            split = found.parts()
            parts["alignment"][:, i, j] = split["not_realizable"].mean(axis=-1)
            parts["finite_sample"][:, i, j] = split["finite_sample"].mean(axis=-1)
    same = np.array([[a is world.network("student", b) for b in axes["student"]] for a in teachers])
    exact = np.array([name == "exact" for name in axes["student"]])
    reason = np.select(
        [
            np.broadcast_to(same[:, :, None], shape),
            np.broadcast_to(exact[None, :, None], shape),
            np.abs(parts["finite_sample"]) > np.abs(parts["alignment"]),
            ceiling >= sides.err_weak,
            sides.slack < -_SMALL_SLACK * sides.misfit,
        ],
        range(5),
        default=5,
    )
    return OutcomeTable(
        axes=(
            Axis("teacher", "Teacher", axes["teacher"], "its representation"),
            Axis("student", "Student", axes["student"], "its representation; exact is the true one"),
            Axis("labels", "Labelled inputs", axes["labels"], "what both heads are fitted on"),
        ),
        sides=sides,
        err_ceiling=ceiling,
        reason=reason.astype(np.uint8),
        reasons=REASONS,
        n=world.labels if world.in_sample else world.tests,
        truth_variance=world.truth_variance,
        extra=parts,
    )
