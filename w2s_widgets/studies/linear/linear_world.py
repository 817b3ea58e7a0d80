"""`LinearWorld`: truth, teacher and student as vectors, so that every error is known in closed form."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from w2s_widgets._renamed import accepts_old, old_keyword
from w2s_widgets._validation import FloatArray, integer, real
from w2s_widgets.studies.linear.closed_form import (
    DECAY,
    DIMENSION,
    TRUTH_CAPACITY,
    linear_world_eps,
    linear_world_possible,
    linear_world_sides,
    truth_coefficients,
)
from w2s_widgets.theory.outcome import Outcome

_TEACHER_CAPACITY = 4
_MIXING_SEED = 2405_15116


class LinearSample(NamedTuple):
    """Inputs drawn from a `LinearWorld`, with everything that can be seen of them.

    The fields ``teacher_features``, ``student_features`` and ``truth`` are the first three arguments of
    `WeakToStrong`.
    """

    inputs: FloatArray
    """Shape (n, dimension): independent standard normal coordinates."""
    truth: FloatArray
    """Shape (n,): the labels."""
    teacher: FloatArray
    """Shape (n,): the values of the world's teacher."""
    teacher_features: FloatArray
    """Shape (n, directions): the weak representation, its directions mixed."""
    student_features: FloatArray
    """Shape (n, strong_capacity): the strong representation, its directions mixed."""


@accepts_old("misfit")
@dataclass(frozen=True, kw_only=True)
class LinearWorld:
    """A world where every knob is exact: truth, teacher and student are vectors.

    Functions are vectors in ``dimension`` orthonormal directions e_1, e_2, ..., and the mean-square
    distance of two functions is the squared distance of their vectors. The truth f has length 1 and
    uses the first ``truth_capacity`` directions. The student can express the span of the first
    ``strong_capacity`` directions, so the truth is realizable when ``strong_capacity >=
    truth_capacity``. The teacher is

        ``g = f + sqrt(E) (sqrt(1 - m) u_in + sqrt(m) u_out)``

    with E = err_weak = 1 - ``weak_quality``, m = ``misfit_share``, u_in a unit vector that the student can
    express and u_out a unit vector orthogonal to all that it can express. The student is the
    projection of g, the ceiling the projection of f.

    Theorem 1 of Charikar, Pabbaraju and Shiragur (2024) needs nothing of the teacher, so u_in is free.
    It is chosen to make the teacher what it is in practice, a head fitted on the truth on a weaker
    representation, which is the case exactly when ``<g, f - g> = 0``. With eps the squared length of
    the student's blind spot and a its cosine to u_out (``blind_cosine``), that asks for a u_in at the cosine

        ``-(sqrt(E) + a sqrt(m eps)) / sqrt((1 - m) (1 - eps))``

    to the part of the truth that the student can express. Such a vector exists when the cosine is
    between -1 and 1, and when the student has at least two directions to turn in (with one, the cosine
    must be -1 or 1). If the truth is realizable the condition reads ``misfit_share <= weak_quality``. Where
    there is none, u_in has the nearest possible cosine, all numbers of the outcome stay exact, and
    ``teacher_is_a_fit`` is false.

    Parameters
    ----------
    weak_quality : float
        From 0 to 1, the teacher's R^2: err_weak is ``1 - weak_quality``.
    strong_capacity : int
        From 1 to ``dimension``: number of directions that the student can express.
    misfit_share : float
        From 0 to 1: share of the teacher's error that the student cannot copy. (The outcome's misfit
        is a squared distance: in a realizable world this share times err_weak.)
    truth_capacity : int
        From 1 to ``dimension``: number of directions that the truth uses.
    dimension : int
        At least 2: number of directions.
    decay : float
        Ratio of each coefficient of the truth to the one before, above 0 and at most 1. The default
        0.9 is gentle: the first 6 of 12 directions hold 78 % of its square.
    blind_cosine : float
        From -1 to 1: cosine of u_out to the student's blind spot r_f, the part of the truth that it
        cannot express. Positive hurts, negative enough makes the slack positive. Without a blind spot
        (a realizable truth) it has no meaning and changes nothing.

    Raises
    ------
    TypeError, ValueError
        If a parameter is of the wrong kind or outside its range, or the student lacks the directions that
        ``misfit_share`` and ``blind_cosine`` need.

    Examples
    --------
    >>> world = LinearWorld(weak_quality=0.5, strong_capacity=16, misfit_share=0.4)
    >>> world.realizable, world.outcome().gain, world.outcome().slack
    (True, 0.2, 0.0)
    >>> LinearWorld(strong_capacity=24, misfit_share=0.3)
    Traceback (most recent call last):
    ...
    ValueError: misfit_share is 0.3 but a student with all 24 directions can copy every error: \
set misfit_share to 0, or strong_capacity to at most 23.
    """

    weak_quality: float = 0.6
    strong_capacity: int = 16
    misfit_share: float = 0.5
    truth_capacity: int = TRUTH_CAPACITY
    dimension: int = DIMENSION
    decay: float = DECAY
    blind_cosine: float = 0.0
    misfit = old_keyword("misfit")

    def __post_init__(self) -> None:
        integer("dimension", self.dimension, 2)
        integer("truth_capacity", self.truth_capacity, 1, self.dimension)
        integer("strong_capacity", self.strong_capacity, 1, self.dimension)
        real("weak_quality", self.weak_quality, 0, 1)
        real("misfit_share", self.misfit_share, 0, 1)
        real("blind_cosine", self.blind_cosine, -1, 1)
        real("decay", self.decay, high=1, above=0)
        if self._possible():
            return
        if self.strong_capacity == self.dimension:
            raise ValueError(
                f"misfit_share is {self.misfit_share:g} but a student with all {self.dimension} directions "
                "can copy every error: set misfit_share to 0, or strong_capacity to at most "
                f"{self.dimension - 1}."
            )
        raise ValueError(
            f"blind_cosine is {self.blind_cosine:g} but the student lacks only one direction, and the truth "
            "uses it: set blind_cosine to -1 or 1, misfit_share to 0, or strong_capacity lower."
        )

    def _possible(self) -> bool:
        possible = linear_world_possible(
            self.strong_capacity, self.misfit_share, truth=self.truth, blind_cosine=self.blind_cosine
        )
        return bool(possible)

    @property
    def realizable(self) -> bool:
        """Whether the student can express the truth."""
        return self.strong_capacity >= self.truth_capacity

    @property
    def eps(self) -> float:
        """Squared length of what the student cannot express of the truth; also err_ceiling."""
        return float(linear_world_eps(self.strong_capacity, truth=self.truth))

    @cached_property
    def truth(self) -> FloatArray:
        """The truth's coefficients, shape (dimension,)."""
        return truth_coefficients(self.truth_capacity, dimension=self.dimension, decay=self.decay)

    @cached_property
    def teacher(self) -> FloatArray:
        """The teacher's coefficients, shape (dimension,)."""
        error, share = 1 - self.weak_quality, self.misfit_share
        teacher: FloatArray = self.truth + math.sqrt(error) * (
            math.sqrt(1 - share) * self._copied_direction() + math.sqrt(share) * self._uncopied_direction()
        )
        return teacher

    @property
    def student(self) -> FloatArray:
        """The student's coefficients: the teacher's, projected on what the student can express."""
        return self._project(self.teacher)

    @property
    def ceiling(self) -> FloatArray:
        """The ceiling's coefficients: the truth's, projected on what the student can express."""
        return self._project(self.truth)

    @property
    def teacher_is_a_fit(self) -> bool:
        """Whether the teacher is the population least-squares fit of the truth on a weak representation."""
        return bool(abs(self.teacher @ (self.truth - self.teacher)) <= 1e-12)

    def outcome(self) -> Outcome:
        """Return the population values of this world, in closed form.

        Examples
        --------
        >>> outcome = LinearWorld(weak_quality=0.5, strong_capacity=6, misfit_share=0).outcome()
        >>> round(outcome.gain, 3), round(outcome.err_ceiling, 3)
        (-0.22, 0.22)
        """
        sides = linear_world_sides(
            self.weak_quality,
            self.strong_capacity,
            self.misfit_share,
            truth=self.truth,
            blind_cosine=self.blind_cosine,
        )
        return Outcome.from_sides(sides, err_ceiling=self.eps, truth_variance=1.0)

    def sample(self, n: int, rng: int | np.random.Generator = 0, *, exact: bool = False) -> LinearSample:
        """Draw inputs, labels and both representations.

        A head fitted by least squares on these data gives the numbers of `outcome` up to O(1/sqrt(n)).
        If ``teacher_is_a_fit``, so does the whole procedure, with a teacher fitted on
        ``teacher_features``; otherwise take the field ``teacher`` as the teacher, since no head fitted
        on the truth is equal to it.

        Parameters
        ----------
        n : int
            Number of inputs.
        rng : int or numpy.random.Generator
            The seed or generator of the inputs. The representations depend on the world only.
        exact : bool
            Shift and turn the inputs so that their mean is 0 and their second moment the identity. What
            is fitted and measured on all n inputs then agrees with `outcome` to rounding.

        Returns
        -------
        LinearSample
            Each representation spans its directions through a fixed invertible matrix, so that no single
            feature is a direction.

        Raises
        ------
        ValueError
            If n is below 1, or ``exact`` is asked with n at most ``dimension``.

        Examples
        --------
        >>> data = LinearWorld(strong_capacity=16).sample(100, rng=1)
        >>> data.inputs.shape, data.truth.shape, data.teacher_features.shape, data.student_features.shape
        ((100, 24), (100,), (100, 4), (100, 16))
        """
        integer("n", n, 1)
        if exact and n <= self.dimension:
            raise ValueError(
                f"n is {n} but an exact sample needs more inputs than the {self.dimension} directions: "
                f"set n to at least {self.dimension + 1}, or exact to False."
            )
        inputs = np.random.default_rng(rng).standard_normal((n, self.dimension))
        if exact:
            turned, triangle = np.linalg.qr(inputs - inputs.mean(axis=0))
            inputs = math.sqrt(n) * turned * np.sign(np.diag(triangle))
        teacher_directions = self._teacher_directions()
        student_directions = np.eye(self.dimension)[: self.strong_capacity]
        return LinearSample(
            inputs=inputs,
            truth=inputs @ self.truth,
            teacher=inputs @ self.teacher,
            teacher_features=inputs @ teacher_directions.T @ _mixing(len(teacher_directions)),
            student_features=inputs @ student_directions.T @ _mixing(self.strong_capacity),
        )

    def _project(self, coefficients: FloatArray) -> FloatArray:
        return np.where(np.arange(self.dimension) < self.strong_capacity, coefficients, 0.0)

    def _uncopied_direction(self) -> FloatArray:
        """Return u_out, or zeros if the student lacks no direction."""
        left_of_truth = self.truth - self.ceiling
        cosine = self.blind_cosine if self.eps > 0 else 0.0
        return _turn(left_of_truth, cosine, slice(self.strong_capacity, self.dimension))

    def _copied_direction(self) -> FloatArray:
        """Return u_in, at the cosine to the ceiling that makes the teacher a fit, or the nearest one."""
        error, share, eps = 1 - self.weak_quality, self.misfit_share, self.eps
        wanted = -(math.sqrt(error) + self.blind_cosine * math.sqrt(share * eps))
        reach = math.sqrt((1 - share) * (1 - eps))
        cosine = max(-1.0, min(1.0, wanted / reach)) if reach > 0 else -1.0
        return _turn(self.ceiling, cosine, slice(0, self.strong_capacity))

    def _teacher_directions(self) -> FloatArray:
        """Return rows that span the weak representation: the teacher, and directions of no use to it."""
        unit_teacher = _unit(self.teacher)
        # What is orthogonal to truth and teacher adds nothing to the fit of the truth: the right singular
        # vectors beyond the rank of the two.
        _, lengths, rows = np.linalg.svd(np.stack([self.truth, self.teacher]))
        rank = int(np.sum(lengths > 1e-12))
        useless = rows[rank:]
        known = unit_teacher[None, :] if np.linalg.norm(self.teacher) > 1e-12 else useless[:0]
        directions: FloatArray = np.concatenate([known, useless])[:_TEACHER_CAPACITY]
        return directions


def _turn(vector: FloatArray, cosine: float, directions: slice) -> FloatArray:
    """Return a unit vector within the directions, at the given cosine to a vector within them."""
    axis = _unit(vector)
    candidates = np.arange(len(vector))[directions]
    if len(candidates) == 0:
        return np.zeros_like(vector)
    # The direction that the vector uses least loses least when it is made orthogonal.
    across = np.zeros_like(vector)
    across[candidates[np.argmin(np.abs(axis[candidates]))]] = 1.0
    across -= (across @ axis) * axis
    if np.linalg.norm(across) < 1e-6:
        return axis * (1.0 if cosine > 0 else -1.0)
    return cosine * axis + math.sqrt(1 - cosine**2) * _unit(across)


def _unit(vector: FloatArray) -> FloatArray:
    length = np.linalg.norm(vector)
    unit: FloatArray = vector / length if length > 0 else np.zeros_like(vector)
    return unit


def _mixing(size: int) -> FloatArray:
    rng = np.random.default_rng([_MIXING_SEED, size])
    turn, _ = np.linalg.qr(rng.standard_normal((size, size)))
    stretch = np.linspace(0.5, 2.0, size)
    mixing: FloatArray = turn * stretch
    return mixing
