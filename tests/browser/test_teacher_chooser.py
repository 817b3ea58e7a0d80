"""The teacher chooser in JupyterLab and without a kernel: covered until a choice, true afterwards."""

from __future__ import annotations

import itertools

import pytest

import w2s_widgets as w2s
from tests.browser.contract import ROOT, TWO_FRAMES, Pages, drawn, opened, probe, shown, wait_for_kernel
from tests.browser.lab import Lab
from w2s_widgets.studies.linear.teacher_selection import EPS, NOBODY, TRUE_LABELS
from w2s_widgets.widgets.teacher_chooser import PRESETS, contest, limits

make = w2s.TeacherChooser
OPEN = "import w2s_widgets as w2s\nchooser = w2s.TeacherChooser()\nchooser"
UNCOVER, COVER = "Uncover the students’ errors", "Cover the students’ errors"

# What is drawn for each teacher, read back in the units of the errors.
ROWS = """
(_, {chart}) => {
    const [a, b] = [chart.x(0), chart.x(1)];
    const pixel = node => Number(/translate\\(([-\\d.]+)/.exec(node.getAttribute('transform'))[1]);
    const at = node => (pixel(node) - a) / (b - a);
    return {
        rows: chart.rowsDrawn.map(row => ({
            estimate: at(row.estimate),
            teacher: at(row.teacher),
            student: row.student.style.display === 'none' ? null : at(row.student),
            words: row.words.textContent,
        })),
    };
}
"""


def at(choice: int, labels: int, draw: int, blind: int, **settings: bool) -> w2s.TeacherChooser:
    return w2s.TeacherChooser(
        choice=(NOBODY, *contest().names)[choice],
        true_labels=TRUE_LABELS[labels],
        draw=draw + 1,
        eps=EPS[blind],
        **settings,
    )


def test_what_is_drawn_is_pythons(static_page: Pages) -> None:
    screen = static_page()
    low, high = limits()
    states = list(itertools.product((0, 3), range(len(TRUE_LABELS)), (0, 41), range(4)))
    for indices, seen in zip(states, drawn(screen, states, ROWS), strict=True):
        chooser = at(*indices)
        assert (seen["sentence"], seen["reason"]) == (chooser.sentence, chooser.reason)
        for row, (name, (estimate, _, _)) in zip(seen["rows"], chooser.estimates.items(), strict=True):
            misfit = contest().outcome(choice=name, eps=chooser.eps).misfit
            assert row["estimate"] == pytest.approx(min(high, max(low, estimate)), abs=1e-4)
            assert row["teacher"] == pytest.approx(min(high, estimate + misfit), abs=1e-4)
            assert row["student"] is None
        chooser.close()
    screen.assert_quiet()


def test_pick_first_and_then_see(static_page: Pages) -> None:
    screen = static_page()
    page = screen.page
    page.get_by_role("button", name=UNCOVER).click()
    seen = shown(screen)
    assert seen["note"].startswith("The students' errors stay covered until there is a choice: set choice to")
    assert page.get_by_role("button", name=COVER, exact=True).count() == 0
    page.get_by_label("Your choice").select_option("C")
    assert shown(screen)["note"] == ""
    page.get_by_role("button", name=UNCOVER).click()
    states = list(itertools.product((3, 8), [2], [6], range(4)))
    for indices, now in zip(states, drawn(screen, states, ROWS), strict=True):
        chooser = at(*indices, uncovered=True)
        assert {name: now[name] for name in ("sentence", "reason", "code")} == {
            "sentence": chooser.sentence,
            "reason": chooser.reason,
            "code": chooser.as_code(),
        }
        errors = contest().sides(chooser.eps).err_student
        assert [row["student"] for row in now["rows"]] == pytest.approx(errors.tolist(), abs=1e-4)
        marks = [(name, row["words"]) for name, row in zip(contest().names, now["rows"], strict=True)]
        first = [mark for mark in marks if mark[1]]
        assert first == [("C", "your choice"), ("H", "best")], "the first choice stays marked"
    page.get_by_role("button", name="Another draw").click()
    assert shown(screen)["numbers"][1] == "8"
    assert page.get_by_label("Your choice").locator("option:checked").inner_text() == NOBODY
    assert page.get_by_role("button", name=UNCOVER, exact=True).count() == 1
    page.locator(".w2s-teacher-row").nth(4).click()
    assert page.get_by_label("Your choice").locator("option:checked").inner_text() == "E"
    screen.assert_quiet()


def test_keyboard_alone_plays_the_whole_game(lab: Lab) -> None:
    screen = opened(lab, OPEN)
    page = screen.page
    assert {UNCOVER, "Another draw"} < set(probe(screen, "controls"))
    page.get_by_label("Your choice", exact=True).focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    wait_for_kernel(screen, "chooser.choice", "'B'")
    page.get_by_label("True labels", exact=True).focus()
    page.keyboard.press("End")
    wait_for_kernel(screen, "chooser.true_labels", "320")
    page.get_by_role("button", name=UNCOVER).focus()
    page.keyboard.press("Enter")
    wait_for_kernel(screen, "chooser.uncovered, chooser.first_choice", "(True, 'B')")
    assert screen.kernel_eval("chooser.picks") == (
        "[{'choice': 'B', 'true_labels': 320, 'draw': 1, 'eps': 0.0}]"
    )
    assert screen.kernel_eval("chooser.sentence") == repr(shown(screen)["sentence"])
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    wait_for_kernel(screen, "chooser.uncovered, chooser.choice", f"(False, '{NOBODY}')")
    screen.kernel_run("chooser.choice = 'H'; chooser.uncovered = True")
    page.wait_for_function(
        "() => document.querySelector('.w2s-sentence').textContent.startsWith('You chose H, the best')"
    )
    screen.assert_quiet()


@pytest.mark.parametrize(
    ("width", "theme"), list(itertools.product([1280, 700], ["light", "dark"])), ids=lambda v: str(v)
)
def test_uncovered_it_looks_right_too(static_page: Pages, width: int, theme: str) -> None:
    screen = static_page(width=width, theme=theme)
    for preset in PRESETS[1:]:
        screen.page.get_by_role("button", name=preset.name).click()
        screen.page.get_by_label("Your choice").select_option("C")
        screen.page.locator(".w2s-primary").click()
        screen.page.evaluate(TWO_FRAMES)
        assert probe(screen, "overlaps") == [], preset.name
        assert screen.overflow("body") == []
    screen.screenshot(f"teacher_chooser_uncovered_{width}_{theme}", ROOT)
    assert screen.axe("body") == []
    screen.assert_quiet()
