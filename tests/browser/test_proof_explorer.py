"""The proof explorer in a browser: dragging in both pictures, the film, and squares that keep their area."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.contract import ROOT, TWO_FRAMES, Pages, opened, shown, wait_for_kernel
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from w2s_widgets.studies.linear.proof_film import CLASSES, film_outcome

make = w2s.ProofExplorer
OPEN = "import w2s_widgets as w2s\nexplorer = w2s.ProofExplorer()\nexplorer"
STATE = "() => document.querySelector('.w2s-explorer').w2sExplorer.state()"
MOMENT = "() => document.querySelector('.w2s-explorer').w2sExplorer.moment()"
SUMS = """
states => {
    const explorer = document.querySelector('.w2s-explorer').w2sExplorer;
    const spans = path => path.getAttribute('d').slice(1, -1).split('L')
        .map(pair => pair.split(',').map(Number));
    const area = points => Math.abs(points.reduce((sum, [x, y], i) => {
        const [u, v] = points[(i + 1) % points.length];
        return sum + x * v - u * y;
    }, 0)) / 2;
    return states.map(state => {
        explorer.goTo(state);
        explorer.draw();
        const { camera, side, large, small, shown } = explorer.plane;
        const unit = side / (2 * camera.half);
        const { err_weak, err_student, misfit, gain, slack } = shown.record;
        return {
            outcome: [err_weak, err_student, misfit, gain, slack],
            areas: [large, ...small].map(path => area(spans(path)) / (2 * unit * unit)),
            pixel: 1 / unit,
        };
    });
}
"""


def state(screen: Screen) -> dict[str, Any]:
    screen.page.evaluate(TWO_FRAMES)
    found: dict[str, Any] = screen.page.evaluate(STATE)
    return found


def some_states(count: int, moments: tuple[float, ...]) -> list[dict[str, Any]]:
    rng = np.random.default_rng(1)
    names = ("truth_1", "truth_2", "teacher_1", "teacher_2")
    return [
        {
            "shape": CLASSES[i % 3],
            "moment": moments[i % len(moments)],
            **dict(zip(names, rng.uniform(-2.5, 2.5, 4).round(2).tolist(), strict=True)),
        }
        for i in range(count)
    ]


def test_page_and_python_measure_the_same_and_squares_are_the_errors(static_page: Pages) -> None:
    screen = static_page()
    states = some_states(3000, (5, 5.15, 5.3, 5.5, 5.8, 6))
    for wanted, seen in zip(states, screen.page.evaluate(SUMS, states), strict=True):
        truth, teacher = (wanted["truth_1"], wanted["truth_2"]), (wanted["teacher_1"], wanted["teacher_2"])
        outcome = film_outcome(wanted["shape"], truth, teacher)
        numbers = [getattr(outcome, name) for name in ("err_weak", "err_student", "misfit", "gain", "slack")]
        assert np.abs(np.subtract(numbers, seen["outcome"])).max() <= 1e-9
        # A corner is written to a tenth of a pixel.
        error = 0.3 * seen["pixel"]
        for area, drawn in zip(
            (outcome.err_weak, outcome.misfit, outcome.err_student), seen["areas"], strict=True
        ):
            assert drawn == pytest.approx(area, abs=error * (np.sqrt(2 * area) + error) * 3)
    screen.assert_quiet()


def test_a_point_is_its_two_answers(lab: Lab) -> None:
    screen = opened(lab, OPEN, height=1000, reduced_motion=True)
    page = screen.page

    def drag(name: str, dx: float, dy: float) -> None:
        box = page.locator(f"{ROOT} [aria-label^='{name}']").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + dx, y + dy, steps=4)
        page.mouse.up()

    before = state(screen)
    drag("Teacher, moved", 0, -60)
    now = state(screen)
    assert now["teacher_1"] == before["teacher_1"]
    assert now["teacher_2"] > before["teacher_2"] + 0.3
    drag("Teacher, answer to question 1", 0, 50)
    after = state(screen)
    assert after["teacher_1"] < now["teacher_1"] - 0.3
    assert after["teacher_2"] == now["teacher_2"]
    drag("Truth, moved", -30, 27)
    assert state(screen)["truth_1"] == state(screen)["truth_2"], "near the line the truth is drawn onto it"
    seen = shown(screen)
    wait_for_kernel(screen, "explorer.as_code()", repr(seen["code"]))
    screen.assert_quiet()


@pytest.mark.parametrize(
    ("name", "moved"), [("Truth, moved", "truth_1"), ("Teacher, answer to question 2", "teacher_2")]
)
def test_touch_drags_without_scrolling(static_page: Pages, name: str, moved: str) -> None:
    screen = static_page(width=390, height=700)
    handle = screen.page.locator(f"{ROOT} [aria-label^='{name}']")
    handle.scroll_into_view_if_needed()
    before, scrolled = state(screen), screen.page.evaluate("() => scrollY")
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    devtools = screen.context.new_cdp_session(screen.page)
    for kind, step in [("touchStart", 0), *(("touchMove", step) for step in range(1, 9)), ("touchEnd", 0)]:
        points = [] if kind == "touchEnd" else [{"x": x - 5 * step, "y": y - 5 * step}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        screen.page.evaluate(TWO_FRAMES)
    assert abs(state(screen)[moved] - before[moved]) > 0.2
    assert screen.page.evaluate("() => scrollY") == scrolled
    screen.assert_quiet()


def test_a_running_film_goes_on_from_where_it_is_seen(open_page: Pages, tmp_path: Any) -> None:
    screen = open_page(make().save_page(tmp_path / "film.html"))
    page = screen.page
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"({MOMENT})() > 0.5")
    click = "document.querySelector('.w2s-next').click()"
    seen = page.evaluate(f"() => {{ const now = ({MOMENT})(); {click}; return [now, ({MOMENT})()]; }}")
    assert seen[1] >= seen[0]
    page.wait_for_function(f"({MOMENT})() === 1")
    screen.assert_quiet()


def test_the_film_runs_scene_by_scene(open_page: Pages, tmp_path: Any) -> None:
    screen = open_page(make().save_page(tmp_path / "film.html"))
    page = screen.page
    button = page.get_by_role("button", name="Next")
    for scene in range(1, 7):
        button.click()
        page.wait_for_function(f"({MOMENT})() === {scene}")
        page.evaluate(TWO_FRAMES)
        assert state(screen)["moment"] == scene
    assert button.is_disabled()
    page.get_by_role("button", name="Back").click()
    page.wait_for_function(f"({MOMENT})() === 5")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"({MOMENT})() > 5.2")
    page.get_by_role("button", name="Stop").click()
    stopped = state(screen)["moment"]
    assert 5.2 <= stopped < 6
    page.wait_for_timeout(300)
    assert state(screen)["moment"] == stopped
    # A hand on the slider ends a running film.
    page.get_by_role("button", name="Play").click()
    page.locator(".w2s-range").press("Home")
    page.wait_for_timeout(200)
    assert state(screen)["moment"] == 0
    screen.assert_quiet()


def test_without_motion_the_film_is_stills(open_page: Pages, tmp_path: Any) -> None:
    screen = open_page(make(moment=2).save_page(tmp_path / "stills.html"), reduced_motion=True)
    screen.page.get_by_role("button", name="Next").click()
    assert screen.page.evaluate(MOMENT) == 3
    screen.page.get_by_role("button", name="Play").click()
    assert screen.page.evaluate(MOMENT) == 4
    screen.page.get_by_role("button", name="Stop").click()
    assert re.search("right angle", shown(screen)["sentence"])
    screen.assert_quiet()
