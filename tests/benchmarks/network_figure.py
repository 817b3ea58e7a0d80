"""Figure (b) of the paper's synthetic experiment from nothing, pretraining included: time and bars.

    python -m tests.benchmarks.network_figure [--seeds 0] [--steps 12000] [--device cpu]

Bars: under 60 s on 2 cores, correlation of gain and misfit at least 0.95 over 100 tasks, mean gain within
15 % of mean misfit. For seeds 0 to 4 with the carried networks, `--carried` prints the same without training.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from w2s_widgets.studies.networks.checkpoints import DEPTHS, jobs_of
from w2s_widgets.studies.networks.study import NetworkStudy


def report(world: NetworkStudy) -> tuple[float, float]:
    """Print the cloud of a world in numbers; return correlation, and mean gain over mean misfit."""
    sides = world.sides()
    correlation = float(np.corrcoef(sides.misfit, sides.gain)[0, 1])
    ratio = float(sides.gain.mean() / sides.misfit.mean())
    print(
        f"seed {world.seed}: correlation {correlation:.3f}, mean gain {sides.gain.mean():.3f}, "
        f"mean misfit {sides.misfit.mean():.3f}, ratio {ratio:.3f}, {int((sides.gain < 0).sum())} tasks lose"
    )
    return correlation, ratio


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--device", default=None)
    parser.add_argument("--carried", action="store_true", help="take the carried networks")
    options = parser.parse_args()
    for seed in options.seeds:
        start, busy = time.perf_counter(), time.process_time()
        networks = {}
        if not options.carried:
            from w2s_widgets.studies.networks.pretraining import STEPS, pretrain

            wanted = [(seed, depth, "many") for depth in DEPTHS]
            steps = options.steps or STEPS
            done = pretrain(jobs_of(wanted), steps=steps, device=options.device, keep=False)
            networks = dict(zip(wanted, done.networks, strict=True))
            print(f"pretraining: losses {done.losses.round(4).tolist()}, {time.perf_counter() - start:.1f} s")
        report(NetworkStudy("pretrained", seed=seed, networks=networks))
        worked = time.process_time() - busy
        print(f"from nothing: {time.perf_counter() - start:.1f} s, of which {worked:.1f} s of processor time")


if __name__ == "__main__":
    main()
