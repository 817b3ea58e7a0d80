"""Small studies with a known story, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

import w2s_widgets as w2s


def small_study(n: int = 900, *, noise: float = 0.4, seed: int = 0, **options: Any) -> w2s.FeatureStudy:
    """Four teachers that see less and less of sixteen directions, and a wide and a narrow student."""
    rng = np.random.default_rng(seed)
    hidden = rng.standard_normal((n, 16))
    y = hidden @ np.linspace(1, 0.2, 16) + noise * rng.standard_normal(n)
    blurred = hidden + 0.5 * rng.standard_normal((n, 16))
    teachers = {f"sees {width}": blurred[:, :width] for width in (12, 2, 16, 6)}
    students = {"wide": np.column_stack([hidden, rng.standard_normal((n, 8))]), "narrow": hidden[:, :10]}
    return w2s.FeatureStudy(teachers, students, y, **options)
