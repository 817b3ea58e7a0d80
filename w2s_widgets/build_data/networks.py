"""Make `data/network_weights.npz` anew: pretrained teachers and students of seeds 0 to 4.

    python -m w2s_widgets.build_data.networks

It needs torch and a few minutes on two cores, can be interrupted, and goes on where it was. The numbers are
the same on every run on one machine; another build of torch may round differently, and after some thousand
steps that is another network with a similar loss.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.studies.networks.checkpoints import AMOUNTS, DEPTHS, FILE, jobs_of, packed, unpacked
from w2s_widgets.studies.networks.mlp import loss_of
from w2s_widgets.studies.networks.pretraining import STEPS, pretrain

SEEDS = (0, 1, 2, 3, 4)


def build(steps: int = STEPS) -> bytes:
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
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]  # numpy 2's stubs take names for its flag
    return buffer.getvalue()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "data" / FILE)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    options.out.write_bytes(build(options.steps))
    print(f"{options.out.name}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
