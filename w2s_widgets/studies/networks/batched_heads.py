"""`fit_heads`: linear heads of many tasks in one batched least-squares solve that sees collinear features."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray


class HeadFits(NamedTuple):
    """Affine heads, one or several for each task."""

    weights: FloatArray
    """Shape (tasks, outputs, width)."""
    biases: FloatArray
    """Shape (tasks, outputs)."""
    rank: NDArray[Any]
    """Shape (tasks,): number of directions of the features that the fit used."""

    def predict(self, features: FloatArray) -> FloatArray:
        """Return the values of the heads, shape (tasks, outputs, n)."""
        values: FloatArray = self.weights @ np.swapaxes(features, -1, -2)
        values += self.biases[..., None]
        return values


def fit_heads(
    features: FloatArray,
    labels: FloatArray,
    *,
    tolerance: float | None = None,
    device: Any = None,
) -> HeadFits:
    """Fit affine heads by least squares, all tasks at once; `LinearHead` task by task gives the same.

    The centred features and the labels are reduced to one triangle by a QR decomposition, and the small
    triangle is solved by its singular values. Squares of singular values are never formed, so features of a
    deep random network, which point almost all in one direction, cost no more digits than they must.
    Directions that are only rounding are left out, and among all best heads the one with the smallest
    weights is returned.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> features = rng.standard_normal((3, 50, 4))
    >>> features[:, :, 3] = features[:, :, 0]
    >>> heads = fit_heads(features, features[:, None, :, 1] + 7)
    >>> heads.rank.tolist(), heads.biases[:, 0].round(9).tolist()
    ([3, 3, 3], [7.0, 7.0, 7.0])
    """
    if features.ndim != 3 or labels.ndim != 3 or labels.shape[::2] != features.shape[:2]:
        raise ValueError(
            f"features has shape {features.shape} and labels {labels.shape}: give (tasks, n, width) and "
            "(tasks, outputs, n), with one row of features for each label."
        )
    if device is None:
        return HeadFits(*_solve(np, features, labels, tolerance))
    import torch

    if torch.device(device).type == "mps":
        raise ValueError(
            "device is mps, which has no float64: leave device out, and the heads are fitted in numpy."
        )
    inputs, answers = (
        torch.as_tensor(array, dtype=torch.float64, device=device) for array in (features, labels)
    )
    weights, biases, rank = _solve(torch, inputs, answers, tolerance)
    return HeadFits(weights.cpu().numpy(), biases.cpu().numpy(), rank.cpu().numpy())


def _solve(library: Any, features: Any, labels: Any, tolerance: float | None) -> tuple[Any, Any, Any]:
    """Solve in numpy or torch: what is used of them has the same names and meanings in both."""
    _, n, width = features.shape
    mean, level = features.mean(1), labels.mean(2)
    centred = features - mean[:, None, :]
    answers = (labels - level[..., None]).swapaxes(1, 2)
    if answers.shape[2] <= 2 * width:
        # With the labels as further columns the triangle holds all that is needed, and Q is never built.
        triangle = library.linalg.qr(library.concatenate([centred, answers], 2), mode="r")
        triangle = triangle if library is np else triangle[1]
        triangle, along = triangle[:, :width, :width], triangle[:, :width, width:]
    else:
        turned, triangle = library.linalg.qr(centred)
        along = turned.swapaxes(1, 2) @ answers
    left, lengths, right = library.linalg.svd(triangle, full_matrices=False)
    precision = float(np.finfo(np.float64).eps)
    relative = max(n, width) * precision if tolerance is None else tolerance
    # Features far from zero are known to the precision of their mean only, and centring shows it.
    rounding = 4 * precision * n**0.5 * library.sqrt((mean * mean).sum(1))
    kept = lengths > library.maximum(relative * lengths[:, 0], rounding)[:, None]
    shares = library.where(kept, 1 / library.where(kept, lengths, 1.0), 0.0)
    weights = along.swapaxes(1, 2) @ left @ (shares[:, :, None] * right)
    biases = level - (weights @ mean[:, :, None])[..., 0]
    return weights, biases, kept.sum(1)
