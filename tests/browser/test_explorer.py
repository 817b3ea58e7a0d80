"""The gain explorer in JupyterLab and on a page without a kernel: seen, moved, fuzzed, read aloud."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import w2s_widgets as w2s
from tests.browser.lab import Lab, LabScreen
from tests.browser.screen import Screen
from w2s_widgets.widgets.gain_explorer import PRESETS, gain_table
from w2s_widgets.widgets.screen import axis_words
from w2s_widgets.words import format_number

OPEN = "import w2s_widgets as w2s\nexplorer = w2s.GainExplorer()\nexplorer"
ROOT = ".w2s-explorer"
NAMES = ("weak_quality", "strong_capacity", "misfit")
LABELS = ("Weak-model quality", "Strong capacity", "Misfit")

SHOWN = """
() => {
    const root = document.querySelector('.w2s-explorer');
    const texts = selector => [...root.querySelectorAll(selector)].map(node => node.textContent);
    return {
        sentence: texts('.w2s-sentence')[0], reason: texts('.w2s-reason')[0], note: texts('.w2s-note')[0],
        code: root.querySelector('.w2s-code').value,
        numbers: [...root.querySelectorAll('.w2s-number')].map(input => input.value),
        drawing: root.querySelector('.w2s-panels').innerHTML,
    };
}
"""

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

EVERY_STATE = """
() => {
    const root = document.querySelector('.w2s-explorer'), explorer = root.w2sExplorer;
    const lengths = explorer.grid.axes.map(axis => axis.values.length);
    const [, ledger, map] = root.querySelectorAll('.w2s-picture');
    const words = [...ledger.querySelectorAll('.w2s-label')];
    const seen = [];
    for (let i = 0; i < lengths[0]; i += 1) for (let j = 0; j < lengths[1]; j += 1) for (let k = 0; k < lengths[2]; k += 1) {
        if (!explorer.grid.code('possible', [i, j, k])) { seen.push(null); continue; }
        explorer.commit([i, j, k], '');
        explorer.draw();
        seen.push([root.querySelector('.w2s-sentence').textContent, root.querySelector('.w2s-reason').textContent,
                   explorer.code.value, words.map(text => text.textContent).join('|'),
                   map.querySelector('.w2s-name').textContent]);
    }
    return seen;
}
"""

FUZZ = """
async ([moves, seed]) => {
    const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
    const root = document.querySelector('.w2s-explorer');
    const ranges = [...root.querySelectorAll('.w2s-range')], numbers = [...root.querySelectorAll('.w2s-number')];
    const buttons = [...root.querySelectorAll('button')].filter(b => !/Save|Copy/.test(b.textContent));
    const words = ['', '0.5', '12', '-3', '1e9', 'NaN', 'a word', '0,25', '24', '\u22121', '0x10', ' 0.77 '];
    for (let i = 0; i < moves; i += 1) {
        const choice = random();
        if (choice < 0.6) {
            const range = ranges[Math.floor(random() * ranges.length)];
            range.value = String(Math.floor(random() * (Number(range.max) + 1)));
            range.dispatchEvent(new Event('input', {bubbles: true}));
        } else if (choice < 0.8) {
            const number = numbers[Math.floor(random() * numbers.length)];
            number.value = words[Math.floor(random() * words.length)];
            number.dispatchEvent(new Event('change', {bubbles: true}));
        } else if (choice < 0.9) {
            const keys = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Enter', 'x'];
            const number = numbers[Math.floor(random() * numbers.length)];
            number.dispatchEvent(new KeyboardEvent('keydown', {key: keys[Math.floor(random() * keys.length)], bubbles: true, cancelable: true}));
        } else {
            buttons[Math.floor(random() * buttons.length)].click();
        }
        if (i % 3 === 0) await new Promise(done => requestAnimationFrame(done));
    }
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return root.querySelectorAll('*').length;
}
"""


def shown(screen: Screen) -> dict[str, Any]:
    screen.page.evaluate(TWO_FRAMES)
    seen: dict[str, Any] = screen.page.evaluate(SHOWN)
    return seen


def opened(lab: Lab, *cells: str, **settings: Any) -> LabScreen:
    screen = lab.open(cells or [OPEN], **settings)
    screen.run_all()
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
        assert labels_that_overlap(screen) == [], preset.name
        slug = re.sub(r"\W+", "_", preset.name.lower())
        screen.screenshot(f"gain_explorer_{slug}_{width}_{theme}", ROOT)
    assert screen.axe(".jp-OutputArea") == []
    screen.assert_quiet()


def labels_that_overlap(screen: Screen) -> list[str]:
    """Texts of one drawing that cover each other, or stick out of it."""
    found: list[str] = screen.page.evaluate(
        """() => [...document.querySelectorAll('.w2s-picture')].flatMap(picture => {
            const frame = picture.getBoundingClientRect(), found = [];
            const texts = [...picture.querySelectorAll('text')].filter(t => t.textContent && t.getClientRects().length)
                .map(t => ({words: t.textContent, turned: /rotate/.test(t.getAttribute('transform') ?? ''), box: t.getBoundingClientRect()}));
            for (const {words, box} of texts)
                if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2)
                    found.push(`“${words}” sticks out`);
            texts.forEach((a, i) => texts.slice(i + 1).forEach(b => {
                if (a.turned || b.turned) return;
                const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
                const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
                if (x > 2 && y > 5) found.push(`“${a.words}” and “${b.words}” overlap`);
            }));
            return found;
        })"""
    )
    return found


def test_every_entry_drawn_is_pythons_number(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    drawn = screen.page.evaluate(EVERY_STATE)
    table = gain_table()
    assert len(drawn) == table.sides.gain.size
    compared = 0
    for indices, seen in zip(itertools.product(*(range(n) for n in table.shape)), drawn, strict=True):
        assert (seen is None) == (not table.possible[indices])
        if seen is None:
            continue
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, indices, strict=True)}
        outcome = table.outcome(**state)
        sentence, _, _, ledger, gain = seen
        assert sentence == str(outcome), state
        assert gain == f"gain {format_number(outcome.gain)}", state
        for words, value in [
            ("teacher’s error", outcome.err_weak),
            ("minus misfit", outcome.misfit),
            ("student’s error", outcome.err_student),
            ("promised", outcome.promise),
        ]:
            assert f"{words} {format_number(value)}" in ledger, state
        signed = ("+" if outcome.slack > 5e-4 else "") + format_number(outcome.slack)
        assert f"slack {signed}:" in ledger, state
        compared += 1
    assert compared == table.possible.sum() > 15_000


def test_reason_and_code_are_pythons(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    for preset in PRESETS:
        explorer = w2s.GainExplorer(**preset.state)
        screen.page.get_by_role("button", name=preset.name).click()
        seen = shown(screen)
        assert seen["reason"] == explorer.reason
        assert seen["code"] == explorer.as_code()
        assert seen["numbers"] == [axis_words(a)[a.index_of(explorer.state[a.name])] for a in explorer.table.axes]
        assert eval(seen["code"], {"w2s": w2s}).state == explorer.state
    screen.assert_quiet()


def test_keyboard_alone_reaches_and_moves_every_control(lab: Lab) -> None:
    screen = opened(lab)
    page = screen.page
    page.get_by_label(LABELS[0], exact=True).focus()
    reached = []
    for _ in range(30):
        name = page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.closest('.w2s-explorer') && (e.ariaLabel || e.labels?.[0]?.textContent || e.textContent) }"
        )
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
        for key, step in [("ArrowRight", 1), ("ArrowUp", 1), ("ArrowLeft", -1), ("Home", None), ("End", None)]:
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
    wait_for_kernel(screen, "(explorer.state, explorer.note == explorer.table.impossible)",
                    "({'weak_quality': 0.4, 'strong_capacity': 24, 'misfit': 0.0}, True)")
    screen.page.get_by_label("Misfit", exact=True).focus()
    screen.page.keyboard.press("ArrowRight")
    assert shown(screen)["numbers"][2] == "0.00"
    capacity.focus()
    screen.page.keyboard.press("ArrowLeft")
    assert shown(screen)["note"] == ""
    screen.kernel_run("explorer.set(strong_capacity=24, misfit=0.5)")
    screen.page.wait_for_function("() => document.querySelector('.w2s-note').textContent !== ''")
    assert shown(screen)["numbers"][1:] == ["24", "0.00"]
    screen.assert_quiet()


def test_python_sets_and_sees_the_screen(lab: Lab) -> None:
    screen = opened(
        lab,
        OPEN,
        "heard = []\nexplorer.observe(lambda change: heard.append(round(change.new.gain, 6)), 'outcome')",
    )
    screen.kernel_run("explorer.misfit = 0.25")
    screen.page.wait_for_function("() => document.querySelectorAll('.w2s-number')[2].value === '0.25'")
    assert shown(screen)["sentence"] == str(gain_table().outcome(weak_quality=0.4, strong_capacity=16, misfit=0.25))
    screen.page.get_by_label("Misfit", exact=True).focus()
    for _ in range(3):
        screen.page.keyboard.press("ArrowRight")
    wait_for_kernel(screen, "explorer.misfit", "0.4")
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
        "link = iw.jslink((slider, 'value'), (explorer, 'misfit'))\niw.VBox([slider, explorer])",
    )
    handle = screen.page.get_by_role("slider").first
    handle.focus()
    screen.page.keyboard.press("ArrowRight")
    screen.page.wait_for_function("() => document.querySelectorAll('.w2s-number')[2].value === '0.55'")
    wait_for_kernel(screen, "explorer.misfit", "0.55")
    screen.kernel_run("slider.value = 1.7")
    screen.page.wait_for_function("() => document.querySelectorAll('.w2s-number')[2].value === '1.00'")
    assert shown(screen)["note"] == "Misfit goes from 0 to 1. It shows 1."
    wait_for_kernel(screen, "explorer.misfit, slider.value", "(1.0, 1.0)")
    screen.assert_quiet()


def test_a_thousand_random_moves(lab: Lab) -> None:
    screen = opened(lab)
    memory = "int(open('/proc/self/statm').read().split()[1]) * 4096"
    devtools = screen.context.new_cdp_session(screen.page)

    def heap() -> float:
        devtools.send("HeapProfiler.collectGarbage")
        used: float = devtools.send("Runtime.getHeapUsage")["usedSize"]
        return used

    nodes = screen.page.evaluate(FUZZ, [200, 1])
    kernel_before, page_before = int(screen.kernel_eval(memory)), heap()
    assert screen.page.evaluate(FUZZ, [1000, 2]) == nodes
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
    late = screen.page.evaluate(
        """async () => {
            const range = document.querySelector('.w2s-range'), number = document.querySelector('.w2s-number');
            for (let i = 0; i < 60; i += 1) {
                range.value = String((i * 7) % 40);
                range.dispatchEvent(new Event('input', {bubbles: true}));
                await new Promise(done => setTimeout(done, 16));
            }
            range.value = '33';
            const start = performance.now();
            range.dispatchEvent(new Event('input', {bubbles: true}));
            while (number.value !== '0.86') await new Promise(done => requestAnimationFrame(done));
            return performance.now() - start;
        }"""
    )
    assert late < 100
    wait_for_kernel(screen, "explorer.weak_quality", "0.86")
    screen.assert_quiet()


def test_sliders_live_on_when_the_kernel_is_dead(lab: Lab) -> None:
    screen = opened(lab)
    screen.shutdown_kernel()
    screen.page.get_by_label("Misfit", exact=True).focus()
    before = shown(screen)["drawing"]
    for _ in range(4):
        screen.page.keyboard.press("ArrowRight")
    seen = shown(screen)
    assert seen["drawing"] != before
    assert seen["sentence"] == str(gain_table().outcome(weak_quality=0.4, strong_capacity=16, misfit=0.7))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_published_page_needs_no_kernel_and_no_network(static_page: Callable[..., Screen], theme: str) -> None:
    screen = static_page(width=700, theme=theme)
    screen.page.get_by_label("Strong capacity", exact=True).focus()
    for _ in range(8):
        screen.page.keyboard.press("ArrowLeft")
    assert shown(screen)["sentence"] == str(
        gain_table().outcome(weak_quality=0.4, strong_capacity=8, misfit=0.5)
    )
    assert screen.axe("body") == []
    assert screen.overflow("body") == []
    screen.screenshot(f"published_page_{theme}")
    screen.assert_quiet()


def test_several_views_and_close(lab: Lab) -> None:
    screen = opened(lab, OPEN, "explorer", "import ipywidgets\nless = w2s.GainExplorer(controls=['misfit'])\nless")
    assert screen.page.locator(ROOT).count() == 3
    assert screen.page.locator(ROOT).nth(2).locator(".w2s-control:visible").count() == 1
    ids = screen.page.evaluate("() => [...document.querySelectorAll('.w2s-explorer [id]')].map(node => node.id)")
    assert len(ids) == len(set(ids))
    screen.page.get_by_label("Misfit", exact=True).nth(0).focus()
    screen.page.keyboard.press("End")
    sentences = screen.page.locator(".w2s-sentence")
    screen.page.wait_for_function(
        "() => { const s = document.querySelectorAll('.w2s-sentence'); return s[0].textContent === s[1].textContent }"
    )
    assert sentences.nth(2).inner_text() != sentences.nth(0).inner_text()
    screen.kernel_run("explorer.close(); less.close()")
    screen.page.wait_for_function(f"() => document.querySelectorAll('{ROOT}').length === 0")
    screen.assert_quiet()


def test_copy_save_and_reset(lab: Lab, tmp_path: Path) -> None:
    screen = opened(lab)
    page = screen.page
    page.get_by_role("button", name="Worse than its teacher").click()
    page.get_by_role("button", name="Copy as code").click()
    page.wait_for_function("() => document.querySelector('.w2s-announcer').textContent === 'Copied.'")
    assert page.evaluate("() => navigator.clipboard.readText()") == w2s.GainExplorer(**PRESETS[-1].state).as_code()
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
    page.get_by_label("Misfit", exact=True).focus()
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
    moving = page.evaluate(
        "() => [...document.querySelectorAll('.w2s-explorer *')].filter(node => { const s = getComputedStyle(node);"
        " return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0 }).length"
    )
    assert moving == 0
