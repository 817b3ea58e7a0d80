"""What every study does, whatever it measures: settings, outcomes, a table, a sweep."""

from __future__ import annotations

import pickle

import pytest

import w2s_widgets as w2s
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
