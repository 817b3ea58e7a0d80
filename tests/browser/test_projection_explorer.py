"""The projection explorer in a browser: the page's arithmetic, dragging, keys, touch, words, no kernel."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

import w2s_widgets as w2s
from tests.browser.lab import Lab, LabScreen
from tests.browser.screen import Screen
from tests.browser.test_explorer import TWO_FRAMES, probe, shown, wait_for_kernel
from w2s_widgets.display.text import sentence_case
from w2s_widgets.studies.linear.function_plane import NEAR, SHAPES, plane_outcome
from w2s_widgets.studies.linear.plane_reasons import reason_case
from w2s_widgets.theory.outcome import angle_at_student
from w2s_widgets.widgets.bundles import FRONT_END
from w2s_widgets.widgets.projection_explorer import COORDINATES, PRESETS

OPEN = "import w2s_widgets as w2s\nexplorer = w2s.ProjectionExplorer()\nexplorer"
ROOT = ".w2s-explorer"
PROBES = Path(__file__).with_name("projection_probes.js")
POSITIONS = 5000
HANDLES = ("Truth", "Teacher")
NUMBERS = ("Truth, across", "Truth, up", "Teacher, across", "Teacher, up")

COMPARE = """
([set, states]) => states.map(([truth, teacher]) => {
    const found = window.planeModule.project(set, truth, teacher);
    return [...found.student, ...found.ceiling, found.err_weak, found.err_student, found.misfit, found.gain,
        found.slack, found.eps, found.angle, found.tied, found.case, found.reason];
})
"""


def call(screen: Screen, name: str, *arguments: object) -> Any:
    """Call a function of projection_probes.js after the page has drawn."""
    if not screen.page.evaluate("() => 'projection' in window"):
        screen.page.add_script_tag(path=PROBES)
    screen.page.evaluate(TWO_FRAMES)
    return screen.page.evaluate("([name, values]) => window.projection[name](...values)", [name, arguments])


def opened(lab: Lab, *cells: str, **settings: Any) -> LabScreen:
    screen = lab.open(cells or [OPEN], height=1100, **settings)
    screen.run_all()
    assert screen.error_outputs() == []
    screen.page.wait_for_selector(f"{ROOT} .w2s-sentence:not(:empty)")
    return screen


def handle(screen: Screen, name: str) -> Any:
    return screen.page.get_by_role("slider", name=f"{name}, moved by the arrow keys")


@pytest.fixture
def static_page(open_page: Callable[..., Screen], tmp_path: Path) -> Callable[..., Screen]:
    """The explorer saved as a page and opened from disk, where there is no kernel."""
    path = w2s.ProjectionExplorer().save_page(tmp_path / "explorer.html")
    return lambda **settings: open_page(path, **settings)


@pytest.mark.parametrize("shape", SHAPES)
def test_page_and_python_compute_the_same(browser: Browser, shape: str) -> None:
    # Every second truth lies in the class, every fifth teacher on a grid where ties and corners are.
    rng = np.random.default_rng(11)
    truths = rng.uniform((-2.5, -2), (2.5, 2), size=(POSITIONS, 2))
    teachers = rng.uniform((-2.5, -2), (2.5, 2), size=(POSITIONS, 2))
    truths[::2] = [SHAPES[shape].project(point) for point in truths[::2]]
    teachers[::5] = np.round(teachers[::5], 1)
    with Screen(browser) as screen:
        module = (FRONT_END / "core" / "plane_projection.js").read_text(encoding="utf-8")
        screen.page.add_script_tag(content=f"{module}\nwindow.planeModule = {{ project }};", type="module")
        screen.page.wait_for_function("() => 'planeModule' in window")
        states = [[list(f), list(g)] for f, g in zip(truths.tolist(), teachers.tolist(), strict=True)]
        drawn = screen.page.evaluate(COMPARE, [SHAPES[shape].as_json(), states])
    assert len(drawn) == POSITIONS
    farthest = 0.0
    for (truth, teacher), seen in zip(states, drawn, strict=True):
        nearest = SHAPES[shape].nearest(tuple(teacher))
        outcome = plane_outcome(shape, truth, teacher)
        angle = angle_at_student(outcome.err_student, outcome.misfit, outcome.slack)
        numbers = [
            *nearest.point,
            *SHAPES[shape].project(truth),
            *(getattr(outcome, name) for name in ("err_weak", "err_student", "misfit", "gain", "slack")),
            outcome.err_ceiling,
        ]
        farthest = max(farthest, *(abs(a - b) for a, b in zip(numbers, seen[:10], strict=True)))
        assert (seen[10] is None) == (angle is None)
        assert angle is None or abs(seen[10] - angle) < 1e-9
        assert seen[11] == nearest.tied, (truth, teacher)
        assert seen[12] == sentence_case(outcome), (truth, teacher)
        assert seen[13] == reason_case(SHAPES[shape], tuple(truth), tuple(teacher), outcome), (truth, teacher)
    assert farthest <= NEAR


def test_page_and_python_write_the_same(static_page: Callable[..., Screen]) -> None:
    rng = np.random.default_rng(12)
    states = [dict(preset.state) for preset in PRESETS]
    for shape in SHAPES:
        for size, decimals in [(2.0, 4), (1.5, 1), (0.05, 2), (0.01, 4)] * 12:
            places = np.round(rng.uniform(-size, size, 4), decimals).tolist()
            states.append({"shape": shape, **dict(zip(COORDINATES, places, strict=True))})
        states.append({"shape": shape, "truth_x": 0.9, "truth_y": 0, "teacher_x": 0, "teacher_y": 0})
        states.append({"shape": shape, "truth_x": 1, "truth_y": 1, "teacher_x": 1, "teacher_y": 1})
    screen = static_page()
    explorer = w2s.ProjectionExplorer()
    for state, seen in zip(states, call(screen, "written", states), strict=True):
        explorer.set(**state)
        assert seen["sentence"] == explorer.sentence, state
        assert seen["reason"] == explorer.reason, state
        assert seen["code"] == explorer.as_code(), state
        assert eval(seen["code"], {"w2s": w2s}).state == explorer.state
    screen.assert_quiet()


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
        screen.screenshot(f"projection_explorer_{slug}_{width}_{theme}", ROOT)
    assert screen.axe(".jp-OutputArea") == []
    screen.assert_quiet()


def test_labels_stay_whole_and_apart_wherever_the_handles_are(static_page: Callable[..., Screen]) -> None:
    rng = np.random.default_rng(13)
    screen = static_page()
    wrong = []
    for _ in range(120):
        places = np.round(rng.uniform((-2.5, -2, -2.5, -2), (2.5, 2, 2.5, 2)), 2).tolist()
        state = {"shape": str(rng.choice(list(SHAPES))), **dict(zip(COORDINATES, places, strict=True))}
        call(screen, "written", [state])
        wrong += [(state, found) for found in probe(screen, "overlaps")]
    assert len(wrong) <= 3, wrong
    assert not [found for _, found in wrong if "sticks out" in found]


def test_mouse_drags_and_python_follows(lab: Lab) -> None:
    screen = opened(lab)
    page = screen.page
    page.get_by_role("button", name="A budget").click()
    start = call(screen, "center", "teacher")
    page.mouse.move(start["x"] + 3, start["y"] - 2)
    page.mouse.down()
    page.evaluate(TWO_FRAMES)
    assert call(screen, "state")["teacher_x"] == 1.3, "a press alone moves nothing"
    page.mouse.move(start["x"] - 60, start["y"] + 40, steps=12)
    page.mouse.up()
    moved = call(screen, "state")
    assert moved["teacher_x"] < 1.1
    assert moved["teacher_y"] < 0.9
    page.mouse.move(start["x"] + 100, start["y"])
    assert call(screen, "state") == moved, "a handle that was let go stays"
    seen = shown(screen)
    wait_for_kernel(screen, "explorer.as_code()", repr(seen["code"]))
    assert screen.kernel_eval("explorer.sentence") == repr(seen["sentence"])
    screen.assert_quiet()


def test_touch_and_pen_drag_without_scrolling(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    assert handle(screen, "Truth").evaluate("node => getComputedStyle(node).touchAction") == "none"
    before = call(screen, "state")
    start = call(screen, "center", "truth")
    devtools = screen.context.new_cdp_session(screen.page)

    def touch(kind: str, dx: float, dy: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": start["x"] + dx, "y": start["y"] + dy}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        screen.page.evaluate(TWO_FRAMES)

    touch("touchStart", 0, 0)
    for step in range(1, 9):
        touch("touchMove", -6 * step, -8 * step)
    touch("touchEnd", 0, 0)
    after = call(screen, "state")
    assert after["truth_x"] < before["truth_x"] - 0.2
    assert after["truth_y"] > before["truth_y"] + 0.3
    assert screen.page.evaluate("() => scrollY") == 0
    screen.assert_quiet()


def test_truth_is_drawn_onto_a_class_without_area(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    start = call(screen, "center", "truth")
    screen.page.mouse.move(start["x"], start["y"])
    screen.page.mouse.down()
    screen.page.mouse.move(start["x"] - 50, start["y"] - 4, steps=4)
    assert call(screen, "state")["truth_y"] == 0
    screen.page.mouse.move(start["x"] - 50, start["y"] - 60, steps=4)
    assert call(screen, "state")["truth_y"] > 0.3
    screen.page.mouse.up()
    assert "(not realizable)" in shown(screen)["reason"]


def test_keyboard_alone_reaches_and_moves_everything(lab: Lab) -> None:
    screen = opened(lab)
    page = screen.page
    page.get_by_label("The student’s class", exact=True).focus()
    reached = []
    for _ in range(40):
        name = probe(screen, "focused")
        if name is None:
            break
        reached.append(name)
        page.keyboard.press("Tab")
    handles = [f"{name}, moved by the arrow keys" for name in HANDLES]
    presets = [preset.name for preset in PRESETS]
    actions = ["Reset", "Copy as code", "Save SVG", "Save PNG", "This state as code"]
    assert reached == ["The student’s class", *NUMBERS, *presets, *handles, *actions]

    page.get_by_role("button", name="Reset").click()
    for name in HANDLES:
        for key, axis, step in [
            ("ArrowRight", "x", 0.1),
            ("ArrowUp", "y", 0.1),
            ("Shift+ArrowLeft", "x", -0.01),
            ("Shift+ArrowDown", "y", -0.01),
        ]:
            trait = f"{name.lower()}_{axis}"
            before = call(screen, "state")
            handle(screen, name).focus()
            ring = handle(screen, name).locator(".w2s-handle-ring")
            page.keyboard.press(key)
            after = call(screen, "state")
            assert after[trait] == pytest.approx(before[trait] + step, abs=1e-9)
            assert {k: v for k, v in after.items() if k != trait} == {
                k: v for k, v in before.items() if k != trait
            }
            assert ring.evaluate("node => getComputedStyle(node).strokeWidth") == "3px"
            assert handle(screen, name).get_attribute("aria-valuetext")
    page.get_by_label("The student’s class", exact=True).focus()
    page.keyboard.press("ArrowDown")
    wait_for_kernel(screen, "explorer.shape", "'disc'")
    assert screen.kernel_eval("explorer.sentence") == repr(shown(screen)["sentence"])
    screen.assert_quiet()


def test_typed_numbers_are_taken_or_refused_in_words(lab: Lab) -> None:
    screen = opened(lab)
    number = screen.page.get_by_label("Teacher, across")
    number.fill("0,731")
    number.press("Enter")
    assert shown(screen)["numbers"][2] == "0.731"
    wait_for_kernel(screen, "explorer.teacher_x", "0.731")
    for text in ("7", "-2.6", "", "much", "0x1"):
        number.fill(text)
        number.press("Enter")
        seen = shown(screen)
        assert seen["numbers"][2] == "0.731"
        assert seen["note"] == f"Teacher, across, cannot be “{text}”: give a number from −2.5 to 2.5."
    number.fill("0.5")
    number.press("Enter")
    assert shown(screen)["note"] == ""
    number.press("Shift+ArrowUp")
    assert shown(screen)["numbers"][2] == "0.51"
    wait_for_kernel(screen, "(explorer.teacher_x, explorer.note)", "(0.51, '')")
    screen.assert_quiet()


def test_python_sets_and_sees_the_screen(lab: Lab) -> None:
    screen = opened(
        lab,
        OPEN,
        "heard = []\nexplorer.observe(lambda change: heard.append(change.new.misfit), 'outcome')",
    )
    screen.kernel_run("explorer.set(shape='two points', teacher_x=0, teacher_y=1)")
    screen.page.wait_for_function("() => document.querySelector('.w2s-select').value === '5'")
    seen = shown(screen)
    for words in ("sentence", "reason"):
        assert screen.kernel_eval(f"explorer.{words} == {seen[words]!r}") == "True"
    assert "A tie:" in seen["reason"]
    handle(screen, "Teacher").focus()
    for _ in range(3):
        screen.page.keyboard.press("ArrowRight")
    wait_for_kernel(screen, "explorer.teacher_x", "0.3")
    assert screen.kernel_eval("explorer.note") == repr(shown(screen)["note"])
    count = screen.kernel_eval("len(heard)")
    screen.page.wait_for_timeout(300)
    assert screen.kernel_eval("len(heard)") == count, "page and kernel answer each other in a loop"
    screen.assert_quiet()


def test_a_leap_and_a_negative_gain_are_found_by_hand(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    screen.page.get_by_role("button", name="Almost a tie").click()
    assert shown(screen)["sentence"].startswith("The student is worse than its teacher by")
    handle(screen, "Teacher").focus()
    screen.page.keyboard.press("ArrowLeft")
    seen = shown(screen)
    assert seen["note"].startswith("The student jumped by 1.80 while its teacher moved by 0.10")
    assert seen["sentence"].startswith("The student is exactly right")
    assert screen.page.locator(".w2s-leap-dot:visible").count() == 1
    for _ in range(6):
        screen.page.keyboard.press("ArrowLeft")
    assert shown(screen)["note"] == ""
    assert screen.page.locator(".w2s-leap-dot:visible").count() == 0
    screen.assert_quiet()


def test_what_a_linked_slider_sets_beyond_the_plane_is_moved_in(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    model = "document.querySelector('.w2s-explorer').w2sExplorer.model"
    screen.page.evaluate(f"() => {model}.set('teacher_x', 7)")
    seen = shown(screen)
    assert (seen["numbers"][2], seen["note"]) == ("2.50", "The teacher can go from −2.5 to 2.5 across.")
    screen.page.evaluate(f"() => {{ {model}.set('truth_y', NaN); {model}.set('teacher_x', 0.12345); }}")
    seen = shown(screen)
    assert seen["numbers"] == ["1.20", "0.00", "0.1235", "1.20"]
    assert seen["note"] == "The truth can go from −2.0 to 2.0 up."
    screen.assert_quiet()


def test_thousand_random_moves(lab: Lab) -> None:
    screen = opened(lab)
    memory = "int(open('/proc/self/statm').read().split()[1]) * 4096"
    devtools = screen.context.new_cdp_session(screen.page)

    def heap() -> float:
        devtools.send("HeapProfiler.collectGarbage")
        used: float = devtools.send("Runtime.getHeapUsage")["usedSize"]
        return used

    nodes = call(screen, "fuzz", 200, 1)
    screen.kernel_run("pass")
    kernel_before, page_before = int(screen.kernel_eval(memory)), heap()
    assert call(screen, "fuzz", 1000, 2) == nodes
    screen.page.wait_for_timeout(500)
    seen = shown(screen)
    wait_for_kernel(screen, "explorer.as_code()", repr(seen["code"]))
    assert heap() - page_before < 2e6
    assert int(screen.kernel_eval(memory)) - kernel_before < 20e6
    assert screen.kernel_eval("explorer.sentence") == repr(seen["sentence"])
    assert screen.kernel_eval("explorer.reason") == repr(seen["reason"])
    assert screen.kernel_eval("explorer.note") == repr(seen["note"])
    screen.assert_quiet()


def test_lives_on_when_the_kernel_is_dead(lab: Lab) -> None:
    screen = opened(lab)
    screen.shutdown_kernel()
    handle(screen, "Teacher").focus()
    before = shown(screen)["drawing"]
    for _ in range(4):
        screen.page.keyboard.press("ArrowRight")
    seen = shown(screen)
    assert seen["drawing"] != before
    explorer = w2s.ProjectionExplorer(teacher_x=0)
    assert (seen["sentence"], seen["code"]) == (explorer.sentence, explorer.as_code())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_published_page_needs_no_kernel_and_no_network(
    static_page: Callable[..., Screen], theme: str
) -> None:
    screen = static_page(width=700, height=1200, theme=theme, reduced_motion=True)
    screen.page.get_by_role("button", name="Around the hole").click()
    handle(screen, "Teacher").focus()
    for _ in range(5):
        screen.page.keyboard.press("Shift+ArrowDown")
    state = dict(PRESETS[5].state) | {"teacher_y": 0.05}
    assert shown(screen)["sentence"] == w2s.ProjectionExplorer(**state).sentence
    assert screen.axe("body") == []
    assert screen.overflow("body") == []
    assert probe(screen, "moving") == 0
    screen.screenshot(f"projection_page_{theme}")
    screen.assert_quiet()


def test_several_views_close_and_kept_back_shapes(lab: Lab) -> None:
    screen = opened(
        lab, OPEN, "explorer", "less = w2s.ProjectionExplorer(shapes=['crescent'], presets=False)\nless"
    )
    page = screen.page
    assert page.locator(ROOT).count() == 3
    assert page.locator(ROOT).nth(2).locator("select:visible").count() == 0
    assert page.locator(ROOT).nth(2).get_by_role("group", name="Presets").count() == 0
    ids = page.evaluate("() => [...document.querySelectorAll('.w2s-explorer [id]')].map(node => node.id)")
    assert len(ids) == len(set(ids))
    page.locator(".w2s-handle").nth(1).focus()
    page.keyboard.press("ArrowUp")
    page.evaluate(TWO_FRAMES)
    sentences = page.locator(".w2s-sentence").all_inner_texts()
    assert sentences[0] == sentences[1] != sentences[2]
    screen.kernel_run("explorer.close(); less.close()")
    page.wait_for_function(f"() => document.querySelectorAll('{ROOT}').length === 0")
    screen.assert_quiet()


def test_copy_save_and_reset(lab: Lab, tmp_path: Path) -> None:
    screen = opened(lab)
    page = screen.page
    page.get_by_role("button", name="Two horns").click()
    page.get_by_role("button", name="Copy as code").click()
    page.wait_for_function("() => document.querySelector('.w2s-announcer').textContent === 'Copied.'")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == w2s.ProjectionExplorer(**PRESETS[6].state).as_code()
    for button, magic in [("Save SVG", b"<svg"), ("Save PNG", b"\x89PNG")]:
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(magic)
        assert path.stem == "projection-explorer"
        if path.suffix == ".svg":
            assert "var(--" not in path.read_text(encoding="utf-8")
    page.get_by_role("button", name="Reset").click()
    page.evaluate(TWO_FRAMES)
    wait_for_kernel(screen, "explorer.state == w2s.ProjectionExplorer().state", "True")
    screen.assert_quiet()


def test_live_region_speaks_after_a_pause(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    page = screen.page
    handle(screen, "Teacher").focus()
    page.wait_for_timeout(700)
    page.evaluate(
        "() => { window.spoken = []; const said = document.querySelector('.w2s-announcer');"
        "new MutationObserver(() => window.spoken.push(said.textContent)).observe(said, {childList: true}) }"
    )
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    assert [words.strip() for words in page.evaluate("() => window.spoken")] == [shown(screen)["sentence"]]
