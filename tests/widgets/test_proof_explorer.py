"""The proof explorer in Python: its film, what it says, and what it refuses."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import traitlets

import w2s_widgets as w2s
from w2s_widgets.plots.proof import fitted_square
from w2s_widgets.studies.linear.function_plane import SHAPES
from w2s_widgets.studies.linear.proof_film import CAPTIONS, CLASSES, SCENES, WHYS, caption, film_outcome, why
from w2s_widgets.theory.outcome import measure


def triples(count: int) -> list[tuple[str, Any, Any]]:
    rng = np.random.default_rng(3)
    grid = np.round(rng.uniform(-2.5, 2.5, (count, 2, 2)) * 2) / 2
    return [(CLASSES[i % 3], *pair.tolist()) for i, pair in enumerate(grid)]


def area(corners: Any) -> float:
    x, y = np.transpose(corners)
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def test_the_outcome_is_that_of_two_questions() -> None:
    explorer = w2s.ProofExplorer()
    for shape, truth, teacher in triples(60):
        explorer.set(
            shape=shape, truth_1=truth[0], truth_2=truth[1], teacher_1=teacher[0], teacher_2=teacher[1]
        )
        wanted = measure(truth, teacher, explorer.student)
        for name in ("err_weak", "err_student", "misfit", "gain", "slack"):
            assert getattr(explorer.outcome, name) == pytest.approx(getattr(wanted, name), abs=1e-12)


def test_every_caption_and_every_why_is_met_and_none_is_missing() -> None:
    same = [(shape, (0.5, 0.5), (0.5, 0.5)) for shape in CLASSES]
    near = [
        ("line", (0.5, 0.5), (1.0, 0.0)),
        ("line", (1.0, 0.0), (1.0, 0.0)),
        ("disc", (0.5, 0.5), (2.0, 0.0)),
    ]
    seen = {
        text
        for (shape, truth, teacher), moment in itertools.product(
            [*triples(400), *same, *near], [*range(len(SCENES)), 5.5]
        )
        for text in (caption(shape, truth, teacher, moment), why(shape, truth, teacher, moment))
    }
    assert not any("{" in text for text in seen)
    for template in [*CAPTIONS.values(), *WHYS.values()]:
        start = template.split("{")[0]
        assert any(text.startswith(start) for text in seen), template


def test_captions_follow_the_theorem() -> None:
    for shape, truth, teacher in triples(400):
        outcome = film_outcome(shape, truth, teacher)
        chosen = SHAPES[shape]
        promised = chosen.is_convex and "truth is in the class" in why(shape, truth, teacher, 1)
        if promised:
            assert outcome.gain >= outcome.misfit - 1e-12
            assert "nearer" not in caption(shape, truth, teacher, 3)
            assert "too much" not in caption(shape, truth, teacher, 6)


def test_a_turned_square_keeps_its_area_and_fills_the_large_one_at_a_right_angle() -> None:
    rng = np.random.default_rng(0)
    whole = 0
    for truth, teacher in rng.uniform(-2, 2, (300, 2, 2)):
        student = np.full(2, teacher.mean())
        pieces = [fitted_square(teacher, student, truth), fitted_square(truth, student, teacher)]
        squares = [np.sum((student - end) ** 2) for end in (teacher, truth)]
        assert [area(piece) for piece in pieces] == pytest.approx(squares)
    for level in rng.uniform(-2, 2, (100, 1)):
        truth, teacher = np.full(2, level), rng.uniform(-2, 2, 2)
        student = np.full(2, teacher.mean())
        pieces = [fitted_square(teacher, student, truth), fitted_square(truth, student, teacher)]
        if max(area(piece) for piece in pieces) > 0.9 * np.sum((truth - teacher) ** 2):
            continue
        whole += 1
        assert sum(map(area, pieces)) == pytest.approx(np.sum((truth - teacher) ** 2))
        # The two share an edge, and no more.
        assert np.allclose(pieces[0][1], pieces[1][1])
        assert np.allclose(pieces[0][2], pieces[1][2])
    assert whole > 30


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"shape": "ring"}, "line"),
        ({"moment": 7}, "6"),
        ({"truth_1": 9}, "-2.5 to 2.5"),
        ({"teacher_2": "high"}, "give a number"),
        ({"teacher_3": 1}, "no control 'teacher_3'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(traitlets.TraitError, match=said):
        w2s.ProofExplorer(**settings)


@pytest.mark.parametrize("shapes", ["line", [], ["ring"], 3])
def test_classes_are_chosen_by_name(shapes: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="line, disc, crescent"):
        w2s.ProofExplorer(shapes)
    assert w2s.ProofExplorer(["disc"]).shape == "disc"
    assert (
        w2s.ProofExplorer(["disc"], presets=False)
        .as_code()
        .startswith("w2s.ProofExplorer(shapes=['disc'], presets=False, ")
    )
