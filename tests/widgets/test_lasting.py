"""What a widget lives by survives `unobserve_all`, and every picture of it has words."""

from __future__ import annotations

import base64
from typing import Any

import pytest

import w2s_widgets as w2s
from tests.widgets.contract import STRONG_TEXT, WEAK_TEXT
from w2s_widgets.lessons import predict

EXPLORERS: dict[str, Any] = {
    "gain": (lambda: w2s.GainExplorer(), {"strong_capacity": 6}),
    "projection": (lambda: w2s.ProjectionExplorer(), {"shape": "ring"}),
    "sample": (lambda: w2s.SampleExplorer(), {"n": 1805}),
    "swap": (lambda: w2s.SwapExplorer(), None),
}


@pytest.mark.parametrize("kind", EXPLORERS)
@pytest.mark.parametrize("name", ["all", "one"])
def test_an_explorer_computes_its_outcome_whatever_was_unobserved(kind: str, name: str) -> None:
    make, moved = EXPLORERS[kind]
    explorer, other = make(), make()
    if moved is None:
        axis = next(iter(explorer.state))
        values = explorer.table.axis(axis).values
        moved = {axis: next(value for value in values if value != explorer.state[axis])}
    seen: list[Any] = []
    explorer.observe(seen.append)
    for _ in range(2):
        explorer.unobserve_all(*([] if name == "all" else [next(iter(moved))]))
    for axis, value in moved.items():
        setattr(explorer, axis, value)
        setattr(other, axis, value)
    assert explorer.outcome == other.outcome != make().outcome
    assert explorer.sentence == other.sentence
    assert bool(seen) == (name == "one"), "what was observed from outside is gone"
    explorer.reset()
    assert explorer.outcome == make().outcome


def test_nobody_is_told_twice_afterwards() -> None:
    explorer = w2s.GainExplorer()
    for _ in range(3):
        explorer.unobserve_all()
    told: list[Any] = []
    explorer.observe(told.append, "outcome")
    explorer.strong_capacity = 6
    assert len(told) == 1


def test_a_choice_of_a_teacher_is_recorded_whatever_was_unobserved() -> None:
    chooser = w2s.TeacherChooser()
    chooser.unobserve_all()
    chooser.choice = next(value for value in chooser.table.axis("choice").values if value != chooser.choice)
    chooser.uncovered = True
    assert chooser.first_choice == chooser.choice
    assert len(chooser.picks) == 1


def test_a_card_answers_whatever_was_unobserved() -> None:
    for which in ("card", "page", "both"):
        card = predict(f"Who? ({which})", options=["a", "b"], truth="a", reveal="The answer.")
        widgets: dict[str, list[Any]] = {"card": [card], "page": [card.card], "both": [card, card.card]}
        for widget in widgets[which]:
            widget.unobserve_all()
        card.card.guess = "b"  # as the page does
        assert (card.guess, card.verdict, card.answered) == ("b", "wrong", True)
        assert card.children[1].layout.display == "flex"
        card.reset()
        assert (card.answered, card.children[1].layout.display) == (False, "none")


def test_a_form_s_fields_reach_its_boxes_whatever_was_unobserved() -> None:
    form = w2s.PairForm(teacher=WEAK_TEXT, student=STRONG_TEXT)
    form.unobserve_all()
    boxes = {child.description[:5]: child for child in form.children if hasattr(child, "rows")}
    form.y = "score"
    assert boxes["Truth"].value == "score"
    boxes["Truth"].value = "f"
    assert form.y == "f"


@pytest.mark.parametrize("kind", EXPLORERS)
def test_the_picture_of_an_explorer_has_words(kind: str) -> None:
    explorer = EXPLORERS[kind][0]()
    data, metadata = explorer._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == f"{explorer.sentence} {explorer.reason}".rstrip()
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG"
