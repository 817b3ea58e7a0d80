"""A reader who uses only the keyboard works through chapter 01 in JupyterLab, to its end.

No mouse, and no script that sets the focus: every step is a key. Scripts only look.
"""

from __future__ import annotations

from typing import Any

import nbformat

from tests.browser.lab import KERNEL_IS_IDLE, PANEL, Lab, LabScreen
from tests.chapters.chapter import FOLDER

CHAPTER = FOLDER / "01_the_right_angle.ipynb"
MISFIT = "return np.mean((student - teacher) ** 2)"
UPSIDE_DOWN = "return np.mean((student - truth) ** 2) - np.mean((teacher - truth) ** 2)"
GAIN = "return np.mean((teacher - truth) ** 2) - np.mean((student - truth) ** 2)"
STEPS = 40
"""More Tab keys than any cell has controls."""

LISTEN = "() => document.addEventListener('focusin', event => { event.target.wasReached = true; })"
FOCUS = """
() => {
    const focused = document.activeElement, ring = getComputedStyle(focused);
    const place = cell => Number(cell?.dataset.windowedListIndex ?? -1);
    return {
        cell: place(focused.closest('.jp-Cell')), isCell: focused.matches('.jp-Cell'),
        active: place(document.querySelector('.jp-Cell.jp-mod-active')),
        isEditing: document.querySelector('.jp-Notebook').classList.contains('jp-mod-editMode'),
        tag: focused.localName, type: focused.getAttribute('type') ?? '',
        html: focused.outerHTML.slice(0, 150),
        isOurs: Boolean(focused.closest('.jp-OutputArea, .jp-RenderedMarkdown')),
        isSeen: focused.getClientRects().length > 0 && ring.outlineStyle !== 'none',
    };
}
"""
# Of radio buttons with one name, Tab reaches one; the arrow keys go on to the others.
MISSED = """
() => {
    const inside = ':is(.jp-OutputArea, .jp-RenderedMarkdown)';
    const kinds = ':is(a[href], button, input, select, textarea, summary, [tabindex="0"])';
    const usable = one =>
        one.getClientRects().length && !one.disabled && getComputedStyle(one).visibility === 'visible';
    const cell = document.querySelector('.jp-Cell.jp-mod-active');
    const controls = [...cell.querySelectorAll(`${inside} ${kinds}`)].filter(usable);
    const alike = one => one.type === 'radio' ? controls.filter(other => other.name === one.name) : [one];
    const missed = controls.filter(one => !alike(one).some(other => other.wasReached));
    return missed.map(one => one.outerHTML.slice(0, 150));
}
"""
SHOWN = "() => document.querySelector('.jp-Cell.jp-mod-active .jp-OutputArea')?.innerText ?? ''"
SHOWS = "words => document.querySelector('.jp-Cell.jp-mod-active .jp-OutputArea')?.innerText.includes(words)"
OPEN = "() => document.querySelector('.jp-Cell.jp-mod-active details').open"
DRAWN = "() => document.querySelectorAll('.jp-Cell.jp-mod-active :is(.w2s-prediction, .w2s-explorer)').length"
SENTENCE = "() => document.querySelector('.jp-Cell.jp-mod-active .w2s-sentence').textContent"
ANSWERED = "() => document.querySelector('.jp-Cell.jp-mod-active .w2s-prediction [role=status]').textContent"
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
        focus = self.press("Control+Enter")
        assert (focus["cell"], focus["isCell"]) == (cell, True), focus
        self.wait(KERNEL_IS_IDLE)

    def go_on(self, cell: int) -> None:
        """Go on to the next cell: the arrow keys would pass over one whose code is folded."""
        focus = self.press("Shift+Enter")
        assert (focus["cell"], focus["isCell"]) == (cell + 1, True), focus
        self.wait(KERNEL_IS_IDLE)

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
        """Answer the card of this cell: a number typed, or the second option."""
        if self.look(
            "() => Boolean(document.querySelector('.jp-Cell.jp-mod-active .w2s-prediction [type=range]'))"
        ):
            self.tab_to(type="range")
            self.press("ArrowRight")
            self.tab_to(type="text")
            self.press("Control+a")
            self.page.keyboard.type("0.2")
            self.press("Enter")
        else:
            self.tab_to(type="radio")
            self.press("Space", "ArrowDown")
            self.tab_to(type="submit")
            self.press("Space")
        assert self.look(ANSWERED).startswith("You predicted ")
        self.back()

    def move_slider(self) -> None:
        """Move the first slider of an explorer and read another sentence."""
        self.tab_to(type="range", isOurs=True)
        before = self.look(SENTENCE)
        for _ in range(3):
            self.press("ArrowRight")
        self.wait(f"before => ({SENTENCE})() !== before", before)
        self.back()

    def write(self, line: int, code: str) -> None:
        """Replace one line of the cell's code, up to its indentation."""
        assert self.press("Enter")["isEditing"]
        self.press("Control+Home", *["ArrowDown"] * line, "End", "Shift+Home")
        self.page.keyboard.type(code)
        assert self.press("Escape")["isCell"]


def test_chapter_01_is_finished_with_keys_alone(lab: Lab) -> None:
    screen = lab.open(CHAPTER)
    reader = Reader(screen)
    cells = nbformat.read(CHAPTER, as_version=4).cells
    predictions = 0
    for number, cell in enumerate(cells[:-1]):
        source = cell.source if cell.cell_type == "code" else ""
        if "exercise" in cell.metadata.get("tags", []):
            try_twice(reader, number, source)
        reader.run(number)
        if "lessons.predict(" in source:
            reader.wait(f"() => ({DRAWN})() > 0")
            reader.visit()
            reader.predict()
            predictions += 1
        if "lessons.hint(" in source or "lessons.solution(" in source or "<details>" in cell.source:
            reader.tab_to(tag="summary")
            reader.press("Enter")
            assert reader.look(OPEN), f"Enter does not open the fold of cell {number}"
            reader.back()
        if source.startswith("w2s.GainExplorer("):
            reader.wait(f"() => ({DRAWN})() > 0")
            reader.move_slider()
        reader.visit()
        reader.go_on(number)
    assert predictions == 5
    told = f"{predictions} of {predictions} predictions made, 2 of 2 exercises passed"
    reader.press("ArrowUp")
    assert told in reader.look(SHOWN)
    screen.screenshot("keyboard_reader_summary")

    reader.press("Control+s")
    reader.wait(SAVED)
    saved = nbformat.read(lab.server.root / reader.look(f"() => {PANEL}.context.path"), as_version=4)
    [output] = saved.cells[-2].outputs
    assert told in output["data"]["text/plain"]
    assert "exercise gain: right, 2 tries" in output["data"]["text/plain"]
    screen.assert_quiet()


def try_twice(reader: Reader, number: int, source: str) -> None:
    """Write a right misfit and a wrong gain, read the hint, and put it right."""
    lines = source.split("\n")
    first, second = (line for line, text in enumerate(lines) if text.strip().startswith("return None"))
    reader.write(first, MISFIT)
    reader.write(second, UPSIDE_DOWN)
    reader.run(number)
    reader.wait(SHOWS, "misfit: Right.")
    reader.wait(SHOWS, "gain: Not yet. The size is right, the sign is not")
    reader.write(second, GAIN)
    reader.run(number)
    reader.wait(SHOWS, "gain: Right.")
    assert "Not yet." not in reader.look(SHOWN)
