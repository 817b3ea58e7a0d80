"""The projection explorer in a browser: the page's arithmetic, dragging, keys, touch, words, no kernel."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator

import w2s_widgets as w2s
from tests.browser.contract import ROOT, TWO_FRAMES, Pages, opened, shown, wait_for_kernel
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from w2s_widgets.display.text import sentence_case
from w2s_widgets.studies.linear.function_plane import NEAR, SHAPES, plane_outcome
from w2s_widgets.studies.linear.plane_reasons import reason_case
from w2s_widgets.theory.outcome import angle_at_student
from w2s_widgets.widgets.bundles import FRONT_END

make = w2s.ProjectionExplorer
OPEN = "import w2s_widgets as w2s\nexplorer = w2s.ProjectionExplorer()\nexplorer"
STATE = "() => document.querySelector('.w2s-explorer').w2sExplorer.state()"
POSITIONS = 5000

COMPARE = """
([set, states]) => states.map(([truth, teacher]) => {
    const found = window.planeModule.project(set, truth, teacher);
    return [...found.student, ...found.ceiling, found.err_weak, found.err_student, found.misfit, found.gain,
        found.slack, found.eps, found.angle, found.tied, found.case, found.reason];
})
"""


def state(screen: Screen) -> dict[str, Any]:
    screen.page.evaluate(TWO_FRAMES)
    found: dict[str, Any] = screen.page.evaluate(STATE)
    return found


def handle(screen: Screen, name: str) -> Locator:
    return screen.page.get_by_role("slider", name=f"{name}, moved by the arrow keys")


def center(screen: Screen, name: str) -> tuple[float, float]:
    box = handle(screen, name).locator(".w2s-handle-touch").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("shape", SHAPES)
def test_page_and_python_compute_the_same(browser: Browser, shape: str) -> None:
    # Every second truth lies in the class; some teachers are on a grid with ties, some are right.
    rng = np.random.default_rng(11)
    truths = rng.uniform((-2.5, -2), (2.5, 2), size=(POSITIONS, 2))
    teachers = rng.uniform((-2.5, -2), (2.5, 2), size=(POSITIONS, 2))
    truths[::2] = [SHAPES[shape].project(point) for point in truths[::2]]
    teachers[::5] = np.round(teachers[::5], 1)
    teachers[::7] = truths[::7]
    with Screen(browser) as screen:
        written, module = (
            (FRONT_END / "maths" / f"{name}.js").read_text(encoding="utf-8")
            for name in ("numbers", "plane_projection")
        )
        # A page of its own has no folder to import from.
        whole = f"data:text/javascript;base64,{b64encode(written.encode()).decode()}"
        assert '"./numbers.js"' in module
        module = module.replace('"./numbers.js"', f'"{whole}"')
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


def test_mouse_drags_and_python_follows(lab: Lab) -> None:
    screen = opened(lab, OPEN, height=1100)
    page = screen.page
    page.get_by_role("button", name="A budget").click()
    x, y = center(screen, "Teacher")
    page.mouse.move(x + 3, y - 2)
    page.mouse.down()
    assert state(screen)["teacher_x"] == 1.3, "a press alone moves nothing"
    page.mouse.move(x - 60, y + 40, steps=12)
    page.mouse.up()
    moved = state(screen)
    assert moved["teacher_x"] < 1.1
    assert moved["teacher_y"] < 0.9
    page.mouse.move(x + 100, y)
    assert state(screen) == moved, "a handle that was let go stays"
    seen = shown(screen)
    wait_for_kernel(screen, "explorer.as_code()", repr(seen["code"]))
    assert screen.kernel_eval("explorer.sentence") == repr(seen["sentence"])
    screen.assert_quiet()


def test_touch_and_pen_drag_without_scrolling(static_page: Pages) -> None:
    screen = static_page()
    assert handle(screen, "Truth").evaluate("node => getComputedStyle(node).touchAction") == "none"
    before = state(screen)
    x, y = center(screen, "Truth")
    devtools = screen.context.new_cdp_session(screen.page)

    def touch(kind: str, dx: float, dy: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x + dx, "y": y + dy}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        screen.page.evaluate(TWO_FRAMES)

    touch("touchStart", 0, 0)
    for step in range(1, 9):
        touch("touchMove", -6 * step, -8 * step)
    touch("touchEnd", 0, 0)
    after = state(screen)
    assert after["truth_x"] < before["truth_x"] - 0.2
    assert after["truth_y"] > before["truth_y"] + 0.3
    assert screen.page.evaluate("() => scrollY") == 0
    screen.assert_quiet()


def test_truth_is_drawn_onto_a_class_without_area(static_page: Pages) -> None:
    screen = static_page()
    x, y = center(screen, "Truth")
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    screen.page.mouse.move(x - 50, y - 4, steps=4)
    assert state(screen)["truth_y"] == 0
    screen.page.mouse.move(x - 50, y - 60, steps=4)
    assert state(screen)["truth_y"] > 0.3
    screen.page.mouse.up()
    assert "(not realizable)" in shown(screen)["reason"]


def test_a_leap_and_a_negative_gain_are_found_by_hand(static_page: Pages) -> None:
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


def test_what_a_linked_slider_sets_beyond_the_plane_is_moved_in(static_page: Pages) -> None:
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


def test_shapes_and_presets_can_be_kept_back(open_page: Pages, tmp_path: Path) -> None:
    less = w2s.ProjectionExplorer(shapes=["crescent"], presets=False)
    screen = open_page(less.save_page(tmp_path / "less.html"))
    assert screen.page.locator(f"{ROOT} select:visible").count() == 0
    assert screen.page.get_by_role("group", name="Presets").count() == 0
    screen.assert_quiet()


@pytest.mark.parametrize("name", ["Truth", "Teacher"])
def test_arrow_keys_move_a_handle_in_two_sizes_of_step(static_page: Pages, name: str) -> None:
    screen = static_page()
    for key, axis, step in [
        ("ArrowRight", "x", 0.1),
        ("ArrowUp", "y", 0.1),
        ("Shift+ArrowLeft", "x", -0.01),
        ("Shift+ArrowDown", "y", -0.01),
    ]:
        trait = f"{name.lower()}_{axis}"
        before = state(screen)
        handle(screen, name).press(key)
        after = state(screen)
        assert after == before | {trait: pytest.approx(before[trait] + step, abs=1e-9)}
        assert handle(screen, name).get_attribute("aria-valuetext")
    screen.assert_quiet()
