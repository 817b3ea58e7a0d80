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
    """A multilayer perceptron as a representation: every layer is linear with a bias, then ReLU.

    Parameters
    ----------
    weights : tuple of numpy.ndarray
        One array of shape (inputs of the layer, outputs of the layer) for each layer.
    biases : tuple of numpy.ndarray
        One array of shape (outputs of the layer,) for each layer.

    Raises
    ------
    ValueError
        If the layers do not fit each other.

    Examples
    --------
    >>> network = random_network(3, rng=0)
    >>> network.depth, network.features(np.zeros((5, 8))).shape
    (3, (5, 16))
    """

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
        """Return the representation of inputs, in float64.

        Parameters
        ----------
        inputs : numpy.ndarray of shape (..., inputs)

        Returns
        -------
        numpy.ndarray of shape (..., width)
        """
        values = np.asarray(inputs, dtype=np.float64)
        for weight, bias in zip(self.weights, self.biases, strict=True):
            # One fresh array for a layer: what comes after the product is done in place.
            values = values @ weight
            values += bias
            np.maximum(values, 0, out=values)
        return values

    def perturbed(self, noise: float, rng: int | np.random.Generator) -> Network:
        """Return a copy with independent Gaussian noise on every weight and bias.

        Parameters
        ----------
        noise : float
            Its standard deviation. The same ``rng`` gives the same direction at every noise.
        rng : int or numpy.random.Generator
            The seed or generator.

        Raises
        ------
        ValueError
            If the noise is negative or not finite.

        Examples
        --------
        >>> network = random_network(2, rng=0)
        >>> one, two = (network.perturbed(noise, rng=1) for noise in (0.1, 0.2))
        >>> bool(np.allclose(two.weights[1] - one.weights[1], one.weights[1] - network.weights[1]))
        True
        """
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
        """Return the true labels, without noise.

        Parameters
        ----------
        features : numpy.ndarray of shape (tasks, n, width) or (n, width)
            Of each task's own inputs, or of inputs that all tasks share.

        Returns
        -------
        numpy.ndarray of shape (tasks, n)
        """
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

    Parameters
    ----------
    depth : int
        Number of layers, at least 1.
    rng : int or numpy.random.Generator
        The seed or generator.
    width : int
        Outputs of each layer.

    Raises
    ------
    ValueError
        If depth or width is below 1.

    Examples
    --------
    >>> network = random_network(2, rng=0)
    >>> [weight.shape for weight in network.weights]
    [(8, 16), (16, 16)]
    >>> bool(np.abs(network.weights[1]).max() <= 0.25)
    True
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
    """Draw affine heads as torch draws a ``Linear`` layer with one output.

    Examples
    --------
    >>> random_tasks(10, rng=0).weights.shape
    (10, 16)
    """
    rng = np.random.default_rng(rng)
    bound = 1 / np.sqrt(width)
    return Tasks(rng.uniform(-bound, bound, (count, width)), rng.uniform(-bound, bound, count))


def random_inputs(*shape: int, rng: int | np.random.Generator) -> FloatArray:
    """Draw inputs of the given leading shape: independent normal coordinates of deviation 500.

    Examples
    --------
    >>> random_inputs(3, 20, rng=0).shape
    (3, 20, 8)
    """
    inputs: FloatArray = INPUT_SCALE * np.random.default_rng(rng).standard_normal((*shape, INPUTS))
    return inputs


def draw_examples(truth: Network, tasks: int, count: int, rng: int | np.random.Generator) -> Examples:
    """Draw tasks on a true representation, with labelled inputs for each.

    Examples
    --------
    >>> examples = draw_examples(random_network(5, rng=0), tasks=10, count=50, rng=1)
    >>> examples.inputs.shape, examples.labels.shape
    ((10, 50, 8), (10, 50))
    """
    rng = np.random.default_rng(rng)
    heads = random_tasks(tasks, rng)
    inputs = random_inputs(tasks, count, rng=rng)
    return Examples(inputs, heads.labels(truth.features(inputs)), heads)


def loss_of(network: Network, examples: Examples) -> float:
    """Return the mean squared error of a network under the true heads of its tasks, in float64.

    Examples
    --------
    >>> truth = random_network(5, rng=0)
    >>> loss_of(truth, draw_examples(truth, tasks=4, count=50, rng=1))
    0.0
    """
    errors = examples.tasks.labels(network.features(examples.inputs)) - examples.labels
    return float(np.mean(errors * errors))
