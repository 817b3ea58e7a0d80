"""Pretraining of both representations: all in one batch, against the paper's recipe, losses and times.

    python -m tests.benchmarks.network_pretraining [--epochs 1000] [--seed 0]

The recipe: AdamW with a learning rate of 1e-3, batches of 32, one task after the other, 1,000 epochs,
torch's default first weights, inputs as they are. With fewer epochs its time is scaled to 1,000, and says
so; its loss is that of the epochs which were run.
"""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import torch

from tests.benchmarks.harness import machine, options, timed
from w2s_widgets.studies.networks.checkpoints import DEPTHS, jobs_of, pretraining_examples
from w2s_widgets.studies.networks.mlp import INPUTS, WIDTH, Examples, Network, loss_of
from w2s_widgets.studies.networks.pretraining import pretrain

EPOCHS = 1000
BATCH = 32


def recipe(examples: Examples, depth: int, epochs: int, *, seed: int, every: int = 0) -> Network:
    """Train one representation as the paper does; print the loss on the way if ``every`` is given."""
    torch.manual_seed(seed)
    layers = [torch.nn.Linear(WIDTH if i else INPUTS, WIDTH) for i in range(depth)]
    network = torch.nn.Sequential(*(part for layer in layers for part in (layer, torch.nn.ReLU())))
    inputs, labels, weights, biases = (
        torch.as_tensor(array, dtype=torch.float32)
        for array in (examples.inputs, examples.labels, *examples.tasks)
    )
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    start = time.perf_counter()
    for epoch in range(1, epochs + 1):
        for task in range(len(labels)):
            order = torch.randperm(labels.shape[1])
            rows = zip(inputs[task][order].split(BATCH), labels[task][order].split(BATCH), strict=True)
            for some_inputs, some_labels in rows:
                optimiser.zero_grad()
                errors = network(some_inputs) @ weights[task] + biases[task] - some_labels
                (errors * errors).mean().backward()
                optimiser.step()
        if every and (epoch % every == 0 or epoch == epochs):
            loss = loss_of(_frozen(layers), examples)
            seconds = time.perf_counter() - start
            print(f"  {depth} layers, epoch {epoch}: {loss:.4f}, {seconds:.0f} s", flush=True)
    return _frozen(layers)


def _frozen(layers: list[torch.nn.Linear]) -> Network:
    weights = tuple(layer.weight.detach().double().numpy().T for layer in layers)
    return Network(weights, tuple(layer.bias.detach().double().numpy() for layer in layers))


def main() -> None:
    """Run from the command line."""
    chosen = options(__doc__, epochs=EPOCHS, seed=0, threads=1)
    seed, epochs = chosen.seed, chosen.epochs
    torch.set_num_threads(chosen.threads)
    examples = pretraining_examples(seed)
    machine(f"torch {torch.__version__}", f"{chosen.threads} thread(s)")
    print(f"variance of the labels {np.var(examples.labels):.3f}")

    jobs = jobs_of([(seed, depth, "many") for depth in DEPTHS])
    batched, done = timed(lambda: pretrain(jobs, keep=False, device="cpu"))
    every = max(1, epochs // 10)
    slow = 0.0
    for depth, loss in zip(DEPTHS, done.losses, strict=True):
        seconds, network = timed(partial(recipe, examples, depth, epochs, seed=seed, every=every))
        slow += seconds * EPOCHS / epochs
        theirs = loss_of(network, examples)
        print(f"{depth} layers: loss {loss:.4f} in one batch, {theirs:.4f} by {epochs} epochs of the recipe")
    scaled = "" if epochs == EPOCHS else f" (scaled from {epochs} epochs)"
    print(f"both in one batch  {batched:8.1f} s")
    print(f"the recipe         {slow:8.1f} s{scaled}, {slow / batched:.0f} times as long")


if __name__ == "__main__":
    main()
