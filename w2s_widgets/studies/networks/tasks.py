"""`TaskFits`: new tasks on one true network, and every teacher, student and ceiling head fitted on them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads import LinearHead
from w2s_widgets.heads.batched import RowFits, fit_heads
from w2s_widgets.studies.features.preprocessing import prepare
from w2s_widgets.studies.networks.checkpoints import true_network
from w2s_widgets.studies.networks.mlp import Network, random_inputs, random_tasks
from w2s_widgets.theory.certificate import Certificate, certify
from w2s_widgets.theory.outcome import Sides, measure_many
from w2s_widgets.theory.slack import SlackParts

RADIUS = 2.0
"""Budget of the ball: length of the weights on standardised features, in standard deviations of the truth."""

_KEPT = 4
"""Networks whose features are kept: each takes about 50 MB at the usual sizes."""
_KEPT_TRIANGLES = 8
_TASKS_STREAM = 2


@dataclass(frozen=True, eq=False)
class Triangles:
    """The corners of every task's triangle on the inputs that errors are measured on.

    Arrays have the shapes (teachers, tasks, n) for what depends on the teacher and (tasks, n) for the rest.
    """

    truth: FloatArray
    teacher: FloatArray
    student: FloatArray
    ceiling: FloatArray
    features: FloatArray
    """Shape (tasks or 1, n, width): the student's representation of these inputs."""

    @property
    def sides(self) -> Sides:
        """Errors, misfit, gain and slack, each of shape (teachers, tasks)."""
        return measure_many(self.truth, self.teacher, self.student)

    @property
    def err_ceiling(self) -> FloatArray:
        """The ceiling's error, shape (tasks,)."""
        error: FloatArray = np.mean((self.truth - self.ceiling) ** 2, axis=-1)
        return error

    @cached_property
    def projections(self) -> tuple[FloatArray, FloatArray]:
        """What the class is nearest to teacher and truth with on these inputs: the ideal student, and c."""
        best = _fitted(self.features, _by_task(self.teacher, self.truth), self.features)
        return best[:, :-1].swapaxes(0, 1), best[:, -1]

    @property
    def eps(self) -> FloatArray:
        """Squared distance of the truth to the class on these inputs, shape (tasks,)."""
        eps: FloatArray = np.mean((self.truth - self.projections[1]) ** 2, axis=-1)
        return eps

    @property
    def sample_distance(self) -> FloatArray:
        """Squared distance of the student to the ideal one, shape (teachers, tasks)."""
        distance: FloatArray = np.mean((self.student - self.projections[0]) ** 2, axis=-1)
        return distance

    def parts(self) -> dict[str, FloatArray]:
        """Split each slack as `explain_slack` does, each part of shape (teachers, tasks).

        A linear class has no part from its shape, and a least-squares fit none from being unfinished, so
        two parts are left: ``alignment`` and ``finite_sample``; their sum is the slack.
        """
        ideal, nearest = self.projections
        f, g, q = self.truth, self.teacher, self.student
        return {
            "alignment": 0 - 2 * np.mean((g - ideal) * (f - nearest), axis=-1),
            "finite_sample": 2 * np.mean((q - ideal) * (f + g - q - ideal), axis=-1),
        }

    def slack_parts(self) -> SlackParts:
        """Return the parts as means over the tasks, with the distances behind them."""
        return SlackParts(
            **{name: float(values.mean()) for name, values in self.parts().items()},
            shape=0.0,
            unfinished_fit=0.0,
            slack=float(self.sides.slack.mean()),
            eps=float(self.eps.mean()),
            sample_distance=float(self.sample_distance.mean()),
            fit_distance=0.0,
        )


class TaskFits:
    """Tasks on a true network, with labelled inputs to learn from and fresh ones to measure on."""

    def __init__(
        self,
        truth: Network,
        *,
        tasks: int,
        labels: int,
        tests: int,
        shared: bool,
        unit_variance: bool = False,
        rng: int | np.random.Generator | Sequence[int],
    ) -> None:
        generator = np.random.default_rng(rng)
        self.truth = truth
        self.heads = random_tasks(tasks, generator)
        self.labels = labels
        draws = 1 if shared else tasks
        self._inputs = random_inputs(draws, labels, rng=generator), random_inputs(draws, tests, rng=generator)
        self._unit_variance = unit_variance
        self._features: OrderedDict[int, tuple[Network, tuple[FloatArray, FloatArray]]] = OrderedDict()
        self._triangles: OrderedDict[tuple[Any, ...], tuple[Any, Triangles]] = OrderedDict()
        self._teachers: dict[tuple[int, int], tuple[Network, FloatArray, FloatArray]] = {}

    @cached_property
    def answers(self) -> tuple[FloatArray, FloatArray]:
        """The true labels of both sets of inputs, each of shape (tasks, n)."""
        learnt, measured = (self._labelled(self.truth.features(inputs)) for inputs in self._inputs)
        if not self._unit_variance:
            return learnt, measured
        # A true network with dead last units would give constant labels, which have no scale.
        deviation = learnt.std(axis=1, keepdims=True)
        deviation[deviation == 0] = 1
        return learnt / deviation, measured / deviation

    def features(self, network: Network) -> tuple[FloatArray, FloatArray]:
        """Return a representation of both sets of inputs, each of shape (tasks or 1, n, width)."""
        if id(network) not in self._features:
            learnt, measured = (network.features(inputs) for inputs in self._inputs)
            # The network is kept too, so that its id stays its own.
            self._features[id(network)] = (network, (learnt, measured))
            while len(self._features) > _KEPT:
                self._features.popitem(last=False)
        self._features.move_to_end(id(network))
        return self._features[id(network)][1]

    def teacher(self, network: Network, labels: int | None = None) -> tuple[FloatArray, FloatArray]:
        """Return the teachers fitted on the first true labels, on both sets of inputs, (tasks, n) each."""
        count = labels or self.labels
        key = (id(network), count)
        if key not in self._teachers:
            learnt, measured = self.features(network)
            answers = self.answers[0][:, None, :count]
            values = (_fitted(learnt[:, :count], answers, part)[:, 0] for part in (learnt, measured))
            exact = network is self.truth and self._determined(count)
            self._teachers[key] = (network, *(self.answers if exact else values))
        return self._teachers[key][1:]

    def triangles(
        self,
        teachers: Sequence[Network],
        student: Network,
        *,
        labels: int | None = None,
        in_sample: bool = False,
        head: str = "linear",
    ) -> Triangles:
        """Fit a student on every teacher's labels of the teacher's own inputs, and a ceiling on the truth."""
        count = labels or self.labels
        if len(teachers) > 1:
            return self._fit(teachers, student, count, in_sample, head)  # asked once, and large
        key = (*map(id, teachers), id(student), count, in_sample, head)
        if key not in self._triangles:
            found = self._fit(teachers, student, count, in_sample, head)
            self._triangles[key] = ((*teachers, student), found)
            while len(self._triangles) > _KEPT_TRIANGLES:
                self._triangles.popitem(last=False)
        return self._triangles[key][1]

    def certificate(
        self, task: int, teacher: Network, student: Network, *, labels: int, in_sample: bool
    ) -> Certificate:
        """Certify one task's linear student; other arguments as in `triangles`."""
        lessons, learnt = self.teacher(teacher, labels)[0], self.features(student)[0]
        rows = learnt[task if len(learnt) > 1 else 0, :labels]
        head = LinearHead().fit(rows, lessons[task, :labels])
        found = self.triangles([teacher], student, labels=labels, in_sample=in_sample)
        measured = found.features[task if len(found.features) > 1 else 0]
        truth, said = found.truth[task], found.teacher[0, task]
        return certify(head, measured, truth, said, fitted_on=(rows, lessons[task, :labels]))

    def _fit(
        self, teachers: Sequence[Network], student: Network, count: int, in_sample: bool, head: str
    ) -> Triangles:
        learnt, measured = self.features(student)
        said = [self.teacher(network, count) for network in teachers]
        place = 0 if in_sample else 1
        rows = slice(count) if in_sample else slice(None)
        lessons = np.stack([learnt_labels[:, :count] for learnt_labels, _ in said])
        features = learnt[:, :count] if in_sample else measured
        answers = _by_task(lessons, self.answers[0][:, :count])
        fitted_values = _fitted if head == "linear" else partial(self._restrained, head)
        found = fitted_values(learnt[:, :count], answers, features)
        truth = self.answers[place][:, rows]
        teacher = np.stack([pair[place][:, rows] for pair in said])
        fitted = found[:, :-1].swapaxes(0, 1)
        # Whoever has its teacher's own representation can copy it, which is known to the last digit.
        determined = head == "linear" and self._determined(count)
        same = np.array([network is student for network in teachers]) & determined
        return Triangles(
            truth=truth,
            teacher=teacher,
            student=np.where(same[:, None, None], teacher, fitted),
            ceiling=truth if student is self.truth and determined else found[:, -1],
            features=features,
        )

    def _restrained(
        self, head: str, learnt: FloatArray, answers: FloatArray, measured: FloatArray
    ) -> FloatArray:
        """Return what `_fitted` does, for heads that hold back, within `RADIUS` or by a chosen penalty.

        Regularization depends on the units of the features. As in `FeatureStudy` they are standardised first,
        over labelled and other inputs together (no label is looked at), and turned by `prepare`.
        """
        tasks, outputs, n = answers.shape
        scale = np.broadcast_to(np.std(self.answers[0], axis=-1)[:, None], (tasks, outputs))
        if len(learnt) == 1:
            answers, scale = answers.reshape(1, -1, n), scale.reshape(1, -1)
        values = np.empty((*answers.shape[:2], measured.shape[1]))
        for draw, (known, other, labels, unit) in enumerate(
            zip(learnt, measured, answers, scale[..., None], strict=True)
        ):
            prepared = prepare(np.concatenate([known, other]), "the student's representation")
            fits = RowFits(prepared[: len(known)])
            values[draw] = fits.fitted(head, labels / unit, RADIUS).predict(prepared[len(known) :]) * unit
        return values.reshape(tasks, outputs, -1)

    def _determined(self, count: int) -> bool:
        """Whether so many labels leave no head of a class open."""
        return count > self.truth.width

    def _labelled(self, features: FloatArray) -> FloatArray:
        return self.heads.labels(features[0] if len(features) == 1 else features)


def _fitted(features: FloatArray, answers: FloatArray, measured: FloatArray) -> FloatArray:
    """Fit heads to answers (tasks, outputs, n); return their values on other inputs, (tasks, outputs, m)."""
    tasks, outputs, n = answers.shape
    # With shared inputs all tasks are outputs of one fit.
    together = answers.reshape(1, -1, n) if len(features) == 1 else answers
    return fit_heads(features, together).predict(measured).reshape(tasks, outputs, -1)


def _by_task(teachers: FloatArray, truth: FloatArray) -> FloatArray:
    """Return labels of shape (tasks, teachers + 1, n) from (teachers, tasks, n) and (tasks, n)."""
    return np.concatenate([teachers, truth[None]]).swapaxes(0, 1)


def task_fits(seed: int, tasks: int, labels: int, tests: int, shared: bool, unit_variance: bool) -> TaskFits:
    """Return the tasks of a seed, the same object for the same ones."""
    return (_shared_inputs if shared else _own_inputs)(seed, tasks, labels, tests, shared, unit_variance)


def _drawn(seed: int, tasks: int, labels: int, tests: int, shared: bool, unit_variance: bool) -> TaskFits:
    return TaskFits(
        true_network(seed),
        tasks=tasks,
        labels=labels,
        tests=tests,
        shared=shared,
        unit_variance=unit_variance,
        rng=[seed, _TASKS_STREAM],
    )


# Tasks with inputs of their own take hundreds of megabytes with their features, those that share them little.
_own_inputs, _shared_inputs = lru_cache(maxsize=2)(_drawn), lru_cache(maxsize=8)(_drawn)
