"""Large representations, read a block of rows at a time: prepared, fitted and evaluated without a copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.heads import BallHead, Head, LinearHead
from w2s_widgets.heads.batched import HeadFits, Read, RowFits
from w2s_widgets.heads.validated import ValidatedRidgeHead
from w2s_widgets.studies.features.preprocessing import CUT, no_feature, principal_directions, varying
from w2s_widgets.studies.split import IntArray

_BLOCK = 2**20
"""Numbers in one block: what is made of them on the way stays small beside the input."""

_SPREAD = 1e5
"""Where variances of directions differ by more than this, squares in common units would cost too many digits
of the small ones, and each block is turned onto its directions first."""


class Blocks:
    """One large representation, prepared as `prepare` does: the same numbers to rounding, row by row.

    Parameters
    ----------
    raw : numpy.ndarray of shape (n, features)
        In float32 or float64. It is not copied.
    name : str
        For error sentences.
    owner : object with ``bar``, optional
        Its bar, if it has one, is told how many rows were read.
    """

    def __init__(self, raw: NDArray[Any], name: str, owner: Any = None) -> None:
        self.raw = raw
        self.owner = owner
        kept = np.flatnonzero(varying(raw))
        if not len(kept):
            raise no_feature(name)
        self._kept = None if len(kept) == raw.shape[1] else kept
        rows = np.arange(len(raw))
        # Sums are taken from a guess of the mean: far from zero, squares would cost the digits of the spread.
        self._steps: list[tuple[FloatArray, FloatArray, bool]] = [
            (raw[: min(1024, len(raw)), kept].mean(axis=0, dtype=np.float64), np.ones(len(kept)), False)
        ]
        mean, deviation, reach = self._spread(rows)
        self._steps = [(self._steps[0][0] + mean, 1 / deviation, bool((reach > CUT).any()))]
        if self._steps[0][2]:
            mean, deviation, _ = self._spread(rows)
            self._steps.append((mean, 1 / deviation, False))
        width = len(kept)
        square = np.zeros((width, width))
        for _, block in self.standard(rows):
            square += block.T @ block
        variances, self.directions = principal_directions(square / len(raw))
        self.turns = bool(variances.max() > _SPREAD * variances.min())

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, and directions with a length."""
        return len(self.raw), self.directions.shape[1]

    def standard(self, rows: IntArray) -> Iterator[tuple[slice, FloatArray]]:
        """Go through standardised features of some rows, and say which of them each block holds."""
        size = max(1, _BLOCK // self.raw.shape[1])
        for start in range(0, len(rows), size):
            place = slice(start, min(start + size, len(rows)))
            block = self.raw[rows[place]].astype(np.float64, copy=False)
            if self._kept is not None:
                block = block[:, self._kept]
            for mean, scale, cut in self._steps:
                block -= mean
                block *= scale
                if cut:
                    np.clip(block, -CUT, CUT, out=block)
            bar = getattr(self.owner, "bar", None)
            if bar is not None:
                bar.total = max(bar.total, bar.done + len(block))
                bar.advance(len(block))
            yield place, block

    def part(self, rows: IntArray | None = None) -> Part:
        """Return some rows, all by default, as heads see them."""
        return Part(self, np.arange(len(self.raw)) if rows is None else rows)

    def _spread(self, rows: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return mean, deviation and largest standardised size of each feature, as the steps leave it."""
        total = squares = np.zeros(0)
        low = high = np.zeros(0)
        for place, block in self.standard(rows):
            if place.start == 0:
                total, squares = np.zeros(block.shape[1]), np.zeros(block.shape[1])
                low, high = block[0].copy(), block[0].copy()
            total += block.sum(axis=0)
            low, high = np.minimum(low, block.min(axis=0)), np.maximum(high, block.max(axis=0))
            squares += np.einsum("ij,ij->j", block, block)
        mean = total / len(rows)
        deviation = np.sqrt(squares / len(rows) - mean**2)
        return mean, deviation, np.maximum(high - mean, mean - low) / deviation


class Part:
    """Some rows of a large representation: an array to whoever asks for one, and blocks to whoever can."""

    def __init__(self, blocks: Blocks, rows: IntArray) -> None:
        self.blocks = blocks
        self.rows = rows
        self._fits: RowFits | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and directions."""
        return len(self.rows), self.blocks.shape[1]

    @property
    def ndim(self) -> int:
        """Two, as of every matrix."""
        return 2

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, chosen: Any) -> Part:
        return Part(self.blocks, self.rows[chosen])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        made = np.empty(self.shape)
        for place, block in self.blocks.standard(self.rows):
            made[place] = block @ self.blocks.directions
        return made if dtype is None else made.astype(dtype, copy=False)

    @property
    def fits(self) -> RowFits:
        """Heads on these rows; what was factored is kept."""
        if self._fits is None:
            self._fits = block_fits(self)
        return self._fits

    def evaluate(self, heads: HeadFits) -> FloatArray:
        """Return values of heads on these rows, shape (functions, n)."""
        turned = heads.weights if self.blocks.turns else heads.weights @ self.blocks.directions.T
        values = np.empty((len(turned), len(self)))
        for place, block in self._seen():
            values[:, place] = turned @ block.T
        values += heads.biases[:, None]
        return values

    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Return means and covariances of the directions on these rows."""
        width = self.blocks.directions.shape[int(self.blocks.turns)]
        total, square = np.zeros(width), np.zeros((width, width))
        for _, block in self._seen():
            total += block.sum(axis=0)
            square += block.T @ block
        mean = total / len(self)
        square /= len(self)
        square -= np.outer(mean, mean)
        if self.blocks.turns:
            return mean, square
        directions = self.blocks.directions
        return mean @ directions, directions.T @ square @ directions

    def products(self, labels: FloatArray) -> FloatArray:
        """Return products of the directions with centred labels, shape (directions, functions)."""
        found = np.zeros((len(labels), self.blocks.directions.shape[int(self.blocks.turns)]))
        for place, block in self._seen():
            found += labels[:, place] @ block
        return (found if self.blocks.turns else found @ self.blocks.directions).T

    def project(self, head: Head, functions: FloatArray, on: Part) -> tuple[FloatArray, float | None]:
        """Fit a head's class to functions on these rows, (n, outputs): values on others, and the gap."""
        if not isinstance(self.fits, BlockFits):
            exact = head.fit(np.asarray(self), functions)
            return exact.predict(np.asarray(on)), float(np.max(exact.optimality_gap_))  # type: ignore[attr-defined]
        kind = "linear" if isinstance(head, LinearHead) else "ball"
        radius = float(np.max(getattr(head, "radius", 1.0)))
        read = self.fits.read(np.ascontiguousarray(functions.T))
        fitted = self.fits.fitted(kind, read, radius)
        return on.evaluate(fitted).T, float(self.fits.gap(fitted, read, kind, radius).max())

    def _seen(self) -> Iterator[tuple[slice, FloatArray]]:
        for place, block in self.blocks.standard(self.rows):
            yield place, block @ self.blocks.directions if self.blocks.turns else block


class BlockFits(RowFits):
    """`RowFits` from means, covariances and products alone, read block by block."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.count = len(part)
        self.mean, self.covariance = part.moments()
        self._scale = np.sqrt(np.maximum(np.diagonal(self.covariance), 0))
        full = self.count > part.shape[1] + 1 and bool(self._scale.all())
        self._root = self._root_of(self.covariance / np.outer(self._scale, self._scale)) if full else None

    def read(self, labels: FloatArray) -> Read:
        """Take from labels, shape (functions, n), all that the fits need to know of them."""
        level = labels.mean(axis=1, keepdims=True)
        centred = labels - level
        return Read(level, np.sum(centred**2, axis=1), self.part.products(centred))

    def gap(self, fitted: HeadFits, read: Read, kind: str, radius: float) -> FloatArray:
        """Return what another head could lower each mean squared error by, as the heads' own gaps say it."""
        left = read.products / self.count - self.covariance @ fitted.weights.T
        if kind == "linear":
            lowered: FloatArray = np.sum(left * np.linalg.solve(self.covariance, left), axis=0)
        else:
            lowered = 2 * (radius * np.linalg.norm(left, axis=0) - np.sum(left * fitted.weights.T, axis=0))
        return np.maximum(lowered, 0.0)


def row_fits(features: Any) -> RowFits:
    """Return the fits on some rows of a matrix, or of a large representation."""
    return features.fits if isinstance(features, Part) else RowFits(features)


def block_fits(part: Part) -> RowFits:
    """Return the fits on some rows: by blocks where that costs no digits, else by singular values of all."""
    fits = BlockFits(part)
    return fits if fits.well_conditioned else RowFits(np.asarray(part))


def fitted_head(kind: str, fits: HeadFits, place: int, radius: float) -> Head:
    """Return a head that was fitted among others as a head on its own."""
    head: Any = {"linear": LinearHead, "ridge": ValidatedRidgeHead}.get(kind, lambda: BallHead(radius))()
    head.coef_, head.intercept_ = fits.weights[place], float(fits.biases[place])
    head.n_features_in_ = fits.weights.shape[1]
    if kind == "linear":
        head.rank_ = head.n_features_in_
    fitted: Head = head
    return fitted
