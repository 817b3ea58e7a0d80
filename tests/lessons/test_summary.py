"""The summary tells what the reader did and no more, is the same on every run, and stays when saved."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from tests.chapters.chapter import Chapter
from tests.chapters.each import each_chapter
from tests.lessons.conftest import ran
from w2s_widgets import lessons
from w2s_widgets.lessons.log import SESSION_LOG, Tried


def right(teacher: Any, student: Any) -> float:
    return float(np.mean((teacher - student) ** 2))


def wrong(teacher: Any, student: Any) -> float:
    return float(np.sum((teacher - student) ** 2))


def stub(teacher: Any, student: Any) -> None:
    return None


def raising_stub(teacher: Any, student: Any) -> float:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("tried", "expected", "words"),
    [
        ([stub], Tried(0, False), "not tried"),
        ([stub, raising_stub, lambda g, s: ...], Tried(0, False), "not tried"),
        ([wrong], Tried(1, False), "not yet right, 1 try"),
        ([wrong, stub, wrong, right], Tried(3, True), "right, 3 tries"),
        ([lambda g: 1.0, right], Tried(2, True), "right, 2 tries"),
        ([right, right, wrong], Tried(1, True), "right, 1 try"),
    ],
)
def test_tries_are_counted_up_to_the_first_right_answer(
    tried: list[Callable[..., Any]], expected: Tried, words: str
) -> None:
    for function in tried:
        lessons.check_misfit(function)
    assert SESSION_LOG.exercises == {"misfit": expected}
    assert f"exercise misfit: {words}" in repr(lessons.summary())
    assert f">{words}</td>" in lessons.summary()._repr_html_()


def test_an_unknown_exercise_leaves_no_trace() -> None:
    with pytest.raises(ValueError, match="no exercise called"):
        lessons.check("misfits", right)
    assert SESSION_LOG.exercises == {}


def test_guess_beside_truth_and_no_truth_before_the_guess() -> None:
    cards = [
        lessons.predict("Who wins?", options=["teacher", "student"], truth="student", name="winner"),
        lessons.predict("How much?", low=0, high=1, truth=0.37, unit="points", because="Secret."),
        lessons.predict("What next?", options=["a < b", "b < a"], name="next"),
    ]
    assert lessons.summary()._repr_html_().count("not made") == 3
    for words in (repr(lessons.summary()), lessons.summary()._repr_html_()):
        assert "0 of 3 predictions made" in words
        assert "0.37" not in words
        assert ">student<" not in words
        assert "Secret" not in words
    cards[1].guess = 0.9
    cards[2].guess = "a < b"
    text, html = repr(lessons.summary()), lessons.summary()._repr_html_()
    assert "“winner”: not made\n" in text
    assert (
        "“How much?”: You predicted 0.90 points; it is 0.37 points: your prediction was 0.53 points" in text
    )
    assert "“next”: You predicted a < b.\n" in text
    assert ">How much?</td>" in html
    assert ">0.90 points</td>" in html
    assert ">0.37 points</td>" in html
    assert "a &lt; b" in html
    assert "2 of 3 predictions made" in html


def test_a_guess_taken_back_or_made_again_is_one_prediction() -> None:
    card = lessons.predict("How much?", low=0, high=1, truth=0.37)
    card.guess = 0.9
    again = lessons.predict("How much?", low=0, high=1, truth=0.5)
    assert (again.guess, len(SESSION_LOG.predictions)) == (0.9, 1)
    assert "it is 0.50" in repr(lessons.summary()), "the truth that the newest card tells"
    again.reset()
    assert "0 of 1 predictions made" in repr(lessons.summary())


def test_all_done_asks_for_nothing_more() -> None:
    assert "Run this cell again" in repr(lessons.summary())
    lessons.predict("How much?", low=0, high=1, truth=0.37).guess = 0.4
    lessons.check_misfit(wrong)
    assert "Run this cell again" in repr(lessons.summary())
    lessons.check_misfit(right)
    done = lessons.summary()
    assert "1 of 1 predictions made, 1 of 1 exercises passed" in repr(done)
    assert done.complete
    assert "Run this cell again" not in repr(done) + done._repr_html_()


def test_a_summary_stays_as_it_was() -> None:
    card = lessons.predict("How much?", low=0, high=1, truth=0.37)
    before = lessons.summary()
    told = repr(before), before._repr_html_()
    card.guess = 0.4
    lessons.check_misfit(right)
    assert (repr(before), before._repr_html_()) == told


def test_it_is_the_same_skipped_or_not() -> None:
    told = []
    for skip in (False, True):
        lessons.start_over()
        lessons.skip_predictions(skip)
        lessons.predict("How much?", low=0, high=1, truth=0.37)
        lessons.check_misfit(stub)
        told.append((repr(lessons.summary()), lessons.summary()._repr_html_()))
    assert told[0] == told[1]


CELLS = [
    "from w2s_widgets import lessons",
    "card = lessons.predict('Who wins?', options=['teacher', 'student'], truth='student')\ncard",
    "lessons.check_misfit(lambda teacher, student: None)",
    "lessons.summary()",
]
READER_DID = "card.guess = 'teacher'\nlessons.check_misfit(lambda g, s: ((g - s) ** 2).mean());"


def test_it_stays_in_the_saved_notebook(tmp_path: Path) -> None:
    notebook = ran(tmp_path, [*CELLS[:3], READER_DID, "lessons.summary()"])
    nbformat.write(notebook, tmp_path / "saved.ipynb")
    [output] = nbformat.read(tmp_path / "saved.ipynb", as_version=4).cells[-1].outputs
    assert set(output.data) == {"text/plain", "text/html"}
    for words in output.data.values():
        assert "1 of 1 predictions made, 1 of 1 exercises passed" in words
    assert "You predicted “teacher”; it is “student”." in output.data["text/plain"]


def test_strict_nbval_passes_on_a_chapter_that_nobody_worked_on(tmp_path: Path) -> None:
    nbformat.write(ran(tmp_path, CELLS), tmp_path / "chapter.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-q", "chapter.ipynb"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert f"{len(CELLS)} passed" in done.stdout


@each_chapter
def test_every_chapter_sums_up_at_its_end(chapter: Chapter) -> None:
    code = [cell.source.strip() for cell in chapter.read_script().cells if cell.cell_type == "code"]
    assert code[-1] == "lessons.summary()"
