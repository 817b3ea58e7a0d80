"""The prediction card in JupyterLab and on a page without a kernel, answered with real keys."""

from __future__ import annotations

from ast import literal_eval
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.browser.contract import Pages
from tests.browser.lab import Lab, LabScreen
from tests.browser.screen import Screen
from w2s_widgets.lessons.question import Question
from w2s_widgets.widgets.bundles import STATIC
from w2s_widgets.widgets.static_page import page_text

CARD = ".w2s-prediction"
CHOICE = """
import w2s_widgets as w2s
outcome = w2s.measure(truth=[2, 0], teacher=[0, 2], student=[0, 0])
card = w2s.lessons.predict(
    "A student learns only from its teacher's labels, mistakes and all. Who is nearer to the truth?",
    options=["The teacher", "Both are equally near", "The student"],
    truth="The student", because="How much nearer is what this chapter is about.", reveal=outcome,
)
card
"""
NUMBER = """
import ipywidgets, w2s_widgets as w2s
below = ipywidgets.IntSlider(description="below")
number = w2s.lessons.predict(
    "How large is the gain?", low=-1, high=1, step=0.01, truth=lambda: 0.4213, unit="points", reveal=below,
)
number
"""
COVERED = "selector => document.querySelector(selector)?.getClientRects().length === 0"
UNCOVERED = "selector => document.querySelector(selector)?.getClientRects().length > 0"
SAYS = f"words => document.querySelector('{CARD} [role=status]')?.textContent === words"
SENTENCES = """
guesses => { const card = document.querySelector('.w2s-prediction').w2sCard;
             return guesses.map(guess => card.sentence(guess)); }
"""
DRAFTS = """
texts => { const card = document.querySelector('.w2s-prediction').w2sCard;
           return texts.map(text => { card.number.value = text; return card.draft(); }); }
"""


def asked(lab: Lab, code: str, **settings: Any) -> LabScreen:
    screen = lab.open([code], **settings)
    screen.run_all()
    screen.page.wait_for_selector(CARD)
    return screen


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 700)])
def test_a_choice_is_made_by_keyboard_and_uncovers_the_picture(lab: Lab, theme: str, width: int) -> None:
    screen = asked(lab, CHOICE, theme=theme, width=width)
    page = screen.page
    page.wait_for_selector(".w2s-card", state="attached")
    assert page.evaluate(COVERED, ".w2s-card")
    page.get_by_role("radio", name="The teacher").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "ArrowUp", "Tab", "Space"):
        page.keyboard.press(key)
    words = (
        "You predicted “Both are equally near”; it is “The student”. "
        "How much nearer is what this chapter is about."
    )
    page.wait_for_function(SAYS, arg=words)
    page.wait_for_function(UNCOVERED, arg=".w2s-card")
    assert screen.kernel_eval("card.guess") == "'Both are equally near'"
    said = screen.kernel_eval("(card.answered, card.verdict, card.sentence)")
    assert literal_eval(said) == (True, "wrong", words)
    focus = page.evaluate("() => document.activeElement.className")
    assert focus == "w2s-lock", "the focus stays where it was"
    screen.screenshot(f"prediction_choice_answered_{theme}_{width}")
    page.keyboard.press("Space")
    assert screen.kernel_eval("card.guess") == "'Both are equally near'", "a guess is not taken back"
    assert screen.axe(".jp-OutputArea") == []
    assert screen.overflow(".jp-OutputArea-output") == []
    screen.assert_quiet()


@pytest.mark.parametrize(("theme", "width"), [("light", 700), ("dark", 1280)])
def test_a_number_is_typed_or_slid_and_agrees_with_python(lab: Lab, theme: str, width: int) -> None:
    screen = asked(lab, NUMBER, theme=theme, width=width)
    page = screen.page
    box = page.get_by_label("Your prediction", exact=True)
    box.press("Enter")
    page.wait_for_function(SAYS, arg="Give a number from −1.00 to 1.00 first.")
    assert screen.kernel_eval("number.guess") == "None"
    page.get_by_label("Your prediction, as a slider").press("ArrowRight")
    assert box.input_value() == "0.01"
    box.press("Control+a")
    # In JupyterLab's command mode digits make headings and letters delete cells: here they must be text.
    page.keyboard.type("-0.25")
    page.keyboard.press("Enter")
    words = "You predicted −0.25 points; it is 0.42 points: your prediction was 0.67 points too low."
    page.wait_for_function(SAYS, arg=words)
    page.wait_for_function(UNCOVERED, arg=".jp-OutputArea .widget-hslider")
    said = screen.kernel_eval("(number.guess, number.verdict, number.sentence)")
    assert literal_eval(said) == (-0.25, "low", words)
    screen.screenshot(f"prediction_number_answered_{theme}_{width}")
    assert screen.axe(CARD) == []
    assert screen.overflow(".jp-OutputArea-output") == []

    screen.kernel_run("number.reset()")
    page.wait_for_function(COVERED, arg=".jp-OutputArea .widget-hslider")
    assert box.input_value() == ""
    screen.kernel_run("number.guess = 0.4")
    page.wait_for_function(UNCOVERED, arg=".jp-OutputArea .widget-hslider")
    page.wait_for_function(SAYS, arg="You predicted 0.40 points; it is 0.42 points: close.")
    screen.assert_quiet()


def test_it_answers_and_uncovers_when_the_kernel_is_gone(lab: Lab) -> None:
    screen = asked(lab, CHOICE)
    screen.page.wait_for_selector(".w2s-card", state="attached")
    screen.shutdown_kernel()
    screen.page.get_by_role("radio", name="The student").click()
    screen.page.get_by_role("button", name="Lock in my prediction").click()
    screen.page.wait_for_function(UNCOVERED, arg=".w2s-card")
    said = screen.page.locator(f"{CARD} [role=status]").inner_text()
    assert said.startswith("You predicted “The student”, and so it is.")


def test_a_click_answers_the_card_that_it_is_on(lab: Lab) -> None:
    other = CHOICE.replace("card", "other").replace("A student learns", "Once more: a student learns")
    # Below a card three cells are covered until it is answered.
    screen = lab.open([CHOICE, "'one'", "'two'", "'three'", other])
    screen.run_all()
    cards = screen.page.locator(CARD)
    cards.nth(1).wait_for()
    cards.nth(1).get_by_text("Both are equally near").click()
    cards.nth(1).get_by_role("button").click()
    cards.nth(1).get_by_text("your prediction").wait_for()
    assert screen.kernel_eval("card.guess, other.guess") == "(None, 'Both are equally near')"
    assert not cards.nth(0).get_by_role("radio", name="Both are equally near").is_checked()
    screen.assert_quiet()


def test_what_is_told_below_a_card_is_covered_until_its_guess(lab: Lab) -> None:
    screen = lab.open([CHOICE, "'first'", "print('second')", "'third'", "'fourth'"])
    screen.run_all()
    told = [screen.page.get_by_text(words, exact=True).last for words in ("'first'", "second", "'third'")]
    screen.page.get_by_text("'fourth'").last.wait_for()
    assert not any(words.is_visible() for words in told)
    card = screen.page.locator(CARD)
    card.get_by_text("The student", exact=True).click()
    card.get_by_role("button").click()
    for words in told:
        words.wait_for()
    screen.assert_quiet()


def test_running_the_cell_again_shows_the_kept_guess(lab: Lab) -> None:
    screen = lab.open([CHOICE])
    screen.run_all()
    screen.kernel_run("card.guess = 'The teacher'")
    screen.run_all()
    screen.page.wait_for_function(UNCOVERED, arg=".w2s-card")
    assert screen.page.get_by_role("radio", name="The teacher").is_checked()
    assert screen.page.get_by_role("radio", name="The student").is_disabled()
    screen.assert_quiet()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_covered_picture_and_the_checks_read_well(lab: Lab, theme: str) -> None:
    picture = CHOICE.replace("reveal=outcome", "reveal=w2s.plots.explorer_picture(outcome)")
    checks = [
        "w2s.lessons.check_misfit(lambda teacher, student: None)",
        "w2s.lessons.check_misfit(lambda teacher, student: ((teacher - student) ** 2).mean())",
        "w2s.lessons.hint('gain', 2)",
        "w2s.lessons.solution('gain')",
    ]
    screen = lab.open([picture + "\ncard.guess = 'The student'", "card", *checks], theme=theme, width=700)
    screen.run_all()
    screen.page.wait_for_selector(f"{CARD} .w2s-is-mine")
    image = screen.page.locator(".jp-OutputArea img").first
    image.wait_for()
    assert (image.get_attribute("alt") or "").startswith("The student beats its teacher by 2.000")
    assert screen.axe(".jp-OutputArea") == []
    assert screen.overflow(".jp-OutputArea-output") == []
    screen.screenshot(f"prediction_picture_{theme}_700")
    screen.assert_quiet()


def open_card(open_page: Pages, tmp_path: Path, question: Question, **settings: object) -> Screen:
    path = tmp_path / "card.html"
    path.write_text(
        page_text(
            "A prediction",
            module=(STATIC / "prediction.js").read_text(),
            style=(STATIC / "prediction.css").read_text(),
            traits={"_spec": question.describe(), "guess": None, "skipped": False, "cover": "none"},
            buffers={},
            picture=b"",
            words=question.ask(),
        ),
        encoding="utf-8",
    )
    screen = open_page(path, **settings)
    screen.page.wait_for_selector(CARD)
    return screen


QUESTIONS = {
    "fine": Question("How much?", low=0, high=1, truth=0.375, because="So it is."),
    "coarse": Question("How many degrees?", low=0, high=180, unit="degrees", truth=90.04),
    "odd step": Question("How much?", low=-0.3, high=2, step=0.7, truth=0.9, close=0.35),
    "open": Question("How much?", low=0, high=10, step=0.25),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_page_and_python_say_the_same_for_every_number(open_page: Pages, tmp_path: Path, name: str) -> None:
    question = QUESTIONS[name]
    screen = open_card(open_page, tmp_path, question)
    values = np.linspace(question.low, question.high, 401)
    texts = [f"{value:.6f}" for value in values]
    settled = [question.nearest_possible(float(text)) for text in texts]
    assert screen.page.evaluate(DRAFTS, texts) == settled
    guesses = [*dict.fromkeys(settled), None]
    assert screen.page.evaluate(SENTENCES, guesses) == [question.sentence(guess) for guess in guesses]
    nonsense = ["", "abc", "1e9", "−1000", "--1", "NaN", "Infinity", "0,5.5"]
    assert screen.page.evaluate(DRAFTS, nonsense) == [None] * len(nonsense)
    assert screen.page.evaluate(DRAFTS, [" 0,5 "]) == [question.nearest_possible(0.5)]
    screen.assert_quiet()


def test_page_and_python_say_the_same_for_every_option(open_page: Pages, tmp_path: Path) -> None:
    question = Question("Who <wins> & why?", ["the “teacher”", "{guess}", "nobody"], truth="{guess}")
    screen = open_card(open_page, tmp_path, question, width=700)
    assert screen.page.evaluate(SENTENCES, [*question.options, None]) == [
        question.sentence(guess) for guess in (*question.options, None)
    ]
    screen.page.get_by_role("button").click()
    screen.page.wait_for_function(SAYS, arg="Choose one of the answers first.")
    screen.page.keyboard.press("Space")
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_function(SAYS, arg=question.sentence("the “teacher”"))
    assert screen.axe("body") == []
    screen.assert_quiet()
