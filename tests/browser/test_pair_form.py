"""The pair form in JupyterLab: filled in by hand, with labels for everybody, right in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.widgets.contract import STRONG_TEXT, WEAK_TEXT

OPEN = "import w2s_widgets as w2s\nform = w2s.PairForm()\nform"


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (700, "dark")])
def test_paste_press_and_see(lab: Lab, width: int, theme: str) -> None:
    screen = lab.open([OPEN], width=width, height=2000, theme=theme)
    screen.run_all()
    page = screen.page
    output = page.locator(".jp-OutputArea")
    page.get_by_label("Teacher:").fill(WEAK_TEXT)
    page.get_by_label("Student:").fill(STRONG_TEXT)
    page.get_by_label("Truth:").fill("scores")
    output.get_by_role("button", name="Run").click()
    output.get_by_role("alert").get_by_text("neither teacher nor student has this column").wait_for()
    page.get_by_label("Truth:").fill("score")
    # By keyboard, from the field before the button.
    page.get_by_label("Inputs").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("img[class^=w2s-triangle]").wait_for()
    label = page.locator(".w2s-pair-field > label").first
    assert label.evaluate("label => getComputedStyle(label).textAlign") == "left"
    said = screen.kernel_run("print(form.pair.outcome)").strip()
    expect(output.get_by_role("status")).to_have_text(said)
    assert page.locator(".jp-OutputArea img").count() == 2, "the triangle and the scatter"
    assert screen.overflow(".jp-OutputArea-output") == []
    assert screen.axe(".jp-OutputArea") == []
    screen.screenshot(f"pair_form_{width}_{theme}", ".jp-OutputArea-output")
    screen.assert_quiet()
