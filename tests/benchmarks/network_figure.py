"""Figure (b) of the paper's synthetic experiment from nothing, pretraining included: time and bars.

    python -m tests.benchmarks.network_figure [--seeds 0] [--steps 12000] [--device cpu]

Bars: under 60 s on 2 cores, correlation of gain and misfit at least 0.95 over 100 tasks, mean gain within
15 % of mean misfit. For seeds 0 to 4 with the carried networks, `--carried` prints the same without training.
"""

from __future__ import annotations

import time

import numpy as np

from tests.benchmarks.harness import machine, options, report
from w2s_widgets.studies.networks.checkpoints import DEPTHS, jobs_of
from w2s_widgets.studies.networks.study import NetworkStudy


def cloud(world: NetworkStudy) -> tuple[float, float]:
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
    chosen = options(__doc__, seeds=[0], steps=0, device=None, carried=False)
    machine()
    bars: dict[str, bool] = {}
    for seed in chosen.seeds:
        start, busy = time.perf_counter(), time.process_time()
        networks = {}
        if not chosen.carried:
            from w2s_widgets.studies.networks.pretraining import STEPS, pretrain

            wanted = [(seed, depth, "many") for depth in DEPTHS]
            steps = chosen.steps or STEPS
            done = pretrain(jobs_of(wanted), steps=steps, device=chosen.device, keep=False)
            networks = dict(zip(wanted, done.networks, strict=True))
            print(f"pretraining: losses {done.losses.round(4).tolist()}, {time.perf_counter() - start:.1f} s")
        correlation, ratio = cloud(NetworkStudy("pretrained", seed=seed, networks=networks))
        seconds, worked = time.perf_counter() - start, time.process_time() - busy
        print(f"from nothing: {seconds:.1f} s, of which {worked:.1f} s of processor time")
        bars |= {
            f"seed {seed}: under 60 s": seconds < 60,
            f"seed {seed}: correlation at least 0.95": correlation >= 0.95,
            f"seed {seed}: mean gain within 15 % of mean misfit": abs(ratio - 1) <= 0.15,
        }
    report(bars, chosen.check)


if __name__ == "__main__":
    main()
