"""Splits: shares kept, groups whole, equal inputs together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_widgets.studies.split import draw_split, groups_of_duplicates


@settings(max_examples=200, deadline=None)
@given(
    st.integers(10, 300),
    st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20)),
    st.integers(0, 2**32),
)
def test_single_inputs_are_dealt_out_in_exact_shares(n: int, weights: tuple[int, ...], seed: int):
    shares = np.array(weights) / sum(weights)
    split = draw_split(np.arange(n), shares, seed)
    assert sorted(np.concatenate(split).tolist()) == list(range(n))
    for part, share in zip(split, shares, strict=True):
        assert abs(len(part) - n * share) <= 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 15), min_size=20, max_size=200), st.integers(0, 1000))
def test_groups_stay_whole(names: list[int], seed: int):
    groups = np.unique(names, return_inverse=True)[1]
    split = draw_split(groups, (0.25, 0.55, 0.2), seed)
    assert sorted(np.concatenate(split).tolist()) == list(range(len(names)))
    members = [set(groups[part]) for part in split]
    assert not members[0] & members[1]
    assert not members[0] & members[2]
    assert not members[1] & members[2]


def test_every_input_is_equally_likely_in_every_part():
    counts = np.zeros(20)
    for seed in range(2000):
        counts[draw_split(np.arange(20), (0.25, 0.55, 0.2), seed).teacher] += 1
    assert np.abs(counts / 2000 - 0.25).max() < 0.05


def test_same_seed_same_split():
    one, two, other = (draw_split(np.arange(50), (0.3, 0.3, 0.4), seed) for seed in (4, 4, 5))
    assert [part.tolist() for part in one] == [part.tolist() for part in two]
    assert one.test.tolist() != other.test.tolist()


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 40), st.integers(1, 12), st.integers(1, 12), st.integers(0, 1000))
def test_duplicates_are_the_connected_components_of_equal_rows(n: int, few: int, many: int, seed: int):
    rng = np.random.default_rng(seed)
    weak, strong = rng.integers(few, size=(n, 1)) * 1.5, rng.integers(many, size=(n, 2)) * 0.5
    equal = (weak == weak.T) | (strong[:, None, :] == strong[None, :, :]).all(axis=2)
    reach = np.linalg.matrix_power(equal.astype(float), 1)
    for _ in range(6):  # paths of up to 64 steps
        reach = np.minimum(reach @ reach, 1)
    groups = groups_of_duplicates(weak, strong)
    np.testing.assert_array_equal(groups[:, None] == groups[None, :], reach > 0)
    assert set(groups) == set(range(groups.max() + 1))


def test_minus_zero_is_zero():
    assert groups_of_duplicates(np.array([[0.0, 1.0], [-0.0, 1.0]])).tolist() == [0, 0]


def test_a_long_chain_is_one_group():
    steps = np.arange(400)
    weak, strong = (steps // 2)[:, None] * 1.0, ((steps + 1) // 2)[:, None] * 1.0
    assert groups_of_duplicates(weak, strong).max() == 0


@pytest.mark.parametrize("order", ["C", "F"])
def test_memory_order_does_not_matter(order: str):
    matrix = np.array([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]], order=order)
    assert groups_of_duplicates(matrix).tolist() == [0, 1, 0]
