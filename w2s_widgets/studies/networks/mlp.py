"""`Network`: a ReLU representation in numpy, drawn, perturbed and evaluated without torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray

INPUTS = 8
WIDTH = 16
INPUT_SCALE = 500.0
"""Standard deviation of every input."""


@dataclass(frozen=True, eq=False)
class Network:
    """A multilayer perceptron as a representation: every layer is linear with a bias, then ReLU."""

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]

    def __post_init__(self) -> None:
        if not self.weights or len(self.weights) != len(self.biases):
            raise ValueError(
                f"weights has {len(self.weights)} layers and biases {len(self.biases)}: give both for each "
                "layer, and at least one layer."
            )
        width = self.weights[0].shape[0]
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            if weight.shape != (width, len(bias)):
                raise ValueError(
                    f"layer {layer} has weights of shape {weight.shape} and {len(bias)} biases, but takes "
                    f"{width} numbers: give weights of shape ({width}, {len(bias)})."
                )
            width = len(bias)

    @property
    def depth(self) -> int:
        """Number of layers."""
        return len(self.weights)

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.biases[-1])

    def features(self, inputs: FloatArray) -> FloatArray:
        """Return the representation of inputs, in float64."""
        values = np.asarray(inputs, dtype=np.float64)
        for weight, bias in zip(self.weights, self.biases, strict=True):
            # One fresh array for a layer: what comes after the product is done in place.
            values = values @ weight
            values += bias
            np.maximum(values, 0, out=values)
        return values

    def perturbed(self, noise: float, rng: int | np.random.Generator) -> Network:
        """Return a copy with independent Gaussian noise on every weight and bias."""
        if not np.isfinite(noise) or noise < 0:
            raise ValueError(f"noise is {noise!r}: give a number that is finite and at least 0.")
        rng = np.random.default_rng(rng)
        moved = [
            (
                weight + noise * rng.standard_normal(weight.shape),
                bias + noise * rng.standard_normal(bias.shape),
            )
            for weight, bias in zip(self.weights, self.biases, strict=True)
        ]
        weights, biases = zip(*moved, strict=True)
        return Network(weights, biases)


class Tasks(NamedTuple):
    """Affine heads on a representation, one for each task."""

    weights: FloatArray
    """Shape (tasks, width)."""
    biases: FloatArray
    """Shape (tasks,)."""

    def labels(self, features: FloatArray) -> FloatArray:
        """Return the true labels, without noise."""
        if features.ndim == 2:
            return self.weights @ features.T + self.biases[:, None]
        labels: FloatArray = (features @ self.weights[:, :, None])[..., 0] + self.biases[:, None]
        return labels


class Examples(NamedTuple):
    """What a representation is pretrained on."""

    inputs: FloatArray
    """Shape (tasks, n, inputs): each task has inputs of its own."""
    labels: FloatArray
    """Shape (tasks, n): true labels."""
    tasks: Tasks
    """The true heads, frozen on top of the representation that learns."""


def random_network(depth: int, rng: int | np.random.Generator, *, width: int = WIDTH) -> Network:
    """Draw a network as torch draws its ``Linear`` layers by default.

    Weights and biases of a layer with m inputs are uniform between -1/sqrt(m) and 1/sqrt(m). It is done
    in numpy, so that a world needs no torch, and the same seed gives the same world everywhere.
    """
    if depth < 1 or width < 1:
        raise ValueError(f"depth is {depth} and width is {width}: give at least one layer and one unit.")
    rng = np.random.default_rng(rng)
    weights, biases = [], []
    for inputs in (INPUTS, *[width] * (depth - 1)):
        bound = 1 / np.sqrt(inputs)
        weights.append(rng.uniform(-bound, bound, (inputs, width)))
        biases.append(rng.uniform(-bound, bound, width))
    return Network(tuple(weights), tuple(biases))


def random_tasks(count: int, rng: int | np.random.Generator, *, width: int = WIDTH) -> Tasks:
    """Draw affine heads as torch draws a ``Linear`` layer with one output."""
    rng = np.random.default_rng(rng)
    bound = 1 / np.sqrt(width)
    return Tasks(rng.uniform(-bound, bound, (count, width)), rng.uniform(-bound, bound, count))


def random_inputs(*shape: int, rng: int | np.random.Generator) -> FloatArray:
    """Draw inputs of the given leading shape: independent normal coordinates of deviation 500."""
    inputs: FloatArray = INPUT_SCALE * np.random.default_rng(rng).standard_normal((*shape, INPUTS))
    return inputs


def draw_examples(truth: Network, tasks: int, count: int, rng: int | np.random.Generator) -> Examples:
    """Draw tasks on a true representation, with labelled inputs for each."""
    rng = np.random.default_rng(rng)
    heads = random_tasks(tasks, rng)
    inputs = random_inputs(tasks, count, rng=rng)
    return Examples(inputs, heads.labels(truth.features(inputs)), heads)


def loss_of(network: Network, examples: Examples) -> float:
    """Return the mean squared error of a network under the true heads of its tasks, in float64."""
    errors = examples.tasks.labels(network.features(examples.inputs)) - examples.labels
    return float(np.mean(errors * errors))
