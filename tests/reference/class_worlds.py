"""Random worlds, one for each class of heads: features, a head, and a truth in the class."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from w2s_widgets.heads import (
    BallHead,
    BoxHead,
    ConeHead,
    FiniteHead,
    HullHead,
    LinearHead,
    MonotoneHead,
    SparseHead,
    SphereHead,
)


class World(NamedTuple):
    """One world: X of shape (n, features), an unfitted head, and a truth that its class holds."""

    X: np.ndarray
    head: Any
    truth: np.ndarray
    rng: np.random.Generator

    def teacher(self) -> np.ndarray:
        """A teacher with errors of any size, along the features and across them."""
        spread = np.std(self.truth) + 0.1
        along = self.X @ self.rng.standard_normal(self.X.shape[1]) / self.X.shape[1]
        noise = self.rng.standard_normal(len(self.X))
        return self.truth + spread * (self.rng.uniform(0, 2) * along + self.rng.uniform(0.05, 2) * noise)


def features_and_rng(
    seed: int, *, n: tuple[int, int] = (5, 60), features: tuple[int, int] = (1, 8), decades: float = 1.0
) -> tuple[np.ndarray, np.random.Generator]:
    """Draw features that are correlated, off centre, and of units that differ by up to 2 * decades."""
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(*n)), int(rng.integers(*features))
    X = rng.standard_normal((rows, columns)) @ (
        np.eye(columns) + 0.3 * rng.standard_normal((columns, columns))
    )
    return X * 10.0 ** rng.uniform(-decades, decades, columns) + rng.standard_normal(columns), rng


def linear(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **shape)
    intercept = bool(rng.integers(2))
    truth = X @ rng.standard_normal(X.shape[1]) + intercept * rng.standard_normal()
    return World(X, LinearHead(intercept=intercept), truth, rng)


def ball(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **shape)
    weights = rng.standard_normal(X.shape[1])
    radius = np.linalg.norm(weights) * (1 if rng.integers(2) else rng.uniform(1, 1.5))
    return World(X, BallHead(radius), X @ weights + rng.standard_normal(), rng)


def cone(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **shape)
    intercept = bool(rng.integers(2))
    weights = np.maximum(0, rng.standard_normal(X.shape[1]))
    return World(X, ConeHead(intercept=intercept), X @ weights + intercept * rng.standard_normal(), rng)


def box(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **shape)
    lower, upper = rng.uniform(-2, 0, X.shape[1]), rng.uniform(0, 2, X.shape[1])
    weights = np.clip(2 * rng.standard_normal(X.shape[1]), lower, upper)
    intercept = bool(rng.integers(2))
    truth = X @ weights + intercept * rng.standard_normal()
    return World(X, BoxHead(lower, upper, intercept=intercept), truth, rng)


def given_heads(X: np.ndarray, rng: np.random.Generator) -> list[LinearHead]:
    return [LinearHead().fit(X, rng.standard_normal(len(X)) * 3) for _ in range(int(rng.integers(2, 8)))]


def hull(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **shape)
    heads = given_heads(X, rng)
    shares = rng.dirichlet(np.full(len(heads), 0.3))
    truth = sum(share * head.predict(X) for share, head in zip(shares, heads, strict=True))
    return World(X, HullHead(heads), truth, rng)


def monotone(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **shape)
    feature, increasing = int(rng.integers(X.shape[1])), bool(rng.integers(2))
    X[:, feature] = X[:, feature].round(1)  # with ties
    ranks = np.unique(X[:, feature], return_inverse=True)[1]
    steps = np.cumsum(rng.exponential(size=ranks.max() + 1) * rng.integers(0, 2, ranks.max() + 1))
    return World(X, MonotoneHead(feature, increasing), (1 if increasing else -1) * steps[ranks], rng)


def finite(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **shape)
    heads = given_heads(X, rng)
    return World(X, FiniteHead(heads), heads[0].predict(X), rng)


def sparse(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **{"features": (2, 6), **shape})
    weights = np.zeros(X.shape[1])
    size = int(rng.integers(1, X.shape[1]))
    weights[rng.permutation(X.shape[1])[:size]] = rng.standard_normal(size)
    return World(X, SparseHead(size), X @ weights + rng.standard_normal(), rng)


def sphere(seed: int, **shape) -> World:
    X, rng = features_and_rng(seed, **shape)
    weights = rng.standard_normal(X.shape[1])
    return World(X, SphereHead(np.linalg.norm(weights), intercept=False), X @ weights, rng)


CONVEX = {"linear": linear, "ball": ball, "cone": cone, "box": box, "hull": hull, "monotone": monotone}
NOT_CONVEX = {"finite": finite, "sparse": sparse, "sphere": sphere}
