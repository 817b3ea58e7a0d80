"""Each chapter in JupyterLab as a reader meets it: before it runs and after, narrow, wide, light, dark."""

from __future__ import annotations

import os

from playwright.sync_api import expect

from tests.browser.lab import Lab, LabScreen
from tests.chapters.chapter import Chapter
from tests.chapters.each import each_chapter

OUTPUTS = ".jp-OutputArea-output"
WIDTHS = (1280, 700)

EMPTY = """
() => [...document.querySelectorAll('.jp-CodeCell')].flatMap((cell, number) =>
    [...cell.querySelectorAll('.jp-OutputArea-output')].filter(output => {
        // What a widget shows inside itself may be covered: the widget is judged as a whole.
        if (output.parentElement.closest('.jp-OutputArea-output')) return false;
        const drawn = [...output.querySelectorAll('img, svg, canvas, input, button')].some(
            one => one.getBoundingClientRect().height > 0 && (one.tagName !== 'IMG' || one.naturalWidth > 0));
        return !output.getBoundingClientRect().height || !(drawn || output.innerText.trim());
    }).map(output => `output of code cell ${number}: ${output.outerHTML.slice(0, 200)}`))
"""
BROKEN_PICTURES = """
() => [...document.querySelectorAll('.jp-Notebook img')].filter(one => one.complete && !one.naturalWidth)
    .map(one => one.src.slice(0, 100))
"""
SETTLED = """
() => new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300))
"""


@each_chapter
def test_looks_right_before_it_runs_and_after(lab: Lab, chapter: Chapter) -> None:
    screen = lab.open(chapter.notebook, whole=True)
    screen.page.evaluate(SETTLED)
    assert screen.page.evaluate(EMPTY) == []
    assert screen.page.evaluate(BROKEN_PICTURES) == []
    assert screen.page.locator(".jupyter-widgets-error-widget").count() == 0
    assert screen.page.get_by_text("Loading widget").count() == 0
    cells = screen.run_all()
    assert screen.error_outputs() == []
    counts = [cell["execution_count"] for cell in cells if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1)), "a cell did not run"
    look(screen, f"{chapter.script.stem}_asked_light")
    screen.switch_theme("dark")
    look(screen, f"{chapter.script.stem}_asked_dark")
    answer_predictions(screen)
    look(screen, f"{chapter.script.stem}_answered_dark")
    screen.switch_theme("light")
    look(screen, f"{chapter.script.stem}_answered_light")
    screen.assert_quiet()


def look(screen: LabScreen, name: str) -> None:
    for width in WIDTHS:
        screen.page.set_viewport_size({"width": width, "height": 900})
        screen.page.evaluate(SETTLED)
        assert screen.page.evaluate(EMPTY) == []
        assert screen.page.evaluate(BROKEN_PICTURES) == []
        assert screen.overflow(OUTPUTS) == [], f"{name} at {width} px"
        assert screen.axe(".jp-OutputArea") == [], f"{name} at {width} px"
        if os.environ.get("W2S_SCREENSHOTS"):
            photograph(screen, f"{name}_{width}")


def answer_predictions(screen: LabScreen) -> None:
    """Make every prediction that the chapter asks for, so that what it covers is seen too."""
    for card in screen.page.locator(".w2s-prediction").all():
        option, number = card.get_by_role("radio"), card.get_by_role("textbox")
        if option.count():
            option.first.check()
        else:
            number.fill(card.get_by_role("slider").input_value())
        card.get_by_role("button", name="Lock in my prediction").click()
        expect(card.get_by_role("status")).not_to_be_empty()


def photograph(screen: LabScreen, name: str) -> None:
    """Keep pictures of the chapter, one screenful each, for somebody to look at."""
    outputs = screen.page.locator(".jp-CodeCell .jp-OutputArea:visible")
    for number in range(outputs.count()):
        outputs.nth(number).scroll_into_view_if_needed()
        screen.screenshot(f"{name}_{number:02}")
