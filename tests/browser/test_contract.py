"""What every explorer keeps to in JupyterLab and on a page without a kernel; each page serves many tests."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.contract import ROOT, TWO_FRAMES, Pages, opened, probe, shown, wait_for_kernel
from tests.browser.lab import Lab, LabScreen
from tests.browser.screen import Screen
from tests.widgets.contract import CARDS, EXPLORERS, SETUP, choices, line, make, some_states
from tests.widgets.contract import opened as from_code

ACTIONS = ["Reset", "Copy as code", "Save SVG", "Save PNG", "This state as code"]
CODE_IS = "wanted => document.querySelector('.w2s-code')?.value === wanted"
IDS = f"() => [...document.querySelectorAll('{ROOT} [id]')].map(node => node.id)"
MEMORY = "int(open('/proc/self/statm').read().split()[1]) * 4096"
LOOKS = list(itertools.product((1280, 700), ("light", "dark")))
SPOKEN = """
() => {
    const said = document.querySelector('.w2s-announcer');
    window.spoken = [];
    new MutationObserver(() => window.spoken.push(said.textContent.trim())).observe(said, {childList: true});
}
"""


@pytest.fixture(scope="module", params=EXPLORERS)
def name(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="module")
def explorer(name: str) -> Any:
    return make(name)


@pytest.fixture(scope="module")
def saved(explorer: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = explorer.save_page(tmp_path_factory.mktemp("page") / "page.html")
    return path


@pytest.fixture(scope="module")
def one_lab(shared_lab: Lab, name: str, explorer: Any) -> Iterator[LabScreen]:
    """The explorer in JupyterLab, with a stock slider linked to it: one page for all its tests."""
    control, values = a_number(explorer)
    reach = f"min={values[0]}, max={values[-1] + 1}, step=0.01"
    screen = opened(
        shared_lab,
        f"{SETUP}\nwidget = {line(name)}\nheard = []\n"
        "widget.observe(lambda change: heard.append(change.new), 'outcome')\nwidget",
        f"stock = ipywidgets.FloatSlider(value=widget.{control}, {reach})\n"
        f"link = ipywidgets.jslink((stock, 'value'), (widget, {control!r}))\nstock",
        height=1100,
        reduced_motion=True,
    )
    yield screen
    shared_lab.close_screens()


@pytest.fixture
def lab_page(one_lab: LabScreen) -> Iterator[LabScreen]:
    one_lab.page.get_by_role("button", name="Reset").click()
    # What the page has still to send would undo what a test sets from Python.
    kernel_agrees(one_lab)
    yield one_lab
    one_lab.assert_quiet()


def a_number(explorer: Any) -> tuple[str, list[float]]:
    """Name the first control that is a number, and what it can be set to."""
    every = choices(explorer).items()
    return next((name, values) for name, values in every if not isinstance(values[0], str))


def mover(root: Locator) -> Locator:
    """Find what the right arrow moves the state with: a slider, or where there is none a handle."""
    sliders = root.locator(".w2s-range")
    return sliders.first if sliders.count() else root.locator(".w2s-handle").first


def presets(explorer: Any) -> dict[str, Any]:
    """Name the presets, and what Python shows in each."""
    return {preset["name"]: preset["state"] for preset in explorer._spec["presets"]}


def says_what_python_says(screen: Screen) -> None:
    seen = shown(screen)
    answer = from_code(seen["code"])
    assert (seen["sentence"], seen["reason"]) == (answer.sentence, answer.reason), seen["code"]
    assert answer.as_code() == seen["code"]
    answer.close()


def kernel_agrees(screen: LabScreen) -> None:
    seen = shown(screen)
    wait_for_kernel(screen, "widget.as_code()", repr(seen["code"]))
    for words in ("sentence", "reason", "note"):
        assert screen.kernel_eval(f"widget.{words}") == repr(seen[words])


def heap(screen: Screen) -> float:
    """Return how much memory the page's script uses, in bytes."""
    tools = screen.context.new_cdp_session(screen.page)
    tools.send("HeapProfiler.collectGarbage")
    used: float = tools.send("Runtime.getHeapUsage")["usedSize"]
    tools.detach()
    return used


def click_presets(screen: Screen, explorer: Any, look: Callable[[str], None]) -> None:
    for preset in presets(explorer) or ["Reset"]:
        screen.page.get_by_role("button", name=preset, exact=True).click()
        screen.page.evaluate(TWO_FRAMES)
        look(preset)


def test_looks_right_and_reads_right(lab_page: LabScreen, name: str, explorer: Any) -> None:
    def look(preset: str) -> None:
        assert lab_page.overflow(f".jp-OutputArea-output:has({ROOT})") == []
        assert probe(lab_page, "overlaps") == [], preset
        slug = re.sub(r"\W+", "_", preset.lower())
        lab_page.screenshot(f"{name}_{slug}_{width}_{theme}", ROOT)

    for width, theme in LOOKS:
        lab_page.page.set_viewport_size({"width": width, "height": 1100})
        lab_page.switch_theme(theme)
        click_presets(lab_page, explorer, look)
        assert lab_page.axe(f".jp-OutputArea:has({ROOT})") == []
    lab_page.page.set_viewport_size({"width": 1280, "height": 1100})
    lab_page.switch_theme("light")


def test_python_sets_and_sees_the_screen(lab_page: LabScreen, explorer: Any) -> None:
    for state in some_states(explorer, 3):
        explorer.set(**state)
        lab_page.kernel_run(f"widget.set(**{state!r})")
        lab_page.page.wait_for_function(CODE_IS, arg=explorer.as_code())
        assert shown(lab_page)["sentence"] == explorer.sentence
        assert shown(lab_page)["note"] == explorer.note
    lab_page.page.get_by_role("button", name="Reset").click()
    kernel_agrees(lab_page)
    assert lab_page.kernel_eval("heard[-1] == widget.outcome") == "True"
    count = lab_page.kernel_eval("len(heard)")
    lab_page.page.wait_for_timeout(300)
    assert lab_page.kernel_eval("len(heard)") == count, "page and kernel answer each other in a loop"


def test_a_stock_slider_links_in_one_line(lab_page: LabScreen, explorer: Any) -> None:
    control, values = a_number(explorer)
    explorer.reset()
    explorer.set(**{control: values[1]})
    lab_page.kernel_run(f"stock.value = {values[1]}")
    lab_page.page.wait_for_function(CODE_IS, arg=explorer.as_code())
    kernel_agrees(lab_page)
    # Beyond the range it is moved in, said, and told to the slider.
    explorer.set(**{control: values[-1]})
    lab_page.kernel_run(f"stock.value = {values[-1] + 1}")
    lab_page.page.wait_for_function(CODE_IS, arg=explorer.as_code())
    assert shown(lab_page)["note"].endswith(".")
    # The stock slider writes 24 as 23.999999999999996.
    told = f"widget.{control} == {values[-1]} and abs(stock.value - {values[-1]}) < 1e-9"
    wait_for_kernel(lab_page, told, "True")
    kernel_agrees(lab_page)


def test_keyboard_alone_reaches_and_moves_every_control(lab_page: LabScreen, explorer: Any) -> None:
    page, wanted = lab_page.page, probe(lab_page, "controls")
    page.locator(f"{ROOT} :is(input, select, button)").first.focus()
    # The ring shows for a reader at the keyboard, and a button was clicked before.
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    reached: list[Any] = []
    while (focus := probe(lab_page, "focused")) and len(reached) <= len(wanted):
        reached.append(focus["name"])
        assert focus["seen"], f"{focus['name']} shows no focus ring"
        page.keyboard.press("Tab")
    assert reached == wanted
    spec = explorer._spec
    named = [axis["label"] for axis in spec.get("axes", ())]
    named += [f"{axis['label']}, as a number" for axis in spec.get("axes", ()) if not axis["choice"]]
    assert set(named) | {*presets(explorer), *ACTIONS} <= set(reached)
    assert reached[-len(ACTIONS) :] == ACTIONS

    for control in page.locator(f"{ROOT} :is(.w2s-range, .w2s-number, .w2s-select, .w2s-handle)").all():
        page.get_by_role("button", name="Reset").focus()
        page.keyboard.press("Enter")
        move_by_keys(lab_page, control)
        kernel_agrees(lab_page)


def move_by_keys(screen: LabScreen, control: Locator) -> None:
    page, kind = screen.page, str(control.get_attribute("class"))
    control.focus()
    if "w2s-range" in kind:
        last = int(control.get_attribute("max") or 0)
        steps = {"ArrowRight": 1, "ArrowUp": 1, "ArrowLeft": -1, "Home": -last, "End": last}
        for key, step in steps.items():
            wanted = min(last, max(0, int(control.input_value()) + step))
            page.keyboard.press(key)
            assert int(control.input_value()) == wanted, key
        return
    before = shown(screen)["code"]
    page.keyboard.press("ArrowDown")
    if shown(screen)["code"] == before:
        page.keyboard.press("ArrowUp")
    assert shown(screen)["code"] != before, kind
    if "w2s-number" in kind:
        type_numbers(screen, control)


def type_numbers(screen: LabScreen, number: Locator) -> None:
    """Type what is taken and what is refused: in JupyterLab's command mode these keys are commands."""
    page = screen.page

    def typed(text: str) -> dict[str, Any]:
        number.focus()
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        return shown(screen)

    label, low = (str(number.get_attribute(name)) for name in ("aria-label", "aria-valuemin"))
    typed(low.replace(".", ","))
    assert number.get_attribute("aria-valuenow") == low
    before, called = shown(screen)["code"], label.removesuffix(", as a number")
    for text in ("77777", "-77777", "", "much", "0x1"):
        seen = typed(text)
        assert re.fullmatch(
            rf"{re.escape(called)},? cannot be “{text}”: give a number from \S+ to \S+\.", seen["note"]
        )
        assert seen["code"] == before
    kernel_agrees(screen)
    assert typed(low)["code"] == before
    page.keyboard.press("ArrowUp")
    assert shown(screen)["note"] == ""


def test_a_thousand_random_moves(lab_page: LabScreen) -> None:
    def settled() -> int:
        lab_page.page.get_by_role("button", name="Reset").click()
        nodes: int = probe(lab_page, "nodes")
        return nodes

    probe(lab_page, "fuzz", 200, 1)
    kernel_agrees(lab_page)
    nodes, kernel_before, page_before = settled(), int(lab_page.kernel_eval(MEMORY)), heap(lab_page)
    probe(lab_page, "fuzz", 1000, 2)
    lab_page.page.wait_for_timeout(500)
    kernel_agrees(lab_page)
    says_what_python_says(lab_page)
    assert settled() == nodes
    assert heap(lab_page) - page_before < 2e6
    assert int(lab_page.kernel_eval(MEMORY)) - kernel_before < 20e6


def test_a_burst_shows_the_last_state(lab_page: LabScreen) -> None:
    if lab_page.page.locator(f"{ROOT} .w2s-range").count():
        frames, milliseconds = probe(lab_page, "burst")
        # Frames do not depend on what else runs on the machine; their length does.
        assert frames <= 2
        assert milliseconds < 100
        kernel_agrees(lab_page)


def test_copy_save_and_live_region(lab_page: LabScreen, explorer: Any, tmp_path: Path) -> None:
    page: Page = lab_page.page
    if presets(explorer):
        page.get_by_role("button", name=[*presets(explorer)][-1]).click()
    page.get_by_role("button", name="Copy as code").click()
    page.wait_for_function("() => document.querySelector('.w2s-announcer').textContent.endsWith('Copied.')")
    page.wait_for_timeout(700)
    assert page.locator(f"{ROOT} .w2s-announcer").inner_text().endswith("Copied.")
    assert page.evaluate("() => navigator.clipboard.readText()") == shown(lab_page)["code"]
    for button, magic in [("Save SVG", b"<svg"), ("Save PNG", b"\x89PNG")]:
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(magic)
        assert path.stem == explorer._spec["file_name"]
        assert path.suffix != ".svg" or "var(--" not in path.read_text(encoding="utf-8")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_timeout(700)
    page.evaluate(SPOKEN)
    mover(page.locator(ROOT)).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    seen = shown(lab_page)
    assert page.evaluate("() => window.spoken") == [f"{seen['sentence']} {seen['note']}".strip()]
    assert probe(lab_page, "moving") == 0


def test_it_lives_on_when_the_kernel_is_dead(one_lab: LabScreen) -> None:
    one_lab.page.get_by_role("button", name="Reset").click()
    one_lab.shutdown_kernel()
    before = shown(one_lab)["drawing"]
    for seed in range(4):
        probe(one_lab, "fuzz", 15, seed)
        says_what_python_says(one_lab)
    assert shown(one_lab)["drawing"] != before


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_published_page_needs_no_kernel_and_no_network(
    open_page: Pages, saved: Path, name: str, explorer: Any, theme: str
) -> None:
    screen = open_page(saved, width=700, height=1200, theme=theme, reduced_motion=True)
    for width in (700, 390):
        screen.page.set_viewport_size({"width": width, "height": 1200})
        click_presets(screen, explorer, lambda _: says_what_python_says(screen))
        assert screen.axe("body") == []
        assert screen.overflow("body") == []
        assert probe(screen, "moving") == 0
        screen.screenshot(f"{name}_page_{width}_{theme}")
    screen.page.wait_for_timeout(700)
    assert screen.page.locator(".w2s-announcer").inner_text().strip() in ("", shown(screen)["sentence"])
    screen.assert_quiet()


def test_page_and_python_say_the_same(open_page: Pages, saved: Path, explorer: Any) -> None:
    screen = open_page(saved)
    states = some_states(explorer, 60, seed=3)
    for state, seen in zip(states, probe(screen, "written", states), strict=True):
        explorer.set(**state)
        wanted = {"sentence": explorer.sentence, "reason": explorer.reason, "code": explorer.as_code()}
        assert wanted == {words: seen[words] for words in wanted}, state
        axes = explorer.table.axes if hasattr(explorer, "table") else ()
        for axis in axes:
            if axis.name in seen["values"] and not axis.is_choice:
                value = float(seen["values"][axis.name].replace("−", "-"))
                assert value == pytest.approx(explorer.state[axis.name], abs=1e-9)
    for seed in range(12):
        probe(screen, "fuzz", 12, seed)
        says_what_python_says(screen)
    screen.assert_quiet()


def test_controls_can_be_kept_back(open_page: Pages, name: str, explorer: Any, tmp_path: Path) -> None:
    if "controls" in inspect.signature(type(explorer).__init__).parameters:
        control, _ = a_number(explorer)
        screen = open_page(make(name, controls=[control]).save_page(tmp_path / "less.html"))
        kept = screen.page.locator(f"{ROOT} .w2s-control:visible")
        assert [node.get_attribute("data-axis") for node in kept.all()] == [control]


def test_two_views_of_every_explorer_move_as_one_and_close(shared_lab: Lab) -> None:
    cells = [SETUP]
    for i, name in enumerate(EXPLORERS):
        cells += [f"widget{i} = {line(name)}\nwidget{i}", f"widget{i}"]
    screen = shared_lab.open(cells, whole=True)
    screen.run_all()
    assert screen.error_outputs() == []
    page, roots = screen.page, screen.page.locator(ROOT)
    count = 2 * len(EXPLORERS)
    page.wait_for_function(f"count => document.querySelectorAll('{ROOT}').length === count", arg=count)
    ids = page.evaluate(IDS)
    assert len(ids) == len(set(ids))
    for i in range(len(EXPLORERS)):
        codes = page.locator(".w2s-code")
        before = [code.input_value() for code in codes.all()]
        mover(roots.nth(2 * i)).press("ArrowRight")
        page.evaluate(TWO_FRAMES)
        after = [code.input_value() for code in codes.all()]
        moved = [k for k, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
        assert moved == [2 * i, 2 * i + 1]
        assert after[2 * i] == after[2 * i + 1]
    screen.kernel_run("\n".join(f"widget{i}.close()" for i in range(len(EXPLORERS))))
    page.wait_for_function(f"() => document.querySelectorAll('{ROOT}').length === 0")
    screen.assert_quiet()
    screen.close()


def test_cards_look_right_and_read_right(shared_lab: Lab) -> None:
    screen = shared_lab.open([SETUP, *map(line, CARDS)], whole=True)
    screen.run_all()
    assert screen.error_outputs() == []
    screen.page.wait_for_function(
        "count => document.querySelectorAll('.jp-OutputArea-output .jupyter-widgets').length >= count",
        arg=len(CARDS),
    )
    for width, theme in [*LOOKS, (390, "light")]:
        screen.page.set_viewport_size({"width": width, "height": 1100})
        screen.switch_theme(theme)
        assert screen.overflow(".jp-OutputArea-output") == []
        assert screen.axe(".jp-OutputArea") == []
    screen.assert_quiet()
    screen.close()
