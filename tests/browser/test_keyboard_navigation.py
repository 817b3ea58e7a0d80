"""A reader who uses only the keyboard works through each chapter in JupyterLab, to its end.

No mouse, and no script that sets the focus: every step is a key. Scripts only look.
"""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from tests.browser.lab import PANEL, Lab, LabScreen
from tests.chapters.chapter import Chapter, chapters
from w2s_widgets.lessons import editions
from w2s_widgets.lessons.exercise import functions_in

CHAPTERS = chapters()
STEPS = 40
"""More Tab keys than any cell has controls."""

LISTEN = f"""
() => {{
    document.addEventListener('focusin', event => {{ event.target.wasReached = true; }});
    window.cellsRun = 0;
    {PANEL}.sessionContext.iopubMessage.connect((_, message) => {{
        const request = message.parent_header.msg_type, state = message.content.execution_state;
        if (request === 'execute_request' && state === 'idle') window.cellsRun += 1;
    }});
}}
"""
CELLS_RUN = "() => window.cellsRun"
IS_CODE = "() => Boolean(document.querySelector('.jp-Cell.jp-mod-active.jp-CodeCell'))"
FOCUS = """
() => {
    const focused = document.activeElement, drawn = focused.querySelector('.w2s-handle-ring');
    // In a drawing the ring is a circle, which is thin while the focus is elsewhere.
    const isRinged = drawn
        ? parseFloat(getComputedStyle(drawn).strokeWidth) >= 3
        : getComputedStyle(focused).outlineStyle !== 'none';
    const place = cell => Number(cell?.dataset.windowedListIndex ?? -1);
    return {
        cell: place(focused.closest('.jp-Cell')), isCell: focused.matches('.jp-Cell'),
        active: place(document.querySelector('.jp-Cell.jp-mod-active')),
        isEditing: document.querySelector('.jp-Notebook').classList.contains('jp-mod-editMode'),
        tag: focused.localName, type: focused.getAttribute('type') ?? '',
        html: focused.outerHTML.slice(0, 150),
        isOurs: Boolean(focused.closest('.jp-OutputArea, .jp-RenderedMarkdown')),
        isSeen: focused.getClientRects().length > 0 && isRinged,
    };
}
"""
# Of radio buttons with one name, Tab reaches one; the arrow keys go on to the others.
MISSED = """
() => {
    const inside = ':is(.jp-OutputArea, .jp-RenderedMarkdown)';
    const kinds = ':is(a[href], button, input, select, textarea, summary, [tabindex="0"])';
    // What a closed fold holds has a place and cannot be reached.
    const usable = one => one.getClientRects().length && !one.disabled
        && one.checkVisibility({visibilityProperty: true});
    const cell = document.querySelector('.jp-Cell.jp-mod-active');
    const controls = [...cell.querySelectorAll(`${inside} ${kinds}`)].filter(usable);
    const alike = one => one.type === 'radio' ? controls.filter(other => other.name === one.name) : [one];
    const missed = controls.filter(one => !alike(one).some(other => other.wasReached));
    return missed.map(one => one.outerHTML.slice(0, 150));
}
"""
SHOWN = "() => document.querySelector('.jp-Cell.jp-mod-active .jp-OutputArea')?.innerText ?? ''"
SHOWS = f"words => ({SHOWN})().toLowerCase().includes(words)"
OPEN = "() => document.querySelector('.jp-Cell.jp-mod-active details').open"
DRAWN = """
() => document.querySelectorAll(
    '.jp-Cell.jp-mod-active :is(.w2s-prediction, .w2s-explorer, .w2s-pair-field)').length
"""
CARD = "document.querySelector('.jp-Cell.jp-mod-active .w2s-prediction')"
VALUE = "() => document.activeElement.value"
AT_ITS_END = "() => document.activeElement.value === document.activeElement.max"
IS_WIDGET = f"""
() => ({PANEL}.content.activeCell.model.toJSON().outputs ?? []).some(
    output => output.data && 'application/vnd.jupyter.widget-view+json' in output.data)
"""
HAS_SLIDER = """
() => [...document.querySelectorAll('.jp-Cell.jp-mod-active .w2s-explorer [type=range]')].some(
    slider => slider.getClientRects().length)
"""
SAVED = f"() => !{PANEL}.context.model.dirty"


class Reader:
    """Somebody at a keyboard, who sees what has the focus."""

    def __init__(self, screen: LabScreen) -> None:
        self.page = screen.page
        self.page.evaluate(LISTEN)

    def press(self, *keys: str) -> dict[str, Any]:
        for key in keys:
            self.page.keyboard.press(key)
        focus: dict[str, Any] = self.page.evaluate(FOCUS)
        return focus

    def look(self, what: str) -> Any:
        return self.page.evaluate(what)

    def wait(self, what: str, argument: object = None) -> None:
        self.page.wait_for_function(what, arg=argument)

    def run(self, cell: int) -> None:
        """Run the cell with the focus, and stay on it."""
        self.run_by("Control+Enter", cell)

    def go_on(self, cell: int) -> None:
        """Go on to the next cell: the arrow keys would pass over one whose code is folded."""
        self.run_by("Shift+Enter", cell + 1)

    def run_by(self, key: str, then: int) -> None:
        runs = self.look(CELLS_RUN) + self.look(IS_CODE)
        focus = self.press(key)
        assert (focus["cell"], focus["isCell"]) == (then, True), focus
        self.wait(f"runs => ({CELLS_RUN})() >= runs", runs)

    def tab_to(self, **wanted: object) -> None:
        """Press Tab until the focus is on what is wanted, without leaving the cell."""
        cell = self.press()["cell"]
        for _ in range(STEPS):
            focus = self.press("Tab")
            assert focus["cell"] == cell, f"no {wanted} in cell {cell}"
            if focus["isOurs"] and wanted.items() <= focus.items():
                assert focus["isSeen"], f"nobody sees the focus on {focus['html']}"
                return
        raise AssertionError(f"no {wanted} within {STEPS} steps")

    def visit(self) -> None:
        """Go through the controls of the cell, until none was missed, and come back to it."""
        cell = self.press()["cell"]
        for _ in range(STEPS):
            if not self.look(MISSED):
                break
            focus = self.press("Tab")
            assert focus["cell"] == cell, f"Tab leaves cell {cell} before it reaches {self.look(MISSED)}"
            assert focus["isSeen"] or not focus["isOurs"], f"nobody sees the focus on {focus['html']}"
        assert self.look(MISSED) == []
        self.back()

    def back(self) -> None:
        """Go from a control to its cell: Escape leads out of a widget, Shift+Tab out of anything."""
        cell = self.press()["cell"]
        focus = self.press("Escape")
        for _ in range(STEPS):
            if focus["isCell"]:
                break
            assert "w2s-" not in focus["html"], f"Escape does not lead out of {focus['html']}"
            focus = self.press("Shift+Tab")
        assert (focus["cell"], focus["isCell"]) == (cell, True), f"no way back from {focus['html']}"

    def predict(self) -> None:
        """Answer the card of this cell: a number slid and locked in by Enter, or the second option."""
        if self.look(f"() => Boolean({CARD}.querySelector('[type=range]'))"):
            self.tab_to(type="range")
            self.press("ArrowRight")
            self.tab_to(type="text")
            self.press("Enter")
        else:
            self.tab_to(type="radio")
            self.press("Space", "ArrowDown")
            self.tab_to(type="submit")
            self.press("Space")
        self.wait(f"() => {CARD}.querySelector('[role=status]').textContent.startsWith('You predicted ')")
        self.back()

    def move_slider(self) -> None:
        """Move the first slider of an explorer."""
        self.tab_to(type="range", isOurs=True)
        before = self.look(VALUE)
        key = "ArrowLeft" if self.look(AT_ITS_END) else "ArrowRight"
        self.press(key, key, key)
        assert self.look(VALUE) != before
        self.back()

    def write(self, line: int, code: list[str]) -> None:
        """Replace one line of the cell by lines of code, all indented as they should be."""
        assert self.press("Enter")["isEditing"]
        self.press("Control+Home", *["ArrowDown"] * line, "End", "Shift+Home")
        self.page.keyboard.type(code[0].strip())
        for words in code[1:]:
            # In place of the editor's own guess at the indentation.
            self.press("Enter", "Shift+Home")
            self.page.keyboard.type(words)
        assert self.press("Escape")["isCell"]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=[chapter.script.stem for chapter in CHAPTERS])
def test_a_chapter_is_finished_with_keys_alone(lab: Lab, chapter: Chapter) -> None:
    screen = lab.open(chapter.notebook)
    reader = Reader(screen)
    cells = chapter.read_notebook().cells
    predictions, explorers, exercises = 0, 0, []
    for number, cell in enumerate(cells[:-1]):
        source = cell.source if cell.cell_type == "code" else ""
        reader.run(number)
        exercises += solve(reader, number, cell)
        if reader.look(IS_WIDGET):
            reader.wait(f"() => ({DRAWN})() > 0")
            reader.visit()
            explorers += "lessons.predict(" not in source
        if "lessons.predict(" in source:
            reader.predict()
            predictions += 1
        elif reader.look(HAS_SLIDER):
            reader.move_slider()
        if "lessons.hints(" in source or "<details>" in cell.source:
            reader.tab_to(tag="summary")
            reader.press("Enter")
            assert reader.look(OPEN), f"Enter does not open the fold of cell {number}"
            reader.back()
        reader.visit()
        reader.go_on(number)
    assert predictions
    assert explorers
    told = [f"{predictions} of {predictions} predictions made"]
    if exercises:
        told[0] += f", {len(exercises)} of {len(exercises)} exercises passed"
    told += [f"exercise {name}: right, 2 tries" for name in exercises]
    reader.press("ArrowUp")
    assert told[0] in reader.look(SHOWN)
    screen.screenshot(f"keyboard_reader_{chapter.script.stem}")

    reader.press("Control+s")
    reader.wait(SAVED)
    saved = nbformat.read(lab.server.root / reader.look(f"() => {PANEL}.context.path"), as_version=4)
    [output] = saved.cells[-2].outputs
    assert [words for words in told if words not in output["data"]["text/plain"]] == []
    screen.assert_quiet()


def solve(reader: Reader, number: int, cell: Any) -> list[str]:
    """Write a wrong answer to each exercise of the cell with the focus, read the check, and put it right."""
    exercises = editions.stubs(cell)
    for exercise in reversed(exercises):
        # From the last to the first, so that line numbers stay true.
        line = functions_in(cell.source)[exercise.name].body[-1].lineno - 1
        reader.write(line, ["return 0.25"])
        reader.run(number)
        reader.wait(SHOWS, f"{exercise.name}: not yet. ")
        reader.write(line, exercise.solution.strip().split("\n")[1:])
        reader.run(number)
        reader.wait(SHOWS, f"{exercise.name}: right. ")
    return [exercise.name for exercise in exercises]
