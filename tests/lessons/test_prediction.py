"""The prediction card without a browser: what it asks, keeps, refuses, uncovers and leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets
import pytest
import traitlets

import w2s_widgets as w2s
from tests.lessons.conftest import ran
from w2s_widgets import lessons
from w2s_widgets.lessons.log import SESSION_LOG
from w2s_widgets.lessons.prediction import SKIP_VARIABLE, Prediction
from w2s_widgets.lessons.question import SENTENCES, Question

OPTIONS = ["teacher", "student"]
PICTURE = w2s.measure([2, 0], [0, 2], [0, 0])


def who(**settings: Any) -> Prediction:
    return lessons.predict("Who wins?", options=OPTIONS, truth="student", **settings)


def covered(card: Prediction) -> bool:
    displays = {box.layout.display for box in card.children[1:]}
    assert len(displays) == 1
    return displays == {"none"}


def test_nothing_is_shown_until_the_guess() -> None:
    card = who(reveal=PICTURE)
    assert (card.guess, card.answered, card.verdict, covered(card)) == (None, False, "", True)
    card.guess = "teacher"
    assert (card.answered, card.verdict, covered(card)) == (True, "wrong", False)
    card.reset()
    assert (card.guess, card.answered, card.verdict, covered(card)) == (None, False, "", True)


def test_a_guess_from_the_page_is_a_guess() -> None:
    card = who(reveal=PICTURE)
    seen: list[tuple[str, Any]] = []
    card.observe(lambda change: seen.append((change.name, change.new)), ["guess", "answered", "verdict"])
    card.card.set_state({"guess": "student", "cover": "flex"})
    assert sorted(seen) == [("answered", True), ("guess", "student"), ("verdict", "right")]
    assert not covered(card)


@pytest.mark.parametrize("guess", ["nobody", 1, True, ["teacher"]])
def test_a_guess_that_cannot_be_is_refused_and_changes_nothing(guess: Any) -> None:
    card = who()
    card.guess = "teacher"
    with pytest.raises(traitlets.TraitError, match="choose one of “teacher”, “student”"):
        card.guess = guess
    assert (card.guess, card.verdict, card.card.guess) == ("teacher", "wrong", "teacher")


@pytest.mark.parametrize("guess", [1.001, -0.2, float("nan"), float("inf"), "0.5", True])
def test_a_number_that_cannot_be_is_refused(guess: Any) -> None:
    card = lessons.predict("How much?", low=0, high=1)
    with pytest.raises(traitlets.TraitError, match=r"give a number from 0\.00 to 1\.00"):
        card.guess = guess
    assert card.guess is None
    assert not card.answered


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"options": OPTIONS, "truth": "nobody"}, "truth is 'nobody': give one of"),
        ({"options": ["a"]}, "at least two, all different"),
        ({"options": ["a", "a"]}, "at least two, all different"),
        ({"options": ["a", 2]}, "option 2 is not a string"),
        ({"options": OPTIONS, "low": 0}, "give one of the two"),
        ({}, "nothing to choose from"),
        ({"low": 0}, "nothing to choose from"),
        ({"low": 1, "high": 0}, "give a low below the high"),
        ({"low": 0, "high": float("inf")}, "give a finite number"),
        ({"low": 0, "high": 1, "step": 2}, "step is 2"),
        ({"low": 0, "high": 1, "truth": 1.4}, "widen the range"),
        ({"low": 0, "high": 1, "truth": "much"}, "give a finite number"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        lessons.predict("How much?", **settings)
    with pytest.raises(TypeError, match="give a sentence"):
        lessons.predict("  ", options=OPTIONS)


def test_every_template_is_reached() -> None:
    number = Question("How much?", low=0, high=1, truth=0.5, close=0.1)
    choice = Question("Who?", OPTIONS, truth="student")
    empty = Question("Who?", OPTIONS)
    reached = {number.verdict(g) for g in (0.2, 0.45, 0.5, 0.8, None)}
    reached |= {choice.verdict(g) for g in OPTIONS} | {empty.verdict("teacher"), empty.verdict(None)}
    assert reached == set(SENTENCES)
    assert number.sentence(0.2) == "You predicted 0.20; it is 0.50: your prediction was 0.30 too low."


def test_close_includes_its_edge_and_compares_what_is_shown() -> None:
    question = Question("How much?", low=0, high=1, truth=0.4213, close=0.02)
    assert [question.verdict(g) for g in (0.39, 0.40, 0.42, 0.44, 0.45)] == [
        "low",
        "close",
        "exact",
        "close",
        "high",
    ]


def test_the_truth_may_be_computed_once_and_errors_come_at_once() -> None:
    calls: list[int] = []

    def compute() -> float:
        calls.append(1)
        return PICTURE.gain

    card = lessons.predict("How much?", low=0, high=4, truth=compute)
    card.guess = 2.0
    assert (len(calls), card.verdict) == (1, "exact")
    with pytest.raises(ZeroDivisionError):
        lessons.predict("How much?", low=0, high=1, truth=lambda: 1 / 0)


def test_the_page_carries_the_answer_and_needs_no_kernel_for_it() -> None:
    spec = who(because="It corrects.").card._spec
    assert (spec["truth"], spec["because"], spec["sentences"]) == ("student", "It corrects.", SENTENCES)


def test_running_the_cell_again_keeps_the_guess_of_the_same_question() -> None:
    who(name="winner").guess = "teacher"
    again = who(name="winner", reveal=PICTURE)
    assert (again.guess, again.answered, covered(again)) == ("teacher", True, False)
    assert lessons.predict("Who loses?", options=OPTIONS, name="winner").guess is None
    kept = {name: one.guess for (name, _), one in SESSION_LOG.predictions.items() if one.guess is not None}
    assert kept == {"winner": "teacher"}
    again.reset()
    assert who(name="winner").guess is None


@pytest.mark.parametrize("way", ["switch", "variable"])
def test_predictions_can_be_skipped(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "switch":
        lessons.skip_predictions()
    else:
        monkeypatch.setenv(SKIP_VARIABLE, "1")
    card = who(reveal=PICTURE)
    assert (card.guess, card.answered, card.verdict, covered(card)) == (None, True, "skipped", False)
    assert card.sentence == "Predictions are skipped here. The answer: student."
    lessons.skip_predictions(False)
    assert not who().answered


def test_text_of_the_bundle_is_the_same_skipped_or_not() -> None:
    asked = who()._repr_mimebundle_()
    lessons.skip_predictions()
    skipped = who()._repr_mimebundle_()
    for kind in ("text/plain", "text/html"):
        assert asked[kind] == skipped[kind]
    assert asked["text/plain"] == "Predict: Who wins? (teacher / student)"
    assert "<details>" in asked["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in asked


@pytest.mark.parametrize(
    "reveal", [PICTURE, w2s.plots.triangle(PICTURE), "Some *words*.", ipywidgets.IntSlider(), 3.5, b"raw"]
)
def test_anything_that_displays_can_be_covered(reveal: object) -> None:
    card = who(reveal=reveal)
    [content] = card.children[1].children
    if isinstance(reveal, ipywidgets.Widget):
        assert content is reveal
    else:
        [output] = content.outputs
        assert output["data"]["text/plain"]
        assert all(isinstance(value, str) for value in output["data"].values())


def test_a_covered_picture_keeps_its_words_for_a_screen_reader() -> None:
    [content] = who(reveal=w2s.plots.triangle(PICTURE)).children[1].children
    [output] = content.outputs
    assert f'<img alt="{PICTURE}" width="460"' in output["data"]["text/html"]
    assert "image/png" not in output["data"]


def test_close_frees_all_but_what_was_handed_in() -> None:
    slider = ipywidgets.IntSlider()
    before = set(living())
    for reveal in (None, PICTURE, slider):
        for _ in range(20):
            who(reveal=reveal).close()
    assert set(living()) == before
    assert slider.comm is not None


def living() -> list[str]:
    from ipywidgets.widgets.widget import _instances

    return list(_instances)


def test_a_notebook_runs_the_card_and_stores_the_same_text_every_time(tmp_path: Path) -> None:
    cells = [
        "import w2s_widgets as w2s",
        "card = w2s.lessons.predict('Who wins?', options=['teacher', 'student'], truth='student',\n"
        "    reveal=w2s.measure([2, 0], [0, 2], [0, 0]))\ncard",
        "card.guess = 'student'\nprint(card)",
        "w2s.lessons.check_misfit(lambda teacher, student: None)",
    ]
    stored = []
    for _ in range(2):
        outputs = [output for cell in ran(tmp_path, cells).cells for output in cell.outputs]
        stored.append(
            [
                {kind: text for kind, text in output.get("data", output).items() if "widget" not in kind}
                for output in outputs
            ]
        )
    assert stored[0] == stored[1]
    assert stored[0][0]["text/plain"] == "Predict: Who wins? (teacher / student)"
    assert stored[0][1]["text"] == "You predicted “student”, and so it is.\n"
    assert stored[0][2]["text/plain"].startswith("misfit: not yet. misfit is not written yet")
