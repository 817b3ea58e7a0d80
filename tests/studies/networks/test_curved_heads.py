"""Heads that bend: the linear one is the exact fit, the others reach a minimum, and gain follows misfit."""

from __future__ import annotations

import numpy as np
import pytest

from w2s_widgets.studies.networks.curved_heads import BENDS, curved_heads


@pytest.mark.parametrize("function", BENDS)
def test_fits_stand_still_and_gain_follows_misfit(function: str) -> None:
    found = curved_heads(function, tasks=20)
    sides = found.sides
    assert found.gradient.max() < 1e-6
    assert np.corrcoef(sides.misfit, sides.gain)[0, 1] > 0.8
    assert np.abs(sides.gain - sides.misfit - sides.slack).max() < 1e-12


@pytest.mark.parametrize("function", BENDS)
def test_slopes_are_those_of_the_functions(function: str) -> None:
    z = np.linspace(-2.03, 2, 50)
    bend, step = BENDS[function], 1e-6
    slope = (bend.of(z + step) - bend.of(z - step)) / (2 * step)
    assert np.allclose(bend.slope(z), slope, atol=1e-6)
    inside = np.abs(z) < 1.5 if function != "relu" else z > 0
    assert np.allclose(bend.back(bend.of(z))[inside], z[inside], atol=1e-9)


def test_the_linear_one_is_least_squares() -> None:
    """On the inputs of the fit a linear student has no slack but the truth's blind spot."""
    few, many = (curved_heads("linear", tasks=10, labels=n) for n in (300, 3000))
    assert many.sides.slack.mean() > few.sides.slack.mean()
    again = curved_heads("linear", tasks=10, labels=300)
    assert np.array_equal(again.sides.gain, few.sides.gain)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="tanh"):
        curved_heads("cosine")
    with pytest.raises(ValueError, match="tasks"):
        curved_heads("tanh", tasks=0)
