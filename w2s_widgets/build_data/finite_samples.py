"""Make the carried outcomes of finite samples; see `compute_grid`."""

from __future__ import annotations

import numpy as np

from w2s_widgets.studies.linear.finite_sample_grid import carried_grid, describe_study, settings


def check(count: int) -> tuple[bool, str]:
    """Compute some settings of the grid again, drawn at random."""
    every, grid = list(settings()), carried_grid()
    chosen = np.random.default_rng(0).permutation(len(every))[:count]
    same = 0
    # At n = dimension a fit magnifies rounding, which differs between processors.
    for where, study in (every[place] for place in chosen):
        sides, curves, cloud, rates = describe_study(study)
        here = (slice(None), *where)
        same += (
            np.allclose(np.stack(grid.sides)[here], sides, rtol=1e-6, atol=1e-9)
            and np.allclose(grid.curves[here], curves, rtol=1e-3, atol=1e-9)
            and bool(np.mean(grid.cloud[where] != cloud) < 1e-3)
            and np.allclose(grid.rates[where], rates, rtol=1e-6, equal_nan=True)
        )
    return same == len(chosen), f"{same} of {len(chosen)} settings are the same."
