"""Heads that bend: a function of one number on top of a linear head, a class that is not convex.

Appendix D of Charikar, Pabbaraju and Shiragur (2024) repeats the experiment on random networks with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray, choice, integer
from w2s_widgets.studies.blas_threads import on_one_thread
from w2s_widgets.studies.networks.checkpoints import pretrained_network, true_network
from w2s_widgets.studies.networks.mlp import Network, random_inputs, random_tasks
from w2s_widgets.theory.outcome import Sides, measure_many

_Function = Callable[[FloatArray], FloatArray]
_STREAM = 4
_STARTS = 4
_STEPS = 60
_FLAT = 1e-9
_TEACHER, _STUDENT = 2, 8


class Bend(NamedTuple):
    """A function of one number, its slope, and roughly which number gives a value."""

    of: _Function
    slope: _Function
    back: _Function


def _sigmoid(z: FloatArray) -> FloatArray:
    return np.asarray(0.5 + 0.5 * np.tanh(z / 2))


BENDS: dict[str, Bend] = {
    "linear": Bend(lambda z: z, np.ones_like, lambda y: y),
    "tanh": Bend(np.tanh, lambda z: 1 - np.tanh(z) ** 2, lambda y: np.arctanh(np.clip(y, -0.98, 0.98))),
    "relu": Bend(lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float), lambda y: y),
    "sigmoid": Bend(
        _sigmoid,
        lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
        lambda y: np.log(np.clip(y, 0.01, 0.99) / (1 - np.clip(y, 0.01, 0.99))),
    ),
}


class CurvedHeads(NamedTuple):
    """What came of heads that bend, each array of shape (tasks,).

    Parameters
    ----------
    sides : Sides
        Errors, misfit, gain and slack on fresh inputs.
    gradient : numpy.ndarray
        How far each student's fit is from a stationary point: the largest slope of its mean squared error
        along a weight, as a share of that error's scale. Another start may have found a better one: a fit
        in a class that is not convex is never certain.
    """

    sides: Sides
    gradient: FloatArray


@on_one_thread
def curved_heads(
    function: str, *, seed: int = 0, tasks: int = 50, labels: int = 500, tests: int = 2000
) -> CurvedHeads:
    """Repeat the experiment on two pretrained networks with heads ``function`` of a linear one.

    Truth, teacher and student all have such heads: the truth on the true network, with linear parts scaled
    to variance 1. The teacher's is fitted on true labels and the student's on the teacher's, by damped
    Gauss-Newton steps (Levenberg-Marquardt) from several starts. All tasks share their inputs.

    Parameters
    ----------
    function : {"linear", "tanh", "relu", "sigmoid"}
        What bends the head; ``"linear"`` is the experiment of `NetworkStudy`.
    seed : int
        Of networks, tasks and inputs; 0 to 4 are carried.
    tasks, labels, tests : int
        Number of new tasks, of inputs to learn from, and of fresh ones to measure on.

    Returns
    -------
    CurvedHeads

    Raises
    ------
    TypeError, ValueError
        If the function is unknown, or a number out of its range.

    Examples
    --------
    >>> found = curved_heads("tanh", tasks=10)
    >>> float(np.corrcoef(found.sides.misfit, found.sides.gain)[0, 1]) > 0.9
    True
    """
    choice("function", function, BENDS)
    for name, value in (("tasks", tasks), ("labels", labels), ("tests", tests)):
        integer(name, value, 1)
    bend = BENDS[function]
    rng = np.random.default_rng([seed, _STREAM])
    inputs = random_inputs(1, labels + tests, rng=rng)[0]
    truth_features = true_network(seed).features(inputs)
    linear = random_tasks(tasks, rng).labels(truth_features)
    centre, scale = linear.mean(axis=1, keepdims=True), linear.std(axis=1, keepdims=True)
    truth = bend.of((linear - centre) / np.where(scale > 0, scale, 1))
    teacher, _ = _fitted(pretrained_network(seed, _TEACHER), inputs, truth, labels, bend, rng)
    student, gradient = _fitted(pretrained_network(seed, _STUDENT), inputs, teacher, labels, bend, rng)
    return CurvedHeads(measure_many(*(part[:, labels:] for part in (truth, teacher, student))), gradient)


def _fitted(
    network: Network,
    inputs: FloatArray,
    answers: FloatArray,
    labels: int,
    bend: Bend,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Fit a head for each task on the first inputs; return its values on all, and the gradients left."""
    features = network.features(inputs)
    spread = features[:labels].std(axis=0)
    rows = (features - features[:labels].mean(axis=0)) / np.where(spread > 0, spread, 1)
    rows = np.column_stack([rows, np.ones(len(rows))])
    known, wanted = rows[:labels], answers[:, :labels]
    best = np.full(len(answers), np.inf)
    weights = np.zeros((len(answers), rows.shape[1]))
    gradient = np.zeros(len(answers))
    for start in _starts(known, wanted, bend, rng):
        found, error, slope = _descend(known, wanted, start, bend)
        better = error < best
        best[better], weights[better], gradient[better] = error[better], found[better], slope[better]
    return bend.of(weights @ rows.T), gradient


def _starts(
    known: FloatArray, wanted: FloatArray, bend: Bend, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """Give the linear fit to what the labels may have been before they were bent, and others around it."""
    first = np.asarray(np.linalg.lstsq(known, bend.back(wanted).T, rcond=None)[0].T, dtype=float)
    yield first
    for _ in range(_STARTS - 1):
        other: FloatArray = first * rng.uniform(0.5, 1.5, (len(first), 1))
        yield other + 0.3 * rng.standard_normal(first.shape)


def _descend(
    known: FloatArray, wanted: FloatArray, weights: FloatArray, bend: Bend
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Take damped Gauss-Newton steps for all tasks at once; a step that makes it worse is not taken."""
    n, width = known.shape
    damping: FloatArray = np.full(len(weights), 1e-3)
    products = (known[:, :, None] * known[:, None, :]).reshape(n, -1)
    scale = np.maximum(wanted.var(axis=1), np.finfo(float).tiny)

    def error_of(candidate: FloatArray) -> FloatArray:
        return np.asarray(np.mean((bend.of(candidate @ known.T) - wanted) ** 2, axis=1))

    error, slope = error_of(weights), np.zeros_like(weights)
    for _ in range(_STEPS):
        z = weights @ known.T
        bent = bend.slope(z)
        slope = ((bend.of(z) - wanted) * bent) @ known / n
        if (np.abs(slope).max(axis=1) <= _FLAT * scale).all():
            break
        curvature = (bent**2 @ products / n).reshape(-1, width, width)
        size = np.trace(curvature, axis1=1, axis2=2) / width
        ridge = (damping * size + 1e-12)[:, None, None] * np.eye(width)
        step = np.linalg.solve(curvature + ridge, slope[..., None])[..., 0]
        tried = weights - step
        after = error_of(tried)
        good = after < error
        weights = np.where(good[:, None], tried, weights)
        error = np.where(good, after, error)
        damping = np.clip(np.where(good, damping / 4, damping * 4), 1e-12, 1e6)
    return weights, error, np.abs(slope).max(axis=1) / scale
