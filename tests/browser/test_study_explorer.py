"""The study's explorer in JupyterLab and on a page without a kernel: seen, moved, clicked, read aloud."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.contract import Pages, drawn, shown
from tests.studies.features.examples import small_study

MARKS = """
root => ({
    present: root.querySelector('.w2s-key [aria-current]').textContent,
    ledger: [...root.querySelectorAll('.w2s-picture')[1].querySelectorAll('text')].map(
        text => text.textContent),
    marks: [...root.querySelectorAll('.w2s-teacher-choice')].map(mark => [
        mark.querySelector('title').textContent,
        ...mark.getAttribute('transform').match(/-?[\\d.]+/g).slice(0, 2).map(Number),
        mark.classList.contains('w2s-teacher-present'),
    ]),
})
"""


@cache
def make() -> w2s.StudyExplorer:
    return w2s.StudyExplorer(small_study(400, splits=1, n_student=[20, 60, 200]))


def test_every_mark_is_where_its_teacher_is(static_page: Pages) -> None:
    screen, explorer = static_page(), make()
    table = explorer.table
    rng = np.random.default_rng(0)
    reachable = np.argwhere(table.reachable)
    chosen = reachable[rng.choice(len(reachable), 60, replace=False)].tolist()
    width, height = 340, 300
    ranges = explorer._spec["ranges"]["map"]
    for indices, seen in zip(chosen, drawn(screen, chosen, MARKS), strict=True):
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, indices, strict=True)}
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


def test_each_teacher_has_a_colour_in_both_themes(static_page: Pages) -> None:
    for theme in ("light", "dark"):
        colours = static_page(theme=theme).page.evaluate(
            "() => [...document.querySelectorAll('.w2s-teacher-choice')].map(m => getComputedStyle(m).fill)"
        )
        assert len(set(colours)) == 4


def test_a_click_on_a_mark_chooses_its_teacher(static_page: Pages) -> None:
    screen = static_page()
    screen.page.locator(".w2s-teacher-choice", has_text="sees 2").first.click(force=True)
    assert 'teacher="sees 2"' in shown(screen)["code"]
    assert screen.page.locator(".w2s-key [aria-current]").inner_text() == "sees 2"


def test_a_saved_drawing_has_every_mark_and_its_own_colours(static_page: Pages) -> None:
    screen = static_page()
    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name="Save SVG").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").count("w2s-teacher-choice") == 4
    screen.assert_quiet()
