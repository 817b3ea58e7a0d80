"""`pretrain`: the representations of a whole sweep, all tasks and all networks as one batch."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.cache import ArrayCache, default_folder
from w2s_widgets.progress.training_monitor import TrainingMonitor
from w2s_widgets.studies.networks.batched_mlp import BatchedMLP
from w2s_widgets.studies.networks.mlp import INPUT_SCALE, WIDTH, Examples, Network, loss_of

STEPS = 12_000
BATCH = 500
RATE = 0.03
DECAY = 0.15

_CHUNK = 40
"""Steps between two looks at the Stop button: with 20,000 rows and batches of 500, one pass."""
_WARM = 0.05
_LEAK = 0.3
_LEAK_GONE = 0.5
_FORMAT = "w2s-pretraining-2"


@dataclass(frozen=True, eq=False)
class Job:
    """One network to pretrain.

    Parameters
    ----------
    name : str
        What its curve is called.
    depth : int
        Number of layers.
    examples : Examples
        Tasks, inputs and labels.
    seed : int or sequence of int
        Of the first weights, and of the order of the examples.
    """

    name: str
    depth: int
    examples: Examples
    seed: int | tuple[int, ...] = 0


@dataclass(frozen=True, eq=False)
class Pretrained:
    """What `pretrain` returns.

    Parameters
    ----------
    networks : tuple of Network
        In the order of the jobs.
    losses : numpy.ndarray of shape (jobs,)
        Mean squared error of each network over all its examples, in float64.
    history : numpy.ndarray of shape (looks, jobs)
        The running loss on batches, in the labels' unit, one row for each 40 steps.
    steps, wanted : int
        Steps that were done, and asked for.
    """

    networks: tuple[Network, ...]
    losses: FloatArray
    history: FloatArray
    steps: int
    wanted: int

    @property
    def finished(self) -> bool:
        """Whether all steps were done."""
        return self.steps >= self.wanted

    def __repr__(self) -> str:
        state = "finished" if self.finished else f"stopped after {self.steps:,} of {self.wanted:,} steps"
        losses = ", ".join(f"{loss:.3g}" for loss in self.losses)
        return f"<{len(self.networks)} networks, {state}, losses {losses}>"


def pretrain(
    jobs: Sequence[Job],
    *,
    steps: int = STEPS,
    batch: int = BATCH,
    device: Any = None,
    keep: bool = True,
    monitor: TrainingMonitor | None = None,
) -> Pretrained:
    """Pretrain representations on tasks whose true heads are frozen on top, by mean squared error.

    All networks learn at once, those of one depth as one batch of matrix products, each from batches of all
    its tasks. Inputs and labels are scaled to deviation 1 while they are learnt, and the scales folded back
    into the first and last layer. The learning rate warms up and falls along a cosine; in the first half
    each unit leaks a little below 0, so that none is lost before it found its place. A network does not
    depend on which others learn beside it, except for rounding.

    It can be stopped: in a notebook by the Stop button or the kernel's own, and the networks are returned as
    they are; elsewhere by an interrupt, which is raised when the checkpoint is written. Either way, and if
    the process is killed, the next call with the same jobs goes on from the last checkpoint, to the same
    bits (on the same kind of device) as if nothing had happened.

    Parameters
    ----------
    jobs : sequence of Job
        The networks.
    steps : int
        Number of steps of each network.
    batch : int
        Examples in each step.
    device : str or torch.device, optional
        ``"cuda"``, ``"mps"``, ``"cpu"``; by default the first of them that there is.
    keep : bool
        Keep checkpoints, and the finished networks, in the cache folder.
    monitor : TrainingMonitor, optional
        What shows progress and says when to stop; by default a `TrainingMonitor` that finds out where it is.

    Returns
    -------
    Pretrained

    Raises
    ------
    ValueError
        If there is no job, or steps or batch is below 1.
    ModuleNotFoundError
        If torch is not installed.

    Examples
    --------
    >>> import pytest; torch = pytest.importorskip("torch", reason="needs torch: pip install -e .[models]")
    >>> from w2s_widgets.studies.networks.mlp import draw_examples, random_network
    >>> examples = draw_examples(random_network(5, rng=0), tasks=4, count=50, rng=1)
    >>> done = pretrain([Job("teacher", 2, examples)], steps=200, batch=50, device="cpu", keep=False)
    >>> done.finished, bool(done.losses[0] < examples.labels.var())
    (True, True)
    """
    if not jobs or steps < 1 or batch < 1:
        raise ValueError(
            f"there are {len(jobs)} jobs, {steps} steps and batches of {batch}: give at least one of each."
        )
    device = device or _best_device()
    run = _Run(jobs, steps, batch, device)
    cache = ArrayCache(default_folder() / "pretraining") if keep else None
    key = run.key()
    kept = cache.load(key) if cache else None
    if kept:
        run.restore(kept)
    monitor = monitor or TrainingMonitor(
        f"Pretraining {len(jobs)} networks on {run.device}", [job.name for job in jobs]
    )
    monitor.start(steps, run.done, run.history)
    saved = run.done
    with monitor.listening(), _one_thread():
        try:
            while run.done < steps and not monitor.stopped:
                losses = run.advance(min(_CHUNK, steps - run.done))
                monitor.show(run.done, losses)
                # A checkpoint takes milliseconds; a killed process loses two hundredths of its work.
                if cache and run.done - saved >= steps / 50:
                    cache.store(key, run.arrays())
                    saved = run.done
        finally:
            monitor.finish(run.done)
        if cache and run.done > saved:
            cache.store(key, run.arrays())
    networks = run.networks()
    losses = np.array([loss_of(network, job.examples) for network, job in zip(networks, jobs, strict=True)])
    return Pretrained(networks, losses, np.array(run.history), run.done, steps)


class _Run:
    """The state of a pretraining: what a checkpoint holds, and how to go on from it."""

    def __init__(self, jobs: Sequence[Job], steps: int, batch: int, device: Any) -> None:
        import torch

        self._torch = torch
        self.jobs, self.steps, self.batch, self.device = jobs, steps, batch, torch.device(device)
        self.done = 0
        self.history: list[FloatArray] = []
        self._scales = np.array([float(job.examples.labels.std()) or 1.0 for job in jobs])
        self._data = [self._tensors(job, scale) for job, scale in zip(jobs, self._scales, strict=True)]
        self._groups: dict[int, list[int]] = {}
        for place, job in enumerate(jobs):
            self._groups.setdefault(job.depth, []).append(place)
        self._stacks = {depth: BatchedMLP(len(group), depth, device) for depth, group in self._groups.items()}
        for depth, group in self._groups.items():
            self._stacks[depth].draw([(0, *_seed(jobs[place])) for place in group])

    def advance(self, count: int) -> FloatArray:
        """Do some steps with all networks and return their losses on the way, in the labels' unit."""
        losses = np.empty(len(self.jobs))
        for depth, group in self._groups.items():
            stack = self._stacks[depth]
            # Drawn for these steps alone: a checkpoint needs no state of a generator.
            rows = [self._rows(place, count) for place in group]
            inputs, heads, targets = [
                self._torch.stack(
                    [self._data[place][part][row] for place, row in zip(group, rows, strict=True)]
                )
                for part in range(3)
            ]
            total = self._torch.zeros(len(group), device=self.device)
            for i in range(count):
                number = self.done + i
                now = slice(i * self.batch, (i + 1) * self.batch)
                share = number / self.steps
                leak = max(0.0, _LEAK * (1 - share / _LEAK_GONE))
                total += stack.loss(inputs[:, now], heads[:, now], targets[:, now], leak)
                warm = min(1.0, (number + 1) / (_WARM * self.steps))
                stack.step(number, RATE * warm * 0.5 * (1 + math.cos(math.pi * share)), DECAY)
            losses[group] = (total / count).double().cpu().numpy() * self._scales[group] ** 2
        self.done += count
        self.history.append(losses)
        return losses

    def networks(self) -> tuple[Network, ...]:
        """Return all networks, on inputs and labels as they are."""
        found: dict[int, Network] = {}
        for depth, group in self._groups.items():
            for place, job in enumerate(group):
                network, scale = self._stacks[depth].network(place), self._scales[job]
                weights, biases = list(network.weights), list(network.biases)
                weights[0] = weights[0] / INPUT_SCALE
                # ReLU lets positive factors through, so that the last layer can carry the labels' scale.
                weights[-1], biases[-1] = weights[-1] * scale, biases[-1] * scale
                found[job] = Network(tuple(weights), tuple(biases))
        return tuple(found[place] for place in range(len(self.jobs)))

    def key(self) -> str:
        """Return the key of the checkpoint: of everything that the result depends on."""
        digest = hashlib.sha256()
        for job in self.jobs:
            for array in (job.examples.inputs, job.examples.labels, *job.examples.tasks):
                digest.update(np.ascontiguousarray(array).tobytes())
        return ArrayCache.key(
            form=_FORMAT,
            data=digest.hexdigest(),
            jobs=[[job.depth, list(_seed(job)), list(job.examples.inputs.shape)] for job in self.jobs],
            settings=[self.steps, self.batch, RATE, DECAY, _CHUNK, _WARM, _LEAK, _LEAK_GONE],
            device=self.device.type,
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the checkpoint."""
        stacks = {
            f"{depth} {name}": array
            for depth, stack in self._stacks.items()
            for name, array in stack.arrays().items()
        }
        return {"done": np.array(self.done), "history": np.array(self.history), **stacks}

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint."""
        for depth, stack in self._stacks.items():
            begin = f"{depth} "
            stack.restore(
                {name.removeprefix(begin): array for name, array in arrays.items() if name.startswith(begin)}
            )
        self.done, self.history = int(arrays["done"].item()), list(arrays["history"])

    def _tensors(self, job: Job, scale: float) -> tuple[Any, Any, Any]:
        inputs, labels, tasks = job.examples
        of_task = np.repeat(np.arange(len(labels)), labels.shape[1])
        arrays = (
            inputs.reshape(-1, inputs.shape[2]) / INPUT_SCALE,
            tasks.weights[of_task].reshape(-1, WIDTH),
            (labels - tasks.biases[:, None]).ravel() / scale,
        )
        inputs_, heads, targets = (
            self._torch.as_tensor(array, dtype=self._torch.float32, device=self.device) for array in arrays
        )
        return inputs_, heads, targets

    def _rows(self, place: int, count: int) -> Any:
        """Draw the examples of the next steps: each once before any comes again."""
        rng = np.random.default_rng([1, *_seed(self.jobs[place]), self.done])
        wanted, there = count * self.batch, len(self._data[place][0])
        orders = [rng.permutation(there) for _ in range(-(-wanted // there))]
        return self._torch.as_tensor(np.concatenate(orders)[:wanted], device=self.device)


def _seed(job: Job) -> tuple[int, ...]:
    return job.seed if isinstance(job.seed, tuple) else (job.seed,)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch compute in one thread: products this small take longer when several wait for each other."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _best_device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
