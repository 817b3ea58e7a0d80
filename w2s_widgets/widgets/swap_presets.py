"""Noise levels and presets of a `SwapExplorer`, for each world that it can show."""

from __future__ import annotations

from typing import Any, NamedTuple

from w2s_widgets.studies.linear.perturbed_representations import NOISE
from w2s_widgets.widgets.spec import Preset

NETWORK_NOISE = (0.0, *(step / 200 for step in range(2, 11)))


def _preset(name: str, teacher: float, student: float, words: str) -> Preset:
    return Preset(name, {"teacher_noise": teacher, "student_noise": student}, words)


PRESETS = (
    _preset(
        "Strong student",
        0.5,
        0.1,
        "Little noise in the student's copy: the cloud lies close to gain = misfit.",
    ),
    _preset("Realizable", 0.5, 0.0, "The student's copy is exact: every dot lies exactly on gain = misfit."),
    _preset(
        "Both somewhat noisy",
        0.5,
        0.3,
        "The student is better, but its blind spot costs a part of the misfit.",
    ),
    _preset(
        "Equal noise",
        0.4,
        0.4,
        "Half of what is dropped was error and half was right: nothing is gained.",
    ),
    _preset(
        "Roles swapped",
        0.1,
        0.5,
        "A good teacher and a poor student: the cloud lies close to gain = −misfit.",
    ),
    _preset(
        "A perfect teacher",
        0.0,
        0.5,
        "Whatever the student drops was right: every dot lies exactly on gain = −misfit.",
    ),
)

NETWORK_PRESETS = (
    _preset("The paper’s setting", 0.05, 0.01, "Little noise in the student's copy, more in the teacher's."),
    _preset("Realizable", 0.05, 0.0, "The student's copy is exact: every dot lies exactly on gain = misfit."),
    _preset(
        "Both somewhat noisy",
        0.05,
        0.02,
        "The student is better, but its blind spot costs a part of the misfit.",
    ),
    _preset("Equal noise", 0.05, 0.05, "Each reads the truth through a noisy copy of its own."),
    _preset("Roles swapped", 0.01, 0.05, "A good teacher and a poor student."),
    _preset(
        "A perfect teacher",
        0.0,
        0.05,
        "Whatever the student drops was right: every dot lies exactly on gain = −misfit.",
    ),
)


class SwapChoices(NamedTuple):
    """What the controls of a world offer."""

    noise: tuple[float, ...]
    presets: tuple[Preset, ...]
    initial: dict[str, float | str]
    code: str
    """The world as an argument in Python; empty for the explorer's own world."""


def choices_for(world: Any, noise: tuple[float, ...] | None) -> SwapChoices:
    """Return noise levels, presets and words for a world.

    Parameters
    ----------
    world : object or None
        A world with ``sides(teacher_noise, student_noise)``; None for the explorer's own.
    noise : tuple of float or None
        Levels to offer instead of the usual ones. Presets with other levels are left out.

    Examples
    --------
    >>> choices_for(None, None).initial
    {'teacher_noise': 0.5, 'student_noise': 0.1}
    >>> [preset.name for preset in choices_for(None, (0.0, 0.1, 0.5)).presets]
    ['Strong student', 'Realizable', 'Roles swapped', 'A perfect teacher']
    """
    network = type(world).__name__ == "NetworkStudy"
    levels = noise or (NETWORK_NOISE if network else NOISE)
    presets = tuple(
        preset
        for preset in (NETWORK_PRESETS if network else PRESETS)
        if all(value in levels for value in preset.state.values())
    )
    middle: dict[str, float | str] = {"teacher_noise": levels[len(levels) // 2], "student_noise": levels[0]}
    return SwapChoices(
        noise=levels,
        presets=presets,
        initial=dict(presets[0].state) if presets else middle,
        code="" if world is None else str(getattr(world, "code", f"w2s.{type(world).__name__}()")),
    )
