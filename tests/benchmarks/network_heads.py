"""The heads of the paper's figure, all at once, against one AdamW training for each: times and losses.

    python -m tests.benchmarks.network_heads [--tasks 2] [--epochs 1000] [--device cpu]

100 tasks, each with a teacher, a student and a ceiling: 300 heads on the same frozen features of 2,000
inputs, students on the same teachers' labels. The recipe (AdamW, learning rate 1e-3, batches of 32, 1,000
epochs) is timed on a few tasks and scaled to 100; with fewer epochs its time is scaled, too, and its loss
is that of the epochs which were run.
"""

from __future__ import annotations

import numpy as np
import torch

from tests.benchmarks.harness import machine, options, timed
from w2s_widgets._validation import FloatArray
from w2s_widgets.heads.batched import fit_heads
from w2s_widgets.studies.networks.study import NetworkStudy

TASKS, EPOCHS, BATCH = 100, 1000, 32


def at_once(weak: FloatArray, strong: FloatArray, truth: FloatArray, device: str | None) -> list[FloatArray]:
    """Fit teachers, students and ceilings of all tasks; return their values on the inputs of the fit."""
    teachers = fit_heads(weak, truth[:, None], device=device).predict(weak)[:, 0]
    both = fit_heads(strong, np.stack([teachers, truth], axis=1), device=device).predict(strong)
    return [teachers, both[:, 0], both[:, 1]]


def recipe(features: FloatArray, labels: FloatArray, epochs: int) -> FloatArray:
    """Fit one head by AdamW and return its values on the inputs of the fit."""
    inputs, wanted = (torch.as_tensor(array, dtype=torch.float32) for array in (features, labels))
    head = torch.nn.Linear(inputs.shape[1], 1)
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-3)
    for _ in range(epochs):
        order = torch.randperm(len(wanted))
        for rows in order.split(BATCH):
            optimiser.zero_grad()
            errors = head(inputs[rows])[:, 0] - wanted[rows]
            (errors * errors).mean().backward()
            optimiser.step()
    with torch.no_grad():
        return head(inputs)[:, 0].double().numpy()


def main() -> None:
    """Run from the command line."""
    chosen = options(__doc__, tasks=2, epochs=EPOCHS, device=None)
    machine(f"torch {torch.__version__}")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    world = NetworkStudy("pretrained")
    world_fits = world.fits()
    truth = world_fits.answers[0]
    weak, strong = (world_fits.features(world.network(role))[0] for role in ("teacher", "student"))

    runs = [timed(lambda: at_once(weak, strong, truth, chosen.device)) for _ in range(5)]
    fast, (teachers, students, ceilings) = min(runs, key=lambda run: run[0])
    pairs = ((weak, truth), (strong, teachers), (strong, truth))
    elapsed, slow = timed(
        lambda: [
            [recipe(features[task], labels[task], chosen.epochs) for features, labels in pairs]
            for task in range(chosen.tasks)
        ]
    )
    scaled = elapsed * TASKS / chosen.tasks * EPOCHS / chosen.epochs
    print(f"300 heads at once: {1000 * fast:.0f} ms (best of 5); by the recipe {scaled:.0f} s")
    print(f"  (timed on {chosen.tasks} tasks with {chosen.epochs} epochs, {elapsed:.1f} s, and scaled)")
    print(f"{scaled / fast:.0f} times faster")
    print("training losses, mean over these tasks:")
    some = slice(chosen.tasks)
    fits = zip(("teacher", "student", "ceiling"), (teachers, students, ceilings), pairs, strict=True)
    for place, (name, values, (_, wanted)) in enumerate(fits):
        ours = np.mean((values[some] - wanted[some]) ** 2)
        theirs = np.mean((np.array([row[place] for row in slow]) - wanted[some]) ** 2)
        print(f"  {name}: {ours:.6f} at once, {theirs:.6f} by the recipe")


if __name__ == "__main__":
    main()
