"""The teacher chooser without a browser: nothing is uncovered before a choice, and every number is exact."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import traitlets

import w2s_widgets as w2s
from w2s_widgets.studies.linear.teacher_selection import (
    EPS,
    NOBODY,
    TRUE_LABELS,
    TeacherSelection,
    error_interval,
)
from w2s_widgets.widgets.teacher_chooser import RULES, contest, reliability, teacher_table


@pytest.fixture
def chooser() -> w2s.TeacherChooser:
    return w2s.TeacherChooser()


def test_table_sent_is_the_contests_own(chooser: w2s.TeacherChooser) -> None:
    table, world = teacher_table(), TeacherSelection()
    numbers = np.frombuffer(chooser._table, dtype="<f8").reshape(-1, *table.shape)
    assert len(chooser._table) < 3e6
    sent = dict(zip(chooser._spec["fields"], numbers, strict=True))
    rng = np.random.default_rng(2)
    for _ in range(500):
        i, n, draw, b = (int(rng.integers(size)) for size in (8, 7, 100, 4))
        where = (i + 1, n, draw, b)
        exact = world.outcome(choice=world.names[i], eps=EPS[b])
        estimated = world.estimated_errors(TRUE_LABELS[n])[draw, i]
        low, high = error_interval(estimated, TRUE_LABELS[n])
        wanted = {
            "err_weak": exact.err_weak,
            "err_student": exact.err_student,
            "misfit": exact.misfit,
            "slack": exact.slack,
            "estimated_error": estimated,
            "estimate": estimated - exact.misfit,
            "low": low - exact.misfit,
            "high": high - exact.misfit,
        }
        for name, value in wanted.items():
            assert sent[name][where] == pytest.approx(value, rel=1e-12, abs=1e-14), (name, where)
    lots = sent["err_student"][0, 0, 0]
    np.testing.assert_allclose(lots, world.sides(EPS).err_student.mean(axis=-1))


def test_second_drawing_is_what_the_rules_reach() -> None:
    world, found = contest(), reliability()
    for b, eps in enumerate(EPS):
        errors = world.sides(eps).err_student
        for n, labels in enumerate(TRUE_LABELS):
            picks = np.argmin(world.estimated_errors(labels) - world.sides(eps).misfit, axis=1)
            assert found["promise"][b][n] == pytest.approx(errors[picks].mean())
            assert found["right"][b][n] == np.mean(errors[picks] == errors.min())
            assert found["best"][b][n] <= min(found[rule][b][n] for rule in RULES)


def test_the_choice_comes_first(chooser: w2s.TeacherChooser) -> None:
    with pytest.raises(traitlets.TraitError, match="stay covered until there is a choice: set choice to"):
        chooser.uncovered = True
    assert (chooser.uncovered, chooser.first_choice, chooser.picks) == (False, NOBODY, [])
    chooser.set(choice="C", true_labels=10)
    chooser.uncovered = True
    assert chooser.first_choice == "C"
    assert chooser.picks == [{"choice": "C", "true_labels": 10, "draw": 1, "eps": 0.0}]
    chooser.choice = "H"
    assert chooser.first_choice == "C", "what was recorded stays recorded"
    chooser.uncovered = False
    assert chooser.first_choice == NOBODY
    chooser.uncovered = True
    assert [pick["choice"] for pick in chooser.picks] == ["C", "H"]
    chooser.reset()
    assert not chooser.uncovered
    assert chooser.state == w2s.TeacherChooser().state


def test_nothing_of_the_answer_is_said_or_drawn_while_covered(chooser: w2s.TeacherChooser) -> None:
    errors = [f"{error:.3f}" for error in contest().sides().err_student]
    for choice in (NOBODY, "A", "H"):
        chooser.choice = choice
        data, _ = chooser._repr_mimebundle_()
        said = data["text/plain"] + chooser.picture().alt
        assert not [error for error in errors if error in said]
        labels = {text.get_label() for axes in chooser.picture().figure.axes for text in axes.lines}
        assert "student’s error" not in labels
    chooser.uncovered = True
    assert "0.021" in chooser.sentence
    assert "student’s error" in {
        line.get_label() for axes in chooser.picture().figure.axes for line in axes.lines
    }


@pytest.mark.parametrize("eps", EPS)
@pytest.mark.parametrize("true_labels", [5, 320])
def test_what_is_said_is_true(eps: float, true_labels: int) -> None:
    chooser = w2s.TeacherChooser(choice="B", true_labels=true_labels, draw=3, eps=eps)
    world = contest()
    sides = world.sides(eps)
    estimated = world.estimated_errors(true_labels)[2]
    estimate, low, high = chooser.estimates["B"]
    assert estimate == pytest.approx(estimated[1] - sides.misfit[1])
    assert low < estimate < high
    chooser.uncovered = True
    best = world.names[int(np.argmin(sides.err_student))]
    rule = world.names[int(np.argmin(estimated - sides.misfit))]
    accurate = world.names[int(np.argmin(estimated))]
    assert f"The best teacher was {best}," in chooser.sentence
    assert f"takes {rule}, whose student errs by {sides.err_student[world.names.index(rule)]:.3f};" in (
        chooser.reason
    )
    assert f"alone takes {accurate}:" in chooser.reason
    assert ("blind spot of" in chooser.reason) == (eps > 0)
    chooser.choice = best
    assert chooser.sentence.startswith(f"You chose {best}, the best teacher: its student errs by ")


def test_an_instructor_may_open_it_uncovered() -> None:
    chooser = w2s.TeacherChooser(uncovered=True)
    assert chooser.sentence.startswith("Nobody was chosen. The best teacher is H")
    again = eval(chooser.as_code(), {"w2s": w2s})
    assert (again.state, again.uncovered) == (chooser.state, True)


def test_a_page_may_send_choice_and_uncovering_at_once(chooser: w2s.TeacherChooser) -> None:
    chooser.set_state({"choice": "E", "uncovered": True, "first_choice": "E"})
    assert (chooser.choice, chooser.uncovered, chooser.first_choice) == ("E", True, "E")
    assert len(chooser.picks) == 1


def test_saved_page_keeps_the_cover(chooser: w2s.TeacherChooser, tmp_path: Path) -> None:
    text = chooser.save_page(tmp_path / "page.html").read_text(encoding="utf-8")
    state = json.loads(re.search(r'type="application/json">(.*?)</script>', text, re.DOTALL)[1])
    assert (state["traits"]["uncovered"], state["traits"]["first_choice"]) == (False, NOBODY)
