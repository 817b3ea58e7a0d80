"""What every study does, whatever it measures: settings, outcomes, a table, a sweep."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets.sweeps.settings import make_batches
from w2s_widgets.theory.outcome import Outcome

STUDIES = {
    "linear world": w2s.LinearStudy(),
    "noisy copies": w2s.PerturbedRepresentations(tasks=10),
    "teachers": w2s.TeacherSelection(draws=2),
    "samples": w2s.SampleStudy(),
    "networks": w2s.NetworkStudy("perturbed", tasks=3, labels=50, tests=50, shared_inputs=True),
}


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_every_study_keeps_the_contract(study: w2s.Study) -> None:
    assert tuple(study.setting()) == tuple(study.axes) == tuple(study.defaults)
    first = next(iter(study.axes))
    answers = study.outcomes([{}, {"nothing": 1}, {first: "no such value"}, {}])
    assert isinstance(answers[0], Outcome)
    assert answers[0] == answers[-1] == study.outcomes([study.defaults])[0]
    assert answers[0].gain == pytest.approx(study.outcome().gain, rel=1e-9)
    names = ", ".join(study.axes)
    assert answers[1] == f"there is no axis 'nothing' in this study: choose from {names}."
    assert isinstance(answers[2], str)
    with pytest.raises((TypeError, ValueError)):
        study.outcome(**{first: "no such value"})
    assert pickle.loads(pickle.dumps(study)).fingerprint == study.fingerprint
    hash(study.batch_of(study.setting()))
    assert eval(study.code, {"w2s": w2s}).fingerprint == study.fingerprint


@pytest.mark.parametrize("name", ["linear world", "noisy copies", "teachers"])
def test_every_study_can_be_swept_and_shown(name: str) -> None:
    study = STUDIES[name]
    table = study.table()
    state = {axis.name: study.defaults[axis.name] for axis in table.axes}
    assert table.outcome(**state).gain == pytest.approx(study.outcome(**state).gain, rel=1e-9)
    assert w2s.StudyExplorer(study, **state).outcome.gain == table.outcome(**state).gain
    first = next(iter(study.axes))
    rows = w2s.sweep(study, {first: list(study.axes[first])[:2]}, progress=False)
    assert len(rows) == 2
    assert rows["failed"].isna().all()


def weak_to_strong() -> w2s.WeakToStrong:
    data = w2s.LinearWorld(weak_quality=0.6, misfit_share=0.5).sample(300, rng=0)
    groups = np.arange(300) // np.array([7, 2, 1]).repeat(100)  # of many sizes, so that n varies
    return w2s.WeakToStrong(data.teacher_features, data.student_features, data.truth, groups=groups)


ELSEWHERE = {
    "linear world": {"weak_quality": 0.3, "strong_capacity": 9},
    "noisy copies": {"teacher_noise": 0.2, "student_noise": 0.1},
    "teachers": {"choice": "C", "eps": 0.05},
    "networks": {"head": "ball"},
    "splits": {"seed": 3},
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_table_and_an_outcome_say_the_same(name: str) -> None:
    study = {**STUDIES, "splits": weak_to_strong()}[name]
    setting = study.setting(**ELSEWHERE[name])
    assert setting != study.defaults
    table = study.table()
    looked_up = table.outcome(**{axis.name: setting[axis.name] for axis in table.axes}).as_dict()
    measured = study.outcome(**setting).as_dict()
    assert looked_up.keys() == measured.keys()
    for number, value in measured.items():
        near = pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value
        assert looked_up[number] == near, number
    if name == "splits":
        assert len({study.outcome(seed=seed).n for seed in range(20)}) > 1


class Counted(w2s.Study):
    """Measures as many settings as it is told to, and counts how often its fingerprint is read."""

    defaults: ClassVar = {"error": 0.5, "kind": "a", "exact": False}
    read = 0

    def __init__(self, most: int = 10) -> None:
        self.most = most

    @cached_property
    def axes(self) -> dict[str, Sequence[Any]]:
        return {"error": (0.5, 1.0), "kind": ("a", "b"), "exact": (False, True)}

    @property
    def fingerprint(self) -> str:
        Counted.read += 1
        return super().fingerprint

    def batch_of(self, setting: Mapping[str, Any]) -> object:
        return setting["kind"]

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        return [Outcome(1.0, 0.5, 0.5, 0.5, 0.0) for _ in settings[: self.most]]


def test_what_was_read_does_not_change_the_fingerprint() -> None:
    study = Counted()
    before = study.fingerprint
    assert "axes" not in vars(study)
    assert study.axes
    assert "axes" in vars(study)
    assert study.fingerprint == before != Counted(9).fingerprint
    assert pickle.loads(pickle.dumps(study)).most == 10
    Counted.read = 0
    batches = make_batches(study, [study.setting(kind=kind) for kind in ("a", "b")])
    assert (len(batches), Counted.read) == (2, 1)


def test_a_study_that_measures_too_few_is_told() -> None:
    with pytest.raises(TypeError, match=r"^Counted._measure returned 1 results for 2 settings: it must"):
        Counted(1).outcomes([{}, {}])
    with pytest.raises(TypeError, match=r"^Counted._measure returned 0 results for 1 settings: it must"):
        Counted(0).outcome()


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("error", "x", TypeError),
        ("error", True, TypeError),
        ("error", 0.7, ValueError),
        ("kind", 3, TypeError),
        ("kind", "c", ValueError),
        ("exact", 1, TypeError),
        ("size", 1, ValueError),
    ],
)
def test_a_wrong_kind_and_a_wrong_value_differ(name: str, value: object, problem: type[Exception]) -> None:
    with pytest.raises(problem, match=f"^there is no (axis )?'?{name}"):
        Counted().value_of(name, value)
    seeds = weak_to_strong()
    for seed, kind in (("x", TypeError), (2.5, TypeError), (100, ValueError)):
        with pytest.raises(kind, match=f"^seed is {seed!r}: give a whole number from 0 to 99"):
            seeds.value_of("seed", seed)
    with pytest.raises(TypeError, match=r"^there is no weak_quality 'x' in this study"):
        w2s.LinearStudy().outcome(weak_quality="x")
