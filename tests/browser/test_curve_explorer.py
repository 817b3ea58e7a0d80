"""The curve explorer in a browser: the page's arithmetic, drawing by mouse, touch and keys, growth, dares."""

from __future__ import annotations

from typing import Any

import numpy as np

import w2s_widgets as w2s
from tests.browser.contract import ROOT, TWO_FRAMES, Pages, opened, shown, wait_for_kernel
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from w2s_widgets.studies.linear.curves import (
    KNOTS,
    WAVES,
    curve_outcome,
    drawn_curve,
    error_parts,
    student_curve,
)
from w2s_widgets.widgets.curve_explorer import DRAWN

make = w2s.CurveExplorer
OPEN = "import w2s_widgets as w2s\nexplorer = w2s.CurveExplorer()\nexplorer"
DRAWINGS = 5000

FIT = """
drawings => drawings.map(([knots, capacity]) => {
    const { family } = document.querySelector('.w2s-explorer').w2sExplorer;
    const found = family.fit(family.drawn(knots), capacity);
    return [found.err_weak, found.err_student, found.misfit, found.gain, found.slack, found.copied,
        found.falls_away, found.eps, found.misfits[capacity - 1], found.gains[capacity - 1],
        found.student[0], found.student[120], found.student[239]];
})
"""
STATE = """
() => {
    const explorer = document.querySelector('.w2s-explorer').w2sExplorer;
    return { ...explorer.state(), drawing: explorer.drawing(), won: explorer.model.get('won') };
}
"""


def state(screen: Screen) -> dict[str, Any]:
    screen.page.evaluate(TWO_FRAMES)
    found: dict[str, Any] = screen.page.evaluate(STATE)
    return found


def plot(screen: Screen) -> tuple[float, float, float, float]:
    """Return where the frame of the answers is: left, top, width, height."""
    box = screen.page.locator(".w2s-curves clipPath rect").evaluate(
        "node => ['x', 'y', 'width', 'height'].map(name => node[name].baseVal.value)"
    )
    corner = screen.page.locator(".w2s-curves .w2s-picture").bounding_box()
    assert corner is not None
    return corner["x"] + box[0], corner["y"] + box[1], box[2], box[3]


def test_page_and_python_compute_the_same(static_page: Pages) -> None:
    rng = np.random.default_rng(5)
    smooth = rng.uniform(-3, 3, (DRAWINGS, 6)) @ np.cos(np.outer(range(6), np.linspace(0, np.pi, KNOTS)))
    rough = rng.uniform(-3, 3, (DRAWINGS, KNOTS))
    drawings = np.where(rng.random((DRAWINGS, 1)) < 0.5, np.clip(smooth, -3, 3), rough).round(2).tolist()
    capacities = rng.integers(1, WAVES + 1, DRAWINGS).tolist()
    screen = static_page()
    found = screen.page.evaluate(FIT, list(zip(drawings, capacities, strict=True)))
    assert len(found) == DRAWINGS
    farthest = 0.0
    for knots, capacity, seen in zip(drawings, capacities, found, strict=True):
        teacher = drawn_curve(knots)
        outcome, parts = curve_outcome(teacher, capacity), error_parts(teacher, capacity)
        student = student_curve(teacher, capacity)
        wanted = [
            *(getattr(outcome, name) for name in ("err_weak", "err_student", "misfit", "gain", "slack")),
            *parts,
            outcome.misfit,
            outcome.gain,
            *student[[0, 120, 239]],
        ]
        farthest = max(farthest, *(abs(a - b) for a, b in zip(wanted, seen, strict=True)))
    assert farthest <= 1e-9
    screen.assert_quiet()


def test_the_mouse_draws_and_python_follows(lab: Lab) -> None:
    screen = opened(lab, OPEN, height=1100)
    page = screen.page
    left, top, width, height = plot(screen)
    page.mouse.move(left + 0.25 * width, top + 0.2 * height)
    assert state(screen)["teacher"] == "stairs", "a pointer that only passes draws nothing"
    page.mouse.down()
    page.mouse.move(left + 0.75 * width, top + 0.2 * height, steps=3)
    page.mouse.up()
    now = state(screen)
    assert now["teacher"] == DRAWN
    assert all(abs(value - 1.8) < 0.06 for value in now["drawing"][16:44]), "a quick stroke has no gaps"
    assert now["drawing"][50] != now["drawing"][40], "the rest is still the teacher of before"
    page.mouse.move(left + 0.5 * width, top + 0.9 * height)
    assert state(screen) == now, "a pencil that was lifted draws nothing"
    seen = shown(screen)
    wait_for_kernel(screen, "explorer.as_code()", repr(seen["code"]))
    assert screen.kernel_eval("explorer.sentence") == repr(seen["sentence"])
    screen.kernel_run(f"explorer.drawing = [1.0] * {KNOTS}")
    page.wait_for_function("() => document.querySelector('.w2s-sentence').textContent.includes('copies')")
    screen.assert_quiet()


def test_touch_scrolls_until_the_reader_is_the_teacher(static_page: Pages) -> None:
    screen = static_page(width=390)
    picture = screen.page.locator(".w2s-curves .w2s-picture")
    assert picture.evaluate("node => getComputedStyle(node).touchAction") == "pan-y"
    devtools = screen.context.new_cdp_session(screen.page)

    def touch(kind: str, across: float, down: float) -> None:
        left, top, width, height = plot(screen)
        points = [{"x": left + across * width, "y": top + down * height}] if kind != "touchEnd" else []
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        screen.page.evaluate(TWO_FRAMES)

    touch("touchStart", 0.5, 0.5)
    touch("touchEnd", 0, 0)
    assert state(screen)["teacher"] == "stairs"
    screen.page.get_by_role("button", name="Be the teacher").click()
    assert picture.evaluate("node => getComputedStyle(node).touchAction") == "none"
    picture.scroll_into_view_if_needed()
    before = screen.page.evaluate("() => scrollY")
    touch("touchStart", 0.2, 0.9)
    for step in range(1, 9):
        touch("touchMove", 0.2 + 0.05 * step, 0.9)
    touch("touchEnd", 0, 0)
    drawn = state(screen)["drawing"][13:35]
    assert all(abs(value + 2.4) < 0.1 for value in drawn), drawn
    assert screen.page.evaluate("() => scrollY") == before
    screen.assert_quiet()


def test_keys_move_a_pencil(static_page: Pages) -> None:
    screen = static_page()
    pencil = screen.page.get_by_role("slider", name="Pencil: the teacher’s answer")
    pencil.focus()
    screen.page.keyboard.press("Home")
    for _ in range(30):
        screen.page.keyboard.press("ArrowRight")
    assert state(screen)["teacher"] == "stairs", "to carry a pencil is not to draw"
    assert str(pencil.get_attribute("aria-valuetext")).endswith("at question 31 of 60")
    before = float(str(pencil.get_attribute("aria-valuenow")))
    screen.page.keyboard.press("PageUp")
    screen.page.keyboard.press("Shift+ArrowUp")
    now = state(screen)
    assert now["teacher"] == DRAWN
    assert abs(now["drawing"][30] - (before + 1.02)) < 0.02
    assert now["drawing"][33] == round(now["drawing"][33], 2)
    screen.assert_quiet()


def test_a_drawing_is_smoothed_shaken_and_flattened(static_page: Pages) -> None:
    screen = static_page()
    press = lambda name: screen.page.get_by_role("button", name=name, exact=True).click()  # noqa: E731
    press("Be the teacher")
    rough = np.abs(np.diff(state(screen)["drawing"])).sum()
    press("Smooth")
    press("Smooth")
    assert np.abs(np.diff(state(screen)["drawing"])).sum() < 0.8 * rough
    press("Shake")
    shaken = state(screen)["drawing"]
    press("Shake")
    assert state(screen)["drawing"] != shaken
    press("Flat")
    assert state(screen)["drawing"] == [0] * KNOTS
    assert shown(screen)["sentence"].startswith("The student copies its teacher’s error whole")
    press("Reset")
    assert state(screen)["teacher"] == "stairs"
    screen.assert_quiet()


def test_the_student_grows_and_any_move_stops_it(static_page: Pages) -> None:
    screen = static_page()
    screen.page.get_by_role("button", name="Let it grow").click()
    screen.page.wait_for_function(
        "() => document.querySelector('.w2s-explorer').w2sExplorer.model.get('strong_capacity') >= 4"
    )
    screen.page.get_by_label("Weak-model quality", exact=True).press("ArrowLeft")
    stopped = state(screen)["strong_capacity"]
    screen.page.wait_for_timeout(500)
    assert state(screen)["strong_capacity"] == stopped
    screen.page.get_by_role("button", name="Let it grow").click()
    screen.page.wait_for_function(
        "() => document.querySelector('.w2s-explorer').w2sExplorer.model.get('strong_capacity') === 30"
    )
    screen.page.get_by_role("button", name="Let it grow").wait_for()
    screen.assert_quiet()


def test_dares_are_won_on_the_screen_and_known_to_python(lab: Lab) -> None:
    screen = opened(lab, OPEN, height=1100)
    summary = screen.page.locator(f"{ROOT} summary")
    assert "0 of 4" in summary.inner_text()
    screen.page.get_by_role("button", name="Wrong everywhere").click()
    screen.page.get_by_role("button", name="Too few waves").click()
    summary.click()
    assert "2 of 4" in summary.inner_text()
    assert screen.page.locator(".w2s-won:visible").count() == 2
    wait_for_kernel(screen, "explorer.won", "['perfect student', 'worse student']")
    screen.assert_quiet()
