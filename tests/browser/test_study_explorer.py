"""The ladder's explorer in JupyterLab and on a page without a kernel: seen, moved, clicked, read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from tests.studies.features.examples import small_ladder

ROOT = ".w2s-explorer"
PROBES = Path(__file__).with_name("explorer_probes.js")
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

# The study of the tests, written so that a kernel elsewhere can make it.
OPEN = """
import numpy as np
import w2s_widgets as w2s
rng = np.random.default_rng(0)
hidden = rng.standard_normal((900, 16))
y = hidden @ np.linspace(1, 0.2, 16) + 0.4 * rng.standard_normal(900)
blurred = hidden + 0.5 * rng.standard_normal((900, 16))
widths = (12, 2, 16, 6, 4, 8, 10, 14, 3, 5, 7, 9)
teachers = {f"layer {width}, width {width}": blurred[:, :width] for width in widths}
study = w2s.FeatureStudy(teachers, {"wide": hidden, "narrow": hidden[:, :10]}, y, splits=1)
explorer = w2s.StudyExplorer(study)
explorer
"""


def probe(screen: Screen, name: str, *arguments: object) -> Any:
    if not screen.page.evaluate("() => 'probes' in window"):
        screen.page.add_script_tag(path=PROBES)
    screen.page.evaluate(TWO_FRAMES)
    return screen.page.evaluate("([name, values]) => window.probes[name](...values)", [name, arguments])


@pytest.fixture(scope="module")
def explorer() -> w2s.StudyExplorer:
    return w2s.StudyExplorer(small_ladder(400, splits=1, n_student=[20, 60, 200]))


@pytest.fixture
def page(
    explorer: w2s.StudyExplorer, open_page: Callable[..., Screen], tmp_path: Path
) -> Callable[..., Screen]:
    explorer.reset()
    path = explorer.save_page(tmp_path / "ladder.html")
    return lambda **settings: open_page(path, **settings)


def test_looks_and_reads_right_in_every_width_and_theme_and_talks_with_the_kernel(lab: Lab) -> None:
    screen = lab.open([OPEN], width=1280, height=1100)
    screen.run_all()
    assert screen.error_outputs() == []
    screen.page.wait_for_selector(f"{ROOT} .w2s-sentence:not(:empty)")
    for width in (1280, 700):
        screen.page.set_viewport_size({"width": width, "height": 1100})
        for theme in ("light", "dark"):
            screen.switch_theme(theme)
            for preset in ("First setting", "A truth it can express", "Few unlabelled inputs"):
                screen.page.get_by_role("button", name=preset).click()
                assert screen.overflow(".jp-OutputArea-output") == []
                assert probe(screen, "overlaps") == [], preset
            assert screen.axe(".jp-OutputArea") == []
            screen.screenshot(f"ladder_explorer_{width}_{theme}", ROOT)
    screen.page.get_by_role("button", name="First setting").click()
    screen.page.get_by_label("Head class").select_option("ridge")
    screen.page.wait_for_function("() => document.querySelector('.w2s-code').value.includes('ridge')")
    assert wait_for(screen, "explorer.head", "'ridge'")
    screen.kernel_run("explorer.teacher = 'layer 3, width 3'")
    screen.page.wait_for_function(
        "() => document.querySelector('.w2s-key [aria-current]').textContent === 'layer 3, width 3'"
    )
    assert probe(screen, "shown")["sentence"] == screen.kernel_eval("explorer.sentence").strip("'")
    screen.assert_quiet()


def wait_for(screen: Any, expression: str, wanted: str) -> bool:
    for _ in range(50):
        if screen.kernel_eval(expression) == wanted:
            return True
        screen.page.wait_for_timeout(50)
    return False


DRAW_ALL = """
states => {
    const root = document.querySelector('.w2s-explorer'), explorer = root.w2sExplorer;
    return states.map(indices => {
        explorer.commit(indices, '');
        explorer.draw();
        return {
            sentence: root.querySelector('.w2s-sentence').textContent,
            reason: root.querySelector('.w2s-reason').textContent,
            code: root.querySelector('.w2s-code').value,
            present: root.querySelector('.w2s-key [aria-current]').textContent,
            ledger: [...root.querySelectorAll('.w2s-picture')[1].querySelectorAll('text')].map(
                text => text.textContent),
            marks: [...root.querySelectorAll('.w2s-rung-choice')].map(mark => [
                mark.querySelector('title').textContent,
                ...mark.getAttribute('transform').match(/-?[\\d.]+/g).slice(0, 2).map(Number),
                mark.classList.contains('w2s-rung-present'),
            ]),
        };
    });
}
"""


def test_states_drawn_are_pythons_and_every_mark_is_where_its_teacher_is(
    explorer: w2s.StudyExplorer, page: Callable[..., Screen]
) -> None:
    screen, table = page(), explorer.table
    rng = np.random.default_rng(0)
    reachable = np.argwhere(table.reachable)
    chosen = reachable[rng.choice(len(reachable), 60, replace=False)].tolist()
    width, height = 340, 300
    ranges = explorer._spec["ranges"]["map"]
    for indices, seen in zip(chosen, screen.page.evaluate(DRAW_ALL, chosen), strict=True):
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, indices, strict=True)}
        explorer.set(**state)
        assert seen["sentence"] == explorer.sentence, state
        assert seen["reason"] == explorer.reason, state
        assert seen["code"] == explorer.as_code()
        assert seen["present"] == state["teacher"]
        for part in explorer._spec["slack_parts"]:
            assert any(words.startswith(part["words"]) for words in seen["ledger"])
        for name, x, y, present in seen["marks"]:
            assert present == (name == state["teacher"])
            where = table.index(**(state | {"teacher": name}))
            for value, at, (low, high), near, far in (
                (table.sides.misfit[where], x, ranges["x"], 56, width - 10),
                (table.sides.gain[where], y, ranges["y"], height - 40, 12),
            ):
                share = (min(high, max(low, float(value))) - low) / (high - low)
                assert at == pytest.approx(near + share * (far - near), abs=0.02)
    screen.assert_quiet()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_published_page_lives_without_a_kernel(
    explorer: w2s.StudyExplorer, page: Callable[..., Screen], theme: str
) -> None:
    screen = page(width=700, height=1500, theme=theme)
    browser = screen.page
    browser.get_by_label("Teacher", exact=True).select_option("0")
    assert probe(screen, "shown")["code"].startswith('w2s.StudyExplorer(study, teacher="sees 2"')
    browser.get_by_label("Realizability", exact=True).focus()
    browser.keyboard.press("ArrowRight")
    assert "realizability=0.2" in probe(screen, "shown")["code"]
    colours = browser.evaluate(
        "() => [...document.querySelectorAll('.w2s-rung-choice')].map(m => getComputedStyle(m).fill)"
    )
    assert len(set(colours)) == 4
    assert screen.axe("body") == []
    assert screen.overflow("body") == []
    screen.assert_quiet()


def test_a_click_on_a_mark_chooses_its_teacher(page: Callable[..., Screen]) -> None:
    screen = page()
    screen.page.locator(".w2s-rung-choice", has_text="sees 2").first.click(force=True)
    shown = probe(screen, "shown")
    assert re.search(r'teacher="sees (2|6)"', shown["code"]) or "sees 2" in shown["code"]
    assert screen.page.locator(".w2s-key [aria-current]").inner_text() == "sees 2"


def test_too_few_inputs_for_a_linear_head_are_explained(page: Callable[..., Screen]) -> None:
    screen = page()
    screen.page.get_by_label("Head class").select_option("0")
    screen.page.get_by_label("Unlabelled inputs", exact=True).focus()
    for _ in range(2):
        screen.page.keyboard.press("ArrowLeft")
    shown = probe(screen, "shown")
    assert (
        shown["note"]
        == "A linear head needs more inputs than it has weights, or it copies its teacher on them."
    )
    assert 'head="ball"' in shown["code"]


def test_moves_without_end_leave_nothing_behind(page: Callable[..., Screen]) -> None:
    screen = page()
    before = probe(screen, "fuzz", 30, 1)
    assert probe(screen, "fuzz", 300, 2) == before
    screen.page.get_by_role("button", name="Reset").click()
    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name="Save SVG").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert "var(--" not in saved
    assert saved.count("w2s-rung-choice") == 4
    screen.assert_quiet()
