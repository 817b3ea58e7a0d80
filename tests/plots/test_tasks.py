"""Clouds of tasks side by side: every dot in its frame, all words inside the picture, and a true text."""

from __future__ import annotations

import pytest

import w2s_widgets as w2s
from tests.plots.examples import words_inside
from w2s_widgets.theory.outcome import Sides

WORLD = w2s.PerturbedRepresentations()
CLOUDS = {
    "strong": WORLD.sides(0.5, 0.1),
    "swapped": WORLD.sides(0.1, 0.5),
    "exact": WORLD.sides(0.0, 0.0),
    "realizable": WORLD.sides(0.5, 0.0),
}


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_all_is_inside_and_the_text_is_true(count: int) -> None:
    chosen: dict[str, Sides] = dict(list(CLOUDS.items())[:count])
    picture = w2s.plots.task_clouds(chosen)
    words_inside(picture)
    for axes, (name, sides) in zip(picture.figure.axes, chosen.items(), strict=True):
        (low, high), (left, right) = axes.get_ylim(), axes.get_xlim()
        assert left <= sides.misfit.min() <= sides.misfit.max() <= right
        assert low <= sides.gain.min() <= sides.gain.max() <= high
        assert f"{name}: " in picture.alt
        assert f"{(sides.gain < 0).sum()} of 100 tasks lose" in picture.alt


def test_too_many_and_none_are_told() -> None:
    for clouds in ({}, {str(i): CLOUDS["strong"] for i in range(5)}):
        with pytest.raises(ValueError, match="give one to four"):
            w2s.plots.task_clouds(clouds)
