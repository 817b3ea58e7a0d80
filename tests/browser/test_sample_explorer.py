"""The sample explorer on a page without a kernel: its table, its dots and its height."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.contract import ROOT, TWO_FRAMES, Pages, drawn
from w2s_widgets._numbers import format_fixed
from w2s_widgets.studies.linear import finite_sample_grid as grids
from w2s_widgets.widgets.sample_explorer import PRESETS, sample_table

make = w2s.SampleExplorer
CELLS = """
root => ({cells: [...root.querySelectorAll('.w2s-figures tbody td')].map(cell => cell.textContent)})
"""
# The dots, and where the drawing puts the ends of its range.
DOTS = """
(root, {spec: {cloud}, views: [{axes}]}) => ({
    ends: [cloud.x.map(axes.x), cloud.y.map(axes.y)],
    slopes: [...root.querySelectorAll('.w2s-slope-text')].map(node => node.textContent),
    beyond: root.querySelectorAll('.w2s-dot-beyond').length,
    dots: [...root.querySelectorAll('.w2s-dot')].map(
        dot => [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))]),
    description: root.querySelector('desc').textContent,
})
"""


def sized(value: float) -> str:
    """Write a number of the table as the page does."""
    return format_fixed(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 3)


def test_every_entry_written_is_pythons_number(static_page: Pages) -> None:
    table, grid = sample_table(), grids.carried_grid()
    states = list(itertools.product(*map(range, table.shape)))
    assert len(states) == 4200
    explorer = w2s.SampleExplorer()
    names = ("err_student", "misfit", "gain", "slack", "training_misfit")
    for flat, (indices, seen) in enumerate(zip(states, drawn(static_page(), states, CELLS), strict=True)):
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, indices, strict=True)}
        cells = seen["cells"]
        curve = {name: float(grid.curves[i][tuple(indices)]) for i, name in enumerate(grids.CURVES)}
        for r, name in enumerate(names):
            low, mid, high = (sized(curve[f"{name}_{level}"]) for level in ("low", "mid", "high"))
            assert cells[4 * r + 1 : 4 * r + 3] == [mid, f"{low} to {high}"], (state, name)
        if flat % 13 == 0:
            explorer.set(**state)
            assert seen["sentence"] == explorer.sentence
            for r, name in enumerate(names[:4]):
                assert cells[4 * r] == format_fixed(explorer.population[name], 3)
            weak, misfit, slack = (grid.rates[tuple(indices[:3])][d] for d in range(3))
            wanted = [format_fixed(s, 2) if np.isfinite(s) else "–" for s in (weak, misfit, weak, slack)]
            assert [cells[4 * r + 3] for r in range(4)] == wanted


def test_dots_are_the_repetitions(static_page: Pages) -> None:
    places = [sample_table().index(**preset.state) for preset in PRESETS]
    found = drawn(static_page(), places, DOTS)
    for where, seen in zip(places, found, strict=True):
        steps = grids.carried_grid().cloud[where]
        for column, (low, high) in enumerate((grids.CLOUD_X, grids.CLOUD_Y)):
            share = (grids.cloud_value(steps[:, column], (low, high)) - low) / (high - low)
            near, far = seen["ends"][column]
            assert abs(far - near) > 200
            assert np.allclose(np.array(seen["dots"])[:, column], near + share * (far - near), atol=0.06)
        beyond = int(grids.outside(steps).sum())
        assert seen["beyond"] == beyond
        assert f"{beyond} of 200 lie beyond the edge" in seen["description"]
    assert found[-1]["slopes"] == ["distance 0"] * 4


@pytest.mark.parametrize("width", [1280, 700])
def test_it_keeps_its_height(static_page: Pages, width: int) -> None:
    screen = static_page(width=width)
    heights = set()
    for preset in PRESETS:
        screen.page.get_by_role("button", name=preset.name).click()
        screen.page.evaluate(TWO_FRAMES)
        heights.add(screen.page.locator(ROOT).bounding_box()["height"])  # type: ignore[index]
    assert len(heights) == 1
