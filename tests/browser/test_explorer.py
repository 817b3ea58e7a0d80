"""The gain explorer in JupyterLab and on a page without a kernel: seen, moved, fuzzed, read aloud."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

import w2s_widgets as w2s
from tests.browser.lab import Lab, LabScreen
from tests.browser.screen import Screen
from w2s_widgets._numbers import format_number
from w2s_widgets.display.text import slack_verdict
from w2s_widgets.theory.outcome import measure_many
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.widgets.gain_explorer import PRESETS, gain_table
from w2s_widgets.widgets.spec import axis_words

OPEN = "import w2s_widgets as w2s\nexplorer = w2s.GainExplorer()\nexplorer"
ROOT = ".w2s-explorer"
NAMES = ("weak_quality", "strong_capacity", "misfit_share")
LABELS = ("Weak-model quality", "Strong capacity", "Misfit share")

PROBES = Path(__file__).with_name("explorer_probes.js")
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def shown(screen: Screen) -> dict[str, Any]:
    seen: dict[str, Any] = probe(screen, "shown")
    return seen


def probe(screen: Screen, name: str, *arguments: object) -> Any:
    """Call a function of explorer_probes.js after the page has drawn."""
    if not screen.page.evaluate("() => 'probes' in window"):
        screen.page.add_script_tag(path=PROBES)
    screen.page.evaluate(TWO_FRAMES)
    return screen.page.evaluate("([name, values]) => window.probes[name](...values)", [name, arguments])


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


@pytest.fixture
def static_page(open_page: Callable[..., Screen], tmp_path: Path) -> Callable[..., Screen]:
    """The explorer saved as a page and opened from disk, where there is no kernel."""
    path = w2s.GainExplorer().save_page(tmp_path / "explorer.html")
    return lambda **settings: open_page(path, **settings)


@pytest.mark.parametrize(
    ("width", "theme"), list(itertools.product([1280, 700], ["light", "dark"])), ids=lambda v: str(v)
)
def test_looks_right_and_reads_right(lab: Lab, width: int, theme: str) -> None:
    screen = opened(lab, width=width, theme=theme)
    for preset in PRESETS:
        screen.page.get_by_role("button", name=preset.name).click()
        screen.page.evaluate(TWO_FRAMES)
        assert screen.overflow(".jp-OutputArea-output") == []
        assert probe(screen, "overlaps") == [], preset.name
        slug = re.sub(r"\W+", "_", preset.name.lower())
        screen.screenshot(f"gain_explorer_{slug}_{width}_{theme}", ROOT)
    assert screen.axe(".jp-OutputArea") == []
    screen.assert_quiet()


def compare_every_state(screen: Screen, table: OutcomeTable) -> int:
    """Draw every state of a table of three axes, compare with Python, and return how many there were."""
    drawn = probe(screen, "everyState")
    assert len(drawn) == table.sides.gain.size
    compared = 0
    for indices, seen in zip(itertools.product(*(range(n) for n in table.shape)), drawn, strict=True):
        assert (seen is None) == (not table.reachable[indices])
        if seen is None:
            continue
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, indices, strict=True)}
        outcome = table.outcome(**state)
        ledger = seen["ledger"]
        write = partial(format_number, scale=max(outcome.err_weak, outcome.err_student, outcome.misfit))
        assert seen["sentence"] == str(outcome), state
        assert seen["gain"].removesuffix(", off the map") == f"gain {write(outcome.gain)}", state
        for words, value in [
            ("teacher’s error", outcome.err_weak),
            ("minus misfit", outcome.misfit),
            ("student’s error", outcome.err_student),
            ("promised", outcome.promise),
        ]:
            assert f"{words} {write(value)}" in ledger, state
        verdict = slack_verdict(outcome)
        plus = "+" if verdict == "better than promised" else ""
        assert f"slack {plus}{write(outcome.slack)}: {verdict}" in ledger, state
        compared += 1
    return compared


def test_every_entry_drawn_is_pythons_number(static_page: Callable[..., Screen]) -> None:
    assert compare_every_state(static_page(), gain_table()) == gain_table().reachable.sum() > 15_000


@pytest.mark.parametrize("unit", [1e-9, 3e-3, 1.0, 4e5])
def test_errors_in_any_unit_are_written_as_python_writes_them(
    open_page: Callable[..., Screen], tmp_path: Path, unit: float
) -> None:
    truth, teacher, student = np.sqrt(unit) * np.random.default_rng(0).normal(size=(3, 2, 3, 40, 4))
    axes = [Axis(f"axis_{n}", f"Axis {n}", range(n)) for n in (2, 3, 40)]
    table = OutcomeTable(axes, measure_many(truth, teacher, student))
    screen = open_page(w2s.OutcomeExplorer(table).save_page(tmp_path / "page.html"))
    assert compare_every_state(screen, table) == 240
    screen.assert_quiet()


def test_reason_and_code_are_pythons(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    for preset in PRESETS:
        explorer = w2s.GainExplorer(**preset.state)
        screen.page.get_by_role("button", name=preset.name).click()
        seen = shown(screen)
        assert seen["reason"] == explorer.reason
        assert seen["code"] == explorer.as_code()
        assert seen["numbers"] == [
            axis_words(a)[a.index_of(explorer.state[a.name])] for a in explorer.table.axes
        ]
        assert eval(seen["code"], {"w2s": w2s}).state == explorer.state
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
    wanted += [preset.name for preset in PRESETS]
    wanted += ["Reset", "Copy as code", "Save SVG", "Save PNG", "This state as code"]
    assert reached == wanted

    for label, name in zip(LABELS, NAMES, strict=True):
        control = page.get_by_label(label, exact=True)
        for key, step in [
            ("ArrowRight", 1),
            ("ArrowUp", 1),
            ("ArrowLeft", -1),
            ("Home", None),
            ("End", None),
        ]:
            before = int(control.input_value())
            control.focus()
            page.keyboard.press(key)
            last = int(control.get_attribute("max") or 0)
            wanted_value = {"Home": 0, "End": last}.get(key, before + (step or 0))
            assert int(control.input_value()) == wanted_value, (label, key)
        page.get_by_role("button", name="Reset").focus()
        page.keyboard.press("Enter")
        number = page.get_by_label(f"{label}, as a number")
        number.focus()
        page.keyboard.press("ArrowUp")
        axis = gain_table().axis(name)
        value = axis.values[axis.index_of(w2s.GainExplorer().state[name]) + 1]
        wait_for_kernel(screen, f"explorer.{name}", repr(value))
    screen.assert_quiet()


def test_typed_numbers_are_taken_or_refused_in_words(lab: Lab) -> None:
    screen = opened(lab)
    number = screen.page.get_by_label("Weak-model quality, as a number")
    number.fill("0,731")
    number.press("Enter")
    assert shown(screen)["numbers"][0] == "0.74"
    wait_for_kernel(screen, "explorer.weak_quality", "0.74")
    for text in ("7", "-1", "", "much"):
        number.fill(text)
        number.press("Enter")
        seen = shown(screen)
        assert seen["numbers"][0] == "0.74"
        assert seen["note"] == f"Weak-model quality cannot be “{text}”: give a number from 0.20 to 1.00."
    wait_for_kernel(screen, "explorer.weak_quality", "0.74")
    number.fill("0.5")
    number.press("Enter")
    assert shown(screen)["note"] == ""
    screen.assert_quiet()


def test_impossible_settings_are_said_and_not_reached(lab: Lab) -> None:
    screen = opened(lab)
    capacity = screen.page.get_by_label("Strong capacity", exact=True)
    capacity.focus()
    screen.page.keyboard.press("End")
    seen = shown(screen)
    assert seen["numbers"] == ["0.40", "24", "0.00"]
    assert seen["note"] == gain_table().impossible
    wait_for_kernel(
        screen,
        "(explorer.state, explorer.note == explorer.table.impossible)",
        "({'weak_quality': 0.4, 'strong_capacity': 24, 'misfit_share': 0.0}, True)",
    )
    screen.page.get_by_label("Misfit share", exact=True).focus()
    screen.page.keyboard.press("ArrowRight")
    assert shown(screen)["numbers"][2] == "0.00"
    capacity.focus()
    screen.page.keyboard.press("ArrowLeft")
    assert shown(screen)["note"] == ""
    screen.kernel_run("explorer.set(strong_capacity=24, misfit_share=0.5)")
    screen.page.wait_for_function("() => document.querySelector('.w2s-note').textContent !== ''")
    assert shown(screen)["numbers"][1:] == ["24", "0.00"]
    screen.assert_quiet()


def test_python_sets_and_sees_the_screen(lab: Lab) -> None:
    screen = opened(
        lab,
        OPEN,
        "heard = []\nexplorer.observe(lambda change: heard.append(round(change.new.gain, 6)), 'outcome')",
    )
    screen.kernel_run("explorer.misfit_share = 0.25")
    screen.page.wait_for_function("() => document.querySelectorAll('.w2s-number')[2].value === '0.25'")
    assert shown(screen)["sentence"] == str(
        gain_table().outcome(weak_quality=0.4, strong_capacity=16, misfit_share=0.25)
    )
    screen.page.get_by_label("Misfit share", exact=True).focus()
    for _ in range(3):
        screen.page.keyboard.press("ArrowRight")
    wait_for_kernel(screen, "explorer.misfit_share", "0.4")
    wait_for_kernel(screen, "heard[0], heard[-1]", "(0.15, 0.24)")
    count = screen.kernel_eval("len(heard)")
    screen.page.wait_for_timeout(300)
    assert screen.kernel_eval("len(heard)") == count, "page and kernel answer each other in a loop"
    screen.assert_quiet()


def test_stock_sliders_link_in_one_line(lab: Lab) -> None:
    screen = opened(
        lab,
        "import ipywidgets as iw\nimport w2s_widgets as w2s\nexplorer = w2s.GainExplorer()\n"
        "slider = iw.FloatSlider(value=0.5, min=0, max=2, step=0.05)\n"
        "link = iw.jslink((slider, 'value'), (explorer, 'misfit_share'))\niw.VBox([slider, explorer])",
    )
    handle = screen.page.get_by_role("slider").first
    handle.focus()
    screen.page.keyboard.press("ArrowRight")
    screen.page.wait_for_function("() => document.querySelectorAll('.w2s-number')[2].value === '0.55'")
    wait_for_kernel(screen, "explorer.misfit_share", "0.55")
    screen.kernel_run("slider.value = 1.7")
    screen.page.wait_for_function("() => document.querySelectorAll('.w2s-number')[2].value === '1.00'")
    assert shown(screen)["note"] == "Misfit share goes from 0 to 1. It shows 1.00."
    wait_for_kernel(screen, "explorer.misfit_share, slider.value", "(1.0, 1.0)")
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


def test_burst_shows_the_last_state(lab: Lab) -> None:
    screen = opened(lab)
    late = probe(screen, "burst")
    assert late < 100
    wait_for_kernel(screen, "explorer.weak_quality", "0.86")
    screen.assert_quiet()


def test_sliders_live_on_when_the_kernel_is_dead(lab: Lab) -> None:
    screen = opened(lab)
    screen.shutdown_kernel()
    screen.page.get_by_label("Misfit share", exact=True).focus()
    before = shown(screen)["drawing"]
    for _ in range(4):
        screen.page.keyboard.press("ArrowRight")
    seen = shown(screen)
    assert seen["drawing"] != before
    assert seen["sentence"] == str(
        gain_table().outcome(weak_quality=0.4, strong_capacity=16, misfit_share=0.7)
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_published_page_needs_no_kernel_and_no_network(
    static_page: Callable[..., Screen], theme: str
) -> None:
    screen = static_page(width=700, theme=theme)
    screen.page.get_by_label("Strong capacity", exact=True).focus()
    for _ in range(8):
        screen.page.keyboard.press("ArrowLeft")
    assert shown(screen)["sentence"] == str(
        gain_table().outcome(weak_quality=0.4, strong_capacity=8, misfit_share=0.5)
    )
    assert screen.axe("body") == []
    assert screen.overflow("body") == []
    screen.screenshot(f"published_page_{theme}")
    screen.assert_quiet()


def test_several_views_and_close(lab: Lab) -> None:
    screen = opened(
        lab, OPEN, "explorer", "import ipywidgets\nless = w2s.GainExplorer(controls=['misfit_share'])\nless"
    )
    assert screen.page.locator(ROOT).count() == 3
    assert screen.page.locator(ROOT).nth(2).locator(".w2s-control:visible").count() == 1
    ids = screen.page.evaluate(
        "() => [...document.querySelectorAll('.w2s-explorer [id]')].map(node => node.id)"
    )
    assert len(ids) == len(set(ids))
    screen.page.get_by_label("Misfit share", exact=True).nth(0).focus()
    screen.page.keyboard.press("End")
    sentences = screen.page.locator(".w2s-sentence")
    first = sentences.nth(0).inner_text()
    expect(sentences.nth(1)).to_have_text(first)
    assert sentences.nth(2).inner_text() != first
    screen.kernel_run("explorer.close(); less.close()")
    screen.page.wait_for_function(f"() => document.querySelectorAll('{ROOT}').length === 0")
    screen.assert_quiet()


def test_copy_save_and_reset(lab: Lab, tmp_path: Path) -> None:
    screen = opened(lab)
    page = screen.page
    page.get_by_role("button", name="Worse than its teacher").click()
    page.get_by_role("button", name="Copy as code").click()
    page.wait_for_function("() => document.querySelector('.w2s-announcer').textContent === 'Copied.'")
    assert (
        page.evaluate("() => navigator.clipboard.readText()")
        == w2s.GainExplorer(**PRESETS[-1].state).as_code()
    )
    for button, magic in [("Save SVG", b"<svg"), ("Save PNG", b"\x89PNG")]:
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(magic)
        assert path.stem == "gain-explorer"
        if path.suffix == ".svg":
            assert "var(--" not in path.read_text(encoding="utf-8")
            path.rename(tmp_path / "saved.svg")
    steps = page.locator(".w2s-step:visible")
    assert steps.count() == 2
    page.get_by_role("button", name="Reset").click()
    assert shown(screen)["numbers"] == ["0.40", "16", "0.50"]
    assert steps.count() == 1
    screen.assert_quiet()


def test_live_region_speaks_after_a_pause(lab: Lab) -> None:
    screen = opened(lab, reduced_motion=True)
    page = screen.page
    page.get_by_label("Misfit share", exact=True).focus()
    page.wait_for_timeout(700)
    page.evaluate(
        "() => { window.spoken = []; new MutationObserver(() => window.spoken.push("
        "document.querySelector('.w2s-announcer').textContent)).observe("
        "document.querySelector('.w2s-announcer'), {childList: true}) }"
    )
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    assert len(page.evaluate("() => window.spoken")) == 1
    assert page.evaluate("() => window.spoken[0].trim()") == shown(screen)["sentence"]
    assert probe(screen, "moving") == 0
