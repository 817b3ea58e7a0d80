"""The heads of the paper's figure, all at once, against one AdamW training for each: times and losses.

    python -m tests.benchmarks.network_heads [--tasks 2] [--epochs 1000] [--device cpu]

100 tasks, each with a teacher, a student and a ceiling: 300 heads on the same frozen features of 2,000
inputs, students on the same teachers' labels. The recipe (AdamW, learning rate 1e-3, batches of 32, 1,000
epochs) is timed on a few tasks and scaled to 100; with fewer epochs its time is scaled, too, and its loss
is that of the epochs which were run.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import torch

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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=2, help="tasks that the recipe is timed on")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of the recipe")
    parser.add_argument("--device", default=None, help="solve with torch on this device; numpy if left out")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    world = NetworkStudy("pretrained")
    fits = world.fits()
    truth = fits.answers[0]
    weak, strong = (fits.features(world.network(role))[0] for role in ("teacher", "student"))

    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        teachers, students, ceilings = at_once(weak, strong, truth, options.device)
        seconds.append(time.perf_counter() - start)
    fast = min(seconds)

    start = time.perf_counter()
    slow = []
    for task in range(options.tasks):
        teacher = recipe(weak[task], truth[task], options.epochs)
        student = recipe(strong[task], teachers[task], options.epochs)
        slow.append((teacher, student, recipe(strong[task], truth[task], options.epochs)))
    elapsed = time.perf_counter() - start
    scaled = elapsed * TASKS / options.tasks * EPOCHS / options.epochs
    print(f"300 heads at once: {1000 * fast:.0f} ms (best of 5); by the recipe {scaled:.0f} s")
    print(f"  (timed on {options.tasks} tasks with {options.epochs} epochs, {elapsed:.1f} s, and scaled)")
    print(f"{scaled / fast:.0f} times faster")
    print("training losses, mean over these tasks:")
    some = slice(options.tasks)
    rows = (
        ("teacher", teachers, truth, [row[0] for row in slow]),
        ("student", students, teachers, [row[1] for row in slow]),
        ("ceiling", ceilings, truth, [row[2] for row in slow]),
    )
    for name, values, wanted, slow_values in rows:
        ours = np.mean((values[some] - wanted[some]) ** 2)
        theirs = np.mean((np.array(slow_values) - wanted[some]) ** 2)
        print(f"  {name}: {ours:.6f} at once, {theirs:.6f} by the recipe")


if __name__ == "__main__":
    main()
