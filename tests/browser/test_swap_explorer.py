"""The swap explorer in JupyterLab and on a page without a kernel: drawn, moved, fuzzed, read aloud."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from tests.browser.test_explorer import opened, probe, shown, wait_for_kernel
from w2s_widgets._numbers import format_number
from w2s_widgets.studies.linear.perturbed_representations import NOISE
from w2s_widgets.widgets.swap_explorer import PRESETS, swap_table

OPEN = "import w2s_widgets as w2s\nexplorer = w2s.SwapExplorer()\nexplorer"
ROOT = ".w2s-explorer"
LABELS = ("Teacher’s noise", "Student’s noise")

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
            misfit: dots.map(dot => back(cloud.x, x, Number(dot[1]) + 3)),
            gain: dots.map(dot => back(cloud.y, y, Number(dot[2]))),
        };
    });
}
"""

BURST = """
async () => {
    const [range, number] = ['.w2s-range', '.w2s-number'].map(name => document.querySelector(name));
    const move = value => {
        range.value = String(value);
        range.dispatchEvent(new Event('input', {bubbles: true}));
    };
    for (let i = 0; i < 60; i += 1) {
        move((i * 5) % 12);
        await new Promise(done => setTimeout(done, 16));
    }
    const start = performance.now();
    move(12);
    while (number.value !== '0.60') await new Promise(done => requestAnimationFrame(done));
    return performance.now() - start;
}
"""


@pytest.fixture
def static_page(open_page: Callable[..., Screen], tmp_path: Path) -> Callable[..., Screen]:
    path = w2s.SwapExplorer().save_page(tmp_path / "swap.html")
    return lambda **settings: open_page(path, **settings)


@pytest.mark.parametrize(
    ("width", "theme"), list(itertools.product([1280, 700], ["light", "dark"])), ids=lambda v: str(v)
)
def test_looks_right_and_reads_right(lab: Lab, width: int, theme: str) -> None:
    screen = opened(lab, OPEN, width=width, theme=theme)
    for preset in PRESETS:
        screen.page.get_by_role("button", name=preset.name).click()
        assert probe(screen, "overlaps") == [], preset.name
        assert screen.overflow(".jp-OutputArea-output") == []
        slug = re.sub(r"\W+", "_", preset.name.lower())
        screen.screenshot(f"swap_explorer_{slug}_{width}_{theme}", ROOT)
    assert screen.axe(".jp-OutputArea") == []
    screen.assert_quiet()


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


def test_keyboard_alone_reaches_and_moves_every_control(lab: Lab) -> None:
    screen = opened(lab, OPEN)
    page = screen.page
    page.get_by_label(LABELS[0], exact=True).focus()
    reached = []
    for _ in range(20):
        name = probe(screen, "focused")
        if name is None:
            break
        reached.append(name)
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("Tab")
    wanted = [word for label in LABELS for word in (label, f"{label}, as a number")]
    wanted += [preset.name for preset in PRESETS]
    assert reached == [
        *wanted,
        "Reset",
        "Copy as code",
        "Save SVG",
        "Save PNG",
        "This state as code",
    ]
    for label, name in zip(LABELS, ("teacher_noise", "student_noise"), strict=True):
        page.get_by_label(label, exact=True).focus()
        page.keyboard.press("End")
        wait_for_kernel(screen, f"explorer.{name}", "0.6")
        page.keyboard.press("ArrowLeft")
        wait_for_kernel(screen, f"explorer.{name}", "0.55")
    screen.assert_quiet()


def test_python_page_and_stock_slider_agree(lab: Lab) -> None:
    screen = opened(
        lab,
        OPEN,
        "import ipywidgets as iw\nslider = iw.FloatSlider(min=0, max=0.6, step=0.05)\n"
        "link = iw.jslink((slider, 'value'), (explorer, 'student_noise'))\nslider",
    )
    screen.kernel_run("explorer.teacher_noise = 0.0")
    screen.page.wait_for_function("() => document.querySelectorAll('.w2s-number')[0].value === '0.00'")
    screen.kernel_run("slider.value = 0.45")
    screen.page.wait_for_function("() => document.querySelectorAll('.w2s-number')[1].value === '0.45'")
    wait_for_kernel(screen, "explorer.state", "{'teacher_noise': 0.0, 'student_noise': 0.45}")
    assert shown(screen)["sentence"] == w2s.SwapExplorer(teacher_noise=0, student_noise=0.45).sentence
    number = screen.page.get_by_label("Teacher’s noise, as a number")
    number.fill("2")
    number.press("Enter")
    assert shown(screen)["note"] == "Teacher’s noise cannot be “2”: give a number from 0.00 to 0.60."
    wait_for_kernel(screen, "explorer.teacher_noise", "0.0")
    screen.assert_quiet()


def test_a_thousand_random_moves_and_a_burst(lab: Lab) -> None:
    screen = opened(lab, OPEN)
    devtools = screen.context.new_cdp_session(screen.page)

    def heap() -> float:
        devtools.send("HeapProfiler.collectGarbage")
        used: float = devtools.send("Runtime.getHeapUsage")["usedSize"]
        return used

    nodes = probe(screen, "fuzz", 200, 1)
    before = heap()
    assert probe(screen, "fuzz", 1000, 2) == nodes
    screen.page.wait_for_timeout(500)
    assert heap() - before < 2e6
    seen = shown(screen)
    wait_for_kernel(screen, "explorer.as_code()", repr(seen["code"]))
    assert screen.kernel_eval("explorer.sentence") == repr(seen["sentence"])
    assert screen.kernel_eval("explorer.reason") == repr(seen["reason"])
    assert screen.page.evaluate(BURST) < 100
    wait_for_kernel(screen, "explorer.teacher_noise", "0.6")
    screen.assert_quiet()


def test_it_lives_on_without_its_kernel_and_goes_when_closed(lab: Lab) -> None:
    screen = opened(lab, OPEN, "other = w2s.SwapExplorer()\nother")
    ids = screen.page.evaluate(
        "() => [...document.querySelectorAll('.w2s-explorer [id]')].map(node => node.id)"
    )
    assert len(ids) == len(set(ids))
    screen.kernel_run("other.close()")
    screen.page.wait_for_function(f"() => document.querySelectorAll('{ROOT}').length === 1")
    screen.shutdown_kernel()
    screen.page.get_by_role("button", name="Roles swapped").click()
    assert shown(screen)["sentence"] == w2s.SwapExplorer(**PRESETS[4].state).sentence


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_published_page_needs_no_kernel_and_no_network(
    static_page: Callable[..., Screen], theme: str
) -> None:
    screen = static_page(width=700, theme=theme, reduced_motion=True)
    screen.page.get_by_role("button", name="Equal noise").click()
    assert shown(screen)["sentence"] == w2s.SwapExplorer(teacher_noise=0.4, student_noise=0.4).sentence
    assert screen.axe("body") == []
    assert screen.overflow("body") == []
    assert probe(screen, "moving") == 0
    screen.page.wait_for_timeout(700)
    said = screen.page.locator(".w2s-announcer").inner_text()
    assert said.strip() == shown(screen)["sentence"]
    screen.assert_quiet()


def test_copy_and_save(lab: Lab, tmp_path: Path) -> None:
    screen = opened(lab, OPEN)
    page = screen.page
    page.get_by_role("button", name="Copy as code").click()
    page.wait_for_function("() => document.querySelector('.w2s-announcer').textContent === 'Copied.'")
    assert page.evaluate("() => navigator.clipboard.readText()") == w2s.SwapExplorer().as_code()
    for button, magic in [("Save SVG", b"<svg"), ("Save PNG", b"\x89PNG")]:
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(magic)
        assert path.stem == "swap-explorer"
    screen.assert_quiet()
