"""The sample explorer in JupyterLab and on a page without a kernel: seen, moved, fuzzed, read aloud."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

import w2s_widgets as w2s
from tests.browser.lab import Lab, LabScreen
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
ROOT = ".w2s-explorer"
LABELS = ("Unlabelled inputs n", "Dimension of the student", "Noise of the labels")
CHOICE = "Ridge or early stopping"
FRAME = {"left": 52, "right": 328, "top": 12, "bottom": 260}

PROBES = [Path(__file__).with_name(name) for name in ("explorer_probes.js", "sample_probes.js")]
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def probe(screen: Screen, name: str, *arguments: object) -> Any:
    """Call a function of the probes after the page has drawn; the sample explorer's own come first."""
    if not screen.page.evaluate("() => 'sampleProbes' in window"):
        for path in PROBES:
            screen.page.add_script_tag(path=path)
    screen.page.evaluate(TWO_FRAMES)
    return screen.page.evaluate(
        "([name, values]) => (window.sampleProbes[name] ?? window.probes[name])(...values)", [name, arguments]
    )


def shown(screen: Screen) -> dict[str, Any]:
    seen: dict[str, Any] = probe(screen, "shown")
    return seen


def opened(lab: Lab, *cells: str, **settings: Any) -> LabScreen:
    screen = lab.open(cells or [OPEN], **settings)
    screen.run_all()
    assert screen.error_outputs() == []
    screen.page.wait_for_selector(f"{ROOT} .w2s-sentence:not(:empty)")
    return screen


def wait_for_kernel(screen: LabScreen, expression: str, wanted: str) -> None:
    for _ in range(50):
        if screen.kernel_eval(expression) == wanted:
            return
        screen.page.wait_for_timeout(50)
    assert screen.kernel_eval(expression) == wanted


def sized(value: float) -> str:
    """Write a number of the table as the page does."""
    return format_fixed(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 3)


@pytest.fixture
def static_page(open_page: Callable[..., Screen], tmp_path: Path) -> Callable[..., Screen]:
    """The explorer saved as a page and opened from disk, where there is no kernel."""
    path = w2s.SampleExplorer().save_page(tmp_path / "explorer.html")
    return lambda **settings: open_page(path, **settings)


@pytest.mark.parametrize(
    ("width", "theme"), list(itertools.product([1280, 700], ["light", "dark"])), ids=lambda v: str(v)
)
def test_looks_right_and_reads_right(lab: Lab, width: int, theme: str) -> None:
    screen = opened(lab, width=width, theme=theme)
    heights = set()
    for preset in PRESETS:
        screen.page.get_by_role("button", name=preset.name).click()
        screen.page.evaluate(TWO_FRAMES)
        assert screen.overflow(".jp-OutputArea-output") == []
        assert probe(screen, "overlaps") == [], preset.name
        heights.add(screen.page.locator(ROOT).bounding_box()["height"])  # type: ignore[index]
        slug = re.sub(r"\W+", "_", preset.name.lower())
        screen.screenshot(f"sample_explorer_{slug}_{width}_{theme}", ROOT)
    assert len(heights) == 1, "the explorer changes its height"
    assert screen.axe(".jp-OutputArea") == []
    screen.assert_quiet()


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
        seen = shown(screen)
        steps = carried_grid().cloud[sample_table().index(**preset.state)]
        x = (cloud_value(steps[:, 0], CLOUD_X) - CLOUD_X[0]) / (CLOUD_X[1] - CLOUD_X[0])
        y = (cloud_value(steps[:, 1], CLOUD_Y) - CLOUD_Y[0]) / (CLOUD_Y[1] - CLOUD_Y[0])
        places = np.array(seen["dots"])
        assert np.allclose(places[:, 0], FRAME["left"] + x * (FRAME["right"] - FRAME["left"]), atol=0.06)
        assert np.allclose(places[:, 1], FRAME["bottom"] - y * (FRAME["bottom"] - FRAME["top"]), atol=0.06)
        beyond = int(outside(steps).sum())
        assert seen["beyond"] == beyond
        assert f"{beyond} of 200 lie beyond the edge" in seen["descriptions"][0]
    screen.assert_quiet()


def test_words_and_code_are_pythons(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    for preset in PRESETS:
        explorer = w2s.SampleExplorer(**preset.state)
        screen.page.get_by_role("button", name=preset.name).click()
        seen = shown(screen)
        assert seen["sentence"] == explorer.sentence
        assert seen["reason"] == explorer.reason
        assert seen["code"] == explorer.as_code()
        assert eval(seen["code"], {"w2s": w2s}).state == explorer.state
    assert seen["slopes"] == ["distance 0"] * 4
    screen.assert_quiet()


def test_keyboard_alone_reaches_and_moves_every_control(lab: Lab) -> None:
    screen = opened(lab)
    page = screen.page
    page.get_by_label(LABELS[0], exact=True).focus()
    reached = []
    for _ in range(30):
        name = probe(screen, "focused")
        if name is None:
            break
        reached.append(name)
        outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"{name} shows no focus ring"
        page.keyboard.press("Tab")
    wanted = [word for label in LABELS for word in (label, f"{label}, as a number")]
    wanted += [CHOICE, *(preset.name for preset in PRESETS)]
    wanted += ["Reset", "Copy as code", "Save SVG", "Save PNG", "This state as code"]
    assert reached == wanted

    for label, name in zip(LABELS, ("n", "strong_capacity", "label_noise"), strict=True):
        control = page.get_by_label(label, exact=True)
        for key, step in [("ArrowRight", 1), ("ArrowLeft", -1), ("End", None), ("Home", None)]:
            before = int(control.input_value())
            control.focus()
            page.keyboard.press(key)
            last = int(control.get_attribute("max") or 0)
            wanted_value = {"Home": 0, "End": last}.get(key, before + (step or 0))
            assert int(control.input_value()) == wanted_value, (label, key)
        wait_for_kernel(screen, f"explorer.{name}", repr(sample_table().axis(name).values[0]))
    page.get_by_label(CHOICE).focus()
    page.keyboard.press("ArrowDown")
    wait_for_kernel(screen, "explorer.restraint", "'ridge 0.01'")
    number = page.get_by_label(f"{LABELS[0]}, as a number")
    number.fill("4000")
    number.press("Enter")
    wait_for_kernel(screen, "explorer.n", "4078")
    number.fill("a lot")
    number.press("Enter")
    assert shown(screen)["note"] == "Unlabelled inputs n cannot be “a lot”: give a number from 2 to 5000."
    wait_for_kernel(screen, "explorer.n", "4078")
    screen.assert_quiet()


def test_python_sets_and_sees_the_screen(lab: Lab) -> None:
    screen = opened(
        lab,
        OPEN,
        "import ipywidgets as iw\nheard = []\n"
        "explorer.observe(lambda change: heard.append(round(change.new.gain, 6)), 'outcome')\n"
        "slider = iw.SelectionSlider(options=[12, 46, 5000], value=46)\n"
        "link = iw.link((slider, 'value'), (explorer, 'n'))\nslider",
    )
    screen.kernel_run("explorer.set(n=12, restraint='ridge 0.1')")
    screen.page.wait_for_function("() => document.querySelector('.w2s-number').value === '12'")
    assert shown(screen)["sentence"] == w2s.SampleExplorer(n=12, restraint="ridge 0.1").sentence
    screen.page.get_by_label(LABELS[0], exact=True).focus()
    screen.page.keyboard.press("End")
    wait_for_kernel(screen, "explorer.n, slider.value", "(5000, 5000)")
    wait_for_kernel(screen, "heard[-1] == round(explorer.outcome.gain, 6)", "True")
    count = screen.kernel_eval("len(heard)")
    screen.page.wait_for_timeout(300)
    assert screen.kernel_eval("len(heard)") == count, "page and kernel answer each other in a loop"
    screen.assert_quiet()


def test_a_thousand_random_moves(lab: Lab) -> None:
    screen = opened(lab)
    memory = "int(open('/proc/self/statm').read().split()[1]) * 4096"
    devtools = screen.context.new_cdp_session(screen.page)

    def heap() -> float:
        devtools.send("HeapProfiler.collectGarbage")
        used: float = devtools.send("Runtime.getHeapUsage")["usedSize"]
        return used

    nodes = probe(screen, "fuzz", 200, 1)
    kernel_before, page_before = int(screen.kernel_eval(memory)), heap()
    assert probe(screen, "fuzz", 1000, 2) == nodes
    screen.page.wait_for_timeout(500)
    assert heap() - page_before < 2e6
    assert int(screen.kernel_eval(memory)) - kernel_before < 20e6
    seen = shown(screen)
    wait_for_kernel(screen, "explorer.as_code()", repr(seen["code"]))
    assert screen.kernel_eval("explorer.sentence") == repr(seen["sentence"])
    assert screen.kernel_eval("explorer.reason") == repr(seen["reason"])
    screen.assert_quiet()


def test_moving_n_answers_in_a_frame_or_two(lab: Lab) -> None:
    screen = opened(lab)
    frames, milliseconds = np.array(probe(screen, "delays", 60)).T
    # Frames do not depend on what else runs on the machine; their length does.
    assert frames.max() <= 2
    assert np.median(milliseconds) < 50
    late = probe(screen, "burst", 10, str(SIZES[10]))
    assert late < 100
    wait_for_kernel(screen, "explorer.n", str(SIZES[10]))
    screen.assert_quiet()


def test_it_lives_on_when_the_kernel_is_dead(lab: Lab) -> None:
    screen = opened(lab)
    screen.shutdown_kernel()
    screen.page.get_by_label(LABELS[0], exact=True).focus()
    screen.page.keyboard.press("Home")
    screen.page.get_by_label(CHOICE).select_option("10 steps")
    seen = shown(screen)
    assert seen["sentence"] == w2s.SampleExplorer(n=2, restraint="10 steps").sentence
    assert "gradient descent stops after 10 steps" in seen["reason"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_published_page_needs_no_kernel_and_no_network(
    static_page: Callable[..., Screen], theme: str
) -> None:
    screen = static_page(width=700, theme=theme)
    screen.page.get_by_label(LABELS[1], exact=True).focus()
    screen.page.keyboard.press("End")
    assert shown(screen)["sentence"] == w2s.SampleExplorer(strong_capacity=24).sentence
    assert screen.axe("body") == []
    assert screen.overflow("body") == []
    screen.screenshot(f"sample_page_{theme}")
    screen.assert_quiet()


def test_several_views_and_close(lab: Lab) -> None:
    screen = opened(lab, OPEN, "explorer", "less = w2s.SampleExplorer(controls=['n'])\nless")
    assert screen.page.locator(ROOT).count() == 3
    assert screen.page.locator(ROOT).nth(2).locator(".w2s-control:visible").count() == 1
    ids = screen.page.evaluate(
        "() => [...document.querySelectorAll('.w2s-explorer [id]')].map(node => node.id)"
    )
    assert len(ids) == len(set(ids))
    screen.page.get_by_label(LABELS[0], exact=True).nth(0).focus()
    screen.page.keyboard.press("End")
    sentences = screen.page.locator(".w2s-sentence")
    first = sentences.nth(0).inner_text()
    expect(sentences.nth(1)).to_have_text(first)
    assert sentences.nth(2).inner_text() != first
    screen.kernel_run("explorer.close(); less.close()")
    screen.page.wait_for_function(f"() => document.querySelectorAll('{ROOT}').length === 0")
    screen.assert_quiet()


def test_copy_save_reset_and_live_region(lab: Lab, tmp_path: Path) -> None:
    screen = opened(lab, reduced_motion=True)
    page = screen.page
    page.get_by_role("button", name=PRESETS[1].name).click()
    page.get_by_role("button", name="Copy as code").click()
    page.wait_for_function("() => document.querySelector('.w2s-announcer').textContent === 'Copied.'")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == w2s.SampleExplorer(**PRESETS[1].state).as_code()
    for button, magic in [("Save SVG", b"<svg"), ("Save PNG", b"\x89PNG")]:
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(magic)
        assert path.stem == "sample-explorer"
        if path.suffix == ".svg":
            assert "var(--" not in path.read_text(encoding="utf-8")
    page.get_by_role("button", name="Reset").click()
    assert shown(screen)["numbers"] == ["46", "12", "0.5"]
    page.wait_for_timeout(700)
    page.evaluate(
        "() => { window.spoken = []; new MutationObserver(() => window.spoken.push("
        "document.querySelector('.w2s-announcer').textContent)).observe("
        "document.querySelector('.w2s-announcer'), {childList: true}) }"
    )
    page.get_by_label(LABELS[0], exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    assert page.evaluate("() => window.spoken.map(text => text.trim())") == [shown(screen)["sentence"]]
    assert probe(screen, "moving") == 0
    screen.assert_quiet()
