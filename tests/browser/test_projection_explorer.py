"""The projection explorer in a browser: the page's arithmetic, dragging, keys, touch, words, no kernel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

import w2s_widgets as w2s
from tests.browser.contract import ROOT, TWO_FRAMES, call, opened, probe, shown, wait_for_kernel
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from w2s_widgets.display.text import sentence_case
from w2s_widgets.studies.linear.function_plane import NEAR, SHAPES, plane_outcome
from w2s_widgets.studies.linear.plane_reasons import reason_case
from w2s_widgets.theory.outcome import angle_at_student
from w2s_widgets.widgets.bundles import FRONT_END
from w2s_widgets.widgets.projection_explorer import COORDINATES, PRESETS

OPEN = "import w2s_widgets as w2s\nexplorer = w2s.ProjectionExplorer()\nexplorer"
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


def place(screen: Screen, name: str, *arguments: object) -> Any:
    """Call a function of projection_probes.js after the page has drawn."""
    return call(screen, PROBES, "projection", name, *arguments)


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
    for state, seen in zip(states, probe(screen, "written", states), strict=True):
        explorer.set(**state)
        assert seen["sentence"] == explorer.sentence, state
        assert seen["reason"] == explorer.reason, state
        assert seen["code"] == explorer.as_code(), state
        assert eval(seen["code"], {"w2s": w2s}).state == explorer.state
    screen.assert_quiet()


def test_labels_stay_whole_and_apart_wherever_the_handles_are(static_page: Callable[..., Screen]) -> None:
    rng = np.random.default_rng(13)
    screen = static_page()
    wrong = []
    for _ in range(120):
        places = np.round(rng.uniform((-2.5, -2, -2.5, -2), (2.5, 2, 2.5, 2)), 2).tolist()
        state = {"shape": str(rng.choice(list(SHAPES))), **dict(zip(COORDINATES, places, strict=True))}
        probe(screen, "written", [state])
        wrong += [(state, found) for found in probe(screen, "overlaps")]
    assert len(wrong) <= 3, wrong
    assert not [found for _, found in wrong if "sticks out" in found]


def test_mouse_drags_and_python_follows(lab: Lab) -> None:
    screen = opened(lab, OPEN, height=1100)
    page = screen.page
    page.get_by_role("button", name="A budget").click()
    start = place(screen, "center", "teacher")
    page.mouse.move(start["x"] + 3, start["y"] - 2)
    page.mouse.down()
    page.evaluate(TWO_FRAMES)
    assert place(screen, "state")["teacher_x"] == 1.3, "a press alone moves nothing"
    page.mouse.move(start["x"] - 60, start["y"] + 40, steps=12)
    page.mouse.up()
    moved = place(screen, "state")
    assert moved["teacher_x"] < 1.1
    assert moved["teacher_y"] < 0.9
    page.mouse.move(start["x"] + 100, start["y"])
    assert place(screen, "state") == moved, "a handle that was let go stays"
    seen = shown(screen)
    wait_for_kernel(screen, "explorer.as_code()", repr(seen["code"]))
    assert screen.kernel_eval("explorer.sentence") == repr(seen["sentence"])
    screen.assert_quiet()


def test_touch_and_pen_drag_without_scrolling(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    assert handle(screen, "Truth").evaluate("node => getComputedStyle(node).touchAction") == "none"
    before = place(screen, "state")
    start = place(screen, "center", "truth")
    devtools = screen.context.new_cdp_session(screen.page)

    def touch(kind: str, dx: float, dy: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": start["x"] + dx, "y": start["y"] + dy}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        screen.page.evaluate(TWO_FRAMES)

    touch("touchStart", 0, 0)
    for step in range(1, 9):
        touch("touchMove", -6 * step, -8 * step)
    touch("touchEnd", 0, 0)
    after = place(screen, "state")
    assert after["truth_x"] < before["truth_x"] - 0.2
    assert after["truth_y"] > before["truth_y"] + 0.3
    assert screen.page.evaluate("() => scrollY") == 0
    screen.assert_quiet()


def test_truth_is_drawn_onto_a_class_without_area(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    start = place(screen, "center", "truth")
    screen.page.mouse.move(start["x"], start["y"])
    screen.page.mouse.down()
    screen.page.mouse.move(start["x"] - 50, start["y"] - 4, steps=4)
    assert place(screen, "state")["truth_y"] == 0
    screen.page.mouse.move(start["x"] - 50, start["y"] - 60, steps=4)
    assert place(screen, "state")["truth_y"] > 0.3
    screen.page.mouse.up()
    assert "(not realizable)" in shown(screen)["reason"]


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


def test_shapes_and_presets_can_be_kept_back(open_page: Callable[..., Screen], tmp_path: Path) -> None:
    less = w2s.ProjectionExplorer(shapes=["crescent"], presets=False)
    screen = open_page(less.save_page(tmp_path / "less.html"))
    assert screen.page.locator(f"{ROOT} select:visible").count() == 0
    assert screen.page.get_by_role("group", name="Presets").count() == 0
    screen.assert_quiet()


@pytest.mark.parametrize("name", HANDLES)
def test_arrow_keys_move_a_handle_in_two_sizes_of_step(static_page: Callable[..., Screen], name: str) -> None:
    screen = static_page()
    for key, axis, step in [
        ("ArrowRight", "x", 0.1),
        ("ArrowUp", "y", 0.1),
        ("Shift+ArrowLeft", "x", -0.01),
        ("Shift+ArrowDown", "y", -0.01),
    ]:
        trait = f"{name.lower()}_{axis}"
        before = place(screen, "state")
        handle(screen, name).press(key)
        after = place(screen, "state")
        assert after == before | {trait: pytest.approx(before[trait] + step, abs=1e-9)}
        assert handle(screen, name).get_attribute("aria-valuetext")
    screen.assert_quiet()


def test_typed_numbers_are_taken_as_they_are_or_refused(static_page: Callable[..., Screen]) -> None:
    screen = static_page()
    assert set(probe(screen, "controls")) >= {*NUMBERS, "The student’s class"}
    number = screen.page.get_by_label("Teacher, across")
    for text, taken in [("0,731", "0.731"), ("0x1", "0.731"), ("-2.6", "0.731"), ("0.5", "0.50")]:
        number.fill(text)
        number.press("Enter")
        assert shown(screen)["numbers"][2] == taken
        refused = f"Teacher, across, cannot be “{text}”: give a number from −2.5 to 2.5."
        assert shown(screen)["note"] == (refused if taken == "0.731" != text.replace(",", ".") else "")
    number.press("Shift+ArrowUp")
    assert shown(screen)["numbers"][2] == "0.51"
    screen.assert_quiet()
