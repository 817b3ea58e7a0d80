"""Make the carried file of sentence features from the archive and the packages, or check a slice of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.build_data.slices import SliceCheck, compare_slice
from w2s_widgets.datasets.feature_file import FeatureFile, feature_set
from w2s_widgets.datasets.quantised_features import common_projections
from w2s_widgets.datasets.sentences import FILES, Sentences, read_sentences
from w2s_widgets.datasets.words import read_glove
from w2s_widgets.encoders import Features, TransformerEncoder, carried_minilm, carried_mpnet
from w2s_widgets.studies.text import NOISE_SHARE, TRUTH, TextStudy, carried_text


def widths(early: int, last: int) -> dict[str, int]:
    """Return the principal directions kept of each model and layer: so many of MiniLM's early and last."""
    return {"glove": 50, **{f"minilm-{layer}": early for layer in range(6)}, "minilm-6": last, "mpnet-9": 256}


WIDTHS = widths(32, 96)

LARGEST = 6_000
"""Of a larger set so many sentences are drawn at random, to bound the file and the time to make it."""

_SEED = 2014
_TOKEN = re.compile(r"[a-z]+(?=n't)|n't|'[a-z]+|[a-z]+|[0-9]+|[^\sa-z0-9]")


class Selection(NamedTuple):
    """Sentences of one set that the file is about, and their rows in the archive."""

    rows: NDArray[Any]
    sentences: Sentences


def select_sentences(name: str, archive: Path) -> Selection:
    """Read a set of sentences; of a set with more than 6,000 draw so many at random, by a fixed seed."""
    everything = read_sentences(name, archive)
    rows: NDArray[Any] = np.arange(len(everything))
    if len(rows) > LARGEST:
        rows = np.sort(np.random.default_rng(_SEED).choice(len(rows), LARGEST, replace=False))
    return Selection(rows, everything.take(rows))


def glove_means(texts: Sequence[str]) -> Features:
    """Return the mean GloVe vector of the tokens of each text, shape (n, 50).

    Tokens are runs of letters, numbers and single signs in lower case; "n't" and "'s" are tokens of their
    own, as in GloVe. Tokens without a vector are passed over; a text of which no token has one gets zeros.
    """
    tokens = [tokenise(text) for text in texts]
    vocabulary = sorted({token for words in tokens for token in words})
    vectors, ranks = read_glove(vocabulary)
    place = {token: row for row, token in enumerate(vocabulary) if ranks[row] >= 0}
    means = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
    for row, words in enumerate(tokens):
        known = [place[word] for word in words if word in place]
        if known:
            means[row] = vectors[known].mean(axis=0)
    return means


def tokenise(text: str) -> list[str]:
    """Divide a text into the tokens that `glove_means` looks up.

    Examples
    --------
    >>> tokenise("It isn't Bob's 2nd film!")
    ['it', 'is', "n't", 'bob', "'s", '2', 'nd', 'film', '!']
    """
    return _TOKEN.findall(text.lower())


def raw_features(texts: Sequence[str], device: str | None = None) -> dict[str, Features]:
    """Compute every carried representation of some sentences or words, before it is reduced.

    Every finished batch is in the cache, so an interrupted call goes on where it stopped.
    """
    raw = {"glove": glove_means(texts)}
    for short in ("minilm", "mpnet"):
        raw.update(_encoded(short, texts, _encoder(short, device), progress=True))
    return raw


def make_file(archive: Path, device: str | None = None) -> FeatureFile:
    """Compute the features of all sets, and reduce them to the content of the file."""
    selections = {name: select_sentences(name, archive) for name in FILES}
    raws = {}
    for name, selection in selections.items():
        print(f"{name}: {len(selection.rows):,} sentences")
        raws[name] = raw_features(selection.sentences.texts, device)
    return reduced(selections, raws)


def reduced(
    selections: Mapping[str, Selection], raws: Mapping[str, Mapping[str, NDArray[Any]]]
) -> FeatureFile:
    """Fit directions on the sentences of all sets together: kept once, there is room for more of them."""
    common = common_projections(list(raws.values()), WIDTHS)
    return FeatureFile(
        {
            name: feature_set(
                raws[name],
                WIDTHS,
                rows=rows,
                groups=np.unique(sentences.groups, return_inverse=True)[1],
                inputs=sentences.texts,
                truths={TRUTH: sentences.ratings},
                numbers={NOISE_SHARE: sentences.noise_share},
                projections=common,
            )
            for name, (rows, sentences) in selections.items()
        }
    )


def recompute_slice(
    name: str = "movie",
    model: str = "minilm",
    count: int = 200,
    *,
    archive: str | Path | None = None,
    seed: int = 0,
    encoder: TransformerEncoder | None = None,
    progress: bool = True,
) -> SliceCheck:
    """Compute features of some carried inputs with the model itself and compare with the carried ones.

    Parameters
    ----------
    name : {"movie", "tweets", "news", "reviews", "words"}
        The set of sentences, or the words.
    model : {"glove", "minilm", "mpnet"}
        The model to run.
    count : int
        How many inputs, drawn by ``seed``.
    archive : path-like, optional
        The archive that has the sentences; by default where `fetch_archive` puts it.
    encoder : TransformerEncoder, optional
        By default the carried model on the best device there is.
    """
    study = TextStudy(name, splits=1)
    if model not in ("glove", "minilm", "mpnet"):
        raise ValueError(f"model is {model!r}: choose glove, minilm or mpnet.")

    def compute(rows: NDArray[Any]) -> tuple[dict[str, Features], str, str]:
        texts = study.texts(rows, archive)
        if model == "glove":
            return {"glove": glove_means(texts)}, "GloVe", "cpu"
        runs = encoder or _encoder(model, None)
        return _encoded(model, texts, runs, progress=progress), runs.name, runs.device_name

    return compare_slice(carried_text(name), count, seed, compute, study.unit)


def _encoder(model: str, device: str | None) -> TransformerEncoder:
    make = carried_minilm if model == "minilm" else carried_mpnet
    return make(device, precision="float32")  # the same numbers whatever the device


def _encoded(
    model: str, texts: Sequence[str], encoder: TransformerEncoder, *, progress: bool
) -> dict[str, Features]:
    layers = {name: int(name.split("-")[1]) for name in WIDTHS if name.startswith(model)}
    rows = encoder.encode(texts, list(layers.values()), progress=progress)
    return {name: rows[layer] for name, layer in layers.items()}
