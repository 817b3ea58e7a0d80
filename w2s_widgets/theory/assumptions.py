"""What a certificate rests on: each assumption of Theorem 1, measured or taken from what was said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from w2s_widgets.heads.base import Head
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.slack import Experiment, Projections, SlackParts, project, split_parts

NEAR = 1e-7
"""A distance below this share of the triangle's longest side counts as 0, and is allowed for in `agrees`."""
_ROUNDING = 1e-12  # of the functions' own size: no distance is known better than that
_SMALL_GAP = 1e-6  # of the triangle's largest square: an exact fit with a larger gap is not trusted
_SLIP = 1e-9  # of the triangle's largest square: what rounding may do to a slack
_BESIDE = 0.01  # of the misfit: what may be counted as 0 beside it


@dataclass(frozen=True)
class Assumption:
    """One assumption: whether it holds, and how that is known.

    Parameters
    ----------
    name : str
        In a word or two.
    holds : bool or None
        ``None`` when unknown.
    words : str
        How it is known, or why it is not.
    value : float or None
        The number behind it: eps for a realizable truth, the distance for a projection, n for the inputs.
    """

    name: str
    holds: bool | None
    words: str
    value: float | None = None


class Evidence:
    """How far truth and student are from the class, and what is too small to tell."""

    def __init__(self, head: Any, experiment: Experiment, rounding: float = 0.0) -> None:
        self.head = head
        self.rounding = rounding
        self.experiment = experiment
        outcome = experiment.outcome
        self.square = outcome.scale
        self.side = math.sqrt(self.square)
        functions = (experiment.truth, experiment.teacher, experiment.student)
        self.floor = _ROUNDING * max(_length(values) for values in functions)
        self.projections: Projections | None = None
        self.parts: SlackParts | None = None
        if isinstance(head, Head):
            self.projections = project(head, experiment)
            self.parts = split_parts(experiment, self.projections)

    def is_zero(self, distance: float, moves: float = 0.0) -> bool | None:
        """Whether a distance is 0 as far as the triangle goes; ``None`` if that cannot be told.

        Rounding could have made it, or it is small beside the longest side, but what it ``moves`` the gain by
        is not small beside the misfit.
        """
        if self.side <= self.floor:
            same = distance == 0 or self.experiment.outcome.err_weak == 0
            return True if same and distance <= self.floor else None
        if distance <= NEAR * self.side:
            misfit = self.experiment.outcome.misfit
            copies = math.sqrt(misfit) <= self.floor
            return True if copies or moves <= _BESIDE * misfit else None
        return None if distance <= self.floor else False

    def realizable(self) -> Assumption:
        """Whether the class holds the truth."""
        name = "realizable"
        if self.projections is None:
            return Assumption(name, None, "the class is not known, so it cannot be asked for the truth")
        distance = _length(self.experiment.truth - self.projections.truth)
        eps = distance**2
        holds = self.is_zero(distance, self._moved_by_truth(distance))
        if holds is not True and distance <= self.rounding:
            words = (
                f"the class holds the truth up to rounding: eps is {eps:.3g}, and with as few digits as the "
                f"values have it could be {self.rounding**2:.1g}"
            )
            return Assumption(name, True, words, eps)
        if holds is False and eps <= (self.projections.truth_gap or 0.0):
            words = f"eps is {eps:.3g}, and the exact fit of the truth is not known better than that"
            return Assumption(name, None, words, eps)
        words = {
            True: f"the class holds the truth: eps is 0 {self._beside(distance)}",
            False: f"the class does not hold the truth: its best function is off by eps = {eps:.3g}",
            None: f"eps is {eps:.3g}, too small beside the triangle, or too large beside its misfit, to tell",
        }[holds]
        return Assumption(name, holds, words, eps)

    def projection(self) -> Assumption:
        """Whether the student is the projection of its teacher on the class."""
        name = "projection reached"
        if self.projections is None:
            return Assumption(name, None, "the class is not known, so there is nothing to project on")
        distance = _length(self.experiment.student - self.projections.teacher)
        if not self._certified():
            return Assumption(
                name, None, f"the exact fit could not be certified: its gap is {self.projections.gap:.3g}"
            )
        holds = self.is_zero(distance, self._moved_by_student(distance))
        if holds is not True and not self.head.is_convex:
            holds = self._as_near_as(self.projections.teacher, holds)
        if holds is True:
            return Assumption(
                name,
                True,
                f"the student is the teacher’s projection: their distance is 0 {self._beside(distance)}"
                if distance <= NEAR * self.side or distance <= self.floor
                else "the student is as near to the teacher as the class gets; another function ties",
                distance,
            )
        if holds is None:
            return Assumption(
                name,
                None,
                f"the student’s distance to it is {distance:.3g}: too small beside the triangle, or too "
                "large beside its misfit, to tell",
                distance,
            )
        return Assumption(name, False, self._why_not(distance), distance)

    def _as_near_as(self, projected: Any, holds: bool | None) -> bool | None:
        """Without convexity two functions can be equally near: ask for the distance to the teacher."""
        student, teacher = self.experiment.student, self.experiment.teacher
        behind = _length(student - teacher) - _length(projected - teacher)
        if self.is_zero(abs(behind)) is False:
            return holds
        # Values that were handed over may be as near and yet be no function of the class.
        fitted = hasattr(self.head, "n_features_in_")
        inside = fitted and np.array_equal(
            self.head.predict(self.experiment.X).reshape(student.shape), student
        )
        return True if inside else None

    def _why_not(self, distance: float) -> str:
        away = f"the student is {distance:.3g} away from its teacher’s projection"
        assert self.parts is not None
        assert self.projections is not None
        if self.experiment.sample_features is self.experiment.X:
            if not self.head.is_projection:
                return f"{away}: its fit is penalised"
            return f"{away}: fitted on other inputs, or not finished"
        m = len(self.experiment.sample_features)
        if self.only_the_sample():
            return f"{away}: it is the exact fit, but on the {m:,} inputs of its own sample"
        if not self.head.is_projection:
            return f"{away}: its fit is penalised, and on {m:,} inputs of its own"
        return f"{away}: it was fitted on {m:,} inputs of its own, and the fit there is not finished"

    def only_the_sample(self) -> bool:
        """Whether the student is the projection, but on a sample of its own."""
        if self.projections is None or self.experiment.sample_features is self.experiment.X:
            return False
        return self.is_zero(_length(self.experiment.student - self.projections.from_sample)) is True

    def _certified(self) -> bool:
        assert self.projections is not None
        gap = self.projections.gap
        return gap is None or gap <= _SMALL_GAP * self.square or self.side <= self.floor

    def _beside(self, distance: float) -> str:
        return "to rounding" if distance <= self.floor else "beside the triangle and its misfit"

    def _moved_by_student(self, distance: float) -> float:
        """By how much a gain can be off its promise when the student is so far from the projection."""
        return 4 * distance * self.side

    def _moved_by_truth(self, distance: float) -> float:
        """By how much a gain can be off the misfit when the truth is so far from the class."""
        return 2 * distance * math.sqrt(self.experiment.outcome.misfit)

    @property
    def alignment(self) -> float:
        """``-2 <g - s, f - c>``, with the student itself in the place of the projection."""
        assert self.projections is not None
        e = self.experiment
        return 0.0 + float(np.mean(-2 * (e.teacher - e.student) * (e.truth - self.projections.truth)))

    def slip(self) -> float:
        """How far a gain may be off its promise for reasons that were counted as 0."""
        if self.projections is None:
            return 0.0
        e = self.experiment
        to_projection = _length(e.student - self.projections.teacher)
        to_ceiling = _length(e.truth - self.projections.truth)
        counted_as_zero = 0.0
        if to_projection <= max(NEAR * self.side, self.floor):
            counted_as_zero += self._moved_by_student(to_projection)
        if to_ceiling <= max(NEAR * self.side, self.floor, self.rounding):
            counted_as_zero += 2 * to_ceiling * self.side
        head: Head = self.head.projector()
        counted_as_zero += head.slack_doubt(self.projections.gap or 0.0, self.side)
        if to_ceiling**2 <= (self.projections.truth_gap or 0.0):
            counted_as_zero += 2 * to_ceiling * self.side
        return _SLIP * self.square + 2 * self.floor * (self.side + self.floor) + counted_as_zero

    def confirms(self, outcome: Outcome) -> bool:
        """Whether an outcome is that of these functions."""
        measured, slip = self.experiment.outcome, self.slip()
        pairs = (
            (outcome.err_weak, measured.err_weak),
            (outcome.err_student, measured.err_student),
            (outcome.misfit, measured.misfit),
            (outcome.gain, measured.gain),
        )
        return all(abs(given - own) <= slip for given, own in pairs)


def squared_loss(loss: str | None) -> Assumption:
    """Say whether the loss is the theorem's."""
    name = "squared loss"
    if loss is None:
        return Assumption(name, None, "it was not said which loss the errors go by")
    if loss == "squared":
        return Assumption(name, True, "errors are mean squares")
    return Assumption(name, False, f"the loss is {loss}, and Theorem 1 is about mean squares")


def convex_class(head: Any) -> Assumption:
    """Say whether the class calls itself convex; unknown unless it is a head's."""
    if not isinstance(head, Head):
        return _unknown_class("convex", head)
    can = "is" if head.is_convex else "need not be"
    return Assumption("convex", head.is_convex, f"the mean of two functions of the class {can} in the class")


def affine_class(head: Any) -> Assumption:
    """Say whether the class calls itself a space; unknown unless it is a head's."""
    if not isinstance(head, Head):
        return _unknown_class("affine", head)
    words = (
        "the class ends somewhere, so it is no space" if head.is_convex else "the class is not even convex"
    )
    if head.is_affine:
        words = "the class is a space: it holds the whole line through two functions"
    return Assumption("affine", head.is_affine, words)


def _unknown_class(name: str, head: Any) -> Assumption:
    return Assumption(name, None, f"the class of {type(head).__name__} is not known")


def population_inputs(population: bool | None, n: int) -> Assumption:
    """Say whether the inputs are all there are, and for whom a promise is therefore."""
    name = "population"
    inputs = "the 1 input is" if n == 1 else f"the {n:,} inputs are"
    if population is None:
        words = f"it was not said whether {inputs} all there are: a promise is about them alone"
    elif population:
        words = f"{inputs} all there are: a promise is about all inputs"
    else:
        words = f"{inputs} a sample: a promise is about them, and not certain for others"
    return Assumption(name, None if population is None else bool(population), words, float(n))


def same_distribution(said: bool | None, *, own_sample: bool) -> Assumption:
    """Say whether the inputs measured on are drawn as those of the fit were, which no data can prove."""
    name = "same distribution"
    if not own_sample:
        return Assumption(name, True, "measured on the very inputs of the fit")
    words = {
        True: "the inputs measured on were drawn as those of the fit were",
        False: "the inputs measured on were drawn otherwise: on them slack can have either sign",
        None: "it was not said whether the inputs measured on were drawn as those of the fit were",
    }[said]
    return Assumption(name, said, words)


def _length(values: Any) -> float:
    return float(np.sqrt(np.mean(values**2)))
