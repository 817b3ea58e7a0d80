"""The identity of the triangle on any input, and what `measure` says about input it cannot use."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.optional import optional
from w2s_widgets.theory.outcome import Outcome, Sides, angle_at_student, measure, measure_many


def identity_error(outcome: Outcome) -> float:
    """Deviation of gain from misfit + slack, relative to sqrt(misfit * largest squared side).

    Gain and slack are inner products with the side of length sqrt(misfit), so this is the size that
    their rounding can be held to; it is at most the largest squared side.
    """
    largest = max(outcome.err_weak, outcome.err_student, outcome.misfit)
    deviation = abs(outcome.gain - (outcome.misfit + outcome.slack))
    return deviation / math.sqrt(outcome.misfit * largest) if deviation > 0 else 0.0


def random_triple(rng: np.random.Generator) -> list[np.ndarray]:
    n, outputs = int(rng.integers(1, 60)), int(rng.integers(1, 6))
    shape = (n,) if rng.random() < 0.5 else (n, outputs)
    kind = rng.integers(3)
    if kind == 0:  # one scale for all
        scales = [10.0 ** rng.uniform(-8, 8)] * 3
    elif kind == 1:  # each function its own scale
        scales = [10.0 ** rng.uniform(-8, 8) for _ in range(3)]
    else:  # each value its own scale
        scales = [10.0 ** rng.uniform(-8, 8, size=shape) for _ in range(3)]
    triple = [scale * rng.standard_normal(shape) for scale in scales]
    if rng.random() < 0.3:  # a student that nearly copies, on a far level
        triple[2] = triple[1] + 10.0 ** rng.uniform(-8, 0) * rng.standard_normal(shape)
    if rng.random() < 0.2:
        triple = [values + 1e8 for values in triple]
    return triple


@pytest.mark.slow
def test_gain_is_misfit_plus_slack_on_ten_thousand_random_triples():
    rng = np.random.default_rng(0)
    worst = max(identity_error(measure(*random_triple(rng))) for _ in range(10_000))
    assert 0 < worst <= 1e-12  # above 0: gain and slack are measured on their own


FINITE = st.floats(min_value=-1e8, max_value=1e8, allow_subnormal=False)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    hnp.array_shapes(min_dims=1, max_dims=2, max_side=8).flatmap(
        lambda shape: st.tuples(*(hnp.arrays(np.float64, shape, elements=FINITE) for _ in range(3)))
    )
)
def test_identity_and_consistency_on_searched_inputs(triple):
    largest = max(float(np.max(np.abs(one - other))) for one, other in combinations(triple, 2))
    assume(largest == 0 or largest > 1e-150)  # smaller ones are refused
    outcome = measure(*triple)
    largest = max(outcome.err_weak, outcome.err_student, outcome.misfit)
    if largest > 1e-250:  # squares below lose digits to underflow
        assert abs(outcome.gain - (outcome.misfit + outcome.slack)) <= 1e-12 * largest
        assert abs(outcome.gain - (outcome.err_weak - outcome.err_student)) <= 1e-12 * largest
    assert outcome.angle is None or 0 <= outcome.angle <= 180
    assert str(outcome)


def test_scaling_all_functions_scales_all_sides():
    rng = np.random.default_rng(1)
    triple = rng.standard_normal((3, 40))
    once, scaled = measure(*triple), measure(*(triple * 2.0**20))
    for name in ("err_weak", "err_student", "misfit", "gain", "slack"):
        assert getattr(scaled, name) == 2.0**40 * getattr(once, name)
    assert scaled.angle == once.angle


def test_measure_many_agrees_with_measure_and_broadcasts():
    rng = np.random.default_rng(2)
    truth, teacher = rng.standard_normal(30), rng.standard_normal((4, 1, 30))
    student = rng.standard_normal((5, 30))
    sides = measure_many(truth, teacher, student)
    for i in range(4):
        for j in range(5):
            one = measure(truth, teacher[i, 0], student[j])
            assert Sides(*(np.broadcast_to(side, (4, 5))[i, j] for side in sides)) == pytest.approx(
                (one.err_weak, one.err_student, one.misfit, one.gain, one.slack), rel=1e-13
            )


@pytest.mark.parametrize("shape", [(12,), (6, 2)])
def test_all_kinds_of_array_agree(shape):
    rng = np.random.default_rng(3)
    exact = [rng.integers(-8, 8, size=shape) / 4 for _ in range(4)]  # the same number in every precision
    expected = measure(*exact)
    kinds = {
        "float32": [values.astype(np.float32) for values in exact],
        "float16": [values.astype(np.float16) for values in exact],
        "lists": [values.tolist() for values in exact],
        "pandas": [(pd.Series if len(shape) == 1 else pd.DataFrame)(values) for values in exact],
        "fortran": [np.asfortranarray(values) for values in exact],
        "objects": [values.astype(object) for values in exact],
    }
    for kind, values in kinds.items():
        assert measure(*values) == expected, kind


@pytest.mark.slow  # as long as importing torch takes
def test_tensors_agree_with_arrays():
    exact = np.random.default_rng(3).integers(-8, 8, size=(4, 6, 2)) / 4
    expected = measure(*exact)
    torch = optional("torch")
    half = [torch.tensor(values, dtype=torch.bfloat16) for values in exact]
    assert measure(*half) == expected
    assert measure(*[values.float().requires_grad_() for values in half]) == expected


def test_integers_do_not_overflow():
    outcome = measure(np.array([200, 0], np.uint8), np.array([0, 200], np.uint8), np.zeros(2, np.uint8))
    assert (outcome.err_weak, outcome.err_student, outcome.misfit) == (40_000, 20_000, 20_000)


def test_the_input_is_left_alone():
    truth, teacher, student = np.arange(3.0), np.ones(3), np.zeros(3)
    measure(truth, teacher, student)
    assert (truth.tolist(), teacher.tolist(), student.tolist()) == ([0, 1, 2], [1, 1, 1], [0, 0, 0])


DEGENERATE = {
    "all the same": ([1, 2], [1, 2], [1, 2], 0, 0, None),
    "student = teacher": ([0, 0], [1, 2], [1, 2], 0, 0, None),
    "student = truth": ([0, 0], [1, 1], [0, 0], 1, 0, None),
    "teacher = truth": ([0, 0], [0, 0], [1, 1], -1, -2, 0.0),
    "one input": ([0], [2], [1], 3, 2, 180.0),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_triangles_divide_by_nothing(name):
    truth, teacher, student, gain, slack, angle = DEGENERATE[name]
    with np.errstate(all="raise"):
        outcome = measure(truth, teacher, student)
        row, sentence = outcome.as_dict(), str(outcome)
    assert (outcome.gain, outcome.slack, outcome.angle) == (gain, slack, angle)
    assert "nan" not in f"{row} {sentence}".lower()
    assert math.copysign(1, outcome.gain) == (1 if gain >= 0 else -1), "no minus zero"
    assert math.copysign(1, outcome.slack) == (1 if slack >= 0 else -1), "no minus zero"


@pytest.mark.parametrize(
    "triple",
    [([0, 0], [1e-200, 0], [0, 1e-200]), ([1e-170], [2e-170], [1e-170]), ([3e-320, 0], [0, 0], [0, 0])],
)
def test_values_whose_squares_vanish_are_refused(triple):
    with pytest.raises(ValueError, match="differ by values too small to square in float64: multiply all"):
        measure(*triple)
    scaled = [np.array(values) * 1e200 for values in triple]
    if max(map(np.max, scaled)) > 1e-100:
        assert measure(*scaled).scale > 0


def test_what_vanishes_beside_larger_values_is_rounding():
    outcome = measure([0, 0], [1e-200, 0], [0, 5])
    assert (outcome.err_weak, outcome.err_student) == (0, 12.5)
    assert "same function" in str(measure([1e-200, 3], [1e-200, 3], [1e-200, 3]))


@pytest.mark.parametrize("truth", [[0.1] * 3, [4.4] * 6, [1e9 + 0.1] * 7, [[0.3, 7.7]] * 5])
def test_a_truth_that_is_constant_to_rounding_has_no_quality(truth):
    outcome = measure(truth, np.zeros_like(truth), np.ones_like(truth))
    with pytest.raises(ValueError, match="this truth is constant"):
        _ = outcome.quality
    assert outcome.as_dict()["quality"] is None


@pytest.mark.parametrize("degrees", [0.0, 30.0, 60.0, 90.0, 120.0, 180.0])
def test_angle_is_the_angle_of_the_triangle(degrees):
    student = np.zeros(2)
    truth = np.array([3.0, 0.0])
    teacher = 2 * np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    assert measure(truth, teacher, student).angle == pytest.approx(degrees, abs=2e-6)
    assert angle_at_student(0.0, 1.0, 0.0) is None


def test_derived_numbers():
    outcome = measure([0, 2, 4, 6], [1, 3, 3, 5], [0, 2, 3, 5], ceiling=[0, 2, 4, 5])
    assert outcome.err_ceiling == 0.25
    assert outcome.truth_variance == 5
    assert outcome.quality == pytest.approx(0.8)
    assert outcome.pgr == pytest.approx(0.5 / 0.75)
    assert outcome.promise == outcome.err_weak - outcome.misfit
    assert outcome.n == 4
    assert outcome.as_dict() == {
        "err_weak": 1.0, "err_student": 0.5, "misfit": 0.5, "gain": 0.5, "slack": 0.0, "angle": 90.0,
        "err_ceiling": 0.25, "quality": 0.8, "pgr": 0.5 / 0.75, "loss": "squared", "n": 4,
    }  # fmt: skip


def test_variance_is_taken_per_output():
    outcome = measure([[0, 100], [2, 100]], [[0, 100], [2, 100]], [[0, 100], [2, 100]])
    assert outcome.truth_variance == 0.5


def test_what_is_unknown_is_none():
    outcome = Outcome(1.0, 0.5, 0.5, 0.5, 0.0)
    assert outcome.quality is None
    assert outcome.pgr is None
    assert outcome.as_dict()["quality"] is None


def test_an_outcome_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        measure([0, 1], [1, 1], [0, 1]).gain = 3.0  # type: ignore[misc]


def test_constant_truth_and_no_gap_say_so():
    outcome = measure([1, 1], [2, 2], [1, 1], ceiling=[2, 0])
    with pytest.raises(ValueError, match=r"^quality divides by the variance of the truth, and this truth is"):
        _ = outcome.quality
    with pytest.raises(ValueError, match=r"^pgr divides by err_weak - err_ceiling, and teacher and ceiling"):
        _ = outcome.pgr
    assert (outcome.as_dict()["quality"], outcome.as_dict()["pgr"]) == (None, None)


def test_a_loss_below_a_ceiling_that_is_worse_than_the_teacher_is_no_recovered_gap():
    outcome = measure([0, 0], [1, 0], [2, 0], ceiling=[1.5, 0])
    assert outcome.gain < 0 < outcome.err_ceiling - outcome.err_weak
    with pytest.raises(ValueError, match="in the wrong order, the teacher the better: there"):
        _ = outcome.pgr
    assert outcome.as_dict()["pgr"] is None


BAD = {
    "shapes differ": (
        {"teacher": [1, 2]},
        ValueError,
        "teacher has shape (2,) but truth has shape (3,): give them the same shape, one row for each input.",
    ),
    "a column and a row": ({"teacher": [[1], [2], [3]]}, ValueError, "teacher has shape (3, 1) but truth"),
    "ceiling differs": ({"ceiling": [1]}, ValueError, "ceiling has shape (1,) but truth has shape (3,)"),
    "empty": ({"truth": []}, ValueError, "truth is empty (shape (0,)): give at least one value."),
    "no outputs": ({"truth": np.zeros((3, 0))}, ValueError, "truth is empty (shape (3, 0))"),
    "NaN": (
        {"student": [1, math.nan, math.nan]},
        ValueError,
        "student has 2 values that are NaN or infinite, the first at index 1: remove those inputs or repair",
    ),
    "infinite": (
        {"truth": [[1, 2], [3, 4], [5, -math.inf]]},
        ValueError,
        "truth has 1 value that is NaN or infinite, the first at index (2, 1)",
    ),
    "None": ({"truth": [1, None, 2]}, (TypeError, ValueError), "truth "),
    "strings": ({"truth": ["a", "b", "c"]}, TypeError, "truth does not hold real numbers (got list)"),
    "digits": ({"truth": ["1", "2", "3"]}, TypeError, "truth does not hold real numbers"),
    "complex": (
        {"truth": np.array([1j, 2, 3])},
        TypeError,
        "truth does not hold real numbers (got ndarray)",
    ),
    "dates": ({"truth": np.array(["2024-01-01"] * 3, "datetime64[D]")}, TypeError, "truth does not hold"),
    "digits in a column": (
        {"truth": pd.Series(["1", "2", "3"], dtype=object)},
        TypeError,
        "truth does not hold real numbers (got Series)",
    ),
    "masked": (
        {"teacher": np.ma.array([1, 2, 99], mask=[False, False, True])},
        ValueError,
        "teacher has 1 value that is NaN or infinite, the first at index 2",
    ),
    "an endless integer": ({"truth": [10**400, 2, 3]}, ValueError, "truth has an integer too large for"),
    "ceiling too large": (
        {"ceiling": [1e200, 0, 0]},
        ValueError,
        "truth, teacher, student or ceiling has values too large to square in float64: divide all of them",
    ),
    "a dictionary": ({"truth": {"a": 1}}, TypeError, "truth does not hold real numbers (got dict)"),
    "a number": (
        {"truth": 3.0},
        ValueError,
        "truth has shape (): give an array of shape (n,) or (n, outputs)",
    ),
    "three dimensions": ({"truth": np.zeros((2, 2, 2))}, ValueError, "truth has shape (2, 2, 2): give an"),
    "ragged": ({"truth": [[1, 2], [3]]}, ValueError, "truth has rows of different lengths: give a rect"),
    "too large": ({"truth": [1e200, 0, 0]}, ValueError, "truth, teacher or student has values too large"),
    "too far apart": (
        {"truth": [1.7e308, 0, 0], "student": [-1.7e308, 0, 0]},
        ValueError,
        "truth, teacher or student has values too large to square in float64: divide all of them by one",
    ),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_clear_sentence(name):
    check_one_clear_sentence(*BAD[name])


@pytest.mark.slow
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda torch: torch.tensor([1j, 2, 3]), "truth does not hold real numbers"),
        (lambda torch: [torch.tensor(1.0, requires_grad=True)] * 3, "truth cannot be read as an array: "),
        (lambda torch: torch.ones(3).to_sparse(), "truth cannot be read as an array: "),
    ],
    ids=["complex", "in a list", "sparse"],
)
def test_a_bad_tensor_gets_one_clear_sentence(made, sentence):
    check_one_clear_sentence({"truth": made(optional("torch"))}, TypeError, sentence)


def check_one_clear_sentence(change, kind, sentence):
    with pytest.raises(kind) as caught:
        measure(**{"truth": [1, 2, 3], "teacher": [1, 2, 3], "student": [1, 2, 3], **change})
    message = str(caught.value)
    assert message.startswith(sentence)
    assert message.endswith(".")
    assert "\n" not in message


def test_the_rich_display_says_the_sentence():
    outcome = measure(truth=[0, 0, 0, 0], teacher=[1, 1, 1, 1], student=[1, 1, 0, 0])
    assert str(outcome) in outcome._repr_html_()
