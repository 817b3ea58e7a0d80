"""`NetworkStudy`: the paper's random ReLU networks, a hundred tasks at a time, every head fitted at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._validation import FloatArray, choice, flag, integer
from w2s_widgets.studies.networks.checkpoints import carried_seeds, pretraining_examples, true_network
from w2s_widgets.studies.networks.mlp import Network, loss_of
from w2s_widgets.studies.networks.representations import (
    EXACT,
    PRETRAINED,
    Networks,
    Representation,
    named,
    noisy,
)
from w2s_widgets.studies.networks.table import REASONS, network_table
from w2s_widgets.studies.networks.tasks import TaskFits, Triangles, task_fits
from w2s_widgets.studies.study import Study, call_of
from w2s_widgets.theory.certificate import Certificate
from w2s_widgets.theory.outcome import Outcome, Sides
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.theory.slack import SlackParts

__all__ = ["NetworkStudy"]

TASKS = 100
LABELS = 2000
TESTS = 2000
NOISE_LEVELS = (0.01, 0.05, 0.1)
BUDGETS = (100, 200, 500)
HEADS = ("linear", "ball", "ridge")
"""Classes of the student's heads: least squares; with a budget on the weights; with a penalty on them."""

PAIRS = ("realizable", "pretrained", "perturbed")

_DRAWS = ("tasks", "labels", "tests", "shared_inputs", "unit_variance")
_OPTIONS = ("seed", "swapped", "few", *_DRAWS, "in_sample")


class NetworkStudy(Study):
    """Truth, teacher and student as random ReLU networks, as in the paper's synthetic experiment.

    The true representation has five layers, each linear with a bias and then ReLU, of width 16, with weights
    as torch draws them by default (here in numpy, so that no torch is needed). Inputs are 8 independent
    normal numbers of deviation 500. A task is a random affine head on it; labels have no noise. Teacher and
    student are heads on frozen representations of their own:

    ``"realizable"``
        the student's representation is the true one, the teacher's has 2 layers and was pretrained;
    ``"pretrained"``
        both were pretrained: 8 layers for the student, 2 for the teacher;
    ``"perturbed"``
        both are the true one with Gaussian noise on every weight and bias.

    On each new task the teacher's head is fitted on true labels, and the student's on the teacher's labels of
    the same inputs, both by least squares; errors are measured on fresh inputs. (In the paper's code heads
    are trained step by step, and gain and misfit are measured on two different sets of fresh inputs. Here it
    is one set, so that gain = misfit + slack holds to rounding.)

    Parameters
    ----------
    pair : {"pretrained", "realizable", "perturbed"}
        Which two representations.
    seed : int
        Of everything. For some seeds pretrained networks are carried; for others they are trained when
        they are first needed, which takes torch and about half a minute.
    swapped : bool
        Exchange the two roles.
    few : bool
        Take representations that were pretrained on few examples (5 tasks with 250 inputs, instead of 10
        with 2,000).
    teacher_noise, student_noise : float, optional
        Of the perturbed pair: deviation of the noise on each number; 0.05 and 0.01 by default.
    tasks, labels, tests : int
        Number of new tasks; of inputs to learn from, and to measure on, for each.
    shared_inputs : bool
        Let all tasks have the same inputs, which is some fifty times less work. In the paper each task has
        its own.
    unit_variance : bool
        Scale each task so that its labels have variance 1, as if errors were told as shares of it.
    in_sample : bool
        Measure on the inputs that the heads were fitted on instead of fresh ones, as if they were the whole
        population. The student is then the exact projection of its teacher.
    networks : mapping, optional
        Pretrained networks to take instead, as `pretrain_networks` returns them.

    Attributes
    ----------
    teacher, student : str
        Names of the two representations.
    name : str
        What an explorer is called that shows it.

    Raises
    ------
    TypeError, ValueError
        If the pair is unknown, a number is out of its range, or noise is given for a pair that has none.

    Examples
    --------
    >>> world = NetworkStudy("realizable", tasks=10, in_sample=True)
    >>> sides = world.sides()
    >>> sides.gain.shape, bool(np.allclose(sides.gain, sides.misfit, rtol=1e-8))
    ((10,), True)
    >>> swapped = NetworkStudy("realizable", tasks=10, swapped=True).outcome()
    >>> round(swapped.gain / swapped.misfit, 2)
    -1.0
    """

    name = "Random networks"
    copied = "network"
    reasons = REASONS

    def __init__(
        self,
        pair: str = "pretrained",
        *,
        seed: int = 0,
        swapped: bool = False,
        few: bool = False,
        teacher_noise: float | None = None,
        student_noise: float | None = None,
        tasks: int = TASKS,
        labels: int = LABELS,
        tests: int = TESTS,
        shared_inputs: bool = False,
        unit_variance: bool = False,
        in_sample: bool = False,
        networks: Networks | None = None,
    ) -> None:
        choice("pair", pair, PAIRS)
        if pair != "perturbed" and (teacher_noise, student_noise) != (None, None):
            raise ValueError(f"noise is given, but the {pair} pair has none: take pair='perturbed'.")
        if pair == "perturbed" and few:
            raise ValueError("few is True, but the perturbed pair is not pretrained: leave few out.")
        self.pair, self.seed = pair, integer("seed", seed)
        self.tasks = integer("tasks", tasks, 1)
        self.labels = integer("labels", labels, 2)
        self.tests = integer("tests", tests, 2)
        self.swapped, self.few = flag("swapped", swapped), flag("few", few)
        self.shared_inputs = flag("shared_inputs", shared_inputs)
        self.unit_variance = flag("unit_variance", unit_variance)
        self.in_sample = flag("in_sample", in_sample)
        self.networks = dict(networks or {})
        self._noise = {"teacher_noise": teacher_noise, "student_noise": student_noise}
        shallow, deep = (Representation(depth=depth, few=self.few) for depth in (2, 8))
        weak, strong = {
            "realizable": (shallow, Representation()),
            "pretrained": (shallow, deep),
            "perturbed": (
                noisy(0.05 if teacher_noise is None else teacher_noise),
                noisy(0.01 if student_noise is None else student_noise),
            ),
        }[pair]
        self.teacher, self.student = (strong.name, weak.name) if swapped else (weak.name, strong.name)

    def pretraining_loss(self, depth: int) -> float:
        """Return the loss of a pretrained network, of 2 or 8 layers, on what it was pretrained on.

        Examples
        --------
        >>> world = NetworkStudy()
        >>> world.pretraining_loss(8) < 0.1 * world.pretraining_loss(2)
        True
        """
        learnt = Representation(depth=depth, few=self.few)
        network = learnt.network("student", self.seed, self.networks)
        return loss_of(network, pretraining_examples(self.seed, learnt.amount))

    def truth(self, seed: int | None = None) -> Network:
        """Return the true representation."""
        return true_network(self.seed if seed is None else seed)

    def network(self, role: str, name: str | None = None, seed: int | None = None) -> Network:
        """Return a representation.

        Parameters
        ----------
        role : {"teacher", "student"}
            Whose: the two have different noise, of the same deviation, under one name.
        name : str, optional
            Such as ``"8 layers"`` or ``"noise 0.05"``; this world's own by default.
        seed : int, optional
            This world's own by default.

        Raises
        ------
        TypeError, ValueError
            If role or name is unknown.

        Examples
        --------
        >>> world = NetworkStudy()
        >>> world.network("student").depth, world.network("teacher", "noise 0.1").depth
        (8, 5)
        """
        own = getattr(self, choice("role", role, ("teacher", "student")))
        chosen = named(own if name is None else name)
        return chosen.network(role, self.seed if seed is None else seed, self.networks)

    def fits(self, seed: int | None = None) -> TaskFits:
        """Return the tasks with all that is fitted on them; worlds with the same tasks share it."""
        return task_fits(self.seed if seed is None else seed, *(getattr(self, name) for name in _DRAWS))

    def triangles(self, **setting: Any) -> Triangles:
        """Return the corners of every task's triangle for a setting, with a first axis of length 1.

        Parameters
        ----------
        **setting
            Values by the names of `axes`; this world's own where one is not named.

        Raises
        ------
        TypeError, ValueError
            If a name or value is unknown, of the wrong kind or out of range.
        """
        full = self.setting(**setting)
        fits = self.fits(full["seed"])
        teacher, student = (self.network(role, full[role], full["seed"]) for role in ("teacher", "student"))
        return fits.triangles(
            [teacher], student, labels=full["labels"], in_sample=self.in_sample, head=full["head"]
        )

    def sides(
        self,
        teacher_noise: ArrayLike | None = None,
        student_noise: ArrayLike | None = None,
    ) -> Sides:
        """Return errors, misfit, gain and slack of every task, each of shape (..., tasks).

        Parameters
        ----------
        teacher_noise, student_noise : array-like, optional
            Noise levels of a perturbed pair; they broadcast. By default this world's own pair is measured.

        Raises
        ------
        ValueError
            If a level is negative or not finite, or only one of the two is given.

        Examples
        --------
        >>> world = NetworkStudy("perturbed", tasks=20, shared_inputs=True)
        >>> world.sides([0.05, 0.1], 0.01).gain.shape
        (2, 20)
        """
        if teacher_noise is None and student_noise is None:
            return Sides(*(side[0] for side in self.triangles().sides))
        if teacher_noise is None or student_noise is None:
            raise ValueError("one noise level is given and the other is not: give both, or none.")
        teachers, students = np.broadcast_arrays(
            np.asarray(teacher_noise, dtype=np.float64), np.asarray(student_noise, dtype=np.float64)
        )
        shape = teachers.shape
        measured = np.empty((5, teachers.size, self.tasks))
        # For one student, all teachers at once: the work on the student's features is shared.
        for level in np.unique(students):
            places = np.flatnonzero(students.ravel() == level)
            triangles = self._noisy(teachers.ravel()[places], float(level))
            measured[:, places] = np.stack(triangles.sides)
        return Sides(*measured.reshape(5, *shape, self.tasks))

    def eps(self, student_noise: ArrayLike) -> FloatArray:
        """Return the squared distance of every task's truth to the student's class, shape (..., tasks)."""
        levels = np.asarray(student_noise, dtype=np.float64)
        found = [self._noisy(np.zeros(1), float(level)).eps for level in levels.ravel()]
        return np.stack(found).reshape(*levels.shape, self.tasks)

    @property
    def truth_variance(self) -> float:
        """Variance of the true labels of the inputs measured on, mean over the tasks."""
        return float(np.mean(np.var(self.fits().answers[0 if self.in_sample else 1], axis=-1)))

    @property
    def exact(self) -> NetworkStudy:
        """The same world with its labelled inputs as the whole population, shared by all tasks.

        Each task is scaled to variance 1, so that no single one sets the scale of a picture. Every student is
        then an exact projection, and hundreds of states take a second: what an explorer of noise levels
        measures.
        """
        options = self._options() | {"in_sample": True, "shared_inputs": True, "unit_variance": True}
        return NetworkStudy(self.pair, networks=self.networks, **options)

    def parts(self, **setting: Any) -> SlackParts:
        """Split the slack of a linear head, mean over the tasks, into what broken assumptions made it.

        Parameters
        ----------
        **setting
            As in `triangles`.

        Raises
        ------
        TypeError, ValueError
            As `triangles`, and if the head is not linear.

        Examples
        --------
        >>> parts = NetworkStudy("perturbed", tasks=20).parts()
        >>> abs(parts.total - parts.slack) < 1e-9, parts.shape
        (True, 0.0)
        """
        self._need_linear(setting)
        return self.triangles(**setting).slack_parts()

    def certificate(self, task: int = 0, **setting: Any) -> Certificate:
        """Certify the linear head of one task: which assumptions hold, and what is promised therefore.

        Parameters
        ----------
        task : int
            Number of the task, from 0.
        **setting
            As in `triangles`.

        Raises
        ------
        TypeError, ValueError
            As `triangles`, and if there is no such task, or the head is not linear.

        Examples
        --------
        >>> certificate = NetworkStudy("realizable", tasks=3, in_sample=True).certificate(1)
        >>> certificate.promise, certificate.agrees
        ('equality', True)
        """
        integer("task", task, 0, self.tasks - 1)
        self._need_linear(setting)
        full = self.setting(**setting)
        teacher, student = (self.network(role, full[role], full["seed"]) for role in ("teacher", "student"))
        return self.fits(full["seed"]).certificate(
            task, teacher, student, labels=full["labels"], in_sample=self.in_sample
        )

    # The study: what a sweep or an explorer asks

    @property
    def axes(self) -> dict[str, tuple[Any, ...]]:
        """The values of each part of a setting: representations, a seed, labels, the student's head."""
        names = [known.name for known in (*PRETRAINED, *map(noisy, NOISE_LEVELS))]
        own = [name for name in (self.teacher, self.student) if name not in (*names, EXACT)]
        seeds = sorted({self.seed, *carried_seeds(), *(seed for seed, _, _ in self.networks)})
        budgets = sorted({self.labels, *(budget for budget in BUDGETS if budget < self.labels)})
        return {
            "teacher": (*names, *own, EXACT),
            "student": (EXACT, *names, *own),
            "seed": tuple(seeds),
            "labels": tuple(budgets),
            "head": HEADS,
        }

    @property
    def defaults(self) -> dict[str, Any]:
        """The value of this world itself on every axis."""
        return {
            "teacher": self.teacher,
            "student": self.student,
            "seed": self.seed,
            "labels": self.labels,
            "head": HEADS[0],
        }

    @property
    def fingerprint(self) -> str:
        """The sha256 of all that outcomes depend on beside their settings."""
        digest = hashlib.sha256(b"NetworkStudy 2\n")
        digest.update(repr(tuple(getattr(self, name) for name in (*_DRAWS, "in_sample"))).encode())
        for key, network in sorted(self.networks.items(), key=lambda item: item[0]):
            digest.update(repr(key).encode())
            for array in (*network.weights, *network.biases):
                digest.update(np.ascontiguousarray(array).tobytes())
        # The carried networks may be made anew one day.
        for seed in carried_seeds():
            for known in PRETRAINED:
                digest.update(known.network("teacher", seed, {}).weights[-1].tobytes())
        return digest.hexdigest()

    def outcome(self, **setting: Any) -> Outcome:
        """Return the mean outcome over all tasks, which is the triangle of all tasks taken together.

        Examples
        --------
        >>> outcome = NetworkStudy(tasks=20).outcome(labels=500)
        >>> outcome.gain > 0, outcome.n
        (True, 2000)
        """
        triangles = self.triangles(**setting)
        return Outcome.from_sides(
            triangles.sides.mean(),
            n=triangles.truth.shape[-1],
            err_ceiling=float(triangles.err_ceiling.mean()),
            truth_variance=float(np.mean(np.var(triangles.truth, axis=-1))),
        )

    def batch_of(self, setting: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what settings have in common whose computation shares work: the tasks, the student."""
        full = self.defaults | dict(setting)
        return (full["seed"], full["student"])

    @property
    def code(self) -> str:
        """The expression in Python that makes this world.

        Examples
        --------
        >>> NetworkStudy("perturbed", student_noise=0.02).code
        "w2s.NetworkStudy('perturbed', student_noise=0.02)"
        """
        return call_of(self, self._options(), repr(self.pair))

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        return [self._outcome_or_reason(setting) for setting in settings]

    def _table(self) -> OutcomeTable:
        return network_table(self)

    def __repr__(self) -> str:
        return (
            f"<NetworkStudy {self.pair!r}: teacher {self.teacher!r}, student {self.student!r}, "
            f"{self.tasks} tasks, seed {self.seed}>"
        )

    def _noisy(self, teacher_levels: FloatArray, student_level: float) -> Triangles:
        def copy(role: str, level: float) -> Network:
            return noisy(float(level)).network(role, self.seed, self.networks)

        teachers = [copy("teacher", level) for level in teacher_levels]
        return self.fits().triangles(teachers, copy("student", student_level), in_sample=self.in_sample)

    def _options(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _OPTIONS} | self._noise

    def _need_linear(self, setting: Mapping[str, Any]) -> None:
        if setting.get("head", HEADS[0]) != HEADS[0]:
            raise ValueError(
                f"head is {setting['head']!r}: a network's slack is divided for linear heads only, so leave "
                "head out."
            )

    def _outcome_or_reason(self, setting: Mapping[str, Any]) -> Outcome | str:
        try:
            return self.outcome(**setting)
        except (ImportError, TypeError, ValueError) as problem:
            return str(problem)

    def _checked(self, name: str, value: Any) -> Any:
        if name in ("teacher", "student"):
            named(value)
            return value
        if name == "head":
            return choice(name, value, HEADS)
        return integer(name, value) if name == "seed" else integer(name, value, 2, self.labels)
