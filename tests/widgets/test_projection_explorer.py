"""The projection explorer without a browser: traits, refusals, words, bundle, page, a clean end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import traitlets

import w2s_widgets as w2s
from w2s_widgets.studies.linear.function_plane import SHAPES, plane_outcome
from w2s_widgets.studies.linear.plane_reasons import CLASS_WORDS, REASONS, TIED, reason_case
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.widgets.projection_explorer import COORDINATES, PRESETS

CONVEX = [shape for shape, chosen in SHAPES.items() if chosen.is_convex]


@pytest.fixture
def explorer() -> w2s.ProjectionExplorer:
    return w2s.ProjectionExplorer()


def test_coordinates_are_kept_to_four_decimals(explorer: w2s.ProjectionExplorer) -> None:
    explorer.set(truth_x=0.123456, truth_y=np.float32(-0.5), teacher_x=np.int64(1))
    assert (explorer.truth, explorer.teacher_x) == ((0.1235, -0.5), 1.0)


def test_wrong_names_are_one_sentence(explorer: w2s.ProjectionExplorer) -> None:
    with pytest.raises(ValueError, match="there is no control 'student_x': set one of shape, truth_x"):
        explorer.set(student_x=1.0)
    with pytest.raises(ValueError, match="shape is 'square': choose one of line"):
        w2s.ProjectionExplorer(shapes=["square"])
    for wrong, problem in (("ring", TypeError), (3, TypeError), ([], ValueError)):
        with pytest.raises(problem, match=re.escape(f"shapes is {wrong!r}: give a list of names from line")):
            w2s.ProjectionExplorer(shapes=wrong)
    with pytest.raises(
        traitlets.TraitError, match="shape is 'ring': choose one of line, disc, polygon, cone"
    ):
        w2s.ProjectionExplorer(shapes=CONVEX, shape="ring")


def test_shapes_and_presets_can_be_kept_back() -> None:
    few = w2s.ProjectionExplorer(shapes=["ring", "crescent"], presets=False)
    assert few.shape == "ring"
    assert list(few._spec["shapes"]) == ["ring", "crescent"]
    assert few._spec["presets"] == []
    assert few.as_code().startswith(
        'w2s.ProjectionExplorer(shapes=["ring", "crescent"], presets=False, shape='
    )
    again = eval(few.as_code(), {"w2s": w2s})
    assert (again.state, again.shapes, again._spec["presets"]) == (few.state, few.shapes, [])
    with pytest.raises(traitlets.TraitError, match=r"choose one of ring, crescent\."):
        few.shape = "disc"


def test_every_reason_is_reached_and_filled() -> None:
    rng = np.random.default_rng(2)
    reached = set()
    for _ in range(1500):
        shape = str(rng.choice(list(SHAPES)))
        truth, teacher = (tuple(np.round(rng.uniform(-1.5, 1.5, 2), 2)) for _ in range(2))
        if rng.random() < 0.5:
            truth = SHAPES[shape].project(truth)
        outcome = plane_outcome(shape, truth, teacher)
        reached.add(reason_case(SHAPES[shape], truth, teacher, outcome))
    assert reached == set(REASONS)


def test_presets_show_what_they_say() -> None:
    outcomes: dict[str, Outcome] = {}
    for preset in PRESETS:
        explorer = w2s.ProjectionExplorer(**preset.state)
        outcomes[explorer.shape] = explorer.outcome
    assert outcomes["line"].slack == pytest.approx(0, abs=1e-14)
    assert outcomes["disc"].slack > 0.1
    assert outcomes["polygon"].slack > 0
    corner = w2s.ProjectionExplorer(**PRESETS[2].state)
    student = corner.student
    corner.set(teacher_x=1.8, teacher_y=0.6)
    assert outcomes["cone"].err_ceiling > 0.1
    assert outcomes["cone"].slack < 0
    assert student != corner.teacher
    for shape in ("two points", "ring", "crescent"):
        assert outcomes[shape].gain < 0
        assert outcomes[shape].err_ceiling < 1e-18
    almost = w2s.ProjectionExplorer(**PRESETS[4].state)
    almost.teacher_x = -0.02
    assert almost.outcome.err_student == 0


def test_a_tie_is_said(explorer: w2s.ProjectionExplorer) -> None:
    explorer.set(shape="two points", teacher_x=0, teacher_y=1)
    assert explorer.reason.endswith(TIED)
    explorer.teacher_x = 0.01
    assert not explorer.reason.endswith(TIED)


def test_not_realizable_is_said_with_eps(explorer: w2s.ProjectionExplorer) -> None:
    explorer.set(shape="disc", truth_x=0, truth_y=1.5, teacher_x=1.5, teacher_y=1.5)
    assert explorer.ceiling == (0, 1)
    assert explorer.outcome.err_ceiling == pytest.approx(0.25)
    assert "(not realizable)" in explorer.reason
    assert "eps = 0.250" in explorer.reason


@pytest.mark.parametrize("shape", SHAPES)
def test_static_picture_of_each_shape_and_of_corners_that_coincide(shape: str, tmp_path: Path) -> None:
    for truth, teacher in [((0.5, 0.9), (1.5, -1.0)), ((0.9, 0.0), (0.9, 0.0)), ((2.5, 2.0), (-2.5, -2.0))]:
        state = dict(zip(COORDINATES, (*truth, *teacher), strict=True))
        explorer = w2s.ProjectionExplorer(shape=shape, **state)
        picture = explorer.picture()
        assert repr(picture) == explorer.sentence
        assert picture.save(tmp_path / "p.svg").read_bytes() == picture.save(tmp_path / "q.svg").read_bytes()
        words = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
        for role in ("truth", "teacher", "student"):
            assert any(role in word for word in words)


def test_spec_is_json_and_names_every_shape(explorer: w2s.ProjectionExplorer) -> None:
    spec = json.loads(json.dumps(explorer._spec))
    assert set(spec["shapes"]) == set(SHAPES) == set(CLASS_WORDS)
    assert [shape for shape, one in spec["shapes"].items() if one["convex"]] == CONVEX
