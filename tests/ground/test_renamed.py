"""Old names and keywords: each still works, and its warning names the new one."""

import inspect
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets._renamed import CALLS, KEYWORDS, NAMES, accepts_old
from w2s_widgets.sweeps.settings import read_grid

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
    if name in CALLS:
        assert old.__annotations__["return"] == NAMES[name].partition("(")[0]
    else:
        assert old is getattr(w2s, NAMES[name])
    assert name not in w2s.__all__


@pytest.mark.filterwarnings("ignore:w2s_widgets.Word:DeprecationWarning")
def test_the_old_words_take_their_old_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    old: Any = w2s
    visual = old.WordStudy("Visual", splits=1)
    assert visual.fingerprint == w2s.TextStudy("words", rating="Visual", splits=1).fingerprint
    small = study()
    explorer = old.WordExplorer(small, realizability=1.0)
    assert isinstance(explorer, w2s.StudyExplorer)
    assert explorer.realizability == 1
    # The table of all words takes long.
    monkeypatch.setattr("w2s_widgets.studies.text.TextStudy", {"words": small}.get)
    assert old.WordExplorer().state == w2s.StudyExplorer(small).state


@pytest.mark.parametrize(
    "use",
    [
        lambda new: study(dials=[0.0, 1.0]),
        lambda new: w2s.LinearWorld(misfit=0.1),  # type: ignore[call-arg]
        lambda new: w2s.LinearWorld().misfit,
        lambda new: new.outcome(dial=1),
        lambda new: new.fit(dial=1),
        lambda new: new.scatter(dial=1),
        lambda new: new.outcomes([{"dial": 1}]),
        lambda new: new.target("all", dial=1),
        lambda new: new.unlabelled,
        lambda new: read_grid(new, {"dial": [1]}),
        lambda new: w2s.StudyExplorer(new, dial=1),
        lambda new: w2s.GainExplorer(misfit=0.2),
        lambda new: w2s.GainExplorer().set(misfit=0.2),
        lambda new: w2s.WeakToStrong(STRONG[:, :3], STRONG, STRONG[:, 0]).run(),
        lambda new: w2s.PerturbedRepresentations().outcome(0.5, 0.1),  # type: ignore[call-arg]
    ],
)
def test_whoever_used_the_old_name_is_told(use: Callable[[w2s.FeatureStudy], Any]) -> None:
    new = study()
    with pytest.warns(DeprecationWarning, match="is now") as caught:
        use(new)
    assert {warning.filename for warning in caught} == {__file__}


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
    with pytest.warns(DeprecationWarning, match="(dial|unlabelled) is now"):
        assert old.outcome(dial=0.3, unlabelled=100) == new.outcome(realizability=0.7, n_student=100)
    with pytest.warns(DeprecationWarning, match="dial is now realizability"):
        every = old.target("all", dial=1)  # type: ignore[call-arg]
    np.testing.assert_array_equal(every, old.truth)
    with pytest.warns(DeprecationWarning, match="dial is now realizability"):
        explorer = w2s.StudyExplorer(new, dial=0.0)
    assert explorer.realizability == 1


@pytest.mark.parametrize(
    ("dial", "realizability"),
    [
        (np.int64(0), 1.0),
        (np.float64(0.3), 0.7),
        (np.float32(0.25), 0.75),
        (1, 0.0),
        (True, True),
    ],
)
def test_a_dial_is_turned_around_whatever_number_it_is(dial: Any, realizability: Any) -> None:
    turn: Any = KEYWORDS["dial"][1]
    turned = turn(dial)
    assert turned == realizability
    assert type(turned) is type(realizability)
    assert turn([dial]) == [realizability]


def test_old_axes_of_grids_are_the_new_ones_in_the_same_order() -> None:
    new = study(realizabilities=[0.0, 0.7, 1.0], n_student=[100, 200])
    with pytest.warns(DeprecationWarning, match="is now"):
        old = read_grid(new, {"dial": [1, 0.3], "unlabelled": 100, "split": [0]})
    assert old == read_grid(new, {"realizability": [0.0, 0.7], "n_student": 100, "split": [0]})
    with pytest.warns(DeprecationWarning, match="is now"):
        assert read_grid(new, [{"dial": 0.3}]) == read_grid(new, [{"realizability": 0.7}])


@pytest.mark.filterwarnings("ignore:.*is now:DeprecationWarning")
def test_old_attributes_read_and_set_the_new_ones() -> None:
    gain, sample, chooser = w2s.GainExplorer(), w2s.SampleExplorer(), w2s.TeacherChooser()
    gain.set(misfit=0.2)
    assert gain.misfit == gain.misfit_share == pytest.approx(0.2)
    gain.misfit = 0.3
    assert gain.misfit_share == pytest.approx(0.3)
    sample.restraint = "ridge 1"
    assert sample.restraint == sample.regularization == "ridge 1"
    assert chooser.blind_spot == chooser.eps
    assert w2s.LinearWorld(misfit_share=0.2).misfit == pytest.approx(0.2)
    new = study(realizabilities=[0.0, 0.7, 1.0])
    assert new.dials == [0.0, 0.3, 1.0]
    assert (new.teacher_labels, new.unlabelled) == (new.n_teacher, new.n_student)
    explorer = w2s.StudyExplorer(new)
    explorer.dial = 0.3
    assert (explorer.dial, explorer.realizability) == (0.3, 0.7)


def test_an_axis_of_ones_own_may_have_an_old_name() -> None:
    class Own(w2s.Study):
        axes: ClassVar[Any] = {"dial": (0.0, 0.25), "realizability": (0.0, 0.5)}
        defaults: ClassVar[Any] = {"dial": 0.0, "realizability": 0.0}

        def _measure(self, settings: Any) -> list[w2s.Outcome]:
            return [w2s.Outcome(1.0, 1 - one["dial"], one["dial"], one["dial"], 0.0) for one in settings]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Own().outcome(dial=0.25).gain == 0.25
        explorer = w2s.StudyExplorer(Own(), dial=0.25)
        assert (explorer.dial, explorer.realizability) == (0.25, 0.0)


def test_old_positions_are_the_new_keywords() -> None:
    copies, teachers = w2s.PerturbedRepresentations(), w2s.TeacherSelection()
    asked: Any = copies.outcome
    with pytest.warns(DeprecationWarning, match=r"\(0\.5, 0\.1\) is now outcome\(teacher_noise=0\.5"):
        assert asked(0.5, 0.1) == copies.outcome(teacher_noise=0.5, student_noise=0.1)
    asked = teachers.outcome
    with pytest.warns(DeprecationWarning, match=r"\('A', 0\.1\) is now outcome\(choice='A', eps"):
        assert asked("A", 0.1) == teachers.outcome(choice="A", eps=0.1)
    with pytest.warns(DeprecationWarning, match="is now"), pytest.raises(TypeError, match="positional"):
        asked("A", 0.1, 3)
    assert inspect.signature(teachers.outcome) == inspect.signature(study().outcome)


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
