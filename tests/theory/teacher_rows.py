"""Rows as a sweep over teachers and splits gives them, drawn by seed."""

from __future__ import annotations

from typing import Any

import numpy as np


def rows(teachers: int = 8, splits: int = 5, *, noise: float = 0.02, seed: int = 0) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    found = []
    for split in range(splits):
        for i in range(teachers):
            err_weak, misfit = 0.9 - 0.06 * i, 0.05 + 0.03 * i + noise * rng.random()
            gain = 0.8 * misfit + noise * rng.standard_normal()
            found.append(
                {"teacher": f"t{i}", "split": split, "err_weak": err_weak, "misfit": misfit, "gain": gain,
                 "err_student": err_weak - gain}
            )  # fmt: skip
    return found
