"""The projection explorer without a browser: traits, refusals, words, bundle, page, a clean end."""

from __future__ import annotations

import gc
import json
import re
import weakref
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
import traitlets

import w2s_widgets as w2s
from w2s_widgets.studies.linear.function_plane import SHAPES, plane_outcome
from w2s_widgets.studies.linear.plane_reasons import CLASS_WORDS, REASONS, TIED, reason_case
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.widgets.projection_explorer import CONVEX, COORDINATES, PRESETS


@pytest.fixture
def explorer() -> w2s.ProjectionExplorer:
    return w2s.ProjectionExplorer()


def heard(explorer: w2s.ProjectionExplorer, name: str) -> list[object]:
    values: list[object] = []
    explorer.observe(lambda change: values.append(change["new"]), name)
    return values


def test_outcome_follows_every_trait(explorer: w2s.ProjectionExplorer) -> None:
    outcomes = heard(explorer, "outcome")
    for name, value in {"shape": "ring", "truth_x": 0.9, "teacher_y": -0.35}.items():
        setattr(explorer, name, value)
        expected = plane_outcome(explorer.shape, explorer.truth, explorer.teacher)
        assert explorer.outcome == expected
        assert outcomes[-1] is explorer.outcome
    assert len(outcomes) == 3
    explorer.truth_x = 0.9
    assert len(outcomes) == 3


def test_set_moves_all_as_one(explorer: w2s.ProjectionExplorer) -> None:
    outcomes = heard(explorer, "outcome")
    explorer.set(**PRESETS[5].state)
    assert explorer.state == PRESETS[5].state
    assert len(outcomes) == 1
    explorer.reset()
    assert explorer.state == w2s.ProjectionExplorer().state


def test_coordinates_are_kept_to_four_decimals(explorer: w2s.ProjectionExplorer) -> None:
    explorer.set(truth_x=0.123456, truth_y=np.float32(-0.5), teacher_x=np.int64(1))
    assert (explorer.truth, explorer.teacher_x) == ((0.1235, -0.5), 1.0)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("truth_x", 2.6, "truth_x is 2.6: give a number from -2.5 to 2.5."),
        ("teacher_y", -3, "teacher_y is -3: give a number from -2 to 2."),
        ("teacher_x", "1", "teacher_x is '1': give a number from -2.5 to 2.5."),
        ("truth_y", float("nan"), "truth_y is nan: give a number from -2 to 2."),
        ("truth_y", None, "truth_y is None: give a number from -2 to 2."),
        (
            "shape",
            "square",
            "shape is 'square': choose one of line, disc, polygon, cone, ring, two points, crescent.",
        ),
        ("shape", 3, "shape is 3: choose one of line, disc, polygon, cone, ring, two points, crescent."),
    ],
)
def test_a_wrong_value_is_one_sentence_and_changes_nothing(
    explorer: w2s.ProjectionExplorer, name: str, value: object, words: str
) -> None:
    before, outcome = explorer.state, explorer.outcome
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(words)}$"):
        setattr(explorer, name, value)
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        explorer.set(**{"teacher_x": 0.5, "truth_x": 0.5, name: value})
    assert (explorer.state, explorer.outcome) == (before, outcome)


def test_wrong_names_are_one_sentence(explorer: w2s.ProjectionExplorer) -> None:
    with pytest.raises(ValueError, match="there is no control 'student_x': set one of shape, truth_x"):
        explorer.set(student_x=1.0)
    with pytest.raises(ValueError, match="shape is 'square': choose one of line"):
        w2s.ProjectionExplorer(shapes=["square"])
    with pytest.raises(ValueError, match="shapes is 'ring': give a list of names from line, disc"):
        w2s.ProjectionExplorer(shapes="ring")
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


def test_what_a_page_sends_out_of_range_is_moved_in_and_said(explorer: w2s.ProjectionExplorer) -> None:
    before = explorer.shape
    explorer.set_state({"truth_x": 7, "teacher_y": "a word", "shape": "square"})
    assert (explorer.truth_x, explorer.shape) == (2.5, before)
    assert "The truth can go from −2.5 to 2.5 across." in explorer.note
    assert f"It shows {before}." in explorer.note
    explorer.set_state({"teacher_x": 0.5, "note": "from the page"})
    assert explorer.note == "from the page"
    assert explorer.outcome == plane_outcome(explorer.shape, explorer.truth, explorer.teacher)
    explorer.teacher_x = 0.6
    assert explorer.note == ""


def test_every_reason_is_reached_and_filled() -> None:
    rng = np.random.default_rng(2)
    explorer = w2s.ProjectionExplorer()
    reached = set()
    for _ in range(1500):
        shape = str(rng.choice(list(SHAPES)))
        truth, teacher = (tuple(np.round(rng.uniform(-1.5, 1.5, 2), 2)) for _ in range(2))
        if rng.random() < 0.5:
            truth = SHAPES[shape].project(truth)
        outcome = plane_outcome(shape, truth, teacher)
        reached.add(reason_case(SHAPES[shape], truth, teacher, outcome))
    assert reached == set(REASONS)
    for preset in PRESETS:
        explorer.set(**preset.state)
        assert explorer.reason.startswith("Why: ")
        assert "{" not in explorer.sentence + explorer.reason


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


def test_bundle_carries_picture_and_words(explorer: w2s.ProjectionExplorer) -> None:
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == f"{explorer.as_code()}\n{explorer.sentence}\n{explorer.reason}"
    assert data["image/png"].startswith("iVBOR")
    assert "application/vnd.jupyter.widget-view+json" in data


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


def test_composes_with_ipywidgets(explorer: w2s.ProjectionExplorer) -> None:
    slider = ipywidgets.FloatSlider(min=-2, max=2, step=0.1)
    ipywidgets.link((slider, "value"), (explorer, "teacher_x"))
    assert ipywidgets.HBox([slider, explorer]).children[1] is explorer
    slider.value = 0.7
    assert explorer.teacher_x == 0.7
    explorer.teacher_x = -1.2
    assert slider.value == -1.2


def test_close_frees_the_explorer() -> None:
    closed = []
    for _ in range(20):
        explorer = w2s.ProjectionExplorer()
        explorer.teacher_x = 0.2
        explorer._repr_mimebundle_()
        closed.append(weakref.ref(explorer))
        explorer.close()
    del explorer
    gc.collect()
    assert [ref() for ref in closed] == [None] * 20


def test_thousand_moves_leave_no_figure_and_no_widget(explorer: w2s.ProjectionExplorer) -> None:
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(0)
    explorer._repr_mimebundle_()
    gc.collect()
    before = sum(isinstance(thing, ipywidgets.Widget) for thing in gc.get_objects())
    for _ in range(1000):
        places = dict(zip(COORDINATES, rng.uniform(-2, 2, 4), strict=True))
        explorer.set(shape=str(rng.choice(list(SHAPES))), **places)
    gc.collect()
    assert sum(isinstance(thing, ipywidgets.Widget) for thing in gc.get_objects()) == before
    assert plt.get_fignums() == []


def test_saved_page_is_whole_and_asks_for_nothing(explorer: w2s.ProjectionExplorer, tmp_path: Path) -> None:
    text = explorer.save_page(tmp_path / "page.html").read_text(encoding="utf-8")
    state = json.loads(re.search(r'type="application/json">(.*?)</script>', text, re.DOTALL)[1])
    assert state["traits"]["teacher_x"] == explorer.teacher_x
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}
    assert explorer.sentence.split(",")[0] in text


def test_spec_is_json_and_names_every_shape(explorer: w2s.ProjectionExplorer) -> None:
    spec = json.loads(json.dumps(explorer._spec))
    assert set(spec["shapes"]) == set(SHAPES) == set(CLASS_WORDS)
    assert [shape for shape, one in spec["shapes"].items() if one["convex"]] == list(CONVEX)
