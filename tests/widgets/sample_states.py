"""States of the sample explorer drawn by seed, for its tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from w2s_widgets.widgets.sample_explorer import sample_table


def some_states(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Draw so many states of the grid."""
    rng = np.random.default_rng(seed)
    axes = sample_table().axes
    return [{axis.name: axis.values[rng.integers(len(axis.values))] for axis in axes} for _ in range(count)]
