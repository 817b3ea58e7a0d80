"""Pretrained representations of a few seeds, carried as numbers, or trained when they are not there."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._optional import import_optional
from w2s_widgets._validation import choice
from w2s_widgets.studies.networks.mlp import (
    INPUTS,
    WIDTH,
    Examples,
    Network,
    draw_examples,
    random_network,
)

if TYPE_CHECKING:
    from w2s_widgets.studies.networks.pretraining import Job

FILE = "network_weights.npz"
TRUTH_DEPTH = 5
DEPTHS = (2, 8)
"""Layers of the paper's teacher and student."""

AMOUNTS = {"many": (10, 2000), "few": (5, 250)}
"""Tasks to pretrain on, and inputs of each: the paper's, and our choice for its variant with few."""

_TRUTH, _EXAMPLES = 0, 1


@cache
def true_network(seed: int) -> Network:
    """Return the true representation of a seed: five layers as torch would draw them."""
    return random_network(TRUTH_DEPTH, np.random.default_rng([seed, _TRUTH]))


def pretraining_examples(seed: int, amount: str = "many") -> Examples:
    """Return the tasks and labelled inputs that representations of a seed are pretrained on."""
    tasks, count = AMOUNTS[amount]
    rng = np.random.default_rng([seed, _EXAMPLES, list(AMOUNTS).index(amount)])
    return draw_examples(true_network(seed), tasks, count, rng)


@cache
def carried() -> dict[tuple[int, int, str], tuple[Network, float]]:
    """Read the carried networks: (seed, depth, amount) to the network and its loss on its examples."""
    content = (files("w2s_widgets") / "data" / FILE).read_bytes()
    found = {}
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        for depth in DEPTHS:
            for amount in AMOUNTS:
                name = f"{amount}_{depth}"
                for seed, row, loss in zip(file["seeds"], file[name], file[f"{name}_loss"], strict=True):
                    found[int(seed), depth, amount] = (unpacked(row, depth), float(loss))
    return found


def packed(network: Network) -> NDArray[Any]:
    """Return all weights and biases of a network as one row of float32, layer by layer."""
    layers = [
        np.append(weight.ravel(), bias) for weight, bias in zip(network.weights, network.biases, strict=True)
    ]
    row: NDArray[Any] = np.concatenate(layers).astype("<f4")
    return row


def unpacked(row: NDArray[Any], depth: int) -> Network:
    """Return the network of a row that `packed` made."""
    weights, biases, start = [], [], 0
    for layer in range(depth):
        inputs = WIDTH if layer else INPUTS
        end = start + inputs * WIDTH
        weights.append(row[start:end].reshape(inputs, WIDTH).astype(np.float64))
        biases.append(row[end : end + WIDTH].astype(np.float64))
        start = end + WIDTH
    return Network(tuple(weights), tuple(biases))


def carried_seeds() -> tuple[int, ...]:
    """Return the seeds whose pretrained networks are carried."""
    return tuple(sorted({seed for seed, _, _ in carried()}))


def pretrained_network(seed: int, depth: int, amount: str = "many") -> Network:
    """Return a pretrained representation: the carried one, or else one that is trained now, or was before.

    What is trained is kept in the cache folder. It needs torch and about half a minute; `pretrain_networks`
    does many seeds at once in less time.
    """
    if (seed, depth, amount) in carried():
        return carried()[seed, depth, amount][0]
    return pretrain_networks([seed], amounts=[amount])[seed, depth, amount]


_TRAINED: dict[tuple[int, int, str], Network] = {}


def pretrain_networks(
    seeds: Sequence[int],
    *,
    amounts: Sequence[str] = ("many",),
    steps: int | None = None,
    device: str | None = None,
) -> dict[tuple[int, int, str], Network]:
    """Pretrain teachers and students of several seeds now, all together, with torch.

    Parameters
    ----------
    seeds : sequence of int
        Each is a truth of its own, with tasks of its own.
    amounts : sequence of {"many", "few"}
        Pretrain on 10 tasks with 2,000 inputs each, on 5 with 250, or both.
    steps : int, optional
        Steps of each network; the default is the one that the carried networks were made with.
    device : str, optional
        Where to compute; found out by default.

    Returns
    -------
    dict
        (seed, depth, amount) to `Network`: the ``networks`` of a `NetworkStudy`. If the training was
        stopped the networks are as far as they came, and calling again goes on.

    Raises
    ------
    TypeError, ValueError
        If an amount is unknown.
    MissingPackageError
        If torch is not installed.
    """
    for amount in amounts:
        choice("amount", amount, AMOUNTS)
    wanted = [(seed, depth, amount) for seed in seeds for depth in DEPTHS for amount in amounts]
    if steps is None and all(key in _TRAINED for key in wanted):
        return {key: _TRAINED[key] for key in wanted}
    known = ", ".join(map(str, carried_seeds()))
    import_optional("torch", f"Pretraining another seed than those whose networks are carried ({known})")
    from w2s_widgets.studies.networks.pretraining import STEPS, pretrain

    done = pretrain(jobs_of(wanted), steps=steps or STEPS, device=device)
    networks = dict(zip(wanted, done.networks, strict=True))
    if steps is None and done.finished:
        _TRAINED.update(networks)
    return networks


def jobs_of(wanted: Sequence[tuple[int, int, str]]) -> list[Job]:
    """Return the training jobs of some networks, given by seed, depth and amount."""
    from w2s_widgets.studies.networks.pretraining import Job

    examples = {(seed, amount): pretraining_examples(seed, amount) for seed, _, amount in wanted}
    return [
        Job(
            f"{depth} layers, {amount} examples, seed {seed}",
            depth,
            examples[seed, amount],
            (seed, depth, list(AMOUNTS).index(amount)),
        )
        for seed, depth, amount in wanted
    ]
