"""The swap explorer in JupyterLab and on a page without a kernel: drawn, moved, fuzzed, read aloud."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.screen import Screen
from w2s_widgets._numbers import format_number
from w2s_widgets.studies.linear.perturbed_representations import NOISE
from w2s_widgets.widgets.swap_explorer import swap_table

# Draw every state and read the dots back, in the units of the errors.
EVERY_STATE = """
() => {
    const root = document.querySelector('.w2s-explorer'), explorer = root.w2sExplorer;
    const {x, y} = explorer.spec.ranges.cloud, cloud = explorer.views[0];
    const back = (scale, range, pixel) => {
        const [a, b] = [scale(range[0]), scale(range[1])];
        return range[0] + (pixel - a) / (b - a) * (range[1] - range[0]);
    };
    const sizes = explorer.grid.axes.map(axis => axis.values.length);
    return Array.from({length: sizes[0] * sizes[1]}, (_, flat) => {
        explorer.commit([Math.floor(flat / sizes[1]), flat % sizes[1]], '');
        explorer.draw();
        const dots = [...cloud.dots.getAttribute('d').matchAll(/M([-\\d.]+),([-\\d.]+)a/g)];
        return {
            sentence: root.querySelector('.w2s-sentence').textContent,
            reason: root.querySelector('.w2s-reason').textContent,
            words: [...root.querySelectorAll('.w2s-picture')][2].textContent,
            phrases: cloud.phrases.map(text => text.textContent),
            misfit: dots.map(dot => back(cloud.axes.x, x, Number(dot[1]) + 3)),
            gain: dots.map(dot => back(cloud.axes.y, y, Number(dot[2]))),
        };
    });
}
"""


@pytest.fixture
def static_page(open_page: Callable[..., Screen], tmp_path: Path) -> Callable[..., Screen]:
    path = w2s.SwapExplorer().save_page(tmp_path / "swap.html")
    return lambda **settings: open_page(path, **settings)


def test_every_state_drawn_is_pythons(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    drawn = screen.page.evaluate(EVERY_STATE)
    table = swap_table()
    assert len(drawn) == len(NOISE) ** 2
    extent = float(np.ptp(screen.page.evaluate("() => document.querySelector('.w2s-explorer').w2sExplorer"
                                               ".spec.ranges.cloud.y")))  # fmt: skip
    for (teacher, student), seen in zip(itertools.product(NOISE, NOISE), drawn, strict=True):
        explorer = w2s.SwapExplorer(teacher_noise=teacher, student_noise=student)
        # A dot is drawn to a hundredth of a pixel.
        np.testing.assert_allclose(seen["misfit"], explorer.misfits, atol=1e-4 * extent)
        np.testing.assert_allclose(seen["gain"], explorer.gains, atol=1e-4 * extent)
        assert seen["sentence"] == explorer.sentence
        assert seen["reason"] == explorer.reason
        assert tuple(seen["phrases"]) == explorer.cloud_words
        assert f"misfit |r_g|² {format_number(explorer.outcome.misfit)}" in seen["words"]
        assert f"ε = |r_f|² {format_number(explorer.eps)}" in seen["words"]
        signed = ("+" if explorer.alignment > 5e-4 else "") + format_number(explorer.alignment)
        assert f"alignment −2⟨r_f, r_g⟩ {signed}" in seen["words"]
        explorer.close()
    assert table.shape == (13, 13)
    screen.assert_quiet()
