"""`PerturbedRepresentations`: teacher and student on noisy copies of one true representation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._renamed import accepts_positions
from w2s_widgets._validation import FloatArray, real
from w2s_widgets.studies.noise_grid import NoiseGrid
from w2s_widgets.studies.study import Study, call_of
from w2s_widgets.theory.outcome import Outcome, Sides, measure_many
from w2s_widgets.theory.outcome_table import OutcomeTable

DIMENSION = 24
FEATURES = 8
TASKS = 100
NOISE = tuple(step / 20 for step in range(13))


class PerturbedRepresentations(Study):
    """One true representation, two copies of it with noise in every weight, and many tasks on it.

    Inputs are standard normal in ``dimension`` directions. The true representation reads the first
    ``features`` of them; each task is a linear head on it with standard normal weights. The teacher's and
    the student's representation are copies with independent Gaussian noise in every weight, so that each
    reads a subspace a little beside the true one. Both learn by exact projection over the whole
    distribution: the teacher of the task, the student of the teacher. It is the linear sister of the
    paper's experiment with noisy copies of a network, and needs no training: every error is a length.

    Parameters
    ----------
    dimension : int
        Number of directions of the inputs.
    features : int
        Number of features of each representation, fewer than ``dimension``.
    tasks : int
        Number of tasks.
    seed : int
        Of heads and noise. The direction of the noise is drawn once; a noise level only scales it.

    Attributes
    ----------
    truth : numpy.ndarray of shape (tasks, dimension)
        The coefficients of every task; the squared length of a row is its variance, ``features`` on average.

    Raises
    ------
    ValueError
        If a size is not positive, or a copy would read every direction and could drop nothing.

    Notes
    -----
    For small noise the mean gain is the mean misfit times ``(t^2 - s^2) / (t^2 + s^2)``, where t and s are
    the teacher's and the student's noise: 1 when the student's copy is exact, 0 when both are equally
    noisy, -1 when the teacher's copy is exact.

    Examples
    --------
    >>> world = PerturbedRepresentations()
    >>> strong = world.outcome(teacher_noise=0.5, student_noise=0.0)
    >>> strong.gain > 0, strong.slack
    (True, 0.0)
    >>> swapped = world.outcome(teacher_noise=0.0, student_noise=0.5)
    >>> swapped.gain == -swapped.misfit
    True
    """

    name = "Noisy copies"
    axes: ClassVar[dict[str, Sequence[Any]]] = {
        "teacher_noise": NOISE,
        "student_noise": NOISE,
    }
    defaults: ClassVar[dict[str, Any]] = {
        "teacher_noise": 0.5,
        "student_noise": 0.1,
    }

    def __init__(
        self, dimension: int = DIMENSION, features: int = FEATURES, tasks: int = TASKS, seed: int = 0
    ) -> None:
        if min(features, tasks) < 1 or features >= dimension:
            raise ValueError(
                f"dimension is {dimension}, features is {features} and tasks is {tasks}: give at "
                "least one task and at least one feature, and more directions than features."
            )
        self.dimension, self.features, self.tasks, self.seed = dimension, features, tasks, seed
        rng = np.random.default_rng(seed)
        self._weights = np.eye(features, dimension)
        self._noise = rng.standard_normal((2, features, dimension)) / np.sqrt(dimension)
        self.truth: FloatArray = rng.standard_normal((tasks, features)) @ self._weights

    outcome = accepts_positions("teacher_noise", "student_noise")(Study.outcome)

    def teacher_weights(self, noise: ArrayLike) -> FloatArray:
        """Return the teacher's representation, ``inputs @ weights.T``, shape (..., features, dimension).

        A row of the true representation has length 1, and its noise about the length ``noise``.
        """
        return self._copy(0, noise)

    def student_weights(self, noise: ArrayLike) -> FloatArray:
        """Return the student's representation; see `teacher_weights`."""
        return self._copy(1, noise)

    def functions(self, teacher_noise: ArrayLike, student_noise: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return every task's teacher and student, shape (..., tasks, dimension); noise levels broadcast."""
        weak, strong = np.broadcast_arrays(np.asarray(teacher_noise), np.asarray(student_noise))
        teacher = self.truth @ self._projection(self.teacher_weights(weak))
        return teacher, teacher @ self._projection(self.student_weights(strong))

    def sides(self, teacher_noise: ArrayLike, student_noise: ArrayLike) -> Sides:
        """Return errors, misfit, gain and slack of every task, exact, each of shape (..., tasks).

        Examples
        --------
        >>> sides = PerturbedRepresentations().sides(0.1, 0.5)
        >>> int((sides.gain < 0).sum())
        100
        """
        teacher, student = self.functions(teacher_noise, student_noise)
        # The mean over directions times their number: over standard normal inputs an error is a length.
        sides = measure_many(self.truth, teacher, student)
        return Sides(*(side * self.dimension for side in sides))

    def eps(self, student_noise: ArrayLike) -> FloatArray:
        """Return the squared distance of every task's truth to the student's class, shape (..., tasks)."""
        blind = self.truth - self.truth @ self._projection(self.student_weights(student_noise))
        squares: FloatArray = np.sum(blind * blind, axis=-1)
        return squares

    @property
    def truth_variance(self) -> float:
        """Squared length of a task, mean over the tasks."""
        return float(np.mean(np.sum(self.truth**2, axis=-1)))

    @property
    def code(self) -> str:
        """The expression in Python that makes this study.

        Examples
        --------
        >>> PerturbedRepresentations(seed=6).code
        'w2s.PerturbedRepresentations(seed=6)'
        """
        names = ("dimension", "features", "tasks", "seed")
        return call_of(self, {name: getattr(self, name) for name in names})

    def _checked(self, name: str, value: Any) -> float:
        return real(name, value, 0)

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        # The mean over all tasks is the triangle of all tasks taken together.
        return [
            Outcome.from_sides(
                self.sides(**setting).mean(),
                err_ceiling=float(np.mean(self.eps(setting["student_noise"]))),
                truth_variance=self.truth_variance,
            )
            for setting in settings
        ]

    def _table(self) -> OutcomeTable:
        return NoiseGrid(self, NOISE).table

    def _copy(self, whose: int, noise: ArrayLike) -> FloatArray:
        level = np.asarray(noise, dtype=np.float64)
        if not np.isfinite(level).all() or (level < 0).any():
            raise ValueError(f"noise is {noise!r}: give numbers that are finite and at least 0.")
        weights: FloatArray = self._weights + level[..., None, None] * self._noise[whose]
        return weights

    def _projection(self, weights: FloatArray) -> FloatArray:
        basis, _ = np.linalg.qr(np.swapaxes(weights, -1, -2))
        projection = basis @ np.swapaxes(basis, -1, -2)
        # Without noise it is known to the last digit, and then truths in the class give a slack of exactly 0.
        exact = np.all(weights == self._weights, axis=(-1, -2))[..., None, None]
        return np.where(exact, self._weights.T @ self._weights, projection)
