"""All heads at once: the same as one by one, on features as collinear as those of deep random networks."""

from __future__ import annotations

import numpy as np
import pytest

from tests.optional import optional
from w2s_widgets.heads import LinearHead
from w2s_widgets.heads.batched import fit_heads
from w2s_widgets.studies.networks.mlp import random_inputs, random_network, random_tasks

TASKS, N = 6, 400


@pytest.fixture(scope="module")
def deep() -> np.ndarray:
    """Features of eight random layers, which point almost all in one direction."""
    return random_network(8, rng=3).features(random_inputs(TASKS, N, rng=1))


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    inputs = random_inputs(TASKS, N, rng=1)
    return random_tasks(TASKS, rng=5).labels(random_network(5, rng=4).features(inputs))


def test_deep_random_features_are_nearly_collinear(deep: np.ndarray) -> None:
    centred = deep - deep.mean(axis=1, keepdims=True)
    lengths = np.linalg.svd(centred, compute_uv=False)
    assert (lengths[:, 0] / lengths[:, 8] > 50).all()
    # Some units never fire, so no solver that needs full rank would do.
    assert (lengths[:, -1] < 1e-9 * lengths[:, 0]).all()


def test_same_as_one_by_one(deep: np.ndarray, labels: np.ndarray) -> None:
    heads = fit_heads(deep, labels[:, None])
    together = heads.predict(deep)[:, 0]
    for task in range(TASKS):
        alone = LinearHead().fit(deep[task], labels[task])
        assert heads.rank[task] == alone.rank_
        np.testing.assert_allclose(together[task], alone.predict(deep[task]), rtol=0, atol=1e-10)
        np.testing.assert_allclose(heads.weights[task, 0], alone.coef_, rtol=1e-7, atol=1e-9)


def test_what_is_left_is_at_a_right_angle_to_every_feature(deep: np.ndarray, labels: np.ndarray) -> None:
    left = labels - fit_heads(deep, labels[:, None]).predict(deep)[:, 0]
    centred = deep - deep.mean(axis=1, keepdims=True)
    products = np.einsum("tnw,tn->tw", centred, left)
    sizes = np.linalg.norm(centred, axis=1) * np.linalg.norm(left, axis=1)[:, None]
    assert (np.abs(products) <= 1e-12 * sizes + 1e-12).all()


def test_many_labels_of_the_same_inputs_by_the_other_way(deep: np.ndarray) -> None:
    """With more labels than twice the width Q is built; the answers do not change."""
    rng = np.random.default_rng(0)
    many = rng.standard_normal((TASKS, 50, N))
    few = fit_heads(deep, many[:, :3])
    all_ = fit_heads(deep, many)
    np.testing.assert_allclose(all_.weights[:, :3], few.weights, rtol=1e-6, atol=1e-9)


def test_twins_constants_and_fewer_rows_than_features() -> None:
    rng = np.random.default_rng(1)
    features = rng.standard_normal((2, 30, 5))
    features[:, :, 3] = features[:, :, 0]
    features[:, :, 4] = 7.0
    y = features[:, None, :, 0] * 2 + 1
    heads = fit_heads(features, y)
    assert heads.rank.tolist() == [3, 3]
    np.testing.assert_allclose(heads.weights[:, 0], [[1, 0, 0, 1, 0]] * 2, atol=1e-12)
    few = fit_heads(features[:, :3], y[:, :, :3])
    alone = LinearHead().fit(features[0, :3], y[0, 0, :3])
    np.testing.assert_allclose(few.weights[0, 0], alone.coef_, atol=1e-12)


def test_torch_gives_the_same(deep: np.ndarray, labels: np.ndarray) -> None:
    torch = optional("torch")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    here, there = fit_heads(deep, labels[:, None]), fit_heads(deep, labels[:, None], device=device)
    assert (here.rank == there.rank).all()
    np.testing.assert_allclose(here.predict(deep), there.predict(deep), atol=1e-9)
    with pytest.raises(ValueError, match="mps, which has no float64"):
        fit_heads(deep, labels[:, None], device="mps")


def test_wrong_shapes_are_told() -> None:
    with pytest.raises(ValueError, match=r"give \(tasks, n, width\) and \(tasks, outputs, n\)"):
        fit_heads(np.zeros((2, 10, 3)), np.zeros((2, 1, 9)))
