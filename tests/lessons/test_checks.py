"""Right answers pass whatever they return; known mistakes meet their own hint, never the answer."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.display.contrast import contrast
from w2s_widgets import lessons
from w2s_widgets.display.palette import PAPER
from w2s_widgets.lessons import checks
from w2s_widgets.lessons.checks import Check, CheckResult, Mistake
from w2s_widgets.lessons.exercises import exercises


def loop(one: Any, other: Any) -> float:
    total = 0.0
    for a, b in zip(one, other, strict=True):
        total += (float(a) - float(b)) ** 2
    return total / len(one)


EXERCISES = exercises()

RIGHT_MISFIT: dict[str, Callable[..., Any]] = {
    "numpy scalar": lambda g, s: np.mean((g - s) ** 2),
    "float": loop,
    "0-d array": lambda g, s: np.array(np.mean((s - g) ** 2)),
    "float32": lambda g, s: np.float32(np.mean((s - g) ** 2)),
    "dot product": lambda g, s: (s - g) @ (s - g) / len(g),
    "measured": lambda g, s: w2s.measure(g, g, s).misfit,
    "keyword names": lambda teacher, student: np.mean(np.square(teacher - student)),
}
RIGHT_GAIN: dict[str, Callable[..., Any]] = {
    "two errors": lambda f, g, s: np.mean((f - g) ** 2) - np.mean((f - s) ** 2),
    "float": lambda f, g, s: loop(f, g) - loop(f, s),
    "misfit plus slack": lambda f, g, s: np.mean((s - g) ** 2) + 2 * np.mean((f - s) * (s - g)),
    "measured": lambda f, g, s: w2s.measure(f, g, s).gain,
}


@pytest.mark.parametrize("answer", RIGHT_MISFIT.values(), ids=RIGHT_MISFIT)
def test_right_misfits_pass(answer: Callable[..., Any]) -> None:
    assert repr(lessons.check_misfit(answer)).startswith("misfit: right. ")


@pytest.mark.parametrize("answer", RIGHT_GAIN.values(), ids=RIGHT_GAIN)
def test_right_gains_pass(answer: Callable[..., Any]) -> None:
    assert lessons.check_gain(answer)


@pytest.mark.parametrize(
    ("name", "mistake"),
    [(name, mistake) for name, one in EXERCISES.items() for mistake in one.mistakes],
)
def test_every_known_mistake_meets_its_own_hint(name: str, mistake: str) -> None:
    known = EXERCISES[name].mistakes[mistake]
    result = lessons.check(name, known.answer)
    assert (result.passed, result.mistake, result.message) == (False, mistake, known.hint)


@pytest.mark.parametrize("name", EXERCISES)
def test_no_hint_holds_the_answer(name: str) -> None:
    told = [mistake.hint for mistake in EXERCISES[name].mistakes.values()] + list(EXERCISES[name].hints)
    for words in told:
        assert "np." not in words
        assert "**" not in words
        assert "err_weak - err_student" not in words
        assert words.endswith((".", "?"))


@pytest.mark.parametrize("name", EXERCISES)
def test_the_folded_solution_is_right_and_folded(name: str) -> None:
    fold = lessons.solution(name)
    space: dict[str, Any] = {"np": np}
    exec(fold.text, space)
    assert lessons.check(name, space[name]).passed
    assert fold.text.strip() not in repr(fold)
    assert fold._repr_html_().startswith("<details><summary>")


def untouched(teacher: Any, student: Any) -> None:
    return None


def leaves_python(teacher: Any, student: Any) -> None:
    raise SystemExit("enough")


def raises_nothing_returns_none(teacher: Any, student: Any) -> None:
    np.mean((teacher - student) ** 2)


def not_written(teacher: Any, student: Any) -> float:
    raise NotImplementedError


def changes(teacher: Any, student: Any) -> float:
    teacher -= student
    return float(np.mean(teacher**2))


NOTEBOOK_TRUTH = np.zeros(99)


@pytest.mark.parametrize(
    ("function", "mistake", "words"),
    [
        (raises_nothing_returns_none, "none", "return"),
        (not_written, "stub", "not written yet"),
        (untouched, "stub", "in place of “return None”"),
        (leaves_python, "raises", "SystemExit"),
        (lambda g, s: ..., "stub", "placeholder"),
        (lambda g, s: "0.5", "no number", "returns a str ('0.5')"),
        (lambda g, s: {}, "no number", "returns a dict"),
        (lambda g, s: 1j, "no number", "returns a complex"),
        (lambda g, s: g * s, "shape", "array of shape (3,): one number for each input. Which"),
        (lambda g, s: np.zeros((2, 2)), "shape", "array of shape (2, 2): it should return one number."),
        (lambda g, s: float("nan"), "not finite", "returns nan"),
        (lambda g, s: 1 / 0, "raises", "ZeroDivisionError: division by zero."),
        (lambda g: 0.0, "raises", "does its first line name them?"),
        (lambda g, s: np.mean((NOTEBOOK_TRUTH - s) ** 2), "raises", "arrays of the notebook"),
        (lambda g, s: truth - g, "raises", "Use only the names in its first line"),  # type: ignore[name-defined]  # noqa: F821
        (lambda g, s: 0.25, "constant", "the same whatever it is given"),
        (changes, "changes inputs", "changes the values of teacher"),
        (3.5, "not a function", "a float (3.5)"),
        (np.zeros(3), "not a function", "a ndarray"),
        (
            lambda g, s: np.mean(g) + np.mean(s),
            "",
            "For teacher = [1, 2, 4], student = [1, 1, 6] your function",
        ),
    ],
)
def test_other_answers_get_one_fitting_sentence(function: Any, mistake: str, words: str) -> None:
    result = lessons.check_misfit(function)
    assert not result
    assert result.mistake == mistake
    assert words in result.message
    assert "Traceback" not in result.message


def test_the_example_in_the_hint_is_what_the_function_returned() -> None:
    result = lessons.check_misfit(lambda g, s: np.mean((g - s) ** 2) + 1)
    assert "returns 2.66667: work this one out by hand" in result.message


def test_checks_are_the_same_every_time_and_leave_the_readers_random_state() -> None:
    def noisy(g: Any, s: Any) -> float:
        return float(g[0])

    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    assert repr(lessons.check_misfit(noisy)) == repr(lessons.check_misfit(noisy))
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_an_answer_that_cannot_be_read_raises_nothing() -> None:
    class Unreadable:
        def __array__(self, *_: object, **__: object) -> np.ndarray:
            raise RuntimeError("ask me differently")

    result = lessons.check("misfit", lambda teacher, student: Unreadable())
    assert (result.passed, result.mistake) == (False, "no number")


def test_html_says_the_same_and_escapes() -> None:
    result = CheckResult("misfit", passed=False, message="a < b", mistake="")
    html = result._repr_html_()
    assert "a &lt; b" in html
    assert "Not yet." in html
    assert "Right." in CheckResult("misfit", passed=True, message="")._repr_html_()


def test_edges_are_seen_in_light_and_dark_pages() -> None:
    for edge in (checks._RIGHT_EDGE, checks._WRONG_EDGE):
        for paper in PAPER.values():
            assert contrast(edge, paper) >= 3


def test_unknown_names_and_levels_are_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"no exercise called 'misfits': choose one of .*misfit, gain"):
        lessons.check("misfits", loop)
    with pytest.raises(ValueError, match="level is 3: give a whole number from 1 to 2"):
        lessons.hint("gain", 3)
    with pytest.raises(ValueError, match="no exercise called 'slack'"):
        lessons.solution("slack")


def test_hints_unfold_one_after_the_other_and_end_in_a_solution() -> None:
    for name, exercise in EXERCISES.items():
        (fold,) = lessons.hints(name)
        seen = []
        while fold is not None:
            seen.append(fold.text)
            fold = fold.more
        assert seen == [*exercise.hints, exercise.solution]
    page = lessons.hints("misfit", "gain")._repr_html_()
    assert page.count("<details>") == page.count("</details>") == 6
    assert "np.mean" not in repr(lessons.hints("misfit", "gain"))
    with pytest.raises(ValueError, match="no exercise called 'slack'"):
        lessons.hints("gain", "slack")


def test_a_chapter_adds_an_exercise_by_data() -> None:
    half = Check(
        "half",
        ("x",),
        draw=lambda rng: {"x": rng.normal()},
        right=lambda x: x / 2,
        example={"x": 3.0},
        mistakes={"double": Mistake(lambda x: 2 * x, "The other way.")},
        praise="Yes.",
    )
    assert repr(half(lambda x: 0.5 * x)) == "half: right. Yes."
    assert half(lambda x: x + x).mistake == "double"


def test_an_answer_may_be_an_array() -> None:
    swap = Check(
        "swap",
        ("pair",),
        draw=lambda rng: {"pair": rng.normal(size=2)},
        right=lambda pair: pair[::-1],
        example={"pair": np.array([1.0, 2.0])},
        mistakes={"mean": Mistake(lambda pair: pair.mean(), "That is their middle.")},
    )
    assert swap(lambda pair: [pair[1], pair[0]])
    assert swap(np.mean).message == "That is their middle."
    assert (
        swap(lambda pair: 3.0).message == "swap returns one number: it should return an array of shape (2,)."
    )
    assert swap(lambda pair: np.zeros(3)).mistake == "shape"
    assert swap(lambda pair: pair).message == (
        "For pair = [1, 2] your function returns [1, 2]: work this one out by hand and compare."
    )
    assert swap(lambda pair: np.zeros(2)).mistake == "constant"


def test_what_a_known_mistake_warns_of_stays_hidden() -> None:
    inverse = Check(
        "inverse",
        ("x",),
        draw=lambda rng: {"x": np.abs(rng.normal(size=3)) + 0.5},
        right=lambda x: np.mean(1 / x),
        example={"x": np.array([1.0, 2.0, 4.0])},
        mistakes={"log": Mistake(lambda x: np.mean(np.log(x - 1)), "Not the logarithm.")},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not inverse(lambda x: np.mean(x))


def test_an_answer_that_is_right_on_the_example_is_shown_where_it_is_wrong() -> None:
    def by_the_middle_slope(ns: Any, errors: Any) -> Any:
        slopes = [
            np.log(errors[j] / errors[i]) / np.log(ns[j] / ns[i])
            for i in range(len(ns))
            for j in range(i + 1, len(ns))
        ]
        return np.median(slopes)

    found = lessons.check("rate", by_the_middle_slope)
    assert not found
    assert found.message.startswith("The example comes out right, but not all of them do. For ns = [")
    assert "ns = [1, 4, 16]" not in found.message
