"""The swap explorer on a page without a kernel: every dot and every word of every state."""

from __future__ import annotations

import itertools

import numpy as np

import w2s_widgets as w2s
from tests.browser.contract import Pages, drawn
from w2s_widgets._numbers import SHOWN_AS_ZERO, as_written, format_number
from w2s_widgets.studies.linear.perturbed_representations import NOISE

make = w2s.SwapExplorer
# The dots read back, in the units of the errors.
CLOUD = """
(root, explorer) => {
    const {x, y} = explorer.spec.ranges.cloud, cloud = explorer.views[0], {axes} = cloud;
    const back = (scale, range, pixel) => {
        const [a, b] = [scale(range[0]), scale(range[1])];
        return range[0] + (pixel - a) / (b - a) * (range[1] - range[0]);
    };
    const dots = [...cloud.dots.getAttribute('d').matchAll(/M([-\\d.]+),([-\\d.]+)a/g)];
    return {
        account: [...root.querySelectorAll('.w2s-picture')][2].textContent,
        phrases: cloud.phrases.map(text => text.textContent),
        misfit: dots.map(dot => back(axes.x, x, Number(dot[1]) + 3)),
        gain: dots.map(dot => back(axes.y, y, Number(dot[2]))),
    };
}
"""


def test_every_state_drawn_is_pythons(static_page: Pages) -> None:
    screen, explorer = static_page(), w2s.SwapExplorer()
    states = list(itertools.product(range(len(NOISE)), repeat=2))
    assert len(states) == 13**2
    extent = float(np.ptp(explorer._spec["ranges"]["cloud"]["y"]))
    for (teacher, student), seen in zip(states, drawn(screen, states, CLOUD), strict=True):
        explorer.set(teacher_noise=NOISE[teacher], student_noise=NOISE[student])
        # A dot is drawn to a hundredth of a pixel.
        np.testing.assert_allclose(seen["misfit"], explorer.misfits, atol=1e-4 * extent)
        np.testing.assert_allclose(seen["gain"], explorer.gains, atol=1e-4 * extent)
        assert (seen["sentence"], seen["reason"]) == (explorer.sentence, explorer.reason)
        assert tuple(seen["phrases"]) == explorer.cloud_words
        assert f"misfit |r_g|² {format_number(explorer.outcome.misfit)}" in seen["account"]
        assert f"ε = |r_f|² {format_number(explorer.eps)}" in seen["account"]
        # By difference, so that the written numbers add up.
        alignment = as_written(explorer.outcome.gain) - as_written(explorer.outcome.misfit)
        assert abs(alignment - explorer.alignment) < 0.002
        signed = ("+" if alignment > SHOWN_AS_ZERO else "") + format_number(alignment)
        assert f"alignment −2⟨r_f, r_g⟩ {signed}" in seen["account"]
    screen.assert_quiet()
