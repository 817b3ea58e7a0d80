"""Each chapter in JupyterLab as a reader meets it: before it runs and after, narrow, wide, light, dark."""

from __future__ import annotations

import ast
import os
import re

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
        // Covered until the card above it has its guess; it is looked at again afterwards.
        const below = '.jp-Cell:has(.w2s-waiting) + .jp-Cell';
        if (output.closest([below, `${below} + .jp-Cell`, `${below} + .jp-Cell + .jp-Cell`])) return false;
        const drawn = [...output.querySelectorAll('img, svg, canvas, input, button')].some(
            one => one.getBoundingClientRect().height > 0 && (one.tagName !== 'IMG' || one.naturalWidth > 0));
        return !output.getBoundingClientRect().height || !(drawn || output.innerText.trim());
    }).map(output => `output of code cell ${number}: ${output.outerHTML.slice(0, 200)}`))
"""
BROKEN_PICTURES = """
() => [...document.querySelectorAll('.jp-Notebook img')].filter(one => one.complete && !one.naturalWidth)
    .map(one => one.src.slice(0, 100))
"""
VISIBLE = """
() => [...document.querySelectorAll('.w2s-prediction')].map(card => {
    const top = card.getBoundingClientRect().top, own = card.closest('.jp-Cell'), texts = [];
    const walker = document.createTreeWalker(document.querySelector('.jp-Notebook'), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (own.contains(node) || !parent.checkVisibility({visibilityProperty: true})) continue;
        if (!parent.closest('.jp-RenderedMarkdown, .jp-OutputArea-output')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        if (box.height && box.bottom > top && box.top < top + 800) texts.push(node.textContent);
    }
    return [card.textContent, texts.join(' ')];
})
"""
"""What a reader of a screen of 1280 x 900 sees besides a card at its top."""
ANSWERS = """[(card.question.text, card.question.truth if card.question.is_choice
    else card.question.write(card.question.truth, unit=False)) for card in __import__('gc').get_objects()
    if type(card).__name__ == 'Prediction' and card.comm is not None]"""
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
    screen.page.evaluate(SETTLED)
    assert told_before_asked(screen) == []
    look(screen, f"{chapter.script.stem}_asked_light")
    screen.switch_theme("dark")
    look(screen, f"{chapter.script.stem}_asked_dark")
    answer_predictions(screen)
    look(screen, f"{chapter.script.stem}_answered_dark")
    screen.switch_theme("light")
    look(screen, f"{chapter.script.stem}_answered_light")
    screen.assert_quiet()


def told_before_asked(screen: LabScreen) -> list[str]:
    """Name the answers that can be read while their question waits for a guess."""
    answers = dict(ast.literal_eval(screen.kernel_eval(ANSWERS)))
    told = []
    for card, text in screen.page.evaluate(VISIBLE):
        # A question is shown in curly quotes, and over several lines.
        shown = re.sub(r"\W+", "", card)
        answer = next((one for asked, one in answers.items() if re.sub(r"\W+", "", asked) in shown), None)
        assert answer is not None, (card, list(answers))
        # One digit stands everywhere; as an answer it is a number "of" something.
        answer = f"{answer} of" if re.fullmatch(r"\d", str(answer)) else answer
        if re.search(rf"(?<![\d.\w]){re.escape(str(answer))}(?![\w])", text):
            told.append(f"“{answer}” stands beside “{card[:80]}”")
    return told


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
