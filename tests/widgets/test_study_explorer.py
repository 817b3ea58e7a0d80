"""The study's explorer without a browser: what it shows, from which studies, and how it is opened again."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.studies.features.examples import small_study
from w2s_widgets._numbers import SHOWN_AS_ZERO
from w2s_widgets.theory.outcome import measure_many
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.widgets.bundles import FRONT_END
from w2s_widgets.widgets.study_explorer import PART_WORDS


@pytest.fixture(scope="module")
def study() -> w2s.FeatureStudy:
    return small_study(name="Sixteen directions")


@pytest.fixture(scope="module")
def table(study: w2s.FeatureStudy) -> OutcomeTable:
    return study.table()


@pytest.fixture
def explorer(study: w2s.FeatureStudy) -> w2s.StudyExplorer:
    return w2s.StudyExplorer(study)


def test_it_starts_at_the_studys_defaults_and_shows_its_outcome(
    study: w2s.FeatureStudy, explorer: w2s.StudyExplorer
) -> None:
    defaults = {name: value for name, value in study.defaults.items() if name != "split"}
    assert explorer.state == defaults
    assert list(explorer.state) == ["teacher", "student", "n_teacher", "n_student", "head", "realizability"]
    assert explorer.outcome.gain == pytest.approx(study.outcome().gain, abs=1e-12)
    assert explorer.screen.title == "Sixteen directions"


def test_too_few_inputs_for_a_linear_head_move_the_head_and_say_so() -> None:
    study = small_study(400, n_student=[20, 200])
    explorer = w2s.StudyExplorer(study, head="linear", student="wide")
    explorer.n_student = 20
    assert explorer.head == "ball"
    assert (
        explorer.note
        == "A linear head needs more inputs than it has weights, or it copies its teacher on them."
    )
    assert explorer.outcome.gain == pytest.approx(study.outcome(**explorer.state).gain, abs=1e-12)
    explorer.n_student = 200
    explorer.head = "linear"
    assert explorer.note == ""


def test_each_teacher_has_a_mark_and_a_colour_of_its_own(explorer: w2s.StudyExplorer) -> None:
    spec = explorer._spec
    marks = spec["teacher_marks"]
    assert spec["teacher_axis"] == "teacher"
    assert spec["teacher_names"] == ["sees 2", "sees 6", "sees 12", "sees 16"]
    assert len({mark["shape"] for mark in marks}) == len({mark["colour"] for mark in marks}) == 4
    shapes = (FRONT_END / "core" / "markers.js").read_text(encoding="utf-8")
    assert {mark["shape"] for mark in marks} <= set(
        re.findall(r'^  "?([^\s":]+)"?: "M', shapes, re.MULTILINE)
    )
    for mark in marks:
        assert f"--w2s-teacher-{mark['colour']}:" in explorer._css
    json.dumps(spec)


def test_the_ledger_shows_the_parts_that_are_not_nothing(explorer: w2s.StudyExplorer) -> None:
    fields = [part["field"] for part in explorer._spec["slack_parts"]]
    extra = explorer.table.extra
    assert fields == [name for name in extra if np.nanmax(np.abs(extra[name])) > SHOWN_AS_ZERO]
    assert {"alignment", "sample_and_penalty"} <= set(fields)
    assert [part["words"] for part in explorer._spec["slack_parts"]] == [PART_WORDS[name] for name in fields]


def test_presets_lead_to_other_states_and_back(explorer: w2s.StudyExplorer) -> None:
    presets = {preset.name: preset for preset in explorer.screen.presets}
    assert list(presets) == [
        "First setting", "A truth it can express", "Few true labels", "Few unlabelled inputs",
        "A budget on the weights", "Another student",
    ]  # fmt: skip
    outcomes = []
    for preset in presets.values():
        explorer.set(**preset.state)
        outcomes.append(explorer.outcome)
    assert len({outcome.gain for outcome in outcomes}) == len(outcomes)
    expressible, as_it_is = outcomes[1], outcomes[0]
    assert abs(expressible.slack) < abs(as_it_is.slack)


def test_its_line_of_code_names_split_and_controls(study: w2s.FeatureStudy) -> None:
    chosen = w2s.StudyExplorer(study, split=1, controls=["teacher", "realizability"], realizability=1.0)
    code = chosen.as_code()
    assert code.startswith("w2s.StudyExplorer(study, split=1, controls=['realizability', 'teacher'], ")
    assert eval(code, {"w2s": w2s, "study": study}).outcome == chosen.outcome


def test_a_study_may_say_how_it_is_written(table: OutcomeTable) -> None:
    class Recipe:
        name = "Film reviews"
        code = 'w2s.TextStudy("movie")'

        def table(self) -> OutcomeTable:
            return table

    explorer = w2s.StudyExplorer(Recipe())
    assert explorer.as_code().startswith('w2s.StudyExplorer(w2s.TextStudy("movie"), teacher=')
    assert explorer.state["teacher"] == table.axis("teacher").values[2]


def test_any_table_will_do_with_or_without_an_axis_of_teachers() -> None:
    rng = np.random.default_rng(0)
    truth, teacher, student = rng.normal(size=(3, 3, 4, 50))
    axes = [Axis("teacher_noise", "Noise", [0.0, 0.1, 0.2]), Axis("pair", "Pair", list("abcd"))]
    table = OutcomeTable(axes, measure_many(truth, teacher, student))
    plain = w2s.StudyExplorer(table, title="Networks")
    assert plain._spec["teacher_axis"] is None
    assert plain._spec["teacher_marks"] == []
    assert plain.picture()._repr_png_().startswith(b"\x89PNG")
    assert plain.as_code() == 'w2s.StudyExplorer(table, teacher_noise=0.1, pair="c")'
    by_pair = w2s.StudyExplorer(table, teacher_axis="pair", pair="a")
    assert by_pair._spec["teacher_names"] == list("abcd")
    assert by_pair.picture().alt == by_pair.sentence


WRONG: dict[str, tuple[Any, dict[str, Any], str]] = {
    "no study": (3, {}, "study is 3: give a study with table(), such as a FeatureStudy, or an OutcomeTable."),
    "a table's split": ("table", {"split": 1}, "a table has no splits to choose from: leave split out."),
    "a split": ("study", {"split": 9}, 'split is 9: give a whole number from 0 to 4, or "mean".'),
    "a word": ("study", {"split": "all"}, "split is 'all': give a whole number from 0 to 4, or \"mean\"."),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_shown_is_one_sentence(
    study: w2s.FeatureStudy, table: OutcomeTable, name: str
) -> None:
    what, settings, words = WRONG[name]
    given = {"study": study, "table": table}.get(what, what) if isinstance(what, str) else what
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(words)}$"):
        w2s.StudyExplorer(given, **settings)


def test_a_table_that_is_none_is_one_sentence() -> None:
    class Odd:
        def table(self) -> list[int]:
            return [1]

    with pytest.raises(TypeError, match="gives a list: it should give an OutcomeTable"):
        w2s.StudyExplorer(Odd())
