"""`BatchedMLP`: many networks of one depth as one batch of torch tensors, with gradient and optimiser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.studies.networks.mlp import INPUTS, WIDTH, Network

_INITIAL_GAIN = 0.7
_MOMENTUM = 0.9
_SQUARES = 0.99
_FACTORS = 0.99
_TURN_EVERY = 20
_RIDGE = 0.01
"""Of a factor's mean eigenvalue: where it has less, rounding alone would say how the basis turns."""
_FLOOR = 0.01
"""Of a layer's root mean square: what is smaller, rounding included, does not grow to a full step."""
_TINY = 1e-24


class BatchedMLP:
    """Networks of one depth that learn together, each on examples of its own.

    All weights of a network lie in one row, layer by layer, each layer's biases as a last row of its
    weights. Gradients are written out and not recorded: a network of width 16 is so small that the
    bookkeeping of a recorded graph would take most of the time.

    The optimiser is Adam in the eigenbasis of Shampoo's two factors (Vyas et al. 2024, "SOAP"), with
    decoupled weight decay. Layers of one network have strongly correlated gradients, since their features
    point almost all in one direction; turned into the eigenbasis they are nearly independent, which is what
    Adam's step for each number by itself assumes. A factor of few examples, or of units that are never
    active, is singular and has no eigenbasis of its own there: the basis begins as that of the numbers
    themselves and stays where it was in directions that have seen no gradient, so that a step is a function
    of the network alone, to rounding. The carried networks, and so the numbers of chapter 07, were made
    with an earlier step, which began with the eigenbasis of the first gradient.
    """

    def __init__(self, count: int, depth: int, device: Any) -> None:
        import torch

        self._torch = torch
        self.count, self.depth, self.device = count, depth, torch.device(device)
        first = (INPUTS + 1) * WIDTH
        size = first + (depth - 1) * (WIDTH + 1) * WIDTH
        self.numbers = torch.zeros(count, size, device=self.device)
        self.state: dict[str, Any] = {"momentum": torch.zeros_like(self.numbers)}
        self._gradient = torch.zeros_like(self.numbers)
        for name, numbers in (("first", self.numbers[:, :first]), ("later", self.numbers[:, first:])):
            rows = INPUTS + 1 if name == "first" else WIDTH + 1
            shape = (count, numbers.shape[1] // rows // WIDTH, rows, WIDTH)
            self.state[f"{name} squares"] = torch.zeros(shape, device=self.device)
            for side, length in (("left", rows), ("right", WIDTH)):
                square = (*shape[:2], length, length)
                self.state[f"{name} {side}"] = torch.zeros(square, device=self.device)
                eye = torch.eye(length, device=self.device)
                self.state[f"{name} {side} basis"] = eye.expand(square).contiguous()
        self._weights, self._biases = self._layers(self.numbers)
        self._weight_gradients, self._bias_gradients = self._layers(self._gradient)

    def draw(self, seeds: Sequence[int | Sequence[int]]) -> None:
        """Draw first weights for each network, from a seed of its own: normal, biases 0.

        Their deviation is a little below ``sqrt(2 / inputs)``, at which a deep ReLU network neither
        shrinks nor grows what passes through it.
        """
        for place, seed in enumerate(seeds):
            rng = np.random.default_rng(seed)
            for layer, weight in enumerate(self._weights):
                deviation = _INITIAL_GAIN * math.sqrt(2 / weight.shape[1])
                drawn = deviation * rng.standard_normal(tuple(weight.shape[1:]))
                weight[place] = self._torch.as_tensor(drawn, dtype=self._torch.float32, device=self.device)
                self._biases[layer][place] = 0

    def loss(self, inputs: Any, heads: Any, targets: Any, leak: float) -> Any:
        """Return the mean squared errors, shape (count,), and leave their gradients in the stack."""
        torch = self._torch
        values = [inputs]
        for weight, bias in zip(self._weights, self._biases, strict=True):
            before = torch.baddbmm(bias, values[-1], weight)
            values.append(torch.maximum(before, leak * before) if leak else before.relu_())
        errors = (values[-1] * heads).sum(-1) - targets
        back = heads * (errors * (2 / targets.shape[1]))[..., None]
        for layer in reversed(range(self.depth)):
            # With a leak the sign of a value is that of what came before the unit, too.
            slope = (values[layer + 1] > 0).to(back.dtype)
            if leak:
                slope = slope.mul_(1 - leak).add_(leak)
            back = back * slope
            self._weight_gradients[layer].copy_(torch.bmm(values[layer].transpose(1, 2), back))
            self._bias_gradients[layer].copy_(back.sum(1, keepdim=True))
            if layer:
                back = torch.bmm(back, self._weights[layer].transpose(1, 2))
        return (errors * errors).mean(1)

    def step(self, number: int, rate: float, decay: float) -> None:
        """Move all networks along the gradients that `loss` left."""
        first = (INPUTS + 1) * WIDTH
        self.state["momentum"].mul_(_MOMENTUM).add_(self._gradient, alpha=1 - _MOMENTUM)
        self.numbers.mul_(1 - rate * decay)
        for name, part in (("first", slice(0, first)), ("later", slice(first, None))):
            shape = self.state[f"{name} squares"].shape
            if not shape[1]:
                continue
            gradient = self._gradient[:, part].view(shape)
            self._follow(name, gradient, number)
            left, right = self.state[f"{name} left basis"], self.state[f"{name} right basis"]
            turned = left.mT @ gradient @ right
            squares = self.state[f"{name} squares"].mul_(_SQUARES)
            squares.addcmul_(turned, turned, value=1 - _SQUARES)
            along = left.mT @ self.state["momentum"][:, part].view(shape) @ right
            squares = squares / (1 - _SQUARES ** (number + 1))
            along /= (squares + _FLOOR**2 * squares.mean((-2, -1), keepdim=True) + _TINY).sqrt_()
            move = left @ along @ right.mT
            self.numbers[:, part].view(shape).add_(move, alpha=-rate / (1 - _MOMENTUM ** (number + 1)))

    def network(self, place: int) -> Network:
        """Return one of the networks, in float64."""
        weights, biases = (
            tuple(layer[place].double().cpu().numpy() for layer in layers)
            for layers in (self._weights, self._biases)
        )
        return Network(weights, tuple(bias[0] for bias in biases))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that training goes on from, by name."""
        state = {"numbers": self.numbers, **self.state}
        return {name: tensor.cpu().numpy().copy() for name, tensor in state.items()}

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Go back to what `arrays` returned."""
        for name, tensor in {"numbers": self.numbers, **self.state}.items():
            tensor.copy_(self._torch.as_tensor(arrays[name]))

    def _follow(self, name: str, gradient: Any, number: int) -> None:
        """Update the factors with a new gradient, and now and then the eigenbases with the factors."""
        sides = (("left", gradient @ gradient.mT), ("right", gradient.mT @ gradient))
        for side, product in sides:
            factor = self.state[f"{name} {side}"].mul_(_FACTORS).add_(product, alpha=1 - _FACTORS)
            basis = self.state[f"{name} {side} basis"]
            if number and number % _TURN_EVERY == 0:
                # One step of orthogonal iteration: the basis before is nearly that of now.
                ridge = _RIDGE * factor.diagonal(dim1=-2, dim2=-1).mean(-1)[..., None, None]
                basis.copy_(self._orthogonal(factor @ basis + ridge * basis))

    def _orthogonal(self, matrices: Any) -> Any:
        # Apple's GPUs have no such decomposition.
        return self._torch.linalg.qr(matrices.cpu() if self.device.type == "mps" else matrices)[0]

    def _layers(self, numbers: Any) -> tuple[list[Any], list[Any]]:
        """Return views of each layer's weights (count, inputs, width) and biases (count, 1, width)."""
        weights, biases, start = [], [], 0
        for layer in range(self.depth):
            inputs = WIDTH if layer else INPUTS
            end = start + inputs * WIDTH
            weights.append(numbers[:, start:end].view(self.count, inputs, WIDTH))
            biases.append(numbers[:, end : end + WIDTH].view(self.count, 1, WIDTH))
            start = end + WIDTH
        return weights, biases
