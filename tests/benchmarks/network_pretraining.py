"""Pretraining of both representations: all in one batch, against the paper's recipe, losses and times.

    python -m tests.benchmarks.network_pretraining [--epochs 1000] [--seed 0]

The recipe: AdamW with a learning rate of 1e-3, batches of 32, one task after the other, 1,000 epochs,
torch's default first weights, inputs as they are. With fewer epochs its time is scaled to 1,000, and says
so; its loss is that of the epochs which were run.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import torch

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
            print(
                f"  {depth} layers, epoch {epoch}: {loss:.4f}, {time.perf_counter() - start:.0f} s",
                flush=True,
            )
    return _frozen(layers)


def _frozen(layers: list[torch.nn.Linear]) -> Network:
    weights, biases = zip(
        *(
            (layer.weight.detach().double().numpy().T, layer.bias.detach().double().numpy())
            for layer in layers
        ),
        strict=True,
    )
    return Network(weights, biases)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of the recipe")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    examples = pretraining_examples(options.seed)

    start = time.perf_counter()
    done = pretrain(jobs_of([(options.seed, depth, "many") for depth in DEPTHS]), keep=False, device="cpu")
    batched = time.perf_counter() - start
    scale = EPOCHS / options.epochs
    seconds, losses = [], []
    for depth in DEPTHS:
        start = time.perf_counter()
        network = recipe(
            examples, depth, options.epochs, seed=options.seed, every=max(1, options.epochs // 10)
        )
        seconds.append(time.perf_counter() - start)
        losses.append(loss_of(network, examples))
    scaled = "" if scale == 1 else f" (scaled from {options.epochs} epochs)"
    print(f"variance of the labels {np.var(examples.labels):.3f}, {options.threads} thread(s)")
    for place, depth in enumerate(DEPTHS):
        print(
            f"{depth} layers: loss {done.losses[place]:.4f} in one batch, {losses[place]:.4f} by the "
            f"{options.epochs} epochs of the recipe"
        )
    slow = sum(seconds) * scale
    print(f"both in one batch  {batched:8.1f} s")
    print(f"the recipe         {slow:8.1f} s{scaled}, {slow / batched:.0f} times as long")


if __name__ == "__main__":
    main()
