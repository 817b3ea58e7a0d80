"""Features as a fit sees them: centred, weighted, and factored by singular values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from w2s_widgets._validation import FloatArray

_PRECISION = float(np.finfo(np.float64).eps)
_FAR = 1e-7  # of the longest direction: below it a direction is not known to many digits
_ALIKE = 1e-5  # of the longest feature: shorter ones want units of their own


class Units(NamedTuple):
    """Centred features in units in which each has length 1: ``span * shares @ turned``, and their sizes.

    Features that are constant to rounding have size 0 and are left out of ``turned``.
    """

    span: FloatArray
    shares: FloatArray
    turned: FloatArray
    null: FloatArray
    sizes: FloatArray


class Factors(NamedTuple):
    """Centred features as ``left * lengths @ right``, directions without length left out.

    With weights of the inputs, both are multiplied by ``root``, their square roots; the weights' mean is 1.
    ``span`` holds orthonormal columns for all that the features can express on these inputs: ``left``, unless
    a tolerance left out more than rounding. ``units`` are there where features differ much in scale, or
    are nearly collinear.
    """

    mean: FloatArray
    centred: FloatArray
    left: FloatArray
    lengths: FloatArray
    right: FloatArray
    span: FloatArray
    root: FloatArray | None = None
    units: Units | None = None

    def least_squares(self, targets: FloatArray) -> FloatArray:
        """Return the weights of the nearest heads, the smallest where several are, (outputs, features)."""
        if self.units is None:
            weights = (self.left.T @ targets) / self.lengths[:, None]
            coef: FloatArray = weights.T @ self.right
            return coef
        span, shares, turned, null, sizes = self.units
        alive = sizes > 0
        scale = sizes[alive, None]
        coef = np.zeros((targets.shape[1], len(sizes)))
        found = turned.T @ ((span.T @ targets) / shares[:, None]) / scale
        if len(null):
            # What changes no value on these inputs makes the weights as small as they can be.
            found -= (null.T / scale) @ np.linalg.lstsq(null.T / scale, found, rcond=None)[0]
        coef[:, alive] = found.T
        return coef

    def level_excess(self, left_over: FloatArray) -> FloatArray:
        """Return by how much another constant term could lower the mean squared error."""
        root = np.ones(len(left_over)) if self.root is None else self.root
        excess: FloatArray = (root @ left_over / len(left_over)) ** 2
        return excess

    def gradient(self, targets: FloatArray, coef: FloatArray) -> FloatArray:
        """Return the gradient of the mean squared error in the weights, shape (features, outputs)."""
        slopes: FloatArray = 2 / len(self.centred) * (self.centred.T @ (self.centred @ coef.T - targets))
        return slopes


def factor(
    X: FloatArray, *, intercept: bool, tolerance: float | None = None, weights: FloatArray | None = None
) -> Factors:
    """Factor features by singular values and leave out the directions that are only rounding.

    What is rounding is decided feature by feature: each is known to the precision of its own mean, and in
    units in which every feature has length 1 a direction is left out when its singular value is at most
    ``tolerance`` times the largest one (default: the larger side of X times the machine precision), or at
    most what rounding in these features can amount to. So the unit of one feature decides nothing about
    another.
    """
    mean = level_of(X, weights) if intercept else np.zeros(X.shape[1])
    centred = X - mean
    root = None
    if weights is not None:
        root = np.sqrt(weights)
        centred = centred * root[:, None]
    relative = max(X.shape) * _PRECISION
    sizes = _column_lengths(centred)
    # Features far from zero are known to the precision of their mean only, and centring shows it.
    known = 4 * _PRECISION * np.sqrt(len(X)) * np.abs(mean)
    if tolerance is None and (sizes > max(_ALIKE * sizes.max(), known.max())).all():
        left, lengths, right = np.linalg.svd(centred, full_matrices=False)
        # hypot and not norm, whose squares overflow.
        kept = lengths > max(relative * lengths[0], float(np.hypot.reduce(known)))
        if (lengths[kept] > _FAR * lengths[0]).all():
            return Factors(mean, centred, left[:, kept], lengths[kept], right[kept], left[:, kept], root)
    sizes = np.where(sizes > known, sizes, 0.0)
    alive = sizes > 0
    units, doubt = centred[:, alive] / sizes[alive], known[alive] / sizes[alive]
    span, shares, turned = np.linalg.svd(units, full_matrices=len(units) < units.shape[1])
    largest, doubtful = shares.max(initial=0.0), float(np.hypot.reduce(doubt, initial=0.0))
    here = shares > max(relative * largest, doubtful)
    rank = int(np.sum(here if tolerance is None else shares > max(tolerance * largest, doubtful)))
    basis = span[:, :rank]
    inner, lengths, along = _graded_svd(basis.T @ units, sizes[alive])
    right = np.zeros((rank, X.shape[1]))
    right[:, alive] = along
    chosen = Units(basis, shares[:rank], turned[:rank], turned[rank:], sizes)
    return Factors(mean, centred, basis @ inner, lengths, right, span[:, : int(np.sum(here))], root, chosen)


def level_of(values: FloatArray, weights: FloatArray | None) -> FloatArray:
    """Return the mean of each column, weighted if the inputs have weights."""
    level: FloatArray = (
        values.mean(axis=0) if weights is None else np.average(values, axis=0, weights=weights)
    )
    return level


def _column_lengths(values: FloatArray) -> FloatArray:
    largest = np.abs(values).max(axis=0)
    safe = np.where(largest > 0, largest, 1.0)
    lengths: FloatArray = largest * np.sqrt(np.sum((values / safe) ** 2, axis=0))
    return lengths


def _graded_svd(units: FloatArray, sizes: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Factor ``units * sizes`` by singular values, of which the small ones are as exact as the large ones.

    ``units`` has no fewer columns than rows, and is well conditioned. Jacobi's method keeps what a
    difference in scale would cost the usual one.
    """
    from scipy.linalg.lapack import dgejsv

    if not len(units):
        return np.zeros((0, 0)), np.zeros(0), np.zeros((0, units.shape[1]))
    values = (units * sizes).T
    lengths, right, left, work, _, info = dgejsv(values, joba=2, jobu=0, jobv=0, jobr=0)
    if info != 0:
        raise np.linalg.LinAlgError("the singular values of the features did not converge.")
    return left, lengths * (work[0] / work[1]), right.T
