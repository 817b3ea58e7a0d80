"""The swap explorer without a browser: every number sent is the world's own, and the contract of a widget."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.display.text import sentence
from w2s_widgets.studies.linear.perturbed_representations import NOISE, PerturbedRepresentations
from w2s_widgets.widgets.swap_explorer import PRESETS, swap_table


@pytest.fixture
def explorer() -> w2s.SwapExplorer:
    return w2s.SwapExplorer()


@pytest.fixture(scope="module")
def world() -> PerturbedRepresentations:
    return PerturbedRepresentations(seed=6)


def test_every_state_is_the_worlds_own(explorer: w2s.SwapExplorer, world: PerturbedRepresentations) -> None:
    shape = (len(NOISE), len(NOISE))
    cloud = np.frombuffer(explorer._cloud, dtype="<f4").reshape(*shape, 2, 100)
    numbers = np.frombuffer(explorer._table, dtype="<f8").reshape(-1, *shape)
    fields = explorer._spec["fields"]
    assert len(explorer._cloud) + len(explorer._table) < 3e6
    for i, teacher in enumerate(NOISE):
        for j, student in enumerate(NOISE):
            sides = world.sides(teacher, student)
            np.testing.assert_array_equal(cloud[i, j, 0], sides.misfit.astype("f4"))
            np.testing.assert_array_equal(cloud[i, j, 1], sides.gain.astype("f4"))
            outcome = world.outcome(teacher_noise=teacher, student_noise=student)
            for name in ("err_weak", "err_student", "misfit", "gain", "slack"):
                sent = numbers[fields.index(name), i, j]
                assert sent == pytest.approx(getattr(outcome, name), rel=1e-12, abs=1e-15)
            eps = world.eps(student).mean()
            assert numbers[fields.index("eps"), i, j] == pytest.approx(eps, rel=1e-12)
            assert numbers[fields.index("bound"), i, j] == pytest.approx(
                2 * np.sqrt(eps * outcome.misfit), rel=1e-12
            )
            assert numbers[fields.index("dropped"), i, j] >= -1e-12


def test_presets_carry_the_cloud_from_line_to_line(explorer: w2s.SwapExplorer) -> None:
    slopes = {}
    for preset in PRESETS:
        explorer.set(**preset.state)
        slopes[preset.name] = explorer.outcome.gain / explorer.outcome.misfit
        assert len(explorer.gains) == len(explorer.misfits) == 100
        assert explorer.gains.mean() == pytest.approx(explorer.outcome.gain)
        assert explorer.alignment == explorer.outcome.slack
    assert slopes["Realizable"] == 1
    assert slopes["Strong student"] > 0.9
    assert abs(slopes["Equal noise"]) < 0.1
    assert slopes["Roles swapped"] < -0.9
    assert slopes["A perfect teacher"] == -1


def test_every_state_says_why(explorer: w2s.SwapExplorer) -> None:
    seen = set()
    for teacher in NOISE:
        for student in NOISE:
            explorer.set(teacher_noise=teacher, student_noise=student)
            seen.add(int(swap_table().reason[swap_table().index(**explorer.state)]))
            assert explorer.reason.startswith("Why: ")
            assert explorer.sentence == sentence(explorer.outcome)
            if teacher == 0 and student > 0:
                assert "gain = −misfit" in explorer.reason
            elif student == 0 and teacher > 0:
                assert "gain = misfit" in explorer.reason
            correlation, tasks = explorer.cloud_words
            assert tasks == f"{int((explorer.gains < 0).sum())} of 100 tasks lose"
            if explorer.outcome.misfit:
                found = np.corrcoef(explorer.misfits, explorer.gains)[0, 1]
                assert correlation[-4:] == f"{abs(found):.2f}"
    assert seen == set(range(6))


def test_numbers_in_words_are_never_too_small_for_three_decimals() -> None:
    """Python writes an exponent below 0.01 and the page does not: no state may be that small."""
    sides = swap_table().sides
    largest = np.maximum.reduce([sides.err_weak, sides.err_student, sides.misfit])
    assert (largest[largest > 0] > 0.01).all()


def test_picture_says_what_is_seen(explorer: w2s.SwapExplorer) -> None:
    for preset in PRESETS:
        explorer.set(**preset.state)
        picture = explorer.picture()
        assert explorer.cloud_words[0] in picture.alt
        assert _texts_outside(picture.figure) == [], preset.name


def test_nothing_to_draw_is_drawn_too() -> None:
    picture = w2s.SwapExplorer(teacher_noise=0, student_noise=0).picture()
    assert "no misfit, no gain" in picture.alt


def _texts_outside(figure: Any) -> list[str]:
    """Words of a figure, tick labels left out, that stick out of it at the left or the right."""
    figure.canvas.draw()
    written = [*figure.texts, *(text for axes in figure.axes for text in (*axes.texts, axes.xaxis.label))]
    boxes = [(text.get_text(), text.get_window_extent()) for text in written if text.get_text()]
    return [words for words, box in boxes if box.x0 < -1 or box.x1 > figure.bbox.x1 + 1]
