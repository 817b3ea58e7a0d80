"""The sample explorer in JupyterLab and on a page without a kernel: seen, moved, fuzzed, read aloud."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.contract import ROOT, TWO_FRAMES, call, opened, wait_for_kernel
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from w2s_widgets._numbers import format_fixed
from w2s_widgets.studies.linear.finite_sample import SIZES
from w2s_widgets.studies.linear.finite_sample_grid import (
    CLOUD_X,
    CLOUD_Y,
    CURVES,
    carried_grid,
    cloud_value,
    outside,
)
from w2s_widgets.widgets.sample_explorer import PRESETS, sample_table

OPEN = "import w2s_widgets as w2s\nexplorer = w2s.SampleExplorer()\nexplorer"
FRAME = {"left": 52, "right": 328, "top": 12, "bottom": 260}


PROBES = Path(__file__).with_name("sample_probes.js")


def probe(screen: Screen, name: str, *arguments: object) -> Any:
    """Call a function of sample_probes.js after the page has drawn."""
    return call(screen, PROBES, "sampleProbes", name, *arguments)


def sized(value: float) -> str:
    """Write a number of the table as the page does."""
    return format_fixed(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 3)


@pytest.fixture
def static_page(open_page: Callable[..., Screen], tmp_path: Path) -> Callable[..., Screen]:
    """The explorer saved as a page and opened from disk, where there is no kernel."""
    path = w2s.SampleExplorer().save_page(tmp_path / "explorer.html")
    return lambda **settings: open_page(path, **settings)


def test_every_entry_written_is_pythons_number(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    written = probe(screen, "everyState")
    table, grid = sample_table(), carried_grid()
    assert len(written) == table.sides.gain.size == 4200
    explorer = w2s.SampleExplorer()
    names = ("err_student", "misfit", "gain", "slack", "training_misfit")
    for flat, indices in enumerate(itertools.product(*(range(n) for n in table.shape))):
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, indices, strict=True)}
        cells = written[flat]["cells"].split("|")
        curve = {name: float(grid.curves[i][indices]) for i, name in enumerate(CURVES)}
        for r, name in enumerate(names):
            low, mid, high = (sized(curve[f"{name}_{level}"]) for level in ("low", "mid", "high"))
            assert cells[4 * r + 1 : 4 * r + 3] == [mid, f"{low} to {high}"], (state, name)
        if flat % 13 == 0:
            explorer.set(**state)
            assert written[flat]["sentence"] == explorer.sentence
            for r, name in enumerate(names[:4]):
                assert cells[4 * r] == format_fixed(explorer.population[name], 3)
            slopes = [cells[4 * r + 3] for r in range(4)]
            weak, misfit, slack = (grid.rates[indices[:3]][d] for d in range(3))
            wanted = [format_fixed(s, 2) if np.isfinite(s) else "–" for s in (weak, misfit, weak, slack)]
            assert slopes == wanted


def test_dots_are_the_repetitions(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    for preset in PRESETS:
        screen.page.get_by_role("button", name=preset.name).click()
        seen = probe(screen, "drawn")
        steps = carried_grid().cloud[sample_table().index(**preset.state)]
        x = (cloud_value(steps[:, 0], CLOUD_X) - CLOUD_X[0]) / (CLOUD_X[1] - CLOUD_X[0])
        y = (cloud_value(steps[:, 1], CLOUD_Y) - CLOUD_Y[0]) / (CLOUD_Y[1] - CLOUD_Y[0])
        places = np.array(seen["dots"])
        assert np.allclose(places[:, 0], FRAME["left"] + x * (FRAME["right"] - FRAME["left"]), atol=0.06)
        assert np.allclose(places[:, 1], FRAME["bottom"] - y * (FRAME["bottom"] - FRAME["top"]), atol=0.06)
        beyond = int(outside(steps).sum())
        assert seen["beyond"] == beyond
        assert f"{beyond} of 200 lie beyond the edge" in seen["descriptions"][0]
    assert seen["slopes"] == ["distance 0"] * 4
    screen.assert_quiet()


@pytest.mark.parametrize("width", [1280, 700])
def test_it_keeps_its_height(static_page: Callable[..., Screen], width: int) -> None:
    screen = static_page(width=width)
    heights = set()
    for preset in PRESETS:
        screen.page.get_by_role("button", name=preset.name).click()
        screen.page.evaluate(TWO_FRAMES)
        heights.add(screen.page.locator(ROOT).bounding_box()["height"])  # type: ignore[index]
    assert len(heights) == 1


def test_moving_n_answers_in_a_frame_or_two(lab: Lab) -> None:
    screen = opened(lab, OPEN)
    frames, milliseconds = np.array(probe(screen, "delays", 60)).T
    # Frames do not depend on what else runs on the machine; their length does.
    assert frames.max() <= 2
    assert np.median(milliseconds) < 50
    wait_for_kernel(screen, "explorer.n", str(SIZES[59 * 7 % 50]))
    screen.assert_quiet()
