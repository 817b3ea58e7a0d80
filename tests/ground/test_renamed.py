"""Old names and keywords: each still works, and its warning names the new one."""

import warnings
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets._renamed import KEYWORDS, NAMES, accepts_old

RNG = np.random.default_rng(0)
STRONG = RNG.standard_normal((400, 6))
TEACHERS, STUDENTS = {"half": STRONG[:, :3]}, {"all": STRONG}


def study(**options: Any) -> w2s.FeatureStudy:
    return w2s.FeatureStudy(TEACHERS, STUDENTS, STRONG.sum(axis=1), splits=1, **options)


@pytest.mark.parametrize("name", NAMES)
def test_an_old_name_is_the_new_thing(name: str) -> None:
    with pytest.warns(DeprecationWarning, match=rf"^w2s_widgets\.{name} is now w2s_widgets\.") as caught:
        old = getattr(w2s, name)
    assert caught[0].filename == __file__
    if name == "WordStudy":
        assert old(splits=1).dataset == "words"
    else:
        assert old is getattr(w2s, NAMES[name])
    assert name not in w2s.__all__


def test_old_keywords_of_a_study_are_the_new_ones() -> None:
    with pytest.warns(DeprecationWarning, match="is now") as caught:
        old = study(dials=[0.0, 0.3, 1.0], teacher_labels=[50, 100], unlabelled=[100, 200])
    assert {str(warning.message).split(":")[0] for warning in caught} == {
        "dials is now realizabilities",
        "teacher_labels is now n_teacher",
        "unlabelled is now n_student",
    }
    assert all(warning.filename == __file__ for warning in caught)
    new = study(realizabilities=[0.0, 0.7, 1.0], n_teacher=[50, 100], n_student=[100, 200])
    assert old.fingerprint == new.fingerprint
    with pytest.warns(DeprecationWarning, match="dial is now realizability"):
        assert old.outcome(dial=0.3, unlabelled=100) == new.outcome(realizability=0.7, n_student=100)
    with pytest.warns(DeprecationWarning, match="dial is now realizability"):
        every = old.target("all", dial=1)  # type: ignore[call-arg]
    np.testing.assert_array_equal(every, old.truth)
    with pytest.warns(DeprecationWarning, match="dial is now realizability"):
        explorer = w2s.StudyExplorer(new, dial=0.0)
    assert explorer.realizability == 1


@pytest.mark.parametrize(
    ("make", "old", "new"),
    [
        (w2s.LinearWorld, "misfit", "misfit_share"),
        (w2s.GainExplorer, "misfit", "misfit_share"),
        (w2s.TeacherChooser, "blind_spot", "eps"),
    ],
)
def test_old_keywords_of_worlds_and_explorers(make: Any, old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"^{old} is now {new}: use the new name"):
        made = make(**{old: 0.1})
    assert getattr(made, new) == getattr(make(**{new: 0.1}), new) == pytest.approx(0.1)


ROWS = [
    {"teacher": name, "err_weak": 1.0, "err_student": error, "misfit": 0.5, "gain": 1 - error}
    for name, error in (("a", 0.4), ("b", 0.6))
]


def test_the_old_words_of_many_teachers_are_the_new_ones() -> None:
    with pytest.warns(DeprecationWarning, match=r"^plots\.ladder_map is now plots\.teacher_map: use"):
        assert w2s.plots.ladder_map is w2s.plots.teacher_map
    ranking = w2s.rank_teachers(ROWS)
    with pytest.warns(DeprecationWarning, match="^ladder is now results: use"):
        assert ranking.ladder is ranking.results
    spec: Any = w2s.ExplorerSpec
    with pytest.warns(DeprecationWarning, match="^ladder is now teacher_axis: use"):
        assert spec(title="Three", ladder="teacher").teacher_axis == "teacher"
    with pytest.warns(DeprecationWarning, match="^restraint is now regularization: use"):
        assert w2s.SampleExplorer(restraint="ridge 1").regularization == "ridge 1"
    with pytest.raises(AttributeError, match="no attribute 'ladders'"):
        getattr(w2s.plots, "ladders")  # noqa: B009


def test_both_names_at_once_are_refused_and_new_ones_are_silent() -> None:
    with pytest.raises(TypeError, match="dial is the old name of realizability: give realizability alone"):
        study().outcome(dial=1, realizability=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        study(n_teacher=[50]).outcome(realizability=0.5)


def test_a_decorated_function_keeps_its_signature_and_every_keyword_has_a_new_one() -> None:
    @accepts_old(*KEYWORDS)
    def same(**given: Any) -> dict[str, Any]:
        """Documented."""
        return given

    assert same.__doc__ == "Documented."
    with pytest.warns(DeprecationWarning, match="is now"):
        given = same(**{old: [] if old == "dials" else 0.25 for old in KEYWORDS})
    special = {"realizability": 0.75, "realizabilities": []}
    assert given == {new: special.get(new, 0.25) for new, _ in KEYWORDS.values()}
