"""The study's explorer in JupyterLab and on a page without a kernel: seen, moved, clicked, read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.contract import probe
from tests.browser.screen import Screen
from tests.studies.features.examples import small_study


@pytest.fixture(scope="module")
def explorer() -> w2s.StudyExplorer:
    return w2s.StudyExplorer(small_study(400, splits=1, n_student=[20, 60, 200]))


@pytest.fixture
def page(
    explorer: w2s.StudyExplorer, open_page: Callable[..., Screen], tmp_path: Path
) -> Callable[..., Screen]:
    explorer.reset()
    path = explorer.save_page(tmp_path / "study.html")
    return lambda **settings: open_page(path, **settings)


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
            marks: [...root.querySelectorAll('.w2s-teacher-choice')].map(mark => [
                mark.querySelector('title').textContent,
                ...mark.getAttribute('transform').match(/-?[\\d.]+/g).slice(0, 2).map(Number),
                mark.classList.contains('w2s-teacher-present'),
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


def test_each_teacher_has_a_colour_in_both_themes(page: Callable[..., Screen]) -> None:
    for theme in ("light", "dark"):
        colours = page(theme=theme).page.evaluate(
            "() => [...document.querySelectorAll('.w2s-teacher-choice')].map(m => getComputedStyle(m).fill)"
        )
        assert len(set(colours)) == 4


def test_a_click_on_a_mark_chooses_its_teacher(page: Callable[..., Screen]) -> None:
    screen = page()
    screen.page.locator(".w2s-teacher-choice", has_text="sees 2").first.click(force=True)
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


def test_a_saved_drawing_has_every_mark_and_its_own_colours(page: Callable[..., Screen]) -> None:
    screen = page()
    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name="Save SVG").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").count("w2s-teacher-choice") == 4
    screen.assert_quiet()
