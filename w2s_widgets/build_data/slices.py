"""Features of some inputs computed here and now, compared with the carried ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.datasets.feature_file import FeatureSet
from w2s_widgets.datasets.quantised_features import STEPS_PER_DEVIATION


@dataclass(frozen=True)
class SliceCheck:
    """How features computed here and now compare with the carried ones."""

    model: str
    device: str
    """What was run, and where."""
    unit: str
    """What the inputs are, such as ``"words"``."""
    count: int
    numbers: int
    """Number of inputs, and of features compared."""
    largest_difference: float
    """In standard deviations of a feature; one step of the file is a 16th."""
    share_equal: float
    """Share of the features that are the same."""

    @property
    def agrees(self) -> bool:
        """Whether no feature is off by more than one step, and at most 1 % by that."""
        return self.largest_difference <= 1 / STEPS_PER_DEVIATION and self.share_equal >= 0.99

    def __str__(self) -> str:
        same = (
            f"all {self.numbers:,} numbers are equal"
            if self.largest_difference == 0
            else f"{self.share_equal:.1%} of {self.numbers:,} numbers are equal, the others differ by at "
            f"most {self.largest_difference:.4f} standard deviations"
        )
        verdict = "the same" if self.agrees else "not the same"
        return f"{self.model} on {self.device} gives {verdict} features for {self.count} {self.unit}: {same}."


def compare_slice(
    content: FeatureSet,
    count: int,
    seed: int,
    compute: Callable[[NDArray[Any]], tuple[Mapping[str, NDArray[Any]], str, str]],
    unit: str,
) -> SliceCheck:
    """Draw inputs of a carried set and compare what ``compute(rows)`` gives: features, model and device.

    Examples
    --------
    >>> from w2s_widgets.datasets.feature_file import feature_set
    >>> raw, rows = np.random.default_rng(0).normal(size=(50, 4)), np.arange(50)
    >>> made = {"rows": rows, "groups": rows, "inputs": ["x"] * 50, "truths": {}}
    >>> content = feature_set({"tiny": raw}, {"tiny": 2}, **made)
    >>> print(compare_slice(content, 20, 0, lambda rows: ({"tiny": raw[rows]}, "tiny", "cpu"), "rows"))
    tiny on cpu gives the same features for 20 rows: all 40 numbers are equal.
    """
    if not 1 <= count <= len(content):
        raise ValueError(f"count is {count}: give a number from 1 to {len(content)}.")
    rows = np.sort(np.random.default_rng(seed).choice(len(content), count, replace=False))
    raw, model, device = compute(rows)
    steps = [content.projections[name].steps(values).astype(int) for name, values in raw.items()]
    carried = [content.steps[name][rows] for name in raw]
    differences = np.concatenate([(a - b).ravel() for a, b in zip(steps, carried, strict=True)])
    largest = float(np.abs(differences).max()) / STEPS_PER_DEVIATION
    return SliceCheck(model, device, unit, count, differences.size, largest, float(np.mean(differences == 0)))
