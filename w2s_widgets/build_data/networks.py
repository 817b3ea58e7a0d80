"""Make the carried networks anew: pretrained teachers and students of seeds 0 to 4.

It needs torch and a few minutes on two cores, can be interrupted, and goes on where it was. The numbers are
the same on every run on one machine; another build of torch may round differently, and after some thousand
steps that is another network with a similar loss.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.cache import array_bytes
from w2s_widgets.studies.networks.checkpoints import (
    AMOUNTS,
    DEPTHS,
    carried,
    jobs_of,
    packed,
    unpacked,
)
from w2s_widgets.studies.networks.mlp import loss_of
from w2s_widgets.studies.networks.pretraining import STEPS, pretrain

SEEDS = (0, 1, 2, 3, 4)


def make_file(steps: int = STEPS) -> bytes:
    """Train all networks together and return the content of the file."""
    wanted = [(seed, depth, amount) for depth in DEPTHS for amount in AMOUNTS for seed in SEEDS]
    jobs = jobs_of(wanted)
    done = pretrain(jobs, steps=steps, device="cpu")
    arrays: dict[str, NDArray[Any]] = {"seeds": np.array(SEEDS)}
    for start in range(0, len(wanted), len(SEEDS)):
        _, depth, amount = wanted[start]
        rows = [packed(network) for network in done.networks[start : start + len(SEEDS)]]
        # The loss of what is carried, after rounding to float32.
        losses = [
            loss_of(unpacked(row, depth), job.examples)
            for row, job in zip(rows, jobs[start : start + len(SEEDS)], strict=True)
        ]
        arrays |= {f"{amount}_{depth}": np.stack(rows), f"{amount}_{depth}_loss": np.array(losses)}
        print(f"{depth} layers, {amount} examples: losses", " ".join(f"{loss:.4f}" for loss in losses))
    return array_bytes(arrays)


def check(count: int) -> tuple[bool, str]:
    """Compute the losses of some carried networks on their own examples again."""
    chosen = list(carried())[:count]
    apart = [
        abs(loss_of(carried()[wanted][0], job.examples) / carried()[wanted][1] - 1)
        for wanted, job in zip(chosen, jobs_of(chosen), strict=True)
    ]
    said = f"The losses of {len(apart)} networks differ from the carried ones by a share of {max(apart):.1g}."
    return max(apart) < 1e-9, said
