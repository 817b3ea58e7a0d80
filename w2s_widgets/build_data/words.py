"""Make the carried file of word features from the packages; `sentences.recompute_slice` checks it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.build_data.sentences import raw_features, widths
from w2s_widgets.datasets.feature_file import FeatureFile, feature_set
from w2s_widgets.datasets.words import RATINGS, read_glove, read_norms
from w2s_widgets.studies.text import TextStudy

WIDTHS = widths(64, 192)
WORDS = 12_000
COMMON = 100_000
"""Words are common when they are among this many most frequent ones of GloVe, and rare otherwise."""

DEVELOPMENT = {"common": 9_000, "rare": 3_500}
"""How many words of each kind everything was chosen on; about the shares that they have in the norms."""

LABELS = 600
"""True ratings that the comparison of ratings gives every teacher."""

_SEEDS = {"common": 2405, "rare": 7, "carried": 15116}


class Selection(NamedTuple):
    """Rows of the table of ratings: words to choose a rating and widths on, and words of the file."""

    development: NDArray[Any]
    carried: NDArray[Any]


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


def make_file(*, development: bool = False, device: str | None = None) -> FeatureFile:
    """Compute features of the file's words, or of the development words, from the packages.

    Every finished batch is in the cache, so an interrupted call goes on where it stopped.
    """
    norms = read_norms()
    selection = select_words(norms.words, read_glove(norms.words)[1])
    rows = selection.development if development else selection.carried
    words = [norms.words[row] for row in rows]
    content = feature_set(
        raw_features(words, device),
        WIDTHS,
        rows=rows,
        groups=np.arange(len(rows)),
        inputs=words,
        truths=dict(zip(RATINGS, norms.ratings[rows].T, strict=True)),
    )
    return FeatureFile({"words": content})


def compare_ratings(features: FeatureFile) -> str:
    """Return a table, in Markdown, of how well each human rating teaches: the choice of the chapter's truth.

    All twelve teachers with 600 labels each, fitted by least squares, student mpnet.
    """
    lines = [
        "| rating | ceiling | err_weak | gain | misfit | gain / misfit | correlation | PGR | gains > 0 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for rating in RATINGS:
        study = TextStudy(
            "words",
            rating=rating,
            features=features,
            splits=1,
            n_teacher=[LABELS],
            heads=["linear"],
            teacher_head="least squares",
        )
        rows = study.scatter()
        weak, gain, misfit, ceilings = (
            np.array([row[name] for row in rows]) for name in ("err_weak", "gain", "misfit", "err_ceiling")
        )
        ceiling = float(ceilings.mean())
        lines.append(
            f"| {rating} | {ceiling:.3f} | {weak.min():.2f} to {weak.max():.2f} "
            f"| {gain.min():.3f} to {gain.max():.3f} | {misfit.min():.3f} to {misfit.max():.3f} "
            f"| {gain.sum() / misfit.sum():.2f} | {np.corrcoef(gain, misfit)[0, 1]:.2f} "
            f"| {gain.sum() / (weak - ceiling).sum():.2f} | {(gain > 0).sum()} of {len(gain)} |"
        )
    return "\n".join(lines)
